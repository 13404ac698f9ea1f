"""Many solves: what-ifs on one city, or many regions, here or on a cluster.

planned(...)        paths and lists of values -> a Plan: its runs, each a task keyed by digest
planned_of(...)     the same for one scenario that was read already
Store(folder)       the results as JSON lines, written as they come
carried_out(...)    the tasks that have no result yet, on an engine (serial, local, cluster)
reported(...)       what the sweep says: runs against the base, verdicts, curves, what is accepted

A task is plain data, and so is its result. The key of a task is the digest of all that its result
depends on, so a sweep that was stopped goes on where it was, and nothing is computed twice.
"""

from __future__ import annotations

from solver.sweep.accept import parsed
from solver.sweep.plan import Plan, Run, planned, planned_of
from solver.sweep.report import Report, reported
from solver.sweep.store import Line, Store
from solver.sweep.vary import Lists, lists_of
from solver.sweep.work import carried_out

__all__ = [
    "Line",
    "Lists",
    "Plan",
    "Report",
    "Run",
    "Store",
    "carried_out",
    "lists_of",
    "parsed",
    "planned",
    "planned_of",
    "reported",
]
