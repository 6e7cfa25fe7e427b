"""What a case says of its own making: the file and its kind, constants, sources, and every record's place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from varmio import __version__, phrases
from varmio import assembly as assemblies
from varmio.errors import one_line
from varmio.interpret import autozygosity, callset, classify, copy_number, look_alikes, phenotype, quality
from varmio.model import (
    Accounting,
    Assembly,
    Callset,
    Case,
    Panel,
    Provenance,
    Reference,
)
from varmio.panel_records import EXON_FLANK_BP, PanelRecord
from varmio.readers import coverage, evidence, reference, vcf


def places(records: Iterable[PanelRecord]) -> dict[str, tuple[str, ...]]:
    """Note -> places of the records that it kept from being a finding."""
    places: dict[str, list[str]] = {}
    for traced in records:
        if traced.note:
            places.setdefault(traced.note, []).append(f"{traced.record.contig}:{traced.record.pos}")
    return {note: tuple(where) for note, where in places.items()}


def file_faults(scan: vcf.Scan) -> tuple[str, ...]:
    """What is odd about the file as a whole, as sentences."""
    faults = []
    if scan.unreadable_count:
        counted = Counter(reason for _, reason in scan.unreadable)
        listed = "; ".join(f"{reason} ({n})" for reason, n in counted.most_common(3))
        faults.append(f"{scan.unreadable_count} line(s) could not be read as records: {listed}.")
    if scan.cut_line is not None:
        faults.append("The last line has no line end: the file may have been cut there.")
    if scan.beyond:
        listed = ", ".join(one_line(name) for name in scan.beyond[:3])
        faults.append(f"Records lie past the end that the header gives for {listed}: header and records do not fit.")
    if scan.unsorted:
        faults.append("The records are not sorted by position.")
    return tuple(faults)


def counts_of(scan: vcf.Scan, here: Reference) -> callset.Counts:
    """What the scan counted, as the rules on the kind of a file ask for it."""
    inside, outside = callset.near_coding(scan.panel, here)
    return callset.Counts(
        assembly=here.assembly,
        records=scan.records,
        small_variants=scan.small_variants,
        structural=scan.structural,
        blocks=scan.blocks,
        contigs=scan.contigs_seen,
        inside=inside,
        outside=outside,
        het=scan.het,
        hom=scan.hom,
        ti=scan.ti,
        tv=scan.tv,
        pass_only=scan.pass_only,
    )


def callset_of(scan: vcf.Scan, counts: callset.Counts) -> Callset:
    """The callset block of case.json."""
    kind, reasons = callset.kind_of(counts)
    return Callset(
        records=scan.records,
        snv=scan.snv,
        indel=scan.indel,
        het_hom=None if scan.het_hom is None else round(scan.het_hom, 3),
        ti_tv=None if scan.ti_tv is None else round(scan.ti_tv, 3),
        kind=kind,
        pass_only=scan.pass_only,
        caller=callset.caller(scan.header.lines),
        kind_reasons=reasons,
    )


def constants() -> list[dict[str, Any]]:
    """Every constant of the run, for the methods section."""
    rooms = (
        classify.constants(),
        quality.constants(),
        assemblies.constants(),
        callset.constants(),
        autozygosity.constants(),
        coverage.constants(),
        copy_number.constants(),
        evidence.constants(),
        look_alikes.constants(),
        phenotype.constants(),
    )
    flank = {
        "name": "EXON_FLANK_BP",
        "value": EXON_FLANK_BP,
        "unit": "bp",
        "source": "every called allele this near to a panel exon is reported; our choice",
    }
    return [*(constant for room in rooms for constant in room), flank]


def provenance(
    path: Path,
    command: str,
    date: str,
    known: Panel,
    assembly: Assembly,
    scan: vcf.Scan,
    records: tuple[PanelRecord, ...],
    facts: evidence.Evidence,
    beside: tuple[dict[str, Any], ...] = (),
) -> Provenance:
    """What the case was made with and from, and where each record of the file went."""
    return Provenance(
        varmio=__version__,
        panel={"name": known.name, "version": known.version, "sha256": known.sha256},
        resources=facts.resources((*reference.manifest(), *reference.own_manifest(assembly))),
        inputs=({"name": path.name, "sha256": scan.sha256, "records": scan.records}, *beside),
        command=command,
        date=date,
        accounting=_accounting(scan, records),
        synthetic=scan.header.synthetic or None,
    )


def _accounting(scan: vcf.Scan, records: tuple[PanelRecord, ...]) -> Accounting:
    filtered = Counter(traced.note for traced in records if traced.note and not traced.findings)
    filtered["off_panel"] = scan.records - scan.unreadable_count - len(records)
    return Accounting(
        records_in=scan.records,
        reported=sum(bool(traced.findings) for traced in records),
        filtered={reason: n for reason, n in sorted(filtered.items()) if n},
        unreadable=scan.unreadable_count,
        unreadable_lines=tuple({"line": line, "reason": reason} for line, reason in scan.unreadable),
    )


def cited(known: Panel, case: Case) -> dict[str, dict[str, Any]]:
    """The references that this case cites, by id."""
    spoken = [*case.statements, *(s for m in case.subtypes for s in m.statements)]
    used = {r for s in spoken for r in s.references}
    used.update(r for line in case.recurrence for r in line.references)
    used.update(r for limit in case.limitations for r in limit.references or ())
    used.update(r for f in case.findings for c in f.classification.criteria for r in c.source.split(", "))
    used.update(_on_homozygosity(case))
    listed = {**phrases.ROH_REFERENCES, **known.references}
    return {key: dict(listed[key]) for key in sorted(used) if key in listed}


def _on_homozygosity(case: Case) -> Iterator[str]:
    """The sources of what the page says on runs."""
    yield from phrases.ROH_PATTERN_SOURCE.get(case.autozygosity.pattern, ())
    for finding in case.findings:
        yield from finding.roh.references or ()
        for way in finding.roh.explanations or ():
            yield from (*way.references, *phrases.PARENTS_CONFIRMED_SOURCE)
