"""What would make an impossible scenario possible: applicable fragments, each tried by a solve."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from solver.assess import violations
from solver.model import Effort, optimise
from solver.program import Constraint, Program
from solver.result import Conflict, Repair, Result, Status
from solver.rules import RULES, Bends, Fragment, Row, Usage
from solver.scenario import Scenario, variant
from solver.solve import Params, solve

MOST = 3
"""So many repairs are offered at most."""

MOST_LOOKS = 20
NOISE = 1e-8
"""Plans looked at for the cheapest repair, and the part of an amount the solver may be wrong by."""

PRICES = ("", "amount", "other")
"""What a repair costs, in this order: how many rules or subjects give way, rupiah, other units."""


def repairs(
    scenario: Scenario,
    result: Result,
    conflict: Conflict,
    params: Params,
    stop: threading.Event | None = None,
) -> Sequence[Repair]:
    """At most three repairs, each the cheapest that bends one kind of rule of the conflict.

    Fewest rules touched first, then least rupiah. Where no one rule suffices, all may bend.
    """
    deadline = time.monotonic() + params.time_limit
    found: list[Repair] = []
    names = [name for name in RULES if any(row.rule == name for row in conflict.rows)]
    for bendable in [[name] for name in names] + [list(RULES)]:
        left = deadline - time.monotonic()
        if left <= 0 or (found and len(bendable) > 1):
            break
        touched = _cheapest(result, frozenset(bendable), left, stop)
        if touched:
            repair = _tried(scenario, touched, params, deadline, stop)
            if repair is not None:
                found.append(repair)
    return sorted(found, key=lambda repair: (_count(repair.touched), repair.rupiah))[:MOST]


def _count(touched: Sequence[Usage]) -> int:
    """How many things give way."""
    return len({_key(usage.row) for usage in touched})


def _key(row: Row) -> tuple[str, str]:
    """What gives way as one: the rule, or the rule for one subject."""
    whole = RULES[row.rule].bends is Bends.RULE
    return row.rule, "" if whole else row.subject


def _tried(
    scenario: Scenario,
    touched: Sequence[Usage],
    params: Params,
    deadline: float,
    stop: threading.Event | None,
) -> Repair | None:
    """The repair as a fragment, solved; None where it does not help after all."""
    fragment = _merged([_bend(usage) for usage in touched])
    left = max(deadline - time.monotonic(), 1.0)
    changed = variant(scenario, fragment).instance
    after = solve(changed, Params(left / MOST, 0.0, params.method, params.solver), stop=stop)
    if after.status not in (Status.OPTIMAL, Status.FEASIBLE):
        return None
    grantors = {RULES[usage.row.rule].grantor for usage in touched}
    return Repair(
        fragment,
        grantors.pop() if len(grantors) == 1 else "planner",
        touched,
        sum(u.breach + u.row.overdrawn for u in touched if u.row.measure == "amount"),
        after,
    )


def _bend(usage: Usage) -> Fragment:
    bend = RULES[usage.row.rule].bend
    return bend(usage) if bend else {}


def _merged(fragments: Sequence[Fragment]) -> Fragment:
    """One fragment of several; {"set": {...}, "off": {...}}, both always there."""
    cells: dict[str, Any] = {}
    off: dict[str, list[str]] = defaultdict(list)
    for fragment in fragments:
        cells.update(fragment.get("set", {}))
        for kind, names in fragment.get("off", {}).items():
            off[kind].extend(name for name in names if name not in off[kind])
    return {"set": cells, "off": dict(off)}


def _cheapest(
    result: Result, bendable: frozenset[str], seconds: float, stop: threading.Event | None
) -> Sequence[Usage]:
    """The rules to bend, where only these rules may: as few as possible, then least money."""
    elastic = _Elastic(result, bendable)
    broken: Sequence[Usage] = ()
    deadline = time.monotonic() + seconds / 2
    for measure in PRICES:
        if elastic.prices[measure]:
            broken = elastic.least(measure, broken, deadline, stop)
    return broken


class _Elastic:
    """The program of a case in which some rules give way, at a price."""

    def __init__(self, result: Result, bendable: frozenset[str]) -> None:
        case = self.case = result.case
        self.program: Program = case.program()
        self.prices: dict[str, dict[int, int]] = {measure: {} for measure in PRICES}
        self.switches: dict[tuple[str, str], int] = {}
        self.members: set[int] = set()
        for index, constraint in enumerate(self.program.constraints):
            row = constraint.row
            if row is not None and _bends(row, bendable):
                self.program.constraints[index] = self._softened(constraint, row)
        for position, lock in case.space.variants.items():
            broken = self.switches.get(("locks", lock.proposal))
            if broken is not None:
                self.program.require({self.program.fund[position]: 1, broken: 1}, upper=1)

    def _switch(self, row: Row) -> int:
        """The variable that says whether the row's rule, or its subject, gives way at all."""
        key = _key(row)
        if key not in self.switches:
            self.switches[key] = self.program.add(0, 1)
            self.prices[""][self.switches[key]] = 1
        return self.switches[key]

    def _softened(self, constraint: Constraint, row: Row) -> Constraint:
        """The constraint with a helper on each side: the part of its reach that it gives way."""
        program, terms = self.program, dict(constraint.terms)
        shares = any(isinstance(bound, Fraction) for bound in (row.lower, row.upper))
        self.members.update(range(len(program.fund)) if shares else row.members)
        reach = [
            (c * program.variables[v].lower, c * program.variables[v].upper)
            for v, c in terms.items()
        ]
        for limit, bound, sign in (
            (constraint.lower, row.lower, 1),
            (constraint.upper, row.upper, -1),
        ):
            if limit is None:
                continue
            far = sum(min(pair) if sign > 0 else max(pair) for pair in reach)
            most = max(0, sign * (limit - far))
            part = program.add(0, 1, whole=False)
            switch = self._switch(row)
            terms[part] = sign * most
            program.require({part: 1, switch: -1}, upper=0)
            if RULES[row.rule].bends is Bends.LIMIT:
                scale = bound.denominator if isinstance(bound, Fraction) else 1
                prices = self.prices["amount" if row.measure == "amount" else "other"]
                prices[part] = most // scale  # never more than it is: what is found is counted
                if row.overdrawn:
                    prices[switch] = row.overdrawn
        return replace(constraint, terms=terms)

    def least(
        self,
        measure: str,
        before: Sequence[Usage],
        deadline: float,
        stop: threading.Event | None,
    ) -> Sequence[Usage]:
        """What gives way in the plan that spends least of one price, counted exactly.

        A few rupiah among billions lie within the solver's tolerance. So what it finds is counted,
        and the next plans are looked at too, until none can spend less but by more than that.
        `before` is what gives way as the prices before this one have it; they are not exceeded.
        """
        best = before
        terms = self.prices[measure]
        noise = NOISE * max(terms.values()) if measure == "amount" else -0.5
        program = self.program.copy()
        for _ in range(MOST_LOOKS):
            left = deadline - time.monotonic()
            answer = optimise(program, terms, "min", Effort(left, stop=stop)) if left > 0 else None
            if answer is None or answer.values is None:
                break
            taken = program.taken(answer.values)
            broken = [side for usage in violations(self.case, taken) for side in _sides(usage)]
            if not best or self._price(broken) < self._price(best):
                best = broken
            if answer.bound is not None and answer.bound > self.spent(best, measure) + noise:
                break
            program.exclude(taken, [(i,) for i in sorted(self.members)])
        self.program.require(terms, upper=self.spent(best, measure))
        return best

    def _price(self, broken: Sequence[Usage]) -> tuple[int, ...]:
        return tuple(self.spent(broken, measure) for measure in PRICES)

    def spent(self, broken: Sequence[Usage], measure: str) -> int:
        """What a plan spends of one price: how many give way, rupiah, or other units."""
        if not measure:
            return _count(broken)
        return sum(
            usage.breach + usage.row.overdrawn
            for usage in broken
            if RULES[usage.row.rule].bends is Bends.LIMIT
            and (usage.row.measure == "amount") is (measure == "amount")
        )


def _sides(usage: Usage) -> Sequence[Usage]:
    """The usage; as two where a plan is below a minimum and above a share of the whole as well."""
    sides = (replace(usage, upper=None), replace(usage, lower=None))
    return sides if all(side.breach for side in sides) else (usage,)


def _bends(row: Row, bendable: frozenset[str]) -> bool:
    return row.rule in bendable and RULES[row.rule].bends is not Bends.NEVER
