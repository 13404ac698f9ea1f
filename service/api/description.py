"""The document that describes the API, and its page, drawn here: neither needs another host."""

from __future__ import annotations

from copy import deepcopy
from importlib.metadata import version
from typing import Any

from flask import Blueprint, Response, current_app, render_template
from flask_openapi.models.info import Info
from markupsafe import Markup, escape

from service import auth, errors
from service.api.common import PREFIX, reply
from service.api.forms import PLACE, forms
from service.context import here
from solver.words import say

pages = Blueprint("description", __name__, url_prefix=PREFIX)

INFO = Info(title="Kayuh", version=version("kayuh"))

Document = dict[str, Any]


@pages.get("/openapi.json")
def document() -> Response:
    """The description of the whole API."""
    return reply(described())


@pages.get("/")
def page() -> str:
    """The description as a page to read."""
    language = errors.language()
    return render_template(
        "description.html",
        api=described(),
        form=_form,
        lang=language,
        word=lambda code: say(f"operation.{code}", language),
    )


def described() -> Document:
    """The OpenAPI document: operations as they are registered, schemas as they are read."""
    language = errors.language()
    found: Document = deepcopy(current_app.api_doc)  # type: ignore[attr-defined]
    found["info"]["description"] = say("operation.about", language)
    for tag in found["tags"]:
        tag["description"] = say(f"operation.group_{tag['name']}", language)
    for operations in found["paths"].values():
        for operation in operations.values():
            operation["summary"] = say(f"operation.{operation['operationId']}", language)
            operation.pop("description", None)
    found["components"] = {"schemas": forms()}
    if not here().settings.is_loopback:
        _secure(found)
    return found


def _secure(found: Document) -> None:
    """Off loopback all but health and signing in needs a session or a token."""
    found["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"},
        "session": {"type": "apiKey", "in": "cookie", "name": auth.COOKIE},
    }
    for operations in found["paths"].values():
        for operation in operations.values():
            is_open = operation["operationId"] in {name.partition(".")[2] for name in auth.OPEN}
            operation["security"] = [] if is_open else [{"token": []}, {"session": []}]


def _form(schema: Document) -> Markup:
    """A schema in a few words: its type, its bounds, and links to what it is made of."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(PLACE)
        return Markup('<a href="#form-{0}">{0}</a>').format(name)
    if "anyOf" in schema:
        return Markup(" | ").join(_form(one) for one in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        choices = schema.get("enum", [schema.get("const")])
        return Markup(" | ").join(Markup("<code>{}</code>").format(c) for c in choices)
    if schema.get("type") == "array":
        return Markup("[ {} ]").format(_form(schema.get("items", {})))
    if "properties" in schema:
        inner = [Markup("{}: {}").format(n, _form(s)) for n, s in schema["properties"].items()]
        return Markup("{{ {} }}").format(Markup(", ").join(inner))
    if isinstance(schema.get("additionalProperties"), dict):
        return Markup("{{ …: {} }}").format(_form(schema["additionalProperties"]))
    bounds = [schema.get("minimum"), schema.get("exclusiveMaximum", schema.get("maximum"))]
    shown = ["" if bound is None else f"{bound:,.15g}" for bound in bounds]
    reach = f" {shown[0]} … {shown[1]}" if any(shown) else ""
    return escape(f"{schema.get('type', '…')}{reach}")
