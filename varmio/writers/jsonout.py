"""Case -> dict -> bytes of case.json, and files that are written whole or not at all."""

from __future__ import annotations

import json
import os
import stat
import tempfile
from contextlib import suppress
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from varmio.errors import InputError, UsageError, one_line
from varmio.model import Case

AS_IT_IS = frozenset({str, int, float, bool, type(None)})
SPACED = (", ", ": ")  # between and after the words of one line
MAX_CASE_BYTES = 200_000_000  # bytes; far above any case, so that a wrong file is not read whole


def as_dict(case: Case) -> dict[str, Any]:
    """The case as case.json holds it: plain dicts, lists, text, numbers, booleans and None.

    Keys are the field names without a trailing underscore; an OPTIONAL field that is None is left out.
    """
    whole: dict[str, Any] = plain(case)
    return whole


def plain(value: Any) -> Any:
    """A type of model.py as plain dicts, lists, text, numbers, booleans and None."""
    if type(value) in AS_IT_IS:
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, str | int | float):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        named = ((key, getattr(value, name), optional) for name, key, optional in _keys(type(value)))
        return {key: plain(item) for key, item, optional in named if not (optional and item is None)}
    raise TypeError(f"{type(value).__name__} has no form in case.json")


@cache
def _keys(kind: type) -> tuple[tuple[str, str, bool], ...]:
    """(field name, key in case.json, left out while None) of a dataclass, in written order."""
    return tuple((f.name, f.name.rstrip("_"), bool(f.metadata.get("optional"))) for f in fields(kind))


def dumps(data: dict[str, Any], compact: bool = False) -> bytes:
    """UTF-8 JSON, a newline at the end; the same dict gives the same bytes.

    A line for each key and for each thing in its list, so that two cases can be compared line by line
    (compact: one line in all). A byte of the input that was not UTF-8 (a lone surrogate in Python) is
    written as a JSON escape.
    """
    text = _on_one_line(data) if compact else _in_lines(data)
    return text.encode("utf-8", "backslashreplace") + b"\n"


def _on_one_line(value: Any, separators: tuple[str, str] = (",", ":")) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=separators)


def _in_lines(data: dict[str, Any]) -> str:
    """The indented form of the library costs ten times as much, since it is written in Python."""
    lines = []
    for key, value in data.items():
        if isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
            items = ",\n".join(f"  {_on_one_line(item, SPACED)}" for item in value)
            lines.append(f" {_on_one_line(key)}: [\n{items}\n ]")
        elif isinstance(value, dict) and value:
            items = ",\n".join(f"  {_on_one_line(k)}: {_on_one_line(v, SPACED)}" for k, v in value.items())
            lines.append(f" {_on_one_line(key)}: {{\n{items}\n }}")
        else:
            lines.append(f" {_on_one_line(key)}: {_on_one_line(value, SPACED)}")
    return "{\n" + ",\n".join(lines) + "\n}" if lines else "{}"


def loads(text: str, where: str) -> dict[str, Any]:
    """The case of a case.json text, not yet checked. Raises InputError that names `where`."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        reason = one_line(str(error))[:80]
        raise InputError(f"{one_line(where)}: is not JSON ({reason}). Give the case.json of varmio run.") from error
    if not isinstance(data, dict):
        raise InputError(f"{one_line(where)}: holds no case. Give the case.json of varmio run.")
    return data


def read_bounded(path: Path) -> bytes:
    """Bytes of a case.json or a report, not more than any holds (OSError; InputError for another kind of file)."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise InputError("is no file. Give the case.json of varmio run.")
    with path.open("rb") as file:
        content = file.read(MAX_CASE_BYTES + 1)
    if len(content) > MAX_CASE_BYTES:
        raise InputError("is too large for a case. Give the file that varmio run wrote.")
    return content


def write_atomic(path: Path, content: bytes) -> None:
    """Write the whole file or nothing: a temporary file beside it, fsync, then rename.

    Raises UsageError where the folder cannot be written or the disk is full; a file that was
    there before stays as it was.
    """
    temporary: str | None = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:64]}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), 0o666 & ~_umask())
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except OSError as error:
        if temporary is not None:
            with suppress(OSError):
                Path(temporary).unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise UsageError(
            f"{one_line(str(path))}: cannot be written ({reason}). Choose another folder or free some space."
        ) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
