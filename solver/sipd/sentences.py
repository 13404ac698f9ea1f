"""What a finding says in a language: the sentence, the advice, and the line that mends it."""

from __future__ import annotations

from typing import Any

from solver.sipd.finding import Finding
from solver.sipd.mapping import line
from solver.words import say

_WORDS = {"party": "party", "other_party": "party", "column": "column"}
_SPELLED = ("agency", "district", "ward", "unit")


def sentence(finding: Finding, language: str) -> str:
    """What was found."""
    code = finding.code
    if code == "agency_guessed" and not finding.facts["sure"]:
        code = "agency_guessed_unsure"
    return say(f"sipd.{code}", language, _facts(finding, language))


def advice(finding: Finding, language: str) -> str:
    """What to do about it; empty where there is nothing to do."""
    if finding.advice is None:
        return ""
    return say(f"sipd.{finding.advice}", language, _facts(finding, language))


def fix(finding: Finding) -> str:
    """The lines of the mapping file that would put it right; empty where nobody knows."""
    return "\n".join(line(proposal, cells) for proposal, cells in finding.fix.items())


def _facts(finding: Finding, language: str) -> dict[str, Any]:
    """The facts with the words for codes in them."""
    facts = {name: "-" if value is None else value for name, value in finding.facts.items()}
    for name, topic in _WORDS.items():
        if name in facts and (topic == "party" or facts[name] in _SPELLED):
            facts[name] = say(f"sipd.{topic}_{facts[name]}", language)
    return facts
