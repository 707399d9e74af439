"""How small kernels are compiled, those that make no arrays and return numbers alone.

numba counts the references to every array that a kernel takes from a tuple or makes a view of, by atomic
instructions. Where several threads work on the same arrays they fight over these counters: a pick of
a team took three times as long. A kernel that neither makes arrays nor returns any need not count; what it asks of
memory all the same is refused when it is compiled.

Who is called inherits that, unless it says otherwise: all that a lean kernel calls is lean, or says that it makes
arrays (``making``).
"""

from __future__ import annotations

from numba import njit

__all__ = ["lean", "making"]

#: In place of ``njit``: no count of references. Whoever calls such a kernel holds its arrays meanwhile.
lean = njit(cache=True, nogil=True, _nrt=False)
#: For what makes arrays and is called by a lean kernel.
making = njit(cache=True, nogil=True, _nrt=True)
