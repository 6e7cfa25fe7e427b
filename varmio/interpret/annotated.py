"""What the file's own annotation says of a finding: kept where our name is missing, compared where it is not.

It never replaces a name, a consequence or a class.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from varmio.model import Annotated, Finding

# Consequence classes, worst first; terms of one class differ between annotators and their versions.
CLASSES: tuple[tuple[str, frozenset[str]], ...] = (
    ("splice site", frozenset(("splice_acceptor_variant", "splice_donor_variant"))),
    ("exon loss", frozenset(("transcript_ablation", "exon_loss_variant"))),
    ("stop or frameshift", frozenset(("stop_gained", "frameshift_variant"))),  # a shift may bring a stop at once
    ("stop lost", frozenset(("stop_lost",))),
    ("start lost", frozenset(("start_lost", "initiator_codon_variant"))),
    (
        "in-frame",
        frozenset(
            (
                "inframe_insertion",
                "inframe_deletion",
                "protein_altering_variant",
                "conservative_inframe_insertion",
                "conservative_inframe_deletion",
                "disruptive_inframe_insertion",
                "disruptive_inframe_deletion",
            )
        ),
    ),
    ("missense", frozenset(("missense_variant",))),
    (
        "splice region",
        frozenset(("splice_region_variant", "splice_donor_5th_base_variant", "splice_donor_region_variant")),
    ),
    ("synonymous", frozenset(("synonymous_variant", "stop_retained_variant", "start_retained_variant"))),
    ("untranslated", frozenset(("5_prime_UTR_variant", "3_prime_UTR_variant"))),
    (
        "intron",
        frozenset(("intron_variant", "splice_polypyrimidine_tract_variant")),
    ),
)
_BASES_AFTER = re.compile(r"(del|dup)[ACGTN]+(?=ins|$)")  # c.4_5delCA is c.4_5del (HGVS 21.0, deletion)


def compared(finding: Finding, said: Iterable[Annotated], ensembl: Mapping[str, str]) -> Finding:
    """The finding with the file's own name where ours is missing, or a reason where the two differ.

    said: what the file says of this allele; ensembl: RefSeq accession -> Ensembl one, of the finding's
    transcripts. Accessions are compared without version. Where both agree the finding comes back as it was.
    """
    of_transcript: dict[str, Annotated] = {}
    for entry in said:
        of_transcript.setdefault(_plain(entry.transcript), entry)
    if not of_transcript:
        return finding
    names = (finding.transcript, *(str(other["transcript"]) for other in finding.other_transcripts))
    if finding.hgvs_c is None:
        found = (_entry(of_transcript, name, ensembl) for name in names)
        named = next((e for e in found if e is not None), None)
        return replace(finding, annotated=named, reasons=(*finding.reasons, _unchecked(named))) if named else finding
    same = _entry(of_transcript, finding.transcript, ensembl)
    differences = _differences(finding, same) if same else ()
    return replace(finding, annotated=same, reasons=(*finding.reasons, *differences)) if differences else finding


def with_opinion(finding: Finding, opinion: Mapping[str, Any] | None) -> Finding:
    """The finding with what a second engine says of it, and a reason where the two differ in class.

    It changes no name, class or tier.
    """
    if opinion is None:
        return finding
    ours, theirs = class_of(finding.consequences), class_of(opinion["consequences"])
    reasons = finding.reasons
    if ours and theirs and ours != theirs:
        said = ", ".join(opinion["consequences"])
        reasons = (*reasons, f"A second engine ({opinion['tool']}) calls it {theirs}, not {ours}: {said}.")
    return replace(finding, second_opinion=dict(opinion), reasons=reasons)


def disagree(finding: Finding) -> bool:
    """Whether the file's own annotation differs from our name or consequence of this finding."""
    return finding.annotated is not None and finding.hgvs_c is not None


def _unchecked(entry: Annotated) -> str:
    name = " ".join(filter(None, (entry.hgvs_c, entry.hgvs_p))) or ", ".join(entry.consequences)
    return f"The file's own annotation ({entry.source}) names it {entry.transcript}:{name}; this was not checked."


def _plain(accession: str) -> str:
    return accession.partition(".")[0]


def _entry(of_transcript: Mapping[str, Annotated], name: str, ensembl: Mapping[str, str]) -> Annotated | None:
    return of_transcript.get(_plain(name)) or of_transcript.get(_plain(ensembl.get(name, "")))


def _differences(finding: Finding, entry: Annotated) -> tuple[str, ...]:
    where = f"The file's own annotation ({entry.source}, {entry.transcript})"
    differences = []
    ours, theirs = class_of(finding.consequences), class_of(entry.consequences)
    if ours and theirs and ours != theirs:
        differences.append(f"{where} calls it {theirs}, not {ours}: {', '.join(entry.consequences)}.")
    if entry.hgvs_c and plain_name(entry.hgvs_c) != plain_name(finding.hgvs_c or ""):
        differences.append(f"{where} names it {entry.hgvs_c}, not {finding.hgvs_c}.")
    return tuple(differences)


def class_of(terms: Iterable[str]) -> str | None:
    """The worst class that the terms name; None where they name none of them.

    >>> class_of(("splice_region_variant", "missense_variant")), class_of(("upstream_gene_variant",))
    ('missense', None)
    """
    said = frozenset(terms)
    return next((name for name, members in CLASSES if members & said), None)


def plain_name(name: str) -> str:
    """A c. name in the one spelling to compare by: bases after del and dup are left out.

    >>> plain_name("c.415_416delCA"), plain_name("c.10delAinsTT"), plain_name("c.5dupA")
    ('c.415_416del', 'c.10delinsTT', 'c.5dup')
    """
    return _BASES_AFTER.sub(r"\1", name)
