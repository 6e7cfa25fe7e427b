"""`varmio roh`: the runs of homozygosity of the samples of one VCF, from one reading."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from varmio import assembly as assemblies
from varmio.analysis import assembly_of, coding, spans
from varmio.errors import InputError, UsageError
from varmio.interpret import autozygosity
from varmio.model import Assembly, Sex
from varmio.readers import reference, vcf
from varmio.writers import run_tables
from varmio.writers import runs as words
from varmio.writers.jsonout import plain

FORMS = ("", ".bed", ".tsv", ".json")  # suffix of -o; none is BED


@dataclass(frozen=True, slots=True)
class Result:
    """The file to write, a line for each sample, and whether some of several could not be assessed."""

    content: bytes
    lines: tuple[str, ...]
    failed: bool


def runs(path: Path, samples: tuple[str, ...], every: bool, assembly: str | None, sex: str | None, form: str) -> Result:
    """The runs of the samples asked for as BED, TSV or JSON.

    Raises UsageError (sample, suffix) and InputError (file unusable, assembly undecided, or no sample that can be
    assessed). Only the assembly must be known; no panel gene needs to be in the file.
    """
    if form not in FORMS:
        raise UsageError(f"-o *{form}: is not a form of runs. Give a name that ends in .bed, .tsv or .json.")
    names = _asked(path, samples, every)
    if sex and len(names) > 1:
        raise UsageError(f"--sex {sex}: says one person's sex, and {len(names)} are asked for. Run each alone.")
    references = {a: reference.load(a) for a in Assembly}
    scans = vcf.scan_samples(path, names, spans(references), coding(references), markers=True)
    called = assembly_of(path, scans[0], {}, Assembly(assembly) if assembly else None).name
    found = {scan.sample: _assess(scan, called, sex) for scan in scans}
    good = [name for name, one in found.items() if one["assessable"]]
    if not good:
        name, one = next(iter(found.items()))
        raise InputError(f"{path}: sample {name}: {' '.join(one['reasons'])}")
    return Result(_written(found, called, form), tuple(_line(*item) for item in found.items()), len(good) < len(found))


def _asked(path: Path, samples: tuple[str, ...], every: bool) -> list[str | None]:
    if every and samples:
        raise UsageError("--all-samples: was given beside --sample. Give one of the two.")
    if every:
        return list(vcf.open_header(path).samples)
    return list(dict.fromkeys(samples)) or [None]


def _assess(scan: vcf.Scan, called: Assembly, sex: str | None) -> dict[str, Any]:
    inferred, _ = assemblies.infer_sex(scan.sex_counts[called])
    used = Sex(sex) if sex else inferred
    found: dict[str, Any] = plain(autozygosity.assess(scan.markers, used, called))
    return found


def _written(found: dict[str, dict[str, Any]], called: Assembly, form: str) -> bytes:
    if form == ".json":
        return run_tables.as_json(found, called)
    return run_tables.tsv(found) if form == ".tsv" else run_tables.bed(found)


def _line(sample: str, one: dict[str, Any]) -> str:
    return f"{sample}: {words.total(one) if one['assessable'] else ' '.join(one['reasons'])}"
