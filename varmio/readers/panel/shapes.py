"""What a panel file may hold: every key, what is expected of its value, and which may be left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from varmio.model import AlleleKind, Class, Inheritance, Neurology, Status, Topic, Transplant
from varmio.readers.panel.build import KINDS


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
        "not_unique": Keys({"exons": Each(EXON), "reason": TEXT}),
        "named_alleles": Each(NAMED_ALLELE),
        "blind_spots": Each(BLIND_SPOT),
    },
    optional=("not_unique", "named_alleles", "blind_spots"),
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
