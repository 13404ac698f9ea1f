"""A desk's papers: every figure is the log's, a seal holds, and what was typed is only text."""

from __future__ import annotations

import io
import re
import zipfile

import openpyxl
import pytest
from desks import PERKIM, PUPR, city_at
from docx import Document
from papered import NASTY, agree, decide, decided, seal
from sqlalchemy import select, text

from service.desk import city as cities
from service.desk import sessions
from service.papers import meeting, templates
from service.papers.checks import checks
from service.papers.errors import PaperError, SealError
from service.papers.meeting import Particulars
from service.papers.papers import clock, day_in_words, papers
from service.papers.replay import rulings_at
from service.store import LOCAL, Actor, events, people
from service.store.errors import ForbiddenError, InvalidError, NotNowError, StaleError
from service.store.events import body_of
from service.store.models import Event
from solver.errors import UsageError
from solver.scenario import resolve
from solver.words import LANGUAGES
from solver.write.forms import Attendant, Model, Ruling, desk_source, own_template

FUNDED = ("accommodated", "accommodated_changed")


@pytest.fixture
def store(tmp_path):
    with decided(f"sqlite:///{tmp_path / 'kayuh.db'}") as found:
        yield found


def read(store, language="id", desk=PUPR, version=None):
    with store.session() as tx:
        return papers(tx, cities.desk_of(tx, desk), language, version)


def last_decisions(store, seq):
    """proposal -> what the last decision event up to seq says, read from the log by hand."""
    with store.session() as tx:
        entries = tx.scalars(select(Event).where(Event.kind == "decision").order_by(Event.seq))
        return {body_of(e)["proposal"]: body_of(e)["after"] for e in entries if e.seq <= seq}


def digits(money):
    return int(re.sub(r"\D", "", money) or 0)


def words(docx):
    """Every text of a Word file, tables included."""
    document = Document(io.BytesIO(docx))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_of_the_minutes_is_the_logs(store, language):
    seal(store)
    found = read(store, language)
    told = last_decisions(store, found.mark.seq)
    rows = [
        row
        for groups in (found.minutes.accommodated, found.minutes.open)
        for group in groups
        for row in group.rows
    ]
    assert {row.id for row in rows} == {"U-1", "U-2", "U-5", "U-6"}
    for row in rows:
        after = told.get(row.id, {"amount": 0})
        assert digits(row.amount) == after["amount"]
    for groups, total in (
        (found.minutes.accommodated, found.minutes.accommodated_amount),
        (found.minutes.open, found.minutes.open_amount),
    ):
        amounts = [digits(row.amount) for group in groups for row in group.rows]
        assert sum(amounts) == sum(digits(g.amount) for g in groups) == digits(total)
    own = [after["amount"] for after in told.values() if after["code"] in FUNDED]
    assert sum(own) == digits(found.minutes.accommodated_amount) == 80_000_000


def test_the_excel_forms_add_up_to_the_same_money(store):
    seal(store)
    found = read(store)
    td4 = openpyxl.load_workbook(io.BytesIO(found.file("td4")), data_only=True)
    renja = openpyxl.load_workbook(io.BytesIO(found.file("renja")), data_only=True)
    numbers = [c.value for sheet in td4 for row in sheet.iter_rows() for c in row]
    assert 80_000_000 in numbers
    compared = renja[renja.sheetnames[0]]
    cells = [c.value for row in compared.iter_rows() for c in row]
    # Before the desk nothing was committed, after it what the desk gave.
    assert cells.count(80_000_000) >= 2


def test_every_proposal_stands_in_just_one_annex(store):
    found = read(store).minutes
    listed = [
        row.id
        for name in ("accommodated", "declined", "open", "pokir")
        for group in getattr(found, name)
        for row in group.rows
    ]
    assert sorted(listed) == ["U-1", "U-2", "U-5", "U-6"]
    assert [row.id for g in found.accommodated for row in g.rows] == ["U-1", "U-6"]
    who = {row.id: row.who for g in found.open for row in g.rows}
    assert who == {"U-2": "Tidak setuju: Kecamatan Tengah.", "U-5": "Belum dibahas"}


def test_what_all_parties_refuse_is_declined_and_a_council_proposal_has_its_own_annex(tmp_path):
    from desks import PROPOSALS

    rows = [{**p, "origin": "pokir"} if p["id"] == "U-5" else p for p in PROPOSALS]
    with city_at(f"sqlite:///{tmp_path / 'k.db'}", proposals=rows) as store:
        decide(store, "U-2", "declined", reason="zoning")
        decide(store, "U-5", "deferred", reason="land")
        agree(store)
        found = read(store).minutes
    assert [r.id for g in found.declined for r in g.rows] == ["U-2"]
    assert [r.id for g in found.pokir for r in g.rows] == ["U-5"]
    (row,) = (r for g in found.declined for r in g.rows)
    assert row.reason == "Bertentangan dengan tata ruang."
    assert digits(found.declined_amount) == 90_000_000


def test_a_changed_decision_is_no_longer_agreed(store):
    assert read(store).minutes.accommodated_count.startswith("2")
    decide(store, "U-1", "accommodated", volume=100)
    found = read(store).minutes
    assert [row.id for g in found.accommodated for row in g.rows] == ["U-6"]
    assert [r.who for g in found.open for r in g.rows if r.id == "U-1"] == [
        "Belum menyatakan pendapat: OPD, Kecamatan Barat dan perangkat daerah perencana."
    ]


def test_sealed_papers_stay_as_they_were_whatever_happens_later(store):
    seal(store)
    sealed = read(store).minutes
    wards = words(read(store).file("wards"))
    decide(store, "U-4", "accommodated", desk=PERKIM, option="B")
    with store.write(LOCAL) as tx:
        sessions.reopen(tx, PUPR, "pagu berubah")
    decide(store, "U-1", "declined", reason="land")
    again = read(store, version=1)
    assert again.minutes == sealed
    assert again.sealed
    assert words(again.file("wards")) == wards
    now = read(store)
    assert (now.version, now.sealed) == (2, False)
    assert "pagu berubah" in now.minutes.reopened


def test_the_fingerprint_on_paper_is_an_entry_of_the_log(store):
    seal(store)
    found = read(store)
    with store.session() as tx:
        assert events.marks(tx, found.minutes.fingerprint)
        assert tx.get(Event, found.mark.seq).kind == "session.signed"
    for form in ("minutes", "wards"):
        assert found.minutes.fingerprint in zipped(found.file(form))
    for form in ("td4", "renja"):
        assert found.minutes.fingerprint in zipped(found.file(form))


def zipped(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "".join(archive.read(n).decode("utf-8", "replace") for n in archive.namelist())


def test_sealed_papers_are_not_printed_where_snapshot_and_log_differ(store):
    seal(store)
    with store.session() as tx:
        own = "SELECT minutes FROM desk_session WHERE minutes IS NOT NULL"
        digest = tx.execute(text(own)).scalar()
        kept = tx.execute(text("SELECT digest FROM snapshot WHERE kind = 'scenario'")).scalar()
    with store.write() as tx:
        tx.execute(text("UPDATE desk_session SET minutes = :other WHERE minutes = :own"),
                   {"other": kept, "own": digest})  # fmt: skip
    with pytest.raises(SealError):
        read(store)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_typed_is_only_text_in_word_and_excel(store, language):
    with store.write(LOCAL) as tx:
        person = Attendant(NASTY[:80], "opd", "=1+1", "{{ fingerprint }}")
        typed = Particulars(number="=2+2", day="2018-03-16", place="{{ 7*7 }}", people=[person])
        meeting.keep(tx, PUPR, typed)
    found = read(store, language)
    told = words(found.file("minutes"))
    assert "{{ 7*7 }}" in told
    assert "49" not in told
    assert "{{ fingerprint }}" in told
    assert "\u202e" not in told
    assert "<b>tebal</b>" in told
    for form in ("td4", "renja"):
        book = openpyxl.load_workbook(io.BytesIO(found.file(form)))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
        formulas = [str(cell.value) for cell in cells if cell.data_type == "f"]
        assert formulas
        assert not [one for one in formulas if re.search("HYPERLINK|tebal|http", one)]
        assert not any(cell.hyperlink for cell in cells)


def test_an_amount_that_is_not_the_options_is_not_printed():
    from desks import document

    scenario = resolve(document())
    wrong = Ruling("U-1", "accommodated_changed", "", 80_000_000, 81_000_000)
    with pytest.raises(UsageError) as refusal:
        desk_source([wrong], scenario, "id", "1-x")
    assert refusal.value.code == "ruling_differs"
    with pytest.raises(UsageError) as refusal:
        desk_source([Ruling("U-1", "accommodated", "Z", None, 1)], scenario, "id", "1-x")
    assert refusal.value.code == "ruling_unknown"


def test_the_log_alone_gives_what_the_tables_say(store):
    from service.desk import decisions
    from service.desk.agreement import standings

    decide(store, "U-4", "accommodated", desk=PERKIM, option="B")
    agree(store, PERKIM, {"Barat": ["U-4"]})
    with store.session() as tx:
        head = events.head(tx).seq
        found = {r.proposal: r for r in rulings_at(tx, "kota", head)}
        for desk in cities.desks(tx, "kota"):
            said = standings(tx, desk)
            for name, decision in decisions.of_desk(tx, desk).items():
                ruling = found[name]
                assert (ruling.code, ruling.option, ruling.volume, ruling.amount) == (
                    decision.code, decision.option, decision.volume, decision.amount,
                )  # fmt: skip
                assert ruling.agreed == said[name].agreed
                assert list(ruling.excepted) == list(said[name].excepted)
                assert list(ruling.silent) == list(said[name].silent)


# The meeting


def test_the_meeting_is_kept_with_its_revision_and_sealed_with_the_desk(store):
    with store.write(LOCAL) as tx:
        first = meeting.keep(tx, PUPR, Particulars(place="Aula", begins="9.05", ends="12:30"))
    assert (first.begins, first.ends) == ("09:05", "12:30")
    with store.write(LOCAL) as tx, pytest.raises(StaleError):
        meeting.keep(tx, PUPR, Particulars(place="Lain"))
    seal(store)
    with store.write(LOCAL) as tx, pytest.raises(NotNowError):
        meeting.keep(tx, PUPR, Particulars(place="Lain", rev=first.rev))
    assert read(store).minutes.place == "Aula"
    assert read(store, "id").minutes.begins == "09.05"
    assert read(store, "en").minutes.begins == "09:05"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (Particulars(day="16-03-2018"), "bad_day"),
        (Particulars(begins="25.00"), "bad_time"),
        (Particulars(begins="pagi"), "bad_time"),
        (Particulars(people=[Attendant(str(n), "opd") for n in range(101)]), "too_many_people"),
        (Particulars(people=[Attendant("A", "bupati")]), "bad_code"),
    ],
)
def test_a_meeting_that_makes_no_sense_is_refused(store, typed, code):
    with store.write(LOCAL) as tx, pytest.raises(InvalidError) as refusal:
        meeting.keep(tx, PUPR, typed)
    assert refusal.value.code == code
    assert all(refusal.value.text(language) for language in LANGUAGES)


def test_only_who_presides_writes_the_meeting(store):
    with store.write(Actor("Tamu", "observer")) as tx, pytest.raises(ForbiddenError):
        meeting.keep(tx, PUPR, Particulars(place="Aula"))


def test_who_came_in_by_the_code_is_offered_for_the_attendance_list(store):
    with store.session() as tx:
        code = tx.execute(text("SELECT code FROM desk_session WHERE desk = :d"), {"d": PUPR})
        code = code.scalar()
    people.join(store, code, "Camat Barat", "kecamatan", "1.2.3.4", "Barat")
    with store.write(LOCAL) as tx:
        (guest,) = people.guests(tx, PUPR)
        people.admit(tx, PUPR, guest.guest)
    with store.session() as tx:
        seen = meeting.seen(tx, cities.desk_of(tx, PUPR))
    assert Attendant("Camat Barat", "kecamatan", "Barat") in seen


def test_days_and_hours_are_written_as_each_language_does():
    assert day_in_words("2018-03-16", "id") == "Jumat, 16 Maret 2018"
    assert day_in_words("2018-03-16", "en") == "Friday, 16 March 2018"
    assert day_in_words("", "id") == ""
    assert clock("09:30", "id") == "09.30"


# Before the seal


def test_what_is_left_to_do_is_told_before_the_seal(store):
    decide(store, "U-2", "deferred")
    with store.session() as tx:
        found = papers(tx, cities.desk_of(tx, PUPR), "id")
        told = {c.code: (list(c.proposals), c.stops) for c in checks(tx, found, None)}
    assert told["undiscussed"] == (["U-5"], False)
    assert told["no_reason"] == (["U-2"], True)
    assert told["unspoken"] == (["U-2"], True)
    assert "differs" not in told


def test_what_differs_from_the_recommendation_is_told(store):
    last = {
        "decisions": [
            {"proposal": "U-1", "decision": "fund_changed", "option": "", "volume": 80,
             "amount": 80_000_000},
            {"proposal": "U-2", "decision": "fund", "option": "", "volume": None,
             "amount": 90_000_000},
            {"proposal": "U-6", "decision": "covered", "option": "", "volume": None, "amount": 0},
        ]
    }  # fmt: skip
    with store.session() as tx:
        found = papers(tx, cities.desk_of(tx, PUPR), "id")
        told = {c.code: list(c.proposals) for c in checks(tx, found, last)}
    assert told["differs"] == ["U-2"]
    assert told["differs_bare"] == []


# A city's own templates


def test_a_city_replaces_the_template_and_takes_it_back(store):
    own = own_template("minutes", "id")
    changed = replaced(own.data, "BERITA ACARA KESEPAKATAN", "BERITA ACARA KOTA KECIL")
    with store.write(LOCAL) as tx:
        templates.choose(tx, "kota", "minutes", "id", Model("kota.docx", changed))
    assert "BERITA ACARA KOTA KECIL" in words(read(store).file("minutes"))
    assert "KOTA KECIL" not in words(read(store, "en").file("minutes"))
    with store.write(LOCAL) as tx:
        templates.choose(tx, "kota", "minutes", "id", None)
    assert "BERITA ACARA KESEPAKATAN" in words(read(store).file("minutes"))


def replaced(data, old, new):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(out, "w") as written:
        for name in archive.namelist():
            part = archive.read(name)
            if name == "word/document.xml":
                assert old.encode() in part
                part = part.replace(old.encode(), new.encode())
            written.writestr(name, part)
    return out.getvalue()


@pytest.mark.parametrize("evil", ["{{ ().__class__ }}", "{{ lipsum }}", "{% set x = 1 %}"])
def test_a_template_that_reaches_further_is_refused(store, evil):
    own = own_template("minutes", "id")
    data = replaced(own.data, "BERITA ACARA KESEPAKATAN", evil)
    from dataclasses import replace

    found = replace(read(store), templates={"minutes": Model("jahat.docx", data)})
    with pytest.raises(UsageError):
        found.file("minutes")


@pytest.mark.parametrize("data", [b"no zip", b"PK\x05\x06" + b"\0" * 18 + b"x" * 2_100_000])
def test_what_is_no_word_file_or_too_large_is_refused(data):
    with pytest.raises(PaperError):
        templates.check(Model("a.docx", data))


def test_a_word_file_that_unpacks_to_very_much_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 50_000_000)
    with pytest.raises(PaperError) as refusal:
        templates.check(Model("bom.docx", out.getvalue()))
    assert refusal.value.code == "template_too_large"


def test_papers_of_a_desk_that_was_never_opened_are_a_draft(tmp_path):
    with city_at(f"sqlite:///{tmp_path / 'k.db'}", opened=False) as store:
        found = read(store)
        assert (found.version, found.sealed) == (1, False)
        assert found.minutes.open_count.startswith("4")
        with pytest.raises(PaperError):
            read(store, version=7)
