"""Deletions and gains as callers write them: what becomes a finding, what is explained, and what is read by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks.deletions import files
from tests.exome import GRCH37, GRCH38, Result, call, run_file, vcf_text
from varmio.assembly import CONTIG_LENGTHS
from varmio.interpret import exon_loss
from varmio.model import Assembly, StructuralCall, Transcript
from varmio.readers import reference

CHILD = "CHILD"
COMMON = call("11-68043600-A-G", "0/1")
OSTM1 = ("6", 108_040_000, 108_080_000)  # the whole gene on GRCh38
SHARED = Path(__file__).parents[2] / "shared" / "vcf"
HEAD = "GT:CN:GQ"


def transcript(gene: str) -> Transcript:
    return next(t for t in reference.load(GRCH38).transcripts if t.gene == gene and t.mane == "MANE Select")


def exons(gene: str, first: int, last: int) -> tuple[str, int, int]:
    """From 100 bp before the first to 100 bp after the last of these exons."""
    t = transcript(gene)
    found = (t.exons if t.strand == 1 else t.exons[::-1])[first - 1 : last]
    return t.contig, min(s for s, _ in found) - 100, max(e for _, e in found) + 100


def sv(folder: Path, *rows: str, name: str = CHILD) -> Path:
    text = vcf_text(GRCH38, [], sample=name)
    path = folder / "sv.vcf"
    path.write_text(text + "".join(f"{row}\n" for row in rows), encoding="ascii")
    return path


def row(
    place: tuple[str, int, int],
    cell: str,
    alt: str = "<DEL>",
    filters: str = "PASS",
    layout: str = HEAD,
    qual: str = "90",
) -> str:
    contig, start, end = place
    return f"{contig}\t{start}\t.\tN\t{alt}\t{qual}\t{filters}\tEND={end};SVTYPE=X\t{layout}\t{cell}"


def run(folder: Path, *options: object, calls: tuple[Any, ...] = (COMMON,)) -> Result:
    path = folder / "child.vcf"
    path.write_text(vcf_text(GRCH38, list(calls), sample=CHILD), encoding="ascii")
    result = run_file(path, folder / "out", "--force", *map(str, options))
    assert "Traceback" not in result.error
    return result


def of(result: Result) -> list[dict[str, Any]]:
    return [f for f in result.case["findings"] if f["variant"]["type"] == "structural"]


def said(result: Result) -> str:
    return " ".join(item["text"] for item in result.case["limitations"])


# --------------------------------------------------------------------------- callers


@pytest.mark.parametrize("style", sorted(files.SV_LINES))
@pytest.mark.parametrize(("copies", "zygosity"), [(0, "homozygous"), (1, "heterozygous")])
def test_a_deletion_as_each_caller_writes_it(style: str, copies: int, zygosity: str, tmp_path: Path) -> None:
    files.write_sv(tmp_path / "sv.vcf", CHILD, style, OSTM1, copies, GRCH38)
    result = run(tmp_path, "--sv", tmp_path / "sv.vcf")
    (found,) = of(result)
    assert (found["hgvs_c"], found["zygosity"]) == ("c.(?_-1)_(*1_?)del", zygosity)
    assert (found["variant"]["end"], found["variant"]["copy_number"]) == (OSTM1[2], copies)
    assert found["classification"]["class"] == "likely_pathogenic"
    match = result.matches["OPTB5"]
    if copies == 0:
        assert (match["basis"], match["status"]) == ("homozygous_deletion", "diagnostic")
        assert match["transplant"]["class"] == "not_recommended_neurodegeneration"
        assert next(g for g in result.case["genes"] if g["symbol"] == "OSTM1")["verdict"] == "found"
    else:
        assert match["status"] == "one_allele"


def test_inside_the_main_file_it_is_the_same(tmp_path: Path) -> None:
    path = tmp_path / "child.vcf"
    path.write_text(vcf_text(GRCH38, [COMMON], sample=CHILD) + row(OSTM1, "1/1:0:80") + "\n", encoding="ascii")
    result = run_file(path, tmp_path / "out")
    assert result.matches["OPTB5"]["basis"] == "homozygous_deletion"
    accounting = result.case["provenance"]["accounting"]
    assert accounting["records_in"] == accounting["reported"] + sum(accounting["filtered"].values())
    assert "structural_not_read" not in accounting["filtered"]


@pytest.mark.parametrize(
    ("text", "zygosity"),
    [
        ("chromosome,start,end,type,reads.ratio,BF\n6,108040001,108080000,deletion,0.02,60\n", "homozygous"),
        ("chromosome,start,end,type,reads.ratio,BF\n6,108040001,108080000,deletion,0.52,60\n", "heterozygous"),
        ("chromosome\tstart\tend\tgene\tlog2\tcn\nchr6\t108040000\t108080000\tOSTM1\t-5.1\t0\n", "homozygous"),
        ("chromosome\tstart\tend\tgene\tlog2\nchr6\t108040000\t108080000\tOSTM1\t-1.02\n", "heterozygous"),
        ("contig\tstart\tend\ttype\tcopies\n6\t108040000\t108080000\tDEL\t0\n", "homozygous"),
        ("contig\tstart\tend\ttype\n6\t108040000\t108080000\tDEL\n", "partial"),
    ],
)
def test_tables(text: str, zygosity: str, tmp_path: Path) -> None:
    path = tmp_path / "calls.txt"
    path.write_text(text)
    (found,) = of(run(tmp_path, "--sv", path))
    assert (found["gene"], found["zygosity"], found["hgvs_c"]) == ("OSTM1", zygosity, "c.(?_-1)_(*1_?)del")


def test_a_table_of_several_samples_gives_the_child_its_own(tmp_path: Path) -> None:
    path = tmp_path / "calls.tsv"
    rows = ("OTHER\t6\t108040000\t108080000\tDEL\t0", f"{CHILD}\t16\t1400000\t1500000\tDEL\t1")
    path.write_text("sample\tcontig\tstart\tend\ttype\tcn\n" + "\n".join(rows) + "\n")
    assert [f["gene"] for f in of(run(tmp_path, "--sv", path))] == ["CLCN7"]


# --------------------------------------------------------------------------- copies


@pytest.mark.parametrize(
    ("cell", "alt", "zygosity", "doubt"),
    [
        ("0/1:1:90", "<DEL>", "heterozygous", None),
        ("1/1:0:90", "<CNV>", "homozygous", None),
        ("1:0:90", "<DEL>", "homozygous", None),  # gCNV writes one allele
        ("./1:1:90", "<DEL>", "heterozygous", None),
        ("./1:.:90", "<DEL>", "partial", "does not say how many copies"),
        ("0/1:0:90", "<CN0>", "heterozygous", "disagree"),
        ("1/1:1:90", "<DEL>", "heterozygous", "disagree"),
        ("0/1:3:90", "<DUP>", "heterozygous", None),
    ],
)
def test_copies_of_an_autosome(cell: str, alt: str, zygosity: str, doubt: str | None, tmp_path: Path) -> None:
    (found,) = of(run(tmp_path, "--sv", sv(tmp_path, row(OSTM1, cell, alt))))
    assert found["zygosity"] == zygosity
    reasons = " ".join(found["call_quality"]["reasons"])
    assert (doubt in reasons) if doubt else not reasons


@pytest.mark.parametrize("cell", ["0/0:2:90", "./.:2:90", "./.:.:.", "0/1:2:90"])
def test_the_usual_number_of_copies_is_no_finding(cell: str, tmp_path: Path) -> None:
    result = run(tmp_path, "--sv", sv(tmp_path, row(OSTM1, cell)))
    assert of(result) == []
    assert result.case["subtypes"] == []


AMER1 = ("X", 64_180_000, 64_210_000)


@pytest.mark.parametrize(
    ("sex", "cell", "zygosity", "words"),
    [
        ("male", "1:1:90", None, "a boy has one X"),
        ("male", "0/1:1:90", None, "a boy has one X"),
        ("male", "1:0:90", "hemizygous", ""),
        ("female", "0/1:1:90", "heterozygous", ""),
        (None, "0/1:1:90", None, "the sex is not known"),
    ],
)
def test_copies_of_x(sex: str | None, cell: str, zygosity: str | None, words: str, tmp_path: Path) -> None:
    result = run(tmp_path, "--sv", sv(tmp_path, row(AMER1, cell)), *(["--sex", sex] if sex else []))
    assert [f["zygosity"] for f in of(result)] == ([zygosity] if zygosity else [])
    assert words in said(result)
    assert ("record over AMER1" in result.case["answer"]["sentence"]) == (sex is None)  # a person must look at it


# --------------------------------------------------------------------------- what is explained, what is doubtful


def test_a_giant_call_of_low_quality_is_explained(tmp_path: Path) -> None:
    giant = row(("6", 100_000_000, 120_000_000), "0/1:1:5", filters="cnvQual", qual="4")
    result = run(tmp_path, "--sv", sv(tmp_path, giant))
    assert of(result) == []
    assert "20 Mb long and of low quality (FILTER cnvQual)" in said(result)
    assert "A structural record over OSTM1" in result.lines[0]  # a person must look at it


def test_a_genotype_that_failed_its_own_filter_is_explained(tmp_path: Path) -> None:
    failed = row(OSTM1, "1/1:0:3:LowQual", layout="GT:CN:GQ:FT")
    result = run(tmp_path, "--sv", sv(tmp_path, failed))
    assert of(result) == []
    assert "failed its caller's own filter (LowQual)" in said(result)
    assert next(g for g in result.case["genes"] if g["symbol"] == "OSTM1")["verdict"] != "not_found"


def test_a_call_that_was_set_aside_keeps_a_covered_gene_from_not_found(tmp_path: Path) -> None:
    from benchmarks.deletions import simulate

    files.write_per_base(tmp_path / "CHILD.per-base.bed.gz", dict.fromkeys(simulate.regions(), 60.0), GRCH38)
    failed = sv(tmp_path, row(OSTM1, "1/1:0:3:LowQual", layout="GT:CN:GQ:FT"))
    result = run(tmp_path, "--coverage", tmp_path / "CHILD.per-base.bed.gz", "--sv", failed)
    verdicts = {g["symbol"]: g["verdict"] for g in result.case["genes"]}
    assert (verdicts["OSTM1"], verdicts["TCIRG1"]) == ("partly_seen", "not_found")


def test_a_record_that_failed_a_filter_is_a_doubtful_finding(tmp_path: Path) -> None:
    result = run(tmp_path, "--sv", sv(tmp_path, row(OSTM1, "1/1:0:90", filters="LowQual")))
    assert result.matches["OPTB5"]["status"] == "possible"


def test_gains_are_uncertain_and_never_explain(tmp_path: Path) -> None:
    result = run(tmp_path, "--sv", sv(tmp_path, row(OSTM1, "1/1:4:90", "<DUP>")))
    (found,) = of(result)
    assert (found["classification"]["class"], found["hgvs_c"]) == ("uncertain_significance", "c.(?_-1)_(*1_?)dup")
    assert result.case["subtypes"] == []
    assert result.case["answer"]["code"] == "nothing_found"


def test_a_gain_over_the_gene_with_a_pseudogene_is_explained(tmp_path: Path) -> None:
    result = run(tmp_path, "--sv", sv(tmp_path, row(exons("IKBKG", 1, 10), "0/1:3:90", "<DUP>")))
    assert of(result) == []
    assert "A pseudogene next to IKBKG" in said(result)


def test_a_gain_that_reaches_another_gene_too_is_a_finding_of_both(tmp_path: Path) -> None:
    long = ("X", AMER1[1], exons("IKBKG", 1, 10)[2])
    result = run(tmp_path, "--sv", sv(tmp_path, row(long, "0/1:3:90", "<DUP>")), "--sex", "female")
    assert {f["gene"] for f in of(result)} == {"AMER1", "IKBKG"}


def test_the_recurrent_deletion_of_ikbkg_is_doubtful(tmp_path: Path) -> None:
    result = run(tmp_path, "--sv", sv(tmp_path, row(exons("IKBKG", 4, 10), "1:0:90")), "--sex", "male")
    (found,) = of(result)
    assert found["call_quality"]["state"] == "doubtful"


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/vcf is not here")
def test_a_public_copy_number_file_beside_a_whole_exome(tmp_path: Path) -> None:
    options = ["--sv", str(SHARED / "other" / "jannovar_NA12878_dragen.cnv.vcf")]
    result = run_file(SHARED / "exomes" / "ngsbits_ancestry.vcf.gz", tmp_path / "out", *options)
    assert of(result) == []
    assert result.case["subtypes"] == []
    assert "stand under the name NA-12878WGSWGS" in said(result)


# --------------------------------------------------------------------------- consequence, class and name


@pytest.mark.parametrize(
    ("gene", "first", "last", "name", "class_"),
    [
        ("OSTM1", 1, 6, "c.(?_-1)_(*1_?)del", "likely_pathogenic"),
        ("OSTM1", 2, 2, "c.(402+1_403-1)_(517+1_518-1)del", "likely_pathogenic"),  # out of frame, NMD
        ("OSTM1", 5, 5, "c.(783+1_784-1)_(949+1_950-1)del", "likely_pathogenic"),  # out of frame, 22% of the protein
        ("OSTM1", 4, 4, "c.(615+1_616-1)_(783+1_784-1)del", "uncertain_significance"),  # in frame
        ("OSTM1", 1, 1, "c.(?_-1)_(402+1_403-1)del", "uncertain_significance"),  # with the start codon
        ("TCIRG1", 2, 3, "c.(?_-1)_(196+1_197-1)del", "uncertain_significance"),  # out of frame, with the start codon
        ("TCIRG1", 20, 20, "c.(2414+1_2415-1)_(*1_?)del", "uncertain_significance"),  # 3% of the protein
        ("TCIRG1", 3, 3, "c.(117+1_118-1)_(196+1_197-1)del", "likely_pathogenic"),
        ("CLCN7", 7, 25, "c.(594+1_595-1)_(*1_?)del", "likely_pathogenic"),
        ("PLEKHM1", 3, 4, None, "uncertain_significance"),  # a null allele does not decide in this gene
        ("LRP5", 1, 23, "c.(?_-1)_(*1_?)del", "uncertain_significance"),
    ],
)
def test_name_and_class(gene: str, first: int, last: int, name: str | None, class_: str, tmp_path: Path) -> None:
    (found,) = (
        f
        for f in of(run(tmp_path, "--sv", sv(tmp_path, row(exons(gene, first, last), "0/1:1:90"))))
        if f["gene"] == gene
    )
    assert found["classification"]["class"] == class_
    assert name in (None, found["hgvs_c"])
    assert found["whole_exons_lost"] == list(range(first, last + 1))


@pytest.mark.parametrize(("gene", "number"), [("TCIRG1", 3), ("TCIRG1", 8), ("CLCN7", 2), ("CLCN7", 24)])
def test_the_same_deletion_in_bases_and_as_a_symbol_has_one_class(gene: str, number: int) -> None:
    from varmio.interpret.classify import classify
    from varmio.interpret.consequence import consequence
    from varmio.model import Frequency, FrequencyState, Variant
    from varmio.readers import panel

    known, t = reference.load(GRCH38), transcript(gene)
    contig, start, end = exons(gene, number, number)
    bases = known.sequence.bases(contig, start, end)
    assert bases is not None
    whole = consequence(Variant(contig, start + 1, bases, bases[0]), t, known.sequence)
    symbol = exon_loss.consequence(StructuralCall(contig, start, end, "deletion", 0, 2, "", True, "x"), t)
    assert whole.whole_exons_lost == symbol.whole_exons_lost == (number,)
    of_gene = panel.load().gene(gene)
    assert of_gene is not None
    classes = {
        classify(c, of_gene, None, Frequency(FrequencyState.NOT_LOOKED_UP), None).class_ for c in (whole, symbol)
    }
    assert len(classes) == 1


def test_names_do_not_depend_on_the_assembly() -> None:
    for gene in ("OSTM1", "TCIRG1", "CLCN7", "SNX10"):
        names = set()
        for assembly in Assembly:
            t = next(t for t in reference.load(assembly).transcripts if t.gene == gene)
            first, last = (t.exons if t.strand == 1 else t.exons[::-1])[1:3]
            start, end = min(first[0], last[0]) - 50, max(first[1], last[1]) + 50
            names.add(
                exon_loss.consequence(StructuralCall(t.contig, start, end, "deletion", 1, 2, "", False, "x"), t).hgvs_c
            )
        assert len(names) == 1, (gene, names)


def test_a_break_inside_an_exon_is_not_named(tmp_path: Path) -> None:
    contig, start, end = exons("OSTM1", 5, 5)
    cut = row((contig, start, end - 150), "0/1:90:20,9", layout="GT:GQ:SR")
    (found,) = of(run(tmp_path, "--sv", sv(tmp_path, cut)))
    assert found["hgvs_c"] is None
    assert "inside an exon" in found["unnamed_reason"]
    assert found["classification"]["class"] == "uncertain_significance"


def test_the_first_exon_of_snx10_is_read_though_it_codes_for_nothing(tmp_path: Path) -> None:
    (found,) = of(run(tmp_path, "--sv", sv(tmp_path, row(exons("SNX10", 1, 1), "1/1:0:90"))))
    assert found["gene"] == "SNX10"
    assert found["consequences"] == ["exon_loss_variant", "5_prime_UTR_variant"]
    assert found["classification"]["class"] == "uncertain_significance"


# --------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    "bad",
    [
        f"6\t{OSTM1[1]}\t.\tN\t<DEL>\t90\tPASS\tSVTYPE=DEL\tGT\t1/1",  # no length
        f"6\t{OSTM1[1]}\t.\tN\t<DEL>\t90\tPASS\tSVTYPE=DEL;END=5\tGT\t1/1",  # ends before it begins
        f"6\t{OSTM1[1]}\t.\tN\t<INV>\t90\tPASS\tSVTYPE=INV;END={OSTM1[2]}\tGT\t1/1",
        f"6\t{OSTM1[1]}\t.\tN\tN[6:108080000[\t90\tPASS\tSVTYPE=BND\tGT\t1/1",
        f"6\t{OSTM1[1]}\t.\tN\t<DEL>\t90\tPASS\tEND={OSTM1[2]}\tGT:CN\t./.:x",
    ],
)
def test_records_that_say_too_little_are_no_finding(bad: str, tmp_path: Path) -> None:
    result = run(tmp_path, "--sv", sv(tmp_path, bad))
    assert of(result) == []


def test_one_line_for_what_cannot_be_used(tmp_path: Path) -> None:
    table = tmp_path / "bad.tsv"
    table.write_text("contig\tstart\tend\ttype\n6\tx\t5\tDEL\n")
    two = tmp_path / "two.vcf"
    two.write_text(vcf_text(GRCH38, [], sample="A").replace("\tA\n", "\tA\tB\n"), encoding="ascii")
    other = tmp_path / "g37.vcf"
    lines = [f"##contig=<ID={n},length={x}>" for n, x in CONTIG_LENGTHS[GRCH37].items()]
    other.write_text(
        "\n".join(["##fileformat=VCFv4.2", *lines, "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tCHILD\n"])
    )
    for path, code, words in (
        (tmp_path / "none.vcf", 2, "no such file"),
        (tmp_path, 3, "is a folder"),
        (table, 3, "line 2 is no place"),
        (two, 2, "has no sample CHILD"),
        (other, 3, "which is GRCh37"),
    ):
        result = run(tmp_path, "--sv", path)
        assert (result.exit_code, words in result.error) == (code, True), (path, result.error)
        assert result.error.count("\n") == 1
