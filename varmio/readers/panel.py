"""Gene panels: gene_panels/*.yaml -> Panel. The only owner of the panel's YAML.

A panel is read strictly (`panel_yaml`, `panel_rules`) and built into the frozen types of model.py.
Because that costs most of a run's time, the shipped panel also lies compiled in
resources/panels/: the same data after all checks, with the sha256 of the files it came from. It is
used only while that sha256 is the one of the files found.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from varmio.errors import KnowledgeError, one_line
from varmio.model import (
    AlleleKind,
    AlleleRule,
    Assembly,
    BlindSpot,
    Class,
    Inheritance,
    NamedAllele,
    Neurology,
    Panel,
    PanelGene,
    PanelStatement,
    PanelSubtype,
    Reference,
    Status,
    Topic,
    Transplant,
)
from varmio.readers.panel_rules import (
    coordinate_problems,
    kind_of,
    phrase_kinds,
    relation_problems,
    wording_problems,
)
from varmio.readers.panel_text import show
from varmio.readers.panel_yaml import PANEL, REFERENCES, Lines, Problem, read_strict

__all__ = ["compile_panel", "find", "folders", "load", "names", "show", "validate"]

PACKAGE = Path(__file__).resolve().parents[1]
COMPILED = PACKAGE / "resources" / "panels"
DEFAULT = "osteopetrosis"
REFERENCES_FILE = "references.yaml"  # beside the panel, unless the panel names another file


# --------------------------------------------------------------------------- where panels are


def folders() -> list[Path]:
    """Folders that may hold panels, the first first: $VARMIO_PANEL_DIR, the wheel's, a checkout's."""
    stated = os.environ.get("VARMIO_PANEL_DIR")
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
        if Path(text).is_file():
            return Path(text)
        raise KnowledgeError(f"{one_line(text)}: no such panel file. Check the path given to --panel.")
    for folder in folders():
        if (folder / f"{text}.yaml").is_file():
            return folder / f"{text}.yaml"
    known = ", ".join(names()) or "none"
    raise KnowledgeError(f"panel {one_line(text)!r} not found. Known: {known}; or give a path.")


# --------------------------------------------------------------------------- loading


@dataclass(frozen=True, slots=True)
class _Source:
    """A panel file and its references file, as bytes."""

    path: Path
    panel: bytes
    references_path: Path
    references: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.panel + self.references).hexdigest()


def load(name_or_path: str | Path = DEFAULT) -> Panel:
    """The panel, checked. Raises KnowledgeError: file, line, key, and what was expected."""
    source = _open(find(name_or_path))
    compiled = _compiled(source)
    data, references = compiled if compiled is not None else _checked(source)
    return _build(data, references, source)


def validate(path: str | Path, references: Mapping[Assembly, Reference] | None = None) -> list[str]:
    """Every fault of a panel file, one line each, by line; an empty list where it may be used.

    Beyond what `load` asks: the JSON Schema, forbidden wording, and (with the transcripts of both
    assemblies in `references`) that each named allele lies where its c. name says.
    """
    try:
        source = _open(find(path))
    except KnowledgeError as error:
        return [str(error)]
    data, lines, _, problems = _read(source)
    if data is not None and not problems:
        problems = [*wording_problems(data, lines), *coordinate_problems(data, lines, references or {})]
        problems += _schema_problems(data)
    return [_said(file, problem) for file, problem in _placed(source, problems)]


def compile_panel(folder: Path = COMPILED, name: str = DEFAULT) -> Path:
    """Write the compiled form of a panel into the folder; returns its path. Same input, same bytes."""
    source = _open(find(name))
    data, references = _checked(source)
    content = {"sha256": source.sha256, "panel": data, "references": references}
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{name}.json"
    target.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    return target


def _open(path: Path) -> _Source:
    panel = _bytes(path)
    beside = path.with_name(_references_name(panel))
    return _Source(path, panel, beside, _bytes(beside) if beside.is_file() else b"")


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


def _compiled(source: _Source) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Data of the compiled form, or None where there is none in step with the source."""
    file = COMPILED / f"{source.path.stem}.json"
    if not file.is_file():
        return None
    content = json.loads(file.read_text(encoding="utf-8"))
    return (content["panel"], content["references"]) if content["sha256"] == source.sha256 else None


def _checked(source: _Source) -> tuple[dict[str, Any], dict[str, Any]]:
    data, _, references, problems = _read(source)
    if data is None or problems:
        file, problem = _placed(source, problems)[0]
        more = len(problems) - 1
        tail = f" ({more} more: varmio panel validate {source.path})" if more else ""
        raise KnowledgeError(_said(file, problem) + tail)
    return data, references


def _read(source: _Source) -> tuple[Any, Lines, dict[str, Any], list[Problem | tuple[Path, Problem]]]:
    """Panel data, its lines, references by id, and all faults that forbid using it."""
    problems: list[Problem | tuple[Path, Problem]] = []
    entries, faults = _references(source)
    problems += [(source.references_path, fault) for fault in faults]
    text, undecodable = _decoded(source.panel)
    if undecodable:
        return None, {}, {}, [undecodable]
    data, lines, form = read_strict(text, PANEL)
    if form or problems:
        return None, lines, {}, [*form, *problems]
    references = {e["id"]: {k: v for k, v in e.items() if k != "id"} for e in entries}
    problems += relation_problems(data, lines, set(references))
    return data, lines, references, problems


def _references(source: _Source) -> tuple[list[dict[str, Any]], list[Problem]]:
    if not source.references.strip():
        return [], []
    text, undecodable = _decoded(source.references)
    if undecodable:
        return [], [undecodable]
    entries, lines, faults = read_strict(text, REFERENCES)
    seen: set[str] = set()
    for index, entry in enumerate(entries if not faults else ()):
        if entry["id"] in seen:
            faults.append(Problem(lines[(index, "id")], f"[{entry['id']}].id", "is there twice; keep one"))
        seen.add(entry["id"])
        if not entry.keys() & {"pmid", "doi", "url", "citation"}:
            faults.append(Problem(lines[(index,)], f"[{entry['id']}]", "needs a pmid, doi, url or citation"))
    return entries or [], faults


def _decoded(content: bytes) -> tuple[str, Problem | None]:
    try:
        return content.decode("utf-8"), None
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return "", Problem(line, "(file)", "is not UTF-8 text; save it as UTF-8")


def _placed(source: _Source, problems: list[Problem | tuple[Path, Problem]]) -> list[tuple[Path, Problem]]:
    return [(source.path, p) if isinstance(p, Problem) else p for p in problems]


def _said(file: Path, problem: Problem) -> str:
    return one_line(f"{file}:{problem.line}: {problem.key}: {problem.text}.")


def _schema_problems(data: Any) -> list[Problem]:
    import jsonschema

    schema_file = next((f / "schema.json" for f in folders() if (f / "schema.json").is_file()), None)
    if schema_file is None:
        return []
    validator = jsonschema.Draft202012Validator(json.loads(schema_file.read_text(encoding="utf-8")))
    found = sorted(validator.iter_errors(data), key=lambda error: list(map(str, error.absolute_path)))
    return [Problem(1, error.json_path, f"{error.message} (schema.json)") for error in found]


# --------------------------------------------------------------------------- building


def _build(data: Mapping[str, Any], references: dict[str, dict[str, Any]], source: _Source) -> Panel:
    kinds = phrase_kinds(data)
    statements = {s["id"]: _statement(s, kinds) for s in data.get("statements", ())}
    return Panel(
        name=data["name"],
        version=data["version"],
        sha256=source.sha256,
        path=str(source.path),
        genes=tuple(_gene(g, statements) for g in data["genes"]),
        subtypes=tuple(_subtype(s, statements) for s in data.get("subtypes", ())),
        answer_statements=tuple(statements[i] for i in data.get("answer_statements", ())),
        references=references,
    )


def _statement(held: Mapping[str, Any], kinds: dict[str, tuple[str, str | None]]) -> PanelStatement:
    kind, condition = kind_of(held, kinds)
    return PanelStatement(
        id=held["id"],
        topic=Topic(held["topic"]),
        text=held["text"],
        kind=kind,
        applies_when=held["applies_when"],
        condition=condition,
        references=tuple(held["references"]),
        evidence=held["evidence"],
        read=held["read"],
        strength=held["strength"],
        last_reviewed=held["last_reviewed"],
        caution=held.get("caution"),
        inference=held.get("inference", False),
        alleles=tuple(held.get("alleles", ())),
    )


def _gene(held: Mapping[str, Any], statements: dict[str, PanelStatement]) -> PanelGene:
    not_unique = held.get("not_unique", {})
    return PanelGene(
        symbol=held["symbol"],
        hgnc_id=held["hgnc"],
        protein_name=held["protein"],
        core=held["core"],
        null_is_pathogenic=held["null_is_pathogenic"],
        not_unique_exons=tuple(not_unique.get("exons", ())),
        not_unique_reason=not_unique.get("reason"),
        named_alleles=tuple(_named_allele(a) for a in held.get("named_alleles", ())),
        blind_spots=tuple(_blind_spot(b, statements) for b in held.get("blind_spots", ())),
        other_dominant_disease=held.get("other_dominant_disease", False),
    )


def _named_allele(held: Mapping[str, Any]) -> NamedAllele:
    return NamedAllele(
        hgvs_c=held["hgvs_c"],
        keys={str(a): held[str(a)] for a in Assembly},
        founder=held["founder"],
        class_=Class(held["class"]) if "class" in held else None,
        reason=held["reason"],
        references=tuple(held["references"]),
    )


def _blind_spot(held: Mapping[str, Any], statements: dict[str, PanelStatement]) -> BlindSpot:
    said = [statements[i] for i in held.get("statements", ())]
    return BlindSpot(
        text=held.get("text") or " ".join(s.text for s in said),
        would_show=held["would_show"],
        references=tuple(dict.fromkeys(r for s in said for r in s.references)),
        statements=tuple(s.id for s in said),
    )


def _subtype(held: Mapping[str, Any], statements: dict[str, PanelStatement]) -> PanelSubtype:
    return PanelSubtype(
        id=held["id"],
        name=held["name"],
        gene=held["gene"],
        inheritance=Inheritance(held["inheritance"]),
        omim=held.get("omim"),
        mondo=held.get("mondo"),
        neurology=Neurology(held["neurology"]["class"]),
        neurology_statements=tuple(held["neurology"].get("statements", ())),
        transplant=Transplant(held["transplant"]["class"]),
        transplant_statements=tuple(held["transplant"].get("statements", ())),
        rules=tuple(_rule(r) for r in held["allele_rules"]),
        statements=tuple(statements[i] for i in held["statements"]),
        yields_to=held.get("yields_to"),
        ceiling=Status(held["ceiling"]) if "ceiling" in held else None,
    )


def _rule(held: Mapping[str, Any]) -> AlleleRule:
    return AlleleRule(
        verdict=held["verdict"],
        reason=held["reason"],
        alleles=tuple(held.get("alleles", ())),
        kinds=tuple(AlleleKind(k) for k in held.get("kinds", ())),
        exons=tuple(held.get("exons", ())),
        traits=tuple(held.get("traits", ())),
    )
