"""Signing in by account, joining a room by its code, and signing out."""

from __future__ import annotations

from typing import Any

from flask import Response, g, request

from service import auth
from service.api.common import WITH_BODY, answers, reply, resource
from service.api.models import Me, RoomCode, SignIn
from service.context import here
from service.store import people

api = resource("logins", "Who is signed in.")


@api.post("/logins", responses=answers({201: Me}, *WITH_BODY, 429))
def sign_in(body: SignIn) -> Response:
    """Sign in with an account; the session is a cookie."""
    token = people.sign_in(here().store, body.name, body.password, _address())
    return _welcome(token)


@api.post("/guests", responses=answers({201: Me}, *WITH_BODY, 429))
def join(body: RoomCode) -> Response:
    """Join a desk's open session by its room code, and wait until the facilitator admits you."""
    token = people.join(
        here().store, body.code, body.name, body.role, _address(), body.district or ""
    )
    return _welcome(token)


@api.get("/me", responses=answers({200: Me, 304: None}))
def get_me() -> Response:
    """Who you are here; a guest who waits to be admitted is told so."""
    found = g.actor
    if found is not None:
        return reply(_me(found.name, found.role, found.scope))
    return reply(_who_waits(request.cookies.get(auth.COOKIE, "")))


@api.delete("/logins", responses=answers({204: None}))
def sign_out() -> Response:
    """Sign out."""
    token = request.cookies.get(auth.COOKIE)
    if token is None:
        raise auth.unknown()
    with here().store.write() as tx:
        people.sign_out(tx, token)
    response = Response(status=204)
    response.delete_cookie(auth.COOKIE, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def _welcome(token: str) -> Response:
    with here().store.session() as tx:
        found = people.who_is_signed_in(tx, token)
    document = _me(found.name, found.role, found.scope) if found else _who_waits(token)
    response = reply(document, 201)
    auth.set_cookie(response, token)
    return response


def _who_waits(token: str) -> dict[str, Any]:
    with here().store.session() as tx:
        login = people.login_of(tx, token)
    if login is None:
        raise auth.unknown()
    return _me(login.name, login.role, login.scope, admitted=login.admitted)


def _me(name: str, role: str, scope: str, *, admitted: bool = True) -> dict[str, Any]:
    return {"name": name, "role": role, "scope": scope, "admitted": admitted}


def _address() -> str:
    """Where the request comes from, for counting tries."""
    return request.remote_addr or ""
