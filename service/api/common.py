"""What the resources share: how they are described, and how they answer."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from flask import Response, request
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag
from pydantic import BaseModel

from service import wire
from service.errors import MEDIA

PREFIX = "/api/v1"
ANY_REQUEST = (400, 401, 403, 422, 500, 503)
"""Statuses that any request may be answered with."""
WITH_BODY = (413, 415, 507)
"""Statuses that a request which brings something may be answered with."""

HEADERS: Mapping[str, tuple[str, str]] = {
    "Location": ("Where the job is.", "string"),
    "Retry-After": ("Seconds to wait.", "integer"),
    "ETag": ("To ask with If-None-Match whether it has changed.", "string"),
}


def resource(name: str, about: str) -> APIBlueprint:
    """The blueprint of one resource."""
    return APIBlueprint(
        f"api_{name}",
        __name__,
        url_prefix=PREFIX,
        abp_tags=[Tag(name=name, description=about)],
        operation_id_callback=_named,
    )


def _named(name: str, path: str, method: str) -> str:  # noqa: ARG001 (flask-openapi names them)
    """An operation goes by the name of its function."""
    return name


def component(name: str) -> dict[str, str]:
    """A reference to one of the document's schemas."""
    return {"$ref": f"#/components/schemas/{name}"}


Model = type[BaseModel]


def answers(
    found: Mapping[int, Model | tuple[Model, ...] | None], *refusals: int
) -> dict[int | str, Any]:
    """The answers of an operation: what it gives by status, and the problems it may meet."""
    described: dict[int | str, Any] = {}
    for status, model in found.items():
        described[status] = {"headers": _headers(status)}
        if isinstance(model, tuple):
            schema: Any = {"anyOf": [component(one.__name__) for one in model]}
            described[status]["content"] = {"application/json": {"schema": schema}}
        elif model is not None:
            schema = component(model.__name__)
            described[status]["content"] = {"application/json": {"schema": schema}}
    for status in (*ANY_REQUEST, *refusals):
        described[status] = {
            "headers": _headers(status),
            "content": {MEDIA: {"schema": component("Problem")}},
        }
    return described


def _headers(status: int) -> dict[str, Any]:
    names = {202: ("Location",), 429: ("Retry-After",), 304: ("ETag",)}.get(status, ())
    return {
        name: {"description": HEADERS[name][0], "schema": {"type": HEADERS[name][1]}}
        for name in names
    }


def reply(
    document: Any,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    tag: str | None = None,
) -> Response:
    """A document as an answer that is not sent again to whom has it already (ETag, 304).

    `tag` tells documents apart where that is cheaper than by their text.
    """
    body = wire.text(document)
    response = Response(body, status, headers, content_type="application/json")
    if status == 200:
        response.set_etag(tag or hashlib.sha256(body.encode("ascii")).hexdigest()[:32])
        response.make_conditional(request)
    return response


def unchanged(tag: str) -> Response | None:
    """The answer to whoever has the document of this tag already, made without making it anew."""
    if not request.if_none_match.contains(tag):
        return None
    response = Response(status=304)
    response.set_etag(tag)
    return response
