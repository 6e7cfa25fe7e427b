"""The text of an evidence file: lines of plain, gzip or BGZF bytes, every fault one ResourceError."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from pathlib import Path

from varmio.errors import ResourceError, one_line, why

WHOLE_FILE_BYTES = 64 << 20  # 64 MiB as stored; a larger file is read by region through its index
MAX_LINE_BYTES = 8 << 20  # 8 MiB; a longer line is no table
BGZF_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")  # SAM spec 4.1.2
GIVE = "Give a gnomAD-style VCF, a ClinVar VCF or a table (docs/evidence.md)."

_OTHER = (b"BCF", b"TBI\1", b"CSI\1", b"PK\3\4", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"\xff\xfe", b"\xfe\xff")


def stored(path: Path) -> bytes:
    """All bytes of a small file (ResourceError: not there, no file, empty)."""
    check(path)
    try:
        return path.read_bytes()
    except OSError as error:
        raise ResourceError(f"{path}: cannot be read ({why(error)}). {GIVE}") from None


def check(path: Path) -> int:
    """Size in bytes; ResourceError where there is no such file, or nothing in it."""
    try:
        if not path.exists():
            raise ResourceError(f"{one_line(str(path))}: there is no such evidence file. Check the path.")
        if not path.is_file():
            raise ResourceError(f"{path}: is a folder, pipe or device. {GIVE}")
        size = path.stat().st_size
    except (OSError, ValueError) as error:
        raise ResourceError(f"{one_line(str(path))}: cannot be opened ({why(error)}). {GIVE}") from None
    if not size:
        raise ResourceError(f"{path}: is empty. {GIVE}")
    return size


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def is_bgzf(head: bytes) -> bool:
    return head[:4] == BGZF_END[:4] and head[12:16] == BGZF_END[12:16]


def lines(path: Path, data: bytes) -> Iterator[str]:
    """Lines without their ends; a byte order mark and CR are taken off, bytes that are no UTF-8 shown as \\xNN."""
    packed = data[:2] == b"\x1f\x8b"
    if is_bgzf(data) and not data.endswith(BGZF_END):
        raise ResourceError(f"{path}: is cut off: the BGZF end marker is missing. Copy the file again.")
    handle: io.BufferedIOBase = gzip.GzipFile(fileobj=io.BytesIO(data)) if packed else io.BytesIO(data)
    try:
        first = handle.readline(MAX_LINE_BYTES + 1).removeprefix(b"\xef\xbb\xbf")
        _sniff(path, first)
        yield _text(path, first)
        while line := handle.readline(MAX_LINE_BYTES + 1):
            yield _text(path, line)
    except (OSError, EOFError, zlib.error):
        raise ResourceError(f"{path}: its compressed stream is broken or cut off. Copy the file again.") from None


def _sniff(path: Path, head: bytes) -> None:
    if not head.strip():
        raise ResourceError(f"{path}: is empty in its first line. {GIVE}")
    if b"\0" in head or head.startswith(_OTHER):
        raise ResourceError(f"{path}: is not text. {GIVE}")


def _text(path: Path, line: bytes) -> str:
    if len(line) > MAX_LINE_BYTES:
        raise ResourceError(f"{path}: a line is longer than {MAX_LINE_BYTES >> 20} MiB. {GIVE}")
    return line.decode("utf-8", "backslashreplace").rstrip("\r\n")
