"""`varmio explain`: why something is, or is not, in a report, by any of its names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.draw import transcript
from tests.exome import GRCH38, call, run_calls
from varmio.cli import main
from varmio.interpret.hgvs import layout
from varmio.model import Assembly, Variant

IN_REPORT = "OSTM1 NM_014028.4: c.415_416del p.(Gln140GlufsTer11) is in the report (tier 1)."
STOP = {Assembly.GRCH37: "6-108385489-ACT-A", Assembly.GRCH38: "6-108064285-ACT-A"}


def explained(source: Path, asked: str, code: int = 0) -> list[str]:
    result = CliRunner().invoke(main, ["explain", str(source), asked])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.output.splitlines()


def case_of(folder: Path, *keys: str, assembly: Assembly = GRCH38) -> Path:
    run_calls(folder, assembly, [call(key) for key in keys])
    return next(folder.glob("out*")) / "case.json"


def rankl(assembly: Assembly = GRCH38) -> Variant:
    """TNFSF11 c.596T>A, p.(Met199Lys); plus strand."""
    t = transcript("TNFSF11", assembly)
    assert t.cds[595] == "T"
    return Variant(t.contig, layout(t).genome(595) + 1, "T", "A")


@pytest.mark.parametrize("assembly", list(Assembly))
@pytest.mark.parametrize(
    "asked",
    [
        "OSTM1:c.415_416del",
        "OSTM1:c.415_416delAG",
        "OSTM1:c.411_412del",  # not shifted
        "ostm1:p.(Gln140GlufsTer11)",
        "OSTM1:p.Gln140fs",
        "OSTM1:p.Q140Efs*11",
        "NM_014028.4:c.415_416del",
        "NM_014028:c.415_416del",
        "ENST00000193322:c.415_416del",
        "6-108064285-ACT-A",
        "chr6:108385489:ACT:A",
    ],
)
def test_a_variant_is_found_by_any_of_its_names(assembly: Assembly, asked: str, tmp_path: Path) -> None:
    said = explained(case_of(tmp_path, STOP[assembly], assembly=assembly), asked)
    assert said[0] == IN_REPORT
    assert any(line.startswith("OPTB5: diagnostic") for line in said)
    assert any(line.strip().startswith("NULL: met") for line in said)


@pytest.mark.parametrize(
    "asked", ["TNFSF11:p.Met199Lys", "RANKL:p.M199K", "NM_033012:p.Met126Lys", "NM_033012:c.377T>A"]
)
def test_the_second_isoform_of_rankl_numbers_lower(asked: str, tmp_path: Path) -> None:
    said = explained(case_of(tmp_path, rankl().key), asked)
    assert said[0].startswith("TNFSF11 NM_003701.4: c.596T>A p.(Met199Lys) is in the report")


@pytest.mark.parametrize("asked", ["TNFSF11:p.Met126Lys", "TNFSF11:p.Met199Arg", "TNFRSF11A:p.Met199Lys"])
def test_another_change_of_that_number_is_not_taken_for_it(asked: str, tmp_path: Path) -> None:
    said = explained(case_of(tmp_path, rankl().key), asked)
    assert "is not in this report (GRCh38)." in said[0]


def test_mitf_is_found_by_both_its_transcripts(tmp_path: Path) -> None:
    select = transcript("MITF", GRCH38)
    at = layout(select).genome(700)
    other = {"A": "C", "C": "A", "G": "T", "T": "G"}[select.cds[700]]
    path = case_of(tmp_path, Variant(select.contig, at + 1, select.cds[700], other).key)
    (finding,) = json.loads(path.read_text())["findings"]
    (second,) = finding["other_transcripts"]
    assert second["hgvs_c"] != finding["hgvs_c"]
    for named in (finding, second):
        for name in (f"{named['transcript']}:{named['hgvs_c']}", f"MITF:{named['hgvs_p']}"):
            assert "is in the report" in explained(path, name)[0]


def test_what_is_not_there_is_never_called_absent_without_proof(tmp_path: Path) -> None:
    said = explained(case_of(tmp_path, STOP[GRCH38]), "TCIRG1:c.117+4A>T")
    assert said[0] == "TCIRG1:c.117+4A>T is not in this report (GRCh38)."
    assert said[1] == "It lies in intron 2 of NM_006019.4, 4 bases from the exon."
    assert said[-1] == "So its absence here proves nothing unless the verdict is 'not found'."
    assert "could not look" in said[2]


def test_a_deep_intronic_record_is_told_of(tmp_path: Path) -> None:
    t = transcript("TCIRG1", GRCH38)
    deep = max(((s, e) for (_, s), (e, _) in zip(t.exons, t.exons[1:], strict=False)), key=lambda i: i[1] - i[0])
    middle = (deep[0] + deep[1]) // 2
    said = explained(case_of(tmp_path, STOP[GRCH38]), f"{t.contig}-{middle}-A-C")
    assert any("more than 50 away" in line and "findings.vcf" in line for line in said)


def test_a_gene_is_told_with_its_verdict_findings_and_limits(tmp_path: Path) -> None:
    path = case_of(tmp_path, STOP[GRCH38])
    said = explained(path, "OSTM1")
    assert said[0].startswith("OSTM1: found.")
    assert IN_REPORT in said
    assert explained(path, "FAM123B")[0].startswith("AMER1: could not look.")
    assert explained(path.with_name("report.html"), "OSTM1") == said


@pytest.mark.parametrize("asked", ["FOO", "FOO:c.1A>T", "OSTM1:x", "OSTM1:g.5A>T", "", "OSTM1:c.", "7-1-A-C"])
def test_what_cannot_be_asked_or_is_elsewhere_is_one_line_or_says_so(asked: str, tmp_path: Path) -> None:
    path = case_of(tmp_path, STOP[GRCH38])
    result = CliRunner().invoke(main, ["explain", str(path), asked])
    assert result.exit_code in (0, 2)
    assert "Traceback" not in result.output
    if result.exit_code == 2:
        assert len(result.output.strip().splitlines()) == 1
        assert "Give a gene (OSTM1)" in result.output
    else:
        assert "is not in this report" in result.output


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"findings": 3}', '{"assembly": {"name": "hg17"}}'])
def test_a_file_that_is_no_case_is_one_line(content: str, tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_text(content)
    said = explained(path, "OSTM1", code=3)
    assert len(said) == 1
