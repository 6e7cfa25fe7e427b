"""Who, what, how: the facts beside and below the page, from case.json alone, and its references."""

from __future__ import annotations

import re
from typing import Any, NamedTuple
from urllib.parse import quote

from varmio import phrases
from varmio.phrases import count, words
from varmio.writers.signs import age_words
from varmio.writers.verdicts import Data, Line, leading, recurrence_line, title

GENERAL_TOPICS = ("genotype_phenotype", "radiology")
TRANSPLANT_TOPICS = ("transplant", "age_window", "before_transplant", "alternatives", "outcome")
PLACED = (
    *TRANSPLANT_TOPICS,
    "neurology",
    "alert",
    "haematology",
    "immunology",
    "missed_by_exome",
    "inheritance",
    "differential",
)


class Fact(NamedTuple):
    label: str
    text: str
    code: bool = False


def flat(item: Data) -> str:
    """A small dict of any shape in words: 'key value, key value'; empty values are left out."""
    return ", ".join(f"{key} {_any(value)}" for key, value in item.items() if value not in (None, "", [], {}))


def report_facts(case: Data) -> list[Fact]:
    """Who and what: sample, input, assembly and how known, sex, versions with the age of the evidence."""
    provenance, sex = case["provenance"], case["sample"]["sex"]
    inputs = [
        f"{i.get('name', '?')}"
        + (f", {i['records']:,} records" if isinstance(i.get("records"), int) else "")
        + (f" ({i['use']})" if i.get("use") else "")
        for i in provenance["inputs"]
    ]
    known = [f"{how} {sex[how]}" for how in ("stated", "inferred") if sex[how]]
    panel = provenance["panel"]
    ages = [_resource(r, provenance["date"]) for r in provenance["resources"]]
    facts = [
        Fact("Input", "; ".join(inputs) or "not recorded"),
        Fact(
            "Assembly",
            f"{case['assembly']['name']}, {words(phrases.BASIS_OF_ASSEMBLY, case['assembly']['basis'])}",
        ),
        Fact("Sex", ", ".join(known) or "not known"),
        Fact("Panel", f"{panel.get('name', '?')} {panel.get('version', '')}".strip()),
        Fact("Evidence", "; ".join(filter(None, ages)) or "none dated"),
        Fact("Tool", f"varmio {provenance['varmio']}"),
    ]
    if case["sample"].get("age_days") is not None:
        facts.insert(3, Fact("Age", age_words(case["sample"]["age_days"])))
    if case["callset"].get("mean_depth") is not None:
        facts.append(Fact("Depth", f"mean {case['callset']['mean_depth']:g}"))
    return facts


def _resource(resource: Data, today: str) -> str | None:
    """Name, release and age of dated evidence; None for a resource without a date."""
    age = _months(str(resource.get("date") or ""), today)
    if age is None:
        return None
    name = str(resource.get("name", "?")).split(".")[0]
    release = str(resource.get("release") or "")
    shown = name if release[:7] in name else f"{name} ({release})"
    return f"{shown}, {count(age, 'month')} old"


def _months(then: str, today: str) -> int | None:
    dates = [re.match(r"(\d{4})-(\d{2})", text) for text in (then, today)]
    if dates[0] is None or dates[1] is None:
        return None
    first, last = (int(d[1]) * 12 + int(d[2]) for d in dates if d)
    return last - first if last >= first else None


def method_facts(case: Data) -> list[Fact]:
    """Everything of `methods` besides the constants, the call set, and where the records went."""
    done = case["provenance"]["accounting"]
    facts = [
        Fact(key.replace("_", " ").capitalize(), _any(v)) for key, v in case["methods"].items() if key != "constants"
    ]
    calls = case["callset"]
    kind = f"kind {calls['kind'].replace('_', ' ')}"
    ratios = [
        f"{label} {calls[key]:.2f}"
        for key, label in (("het_hom", "het:hom"), ("ti_tv", "ti:tv"))
        if calls[key] is not None
    ]
    facts.append(
        Fact(
            "Call set",
            ", ".join(
                [
                    f"{calls['records']:,} records, {calls['snv']:,} SNVs, {calls['indel']:,} indels, {kind}",
                    *ratios,
                ]
            ),
        )
    )
    facts.append(Fact("Records in", f"{done['records_in']:,}"))
    facts.append(Fact("Reported", f"{done['reported']:,}"))
    facts += [Fact("Filtered", f"{n:,}: {reason.replace('_', ' ')}") for reason, n in done["filtered"].items()]
    facts.append(Fact("Unreadable", f"{done['unreadable']:,}"))
    facts += [Fact(f"Line {u.get('line', '?')}", str(u.get("reason", ""))) for u in done.get("unreadable_lines", ())]
    return facts


def provenance_facts(case: Data) -> list[Fact]:
    p = case["provenance"]
    facts = [
        Fact("Command", p["command"], True),
        Fact("Date", p["date"]),
        Fact("Case", case["case_id"], True),
    ]
    facts += [Fact(f"Input {i.get('name', '')}", str(i["sha256"]), True) for i in p["inputs"] if i.get("sha256")]
    facts += [Fact(f"Panel {key}", str(value), key == "sha256") for key, value in p["panel"].items()]
    facts += [
        Fact(str(r.get("name", "Resource")), flat({k: v for k, v in r.items() if k != "name"})) for r in p["resources"]
    ]
    facts += [Fact("Assembly", text) for text in case["assembly"]["evidence"]]
    return [*facts, Fact("Schema", case["schema_version"]), Fact("Network", "none used")]


def constants(case: Data) -> list[tuple[str, str, str, str]]:
    """Name, value, unit and source of every constant of the methods."""
    listed = case["methods"].get("constants") or []
    listed = listed if isinstance(listed, list) else [listed]
    return [
        tuple(_any(c.get(key, "")) for key in ("name", "value", "unit", "source"))  # type: ignore[misc]
        if isinstance(c, dict)
        else (_any(c), "", "", "")
        for c in listed
    ]


def _any(value: Any) -> str:
    if isinstance(value, dict):
        return flat(value)
    if isinstance(value, list):
        return "; ".join(_any(v) for v in value)
    return "" if value is None else str(value)


def cautions(case: Data) -> list[tuple[str, str, str]]:
    """(statement, kind of evidence and what was read, caution) of every statement that has a caution."""
    seen: dict[str, Data] = {}
    for s in (*case["statements"], *(x for m in case["subtypes"] for x in m["statements"])):
        seen.setdefault(s["id"], s)
    return [
        (
            s["id"],
            f"{words(phrases.EVIDENCE, s['evidence'])}, {s['strength']}, read: {s['read']}",
            s["caution"],
        )
        for s in seen.values()
        if s.get("caution")
    ]


def links(reference: Data) -> list[tuple[str, str]]:
    """(address, words) of a reference: DOI, PubMed, else its own http address; nothing else is a link."""
    found = []
    doi, pmid, url = (str(reference.get(key) or "") for key in ("doi", "pmid", "url"))
    if re.fullmatch(r"10\.\d{4,9}/[!-~]+", doi):
        found.append((f"https://doi.org/{quote(doi, safe='/:;()._-')}", f"doi:{doi}"))
    if re.fullmatch(r"[0-9]{1,9}", pmid):
        found.append((f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/", f"PMID {pmid}"))
    host = re.fullmatch(r"https?://([A-Za-z0-9.-]+)(/[!#-;=?-~]*)?", url)
    if not found and host:
        found.append((url, host[1].removeprefix("www.")))
    return found


def panel_line(panel: Data) -> str:
    return f"panel {panel.get('name', '?')} {panel.get('version', '')}".strip()


def more_topics(case: Data) -> tuple[str, ...]:
    """Topics of statements that have no section of their own on this page."""
    lead = leading(case)
    placed = PLACED if lead else (*PLACED, *GENERAL_TOPICS)
    statements = (*case["statements"], *(s for match in lead for s in match["statements"]))
    return tuple(sorted({s["topic"] for s in statements} - set(placed)))


def why(case: Data) -> list[Data]:
    """For each leading match: status, basis, inheritance and the reasons as sentences."""
    return [
        {
            "title": title(s),
            "status": words(phrases.STATUS, s["status"]).capitalize(),
            "basis": words(phrases.BASIS, s["basis"]),
            "inheritance": words(phrases.INHERITANCE, s["inheritance"]),
            "reasons": s["reasons"],
        }
        for s in leading(case)
    ]


def kind(callset: str) -> str:
    return "VCF" if callset == "unknown" else callset.replace("_", " ").capitalize()


def recurrence(case: Data) -> list[Line]:
    """What is said of the next child, without the sentences that stand there as statements too."""
    statements = (*case["statements"], *(s for match in leading(case) for s in match["statements"]))
    said = {s["text"] for s in statements if s["topic"] == "inheritance"}
    return [recurrence_line(r) for r in case["recurrence"] if r["text"] not in said]
