"""One spelling for one name: Buah, buah and BUAH are the same unit."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from solver.tables.columns import folded


def spellings(names: Iterable[str], official: Iterable[str] = ()) -> dict[str, str]:
    """Each spelling -> the one to use: an official one, else the most frequent of its kind.

    Names are of one kind where they differ in case, blanks and punctuation only.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for name in names:
        counts[folded(name) or name][name] += 1
    fixed = {folded(name): name for name in official}
    found: dict[str, str] = {}
    for kind, spelled in counts.items():
        best = fixed.get(kind) or min(spelled, key=lambda name: (-spelled[name], name))
        found |= dict.fromkeys(spelled, best)
    return found


def changed(used: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], int]:
    """How often a spelling was replaced by another one, the most frequent first."""
    counts = Counter((before, after) for before, after in used if before != after)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
