"""The first screen of the page, from case.json alone: which subtypes speak, and the fixed questions.

Plain dicts in, plain values out; html.py turns them into markup. Three rules hold everywhere: a verdict
word of a subtype stands only beside a match that is diagnostic, likely or possible; below diagnostic it
begins with "If confirmed"; what is known of a gene only is never said of the child.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from varmio import phrases
from varmio.phrases import words

Data = dict[str, Any]
MATCHED = ("diagnostic", "likely", "possible")  # highest first
FIRM: dict[str, int] = {"strong": 0, "moderate": 1, "weak": 2}


class Line(NamedTuple):
    """One sentence: condition in grey, text, references, a mark behind it."""

    text: str
    condition: str = ""
    references: tuple[str, ...] = ()
    mark: str = ""
    link: str = ""  # id of a section
    link_text: str = ""


class Entry(NamedTuple):
    """One verdict: shape, colour, words, and the lines that carry it."""

    icon: str
    tone: str
    verdict: str
    lines: tuple[Line, ...] = ()


class Row(NamedTuple):
    question: str
    entries: tuple[Entry, ...] = ()
    steps: tuple[str, ...] = ()
    command: str = ""


# --------------------------------------------------------------------------- which subtypes speak


def leading(case: Data) -> list[Data]:
    """The subtypes that the answer is about: those of the highest status, and with them the
    one-allele match of the same gene (one CLCN7 change speaks for two diseases)."""
    for status in (*MATCHED, "one_allele"):
        top = [s for s in case["subtypes"] if s["status"] == status]
        if top:
            genes = {s["gene"] for s in top}
            beside = ("one_allele", status) if status in MATCHED else (status,)
            return [s for s in case["subtypes"] if s["gene"] in genes and s["status"] in beside]
    return []


def others(case: Data) -> list[Data]:
    lead = [s["id"] for s in leading(case)]
    return [s for s in case["subtypes"] if s["id"] not in lead]


def gene_name(symbol: str) -> str:
    """The symbol, with the protein's name where two symbols are easily swapped."""
    protein = phrases.PROTEIN.get(symbol)
    return f"{symbol} ({protein})" if protein else symbol


def title(subtype: Data) -> str:
    symbol, name = subtype["gene"], subtype["name"]
    return f"{subtype['id']}: {name}" if symbol in name else f"{subtype['id']}: {name}, {gene_name(symbol)}"


# --------------------------------------------------------------------------- verdicts


def verdict(subtype: Data, question: str) -> Entry:
    """The entry of one subtype for `neurology` or `transplant`."""
    status = subtype["status"]
    if status not in MATCHED:
        return not_answered(status if status in phrases.NOT_ANSWERED else "one_allele")
    labels, marks = (
        (phrases.NEUROLOGY, phrases.NEUROLOGY_MARK)
        if question == "neurology"
        else (phrases.TRANSPLANT, phrases.TRANSPLANT_MARK)
    )
    value = subtype[question]["class"]
    icon, tone = marks.get(value, ("dash", "soft"))
    said = words(labels, value)
    text = said if status == "diagnostic" else f"If confirmed: {said[:1].lower()}{said[1:]}"
    carrying = [s for s in subtype["statements"] if s["id"] in subtype[question]["statements"]]
    lines = [line(s) for s in carrying[:1]]
    if question == "transplant":
        lines.append(Line(phrases.TRANSPLANT_NOTE))
    return Entry(icon, tone, text, tuple(lines))


def not_answered(why: str) -> Entry:
    return Entry("dash", "soft", "Not answered", (Line(words(phrases.NOT_ANSWERED, why)),))


def line(statement: Data) -> Line:
    """A statement as a line of the first list."""
    mark = phrases.INFERENCE if statement.get("inference") else ""
    return Line(statement["text"], statement.get("condition") or "", tuple(statement["references"]), mark)


def _prefixed(subtypes: list[Data], entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Each verdict with its subtype in front, where more than one speaks."""
    if len(subtypes) < 2:
        return tuple(entries)
    pairs = zip(subtypes, entries, strict=True)
    return tuple(e._replace(verdict=f"{gene_name(s['gene'])}, {s['id']}: {e.verdict}") for s, e in pairs)


# --------------------------------------------------------------------------- the first list


def first_list(case: Data) -> list[Row]:
    """The questions of the first screen, the same on every page, with what may be answered."""
    lead, code = leading(case), case["answer"]["code"]
    rows = [Row("Which gene, how sure?", _which_gene(case, lead))]
    if code == "unweighed":
        rows.append(Row("What weighs it?", command=weigh_command(case)))
    for question, asked in (
        ("neurology", "Is the brain itself involved?"),
        ("transplant", "Will a transplant help?"),
    ):
        said = [verdict(s, question) for s in lead] or [not_answered(code)]
        rows.append(Row(asked, _prefixed(lead, said)))
    rows.append(Row("Check today", (_check_today(case, lead),)))
    rows.append(Row("What next?", steps=tuple(what for what, _ in next_steps(case)[:4])))
    rows.append(Row("Next child", (_next_child(case),)))
    rows.append(Row("Not seen", (_not_seen(case),)))
    return rows


def _which_gene(case: Data, lead: list[Data]) -> tuple[Entry, ...]:
    code = case["answer"]["code"]
    by_id = {f["id"]: f for f in case["findings"]}
    entries = []
    for subtype in lead:
        icon, tone = phrases.STATUS_MARK[subtype["status"]]
        sure = words(phrases.HOW_SURE, subtype["status"])
        lines = [Line(_seen(by_id[i])) for i in subtype["findings"] if i in by_id]
        if len(subtype["findings"]) > 1:
            lines.append(Line(sentence(words(phrases.BASIS, subtype["basis"]))))
        if subtype["status"] in MATCHED:
            confirm = [line(s) for s in subtype["statements"] if is_second_method(s)]
            lines += confirm or [Line(phrases.CONFIRM)]
        entries.append(Entry(icon, tone, f"{gene_name(subtype['gene'])} ({subtype['id']}): {sure}", tuple(lines)))
    if not entries:
        icon, tone, _ = phrases.ANSWER_MARK.get(code, phrases.UNKNOWN_MARK)
        waiting = [Line(f"{gene_name(f['gene'])} {_seen(f)}") for f in unweighed(case)]
        lines = waiting[:3] if code == "unweighed" else [Line(_verdict_counts(case))]
        entries.append(Entry(icon, tone, words(phrases.NO_GENE, code), tuple(lines)))
    last = entries[-1]
    entries[-1] = last._replace(lines=(*last.lines, *_beside(case, by_id)))
    return tuple(entries)


def _verdict_counts(case: Data) -> str:
    """'5 genes partly seen, 1 gene could not look', in the order of the verdicts."""
    given = [g["verdict"] for g in case["genes"]]
    said = ((words(phrases.VERDICT, v), given.count(v)) for v in dict.fromkeys((*phrases.VERDICT, *given)))
    return ", ".join(f"{label}: {count(n, 'gene')}" for label, n in said if n).capitalize() + "."


def _beside(case: Data, by_id: dict[str, Data]) -> list[Line]:
    """What else was matched or set aside, one line each."""
    lines = []
    for subtype in others(case):
        names = ", ".join(name_of(by_id[i]) for i in subtype["findings"] if i in by_id)
        said = words(phrases.STATUS, subtype["status"])
        said = f"Set aside for {subtype['id']}" if subtype["status"] == "excluded" else f"Also {said}"
        text = f"{said}: {gene_name(subtype['gene'])} {names}".rstrip() + ":"
        lines.append(Line(text, link="other-matches", link_text="see why"))
    return lines


def _seen(finding: Data) -> str:
    parts = [
        words(phrases.ZYGOSITY, finding["zygosity"]),
        words(phrases.CLASS, finding["classification"]["class"]),
    ]
    reads = alt_reads(finding)
    if reads:
        parts.append(reads)
    if finding["call_quality"]["state"] != "solid":
        parts.append(f"call {words(phrases.CALL, finding['call_quality']['state'])}")
    return f"{name_of(finding)}: {', '.join(parts)}."


def name_of(finding: Data) -> str:
    """c. and p. name, or the key where the allele has no name."""
    named = " ".join(str(n) for n in (finding["hgvs_c"], finding["hgvs_p"]) if n)
    return named or str(finding["variant"]["key"])


def alt_reads(finding: Data) -> str:
    """'61 of 61 reads' where the depths of both alleles are known, else ''."""
    depths = finding["genotype"]["ad"] or []
    if len(depths) != 2 or None in depths:
        return ""
    return f"{depths[1]} of {sum(depths)} reads"


def is_second_method(statement: Data) -> bool:
    return bool(statement["text"].strip() == phrases.SECOND_METHOD)


def unweighed(case: Data) -> list[Data]:
    """Findings that could explain and that a frequency would weigh, those to be read by a person."""
    return [
        f
        for f in case["findings"]
        if f["tier"] == 2 and f.get("could_explain", True) and f["classification"]["class"] == "uncertain_significance"
    ]


def weigh_command(case: Data) -> str:
    inputs = case["provenance"]["inputs"]
    name = str(inputs[0].get("name", "PROBAND.vcf.gz")) if inputs else "PROBAND.vcf.gz"
    return phrases.WEIGH_COMMAND.format(input=name)


def _check_today(case: Data, lead: list[Data]) -> Entry:
    """The best supported alert on calcium, and one more that is said of the disease itself."""
    alerts = [s for s in _all_statements(case, lead) if s["topic"] == "alert" and not is_later(s)]
    alerts.sort(key=lambda s: (bool(s.get("inference")), FIRM.get(s["strength"], 9)))
    calcium = [s for s in alerts if "calcium" in s["text"].lower()][:1]
    own = tuple(s["id"] for s in lead)
    direct = [
        s
        for s in alerts
        if s["applies"] != "gene_general" and s["id"].startswith(own) and "calcium" not in s["text"].lower()
    ][:1]
    if not calcium and not direct:
        return Entry("dash", "soft", "Nothing listed", (Line("No alert has a source that was read."),))
    said = "Calcium" if calcium else "An alert of this disease"
    return Entry("warn", "ink", said, tuple(line(s) for s in (*calcium, *direct)))


def is_later(statement: Data) -> bool:
    return "after" in (statement.get("condition") or "").lower()


def _all_statements(case: Data, subtypes: list[Data]) -> list[Data]:
    seen: dict[str, Data] = {}
    for statement in (*case["statements"], *(s for match in subtypes for s in match["statements"])):
        seen.setdefault(statement["id"], statement)
    return list(seen.values())


def next_steps(case: Data) -> list[tuple[str, str]]:
    """(what, who) in order; fixed technical words, no clinical claim."""
    code = case["answer"]["code"]
    steps = list(phrases.NEXT_STEPS.get(code, phrases.NEXT_STEPS["possible"]))
    classes = {s["neurology"]["class"] for s in leading(case) if s["status"] in MATCHED}
    if classes & set(phrases.NEUROLOGY_STEP_FOR):
        steps.insert(2, phrases.NEUROLOGY_STEP)
    return steps


def _next_child(case: Data) -> Entry:
    given = case["recurrence"]
    if not given:
        return Entry("dash", "soft", phrases.NO_RECURRENCE, (Line(phrases.NO_RECURRENCE_WHY),))
    first = given[0]
    lines = [Line(first["text"], first.get("condition") or "", tuple(first["references"]))]
    if len(given) > 1:
        lines.append(Line("Other explanations change the figure:", link="next-child", link_text="Next child"))
    return Entry("half", "ink", "", tuple(lines))


def _not_seen(case: Data) -> Entry:
    blind = [g["symbol"] for g in case["genes"] if g["verdict"] == "could_not_look"]
    limits = case["limitations"]
    more = (
        Line(f"{count(len(limits), 'limit')} of this file:", link="unseen", link_text="What could not be seen")
        if limits
        else Line("See", link="unseen", link_text="What could not be seen")
    )
    general = [x for x in limits if not x.get("gene")][:1]
    lines = tuple(Line(x["text"], "", tuple(x.get("references") or ())) for x in general)
    if blind:
        shown = ", ".join(blind[:4]) + (f" and {len(blind) - 4} more genes" if len(blind) > 4 else "")
        return Entry("block", "stop", f"Could not look at {shown}", (*lines, more))
    partly = sum(g["verdict"] == "partly_seen" for g in case["genes"])
    if partly:
        return Entry("half", "wait", f"{count(partly, 'gene')} seen in part only", (*lines, more))
    if limits:
        return Entry("block", "stop", f"{count(len(limits), 'limit')} of this file", (*lines, more))
    return Entry("open", "soft", "No limit was recorded", ())


def count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
