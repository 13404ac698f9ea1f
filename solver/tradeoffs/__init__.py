"""What a desk can discuss: each analysis one file, each fact in it a plan solved anew.

A session: `Questions(scenario, result, Budget(600))`; then `ANALYSES["entry"](questions, None)`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import Any

from solver.tradeoffs.answer import Answer
from solver.tradeoffs.budget import Budget
from solver.tradeoffs.cache import Cache
from solver.tradeoffs.compare import Column, by_hand, of_list, of_scenario
from solver.tradeoffs.compare import compare as compared
from solver.tradeoffs.entry import entry
from solver.tradeoffs.frontier import frontier
from solver.tradeoffs.next_rupiah import next_rupiah
from solver.tradeoffs.own_share import own_share
from solver.tradeoffs.question import Questions, forced_in, forced_out
from solver.tradeoffs.replacement import replacement
from solver.tradeoffs.reserve import reserve
from solver.tradeoffs.robust import robust
from solver.tradeoffs.rule_prices import rule_prices
from solver.tradeoffs.variants import variants

Analysis = Callable[[Questions, Collection[str] | None], Any]

ANALYSES: Mapping[str, Analysis] = MappingProxyType(
    {
        "replacement": replacement,
        "entry": entry,
        "next_rupiah": lambda questions, _only: next_rupiah(questions),
        "rule_prices": lambda questions, _only: rule_prices(questions),
        "frontier": lambda questions, _only: frontier(questions),
        "variants": lambda questions, _only: variants(questions),
        "robust": lambda questions, _only: robust(questions),
        "reserve": lambda questions, _only: reserve(questions),
        "own_share": lambda questions, _only: own_share(questions),
    }
)
"""Every analysis by its name of CONTRACT section 4, in the order in which a desk reads them;
the first two can be asked of some proposals only."""

__all__ = [
    "ANALYSES",
    "Analysis",
    "Answer",
    "Budget",
    "Cache",
    "Column",
    "Questions",
    "by_hand",
    "compared",
    "forced_in",
    "forced_out",
    "of_list",
    "of_scenario",
]
