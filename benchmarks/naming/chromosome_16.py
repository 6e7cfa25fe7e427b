"""CLCN7 on a real chromosome: the shipped bases, --reference and `data build` must give the same names.

    python benchmarks/naming/chromosome_16.py CHR16.gtf CHR16.fna

The files are GRCh38.p14 chromosome 16 and its RefSeq annotation, as in the sdist of oligo-designer-toolsuite 2.3.0
(data/annotations). Also a panel of three genes that are not shipped is built from them and run end to end.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from varmio import own_data
from varmio.analysis import panel_of
from varmio.interpret.consequence import consequence
from varmio.interpret.hgvs import genomic_name
from varmio.model import Assembly, Reference, Transcript, Variant
from varmio.readers import genome, reference

VARIANTS = 2_000
SEED = 16
BESIDE = 300  # bases beside the gene
GENES = (
    ("AXIN1", "HGNC:903", "NM_003502.4", "ENST00000262320.8"),  # minus strand
    ("TSC2", "HGNC:12363", "NM_000548.5", "ENST00000219476.9"),  # plus strand
    ("NTHL1", "HGNC:8028", "NM_002528.7", "ENST00000651570.2"),  # minus strand
)


def drawn(clcn7: Transcript, known: Reference) -> list[Variant]:
    """Random substitutions, deletions, duplications, insertions and delins of the whole gene, introns included."""
    rng = random.Random(SEED)
    found: list[Variant] = []
    while len(found) < VARIANTS:
        at, length = rng.randrange(clcn7.start - BESIDE, clcn7.end + BESIDE), rng.choice((1, 1, 2, 3, 4, 7, 12, 30))
        here = known.sequence.bases(clcn7.contig, at, at + length + 1)
        other = "".join(rng.choices("ACGT", k=length))
        assert here
        ref, alt = rng.choice(
            ((here[0], other[0]), (here, here[0]), (here[0], here), (here[0], here[0] + other), (here, other))
        )
        if ref != alt:
            found.append(Variant(clcn7.contig, at + 1, ref, alt))
    return found


def names(variants: list[Variant], known: Reference) -> list[tuple[object, ...]]:
    clcn7 = next(t for t in known.transcripts if t.gene == "CLCN7")
    found = []
    for variant in variants:
        said = consequence(variant, clcn7, known.sequence)
        found.append((said.hgvs_c, said.hgvs_p, said.terms, genomic_name(variant, clcn7, known.sequence)))
    return found


def panel_text() -> str:
    """A panel of the three genes."""
    genes = "".join(
        f"  - {{symbol: {symbol}, hgnc: '{hgnc}', protein: {symbol}, core: false, null_is_pathogenic: false,\n"
        f"     transcripts: [{{refseq: {refseq}, ensembl: {ensembl}}}]}}\n"
        for symbol, hgnc, refseq, ensembl in GENES
    )
    return f"name: chromosome_16\nversion: 2026.11.0\ngenes:\n{genes}"


def vcf_text(built: Reference) -> str:
    """One homozygous stop, or another base, in each of the three genes."""
    lines = ["##fileformat=VCFv4.2", "##contig=<ID=16,length=90338345>",
             "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tCHILD"]  # fmt: skip
    for transcript in sorted((t for t in built.transcripts if t.gene in dict.fromkeys(g[0] for g in GENES)),
                             key=lambda t: t.start):  # fmt: skip
        start, _ = transcript.coding[1]
        base = built.sequence.bases("16", start + 10, start + 11) or ""
        alt = "T" if base != "T" else "C"
        lines.append(f"16\t{start + 11}\t.\t{base}\t{alt}\t100\tPASS\t.\tGT:DP:AD:GQ\t1/1:50:0,50:99")
    return "\n".join(lines) + "\n"


def main(gtf: Path, fasta: Path) -> int:
    shipped = reference.read(Assembly.GRCH38, reference.resources.FOLDER)
    clcn7 = next(t for t in shipped.transcripts if t.gene == "CLCN7")
    variants = drawn(clcn7, shipped)
    want = names(variants, shipped)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = own_data.build(gtf, fasta, panel_of(()), None, folder)
        built = reference.with_own(replace(shipped, sequence=type(shipped.sequence)({})), made.folder)
        given = genome.with_genome(fasta, shipped)
        for said, known in (("data build", built), ("--reference", given)):
            got = names(variants, known)
            unlike = [(v, a, b) for v, a, b in zip(variants, want, got, strict=True) if a != b]
            named = sum(a[0] is not None for a in want)
            print(f"{said}: {len(variants) - len(unlike)} of {len(variants)} alike, {named} with a c. name")
            for variant, one, other in unlike[:10]:
                print("  ", variant, one, other)
        panel = folder / "panel.yaml"
        panel.write_text(panel_text())
        own = folder / "own"
        varmio = (str(Path(sys.executable).parent / "varmio"),)
        built_line = _said(
            [*varmio, "data", "build", "--gff", gtf, "--reference", fasta, "--panel", panel, "-o", own], own
        )
        print(built_line)
        vcf = folder / "child.vcf"
        vcf.write_text(vcf_text(reference.with_own(shipped, own / "GRCh38")))
        print(_said([*varmio, "run", vcf, "-o", folder / "out", "--panel", panel], own))
        print((folder / "out" / "findings.tsv").read_text())
    return 0


def _said(command: list[object], own: Path) -> str:
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, check=False, env={"VARMIO_DATA_DIR": str(own)}
    )
    return f"exit {done.returncode}: {done.stdout}{done.stderr}"


if __name__ == "__main__":
    sys.exit(main(*(Path(word) for word in sys.argv[1:3])))
