"""Makes the city of `banjarmasin-2018`: `python -m scenarios.city FOLDER` writes its files.

Kecamatan, kelurahan, their codes and the agencies' names are real; every proposal, price, rank,
score, population share and ceiling is drawn from `random.Random(SEED)`. One seed, one city.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from random import Random

from scenarios import marks
from scenarios.agencies import AGENCIES, DISTRICT_OFFICE, Activity
from scenarios.draft import COLUMNS, Draft, draw
from scenarios.places import DISTRICTS, POPULATION
from scenarios.works import WORKS

SEED = 2018
MILLION = 1_000_000
SLUM_WARDS = 20

HEAD = """\
# Kota Banjarmasin, RKPD 2018: data sintetis, dibuat oleh `python -m scenarios.city`.
# Nama dan kode wilayah serta nama OPD nyata; usulan, harga, skor dan pagu rekaan belaka.
format = 1
title = "Banjarmasin, RKPD 2018 (data sintetis)"
year = 2018

[data]
proposals = "proposals.csv"
agencies = "agencies.csv"
locations = "locations.csv"
lines = "lines.csv"
limits = "limits.csv"

[objective]
stages = ["points"]
score = "column"
rank_within = ["district", "ward"]

# Bobot contoh bagi score = "criteria"; kolom score di proposals.csv adalah jumlahnya.
[objective.weights]
c_urgency = 6.1
c_benefit = 5.3
c_poverty = 3.7
c_readiness = 2.6
c_participation = 2.3
"""

LIMITS = (
    {"name": "Kolam pokir", "origin": "pokir", "measure": "amount", "max": 9_000 * MILLION},
    {
        "name": "DAK jalan",
        "agency": "PUPR",
        "line": "1.03.15",
        "source": "DAK",
        "measure": "amount",
        "max": 3_000 * MILLION,
    },
    {
        "name": "Paket jembatan",
        "agency": "PUPR",
        "line": "1.03.15.03",
        "measure": "count",
        "max": 14,
    },
)

Row = Mapping[str, object]


def tables(seed: int = SEED) -> dict[str, str]:
    """Every file of the scenario's folder by name, as text."""
    random = Random(seed)  # noqa: S311 - a made-up city, not a secret
    people = populations(random)
    slums = sorted(random.sample([ward for d in DISTRICTS for ward in d.wards], SLUM_WARDS))
    drafts = proposals(random, slums)
    marks.sources(random, drafts)
    links = marks.links(random, drafts)
    marks.continued(random, drafts, 24)
    marks.gates(random, drafts, 36)
    marks.covered(random, drafts, 18)
    marks.options(random, drafts, slums)
    number(random, drafts)
    return {
        "proposals.csv": text(COLUMNS, (row for draft in drafts for row in draft.rows())),
        "agencies.csv": text(("code", "name", "ceiling", "committed"), agencies()),
        "locations.csv": text(("district", "ward", "name", "population"), locations(people)),
        "lines.csv": text(
            (
                "code",
                "parent",
                "agency",
                "title",
                "ceiling",
                "committed",
                "target",
                "committed_target",
                "max_target",
                "unit",
                "places",
                "closed",
            ),
            lines(slums),
        ),
        "limits.csv": text(
            ("name", "agency", "line", "source", "origin", "measure", "max"), LIMITS
        ),
        "scenario.toml": HEAD + relations(links),
    }


def text(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """Rows as CSV; a column that a row does not name stays empty."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def populations(random: Random) -> dict[tuple[str, str], int]:
    """The city's people over its wards by random shares; the last ward takes what rounding left."""
    wards = [(d.name, ward) for d in DISTRICTS for ward in d.wards]
    shares = [random.uniform(0.5, 1.7) for _ in wards]
    people = [round(POPULATION * share / sum(shares)) for share in shares]
    people[-1] += POPULATION - sum(people)
    return dict(zip(wards, people, strict=True))


def proposals(random: Random, slums: Sequence[str]) -> list[Draft]:
    """Every ward asks for a dozen works, give or take, no two alike by title."""
    owner = {
        a.code: agency.code for agency in AGENCIES for p in agency.programmes for a in p.activities
    }
    found: list[Draft] = []
    for district in DISTRICTS:
        for ward, count in zip(
            district.wards, spread(random, district.asked, len(district.wards)), strict=True
        ):
            titles: set[str] = set()
            while len(titles) < count:
                work = random.choices(WORKS, [work.weight for work in WORKS])[0]
                outside = work.line == "1.04.16.01" and ward not in slums
                draft = draw(random, work, owner[work.line], district, ward)
                if draft.title not in titles and (not outside or random.random() < 0.02):
                    titles.add(draft.title)
                    found.append(draft)
    return found


def spread(random: Random, total: int, places: int) -> list[int]:
    """A total over places: even, then some give one or two to others."""
    counts = [total // places + (place < total % places) for place in range(places)]
    for _ in range(2 * places):
        giver, taker = random.sample(range(places), 2)
        if counts[giver] > 8:
            counts[giver] -= 1
            counts[taker] += 1
    return counts


def number(random: Random, drafts: Sequence[Draft]) -> None:
    """Ids in order of place; ranks within a ward follow the score, as people see it."""
    wards: dict[str, list[tuple[float, Draft]]] = {}
    for index, draft in enumerate(drafts, start=1):
        draft.id = f"U-{index:03}"
        wards.setdefault(draft.ward, []).append((draft.tenths + random.uniform(-100, 100), draft))
    for ward in wards.values():
        ward.sort(key=lambda item: (-item[0], item[1].id))
        for rank, (_, draft) in enumerate(ward, start=1):
            draft.priority = rank


def agencies() -> Iterable[Row]:
    """Ceilings: own spending, and what the lines hold, less what was cut after they were drawn."""
    for agency in AGENCIES:
        held = sum(a.committed + a.open for p in agency.programmes for a in p.activities)
        yield {
            "code": agency.code,
            "name": agency.name,
            "committed": agency.own * MILLION,
            "ceiling": (agency.own + held - agency.short) * MILLION,
        }
    for district in DISTRICTS:
        yield {
            "code": f"KEC-{district.short}",
            "name": f"Kecamatan {district.name}",
            "ceiling": DISTRICT_OFFICE * MILLION,
            "committed": DISTRICT_OFFICE * MILLION,
        }


def locations(people: Mapping[tuple[str, str], int]) -> Iterable[Row]:
    """Kecamatan and kelurahan with their codes in the name, and made-up populations."""
    for district in DISTRICTS:
        total = sum(people[district.name, ward] for ward in district.wards)
        yield {
            "district": district.name,
            "population": total,
            "name": f"Kecamatan {district.name} ({district.code})",
        }
        for ward in district.wards:
            yield {
                "district": district.name,
                "ward": ward,
                "population": people[district.name, ward],
                "name": f"Kelurahan {ward} ({district.ward_code(ward)})",
            }


def lines(slums: Sequence[str]) -> Iterable[Row]:
    """Programmes and their activities; a programme's ceiling is the sum of its activities."""
    for agency in AGENCIES:
        for programme in agency.programmes:
            held = sum(a.committed + a.open for a in programme.activities)
            yield {
                "code": programme.code,
                "agency": agency.code,
                "title": programme.title,
                "ceiling": held * MILLION,
            }
            for activity in programme.activities:
                yield line(agency.code, programme.code, activity, slums)


def line(agency: str, parent: str, activity: Activity, slums: Sequence[str]) -> Row:
    """One activity; the line for slums is closed to all other wards."""
    row: dict[str, object] = {
        "code": activity.code,
        "parent": parent,
        "agency": agency,
        "title": activity.title,
        "ceiling": (activity.committed + activity.open) * MILLION,
        "committed": activity.committed * MILLION,
    }
    if activity.unit:
        row |= {
            "unit": activity.unit,
            "target": activity.target,
            "committed_target": activity.done,
            "max_target": activity.max_target or "",
        }
    if activity.slum_only:
        home = {ward: d.name for d in DISTRICTS for ward in d.wards}
        row |= {"closed": "yes", "places": ";".join(f"{home[ward]}/{ward}" for ward in slums)}
    return row


def relations(links: Mapping[str, Sequence[tuple[Draft, Draft]]]) -> str:
    """The links between proposals as TOML, each with its titles beside it."""
    words = {
        "alternatives": "Gang yang sama: paling banyak satu.",
        "requires": "Tahap kedua hanya bersama tahap pertama.",
        "together": "Satu pekerjaan di satu gang: semua atau tidak sama sekali.",
    }
    out = []
    for table, pairs in links.items():
        out.append(f"\n# {words[table]}\n")
        for one, two in pairs:
            out.append(f"[[{table}]]  # {one.ward}: {one.title}\n")
            if table == "requires":
                out.append(f'proposal = "{two.id}"\nneeds = ["{one.id}"]\n')
            else:
                out.append(f'proposals = ["{one.id}", "{two.id}"]\n')
    return "".join(out)


def main(arguments: Sequence[str]) -> int:
    """Write the city's files into the named folder."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m scenarios.city FOLDER\n")
        return 2
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in tables().items():
        (folder / name).write_text(content, encoding="utf-8", newline="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
