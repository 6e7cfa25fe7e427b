"""`panel show GENE`: what the panels hold of one gene, as a page of text with its references."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from varmio import phrases
from varmio.errors import UsageError, one_line
from varmio.model import AnnotatedSign, Panel, PanelGene, PanelStatement, PanelSubtype
from varmio.readers.panel.text_subtype import marks, statements, subtype_lines, title, words, wrapped


def page(panel: Panel, name: str, signs: Mapping[str, tuple[AnnotatedSign, ...]]) -> str:
    """The page of a gene, by its symbol, its protein, an alias or a subtype's id; of a subtype without a gene by
    its id. Raises UsageError where there is none.
    """
    gene, subtypes = _found(panel, name)
    answers = [s for s in panel.answer_statements if gene and s.gene == gene.symbol]
    said = [*answers, *(s for t in subtypes for s in t.statements)]
    lines = [*(_head(gene) if gene else ()), *wrapped(_panels(panel)), *_signed(said)]
    if gene:
        lines += [*_known(gene), *_contents(subtypes)]
    for subtype in subtypes:
        lines += ["", *subtype_lines(subtype, signs.get(subtype.id, ()))]
    if gene:
        lines += [*_alleles(gene), *_blind_spots(gene)]
    if answers and gene:
        lines += ["", f"If no or one {gene.symbol} variant is found", *statements(answers)]
    cited = _cited(gene, said)
    if cited:
        lines += ["", "References", *(line for r in cited for line in _reference(r, panel.references[r]))]
    return "\n".join(lines) + "\n"


def _found(panel: Panel, name: str) -> tuple[PanelGene | None, list[PanelSubtype]]:
    asked = name.casefold()
    gene_of: dict[str, PanelGene | None] = {s.id.casefold(): panel.gene(s.gene or "") for s in panel.subtypes}
    for g in panel.genes:
        gene_of |= {n.casefold(): g for n in (*g.aliases, g.protein_name)}
    gene_of |= {g.symbol.casefold(): g for g in panel.genes}
    gene = gene_of.get(asked)
    if gene:
        return gene, [s for s in panel.subtypes if s.gene == gene.symbol]
    without_gene = [s for s in panel.subtypes if s.id.casefold() == asked]
    if not without_gene:
        known = ", ".join((*(g.symbol for g in panel.genes), *(s.id for s in panel.subtypes if s.gene is None)))
        raise UsageError(f"panel {panel.name} has no gene {one_line(name)}. It has: {known}.")
    return None, without_gene


def _head(gene: PanelGene) -> Iterator[str]:
    protein = "" if gene.protein_name == gene.symbol else f" ({gene.protein_name})"
    yield from title(f"{gene.symbol}{protein}", "=")
    aliases = [a for a in gene.aliases if a != gene.protein_name]
    if aliases:
        yield from wrapped(f"Also called {', '.join(aliases)}")
    ids = [gene.hgnc_id, gene.ncbi and f"NCBI Gene {gene.ncbi}", gene.omim and f"OMIM {gene.omim} (the gene)"]
    yield ", ".join(i for i in ids if i)
    if gene.transcripts:
        pairs = ", ".join(f"{refseq} ({ensembl})" for refseq, ensembl in gene.transcripts)
        yield from wrapped(f"Transcripts: {pairs}")


def _panels(panel: Panel) -> str:
    names = zip(panel.name.split("+"), panel.version.split("+"), strict=True)  # as `analysis.panel_of` joins them
    listed = [f"{name} {version}" for name, version in names]
    return f"From the panel{'s' * (len(listed) > 1)} {' and '.join(listed)}."


def _signed(said: list[PanelStatement]) -> list[str]:
    ids = {s.id for s in said}
    waiting = {s.id for s in said if s.signed_off is None}
    return [f"Sentences that await a clinician's signature: {len(waiting)} of {len(ids)}."] if ids else []


def _known(gene: PanelGene) -> Iterator[str]:
    yield ""
    if gene.core:
        yield "A core gene: whether it could be looked at decides what a negative result is worth."
    if not gene.transcripts:
        yield from wrapped(phrases.NOT_EXAMINED)
    elif gene.null_is_pathogenic:
        yield "A null variant expected to lose the transcript is likely pathogenic here."
    else:
        yield "A null variant is not called pathogenic by rule here."
    if gene.not_unique_exons:
        exons = ", ".join(map(str, gene.not_unique_exons))
        yield from wrapped(f"Not unique: exons {exons}. {gene.not_unique_reason}")
    for note in gene.notes:
        yield from wrapped(note)


def _contents(subtypes: list[PanelSubtype]) -> Iterator[str]:
    if not subtypes:
        yield from wrapped(phrases.NO_SUBTYPE)
    if len(subtypes) > 1:
        yield from ("", "Diseases of this gene")
        for subtype in subtypes:
            inherited = phrases.words(phrases.INHERITANCE, subtype.inheritance)
            yield from wrapped(f"{subtype.id}: {subtype.name} ({inherited})", "  - ")


def _alleles(gene: PanelGene) -> Iterator[str]:
    if gene.named_alleles:
        yield from ("", f"{gene.symbol} alleles known by name")
    for allele in gene.named_alleles:
        kept = f"; {words(allele.class_)} whatever the rules say" if allele.class_ else ""
        founder = "; never benign by frequency" if allele.founder else ""
        yield from wrapped(f"{allele.hgvs_c}: {allele.reason}{kept}{founder} {marks(allele.references)}", "  - ")
        yield "    " + ", ".join(f"{assembly} {key}" for assembly, key in allele.keys.items())


def _blind_spots(gene: PanelGene) -> Iterator[str]:
    if gene.blind_spots:
        yield from ("", f"What an exome does not show of {gene.symbol}")
    for spot in gene.blind_spots:
        yield from wrapped(f"{spot.text} {marks(spot.references)}".rstrip(), "  - ")
        yield from wrapped(f"Would show it: {spot.would_show}", "    ")


def _cited(gene: PanelGene | None, said: Iterable[PanelStatement]) -> list[str]:
    lists = [s.references for s in said]
    if gene:
        lists += [a.references for a in gene.named_alleles]
        lists += [b.references for b in gene.blind_spots]
    return sorted({r for references in lists for r in references}, key=lambda r: (r[0], int(r[1:])))


def _reference(name: str, held: dict[str, Any]) -> list[str]:
    where = [f"PMID {held['pmid']}" if "pmid" in held else None, f"doi:{held['doi']}" if "doi" in held else None]
    address = ", ".join(w for w in where if w) or held.get("url", "")
    text = f"[{name}] {held['citation']}. {address}".rstrip() + f" (read: {held['part_read']})"
    return wrapped(text, "  ", "      ")
