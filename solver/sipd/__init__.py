"""SIPD exports and ceiling tables become a scenario, every row of them accounted for.

imported(proposals, ceilings, mapping, language)   workbooks as bytes -> Imported
sentence(finding, language), advice(...)           what an import has to tell
choices(mapping), edited(mapping, changes)         the mapping file, read and changed

Nothing here writes a file. What is guessed stands in a mapping (mapping.py) that a planner changes;
what is doubtful is told with its evidence (slips.py) and left as it is.
"""

from __future__ import annotations

from solver.sipd.edits import choices, edited
from solver.sipd.finding import Finding
from solver.sipd.importer import Imported, Source, imported
from solver.sipd.sentences import advice, sentence
from solver.sipd.totals import Total

__all__ = [
    "Finding",
    "Imported",
    "Source",
    "Total",
    "advice",
    "choices",
    "edited",
    "imported",
    "sentence",
]
