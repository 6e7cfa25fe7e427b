"""Runs of homozygosity of one exome, and what they add up to. Method: docs/autozygosity.md.

Needs one sample's variant sites only: no homozygous reference, no allele frequencies. A file that cannot say it
(too few sites, one chromosome, heterozygous calls lost or nearly all) is `not_assessable`, with the reason.
The X of a boy is never read; that of a girl is, apart, and never counted. Y and mitochondrion never.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from varmio.assembly import CONTIG_LENGTHS, PSEUDOAUTOSOMAL
from varmio.interpret import roh_evidence, roh_model, roh_pattern, roh_runs
from varmio.interpret.roh_model import Landscape, posterior_at
from varmio.interpret.roh_runs import counts, f_interval, runs_of
from varmio.model import Assembly, Autozygosity, RohPattern, Run, Sex

if TYPE_CHECKING:
    from varmio.interpret.roh_evidence import Groups, Sites
    from varmio.model import FloatArray, Markers

__all__ = ["Survey", "assess", "constants", "survey"]

AUTOSOMES = tuple(map(str, range(1, 23)))
MIN_SITES = 5_000  # usable sites; a fifth of an exome's, see the thinned figures in docs/autozygosity.md
MIN_AUTOSOMES = 20  # of 22 with at least MIN_PER_AUTOSOME usable sites
MIN_PER_AUTOSOME = 20  # usable sites; the smallest autosome of an exome has 200
MAX_HET_SHARE = 0.90  # of the usable sites; public exomes 0.61 to 0.67, without homozygous sites nothing is seen
MIN_HET_SHARE = 0.15  # of the usable sites; 0.36 is left at F = 0.5
MAX_F = 0.5  # of a child of one person alone; above all unions, so heterozygous calls must be missing
MIN_X_SITES = 100  # usable sites on the X of a girl


@dataclass(frozen=True, slots=True)
class Survey:
    """The result, and the fitted chains that single positions are looked up in."""

    autozygosity: Autozygosity
    landscape: Landscape | None  # of the autosomes; None where not assessable
    x_landscape: Landscape | None = None  # of a girl

    def posterior(self, contig: str, pos: int) -> float | None:
        """Probability that both copies at `pos` (1-based) come from one ancestor; None where it is not known."""
        landscape = self.x_landscape if contig == "X" else self.landscape
        return None if landscape is None else posterior_at(landscape, contig, pos)


def assess(
    markers: Mapping[str, Markers],
    sex: Sex | None,
    assembly: Assembly,
    *,
    frequencies: Mapping[str, FloatArray] | None = None,
) -> Autozygosity:
    """Runs, F_ROH and pattern of one sample.

    markers: by contig without chr. sex: None where not known; then X is not read. frequencies: population frequency
    of the called alternate allele by contig, aligned with the markers, NaN where unknown; never the file's own AF.
    """
    return survey(markers, sex, assembly, frequencies=frequencies).autozygosity


def survey(
    markers: Mapping[str, Markers],
    sex: Sex | None,
    assembly: Assembly,
    *,
    frequencies: Mapping[str, FloatArray] | None = None,
) -> Survey:
    """As `assess`, with what `posterior_at` needs."""
    sites = roh_evidence.usable_sites(markers, AUTOSOMES, frequencies)
    if refusal := _refusal(sites):
        return _not_assessable(sites, refusal)
    lengths, groups = CONTIG_LENGTHS[assembly], roh_evidence.group(sites)
    landscape = roh_model.fit(sites, groups, lengths)
    runs = runs_of(landscape, sites)
    total, genome = sum(run.length_bp for run in runs if counts(run)), sum(lengths[c] for c in AUTOSOMES)
    f_roh = total / genome
    if f_roh > MAX_F:
        return _not_assessable(sites, _too_much(total, f_roh))
    interval = f_interval(landscape, runs, genome)
    pattern, pattern_reasons, alone = roh_pattern.pattern_of(runs, f_roh, interval, _homozygosity(sites, groups))
    x_runs, x_landscape = _x(markers, sex, assembly, landscape, sites)
    result = Autozygosity(
        assessable=True,
        reasons=_what_was_used(sites, markers),
        segments=runs,
        total_bp=total,
        f_roh=round(f_roh, 5),
        f_roh_interval=(round(interval[0], 5), round(interval[1], 5)),
        longest_bp=max((run.length_bp for run in runs), default=0),
        pattern=pattern,
        uniparental=alone,
        x_segments=x_runs,
        n_usable=len(sites.pos),
        pattern_reasons=pattern_reasons,
    )
    return Survey(result, landscape, x_landscape)


# --------------------------------------------------------------------------- whether it can be said


def _refusal(sites: Sites) -> str | None:
    """Why nothing can be said, in a sentence; None where it can."""
    n, per = len(sites.pos), _per_autosome(sites)
    seen = [c for c, k in per.items() if k]
    if n and len(seen) == 1:
        return f"All usable sites lie on chromosome {seen[0]}: runs are weighed against the rest of the genome."
    if n < MIN_SITES:
        return f"{n:,} usable sites on the autosomes; at least {MIN_SITES:,} are needed, an exome has about 25,000."
    enough = sum(k >= MIN_PER_AUTOSOME for k in per.values())
    if enough < MIN_AUTOSOMES:
        return (
            f"Only {enough} of 22 autosomes hold {MIN_PER_AUTOSOME} usable sites or more; {MIN_AUTOSOMES} are needed."
        )
    share = float(sites.het.mean())
    if share > MAX_HET_SHARE:
        return (
            f"{share:.1%} of the usable sites are heterozygous: homozygous calls are missing from the file, or it is a "
            "mixture of samples, and a run could not be seen."
        )
    if share < MIN_HET_SHARE:
        return (
            f"Only {share:.1%} of the usable sites are heterozygous: heterozygous calls are missing from the file, or "
            "it was called as if there were one copy, and everything would look like a run."
        )
    return None


def _too_much(total: int, f_roh: float) -> str:
    return (
        f"The runs would add up to {total / 1e6:,.0f} Mb (F_ROH {f_roh:.2f}), more than any kinship of the parents "
        "explains: heterozygous calls are probably missing from the file."
    )


def _not_assessable(sites: Sites, reason: str) -> Survey:
    result = Autozygosity(
        assessable=False,
        reasons=(f"Runs could not be assessed. {reason}",),
        segments=(),
        total_bp=None,
        f_roh=None,
        f_roh_interval=None,
        longest_bp=None,
        pattern=RohPattern.NOT_ASSESSABLE,
        uniparental=(),
        n_usable=len(sites.pos),
    )
    return Survey(result, None)


def _what_was_used(sites: Sites, markers: Mapping[str, Markers]) -> tuple[str, ...]:
    """How many sites, and what the file did not say of them."""
    autosomal = [markers[c] for c in sites.contigs]
    absent = [
        name
        for name, known in (
            ("read counts (AD)", any((m.share >= 0).any() for m in autosomal)),
            ("depth (DP)", any((m.depth >= 0).any() for m in autosomal)),
            ("genotype quality (GQ)", any((m.quality >= 0).any() for m in autosomal)),
        )
        if not known
    ]
    first = f"{len(sites.pos):,} usable sites, {float(sites.het.mean()):.1%} of them heterozygous."
    without = [c for c, k in _per_autosome(sites).items() if k < MIN_PER_AUTOSOME]
    return (
        first,
        *((f"The file does not give {', '.join(absent)}: doubtful calls count like others.",) if absent else ()),
        *((f"Nearly no usable site on chromosome {', '.join(without)}: no run is seen there.",) if without else ()),
    )


def _per_autosome(sites: Sites) -> dict[str, int]:
    import numpy as np

    counted = dict(zip(sites.contigs, np.bincount(sites.contig, minlength=len(sites.contigs)).tolist(), strict=True))
    return {c: counted.get(c, 0) for c in AUTOSOMES}


def _homozygosity(sites: Sites, groups: Groups) -> dict[str, tuple[float, int]]:
    """Of each contig: share of homozygous sites, number of groups."""
    import numpy as np

    n = len(sites.contigs)
    all_, het = np.bincount(sites.contig, minlength=n), np.bincount(sites.contig[sites.het], minlength=n)
    spaced = np.bincount(groups.contig, minlength=n)
    return {c: (1 - float(het[i] / all_[i]), int(spaced[i])) for i, c in enumerate(sites.contigs) if all_[i]}


# --------------------------------------------------------------------------- X


def _x(
    markers: Mapping[str, Markers], sex: Sex | None, assembly: Assembly, autosomal: Landscape, sites: Sites
) -> tuple[tuple[Run, ...], Landscape | None]:
    """Runs on the X of a girl, outside the pseudoautosomal regions, by what the autosomes taught."""
    if sex is not Sex.FEMALE or "X" not in markers:
        return (), None
    here = roh_evidence.usable_sites({"X": _outside_par(markers["X"], assembly)}, ("X",))
    if len(here.pos) < MIN_X_SITES:
        return (), None
    landscape = roh_model.fit(here, roh_evidence.group(here), CONTIG_LENGTHS[assembly], autosomal.shares)
    return runs_of(landscape, here, roh_runs.depth_outside(autosomal, sites)), landscape


def _outside_par(m: Markers, assembly: Assembly) -> Markers:
    import numpy as np

    keep = np.ones(len(m.pos), bool)
    for start, end in PSEUDOAUTOSOMAL[assembly]["X"]:
        keep &= (m.pos < start) | (m.pos > end)
    names = ("pos", "het", "passed", "depth", "quality", "share")
    return replace(m, **{name: getattr(m, name)[keep] for name in names})


# --------------------------------------------------------------------------- constants

_TRUTH = "varmio's own choice, argued in docs/autozygosity.md from simulated exomes with known truth"
_DROPS = "400 gene drops for each relation, docs/autozygosity.md"


def constants() -> list[dict[str, Any]]:
    """The constants of the method for the methods section: name, value, unit, source."""
    e, m, r, p = roh_evidence, roh_model, roh_runs, roh_pattern
    iso = "published rule for singleton data, docs/autozygosity.md"
    rows: list[tuple[str, Any, str, str]] = [
        ("MIN_DEPTH", e.MIN_DEPTH, "reads", _TRUTH),
        ("MIN_QUALITY", e.MIN_QUALITY, "phred", _TRUTH),
        ("MIN_HOM_SHARE", e.MIN_HOM_SHARE, "share of the reads", _TRUTH),
        ("GROUP_GAP_BP", e.GROUP_GAP_BP, "bp", _TRUTH),
        ("GROUP_SPAN_BP", e.GROUP_SPAN_BP, "bp", _TRUTH),
        ("ARTEFACT_SHARE", e.ARTEFACT_SHARE, "share of the groups", _TRUTH),
        ("ARTEFACT_REPEAT", e.ARTEFACT_REPEAT, "share", _TRUTH),
        ("ODD_SHARE", e.ODD_SHARE, "share of true heterozygotes", _TRUTH),
        ("SHARE_SPREAD", e.SHARE_SPREAD, "share of the reads", _TRUTH),
        ("FREQUENCY_TILT", e.FREQUENCY_TILT, "times", _TRUTH),
        ("GENERATIONS", list(m.GENERATIONS), "generations", _TRUTH),
        ("CLASS_SHARES", list(m.CLASS_SHARES), "share of the groups", _TRUTH + "; where learning starts"),
        ("HALF_HET_GENERATIONS", m.HALF_HET_GENERATIONS, "generations", _TRUTH),
        ("CROSSOVERS_PER_BP", m.CROSSOVERS_PER_BP, "per bp and meiosis", "about 1 cM per Mb"),
        ("RUN_END_PER_BP", m.RUN_END_PER_BP, "per bp", _TRUTH),
        ("MIDDLE_RATE", m.MIDDLE_RATE, "times 1 cM per Mb", _TRUTH),
        ("END_RATE", m.END_RATE, "times 1 cM per Mb", _TRUTH),
        ("END_REACH_BP", m.END_REACH_BP, "bp", _TRUTH),
        ("MAX_STEP_BP", m.MAX_STEP_BP, "bp", _TRUTH),
        ("MIN_F", m.MIN_F, "share", _DROPS),
        ("SEED", r.SEED, "posterior probability", _TRUTH),
        ("EXTEND", r.EXTEND, "posterior probability", _TRUTH),
        ("MIN_RUN_BP", r.MIN_RUN_BP, "bp", _TRUTH),
        ("COUNTED_BP", r.COUNTED_BP, "bp", _TRUTH),
        ("MAX_REACH_BP", r.MAX_REACH_BP, "bp", _TRUTH),
        ("DELETION_RATIO", r.DELETION_RATIO, "median depth inside / outside", _TRUTH),
        ("MIN_SITES", MIN_SITES, "usable sites", _TRUTH),
        ("MAX_HET_SHARE", MAX_HET_SHARE, "share of the usable sites", _TRUTH),
        ("MIN_HET_SHARE", MIN_HET_SHARE, "share of the usable sites", _TRUTH),
        ("MAX_F", MAX_F, "F_ROH", "of the child of one person alone"),
        ("LONG_BP", p.LONG_BP, "bp", _DROPS),
        ("RELATED_BP", p.RELATED_BP, "bp", _DROPS),
        ("SINGLE_BP", p.SINGLE_BP, "bp", _TRUTH),
        ("SINGLE_OTHERS_BP", p.SINGLE_OTHERS_BP, "bp", _TRUTH),
        ("SINGLE_OTHERS_SHARE", p.SINGLE_OTHERS_SHARE, "share", _TRUTH),
        ("CLOSE_F", p.CLOSE_F, "F_ROH", _DROPS),
        ("MANY_SD", p.MANY_SD, "standard deviations", _DROPS),
        ("ISODISOMY_HOM_SHARE", p.ISODISOMY_HOM_SHARE, "share of homozygous calls", iso),
        ("ISODISOMY_MIN_SITES", p.ISODISOMY_MIN_SITES, "spaced calls", iso),
    ]
    return [dict(zip(("name", "value", "unit", "source"), row, strict=True)) for row in rows]
