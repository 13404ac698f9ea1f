"""POST /tradeoffs/NAME: what would change the plan, and what it would cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from service import auth, errors
from service.analyses import Weighing
from service.api import posted
from service.api.answers import answer
from service.api.common import WITH_BODY, answers, resource
from service.api.models import (
    AnalysisPath,
    AskedOfTradeoff,
    Job,
    Tradeoff,
    TradeoffQuestion,
    WorkQuery,
)
from service.errors import Problem
from solver.errors import Issue, Place, nearest
from solver.scenario import Scenario
from solver.tradeoffs import ANALYSES

api = resource("tradeoffs", "What would change the plan, and what it would cost.")


@api.post("/tradeoffs/<name>", responses=answers({200: Tradeoff, 202: Job}, *WITH_BODY, 404, 429))
def weigh(path: AnalysisPath, query: WorkQuery, body: TradeoffQuestion) -> Response:
    """Ask one analysis of a scenario; each fact in it is a plan solved anew."""
    auth.require_work()
    if path.name not in ANALYSES:
        raise Problem(404, "no_analysis", name=path.name, known=list(ANALYSES))
    document, beside, prefix = posted.split(body.root, AskedOfTradeoff)
    asked, found = posted.formed(AskedOfTradeoff, AskedOfTradeoff(), beside)
    errors.speak(asked.params.language)
    posted.refuse(found)
    scenario = posted.scenario_of(document, prefix)
    posted.refuse(_unknown(asked.only or [], scenario, beside))
    question = Weighing(path.name, scenario, asked.budget, {}, asked.only or ())
    return answer(question, query.wait)


def _unknown(
    names: list[str], scenario: Scenario, beside: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """A problem for each proposal that the scenario does not have."""
    known = {proposal.id for proposal in scenario.instance.proposals}
    issues = [
        Issue(
            "unknown_proposal",
            {"value": name},
            Place(key=f"only[{number}]"),
            None,
            name,
            nearest(name, known),
        )
        for number, name in enumerate(names, 1)
        if name not in known
    ]
    return [errors.issue_entry(issue, beside) for issue in issues]
