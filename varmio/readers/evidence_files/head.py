"""The head of an evidence file: whose figures they are, of when, on which assembly, and what it covers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from varmio.errors import ResourceError, one_line
from varmio.model import Assembly
from varmio.readers.evidence_files.facts import MAX_POSITION
from varmio.readers.evidence_files.populations import field
from varmio.readers.vcf_contigs import plain_contig
from varmio.readers.vcf_index import Merged, merged

# Names of population databases as their headers write them -> as said here; the first that occurs.
SOURCES = {
    "gnomad[eg]?": "gnomAD",
    "exac": "ExAC",
    "topmed": "TOPMed",
    "bravo": "TOPMed",
    "1000 ?genomes|1000g|phase3": "1000 Genomes",
    "greater middle east|gme": "GME Variome",
    "alfa": "ALFA",
}
CALLERS = re.compile(
    "haplotypecaller|genotypegvcfs|combinegvcfs|mutect|gatk|freebayes|deepvariant|dragen|strelka|clair|glnexus|"
    "varscan|platypus|sentieon|octopus|samtools|selectvariants|bcftools|unifiedgenotyper|torrent|whatshap|longshot|pepper|illumina",
    re.I,
)
ASSEMBLY_NAMES = {
    Assembly.GRCH37: re.compile(r"grch37|hg19|\bb37\b|hs37", re.I),
    Assembly.GRCH38: re.compile(r"grch38|hg38|\bb38\b|hs38", re.I),
}
GNOMAD_ONLY = frozenset(("AF_popmax", "AF_grpmax", "grpmax", "popmax", "nhomalt", "faf95", "faf95_adj"))
RELEASE = re.compile(r"(?<![a-z0-9])[vr]\d+(?:\.\d+){1,3}(?![\d.]*\d)", re.I)
EXAC_ONLY = frozenset(("AC_Adj", "AN_Adj"))
UNNAMED = "unnamed source"
DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})?$")
_COMMAND = re.compile("vep|snpeff|snpsift|command|bcftools|reference|phasing")
_INFO = re.compile(r"##INFO=<ID=([^,>]+)")
_CONTIG = re.compile(r"##contig=<.*?\bID=([^,>]+)")
_LENGTH = re.compile(r"[<,]length=(\d{1,12})(?=[,>])")
_REGION = re.compile(r"([^\s:,]+):([\d]{1,12})-([\d]{1,12})$")


def tags(lines: Iterable[str]) -> frozenset[str]:
    """The INFO fields that a VCF header declares."""
    return frozenset(found[1] for line in lines if (found := _INFO.match(line)))


def pairs(lines: Iterable[str]) -> dict[str, list[str]]:
    """`##key=value` and `## key=value` lines: key in lower case -> values in order."""
    found: dict[str, list[str]] = {}
    for line in lines:
        key, sign, value = line.lstrip("# ").partition("=")
        if sign and line.startswith("#") and not value.startswith("<"):
            found.setdefault(key.strip().lower(), []).append(value.strip())
    return found


def lengths(lines: Iterable[str]) -> dict[str, int]:
    """Contig lengths by name as written."""
    contigs = ((_CONTIG.match(line), _LENGTH.search(line)) for line in lines if line.startswith("##contig="))
    return {name[1]: int(length[1]) for name, length in contigs if name and length}


def declared(lines: Iterable[str], said: Mapping[str, list[str]]) -> Assembly | None:
    """The one assembly that the head names in words; None where it names none, or both."""
    texts = [*said.get("assembly", ()), *said.get("reference", ())]
    texts += [line for line in lines if line.startswith("##contig=") and "assembly=" in line]
    named = {a for a, pattern in ASSEMBLY_NAMES.items() if any(pattern.search(text) for text in texts)}
    return named.pop() if len(named) == 1 else None


def source(path: Path, lines: list[str], said: Mapping[str, list[str]]) -> str:
    """Whose figures these are (ResourceError where the head names a caller, or says nothing and may be a caller's).

    A database that the head only mentions in an annotator's command does not count.
    """
    names = tags(lines)
    spoken = next((text for key in ("varmio_source", "source") for text in said.get(key, ()) if text), "")
    if names >= EXAC_ONLY:
        return "ExAC"
    if CALLERS.search(spoken) and not named_fields(names):
        raise ResourceError(
            f"{path}: its source is {one_line(spoken[:60])}, a caller: its AF is of the called samples, "
            "and is no evidence. Give a file of a population database."
        )
    contigs = [line for line in lines if line.startswith("##contig=") and "assembly=" in line]  # gnomAD_GRCh38
    titles = [f"{key} {value}" for key, values in said.items() for value in values if not _COMMAND.search(key)]
    named = _database(spoken) or _database("\n".join((*titles, *names, *contigs)))
    if named or spoken:
        return named or one_line(spoken[:60])
    if names & GNOMAD_ONLY:
        return "gnomAD"
    if _nothing_but_frequencies(lines, names):
        return UNNAMED
    raise ResourceError(
        f"{path}: does not say whose frequencies it holds. Add a header line, such as ##source=gnomAD v4.1 exomes."
    )


def clinvar_source(path: Path, said: Mapping[str, list[str]]) -> str:
    """'ClinVar' (ResourceError where the head names a caller: annotated calls bear the day of the calling)."""
    spoken = " ".join(said.get("source", ()))
    if CALLERS.search(spoken) and "clinvar" not in spoken.lower():
        raise ResourceError(
            f"{path}: its source is {one_line(spoken[:60])}, a caller: an annotated call file is no ClinVar release, "
            "and its date is not ClinVar's. Give ClinVar's own VCF."
        )
    return "ClinVar"


def _nothing_but_frequencies(lines: Iterable[str], names: frozenset[str]) -> bool:
    """A header that declares no genotype and no other field is no caller's."""
    return all(field(name) for name in names) and not any(line.startswith("##FORMAT=") for line in lines)


def is_database(said: Mapping[str, list[str]]) -> bool:
    """Whether the source line itself names a database: then plain AF is its own."""
    return any(_database(text) for key in ("varmio_source", "source") for text in said.get(key, ()))


def _database(text: str) -> str | None:
    plain = text.replace("_", " ")
    found = (n for p, n in SOURCES.items() if re.search(rf"(?<![a-z])(?:{p})(?![a-z])", plain, re.I))
    return next(found, None)


def named_fields(names: Iterable[str]) -> bool:
    """Whether INFO fields carry a database's name (gnomAD_AF): then plain AF is somebody else's."""
    return any(found.named for name in names if (found := field(name)))


def release(path: Path, lines: Iterable[str], said: Mapping[str, list[str]]) -> str | None:
    """The release as written: a `release` or `version` line, the source line, else the file's name."""
    for key in ("release", "varmio_release", "gnomad version", "gnomad_version", "version"):
        if said.get(key, [""])[0]:
            return one_line(said[key][0][:40])
    texts = [*said.get("varmio_source", ()), *said.get("source", ())]
    texts += [line for line in lines if "gnomad" in line.lower() and not line.startswith("##bcftools")]
    found = next((hit for text in (*texts, path.name) if (hit := RELEASE.search(text))), None)
    return found[0] if found else None


def date(said: Mapping[str, list[str]]) -> str | None:
    """The date of the file as its head gives it, YYYY-MM-DD or YYYY-MM."""
    for key in ("filedate", "date"):
        hit = DAY.match(said.get(key, [""])[0])
        if hit and "01" <= hit[2] <= "12":
            return "-".join(part for part in hit.groups() if part)
    return None


def covered(path: Path, said: Mapping[str, list[str]]) -> dict[str, Merged]:
    """The regions of `##varmio_region=11:68042000-68053000` lines (1-based, both ends in), several by comma.

    0-based half-open by contig without chr. Nothing else makes a region: neither the records nor an index.
    """
    places: dict[str, list[tuple[int, int]]] = {}
    for text in (*said.get("varmio_region", ()), *said.get("region", ())):
        for piece in text.split(","):
            hit = _REGION.match(piece.strip())
            if not hit or not 0 < int(hit[2]) <= int(hit[3]) < MAX_POSITION:
                raise ResourceError(
                    f"{path}: {one_line(piece[:60])!r} is not a region. Write CONTIG:START-END, counted from 1."
                )
            places.setdefault(plain_contig(hit[1]), []).append((int(hit[2]) - 1, int(hit[3])))
    return {contig: merged(ranges) for contig, ranges in places.items()}


def known_fields(names: Iterable[str]) -> bool:
    """Whether any of the INFO fields is a frequency, or counts that give one."""
    held = {found.measure for name in names if (found := field(name))}
    return "af" in held or {"ac", "an"} <= held
