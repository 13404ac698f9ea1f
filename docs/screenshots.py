"""Pictures of the running desk for the guides and the README: python docs/screenshots.py.

Makes a fresh database with the embedded city, decides one desk as recommended but for a few rows,
and photographs the screens in both languages into service/static/guide/. Needs Debian's Chromium
(or the one that KAYUH_TEST_CHROMIUM names) and the package playwright.
"""

from __future__ import annotations

import base64
import io
import os
import shutil
import tempfile
import threading
from pathlib import Path

import openpyxl
from playwright.sync_api import Browser, Page, sync_playwright

import scenarios as embedded
from service import scenarios
from service.app import create_app
from service.context import KEY
from service.desk import agreement, decisions, sessions
from service.desk import city as cities
from service.desk.decisions import Edit
from service.desk.state import state_of
from service.server import Server
from service.settings import CITY, Settings
from service.store import LOCAL, Store, events
from solver.instance import from_micro
from solver.scenario import Scenario, read
from solver.solve import Params, solve
from solver.words import LANGUAGES
from solver.write.workbook import workbook

HERE = Path(__file__).resolve().parent.parent
TARGET = HERE / "service" / "static" / "guide"
SIZE = {"width": 1280, "height": 720}
SCALE = 0.75
QUALITY = 25
"""Of the pictures in WebP: letters stay sharp, and a guide with its pictures is under 150 KB."""
PATIENCE = 400_000
"""Milliseconds that an answer may take."""
LONG = "300"
"""Seconds that the picture's question may take, so that a busy machine answers it, too."""
DESK = f"{CITY}.DISPERKIM"
EXAMPLE = embedded.path("contoh.json")
FEW = 12
"""Proposals of which the picture of the trade-offs tells."""
OPEN_EVERY = 9
"""Every so many proposals one is left undiscussed."""


def main() -> None:
    """Make every picture."""
    TARGET.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/desk.db"
        store = Store(url)
        store.upgrade()
        city = read(embedded.path(CITY))
        left_out, asked = decide(store, city)
        settings = Settings(database=url, port=0)
        app = create_app(settings, store)
        server = Server(app, settings)
        threading.Thread(target=server.run, daemon=True).start()
        wrong = Path(folder) / "usulan-kota.xlsx"
        wrong.write_bytes(misspelt())
        with sync_playwright() as playwright:
            chromium = os.environ.get("KAYUH_TEST_CHROMIUM") or shutil.which("chromium")
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            for language in LANGUAGES:
                photograph(browser, server.url, language, wrong, left_out, asked)
            browser.close()
        app.extensions[KEY].runner.close()
        store.close()


def decide(store: Store, city: Scenario) -> tuple[str, list[str]]:
    """A city whose desk has decided most of its list, and the three parties agreed to it.

    Gives a proposal that has a right to be there, but no money, and a few that have it.
    """
    result = solve(city.instance, Params(30.0))
    taken = result.taken or {}
    space = result.case.space
    chosen = {space.options[i].proposal: (space.options[i].label, f) for i, f in taken.items()}
    with store.write(LOCAL) as tx:
        digest = scenarios.keep(tx, CITY, city)
        cities.create(tx, CITY, digest)
        sessions.open_session(tx, DESK)
    with store.write(LOCAL) as tx:
        desk = cities.desk_of(tx, DESK)
        asked = cities.limits_for(tx, CITY).desks[desk.agency]
        for number, proposal in enumerate(asked):
            if number % OPEN_EVERY == 4:
                continue
            if proposal.covered_by:
                edit = Edit("accommodated")
            elif proposal.id in chosen:
                label, figures = chosen[proposal.id]
                volume = from_micro(figures.volume) if figures.volume else None
                edit = Edit("accommodated", option=label, volume=volume, note="Sesuai rekomendasi")
            else:
                edit = Edit("deferred", reason="agency_ceiling")
            decisions.edit(tx, DESK, proposal.id, edit, 0)
    with store.write(LOCAL) as tx:
        desk = cities.desk_of(tx, DESK)
        head = events.head(tx).seq
        found = decisions.of_desk(tx, desk)
        assert state_of(tx, DESK) == "open"  # noqa: S101 (a script)
        for district in agreement.lists(cities.limits_for(tx, CITY), found):
            for party in ("opd", "kecamatan", "planner"):
                agreement.agree(tx, DESK, party, district, head)
    waiting = (p for p in asked if p.id not in chosen and not p.covered_by)
    left_out = next(p.id for p in waiting if not p.requested.gate)
    return left_out, [p.id for p in asked if p.id in chosen][:FEW]


def misspelt() -> bytes:
    """The example as a workbook in which some cells are wrong."""
    opened = openpyxl.load_workbook(io.BytesIO(workbook(read(EXAMPLE).document, "id")))
    sheet = opened["Usulan"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row, heading, value in (
        (2, "OPD", "DPUPR"),
        (4, "OPD", "DPUPR"),
        (3, "Skor", "empat puluh"),
        (5, "Anggaran", "1250000.00"),
    ):
        sheet.cell(row, columns[heading]).value = value
    out = io.BytesIO()
    opened.save(out)
    return out.getvalue()


def photograph(
    browser: Browser, url: str, language: str, wrong: Path, left_out: str, asked: list[str]
) -> None:
    """Every screen of one language."""
    context = browser.new_context(viewport=SIZE, locale={"id": "id-ID", "en": "en-GB"}[language])
    context.add_cookies([{"name": "kayuh_language", "value": language, "url": url}])
    page = context.new_page()
    session = context.new_cdp_session(page)

    def take(name: str) -> None:
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(400)
        clip = {"x": 0, "y": page.evaluate("scrollY"), **SIZE, "scale": SCALE}
        wanted = {"format": "webp", "quality": QUALITY, "clip": clip}
        picture = session.send("Page.captureScreenshot", wanted)["data"]
        (TARGET / f"{name}-{language}.webp").write_bytes(base64.b64decode(picture))

    page.goto(f"{url}/desks/{DESK}")
    if page.locator("#solve.primary").count():
        page.locator("#solve").click()
    page.wait_for_selector("#solve:not(.primary)", timeout=PATIENCE)
    take("board")
    page.locator(f"tr[data-id='{left_out}'] a").first.click()
    page.wait_for_selector("#panel h2")
    page.wait_for_selector("#panel .busy", state="detached", timeout=PATIENCE)
    take("why")
    page.goto(f"{url}/desks/{DESK}/tradeoffs")
    if not page.locator("#replacement table").count():
        page.fill("#replacement input[name='only']", " ".join(asked))
        page.locator("#replacement select").select_option(LONG)
        page.locator("#replacement button").click()
        page.wait_for_selector("#replacement table", timeout=PATIENCE)
    page.evaluate("document.getElementById('replacement').scrollIntoView()")
    take("tradeoffs")
    compare(page, f"{url}/desks/{DESK}/compare", language)
    page.evaluate("document.getElementById('found').scrollIntoView()")
    take("compare")
    page.goto(f"{url}/desks/{DESK}/minutes")
    take("minutes")
    page.goto(f"{url}/desks/{DESK}/places?scope=city")
    take("places")
    page.goto(f"{url}/import")
    page.set_input_files("#file", wrong)
    page.locator("form.panel button.primary").click()
    take("import")
    context.close()


def compare(page: Page, address: str, language: str) -> None:
    """The city as it is beside a what-if, and the list made by hand."""
    page.goto(address)
    title = {"id": "Pagu Disperkim turun 10 %", "en": "Disperkim's ceiling down 10 %"}[language]
    page.fill("#w-title", title)
    page.fill("#w-percent", "-10")
    page.locator("form[action$='what-if'] button").click()
    page.locator("form[action$='/compare'] button.primary").click()
    page.wait_for_selector("#found .busy", state="detached", timeout=PATIENCE)
    page.wait_for_selector("#found table", timeout=PATIENCE)


if __name__ == "__main__":
    main()
