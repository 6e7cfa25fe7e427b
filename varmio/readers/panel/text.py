"""`panel show GENE`: what a panel holds of one gene, as a page of text with its references."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

from varmio import phrases
from varmio.errors import UsageError, one_line
from varmio.model import AlleleRule, Panel, PanelGene, PanelStatement, PanelSubtype, Topic

WIDTH = 92  # characters
TOPICS = (  # the order of the page: the second method comes before every sentence on transplant
    Topic.NEUROLOGY,
    Topic.BEFORE_TRANSPLANT,
    Topic.TRANSPLANT,
    Topic.AGE_WINDOW,
    Topic.ALERT,
    Topic.HAEMATOLOGY,
    Topic.IMMUNOLOGY,
    Topic.RADIOLOGY,
    Topic.ALTERNATIVES,
    Topic.OUTCOME,
    Topic.GENOTYPE_PHENOTYPE,
    Topic.FOUNDER,
    Topic.INHERITANCE,
    Topic.DIFFERENTIAL,
    Topic.MISSED_BY_EXOME,
)


def page(panel: Panel, symbol: str) -> str:
    """A gene's page, by its symbol, its protein's name or a subtype's id. Raises UsageError where there is none."""
    asked = symbol.casefold()
    of_subtype = {s.id.casefold(): s.gene for s in panel.subtypes if s.gene}
    names = {name.casefold(): g for g in panel.genes for name in (g.protein_name, g.symbol)}
    gene = names.get(asked) or panel.gene(of_subtype.get(asked, ""))
    if gene is None:
        known = ", ".join(g.symbol for g in panel.genes)
        raise UsageError(f"panel {panel.name} has no gene {one_line(symbol)}. It has: {known}.")
    subtypes = [s for s in panel.subtypes if s.gene == gene.symbol]
    answers = [s for s in panel.answer_statements if gene.symbol in s.applies_when]
    lines = [*_head(panel, gene), *_alleles(gene), *_blind_spots(gene)]
    for subtype in subtypes:
        lines += ["", *_subtype(subtype)]
    if answers:
        lines += ["", f"If no or one {gene.symbol} variant is found", *_statements(answers)]
    cited = _cited(gene, [*answers, *(s for t in subtypes for s in t.statements)])
    lines += ["", "References", *(line for r in cited for line in _reference(r, panel.references[r]))]
    return "\n".join(lines) + "\n"


def _head(panel: Panel, gene: PanelGene) -> Iterator[str]:
    protein = "" if gene.protein_name == gene.symbol else f" ({gene.protein_name})"
    yield f"{gene.symbol}{protein}, {gene.hgnc_id}"
    yield f"panel {panel.name} {panel.version}" + (", core gene" if gene.core else "")
    if gene.null_is_pathogenic:
        yield "A null variant expected to lose the transcript is likely pathogenic here."
    else:
        yield "A null variant is not called pathogenic by rule here."
    if gene.not_unique_exons:
        exons = ", ".join(map(str, gene.not_unique_exons))
        yield from _wrapped(f"Not unique: exons {exons} ({gene.not_unique_reason})")


def _alleles(gene: PanelGene) -> Iterator[str]:
    if gene.named_alleles:
        yield from ("", "Alleles known by name")
    for allele in gene.named_alleles:
        kept = f"; {_words(allele.class_)} whatever the rules say" if allele.class_ else ""
        founder = "; never benign by frequency" if allele.founder else ""
        yield from _wrapped(f"{allele.hgvs_c}: {allele.reason}{kept}{founder} {_marks(allele.references)}", "  - ")
        yield "    " + ", ".join(f"{assembly} {key}" for assembly, key in allele.keys.items())


def _blind_spots(gene: PanelGene) -> Iterator[str]:
    if gene.blind_spots:
        yield from ("", "What could not be seen")
    for spot in gene.blind_spots:
        yield from _wrapped(f"{spot.text} {_marks(spot.references)}".rstrip(), "  - ")
        yield from _wrapped(f"Would show it: {spot.would_show}", "    ")


def _subtype(subtype: PanelSubtype) -> Iterator[str]:
    title = f"{subtype.id}: {subtype.name}"
    yield from (title, "=" * len(title))
    ids = [f"OMIM {subtype.omim}" if subtype.omim else None, subtype.mondo, _words(subtype.inheritance)]
    yield ", ".join(i for i in ids if i)
    brain = phrases.words(phrases.NEUROLOGY, subtype.neurology)
    transplant = phrases.words(phrases.TRANSPLANT, subtype.transplant)
    yield from _class(f"The brain: {brain}", subtype.neurology_statements)
    yield from _class(f"Transplant: {transplant}. {phrases.TRANSPLANT_NOTE}", subtype.transplant_statements)
    if subtype.ceiling:
        yield f"Never above: {_words(subtype.ceiling)}"
    if subtype.yields_to:
        yield f"Not said where both copies already make {subtype.yields_to}"
    yield "What a pathogenic allele means here, the first that fits:"
    for rule in subtype.rules:
        yield from _wrapped(_rule(rule), "  - ")
    for topic in TOPICS:
        said = [s for s in subtype.statements if s.topic is topic]
        if said:
            yield from ("", phrases.words(phrases.TOPIC, topic), *_statements(said))


def _class(text: str, carried_by: tuple[str, ...]) -> list[str]:
    return _wrapped(text + (f" (carried by {', '.join(carried_by)})" if carried_by else ""))


def _rule(rule: AlleleRule) -> str:
    given = (
        ("alleles", rule.alleles),
        ("kinds", rule.kinds),
        ("exons", rule.exons),
        ("ClinVar traits", rule.traits),
    )
    selectors = [f"{name} {', '.join(map(str, values))}" for name, values in given if values]
    return f"{_words(rule.verdict)}: {'; '.join(selectors) or 'every other allele'} ({rule.reason})"


def _statements(statements: Iterable[PanelStatement]) -> Iterator[str]:
    for statement in statements:
        condition = f"{statement.condition} " if statement.condition else ""
        reading = " (our reading, to ask the centre about)" if statement.inference else ""
        grade = f"[{_words(statement.evidence)}, {statement.strength}]"
        text = f"{condition}{statement.text}{reading} {grade} {_marks(statement.references)}"
        yield from _wrapped(text, "  - ")
        if statement.alleles:
            yield from _wrapped(f"said of {', '.join(statement.alleles)} (GRCh38)", "    ")
        if statement.caution:
            yield from _wrapped(f"caution: {statement.caution}", "    ")


def _cited(gene: PanelGene, statements: Iterable[PanelStatement]) -> list[str]:
    lists = [a.references for a in gene.named_alleles]
    lists += [b.references for b in gene.blind_spots]
    lists += [s.references for s in statements]
    return sorted({r for references in lists for r in references})


def _reference(name: str, held: dict[str, Any]) -> list[str]:
    where = [f"PMID {held['pmid']}" if "pmid" in held else None, f"doi:{held['doi']}" if "doi" in held else None]
    address = ", ".join(w for w in where if w) or held.get("url", "")
    text = f"[{name}] {held['citation']}. {address}".rstrip() + f" (read: {held['part_read']})"
    return _wrapped(text, "  ", "      ")


def _marks(references: Iterable[str]) -> str:
    return "".join(f"[{r}]" for r in references)


def _words(value: str) -> str:
    return str(value).replace("_", " ")


def _wrapped(text: str, first: str = "", rest: str | None = None) -> list[str]:
    indent = " " * len(first) if rest is None else rest
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=indent, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip
