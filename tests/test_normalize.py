"""One key per allele, REF checks, and the same allele on the other assembly."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from varmio.interpret.normalize import carry, normalize, ref_disagrees, trimmed
from varmio.model import Assembly, KnownSequence, Transcript, Variant
from varmio.readers import reference

BASES = "TTTGACACACATGGGCCATTTTTTTTAC"
KNOWN = KnownSequence({"1": ((100, BASES),)})
NOTHING = KnownSequence({})


def transcript_of(gene: str, assembly: Assembly) -> Transcript:
    return next(t for t in reference.load(assembly).transcripts if t.gene == gene)


@pytest.mark.parametrize(
    ("pos", "ref", "alt", "key"),
    [
        (105, "A", "G", "1-105-A-G"),
        (104, "GACA", "GA", "1-104-GAC-G"),
        (109, "ACA", "A", "1-104-GAC-G"),  # the last repeat unit, moved to the first
        (111, "A", "ACA", "1-104-G-GAC"),
        (104, "GAC", "GTC", "1-105-A-T"),
        (104, "GAC", "TTC", "1-104-GA-TT"),
        (125, "T", "TTTT", "1-118-A-ATTT"),
        (113, "GGGC", "GC", "1-112-TGG-T"),
        (101, "TT", "T", "1-101-TT-T"),  # nothing known to the left: the anchor stays on the right
    ],
)
def test_keys(pos: int, ref: str, alt: str, key: str) -> None:
    assert normalize(Variant("1", pos, ref, alt), KNOWN).key == key


def test_without_sequence_the_written_ref_is_all_there_is() -> None:
    assert normalize(Variant("6", 108385489, "ACT", "A"), NOTHING).key == "6-108385489-ACT-A"
    assert normalize(Variant("1", 104, "GACACA", "GACA"), NOTHING).key == "1-104-GAC-G"
    assert normalize(Variant("1", 105, "CT", "T"), NOTHING).key == "1-105-CT-T"


def test_trimming_takes_the_suffix_first() -> None:
    assert trimmed(Variant("1", 10, "CACA", "CA")) == (9, "CA", "")
    assert trimmed(Variant("1", 10, "C", "CT")) == (10, "", "T")
    assert trimmed(Variant("1", 10, "C", "C")) == (9, "", "")


@given(seed=st.integers(0, 10**9))
@settings(max_examples=200, deadline=None)
def test_every_spelling_of_an_allele_has_one_key(seed: int) -> None:
    rng = random.Random(seed)
    text = "".join(rng.choices("AC", k=60))  # few letters, so that repeats are common
    known = KnownSequence({"1": ((0, text),)})
    start = rng.randrange(20, 40)
    end = start + rng.randrange(0, 5)
    put = "".join(rng.choices("AC", k=rng.randrange(0, 5)))
    if text[start:end] == put:
        return
    keys = set()
    for left, right in ((1, 0), (3, 4), (0, 1), (9, 9), (19, 2)):
        low, high = start - left, end + right
        ref, alt = text[low:high], text[low:start] + put + text[end:high]
        keys.add(normalize(Variant("1", low + 1, ref, alt), known).key)
    assert len(keys) == 1
    contig, pos, ref, alt = keys.pop().split("-")
    at = int(pos) - 1
    assert text[:at] + alt + text[at + len(ref) :] == text[:start] + put + text[end:]
    assert contig == "1"
    assert len(ref) == 1 or len(alt) == 1 or (ref[0] != alt[0] and ref[-1] != alt[-1])


def test_ref_against_known_bases() -> None:
    assert ref_disagrees(Variant("1", 104, "GAC", "G"), KNOWN) is False
    assert ref_disagrees(Variant("1", 104, "GAG", "G"), KNOWN) is True
    assert ref_disagrees(Variant("1", 50, "GAG", "G"), KNOWN) is None
    assert ref_disagrees(Variant("2", 104, "GAC", "G"), KNOWN) is None
    assert ref_disagrees(Variant("1", 99, "GGTTT", "G"), KNOWN) is None  # two unknown, three agree
    assert ref_disagrees(Variant("1", 99, "GGTTA", "G"), KNOWN) is True  # what is known differs
    assert ref_disagrees(Variant("1", 127, "AC" + "G" * 100_000, "A"), KNOWN) is None


@pytest.mark.parametrize(
    ("gene", "old", "new"),
    [
        ("OSTM1", "6-108385489-ACT-A", "6-108064285-ACT-A"),
        ("TCIRG1", "11-67810118-C-T", "11-68042651-C-T"),
        ("CLCN7", "16-1524837-G-A", "16-1474836-G-A"),
        ("TNFSF11", "13-43175037-G-A", "13-42600901-G-A"),
        ("IKBKG", "X-153792576-G-GC", "X-154564361-G-GC"),
    ],
)
def test_an_allele_keeps_itself_on_the_other_assembly(gene: str, old: str, new: str) -> None:
    for here, there, key, wanted in (
        (Assembly.GRCH37, Assembly.GRCH38, old, new),
        (Assembly.GRCH38, Assembly.GRCH37, new, old),
    ):
        contig, pos, ref, alt = key.split("-")
        source, target = transcript_of(gene, here), transcript_of(gene, there)
        moved = carry(Variant(contig, int(pos), ref, alt), source, target, reference.load(there).sequence)
        assert moved is not None
        assert moved.key == wanted


def test_what_cannot_be_known_is_not_carried() -> None:
    source, target = transcript_of("TBXAS1", Assembly.GRCH37), transcript_of("TBXAS1", Assembly.GRCH38)
    known = reference.load(Assembly.GRCH38).sequence
    assert carry(Variant("7", 139653196, "A", "C"), source, target, known) is None  # GRCh38's own base
    ca2 = [transcript_of("CA2", assembly) for assembly in Assembly]
    intron = ca2[0].exons[1][1]
    assert carry(Variant("8", intron + 50, "A", "C"), *ca2, known) is not None
    assert carry(Variant("8", intron + 51, "A", "C"), *ca2, known) is None  # deep, no locus
    fam20c = [transcript_of("FAM20C", assembly) for assembly in Assembly]
    across = "A" * (fam20c[0].exons[3][0] - fam20c[0].exons[2][1] + 20)  # two shifts
    assert carry(Variant("7", fam20c[0].exons[2][1] - 5, across, "A"), *fam20c, known) is None


def test_deep_intronic_alleles_are_carried_where_the_locus_confirms_ref() -> None:
    tcirg1 = [transcript_of("TCIRG1", assembly) for assembly in Assembly]
    old, new = (reference.load(assembly).sequence for assembly in Assembly)
    deep = tcirg1[0].exons[1][1] + 200
    base = old.bases("11", deep, deep + 1)
    assert base is not None
    other = "A" if base != "A" else "C"
    moved = carry(Variant("11", deep + 1, base, other), *tcirg1, new)
    assert moved is not None
    assert moved.pos - deep - 1 == 232_533
    wrong = "A" if base != "A" else "C"
    assert carry(Variant("11", deep + 1, wrong, base), *tcirg1, new) is None
