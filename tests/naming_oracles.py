"""Two naming engines that share no code with ours: hgvs-weaver (c. and p. names) and bcftools csq (consequences)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.short_genome import Contig
from varmio.interpret.hgvs import layout, reverse_complement
from varmio.model import Variant


class Provider:
    """The test genome in the form that hgvs-weaver asks for."""

    def __init__(self, contigs: Iterable[Contig]) -> None:
        self.of = {c.transcript.accession: c for c in contigs}
        self.bases = {c.transcript.contig: c.bases for c in self.of.values()}
        self.protein = {c.transcript.protein: c for c in self.of.values()}
        for accession, contig in self.of.items():
            plus = "".join(contig.bases[s:e] for s, e in contig.transcript.exons)
            self.bases[accession] = plus if contig.transcript.strand == 1 else reverse_complement(plus)

    def get_transcript(self, transcript_ac: str, _reference_ac: str | None) -> dict[str, Any]:
        t = self.of[transcript_ac].transcript
        where = layout(t)
        exons = [  # reference_end is inclusive, transcript_end is not, as weaver's own provider has them
            {"transcript_start": offset, "transcript_end": offset + end - start, "reference_start": start,
             "reference_end": end - 1, "alt_strand": t.strand, "cigar": f"{end - start}="}
            for offset, (start, end) in zip(where.offsets, t.in_order, strict=True)
        ]  # fmt: skip
        return {
            "ac": t.accession, "gene": t.gene, "strand": t.strand, "reference_accession": t.contig, "exons": exons,
            "cds_start_index": where.coding_start, "cds_end_index": where.coding_start + where.coding_length - 1,
        }  # fmt: skip

    def get_seq(self, ac: str, start: int, end: int | None, _kind: object) -> str:
        if ac in self.protein:
            from varmio.interpret.protein import translate

            return translate(self.protein[ac].transcript.cds)[start:end]
        return self.bases[ac][start:end]

    def get_symbol_accessions(self, symbol: str, _source: str, target: str) -> list[tuple[str, str]]:
        t = self.of[symbol].transcript if symbol in self.of else None
        if t is None:
            return []
        if "protein" in str(target).lower():
            return [("protein_accession", t.protein)]
        return [("transcript_accession", t.accession)]

    def get_identifier_type(self, identifier: str) -> str:
        kinds = {"NC": "genomic_accession", "NM": "transcript_accession", "NP": "protein_accession"}
        return kinds.get(identifier[:2], "unknown")


def plain_g(variant: Variant) -> str:
    """The variant as g. text as it is written, without any shift: sub, del, ins or delins."""
    pos, ref, alt = variant.pos, variant.ref, variant.alt
    while len(ref) > 0 and len(alt) > 0 and ref[-1] == alt[-1]:
        ref, alt = ref[:-1], alt[:-1]
    while ref and alt and ref[0] == alt[0]:
        pos, ref, alt = pos + 1, ref[1:], alt[1:]
    last = pos + len(ref) - 1
    span = str(pos) if last == pos else f"{pos}_{last}"
    if not ref:
        text = f"{pos - 1}_{pos}ins{alt}"
    elif not alt:
        text = f"{span}del"
    else:
        text = f"{pos}{ref}>{alt}" if len(ref) == len(alt) == 1 else f"{span}delins{alt}"
    return f"{variant.contig}:g.{text}"


class Weaver:
    """hgvs-weaver over the test genome."""

    def __init__(self, contigs: Iterable[Contig]) -> None:
        import weaver

        self.parse, self.error = weaver.parse, weaver.HGVSError
        self.mapper = weaver.VariantMapper(Provider(contigs))

    def named(self, contig: Contig, variant: Variant) -> tuple[str | None, str | None]:
        """(c. name, p. name) without accessions; None, or '!reason', where it gives none."""
        try:
            on_genome = self.parse(plain_g(variant))
            coding = self.mapper.normalize_variant(self.mapper.g_to_c(on_genome, contig.transcript.accession))
            name = _bare(coding.format())
        except (self.error, ValueError) as error:
            return f"!{error}", None
        try:
            return name, _bare(self.mapper.c_to_p(coding, contig.transcript.protein).format())
        except (self.error, ValueError) as error:
            return name, f"!{error}"


def _bare(name: str) -> str:
    return name.rpartition(":")[2]


# --------------------------------------------------------------------------- bcftools csq

_CSQ = "import sys; from pysam import bcftools; sys.stdout.write(bcftools.csq(*sys.argv[1:], catch_stdout=True))"


def csq(variants: Sequence[tuple[Contig, Variant]], folder: Path) -> list[tuple[str, ...]]:
    """bcftools csq's own consequence words of each variant, in its order; one process for all."""
    every = {c.transcript.contig: c for c, _ in variants}
    fasta, gff, vcf = folder / "genome.fa", folder / "genes.gff3", folder / "variants.vcf"
    fasta.write_text("".join(f">{name}\n{c.bases}\n" for name, c in every.items()))
    gff.write_text("##gff-version 3\n" + "".join(_gff(c) for c in every.values()))
    order = {name: i for i, name in enumerate(every)}
    ranked = sorted(range(len(variants)), key=lambda i: (order[variants[i][1].contig], variants[i][1].pos))
    lines = ["##fileformat=VCFv4.2", *(f"##contig=<ID={n},length={len(c.bases)}>" for n, c in every.items())]
    lines.append("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO")
    for i in ranked:
        v = variants[i][1]
        lines.append(f"{v.contig}\t{v.pos}\tv{i}\t{v.ref}\t{v.alt}\t.\t.\t.")
    vcf.write_text("\n".join(lines) + "\n")
    words = ["-f", fasta, "-g", gff, "--local-csq", "--ncsq", "64", "-p", "a", vcf]
    done = subprocess.run([sys.executable, "-c", _CSQ, *map(str, words)], capture_output=True, text=True, check=True)
    return _said(done.stdout, len(variants))


def _said(text: str, number: int) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [()] * number
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        columns = line.split("\t")
        info: Mapping[str, str] = dict(p.partition("=")[::2] for p in columns[7].split(";"))
        said = info.get("BCSQ", "").split(",")[0].partition("|")[0]
        found[int(columns[2][1:])] = tuple(said.lstrip("*").split("&")) if said else ()
    return found


def _gff(contig: Contig) -> str:
    t = contig.transcript
    sign = "+" if t.strand == 1 else "-"
    name = t.accession.partition(".")[0]

    def row(feature: str, start: int, end: int, phase: str, said: str) -> str:
        return "\t".join((t.contig, "x", feature, str(start + 1), str(end), ".", sign, phase, said)) + "\n"

    rows = [
        row("gene", t.start, t.end, ".", f"ID=gene:G{name};biotype=protein_coding;Name={t.gene}"),
        row("mRNA", t.start, t.end, ".", f"ID=transcript:{name};Parent=gene:G{name};biotype=protein_coding"),
    ]
    used = 0
    for start, end in t.in_order:
        rows.append(row("exon", start, end, ".", f"Parent=transcript:{name}"))
        low, high = max(start, t.cds_start), min(end, t.cds_end)
        if low < high:
            rows.append(row("CDS", low, high, str(-used % 3), f"Parent=transcript:{name}"))
            used += high - low
        for feature, s, e in (("five", start, min(end, t.cds_start)), ("three", max(start, t.cds_end), end)):
            if s < e:
                first = (feature == "five") == (t.strand == 1)
                rows.append(row("five_prime_UTR" if first else "three_prime_UTR", s, e, ".",
                                f"Parent=transcript:{name}"))  # fmt: skip
    return "".join(rows)
