"""Two engines that share no code with ours name 1,000 random variants: docs/naming.md explains each disagreement."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.naming.compare import disagreements, ledger
from tests.naming_genome import padded, right_aligned
from tests.short_genome import contigs, drawn
from varmio.interpret import locate
from varmio.interpret.consequence import consequence
from varmio.interpret.hgvs import layout, reverse_complement
from varmio.interpret.normalize import normalize, trimmed
from varmio.interpret.protein import translate_to_stop
from varmio.model import Assembly

SEED = 20261126
OUTSIDE_CODING = re.compile(r"[-*+?]")


@pytest.mark.parametrize("assembly", list(Assembly))
def test_every_disagreement_is_explained(assembly: Assembly, tmp_path: Path) -> None:
    pytest.importorskip("weaver", reason="hgvs-weaver is not installed")
    found = list(disagreements(drawn(SEED, 500, assembly), tmp_path))
    assert [d.text for d in found if d.label is None] == []
    assert {d.label for d in found} <= ledger()
    assert {d.kind for d in found} == {"c", "p", "consequence"}


def test_all_transcripts_of_both_strands_are_drawn() -> None:
    seen = {c.transcript.accession for c, _ in drawn(SEED, 500, Assembly.GRCH37)}
    assert len(seen) == 39
    assert {c.transcript.strand for c in contigs(Assembly.GRCH37)} == {1, -1}


@pytest.mark.parametrize("assembly", list(Assembly))
def test_silent_means_that_the_protein_is_the_same(assembly: Assembly) -> None:
    """The whole transcript is edited and read anew, without any naming."""
    judged = 0
    for contig, variant in drawn(SEED, 1500, assembly):
        t = contig.transcript
        found = consequence(variant, t, contig.known)
        start, ref, alt = trimmed(variant)
        whole = any(s <= start and start + len(ref) <= e and (ref or s < start < e) for s, e in t.exons)
        if not whole or found.hgvs_p in (None, "p.(Met1?)") or OUTSIDE_CODING.search(found.hgvs_c or "-"):
            continue
        edited, before = (
            "".join(
                contig.bases[s:start] + put + contig.bases[start + len(ref) : e]
                if s <= start and start + len(ref) <= e
                else contig.bases[s:e]
                for s, e in t.exons
            )
            for put in (alt, ref)
        )
        first = layout(t).coding_start
        read = [
            translate_to_stop((bases if t.strand == 1 else reverse_complement(bases))[first:])
            for bases in (before, edited)
        ]
        assert (read[0] == read[1]) == found.hgvs_p.endswith("=)"), (variant.key, found.hgvs_p)
        assert read[0] != read[1] or not {"stop_gained", "frameshift_variant"} & set(found.terms)
        judged += 1
    assert judged > 300


@pytest.mark.parametrize("assembly", list(Assembly))
def test_from_genome_to_c_and_back_on_every_transcript(assembly: Assembly) -> None:
    """Also padded and right-aligned spellings get the one name."""
    named = set()
    for contig, variant in drawn(SEED, 1500, assembly):
        t, known = contig.transcript, contig.known
        name = consequence(variant, t, known).hgvs_c
        shortest = normalize(variant, known)
        spellings = [shortest, padded(variant, known, 7, 5)]
        if len(shortest.ref) != len(shortest.alt) and shortest.ref[0] == shortest.alt[0]:
            spellings.append(right_aligned(shortest, known))
        assert {consequence(spelling, t, known).hgvs_c for spelling in spellings} == {name}
        if name is not None:
            named.add(t.accession)
            assert locate.allele(name, t, known) == shortest, name
    assert len(named) == 39
