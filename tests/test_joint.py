"""Joint files: every sample is told what it would be told alone, from one reading of the file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pysam
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exome import CONTIG_LENGTHS
from tests.test_vcf import CODING, LOCI, one_by_one, text_of, write
from varmio import demo, job
from varmio.cli import main
from varmio.errors import InputError, UsageError
from varmio.model import Assembly
from varmio.readers import vcf, vcf_classes, vcf_pass

NAMES = ("FATHER", "CHILD", "MOTHER")
FILES = ("case.json", "report.html", "findings.tsv", "findings.vcf")
SMALL = 700  # sites a person; enough for every kind of record, and quick
NOT_CARRIED = ("0/0", "0", "./.")


def row(*cells: str, pos: int | str = 100, contig: str = "6", **other: str) -> str:
    """One line of a joint file; one cell a sample."""
    named = {"ref": "A", "alt": "G", "filters": "PASS", "info": ".", "layout": "GT:DP"} | other
    fixed = (contig, str(pos), ".", named["ref"], named["alt"], "50", named["filters"], named["info"], named["layout"])
    return "\t".join((*fixed, *cells))


def same_as_alone(path: Path, samples: Sequence[str] = NAMES) -> tuple[vcf.Scan, ...]:
    """Asserts that one pass for all samples sees of each what a pass for it alone sees, every line read in full."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vcf_pass, "FEW_CELLS", 0)
        together = vcf.scan_samples(path, samples, LOCI, CODING)
    for sample, seen in zip(samples, together, strict=True):
        with one_by_one():
            (alone,) = vcf.scan_samples(path, (sample,), LOCI, CODING)
        for field in fields(vcf.Scan):
            assert getattr(seen, field.name) == getattr(alone, field.name), (sample, field.name)
    return together


def joint(tmp_path: Path, rows: Iterable[str], samples: Sequence[str] = NAMES, end: str = "\n") -> Path:
    return write(tmp_path / "joint.vcf", text_of(list(rows), samples).removesuffix("\n") + end)


# --------------------------------------------------------------------------- the pass

ODD_ROWS = {
    "one GT is none": row("0/1:3", "hello:3", "1/1:3"),
    "one GT names an allele that ALT lacks": row("0/2:3", "0/1:3", "3/3:3"),
    "half, haploid, polyploid, phased": row("./1:3", "1:3", "0/0/1:3"),
    "leading phase": row("/0/1", "|1", "0|1"),
    "empty cells": row("", "", "0/1"),
    "many alleles": row("1/2:1", "0/4:1", "10/11:1", alt="C,G,T,AT,ATT,ATTT,AC,ACC,ACCC,ACCCC,ACCCCC"),
    "star": row("1/2:1", "0/2:1", "2/2:1", alt="G,*"),
    "lower case": row("0/1:1", "1/1:1", "0/0:1", ref="a", alt="t"),
    "same base": row("0/1:1", "1/1:1", "0/0:1", ref="A", alt="A"),
    "IUPAC": row("0/1:1", "1/1:1", "0/0:1", ref="R", alt="G"),
    "REF is no base": row("0/1:1", "1/1:1", "0/0:1", ref="Q"),
    "ALT is no allele": row("0/1:1", "1/1:1", "0/0:1", alt="-"),
    "block": row("0/0:1", "0/0:1", "./.:1", alt="<NON_REF>", info="END=999100"),
    "block up to the panel": row("0/0:1", "0/0:1", "./.:1", alt="<NON_REF>", info="END=1000700", pos=999_000),
    "block by LEN": row("0/0:2000", "0/0:10", "0/0:.", alt="<*>", layout="GT:LEN", pos=999_000),
    "deletion up to the panel": row("0/1:1", "0/0:1", "1/1:1", ref="A" * 900, alt="A", pos=999_700),
    "long insertion": row("0/1:1", "0/0:1", "1/1:1", alt="A" * 30),
    "symbolic": row("0/1:1", "0/0:1", "1/1:1", alt="<DEL>", info="SVTYPE=DEL;END=5000"),
    "symbolic over the panel": row("0/1:1", "0/0:1", "./.:1", alt="<DEL>", info="SVTYPE=DEL;END=2000000"),
    "segment": row("./.:1", "./.:1", "./.:1", alt=".", info="SVTYPE=CNV"),
    "at the panel": row("0/1:1", "0/0:1", "1|1:1", pos=1_000_551),
    "at the panel, one GT is none": row("0/1:1", "x:1", "1|1:1", pos=1_000_551),
    "GT is not first": row("3:0/1", "3:1/1", "3:x", layout="DP:GT"),
    "GT is missing": row("3", "4", "5", layout="DP"),
    "GTX": row("0/1", "1/1", "0/0", layout="GTX"),
    "filtered": row("0/1:1", "1/1:1", "0/0:1", filters="LowQual;q10"),
    "no filter": row("0/1:1", "1/1:1", "0/0:1", filters="."),
    "empty filter": row("0/1:1", "1/1:1", "0/0:1", filters=""),
    "POS is no number": row("0/1:1", "1/1:1", "0/0:1", pos="12x"),
    "POS in other digits": row("0/1:1", "1/1:1", "0/0:1", pos="\u0661\u0662"),
    "POS is long": row("0/1:1", "1/1:1", "0/0:1", pos="1" * 13),
    "POS is empty": row("0/1:1", "1/1:1", "0/0:1", pos=""),
    "fewer columns": row("0/1:1", "1/1:1"),
    "more columns": row("0/1:1", "1/1:1", "0/0:1", "0/0:1"),
    "CHROM is empty": row("0/1:1", "1/1:1", "0/0:1", contig=""),
    "a header line": "##late=1",
    "a comment with columns": row("0/1:1", "1/1:1", "0/0:1", contig="#6"),
    "only CHROM": "6",
    "words": "not a record at all",
    "blank": "",
    "NUL": row("0/1:1", "1/1\0:1", "0/0:1"),
    "not ASCII": row("0/1:é", "1/1:1", "é/0:1", filters="é"),
    "X": row("0/1:1", "1:1", "1/1:1", contig="X", pos=3_000_000),
    "X in the PAR": row("0/1:1", "1:1", "1/1:1", contig="X", pos=100_000),
    "Y": row("0/1:1", "1:1", "1/1:1", contig="Y", pos=7_000_000),
    "MT": row("0/1:1", "1:1", "1/1:1", contig="chrM"),
    "long contig": row("0/1:1", "1:1", "1/1:1", contig="HLA-" + "A" * 90),
    "other contig, as long": row("0/1:1", "1:1", "1/1:1", contig="HLA-" + "A" * 89 + "B"),
}


@pytest.mark.parametrize("odd", ODD_ROWS.values(), ids=ODD_ROWS)
@pytest.mark.parametrize("end", ["\n", "", "\r\n"])
def test_an_odd_line_is_for_all_what_it_is_for_one(tmp_path: Path, odd: str, end: str) -> None:
    before = [row("0/1:1", "1|1:1", "./.:1", pos=p, contig=c) for c in ("5", "6") for p in (10, 20, 90)]
    after = [row("1/1:1", "0|1:1", "0/0:1", pos=2_000_000), row("0/1:1", "0/1:1", "0/1:1", contig="X", pos=9_000_000)]
    same_as_alone(joint(tmp_path, [*before, odd, odd, *after], end=end))
    same_as_alone(joint(tmp_path, [*before, *after, odd], end=end))


cells = st.tuples(
    st.sampled_from(("0/0", "0/1", "1/1", "0|1", "./.", "1|2", "1", "0", ".", "./1", "0/3", "x", "", "0/0/1", "9/9")),
    st.sampled_from((":9", "", ":", ":9:1/1")),
).map("".join)
plain_rows = st.builds(
    row,
    cells,
    cells,
    cells,
    contig=st.sampled_from(("5", "6", "X", "chr6", "GL1")),
    pos=st.sampled_from((1, 500, 61_000, 999_990, 1_000_551, 1_101_000, 3_000_000)),
    ref=st.sampled_from(("A", "C", "AT", "A" * 12)),
    alt=st.sampled_from(("G", "T", "G,T", "A", "GTT", "*", "<DEL>", ".", "G,*", "<NON_REF>")),
    filters=st.sampled_from(("PASS", ".", "q10")),
    info=st.sampled_from((".", "END=1000700", "SVTYPE=DEL;END=900")),
    layout=st.sampled_from(("GT:DP", "GT", "DP:GT", "GT:DP:LEN")),
)


@settings(max_examples=120, deadline=None)
@given(st.lists(st.one_of(plain_rows, st.sampled_from(sorted(ODD_ROWS.values()))), min_size=1, max_size=25))
def test_any_joint_file_is_for_all_what_it_is_for_one(
    tmp_path_factory: pytest.TempPathFactory, rows: list[str]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vcf_pass, "CHUNK_LETTERS", 300)  # several chunks in each file
        patch.setattr(vcf_pass, "CHUNK_LETTERS_PER_COLUMN", 1)
        patch.setattr(vcf_classes, "MIN_CLASSES", 34)  # hardly more than the plain SNVs need
        patch.setattr(vcf_classes, "MAX_COUNTERS", 1)
        path = joint(tmp_path_factory.mktemp("any"), [*rows, row("0/1:1", "0/1:1", "0/1:1", pos=5_000_000)])
        same_as_alone(path)


def test_a_second_header_is_refused_for_all(tmp_path: Path) -> None:
    titles = text_of([], NAMES).splitlines()[-1]
    with pytest.raises(InputError, match="second #CHROM line"):
        vcf.scan_samples(joint(tmp_path, [row("0/1", "0/1", "0/1"), titles]), NAMES, LOCI, CODING)


def test_a_bad_genotype_is_unreadable_for_its_sample_only(tmp_path: Path) -> None:
    rows = [row("0/1:1", "0/1:1", "0/1:1", pos=p) for p in range(1, 50)] + [row("0/1:1", "x:1", "0/7:1", pos=60)]
    father, child, mother = same_as_alone(joint(tmp_path, rows))
    assert (father.unreadable_count, father.het) == (0, 50)
    assert child.unreadable == ((len(child.header.lines) + 50, "GT is not a genotype"),)
    assert (mother.unreadable_count, mother.het) == (1, 49)


def test_any_choice_and_order_of_samples(tmp_path: Path) -> None:
    path = joint(tmp_path, [row("0/1:1", "1/1:1", "0/0:1", pos=p) for p in range(1, 30)])
    mother, father = same_as_alone(path, ("MOTHER", "FATHER"))
    assert (mother.sample, mother.het, father.sample, father.het) == ("MOTHER", 0, "FATHER", 29)


def test_ordinary_cells_are_not_read_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = []
    monkeypatch.setattr(vcf_pass, "look", lambda *given: looked.append(given))
    rows = [row("0/1:1", "1/1:1", "0/0:1", pos=p, alt="T" * (p % 9 + 1)) for p in range(1, 2000)]
    assert [s.het for s in vcf.scan_samples(joint(tmp_path, rows), NAMES, LOCI, CODING)] == [1999, 0, 0]
    assert not looked


def test_an_index_of_another_file_is_refused_for_all(tmp_path: Path) -> None:
    path = write(tmp_path / "a.vcf.bgz", text_of([row("0/1", "0/1", "0/1", pos=1_000_551)], NAMES))
    other = write(tmp_path / "b.vcf.bgz", text_of([row("0/1", "0/1", "0/1", pos=900)] * 9000, NAMES))
    for file in (path, other):
        pysam.tabix_index(str(file), preset="vcf", force=True)
    assert all(seen.indexed for seen in same_as_alone(path))
    (tmp_path / "b.vcf.bgz.tbi").replace(tmp_path / "a.vcf.bgz.tbi")
    with pytest.raises(InputError, match="belongs to another file"):
        vcf.scan_samples(path, NAMES, LOCI, CODING)


# --------------------------------------------------------------------------- names


def test_hundreds_of_samples_are_listed_in_a_readable_line(tmp_path: Path) -> None:
    names = [f"Patient_{number:04}" for number in range(600)] + ["L" * 500]
    header = vcf.open_header(joint(tmp_path, [row(*["0/1"] * 601)], names))
    with pytest.raises(UsageError, match=r"holds 601 samples.*Patient_0019 and 581 more\.") as none_named:
        vcf.choose_sample("joint.vcf", header, None)
    with pytest.raises(UsageError, match=r"no sample 'patient_0417'\. Did you mean Patient_0417\?") as mistyped:
        vcf.choose_sample("joint.vcf", header, "patient_0417")
    assert max(len(str(none_named.value)), len(str(mistyped.value))) < 500


def test_long_names_are_cut_in_the_list(tmp_path: Path) -> None:
    header = vcf.open_header(joint(tmp_path, [row("0/1", "0/1")], ["A" * 3000, "B" * 3000]))
    with pytest.raises(UsageError) as caught:
        vcf.choose_sample("joint.vcf", header, None)
    assert len(str(caught.value)) < 300


# --------------------------------------------------------------------------- the command


def run(path: Path, out: Path, samples: Sequence[str], *options: str) -> Result:
    asked = [word for sample in samples for word in ("--sample", sample)]
    return CliRunner().invoke(main, ["run", str(path), "-o", str(out), "--date", "2026-11-26", *asked, *options])


def case_of(folder: Path) -> dict[str, Any]:
    case: dict[str, Any] = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    return case


def split(path: Path, folder: Path, number: int) -> Path:
    """One sample's own records, without those that it does not carry, as `bcftools view -s NAME -c1` gives."""
    with pysam.BGZFile(str(path)) as source:
        lines = [line.decode("ascii") for line in source]
    kept = [line for line in lines if line.startswith("##")]
    for line in lines[len(kept) :]:
        columns = line.split("\t")
        if columns[9 + number].partition(":")[0] not in NOT_CARRIED:
            kept.append("\t".join((*columns[:9], columns[9 + number])))
    alone = folder / f"alone{number}.vcf"
    alone.write_text("\n".join(kept) + "\n", encoding="ascii")
    return alone


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str], Path]:
    """A joint file of twelve made-up people, their names, and what one run wrote of them."""
    folder = tmp_path_factory.mktemp("cohort")
    people = [replace(person, sites=SMALL) for person in demo.people(12)]
    path = folder / "joint.vcf.gz"
    demo.write_joint(path, Assembly.GRCH38, people)
    names = [person.name for person in people]
    result = run(path, folder / "all", names)
    assert result.exit_code == 0, result.output
    assert len(result.stdout.splitlines()) == 6 * len(names)
    return path, names, folder / "all"


def test_each_folder_is_that_of_a_single_run(cohort: tuple[Path, list[str], Path], tmp_path: Path) -> None:
    path, names, together = cohort
    assert sorted(folder.name for folder in together.iterdir()) == sorted(names)
    for name in names:
        assert run(path, tmp_path / name, [name]).exit_code == 0
        for file in FILES:
            assert (together / name / file).read_bytes() == (tmp_path / name / file).read_bytes(), (name, file)


def test_findings_are_those_of_the_person_alone(cohort: tuple[Path, list[str], Path], tmp_path: Path) -> None:
    path, names, together = cohort
    for number, name in enumerate(names):
        assert run(split(path, tmp_path, number), tmp_path / name, []).exit_code == 0
        ours, alone = case_of(together / name), case_of(tmp_path / name)
        for part in ("findings", "subtypes", "sample", "recurrence", "statements"):
            assert ours[part] == alone[part], (name, part)
        assert ours["answer"]["code"] == alone["answer"]["code"]  # the sentence names what a 0/0 shows was seen
        for case in (ours, alone):
            counts = case["provenance"]["accounting"]
            assert counts["records_in"] == counts["reported"] + sum(counts["filtered"].values()) + counts["unreadable"]
        assert ours["provenance"]["accounting"]["records_in"] > alone["provenance"]["accounting"]["records_in"]


def test_the_made_up_people_have_their_answers(cohort: tuple[Path, list[str], Path]) -> None:
    _, _, together = cohort
    expected = {
        "a_ostm1": "diagnosis",
        "b_tcirg1": "likely",
        "c_clcn7": "one_allele",
        "d_tnfsf11": "diagnosis",
        "f_nothing_found": "nothing_found",
        "a_ostm1_2": "diagnosis",
    }
    assert {name: case_of(together / name)["answer"]["code"] for name in expected} == expected


def test_the_joint_writer_repeats_itself_and_makes_the_same_people_on_both_assemblies(tmp_path: Path) -> None:
    people = [replace(person, sites=SMALL) for person in demo.people(3)]
    for name, assembly in (("a", Assembly.GRCH38), ("b", Assembly.GRCH38), ("c", Assembly.GRCH37)):
        demo.write_joint(tmp_path / f"{name}.vcf", assembly, people)
    first, again, other = ((tmp_path / f"{name}.vcf").read_text(encoding="ascii") for name in "abc")
    assert first == again
    called = [[line.split("\t")[3:] for line in text.splitlines() if line[0] != "#"] for text in (first, other)]
    assert sorted(called[0]) == sorted(called[1])
    assert str(CONTIG_LENGTHS[Assembly.GRCH37]["1"]) in other


def test_the_file_is_read_once(cohort: tuple[Path, list[str], Path], tmp_path: Path, monkeypatch: Any) -> None:
    path, names, _ = cohort
    passes = []
    read = vcf_pass.read
    monkeypatch.setattr(vcf_pass, "read", lambda *given: passes.append(1) or read(*given))
    assert run(path, tmp_path / "out", names[:4]).exit_code == 0
    assert passes == [1]


def test_all_samples_are_checked_before_any_work(cohort: tuple[Path, list[str], Path], tmp_path: Path) -> None:
    path, names, _ = cohort
    result = run(path, tmp_path / "out", [names[0], "b_tcirg"])
    assert (result.exit_code, (tmp_path / "out").exists()) == (2, False)
    assert "Did you mean b_tcirg1?" in result.stderr
    (tmp_path / "taken" / names[1]).mkdir(parents=True)
    (tmp_path / "taken" / names[1] / "notes.txt").write_text("mine")
    assert run(path, tmp_path / "taken", names[:2]).exit_code == 2
    assert not (tmp_path / "taken" / names[0]).exists()


def test_one_persons_sex_is_not_said_of_several(cohort: tuple[Path, list[str], Path], tmp_path: Path) -> None:
    path, names, _ = cohort
    result = run(path, tmp_path / "out", names[:2], "--sex", "male")
    assert (result.exit_code, (tmp_path / "out").exists()) == (2, False)
    assert run(path, tmp_path / "out", names[1:2], "--sex", "male").exit_code == 0


def test_a_sample_without_any_call_could_not_be_looked_at(tmp_path: Path) -> None:
    people = [replace(person, sites=SMALL) for person in demo.people(2)]
    demo.write_joint(tmp_path / "j.vcf", Assembly.GRCH38, people)
    lines = (tmp_path / "j.vcf").read_text(encoding="ascii").splitlines()
    emptied = [line if line[0] == "#" else "\t".join((*line.split("\t")[:10], "./.:0,0:0:.")) for line in lines]
    (tmp_path / "j.vcf").write_text("\n".join(emptied) + "\n", encoding="ascii")
    assert run(tmp_path / "j.vcf", tmp_path / "out", [person.name for person in people]).exit_code == 0
    full, empty = (case_of(tmp_path / "out" / person.name) for person in people)
    assert full["answer"]["code"] == "diagnosis"
    assert (empty["answer"]["code"], empty["findings"], empty["sample"]["sex"]["inferred"]) == (
        "could_not_look",
        [],
        None,
    )
    assert {gene["verdict"] for gene in empty["genes"]} == {"could_not_look"}
    assert empty["callset"]["snv"] == 0


def test_a_sample_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path) -> None:
    people = [replace(person, sites=SMALL) for person in demo.people(3)]
    demo.write_joint(tmp_path / "j.vcf", Assembly.GRCH38, people)
    lines = (tmp_path / "j.vcf").read_text(encoding="ascii").splitlines()
    broken = [
        line if line[0] == "#" else "\t".join((*line.split("\t")[:10], "?", *line.split("\t")[11:])) for line in lines
    ]
    (tmp_path / "j.vcf").write_text("\n".join(broken) + "\n", encoding="ascii")
    names = [person.name for person in people]
    result = run(tmp_path / "j.vcf", tmp_path / "out", names)
    assert result.exit_code == 3
    assert sorted(folder.name for folder in (tmp_path / "out").iterdir()) == [names[0], names[2]]
    (line,) = result.stderr.splitlines()
    assert "none of its" in line
    assert names[1] in line


def test_what_is_wrong_with_the_whole_file_is_said_once(tmp_path: Path) -> None:
    rows = [row("0/1", "0/1", "0/1", pos=p, contig="1") for p in range(1, 20)]
    path = write(tmp_path / "a.vcf", text_of(rows, NAMES, header=("##fileformat=VCFv4.2",)))
    result = run(path, tmp_path / "out", NAMES)
    assert (result.exit_code, len(result.stderr.splitlines()), (tmp_path / "out").exists()) == (3, 1, False)


def test_a_name_that_needs_quotes_is_quoted_in_the_command(tmp_path: Path) -> None:
    options = job.options(tmp_path / "a.vcf", None, None, (), "2026-11-26")
    (asked,) = [job._asked(options, "child of two; rm")]
    assert asked.command == "varmio run a.vcf --sample 'child of two; rm'"
