"""Figures of the caller on the development set: python -m benchmarks.roh.figures FOLDER [--what NAME ...]

table      varmio, the prototype and bcftools roh by score.py
bootstrap  people drawn with replacement, all callers on the same draws: 95% of each figure and of the difference
curve      sensitivity and precision over the posterior that a run needs
one_out    constants chosen without each person in turn, and that person called with them
fields     the same people without depth, quality or read counts, and with fewer sites
doubt      how often a posterior of p is right, and how often F_ROH lies in its interval
"""

from __future__ import annotations

import argparse
import itertools
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.roh.bench import CALLERS, LENGTHS, Bench, Call, Calls
from varmio.interpret import autozygosity, roh_evidence, roh_model, roh_runs
from varmio.interpret.roh_model import Landscape
from varmio.model import Assembly, Markers

DRAWS = 1000
SHOWN = ("sens1", "prec1", "sens3", "prec3", "false", "calls", "bnd_kb", "frag", "dF")
GRID: dict[tuple[Any, str], tuple[Any, ...]] = {
    (roh_model, "RUN_END_PER_BP"): (7e-8, 1e-7, 1.4e-7),
    (roh_model, "HALF_HET_GENERATIONS"): (6_000.0, 8_000.0, 11_000.0),
    (roh_model, "MIDDLE_RATE"): (0.6, 0.75, 1.0),
    (roh_evidence, "ARTEFACT_SHARE"): (0.005, 0.01, 0.02),
}
ENDS: dict[tuple[Any, str], tuple[Any, ...]] = {
    (roh_runs, "EXTEND"): (0.2, 0.3, 0.4, 0.5),
    (roh_runs, "MAX_REACH_BP"): (500_000, 1_000_000, 1_500_000, 2_000_000),
}


def main() -> None:
    """Print what is asked for, by default everything."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=Path("../shared/roh-bench"))
    parser.add_argument("--what", choices=tuple(PARTS), nargs="*", default=tuple(PARTS))
    asked = parser.parse_args()
    bench = Bench(asked.folder)
    for name in asked.what:
        print(f"\n{name}")
        PARTS[name](bench)


def row(label: str, figures: Mapping[str, float]) -> None:
    cells = (f"{k} {figures[k]:.4f}" if isinstance(figures[k], float) else f"{k} {figures[k]}" for k in SHOWN)
    print(f"  {label:<26}" + "  ".join(cells), flush=True)


def table(bench: Bench) -> None:
    for label, caller in CALLERS.items():
        row(label, bench.score(bench.call_all(caller)))


def bootstrap(bench: Bench) -> None:
    calls = {label: bench.call_all(caller) for label, caller in CALLERS.items()}
    draw = random.Random(6)
    people = [draw.choices(bench.names, k=len(bench.names)) for _ in range(DRAWS)]
    figures = {label: [bench.score(found, p) for p in people] for label, found in calls.items()}
    for label, rows in figures.items():
        print(f"  {label:<26}" + "  ".join(f"{k} {_band([r[k] for r in rows])}" for k in SHOWN if k != "frag"))
    for label in list(CALLERS)[1:]:
        pairs = list(zip(figures["varmio"], figures[label], strict=True))
        cells = (f"{k} {_band([a[k] - b[k] for a, b in pairs])}" for k in SHOWN if k not in ("frag", "calls"))
        print(f"  {'varmio - ' + label:<26}" + "  ".join(cells))


def _band(values: list[float]) -> str:
    low, high = np.nanquantile(values, [0.025, 0.975])
    return f"[{low:.4f}, {high:.4f}]" if abs(high) < 2 else f"[{low:.0f}, {high:.0f}]"


def curve(bench: Bench) -> None:
    seen = {name: fitted(bench.markers(name)) for name in bench.names}
    for seed, extend in ((p, min(p, 0.3)) for p in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)):
        with constants({(roh_runs, "SEED"): seed, (roh_runs, "EXTEND"): extend}):
            row(f"seed {seed}, extend {extend}", bench.score(runs_of(seen)))


def one_out(bench: Bench) -> None:
    """Constants of the chain by log-loss of the posterior, those of the ends by wrong bp; never the third digit."""
    row("as shipped", bench.score(bench.call_all(CALLERS["varmio"])))
    loss: dict[tuple[Any, ...], dict[str, float]] = {}
    for values in itertools.product(*GRID.values()):
        with constants(dict(zip(GRID, values, strict=True))):
            loss[values] = {n: log_loss(bench, n, fitted(bench.markers(n))[1]) for n in bench.names}
    calls: dict[str, list[Call]] = {}
    for left in bench.names:
        others = [n for n in bench.names if n != left]
        chain = min(loss, key=lambda v: sum(loss[v][n] for n in others))
        with constants(dict(zip(GRID, chain, strict=True))):
            seen = {n: fitted(bench.markers(n)) for n in bench.names}
            wrong = {}
            for values in itertools.product(*ENDS.values()):
                with constants(dict(zip(ENDS, values, strict=True))):
                    wrong[values] = sum(wrong_bp(bench, n, found) for n, found in runs_of(seen, others).items())
            ends = min(wrong, key=wrong.__getitem__)
            with constants(dict(zip(ENDS, ends, strict=True))):
                calls |= runs_of(seen, [left])
        print(f"  without {left:<14} {dict(zip((k for _, k in (*GRID, *ENDS)), (*chain, *ends), strict=True))}")
    row("each person left out", bench.score(calls))


def fields(bench: Bench) -> None:
    def without(*names: str) -> Callable[[Markers], Markers]:
        def change(m: Markers) -> Markers:
            empty = {"depth": np.full(len(m.pos), -1), "quality": np.full(len(m.pos), -1)}
            empty["share"] = np.full(len(m.pos), np.nan)
            return replace(m, **{name: empty[name] for name in names})

        return change

    def thinned(share: float) -> Callable[[Markers], Markers]:
        draw = np.random.default_rng(6)

        def change(m: Markers) -> Markers:
            keep = draw.random(len(m.pos)) < share
            return Markers(m.pos[keep], m.het[keep], m.passed[keep], m.depth[keep], m.quality[keep], m.share[keep])

        return change

    changes = {
        "all fields": lambda m: m,
        "no GQ": without("quality"),
        "no AD": without("share"),
        "GT only": without("depth", "quality", "share"),
        "half of the sites": thinned(0.5),
        "a third of the sites": thinned(1 / 3),
        "a quarter, 5,500": thinned(0.25),
    }
    for label, change in changes.items():
        calls = {}
        for name in bench.names:
            markers = {c: change(m) for c, m in bench.markers(name).items()}
            found = autozygosity.assess(markers, bench.sex(name), Assembly.GRCH37)
            calls[name] = [(r.contig, r.start, r.end) for r in found.segments]
        row(label, bench.score(calls))


def doubt(bench: Bench) -> None:
    said, held, bp = np.zeros(10), np.zeros(10), np.zeros(10)
    for name in bench.names:
        landscape = fitted(bench.markers(name))[1]
        weight, inside = weighed(bench, name, landscape)
        box = np.minimum((landscape.posterior * 10).astype(int), 9)
        bp += np.bincount(box, weight, 10)
        said += np.bincount(box, weight * landscape.posterior, 10)
        held += np.bincount(box, weight * inside, 10)
    for i in range(10):
        print(f"  posterior {i / 10:.1f}-{(i + 1) / 10:.1f}: {bp[i] / 1e6:8.0f} Mb, mean {said[i] / bp[i]:.2f}, "
              f"autozygous {held[i] / bp[i]:.2f}")  # fmt: skip
    within = 0
    for sample in bench.samples:
        found = autozygosity.assess(bench.markers(sample["id"]), None, Assembly.GRCH37)
        low, high = found.f_roh_interval or (1.0, 0.0)
        within += low <= sample["true_F"] <= high
        print(f"  {sample['id']:<16} F_ROH {found.f_roh} [{low}, {high}], truth {sample['true_F']}, {found.pattern}")
    print(f"  truth within the interval: {within} of {len(bench.samples)}")


PARTS: dict[str, Callable[[Bench], None]] = {
    "table": table,
    "curve": curve,
    "one_out": one_out,
    "fields": fields,
    "doubt": doubt,
    "bootstrap": bootstrap,
}

# --------------------------------------------------------------------------- means

Fitted = tuple[roh_evidence.Sites, Landscape]


@contextmanager
def constants(values: Mapping[tuple[Any, str], Any]) -> Iterator[None]:
    """Other constants for a while."""
    before = {(module, name): getattr(module, name) for module, name in values}
    for (module, name), value in values.items():
        setattr(module, name, value)
    try:
        yield
    finally:
        for (module, name), value in before.items():
            setattr(module, name, value)


def fitted(markers: Mapping[str, Markers]) -> Fitted:
    sites = roh_evidence.usable_sites(markers, autozygosity.AUTOSOMES)
    return sites, roh_model.fit(sites, roh_evidence.group(sites), LENGTHS)


def runs_of(seen: Mapping[str, Fitted], names: list[str] | None = None) -> dict[str, list[Call]]:
    return {
        n: [(r.contig, r.start, r.end) for r in roh_runs.runs_of(seen[n][1], seen[n][0])] for n in names or list(seen)
    }


def weighed(bench: Bench, name: str, landscape: Landscape) -> tuple[Any, Any]:
    """bp that each group stands for (none in neutral background), and whether it is autozygous."""
    g = landscape.groups
    gap = np.concatenate(([0], np.minimum(g.first[1:] - g.last[:-1], 1_000_000)))
    gap[np.concatenate(([True], np.diff(g.contig) != 0))] = 0
    weight = (gap + np.append(gap[1:], 0)) / 2
    middle = (g.first + g.last) / 2
    inside, neutral = (np.zeros(len(g), bool) for _ in range(2))
    for kind, flags in (("", inside), (".background", neutral)):
        for contig, pieces in bench.truth(name, kind).items():
            if contig in g.contigs:
                for start, end in pieces:
                    flags |= (g.contig == g.contigs.index(contig)) & (middle > start) & (middle <= end)
    return weight * ~(neutral & ~inside), inside


def log_loss(bench: Bench, name: str, landscape: Landscape) -> float:
    weight, inside = weighed(bench, name, landscape)
    p = np.clip(landscape.posterior, 1e-4, 1 - 1e-4)
    return float(-(weight * np.log(np.where(inside, p, 1 - p))).sum())


def wrong_bp(bench: Bench, name: str, calls: Calls | list[Call]) -> int:
    """Autozygous bp missed and other bp called, in runs of 1 Mb and more; neutral background apart."""
    wrong = 0
    for contig in autozygosity.AUTOSOMES:
        true = [p for p in bench.truth(name).get(contig, []) if p[1] - p[0] >= 1_000_000]
        called = [(s, e) for c, s, e in calls if c == contig and e - s >= 1_000_000]
        neutral = bench.truth(name, ".background").get(contig, []) + bench.truth(name).get(contig, [])
        missed = bench.scorer.subtract(true, bench.scorer.merge(called))
        extra = bench.scorer.subtract(called, bench.scorer.merge(neutral))
        wrong += sum(e - s for s, e in missed) + sum(e - s for s, e in extra)
    return wrong


if __name__ == "__main__":
    main()
