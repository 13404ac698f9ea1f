"""How people come in: the language, signing in with an account, joining a room by its code."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from service import auth, errors
from service.context import here
from service.desk import city as cities
from service.desk.city import limits_for
from service.pages.shell import COOKIE, language, page, screen, wants_part
from service.store import people
from service.store.errors import RefusedError
from solver.words import LANGUAGES

pages = screen("entry")
YEAR = 365 * 24 * 3600


@pages.post("/language")
def speak() -> Response:
    """Show everything in another language from now on."""
    response = redirect(inside(request.form.get("back", "/")), 303)
    chosen = request.form.get("language")
    if chosen in LANGUAGES:
        response.set_cookie(COOKIE, chosen, max_age=YEAR, samesite="Lax", httponly=True)
    return response


@pages.get("/sign-in")
def show() -> str:
    """Sign in, or join a desk by the code on its screen."""
    return _form(inside(request.args.get("back", "/")))


@pages.post("/sign-in")
def sign_in() -> Response | tuple[str, int]:
    """Sign in with an account."""
    form, back = request.form, inside(request.form.get("back", "/"))
    try:
        token = people.sign_in(
            here().store, form.get("name", ""), form.get("password", ""), _address()
        )
    except RefusedError as refusal:
        return _refused(refusal, back)
    return _welcome(token, back)


@pages.post("/join")
def join() -> Response | tuple[str, int]:
    """Join a desk's open session by its room code, and wait until the facilitator admits you."""
    form = request.form
    try:
        token = people.join(
            here().store,
            form.get("code", ""),
            form.get("name", ""),
            form.get("role", ""),
            _address(),
            _district(form.get("district", "")),
        )
    except RefusedError as refusal:
        return _refused(refusal, "/")
    return _welcome(token, url_for("entry.wait"))


@pages.get("/waiting")
def wait() -> str | Response:
    """A guest waits here; once admitted they are led to the desk."""
    with here().store.session() as tx:
        login = people.login_of(tx, request.cookies.get(auth.COOKIE, ""))
    if login is None:
        return _lead(url_for("entry.show"))
    if login.admitted:
        place = url_for("board.show", desk=login.desk) if login.desk else url_for("home.show")
        return _lead(place)
    return page("waiting.html", login=login)


@pages.post("/sign-out")
def sign_out() -> Response:
    """Sign out."""
    token = request.cookies.get(auth.COOKIE)
    if token is not None:
        with here().store.write() as tx:
            people.sign_out(tx, token)
    response = redirect(url_for("entry.show"), 303)
    response.delete_cookie(auth.COOKIE, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def inside(place: str) -> str:
    """The place if it is one of this service, else home: no link leads elsewhere by way of us."""
    parts = urlsplit(place)
    strange = parts.scheme or parts.netloc or not place.startswith("/") or "\\" in place
    return url_for("home.show") if strange or place.startswith("//") else place


def _form(back: str, **facts: Any) -> str:
    return page("sign_in.html", back=back, roles=people.GUESTS, **facts)


def _refused(refusal: RefusedError, back: str) -> tuple[str, int]:
    status = errors.answer(refusal).status_code
    return _form(back, refused=refusal.text(language()), typed=request.form), status


def _welcome(token: str, place: str) -> Response:
    response = current_app.response_class("", 303, {"Location": place})
    auth.set_cookie(response, token)
    return response


def _lead(place: str) -> Response:
    if wants_part():
        return current_app.response_class("", headers={"HX-Redirect": place})
    return redirect(place, 303)


def _district(typed: str) -> str:
    """The district as the city writes it, where just one fits what was typed; else what was."""
    wanted = " ".join(typed.casefold().removeprefix("kecamatan ").split())
    with here().store.session() as tx:
        known = {
            option.district
            for city in cities.cities(tx)
            for proposal in limits_for(tx, city.id).proposals.values()
            for option in proposal.options
        }
    fitting = {one for one in known if one.casefold() == wanted} or {
        one for one in known if wanted and one.casefold().endswith(f" {wanted}")
    }
    return fitting.pop() if len(fitting) == 1 else typed.strip()


def _address() -> str:
    """Where the request comes from, for counting tries."""
    return request.remote_addr or ""
