"""What a workbook's number formats make of a number: a date, a percentage, or the number itself."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_PERCENTS = frozenset({9, 10})
"""Formats that have a number of their own and no code (ISO/IEC 29500-1, 18.8.30)."""
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.')
_BRACKETS = re.compile(r"\[(?!(?:h+|m+|s+)\])[^\[\]]*\]", re.I)
"""A colour, a condition or a currency; but [h] is hours. No bracket in it: or many take ages."""
_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
_LEAP_DAY = 60
"""Excel's day 60 is 29 February 1900, which never was; days before it are one off."""


def meaning(number: int, code: str | None) -> str:
    """Whether a format makes it a "date", a "percent" or a "number"; `code` where it has one."""
    if code is None:
        return "date" if number in _DATES else "percent" if number in _PERCENTS else "number"
    bare = _BRACKETS.sub("", _QUOTED.sub("", code)).partition(";")[0]
    if re.search("[dmyhs]", bare, re.I):
        return "date"
    return "percent" if "%" in bare else "number"


def date_text(days: float, *, since_1904: bool) -> str:
    """The date, time or both that a number of days stands for; the number where there is none."""
    epoch = _EPOCH_1904 if since_1904 else _EPOCH
    try:
        moment = epoch + timedelta(seconds=round(days * 86_400))
        if not since_1904 and 1 <= days < _LEAP_DAY:
            moment += timedelta(days=1)
    except (OverflowError, ValueError):  # no day that a calendar has
        return f"{days:g}"
    if 0 <= days < 1:
        return str(moment.time())
    return str(moment).removesuffix(" 00:00:00")
