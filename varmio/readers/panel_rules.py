"""What must hold between the parts of a panel: every statement cited, every class carried.

Each check yields `Problem`s; none of them looks outside the panel and its references, but for
`coordinate_problems`, which also needs the transcripts of both assemblies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from varmio.model import Assembly, Neurology, Reference, Transcript, Transplant
from varmio.readers.panel_yaml import KINDS, Lines, Path, Problem, dotted

NEEDS_NO_STATEMENT = (str(Neurology.UNCERTAIN), str(Transplant.NOT_ESTABLISHED))

SELECTORS = {"alleles", "kinds", "exons", "traits"}
PROSE = ("name", "text", "caution", "condition", "reason", "would_show", "child", "care")  # keys that are read

FORBIDDEN: tuple[tuple[str, str], ...] = (  # pattern, why it must not be said
    (r"10 months", "a cut-off age for transplant"),
    (r"(?i:contraindicat)", "transplant is never called contraindicated"),
    (r"LRP6.*osteopetrosis type 4|OPTA4", "no source joins OPTA4 to a gene"),
    (r"1884\+", "positions of TCIRG1 intron 15 are recalled"),
    (r"c\.1213G|p\.Gly405Arg|p\.Arg444Leu", "these TCIRG1 names are recalled"),
    (r"c\.232\+1|c\.415_416", "no source read gives this allele the name"),
    (r"\*420|Ter420|420Trp", "this IKBKG name is recalled"),
    (r"p\.Tyr715Cys|p\.Arg16Ter", "this name is recalled or machine-made"),
    (r"RP-?[AL]\d{3}|gene therapy", "no gene-therapy availability"),
    (r"\b3,?879\b|1\.68\s*%", "the newborn figure only"),
    (r"OSTM1[^.]*\bsuitable\b", "never suitable for OSTM1"),
    (r"\b[Ee]lective\b", "transplant is never called elective"),
    (r"(?i:\btry\s+(?:a\s+)?transplant)", "never to be tried"),
    (r"\d\s*(?:mg|µg|mcg|IU|micrograms?|milligrams?)\s*(?:/|per)\s*(?:kg|m2|m²|day|dose)", "a dose"),
    (r"(?i:chloroquine|siRNA)", "no source read names this treatment"),
    (r"therefore not osteopetrosis|excludes osteopetrosis", "nothing here excludes osteopetrosis"),
    (r"\d\s*%[^.]*\bof (?:recessive|dominant) osteopetrosis", "a gene's share as a number"),
    (r"(?:disease|deficiency) made up \d|\d\s*% had [A-Z][A-Z0-9]+\b", "a gene's share as a number"),
)
_SWAPPED = {"TNFSF11": "RANKL", "TNFRSF11A": "RANK", "TNFRSF11B": "OPG"}  # never two without proteins
_COUNT = r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_FIGURE = re.compile(rf"(?i)\d\s*%|\b{_COUNT} of (?:the )?{_COUNT}\b|\ball {_COUNT}\b")
_SURVIVAL = re.compile(r"(?i)\b(?:survival|survived|alive)\b")
_YEARS = re.compile(r"\b(?:19|20)\d\d\b")


def relation_problems(data: Mapping[str, Any], lines: Lines, references: set[str]) -> list[Problem]:
    """Faults between the parts of a panel that already has the right form, by line."""
    checks = (
        _repeated(data, lines),
        _statement_problems(data, lines, references),
        _gene_problems(data, lines, references),
        _subtype_problems(data, lines),
        _answer_problems(data, lines),
        _unused(data, lines),
    )
    return sorted({problem for check in checks for problem in check})


def phrase_kinds(data: Mapping[str, Any]) -> dict[str, tuple[str, str | None]]:
    """Phrase -> (kind, condition in words); the condition is None for genotype and answer."""
    kinds: dict[str, tuple[str, str | None]] = {}
    for kind in KINDS:
        held = data.get("phrases", {}).get(kind, ())
        for phrase in held:
            kinds[phrase] = (kind, held[phrase] if isinstance(held, dict) else None)
    return kinds


def kind_of(statement: Mapping[str, Any], kinds: dict[str, tuple[str, str | None]]) -> tuple[str, str | None]:
    """(kind, condition) of a statement: its own where it has one, else that of its phrase."""
    if "kind" in statement:
        return statement["kind"], statement.get("condition")
    return kinds[statement["applies_when"]]


def _has_kind(statement: Mapping[str, Any] | None, kinds: dict[str, tuple[str, str | None]], *wanted: str) -> bool:
    if statement is None or ("kind" not in statement and statement["applies_when"] not in kinds):
        return False  # said by another check
    return kind_of(statement, kinds)[0] in wanted


def _at(data: Mapping[str, Any], lines: Lines, path: Path, text: str) -> Problem:
    return Problem(lines.get(path, lines.get(path[:-1], 1)), dotted(path, data), text)


def _repeated(data: Mapping[str, Any], lines: Lines) -> Iterator[Problem]:
    for part, label in (("genes", "symbol"), ("subtypes", "id"), ("statements", "id")):
        seen: set[str] = set()
        for index, entry in enumerate(data.get(part, ())):
            if entry[label] in seen:
                yield _at(data, lines, (part, index, label), f"{entry[label]} is there twice; keep one")
            seen.add(entry[label])
    known: set[str] = set()
    for kind in KINDS:
        for index, phrase in enumerate(data.get("phrases", {}).get(kind, ())):
            if phrase in known:
                where: Path = ("phrases", kind, phrase if kind in ("child", "care") else index)
                yield _at(data, lines, where, f"{phrase!r} is there twice; a phrase has one kind")
            known.add(phrase)


def _statement_problems(data: Mapping[str, Any], lines: Lines, references: set[str]) -> Iterator[Problem]:
    kinds = phrase_kinds(data)
    for index, statement in enumerate(data.get("statements", ())):
        path: Path = ("statements", index)
        if statement["applies_when"] not in kinds:
            yield _at(data, lines, (*path, "applies_when"), "is no phrase of `phrases`; add it there")
        elif ("condition" in statement) != (statement.get("kind") in ("child", "care")):
            yield _at(data, lines, (*path, "condition"), "goes with kind child or care, and with them only")
        if statement.get("inference") and "caution" not in statement:
            yield _at(data, lines, (*path, "inference"), "needs a caution that says what is inferred")
        yield from _cited(data, lines, path, statement["references"], references)


def _cited(
    data: Mapping[str, Any], lines: Lines, path: Path, cited: list[str], references: set[str]
) -> Iterator[Problem]:
    for number, reference in enumerate(cited):
        if reference not in references:
            where = (*path, "references", number)
            yield _at(data, lines, where, f"{reference} is not in the references file; add it there")


def _gene_problems(data: Mapping[str, Any], lines: Lines, references: set[str]) -> Iterator[Problem]:
    statements = {s["id"] for s in data.get("statements", ())}
    for index, gene in enumerate(data["genes"]):
        for number, allele in enumerate(gene.get("named_alleles", ())):
            path: Path = ("genes", index, "named_alleles", number)
            yield from _cited(data, lines, path, allele["references"], references)
            one, other = (allele[a].split("-") for a in ("GRCh37", "GRCh38"))
            if one[0] != other[0] or one[2:] != other[2:]:
                yield _at(data, lines, (*path, "GRCh37"), "contig and alleles differ from those of GRCh38")
            elif not _name_fits(allele["hgvs_c"], other[2], other[3]):
                yield _at(data, lines, (*path, "hgvs_c"), f"does not fit the alleles {other[2]}>{other[3]}")
        for number, spot in enumerate(gene.get("blind_spots", ())):
            path = ("genes", index, "blind_spots", number)
            if ("statements" in spot) == ("text" in spot):
                yield _at(data, lines, path, "needs either statements or a technical text, not both")
            yield from _known(data, lines, (*path, "statements"), spot.get("statements", ()), statements)


def _name_fits(hgvs_c: str, ref: str, alt: str) -> bool:
    """Whether the bases of a substitution name are those of the key, on either strand."""
    named = re.search(r"([ACGT])>([ACGT])$", hgvs_c)
    other_strand = str.maketrans("ACGT", "TGCA")
    pairs = ((ref, alt), (ref.translate(other_strand), alt.translate(other_strand)))
    return named is None or (named[1], named[2]) in pairs


def _known(data: Mapping[str, Any], lines: Lines, path: Path, ids: Any, statements: set[str]) -> Iterator[Problem]:
    for number, statement in enumerate(ids):
        if statement not in statements:
            yield _at(data, lines, (*path, number), f"{statement} is no statement of this panel")


def _subtype_problems(data: Mapping[str, Any], lines: Lines) -> Iterator[Problem]:
    kinds = phrase_kinds(data)
    by_id = {s["id"]: s for s in data.get("statements", ())}
    genes = {g["symbol"] for g in data["genes"]}
    subtypes = {s["id"] for s in data.get("subtypes", ())}
    for index, subtype in enumerate(data.get("subtypes", ())):
        path: Path = ("subtypes", index)
        if subtype["gene"] not in genes:
            yield _at(data, lines, (*path, "gene"), f"{subtype['gene']} is no gene of this panel")
        if "yields_to" in subtype and subtype["yields_to"] not in subtypes - {subtype["id"]}:
            yield _at(data, lines, (*path, "yields_to"), "expected another subtype of this panel")
        yield from _known(data, lines, (*path, "statements"), subtype["statements"], set(by_id))
        for number, statement in enumerate(subtype["statements"]):
            where = (*path, "statements", number)
            if subtype["statements"].index(statement) != number:
                yield _at(data, lines, where, f"{statement} is there twice; keep one")
            elif _has_kind(by_id.get(statement), kinds, "answer"):
                yield _at(data, lines, where, f"{statement} is of kind answer; list it in answer_statements")
        for part in ("neurology", "transplant"):
            yield from _class_problems(data, lines, (*path, part), subtype[part], subtype["statements"])
        yield from _rule_problems(data, lines, (*path, "allele_rules"), subtype["allele_rules"])


def _class_problems(
    data: Mapping[str, Any], lines: Lines, path: Path, held: Mapping[str, Any], listed: list[str]
) -> Iterator[Problem]:
    carried_by = held.get("statements", [])
    if not carried_by and held["class"] not in NEEDS_NO_STATEMENT:
        yield _at(data, lines, (*path, "class"), f"{held['class']} needs a statement that carries it")
    for number, statement in enumerate(carried_by):
        if statement not in listed:
            where = (*path, "statements", number)
            yield _at(data, lines, where, f"{statement} is not among the statements of this subtype")


def _rule_problems(data: Mapping[str, Any], lines: Lines, path: Path, rules: list[Any]) -> Iterator[Problem]:
    open_rules = [n for n, rule in enumerate(rules) if not rule.keys() & SELECTORS]
    if open_rules != [len(rules) - 1]:
        text = "the last rule, and only the last, has no selector, so that every allele is decided"
        yield _at(data, lines, (*path, open_rules[0] if open_rules else len(rules) - 1), text)


def _answer_problems(data: Mapping[str, Any], lines: Lines) -> Iterator[Problem]:
    kinds = phrase_kinds(data)
    by_id = {s["id"]: s for s in data.get("statements", ())}
    ids = data.get("answer_statements", [])
    yield from _known(data, lines, ("answer_statements",), ids, set(by_id))
    for number, statement in enumerate(ids):
        if _has_kind(by_id.get(statement), kinds, "genotype", "child", "care"):
            where = ("answer_statements", number)
            yield _at(data, lines, where, f"{statement} is not of kind answer; list it in a subtype")


def _unused(data: Mapping[str, Any], lines: Lines) -> Iterator[Problem]:
    used = set(data.get("answer_statements", ()))
    used.update(s for subtype in data.get("subtypes", ()) for s in subtype["statements"])
    spots = [spot for gene in data["genes"] for spot in gene.get("blind_spots", ())]
    used.update(s for spot in spots for s in spot.get("statements", ()))
    for index, statement in enumerate(data.get("statements", ())):
        if statement["id"] not in used:
            text = "is never said: list it in a subtype, in answer_statements or in a blind spot"
            yield _at(data, lines, ("statements", index, "id"), text)
    said = {s["applies_when"] for s in data.get("statements", ())}
    for kind in KINDS:
        for index, phrase in enumerate(data.get("phrases", {}).get(kind, ())):
            if phrase not in said:
                where: Path = ("phrases", kind, phrase if kind in ("child", "care") else index)
                yield _at(data, lines, where, f"no statement applies when {phrase!r}; take the phrase out")


# --------------------------------------------------------------------------- wording


def wording_faults(text: str) -> list[str]:
    """Why a sentence must not be said; empty where it may be."""
    faults = [why for pattern, why in FORBIDDEN if re.search(pattern, text)]
    for sentence in re.split(r"(?<=[.;])\s", text):
        named = [gene for gene in _SWAPPED if re.search(rf"\b{gene}\b", sentence)]
        if len(named) > 1 and not all(re.search(rf"\b{_SWAPPED[g]}\b", sentence) for g in named):
            faults.append("genes with names alike, without their proteins")
    if _SURVIVAL.search(text) and _FIGURE.search(text) and not _YEARS.search(text):
        faults.append("a survival figure without its years")
    return faults


def wording_problems(data: Mapping[str, Any], lines: Lines) -> list[Problem]:
    """Every text of the panel that must not be said."""
    found = []
    for path, text in _prose(data, ()):
        found += [_at(data, lines, path, f"must not be said: {why}") for why in wording_faults(text)]
    return sorted(found)


def _prose(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        if any(step in PROSE for step in path[-2:]):
            yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _prose(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _prose(inner, (*path, index))


# --------------------------------------------------------------------------- coordinates


def coordinate_problems(
    data: Mapping[str, Any], lines: Lines, references: Mapping[Assembly, Reference]
) -> list[Problem]:
    """Named alleles whose key does not hold what their c. name says, on either assembly.

    The base before and after the c. position is counted along the MANE transcript; REF is compared
    where the sequence is known.
    """
    found = []
    for index, gene in enumerate(data["genes"]):
        for number, allele in enumerate(gene.get("named_alleles", ())):
            for assembly, reference in references.items():
                path = ("genes", index, "named_alleles", number, str(assembly))
                fault = _coordinate_fault(gene, allele, reference)
                if fault:
                    found.append(_at(data, lines, path, fault))
    return sorted(found)


def _coordinate_fault(gene: Mapping[str, Any], allele: Mapping[str, Any], reference: Reference) -> str | None:
    contig, position, ref, _ = allele[str(reference.assembly)].split("-")
    start = int(position) - 1
    mane = [t for t in reference.transcripts if t.gene == gene["symbol"] and t.mane == "MANE Select"]
    if not mane:
        return f"{gene['symbol']} has no transcript here to check the position against"
    if mane[0].hgnc_id != gene["hgnc"]:
        return f"{gene['symbol']} is {mane[0].hgnc_id}, not {gene['hgnc']}"
    known = reference.sequence.bases(contig, start, start + len(ref))
    if known is not None and known != ref:
        return f"the genome has {known} there, not {ref}"
    named = re.fullmatch(r"c\.(\d+)([+-]\d+)?(?:[ACGT]>[ACGT]|(?:_\d+)?del)", allele["hgvs_c"])
    if named is None:
        return None
    last = re.search(r"_(\d+)del$", allele["hgvs_c"])
    lowest = _genomic(mane[0], int(last[1] if last and mane[0].strand < 0 else named[1]), int(named[2] or 0))
    expected = lowest - 1 if allele["hgvs_c"].endswith("del") else lowest  # the anchor base of a deletion
    if (contig, start) == (mane[0].contig, expected):
        return None
    return f"{allele['hgvs_c']} starts at {mane[0].contig}-{expected + 1}"


def _genomic(transcript: Transcript, coding: int, offset: int) -> int:
    """0-based genomic position of c.`coding``offset`."""
    bases = [p for start, end in transcript.coding for p in range(start, end)]
    if transcript.strand > 0:
        return bases[coding - 1] + offset
    return bases[-coding] - offset
