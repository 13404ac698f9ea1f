"""What is generated from a table is what the table says now."""

from __future__ import annotations

import scenarios
from solver.rules import RULES
from solver.rules.reference import reference


def test_the_reference_of_the_rules_is_up_to_date():
    assert scenarios.path("RULES.md").read_text("utf-8") == reference()


def test_it_names_every_rule():
    assert all(f"## `{name}`" in reference() for name in RULES)
