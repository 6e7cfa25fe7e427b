"""A laboratory's folder: letter.yaml (what this report is about) and letterhead.txt -> Letter."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from varmio.errors import ResourceError, one_line, why
from varmio.model import Letter

FILE, HEAD, WORDING = "letter.yaml", "letterhead.txt", "wording.toml"
MAX_BYTES = 100_000  # of one file; a letterhead is a few lines
KEYS = tuple(f.name for f in fields(Letter) if f.name != "letterhead")


def load(folder: Path) -> Letter:
    """What the folder says. ResourceError where it is none, holds none of the files, or one breaks its rules."""
    if not folder.is_dir():
        raise ResourceError(f"{folder}: is no folder. Give one with {FILE}, {HEAD} or {WORDING}.")
    if not any((folder / name).is_file() for name in (FILE, HEAD, WORDING)):
        raise ResourceError(f"{folder}: has none of {FILE}, {HEAD} and {WORDING}.")
    head = tuple(one_line(text) for text in _text(folder / HEAD).splitlines())
    return Letter(**_values(folder / FILE), letterhead=head)


def wording(folder: Path) -> Path | None:
    """The folder's own wording of the family page, where it has one."""
    return folder / WORDING if (folder / WORDING).is_file() else None


def _values(path: Path) -> dict[str, str]:
    import yaml

    try:
        held = yaml.safe_load(_text(path)) or {}
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ResourceError(f"{path}: is no YAML ({one_line(str(error))[:200]}).") from error
    if not isinstance(held, dict) or not all(isinstance(key, str) for key in held):
        raise ResourceError(f"{path}: needs lines such as 'indication: dense bones'.")
    for key, value in held.items():
        if key not in KEYS:
            raise ResourceError(f"{path}: {one_line(key)[:40]} is none of {', '.join(KEYS)}.")
        if isinstance(value, dict | list):
            raise ResourceError(f"{path}: {key} must be one text.")
    return {key: "" if value is None else str(value) for key, value in held.items()}


def _text(path: Path) -> str:
    if not path.exists():
        return ""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ResourceError(f"{path}: has more than {MAX_BYTES:,} bytes.")
        return path.read_text("utf-8")
    except OSError as error:
        raise ResourceError(f"{path}: {why(error)}.") from error
    except UnicodeDecodeError as error:
        raise ResourceError(f"{path}: is no text in UTF-8.") from error
