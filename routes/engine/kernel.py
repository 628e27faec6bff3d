"""How the kernels are compiled. `inner` ones are called by kernels only, `entry` ones by Python,
`inlined` ones become part of the loops that call them.

Wrappers take half of the compile time, so inner kernels have none; what an entry kernel calls is
kept in its cache with it.
"""

from __future__ import annotations

from typing import Any

from numba import njit

_compile: Any = njit
inner = _compile(nogil=True, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
entry = _compile(cache=True, nogil=True, error_model="numpy", no_cfunc_wrapper=True)
inlined = _compile(inline="always", nogil=True, error_model="numpy")
