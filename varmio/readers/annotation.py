"""How the file itself names its alleles: CSQ (VEP), ANN and EFF (SnpEff), BCSQ (bcftools csq).

Field order comes from the header's own Format, since every annotator lets it be chosen. Text that does
not fit is passed over: annotation is a second opinion on a name, and never touches a call.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from varmio.model import Annotated, Record

MAX_INFO = 1_000_000  # characters of one INFO column that are read; longer ones are passed over
MAX_ENTRIES = 2000  # per allele and key; VEP writes one per transcript, a few hundred at most
HGVS = re.compile(r"[cp]\.[A-Za-z0-9_()>*=+?\[\];-]{1,200}", re.ASCII)
TERM = re.compile(r"[A-Za-z0-9_]{1,60}", re.ASCII)
TRANSCRIPT = re.compile(r"(?:NM_|ENST)[0-9]{3,15}(?:\.[0-9]{1,4})?", re.ASCII)

_LINE = re.compile(r"##INFO=<ID=([A-Za-z_][A-Za-z0-9_.]{0,40}),", re.ASCII)
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})", re.ASCII)
_EFFECT = re.compile(r"\s*([A-Za-z0-9_+&\[\]:]{1,200})\s*\(([^()]*)\)?", re.ASCII)
_RESIDUES = re.compile(r"([0-9]{1,6})([A-Z*])(?:>([0-9]{1,6})([A-Z*]))?", re.ASCII)
_CHANGE = re.compile(r"([0-9]{1,12})([ACGTN]+)>([ACGTN]+)", re.ASCII)

# The columns that tools write where the header does not say; bcftools 1.9, SnpEff 4
_BCSQ = ("consequence", "gene", "transcript", "biotype", "strand", "aminoacidchange", "dnachange")
_DEFAULTS: dict[str, tuple[str, ...]] = {
    "ANN": ("allele", "annotation", "impact", "genename", "geneid", "featuretype", "featureid", "biotype", "rank",
            "hgvsc", "hgvsp"),
    "EFF": ("effectimpact", "functionalclass", "codonchange", "aminoacidchange", "aminoacidlength", "genename",
            "transcriptbiotype", "genecoding", "transcriptid", "exonrank", "genotypenumber"),
    "BCSQ": _BCSQ,
}  # fmt: skip

# SnpEff's words before it wrote Sequence Ontology terms, and those of bcftools csq that are not SO terms
_TERMS = {
    "non_synonymous_coding": "missense_variant",
    "synonymous_coding": "synonymous_variant",
    "synonymous_stop": "stop_retained_variant",
    "synonymous_start": "start_retained_variant",
    "non_synonymous_start": "start_lost",
    "start_gained": "5_prime_UTR_variant",
    "frame_shift": "frameshift_variant",
    "codon_change": "missense_variant",
    "codon_insertion": "inframe_insertion",
    "codon_deletion": "inframe_deletion",
    "codon_change_plus_codon_insertion": "inframe_insertion",
    "codon_change_plus_codon_deletion": "inframe_deletion",
    "splice_site_acceptor": "splice_acceptor_variant",
    "splice_site_donor": "splice_donor_variant",
    "splice_site_region": "splice_region_variant",
    "exon_deleted": "exon_loss_variant",
    "utr_5_prime": "5_prime_UTR_variant",
    "utr_3_prime": "3_prime_UTR_variant",
    "upstream": "upstream_gene_variant",
    "downstream": "downstream_gene_variant",
    "intron": "intron_variant",
    "intergenic": "intergenic_variant",
    "missense": "missense_variant",
    "synonymous": "synonymous_variant",
    "frameshift": "frameshift_variant",
    "stop_retained": "stop_retained_variant",
    "start_retained": "start_retained_variant",
    "splice_acceptor": "splice_acceptor_variant",
    "splice_donor": "splice_donor_variant",
    "splice_region": "splice_region_variant",
    "inframe_altering": "protein_altering_variant",
    "coding_sequence": "coding_sequence_variant",
    "5_prime_utr": "5_prime_UTR_variant",
    "3_prime_utr": "3_prime_UTR_variant",
    "non_coding": "non_coding_transcript_variant",
}
_THREE = {
    "A": "Ala", "C": "Cys", "D": "Asp", "E": "Glu", "F": "Phe", "G": "Gly", "H": "His", "I": "Ile", "K": "Lys",
    "L": "Leu", "M": "Met", "N": "Asn", "P": "Pro", "Q": "Gln", "R": "Arg", "S": "Ser", "T": "Thr", "V": "Val",
    "W": "Trp", "Y": "Tyr", "U": "Sec", "X": "Xaa", "*": "Ter",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Layout:
    """One INFO key that holds annotation, with its columns in lower case without punctuation."""

    key: str
    columns: tuple[str, ...]


# --------------------------------------------------------------------------- the header


def layouts(header_lines: Iterable[str]) -> tuple[Layout, ...]:
    """The INFO keys of a header that name consequences per transcript, in order of the header.

    CSQ and every key of VEP's form (such as `vep`) by the header's Format; ANN, EFF and BCSQ also
    without one.

    >>> layouts(['##INFO=<ID=vep,Number=.,Type=String,Description="x. Format: Allele|Feature|Consequence|HGVSc">'])
    (Layout(key='vep', columns=('allele', 'feature', 'consequence', 'hgvsc')),)
    """
    found: dict[str, Layout] = {}
    for line in header_lines:
        if named := _LINE.match(line):
            key = named[1]
            columns = _columns(key, line)
            if columns:
                found.setdefault(key, Layout(key, columns))
    return tuple(found.values())


def _columns(key: str, line: str) -> tuple[str, ...]:
    """The columns of one INFO line; () where it is no annotation."""
    if key == "BCSQ":
        return _BCSQ
    text = line.partition("Format:")[2] or line.partition("annotations:")[2]
    if key == "EFF":
        text = text.partition("(")[2].partition(")")[0].replace("[", "")
    else:
        text = text.strip().lstrip("'\"").partition('"')[0].partition("'")[0]
    names = tuple(_plain(name) for name in text.split("|"))
    wanted = any("transcript" in n or n.startswith("feature") for n in names)
    if len(names) > 1 and wanted and (key == "EFF" or {"consequence", "annotation"} & set(names)):
        return names
    return _DEFAULTS.get(key, ())


def _plain(name: str) -> str:
    """A column's name as tools of every version mean it: 'HGVS.c', 'HGVSc' -> 'hgvsc'."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


# --------------------------------------------------------------------------- one record


def entries(known: tuple[Layout, ...], record: Record, number: int) -> tuple[Annotated, ...]:
    """What the file says of one ALT (its number in GT) on each transcript it names, in written order.

    Entries of other alleles, without a transcript, or of text that fits no form are left out.
    """
    info = record.columns[7]
    if not known or len(info) > MAX_INFO:
        return ()
    values: dict[str, str] = {}
    for part in info.split(";"):
        key, _, value = part.partition("=")
        values.setdefault(key.strip(), value)
    found: dict[tuple[str, str], Annotated] = {}
    for layout in known:
        for entry in _read(layout, values.get(layout.key, ""), record, number):
            before = found.get((entry.source, entry.transcript))
            found[entry.source, entry.transcript] = _joined(before, entry) if before else entry
    return tuple(found.values())


def _joined(first: Annotated, second: Annotated) -> Annotated:
    """Two entries of one transcript as one: csq and EFF write splice region and missense apart."""
    terms = (*first.consequences, *(t for t in second.consequences if t not in first.consequences))
    hgvs_c, hgvs_p = first.hgvs_c or second.hgvs_c, first.hgvs_p or second.hgvs_p
    return replace(first, hgvs_c=hgvs_c, hgvs_p=hgvs_p, consequences=terms)


def _read(layout: Layout, value: str, record: Record, number: int) -> Iterator[Annotated]:
    reader = {"EFF": _eff, "BCSQ": _bcsq}.get(layout.key, _by_transcript)
    for text in value.split(",", MAX_ENTRIES)[:MAX_ENTRIES]:
        entry = reader(layout, text, record, number)
        if entry is not None:
            yield entry


def _cells(layout: Layout, text: str) -> dict[str, str]:
    return dict(zip(layout.columns, (_decoded(cell) for cell in text.split("|")), strict=False))


def _decoded(text: str) -> str:
    """Percent-encoded characters as themselves (VCF 4.3, section 1.2)."""
    return _PERCENT.sub(lambda found: chr(int(found[1], 16)), text).strip() if "%" in text else text.strip()


def so_term(word: str) -> str:
    """The Sequence Ontology term of an annotator's own word; any other word as it is.

    >>> so_term("missense"), so_term("stop_gained")
    ('missense_variant', 'stop_gained')
    """
    return _TERMS.get(word.lower(), word)


def _entry(key: str, transcript: str, hgvs_c: str, hgvs_p: str, terms: str) -> Annotated | None:
    """One transcript's names, each only where it has the form of one; None without a transcript."""
    if not TRANSCRIPT.fullmatch(transcript):
        return None
    written = tuple(t for t in re.split(r"[&+]", terms) if TERM.fullmatch(t))
    said = tuple(so_term(t) for t in written)
    if not said and not hgvs_c:
        return None
    return Annotated(key, transcript, _hgvs(hgvs_c, "c."), _hgvs(hgvs_p, "p."), said)


def _hgvs(text: str, kind: str) -> str | None:
    """The name without its accession; None where it is not of that kind.

    >>> _hgvs("NM_014028.4:c.415_416del", "c."), _hgvs("n.12A>G", "c.")
    ('c.415_416del', None)
    """
    name = text.rpartition(":")[2]
    return name if name.startswith(kind) and HGVS.fullmatch(name) else None


def _by_transcript(layout: Layout, text: str, record: Record, number: int) -> Annotated | None:
    """One entry of CSQ, ANN, or another key of their form."""
    cells = _cells(layout, text)
    if not _is_of(cells, record, number):
        return None
    transcript = cells.get("feature") or cells.get("featureid") or ""
    terms = cells.get("consequence") or cells.get("annotation") or ""
    return _entry(layout.key, transcript, cells.get("hgvsc", ""), cells.get("hgvsp", ""), terms)


def _is_of(cells: dict[str, str], record: Record, number: int) -> bool:
    """Whether an entry speaks of this ALT: by its number, else by its spelling, else as the only one."""
    if cells.get("allelenum"):
        return cells["allelenum"] == str(number)
    allele = cells.get("allele", "").upper()
    if not allele:
        return len(record.alts) == 1
    spelled = [_spellings(record.ref, alt) for alt in record.alts]
    for way in range(3):
        fits = [n for n, ways in enumerate(spelled, 1) if ways[way] == allele]
        if fits:
            return fits == [number]
    return False


def _spellings(ref: str, alt: str) -> tuple[str, str, str]:
    """How annotators write an ALT: whole (SnpEff), without a first base that it shares (VEP), trimmed; '-' for none.

    >>> _spellings("CAA", "CA"), _spellings("A", "ACT"), _spellings("A", "G")
    (('CA', 'A', '-'), ('ACT', 'CT', 'CT'), ('G', 'G', 'G'))
    """
    first, second = ref, alt
    while first and second and first[-1] == second[-1]:
        first, second = first[:-1], second[:-1]
    while first and second and first[0] == second[0]:
        first, second = first[1:], second[1:]
    return alt, (alt[1:] if alt[:1] == ref[:1] else alt) or "-", second or "-"


# --------------------------------------------------------------------------- the two other forms


def _eff(layout: Layout, text: str, record: Record, number: int) -> Annotated | None:
    """One entry of SnpEff's old form: Effect(impact|class|codon|amino acids|...|transcript|exon|allele)."""
    found = _EFFECT.match(text)
    if not found:
        return None
    cells = _cells(layout, found[2])
    of = cells.get("genotypenumber") or cells.get("genotypenum") or cells.get("genotype") or ""
    alone = len(record.alts) == 1
    if not (of == str(number) or of.upper() == record.alts[number - 1] or (alone and not of.isdigit())):
        return None
    transcript = cells.get("transcriptid") or cells.get("transcript") or ""
    names = cells.get("aminoacidchange", "").split("/")  # "p.Arg20Ter/c.58C>T", or "R20*" of older versions
    hgvs_c = next((n for n in names if n.startswith("c.")), "")
    hgvs_p = next((n for n in names if n.startswith("p.")), "")
    return _entry(layout.key, transcript, hgvs_c, hgvs_p, found[1].partition("[")[0])


def _bcsq(layout: Layout, text: str, record: Record, number: int) -> Annotated | None:
    """One entry of bcftools csq; '@pos' points to another record and says nothing here."""
    cells = _cells(layout, text.lstrip("*"))
    change = cells.get("dnachange", "")
    if not _bcsq_is_of(change, record, number):
        return None
    residues = cells.get("aminoacidchange", "")
    hgvs_p = _protein(residues) if "+" not in change else ""
    return _entry(layout.key, cells.get("transcript", ""), "", hgvs_p, cells.get("consequence", ""))


def _bcsq_is_of(change: str, record: Record, number: int) -> bool:
    if not change:
        return len(record.alts) == 1
    alt = record.alts[number - 1]
    return any(
        int(found[1]) == record.pos and found[2] == record.ref and found[3] == alt
        for part in change.split("+")
        if (found := _CHANGE.fullmatch(part.upper()))
    )


def _protein(residues: str) -> str:
    """The HGVS spelling of one changed residue; '' for anything longer, and for a lost start or stop.

    >>> _protein("141T>141A"), _protein("12L"), _protein("20R>20*"), _protein("3AB>3C")
    ('p.(Thr141Ala)', 'p.(Leu12=)', 'p.(Arg20Ter)', '')
    """
    found = _RESIDUES.fullmatch(residues)
    if (
        not found
        or found[1] == "1"
        or found[2] == "*"
        or found[2] not in _THREE
        or (found[3] and (found[3] != found[1] or found[4] not in _THREE))
    ):
        return ""
    return f"p.({_THREE[found[2]]}{found[1]}{_THREE[found[4]] if found[4] else '='})"
