"""The forms: every figure added up again, texts that stay texts, templates that can't reach out."""

from __future__ import annotations

import copy
import io
import json
import re
import zipfile
from collections import Counter
from pathlib import Path

import docx
import openpyxl
import pytest
from click.testing import CliRunner
from docx.oxml.ns import qn
from small import DRAIN, HOUSE, ROAD, document

import scenarios
from service.cli import main
from solver.recommend import recommend
from solver.scenario import read, resolve
from solver.write.document import document as document_of
from solver.write.forms import FORMS, ending, form, minutes, template, wards
from solver.write.forms.source import source
from solver.write.forms.word import shape

HOME = Path(__file__).resolve().parents[1] / "solver" / "write" / "forms"
TEACHING = sorted((scenarios.path("belajar")).glob("*.json"))
LANGUAGES = ("id", "en")
ACCOMMODATED = ("fund", "fund_changed", "covered")
NBSP = "\N{NO-BREAK SPACE}"


def result_of(scenario, language="id"):
    return json.loads(json.dumps(document_of(recommend(scenario), language), default=float))


def small(**changes):
    return result_of(resolve(document(**changes)))


@pytest.fixture(scope="module")
def city():
    return result_of(read(scenarios.path("banjarmasin-2018")))


@pytest.fixture(scope="module")
def taught():
    """Every teaching scenario that has a plan, by name."""
    found = {path.stem: result_of(read(path)) for path in TEACHING}
    return {name: result for name, result in found.items() if result["decisions"]}


def book(result, name, language="id", **options):
    data, rows = form(name, result, language, **options)
    return data, rows, openpyxl.load_workbook(io.BytesIO(data))


def word(result, name, language="id", **options):
    data, rows = form(name, result, language, **options)
    return data, rows, docx.Document(io.BytesIO(data))


def rupiah(text):
    assert text.startswith(f"Rp{NBSP}"), text
    return int(re.sub(r"[.,]", "", text.removeprefix(f"Rp{NBSP}")))


def given_by(result, key):
    found = Counter()
    for decision in result["decisions"]:
        if decision["amount"]:
            found[decision[key]] += decision["amount"]
    return found


# Workbooks


class Sums:
    """Works out the formulas of a workbook by itself, from its plain numbers."""

    def __init__(self, data):
        self.formulas = openpyxl.load_workbook(io.BytesIO(data))
        self.cached = openpyxl.load_workbook(io.BytesIO(data), data_only=True)

    def value(self, sheet, place):
        cell = self.formulas[sheet][place].value
        if not (isinstance(cell, str) and cell.startswith("=")):
            return cell if isinstance(cell, int) else 0
        text = cell[1:]
        if found := re.fullmatch(r"(SUBTOTAL\(9,|SUM\()([A-Z]+)(\d+):([A-Z]+)(\d+)\)", text):
            return sum(self._members(sheet, found))
        if found := re.fullmatch(r"'(.*)'!([A-Z]+\d+)", text):
            return self.value(found[1].replace("''", "'"), found[2])
        terms = re.findall(r"([+-]?)([A-Z]*\d+)", text)
        assert "".join(sign + term for sign, term in terms) == text, cell
        return sum(
            (-1 if sign == "-" else 1) * (int(t) if t.isdigit() else self.value(sheet, t))
            for sign, t in terms
        )

    def _members(self, sheet, found):
        area = self.formulas[sheet][f"{found[2]}{found[3]}:{found[4]}{found[5]}"]
        for cell in (cell for row in area for cell in row):
            is_nested = isinstance(cell.value, str) and "SUBTOTAL" in cell.value
            if not (is_nested and found[1].startswith("SUBTOTAL")):
                yield self.value(sheet, cell.coordinate)

    def check(self):
        """Every formula's cached value is what it works out to; how many there are."""
        count = 0
        for sheet in self.formulas:
            for cell in (cell for row in sheet for cell in row if cell.data_type == "f"):
                value = self.value(sheet.title, cell.coordinate)
                assert self.cached[sheet.title][cell.coordinate].value == value, cell.coordinate
                count += 1
        return count


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sum_of_the_citys_workbooks_is_live_and_right(city, language):
    for name, least in (("renja", 250), ("td4", 80)):
        data, rows, _ = book(city, name, language)
        assert Sums(data).check() > least
        assert rows == sum(d["decision"] in ACCOMMODATED for d in city["decisions"])


def test_every_sum_of_every_teaching_scenario_is_live_and_right(taught):
    assert len(taught) > 20
    for result in taught.values():
        for name in ("renja", "td4"):
            data, rows, _ = book(result, name)
            assert Sums(data).check() or not rows


def plain(sheet, column, first=1):
    """The numbers of a column that are no formula."""
    return [c.value for c in sheet[column][first:] if isinstance(c.value, int)]


def test_renja_adds_up_to_what_each_agency_had_and_gets(city):
    data, _, workbook = book(city, "renja")
    sums = Sums(data)
    given, committed = given_by(city, "agency"), Counter()
    for table in ("agencies", "lines"):
        for row in city["input"][table]:
            code = row["code"] if table == "agencies" else row["agency"]
            committed[code] += row.get("committed", 0)
    compared = workbook["Sebelum dan sesudah"]
    codes = {row["code"]: row for row in city["input"]["agencies"]}
    found = {row[0].value: row for row in compared.iter_rows(min_row=6) if row[0].value in codes}
    assert set(found) == set(codes)
    for code, row in found.items():
        before, granted, after, left = (sums.value(compared.title, c.coordinate) for c in row[6:10])
        assert (before, granted) == (committed[code], given[code])
        assert after == committed[code] + given[code]
        assert left == codes[code]["ceiling"] - after
        if code in workbook.sheetnames:
            # The plain numbers of the sheet, counted without any formula.
            assert sum(plain(workbook[code], "F")) == after
    whole = list(compared.iter_rows())[-1]
    assert sums.value(compared.title, whole[7].coordinate) == city["amount"]


def test_renjas_lines_are_those_of_the_result(city):
    data, _, workbook = book(city, "renja")
    sums = Sums(data)
    lines = {line["line"]: line for line in city["lines"]}
    sheets = [sheet for sheet in workbook if sheet.title != "Sebelum dan sesudah"]
    seen = {}
    for sheet in sheets:
        for row in sheet.iter_rows(min_row=9):
            if row[0].value in lines:
                seen[row[0].value] = (row[4].value, sums.value(sheet.title, row[5].coordinate))
    assert set(seen) == set(lines)
    for code, (target, money) in seen.items():
        assert money == lines[code]["committed"] + lines[code]["proposals"]
        if lines[code]["target_after"] is None:
            assert not target
        else:
            number = f"{lines[code]['target_after']:,}".replace(",", ".")
            assert target == f"{number}{NBSP}{lines[code]['unit']}"


def test_renja_leaves_blank_what_nobody_told(city):
    _, _, workbook = book(city, "renja")
    for sheet in workbook.worksheets[1:]:
        rows = list(sheet.iter_rows(min_row=9, values_only=True))
        assert rows
        assert all(not row[2] and not row[8] and not row[9] for row in rows)


def test_renja_without_lines_lists_proposals_under_their_agency():
    rows = [{k: v for k, v in row.items() if k != "line"} for row in (ROAD, DRAIN, HOUSE)]
    result = small(proposals=rows, lines=[])
    _, listed, workbook = book(result, "renja")
    assert listed == 3
    titles = [row[1] for row in workbook["PUPR"].iter_rows(min_row=9, values_only=True)]
    assert titles == ["Dinas PUPR", "Jalan Basirih (U-1)", "Drainase Mawar (U-2)"]


def test_renja_names_places_that_a_line_did_not_have():
    lines = [{"code": "1.03.01", "agency": "PUPR", "places": "Barat/Telawang"}]
    places = [{"district": "Barat", "ward": "Telawang"}]
    result = small(proposals=[ROAD], lines=lines, locations=places)
    _, _, workbook = book(result, "renja")
    row = next(r for r in workbook["PUPR"].iter_rows(values_only=True) if r[0] == "1.03.01")
    assert row[3] == "Telawang, Barat"
    assert "Basirih" in row[7]


def test_td4_lists_what_is_accommodated_and_adds_up_by_agency_and_district(city):
    data, _, workbook = book(city, "td4")
    sums, given = Sums(data), given_by(city, "district")
    assert set(workbook.sheetnames) == {"Rekapitulasi", *given}
    by_id = {d["proposal"]: d for d in city["decisions"]}
    roots = {line["code"]: line for line in city["input"]["lines"]}
    seen = set()
    for district, amount in given.items():
        sheet = workbook[district]
        assert sum(plain(sheet, "I")) == amount
        for row in sheet.iter_rows(min_row=8, values_only=True):
            if not isinstance(row[0], int):
                continue
            decision = by_id[re.search(r"\((U-\d+)\)$", row[4])[1]]
            seen.add(decision["proposal"])
            assert decision["district"] == district
            assert (row[1], row[2], row[5]) == (None, None, None)
            assert row[3].split(" ")[0] == decision["line"].rpartition(".")[0]
            assert row[3].split(" ")[0] in roots
            assert row[6] == decision["ward"]
            is_covered = decision["decision"] == "covered"
            assert row[8] == ("sudah ada di Renja" if is_covered else decision["amount"])
    assert seen == {d["proposal"] for d in city["decisions"] if d["decision"] in ACCOMMODATED}
    recap = workbook["Rekapitulasi"]
    rows = [row for row in recap.iter_rows(min_row=6) if row[0].value]
    assert sums.value(recap.title, rows[-1][-1].coordinate) == city["amount"]
    names = {row["name"]: row["code"] for row in city["input"]["agencies"]}
    found = {
        names[row[0].value]: sums.value(recap.title, row[-1].coordinate)
        for row in rows
        if row[0].value in names
    }
    assert found == given_by(city, "agency")


@pytest.mark.parametrize("name", ["renja", "td4"])
def test_workbooks_print_on_a4_with_their_heading_on_each_page(city, name):
    _, _, workbook = book(city, name)
    for sheet in workbook:
        assert sheet.page_setup.paperSize == 9
        assert sheet.page_setup.orientation == "landscape"
        # One page wide (the default of the format), as many high as it takes.
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.print_title_rows


def test_money_is_a_number_in_the_form_of_its_language(city):
    for language, locale in (("id", "421"), ("en", "409")):
        _, _, workbook = book(city, "td4", language)
        cells = [c for sheet in workbook for row in sheet for c in row if isinstance(c.value, int)]
        forms = {c.number_format for c in cells if c.value > 10_000}
        assert forms == {f'[$-{locale}]"Rp "#,##0'}


def test_sheet_names_are_made_of_any_code():
    codes = ["A:B", "a-b", "History", "x" * 40, "x" * 45, "'q'", "q'r", "[1]"]
    agencies = [{"code": c, "ceiling": "unlimited"} for c in codes]
    rows = [{**DRAIN, "id": f"P{n}", "agency": c} for n, c in enumerate(codes)]
    data, listed, workbook = book(small(agencies=agencies, proposals=rows, lines=[]), "renja")
    assert listed == len(codes)
    assert len(workbook.sheetnames) == len(codes) + 1
    assert Sums(data).check()


# Word


def tables(found):
    """The rows of each table as texts, by the first cell of its heading."""
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in found.tables]


def annexes(found):
    """Annexes I, II and IV as rows, in this order; a row begins with its number."""
    wanted = [rows for rows in tables(found) if len(rows[0]) == 9]
    return wanted, [[row for row in rows if row[0].isdigit()] for rows in wanted]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_minutes_hold_every_proposal_once_with_its_money(city, language):
    _, rows, found = word(city, "minutes", language)
    whole, (given, declined, pokir) = annexes(found)
    assert rows == len(city["decisions"]) == len(given) + len(declined) + len(pokir)
    by_id = {d["proposal"]: d for d in city["decisions"]}
    origins = {row["id"]: row["origin"] for row in city["input"]["proposals"]}
    assert {row[1] for row in given} == {
        d["proposal"] for d in city["decisions"] if d["decision"] in ACCOMMODATED
    }
    assert all(origins[row[1]] == "pokir" for row in pokir)
    assert all(origins[row[1]] != "pokir" for row in declined)
    for row in given:
        decision = by_id[row[1]]
        if decision["decision"] == "covered":
            assert row[6] == ""
        else:
            assert rupiah(row[6]) == decision["amount"]
    for row in declined + pokir:
        assert rupiah(row[6]) == by_id[row[1]]["requested"]["amount"]
        assert row[8]
    for annex in whole:
        assert [row[0] for row in annex if row[0].isdigit()] == [
            str(n + 1) for n in range(sum(row[0].isdigit() for row in annex))
        ]
        _check_totals(annex)
    assert rupiah(whole[0][-1][6]) == city["amount"]


def _check_totals(annex):
    """The sum of each agency and the whole, added up from the rows above it."""
    own, whole = 0, 0
    for row in annex[1:]:
        if row[0].isdigit():
            own += rupiah(row[6]) if row[6] else 0
        elif row is annex[-1]:
            assert rupiah(row[6]) == whole
        elif row[6].startswith("Rp"):
            assert rupiah(row[6]) == own
            whole, own = whole + own, 0


def test_the_clauses_count_what_the_annexes_list(city):
    _, _, found = word(city, "minutes")
    clause = next(rows for rows in tables(found) if rows[0][0] == "KESATU")[0][2]
    kinds = Counter(d["decision"] for d in city["decisions"])
    _, (_, declined, pokir) = annexes(found)
    numbers = [
        int(n)
        for n in re.findall(r"(\d+)(?= usulan| sesuai| dengan| yang)", clause.replace(NBSP, " "))
    ]
    accommodated = sum(kinds[kind] for kind in ACCOMMODATED)
    assert numbers == [
        accommodated, kinds["fund"], kinds["fund_changed"], kinds["covered"],
        len(declined), len(pokir),
    ]  # fmt: skip


def test_one_desks_minutes_are_for_one_agency_and_say_what_went_elsewhere(city):
    _, rows, found = word(city, "minutes", agency="PUPR")
    mine = [d for d in city["decisions"] if d["agency"] == "PUPR"]
    assert rows == len(mine)
    _, groups = annexes(found)
    assert {row[4] for group in groups for row in group} == {"PUPR"}
    away = [
        d["proposal"] for d in city["decisions"]
        if d["requested"]["agency"] == "PUPR" != d["agency"]
    ]  # fmt: skip
    text = "\n".join(p.text for p in found.paragraphs)
    assert away
    assert all(f"({proposal})" in text for proposal in away)
    total = sum(rupiah(row[6]) for row in groups[0] if row[6])
    assert total == given_by(city, "agency")["PUPR"]


def test_the_sums_of_the_desks_are_the_citys(city):
    whole = minutes.content(source(city, "id"))
    desks = [minutes.content(source(city, "id", a["code"])) for a in city["input"]["agencies"]]
    for name in ("accommodated_amount", "declined_amount", "pokir_amount", "asked_amount"):
        total = sum(rupiah(getattr(desk, name)) for desk in desks)
        assert total == rupiah(getattr(whole, name)), name


def test_annex_4_is_there_only_with_council_proposals():
    texts = "\n".join(p.text for p in word(small(), "minutes")[2].paragraphs)
    assert "LAMPIRAN III" in texts
    assert "LAMPIRAN IV" not in texts
    agencies = [{"code": "PUPR", "ceiling": 10}, {"code": "PERKIM", "ceiling": "unlimited"}]
    texts = "\n".join(p.text for p in word(small(agencies=agencies), "minutes")[2].paragraphs)
    assert "LAMPIRAN IV" in texts


@pytest.mark.parametrize("language", LANGUAGES)
def test_ward_sheets_tell_every_proposer_with_money_that_adds_up(city, language):
    _, rows, found = word(city, "wards", language)
    by_id = {d["proposal"]: d for d in city["decisions"]}
    seen = []
    for table in (t for t in tables(found) if len(t[0]) == 5):
        for row in table[2:]:
            decision = by_id[row[1].split("\n")[1].split(",")[0]]
            seen.append(decision["proposal"])
            asked, outcome = row[2].split("\n"), row[3].split("\n")
            assert rupiah(asked[-1]) == decision["requested"]["amount"]
            if decision["amount"]:
                assert rupiah(outcome[-1]) == decision["amount"]
            else:
                assert len(outcome) == 1
            if language == "id":
                assert row[4] == " ".join(reason["text"] for reason in decision["reasons"])
    assert sorted(seen) == sorted(by_id)
    assert rows == len(by_id)


def test_a_wards_summary_is_the_sum_of_its_rows(city):
    data = wards.content(source(city, "id"))
    assert len(data.wards) == 52
    whole = 0
    for ward in data.wards:
        given = [rupiah(row.amount) for row in ward.rows if row.amount]
        assert rupiah(ward.amount) == sum(given)
        assert rupiah(ward.asked_amount) == sum(rupiah(row.asked_amount) for row in ward.rows)
        assert len(ward.count_bar) == len(ward.amount_bar) == wards.BAR
        assert ("█" in ward.amount_bar) == bool(given)
        whole += sum(given)
    assert whole == city["amount"]


def test_a_proposal_without_a_ward_stands_under_its_district():
    rows = [DRAIN, {**HOUSE, "ward": None, "title": "Balai kecamatan"}]
    _, _, found = word(small(proposals=rows), "wards")
    texts = [p.text for p in found.paragraphs]
    assert "Usulan tingkat kecamatan" in texts
    assert any("Balai kecamatan" in row[1] for table in tables(found) for row in table)


def test_a_moved_proposal_is_told_where_it_was_asked_for(taught):
    result = taught["options"]
    moved = [d for d in result["decisions"] if "place" in d["changes"] or "agency" in d["changes"]]
    data = wards.content(source(result, "id"))
    where = {row.id: ward.name for ward in data.wards for row in ward.rows}
    assert moved
    assert all(where[d["proposal"]] == d["requested"]["ward"] for d in moved)


@pytest.mark.parametrize("name", ["minutes", "wards"])
def test_word_forms_print_on_a4_and_no_row_is_broken(city, name):
    _, _, found = word(city, name)
    for section in found.sections:
        sides = sorted((round(section.page_width.cm, 1), round(section.page_height.cm, 1)))
        assert sides == [21.0, 29.7]
    for table in found.tables:
        rows = [row._tr.trPr for row in table.rows]
        assert all(row.find(qn("w:cantSplit")) is not None for row in rows)
        if len(table.columns) in (5, 9):
            assert rows[0].find(qn("w:tblHeader")) is not None


def test_reasons_are_told_in_the_language_of_the_form(city):
    text = json.dumps([w.rows[0].reason for w in wards.content(source(city, "en")).wards])
    assert "best plan" in text
    assert "rencana" not in text.replace("Renja", "")


# What people typed


OURS = re.compile(
    r"=(SUBTOTAL\(9,[A-Z]+\d+:[A-Z]+\d+\)|SUM\([A-Z]+\d+:[A-Z]+\d+\)"
    r"|'.*'![A-Z]+\d+|\d+|[A-Z]+\d+([+-][A-Z]+\d+)*)"
)
"""Every formula that a form may hold."""

HOSTILE = (
    "=1+1", "@SUM(A1)", "{{ 7*7 }}", "{% for x in y %}", "{# gone #}", "{{ scenario }}",
    "</w:t></w:p><w:p>", "A & B < C", "satu\ndua\ttiga", "http://contoh.id", "&amp;lt;",
    "{%tr for row in rows %}", "\u202ebalik", "tidak\uffffada", "“kutip”", "{%p if agency %}",
)  # fmt: skip


@pytest.mark.parametrize("typed", HOSTILE)
def test_what_people_typed_is_text_in_every_form(typed):
    shown = re.sub(r"[\n\t\u202e\uffff]", " ", typed).strip()
    row = {**ROAD, "title": typed, "unit": typed, "source": typed, "ward": typed}
    agencies = [{"code": "PUPR", "name": typed, "ceiling": 10**9}]
    lines = [{"code": "1.03.01", "agency": "PUPR", "title": typed, "unit": typed}]
    calm = {**row, "title": "Biasa", "unit": "m", "source": "APBD", "ward": "Basirih"}
    result, plain_result = (
        small(title=t, proposals=[r], agencies=a, lines=n)
        for t, r, a, n in (
            (typed, row, agencies, lines),
            (
                "Biasa",
                calm,
                [{**agencies[0], "name": "Dinas"}],
                [{**lines[0], "title": "Baris", "unit": "m"}],
            ),
        )
    )
    for name in FORMS:
        if ending(name) == ".xlsx":
            data, _, workbook = book(result, name)
            cells = [cell for sheet in workbook for line in sheet for cell in line]
            formulas = [c.value for c in cells if c.data_type == "f"]
            same = [
                c.value for sheet in book(plain_result, name)[2] for line in sheet
                for c in line if c.data_type == "f"
            ]  # fmt: skip
            assert formulas == same or name == "td4"  # its sheets bear the district's name
            assert all(OURS.fullmatch(f) for f in formulas)
            assert any(shown in str(cell.value) for cell in cells)
            assert not any(cell.hyperlink for cell in cells)
            Sums(data).check()
        else:
            data, _, found = word(result, name)
            calm_data, _, calm_found = word(plain_result, name)
            text = "\n".join([cell for t in tables(found) for line in t for cell in line])
            assert shown in text
            # The same skeleton as with harmless words: nothing became markup.
            assert tags(data) == tags(calm_data)
            assert [len(t) for t in tables(found)] == [len(t) for t in tables(calm_found)]


def tags(data):
    names = Counter()
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for part in ("word/document.xml", "word/footer1.xml"):
            names.update(re.findall(r"<(w:[A-Za-z]+)", package.read(part).decode()))
    return names


# Templates


def own(tmp_path, *paragraphs, header=""):
    """A city's template with these paragraphs."""
    found = docx.Document()
    for text in paragraphs:
        found.add_paragraph(text)
    if header:
        found.sections[0].header.paragraphs[0].text = header
    path = tmp_path / "kota.docx"
    found.save(path)
    return path


def test_the_packages_templates_are_what_the_builder_builds():
    for name, build in template.TEMPLATES.items():
        for language in LANGUAGES:
            kept = (HOME / f"{name}.{language}.docx").read_bytes()
            assert parts(kept) == parts(build(language)), "python -m solver.write.forms.template"


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {info.filename: package.read(info) for info in package.infolist()}


def test_readme_names_every_field():
    text = (HOME / "README.md").read_text("utf-8")
    named = set(re.findall(r"`(\w+)`", text))

    def fields(known):
        for name, kind in known.items():
            yield name
            if isinstance(kind, tuple):
                yield from fields(kind[0])

    for kind in (minutes.Minutes, wards.Wards):
        assert set(fields(shape(kind))) <= named


def test_a_city_can_use_its_own_template(tmp_path):
    path = own(
        tmp_path,
        "Kop {{ scenario }}: {{ accommodated_count }}",
        "{%p for group in accommodated %}",
        "{{ loop.index }}. {{ group.name }}{% if group.rows and not loop.last %};{% endif %}",
        "{%p for row in group.rows %}",
        "{{ row.id }} {% if row.agency == 'PUPR' %}PU{% else %}{{ row.agency }}{% endif %}",
        "{%p endfor %}",
        "{%p endfor %}",
        header="{{ year }}",
    )
    _, _, found = word(small(), "minutes", template=path)
    assert [p.text for p in found.paragraphs] == [
        "Kop Desk kecil: 4" + NBSP + "usulan",
        "1. PERKIM;", "U-3 PERKIM", "U-4 PERKIM",
        "2. Dinas PUPR", "U-1 PU", "U-2 PU",
    ]  # fmt: skip
    assert found.sections[0].header.paragraphs[0].text == "2018"


REFUSED = {
    "{{ scenaro }}": ("scenaro", "scenario"),
    "{{ bukan_apa_apa_ini }}": ("bukan_apa_apa_ini", "accommodated"),
    "{{ row.title }}": ("row",),
    "{{ scenario.title }}": ("scenario.title",),
    "{{ ''.__class__ }}": ("__class__",),
    "{{ agencies.__class__.__mro__ }}": ("__class__",),
    "{{ agencies[0] }}": ("agencies[0]",),
    "{{ agencies }}": ("agencies",),
    "{{ 7*7 }}": ("7*7",),
    "{{ cycler() }}": ("cycler",),
    "{{ scenario|upper }}": ("upper",),
    "{{ lipsum.__globals__ }}": ("lipsum",),
    "{% set x = 1 %}": ("set x",),
    "{% include 'x' %}": ("include",),
    "{% import 'x' as y %}": ("import",),
    "{% for x in scenario %}{% endfor %}": ("scenario",),
    "{% for x in range(9) %}{% endfor %}": ("range",),
    "{% for x in agencies %}{{ x.nam }}{% endfor %}": ("nam", "name"),
    "{% for x in agencies recursive %}{% endfor %}": ("recursive",),
    "{% for x in agencies if x.name %}{% endfor %}": ("agencies",),
    "{% if scenario.upper() %}{% endif %}": ("upper",),
    "{% for x in agencies %}": ("endfor",),
    "{% endfor %}": ("endfor",),
    "{% if year %}": ("endif",),
    "{{ scenario": ("scenario",),
    "{% bogus %}": ("bogus",),
}


@pytest.mark.parametrize("where", ["body", "header"])
@pytest.mark.parametrize("tag", REFUSED)
def test_a_template_that_is_wrong_is_refused_with_the_place(tmp_path, tag, where):
    text = f"Baris ini: {tag}"
    path = own(tmp_path, text) if where == "body" else own(tmp_path, "Isi", header=text)
    result, out = saved(tmp_path, small()), tmp_path / "ba.docx"
    told = run("export", result, "--form", "minutes", "--template", path, "--out", out)
    assert told.exit_code == 2
    assert "kota.docx" in told.stderr
    assert "Baris ini" in told.stderr
    assert all(word in told.stderr for word in REFUSED[tag]), told.stderr
    assert not out.exists()


def test_tags_that_cut_a_paragraph_in_two_are_refused(tmp_path):
    path = own(tmp_path, "{%p for x in agencies %}", "Nama {{ x.name }}", "lalu {% endfor %}")
    result, out = saved(tmp_path, small()), tmp_path / "ba.docx"
    told = run("export", result, "--form", "minutes", "--template", path, "--out", out)
    assert told.exit_code == 2
    assert "{%p endfor %}" in told.stderr
    assert not out.exists()


@pytest.mark.parametrize("data", [b"", b"bukan Word", b"PK\x03\x04", "buku"])
def test_a_template_that_is_no_word_file_is_refused(tmp_path, data):
    path = tmp_path / "kota.docx"
    if data == "buku":
        openpyxl.Workbook().save(path)
    else:
        path.write_bytes(data)
    result, out = saved(tmp_path, small()), tmp_path / "ba.docx"
    told = run("export", result, "--form", "wards", "--template", path, "--out", out)
    assert told.exit_code == 2
    assert "kota.docx" in told.stderr
    assert not out.exists()


# The command


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def saved(tmp_path, result):
    path = tmp_path / "result.json"
    path.write_text(json.dumps(result), "utf-8")
    return path


@pytest.mark.parametrize("name", FORMS)
def test_export_writes_the_form_and_says_how_many(tmp_path, name):
    result, out = saved(tmp_path, small()), tmp_path / "baru" / f"x{ending(name)}"
    told = run("export", result, "--form", name, "--out", out, "--json")
    assert told.exit_code == 0
    assert json.loads(told.stdout) == {"written": str(out), "rows": 4}
    assert zipfile.is_zipfile(out)
    told = run("export", result, "--form", name, "--out", out, "--lang", "en", "--agency", "PERKIM")
    assert told.stdout == f"Written: {out}, 2{NBSP}proposals.\n"


def bent(result, bend):
    found = copy.deepcopy(result)
    bend(found)
    return found


BENT = {
    "amount": lambda r: r["decisions"][0].update(amount=1),
    "total": lambda r: r.update(amount=r["amount"] + 1),
    "title of the input": lambda r: r["input"].update(title="Lain"),
    "volume off": lambda r: r["decisions"][0].update(volume=119),
    "unknown proposal": lambda r: r["decisions"][0].update(proposal="U-9"),
    "left out": lambda r: r["decisions"].pop(),
    "no input": lambda r: r.pop("input"),
    "no stages": lambda r: r.pop("stages"),
    "no gap": lambda r: r.pop("gap"),
    "volume a text": lambda r: r["decisions"][0].update(volume="120"),
    "volume too fine": lambda r: r["decisions"][0].update(volume=0.12345678),
    "volume a list": lambda r: r["decisions"][0].update(volume=[]),
    "proposal a list": lambda r: r["decisions"][0].update(proposal=[]),
    "decisions a text": lambda r: r.update(decisions="abc"),
    "a decision a text": lambda r: r["decisions"].append("abc"),
    "status unknown": lambda r: r.update(status="hebat"),
    "best null": lambda r: r["stages"][0].update(best=None),
}


@pytest.mark.parametrize("name", BENT)
def test_a_result_that_is_not_whole_or_does_not_add_up_gives_no_form(tmp_path, name):
    result, out = saved(tmp_path, bent(small(), BENT[name])), tmp_path / "x.xlsx"
    told = run("export", result, "--form", "renja", "--out", out)
    assert told.exit_code == 2, told.output
    assert "kayuh recommend --out" in told.stderr
    assert not out.exists()


@pytest.mark.parametrize("text", ["", "bukan JSON", "[]", "{}", '{"a": 1, "a": 2}', "NaN"])
def test_foreign_files_are_refused_with_a_sentence(tmp_path, text):
    path, out = tmp_path / "result.json", tmp_path / "x.xlsx"
    path.write_text(text, "utf-8")
    told = run("export", path, "--form", "td4", "--out", out)
    assert told.exit_code in (2, 5)
    assert told.stderr
    assert not isinstance(told.exception, AttributeError | KeyError | TypeError)
    assert not out.exists()


def test_a_result_without_a_plan_gives_no_form(
    tmp_path,
):
    impossible = result_of(read(scenarios.path("belajar") / "impossible.json"))
    out = tmp_path / "x.docx"
    told = run("export", saved(tmp_path, impossible), "--form", "minutes", "--out", out)
    assert told.exit_code == 2
    assert "tidak berisi rencana" in told.stderr
    assert not out.exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--form", "minutes", "--out", "x.xlsx"), ".docx"),
        (("--form", "renja", "--out", "x.docx"), ".xlsx"),
        (("--form", "renja", "--out", "x"), ".xlsx"),
        (("--form", "td4", "--out", "x.xlsx", "--template", "t.docx"), "Word"),
        (("--form", "minutes", "--out", "t.docx", "--template", "t.docx"), "t.docx"),
        (("--form", "minutes", "--out", "x.docx", "--template", "hilang.docx"), "hilang.docx"),
        (("--form", "minutes", "--out", "x.docx", "--agency", "PURP"), "PUPR"),
        (("--form", "minutes", "--out", "x.docx", "--agency", "zzz"), "PERKIM"),
        (("--form", "surat", "--out", "x.docx"), "minutes"),
        (("--form", "renja"), "--out"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_to_do(tmp_path, monkeypatch, words, told):
    monkeypatch.chdir(tmp_path)
    own(tmp_path, "Isi").rename("t.docx")
    before = Path("t.docx").read_bytes()
    result = run("export", saved(tmp_path, small()), *words)
    assert result.exit_code == 2
    assert told in result.stderr
    assert {p.name for p in tmp_path.iterdir()} == {"result.json", "t.docx"}
    assert Path("t.docx").read_bytes() == before


def test_a_missing_result_is_one_sentence(tmp_path):
    told = run("export", tmp_path / "tidak.json", "--form", "td4", "--out", tmp_path / "x.xlsx")
    assert told.exit_code == 2
    assert "tidak.json" in told.stderr
