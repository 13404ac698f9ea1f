"""The tree of Renja lines: which lines stand below which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from solver.instance import Instance


def below(instance: Instance) -> Mapping[str, frozenset[str]]:
    """Each line's code with the codes of itself and every line under it, at any depth."""
    parents = {line.code: line.parent for line in instance.lines}
    found = defaultdict(set)
    for code in parents:
        ancestor = code
        while ancestor:
            found[ancestor].add(code)
            ancestor = parents[ancestor]
    return {code: frozenset(codes) for code, codes in found.items()}
