"""Scenarios: files and documents that resolve to an Instance, with every change on record.

read(path)                    a .toml, a folder with scenario.toml, or a .json
resolve(document, known)      a JSON document whose paths are never followed
variant(scenario, fragment)   any scenario keys on top of a scenario
read_workbook(data, name, corrections)   a workbook that was handed in, with cells corrected
read_json, schemas, pointer, count_rows   a document as it is posted, its form, where problems stand
write_folder, write_json      the resolved scenario, without loss
"""

from __future__ import annotations

from solver.scenario.draft import Change
from solver.scenario.handed import Correction, heading_of, read_workbook
from solver.scenario.posted import count_rows, pointer, read_json
from solver.scenario.scenario import Scenario, read, resolve, variant
from solver.scenario.schema import schemas
from solver.scenario.write import write_folder, write_json

__all__ = [
    "Change",
    "Correction",
    "Scenario",
    "count_rows",
    "heading_of",
    "pointer",
    "read",
    "read_json",
    "read_workbook",
    "resolve",
    "schemas",
    "variant",
    "write_folder",
    "write_json",
]
