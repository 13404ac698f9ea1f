"""Builds the Word templates of a desk: python -m solver.write.forms.desk_template.

Minutes as they are signed, and ward sheets of what was decided. Like the others they are part of
the package, and a city may take one, change its words and layout in Word, and hand it in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Cm

from solver.words import LANGUAGES
from solver.write.forms.decided import desk_sentence
from solver.write.forms.desk import ANNEXES, CLAUSES, SUMMED
from solver.write.forms.template import (
    HERE,
    LIGHT,
    SHADE,
    Paper,
    footer,
    page,
    row,
    tag_row,
    wards,
)

CENTRE: dict[str, Any] = {"align": ALIGN.CENTER}
WIDTHS: Mapping[str, Sequence[float]] = {
    "accommodated": (0.9, 1.7, 1.7, 3.1, 4.6, 1.7, 2.7, 1.7, 2.9, 2.6, 3.3),
    "declined": (0.9, 2.1, 5.6, 3.6, 3.0, 2.2, 2.6, 6.9),
    "open": (0.9, 2.1, 4.8, 3.2, 2.8, 2.6, 2.8, 3.6, 4.1),
    "pokir": (0.9, 2.1, 5.6, 3.6, 3.0, 2.2, 2.6, 6.9),
}
"""Of an annex's columns in cm, together those of A4 across less its margins."""
NUMBERS = ("amount", "asked_amount")
HEAD: dict[str, Any] = {"fill": SHADE, "is_heading": True, "bold": True, "size": 8, **CENTRE}


class DeskPaper(Paper):
    """A template with the desk's own sentences where there are any."""

    def say(self, code: str) -> str:
        """A sentence of the desk's forms, else of all forms."""
        return desk_sentence(code, self.language)


def minutes(language: str) -> bytes:
    """The berita acara: clauses and signatures upright, the annexes across."""
    paper = DeskPaper(language, "minutes_title")
    page(paper.document.sections[0])
    footer(paper.document.sections[0], paper)
    _head(paper)
    _clauses(paper)
    _signatures(paper)
    annexes = paper.document.add_section(WD_SECTION.NEW_PAGE)
    page(annexes, across=True, margin=1.4)
    _attendance(paper)
    _annex(paper, "annex_1", "accommodated")
    _annex(paper, "annex_2", "declined")
    _annex(paper, "annex_3", "open")
    paper.tag("if pokir")
    _annex(paper, "annex_4", "pokir")
    paper.tag("endif")
    return paper.save()


def _head(paper: Paper) -> None:
    paper.tag("if draft")
    paper.text("{{ draft }}", italic=True, size=8, grey=True, after=8, **CENTRE)
    paper.tag("endif")
    paper.text(paper.say("minutes_title"), bold=True, size=13, **CENTRE)
    paper.text(paper.say("minutes_subtitle"), bold=True, size=12, **CENTRE)
    paper.text("{{ scenario }}", bold=True, size=11, **CENTRE)
    paper.tag("if agency")
    paper.text("{{ agency }}", bold=True, size=11, **CENTRE)
    paper.tag("endif")
    paper.text(paper.say("minutes_number"), before=4, **CENTRE)
    paper.tag("if reopened")
    paper.text("{{ reopened }}", size=9, before=2, **CENTRE)
    paper.tag("endif")


def _clauses(paper: Paper) -> None:
    paper.text(paper.say("minutes_opening"), align=ALIGN.JUSTIFY, before=10, after=6)
    table = paper.document.add_table(0, 3)
    table.autofit = False
    for column, width in zip(table.columns, (2.4, 0.4, 14.2), strict=True):
        column.width = Cm(width)
    for label, clause in CLAUSES:
        sentence = paper.say(f"minutes_clause_{clause}")
        cells = [paper.say(f"minutes_{label}"), ":", sentence]
        row(table, cells, aligns={2: ALIGN.JUSTIFY}, after=4)
        table.rows[-1].cells[0].paragraphs[0].runs[0].bold = True
    paper.text(paper.say("minutes_closing"), align=ALIGN.JUSTIFY, before=4, after=10, keep=True)


def _signatures(paper: Paper) -> None:
    table = paper.table((5.8, 7.0, 4.2))
    row(table, [paper.say(f"minutes_{name}") for name in ("party", "signer", "signature")], **HEAD)
    tag_row(table, "for party in parties")
    row(table, ["{{ party.name }}"], spans=[3], fill=LIGHT, bold=True, size=8, keep=True)
    tag_row(table, "for signer in party.signers")
    cells = ["{{ signer.body }}", "{{ signer.name }}\n{{ signer.office }}", ""]
    row(table, cells, height=1.5, size=9)
    tag_row(table, "endfor")
    tag_row(table, "endfor")


def _attendance(paper: Paper) -> None:
    paper.text(paper.say("minutes_attendance"), bold=True, size=11, after=6, **CENTRE)
    table = paper.table((1.2, 7.0, 4.2, 6.0, 4.5, 4.0))
    heads = ("no", "minutes_person", "minutes_party", "body", "office", "minutes_signature")
    row(table, [paper.say(name) for name in heads], **HEAD)
    tag_row(table, "for person in people")
    fields = ("no", "name", "party", "body", "office")
    cells = [*(f"{{{{ person.{name} }}}}" for name in fields), ""]
    row(table, cells, height=0.85, size=9, aligns={0: ALIGN.CENTER})
    tag_row(table, "endfor")


def _annex(paper: Paper, title: str, field: str) -> None:
    """A table of proposals by district, with the sums of one column of money."""
    columns, money = ANNEXES[field], SUMMED[field]
    paper.text(paper.say(title), bold=True, size=11, after=2, page=True, **CENTRE)
    paper.text("{{ scenario }}", size=9, after=6, **CENTRE)
    paper.tag(f"if not {field}")
    paper.text(paper.say("annex_none"), **CENTRE)
    paper.tag("else")
    fields = [name for _, name in columns]
    table = paper.table(WIDTHS[field])
    row(table, [paper.say(heading) for heading, _ in columns], **HEAD)
    tag_row(table, f"for group in {field}")
    row(table, ["{{ group.name }}"], spans=[len(columns)], fill=LIGHT, bold=True, size=8, keep=True)
    tag_row(table, "for row in group.rows")
    aligns = {place: ALIGN.RIGHT for place, name in enumerate(fields) if name in NUMBERS}
    cells = [f"{{{{ row.{name} }}}}" if name else "" for name in fields]
    row(table, cells, size=8, aligns={0: ALIGN.CENTER, **aligns})
    tag_row(table, "endfor")
    place = fields.index(money)
    spans = [place, 1, len(columns) - place - 1]
    looks: dict[str, Any] = {"spans": spans, "bold": True, "size": 8, "aligns": {1: ALIGN.RIGHT}}
    row(table, [paper.say("annex_total"), f"{{{{ group.{money} }}}}", ""], fill=LIGHT, **looks)
    tag_row(table, "endfor")
    total = "open_amount" if field == "open" else f"{field}_amount"
    row(table, [paper.say(f"annex_total_{field}"), f"{{{{ {total} }}}}", ""], fill=SHADE, **looks)
    paper.tag("endif")


def ward_sheets(language: str) -> bytes:
    """Ward sheets of what was decided."""
    return wards(language, DeskPaper)


TEMPLATES = {"desk": minutes, "desk_wards": ward_sheets}


def main() -> None:
    """Write every template anew."""
    for name, build in TEMPLATES.items():
        for language in LANGUAGES:
            (HERE / f"{name}.{language}.docx").write_bytes(build(language))


if __name__ == "__main__":
    main()
