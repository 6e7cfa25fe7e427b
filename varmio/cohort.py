"""Many cases -> one table: a line a sample, and a line a file for what could not be read.

No column tells how the parents may be related.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from varmio.errors import InputError, UsageError, cell, one_line
from varmio.writers.jsonout import read_bounded, write_atomic
from varmio.writers.schema import check

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "sample", "case", "answer", "subtype", "status", "gene", "hgvs_c", "hgvs_p", "zygosity", "basis", "applies",
    "neurology", "transplant", "to_read", "partly_seen", "not_seen", "sex_stated", "sex_inferred",
    "assembly", "records", "panel", "varmio", "date", "answer_sentence", "report",
)  # fmt: skip
STATUS_COLUMNS = ("case", "sample", "state", "reason")

# statuses from firm to none; DESIGN's order of subtype.status
STATUS_ORDER = ("diagnostic", "likely", "possible", "one_allele", "excluded")
APPLIES = {"diagnostic": "patient", "likely": "if_confirmed", "possible": "if_confirmed"}


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that could not be put into the table, and why."""

    path: Path
    reason: str


def summarise(cases: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """One row a case with the columns COLUMNS, all text, sorted by sample; `case` and `report` are empty."""
    return _frame([_row(case) for case in cases])


def write(paths: Sequence[Path], out: Path) -> list[Failure]:
    """Write out/summary.tsv and out/status.tsv; return the cases that could not be read.

    The readable cases are in the table whatever happens to the others. Raises UsageError where
    the folder cannot be written.
    """
    rows, status, failures = [], [], []
    for path in sorted(set(paths)):
        shown = _relative(path, out)
        try:
            case = read_case(path)
        except InputError as error:
            failures.append(Failure(path, str(error)))
            status.append((shown, "", "input unusable", str(error)))
            continue
        report = path.with_name("report.html")
        links = {"case": shown, "report": _relative(report, out) if report.is_file() else ""}
        rows.append(_row(case) | {key: cell(text.strip()) for key, text in links.items()})
        status.append((shown, case["sample"]["id"], "ok", ""))
    _make_folder(out)
    write_atomic(out / "summary.tsv", _tsv(_frame(rows)))
    lines = [STATUS_COLUMNS, *(tuple(cell(text.strip()) for text in line) for line in status)]
    write_atomic(out / "status.tsv", "".join("\t".join(line) + "\n" for line in lines).encode())
    return failures


def read_case(path: Path) -> dict[str, Any]:
    """The case of a case.json; raises InputError that says what is wrong with it, without its path."""
    try:
        return check(json.loads(read_bounded(path)))
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror}). Run varmio run for this sample.") from error
    except (ValueError, RecursionError) as error:
        reason = one_line(str(error))[:80]
        raise InputError(f"not JSON ({reason}). Run varmio run again for this sample.") from error


def _frame(rows: list[dict[str, str]]) -> pd.DataFrame:
    import pandas as pd

    ordered = sorted(rows, key=lambda row: (row["sample"], row["case"], row["answer"]))
    return pd.DataFrame(ordered, columns=list(COLUMNS), dtype=str)


def _tsv(table: pd.DataFrame) -> bytes:
    lines = ["\t".join(COLUMNS), *("\t".join(row) for row in table.itertuples(index=False, name=None))]
    return ("\n".join(lines) + "\n").encode()


def _row(case: dict[str, Any]) -> dict[str, str]:
    leading = _leading(case["subtypes"])
    findings = {finding["id"]: finding for finding in case["findings"]}
    named = [findings[i] for i in dict.fromkeys(i for s in leading for i in s["findings"]) if i in findings]
    weighty = [match for match in leading if match["status"] in APPLIES]
    panel = case["provenance"]["panel"]
    verdicts = [(gene["symbol"], gene["verdict"]) for gene in case["genes"]]
    texts = {
        "sample": case["sample"]["id"],
        "case": "",
        "answer": case["answer"]["code"],
        "subtype": _joined(match["id"] for match in leading),
        "status": _joined(_status_of(match, leading) for match in leading),
        "gene": _joined(match["gene"] for match in leading),
        "hgvs_c": _joined((f["hgvs_c"] or f["variant"]["key"] for f in named), unique=False),
        "hgvs_p": _joined((f["hgvs_p"] or "" for f in named), unique=False),
        "zygosity": _joined((f["zygosity"] for f in named), unique=False),
        "basis": _joined(match["basis"] for match in leading),
        "applies": _joined(APPLIES[match["status"]] for match in weighty),
        "neurology": _joined(_class_of(match, "neurology", len(weighty)) for match in weighty),
        "transplant": _joined(_class_of(match, "transplant", len(weighty)) for match in weighty),
        "to_read": _joined(f["id"] for f in case["findings"] if f["tier"] == 2),
        "partly_seen": _joined(symbol for symbol, verdict in verdicts if verdict == "partly_seen"),
        "not_seen": _joined(symbol for symbol, verdict in verdicts if verdict == "could_not_look"),
        "sex_stated": case["sample"]["sex"]["stated"] or "",
        "sex_inferred": case["sample"]["sex"]["inferred"] or "",
        "assembly": case["assembly"]["name"],
        "records": str(case["callset"]["records"]),
        "panel": f"{panel.get('name', '')} {panel.get('version', '')}",
        "varmio": case["provenance"]["varmio"],
        "date": case["provenance"]["date"],
        "answer_sentence": case["answer"]["sentence"],
        "report": "",
    }
    return {column: cell(texts[column].strip()) for column in COLUMNS}


def _leading(matches: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every match with a verdict, so that no second gene is hidden; else those that share the firmest status.

    A status this version does not know comes last.
    """
    spoken_of = [match for match in matches if match["status"] in APPLIES]
    if spoken_of:
        return spoken_of
    ranks = [_rank(match["status"]) for match in matches]
    return [match for match, rank in zip(matches, ranks, strict=True) if rank == min(ranks)]


def _rank(status: str) -> int:
    return STATUS_ORDER.index(status) if status in STATUS_ORDER else len(STATUS_ORDER)


def _status_of(match: dict[str, Any], leading: list[dict[str, Any]]) -> str:
    """The status; where they differ, with the subtype it belongs to."""
    status: str = match["status"]
    return f"{match['id']}: {status}" if len({m["status"] for m in leading}) > 1 else status


def _class_of(match: dict[str, Any], topic: str, matches: int) -> str:
    """The class; where several matches stand side by side, with the gene it belongs to."""
    value: str = match[topic]["class"]
    return f"{match['gene']}: {value}" if matches > 1 else value


def _joined(texts: Any, unique: bool = True) -> str:
    items = list(dict.fromkeys(texts)) if unique else list(texts)
    return "; ".join(items)


def _relative(path: Path, out: Path) -> str:
    return Path(os.path.relpath(path, out)).as_posix()


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{one_line(str(out))}: not a folder that can be made ({error.strerror}). Choose another -o."
        ) from error
