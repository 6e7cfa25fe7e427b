"""Checked panel data -> the frozen types of model.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from varmio.model import (
    AlleleKind,
    AlleleRule,
    Aspect,
    Assembly,
    BlindSpot,
    Class,
    Group,
    Inheritance,
    Mechanism,
    NamedAllele,
    Needs,
    Neurology,
    Panel,
    PanelGene,
    PanelStatement,
    PanelSubtype,
    Status,
    Topic,
    Transplant,
)

KINDS = ("genotype", "answer", "child", "care")  # the four kinds of an applies_when phrase
CONDITIONAL = ("child", "care")  # kinds whose condition stands before the text
ANY_GENE = "any"  # of an answer phrase that concerns no gene in particular
Kinds = dict[str, tuple[str, str]]  # phrase -> (kind, what the panel says beside the phrase)


def phrase_kinds(data: Mapping[str, Any]) -> Kinds:
    """Phrase -> (kind, and beside it: what the match must show, the gene, or the condition in words)."""
    held = data.get("phrases", {})
    return {phrase: (kind, beside) for kind in KINDS for phrase, beside in held.get(kind, {}).items()}


def kind_of(statement: Mapping[str, Any], kinds: Kinds) -> tuple[str, str | None]:
    """(kind, condition) of a statement: its own where it has one, else that of its phrase."""
    if "kind" in statement:
        return statement["kind"], statement.get("condition")
    kind, beside = kinds[statement["applies_when"]]
    return kind, beside if kind in CONDITIONAL else None


def as_panel(data: Mapping[str, Any], references: dict[str, dict[str, Any]], sha256: str, path: str) -> Panel:
    """The panel of data that has passed every check; one statement is one object wherever it is said."""
    kinds = phrase_kinds(data)
    statements = {s["id"]: _statement(s, kinds) for s in data.get("statements", ())}
    return Panel(
        name=data["name"],
        version=data["version"],
        sha256=sha256,
        path=path,
        genes=tuple(_gene(g, statements) for g in data["genes"]),
        subtypes=tuple(_subtype(s, statements) for s in data.get("subtypes", ())),
        answer_statements=tuple(statements[i] for i in data.get("answer_statements", ())),
        look_alike_statements=tuple(statements[i] for i in data.get("look_alike_statements", ())),
        references=references,
        statements=tuple(statements.values()),
    )


def _statement(held: Mapping[str, Any], kinds: Kinds) -> PanelStatement:
    kind, condition = kind_of(held, kinds)
    of_phrase, beside = kinds[held["applies_when"]]
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
        needs=Needs(beside) if of_phrase == "genotype" else Needs.ANY,
        gene=beside if of_phrase == "answer" and beside != ANY_GENE else None,
        aspect=Aspect(held["aspect"]) if "aspect" in held else None,
        signed_off=held.get("signed_off"),
    )


def _gene(held: Mapping[str, Any], statements: dict[str, PanelStatement]) -> PanelGene:
    not_unique = held.get("not_unique", {})
    return PanelGene(
        symbol=held["symbol"],
        hgnc_id=held.get("hgnc"),
        protein_name=held["protein"],
        core=held["core"],
        null_is_pathogenic=held["null_is_pathogenic"],
        not_unique_exons=tuple(not_unique.get("exons", ())),
        not_unique_reason=not_unique.get("reason"),
        named_alleles=tuple(_named_allele(a) for a in held.get("named_alleles", ())),
        blind_spots=tuple(_blind_spot(b, statements) for b in held.get("blind_spots", ())),
        ncbi=held.get("ncbi"),
        omim=held.get("omim"),
        transcripts=tuple((t["refseq"], t["ensembl"]) for t in held.get("transcripts", ())),
        aliases=tuple(held.get("aliases", ())),
        notes=tuple(held.get("notes", ())),
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
        shown_by=held.get("shown_by"),
    )


def _subtype(held: Mapping[str, Any], statements: dict[str, PanelStatement]) -> PanelSubtype:
    return PanelSubtype(
        id=held["id"],
        name=held["name"],
        gene=held.get("gene"),
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
        group=Group(held.get("group", Group.CORE)),
        needs_both=held.get("needs_both", False),
        one_allele_note=held.get("one_allele_note"),
        orpha=held.get("orpha"),
        mechanism=Mechanism(held.get("mechanism", Mechanism.NOT_KNOWN)),
        phenotypes=tuple(held.get("phenotypes", ())),
    )


def _rule(held: Mapping[str, Any]) -> AlleleRule:
    return AlleleRule(
        verdict=held["verdict"],
        reason=held["reason"],
        alleles=tuple(held.get("alleles", ())),
        kinds=tuple(AlleleKind(k) for k in held.get("kinds", ())),
        exons=tuple(held.get("exons", ())),
        consequences=tuple(held.get("consequences", ())),
        traits=tuple(held.get("traits", ())),
        traits_other_than=tuple(held.get("traits_other_than", ())),
    )
