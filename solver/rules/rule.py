"""A rule: its name, its rows, its reasons, and how it may bend."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from solver.instance import Instance
from solver.rules.row import Row, Space, Usage

Fragment = Mapping[str, Any]
"""A piece of a scenario file that can be applied as it is."""


class Bends(Enum):
    """What gives way: a limit by some units, one subject (a lock, a gate), or the whole rule."""

    NEVER = auto()
    LIMIT = auto()
    SUBJECT = auto()
    RULE = auto()


@dataclass(frozen=True)
class Rule:
    """One rule of the desk. Everything else - model, judgement, words, repairs - reads this.

    `rows(instance, space, before)` yields the rows; `before` are the limits among those of the
    rules that stand earlier in the table. `over` and `under` are the reason codes for an upper and
    a lower limit, `noun` what the subject is called among the facts. `is_limit`: it can stop a
    proposal even when that stands alone. `bend` gives the fragment that lets a plan pass, `bends`
    says what it changes (see Bends), and `grantor` who may allow it.
    """

    name: str
    rows: Callable[[Instance, Space, Sequence[Row]], Iterable[Row]]
    over: str = ""
    under: str = ""
    noun: str = "proposal"
    is_limit: bool = False
    can_be_off: bool = True
    grantor: str = "planner"
    bend: Callable[[Usage], Fragment] | None = None
    bends: Bends = Bends.NEVER

    @property
    def measured(self) -> bool:
        """Whether its rows are limits in numbers, listed with what the plan uses of them."""
        return self.bends is Bends.LIMIT


def lift(name: str) -> Callable[[Usage], Fragment]:
    """The way to bend a rule that can only be switched off whole."""

    def bend(_usage: Usage) -> Fragment:
        return {"off": {"rules": [name]}}

    return bend
