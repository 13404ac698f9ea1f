"""Makes many regions: `python -m scenarios.regions FOLDER [COUNT [SEED]]` writes a folder for each.

For trying a whole country: 514 regions by default, as many as Indonesia has regencies and cities,
each with a hundred to ten thousand proposals, about a million in all. Nothing in them is real. The
works, prices and agencies are those of the made-up city (city.py), ceilings grow with what is
asked. A region depends on the seed, its number and its size only, and is never kept in memory
beside another.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import exp
from pathlib import Path
from random import Random
from statistics import NormalDist

from scenarios import marks
from scenarios.agencies import AGENCIES, Activity
from scenarios.city import MILLION, SEED, relations, spread, text
from scenarios.draft import COLUMNS, Draft, draw
from scenarios.places import LANES, District
from scenarios.works import WORKS

COUNT = 514
FEWEST, MOST = 100, 10_000
MIDDLE, WIDTH = 1_230, 1.0
"""Half of the regions have fewer proposals than the middle; the logarithm is normal about it."""

WARD = 12
"""A ward asks for about so many works, as in the city."""

DISTRICT = 9
"""A district has about so many wards."""

CITY = 600
"""The proposals of the city, whose ceilings are the measure for every region's."""

SIDES = ("Hulu", "Hilir", "Utara", "Selatan", "Barat", "Timur", "Tengah", "Dalam", "Luar", "Baru")

HEAD = """\
# {name}: data sintetis, dibuat oleh `python -m scenarios.regions`; tidak satu pun nyata.
format = 1
title = "{name} (data sintetis)"
year = 2018

[data]
proposals = "proposals.csv"
agencies = "agencies.csv"
locations = "locations.csv"
lines = "lines.csv"
limits = "limits.csv"
"""


def sizes(count: int = COUNT, seed: int = SEED) -> list[int]:
    """How many proposals each region has: few large ones, many small ones, in random order."""
    logarithm = NormalDist(0, WIDTH)
    found = [
        round(min(MOST, max(FEWEST, MIDDLE * exp(logarithm.inv_cdf((n + 0.5) / count)))))
        for n in range(count)
    ]
    Random(seed).shuffle(found)  # noqa: S311 - made-up regions, not a secret
    return found


def name_of(number: int) -> str:
    """The name of a region's folder: daerah-001, daerah-002, ..."""
    return f"daerah-{number:03}"


def tables(number: int, size: int, seed: int = SEED) -> dict[str, str]:
    """Every file of one region's folder by name, as text."""
    random = Random(f"{seed}/{number}/{size}")  # noqa: S311 - made-up regions, not a secret
    districts = places(random, number, size)
    wards = [ward for district in districts for ward in district.wards]
    slums = sorted(random.sample(wards, max(1, round(len(wards) * 0.4))))
    drafts = proposals(random, districts, slums)
    marks.sources(random, drafts)
    parts = len(drafts) / CITY
    marks.gates(random, drafts, 4 * round(9 * parts))
    marks.covered(random, drafts, round(18 * parts))
    moved(random, drafts, round(20 * parts))
    links = pairs(random, drafts, round(15 * parts))
    rank(random, drafts)
    share = parts * random.uniform(0.8, 1.3)
    return {
        "proposals.csv": text(COLUMNS, (row for draft in drafts for row in draft.rows())),
        "agencies.csv": text(("code", "name", "ceiling", "committed"), agencies(share)),
        "locations.csv": text(("district", "ward", "population"), people(random, districts)),
        "lines.csv": text(
            ("code", "parent", "agency", "title", "ceiling", "committed", "places", "closed"),
            lines(share, districts, slums),
        ),
        "limits.csv": text(
            ("name", "origin", "measure", "max"),
            [{"name": "Kolam pokir", "origin": "pokir", "max": round(9_000 * share) * MILLION}],
        ),
        "scenario.toml": HEAD.format(name=f"Daerah {number:03}") + relations(links),
    }


def places(random: Random, number: int, size: int) -> list[District]:
    """Made-up districts with wards enough for the proposals; no name is used twice in a region."""
    total = max(4, round(size / WARD))
    count = max(2, round(total / DISTRICT))
    names = [f"{lane} {side}" for lane in LANES for side in SIDES]
    random.shuffle(names)
    while len(names) < total + count:
        names += [f"{name} {len(names) // 500 + 1}" for name in names[:500]]
    asked = spread(random, size, count)
    wards = iter(names[count:])
    found = []
    for place, (name, proposals_here) in enumerate(zip(names[:count], asked, strict=True)):
        own = total // count + (place < total % count)
        found.append(
            District(
                f"{number:03}.{place + 1:02}",
                f"{name} {number:03}",
                f"K{place + 1:02}",
                proposals_here,
                tuple(next(wards) for _ in range(own)),
            )
        )
    return found


def proposals(random: Random, districts: Iterable[District], slums: Iterable[str]) -> list[Draft]:
    """Every ward asks for about a dozen works; the line for slums is asked for there only."""
    owner = {a.code: g.code for g in AGENCIES for p in g.programmes for a in p.activities}
    poor = frozenset(slums)
    elsewhere = [work for work in WORKS if work.line != "1.04.16.01"]
    chances = {
        True: (WORKS, [work.weight for work in WORKS]),
        False: (elsewhere, [work.weight for work in elsewhere]),
    }
    found = []
    for district in districts:
        counts = spread(random, district.asked, len(district.wards))
        for ward, count in zip(district.wards, counts, strict=True):
            works, weights = chances[ward in poor]
            chosen = random.choices(works, weights, k=count)
            found += [draw(random, work, owner[work.line], district, ward) for work in chosen]
    for index, draft in enumerate(found, start=1):
        draft.id = f"U-{index:05}"
    return found


def moved(random: Random, drafts: Sequence[Draft], count: int) -> None:
    """Some could be built smaller: whole packages at half or six tenths of their size."""
    packages = [d for d in marks.plain(drafts) if not d.parts and d.amount >= 150_000]
    for draft in random.sample(packages, min(count, len(packages))):
        draft.other = draft.smaller(random.choice((5, 6)))


def pairs(
    random: Random, drafts: Sequence[Draft], count: int
) -> dict[str, list[tuple[Draft, Draft]]]:
    """Works of one ward that exclude, need or go with each other; each work in one pair at most."""
    by_ward: dict[str, list[Draft]] = {}
    for draft in marks.plain(drafts):
        by_ward.setdefault(draft.ward, []).append(draft)
    found = []
    for ward in random.sample(sorted(by_ward), min(count, len(by_ward))):
        if len(by_ward[ward]) > 1:
            one, two = random.sample(by_ward[ward], 2)
            found.append((one, two))
    return {
        "alternatives": found[0::3],
        "requires": found[1::3],
        "together": found[2::3],
    }


def rank(random: Random, drafts: Sequence[Draft]) -> None:
    """Ranks within a ward follow the score, as people see it."""
    wards: dict[str, list[tuple[float, Draft]]] = {}
    for draft in drafts:
        seen = draft.tenths + random.uniform(-100, 100)
        wards.setdefault(draft.ward, []).append((seen, draft))
    for ward in wards.values():
        ward.sort(key=lambda item: (-item[0], item[1].id))
        for place, (_, draft) in enumerate(ward, start=1):
            draft.priority = place


def held(activity: Activity, share: float) -> int:
    """What a line holds, in millions: as committed as the city's, and open by the region's size."""
    return activity.committed + round(activity.open * share)


def agencies(share: float) -> Iterator[Mapping[str, object]]:
    """Ceilings: own spending and what the lines hold, less what was cut after they were drawn."""
    for agency in AGENCIES:
        total = sum(held(a, share) for p in agency.programmes for a in p.activities)
        yield {
            "code": agency.code,
            "name": agency.name,
            "committed": agency.own * MILLION,
            "ceiling": (agency.own + total - round(agency.short * share)) * MILLION,
        }


def people(random: Random, districts: Iterable[District]) -> Iterator[Mapping[str, object]]:
    """Districts and wards with made-up populations."""
    for district in districts:
        counts = [random.randint(1_500, 9_000) for _ in district.wards]
        yield {"district": district.name, "population": sum(counts)}
        for ward, count in zip(district.wards, counts, strict=True):
            yield {"district": district.name, "ward": ward, "population": count}


def lines(
    share: float, districts: Sequence[District], slums: Sequence[str]
) -> Iterator[Mapping[str, object]]:
    """Programmes and their activities; the line for slums is closed to all other wards."""
    home = {ward: d.name for d in districts for ward in d.wards}
    for agency in AGENCIES:
        for programme in agency.programmes:
            yield {
                "code": programme.code,
                "agency": agency.code,
                "title": programme.title,
                "ceiling": sum(held(a, share) for a in programme.activities) * MILLION,
            }
            for activity in programme.activities:
                row: dict[str, object] = {
                    "code": activity.code,
                    "parent": programme.code,
                    "agency": agency.code,
                    "title": activity.title,
                    "ceiling": held(activity, share) * MILLION,
                    "committed": activity.committed * MILLION,
                }
                if activity.slum_only:
                    listed = ";".join(f"{home[ward]}/{ward}" for ward in slums)
                    row |= {"closed": "yes", "places": listed}
                yield row


def main(arguments: Sequence[str]) -> int:
    """Write the regions into the named folder."""
    if not 1 <= len(arguments) <= 3 or not all(a.isdecimal() for a in arguments[1:]):
        sys.stderr.write("usage: python -m scenarios.regions FOLDER [COUNT [SEED]]\n")
        return 2
    count, seed = (*map(int, arguments[1:]), *(COUNT, SEED)[len(arguments) - 1 :])
    for number, size in enumerate(sizes(count, seed), start=1):
        folder = Path(arguments[0]) / name_of(number)
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in tables(number, size, seed).items():
            (folder / name).write_text(content, encoding="utf-8", newline="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
