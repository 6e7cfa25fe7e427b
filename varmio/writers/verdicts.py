"""Which subtypes the page speaks of, and what may be said of each: the rules of its verdict words.

Three rules hold everywhere: a verdict word of a subtype stands only beside a match that is diagnostic,
likely or possible; below diagnostic it begins with "If confirmed"; what is known of a gene only is
never said of the child.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from varmio import phrases
from varmio.model import LONG_ALLELE, MATCHED
from varmio.phrases import count, words

Data = dict[str, Any]
CARRYING = {"neurology": 1, "transplant": 2}  # sentences that carry a class, said in the first list
FIRM: dict[str, int] = {"strong": 0, "moderate": 1, "weak": 2}
WEAK = FIRM["weak"]


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


# --------------------------------------------------------------------------- which subtypes speak


def leading(case: Data) -> list[Data]:
    """The subtypes that the first screen speaks of, the firmest first: every match that is diagnostic, likely
    or possible (a second diagnosis may be the one that can't wait), and with them every other match of their
    genes (one CLCN7 change speaks for two diseases, and the more cautious one leads). Else the single alleles."""
    for statuses in (MATCHED, ("one_allele",)):
        genes = {s["gene"] for s in case["subtypes"] if s["status"] in statuses}
        if genes:
            return [s for s in case["subtypes"] if s["gene"] in genes and s["status"] != "excluded"]
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
        return not_matched(subtype)
    labels, marks = (
        (phrases.NEUROLOGY, phrases.NEUROLOGY_MARK)
        if question == "neurology"
        else (phrases.TRANSPLANT, phrases.TRANSPLANT_MARK)
    )
    value = subtype[question]["class"]
    icon, tone = marks.get(value, ("dash", "soft"))
    said = words(labels, value)
    plain = status == "diagnostic" or value in phrases.NO_VERDICT
    text = said if plain else f"{phrases.IF_CONFIRMED}: {said[:1].lower()}{said[1:]}"
    by_id = {s["id"]: s for s in subtype["statements"]}
    carrying = [by_id[i] for i in subtype[question]["statements"] if i in by_id] or _own(subtype, question)
    lines = [line(s) for s in carrying[: CARRYING[question]]]
    if question == "transplant":
        lines += [line(s) for s in subtype["statements"] if s["topic"] == "age_window"][:1]
        lines.append(Line(phrases.TRANSPLANT_NOTE))
    return Entry(icon, tone, text, tuple(lines))


def _own(subtype: Data, question: str) -> list[Data]:
    """What was read of this disease on the question, where no class could be given: the best supported first."""
    fit = [s for s in subtype["statements"] if s["topic"] == question and is_own(s, subtype)]
    fit = [s for s in fit if s["applies"] != "gene_general" and not is_second_method(s)]
    return sorted((s for s in fit if FIRM.get(s["strength"], WEAK) < WEAK), key=support)


def not_answered(why: str) -> Entry:
    return Entry("dash", "soft", "Not answered", (Line(words(phrases.NOT_ANSWERED, why)),))


def not_matched(subtype: Data) -> Entry:
    """Why a subtype that is not matched answers no question."""
    return not_answered(subtype["status"] if subtype["status"] in phrases.NOT_ANSWERED else "one_allele")


def line(statement: Data) -> Line:
    """A statement as a line of the first list."""
    mark = phrases.INFERENCE if statement.get("inference") else ""
    return Line(statement["text"], statement.get("condition") or "", tuple(statement["references"]), mark)


def prefixed(subtypes: list[Data], entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Each verdict with its subtype in front, where more than one speaks."""
    if len(subtypes) < 2:
        return tuple(entries)
    pairs = zip(subtypes, entries, strict=True)
    return tuple(e._replace(verdict=f"{gene_name(s['gene'])}, {s['id']}: {e.verdict}".strip()) for s, e in pairs)


def is_second_method(statement: Data) -> bool:
    return bool(statement["text"].strip() == phrases.SECOND_METHOD)


def is_later(statement: Data) -> bool:
    """A sentence on what follows a transplant."""
    return "after" in (statement.get("condition") or "").lower()


def is_own(statement: Data, subtype: Data) -> bool:
    """Read of this subtype itself, not of another row or of osteopetrosis in general."""
    return bool(statement["id"].startswith(subtype["id"]))


def support(statement: Data) -> int:
    """How well a sentence is supported, best first; a single case and our own reading count as weak."""
    doubtful = statement.get("inference") or statement["evidence"] == "case_report"
    return max(FIRM.get(statement["strength"], WEAK), WEAK if doubtful else 0)


def name_of(finding: Data) -> str:
    """c. and p. name, or the key where the allele has no name."""
    named = " ".join(str(n) for n in (finding["hgvs_c"], finding["hgvs_p"]) if n)
    return named or short_key(finding["variant"])


def coding_name(finding: Data) -> str:
    """'NM_014028.4(OSTM1):c.415_416del', or '' where the allele has no c. name."""
    return f"{finding['transcript']}({finding['gene']}):{finding['hgvs_c']}" if finding["hgvs_c"] else ""


def short_key(variant: Data) -> str:
    """The key for a sentence: an allele of more than LONG_ALLELE bases by its length."""
    shown = (a if len(a) <= LONG_ALLELE else f"({len(a):,} bases)" for a in (variant["ref"], variant["alt"]))
    return "-".join((variant["contig"], str(variant["pos"]), *shown))


def alt_reads(finding: Data) -> str:
    """'61 of 61 reads' where the depths of both alleles are known, else ''."""
    depths = finding["genotype"]["ad"] or []
    if len(depths) != 2 or None in depths:
        return ""
    return f"{depths[1]} of {sum(depths)} reads"


def recurrence_line(item: Data) -> Line:
    return Line(item["text"], item.get("condition") or "", tuple(item["references"]))


def sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def blind_genes(case: Data) -> str:
    """The genes that could not be looked at: every core gene by name, the others counted; '' for none."""
    blind = [g for g in case["genes"] if g["verdict"] == "could_not_look"]
    named = [gene_name(g["symbol"]) for g in blind if g.get("core", True)]
    rest = len(blind) - len(named)
    if not rest:
        return ", ".join(named)
    others = count(rest, "gene") + " of other diseases"
    return f"{', '.join(named)} and {others}" if named else others
