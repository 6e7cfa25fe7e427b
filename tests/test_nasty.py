"""1,230 small VCFs, valid and invalid, of the format's own test suites: no crash, no traceback, no lost record.

They lie outside the repository (`../shared/vcf/nasty`); where they are absent, this file skips and says so.
Each batch is a process of its own, so that a crash of native code is seen, and names its file.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
FOLDER = ROOT.parent / "shared" / "vcf" / "nasty"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"needs the public VCFs of {FOLDER}")
BATCHES = 8  # processes; two run side by side under `pytest -n 2`

# reason -> why a file that its source does not call invalid may hold such a line
JUSTIFIED = {
    "GT names an allele that ALT does not have": "VCF 4.5 section 1.6.2: GT numbers index ALT; no such allele is there",
    "REF is not bases": "VCF 4.5 section 1.6.1: REF is A, C, G, T, N or an IUPAC code; these are '.'",
    "ALT is neither bases nor a symbol": "VCF 4.5 section 1.6.1: ALT is bases, *, ., <ID> or a breakend",
}  # fmt: skip
UNREADABLE = {  # file that its source does not call invalid -> lines that cannot be read
    "bcftools/norm.setref.vcf": 2,
    "bcftools/norm.vcf": 1,
    "bcftools/regions.vcf": 6,
}

# why a file that its source calls valid is not analysed
NOT_ANALYSED = (
    "has no sample column, so no genotypes",
    "has a header and no record",
)


def listed() -> dict[str, str]:
    """File -> valid, invalid, suspect-invalid or unstated, as its source declares."""
    with (FOLDER / "INDEX.tsv").open(encoding="utf-8") as lines:
        return {row["file"]: row["declared"].split()[0] for row in csv.DictReader(lines, delimiter="\t")}


def outcomes(batch: int) -> dict[str, dict[str, Any]]:
    names = sorted(listed())[batch::BATCHES]
    done = subprocess.run(
        [sys.executable, "-m", "tests.nasty_child"],
        input="\n".join(str(FOLDER / name) for name in names),
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, f"{lines[-1:]} ended the process with {done.returncode}: {done.stderr[-3000:]}"
    found = {Path(line["end"]).relative_to(FOLDER).as_posix(): line for line in lines if "end" in line}
    assert sorted(found) == sorted(names)
    return found


@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_file_crashes_or_loses_a_record(batch: int) -> None:
    declared = listed()
    for name, outcome in outcomes(batch).items():
        assert outcome["faults"] == [], name
        lines = outcome["accounting"].get("unreadable_lines", [])
        if declared[name] == "valid":
            assert lines == [], name
            assert outcome["codes"][-1] == 0 or any(why in outcome["said"] for why in NOT_ANALYSED), outcome
        if declared[name] != "invalid" and declared[name] != "suspect-invalid":
            assert len(lines) == UNREADABLE.get(name, 0), (name, lines)
            assert {line["reason"] for line in lines} <= set(JUSTIFIED), name


def test_every_file_is_there() -> None:
    files = {p.relative_to(FOLDER).as_posix() for p in FOLDER.rglob("*") if p.is_file()}
    assert files - {"INDEX.tsv", "FEATURES.tsv"} == set(listed())
    assert len(listed()) == 1230
