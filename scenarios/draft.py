"""One made-up proposal: where, which work, how much of it, how urgent; and its row in the table."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from random import Random

from scenarios.places import LANES, District
from scenarios.works import Work

COLUMNS = (
    "id",
    "option",
    "title",
    "agency",
    "line",
    "district",
    "ward",
    "priority",
    "score",
    "volume",
    "min_volume",
    "step",
    "unit",
    "unit_cost",
    "fixed_cost",
    "amount",
    "beneficiaries",
    "source",
    "origin",
    "tags",
    "gate",
    "covered_by",
    "continued",
    "note",
    "c_urgency",
    "c_benefit",
    "c_poverty",
    "c_readiness",
    "c_participation",
)

WEIGHTS = {"urgency": 61, "benefit": 53, "poverty": 37, "readiness": 26, "participation": 23}
"""Tenths of a point for each mark of 1 to 5: an example, no desk has published its weights."""

HOUSEHOLD = 4
"""Persons, where a benefit is counted in households."""

BENEFIT_BINS = (10, 20, 30, 40)
"""Households above which the mark for benefit rises by one."""


@dataclass
class Draft:
    """A proposal in the making; `parts` steps of `step` make its volume, 0 parts a whole package.

    `amount` is in thousands of rupiah: of one unit, or of the whole package.
    """

    work: Work
    agency: str
    district: District
    ward: str
    rt: int
    lane: str
    amount: int
    step: int = 1
    parts: int = 0
    least: int = 0
    people: int = 0
    marks: dict[str, int] = field(default_factory=dict)
    id: str = ""
    priority: int = 0
    suffix: str = ""
    source: str = "APBD"
    origin: str = "musrenbang"
    gate: str = ""
    covered_by: str = ""
    continued: bool = False
    note: str = ""
    other: dict[str, object] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The work and the lane, as a neighbourhood writes it."""
        words = {"rt": self.rt, "rw": 1 + self.rt % 4, "lane": self.lane, "ward": self.ward}
        return self.work.title.format(**words) + self.suffix

    @property
    def tenths(self) -> int:
        """The score in tenths of a point: each mark times its weight."""
        return sum(WEIGHTS[name] * mark for name, mark in self.marks.items())

    def raise_mark(self, name: str, by: int) -> None:
        """Move a mark up or down, within 1 to 5."""
        self.marks[name] = min(5, max(1, self.marks[name] + by))

    def rows(self) -> list[dict[str, object]]:
        """The request and, where there is one, the other option, which changes some columns."""
        row: dict[str, object] = dict.fromkeys(COLUMNS, "")
        row |= {
            "id": self.id,
            "title": self.title,
            "agency": self.agency,
            "line": self.work.line,
            "district": self.district.name,
            "ward": self.ward,
            "priority": self.priority,
            "unit": self.work.unit,
            "beneficiaries": self.people,
            "source": self.source,
            "origin": self.origin,
            "tags": self.work.tags,
            "gate": self.gate,
            "covered_by": self.covered_by,
            "continued": "yes" if self.continued else "",
            "note": self.note,
        }
        row |= {"score": decimal(self.tenths, 10)}
        row |= {f"c_{name}": mark for name, mark in self.marks.items()}
        if self.parts:
            row |= {"volume": self.parts * self.step, "unit_cost": self.amount * 1_000}
            if self.least:
                row |= {"min_volume": self.least * self.step, "step": self.step}
            if self.work.fixed:
                row |= {"fixed_cost": self.work.fixed * 1_000}
        else:
            row |= {"volume": 1, "amount": self.amount * 1_000}
        if not self.other:
            return [row]
        return [row | {"option": "A"}, row | {"option": "B"} | self.other]

    def smaller(self, tenths: int) -> dict[str, object]:
        """The same whole package at `tenths` tenths of its size, its marks and points with it."""
        return {
            "amount": self.amount * 100 * tenths,
            "beneficiaries": self.people * tenths // 10,
            "score": decimal(self.tenths * tenths, 100),
            "note": "Ukuran lebih kecil",
        } | {f"c_{name}": decimal(mark * tenths, 10) for name, mark in self.marks.items()}


def decimal(value: int, parts: int) -> str:
    """A whole number of tenths or hundredths, written without needless zeros."""
    whole, rest = divmod(value, parts)
    digits = str(rest).zfill(len(str(parts)) - 1).rstrip("0")
    return f"{whole}.{digits}" if digits else str(whole)


def draw(random: Random, work: Work, agency: str, district: District, ward: str) -> Draft:
    """A proposal of this work in this ward: lane, size, price and marks at random."""
    low, high = work.cost
    grain = 5 if high < 2_000 else 50 if high < 30_000 else 500
    cost = grain * random.randint(math.ceil(low / grain), high // grain)
    draft = Draft(work, agency, district, ward, random.randint(1, 36), random.choice(LANES), cost)
    if work.parts:
        draft.step, draft.parts = random.choice(work.steps), random.choice(work.parts)
        share = draft.parts / max(work.parts)
        if random.random() < 0.75:
            draft.least = max(1, math.ceil(draft.parts * random.choice((0.4, 0.5, 0.6, 0.75))))
    else:
        draft.amount = 1_000 * random.randint(low, high)
        share = (draft.amount / 1_000 - low) / (high - low)
    fewest, most = work.people
    draft.people = round(fewest + (most - fewest) * min(1.0, share * random.uniform(0.5, 1.2)))
    if work.unit == "orang":
        draft.people = draft.parts * draft.step
    elif work.line == "1.04.15.01":
        draft.people = HOUSEHOLD * draft.parts * draft.step
    draft.marks = marks(random, draft)
    return draft


def marks(random: Random, draft: Draft) -> dict[str, int]:
    """One to five for each criterion; tags and households pull their own up."""
    tags = draft.work.tags
    urgent = random.choices((1, 2, 3, 4, 5), (2, 5, 8, 6, 3))[0]
    poor = random.choices((1, 2, 3, 4, 5), (4, 6, 6, 3, 1))[0]
    found = {
        "urgency": urgent + ("spm" in tags or "banjir" in tags),
        "benefit": 1 + sum(draft.people > HOUSEHOLD * edge for edge in BENEFIT_BINS),
        "poverty": poor + ("kemiskinan" in tags or "kumuh" in tags),
        "readiness": random.choices((1, 2, 3, 4, 5), (1, 3, 7, 7, 4))[0],
        "participation": random.choices((1, 2, 3, 4, 5), (1, 3, 6, 6, 3))[0],
    }
    return {name: min(5, mark) for name, mark in found.items()}
