"""The web server: waitress, with its own errors told as problem documents too."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from typing import Any

from flask import Flask
from waitress.channel import HTTPChannel  # type: ignore[import-untyped]
from waitress.server import BaseWSGIServer, create_server  # type: ignore[import-untyped]
from waitress.task import ErrorTask  # type: ignore[import-untyped]

from service import errors, security
from service.settings import Settings
from solver.errors import UsageError
from solver.words import say

ROOM = 3
"""How many times the largest body is read to its end: a client that still sends hears no answer."""

_CODES = {400: "bad_request", 413: "too_large", 431: "headers_too_large", 501: "bad_request"}


def _channel(language: str) -> type[HTTPChannel]:
    """A connection that tells in a language what waitress refuses before the app sees it."""

    class ProblemTask(ErrorTask):  # type: ignore[misc]
        def execute(self) -> None:
            refusal = self.request.error
            code = _CODES.get(refusal.code, "internal")
            text = say(f"problem.{code}", language)
            body = errors.problem_text(refusal.code, code, text, language).encode("ascii")
            self.status = f"{refusal.code} {refusal.reason}"
            self.response_headers += [("Content-Type", errors.MEDIA), *security.HEADERS.items()]
            self.set_close_on_finish()
            self.content_length = len(body)
            self.write(body)

    class Channel(HTTPChannel):  # type: ignore[misc]
        error_task_class = ProblemTask

    return Channel


class Server:
    """A listening server; `url` is where it is. UsageError where it can't listen."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._sockets: Mapping[int, Any] = {}
        try:
            self._server = create_server(
                app,
                map=self._sockets,
                host=settings.host,
                port=settings.port,
                threads=settings.threads,
                connection_limit=1000,
                ident="",
                max_request_body_size=ROOM * settings.max_body,
            )
        except OSError as error:
            raise UsageError(
                "cannot_listen",
                host=settings.host,
                port=settings.port,
                reason=error.strerror or str(error),
            ) from error
        listening = [s for s in self._sockets.values() if isinstance(s, BaseWSGIServer)]
        channel = _channel(settings.language)
        for server in listening:
            server.channel_class = channel
        host = _reached_at() if settings.is_everywhere else settings.host
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{listening[0].effective_port}"

    def run(self) -> None:
        """Answer requests until SystemExit is raised in this thread; those begun are answered."""
        self._server.run()


def _reached_at() -> str:
    """The address that other machines of the room most likely reach this one at."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: it only chooses the way out
        except OSError:
            return socket.gethostname()
        return str(probe.getsockname()[0])
