"""A draft becomes an Instance; all that is wrong with it is found in one go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from solver.errors import Place
from solver.instance import Instance, PriorityOrder, Proposal, StageSpec
from solver.scenario.draft import Draft
from solver.scenario.lists import check_lists, check_off
from solver.scenario.nouns import agencies_of, limits_of, lines_of, locations_of
from solver.scenario.proposals import proposals_of
from solver.scenario.references import check_references
from solver.tables.plan import match
from solver.tables.problems import Problems


def build(draft: Draft, problems: Problems, same: Mapping[str, Proposal]) -> Instance:
    """The instance of a draft; `same` has proposals that are known to be as they were.

    With any issue in `problems` it is not to be used.
    """
    if "proposals" not in draft.tables and not problems.issues:
        problems.add("no_proposals", Place(), "proposals")
    instance = Instance(
        proposals=proposals_of(draft, problems, same),
        agencies=agencies_of(draft),
        locations=locations_of(draft, problems),
        lines=lines_of(draft, problems),
        limits=limits_of(draft, problems),
        alternatives=tuple(sorted({n for n, _ in draft.alternatives}, key=lambda n: n.proposals)),
        requires=tuple(sorted({n for n, _ in draft.requires}, key=lambda n: (n.proposal, n.needs))),
        together=tuple(sorted({n for n, _ in draft.together}, key=lambda n: n.proposals)),
        locks=tuple(draft.locks[name][0] for name in sorted(draft.locks)),
        order=draft.order or PriorityOrder(),
        off=draft.off,
    )
    check_references(draft, instance, problems)
    check_lists(draft, instance, problems)
    check_off(draft, problems)
    return replace(instance, stages=_stages(draft, instance, problems))


def _stages(draft: Draft, instance: Instance, problems: Problems) -> tuple[StageSpec, ...]:
    specs = []
    for stage in draft.stages:
        spec = stage.spec
        if spec.name == "few_changes":
            spec = replace(spec, plan=match(stage.plan, instance, problems))
        if spec.name == "least_served" and spec.per != "asked":
            _check_least_served(spec, stage.place, instance, problems)
        specs.append(spec)
    return tuple(specs)


def _check_least_served(
    spec: StageSpec, place: Place, instance: Instance, problems: Problems
) -> None:
    """Per head needs the population of every place that asks; per share at least one share."""
    by_ward = spec.by == "ward"
    numbers = {
        (location.district, location.ward): (
            location.population if spec.per == "head" else location.share
        )
        for location in instance.locations
    }
    asked = sorted(
        {
            (option.district, option.ward if by_ward else "")
            for proposal in instance.proposals
            for option in proposal.options
            if not proposal.covered_by and not option.gate and (option.ward or not by_ward)
        }
    )
    missing = [place for place in asked if not numbers.get(place)]
    if spec.per == "head" and missing:
        names = ["/".join(place).rstrip("/") for place in missing]
        problems.add(
            "population_missing", place, "per", "head", places=names[:10], count=len(names)
        )
    if spec.per == "share" and len(missing) == len(asked) > 0:
        problems.add("shares_missing", place, "per", "share")
