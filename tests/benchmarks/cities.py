"""Made-up cities of any size, as Instances: the same seed gives the same city.

Two kinds. An easy city has a floor for every ward and pairs within one line; a hard one has a band
for every district and ward, pairs across lines, and works that need those of another agency.
Scores are smooth, or few-valued: halved with every rank in the ward.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random

from solver.instance import (
    MICRO,
    Agency,
    Alternatives,
    Figures,
    Instance,
    Line,
    Location,
    Option,
    Proposal,
    Requires,
    half_up,
)

KINDS = ("easy", "hard")
SCORES = ("smooth", "ranked")

CUT = 0.3
"""So many proposals can be built smaller."""

PAIRED = 0.05
LINKED = 0.02
"""So many proposals are in a pair of which one at most is taken; so many need another agency's."""

LIKED = 0.2
"""How much the points of wards differ, so that some floors are needed."""

FLOOR = 0.5
BAND = (0.75, 1.25)
WIDE_BAND = (0.4, 1.6)
"""What a ward gets of its fair share: at least, and in a hard city at most; wide where few ask."""

FEW = 20
"""With fewer proposals a ward the band is wide: a narrow one can often not be met."""


@dataclass(frozen=True)
class _Draft:
    """A proposal before it has points."""

    name: str
    agency: str
    line: str
    district: str
    ward: str
    amount: int
    worth: float
    steps: int


def city(size: int, seed: int, kind: str = "easy", scores: str = "smooth") -> Instance:
    """The city of so many proposals."""
    random = Random(f"{size}/{seed}/{kind}/{scores}")
    drafts = list(_drafts(random, size))
    points = _smooth(drafts) if scores == "smooth" else _ranked(random, drafts)
    lines, agencies = _ceilings(random, drafts)
    hard = kind == "hard"
    return Instance(
        proposals=tuple(_proposal(d, points[d.name]) for d in drafts),
        agencies=agencies,
        lines=lines,
        locations=tuple(_places(drafts, sum(a.ceiling or 0 for a in agencies), hard=hard)),
        alternatives=tuple(_pairs(random, drafts, across=hard)),
        requires=tuple(_links(random, drafts)) if hard else (),
    )


def _drafts(random: Random, size: int) -> Iterator[_Draft]:
    """Agencies are asked by Zipf's law, wards alike; amounts are lognormal, in thousands."""
    agencies = [f"{n + 1:02}" for n in range(min(60, 12 + size // 1_000))]
    weights = [1 / (n + 1) for n in range(len(agencies))]
    lines = {a: [f"{a}.{n + 1:02}" for n in range(random.randint(5, 10))] for a in agencies}
    wards = max(min(52, size // 10), size // 100)
    districts = max(2, min(20, wards // 10))
    liked = [random.lognormvariate(0, LIKED) for _ in range(wards)]
    for number in range(size):
        agency = random.choices(agencies, weights)[0]
        ward = random.randrange(wards)
        amount = 1_000 * round(random.lognormvariate(11.9, 0.8))
        yield _Draft(
            f"U-{number + 1:06}",
            agency,
            random.choice(lines[agency]),
            f"D{ward % districts + 1:02}",
            f"W{ward + 1:04}",
            amount,
            (amount / 1_000_000) ** 0.7 * random.lognormvariate(0, 0.5) * liked[ward],
            random.randint(1, 5) if random.random() < CUT else 0,
        )


def _smooth(drafts: Sequence[_Draft]) -> dict[str, int]:
    """Points in thousandths that grow with the work, but slower than its price."""
    return {d.name: round(d.worth * 1_000) * 1_000 for d in drafts}


def _ranked(random: Random, drafts: Sequence[_Draft]) -> dict[str, int]:
    """1,000 points for a ward's first, half with every rank, at least 1; ranks follow the worth."""
    wards = defaultdict(list)
    for draft in drafts:
        wards[draft.ward].append((draft.worth * random.lognormvariate(0, 0.3), draft.name))
    found = {}
    for ward in wards.values():
        for rank, (_, name) in enumerate(sorted(ward, reverse=True)):
            found[name] = max(MICRO, half_up(Fraction(1_000 * MICRO, 2**rank)))
    return found


def _proposal(draft: _Draft, points: int) -> Proposal:
    """Ten units, of which up to five can be left away where it can be built smaller."""
    full = Figures(1, draft.amount, points, 10 * MICRO, 100)
    step = Figures(0, draft.amount // 10, half_up(Fraction(points, 10)), MICRO, 10)
    option = Option(
        draft.name,
        "",
        draft.agency,
        draft.line,
        draft.district,
        draft.ward,
        "unit",
        full=full,
        step=step if draft.steps else Figures(),
        steps=draft.steps,
    )
    return Proposal(draft.name, (option,))


def _ceilings(
    random: Random, drafts: Sequence[_Draft]
) -> tuple[tuple[Line, ...], tuple[Agency, ...]]:
    """A line has a third to six tenths of what it is asked for, an agency nine tenths of that."""
    asked: dict[tuple[str, str], int] = defaultdict(int)
    for draft in drafts:
        asked[draft.agency, draft.line] += draft.amount
    lines = [
        Line(line, agency, ceiling=round(total * random.uniform(0.35, 0.6)))
        for (agency, line), total in sorted(asked.items())
    ]
    room: dict[str, int] = defaultdict(int)
    for line in lines:
        room[line.agency] += line.ceiling or 0
    return tuple(lines), tuple(Agency(a, ceiling=total * 9 // 10) for a, total in room.items())


def _places(drafts: Sequence[_Draft], budget: int, *, hard: bool) -> Iterator[Location]:
    """Floors, and in a hard city caps, by what the place's part of all that is asked would buy."""
    asked: dict[tuple[str, str], int] = defaultdict(int)
    wards = {draft.ward for draft in drafts}
    for draft in drafts:
        asked[draft.district, draft.ward] += draft.amount
        if hard:
            asked[draft.district, ""] += draft.amount
    total = sum(draft.amount for draft in drafts)
    low, high = BAND if len(drafts) >= FEW * len(wards) else WIDE_BAND
    for (district, ward), here in sorted(asked.items()):
        fair = budget * here / total
        place = Location(district, ward, min_amount=round(fair * (low if hard else FLOOR)))
        yield replace(place, max_amount=round(fair * high)) if hard else place


def _pairs(random: Random, drafts: Sequence[_Draft], *, across: bool) -> Iterator[Alternatives]:
    """Pairs within one line; in a hard city every second one within one agency only."""
    left = list(drafts)
    random.shuffle(left)
    waiting: dict[tuple[str, str], str] = {}
    wanted = round(len(drafts) * PAIRED / 2)
    for number, draft in enumerate(left):
        if wanted == 0:
            return
        key = draft.agency, "" if across and number % 2 else draft.line
        if key in waiting:
            yield Alternatives((waiting.pop(key), draft.name))
            wanted -= 1
        else:
            waiting[key] = draft.name


def _links(random: Random, drafts: Sequence[_Draft]) -> Iterator[Requires]:
    """A work needs one of another agency."""
    for _ in range(round(len(drafts) * LINKED)):
        one, two = random.sample(drafts, 2)
        if one.agency != two.agency:
            yield Requires(one.name, (two.name,))
