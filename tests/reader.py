"""A browser without a browser: pages and parts asked of an app in this process."""

from __future__ import annotations

import time
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from desks import PUPR, city_at

from service.app import create_app
from service.context import KEY
from service.desk import decisions
from service.desk.decisions import Decision, Edit
from service.settings import Settings
from service.store import LOCAL, Actor, Store

BASE = "http://127.0.0.1:8000"


class Browser:
    """One person's browser: its language, its cookies, the address it calls."""

    def __init__(self, app: Any, language: str = "id", base: str = BASE) -> None:
        self.app = app
        self.base = base
        self.client = app.test_client()
        self.client.set_cookie("kayuh_language", language, domain=urlsplit(base).hostname)

    def get(self, path: str, *, part: bool = False, follow: bool = False, **headers: str) -> Any:
        """A page, or the part of one that htmx asks for."""
        if part:
            headers["HX-Request"] = "true"
        return self.client.get(
            path, base_url=self.base, headers=headers, follow_redirects=follow, buffered=True
        )

    def post(self, path: str, *, part: bool = True, follow: bool = False, **form: Any) -> Any:
        """A form, sent by htmx unless told otherwise."""
        headers = {"Origin": self.base, **({"HX-Request": "true"} if part else {})}
        return self.client.post(
            path, base_url=self.base, headers=headers, data=form, follow_redirects=follow
        )

    def wait(self, path: str, seconds: float = 30) -> str:
        """The part once nothing in it waits any more."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found: str = self.get(path, part=True).text
            if 'class="busy"' not in found:
                return found
            time.sleep(0.05)
        raise AssertionError(found)


@contextmanager
def served(url: str, wait: float = 10.0, **changes: Any):
    """The small city with both desks open, and the app over it."""
    settings = changes.pop("settings", {})
    opened = changes.pop("opened", True)
    with city_at(url, wait, opened, **changes) as store:
        app = create_app(Settings(database=url, **settings), store)
        try:
            yield app
        finally:
            app.extensions[KEY].runner.close()


class Page(HTMLParser):
    """What a page says and holds: its words, its elements with their attributes."""

    VOID = frozenset({"input", "link", "meta", "br", "col", "img", "hr"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.stray: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.stray.append(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        """All words, blanks made one."""
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str, **wanted: str) -> list[dict[str, str | None]]:
        """The attributes of every such element."""
        return [
            found
            for name, found in self.elements
            if name == tag and all(found.get(k.rstrip("_")) == v for k, v in wanted.items())
        ]


def store_of(app: Any) -> Store:
    """The store that an app stands on."""
    store: Store = app.extensions[KEY].store
    return store


def decide(
    app: Any,
    proposal: str,
    code: str,
    rev: int = 0,
    desk: str = PUPR,
    actor: Actor = LOCAL,
    **more: Any,
) -> Decision:
    """One decision, made beside the pages."""
    with store_of(app).write(actor) as tx:
        return decisions.edit(tx, desk, proposal, Edit(code, **more), rev).decision
