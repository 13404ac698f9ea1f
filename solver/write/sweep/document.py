"""A sweep as one JSON document; the same sweep gives the same document wherever it was computed.

Times are not in it: they stand in results.jsonl, where each run's line has its seconds. Money in
rupiah, points as numbers of their own unit, shares as parts of one.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from solver.sweep.accept import Breach
from solver.sweep.curves import MEASURES, Curve, figures
from solver.sweep.report import City, Report, Told
from solver.words import Quantity, say

Document = dict[str, Any]

STATUSES = ("optimal", "feasible", "infeasible", "no_answer", "failed", "waiting")
"""A run's status: the result's, or failed, or waiting where it was not computed."""


def document(report: Report, language: str) -> Document:
    """The runs with their figures, the cities with their verdicts, the curves, the rules kept."""
    statuses = Counter(_status(told) for told in report.runs)
    return {
        "digest": hashlib.sha256("\n".join(t.run.key for t in report.runs).encode()).hexdigest(),
        "versions": dict(report.plan.versions),
        "totals": {
            "runs": len(report.runs),
            "scenarios": len(report.plan.sources),
            "proposals": sum(source.proposals for source in report.plan.sources),
            **{status: statuses[status] for status in STATUSES},
            "not_accepted": sum(told.accepted is False for told in report.runs),
            "points": _sum(report, "points"),
            "amount": _sum(report, "amount"),
        },
        "varied": list(dict.fromkeys(key for told in report.runs for key in told.run.set)),
        "accept": [
            {
                "rule": rule.text,
                "broken_by": [
                    told.run.number
                    for told in report.runs
                    if any(breach.rule is rule for breach in told.breaches)
                ],
            }
            for rule in report.accept
        ],
        "runs": [_run(told, language) for told in report.runs],
        "cities": [_city(city) for city in report.cities],
        "curves": [_curve(curve) for curve in report.curves],
    }


def _status(told: Told) -> str:
    return "waiting" if told.row is None else str(told.row["status"])


def _sum(report: Report, name: str) -> int | float:
    """The sum over each city's base: what the regions come to as they are."""
    rows = {told.run.number: told.row for told in report.runs}
    bases = [rows[city.runs[0]] or {} for city in report.cities]
    total = sum((_fraction(row[name]) for row in bases if name in row), Fraction(0))
    return _number(total)


def _fraction(value: float) -> Fraction:
    return Fraction(repr(value))


def _number(value: Fraction) -> int | float:
    return value.numerator if value.denominator == 1 else float(value)


def _run(told: Told, language: str) -> Document:
    row, run = told.row or {}, told.run
    found: Document = {
        "run": run.number,
        "scenario": run.source.name,
        "title": run.source.title,
        "set": dict(run.set),
        "changes": [
            dict(zip(("key", "from", "to"), c, strict=True)) for c in row.get("changes", ())
        ],
        "key": run.key,
        "digest": row.get("digest"),
        "base": told.base,
        "status": _status(told),
        "ended": row.get("ended"),
        "why": row["why"][language] if "why" in row else None,
        "proposals": row.get("proposals"),
        **dict.fromkeys(("unique", "bound", "gap", "by_hand", "funded", "changed", "covered")),
        **dict.fromkeys((*MEASURES, "worst_district", "stages", "districts", "agencies")),
        "against": None,
        "accepted": told.accepted,
        "breaches": [
            *(_breach(breach, language) for breach in told.breaches),
            *({"text": say("command.unexpected", language, n.facts)} for n in told.unmet),
        ],
    }
    if "taken" in row:
        same = ("unique", "bound", "gap", "by_hand", "stages", "districts", "agencies")
        found |= {name: row[name] for name in same} | figures(row)
        found |= {
            "worst_district": row["worst"]["district"] if row["worst"] else None,
            "funded": len(row["taken"]),
            "changed": len(row["changed"]),
            "covered": len(row["covered"]),
        }
        if told.base is not None and told.against is not None and "taken" in told.against:
            found["against"] = _against(row, told.against)
    return found


def _against(row: Mapping[str, Any], base: Mapping[str, Any]) -> Document:
    """What a run has more or less of than its base, and who enters and leaves."""
    here, there = (r["taken"].keys() | set(r["covered"]) for r in (row, base))
    ours, theirs = figures(row), figures(base)
    return {
        **{name: _difference(ours[name], theirs[name]) for name in MEASURES},
        "enters": sorted(here - there),
        "leaves": sorted(there - here),
    }


def _difference(here: float | None, there: float | None) -> int | float | None:
    if here is None or there is None:
        return None
    return _number(_fraction(here) - _fraction(there))


def _breach(breach: Breach, language: str) -> Document:
    """A rule that is not kept, with what the run has and would need, and its sentence."""
    rule = breach.rule
    facts = {
        "rule": rule.text,
        "subject": breach.subject or "",
        "has": _told(breach.has, rule.measure, language),
        "needs": _told(breach.needs, rule.measure, language),
    }
    code = "breach_no_plan"
    if breach.has is not None:
        code = "breach_few" if rule.sign == ">=" else "breach_many"
        code += "" if breach.subject is None else "_of"
    return {
        "rule": rule.text,
        "subject": breach.subject,
        "has": None if breach.has is None else _number(breach.has),
        "needs": None if breach.needs is None else _number(breach.needs),
        "text": say(f"sweep.{code}", language, facts),
    }


def _told(value: Fraction | None, measure: str, language: str) -> str:
    """A value in its measure: Rp 60 jt; 61,3; 12,5 %."""
    if value is None:
        return ""
    if measure == "amount":
        whole = Quantity(int(value), "amount")
        return say("sweep.quantity", language, {"value": whole})
    kind = "share" if measure in ("gap", "worst") else "plain"
    return say(f"sweep.{kind}", language, {"value": value})


def _city(city: City) -> Document:
    counts = Counter(verdict.verdict for verdict in city.verdicts)
    return {
        "scenario": city.source.name,
        "title": city.source.title,
        "base": city.runs[0],
        "runs": list(city.runs),
        "plans": city.plans,
        **{name: counts[name] for name in ("always", "sometimes", "never")},
        "proposals": [
            {
                "proposal": verdict.proposal,
                **_where(city.proposals[verdict.proposal]),
                "verdict": verdict.verdict,
                "in": verdict.inside,
                "of": verdict.plans,
                "changed": verdict.changed,
                "least": verdict.least,
                "most": verdict.most,
            }
            for verdict in city.verdicts
        ],
    }


def _where(row: Mapping[str, Any]) -> Document:
    return {name: row.get(name, "") for name in ("title", "agency", "district", "ward")}


def _curve(curve: Curve) -> Document:
    return {
        "scenario": curve.scenario,
        "key": curve.key,
        "held": dict(curve.held),
        "numeric": curve.is_numeric,
        "spots": [
            {"run": spot.run, "value": spot.value, "set": spot.set, **spot.figures}
            for spot in curve.spots
        ],
    }


def label(run: Mapping[str, Any], document: Document, language: str) -> str:
    """What a run is called in a table: what is set in it, and its scenario where there are more."""
    told = settings(run["set"], language)
    if not told:
        return str(run["scenario"])
    return told if document["totals"]["scenarios"] == 1 else f"{run['scenario']}: {told}"


def settings(values: Mapping[str, Any], language: str) -> str:
    """KEY = VALUE, ... as they are written on the command line."""
    return ", ".join(f"{key} = {shown(value, language)}" for key, value in values.items())


def shown(value: Any, language: str) -> str:
    """A value as it was given: a text as it is, a number in the language's form."""
    if value is None:
        return say("sweep.blank", language)
    if isinstance(value, str | bool):
        return str(value)
    return say("sweep.plain", language, {"value": value})


def what(
    run: Mapping[str, Any], keys: Sequence[str], with_scenario: bool, language: str
) -> list[str]:
    """What a run is, a column each: its scenario if wanted, and what each varied key is set to."""
    untouched = say("sweep.as_it_is", language)
    values = run["set"]
    return [
        *([str(run["scenario"])] if with_scenario else []),
        *(shown(values[key], language) if key in values else untouched for key in keys),
    ]


def short(text: str, letters: int) -> str:
    """A text of so many letters at most."""
    return text if len(text) <= letters else text[: letters - 1] + "…"
