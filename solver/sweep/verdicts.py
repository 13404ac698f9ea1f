"""What is always, sometimes or never funded over the runs of one city."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Verdict:
    """One proposal: in how many plans it is funded or covered, of how many that know it.

    `least` and `most` are the rupiah it gets where it is funded; None where it never is.
    """

    proposal: str
    inside: int
    plans: int
    changed: int
    least: int | None
    most: int | None

    @property
    def verdict(self) -> str:
        """In all of them, in some, or in none: always, sometimes, never."""
        if not self.inside:
            return "never"
        return "always" if self.inside == self.plans else "sometimes"


def verdicts(rows: Sequence[Mapping[str, Any]], known: Sequence[frozenset[str]]) -> list[Verdict]:
    """A verdict for each proposal, by id; `known` are the ids that each row's scenario has."""
    plans: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    changed: Counter[str] = Counter()
    amounts: dict[str, list[int]] = {}
    for names, times in Counter(
        ids for row, ids in zip(rows, known, strict=True) if "taken" in row
    ).items():
        for name in names:
            plans[name] += times
    for row in rows:
        if "taken" in row:
            inside.update(row["taken"].keys())
            inside.update(row["covered"])
            changed.update(row["changed"])
            for name, amount in row["taken"].items():
                amounts.setdefault(name, []).append(amount)
    return [
        Verdict(
            name,
            inside[name],
            plans[name],
            changed[name],
            min(amounts[name]) if name in amounts else None,
            max(amounts[name]) if name in amounts else None,
        )
        for name in sorted(plans)
    ]
