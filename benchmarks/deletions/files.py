"""Depth profiles and structural calls as the files that tools write: BAM, mosdepth, tables, VCF. Seeded."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import pysam

from varmio.assembly import CONTIG_LENGTHS
from varmio.model import Assembly, ExonRegion

READ_BP = 100  # bp
DUPLICATES = 0.05  # share of reads written again and flagged

Depth = Callable[[ExonRegion], float]


def write_bam(
    path: Path,
    sample: str,
    depths: Mapping[ExonRegion, float],
    assembly: Assembly,
    seed: int = 1,
    not_placed: Iterable[ExonRegion] = (),
) -> None:
    """Reads of 100 bp over the regions, about as deep as asked, sorted and indexed; some flagged as duplicates.

    not_placed: regions whose reads get mapping quality 0, as those of a gene with a copy elsewhere.
    """
    rng = random.Random(seed)
    contigs = list(CONTIG_LENGTHS[assembly].items())
    order = {name: i for i, (name, _) in enumerate(contigs)}
    elsewhere = {_place(r) for r in not_placed}
    reads: list[tuple[int, int, int]] = []  # contig, start, mapping quality
    for region, depth in {_place(r): (r, d) for r, d in depths.items()}.values():
        quality = 0 if _place(region) in elsewhere else 60
        for _ in range(round(depth * (region.length + READ_BP - 1) / READ_BP)):
            reads.append((order[region.contig], rng.randint(region.start - READ_BP + 1, region.end - 1), quality))
    header = {
        "HD": {"VN": "1.6", "SO": "coordinate"},
        "SQ": [{"SN": f"chr{name}", "LN": length} for name, length in contigs],
        "RG": [{"ID": "1", "SM": sample}],
    }
    with pysam.AlignmentFile(str(path), "wb", header=header) as out:
        for number, (contig, start, quality) in enumerate(sorted(reads)):
            out.write(_read(out, number, contig, start, quality, 0))
            if rng.random() < DUPLICATES:
                out.write(_read(out, number, contig, start, quality, 0x400))
    pysam.index(str(path))


def _place(region: ExonRegion) -> tuple[str, int, int]:
    return region.contig, region.start, region.end


def _read(out: pysam.AlignmentFile, number: int, contig: int, start: int, quality: int, flag: int) -> object:
    read = pysam.AlignedSegment(out.header)
    read.query_name, read.reference_id, read.reference_start = f"r{number}", contig, start
    read.mapping_quality, read.cigartuples, read.flag = quality, [(0, READ_BP)], flag
    read.query_sequence = "A" * READ_BP
    read.set_tag("RG", "1")
    return read


def write_table(path: Path, regions: Sequence[ExonRegion], columns: Mapping[str, Sequence[float]]) -> None:
    """A depth profile: contig, start, end, one column of means a sample."""
    lines = ["\t".join(("#contig", "start", "end", *columns))]
    seen = set()
    for i, region in enumerate(regions):
        if _place(region) not in seen:
            seen.add(_place(region))
            means = (f"{depths[i]:.2f}" for depths in columns.values())
            lines.append("\t".join((f"chr{region.contig}", str(region.start), str(region.end), *means)))
    path.write_text("\n".join(lines) + "\n", encoding="ascii")


def _sorted(depths: Mapping[ExonRegion, float], assembly: Assembly) -> list[tuple[str, int, int, float]]:
    order = {name: i for i, name in enumerate(CONTIG_LENGTHS[assembly])}
    found = {_place(r): d for r, d in depths.items()}
    rows = [(contig, start, end, found[contig, start, end]) for contig, start, end in found]
    return sorted(rows, key=lambda row: (order[row[0]], row[1]))


def write_per_base(path: Path, depths: Mapping[ExonRegion, float], assembly: Assembly) -> None:
    """mosdepth's NAME.per-base.bed.gz, whole contigs, with its index; each region at one depth."""
    text = []
    for contig, length in CONTIG_LENGTHS[assembly].items():
        at = 0
        for _, start, end, depth in (row for row in _sorted(depths, assembly) if row[0] == contig):
            if start < at:  # overlaps the region before it
                continue
            text += [f"chr{contig}\t{at}\t{start}\t0"] if start > at else []
            text.append(f"chr{contig}\t{start}\t{end}\t{round(depth)}")
            at = end
        text.append(f"chr{contig}\t{at}\t{length}\t0")
    _bgzip(path, text)


def write_regions(path: Path, depths: Mapping[ExonRegion, float], assembly: Assembly) -> None:
    """mosdepth's NAME.regions.bed.gz: the mean of each region."""
    _bgzip(path, [f"chr{c}\t{s}\t{e}\t{d:.2f}" for c, s, e, d in _sorted(depths, assembly)])


def write_thresholds(path: Path, depths: Mapping[ExonRegion, float], assembly: Assembly) -> None:
    """mosdepth's NAME.thresholds.bed.gz: bases of each region at 1, 10, 20 and 30 or more."""
    rows = ["#chrom\tstart\tend\tregion\t1X\t10X\t20X\t30X"]
    for contig, start, end, depth in _sorted(depths, assembly):
        bases = (str((end - start) * (depth >= least)) for least in (1, 10, 20, 30))
        rows.append("\t".join((f"chr{contig}", str(start), str(end), "unknown", *bases)))
    _bgzip(path, rows)


def _bgzip(path: Path, lines: Iterable[str]) -> None:
    with pysam.BGZFile(str(path), "wb") as out:
        out.write(("\n".join(lines) + "\n").encode())
    pysam.tabix_index(str(path), preset="bed", csi=True, force=True)


# --------------------------------------------------------------------------- structural calls

SV_LINES = {  # FORMAT and the sample's column of a deletion that leaves `copies` of two, as each tool writes it
    "manta": ("GT:FT:GQ:PL:PR:SR", {0: "1/1:PASS:60:999,63,0:0,21:0,18", 1: "0/1:PASS:99:400,0,420:20,15:18,14"}),
    "delly": (
        "GT:GL:GQ:FT:RCL:RC:RCR:RDCN:DR:DV:RR:RV",
        {
            0: "1/1:-50,-5,0:60:PASS:900:10:880:0:0:14:0:12",
            1: "0/1:-20,0,-25:99:PASS:900:450:880:1:10:12:9:11",
        },
    ),
    "gatk_gcnv": ("GT:CN:NP:QA:QS:QSE:QSS", {0: "1:0:6:90:300:70:70", 1: "1:1:6:60:200:70:70"}),
    "dragen": ("GT:SM:CN:BC:PE", {0: "1/1:0.01:0:12:9,9", 1: "0/1:0.51:1:12:9,9"}),
    "cnvkit": ("GT:GQ:CN:CNQ", {0: "1/1:60:0:60", 1: "0/1:60:1:60"}),
}
SV_INFO = {
    "manta": "END={end};SVTYPE=DEL;SVLEN=-{length};CIPOS=0,3;CIEND=0,3",
    "delly": "PRECISE;SVTYPE=DEL;END={end};CIPOS=-5,5;CIEND=-5,5;PE=14;SR=12",
    "gatk_gcnv": "END={end}",
    "dragen": "SVLEN=-{length};SVTYPE=CNV;END={end};REFLEN={length};CIPOS=-500,500;CIEND=-500,500",
    "cnvkit": "IMPRECISE;SVTYPE=DEL;END={end};SVLEN=-{length};FOLD_CHANGE=0.02;PROBES=12",
}


def write_sv(path: Path, sample: str, style: str, place: tuple[str, int, int], copies: int, assembly: Assembly) -> None:
    """One symbolic deletion of [start, end) that leaves 0 or 1 of two copies, as a tool writes it."""
    contig, start, end = place
    layout, cells = SV_LINES[style]
    info = SV_INFO[style].format(end=end, length=end - start)
    lines = ["##fileformat=VCFv4.2"]
    lines += [f"##contig=<ID=chr{name},length={length}>" for name, length in CONTIG_LENGTHS[assembly].items()]
    lines += ['##INFO=<ID=END,Number=1,Type=Integer,Description="End">', '##ALT=<ID=DEL,Description="Deletion">']
    lines += [f'##FORMAT=<ID={key},Number=.,Type=String,Description="{key}">' for key in layout.split(":")]
    lines.append("\t".join(("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", sample)))
    lines.append("\t".join((f"chr{contig}", str(start), "1", "N", "<DEL>", "250", "PASS", info, layout, cells[copies])))
    path.write_text("\n".join(lines) + "\n", encoding="ascii")


def write_exomedepth(path: Path, place: tuple[str, int, int], ratio: float) -> None:
    """A deletion as a line of ExomeDepth's table."""
    contig, start, end = place
    head = '"start.p","end.p","type","nexons","start","end","chromosome","id","BF"'
    head += ',"reads.expected","reads.observed","reads.ratio"'
    row = (
        f'100,105,"deletion",6,{start + 1},{end},"{contig}","chr{contig}:{start + 1}-{end}",60.2,900,{900 * ratio:.0f}'
    )
    path.write_text(f"{head}\n{row},{ratio}\n", encoding="ascii")
