"""The search: construct, ruin, recreate, split, accept."""
