"""The gates of a call: one failed is doubtful, an absent field is skipped and named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varmio.interpret import quality
from varmio.interpret.quality import call_quality
from varmio.model import Allele, CallState, Genotype, Record, Variant, Zygosity

HET, HOM, HEMI, PARTIAL = Zygosity.HETEROZYGOUS, Zygosity.HOMOZYGOUS, Zygosity.HEMIZYGOUS, Zygosity.PARTIAL


def allele(
    zygosity: Zygosity = HET,
    depth: int | None = 40,
    depths: tuple[int | None, ...] | None = (20, 20),
    gq: float | None = 99,
    filters: tuple[str, ...] = ("PASS",),
    doubts: tuple[str, ...] = (),
    number: int = 1,
) -> Allele:
    call = Genotype("0/1", (0, 1), False, None, None, depth, depths, gq)
    record = Record(1, "6", 100, ".", "A", ("G", "T"), "50", filters, (), 100, call)
    return Allele(Variant("6", 100, "A", "G"), zygosity, record, number, (), doubts)


def state(*args: object, **fields: object) -> str:
    return str(call_quality(allele(*args, **fields), None).state)  # type: ignore[arg-type]


def test_a_call_that_passes_every_gate_is_solid() -> None:
    assert call_quality(allele(), None) == quality.CallQuality(CallState.SOLID, ())


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"filters": ()}, "solid"),
        ({"filters": ("LowQual",)}, "doubtful"),
        ({"filters": ("PASS", "off-target")}, "doubtful"),
        ({"depth": 10}, "solid"),
        ({"depth": 9}, "doubtful"),
        ({"gq": 20}, "solid"),
        ({"gq": 19.9}, "doubtful"),
        ({"depths": (80, 20)}, "solid"),
        ({"depths": (81, 19)}, "doubtful"),
        ({"depths": (20, 80)}, "solid"),
        ({"depths": (19, 81)}, "doubtful"),
        ({"zygosity": HOM, "depths": (3, 17)}, "solid"),
        ({"zygosity": HOM, "depths": (4, 16)}, "doubtful"),
        ({"zygosity": HEMI, "depths": (4, 16)}, "doubtful"),
        ({"zygosity": HOM, "depths": (0, 40)}, "solid"),
        ({"zygosity": PARTIAL}, "doubtful"),
        ({"zygosity": Zygosity.MOSAIC_SUSPECTED}, "doubtful"),
        ({"doubts": ("Three copies are written.",)}, "doubtful"),
        ({"depths": (0, 20, 20)}, "solid"),  # 1/2: each allele on half the reads
        ({"depths": (0, 36, 4)}, "doubtful"),
        ({"depths": (0, 0)}, "solid"),  # no reads counted per allele: no balance to judge
    ],
)
def test_each_gate(fields: dict[str, object], expected: str) -> None:
    assert state(**fields) == expected


def test_skipped_gates_are_named() -> None:
    judged = call_quality(allele(depths=None, gq=None), None)
    assert judged.state is CallState.SOLID
    assert judged.reasons == (
        "No genotype quality (GQ) in the file: that gate was skipped.",
        "No reads per allele in the file: the allele-balance gate was skipped.",
    )


def test_a_bare_genotype_is_not_assessable() -> None:
    judged = call_quality(allele(depth=None, depths=None, gq=None), None)
    assert judged.state is CallState.NOT_ASSESSABLE
    assert len(judged.reasons) == 3


@pytest.mark.parametrize("one", [{"depth": 30}, {"gq": 50}])
def test_depth_or_quality_alone_is_enough_to_judge(one: dict[str, object]) -> None:
    assert state(**{"depth": None, "depths": None, "gq": None, **one}) == "solid"


def test_doubtful_leads_over_not_assessable() -> None:
    assert state(depth=None, depths=None, gq=None, filters=("q10",)) == "doubtful"
    bare = allele(depth=None, depths=None, gq=None)
    assert call_quality(bare, "A pseudogene shares these exons.").state is CallState.DOUBTFUL


def test_a_region_that_is_not_unique_is_doubtful_with_its_reason() -> None:
    judged = call_quality(allele(), "A pseudogene shares these exons.")
    assert (judged.state, judged.reasons) == (CallState.DOUBTFUL, ("A pseudogene shares these exons.",))


def test_failed_gates_come_before_skipped_ones() -> None:
    reasons = call_quality(allele(depth=4, gq=None, filters=("q10",)), None).reasons
    assert reasons == (
        "FILTER is q10, not PASS.",
        "Depth 4 is below 10.",
        "No genotype quality (GQ) in the file: that gate was skipped.",
    )


def test_balance_from_alternate_reads_and_depth_alone() -> None:
    """freebayes written with DP and AO only."""
    assert quality.allele_balance(allele(depth=71, depths=(None, 13))) == pytest.approx(13 / 71)
    assert state(depth=71, depths=(None, 13)) == "doubtful"
    assert quality.allele_balance(allele(depth=None, depths=(None, 13))) is None
    assert quality.allele_balance(allele(depths=(10, None))) is None


@given(
    st.sampled_from([HET, HOM, HEMI, PARTIAL]),
    st.none() | st.integers(0, 200),
    st.none() | st.tuples(st.integers(0, 100), st.integers(0, 100)),
    st.none() | st.integers(0, 99),
    st.sampled_from([(), ("PASS",), ("q10",)]),
)
def test_solid_means_no_gate_failed(
    zygosity: Zygosity,
    depth: int | None,
    depths: tuple[int, int] | None,
    gq: int | None,
    filters: tuple[str, ...],
) -> None:
    judged = call_quality(allele(zygosity, depth, depths, gq, filters), None)
    assert (judged.state is CallState.NOT_ASSESSABLE) <= (depth is None and gq is None)
    if judged.state is CallState.SOLID:
        assert filters != ("q10",)
        assert zygosity is not PARTIAL
        assert depth is None or depth >= 10
        assert gq is None or gq >= 20
        assert depth is not None or gq is not None
    if judged.state is CallState.DOUBTFUL:
        assert not judged.reasons[0].endswith("skipped.")


def test_constants_carry_unit_and_source() -> None:
    for constant in quality.constants():
        assert getattr(quality, constant["name"]) == constant["value"]
        assert constant["unit"]
        assert constant["source"]
