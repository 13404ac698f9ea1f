"""Rows of proposals become proposals with options: their money, volumes and steps checked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import floor

from solver.instance import MICRO, Figures, Instance, Option, Proposal, half_up
from solver.scenario.draft import Draft
from solver.scenario.scores import scores, weighed
from solver.tables.numbers import MAX_MONEY
from solver.tables.problems import Problems
from solver.tables.rows import Row

_COSTS = frozenset({"amount", "unit_cost", "fixed_cost", "volume"})
"""Where one of these can't be read, nothing more is said of the money."""

TOLERANCE = 1_000
"""Rupiah by which an amount may differ from fixed cost + unit cost x volume."""

MAX_STEPS = 1_000_000
MAX_SCORE = 100_000 * MICRO


def unchanged(draft: Draft, before: Draft, instance: Instance) -> dict[str, Proposal]:
    """The proposals by id whose one row is the very same as before, and is scored the same way.

    `instance` is what `before` became. Its points may still be others, as where one more proposal
    of its ward has a rank.
    """
    if (draft.score, draft.weights) != (before.score, before.weights):
        return {}
    rows, old = draft.rows("proposals"), before.rows("proposals")
    return {
        proposal.id: proposal
        for proposal in instance.proposals
        if len(proposal.options) == 1
        and (key := (proposal.id, proposal.requested.label)) in rows
        and rows[key] is old.get(key)
    }


def proposals_of(
    draft: Draft, problems: Problems, same: Mapping[str, Proposal]
) -> tuple[Proposal, ...]:
    """The proposals, sorted by id, the requested option first; `same`: see unchanged."""
    grouped: dict[str, list[Row]] = defaultdict(list)
    for key in sorted(draft.rows("proposals")):
        grouped[key[0]].append(draft.rows("proposals")[key])
    points = scores(draft, {name: rows[0] for name, rows in grouped.items()}, problems)
    return tuple(
        _proposal(name, rows, points.get(name, 0), draft, problems, same.get(name))
        for name, rows in grouped.items()
    )


def _proposal(
    name: str,
    rows: Sequence[Row],
    points: int,
    draft: Draft,
    problems: Problems,
    known: Proposal | None,
) -> Proposal:
    """The proposal of these rows; the known one where no row was added and the points are its."""
    own = [_points(row, points, draft, problems) for row in rows]
    if known is not None and [known.requested.full.points] == own:
        return known
    requested = rows[0]
    _differing(name, rows, problems)
    priority = requested.get("priority")
    for row in rows:
        if row.get("priority") == 0:
            problems.add("priority_zero", row.where("priority"), "priority", 0)
    covered = [row.text("covered_by") for row in rows if row.get("covered_by")]
    return Proposal(
        id=name,
        options=tuple(
            _option(row, points, bool(covered), problems)
            for row, points in zip(rows, own, strict=True)
        ),
        title=requested.text("title"),
        priority=priority,
        covered_by=covered[0] if covered else "",
        continued=bool(requested.get("continued")),
    )


def _differing(name: str, rows: Sequence[Row], problems: Problems) -> None:
    """The rank is the proposal's; another one on an option is told, not used."""
    first, *others = rows
    for row in others:
        stated = row.get("priority")
        if stated is not None and stated != first.get("priority"):
            problems.notice(
                "option_priority", proposal=name, option=row.text("option"), value=stated
            )


def _points(row: Row, points: int, draft: Draft, problems: Problems) -> int:
    """The option's points: its proposal's, but for a score or criteria that are its own."""
    own = row.get("score")
    if draft.score == "column" and own is not None:
        points = int(own * MICRO)
    elif (
        draft.score == "criteria"
        and draft.weights
        and all(row.get(column) is not None for column in draft.weights)
    ):
        points = weighed(row, draft.weights)
    if abs(points) > MAX_SCORE:
        problems.add("score_too_large", row.where("score"), "score", own, points=points)
    return points


def _option(row: Row, points: int, covered: bool, problems: Problems) -> Option:
    full = Figures(
        count=1,
        amount=_amount(row, covered, problems),
        points=points,
        volume=int((row.get("volume") or 0) * MICRO),
        beneficiaries=row.get("beneficiaries") or 0,
    )
    steps, size = _steps(row, full, problems)
    step = _step(row, full, size) if steps else Figures()
    option = Option(
        proposal=row.text("id"),
        label=row.text("option"),
        agency=row.text("agency"),
        line=row.text("line"),
        district=row.text("district"),
        ward=row.text("ward"),
        unit=row.text("unit"),
        source=row.text("source"),
        origin=row.text("origin"),
        tags=row.get("tags") or (),
        gate=row.text("gate"),
        full=full,
        step=step,
        steps=steps,
    )
    if steps and option.smallest.amount < 0 and not row.broken & _COSTS:
        problems.add(
            "amount_below_cuts",
            row.where("amount"),
            "amount",
            row.get("amount"),
            amount=full.amount,
            cuts=steps * step.amount,
        )
    return option


def _amount(row: Row, covered: bool, problems: Problems) -> int:
    """The money of the full volume: the amount, else fixed cost + unit cost x volume."""
    amount, unit_cost, fixed = (row.get(name) for name in ("amount", "unit_cost", "fixed_cost"))
    if row.broken & _COSTS:
        return int(amount or 0)
    if unit_cost is None:
        if fixed is not None:
            problems.add("fixed_cost_alone", row.where("fixed_cost"), "fixed_cost", fixed)
        elif amount is None and not covered:
            problems.add("amount_missing", row.where("amount"), "amount")
        return int(amount or 0)
    volume = Fraction(row.get("volume") or 0)
    if not volume:
        problems.add("unit_cost_without_volume", row.where("unit_cost"), "volume")
        return int(amount or 0)
    exact: Fraction = (fixed or 0) + unit_cost * volume
    if exact > MAX_MONEY:
        problems.add(
            "money_too_large",
            row.where("unit_cost"),
            "unit_cost",
            unit_cost,
            value=floor(exact),
            max=MAX_MONEY,
        )
    if amount is None:
        return floor(exact)
    if abs(amount - exact) > TOLERANCE:
        problems.add(
            "amount_differs",
            row.where("amount"),
            "amount",
            amount,
            str(floor(exact)),
            amount=amount,
            computed=floor(exact),
            tolerance=TOLERANCE,
        )
    return int(amount)


def _steps(row: Row, full: Figures, problems: Problems) -> tuple[int, int]:
    """How many steps can be cut, and the size of one in millionths of the unit."""
    smallest = int((row.get("min_volume") or 0) * MICRO)
    size = int(row.get("step") * MICRO) if row.get("step") is not None else MICRO
    if size <= 0:
        problems.add("step_zero", row.where("step"), "step", row.get("step"))
        return 0, 0
    if not smallest or "volume" in row.broken:
        return 0, size
    if not full.volume:
        problems.add("volume_missing", row.where("volume"), "volume")
    elif smallest > full.volume:
        problems.add(
            "min_volume_too_large",
            row.where("min_volume"),
            "min_volume",
            row.get("min_volume"),
            min=smallest,
            volume=full.volume,
        )
    else:
        steps = (full.volume - smallest) // size
        if steps <= MAX_STEPS:
            return steps, size
        problems.add(
            "too_many_steps", row.where("step"), "step", row.get("step"), steps=steps, max=MAX_STEPS
        )
    return 0, size


def _step(row: Row, full: Figures, size: int) -> Figures:
    """What one cut step takes off (CONTRACT section 3)."""
    part = Fraction(size, full.volume)
    unit_cost = row.get("unit_cost")
    amount = full.amount * part if unit_cost is None else Fraction(unit_cost * size, MICRO)
    return Figures(
        count=0,
        amount=floor(amount),
        points=half_up(full.points * part),
        volume=size,
        beneficiaries=floor(full.beneficiaries * part),
    )
