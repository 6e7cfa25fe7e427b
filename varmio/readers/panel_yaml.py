"""Strict reading of the panel's YAML: plain data, a line for every value, and every fault of form.

YAML is lenient where a reviewed file must not be: it keeps the last of two equal keys, reads NO as
false and 2026.10 as a number. Here each of these is a `Problem` that says line, key and expectation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from varmio.model import AlleleKind, Class, Inheritance, Neurology, Status, Topic, Transplant

Path = tuple[str | int, ...]
Lines = dict[Path, int]


class Problem(NamedTuple):
    """One fault: 1-based line, the key as a reader would point to it, what is wrong and expected."""

    line: int
    key: str
    text: str


# --------------------------------------------------------------------------- what a file may hold


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value; `expected` completes the sentence 'expected ...'."""

    expected: str
    test: Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Each:
    """A list of equal things."""

    item: Shape
    at_least: int = 1


@dataclass(frozen=True, slots=True)
class Pairs:
    """A mapping whose keys are free text."""

    value: Leaf


@dataclass(frozen=True, slots=True)
class Keys:
    """A mapping with known keys; all but the optional ones must be there."""

    known: dict[str, Shape]
    optional: tuple[str, ...] = ()


Shape = Leaf | Each | Pairs | Keys


def _matching(pattern: str, expected: str) -> Leaf:
    compiled = re.compile(pattern)
    return Leaf(expected, lambda v: isinstance(v, str) and compiled.fullmatch(v) is not None)


def _one_of(values: Iterable[str]) -> Leaf:
    allowed = tuple(str(v) for v in values)
    return Leaf("one of " + ", ".join(allowed), lambda v: isinstance(v, str) and v in allowed)


KINDS = ("genotype", "answer", "child", "care")  # the four kinds of an applies_when phrase
VERDICTS = ("feeds", "feeds_unsure", "set_aside", "not_this")
EVIDENCE = ("guideline", "registry", "cohort", "case_series", "case_report", "animal", "review", "database")
READ = ("abstract", "opening", "full", "database row")
STRENGTH = ("strong", "moderate", "weak")

TEXT = Leaf("text", lambda v: isinstance(v, str) and v.strip() == v != "")
YES_NO = Leaf("true or false", lambda v: isinstance(v, bool))
SENTENCE = Leaf("a sentence that ends with a full stop", lambda v: isinstance(v, str) and v.endswith("."))
CONDITION = Leaf("words that end with a colon", lambda v: isinstance(v, str) and v.endswith(":"))
EXON = Leaf("an exon number from 1", lambda v: isinstance(v, int) and not isinstance(v, bool) and v > 0)
YEAR = Leaf("a year", lambda v: isinstance(v, int) and not isinstance(v, bool) and 1900 < v < 2100)
STATEMENT_ID = _matching(r"[A-Za-z0-9_]+-[a-z_]+-\d\d", "a statement id such as OPTB1-neurology-01")
REFERENCE_ID = _matching(r"[A-Z]\d{1,3}", "a reference id such as R04")
VARIANT_KEY = _matching(r"(?:[1-9]|1\d|2[0-2]|X|Y)-[1-9]\d*-[ACGT]+-[ACGT]+", "a variant key such as 6-108064285-ACT-A")
OMIM = _matching(r"[1-9]\d{5}", "six digits in quotes")

ALLELE_RULE = Keys(
    {
        "verdict": _one_of(VERDICTS),
        "reason": TEXT,
        "alleles": Each(VARIANT_KEY),
        "kinds": Each(_one_of(AlleleKind)),
        "exons": Each(EXON),
        "traits": Each(TEXT),
    },
    optional=("alleles", "kinds", "exons", "traits"),
)
NAMED_ALLELE = Keys(
    {
        "hgvs_c": _matching(r"c\.[-*]?\d+\S*", "a coding name such as c.415_416del"),
        "GRCh37": VARIANT_KEY,
        "GRCh38": VARIANT_KEY,
        "founder": YES_NO,
        "class": _one_of(Class),
        "reason": TEXT,
        "references": Each(REFERENCE_ID),
    },
    optional=("class",),
)
BLIND_SPOT = Keys(
    {"statements": Each(STATEMENT_ID), "text": SENTENCE, "would_show": TEXT}, optional=("statements", "text")
)
GENE = Keys(
    {
        "symbol": _matching(r"[A-Z][A-Z0-9-]*", "a gene symbol"),
        "hgnc": _matching(r"HGNC:\d+", "an HGNC id such as HGNC:11647"),
        "protein": TEXT,
        "core": YES_NO,
        "null_is_pathogenic": YES_NO,
        "other_dominant_disease": YES_NO,
        "not_unique": Keys({"exons": Each(EXON), "reason": TEXT}),
        "named_alleles": Each(NAMED_ALLELE),
        "blind_spots": Each(BLIND_SPOT),
    },
    optional=("other_dominant_disease", "not_unique", "named_alleles", "blind_spots"),
)
SUBTYPE = Keys(
    {
        "id": _matching(r"[A-Z][A-Za-z0-9_]*", "a subtype id such as OPTB1"),
        "name": TEXT,
        "gene": TEXT,
        "inheritance": _one_of(Inheritance),
        "omim": OMIM,
        "mondo": _matching(r"MONDO:\d{7}", "a MONDO id of seven digits"),
        "yields_to": TEXT,
        "ceiling": _one_of(Status),
        "neurology": Keys({"class": _one_of(Neurology), "statements": Each(STATEMENT_ID)}, ("statements",)),
        "transplant": Keys({"class": _one_of(Transplant), "statements": Each(STATEMENT_ID)}, ("statements",)),
        "allele_rules": Each(ALLELE_RULE),
        "statements": Each(STATEMENT_ID, at_least=0),
    },
    optional=("omim", "mondo", "yields_to", "ceiling"),
)
STATEMENT = Keys(
    {
        "id": STATEMENT_ID,
        "topic": _one_of(Topic),
        "text": SENTENCE,
        "applies_when": TEXT,
        "kind": _one_of(KINDS),
        "condition": CONDITION,
        "alleles": Each(VARIANT_KEY),
        "references": Each(REFERENCE_ID),
        "evidence": _one_of(EVIDENCE),
        "read": _one_of(READ),
        "strength": _one_of(STRENGTH),
        "last_reviewed": _matching(r"20\d\d-(?:0[1-9]|1[0-2])", "a month such as 2026-11"),
        "caution": TEXT,
        "inference": YES_NO,
    },
    optional=("kind", "condition", "alleles", "caution", "inference"),
)
REFERENCE = Keys(
    {
        "id": REFERENCE_ID,
        "citation": TEXT,
        "authors": TEXT,
        "title": TEXT,
        "journal": TEXT,
        "year": YEAR,
        "pmid": _matching(r"\d{6,8}", "six to eight digits in quotes"),
        "doi": _matching(r"10\.\d{4,9}/\S+", "a DOI such as 10.1000/182"),
        "url": _matching(r"https?://\S+", "an address that starts with https://"),
        "part_read": TEXT,
    },
    optional=("authors", "title", "journal", "year", "pmid", "doi", "url"),
)
REFERENCES = Each(REFERENCE)
PANEL = Keys(
    {
        "name": _matching(r"[a-z0-9_]+", "a name of small letters, digits and _"),
        "version": _matching(r"\d{4}\.\d{1,2}\.\d+", "a version such as 2026.11.0"),
        "references": TEXT,
        "phrases": Keys(
            {
                "genotype": Each(TEXT),
                "answer": Each(TEXT),
                "child": Pairs(CONDITION),
                "care": Pairs(CONDITION),
            },
            optional=("genotype", "answer", "child", "care"),
        ),
        "genes": Each(GENE),
        "subtypes": Each(SUBTYPE, at_least=0),
        "answer_statements": Each(STATEMENT_ID, at_least=0),
        "statements": Each(STATEMENT, at_least=0),
    },
    optional=("references", "phrases", "subtypes", "answer_statements", "statements"),
)


# --------------------------------------------------------------------------- reading


def read_strict(text: str, shape: Shape) -> tuple[Any, Lines, list[Problem]]:
    """Plain data of a YAML text, the line of every value, and all faults of form, by line.

    The data may only be used where there is no problem.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        root = yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        fault = error.problem or error.context or "not YAML"
        return None, {}, [Problem(mark.line + 1 if mark else 1, "(file)", f"not valid YAML: {fault}")]
    except yaml.YAMLError as error:
        return None, {}, [Problem(1, "(file)", f"not valid YAML: {error}".splitlines()[0])]
    if root is None:
        return None, {}, [Problem(1, "(file)", "is empty")]
    lines: Lines = {}
    problems: list[Problem] = []
    data = _plain(root, (), lines, problems, set())
    problems += _faults(data, shape, (), lines, data)
    return data, lines, sorted(set(problems))


def _plain(node: Any, path: Path, lines: Lines, problems: list[Problem], seen: set[int]) -> Any:
    line = node.start_mark.line + 1
    lines[path] = line
    if id(node) in seen:
        problems.append(Problem(line, dotted(path, None), "an alias (*) is not allowed; write the value out"))
        return None
    seen.add(id(node))
    if node.id == "sequence":
        return [_plain(v, (*path, i), lines, problems, seen) for i, v in enumerate(node.value)]
    if node.id == "mapping":
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key, key_line = str(key_node.value), key_node.start_mark.line + 1
            value = _plain(value_node, (*path, key), lines, problems, seen)
            lines[(*path, key)] = key_line
            if key in found:
                problems.append(Problem(key_line, dotted((*path, key), None), "is written twice; keep one"))
            found[key] = value
        return found
    return _scalar(node, path, line, problems)


def _scalar(node: Any, path: Path, line: int, problems: list[Problem]) -> Any:
    kind, text = node.tag.rpartition(":")[2], node.value
    if kind in ("str", "timestamp"):
        return text
    if kind == "bool" and text in ("true", "false"):
        return text == "true"
    if kind == "int" and re.fullmatch(r"0|[1-9]\d*", text):
        return int(text)
    if kind == "null":
        problems.append(Problem(line, dotted(path, None), "has no value; write one or leave the key out"))
        return None
    words = {"bool": "true or false to YAML", "int": "a number to YAML", "float": "a number to YAML"}
    reads = words.get(kind, f"of the YAML type {node.tag}")
    problems.append(Problem(line, dotted(path, None), f"{text} is {reads}; put it in quotes if it is text"))
    return None


def dotted(path: Path, data: Any) -> str:
    """A path as a reader names it: `subtypes[OPTB1].neurology.class`, by id or symbol where known."""
    words = ""
    for step in path:
        data = _inside(data, step)
        if isinstance(step, int):
            label = next((data[k] for k in ("id", "symbol") if isinstance(data, dict) and k in data), step)
            words += f"[{label}]"
        else:
            words += f".{step}" if words else step
    return words or "(file)"


def _inside(data: Any, step: str | int) -> Any:
    if isinstance(data, dict) and isinstance(step, str):
        return data.get(step)
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return data[step]
    return None


def _faults(value: Any, shape: Shape, path: Path, lines: Lines, root: Any) -> Iterator[Problem]:
    """Every place where the data does not have the shape; nothing is said twice of a missing value."""

    def problem(at: Path, text: str) -> Problem:
        return Problem(lines.get(at, lines.get(path, 1)), dotted(at, root), text)

    if value is None:
        return
    if isinstance(shape, Leaf):
        if not shape.test(value):
            yield problem(path, f"{_shown(value)} found, expected {shape.expected}")
    elif isinstance(shape, Each):
        if not isinstance(value, list) or len(value) < shape.at_least:
            yield problem(path, f"{_shown(value)} found, expected a list" + " with entries" * shape.at_least)
            return
        for index, item in enumerate(value):
            yield from _faults(item, shape.item, (*path, index), lines, root)
    elif not isinstance(value, dict):
        yield problem(path, f"{_shown(value)} found, expected keys with values")
    elif isinstance(shape, Pairs):
        for key, item in value.items():
            yield from _faults(item, shape.value, (*path, key), lines, root)
    else:
        for key in value.keys() - shape.known.keys():
            yield problem((*path, key), "unknown key, expected one of " + ", ".join(shape.known))
        for key in shape.known.keys() - value.keys() - set(shape.optional):
            missing = Problem(lines.get(path, 1), dotted((*path, key), root), "is missing")
            yield missing
        for key in shape.known.keys() & value.keys():
            yield from _faults(value[key], shape.known[key], (*path, key), lines, root)


def _shown(value: Any) -> str:
    if isinstance(value, dict | list):
        return "keys with values" if isinstance(value, dict) else f"a list of {len(value)}"
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
