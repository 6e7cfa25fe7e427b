"""HPO annotations and the ontology of the same release -> the rows of four shipped extracts.

The source folder has `knowledge/hpo_annotations.tsv`, and may have `knowledge/hp.obo`. Only signs are
kept (aspect P). What each run needs of the ontology is worked out here once: all that lies above an
annotated term, its information, and how alike the signs of every two diseases are. The tree itself is
read only where a user gives signs.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from varmio.bundle_tables import Row, Table, count, rows_of, text_of
from varmio.errors import ResourceError
from varmio.interpret.hpo import NEUROLOGICAL, information, likeness, natural_frequency, signs_of
from varmio.readers import phenotype

ANNOTATION_FILE = Path("knowledge") / "hpo_annotations.tsv"
ONTOLOGY_FILE = Path("knowledge") / "hp.obo"
LOOKS_WRONG = {  # rows that contradict the disease they are listed for; reported, never shipped
    ("ORPHA:667", "HP:0004349"),
    ("OMIM:231095", "HP:0005890"),
}
SOURCES = re.compile(r"(PMID|OMIM|ORPHA):[0-9]+")
OBO_HEADER = f"data-version: hp/releases/{phenotype.RELEASE}"


@dataclass(frozen=True, slots=True)
class Ontology:
    """hp.obo as far as it is used: `parents` and `names` of current terms, other ids and what they became."""

    names: dict[str, str]
    parents: dict[str, tuple[str, ...]]
    main: dict[str, str]  # alternative id -> the term it now is
    replaced: dict[str, tuple[str, ...]]  # obsolete id -> terms to use instead


def hpo_tables(source: Path) -> Iterator[Table]:
    """The annotations and, where hp.obo is there, what needs the ontology (ResourceError)."""
    annotations = _annotations(rows_of(source / ANNOTATION_FILE))
    yield annotations
    if not (source / ONTOLOGY_FILE).is_file():
        return
    ontology = read_obo(text_of(source / ONTOLOGY_FILE), str(source / ONTOLOGY_FILE))
    annotated = {row[1] for row in annotations.rows}
    lost = sorted(annotated - ontology.names.keys())
    if lost:
        raise ResourceError(f"{source / ONTOLOGY_FILE}: has no term {lost[0]}, which is annotated. Give one release.")
    follows = _follows(annotations.rows, ontology)
    bits = information(follows.values())
    terms = (_term_row(one, ontology, bits) for one in sorted(annotated))
    yield Table(phenotype.TERMS, ("id", "name", "bits", "above"), tuple(terms), {})
    yield Table(phenotype.LIKENESS, ("disease", "likeness"), tuple(_likeness_rows(follows)), {})
    yield Table(phenotype.ONTOLOGY, ("kind", "id", "name", "others"), tuple(_tree(ontology, annotated)), {})


def _term_row(one: str, ontology: Ontology, bits: Mapping[str, float]) -> tuple[str, ...]:
    above = ",".join(sorted(closure([one], ontology.parents)))
    return one, ontology.names[one], f"{bits.get(one, math.inf):.6f}", above


def _follows(rows: Iterable[tuple[str, ...]], ontology: Ontology) -> dict[str, frozenset[str]]:
    """Disease -> the terms that somebody with it has, and all above them."""
    listed: dict[str, set[str]] = {}
    for disease, term, qualifier, frequency, *_ in rows:
        found = listed.setdefault(disease, set())
        if qualifier != "NOT" and not phenotype.ABSENT.fullmatch(frequency):
            found.add(term)
    return {disease: frozenset(closure(terms, ontology.parents)) for disease, terms in sorted(listed.items())}


def _likeness_rows(follows: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, ...]]:
    bits = information(follows.values())
    for one, terms in follows.items():
        yield one, ",".join(f"{likeness(terms, other, bits):.3f}" for other in follows.values())


def _annotations(rows: Iterable[Row]) -> Table:
    left_out: dict[str, int] = {}
    kept = []
    for row in rows:
        if (row["disease_id"], row["hpo_id"]) in LOOKS_WRONG:
            count(left_out, "contradicts its disease: looks like an annotation error")
        elif row["aspect"] != "P":
            count(left_out, "inheritance, onset or course, which is no sign")
        else:
            fields = ("disease_id", "hpo_id", "qualifier", "frequency_raw", "sex", "reference")
            kept.append(tuple(row[field] for field in fields))
    once = tuple(sorted(set(kept)))
    if len(once) < len(kept):
        left_out["written twice"] = len(kept) - len(once)
    columns = ("disease", "term", "qualifier", "frequency", "sex", "references")
    return Table(phenotype.ANNOTATIONS, columns, once, left_out)


def closure(ids: Iterable[str], links: dict[str, tuple[str, ...]]) -> set[str]:
    """The ids and everything that the links lead to."""
    found: set[str] = set()
    waiting = list(ids)
    while waiting:
        found.add(one := waiting.pop())
        waiting.extend(link for link in links.get(one, ()) if link not in found)
    return found


def _term_rows(ontology: Ontology, wanted: set[str]) -> Iterator[tuple[str, ...]]:
    """The terms from the root down, parents before children, children in order of their ids."""
    children = _children(ontology)
    waiting, done = [phenotype.ALL], set[str]()
    while waiting:
        one = waiting.pop()
        if one in done or not done.issuperset(p for p in ontology.parents[one] if p in wanted):
            continue
        done.add(one)
        if one in wanted:
            yield one, ontology.names[one], ",".join(ontology.parents[one])
        waiting.extend(sorted(children.get(one, ()), reverse=True))


def _tree(ontology: Ontology, annotated: set[str]) -> Iterator[tuple[str, ...]]:
    """The named part of the tree (around what is annotated, and all that is neurological), then other ids."""
    below = closure(annotated | {*NEUROLOGICAL} & ontology.names.keys(), _children(ontology))
    listed = closure(below, ontology.parents)
    for term, name, parents in _term_rows(ontology, listed):
        yield phenotype.TERM, _number(term), name, _numbers(parents.split(","))
    for other, main in sorted(ontology.main.items()):
        yield phenotype.OTHER_ID, _number(other), "", _number(main)
    for obsolete, instead in sorted(ontology.replaced.items()):
        yield phenotype.OBSOLETE, _number(obsolete), "", _numbers(instead)
    signs = closure([phenotype.ABNORMALITY], _children(ontology))
    for kind, ids in ((phenotype.UNNAMED, signs), (phenotype.OUTSIDE, ontology.names.keys() - signs)):
        yield kind, "", "", _steps(ids - listed)


def _number(one: str) -> str:
    """The id without prefix and zeros, which would be most of the tree's bytes unpacked."""
    return str(int(one.removeprefix("HP:")))


def _numbers(ids: Iterable[str]) -> str:
    return ",".join(_number(one) for one in ids if one)


def _steps(ids: Iterable[str]) -> str:
    """The numbers of the ids in order, each as its distance from the one before: small, and so packed well."""
    numbers = [0, *sorted(int(_number(one)) for one in ids)]
    return ",".join(str(after - before) for before, after in pairwise(numbers))


def _children(ontology: Ontology) -> dict[str, tuple[str, ...]]:
    children: dict[str, list[str]] = {}
    for term, parents in ontology.parents.items():
        for parent in parents:
            children.setdefault(parent, []).append(term)
    return {parent: tuple(found) for parent, found in children.items()}


def read_obo(text: str, where: str) -> Ontology:
    """The terms of an hp.obo of the release that the annotations are of (ResourceError)."""
    header, *stanzas = text.split("\n[")
    if OBO_HEADER not in header.splitlines():
        raise ResourceError(
            f"{where}: is not release {phenotype.RELEASE}, which the annotations are of. Give that one."
        )
    terms = [_tags(stanza) for stanza in stanzas if stanza.startswith("Term]")]
    current = {tags["id"][0]: tags for tags in terms if "is_obsolete" not in tags}
    gone = {tags["id"][0]: tags for tags in terms if "is_obsolete" in tags}
    main = {other: term for term, tags in current.items() for other in tags.get("alt_id", ())}
    return Ontology(
        names={term: tags["name"][0] for term, tags in current.items()},
        parents={term: tuple(tags.get("is_a", ())) for term, tags in current.items()},
        main={other: term for other, term in main.items() if other not in current and other not in gone},
        replaced={term: _instead(tags, current, main) for term, tags in gone.items()},
    )


def _tags(stanza: str) -> dict[str, list[str]]:
    """Tag -> its values; of a link only the id before the comment."""
    tags: dict[str, list[str]] = {}
    for line in stanza.splitlines()[1:]:
        tag, _, value = line.partition(": ")
        if tag in ("id", "name", "is_a", "alt_id", "is_obsolete", "replaced_by", "consider"):
            tags.setdefault(tag, []).append(value if tag == "name" else value.split(" ")[0])
    return tags


def _instead(
    tags: dict[str, list[str]], current: dict[str, dict[str, list[str]]], main: dict[str, str]
) -> tuple[str, ...]:
    named = (main.get(one, one) for one in (*tags.get("replaced_by", ()), *tags.get("consider", ())))
    return tuple(dict.fromkeys(one for one in named if one in current))


def hpo_problems(folder: Path) -> list[str]:
    """What is wrong with the HPO extracts of a bundle, one sentence each (ResourceError)."""
    try:
        alike = phenotype.likeness(folder=folder)
        hpo = phenotype.load(alike, folder)
    except (KeyError, ValueError, IndexError) as error:
        return [f"{phenotype.TERMS}, {phenotype.LIKENESS}: a row does not fit the annotations ({error})"]
    problems = []
    for disease, rows in hpo.diseases.items():
        for row in rows:
            if (disease, row.term) in LOOKS_WRONG:
                problems.append(f"{phenotype.ANNOTATIONS}: {disease} {row.term} looks wrong and may not be shipped")
            if not natural_frequency(row.frequency) or not all(SOURCES.fullmatch(one) for one in row.references):
                problems.append(f"{phenotype.ANNOTATIONS}: {disease} {row.term} has no readable frequency or source")
    follows = {disease: signs_of(hpo, (disease,)).follows for disease in hpo.diseases}
    if [row[1] for row in _likeness_rows(follows)] != [
        ",".join(f"{value:.3f}" for value in alike[disease].values()) for disease in follows
    ]:
        problems.append(f"{phenotype.LIKENESS}: is not what the annotations give; build with hp.obo at hand")
    return problems
