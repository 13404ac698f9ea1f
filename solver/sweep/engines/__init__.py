"""Where the runs of a sweep are computed: one after the other, on all cores, or on a cluster.

An engine takes tasks and gives futures; it knows nothing of scenarios or results. The same tasks
give the same results on each of them.
"""

from __future__ import annotations

from solver.sweep.engines.engine import DiedError, Engine, GoneError, LostError
from solver.sweep.engines.local import Local
from solver.sweep.engines.serial import Serial

__all__ = ["DiedError", "Engine", "GoneError", "Local", "LostError", "Serial"]
