"""The account of the rows: each one of the export once, and what became of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from solver.sipd.entry import Entry
from solver.sipd.finding import Finding
from solver.sipd.record import LeftOut, Spot


@dataclass(frozen=True)
class Line:
    """One row of the export. `outcome` is read, repaired or left_out.

    `entry` is None where the row was left out; `codes` are the findings about it.
    """

    spot: Spot
    outcome: str
    entry: Entry | None
    codes: tuple[str, ...]


def lines(
    entries: Sequence[Entry],
    left_out: Sequence[LeftOut],
    repaired: Iterable[Finding],
    slips: Iterable[Finding],
) -> list[Line]:
    """Every row of the export, in its order."""
    mended = {spot for finding in repaired for spot in finding.spots}
    codes: dict[Spot, list[str]] = defaultdict(list)
    for finding in (*repaired, *slips):
        for spot in finding.spots:
            codes[spot].append(finding.code)
    found = [
        Line(
            entry.record.spot,
            "repaired" if entry.record.spot in mended else "read",
            entry,
            tuple(dict.fromkeys(codes[entry.record.spot])),
        )
        for entry in entries
    ]
    found += [Line(row.spot, "left_out", None, (f"left_{row.code}",)) for row in left_out]
    return sorted(found, key=lambda line: line.spot)
