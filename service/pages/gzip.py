"""Pages and the files they need go over the room's network in a quarter of their size."""

from __future__ import annotations

import gzip
from typing import TypeVar

from flask import request
from werkzeug.wrappers import Response

Answer = TypeVar("Answer", bound=Response)

LEAST = 1024
"""Bytes below which it is not worth the trouble."""


def squeeze(response: Answer) -> Answer:
    """The response in gzip, where the browser can read it. No page holds a secret to be guessed."""
    if (
        response.status_code in (204, 304)
        or response.direct_passthrough
        or "Content-Encoding" in response.headers
        or "gzip" not in request.headers.get("Accept-Encoding", "")
    ):
        return response
    body = response.get_data()
    if len(body) < LEAST:
        return response
    response.set_data(gzip.compress(body, 5, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response
