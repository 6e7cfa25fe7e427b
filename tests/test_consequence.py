"""Sequence Ontology terms, kinds, NMD and what could explain a disease."""

from __future__ import annotations

import csv
import itertools
import time
from pathlib import Path

import pytest

from tests.naming_genome import GENES, genome
from varmio.interpret import hgvs
from varmio.interpret.consequence import SEVERITY, consequence
from varmio.model import AlleleKind, Assembly, Consequence, KnownSequence, NmdEscape, Transcript, Variant
from varmio.readers import reference

with (Path(__file__).parent / "data" / "hgvs_known.tsv").open(encoding="utf-8") as lines:
    KNOWN = [row for row in csv.DictReader(lines, delimiter="\t") if row["source"] == "ClinVar 2024-12"]


def of_key(key: str) -> Variant:
    contig, pos, ref, alt = key.split("-")
    return Variant(contig, int(pos), ref, alt)


def shipped(name: str, assembly: Assembly = Assembly.GRCH38) -> tuple[Transcript, KnownSequence]:
    panel = reference.load(assembly)
    return next(t for t in panel.transcripts if name in (t.gene, t.accession)), panel.sequence


def whole(gene: str) -> tuple[Transcript, KnownSequence]:
    """A transcript on the test genome, where every base is known."""
    transcripts, sequence = genome(Assembly.GRCH38)
    return next(t for t in transcripts if t.gene == gene), sequence


def put(transcript: Transcript, sequence: KnownSequence, start: int, end: int, bases: str) -> Consequence:
    """Bases of [start, end) in reading direction replaced, written with the base to the left."""
    low, high = (start, end) if transcript.strand == 1 else (-end, -start)
    bases = bases if transcript.strand == 1 else hgvs.reverse_complement(bases)
    ref = sequence.bases(transcript.contig, low - 1, high)
    assert ref is not None
    return consequence(Variant(transcript.contig, low, ref, ref[0] + bases), transcript, sequence)


def other_than(base: str) -> str:
    return "ACGT"["ACGT".index(base) - 1]


def substituted(transcript: Transcript, sequence: KnownSequence, at: int) -> Consequence:
    """The base at a reading-direction position replaced by another."""
    plus = at if transcript.strand == 1 else -at - 1
    base = sequence.bases(transcript.contig, plus, plus + 1)
    assert base is not None
    return consequence(Variant(transcript.contig, plus + 1, base, other_than(base)), transcript, sequence)


def test_classes_of_the_two_star_clinvar_rows() -> None:
    assert len(KNOWN) == 276
    wrong = []
    for row in KNOWN:
        transcript, sequence = shipped(row["transcript"])
        found = consequence(of_key(row["key_GRCh38"]), transcript, sequence)
        if row["consequence"] not in found.terms:
            wrong.append((row["key_GRCh38"], row["note"]))
    assert [key for key, note in wrong if not note] == []
    assert len(wrong) == 6  # each with the reason in its note


@pytest.mark.parametrize("gene", GENES)
def test_every_intron_has_its_sites_and_regions(gene: str) -> None:
    transcript, sequence = whole(gene)
    exons = hgvs.layout(transcript).exons
    for number, ((_, start), (end, _)) in enumerate(itertools.pairwise(exons), start=1):
        terms = {at: substituted(transcript, sequence, start + at - 1) for at in (1, 2, 3, 5, 6, 7, 8, 9)}
        region, donor = "splice_region_variant", "splice_donor_region_variant"
        assert [terms[at].terms[0] for at in (1, 2)] == ["splice_donor_variant"] * 2
        assert [terms[at].terms for at in (3, 6)] == [(region, donor, "intron_variant")] * 2
        assert terms[5].terms == ("splice_donor_5th_base_variant", region, donor, "intron_variant")
        assert [terms[at].terms for at in (7, 8)] == [(region, "intron_variant")] * 2
        assert terms[9].terms == ("intron_variant",)
        assert [terms[at].could_explain for at in (1, 2, 3, 8, 9)] == [True, True, True, True, False]
        assert {found.intron for found in terms.values()} == {number}
        assert [terms[at].exon_distance for at in (1, 9)] == [1, 9]
        assert [terms[at].extent.splice_distance for at in (1, 9)] == [1, 9]
        before = {at: substituted(transcript, sequence, end - at) for at in (1, 2, 3, 8, 9, 17, 18)}
        tract = "splice_polypyrimidine_tract_variant"
        assert [before[at].terms[0] for at in (1, 2)] == ["splice_acceptor_variant"] * 2
        assert [before[at].terms for at in (3, 8)] == [(region, tract, "intron_variant")] * 2
        assert [before[at].terms for at in (9, 17)] == [(tract, "intron_variant")] * 2
        assert before[18].terms == ("intron_variant",)
        assert [before[at].could_explain for at in (8, 9)] == [True, False]
        assert [before[at].extent.splice_distance for at in (1, 17)] == [1, 17]
        assert before[1].kind is AlleleKind.NULL
        assert before[1].hgvs_p is None
        assert before[1].nmd_predicted is False


def test_unusual_introns_are_splice_sites_like_others() -> None:
    clcn7, sequence = shipped("CLCN7")
    exons = hgvs.layout(clcn7).exons
    start = exons[22][1]  # intron 23
    assert hgvs.reverse_complement(sequence.bases("16", -start - 2, -start) or "") == "GC"
    assert substituted(clcn7, sequence, start).terms[0] == "splice_donor_variant"
    rasgrp2, sequence = shipped("RASGRP2")
    exons = hgvs.layout(rasgrp2).exons
    ends = [
        (end, hgvs.reverse_complement(sequence.bases("11", -end - 2, -end) or ""), after)
        for (_, end), (after, _) in itertools.pairwise(exons)
    ]
    rare = [(end, after) for end, donor, after in ends if donor == "AT"]
    assert len(rare) == 1
    assert substituted(rasgrp2, sequence, rare[0][0]).terms[0] == "splice_donor_variant"
    assert substituted(rasgrp2, sequence, rare[0][1] - 1).terms[0] == "splice_acceptor_variant"


def test_a_coding_change_in_the_last_three_bases_of_an_exon_could_explain() -> None:
    transcript, sequence = whole("CTSK")
    where = hgvs.layout(transcript)
    end = where.exons[3][1]
    for back, could in ((1, True), (3, True)):
        found = substituted(transcript, sequence, end - back)
        assert "splice_region_variant" in found.terms
        assert found.could_explain is could
    silent = [
        found
        for at in range(where.exons[3][0] + 4, end - 4)
        if (found := substituted(transcript, sequence, at)).terms == ("synonymous_variant",)
    ]
    assert silent
    assert not any(found.could_explain for found in silent)


def test_utr_and_surroundings_never_explain() -> None:
    transcript, sequence = whole("SNX10")
    where = hgvs.layout(transcript)
    first, last = where.exons[0][0], where.exons[-1][1]
    cases = {
        first + 5: "5_prime_UTR_variant",
        where.genome(-1): "5_prime_UTR_variant",
        where.genome(where.coding_length): "3_prime_UTR_variant",
        last - 1: "3_prime_UTR_variant",
        first - 1: "upstream_gene_variant",
        last: "downstream_gene_variant",
    }
    for position, term in cases.items():
        found = substituted(transcript, sequence, position)
        assert term in found.terms
        assert not found.could_explain
        assert not found.in_coding
        assert found.hgvs_p is None
    assert substituted(transcript, sequence, last).hgvs_c is None


@pytest.mark.parametrize("gene", ["TCIRG1", "OSTM1"])
def test_frames(gene: str) -> None:
    transcript, sequence = whole(gene)
    at = hgvs.layout(transcript).genome(150)
    assert put(transcript, sequence, at, at + 1, "").terms[-1] == "frameshift_variant"
    assert put(transcript, sequence, at, at + 3, "").terms == ("inframe_deletion",)
    assert put(transcript, sequence, at, at + 3, "").kind is AlleleKind.INFRAME
    twice = transcript.cds[150:156]
    doubled = put(transcript, sequence, at, at, twice)
    assert doubled.terms == ("inframe_insertion",)
    assert doubled.kind is AlleleKind.INFRAME_DUPLICATION
    assert put(transcript, sequence, at, at, "GCCGCT").kind is AlleleKind.INFRAME
    mixed = put(transcript, sequence, at, at + 4, "C" if transcript.cds[150] != "C" else "G")
    assert mixed.terms[0] in ("protein_altering_variant", "inframe_deletion", "stop_gained")


def test_nmd_needs_a_junction_more_than_fifty_bases_after_the_stop() -> None:
    transcript, sequence = whole("TCIRG1")
    where = hgvs.layout(transcript)
    junction = where.offsets[-1] - where.coding_start
    codons = {}
    for codon in range(2, len(transcript.cds) // 3 - 1):
        found = put(transcript, sequence, where.genome(3 * codon), where.genome(3 * codon + 2) + 1, "TGA")
        if found.terms[0] == "stop_gained":
            codons[3 * codon] = found.nmd_predicted
    assert {at for at, nmd in codons.items() if nmd} == {at for at in codons if at < junction - 50}
    assert any(codons.values())
    assert not all(codons.values())


def test_a_frameshift_is_judged_by_its_new_stop() -> None:
    ikbkg, sequence = shipped("IKBKG")
    last_exon = consequence(of_key("X-154564361-G-GC"), ikbkg, sequence)
    assert (last_exon.terms, last_exon.nmd_predicted) == (("frameshift_variant",), False)
    tcirg1, sequence = shipped("TCIRG1")
    where = hgvs.layout(tcirg1)
    at = where.genome(where.coding_length - 5)
    late = put(tcirg1, sequence, at, at + 1, "")
    assert "frameshift_variant" in late.terms
    assert not late.nmd_predicted


@pytest.mark.parametrize("gene", ["TCIRG1", "CTSK"])
def test_nmd_is_judged_on_the_edited_transcript(gene: str) -> None:
    transcript, sequence = whole(gene)
    where = hgvs.layout(transcript)
    junction = where.offsets[-1] - where.coding_start
    seen = set()
    for at in range(junction - 600, junction - 5, 11):
        for codons in (0, 5, 14, 17, 30):
            bases = "GCC" * codons + "G"
            edited = transcript.cds[:at] + bases + transcript.cds[at:]
            stops = [i for i in range(0, len(edited) - 2, 3) if edited[i : i + 3] in ("TAA", "TAG", "TGA")]
            expected = bool(stops) and stops[0] < junction + len(bases) - 50
            found = put(transcript, sequence, where.genome(at), where.genome(at), bases)
            if "frameshift_variant" in found.terms:
                assert found.nmd_predicted is expected, (at, codons)
                seen.add(expected)
    assert seen == {True, False}


def test_a_shift_that_only_reads_over_the_stop_is_no_null_variant() -> None:
    fermt3, sequence = shipped("FERMT3")
    where = hgvs.layout(fermt3)
    at = where.genome(where.coding_length - 4)  # the last base of the last residue's codon
    found = put(fermt3, sequence, at, at + 1, "")
    assert "stop_lost" in found.terms
    assert found.kind is not AlleleKind.NULL
    assert not found.nmd_predicted
    assert found.could_explain


def test_a_copy_of_the_stop_codons_end_leaves_it_as_it_was() -> None:
    transcript, sequence = whole("SNX10")
    where = hgvs.layout(transcript)
    at = where.genome(where.coding_length - 1) + 1
    found = put(transcript, sequence, at, at, transcript.cds[-6:])
    assert found.terms == ("stop_retained_variant", "3_prime_UTR_variant")
    assert found.hgvs_p == "p.(Ter202=)"


def test_genes_with_their_coding_sequence_in_the_last_exon_escape_nmd() -> None:
    amer1, sequence = shipped("AMER1")  # X:64192215 G>A = c.1072C>T p.(Arg358Ter)
    found = consequence(of_key("X-64192215-G-A"), amer1, sequence)
    assert (found.terms[0], found.kind, found.nmd_predicted) == ("stop_gained", AlleleKind.NULL, False)


@pytest.mark.parametrize("gene", ["TCIRG1", "OSTM1"])
def test_a_deletion_of_whole_exons(gene: str) -> None:
    transcript, sequence = whole(gene)
    exons = hgvs.layout(transcript).exons
    found = put(transcript, sequence, exons[2][0] - 40, exons[2][1] + 40, "")
    assert found.terms[0] == "exon_loss_variant"
    assert found.whole_exons_lost == (3,)
    assert found.kind is AlleleKind.NULL
    assert found.could_explain
    assert found.nmd_predicted is ((exons[2][1] - exons[2][0]) % 3 != 0)
    cut = put(transcript, sequence, exons[2][0] - 40, exons[3][0] + 5, "")  # and part of the next
    assert (cut.whole_exons_lost, cut.nmd_predicted) == ((3,), False)
    only_exon = put(transcript, sequence, exons[2][0], exons[2][1], "")
    assert only_exon.whole_exons_lost == (3,)
    assert "exon_loss_variant" in only_exon.terms
    everything = put(transcript, sequence, exons[0][0] - 10, exons[-1][1] + 10, "")
    assert everything.terms == ("transcript_ablation",)


def test_a_deletion_into_an_intron_hits_the_donor() -> None:
    transcript, sequence = whole("CA2")
    end = hgvs.layout(transcript).exons[1][1]
    found = put(transcript, sequence, end - 4, end + 4, "")
    assert found.terms[0] == "splice_donor_variant"
    assert found.hgvs_p is None
    assert found.in_coding


def test_a_copy_that_leaves_the_acceptor_intact_is_no_null_variant() -> None:
    ikbkg, sequence = shipped("IKBKG", Assembly.GRCH37)
    found = consequence(of_key("X-153788618-C-CCAGG"), ikbkg, sequence)
    assert found.hgvs_c == "c.519-3_519dup"
    assert found.kind is AlleleKind.OTHER
    assert found.hgvs_p is None
    assert found.could_explain
    transcript, sequence = whole("TCIRG1")
    start = hgvs.layout(transcript).exons[5][0]
    last = sequence.bases(transcript.contig, start - 12, start)
    assert last is not None
    assert "splice_acceptor_variant" not in put(transcript, sequence, start - 12, start - 12, last).terms
    assert put(transcript, sequence, start - 3, start - 1, "").terms[0] == "splice_acceptor_variant"
    assert "splice_acceptor_variant" not in put(transcript, sequence, start - 1, start - 1, "CCA").terms  # ..CCAG
    assert put(transcript, sequence, start - 1, start - 1, "CCT").terms[0] == "splice_acceptor_variant"  # ..CCTG


def test_terms_come_most_severe_first() -> None:
    transcript, sequence = whole("TYROBP")
    for start, end in hgvs.layout(transcript).exons:
        for at in range(start - 3, end + 3):
            terms = put(transcript, sequence, at, at + 2, "").terms
            assert list(terms) == sorted(terms, key=SEVERITY.index)


def test_long_alleles_and_many_alleles_are_quick() -> None:
    tcirg1, sequence = shipped("TCIRG1")
    known = [(of_key(row["key_GRCh38"]), *shipped(row["transcript"])) for row in KNOWN]
    start = time.process_time()
    long = consequence(Variant("11", 68039000, "A" * 100_000, "A"), tcirg1, sequence)
    for variant, transcript, bases in known:
        consequence(variant, transcript, bases)
    assert time.process_time() - start < 0.5  # s; about 0.01 s where this was written
    assert long.terms == ("exon_loss_variant",) or "transcript_ablation" in long.terms or long.whole_exons_lost


# ------------------------------------------------------------------ how far a change reaches


def test_a_premature_stop_says_what_becomes_of_the_transcript_and_how_much_of_the_protein_changes() -> None:
    transcript, sequence = whole("TCIRG1")
    where = hgvs.layout(transcript)
    residues = len(transcript.cds) // 3 - 1
    last = where.offsets[-1] - where.coding_start  # coding position of the last exon's first base
    penultimate = -(-(last - 50) // 3)
    cases = {
        10: (True, None, True),
        200: (True, None, False),
        penultimate: (False, NmdEscape.LAST_JUNCTION, False),
        residues - 2: (False, NmdEscape.LAST_EXON, False),
    }
    for codon, (lost, escape, proximal) in cases.items():
        found = put(transcript, sequence, where.genome(3 * codon), where.genome(3 * codon + 2) + 1, "TGA")
        extent = found.extent
        assert (extent.nmd_expected, extent.nmd_escape, extent.start_proximal) == (lost, escape, proximal)
        assert extent.protein_changed == round((residues - codon) / residues, 3)
        assert found.nmd_predicted is lost


def test_a_missense_change_and_an_intron_have_no_premature_stop() -> None:
    transcript, sequence = whole("TCIRG1")
    exon_end = hgvs.layout(transcript).exons[2][1]
    for at, distance in ((exon_end - 1, 1), (exon_end - 4, 4), (exon_end + 3, 4)):
        extent = substituted(transcript, sequence, at).extent
        assert extent.splice_distance == distance
        assert (extent.nmd_expected, extent.nmd_escape, extent.start_proximal) == (None, None, None)
