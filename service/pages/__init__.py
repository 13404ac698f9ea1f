"""The desk in the browser: one file a screen, made on the server, in both languages.

shell       what every screen shares        entry    language, signing in, joining a room
home        the city and its desks          board    the desk's list, its session, recommendations
why         one row: reasons, what it takes, decisions      agree    the three parties
projector   the board for the wall          history  the log
lab         one thing of a scenario at many values
"""

from __future__ import annotations

from flask import Flask, Response, request

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
    tradeoffs,
    why,
)
from service.pages.gzip import squeeze
from service.pages.shell import gap

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
    app.jinja_env.filters["gap"] = gap
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _squeeze_files(response: Response) -> Response:
    """The pages' files go in gzip, too, but for pictures, which are packed already.

    The API's answers are left as they are.
    """
    is_file = request.endpoint == "static" and response.status_code == 200
    if is_file and response.mimetype != "image/webp":
        response.direct_passthrough = False
        return squeeze(response)
    return response
