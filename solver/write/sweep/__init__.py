"""A sweep written out: as JSON, on the screen, as a workbook, and its curves as pictures."""

from __future__ import annotations

from solver.write.sweep.book import book
from solver.write.sweep.document import Document, document
from solver.write.sweep.picture import name_of, panel, picture
from solver.write.sweep.screen import show

__all__ = ["Document", "book", "document", "name_of", "panel", "picture", "show"]
