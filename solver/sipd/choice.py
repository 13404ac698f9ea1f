"""Which party's figure counts: the first one, in the planner's order, that names an amount.

Volume and amount of a proposal come from the same party, since they belong together. An amount
below a thousand rupiah is no amount: officers type Rp 1 where the form demands a number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from solver.sipd.parts import Figure
from solver.sipd.record import Record

PLACEHOLDER = 1_000
"""Rupiah; what is less only fills the cell."""

ORDER = ("bappeda", "skpd", "tapd", "kecamatan", "kelurahan", "request")
"""The planning agency keeps the desk's books, so its figure goes first; then those who decide
later, then those who decided before, and last the proposer.
"""


@dataclass(frozen=True)
class Choice:
    """The figure that counts; None where no party names an amount.

    `stated` is what the file says by itself: the first number in the order, placeholders included.
    """

    used: Figure | None
    stated: Figure | None

    @property
    def amount(self) -> int:
        """Rupiah that are taken over: 0 where there is no amount."""
        return (self.used.amount or 0) if self.used else 0

    @property
    def stated_amount(self) -> int:
        """Rupiah as the file has them."""
        return (self.stated.amount or 0) if self.stated else 0


def choice(record: Record, order: Sequence[str]) -> Choice:
    """The figure of a record that counts."""
    figures = [figure for party in order if (figure := record.figure(party))]
    stated = next((figure for figure in figures if figure.amount is not None), None)
    used = next((figure for figure in figures if (figure.amount or 0) >= PLACEHOLDER), None)
    return Choice(used, stated)
