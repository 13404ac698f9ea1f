"""A result checked without a solver: money, points, every rule and the certificate of the bound.

Imports neither the model nor a solver. Without a certificate the bound stays the solver's claim;
what can be checked of it is that it fits the plan, the gap and the status.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from solver.assess import violations
from solver.baseline import baseline
from solver.case import Case
from solver.certificate import FalseClaimError, read
from solver.errors import Notice
from solver.instance import Choice, Figures, to_micro
from solver.recommendation import described
from solver.result import Result, StageResult, Status
from solver.scenario import Scenario
from solver.tables import json
from solver.write.document import document as document_of
from solver.write.document import limit

RECOUNTED = ("points", "amount", "limits", "lines", "inversions", "baseline")
"""Keys of a result that follow from its plan alone."""

OF_DECISION = (
    "decision",
    "volume",
    "unit",
    "amount",
    "points",
    "priority",
    "agency",
    "line",
    "district",
    "ward",
    "requested",
    "changes",
)
"""Keys of a decision that follow from the option and the volume it names."""

ROUNDING = 1e-9
"""Gaps and ratios are printed as binary fractions; they are compared to this."""


@dataclass(frozen=True)
class Check:
    """What a check found. `plan` is checked, or none where there is no plan to check.

    `bound` is checked where a certificate holds, and then `gap` is what the certificate leaves; it
    is claimed where only the solver says so.
    """

    plan: str
    bound: str
    gap: float | None
    problems: Sequence[Notice]


def verify(found: Mapping[str, Any], scenario: Scenario) -> Check:
    """Check a result document against the scenario it was made from."""
    problems: list[Notice] = []
    if found["scenario"].get("digest") != scenario.digest:
        facts = {"found": found["scenario"].get("digest"), "due": scenario.digest}
        problems.append(Notice("digest", facts))
    if not found["decisions"]:
        return Check("none", "claimed", None, problems)
    case = Case(scenario.instance)
    unknown: list[Notice] = []
    choices = _choices(found, case, unknown)
    problems += unknown
    if not unknown:
        taken = case.space.take(choices)
        problems += _broken(case, taken)
        problems += _recount(found, scenario, case, taken)
    problems += _claims(found)
    certificate = found["certificate"]
    bound, gap = "claimed", found["gap"]
    if certificate["level"] != "none":
        problems += _certified(certificate, case)
        bound, gap = "checked", certificate["gap"]
    return Check("checked", bound, None if gap is None else float(gap), problems)


def _certified(written: Mapping[str, Any], case: Case) -> list[Notice]:
    """Whether the certificate holds, and says no more than it proves."""
    aim = case.aims[0]
    if aim.name != written["stage"] or aim.name != "points" or written["bound"] is None:
        return [_differs("certificate.stage", written["stage"], aim.name)]
    program = case.program()
    terms = aim.expression(program)
    try:
        certificate = read(written["limits"], to_micro(Decimal(str(written["bound"]))), program)
        certificate.check(program, terms)
    except FalseClaimError as error:
        if error.number is None:
            return [Notice("certificate_sum", {"bound": written["bound"]})]
        return [Notice("certificate", {"number": str(error.number)})]
    if certificate.level != written["level"]:
        return [_differs("certificate.level", written["level"], certificate.level)]
    return []


def _choices(found: Mapping[str, Any], case: Case, unknown: list[Notice]) -> Sequence[Choice]:
    """The plan that the decisions name; what the input does not have goes to `unknown`."""
    choices = []
    for decision in found["decisions"]:
        proposal = case.space.proposals.get(decision["proposal"])
        labels = {option.label: option for option in proposal.options} if proposal else {}
        option = labels.get(decision["option"])
        volume = decision["volume"]
        micro = None if volume is None else to_micro(Decimal(str(volume)))
        is_funded = decision["decision"] in ("fund", "fund_changed")
        fits = option is not None and (micro is None or 0 < micro <= option.full.volume)
        if option is None or (is_funded and not fits):
            facts = {name: decision[name] for name in ("proposal", "option", "volume")}
            unknown.append(Notice("unknown_choice", facts))
        elif is_funded:
            choices.append(Choice(decision["proposal"], decision["option"], micro))
    return choices


def _broken(case: Case, taken: Mapping[int, Figures]) -> list[Notice]:
    broken = []
    for usage in violations(case, taken):
        facts = limit(usage)
        bounds = f"{facts['min']} … {facts['max']}"
        broken.append(Notice("breaks_rule", {**facts, "bounds": bounds}))
    return broken


def _recount(
    found: Mapping[str, Any], scenario: Scenario, case: Case, taken: Mapping[int, Figures]
) -> list[Notice]:
    """Whatever follows from the plan, counted again and compared."""
    stages = [
        StageResult(spec.name, aim.sense, aim.kind, value, value, Fraction(0), value, proven=True)
        for spec, aim in zip(scenario.instance.stages, case.aims, strict=True)
        for value in [aim.value(taken)]
    ]
    result = Result(case, Status.FEASIBLE, baseline(case), stages, taken)
    due = document_of(described(scenario, result, ()), "id", with_input=False)
    problems = [
        _differs(name, found.get(name), due[name])
        for name in RECOUNTED
        if not _same(found.get(name), due[name])
    ]
    told = {decision["proposal"]: decision for decision in found["decisions"]}
    for decision in due["decisions"]:
        mine = told.get(decision["proposal"], {})
        problems += [
            _differs(f"{decision['proposal']}.{name}", mine.get(name), decision[name])
            for name in OF_DECISION
            if not _same(mine.get(name), decision[name])
        ]
    names = [stage["name"] for stage in found["stages"]]
    if names != [stage["name"] for stage in due["stages"]]:
        problems.append(_differs("stages", names, [stage.name for stage in stages]))
    for mine, stage in zip(found["stages"], due["stages"], strict=False):
        if not _near(mine["value"], stage["value"]):
            where = f"stages.{stage['name']}.value"
            problems.append(_differs(where, mine["value"], stage["value"]))
    return problems


def _claims(found: Mapping[str, Any]) -> list[Notice]:
    """Whether bound, best, gap and status fit one another."""
    problems = []
    for stage in found["stages"]:
        best, bound = stage["best"], stage["bound"]
        sign = 1 if stage["sense"] == "max" else -1
        if bound is not None and sign * (bound - best) < 0 and not _near(bound, best):
            problems.append(Notice("bound_below_plan", {"bound": bound, "best": best}))
        unproven = not stage["proven"] or bound is None or not _near(bound, best)
        if found["status"] == "optimal" and unproven:
            problems.append(Notice("optimal_unproven", {"stage": stage["name"]}))
        if stage["name"] == "points" and bound is not None:
            due = abs(float(bound) - float(best)) / max(1.0, abs(float(best)))
            if not _near(found["gap"], due):
                problems.append(Notice("gap", {"found": found["gap"], "due": due}))
            if not _near(found["bound"], bound):
                problems.append(_differs("bound", found["bound"], bound))
            problems += _of_certificate(found["certificate"], best, bound)
    return problems


def _of_certificate(certificate: Mapping[str, Any], best: Any, bound: Any) -> Iterator[Notice]:
    """Whether the certificate's own bound and gap fit the plan, and the bound that is told."""
    mine = certificate["bound"]
    if mine is None or float(mine) < float(bound) or certificate["level"] == "none":
        if not _near(mine, bound):
            yield _differs("certificate.bound", mine, bound)
        mine = bound
    due = (float(mine) - float(best)) / max(1.0, abs(float(best)))
    if not _near(certificate["gap"], due):
        yield Notice("gap", {"found": certificate["gap"], "due": due})


def _differs(where: str, found: Any, due: Any) -> Notice:
    return Notice("differs", {"where": where, "found": _short(found), "due": _short(due)})


def _short(value: Any) -> str:
    text = json.dump(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


def _same(found: Any, due: Any) -> bool:
    return json.dump(found) == json.dump(due)


def _near(found: Any, due: Any) -> bool:
    """The same number, but for how a fraction is printed; None only equals None."""
    if found is None or due is None or (isinstance(found, int) and isinstance(due, int)):
        return bool(found == due)
    return abs(float(found) - float(due)) <= ROUNDING * max(1.0, abs(float(due)))
