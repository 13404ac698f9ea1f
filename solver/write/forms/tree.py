"""An agency's work plan as a tree: its lines, what they hold already, and proposals under them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from solver.decision import LineUse
from solver.instance import Agency
from solver.words import Quantity, quantity
from solver.write.forms.source import Entry, Source
from solver.write.forms.texts import place


@dataclass(frozen=True, eq=False)
class Node:
    """A row of the tree and what stands under it; a row with children is their sum.

    `amount` in rupiah is the row's own, None where it adds no money. `use` is there for a Renja
    line, `entry` for a proposal.
    """

    title: str
    code: str = ""
    places: str = ""
    target: str = ""
    amount: int | None = 0
    source: str = ""
    note: str = ""
    children: Sequence[Node] = ()
    use: LineUse | None = None
    entry: Entry | None = None

    @property
    def total(self) -> int:
        """Its money with all below, in rupiah."""
        return (self.amount or 0) + sum(child.total for child in self.children)

    def walk(self, depth: int = 0) -> Iterator[tuple[int, Node]]:
        """Itself and all below, each with its depth."""
        yield depth, self
        for child in self.children:
            yield from child.walk(depth + 1)


def target(size: int | None, use: LineUse, language: str) -> str:
    """A line's target in millionths with its unit; empty where there is none."""
    return "" if size is None else quantity(Quantity(size, "volume", use.line.unit), language)


class Forest:
    """Builds the trees of a source's agencies from its accommodated proposals."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._on_line: dict[str, list[Entry]] = defaultdict(list)
        self._loose: dict[str, list[Entry]] = defaultdict(list)
        self._under: dict[str, list[LineUse]] = defaultdict(list)
        self._roots: dict[str, list[LineUse]] = defaultdict(list)
        for entry in sorted(source.everyone, key=lambda e: (e.district, e.ward, e.rank)):
            if entry.accommodated and entry.line:
                self._on_line[entry.line].append(entry)
            elif entry.accommodated:
                self._loose[entry.agency].append(entry)
        for use in source.lines.values():
            parent, agency = use.line.parent, use.line.agency
            (self._under[parent] if parent else self._roots[agency]).append(use)

    def agency(self, agency: Agency) -> Node:
        """What the agency has committed itself, proposals without a line, and its lines."""
        say = self._source.say
        loose = [self._proposal(entry) for entry in self._loose[agency.code]]
        lines = [self._line(use) for use in self._roots[agency.code]]
        if loose and lines:
            loose = [Node(say("renja_loose"), children=loose)]
        own = [Node(say("renja_own"), amount=agency.committed)] if agency.committed else []
        return Node(self._source.agency_name(agency.code), children=[*own, *loose, *lines])

    def _line(self, use: LineUse) -> Node:
        """What the line holds already, the proposals on it, and the lines under it."""
        line, source = use.line, self._source
        held = []
        if line.committed or line.committed_target:
            size = line.committed_target or None
            held.append(
                Node(
                    source.say("renja_held"),
                    target=target(size, use, source.language),
                    amount=line.committed,
                )
            )
        is_listed = bool(line.places and use.places_added)
        return Node(
            line.title,
            line.code,
            places="; ".join(place(*where) for where in line.places),
            target=target(use.target_after, use, source.language),
            note=source.say("renja_added", places=use.places_added) if is_listed else "",
            children=[
                *held,
                *(self._proposal(entry) for entry in self._on_line[line.code]),
                *(self._line(below) for below in self._under[line.code]),
            ],
            use=use,
        )

    @staticmethod
    def _proposal(entry: Entry) -> Node:
        return Node(
            entry.name,
            places=place(entry.district, entry.ward),
            target=entry.volume,
            amount=None if entry.kind == "covered" else entry.amount,
            source=entry.source,
            note=entry.note,
            entry=entry,
        )
