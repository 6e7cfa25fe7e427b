"""Markers for runs of homozygosity: which calls count, what is said of each, and that nothing else changes them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pysam
import pysam.bcftools
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.markers_oracle import Row, Rows, by_pysam, rows_of
from tests.test_vcf import CODING, LOCI, one_by_one, write
from varmio.errors import InputError, UsageError
from varmio.readers import vcf, vcf_pass

SHARED = Path(__file__).parents[2] / "shared"
HEADER = [
    "##fileformat=VCFv4.2",
    '##FILTER=<ID=q10,Description="q">',
    '##INFO=<ID=AF,Number=A,Type=Float,Description="AF">',
    '##INFO=<ID=CSQ,Number=.,Type=String,Description="CSQ">',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="GT">',
    '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="AD">',
    '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="DP">',
    '##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="GQ">',
    *(f"##contig=<ID={prefix}{name}>" for prefix in ("", "chr") for name in (*range(1, 23), "X", "Y", "M")),
]
TITLES = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT")


def row(
    ref: str, alt: str, *cells: str, pos: int = 100, contig: str = "1", layout: str = "GT", filters: str = "PASS"
) -> str:
    return "\t".join((contig, str(pos), ".", ref, alt, "50", filters, ".", layout, *cells))


def text_of(rows: Iterable[str], samples: Sequence[str] = ("S1",)) -> str:
    return "\n".join((*HEADER, "\t".join((*TITLES, *samples)), *rows)) + "\n"


def told(path: Path, samples: Sequence[str] | None = None) -> list[Rows]:
    """The markers of the samples, by arrays; and that reading line by line, and a scan of a panel, say the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vcf_pass, "FEW_CELLS", 0)
        quick = [rows_of(seen.markers) for seen in vcf.scan_markers(path, samples)]
        names = vcf.open_header(path).samples if samples is None else samples
        scan = [rows_of(seen.markers) for seen in vcf.scan_samples(path, names, LOCI, CODING, markers=True)]
    with one_by_one():
        slow = [rows_of(seen.markers) for name in names for seen in vcf.scan_markers(path, [name])]
    assert quick == slow == scan
    return quick


@pytest.fixture
def sites(tmp_path: Path) -> Callable[..., list[Row]]:
    """The markers on contig 1 of a file of these rows."""

    def run(*rows: str) -> list[Row]:
        (found,) = told(write(tmp_path / "a.vcf", text_of(rows)))
        assert set(found) <= {"1"}
        return found.get("1", [])

    return run


def places(found: list[Row]) -> list[tuple[int, bool]]:
    return [(pos, het) for pos, het, *_ in found]


# --------------------------------------------------------------------------- which calls count

HET, HOM = (100, True), (100, False)
ONE_RECORD = {
    "het": ("A", "G", "0/1", [HET]),
    "het, phased": ("A", "G", "1|0", [HET]),
    "hom": ("A", "G", "1/1", [HOM]),
    "hom, phased": ("A", "G", "1|1", [HOM]),
    "reference": ("A", "G", "0/0", []),
    "two ALTs": ("A", "G,T", "1/2", [HET]),
    "two ALTs, phased": ("A", "G,T", "2|1", [HET]),
    "the second ALT twice": ("A", "G,T", "2/2", [HOM]),
    "the second ALT once": ("A", "G,T", "0/2", [HET]),
    "many ALTs": ("A", "C,CC,CCC,G,T", "4/5", [HET]),
    "haploid": ("A", "G", "1", []),
    "triploid": ("A", "G", "0/1/1", []),
    "half": ("A", "G", "./1", []),
    "half the other way": ("A", "G", "1|.", []),
    "missing": ("A", "G", "./.", []),
    "no genotype": ("A", "G", ".", []),
    "insertion": ("A", "AG", "0/1", []),
    "deletion": ("AG", "A", "1/1", []),
    "an insertion that is not called hides nothing": ("A", "AG,G", "0/2", [HET]),
    "a deletion that is not called hides nothing": ("AC", "A,GC", "2/2", [HOM]),
    "and the base may be the second": ("AC", "A,AT", "0/2", [(101, True)]),
    "SNV and insertion": ("A", "AG,G", "1/2", []),
    "SNV and deletion": ("AC", "A,GC", "1/2", []),
    "SNV and star": ("A", "G,*", "1/2", []),
    "star": ("A", "*", "0/1", []),
    "star that is not called": ("A", "G,*", "1/1", [HOM]),
    "two bases": ("AC", "GT", "0/1", []),
    "two SNVs of different bases": ("AC", "GC,AT", "1/2", []),
    "block beside a real ALT": ("A", "G,<NON_REF>", "0/1", [HET]),
    "block of VCF 4.5 beside a real ALT": ("A", "G,<*>", "1/1", [HOM]),
    "block": ("A", "<NON_REF>", "0/0", []),
    "symbolic": ("A", "<DEL>", "0/1", []),
    "lower case": ("a", "g", "0/1", [HET]),
    "ambiguous": ("A", "R", "0/1", []),
    "ambiguous reference": ("N", "G", "0/1", []),
    "no change": ("A", "A", "0/1", []),
    "an allele that ALT does not name": ("A", ".", "0/1", []),
}


@pytest.mark.parametrize(("ref", "alt", "gt", "expected"), ONE_RECORD.values(), ids=ONE_RECORD)
def test_which_calls_are_markers(
    sites: Callable[..., list[Row]], ref: str, alt: str, gt: str, expected: list[tuple[int, bool]]
) -> None:
    assert places(sites(row(ref, alt, gt))) == expected


SEVERAL_RECORDS = {
    "1/2 split into 0/1 and 0/1": ((("A", "G", "0/1"), ("A", "T", "0/1")), [HET]),
    "1/2 split into 1/0 and 0/1": ((("A", "G", "1/0"), ("A", "T", "0/1")), [HET]),
    "1/2 split into 1/. and ./1": ((("A", "G", "1/."), ("A", "T", "./1")), [HET]),
    "a half call twice": ((("A", "G", "./1"), ("A", "G", "./1")), []),
    "SNV and insertion split": ((("A", "G", "0/1"), ("A", "AG", "0/1")), []),
    "SNV and star split": ((("A", "G", "0/1"), ("A", "*", "0/1")), []),
    "homozygous beside an insertion": ((("A", "G", "1/1"), ("A", "AG", "0/1")), [HOM]),
    "twice": ((("A", "G", "1/1"), ("A", "G", "1/1")), [HOM]),
    "heterozygous twice": ((("A", "G", "0/1"), ("A", "G", "0|1")), [HET]),
    "contradiction": ((("A", "G", "1/1"), ("A", "G", "0/1")), []),
    "two bases, each homozygous": ((("A", "G", "1/1"), ("A", "T", "1/1")), []),
    "an uncalled record": ((("A", "G", "1/1"), ("A", "T", "0/0"), ("A", "C", "./.")), [HOM]),
    "one site, two spellings": ((("AC", "GC", "0/1"), ("A", "G", "0/1")), [HET]),
}


@pytest.mark.parametrize(("records", "expected"), SEVERAL_RECORDS.values(), ids=SEVERAL_RECORDS)
def test_several_records_of_one_site(
    sites: Callable[..., list[Row]], records: Sequence[tuple[str, str, str]], expected: list[tuple[int, bool]]
) -> None:
    assert places(sites(*(row(*record) for record in records))) == expected


def test_contigs_are_the_autosomes_and_x(tmp_path: Path) -> None:
    names = ("chr1", "22", "NC_000003.12", "X", "chrY", "Y", "M", "GL000207.1", "chr6_alt")
    path = write(tmp_path / "a.vcf", text_of(row("A", "G", "0/1", contig=name) for name in names))
    (found,) = told(path)
    assert sorted(found) == ["1", "22", "3", "X"]
    (seen,) = vcf.scan_markers(path)
    assert seen.contigs_seen == dict.fromkeys(("1", "22", "3", "X", "MT", "GL000207.1", "chr6_alt"), 1) | {"Y": 2}


def test_a_filtered_call_is_there_and_says_so(sites: Callable[..., list[Row]]) -> None:
    filters = ("PASS", ".", "q10", "q10;PASS", "")
    found = sites(*(row("A", "G", "0/1", pos=n, filters=text) for n, text in enumerate(filters, 1)))
    assert [passed for _, _, passed, *_ in found] == [True, True, False, False, True]
    (one,) = sites(row("A", "G", "1/1:3", layout="GT:DP", filters="q10"), row("A", "G", "1/1:9", layout="GT:DP"))
    assert one == (100, False, True, 9, -1, None)


def test_the_telomere_is_no_site(sites: Callable[..., list[Row]]) -> None:
    assert places(sites(row("A", "G", "0/1", pos=0), row("A", "G", "1/1"))) == [HOM]


def test_an_unsorted_file_gives_sorted_markers(sites: Callable[..., list[Row]]) -> None:
    rows = [row("A", "G", "0/1", pos=pos) for pos in (500, 20, 300, 4_000_000, 1)]
    assert [pos for pos, *_ in sites(*rows)] == [1, 20, 300, 500, 4_000_000]


# --------------------------------------------------------------------------- depth, quality, share

NUMBERS = [
    # FORMAT, cell of a 0/1 or 1/1 with one ALT -> depth, quality, share
    ("GT", "0/1", (-1, -1, None)),
    ("GT:AD:DP:GQ", "0/1:30,10:41:99", (41, 99, 0.25)),
    ("GT:AD:DP:GQ", "1/1:1,19:20:60", (20, 60, 0.95)),
    ("GQ:DP:GT:AD", "99:41:0/1:30,10", (41, 99, 0.25)),
    ("GT:GQ:AD", "0/1:99:30,10", (40, 99, 0.25)),
    ("GT:AD:DP:GQ", "0/1:30,10:.:.", (40, -1, 0.25)),
    ("GT:AD:DP:GQ", "0/1", (-1, -1, None)),
    ("GT:AD:DP:GQ", "0/1:30,10", (40, -1, 0.25)),
    ("GT:AD:DP:GQ", "0/1:.:7:8", (7, 8, None)),
    ("GT:AD:DP:GQ", "0/1:.,5:7:8", (7, 8, 0.7143)),
    ("GT:AD:DP:GQ", "0/1:5:7:8", (7, 8, None)),
    ("GT:AD:DP:GQ", "0/1:0,0:0:0", (0, 0, None)),
    ("GT:AD:DP:GQ", "0/1:1,2:3:4:5", (3, 4, 0.6667)),
    ("GT:DP:GQ", "0/1:7:20.9", (7, 20, None)),
    ("GT:DP:GQ", "0/1:7:1e3", (7, 1000, None)),
    ("GT:DP:GQ", "0/1:x:y", (-1, -1, None)),
    ("GT:DP:GQX", "0/1:7:21", (7, 21, None)),
    ("GT:DP:GQ:GQX", "0/1:7:.:21", (7, 21, None)),
    ("GT:DP:AO", "0/1:40:10", (40, -1, 0.25)),
    ("GT:DP:AO", "1/1:0:10", (0, -1, None)),
    ("GT:DP:AO", "1/1:5:10", (5, -1, 1.0)),
    ("GT:AO", "1/1:10", (-1, -1, None)),
    ("GT:DP:RO:AO", "0/1:99:30:10", (99, -1, 0.25)),
    ("GT:RO:AO", "1/1:1:19", (20, -1, 0.95)),
    ("GT:RO:AO", "1/1:.:19", (-1, -1, None)),
    ("GT:DP:FDP:RO:FRO:AO:FAO", "0/1:1:40:5:30:5:10", (40, -1, 0.25)),
    ("GT:DP:RD:AD", "0/1:41:30:10", (41, -1, 0.25)),
    ("GT:GQ:NR:NV", "0/1:99:40:10", (40, 99, 0.25)),
    ("GT:DP:DP4", "0/1:41:10,20,5,5", (41, -1, 0.25)),
    ("GT:DP:LAA:LAD", "0/1:41:1:30,10", (41, -1, 0.25)),
    ("GT:GQ:DP:AF", "0/1:9:40:0.25", (40, 9, 0.25)),
    ("GT:DP:VAF", "1/1:40:1", (40, -1, 1.0)),
    ("GT:DP:AF", "1/1:40:1.5", (40, -1, None)),
    ("GT:DP:AF", "1/1:40:.", (40, -1, None)),
    ("GT:DP:AD:AF", "0/1:40:.:0.25", (40, -1, 0.25)),
    ("GT:DP:FREQ", "0/1:40:25%", (40, -1, 0.25)),
    ("GT:MIN_DP", "0/1:12", (12, -1, None)),
    ("GT:AD:MIN_DP", "0/1:30,10:12", (40, -1, 0.25)),
    ("GT:DP:DPI", "0/1:.:12", (12, -1, None)),
    ("GT:DP:DP", "0/1:7:8", (7, -1, None)),
    ("GT:DP", "0/1:1234567890", (-1, -1, None)),
]


@pytest.mark.parametrize(("layout", "cell", "expected"), NUMBERS)
def test_depth_quality_and_share_by_caller(
    sites: Callable[..., list[Row]], layout: str, cell: str, expected: tuple[int, int, float | None]
) -> None:
    (found,) = sites(row("A", "G", cell, layout=layout))
    assert found[3:] == expected


MORE_ALTS = [
    ("0/1", "50,30,10,0", "AD", 0.375),
    ("1/2", "50,30,10,0", "AD", 0.25),
    ("2|1", "50,30,10,0", "AD", 0.25),
    ("2/2", "10,0,50,40", "AD", 0.5),
    ("0/3", "9,9,9,1", "AD", 0.1),
    ("1/2", "30,10,0", "AO", 0.25),
    ("0/2", "30,10,0", "AO", 0.1),
    ("1/2", "0.3,0.1,0", "AF", 0.25),
    ("0/1", "0.3", "AF", None),
    ("0/1", "1", "NV", None),
    ("0/1", "30:10,1,1", "RD:AD", None),
]


@pytest.mark.parametrize(("gt", "reads", "key", "expected"), MORE_ALTS)
def test_the_share_of_a_line_with_several_alts(
    sites: Callable[..., list[Row]], gt: str, reads: str, key: str, expected: float | None
) -> None:
    (found,) = sites(row("A", "C,G,T", f"{gt}:100:{reads}", layout=f"GT:DP:{key}"))
    assert found[5] == expected


def test_the_share_of_a_split_site_is_that_of_the_joined_one(sites: Callable[..., list[Row]]) -> None:
    joined = sites(row("A", "C,G", "1/2:4,30,10:44", layout="GT:AD:DP"))
    halves = (row("A", "C", "1/0:4,30:44", layout="GT:AD:DP"), row("A", "G", "0/1:4,10:44", layout="GT:AD:DP"))
    assert sites(*halves) == joined == [(100, True, True, 44, -1, 0.25)]


def test_fields_that_a_cell_leaves_out_are_not_those_of_the_next(tmp_path: Path) -> None:
    cells = ("0/1:7", "0/1:8:9:1", "1/1", "0/1:1:2:3:4")
    text = text_of([row("A", "G", *cells, pos=n, layout="GT:DP:GQ:X") for n in (1, 2)], ("S1", "S2", "S3", "S4"))
    found = told(write(tmp_path / "a.vcf", text))
    assert [[line[3:5] for line in by_contig["1"]] for by_contig in found] == [
        [(7, -1)] * 2, [(8, 9)] * 2, [(-1, -1)] * 2, [(1, 2)] * 2,
    ]  # fmt: skip


def test_several_layouts_of_one_file(sites: Callable[..., list[Row]]) -> None:
    layouts = ["GT:DP" + ":X" * n for n in range(20)]
    rows = [row("A", "G", f"0/1:{n}" + ":1" * (n % 20), pos=n + 1, layout=layouts[n % 20]) for n in range(60)]
    assert [depth for _, _, _, depth, *_ in sites(*rows)] == list(range(60))


# --------------------------------------------------------------------------- another reader says the same

LAYOUTS = ("GT", "GT:DP", "GT:AD:DP:GQ", "GT:AD:GQ", "GT:GQ:DP")  # GT first: htslib reads no other
GTS = ("0/0", "0/1", "1/1", "0|1", "1|0", "./.", "1/2", "2/2", "2|1", "0/2", "./1", "1/.", "1", "0/1/1", "2/3", ".")
ALTS = ("G", "T", "C", "G,T", "T,G", "GT", "G,GT", "*", "G,*", "<NON_REF>", "G,<NON_REF>", "G,T,C", "CC,G,T,C")


@st.composite
def lines(draw: st.DrawFn, samples: int = 3) -> str:
    ref = draw(st.sampled_from(("A", "A", "A", "AC", "ACG", "G")))
    alts = draw(st.sampled_from(ALTS)).split(",")
    padded = [a if a[0] in "<*" else a + ref[1:] for a in alts if a != ref]
    alts = padded or ["C"]
    layout = draw(st.sampled_from(LAYOUTS))
    cells = [_cell(draw, layout.split(":"), len(alts)) for _ in range(samples)]
    return row(
        ref, ",".join(alts), *cells, layout=layout,
        pos=draw(st.integers(1, 12)) + draw(st.sampled_from((0, 0, 1_000_500))),
        contig=draw(st.sampled_from(("1", "1", "1", "6", "X", "chr1", "Y", "M"))),
        filters=draw(st.sampled_from(("PASS", ".", "q10"))),
    )  # fmt: skip


def _cell(draw: st.DrawFn, keys: list[str], n_alts: int) -> str:
    number = st.sampled_from((".", "0", "3", "17", "140"))
    gts = [gt for gt in GTS if all(int(a) <= n_alts for a in gt if a.isdigit())]
    reads = st.one_of(st.just("."), st.lists(number, min_size=n_alts + 1, max_size=n_alts + 1).map(",".join))
    values = {key: draw({"GT": st.sampled_from(gts), "AD": reads}.get(key, number)) for key in keys}
    kept = draw(st.sampled_from((len(keys), len(keys), 1)))
    return ":".join(values[key] for key in keys[:kept])


@settings(max_examples=250, deadline=None)
@given(st.lists(lines(), min_size=1, max_size=30))
def test_another_reader_says_the_same(tmp_path_factory: pytest.TempPathFactory, rows: list[str]) -> None:
    names = ["S1", "S2", "S3"]
    path = write(tmp_path_factory.mktemp("any") / "a.vcf", text_of(rows, names))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vcf_pass, "CHUNK_LETTERS", 400)
        patch.setattr(vcf_pass, "CHUNK_LETTERS_PER_COLUMN", 1)
        assert told(path) == by_pysam(path, names)
        assert told(path, names[1:2]) == by_pysam(path, names[1:2])


KEYS = (
    *("AD", "RD", "AO", "RO", "FAO", "FRO", "NV", "NR", "DP", "FDP", "DPI", "DP4"),
    *("LAA", "LAD", "GQ", "GQX", "VAF", "AF", "FREQ", "MIN_DP", "RGQ", "X"),
)
NUMBERS_AND_NONE = (".", "0", "3", "17", "140", "0.25", "1e2", "25%", "", "-1", "1234567890", "00012", "5.", ".5")
numbers = st.sampled_from(NUMBERS_AND_NONE)
values = st.one_of(numbers, st.lists(numbers, min_size=1, max_size=5).map(",".join))


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_arrays_read_the_fields_of_any_caller_as_a_finding_is_read(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    rows = [row("A", "G", "0/0", pos=1)]
    for layout in data.draw(st.lists(st.lists(st.sampled_from(KEYS), max_size=5), min_size=1, max_size=3)):
        for _ in range(data.draw(st.integers(1, 6))):
            gts = st.sampled_from(("0/1", "1/1", "1/2", "2/2", "0/2", "0|3"))
            cell = [data.draw(gts), *data.draw(st.lists(values, max_size=len(layout)))]
            alts = data.draw(st.sampled_from(("G", "G,T", "G,T,C")))
            rows.append(row("A", alts, ":".join(cell), pos=len(rows) + 1, layout=":".join(("GT", *layout))))
    told(write(tmp_path_factory.mktemp("any") / "a.vcf", text_of(rows)))


@pytest.mark.parametrize("name", ["vcf/exomes/ngsbits_ancestry.vcf.gz", "roh-bench/joint.vcf.gz"])
def test_another_reader_says_the_same_of_a_whole_exome(name: str) -> None:
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"needs {path}")
    names = list(vcf.open_header(path).samples[:3])
    found = [rows_of(seen.markers) for seen in vcf.scan_markers(path, names)]
    assert found == by_pysam(path, names)
    assert all(sum(map(len, by_contig.values())) > 20_000 for by_contig in found)


# --------------------------------------------------------------------------- what changes nothing


def exome(seed: int = 5, number: int = 900, samples: int = 1) -> list[str]:
    """Rows of a made-up exome: SNVs, sites with several ALTs, indels, filtered calls."""
    rng = random.Random(seed)
    rows = []
    for contig in ("1", "2", "X"):
        for pos in sorted(rng.sample(range(1, 3_000_000), number // 3)):
            ref, *bases = rng.sample("ACGT", 4)
            alts = rng.choice([bases[:1]] * 6 + [bases[:2], [ref + "GG"], [bases[0], ref + "T"]])
            cells = [_made(rng, len(alts)) for _ in range(samples)]
            filters = rng.choice(["PASS", "PASS", "q10"])
            rows.append(row(ref, ",".join(alts), *cells, pos=pos, contig=contig, layout="GT:AD:DP:GQ", filters=filters))
    return rows


def _made(rng: random.Random, n_alts: int) -> str:
    gt = rng.choice(["0/1", "1/1", "0/0", "1/2" if n_alts == 2 else "0/1"])
    reads = [rng.randrange(3, 60) for _ in range(n_alts + 1)]
    return f"{gt}:{','.join(map(str, reads))}:{sum(reads)}:{rng.randrange(100)}"


def turned(line: str) -> str:
    """The genotype with '|', and its alleles the other way round."""
    columns = line.split("\t")
    columns[9:] = [f"{cell[2]}|{cell[0]}{cell[3:]}" for cell in columns[9:]]
    return "\t".join(columns)


def annotated(line: str) -> str:
    columns = line.split("\t")
    columns[7] = "AF=0.5;CSQ=" + ",".join(["G|missense:variant|p.A1B"] * 9)
    return "\t".join(columns)


def beside(line: str) -> str:
    """The same sample with two others beside it."""
    columns = line.split("\t")
    return "\t".join((*columns[:9], "0/0:9,9,9:3:1", columns[9], "./.:1,1:2:2"))


@pytest.mark.parametrize(
    ("change", "samples"),
    [
        pytest.param(lambda line: "chr" + line, ["S1"], id="chr"),
        pytest.param(turned, ["S1"], id="phased"),
        pytest.param(annotated, ["S1"], id="annotated"),
        pytest.param(beside, ["S0", "S1", "S2"], id="other-samples"),
    ],
)
def test_the_same_exome_written_otherwise(tmp_path: Path, change: Callable[[str], str], samples: list[str]) -> None:
    rows = exome()
    plain = told(write(tmp_path / "a.vcf", text_of(rows)))
    other = told(write(tmp_path / "b.vcf", text_of(map(change, rows), samples)), ["S1"])
    assert other == plain
    assert sum(map(len, plain[0].values())) > 500


def test_the_order_of_samples_and_their_number(tmp_path: Path) -> None:
    path = write(tmp_path / "a.vcf", text_of(exome(samples=3), ("S1", "S2", "S3")))
    first, second, third = told(path)
    assert told(path, ["S3", "S1"]) == [third, first]
    assert told(path, ["S2"]) == [second]
    assert first != second != third


def test_split_sites_are_those_of_the_joined_file(tmp_path: Path) -> None:
    joined = write(tmp_path / "a.vcf", text_of(exome()))
    split = tmp_path / "b.vcf"
    pysam.bcftools.norm("-m-", "-o", str(split), str(joined), catch_stdout=False)
    (one,), (two,) = told(joined), told(split)
    assert "0/1" in split.read_text()
    for contig, rows in one.items():
        assert [r[:5] for r in two[contig]] == [r[:5] for r in rows]
        assert [r[5] for r in two[contig] if r[1]] == [r[5] for r in rows if r[1]]
        # of a homozygous call beside another ALT, that one's reads are now in the other record


@pytest.mark.parametrize("form", ["a.vcf.gz", "a.vcf.bgz", "a.bcf"])
def test_forms_of_the_file(tmp_path: Path, form: str) -> None:
    plain = write(tmp_path / "plain.vcf", text_of(exome()))
    path = tmp_path / form
    if form == "a.bcf":
        pysam.bcftools.view("-Ob", "-o", str(path), str(plain), catch_stdout=False)
    else:
        write(path, plain.read_text())
    assert told(path) == told(plain)


def test_another_samples_alleles_on_the_line_change_nothing(sites: Callable[..., list[Row]]) -> None:
    alone = sites(row("A", "G", "0/1:30,10:40", layout="GT:AD:DP"))
    for ref, alt, cell in (("A", "T,G", "0/2:30,0,10:40"), ("ACT", "A,GCT", "0/2:30,0,10:40")):
        assert sites(row(ref, alt, cell, layout="GT:AD:DP")) == alone


# --------------------------------------------------------------------------- the reading itself


def test_markers_only_where_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path / "a.vcf", text_of(exome()))
    assert vcf.scan(path, None, LOCI, CODING).markers == {}
    asked = vcf.scan(path, None, LOCI, CODING, markers=True)
    assert asked == vcf.scan(path, None, LOCI, CODING)
    assert list(asked.markers) == ["1", "2", "X"]


def test_a_file_without_panel_positions_has_markers(tmp_path: Path) -> None:
    path = write(tmp_path / "a.vcf", text_of([*exome(samples=2), "not a record"], ("S1", "S2")))
    first, second = vcf.scan_markers(path)
    assert (first.sample, second.sample, first.records, first.unreadable_count) == ("S1", "S2", 901, 1)
    assert first.contigs_seen == {"1": 300, "2": 300, "X": 300}
    assert first.panel == ()


def test_unusable_files_end_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        vcf.scan_markers(tmp_path / "none.vcf")
    with pytest.raises(UsageError, match="has no sample 'S9'"):
        vcf.scan_markers(write(tmp_path / "a.vcf", text_of([row("A", "G", "0/1")])), ["S9"])
    with pytest.raises(InputError, match="a header and no record"):
        vcf.scan_markers(write(tmp_path / "b.vcf", text_of([])))
    with pytest.raises(InputError, match="none of its 2 records can be read"):
        vcf.scan_markers(write(tmp_path / "c.vcf", text_of([row("A", "G", "x")] * 2)))
