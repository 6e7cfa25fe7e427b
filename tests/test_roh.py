"""Runs of homozygosity through the command line: the examples of known answer, and `varmio roh`."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.exome import call, vcf_text
from varmio import demo, phrases
from varmio.cli import main
from varmio.model import Assembly

KINSHIP = ("ancest", "relat", "kin", "consang", "cousin")


@pytest.fixture(scope="module")
def exomes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both OSTM1 examples and a person without runs, on both assemblies; and all of them in one joint file."""
    folder = tmp_path_factory.mktemp("exomes")
    for name in ("a_ostm1", "i_ostm1_one_run", "f_nothing_found"):
        for assembly in Assembly:
            demo.write_exome(folder / f"{name}.{assembly}.vcf.gz", assembly, demo.recipe(name))
    demo.write_joint(folder / "joint.vcf.gz", Assembly.GRCH37, demo.people(4))
    return folder


def varmio(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def case_of(path: Path, out: Path, *options: str) -> tuple[dict[str, Any], str, str]:
    """case.json, the page, and what was printed."""
    done = varmio("run", path, "-o", out, "--force", *options)
    assert done.exit_code == 0, done.output
    return json.loads((out / "case.json").read_text()), (out / "report.html").read_text(), done.output


def runs_section(page: str) -> str:
    return page.partition('<section class="sec" id="runs"')[2].partition("</section>")[0]


def ostm1(case: dict[str, Any]) -> dict[str, Any]:
    return next(f for f in case["findings"] if f["gene"] == "OSTM1")


# --------------------------------------------------------------------------- the examples


@pytest.mark.parametrize("assembly", list(Assembly))
def test_example_a_lies_inside_one_of_seven_runs(exomes: Path, assembly: Assembly, tmp_path: Path) -> None:
    case, _, said = case_of(exomes / f"a_ostm1.{assembly}.vcf.gz", tmp_path)
    found = case["autozygosity"]
    assert found["pattern"] == "consistent_with_parental_relatedness"
    long = [r for r in found["segments"] if r["end"] - r["start"] > 5_000_000]
    assert [r["contig"] for r in long] == [contig for contig, *_ in demo.RUNS_OF_A]
    for run, (_, start, end) in zip(long, demo.RUNS_OF_A, strict=True):
        assert run["max_start"] < start + 100_000
        assert run["max_end"] > end - 100_000
        assert abs(run["start"] - start) < 1_500_000
        assert abs(run["end"] - end) < 1_500_000
    roh = ostm1(case)["roh"]
    assert roh["state"] == "inside"
    assert roh["posterior"] > 0.99
    assert roh["consistent_with"] == phrases.CONSISTENT_WITH["one_ancestor"]
    assert [e["text"] for e in roh["explanations"]] == [way[0] for way in phrases.HOW_HOMOZYGOUS.values()]
    assert "Homozygosity: OSTM1 c.415_416del p.(Gln140GlufsTer11) inside a run of 2" in said
    assert case["recurrence"][0]["text"].startswith("25% (1 in 4) for each pregnancy if both parents carry")
    assert 0.9 < found["outside_panel"] < 1


@pytest.mark.parametrize("assembly", list(Assembly))
def test_a_single_run_names_isodisomy_and_withholds_the_figure(
    exomes: Path, assembly: Assembly, tmp_path: Path
) -> None:
    case, page, _ = case_of(exomes / f"i_ostm1_one_run.{assembly}.vcf.gz", tmp_path)
    found = case["autozygosity"]
    assert found["pattern"] == "single_chromosome"
    assert [one["contig"] for one in found["uniparental"]] == ["6"]
    roh = ostm1(case)["roh"]
    assert roh["consistent_with"] == phrases.CONSISTENT_WITH["one_chromosome"]
    assert "isodisomy" in roh["explanations"][0]["text"]
    first = case["recurrence"][0]
    assert first == {"text": phrases.RISK_WITHHELD, "references": list(phrases.RISK_WITHHELD_SOURCE)}
    assert not [r for r in case["recurrence"] if "25%" in r["text"] and " both parents " not in r["text"]]
    row = page.partition("<dt>Next child</dt>")[2].partition("</div></dd>")[0]
    assert "No figure is given before both parents are tested" in row
    assert "25%" not in row
    assert set(phrases.RISK_WITHHELD_SOURCE) <= case["references"].keys()


def test_a_person_without_runs_says_so(exomes: Path, tmp_path: Path) -> None:
    case, _, said = case_of(exomes / "f_nothing_found.GRCh38.vcf.gz", tmp_path)
    assert case["autozygosity"]["pattern"] == "none"
    assert phrases.NO_RUNS in said
    assert (tmp_path / "roh.bed").read_text() == ""


def test_without_wording_no_word_speaks_of_kinship(exomes: Path, tmp_path: Path) -> None:
    for name in ("a_ostm1", "i_ostm1_one_run"):
        case, page, said = case_of(
            exomes / f"{name}.GRCh38.vcf.gz", tmp_path / name, "--no-relatedness-wording"
        )  # fmt: skip
        assert case["autozygosity"]["pattern"] == "withheld"
        assert case["autozygosity"]["pattern_reasons"] == []
        assert "--no-relatedness-wording" in case["provenance"]["command"]
        texts = runs_section(page).replace(phrases.ROH_PATTERN["withheld"], "").lower(), said.lower()
        assert not [word for text in texts for word in KINSHIP if word in text]


def test_the_same_findings_and_matches_with_and_without_wording(exomes: Path, tmp_path: Path) -> None:
    path = exomes / "i_ostm1_one_run.GRCh38.vcf.gz"
    worded, _, _ = case_of(path, tmp_path / "a")
    plain, _, _ = case_of(path, tmp_path / "b", "--no-relatedness-wording")
    assert worded["recurrence"] == plain["recurrence"]
    assert worded["subtypes"] == plain["subtypes"]
    assert worded["answer"] == plain["answer"]


def test_no_table_and_no_line_holds_a_pattern(exomes: Path, tmp_path: Path) -> None:
    _, _, said = case_of(exomes / "a_ostm1.GRCh38.vcf.gz", tmp_path)
    tables = [said, *((tmp_path / name).read_text() for name in ("findings.tsv", "findings.vcf", "roh.bed"))]
    assert varmio("cohort", tmp_path / "case.json", "-o", tmp_path / "cohort").exit_code == 0
    tables += [path.read_text() for path in (tmp_path / "cohort").iterdir()]
    assert not [text for text in tables if "relatedness" in text]


# --------------------------------------------------------------------------- varmio roh


def test_bed_tsv_and_json_hold_the_same_runs(exomes: Path, tmp_path: Path) -> None:
    path = exomes / "a_ostm1.GRCh37.vcf.gz"
    for form in ("bed", "tsv", "json"):
        done = varmio("roh", path, "-o", tmp_path / f"runs.{form}")
        assert done.exit_code == 0, done.output
    bed = [line.split("\t")[:3] for line in (tmp_path / "runs.bed").read_text().splitlines()]
    rows = [line.split("\t") for line in (tmp_path / "runs.tsv").read_text().splitlines()]
    given = json.loads((tmp_path / "runs.json").read_text())
    (one,) = given["samples"].values()
    assert given["assembly"] == "GRCh37"
    assert bed == [row[1:4] for row in rows[1:]] == [
        [r["contig"], str(r["start"]), str(r["end"])] for r in (*one["segments"], *one["x_segments"])
    ]  # fmt: skip
    assert "pattern" not in one
    assert varmio("roh", path).stdout.splitlines() == (tmp_path / "runs.bed").read_text().splitlines()
    assert " runs on 7 chromosomes; those that count make up 11" in done.stderr


def test_all_samples_of_a_joint_file_are_those_of_each_alone(exomes: Path, tmp_path: Path) -> None:
    joint = exomes / "joint.vcf.gz"
    assert varmio("roh", joint, "--all-samples", "-o", tmp_path / "all.json").exit_code == 0
    every = json.loads((tmp_path / "all.json").read_text())["samples"]
    assert len(every) == 4
    for name, one in every.items():
        assert varmio("roh", joint, "--sample", name, "-o", tmp_path / "one.json").exit_code == 0
        assert json.loads((tmp_path / "one.json").read_text())["samples"] == {name: one}
    assert "holds 4 samples. Say which" in varmio("roh", joint).stderr


def test_other_spellings_of_the_file_give_the_same_runs(exomes: Path, tmp_path: Path) -> None:
    path = exomes / "a_ostm1.GRCh38.vcf.gz"
    text = gzip.decompress(path.read_bytes()).decode()
    plain = varmio("roh", path).stdout
    assert plain.count("\n") >= 7
    spellings = {
        "no prefix": re.sub("(?m)^chr|(?<=ID=)chr", "", text),
        "phased": re.sub(r"(?m)(?<=\t)([0-9.])/([0-9.])(?=[:\n])", r"\1|\2", text),
        "caller's frequency": re.sub(r"(?m)^([^#](?:[^\t]*\t){8})", lambda m: m[1][:-1] + ";AF=0.5\t", text),
        "as of one contig after the other, backwards": backwards(text),
        "no quality": re.sub(r"(?m):GQ(?=\t)", ":XX", text),
    }
    for what, changed in spellings.items():
        assert changed != text, what
        (tmp_path / "changed.vcf").write_text(changed)
        assert varmio("roh", tmp_path / "changed.vcf").stdout == plain, what


def backwards(text: str) -> str:
    lines = text.splitlines(keepends=True)
    head = [line for line in lines if line.startswith("#")]
    return "".join([*head, *reversed([line for line in lines if not line.startswith("#")])])


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("-o", "runs.txt"), "-o *.txt: is not a form of runs"),
        (("--all-samples", "--sample", "X"), "--all-samples: was given beside --sample"),
        (("--sample", "X"), "has no sample 'X'"),
        (("--assembly", "GRCh38"), "which is GRCh37, but --assembly GRCh38 was given"),
    ],
)
def test_a_bad_command_line_is_one_line(exomes: Path, options: tuple[str, ...], says: str) -> None:
    done = varmio("roh", exomes / "a_ostm1.GRCh37.vcf.gz", *options)
    assert done.exit_code in (2, 3)
    assert done.stderr.count("\n") == 1
    assert says in done.stderr


def test_a_file_that_cannot_tell_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "panel.vcf"
    path.write_text(vcf_text(Assembly.GRCH38, [call("6-108064285-ACT-A"), call("11-68042651-C-T", "0/1")]))
    done = varmio("roh", path)
    assert done.exit_code == 3
    assert "panel.vcf: sample CHILD: Runs could not be assessed. All usable sites lie on chromosome 11" in done.stderr
    case, _, said = case_of(path, tmp_path / "out")
    assert not case["autozygosity"]["assessable"]
    assert "Homozygosity: Runs could not be assessed" in said
    assert ostm1(case)["roh"]["state"] == "not_assessable"
    assert "# CHILD: not assessable" in (tmp_path / "out" / "roh.bed").read_text()
