"""Reading one sample's VCF: forms, names, genotypes, accounting, panel records, index, sex counts."""

from __future__ import annotations

import gzip
import hashlib
import random
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pysam
import pysam.bcftools
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from varmio.errors import InputError, UsageError
from varmio.model import Assembly, Record
from varmio.readers import vcf, vcf_index, vcf_pass
from varmio.readers.vcf_record import parse_gt

G37, G38 = Assembly.GRCH37, Assembly.GRCH38
# a made-up panel: one gene on 6 and one on X, 100 kb apart between the assemblies
LOCI: vcf.Ranges = {
    G37: {"6": ((1_000_000, 1_002_000),), "X": ((5_000_000, 5_001_000),)},
    G38: {"6": ((1_100_000, 1_102_000),), "X": ((5_100_000, 5_101_000),)},
}
CODING: vcf.Ranges = {
    G37: {"6": ((1_000_500, 1_000_600),), "X": ((5_000_500, 5_000_600),)},
    G38: {"6": ((1_100_500, 1_100_600),), "X": ((5_100_500, 5_100_600),)},
}
HEADER = (
    "##fileformat=VCFv4.2",
    "##source=caller 1.0",
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype, a=b">',
    "##contig=<ID=6,length=171115067>",
    "##contig=<ID=GL1,assembly=b37>",
)


def row(
    contig: str = "6",
    pos: int | str = 1_000_551,
    ref: str = "A",
    alt: str = "G",
    sample: str = "0/1",
    layout: str = "GT",
    filters: str = "PASS",
    info: str = ".",
) -> str:
    return "\t".join([contig, str(pos), ".", ref, alt, "50", filters, info, layout, sample])


def text_of(rows: Sequence[str], samples: Sequence[str] = ("S1",), header: Sequence[str] = HEADER) -> str:
    titles = "\t".join(["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", *samples])
    return "\n".join([*header, titles, *rows]) + "\n"


def write(path: Path, text: str) -> Path:
    """Writes the text as the suffix says: .vcf plain, .gz gzip, .bgz BGZF."""
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    elif path.suffix == ".bgz":
        with pysam.BGZFile(str(path), "wb") as handle:
            handle.write(text.encode())
    else:
        path.write_bytes(text.encode())
    return path


@contextmanager
def one_by_one() -> Iterator[None]:
    """Every line is read in full: what is only counted otherwise must come to the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vcf_pass, "FEW_CELLS", 1 << 60)
        yield


@pytest.fixture
def scan(tmp_path: Path) -> Callable[..., vcf.Scan]:
    def run(*rows: str, sample: str | None = None, samples: Sequence[str] = ("S1",)) -> vcf.Scan:
        path = write(tmp_path / "a.vcf", text_of(rows, samples))
        return vcf.scan(path, sample, LOCI, CODING)

    return run


def only(seen: vcf.Scan) -> Record:
    assert seen.unreadable == ()
    (record,) = seen.panel
    return record


# --------------------------------------------------------------------------- forms of the file


@pytest.mark.parametrize("name", ["a.vcf", "a.vcf.gz", "a.vcf.bgz"])
def test_text_gzip_and_bgzf_read_alike(tmp_path: Path, name: str) -> None:
    text = text_of([row(pos=500), row(), row(pos=1_000_700, alt="AT", sample="1|1")])
    path = write(tmp_path / name, text)
    seen = vcf.scan(path, None, LOCI, CODING)
    assert [r.pos for r in seen.panel] == [1_000_551, 1_000_700]
    assert [r.line for r in seen.panel] == [8, 9]
    assert (seen.records, seen.snv, seen.indel, seen.het, seen.hom) == (3, 2, 1, 2, 1)
    assert seen.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda t: t.replace("\n", "\r\n"), id="crlf"),
        pytest.param(lambda t: "\ufeff" + t, id="byte-order-mark"),
        pytest.param(lambda t: t.removesuffix("\n"), id="no-last-newline"),
        pytest.param(lambda t: t + "\n\n", id="blank-lines"),
        pytest.param(lambda t: t.replace("\n6\t", "\nchr6\t"), id="chr"),
    ],
)
def test_harmless_differences_change_nothing(tmp_path: Path, change: Callable[[str], str]) -> None:
    text = text_of([row(pos=500), row(sample="1/1")])
    plain = vcf.scan(write(tmp_path / "a.vcf", text), None, LOCI, CODING)
    other = vcf.scan(write(tmp_path / "b.vcf", change(text)), None, LOCI, CODING)
    assert other.records == plain.records == 2
    assert [(r.contig, r.pos, r.genotype) for r in other.panel] == [(r.contig, r.pos, r.genotype) for r in plain.panel]
    assert other.unreadable == ()


def test_a_last_line_without_its_end_is_told(tmp_path: Path) -> None:
    text = text_of([row()])
    cut = vcf.scan(write(tmp_path / "a.vcf", text[:-1]), None, LOCI, CODING)
    assert cut.cut_line == len(text.splitlines()) == cut.panel[-1].line
    assert vcf.scan(write(tmp_path / "b.vcf", text), None, LOCI, CODING).cut_line is None


def test_records_over_many_blocks(tmp_path: Path) -> None:
    rows = [row(contig="1", pos=p, sample="0/1" if p % 2 else "1/1") for p in range(1, 30_001)]
    rows[20_000] = row(contig="1", pos="x")
    seen = vcf.scan(write(tmp_path / "a.vcf.bgz", text_of([*rows, row()])), None, LOCI, CODING)
    assert (seen.records, seen.unreadable_count) == (30_001, 1)
    assert seen.unreadable == ((20_000 + len(HEADER) + 2, "POS is not a number"),)
    assert only_line(seen) == 30_001 + len(HEADER) + 1
    assert (seen.het, seen.hom) == (15_000, 15_000)


def only_line(seen: vcf.Scan) -> int:
    (record,) = seen.panel
    return record.line


def test_header(tmp_path: Path) -> None:
    header = vcf.open_header(write(tmp_path / "a.vcf.gz", text_of([], samples=("A", "B"))))
    assert header.samples == ("A", "B")
    assert header.contigs == {"6": 171115067, "GL1": None}
    assert (header.source, header.synthetic) == ("caller 1.0", False)
    made = vcf.open_header(write(tmp_path / "b.vcf", text_of([], header=(*HEADER, "##varmio_synthetic=1"))))
    assert made.synthetic


# --------------------------------------------------------------------------- samples


def test_several_samples(scan: Callable[..., vcf.Scan]) -> None:
    joint = row(sample="0/0\t1/1\t./.")
    family = ("FATHER", "CHILD", "MOTHER")
    with pytest.raises(UsageError, match=r"holds 3 samples.*--sample: FATHER, CHILD, MOTHER"):
        scan(joint, samples=family)
    with pytest.raises(UsageError, match=r"no sample 'CHILDD'\. Did you mean CHILD"):
        scan(joint, samples=family, sample="CHILDD")
    texts = {name: only(scan(joint, samples=family, sample=name)).genotype.text for name in family}
    assert texts == {"FATHER": "0/0", "CHILD": "1/1", "MOTHER": "./."}


def test_a_named_sample_carries_only_its_own_calls(scan: Callable[..., vcf.Scan]) -> None:
    rows = [row(contig="1", pos=p, sample="0/0\t1/1") for p in range(1, 50)]
    father = scan(*rows, samples=("F", "C"), sample="F")
    assert (father.snv, father.hom, father.small_variants) == (0, 0, 49)
    assert scan(*rows, samples=("F", "C"), sample="C").hom == 49


# --------------------------------------------------------------------------- contigs and places


@pytest.mark.parametrize(
    ("name", "plain"),
    [("chr6", "6"), ("6", "6"), ("chrX", "X"), ("chrM", "MT"), ("M", "MT"), ("MT", "MT"), ("HLA-A*01", "HLA-A*01")],
)
def test_plain_contig(name: str, plain: str) -> None:
    assert vcf.plain_contig(name) == plain


@pytest.mark.parametrize(
    ("pos", "ref", "alt", "info", "kept"),
    [
        (1_000_001, "A", "G", ".", True),  # first base of the locus
        (1_000_000, "A", "G", ".", False),
        (999_999, "AC", "A", ".", False),
        (999_999, "ACT", "A", ".", True),  # a deletion that reaches in
        (1_002_000, "A", "G", ".", True),  # last base
        (1_002_001, "A", "G", ".", False),
        (900_000, "A", "<DEL>", "SVTYPE=DEL;END=1000400", True),
        (900_000, "A", "<DEL>", "SVTYPE=DEL;SVLEN=-100400", True),
        (900_000, "A", "<DEL>", "SVTYPE=DEL;END=950000", False),
        (900_000, "A", "<NON_REF>", "END=1000400", True),
        (900_000, "A", ".", "END=1000400", True),
        (900_000, "A", "G", "END=1000400", False),  # END of a small variant is REF's
        (1_101_000, "A", "G", ".", True),  # the other assembly's place
    ],
)
def test_what_touches_a_panel_gene(
    scan: Callable[..., vcf.Scan], pos: int, ref: str, alt: str, info: str, kept: bool
) -> None:
    assert bool(scan(row(pos=pos, ref=ref, alt=alt, info=info, sample="0/1" if alt != "." else "0/0")).panel) is kept


def test_a_long_deletion_far_from_its_start_is_kept(scan: Callable[..., vcf.Scan]) -> None:
    seen = scan(row(pos=900_000, ref="A" * 100_600, alt="A"))
    assert only(seen).end == 899_999 + 100_600
    assert seen.coding_hits == {G37: 1, G38: 0}


def test_a_record_seen_before_is_still_read_where_it_reaches_in(scan: Callable[..., vcf.Scan]) -> None:
    reaching = {
        "block": {"alt": "<NON_REF>", "sample": "0/0", "info": "END=1000560"},
        "deletion": {"ref": "A" * 100_600, "alt": "A"},
        "structural": {"alt": "<DEL>", "info": "END=1000560"},
    }
    for fields in reaching.values():
        far = {**fields, "info": "."} if "info" in fields else fields
        seen = scan(row(pos=1000, **far), row(pos=2000, **far), row(pos=900_000, **fields))
        assert [r.pos for r in seen.panel] == [900_000]


def test_the_end_of_a_structural_call(scan: Callable[..., vcf.Scan]) -> None:
    for info in ("END=1000400", "SVLEN=-200", "SVTYPE=DEL;SVLEN=200,-300", "XEND=9;END=1000400;SVLEN=-9"):
        assert only(scan(row(pos=1_000_200, alt="<DEL>", info=info))).end == 1_000_400
    for info in (".", "END=5", "END=x", "XEND=1000400"):
        assert only(scan(row(pos=1_000_200, alt="<DEL>", info=info))).end == 1_000_200


def test_coding_hits_count_records_and_blocks_not_structural_calls(scan: Callable[..., vcf.Scan]) -> None:
    seen = scan(
        row(pos=1_000_501),
        row(pos=1_000_551, alt="<NON_REF>", sample="0/0", info="END=1000560"),
        row(pos=1_000_700),
        row(pos=1_000_100, alt="<DUP>", info="END=1101000"),
        row(pos=1_100_600),
    )
    assert seen.coding_hits == {G37: 2, G38: 1}
    assert len(seen.panel) == 5


def test_unsorted_and_returning_contigs(scan: Callable[..., vcf.Scan]) -> None:
    assert not scan(row(pos=5), row(pos=5), row(pos=6), row(contig="7", pos=1)).unsorted
    assert scan(row(pos=6), row(pos=5)).unsorted
    assert scan(row(pos=6), row(contig="7", pos=1), row(pos=9)).unsorted


# --------------------------------------------------------------------------- genotypes, by name


@pytest.mark.parametrize(
    ("text", "alleles", "phased"),
    [
        ("0/1", (0, 1), False),
        ("1|0", (1, 0), True),
        ("./.", (None, None), False),
        (".", (None,), False),
        ("./1", (None, 1), False),
        ("1", (1,), False),
        (".|1", (None, 1), True),
        ("0/1/1", (0, 1, 1), False),
        ("0/1|2", (0, 1, 2), False),
        ("|0|1", (0, 1), True),
        ("10/12", (10, 12), False),
    ],
)
def test_gt(text: str, alleles: tuple[int | None, ...], phased: bool) -> None:
    assert parse_gt(text) == (alleles, phased)


@pytest.mark.parametrize("text", ["", "/", "0/", "a/b", "0/-1", "0 /1", "1_0", "0//1", "0\\1", "²/1"])
def test_not_a_gt(text: str) -> None:
    assert parse_gt(text) is None


@given(st.lists(st.none() | st.integers(0, 30), min_size=1, max_size=6), st.sampled_from("/|"))
def test_gt_round_trip(alleles: list[int | None], separator: str) -> None:
    text = separator.join("." if a is None else str(a) for a in alleles)
    assert parse_gt(text) == (tuple(alleles), separator == "|" and len(alleles) > 1)


@given(st.text(alphabet="0123456789./|-x ", max_size=8))
def test_gt_never_turns_missing_into_reference(text: str) -> None:
    parsed = parse_gt(text)
    if parsed is not None:
        assert sum(a is None for a in parsed[0]) == text.count(".")


def test_missing_genotype_stays_missing(scan: Callable[..., vcf.Scan]) -> None:
    """A peer turned ./. into 0/0."""
    call = only(scan(row(sample="./."))).genotype
    assert (call.text, call.alleles) == ("./.", (None, None))
    assert (scan(row(contig="1", sample="./.")).hom, scan(row(contig="1", sample="./1")).het) == (0, 0)


def test_phased_calls_count_like_unphased_ones(scan: Callable[..., vcf.Scan]) -> None:
    """A peer read only the strings 0/1 and 1/1."""
    seen = scan(*(row(contig="1", pos=p, sample=gt) for p, gt in enumerate(("0|1", "1|0", "1|1", "0/1", "1|2"), 1)
                  if gt != "1|2"), row(contig="1", pos=9, alt="G,T", sample="1|2"))  # fmt: skip
    assert (seen.het, seen.hom) == (4, 1)


@pytest.mark.parametrize(
    ("layout", "sample", "n_alts", "depth", "depths", "quality"),
    [
        ("GT:AD:DP:GQ", "0/1:10,12:23:99", 1, 23, (10, 12), 99.0),
        ("GT:AD:GQ", "0/1:10,12:40.5", 1, 22, (10, 12), 40.5),
        ("GT:DP:RO:AO", "0/1:30:14,:16", 1, 30, (None, 16), None),
        ("GT:DP:RO:AO", "1/2:30:0:14,16", 2, 30, (0, 14, 16), None),
        ("GT:DP:AO", "0/1:55:21", 1, 55, (None, 21), None),
        ("GT:AD:DP:GQ", "0/1", 1, None, None, None),
        ("GT:AD:DP:GQ", "0/1:.:.:.", 1, None, None, None),
        ("GT:AD:DP:GQ", "0/1:.,.:-3:nan", 1, None, None, None),
        ("GT:AD:DP", "0/1:10,12,3:25", 1, 25, None, None),
        ("GT:AD:DP", "0/1:10,.:25", 1, 25, (10, None), None),
        ("DP:GT:AD", "25:0/1:10,15", 1, 25, (10, 15), None),
        ("GT:DP:DP", "0/1:25:9", 1, 25, None, None),
    ],
)
def test_depth_balance_and_quality_fields(
    scan: Callable[..., vcf.Scan],
    layout: str,
    sample: str,
    n_alts: int,
    depth: int | None,
    depths: tuple[int | None, ...] | None,
    quality: float | None,
) -> None:
    call = only(scan(row(alt=",".join("GT"[:n_alts]), layout=layout, sample=sample))).genotype
    assert (call.depth, call.allele_depths, call.quality) == (depth, depths, quality)
    assert call.alleles in ((0, 1), (1, 2))


@pytest.mark.parametrize(
    ("layout", "sample", "phase_set", "alleles"),
    [
        ("GT:PS", "0|1:1000", "1000", (0, 1)),
        ("GT:PS", "0/1:1000", "1000", None),
        ("GT:PS", "0|1:.", None, None),
        ("GT", "0|1", None, None),
        ("GT:PGT:PID", "0/1:1|0:1000_A_G", "1000_A_G", (1, 0)),
        ("GT:PGT:PID:PS", "0|1:0|1:1000_A_G:7", "7", (0, 1)),
        ("GT:PGT:PID", "0/1:.:.", None, None),
    ],
)
def test_phase_sets(
    scan: Callable[..., vcf.Scan], layout: str, sample: str, phase_set: str | None, alleles: tuple[int, ...] | None
) -> None:
    call = only(scan(row(layout=layout, sample=sample))).genotype
    assert (call.phase_set, call.phased_alleles) == (phase_set, alleles)


def test_fully_phased_contigs(scan: Callable[..., vcf.Scan]) -> None:
    rows = [
        row(contig="1", pos=1, sample="0|1"), row(contig="1", pos=2, sample="./."), row(contig="1", pos=3, sample="1"),
        row(contig="2", pos=1, sample="0|1"), row(contig="2", pos=2, sample="1/1"),
        row(contig="3", pos=1, sample="1"),
    ]  # fmt: skip
    assert scan(*rows).fully_phased_contigs == {"1"}


@pytest.mark.parametrize("layout", ["DP", "DP:GQ", "."])
def test_a_record_without_gt_has_no_alleles(scan: Callable[..., vcf.Scan], layout: str) -> None:
    call = only(scan(row(layout=layout, sample="30"))).genotype
    assert (call.text, call.alleles) == (".", ())


@pytest.mark.parametrize(
    ("filters", "expected"),
    [(".", ()), ("PASS", ("PASS",)), ("LowQual;off-target", ("LowQual", "off-target"))],
)
def test_filter_values_stay_apart(scan: Callable[..., vcf.Scan], filters: str, expected: tuple[str, ...]) -> None:
    assert only(scan(row(filters=filters))).filters == expected


def test_pass_only(scan: Callable[..., vcf.Scan]) -> None:
    assert scan(row(), row()).pass_only is True
    assert scan(row(), row(filters="q10")).pass_only is False
    assert scan(row(filters="."), row(filters=".")).pass_only is None


def test_a_filtered_or_shallow_panel_record_is_never_dropped(scan: Callable[..., vcf.Scan]) -> None:
    assert only(scan(row(filters="LowQual", layout="GT:DP", sample="0/1:1")))


@pytest.mark.parametrize(
    ("ref", "alt", "kept_ref", "kept_alts"),
    [
        ("a", "g", "A", ("G",)),
        ("A", "G,*", "A", ("G", "*")),
        ("A", "G,<NON_REF>", "A", ("G", "<NON_REF>")),
        ("A", "<*>", "A", ("<*>",)),
        ("N", "G", "N", ("G",)),
        ("A", "R", "A", ("R",)),
        ("A", "<DEL:ME>", "A", ("<DEL:ME>",)),
        ("A", "A[17:198982[", "A", ("A[17:198982[",)),
        ("A", "]chr17:1]A", "A", ("]chr17:1]A",)),
        ("A", ".A", "A", (".A",)),
        ("A", ".", "A", ()),
        ("A", "", "A", ()),
    ],
)
def test_alleles_by_name(
    scan: Callable[..., vcf.Scan], ref: str, alt: str, kept_ref: str, kept_alts: tuple[str, ...]
) -> None:
    record = only(scan(row(ref=ref, alt=alt, sample="0/0")))
    assert (record.ref, record.alts) == (kept_ref, kept_alts)
    assert record.columns[3:5] == (ref, alt)


def test_reference_blocks_are_coverage_not_variants(scan: Callable[..., vcf.Scan]) -> None:
    seen = scan(
        row(contig="1", pos=1, alt="<NON_REF>", sample="0/0", info="END=900"),
        row(contig="1", pos=901, alt="<*>", sample="0/0", info="END=950"),
        row(contig="1", pos=951, alt=".", sample="0/0"),
        row(contig="1", pos=952, alt="G,<NON_REF>", sample="0/1"),
        row(contig="1", pos=953, alt=".", info="SVTYPE=CNV;END=99999", sample="./."),
    )
    assert (seen.blocks, seen.small_variants, seen.structural, seen.snv, seen.ti) == (3, 1, 1, 1, 1)


def test_info_af_is_never_read(scan: Callable[..., vcf.Scan]) -> None:
    with_af, without = only(scan(row(info="AF=0.5;DP=3"))), only(scan(row(info=".")))
    assert with_af.genotype == without.genotype


def test_counts_of_kinds(scan: Callable[..., vcf.Scan]) -> None:
    changes = [("A", "G"), ("A", "C"), ("AT", "GC"), ("AT", "GT"), ("A", "AT"), ("ATG", "A")]
    seen = scan(*(row(contig="1", pos=p, ref=r, alt=a) for p, (r, a) in enumerate(changes, 1)))
    assert (seen.snv, seen.indel, seen.ti, seen.tv) == (3, 2, 2, 1)


def test_het_and_hom_are_those_of_the_autosomes(scan: Callable[..., vcf.Scan]) -> None:
    rows = [row(contig=c, pos=9_000_000, sample=gt) for c in ("1", "X", "Y", "MT", "GL1") for gt in ("0/1", "1/1")]
    seen = scan(*rows, row(contig="22", pos=1, sample="1"), row(contig="22", pos=2, sample="0/1/1"))
    assert (seen.het, seen.hom, seen.snv) == (1, 1, 12)


def test_sex_counts_leave_the_par_of_each_assembly_out(scan: Callable[..., vcf.Scan]) -> None:
    rows = [
        row(contig="X", pos=60_001, sample="0/1"),  # PAR1 of both
        row(contig="X", pos=2_750_000, sample="1/1"),  # PAR1 of GRCh38 only
        row(contig="X", pos=50_000_000, sample="0/1"),
        row(contig="X", pos=50_000_001, sample="1/1"),
        row(contig="X", pos=50_000_002, sample="1"),
        row(contig="X", pos=50_000_003, sample="./1"),
        row(contig="X", pos=50_000_004, sample="0/0"),
        row(contig="X", pos=50_000_005, alt="AT", sample="0/1"),
        row(contig="Y", pos=5_000_000, sample="1"),
    ]
    counts = scan(*rows).sex_counts
    shown = {a: (c.x_het, c.x_hom, c.x_haploid, c.y_calls) for a, c in counts.items()}
    assert shown == {G37: (1, 2, 1, 1), G38: (1, 1, 1, 1)}


# --------------------------------------------------------------------------- accounting


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("6\t100\t.\tA\tG\t50\tPASS\t.\tGT", "fewer columns than the 10"),
        (row() + "\t0/1", "more columns than the 10"),
        (row(pos="x"), "POS is not a number"),
        (row(pos="-5"), "POS is not a number"),
        (row(pos="1_0"), "POS is not a number"),
        (row(pos="9" * 5000), "POS is not a number"),
        (row(contig=""), "CHROM is empty"),
        (row(ref="."), "REF is not bases"),
        (row(ref="<DEL>"), "REF is not bases"),
        (row(alt="-"), "ALT is neither bases nor a symbol"),
        (row(alt="G,"), "ALT is neither"),
        (row(sample="0/2"), "GT names an allele that ALT does not have"),
        (row(sample="het"), "GT is not a genotype"),
        (row(sample="0/"), "GT is not a genotype"),
        (row().replace("\t", " "), "not separated by tabs"),
        (row(info="A\0B"), "holds a NUL byte"),
        ("##late=1", "a header line among the records"),
    ],
)
def test_an_unreadable_line_is_counted_with_its_number_and_reason(
    scan: Callable[..., vcf.Scan], line: str, reason: str
) -> None:
    seen = scan(row(pos=1_000_510), line, row(pos=1_000_520))
    assert [r.pos for r in seen.panel] == [1_000_510, 1_000_520]
    assert (seen.records, seen.unreadable_count) == (3, 1)
    assert seen.unreadable[0][0] == len(HEADER) + 3
    assert reason in seen.unreadable[0][1]


def test_a_second_header_means_two_files(scan: Callable[..., vcf.Scan]) -> None:
    with pytest.raises(InputError, match="line 8 is a second #CHROM line"):
        scan(row(), text_of([]).splitlines()[-1], row())


_COLUMN = {
    "contig": st.sampled_from(["1", "chr6", "6", "X", "Y", "MT", ""]),
    "pos": st.sampled_from([1, 60_001, 999_998, 1_000_501, 1_000_551, 1_100_551, 50_000_000, "x", "-1", ""]),
    "ref": st.sampled_from(["A", "AC", "a", "N", "ACGTACGTAC", ".", ""]),
    "alt": st.sampled_from(["G", "C,T", "AT", "*", "G,*", ".", "<NON_REF>", "G,<NON_REF>", "<DEL>", "A[1:5[", "-", ""]),
    "sample": st.sampled_from(["0/1", "1|1", "./.", ".", "1", "./1", "0/1:30", "1/2:3:9", "2", "x", "0/1\t0/0", ""]),
    "layout": st.sampled_from(["GT", "GT:DP", "GT:DP:GQ", "DP:GT", "DP", "."]),
    "filters": st.sampled_from([".", "PASS", "q10", "q10;s50", ""]),
    "info": st.sampled_from([".", "END=1000600", "SVTYPE=DEL;SVLEN=-9", "AF=0.5", "é"]),
}


@settings(max_examples=120, deadline=None)
@given(rows=st.lists(st.fixed_dictionaries(_COLUMN).map(lambda c: row(**c)), min_size=1, max_size=40))
def test_every_record_is_accounted_for_on_both_roads(rows: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    """The counts do not depend on which records were only counted and which were read in full."""
    path = write(tmp_path_factory.mktemp("p") / "a.vcf", text_of([row(pos=1), *rows]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vcf_pass, "FEW_CELLS", 0)
        quick = vcf.scan(path, None, LOCI, CODING)
    with one_by_one():
        slow = vcf.scan(path, None, LOCI, CODING)
    assert quick == slow
    assert quick.records == len(rows) + 1 == quick.unreadable_count + sum(quick.contigs_seen.values())
    assert quick.records == quick.unreadable_count + sum(quick.filters.values())
    lines = set(range(len(HEADER) + 2, quick.records + len(HEADER) + 2))
    assert {r.line for r in quick.panel} <= lines - {number for number, _ in quick.unreadable}


def test_ordinary_records_are_only_counted(scan: Callable[..., vcf.Scan], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vcf_pass, "look", lambda *_: pytest.fail("a line was read in full"))
    rows = [
        row(contig="1", pos=p, alt="T" * (p % 3 + 1), filters=("PASS", "q10", "q20")[p % 7 % 3]) for p in range(999)
    ]
    assert scan(*rows).het == 999


# --------------------------------------------------------------------------- the index


@pytest.mark.parametrize("csi", [False, True])
def test_an_index_is_used_and_agrees(tmp_path: Path, csi: bool) -> None:
    rows = [
        row(pos=500),
        row(pos=999_990, ref="A" * 30, alt="A"),
        row(info="N=é"),
        row(pos=1_000_700),
        row(pos=1_200_000),
    ]
    path = write(tmp_path / "a.vcf.bgz", text_of(rows))
    pysam.tabix_index(str(path), preset="vcf", csi=csi, force=True)
    seen = vcf.scan(path, None, LOCI, CODING)
    assert seen.indexed
    assert [r.pos for r in seen.panel] == [999_990, 1_000_551, 1_000_700]


def test_an_indexed_file_may_lack_its_last_line_end(tmp_path: Path) -> None:
    path = write(tmp_path / "a.vcf.bgz", text_of([row(pos=500), row()]).removesuffix("\n"))
    pysam.tabix_index(str(path), preset="vcf", force=True)
    assert only(vcf.scan(path, None, LOCI, CODING)).pos == 1_000_551


@pytest.mark.parametrize("csi", [False, True])
def test_regions_equal_those_of_an_independent_reader(tmp_path: Path, csi: bool) -> None:
    made = random.Random(3)
    places = sorted((made.choice("6X"), made.randrange(1, 40_000_000)) for _ in range(6000))
    path = write(tmp_path / "a.vcf.bgz", text_of([row(contig=f"chr{c}", pos=p, info="A" * 90) for c, p in places]))
    index = pysam.tabix_index(str(path), preset="vcf", csi=csi, force=True) + (".csi" if csi else ".tbi")
    ours = vcf_index.load(Path(index))
    with pysam.TabixFile(str(path), index=index) as theirs:
        for _ in range(60):
            contig, start = made.choice(["chr6", "chrX"]), made.randrange(0, 40_000_000)
            end = start + made.choice([1, 500, 20_000, 3_000_000])
            read = ["\t".join(c) for c in vcf_index.lines(path, ours, contig, start, end)]
            assert read == list(theirs.fetch(contig, start, end))
    contig, pos = places[100]
    assert [c[1] for c in vcf_index.lines(path, ours, f"chr{contig}", pos - 1, pos)] == [str(pos)]
    assert list(vcf_index.lines(path, ours, f"chr{contig}", pos, pos + 1)) == []


def test_overlapping_chunks_are_read_once() -> None:
    stored = struct.pack("<6Q", 10, 50, 30, 90, 200, 210)
    index = vcf_index.Index(stored, 14, 5, {"6": {0: (16, 2), 4681: (0, 1), 4682: (0, 1)}})
    assert vcf_index._chunks(index, "6", 0, 10) == [(10, 90), (200, 210)]


def test_an_index_of_another_file_is_refused(tmp_path: Path) -> None:
    other = write(tmp_path / "b.vcf.bgz", text_of([row(contig="1", pos=p) for p in range(1, 4000)] + [row()]))
    pysam.tabix_index(str(other), preset="vcf", force=True)
    path = write(tmp_path / "a.vcf.bgz", text_of([row(), row(pos=1_000_600)]))
    Path(f"{path}.tbi").write_bytes(Path(f"{other}.tbi").read_bytes())
    with pytest.raises(InputError, match=r"index a\.vcf\.bgz\.tbi .* another file.*tabix -f -p vcf"):
        vcf.scan(path, None, LOCI, CODING)


def test_an_index_beside_plain_gzip_is_not_used(tmp_path: Path) -> None:
    path = write(tmp_path / "a.vcf.gz", text_of([row()]))
    Path(f"{path}.tbi").write_bytes(b"old")
    assert not vcf.scan(path, None, LOCI, CODING).indexed


# --------------------------------------------------------------------------- off the panel


def test_off_panel_files_are_refused(scan: Callable[..., vcf.Scan]) -> None:
    off = [row(contig="20", pos=p) for p in range(1, 2001)]
    with pytest.raises(InputError, match=r"none of its 2000 records .*contigs: 20.*"):
        vcf.refuse_if_off_panel(scan(*off))
    vcf.refuse_if_off_panel(scan(*off[:-1]))
    vcf.refuse_if_off_panel(scan(*off, row()))
    with pytest.raises(InputError, match="assembly is wrong"):
        vcf.refuse_if_off_panel(scan(*off, row()), G38)


# --------------------------------------------------------------------------- real files

SHARED = Path(__file__).parents[2] / "shared" / "vcf"


@pytest.mark.skipif(not SHARED.is_dir(), reason="public VCFs are not here")
def test_panel_genotypes_equal_those_of_an_independent_reader() -> None:
    path = SHARED / "exomes" / "ngsbits_ancestry.vcf.gz"
    wide: vcf.Ranges = {G37: {"11": ((60_000_000, 70_000_000),)}, G38: {}}
    seen = vcf.scan(path, None, wide, {G37: {}, G38: {}})
    listed = pysam.bcftools.query("-t", "chr11:60000001-70000000", "-f", "%POS\t%REF\t%ALT\t[%GT]\t[%DP]\n", str(path))
    theirs = [line.split("\t") for line in listed.splitlines()]
    ours = [[str(r.pos), r.ref, ",".join(r.alts), r.genotype.text, str(r.genotype.depth)] for r in seen.panel]
    assert ours == theirs
    assert len(ours) > 300
