"""What the subjects and measures of a result are called by people: titles and names with codes."""

from __future__ import annotations

from typing import Any

from solver.rules import RULES
from solver.words import say
from solver.write.summary import named


class Names:
    """The names in one result document."""

    def __init__(self, document: dict[str, Any], language: str) -> None:
        self.language = language
        self.titles = {d["proposal"]: d["title"] for d in document["decisions"]}
        self.agencies = {a["code"]: a.get("name", "") for a in document["input"]["agencies"]}
        self.lines = {line["line"]: line for line in document["lines"]}

    def subject(self, limit: dict[str, Any]) -> str:
        """Whom or what a limit is for."""
        subject: str = limit["subject"]
        match RULES[limit["rule"]].noun:
            case "agency":
                return named(subject, self.agencies.get(subject, ""))
            case "line":
                title = self.lines[subject]["title"] if subject in self.lines else ""
                return f"{subject} {title}".rstrip()
            case "proposal":
                return named(subject, self.titles.get(subject, ""))
        return subject

    def measure(self, limit: dict[str, Any]) -> str:
        """What a limit counts: rupiah, proposals, the unit of its Renja line."""
        measure: str = limit["measure"]
        if measure == "amount":
            return say("book.rupiah", self.language)
        if measure == "volume":
            unit = self.lines.get(limit["subject"], {}).get("unit", "")
            return unit or say("heading.volume", self.language)
        return say(f"measure.{measure}", self.language)
