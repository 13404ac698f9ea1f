"""Builds the Word templates from the catalogue: python -m solver.write.forms.template.

The files stand beside this one and are part of the package; a city may take one, change its words
and layout in Word, and give it with --template. README.md here names the fields.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph

from solver.words import LANGUAGES, say

HERE = Path(__file__).parent
SHADE = "D9E2EC"
LIGHT = "EEF2F6"
GREY = RGBColor(0x55, 0x55, 0x55)
LOCALES = {"id": "id-ID", "en": "en-GB"}
CELL_MARGIN = "25"
"""Above and below each cell's text, in twentieths of a point."""
MADE = datetime(2018, 3, 1)
"""A fixed day, so that the same words give the same template; a filled form has its own."""

GRANTED = (0.9, 1.5, 3.6, 5.2, 2.9, 2.4, 3.2, 2.0, 5.2)
REFUSED = (0.9, 1.5, 3.3, 4.0, 2.9, 2.4, 3.2, 1.9, 6.8)
"""Widths of an annex's columns in cm, together those of A4 across less its margins."""
ATTENDING = 16
OPEN = 10
"""Blank rows for who attends and for what is not yet agreed."""


class Paper:
    """A template in the making."""

    def __init__(self, language: str, title: str) -> None:
        self.language = language
        self.document = Document()
        properties = self.document.core_properties
        properties.author, properties.title, properties.comments = "Kayuh", self.say(title), ""
        properties.created = properties.modified = MADE
        style = self.document.styles["Normal"]
        style.font.name, style.font.size = "Arial", Pt(10)
        style.paragraph_format.space_after = Pt(0)
        fonts = style.element.get_or_add_rPr()
        spoken = OxmlElement("w:lang")
        spoken.set(qn("w:val"), LOCALES[language])
        fonts.append(spoken)

    def say(self, code: str) -> str:
        """A sentence of the forms."""
        return say(f"form.{code}", self.language)

    def text(self, text: str, **look: Any) -> Paragraph:
        """A paragraph of its own."""
        return put(self.document.add_paragraph(), text, **look)

    def tag(self, tag: str) -> None:
        """A paragraph that docxtpl takes as a tag and removes."""
        self.document.add_paragraph(f"{{%p {tag} %}}")

    def table(self, widths: Sequence[float]) -> Table:
        """A table without rows yet; its columns keep their widths."""
        table: Table = self.document.add_table(0, len(widths), style="Table Grid")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
        margins = OxmlElement("w:tblCellMar")
        for side in ("top", "bottom"):
            margin = OxmlElement(f"w:{side}")
            for key, value in (("w", CELL_MARGIN), ("type", "dxa")):
                margin.set(qn(f"w:{key}"), value)
            margins.append(margin)
        layout = table._tbl.tblPr.find(qn("w:tblLook"))
        layout.addprevious(margins)
        return table

    def save(self) -> bytes:
        """The finished template."""
        out = io.BytesIO()
        self.document.save(out)
        return out.getvalue()


def put(paragraph: Paragraph, text: str, **look: Any) -> Paragraph:
    """Text into a paragraph: bold, italic, size (points), align, before, after (points), grey."""
    run = paragraph.add_run(text)
    run.bold, run.italic = look.get("bold"), look.get("italic")
    if "size" in look:
        run.font.size = Pt(look["size"])
    if look.get("grey"):
        run.font.color.rgb = GREY
    layout = paragraph.paragraph_format
    layout.alignment = look.get("align")
    layout.space_before, layout.space_after = Pt(look.get("before", 0)), Pt(look.get("after", 0))
    layout.keep_with_next = look.get("keep")
    layout.page_break_before = look.get("page")
    return paragraph


def row(
    table: Table,
    cells: Sequence[str],
    *,
    spans: Sequence[int] = (),
    fill: str = "",
    is_heading: bool = False,
    height: float = 0,
    **look: Any,
) -> None:
    """A row that no page breaks; a heading is repeated on each. `spans`: columns a cell takes."""
    added: Any = table.add_row()  # type: ignore[no-untyped-call]
    properties = added._tr.get_or_add_trPr()
    for name in ("w:cantSplit", *(["w:tblHeader"] if is_heading else [])):
        properties.append(OxmlElement(name))
    if height:
        added.height, added.height_rule = Cm(height), WD_ROW_HEIGHT_RULE.AT_LEAST
    every = list(added.cells)
    begin = 0
    aligns = look.pop("aligns", {})
    for place, (text, span) in enumerate(zip(cells, spans or [1] * len(cells), strict=True)):
        cell = every[begin]
        if span > 1:
            cell = cell.merge(every[begin + span - 1])
        own = {**look, "align": aligns.get(place, look.get("align"))}
        for number, line in enumerate(text.split("\n")):
            put(cell.add_paragraph() if number else cell.paragraphs[0], line, **own)
        if fill:
            shade = OxmlElement("w:shd")
            for key, value in (("val", "clear"), ("color", "auto"), ("fill", fill)):
                shade.set(qn(f"w:{key}"), value)
            cell._tc.get_or_add_tcPr().append(shade)
        begin += span


def tag_row(table: Table, tag: str) -> None:
    """A row that docxtpl takes as a tag and removes."""
    added: Any = table.add_row()  # type: ignore[no-untyped-call]
    added.cells[0].paragraphs[0].add_run(f"{{%tr {tag} %}}")


def page(section: Section, *, across: bool = False, margin: float = 2) -> None:
    """A4, upright or across."""
    long, short = Cm(29.7), Cm(21)
    section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if across else (short, long)
    section.left_margin = section.right_margin = Cm(margin)
    section.top_margin, section.bottom_margin = Cm(margin), Cm(1.8)


def footer(section: Section, paper: Paper) -> None:
    """What the form was made from, and the page."""
    paragraph = put(section.footer.paragraphs[-1], f"{paper.say('foot')}. ", size=7, grey=True)
    put(paragraph, f"{paper.say('foot_page')} ", size=7, grey=True)
    for code in ("PAGE", "/", "NUMPAGES"):
        if code == "/":
            put(paragraph, "/", size=7, grey=True)
            continue
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), code)
        run = put(paragraph, "1", size=7, grey=True).runs[-1]._r
        field.append(run)
        paragraph._p.append(field)


def minutes(language: str) -> bytes:
    """The berita acara: clauses and signatures upright, the annexes across."""
    paper = Paper(language, "minutes_title")
    page(paper.document.sections[0])
    footer(paper.document.sections[0], paper)
    _clauses(paper)
    _signatures(paper)
    annexes = paper.document.add_section(WD_SECTION.NEW_PAGE)
    page(annexes, across=True, margin=1.4)
    _attendance(paper)
    _annex(paper, "annex_1", "accommodated", given=True)
    paper.tag("for item in elsewhere")
    paper.text("{{ item.text }}", size=8, before=6)
    paper.tag("endfor")
    _annex(paper, "annex_2", "declined", given=False)
    _open(paper)
    paper.tag("if pokir")
    _annex(paper, "annex_4", "pokir", given=False)
    paper.tag("endif")
    return paper.save()


def _clauses(paper: Paper) -> None:
    centre: dict[str, Any] = {"align": ALIGN.CENTER}
    paper.text(paper.say("minutes_draft"), italic=True, size=8, grey=True, after=10, **centre)
    paper.text(paper.say("minutes_title"), bold=True, size=13, **centre)
    paper.text(paper.say("minutes_subtitle"), bold=True, size=12, **centre)
    paper.text("{{ scenario }}", bold=True, size=11, **centre)
    paper.tag("if agency")
    paper.text("{{ agency }}", bold=True, size=11, **centre)
    paper.tag("endif")
    paper.text(paper.say("minutes_number"), before=4, after=10, **centre)
    paper.text(paper.say("minutes_opening"), align=ALIGN.JUSTIFY, after=6)
    table = paper.document.add_table(0, 3)
    table.autofit = False
    for column, width in zip(table.columns, (2.4, 0.4, 14.2), strict=True):
        column.width = Cm(width)
    for label, clause in (
        ("first", "accommodated"),
        ("second", "follow_up"),
        ("third", "open"),
        ("fourth", "machine"),
    ):
        sentence = paper.say(f"minutes_clause_{clause}")
        aligns = {2: ALIGN.JUSTIFY}
        row(table, [paper.say(f"minutes_{label}"), ":", sentence], aligns=aligns, after=4)
        table.rows[-1].cells[0].paragraphs[0].runs[0].bold = True
    paper.text(paper.say("minutes_closing"), align=ALIGN.JUSTIFY, before=4, after=10, keep=True)


def _signatures(paper: Paper) -> None:
    table = paper.table((5.8, 7.0, 4.2))
    heads = ("party", "signer", "signature")
    row(
        table,
        [paper.say(f"minutes_{name}") for name in heads],
        fill=SHADE,
        is_heading=True,
        bold=True,
        size=9,
        align=ALIGN.CENTER,
    )
    dots = paper.say("minutes_dots")
    for party, many in (("agency", "agencies"), ("district", "districts"), ("planner", "")):
        name = "{{ party.name }}" if many else paper.say("minutes_planner")
        heading = paper.say(f"minutes_party_{party}")
        row(table, [heading], spans=[3], fill=LIGHT, bold=True, size=8, keep=True)
        if many:
            tag_row(table, f"for party in {many}")
        row(table, [name, f"\n{dots}", f"\n{dots[:26]}"], height=1.3, size=9)
        if many:
            tag_row(table, "endfor")


def _attendance(paper: Paper) -> None:
    paper.text(paper.say("minutes_attendance"), bold=True, size=11, align=ALIGN.CENTER, after=6)
    table = paper.table((1.2, 7.5, 6.2, 7.0, 5.0))
    heads = ("no", "minutes_person", "minutes_element", "minutes_address", "minutes_signature")
    row(
        table,
        [paper.say(name) for name in heads],
        fill=SHADE,
        is_heading=True,
        bold=True,
        size=9,
        align=ALIGN.CENTER,
    )
    for number in range(1, ATTENDING + 1):
        row(table, [str(number), "", "", "", ""], height=0.85, size=9, aligns={0: ALIGN.CENTER})


def _annex(paper: Paper, title: str, field: str, *, given: bool) -> None:
    """A table of proposals by agency, with their money."""
    paper.text(paper.say(title), bold=True, size=11, align=ALIGN.CENTER, after=2, page=True)
    paper.text("{{ scenario }}", size=9, align=ALIGN.CENTER, after=6)
    paper.tag(f"if not {field}")
    paper.text(paper.say("annex_none"), align=ALIGN.CENTER)
    paper.tag("else")
    asked = "" if given else "asked_"
    columns = (
        ("no", "no"),
        ("annex_id", "id"),
        ("annex_place", "place"),
        ("annex_title", "title"),
        ("annex_agency", "agency"),
        ("annex_result", "result"),
        (f"annex_{asked}amount", f"{asked}amount"),
        (f"annex_{asked}volume", f"{asked}volume"),
        ("annex_note", "note") if given else ("annex_reason", "reason"),
    )
    table = paper.table(GRANTED if given else REFUSED)
    row(
        table,
        [paper.say(heading) for heading, _ in columns],
        fill=SHADE,
        is_heading=True,
        bold=True,
        size=8,
        align=ALIGN.CENTER,
    )
    tag_row(table, f"for group in {field}")
    row(table, ["{{ group.name }}"], spans=[len(columns)], fill=LIGHT, bold=True, size=8, keep=True)
    tag_row(table, "for row in group.rows")
    aligns = {0: ALIGN.CENTER, 6: ALIGN.RIGHT}
    row(table, [f"{{{{ row.{name} }}}}" for _, name in columns], size=8, aligns=aligns)
    tag_row(table, "endfor")
    _total(table, paper.say("annex_total"), f"group.{asked}amount", LIGHT)
    tag_row(table, "endfor")
    _total(table, paper.say(f"annex_total_{field}"), f"{field}_amount", SHADE)
    paper.tag("endif")


def _total(table: Table, text: str, field: str, fill: str) -> None:
    row(
        table,
        [text, f"{{{{ {field} }}}}", ""],
        spans=[6, 1, 2],
        fill=fill,
        bold=True,
        size=8,
        aligns={1: ALIGN.RIGHT},
    )


def _open(paper: Paper) -> None:
    """Annex III, blank: what the desk has not agreed on."""
    paper.text(paper.say("annex_3"), bold=True, size=11, align=ALIGN.CENTER, after=6, page=True)
    table = paper.table((1.2, 2.2, 8.0, 5.0, 3.0, 7.5))
    heads = ("no", "annex_id", "annex_title", "annex_place", "annex_volume", "annex_reason")
    row(
        table,
        [paper.say(name) for name in heads],
        fill=SHADE,
        is_heading=True,
        bold=True,
        size=9,
        align=ALIGN.CENTER,
    )
    for number in range(1, OPEN + 1):
        row(table, [str(number), *[""] * 5], height=1.1, size=9, aligns={0: ALIGN.CENTER})


def wards(language: str, kind: type[Paper] = Paper) -> bytes:
    """Ward sheets: a page a ward."""
    paper = kind(language, "wards_title")
    section = paper.document.sections[0]
    page(section, margin=1.3)
    for code in ("wards_decides", "wards_turn_to"):
        put(section.footer.paragraphs[-1], paper.say(code), size=8, after=3)
        section.footer.add_paragraph()
    footer(section, paper)
    paper.tag("for ward in wards")
    paper.text(paper.say("wards_title"), bold=True, size=10, grey=True, page=True)
    paper.text("{{ ward.name }}", bold=True, size=16)
    paper.text("{{ ward.district }}. {{ scenario }}", size=10, after=6)
    paper.text(paper.say("wards_summary"), after=6)
    _bars(paper)
    _proposals(paper)
    paper.tag("endfor")
    return paper.save()


def _bars(paper: Paper) -> None:
    table = paper.document.add_table(0, 3)
    table.autofit = False
    for column, width in zip(table.columns, (3.8, 6.4, 7.8), strict=True):
        column.width = Cm(width)
    for name in ("count", "amount"):
        cells = [
            paper.say(f"wards_bar_{name}"),
            f"{{{{ ward.{name}_bar }}}}",
            f"{{{{ ward.{name}_text }}}}",
        ]
        row(table, cells, size=8)
    paper.text("", size=4)


def _proposals(paper: Paper) -> None:
    table = paper.table((1.8, 4.9, 2.6, 2.7, 6.4))
    names = ("wards_priority", "annex_title", "wards_asked", "wards_result", "wards_why")
    row(table, ["{{ ward.name }}"], spans=[5], is_heading=True, fill=LIGHT, size=8, bold=True)
    row(
        table,
        [paper.say(name) for name in names],
        fill=SHADE,
        is_heading=True,
        bold=True,
        size=8,
        align=ALIGN.CENTER,
    )
    tag_row(table, "for row in ward.rows")
    row(
        table,
        [
            "{{ row.priority }}",
            "{{ row.title }}\n{{ row.id }}, {{ row.agency }}",
            f"{_if_any('asked_volume')}\n{{{{ row.asked_amount }}}}",
            f"{{{{ row.result }}}}\n{_if_any('volume')}\n{_if_any('amount')}",
            "{{ row.reason }}",
        ],
        size=8,
        aligns={0: ALIGN.CENTER},
    )
    tag_row(table, "endfor")


def _if_any(field: str) -> str:
    """A line of a cell that is there only where the field holds something."""
    return f"{{%p if row.{field} %}}\n{{{{ row.{field} }}}}\n{{%p endif %}}"


TEMPLATES = {"minutes": minutes, "wards": wards}


def main() -> None:
    """Write every template anew."""
    for name, build in TEMPLATES.items():
        for language in LANGUAGES:
            (HERE / f"{name}.{language}.docx").write_bytes(build(language))


if __name__ == "__main__":
    main()
