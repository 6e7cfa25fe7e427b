"""Deletions and duplications that a caller of structural variants or copy numbers wrote -> StructuralCall.

From VCF records (symbolic <DEL>, <DUP>, <CNV>, <CN0>; Manta, Delly, GATK gCNV, DRAGEN, CNVkit, cn.MOPS) and from
tables (ExomeDepth, CNVkit, or columns contig, start, end, type). The number of copies is taken from CN, else RDCN,
else from GT; where two of them disagree, the one that leaves more copies is kept, with a doubt.

| written                                  | copies                                         |
|------------------------------------------|------------------------------------------------|
| CN (or RDCN) given                       | that number                                    |
| GT, every allele called                  | the usual number less the deleted alleles      |
| GT in part (./1), or one allele of two   | not said                                       |
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from varmio.assembly import in_par
from varmio.errors import InputError
from varmio.model import Assembly, Record, Sex, StructuralCall
from varmio.readers import files
from varmio.readers.vcf_contigs import plain_contig
from varmio.readers.vcf_dialects import number as decimal
from varmio.readers.vcf_record import fields_of

MIN_BP = 50  # bp; a shorter change in bases is a small variant, VCF spec 1.4
READ_EVIDENCE = frozenset({"PR", "SR", "DR", "DV", "RR", "RV"})  # FORMAT keys of callers that see the ends
DELETED, REPEATED = ("DEL", "CN0"), ("DUP",)
NONE_LEFT = 0.2  # of the expected depth, below which no copy is left; own choice, half-way in ln between 0.5 and 0.1
ONE_LEFT = 0.75  # below which one of two is; half-way between 0.5 and 1
ONE_MORE = 1.25  # above which one is added
WEAK_BAYES = 10.0  # log10; ExomeDepth's BF below it; own choice
DISAGREE = "Genotype {} and copy number {} disagree; the one that leaves more copies was kept."
HALF_CALLED = "The genotype {} does not say how many copies are missing."


# --------------------------------------------------------------------------- VCF


def calls(
    records: Iterable[Record], name: str, sex: Sex | None, assembly: Assembly, with_bases: bool
) -> tuple[StructuralCall, ...]:
    """The structural calls that this sample carries, and the segments said to have the usual number of copies.

    with_bases: whether deletions written in bases of MIN_BP or more are meant too (a file of --sv; in the main
    file they are read as small variants). Records of another kind, carried, come as kind `other`.
    """
    found = (_call(record, name, sex, assembly, with_bases) for record in records)
    return tuple(call for call in found if call is not None)


def _call(record: Record, name: str, sex: Sex | None, assembly: Assembly, with_bases: bool) -> StructuralCall | None:
    info = _info(record.columns[7])
    fields = fields_of(record.columns[8], record.columns[-1])
    kinds = tuple(_kind(alt, kind, record, with_bases) for alt, kind in zip(record.alts, record.kinds, strict=True))
    carried = sorted({a for a in record.genotype.alleles if a})
    numbers = [a for a in carried if a <= len(kinds)]
    mine = {kinds[a - 1] for a in numbers} - {""}
    copy_number = _whole(fields.get("CN")) if "CN" in fields else _whole(fields.get("RDCN"))
    segment = (not record.alts and ("SVTYPE" in info or "CN" in fields)) or "CNV" in kinds
    if not mine and not (segment and copy_number is not None) and not ("DEL" in kinds and copy_number == 0):
        return None
    symbolic = any(record.kinds[a - 1] == "symbolic" for a in numbers)
    unsaid = symbolic and (record.end <= record.pos or not {"END", "SVLEN"} & set(info))
    usual = _usual(record.contig, record.pos, sex, assembly)
    if mine == {"other"} or unsaid:  # without a length nothing is known
        return _made(record, name, info, fields, "other", None, usual, ())
    deleted = sum(1 for a in record.genotype.alleles if a and a <= len(kinds) and kinds[a - 1] == "DEL")
    by_gt = _by_genotype(record, deleted, usual)
    copies, doubts = _copies(by_gt, copy_number, record.genotype.text, deleted)
    return _made(record, name, info, fields, _what(mine, copies, usual, deleted), copies, usual, doubts)


def _kind(alt: str, kind: str, record: Record, with_bases: bool) -> str:
    """DEL, DUP, CNV or other of a structural allele; '' of one that is no structural change."""
    if kind == "bases":
        longer = with_bases and len(record.ref) - len(alt) >= MIN_BP
        return "DEL" if longer else ""
    if kind == "breakend":
        return "other"
    if kind != "symbolic":
        return ""
    name = alt.strip("<>").upper().split(":")[0]
    if name in DELETED:
        return "DEL"
    if name in REPEATED:
        return "DUP"
    if name.startswith("CN") and name[2:].isdigit():
        return "" if name == "CN1" else "DUP"
    return "CNV" if name == "CNV" else "other"


def _info(text: str) -> dict[str, str]:
    return {key: value for key, _, value in (item.partition("=") for item in text.split(";")) if key}


def _whole(text: str | None) -> int | None:
    if text is None:
        return None
    head, _, rest = text.partition(".")
    return int(head) if head.isdecimal() and len(head) < 4 and not rest.strip("0") else None


def _usual(contig: str, pos: int, sex: Sex | None, assembly: Assembly) -> int | None:
    """The copies that this person should have there; None on X and Y where the sex is not known."""
    if contig not in ("X", "Y") or in_par(assembly, contig, pos):
        return 2
    if sex is None:
        return None
    return 1 if sex is Sex.MALE else 2 if contig == "X" else 0


def _by_genotype(record: Record, deleted: int, usual: int | None) -> int | None:
    """Copies by GT; None where the genotype does not say."""
    alleles = record.genotype.alleles
    if not deleted or None in alleles or usual is None:
        return None
    if usual == 1:
        return 0 if deleted == len(alleles) else None
    return usual - deleted if len(alleles) == usual else None


def _copies(by_gt: int | None, by_number: int | None, gt: str, deleted: int) -> tuple[int | None, tuple[str, ...]]:
    if by_number is None:
        return by_gt, ((HALF_CALLED.format(gt),) if by_gt is None and deleted else ())
    if by_gt is None or by_gt == by_number:
        return by_number, ()
    return max(by_gt, by_number), (DISAGREE.format(gt, by_number),)


def _what(mine: set[str], copies: int | None, usual: int | None, deleted: int) -> str:
    if copies is None:
        return "deletion" if deleted else "duplication" if "DUP" in mine else "other"
    if usual is None:  # X, sex not known: one copy may be a boy's
        return "deletion" if copies == 0 else "duplication" if copies > 2 else "not_a_change"
    if copies < usual:
        return "deletion"
    return "duplication" if copies > usual else "not_a_change"


def _made(
    record: Record,
    name: str,
    info: Mapping[str, str],
    fields: Mapping[str, str],
    kind: str,
    copies: int | None,
    usual: int | None,
    doubts: tuple[str, ...],
) -> StructuralCall:
    shown = [f"GT {record.genotype.text or '.'}"] + [f"{key} {fields[key]}" for key in ("CN", "RDCN") if key in fields]
    sees_ends = not READ_EVIDENCE.isdisjoint(fields) or "PRECISE" in info
    quality = decimal(record.qual)
    given = record.genotype.quality if quality is None else quality
    bases = bool(record.alts) and record.kinds[0] == "bases"
    start = record.pos - 1 + (len(record.alts[0]) if bases else 1)
    failed = tuple(f for f in record.filters if f not in ("PASS", "."))
    return StructuralCall(
        contig=record.contig,
        start=min(start, record.end),
        end=record.end,
        kind=kind,
        copies=copies,
        usual=usual,
        written=", ".join(shown),
        precise=sees_ends and "IMPRECISE" not in info,
        source=name,
        quality=given,
        passed=not failed if record.filters else None,
        filters=failed,
        sample_filters=tuple(f for f in record.genotype.filters if f not in ("PASS", ".")),
        line=record.line,
        doubts=doubts,
        gt=record.genotype.text or ".",
    )


# --------------------------------------------------------------------------- tables

CONTIG = ("chromosome", "contig", "chrom", "chr", "seqnames", "#chrom")
TYPE = ("type", "svtype", "call", "cnv", "state")
COPIES = ("cn", "copy_number", "copies", "copynumber", "cnv_cn")
RATIO = ("reads.ratio", "ratio", "reads_ratio")
QUALITY = ("bf", "quality", "qual", "score")
SAMPLE = ("sample", "sample.name", "sample_name", "sample_id")


def is_table(path: Path) -> bool:
    """Whether a file of calls is a table with a header, and no VCF. InputError where it cannot be read."""
    first = next(files.lines(path), "")
    cells = {cell.strip().strip('"').lower() for cell in first.replace(",", "\t").split("\t")}
    return not first.startswith("##") and bool(cells & set(CONTIG)) and "start" in cells and "end" in cells


def table(path: Path, sample: str, sex: Sex | None, assembly: Assembly) -> tuple[StructuralCall, ...]:
    """The calls of a table: ExomeDepth's, CNVkit's, or one with contig, start, end and type or cn (InputError)."""
    lines = list(files.lines(path))
    comma = lines[0].count(",") > lines[0].count("\t")
    reader = csv.reader(io.StringIO("".join(lines)), delimiter="," if comma else "\t")
    header = [cell.strip().lower() for cell in next(reader)]
    found = []
    for number, cells in enumerate(reader, 2):
        if not any(cells):
            continue
        if len(cells) == len(header) + 1:  # R writes the row's name before it
            cells = cells[1:]
        row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        whose = _first(row, SAMPLE)
        if whose is None or whose in ("", sample):
            found.append(_row(path, number, row, "reads.ratio" in header, sex, assembly))
    return tuple(found)


def _row(
    path: Path, number: int, row: Mapping[str, str], one_based: bool, sex: Sex | None, assembly: Assembly
) -> StructuralCall:
    raw, start, end = _first(row, CONTIG), row.get("start", ""), row.get("end", "")
    if not (raw and start.isdecimal() and end.isdecimal() and int(start) <= int(end)):
        raise InputError(f"{path}: line {number} is no place (contig, start, end). Mend it, or take it out.")
    contig = plain_contig(raw)
    usual = _usual(contig, int(start), sex, assembly)
    copies, said = _copies_of_row(row, usual)
    word = (_first(row, TYPE) or "").lower()
    lost, more = word.startswith(("del", "loss", "<del")), word.startswith(("dup", "gain", "<dup", "amp"))
    kind = "deletion" if lost else "duplication" if more else _what(set(), copies, usual, 0)
    doubts = () if copies is not None or kind != "deletion" else (f"The table does not say how many copies ({said}).",)
    quality = decimal(_first(row, QUALITY))
    if "bf" in row and quality is not None and quality < WEAK_BAYES:
        doubts = (*doubts, f"Its Bayes factor {quality:g} is below {WEAK_BAYES:g}.")
    return StructuralCall(
        contig, int(start) - one_based, int(end), kind, copies, usual, said, False, path.name, quality, line=number,
        doubts=doubts,
    )  # fmt: skip


def _copies_of_row(row: Mapping[str, str], usual: int | None) -> tuple[int | None, str]:
    """Copies by the table's own number, else by its ratio of reads, else by CNVkit's log2."""
    number = _first(row, COPIES)
    if number is not None and (copies := _whole(number)) is not None:
        return copies, f"copies {copies}"
    ratio = decimal(_first(row, RATIO))
    if ratio is None and "log2" in row:
        try:
            ratio = 2.0 ** float(row["log2"])
        except (ValueError, OverflowError):
            ratio = None
    if ratio is None:
        return None, _first(row, TYPE) or "no type"
    of = 2 if usual is None else usual
    if of == 2:
        copies = 0 if ratio < NONE_LEFT else 1 if ratio < ONE_LEFT else 2 if ratio < ONE_MORE else 3
    else:
        copies = 0 if ratio < NONE_LEFT else of if ratio < ONE_MORE else of + 1
    return copies, f"ratio {ratio:.2f}"


def _first(row: Mapping[str, str], names: Sequence[str]) -> str | None:
    return next((row[name] for name in names if name in row), None)
