"""What a run of homozygosity, or its absence, means at each homozygous change.

The evidence stands first, in this order: the posterior that both copies are one ancestral copy; the run with
its certain and its longest bounds; the groups of markers that speak for it, those against, and the odds; the
depth inside against outside. Then the first line that holds:

| where the change lies                                        | consistent with                     | leads        |
|--------------------------------------------------------------|-------------------------------------|--------------|
| runs not assessable (or one copy of X in a boy)              | nothing is said                     | both parents |
| in a run whose depth says that one copy may be missing       | a deletion over the change          | a deletion   |
| in a run, on the one chromosome that alone carries long ones | one parent, or one distant ancestor | isodisomy    |
| in a run that counts into F_ROH (roh_runs.COUNTED_BP)        | one ancestral copy                  | both parents |
| in a shorter run                                             | common without known kinship        | both parents |
| in no run                                                    | founder, drop-out, deletion, UPD    | both parents |

Every other explanation follows, each with the test that settles it and what it would mean for the next child.
A run is no evidence that a change causes disease, and changes no class.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from varmio import phrases
from varmio.interpret.roh_runs import DELETION_RATIO, counts
from varmio.model import (
    TO_READ,
    Autozygosity,
    Explanation,
    Finding,
    Roh,
    RohState,
    Run,
    Sex,
    Zygosity,
)
from varmio.phrases import count, megabases

Posterior = Callable[[str, int], float | None]  # contig, pos (1-based) -> that both copies are one ancestral copy
ORDER = ("inherited", "deletion", "isodisomy", "drop_out")  # explanations, the usual one first
OF_CALLS = ("deletion", "drop_out")  # ways to a call in bases that looks homozygous; not to a lost exon
FIRST = {"deletion": "deletion", "one_chromosome": "isodisomy"}  # what is consistent -> the explanation that leads
POSTERIOR_DIGITS = 4  # digits written
HIGHEST_WRITTEN = 0.9999  # no posterior is a certainty
HIGHEST_SHOWN = 0.999  # a posterior above is shown as more than it; our choice


def with_runs(
    findings: Iterable[Finding], found: Autozygosity, posterior: Posterior, sex: Sex | None, wording: bool = True
) -> tuple[Finding, ...]:
    """The findings with where each lies among the runs; `wording`: False keeps every word on kinship out."""
    return tuple(replace(f, roh=_roh(f, found, posterior, sex, wording)) for f in findings)


def _roh(finding: Finding, found: Autozygosity, posterior: Posterior, sex: Sex | None, wording: bool) -> Roh:
    state, run = place(finding, found, sex)
    block = Roh(state, *(run.start, run.end, run.length_bp) if run else (None, None, None))
    if not _is_explained(finding):
        return block
    meaning = _meaning(state, run, found)
    said = phrases.CONSISTENT_WITH[meaning]
    at = posterior(finding.variant.contig, finding.variant.pos) if state is not RohState.NOT_ASSESSABLE else None
    block = replace(
        block,
        posterior=None if at is None else min(round(at, POSTERIOR_DIGITS), HIGHEST_WRITTEN),
        lines=_lines(state, run, at, wording),
        consistent_with=said if wording else phrases.WITHOUT_KINSHIP.get(meaning, said),
        references=phrases.CONSISTENT_WITH_SOURCE.get(meaning, ()),
        explanations=explanations(meaning, finding.variant.type == "structural"),
    )
    return _with_run(block, run) if run else block


def place(finding: Finding, found: Autozygosity, sex: Sex | None) -> tuple[RohState, Run | None]:
    """Whether the finding lies in a run, and in which; X of a boy and every other contig are not assessable."""
    contig = finding.variant.contig
    runs = found.x_segments if contig == "X" else found.segments
    if not found.assessable or not (contig.isdecimal() or (contig == "X" and sex is Sex.FEMALE)):
        return RohState.NOT_ASSESSABLE, None
    here = finding.variant.pos - 1
    run = next((r for r in runs if r.contig == contig and r.start <= here < r.end), None)
    return (RohState.INSIDE, run) if run else (RohState.OUTSIDE, None)


def _meaning(state: RohState, run: Run | None, found: Autozygosity) -> str:
    if state is RohState.NOT_ASSESSABLE:
        return "not_assessable"
    if run is None:
        return "no_run"
    if run.may_be_deleted:
        return "deletion"
    if is_alone(run, found):
        return "one_chromosome"
    return "one_ancestor" if counts(run) else "short"


def is_alone(run: Run, found: Autozygosity) -> bool:
    """Whether the run lies on the one chromosome that alone carries long ones."""
    return run.contig in {one.contig for one in found.uniparental}


def from_one_parent(findings: Iterable[Finding], found: Autozygosity, sex: Sex | None) -> frozenset[str]:
    """The ids of homozygous changes whose copies may both come from one parent, so that no figure may be given."""
    return frozenset(
        f.id for f in findings if _is_explained(f) and _meaning(*place(f, found, sex), found) == "one_chromosome"
    )


def _is_explained(finding: Finding) -> bool:
    """Whether it is said how the call may have come about: homozygous, and for a person to read."""
    return finding.zygosity is Zygosity.HOMOZYGOUS and finding.tier <= TO_READ


def explanations(meaning: str, lost: bool = False) -> tuple[Explanation, ...]:
    """Every way to a homozygous call, what fits best first: test, next child, sources; `lost`: it is a deletion."""
    ways = [way for way in ORDER if not (lost and way in OF_CALLS)]
    lead = FIRST.get(meaning, ORDER[0])
    return tuple(Explanation(*phrases.HOW_HOMOZYGOUS[way]) for way in sorted(ways, key=lambda way: way != lead))


def _with_run(block: Roh, run: Run) -> Roh:
    return replace(
        block,
        certain_start=run.certain_start,
        certain_end=run.certain_end,
        max_start=run.max_start,
        max_end=run.max_end,
        n_clusters=run.n_clusters,
        n_het=run.n_het,
        score=run.score,
        depth_ratio=run.depth_ratio,
    )


# --------------------------------------------------------------------------- the lines of evidence


def _lines(state: RohState, run: Run | None, posterior: float | None, wording: bool) -> tuple[str, ...]:
    if state is RohState.NOT_ASSESSABLE:
        return ()
    words = phrases.ROH_POSTERIOR if wording else phrases.ROH_POSTERIOR_PLAIN
    shown = "" if posterior is None else words.format(probability(posterior))
    if run is None:
        return tuple(filter(None, (shown, phrases.ROH_OUTSIDE)))
    where = phrases.ROH_INSIDE.format(
        length=megabases(run.length_bp),
        place=f"{run.contig}:{run.start + 1:,}-{run.end:,}",
        certain=megabases(run.certain_end - run.certain_start),
        maximal=megabases(run.max_end - run.max_start),
    )
    evidence = phrases.ROH_EVIDENCE.format(
        clusters=count(run.n_clusters, "group"),
        against=count(run.n_het, "heterozygous marker"),
        score=f"{run.score:.1f}",
    )
    return tuple(filter(None, (shown, where, evidence, _depth(run))))


def _depth(run: Run) -> str:
    if run.depth_ratio is None:
        return phrases.ROH_DEPTH_UNKNOWN
    low = run.depth_ratio <= DELETION_RATIO
    said = phrases.ROH_DEPTH_FEW if low else phrases.ROH_DEPTH
    said = phrases.ROH_DEPTH_LOW if run.may_be_deleted else said
    return said.format(ratio=f"{run.depth_ratio:.2f}", limit=DELETION_RATIO)


def probability(value: float) -> str:
    """A probability as it is shown: three digits, and no certainty.

    >>> probability(0.99999), probability(0.8713), probability(0.00001)
    ('more than 0.999', '0.871', 'less than 0.001')
    """
    if value > HIGHEST_SHOWN:
        return f"more than {HIGHEST_SHOWN}"
    return f"less than {1 - HIGHEST_SHOWN:.3f}" if value < 1 - HIGHEST_SHOWN else f"{value:.3f}"
