"""The Snakefile: a sheet in, one line a sample out; what is missing is named before any job starts."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from varmio import demo
from varmio.model import Assembly

ROOT = Path(__file__).parents[1]
SNAKEMAKE = shutil.which("snakemake", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")

pytestmark = pytest.mark.skipif(SNAKEMAKE is None, reason="snakemake is not installed (extra: workflow)")


def snakemake(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    home = {"HOME": str(folder), "XDG_CACHE_HOME": str(folder / "cache")}
    return subprocess.run(
        [str(SNAKEMAKE), "-s", str(ROOT / "Snakefile"), "--cores", "2", *arguments],
        cwd=folder,
        env=os.environ | home | {"PATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,  # a dry run tells its faults on stdout
        text=True,
        timeout=300,
    )


def table(path: Path) -> dict[str, dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as handle:
        return {row["sample"]: row for row in csv.DictReader(handle, delimiter="\t")}


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """Two small exomes and their sheet, in a folder whose name has a space."""
    folder = tmp_path / "my samples"
    for name, assembly in (("a_ostm1", Assembly.GRCH38), ("g_ikbkg", Assembly.GRCH37)):
        small = replace(demo.recipe(name), sites=1_500, runs=())
        demo.write_exome(folder / "vcf" / f"{name}.vcf.gz", assembly, small)
    path = folder / "sheet.tsv"
    path.write_text("sample\tvcf\tsex\nfirst\tvcf/a_ostm1.vcf.gz\t\nsecond\tvcf/g_ikbkg.vcf.gz\tmale\n")
    return path


def test_a_sheet_elsewhere_gives_one_line_a_sample_and_a_second_run_does_nothing(sheet, tmp_path):
    work = tmp_path / "work"
    work.mkdir()
    done = snakemake(work, "--config", f"samples={sheet}")
    assert done.returncode == 0, done.stdout
    rows = table(work / "results" / "summary.tsv")
    assert {row["case"]: row["gene"] for row in rows.values()} == {
        "first/case.json": "OSTM1",
        "second/case.json": "IKBKG",
    }
    assert (work / "results" / "first" / "report.html").is_file()
    again = snakemake(work, "--config", f"samples={sheet}")
    assert "Nothing to be done" in again.stdout


def test_missing_files_are_named_before_any_job_starts(sheet, tmp_path):
    with sheet.open("a") as handle:
        handle.write("third\tvcf/gone.vcf.gz\t\nfourth\t/nowhere/else.vcf.gz\t\n")
    done = snakemake(tmp_path, "--config", f"samples={sheet}")
    assert done.returncode != 0
    assert str(sheet.parent / "vcf" / "gone.vcf.gz") in done.stdout
    assert "/nowhere/else.vcf.gz" in done.stdout
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("first\tvcf/a_ostm1.vcf.gz\t", "first is there twice"),
        ("../up\tvcf/a_ostm1.vcf.gz\t", "must be letters, digits"),
        ("third\tvcf/a_ostm1.vcf.gz\tboy", "must be male, female or empty"),
        ("third\t\t", "no vcf for sample third"),
    ],
)
def test_a_wrong_row_is_named_with_its_line(sheet, tmp_path, row, message):
    with sheet.open("a") as handle:
        handle.write(row + "\n")
    done = snakemake(tmp_path, "-n", "--config", f"samples={sheet}")
    assert done.returncode != 0
    assert "line 4" in done.stdout
    assert message in done.stdout


def test_the_examples_are_the_default_and_their_exomes_are_made_first(tmp_path):
    done = snakemake(tmp_path, "-n", "--forceall")
    assert done.returncode == 0, done.stdout
    text = done.stdout
    with (ROOT / "examples" / "samples.tsv").open(newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t"))
    assert {row["sample"] for row in rows} >= {recipe.name for recipe in demo.RECIPES}
    assert re.search(rf"example_exome +{len(rows)}\n", text)
    assert all(f"results/{row['sample']}/case.json" in text for row in rows)
