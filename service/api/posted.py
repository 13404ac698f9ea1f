"""Reads a posted question: the scenario, and beside it its parameters and its plan.

Both forms are read: {"scenario": {...}, "params": {...}}, and the scenario's own keys with `params`
among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from service import errors, work
from service.api.models import Asked, In
from service.context import here
from service.errors import Document, Problem
from solver.errors import InputError
from solver.scenario import Scenario, count_rows, resolve
from solver.solve import Params

Form = TypeVar("Form", bound=In)


def read(kind: str, body: Mapping[str, Any], form: type[Asked] = Asked) -> work.Question:
    """The question that a body puts; Problem 422 with everything that is wrong with it."""
    scenario, beside, prefix = split(body, form)
    asked, found = formed(form, Asked(), beside)
    errors.speak(asked.params.language)
    plan = beside.get("plan")
    posted = {"scenario": scenario, "plan": plan if isinstance(plan, list) else []}
    check_rows({prefix: scenario}, {"/plan": len(posted["plan"])})
    params = Params(**asked.params.model_dump(exclude={"language"}))
    try:
        question = work.question(kind, posted, here().library.known(), params, errors.language())
    except InputError as error:
        for issue in error.issues:
            in_plan = (issue.place.key or "").startswith("plan[")
            within = (posted, "") if in_plan else (scenario, prefix)
            found.append(errors.issue_entry(issue, *within))
    refuse(found)
    return question


def scenario_of(document: Mapping[str, Any], prefix: str = "") -> Scenario:
    """The scenario that a document is; Problem 422 with everything that is wrong with it."""
    check_rows({prefix: document}, {})
    try:
        return resolve(document, here().library.known())
    except InputError as error:
        refuse([errors.issue_entry(issue, document, prefix) for issue in error.issues])
        raise


def formed(
    form: type[Form], without: Form, beside: Mapping[str, Any]
) -> tuple[Form, list[Document]]:
    """What stands beside a scenario, and what is wrong with its form: then it is `without`."""
    try:
        return form.model_validate(beside), []
    except ValidationError as error:
        return without, errors.entries(error)


def refuse(found: list[Document]) -> None:
    """Problem 422 where anything was found."""
    if found:
        raise Problem(422, "invalid_input", errors=found, number=len(found))


def split(body: Mapping[str, Any], form: type[In]) -> tuple[Mapping[str, Any], dict[str, Any], str]:
    """The scenario, what stands beside it, and the pointer to the scenario."""
    if "scenario" not in body:
        beside = {key: body[key] for key in form.model_fields if key in body}
        return {key: body[key] for key in body if key not in beside}, beside, ""
    scenario = body["scenario"]
    if not isinstance(scenario, Mapping):
        raise Problem(
            422, "invalid_input", errors=[errors.form_entry("/scenario", "object")], number=1
        )
    return scenario, {key: body[key] for key in body if key != "scenario"}, "/scenario"


def check_rows(scenarios: Mapping[str, Mapping[str, Any]], lists: Mapping[str, int]) -> None:
    """Problem 422 at the longest table where there are more rows than the service takes.

    `scenarios` are by the pointer to them, `lists` how many rows each list has, by its pointer.
    """
    rows = dict(lists)
    for prefix, scenario in scenarios.items():
        rows |= {f"{prefix}/{key}": number for key, number in count_rows(scenario).items()}
    total, most = sum(rows.values()), here().settings.max_rows
    if total > most:
        longest = max(rows, key=lambda place: rows[place])
        refuse([errors.own_entry(longest, "too_many_rows", rows=total, max=most)])
