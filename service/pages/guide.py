"""Help inside the desk: a planner's and a facilitator's guide, with pictures of the desk itself."""

from __future__ import annotations

from pathlib import Path

from flask import current_app

from service.pages.refusals import UnknownPageError
from service.pages.shell import language, page, screen

pages = screen("guide")

GUIDES = {
    "planner": {
        "data": "",
        "check": "import",
        "totals": "",
        "whatif": "compare",
        "lab": "",
        "weigh": "tradeoffs",
        "places": "places",
        "people": "",
        "after": "",
    },
    "facilitator": {
        "open": "",
        "list": "board",
        "decide": "",
        "why": "why",
        "agree": "",
        "minutes": "minutes",
        "trouble": "",
    },
}
"""The guides: their steps in order, each with the picture that goes with it, if there is one."""


@pages.get("/guide/<name>")
def show(name: str) -> str:
    """One guide."""
    if name not in GUIDES:
        raise UnknownPageError("no_guide", name=name[:40])
    steps = [(step, _picture(picture)) for step, picture in GUIDES[name].items()]
    return page("guide.html", name=name, others=[o for o in GUIDES if o != name], steps=steps)


def _picture(name: str) -> str:
    """The file of a picture in the reader's language; empty where it has not been made."""
    file = f"guide/{name}-{language()}.webp"
    made = name and (Path(str(current_app.static_folder)) / file).is_file()
    return file if made else ""
