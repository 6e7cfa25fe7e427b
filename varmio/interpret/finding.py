"""One called allele and what is known of it, put together as a finding."""

from __future__ import annotations

from collections.abc import Sequence

from varmio.interpret.classify import classify
from varmio.model import (
    Allele,
    AlleleKind,
    Assembly,
    CallQuality,
    ClinVar,
    Consequence,
    Finding,
    FindingGenotype,
    FindingVariant,
    Frequency,
    NamedAllele,
    PanelGene,
    Roh,
    RohState,
    Variant,
)

MANE_SELECT = "MANE Select"


def leading_transcript(consequences: Sequence[Consequence]) -> Consequence:
    """The consequence that names a finding: the nearest exon first, then MANE Select."""
    return min(consequences, key=lambda c: (c.exon_distance, c.transcript.mane != MANE_SELECT))


def named_allele(gene: PanelGene, assembly: Assembly, variant: Variant) -> NamedAllele | None:
    """The panel's own entry for this allele, if it has one."""
    return next((n for n in gene.named_alleles if n.keys.get(assembly) == variant.key), None)


def not_unique(gene: PanelGene, consequence: Consequence) -> str | None:
    """Why a call here may come from another place of the genome, or None."""
    return gene.not_unique_reason if consequence.exon in gene.not_unique_exons else None


def identity(gene: PanelGene, consequence: Consequence, key: str) -> str:
    """`findings.id`: gene, name and transcript without its version; the variant's key where it has no name."""
    accession = consequence.transcript.accession.split(".")[0]
    return f"{gene.symbol}:{consequence.hgvs_c}:{accession}" if consequence.hgvs_c else key


def build(
    allele: Allele,
    consequences: Sequence[Consequence],
    gene: PanelGene,
    assembly: Assembly,
    carried: Variant | None,
    hgvs_g: str | None,
    clinvar: ClinVar | None,
    frequency: Frequency,
    quality: CallQuality,
) -> Finding:
    """The finding of one allele; its tier is set once the matches are known.

    `consequences` are those on the transcripts of `gene`; `carried` is the same allele on the
    other assembly where that can be known.
    """
    consequence = leading_transcript(consequences)
    transcript = consequence.transcript
    named = named_allele(gene, assembly, allele.variant)
    spoken_of = named is not None or (clinvar is not None and "athogenic" in clinvar.significance)
    return Finding(
        id=identity(gene, consequence, allele.variant.key),
        gene=gene.symbol,
        hgnc_id=transcript.hgnc_id,
        variant=_variant(allele.variant, assembly, carried, consequence),
        transcript=transcript.accession,
        mane=transcript.mane,
        other_transcripts=others(consequences, consequence),
        hgvs_g=hgvs_g,
        hgvs_c=consequence.hgvs_c,
        hgvs_p=consequence.hgvs_p,
        consequences=consequence.terms,
        zygosity=allele.zygosity,
        genotype=_genotype(allele),
        call_quality=quality,
        roh=Roh(RohState.NOT_ASSESSABLE),
        frequency=frequency,
        classification=classify(consequence, gene, clinvar, frequency, named),
        tier=0,
        reasons=allele.remarks,
        kind=consequence.kind,
        could_explain=consequence.could_explain or spoken_of,
        exon=consequence.exon,
        intron=consequence.intron,
        extent=consequence.extent,
        unnamed_reason=consequence.unnamed_reason,
        clinvar=clinvar,
        whole_exons_lost=consequence.whole_exons_lost,
    )


def _variant(variant: Variant, assembly: Assembly, carried: Variant | None, consequence: Consequence) -> FindingVariant:
    keys = {str(assembly): variant.key}
    if carried is not None:
        keys[str(assembly.other)] = carried.key
    return FindingVariant(
        key=variant.key,
        keys=dict(sorted(keys.items())),
        contig=variant.contig,
        pos=variant.pos,
        ref=variant.ref,
        alt=variant.alt,
        type=_type(variant, consequence),
    )


def _type(variant: Variant, consequence: Consequence) -> str:
    if len(variant.ref) == len(variant.alt) == 1:
        return "snv"
    if consequence.kind is AlleleKind.INFRAME_DUPLICATION or (consequence.hgvs_c or "").endswith("dup"):
        return "duplication"
    if len(variant.ref) == 1 and variant.alt.startswith(variant.ref):
        return "insertion"
    if len(variant.alt) == 1 and variant.ref.startswith(variant.alt):
        return "deletion"
    return "delins"


def _genotype(allele: Allele) -> FindingGenotype:
    call = allele.record.genotype
    return FindingGenotype(
        gt=call.text,
        dp=call.depth,
        ad=call.allele_depths,
        gq=call.quality,
        phase_set=call.phase_set,
        filters=(*allele.record.filters, *call.filters),
    )


def others(consequences: Sequence[Consequence], leading: Consequence) -> tuple[dict[str, object], ...]:
    """What the allele does to the gene's transcripts other than the leading one, as case.json has it."""
    return tuple(
        {
            "transcript": c.transcript.accession,
            "mane": c.transcript.mane,
            "hgvs_c": c.hgvs_c,
            "hgvs_p": c.hgvs_p,
            "consequences": list(c.terms),
        }
        for c in consequences
        if c is not leading
    )
