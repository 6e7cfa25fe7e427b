"""What the parents' columns of a joint file say of the child's findings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.exome import GRCH38, Result, call, run_file, vcf_text

OSTM1 = call("6-108064285-ACT-A", "1/1")
FIRST, SECOND = call("11-68042651-C-T", "0/1"), call("11-68043390-G-T", "0/1")  # TCIRG1 c.205C>T, c.523G>T
CELLS = {
    "het": "0/1:30:15,15:99",
    "ref": "0/0:30:30,0:99",
    "hom": "1/1:30:0,30:99",
    "none": "./.:.:.:.",
    "thin": "0/0:4:4,0:12",
}


def run(folder: Path, calls: list[Any], father: list[str], mother: list[str], ped: str | None = None) -> Result:
    """A joint file of CHILD, DAD and MUM; their calls, one word a call of the child."""
    rows = iter(zip(father, mother, strict=True))
    lines = []
    for line in vcf_text(GRCH38, calls, sample="CHILD").splitlines():
        if line.startswith("#CHROM"):
            line += "\tDAD\tMUM"
        elif not line.startswith("#"):
            dad, mum = next(rows)
            fields = line.split("\t")
            fields[8], fields[9] = "GT:DP:AD:GQ", _in_order(fields[8], fields[9])
            line = "\t".join((*fields, CELLS[dad], CELLS[mum]))
        lines.append(line)
    (folder / "trio.vcf").write_text("\n".join(lines) + "\n", encoding="ascii")
    (folder / "trio.ped").write_text(ped if ped is not None else "f\tCHILD\tDAD\tMUM\t2\t2\n")
    options = ["--sample", "CHILD", "--force", *(["--ped", str(folder / "trio.ped")] if ped != "" else [])]
    return run_file(folder / "trio.vcf", folder / "out", *options)


def _in_order(layout: str, cell: str) -> str:
    fields = dict(zip(layout.split(":"), cell.split(":"), strict=True))
    return ":".join(fields[key] for key in ("GT", "DP", "AD", "GQ"))


def said(result: Result) -> str:
    return " ".join(item["text"] for item in result.case["limitations"])


def test_a_homozygous_child_of_two_carriers_is_no_puzzle(tmp_path: Path) -> None:
    result = run(tmp_path, [OSTM1], ["het"], ["het"])
    assert "is called without it" not in said(result)
    assert "parents' genotypes" not in said(result)


@pytest.mark.parametrize(("father", "mother", "role"), [("ref", "het", "father"), ("het", "ref", "mother")])
def test_of_a_parent_without_it_lists_four_explanations(father: str, mother: str, role: str, tmp_path: Path) -> None:
    result = run(tmp_path, [OSTM1], [father], [mother])
    (clue,) = (item for item in result.case["limitations"] if "is called without it" in item["text"])
    for words in (f"the {role} is called without it", "deletion", "isodisomy", "not the biological one", "swapped"):
        assert words in clue["text"]
    assert "copy-number test" in clue["would_show"]
    assert result.matches["OPTB5"]["status"] == "diagnostic"  # it changes no class and no status
    assert clue["text"] in result.words


@pytest.mark.parametrize("cell", ["none", "thin"])
def test_a_missing_or_thin_call_is_no_call(cell: str, tmp_path: Path) -> None:
    assert "is called without it" not in said(run(tmp_path, [OSTM1], [cell], ["het"]))


@pytest.mark.parametrize(
    ("father", "mother", "basis", "status"),
    [
        (["het", "ref"], ["ref", "het"], "compound_het_in_trans", "diagnostic"),
        (["het", "het"], ["ref", "ref"], "in_cis", "one_allele"),
        (["het", "het"], ["ref", "het"], "compound_het_phase_unknown", "likely"),
        (["het", "none"], ["ref", "het"], "compound_het_phase_unknown", "likely"),
        (["ref", "ref"], ["ref", "ref"], "compound_het_phase_unknown", "likely"),
    ],
)
def test_phase_by_the_parents(father: list[str], mother: list[str], basis: str, status: str, tmp_path: Path) -> None:
    match = run(tmp_path, [FIRST, SECOND], father, mother).matches["OPTB1"]
    assert (match["basis"], match["status"]) == (basis, status)


def test_without_a_ped_nothing_is_taken_from_the_columns(tmp_path: Path) -> None:
    result = run(tmp_path, [FIRST, SECOND], ["het", "ref"], ["ref", "het"], ped="")
    assert result.matches["OPTB1"]["status"] == "likely"


def test_a_parent_that_the_file_does_not_hold_is_named(tmp_path: Path) -> None:
    result = run(tmp_path, [OSTM1], ["ref"], ["het"], ped="f\tCHILD\tSOMEBODY\tMUM\t2\t2\n")
    assert "names SOMEBODY as father, but the file has no such sample" in said(result)


@pytest.mark.parametrize(
    ("ped", "words"),
    [
        ("f\tOTHER\t0\t0\t1\t2\n", "has no line for CHILD"),
        ("f\tCHILD\tDAD\n", "line 1 has 3 columns"),
        ("f\tCHILD\tCHILD\tMUM\t1\t2\n", "itself as a parent"),
        ("f\tCHILD\tDAD\tDAD\t1\t2\n", "one person as both"),
        ("f\tCHILD\tDAD\tMUM\t1\t2\nf\tDAD\t0\t0\t2\t1\n", "the father of CHILD, is female"),
        ("f\tCHILD\tDAD\tMUM\t1\t2\nf\tCHILD\tDAD\tMUM\t2\t2\n", "stands there twice"),
        ("# nobody\n", "names nobody"),
    ],
)
def test_a_ped_that_contradicts_itself_is_refused(ped: str, words: str, tmp_path: Path) -> None:
    result = run(tmp_path, [OSTM1], ["ref"], ["het"], ped=ped)
    assert (result.exit_code, words in result.error) == (3, True), result.error
    assert result.error.count("\n") == 1
