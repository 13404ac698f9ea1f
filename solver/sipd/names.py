"""Which two names mean one agency: Disnaker and DINAS KETENAGAKERJAAN, by their letters alone.

There is no list of agencies here: names differ from city to city. An Indonesian abbreviation is
made of pieces of the full name, in order, mostly from where its words begin. So a name is laid
letter by letter along the other one, and what goes on without a break, or begins with a word,
counts most.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import NamedTuple

from solver.tables.columns import folded

LEAST = 0.6
"""Names less alike than this stay without a partner."""

SURE = 0.65
MARGIN = 0.15
"""A pair is sure from SURE on, where every other way to pair its two names loses MARGIN or more."""

_TYPES: Mapping[str, tuple[str, ...]] = {
    "dinas": ("dis", "din", "d"),
    "badan": ("ba", "b"),
    "kantor": ("kan", "k"),
}
"""The first word of a full name -> how abbreviations begin with it."""

_LITTLE = frozenset({"dan", "serta", "kab", "kabupaten", "kota"})
_INSIDE = 0.4
"""What a letter is worth that begins a piece in the middle of a word; others are worth 1."""

_BARE = 0.6
"""The part of the likeness that does not ask how many words of the full name are met."""

_MOST_ORDERS = 3
"""Up to so many words a full name is also read in other orders."""

_OTHER_ORDER = 0.95

_LONGEST = 120
"""Letters of a name that are compared."""

_MOST_PAIRS = 10_000
"""More names than that under a heading for agencies are none; only equal ones are matched."""

_DIGIT = re.compile("([a-z])([2-9])")
"""P3A in an abbreviation stands for PPPA."""


class Match(NamedTuple):
    """One name and the code it was matched with; the code is empty where nothing is alike.

    `other` is the next best code; likeness goes from 0 to 1.
    """

    name: str
    code: str
    likeness: float
    other: str
    other_likeness: float
    sure: bool


@dataclass(frozen=True)
class _Name:
    kind: str
    words: tuple[str, ...]

    @property
    def letters(self) -> str:
        return "".join(self.words)


def _taken_apart(name: str) -> _Name:
    words = [folded(word) for word in re.split(r"[\s,./&()-]+", name[:_LONGEST])]
    words = [word for word in words if word and word not in _LITTLE]
    kind = words[0] if len(words) > 1 and words[0] in _TYPES else ""
    return _Name(kind, tuple(words[1:] if kind else words))


def likeness(first: str, second: str) -> float:
    """How alike two names are: 1 for the same letters, 0 for nothing in common."""
    if folded(first) == folded(second):
        return 1.0
    short, long = sorted((_taken_apart(first), _taken_apart(second)), key=_length)
    if not short.words or not long.words:
        return 0.0
    forms = {short.letters}
    if not short.kind and len(short.words) == 1:
        starts = [start for start in _TYPES.get(long.kind, ()) if short.letters.startswith(start)]
        forms |= {short.letters[len(start) :] for start in starts} - {""}
    forms |= {_DIGIT.sub(lambda found: found[1] * int(found[2]), form) for form in forms}
    # Below 1, which is kept for names that are the same.
    found = (_laid_along(form, long.words) for form in forms if len(form) > 1)
    return min(0.99, max(found, default=0.0))


def _length(name: _Name) -> tuple[bool, int]:
    """An abbreviation before a full name, then the shorter before the longer."""
    return bool(name.kind) or len(name.words) > 1, len(name.letters)


def _laid_along(letters: str, words: Sequence[str]) -> float:
    found = _aligned(letters, words)
    if len(words) <= _MOST_ORDERS:
        for order in permutations(words):
            found = max(found, _OTHER_ORDER * _aligned(letters, order))
    return found


def _aligned(letters: str, words: Sequence[str]) -> float:
    """The worth of the best way to find the letters, in order, along the words.

    `ends[j]`: the best worth, with the words met, where the last letter so far lies on place j;
    `best[j]`: the best so far on any place before j.
    """
    text = "".join(words)
    word_of = [number for number, word in enumerate(words) for _ in word]
    begins = [place == 0 or word_of[place] != word_of[place - 1] for place in range(len(text))]
    nothing: tuple[float, frozenset[int]] = (0.0, frozenset())
    best = [nothing] * (len(text) + 1)
    ends: list[tuple[float, frozenset[int]] | None] = [None] * len(text)
    for letter in letters:
        new_ends: list[tuple[float, frozenset[int]] | None] = [None] * len(text)
        new_best = list(best)
        for place, sign in enumerate(text):
            if sign == letter:
                worth, met = best[place]
                worth += 1 if begins[place] else _INSIDE
                going_on = ends[place - 1] if place else None
                if going_on and going_on[0] + 1 >= worth:
                    worth, met = going_on[0] + 1, going_on[1]
                new_ends[place] = (worth, met | {word_of[place]})
            here = new_ends[place] or nothing
            new_best[place + 1] = max(new_best[place + 1], new_best[place], here, key=_worth)
        best, ends = new_best, new_ends
    worth, met = best[-1]
    return worth / len(letters) * (_BARE + (1 - _BARE) * len(met) / len(words))


def _worth(state: tuple[float, frozenset[int]]) -> tuple[float, int]:
    return state[0], len(state[1])


def matched(names: Iterable[str], codes: Mapping[str, Collection[str]]) -> list[Match]:
    """Each name with a code of its own: the most alike pair first, then the next.

    `codes` maps a code to the other names it is known by. A name for which no free code is alike
    enough stays without one, and still says which code comes nearest.
    """
    names = sorted(set(names))
    alike = likeness if len(names) * len(codes) <= _MOST_PAIRS else _same
    scores = {
        (name, code): max(alike(name, alias) for alias in (code, *aliases))
        for name in names
        for code, aliases in codes.items()
    }
    chosen: dict[str, str] = {}
    for name, code in sorted(scores, key=lambda pair: (-scores[pair], pair)):
        free = name not in chosen and code not in chosen.values()
        if free and scores[name, code] >= LEAST:
            chosen[name] = code
    return [_match(name, chosen, names, sorted(codes), scores) for name in names]


def _same(first: str, second: str) -> float:
    return float(folded(first) == folded(second))


def _match(
    name: str,
    chosen: Mapping[str, str],
    names: Sequence[str],
    codes: Sequence[str],
    scores: Mapping[tuple[str, str], float],
) -> Match:
    code = chosen.get(name, "")
    others = [other for other in codes if other != code]
    other = max(others, key=lambda other: scores[name, other], default="")
    score = scores[name, code] if code else 0.0
    sure = bool(code) and (
        score == 1
        or (score >= SURE and score - _next_best(name, chosen, names, codes, scores) >= MARGIN)
    )
    return Match(name, code, score, other, scores.get((name, other), 0.0), sure)


def _next_best(
    name: str,
    chosen: Mapping[str, str],
    names: Sequence[str],
    codes: Sequence[str],
    scores: Mapping[tuple[str, str], float],
) -> float:
    """The likeness left to a pair when a free name or code, or a swap with a pair, replaces it."""
    code = chosen[name]
    free_codes = set(codes) - set(chosen.values())
    rivals = [scores[name, other] for other in free_codes]
    rivals += [scores[other, code] for other in names if other not in chosen]
    for other_name, other_code in chosen.items():
        if other_name != name:
            swapped = scores[name, other_code] + scores[other_name, code]
            rivals.append(swapped - scores[other_name, other_code])
    return max(rivals, default=0.0)
