"""What a panel file may hold: every key, what is expected of its value, and which may be left out.

`as_schema` says the same as a JSON Schema; `gene_panels/schema.json` is what `varmio schema panel` prints of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from varmio.model import (
    AlleleKind,
    Aspect,
    Class,
    Group,
    Inheritance,
    Mechanism,
    Needs,
    Neurology,
    Status,
    Topic,
    Transplant,
)
from varmio.readers.panel.build import KINDS


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value; `expected` completes the sentence 'expected ...'."""

    expected: str
    test: Callable[[Any], bool]
    schema: dict[str, Any]  # the same test as a JSON Schema


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
    schema = {"type": "string", "pattern": f"^(?:{pattern})$", "description": expected}
    return Leaf(expected, lambda v: isinstance(v, str) and compiled.fullmatch(v) is not None, schema)


def _one_of(values: Iterable[str]) -> Leaf:
    allowed = tuple(str(v) for v in values)
    test = {"type": "string", "enum": list(allowed)}
    return Leaf("one of " + ", ".join(allowed), lambda v: isinstance(v, str) and v in allowed, test)


def _ending(mark: str, expected: str) -> Leaf:
    schema = {"type": "string", "pattern": f"{re.escape(mark)}$", "description": expected}
    return Leaf(expected, lambda v: isinstance(v, str) and v.endswith(mark), schema)


def _number(least: int, most: int | None, expected: str) -> Leaf:
    schema = {"type": "integer", "minimum": least} | ({} if most is None else {"maximum": most})

    def fits(value: Any) -> bool:
        whole = isinstance(value, int) and not isinstance(value, bool)
        return whole and value >= least and (most is None or value <= most)

    return Leaf(expected, fits, schema)


TRIMMED = r"^\S(?:[\s\S]*\S)?$"
VERDICTS = ("feeds", "feeds_unsure", "set_aside", "not_this")
EVIDENCE = ("guideline", "registry", "cohort", "case_series", "case_report", "animal", "review", "database")
READ = ("abstract", "opening", "full", "database row")
STRENGTH = ("strong", "moderate", "weak")

TEXT = Leaf("text", lambda v: isinstance(v, str) and v.strip() == v != "", {"type": "string", "pattern": TRIMMED})
YES_NO = Leaf("true or false", lambda v: isinstance(v, bool), {"type": "boolean"})
SENTENCE = _ending(".", "a sentence that ends with a full stop")
CONDITION = _ending(":", "words that end with a colon")
EXON = _number(1, None, "an exon number from 1")
YEAR = _number(1901, 2099, "a year")
STATEMENT_ID = _matching(r"[A-Za-z0-9_]+-[a-z_]+-\d\d", "a statement id such as OPTB1-neurology-01")
REFERENCE_ID = _matching(r"[A-Z]\d{1,3}", "a reference id such as R04")
VARIANT_KEY = _matching(r"(?:[1-9]|1\d|2[0-2]|X|Y)-[1-9]\d*-[ACGT]+-[ACGT]+", "a variant key such as 6-108064285-ACT-A")
OMIM = _matching(r"[1-9]\d{5}", "six digits in quotes")
ORPHA = _matching(r"ORPHA:[1-9]\d{0,5}", "an Orphanet number such as ORPHA:2785")
PHENOTYPE = _matching(r"OMIM:[1-9]\d{5}|ORPHA:[1-9]\d{0,5}", "a disease such as OMIM:259700")
SO_TERM = _matching(r"[a-z0-9_]+", "a Sequence Ontology term such as frameshift_variant")
ANSWER_GENE = _matching(r"any|[A-Z][A-Z0-9-]*", "any, or a gene symbol")

ALLELE_RULE = Keys(
    {
        "verdict": _one_of(VERDICTS),
        "reason": TEXT,
        "alleles": Each(VARIANT_KEY),
        "kinds": Each(_one_of(AlleleKind)),
        "exons": Each(EXON),
        "consequences": Each(SO_TERM),
        "traits": Each(TEXT),
        "traits_other_than": Each(TEXT),
    },
    optional=("alleles", "kinds", "exons", "consequences", "traits", "traits_other_than"),
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
    {
        "statements": Each(STATEMENT_ID),
        "text": SENTENCE,
        "would_show": TEXT,
        "shown_by": _one_of(("depth_with_controls",)),
    },
    optional=("statements", "text", "shown_by"),
)
GENE = Keys(
    {
        "symbol": _matching(r"[A-Z][A-Z0-9-]*", "a gene symbol"),
        "hgnc": _matching(r"HGNC:\d+", "an HGNC id such as HGNC:11647"),
        "protein": TEXT,
        "core": YES_NO,
        "null_is_pathogenic": YES_NO,
        "not_unique": Keys({"exons": Each(EXON), "reason": TEXT}),
        "named_alleles": Each(NAMED_ALLELE),
        "blind_spots": Each(BLIND_SPOT),
        "ncbi": _matching(r"[1-9]\d{0,8}", "an NCBI Gene number in quotes"),
        "omim": OMIM,
        "transcripts": Each(
            Keys(
                {
                    "refseq": _matching(r"NM_\d+\.\d+", "a RefSeq transcript with its version"),
                    "ensembl": _matching(r"ENST\d{11}\.\d+", "an Ensembl transcript with its version"),
                }
            )
        ),
        "aliases": Each(TEXT),
        "notes": Each(SENTENCE),
    },
    optional=(
        "hgnc",
        "not_unique",
        "named_alleles",
        "blind_spots",
        "ncbi",
        "omim",
        "transcripts",
        "aliases",
        "notes",
    ),
)
SUBTYPE = Keys(
    {
        "id": _matching(r"[A-Z][A-Za-z0-9_]*", "a subtype id such as OPTB1"),
        "name": TEXT,
        "gene": TEXT,
        "inheritance": _one_of(Inheritance),
        "omim": OMIM,
        "mondo": _matching(r"MONDO:\d{7}", "a MONDO id of seven digits"),
        "group": _one_of(Group),
        "orpha": ORPHA,
        "mechanism": _one_of(Mechanism),
        "phenotypes": Each(PHENOTYPE),
        "yields_to": TEXT,
        "ceiling": _one_of(Status),
        "needs_both": YES_NO,
        "one_allele_note": SENTENCE,
        "neurology": Keys({"class": _one_of(Neurology), "statements": Each(STATEMENT_ID)}, ("statements",)),
        "transplant": Keys({"class": _one_of(Transplant), "statements": Each(STATEMENT_ID)}, ("statements",)),
        "allele_rules": Each(ALLELE_RULE),
        "statements": Each(STATEMENT_ID, at_least=0),
    },
    optional=(
        "gene",
        "omim",
        "mondo",
        "group",
        "orpha",
        "mechanism",
        "phenotypes",
        "yields_to",
        "ceiling",
        "needs_both",
        "one_allele_note",
    ),
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
        "aspect": _one_of(Aspect),
        "references": Each(REFERENCE_ID),
        "evidence": _one_of(EVIDENCE),
        "read": _one_of(READ),
        "strength": _one_of(STRENGTH),
        "last_reviewed": _matching(r"20\d\d-(?:0[1-9]|1[0-2])", "a month such as 2026-11"),
        "caution": TEXT,
        "inference": YES_NO,
        "signed_off": _matching(
            r"[^,]*[^\s,], 20\d\d-(?:0[1-9]|1[0-2])", "a name and a month such as A. Clinician, 2026-12"
        ),
    },
    optional=("kind", "condition", "alleles", "aspect", "caution", "inference", "signed_off"),
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
                "genotype": Pairs(_one_of(Needs)),
                "answer": Pairs(ANSWER_GENE),
                "child": Pairs(CONDITION),
                "care": Pairs(CONDITION),
            },
            optional=("genotype", "answer", "child", "care"),
        ),
        "genes": Each(GENE),
        "subtypes": Each(SUBTYPE, at_least=0),
        "answer_statements": Each(STATEMENT_ID, at_least=0),
        "look_alike_statements": Each(STATEMENT_ID, at_least=0),
        "statements": Each(STATEMENT, at_least=0),
    },
    optional=("references", "phrases", "subtypes", "answer_statements", "look_alike_statements", "statements"),
)


def as_schema() -> dict[str, Any]:
    """The JSON Schema of a panel file (draft 2020-12): what `varmio schema panel` prints."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "varmio gene panel",
        "description": "Form of a gene panel (YAML read as JSON). What must hold between its parts is checked by "
        "`varmio panel validate`; see docs/knowledge.md.",
        **_schema(PANEL),
    }


def _schema(shape: Shape) -> dict[str, Any]:
    if isinstance(shape, Leaf):
        return shape.schema
    if isinstance(shape, Each):
        return {"type": "array", "items": _schema(shape.item)} | (
            {"minItems": shape.at_least} if shape.at_least else {}
        )
    if isinstance(shape, Pairs):
        return {"type": "object", "additionalProperties": _schema(shape.value)}
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [key for key in shape.known if key not in shape.optional],
        "properties": {key: _schema(inner) for key, inner in shape.known.items()},
    }
