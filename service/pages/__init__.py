"""The desk in the browser: one file a screen, made on the server, in both languages.

shell       what every screen shares        entry    language, signing in, joining a room
home        the city and its desks          board    the desk's list, its session, recommendations
why         one row: reasons, what it takes, decisions      agree    the three parties
projector   the board for the wall          history  the log
lab         one thing of a scenario at many values          stacked  tables on a phone
"""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.wrappers import Response as AnyResponse

from service import errors
from service.pages import (
    agree,
    board,
    compare,
    entry,
    guide,
    history,
    home,
    imports,
    lab,
    minutes,
    places,
    projector,
    shell,
    tradeoffs,
    why,
)
from service.pages.gzip import squeeze
from service.pages.stacked import stacked

SCREENS = (
    home,
    entry,
    board,
    why,
    agree,
    projector,
    history,
    imports,
    minutes,
    places,
    tradeoffs,
    compare,
    lab,
    guide,
)


def register(app: Flask) -> None:
    """Add every screen."""
    for screen in SCREENS:
        app.register_blueprint(screen.pages)
    app.after_request(_squeeze_files)
    app.register_error_handler(404, _nothing_there)
    app.jinja_env.filters["gap"] = shell.gap
    app.jinja_env.filters["stacked"] = stacked
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _nothing_there(error: Exception) -> AnyResponse:
    """An unknown address is told on a page to whoever reads pages, else as to programs."""
    kinds = ("application/json", "text/html")
    is_page = request.accept_mimetypes.best_match(kinds) == "text/html"
    return shell.told(error) if is_page else errors.answer(error)


def _squeeze_files(response: Response) -> Response:
    """The pages' files go in gzip, too, but for pictures, which are packed already.

    The API's answers are left as they are.
    """
    is_file = request.endpoint == "static" and response.status_code == 200
    if is_file and response.mimetype != "image/webp":
        response.direct_passthrough = False
        return squeeze(response)
    return response
