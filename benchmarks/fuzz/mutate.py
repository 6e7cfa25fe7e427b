"""Seeded mutations of a VCF: of bytes, of lines, of columns and of the values inside a column."""

from __future__ import annotations

import gzip
import random
import re
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pysam

TOKENS = (
    "", ".", "0", "1", "-1", "0/1", "1/1", "./.", "./1", "1|0", "|1", "0/9", "1/2/3", "0/", "GT", "GT:GT", "DP:GT",
    "PS", "*", "<DEL>", "<NON_REF>", "<*>", "<>", "<", "A[5:9[", "]x]A", ".A", "N", "acgt", "A,", ",", ";", "=",
    "END=5",
    "END=999999999999", "END=-1", "SVLEN=99999999999", "SVTYPE=CNV", "4294967296", "9" * 25, "1e308", "nan", "inf",
    "-0", "+5", "1_0", "\u0661", "\u2028", "\ufeff", "\x00", "\x1b[31m", "\r", "\t", " ", "\"", "'", "%3B", "%", "\\n",
    "<script>", "chr11", "11", "X", "Y", "MT", "chrM", "NC_000011.10", "68363747", "108064285", "A" * 300, "ACGT" * 50,
    "CSQ=", "ANN=|||||", "BCSQ=@5", "PASS", "a;b", "##", "#CHROM", "0:0:0", ":" * 40, "/" * 40, "\udcff",
)  # fmt: skip
Lines = list[str]


def mutated(data: bytes, other: bytes, rng: random.Random) -> bytes:
    """The file changed at one or more places; packed files are mostly changed inside and packed again."""
    packing = "text" if data[:2] != b"\x1f\x8b" else "bgzf" if data[12:14] == b"BC" else "gzip"
    if packing == "text" or rng.random() < 0.25:
        return _changed(data, _unpacked(other), rng)
    changed = _changed(_unpacked(data), _unpacked(other), rng)
    return gzip.compress(changed, 1, mtime=0) if packing == "gzip" else _bgzf(changed)


def _unpacked(data: bytes) -> bytes:
    try:
        return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    except (OSError, EOFError, zlib.error):
        return data


def _bgzf(data: bytes) -> bytes:
    with tempfile.NamedTemporaryFile(suffix=".gz") as file:
        with pysam.BGZFile(file.name, "wb") as out:
            out.write(data)
        return Path(file.name).read_bytes()


def _changed(data: bytes, other: bytes, rng: random.Random) -> bytes:
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        if data.startswith(b"##") and rng.random() < 0.75:
            text = data.decode("utf-8", "surrogateescape")
            lines = text.split("\n")
            rng.choice(LINE_WAYS)(lines, other.decode("utf-8", "surrogateescape").split("\n"), rng)
            data = "\n".join(lines).encode("utf-8", "surrogatepass" if "\ud800" in text else "surrogateescape")
        else:
            data = rng.choice(BYTE_WAYS)(data, other, rng)
    return data


# --------------------------------------------------------------------------- lines


def _place(lines: Lines, rng: random.Random) -> int:
    """A line, mostly a record."""
    records = [i for i, line in enumerate(lines) if line and line[0] != "#"]
    return rng.choice(records) if records and rng.random() < 0.8 else rng.randrange(len(lines))


def _column(lines: Lines, _: Lines, rng: random.Random) -> None:
    at = _place(lines, rng)
    columns = lines[at].split("\t")
    columns[rng.randrange(len(columns))] = rng.choice(TOKENS)
    lines[at] = "\t".join(columns)


def _value(lines: Lines, _: Lines, rng: random.Random) -> None:
    at = _place(lines, rng)
    parts = re.split(r"([\t:;,/|=<>])", lines[at])
    parts[rng.randrange(len(parts))] = rng.choice(TOKENS)
    lines[at] = "".join(parts)


def _swap_columns(lines: Lines, _: Lines, rng: random.Random) -> None:
    at = _place(lines, rng)
    columns = lines[at].split("\t")
    a, b = rng.randrange(len(columns)), rng.randrange(len(columns))
    columns[a], columns[b] = columns[b], columns[a]
    lines[at] = "\t".join(columns)


def _graft(lines: Lines, other: Lines, rng: random.Random) -> None:
    """One column of another file's record."""
    mine, theirs = _place(lines, rng), _place(other, rng)
    columns, more = lines[mine].split("\t"), other[theirs].split("\t")
    at = rng.randrange(min(len(columns), len(more)))
    columns[at] = more[at]
    lines[mine] = "\t".join(columns)


def _repeat(lines: Lines, _: Lines, rng: random.Random) -> None:
    at = _place(lines, rng)
    lines[at:at] = [lines[at]] * rng.choice((1, 1, 2, 40))


def _drop(lines: Lines, _: Lines, rng: random.Random) -> None:
    del lines[rng.randrange(len(lines))]
    lines.append("")


def _insert(lines: Lines, other: Lines, rng: random.Random) -> None:
    lines.insert(rng.randrange(len(lines) + 1), rng.choice(other))


def _shuffle(lines: Lines, _: Lines, rng: random.Random) -> None:
    at = next((i for i, line in enumerate(lines) if line[:1] != "#"), 0)
    tail = lines[at:]
    rng.shuffle(tail)
    lines[at:] = tail


def _to_panel(lines: Lines, _: Lines, rng: random.Random) -> None:
    at = _place(lines, rng)
    columns = lines[at].split("\t")
    columns[:2] = rng.choice((["11", "68363747"], ["6", "108064285"], ["X", "154555888"], ["chr11", "68363750"]))
    lines[at] = "\t".join(columns)


LINE_WAYS: tuple[Callable[[Lines, Lines, random.Random], None], ...] = (
    _column, _column, _value, _value, _value, _swap_columns, _graft, _repeat, _drop, _insert, _shuffle, _to_panel,
)  # fmt: skip

# --------------------------------------------------------------------------- bytes


def _flip(data: bytes, _: bytes, rng: random.Random) -> bytes:
    if not data:
        return b"\x00"
    raw = bytearray(data)
    for _ in range(rng.choice((1, 1, 4, 16))):
        raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
    return bytes(raw)


def _overwrite(data: bytes, _: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    new = rng.choice(
        (b"\xff" * 4, b"\0" * 4, b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f", rng.randbytes(rng.randrange(1, 9)))
    )
    return data[:at] + new + data[at + len(new) :]


def _cut(data: bytes, _: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _remove(data: bytes, _: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + data[at + rng.randrange(1, 40) :]


def _put(data: bytes, other: bytes, rng: random.Random) -> bytes:
    at, start = rng.randrange(len(data) + 1), rng.randrange(len(other) + 1)
    return data[:at] + other[start : start + rng.randrange(200)] + data[at:]


def _token(data: bytes, _: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice(TOKENS).encode("utf-8", "surrogateescape") + data[at:]


def _join(data: bytes, other: bytes, _: random.Random) -> bytes:
    return data + other


BYTE_WAYS: tuple[Callable[[bytes, bytes, random.Random], bytes], ...] = (
    _flip, _flip, _overwrite, _overwrite, _cut, _remove, _put, _token, _join,
)  # fmt: skip
