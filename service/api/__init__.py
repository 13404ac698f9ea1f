"""The HTTP interface under /api/v1: one file a resource, and the document that describes them."""

from __future__ import annotations

from flask_openapi.openapi import OpenAPI

from service.api import (
    assessments,
    cities,
    comparisons,
    description,
    desks,
    guests,
    health,
    jobs,
    logins,
    recommendations,
    rules,
    scenarios,
    tradeoffs,
)

RESOURCES = (
    recommendations,
    assessments,
    tradeoffs,
    comparisons,
    jobs,
    scenarios,
    rules,
    cities,
    desks,
    guests,
    logins,
    health,
)


def register(app: OpenAPI) -> None:
    """Add every resource, and the document and its page."""
    for resource in RESOURCES:
        app.register_api(resource.api)
    app.register_blueprint(description.pages)


__all__ = ["register"]
