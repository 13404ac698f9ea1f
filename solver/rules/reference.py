"""The reference of the rules, made from the RULES table: python -m solver.rules.reference."""

from __future__ import annotations

import sys
from pathlib import Path

from solver.rules import RULES, Bends, Rule
from solver.words import say

TARGET = Path("scenarios/RULES.md")

BENDS = {
    Bends.NEVER: "can't bend",
    Bends.LIMIT: "its limit moves",
    Bends.SUBJECT: "one subject is released",
    Bends.RULE: "the whole rule is switched off",
}


def reference() -> str:
    """Every rule with its names, what its rows say, its reason codes, and how it may bend."""
    lines = [
        "# The rules",
        "",
        "Made by `python -m solver.rules.reference` from the table that drives building, judging,",
        "reasons and repairs; a test keeps it up to date. The names are those of `[off] rules`.",
    ]
    for rule in RULES.values():
        lines += ["", *_section(rule)]
    return "\n".join(lines) + "\n"


def _section(rule: Rule) -> list[str]:
    module = sys.modules[rule.rows.__module__]
    idea = (module.__doc__ or "").strip().splitlines()[0]
    rows = " ".join((rule.rows.__doc__ or "").split())
    codes = [f"`{code}`" for code in dict.fromkeys((rule.over, rule.under)) if code]
    off = "can be switched off" if rule.can_be_off else "can't be switched off"
    return [
        f"## `{rule.name}`: {say(f'rule.{rule.name}', 'id')} / {say(f'rule.{rule.name}', 'en')}",
        "",
        idea,
        "",
        f"- Rows: {rows}",
        f"- Reasons: {', '.join(codes)}",
        f"- In an impossible scenario: {BENDS[rule.bends]}, granted by: {rule.grantor}; {off}",
    ]


if __name__ == "__main__":
    TARGET.write_text(reference(), "utf-8")
