"""The oracle: every plan of a small scenario, enumerated straight from its tables.

It shares no line with the solver and knows nothing of its rows, so where both agree, two readings
of the same contract agree. It is meant to be read beside the contract: one small function a rule,
whole rupiah, points and volumes in whole millionths, nothing else than the standard library.

A scenario is the resolved JSON form: tables inline, no `extends`, `set`, `proposal` or `limit`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import floor
from typing import Any, NamedTuple

MILLION = 10**6
UNLIMITED = {"unlimited", "tanpa batas"}
YES = {"yes", "ya", "true", "1"}
Row = Mapping[str, Any]


# --- cells ---------------------------------------------------------------------------------------


def blank(value: object) -> bool:
    """A cell that is absent or empty says nothing."""
    return value is None or value == ""


def text(row: Row, key: str) -> str:
    """The cell as text, blank as the empty text."""
    value = row.get(key)
    return "" if blank(value) else str(value)


def exact(value: Any) -> Fraction:
    """A number as it is written, without the noise of binary floats."""
    return Fraction(value) if isinstance(value, int | Fraction) else Fraction(Decimal(str(value)))


def millionths(value: Any) -> int:
    """A decimal of at most six places, as a whole number."""
    scaled = exact(value) * MILLION
    if scaled.denominator != 1:
        message = f"more than six decimals: {value}"
        raise ValueError(message)
    return scaled.numerator


def money(value: Any) -> int:
    """Whole rupiah."""
    amount = exact(value)
    if amount.denominator != 1:
        message = f"not whole rupiah: {value}"
        raise ValueError(message)
    return amount.numerator


def cell(row: Row, key: str, read: Callable[[Any], Any], default: Any = None) -> Any:
    """A cell through its reader; the default where it is blank."""
    value = row.get(key)
    return default if blank(value) else read(value)


def weight(value: Any) -> Fraction:
    """A number, or a percentage as the part it stands for."""
    if isinstance(value, str) and value.strip().endswith("%"):
        return exact(value.strip()[:-1].replace(",", ".")) / 100
    return exact(value)


def ceiling(value: Any) -> int | None:
    """A ceiling in rupiah; None where no limit is wanted and that is written out."""
    return None if str(value).strip().lower() in UNLIMITED else money(value)


def half_up(value: Fraction) -> int:
    """The nearest whole number, halves upwards."""
    return floor(value + Fraction(1, 2))


def words(value: Any) -> list[str]:
    """The parts of a cell that holds several, separated by `;`."""
    return [part.strip() for part in str(value).split(";") if part.strip()]


# --- what the tables say -------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Option:
    """One row of the proposals: one way in which a proposal can be funded."""

    proposal: str
    label: str
    agency: str
    line: str
    district: str
    ward: str
    source: str
    origin: str
    tags: frozenset[str]
    gate: str
    volume: int | None  # millionths, as least and step
    least: int | None
    step: int
    amount: int
    unit_cost: Fraction | None
    points: int  # millionths
    people: int

    @property
    def place(self) -> tuple[str, str]:
        """District and ward."""
        return self.district, self.ward


class Take(NamedTuple):
    """An option at one volume, with what it costs and brings there."""

    option: Option
    volume: int | None
    amount: int
    points: int
    people: int

    @property
    def proposal(self) -> str:
        """The proposal that is funded."""
        return self.option.proposal


class Line(NamedTuple):
    """A line of the Renja."""

    code: str
    parent: str
    agency: str
    ceiling: int | None
    committed: int
    flex: int
    committed_target: int
    min_target: int | None
    max_target: int | None
    places: tuple[str, ...]
    closed: bool


class Bound(NamedTuple):
    """An amount, or a share of the plan's whole amount."""

    share: bool
    number: Fraction

    def of(self, total: int) -> Fraction:
        """The bound in rupiah for a plan of this amount."""
        return self.number * total if self.share else self.number


class Location(NamedTuple):
    """A district (empty ward) or a ward, with its limits and the options that lie in it."""

    district: str
    ward: str
    min_amount: Bound | None
    max_amount: Bound | None
    min_count: int | None
    max_count: int | None
    members: frozenset[Option]

    @property
    def subject(self) -> str:
        """DISTRICT or DISTRICT/WARD."""
        return f"{self.district}/{self.ward}" if self.ward else self.district


class Limit(NamedTuple):
    """A limit of the planner's own, with the options that it selects."""

    name: str
    measure: str
    low: int | None
    high: int | None
    members: frozenset[Option]


class Plan(Mapping):
    """A plan: proposal id -> None, or (label of the option, volume or None)."""

    def __init__(self, ids: Iterable[str], takes: Iterable[Take]) -> None:
        self.takes = {take.proposal: take for take in takes}
        self.decisions = {pid: decision(self.takes.get(pid)) for pid in ids}
        self.amount = sum(take.amount for take in self.takes.values())
        self.points = sum(take.points for take in self.takes.values())  # millionths

    def __getitem__(self, pid: str) -> tuple[str, Fraction | None] | None:
        return self.decisions[pid]

    def __iter__(self) -> Iterator[str]:
        return iter(self.decisions)

    def __len__(self) -> int:
        return len(self.decisions)

    def __hash__(self) -> int:
        return hash(frozenset(self.decisions.items()))

    def __repr__(self) -> str:
        chosen = {pid: what for pid, what in self.decisions.items() if what}
        return f"Plan({chosen}, amount={self.amount}, points={self.points})"


def decision(take: Take | None) -> tuple[str, Fraction | None] | None:
    """What a plan shows of a take."""
    if take is None:
        return None
    return take.option.label, None if take.volume is None else Fraction(take.volume, MILLION)


@dataclass(frozen=True)
class Answer:
    """The best values of the stages in order, and every plan that reaches them all."""

    status: str  # optimal | infeasible
    stages: list[Fraction]
    best_plans: list[Plan]
    points: int | None  # best of the stage `points` in millionths, where there is that stage


@dataclass(frozen=True)
class Baseline:
    """The list made by hand, and the rules that it breaks."""

    plan: Plan
    breaks: list[tuple[str, str]]


class Case:
    """A scenario with its cells read and its names looked up; rules are read from it."""

    def __init__(self, doc: Row) -> None:
        unresolved = {"extends", "data", "set", "proposal", "limit"} & set(doc)
        if unresolved:
            message = f"the oracle wants a resolved scenario, without {sorted(unresolved)}"
            raise ValueError(message)
        self.doc = doc
        off = doc.get("off") or {}
        self.rules_off = set(off.get("rules") or ())
        rows = list(doc["proposals"])
        points = scores(doc)
        self.options: dict[str, list[Option]] = {}
        for row in rows:
            option = read_option(row, points(row))
            self.options.setdefault(option.proposal, []).append(option)
        for options in self.options.values():
            # The empty label sorts first, so the first option is always the requested one.
            options.sort(key=lambda option: option.label)
        self.ids = list(self.options)
        self.covered = {text(row, "id") for row in rows if text(row, "covered_by")}
        self.rank = {pid: cell(requested_row(doc, pid), "priority", exact) for pid in self.options}
        locks_off = set(off.get("locks") or ())
        self.locks = {
            lock["proposal"]: lock
            for lock in doc.get("lock") or ()
            if self.on("locks") and lock["proposal"] not in locks_off
        }
        self.locked_in = {p for p, lock in self.locks.items() if lock["decision"] == "fund"}
        self.locked_out = {p for p, lock in self.locks.items() if lock["decision"] == "reject"}
        self.lines = {text(row, "code"): read_line(row) for row in doc.get("lines") or ()}
        self.line_rooms = {
            code: room(line.ceiling, (other.committed for other in self.below(code)))
            for code, line in self.lines.items()
            if line.ceiling is not None
        }
        self.agency_rooms = dict(self.read_agencies())
        self.places = [
            self.read_location(row) for row in doc.get("locations") or () if self.on("locations")
        ]
        limits_off = set(off.get("limits") or ())
        self.limits = [
            self.read_limit(row)
            for row in doc.get("limits") or ()
            if self.on("limits") and text(row, "name") not in limits_off
        ]
        order = doc.get("priority_order")
        self.within = (order or {}).get("within", ["ward", "agency"])
        self.enforced = (
            order is not None and order.get("enforce", True) and self.on("priority_order")
        )

    def on(self, rule: str) -> bool:
        """Whether a rule is in force."""
        return rule not in self.rules_off

    def all_options(self) -> Iterator[Option]:
        """Every option of every proposal."""
        for options in self.options.values():
            yield from options

    def chain(self, code: str) -> Iterator[Line]:
        """A line and the lines above it."""
        while code:
            line = self.lines[code]
            yield line
            code = line.parent

    def below(self, code: str) -> list[Line]:
        """A line and the lines below it, at any depth."""
        return [
            line
            for line in self.lines.values()
            if any(above.code == code for above in self.chain(line.code))
        ]

    def read_agencies(self) -> Iterator[tuple[str, int]]:
        """The room of every agency with a ceiling: less its own and its lines' committed money."""
        for row in self.doc["agencies"]:
            code = text(row, "code")
            limit = cell(row, "ceiling", ceiling)
            if limit is not None:
                own = cell(row, "committed", money, 0)
                lines = [line.committed for line in self.lines.values() if line.agency == code]
                yield code, room(limit, [own, *lines])

    def read_location(self, row: Row) -> Location:
        """A place's row; a district's holds its wards and what names no ward."""
        district, ward = text(row, "district"), text(row, "ward")
        return Location(
            district,
            ward,
            cell(row, "min_amount", read_bound),
            cell(row, "max_amount", read_bound),
            cell(row, "min_count", money),
            cell(row, "max_count", money),
            frozenset(o for o in self.all_options() if lies_in(o, district, ward)),
        )

    def read_limit(self, row: Row) -> Limit:
        """A limit: every selector that is filled in has to fit; points and volumes are decimals."""
        measure = text(row, "measure") or "amount"
        number = millionths if measure in {"points", "volume"} else money
        return Limit(
            text(row, "name"),
            measure,
            cell(row, "min", number),
            cell(row, "max", number),
            frozenset(o for o in self.all_options() if self.selects(row, o)),
        )

    def selects(self, row: Row, option: Option) -> bool:
        """Whether a limit's selectors fit an option."""
        plain = ("agency", "district", "ward", "source", "origin")
        line, tag = text(row, "line"), text(row, "tag")
        return (
            all(text(row, key) in {"", getattr(option, key)} for key in plain)
            and (not line or any(above.code == line for above in self.chain(option.line)))
            and (not tag or tag in option.tags)
        )

    @cached_property
    def families(self) -> list[list[str]]:
        """Lines that can pass money to each other: one parent, or roots of one agency."""
        families = defaultdict(list)
        for code in self.line_rooms:
            line = self.lines[code]
            families[line.agency, line.parent].append(code)
        return list(families.values())

    @cached_property
    def usable(self) -> frozenset[Option]:
        """Options that can be funded at all, seen alone."""
        return frozenset(option for option in self.all_options() if self.can_use(option))

    def can_use(self, option: Option) -> bool:
        """No gate, no lock against it, a listed place, and its least volume fits when alone."""
        takes = takes_of(self, option)
        if option.proposal in self.covered or not takes or not allowed(self, takes[-1]):
            return False
        return not over(self, [takes[-1]], takes[-1], with_flex=True)

    @cached_property
    def eligible(self) -> frozenset[str]:
        """Proposals with an option that can be funded."""
        return frozenset(option.proposal for option in self.usable)

    @cached_property
    def better(self) -> dict[str, set[str]]:
        """For every proposal with a rank the strictly better-ranked eligible ones of its group."""
        ranked = [pid for pid in self.ids if self.rank[pid] is not None]
        group = {pid: group_of(self.options[pid][0], self.within) for pid in ranked}
        return {
            late: {
                early
                for early in ranked
                if early in self.eligible
                and group[early] == group[late]
                and self.rank[early] < self.rank[late]
            }
            for late in ranked
        }


def room(limit: int, committed: Iterable[int]) -> int:
    """What a ceiling leaves after committed money; below zero counts as zero."""
    return max(0, limit - sum(committed))


def read_option(row: Row, points: int) -> Option:
    """One row of the proposals, with its full amount and its smallest volume."""
    volume = cell(row, "volume", millionths) or None
    least = cell(row, "min_volume", millionths, 0)
    unit_cost = cell(row, "unit_cost", exact)
    built = cell(row, "fixed_cost", exact, Fraction(0))
    if unit_cost is not None and volume:
        built += unit_cost * volume / MILLION
    return Option(
        proposal=text(row, "id"),
        label=text(row, "option"),
        agency=text(row, "agency"),
        line=text(row, "line"),
        district=text(row, "district"),
        ward=text(row, "ward"),
        source=text(row, "source"),
        origin=text(row, "origin"),
        tags=frozenset(cell(row, "tags", words, [])),
        gate=text(row, "gate"),
        volume=volume,
        least=least if volume and 0 < least < volume else volume,
        step=cell(row, "step", millionths, MILLION),
        # An amount beside a unit cost wins; the difference is fixed cost.
        amount=cell(row, "amount", money, floor(built)),
        unit_cost=unit_cost,
        points=points,
        people=cell(row, "beneficiaries", money, 0),
    )


def read_line(row: Row) -> Line:
    """One row of the Renja lines."""
    return Line(
        code=text(row, "code"),
        parent=text(row, "parent"),
        agency=text(row, "agency"),
        ceiling=cell(row, "ceiling", ceiling),
        committed=cell(row, "committed", money, 0),
        flex=cell(row, "flex", money, 0),
        committed_target=cell(row, "committed_target", millionths, 0),
        min_target=cell(row, "min_target", millionths),
        max_target=cell(row, "max_target", millionths),
        places=tuple(cell(row, "places", words, [])),
        closed=text(row, "closed").lower() in YES,
    )


def read_bound(value: Any) -> Bound:
    """`15%` is a share of the plan's whole amount, a number is rupiah."""
    if isinstance(value, str) and value.strip().endswith("%"):
        return Bound(share=True, number=exact(value.strip()[:-1]) / 100)
    return Bound(share=False, number=Fraction(money(value)))


def requested_row(doc: Row, pid: str) -> Row:
    """What was requested: the row with the empty label, else the first label in text order."""
    rows = [row for row in doc["proposals"] if text(row, "id") == pid]
    return min(rows, key=lambda row: text(row, "option"))


def lies_in(option: Option, district: str, ward: str) -> bool:
    """Whether an option lies in a ward, or in a district where the ward is empty."""
    return option.district == district and ward in {"", option.ward}


def group_of(option: Option, within: Iterable[str]) -> tuple:
    """The group a rank counts in; a ward belongs to its district, a blank one groups by that."""
    return tuple(option.place if key == "ward" else getattr(option, key) for key in within)


# --- points, volumes and money -------------------------------------------------------------------


def scores(doc: Row) -> Callable[[Row], int]:
    """Points of a row's full volume in millionths: column, halving, linear or criteria."""
    objective = doc.get("objective") or {}
    kind = objective.get("score", "column")
    if kind == "column":
        return lambda row: millionths(row["score"])
    if kind == "criteria":
        weights = objective["weights"]
        return lambda row: half_up(
            sum(exact(weight) * exact(row[name]) for name, weight in weights.items()) * MILLION
        )
    ids = dict.fromkeys(text(row, "id") for row in doc["proposals"])
    requested = {pid: requested_row(doc, pid) for pid in ids}
    ranks = {pid: cell(row, "priority", money) for pid, row in requested.items()}
    if kind == "halving":
        return lambda row: max(
            MILLION, half_up(Fraction(1000 * MILLION, 2 ** (ranks[row["id"]] - 1)))
        )
    within = objective.get("rank_within", ["district", "ward"])
    group = {pid: tuple(text(row, key) for key in within) for pid, row in requested.items()}
    sizes = {
        key: sum(1 for pid in ids if group[pid] == key and ranks[pid] is not None)
        for key in group.values()
    }

    def linear(row: Row) -> int:
        size = sizes[group[row["id"]]]
        return half_up(Fraction(1000 * MILLION * (size - ranks[row["id"]] + 1), size))

    return linear


def at_volume(option: Option, volume: int | None) -> Take:
    """An option at a volume: the grid's figures on the grid, in proportion off it."""
    full = option.volume
    if full is None or volume is None or volume == full:
        return Take(option, full, option.amount, option.points, option.people)
    if not 0 < volume < full:
        message = f"{option.proposal}/{option.label}: volume {volume} of {full} millionths"
        raise ValueError(message)
    cuts, rest = divmod(full - volume, option.step)
    if rest == 0 and volume >= option.least:
        return Take(
            option,
            volume,
            option.amount - cuts * step_cost(option),
            option.points - cuts * half_up(Fraction(option.points * option.step, full)),
            option.people - cuts * (option.people * option.step // full),
        )
    return Take(
        option,
        volume,
        option.amount * volume // full,
        half_up(Fraction(option.points * volume, full)),
        option.people * volume // full,
    )


def step_cost(option: Option) -> int:
    """Rupiah that one cut step takes off, rounded down."""
    if option.unit_cost is None:
        return option.amount * option.step // option.volume
    return floor(option.unit_cost * option.step / MILLION)


def takes_of(case: Case, option: Option) -> list[Take]:
    """Every volume an option may have, largest first; with a volume lock that volume only."""
    if option.volume is None:
        return [at_volume(option, None)]
    lock = case.locks.get(option.proposal, {})
    if not blank(lock.get("volume")):
        locked = millionths(lock["volume"])
        return [at_volume(option, locked)] if 0 < locked <= option.volume else []
    volumes = range(option.volume, option.least - 1, -option.step)
    return [at_volume(option, volume) for volume in volumes]


# --- rules: each yields the subjects on which a list of takes breaks it --------------------------


def lock_holds(case: Case, pid: str, take: Take | None) -> bool:
    """A lock funds (that option, exactly that volume) or rejects; covered counts as funded."""
    lock = case.locks.get(pid)
    if lock is None:
        return True
    if lock["decision"] == "reject":
        return take is None and pid not in case.covered
    if pid in case.covered:
        return True
    if take is None or text(lock, "option") not in {"", take.option.label}:
        return False
    return blank(lock.get("volume")) or take.volume == millionths(lock["volume"])


def gate_open(case: Case, take: Take) -> bool:
    """An option with a gate can't be funded."""
    return not take.option.gate or not case.on("gates")


def place_open(case: Case, take: Take) -> bool:
    """On a closed line only the listed places can be funded."""
    line = case.lines.get(take.option.line)
    if line is None or not line.closed or not case.on("line_target"):
        return True
    return any(names_place(case, name, take.option) for name in line.places)


def names_place(case: Case, name: str, option: Option) -> bool:
    """DISTRICT, DISTRICT/WARD, or a bare ward where no district has that name."""
    if "/" in name:
        return name == f"{option.district}/{option.ward}"
    rows = [*case.doc["proposals"], *(case.doc.get("locations") or ())]
    if any(text(row, "district") == name for row in rows):
        return option.district == name
    return option.ward == name


def allowed(case: Case, take: Take) -> bool:
    """Whether nothing about the option itself stands against it: lock, gate or closed place."""
    return (
        lock_holds(case, take.proposal, take) and gate_open(case, take) and place_open(case, take)
    )


def locks(case: Case, takes: list[Take]) -> Iterator[str]:
    """Every lock holds."""
    taken = {take.proposal: take for take in takes}
    yield from (pid for pid in case.locks if not lock_holds(case, pid, taken.get(pid)))


def gates(case: Case, takes: list[Take]) -> Iterator[str]:
    """Nothing behind a gate is funded."""
    yield from (take.proposal for take in takes if not gate_open(case, take))


def covered(case: Case, takes: list[Take]) -> Iterator[str]:
    """What a Renja line already holds gets no new money."""
    yield from (take.proposal for take in takes if take.proposal in case.covered)


def closed_lines(case: Case, takes: list[Take]) -> Iterator[str]:
    """Nothing is funded on a closed line outside its places."""
    yield from (take.option.line for take in takes if not place_open(case, take))


def agency_ceiling(case: Case, takes: list[Take]) -> Iterator[str]:
    """An agency's funded money fits its room."""
    for code, limit in case.agency_rooms.items():
        if sum(take.amount for take in takes if take.option.agency == code) > limit:
            yield code


def used_by_line(case: Case, takes: list[Take]) -> dict[str, int]:
    """Funded money of every line, with all that lies below it."""
    used: dict[str, int] = defaultdict(int)
    for take in takes:
        for line in case.chain(take.option.line):
            used[line.code] += take.amount
    return used


def line_ceiling(case: Case, takes: list[Take]) -> Iterator[str]:
    """A line's funded money fits its room and its move; the moves of sisters add up to zero.

    A line's move lies between max(what it lacks, -flex) and flex. Such moves can add up to zero
    just if no line lacks more than its flex and the least moves add up to at most zero; above
    that there is always room to rise, for the largest moves add up to at least zero.
    """
    if not case.line_rooms:
        return
    used = used_by_line(case, takes)
    for family in case.families:
        lacks = {code: used[code] - case.line_rooms[code] for code in family}
        least = sum(max(lack, -case.lines[code].flex) for code, lack in lacks.items())
        for code, lack in lacks.items():
            if lack > case.lines[code].flex or (least > 0 and lack > 0):
                yield code


def line_target(case: Case, takes: list[Take]) -> Iterator[str]:
    """Committed and funded volume of a line, children aside, lies within its targets."""
    for line in case.lines.values():
        if line.min_target is None and line.max_target is None:
            continue
        volume = line.committed_target + sum(
            take.volume or 0 for take in takes if take.option.line == line.code
        )
        if outside(volume, line.min_target, line.max_target):
            yield line.code


def outside(used: Any, low: Any, high: Any) -> bool:
    """Whether a number lies under its minimum or over its maximum."""
    return (low is not None and used < low) or (high is not None and used > high)


def locations(case: Case, takes: list[Take]) -> Iterator[str]:
    """Money (also as a share of the whole plan) and number of a place lie within its limits."""
    if not case.places:
        return
    total = sum(take.amount for take in takes)
    for place in case.places:
        inside = [take for take in takes if take.option in place.members]
        low = place.min_amount and place.min_amount.of(total)
        high = place.max_amount and place.max_amount.of(total)
        amount = sum(take.amount for take in inside)
        count = len(inside)
        if outside(amount, low, high) or outside(count, place.min_count, place.max_count):
            yield place.subject


def measured(take: Take, measure: str) -> int:
    """What a take counts in a limit; volume and points in millionths."""
    if measure == "count":
        return 1
    if measure == "volume":
        return take.volume or 0
    return {"amount": take.amount, "points": take.points, "beneficiaries": take.people}[measure]


def limits(case: Case, takes: list[Take]) -> Iterator[str]:
    """The measure of all that a limit selects lies within it."""
    for limit in case.limits:
        used = sum(measured(take, limit.measure) for take in takes if take.option in limit.members)
        if outside(used, limit.low, limit.high):
            yield limit.name


def taken_ids(case: Case, takes: Iterable[Take]) -> set[str]:
    """What counts as taken: funded, or covered already."""
    return case.covered | {take.proposal for take in takes}


def alternatives(case: Case, takes: list[Take]) -> Iterator[str]:
    """Of alternatives at most one is taken, and at least `at_least`."""
    taken = taken_ids(case, takes)
    for row in case.doc.get("alternatives") or ():
        count = sum(pid in taken for pid in row["proposals"])
        if outside(count, cell(row, "at_least", money, 0), 1):
            yield ", ".join(row["proposals"])


def requires(case: Case, takes: list[Take]) -> Iterator[str]:
    """The first is taken only together with all that it needs."""
    taken = taken_ids(case, takes)
    for row in case.doc.get("requires") or ():
        if row["proposal"] in taken and not taken.issuperset(row["needs"]):
            yield row["proposal"]


def together(case: Case, takes: list[Take]) -> Iterator[str]:
    """All of them are taken or none."""
    taken = taken_ids(case, takes)
    for row in case.doc.get("together") or ():
        if 0 < sum(pid in taken for pid in row["proposals"]) < len(row["proposals"]):
            yield ", ".join(row["proposals"])


def priority_order(case: Case, takes: list[Take]) -> Iterator[str]:
    """Funded, not by a lock: then every better-ranked eligible one of the group is funded too."""
    if not case.enforced:
        return
    funded = {take.proposal for take in takes}
    for pid in funded - case.locked_in:
        if not funded >= case.better.get(pid, set()):
            yield pid


Rule = Callable[[Case, list[Take]], Iterator[str]]
OWN_RULES: list[tuple[str, Rule]] = [  # those that look at one proposal alone
    ("locks", locks),
    ("gates", gates),
    ("covered", covered),
    ("line_target", closed_lines),
]
JOINT_RULES: list[tuple[str, Rule]] = [
    ("agency_ceiling", agency_ceiling),
    ("alternatives", alternatives),
    ("requires", requires),
    ("together", together),
    ("line_ceiling", line_ceiling),
    ("line_target", line_target),
    ("limits", limits),
    ("locations", locations),
    ("priority_order", priority_order),
]


def broken(
    case: Case, takes: list[Take], rules: Iterable[tuple[str, Rule]]
) -> Iterator[tuple[str, str]]:
    """Rule and subject wherever a rule in force is broken."""
    for name, rule in rules:
        if case.on(name):
            for subject in rule(case, takes):
                yield name, subject


def over(case: Case, takes: list[Take], last: Take, *, with_flex: bool) -> bool:
    """Whether takes exceed an upper limit that the last of them counts in, shares aside."""
    option = last.option
    return any(
        sum(measured(take, measure) for take in takes if take.option in members) > high
        for measure, members, high in uppers(case, option, with_flex=with_flex)
    )


def uppers(
    case: Case, option: Option, *, with_flex: bool
) -> Iterator[tuple[str, frozenset[Option], int]]:
    """Every upper limit in force that an option counts in: measure, members, maximum."""
    if case.on("agency_ceiling") and option.agency in case.agency_rooms:
        members = frozenset(o for o in case.all_options() if o.agency == option.agency)
        yield "amount", members, case.agency_rooms[option.agency]
    if case.on("line_ceiling"):
        for line in case.chain(option.line):
            if line.ceiling is not None:
                codes = {lower.code for lower in case.below(line.code)}
                members = frozenset(o for o in case.all_options() if o.line in codes)
                move = line.flex if with_flex else 0
                yield "amount", members, case.line_rooms[line.code] + move
    line = case.lines.get(option.line)
    if line is not None and line.max_target is not None and case.on("line_target"):
        members = frozenset(o for o in case.all_options() if o.line == option.line)
        yield "volume", members, line.max_target - line.committed_target
    for place in case.places:
        if option in place.members:
            if place.max_amount is not None and not place.max_amount.share:
                yield "amount", place.members, place.max_amount.number
            if place.max_count is not None:
                yield "count", place.members, place.max_count
    for limit in case.limits:
        if option in limit.members and limit.high is not None:
            yield limit.measure, limit.members, limit.high


# --- every plan ----------------------------------------------------------------------------------


def menu(case: Case, pid: str) -> list[Take | None]:
    """Everything one proposal may be on its own: left out, or an option at a volume."""
    choices: list[Take | None] = [None] if lock_holds(case, pid, None) else []
    if pid not in case.covered:
        takes = (take for option in case.options[pid] for take in takes_of(case, option))
        choices += [take for take in takes if allowed(case, take)]
    return choices


def feasible(case: Case) -> Iterator[list[Take]]:
    """Every list of takes that breaks no rule."""
    menus = [menu(case, pid) for pid in case.ids]
    rooms = case.agency_rooms if case.on("agency_ceiling") else {}

    def extend(index: int, takes: list[Take], left: dict[str, int]) -> Iterator[list[Take]]:
        if index == len(menus):
            if next(broken(case, takes, JOINT_RULES), None) is None:
                yield takes
            return
        for take in menus[index]:
            if take is None:
                yield from extend(index + 1, takes, left)
                continue
            # No amount is negative, so a list over an agency's room stays over it.
            agency = take.option.agency
            if agency not in left:
                yield from extend(index + 1, [*takes, take], left)
            elif take.amount <= left[agency]:
                rest = {**left, agency: left[agency] - take.amount}
                yield from extend(index + 1, [*takes, take], rest)

    yield from extend(0, [], dict(rooms))


def plans(doc: Row) -> Iterator[Plan]:
    """Every plan that breaks no rule in force."""
    case = Case(doc)
    for takes in feasible(case):
        yield Plan(case.ids, takes)


def size(doc: Row) -> int:
    """How many plans there are before the rules that look at several proposals."""
    case = Case(doc)
    product = 1
    for pid in case.ids:
        product *= len(menu(case, pid))
    return product


# --- stages --------------------------------------------------------------------------------------

Value = Callable[[list[Take]], Fraction]


def points_stage(case: Case, stage: Row) -> Value:
    """The points of all that is funded."""
    return lambda takes: Fraction(sum(take.points for take in takes), MILLION)


def least_served(case: Case, stage: Row) -> Value:
    """What the worst-off place gets, per head, per share or per asked; 0 without any place."""
    by, measure = stage.get("by", "district"), stage.get("measure", "points")
    places = dict(denominators(case, by, measure, stage.get("per", "asked")))

    def value(takes: list[Take]) -> Fraction:
        served = dict.fromkeys(places, 0)
        for take in takes:
            key = key_of(take.option, by)
            if key in served:
                served[key] += measured(take, measure)
        unit = MILLION if measure == "points" else 1
        return min((served[p] / places[p] / unit for p in places), default=Fraction(0))

    return value


def key_of(option: Option, by: str) -> tuple[str, str] | None:
    """The place an option counts in; a blank ward is no place when wards are compared."""
    if by == "district":
        return option.district, ""
    return option.place if option.ward else None


def denominators(
    case: Case, by: str, measure: str, per: str
) -> Iterator[tuple[tuple[str, str], Fraction]]:
    """Places with something eligible, each with what it is divided by; nothing or 0 is skipped."""
    column = {"head": "population", "share": "share"}.get(per)
    for place in {key_of(option, by) for option in case.usable} - {None}:
        if column:
            rows = [
                row
                for row in case.doc.get("locations") or ()
                if (text(row, "district"), text(row, "ward")) == place
            ]
            number = cell(rows[0], column, weight, Fraction(0)) if rows else Fraction(0)
        else:
            number = asked(case, by, measure, place)
        if number > 0:
            yield place, number


def asked(case: Case, by: str, measure: str, place: tuple[str, str]) -> Fraction:
    """What a place asked for: its requests in full, gated ones too, covered ones not."""
    requests = [case.options[pid][0] for pid in case.ids if pid not in case.covered]
    total = sum(
        measured(at_volume(option, None), measure)
        for option in requests
        if key_of(option, by) == place
    )
    return Fraction(total, MILLION if measure == "points" else 1)


def spread(case: Case, stage: Row) -> Value:
    """The number of wards with something newly funded."""
    return lambda takes: Fraction(len({t.option.place for t in takes if t.option.ward}))


def inversions_stage(case: Case, stage: Row) -> Value:
    """The number of proposals that are skipped."""
    return lambda takes: Fraction(len(skipped(case, {take.proposal for take in takes})))


def few_cuts(case: Case, stage: Row) -> Value:
    """The number of proposals below their full volume, other than by a lock's volume."""
    by_lock = {pid for pid, lock in case.locks.items() if not blank(lock.get("volume"))}
    return lambda takes: Fraction(
        sum(take.volume != take.option.volume and take.proposal not in by_lock for take in takes)
    )


def few_changes(case: Case, stage: Row) -> Value:
    """The number of proposals whose option or volume differs from a given plan."""
    wanted = {}
    for row in stage["plan"]:
        by_label = {option.label: option for option in case.options[row["proposal"]]}
        option = by_label[text(row, "option")]
        volume = cell(row, "volume", millionths, option.volume)
        if volume != 0:
            wanted[row["proposal"]] = (option.label, volume)

    def value(takes: list[Take]) -> Fraction:
        now = {take.proposal: (take.option.label, take.volume) for take in takes}
        open_ids = (pid for pid in case.ids if pid not in case.covered)
        return Fraction(sum(now.get(pid) != wanted.get(pid) for pid in open_ids))

    return value


def thrift(case: Case, stage: Row) -> Value:
    """The money of all that is funded."""
    return lambda takes: Fraction(sum(take.amount for take in takes))


STAGES: dict[str, tuple[str, Callable[[Case, Row], Value]]] = {
    "points": ("max", points_stage),
    "least_served": ("max", least_served),
    "spread": ("max", spread),
    "inversions": ("min", inversions_stage),
    "few_cuts": ("min", few_cuts),
    "few_changes": ("min", few_changes),
    "thrift": ("min", thrift),
}


def given_up(stage: Row, best: Fraction) -> Fraction:
    """What later stages may take: `1%` of |best|, or a number in the stage's unit."""
    value = stage.get("give_up")
    if blank(value):
        return Fraction(0)
    if isinstance(value, str) and value.strip().endswith("%"):
        return abs(best) * exact(value.strip()[:-1]) / 100
    return exact(value)


def stage_list(doc: Row) -> list[Row]:
    """The stages as tables; a bare name is a table with that name, points where none is said."""
    named = (doc.get("objective") or {}).get("stages") or ["points"]
    return [{"name": stage} if isinstance(stage, str) else stage for stage in named]


def solve(doc: Row) -> Answer:
    """The best value of every stage in turn, each within what the earlier ones leave."""
    case = Case(doc)
    left = list(feasible(case))
    if not left:
        return Answer("infeasible", [], [], None)
    bests: list[Fraction] = []
    points = None
    stages = stage_list(doc)
    for number, stage in enumerate(stages, start=1):
        sense, build = STAGES[stage["name"]]
        value = build(case, stage)
        valued = [(value(takes), takes) for takes in left]
        best = (max if sense == "max" else min)(worth for worth, _ in valued)
        bests.append(best)
        if stage["name"] == "points":
            points = (best * MILLION).numerator
        # No stage comes after the last one, so nothing may take from it.
        slack = given_up(stage, best) if number < len(stages) else Fraction(0)
        left = [takes for worth, takes in valued if abs(worth - best) <= slack]
    return Answer("optimal", bests, [Plan(case.ids, takes) for takes in left], points)


# --- judging a plan ------------------------------------------------------------------------------


def read_plan(case: Case, plan: Mapping[str, Any]) -> list[Take]:
    """The takes of any plan; a volume off the grid counts in proportion, 0 is not funded."""
    takes = []
    for pid, what in plan.items():
        if what is None:
            continue
        label, volume = what
        by_label = {option.label: option for option in case.options[pid]}
        size = None if volume is None else millionths(volume)
        if size != 0:
            takes.append(at_volume(by_label[label], size))
    return takes


def measure_plan(doc: Row, plan: Mapping[str, Any]) -> Plan:
    """Any plan with its amount and points added up."""
    case = Case(doc)
    return Plan(case.ids, read_plan(case, plan))


def violations(doc: Row, plan: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Every rule in force that a plan breaks, with its subject, each once."""
    case = Case(doc)
    return sorted(set(broken(case, read_plan(case, plan), OWN_RULES + JOINT_RULES)))


def eligible(doc: Row) -> set[str]:
    """Proposals that some plan could fund: no gate, lock, cover or limit alone against them."""
    return set(Case(doc).eligible)


def eligible_options(doc: Row) -> set[tuple[str, str]]:
    """The options behind that, as (proposal, label)."""
    return {(option.proposal, option.label) for option in Case(doc).usable}


def skipped(case: Case, funded: set[str]) -> list[tuple[str, str]]:
    """Eligible, unfunded, and one ranked after it is funded: with the best-ranked of these."""
    taken_after = defaultdict(list)
    for late in funded & case.eligible:
        for early in case.better.get(late, set()) - funded:
            taken_after[early].append(late)
    return [
        (early, min(late, key=lambda pid: (case.rank[pid], pid)))
        for early, late in sorted(taken_after.items())
    ]


def inversions(doc: Row, plan: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Every skipped proposal once, with the best-ranked one taken after it (equal: first id)."""
    case = Case(doc)
    return skipped(case, {take.proposal for take in read_plan(case, plan)})


# --- the list made by hand -----------------------------------------------------------------------


def greedy(doc: Row) -> Baseline:
    """Locks first, then by priority, score and id: whatever still fits, in a single pass."""
    case = Case(doc)
    queue = sorted((pid for pid in case.ids if pid not in case.covered), key=turn(case))
    taken: dict[str, Take] = {}
    tried: set[str] = set()
    for pid in queue:
        if pid not in tried:
            group = company(case, pid)
            tried |= group
            taken = add_group(case, taken, [member for member in queue if member in group])
    takes = list(taken.values())
    breaks = sorted(set(broken(case, takes, OWN_RULES + JOINT_RULES)))
    return Baseline(Plan(case.ids, takes), breaks)


def turn(case: Case) -> Callable[[str], tuple]:
    """When a proposal comes: locked in, by rank (blank last), more points, id."""

    def key(pid: str) -> tuple:
        rank = case.rank[pid]
        unranked = rank is None
        points = case.options[pid][0].points
        return pid not in case.locked_in, unranked, 0 if unranked else rank, -points, pid

    return key


def company(case: Case, pid: str) -> set[str]:
    """A proposal and all that it can only be taken with, covered ones aside."""
    group = {pid}
    rows = (case.doc.get("together") or ()) if case.on("together") else ()
    while True:
        larger = group.union(*(row["proposals"] for row in rows if group & set(row["proposals"])))
        if larger == group:
            return group - case.covered
        group = larger


def add_group(case: Case, taken: dict[str, Take], group: list[str]) -> dict[str, Take]:
    """The list with the whole group in it, or as it was where one of the group does not fit."""
    trial = dict(taken)
    for pid in group:
        take = first_fit(case, trial, pid)
        if take is None:
            return taken
        trial[pid] = take
    return trial if links_hold(case, trial, group) else taken


def first_fit(case: Case, taken: dict[str, Take], pid: str) -> Take | None:
    """The first option of which a volume fits, at the largest that does."""
    for option in case.options[pid]:
        for take in takes_of(case, option):
            takes = [*taken.values(), take]
            if allowed(case, take) and not over(case, takes, take, with_flex=False):
                return take
    return None


def links_hold(case: Case, taken: dict[str, Take], group: list[str]) -> bool:
    """Alternatives, needs and an enforced order hold for what has just been added."""
    ids = taken_ids(case, taken.values())
    new = set(group)
    if case.on("alternatives"):
        for row in case.doc.get("alternatives") or ():
            if new & set(row["proposals"]) and len(ids & set(row["proposals"])) > 1:
                return False
    if case.on("requires"):
        for row in case.doc.get("requires") or ():
            if row["proposal"] in new and not ids.issuperset(row["needs"]):
                return False
    # Covered ones bind no order, so only what is newly funded is looked at.
    return not case.enforced or all(
        case.better.get(pid, set()) <= set(taken) for pid in new - case.locked_in
    )
