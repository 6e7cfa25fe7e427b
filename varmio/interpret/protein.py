"""HGVS names of proteins, predicted from DNA and therefore in brackets: p.(Gln140GlufsTer11).

HGVS recommendations for proteins (hgvs-nomenclature.org). Positions here are 0-based indices into
a protein written with its stop as the last letter (*).
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product

_BASES = "TCAG"
_AMINO = "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"  # NCBI genetic code 1
CODONS = {"".join(codon): amino for codon, amino in zip(product(_BASES, repeat=3), _AMINO, strict=True)}
NAMES = {
    **{"A": "Ala", "C": "Cys", "D": "Asp", "E": "Glu", "F": "Phe", "G": "Gly", "H": "His", "I": "Ile"},
    **{"K": "Lys", "L": "Leu", "M": "Met", "N": "Asn", "P": "Pro", "Q": "Gln", "R": "Arg", "S": "Ser"},
    **{"T": "Thr", "V": "Val", "W": "Trp", "Y": "Tyr", "*": "Ter"},
}

START_LOST = "p.(Met1?)"


def translate(bases: str) -> str:
    """Residues of whole codons, stops as *.

    >>> translate("ATGTGGTAAG")
    'MW*'
    """
    return "".join([CODONS[bases[i : i + 3]] for i in range(0, len(bases) - 2, 3)])


def translate_to_stop(bases: str) -> str:
    """Residues up to and with the first stop; without one, all whole codons."""
    residues = []
    for i in range(0, len(bases) - 2, 3):
        residue = CODONS[bases[i : i + 3]]
        residues.append(residue)
        if residue == "*":
            break
    return "".join(residues)


@lru_cache(maxsize=256)
def of_coding_sequence(cds: str) -> str:
    """The protein with its stop."""
    return translate(cds)


def frameshift(protein: str, at: int, new: str) -> tuple[str, int | None]:
    """(name, index of the first changed residue); `new` is read from `at` to its stop, if it has one.

    None: nothing changes. A shift that reads on from the old stop is an extension.
    """
    change = next((i for i, residue in enumerate(new) if residue != protein[at + i]), None)
    if change is None:
        return silent(protein, at, at + len(new) or at + 1), None
    first = at + change
    if protein[first] == "*":
        return extension(protein, new[change:]), first
    if new[change] == "*":
        return f"p.({_place(protein, first)}Ter)", first
    distance = str(len(new) - change) if new.endswith("*") else "?"
    return f"p.({_place(protein, first)}{NAMES[new[change]]}fsTer{distance})", first


def extension(protein: str, new: str) -> str:
    """The stop became `new[0]`; reading goes on to the stop of `new`, or to an unknown one."""
    distance = str(len(new) - 1) if new.endswith("*") else "?"
    return f"p.({_place(protein, len(protein) - 1)}{NAMES[new[0]]}extTer{distance})"


def silent(protein: str, start: int, end: int) -> str:
    """p.(Ala20=) or p.(Ala20_Gly21=) for residues [start, end)."""
    last = max(start, min(end, len(protein)) - 1)
    span = _place(protein, start) if last == start else f"{_place(protein, start)}_{_place(protein, last)}"
    return f"p.({span}=)"


def replaced(protein: str, start: int, old: str, new: str) -> str:
    """Name of `old` at `start` becoming `new`; a stop inside `new` ends the protein there."""
    if "*" in new and not (new.endswith("*") and old.endswith("*") and new.count("*") == 1):
        return _stopped(protein, start, old, new[: new.index("*") + 1])
    start, old, new = _trimmed(start, old, new)
    if not old and not new:
        return silent(protein, start, start + 1)
    if len(old) == len(new) == 1:
        return f"p.({_place(protein, start)}{NAMES[new]})"
    if not new:
        return _deleted(protein, start, len(old))
    if not old:
        return _inserted(protein, start, new)
    return f"p.({_span(protein, start, start + len(old))}delins{_spelled(new)})"


def _trimmed(start: int, old: str, new: str) -> tuple[int, str, str]:
    """Without common prefix, then suffix: the most C-terminal place."""
    prefix = 0
    while prefix < min(len(old), len(new)) and old[prefix] == new[prefix]:
        prefix += 1
    old, new = old[prefix:], new[prefix:]
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    return start + prefix, old, new


def _stopped(protein: str, start: int, old: str, new: str) -> str:
    """An in-frame change that brings a stop; what follows it is gone, so only the prefix is common."""
    pure_insertion = not _trimmed(start, old, new)[1]
    while len(new) > 1 and new[0] == protein[start]:
        start, old, new = start + 1, old[1:], new[1:]
    if new == "*":
        return f"p.({_place(protein, start)}Ter)"
    if pure_insertion and start > 0:
        return f"p.({_place(protein, start - 1)}_{_place(protein, start)}ins{_spelled(new)})"
    return f"p.({_span(protein, start, start + max(len(old), 1))}delins{_spelled(new)})"


def _deleted(protein: str, start: int, length: int) -> str:
    while start + length < len(protein) - 1 and protein[start] == protein[start + length]:
        start += 1
    return f"p.({_span(protein, start, start + length)}del)"


def _inserted(protein: str, start: int, new: str) -> str:
    while start < len(protein) - 1 and protein[start] == new[0]:
        start, new = start + 1, new[1:] + new[0]
    if start >= len(new) and protein[start - len(new) : start] == new:
        return f"p.({_span(protein, start - len(new), start)}dup)"
    return f"p.({_place(protein, start - 1)}_{_place(protein, start)}ins{_spelled(new)})"


def _place(protein: str, index: int) -> str:
    return f"{NAMES[protein[index]]}{index + 1}"


def _span(protein: str, start: int, end: int) -> str:
    first, last = _place(protein, start), _place(protein, end - 1)
    return first if start == end - 1 else f"{first}_{last}"


def _spelled(residues: str) -> str:
    return "".join(NAMES[residue] for residue in residues)
