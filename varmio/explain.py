"""Why something is, or is not, in a report, from the run's own record: `varmio explain CASE GENE[:NAME]`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from varmio import phrases
from varmio.errors import UsageError, one_line
from varmio.interpret import hgvs, locate
from varmio.interpret.annotated import plain_name
from varmio.interpret.normalize import normalize
from varmio.interpret.protein import NAMES
from varmio.model import Assembly, Panel, Reference, Transcript, Variant
from varmio.panel_records import EXON_FLANK_BP

FORMS = (
    "Give a gene (OSTM1), a gene and a name (OSTM1:c.415_416del, OSTM1:p.Gln140fs), a transcript and a name "
    "(NM_014028.4:c.415_416del), or a key (6-108064285-ACT-A)."
)
ISOFORMS = {"NM_033012": ("NM_003701", 73)}  # numbers residues this much lower; gene_panels, notes of TNFSF11
_KEY = re.compile(r"(?:chr)?([0-9]{1,2}|X|Y)[-:](\d+)[-:]([ACGT]+)[-:>]([ACGT]+)", re.IGNORECASE)
_CODING = re.compile(r"([*-]?)(\d+)([+-]\d+)?")
_RESIDUE = re.compile("|".join((*NAMES.values(), "[A-Z*]")))
_ONE = {**NAMES, "X": "Ter"}

Case = Mapping[str, Any]
Item = Mapping[str, Any]


def lines(case: Case, asked: str, panel: Panel, here: Reference) -> list[str]:
    """What the case says of a gene or a variant, a sentence a line.

    here: the transcripts and bases of the case's assembly, to tell where a name lies. UsageError where the text is no
    form of a gene or a variant, or names a gene that the case's panels do not hold.
    """
    key = _KEY.fullmatch(asked)
    if key:
        variant = Variant(key[1].upper(), int(key[2]), key[3].upper(), key[4].upper())
        said, same = variant.key, normalize(variant, here.sequence).key
        found = [f for f in case["findings"] if said in f["variant"]["keys"].values() or same == f["variant"]["key"]]
        return _told(case, found, said, _gene_at(variant, here), variant, here)
    left, _, name = asked.partition(":")
    transcripts, isoform = _transcripts(left, panel, here)
    gene = _gene(case, left, panel, transcripts)
    if not name:
        return list(_of_gene(case, gene))
    if name[:2] not in ("c.", "p."):
        raise UsageError(f"{one_line(asked)}: is no name that can be looked for. {FORMS}")
    name = _renumbered(name, isoform) if isoform else name
    held = [f for f in case["findings"] if f["gene"] == gene]
    variant_of = _variant(name, transcripts, here)
    return _told(case, [f for f in held if _is(f, name, variant_of)], f"{gene}:{name}", gene, variant_of, here)


def _transcripts(left: str, panel: Panel, here: Reference) -> tuple[tuple[Transcript, ...], int]:
    """The transcripts that a gene's or a transcript's name means, and how much lower its residues are numbered."""
    plain, shift = left.partition(".")[0], 0
    if plain in ISOFORMS:
        plain, shift = ISOFORMS[plain]
    gene = _by_alias(left, panel)
    return tuple(
        t
        for t in here.transcripts
        if t.gene == gene or plain in (t.accession.partition(".")[0], t.ensembl.partition(".")[0])
    ), shift


def _by_alias(name: str, panel: Panel) -> str:
    wanted = name.upper()
    for gene in panel.genes:
        if wanted in (gene.symbol.upper(), *(alias.upper() for alias in gene.aliases)):
            return gene.symbol
    return name


def _gene(case: Case, left: str, panel: Panel, transcripts: Iterable[Transcript]) -> str:
    symbol = next((t.gene for t in transcripts), _by_alias(left, panel))
    if symbol not in case["panel_genes"]:
        raise UsageError(f"{one_line(left)}: is no gene or transcript of this case's panels. {FORMS}")
    return str(symbol)


def _gene_at(variant: Variant, here: Reference) -> str | None:
    return next(
        (t.gene for t in here.transcripts if t.contig == variant.contig and t.start <= variant.start < t.end), None
    )


def _renumbered(name: str, residues: int) -> str:
    """A name of an isoform in the numbers of the transcript that is used here.

    >>> _renumbered("p.Met126Lys", 73), _renumbered("c.377T>A", 73)
    ('p.Met199Lys', 'c.596T>A')
    """
    if name.startswith("p."):
        return re.sub(r"(?<=[A-Za-z*])(\d+)", lambda n: str(int(n[1]) + residues), name, count=1)
    return _CODING.sub(lambda n: n[0] if n[1] else f"{int(n[2]) + 3 * residues}{n[3] or ''}", name)


def _variant(name: str, transcripts: Iterable[Transcript], here: Reference) -> Variant | None:
    """The allele of a c. name on the first transcript that it fits, where that can be known."""
    found = (locate.allele(name, t, here.sequence) for t in transcripts if name.startswith("c."))
    return next((variant for variant in found if variant is not None), None)


def _is(finding: Item, name: str, variant: Variant | None) -> bool:
    """Whether a finding goes by that name, on any of its transcripts, or is that allele."""
    if variant is not None and variant.key == finding["variant"]["key"]:
        return True
    named = (finding, *finding["other_transcripts"])
    if name.startswith("c."):
        return any(f["hgvs_c"] and plain_name(f["hgvs_c"]) == plain_name(name) for f in named)
    return any(f["hgvs_p"] and same_protein(f["hgvs_p"], name) for f in named)


def same_protein(ours: str, theirs: str) -> bool:
    """Whether two p. names mean one change: one or three letters, brackets or none, * or Ter, long or short fs.

    >>> same_protein("p.(Gln140GlufsTer11)", "p.Q140Efs*11"), same_protein("p.(Gln140GlufsTer11)", "p.Gln140fs")
    (True, True)
    >>> same_protein("p.(Met199Lys)", "p.M199K"), same_protein("p.(Met199Lys)", "p.M199R")
    (True, False)
    """
    one, other = _spelled(ours), _spelled(theirs)
    if one == other:
        return True
    short = re.compile(r"(p\.[A-Z][a-z]{2}\d+)(?:[A-Z][a-z]{2})?fs.*")
    a, b = short.fullmatch(one), short.fullmatch(other)
    return a is not None and b is not None and a[1] == b[1] and other in (f"{b[1]}fs", one[: len(other)])


def _spelled(name: str) -> str:
    """A p. name in three letters, without brackets."""
    body = name.removeprefix("p.").strip("()")
    words = re.split(r"(fs|del|ins|dup|ext|\d+|_|=|\?)", body)
    return "p." + "".join(_RESIDUE.sub(lambda r: _ONE.get(r[0], r[0]), w) if w[:1].isupper() or w == "*" else w
                          for w in words)  # fmt: skip


# --------------------------------------------------------------------------- what is said


def _told(
    case: Case, found: list[Item], said: str, gene: str | None, variant: Variant | None, here: Reference
) -> list[str]:
    if found:
        return [line for finding in found for line in _of_finding(case, finding)]
    return list(_not_found(case, said, gene, variant, here))


def _of_finding(case: Case, f: Item) -> Iterator[str]:
    names = " ".join(filter(None, (f["hgvs_c"], f["hgvs_p"])))
    yield f"{f['gene']} {f['transcript']}: {names or f['variant']['key']} is in the report (tier {f['tier']})."
    yield f"Keys: {', '.join(f'{name} {key}' for name, key in f['variant']['keys'].items())}."
    for other in f["other_transcripts"]:
        told = " ".join(filter(None, (other["hgvs_c"], other["hgvs_p"])))
        yield f"On {other['transcript']} ({other['mane']}): {told or 'no name'}."
    if f.get("unnamed_reason"):
        yield f"It has no c. name: {f['unnamed_reason']}."
    quality = f["call_quality"]
    because = f": {' '.join(quality['reasons'])}" if quality["reasons"] else ""
    yield f"Called {f['zygosity'].replace('_', ' ')}, genotype {f['genotype']['gt']}; {quality['state']}{because}."
    classed = f["classification"]
    yield f"Class: {phrases.CLASS.get(classed['class'], classed['class'])}."
    for criterion in classed["criteria"]:
        yield f"  {criterion['code']}: {'met' if criterion['met'] else 'not met'}. {criterion['reason']}"
    yield from f["reasons"]
    for match in case["subtypes"]:
        if f["id"] in (*match["findings"], *match.get("candidates", ())):
            yield f"{match['id']}: {match['status'].replace('_', ' ')}. {' '.join(match['reasons'])}"


def _of_gene(case: Case, gene: str) -> Iterator[str]:
    yield from _verdict(case, gene)
    held = [f for f in case["findings"] if f["gene"] == gene]
    yield f"{gene}: {phrases.count(len(held), 'finding')} in the report."
    for finding in held:
        yield from _of_finding(case, finding)
    for match in case["subtypes"]:
        if match["gene"] == gene and not any(f["id"] in match["findings"] for f in held):
            yield f"{match['id']}: {match['status'].replace('_', ' ')}. {' '.join(match['reasons'])}"
    yield from (limit["text"] for limit in case["limitations"] if limit.get("gene") == gene)


def _verdict(case: Case, gene: str) -> Iterator[str]:
    for entry in case["genes"]:
        if entry["symbol"] == gene:
            yield f"{gene}: {entry['verdict'].replace('_', ' ')}. {' '.join(entry['reasons'])}".strip()


def _not_found(case: Case, said: str, gene: str | None, variant: Variant | None, here: Reference) -> Iterator[str]:
    """What can be said of a variant that is no finding; that it is absent only where the place was covered."""
    yield f"{one_line(said)} is not in this report ({case['assembly']['name']})."
    if variant is None and gene is not None:
        yield "Where it lies could not be told from the name, so only the gene can be spoken of."
    place = _place(variant, gene, here) if variant else None
    if place:
        yield place
    if gene is None:
        yield "It lies in no gene of the panels; records there are counted and not read."
        return
    yield from _verdict(case, gene)
    state = _exon_state(case, gene, variant) if variant else None
    if state == "covered":
        yield "Its exon was covered: had the sample carried it, it would most likely have been called."
    elif state:
        yield f"Its exon: {state.replace('_', ' ')}. So its absence here proves nothing."
    else:
        yield "So its absence here proves nothing unless the verdict is 'not found'."


def _place(variant: Variant, gene: str | None, here: Reference) -> str | None:
    for t in here.transcripts:
        if t.gene != gene or t.contig != variant.contig:
            continue
        where = hgvs.layout(t)
        at = variant.start if t.strand == 1 else -variant.end
        index = where.exon_at(at)
        if not 0 <= index < len(where.exons):
            return f"It lies outside {t.accession}."
        start, end = where.exons[index]
        if start <= at < end:
            return f"It lies in exon {index + 1} of {t.accession}."
        if index + 1 == len(where.exons):
            return f"It lies outside {t.accession}."
        distance = min(at - end + 1, where.exons[index + 1][0] - at)
        deep = "" if distance <= EXON_FLANK_BP else (
            f", more than {EXON_FLANK_BP} away: such a record is counted and kept in findings.vcf, and becomes a "
            "finding only where ClinVar, a given file or the panel names it"
        )  # fmt: skip
        return f"It lies in intron {index + 1} of {t.accession}, {phrases.count(distance, 'base')} from the exon{deep}."
    return None


def _exon_state(case: Case, gene: str, variant: Variant) -> str | None:
    exons = (e for g in case["genes"] if g["symbol"] == gene for e in g["exons"])
    return next((str(e["state"]) for e in exons if e["start"] <= variant.start < e["end"]), None)


def assembly_of(case: Case) -> Assembly:
    """The assembly that the case was called on."""
    return Assembly(case["assembly"]["name"])
