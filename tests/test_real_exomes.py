"""Public reference exomes: no match, the right assembly, every record accounted for.

They lie outside the repository (`../shared/vcf`); where they are absent, this file skips and says so.
"""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.exome import Result, run_file

FOLDER = Path(__file__).parents[2] / "shared" / "vcf"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"needs the public exomes of {FOLDER}")

SINGLE = ("exomes/ngsbits_ancestry.vcf.gz", "exomes/mendelmd_NA12878.recessive.vcf.gz")
TRIO = "trios/ngsbits_UpdHunter_in1.vcf.gz"


def check(result: Result, assembly: str) -> None:
    assert result.exit_code == 0, result.error
    case = result.case
    assert case["subtypes"] == []
    assert case["assembly"]["name"] == assembly
    book = case["provenance"]["accounting"]
    assert book["records_in"] == book["reported"] + sum(book["filtered"].values()) + book["unreadable"]
    assert book["unreadable"] == 0
    assert "not_found" not in {g["verdict"] for g in case["genes"]}
    tiers = [f["tier"] for f in case["findings"]]
    print(f"\n{case['case_id']}: {len(tiers)} panel alleles, {tiers.count(3)} of them could not be weighed")


@pytest.mark.parametrize("name", SINGLE)
def test_one_sample_files(name: str, tmp_path: Path) -> None:
    result = run_file(FOLDER / name, tmp_path / "out")
    check(result, "GRCh37")
    assert result.case["sample"]["sex"]["inferred"] == "female"


@pytest.mark.parametrize("sample", ["FATHER", "CHILD", "MOTHER"])
def test_a_trio_by_column_and_split(sample: str, tmp_path: Path) -> None:
    joint = run_file(FOLDER / TRIO, tmp_path / "joint", "--sample", sample)
    check(joint, "GRCh37")
    split = tmp_path / f"{sample}.vcf"
    with gzip.open(FOLDER / TRIO, "rt", encoding="utf-8") as lines, split.open("w", encoding="utf-8") as out:
        for line in lines:
            if line.startswith("##"):
                out.write(line)
                continue
            columns = line.rstrip("\n").split("\t")
            if line.startswith("#CHROM"):
                index = columns.index(sample)
            out.write("\t".join((*columns[:9], columns[index])) + "\n")
    alone = run_file(split, tmp_path / "split")
    check(alone, "GRCh37")
    for key in ("findings", "subtypes", "genes", "answer", "callset"):
        assert alone.case[key] == joint.case[key]
    want = "male" if sample == "FATHER" else "female" if sample == "MOTHER" else None
    assert want in (None, joint.case["sample"]["sex"]["inferred"])
