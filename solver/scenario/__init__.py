"""Scenarios: files and documents that resolve to an Instance, with every change on record.

read(path)                    a .toml, a folder with scenario.toml, or a .json
resolve(document, known)      a JSON document whose paths are never followed
variant(scenario, fragment)   any scenario keys on top of a scenario
write_folder, write_json      the resolved scenario, without loss
"""

from __future__ import annotations

from solver.scenario.draft import Change
from solver.scenario.scenario import Scenario, read, resolve, variant
from solver.scenario.write import write_folder, write_json

__all__ = ["Change", "Scenario", "read", "resolve", "variant", "write_folder", "write_json"]
