"""The exact method: partial plans joined limit by limit, within a budget of loss.

It answers in whole numbers throughout, so its bound needs no tolerance. What it cannot do, or would
take too long for, it leaves to HiGHS: helper variables, money that moves between lines, and too
many limits that cross one another. The idea is the loss budget of DESIGN section 5; that of joining
tables along what they share is Bertele and Brioschi's nonserial dynamic programming (1972).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from solver import model
from solver.instance import Figures
from solver.program import Program, Terms
from solver.tradeoffs.exact.order import forest
from solver.tradeoffs.exact.parts import Numbers, Parts, Pick, names_of, parts_of, thinned
from solver.tradeoffs.exact.search import Memory, Search
from solver.tradeoffs.exact.table import PRECISION, TooLargeError

MOST_POSITIONS = 4_000
"""With more choices even putting the limits in order takes too long."""

GoOn = Callable[[], bool]
"""Whether there is still time."""

Prepared = Callable[[frozenset[int], GoOn], Memory]
"""Makes ready prices, order and tables with some limits left aside."""


@dataclass(frozen=True)
class Found:
    """The best plan, and what it is worth; no plan where none is possible."""

    taken: Mapping[int, Figures] | None
    worth: int | None


@dataclass
class Exact:
    """The method for the questions of one session, all asked near one base program and its plan.

    Limits that leave room in the plan are looked at only where an answer breaks them. What was
    worked out for the base is used again for every question.
    """

    program: Program
    terms: Terms
    plan: Mapping[int, Figures]
    usable: bool = field(init=False)

    def __post_init__(self) -> None:
        self.numbers = Numbers()
        self.names = names_of(self.program, self.numbers)
        self.slack = self._slack()
        self.memories: dict[frozenset[int], Memory] = {}
        self.usable = len(self.program.fund) <= MOST_POSITIONS

    def best(
        self, program: Program, terms: Terms, near: Mapping[int, Figures], go_on: GoOn
    ) -> Found | None:
        """The best plan of a program, of equals the nearest to `near`; None: it was not for this.

        Among plans that are equal in both fixed weights choose. Not for it are programs with other
        variables, such that take too long, and all where `go_on` says that the time is over.
        """
        if not self.usable or len(program.fund) > MOST_POSITIONS:
            return None
        parts = parts_of(program, terms, agreed(program, near), names_of(program, self.numbers))
        if parts is None:
            return None
        thin = thinned(parts)
        if thin is None:
            return Found(None, None)
        hint = _steps(program, near)
        for prepared in (self._memory, self._fresh(program, terms, thin)):
            try:
                plan = self._plan(parts, thin, hint, prepared, go_on)
            except (TooLargeError, RecursionError):
                continue
            if plan is None:
                return Found(None, None)
            options = program.space.options
            taken = {p: options[p].cut(k.steps) for p, k in sorted(plan.items()) if k.steps >= 0}
            return Found(taken, sum(pick.worth for pick in plan.values()))
        return None

    def _plan(
        self, parts: Parts, thin: Parts, hint: Mapping[int, int], prepared: Prepared, go_on: GoOn
    ) -> Mapping[int, Pick] | None:
        """The best plan; limits left aside are looked at as soon as a plan breaks them."""
        lazy = self.slack
        while True:
            plan = Search(prepared(lazy, go_on), thin, lazy, hint, go_on).run()
            broken = {name for name in lazy if plan and not _holds(name, parts, plan)}
            if not broken:
                return plan
            lazy -= broken

    def _slack(self) -> frozenset[int]:
        """Upper limits that in the plan leave room for something: not what stops a choice."""
        values = self.program.start(self.plan)
        found = set()
        for name, constraint in zip(self.names, self.program.constraints, strict=True):
            terms = constraint.terms
            if len(terms) < 3 or constraint.lower is not None or constraint.upper is None:
                continue
            if all(variable in values for variable in terms):
                room = constraint.upper - sum(c * values[v] for v, c in terms.items())
                outside = [c for v, c in terms.items() if c > 0 and not values[v]]
                if outside and min(outside) <= room:
                    found.add(name)
        return frozenset(found)

    def _memory(self, lazy: frozenset[int], go_on: GoOn) -> Memory:
        """Prices, order and tables of the base, the limits in `lazy` left aside."""
        if lazy not in self.memories:
            parts = parts_of(self.program, self.terms, agreed(self.program, self.plan), self.names)
            thin = None if parts is None else thinned(parts)
            if thin is None:
                return self.memories.setdefault(lazy, Memory({}, ()))
            memory = self._fresh(self.program, self.terms, thin)(lazy, go_on)
            self.memories[lazy] = memory
            hint = _steps(self.program, self.plan)
            Search(memory, thin, lazy, hint, go_on, keep=True).run()
        return self.memories[lazy]

    def _fresh(self, program: Program, terms: Terms, thin: Parts) -> Prepared:
        """Prices and order for a program of its own, where those of the base are too far off."""

        def prepared(lazy: frozenset[int], _go_on: GoOn) -> Memory:
            members = {n: b.members for n, b in thin.bars.items() if n not in lazy}
            return Memory(self._prices(program, terms, lazy), forest(members, thin.picks))

        return prepared

    def _prices(self, program: Program, terms: Terms, lazy: frozenset[int]) -> Mapping[int, int]:
        """A price for each limit that is not lazy, from the relaxation, in 2^-PRECISION."""
        program = program.copy()
        kept = [
            (name, constraint)
            for name, constraint in zip(
                names_of(program, self.numbers), program.constraints, strict=True
            )
            if name not in lazy
        ]
        program.constraints = [constraint for _, constraint in kept]
        found = model.prices(program, terms, "max") or ()
        return {
            name: round(price * 2**PRECISION)
            for (name, _), price in zip(kept, found, strict=False)
            if price
        }


def _steps(program: Program, plan: Mapping[int, Figures]) -> Mapping[int, int]:
    """The steps cut of what a plan takes; off the grid counts as in full."""
    options = program.space.options
    return {p: options[p].steps_at(figures.volume) or 0 for p, figures in plan.items()}


def agreed(program: Program, plan: Mapping[int, Figures]) -> Mapping[int, int]:
    """For each position what counts as no change against a plan (see stages.few.FewChanges).

    Steps cut, -1 for left out, -2 where nothing is: the agreed volume is off the grid now. Beside
    what was agreed of a proposal its other options count for nothing: the one agreed tells all.
    """
    found = {}
    space = program.space
    for positions in space.positions.values():
        chosen = next((i for i in positions if i in plan), None)
        if chosen is None:
            found.update(dict.fromkeys(positions, -1))
        else:
            steps = space.options[chosen].steps_at(plan[chosen].volume)
            found[chosen] = -2 if steps is None else steps
    return found


def _holds(name: int, parts: Parts, plan: Mapping[int, Pick]) -> bool:
    """Whether a plan keeps a limit that was left aside."""
    bar = parts.bars.get(name)
    if bar is None:
        return True
    used = 0
    for position in bar.members:
        steps = plan[position].steps
        whole = next(pick for pick in parts.picks[position] if pick.steps == steps)
        used += whole.use(name)
    return (bar.upper is None or used <= bar.upper) and (bar.lower is None or used >= bar.lower)
