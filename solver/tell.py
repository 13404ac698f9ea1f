"""Reasons, conflicts and repairs told in sentences: ids become names, whole units quantities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from solver.case import Case
from solver.reasons import Reason
from solver.result import Repair
from solver.rules import RULES, Row, Usage
from solver.words import Quantity, catalogue, joined, say

MEASURED = ("room", "need", "limit_alone", "minimum", "without", "step")
"""Facts that are in the measure of the limit they speak of."""

NAMED = ("others", "taken_by", "ahead")
"""Facts that are lists of proposals."""


class Teller:
    """Tells what concerns one case in one language."""

    def __init__(self, case: Case, language: str) -> None:
        self.case = case
        self.language = language
        self.lines = {line.code: line for line in case.instance.lines}

    def proposal(self, name: str) -> str:
        """TITLE (ID), or the id where there is no title."""
        proposal = self.case.space.proposals.get(name)
        return f"{proposal.title} ({name})" if proposal and proposal.title else name

    def line(self, code: str) -> str:
        """CODE TITLE, or the code where there is no title."""
        line = self.lines.get(code)
        return f"{code} {line.title}" if line and line.title else code

    def reasons(self, reasons: Sequence[Reason]) -> str:
        """The reasons of one proposal, the first in full and the others in short."""
        return " ".join(self.each(reasons))

    def each(self, reasons: Sequence[Reason]) -> Sequence[str]:
        """A text for each reason, so that one after the other they read as a paragraph."""
        return [self.reason(reason, first=place == 0) for place, reason in enumerate(reasons)]

    def reason(self, reason: Reason, *, first: bool = True) -> str:
        """One reason; the first also says who uses what is full."""
        facts = self._readable(reason.facts)
        code = reason.code
        if code == "line_target" and reason.facts.get("measure") == "count":
            code = "line_target_closed"
        elif "under" in facts:
            code += "_under"
        elif "limit_alone" in facts:
            code += "_alone"
        elif code in ("locked_in", "locked_out"):
            code += "_volume" if "volume" in facts else ""
            code += "" if reason.facts["reason"] else "_bare"
        elif not first and f"reason.{code}_also" in catalogue():
            code += "_also"
        text = say(f"reason.{code}", self.language, facts)
        if first and code == reason.code and code != "location_min":
            users = next((name for name in ("ahead", "taken_by") if facts.get(name)), None)
            if users is not None:
                text += " " + say(f"reason.{users}", self.language, facts)
        return text

    def _readable(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        found = dict(facts)
        measure, unit = facts.get("measure", ""), facts.get("unit", "")
        for name in MEASURED:
            if name in facts:
                found[name] = Quantity(facts[name], measure, self._unit(facts))
        for name in NAMED:
            if name in facts:
                found[name] = [self.proposal(p) for p in facts[name]]
        if facts.get("line"):
            found["line"] = self.line(facts["line"])
        if "rule" in facts:
            found["limit_name"] = say(f"limit_name.{facts['rule']}", self.language, found)
        for name in ("volume", "requested"):
            if name in facts:
                found[name] = Quantity(facts[name], "volume", unit)
        if "gate" in facts:
            found["gate"] = self.gate(facts["gate"])
        if "ward" in facts:
            found["where"] = ", ".join(filter(None, (facts["ward"], facts["district"])))
        return found

    def _unit(self, facts: Mapping[str, Any]) -> str:
        line = self.lines.get(facts.get("line", ""))
        return line.unit if line else str(facts.get("unit", ""))

    def gate(self, code: str) -> str:
        """What a gate means."""
        return say(f"gate.{code}", self.language)

    def clash(self, rows: Sequence[Row]) -> str:
        """What one rule with one subject demands, as part of a conflict."""
        row = rows[0]
        rule = RULES[row.rule]
        facts: dict[str, Any] = {rule.noun: row.subject}
        if rule.noun == "proposal":
            facts["proposal"] = self.proposal(row.subject.split("/")[0])
        if rule.noun == "line":
            facts["line"] = self.line(row.subject)
        facts["proposals"] = [self.proposal(p) for r in rows for p in r.about]
        facts["bounds"] = joined([b for r in rows for b in self._bounds(r)], self.language)
        facts["lower"] = row.lower
        code = row.rule
        if row.rule == "locks" and row.upper is not None:
            code = "locks_out"
        if row.rule == "gates":
            facts["gate"] = self.gate(row.about[0])
        if row.rule == "line_target" and row.measure == "count":
            code = "line_target_closed"
        if row.rule == "alternatives" and row.lower:
            code = "alternatives_at_least"
        if isinstance(row.upper, int):
            facts["upper"] = Quantity(row.upper, row.measure)
        return say(f"conflict.{code}", self.language, facts)

    def _bounds(self, row: Row) -> Sequence[str]:
        unit = self.lines[row.subject].unit if row.subject in self.lines else ""
        found = []
        for name, bound in (("at_least", row.lower), ("at_most", row.upper)):
            if isinstance(bound, Fraction):
                found.append(say(f"conflict.{name}_share", self.language, {"bound": bound}))
            elif bound is not None:
                facts = {"bound": Quantity(bound, row.measure, unit)}
                found.append(say(f"conflict.{name}", self.language, facts))
        return found

    def repair(self, repair: Repair) -> str:
        """What a repair asks for, one sentence a rule that gives way."""
        sentences = dict.fromkeys(self._give_way(usage) for usage in repair.touched)
        return " ".join(sentences)

    def _give_way(self, usage: Usage) -> str:
        row = usage.row
        rule = RULES[row.rule]
        facts: dict[str, Any] = {rule.noun: row.subject}
        unit = self.lines[row.subject].unit if row.subject in self.lines else ""
        facts["by"] = Quantity(usage.breach + row.overdrawn, row.measure, unit)
        if rule.noun == "proposal":
            facts["proposal"] = self.proposal(row.subject.split("/")[0])
        if rule.noun == "line":
            facts["line"] = self.line(row.subject)
        if row.rule == "gates":
            facts["gate"] = self.gate(row.about[0])
        code = row.rule
        if row.rule == "line_target" and row.measure == "count":
            code = "line_target_closed"
        elif f"repair.{code}" not in catalogue():
            code += "_max" if usage.is_over else "_min"
        return say(f"repair.{code}", self.language, facts)
