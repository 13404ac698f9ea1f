"""Who may call at all, on loopback too, and what every answer tells the browser not to do.

A page of another site, open in a browser on the same machine, can send requests to this service.
Its Host is then not one of ours (where it rebinds its name to this machine) or its Origin is not
(where it calls us by ours). A plain http address of the room sends no Sec-Fetch-Site, so Origin has
to do there; a browser sends it with everything that could change something.
"""

from __future__ import annotations

import re

from flask import Flask, Response, g, request

from service import errors
from service.errors import Problem, entry
from service.settings import Settings
from solver.commands.common import message
from solver.errors import InputError

API = "/api/"
"""Where bodies are JSON; what the pages send are forms."""

_CONTROL = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
SAFE = ("GET", "HEAD", "OPTIONS")
HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "object-src 'none'",
        )
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def register(app: Flask, settings: Settings) -> None:
    """Check the origin of every request, and give every answer its headers."""

    @app.before_request
    def check() -> None:
        if not settings.trusts(request.headers.get("Host", "")):
            raise Problem(400, "host_not_trusted")
        _check_origin()
        # No name here has such letters, and a database would stumble over them.
        if _CONTROL.search(request.path):
            raise Problem(404, "not_found")

    @app.after_request
    def harden(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        # What is asked for again is looked at again: decisions change under everybody's eyes.
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.headers["X-Request-Id"] = g.get("request", "")
        return response


def _check_origin() -> None:
    origin = request.headers.get("Origin")
    host = request.headers["Host"].casefold()
    if origin is not None and origin.partition("://")[2].casefold() != host:
        raise Problem(403, "origin_not_allowed")
    site = request.headers.get("Sec-Fetch-Site")
    if request.method not in SAFE and site not in (None, "same-origin", "none"):
        raise Problem(403, "origin_not_allowed")


def check_cookie() -> None:
    """A session's cookie alone proves nobody's will: the browser has to say who asks."""
    says_who = "Origin" in request.headers or "Sec-Fetch-Site" in request.headers
    if request.method not in SAFE and not says_who:
        raise Problem(403, "origin_not_allowed")


def read_body(app: Flask) -> None:
    """Read every body of the API before its view does: JSON only, only what has one meaning."""

    @app.before_request
    def read() -> None:
        if request.routing_exception is not None or not request.path.startswith(API):
            return
        has_body = bool(request.content_length) or "chunked" in request.headers.get(
            "Transfer-Encoding", ""
        )
        if not has_body:
            return
        if request.mimetype != "application/json":
            raise Problem(415, "not_json", headers={"Accept": "application/json"})
        try:
            body = request.get_json()
        except InputError as error:
            found = [entry("", i.code, message(i, errors.language())) for i in error.issues]
            raise Problem(400, "unreadable", errors=found) from None
        if not isinstance(body, dict):
            raise Problem(422, "invalid_input", errors=[errors.form_entry("", "object")], number=1)
