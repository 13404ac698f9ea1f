"""Tables of partial plans: everything some positions can do together that may still be the best.

A limit has a price. What a choice loses against the best one at these prices is its loss, never
below zero; where all positions of a limit are joined, what stays unused of it is added at its
price. The losses of a plan then add up to just what its worth is below one fixed bound. So within
a budget of loss nothing better is overlooked, and among partial plans that add to open limits no
more than another does, and are worth no less, only one has to be kept.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

MOST_STATES = 20_000
"""A table with more is given up: the whole goes to HiGHS instead."""

MOST_WORK = 5_000_000
"""So many pairs of partial plans are looked at for one answer at most."""

MOST_WAITING = 600_000
"""So many pairs are held in memory before those are thrown out that others make needless."""

MOST_GROUPS = 300
"""With more groups of partial plans they are not held against one another."""


class TooLargeError(Exception):
    """The tables of this question would grow too large; another method has to answer it."""


Key = tuple[int, ...]


class State(NamedTuple):
    """A partial plan: what it adds to each class of open limits, its loss, its worth, its trace."""

    key: Key
    loss: int
    worth: int
    trace: Any


PRECISION = 30
"""Bits after the point of a price."""


class Price(NamedTuple):
    """A limit with its price in 2^-PRECISION: positive for the upper one, negative for the lower.

    What a plan leaves unused of it, or has beyond it, is lost at this price.
    """

    lower: int | None
    upper: int | None
    price: int

    @property
    def bound(self) -> int:
        """The one of the two limits that has the price; 0 without a price."""
        limit = self.upper if self.price > 0 else self.lower if self.price < 0 else 0
        return limit or 0


@dataclass(frozen=True)
class Table:
    """The partial plans of some positions whose loss is within the budget, least loss first.

    Limits that every position inside uses alike are one class of the key.
    """

    classes: tuple[tuple[int, ...], ...]
    states: Sequence[State]
    budget: int


@dataclass
class Work:
    """How much has been done for one answer, and whether there is time for more."""

    go_on: Callable[[], bool]
    pairs: int = 0

    def add(self, pairs: int) -> None:
        """Count; TooLargeError where it is too much, or the time is over."""
        self.pairs += pairs
        if self.pairs > MOST_WORK or not self.go_on():
            raise TooLargeError


Pair = tuple[int, int]
"""Where a sum over both tables has its parts: a class of the first and of the second, -1: none."""


class _Check(NamedTuple):
    """Settled limits on one sum: its bounds, and its loss as constant - slope x sum.

    `done`: no open limit needs the sum any more.
    """

    pair: Pair
    lower: int | None
    upper: int | None
    constant: int
    slope: int
    done: bool

    def holds(self, use: int) -> bool:
        """Whether a sum is within the bounds."""
        return (self.upper is None or use <= self.upper) and (
            self.lower is None or use >= self.lower
        )


class _Joint(NamedTuple):
    """What two tables are to each other: the sums that stay open, and those that are settled."""

    classes: tuple[tuple[int, ...], ...]
    kept: tuple[Pair, ...]
    checks: tuple[_Check, ...]

    @property
    def constant(self) -> int:
        """The constant part of what settling loses."""
        return sum(check.constant for check in self.checks)

    def turned(self) -> _Joint:
        """The same with the tables in the other order."""
        return _Joint(
            self.classes,
            tuple((b, a) for a, b in self.kept),
            tuple(check._replace(pair=check.pair[::-1]) for check in self.checks),
        )


Candidate = tuple[int, int, int, int, int]
"""Use on the swept class, worth below zero, loss, and the numbers of the two states."""


def merged(
    first: Table,
    second: Table,
    closing: Mapping[int, Price],
    directions: Mapping[int, int],
    budget: int,
    work: Work,
) -> Table:
    """The two tables as one, the limits in `closing` settled; only what may still be the best.

    `directions` say for an open limit whether less use is better (1), more (-1), or neither (0).
    """
    joint = _joint(first, second, closing)
    ways = [_direction(names, directions) for names in joint.classes]
    swept = _swept(joint, ways, first.states, second.states)
    one, two = first.states, second.states
    buckets = _fitted(one, two, joint, swept, ways, budget, work)
    if buckets is None:
        buckets = _joined(one, two, joint, swept, ways, budget, work)
    found = _undominated(buckets, swept, ways, one, two)
    if len(found) > MOST_STATES:
        raise TooLargeError
    return Table(joint.classes, found, budget)


def _joint(first: Table, second: Table, closing: Mapping[int, Price]) -> _Joint:
    where_first = {name: i for i, names in enumerate(first.classes) for name in names}
    where_second = {name: i for i, names in enumerate(second.classes) for name in names}
    pairs: dict[Pair, list[int]] = {}
    for name in {**where_first, **where_second}:
        pair = where_first.get(name, -1), where_second.get(name, -1)
        pairs.setdefault(pair, []).append(name)
    kept = []
    classes = []
    checks = []
    for pair, names in pairs.items():
        if names_open := tuple(name for name in names if name not in closing):
            kept.append(pair)
            classes.append(names_open)
        if settled := [closing[name] for name in names if name in closing]:
            checks.append(_check(pair, settled, done=not names_open))
    return _Joint(tuple(classes), tuple(kept), tuple(checks))


def _check(pair: Pair, prices: Sequence[Price], *, done: bool) -> _Check:
    lowers = [p.lower for p in prices if p.lower is not None]
    uppers = [p.upper for p in prices if p.upper is not None]
    constant = sum(p.price * p.bound for p in prices)
    slope = sum(p.price for p in prices)
    return _Check(pair, max(lowers, default=None), min(uppers, default=None), constant, slope, done)


def _direction(names: Sequence[int], directions: Mapping[int, int]) -> int:
    ways = {directions[name] for name in names}
    return ways.pop() if len(ways) == 1 else 0


def _swept(
    joint: _Joint, ways: Sequence[int], first: Sequence[State], second: Sequence[State]
) -> int:
    """The class in whose order states are swept: the directed one with most different uses."""
    directed = [i for i, way in enumerate(ways) if way]
    if len(directed) < 2:
        return directed[0] if directed else -1
    return max(
        directed,
        key=lambda i: _uses(first, joint.kept[i][0]) * _uses(second, joint.kept[i][1]),
    )


def _uses(states: Sequence[State], at: int) -> int:
    return len({state.key[at] for state in states}) if at >= 0 else 1


def _part(state: State, side: int, joint: _Joint) -> int:
    """The loss of a state less what its own use saves of the limits that are settled."""
    loss = state.loss
    for check in joint.checks:
        loss -= check.slope * state.key[check.pair[side]]
    return loss


def _sum(pair: Pair, key: Key, other: Key) -> int:
    a, b = pair
    return (key[a] if a >= 0 else 0) + (other[b] if b >= 0 else 0)


def _joined(
    first: Sequence[State],
    second: Sequence[State],
    joint: _Joint,
    swept: int,
    ways: Sequence[int],
    budget: int,
    work: Work,
) -> dict[Key, list[Candidate]]:
    """Every pair within the budget that keeps what is settled, by what it adds to all but one sum.

    States that add the same to all else are taken together: of these only the swept sum, the loss
    and the worth differ. The loss of a pair is a part of the one plus a part of the other plus a
    constant, so those looked at are the ones of least part.
    """
    a, b = joint.kept[swept] if swept >= 0 else (-1, -1)
    way = ways[swept] if swept >= 0 else 0
    rest = [pair for i, pair in enumerate(joint.kept) if i != swept]
    on_swept = [check for check in joint.checks if check.pair == (a, b) and swept >= 0]
    others = [check for check in joint.checks if check not in on_swept]
    sums = [*rest, *(check.pair for check in others)]
    one = _alike(first, a, 0, joint, alone=any(x == a >= 0 for x, _ in sums))
    two = _alike(second, b, 1, joint, alone=any(y == b >= 0 for _, y in sums))
    lower = max((c.lower for c in on_swept if c.lower is not None), default=None)
    upper = min((c.upper for c in on_swept if c.upper is not None), default=None)
    buckets: dict[Key, list[Candidate]] = {}
    waiting = 0
    for key, rows, _ in one:
        for other_key, other_rows, other_parts in two:
            if not all(check.holds(_sum(check.pair, key, other_key)) for check in others):
                continue
            found: list[Candidate] = []
            looked = 0
            for use, worth, part, number in rows:
                total = part + joint.constant
                count = bisect_right(other_parts, budget - total)
                looked += count
                found += [
                    (way * (use + u), worth + w, total + p, number, n)
                    for u, w, p, n in other_rows[:count]
                ]
            work.add(looked + 1)
            if lower is not None or upper is not None:
                found = [c for c in found if _within(way * c[0], lower, upper)]
            if found:
                new = tuple([_sum(pair, key, other_key) for pair in rest])
                buckets.setdefault(new, []).extend(found)
                waiting += len(found)
                if waiting > MOST_WAITING:
                    waiting = _sifted(buckets)
    return buckets


def _sifted(buckets: dict[Key, list[Candidate]]) -> int:
    """How many candidates are left when every bucket is reduced to those that rise."""
    for key, found in buckets.items():
        buckets[key] = _rising(found)
    left = sum(map(len, buckets.values()))
    if left > MOST_WAITING // 2:
        raise TooLargeError
    return left


def _within(use: int, lower: int | None, upper: int | None) -> bool:
    return (upper is None or use <= upper) and (lower is None or use >= lower)


_Row = tuple[int, int, int, int]
"""Use on the swept class, worth below zero, part of the loss, and the number of the state."""

_Alike = tuple[Key, list[_Row], list[int]]
"""A key that stands for some states, these states by rising part, and the parts."""


def _alike(
    states: Sequence[State], at: int, side: int, joint: _Joint, *, alone: bool
) -> list[_Alike]:
    """States that add the same to all but one class, taken together; `alone`: each for itself."""
    groups: dict[Key, tuple[Key, list[_Row]]] = {}
    for number, state in enumerate(states):
        key = state.key
        rest = key if alone or at < 0 else key[:at] + key[at + 1 :]
        row = (key[at] if at >= 0 else 0, -state.worth, _part(state, side, joint), number)
        groups.setdefault(rest, (key, []))[1].append(row)
    for _, rows in groups.values():
        rows.sort(key=_third)
    return [(key, rows, [row[2] for row in rows]) for key, rows in groups.values()]


_third = itemgetter(2)


def _fitted(
    first: Sequence[State],
    second: Sequence[State],
    joint: _Joint,
    swept: int,
    ways: Sequence[int],
    budget: int,
    work: Work,
) -> dict[Key, list[Candidate]] | None:
    """Like `_joined`, where a limit on one side only is settled for good; None where none is.

    Of the second ones that add the same to all else only the worthiest that still fits matters.
    """
    fit = next((check for check in joint.checks if _fits(check, joint)), None)
    if fit is None:
        return None
    way = 1 if fit.lower is None else -1
    limit = way * ((fit.upper if way > 0 else fit.lower) or 0)
    one, two = _stairs(first, fit.pair[0], way), _stairs(second, fit.pair[1], way)
    turned = len(second) * len(one) < len(first) * len(two)
    if turned:
        first, second, two, joint = second, first, one, joint.turned()
        fit = fit._replace(pair=fit.pair[::-1])
    if len(two) * 4 > len(second):
        return None
    others = [check for check in joint.checks if check != fit]
    pair = joint.kept[swept] if swept >= 0 else (-1, -1)
    turn = ways[swept] if swept >= 0 else 0
    rest = [p for i, p in enumerate(joint.kept) if i != swept]
    parts = [_part(state, 1, joint) for state in second]
    work.add(len(first) * len(two))
    buckets: dict[Key, list[Candidate]] = {}
    for number, state in enumerate(first):
        left = budget - joint.constant - _part(state, 0, joint)
        room = limit - way * state.key[fit.pair[0]]
        for stairs in two:
            place = bisect_right(stairs.uses, room)
            if not place or parts[stairs.numbers[place - 1]] > left:
                continue
            n = stairs.numbers[place - 1]
            key, other = state.key, second[n].key
            if not all(check.holds(_sum(check.pair, key, other)) for check in others):
                continue
            new = tuple([_sum(p, key, other) for p in rest])
            numbers = (n, number) if turned else (number, n)
            buckets.setdefault(new, []).append(
                (
                    turn * _sum(pair, key, other),
                    -state.worth - second[n].worth,
                    budget - left + parts[n],
                    *numbers,
                )
            )
    return buckets


def _fits(check: _Check, joint: _Joint) -> bool:
    """Whether a settled sum has one bound, and no class of it is needed elsewhere."""
    a, b = check.pair
    sums = [*joint.kept, *(other.pair for other in joint.checks if other != check)]
    return (
        check.done
        and (check.upper is None) != (check.lower is None)
        and not any(a == x or b == y for x, y in sums)
    )


class _Stairs(NamedTuple):
    """States that add the same to all but one class, by rising use, each worth more."""

    uses: list[int]
    numbers: list[int]


def _stairs(states: Sequence[State], at: int, way: int) -> list[_Stairs]:
    groups: dict[Key, list[tuple[int, int, int]]] = {}
    for number, state in enumerate(states):
        rest = state.key[:at] + state.key[at + 1 :]
        groups.setdefault(rest, []).append((way * state.key[at], -state.worth, number))
    found = []
    for rows in groups.values():
        rows.sort()
        stairs = _Stairs([], [])
        best: int | None = None
        for use, worth, number in rows:
            if best is None or worth < best:
                stairs.uses.append(use)
                stairs.numbers.append(number)
                best = worth
        found.append(stairs)
    return found


def _undominated(
    buckets: Mapping[Key, list[Candidate]],
    swept: int,
    ways: Sequence[int],
    first: Sequence[State],
    second: Sequence[State],
) -> list[State]:
    """The candidates that no other one makes needless as states, least loss first.

    Within a bucket by rising use each has to be worth more than the one before; then the better
    buckets are held against the worse.
    """
    others = tuple(way for i, way in enumerate(ways) if i != swept)
    if len(buckets) > MOST_GROUPS and any(others):
        kept = _swept_twice(buckets, others)
    else:
        kept = {key: _rising(found) for key, found in buckets.items()}
    compare = 1 < len(kept) <= MOST_GROUPS and any(others)
    uses = {key: [c[0] for c in stairs] for key, stairs in kept.items()} if compare else {}
    way = ways[swept] if swept >= 0 else 0
    states = []
    for key, stairs in kept.items():
        better = [k for k in kept if k != key and _is_better(k, key, others)] if compare else []
        for use, worth, loss, i, j in stairs:
            if any(_reaches(kept[k], uses[k], use, worth) for k in better):
                continue
            whole = key if swept < 0 else (*key[:swept], way * use, *key[swept:])
            one, two = first[i], second[j]
            states.append(State(whole, loss, -worth, (one.trace, two.trace)))
    states.sort(key=_loss)
    return states


_loss = itemgetter(1)


def _rising(found: list[Candidate]) -> list[Candidate]:
    """The candidates by rising use that are worth more than every one before."""
    found.sort()
    best = 1 << 200
    stairs = []
    for candidate in found:
        if candidate[1] < best:
            best = candidate[1]
            stairs.append(candidate)
    return stairs


def _swept_twice(
    buckets: Mapping[Key, list[Candidate]], ways: Sequence[int]
) -> dict[Key, list[Candidate]]:
    """The candidates that none beats that uses no more of two sums and the same of all else."""
    second = max(
        (i for i, way in enumerate(ways) if way), key=lambda i: len({key[i] for key in buckets})
    )
    joined: dict[Key, list[tuple[Candidate, int, Key]]] = {}
    for key, found in buckets.items():
        rest = key[:second] + key[second + 1 :]
        use = ways[second] * key[second]
        joined.setdefault(rest, []).extend((candidate, use, key) for candidate in found)
    kept: dict[Key, list[Candidate]] = {}
    for entries in joined.values():
        entries.sort(key=_candidate)
        uses: list[int] = []
        worths: list[int] = []
        for candidate, use, key in entries:
            place = bisect_right(uses, use)
            worth = candidate[1]
            if place and worths[place - 1] <= worth:
                continue
            kept.setdefault(key, []).append(candidate)
            after = place
            while after < len(uses) and worths[after] >= worth:
                after += 1
            uses[place:after] = [use]
            worths[place:after] = [worth]
    return kept


_candidate = itemgetter(0)


def _reaches(stairs: Sequence[Candidate], uses: Sequence[int], use: int, worth: int) -> bool:
    """Whether one of the stairs uses no more and is worth no less."""
    place = bisect_right(uses, use)
    return place > 0 and stairs[place - 1][1] <= worth


def _is_better(one: Key, other: Key, ways: Sequence[int]) -> bool:
    """Whether these uses of the other classes are nowhere worse."""
    for a, b, way in zip(one, other, ways, strict=True):
        if a != b and (not way or (a - b) * way > 0):
            return False
    return True
