"""Findings as a table for spreadsheets and scripts, and as an annotated VCF of all panel records."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from varmio.errors import cell

Data = dict[str, Any]
PanelRow = tuple[tuple[str, ...], tuple[str, ...], str | None]  # columns as written, finding ids, note

PATHS = {  # column -> where it stands in a finding of case.json
    "id": "id",
    "tier": "tier",
    "gene": "gene",
    "hgnc_id": "hgnc_id",
    "transcript": "transcript",
    "hgvs_c": "hgvs_c",
    "hgvs_p": "hgvs_p",
    "hgvs_g": "hgvs_g",
    "unnamed_reason": "unnamed_reason",
    "key": "variant.key",
    "key_GRCh37": "variant.keys.GRCh37",
    "key_GRCh38": "variant.keys.GRCh38",
    "type": "variant.type",
    "consequences": "consequences",
    "exon": "exon",
    "intron": "intron",
    "zygosity": "zygosity",
    "gt": "genotype.gt",
    "dp": "genotype.dp",
    "gq": "genotype.gq",
    "phase_set": "genotype.phase_set",
    "filters": "genotype.filters",
    "call_quality": "call_quality.state",
    "call_reasons": "call_quality.reasons",
    "class": "classification.class",
    "points": "classification.points",
    "frequency": "frequency.state",
    "max_af": "frequency.max_af",
    "population": "frequency.population",
    "homozygotes": "frequency.homozygotes",
    "frequency_source": "frequency.source",
    "frequency_date": "frequency.date",
    "clinvar_id": "clinvar.id",
    "clinvar_significance": "clinvar.significance",
    "clinvar_stars": "clinvar.stars",
    "clinvar_date": "clinvar.date",
    "roh": "roh.state",
    "reasons": "reasons",
}
COLUMNS = ("sample", "assembly", *PATHS, "ad", "criteria_met", "subtypes", "candidate_for")


def findings_tsv(case: Data) -> bytes:
    """One line a finding, columns in a fixed order, UTF-8; a missing value is an empty cell.

    Lists are joined by '; '. Tab, newline and backslash are written as \\t, \\n, \\r, \\\\; a text
    that a spreadsheet would run as a formula gets an apostrophe in front.
    """
    rows = (_row(case, finding) for finding in case["findings"])
    lines = [COLUMNS, *(tuple(_cell(row[name]) for name in COLUMNS) for row in rows)]
    return "".join("\t".join(line) + "\n" for line in lines).encode("utf-8", "backslashreplace")


def _row(case: Data, finding: Data) -> dict[str, Any]:
    depths = finding["genotype"]["ad"] or ()
    return {
        "sample": case["sample"]["id"],
        "assembly": case["assembly"]["name"],
        **{name: _at(finding, path) for name, path in PATHS.items()},
        "ad": ",".join("." if d is None else str(d) for d in depths),
        "criteria_met": [c["code"] for c in finding["classification"]["criteria"] if c["met"]],
        "subtypes": _matches(case, finding, "findings"),
        "candidate_for": _matches(case, finding, "candidates"),
    }


def _at(data: Any, path: str) -> Any:
    for key in path.split("."):
        data = (data or {}).get(key)
    return data


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return _cell("; ".join("" if v is None else str(v) for v in value))
    if not isinstance(value, str):
        return str(value)
    return cell(value.replace("\\", "\\\\"))


def _matches(case: Data, finding: Data, key: str) -> list[str]:
    return [f"{s['id']}:{s['status']}" for s in case["subtypes"] if finding["id"] in s.get(key, ())]


# --------------------------------------------------------------------------- findings.vcf

_FIXED = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT"
_INFO = {
    "VARMIO_ID": "finding, as in case.json",
    "VARMIO_GENE": "gene symbol",
    "VARMIO_HGVSC": "coding name on the MANE transcript",
    "VARMIO_HGVSP": "protein name",
    "VARMIO_CSQ": "Sequence Ontology terms, most severe first, joined by &",
    "VARMIO_CLASS": "classification",
    "VARMIO_TIER": "1 carries the answer, 2 to be read, 3 not weighed, 4 the rest",
    "VARMIO_ZYGOSITY": "zygosity",
    "VARMIO_SUBTYPE": "subtype:status, joined by &",
}
_NOTE = "VARMIO_NOTE"
_RESERVED = re.compile(r"[\x00-\x20%;=,\x7f]")  # VCF 4.3 section 1.2: percent-encoded inside INFO values


def findings_vcf(case: Data, records: Iterable[PanelRow], header: Iterable[str]) -> bytes:
    """All panel records as they were written, with what varmio found in INFO (keys VARMIO_*).

    `records`: (the eight fixed columns, FORMAT and the sample's column; ids of the findings; a note
    why there is none). `header`: the lines of the input's header. Genotypes, FILTER and the original INFO
    stay as they were; values of one key follow the order of VARMIO_ID.
    """
    by_id = {f["id"]: f for f in case["findings"]}
    lines = [(_annotated(case, by_id, ids, note, columns)) for columns, ids, note in records]
    contigs = list(dict.fromkeys(line[0] for line in lines))
    text = [*_header(case, header, contigs), *("\t".join(line) for line in lines)]
    return _bytes("".join(line + "\n" for line in text))


def _header(case: Data, lines: Iterable[str], contigs: list[str]) -> list[str]:
    ours = "##INFO=<ID=VARMIO_"
    kept = [s for s in (line.rstrip("\r\n") for line in lines) if s.startswith("##") and not s.startswith(ours)]
    version = [line for line in kept if line.startswith("##fileformat=")][:1] or ["##fileformat=VCFv4.2"]
    named = {found[1] for line in kept if (found := re.match(r"##contig=<(?:[^>]*,)?ID=([^,>]+)", line))}
    added = [f"##contig=<ID={contig}>" for contig in contigs if contig not in named]
    described = [*_INFO.items(), (_NOTE, "why the record is no finding")]
    info = [
        f'##INFO=<ID={key},Number={"1" if key == _NOTE else "."},Type=String,Description="varmio: {text}">'
        for key, text in described
    ]
    sample = _RESERVED.sub(_percent, case["sample"]["id"]) if _unsafe(case["sample"]["id"]) else case["sample"]["id"]
    body = [line for line in kept if not line.startswith("##fileformat=")]
    return [*version, *body, *added, *info, f"{_FIXED}\t{sample}"]


def _unsafe(name: str) -> bool:
    return any(c in name for c in "\t\r\n\0")


def _annotated(
    case: Data, by_id: dict[str, Data], ids: tuple[str, ...], note: str | None, columns: tuple[str, ...]
) -> tuple[str, ...]:
    found = [by_id[i] for i in ids if i in by_id]
    info = [part for part in columns[7].split(";") if part and part != "." and not part.startswith("VARMIO_")]
    if found:
        rows = [_info(case, f) for f in found]
        info += [f"{key}={','.join(_value(row[key]) for row in rows)}" for key in _INFO]
    if note:
        info.append(f"{_NOTE}={_value(note)}")
    return (*columns[:7], ";".join(info) or ".", *columns[8:])


def _info(case: Data, f: Data) -> dict[str, Any]:
    return {
        "VARMIO_ID": f["id"],
        "VARMIO_GENE": f["gene"],
        "VARMIO_HGVSC": f["hgvs_c"] and f"{f['transcript']}:{f['hgvs_c']}",
        "VARMIO_HGVSP": f["hgvs_p"],
        "VARMIO_CSQ": "&".join(f["consequences"]),
        "VARMIO_CLASS": f["classification"]["class"],
        "VARMIO_TIER": f["tier"],
        "VARMIO_ZYGOSITY": f["zygosity"],
        "VARMIO_SUBTYPE": "&".join(_matches(case, f, "findings")),
    }


def _value(value: Any) -> str:
    return _RESERVED.sub(_percent, str(value)) if value not in (None, "") else "."


def _percent(found: re.Match[str]) -> str:
    return f"%{ord(found[0]):02X}"


def _bytes(text: str) -> bytes:
    """UTF-8; bytes of the input that were none are written back as they came."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace")
