"""The first screen of the page, from case.json alone: the fixed questions and what may be answered."""

from __future__ import annotations

from typing import NamedTuple

from varmio import phrases
from varmio.model import MATCHED, NOT_WEIGHED, TO_READ
from varmio.phrases import count, words
from varmio.writers import blood, signs, watch
from varmio.writers.verdicts import (
    Data,
    Entry,
    Line,
    alt_reads,
    blind_genes,
    gene_name,
    is_second_method,
    leading,
    line,
    name_of,
    not_answered,
    others,
    prefixed,
    recurrence_line,
    sentence,
    verdict,
)

SLICE_FLANK_BP = 1000  # bases beside an allele that the slice is cut with, so that it is never empty; our choice
COVERED_FLANK_BP = 50  # bases beside an allele that the slice declares as covered; our choice
NAMED_AT_MOST = 6  # gene symbols in one line of the first list; our choice


class Row(NamedTuple):
    question: str
    entries: tuple[Entry, ...] = ()
    steps: tuple[str, ...] = ()
    command: str = ""
    before: str = ""  # the command that makes what `command` needs


def first_list(case: Data) -> list[Row]:
    """The questions of the first screen, the same on every page, with what may be answered."""
    lead, code = leading(case), case["answer"]["code"]
    rows = [Row("Which gene, how sure?", _which_gene(case, lead))]
    if code == "unweighed":
        rows.append(Row("What weighs it?", command=weigh_command(case), before=slice_command(case)))
    for question, asked in (
        ("neurology", "Is the brain itself involved?"),
        ("transplant", "Will a transplant help?"),
    ):
        said = [verdict(s, question) for s in lead] or [not_answered(code)]
        rows.append(Row(asked, prefixed(lead, signs.with_age(case, question, said))))
    rows.append(Row(phrases.BLOOD, prefixed(lead, blood.entries(case, lead))))
    rows.append(Row("Check today", (watch.check_today(case, lead),)))
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
        entries.append(Entry(icon, tone, f"{gene_name(subtype['gene'])}, {subtype['id']}: {sure}", tuple(lines)))
    if not entries:
        icon, tone, _ = phrases.ANSWER_MARK.get(code, phrases.UNKNOWN_MARK)
        waiting = [Line(f"{gene_name(f['gene'])} {_seen(f)}") for f in unweighed(case)]
        lines = waiting[:3] if code == "unweighed" else [Line(_verdict_counts(case))]
        entries.append(Entry(icon, tone, words(phrases.NO_GENE, code), tuple(lines)))
    last = entries[-1]
    entries[-1] = last._replace(lines=(*last.lines, *_beside(case, by_id), *_to_read(case)))
    return tuple(entries)


def _to_read(case: Data) -> list[Line]:
    """The findings of tier 2 that no line above names, for a person to read."""
    named = {i for match in case["subtypes"] for i in match["findings"]} | {f["id"] for f in unweighed(case)}
    left = [f for f in case["findings"] if f["tier"] == TO_READ and f["id"] not in named]
    if not left:
        return []
    shown = "; ".join(f"{gene_name(f['gene'])} {name_of(f)}" for f in left[:NAMED_AT_MOST])
    more = f" and {len(left) - NAMED_AT_MOST} more" if len(left) > NAMED_AT_MOST else ""
    return [Line(f"{phrases.TO_READ} {shown}{more}:", link="findings", link_text="see them")]


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
    said = f"{name_of(finding)}: {', '.join(parts)}."
    if finding["call_quality"]["state"] != "solid":
        why = " ".join(finding["call_quality"]["reasons"][:1])
        said += f" The call is {words(phrases.CALL, finding['call_quality']['state'])}. {why}".rstrip()
    return said


def unweighed(case: Data) -> list[Data]:
    """The uncertain findings that wait for a frequency: those that the answer names, else those on both
    copies or in pairs."""
    waiting = [
        f
        for f in case["findings"]
        if f["tier"] == 2 and f["classification"]["class"] == "uncertain_significance" and f.get("could_explain", True)
    ]
    named = [f for f in waiting if (f["hgvs_c"] or f["variant"]["key"]) in case["answer"]["sentence"]]
    genes = [f["gene"] for f in waiting]
    return named or [f for f in waiting if f["zygosity"] != "heterozygous" or genes.count(f["gene"]) > 1]


def weigh_command(case: Data) -> str:
    """The command that weighs what waits for a frequency, given the slice that `slice_command` cuts."""
    return phrases.WEIGH_COMMAND.format(run=case["provenance"]["command"])


def slice_command(case: Data) -> str:
    """The command that cuts the slice around what waits, or around what could not be weighed."""
    waiting = unweighed(case) if case["answer"]["code"] == "unweighed" else []
    waiting = waiting or [f for f in case["findings"] if f["tier"] == NOT_WEIGHED]
    assembly = case["assembly"]["name"]
    prefix = "chr" if assembly == "GRCh38" else ""  # as gnomAD names contigs on each assembly
    around, regions = (
        ",".join(dict.fromkeys(_region(prefix, f["variant"], flank) for f in waiting))
        for flank in (SLICE_FLANK_BP, COVERED_FLANK_BP)
    )
    return phrases.SLICE_COMMAND.format(assembly=assembly, around=around, regions=regions)


def _region(prefix: str, variant: Data, flank: int) -> str:
    """The allele's bases with some beside, since another file may write an insertion or deletion elsewhere."""
    end = variant["pos"] + len(variant["ref"]) - 1
    return f"{prefix}{variant['contig']}:{max(variant['pos'] - flank, 1)}-{end + flank}"


def next_steps(case: Data) -> list[tuple[str, str]]:
    """(what, who) in order; fixed technical words, no clinical claim."""
    code = case["answer"]["code"]
    steps = list(phrases.NEXT_STEPS.get(code, phrases.NEXT_STEPS["possible"]))
    aside = [f for f in case["findings"] if f["tier"] == TO_READ and f["classification"]["class"] in phrases.PATHOGENIC]
    if aside and code in phrases.NO_GENE:
        steps[:0] = phrases.STEPS_FOR_SET_ASIDE
    if any(s.get("one_allele_note") for s in leading(case)):
        steps = [phrases.PARENTS_LATER if what.startswith(phrases.PARENTS) else (what, who) for what, who in steps]
    classes = {s["neurology"]["class"] for s in leading(case) if s["status"] in MATCHED}
    if classes & set(phrases.NEUROLOGY_STEP_FOR):
        steps.insert(2, phrases.NEUROLOGY_STEP)
    return signs.steps_with_signs_and_age(case, steps)


def _next_child(case: Data) -> Entry:
    given = case["recurrence"]
    if not given:
        return Entry("dash", "soft", phrases.NO_RECURRENCE, (Line(phrases.NO_RECURRENCE_WHY),))
    first = recurrence_line(given[0])
    figure, _, rest = first.text.partition("; ")
    lines = (
        [
            Line(sentence(rest.rstrip("."))),
        ]
        if rest and not first.references
        else []
    )
    if any(not other["references"] for other in given[1:]):
        lines.append(Line("Other explanations change the figure:", link="next-child", link_text="Next child"))
    if rest and not first.references and not first.condition:
        return Entry("half", "ink", figure, tuple(lines))
    return Entry("half", "ink", "", (first, *lines))


def _not_seen(case: Data) -> Entry:
    blind = blind_genes(case)
    limits = case["limitations"]
    more = (
        Line(f"{count(len(limits), 'limit')} of this file:", link="unseen", link_text="What could not be seen")
        if limits
        else Line("See", link="unseen", link_text="What could not be seen")
    )
    general = [x for x in limits if not x.get("gene")][:1]
    lines = tuple(Line(x["text"], "", tuple(x.get("references") or ())) for x in general)
    if blind:
        return Entry("block", "stop", f"Could not look at {blind}", (*lines, more))
    partly = sum(g["verdict"] == "partly_seen" for g in case["genes"])
    if partly:
        return Entry("half", "wait", f"{count(partly, 'gene')} seen in part only", (*lines, more))
    if limits:
        return Entry("block", "stop", f"{count(len(limits), 'limit')} of this file", (*lines, more))
    return Entry("open", "soft", "No limit was recorded", ())
