"""What does varmio say of every VCF in a folder? python -m benchmarks.real_files FOLDER [--runs N] [-o TABLE.md]

One row a sample (the first three of each file): records, time as a ratio to bcftools query, assembly and its
basis, kind of file, sex, findings of tier 1 to 4, subtype matches, unreadable lines with their reasons, exit
code. A file whose assembly is undecided is run again with --assembly, and the row says so.

Time is CPU inside the command, median of interleaved runs in one process that has all modules loaded, over
`bcftools query -f '%POS[ %GT]\\n' -s SAMPLE` on the same file.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

RUNS = 3  # an odd number, for the median
SAMPLES = 3  # of a file
ROOT = Path(__file__).parents[1]
TITLES = ("file", "sample", "records", "x bcftools", "assembly (basis)", "kind", "sex", "tiers 1/2/3/4", "matches",
          "unreadable", "exit")  # fmt: skip

CHILD = """
import importlib, json, pkgutil, shutil, sys, time
from pathlib import Path
import jinja2, jsonschema, pysam.bcftools, yaml
from click.testing import CliRunner
import varmio
for module in pkgutil.walk_packages(varmio.__path__, "varmio."):
    importlib.import_module(module.name)
from varmio.cli import main
path, sample, folder, runs, *options = sys.argv[1:]
out, query = Path(folder) / "out", str(Path(folder) / "query.txt")
ours, theirs = [], []
for _ in range(int(runs)):
    shutil.rmtree(out, ignore_errors=True)
    start = time.process_time()
    done = CliRunner().invoke(main, ["run", path, "-o", str(out), "--sample", sample, *options])
    ours.append(time.process_time() - start)
    start = time.process_time()
    pysam.bcftools.query("-f", "%POS[ %GT]\\n", "-s", sample, "-o", query, path, catch_stdout=False)
    theirs.append(time.process_time() - start)
case = json.loads((out / "case.json").read_bytes()) if (out / "case.json").exists() else None
print(json.dumps({"code": done.exit_code, "error": done.stderr, "ours": ours, "theirs": theirs, "case": case}))
"""


def samples_of(path: Path) -> list[str]:
    """The first sample names of the file; [] where it holds no #CHROM line."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", errors="replace") as lines:
        titles = next((line for line in lines if line.startswith("#CHROM")), "")
    return titles.rstrip("\r\n").split("\t")[9 : 9 + SAMPLES]


def measure(path: Path, sample: str, runs: int, *options: str) -> dict[str, Any]:
    """What one sample's runs said and took; code -n where signal n ended the process."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", CHILD, str(path), sample, folder, str(runs), *options]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        return {"code": done.returncode, "error": done.stderr[-200:], "case": None, "ours": [0], "theirs": [1]}
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def row(name: str, sample: str, told: dict[str, Any]) -> tuple[str, ...]:
    """The cells of one sample."""
    ratio = f"{statistics.median(told['ours']) / statistics.median(told['theirs']):.1f}"
    case = told["case"]
    if case is None:
        said = re.sub(r"^varmio: \S+?: ", "", told["error"].strip())
        return name, sample, "", ratio, "", "", "", "", "", "", f"{told['code']}: {said}"
    tiers = Counter(f["tier"] for f in case["findings"])
    book, sex = case["provenance"]["accounting"], case["sample"]["sex"]
    reasons = Counter(line["reason"] for line in book.get("unreadable_lines") or ())
    return (
        name, sample, str(book["records_in"]), ratio,
        f"{case['assembly']['name']} ({case['assembly']['basis']})",
        case["callset"]["kind"], str(sex["inferred"] or "not told"),
        "/".join(str(tiers[n]) for n in (1, 2, 3, 4)),
        ", ".join(f"{m['id']} {m['status']}" for m in case["subtypes"]) or "none",
        "; ".join([str(book["unreadable"]), *(f"{reason} ({n})" for reason, n in reasons.most_common())]),
        str(told["code"]),
    )  # fmt: skip


def rows_of(path: Path, name: str, runs: int) -> list[tuple[str, ...]]:
    """The rows of a file: each sample, and again with --assembly where that is asked for."""
    rows = []
    for sample in samples_of(path):
        told = measure(path, sample, runs)
        rows.append(row(name, sample, told))
        if told["code"] == 3 and "pass --assembly" in told["error"].lower():
            rows.append(row(f"{name} --assembly GRCh37", sample, measure(path, sample, runs, "--assembly", "GRCh37")))
    return rows


def markdown(rows: list[tuple[str, ...]]) -> str:
    """The rows as a table."""
    cells = [TITLES, tuple("---" for _ in TITLES), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in cells)


def main() -> None:
    parser = argparse.ArgumentParser(description="A table of what varmio says of every VCF in a folder.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("-o", "--out", type=Path, help="also write the table here")
    options = parser.parse_args()
    found = (p for p in sorted(options.folder.rglob("*")) if re.search(r"\.(vcf|bcf)(\.b?gz)?$", p.name))
    rows = [r for p in found for r in rows_of(p, p.relative_to(options.folder).as_posix(), options.runs)]
    table = markdown(rows)
    print(table, end="")
    if options.out:
        options.out.write_text(table, encoding="utf-8")


if __name__ == "__main__":
    main()
