"""The forms of all documents, by name: the schemas that the description refers to."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema

from service.api import models
from service.api.common import component
from solver.scenario import schemas

PLACE = "#/components/schemas/"

Document = dict[str, Any]


@cache
def forms() -> Document:
    """Every schema by name: of what goes out, of what comes in, and of a scenario."""
    place = PLACE + "{model}"
    _, out = models_json_schema([(m, "serialization") for m in models.OUT], ref_template=place)
    _, taken = models_json_schema([(m, "validation") for m in models.IN], ref_template=place)
    scenario = schemas(lambda name: PLACE + name)
    found: Document = {**out["$defs"], **taken["$defs"], **scenario}
    row = component("PlanRow")
    found["AskedOfPlan"]["properties"]["plan"]["items"] = row
    found["NamedPlan"]["properties"]["rows"]["items"] = row
    found["ComparisonQuestion"]["properties"]["scenarios"]["items"] = component("Scenario")
    for name, beside in (
        ("RecommendationQuestion", "Asked"),
        ("AssessmentQuestion", "AskedOfPlan"),
        ("TradeoffQuestion", "AskedOfTradeoff"),
    ):
        found[name] = _question(scenario["Scenario"], found[beside])
    found["NewScenario"] = component("Scenario")
    return found


def _question(scenario: Document, asked: Document) -> Document:
    """A scenario with what is asked of it: beside it, or among its own keys."""
    beside, needs = asked["properties"], asked.get("required", [])
    among = {
        **scenario,
        "properties": {**scenario["properties"], **beside},
        "required": needs,
    }
    apart = {
        "type": "object",
        "properties": {"scenario": component("Scenario"), **beside},
        "required": ["scenario", *needs],
        "additionalProperties": False,
    }
    return {
        "description": "A scenario, with what is asked of it beside it or among its own keys.",
        "anyOf": [among, apart],
    }
