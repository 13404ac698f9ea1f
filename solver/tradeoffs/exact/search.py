"""One answer of the exact method: the tables of its trees, made on demand within budgets."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from solver.stages.tie_break import weight
from solver.tradeoffs.exact.order import Tree, forest, leaves, pruned
from solver.tradeoffs.exact.parts import Bar, Numbers, Parts, Pick
from solver.tradeoffs.exact.table import PRECISION, Price, State, Table, Work, merged

WORTH, CHANGES = 64, 40
"""Where worth and changes begin in the one number plans are compared by; below is the tie-break."""

UNLIMITED = 1 << 400
"""The budget of a table that holds everything."""


@dataclass
class Memory:
    """What stays for all questions: prices, the order of joining, and what the base needed.

    `own` are the signs of the base's joinings; their tables are kept, those of a question are not.
    `gaps` is what was lost where a set of limits was settled, as a first guess for the next time.
    """

    prices: Mapping[int, int]
    trees: Sequence[Tree]
    signs: Numbers = field(default_factory=Numbers)
    own: set[int] = field(default_factory=set)
    tables: dict[int, Table] = field(default_factory=dict)
    least: dict[int, int] = field(default_factory=dict)
    gaps: dict[tuple[int, ...], int] = field(default_factory=dict)


@dataclass(frozen=True)
class Node:
    """A position, or the joining of two nodes with the limits that it settles.

    `sign` stands for all that decides its table; no more than `most` can be lost in it.
    """

    sign: int
    most: int
    position: int = -1
    parts: tuple[Node, Node] | None = None
    closing: Mapping[int, Price] = field(default_factory=dict)


def prices_within(bars: Mapping[int, Bar], prices: Mapping[int, int]) -> Mapping[int, int]:
    """The prices that fit what the limits are now: above zero for an upper one, below for a lower.

    Any price is true in the sense of the bound; a price without its limit would have no bound.
    """
    return {
        name: prices[name]
        for name, bar in bars.items()
        if (prices.get(name, 0) > 0 and bar.upper is not None)
        or (prices.get(name, 0) < 0 and bar.lower is not None)
    }


class Search:
    """One answer. `hint` are the steps cut of a plan that may be good; a right one saves time."""

    def __init__(
        self,
        memory: Memory,
        parts: Parts,
        lazy: Collection[int],
        hint: Mapping[int, int],
        go_on: Callable[[], bool],
        *,
        keep: bool = False,
    ) -> None:
        self.memory = memory
        self.parts = parts
        self.bars = {name: bar for name, bar in parts.bars.items() if name not in lazy}
        self.prices = prices_within(self.bars, memory.prices)
        self.directions = {
            name: (bar.lower is None) - (bar.upper is None) for name, bar in self.bars.items()
        }
        self.hint = hint
        self.keep = keep
        self.work = Work(go_on)
        self.signs = Numbers(len(memory.signs.known))
        self.least: dict[int, int] = {}
        self.fresh: dict[int, Table] = {}
        self.hinted: dict[int, State] = {}
        self.used = dict.fromkeys(self.bars, 0)

    def run(self) -> dict[int, Pick] | None:
        """The best pick of every position; None where no plan is possible."""
        plan = dict(self.parts.decided)
        for tree in self._trees():
            node, _ = self._node(tree)
            for part in node.parts or ():
                self._probe(part)
            state = max(self._grown(node, self._hinted(node)).states, key=_worth, default=None)
            if state is None:
                return None
            for position, index in _traced(state.trace):
                plan[position] = self.parts.picks[position][index]
        return plan

    def _trees(self) -> list[Tree]:
        """The trees remembered, without what is decided, joined where a limit now joins them."""
        found = [
            tree
            for whole in self.memory.trees
            if (tree := pruned(whole, self.parts.picks)) is not None
        ]
        home = {p: i for i, tree in enumerate(found) for p in leaves(tree)}
        for position in self.parts.picks:
            if position not in home:
                home[position] = len(found)
                found.append(position)
        members = {name: {home[p] for p in bar.members} for name, bar in self.bars.items()}
        crossing = {name: held for name, held in members.items() if len(held) > 1}
        return [_placed(tree, found) for tree in forest(crossing, range(len(found)))]

    def _sign(self, thing: object) -> int:
        """The number of all that decides a table; the base's are remembered."""
        if self.keep:
            sign = self.memory.signs.of(thing)
            self.memory.own.add(sign)
            return sign
        known = self.memory.signs.known.get(thing)
        return self.signs.of(thing) if known is None else known

    def _node(self, tree: Tree) -> tuple[Node, dict[int, int]]:
        """The node of a tree, and how many positions of each open limit it holds."""
        if isinstance(tree, int):
            return self._leaf(tree)
        first, held = self._node(tree[0])
        second, more = self._node(tree[1])
        if len(held) < len(more):
            held, more = more, held
        closing = {}
        for name, number in more.items():
            held[name] = held.get(name, 0) + number
            bar = self.bars[name]
            if held[name] == len(bar.members):
                closing[name] = Price(bar.lower, bar.upper, self.prices.get(name, 0))
                del held[name]
        sign = self._sign((first.sign, second.sign, tuple(closing.items())))
        most = first.most + second.most + sum(self._most(n, p) for n, p in closing.items())
        return Node(sign, most, parts=(first, second), closing=closing), held

    def _most(self, name: int, price: Price) -> int:
        """What can be lost at most by leaving a limit unused."""
        if not price.price:
            return 0
        uses = [[pick.use(name) for pick in self.parts.picks[p]] for p in self.bars[name].members]
        bound = price.bound
        return abs(price.price) * max(
            abs(bound - sum(map(min, uses))), abs(bound - sum(map(max, uses)))
        )

    def _leaf(self, position: int) -> tuple[Node, dict[int, int]]:
        picks = self.parts.picks[position]
        names = tuple(sorted({n for pick in picks for n, _ in pick.uses if n in self.bars}))
        nets = [
            (pick.worth << PRECISION)
            - sum(self.prices.get(name, 0) * use for name, use in pick.uses)
            for pick in picks
        ]
        top = max(nets)
        states = [
            State(
                tuple([pick.use(name) for name in names]),
                top - net,
                (pick.worth << WORTH) - (pick.changes << CHANGES) + _weight(position, pick),
                (position, index),
            )
            for index, (pick, net) in enumerate(zip(picks, nets, strict=True))
        ]
        states.sort(key=_loss)
        ways = tuple(self.directions[name] for name in names)
        sign = self._sign((position, names, ways, tuple(states)))
        steps = self.hint.get(position, -1)
        for state in states:
            if picks[state.trace[1]].steps == steps:
                self.hinted[position] = state
                for name, use in zip(names, state.key, strict=True):
                    self.used[name] += use
        if self._known(sign) is None:
            self._keep(sign, _table(names, states))
        return Node(sign, states[-1].loss, position), dict.fromkeys(names, 1)

    def _probe(self, node: Node) -> None:
        """Find the least loss wherever a priced limit is settled, so that all budgets are tight."""
        if node.parts is None or self._least(node):
            return
        first, second = node.parts
        self._probe(first)
        self._probe(second)
        self._learn(node, self._least(first) + self._least(second))
        if any(price.price for price in node.closing.values()):
            self._grown(node, None)

    def _grown(self, node: Node, hint: int | None) -> Table:
        """The node's table within the first budget that holds a state; empty: none is possible.

        The loss of a plan that is known is budget enough, where it is not far too much.
        """
        place = tuple(node.closing)
        known = sum(self._least(part) for part in node.parts or ())
        gap = self.memory.gaps.get(place, 0)
        more = max(node.most >> 14, gap + gap // 16, self._least(node) - known, 1)
        while True:
            budget = min(known + more, node.most)
            if hint is not None and hint <= budget + more:
                budget = hint
            table = self._table(node, budget)
            if table.states:
                self.memory.gaps.setdefault(place, table.states[0].loss - known)
                return table
            if budget == node.most:
                return table
            more += more // 2 + 1

    def _hinted(self, node: Node) -> int | None:
        """The loss of the hinted plan within a tree; None where it is no plan of the question."""
        loss, stack = 0, [node]
        while stack:
            node = stack.pop()
            if node.parts is None:
                state = self.hinted.get(node.position)
                if state is None:
                    return None
                loss += state.loss
                continue
            stack += node.parts
            for name, price in node.closing.items():
                use = self.used[name]
                if price.upper is not None and use > price.upper:
                    return None
                if price.lower is not None and use < price.lower:
                    return None
                loss += price.price * (price.bound - use)
        return loss

    def _least(self, node: Node) -> int:
        """What is lost in the node at least, as far as is known."""
        return max(self.least.get(node.sign, 0), self.memory.least.get(node.sign, 0))

    def _learn(self, node: Node, loss: int) -> None:
        if loss > self._least(node):
            known = self.memory.least if node.sign in self.memory.own else self.least
            known[node.sign] = loss

    def _known(self, sign: int) -> Table | None:
        return self.fresh.get(sign) or self.memory.tables.get(sign)

    def _keep(self, sign: int, table: Table) -> None:
        (self.memory.tables if sign in self.memory.own else self.fresh)[sign] = table

    def _table(self, node: Node, budget: int) -> Table:
        """The node's table within the budget, or within a larger one where it is there already."""
        known = self._known(node.sign)
        if known is not None and known.budget >= budget:
            return known
        if node.parts is None:
            return Table((), (), budget)  # never: the table of a position holds everything
        first, second = node.parts
        one = self._table(first, budget - self._least(second))
        two = self._table(second, budget - self._least(first))
        found = Table((), (), budget)
        if one.states and two.states and one.states[0].loss + two.states[0].loss <= budget:
            found = merged(one, two, node.closing, self.directions, budget, self.work)
        if found.states:
            self._learn(node, found.states[0].loss)
        else:
            self._learn(node, max(budget + 1, self._least(first) + self._least(second)))
        self._keep(node.sign, found)
        return found


def _worth(state: State) -> int:
    return state.worth


def _loss(state: State) -> int:
    return state.loss


def _weight(position: int, pick: Pick) -> int:
    """A fixed weight for a choice, so that of equal plans always the same one is taken."""
    return 0 if pick.steps < 0 else weight(str(position), str(pick.steps))


def _table(names: Sequence[int], states: Sequence[State]) -> Table:
    """The table of one position; limits that it uses alike are one class of the key."""
    columns: dict[tuple[int, ...], list[int]] = {}
    for index, name in enumerate(names):
        columns.setdefault(tuple(state.key[index] for state in states), []).append(name)
    keys = zip(*columns, strict=True) if columns else [()] * len(states)
    return Table(
        tuple(tuple(found) for found in columns.values()),
        [state._replace(key=tuple(key)) for state, key in zip(states, keys, strict=True)],
        UNLIMITED,
    )


def _traced(trace: tuple[object, object]) -> list[tuple[int, int]]:
    """Position and pick of every leaf that a state was made of."""
    found = []
    stack = [trace]
    while stack:
        first, second = stack.pop()
        if isinstance(first, int) and isinstance(second, int):
            found.append((first, second))
        else:
            stack += [part for part in (first, second) if isinstance(part, tuple)]
    return found


def _placed(tree: Tree, trees: Sequence[Tree]) -> Tree:
    """A tree over numbers of trees, with the trees themselves in their place."""
    if isinstance(tree, int):
        return trees[tree]
    return (_placed(tree[0], trees), _placed(tree[1], trees))
