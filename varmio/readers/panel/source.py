"""Where panels lie, and a panel's files as bytes."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from varmio.errors import KnowledgeError, one_line, why

PACKAGE = Path(__file__).resolve().parents[2]
REFERENCES_FILE = "references.yaml"  # beside the panel, unless the panel names another file


def folders() -> list[Path]:
    """Folders that may hold panels, the first first: $VARMIO_PANEL_DIR, the wheel's, a checkout's."""
    stated = os.environ.get("VARMIO_PANEL_DIR")
    if stated and not Path(stated).is_dir():
        raise KnowledgeError(f"VARMIO_PANEL_DIR={one_line(stated)}: there is no such folder. Mend or unset it.")
    places = [Path(stated)] if stated else []
    places += [parent / "gene_panels" for parent in (PACKAGE, *PACKAGE.parents)]
    return [place for place in places if place.is_dir()]


def names() -> list[str]:
    """Names of the panels that `find` knows without a path, sorted."""
    files = [f for folder in folders() for f in folder.glob("*.yaml") if f.name != REFERENCES_FILE]
    return sorted({f.stem for f in files})


def find(name_or_path: str | Path) -> Path:
    """The panel's YAML file: a path as given, or a name looked up in `folders`.

    Raises KnowledgeError where there is none.
    """
    text = str(name_or_path)
    if isinstance(name_or_path, Path) or text.endswith((".yaml", ".yml")) or os.sep in text:
        try:
            there = Path(text).is_file()
        except (OSError, ValueError) as error:
            raise KnowledgeError(f"{one_line(text)}: cannot be used ({why(error)}). Check --panel.") from error
        if there:
            return Path(text)
        raise KnowledgeError(f"{one_line(text)}: no such panel file. Check the path given to --panel.")
    for folder in folders():
        if (folder / f"{text}.yaml").is_file():
            return folder / f"{text}.yaml"
    known = ", ".join(names()) or "none"
    raise KnowledgeError(f"panel {one_line(text)!r} not found. Known: {known}; or give a path.")


@dataclass(frozen=True, slots=True)
class Source:
    """A panel file and its references file, as bytes."""

    path: Path
    panel: bytes
    references_path: Path
    references: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.panel + self.references).hexdigest()


def open_panel(path: Path) -> Source:
    """The panel file and the references file it names (KnowledgeError)."""
    panel = _bytes(path)
    beside = path.with_name(_references_name(panel))
    return Source(path, panel, beside, _bytes(beside) if beside.is_file() else b"")


def _references_name(panel: bytes) -> str:
    for line in panel.splitlines():
        if line.startswith(b"references:"):
            name = line.partition(b":")[2].split(b"#")[0].strip().strip(b"\"'").decode("utf-8", "replace")
            return Path(name).name or REFERENCES_FILE
    return REFERENCES_FILE


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise KnowledgeError(f"{path}: cannot be read ({error.strerror}).") from error
