"""Depth of the panel's exons, missing copies, and the verdict of each gene, from the files that users give."""

from __future__ import annotations

import gzip
import json
import os
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pysam
import pytest

from benchmarks.deletions import files, simulate
from benchmarks.deletions.simulate import EVEN_80, Planted, profile
from tests.exome import GRCH38, Result, call, run_file, vcf_text
from varmio.errors import ResourceError
from varmio.model import ExonRegion
from varmio.readers.coverage_reads import of_reads

REGIONS = simulate.regions()
CHILD = "CHILD"
COMMON = call("11-68043600-A-G", "0/1")
EXON_5 = Planted("hom_one", "OSTM1", 5, 5, 0)
WHOLE = Planted("hom_gene", "OSTM1", 1, 6, 0)
CLCN7 = Planted("het_some", "CLCN7", 7, 25, 1)
NOTHING = Planted("none")


def depths(planted: Planted, seed: int = 1) -> dict[ExonRegion, float]:
    return dict(zip(REGIONS, profile(EVEN_80, seed, 30, planted).depths, strict=True))


@cache
def controls() -> dict[str, tuple[float, ...]]:
    return {f"c{i}": row for i, row in enumerate(profile(EVEN_80, 1, 30, NOTHING).controls)}


def flat(depth: float, **genes: float | None) -> dict[ExonRegion, float]:
    """Every exon at one depth, those of some genes at another, or left out."""
    said = {r: genes.get(r.gene, depth) for r in REGIONS}
    return {r: d for r, d in said.items() if d is not None}


def run(folder: Path, *options: object, calls: tuple[Any, ...] = (COMMON,)) -> Result:
    path = folder / "child.vcf"
    path.write_text(vcf_text(GRCH38, list(calls), sample=CHILD), encoding="ascii")
    return run_file(path, folder / "out", *map(str, options))


def refused(folder: Path, *options: object) -> tuple[int, str]:
    result = run(folder, *options)
    assert result.error.count("\n") <= 1
    assert "Traceback" not in result.error
    return result.exit_code, result.error


def verdicts(result: Result) -> dict[str, str]:
    return {g["symbol"]: g["verdict"] for g in result.case["genes"]}


def exon(result: Result, gene: str, number: int) -> dict[str, Any]:
    of_gene = next(g for g in result.case["genes"] if g["symbol"] == gene)
    return next(e for e in of_gene["exons"] if e["number"] == number)


def with_files(folder: Path, planted: Planted, how: str) -> list[object]:
    """The options that give a person's depth with controls of the kit, in one of the ways that users have it."""
    table = folder / "controls.tsv"
    files.write_table(table, REGIONS, controls())
    mine = depths(planted)
    if how == "bam":
        path = folder / "reads.bam"
        files.write_bam(path, CHILD, mine, GRCH38)
        return ["--bam", path, "--controls", table]
    writer = {"per_base": files.write_per_base, "regions": files.write_regions}[how]
    path = folder / f"{CHILD}.{how.replace('_', '-')}.bed.gz"
    writer(path, mine, GRCH38)
    return ["--coverage", path, "--controls", table]


# --------------------------------------------------------------------------- the case that varmio began with


@pytest.mark.parametrize("how", ["bam", "per_base", "regions"])
@pytest.mark.parametrize("planted", [EXON_5, WHOLE], ids=["exon 5", "whole gene"])
def test_a_homozygous_deletion_of_ostm1_is_found(how: str, planted: Planted, tmp_path: Path) -> None:
    result = run(tmp_path, *with_files(tmp_path, planted, how))
    match = result.matches["OPTB5"]
    assert (match["basis"], match["status"]) == ("homozygous_deletion", "diagnostic")
    assert match["transplant"]["class"] == "not_recommended_neurodegeneration"
    assert verdicts(result)["OSTM1"] == "found"
    assert "Confirm both alleles by a second method first." in result.words
    assert result.case["answer"]["code"] == "diagnosis"
    name = "c.(783+1_784-1)_(949+1_950-1)del" if planted is EXON_5 else "c.(?_-1)_(*1_?)del"
    assert [f["hgvs_c"] for f in result.case["findings"] if f["variant"]["type"] == "structural"] == [name]
    assert exon(result, "OSTM1", 5)["copies"] == 0


@pytest.mark.parametrize("planted", [EXON_5, WHOLE], ids=["exon 5", "whole gene"])
def test_without_controls_it_is_possible_and_never_more(planted: Planted, tmp_path: Path) -> None:
    options = with_files(tmp_path, planted, "bam")[:2]
    result = run(tmp_path, *options)
    assert (result.matches["OPTB5"]["basis"], result.matches["OPTB5"]["status"]) == ("homozygous_deletion", "possible")
    reasons = next(f for f in result.case["findings"] if f["gene"] == "OSTM1")["call_quality"]["reasons"]
    assert any("one that the capture missed" in reason for reason in reasons)


def test_a_heterozygous_loss_of_many_exons(tmp_path: Path) -> None:
    result = run(tmp_path, *with_files(tmp_path, CLCN7, "bam"))
    (found,) = (f for f in result.case["findings"] if f["variant"]["type"] == "structural")
    assert found["zygosity"] == "heterozygous"
    assert set(range(8, 25)) <= set(found["whole_exons_lost"]) <= set(range(7, 26))  # the ends may be unsure


def test_one_copy_lost_is_one_allele_of_the_recessive_form_only(tmp_path: Path) -> None:
    result = run(tmp_path, *with_files(tmp_path, CLCN7, "per_base"))
    assert result.matches["OPTB4"]["status"] == "one_allele"
    assert "OPTA2" not in result.matches


def test_beside_another_pathogenic_allele_it_is_a_pair_of_unknown_phase(tmp_path: Path) -> None:
    outside = call("16-1474836-G-A", "0/1")  # CLCN7 c.139C>T, exon 1
    result = run(tmp_path, *with_files(tmp_path, CLCN7, "per_base"), calls=(outside,))
    match = result.matches["OPTB4"]
    assert (match["basis"], match["status"]) == ("compound_het_phase_unknown", "likely")
    assert len(match["findings"]) == 2


def test_a_change_that_looks_homozygous_over_it(tmp_path: Path) -> None:
    inside = call("16-1456173-G-A", "1/1")  # CLCN7 c.856C>T, exon 10
    result = run(tmp_path, *with_files(tmp_path, CLCN7, "per_base"), calls=(inside,))
    match = result.matches["OPTB4"]
    assert match["basis"] == "snv_over_deletion"
    assert "copy-number test" in " ".join(match["reasons"])


def test_a_heterozygous_call_inside_it_speaks_against_it(tmp_path: Path) -> None:
    inside = call("16-1447052-C-A", "0/1")
    result = run(tmp_path, *with_files(tmp_path, CLCN7, "per_base"), calls=(inside,))
    found = next(f for f in result.case["findings"] if f["variant"]["type"] == "structural")
    assert found["call_quality"]["state"] == "doubtful"
    assert "1 heterozygous call lies inside it" in " ".join(found["call_quality"]["reasons"])


def test_an_exon_that_fails_in_the_whole_kit_is_no_finding(tmp_path: Path) -> None:
    table = tmp_path / "controls.tsv"
    dead = [r.gene == "OSTM1" and r.number == 5 for r in REGIONS]
    rows = {n: [0.0 if d else x for d, x in zip(dead, row, strict=True)] for n, row in controls().items()}
    files.write_table(table, REGIONS, rows)
    files.write_regions(tmp_path / "CHILD.regions.bed.gz", depths(EXON_5), GRCH38)
    result = run(tmp_path, "--coverage", tmp_path / "CHILD.regions.bed.gz", "--controls", table)
    assert result.case["subtypes"] == []
    assert verdicts(result)["OSTM1"] == "partly_seen"


def test_the_same_event_by_depth_and_by_a_caller_is_one_finding(tmp_path: Path) -> None:
    files.write_sv(tmp_path / "sv.vcf", CHILD, "manta", ("6", 108_040_000, 108_080_000), 0, GRCH38)
    options = [*with_files(tmp_path, WHOLE, "per_base"), "--sv", tmp_path / "sv.vcf"]
    result = run(tmp_path, *options)
    (found,) = (f for f in result.case["findings"] if f["variant"]["type"] == "structural")
    assert "Two callers agree on it." in found["reasons"]
    assert result.matches["OPTB5"]["status"] == "diagnostic"


# --------------------------------------------------------------------------- verdicts


def test_a_list_of_variants_never_proves_absence(tmp_path: Path) -> None:
    result = run(tmp_path)
    assert "not_found" not in verdicts(result).values()
    assert "partly_seen" in verdicts(result).values()
    assert "depth not known" in (tmp_path / "out" / "gaps.bed").read_text()


def test_a_good_bam_does(tmp_path: Path) -> None:
    files.write_bam(tmp_path / "reads.bam", CHILD, flat(60), GRCH38)
    result = run(tmp_path, "--bam", tmp_path / "reads.bam")
    core = {g["symbol"]: g["verdict"] for g in result.case["genes"] if g["core"]}
    assert set(core.values()) == {"not_found"}
    assert result.case["depth"] == {
        "source": "bam", "name": "reads.bam", "n_controls": 0, "losses_looked_for": False, "places_reads": True,
        "mean_depth": pytest.approx(60, rel=0.1),
    }  # fmt: skip


def test_blocks_of_a_gvcf(tmp_path: Path) -> None:
    path = tmp_path / "child.g.vcf"
    path.write_text(gvcf(flat(40, CLCN7=12, OSTM1=3, SNX10=None)), encoding="ascii")
    result = run_file(path, tmp_path / "out")
    want = {"TCIRG1": "not_found", "CLCN7": "not_found", "OSTM1": "could_not_look", "SNX10": "could_not_look"}
    assert {g: verdicts(result)[g] for g in want} == want
    first = result.case["answer"]["sentence"].split(": ")[0]
    assert first.startswith("OSTM1 and SNX10 could not be looked at")


@pytest.mark.parametrize(
    ("cell", "verdict"),
    [
        ("0/0:40:99", "not_found"),
        ("0/0:40:5", "could_not_look"),  # quality too low to be a reading
        ("./.:40:99", "could_not_look"),
        ("0/0:9:99", "could_not_look"),
        ("0/0:.:99", "could_not_look"),
    ],
)
def test_what_a_block_must_say_to_count(cell: str, verdict: str, tmp_path: Path) -> None:
    path = tmp_path / "child.g.vcf"
    path.write_text(gvcf(flat(40), {"OSTM1": cell}), encoding="ascii")
    assert verdicts(run_file(path, tmp_path / "out"))["OSTM1"] == verdict


def gvcf(said: dict[ExonRegion, float], cells: dict[str, str] | None = None) -> str:
    text = vcf_text(GRCH38, [], sample=CHILD)
    seen: dict[tuple[str, int, int], str] = {}
    for region, depth in said.items():
        cell = (cells or {}).get(region.gene, f"0/0:{depth:.0f}:60")
        seen.setdefault((region.contig, region.start, region.end), cell)
    rows = (f"{c}\t{s + 1}\t.\tN\t<NON_REF>\t.\t.\tEND={e}\tGT:DP:GQ\t{cell}\n" for (c, s, e), cell in seen.items())
    return text + "".join(rows)


def test_a_mean_is_no_proof_of_any_base(tmp_path: Path) -> None:
    path = tmp_path / "CHILD.regions.bed.gz"
    files.write_regions(path, flat(60), GRCH38)
    result = run(tmp_path, "--coverage", path)
    assert {g["verdict"] for g in result.case["genes"] if g["core"]} == {"partly_seen"}
    assert "mean depth only" in result.words


def test_thresholds_prove_whole_exons(tmp_path: Path) -> None:
    path = tmp_path / "CHILD.thresholds.bed.gz"
    files.write_thresholds(path, flat(60, OSTM1=3), GRCH38)
    result = run(tmp_path, "--coverage", path)
    assert (verdicts(result)["TCIRG1"], verdicts(result)["OSTM1"]) == ("not_found", "could_not_look")
    assert "holds no mean depth, so missing copies were not looked for" in result.words


def test_exons_with_a_copy_elsewhere(tmp_path: Path) -> None:
    blurred = [r for r in REGIONS if r.gene == "IKBKG" and 3 <= r.number <= 10]
    files.write_bam(tmp_path / "reads.bam", CHILD, flat(60), GRCH38, not_placed=blurred)
    result = run(tmp_path, "--bam", tmp_path / "reads.bam")
    assert verdicts(result)["IKBKG"] != "not_found"
    assert exon(result, "IKBKG", 5)["state"] == "not_callable"
    assert result.case["subtypes"] == []  # no reads that can be placed is no deletion
    files.write_per_base(tmp_path / "CHILD.per-base.bed.gz", flat(60), GRCH38)
    result = run(tmp_path, "--coverage", tmp_path / "CHILD.per-base.bed.gz", "--force")
    assert verdicts(result)["IKBKG"] == "partly_seen"


def test_gaps_are_exact_in_bed_and_on_the_page(tmp_path: Path) -> None:
    path = tmp_path / "CHILD.per-base.bed.gz"
    files.write_per_base(path, flat(60), GRCH38)
    region = next(r for r in REGIONS if r.gene == "OSTM1" and r.number == 5)
    lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    at = next(i for i, line in enumerate(lines) if line.split("\t")[1:3] == [str(region.start), str(region.end)])
    first, last = region.start + 10, region.start + 13
    lines[at : at + 1] = [
        f"chr6\t{region.start}\t{first}\t60",
        f"chr6\t{first}\t{last}\t9",
        f"chr6\t{last}\t{region.end}\t60",
    ]
    files._bgzip(path, lines)
    result = run(tmp_path, "--coverage", path)
    assert exon(result, "OSTM1", 5)["gaps"] == [[first, last]]
    written = [line.split("\t") for line in (tmp_path / "out" / "gaps.bed").read_text().splitlines()[1:]]
    assert [w[:4] for w in written if "OSTM1" in w[3]] == [["6", str(first), str(last), "OSTM1:NM_014028.4:5"]]
    assert f"6:{first + 1}-{last}" in result.words
    assert verdicts(result)["OSTM1"] == "partly_seen"


def test_capture_targets_say_why_an_exon_was_not_read(tmp_path: Path) -> None:
    bed = tmp_path / "kit.bed"
    wanted = [r for r in REGIONS if not (r.gene == "OSTM1" and r.number == 5)]
    bed.write_text("".join(f"chr{r.contig}\t{r.start}\t{r.end}\n" for r in wanted))
    result = run(tmp_path, *with_files(tmp_path, EXON_5, "per_base")[:2], "--targets", bed)
    assert result.case["subtypes"] == []
    assert exon(result, "OSTM1", 5)["reason"] == "It lies outside the capture targets."


def test_blind_regions_are_named_until_they_were_looked_at(tmp_path: Path) -> None:
    def named(result: Result) -> str:
        return " ".join(item["text"] for item in result.case["limitations"])

    plain = named(run(tmp_path))
    looked = named(run(tmp_path, *with_files(tmp_path, NOTHING, "bam"), "--force"))
    for words in ("TCIRG1 intron 15", "SNX10 5-prime", "exon 4-10 deletion", "PLEKHM1P1"):
        assert words in plain
        assert words in looked
    for words in ("Microdeletions are a considerable share of OSTM1", "CLCN7 exons 7 to 25"):
        assert words in plain
        assert words not in looked


# --------------------------------------------------------------------------- reads


def test_reads_are_counted_as_samtools_counts_them(tmp_path: Path) -> None:
    """Duplicates, secondary and failed reads out, deleted bases in, mates that overlap once, low quality apart."""
    path = tmp_path / "odd.bam"
    region = next(r for r in REGIONS if r.gene == "OSTM1" and r.number == 2)
    write_odd_reads(path, region)
    result = run(tmp_path, "--bam", path)
    bed = tmp_path / "one.bed"
    bed.write_text(f"chr6\t{region.start}\t{region.end}\n")
    text = pysam.depth("-a", "-J", "-s", "-Q", "20", "-b", str(bed), str(path))
    theirs = [int(line.split("\t")[2]) for line in text.splitlines()]
    mine = exon(result, "OSTM1", 2)
    assert max(theirs) > 20 > min(theirs)
    assert mine["mean_depth"] == pytest.approx(sum(theirs) / len(theirs), abs=0.01)
    assert mine["callable_bases"] == sum(d >= 10 for d in theirs)


def write_odd_reads(path: Path, region: ExonRegion) -> None:
    import random

    rng = random.Random(7)
    header = {"HD": {"VN": "1.6", "SO": "coordinate"}, "SQ": [{"SN": "chr6", "LN": 170_805_979}]}
    made = []
    for i in range(120):
        start = rng.randint(region.start - 90, region.start + 40)
        cigar = rng.choice(["100M", "40M5D60M", "30M20N50M15S", "50M3I47M", "10S90M"])
        flag, quality = rng.choice([0, 16, 0x400, 0x200, 0x100, 0x800, 4]), rng.choice([0, 19, 20, 60])
        made.append((start, f"s{i}", cigar, flag, quality, None))
    for i in range(30):  # pairs whose mates overlap
        start, gap = rng.randint(region.start - 60, region.start + 40), rng.randint(0, 60)
        made.append((start, f"p{i}", "100M", 0x1 | 0x2 | 0x40, 60, start + gap))
        made.append((start + gap, f"p{i}", "100M", 0x1 | 0x2 | 0x80, 60, start))
    with pysam.AlignmentFile(str(path), "wb", header=header) as out:
        for start, name, cigar, flag, quality, mate in sorted(made, key=lambda m: m[0]):
            read = pysam.AlignedSegment(out.header)
            read.query_name, read.flag, read.reference_id, read.reference_start = name, flag, 0, start
            read.mapping_quality, read.cigarstring = quality, cigar
            read.query_sequence = "A" * (read.infer_query_length() or 100)
            if mate is not None:
                read.next_reference_id, read.next_reference_start = 0, mate
            out.write(read)
    pysam.index(str(path))


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bam") / "reads.bam"
    files.write_bam(path, CHILD, flat(30), GRCH38)
    return path


def test_unusable_reads_are_one_line(good: Path, tmp_path: Path) -> None:
    def copied(name: str, index: bool = True) -> Path:
        path = tmp_path / name
        shutil.copy(good, path)
        if index:
            shutil.copy(f"{good}.bai", f"{path}.bai")
        return path

    cases: list[tuple[Path, int, str]] = [(tmp_path / "none.bam", 2, "no such file"), (tmp_path, 3, "is a folder")]
    cases.append((copied("noindex.bam", index=False), 3, "samtools index noindex.bam"))
    stale = copied("stale.bam")
    os.utime(f"{stale}.bai", (1, 1))
    cases.append((stale, 3, "is older than the file"))
    cut = copied("cut.bam")
    cut.write_bytes(good.read_bytes()[:100_000])
    cases.append((cut, 3, "truncated"))
    text = copied("text.bam")
    text.write_text("hello\n")
    cases.append((text, 3, "is no BAM or CRAM"))
    broken = copied("broken.bam")
    Path(f"{broken}.bai").write_bytes(b"junk")
    cases.append((broken, 3, "index cannot be read"))
    cases.append((bam_of(tmp_path / "empty.bam", "chr6", 170_805_979), 3, "holds no usable read"))
    cases.append((bam_of(tmp_path / "names.bam", "scaffold_1", 5000), 3, "none of its contigs (scaffold_1)"))
    cases.append((bam_of(tmp_path / "other.bam", "chr6", 171_115_067), 3, "which is GRCh37"))
    cases.append((bam_of(tmp_path / "sample.bam", "chr6", 170_805_979, "SOMEBODY"), 3, "holds reads of SOMEBODY"))
    for path, code, words in cases:
        got, error = refused(tmp_path, "--bam", path, "--force")
        assert (got, words in error) == (code, True), (path.name, got, error)


def bam_of(path: Path, contig: str, length: int, sample: str = CHILD) -> Path:
    header = {"HD": {"VN": "1.6", "SO": "coordinate"}, "SQ": [{"SN": contig, "LN": length}]}
    pysam.AlignmentFile(str(path), "wb", header={**header, "RG": [{"ID": "1", "SM": sample}]}).close()
    pysam.index(str(path))
    return path


def test_cram_needs_its_genome(tmp_path: Path) -> None:
    genome, other = tmp_path / "genome.fa", tmp_path / "other.fa"
    genome.write_text(">chr6\n" + "ACGT" * 1000 + "\n")
    other.write_text(">chr6\n" + "TTGA" * 1000 + "\n")
    path = tmp_path / "reads.cram"
    header = {"HD": {"VN": "1.6", "SO": "coordinate"}, "SQ": [{"SN": "chr6", "LN": 4000}]}
    pysam.faidx(str(genome))
    with pysam.AlignmentFile(str(path), "wc", header=header, reference_filename=str(genome)) as out:
        read = pysam.AlignedSegment(out.header)
        read.query_name, read.reference_id, read.reference_start, read.flag = "r", 0, 0, 0
        read.cigarstring, read.query_sequence, read.mapping_quality = "100M", "ACGT" * 25, 60
        out.write(read)
    pysam.index(str(path))
    assert refused(tmp_path, "--bam", path)[0] == 4
    assert "Add --reference" in refused(tmp_path, "--bam", path)[1]
    assert "ends before OSTM1" in refused(tmp_path, "--bam", path, "--reference", other)[1]
    with pytest.raises(ResourceError, match="samtools faidx"):
        of_reads(path, simulate.regions(GRCH38), GRCH38, None, other)


# --------------------------------------------------------------------------- tables and controls


def test_an_index_or_none_give_the_same(tmp_path: Path) -> None:
    options = with_files(tmp_path, EXON_5, "per_base")
    path = Path(str(options[1]))
    indexed = run(tmp_path, *options).case
    path.with_name(f"{path.name}.csi").unlink()
    assert run(tmp_path, *options, "--force").case["genes"] == indexed["genes"]


def test_depth_on_the_other_assembly_is_refused(tmp_path: Path) -> None:
    from varmio.model import Assembly

    path = tmp_path / "CHILD.per-base.bed.gz"
    files.write_per_base(path, dict.fromkeys(simulate.regions(Assembly.GRCH37), 60.0), Assembly.GRCH37)
    code, error = refused(tmp_path, "--coverage", path)
    assert (code, "which is GRCh37" in error) == (3, True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "holds no line of depths"),
        ("hello\nworld\n", "is no table of depths"),
        ("chr6\t1\t2\tx\nchr6\t2\t3\ty\n", "is no table of depths"),
        ("#chrom\tstart\tend\tregion\t1X\t20X\nchr6\t1\t2\tu\t1\t1\n", "has no column 10X"),
        ("chr6\t1\t2\t30\nchr6\t2\t9\t31\n", "none of its lines speaks of a panel exon"),
        ("contig\tstart\tend\ta\tb\nchr6\t1\t2\t30\t31\n", "holds 2 samples"),
    ],
)
def test_tables_that_are_none(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "depth.bed"
    path.write_text(text)
    code, error = refused(tmp_path, "--coverage", path)
    assert (code, words in error) == (3, True), error


def test_of_a_table_of_many_the_child_has_its_own_column(tmp_path: Path) -> None:
    table = tmp_path / "kit.tsv"
    mine = depths(EXON_5)
    files.write_table(table, REGIONS, {**controls(), CHILD: [mine[r] for r in REGIONS]})
    result = run(tmp_path, "--coverage", table, "--controls", table)
    assert result.matches["OPTB5"]["status"] == "diagnostic"
    assert result.case["depth"]["n_controls"] == 30


def test_controls_from_a_folder_of_any_kind(tmp_path: Path) -> None:
    folder = tmp_path / "kit"
    (folder / "earlier").mkdir(parents=True)
    rows = list(controls().items())
    files.write_bam(folder / "c0.bam", "c0", dict(zip(REGIONS, rows[0][1], strict=True)), GRCH38)
    files.write_per_base(folder / "c1.per-base.bed.gz", dict(zip(REGIONS, rows[1][1], strict=True)), GRCH38)
    files.write_regions(folder / "c2.regions.bed.gz", dict(zip(REGIONS, rows[2][1], strict=True)), GRCH38)
    files.write_table(folder / "more.tsv", REGIONS, dict(rows[3:9]))
    long = ["sample\tcontig\tstart\tend\tmean_depth"]
    long += [f"c9\tchr{r.contig}\t{r.start}\t{r.end}\t{d}" for r, d in zip(REGIONS, rows[9][1], strict=True)]
    (folder / "long.tsv").write_text("\n".join(long) + "\n")
    earlier = run(tmp_path, *with_files(tmp_path, NOTHING, "bam")[:2]).case
    earlier["sample"]["id"] = "c10"
    (folder / "earlier" / "case.json").write_text(json.dumps(earlier))
    result = run(tmp_path, *with_files(tmp_path, EXON_5, "per_base")[:2], "--controls", folder, "--force")
    assert result.case["depth"]["n_controls"] == 11
    assert result.matches["OPTB5"]["status"] == "diagnostic"


def test_a_sample_is_no_control_of_itself(tmp_path: Path) -> None:
    table = tmp_path / "controls.tsv"
    mine = depths(EXON_5)
    files.write_table(table, REGIONS, {**controls(), "renamed": [round(mine[r], 2) for r in REGIONS]})
    path = tmp_path / "CHILD.regions.bed.gz"
    files.write_regions(path, mine, GRCH38)
    result = run(tmp_path, "--coverage", path, "--controls", table)
    assert result.case["depth"]["n_controls"] == 30
    assert "is among its controls" in result.words


def test_few_controls_are_as_good_as_none_and_it_is_said(tmp_path: Path) -> None:
    table = tmp_path / "controls.tsv"
    files.write_table(table, REGIONS, dict(list(controls().items())[:3]))
    options = with_files(tmp_path, EXON_5, "per_base")[:2]
    files.write_table(table, REGIONS, dict(list(controls().items())[:3]))
    result = run(tmp_path, *options, "--controls", table)
    assert result.matches["OPTB5"]["status"] == "possible"
    assert "gives 3 controls, fewer than the 5" in result.words


def test_options_that_exclude_one_another(tmp_path: Path) -> None:
    assert refused(tmp_path, "--controls", tmp_path) == (
        2,
        "varmio: --controls: there is no depth to compare with them. Add --bam or --coverage.\n",
    )
    assert refused(tmp_path, "--bam", "a", "--coverage", "b")[0] == 2


def test_nothing_of_it_opens_a_network_reference(monkeypatch: pytest.MonkeyPatch, good: Path, tmp_path: Path) -> None:
    monkeypatch.setenv("REF_PATH", "https://example.org/%s")
    run(tmp_path, "--bam", good)
    assert os.environ["REF_PATH"] == "https://example.org/%s"
