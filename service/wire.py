"""JSON on the wire: read as strictly as a scenario file, written so that it is always valid."""

from __future__ import annotations

import json
from typing import Any

from flask.json.provider import JSONProvider

from solver.scenario import read_json


class Json(JSONProvider):
    """Decimals as Decimal; InputError for repeated keys, NaN, endless digits, deep nesting."""

    def loads(self, s: str | bytes, **_: Any) -> Any:
        """What the text says."""
        return read_json(s if isinstance(s, bytes) else s.encode("utf-8", "surrogatepass"))

    def dumps(self, obj: Any, **_: Any) -> str:
        """The text of a document."""
        return text(obj)


def text(document: Any) -> str:
    """Escaped to ASCII: half a surrogate pair in a name must not stop an answer."""
    return json.dumps(document, allow_nan=False, separators=(",", ":"))
