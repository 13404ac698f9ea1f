"""A result's sentences in another language, told anew from its plan; nothing is solved again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from solver.case import Case
from solver.decision import decisions
from solver.reread import plan
from solver.scenario import Scenario
from solver.tell import Teller


def retold(found: Mapping[str, Any], scenario: Scenario, language: str) -> dict[str, Any]:
    """The result document of the scenario with its reasons and its conflict in the language.

    Warnings and repairs stay as they were told: what they are made of is not in the document.
    """
    case = Case(scenario.instance)
    teller = Teller(case, language)
    return {
        **found,
        "decisions": _decisions(found, case, teller),
        "conflict": _conflict(found["conflict"], case, teller),
    }


def _decisions(found: Mapping[str, Any], case: Case, teller: Teller) -> list[dict[str, Any]]:
    if not found["decisions"]:
        return []
    told = {d.proposal.id: d.reasons for d in decisions(case, case.space.take(plan(found)))}
    return [
        {
            **decision,
            "reasons": [
                {**reason, "text": text}
                for reason, text in zip(
                    decision["reasons"], teller.each(told[decision["proposal"]]), strict=True
                )
            ],
        }
        for decision in found["decisions"]
    ]


def _conflict(found: Mapping[str, Any] | None, case: Case, teller: Teller) -> dict[str, Any] | None:
    if found is None:
        return None
    rules = [
        {
            **rule,
            "text": teller.clash(
                [row for row in case.rows if row.element == (rule["rule"], rule["subject"])]
            ),
        }
        for rule in found["rules"]
    ]
    return {**found, "rules": rules}
