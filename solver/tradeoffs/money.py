"""The limits in money that a desk can move by some rupiah: ceilings, caps and floors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from solver.instance import Instance
from solver.rules import agency_ceiling, limits, line_ceiling, locations

TABLES = {
    agency_ceiling.NAME: ("agencies", "ceiling"),
    line_ceiling.NAME: ("lines", "ceiling"),
    locations.NAME: ("locations", "max_amount"),
    limits.NAME: ("limits", "max"),
}
"""A rule -> the table and the column that hold its upper limit in money."""

_FLOORS = {locations.NAME: "min_amount", limits.NAME: "min"}


@dataclass(frozen=True)
class Purse:
    """One limit in money. `side` is max, or min for a floor; shares of the whole are not purses.

    `kind` says what it selects by: money moves between limits of one kind only.
    """

    rule: str
    subject: str
    side: str
    place: int
    limit: int
    kind: tuple[str, ...] = ()

    def moved(self, instance: Instance, rupiah: int) -> Instance:
        """The instance with the limit loosened by so much; tightened where it is below zero.

        Never below zero rupiah.
        """
        table, column = TABLES[self.rule]
        if self.side == "min":
            column, rupiah = _FLOORS[self.rule], -rupiah
        nouns = list(getattr(instance, table))
        limit = max(0, getattr(nouns[self.place], column) + rupiah)
        nouns[self.place] = replace(nouns[self.place], **{column: limit})
        changes: dict[str, Any] = {table: tuple(nouns)}
        return replace(instance, **changes)


def purses(instance: Instance) -> Iterator[Purse]:
    """Every limit in money that is on, in the order of the rules."""
    for rule, (table, column) in TABLES.items():
        if not instance.is_on(rule):
            continue
        for place, noun in enumerate(getattr(instance, table)):
            if getattr(noun, "measure", "amount") != "amount" or (
                rule == limits.NAME and noun.name in instance.off.limits
            ):
                continue
            for side, name in (("max", column), ("min", _FLOORS.get(rule))):
                value = getattr(noun, name) if name else None
                if type(value) is int:
                    yield Purse(rule, _subject(rule, noun), side, place, value, _kind(rule, noun))


def _subject(rule: str, noun: Any) -> str:
    if rule == limits.NAME:
        return str(noun.name)
    return str(noun.subject if rule == locations.NAME else noun.code)


def _kind(rule: str, noun: Any) -> tuple[str, ...]:
    """A line moves money with lines of its agency, a ward with wards, a cell with cells."""
    if rule == line_ceiling.NAME:
        return (noun.agency,)
    if rule == locations.NAME:
        return ("ward",) if noun.ward else ("district",)
    if rule == limits.NAME:
        selectors = ("agency", "line", "district", "ward", "source", "origin", "tag")
        return tuple(name for name in selectors if getattr(noun, name))
    return ()
