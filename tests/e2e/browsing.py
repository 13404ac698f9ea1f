"""A running desk and Debian's Chromium to look at it with; without one, tests skip and say so."""

from __future__ import annotations

import os
import re
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from service.app import create_app
from service.context import KEY
from service.server import Server
from service.settings import Settings
from service.store import Store

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = os.environ.get("KAYUH_TEST_CHROMIUM") or shutil.which("chromium")
needs_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium: install it, or name one in KAYUH_TEST_CHROMIUM"
)

REFUSALS = re.compile(
    r"Failed to load resource.*(404|409|422|ERR_INTERNET_DISCONNECTED)"
    r"|htmx:error: Failed to fetch|Cross-Origin-Opener"
)
"""What Chromium says of refusals, of a network that is gone, and of an address without TLS."""
SECRET = "sangat rahasia"
WALKED = ["id", pytest.param("en", marks=pytest.mark.soak)]
"""Single walks are in Bahasa Indonesia; `make soak` walks them in English too."""


def own_address() -> str:
    """An address of this machine that others can call; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        try:
            line.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no address but loopback")
        return str(line.getsockname()[0])


@contextmanager
def running(store: Store, **settings: Any) -> Iterator[str]:
    """The address of a service over a store, on a free port of this machine."""
    chosen = Settings(database=str(store.url), port=0, **settings)
    app = create_app(chosen, store)
    server = Server(app, chosen)

    def serve() -> None:
        with suppress(OSError, ValueError):  # at the end its sockets are closed under it
            server.run()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield server.url
    finally:
        app.extensions[KEY].runner.close()
        server._server.close()  # with nothing left to listen to, its loop ends
        server._server.task_dispatcher.shutdown()
        thread.join(timeout=10)


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser without a window."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


class Watched:
    """A page of one reader; what the policy forbids, what fails and what leaves is noted."""

    def __init__(self, browser: Any, url: str, language: str, width: int = 1280) -> None:
        height = 720 if width > 600 else 844
        self.url = url
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, accept_downloads=True
        )
        self.context.add_cookies([{"name": "kayuh_language", "value": language, "url": url}])
        self.page = self.context.new_page()
        self.noted: list[str] = []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.noted.append(f"error: {error}"))
        self.page.on("request", self._request)

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.noted.append(message.text)

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.noted.append(f"left the host: {request.url}")

    def goto(self, path: str) -> Any:
        """Open a page of the desk."""
        self.page.goto(self.url + path)
        self.page.wait_for_load_state("networkidle")
        return self.page

    def sign_in(self, name: str, back: str = "/") -> Any:
        """Enter by the door with an account, and go to a page of the desk."""
        page = self.goto(f"/sign-in?back={back}")
        page.fill("#name", name)
        page.fill("#password", SECRET)
        page.locator("form[action='/sign-in'] button.primary").click()
        page.wait_for_url(self.url + back)
        return page

    @property
    def unexpected(self) -> list[str]:
        """What was noted beside answers that are meant to be refusals."""
        return [note for note in self.noted if not REFUSALS.search(note)]

    @property
    def too_wide(self) -> int:
        """By how many pixels the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - innerWidth"))
