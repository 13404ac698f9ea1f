"""Analyses as JSON documents, each with its sentence; all of them on the screen and as a book."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from solver.instance import Instance
from solver.write.analyses import (
    entry,
    frontier,
    next_rupiah,
    own_share,
    replacement,
    reserve,
    robust,
    rule_prices,
    variants,
)
from solver.write.analyses.book import book
from solver.write.analyses.plans import Document, Titles
from solver.write.analyses.screen import show

_DOCUMENTS: Mapping[str, Callable[[Any, str, Titles], Document]] = {
    "replacement": replacement.document,
    "entry": entry.document,
    "rule_prices": rule_prices.document,
    "next_rupiah": next_rupiah.document,
    "frontier": frontier.document,
    "variants": variants.document,
    "robust": robust.document,
    "reserve": reserve.document,
    "own_share": own_share.document,
}


def analysis_document(name: str, found: Any, instance: Instance, language: str) -> Document:
    """The document of one analysis by its name; `found` is what the analysis returned."""
    return _DOCUMENTS[name](found, language, Titles(instance, language))


__all__ = ["Document", "Titles", "analysis_document", "book", "show"]
