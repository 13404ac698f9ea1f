"""Beside the list: reasons, decisions and their refusals, tries, and what it would take."""

from __future__ import annotations

import re
import time

import pytest
from desks import PERKIM, PROPOSALS, PUPR
from reader import Browser, Page, decide, served, store_of

from service.desk import city, decisions, locks
from service.pages.following import following
from service.pages.numbers import TypedError, decimal, rupiah
from service.store import Actor, events, jobs
from solver.words import LANGUAGES

BOARD = f"/desks/{PUPR}"
ROW = f"{BOARD}/rows/U-1"
RINA = Actor("Rina", "facilitator")
CHANGED = '{"kayuh:changed": {"target": "#desk"}}'


@pytest.fixture
def app(tmp_path):
    with served(f"sqlite:///{tmp_path / 'kayuh.db'}") as found:
        yield found


def decision_of(app, proposal):
    with store_of(app).session() as tx:
        return decisions.of_city(tx, "kota").get(proposal)


def head(app):
    with store_of(app).session() as tx:
        return events.head(tx)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_panel_tells_what_was_asked_and_why_it_stands_where_it_does(app, language):
    browser = Browser(app, language)
    browser.post(f"{BOARD}/solve")
    text = Page(browser.get(f"{BOARD}/rows/U-2", part=True).text).text
    assert "U-2 Drainase Mawar" in text
    told = {"id": "Masuk rencana terbaik: 40 poin dengan Rp 90 jt.",
            "en": "It is part of the best plan: 40 points for Rp 90 million."}  # fmt: skip
    assert told[language] in text


def test_a_part_is_no_page_and_a_page_is_whole(app):
    browser = Browser(app)
    assert "<html" not in browser.get(ROW, part=True).text
    whole = browser.get(ROW).text
    assert "<html" in whole
    assert 'class="alone"' in whole


@pytest.mark.parametrize(
    ("form", "due"),
    [
        ({"code": "accommodated"}, ("accommodated", 120_000_000, 120_000_000)),
        ({"code": "accommodated", "volume": "80"},
         ("accommodated_changed", 80_000_000, 80_000_000)),
        ({"code": "accommodated", "amount": "Rp 60.000.000"},
         ("accommodated_changed", 60_000_000, 60_000_000)),
        ({"code": "accommodated", "volume": "", "amount": ""},
         ("accommodated", 120_000_000, 120_000_000)),
        ({"code": "deferred", "reason": "land"}, ("deferred", None, 0)),
        # A size left in its field says nothing where nothing is given.
        ({"code": "declined", "note": "belum siap", "volume": "80"}, ("declined", None, 0)),
    ],
)  # fmt: skip
def test_a_decision_is_what_the_form_says(app, form, due):
    answer = Browser(app).post(ROW, rev="0", **form)
    assert answer.status_code == 200, answer.text
    assert answer.headers["HX-Trigger"] == CHANGED
    found = decision_of(app, "U-1")
    assert (found.code, found.volume, found.amount) == due
    assert (found.reason, found.note) == (form.get("reason", ""), form.get("note", ""))


def test_a_proposal_may_go_to_another_of_its_places(app):
    browser = Browser(app)
    row = f"/desks/{PERKIM}/rows/U-4"
    page = Page(browser.get(row).text)
    assert [o["value"] for o in page.all("option") if o["value"] in ("", "B")][:2] == ["", "B"]
    browser.post(row, rev="0", code="accommodated", option="B")
    found = decision_of(app, "U-4")
    assert (found.code, found.option) == ("accommodated_changed", "B")
    assert "Mawar" in Page(browser.get(f"/desks/{PERKIM}/list", part=True).text).text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", ["deferred", "declined"])
def test_every_no_has_its_reason(app, code, language):
    browser = Browser(app, language)
    before = head(app)
    answer = browser.post(ROW, rev="0", code=code, reason="", note="  ")
    assert answer.status_code == 422
    assert 'id="refused"' in answer.text
    assert head(app) == before


FULL = {
    "id": (
        "batas Barat",
        "Dipegang desk PERKIM Rp 100 jt",
        "Sisa Rp 100 jt",
        "Diperlukan usulan ini Rp 120 jt",
    ),
    "en": (
        "the limit of Barat",
        "Held by the desk of PERKIM Rp 100 million",
        "Left Rp 100 million",
        "Needed by this proposal Rp 120 million",
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_full_limit_is_explained_in_place_with_room_and_holders(app, language):
    decide(app, "U-3", "accommodated", desk=PERKIM)
    before = head(app)
    answer = Browser(app, language).post(ROW, rev="0", code="accommodated", note="demi warga")
    assert answer.status_code == 409
    assert "HX-Retarget" not in answer.headers
    text = Page(answer.text).text
    for part in FULL[language]:
        assert part in text
    assert "demi warga" in answer.text  # what was typed is not lost
    assert head(app) == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_row_that_somebody_changed_says_who_and_what_and_can_be_sent_again(app, language):
    decide(app, "U-1", "accommodated", volume=100, actor=RINA)
    browser = Browser(app, language)
    answer = browser.post(ROW, rev="0", code="accommodated", volume="80")
    assert answer.status_code == 409
    text = Page(answer.text).text
    assert "Rina" in text
    assert "volume:" in text
    page = Page(answer.text)
    assert page.all("input", name="volume")[0]["value"] == "80"
    rev = page.all("form", id="decide") and page.all("input", name="rev")[0]["value"]
    again = browser.post(ROW, rev=rev, code="accommodated", volume="80")
    assert again.status_code == 200
    assert decision_of(app, "U-1").volume == 80_000_000


@pytest.mark.parametrize("rev", ["", "x", "-1", "1e3", "9" * 30])
def test_a_strange_revision_is_refused(app, rev):
    answer = Browser(app).post(ROW, rev=rev, code="accommodated")
    assert answer.status_code == 409
    assert decision_of(app, "U-1") is None


@pytest.mark.parametrize(
    "form",
    [
        {"code": "accommodated", "volume": "abc"},
        {"code": "accommodated", "volume": "1250000.00"},
        {"code": "accommodated", "volume": "-5"},
        {"code": "accommodated", "volume": "999"},
        {"code": "accommodated", "amount": "61.000.001"},
        {"code": "accommodated", "amount": "1,5"},
        {"code": "accommodated", "option": "Z"},
        {"code": "declined", "reason": "nope"},
        {"code": "declined", "note": "x" * 3000},
        {"code": "declined", "note": "a\x00b"},
        {"code": "nope"},
        {},
    ],
)
def test_what_makes_no_sense_is_refused_in_place(app, form):
    before = head(app)
    answer = Browser(app).post(ROW, rev="0", **form)
    assert answer.status_code == 422, answer.text
    assert 'id="refused"' in answer.text
    assert head(app) == before


def test_a_lock_from_the_panel_recommends_anew(app):
    browser = Browser(app)
    browser.post(f"{BOARD}/solve")
    answer = browser.post(f"{BOARD}/rows/U-2/lock", rev="0", decision="reject")
    assert answer.headers["HX-Trigger"] == CHANGED
    assert "dikunci keluar" in Page(answer.text).text
    text = browser.get(f"{BOARD}/list", part=True).text
    assert "unwanted" in re.search(r'id="r-U-2".*?data-marks="([^"]*)"', text, re.S)[1]
    with store_of(app).session() as tx:
        assert locks.of_desk(tx, city.desk_of(tx, PUPR))["U-2"].decision == "reject"
    assert browser.post(f"{BOARD}/rows/U-2/lock", rev="0", decision="fund").status_code == 409


def finished(browser, text, seconds=30):
    """The try once it has ended."""
    deadline = time.monotonic() + seconds
    while (found := re.search(r'hx-get="([^"]+/tries/[^"]+)"', text)) and (
        time.monotonic() < deadline
    ):
        time.sleep(0.05)
        text = browser.get(found[1], part=True).text
    return Page(text).text


def test_a_try_tells_who_comes_and_goes_and_decides_nothing(app):
    browser = Browser(app)
    decide(app, "U-4", "accommodated", desk=PERKIM)  # 60 million of Barat's 200
    browser.post(f"{BOARD}/solve")
    before = decision_of(app, "U-1")
    told = finished(browser, browser.post(f"{ROW}/try", what="out").text)
    assert "Poin seluruh kota turun" in told
    assert "keluar 1 U-1 Jalan Basirih" in told
    assert "tidak ada keputusan yang berubah" in told
    assert decision_of(app, "U-1") == before
    text = browser.get(f"{BOARD}/list", part=True).text
    assert "sebelum perubahan" not in text  # the desk's own list is as it was
    told = finished(browser, browser.post(f"{ROW}/try", what="volume", volume="40").text)
    assert "masuk 1 U-3 RTLH Basirih" in told
    assert "PERKIM" in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_try_of_what_cannot_be_says_so(app, language):
    browser = Browser(app, language)
    browser.post(f"{BOARD}/solve")
    told = finished(browser, browser.post(f"{BOARD}/rows/U-5/try", what="in").text)
    assert {"id": "Mustahil", "en": "Impossible"}[language] in told


def test_a_try_with_a_higher_ceiling(tmp_path):
    agencies = [{"code": "PUPR", "name": "Dinas PUPR", "ceiling": 150_000_000},
                {"code": "PERKIM", "name": "Dinas Perkim", "ceiling": 10**9}]  # fmt: skip
    with served(f"sqlite:///{tmp_path / 'kayuh.db'}", agencies=agencies) as app:
        browser = Browser(app)
        browser.post(f"{BOARD}/solve")
        told = finished(
            browser, browser.post(f"{ROW}/try", what="ceiling", amount="60.000.000").text
        )
        assert "naik" in told
        assert browser.post(f"{ROW}/try", what="ceiling", amount="").status_code == 422
        assert browser.post(f"{ROW}/try", what="nope").status_code == 422
        answer = browser.post(f"{ROW}/try", what="ceiling", amount="5", agency="NOPE")
        assert answer.status_code == 422
        assert answer.headers["HX-Retarget"] == "#notice"


def test_a_try_of_another_desk_is_not_shown_here(app):
    browser = Browser(app)
    browser.post(f"{BOARD}/solve")
    text = browser.post(f"{ROW}/try", what="out").text
    with store_of(app).session() as tx:
        job = jobs.listed(tx)[0].id
    assert browser.get(f"{BOARD}/tries/{job}", part=True).status_code == 200, text
    assert browser.get(f"/desks/{PERKIM}/tries/{job}", part=True).status_code == 404
    assert browser.get(f"{BOARD}/tries/ffffffffffffffff", part=True).status_code == 404


def took(browser, row, seconds=60):
    deadline = time.monotonic() + seconds
    text = browser.post(f"{row}/takes").text
    while 'class="busy"' in text and time.monotonic() < deadline:
        time.sleep(0.05)
        text = browser.get(f"{row}/takes", part=True).text
    return text


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_it_would_take_is_told_and_each_lever_can_be_tried(tmp_path, language):
    agencies = [{"code": "PUPR", "name": "Dinas PUPR", "ceiling": 150_000_000},
                {"code": "PERKIM", "name": "Dinas Perkim", "ceiling": 10**9}]  # fmt: skip
    proposals = [{**p, "score": 4} if p["id"] == "U-2" else p for p in PROPOSALS]
    url = f"sqlite:///{tmp_path / 'kayuh.db'}"
    with served(url, agencies=agencies, proposals=proposals) as app:
        browser = Browser(app, language)
        browser.post(f"{BOARD}/solve")
        row = f"{BOARD}/rows/U-2"
        text = took(browser, row)
        assert "Drainase Mawar (U-2)" in Page(text).text
        forms = re.findall(r"<form.*?</form>", text, re.S)
        assert forms, text
        for form in forms:
            fields = {f["name"]: f["value"] for f in Page(form).all("input")}
            fields["what"] = Page(form).all("button")[0]["value"]
            told = finished(browser, browser.post(f"{row}/try", **fields).text)
            assert {"id": "Percobaan saja", "en": "A try only"}[language] in told, told
        funded = Page(took(browser, ROW)).text
        assert "Jalan Basirih (U-1)" in funded


def test_what_it_would_take_is_asked_once_for_one_list(app):
    browser = Browser(app)
    assert browser.post(f"{ROW}/takes").status_code == 409  # no list yet
    browser.post(f"{BOARD}/solve")
    took(browser, f"{BOARD}/rows/U-5")
    before = head(app)
    took(browser, f"{BOARD}/rows/U-5")
    assert head(app) == before


def test_the_rows_history_tells_who_did_what(app):
    decide(app, "U-1", "accommodated", volume=80, actor=RINA)
    text = Page(Browser(app).get(ROW).text).text
    assert "Rina U-1: keputusan: Belum dibahas → Diakomodir dengan perubahan; volume:" in text
    assert "Rina" not in Page(Browser(app).get(f"{BOARD}/rows/U-2").text).text


def test_the_projector_follows_whoever_presides(app):
    browser = Browser(app)
    browser.get(f"{BOARD}/rows/U-2", part=True)
    assert following.at(PUPR) == "U-2"
    assert browser.post(f"{ROW}/point").status_code == 204
    page = browser.get(f"{BOARD}/projector").text
    assert re.search(r'class="current"[^>]*>\s*<td>U-1</td>', page)
    place = re.search(r'hx-get="([^"]+projector/now[^"]+)"', page)[1].replace("&amp;", "&")
    assert browser.get(place, part=True).status_code == 204
    browser.post(f"{BOARD}/rows/U-5/point")
    text = browser.get(place, part=True).text
    assert re.search(r'class="current"[^>]*>\s*<td>U-5</td>', text)
    for control in ("<button", "<form", "<select"):
        assert control not in text


def test_the_projector_names_no_person(app):
    decide(app, "U-1", "declined", reason="land", note="lihat lampiran", actor=RINA)
    browser = Browser(app)
    browser.post(f"{ROW}/point")
    text = Page(browser.get(f"{BOARD}/projector").text).text
    assert "lihat lampiran" in text
    assert "Rina" not in text


def test_rows_of_another_desk_are_not_here(app):
    browser = Browser(app)
    for path in (f"{BOARD}/rows/U-3", f"{BOARD}/rows/NOPE"):
        assert browser.get(path, part=True).status_code == 404
        assert browser.post(path, rev="0", code="accommodated").status_code == 404
        assert browser.post(f"{path}/takes").status_code == 404
        assert browser.post(f"{path}/try", what="in").status_code == 404


@pytest.mark.parametrize(
    ("typed", "language", "due"),
    [
        ("1.250.000", "id", 1_250_000), ("1,5", "id", 1.5), ("12,5", "id", 12.5),
        ("1,250,000", "en", 1_250_000), ("1.5", "en", 1.5), (" 80 ", "id", 80),
        ("1\N{NO-BREAK SPACE}250", "id", None), ("1.5", "id", None), ("1250000.00", "id", None),
        ("1,25,0", "en", None), ("1,5", "en", None), ("-1", "id", None), ("NaN", "id", None),
        ("Infinity", "en", None), ("١٢", "id", None), ("8e3", "id", None),
    ],
)  # fmt: skip
def test_numbers_are_read_strictly_in_the_readers_form(typed, language, due):
    if due is None:
        with pytest.raises(TypedError):
            decimal(typed, language, "volume")
    else:
        assert float(decimal(typed, language, "volume")) == due


def test_money_is_whole_rupiah():
    assert rupiah("Rp 1.250.000", "id", "amount") == 1_250_000
    assert rupiah("Rp1,250,000", "en", "amount") == 1_250_000
    assert rupiah("", "id", "amount") is None
    with pytest.raises(TypedError):
        rupiah("Rp 1,5", "id", "amount")
