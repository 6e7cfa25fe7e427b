"""Write docs/sign-off.md: what the panels and the report say, for a clinician to read and sign.

    python docs/write_sign_off.py

The page holds what lies in gene_panels/, varmio/phrases.py and varmio/languages/, and nothing else; a test keeps it
in step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from varmio import phrases
from varmio.model import Neurology, Panel, PanelStatement, PanelSubtype, Topic, Transplant
from varmio.readers import language, panel

PAGE = Path(__file__).with_name("sign-off.md")
TOPICS_OF_CLASS = {"neurology": (Topic.NEUROLOGY,), "transplant": (Topic.TRANSPLANT,)}
OPEN = (Neurology.UNCERTAIN, Transplant.NOT_ESTABLISHED)
NOT_WORDS = ("SO_ID", "PATHOGENIC", "NEUROLOGY_STEP_FOR", "NO_VERDICT")  # codes and numbers of phrases.py
INTRODUCTION = """\
Written by `python docs/write_sign_off.py` from `gene_panels/`, `varmio/phrases.py` and `varmio/languages/`; do not
edit it here.

Each sentence was read in its source before it was written, and no clinician has yet said that it may be said to a
family's doctors. To sign one, read its sources and add to it in the panel, then write this page anew:

    signed_off: A. Clinician, 2026-12

A changed sentence loses its signature. How sentences are made and graded: `knowledge.md`. What was left out, and why
a class was chosen with care: `gene_panels/CHANGELOG.md`.
"""


def main() -> None:
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """The whole page; the same panels give the same text."""
    panels = [panel.load(name) for name in sorted(panel.names(), key=lambda name: (name != panel.DEFAULT, name))]
    subtypes = [(p, subtype) for p in panels for subtype in p.subtypes]
    parts = (
        ("# What awaits a clinician", [*INTRODUCTION.splitlines(), "", *_progress(panels)]),
        ("## Classes and the sentences that carry them", _classes(s for _, s in subtypes)),
        ("## What stays uncertain or not established, and why", _open_classes(s for _, s in subtypes)),
        ("## Sentences by subtype and topic", _counts(s for _, s in subtypes)),
        *((f"## Sentences of the panel {p.name}", _sentences(p)) for p in panels),
        ("## Technical words of the panels", _words_of_panels(panels)),
        ("## Fixed words of the report", _words_of_report()),
    )
    return "\n".join(line for title, lines in parts for line in (title, "", *lines, "")).rstrip("\n") + "\n"


def _progress(panels: list[Panel]) -> Iterator[str]:
    yield from _table(
        ("panel", "version", "sentences", "signed", "awaiting"),
        (
            (p.name, p.version, len(p.statements), len(p.statements) - len(waiting), len(waiting))
            for p in panels
            for waiting in [[s for s in p.statements if s.signed_off is None]]
        ),
    )


def _classes(subtypes: Iterable[PanelSubtype]) -> Iterator[str]:
    yield from _table(
        ("subtype", "gene", "the brain", "carried by", "transplant", "carried by"),
        (
            (
                s.id,
                s.gene or "not known",
                s.neurology,
                ", ".join(s.neurology_statements) or "-",
                s.transplant,
                ", ".join(s.transplant_statements) or "-",
            )
            for s in subtypes
        ),
    )


def _open_classes(subtypes: Iterable[PanelSubtype]) -> Iterator[str]:
    yield "A class is a clinical statement too: without a sentence that states it, it stays open."
    yield ""
    rows = []
    for subtype in subtypes:
        for question, value in (("neurology", subtype.neurology), ("transplant", subtype.transplant)):
            if value in OPEN:
                rows.append((subtype.id, question, value, _why_open(subtype, question)))
    yield from _table(("subtype", "question", "class", "why"), rows)


def _why_open(subtype: PanelSubtype, question: str) -> str:
    said = [s.id for s in subtype.statements if s.topic in TOPICS_OF_CLASS[question]]
    if not said:
        return "no sentence speaks of it"
    return f"said, but no sentence states a class: {', '.join(said)}"


def _counts(subtypes: Iterable[PanelSubtype]) -> Iterator[str]:
    yield "General sentences count for each subtype that says them."
    yield ""
    rows = []
    for subtype in subtypes:
        counts = Counter(s.topic for s in subtype.statements)
        rows.append((subtype.id, *(counts[topic] or "-" for topic in Topic), len(subtype.statements)))
    yield from _table(("subtype", *(str(topic).replace("_", " ") for topic in Topic), "all"), rows)


def _sentences(known: Panel) -> Iterator[str]:
    said_by: dict[str, list[str]] = {}
    for subtype in known.subtypes:
        for statement in subtype.statements:
            said_by.setdefault(statement.id, []).append(subtype.id)
    for listed, where in ((known.answer_statements, "the answer"), (known.look_alike_statements, "look-alikes")):
        for statement in listed:
            said_by.setdefault(statement.id, []).append(where)
    for statement in known.statements:
        yield from _sentence(statement, said_by.get(statement.id, ["a blind spot"]), known)


def _sentence(statement: PanelStatement, said_by: list[str], known: Panel) -> Iterator[str]:
    condition = f"{statement.condition} " if statement.condition else ""
    reading = f" ({phrases.INFERENCE})" if statement.inference else ""
    yield f"- [{'x' if statement.signed_off else ' '}] **{statement.id}** {condition}{statement.text}{reading}"
    evidence = phrases.words(phrases.EVIDENCE, statement.evidence)
    yield f"  - {statement.strength}; {evidence}; read: {statement.read}; reviewed {statement.last_reviewed}"
    yield f"  - said when: {statement.applies_when}; by {', '.join(said_by)}"
    if statement.alleles:
        yield f"  - of {', '.join(statement.alleles)} (GRCh38)"
    yield f"  - {'; '.join(_short(r, known.references[r]) for r in statement.references)}"
    if statement.caution:
        yield f"  - caution: {statement.caution}"
    if statement.signed_off:
        yield f"  - signed off: {statement.signed_off}"


def _short(name: str, held: dict[str, Any]) -> str:
    """A reference as one names it in passing: "R02 Driessen 2003, Bone Marrow Transplant 32:657-663"."""
    first, *others = held.get("authors", "").split(",")
    if not first or first.startswith("authors not shown") or "journal" not in held:
        return f"{name} {held['citation']}"
    who = first if first.endswith("et al.") or not others else f"{first} et al."
    return f"{name} {who} {held.get('year', '(year not shown)')}, {held['journal']}"


def _words_of_panels(panels: list[Panel]) -> Iterator[str]:
    yield "Remarks without a clinical claim: they say what a file cannot show, or why an allele counts."
    yield ""
    for known in panels:
        for gene in known.genes:
            yield from (f"- {gene.symbol}: {note}" for note in gene.notes)
            yield from (f"- {gene.symbol}: {s.text}" for s in gene.blind_spots if not s.statements)
            yield from (f"- {gene.symbol}: would show it: {s.would_show}" for s in gene.blind_spots)
            yield from (f"- {gene.symbol} {a.hgvs_c}: {a.reason}" for a in gene.named_alleles)
            if gene.not_unique_reason:
                yield f"- {gene.symbol}: {gene.not_unique_reason}"
        for subtype in known.subtypes:
            if subtype.one_allele_note:
                yield f"- {subtype.id}: {subtype.one_allele_note}"
            yield from (f"- {subtype.id}, {phrases.RULE[r.verdict]}: {r.reason}" for r in subtype.rules)


def _words_of_report() -> Iterator[str]:
    yield "All fixed words lie in `varmio/phrases.py`: names of classes, Mendelian words, what a file cannot show,"
    yield "which step helps, and that an expert centre decides. None is said of a disease."
    for name, held in vars(phrases).items():
        if name.isupper() and name not in NOT_WORDS:
            said = [*_entries(held, name.endswith("_MARK"))]
            if said:
                yield from ("", f"`{name}`", "", *(f"- {line}" for line in said))
    yield from (
        "",
        "The family page (`varmio/languages/en.toml`), in plain words; what is said of the illness appears only",
    )
    yield from ("beside the references of the reviewed statement that carries it.", "")
    for key, phrase in language.load().phrases.items():
        yield f"- {key}: {f'`{phrase.text}`' if '{' in phrase.text else phrase.text}"


def _entries(held: Any, mark: bool) -> Iterator[str]:
    """Each phrase with the code it is said for; of a mark only its name for a screen reader."""
    if isinstance(held, str):
        yield f"`{held}`" if "{" in held else held
    elif isinstance(held, dict):
        for code, value in held.items():
            yield from (f"{code}: {line}" for line in _entries(value, mark) if line)
    elif mark:
        yield from held[2:]
    elif all(isinstance(item, str) for item in held):
        yield " | ".join(held)
    else:
        for item in held:
            yield from _entries(item, mark)


def _table(head: Iterable[object], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    titles = [*head]
    yield _row(titles)
    yield _row("---" for _ in titles)
    for row in rows:
        yield _row(row)


def _row(cells: Iterable[object]) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"


if __name__ == "__main__":
    main()
