"""What a proposal is worth: its score, else its rank, else the same as every other one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from solver.sipd.entry import Entry


@dataclass(frozen=True)
class Worth:
    """How points are found: `score` is column or halving, `within` the group of a rank.

    `scores` and `ranks` are by proposal; `given` are proposals whose blank score or rank was
    filled.
    """

    score: str
    within: tuple[str, ...] = ("district", "ward")
    scores: Mapping[str, Decimal] = field(default_factory=dict)
    ranks: Mapping[str, int] = field(default_factory=dict)
    given: tuple[str, ...] = ()
    is_guess: bool = False


def worth_of(entries: Sequence[Entry], usual: Decimal) -> Worth:
    """Points by score where the file has any, else by rank, else `usual` for every proposal.

    A blank score is the usual one; a blank rank comes after the last of its group.
    """
    ranks = {e.id: e.record.priority for e in entries if e.record.priority is not None}
    scores = {e.id: e.record.score for e in entries if e.record.score is not None}
    if scores or not ranks:
        blank = tuple(entry.id for entry in entries if entry.id not in scores)
        filled = {**scores, **dict.fromkeys(blank, usual)}
        return Worth("column", scores=filled, ranks=ranks, given=blank, is_guess=not scores)
    within = _within(entries, ranks)
    last: dict[tuple[str, ...], int] = defaultdict(int)
    for entry in entries:
        group = _group(entry, within)
        last[group] = max(last[group], ranks.get(entry.id, 0))
    blank = tuple(entry.id for entry in entries if entry.id not in ranks)
    filled_ranks = {
        entry.id: ranks.get(entry.id, last[_group(entry, within)] + 1) for entry in entries
    }
    return Worth("halving", within, ranks=filled_ranks, given=blank, is_guess=True)


def _group(entry: Entry, within: Sequence[str]) -> tuple[str, ...]:
    return tuple(getattr(entry, column) for column in within)


def _within(entries: Sequence[Entry], ranks: Mapping[str, int]) -> tuple[str, ...]:
    """Ranks that no two proposals of a district share count in the district, others in the ward."""
    used = Counter((entry.district, ranks[entry.id]) for entry in entries if entry.id in ranks)
    return ("district",) if max(used.values()) == 1 else ("district", "ward")
