"""Markers of a person made up for tests: genes along every chromosome, runs where they are planted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from varmio.assembly import CONTIG_LENGTHS
from varmio.model import Assembly, Markers

GENE_SPACING_BP = 350_000  # between genes that show a site; about 8,000 genes
ALIKE = 0.3  # of genes show no difference between the copies without any kinship
HET = 0.75  # of the sites of other genes
Runs = Mapping[str, Sequence[tuple[int, int]]]  # contig -> (start, end), 0-based half-open


def person(
    runs: Runs | None = None,
    *,
    seed: int = 1,
    contigs: Sequence[str] = (*map(str, range(1, 23)), "X"),
    assembly: Assembly = Assembly.GRCH37,
    errors: float = 0.0,
) -> dict[str, Markers]:
    """Seeded contig by contig, so that one contig does not depend on another. errors: share of false het calls."""
    return {c: _contig(c, (runs or {}).get(c, ()), seed, CONTIG_LENGTHS[assembly][c], errors) for c in contigs}


def _contig(contig: str, runs: Sequence[tuple[int, int]], seed: int, length: int, errors: float) -> Markers:
    draw = np.random.default_rng([seed, *contig.encode()])
    genes = np.sort(draw.integers(20_000_000 if contig in {"13", "14", "15"} else 200_000, length - 200_000,
                                  length // GENE_SPACING_BP))  # fmt: skip
    many = draw.integers(1, 4, len(genes))
    differ = draw.random(len(genes)) >= ALIKE
    pos = np.repeat(genes, many) + np.concatenate([np.sort(draw.integers(0, 9_000, k)) for k in many])
    het = np.repeat(differ, many) & (draw.random(len(pos)) < HET)
    for start, end in runs:
        het &= ~((pos > start) & (pos <= end))
    depth = draw.poisson(75, len(pos)) + 1
    share = np.where(het, draw.binomial(depth, 0.48) / depth, 1.0)
    false = ~het & (draw.random(len(pos)) < errors)
    share[false] = draw.uniform(0.2, 0.35, int(false.sum()))
    pos, first = np.unique(pos, return_index=True)
    return Markers(
        pos=pos.astype(np.int64),
        het=(het | false)[first],
        passed=np.ones(len(pos), bool),
        depth=depth[first].astype(np.int32),
        quality=np.full(len(pos), 99, np.int32),
        share=share[first].astype(np.float32),
    )


def changed(markers: Mapping[str, Markers], **arrays: float | bool) -> dict[str, Markers]:
    """The same markers with whole columns set to one value."""
    names = ("pos", "het", "passed", "depth", "quality", "share")
    return {
        c: Markers(**{n: np.full_like(getattr(m, n), arrays[n]) if n in arrays else getattr(m, n) for n in names})
        for c, m in markers.items()
    }


def kept(markers: Markers, keep: np.ndarray) -> Markers:
    names = ("pos", "het", "passed", "depth", "quality", "share")
    return Markers(**{n: getattr(markers, n)[keep] for n in names})
