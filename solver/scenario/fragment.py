"""One scenario file, its form checked key by key; what it refers to is checked later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from solver.errors import Place
from solver.instance import Alternatives, Lock, Requires, Together
from solver.scenario.draft import ALWAYS_ON, GROUPS, RULES, SCORES, TABLES, Stage
from solver.scenario.fields import Fields, list_of
from solver.scenario.stages import Files, stages_of
from solver.tables.columns import criterion
from solver.tables.numbers import MAX_MONEY
from solver.tables.problems import Problems
from solver.tables.rows import Key, Row, from_mapping, index

KEYS = (
    "format",
    "title",
    "year",
    "extends",
    "data",
    *TABLES,
    "objective",
    "set",
    "proposal",
    "limit",
    "alternatives",
    "requires",
    "together",
    "lock",
    "priority_order",
    "off",
    "expect",
    "sweep",
)
EXPECT = ("status", "points_min", "points_max", "amount", "fund", "not_fund", "unique")
STATUSES = ("optimal", "feasible", "infeasible", "no_answer")


@dataclass(frozen=True)
class Fragment:
    """What one scenario file says; None where it says nothing and its parent's word holds."""

    file: str | None
    title: str | None = None
    year: int | None = None
    tables: Mapping[str, Mapping[Key, Row]] = field(default_factory=dict)
    proposals: tuple[Row, ...] = ()
    limits: Mapping[Key, Row] = field(default_factory=dict)
    stages: tuple[Stage, ...] | None = None
    score: str | None = None
    rank_within: tuple[str, ...] | None = None
    weights: Mapping[str, Decimal] = field(default_factory=dict)
    within: tuple[str, ...] | None = None
    enforce: bool | None = None
    has_order: bool = False
    alternatives: tuple[tuple[Alternatives, Place], ...] = ()
    requires: tuple[tuple[Requires, Place], ...] = ()
    together: tuple[tuple[Together, Place], ...] = ()
    locks: Mapping[str, tuple[Lock, Place]] = field(default_factory=dict)
    off: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    changes: Mapping[str, Any] = field(default_factory=dict)
    expect: Mapping[str, Any] | None = None
    sweep: Mapping[str, Any] | None = None


def parse(raw: Any, file: str | None, files: Files | None, problems: Problems) -> Fragment:
    """The fragment that a scenario file or document holds; without `files` no path is followed."""
    top = Fields(raw, KEYS, Place(file=file), problems)
    if "format" in top and top.raw["format"] != 1:
        problems.add("unknown_format", top.place, "format", top.raw["format"])
    objective = Fields(
        top.raw.get("objective", {}),
        ("stages", "score", "rank_within", "weights"),
        Place(file=file, key="objective"),
        problems,
    )
    order = Fields(
        top.raw.get("priority_order", {}),
        ("within", "enforce"),
        Place(file=file, key="priority_order"),
        problems,
    )
    return Fragment(
        file=file,
        title=top.text("title") if "title" in top else None,
        year=top.whole("year"),
        tables=_tables(top, files),
        proposals=_added(top, "proposal", "proposals"),
        limits=index("limits", _added(top, "limit", "limits"), problems),
        stages=stages_of(objective, files) if "stages" in objective else None,
        score=objective.choice("score", SCORES, "") or None,
        rank_within=(
            objective.choices("rank_within", GROUPS, ()) if "rank_within" in objective else None
        ),
        weights=_weights(objective),
        within=order.choices("within", GROUPS, ()) if "within" in order else None,
        enforce=order.flag("enforce", True) if "enforce" in order else None,
        has_order="priority_order" in top,
        alternatives=_alternatives(top),
        requires=_requires(top),
        together=_together(top),
        locks=_locks(top),
        off=_off(top),
        changes=_changes(top),
        expect=_expect(top),
        sweep=top.raw.get("sweep"),
    )


def _tables(top: Fields, files: Files | None) -> dict[str, dict[Key, Row]]:
    """The tables that this file names or holds inline, each complete."""
    found = {}
    data = Fields(
        top.raw.get("data", {}), TABLES, Place(file=top.place.file, key="data"), top.problems
    )
    for table in TABLES:
        inline = top.raw.get(table)
        if table in data and inline is not None:
            top.problems.add("table_twice", data.place, table, None, table=table)
        elif table in data:
            name = data.text(table)
            if files is None:
                top.problems.add("path_not_allowed", data.place, table, name)
            elif name:
                rows = files.table(table, name, data.place, top.problems)
                found[table] = index(table, rows, top.problems)
        elif inline is not None:
            found[table] = index(table, _added(top, table, table), top.problems)
    return found


def _added(top: Fields, key: str, table: str) -> tuple[Row, ...]:
    rows = []
    for number, raw in enumerate(list_of(top.raw.get(key), top.place, key, top.problems), 1):
        place = Place(file=top.place.file, key=f"{key}[{number}]")
        if isinstance(raw, Mapping):
            rows.append(from_mapping(table, raw, place, top.problems))
        else:
            top.problems.add("wrong_type", place, None, raw, value=str(raw)[:40])
    return tuple(rows)


def _entries(top: Fields, key: str, allowed: tuple[str, ...]) -> list[Fields]:
    return [
        Fields(raw, allowed, Place(file=top.place.file, key=f"{key}[{number}]"), top.problems)
        for number, raw in enumerate(list_of(top.raw.get(key), top.place, key, top.problems), 1)
    ]


def _alternatives(top: Fields) -> tuple[tuple[Alternatives, Place], ...]:
    found = []
    for entry in _entries(top, "alternatives", ("proposals", "at_least")):
        names = entry.texts("proposals", required=True)
        at_least = entry.whole("at_least") or 0
        if at_least > 1:
            top.problems.add("at_least_too_large", entry.place, "at_least", at_least)
        found.append((Alternatives(tuple(sorted(names)), at_least), entry.place))
    return tuple(found)


def _requires(top: Fields) -> tuple[tuple[Requires, Place], ...]:
    found = []
    for entry in _entries(top, "requires", ("proposal", "needs")):
        proposal = entry.text("proposal", required=True)
        needs = entry.texts("needs", required=True)
        if proposal and proposal in needs:
            top.problems.add("requires_itself", entry.place, "needs", proposal, proposal=proposal)
        found.append((Requires(proposal, tuple(sorted(needs))), entry.place))
    return tuple(found)


def _together(top: Fields) -> tuple[tuple[Together, Place], ...]:
    return tuple(
        (Together(tuple(sorted(entry.texts("proposals", required=True)))), entry.place)
        for entry in _entries(top, "together", ("proposals",))
    )


def _locks(top: Fields) -> dict[str, tuple[Lock, Place]]:
    found: dict[str, tuple[Lock, Place]] = {}
    allowed = ("proposal", "decision", "option", "volume", "reason")
    for entry in _entries(top, "lock", allowed):
        proposal = entry.text("proposal", required=True)
        if "decision" not in entry:
            top.problems.add("key_missing", entry.place, "decision", name="decision")
        decision = entry.choice("decision", ("fund", "reject"), "reject")
        volume = entry.decimal("volume")
        if volume is not None and decision == "reject":
            top.problems.add("lock_volume_of_reject", entry.place, "volume", volume)
        lock = Lock(
            proposal=proposal,
            decision=decision,
            option=entry.text("option") if "option" in entry else None,
            volume=None if volume is None else int(volume * 1_000_000),
            reason=entry.text("reason"),
        )
        if proposal in found:
            top.problems.add("lock_twice", entry.place, "proposal", proposal, proposal=proposal)
        elif proposal:
            found[proposal] = (lock, entry.place)
    return found


def _off(top: Fields) -> dict[str, tuple[str, ...]]:
    off = Fields(
        top.raw.get("off", {}),
        ("rules", "locks", "limits"),
        Place(file=top.place.file, key="off"),
        top.problems,
    )
    rules = off.texts("rules")
    for rule in rules:
        if rule in ALWAYS_ON:
            top.problems.add("rule_always_on", off.place, "rules", rule, rule=rule)
        elif rule not in RULES:
            top.problems.unknown("unknown_rule", rule, lambda: RULES, off.place, "rules")
    return {"rules": rules, "locks": off.texts("locks"), "limits": off.texts("limits")}


def _weights(objective: Fields) -> dict[str, Decimal]:
    raw = objective.raw.get("weights", {})
    names = tuple(raw) if isinstance(raw, Mapping) else ()
    place = Place(file=objective.place.file, key="objective.weights")
    weights = Fields(raw, names, place, objective.problems)
    found: dict[str, Decimal] = {}
    for name in names:
        value = weights.decimal(name)
        column = criterion(name) or name
        if column in found:
            objective.problems.add("set_twice", place, name, raw[name], key=column, first=column)
        elif value is not None:
            found[column] = value
    return found


def _changes(top: Fields) -> dict[str, Any]:
    raw = top.raw.get("set", {})
    if isinstance(raw, Mapping):
        return dict(raw)
    top.wrong("set", raw)
    return {}


def _expect(top: Fields) -> Mapping[str, Any] | None:
    if "expect" not in top:
        return None
    expect = Fields(
        top.raw["expect"], EXPECT, Place(file=top.place.file, key="expect"), top.problems
    )
    found: dict[str, Any] = {}
    if status := expect.choice("status", STATUSES, ""):
        found["status"] = status
    for name in ("points_min", "points_max", "amount"):
        value = expect.raw.get(name)
        if value is None:
            continue
        is_number = isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
        # Larger numbers mean nothing here, and 1e999999999 would fill the memory.
        if is_number and Decimal(value).is_finite() and abs(Decimal(value)) <= MAX_MONEY:
            found[name] = int(value) if value == int(value) else float(value)
        else:
            expect.wrong(name, value)
    for name in ("fund", "not_fund"):
        if name in expect:
            found[name] = expect.texts(name)
    if "unique" in expect:
        found["unique"] = expect.flag("unique", True)
    return found
