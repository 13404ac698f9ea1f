"""A service to call: in this process, or as a child that listens; and scenarios that take long."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from service.app import create_app
from service.context import KEY
from service.settings import Settings
from service.store import Store

HOME = Path(__file__).resolve().parents[1]
BASE = "http://127.0.0.1:8000"
API = "/api/v1"
ENDS = ("done", "stopped", "failed", "interrupted")


class Caller:
    """Calls one app as a browser on the same machine would, or as `headers` say."""

    def __init__(self, app: Any, base: str = BASE, **headers: str) -> None:
        self.app = app
        self.base = base
        self.headers = headers
        self.client = app.test_client()

    def __call__(self, method: str, path: str, body: Any = None, **kw: Any) -> Answer:
        headers = {**self.headers, **kw.pop("headers", {})}
        if body is not None:
            kw |= {"data": json.dumps(body), "content_type": "application/json"}
        response = self.client.open(
            API + path, method=method, base_url=self.base, headers=headers, **kw
        )
        return Answer(response.status_code, response.headers, response.get_data())

    def job(self, answer: Answer, *states: str, seconds: float = 30) -> dict[str, Any]:
        """The job of a 202, once it is in one of the states (by default: has ended)."""
        assert answer.status == 202, answer.json
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = self("GET", answer.headers["Location"].removeprefix(API)).json
            if found["state"] in (states or ENDS):
                return found
            time.sleep(0.02)
        raise AssertionError(found)


class Answer:
    """What came back."""

    def __init__(self, status: int, headers: Any, data: bytes) -> None:
        self.status = status
        self.headers = headers
        self.data = data

    @property
    def json(self) -> Any:
        return json.loads(self.data)

    @property
    def codes(self) -> set[tuple[str, str]]:
        """The problems: pointer and code."""
        return {(error["pointer"], error["code"]) for error in self.json["errors"]}


@contextmanager
def service(url: str, **settings: Any) -> Iterator[Any]:
    """An app over a database, its runner closed at the end."""
    store = Store(url)
    store.upgrade()
    app = create_app(Settings(database=url, **settings), store)
    try:
        yield app
    finally:
        app.extensions[KEY].runner.close()
        store.close()


def hard(rows: int = 1500, caps: int = 30) -> dict[str, Any]:
    """A knapsack of odd amounts that no solver proves in seconds."""
    proposals = [
        {
            "id": f"U-{n:05}",
            "title": f"Titian {n}",
            "agency": "PUPR",
            "district": "Barat",
            "score": round(1000 + (n * 7_368_787) % 997_000_003 / 1_000_000, 6),
            "amount": 100_000_000 + (n * 104_729) % 9_999_991,
            "tags": [f"t{k}" for k in range(caps) if (n * (k + 3) + n // 5) % 9 == 0],
        }
        for n in range(rows)
    ]
    limits = [
        {"name": f"batas {k}", "tag": f"t{k}", "max": rows * 2_000_000 + 7 + k * 7_000_003}
        for k in range(caps)
    ]
    ceiling = rows * 34_000_000 + 11
    return {
        "format": 1,
        "title": "Sukar",
        "agencies": [{"code": "PUPR", "ceiling": ceiling}],
        "proposals": proposals,
        "limits": limits,
    }


class Child:
    """`kayuh serve` as a process of its own on a free port; a full pipe would stop its logging."""

    def __init__(self, url: str, *words: str, port: int = 0, **environment: str) -> None:
        self.port = port or free_port()
        command = [sys.executable, "-m", "service.cli", "serve", "--port", str(self.port)]
        self.out = tempfile.TemporaryFile()  # noqa: SIM115 (closed when the child is)
        self.err = tempfile.TemporaryFile()  # noqa: SIM115
        self.process = subprocess.Popen(
            [*command, "--database", url, *words],
            stdout=self.out,
            stderr=self.err,
            cwd=HOME,
            env={**os.environ, **environment},
        )

    def ready(self, seconds: float = 30) -> Child:
        """Wait until it answers."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                if self.call("GET", "/healthz").status == 200:
                    return self
            except OSError:
                time.sleep(0.05)
        raise AssertionError(self.printed())

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=40)
        try:
            data = None if body is None else json.dumps(body)
            if body is not None:
                headers = {"Content-Type": "application/json", **headers}
            connection.request(method, API + path, data, headers)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def end(self, number: int, seconds: float = 40) -> tuple[int, str, str]:
        """Send a signal; the exit status and what was printed."""
        self.process.send_signal(number)
        status = self.process.wait(timeout=seconds)
        return status, *self.printed()

    def printed(self) -> tuple[str, str]:
        """What stands on standard output and standard error so far."""
        found = []
        for file in (self.out, self.err):
            file.seek(0)
            found.append(file.read().decode())
        return found[0], found[1]

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(timeout=10)
        self.out.close()
        self.err.close()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
