"""Codes for proposals that have none: made of what is proposed and where, not of row numbers.

So the same proposal keeps its code when an export is sorted in another way, or when its status,
remarks and amounts have changed since. Rows that propose the same thing in the same ward on the
same day are told apart by a number, in the order of what they ask for.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import count

from solver.sipd.parts import code
from solver.sipd.record import Record
from solver.tables.columns import folded

_SHORT, _LONG = 7, 14
"""Letters of a code: 35 bits; where two things share them, all that share them get 70."""


def ids(records: Sequence[Record]) -> list[str]:
    """The codes of the records, one each, in their order; no two are equal."""
    keys = [record.own_id or _key(record) for record in records]
    made = {key for key, record in zip(keys, records, strict=True) if not record.own_id}
    short = Counter(key[:_SHORT] for key in made)
    same: dict[str, list[int]] = defaultdict(list)
    for place, key in enumerate(keys):
        same[key].append(place)
    names = {}
    for key, places in same.items():
        if records[places[0]].own_id:
            names[key] = code(key)
        else:
            places.sort(key=lambda place: _content(records[place]))
            names[key] = f"U-{key[: _SHORT if short[key[:_SHORT]] == 1 else _LONG]}"
    found = [""] * len(records)
    taken: set[str] = set()
    numbered = {name: count(2) for name in names.values()}
    for key, places in same.items():
        for place in places:
            name = names[key]
            while name in taken or (name != names[key] and name in numbered):
                name = f"{names[key]}-{next(numbered[names[key]])}"
            taken.add(name)
            found[place] = name
    return found


def _key(record: Record) -> str:
    words = (record.date, record.title, record.district, record.ward)
    digest = hashlib.sha256("\n".join(map(folded, words)).encode("utf-8")).digest()
    return base64.b32encode(digest).decode("ascii").rstrip("=")


def _content(record: Record) -> tuple[object, ...]:
    """What tells two proposals of the same thing apart: first who and how much, then all cells."""
    figures = [(f.party, f.unit, f.amount or 0, str(f.volume)) for f in record.figures]
    return folded(record.agency), figures, record.digest, record.spot
