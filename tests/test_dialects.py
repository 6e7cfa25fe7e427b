"""What each caller's FORMAT fields give, compared with the table of docs/input.md; genotypes of every kind."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from varmio.interpret.quality import allele_balance, call_quality
from varmio.model import Allele, CallState, Genotype, Record, Variant, Zygosity
from varmio.readers import vcf_dialects as dialects
from varmio.readers.vcf_record import genotype, parse_gt, parse_line

PAGE = (Path(__file__).parents[1] / "docs" / "input.md").read_text(encoding="utf-8")


def called(layout: str, sample: str, alt: str = "G", info: str = ".") -> Genotype:
    line = parse_line(["6", "100", ".", "A", alt, "50", "PASS", info, layout, sample], 10, 9)
    assert not isinstance(line, str), line
    return genotype(line)


@dataclass(frozen=True)
class Dialect:
    """One caller's column, each number in it another, so that a value tells where it came from."""

    layout: str
    sample: str
    depth: int | None
    reads: tuple[int | None, ...] | None
    share: tuple[float | None, ...] | None
    quality: float | None
    alt: str = "G"


DIALECTS = {
    "GATK HaplotypeCaller, Sentieon, Parabricks": Dialect(
        "GT:AD:DP:GQ:PGT:PID:PL:PS", "0|1:11,12:25:98:0|1:100_A_G:9,0,8:100", 25, (11, 12), None, 98
    ),
    "GATK, reference site": Dialect("GT:AD:DP:RGQ", "0/0:30:31:60", 31, (30,), None, 60, "."),
    "GATK gVCF block": Dialect("GT:DP:GQ:MIN_DP:PL", "0/0:35:90:28:0,9,99", 28, None, None, 90, "<NON_REF>"),
    "DeepVariant": Dialect("GT:GQ:DP:AD:VAF:PL", "0/1:41:40:19,20:0.5128:9,0,8", 40, (19, 20), (0.5128,), 41),
    "DeepVariant gVCF block": Dialect("GT:GQ:MIN_DP:PL", "0/0:50:29:0,9,99", 29, None, None, 50, "<*>"),
    "GLnexus": Dialect("GT:DP:AD:GQ:PL:RNC", "./1:20:8,11:30:9,0,8:-.", 20, (8, 11), None, 30),
    "DRAGEN": Dialect(
        "GT:AD:AF:DP:F1R2:F2R1:GQ:PL:GP:PRI:SB:MB:PS",
        "0|1:21,19:0.475:42:9,8:7,6:48:5,0,6:1,2,3:0,1,2:1,2,3,4:5,6,7,8:90",
        42, (21, 19), (0.475,), 48,
    ),
    "Clair3": Dialect("GT:GQ:DP:AD:AF", "0/1:17:33:15,16:0.4848", 33, (15, 16), (0.4848,), 17),
    "Clair3, before AD": Dialect("GT:GQ:DP:AF", "1/2:17:33:0.4,0.5", 33, None, (0.4, 0.5), 17, "G,T"),
    "freebayes": Dialect(
        "GT:DP:AD:RO:QR:AO:QA:GL", "0/1:60:28,29:26:900:27:901:-9,0,-8", 60, (28, 29), None, None
    ),
    "freebayes, before AD": Dialect(
        "GT:DP:RO:QR:AO:QA:GL", "1/2:60:1:30:26,27:900,901:-9,0,-8", 60, (1, 26, 27), None, None, "G,T"
    ),
    "bcftools call": Dialect("GT:PL:DP:AD:GQ", "0/1:90,0,80:22:9,10:77", 22, (9, 10), None, 77),
    "bcftools call, plain": Dialect("GT:PL", "0/1:90,0,80", None, None, None, None),
    "samtools mpileup -t DP4": Dialect("GT:PL:DP:DP4:GQ", "0/1:90,0,80:24:5,6,3,8:77", 24, (11, 11), None, 77),
    "Strelka germline, SNV": Dialect(
        "GT:GQ:GQX:DP:DPF:AD:ADF:ADR:SB:FT:PL", "0/1:88:30:35:2:16,17:9,8:7,9:-9:PASS:9,0,8", 35, (16, 17), None, 88
    ),
    "Strelka germline, indel": Dialect(
        "GT:GQ:GQX:DPI:AD:ADF:ADR:FT:PL", "0/1:88:30:36:14,13:7,6:7,7:LowGQX:9,0,8", 36, (14, 13), None, 88
    ),
    "Illumina Isaac": Dialect("GT:GQX:DP:DPF:AD", "0/1:45:32:3:15,14", 32, (15, 14), None, 45),
    "Octopus": Dialect("GT:GQ:DP:MQ:PS:PQ:FT", "1|0:200.25:37:60:100:99:PASS", 37, None, None, 200.25),
    "VarScan": Dialect(
        "GT:GQ:SDP:DP:RD:AD:FREQ:PVAL:RBQ:ABQ:RDF:RDR:ADF:ADR",
        "0/1:55:52:50:26:23:46.94%:1E-9:38:37:13:13:12:11",
        50, (26, 23), (0.4694,), 55,
    ),
    "Ion Torrent": Dialect(
        "GT:GQ:DP:FDP:RO:FRO:AO:FAO:AF:SAR:SAF:SRF:SRR",
        "1/2:66:120:110:3:2:50,40:60,48:0.545,0.436:1,2:3,4:5:6",
        110, (2, 60, 48), (0.545, 0.436), 66, "G,T",
    ),
    "Platypus": Dialect("GT:GL:GOF:GQ:NR:NV", "0/1:-9,0,-8:3:99:39:18", 39, (None, 18), None, 99),
    "VCF 4.5, local alleles": Dialect(
        "GT:DP:GQ:LAA:LAD", "0/3:31:64:3:14,16", 31, (14, None, None, 16), None, 64, "G,T,C"
    ),
    "no depth field": Dialect("GT:AD:GQ", "0/1:13,14:70", 27, (13, 14), None, 70),
}  # fmt: skip


@pytest.mark.parametrize("caller", DIALECTS)
def test_what_a_caller_gives(caller: str) -> None:
    d = DIALECTS[caller]
    call = called(d.layout, d.sample, d.alt)
    assert (call.depth, call.allele_depths, call.alt_fraction, call.quality) == (d.depth, d.reads, d.share, d.quality)


# --------------------------------------------------------------------------- the table of the page


def page_rows() -> dict[str, list[str]]:
    lines = PAGE[PAGE.index("| caller | FORMAT |") :].splitlines()[2:]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return {row[0]: row[1:] for row in rows}


def test_the_page_has_a_row_for_each_caller() -> None:
    assert [(c, row[0]) for c, row in page_rows().items()] == [(c, f"`{d.layout}`") for c, d in DIALECTS.items()]


@pytest.mark.parametrize("caller", DIALECTS)
@pytest.mark.parametrize(("column", "value"), [(1, "depth"), (2, "allele_depths"), (3, "alt_fraction"), (4, "quality")])
def test_the_page_names_the_fields_that_each_value_comes_from(caller: str, column: int, value: str) -> None:
    """A field that the page names is used: without it the value is another. One that it does not name is not."""
    d = DIALECTS[caller]
    keys, values = d.layout.split(":"), d.sample.split(":")
    whole = getattr(called(d.layout, d.sample, d.alt), value)
    used = set()
    for at in range(1, len(keys)):
        layout, sample = (":".join((*part[:at], *part[at + 1 :])) for part in (keys, values))
        if getattr(called(layout, sample, d.alt), value) != whole:
            used.add(keys[at])
    assert used == set(re.findall(r"\b[A-Z][A-Z0-9_]+\b", page_rows()[caller][column]))


def test_the_page_names_the_orders() -> None:
    def order(of: str) -> str:
        return next(line for line in PAGE.splitlines() if line.startswith(f"- {of}: ")).partition(": ")[2]

    total = "the sum of the reads per allele"
    assert order("depth").partition(".")[0] == ", ".join((*dialects.DEPTH, total, *dialects.LAST_DEPTH))
    assert ("MIN_DP", *dialects.DEPTH) == dialects.BLOCK_DEPTH
    assert order("reads per allele") == ", ".join(dialects.READS)
    assert order("share of the reads") == ", ".join(dialects.FRACTION)
    assert order("genotype quality").partition(".")[0] == ", ".join(dialects.QUALITY)
    assert (*dialects.QUALITY, "RGQ") == dialects.REFERENCE_QUALITY


# --------------------------------------------------------------------------- shapes


@pytest.mark.parametrize(
    ("layout", "sample", "alt", "reads"),
    [
        ("GT:AD", "0/1:15", "G", None),  # one number for two alleles
        ("GT:AD", "0/1:10,12,3", "G", None),
        ("GT:AD:RO:AO", "0/1:15:9:8", "G", (9, 8)),  # the next field that fits
        ("GT:AD:RO:AO", "0/1:.,.:9:8", "G", (9, 8)),
        ("GT:RD:AD", "0/1:20:15", "G,T", None),  # VarScan counts one ALT of two
        ("GT:RD:AD", "0/1:20:20,15", "G", (20, 15)),
        ("GT:RD:AD", "0/0:20:0", ".", (20,)),  # VarScan's AD is never REF's
        ("GT:RD:AD", "0/0:.:3", ".", None),
        ("GT:AD", "0/0:20", ".", (20,)),
        ("GT:RO:AO", "0/1:20:15", "G,T", None),
        ("GT:DP4", "0/1:5,6,3,8", "G,T", None),
        ("GT:DP4", "0/1:5,6,3", "G", None),
        ("GT:DP4", "0/1:5,6,3,.", "G", None),
        ("GT:LAA:LAD", "0/1:2:5,6", "G", None),  # an allele that ALT does not have
        ("GT:LAA:LAD", "1/2:1,1:5,6,7", "G,T", None),
        ("GT:LAA:LAD", "0/0:.:5", "G", (5, None)),
        ("GT:LAA:LAD", "0/1:1:5", "G", None),
        ("GT:AD", "0/1:1e3,5", "G", (None, 5)),
        ("GT:AD", "0/1:-4,5", "G", (None, 5)),
        ("GT:AD", "0/1:9999999999,5", "G", (None, 5)),
        ("GT:NR:NV", "1/2:40,40:19,20", "G,T", (None, 19, 20)),
    ],
)
def test_reads_of_the_wrong_shape_are_none(
    layout: str, sample: str, alt: str, reads: tuple[int | None, ...] | None
) -> None:
    assert called(layout, sample, alt).allele_depths == reads


@pytest.mark.parametrize(
    ("layout", "sample", "alt", "depth"),
    [
        ("GT:DP", "0/1:30,30", "G", None),
        ("GT:DP:AD", "0/1:.:9,8", "G", 17),
        ("GT:DP:AD", "0/1:.:9,.", "G", None),
        ("GT:DP:MIN_DP", "0/1:.:7", "G", 7),
        ("GT:DP:MIN_DP", "0/1:30:7", "G", 30),  # MIN_DP first in blocks only
        ("GT:DP:MIN_DP", "0/1:30:7", "G,<NON_REF>", 30),
        ("GT:DP:MIN_DP", "0/0:30:7", ".", 7),
        ("GT:DP:MIN_DP", "0/0:30:7", "<*>", 7),
        ("GT:NR:NV", "1/2:40,40:19,20", "G,T", 40),
        ("GT:NR:NV", "1/2:40,38:19,20", "G,T", None),
        ("GT:SDP", "0/1:40", "G", None),
        ("GT:DP", "0/1:0", "G", 0),
    ],
)
def test_depth_of_the_wrong_shape_is_none(layout: str, sample: str, alt: str, depth: int | None) -> None:
    assert called(layout, sample, alt).depth == depth


@pytest.mark.parametrize(
    ("layout", "sample", "alt", "share"),
    [
        ("GT:VAF", "0/1:0.4,0.5", "G", None),
        ("GT:VAF:AF", "0/1:.:0.5", "G", (0.5,)),
        ("GT:AF", "0/1:1.5", "G", None),
        ("GT:AF", "0/1:nan", "G", None),
        ("GT:FREQ", "0/1:45.3", "G", None),
        ("GT:FREQ", "0/1:45,3%", "G", None),
        ("GT:FREQ", "1/1:100%", "G", (1.0,)),
        ("GT:AF", "1/2:.,0.5", "G,T", (None, 0.5)),
    ],
)
def test_a_share_of_the_wrong_shape_is_none(
    layout: str, sample: str, alt: str, share: tuple[float | None, ...] | None
) -> None:
    assert called(layout, sample, alt).alt_fraction == share


@pytest.mark.parametrize(
    ("layout", "sample", "quality"),
    [
        ("GT:GQ:GQX", "0/1:.:12", 12),
        ("GT:RGQ", "0/1:60", None),  # of a reference genotype only
        ("GT:RGQ", "./.:60", None),
        ("GT:RGQ", "0|0:60", 60),
        ("GT:GQ", "0/1:-1", None),
        ("GT:GQ", "0/1:inf", None),
        ("GT:PL", "0/1:90,0,80", None),
    ],
)
def test_quality(layout: str, sample: str, quality: float | None) -> None:
    assert called(layout, sample).quality == quality


def test_info_is_never_read_for_a_sample() -> None:
    bare = called("GT:PL", "0/1:90,0,80")
    assert called("GT:PL", "0/1:90,0,80", info="DP=40;DP4=9,9,9,9;AF=0.5;AO=7;RO=8;AD=3,4;VAF=0.3") == bare


def test_the_samples_filter_is_decoded() -> None:
    assert called("GT:FT", "0/1:q10;low%3Bdepth%2c%3a%25").filters == ("q10", "low;depth,:%")
    assert called("GT:FT", "0/1:100%").filters == ("100%",)


# --------------------------------------------------------------------------- genotypes

GENOTYPES: dict[str, tuple[tuple[int | None, ...], bool]] = {
    "0/1": ((0, 1), False),
    "./.": ((None, None), False),
    ".": ((None,), False),
    "./1": ((None, 1), False),
    "1/.": ((1, None), False),
    ".|1": ((None, 1), True),
    "1": ((1,), False),
    "1/2": ((1, 2), False),
    "0/0/1": ((0, 0, 1), False),
    "0|1|2": ((0, 1, 2), True),
    "0/1|2": ((0, 1, 2), False),  # part of it phased
    "|0|1": ((0, 1), True),  # VCF 4.4: the first sign is the first allele's
    "/0|1": ((0, 1), False),
    "|0/1": ((0, 1), False),
    "|1": ((1,), False),  # one copy has no phase; BCF does not keep the sign
    "/1": ((1,), False),
}


@pytest.mark.parametrize("text", GENOTYPES)
@pytest.mark.parametrize("layout", ["{}", "GT:DP|{}:30", "DP:GT|30:{}", "DP:GT:GQ|30:{}"])
def test_a_genotype_wherever_it_stands(text: str, layout: str) -> None:
    keys, _, sample = layout.rpartition("|")
    call = called(keys or "GT", sample.format(text), "G,T")
    assert (call.text, (call.alleles, call.phased)) == (text, GENOTYPES[text])


@pytest.mark.parametrize("layout", ["DP", ".", "DP:GQ", "LGT"])
def test_no_genotype_stays_none(layout: str) -> None:
    assert called(layout, "0/1" if layout == "LGT" else "30").alleles == ()


@pytest.mark.parametrize(
    ("layout", "sample", "alt", "phase_set", "order"),
    [
        ("GT:PS", "0|1:100", "G", "100", (0, 1)),
        ("GT:PS", "/0|1:100", "G", "100", None),
        ("GT:PS:PGT:PID", "0|1:.:1|0:90_A_G", "G", "90_A_G", (1, 0)),
        ("GT:PGT:PID", "0/1:0|1:90_A_G", "G", "90_A_G", (0, 1)),
        ("GT:PGT:PID", "1/1:0|1:90_A_G", "G", None, None),  # PGT holds other alleles than GT
        ("GT:PGT:PID", "1/2:0|1:90_A_G", "G,T", None, None),
        ("GT:PGT:PID", "0/1:0/1:90_A_G", "G", None, None),
        ("GT:PSL", "0|1:a,a", "G", None, None),
        ("GT:HP", "0/1:90-1,90-2", "G", None, None),
    ],
)
def test_phase(layout: str, sample: str, alt: str, phase_set: str | None, order: tuple[int | None, ...] | None) -> None:
    call = called(layout, sample, alt)
    assert (call.phase_set, call.phased_alleles) == (phase_set, order)


FIELDS = sorted({key for d in DIALECTS.values() for key in d.layout.split(":")} - {"GT"} | {"PSL", "SDP", "LEN"})
VALUES = st.sampled_from(
    ["", ".", "0", "7", "30,12", "1,2,3", ".,5", "-1", "0.5", "1e9", "46%", "nan", "0|1", "x", "²"]
)
GT_TEXT = st.builds(
    lambda lead, alleles, signs: lead + "".join(a + s for a, s in zip(alleles, signs, strict=False)) + alleles[-1],
    st.sampled_from(["", "", "/", "|"]),
    st.lists(st.sampled_from([".", "0", "1", "2"]), min_size=1, max_size=5),
    st.lists(st.sampled_from("/|"), min_size=5, max_size=5),
)


@settings(max_examples=200, deadline=None)
@given(
    gt=GT_TEXT,
    fields=st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=8),
    alt=st.sampled_from(["G,T", "G,*", "T,<NON_REF>"]),
    seed=st.integers(0, 99),
)
def test_any_column_is_read_by_name_and_nothing_is_guessed(
    gt: str, fields: dict[str, str], alt: str, seed: int
) -> None:
    pairs = [("GT", gt), *fields.items()]
    call = called(*(":".join(part) for part in zip(*pairs, strict=True)), alt)
    random.Random(seed).shuffle(pairs)
    assert called(*(":".join(part) for part in zip(*pairs, strict=True)), alt) == call
    assert call.text == gt
    assert sum(a is None for a in call.alleles) == gt.count(".")
    assert [a for a in call.alleles if a is not None] == [int(a) for a in re.findall(r"\d+", gt)]
    assert call.phased is ("|" in gt and "/" not in gt and len(call.alleles) > 1)
    assert call.allele_depths is None or len(call.allele_depths) == 3
    assert call.alt_fraction is None or all(share is None or 0 <= share <= 1 for share in call.alt_fraction)
    if not {"DP", "FDP", "DPI", "NR", "MIN_DP"} & set(fields) and call.allele_depths is None:
        assert call.depth is None


@given(GT_TEXT)
def test_a_gt_text_is_read_whole(text: str) -> None:
    parsed = parse_gt(text)
    assert parsed is not None
    assert len(parsed[0]) == 1 + len(re.findall(r"[/|]", text[1:]))


# --------------------------------------------------------------------------- the balance that rests on them


def balance(layout: str, sample: str, alt: str = "G", number: int = 1) -> float | None:
    record = Record(1, "6", 100, ".", "A", tuple(alt.split(",")), "50", (), (), 100, called(layout, sample, alt))
    return allele_balance(Allele(Variant("6", 100, "A", alt[0]), Zygosity.HETEROZYGOUS, record, number))


@pytest.mark.parametrize(
    ("layout", "sample", "share"),
    [
        ("GT:VAF", "0/1:0.31", 0.31),  # no reads: the share that the caller wrote
        ("GT:AD:VAF", "0/1:10,10:0.31", 0.5),  # reads count first
        ("GT:AD:VAF", "0/1:10,.:0.31", 0.31),
        ("GT:AO:VAF", "0/1:12:0.31", 0.31),  # of how many reads is not known
        ("GT:DP:AO:VAF", "0/1:24:12:0.31", 0.5),
        ("GT:NR:NV", "0/1:40:10", 0.25),
        ("GT:AD:VAF", "0/1:0,0:0.31", 0.31),
        ("GT:AD", "0/1:0,0", None),
        ("GT:VAF", "0/1:.", None),
        ("GT:FREQ", "0/1:25%", 0.25),
    ],
)
def test_allele_balance(layout: str, sample: str, share: float | None) -> None:
    assert balance(layout, sample) == share


def test_allele_balance_of_the_second_alt() -> None:
    assert balance("GT:AF", "1/2:0.4,0.55", "G,T", 2) == 0.55
    assert balance("GT:AF", "1/2:0.4", "G,T", 2) is None


def test_a_het_call_that_few_reads_carry_is_doubtful() -> None:
    record = Record(1, "6", 100, ".", "A", ("G",), "50", (), (), 100, called("GT:DP:GQ:AF", "0/1:90:99:0.06"))
    found = call_quality(Allele(Variant("6", 100, "A", "G"), Zygosity.HETEROZYGOUS, record, 1), None)
    assert found.state is CallState.DOUBTFUL
    assert "6.0% of the reads carry the allele" in found.reasons[0]
