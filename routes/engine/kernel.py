"""How the kernels are compiled. `inner` ones are called by kernels only, `entry` ones by Python,
`inlined` ones become part of the loops that call them.

Wrappers take half of the compile time, so inner kernels have none; what an entry kernel calls is
kept in its cache with it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

_compile: Any = njit
inner = _compile(nogil=True, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
entry = _compile(cache=True, nogil=True, error_model="numpy", no_cfunc_wrapper=True)
inlined = _compile(inline="always", nogil=True, error_model="numpy")
# A kernel is compiled anew for every width of its arguments and for every constant: vehicles,
# positions and constants are passed wide, tasks narrow, so that once is enough.
wide: Any = np.int64
narrow: Any = np.int32
