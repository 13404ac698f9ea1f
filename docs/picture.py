"""Draws README's picture from a result: python docs/picture.py out/result.json docs/demo.svg."""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console

from solver.write.screen import show

WIDTH = 118


def picture(result: Path, language: str) -> str:
    """The result as the terminal shows it, as an SVG that asks nothing of any other host."""
    console = Console(
        record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, highlight=False
    )
    show(json.loads(result.read_text("utf-8")), language, console)
    without_fonts = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.S)
    svg = console.export_svg(title="kayuh demo", code_format=without_fonts)
    return re.sub(r"terminal-\d+", "terminal", svg)


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(picture(Path(sys.argv[1]), "id"), "utf-8")
