"""The command line: exit codes, one line for every fault, nothing half-written, six lines of answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pysam
import pytest
from click.testing import CliRunner

from tests.exome import GRCH37, GRCH38, Call, call, run_file, vcf_text
from varmio.cli import main

OSTM1 = call("6-108064285-ACT-A")
PYTHON = [sys.executable, "-c", "import sys; from varmio.cli import main; sys.exit(main())"]


@pytest.fixture
def vcf(tmp_path: Path) -> Path:
    path = tmp_path / "child.vcf"
    path.write_text(vcf_text(GRCH38, [OSTM1]), encoding="ascii")
    return path


def fault(arguments: list[str], code: int) -> str:
    """The one line on stderr of a run that must fail with this code."""
    done = subprocess.run([*PYTHON, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    if code != 2 or not lines[0].startswith("Usage:"):
        assert len(lines) == 1, lines
        assert lines[0].startswith("varmio: ")
    assert "Traceback" not in done.stderr
    return done.stderr


def truncated(folder: Path) -> Path:
    path = folder / "cut.vcf.gz"
    with pysam.BGZFile(str(path), "w") as out:
        out.write(vcf_text(GRCH38, [OSTM1]).encode("ascii"))
    path.write_bytes(path.read_bytes()[:-40])
    return path


BAD = {
    "not a VCF": b"chrom,pos\n1,2\n",
    "empty": b"",
    "header only": vcf_text(GRCH38, []).encode(),
    "binary noise": bytes(range(256)) * 64,
    "no samples": b"##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n1\t5\t.\tA\tG\t.\t.\t.\n",
}


@pytest.mark.parametrize("what", [*BAD, "truncated"])
def test_unusable_input_is_exit_3_and_writes_nothing(what: str, tmp_path: Path) -> None:
    path = truncated(tmp_path) if what == "truncated" else tmp_path / "bad.vcf"
    if what in BAD:
        path.write_bytes(BAD[what])
    before = sorted(tmp_path.iterdir())
    said = fault(["run", str(path), "-o", str(tmp_path / "out")], 3)
    assert path.name in said
    assert sorted(tmp_path.iterdir()) == before


def test_a_wrong_stated_assembly_is_exit_3(vcf: Path, tmp_path: Path) -> None:
    said = fault(["run", str(vcf), "-o", str(tmp_path / "out"), "--assembly", "GRCh37"], 3)
    for words in ("248956422", "GRCh38", "--assembly GRCh37 was given", "Drop --assembly"):
        assert words in said


def test_an_undecided_assembly_is_exit_3_and_settled_by_the_user(tmp_path: Path) -> None:
    text = "\n".join(line for line in vcf_text(GRCH38, [OSTM1]).splitlines() if "##contig" not in line)
    path = tmp_path / "child.vcf"
    path.write_text(text + "\n", encoding="ascii")
    said = fault(["run", str(path), "-o", str(tmp_path / "out")], 3)
    assert "--assembly" in said
    result = run_file(path, tmp_path / "out", "--assembly", "GRCh38")
    assert result.case["assembly"]["basis"] == "stated_by_user"
    assert "stated by the user" in result.case["limitations"][0]["text"]


def test_a_wrong_assembly_is_contradicted_by_the_reference_bases(tmp_path: Path) -> None:
    """A GRCh37 file that the user calls GRCh38: its REF bases and positions speak against it."""
    from varmio.readers import reference

    t = next(t for t in reference.load(GRCH37).transcripts if t.gene == "TCIRG1")
    known = reference.load(GRCH37).sequence
    calls = []
    for start, end in t.coding[2:14]:
        pos = (start + end) // 2
        ref = known.bases(t.contig, pos, pos + 1)
        assert ref
        calls.append(call(f"11-{pos + 1}-{ref}-{'A' if ref != 'A' else 'C'}", "0/1"))
    text = "\n".join(line for line in vcf_text(GRCH37, calls).splitlines() if "##contig" not in line)
    path = tmp_path / "child.vcf"
    path.write_text(text + "\n", encoding="ascii")
    assert run_file(path, tmp_path / "out").case["assembly"]["name"] == "GRCh37"
    assert "GRCh37" in fault(["run", str(path), "-o", str(tmp_path / "o2"), "--assembly", "GRCh38"], 3)


def test_a_missing_file_is_exit_2(tmp_path: Path) -> None:
    assert "nowhere.vcf" in fault(["run", str(tmp_path / "nowhere.vcf"), "-o", str(tmp_path / "out")], 2)


def test_out_that_exists_is_exit_2_and_left_alone(vcf: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("keep", encoding="ascii")
    said = fault(["run", str(vcf), "-o", str(out)], 2)
    assert "--force" in said
    assert [p.name for p in out.iterdir()] == ["mine.txt"]
    assert run_file(vcf, out, "--force").exit_code == 0
    assert (out / "mine.txt").read_text(encoding="ascii") == "keep"


def test_an_empty_out_folder_is_used(vcf: Path, tmp_path: Path) -> None:
    """A workflow engine makes the folders of its outputs before the job starts."""
    (tmp_path / "out").mkdir()
    assert run_file(vcf, tmp_path / "out").exit_code == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_unwritable_out_is_exit_2(vcf: Path, tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    fault(["run", str(vcf), "-o", str(locked / "out")], 2)


@pytest.mark.parametrize("where", ["file", "file/inside", "/proc/varmio/out"])
def test_out_that_cannot_be_a_folder_is_exit_2(where: str, vcf: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="ascii")
    fault(["run", str(vcf), "-o", str(tmp_path / where)], 2)


def test_a_full_disk_is_one_line_and_leaves_the_old_results(
    vcf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    before = run_file(vcf, out).page

    def full(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    result = run_file(vcf, out, "--force")
    assert result.exit_code == 2
    assert "No space left on device" in result.error
    assert result.page == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["child.vcf", "out"]


def test_unknown_sample_and_several_samples(tmp_path: Path) -> None:
    text = vcf_text(GRCH38, [OSTM1]).replace("\tCHILD", "\tCHILD\tMOTHER")
    body = "".join(line + ("" if line.startswith("#") else "\t0/1:50:25,25:99") + "\n" for line in text.splitlines())
    path = tmp_path / "joint.vcf"
    path.write_text(body, encoding="ascii")
    out = str(tmp_path / "out")
    assert "CHILD, MOTHER" in fault(["run", str(path), "-o", out], 2)
    assert "Did you mean CHILD?" in fault(["run", str(path), "-o", out, "--sample", "CHILDE"], 2)
    both = run_file(path, tmp_path / "both", "--sample", "CHILD", "--sample", "MOTHER")
    assert both.exit_code == 0
    cases = [json.loads((tmp_path / "both" / s / "case.json").read_text()) for s in ("CHILD", "MOTHER")]
    codes = [case["answer"]["code"] for case in cases]
    assert codes == ["diagnosis", "one_allele"]


def test_a_broken_panel_is_exit_4(vcf: Path, tmp_path: Path) -> None:
    panel = tmp_path / "mine.yaml"
    panel.write_text("name: NO\n", encoding="ascii")
    said = fault(["run", str(vcf), "-o", str(tmp_path / "out"), "--panel", str(panel)], 4)
    assert "mine.yaml" in said
    fault(["panel", "show", "NOGENE"], 2)


@pytest.mark.parametrize("date", ["2026-13-40", "yesterday", "20261126x"])
def test_a_bad_date_is_exit_2(date: str, vcf: Path, tmp_path: Path) -> None:
    assert "--date" in fault(["run", str(vcf), "-o", str(tmp_path / "out"), "--date", date], 2)


def test_six_lines(vcf: Path, tmp_path: Path) -> None:
    lines = run_file(vcf, tmp_path / "out").lines
    assert len(lines) == 6
    for line, words in zip(
        lines,
        ("OPTB5", "NM_014028.4:c.415_416del p.(Gln140GlufsTer11) homozygous", "could not be assessed",
         "primary, progressive",
         "Generally not recommended", "report.html"),
        strict=True,
    ):  # fmt: skip
        assert words in line


def test_below_diagnosis_the_lines_say_if(tmp_path: Path) -> None:
    path = tmp_path / "child.vcf"
    path.write_text(vcf_text(GRCH38, [Call(OSTM1.variant, filter="LowQual")]), encoding="ascii")
    lines = run_file(path, tmp_path / "out").lines
    assert lines[3].startswith("Brain: if confirmed:")
    assert lines[4].startswith("Transplant: if confirmed:")


def test_report_is_the_same_page_from_case_json_and_from_a_report(vcf: Path, tmp_path: Path) -> None:
    page = run_file(vcf, tmp_path / "out").page
    for source in ("case.json", "report.html"):
        made = CliRunner().invoke(main, ["report", str(tmp_path / "out" / source), "-o", str(tmp_path / "again.html")])
        assert made.exit_code == 0
        assert (tmp_path / "again.html").read_text(encoding="utf-8") == page
    piped = subprocess.run([*PYTHON, "report", str(tmp_path / "out" / "case.json")], capture_output=True, check=True)
    assert piped.stdout.decode() == page


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"schema_version": "1.0"}', "<html></html>"])
def test_a_broken_case_is_exit_3(text: str, tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_text(text, encoding="ascii")
    fault(["report", str(path)], 3)


def test_cohort_exits_5_where_a_case_is_broken(vcf: Path, tmp_path: Path) -> None:
    run_file(vcf, tmp_path / "out")
    broken = tmp_path / "broken.json"
    broken.write_text("{", encoding="ascii")
    arguments = ["cohort", str(tmp_path / "out" / "case.json"), str(broken), "-o", str(tmp_path / "cohort")]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 5
    assert "broken.json" in result.stderr
    assert len((tmp_path / "cohort" / "summary.tsv").read_text(encoding="utf-8").splitlines()) == 2


def test_run_opens_no_socket_and_leaves_heavy_libraries_alone(vcf: Path, tmp_path: Path) -> None:
    code = """
import socket, sys
def refuse(*a, **k): raise AssertionError("a socket was opened")
socket.socket = socket.create_connection = socket.getaddrinfo = refuse
from varmio.cli import main
main(["run", sys.argv[1], "-o", sys.argv[2]], standalone_mode=False)
print(sorted({"pandas", "jsonschema", "requests", "snakemake", "yaml"} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(vcf), str(tmp_path / "out")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] in ("[]", "['yaml']")


def test_findings_vcf_opens_and_keeps_the_genotype(vcf: Path, tmp_path: Path) -> None:
    run_file(vcf, tmp_path / "out")
    with pysam.VariantFile(str(tmp_path / "out" / "findings.vcf")) as records:
        (record,) = list(records)
    assert record.samples["CHILD"]["GT"] == (1, 1)
    assert record.info["VARMIO_GENE"] == ("OSTM1",) or record.info["VARMIO_GENE"] == "OSTM1"


def test_every_sample_is_checked_before_the_first_is_analysed(tmp_path: Path) -> None:
    text = vcf_text(GRCH38, [OSTM1])
    path = tmp_path / "child.vcf"
    path.write_text(text, encoding="ascii")
    fault(["run", str(path), "-o", str(tmp_path / "out"), "--sample", "CHILD", "--sample", "NOBODY"], 2)
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_standard_output_is_exit_2(vcf: Path, tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*PYTHON, "run", str(vcf), "-o", str(tmp_path / "out")], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 2
    assert b"standard output" in done.stderr
    assert b"Traceback" not in done.stderr


LONG = "x" * 300


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["run", "{vcf}", "-o", "{tmp}/" + LONG], 2),
        (["run", "{vcf}", "-o", "{tmp}/out", "--panel", f"{LONG}.yaml"], 4),
        (["run", "{vcf}", "-o", "{tmp}/out", "--date", ""], 2),
        (["run", "{vcf}", "-o", "{tmp}/out", "--date", "20260101"], 2),
        (["report", "{tmp}"], 3),
        (["report", "/dev/zero"], 3),
    ],
)
def test_odd_arguments_are_one_line(arguments: list[str], code: int, vcf: Path, tmp_path: Path) -> None:
    fault([a.format(vcf=vcf, tmp=tmp_path) if "{" in a else a for a in arguments], code)


def test_cohort_reads_no_device_without_bound(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["cohort", "/dev/zero", "-o", str(tmp_path / "cohort")])
    assert result.exit_code == 5
    assert "is no file" in result.stderr


def test_a_panel_folder_that_is_not_there_is_exit_4(vcf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VARMIO_PANEL_DIR", str(tmp_path / "nowhere"))
    assert "VARMIO_PANEL_DIR" in fault(["run", str(vcf), "-o", str(tmp_path / "out")], 4)


def test_a_huge_number_in_a_panel_is_a_fault_of_the_panel(tmp_path: Path) -> None:
    panel = tmp_path / "mine.yaml"
    panel.write_text(f"name: {'9' * 10_000}\n", encoding="ascii")
    done = subprocess.run([*PYTHON, "panel", "validate", str(panel)], capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert "Traceback" not in done.stderr


def test_a_call_cut_by_the_end_of_the_file_is_doubtful(tmp_path: Path) -> None:
    path = tmp_path / "child.vcf"
    path.write_text(vcf_text(GRCH38, [OSTM1])[:-1], encoding="ascii")
    result = run_file(path, tmp_path / "out")
    assert result.matches["OPTB5"]["status"] == "possible"
    assert any("may have been cut" in item["text"] for item in result.case["limitations"])


def test_a_second_allele_that_was_not_read_is_told_beside_the_first(tmp_path: Path) -> None:
    path = tmp_path / "child.vcf"
    text = vcf_text(GRCH38, [OSTM1]).replace("\tACT\tA\t", "\tACT\tA,<DEL>\t").replace("\t1/1:", "\t1/2:")
    path.write_text(text.replace(":0,50:", ":0,25,25:"), encoding="ascii")
    result = run_file(path, tmp_path / "out")
    assert result.matches["OPTB5"]["status"] == "one_allele"
    assert "structural record over OSTM1 was set aside or not read" in result.case["answer"]["sentence"]


def test_thousands_of_panel_alleles_cost_little(tmp_path: Path) -> None:
    """2,000 heterozygous changes in one gene: no table of all pairs."""
    from varmio.readers import reference

    t = next(t for t in reference.load(GRCH38).transcripts if t.gene == "LRP5")
    known = reference.load(GRCH38).sequence
    places = [p for start, end in t.coding for p in range(start, end)][:2000]
    bases = [(p, known.bases(t.contig, p, p + 1)) for p in places]
    calls = [call(f"11-{p + 1}-{b}-{'A' if b != 'A' else 'C'}", "0/1") for p, b in bases if b]
    path = tmp_path / "child.vcf"
    path.write_text(vcf_text(GRCH38, calls), encoding="ascii")
    assert len(run_file(path, tmp_path / "out").case["findings"]) == len(calls)
