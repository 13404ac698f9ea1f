"""The commands of the solver, to be gathered under `kayuh` (service/cli.py)."""

from __future__ import annotations

from solver.commands.assess import assess, verify
from solver.commands.check import check
from solver.commands.recommend import demo, recommend

COMMANDS = (demo, check, recommend, assess, verify)

__all__ = ["COMMANDS"]
