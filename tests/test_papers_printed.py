"""The minutes as people read them, in Word, on the page and printed: every figure is the log's.

A desk of the embedded city decides by lot, its parties speak by lot, and what each file says is
compared with the log's own entries, added up here.
"""

from __future__ import annotations

import html
import io
import random
import re
import shutil
import subprocess
from collections import Counter, defaultdict

import docx
import pytest
from sqlalchemy import select

import scenarios as embedded
from service import scenarios
from service.app import create_app
from service.context import KEY
from service.desk import agreement, decisions, sessions
from service.desk import city as cities
from service.desk.decisions import Edit
from service.papers.papers import papers
from service.settings import Settings
from service.store import LOCAL, Store, events
from service.store.errors import RefusedError
from service.store.events import body_of
from service.store.models import Event
from solver.instance import from_micro
from solver.scenario import read
from solver.words import LANGUAGES

CITY = "banjarmasin-2018"
DESK = f"{CITY}.DISDIK"
PARTIES = ("opd", "kecamatan", "planner")
FUNDED = ("accommodated", "accommodated_changed")
ANNEXES = ("accommodated", "declined", "open", "pokir")
MONEY = re.compile(r"Rp\s?([\d.,]*\d)")
PROPOSAL = re.compile(r"U-\d+")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    found = Store(f"sqlite:///{tmp_path_factory.mktemp('desk') / 'kayuh.db'}")
    found.upgrade()
    with found.write(LOCAL) as tx:
        cities.create(tx, CITY, scenarios.keep(tx, CITY, read(embedded.path(CITY))))
    with found.write(LOCAL) as tx:
        sessions.open_session(tx, DESK)
    lot = random.Random(6)
    for proposal in asked(found):
        decide(found, proposal, lot)
    speak(found, lot)
    yield found
    found.close()


def asked(store):
    with store.session() as tx:
        return cities.limits_for(tx, CITY).desks["DISDIK"]


def decide(store, proposal, lot):
    """A decision by lot; what a limit or a gate refuses is deferred."""
    wanted = lot.choice(["accommodated", "accommodated", "cut", "deferred", "declined", ""])
    if proposal.covered_by:
        wanted = "accommodated"
    full, least = proposal.requested.full, proposal.requested.smallest
    edit = Edit(wanted, reason="land" if wanted in ("deferred", "declined") else "")
    if wanted == "cut":
        can_cut = full.volume and least.volume < full.volume
        volume = from_micro(least.volume) if can_cut else None
        edit = Edit("accommodated", volume=volume, note="dikurangi di desk")
    if not wanted:
        return
    try:
        with store.write(LOCAL) as tx:
            decisions.edit(tx, DESK, proposal.id, edit, 0)
    except RefusedError:
        with store.write(LOCAL) as tx:
            decisions.edit(tx, DESK, proposal.id, Edit("deferred", reason="agency_ceiling"), 0)


def speak(store, lot):
    """Each party agrees to each list, but for a proposal now and then."""
    with store.session() as tx:
        head = events.head(tx).seq
        decided = decisions.of_desk(tx, cities.desk_of(tx, DESK))
        lists = agreement.lists(cities.limits_for(tx, CITY), decided)
    for district, names in lists.items():
        discussed = [name for name in names if decided[name].code != "undiscussed"]
        for party in PARTIES if discussed else ():
            left = [name for name in discussed if lot.random() < 0.1]
            with store.write(LOCAL) as tx:
                agreement.agree(tx, DESK, party, district, head, left)


@pytest.fixture(scope="module")
def log(store):
    """Annex -> proposal -> rupiah, from the log's entries and the scenario's document alone."""
    said, voices, refused = {}, defaultdict(set), set()
    with store.session() as tx:
        for event in tx.scalars(select(Event).where(Event.desk == DESK).order_by(Event.seq)):
            body = body_of(event)
            if event.kind == "decision":
                said[body["proposal"]] = body["after"]
            elif event.kind == "agreement":
                for name in body["agrees"]:
                    voices[name].add(body["party"])
                refused |= set(body["excepts"])
    found = {annex: {} for annex in ANNEXES}
    for proposal in asked(store):
        after = said.get(proposal.id, {"code": "undiscussed", "amount": 0})
        agreed = voices[proposal.id] == set(PARTIES) and proposal.id not in refused
        worth = proposal.requested.full.amount
        if not agreed or after["code"] == "undiscussed":
            found["open"][proposal.id] = after["amount"]
        elif after["code"] in FUNDED:
            found["accommodated"][proposal.id] = after["amount"]
        else:
            annex = "pokir" if proposal.requested.origin == "pokir" else "declined"
            found[annex][proposal.id] = worth
    assert all(found.values()), found  # the lot has something for every annex
    return found


def read_papers(store, language):
    with store.session() as tx:
        return papers(tx, cities.desk_of(tx, DESK), language)


def rupiah(text):
    return [int(re.sub(r"\D", "", found)) for found in MONEY.findall(text)]


def annexes_of(tables, log):
    """What the tables that have proposals say: (proposal -> its amounts), and the sums."""
    found = []
    for rows in tables:
        known = {PROPOSAL.search(" ".join(r))[0]: r for r in rows if PROPOSAL.search(" ".join(r))}
        if known:
            sums = [rupiah(" ".join(r)) for r in rows if r not in known.values()]
            amounts = {name: rupiah(" ".join(row)) for name, row in known.items()}
            found.append((amounts, [sum_[0] for sum_ in sums if sum_]))
    assert len(found) == len(ANNEXES)
    return dict(zip(ANNEXES, found, strict=True))


def check(tables, store, log):
    """Every amount of every annex, and every sum under it."""
    wards = {proposal.id: proposal.requested for proposal in asked(store)}
    told = annexes_of(tables, log)
    for annex, (amounts, sums) in told.items():
        assert amounts.keys() == log[annex].keys(), annex
        by_district = defaultdict(int)
        for name, amount in log[annex].items():
            full = wards[name].full.amount
            # Annex III says what was asked for, and what was given where something was.
            wanted = [full, amount] if annex == "open" and amount else [full]
            assert amounts[name] == ([amount] if annex != "open" else wanted), (annex, name)
            by_district[wards[name].district] += amount
        assert sorted(sums) == sorted([*by_district.values(), sum(by_district.values())]), annex


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_of_the_word_file_is_the_logs(store, log, language):
    found = docx.Document(io.BytesIO(read_papers(store, language).file("minutes")))
    tables = [[unmerged(row) for row in table.rows] for table in found.tables]
    check(tables, store, log)
    text = " ".join(" ".join(cell for cell in row) for table in tables for row in table)
    first = next(cell for row in tables[0] for cell in row if rupiah(cell))
    assert rupiah(first) == [sum(log["accommodated"].values())]
    numbers = [int(n) for n in re.findall(r"(?<![.,\d])\d+(?![.,]?\d)", first)]
    assert numbers[0] == len(log["accommodated"])
    assert len(log["declined"]) in numbers
    assert numbers[-1] == len(log["pokir"])
    opening = " ".join(p.text for p in found.paragraphs)
    worth = sum(proposal.requested.full.amount for proposal in asked(store))
    assert worth in rupiah(opening)
    assert read_papers(store, language).mark.fingerprint in text


def unmerged(row):
    """The texts of a row's cells; one that spans several counts once."""
    return [cell.text for cell in dict.fromkeys(row.cells)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_of_the_page_is_the_logs(store, log, language):
    app = create_app(Settings(database=str(store.url)), store)
    try:
        client = app.test_client()
        client.set_cookie("kayuh_language", language, domain="127.0.0.1")
        base = "http://127.0.0.1:8000"
        page = client.get(f"/desks/{DESK}/minutes/print", base_url=base).text
    finally:
        app.extensions[KEY].runner.close()
    tables = [
        [
            [html.unescape(re.sub(r"<[^>]+>", " ", cell)) for cell in re.findall(CELL, row, re.S)]
            for row in re.findall(r"<tr.*?</tr>", table, re.S)
        ]
        for table in re.findall(r'<table class="annex">.*?</table>', page, re.S)
    ]
    check(tables, store, log)


CELL = r"<t[hd][^>]*>.*?</t[hd]>"


@pytest.mark.parametrize("language", LANGUAGES)
def test_libreoffice_prints_the_word_file_whole(store, log, language, tmp_path):
    for program in ("libreoffice", "pdftotext", "pdfinfo"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed, so a printed page can't be read")
    found = read_papers(store, language)
    (tmp_path / "berita-acara.docx").write_bytes(found.file("minutes"))
    (tmp_path / "kelurahan.docx").write_bytes(found.file("wards"))
    subprocess.run(
        [
            "libreoffice", f"-env:UserInstallation=file://{tmp_path}/lo", "--headless",
            "--convert-to", "pdf", "--outdir", str(tmp_path),
            str(tmp_path / "berita-acara.docx"), str(tmp_path / "kelurahan.docx"),
        ],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    pages = printed(tmp_path / "berita-acara.pdf")
    seen = Counter(rupiah("\n".join(pages)))
    wanted = Counter(a for annex in ANNEXES for a in log[annex].values() if a)
    assert wanted <= seen
    # The log's head stands at the foot of every page, the annexes lie across.
    assert all(found.mark.fingerprint in page for page in pages)
    shapes = re.findall(r"Page +\d+ size: +([\d.]+) x ([\d.]+)", info(tmp_path, len(pages)))
    lying = [float(wide) > float(high) for wide, high in shapes]
    assert lying == sorted(lying)
    assert lying[0] is False
    assert lying[-1] is True
    wards = printed(tmp_path / "kelurahan.pdf")
    asking = {p.requested.ward for p in asked(store) if p.requested.ward}
    assert len(wards) >= len(asking)
    assert all(ward in "\n".join(wards) for ward in asking)


def printed(path):
    text = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True
    ).stdout.decode()
    return text.split("\f")[:-1]


def info(folder, pages):
    words = ["pdfinfo", "-l", str(pages), str(folder / "berita-acara.pdf")]
    return subprocess.run(words, check=True, capture_output=True).stdout.decode()
