"""Mutated VCFs through the whole of `varmio run`, each checked as tests/one_run.py says.

    python -m benchmarks.fuzz.target --seconds 600            # two processes, the seeds of corpus.py
    python -m benchmarks.fuzz.target --one 1:4711              # make one input again and run it

Each input is drawn from (seed, number) and the corpus alone. A process that dies, or an input that takes
more than 20 s or 4 GB, is a fault like a traceback or an open book; the input is kept in --save.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks.fuzz import corpus
from benchmarks.fuzz.mutate import mutated
from tests.one_run import faults, next_options, run_once

CHUNK = 250  # inputs a process; a new one starts clean
PATIENCE = 20  # seconds; an input of some kilobytes that takes longer hangs
OWN = 0.6  # of inputs are drawn from the made-up seeds, the rest from all
OPTIONS = ((), (), (), ("--sex", "male"), ("--assembly", "GRCh38"), ("--no-clinvar",))
SOUND = ("plain.vcf", "chr.vcf")  # run beside a mutated evidence file
MEMORY = 4 << 30  # bytes of address space; a small file that needs more is a fault


def seeds(folder: Path) -> list[Path]:
    return sorted(p for p in folder.iterdir() if p.suffix not in (".tbi", ".csi"))


def write_input(folder: Path, files: list[Path], seed: int, number: int) -> tuple[Path, tuple[str, ...]]:
    """The input of that seed and number, with its index where the seed has one, and the options to run it with."""
    rng = random.Random(f"{seed} {number}")
    own = [path for path in files if not path.name.startswith("more")]
    source, other = rng.choice(own if rng.random() < OWN else files), rng.choice(files)
    if source.name.startswith("evidence"):
        evidence, path = folder / source.name, folder / "input.vcf"
        evidence.write_bytes(mutated(source.read_bytes(), other.read_bytes(), rng))
        path.write_bytes(rng.choice([p for p in own if p.name in SOUND]).read_bytes())
        return path, ("--evidence", str(evidence))
    index = next((p for p in (Path(f"{source}.tbi"), Path(f"{source}.csi")) if p.exists()), None)
    data, spare = source.read_bytes(), other.read_bytes()
    path = folder / (
        "input.bcf" if source.suffix == ".bcf" else "input.vcf.gz" if source.suffix == ".gz" else "input.vcf"
    )
    hurt_index = index is not None and rng.random() < 0.7
    path.write_bytes(data if hurt_index else mutated(data, spare, rng))
    if index is not None:
        held = index.read_bytes()
        Path(f"{path}{index.suffix}").write_bytes(mutated(held, spare, rng) if hurt_index else held)
    return path, rng.choice(OPTIONS)


def check(path: Path, first: tuple[str, ...], folder: Path) -> tuple[int, list[str]]:
    """Exit code of the last run of this input, and the promises that any of its runs broke."""
    options: tuple[str, ...] | None = first
    broken: list[str] = []
    while options is not None:
        run = run_once(path, folder, *options)
        sample = options[options.index("--sample") + 1] if "--sample" in options else None
        broken += [f"{fault} (options: {' '.join(options)})" for fault in faults(run, sample)]
        options = None if run.crash else next_options(run, options)
    return run.exit_code, broken


def child(files: list[Path], seed: int, first: int, count: int) -> None:
    """Runs the inputs; prints 'number' before and a JSON line after each."""
    faulthandler.enable()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with tempfile.TemporaryDirectory() as top:
        for number in range(first, first + count):
            place, out = Path(top) / f"in{number}", Path(top) / "out"
            place.mkdir()
            out.mkdir(exist_ok=True)
            path, options = write_input(place, files, seed, number)
            print(number, flush=True)
            faulthandler.dump_traceback_later(PATIENCE, exit=True)
            start = time.perf_counter()
            code, broken = check(path, options, out)
            faulthandler.cancel_dump_traceback_later()
            took = time.perf_counter() - start
            print(json.dumps({"code": code, "faults": broken, "took": took}), flush=True)


class Tally:
    """What all processes found."""

    def __init__(self) -> None:
        self.codes: Counter[int] = Counter()
        self.kinds: dict[str, tuple[int, str]] = {}  # the last lines of a fault -> first input, whole fault
        self.slowest = (0.0, 0)

    def read(self, told: str, status: int, error: str) -> int:
        """Adds what a process printed; returns the number of the input that ended it, or -1."""
        number = -1
        for line in told.splitlines():
            if line[0] != "{":
                number, open_ = int(line), True
                continue
            done, open_ = json.loads(line), False
            self.codes[done["code"]] += 1
            self.slowest = max(self.slowest, (done["took"], number))
            for fault in done["faults"]:
                self.add(fault, number)
        if status:
            self.codes[status] += 1
            self.add(f"the process ended with {status}: {error[-3000:]}", number)
        return number if status and open_ else -1

    def add(self, fault: str, number: int) -> None:
        lines = [line.strip() for line in fault.splitlines() if line.strip()]
        where = [line.split(", in ")[-1] for line in lines if line.startswith("File ")][-2:]
        self.kinds.setdefault(" < ".join(where) or lines[0].partition(":")[0], (number, fault))


def fuzz(folder: Path, seed: int, seconds: float, jobs: int) -> Tally:
    """Runs chunks in `jobs` processes at a time until the time is over."""
    tally, following, end = Tally(), 0, time.monotonic() + seconds
    running: list[tuple[subprocess.Popen[str], int, int]] = []
    gaps: list[tuple[int, int]] = []  # what an ended process left of its chunk
    while running or time.monotonic() < end:
        while len(running) < jobs and time.monotonic() < end:
            first, count = gaps.pop() if gaps else (following, CHUNK)
            following = max(following, first + count)
            running.append((_start(folder, seed, first, count), first, count))
        process, first, count = running.pop(0)
        told, error = process.communicate()
        died = tally.read(told, process.returncode, error)
        if 0 <= died < first + count - 1:
            gaps.append((died + 1, first + count - 1 - died))
        print(f"{sum(tally.codes.values())} inputs, {dict(tally.codes)}, {len(tally.kinds)} kinds of fault", flush=True)
    return tally


def _start(folder: Path, seed: int, first: int, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "benchmarks.fuzz.target", "--corpus", str(folder), "--child"]
    command += [str(seed), str(first), str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def main() -> int:
    parser = argparse.ArgumentParser(description="Mutated VCFs through varmio run.")
    parser.add_argument("--corpus", type=Path, help="seeds; default: made anew by corpus.py")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--save", type=Path, help="folder for one input of every kind of fault")
    parser.add_argument("--one", metavar="SEED:NUMBER", help="make this one input again, and run it")
    parser.add_argument("--child", nargs=3, type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as spare:
        folder = asked.corpus
        if folder is None:
            folder = Path(spare) / "corpus"
            corpus.make(folder, None)
        if asked.child:
            child(seeds(folder), *asked.child)
            return 0
        if asked.one:
            return _again(folder, *map(int, asked.one.split(":")), Path(spare))
        tally = fuzz(folder, asked.seed, asked.seconds, asked.jobs)
        return _report(tally, folder, asked.seed, asked.save)


def _again(folder: Path, seed: int, number: int, spare: Path) -> int:
    (spare / "out").mkdir()
    path, options = write_input(Path.cwd(), seeds(folder), seed, number)
    code, broken = check(path, options, spare / "out")
    print(f"{path} {' '.join(options)}: exit {code}", *broken, sep="\n")
    return 1 if broken else 0


def _report(tally: Tally, folder: Path, seed: int, save: Path | None) -> int:
    took, slow = tally.slowest
    print(f"{sum(tally.codes.values())} inputs; by exit code: {dict(sorted(tally.codes.items()))}; "
          f"slowest {took:.2f} s ({seed}:{slow})")  # fmt: skip
    for kind, (number, fault) in tally.kinds.items():
        print(f"\nFAULT {seed}:{number} {kind}\n{fault}")
        if save is not None:
            place = save / f"{seed}_{number}"
            place.mkdir(parents=True, exist_ok=True)
            write_input(place, seeds(folder), seed, number)
    return 1 if tally.kinds else 0


if __name__ == "__main__":
    sys.exit(main())
