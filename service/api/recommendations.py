"""POST /recommendations: the main job."""

from __future__ import annotations

from flask import Response

from service import auth
from service.api import posted
from service.api.answers import answer
from service.api.common import WITH_BODY, answers, resource
from service.api.models import Job, RecommendationQuery, RecommendationQuestion, Result

api = resource("recommendations", "What to fund, fully or smaller, and why.")


@api.post("/recommendations", responses=answers({200: Result, 202: Job}, *WITH_BODY, 429))
def recommend(query: RecommendationQuery, body: RecommendationQuestion) -> Response:
    """Recommend which proposals to fund; an impossible scenario is a result that says why."""
    auth.require_work()
    return answer(posted.read("recommendation", body.root), query.wait)
