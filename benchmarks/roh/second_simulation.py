"""Other people than those of the development set: python -m benchmarks.roh.second_simulation FOLDER, with msprime.

None of the constants was chosen on these: a coalescent with out-of-Africa sizes, a map of random hotspots and
megabase rates of its own, 19 unrelated pairs of haplotypes, each used for several children; kinship by gene drops.
Only the places of the targets come from FOLDER (joint.vcf.gz). Cryptic sharing counts as false here, so precision
reads lower than it is. Prints the prototype and varmio over the posterior that a run needs. Eight minutes.
"""

from __future__ import annotations

import argparse
import gzip
import statistics
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.roh import gene_drops, prototype
from benchmarks.roh.bench import LENGTHS, Bench, Call
from benchmarks.roh.figures import constants
from varmio.interpret import roh_evidence, roh_model, roh_runs
from varmio.model import Markers

CONTIGS = ("15", "16", "17", "18", "19", "20", "21", "22")
GENOME = sum(LENGTHS[c] for c in CONTIGS)
PEOPLE, TIMES = 19, 3  # unrelated people, children made of each
SIZES = ((920, 1861), (2040, 14474), (5920, 7310))  # generations ago, effective size from there on
NOW, GROWTH = 34_000, 0.0038
BIN_BP = 10_000
TARGET_BP = 550  # on either side of a site of FOLDER, so that a person shows as many sites as there
KINDS = ("", "", "seventh degree", "fifth degree", "fourth degree", "third degree", "third degree",
         "second degree, one line", "first degree")  # fmt: skip
MISSED, DROPPED, FALSE = 0.05, 0.005, 0.008  # of sites: not called, one allele lost, false heterozygous


class Child(NamedTuple):
    markers: dict[str, Markers]
    truth: dict[str, list[tuple[int, int]]]


def haplotypes(contig: str, sites: Sequence[int], draw: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Positions in the targets, and (site, haplotype) whether it differs from the reference (one more haplotype)."""
    import msprime

    edges = np.append(np.arange(0, LENGTHS[contig] // BIN_BP) * float(BIN_BP), float(LENGTHS[contig]))
    middle = (edges[1:] + edges[:-1]) / 2
    to_end = np.minimum(middle, LENGTHS[contig] - middle)
    broad = np.repeat(np.exp(draw.normal(-0.18, 0.6, len(middle) // 100 + 1)), 100)[: len(middle)]
    narrow = np.exp(draw.normal(-1.6, 1.8, len(middle)))
    rates = msprime.RateMap(position=edges, rate=1.1e-8 * (0.95 + 1.8 * np.exp(-to_end / 6e6)) * broad * narrow)
    history = msprime.Demography()
    history.add_population(name="E", initial_size=NOW, growth_rate=GROWTH)
    for time, size in SIZES:
        history.add_population_parameters_change(time=time, initial_size=size, growth_rate=0)
    trees = msprime.sim_ancestry(
        PEOPLE + 1, demography=history, recombination_rate=rates, random_seed=int(draw.integers(1, 2**31))
    )
    trees = trees.keep_intervals(targets(sites, LENGTHS[contig]), simplify=True)
    trees = msprime.sim_mutations(trees, rate=1.25e-8, random_seed=int(draw.integers(1, 2**31)))
    calls = trees.genotype_matrix()
    return np.array([int(s.position) + 1 for s in trees.sites()]), calls[:, :-2] != calls[:, -1:]


def targets(sites: Sequence[int], length: int) -> np.ndarray:
    merged: list[list[float]] = []
    for pos in sites:
        start, end = max(0, pos - TARGET_BP), min(length, pos + TARGET_BP)
        if merged and start <= merged[-1][1]:
            merged[-1][1] = end
        else:
            merged.append([start, end])
    return np.array(merged, float)


def child(kind: str, number: int, people: dict[str, tuple[np.ndarray, np.ndarray]], draw: np.random.Generator) -> Child:
    markers, truth = {}, {}
    for contig, (pos, differs) in people.items():
        one, other = differs[:, 2 * number].copy(), differs[:, 2 * number + 1].copy()
        dropped = gene_drops.KINDS[kind][0](gene_drops.Drop(contig, draw)) if kind else None
        truth[contig] = gene_drops.shared(dropped) if dropped else []
        for start, end in truth[contig]:
            inside = (pos > start) & (pos <= end)
            other[inside] = one[inside]
        seen = (one | other) & (draw.random(len(pos)) > MISSED)
        markers[contig] = read(pos[seen], (one != other)[seen], draw)
    return Child(markers, truth)


def read(pos: np.ndarray, het: np.ndarray, draw: np.random.Generator) -> Markers:
    """Sites as sequencing would show them."""
    het = het & (draw.random(len(pos)) > DROPPED)
    depth = np.maximum(1, draw.poisson(75 * np.exp(draw.normal(-0.1, 0.6, len(pos)))))
    share = np.where(het, draw.binomial(depth, 0.48) / depth, 1.0)
    false = draw.choice(pos, draw.poisson(FALSE * len(pos))) + draw.integers(1, 200)
    false = np.concatenate([false, false[draw.random(len(false)) < 0.3] + 37])
    wrong = np.where(
        draw.random(len(false)) < 0.3, draw.normal(0.48, 0.05, len(false)), draw.uniform(0.2, 0.45, len(false))
    )
    all_pos, first = np.unique(np.concatenate([pos, false]), return_index=True)
    n = len(all_pos)
    return Markers(
        pos=all_pos.astype(np.int64),
        het=np.concatenate([het, np.ones(len(false), bool)])[first],
        passed=np.ones(n, bool),
        depth=np.concatenate([depth, np.full(len(false), 80)])[first].astype(np.int32),
        quality=np.full(n, 99, np.int32),
        share=np.concatenate([share, wrong])[first].astype(np.float32),
    )


def report(label: str, children: Sequence[Child], calls: Sequence[Sequence[Call]], scorer: Any) -> None:
    """As score.py counts, for runs of 1 Mb and more."""
    found = true = right = called = false = n = 0
    ends: list[int] = []
    for one, runs in zip(children, calls, strict=True):
        for contig, truth in one.truth.items():
            here = [(s, e) for c, s, e in runs if c == contig]
            long, made = ([p for p in x if p[1] - p[0] >= 1_000_000] for x in (truth, here))
            found += sum(scorer.overlap(p, here) for p in long)
            true += sum(e - s for s, e in long)
            right += sum(scorer.overlap(p, truth) for p in made)
            called += sum(e - s for s, e in made)
            n += len(made)
            false += sum(scorer.overlap(p, truth) < 0.5 * (p[1] - p[0]) for p in made)
            for start, end in truth:
                hits = [p for p in here if p[0] < end and p[1] > start]
                if end - start >= 3_000_000 and hits:
                    ends += [abs(hits[0][0] - start), abs(hits[-1][1] - end)]
    print(f"  {label:<26}sens {found / true:.4f}  prec {right / called:.4f}  false {false} / {n}  "
          f"bnd_kb {statistics.median(ends) / 1000:.0f}", flush=True)  # fmt: skip


def the_prototype(markers: dict[str, Markers]) -> list[Call]:
    with constants({(prototype, "AUTOSOMAL_BP"): GENOME}):
        return prototype.call(markers)


def main() -> None:
    """Make the children, call them, print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=Path("../shared/roh-bench"))
    bench, draw = Bench(parser.parse_args().folder), np.random.default_rng(77)
    sites: dict[str, list[int]] = {}
    with gzip.open(bench.folder / "joint.vcf.gz", "rt") as lines:
        for line in lines:
            if line[0] != "#":
                contig, pos, _ = line.split("\t", 2)
                sites.setdefault(contig, []).append(int(pos))
    people = {c: haplotypes(c, sites[c], draw) for c in CONTIGS}
    children = [
        child(KINDS[(number + TIMES * time) % len(KINDS)], number, people, draw)
        for time in range(TIMES)
        for number in range(PEOPLE)
    ]
    report("prototype", children, [the_prototype(one.markers) for one in children], bench.scorer)
    seen = []
    for one in children:
        usable = roh_evidence.usable_sites(one.markers, CONTIGS)
        seen.append((usable, roh_model.fit(usable, roh_evidence.group(usable), LENGTHS)))
    call: Callable[[], list[list[Call]]] = lambda: [  # noqa: E731
        [(r.contig, r.start, r.end) for r in roh_runs.runs_of(landscape, usable)] for usable, landscape in seen
    ]
    for seed, extend in (
        (0.3, 0.3),
        (0.5, 0.3),
        (0.5, 0.4),
        (0.5, 0.5),
        (0.6, 0.3),
        (0.7, 0.3),
        (0.8, 0.3),
        (0.9, 0.3),
    ):
        with constants({(roh_runs, "SEED"): seed, (roh_runs, "EXTEND"): extend}):
            report(f"varmio {seed}, {extend}", children, call(), bench.scorer)


if __name__ == "__main__":
    main()
