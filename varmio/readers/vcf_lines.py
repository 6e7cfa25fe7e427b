"""The bytes of a VCF -> whole lines of text -> its header. A side room of vcf.py.

Our own reading of text, without a library that malformed text could take down.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from varmio.errors import InputError, one_line
from varmio.readers.vcf_source import Digest, check_path, is_bgzf, plain_bytes

__all__ = ["Header", "check_path", "is_bgzf", "read_header", "text_blocks"]

MAX_LINE_BYTES = 1 << 26  # 64 MiB; a longer line is no VCF line, and would fill the memory
FIXED_COLUMNS = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT")

_OTHER_FORMATS = (
    (b"BCF", "is BCF of a version that nothing reads today. Write it again: bcftools view -Oz"),
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


@dataclass(frozen=True, slots=True)
class Header:
    """The lines before the records. Contig lengths are under the names as written."""

    samples: tuple[str, ...]
    contigs: dict[str, int | None]
    lines: tuple[str, ...]  # with the #CHROM line
    source: str | None  # ##source, as written
    synthetic: bool  # ##varmio_synthetic=1: generated, never a person


# --------------------------------------------------------------------------- bytes to lines


def text_blocks(path: Path, digest: Digest) -> Iterator[str]:
    """The text in blocks of whole lines, each ending in a newline but perhaps the last.

    Text, gzip, BGZF and BCF alike, from a file, a pipe or stdin (`-`); CRLF becomes LF; bytes that are
    no UTF-8 appear as \\xNN.
    Raises InputError for a truncated or broken stream and for a file of another kind.
    """
    rest: list[bytes] = []  # of a line whose end has not come yet
    waiting = 0
    sniffed = False
    for block in plain_bytes(path, digest):
        rest.append(block)
        waiting += len(block)
        if not sniffed:
            if waiting < 6:  # the longest magic number
                continue
            rest = [b"".join(rest).removeprefix(b"\xef\xbb\xbf")]
            _sniff(path, rest[0])
            sniffed = True
        cut = rest[-1].rfind(b"\n") + 1
        if cut:
            yield _text(b"".join((*rest[:-1], rest[-1][:cut])))
            rest = [rest[-1][cut:]]
            waiting = len(rest[0])
        elif waiting > MAX_LINE_BYTES:
            raise InputError(f"{path}: a line is longer than {MAX_LINE_BYTES >> 20} MiB. This is no VCF text.")
    last = b"".join(rest)
    if not sniffed:
        _sniff(path, last)
    if last:
        yield _text(last)


def _text(data: bytes) -> str:
    text = data.decode("utf-8", "surrogateescape")
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
        raise InputError(
            f"{path}: is not a VCF: the first line does not start with ##fileformat=VCF. Pass a VCF or BCF."
        )


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
    raise InputError(f"{path}: has no #CHROM line: it is cut off inside its header, or is no VCF. Copy the file again.")


def _header(path: Path, lines: list[str], titles: str) -> Header:
    if not titles.startswith("#CHROM"):
        raise InputError(
            f"{path}: line {len(lines) + 1} is neither a ## line nor the #CHROM line: not a VCF. Pass a VCF or BCF."
        )
    columns = titles.split("\t")
    if len(columns) == 1:
        raise InputError(f"{path}: tabs do not separate the columns of the #CHROM line. Restore them (sed, bcftools).")
    if tuple(columns[:8]) != FIXED_COLUMNS[:8]:
        raise InputError(
            f"{path}: the #CHROM line does not name the eight VCF columns ({one_line(titles[:80])}). "
            "Pass the file as its caller wrote it."
        )
    if len(columns) < 10 or columns[8] != "FORMAT":
        raise InputError(f"{path}: has no sample column, so no genotypes. Pass the sample's own VCF.")
    samples = tuple(columns[9:])
    if len(set(samples)) < len(samples):
        twice = Counter(samples).most_common(1)[0][0]
        raise InputError(f"{path}: two columns are called {one_line(twice)!r}. Rename one: bcftools reheader -s.")
    return Header(
        samples=samples,
        contigs=dict(_contig(line) for line in lines if line.startswith("##contig=")),
        lines=(*lines, titles),
        source=next((line[9:] for line in lines if line.startswith("##source=")), None),
        synthetic="##varmio_synthetic=1" in lines,
    )


_ID = re.compile(r"[<,]ID=([^,>]*)")
_LENGTH = re.compile(r"[<,]length=(\d{1,12})(?=[,>])")


def _contig(line: str) -> tuple[str, int | None]:
    name, length = _ID.search(line), _LENGTH.search(line)
    return (name[1] if name else line), (int(length[1]) if length else None)
