"""The development set, the shared score, and the callers as functions from a sample to its runs."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.roh import prototype
from benchmarks.roh.load import markers_of
from varmio.assembly import CONTIG_LENGTHS
from varmio.interpret import autozygosity
from varmio.interpret.roh_runs import seen_bp
from varmio.model import Assembly, Markers, Sex

Call = tuple[str, int, int]  # contig, start, end; 0-based half-open
Calls = Mapping[str, Sequence[Call]]  # sample -> runs
LENGTHS = CONTIG_LENGTHS[Assembly.GRCH37]
ROH = """
import sys, pysam.bcftools
print(pysam.bcftools.roh("-G30", "--AF-dflt", "0.4", "-Or", sys.argv[1]), end="")
"""


class Bench:
    """The folder roh-bench: samples.json, single/, truth/, score.py."""

    def __init__(self, folder: Path) -> None:
        if not (folder / "samples.json").is_file():
            raise SystemExit(f"{folder}: no samples.json there; give the folder of the development set.")
        self.folder = folder
        self.samples: list[dict[str, Any]] = json.loads((folder / "samples.json").read_text())
        self.names = [s["id"] for s in self.samples]
        self.scorer = _module(folder / "score.py")

    @cache  # noqa: B019 - one bench a process
    def markers(self, name: str) -> dict[str, Markers]:
        return markers_of(self.vcf(name))

    def vcf(self, name: str) -> Path:
        return self.folder / "single" / f"{name}.vcf.gz"

    def sex(self, name: str) -> Sex:
        return Sex.MALE if self.samples[self.names.index(name)]["sex"] == "M" else Sex.FEMALE

    def truth(self, name: str, kind: str = "") -> dict[str, list[tuple[int, int]]]:
        found: dict[str, list[tuple[int, int]]] = self.scorer.read_bed(self.folder / "truth" / f"{name}{kind}.bed")
        return found

    def score(self, calls: Calls, people: Iterable[str] | None = None) -> dict[str, float]:
        """Figures of score.py; `people` may name one several times, for a bootstrap."""
        row = dict(zip(self.names, self.samples, strict=True))
        with tempfile.TemporaryDirectory() as folder:
            here = Path(folder)
            for name, runs in calls.items():
                (here / f"{name}.bed").write_text("".join(f"{c}\t{s}\t{e}\n" for c, s, e in runs))
            (here / "samples.json").write_text(json.dumps([row[p] for p in people or self.names]))
            (here / "truth").symlink_to(self.folder / "truth")
            figures: dict[str, float] = self.scorer.score(here, here)
        return figures

    def call_all(self, caller: Callable[[Bench, str], list[Call]]) -> Calls:
        return {name: caller(self, name) for name in self.names}


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("roh_score", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path}: cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# --------------------------------------------------------------------------- callers


def varmio(bench: Bench, name: str) -> list[Call]:
    found = autozygosity.assess(bench.markers(name), bench.sex(name), Assembly.GRCH37)
    return [(run.contig, run.start, run.end) for run in found.segments]


def without_short_arms(bench: Bench, name: str) -> list[Call]:
    """varmio's runs, each acrocentric short arm cut off: what the assembled sequence shows."""
    found = autozygosity.assess(bench.markers(name), bench.sex(name), Assembly.GRCH37)
    return [(run.contig, run.end - seen_bp(run), run.end) for run in found.segments]


def the_prototype(bench: Bench, name: str) -> list[Call]:
    return prototype.call(bench.markers(name))


def bcftools(bench: Bench, name: str) -> list[Call]:
    """bcftools roh -G30 --AF-dflt 0.4, in a process of its own: it keeps state between calls."""
    done = subprocess.run([sys.executable, "-c", ROH, str(bench.vcf(name))], capture_output=True, text=True, check=True)
    rows = (line.split("\t") for line in done.stdout.splitlines() if line.startswith("RG"))
    return [(r[2].removeprefix("chr"), int(r[3]) - 1, int(r[4])) for r in rows if r[2].removeprefix("chr").isdigit()]


CALLERS: dict[str, Callable[[Bench, str], list[Call]]] = {
    "varmio": varmio,
    "varmio, no short arms": without_short_arms,
    "prototype": the_prototype,
    "bcftools roh": bcftools,
}
