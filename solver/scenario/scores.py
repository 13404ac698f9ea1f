"""The points of every proposal: from its score column, its rank, or its weighted criteria.

halving   1000 x 2^(1 - rank), at least 1
linear    1000 x (n - rank + 1) / n, where n proposals of the group have a rank
criteria  the sum of weight x value
Points are millionths; what does not divide is rounded half up. A covered proposal scores nothing
and needs no score.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from solver.instance import MICRO, half_up
from solver.scenario.draft import Draft
from solver.tables.columns import COLUMNS, criterion
from solver.tables.problems import Problems
from solver.tables.rows import Row

_WEIGHABLE = tuple(
    column.name for column in COLUMNS["proposals"] if column.kind in ("money", "decimal", "whole")
)


def scores(draft: Draft, requested: Mapping[str, Row], problems: Problems) -> dict[str, int]:
    """Millionths of points by proposal id; what is missing goes to `problems`."""
    weights = _known_weights(draft, problems)
    match draft.score:
        case "column":
            points = _column(requested, problems)
        case "criteria":
            points = _criteria(draft, weights, requested, problems)
        case _:
            points = _ranked(draft, requested, problems)
    if len(points) > 1 and len(set(points.values())) == 1:
        problems.notice("no_ranking")
    return points


def _column(requested: Mapping[str, Row], problems: Problems) -> dict[str, int]:
    points = {}
    for name, row in requested.items():
        score = row.get("score")
        if score is not None:
            points[name] = int(score * MICRO)
        elif not row.get("covered_by") and "score" not in row.broken:
            problems.add("score_missing", row.where("score"), "score")
    return points


def _ranked(draft: Draft, requested: Mapping[str, Row], problems: Problems) -> dict[str, int]:
    groups = {
        name: tuple(row.text(column) for column in draft.rank_within)
        for name, row in requested.items()
    }
    sizes = Counter(groups[name] for name, row in requested.items() if row.get("priority"))
    points = {}
    beyond = []
    for name, row in requested.items():
        rank, size = row.get("priority"), sizes[groups[name]]
        if not rank:
            if rank is None and not row.get("covered_by") and "priority" not in row.broken:
                problems.add(
                    "priority_missing", row.where("priority"), "priority", score=draft.score
                )
            continue
        if draft.score == "halving":
            points[name] = max(MICRO, half_up(Fraction(1000 * MICRO, 2 ** min(rank - 1, 99))))
        else:
            points[name] = half_up(Fraction(1000 * MICRO * (size - rank + 1), size))
            if rank > size:
                beyond.append(name)
    if beyond:
        problems.notice("rank_beyond_group", proposals=beyond[:10], count=len(beyond))
    return points


def _criteria(
    draft: Draft,
    weights: Mapping[str, Decimal],
    requested: Mapping[str, Row],
    problems: Problems,
) -> dict[str, int]:
    if not draft.weights:
        problems.add("weights_missing", draft.weights_place, "weights")
        return {}
    points = {}
    for name, row in requested.items():
        if row.get("covered_by"):
            continue
        for column in weights:
            if row.get(column) is None and column not in row.broken:
                problems.add("criterion_missing", row.where(column), column, column=column)
        points[name] = weighed(row, weights)
    return points


def weighed(row: Row, weights: Mapping[str, Decimal]) -> int:
    """Sum of weight x value over a row's criteria, in millionths of points."""
    values = ((weight, row.get(column)) for column, weight in weights.items())
    total = sum(Fraction(weight) * Fraction(value) for weight, value in values if value is not None)
    return half_up(Fraction(total) * MICRO)


def _known_weights(draft: Draft, problems: Problems) -> dict[str, Decimal]:
    """The weights of criteria that some proposal has, or of columns of numbers."""
    if not draft.weights:
        return {}
    known = {}
    names = {name for row in draft.rows("proposals").values() for name in (*row.cells, *row.broken)}
    criteria = {name for name in names if criterion(name)}
    for column, weight in draft.weights.items():
        if column in criteria or column in _WEIGHABLE:
            known[column] = weight
        else:
            problems.unknown(
                "unknown_column",
                column,
                lambda: sorted(criteria) or _WEIGHABLE,
                draft.weights_place,
                column,
            )
    return known
