"""In the browser, in both languages: import, put right, save, compare, weigh, print, seal."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from browsing import WALKED, Watched, chromium, needs_browser, running
from desks import PUPR, city_at, document
from papered import decided
from test_intake import book

from solver.scenario import resolve
from solver.write.workbook import workbook

pytestmark = needs_browser
DESK = f"/desks/{PUPR}"
SCREENS = (
    "/import",
    "/cities/kota/lab",
    f"{DESK}/places?scope=city",
    f"{DESK}/tradeoffs",
    f"{DESK}/compare",
    f"{DESK}/minutes",
    f"{DESK}/minutes/print",
    "/guide/planner",
    "/guide/facilitator",
)


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


@pytest.fixture
def desk(tmp_path):
    with decided(f"sqlite:///{tmp_path / 'kayuh.db'}") as store, running(store) as url:
        yield url


def spotless(reader):
    """The page fits its window, has no fault for screen readers, and broke no rule on the way."""
    page = reader.page
    page.wait_for_load_state("networkidle")
    assert reader.too_wide <= 0
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    faults = [
        (v["id"], v["help"], [n["html"][:120] for n in v["nodes"][:3]])
        for v in axe.run(page).response["violations"]
    ]
    assert faults == []
    assert reader.noted == []


@pytest.mark.parametrize("language", WALKED)
def test_the_planners_day(browser, tmp_path, language):
    wrong = tmp_path / "usulan kota.xlsx"
    wrong.write_bytes(book(**{"OPD:2": "DPU", "OPD:4": "DPU", "Skor:3": "empat"}))
    with city_at(f"sqlite:///{tmp_path / 'k.db'}") as store, running(store) as url:
        reader = Watched(browser, url, language)
        page = reader.goto("/import")
        page.set_input_files("#file", wrong)
        page.get_by_role(
            "button", name={"id": "Baca berkas", "en": "Read the file"}[language]
        ).click()
        spotless(reader)
        # Its problems, row by row; the user's own workbook comes back with them marked.
        assert page.locator("table.problems tbody tr").count() == 2
        with page.expect_download() as download:
            page.locator("a[href$='marked.xlsx']").click()
        assert Path(download.value.path()).read_bytes()[:2] == b"PK"
        page.locator("button[name='use']", has_text="PUPR").click()
        assert page.locator("table.problems tbody tr").count() == 1
        page.locator("table.problems input[type='text'], input[name^='fix-']").first.fill("78")
        page.locator("form button.primary").first.click()
        spotless(reader)
        # Control totals, then the city is there with its desks.
        page.fill("#city-id", "kota-uji")
        page.check("input[name='agreed']")
        page.locator("form[action$='/save'] button").click()
        assert page.locator("p.strip").count() == 1
        spotless(reader)
        page.goto(f"{url}/cities/kota-uji/import")
        spotless(reader)
        reader.context.close()


@pytest.mark.parametrize("language", WALKED)
def test_an_import_again_shows_what_it_touches(browser, desk, tmp_path, language):
    changed = tmp_path / "baru.xlsx"
    rows = [{**p, "unit_cost": 900_000} if p["id"] == "U-1" else p for p in document()["proposals"]]
    changed.write_bytes(workbook(resolve(document(proposals=rows)).document, "id"))
    reader = Watched(browser, desk, language)
    page = reader.goto("/cities/kota/import")
    page.set_input_files("#file", changed)
    page.locator("form.panel button.primary").click()
    row = page.locator("tr", has_text="U-1").first
    assert {"id": "sudah diputuskan", "en": "decided"}[language] in row.inner_text()
    spotless(reader)
    page.fill("#reason", "harga turun <b>banyak</b>")
    page.check("input[name='agreed']")
    page.locator("form[action$='/save'] button").click()
    # 80 m at the new price, to be agreed to again: so it stands in Annex III.
    page.goto(f"{desk}{DESK}/minutes/print")
    assert re.search(r"72[.,]000[.,]000", page.locator("section.across").nth(3).inner_text())
    assert reader.noted == []
    reader.context.close()


@pytest.mark.parametrize("language", WALKED)
def test_two_scenarios_are_compared(browser, desk, language):
    reader = Watched(browser, desk, language)
    page = reader.goto(f"{DESK}/compare")
    page.fill("#w-title", "Pagu PUPR turun")
    page.fill("#w-percent", "-95")
    page.locator("form[action$='what-if'] button").click()
    assert page.locator("input[value='kota-jika-1']").is_checked()
    page.locator("form[action$='/compare'] button.primary").click()
    page.locator("#found table").first.wait_for(timeout=40_000)
    heads = page.locator("#found thead").first.inner_text()
    assert {"id": "Daftar tangan", "en": "List made by hand"}[language] in heads
    assert "Pagu PUPR turun" in heads
    spotless(reader)
    reader.context.close()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", WALKED)
def test_one_thing_is_tried_at_many_values(browser, desk, language, width):
    reader = Watched(browser, desk, language, width)
    page = reader.goto("/cities/kota/lab")
    page.select_option("#key", "agency.PUPR.ceiling")
    page.fill("#values", "10%")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#notice .notice").wait_for()
    assert page.input_value("#values") == "10%"  # what was typed stays
    assert reader.unexpected == []
    reader.noted.clear()
    page.fill("#values", "-90%; -95%")
    page.locator("form button.primary").click()
    page.locator("#runs").wait_for(timeout=40_000)
    assert page.locator(".curve svg").count() == 4
    assert page.locator("table[class=compared] tbody tr").count() == 3
    spotless(reader)
    reader.context.close()


@pytest.mark.parametrize("language", WALKED)
def test_a_question_is_answered_where_it_was_asked(browser, desk, language):
    reader = Watched(browser, desk, language)
    page = reader.goto(f"{DESK}/tradeoffs")
    for name in ("replacement", "rule_prices", "next_rupiah", "entry", "frontier"):
        panel = page.locator(f"#{name}")
        panel.locator("button").click()
        panel.locator(".strip").wait_for(timeout=60_000)
    assert page.locator("#replacement tbody tr").count() >= 1
    spotless(reader)
    page = reader.goto(f"{DESK}/places")
    page.locator("#own_share button").click()
    page.locator("#own_share .strip").wait_for(timeout=60_000)
    spotless(reader)
    reader.context.close()


@pytest.mark.parametrize("language", WALKED)
def test_the_minutes_from_the_draft_to_the_seal(browser, desk, language):
    reader = Watched(browser, desk, language)
    page = reader.goto(f"{DESK}/minutes")
    page.fill("#number", "050/12/BA")
    page.fill("#day", "2018-03-16")
    page.fill("#place", "Aula <script>alert(1)</script>")
    page.locator("input[name='person_name']").first.fill("Hj. Siti {{ 7*7 }}")
    page.locator("#meeting button.primary").click()
    page.locator("form:has(input[value='closed']) button").click()
    page.check("input[name='read']")
    page.locator("form:has(input[value='signed']) button").click()
    # Read-only from here on: nothing to type, nothing to save.
    assert page.locator("#meeting input").count() == 0
    assert page.locator("form:has(input[value='signed'])").count() == 0
    spotless(reader)
    fingerprint = page.locator("code.print").inner_text()
    for form in ("minutes", "wards", "td4", "renja"):
        with page.expect_download() as download:
            page.locator(f"a[href*='/file/{form}']").click()
        assert Path(download.value.path()).read_bytes()[:2] == b"PK"
    page.locator("a[href*='/print']").first.click()
    page.wait_for_load_state("networkidle")
    text = page.locator("main").inner_text()
    assert fingerprint in text
    assert "Hj. Siti {{ 7*7 }}" in text
    assert "<script>alert(1)</script>" in text
    assert {"id": "16 Maret 2018", "en": "16 March 2018"}[language] in text
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf[:4] == b"%PDF"
    spotless(reader)
    reader.context.close()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", WALKED)
@pytest.mark.parametrize("path", SCREENS)
def test_no_screen_is_wider_than_its_window_or_has_a_fault_for_screen_readers(
    browser, desk, path, language, width
):
    reader = Watched(browser, desk, language, width)
    reader.goto(path)
    spotless(reader)
    reader.context.close()


def test_the_map_works_by_keyboard(browser, desk):
    reader = Watched(browser, desk, "id")
    page = reader.goto(f"{DESK}/places")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.tiles li') !== null"):
            break
    assert page.evaluate("document.activeElement.closest('.tiles li') !== null")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desks/**q=**")
    reader.context.close()
