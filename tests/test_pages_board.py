"""The board: one list with the ceiling line, locks and new lists, undo, session, the front page."""

from __future__ import annotations

import re
import threading
import time

import pytest
from desks import PERKIM, PROPOSALS, PUPR
from reader import Browser, Page, decide, served, store_of
from serving import hard

from service.desk import city, decisions, locks
from service.pages import listing, meters, runs
from service.store import LOCAL, Actor, events, people
from service.svg.bars import Level, bar
from solver.instance import Choice
from solver.words import LANGUAGES

BOARD = f"/desks/{PUPR}"
NASTY = "<script>alert('{{7*7}}')</script> & =1+1"
FACILITATOR = Actor("Rina", "facilitator")


@pytest.fixture
def app(tmp_path):
    with served(f"sqlite:///{tmp_path / 'kayuh.db'}") as found:
        yield found


def rows_of(text):
    """Each row of the list: its attributes, and its words."""
    found = {}
    for row in re.findall(r"<tr id=.*?</tr>", text, re.S):
        page = Page(row)
        attributes = page.elements[0][1]
        found[attributes["data-id"]] = (attributes, page.text)
    return found


def marks(text, proposal):
    return rows_of(text)[proposal][0]["data-marks"].split()


def above(text):
    """The proposals above the ceiling line, as they stand."""
    part = text[text.index('id="above"') : text.index('<tbody class="ceiling"')]
    return re.findall(r'data-id="([^"]+)"', part)


def settled(app, browser, path=BOARD):
    """The board once nothing is under way."""
    return browser.wait(f"{path}/list")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_board_shows_every_proposal_of_its_desk_and_no_other(app, language):
    found = rows_of(Browser(app, language).get(BOARD).text)
    assert set(found) == {"U-1", "U-2", "U-5", "U-6"}
    assert "Jalan Basirih" in found["U-1"][1]
    assert "120" in found["U-1"][1]
    assert all("undiscussed" in row["data-marks"].split() for row, _ in found.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_recommendation_parts_the_list_at_the_ceiling_line(app, language):
    browser = Browser(app, language)
    text = browser.post(f"{BOARD}/solve").text
    assert above(text) == ["U-1", "U-2", "U-6"]  # by priority, what stands in the Renja too
    assert "unwanted" in marks(text, "U-5")
    assert {"id": "Terbukti terbaik.", "en": "Proven the best."}[language] in Page(text).text
    line = re.search(r'<tbody class="ceiling">.*?</tbody>', text, re.S)[0]
    amounts = {"id": "Rp 190 jt dari Rp 1 M, sisa Rp 810 jt",
               "en": "Rp 190 million of Rp 1 bn, Rp 810 million left"}  # fmt: skip
    assert amounts[language] in Page(line).text


def test_reasons_follow_the_reader_not_whoever_asked(app):
    Browser(app, "id").post(f"{BOARD}/solve")
    english = Page(Browser(app, "en").get(f"{BOARD}/rows/U-5").text).text
    assert "It can't be funded yet: the land is not ready." in english
    indonesian = Page(Browser(app, "id").get(f"{BOARD}/rows/U-5").text).text
    assert "Belum dapat didanai: lahan belum siap." in indonesian


def test_a_lock_gives_a_new_list_at_once_and_says_what_moved(app):
    browser = Browser(app)
    browser.post(f"{BOARD}/solve")
    for proposal in ("U-3", "U-4"):  # another desk takes 160 of the 200 million for Barat
        decide(app, proposal, "accommodated", desk=PERKIM)
    browser.post(f"{BOARD}/solve")
    text = settled(app, browser)
    assert "moved" in marks(text, "U-1")
    assert "berubah 1 U-1" in Page(text).text
    assert "40 m" in rows_of(text)["U-1"][1]
    locked = browser.post(f"{BOARD}/lock", lock="0 U-1").text
    assert "locked" in marks(locked, "U-1")
    with store_of(app).session() as tx:
        assert locks.of_desk(tx, city.desk_of(tx, PUPR))["U-1"].decision == "fund"
    again = browser.post(f"{BOARD}/lock", lock=re.search(r'value="(\d+ U-1)"', locked)[1]).text
    assert "locked" not in marks(again, "U-1")


def test_two_who_lock_one_row_at_once_are_told(app):
    first, second = Browser(app), Browser(app)
    assert first.post(f"{BOARD}/lock", lock="0 U-1").status_code == 200
    answer = second.post(f"{BOARD}/lock", lock="0 U-1")
    assert answer.status_code == 409
    assert answer.headers["HX-Retarget"] == "#notice"
    assert "U-1" in answer.text


@pytest.mark.parametrize("value", ["", "x U-1", "-1 U-1", "0", "0 NOPE", "0 U-3", "9" * 40])
def test_a_strange_lock_is_refused_and_changes_nothing(app, value):
    browser = Browser(app)
    with store_of(app).session() as tx:
        before = events.head(tx)
    assert browser.post(f"{BOARD}/lock", lock=value).status_code in (404, 409, 422)
    with store_of(app).session() as tx:
        assert events.head(tx) == before


def test_a_new_list_stays_near_the_one_that_was_shown(app):
    """The plan that a solve begins from is the one on the wall."""
    browser = Browser(app)
    browser.post(f"{BOARD}/solve")
    begun = []
    real = runs.recommend

    def spy(*given, near=(), **more):
        begun.append(near)
        return real(*given, near=near, **more)

    runs.recommend = spy
    try:
        browser.post(f"{BOARD}/solve")
    finally:
        runs.recommend = real
    assert Choice("U-2", "", None) in begun[0]
    assert {choice.proposal for choice in begun[0]} >= {"U-1", "U-2"}


def test_what_changed_since_makes_the_list_a_list_of_before(app):
    browser = Browser(app)
    browser.post(f"{BOARD}/solve")
    assert "sebelum perubahan" not in browser.get(f"{BOARD}/list", part=True).text
    decide(app, "U-2", "accommodated")  # of this desk: nothing that its recommendation stands on
    assert "sebelum perubahan" not in browser.get(f"{BOARD}/list", part=True).text
    decide(app, "U-3", "accommodated", desk=PERKIM)
    assert "sebelum perubahan" in browser.get(f"{BOARD}/list", part=True).text


def test_the_list_is_sent_again_only_where_something_changed(app):
    browser = Browser(app)
    text = browser.get(BOARD).text
    place = re.search(r'hx-get="([^"]+list\?tag=[^"]+)"', text)[1]
    assert browser.get(place, part=True).status_code == 204
    browser.post("/desks/kota.PERKIM/solve")  # what another desk asks changes nothing here
    assert browser.get(place, part=True).status_code == 204
    browser.post(f"{BOARD}/solve")
    assert browser.get(place, part=True).status_code == 200
    place = re.search(r'hx-get="([^"]+list\?tag=[^"]+)"', browser.get(BOARD).text)[1]
    decide(app, "U-2", "accommodated")
    answer = browser.get(place, part=True)
    assert answer.status_code == 200
    assert "accommodated" in marks(answer.text, "U-2")
    assert "<html" not in answer.text


def test_accommodate_takes_the_recommended_volume_else_the_request(app):
    browser = Browser(app)
    text = browser.post(f"{BOARD}/accommodate", proposal="U-2", rev="0").text
    assert "accommodated" in marks(text, "U-2")
    decide(app, "U-3", "accommodated", desk=PERKIM)
    browser.post(f"{BOARD}/solve")
    settled(app, browser)
    text = browser.post(f"{BOARD}/accommodate", proposal="U-1", rev="0").text
    assert "accommodated_changed" in marks(text, "U-1")
    assert "differs" not in marks(text, "U-1")
    with store_of(app).session() as tx:
        found = decisions.of_city(tx, "kota")["U-1"]
    assert (found.volume, found.amount) == (100_000_000, 100_000_000)


def test_a_decision_against_the_recommendation_is_marked(app):
    browser = Browser(app)
    browser.post(f"{BOARD}/solve")
    decide(app, "U-2", "declined", reason="incomplete")
    decide(app, "U-1", "accommodated", volume=80)
    text = browser.get(f"{BOARD}/list", part=True).text
    assert "differs" in marks(text, "U-1")
    assert "differs" in marks(text, "U-2")
    assert "differs" not in marks(text, "U-5")


def test_undo_is_a_stack_of_what_this_person_did(app):
    browser = Browser(app)
    decide(app, "U-1", "accommodated", volume=80, note="setengah")
    decide(app, "U-2", "declined", reason="land", note="belum")
    decide(app, "U-5", "deferred", reason="land", actor=FACILITATOR)
    assert "Urungkan U-2" in Page(browser.get(f"{BOARD}/list", part=True).text).text
    browser.post(f"{BOARD}/undo")
    text = browser.post(f"{BOARD}/undo").text
    assert "undiscussed" in marks(text, "U-1")
    assert "undiscussed" in marks(text, "U-2")
    assert "deferred" in marks(text, "U-5")  # somebody else's
    assert "Urungkan" not in Page(text).text
    answer = browser.post(f"{BOARD}/undo")
    assert answer.status_code == 409
    assert "tidak ada langkah" in answer.text.lower()


def test_undo_brings_back_volume_reason_and_note(app):
    first = decide(app, "U-1", "accommodated", volume=80, note="setengah")
    decide(app, "U-1", "declined", rev=first.rev, reason="land")
    Browser(app).post(f"{BOARD}/undo")
    with store_of(app).session() as tx:
        found = decisions.of_city(tx, "kota")["U-1"]
    assert (found.code, found.volume, found.note) == (first.code, first.volume, "setengah")


def test_undo_of_a_row_that_somebody_changed_since_says_who(app):
    first = decide(app, "U-1", "accommodated")
    decide(app, "U-1", "declined", rev=first.rev, reason="land", actor=FACILITATOR)
    answer = Browser(app).post(f"{BOARD}/undo")
    assert answer.status_code == 409
    assert "Rina" in answer.text
    with store_of(app).session() as tx:
        assert decisions.of_city(tx, "kota")["U-1"].code == "declined"


def test_undo_of_a_lock_recommends_anew(app):
    browser = Browser(app)
    browser.post(f"{BOARD}/solve")
    browser.post(f"{BOARD}/lock", lock="0 U-2")
    text = browser.post(f"{BOARD}/undo").text
    assert "locked" not in marks(text, "U-2")
    assert "sebelum perubahan" not in text


def test_everything_decided_can_be_locked_as_it_was_decided(app):
    browser = Browser(app)
    decide(app, "U-1", "accommodated", volume=80)
    decide(app, "U-2", "declined", reason="land")
    decide(app, "U-6", "accommodated")
    text = browser.post(f"{BOARD}/keep").text
    assert above(text) == ["U-1", "U-6"]
    assert "80 m" in rows_of(text)["U-1"][1]
    assert "locked" not in marks(text, "U-6")  # it is in the Renja already
    with store_of(app).session() as tx:
        held = locks.of_desk(tx, city.desk_of(tx, PUPR))
    assert (held["U-1"].decision, held["U-1"].volume) == ("fund", 80_000_000)
    assert held["U-2"].decision == "reject"


def test_an_impossible_desk_is_told_in_the_readers_language(tmp_path):
    proposals = [{**p, "amount": 900_000_000} if p["id"] == "U-2" else p for p in PROPOSALS]
    limits = [{"name": "Jalan", "agency": "PUPR", "max": 950_000_000}]
    url = f"sqlite:///{tmp_path / 'kayuh.db'}"
    with served(url, proposals=proposals, limits=limits) as app:
        browser = Browser(app)
        browser.post(f"{BOARD}/lock", lock="0 U-1")
        with store_of(app).write(LOCAL) as tx:
            wanted = locks.LockEdit("fund", volume=120)
            rev = locks.of_desk(tx, city.desk_of(tx, PUPR))["U-1"].rev
            locks.edit(tx, PUPR, "U-1", wanted, rev)
        browser.post(f"{BOARD}/lock", lock="0 U-2")
        text = Page(settled(app, browser)).text
        assert "Mustahil dengan kunci dan batas sekarang." in text
        assert "Salah satu dari ini menyelesaikannya" in text
        english = Page(Browser(app, "en").get(f"{BOARD}/list", part=True).text).text
        assert "Impossible with the locks and limits as they are." in english
        assert "Jalan Basirih (U-1)" in english


def test_a_long_solve_tells_how_far_it_is_and_can_be_stopped(tmp_path):
    whole = {key: value for key, value in hard(1500).items() if key not in ("format", "title")}
    with served(f"sqlite:///{tmp_path / 'kayuh.db'}", locations=[], lines=[], **whole) as app:
        browser = Browser(app)
        text = browser.post(f"{BOARD}/solve").text
        assert 'class="busy"' in text
        assert "Berhenti, pakai yang terbaik" in text
        # A list meanwhile, with its distance as soon as that says something.
        assert re.search("Daftar sementara|Paling jauh .* dari yang terbaik", Page(text).text)
        time.sleep(0.5)
        told = browser.get(f"{BOARD}/progress", part=True)
        assert "detik" in told.text
        began = time.monotonic()
        text = browser.post(f"{BOARD}/stop").text
        assert time.monotonic() - began < 5
        assert 'class="busy"' not in text
        assert len(above(text)) > 10
        done = browser.get(f"{BOARD}/progress", part=True)
        assert "kayuh:changed" in done.headers["HX-Trigger"]


def test_a_machine_too_slow_for_the_first_time_is_given_another(tmp_path, monkeypatch):
    """By hand U-1 is taken first and leaves too little for Tengah: nothing to begin from."""
    agencies = [{"code": "PUPR", "name": "PUPR", "ceiling": 150_000_000}]
    proposals = [p for p in PROPOSALS if p["id"] in ("U-1", "U-2")]
    proposals = [{**p, "priority": n} for n, p in enumerate(proposals, 1)]
    floor = [{"district": "Tengah", "min_amount": 90_000_000}, {"district": "Barat"}]
    changes = {"agencies": agencies, "proposals": proposals, "locations": floor, "lines": []}
    monkeypatch.setattr(runs, "PROOF", 1e-9)
    with served(f"sqlite:///{tmp_path / 'kayuh.db'}", **changes) as app:
        monkeypatch.setattr(runs, "QUICK", (1e-9,))
        text = Page(Browser(app).post(f"{BOARD}/solve").text).text
        assert "Belum ada rencana dalam waktu yang tersedia." in text
        monkeypatch.setattr(runs, "QUICK", (1e-9, 20.0))
        text = Page(Browser(app).post(f"{BOARD}/solve").text).text
        assert "2 dari 2 usulan didanai" in text


def test_a_list_that_nobody_waited_for_is_shown_before_its_proof(tmp_path, monkeypatch):
    """The proof takes its place in the line after the list, never instead of it."""
    monkeypatch.setattr(runs, "PATIENCE", 0.0)
    whole = {key: value for key, value in hard(1500).items() if key not in ("format", "title")}
    with served(f"sqlite:///{tmp_path / 'kayuh.db'}", locations=[], lines=[], **whole) as app:
        browser = Browser(app)
        text = browser.post(f"{BOARD}/solve").text
        deadline = time.monotonic() + runs.PROOF / 2
        while 'id="above"' not in text and time.monotonic() < deadline:
            time.sleep(0.1)
            text = browser.get(BOARD).text
        assert 'id="above"' in text
        assert 'class="busy"' in text
        browser.post(f"{BOARD}/stop")


def test_a_new_question_ends_the_proof_of_the_old_one(tmp_path):
    whole = {key: value for key, value in hard(1500).items() if key not in ("format", "title")}
    with served(f"sqlite:///{tmp_path / 'kayuh.db'}", locations=[], lines=[], **whole) as app:
        browser = Browser(app)
        browser.post(f"{BOARD}/solve")
        began = time.monotonic()
        text = browser.post(f"{BOARD}/lock", lock="0 U-00003").text
        assert time.monotonic() - began < 5
        assert "U-00003" in above(text)
        browser.post(f"{BOARD}/stop")


def test_what_people_type_is_never_markup(tmp_path):
    proposals = [{**p, "title": NASTY} if p["id"] == "U-2" else p for p in PROPOSALS]
    agencies = [{"code": "PUPR", "name": NASTY, "ceiling": 10**9},
                {"code": "PERKIM", "name": NASTY, "ceiling": 10**9}]  # fmt: skip
    url = f"sqlite:///{tmp_path / 'kayuh.db'}"
    with served(url, proposals=proposals, agencies=agencies, title=NASTY) as app:
        browser = Browser(app)
        decide(app, "U-2", "declined", reason="land", note=NASTY)
        browser.post(f"{BOARD}/solve")
        paths = ("/", BOARD, f"{BOARD}/rows/U-2", f"{BOARD}/projector", "/cities/kota/log",
                 f"{BOARD}/agreement", f"{BOARD}/agreement/opd/Tengah")  # fmt: skip
        for path in paths:
            text = browser.get(path).text
            assert "<script>alert" not in text, path
            assert "49" not in re.findall(r"alert\(&#39;(\d+)", text), path
        assert NASTY in Page(browser.get(f"{BOARD}/rows/U-2").text).text


def test_whoever_may_not_is_not_offered_and_is_refused(tmp_path):
    settings = {"host": "192.168.7.7", "trusted": ("192.168.7.7",)}
    base = "http://192.168.7.7:8000"
    with served(f"sqlite:///{tmp_path / 'kayuh.db'}", settings=settings) as app:
        kept = people.sealed("Ani", "sangat rahasia")
        with store_of(app).write(LOCAL) as tx:
            people.add(tx, "Ani", "observer", kept)
        browser = Browser(app, base=base)
        assert browser.get(BOARD).headers["Location"].startswith("/sign-in")
        browser.post("/sign-in", part=False, name="Ani", password="sangat rahasia", back=BOARD)
        text = browser.get(BOARD).text
        assert "Ani, pengamat" in Page(text).text
        for gone in ('name="lock"', 'id="solve"', 'id="undo"', 'name="state"'):
            assert gone not in text
        assert "hx-post" not in browser.get(f"{BOARD}/rows/U-1", part=True).text
        for path in ("solve", "stop", "accommodate", "keep", "lock"):
            answer = browser.post(f"{BOARD}/{path}", lock="0 U-1", proposal="U-1", rev="0")
            assert answer.status_code == 403, path


def test_the_session_opens_and_closes_from_the_board(tmp_path):
    with served(f"sqlite:///{tmp_path / 'kayuh.db'}", opened=False) as app:
        browser = Browser(app)
        text = browser.get(BOARD).text
        assert "belum dibuka" in text
        assert 'name="lock"' not in text
        browser.post(f"{BOARD}/session", part=False, state="open")
        assert 'name="lock"' in browser.get(BOARD).text
        browser.post(f"{BOARD}/session", part=False, state="closed")
        text = browser.get(BOARD).text
        assert "ditutup" in text
        assert 'name="lock"' not in text
        assert browser.post(f"{BOARD}/accommodate", proposal="U-1", rev="0").status_code == 409


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_front_page_tells_how_far_each_desk_is(app, language):
    decide(app, "U-1", "accommodated", volume=80)
    text = Browser(app, language).get("/").text
    page = Page(text)
    assert [a["href"] for a in page.all("a") if (a["href"] or "").startswith("/desks/")] == [
        BOARD, f"/desks/{PERKIM}"]  # fmt: skip
    row = Page(re.search(rf'<tr><th scope="row"><a href="{BOARD}".*?</tr>', text, re.S)[0]).text
    assert "1 / 4" in row
    assert " 80 " in row


def test_an_empty_database_offers_the_example(tmp_path):
    with served(f"sqlite:///{tmp_path / 'kayuh.db'}") as app:
        with store_of(app).session() as tx:
            assert len(city.cities(tx)) == 1
        assert "Buka contoh" not in Browser(app).get("/").text


def test_limits_count_all_desks_and_name_who_holds_them(app):
    decide(app, "U-3", "accommodated", desk=PERKIM)
    decide(app, "U-1", "accommodated", volume=80)
    with store_of(app).session() as tx:
        desk = city.desk_of(tx, PUPR)
        found = meters.meters(tx, desk, None, "id")
    assert found[0].row.rule == "agency_ceiling"
    assert found[0].row.subject == "PUPR"
    barat = next(m for m in found if m.row.subject == "Barat")
    assert (barat.usage.used, barat.left, barat.is_shared) == (180_000_000, 20_000_000, True)
    assert [(agency, held.value) for agency, held in barat.holders] == [
        ("PERKIM", 100_000_000), ("PUPR", 80_000_000)]  # fmt: skip
    text = Page(Browser(app).get(BOARD).text).text
    assert "PERKIM Rp 100 jt, PUPR Rp 80 jt" in text


def test_a_bar_shows_what_is_over_its_ceiling():
    within = bar(Level(50, 80, 20, 100), 110)
    assert 'class="used" x="0.5" y="4" width="50.0"' in within
    assert 'class="wanted" x="0.5" y="2.5" width="80.0"' in within
    assert 'class="ceiling" d="M100.5' in within
    assert 'class="floor" d="M20.5' in within
    over = bar(Level(200, upper=100), 110)
    assert 'class="level over"' in over
    assert 'class="ceiling" d="M50.5' in over
    assert 'width="0.0"' in bar(Level(0))
    assert 'class="level short"' in bar(Level(5, lower=10))


def test_two_hundred_readers_do_not_wait_for_one_writer(app):
    """A list that is asked for while another is made is answered from its own moment."""
    browser = Browser(app)
    browser.post(f"{BOARD}/solve")
    found = []

    def read():
        found.append(Browser(app).get(f"{BOARD}/list", part=True).status_code)

    threads = [threading.Thread(target=read) for _ in range(20)]
    for thread in threads:
        thread.start()
    decide(app, "U-2", "accommodated")
    for thread in threads:
        thread.join()
    assert found == [200] * 20


def test_six_hundred_rows_weigh_little(tmp_path):
    proposals = [
        {"id": f"U-{n:03}", "title": f"Titian ulin RT {n % 40} Gang {n}", "agency": "PUPR",
         "district": f"Kecamatan {n % 5}", "ward": f"Kelurahan {n % 52}", "priority": n % 12 + 1,
         "score": 10 + n * 7 % 83, "amount": 50_000_000 + n * 1_370_000}
        for n in range(600)
    ]  # fmt: skip
    url = f"sqlite:///{tmp_path / 'kayuh.db'}"
    agencies = [{"code": "PUPR", "name": "PUPR", "ceiling": 60 * 10**9}]
    with served(url, proposals=proposals, agencies=agencies, locations=[], lines=[]) as app:
        browser = Browser(app)
        browser.post(f"{BOARD}/solve")
        packed = {"Accept-Encoding": "gzip"}
        page = browser.get(BOARD, **packed)
        files = [f["src"] for f in Page(browser.get(BOARD).text).all("script")]
        files += [f["href"] for f in Page(browser.get(BOARD).text).all("link")]
        weight = len(page.data) + sum(len(browser.get(f, **packed).data) for f in files)
        assert len(rows_of(browser.get(BOARD).text)) == 600
        assert weight < 150_000, weight


def test_rows_come_by_the_desks_own_priority(app):
    with store_of(app).session() as tx:
        found = listing.rows(tx, city.desk_of(tx, PUPR))
    assert [row.proposal.id for row in found] == ["U-1", "U-2", "U-5", "U-6"]
