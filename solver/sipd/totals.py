"""Control totals: rows and rupiah as the file has them and as they were read, by agency and place.

amount in the file + every change of it = amount that was read
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

CAUSES = ("other_party", "no_amount", "corrected", "left_out")
"""Why an amount that was read is not that of the file."""


@dataclass
class Total:
    """One line of control totals. `by` is "all", "agency" or "district"; `changes` is by cause.

    `ceiling` is rupiah, "unlimited", or None where there is none to compare with.
    """

    by: str
    name: str
    rows_file: int = 0
    rows_read: int = 0
    amount_file: int = 0
    amount_read: int = 0
    changes: Counter[str] = field(default_factory=Counter)
    ceiling: int | str | None = None


@dataclass(frozen=True)
class Money:
    """One row's money: in the file, as read, and why they differ."""

    agency: str
    district: str
    stated: int
    amount: int
    cause: str
    is_read: bool


def totals(rows: Iterable[Money], ceilings: dict[tuple[str, str], int | str]) -> list[Total]:
    """The totals of all, of every agency and district; also of those with a ceiling and no row."""
    found: dict[tuple[str, str], Total] = {("all", ""): Total("all", "")}
    for by, name in ceilings:
        found[by, name] = Total(by, name, ceiling=ceilings[by, name])
    for row in rows:
        for key in (("all", ""), ("agency", row.agency), ("district", row.district)):
            total = found.setdefault(key, Total(*key))
            total.rows_file += 1
            total.rows_read += row.is_read
            total.amount_file += row.stated
            total.amount_read += row.amount
            if row.stated != row.amount:
                total.changes[row.cause] += row.amount - row.stated
    order = ("all", "agency", "district")
    return sorted(found.values(), key=lambda total: (order.index(total.by), total.name))
