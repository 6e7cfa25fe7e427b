"""Made-up children with exons missing, as reads, depths and structural calls: python examples/write_deletions.py [OUT]

Writes OUT/NAME/ (default examples/deletions/) for each of five children: the exome (an ordinary one, in which no list
of variants shows the loss), reads.bam, mosdepth's per-base file, sv.vcf where a caller would see it, and controls.tsv
with thirty samples of the same kit. All on GRCh38. What varmio should say stands in README.md.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the simulator is not part of the package

from benchmarks.deletions import files
from benchmarks.deletions.simulate import EVEN_80, HOSTILE, UNEVEN, Model, Planted, profile, regions
from varmio.demo import recipe, write_exome
from varmio.model import Assembly

EXOME = "f_nothing_found"
SEED = 1
CHILDREN: dict[str, tuple[Model, Planted, tuple[str, int, int] | None]] = {
    "ostm1_exon_5": (EVEN_80, Planted("hom_one", "OSTM1", 5, 5, 0), ("6", 108_047_500, 108_050_100)),
    "ostm1_whole_gene": (EVEN_80, Planted("hom_gene", "OSTM1", 1, 6, 0), ("6", 108_030_000, 108_090_000)),
    "clcn7_exons_7_to_25": (EVEN_80, Planted("het_some", "CLCN7", 7, 25, 1), ("16", 1_380_000, 1_459_250)),
    "uneven_capture": (UNEVEN, Planted("none"), None),
    "failing_exons": (HOSTILE, Planted("none"), None),
}


def write(out: Path, name: str) -> None:
    """The files of one child."""
    model, planted, place = CHILDREN[name]
    folder = out / name
    folder.mkdir(parents=True, exist_ok=True)
    drawn = profile(model, SEED, 30, planted)
    depths = dict(zip(regions(), drawn.depths, strict=True))
    write_exome(folder / "child.vcf.gz", Assembly.GRCH38, recipe(EXOME))
    files.write_bam(folder / "reads.bam", EXOME, depths, Assembly.GRCH38)
    files.write_per_base(folder / f"{EXOME}.per-base.bed.gz", depths, Assembly.GRCH38)
    files.write_table(folder / "controls.tsv", regions(), {f"c{i}": row for i, row in enumerate(drawn.controls)})
    if place is not None:
        files.write_sv(folder / "sv.vcf", EXOME, "manta", place, planted.copies, Assembly.GRCH38)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "deletions"
    for child in CHILDREN:
        write(target, child)
        print(target / child)
