"""Runs of homozygosity against exact truth: varmio, the prototype and bcftools roh.

    python -m benchmarks.roh.quality [FOLDER]

FOLDER: the set of simulated exomes (samples.json, single/, truth/, score.py); default ../shared/roh-bench.
Prints the figures of its score.py for each caller, the trade-off over the least LOD, the figures with each person
left out of the choice of constants, and how the callers differ over persons drawn with replacement.
"""

from __future__ import annotations

import importlib.util
import itertools
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

from benchmarks.roh import prototype
from varmio.assembly import CONTIG_LENGTHS
from varmio.interpret import autozygosity
from varmio.model import Assembly, Markers
from varmio.readers import vcf

FOLDER = Path(__file__).parents[3] / "shared" / "roh-bench"
LENGTHS = CONTIG_LENGTHS[Assembly.GRCH37]
DRAWS = 2000
# what could have been chosen; the shipped values first
GRID: dict[str, tuple[Any, ...]] = {
    "CLUSTER_GAP_BP": (50_000, 30_000, 40_000, 70_000),
    "RUN_END_PER_BP": (1e-7, 5e-8, 7e-8),
    "MIN_LOD": (3.5, 2.5, 3.0, 4.0),
}
ERRORS = ((0.02, 0.07, 0.45), (0.01, 0.04, 0.3), (0.03, 0.1, 0.6))
Calls = dict[str, list[tuple[str, int, int]]]


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    score = _module(folder / "score.py")
    people = [s["id"] for s in json.loads((folder / "samples.json").read_text())]
    markers = {
        name: vcf.scan_samples(folder / "single" / f"{name}.vcf.gz", [None], {}, {}, markers=True)[0].markers
        for name in people
    }
    calls = {
        "varmio": {n: ours(m) for n, m in markers.items()},
        "prototype": {n: [s[:3] for s in prototype.segments(m)] for n, m in markers.items()},
        "bcftools roh -G30 --AF-dflt 0.4": {n: bcftools(folder / "single" / f"{n}.vcf.gz") for n in people},
    }
    for name, found in calls.items():
        print(f"{name}: {_shown(whole(score, folder, found))}")
    rows = {name: {n: _of_person(score, folder, n, found[n]) for n in people} for name, found in calls.items()}
    _print_trade_off(score, folder, markers)
    _print_left_out(score, folder, markers)
    _print_draws(rows, people)


def ours(markers: Mapping[str, Markers], **constants: Any) -> list[tuple[str, int, int]]:
    with mock.patch.multiple(autozygosity, **{"MIN_LOD": autozygosity.MIN_LOD, **constants}):
        found = autozygosity.assess(markers, None, LENGTHS).found
    return [(r.contig, r.start, r.end) for r in found.segments]


def bcftools(path: Path) -> list[tuple[str, int, int]]:
    code = "import sys, pysam.bcftools as b; sys.stdout.write(b.roh('-G30', '--AF-dflt', '0.4', '-Or', sys.argv[1]))"
    said = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True).stdout
    rows = (line.split("\t") for line in said.splitlines() if line.startswith("RG"))
    return [(r[2].removeprefix("chr"), int(r[3]) - 1, int(r[4])) for r in rows]


# --------------------------------------------------------------------------- figures


def whole(score: ModuleType, folder: Path, calls: Calls) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as made:
        for name, found in calls.items():
            text = "".join(f"{c}\t{s}\t{e}\n" for c, s, e in found)
            (Path(made) / f"{name}.bed").write_text(text)
        return score.score(Path(made), folder)


def _of_person(
    score: ModuleType, folder: Path, name: str, found: list[tuple[str, int, int]]
) -> tuple[int, int, int, int]:
    """(true bp, true bp found, called bp, called bp that are true) of segments of at least 1 Mb."""
    truth = score.read_bed(folder / "truth" / f"{name}.bed")
    neutral = score.read_bed(folder / "truth" / f"{name}.background.bed")
    by: dict[str, list[tuple[int, int]]] = {}
    for contig, start, end in found:
        by.setdefault(contig, []).append((start, end))
    row = [0, 0, 0, 0]
    for contig in map(str, range(1, 23)):
        true, called = truth.get(contig, []), score.merge(by.get(contig, []))
        holes = score.subtract(neutral.get(contig, []), true)
        for segment in (s for s in true if s[1] - s[0] >= 1_000_000):
            row[0] += segment[1] - segment[0]
            row[1] += score.overlap(segment, called)
        for call in (c for c in called if c[1] - c[0] >= 1_000_000):
            for piece in score.subtract([call], holes):
                row[2] += piece[1] - piece[0]
                row[3] += score.overlap(piece, true)
    return tuple(row)


def _sens_prec(rows: list[tuple[int, int, int, int]]) -> tuple[float, float]:
    true, found, called, right = (sum(column) for column in zip(*rows, strict=True))
    return (found / true if true else 1.0), (right / called if called else 1.0)


def _shown(figures: Mapping[str, float]) -> str:
    return "  ".join(f"{k}={v:.4f}" if isinstance(v, float) else f"{k}={v}" for k, v in figures.items())


def _print_trade_off(score: ModuleType, folder: Path, markers: Mapping[str, Mapping[str, Markers]]) -> None:
    print("\nleast LOD   figures")
    for lod in (2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0):
        found = {n: ours(m, MIN_LOD=lod) for n, m in markers.items()}
        print(f"{lod:>9}   {_shown(whole(score, folder, found))}")


def _print_left_out(score: ModuleType, folder: Path, markers: Mapping[str, Mapping[str, Markers]]) -> None:
    """Each person called with the constants that the others would have chosen (sensitivity + precision)."""
    tried: list[tuple[dict[str, Any], dict[str, tuple[int, int, int, int]]]] = []
    for values in itertools.product(*GRID.values(), ERRORS):
        *plain, (even, fair, skewed) = values
        chosen = dict(zip(GRID, plain, strict=True)) | {"ERROR_EVEN": even, "ERROR_FAIR": fair, "ERROR_SKEWED": skewed}
        tried.append((chosen, {n: _of_person(score, folder, n, ours(m, **chosen)) for n, m in markers.items()}))
    kept, choices = [], set()
    for name in markers:
        best = max(tried, key=lambda t: sum(_sens_prec([row for n, row in t[1].items() if n != name])))
        kept.append(best[1][name])
        choices.add(tuple(best[0].values()))
    shipped, fitted = (
        _sens_prec(list(tried[0][1].values())),
        max(tried, key=lambda t: sum(_sens_prec(list(t[1].values())))),
    )
    print(f"\n{len(tried)} sets of constants: sens, prec")
    print("as shipped                   {:.4f} {:.4f}".format(*shipped))
    print("best for all persons         {:.4f} {:.4f}".format(*_sens_prec(list(fitted[1].values()))), fitted[0])
    print("chosen without the person    {:.4f} {:.4f}".format(*_sens_prec(kept)), f"({len(choices)} different choices)")


def _print_draws(rows: Mapping[str, Mapping[str, tuple[int, int, int, int]]], people: list[str]) -> None:
    rng = random.Random(1)
    drawn = [[rng.choice(people) for _ in people] for _ in range(DRAWS)]
    print(f"\n{DRAWS} draws of persons: 95% interval of sens, prec, and of the difference to varmio")
    ours_ = [_sens_prec([rows["varmio"][n] for n in draw]) for draw in drawn]
    for name, of in rows.items():
        theirs = [_sens_prec([of[n] for n in draw]) for draw in drawn]
        said = [_interval([t[i] for t in theirs]) for i in (0, 1)]
        apart = [_interval([o[i] - t[i] for o, t in zip(ours_, theirs, strict=True)]) for i in (0, 1)]
        print(f"{name:<34} sens {said[0]} prec {said[1]}   varmio minus it: sens {apart[0]} prec {apart[1]}")


def _interval(values: list[float]) -> str:
    values = sorted(values)
    return f"{values[int(0.025 * len(values))]:+.3f}..{values[int(0.975 * len(values))]:+.3f}"


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", path)
    if spec is None or spec.loader is None:
        sys.exit(f"{path}: not found. Give the folder of the simulated exomes.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
