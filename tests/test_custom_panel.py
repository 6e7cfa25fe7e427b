"""A panel of one's own: three genes and no disease, from one YAML file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exome import GRCH37, GRCH38, call, run_calls
from varmio.model import Assembly
from varmio.readers import panel, reference

FILE = Path(__file__).parents[1] / "examples" / "panel_custom.yaml"
GENES = ["CYP27B1", "TRAF6", "WNT1"]


def stop_in(gene: str, assembly: Assembly) -> str:
    """The key of the first single-base change after codon 20 that makes a stop."""
    held = next(t for t in reference.load(assembly).transcripts if t.gene == gene)
    bases = [p for start, end in held.coding for p in range(start, end)]
    other = str.maketrans("ACGT", "TGCA")
    for index in range(60, len(held.cds) - 6, 3):
        codon = held.cds[index : index + 3]
        for place, base in ((p, b) for p in range(3) for b in "ACGT" if b != codon[p]):
            if codon[:place] + base + codon[place + 1 :] in ("TAA", "TAG", "TGA"):
                here = bases[index + place] if held.strand > 0 else bases[-1 - index - place]
                pair = (
                    (codon[place], base) if held.strand > 0 else (codon[place].translate(other), base.translate(other))
                )
                return f"{held.contig}-{here + 1}-{pair[0]}-{pair[1]}"
    raise AssertionError(gene)


def test_the_panel_is_sound() -> None:
    assert panel.validate(FILE, {a: reference.load(a) for a in Assembly}) == []


@pytest.mark.parametrize("assembly", [GRCH37, GRCH38])
@pytest.mark.parametrize("beside", [(), ("osteopetrosis", "osteosclerosing_differential")])
def test_it_runs_alone_and_beside_the_shipped_panels(
    assembly: Assembly, beside: tuple[str, ...], tmp_path: Path
) -> None:
    calls = [call(stop_in(gene, assembly)) for gene in GENES]
    names = [word for name in (*beside, str(FILE)) for word in ("--panel", name)]
    result = run_calls(tmp_path, assembly, calls, "--sex", "female", *names)
    assert result.exit_code == 0, result.error
    found = {f["gene"]: f for f in result.case["findings"]}
    assert sorted(found) == GENES
    assert {f["tier"] for f in found.values()} == {2}
    assert {f["classification"]["class"] for f in found.values()} <= {"likely_pathogenic", "pathogenic"}
    assert result.case["subtypes"] == []
    assert set(GENES) <= {g["symbol"] for g in result.case["genes"]}
    assert all(gene in result.page for gene in GENES)
    assert "panel_custom" in result.case["provenance"]["panel"]["name"]


def test_a_panel_of_ones_own_is_named_as_such_and_what_it_hides_is_told(tmp_path: Path) -> None:
    """A file that describes RANKL otherwise, named before the shipped panel, is used: the first limit says so."""
    own = tmp_path / "mine.yaml"
    text = FILE.read_text()
    changes = {"panel_custom": "mine", "HGNC:12774": "HGNC:11926", "NM_005430.4": "NM_003701.4", "WNT1": "TNFSF11"}
    for old, new in (changes | {"ENST00000293549.4": "ENST00000398795.7"}).items():
        text = text.replace(old, new)
    own.write_text(text)
    calls = [call(stop_in("TNFSF11", GRCH38))]
    told = run_calls(tmp_path, GRCH38, calls, "--panel", str(own), "--panel", "osteopetrosis")
    texts = [limit["text"] for limit in told.case["limitations"]]
    assert texts[0].startswith("The panel mine is a file that was given: what it says was not reviewed")
    assert "TNFSF11 is described by the panels mine and osteopetrosis; the first is used" in texts[1]
    assert texts[1] in told.words
    shipped = run_calls(tmp_path, GRCH38, calls, "--panel", "osteopetrosis", "--panel", "osteosclerosing_differential")
    assert not [t for t in (limit["text"] for limit in shipped.case["limitations"]) if "described by the panels" in t]
    assert shipped.case["limitations"] == run_calls(tmp_path, GRCH38, calls).case["limitations"]
