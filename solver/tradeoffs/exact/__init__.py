"""The exact method of the trade-offs: everything that may still be the best, in whole numbers."""

from __future__ import annotations

from solver.tradeoffs.exact.method import Exact, Found

__all__ = ["Exact", "Found"]
