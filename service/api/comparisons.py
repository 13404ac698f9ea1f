"""POST /comparisons: scenarios and lists made by hand, side by side."""

from __future__ import annotations

from typing import Any

from flask import Response

from service import auth, errors
from service.analyses import Comparing
from service.api import posted
from service.api.answers import answer
from service.api.common import WITH_BODY, answers, resource
from service.api.models import Comparison, ComparisonQuestion, Job, WorkQuery
from service.context import here
from solver.errors import InputError
from solver.instance import Choice
from solver.judgement import read_plan
from solver.scenario import Scenario, resolve

api = resource("comparisons", "Scenarios and lists made by hand, side by side.")


@api.post("/comparisons", responses=answers({200: Comparison, 202: Job}, *WITH_BODY, 429))
def compare(query: WorkQuery, body: ComparisonQuestion) -> Response:
    """Set scenarios side by side with lists; the lists are read against the first scenario."""
    auth.require_work()
    errors.speak(body.params.language)
    posted.check_rows(
        {f"/scenarios/{n}": document for n, document in enumerate(body.scenarios)},
        {f"/plans/{n}/rows": len(plan.rows) for n, plan in enumerate(body.plans)},
    )
    scenarios, found = _scenarios(body)
    lists, wrong = _lists(body, scenarios[0] if not found else None)
    posted.refuse([*found, *wrong])
    columns = [(f"{number}", scenario) for number, scenario in enumerate(scenarios, 1)]
    question = Comparing(columns, lists, body.params.time_limit, {})
    return answer(question, query.wait)


def _scenarios(body: ComparisonQuestion) -> tuple[list[Scenario], list[dict[str, Any]]]:
    """The scenarios, and what is wrong with any of them."""
    known = here().library.known()
    scenarios: list[Scenario] = []
    found: list[dict[str, Any]] = []
    for number, document in enumerate(body.scenarios):
        try:
            scenarios.append(resolve(document, known))
        except InputError as error:
            place = f"/scenarios/{number}"
            found += [errors.issue_entry(issue, document, place) for issue in error.issues]
    return scenarios, found


def _lists(
    body: ComparisonQuestion, first: Scenario | None
) -> tuple[list[tuple[str, tuple[Choice, ...]]], list[dict[str, Any]]]:
    """The lists as the first scenario reads them, and what is wrong with any of them."""
    lists: list[tuple[str, tuple[Choice, ...]]] = []
    found: list[dict[str, Any]] = []
    if first is None:
        return lists, found
    for number, plan in enumerate(body.plans):
        try:
            choices, _ = read_plan(plan.rows, first.instance)
            lists.append((plan.name or f"{number + 1}", choices))
        except InputError as error:
            for issue in error.issues:
                told = errors.issue_entry(issue, {"plan": plan.rows})
                row = told["pointer"].removeprefix("/plan")
                found.append({**told, "pointer": f"/plans/{number}/rows{row}"})
    return lists, found
