"""The parents of a child, where its file has their columns: who they are by the PED, and what they carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from varmio.errors import InputError, one_line
from varmio.interpret import parents
from varmio.model import Finding, Sex
from varmio.panel_records import Desk, draft
from varmio.readers import pedigree, vcf


@dataclass(frozen=True, slots=True)
class Family:
    """What the PED says of a child. roles: father and mother, None where not known; held: of them those in the file."""

    roles: Mapping[str, str | None]
    held: tuple[str, ...] = ()
    sex: Sex | None = None


def of(path: Path, sample: str | None, ped: Path | None) -> Family:
    """The family of a sample (None: the only one) by a PED file; nobody without one.

    UsageError, InputError: no such file or sample, or a PED that contradicts itself.
    """
    if ped is None:
        return Family({})
    header = vcf.open_header(path)
    child = vcf.choose_sample(path, header, sample)
    found = pedigree.person(ped, child)
    if found is None:
        raise InputError(f"{ped}: has no line for {one_line(child)}. Add it, or leave --ped out.")
    roles = {"father": found.father, "mother": found.mother}
    return Family(roles, tuple(name for name in roles.values() if name in header.samples), found.sex)


def parents_of(
    desk: Desk, findings: Sequence[Finding], family: Family, scans: Mapping[str, vcf.Scan]
) -> tuple[parents.Parent, ...]:
    """What the parents whose columns the file holds carry of the child's findings, the father first."""
    found = []
    for (role, name), sex in zip(family.roles.items(), (Sex.MALE, Sex.FEMALE), strict=False):
        if name is not None and name in scans:
            scan = scans[name]
            here = tuple(r for r in scan.panel if desk.transcripts(r.contig, r.pos - 1, r.end))
            own = draft(replace(desk, sex=sex), here, scan.fully_phased_contigs).findings
            found.append(parents.parent(role, findings, own, here))
    return tuple(found)
