"""The second simulation of missing exons and its files: the same from the same seed, and as deep as asked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pysam
import pytest

from benchmarks.deletions import second_figures, second_simulation, tool_calls, tool_files
from benchmarks.deletions.second_simulation import EVEN_80, HOSTILE, Profile, draw, plant, regions
from varmio.assembly import CONTIG_LENGTHS
from varmio.model import Assembly, ExonLoss, ExonRegion
from varmio.readers import coverage, reference

GRCH38 = Assembly.GRCH38
LENGTHS = CONTIG_LENGTHS[GRCH38]
OSTM1 = tuple(r for r in regions() if r.gene == "OSTM1")
DEPTHS = tuple(0.0 if r.number == 5 else 60.0 for r in OSTM1)
CALLS = (tool_calls.SvCall("6", 108_040_000, 108_080_000, 0), tool_calls.SvCall("16", 1_440_000, 1_480_000, 3))


@pytest.mark.parametrize("assembly", list(Assembly))
def test_its_own_regions_are_those_that_varmio_reads(assembly: Assembly) -> None:
    """Two derivations of the same exons; the numbers too."""
    theirs = coverage.regions_of(reference.load(assembly).transcripts)
    assert {replace(r, gc=None) for r in regions(assembly)} == {replace(r, gc=None) for r in theirs}


def test_a_seed_gives_one_person_and_another_gives_another() -> None:
    assert draw(HOSTILE, 4) == draw(HOSTILE, 4) != draw(HOSTILE, 5)


def test_what_is_missing_has_two_stray_reads_at_most() -> None:
    for seed in range(5):
        drawn = draw(EVEN_80, seed, 3, plant("OSTM1", 5, 5, 0))
        assert [r.number for r, gone in zip(regions(), drawn.missing, strict=True) if gone] == [5]
        assert all(d <= 2 for d, gone in zip(drawn.depths, drawn.missing, strict=True) if gone)


@pytest.mark.parametrize(("named", "kind"), [(0, "hom_one"), (1, "hom_gene"), (2, "het_some")])
def test_the_named_deletions_are_of_their_kind(named: int, kind: str) -> None:
    assert plant(*second_simulation.NAMED[named]).kind == kind


def test_a_call_is_judged_by_its_exons_and_copies() -> None:
    drawn = draw(EVEN_80, 1, 3, plant("OSTM1", 5, 5, 0))
    assert [*second_figures.judged(drawn, [_loss(drawn, 5, 0)])] == ["profiles", "found", "found, sure", "sure"]
    assert "other copies" in second_figures.judged(drawn, [_loss(drawn, 5, 1)])
    assert "false" in second_figures.judged(drawn, [_loss(drawn, 2, 0)])


def _loss(drawn: Profile, number: int, copies: int) -> ExonLoss:
    p = drawn.planted
    return ExonLoss(p.gene, p.transcript, (number,), "6", 1, 2, copies, 2, copies / 2, 9.0, (), ())


@pytest.mark.parametrize("paired", [False, True])
def test_reads_are_as_deep_as_asked_and_none_lies_over_a_loss(tmp_path: Path, paired: bool) -> None:
    for name in ("a.bam", "b.bam"):
        tool_files.write_bam(tmp_path / name, "CHILD", OSTM1, DEPTHS, GRCH38, 3, paired=paired, not_placed=OSTM1[:1])
    assert (tmp_path / "a.bam").read_bytes() == (tmp_path / "b.bam").read_bytes()
    with pysam.AlignmentFile(str(tmp_path / "a.bam")) as bam:
        assert dict(zip(bam.references, bam.lengths, strict=True)) == {f"chr{c}": n for c, n in LENGTHS.items()}
        for region, asked in zip(OSTM1, DEPTHS, strict=True):
            assert _mean(bam, region) == pytest.approx(asked, rel=0.05)
        assert {read.mapping_quality for read in _over(bam, OSTM1[0])} == {0}
        assert any(read.is_duplicate for read in bam.fetch())


def _over(bam: pysam.AlignmentFile, r: ExonRegion) -> list[pysam.AlignedSegment]:
    return [read for read in bam.fetch(f"chr{r.contig}", r.start, r.end) if not read.is_duplicate]


def _mean(bam: pysam.AlignmentFile, r: ExonRegion) -> float:
    return sum(read.get_overlap(r.start, r.end) or 0 for read in _over(bam, r)) / r.length


def test_mosdepth_files_hold_the_depth_and_reach_every_end(tmp_path: Path) -> None:
    at = tool_files.depth_at(OSTM1, DEPTHS)
    tool_files.write_mosdepth_per_base(tmp_path / "x.per-base.bed.gz", OSTM1, at, GRCH38)
    tool_files.write_mosdepth_thresholds(tmp_path / "x.thresholds.bed.gz", OSTM1, at, GRCH38)
    tool_files.write_mosdepth_regions(tmp_path / "x.regions.bed.gz", OSTM1, DEPTHS, GRCH38, prefix="")
    ends: dict[str, int] = {}
    for contig, start, end, _ in _rows(tmp_path / "x.per-base.bed.gz"):
        assert int(start) == ends.get(contig, 0)
        ends[contig] = int(end)
    assert ends == {f"chr{c}": n for c, n in LENGTHS.items()}
    assert (tmp_path / "x.per-base.bed.gz.csi").exists()
    lost, path = next(r for r in OSTM1 if r.number == 5), str(tmp_path / "x.per-base.bed.gz")
    with pysam.TabixFile(path, index=f"{path}.csi") as table:
        assert [row.split("\t")[3] for row in table.fetch("chr6", lost.start, lost.end)] == ["0"]
    assert {row[3] for row in _rows(tmp_path / "x.regions.bed.gz")} == {"0.00", "60.00"}
    for _, start, end, _, *counts in _rows(tmp_path / "x.thresholds.bed.gz")[1:]:
        bases = 0 if int(start) == lost.start else int(end) - int(start)
        assert counts == [str(bases)] * 4


def _rows(path: Path) -> list[list[str]]:
    with pysam.BGZFile(str(path), "rb") as file:
        return [line.decode().split("\t") for line in file]


def test_a_profile_has_each_region_once(tmp_path: Path) -> None:
    tool_files.write_profile_table(tmp_path / "kit.tsv", OSTM1 + OSTM1, {"A": DEPTHS * 2, "B": DEPTHS * 2}, prefix="")
    head, *rows = (line.split("\t") for line in (tmp_path / "kit.tsv").read_text().splitlines())
    assert head == ["#contig", "start", "end", "A", "B"]
    assert [(row[0], row[3]) for row in rows] == [("6", f"{d:.2f}") for d in DEPTHS]


@pytest.mark.parametrize("style", sorted(tool_calls.STYLES))
def test_structural_calls_are_declared_in_their_header(tmp_path: Path, style: str) -> None:
    tool_calls.write_sv_vcf(tmp_path / "sv.vcf.gz", "CHILD", CALLS, GRCH38, style)
    with pysam.VariantFile(str(tmp_path / "sv.vcf.gz")) as file:
        declared = set(file.header.info) | set(file.header.formats)
        records = list(file)
        assert [(r.chrom, r.stop, (r.alts or ("",))[0][:4]) for r in records] == [
            ("chr6", 108_080_000, "<DEL"),
            ("chr16", 1_480_000, "<DUP"),
        ]
        assert all({*r.info, *r.samples[0]} <= declared for r in records)


def test_exomedepth_has_its_columns(tmp_path: Path) -> None:
    tool_calls.write_exomedepth_table(tmp_path / "calls.csv", CALLS)
    head, *rows = (line.split(",") for line in (tmp_path / "calls.csv").read_text().splitlines())
    assert len(head) == 12
    assert {len(row) for row in rows} == {12}
    assert [row[2] for row in rows] == ['"deletion"', '"duplication"']
