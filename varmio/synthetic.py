"""A made-up person's whole exome: drawn from a seed, the same person on either assembly.

Nothing here comes from anybody's file. Sites off the panel are drawn at random (their REF letters
are not the genome's); at panel genes there are only the alleles that the recipe names.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from varmio.assembly import CONTIG_LENGTHS
from varmio.model import Assembly, Sex

AVOID = Mapping[str, list[tuple[int, int]]]

MARGIN_BP = 61_000  # bp at both ends of a contig without a site; its telomere is not sequenced
CONTIGS = tuple(CONTIG_LENGTHS[Assembly.GRCH38])  # 1..22, X, Y

# records per contig; the public exome NA12878 of imgag/ngs-bits (66,087 records), as shares
SITE_SHARE = dict(zip(CONTIGS[:23], (
    6437, 4380, 3289, 2600, 2718, 4297, 3231, 2418, 2587, 2752, 3984, 3505, 1193, 2357, 2239, 3071, 3644,
    1135, 4839, 1544, 892, 1773, 1161), strict=True))  # fmt: skip

# bp; centromere, heterochromatin and acrocentric short arms, either assembly; UCSC cytoBand acen, gvar, stalk
NO_EXONS = {
    "1": (121500000, 143200000), "2": (90500000, 96800000), "3": (87800000, 98600000),
    "4": (48200000, 52700000), "5": (46100000, 51400000), "6": (58500000, 63300000),
    "7": (58000000, 62100000), "8": (43100000, 48100000), "9": (42200000, 65900000),
    "10": (38000000, 42300000), "11": (51000000, 55800000), "12": (33200000, 38200000),
    "13": (0, 19500000), "14": (0, 19100000), "15": (0, 20700000), "16": (34600000, 47000000),
    "17": (22200000, 27400000), "18": (15400000, 21500000), "19": (19900000, 32400000),
    "20": (25600000, 30400000), "21": (0, 14300000), "22": (0, 17900000), "X": (58100000, 63800000),
}  # fmt: skip

PAR1_X = (61_000, 2_690_000)  # bp; inside PAR1 of X on both assemblies (GRCh37 60,001-2,699,520; GRC)
PAR_EDGES_X = ((2_690_000, 2_790_000), (154_930_000, 157_000_000))  # bp; PAR on one assembly only: left empty
Y_UNIQUE = (6_700_000, 10_000_000)  # bp; unique short arm of Y on both assemblies; GRC
Y_SITES = 40  # sites; about what a male exome shows on Y

HET_SHARE = 0.72  # of sites where the two haplotypes differ; with SHARED_HAPLOTYPE gives het:hom near 1.6
SHARED_HAPLOTYPE = 0.145  # of site clusters; neighbours are homozygous together in linkage disequilibrium
RUN_HET_ERROR = 0.007  # of sites inside a run; genotyping error
MALE_X_HET_ERROR = 0.04  # of a male's X sites called as two copies; mapping errors, public exomes show 0.07
TRANSITION_SHARE = 0.748  # of SNVs; Ti/Tv 2.97, exomes show 2.8-3.1
INDEL_SHARE = 0.07  # of sites
FILTERED_SHARE = 0.03  # of sites
CLUSTER_SITES = 4.5  # sites a gene, mean
SAME_EXON = 0.27  # of steps from one site to the next of a gene
EXON_GAP = 90.0  # bp, mean distance inside an exon
INTRON_GAP = (300.0, 80_000.0)  # bp, distance between exons of a gene, log-uniform
DEPTH = 60.0  # reads, median
DEPTH_SPREAD = 0.32  # standard deviation of ln(depth)
TRANSITION = {"A": "G", "G": "A", "C": "T", "T": "C"}
FILTER_NAME = "LowQual"


@dataclass(frozen=True, slots=True)
class PanelAllele:
    """One allele of a recipe: `variant.key` on each assembly, GT as written, and the call's numbers.

    depth, quality and allele_depths are drawn (solid: DP about 60, GQ 99) where not given.
    """

    gene: str
    grch37: str
    grch38: str
    gt: str
    name: str = ""  # HGVS, for people
    depth: int | None = None
    allele_depths: tuple[int, int] | None = None
    quality: int | None = None
    filters: str = "PASS"
    phase_set: int | None = None

    def key(self, assembly: Assembly) -> str:
        return self.grch37 if assembly is Assembly.GRCH37 else self.grch38


@dataclass(frozen=True, slots=True)
class Recipe:
    """What one made-up person has: the alleles at panel genes, sex, and homozygous runs."""

    name: str
    title: str
    sex: Sex
    alleles: tuple[PanelAllele, ...] = ()
    runs: tuple[tuple[str, int, int], ...] = ()  # contig, start, end
    haploid_x: bool = False  # a male's X and Y calls as `1` rather than `1/1`
    sites: int = 25_000  # off-panel sites to draw
    common: tuple[PanelAllele, ...] = ()  # everyday alleles; GT is drawn; never in a gene of `alleles`
    fields: tuple[str, ...] = ("GT", "AD", "DP", "GQ")  # FORMAT


@dataclass(frozen=True, slots=True)
class Site:
    """One VCF line of the person, without the assembly."""

    contig: str
    pos: int
    ref: str
    alt: str
    qual: int
    filters: str
    sample: tuple[tuple[str, str], ...]  # FORMAT tag and value, in order


def off_panel_sites(recipe: Recipe, seed: int, avoid: AVOID) -> list[Site]:
    """The person's sites away from the panel, in no special order; the same for both assemblies.

    avoid: contig -> (start, end) ranges, the panel genes of both assemblies, where none is put.
    """
    rng = random.Random(f"{recipe.name} {seed}")
    total = sum(SITE_SHARE.values())
    sites = []
    for contig, share in SITE_SHARE.items():
        wanted = round(recipe.sites * share / total)
        sites += _contig_sites(rng, recipe, contig, wanted, _no_go(contig, avoid))
    if recipe.sex is Sex.MALE:
        sites += _y_sites(rng, recipe)
    return sites


def panel_sites(recipe: Recipe, seed: int, assembly: Assembly) -> list[Site]:
    """The recipe's alleles and the everyday ones, at the coordinates of one assembly."""
    rng = random.Random(f"{recipe.name} {seed} panel")
    tested = {allele.gene for allele in recipe.alleles}
    placed = [(allele, allele.gt) for allele in recipe.alleles]
    for allele in recipe.common:
        drawn = "1/1" if rng.random() < 0.4 else "0/1"
        if allele.gene not in tested:
            placed.append((allele, "1/1" if _in_run(recipe, allele.key(assembly)) else drawn))
    return [_panel_site(rng, allele, gt, assembly) for allele, gt in placed]


def vcf_lines(recipe: Recipe, sites: list[Site], assembly: Assembly, prefix: str) -> Iterator[str]:
    """Header and records of a single-sample VCF, sorted; contig names carry the prefix."""
    yield from header_lines((recipe,), assembly, prefix)
    for site in sorted(sites, key=site_order):
        yield _line(site, prefix, recipe.fields)


def site_order(site: Site) -> tuple[int, int, str, str]:
    """The place of a site in a sorted file, to be used as a sort key."""
    return CONTIGS.index(site.contig), site.pos, site.ref, site.alt


def header_lines(recipes: Sequence[Recipe], assembly: Assembly, prefix: str) -> Iterator[str]:
    """The header of a VCF with one column for each recipe."""
    yield "##fileformat=VCFv4.2"
    yield "##fileDate=20240101"
    yield "##source=varmio-synthetic-exome"
    yield "##varmio_synthetic=1"
    for recipe in recipes:
        yield f"##varmio_recipe={recipe.name}"
    yield f"##reference={assembly.value}"
    yield '##FILTER=<ID=PASS,Description="All filters passed">'
    yield f'##FILTER=<ID={FILTER_NAME},Description="Low quality">'
    yield '##INFO=<ID=AC,Number=A,Type=Integer,Description="Alternate alleles in genotypes">'
    yield '##INFO=<ID=AN,Number=1,Type=Integer,Description="Alleles in genotypes">'
    yield '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">'
    yield '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Reads per allele, REF first">'
    yield '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Read depth">'
    yield '##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Genotype quality">'
    yield '##FORMAT=<ID=PS,Number=1,Type=Integer,Description="Phase set">'
    for contig, length in CONTIG_LENGTHS[assembly].items():
        yield f"##contig=<ID={prefix}{contig},length={length}>"
    names = "\t".join(recipe.name for recipe in recipes)
    yield f"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{names}"


def _line(site: Site, prefix: str, fields: tuple[str, ...]) -> str:
    alleles = site.sample[0][1].replace("|", "/").split("/")
    info = f"AC={alleles.count('1')};AN={len(alleles) - alleles.count('.')}"
    shown = [(tag, value) for tag, value in site.sample if tag in fields or tag == "PS"]
    tags = ":".join(tag for tag, _ in shown)
    values = ":".join(value for _, value in shown)
    fixed = (prefix + site.contig, str(site.pos), ".", site.ref, site.alt, str(site.qual))
    return "\t".join((*fixed, site.filters, info, tags, values))


def _no_go(contig: str, avoid: AVOID) -> list[tuple[int, int]]:
    ranges = [NO_EXONS[contig], *avoid.get(contig, [])]
    if contig == "X":
        ranges += PAR_EDGES_X
    return sorted(ranges)


def _contig_sites(
    rng: random.Random, recipe: Recipe, contig: str, wanted: int, no_go: list[tuple[int, int]]
) -> list[Site]:
    """Sites in gene-like clusters; a homozygous run thins them, as one haplotype shows fewer sites."""
    length = min(lengths[contig] for lengths in CONTIG_LENGTHS.values())
    runs = [(start, end) for name, start, end in recipe.runs if name == contig]
    taken: dict[int, Site] = {}
    drawn = 0
    while drawn < wanted:
        pos = rng.randrange(MARGIN_BP, length - MARGIN_BP)
        shared = rng.random() < SHARED_HAPLOTYPE
        while drawn < wanted:
            if pos not in taken and not _inside(pos, no_go):
                drawn += 1
                het = not shared and rng.random() < HET_SHARE
                gt = _gt(rng, recipe, contig, pos, het, _inside(pos, runs))
                if gt is not None:
                    taken[pos] = _off_panel_site(rng, contig, pos, gt)
            if rng.random() < 1 / CLUSTER_SITES:
                break
            pos += _gap(rng)
            if pos > length - MARGIN_BP:  # the last cluster ends before the contig does
                break
    # no record inside the REF of the one before it
    ends = sorted(taken)
    return [taken[p] for i, p in enumerate(ends) if i == 0 or p > ends[i - 1] + len(taken[ends[i - 1]].ref)]


def _inside(pos: int, ranges: list[tuple[int, int]]) -> bool:
    return any(start < pos <= end for start, end in ranges)


def _gap(rng: random.Random) -> int:
    if rng.random() < SAME_EXON:
        return 1 + int(rng.expovariate(1 / EXON_GAP))
    low, high = INTRON_GAP
    return int(low * math.exp(rng.random() * math.log(high / low)))


def _gt(rng: random.Random, recipe: Recipe, contig: str, pos: int, het: bool, in_run: bool) -> str | None:
    """GT of a site, or None: of two haplotypes, the one that a run lost carried half of the het sites."""
    if contig == "X" and recipe.sex is Sex.MALE and not PAR1_X[0] <= pos <= PAR1_X[1]:
        if recipe.haploid_x:
            return "1"
        return "0/1" if rng.random() < MALE_X_HET_ERROR else "1/1"
    if in_run:
        if het and rng.random() < 0.5:
            return None
        het = rng.random() < RUN_HET_ERROR
    return "0/1" if het else "1/1"


def _y_sites(rng: random.Random, recipe: Recipe) -> list[Site]:
    gt = "1" if recipe.haploid_x else "1/1"
    places = sorted(rng.sample(range(*Y_UNIQUE, 10), Y_SITES))
    return [_off_panel_site(rng, "Y", pos, gt) for pos in places]


def _off_panel_site(rng: random.Random, contig: str, pos: int, gt: str) -> Site:
    ref, alt = _alleles(rng)
    if rng.random() < FILTERED_SHARE:
        return _site(rng, contig, pos, ref, alt, gt, FILTER_NAME, depth=rng.randrange(4, 12))
    return _site(rng, contig, pos, ref, alt, gt, "PASS")


def _alleles(rng: random.Random) -> tuple[str, str]:
    ref = rng.choice("ACGT")
    if rng.random() < INDEL_SHARE:
        size = 1 + min(5, int(rng.expovariate(0.8)))
        longer = ref + "".join(rng.choice("ACGT") for _ in range(size))
        return (longer, ref) if rng.random() < 0.5 else (ref, longer)
    if rng.random() < TRANSITION_SHARE:
        return ref, TRANSITION[ref]
    return ref, rng.choice([base for base in "ACGT" if base not in (ref, TRANSITION[ref])])


def _site(
    rng: random.Random,
    contig: str,
    pos: int,
    ref: str,
    alt: str,
    gt: str,
    filters: str,
    depth: int | None = None,
    reads: tuple[int, int] | None = None,
    quality: int | None = None,
) -> Site:
    if reads is not None and depth is None:
        depth = sum(reads)
    depth = depth if depth is not None else _depth(rng)
    reads = reads or _reads(rng, gt, depth)
    quality = quality if quality is not None else min(99, max(20, round(depth * rng.uniform(1.7, 3.0))))
    sample = (("GT", gt), ("AD", f"{reads[0]},{reads[1]}"), ("DP", str(depth)), ("GQ", str(quality)))
    return Site(contig, pos, ref, alt, min(9999, 10 + 11 * reads[1]), filters, sample)


def _depth(rng: random.Random) -> int:
    return max(12, min(250, round(DEPTH * math.exp(rng.gauss(0.0, DEPTH_SPREAD)))))


def _reads(rng: random.Random, gt: str, depth: int) -> tuple[int, int]:
    """Reads of REF and ALT that agree with the genotype."""
    alleles = set(gt.replace("|", "/").split("/"))
    if alleles == {"1"}:
        other = 1 if rng.random() < 0.06 and depth > 20 else 0
        return other, depth - other
    if "1" not in alleles:
        return depth, 0
    spread = 1.1 * math.sqrt(depth) / 2
    alt = round(rng.gauss(0.485 * depth, spread))
    alt = min(max(alt, math.ceil(0.3 * depth)), math.floor(0.7 * depth))
    return depth - alt, alt


def _in_run(recipe: Recipe, key: str) -> bool:
    contig, pos, _, _ = key.split("-")
    return any(contig == name and start < int(pos) <= end for name, start, end in recipe.runs)


def _panel_site(rng: random.Random, allele: PanelAllele, gt: str, assembly: Assembly) -> Site:
    contig, pos, ref, alt = allele.key(assembly).split("-")
    depth = allele.depth if allele.depth is not None or allele.allele_depths else max(40, _depth(rng))
    quality = 99 if allele.quality is None else allele.quality
    site = _site(rng, contig, int(pos), ref, alt, gt, allele.filters, depth, allele.allele_depths, quality)
    if allele.phase_set is None:
        return site
    return replace(site, sample=(*site.sample, ("PS", str(allele.phase_set))))
