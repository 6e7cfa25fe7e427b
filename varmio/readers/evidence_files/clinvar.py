"""One ClinVar VCF record -> ClinVar fact. What decides is narrow, and an unknown word never does."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote

from varmio.errors import one_line
from varmio.model import ClinVar

# CLNREVSTAT -> stars; ncbi.nlm.nih.gov/clinvar/docs/review_status
STARS = {
    "practice guideline": 4,
    "reviewed by expert panel": 3,
    "criteria provided, multiple submitters, no conflicts": 2,
    "criteria provided, multiple submitters": 2,
    "criteria provided, conflicting classifications": 1,
    "criteria provided, conflicting interpretations": 1,
    "criteria provided, single submitter": 1,
    "no assertion criteria provided": 0,
    "no assertion provided": 0,
    "no classification provided": 0,
    "no classification for the single variant": 0,
    "no classifications from unflagged records": 0,
    "no interpretation for the single variant": 0,
}
PATHOGENIC = frozenset(("pathogenic", "likely pathogenic", "pathogenic/likely pathogenic"))
BESIDE = frozenset(  # said beside a class, and taking nothing from it
    ("other", "risk factor", "drug response", "association", "protective", "affects", "confers sensitivity")
)
NO_TRAIT = frozenset(("not provided", "not specified", "see cases", ""))


def fact(info: Mapping[str, str], identity: str, date: str) -> ClinVar | None:
    """What ClinVar says of the record's own allele; None where it says nothing of the single variant.

    `decides`: pathogenic, likely pathogenic or both, with assertion criteria, and without conflict. Low penetrance,
    risk alleles, conflicting classifications and words not known here are shown as written and never decide.
    """
    said = _words(info.get("CLNSIG", ""))
    if said in ("", ".", "no classification for the single variant", "no interpretation for the single variant"):
        return None
    first, *rest = (part.strip() for part in said.split("|"))
    plain = first.lower() in PATHOGENIC and {part.lower() for part in rest} <= BESIDE
    review = _words(info.get("CLNREVSTAT", "")).strip(".")
    return ClinVar(
        id=_identity(identity, info),
        significance=first if plain else said.replace("|", ", "),
        review=review or "not stated",
        stars=STARS.get(review.lower()),
        traits=_traits(info.get("CLNDN", "")),
        date=date,
        decides=plain and _with_criteria(review.lower()),
    )


def pathogenic(found: ClinVar) -> bool:
    """Whether ClinVar lists it as pathogenic or likely pathogenic, with or without criteria."""
    return found.significance.lower() in PATHOGENIC


def _with_criteria(review: str) -> bool:
    stars = STARS.get(review)
    return stars is not None and stars > 0 and "conflicting" not in review


def _identity(identity: str, info: Mapping[str, str]) -> str | None:
    known = (identity, info.get("ALLELEID", ""))
    return next((one_line(text[:40]) for text in known if text not in ("", ".")), None)


def _traits(text: str) -> tuple[str, ...]:
    named = (_words(part) for part in text.split("|"))
    return tuple(dict.fromkeys(t for t in named if t.lower() not in NO_TRAIT and t != "."))


def _words(text: str) -> str:
    """ClinVar's underscores are spaces; percent-encoded characters are written out."""
    return one_line(unquote(text).replace("_", " ").strip())
