"""A file that a user names: whether it is there, and its lines of text, gzip or not."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from varmio.errors import InputError, UsageError, one_line, why


def check(path: Path) -> None:
    """Raises UsageError where nothing is there, InputError where it is a folder."""
    if not path.exists():
        raise UsageError(f"{path}: there is no such file. Check the path.")
    if path.is_dir():
        raise InputError(f"{path}: is a folder. Pass the file in it.")


def lines(path: Path) -> Iterator[str]:
    """The lines with their ends; bytes that are no UTF-8 are replaced. InputError where they cannot be read."""
    try:
        with path.open("rb") as handle:
            packed = handle.read(2) == b"\x1f\x8b"
        with gzip.open(path, "rt", errors="replace") if packed else path.open(errors="replace") as text:
            yield from text
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{one_line(str(path))}: cannot be read ({why(error)}). Pass it as it was written.") from None
