"""One `varmio run` in this process, and what must hold of it whatever the file was.

The file is read here a second time, line by line and without any room of varmio: what a run reports
must stand in those lines.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
import traceback
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from click.testing import CliRunner

from varmio.cli import main

EXIT_CODES = (0, 2, 3, 4)  # of `varmio run`; 1 is a bug
FINDINGS_VCF_KEY = re.compile(r"(?:^|;)VARMIO_ID=([^;]*)")


@dataclass(frozen=True)
class Run:
    """What a run left: its exit code, what it said, and the files of OUT."""

    path: Path
    exit_code: int
    said: str
    error: str
    crash: str  # traceback, '' where there is none
    case: dict[str, Any]  # {} where nothing was written
    rows: tuple[tuple[str, ...], ...]  # records of findings.vcf
    left: tuple[str, ...]  # names beside OUT that a run may not leave, or OUT itself after a failure


def run_once(path: Path, folder: Path, *options: str) -> Run:
    """`varmio run PATH -o FOLDER/out`; the folder must be empty, and is emptied again."""
    out = folder / "out"
    result = CliRunner().invoke(main, ["run", str(path), "-o", str(out), "--date", "2026-11-26", *options])
    crash = ""
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        crash = "".join(traceback.format_exception(result.exception))
    case, rows = _written(out)
    left = tuple(p.name for p in folder.iterdir() if p != out or result.exit_code)
    shutil.rmtree(out, ignore_errors=True)
    return Run(path, result.exit_code, result.stdout, result.stderr, crash, case, rows, left)


def _written(out: Path) -> tuple[dict[str, Any], tuple[tuple[str, ...], ...]]:
    if not (out / "case.json").exists():
        return {}, ()
    text = (out / "findings.vcf").read_bytes().decode("utf-8", "surrogateescape")
    rows = tuple(tuple(line.split("\t")) for line in text.split("\n") if line and not line.startswith("#"))
    return json.loads((out / "case.json").read_bytes()), rows


def next_options(run: Run, options: tuple[str, ...]) -> tuple[str, ...] | None:
    """What the message of a failed run asks for (a sample, an assembly), or None where it asks for neither."""
    sample = re.search(r"--sample: (.+?)(?:, |\.\n| and \d+ more\.)", run.error)
    if run.exit_code == 2 and sample and "--sample" not in options:
        return (*options, "--sample", sample[1])
    if run.exit_code == 3 and "--assembly" in run.error and "--assembly" not in options:
        return (*options, "--assembly", "GRCh37")
    return None


def faults(run: Run, sample: str | None = None) -> list[str]:
    """Promises that this run broke, in words; `sample`: whose column was read, the only one by default."""
    if run.crash:
        return [f"a traceback:\n{run.crash}"]
    if run.exit_code not in EXIT_CODES:
        return [f"exit code {run.exit_code}"]
    found = [f"left behind: {', '.join(run.left)}"] if run.left else []
    if run.exit_code:
        return found + _faults_of_message(run)
    found += _faults_of_books(run)
    lines = text_lines(run.path)
    return found + (_faults_of_rows(run, lines, sample) if lines is not None else [])


def _faults_of_message(run: Run) -> list[str]:
    line = run.error.removesuffix("\n")
    found = [] if not run.said else ["a failed run wrote to stdout"]
    if not line.startswith("varmio: ") or not line.isprintable():
        found.append(f"not one line of stderr: {run.error!r}")
    if "\n" in line or len(line) > 600 + len(str(run.path)):
        found.append(f"the line is too long: {line[:200]!r}")
    return found


def _faults_of_books(run: Run) -> list[str]:
    found = []
    if run.error:
        found.append(f"a good run wrote to stderr: {run.error!r}")
    if len(run.said.splitlines()) != 6:
        found.append(f"not six lines: {run.said!r}")
    book = run.case["provenance"]["accounting"]
    if book["records_in"] != book["reported"] + sum(book["filtered"].values()) + book["unreadable"]:
        found.append(f"the books do not close: {book}")
    kept = book["records_in"] - book["unreadable"] - book["filtered"].get("off_panel", 0)
    if len(run.rows) != kept:
        found.append(f"findings.vcf holds {len(run.rows)} records, the books say {kept}")
    return found


# --------------------------------------------------------------------------- the file, read again


def text_lines(path: Path) -> list[str] | None:
    """The lines of a text, gzip or BGZF file; None where it is BCF or cannot be unpacked."""
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error):
            return None
    if data[:3] == b"BCF":
        return None
    text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    return [line.removesuffix("\r") for line in text.split("\n")]


def gt_alleles(text: str) -> tuple[int | None, ...] | None:
    """Allele numbers of a GT text, in its order; None where it is no genotype.

    >>> gt_alleles("0|1"), gt_alleles("./1"), gt_alleles("/1"), gt_alleles("A")
    ((0, 1), (None, 1), (1,), None)
    """
    body = text[1:] if text[:1] in ("/", "|") else text
    parts = re.split(r"[/|]", body)
    if not all(part == "." or (part.isascii() and part.isdigit()) for part in parts):
        return None
    return tuple(None if part == "." else int(part) for part in parts)


def _faults_of_rows(run: Run, lines: list[str], sample: str | None) -> list[str]:
    """Is every record of findings.vcf one of the file, unchanged, and every finding one of its genotypes?"""
    titles = next(line for line in lines if line.startswith("#CHROM")).split("\t")
    if sample is not None and sample not in titles[9:]:
        return []  # a name that is no UTF-8: asked for as it is shown
    column = titles.index(sample, 9) if sample is not None else 9
    body = [line for line in lines if line and not line.startswith("#")]
    found = []
    records = sum(1 for line in lines[lines.index("\t".join(titles)) + 1 :] if line)
    if run.case["provenance"]["accounting"]["records_in"] != records:
        found.append(f"{records} lines, but records_in is {run.case['provenance']['accounting']['records_in']}")
    split = (line.split("\t") for line in body)
    written = Counter((*row[:5], *row[8:9], row[column]) for row in split if len(row) == len(titles))
    for row in run.rows:
        key = (*row[:5], *row[8:])
        if not written[key]:
            escaped = any(rewritten(known) == key for known in written)
            what = "holds an escape for a byte that is no UTF-8" if escaped else "has a record that is not the file's"
            found.append(f"findings.vcf {what}: {key}")
        written[key] -= 1
    return found + _faults_of_findings(run)


def rewritten(columns: tuple[str, ...]) -> tuple[str, ...]:
    """The columns with every byte that is no UTF-8 as an escape of four letters."""
    return tuple(c.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace") for c in columns)


def _faults_of_findings(run: Run) -> list[str]:
    sources: dict[str, list[tuple[str, ...]]] = {}
    for row in run.rows:
        named = FINDINGS_VCF_KEY.search(row[7])
        for name in named[1].split(",") if named else ():
            sources.setdefault(unquote(name), []).append(row)
    found = []
    by_id = {f["id"]: f for f in run.case["findings"]}
    for finding in run.case["findings"]:
        rows = sources.get(finding["id"], [])
        if finding.get("combined_from"):
            parts = [by_id.get(part) for part in finding["combined_from"]]
            if len(parts) < 2 or None in parts or not rows:
                found.append(f"the parts of {finding['id']} are not there: {finding['combined_from']}")
            continue
        # of several records with one allele the first is named, and the most cautious one is kept
        if not rows or not any(_carries(row, finding) for row in (*rows, *run.rows)):
            found.append(f"no genotype of the file carries {finding['id']}: {finding['variant']} {rows}")
    return found


def _carries(row: tuple[str, ...], finding: dict[str, Any]) -> bool:
    """Does this record's genotype hold the finding's allele, with as many copies as its zygosity says?"""
    layout, values = row[8].split(":"), row[9].split(":")
    gt = values[layout.index("GT")] if "GT" in layout[: len(values)] else ""
    alleles = gt_alleles(gt)
    if finding["variant"]["type"] == "structural":
        alts = row[4].split(",")
        return any(a and alts[a - 1].startswith(finding["variant"]["alt"][:4]) for a in alleles)
    variant = finding["variant"]
    if alleles is None or finding["genotype"]["gt"] != gt:
        return False
    for number, alt in enumerate(row[4].split(","), 1):
        copies = alleles.count(number)
        same = same_change(int(row[1]), row[3], alt, variant["pos"], variant["ref"], variant["alt"])
        if copies and same:
            whole = copies == len(alleles)
            return whole or finding["zygosity"] not in ("homozygous", "hemizygous")
    return False


def same_change(pos: int, ref: str, alt: str, other_pos: int, other_ref: str, other_alt: str) -> bool:
    """One substitution at one place; an indel may have moved, but holds the same bases.

    >>> same_change(5, "AT", "AG", 6, "T", "G"), same_change(5, "CAA", "CA", 5, "CA", "C")
    (True, True)
    """
    ref, alt = ref.upper(), alt.upper()
    if len(ref) != len(alt):
        mine, theirs = Counter(ref), Counter(other_ref)
        mine.subtract(alt)
        theirs.subtract(other_alt)
        return {k: v for k, v in mine.items() if v} == {k: v for k, v in theirs.items() if v}
    while len(ref) > 1 and ref[-1] == alt[-1]:
        ref, alt = ref[:-1], alt[:-1]
    while len(ref) > 1 and ref[0] == alt[0]:
        pos, ref, alt = pos + 1, ref[1:], alt[1:]
    return (pos, ref, alt) == (other_pos, other_ref, other_alt)
