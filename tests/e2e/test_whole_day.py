"""A desk's whole day with everybody at it, each in a browser of their own, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from browsing import SECRET, Watched, chromium, needs_browser, own_address, running
from desks import PUPR, ROAD, document

from service.store import LOCAL, Store, people
from solver.scenario import resolve
from solver.words import LANGUAGES, catalogue
from solver.write.workbook import workbook

pytestmark = needs_browser
BOARD = f"/desks/{PUPR}"
PEOPLE = {
    "Dewi": ("planner", ""),
    "Rina": ("facilitator", ""),
    "Rudi": ("facilitator", "PUPR"),
    "Budi": ("agency", "PUPR"),
    "Sari": ("kecamatan", "Barat"),
}
PARTIES = {"Budi": "opd", "Sari": "kecamatan", "Dewi": "planner"}
PROPOSALS = [
    ROAD,
    {"id": "U-2", "title": "Drainase Mawar", "agency": "PUPR", "district": "Barat",
     "ward": "Basirih", "priority": 2, "score": 45, "amount": 150_000_000},
    {"id": "U-3", "title": "Siring", "agency": "PUPR", "district": "Barat", "ward": "Telawang",
     "priority": 3, "score": 10, "amount": 50_000_000},
    {"id": "U-4", "title": "MCK", "agency": "PERKIM", "district": "Barat", "ward": "Basirih",
     "priority": 1, "score": 20, "amount": 60_000_000},
]  # fmt: skip
CITY = {
    "proposals": PROPOSALS,
    "agencies": [
        {"code": "PUPR", "name": "Dinas PUPR", "ceiling": 180_000_000},
        {"code": "PERKIM", "name": "Dinas Perkim", "ceiling": 100_000_000},
    ],
    "lines": [],
    "locations": [{"district": "Barat"}],
}
NOTE = "<b>lahan</b> belum siap"


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


@pytest.fixture
def desk(tmp_path):
    """A service without a city, at an address at which it asks who is there."""
    host = own_address()
    kept = people.sealed("semua", SECRET)
    store = Store(f"sqlite:///{tmp_path / 'kayuh.db'}")
    store.upgrade()
    with store.write(LOCAL) as tx:
        for name, (role, scope) in PEOPLE.items():
            people.add(tx, name, role, kept, scope)
    with running(store, host=host, trusted=(host,)) as url:
        yield url
    store.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_desks_whole_day(browser, desk, tmp_path, language):
    def say(code):
        return catalogue()[code][language]

    readers = {name: Watched(browser, desk, language) for name in PEOPLE}
    pages = {name: readers[name].sign_in(name) for name in PEOPLE}
    import_workbook(pages["Dewi"], tmp_path, language)
    for name in ("Rina", "Rudi", "Budi", "Sari"):
        readers[name].goto("/")
    facilitate(pages["Rina"], say)
    refuse_a_second_facilitator(readers["Rudi"], pages["Rina"])
    compare(readers["Rina"], say)
    agree(readers, pages)
    sign(readers["Rina"], language)
    everything_is_read_only(readers, pages, say)
    for name, reader in readers.items():
        assert reader.unexpected == [], name
        reader.context.close()


def import_workbook(page, folder, language):
    """The planner brings the city's workbook."""
    file = folder / "usulan kota.xlsx"
    file.write_bytes(workbook(resolve(document(**CITY)).document, language))
    page.goto(f"{page.url}import")
    page.set_input_files("#file", file)
    page.locator("form.panel button.primary").click()
    page.fill("#city-id", "kota")
    page.check("input[name='agreed']")
    page.locator("form[action$='/save'] button.primary").click()
    page.locator("p.strip").wait_for()


def facilitate(page, say):
    """Open, recommend, lock, decline with a reason, ask what it takes, try it, cut a volume."""
    page.get_by_role("link", name="Dinas PUPR").click()
    page.get_by_role("button", name=say("page.open_desk")).click()
    page.wait_for_selector("#solve")
    page.keyboard.press("r")
    page.wait_for_selector("#above tr[data-id='U-1']")
    # Lock the first row: the list is made anew with it in.
    page.keyboard.press("l")
    page.wait_for_selector("tr[data-id='U-1'][data-marks~='locked']")
    # Why is the one below the line out, and what would it take?
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.locator("tr.at").get_attribute("data-id") == "U-2"
    assert say("code.agency_ceiling") in page.locator("tr.at .why").inner_text()
    page.keyboard.press("w")
    page.wait_for_selector(".card[data-id='U-2']")
    page.locator("#takes > p > button").click()
    lever = page.locator(".levers li", has=page.locator("input[name='agency']"))
    lever.wait_for()
    lever.locator("button").click()
    tried = page.locator("#try .strip", has_text=say("page.try_decides_nothing"))
    tried.wait_for()
    assert "U-2" in tried.inner_text()
    assert "undiscussed" in page.locator("tr[data-id='U-2']").get_attribute("data-marks")
    # Decline it, and say why.
    page.select_option("#reason", "land")
    page.fill("#note", NOTE)
    page.locator("#decide button[value='declined']").click()
    page.wait_for_selector("tr[data-id='U-2'][data-marks~='declined']")
    # Cut the road to eighty metres.
    page.keyboard.press("Escape")
    page.keyboard.press("k")
    page.keyboard.press("k")
    page.keyboard.press("s")
    page.wait_for_selector(".card[data-id='U-1'] #volume:focus")
    page.fill("#volume", "80")
    page.locator("#decide button[value='accommodated']").click()
    page.wait_for_selector("tr[data-id='U-1'][data-marks~='accommodated_changed']")


def refuse_a_second_facilitator(reader, first):
    """Two have the same row before them: who is later is told who did what, and loses nothing."""
    page = reader.goto(f"{BOARD}/rows/U-3")
    first.keyboard.press("Escape")
    first.locator("tr[data-id='U-3'] .what").click()
    first.wait_for_selector(".card[data-id='U-3']")
    first.locator("#decide button[value='accommodated']").click()
    first.wait_for_selector("tr[data-id='U-3'][data-marks~='accommodated']")
    page.fill("#note", "tunggu tahun depan")
    page.locator("#decide button[value='deferred']").click()
    page.wait_for_selector("#refused:focus")
    assert "Rina" in page.locator("#refused").inner_text()
    assert page.input_value("#note") == "tunggu tahun depan"


def compare(reader, say):
    """A higher ceiling beside the city as it is, and the list made by hand."""
    page = reader.goto(f"{BOARD}/compare")
    page.fill("#w-title", "Pagu PUPR naik")
    page.fill("#w-percent", "50")
    page.locator("form[action$='what-if'] button").click()
    page.locator("form[action$='/compare'] button.primary").click()
    page.locator("#found table").first.wait_for()
    heads = page.locator("#found thead").first.inner_text()
    assert "Pagu PUPR naik" in heads
    assert say("page_more.by_hand") in heads


def agree(readers, pages):
    """The three parties, each in a browser; one of them loses the network for a while."""
    for name, party in PARTIES.items():
        page = readers[name].goto(BOARD)
        page.keyboard.press("g")
        page.locator(f"button[hx-get$='/{party}/Barat']").click()
        consent = page.locator("#panel button.primary")
        consent.wait_for()
        if name == "Sari":
            page.context.set_offline(True)
            page.locator("#offline").wait_for(state="visible")
            assert consent.is_disabled()
            page.context.set_offline(False)
            page.locator("#offline").wait_for(state="hidden")
        consent.click()
        page.wait_for_selector(".voices .good")
    for name in PARTIES:
        pages[name].wait_for_selector("tr[data-id='U-1'][data-marks~='agreed']")


def sign(reader, language):
    """Close the desk, print what was agreed, seal it; the paper bears the log's fingerprint."""
    page = reader.goto(f"{BOARD}/minutes")
    page.fill("#number", "050/12/BA")
    page.fill("#day", "2018-03-16")
    page.locator("#meeting button.primary").click()
    page.locator("form:has(input[value='closed']) button").click()
    page.check("input[name='read']")
    page.locator("form:has(input[value='signed']) button").click()
    page.wait_for_selector("#meeting dl")
    fingerprint = page.locator("code.print").inner_text()
    with page.expect_download() as download:
        page.locator("a[href*='/file/minutes']").click()
    assert Path(download.value.path()).read_bytes()[:2] == b"PK"
    page.locator("a[href*='/print']").first.click()
    page.wait_for_load_state("networkidle")
    text = page.locator("main").inner_text()
    for part in (fingerprint, NOTE, {"id": "16 Maret 2018", "en": "16 March 2018"}[language]):
        assert part in text
    assert re.search(r"80[.,]000[.,]000", text)
    assert page.pdf(prefer_css_page_size=True)[:4] == b"%PDF"


def everything_is_read_only(readers, pages, say):
    """Nobody is offered a change any more, what stood open before is refused, the log tells all."""
    for name in ("Rina", "Budi", "Sari"):
        page = readers[name].goto(BOARD)
        assert page.locator(".session-signed").count() == 1
        page.locator("tr[data-id='U-1'] .what").click()
        page.wait_for_selector(".card[data-id='U-1']")
        assert page.locator("button.pin, #decide, #undo").count() == 0
        page.keyboard.press("g")
        page.wait_for_selector(".voices")
        assert page.locator(".voices button").count() == 0
    rudi = pages["Rudi"]
    rudi.locator("#decide button[value='deferred']").click()
    rudi.locator("#refused:focus").wait_for()
    assert rudi.locator("#decide").count() == 0
    log = readers["Dewi"].goto("/cities/kota/log").locator("main").inner_text()
    for part in (*PARTIES, "Rina", NOTE, say("page.event_session_signed").split("{")[0].strip()):
        assert part in log
