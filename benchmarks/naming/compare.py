"""Our names beside those of two other engines: each disagreement falls in a class of docs/naming.md, or is unexplained.

    python benchmarks/naming/compare.py [--number 10000] [--seed 1]

`number` variants on each assembly (tests/short_genome.py). Prints how many agree, how many fall into each class with an
example per strand, and each unexplained one; exit 1 where there is one.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.naming_oracles import Weaver, csq
from tests.short_genome import Contig, contigs, drawn
from varmio.interpret import hgvs, locate
from varmio.interpret.annotated import class_of
from varmio.interpret.consequence import consequence
from varmio.interpret.normalize import normalize
from varmio.interpret.place import SPLICE_INTRON_BP
from varmio.model import Assembly, Consequence, Variant
from varmio.readers.annotation import so_term
from varmio.readers.sequence import spliced

OFFSET = re.compile(r"(?<=\d)[+-]\d")  # "c.12+3": an intron position
RESIDUE = re.compile(r"[A-Z][a-z]{2}(\d+)")
SIZE_ONLY = frozenset(("feature_elongation", "feature_truncation"))  # csq's words for a mixed change


LEDGER = Path(__file__).parents[2] / "docs" / "naming.md"


def ledger() -> frozenset[str]:
    """The classes that docs/naming.md explains: its headings of the third order."""
    return frozenset(re.findall(r"^### (.+)$", LEDGER.read_text(encoding="utf-8"), flags=re.MULTILINE))


@dataclass(frozen=True)
class Disagreement:
    """One allele that is named differently: `kind` is c, p or consequence; `label` a class of the ledger, or None."""

    kind: str
    label: str | None
    strand: int
    text: str


def disagreements(variants: Sequence[tuple[Contig, Variant]], folder: Path) -> Iterator[Disagreement]:
    """Every disagreement over these variants of one assembly."""
    weaver = Weaver({c.transcript.accession: c for c, _ in variants}.values())
    words = csq(variants, folder)
    for (contig, variant), said in zip(variants, words, strict=True):
        ours = consequence(variant, contig.transcript, contig.known)
        strand = contig.transcript.strand
        their_c, their_p = weaver.named(contig, variant)
        if ours.hgvs_c != their_c:
            text = f"{variant.key}: {ours.hgvs_c}, theirs {their_c}"
            yield Disagreement("c", coding_class(contig, variant, ours, their_c), strand, text)
        elif ours.hgvs_p != their_p:
            text = f"{variant.key} {ours.hgvs_c}: {ours.hgvs_p}, theirs {their_p}"
            yield Disagreement("p", protein_class(contig, ours, their_p), strand, text)
        terms = tuple(so_term(word) for word in said)
        one, other = class_of(ours.terms), class_of(terms)
        if one != other:
            text = f"{variant.key} {ours.hgvs_c}: {one} ({', '.join(ours.terms)}), theirs {other} ({'&'.join(said)})"
            label = place_class(contig, variant, ours, terms)
            if label is None and {one, other} == {"in-frame", "stop or frameshift"} and ours.hgvs_p == their_p:
                label = "whole codons lost in part"
            yield Disagreement("consequence", label, strand, text)


def coding_class(contig: Contig, variant: Variant, ours: Consequence, theirs: str | None) -> str | None:
    """Why the two c. names differ."""
    t = contig.transcript
    start, end = reach(contig, variant)
    if theirs is None:
        return None
    if ours.hgvs_c is None or start <= t.start or end >= t.end:
        return "end of the transcript" if start <= t.start or end >= t.end else None
    there = None if theirs.startswith("!") else locate.allele(theirs, t, contig.known)
    if there == normalize(variant, contig.known) and (OFFSET.search(theirs) or OFFSET.search(ours.hgvs_c)):
        return "shift in introns and over exon edges"
    return None


def protein_class(contig: Contig, ours: Consequence, theirs: str | None) -> str | None:
    """Why the two p. names of one c. name differ."""
    last = len(contig.transcript.cds) // 3
    if ours.hgvs_p is None:
        outside = theirs is None or theirs in ("p.(=)", "p.?") or theirs.startswith("!")
        return "no protein name outside the coding sequence" if outside else None
    if theirs is None or theirs.startswith("!"):
        return None
    if of_genome(contig) != contig.transcript.cds:
        return "the assembly has another base than the transcript"
    furthest = max(map(int, RESIDUE.findall(theirs.partition("ins")[0])), default=0)
    if ours.hgvs_p == "p.(Met1?)":
        return "start codon" if theirs in ("p.?", "p.(Met1?)", "p.0?") else None
    if ours.hgvs_p.endswith("=)") and theirs.endswith("=)"):
        return "silent changes name the codons that change"
    if "fsTer" in ours.hgvs_p and "delins" in theirs and theirs.endswith("Ter)"):
        return "reading on past the stop" if furthest > last else "frameshift with an early stop"
    if "extTer" in ours.hgvs_p and "delins" in theirs:
        return "extension"
    if theirs.endswith("Ter)") and "Ter" not in ours.hgvs_p and furthest >= last:
        return "an unchanged stop is no part of the name"
    added = ours.hgvs_p.rpartition("ins")[2]
    if "ins" in ours.hgvs_p and added == theirs.rpartition("ins")[2] and added.endswith("Ter)"):
        return "insertion with a stop"
    return None


def place_class(contig: Contig, variant: Variant, ours: Consequence, theirs: tuple[str, ...]) -> str | None:
    """Why the two consequence classes differ: by where the allele may lie."""
    t = contig.transcript
    start, end = reach(contig, variant)
    first, last = (t.cds_start, t.cds_end - 3) if t.strand == 1 else (t.cds_end - 3, t.cds_start)
    borders = [edge for exon in t.exons for edge in exon]
    if start <= t.start or end >= t.end:
        return "end of the transcript"
    if start <= first + 3 and end >= first:
        return "start codon"
    if start <= last + 3 and end >= last:
        return "stop codon"
    if any(start - SPLICE_INTRON_BP <= edge <= end + SPLICE_INTRON_BP for edge in borders):
        return "splice site or exon edge"
    if SIZE_ONLY.issuperset(theirs) and "delins" in (ours.hgvs_c or ""):
        return "bases and length change at once"
    return None


def of_genome(contig: Contig) -> str:
    """The coding sequence as the contig has it."""
    return spliced(contig.transcript, [(0, contig.bases)])


def reach(contig: Contig, variant: Variant) -> tuple[int, int]:
    """(start, end) of all places at which the allele can be written, with the bases that a duplication repeats."""
    size = max(len(variant.ref), len(variant.alt))
    places = [
        change.start
        for strand in (1, -1)
        for change in [hgvs.shifted(variant, hgvs.reader(variant, contig.known, strand), strand)]
        for change in [change if strand == 1 else hgvs.Change(-change.end, change.ref, change.alt)]
    ]
    return min(places) - (size if len(variant.alt) > len(variant.ref) else 0), max(places) + size


def report(number: int, seed: int) -> int:
    total, found, unexplained = 0, Counter[tuple[str, str | None]](), 0
    shown: dict[tuple[str, str | None, int], str] = {}
    for assembly in Assembly:
        variants = drawn(seed, number, assembly)
        total += len(variants)
        with tempfile.TemporaryDirectory() as folder:
            for d in disagreements(variants, Path(folder)):
                found[d.kind, d.label] += 1
                shown.setdefault((d.kind, d.label, d.strand), d.text)
                if d.label is None:
                    unexplained += 1
                    print(f"unexplained {d.kind} {d.strand:+d} {d.text}")
    print(f"{total} variants on {len(contigs(Assembly.GRCH38))} transcripts and both assemblies, seed {seed}")
    for (kind, label), count in sorted(found.items(), key=lambda item: (item[0][0], -item[1])):
        print(f"{kind}\t{label}\t{count}")
        for strand in (1, -1):
            if (kind, label, strand) in shown:
                print(f"    {strand:+d} {shown[kind, label, strand]}")
    print(f"unexplained: {unexplained}")
    return 1 if unexplained else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Our names beside hgvs-weaver's and bcftools csq's.")
    parser.add_argument("--number", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    sys.exit(report(asked.number, asked.seed))
