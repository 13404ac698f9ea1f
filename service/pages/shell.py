"""What every screen shares: its language, who looks at it, whole pages and parts of them.

A screen is a blueprint made by `screen`. Its views return `page(...)` for a whole page, or
`part(...)` for the piece of one that htmx has asked for. What goes wrong in a view is told on a
page of its own, or, where htmx asked, in the page's notice.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_CEILING, Decimal
from typing import Any

from babel.dates import format_datetime
from flask import Blueprint, Response, current_app, g, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from service import auth, errors
from service.context import here
from service.errors import Problem
from service.pages.gzip import squeeze
from service.store import events
from solver import words
from solver.errors import InputError
from solver.words import LANGUAGES, say

COOKIE = "kayuh_language"

DESK_TABS = (
    ("board.show", "page.tab_board"),
    ("weigh.show", "page.tab_tradeoffs"),
    ("compare.show", "page.tab_compare"),
    ("places.show", "page.tab_places"),
    ("minutes.show", "page.tab_minutes"),
)
"""The screens of a desk, in the order of its tabs; each takes `desk`, the desk's id."""
CITY_TABS = (
    ("lab.show", "lab.tab"),
    ("imports.show", "page.tab_imports"),
    ("history.show", "page.tab_history"),
)
"""The screens of a city; each takes `city`, the city's id."""

Answer = str | AnyResponse | tuple[str, int] | tuple[str, int, Mapping[str, str]]


def screen(name: str) -> Blueprint:
    """A new screen: its views answer with pages, its errors are told on pages."""
    found = Blueprint(name, f"service.pages.{name}")
    found.before_request(_speak)
    found.after_request(squeeze)
    found.register_error_handler(Exception, told)
    return found


def page(template: str, *, city: Any = None, desk: Any = None, **facts: Any) -> str:
    """A whole page. `city` and `desk` are their rows in the store, where it is about one."""
    where = {"city": city, "desk": desk, "tabs": _tabs(city, desk)}
    return render_template(template, **_words(), **where, **facts)


def part(template: str, **facts: Any) -> str:
    """A piece of a page, for htmx to put in its place."""
    return render_template(template, **_words(), **facts)


def wants_part() -> bool:
    """Whether htmx asks, which puts the answer into the page that is there."""
    return "HX-Request" in request.headers


def language() -> str:
    """The language that the reader has chosen; else the service's own."""
    chosen = request.cookies.get(COOKIE)
    return chosen if chosen in LANGUAGES else str(current_app.config["LANGUAGE"])


def tell(code: str, **facts: Any) -> str:
    """The sentence of "topic.code" in the reader's language."""
    return say(code, language(), facts)


def when(stamp: str, pattern: str = "d MMM y, HH:mm:ss") -> str:
    """A time of the store in the reader's language, on this machine's clock."""
    return told_time(datetime.fromisoformat(stamp).astimezone(), pattern)


def told_time(moment: datetime, pattern: str = "d MMM y, HH:mm:ss") -> str:
    """A moment as each language writes it: 24 Nov 2026, 09.30.00; 24 Nov 2026, 09:30:00."""
    spoken = language()
    own = pattern.replace(":", ".") if spoken == "id" else pattern
    return str(format_datetime(moment, own, locale=spoken))


def printed(city: Any, desk: Any) -> str:
    """What stands on every printed sheet: what it is about, the log's head, and when."""
    with here().store.session() as tx:
        mark = events.head(tx).fingerprint
    place = getattr(desk, "name", "") or getattr(city, "title", "")
    now = told_time(datetime.now().astimezone(), "d MMM y, HH:mm")
    return tell("page.printed", place=place, fingerprint=mark, when=now)


def volume(value: int | None, unit: str, spoken: str) -> str:
    """A volume in millionths with its unit; nothing where none is stated."""
    return words.quantity(words.Quantity(value, "volume", unit), spoken) if value else ""


def reason(code: str) -> str:
    """A reason of a decision in a word or two: a reason's or a gate's code."""
    topic = "code" if f"code.{code}" in words.catalogue() else "gate"
    return say(f"{topic}.{code}", language())


def gap(share: float | None) -> str:
    """A share in percent with two digits that count, rounded away from zero: it is a limit."""
    if not share:
        return say("page.percent", language(), {"share": 0})
    digits = Decimal(repr(share))
    step = Decimal(1).scaleb(digits.adjusted() - 1)
    return say("page.percent", language(), {"share": digits.quantize(step, ROUND_CEILING)})


def _speak() -> None:
    g.language = language()


def _words() -> dict[str, Any]:
    """How templates say things: t("topic.code", name=fact), money(rupiah), when(stamp) ..."""
    spoken = language()

    def said(write: Any) -> Any:
        return lambda value: "" if value is None else write(value, spoken)

    return {
        "t": tell,
        "language": spoken,
        "languages": LANGUAGES,
        "money": said(words.money),
        "money_full": said(words.money_full),
        "millions": said(words.millions),
        "number": said(words.number),
        "quantity": said(words.quantity),
        "volume": lambda value, unit: volume(value, unit, spoken),
        "reason": reason,
        "when": when,
        "printed": printed,
        "who": g.get("actor"),
        "is_loopback": here().settings.is_loopback,
    }


def _tabs(city: Any, desk: Any) -> list[dict[str, Any]]:
    """The screens to go to from here, those that there are."""
    wanted = [(e, c, {"desk": desk.id}) for e, c in DESK_TABS] if desk is not None else []
    name = desk.city if desk is not None else city.id if city is not None else None
    if name is not None:
        wanted += [(endpoint, code, {"city": name}) for endpoint, code in CITY_TABS]
    return [
        {"url": url_for(endpoint, **where), "code": code, "here": request.endpoint == endpoint}
        for endpoint, code, where in wanted
        if endpoint in current_app.view_functions
    ]


def told(error: Exception) -> AnyResponse:
    """What went wrong, told by the same words as to programs; whoever is nobody may sign in."""
    _speak()
    if isinstance(error, InputError):
        issues = [errors.issue_entry(issue, {}) for issue in error.issues]
        error = Problem(422, "invalid_input", errors=issues, number=len(issues))
    response: AnyResponse = current_app.make_response(errors.answer(error))
    if response.status_code < 400:
        return response
    if response.status_code == 401 and request.endpoint not in auth.OPEN:
        return _to_sign_in()
    problem = response.get_json(force=True)
    facts = {"text": problem["detail"], "status": response.status_code, "problem": problem}
    if wants_part():
        body = part("notice.html", **facts)
        headers = {"HX-Retarget": "#notice", "HX-Reswap": "innerHTML"}
    else:
        body, headers = page("problem.html", **facts), {}
    found = Response(body, response.status_code, headers)
    for name in ("Allow", "Retry-After"):
        if name in response.headers:
            found.headers[name] = response.headers[name]
    return squeeze(found)


def _to_sign_in() -> AnyResponse:
    back = request.full_path.rstrip("?") if request.method == "GET" and not wants_part() else "/"
    place = url_for("entry.show", back=back)
    if wants_part():
        return Response("", 200, {"HX-Redirect": place})
    return Response("", 303, {"Location": place})


__all__ = ["language", "page", "part", "screen", "tell", "told", "wants_part", "when"]
