"""A comparison written out: as JSON, on the screen, and as a workbook."""

from __future__ import annotations

from solver.write.comparison.document import Document, document
from solver.write.comparison.screen import show
from solver.write.comparison.sheets import book

__all__ = ["Document", "book", "document", "show"]
