"""Which assembly a file is on, where the pseudoautosomal regions lie, and which sex X shows.

The assembly is never guessed: three witnesses are heard (contig lengths, panel coding positions
hit, REF bases), each may be decisive or silent, and every one leaves a sentence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from varmio.errors import InputError, one_line
from varmio.model import Assembly, AssemblyBasis, AssemblyCall, Record, Reference, Sex

GRCH37, GRCH38 = Assembly.GRCH37, Assembly.GRCH38

# bp; Genome Reference Consortium, GRCh37 (GCA_000001405.1) and GRCh38 (GCA_000001405.15). The
# mitochondrial contig is left out: 16,569 bp in both.
CONTIG_LENGTHS: dict[Assembly, dict[str, int]] = {
    GRCH37: {
        "1": 249250621, "2": 243199373, "3": 198022430, "4": 191154276, "5": 180915260, "6": 171115067,
        "7": 159138663, "8": 146364022, "9": 141213431, "10": 135534747, "11": 135006516, "12": 133851895,
        "13": 115169878, "14": 107349540, "15": 102531392, "16": 90354753, "17": 81195210, "18": 78077248,
        "19": 59128983, "20": 63025520, "21": 48129895, "22": 51304566, "X": 155270560, "Y": 59373566,
    },
    GRCH38: {
        "1": 248956422, "2": 242193529, "3": 198295559, "4": 190214555, "5": 181538259, "6": 170805979,
        "7": 159345973, "8": 145138636, "9": 138394717, "10": 133797422, "11": 135086622, "12": 133275309,
        "13": 114364328, "14": 107043718, "15": 101991189, "16": 90338345, "17": 83257441, "18": 80373285,
        "19": 58617616, "20": 64444167, "21": 46709983, "22": 50818468, "X": 156040895, "Y": 57227415,
    },
}  # fmt: skip
_ASSEMBLY_OF_LENGTH = {length: a for a, table in CONTIG_LENGTHS.items() for length in table.values()}

# 1-based, inclusive; Genome Reference Consortium, ncbi.nlm.nih.gov/grc/human (PAR1, PAR2)
PSEUDOAUTOSOMAL: dict[Assembly, dict[str, tuple[tuple[int, int], ...]]] = {
    GRCH37: {"X": ((60001, 2699520), (154931044, 155260560)), "Y": ((10001, 2649520), (59034050, 59363566))},
    GRCH38: {"X": ((10001, 2781479), (155701383, 156030895)), "Y": ((10001, 2781479), (56887903, 57217415))},
}

MIN_PANEL_HITS = 5  # records at panel coding positions; fewer can be chance
PANEL_HIT_RATIO = 10  # times the other assembly; coding exons are hit as often as any place by chance
MIN_REF_MATCHES = 5  # bases; five chance matches in a row have probability 0.25^5 < 0.001
MAX_REF_MISSES = 1  # bases; one miss may be a rare reference patch
MAX_REF_MISS_SHARE = 0.05  # share of the compared bases; for files with many of them
MIN_REF_COMPARED = 10  # bases; from here more than half disagreeing means another genome
MAX_REF_BASES_PER_RECORD = 4  # bases; one long deletion must not outvote the other records

MIN_X_CALLS = 50  # called X SNVs outside the PAR; a share below 0.15 is then never chance in a girl
MALE_MAX_X_HET = 0.15  # share; men of public exomes show 0.07 (mapping errors), women 0.61 and 0.65
FEMALE_MIN_X_HET = 0.35  # share; halfway, so that a girl with long homozygous X segments stays undecided
MIN_HAPLOID_X = 20  # calls written with one allele; a caller writes them on X only for one copy
HAPLOID_X_SHARE = 0.9  # share of X calls with one allele

_OWN = "varmio's own choice, checked on public exomes"


def constants() -> list[dict[str, Any]]:
    """The thresholds of this room for the methods section: name, value, unit, source."""
    rule = "decision rule of three witnesses; " + _OWN
    rows: list[tuple[str, float, str, str]] = [
        ("MIN_PANEL_HITS", MIN_PANEL_HITS, "records", rule),
        ("PANEL_HIT_RATIO", PANEL_HIT_RATIO, "times the other assembly", rule),
        ("MIN_REF_MATCHES", MIN_REF_MATCHES, "bases", rule),
        ("MAX_REF_MISSES", MAX_REF_MISSES, "bases", rule),
        ("MAX_REF_MISS_SHARE", MAX_REF_MISS_SHARE, "share of the bases compared", rule),
        ("MIN_REF_COMPARED", MIN_REF_COMPARED, "bases", rule),
        ("MIN_X_CALLS", MIN_X_CALLS, "SNV calls on X outside the PAR", _OWN),
        ("MALE_MAX_X_HET", MALE_MAX_X_HET, "heterozygous share", _OWN),
        ("FEMALE_MIN_X_HET", FEMALE_MIN_X_HET, "heterozygous share", _OWN),
        ("MIN_HAPLOID_X", MIN_HAPLOID_X, "calls with one allele", _OWN),
        ("HAPLOID_X_SHARE", HAPLOID_X_SHARE, "share of X calls", _OWN),
    ]
    return [dict(zip(("name", "value", "unit", "source"), row, strict=True)) for row in rows]


# --------------------------------------------------------------------------- the assembly


@dataclass(frozen=True, slots=True)
class _Witness:
    """What one witness says: the assembly it names, if it is decisive, and its sentence."""

    names: Assembly | None
    sentence: str
    short: str = ""  # for an error: "contig 1 is 248956422 bp"


def decide(
    contig_lengths: Mapping[str, int | None],
    coding_hits: Mapping[Assembly, int],
    ref_checks: Mapping[Assembly, tuple[int, int]],
    stated: Assembly | None,
    where: str = "the file",
    accessions: Mapping[str, Assembly] = MappingProxyType({}),
) -> AssemblyCall:
    """The assembly of a file with its evidence as sentences.

    contig_lengths: from the header, by name as written; compared by length. coding_hits: records
    or reference blocks that overlap a panel coding position of each assembly. ref_checks: per
    assembly, REF bases (equal, different) to the known coding sequence. stated: --assembly.

    lengths          decisive where at least one is a primary contig of one assembly, none of the other
                     (a name that is an accession, such as NC_000001.10, tells as its length would)
    panel positions  decisive where >= 5 are hit, and >= 10 times the other assembly
    REF bases        decisive where >= 5 agree and at most one, or 5%, disagrees

    Raises InputError where decisive witnesses disagree, where a decisive one contradicts `stated`,
    where of >= 10 REF bases more than half disagree, and where none is decisive and none stated.
    """
    witnesses = (_by_length(contig_lengths, accessions), _by_hits(coding_hits), _by_ref(ref_checks))
    evidence = tuple(w.sentence for w in witnesses)
    decisive = [w for w in witnesses if w.names is not None]
    named = {w.names for w in decisive}
    if len(named) > 1:
        raise InputError(f"{where}: the assembly is contradictory: {' '.join(evidence)} Use a file of one assembly.")
    if not decisive and stated is None:
        raise InputError(
            f"{where}: cannot tell GRCh37 from GRCh38: {' '.join(evidence)} "
            "Add --assembly GRCh37 or --assembly GRCh38 if the laboratory says which."
        )
    name = decisive[0].names if decisive else stated
    assert name is not None
    if stated not in (None, name):
        raise InputError(
            f"{where}: {decisive[0].short}, which is {name}, but --assembly {stated} was given. "
            f"Drop --assembly, or pass the {stated} file."
        )
    _refuse_other_genome(name, ref_checks.get(name, (0, 0)), where)
    if not decisive:
        return AssemblyCall(name, AssemblyBasis.STATED_BY_USER, (*evidence, f"{name} was stated on the command line."))
    basis = AssemblyBasis.CONTIG_LENGTHS if witnesses[0].names else AssemblyBasis.PANEL_SITES
    return AssemblyCall(name, basis, evidence)


def _refuse_other_genome(name: Assembly, check: tuple[int, int], where: str) -> None:
    match, miss = check
    if match + miss >= MIN_REF_COMPARED and miss > match:
        raise InputError(
            f"{where}: {miss} of {match + miss} REF bases at panel coding positions are not those of {name}: "
            "not this genome. Call the sample against GRCh37 or GRCh38 and pass that file."
        )


def _by_length(contig_lengths: Mapping[str, int | None], accessions: Mapping[str, Assembly]) -> _Witness:
    lengths = _by_stated_length(contig_lengths)
    named = set(accessions.values())
    if not named or (lengths.names and named == {lengths.names}):
        return lengths
    if len(named) > 1 or lengths.names:
        return _Witness(None, "The contig names (accessions) and lengths are of both assemblies.")
    contig, name = next(iter(accessions.items()))
    shown = one_line(contig)
    return _Witness(name, f"Contig {shown} is of {name} by its accession.", f"contig {shown} is an accession")


def _by_stated_length(contig_lengths: Mapping[str, int | None]) -> _Witness:
    given = {name: length for name, length in contig_lengths.items() if length is not None}
    known = {name: length for name, length in given.items() if length in _ASSEMBLY_OF_LENGTH}
    found = Counter(_ASSEMBLY_OF_LENGTH[length] for length in known.values())
    if not given:
        return _Witness(None, "The header gives no contig length.")
    if not known:
        return _Witness(None, f"None of the header's {len(given)} contig lengths is of GRCh37 or GRCh38.")
    if len(found) > 1:
        return _Witness(None, f"The header mixes contig lengths: {found[GRCH37]} of GRCh37, {found[GRCH38]} of GRCh38.")
    (name,) = found
    contig, length = next(iter(known.items()))
    said = (
        "1 contig length of the header is that"
        if len(known) == 1
        else f"{len(known)} contig lengths of the header are those"
    )
    return _Witness(
        name, f"{said} of {name} (contig {one_line(contig)}: {length} bp).", f"contig {one_line(contig)} is {length} bp"
    )


def _by_hits(coding_hits: Mapping[Assembly, int]) -> _Witness:
    hits = {a: coding_hits.get(a, 0) for a in Assembly}
    name = next((a for a in Assembly if hits[a] >= max(MIN_PANEL_HITS, PANEL_HIT_RATIO * hits[a.other])), None)
    sentence = f"Panel coding positions hit: {hits[GRCH37]} read as GRCh37, {hits[GRCH38]} read as GRCh38"
    return _Witness(name, sentence + ("." if name else ", which does not decide."), _hits_short(hits))


def _hits_short(hits: Mapping[Assembly, int]) -> str:
    return f"panel coding positions are hit {hits[GRCH37]} times as GRCh37 and {hits[GRCH38]} times as GRCh38"


def _by_ref(ref_checks: Mapping[Assembly, tuple[int, int]]) -> _Witness:
    checks = {a: ref_checks.get(a, (0, 0)) for a in Assembly}
    fit = [a for a, (match, miss) in checks.items() if _fits(match, miss)]
    name = fit[0] if len(fit) == 1 else None
    said = " and ".join(f"{match} of {match + miss} as {a}" for a, (match, miss) in checks.items())
    sentence = f"REF bases that agree with the known coding sequence: {said}"
    return _Witness(name, sentence + ("." if name else ", which does not decide."), f"REF bases agree: {said}")


def _fits(match: int, miss: int) -> bool:
    return match >= MIN_REF_MATCHES and miss <= max(MAX_REF_MISSES, MAX_REF_MISS_SHARE * (match + miss))


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def ref_checks(records: Iterable[Record], references: Mapping[Assembly, Reference]) -> dict[Assembly, tuple[int, int]]:
    """REF bases (equal, different) to the coding bases that each assembly's reference knows.

    Only coding bases count; N, and bases after the first four of one REF, are not compared.
    """
    records = tuple(records)
    return {a: _compare(records, reference) for a, reference in references.items()}


def _compare(records: tuple[Record, ...], reference: Reference) -> tuple[int, int]:
    coding: dict[str, set[tuple[int, int]]] = {}
    for transcript in reference.transcripts:
        coding.setdefault(transcript.contig, set()).update(transcript.coding)
    match = miss = 0
    for record in records:
        first = record.pos - 1
        last = first + min(len(record.ref), MAX_REF_BASES_PER_RECORD)
        places = {
            place
            for start, end in coding.get(record.contig, ())
            if start < last and first < end
            for place in range(max(first, start), min(last, end))
        }
        for place in places:
            known = reference.sequence.bases(record.contig, place, place + 1)
            base = record.ref[place - first]
            if known is None or base not in "ACGT":
                continue
            match += base == known.upper()
            miss += base != known.upper()
    return match, miss


# --------------------------------------------------------------------------- X and Y


def is_other_length(contig: str, length: int | None, assembly: Assembly) -> bool:
    """Whether a contig (without chr) has the length that it has in the other assembly, and not in this one."""
    there = CONTIG_LENGTHS[assembly.other].get(contig)
    return length is not None and length == there != CONTIG_LENGTHS[assembly].get(contig)


def in_par(assembly: Assembly, contig: str, pos: int) -> bool:
    """Whether a 1-based position of X or Y lies in a pseudoautosomal region; False elsewhere.

    >>> in_par(Assembly.GRCH37, "X", 60001), in_par(Assembly.GRCH37, "Y", 60000), in_par(Assembly.GRCH38, "X", 2781480)
    (True, True, False)
    """
    return any(first <= pos <= last for first, last in PSEUDOAUTOSOMAL[assembly].get(contig, ()))


@dataclass(frozen=True, slots=True)
class SexCounts:
    """Called SNVs on X and Y outside the pseudoautosomal regions of one assembly."""

    x_het: int = 0
    x_hom: int = 0
    x_haploid: int = 0  # written with one allele, as '1'
    y_calls: int = 0


def infer_sex(counts: SexCounts) -> tuple[Sex | None, str]:
    """The sex that the X calls show, and the sentence that says why; None where they do not.

    >>> infer_sex(SexCounts(x_het=712, x_hom=449))[0], infer_sex(SexCounts(x_het=44, x_hom=583))[0]
    (<Sex.FEMALE: 'female'>, <Sex.MALE: 'male'>)
    >>> infer_sex(SexCounts(x_het=100, x_hom=300))[0] is None
    True

    Y is named and never decides: capture kits and mapping leave a handful of Y calls in women.
    """
    diploid = counts.x_het + counts.x_hom
    total = diploid + counts.x_haploid
    on_y = f"; {_many(counts.y_calls, 'call')} on Y"
    if counts.x_haploid >= max(MIN_HAPLOID_X, HAPLOID_X_SHARE * total):
        return Sex.MALE, f"{counts.x_haploid} of {total} calls on X are written with one allele{on_y}."
    if total < MIN_X_CALLS:
        return (
            None,
            f"Only {_many(total, 'call')} on X outside the pseudoautosomal regions, too few to tell the sex{on_y}.",
        )
    if counts.x_haploid > (1 - HAPLOID_X_SHARE) * total:
        return None, f"{counts.x_haploid} of {total} calls on X are written with one allele, the others with two{on_y}."
    share = counts.x_het / diploid
    said = f"{counts.x_het} of {diploid} calls on X outside the pseudoautosomal regions are heterozygous"
    if share <= MALE_MAX_X_HET:
        return Sex.MALE, f"{said}, as in males (a girl with two identical X copies would look the same){on_y}."
    if share >= FEMALE_MIN_X_HET:
        return Sex.FEMALE, f"{said}, as in females{on_y}."
    return None, f"{said}, between what males and females show{on_y}."
