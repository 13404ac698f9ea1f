"""Import: workbooks read with corrections beside them, what changes, and what is saved."""

from __future__ import annotations

import io

import openpyxl
import pytest
from desks import city_at, document
from papered import decide
from sipd_files import at, ceilings, export, row, says

import scenarios as embedded
from service.desk import city as cities
from service.desk import decisions
from service.intake import reading, saving
from service.intake.difference import difference
from service.intake.drafts import MOST, Draft, Drafts, owner_of
from service.intake.errors import IntakeError
from service.intake.reading import Correction, Source
from service.store import LOCAL, Actor, events, snapshots
from service.store.errors import ForbiddenError, InvalidError, StaleError
from service.store.models import Event
from solver.errors import InputError
from solver.scenario import heading_of, read, read_workbook, resolve
from solver.sipd import choices, edited
from solver.write.workbook import workbook

EXAMPLE = read(embedded.path("contoh.json"))


def book(**cells):
    """The example as a workbook with cells of Usulan replaced: "OPD:2" is the column and row."""
    data = workbook(EXAMPLE.document, "id")
    opened = openpyxl.load_workbook(io.BytesIO(data))
    sheet = opened["Usulan"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for name, value in cells.items():
        heading, _, number = name.partition(":")
        sheet.cell(int(number), columns[heading]).value = value
    out = io.BytesIO()
    opened.save(out)
    return out.getvalue()


def issues(data, corrections=()):
    with pytest.raises(InputError) as refusal:
        read_workbook(data, "kota.xlsx", corrections)
    return refusal.value.issues


def draft(data, kind="workbook", city=None, ceilings_=None, **more):
    source = Source("kota.xlsx", data)
    extra = Source("pagu.xlsx", ceilings_) if ceilings_ else None
    return Draft(kind, city, source, extra, owner_of(LOCAL), **more).read("id")


# Reading with corrections


def test_a_workbook_in_bytes_is_the_scenario_it_was_made_from():
    assert read_workbook(workbook(EXAMPLE.document, "en"), "x.xlsx").digest == EXAMPLE.digest


def test_a_name_that_is_wrong_in_many_rows_is_corrected_in_all_of_them():
    data = book(**{"OPD:2": "DPU", "OPD:4": "DPU"})
    (issue,) = issues(data)  # told once, at the first row
    assert (issue.place.row, issue.value, issue.suggestion) == (2, "DPU", "PUPR")
    once = Correction("Usulan", 2, "agency", "PUPR", "DPU")
    assert [i.place.row for i in issues(data, [once])] == [4]
    everywhere = Correction("Usulan", 2, "agency", "PUPR", "DPU", everywhere=True)
    found = read_workbook(data, "kota.xlsx", [everywhere])
    assert found.digest == read_workbook(book(**{"OPD:4": "PUPR"}), "x").digest


@pytest.mark.parametrize(
    ("cell", "wrong", "column", "right"),
    [
        ("Skor:3", "empat", "score", "78"),
        ("Kelurahan:1", "Kelurahn", "", "Kelurahan"),
        ("ID Usulan:2", None, "id", "U-001"),
        ("Volume:2", "12m", "volume", "240"),
    ],
)
def test_one_cell_is_read_as_it_was_corrected(cell, wrong, column, right):
    data = book(**{cell: wrong})
    found = issues(data)
    assert found
    fixes = [
        Correction(i.place.sheet, i.place.row, i.column or "", right, str(i.value or ""))
        for i in found
        if (i.column or "") == column
    ]
    assert read_workbook(data, "kota.xlsx", fixes).digest == EXAMPLE.digest


def test_a_row_is_left_out():
    data = book(**{"Skor:6": "empat"})
    assert {i.place.row for i in issues(data)} == {6}
    found = read_workbook(data, "kota.xlsx", [Correction("Usulan", 6, "score", None)])
    before, after = ({p.id for p in s.instance.proposals} for s in (EXAMPLE, found))
    assert before - after == {"U-005"}


def test_corrections_of_what_is_not_there_change_nothing():
    data = workbook(EXAMPLE.document, "id")
    strange = [
        Correction("Lain", 2, "agency", "X"),
        Correction("Usulan", 999, "agency", "X"),
        Correction("Usulan", 2, "tidak ada", "X"),
    ]
    assert read_workbook(data, "kota.xlsx", strange).digest == EXAMPLE.digest


def test_the_sheets_of_rules_and_of_the_scenario_are_corrected_too():
    whole = {**EXAMPLE.document, "year": 2018}
    data = workbook(whole, "id")
    opened = openpyxl.load_workbook(io.BytesIO(data))
    sheet = opened["Skenario"]
    row_ = next(r for r in sheet.iter_rows() if r[0].value == "year")
    row_[1].value = "tahun ini"
    out = io.BytesIO()
    opened.save(out)
    (issue,) = issues(out.getvalue())
    fix = Correction(issue.place.sheet, issue.place.row, issue.column or "", "2018")
    assert read_workbook(out.getvalue(), "kota.xlsx", [fix]).year == 2018


def test_problems_of_one_kind_stand_together_and_two_readings_are_both_offered():
    data = book(**{"Anggaran:5": "1250000.00", "Skor:2": "empat", "Skor:3": "empat"})
    groups = {g.code: g for g in reading.grouped(draft(data).reading.issues)}
    assert len(groups["not_a_number"].issues) == 2
    assert groups["number_two_readings"].readings == ["125.000.000", "1.250.000"]
    assert all(reading.can_correct(i) for g in groups.values() for i in g.issues)


def test_a_heading_is_told_in_the_readers_words():
    assert heading_of("agency", "id") == "OPD"
    assert heading_of("agency", "en") == "agency"
    assert heading_of("tak ada", "id") == "tak ada"


# SIPD


def test_names_of_agencies_are_matched_on_the_page_and_followed():
    rows = (row(agency="DINAS KESEHATAN"), row(title="Jalan", agency="Dinas Entah"))
    found = draft(export(*rows), "sipd", ceilings_=ceilings())
    table = choices(found.reading.mapping)["agencies"]
    assert "Dinas Entah" in table
    code = sorted(a["code"] for a in found.reading.imported.document["agencies"])[0]
    changed = draft(
        export(*rows), "sipd", ceilings_=ceilings(),
        mapping=found.reading.mapping, changes={"agencies": {"Dinas Entah": code}},
    )  # fmt: skip
    agencies = {p.title: p.requested.agency for p in changed.reading.scenario.instance.proposals}
    assert agencies["Jalan"] == code
    assert choices(changed.reading.mapping)["agencies"]["Dinas Entah"] == code


def test_a_code_that_the_ceilings_do_not_have_is_a_problem_not_a_crash():
    found = draft(export(row()), "sipd", ceilings_=ceilings())
    wrong = draft(export(row()), "sipd", ceilings_=ceilings(), mapping=found.reading.mapping,
                  changes={"agencies": {"DINAS KESEHATAN": "XYZ"}})  # fmt: skip
    assert [i.code for i in wrong.reading.issues] == ["mapping_unknown_code"]
    assert not wrong.reading.is_ready


def test_the_mapping_changed_on_a_page_reads_as_the_file_does():
    text = 'title = "A"\nyear = 2018\n[agencies]\n"Dinas X" = "PUPR"\n[proposals]\n'
    changes = {"title": 'B "x" # y', "agencies": {"Dinas X": 'a"b', "Baru\n[x]": "C"}}
    again = choices(edited(text, changes))
    assert again == {
        "title": 'B "x" # y', "year": 2018, "proposals": {},
        "agencies": {"Dinas X": 'a"b', "Baru\n[x]": "C"},
    }  # fmt: skip
    assert "title" not in choices(edited(text, {"title": None}))


# Differences


def test_what_is_added_gone_and_changed_is_told_with_what_desks_decided():
    before = resolve(document())
    rows = [dict(p) for p in document()["proposals"] if p["id"] != "U-2"]
    rows[0] |= {"volume": 100, "title": "Jalan Basirih baru"}
    rows.append({**rows[1], "id": "U-9"})
    agencies = [{**a, "ceiling": 5} if a["code"] == "PUPR" else a for a in document()["agencies"]]
    after = resolve(document(proposals=rows, agencies=agencies))
    found = {d.table: d for d in difference(before, after, {"U-1", "U-2"})}
    proposals = found["proposals"]
    assert [r.key for r in proposals.added] == ["U-9"]
    assert [(r.key, r.is_decided) for r in proposals.gone] == [("U-2", True)]
    (changed,) = proposals.changed
    assert (changed.key, changed.is_decided) == ("U-1", True)
    assert {c.column: (c.before, c.after) for c in changed.cells} == {
        "title": ("Jalan Basirih", "Jalan Basirih baru"), "volume": (120, 100),
    }  # fmt: skip
    assert [(c.key, c.cells[0].after) for c in found["agencies"].changed] == [("PUPR", 5)]
    assert difference(before, before) == []


def test_options_and_wards_are_told_apart():
    before = resolve(document())
    rows = [p for p in document()["proposals"] if p.get("option") != "B"]
    (found,) = difference(before, resolve(document(proposals=rows)))
    assert [r.key for r in found.gone] == ["U-4/B"]


# Drafts


def test_a_draft_is_its_owners_and_old_ones_make_room():
    drafts = Drafts()
    first = Draft("workbook", None, Source("a", b"x"), None, ("Ani", "planner"))
    names = [drafts.add(first) for _ in range(MOST + 1)]
    assert len(set(names)) == MOST + 1
    assert drafts.get(names[0], Actor("Ani", "planner")) is None  # pushed out
    assert drafts.get(names[-1], Actor("Ani", "planner")) is first
    assert drafts.get(names[-1], Actor("Budi", "planner")) is None
    drafts.drop(names[-1])
    assert drafts.get(names[-1], Actor("Ani", "planner")) is None


def test_large_files_push_others_out():
    drafts = Drafts()
    big = Draft("workbook", None, Source("a", b"x" * 70_000_000), None, ("Ani", "planner"))
    first, second = drafts.add(big), drafts.add(big)
    owner = Actor("Ani", "planner")
    assert drafts.get(first, owner) is None
    assert drafts.get(second, owner) is big


# Saving


@pytest.fixture
def store(tmp_path):
    with city_at(f"sqlite:///{tmp_path / 'kayuh.db'}") as found:
        yield found


def good(**changes):
    return workbook(resolve(document(**changes)).document, "id")


def test_a_new_city_gets_its_desks_and_its_data_never_changes(store):
    with store.write(LOCAL) as tx:
        done = saving.save_new(tx, draft(good()), "kota-baru", "Kota Baru")
    with store.session() as tx:
        assert [d.agency for d in cities.desks(tx, "kota-baru")] == ["PERKIM", "PUPR"]
        assert snapshots.read(tx, done.digest) == resolve(document()).document
        entry = tx.query(Event).filter(Event.kind == "import").one()
    assert events.body_of(entry)["files"][0]["name"] == "kota.xlsx"
    assert len(events.body_of(entry)["files"][0]["sha256"]) == 64


def test_an_import_again_makes_new_data_beside_the_old_and_decisions_follow(store):
    decide(store, "U-1", "accommodated")
    rows = [{**p, "unit_cost": 900_000} if p["id"] == "U-1" else p for p in document()["proposals"]]
    with store.session() as tx:
        city = cities.city_of(tx, "kota")
        old, rev = city.scenario, city.rev
    with store.write(LOCAL) as tx:
        done = saving.save_again(tx, draft(good(proposals=rows), city="kota"), "kota",
                                 "harga turun", rev)  # fmt: skip
    assert done.name == "kota"
    with store.session() as tx:
        assert cities.city_of(tx, "kota").scenario == done.digest != old
        assert snapshots.read(tx, old) is not None
        assert decisions.of_city(tx, "kota")["U-1"].amount == 120 * 900_000
    with store.write(LOCAL) as tx:
        rev = cities.city_of(tx, "kota").rev
        again = saving.save_again(tx, draft(good(), city="kota"), "kota", "kembali", rev)
    assert again.name == "kota-2"


@pytest.mark.parametrize(
    ("rev", "reason", "error"),
    [(0, "harga turun", StaleError), (None, " ", IntakeError)],
)
def test_saving_over_what_others_changed_or_without_a_reason_is_refused(store, rev, reason, error):
    with store.session() as tx:
        rev = cities.city_of(tx, "kota").rev if rev is None else rev
    with store.write(LOCAL) as tx, pytest.raises(error):
        saving.save_again(tx, draft(good(), city="kota"), "kota", reason, rev)


def test_what_has_problems_or_no_name_is_not_saved(store):
    with store.write(LOCAL) as tx, pytest.raises(IntakeError):
        saving.save_new(tx, draft(book(**{"Skor:3": "x"})), "baru", "Baru")
    for name in ("Kota Baru", "../x", "", "a" * 81):
        with store.write(LOCAL) as tx, pytest.raises(InvalidError):
            saving.save_new(tx, draft(good()), name, "Baru")
    with store.write(Actor("Tamu", "facilitator")) as tx, pytest.raises(ForbiddenError):
        saving.save_new(tx, draft(good()), "baru", "Baru")


def test_the_choices_of_an_export_are_remembered_for_the_city(store):
    rows = (row(), row(title="Jalan", agency="Dinas Entah", address=at("Melati")),
            row(title="Siring", bappeda=says(20_000_000)))  # fmt: skip
    first = draft(export(*rows), "sipd", ceilings_=ceilings())
    code = sorted(a["code"] for a in first.reading.imported.document["agencies"])[0]
    chosen = draft(export(*rows), "sipd", ceilings_=ceilings(), mapping=first.reading.mapping,
                   changes={"agencies": {"Dinas Entah": code}})  # fmt: skip
    with store.write(LOCAL) as tx:
        saving.save_new(tx, chosen, "kabupaten", "Kabupaten")
    with store.session() as tx:
        remembered = saving.mapping_of(tx, "kabupaten")
        assert saving.mapping_of(tx, "kota") == ""
    assert choices(remembered)["agencies"]["Dinas Entah"] == code
    again = draft(export(*rows), "sipd", ceilings_=ceilings(), mapping=remembered)
    assert again.reading.scenario.digest == chosen.reading.scenario.digest


def test_too_many_rows_are_refused_with_a_sentence(monkeypatch):
    monkeypatch.setattr(reading, "MOST_PROPOSALS", 3)
    found = draft(good())
    assert [i.code for i in found.reading.issues] == ["too_many_rows_handed"]
