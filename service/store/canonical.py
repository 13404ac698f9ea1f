"""One text for one document: what digests and the log are made from."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from service.store.errors import InvalidError


def canonical(document: Any) -> str:
    """Sorted keys, no blanks, text as it is; the form in which solver digests a scenario.

    Refuses what no UTF-8 text can hold (half a surrogate pair), which JSON lets through.
    """
    text = json.dumps(
        document, allow_nan=False, ensure_ascii=False, separators=(",", ":"), sort_keys=True
    )
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise InvalidError("not_text") from None
    return text


def sha256(text: str) -> str:
    """The sha256 of the UTF-8 text, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
