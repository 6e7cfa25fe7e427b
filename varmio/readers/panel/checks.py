"""All checks of a panel file, and their faults as lines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from varmio.errors import KnowledgeError, one_line
from varmio.model import Assembly, Reference
from varmio.readers.panel.coordinates import coordinate_problems
from varmio.readers.panel.rules import relation_problems
from varmio.readers.panel.shapes import PANEL, REFERENCES, as_schema
from varmio.readers.panel.source import Source
from varmio.readers.panel.strict import Lines, Problem, read_strict
from varmio.readers.panel.wording import wording_problems

Placed = tuple[Path, Problem]


def checked(source: Source) -> tuple[dict[str, Any], dict[str, Any]]:
    """Panel data and references by id, without a fault (KnowledgeError names the first)."""
    data, _, references, problems = _read(source)
    if data is None or problems:
        more = len(problems) - 1
        tail = f" ({more} more: varmio panel validate {source.path})" if more else ""
        raise KnowledgeError(_said(problems[0]) + tail)
    return data, references


def faults(source: Source, references: Mapping[Assembly, Reference]) -> list[str]:
    """Every fault, one line each; wording, schema and coordinates only where the rest is sound."""
    data, lines, _, problems = _read(source)
    if data is not None and not problems:
        found = [*wording_problems(data, lines), *coordinate_problems(data, lines, references)]
        problems = _placed(source.path, [*found, *_schema_problems(data)])
    return [_said(problem) for problem in problems]


def _read(source: Source) -> tuple[Any, Lines, dict[str, Any], list[Placed]]:
    """Panel data, its lines, references by id, and all faults that forbid using it."""
    entries, of_references = _references(source)
    text, undecodable = _decoded(source.panel)
    if undecodable:
        return None, {}, {}, _placed(source.path, [undecodable])
    data, lines, of_form = read_strict(text, PANEL)
    if isinstance(data, dict) and "references" in data and not source.references:
        absent = f"there is no {source.references_path.name}, expected beside the panel"
        of_form = [*of_form, Problem(lines[("references",)], "references", absent)]
    problems = _placed(source.path, of_form) + _placed(source.references_path, of_references)
    if problems:
        return None, lines, {}, problems
    references = {e["id"]: {k: v for k, v in e.items() if k != "id"} for e in entries}
    return data, lines, references, _placed(source.path, relation_problems(data, lines, set(references)))


def _references(source: Source) -> tuple[list[dict[str, Any]], list[Problem]]:
    if not source.references.strip():
        return [], []
    text, undecodable = _decoded(source.references)
    if undecodable:
        return [], [undecodable]
    entries, lines, faults = read_strict(text, REFERENCES)
    seen: set[str] = set()
    for index, entry in enumerate(entries if not faults else ()):
        if entry["id"] in seen:
            faults.append(Problem(lines[(index, "id")], f"[{entry['id']}].id", "is there twice, expected once"))
        seen.add(entry["id"])
        if not entry.keys() & {"pmid", "doi", "url", "citation"}:
            faults.append(Problem(lines[(index,)], f"[{entry['id']}]", "expected a pmid, doi, url or citation"))
    return entries or [], faults


def _decoded(content: bytes) -> tuple[str, Problem | None]:
    try:
        return content.decode("utf-8"), None
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return "", Problem(line, "(file)", "is not UTF-8 text, expected that")


def _placed(file: Path, problems: list[Problem]) -> list[Placed]:
    return [(file, problem) for problem in problems]


def _said(placed: Placed) -> str:
    file, problem = placed
    return one_line(f"{file}:{problem.line}: {problem.key}: {problem.text}.")


def _schema_problems(data: Any) -> list[Problem]:
    import jsonschema

    validator = jsonschema.Draft202012Validator(as_schema())
    found = sorted(validator.iter_errors(data), key=lambda error: list(map(str, error.absolute_path)))
    return [Problem(1, error.json_path, f"{error.message} (schema.json)") for error in found]
