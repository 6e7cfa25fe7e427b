"""A plain first classification of one allele, every rule with its reason.

Truth table, the first line that holds decides:

| what is known                                                        | class                 |
|----------------------------------------------------------------------|-----------------------|
| ClinVar pathogenic or likely pathogenic, with assertion criteria     | as ClinVar says       |
| named by the panel with a class of its own                           | that class            |
| common (>= 5%) and no founder allele of the panel                    | benign                |
| common (>= 1%) and no founder allele of the panel                    | likely_benign         |
| null with NMD predicted, or splice +-1,2, or the whole transcript    | likely_pathogenic     |
| deleted, or whole exons lost with the reading frame and a tenth of   |                       |
| the protein, in a gene where loss of function is the mechanism       |                       |
| anything else                                                        | uncertain_significance|

The loss of whole exons in frame, or of the start codon with them, decides nothing by itself, although the exons'
splice sites are lost too.

It says what the allele is; what it may mean for a subtype is the panel's rule
(`interpret/subtype.py`). ClinVar entries without assertion criteria are shown and never decide.
"""

from __future__ import annotations

from varmio.model import (
    AlleleKind,
    Class,
    Classification,
    ClinVar,
    Consequence,
    Criterion,
    Frequency,
    FrequencyState,
    NamedAllele,
    PanelGene,
)

BENIGN_AF = 0.05  # allele frequency; stand-alone benign, Ghosh 2018, doi 10.1002/humu.23642
LIKELY_BENIGN_AF = 0.01  # allele frequency; 7 times the most that recessive disease allows (RARE_AF below)
RARE_AF = 0.001  # allele frequency; below 0.0014 = sqrt(1/250,000 x 0.5), Whiffin 2017 form, commonest gene

MIN_FRAME_LOST = 0.10  # share of the protein; PVS1 tree for deletions without NMD, Abou Tayoun 2018, 10.1002/humu.23626

SPLICE_SITE = frozenset({"splice_donor_variant", "splice_acceptor_variant"})
PATHOGENIC_WORDS = {
    "pathogenic": Class.PATHOGENIC,
    "likely pathogenic": Class.LIKELY_PATHOGENIC,
    "pathogenic/likely pathogenic": Class.LIKELY_PATHOGENIC,
}


def constants() -> list[dict[str, object]]:
    """The constants of this room for the methods section."""
    return [
        {
            "name": "BENIGN_AF",
            "value": BENIGN_AF,
            "unit": "allele frequency",
            "source": "Ghosh 2018, doi 10.1002/humu.23642",
        },
        {
            "name": "LIKELY_BENIGN_AF",
            "value": LIKELY_BENIGN_AF,
            "unit": "allele frequency",
            "source": "seven times the highest frequency that the commonest gene of the recessive disease allows",
        },
        {
            "name": "RARE_AF",
            "value": RARE_AF,
            "unit": "allele frequency",
            "source": "below 0.0014 = sqrt(1/250,000 x 0.5), the most that its commonest gene allows",
        },
        {
            "name": "MIN_FRAME_LOST",
            "value": MIN_FRAME_LOST,
            "unit": "share of the protein",
            "source": "Abou Tayoun 2018, doi 10.1002/humu.23626",
        },
    ]


def is_rare(frequency: Frequency) -> bool:
    """Looked up, and the highest written frequency is below RARE_AF; unknown is never rare."""
    return frequency.state is FrequencyState.LOOKED_UP and frequency.max_af is not None and frequency.max_af < RARE_AF


def classify(
    consequence: Consequence,
    gene: PanelGene,
    clinvar: ClinVar | None,
    frequency: Frequency,
    named: NamedAllele | None,
) -> Classification:
    """The class of one allele with every criterion that was asked, met or not."""
    asked = (
        (_clinvar_class(clinvar), _clinvar_criterion(clinvar)),
        (named.class_ if named else None, _named_criterion(named)),
        (_frequency_class(frequency, named), _frequency_criterion(frequency, named)),
        (_null_class(consequence, gene), _null_criterion(consequence, gene)),
    )
    decided = next((class_ for class_, _ in asked if class_ is not None), Class.UNCERTAIN_SIGNIFICANCE)
    return Classification(decided, tuple(criterion for _, criterion in asked if criterion is not None))


def _clinvar_class(clinvar: ClinVar | None) -> Class | None:
    if clinvar is None or not clinvar.decides:
        return None
    return PATHOGENIC_WORDS.get(clinvar.significance.replace("_", " ").lower())


def _clinvar_criterion(clinvar: ClinVar | None) -> Criterion | None:
    if clinvar is None:
        return None
    said = f"ClinVar of {clinvar.date} says {clinvar.significance.replace('_', ' ').lower()}"
    if _clinvar_class(clinvar) is not None:
        reason = f"{said}, with assertion criteria ({clinvar.review.replace('_', ' ')})."
    else:
        review = clinvar.review.replace("_", " ") or "review status not known"
        reason = f"{said} ({review}); it is shown and does not decide."
    return Criterion("CLINVAR", None, None, _clinvar_class(clinvar) is not None, reason, "ClinVar")


def _named_criterion(named: NamedAllele | None) -> Criterion | None:
    if named is None:
        return None
    met = named.class_ is not None
    return Criterion("NAMED", None, None, met, named.reason, ", ".join(named.references) or "panel")


def _frequency_class(frequency: Frequency, named: NamedAllele | None) -> Class | None:
    if (named and named.founder) or frequency.max_af is None or frequency.founder_group:
        return None
    if frequency.max_af >= BENIGN_AF:
        return Class.BENIGN
    return Class.LIKELY_BENIGN if frequency.max_af >= LIKELY_BENIGN_AF else None


def _frequency_criterion(frequency: Frequency, named: NamedAllele | None) -> Criterion:
    met = _frequency_class(frequency, named) is not None
    if frequency.state is FrequencyState.SCREENED:
        reason = (
            "The allele is not in the shipped list of common alleles (1% and more); how rare it is was not looked up."
        )
    elif frequency.max_af is None:
        reason = "The frequency was not looked up."
    else:
        where = f"{frequency.population}, {frequency.source}"
        reason = f"The highest written frequency is {frequency.max_af:.3g} ({where})."
        if named and named.founder and frequency.max_af >= LIKELY_BENIGN_AF:
            reason += " A founder allele of the panel is exempt from the frequency rule."
        if frequency.founder_group:
            reason += " The figure of a founder group keeps an allele from being rare and never makes it common."
    return Criterion("FREQUENCY", None, None, met, reason, frequency.source or "not looked up")


def _null_class(consequence: Consequence, gene: PanelGene) -> Class | None:
    holds = gene.null_is_pathogenic and _lost(consequence)
    return Class.LIKELY_PATHOGENIC if holds else None


def _lost(consequence: Consequence) -> bool:
    """Whether the transcript is gone, expected to be lost, or broken at a splice site."""
    if consequence.kind is not AlleleKind.NULL:
        return False
    if "transcript_ablation" in consequence.terms or consequence.nmd_predicted:
        return True
    if consequence.whole_exons_lost:
        return consequence.frame_lost >= MIN_FRAME_LOST
    return not SPLICE_SITE.isdisjoint(consequence.terms)


def _null_criterion(consequence: Consequence, gene: PanelGene) -> Criterion | None:
    if consequence.kind is not AlleleKind.NULL:
        return None
    what = consequence.terms[0].replace("_", " ")
    source = "Abou Tayoun 2018, doi 10.1002/humu.23626"
    if not gene.null_is_pathogenic:
        reason = f"A {what}; the panel does not let a null variant of {gene.symbol} decide by itself."
    elif consequence.whole_exons_lost and not _lost(consequence):
        reason = (
            f"A {what}, but it does not break the reading frame for a tenth of the protein or more, or the start "
            "codon is lost with it: what is made of the gene is not known."
        )
    elif not _lost(consequence):
        reason = (
            f"A {what}, but the transcript is not expected to be lost: the new stop lies in the last "
            "exon, within 50 bases of it, or is not known."
        )
    elif "transcript_ablation" in consequence.terms:
        reason = f"The whole transcript is deleted, and loss of {gene.symbol} is the mechanism."
    elif consequence.whole_exons_lost and not consequence.nmd_predicted:
        reason = (
            f"A {what}: the reading frame is lost with the exons, and with it {consequence.frame_lost:.0%} of the "
            f"protein; loss of {gene.symbol} is the mechanism."
        )
    elif not consequence.whole_exons_lost and not SPLICE_SITE.isdisjoint(consequence.terms):
        reason = f"A {what} at one of the two bases of a splice site; loss of {gene.symbol} is the mechanism."
    else:
        reason = f"A {what}; the transcript is expected to be lost (NMD), and loss of {gene.symbol} is the mechanism."
    return Criterion("NULL", None, None, _null_class(consequence, gene) is not None, reason, source)
