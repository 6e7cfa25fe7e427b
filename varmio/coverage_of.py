"""What the files beside the VCF say of one sample: depth of the panel's exons, and structural calls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from varmio.assembly import is_other_length
from varmio.errors import InputError, UsageError, one_line
from varmio.interpret import copy_number, structural
from varmio.model import (
    Assembly,
    Coverage,
    DepthSource,
    ExonLoss,
    ExonRegion,
    Limitation,
    Record,
    Sex,
    StructuralCall,
    Transcript,
)
from varmio.phrases import count
from varmio.readers import coverage, files, vcf
from varmio.readers import structural as structural_reader
from varmio.readers.vcf_tally import Ranges

OTHER_COLUMN = "The calls of {} stand under the name {}; they were taken for this sample."
NO_CONTROLS = (
    "Depth was compared with no other sample, so a lost exon and one that the capture missed look alike, and the loss "
    "of one of two copies was not looked for."
)
FEW_CONTROLS = "{} gives {}, fewer than the {} that are needed; depth was read without them."
NO_LOSSES = "{} holds no mean depth, so missing copies were not looked for."
UNDECIDED = "Exon {} of {} has no usable reads, and {} of {} controls have none either: lost or failed cannot be told."
NO_READS = "No usable reads over {}: lost, or not caught by the capture."
NAMED = 8  # exons in one sentence before the rest is counted
ON_X = "On X the loss of one of two copies is not called from depth."


@dataclass(frozen=True, slots=True)
class Files:
    """Files beside the VCF, as the command line names them."""

    bam: Path | None = None
    coverage: Path | None = None
    controls: Path | None = None
    targets: Path | None = None
    sv: tuple[Path, ...] = ()
    reference: Path | None = None

    @property
    def depth(self) -> Path | None:
        return self.bam or self.coverage


@dataclass(frozen=True, slots=True)
class Beside:
    """What they said: depth of the regions (None: not known), losses by depth, calls, and what limits them."""

    regions: tuple[ExonRegion, ...]
    coverage: Coverage | None
    calls: tuple[StructuralCall, ...]  # of depth and of the files given
    own: tuple[StructuralCall, ...]  # of the VCF itself
    n_controls: int
    limits: tuple[Limitation, ...]
    inputs: tuple[dict[str, Any], ...]

    @property
    def losses_looked_for(self) -> bool:
        """Whether the loss of whole exons was looked for against controls."""
        return self.coverage is not None and self.n_controls >= copy_number.MIN_CONTROLS

    @property
    def source(self) -> DepthSource | None:
        """Where the depth was read, for case.json."""
        if self.coverage is None:
            return None
        means = sorted(e.mean for e in self.coverage.exons if e.mean is not None)
        return DepthSource(
            self.coverage.source,
            self.coverage.name,
            self.n_controls,
            self.losses_looked_for,
            self.coverage.places_reads,
            means[len(means) // 2] if means else None,
        )


def read(
    given: Files,
    vcf_path: Path,
    here: Sequence[Record],
    is_gvcf: bool,
    transcripts: Sequence[Transcript],
    assembly: Assembly,
    sample: str,
    sex: Sex | None,
    loci: Ranges,
    coding: Ranges,
) -> Beside:
    """All that the files say of one sample at the panel's exons (UsageError, InputError, ResourceError)."""
    regions = coverage.regions_of(transcripts)
    limits: list[Limitation] = []
    depth = _depth(given, vcf_path, here, is_gvcf, regions, assembly, sample)
    losses: tuple[ExonLoss, ...] = ()
    n_controls = 0
    if depth is not None:
        limits += [Limitation(note, would_show="the reads (--bam)") for note in depth.notes]
        controls = _controls(given, depth, sample, assembly, limits)
        n_controls = len(controls)
        copies = copy_number.copies(depth.exons, controls, sex)
        losses = copies.losses
        limits += _of_losses(depth, n_controls)
        limits += _undecided(copies.undecided, n_controls)
    own = structural_reader.calls(here, vcf_path.name, sex, assembly, with_bases=False)
    called = tuple(c for path in given.sv for c in _sv(path, assembly, sample, sex, loci, coding, limits))
    by_depth = tuple(structural.of_loss(loss) for loss in losses)
    return Beside(regions, depth, (*by_depth, *called), own, n_controls, tuple(limits), _inputs(given))


def _depth(
    given: Files,
    vcf_path: Path,
    here: Sequence[Record],
    is_gvcf: bool,
    regions: Sequence[ExonRegion],
    assembly: Assembly,
    sample: str,
) -> Coverage | None:
    if given.depth is not None:
        found = coverage.of_file(given.depth, regions, assembly, sample, given.reference, reads=given.bam is not None)
    elif is_gvcf:
        found = coverage.of_blocks(vcf_path.name, here, regions)
    else:
        return None
    return found if given.targets is None else coverage.targeted(found, given.targets)


def _controls(
    given: Files, own: Coverage, sample: str, assembly: Assembly, limits: list[Limitation]
) -> tuple[tuple[float | None, ...], ...]:
    if given.controls is None:
        return ()
    found = coverage.controls(given.controls, own, sample, assembly, given.reference)
    limits += [Limitation(note) for note in found.notes]
    if len(found.names) >= copy_number.MIN_CONTROLS:
        return found.depths
    said = FEW_CONTROLS.format(given.controls.name, count(len(found.names), "control"), copy_number.MIN_CONTROLS)
    limits.append(Limitation(said, would_show="more samples of the same capture kit (--controls)"))
    return ()


def _of_losses(depth: Coverage, n_controls: int) -> Iterable[Limitation]:
    if all(e.mean is None for e in depth.exons):
        yield Limitation(NO_LOSSES.format(depth.name), would_show="the reads (--bam), or mosdepth's per-base file")
    elif not n_controls:
        yield Limitation(NO_CONTROLS, would_show="depths of other samples of the same capture kit (--controls)")
    else:
        yield Limitation(ON_X, would_show="a copy-number test of the gene on X")


def _undecided(exons: Sequence[tuple[ExonRegion, int]], n_controls: int) -> Iterable[Limitation]:
    """Exons without reads of which nothing tells whether they are lost."""
    test = "a copy-number test of these exons"
    if n_controls:
        for region, failed in exons:
            said = UNDECIDED.format(region.number, region.gene, failed, n_controls)
            yield Limitation(said, region.gene, test)
    elif exons:
        names = list(dict.fromkeys(f"{r.gene} exon {r.number}" for r, _ in exons))
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        yield Limitation(NO_READS.format(", ".join(names[:NAMED]) + more), would_show=test)


# --------------------------------------------------------------------------- structural calls


def _sv(
    path: Path,
    assembly: Assembly,
    sample: str,
    sex: Sex | None,
    loci: Ranges,
    coding: Ranges,
    limits: list[Limitation],
) -> tuple[StructuralCall, ...]:
    files.check(path)
    if structural_reader.is_table(path):
        return structural_reader.table(path, sample, sex, assembly)
    header = vcf.open_header(path)
    _refuse_other_assembly(path, header.contigs, assembly)
    column = _column(path, header.samples, sample, limits)
    (scan,) = vcf.scan_samples(path, (column,), loci, coding)
    vcf.refuse_if_unreadable(scan)
    return structural_reader.calls(scan.panel, path.name, sex, assembly, with_bases=True)


def _column(path: Path, names: Sequence[str], sample: str, limits: list[Limitation]) -> str:
    if sample in names:
        return sample
    if len(names) != 1:
        shown = ", ".join(one_line(n) for n in names[:5])
        raise UsageError(f"{path}: has no sample {one_line(sample)}. It holds: {shown}. Pass the calls of that person.")
    said = OTHER_COLUMN.format(path.name, one_line(names[0]))
    limits.append(Limitation(said, would_show="a check that both files are of one person"))
    return names[0]


def _refuse_other_assembly(path: Path, contigs: Mapping[str, int | None], assembly: Assembly) -> None:
    for raw, length in contigs.items():
        if is_other_length(vcf.plain_contig(raw), length, assembly):
            raise InputError(
                f"{path}: contig {one_line(raw)} is {length} bp, which is {assembly.other}, but the calls are on "
                f"{assembly}. Pass structural calls on {assembly}."
            )


def _inputs(given: Files) -> tuple[dict[str, Any], ...]:
    """The files by name and use. Their content is not summed up: reads take minutes to."""
    named = (
        ("reads", given.bam),
        ("depth", given.coverage),
        ("controls", given.controls),
        ("targets", given.targets),
        *(("structural calls", path) for path in given.sv),
        ("genome", given.reference),
    )
    return tuple({"name": path.name, "use": use} for use, path in named if path is not None)
