"""VCF text put where the panel looks: records moved into the exons of one gene, and odd genotypes."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from functools import lru_cache

from varmio.assembly import CONTIG_LENGTHS
from varmio.model import Assembly
from varmio.readers import reference

GENE = "LRP5"  # autosome, plus strand, the longest coding sequence of the panel's genes with many exons
TITLES = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT"
FORMATS = {"GT": "String", "DP": "Integer", "GQ": "Integer", "PS": "Integer", "PID": "String", "FT": "String"}


@lru_cache(maxsize=1)
def exons() -> tuple[str, tuple[tuple[int, str], ...]]:
    """Contig, and (1-based first position, bases) of each coding exon of the gene on GRCh38."""
    known = reference.load(Assembly.GRCH38)
    t = next(t for t in known.transcripts if t.gene == GENE)
    pieces = ((start + 1, known.sequence.bases(t.contig, start, end)) for start, end in sorted(t.coding))
    return t.contig, tuple((pos, bases) for pos, bases in pieces if bases)


def places(refs: Iterable[str]) -> Iterator[tuple[int, bool]]:
    """For each REF the next coding position that reads so, and whether there is one; positions never fall."""
    pieces = exons()[1]
    piece = at = 0
    for ref in refs:
        found, hit = piece, -1
        while found < len(pieces) and hit < 0:
            hit = pieces[found][1].find(ref.upper(), at if found == piece else 0)
            found += hit < 0
        if hit >= 0:
            piece, at = found, hit + 1
            yield pieces[piece][0] + hit, True
        else:
            at = min(at + 1, len(pieces[piece][1]) - 1)
            yield pieces[piece][0] + at, False


def contig_lines() -> list[str]:
    return [f"##contig=<ID={name},length={length}>" for name, length in CONTIG_LENGTHS[Assembly.GRCH38].items()]


def moved(lines: list[str]) -> str | None:
    """The file of these lines with every record in an exon, genotypes as they were; None without records."""
    titles = next((line for line in lines if line.startswith("#CHROM")), None)
    if titles is None:
        return None
    head = [line for line in lines if line.startswith("##") and not line.startswith("##contig")]
    body = [line.split("\t") for line in lines if line and not line.startswith("#")]
    rows = [row for row in body if len(row) > 4]
    if not rows:
        return None
    contig = exons()[0]
    for row, (pos, _) in zip(rows, places(row[3] for row in rows), strict=True):
        row[0], row[1] = contig, str(pos)
    text = ["\t".join(row) for row in body]
    return "\n".join([*head[:1], *contig_lines(), *head[1:], titles, *text]) + "\n"


def odd_genotypes(seed: str, records: int, samples: int) -> str:
    """A file of odd genotypes: ploidy 1 to 5, half calls, mixed separators, many ALTs, '*', symbols, no GT."""
    rng = random.Random(seed)
    contig, pieces = exons()
    sites = sorted(rng.sample([(pos + i, base) for pos, bases in pieces for i, base in enumerate(bases)], records))
    names = [f"S{i}" for i in range(samples)]
    head = ["##fileformat=VCFv4.3", *contig_lines(), '##ALT=<ID=DEL,Description="deletion">']
    head += [f'##FORMAT=<ID={key},Number=1,Type={kind},Description="{key}">' for key, kind in FORMATS.items()]
    head += ['##FORMAT=<ID=AD,Number=R,Type=Integer,Description="AD">', '##FILTER=<ID=q,Description="q">']
    rows = []
    for pos, ref in sites:
        alts = _alts(rng, ref)
        keys = rng.choice([["GT"], ["GT", "DP"], ["GT", "AD", "GQ"], ["GT", "PS"], ["DP"], ["GT", "PID"]])
        cells = [_cell(rng, keys, len(alts)) for _ in names]
        row = [contig, str(pos), ".", ref, ",".join(alts) or ".", "50", rng.choice(["PASS", ".", "q"]), "."]
        rows.append("\t".join([*row, ":".join(keys), *cells]))
    return "\n".join([*head, "\t".join([TITLES, *names]), *rows]) + "\n"


def _alts(rng: random.Random, ref: str) -> list[str]:
    kinds = [base for base in "ACGT" if base != ref] + [ref + "TT", ref + "A", "*", "<DEL>", "<*>"]
    return rng.sample(kinds, rng.choice([0, 1, 1, 1, 2, 3, 5, 8]))


def _cell(rng: random.Random, keys: list[str], n_alts: int) -> str:
    values = {
        "GT": _gt(rng, n_alts),
        "DP": rng.choice([".", "0", "7", "40"]),
        "AD": ",".join(str(rng.randrange(40)) for _ in range(n_alts + 1)),
        "GQ": rng.choice([".", "3", "99"]),
        "PS": rng.choice([".", "17", "900"]),
        "PID": rng.choice([".", "11_68_A_G"]),
    }
    kept = rng.randrange(1, len(keys) + 1) if rng.random() < 0.2 else len(keys)
    return ":".join(values[key] for key in keys[:kept])


def _gt(rng: random.Random, n_alts: int) -> str:
    ploidy = rng.choice([1, 2, 2, 2, 2, 3, 4, 5])
    alleles = [rng.choice([".", "0", *map(str, range(n_alts + 1))]) for _ in range(ploidy)]
    if rng.random() < 0.3:
        alleles = [alleles[0]] * ploidy
    text = alleles[0]
    for allele in alleles[1:]:
        text += rng.choice("//|") + allele
    return text
