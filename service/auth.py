"""Who asks: a session's cookie, a token for scripts, or nobody, which will do on loopback only."""

from __future__ import annotations

from flask import Flask, Response, g, request

from service import security
from service.context import here
from service.desk.rights import MAY
from service.errors import Problem
from service.settings import Settings
from service.store import LOCAL, Actor, people

COOKIE = "kayuh_session"
OPEN = frozenset(
    (
        "api_health.get_health",
        "api_logins.sign_in",
        "api_logins.join",
        "api_logins.get_me",
        "api_logins.sign_out",
        *("static", "entry.show", "entry.sign_in", "entry.join", "entry.wait", "entry.speak"),
    )
)
"""What answers without a sign-in everywhere: how to sign in, and nothing that tells of a city."""


def register(app: Flask, settings: Settings) -> None:
    """Find out who asks, and refuse whom nobody knows."""

    @app.before_request
    def identify() -> None:
        found = _actor()
        if found is None and settings.is_loopback:
            found = LOCAL
        if found is None and request.endpoint not in OPEN:
            raise unknown()
        g.actor = found
        g.by = found.name if found else None


def unknown(code: str = "sign_in") -> Problem:
    """The problem of whoever is nobody here."""
    return Problem(401, code, headers={"WWW-Authenticate": "Bearer"})


def actor() -> Actor:
    """Who asks."""
    found: Actor = g.actor
    return found


def require_work() -> None:
    """Refuse who only watches: solves take the machine from those who decide."""
    if actor().role == "observer":
        raise Problem(403, "only_watching")


def require_own(by: str) -> None:
    """Refuse whoever meddles with another's job, unless they preside."""
    if actor().name != by and actor().role not in (LOCAL.role, *MAY["preside"]):
        raise Problem(403, "not_yours", by=by)


def _actor() -> Actor | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme:
        with here().store.session() as tx:
            known = people.who_has_token(tx, token) if scheme.casefold() == "bearer" else None
        if known is None:  # a token that opens nothing is a mistake, on loopback too
            raise unknown("token_unknown")
        return known
    cookie = request.cookies.get(COOKIE)
    if cookie is None:
        return None
    security.check_cookie()
    with here().store.session() as tx:
        return people.who_is_signed_in(tx, cookie)


def set_cookie(response: Response, token: str) -> None:
    """Give the browser its session; scripts on the page never see it."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(people.SIGNED_IN_FOR.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )
