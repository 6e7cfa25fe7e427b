"""The report and the family page in a real browser: `make test-browser`, which installs Chromium and axe-core."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import report_cases as cases
from tests.exome import GRCH38, call, run_calls
from tests.test_family_page import mirrored
from varmio.readers import language
from varmio.writers import family, html

TOOLS = os.environ.get("VARMIO_BROWSER")  # folder with node_modules/axe-core
if not TOOLS:
    pytest.skip("needs Chromium and axe-core: make test-browser", allow_module_level=True)

from selenium import webdriver  # noqa: E402
from selenium.webdriver.chrome.service import Service  # noqa: E402

AXE = Path(TOOLS, "node_modules", "axe-core", "axe.min.js").read_text("utf-8")
WIDTHS = (320, 400, 768, 1280, 2560, 3840)  # px, a phone to a 4K wall
# WCAG 2.0 to 2.2, A and AA, and axe-core's best practice
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MEDIA = {"light": ("screen", "light"), "dark": ("screen", "dark"), "print": ("print", "light")}
REAL = {"ostm1": [("6-108064285-ACT-A", "1/1")], "clcn7": [("16-1459139-C-T", "0/1")], "codon": []}
REAL["codon"] = [("11-68042762-C-T", "1/1"), ("11-68042764-G-C", "1/1")]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Name -> file: a report for each answer code, of real panels too, and family pages, one of them mirrored."""
    folder = tmp_path_factory.mktemp("pages")
    held = {name: cases.data(make()) for name, make in cases.ALL.items()}
    for name, calls in REAL.items():
        made = [call(key, gt) for key, gt in calls]
        held[f"real {name}"] = run_calls(tmp_path_factory.mktemp(name), GRCH38, made, "--sex", "female").case
    texts = {name: html.render(case) for name, case in held.items()}
    texts["family"] = family.render(held["real ostm1"], language.load())
    texts["family mirrored"] = family.render(held["real ostm1"], language.load(str(mirrored(folder))))
    found = {}
    for name, text in texts.items():
        found[name] = folder / f"{name.replace(' ', '-')}.html"
        found[name].write_text(text, encoding="utf-8")
    return found


NAMES = [*cases.ALL, *(f"real {name}" for name in REAL), "family", "family mirrored"]


@pytest.fixture(scope="module")
def driver() -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.binary_location = os.environ.get("VARMIO_CHROMIUM", "/usr/bin/chromium")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    chrome = webdriver.Chrome(options, Service(os.environ.get("VARMIO_CHROMEDRIVER", "/usr/bin/chromedriver")))
    yield chrome
    chrome.quit()


def resized(driver: webdriver.Chrome, width: int) -> None:
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def opened(driver: webdriver.Chrome, page: Path, width: int = 1280, media: str = "light") -> None:
    """The page, loaded afresh, at a width and in a medium, every fold open."""
    kind, scheme = MEDIA[media]
    resized(driver, width)
    features = [
        {"name": "prefers-color-scheme", "value": scheme},
        {"name": "prefers-reduced-motion", "value": "reduce"},
    ]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": kind, "features": features})
    driver.get(page.as_uri())
    driver.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")


def requests_of(driver: webdriver.Chrome) -> list[str]:
    """Addresses asked for since the last call."""
    entries = (json.loads(entry["message"])["message"] for entry in driver.get_log("performance"))
    return [e["params"]["request"]["url"] for e in entries if e["method"] == "Network.requestWillBeSent"]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_loaded_and_the_console_stays_empty(name: str, driver: Any, pages: dict[str, Path]) -> None:
    requests_of(driver), driver.get_log("browser")
    opened(driver, pages[name])
    assert requests_of(driver) == [pages[name].as_uri()]
    assert driver.get_log("browser") == []


@pytest.mark.parametrize(("width", "media"), [(1280, "light"), (320, "dark"), (1280, "print")])
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_no_violation(name: str, width: int, media: str, driver: Any, pages: dict[str, Path]) -> None:
    opened(driver, pages[name], width, media)
    driver.execute_script(AXE)
    asked = "const done = arguments[1]; axe.run(document, {runOnly: arguments[0]}).then(r => done(r.violations))"
    found = driver.execute_async_script(asked, RULES)
    assert not [(v["id"], v["nodes"][0]["html"][:200], len(v["nodes"])) for v in found]


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("name", NAMES)
def test_no_width_scrolls_sideways(name: str, direction: str, driver: Any, pages: dict[str, Path]) -> None:
    opened(driver, pages[name])
    driver.execute_script("document.documentElement.dir = arguments[0]", direction)
    for width in WIDTHS:
        resized(driver, width)
        asked = "const r = document.documentElement; return [r.scrollWidth, r.clientWidth]"
        needed, seen = driver.execute_script(asked)
        assert needed <= seen, f"{width} px"


FOCUS = """
const a = document.activeElement, s = getComputedStyle(a);
a.dataset.reached = '1';
return [a.tagName, s.outlineStyle, parseFloat(s.outlineWidth)]
"""
MISSED = """
const all = document.querySelectorAll('a[href], button, summary, input, select, textarea, [tabindex]');
return [...all].filter(e => e.tabIndex >= 0 && !e.dataset.reached && e.checkVisibility()).map(e => e.outerHTML)
"""


@pytest.mark.parametrize("name", ["diagnosis", "real ostm1", "real codon", "family"])
def test_the_keyboard_reaches_everything_and_shows_where_it_is(name: str, driver: Any, pages: dict[str, Path]) -> None:
    opened(driver, pages[name])
    body, seen = driver.find_element("tag name", "body"), 0
    body.click()
    driver.execute_script("window.scrollTo(0, 0); document.activeElement.blur()")
    total = driver.execute_script(MISSED.replace(".map(e => e.outerHTML)", ".length"))
    for _ in range(total + 2):
        driver.execute_cdp_cmd("Input.dispatchKeyEvent", {"type": "keyDown", "key": "Tab", "code": "Tab", **TAB})
        driver.execute_cdp_cmd("Input.dispatchKeyEvent", {"type": "keyUp", "key": "Tab", "code": "Tab", **TAB})
        tag, style, width = driver.execute_script(FOCUS)
        if tag != "BODY":
            seen += 1
            assert (style, width >= 2) == ("solid", True), tag
    assert seen >= total
    assert driver.execute_script(MISSED) == []


TAB = {"windowsVirtualKeyCode": 9}
BARE = "document.querySelectorAll('button').forEach(b => b.remove()); return document.body.innerText"


@pytest.mark.parametrize("name", ["diagnosis", "real ostm1", "nothing_found"])
def test_the_page_is_whole_without_scripts(name: str, driver: Any, pages: dict[str, Path]) -> None:
    opened(driver, pages[name])
    with_scripts = driver.execute_script(BARE)
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        driver.get(pages[name].as_uri())
        found = driver.execute_cdp_cmd("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
        source = driver.execute_cdp_cmd("DOM.getOuterHTML", {"nodeId": found})["outerHTML"]
    finally:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    bare = pages[name].with_suffix(".bare.html")
    bare.write_text(source, encoding="utf-8")
    opened(driver, bare)
    assert driver.execute_script(BARE).split() == with_scripts.split()


def stopped(driver: webdriver.Chrome) -> list[str]:
    """Why each request that failed since the last call was stopped before it left."""
    entries = (json.loads(entry["message"])["message"] for entry in driver.get_log("performance"))
    return [e["params"].get("blockedReason", "") for e in entries if e["method"] == "Network.loadingFailed"]


INSERTED = "<script>document.title='ran'</script><img src='https://example.org/x.png'><p style='color:red'>x</p>"


@pytest.mark.parametrize("name", ["diagnosis", "family"])
def test_what_is_inserted_is_blocked(name: str, driver: Any, pages: dict[str, Path], tmp_path: Path) -> None:
    spoiled = tmp_path / "spoiled.html"
    spoiled.write_text(pages[name].read_text("utf-8").replace("</main>", INSERTED + "</main>"), encoding="utf-8")
    requests_of(driver), driver.get_log("browser")
    opened(driver, spoiled)
    assert driver.title != "ran"
    assert stopped(driver) == ["csp"]
    blocked = [entry["message"] for entry in driver.get_log("browser")]
    for directive in ("script-src", "default-src", "style-src"):
        assert any(directive in message for message in blocked), directive


PAPER = {"A4": (8.27, 11.69), "Letter": (8.5, 11.0)}  # inches
CUT = """
return [...document.querySelectorAll('tr, figure > svg, .people, .min > div')].filter(
  e => !['avoid', 'avoid-page'].includes(getComputedStyle(e).breakInside)).map(e => e.outerHTML.slice(0, 80))
"""


@pytest.mark.parametrize("paper", PAPER)
@pytest.mark.parametrize("name", ["diagnosis", "real ostm1", "family"])
def test_it_prints_with_no_row_cut(name: str, paper: str, driver: Any, pages: dict[str, Path]) -> None:
    opened(driver, pages[name], media="print")
    assert driver.execute_script(CUT) == []
    width, height = PAPER[paper]
    size = {"paperWidth": width, "paperHeight": height, "preferCSSPageSize": False}
    printed = driver.execute_cdp_cmd("Page.printToPDF", size)["data"]
    assert printed.startswith("JVBER")  # %PDF
