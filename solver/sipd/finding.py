"""What an import has to tell: of one row, of several, or of the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from solver.sipd.record import Spot


@dataclass(frozen=True)
class Finding:
    """One thing to tell: a sentence of the catalogue `sipd`, its facts, and the rows it is about.

    `before` and `after` are a cell's values where something was changed. `advice` names the
    sentence that says what to do. `fix` are cells for the mapping file that would put it right, by
    proposal.
    """

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    spots: tuple[Spot, ...] = ()
    proposals: tuple[str, ...] = ()
    column: str | None = None
    before: Any = None
    after: Any = None
    advice: str | None = None
    fix: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
