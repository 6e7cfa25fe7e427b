"""Three witnesses of the assembly, the pseudoautosomal regions, and the sex that X shows."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varmio import assembly
from varmio.assembly import CONTIG_LENGTHS, SexCounts, decide, in_par, infer_sex, ref_checks
from varmio.errors import InputError
from varmio.model import (
    Assembly,
    AssemblyBasis,
    Genotype,
    KnownSequence,
    Record,
    Reference,
    Sex,
    Transcript,
)

G37, G38 = Assembly.GRCH37, Assembly.GRCH38
LENGTHS = {"chr1": 249250621, "chr2": None}
NO_HITS = {G37: 0, G38: 0}
NO_REF = {G37: (0, 0), G38: (0, 0)}


def refused(*args: object, where: str = "proband.vcf.gz") -> str:
    with pytest.raises(InputError) as caught:
        decide(*args, where=where)  # type: ignore[arg-type]
    message = str(caught.value)
    assert message.startswith(f"{where}: ")
    assert "\n" not in message
    return message


# --------------------------------------------------------------------------- contig lengths


def test_the_length_tables_share_no_length() -> None:
    lengths = [n for table in CONTIG_LENGTHS.values() for n in table.values()]
    assert len(set(lengths)) == len(lengths) == 48
    assert all(list(t) == [*map(str, range(1, 23)), "X", "Y"] for t in CONTIG_LENGTHS.values())


@pytest.mark.parametrize("name", list(Assembly))
def test_every_single_contig_length_names_its_assembly(name: Assembly) -> None:
    for length in CONTIG_LENGTHS[name].values():
        called = decide({"CM000663.2": length}, NO_HITS, NO_REF, None)
        assert (called.name, called.basis) == (name, AssemblyBasis.CONTIG_LENGTHS)
        assert f"CM000663.2: {length} bp" in called.evidence[0]


def test_three_witnesses_leave_three_sentences() -> None:
    called = decide(LENGTHS, {G37: 53, G38: 3}, {G37: (53, 0), G38: (0, 3)}, None)
    assert called.evidence == (
        "1 contig length of the header is that of GRCh37 (contig chr1: 249250621 bp).",
        "Panel coding positions hit: 53 read as GRCh37, 3 read as GRCh38.",
        "REF bases that agree with the known coding sequence: 53 of 53 as GRCh37 and 0 of 3 as GRCh38.",
    )


@pytest.mark.parametrize(
    "contigs",
    [{}, {"1": None}, {"1": 1000}, {"MT": 16569}, {"1": 249250621, "2": 242193529}, {"1": 247249719}],
    ids=["none", "no-length", "made-up", "mitochondrion", "mixed", "older-genome"],
)
def test_silent_headers_leave_it_undecided(contigs: dict[str, int | None]) -> None:
    assert "cannot tell GRCh37 from GRCh38" in refused(contigs, NO_HITS, NO_REF, None)


# --------------------------------------------------------------------------- panel positions and REF


@pytest.mark.parametrize(
    ("hits", "name"),
    [((5, 0), G37), ((4, 0), None), ((50, 5), G37), ((49, 5), None), ((0, 5), G38), ((5, 50), G38), ((0, 0), None)],
)
def test_panel_positions(hits: tuple[int, int], name: Assembly | None) -> None:
    args = ({}, dict(zip((G37, G38), hits, strict=True)), NO_REF, None)
    if name is None:
        refused(*args)
    else:
        called = decide(*args)
        assert (called.name, called.basis) == (name, AssemblyBasis.PANEL_SITES)


@pytest.mark.parametrize(
    ("checks", "named"),
    [
        ((5, 0), True),
        ((4, 0), False),
        ((5, 1), True),
        ((5, 2), False),
        ((38, 2), True),  # 5% of 40
        ((38, 3), False),
        ((95, 5), True),
    ],
)
def test_ref_bases(checks: tuple[int, int], named: bool) -> None:
    args = ({}, NO_HITS, {G37: (0, 0), G38: checks}, None)
    if named:
        assert decide(*args).name is G38
    else:
        refused(*args)


def test_ref_bases_that_fit_both_do_not_decide() -> None:
    refused({}, NO_HITS, {G37: (6, 0), G38: (6, 0)}, None)


# --------------------------------------------------------------------------- contradictions


def test_decisive_witnesses_that_disagree_are_refused() -> None:
    assert "contradictory" in refused(LENGTHS, {G37: 0, G38: 30}, NO_REF, None)
    assert "contradictory" in refused(LENGTHS, {G37: 0, G38: 30}, NO_REF, G37)
    assert "contradictory" in refused({}, {G37: 30, G38: 0}, {G37: (2, 3), G38: (9, 0)}, None)


@pytest.mark.parametrize("stated", [None, G37])
def test_ref_bases_of_another_genome_are_refused(stated: Assembly | None) -> None:
    message = refused(LENGTHS, {G37: 70, G38: 0}, {G37: (13, 62), G38: (0, 0)}, stated)
    assert "62 of 75 REF bases" in message
    assert "not this genome" in message
    assert decide(LENGTHS, NO_HITS, {G37: (5, 5), G38: (0, 0)}, stated).name is G37  # half is not more than half
    assert decide(LENGTHS, NO_HITS, {G37: (2, 7), G38: (0, 0)}, stated).name is G37  # nine are too few


def test_stated_settles_undecided_only() -> None:
    called = decide({}, NO_HITS, NO_REF, G38)
    assert (called.name, called.basis) == (G38, AssemblyBasis.STATED_BY_USER)
    assert called.evidence[-1] == "GRCh38 was stated on the command line."
    assert decide(LENGTHS, NO_HITS, NO_REF, G37).basis is AssemblyBasis.CONTIG_LENGTHS


def test_stated_against_a_decisive_witness() -> None:
    message = refused({"1": 248956422}, NO_HITS, NO_REF, G37)
    assert message == (
        "proband.vcf.gz: contig 1 is 248956422 bp, which is GRCh38, but --assembly GRCh37 was given. "
        "Drop --assembly, or pass the GRCh37 file."
    )
    assert "hit 30 times as GRCh37" in refused({}, {G37: 30, G38: 0}, NO_REF, G38)


@given(
    lengths=st.sampled_from([{}, {"1": 249250621}, {"1": 248956422}]),
    hits=st.tuples(st.integers(0, 60), st.integers(0, 60)),
    refs=st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 30)),
)
def test_swapping_the_assemblies_swaps_the_answer(
    lengths: dict[str, int], hits: tuple[int, int], refs: tuple[int, int, int, int]
) -> None:
    def outcome(a: Assembly, b: Assembly) -> Assembly | None:
        swapped = {c: CONTIG_LENGTHS[a if n == 249250621 else b][c] for c, n in lengths.items()}
        try:
            return decide(swapped, {a: hits[0], b: hits[1]}, {a: refs[:2], b: refs[2:]}, None).name
        except InputError:
            return None

    one, other = outcome(G37, G38), outcome(G38, G37)
    assert other == (one and one.other)


# --------------------------------------------------------------------------- REF against known bases

TRANSCRIPT = Transcript(
    gene="GENE1", hgnc_id="HGNC:1", accession="NM_1.1", protein="NP_1.1", ensembl="ENST1.1", mane="MANE Select",
    assembly=G38, contig="6", refseq_contig="NC_000006.12", strand=-1, exons=((100, 110), (120, 130)),
    cds_start=103, cds_end=125, cds="",
)  # fmt: skip
REFERENCE = Reference(G38, (TRANSCRIPT,), KnownSequence({"6": ((95, "A" * 20), (115, "C" * 20))}))
NO_CALL = Genotype("./.", (None, None), False, None, None, None, None, None)


def record(pos: int, ref: str, contig: str = "6") -> Record:
    return Record(1, contig, pos, ".", ref, ("G",), ".", (), (), pos - 1 + len(ref), NO_CALL)


@pytest.mark.parametrize(
    ("pos", "ref", "expected"),
    [
        (104, "A", (1, 0)),  # first coding base
        (104, "C", (0, 1)),
        (103, "C", (0, 0)),  # untranslated, though known
        (110, "AC", (1, 0)),  # the second base is intron
        (124, "CCCC", (2, 0)),  # the third is untranslated
        (125, "CT", (1, 0)),
        (104, "N", (0, 0)),
        (108, "A" * 60, (3, 0)),  # 3 in exon 1, the fourth in the intron
        (102, "A" * 60, (2, 0)),  # only the first four bases of a REF are compared
    ],
)
def test_only_coding_bases_are_compared(pos: int, ref: str, expected: tuple[int, int]) -> None:
    assert ref_checks([record(pos, ref)], {G38: REFERENCE}) == {G38: expected}


def test_ref_checks_elsewhere_compare_nothing() -> None:
    assert ref_checks([record(104, "C", contig="7")], {G38: REFERENCE}) == {G38: (0, 0)}


# --------------------------------------------------------------------------- PAR and sex


@pytest.mark.parametrize(
    ("name", "contig", "first", "last"),
    [(a, c, *span) for a, by in assembly.PSEUDOAUTOSOMAL.items() for c, spans in by.items() for span in spans],
)
def test_par_bounds_are_inclusive(name: Assembly, contig: str, first: int, last: int) -> None:
    assert [in_par(name, contig, p) for p in (first - 1, first, last, last + 1)] == [False, True, True, False]
    assert not in_par(name, "6", first)


def test_par_of_x_and_y_are_as_long() -> None:
    for spans in assembly.PSEUDOAUTOSOMAL.values():
        sizes = [[last - first for first, last in spans[c]] for c in ("X", "Y")]
        assert sizes[0] == sizes[1]


def test_ikbkg_lies_outside_the_par() -> None:
    assert not in_par(G37, "X", 153792576)
    assert not in_par(G38, "X", 154564361)


@pytest.mark.parametrize(
    ("counts", "sex"),
    [
        (SexCounts(x_het=712, x_hom=449, y_calls=7), Sex.FEMALE),  # a public female exome, Y calls and all
        (SexCounts(x_het=588, x_hom=326, y_calls=4), Sex.FEMALE),
        (SexCounts(x_het=47, x_hom=619, y_calls=10), Sex.MALE),
        (SexCounts(x_haploid=427), Sex.MALE),
        (SexCounts(x_haploid=20), Sex.MALE),
        (SexCounts(x_haploid=19), None),
        (SexCounts(x_het=10, x_hom=10, x_haploid=60), None),
        (SexCounts(x_het=25, x_hom=75), None),  # a girl with long homozygous segments, or a contaminated boy
        (SexCounts(x_het=0, x_hom=49), None),
        (SexCounts(x_het=0, x_hom=0, y_calls=500), None),
        (SexCounts(), None),
    ],
)
def test_sex(counts: SexCounts, sex: Sex | None) -> None:
    inferred, sentence = infer_sex(counts)
    assert inferred is sex
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_no_sex_is_inferred_from_few_calls() -> None:
    for het, hom, haploid in product(range(0, 20, 3), range(0, 20, 3), range(0, 10, 3)):
        assert infer_sex(SexCounts(het, hom, haploid))[0] is None


def test_constants_carry_unit_and_source() -> None:
    for constant in assembly.constants():
        assert set(constant) == {"name", "value", "unit", "source"}
        assert getattr(assembly, constant["name"]) == constant["value"]
        assert constant["source"]
