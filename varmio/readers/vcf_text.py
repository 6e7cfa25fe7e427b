"""The text of a VCF: stored bytes -> whole lines -> header, columns, genotype. Nothing is guessed.

Lines are split here and not by a library: each bad line keeps its number, and no malformed text can
take the process down. Only vcf.py imports this room.
"""

from __future__ import annotations

import re
import stat
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Protocol

from varmio.errors import InputError, UsageError, one_line
from varmio.model import Genotype

SHORT = 8  # bases of REF and ALT together; keeps the number of kinds of ordinary records small
READ_BYTES = 1 << 18  # stored bytes read at a time
INFLATE_BYTES = 1 << 20  # the most that one step of decompression may yield
MAX_LINE_BYTES = 1 << 26  # 64 MiB; a longer line is no VCF line, and would fill the memory
BGZF_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")  # SAM spec 4.1.2
FIXED_COLUMNS = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT")
PRIMARY = frozenset([*map(str, range(1, 23)), "X", "Y", "MT"])

_OTHER_FORMATS = (
    (b"BCF", "is BCF. Convert it: bcftools view -Oz -o proband.vcf.gz"),
    (b"BAM\1", "is BAM (reads, not calls). Pass the VCF of its calls"),
    (b"CRAM", "is CRAM (reads, not calls). Pass the VCF of its calls"),
    (b"PK\3\4", "is a ZIP archive. Unpack it first"),
    (b"BZh", "is compressed with bzip2. Recompress it with bgzip"),
    (b"\xfd7zXZ", "is compressed with xz. Recompress it with bgzip"),
    (b"\x28\xb5\x2f\xfd", "is compressed with zstd. Recompress it with bgzip"),
    (b"TBI\1", "is an index. Pass the .vcf.gz beside it"),
    (b"CSI\1", "is an index. Pass the .vcf.gz beside it"),
    (b"\xff\xfe", "is UTF-16 text. Save it as plain (UTF-8) text"),
    (b"\xfe\xff", "is UTF-16 text. Save it as plain (UTF-8) text"),
    (b"\x1f\x8b", "is compressed twice. Decompress it once"),
)


class Digest(Protocol):
    """What a hashlib object offers; text_blocks feeds it the bytes as stored."""

    def update(self, data: bytes, /) -> None: ...


@dataclass(frozen=True, slots=True)
class Header:
    """The lines before the records. Contig lengths are under the names as written."""

    samples: tuple[str, ...]
    contigs: dict[str, int | None]
    lines: tuple[str, ...]  # with the #CHROM line
    source: str | None  # ##source, as written
    synthetic: bool  # ##varmio_synthetic=1: generated, never a person
    formats: frozenset[str]  # declared FORMAT tags


# --------------------------------------------------------------------------- bytes to lines


def check_path(path: Path) -> None:
    """Raises UsageError where nothing is there, InputError where it is no readable file."""
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise UsageError(f"{path}: there is no such file. Check the path.") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{one_line(str(path))}: cannot be opened ({_why(error)}).") from None
    if stat.S_ISDIR(mode):
        raise InputError(f"{path}: is a folder. Pass the VCF file in it.")
    if not stat.S_ISREG(mode):
        raise InputError(f"{path}: is a pipe or device. Write the VCF to a file first.")


def is_bgzf(path: Path) -> bool:
    """Whether the first block is BGZF (blocked gzip, which an index can point into)."""
    with path.open("rb") as handle:
        return _starts_bgzf(handle.read(18))


def _starts_bgzf(head: bytes) -> bool:
    return head[:4] == BGZF_END[:4] and head[12:16] == BGZF_END[12:16]


def text_blocks(path: Path, digest: Digest) -> Iterator[str]:
    """The text in blocks of whole lines, each ending in a newline but perhaps the last.

    Plain text, gzip and BGZF alike; CRLF becomes LF; bytes that are no UTF-8 appear as \\xNN.
    Raises InputError for a truncated or broken stream and for a file of another kind.
    """
    rest = b""
    sniffed = False
    for block in _plain_bytes(path, digest):
        rest += block
        if not sniffed:
            if len(rest) < 4 and rest:
                continue
            rest = rest.removeprefix(b"\xef\xbb\xbf")
            _sniff(path, rest)
            sniffed = True
        cut = rest.rfind(b"\n") + 1
        if cut:
            yield _text(rest[:cut])
            rest = rest[cut:]
        elif len(rest) > MAX_LINE_BYTES:
            raise InputError(f"{path}: a line is longer than {MAX_LINE_BYTES >> 20} MiB. This is no VCF text.")
    if not sniffed:
        _sniff(path, rest)
    if rest:
        yield _text(rest)


def _text(data: bytes) -> str:
    text = data.decode("utf-8", "backslashreplace")
    if "\r" in text:
        text = text.replace("\r\n", "\n")
        text = text[:-1] if text.endswith("\r") else text
    return text


def _sniff(path: Path, head: bytes) -> None:
    if not head:
        raise InputError(f"{path}: is empty. Pass a VCF file.")
    for magic, what in _OTHER_FORMATS:
        if head.startswith(magic):
            raise InputError(f"{path}: {what}.")
    if not head.startswith(b"#"):
        raise InputError(f"{path}: is not a VCF: the first line does not start with ##fileformat=VCF.")


def _plain_bytes(path: Path, digest: Digest) -> Iterator[bytes]:
    stored = _stored_bytes(path, digest)
    head = next(stored, b"")
    if head[:2] != b"\x1f\x8b":
        return chain((head,), stored)
    return _inflate(path, chain((head,), stored), _starts_bgzf(head))


def _stored_bytes(path: Path, digest: Digest) -> Iterator[bytes]:
    try:
        with path.open("rb") as handle:
            while data := handle.read(READ_BYTES):
                digest.update(data)
                yield data
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({_why(error)}).") from None


def _why(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()


def _inflate(path: Path, stored: Iterator[bytes], bgzf: bool) -> Iterator[bytes]:
    member = zlib.decompressobj(wbits=31)
    tail = b""
    try:
        for piece in stored:
            data = piece
            tail = (tail + data)[-len(BGZF_END) :]
            while data:
                if member.eof:
                    data = data.lstrip(b"\0")  # zero padding after a member is allowed (gzip manual)
                    if not data:
                        break
                    member = zlib.decompressobj(wbits=31)
                yield member.decompress(data, INFLATE_BYTES)
                data = member.unused_data if member.eof else member.unconsumed_tail
        if not member.eof:
            yield member.flush()
    except zlib.error:
        raise InputError(f"{path}: the compressed stream is broken. Copy the file again or compress it again.") from None
    if not member.eof:
        raise InputError(f"{path}: is cut off inside its compressed stream. Copy the file again.")
    if bgzf and tail.rstrip(b"\0") != BGZF_END.rstrip(b"\0"):
        raise InputError(f"{path}: is cut off: the BGZF end marker is missing. Copy the file again.")


# --------------------------------------------------------------------------- the header


def read_header(path: Path, blocks: Iterator[str]) -> tuple[Header, str]:
    """The header, and the rest of the block that held its last line. Consumes those blocks only.

    Raises InputError without a usable #CHROM line, without a sample column, or where two samples
    share a name.
    """
    lines: list[str] = []
    for block in blocks:
        start = 0
        while start < len(block):
            stop = block.find("\n", start)
            stop = len(block) if stop < 0 else stop
            line = block[start:stop]
            start = stop + 1
            if not line.startswith("##"):
                return _header(path, lines, line), block[start:]
            lines.append(line)
    raise InputError(f"{path}: has no #CHROM line: it is cut off inside its header, or is no VCF.")


def _header(path: Path, lines: list[str], titles: str) -> Header:
    if not titles.startswith("#CHROM"):
        raise InputError(f"{path}: line {len(lines) + 1} is neither a ## line nor the #CHROM line: not a VCF.")
    columns = titles.split("\t")
    if len(columns) == 1:
        raise InputError(f"{path}: the columns of the #CHROM line are not separated by tabs. Pass the file as written by the caller.")
    if tuple(columns[:8]) != FIXED_COLUMNS[:8]:
        raise InputError(f"{path}: the #CHROM line does not name the eight VCF columns ({one_line(titles[:80])}).")
    if len(columns) < 10 or columns[8] != "FORMAT":
        raise InputError(f"{path}: has no sample column, so no genotypes. Pass the sample's own VCF.")
    samples = tuple(columns[9:])
    twice = next((s for i, s in enumerate(samples) if s in samples[:i]), None)
    if twice is not None:
        raise InputError(f"{path}: two columns are called {one_line(twice)!r}. Rename one: bcftools reheader -s.")
    return Header(
        samples=samples,
        contigs=dict(_contig(line) for line in lines if line.startswith("##contig=")),
        lines=(*lines, titles),
        source=next((line[9:] for line in lines if line.startswith("##source=")), None),
        synthetic="##varmio_synthetic=1" in lines,
        formats=frozenset(
            found[1] for line in lines if line.startswith("##FORMAT=") and (found := _ID.search(line))
        ),
    )


_ID = re.compile(r"[<,]ID=([^,>]*)")
_LENGTH = re.compile(r"[<,]length=(\d{1,12})(?=[,>])")


def _contig(line: str) -> tuple[str, int | None]:
    name, length = _ID.search(line), _LENGTH.search(line)
    return (name[1] if name else line), (int(length[1]) if length else None)


# --------------------------------------------------------------------------- one record


@lru_cache(maxsize=4096)
def plain_contig(name: str) -> str:
    """The contig without chr: 1..22, X, Y, MT; any other name as it is written.

    >>> [plain_contig(n) for n in ("chr6", "X", "chrM", "chrx", "GL000207.1")]
    ['6', 'X', 'MT', 'X', 'GL000207.1']
    """
    bare = (name[3:] if name[:3].lower() == "chr" else name).upper()
    bare = "MT" if bare == "M" else bare
    return bare if bare in PRIMARY else name


_GT = re.compile(r"[/|]?(?:\d{1,7}|\.)(?:[/|](?:\d{1,7}|\.))*", re.ASCII)


@lru_cache(maxsize=4096)
def parse_gt(text: str) -> tuple[tuple[int | None, ...], bool] | None:
    """Allele numbers and whether every separator is '|'; None where the text is no genotype.

    >>> parse_gt("0|1"), parse_gt("./1"), parse_gt("1"), parse_gt("0/x")
    (((0, 1), True), ((None, 1), False), ((1,), False), None)
    """
    if not _GT.fullmatch(text):
        return None
    body = text.lstrip("/|")  # VCF 4.4 allows a leading separator
    alleles = tuple(None if a == "." else int(a) for a in body.replace("|", "/").split("/"))
    return alleles, "|" in text and "/" not in text


def alt_kind(alt: str) -> str:
    """bases, star (deleted by another record), reference (gVCF block, '.'), symbolic, breakend or ''.

    '' is an ALT that no VCF version knows.
    """
    if _BASES.fullmatch(alt):
        return "bases"
    if alt == "*":
        return "star"
    if alt in (".", "<NON_REF>", "<*>", "<X>"):
        return "reference"
    if alt[:1] == "<" and alt[-1:] == ">":
        return "symbolic"
    return "breakend" if _BREAKEND.fullmatch(alt) else ""


_BASES = re.compile(r"[ACGTNRYKMSWBDHV]+", re.IGNORECASE)  # IUPAC codes: kept, and named further on
_BREAKEND = re.compile(r"[A-Za-z.]*[\[\]][^\[\]]+[\[\]][A-Za-z.]*|\.[A-Za-z]+|[A-Za-z]+\.")
_END = re.compile(r"(?:^|;)END=(\d{1,12})(?=;|$)")
_SVLEN = re.compile(r"(?:^|;)SVLEN=-?(\d{1,12})(?=[;,]|$)")


def record_end(pos: int, ref: str, kinds: tuple[str, ...], info: str) -> int:
    """0-based end: of REF; of INFO/END, else SVLEN, for a reference block or a symbolic allele."""
    end = pos - 1 + len(ref)
    if "symbolic" in kinds or set(kinds) <= {"reference"}:
        if found := _END.search(info):
            return max(end, int(found[1]))
        if found := _SVLEN.search(info):
            return max(end, pos + int(found[1]))
    return end


@dataclass(frozen=True, slots=True)
class Line:
    """One record line, checked; `alleles` are this sample's, () where there is no GT."""

    pos: int
    ref: str  # upper case
    alts: tuple[str, ...]  # bases in upper case; () for '.'
    kinds: tuple[str, ...]  # alt_kind of each
    filter: str
    end: int  # 0-based
    layout: str  # FORMAT
    sample: str
    gt: str
    alleles: tuple[int | None, ...]

    @property
    def short(self) -> bool:
        """A small variant of few enough bases to be counted with others like it."""
        return set(self.kinds) == {"bases"} and self.end - self.pos + sum(map(len, self.alts)) < SHORT

    @property
    def ordinary(self) -> bool:
        """One base for one base."""
        return len(self.ref) == 1 and self.kinds == ("bases",) and len(self.alts[0]) == 1

    @property
    def structural(self) -> bool:
        return "symbolic" in self.kinds or "breakend" in self.kinds

    @property
    def reference_only(self) -> bool:
        return set(self.kinds) <= {"reference"}


def parse_line(columns: list[str], width: int, column: int) -> Line | str:
    """The record of a line split at tabs, or the reason why the line cannot be one.

    width: columns of the file; column: index of the sample's.
    """
    if len(columns) != width:
        return f"{'fewer' if len(columns) < width else 'more'} than the {width} columns of the #CHROM line"
    pos, ref, alt, layout, sample = columns[1], columns[3].upper(), columns[4], columns[8], columns[column]
    if not _POS.fullmatch(pos):
        return "POS is not a number"
    if not _BASES.fullmatch(ref):
        return "REF is not bases"
    texts = () if alt == "." else tuple(alt.split(","))
    kinds = tuple(alt_kind(a) for a in texts)
    if "" in kinds:
        return "ALT is neither bases nor a symbol"
    gt = _gt_of(layout, sample)
    called = parse_gt(gt) if gt else ((), False)
    if called is None:
        return "GT is not a genotype"
    if any(a is not None and a > len(texts) for a in called[0]):
        return "GT names an allele that ALT does not have"
    alts = tuple(a.upper() if k == "bases" else a for a, k in zip(texts, kinds, strict=True))
    end = record_end(int(pos), ref, kinds, columns[7])
    return Line(int(pos), ref, alts, kinds, columns[6], end, layout, sample, gt, called[0])


_POS = re.compile(r"\d{1,10}", re.ASCII)


def _gt_of(layout: str, sample: str) -> str:
    """The GT text of a sample column; '' without one."""
    if layout == "GT" or layout.startswith("GT:"):
        return sample.partition(":")[0]
    keys, values = layout.split(":"), sample.split(":")
    return dict(zip(reversed(keys[: len(values)]), reversed(values[: len(keys)]), strict=True)).get("GT", "")


def genotype(line: Line) -> Genotype:
    """The sample's column of a record, read by its FORMAT.

    Depth is DP, else the sum of AD; allele depths are AD, else RO and AO. Phase set is PS, else PID
    (with PGT as the alleles that count within it). A column without GT has no alleles.
    """
    fields = dict(
        zip(reversed(line.layout.split(":")), reversed(_padded(line.layout, line.sample)), strict=True)
    )
    called = parse_gt(line.gt) or ((), False)
    depths = _allele_depths(fields, len(line.alts))
    depth = _whole(fields.get("DP"))
    if depth is None and depths is not None and None not in depths:
        depth = sum(d for d in depths if d is not None)
    phase_set, phased_alleles = _phase(fields, called)
    return Genotype(
        text=line.gt or ".",
        alleles=called[0],
        phased=called[1],
        phase_set=phase_set,
        phased_alleles=phased_alleles,
        depth=depth,
        allele_depths=depths,
        quality=_number(fields.get("GQ")),
    )


def _padded(layout: str, sample: str) -> list[str]:
    """The sample's values, one per FORMAT key: trailing ones may be dropped (VCF spec 1.6.2)."""
    values = sample.split(":")
    keys = layout.count(":") + 1
    return (values + ["."] * (keys - len(values)))[:keys]


def _allele_depths(fields: dict[str, str], n_alts: int) -> tuple[int | None, ...] | None:
    values = fields.get("AD", ".").split(",")
    if values == ["."] and "AO" in fields:
        values = [fields.get("RO", "."), *fields["AO"].split(",")]
    depths = tuple(_whole(v) for v in values)
    return depths if len(depths) == n_alts + 1 and any(d is not None for d in depths) else None


def _phase(
    fields: dict[str, str], called: tuple[tuple[int | None, ...], bool]
) -> tuple[str | None, tuple[int | None, ...] | None]:
    if (phase_set := fields.get("PS", ".")) != ".":
        return phase_set, called[0] if called[1] else None
    pgt = parse_gt(fields.get("PGT", "."))
    if (phase_set := fields.get("PID", ".")) != "." and pgt and pgt[1]:
        return phase_set, pgt[0]
    return None, None


def _whole(text: str | None) -> int | None:
    return int(text) if text and len(text) < 10 and text.isascii() and text.isdigit() else None


def _number(text: str | None) -> float | None:
    return float(text) if text and _FLOAT.fullmatch(text) else None


_FLOAT = re.compile(r"\d{1,9}(?:\.\d{0,20})?(?:[eE][+-]?\d{1,2})?", re.ASCII)
