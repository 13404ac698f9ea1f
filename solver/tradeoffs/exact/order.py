"""In which order positions are joined: those first whose joining settles limits soonest.

Only speed depends on it, never the answer.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Mapping
from itertools import count
from typing import Any

Tree = Any
"""A position, or a pair of trees."""

FEW = 3
"""A limit of so few positions is a link between them rather than a sum over many."""

HEAVY = 8
"""How much heavier an open sum weighs than an open link."""


def forest(members: Mapping[int, Collection[int]], positions: Iterable[int]) -> list[Tree]:
    """Trees over all positions; positions joined by a limit, directly or not, share a tree.

    `members` are the positions of each limit. Again and again the limit is settled that leaves the
    fewest open, links before sums and small ones first.
    """
    groups: dict[int, tuple[Tree, int]] = {p: (p, 1) for p in positions}
    home = {p: p for p in groups}
    touching = {name: {home[p] for p in held} for name, held in members.items()}
    inside: dict[int, set[int]] = {p: set() for p in groups}
    weight = {name: 1 if len(held) <= FEW else HEAVY for name, held in members.items()}
    for name, held in touching.items():
        for group in held:
            inside[group].add(name)
    stale = set(touching)
    score: dict[int, tuple[int, int, int]] = {}
    while touching:
        for name in stale & touching.keys():
            held = touching[name]
            opened = set().union(*(inside[group] for group in held))
            left = sum(weight[other] for other in opened if not touching[other] <= held)
            score[name] = left, sum(groups[group][1] for group in held), name
        within: Collection[int] = touching
        while within:
            chosen = min(within, key=lambda name: score[name])
            within = [name for name, held in touching.items() if held < touching[chosen]]
        joining = sorted(touching[chosen])
        target, opened = joining[0], set().union(*(inside[group] for group in joining))
        groups[target] = _joined([groups[group] for group in joining])
        for group in joining[1:]:
            del groups[group], inside[group]
        for name in opened:
            touching[name] = (touching[name] - set(joining)) | {target}
        settled = {name for name in opened if touching[name] == {target}}
        for name in settled:
            del touching[name]
        inside[target] = opened - settled
        stale = set().union(*(inside[g] for name in opened - settled for g in touching[name]))
        stale |= opened - settled
    return [tree for tree, _ in groups.values()]


def _joined(parts: list[tuple[Tree, int]]) -> tuple[Tree, int]:
    """The trees as one, the smallest first, so that it stays balanced."""
    turn = count()
    heap = [(size, next(turn), tree) for tree, size in parts]
    heapq.heapify(heap)
    while len(heap) > 1:
        size, _, tree = heapq.heappop(heap)
        other, _, second = heapq.heappop(heap)
        heapq.heappush(heap, (size + other, next(turn), (tree, second)))
    return heap[0][2], heap[0][0]


def pruned(tree: Tree, positions: Collection[int]) -> Tree | None:
    """The tree with these positions only; None where none is left."""
    if isinstance(tree, int):
        return tree if tree in positions else None
    first, second = pruned(tree[0], positions), pruned(tree[1], positions)
    if first is None or second is None:
        return second if first is None else first
    return (first, second)


def leaves(tree: Tree) -> Iterable[int]:
    """The positions of a tree."""
    if isinstance(tree, int):
        yield tree
    else:
        yield from leaves(tree[0])
        yield from leaves(tree[1])
