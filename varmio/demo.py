"""The examples: made-up people, each with one known answer. No real person is in them."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from varmio.errors import UsageError
from varmio.model import Assembly, Sex
from varmio.readers import reference
from varmio.synthetic import PanelAllele, Recipe, off_panel_sites, panel_sites, vcf_lines
from varmio.synthetic_joint import cohort, joint_lines

SEED = 20240607
GENE_MARGIN = 10_000  # bp on either side of a panel gene without any drawn site
DEMO_RECIPE = "a_ostm1"

# Everyday coding SNVs of panel genes, reference-forward on both assemblies, highest written frequency
# above 0.15 (gnomAD exomes r2.0, ExAC r0.3, 1000 Genomes phase 3): each is benign by frequency alone.
COMMON = tuple(
    PanelAllele(gene, grch37, grch38, "0/1", name)
    for gene, grch37, grch38, name in (
        ("CA2", "8-86389403-T-C", "8-85477174-T-C", "c.562T>C p.(Leu188=)"),
        ("CLCN7", "16-1503879-T-A", "16-1453878-T-A", "c.1170A>T p.(Ala390=)"),
        ("CSF1R", "5-149457678-G-A", "5-150078115-G-A", "c.726C>T p.(Thr242=)"),
        ("FERMT3", "11-63988045-G-A", "11-64220573-G-A", "c.1449G>A p.(Pro483=)"),
        ("HPGD", "4-175443156-C-T", "4-174522005-C-T", "c.156G>A p.(Gln52=)"),
        ("LRP4", "11-46898771-T-C", "11-46877220-T-C", "c.3256A>G p.(Ile1086Val)"),
        ("LRP5", "11-68192690-G-A", "11-68425222-G-A", "c.3357G>A p.(Val1119=)"),
        ("LRRK1", "15-101591923-A-G", "15-101051718-A-G", "c.3447A>G p.(Thr1149=)"),
        ("PLEKHM1", "17-43545893-T-C", "17-45468527-T-C", "c.990A>G p.(Thr330=)"),
        ("PTH1R", "3-46944274-T-C", "3-46902784-T-C", "c.1389T>C p.(Asn463=)"),
        ("SLC29A3", "10-73111408-C-T", "10-71351651-C-T", "c.473C>T p.(Ser158Phe)"),
        ("SLC4A2", "7-150763655-T-A", "7-151066568-T-A", "c.630T>A p.(Thr210=)"),
        ("SLCO2A1", "3-133666209-C-T", "3-133947365-C-T", "c.1186G>A p.(Ala396Thr)"),
        ("TCIRG1", "11-67814979-G-C", "11-68047512-G-C", "c.1245G>C p.(Leu415=)"),
        ("TNFRSF11A", "18-60027241-C-T", "18-62360008-C-T", "c.575C>T p.(Ala192Val)"),
        ("TNFRSF11B", "8-119964052-G-C", "8-118951813-G-C", "c.9C>G p.(Asn3Lys)"),
        ("TNFSF11", "13-43148565-T-C", "13-42574429-T-C", "c.126T>C p.(Pro42=)"),
    )
)

# Common missense alleles of panel genes, global frequency 0.12 to 0.6 in the same sources.
COMMON_MISSENSE = tuple(
    PanelAllele(gene, grch37, grch38, "1/1", name)
    for gene, grch37, grch38, name in (
        ("LRP5", "11-68201295-C-T", "11-68433827-C-T", "c.3989C>T p.(Ala1330Val)"),
        ("SLC4A2", "7-150761314-G-A", "7-151064227-G-A", "c.77G>A p.(Gly26Glu)"),
        ("TNFRSF11A", "18-60027241-C-T", "18-62360008-C-T", "c.575C>T p.(Ala192Val)"),
        ("TNFRSF11A", "18-60021761-C-T", "18-62354528-C-T", "c.421C>T p.(His141Tyr)"),
        ("CSF1R", "5-149450132-T-C", "5-150070569-T-C", "c.1085A>G p.(His362Arg)"),
        ("SLC29A3", "10-73082563-A-G", "10-71322806-A-G", "c.52A>G p.(Arg18Gly)"),
    )
)

FEO_DUPLICATION = (
    "18-59992620-T-TCGCGCTGCTGCTGCTCTG",
    "18-62325387-T-TCGCGCTGCTGCTGCTCTG",
    "c.45_62dup p.(Leu16_Leu21dup)",
)

# bp; the same numbers lie inside the run on both assemblies
RUNS_OF_A = (
    ("2", 152_000_000, 171_000_000),
    ("6", 98_000_000, 121_000_000),  # around OSTM1
    ("7", 70_500_000, 83_000_000),
    ("9", 107_000_000, 116_500_000),
    ("12", 98_000_000, 118_000_000),
    ("14", 58_000_000, 72_000_000),
    ("20", 36_000_000, 45_500_000),
)


OSTM1_FRAMESHIFT = PanelAllele(
    "OSTM1", "6-108385489-ACT-A", "6-108064285-ACT-A", "1/1", "c.415_416del p.(Gln140GlufsTer11)"
)


def _duplication(gt: str) -> PanelAllele:
    grch37, grch38, name = FEO_DUPLICATION
    return PanelAllele("TNFRSF11A", grch37, grch38, gt, name)


RECIPES = tuple(
    Recipe(name, title, sex, alleles, runs, haploid_x, common=COMMON)
    for name, title, sex, haploid_x, runs, alleles in (
        (
            "a_ostm1",
            "OSTM1 frameshift on both copies, inside a homozygous run",
            Sex.FEMALE,
            False,
            RUNS_OF_A,
            (OSTM1_FRAMESHIFT,),
        ),
        (
            "b_tcirg1",
            "Two different TCIRG1 stops, phase unknown",
            Sex.MALE,
            False,
            (),
            (
                PanelAllele("TCIRG1", "11-67810118-C-T", "11-68042651-C-T", "0/1", "c.205C>T p.(Gln69Ter)"),
                PanelAllele("TCIRG1", "11-67810857-G-T", "11-68043390-G-T", "0/1", "c.523G>T p.(Glu175Ter)"),
            ),
        ),
        (
            "c_clcn7",
            "One CLCN7 stop",
            Sex.FEMALE,
            False,
            (),
            (PanelAllele("CLCN7", "16-1524837-G-A", "16-1474836-G-A", "0/1", "c.139C>T p.(Gln47Ter)"),),
        ),
        (
            "d_tnfsf11",
            "TNFSF11 (RANKL) stop on both copies",
            Sex.MALE,
            True,
            (),
            (PanelAllele("TNFSF11", "13-43175037-G-A", "13-42600901-G-A", "1/1", "c.452G>A p.(Trp151Ter)"),),
        ),
        (
            "e_tnfrsf11a",
            "TNFRSF11A (RANK) stop on both copies",
            Sex.FEMALE,
            False,
            (),
            (PanelAllele("TNFRSF11A", "18-60021694-C-A", "18-62354461-C-A", "1/1", "c.354C>A p.(Tyr118Ter)"),),
        ),
        (
            "f_nothing_found",
            "Common missense alleles only, as in every healthy exome",
            Sex.FEMALE,
            False,
            (),
            COMMON_MISSENSE,
        ),
        (
            "g_ikbkg",
            "IKBKG duplication in a boy, where a pseudogene copy blurs the call",
            Sex.MALE,
            True,
            (),
            (PanelAllele("IKBKG", "X-153792576-G-GC", "X-154564361-G-GC", "1", "c.1167dup p.(Glu390ArgfsTer5)"),),
        ),
        (
            "h_tnfrsf11a_het",
            "TNFRSF11A exon 1 duplication on one copy: the gain of function of another disease",
            Sex.MALE,
            False,
            (),
            (_duplication("0/1"),),
        ),
        (
            "h_tnfrsf11a_hom",
            "TNFRSF11A exon 1 duplication on both copies: still the other disease",
            Sex.FEMALE,
            False,
            (),
            (_duplication("1/1"),),
        ),
        (
            "i_ostm1_one_run",
            "OSTM1 frameshift on both copies, inside the only homozygous run",
            Sex.FEMALE,
            False,
            (("6", 95_000_000, 125_000_000),),
            (OSTM1_FRAMESHIFT,),
        ),
    )
)


def recipe(name: str) -> Recipe:
    """The example of that name; KeyError where there is none."""
    return {r.name: r for r in RECIPES}[name]


def write_exome(path: Path, assembly: Assembly, recipe: Recipe, seed: int = SEED, prefix: str | None = None) -> None:
    """Write one made-up person as a VCF: plain text, or BGZF with a .tbi beside it for `.gz`.

    One recipe and seed make the same person on both assemblies: same genotypes, panel alleles at
    the assembly's own coordinates. Contigs are `chr1` on GRCh38 and `1` on GRCh37 unless a prefix
    is given. The file appears whole or not at all; UsageError where it cannot be written.
    """
    prefix = _prefix(assembly) if prefix is None else prefix
    sites = off_panel_sites(recipe, seed, panel_spans()) + panel_sites(recipe, seed, assembly)
    _write_whole(path, "\n".join(vcf_lines(recipe, sites, assembly, prefix)) + "\n")


def write_joint(path: Path, assembly: Assembly, recipes: Sequence[Recipe], seed: int = SEED) -> None:
    """Write a made-up cohort as one joint VCF, a column for each recipe; as `write_exome` otherwise.

    One seed makes the same people on both assemblies; they are not those of `write_exome`, but carry
    the same alleles at panel genes.
    """
    _write_whole(path, "\n".join(joint_lines(recipes, seed, assembly, _prefix(assembly), panel_spans())) + "\n")


def people(number: int) -> tuple[Recipe, ...]:
    """That many made-up people: the examples in turn, `a_ostm1` first, later ones as `a_ostm1_2`."""
    return cohort(RECIPES, number)


def _prefix(assembly: Assembly) -> str:
    return "chr" if assembly is Assembly.GRCH38 else ""


def _write_whole(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as part:
            _write(Path(part) / path.name, text)
            for made in sorted(Path(part).iterdir(), reverse=True):  # the index first, the VCF last
                made.replace(path.parent / made.name)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(f"{path}: cannot be written ({reason}). Choose another folder or free some space.") from error


def write_demo_exome(out: Path) -> Path:
    """Write example (a) on GRCh38 into the folder and return the path of the VCF."""
    path = out / f"{DEMO_RECIPE}.GRCh38.vcf.gz"
    write_exome(path, Assembly.GRCH38, recipe(DEMO_RECIPE))
    return path


def panel_spans() -> dict[str, list[tuple[int, int]]]:
    """contig -> (start, end) of the panel genes of both assemblies with their margin."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for assembly in Assembly:
        for transcript in reference.load(assembly).transcripts:
            span = (transcript.start - GENE_MARGIN, transcript.end + GENE_MARGIN)
            spans.setdefault(transcript.contig, []).append(span)
    return spans


def _write(path: Path, text: str) -> None:
    if path.suffix != ".gz":
        path.write_text(text, encoding="ascii", newline="\n")
        return
    import pysam

    with pysam.BGZFile(str(path), "w", None) as out:
        out.write(text.encode("ascii"))
    pysam.tabix_index(str(path), preset="vcf", force=True)
