"""What people type, as it is kept: one form for one text, nothing that can't be shown."""

from __future__ import annotations

import re
import unicodedata

from service.store.errors import InvalidError

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
LONGEST = 2000
"""Letters of a note or a reason."""


def plain(raw: str, what: str, most: int = LONGEST) -> str:
    """The text without outer blanks, letters composed; InvalidError where it can't be kept."""
    if _UNPRINTABLE.search(raw):
        raise InvalidError("control_character", {"field": what}, field=what)
    text = unicodedata.normalize("NFC", raw.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(text) > most:
        raise InvalidError("too_long", {"field": what}, field=what, most=most)
    return text
