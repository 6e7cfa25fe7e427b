"""References numbered by first use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from varmio.errors import InputError, one_line
from varmio.writers import methods
from varmio.writers.verdicts import Data

if TYPE_CHECKING:
    from markupsafe import Markup


class Citations:
    """Numbers references by first use while the page is written."""

    def __init__(self, references: dict[str, Data]) -> None:
        self._references = references
        self._numbers: dict[str, int] = {}

    def cite(self, ids: Sequence[str]) -> Markup:
        """Links to the references, each with its number."""
        from markupsafe import Markup

        for key in ids:
            if key not in self._references:
                raise InputError(f"case.json: reference {one_line(key)[:40]} is cited and not listed.")
            self._numbers.setdefault(key, len(self._numbers) + 1)
        link = Markup('<a class="ref" href="#ref-{0}" aria-label="reference {0}">[{0}]</a>')
        return Markup("").join(link.format(self._numbers[key]) for key in ids)

    def cite_source(self, source: str) -> str:
        """Links where the source is a list of reference ids, else the source as written."""
        ids = source.split(", ")
        return self.cite(ids) if all(key in self._references for key in ids) else source

    def listed(self) -> list[tuple[int, str, Data, list[tuple[str, str]]]]:
        """Number, id, text and links of every reference, the cited ones first."""
        rest = [key for key in self._references if key not in self._numbers]
        self._numbers |= {key: len(self._numbers) + i for i, key in enumerate(rest, 1)}
        return self.cited()

    def cited(self) -> list[tuple[int, str, Data, list[tuple[str, str]]]]:
        """The same of the references that were cited."""
        found = ((n, key, self._references[key]) for key, n in self._numbers.items())
        return [
            (
                n,
                key,
                {"citation": r.get("citation") or key, "part_read": r.get("part_read") or "not recorded"},
                methods.links(r),
            )
            for n, key, r in found
        ]
