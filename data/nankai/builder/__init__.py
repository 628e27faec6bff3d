"""Modules of the script that builds the embedded district; see ../build.py."""
