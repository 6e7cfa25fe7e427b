"""Lines of a BGZF file by region, through its .tbi or .csi index. A side room of vcf.py.

The two index formats are read here and not by a library: a damaged index can send one into an endless
loop, and then no error line would ever appear. Formats: tabix and CSI specifications (samtools/hts-specs).
"""

from __future__ import annotations

import gzip
import io
import struct
import zlib
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

MAX_INDEX_BYTES = 1 << 28  # 256 MiB unpacked; a whole genome's index takes some 3 MiB
TABIX_SHIFT, TABIX_DEPTH = 14, 5  # smallest bin 2^14 bp, five levels below the whole contig

Regions = Callable[[str], Iterable[tuple[int, int]]]
Chunk = tuple[int, int]  # virtual offsets: 48 bits of the block's place in the file, 16 bits within it


class DamagedIndexError(Exception):
    """The index cannot be read, or points where no record begins."""


@dataclass(frozen=True, slots=True)
class Index:
    """An index as stored, and where in it the chunks of each bin are listed, by contig as written."""

    data: bytes
    shift: int
    depth: int
    bins: dict[str, dict[int, tuple[int, int]]]  # bin -> offset of its chunks, their number


def load(path: Path, regions: Regions | None = None) -> Index:
    """The index of a .tbi or .csi file (DamagedIndexError; OSError where it cannot be opened).

    regions: of a contig as written, the (start, end) that will be asked for; other bins are not kept.
    """
    packed = path.read_bytes()
    try:
        with gzip.open(io.BytesIO(packed)) as handle:
            data = handle.read(MAX_INDEX_BYTES + 1)
        if len(data) > MAX_INDEX_BYTES or data[:4] not in (b"TBI\1", b"CSI\1"):
            raise DamagedIndexError
        return _tabix(data, regions) if data[:3] == b"TBI" else _csi(data, regions)
    except (OSError, EOFError, zlib.error, struct.error, ValueError, OverflowError):
        raise DamagedIndexError from None


def _tabix(data: bytes, regions: Regions | None) -> Index:
    contigs, *_, length = struct.unpack_from("<8i", data, 4)
    at = 36 + length
    bins = {}
    for name in _names(data[36:at], contigs):
        wanted = _wanted(TABIX_SHIFT, TABIX_DEPTH, name, regions)
        bins[name], at = _bins(data, at, struct.Struct("<Ii"), wanted)
        at += 4 + 8 * _count(data, at)  # the linear index only saves time
    return Index(data, TABIX_SHIFT, TABIX_DEPTH, bins)


def _csi(data: bytes, regions: Regions | None) -> Index:
    shift, depth, length = struct.unpack_from("<3i", data, 4)
    if not (1 <= shift <= 30 and 1 <= depth <= 10 and length >= 28):
        raise DamagedIndexError
    names = _names(data[44 : 44 + _count(data, 40)], _count(data, 16 + length))
    at = 20 + length
    bins = {}
    for name in names:
        bins[name], at = _bins(data, at, struct.Struct("<IQi"), _wanted(shift, depth, name, regions))
    return Index(data, shift, depth, bins)


def _count(data: bytes, at: int) -> int:
    (number,) = struct.unpack_from("<i", data, at)
    if not 0 <= number <= len(data):
        raise DamagedIndexError
    return int(number)


def _names(text: bytes, number: int) -> list[str]:
    names = text.decode("utf-8", "surrogateescape").split("\0")[:-1]
    if len(names) != number or len(set(names)) != number:
        raise DamagedIndexError
    return names


def _wanted(shift: int, depth: int, contig: str, regions: Regions | None) -> set[int] | None:
    """Numbers of the bins to keep; None for all."""
    if regions is None:
        return None
    return {number for start, end in regions(contig) for number in _overlapping(shift, depth, start, end)}


def _bins(
    data: bytes, at: int, layout: struct.Struct, wanted: set[int] | None
) -> tuple[dict[int, tuple[int, int]], int]:
    """Bins of the contig whose list begins at that offset, those wanted, and the offset after it."""
    bins = {}
    left = _count(data, at)
    at += 4
    for _ in range(left):
        number, *_, chunks = layout.unpack_from(data, at)
        at += layout.size
        if not 0 <= chunks <= len(data):
            raise DamagedIndexError
        if wanted is None or number in wanted:
            bins[number] = (at, chunks)
        at += 16 * chunks
    return bins, at


# --------------------------------------------------------------------------- regions


@dataclass(frozen=True, slots=True)
class Merged:
    """Half-open ranges, merged and ascending."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def touches(self, start: int, end: int) -> bool:
        index = bisect_left(self.starts, end) - 1
        return index >= 0 and self.ends[index] > start

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return zip(self.starts, self.ends, strict=True)


def merged(ranges: Iterable[tuple[int, int]]) -> Merged:
    """The ranges in ascending order, those that touch joined.

    >>> list(merged([(5, 9), (1, 3), (2, 5), (20, 21)]))
    [(1, 9), (20, 21)]
    """
    joined: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return Merged(tuple(s for s, _ in joined), tuple(e for _, e in joined))


def lines(path: Path, index: Index, contig: str, start: int, end: int) -> Iterator[list[str]]:
    """Lines, split at tabs, of the records of a contig (name as written) with POS in [start + 1, end].

    Raises DamagedIndexError where the index points at no block, or at no line, of the file.
    """
    with path.open("rb") as handle:
        for first, last in _chunks(index, contig, start, end):
            for text in _lines(handle, first, last):
                columns = text.split("\t")
                if columns[0] != contig or len(columns) < 2 or not columns[1].isdecimal() or len(columns[1]) > 12:
                    raise DamagedIndexError
                if int(columns[1]) > end:
                    break
                if int(columns[1]) > start:
                    yield columns


def _chunks(index: Index, contig: str, start: int, end: int) -> list[Chunk]:
    """The chunks that may hold records of the region, in file order and joined where they overlap."""
    bins = index.bins[contig]
    wanted: list[Chunk] = []
    for number in _overlapping(index.shift, index.depth, start, end):
        at, chunks = bins.get(number, (0, 0))
        if at + 16 * chunks > len(index.data):
            raise DamagedIndexError
        offsets = struct.unpack_from(f"<{2 * chunks}Q", index.data, at)
        wanted += zip(offsets[::2], offsets[1::2], strict=True)
    joined: list[Chunk] = []
    for first, last in sorted(wanted):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def _overlapping(smallest: int, depth: int, start: int, end: int) -> Iterable[int]:
    """Numbers of the bins that overlap [start, end), from the whole contig down to the smallest."""
    offset, shift = 0, smallest + 3 * depth
    for level in range(depth + 1):
        yield from range(offset + (start >> shift), offset + ((end - 1) >> shift) + 1)
        offset += 1 << (3 * level)
        shift -= 3


def _lines(handle: BinaryIO, first: int, last: int) -> Iterator[str]:
    """Whole lines between two virtual offsets; none where the blocks end before."""
    place, rest = first >> 16, b""
    skip = first & 0xFFFF
    while place << 16 < last:
        block, size = _block(handle, place)
        if skip > len(block):
            raise DamagedIndexError
        within = block[skip : (last & 0xFFFF) if place == last >> 16 else None]
        *whole, rest = (rest + within).split(b"\n")
        yield from (line.decode("utf-8", "surrogateescape").removesuffix("\r") for line in whole)
        place, skip = place + size, 0
    if rest:  # a file whose last line has no line end
        yield rest.decode("utf-8", "surrogateescape")


def _block(handle: BinaryIO, place: int) -> tuple[bytes, int]:
    """One BGZF block unpacked, and its size in the file."""
    handle.seek(place)
    head = handle.read(18)
    size = int.from_bytes(head[16:18], "little") + 1
    if head[:4] != b"\x1f\x8b\x08\x04" or head[12:16] != b"BC\2\0":
        raise DamagedIndexError
    return _unpacked(head + handle.read(size - 18)), size


@lru_cache(maxsize=4)
def _unpacked(block: bytes) -> bytes:
    try:
        return zlib.decompress(block, wbits=31)
    except zlib.error:
        raise DamagedIndexError from None
