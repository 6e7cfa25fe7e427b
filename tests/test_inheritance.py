"""Phase: what proves trans, what proves cis, and that everything else stays unknown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from varmio.interpret.inheritance import Phase, phase
from varmio.model import Allele, Genotype, Record, Variant, Zygosity

NONE: frozenset[str] = frozenset()


def call(
    pos: int, gt: str, phase_set: str | None = None, ref: str = "A", alt: str = "G", number: int = 1, contig: str = "11"
) -> Allele:
    alleles = tuple(int(a) for a in gt.replace("|", "/").split("/"))
    phased = "|" in gt
    genotype = Genotype(gt, alleles, phased, phase_set, alleles if phase_set else None, 40, None, 99)
    record = Record(1, contig, pos, ".", ref, (alt,), ".", ("PASS",), (), pos, genotype)
    zygosity = Zygosity.HOMOZYGOUS if set(alleles) == {number} else Zygosity.HETEROZYGOUS
    return Allele(Variant(contig, pos, ref, alt), zygosity, record, number)


def test_unphased_heterozygotes_are_unknown() -> None:
    assert phase(call(10, "0/1"), call(90, "0/1"), NONE) is Phase.UNKNOWN


def test_a_homozygous_allele_is_on_the_other_copy_too() -> None:
    assert phase(call(10, "1/1"), call(90, "0/1"), NONE) is Phase.TRANS


def test_one_phase_set() -> None:
    assert phase(call(10, "0|1", "7"), call(90, "0|1", "7"), NONE) is Phase.CIS
    assert phase(call(10, "0|1", "7"), call(90, "1|0", "7"), NONE) is Phase.TRANS


def test_two_phase_sets_are_unknown() -> None:
    assert phase(call(10, "0|1", "7"), call(90, "1|0", "8"), frozenset({"11"})) is Phase.UNKNOWN


def test_bars_without_a_set_count_only_where_the_whole_contig_is_phased() -> None:
    pair = call(10, "0|1"), call(90, "1|0")
    assert phase(*pair, NONE) is Phase.UNKNOWN
    assert phase(*pair, frozenset({"11"})) is Phase.TRANS
    assert phase(call(10, "0|1"), call(90, "1/0"), frozenset({"11"})) is Phase.UNKNOWN


def test_a_set_on_one_of_the_two_only_is_unknown() -> None:
    assert phase(call(10, "0|1", "7"), call(90, "1|0"), frozenset({"11"})) is Phase.UNKNOWN


def test_other_contigs_are_unknown() -> None:
    other = call(90, "1|0", "7", contig="1")
    assert phase(call(10, "0|1", "7"), other, frozenset({"1", "11"})) is Phase.UNKNOWN


def test_two_bases_at_one_place_are_in_trans() -> None:
    assert phase(call(10, "0/1", alt="G"), call(10, "0/1", alt="T"), NONE) is Phase.TRANS


def test_overlap_alone_proves_nothing() -> None:
    """One event written twice: a caller's SNV beside its own larger record."""
    one, larger = call(10, "0/1", ref="C", alt="T"), call(10, "0/1", ref="CAG", alt="TGA")
    assert phase(one, larger, NONE) is Phase.UNKNOWN
    assert phase(call(10, "0/1", ref="ACG", alt="A"), call(10, "0/1", ref="AC", alt="A"), NONE) is Phase.UNKNOWN


def test_a_phase_set_speaks_before_the_place() -> None:
    one, larger = call(10, "0|1", "5", ref="C", alt="T"), call(10, "0|1", "5", ref="CAG", alt="TGA")
    assert phase(one, larger, NONE) is Phase.CIS
    assert phase(call(10, "0|1", "5", alt="G"), call(10, "0|1", "5", alt="T"), NONE) is Phase.CIS


def test_an_indel_site_split_by_a_normaliser() -> None:
    one, other = call(10, "1/0", ref="AC", alt="A"), call(10, "0/1", ref="AC", alt="ACC")
    assert phase(one, other, NONE) is Phase.TRANS
    assert phase(call(10, "0/1", ref="AC", alt="A"), other, NONE) is Phase.UNKNOWN


def test_both_alleles_of_one_record_are_in_trans_wherever_they_normalise_to() -> None:
    genotype = Genotype("1/2", (1, 2), False, None, None, 40, None, 99)
    record = Record(1, "11", 10, ".", "ACG", ("A", "ACGT"), ".", ("PASS",), (), 12, genotype)
    first = Allele(Variant("11", 10, "ACG", "A"), Zygosity.HETEROZYGOUS, record, 1)
    second = Allele(Variant("11", 40, "G", "GT"), Zygosity.HETEROZYGOUS, record, 2)
    assert phase(first, second, NONE) is Phase.TRANS


def test_partial_calls_are_unknown() -> None:
    half = call(10, "0|1", "7")
    partial = Allele(half.variant, Zygosity.PARTIAL, half.record, 1)
    assert phase(partial, call(90, "1|0", "7"), NONE) is Phase.UNKNOWN


@given(st.sampled_from(["0/1", "1/0", "0|1", "1|0", "1/1"]), st.sampled_from(["0/1", "0|1", "1|0"]))
def test_phase_does_not_depend_on_the_order_asked(first: str, second: str) -> None:
    a, b = call(10, first, "5"), call(90, second, "5")
    assert phase(a, b, NONE) is phase(b, a, NONE)
