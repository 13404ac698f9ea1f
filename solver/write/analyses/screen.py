"""Analyses on the screen: what each says, and the first rows that say something of their own."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.text import Text

from solver.words import say
from solver.write.analyses.plans import Document

MOST_ROWS = 8


def show(documents: Mapping[str, Document | None], language: str, console: Console) -> None:
    """Title, sentence and the first rows of each; what a person typed is never markup."""
    for name, document in documents.items():
        if document is None:
            continue
        console.print(Text(say(f"tradeoff.name_{name}", language), style="bold"))
        console.print(Text(document["text"]))
        rows = [row["text"] for row in document["rows"] if "text" in row]
        for text in rows[:MOST_ROWS] if name != "rule_prices" else ():
            console.print(Text(f"  • {text}"))
        if len(rows) > MOST_ROWS and name != "rule_prices":
            console.print(Text(f"  … {len(rows) - MOST_ROWS}"))
        console.print()
