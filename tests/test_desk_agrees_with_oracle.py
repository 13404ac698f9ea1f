"""Random cities, random edits: what the desk takes and refuses is what the oracle says.

The oracle reads limits from the tables and shares no line with the solver's rows.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

import oracle
import pytest
from oracle import MILLION, Case, Take, at_volume, measured
from random_scenarios import scenario

from service.desk import agreement, city, decisions, sessions
from service.desk.decisions import Decision, Edit
from service.store import LOCAL, Store, events, snapshots
from service.store.errors import NotNowError, OverLimitError
from solver.scenario import resolve


class Upper(NamedTuple):
    """An upper limit in whole units: by how much takes are over it, and whose desks move it."""

    over: int
    desks: frozenset[str]


def desk_of(case: Case, pid: str) -> str:
    """A proposal is decided on at the desk of the agency that it was asked of."""
    return case.options[pid][0].agency


def uppers(case: Case, takes: list[Take]) -> Iterator[Upper]:
    """Every upper limit that decisions can only fill up, in an order of its own."""

    def summed(members, measure, high, base=0):
        used = base + sum(measured(t, measure) for t in takes if t.option in members)
        desks = frozenset(desk_of(case, option.proposal) for option in members)
        return Upper(max(0, used - high), desks)

    # A covered proposal can't be funded: it is no member of anything.
    options = [o for o in case.all_options() if o.proposal not in case.covered]
    if case.on("agency_ceiling"):
        for code, high in case.agency_rooms.items():
            yield summed([o for o in options if o.agency == code], "amount", high)
    if case.on("line_target"):
        for line in case.lines.values():
            if line.max_target is not None:
                members = [o for o in options if o.line == line.code]
                yield summed(members, "volume", line.max_target, line.committed_target)
    for place in case.places:
        members = [o for o in options if o in place.members]
        if place.max_amount is not None and not place.max_amount.share:
            yield summed(members, "amount", place.max_amount.number)
        if place.max_count is not None:
            yield summed(members, "count", place.max_count)
    for limit in case.limits:
        if limit.high is not None:
            yield summed([o for o in options if o in limit.members], limit.measure, limit.high)
    if case.on("alternatives"):
        for row in case.doc.get("alternatives") or ():
            base = len(case.covered & set(row["proposals"]))
            members = [o for o in options if o.proposal in row["proposals"]]
            yield summed(members, "count", 1, base)
    if case.on("line_ceiling"):
        yield from families(case, takes, options)


def families(case: Case, takes: list[Take], options: list) -> Iterator[Upper]:
    """Sister lines that lend each other room, as one: by how much they can't be made to fit."""
    used = oracle.used_by_line(case, takes)
    for family in case.families:
        lacks = {code: used[code] - case.line_rooms[code] for code in family}
        flex = {code: case.lines[code].flex for code in family}
        alone = sum(max(0, lacks[code] - flex[code]) for code in family)
        moved = sum(max(lacks[code], -flex[code]) for code in family if flex[code])
        codes = {below.code for code in family for below in case.below(code)}
        desks = frozenset(desk_of(case, o.proposal) for o in options if o.line in codes)
        lend = [code for code in family if flex[code]]
        if len(lend) == len(family):
            yield Upper(max(alone, moved, 0) if alone or moved > 0 else 0, desks)
            continue
        # Those without flex stand alone; the others are one pool.
        for code in family:
            if not flex[code]:
                below = {line.code for line in case.below(code)}
                own = frozenset(desk_of(case, o.proposal) for o in options if o.line in below)
                yield Upper(max(0, lacks[code]), own)
        below = {line.code for code in lend for line in case.below(code)}
        own = frozenset(desk_of(case, o.proposal) for o in options if o.line in below)
        alone = sum(max(0, lacks[code] - flex[code]) for code in lend)
        yield Upper(max(alone, moved, 0), own)


def refused(case: Case, plan: dict[str, Take], pid: str, take: Take | None) -> bool:
    """Whether the oracle would refuse the edit: it breaks something alone, or a shared limit."""
    before = list(plan.values())
    after = [t for p, t in plan.items() if p != pid] + ([take] if take else [])
    was = [plan[pid]] if pid in plan else []
    if take is not None:
        own = set(oracle.broken(case, [take], oracle.OWN_RULES))
        if any(subject in (pid, take.option.line) for _, subject in own):
            return True
        if any(
            new.over > old.over
            for old, new in zip(uppers(case, was), uppers(case, [take]), strict=True)
        ):
            return True
    return any(
        new.over > old.over and len(new.desks) > 1
        for old, new in zip(uppers(case, before), uppers(case, after), strict=True)
    )


def wanted(case: Case, pid: str, dice: random.Random) -> tuple[Edit, Take | None]:
    """An edit at random, and what it takes."""
    if dice.random() < 0.2:
        return Edit(dice.choice(("deferred", "declined")), note="x"), None
    option = dice.choice(case.options[pid])
    if pid in case.covered:
        return Edit("accommodated"), None
    volume = None
    if option.volume is not None and dice.random() < 0.7:
        grid = range(option.volume, (option.least or option.volume) - 1, -(option.step or MILLION))
        volume = dice.choice([*grid, dice.randint(1, option.volume)])
    size = None if volume is None else Decimal(volume) / MILLION
    return Edit("accommodated", option=option.label, volume=size), at_volume(option, volume)


def edited(store: Store, desk: str, pid: str, edit: Edit, rev: int) -> Decision | OverLimitError:
    """The decision after an edit, or why it was refused."""
    try:
        with store.write(LOCAL) as tx:
            return decisions.edit(tx, desk, pid, edit, rev).decision
    except OverLimitError as error:
        return error


def signature(store: Store, desk: str) -> NotNowError | None:
    """Why a desk can't be signed; None where it now is."""
    try:
        with store.write(LOCAL) as tx:
            sessions.sign(tx, desk)
    except NotNowError as error:
        return error
    return None


def follow(store: Store, seed: int, steps: int) -> dict[str, int]:
    """One city through random edits, then signed as far as it goes."""
    case, dice = Case(scenario(seed)), random.Random(seed)
    document = resolve(scenario(seed)).document
    name = f"s{seed}"
    with store.write(LOCAL) as tx:
        city.create(tx, name, snapshots.keep(tx, "scenario", document))
        for desk in city.desks(tx, name):
            sessions.open_session(tx, desk.id)
    plan: dict[str, Take] = {}
    revs: dict[str, int] = defaultdict(int)
    counts: dict[str, int] = defaultdict(int)
    for _ in range(steps):
        pid = dice.choice(case.ids)
        edit, take = wanted(case, pid, dice)
        says_no = refused(case, plan, pid, take)
        found = edited(store, f"{name}.{desk_of(case, pid)}", pid, edit, revs[pid])
        if isinstance(found, OverLimitError):
            assert says_no, (seed, pid, edit, found.details)
            assert all(limit["need"] > limit["room"] >= 0 for limit in found.details["limits"])
            assert found.text("id")
            assert found.text("en")
            counts["refused"] += 1
            continue
        assert not says_no, (seed, pid, edit, plan)
        counts["taken"] += 1
        revs[pid] = found.rev
        plan.pop(pid, None)
        if take is not None:
            plan[pid] = take
            assert (found.amount, found.volume) == (take.amount, take.volume)
    with store.session() as tx:
        made = city.taken(tx, name)
        assert sum(f.amount for f in made.values()) == sum(t.amount for t in plan.values())
    counts["signed" if sign_all(store, name, case, plan) else "unsigned"] += 1
    return counts


def sign_all(store: Store, name: str, case: Case, plan: dict[str, Take]) -> bool:
    """Sign desk after desk; a refusal names what the oracle finds broken, and nothing else."""
    broken = set(oracle.broken(case, list(plan.values()), oracle.OWN_RULES + oracle.JOINT_RULES))
    plain = {rule: {_plain(s) for r, s in broken if r == rule} for rule, _ in broken}
    every = True
    with store.session() as tx:
        desks = city.desks(tx, name)
    for desk in desks:
        with store.write(LOCAL) as tx:
            limits = city.limits_for(tx, name)
            found = decisions.of_desk(tx, desk)
            for district, ids in agreement.lists(limits, found).items():
                if any(found[i].code != "undiscussed" for i in ids):
                    for party in ("opd", "kecamatan", "planner"):
                        agreement.agree(tx, desk.id, party, district, events.head(tx).seq)
            sessions.close(tx, desk.id)
        error = signature(store, desk.id)
        if error is not None:
            every = False
            assert error.code == "breaks"
            for limit in error.details["limits"]:
                rule = plain.get(limit["rule"], set())
                if limit["rule"] != "priority_order":  # its subject is the group, not a proposal
                    assert _plain(limit["subject"]) in rule, (name, limit, broken)
                assert rule, (name, limit)
    if every:
        # Nothing is broken that some desk could have mended.
        rows = {(row.rule, _plain(row.subject)) for row in limits.rows if row.members}
        left = {(rule, _plain(subject)) for rule, subject in broken if rule != "priority_order"}
        assert not left & rows, (name, broken)
    return every


def _plain(subject: str) -> str:
    """A subject without the order of the names in it, and without an option's label."""
    return ",".join(sorted(part.strip().partition("/")[0] for part in subject.split(",")))


def followed(tmp_path, seeds, steps):
    store = Store(f"sqlite:///{tmp_path / 'kayuh.db'}")
    store.upgrade()
    total: dict[str, int] = defaultdict(int)
    for seed in seeds:
        for what, number in follow(store, seed, steps).items():
            total[what] += number
    store.close()
    return total


def test_forty_random_cities(tmp_path):
    total = followed(tmp_path, range(40), 15)
    assert total["taken"] > 100
    assert total["refused"] > 40
    assert total["signed"] > 3
    assert total["unsigned"] > 3


@pytest.mark.soak
@pytest.mark.parametrize("part", range(10))
def test_a_thousand_random_cities(tmp_path, part):
    total = followed(tmp_path, range(1000 + 100 * part, 1100 + 100 * part), 30)
    assert total["refused"] > 300
