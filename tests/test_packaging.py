"""The gene panels are found from a wheel, an editable install and a checkout alike."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LIBRARIES = sysconfig.get_path("purelib")

# prints where the package and its panel lie, and the panel's checksum
SHOW = """
import varmio
from varmio.readers import panel
known = panel.load("osteopetrosis")
print(varmio.__file__, panel.find("osteopetrosis"), known.sha256, len(known.subtypes), sep="\\n")
"""


def python(code: str, *arguments: str, first: str, cwd: Path) -> str:
    """Stdout of the code in a bare interpreter that sees one varmio: -S leaves every .pth file out."""
    path = os.pathsep.join((first, LIBRARIES)) if first else LIBRARIES
    environment = {key: value for key, value in os.environ.items() if key != "VARMIO_PANEL_DIR"}
    done = subprocess.run(
        [sys.executable, "-S", "-c", code, *arguments],
        cwd=cwd,
        env=environment | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def built(hook: str, folder: Path) -> Path:
    """The folder into which the wheel of hatchling's hook was unpacked."""
    pytest.importorskip("hatchling", reason="hatchling is not installed (extra: dev)")
    pytest.importorskip("editables", reason="editables is not installed (extra: dev)")
    code = f"import sys; from hatchling.build import {hook} as build; print(build(sys.argv[1]))"
    name = python(code, str(folder), first="", cwd=ROOT).splitlines()[-1]
    with zipfile.ZipFile(folder / name) as wheel:
        wheel.extractall(folder / "site")
    return folder / "site"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built("build_wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def checkout_says() -> list[str]:
    return python(SHOW, first=str(ROOT), cwd=ROOT / "tests").splitlines()


def test_checkout(checkout_says):
    assert checkout_says[:2] == [str(ROOT / "varmio/__init__.py"), str(ROOT / "gene_panels/osteopetrosis.yaml")]
    assert int(checkout_says[3]) >= 12


def test_wheel_brings_its_own_panel(wheel, checkout_says, tmp_path):
    said = python(SHOW, first=str(wheel), cwd=tmp_path).splitlines()
    assert said[:2] == [str(wheel / "varmio/__init__.py"), str(wheel / "varmio/gene_panels/osteopetrosis.yaml")]
    assert said[2:] == checkout_says[2:]


def test_editable_install_reads_the_checkout(checkout_says, tmp_path):
    site = built("build_editable", tmp_path)
    assert not (site / "varmio" / "__init__.py").exists()
    code = f"import site; site.addsitedir({str(site)!r})\n{SHOW}"
    said = python(code, first="", cwd=tmp_path).splitlines()
    assert Path(said[0]) == ROOT / "varmio/__init__.py"
    assert Path(said[1]) == ROOT / "gene_panels/osteopetrosis.yaml"
    assert said[2:] == checkout_says[2:]


def test_wheel_runs_the_demo_without_a_checkout(wheel, tmp_path):
    code = "import sys; from varmio.cli import main; sys.exit(main())"
    said = python(code, "demo", "-o", "demo", first=str(wheel), cwd=tmp_path)
    assert "OSTM1" in said
    made = {path.name for path in (tmp_path / "demo").iterdir()}
    assert made >= {"case.json", "report.html", "findings.tsv", "findings.vcf"}


def test_wheel_holds_no_tests_examples_or_caches(wheel):
    names = {path.name for path in wheel.iterdir()}
    assert {name for name in names if not name.endswith(".dist-info")} == {"varmio"}
    assert not [p for p in wheel.rglob("*") if p.suffix == ".pyc"]
    (licence,) = wheel.glob("*.dist-info/licenses/LICENSE")
    assert licence.stat().st_size > 10_000
