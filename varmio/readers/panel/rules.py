"""What must hold between the parts of a panel: every statement cited, every class carried.

Each check yields `Problem`s; none of them looks outside the panel and its references.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from varmio.model import Neurology, Transplant
from varmio.readers.panel.build import ANY_GENE, KINDS, Kinds, kind_of, phrase_kinds
from varmio.readers.panel.strict import Lines, Path, Problem, problem_at

NEEDS_NO_STATEMENT = (str(Neurology.UNCERTAIN), str(Transplant.NOT_ESTABLISHED))

SELECTORS = {"alleles", "kinds", "exons", "consequences", "traits", "traits_other_than"}


def relation_problems(data: Mapping[str, Any], lines: Lines, references: set[str]) -> list[Problem]:
    """Faults between the parts of a panel that already has the right form, by line."""
    checks = (
        _repeated(data, lines),
        _phrase_problems(data, lines),
        _statement_problems(data, lines, references),
        _gene_problems(data, lines, references),
        _subtype_problems(data, lines),
        _answer_problems(data, lines),
        _unused(data, lines),
    )
    return sorted({problem for check in checks for problem in check})


def _has_kind(statement: Mapping[str, Any] | None, kinds: Kinds, *wanted: str) -> bool:
    if statement is None or ("kind" not in statement and statement["applies_when"] not in kinds):
        return False  # said by another check
    return kind_of(statement, kinds)[0] in wanted


def _repeated(data: Mapping[str, Any], lines: Lines) -> Iterator[Problem]:
    for part, label in (("genes", "symbol"), ("subtypes", "id"), ("statements", "id")):
        seen: set[str] = set()
        for index, entry in enumerate(data.get(part, ())):
            if entry[label] in seen:
                yield problem_at(data, lines, (part, index, label), f"{entry[label]} is there twice; keep one")
            seen.add(entry[label])
    for label in ("omim", "mondo"):
        first: dict[str, str] = {}
        for index, subtype in enumerate(data.get("subtypes", ())):
            number = subtype.get(label)
            if number in first:
                text = f"{number} is that of {first[number]} already; two diseases have two numbers"
                yield problem_at(data, lines, ("subtypes", index, label), text)
            elif number:
                first[number] = subtype["id"]


def _phrase_problems(data: Mapping[str, Any], lines: Lines) -> Iterator[Problem]:
    genes = {g["symbol"] for g in data["genes"]} | {ANY_GENE}
    said = {s["applies_when"] for s in data.get("statements", ())}
    known: set[str] = set()
    for kind in KINDS:
        for phrase, beside in data.get("phrases", {}).get(kind, {}).items():
            where: Path = ("phrases", kind, phrase)
            if phrase in known:
                yield problem_at(data, lines, where, f"{phrase!r} is there twice; a phrase has one kind")
            known.add(phrase)
            if kind == "answer" and beside not in genes:
                yield problem_at(data, lines, where, f"{beside} is no gene of this panel; write one, or {ANY_GENE}")
            if phrase not in said:
                yield problem_at(data, lines, where, f"no statement applies when {phrase!r}; take the phrase out")


def _statement_problems(data: Mapping[str, Any], lines: Lines, references: set[str]) -> Iterator[Problem]:
    kinds = phrase_kinds(data)
    for index, statement in enumerate(data.get("statements", ())):
        path: Path = ("statements", index)
        if statement["applies_when"] not in kinds:
            yield problem_at(data, lines, (*path, "applies_when"), "is no phrase of `phrases`; add it there")
        elif ("condition" in statement) != (statement.get("kind") in ("child", "care")):
            yield problem_at(data, lines, (*path, "condition"), "goes with kind child or care, and with them only")
        if statement.get("inference") and "caution" not in statement:
            yield problem_at(data, lines, (*path, "inference"), "needs a caution that says what is inferred")
        yield from _cited(data, lines, path, statement["references"], references)


def _cited(
    data: Mapping[str, Any], lines: Lines, path: Path, cited: list[str], references: set[str]
) -> Iterator[Problem]:
    for number, reference in enumerate(cited):
        if reference not in references:
            where = (*path, "references", number)
            yield problem_at(data, lines, where, f"{reference} is not in the references file; add it there")


def _gene_problems(data: Mapping[str, Any], lines: Lines, references: set[str]) -> Iterator[Problem]:
    statements = {s["id"] for s in data.get("statements", ())}
    for index, gene in enumerate(data["genes"]):
        if "transcripts" in gene and "hgnc" not in gene:
            yield problem_at(data, lines, ("genes", index), "needs an hgnc id, since its transcripts are searched")
        for number, allele in enumerate(gene.get("named_alleles", ())):
            path: Path = ("genes", index, "named_alleles", number)
            yield from _cited(data, lines, path, allele["references"], references)
            one, other = (allele[a].split("-") for a in ("GRCh37", "GRCh38"))
            if one[0] != other[0] or one[2:] != other[2:]:
                yield problem_at(data, lines, (*path, "GRCh37"), "contig and alleles differ from those of GRCh38")
            elif not _name_fits(allele["hgvs_c"], other[2], other[3]):
                yield problem_at(data, lines, (*path, "hgvs_c"), f"does not fit the alleles {other[2]}>{other[3]}")
        for number, spot in enumerate(gene.get("blind_spots", ())):
            path = ("genes", index, "blind_spots", number)
            if ("statements" in spot) == ("text" in spot):
                yield problem_at(data, lines, path, "needs either statements or a technical text, not both")
            yield from _known(data, lines, (*path, "statements"), spot.get("statements", ()), statements)


def _name_fits(hgvs_c: str, ref: str, alt: str) -> bool:
    """Whether the bases of a substitution name are those of the key, on either strand."""
    named = re.search(r"([ACGT])>([ACGT])$", hgvs_c)
    other_strand = str.maketrans("ACGT", "TGCA")
    pairs = ((ref, alt), (ref.translate(other_strand), alt.translate(other_strand)))
    return named is None or (named[1], named[2]) in pairs


def _known(data: Mapping[str, Any], lines: Lines, path: Path, ids: Any, statements: set[str]) -> Iterator[Problem]:
    for number, statement in enumerate(ids):
        if statement not in statements:
            yield problem_at(data, lines, (*path, number), f"{statement} is no statement of this panel")


def _subtype_problems(data: Mapping[str, Any], lines: Lines) -> Iterator[Problem]:
    kinds = phrase_kinds(data)
    by_id = {s["id"]: s for s in data.get("statements", ())}
    genes = {g["symbol"] for g in data["genes"]}
    subtypes = {s["id"] for s in data.get("subtypes", ())}
    for index, subtype in enumerate(data.get("subtypes", ())):
        path: Path = ("subtypes", index)
        if subtype.get("gene", next(iter(genes))) not in genes:
            yield problem_at(data, lines, (*path, "gene"), f"{subtype['gene']} is no gene of this panel")
        yield from _phenotype_problems(data, lines, (*path, "phenotypes"), subtype)
        if "yields_to" in subtype and subtype["yields_to"] not in subtypes - {subtype["id"]}:
            yield problem_at(data, lines, (*path, "yields_to"), "expected another subtype of this panel")
        yield from _known(data, lines, (*path, "statements"), subtype["statements"], set(by_id))
        for number, statement in enumerate(subtype["statements"]):
            where = (*path, "statements", number)
            if subtype["statements"].index(statement) != number:
                yield problem_at(data, lines, where, f"{statement} is there twice; keep one")
            elif _has_kind(by_id.get(statement), kinds, "answer"):
                yield problem_at(data, lines, where, f"{statement} is of kind answer; list it in answer_statements")
        for part in ("neurology", "transplant"):
            yield from _class_problems(data, lines, (*path, part), subtype[part], subtype["statements"])
        yield from _rule_problems(data, lines, (*path, "allele_rules"), subtype["allele_rules"])


def _phenotype_problems(
    data: Mapping[str, Any], lines: Lines, path: Path, subtype: Mapping[str, Any]
) -> Iterator[Problem]:
    """The annotations must be those of the disease itself: its own OMIM number is among their diseases."""
    listed = [d for d in subtype.get("phenotypes", ()) if d.startswith("OMIM:")]
    own = f"OMIM:{subtype.get('omim')}"
    if listed and "omim" in subtype and own not in listed:
        yield problem_at(data, lines, path, f"does not hold {own}, the number of the subtype itself")


def _class_problems(
    data: Mapping[str, Any], lines: Lines, path: Path, held: Mapping[str, Any], listed: list[str]
) -> Iterator[Problem]:
    carried_by = held.get("statements", [])
    if not carried_by and held["class"] not in NEEDS_NO_STATEMENT:
        yield problem_at(data, lines, (*path, "class"), f"{held['class']} needs a statement that carries it")
    for number, statement in enumerate(carried_by):
        if statement not in listed:
            where = (*path, "statements", number)
            yield problem_at(data, lines, where, f"{statement} is not among the statements of this subtype")


def _rule_problems(data: Mapping[str, Any], lines: Lines, path: Path, rules: list[Any]) -> Iterator[Problem]:
    open_rules = [n for n, rule in enumerate(rules) if not rule.keys() & SELECTORS]
    if open_rules != [len(rules) - 1]:
        text = "the last rule, and only the last, has no selector, so that every allele is decided"
        yield problem_at(data, lines, (*path, open_rules[0] if open_rules else len(rules) - 1), text)


def _answer_problems(data: Mapping[str, Any], lines: Lines) -> Iterator[Problem]:
    kinds = phrase_kinds(data)
    by_id = {s["id"]: s for s in data.get("statements", ())}
    ids = data.get("answer_statements", [])
    yield from _known(data, lines, ("answer_statements",), ids, set(by_id))
    look_alikes = data.get("look_alike_statements", [])
    yield from _known(data, lines, ("look_alike_statements",), look_alikes, set(by_id))
    for number, statement in enumerate(look_alikes):
        if _has_kind(by_id.get(statement), kinds, "answer"):
            where: Path = ("look_alike_statements", number)
            yield problem_at(data, lines, where, f"{statement} is of kind answer; list it in answer_statements")
    for number, statement in enumerate(ids):
        if _has_kind(by_id.get(statement), kinds, "genotype", "care"):
            where = ("answer_statements", number)
            text = f"{statement} is not of kind answer (nor an alert on the child's state); list it in a subtype"
            yield problem_at(data, lines, where, text)


def _unused(data: Mapping[str, Any], lines: Lines) -> Iterator[Problem]:
    used = {*data.get("answer_statements", ()), *data.get("look_alike_statements", ())}
    used.update(s for subtype in data.get("subtypes", ()) for s in subtype["statements"])
    spots = [spot for gene in data["genes"] for spot in gene.get("blind_spots", ())]
    used.update(s for spot in spots for s in spot.get("statements", ()))
    for index, statement in enumerate(data.get("statements", ())):
        if statement["id"] not in used:
            text = "is never said: list it in a subtype, in answer_statements or in a blind spot"
            yield problem_at(data, lines, ("statements", index, "id"), text)
