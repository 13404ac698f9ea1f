"""Locks, alternatives and the other lists: every proposal they name is known and can do it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from solver.errors import Place
from solver.instance import Instance, Lock, Proposal
from solver.scenario.draft import Draft
from solver.tables.problems import Problems


def check_lists(draft: Draft, instance: Instance, problems: Problems) -> None:
    """The proposals of every list are known, and a lock's option and volume are possible."""
    known = {proposal.id: proposal for proposal in instance.proposals}

    def check(names: Iterable[str], column: str, place: Place) -> None:
        for name in names:
            if name not in known:
                problems.unknown("unknown_proposal", name, lambda: known, place, column)

    for alternatives, place in draft.alternatives:
        check(alternatives.proposals, "proposals", place)
    for requires, place in draft.requires:
        check([requires.proposal] if requires.proposal else [], "proposal", place)
        check(requires.needs, "needs", place)
    for together, place in draft.together:
        check(together.proposals, "proposals", place)
    for name, (lock, place) in draft.locks.items():
        check([name], "proposal", place)
        if name in known:
            _check_lock(lock, known[name], place, problems)


def _check_lock(lock: Lock, proposal: Proposal, place: Place, problems: Problems) -> None:
    options = {option.label: option for option in proposal.options}
    if lock.option is not None and lock.option not in options:
        problems.unknown("unknown_option", lock.option, lambda: options, place, "option")
        return
    if lock.volume is None:
        return
    meant = options.values() if lock.option is None else [options[lock.option]]
    largest = max(option.full.volume for option in meant)
    if not 0 < lock.volume <= largest:
        problems.add(
            "volume_outside",
            place,
            "volume",
            None,
            proposal=lock.proposal,
            volume=lock.volume,
            max=largest,
        )


def check_expect(
    expect: Mapping[str, object] | None, instance: Instance, file: str | None, problems: Problems
) -> None:
    """The proposals that [expect] names are known."""
    known = {proposal.id for proposal in instance.proposals}
    for key in ("fund", "not_fund"):
        names = (expect or {}).get(key, ())
        for name in names if isinstance(names, tuple) else ():
            if name not in known:
                problems.unknown(
                    "unknown_proposal", name, lambda: known, Place(file, key="expect"), key
                )


def check_off(draft: Draft, problems: Problems) -> None:
    """What [off] switches off is there."""
    limits = {name for (name,) in draft.rows("limits")}
    for name in sorted(draft.off.locks - draft.locks.keys()):
        problems.unknown(
            "unknown_lock", name, lambda: draft.locks, draft.off_places["locks", name], "locks"
        )
    for name in sorted(draft.off.limits - limits):
        problems.unknown(
            "unknown_limit", name, lambda: limits, draft.off_places["limits", name], "limits"
        )
