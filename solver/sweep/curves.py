"""Curves over a varied key: points, money, the worst-off kecamatan and inversions, by its value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from solver.sweep.plan import Run
from solver.tables import json

MEASURES = ("points", "amount", "worst", "inversions")
FEWEST = 2
"""So many values make a curve."""


@dataclass(frozen=True)
class Spot:
    """One run on a curve. `value` is what the key was set to, None where it stood blank.

    `figures` holds a number for each of MEASURES; None where there is none, as without a plan.
    """

    run: int
    value: Any
    set: Any
    figures: Mapping[str, float | None]


@dataclass(frozen=True)
class Curve:
    """The runs of one scenario that differ in `key` only, `held` being what the others are set to.

    In order of the values where all are numbers, else in the order of the list. The scenario as it
    is takes part where nothing else is varied; its `set` is None.
    """

    scenario: str
    key: str
    held: Mapping[str, Any]
    spots: tuple[Spot, ...]

    @property
    def is_numeric(self) -> bool:
        """Whether all its values are numbers, so that they have distances."""
        return all(_is_number(spot.value) for spot in self.spots)


def curves(runs: Sequence[tuple[Run, Mapping[str, Any] | None]]) -> list[Curve]:
    """The curves of the runs of one scenario, which stand in order with their rows."""
    plain = next((pair for pair in runs if not pair[0].set), None)
    keys = list(dict.fromkeys(key for run, _ in runs for key in run.set))
    found = []
    for key in keys:
        groups: dict[str, list[tuple[Run, Mapping[str, Any] | None]]] = {}
        for run, row in runs:
            if key in run.set:
                held = {other: value for other, value in run.set.items() if other != key}
                groups.setdefault(json.dump(held), []).append((run, row))
        for group in groups.values():
            first = group[0][0]
            held = {other: value for other, value in first.set.items() if other != key}
            spots = list(_spots(key, group))
            if plain is not None and not held and spots:
                spots += _as_it_is(key, plain, group)
            curve = Curve(first.source.name, key, held, tuple(spots))
            if sum(spot.figures["points"] is not None for spot in spots) >= FEWEST:
                found.append(_in_order(curve))
    return found


def _in_order(curve: Curve) -> Curve:
    if not curve.is_numeric:
        return curve
    spots = sorted(curve.spots, key=lambda spot: (spot.value, spot.run))
    return Curve(curve.scenario, curve.key, curve.held, tuple(spots))


def _spots(key: str, group: Sequence[tuple[Run, Mapping[str, Any] | None]]) -> Iterator[Spot]:
    for run, row in group:
        if row is not None and "changes" in row:
            change = _change(key, run, row)
            value = change[2] if change else run.set[key]
            yield Spot(run.number, value, run.set[key], figures(row))


def _change(key: str, run: Run, row: Mapping[str, Any]) -> Sequence[Any] | None:
    """The logged change of the key: its cell, the old and the new value.

    A key without an option may change several rows of one proposal; the first stands for them.
    """
    at = list(run.set).index(key)
    same = [change for change in row["changes"] if _cell(change[0]) == _cell(key)]
    return (
        same[0] if same else (row["changes"][at] if len(row["changes"]) == len(run.set) else None)
    )


def _cell(key: str) -> tuple[str, str, str]:
    """Kind, id without its option, column: what a key without an option has in common with one."""
    kind, _, rest = key.partition(".")
    name, _, column = rest.rpartition(".")
    return kind, name.partition("/")[0] if kind == "proposal" else name, column


def _as_it_is(
    key: str,
    plain: tuple[Run, Mapping[str, Any] | None],
    group: Sequence[tuple[Run, Mapping[str, Any] | None]],
) -> list[Spot]:
    """The scenario without any change, at the value that the others log as the old one."""
    run, row = plain
    if row is None or "changes" not in row:
        return []
    changes = (_change(key, other, there) for other, there in group if there and "changes" in there)
    change = next((change for change in changes if change), None)
    return [Spot(run.number, change[1] if change else None, None, figures(row))]


def figures(row: Mapping[str, Any]) -> dict[str, float | None]:
    """The numbers of one plan that a curve shows."""
    if "taken" not in row:
        return dict.fromkeys(MEASURES)
    return {
        "points": row["points"],
        "amount": row["amount"],
        "worst": row["worst"]["share"] if row["worst"] else None,
        "inversions": row["inversions"],
    }


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
