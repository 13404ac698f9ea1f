"""What goes wrong in a request, told as a problem document (RFC 9457) in the reader's language.

`errors` has one entry a problem: a JSON pointer into the body (empty where it is not about one
place of the body), a code, and a sentence.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from flask import Flask, Response, current_app, g, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from service import shapes, wire
from service.jobs import Closing, QueueFull
from service.store import errors as store
from solver.commands.common import message
from solver.errors import Issue, UsageError
from solver.scenario import pointer
from solver.words import LANGUAGES, say

log = logging.getLogger("kayuh")

Document = dict[str, Any]

MEDIA = "application/problem+json"
SOON = {"Retry-After": "2"}
"""For what passes by itself."""

_STATUS: Sequence[tuple[type[store.RefusedError], int]] = (
    (store.BusyError, 503),
    (store.FullError, 507),
    (store.StoreError, 503),
    (store.UnknownError, 404),
    (store.ForbiddenError, 403),
    (store.InvalidError, 422),
    (store.RefusedError, 409),
)
"""The status of each kind of refusal: the first that fits."""

_CODED = {"wrong_sign_in": 401, "wrong_room_code": 401, "too_many_tries": 429}
"""Refusals with a status of their own."""

_CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}
"""Our codes for what Flask itself refuses."""


class Problem(Exception):  # noqa: N818 (RFC 9457 calls it a problem)
    """A request that is refused; `code` and `facts` name a sentence of the catalogue `problem`."""

    def __init__(
        self,
        status: int,
        code: str,
        *,
        errors: Sequence[Document] = (),
        headers: Mapping[str, str] | None = None,
        **facts: Any,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.errors = errors
        self.headers = headers
        self.facts = facts


def language() -> str:
    """The language of the answer: what the request asks for, else what its reader prefers."""
    if "language" not in g:
        # The first that the reader accepts: en-GB, id;q=0.5 is a reader of English.
        heard = (tag.partition("-")[0].casefold() for tag, q in request.accept_languages if q)
        default = current_app.config["LANGUAGE"]
        g.language = next((name for name in heard if name in LANGUAGES), default)
    return str(g.language)


def entry(place: str, code: str, text: str, **more: Any) -> Document:
    """One of the problem's `errors`."""
    return {"pointer": place, "code": code, "text": text, **more}


def told(
    status: int,
    code: str,
    text: str,
    errors: Iterable[Document] = (),
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> Response:
    """The problem document as a response."""
    body = problem_text(status, code, text, language(), g.get("request", ""), errors, more)
    response = Response(body, status, content_type=MEDIA)
    response.headers.update(headers or {})
    return response


def problem_text(
    status: int,
    code: str,
    text: str,
    language: str,
    request_id: str = "",
    errors: Iterable[Document] = (),
    more: Mapping[str, Any] | None = None,
) -> str:
    """The problem document as JSON."""
    return wire.text(
        {
            "type": f"urn:kayuh:problem:{code}",
            "title": say(f"status.{status}", language),
            "status": status,
            "detail": text,
            "instance": f"urn:kayuh:request:{request_id}",
            "errors": list(errors),
            **(more or {}),
        }
    )


def speak(wanted: str | None) -> None:
    """Answer this request in the language that its body asks for."""
    if wanted is not None:
        g.language = wanted


def own_entry(place: str, code: str, **facts: Any) -> Document:
    """A problem with a body that is the service's own: a sentence of the catalogue `problem`."""
    return entry(place, code, say(f"problem.{code}", language(), facts))


def form_entry(place: str, code: str) -> Document:
    """A part of a body that does not have its form: a sentence of the catalogue `form_error`."""
    return entry(place, f"form_{code}", say(f"form_error.{code}", language()))


def issue_entry(issue: Issue, document: Mapping[str, Any], prefix: str = "") -> Document:
    """A problem that the solver found in a posted document."""
    more = {"suggestion": issue.suggestion} if issue.suggestion else {}
    place = prefix + pointer(issue, document)
    return entry(place, issue.code, message(issue, language()), **more)


def entries(error: ValidationError) -> list[Document]:
    """What does not have the form that the document of this API describes."""
    is_body = not str(error.title).endswith(("Query", "Path"))
    found = []
    for detail in error.errors(include_url=False, include_input=False):
        code, text = shapes.told(detail, language())
        steps = [str(step).replace("~", "~0").replace("/", "~1") for step in detail["loc"]]
        if is_body:
            found.append(entry("".join(f"/{step}" for step in steps), code, text))
        else:
            found.append(entry("", code, text, parameter=".".join(steps)))
    return found


def invalid(error: ValidationError) -> Problem:
    """The same as a problem."""
    found = entries(error)
    return Problem(422, "invalid_input", errors=found, number=len(found))


def register(app: Flask) -> None:
    """Let the app tell every error as a problem document."""
    for kind, tell in _TOLD:
        app.register_error_handler(kind, tell)


def answer(error: Exception) -> Response:
    """The problem document of an error, for the pages, which show what it says."""
    return next(tell for kind, tell in _TOLD if isinstance(error, kind))(error)


def _problem(problem: Problem) -> Response:
    text = say(f"problem.{problem.code}", language(), problem.facts)
    return told(problem.status, problem.code, text, problem.errors, problem.headers)


def _queue_full(_error: QueueFull) -> Response:
    return _problem(Problem(429, "queue_full", headers={"Retry-After": "10"}))


def _closing(_error: Closing) -> Response:
    return _problem(Problem(503, "closing", headers={"Retry-After": "10"}))


def _refused(error: store.RefusedError) -> Response:
    """What the store or the desk refuses; `field` among its details is where in the body."""
    status = _CODED.get(error.code) or next(s for kind, s in _STATUS if isinstance(error, kind))
    headers = SOON if status == 503 else None
    details = dict(error.details)
    if "wait" in details:
        headers = {"Retry-After": str(details.pop("wait"))}
    text = error.text(language())
    place = f"/{details.pop('field')}" if "field" in details else ""
    return told(status, error.code, text, [entry(place, error.code, text)], headers, **details)


def _usage(error: UsageError) -> Response:
    text = say(f"usage.{error.code}", language(), error.facts)
    return told(422, error.code, text, [entry("", error.code, text)])


def _http(error: HTTPException) -> Response:
    """Flask's own: unknown addresses, other methods, too large; its headers are kept."""
    status = error.code or 500
    if status < 400:
        return Response(status=status, headers=error.get_headers())
    code = _CODES.get(status, "bad_request" if status < 500 else "internal")
    headers = {n: v for n, v in error.get_headers() if n in ("Allow", "Location", "Retry-After")}
    if status not in _CODES:
        status = 400 if status < 500 else 500
    return _problem(Problem(status, code, headers=headers))


def _unexpected(error: Exception) -> Response:
    log.error("unexpected", exc_info=error, extra={"request": g.get("request")})
    return _problem(Problem(500, "internal"))


_TOLD: Sequence[tuple[type[Exception], Callable[[Any], Response]]] = (
    (Problem, _problem),
    (QueueFull, _queue_full),
    (Closing, _closing),
    (store.RefusedError, _refused),
    (UsageError, _usage),
    (HTTPException, _http),
    (Exception, _unexpected),
)
"""What tells each kind of error: the first that fits."""
