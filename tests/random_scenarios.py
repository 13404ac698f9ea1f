"""Small random scenarios that mix every rule, by seed, few enough plans to enumerate them all.

Most of them are built around a hidden plan: ceilings and floors lie at or near what that plan
uses, so the scenario has a plan and its limits bind, often to the rupiah. The others are wild and
often impossible. Nothing here decides what is right; the oracle does.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from oracle import MILLION, Case, Option, Take, at_volume, measured, size, takes_of

Row = dict[str, Any]
Doc = dict[str, Any]
Chosen = dict[str, Take]

LARGEST = 20_000  # plans of one scenario
USUAL = 3_000  # where proposals begin to get one option and one volume only
DISTRICTS = ("Barat", "Utara", "Tengah")
WARDS = {
    "Barat": ("Basirih", "Telawang", "Pasar Lama"),
    "Utara": ("Alalak", "Kuin", "Pasar Lama"),  # one name twice: a ward belongs to its district
    "Tengah": ("Gadang", "Melayu"),
}
AGENCIES = ("PUPR", "DISPERKIM", "DLH")
UNITS = ("m", "unit")
SOURCES = ("APBD", "DAK", "DBHCHT")
ORIGINS = ("musrenbang", "pokir", "renja")
TAGS = ("air", "jalan", "stunting")
GATES = ("not_authority", "land", "zoning", "no_design", "duplicate", "over_price_catalogue")
CAN_BE_OFF = (
    "locks",
    "gates",
    "agency_ceiling",
    "line_ceiling",
    "line_target",
    "locations",
    "limits",
    "alternatives",
    "requires",
    "together",
    "priority_order",
)
STAGE_WEIGHTS = {
    "points": 10,
    "least_served": 4,
    "spread": 3,
    "inversions": 3,
    "few_cuts": 2,
    "few_changes": 2,
    "thrift": 2,
}


class Draft:
    """A scenario in the making: its document, its dice, and the habits of this one scenario."""

    def __init__(self, seed: int) -> None:
        self.rng = rng = random.Random(f"kayuh {seed}")
        self.anchored = rng.random() < 0.7
        self.magnitude = rng.choice(["small", "million", "odd", "odd", "mixed"])
        self.score = rng.choices(["column", "halving", "linear", "criteria"], [7, 1, 1, 1])[0]
        self.score_style = rng.choice(["flat", "flat", "ties", "ties", "whole", "tenths", "fine"])
        self.ranked = self.score in {"halving", "linear"} or rng.random() < 0.7
        self.tagged = rng.random() < 0.5
        self.places = self.pick_places()
        self.agencies = rng.sample(AGENCIES, rng.choice([1, 2, 2, 3]))
        self.doc: Doc = {"format": 1, "title": f"acak {seed}", "objective": {"score": self.score}}
        self.doc["proposals"] = []
        self.doc["agencies"] = [{"code": code, "ceiling": "unlimited"} for code in self.agencies]
        if self.score == "criteria":
            weights = {"c_need": rng.choice([1, 10, 2.5]), "c_reach": rng.choice([1, 3, 0.75])}
            self.doc["objective"]["weights"] = weights
        self.chosen: Chosen = {}

    def chance(self, share: float) -> bool:
        """Whether something of this probability happens."""
        return self.rng.random() < share

    def pick_places(self) -> list[tuple[str, str]]:
        """Districts with their wards."""
        districts = self.rng.sample(DISTRICTS, self.rng.choice([1, 2, 2, 3]))
        return [
            (district, ward)
            for district in districts
            for ward in self.rng.sample(WARDS[district], self.rng.choice([1, 2]))
        ]

    def money(self) -> int:
        """An amount in the magnitude of this scenario."""
        magnitude = self.magnitude
        if magnitude == "mixed":
            magnitude = self.rng.choice(["small", "million", "odd"])
        if magnitude == "small":
            return self.rng.randint(1, 20)
        if magnitude == "million":
            return self.rng.randint(20, 900) * 1_000_000
        return self.rng.randint(17_000_003, 999_999_999)

    @property
    def ids(self) -> list[str]:
        """The ids of all proposals."""
        return list(dict.fromkeys(row["id"] for row in self.doc["proposals"]))

    @property
    def open_ids(self) -> list[str]:
        """Proposals that are not covered."""
        covered = {row["id"] for row in self.doc["proposals"] if row.get("covered_by")}
        return [pid for pid in self.ids if pid not in covered]

    def taken(self) -> set[str]:
        """What the hidden plan counts as taken."""
        return set(self.chosen) | (set(self.ids) - set(self.open_ids))


def scenario(seed: int) -> Doc:
    """The resolved scenario of this seed in its JSON form."""
    return build(seed).doc


def build(seed: int) -> Draft:
    """The scenario of this seed with the plan it was built around."""
    draft = Draft(seed)
    add_lines(draft)
    add_proposals(draft)
    add_priority_order(draft)
    choose(draft)
    add_locks(draft)
    add_links(draft)
    bound_agencies_and_lines(draft)
    add_locations(draft)
    add_limits(draft)
    add_off(draft)
    add_objective(draft)
    if size(draft.doc) > LARGEST:
        return build(seed + 1_000_003)
    return draft


# --- proposals -----------------------------------------------------------------------------------


def add_lines(draft: Draft) -> None:
    """Renja lines of some agencies, as trees of up to three levels."""
    if draft.chance(0.45):
        return
    lines: list[Row] = []
    for number, agency in enumerate(draft.agencies, start=1):
        own: list[Row] = []
        for index in range(draft.rng.choice([0, 1, 2, 3, 4])):
            line: Row = {"code": f"{number}.{index + 1:02}", "agency": agency}
            if own and draft.chance(0.4):
                line["parent"] = draft.rng.choice(own)["code"]
            if draft.chance(0.7):
                line["unit"] = draft.rng.choice(UNITS)
            own.append(line)
        lines += own
    if lines:
        draft.doc["lines"] = lines


def add_proposals(draft: Draft) -> None:
    """Four to eleven proposals, fewer choices each once there are many plans."""
    plans = 1
    for number in range(1, draft.rng.choice([4, 6, 7, 7, 8, 8, 9, 9, 10, 11]) + 1):
        rows = proposal(draft, f"U-{number:03}", simple=plans > USUAL)
        draft.doc["proposals"] += rows
        plans *= 1 + sum(len(volumes(row)) for row in rows)
        if plans > LARGEST // 4:
            break
    draft.rng.shuffle(draft.doc["proposals"])
    if draft.score in {"halving", "linear"}:
        rank_within_groups(draft)


def proposal(draft: Draft, pid: str, *, simple: bool) -> list[Row]:
    """One proposal: a row, or two rows that differ in size, place, line or agency."""
    rng = draft.rng
    rank = rng.randint(1, 5)
    first = option_row(draft, pid, simple=simple)
    rows = [first]
    if not simple and draft.chance(0.22):
        second = option_row(draft, pid, simple=simple)
        if draft.chance(0.4):
            second = {**first, "district": second["district"], "ward": second["ward"]}
        first["option"], second["option"] = rng.choice(
            [("", "B"), ("A", "B"), ("B", "A"), ("", "K")]
        )
        rows.append(second)
        if draft.chance(0.1):
            second["gate"] = rng.choice(GATES)
    for row in rows:
        if draft.ranked and draft.chance(0.92):
            row["priority"] = rank
    lines = [line for line in draft.doc.get("lines", ()) if line["agency"] == first["agency"]]
    if draft.chance(0.08) and lines:
        first["covered_by"] = rng.choice(lines)["code"]
    elif draft.chance(0.08):
        for row in rows:
            row["gate"] = rng.choice(GATES)
    return rows


def option_row(draft: Draft, pid: str, *, simple: bool) -> Row:
    """One row: who, where, how much, how good."""
    rng = draft.rng
    district, ward = rng.choice(draft.places)
    row: Row = {"id": pid, "agency": rng.choice(draft.agencies), "district": district}
    row["ward"] = "" if draft.chance(0.1) else ward
    lines = [line for line in draft.doc.get("lines", ()) if line["agency"] == row["agency"]]
    line = rng.choice(lines) if lines and draft.chance(0.85) else None
    if line:
        row["line"] = line["code"]
    add_cost(draft, row, simple=simple)
    if "volume" in row:
        row["unit"] = (line or {}).get("unit") or rng.choice(UNITS)
    add_score(draft, row)
    if draft.tagged:
        row["source"] = rng.choice(SOURCES[:2])
        row["origin"] = rng.choice(ORIGINS)
        row["tags"] = ";".join(rng.sample(TAGS, rng.choice([0, 1, 2])))
        row["beneficiaries"] = rng.choice([0, rng.randint(1, 40), rng.randint(50, 999)])
    return row


def add_cost(draft: Draft, row: Row, *, simple: bool) -> None:
    """The amount: alone, with a volume, or built from unit and fixed cost; some can be cut."""
    rng = draft.rng
    if draft.chance(0.25):
        row["amount"] = draft.money()
        return
    step = rng.choice([1, 1, 1, 2, 10, Fraction(1, 2), Fraction(5, 2), Fraction(1, 4)])
    cuts = 0 if simple else rng.choice([0, 0, 1, 1, 2, 3])
    volume = step * (cuts + rng.randint(1, 4))
    if draft.chance(0.5):
        # Unit costs want whole volumes, so that the full amount is whole rupiah.
        volume += -volume % 1
        unit_cost = max(1, draft.money() // rng.choice([1, 3, 10]))
        fixed = draft.money() if draft.chance(0.25) else 0
        row["unit_cost"] = unit_cost
        if fixed:
            row["fixed_cost"] = fixed
        if draft.chance(0.2):
            beside = rng.randint(0, 3) if unit_cost < 10_000 else rng.randint(-1000, 1000)
            row["amount"] = fixed + int(unit_cost * volume) + beside
    else:
        row["amount"] = draft.money()
    row["volume"] = number(volume)
    if cuts:
        # Below the last cut there may be a rest that no step reaches.
        rest = step / 2 if draft.chance(0.2) and volume - cuts * step > step else 0
        row["min_volume"] = number(volume - cuts * step - rest)
        if step != 1 or draft.chance(0.3):
            row["step"] = number(step)
    elif draft.chance(0.15):
        row["min_volume"] = rng.choice([0, row["volume"], ""])


def number(value: Fraction | int) -> int | float:
    """A decimal as JSON has it."""
    return int(value) if value == int(value) else float(value)


def volumes(row: Row) -> list[None]:
    """One entry for each volume that a row can be funded at (rough, for the number of plans)."""
    if not row.get("min_volume"):
        return [None]
    cuts = (row["volume"] - row["min_volume"]) / row.get("step", 1)
    return [None] * (1 + int(cuts))


def add_score(draft: Draft, row: Row) -> None:
    """The score, or the criteria that it is made of."""
    rng = draft.rng
    if draft.score == "criteria":
        row["c_need"] = rng.randint(0, 5)
        row["c_reach"] = rng.choice([0, 1, 2.5, 0.3, 1.234567])
        return
    if draft.score != "column":
        return
    styles = {
        "flat": rng.choice([1, 1, 1, 2]),
        "ties": rng.choice([1, 2, 2, 3, 5, 5, 10]),
        "whole": rng.randint(0, 100),
        "tenths": rng.randint(0, 1000) / 10,
        "fine": rng.randint(0, 2000 * MILLION) / MILLION,
    }
    row["score"] = styles[draft.score_style]
    if draft.chance(0.03):
        # Whole points a unit of volume, so that no half has to be rounded below zero.
        row["score"] = number(-rng.randint(1, 3) * Fraction(str(row.get("volume", 1))))


def rank_within_groups(draft: Draft) -> None:
    """Ranks from 1 within each group, some of them equal; every row has its proposal's rank."""
    within = draft.rng.choice([["district", "ward"], ["district"], ["ward", "agency"]])
    draft.doc["objective"]["rank_within"] = within
    groups: dict[tuple, list[str]] = {}
    for pid in draft.ids:
        rows = [row for row in draft.doc["proposals"] if row["id"] == pid]
        first = min(rows, key=lambda row: row.get("option", ""))
        groups.setdefault(tuple(first.get(key, "") for key in within), []).append(pid)
    for group in groups.values():
        rank = 1
        for place, pid in enumerate(group, start=1):
            rank = rank if draft.chance(0.2) else place
            for row in draft.doc["proposals"]:
                if row["id"] == pid:
                    row["priority"] = rank


# --- the hidden plan and what is decided with it -------------------------------------------------


def add_priority_order(draft: Draft) -> None:
    """An order that is enforced, or only named."""
    if draft.ranked and draft.chance(0.45):
        within = draft.rng.choice([["ward", "agency"], ["agency"], ["district"], ["ward"]])
        draft.doc["priority_order"] = {"within": within, "enforce": draft.chance(0.75)}


def choose(draft: Draft) -> None:
    """The hidden plan: some of what can be funded, in order where an order is enforced."""
    case = Case(draft.doc)
    for pid in draft.open_ids:
        takes = [t for o in case.options[pid] if not o.gate for t in takes_of(case, o)]
        if takes and draft.chance(0.6):
            draft.chosen[pid] = draft.rng.choice(takes)
    if case.enforced:
        bad = True
        while bad:
            bad = {p for p in draft.chosen if case.better.get(p, set()) - set(draft.chosen)}
            for pid in bad:
                del draft.chosen[pid]


def add_locks(draft: Draft) -> None:
    """Locks that the hidden plan keeps, some at a volume off the grid; wild ones may clash."""
    rows: list[Row] = []
    for pid in draft.ids:
        if not draft.chance(0.07):
            continue
        if not draft.anchored and draft.chance(0.5):
            rows.append({"proposal": pid, "decision": draft.rng.choice(["fund", "reject"])})
        elif pid in draft.chosen:
            rows.append(fund_lock(draft, pid))
        elif pid in draft.open_ids:
            rows.append({"proposal": pid, "decision": "reject", "reason": "rapat"})
        else:
            rows.append({"proposal": pid, "decision": "fund"})
    if rows:
        draft.doc["lock"] = rows


def fund_lock(draft: Draft, pid: str) -> Row:
    """A lock on a member of the hidden plan, in part with option and volume."""
    take = draft.chosen[pid]
    option = take.option
    row: Row = {"proposal": pid, "decision": "fund"}
    if option.label and draft.chance(0.5):
        row["option"] = option.label
    if option.volume is not None and draft.chance(0.5):
        volume = take.volume
        if draft.chance(0.5):
            volume = max(1, option.volume * draft.rng.randint(1, 19) // 20)
        draft.chosen[pid] = at_volume(option, volume)
        row["volume"] = number(Fraction(volume, MILLION))
    return row


def add_links(draft: Draft) -> None:
    """Alternatives, needs and groups, most of them kept by the hidden plan."""
    for kind, make in (
        ("alternatives", an_alternative),
        ("requires", a_need),
        ("together", a_group),
    ):
        rows = []
        for _ in range(draft.rng.choice([0, 0, 0, 1, 1, 2])):
            row, kept = make(draft)
            if kept or not draft.anchored or draft.chance(0.05):
                rows.append(row)
        if rows:
            draft.doc[kind] = rows


def an_alternative(draft: Draft) -> tuple[Row, bool]:
    """Two or three of which at most one is taken."""
    group = draft.rng.sample(draft.ids, draft.rng.choice([2, 2, 3]))
    row: Row = {"proposals": group}
    if draft.chance(0.4):
        row["at_least"] = draft.rng.choice([0, 1, 1])
    taken = len(draft.taken() & set(group))
    return row, row.get("at_least", 0) <= taken <= 1


def a_need(draft: Draft) -> tuple[Row, bool]:
    """One that needs one or two others."""
    first, *needs = draft.rng.sample(draft.ids, draft.rng.choice([2, 2, 3]))
    taken = draft.taken()
    return {"proposal": first, "needs": needs}, first not in taken or taken >= set(needs)


def a_group(draft: Draft) -> tuple[Row, bool]:
    """Two or three that are taken together or not at all."""
    group = draft.rng.sample(draft.ids, draft.rng.choice([2, 2, 3]))
    return {"proposals": group}, len(draft.taken() & set(group)) in {0, len(group)}


# --- limits --------------------------------------------------------------------------------------


def used(draft: Draft, members: Iterable[Option], measure: str = "amount") -> int:
    """What the hidden plan uses of a set of options."""
    # By name, for every reading of the draft has its own option objects.
    inside = {(option.proposal, option.label) for option in members}
    return sum(
        measured(take, measure)
        for take in draft.chosen.values()
        if (take.proposal, take.option.label) in inside
    )


def asked(members: Iterable[Option], measure: str = "amount") -> int:
    """What a set of options could use at most, roughly: everything in full."""
    return sum(measured(at_volume(option, None), measure) for option in members)


def cap(draft: Draft, use: int, whole: int) -> int:
    """An upper limit: at or little above the hidden plan's use, or anywhere when wild."""
    rng = draft.rng
    if not draft.anchored:
        return int(whole * rng.uniform(0.25, 0.8))
    if use and draft.chance(0.25):
        return use
    return use + int(max(0, whole - use) * rng.uniform(0, 0.7))


def floor_of(draft: Draft, use: int, whole: int) -> int:
    """A lower limit: at or below the hidden plan's use, or anywhere when wild."""
    if not draft.anchored:
        return int(whole * draft.rng.uniform(0.1, 0.5))
    return use if draft.chance(0.35) else int(use * draft.rng.uniform(0.2, 1))


def bound_agencies_and_lines(draft: Draft) -> None:
    """Ceilings of agencies and lines with committed money, flex, targets and places."""
    case = Case(draft.doc)
    draft.doc["agencies"] = []
    for line in draft.doc.get("lines", ()):
        if draft.chance(0.4):
            line["committed"] = draft.money()
    for line in draft.doc.get("lines", ()):
        if draft.chance(0.75):
            bound_line(draft, case, line)
        if line.get("unit") and draft.chance(0.4):
            bound_target(draft, case, line)
        if draft.chance(0.25):
            list_places(draft, case, line)
    move_between_sisters(draft)
    for code in draft.agencies:
        draft.doc["agencies"].append(agency_row(draft, case, code))


def agency_row(draft: Draft, case: Case, code: str) -> Row:
    """An agency, its ceiling above what is committed already."""
    row: Row = {"code": code, "name": f"Dinas {code}"}
    own = draft.money() if draft.chance(0.2) else 0
    if own:
        row["committed"] = own
    if draft.chance(0.08):
        row["ceiling"] = draft.rng.choice(["unlimited", "tanpa batas"])
        return row
    lines = [line for line in draft.doc.get("lines", ()) if line["agency"] == code]
    committed = own + sum(line.get("committed", 0) for line in lines)
    members = [option for option in case.all_options() if option.agency == code]
    free = cap(draft, used(draft, members), asked(members))
    if not free and committed and draft.chance(0.2):
        committed -= 1  # a ceiling below what is committed: no room at all
    row["ceiling"] = committed + free
    return row


def below(draft: Draft, code: str) -> set[str]:
    """A line's code and those below it."""
    codes = {code}
    for line in draft.doc["lines"]:  # a parent always comes before its children
        if line.get("parent") in codes:
            codes.add(line["code"])
    return codes


def bound_line(draft: Draft, case: Case, line: Row) -> None:
    """A ceiling of a line and what lies below it."""
    codes = below(draft, line["code"])
    members = [option for option in case.all_options() if option.line in codes]
    committed = sum(row.get("committed", 0) for row in draft.doc["lines"] if row["code"] in codes)
    line["ceiling"] = committed + cap(draft, used(draft, members), asked(members))
    if draft.chance(0.55):
        line["flex"] = draft.money()


def move_between_sisters(draft: Draft) -> None:
    """The hidden plan moves money between two sisters, so that it needs their flex."""
    lines = [line for line in draft.doc.get("lines", ()) if line.get("flex") and "ceiling" in line]
    draft.rng.shuffle(lines)
    for giver in lines:
        for taker in lines:
            family = [(line["agency"], line.get("parent", "")) for line in (giver, taker)]
            if giver is taker or family[0] != family[1] or not draft.chance(0.7):
                continue
            largest = min(giver["flex"], taker["flex"], taker["ceiling"])
            move = draft.rng.choice([largest, draft.rng.randint(0, largest)])
            taker["ceiling"] -= move
            giver["ceiling"] += move
            return


def bound_target(draft: Draft, case: Case, line: Row) -> None:
    """A least or greatest volume of a line, committed volume included."""
    members = [option for option in case.all_options() if option.line == line["code"]]
    done = draft.rng.choice([0, 0, 5, 12.5])
    if done:
        line["committed_target"] = done
    line["target"] = draft.rng.randint(1, 100)
    use, whole = used(draft, members, "volume"), asked(members, "volume")
    if draft.chance(0.5):
        line["min_target"] = number(done_plus(done, floor_of(draft, use, whole)))
    if draft.chance(0.6):
        line["max_target"] = number(done_plus(done, max(use, cap(draft, use, whole))))
    if "min_target" in line and "max_target" in line and line["min_target"] > line["max_target"]:
        del line["min_target"]


def done_plus(done: float, volume: int) -> Fraction:
    """Committed volume and more, in units with at most six decimals."""
    return Fraction(str(done)) + Fraction(volume, MILLION)


def list_places(draft: Draft, case: Case, line: Row) -> None:
    """The places of a line, in every spelling; closed to others in part."""
    chosen = [take.option for take in draft.chosen.values() if take.option.line == line["code"]]
    places = [option.place for option in chosen] if draft.anchored else []
    places += draft.rng.sample(sorted(used_places(draft)), 1)
    names = dict.fromkeys(place_name(draft, district, ward) for district, ward in places)
    line["places"] = ";".join(names)
    if draft.chance(0.6):
        line["closed"] = draft.rng.choice(["yes", "yes", "no"])


def used_places(draft: Draft) -> set[tuple[str, str]]:
    """The places that proposals name: without a table of places no other one is known."""
    return {(row["district"], row["ward"]) for row in draft.doc["proposals"]}


def place_name(draft: Draft, district: str, ward: str) -> str:
    """DISTRICT, DISTRICT/WARD, or a ward alone where its name is unique."""
    if not ward or draft.chance(0.25):
        return district
    unique = sum(ward in wards for wards in WARDS.values()) == 1
    known = any(row.get("ward") == ward for row in draft.doc["proposals"])
    return ward if unique and known and draft.chance(0.4) else f"{district}/{ward}"


def add_locations(draft: Draft) -> None:
    """Every district and ward, some with limits; people and shares for the least served."""
    if draft.chance(0.3):
        return
    everywhere = sorted(used_places(draft) | set(draft.places))
    districts = sorted({district for district, _ in everywhere})
    case = Case(draft.doc)
    rows = [location_row(draft, case, district, "") for district in districts]
    rows += [location_row(draft, case, d, ward) for d, ward in everywhere if ward]
    draft.doc["locations"] = rows


def location_row(draft: Draft, case: Case, district: str, ward: str) -> Row:
    """A place, each limit of it with a small chance."""
    rng = draft.rng
    row: Row = {"district": district, "ward": ward, "population": rng.randint(500, 60_000)}
    row["share"] = rng.choice(["1%", "2%", "0,5%", 0.25, "33,3%"])
    if draft.chance(0.06):
        row["share"] = rng.choice([0, ""])
    inside = [o for o in case.all_options() if o.district == district and ward in {"", o.ward}]
    use, whole = used(draft, inside), asked(inside)
    total = sum(take.amount for take in draft.chosen.values())
    if draft.chance(0.15):
        row["min_amount"] = floor_of(draft, use, whole)
    elif draft.chance(0.1) and total:
        row["min_amount"] = f"{floor_of(draft, 100 * use // total, 80)}%"
    if draft.chance(0.15):
        row["max_amount"] = cap(draft, use, whole)
    elif draft.chance(0.1) and total:
        row["max_amount"] = f"{cap(draft, -(-100 * use // total), 100)}%"
    if draft.chance(0.1):
        row["min_count"] = floor_of(draft, used(draft, inside, "count"), len(inside))
    if draft.chance(0.1):
        row["max_count"] = cap(draft, used(draft, inside, "count"), len(inside))
    drop_crossed(row, "min_amount", "max_amount")
    drop_crossed(row, "min_count", "max_count")
    return row


def drop_crossed(row: Row, low: str, high: str) -> None:
    """Only one of two limits that cross stays: that would be a slip of the pen, not a conflict."""
    if low in row and high in row:
        first, last = row[low], row[high]
        both_plain = not isinstance(first, str) and not isinstance(last, str)
        both_shares = isinstance(first, str) and isinstance(last, str)
        if (both_plain and first > last) or (both_shares and int(first[:-1]) > int(last[:-1])):
            del row[low]


def add_limits(draft: Draft) -> None:
    """Limits over any selection and measure, taken from rows that exist."""
    count = draft.rng.choice([0, 0, 1, 1, 2, 3])
    rows = [limit_row(draft, f"batas {index}") for index in range(1, count + 1)]
    if rows:
        draft.doc["limits"] = rows


def limit_row(draft: Draft, name: str) -> Row:
    """One limit: selectors of some row, a measure, a minimum or a maximum or both."""
    rng = draft.rng
    model = rng.choice(draft.doc["proposals"])
    row: Row = {"name": name}
    for key in ("agency", "line", "district", "source", "origin"):
        if model.get(key) and draft.chance(0.3):
            row[key] = model[key]
    if "line" in row and draft.chance(0.5):
        row["line"] = parent_of(draft, row["line"])
    if "district" in row and model["ward"] and draft.chance(0.5):
        row["ward"] = model["ward"]
    if model.get("tags") and draft.chance(0.4):
        row["tag"] = model["tags"].split(";")[0]
    measures = ["amount", "amount", "count", "volume", "points"]
    row["measure"] = measure = rng.choice([*measures, *["beneficiaries"] * draft.tagged])
    case = Case(draft.doc)
    members = [option for option in case.all_options() if case.selects(row, option)]
    if measure == "amount" and draft.chance(0.4):
        row["measure"] = ""
    use, whole = max(0, used(draft, members, measure)), max(0, asked(members, measure))
    high, low = cap(draft, use, whole), min(use, floor_of(draft, use, whole))
    if not draft.anchored:
        low = floor_of(draft, use, whole)
    if measure in {"points", "volume"}:
        high, low = number(Fraction(high, MILLION)), number(Fraction(low, MILLION))
    kind = rng.choice(["max", "max", "max", "min", "both"])
    if kind != "min":
        row["max"] = high
    if kind != "max" and (kind == "min" or low <= high):
        row["min"] = low
    return row


def parent_of(draft: Draft, code: str) -> str:
    """The line above, or the line itself where there is none."""
    line = next(line for line in draft.doc["lines"] if line["code"] == code)
    return line.get("parent", code)


# --- what is switched off, and what is wanted ----------------------------------------------------


def add_off(draft: Draft) -> None:
    """Rules, locks and limits that are switched off."""
    off: Row = {}
    if draft.chance(0.15):
        off["rules"] = draft.rng.sample(CAN_BE_OFF, draft.rng.choice([1, 1, 2]))
    if draft.doc.get("lock") and draft.chance(0.15):
        off["locks"] = [draft.rng.choice(draft.doc["lock"])["proposal"]]
    if draft.doc.get("limits") and draft.chance(0.15):
        off["limits"] = [draft.rng.choice(draft.doc["limits"])["name"]]
    if off:
        draft.doc["off"] = off


def add_objective(draft: Draft) -> None:
    """What is wanted, in order."""
    draft.doc["objective"]["stages"] = stages(draft)


def stages(draft: Draft) -> list[Any]:
    """One to four stages, mostly points first, each at most once."""
    rng = draft.rng
    names: list[str] = ["points"] if draft.chance(0.7) else []
    for _ in range(rng.choice([0, 1, 1, 2, 3]) + (not names)):
        left = [name for name in STAGE_WEIGHTS if name not in names]
        names += rng.choices(left, [STAGE_WEIGHTS[name] for name in left])
    return [stage(draft, name) for name in names]


def stage(draft: Draft, name: str) -> Any:
    """A stage with its own keys, in part with something that later ones may take."""
    rng = draft.rng
    table: Row = {"name": name}
    if name == "least_served":
        table["by"] = rng.choice(["district", "district", "ward"])
        table["measure"] = rng.choice(["points", "amount"])
        pers = ["asked", "head", "share"] if draft.doc.get("locations") else ["asked"]
        if any(row.get("score", 0) < 0 for row in draft.doc["proposals"]):
            table["measure"] = "amount"  # asked points below zero would divide the wrong way
        table["per"] = rng.choice(pers)
    if name == "few_changes":
        table["plan"] = earlier_plan(draft)
    if draft.chance(0.4):
        plain = {"points": [1, 2.5], "thrift": [draft.money()], "least_served": ["20%"]}
        table["give_up"] = rng.choice(["1%", "10%", "25%", *plain.get(name, [1, 2])])
    return table if len(table) > 1 or draft.chance(0.3) else name


def earlier_plan(draft: Draft) -> list[Row]:
    """A plan agreed earlier: another choice of options and volumes."""
    case = Case(draft.doc)
    rows = []
    for pid in draft.open_ids:
        if draft.chance(0.5):
            takes = [take for option in case.options[pid] for take in takes_of(case, option)]
            take = draft.rng.choice(takes)
            row: Row = {"proposal": pid, "option": take.option.label}
            if take.volume is not None:
                row["volume"] = number(Fraction(take.volume, MILLION))
            rows.append(row)
    return rows
