"""Pictures of the running desk for the guides and the README: python docs/screenshots.py.

Makes a fresh database with the embedded city, decides one desk as recommended but for a few rows,
and photographs the screens in both languages into service/static/guide/. Needs Debian's Chromium
(or the one that KAYUH_TEST_CHROMIUM names) and the package playwright.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from pathlib import Path

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
SIZE = {"width": 1100, "height": 620}
DESK = f"{CITY}.DISPERKIM"
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
        decide(store, city)
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
                photograph(browser, server.url, language, wrong)
            browser.close()
        app.extensions[KEY].runner.close()
        store.close()


def decide(store: Store, city: Scenario) -> None:
    """A city whose desk has decided most of its list, and the three parties agreed to it."""
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


def misspelt() -> bytes:
    """The example as a workbook in which some cells are wrong."""
    document = read(embedded.path("contoh.json")).document
    rows = [dict(row) for row in document["proposals"]]
    rows[0]["agency"] = rows[2]["agency"] = "DPUPR"
    rows[1]["priority"] = "satu"
    rows[3]["ward"] = "Telawan"
    return workbook({**document, "proposals": rows}, "id")


def photograph(browser: Browser, url: str, language: str, wrong: Path) -> None:
    """Every screen of one language."""
    context = browser.new_context(viewport=SIZE, locale={"id": "id-ID", "en": "en-GB"}[language])
    context.add_cookies([{"name": "kayuh_language", "value": language, "url": url}])
    page = context.new_page()

    def take(name: str) -> None:
        page.wait_for_load_state("networkidle")
        page.screenshot(path=TARGET / f"{name}-{language}.png")

    page.goto(f"{url}/desks/{DESK}")
    recommend(page)
    take("board")
    page.locator("#rows tbody tr[data-id]").nth(3).click()
    take("why")
    page.goto(f"{url}/desks/{DESK}/minutes")
    take("minutes")
    page.goto(f"{url}/desks/{DESK}/places?scope=city")
    take("places")
    page.goto(f"{url}/import")
    page.set_input_files("#file", wrong)
    page.locator("form.panel button.primary").click()
    take("import")
    context.close()


def recommend(page: Page) -> None:
    """Ask for a recommendation, and wait for its proof."""
    page.locator("button[data-key='r'], button#solve").first.click()
    page.wait_for_timeout(20_000)


if __name__ == "__main__":
    main()
