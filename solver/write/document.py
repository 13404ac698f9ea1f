"""A recommendation as the JSON document of CONTRACT section 4.

Money in rupiah; points and volumes as numbers of their own unit, with at most six decimals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from importlib.metadata import version
from typing import Any

from solver.assess import amount_of, points_of
from solver.decision import Decision, LineUse
from solver.errors import Notice
from solver.instance import Option, from_micro
from solver.recommendation import Recommendation
from solver.result import Repair, Result, StageResult, Status
from solver.rules import Row, Usage
from solver.tell import MEASURED, Teller
from solver.words import say

Document = dict[str, Any]


def document(recommendation: Recommendation, language: str, *, with_input: bool = True) -> Document:
    """The whole result; `input` is the resolved scenario, so that anyone can check it."""
    result, scenario = recommendation.result, recommendation.scenario
    teller = Teller(result.case, language)
    points = result.points
    taken = result.taken
    found: Document = {
        "status": str(result.status),
        "unique": result.unique,
        "points": None if taken is None else from_micro(points_of(taken)),
        "bound": None if points is None else printed(points.bound, points),
        "gap": None if points is None else points.gap,
        "amount": None if taken is None else amount_of(taken),
        "stages": [_stage(stage) for stage in result.stages],
        "decisions": [decision(d, teller) for d in recommendation.decisions],
        "limits": [limit(usage) for usage in recommendation.limits],
        "lines": [_line(use) for use in recommendation.lines],
        "inversions": [{"skipped": s, "taken": t} for s, t in recommendation.inversions],
        "baseline": None if taken is None else _baseline(result),
        "conflict": _conflict(recommendation, teller),
        "warnings": [warning(notice, language) for notice in recommendation.notices],
        "scenario": {
            "title": scenario.title,
            "digest": scenario.digest,
            "changes": [
                {"key": c.key, "from": c.before, "to": c.after, "file": c.file}
                for c in scenario.changes
            ],
            "off": scenario.document.get("off", {}),
        },
        "certificate": _certificate(result),
        "solver": {
            "name": result.solver[0],
            "version": result.solver[1],
            "method": result.method,
            "seconds": round(result.seconds, 3),
            "kayuh": version("kayuh"),
        },
    }
    if with_input:
        found["input"] = scenario.document
    return found


def _certificate(result: Result) -> Document:
    """What of the bound can be checked without a solver; without a certificate, its claim."""
    points, certificate = result.points, result.certificate
    if points is None or certificate is None:
        return {
            "level": "none",
            "stage": None if points is None else points.name,
            "bound": None if points is None else printed(points.bound, points),
            "gap": None if points is None else points.gap,
        }
    checked = replace(points, bound=Fraction(certificate.bound))
    return {
        "level": certificate.level,
        "stage": points.name,
        "bound": printed(checked.bound, checked),
        "gap": checked.gap,
        "limits": certificate.entries(result.case.program()),
    }


def printed(value: Fraction | None, stage: StageResult) -> int | float | None:
    """A stage's value in its printed unit: points, rupiah, a count or a ratio."""
    if value is None:
        return None
    scaled = value / stage.scale
    return scaled.numerator if scaled.denominator == 1 else float(scaled)


def in_measure(value: int, measure: str) -> int | float:
    """A whole number of a measure in its printed unit."""
    return from_micro(value) if measure in ("points", "volume") else value


def _stage(stage: StageResult) -> Document:
    return {
        "name": stage.name,
        "sense": stage.sense,
        "best": printed(stage.best, stage),
        "bound": printed(stage.bound, stage),
        "give_up": printed(stage.give_up, stage),
        "value": printed(stage.value, stage),
        "proven": stage.proven,
    }


def decision(found: Decision, teller: Teller) -> Document:
    """One decision with its reasons told; volume is null where none was stated."""
    option, figures = found.option, found.figures
    volume: int | float | None = from_micro(figures.volume)
    if found.kind == "covered" or not option.full.volume:
        volume = None
    return {
        "proposal": found.proposal.id,
        "option": option.label,
        "title": found.proposal.title,
        "decision": found.kind,
        "volume": volume,
        "unit": option.unit,
        "amount": figures.amount,
        "points": from_micro(figures.points),
        "priority": found.proposal.priority,
        **_where(option),
        "requested": _requested(found.proposal.requested),
        "changes": list(found.changes),
        "reasons": [
            {
                "code": reason.code,
                "facts": public(reason.facts),
                "text": text,
            }
            for reason, text in zip(found.reasons, teller.each(found.reasons), strict=True)
        ],
    }


def _requested(option: Option) -> Document:
    return {
        "volume": from_micro(option.full.volume) if option.full.volume else None,
        "amount": option.full.amount,
        **_where(option),
    }


def _where(option: Option) -> Document:
    return {
        "agency": option.agency,
        "line": option.line,
        "district": option.district,
        "ward": option.ward,
    }


def public(facts: Mapping[str, Any]) -> Document:
    """Facts with points and volumes in their printed units."""
    found = dict(facts)
    for name in ("points", "volume", "requested"):
        if name in found:
            found[name] = from_micro(found[name])
    for name in MEASURED:
        if name in found:
            found[name] = in_measure(found[name], facts["measure"])
    return found


def limit(usage: Usage) -> Document:
    """One numeric limit with its use."""
    row = usage.row
    return {
        "rule": row.rule,
        "subject": row.subject,
        "measure": row.measure,
        "used": in_measure(usage.used, row.measure),
        "min": None if usage.lower is None else in_measure(usage.lower, row.measure),
        "max": None if usage.upper is None else in_measure(usage.upper, row.measure),
        "tight": usage.tight,
    }


def _line(use: LineUse) -> Document:
    before, after = use.target_before, use.target_after
    return {
        "line": use.line.code,
        "title": use.line.title,
        "agency": use.line.agency,
        "ceiling": use.line.ceiling,
        "committed": use.committed,
        "proposals": use.proposals,
        "moved": use.moved,
        "unit": use.line.unit,
        "target_before": None if before is None else from_micro(before),
        "target_after": None if after is None else from_micro(after),
        "places_added": list(use.places_added),
    }


def _baseline(result: Result) -> Document:
    return {
        "points": from_micro(points_of(result.hand.taken)),
        "amount": amount_of(result.hand.taken),
        "funded": len(result.hand.taken),
        "breaks": [violation(usage) for usage in result.hand.breaks],
    }


def violation(usage: Usage) -> Document:
    """A rule that a list breaks, with what it uses and may use."""
    return {name: value for name, value in limit(usage).items() if name != "tight"}


def _conflict(recommendation: Recommendation, teller: Teller) -> Document | None:
    conflict = recommendation.conflict
    if recommendation.result.status is not Status.INFEASIBLE or conflict is None:
        return None
    by_element: dict[tuple[str, str], list[Row]] = {}
    for row in conflict.rows:
        by_element.setdefault(row.element, []).append(row)
    return {
        "irreducible": conflict.irreducible,
        "rules": [
            {"rule": rule, "subject": subject, "text": teller.clash(rows)}
            for (rule, subject), rows in by_element.items()
        ],
        "repairs": [_repair(repair, teller) for repair in recommendation.repairs],
    }


def _repair(repair: Repair, teller: Teller) -> Document:
    taken = repair.after.taken or {}
    return {
        **repair.fragment,
        "grantor": repair.grantor,
        "rupiah": repair.rupiah,
        "points_after": from_micro(points_of(taken)),
        "text": teller.repair(repair),
    }


def warning(notice: Notice, language: str) -> Document:
    """A warning: its code and its sentence."""
    return {"code": notice.code, "text": say(f"warning.{notice.code}", language, notice.facts)}
