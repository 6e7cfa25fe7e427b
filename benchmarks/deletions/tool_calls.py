"""Structural calls with the header and fields of the tool that writes them: Manta, Delly, GATK gCNV, DRAGEN, CNVkit.

CNVkit and GATK gCNV follow their source (cnvlib/export.py; GermlineCNVSegmentVariantComposer.java of 4.1: one ALT,
haploid GT), Delly's FORMAT its source; DRAGEN follows records in public documents. Manta, and Delly's INFO, are from
memory of its files. Numbers of reads and qualities are made up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path

import pysam

from varmio.assembly import CONTIG_LENGTHS
from varmio.model import Assembly

PROBES_BP = 150  # bp of a target, for numbers of probes or bins; made up
NOTHING = 0.02  # of the expected depth, left where both copies are gone; made up


@dataclass(frozen=True, slots=True)
class SvCall:
    """A call over [start, end), 0-based; copies that the person has, of two: fewer is <DEL>, more is <DUP>."""

    contig: str
    start: int
    end: int
    copies: int
    filter: str = "PASS"
    quality: int = 250

    @property
    def kind(self) -> str:
        return "DEL" if self.copies < 2 else "DUP"

    @property
    def length(self) -> int:
        return self.end - self.start

    @property
    def signed(self) -> int:
        return -self.length if self.kind == "DEL" else self.length

    @property
    def gt(self) -> str:
        return "1/1" if self.copies == 0 else "0/1"

    @property
    def ratio(self) -> float:
        return self.copies / 2 or NOTHING

    @property
    def probes(self) -> int:
        return max(1, self.length // PROBES_BP)


@dataclass(frozen=True, slots=True)
class _Style:
    meta: str  # lines of the header after the contigs: kind ID Number Type
    row: Callable[[SvCall, int, str], tuple[str, ...]]  # call, its number, contig as written -> columns 2 to 10


def _manta(call: SvCall, number: int, _: str) -> tuple[str, ...]:
    alt = "<DEL>" if call.kind == "DEL" else "<DUP:TANDEM>"
    info = f"END={call.end};SVTYPE={call.kind};SVLEN={call.signed};CIPOS=0,3;CIEND=0,3;HOMLEN=3;HOMSEQ=CAG"
    cell = "1/1:PASS:60:999,63,0:0,21:0,18" if call.gt == "1/1" else "0/1:PASS:99:400,0,420:20,15:18,14"
    name = f"Manta{call.kind}:{number}:0:1:0:0:0"
    return str(call.start), name, "T", alt, str(call.quality), call.filter, info, "GT:FT:GQ:PL:PR:SR", cell


def _delly(call: SvCall, number: int, _: str) -> tuple[str, ...]:
    joined = "3to5" if call.kind == "DEL" else "5to3"
    info = (
        f"PRECISE;SVTYPE={call.kind};SVMETHOD=EMBL.DELLYv1.2.6;END={call.end};SVLEN={call.length};PE=14;MAPQ=60;"
        f"CT={joined};CIPOS=-5,5;CIEND=-5,5;SRMAPQ=60;INSLEN=0;HOMLEN=4;SR=12;SRQ=0.99"
    )
    likely, counts = ("-50,-5,0", "0:14:0:12") if call.gt == "1/1" else ("-20,0,-25", "10:12:9:11")
    cell = f"{call.gt}:{likely}:60:PASS:900:{450 * call.copies}:900:{call.copies}:{counts}"
    layout = "GT:GL:GQ:FT:RCL:RC:RCR:RDCN:DR:DV:RR:RV"
    name = f"{call.kind}{number:08d}"
    return str(call.start), name, "N", f"<{call.kind}>", str(call.quality), call.filter, info, layout, cell


def _gcnv(call: SvCall, _: int, contig: str) -> tuple[str, ...]:
    name = f"CNV_{contig}_{call.start + 1}_{call.end}"  # POS is the first base itself
    cell = f"1:{call.copies}:{call.probes}:90:{call.quality}:70:70"
    alt, layout = f"<{call.kind}>", "GT:CN:NP:QA:QS:QSE:QSS"
    return str(call.start + 1), name, "N", alt, str(call.quality), ".", f"END={call.end}", layout, cell


def _dragen(call: SvCall, _: int, contig: str) -> tuple[str, ...]:
    name = f"DRAGEN:{'LOSS' if call.kind == 'DEL' else 'GAIN'}:{contig}:{call.start + 1}-{call.end}"
    info = f"SVLEN={call.signed};SVTYPE=CNV;END={call.end};REFLEN={call.length};CIPOS=-500,500;CIEND=-500,500"
    cell = f"{call.gt if call.kind == 'DEL' else './1'}:{call.ratio:.4f}:{call.copies}:{call.probes}:9,9"
    return (
        str(max(1, call.start)), name, "N", f"<{call.kind}>", str(call.quality), call.filter, info,
        "GT:SM:CN:BC:PE", cell,
    )  # fmt: skip


def _cnvkit(call: SvCall, _: int, __: str) -> tuple[str, ...]:
    info = (
        f"IMPRECISE;SVTYPE={call.kind};END={call.end};SVLEN={call.signed};FOLD_CHANGE={call.ratio:f};"
        f"FOLD_CHANGE_LOG={log2(call.ratio):f};PROBES={call.probes}"
    )
    loss = call.kind == "DEL"  # a loss has no CN, and its GQ is the number of probes
    layout = "GT:GQ" if loss else "GT:GQ:CN:CNQ"
    cell = f"{call.gt}:{call.probes}" if loss else f"0/1:0:{call.copies}:{call.probes}"
    return str(max(1, call.start)), ".", "N", f"<{call.kind}>", ".", ".", info, layout, cell


_ENDS = "INFO END 1 Integer\nINFO SVTYPE 1 String\nINFO CIPOS 2 Integer\nINFO CIEND 2 Integer\nALT DEL\n"
_GT = "FORMAT GT 1 String\n"
STYLES = {
    "manta": _Style(
        _ENDS + "INFO IMPRECISE 0 Flag\nINFO SVLEN . Integer\nINFO HOMLEN . Integer\nINFO HOMSEQ . String\n"
        "ALT DUP:TANDEM\nFILTER MinQUAL\nFILTER MaxDepth\nFILTER SampleFT\nFILTER HomRef\n" + _GT +
        "FORMAT FT 1 String\nFORMAT GQ 1 Integer\nFORMAT PL G Integer\nFORMAT PR . Integer\nFORMAT SR . Integer",
        _manta,
    ),
    "delly": _Style(
        _ENDS + "INFO PRECISE 0 Flag\nINFO IMPRECISE 0 Flag\nINFO SVLEN 1 Integer\nINFO SVMETHOD 1 String\n"
        "INFO PE 1 Integer\nINFO MAPQ 1 Integer\nINFO CT 1 String\nINFO SRMAPQ 1 Integer\nINFO INSLEN 1 Integer\n"
        "INFO HOMLEN 1 Integer\nINFO SR 1 Integer\nINFO SRQ 1 Float\nALT DUP\nFILTER LowQual\n" + _GT +
        "FORMAT GL G Float\nFORMAT GQ 1 Integer\nFORMAT FT 1 String\nFORMAT RCL 1 Integer\nFORMAT RC 1 Integer\n"
        "FORMAT RCR 1 Integer\nFORMAT RDCN 1 Integer\nFORMAT DR 1 Integer\nFORMAT DV 1 Integer\n"
        "FORMAT RR 1 Integer\nFORMAT RV 1 Integer",
        _delly,
    ),
    "gatk_gcnv": _Style(
        "INFO END 1 Integer\nALT DEL\nALT DUP\nFORMAT GT 1 Integer\nFORMAT CN 1 Integer\nFORMAT NP 1 Integer\n"
        "FORMAT QA 1 Integer\nFORMAT QS 1 Integer\nFORMAT QSE 1 Integer\nFORMAT QSS 1 Integer",
        _gcnv,
    ),
    "dragen": _Style(
        _ENDS + "INFO SVLEN . Integer\nINFO REFLEN 1 Integer\nALT DUP\nFILTER cnvQual\nFILTER cnvLength\n"
        "FILTER cnvCopyRatio\nFILTER cnvBinSupportRatio\n" + _GT +
        "FORMAT SM 1 Float\nFORMAT CN 1 Integer\nFORMAT BC 1 Integer\nFORMAT PE 2 Integer",
        _dragen,
    ),
    "cnvkit": _Style(
        _ENDS + "INFO IMPRECISE 0 Flag\nINFO SVLEN 1 Integer\nINFO FOLD_CHANGE 1 Float\nINFO FOLD_CHANGE_LOG 1 Float\n"
        "INFO PROBES 1 Integer\nALT DUP\n" + _GT + "FORMAT GQ 1 Float\nFORMAT CN 1 Integer\nFORMAT CNQ 1 Float",
        _cnvkit,
    ),
}  # fmt: skip


def write_sv_vcf(
    path: Path, sample: str, calls: Sequence[SvCall], assembly: Assembly, style: str, prefix: str = "chr"
) -> None:
    """Symbolic <DEL> and <DUP> records in a tool's style (a key of STYLES); NAME.vcf.gz is bgzipped and indexed.

    CNVkit itself writes no contig lines, and an older fileformat; here every style has both.
    """
    order = {name: i for i, name in enumerate(CONTIG_LENGTHS[assembly])}
    lines = ["##fileformat=VCFv4.2", f"##source={style}"]
    lines += [f"##contig=<ID={prefix}{name},length={length}>" for name, length in CONTIG_LENGTHS[assembly].items()]
    lines += [_meta(line.split()) for line in STYLES[style].meta.splitlines()]
    lines.append("\t".join(("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", sample)))
    for number, call in enumerate(sorted(calls, key=lambda c: (order[c.contig], c.start, c.end)), 1):
        contig = f"{prefix}{call.contig}"
        lines.append("\t".join((contig, *STYLES[style].row(call, number, contig))))
    text = "\n".join(lines) + "\n"
    if path.suffix == ".gz":
        with pysam.BGZFile(str(path), "wb", None) as out:
            out.write(text.encode())
        pysam.tabix_index(str(path), preset="vcf", force=True)
    else:
        path.write_text(text, encoding="ascii")


def _meta(fields: list[str]) -> str:
    what, name, *kind = fields
    typed = f",Number={kind[0]},Type={kind[1]}" if kind else ""
    return f'##{what}=<ID={name}{typed},Description="{name}">'


def write_exomedepth_table(path: Path, calls: Sequence[SvCall], separator: str = ",", prefix: str = "") -> None:
    """ExomeDepth's CNV.calls as `write.csv(..., row.names = FALSE)` has them; start is 1-based."""
    columns = ("start.p", "end.p", "type", "nexons", "start", "end", "chromosome", "id", "BF")
    head = (*columns, "reads.expected", "reads.observed", "reads.ratio")
    lines = [separator.join(f'"{name}"' for name in head)]
    for number, c in enumerate(calls):
        kind = "deletion" if c.kind == "DEL" else "duplication"
        contig, first, expected = f"{prefix}{c.contig}", 100 + 50 * number, 100 * c.probes
        row = (
            str(first), str(first + c.probes - 1), f'"{kind}"', str(c.probes), str(c.start + 1), str(c.end),
            f'"{contig}"', f'"chr{c.contig}:{c.start + 1}-{c.end}"', "60.2", str(expected),
            str(round(expected * c.ratio)), f"{c.ratio:.3g}",
        )  # fmt: skip
        lines.append(separator.join(row))
    path.write_text("\n".join(lines) + "\n", encoding="ascii")
