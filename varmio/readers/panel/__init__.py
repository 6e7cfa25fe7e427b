"""Gene panels: gene_panels/*.yaml -> Panel. The only owner of the panel's YAML.

A panel is read strictly (`strict`, `rules`) and built into the frozen types of model.py. Because
that costs more than the rest of a start, the shipped panel also lies compiled in resources/panels/:
the same data after all checks, with the sha256 of the files it came from. It is used only while
that sha256 is the one of the files found; then the rooms that check are not even imported.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from varmio.errors import KnowledgeError
from varmio.model import AnnotatedSign, Assembly, Panel, Reference
from varmio.readers.panel.build import as_panel
from varmio.readers.panel.source import PACKAGE, Source, find, folders, names, open_panel

__all__ = ["compile_panel", "find", "folders", "load", "names", "schema", "show", "validate"]

COMPILED = PACKAGE / "resources" / "panels"
DEFAULT = "osteopetrosis"


def load(name_or_path: str | Path = DEFAULT) -> Panel:
    """The panel, checked. Raises KnowledgeError: file, line, key, and what was expected."""
    source = open_panel(find(name_or_path))
    compiled = _compiled(source)
    data, references = compiled if compiled is not None else _checked(source)
    return as_panel(data, references, source.sha256, str(source.path))


def validate(path: str | Path, references: Mapping[Assembly, Reference] | None = None) -> list[str]:
    """Every fault of a panel file, one line each, by line; an empty list where it may be used.

    Beyond what `load` asks: the JSON Schema, forbidden wording, and (with the transcripts of both
    assemblies in `references`) that each named allele lies where its c. name says.
    """
    from varmio.readers.panel.checks import faults

    try:
        source = open_panel(find(path))
    except KnowledgeError as error:
        return [str(error)]
    return faults(source, references or {})


def show(panel: Panel, symbol: str, signs: Mapping[str, tuple[AnnotatedSign, ...]] | None = None) -> str:
    """What the panel holds of a gene, as a page of text (UsageError where it has no such gene)."""
    from varmio.readers.panel.text import page

    return page(panel, symbol, signs or {})


def schema() -> dict[str, Any]:
    """The JSON Schema of a panel file (draft 2020-12)."""
    from varmio.readers.panel.shapes import as_schema

    return as_schema()


def compile_panel(folder: Path = COMPILED, name: str = DEFAULT) -> Path:
    """Write the compiled form of a panel into the folder; returns its path. Same input, same bytes."""
    source = open_panel(find(name))
    data, references = _checked(source)
    content = {"sha256": source.sha256, "panel": data, "references": references}
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{name}.json.gz"
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"
    target.write_bytes(gzip.compress(text.encode(), mtime=0))
    return target


def _checked(source: Source) -> tuple[dict[str, Any], dict[str, Any]]:
    from varmio.readers.panel.checks import checked

    return checked(source)


def _compiled(source: Source) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Data of the compiled form, or None where there is none in step with the source."""
    file = COMPILED / f"{source.path.stem}.json.gz"
    if not file.is_file():
        return None
    try:
        content = json.loads(gzip.decompress(file.read_bytes()))
    except (ValueError, EOFError, OSError, zlib.error):  # damaged; the YAML says the same
        return None
    return (content["panel"], content["references"]) if content["sha256"] == source.sha256 else None
