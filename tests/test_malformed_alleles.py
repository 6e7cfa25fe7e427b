"""Alleles that no caller should write: each is a finding with its right name, or refused by a name of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exome import GRCH38, call, run_file, vcf_text
from varmio.assembly import CONTIG_LENGTHS

GOOD = call("6-108064285-ACT-A")  # OSTM1 c.415_416del
LENGTH = CONTIG_LENGTHS[GRCH38]["6"]
LONG = "ACGTTGCA" * 12_500  # 100 kb


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("108064290\t.\tR\tA", "ambiguous_bases"),
        ("108064290\t.\tC\tN", "ambiguous_bases"),
        ("108064290\t.\tC\t<NON_SENSE>", "structural_not_read"),
        ("108064290\t.\tt\tc", "reference_mismatch"),  # lower case is read; the base there is C
        ("108064290\t.\tT\tC", "reference_mismatch"),
        ("108064290\t.\t.\tA", "unreadable"),
        ("108064290\t.\tC\t.", "allele_not_named"),
        (f"{LENGTH + 5}\t.\tA\tC", "off_panel"),
        (f"{LENGTH}\t.\tAC\tA", "off_panel"),
        (f"108064290\t.\tT\tT{LONG}", "reference_mismatch"),
        ("108064290\t.\tC\tC", "reference_genotype"),
    ],
)
def test_each_is_refused_by_name_and_the_good_one_stays(line: str, note: str, tmp_path: Path) -> None:
    vcf = tmp_path / "child.vcf"
    vcf.write_text(vcf_text(GRCH38, [GOOD]) + f"6\t{line}\t100\tPASS\t.\tGT:DP:AD:GQ\t1/1:50:0,50:99\n")
    case = run_file(vcf, tmp_path / "out").case
    assert [f["hgvs_c"] for f in case["findings"]] == ["c.415_416del"]
    accounting = case["provenance"]["accounting"]
    counts = {**accounting["filtered"], "unreadable": accounting["unreadable"]}
    assert {name: n for name, n in counts.items() if n} == {note: 1}


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (f"108064290\t.\tC\tC{LONG}", "c.411_412ins"),
        ("108064290\t.\tc\tg", "c.412G>C"),
        ("108064285\t.\tACTCT\tACT", "c.415_416del"),
    ],
)
def test_each_of_these_has_its_name(line: str, name: str, tmp_path: Path) -> None:
    vcf = tmp_path / "child.vcf"
    vcf.write_text(vcf_text(GRCH38, []) + f"6\t{line}\t100\tPASS\t.\tGT:DP:AD:GQ\t1/1:50:0,50:99\n")
    result = run_file(vcf, tmp_path / "out")
    assert result.exit_code == 0, result.error
    (finding,) = result.case["findings"]
    assert str(finding["hgvs_c"]).startswith(name)
