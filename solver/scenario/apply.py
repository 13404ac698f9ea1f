"""One scenario file on top of what its parents add up to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from solver.errors import Place
from solver.instance import Off, PriorityOrder
from solver.scenario.changes import apply_changes
from solver.scenario.draft import SINGULAR, Draft
from solver.scenario.fragment import Fragment
from solver.tables.problems import Problems
from solver.tables.rows import Key, Row, key_of


def apply(draft: Draft, fragment: Fragment, problems: Problems) -> Draft:
    """The draft with the fragment on top: its tables, what it adds, then its [set].

    A table that the fragment holds takes the place of the parent's whole table, and with it of
    what the parent changed there.
    """
    replaced = {kind for kind, table in SINGULAR.items() if table in fragment.tables}
    tables = {**draft.tables, **fragment.tables}
    if fragment.proposals:
        tables["proposals"] = _with_proposals(tables.get("proposals", {}), fragment, problems)
    if fragment.limits:
        tables["limits"] = {**tables.get("limits", {}), **fragment.limits}
    draft = replace(
        draft,
        title=draft.title if fragment.title is None else fragment.title,
        year=draft.year if fragment.year is None else fragment.year,
        tables=tables,
        stages=draft.stages if fragment.stages is None else fragment.stages,
        score=fragment.score or draft.score,
        rank_within=(draft.rank_within if fragment.rank_within is None else fragment.rank_within),
        weights={**draft.weights, **fragment.weights},
        weights_place=(
            Place(fragment.file, key="objective.weights")
            if fragment.weights
            else draft.weights_place
        ),
        order=_order(draft.order, fragment),
        alternatives=draft.alternatives + fragment.alternatives,
        requires=draft.requires + fragment.requires,
        together=draft.together + fragment.together,
        locks={**draft.locks, **fragment.locks},
        off=Off(
            rules=draft.off.rules | set(fragment.off.get("rules", ())),
            locks=draft.off.locks | set(fragment.off.get("locks", ())),
            limits=draft.off.limits | set(fragment.off.get("limits", ())),
        ),
        off_places={
            **draft.off_places,
            **{
                (kind, name): Place(fragment.file, key=f"off.{kind}")
                for kind, names in fragment.off.items()
                for name in names
            },
        },
        changes=tuple(
            change for change in draft.changes if change.key.partition(".")[0] not in replaced
        ),
    )
    return apply_changes(draft, fragment.changes, fragment.file, problems)


def _with_proposals(
    rows: Mapping[Key, Row], fragment: Fragment, problems: Problems
) -> dict[Key, Row]:
    found = dict(rows)
    for row in fragment.proposals:
        key = key_of("proposals", row)
        if key in found:
            problems.add(
                "row_twice",
                row.place,
                "id",
                key[0],
                name="/".join(key).rstrip("/"),
                first=found[key].place.file or "",
            )
        elif key[0]:
            found[key] = row
    return found


def _order(order: PriorityOrder | None, fragment: Fragment) -> PriorityOrder | None:
    """A [priority_order] table enforces the order unless it says otherwise."""
    if not fragment.has_order:
        return order
    before = order or PriorityOrder(enforce=True)
    return PriorityOrder(
        within=before.within if fragment.within is None else fragment.within,
        enforce=before.enforce if fragment.enforce is None else fragment.enforce,
    )
