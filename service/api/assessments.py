"""POST /assessments: a list made by hand, judged."""

from __future__ import annotations

from flask import Response

from service import auth
from service.api import posted
from service.api.answers import answer
from service.api.common import WITH_BODY, answers, resource
from service.api.models import AskedOfPlan, Assessment, AssessmentQuestion, Job, WorkQuery

api = resource("assessments", "Lists made by hand, judged.")


@api.post("/assessments", responses=answers({200: Assessment, 202: Job}, *WITH_BODY, 429))
def assess(query: WorkQuery, body: AssessmentQuestion) -> Response:
    """Judge a list: what it uses and breaks, its points, its distance from the best."""
    auth.require_work()
    return answer(posted.read("assessment", body.root, AskedOfPlan), query.wait)
