"""Where the bytes of a VCF come from: a file, stdin, a pipe; text, gzip, BGZF or BCF. A side room of vcf.py.

A pipe can be read once only, and a run reads its input twice (header first): what came through is kept in
an unnamed temporary file. BCF is decoded by a child process, which a broken file may kill without harm.
"""

from __future__ import annotations

import os
import select
import stat
import subprocess
import sys
import tempfile
import time
import weakref
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain
from pathlib import Path
from typing import IO, Protocol

from varmio.errors import InputError, UsageError, one_line, why

STDIN = Path("-")
READ_BYTES = 1 << 18  # stored bytes read at a time
INFLATE_BYTES = 1 << 20  # the most that one step of decompression may yield
PIPE_WAIT_S = 5.0  # seconds that a named pipe may be without a writer; then none will come
BGZF_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")  # SAM spec 4.1.2
GZIP_MAGIC = b"\x1f\x8b"
BCF_MAGIC = b"BCF\2"  # VCF spec 6.1
DECODE_BCF = "import pysam.bcftools as b; b.view('-Ov', '--no-version', '-', catch_stdout=False)"


class Digest(Protocol):
    """What a hashlib object offers; plain_bytes feeds it the bytes as stored."""

    def update(self, data: bytes, /) -> None: ...


# --------------------------------------------------------------------------- the path


def check_path(path: Path) -> None:
    """Raises UsageError where nothing is there, InputError where it cannot be read. `-` is stdin."""
    if path == STDIN:
        _check_stdin()
        return
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise UsageError(f"{path}: there is no such file. Check the path.") from None
    except (OSError, ValueError) as error:
        raise InputError(
            f"{one_line(str(path))}: cannot be opened ({why(error)}). Check the path and its permissions."
        ) from None
    if stat.S_ISDIR(mode):
        raise InputError(f"{path}: is a folder. Pass the VCF file in it.")
    if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode)):
        raise InputError(f"{path}: is a device. Write the VCF to a file first.")


def _check_stdin() -> None:
    if sys.stdin is None or sys.stdin.closed:
        raise InputError("-: stdin is closed. Pipe a VCF into it, or give a file's path.")
    if sys.stdin.isatty():
        raise UsageError("-: stdin is a terminal. Pipe a VCF into it, or give a file's path.")


def is_bgzf(path: Path) -> bool:
    """Whether the file is text in BGZF (blocked gzip, which an index of lines can point into)."""
    try:
        with path.open("rb") as handle:
            head = handle.read(READ_BYTES)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({why(error)}).") from None
    return _starts_bgzf(head) and not _starts_bcf(head)


def _starts_bgzf(head: bytes) -> bool:
    return head[:4] == BGZF_END[:4] and head[12:16] == BGZF_END[12:16]


def _starts_bcf(head: bytes) -> bool:
    if head.startswith(GZIP_MAGIC):
        try:
            head = zlib.decompressobj(wbits=31).decompress(head, len(BCF_MAGIC))
        except zlib.error:
            return False
    return head.startswith(BCF_MAGIC)


# --------------------------------------------------------------------------- stored bytes


@dataclass(slots=True, weakref_slot=True, eq=False)
class _Spool:
    """What came through a pipe so far, in an unnamed file, and where more comes from."""

    more: Callable[[int], bytes]
    kept: IO[bytes]

    def blocks(self) -> Iterator[bytes]:
        """Everything from the start; what is not kept yet is read, and kept."""
        at = 0
        while data := os.pread(self.kept.fileno(), READ_BYTES, at) or self._add(self.more(READ_BYTES)):
            at += len(data)
            yield data

    def _add(self, data: bytes) -> bytes:
        try:
            self.kept.seek(0, os.SEEK_END)
            left = memoryview(data)
            while left:  # an unbuffered write may take a part only
                left = left[self.kept.write(left) :]
        except OSError as error:
            raise _no_room(error) from None
        return data


@lru_cache(maxsize=4)
def _spool(more: Callable[[int], bytes], first: bytes = b"") -> _Spool:
    try:
        kept = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed with its spool
    except OSError as error:
        raise _no_room(error) from None
    spool = _Spool(more, kept)
    weakref.finalize(spool, kept.close)
    spool._add(first)
    return spool


def _no_room(error: OSError) -> UsageError:
    return UsageError(
        f"TMPDIR: what comes through a pipe cannot be kept ({why(error)}). Set TMPDIR to a folder with room, "
        "or pass a file."
    )


@lru_cache(maxsize=4)
def _named_pipe(path: Path, inode: int) -> _Spool:  # noqa: ARG001 - a pipe made anew under the same name is another
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    first = _first_bytes(path, handle)
    os.set_blocking(handle, True)
    return _spool(partial(_read, handle), first + _read(handle, READ_BYTES - len(first)))


def _read(handle: int, size: int) -> bytes:
    """As many bytes, fewer only at the end: a pipe hands over what its writer wrote at a time."""
    parts = []
    while size and (data := os.read(handle, size)):
        parts.append(data)
        size -= len(data)
    return b"".join(parts)


def _first_bytes(path: Path, handle: int) -> bytes:
    """Waits until a writer has opened the pipe; what it wrote by then. InputError where none comes."""
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    until = time.monotonic() + PIPE_WAIT_S
    while True:
        try:
            data = os.read(handle, READ_BYTES)
        except BlockingIOError:  # a writer is there, and has written nothing yet
            return b""
        if data or poll.poll(0):  # the second: a writer came and went
            return data
        if time.monotonic() > until:
            os.close(handle)
            raise InputError(f"{path}: is a pipe that nothing writes to. Start its writer, or pass a file.")
        time.sleep(0.02)


def _spool_of(path: Path) -> _Spool | None:
    """The spool of stdin or of a pipe; None for a file."""
    if path == STDIN:
        return _spool(sys.stdin.buffer.read)
    found = path.stat()
    return _named_pipe(path, found.st_ino) if stat.S_ISFIFO(found.st_mode) else None


def _stored_bytes(path: Path, digest: Digest) -> Iterator[bytes]:
    try:
        for data in _blocks(path):
            digest.update(data)
            yield data
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({why(error)}).") from None


def _blocks(path: Path) -> Iterator[bytes]:
    spool = _spool_of(path)
    if spool is not None:
        yield from spool.blocks()
        return
    with path.open("rb") as handle:
        while data := handle.read(READ_BYTES):
            yield data


# --------------------------------------------------------------------------- plain bytes


def plain_bytes(path: Path, digest: Digest) -> Iterator[bytes]:
    """The text's bytes, decompressed and decoded; `digest` gets the bytes as stored.

    Raises InputError for a stream that is broken or cut off.
    """
    stored = _stored_bytes(path, digest)
    head = next(stored, b"")
    whole = chain((head,), stored)
    if _starts_bcf(head):
        return _from_bcf(path, whole, _starts_bgzf(head))
    return _inflate(path, whole, _starts_bgzf(head)) if head.startswith(GZIP_MAGIC) else whole


def _inflate(path: Path, stored: Iterator[bytes], bgzf: bool) -> Iterator[bytes]:
    member = zlib.decompressobj(wbits=31)
    tail = b""
    try:
        for data in stored:
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
        raise InputError(f"{path}: its compressed stream is broken. Copy or compress the file again.") from None
    if not member.eof:
        raise InputError(f"{path}: is cut off inside its compressed stream. Copy the file again.")
    _check_end(path, bgzf, tail)


def _check_end(path: Path, bgzf: bool, tail: bytes) -> None:
    if bgzf and tail != BGZF_END:
        raise InputError(f"{path}: is cut off: the BGZF end marker is missing. Copy the file again.")


def _from_bcf(path: Path, stored: Iterator[bytes], bgzf: bool) -> Iterator[bytes]:
    """BCF as VCF text; a child decodes it, so that no file can take this process down."""
    tail = b""
    for data in stored:
        tail = (tail + data)[-len(BGZF_END) :]
    _check_end(path, bgzf, tail)
    with _opened(path) as source, _decoder(source) as child:
        assert child.stdout is not None
        try:
            while data := child.stdout.read(INFLATE_BYTES):
                yield data
            done = child.wait() == 0
        finally:
            child.kill()
    if not done:
        raise InputError(f"{path}: its BCF records are broken. Copy the file again, or pass the VCF.")


def _opened(path: Path) -> AbstractContextManager[IO[bytes]]:
    spool = _spool_of(path)
    if spool is None:
        return path.open("rb")
    spool.kept.seek(0)
    return nullcontext(spool.kept)


def _decoder(source: IO[bytes]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-c", DECODE_BCF]  # -P: no module of the current folder is imported
    return subprocess.Popen(command, stdin=source, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
