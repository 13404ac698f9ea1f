"""The log: one JSON object a line on standard error, with request, desk and run ids."""

from __future__ import annotations

import json
import logging
import secrets
import sys
import time
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g, request

log = logging.getLogger("kayuh.requests")

FIELDS = ("request", "desk", "run", "by", "method", "path", "status", "ms", "state", "s", "code")


class Lines(logging.Formatter):
    """A record as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {"at": at, "level": record.levelname, "event": record.getMessage()}
        line["from"] = record.name
        line |= {n: v for n in FIELDS if (v := getattr(record, n, None)) is not None}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line)


def to_standard_error() -> None:
    """Send everything that this process logs to standard error, as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("kayuh").setLevel(logging.INFO)


def register(app: Flask) -> None:
    """Give every request an id, and log it when it is answered."""

    @app.before_request
    def begin() -> None:
        g.request = secrets.token_hex(8)
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        log.info(
            "request",
            extra={
                "request": g.get("request"),
                "desk": g.get("desk"),
                "run": g.get("run"),
                "by": g.get("by"),
                "method": request.method,
                "path": request.path,
                "status": response.status_code,
                "ms": round(1000 * (time.perf_counter() - g.get("began", time.perf_counter())), 1),
            },
        )
        return response
