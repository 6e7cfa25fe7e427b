"""The report and the family page in a real browser: `make test-browser`, which installs Chromium and axe-core."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests import report_cases as cases
from tests.exome import GRCH38, call, run_calls, run_file
from tests.test_family_page import mirrored
from varmio import demo
from varmio.assembly import CONTIG_LENGTHS
from varmio.readers import language
from varmio.writers import family, html

TOOLS = os.environ.get("VARMIO_BROWSER")  # folder with node_modules/axe-core
if not TOOLS:
    pytest.skip("needs Chromium and axe-core: make test-browser", allow_module_level=True)

from selenium import webdriver  # noqa: E402
from selenium.webdriver.chrome.service import Service  # noqa: E402
from selenium.webdriver.support.wait import WebDriverWait  # noqa: E402

AXE = Path(TOOLS, "node_modules", "axe-core", "axe.min.js").read_text("utf-8")
WIDTHS = (320, 400, 768, 1280, 2560, 3840)  # px, a phone to a 4K wall
# WCAG 2.0 to 2.2, A and AA, and axe-core's best practice
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MEDIA = {"light": ("screen", "light"), "dark": ("screen", "dark"), "print": ("print", "light")}
REAL = {"ostm1": [("6-108064285-ACT-A", "1/1")], "clcn7": [("16-1459139-C-T", "0/1")], "codon": []}
REAL["codon"] = [("11-68042762-C-T", "1/1"), ("11-68042764-G-C", "1/1")]
NAMES = [*cases.ALL, *(f"real {name}" for name in REAL), "demo", "family", "family mirrored"]
# one page of each kind, where every page would take long
KINDS = ["diagnosis", "several", "unweighed", "could_not_look", "real ostm1", "real codon", "demo", "family"]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Name -> file: a report for each answer code, of real panels too, and family pages, one of them mirrored."""
    folder = tmp_path_factory.mktemp("pages")
    held = {name: cases.data(make()) for name, make in cases.ALL.items()}
    for name, calls in REAL.items():
        made = [call(key, gt) for key, gt in calls]
        held[f"real {name}"] = run_calls(tmp_path_factory.mktemp(name), GRCH38, made, "--sex", "female").case
    held["demo"] = demo_case(folder)
    texts = {name: html.render(case) for name, case in held.items()}
    texts["family"] = family.render(held["real ostm1"], language.load())
    texts["family mirrored"] = family.render(held["real ostm1"], language.load(str(mirrored(folder))))
    found = {}
    for name, text in texts.items():
        found[name] = folder / f"{name.replace(' ', '-')}.html"
        found[name].write_text(text, encoding="utf-8")
    return found


def demo_case(folder: Path) -> dict[str, Any]:
    """The example with all that a page can hold: runs, depth of each exon with a gap, the child's signs."""
    depth = folder / "demo.per-base.bed"
    spans = [(f"chr{contig}", 0, length, 60) for contig, length in CONTIG_LENGTHS[GRCH38].items() if contig != "16"]
    spans += [("chr16", 0, 1_450_000, 60), ("chr16", 1_450_000, 1_457_000, 3), ("chr16", 1_457_000, 90_338_345, 60)]
    depth.write_text("".join("\t".join(map(str, span)) + "\n" for span in spans), encoding="ascii")
    options = ("--coverage", str(depth), "--hpo", "HP:0001250", "--hpo", "!HP:0000407", "--age", "6w")
    return run_file(demo.write_demo_exome(folder), folder / "demo", *options).case


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


def shown_in(driver: webdriver.Chrome, media: str) -> None:
    kind, scheme = MEDIA[media]
    features = [
        {"name": "prefers-color-scheme", "value": scheme},
        {"name": "prefers-reduced-motion", "value": "reduce"},
    ]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": kind, "features": features})


def opened(driver: webdriver.Chrome, page: Path, width: int = 1280, media: str = "light", folds: bool = True) -> None:
    """The page, loaded afresh, at a width and in a medium, its folds open or as they come."""
    resized(driver, width)
    shown_in(driver, media)
    driver.get(page.as_uri())
    # without scripts, `get` returns before the page is whole
    WebDriverWait(driver, 20).until(lambda d: d.execute_script("return document.readyState") == "complete")
    if folds:
        driver.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")


@contextmanager
def no_scripts(driver: webdriver.Chrome) -> Iterator[None]:
    """The page's own scripts do not run; the tests' still do."""
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        yield
    finally:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


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


@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_no_violation(name: str, driver: Any, pages: dict[str, Path]) -> None:
    opened(driver, pages[name])
    driver.execute_script(AXE)
    asked = "const done = arguments[1]; axe.run(document, {runOnly: arguments[0]}).then(r => done(r.violations))"
    for width, media in product((320, 1280), MEDIA):
        resized(driver, width)
        shown_in(driver, media)
        found = driver.execute_async_script(asked, RULES)
        worst = [(v["id"], v["nodes"][0]["html"][:200], len(v["nodes"])) for v in found]
        assert not worst, f"{width} px, {media}"


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


CUT = """
return [...document.querySelectorAll('svg.dr text')].filter(t => {
  const box = t.ownerSVGElement, cuts = getComputedStyle(box).overflowX !== 'visible';
  const inner = t.getBoundingClientRect(), outer = (cuts ? box : document.body).getBoundingClientRect();
  return inner.left < outer.left - 1 || inner.right > outer.right + 1;
}).map(t => t.textContent)
"""


@pytest.mark.parametrize("name", ["demo", *(f"real {name}" for name in REAL)])
def test_no_word_of_a_drawing_is_cut(name: str, driver: Any, pages: dict[str, Path]) -> None:
    opened(driver, pages[name])
    assert driver.find_elements("css selector", "svg.dr text")
    for width in WIDTHS:
        resized(driver, width)
        assert driver.execute_script(CUT) == [], f"{width} px"


# the ring of what has the focus: is it drawn, in what colour on what, and does a box that scrolls cut it
FOCUS = """
const a = document.activeElement, s = getComputedStyle(a), ring = parseFloat(s.outlineWidth);
const behind = getComputedStyle(document.body).backgroundColor;
const reach = ring + parseFloat(s.outlineOffset), boxes = [];
for (let p = a.parentElement; p && p !== document.body; p = p.parentElement)
  if (getComputedStyle(p).overflowX !== 'visible') boxes.push(p.getBoundingClientRect());
const cut = boxes.some(b => [...a.getClientRects()].some(r => r.left - reach < b.left || r.right + reach > b.right
  || r.top - reach < b.top || r.bottom + reach > b.bottom));
a.dataset.reached = '1';
return [a.tagName, s.outlineStyle === 'solid' && ring, cut, s.outlineColor, behind]
"""
MISSED = """
const all = document.querySelectorAll('a[href], button, summary, input, select, textarea, [tabindex]');
return [...all].filter(e => !e.dataset.reached && e.checkVisibility()).map(e => e.outerHTML)
"""
TAB = {"key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}


def contrast(*colours: str) -> float:
    """WCAG's ratio of two opaque colours, 1 to 21, each as `rgb(1, 2, 3)`."""
    light = []
    for colour in colours:
        parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        light.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)
    return max(light) / min(light)


@pytest.mark.parametrize(("width", "media"), [(1280, "light"), (320, "dark")])
@pytest.mark.parametrize("name", KINDS)
def test_the_keyboard_reaches_everything_and_shows_where_it_is(
    name: str, width: int, media: str, driver: Any, pages: dict[str, Path]
) -> None:
    opened(driver, pages[name], width, media)
    total, seen = len(driver.execute_script(MISSED)), 0
    for _ in range(total + 1):
        driver.execute_cdp_cmd("Input.dispatchKeyEvent", {"type": "keyDown", **TAB})
        driver.execute_cdp_cmd("Input.dispatchKeyEvent", {"type": "keyUp", **TAB})
        tag, ring, cut, colour, behind = driver.execute_script(FOCUS)
        if tag != "BODY":
            seen += 1
            assert ring >= 2, tag
            assert not cut, tag
            assert contrast(colour, behind) >= 3, tag
    assert seen >= total
    assert driver.execute_script(MISSED) == []


@pytest.mark.parametrize(("setting", "said"), [("granted", "Copied"), ("denied", "Selected")])
def test_the_buttons_do_what_they_say(setting: str, said: str, driver: Any, pages: dict[str, Path]) -> None:
    """Where the browser refuses the clipboard, the name is selected for the reader to copy."""
    for any_format in (True, False):  # Chromium holds two permissions under the one name
        wanted = {"name": "clipboard-write", "allowWithoutSanitization": any_format}
        driver.execute_cdp_cmd("Browser.setPermission", {"permission": wanted, "setting": setting})
    opened(driver, pages["diagnosis"], folds=False)
    driver.get_log("browser")
    copy = driver.find_element("css selector", ".hgvs button")
    copy.click()
    WebDriverWait(driver, 5).until(lambda _: copy.text == said)
    name = driver.find_element("css selector", ".hgvs code").text
    assert said == "Copied" or driver.execute_script("return String(getSelection())") == name
    folds = driver.find_elements("tag name", "details")
    driver.find_element("css selector", ".tools button").click()
    assert all(fold.get_attribute("open") for fold in folds)
    assert driver.get_log("browser") == []


WORDS = "document.querySelectorAll('button').forEach(b => b.remove()); return document.body.innerText"


@pytest.mark.parametrize("name", NAMES)
def test_the_page_is_whole_without_scripts(name: str, driver: Any, pages: dict[str, Path]) -> None:
    opened(driver, pages[name])
    with_scripts = driver.execute_script(WORDS)
    with no_scripts(driver):
        opened(driver, pages[name])
        assert not driver.find_elements("tag name", "button")  # the script alone makes them
        assert driver.execute_script(WORDS).split() == with_scripts.split()


def stopped(driver: webdriver.Chrome) -> list[str]:
    """Why each request that failed since the last call was stopped before it left."""
    entries = (json.loads(entry["message"])["message"] for entry in driver.get_log("performance"))
    return [e["params"].get("blockedReason", "") for e in entries if e["method"] == "Network.loadingFailed"]


INSERTED = """
<script>document.title = 'ran'</script><img src='https://example.invalid/x.png' onerror="document.title = 'ran'">
<p style='color: red'>x</p>
"""


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
MARGINS = 2 * 16 / 25.4  # of @page, left and right
# what a page's end may cut, and what it may part from what follows
LOOSE = """
const wanted = {breakInside: 'tr, figure > svg, figcaption, .people, .min > div',
  breakAfter: 'h2, h3, h4, caption, figcaption', breakBefore: 'thead + tbody > tr:first-child'};
return Object.entries(wanted).flatMap(([rule, which]) => [...document.querySelectorAll(which)].filter(
  e => getComputedStyle(e)[rule] !== 'avoid').map(e => rule + ' ' + e.outerHTML.slice(0, 80)))
"""
SHUT = """
return [...document.querySelectorAll('details > :not(summary)')].filter(e => !e.checkVisibility()).length
"""


@pytest.mark.parametrize("paper", PAPER)
@pytest.mark.parametrize("name", KINDS)
def test_it_prints_whole_with_no_row_cut(name: str, paper: str, driver: Any, pages: dict[str, Path]) -> None:
    width, height = PAPER[paper]
    with no_scripts(driver):  # which open the folds before printing
        opened(driver, pages[name], int(96 * (width - MARGINS)), "print", folds=False)
        assert driver.execute_script(SHUT) == 0
    assert driver.execute_script(LOOSE) == []
    assert driver.execute_script("const r = document.documentElement; return r.scrollWidth <= r.clientWidth")
    size = {"paperWidth": width, "paperHeight": height, "preferCSSPageSize": False}
    printed = driver.execute_cdp_cmd("Page.printToPDF", size)["data"]
    assert printed.startswith("JVBER")  # %PDF
