"""What the frequency fields of population databases are called, and which groups weigh what.

gnomAD v2-v4 (AF_afr, AF-afr, AF_joint_mid, nhomalt_XX ...), ExAC (AC_Adj, AC_Hom, Hom_AFR), 1000 Genomes
(EAS_AF), TOPMed and GME (TOPMED_AF, GME_AF) are one road: the words of a field's name, in any order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

MIN_AN = 2000  # chromosomes below which a figure is shown and never counts; Ghosh 2018, doi 10.1002/humu.23642

GLOBAL = "global"
OUTBRED = frozenset((GLOBAL, "afr", "amr", "eas", "sas", "nfe", "eur"))  # may make an allele common
FOUNDER = frozenset(("mid", "gme", "asj", "fin", "ami"))  # one ancestor can lift a figure: never make it common
REMAINDER = frozenset(("oth", "remaining"))  # no ancestry group: shown only
ALIASES = {
    "": GLOBAL,
    "adj": GLOBAL,
    "all": GLOBAL,
    "total": GLOBAL,
    "world": GLOBAL,
    "csa": "sas",
    "middle eastern": "mid",
    "south asian": "sas",
    "other": "oth",
    "rmi": "remaining",
}
MAXIMA = frozenset(("popmax", "grpmax"))  # the highest of the outbred groups, as the source computed it

_MEASURES = {"af": "af", "ac": "ac", "an": "an", "nhomalt": "hom", "hom": "hom", "nhom": "hom"}
_DATABASES = frozenset(("gnomad", "gnomade", "gnomadg", "exac", "topmed", "1kg"))
_DATASETS = _DATABASES | {"adj", "joint", "exomes", "genomes", "exome", "genome"}
_GROUPS = OUTBRED | FOUNDER | REMAINDER | MAXIMA | {"csa", "rmi"}


class Weight(StrEnum):
    """What a figure may do."""

    COUNTS = "counts"  # makes an allele rare, or common
    KEEPS_FROM_RARE = "keeps_from_rare"  # a founder group, or one that is not known here
    SHOWN = "shown"  # too few chromosomes, or the remainder


@dataclass(frozen=True, slots=True)
class Field:
    """What an INFO field of that name holds: measure af, ac, an or hom; of which group and part of the source."""

    measure: str
    population: str
    dataset: str
    named: bool  # the name says which database it is from


def population(name: str) -> str:
    """The group as it is called here: lower case, aliases resolved; an unknown name stays itself.

    >>> [population(n) for n in ("AFR", "Middle_Eastern", "", "CSA", "Saudi")]
    ['afr', 'mid', 'global', 'sas', 'saudi']
    """
    plain = name.strip().lower().replace("_", " ")
    return ALIASES.get(plain, plain)


def weight(group: str, an: int | None) -> Weight:
    """What the figure of a group over `an` chromosomes (None: not given) may do.

    >>> weight("sas", 40_000).value, weight("mid", 5_800).value, weight("mid", 316).value, weight("oth", None).value
    ('counts', 'keeps_from_rare', 'shown', 'shown')
    """
    if group in REMAINDER or (an is not None and an < MIN_AN):
        return Weight.SHOWN
    return Weight.COUNTS if group in OUTBRED or group in MAXIMA else Weight.KEEPS_FROM_RARE


def field(name: str) -> Field | None:
    """What an INFO field holds, or None: of one sex, a subset, a subgroup, or no frequency at all.

    >>> field("AF_joint_mid"), field("Hom_AFR").measure, field("EAS_AF").population, field("AF_nfe_seu")
    (Field(measure='af', population='mid', dataset='joint', named=False), 'hom', 'eas', None)
    """
    words = re.split("[_-]", name.lower())
    measures = {_MEASURES[w] for w in words if w in _MEASURES}
    if not measures or measures > {"hom", "ac"} or (len(measures) == 2 and measures != {"hom", "ac"}):
        return None
    rest = [w for w in words if w not in _MEASURES]
    groups = [w for w in rest if w not in _DATASETS]
    if len(groups) > 1 or not _GROUPS.issuperset(groups):
        return None
    measure = "hom" if "hom" in measures else next(iter(measures))
    dataset = " ".join(w for w in rest if w in _DATASETS and w != "adj")
    adjusted = "adj" in rest and not groups  # ExAC: counts after its genotype filter
    named = groups == ["gme"] or not _DATABASES.isdisjoint(rest)
    return Field(measure, "adj" if adjusted else population(groups[0]) if groups else GLOBAL, dataset, named)
