"""The commands of the solver, to be gathered under `kayuh` (service/cli.py)."""

from __future__ import annotations

from solver.commands.assess import assess, verify
from solver.commands.check import check
from solver.commands.compare import compare
from solver.commands.export import export
from solver.commands.import_ import import_
from solver.commands.recommend import demo, recommend
from solver.commands.sweep import sweep
from solver.commands.tradeoffs import tradeoffs
from solver.commands.workbook import convert, template

COMMANDS = (
    demo,
    check,
    recommend,
    assess,
    tradeoffs,
    compare,
    sweep,
    verify,
    export,
    import_,
    template,
    convert,
)

__all__ = ["COMMANDS"]
