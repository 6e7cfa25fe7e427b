"""What this run could not see, as data: each with the gene it concerns and what would show it.

The sentences here are technical (what a file can't show, which command helps); what is said of a
gene's own blind spots comes from the panel, with references.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from varmio.interpret.annotated import disagree
from varmio.interpret.hgvs import COULD_COPY, COULD_SHIFT
from varmio.model import (
    AssemblyBasis,
    AssemblyCall,
    CallState,
    Finding,
    Limitation,
    Panel,
    SampleSex,
    Status,
    SubtypeMatch,
)

NOTES_TO_NAME = {
    "not_called": "{n} panel record(s) hold no call for this sample ({where}); missing is not reference.",
    "structural_not_read": "{n} structural record(s) touch the panel ({where}) and are of a kind that is not "
    "read (insertion, inversion, breakend), or not called. Look at them by hand before a negative result is trusted.",
    "reference_mismatch": "{n} record(s) have a REF that is not the base known there ({where}) and were not "
    "named. Usual causes: another assembly, a caller that wrote the sample's base as REF, a damaged file.",
    "allele_not_named": "{n} record(s) say that the sample carries another allele than REF, but ALT names none "
    "({where}). Call the sample anew, with its alternate alleles.",
    "ambiguous_bases": "{n} record(s) hold bases other than A, C, G, T ({where}) and were not named.",
    "conflicting_duplicate": "{n} record(s) repeat an allele with another genotype ({where}).",
}
DEPTH_SHOWS = "depth_with_controls"  # BlindSpot.shown_by of the loss of whole exons
CONFIRM_BASES = "a second method, such as Sanger sequencing"
CONFIRM_COPIES = "a second method, such as MLPA, quantitative PCR or an array"
SEQUENCE = "the genome's FASTA (--reference genome.fa), or 'varmio data fetch' once"
NAME_AT_MOST = 5  # places named in one sentence before the rest is counted


@dataclass(frozen=True, slots=True)
class Looked:
    """What this run looked at beside the calls. `losses`: genes whose exons were searched for missing copies."""

    depth: bool = False
    losses: frozenset[str] = frozenset()
    parents: bool = False


def limitations(
    panel: Panel,
    assembly: AssemblyCall,
    sex: SampleSex,
    sex_reason: str,
    findings: tuple[Finding, ...],
    matches: tuple[SubtypeMatch, ...],
    noted: Mapping[str, tuple[str, ...]],
    file_faults: tuple[str, ...],
    evidence_dates: Mapping[str, str],
    of_callset: tuple[Limitation, ...] = (),
    runs_assessed: bool = False,
    looked: Looked = Looked(),
) -> tuple[Limitation, ...]:
    """Everything that this run could not see, the most general doubt first.

    `noted`: reason -> places ("6:108064285") of the panel records that it kept from being a finding.
    `evidence_dates`: what was looked up -> date of the shipped extract. `of_callset`: what the file as a
    whole cannot show.
    """
    return (
        *_stated_assembly(assembly),
        *(Limitation(note, would_show="the shipped panels alone, without --panel") for note in panel.notes),
        *of_callset,
        *_sex(sex, sex_reason),
        *_calls(findings),
        *_noted(noted),
        *_annotation(findings),
        *_withheld(findings),
        *(Limitation(fault, would_show="the file as its caller wrote it") for fault in file_faults),
        *_always(runs_assessed, looked),
        *_evidence(evidence_dates),
        *_blind_spots(panel, matches, looked),
    )


def _stated_assembly(assembly: AssemblyCall) -> Iterable[Limitation]:
    if assembly.basis is AssemblyBasis.STATED_BY_USER:
        yield Limitation(
            f"The assembly {assembly.name} was stated by the user; nothing in the file proves it.",
            would_show="a header with ##contig lengths, or more records at panel genes",
        )


def _sex(sex: SampleSex, reason: str) -> Iterable[Limitation]:
    if sex.stated and sex.inferred and sex.stated is not sex.inferred:
        yield Limitation(
            f"The stated sex is {sex.stated}, but the calls on X look {sex.inferred} ({reason}) "
            "A sample swap is one explanation.",
            would_show="a check of the sample's identity",
        )
    elif sex.used is None:
        yield Limitation(
            f"The sex is not known ({reason}) Calls on X were read as written.",
            would_show="--sex male or --sex female",
        )


def _calls(findings: tuple[Finding, ...]) -> Iterable[Limitation]:
    pathogenic = [f for f in findings if f.classification.is_pathogenic]
    for found in pathogenic:
        if found.call_quality.state is not CallState.SOLID:
            name = found.hgvs_c or found.variant.short_key
            why = " ".join(found.call_quality.reasons)
            yield Limitation(
                f"The call of {name} is {found.call_quality.state.replace('_', ' ')}. {why}",
                gene=found.gene,
                would_show=CONFIRM_COPIES if found.variant.type == "structural" else CONFIRM_BASES,
            )


def _noted(noted: Mapping[str, tuple[str, ...]]) -> Iterable[Limitation]:
    for reason, sentence in NOTES_TO_NAME.items():
        places = noted.get(reason, ())
        if places:
            more = f" and {len(places) - NAME_AT_MOST} more" if len(places) > NAME_AT_MOST else ""
            where = ", ".join(places[:NAME_AT_MOST]) + more
            yield Limitation(sentence.format(n=len(places), where=where))


def _annotation(findings: tuple[Finding, ...]) -> Iterable[Limitation]:
    differing = sum(disagree(f) for f in findings)
    if differing:
        yield Limitation(
            f"For {differing} finding(s) the file's own annotation gives another name or consequence than varmio; "
            "both are shown with the finding. Another transcript version is the usual cause.",
            would_show="the variant's name by a second tool on the transcript named here",
        )


def _withheld(findings: tuple[Finding, ...]) -> Iterable[Limitation]:
    """The genes where a name was held back for want of sequence, and the command that brings it."""
    genes = sorted({f.gene for f in findings if f.unnamed_reason in (COULD_SHIFT, COULD_COPY)})
    if genes:
        yield Limitation(
            f"A change beside an exon of {', '.join(genes)} has no c. name: which base it falls on depends on intron "
            "or untranslated bases that are not at hand.",
            gene=genes[0] if len(genes) == 1 else None,
            would_show=SEQUENCE,
        )


def _always(runs_assessed: bool, looked: Looked) -> Iterable[Limitation]:
    if not looked.depth:
        yield Limitation(
            "Depth was not given, so no gene is called 'not found'; lost exons and failed ones are not seen.",
            would_show="the reads of the panel exons (--bam or --coverage), and a copy-number test of the genes named "
            "below",
        )
    unseen = [
        *([] if runs_assessed else ["runs of homozygosity"]),
        *([] if looked.parents else ["the parents' genotypes"]),
        "mosaic change",
    ]
    said = f"{', '.join(unseen)} and changes deep inside introns were not examined."
    yield Limitation(
        said[0].upper() + said[1:],
        would_show="genome sequencing" if looked.parents else "parents, genome sequencing",
    )


def _evidence(dates: Mapping[str, str]) -> Iterable[Limitation]:
    if dates:
        listed = ", ".join(f"{what} of {date}" for what, date in dates.items())
        yield Limitation(
            f"The evidence is dated: {listed}. What was learned since is not here.",
            would_show="the allele's entries in today's ClinVar and gnomAD",
        )


def _blind_spots(panel: Panel, matches: tuple[SubtypeMatch, ...], looked: Looked) -> Iterable[Limitation]:
    """What the input can't show, by name. Where missing copies of a gene were looked for, that is none of it."""
    matched = {m.gene for m in matches if m.status is not Status.EXCLUDED}
    for gene in sorted(panel.genes, key=lambda g: g.symbol not in matched):
        for spot in gene.blind_spots:
            if spot.shown_by == DEPTH_SHOWS and gene.symbol in looked.losses:
                continue
            yield Limitation(spot.text, gene.symbol, spot.would_show, spot.references)
