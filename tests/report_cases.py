"""Hand-made cases, one for each answer code, built with the types of `varmio.model`.

Sentences about disease are stand-ins ('Statement one of OPTB5.'): the page prints what it is given.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from varmio.model import (
    Accounting,
    AlleleKind,
    Answer,
    AnswerCode,
    Applies,
    Assembly,
    AssemblyBasis,
    AssemblyCall,
    Autozygosity,
    Basis,
    CallQuality,
    Callset,
    CallsetKind,
    CallState,
    Case,
    Class,
    Classification,
    ClassWithSource,
    ClinVar,
    Criterion,
    Finding,
    FindingGenotype,
    FindingVariant,
    Frequency,
    FrequencyState,
    GeneVerdict,
    Inheritance,
    Limitation,
    Neurology,
    Phenotype,
    Provenance,
    Recurrence,
    Roh,
    RohPattern,
    RohState,
    Sample,
    SampleSex,
    Sex,
    Statement,
    Status,
    SubtypeMatch,
    Topic,
    Transplant,
    Verdict,
    Zygosity,
)
from varmio.writers.jsonout import as_dict

SECOND = "Confirm both alleles by a second method first."


def finding(
    gene: str = "OSTM1",
    hgvs_c: str | None = "c.415_416del",
    hgvs_p: str | None = "p.(Gln140GlufsTer11)",
    key: str = "6-108064285-ACT-A",
    zygosity: Zygosity = Zygosity.HOMOZYGOUS,
    class_: Class = Class.LIKELY_PATHOGENIC,
    tier: int = 1,
    **changes: Any,
) -> Finding:
    contig, pos, ref, alt = key.split("-")
    made = Finding(
        id=f"{gene}:{hgvs_c or key}:NM_014028",
        gene=gene,
        hgnc_id="HGNC:21652",
        variant=FindingVariant(
            key,
            {"GRCh37": f"{contig}-{int(pos) + 321204}-{ref}-{alt}", "GRCh38": key},
            contig,
            int(pos),
            ref,
            alt,
            "deletion",
        ),
        transcript="NM_014028.4",
        mane="MANE Select",
        other_transcripts=(),
        hgvs_g=f"NC_000006.12:g.{pos}del",
        hgvs_c=hgvs_c,
        hgvs_p=hgvs_p,
        consequences=("frameshift_variant",),
        zygosity=zygosity,
        genotype=FindingGenotype("1/1", 61, (0, 61), 99.0, None, ("PASS",)),
        call_quality=CallQuality(CallState.SOLID, ("Every gate passed.",)),
        roh=Roh(RohState.NOT_ASSESSABLE),
        frequency=Frequency(FrequencyState.LOOKED_UP, 0.00012, "Middle Eastern", 0, "gnomAD v3 extract", "2024-11-01"),
        classification=Classification(
            class_,
            (
                Criterion("PVS1", "very_strong", 8, True, "Null variant, the transcript is lost.", "Abou Tayoun 2018"),
                Criterion("PM2", "supporting", None, False, "Not counted in this version.", "ClinGen SVI 2020"),
            ),
        ),
        tier=tier,
        reasons=(f"Reason for tier {tier}.",),
        kind=AlleleKind.NULL,
        could_explain=True,
        exon=2,
        clinvar=ClinVar(
            "195291",
            "Pathogenic",
            "criteria provided, multiple submitters",
            2,
            ("Osteopetrosis 5",),
            "2024-12-15",
            True,
        ),
    )
    return replace(made, **changes)


def statement(
    id_: str,
    topic: Topic,
    text: str,
    applies: Applies = Applies.PATIENT,
    references: tuple[str, ...] = ("R04",),
    **optional: Any,
) -> Statement:
    return Statement(id_, topic, text, references, "review", applies, "abstract", "strong", **optional)


def subtype(
    id_: str = "OPTB5",
    gene: str = "OSTM1",
    status: Status = Status.DIAGNOSTIC,
    basis: Basis = Basis.HOMOZYGOUS,
    neurology: Neurology = Neurology.PRIMARY_PROGRESSIVE,
    transplant: Transplant = Transplant.NOT_RECOMMENDED_NEURODEGENERATION,
    findings: tuple[str, ...] = ("OSTM1:c.415_416del:NM_014028",),
    inheritance: Inheritance = Inheritance.RECESSIVE,
    candidates: tuple[str, ...] = (),
) -> SubtypeMatch:
    applies = {
        Status.DIAGNOSTIC: Applies.PATIENT,
        Status.LIKELY: Applies.IF_CONFIRMED,
        Status.POSSIBLE: Applies.IF_CONFIRMED,
    }.get(status, Applies.GENE_GENERAL)
    sentences = (
        statement(f"{id_}-neurology-01", Topic.NEUROLOGY, f"Brain sentence of {gene}.", applies),
        statement(f"{id_}-transplant-01", Topic.TRANSPLANT, f"Transplant sentence of {gene}.", applies, ("R73", "R04")),
        statement(f"{id_}-before_transplant-02", Topic.BEFORE_TRANSPLANT, SECOND, applies, ("R07",)),
        statement(
            f"{id_}-before_transplant-03",
            Topic.BEFORE_TRANSPLANT,
            f"Eye test sentence of {gene}.",
            applies,
            inference=True,
            caution=f"A caution of {gene}.",
        ),
        statement(f"{id_}-outcome-01", Topic.OUTCOME, f"Outlook sentence of {gene}.", applies),
        statement(f"{id_}-alert-01", Topic.ALERT, f"Bleeding sentence of {gene}.", applies),
        statement(
            f"{id_}-alert-02",
            Topic.ALERT,
            f"Low calcium sentence of {gene}.",
            Applies.GENE_GENERAL,
            condition="In a newborn or infant:",
        ),
        statement(
            f"{id_}-alert-03",
            Topic.ALERT,
            f"Late alert of {gene}.",
            Applies.GENE_GENERAL,
            condition="After a transplant:",
        ),
        statement(f"{id_}-haematology-01", Topic.HAEMATOLOGY, f"Blood sentence of {gene}.", applies),
        statement(f"{id_}-inheritance-01", Topic.INHERITANCE, f"Inheritance sentence of {gene}.", applies),
        statement(f"{id_}-founder-01", Topic.FOUNDER, f"Founder sentence of {gene}.", applies),
        statement(f"{id_}-missed_by_exome-01", Topic.MISSED_BY_EXOME, f"Missed sentence of {gene}.", applies),
        statement(f"{id_}-differential-01", Topic.DIFFERENTIAL, f"Differential sentence of {gene}.", applies),
    )
    return SubtypeMatch(
        id_,
        f"{gene} osteopetrosis",
        gene,
        inheritance,
        findings,
        basis,
        status,
        (f"Reason of {id_}.",),
        ClassWithSource(neurology, (f"{id_}-neurology-01",)),
        ClassWithSource(transplant, (f"{id_}-transplant-01",)),
        sentences,
        candidates,
    )


REFERENCES: dict[str, dict[str, Any]] = {
    "R04": {
        "citation": "Fourth source 2017.",
        "year": 2017,
        "part_read": "opening",
        "pmid": None,
        "doi": None,
        "url": "https://example.org/four",
    },
    "R07": {
        "citation": "Seventh source 2013.",
        "year": 2013,
        "part_read": "whole abstract",
        "pmid": "23685543",
        "doi": "10.1016/j.bone.2013.04.007",
    },
    "R73": {
        "citation": "Seventy-third source 2023.",
        "year": 2023,
        "part_read": "full text",
        "pmid": "37465191",
        "doi": None,
    },
    "R99": {"citation": "Ninety-ninth source.", "part_read": "two sections"},
}


def case(
    code: AnswerCode = AnswerCode.DIAGNOSIS,
    sentence: str = "This exome fits OSTM1 osteopetrosis (OPTB5): both copies carry the same likely pathogenic change.",
    findings: tuple[Finding, ...] = (),
    subtypes: tuple[SubtypeMatch, ...] = (),
    **changes: Any,
) -> Case:
    verdicts = {f.gene: Verdict.FOUND for f in findings if any(s.gene == f.gene for s in subtypes)}
    listed = ("CLCN7", "IKBKG", "OSTM1", "TCIRG1", "TNFRSF11A", "TNFSF11")
    given = {"IKBKG": Verdict.COULD_NOT_LOOK} | verdicts
    made = Case(
        schema_version="1.0",
        case_id="0f3c",
        sample=Sample("SYN-1", SampleSex(None, Sex.MALE)),
        assembly=AssemblyCall(
            Assembly.GRCH38, AssemblyBasis.CONTIG_LENGTHS, ("25 contig lengths are those of GRCh38.",)
        ),
        answer=Answer(code, sentence),
        callset=Callset(41207, 37000, 4207, 1.61, 2.9, CallsetKind.EXOME, True),
        findings=findings,
        subtypes=subtypes,
        autozygosity=Autozygosity(
            False, ("Depth of runs: a later version.",), (), None, None, None, None, RohPattern.NOT_ASSESSABLE, ()
        ),
        genes=tuple(GeneVerdict(g, given.get(g, Verdict.PARTLY_SEEN), True, (), (f"Why {g}.",)) for g in listed),
        limitations=(
            Limitation("Read depth was not given.", would_show="a depth file"),
            Limitation("A pseudogene misleads calls.", gene="IKBKG", would_show="long-range PCR", references=("R99",)),
        ),
        recurrence=(),
        statements=(),
        look_alikes=(),
        phenotype=Phenotype(),
        references=REFERENCES,
        methods={
            "constants": [{"name": "MIN_DP", "value": 10, "unit": "reads", "source": "GATK hard filters"}],
            "classification": "A plain first classification.",
        },
        panel_genes=listed,
        provenance=Provenance(
            "0.1.0",
            {"name": "osteopetrosis", "version": "2026.11", "sha256": "91fb22c4"},
            ({"name": "clinvar", "release": "2024-12-15", "date": "2024-12-15", "rows": 900},),
            ({"name": "syn_ostm1.vcf.gz", "sha256": "5d1ce07a", "records": 41207},),
            "varmio run syn_ostm1.vcf.gz -o out",
            "2026-11-25",
            Accounting(
                41207,
                12,
                {"outside the panel genes": 41190, "reference block": 4},
                1,
                ({"line": 77, "reason": "no ALT"},),
            ),
            True,
        ),
    )
    return replace(made, **changes)


def diagnosis() -> Case:
    return case(
        findings=(finding(),),
        subtypes=(subtype(),),
        recurrence=(Recurrence("25% (1 in 4) for each next child.", ("R07",), "If both parents carry the change:"),),
    )


def likely() -> Case:
    pair = tuple(
        finding("TCIRG1", c, p, k, Zygosity.HETEROZYGOUS)
        for c, p, k in (
            ("c.205C>T", "p.(Gln69Ter)", "11-68042651-C-T"),
            ("c.523G>T", "p.(Glu175Ter)", "11-68043390-G-T"),
        )
    )
    match = subtype(
        "OPTB1",
        "TCIRG1",
        Status.LIKELY,
        Basis.COMPOUND_HET_PHASE_UNKNOWN,
        Neurology.SECONDARY_COMPRESSIVE,
        Transplant.INDICATED_URGENT,
        tuple(f.id for f in pair),
    )
    return case(
        AnswerCode.LIKELY,
        "Two changes of TCIRG1 were found; not known whether on two copies: likely OPTB1.",
        pair,
        (match,),
    )


def possible() -> Case:
    one = finding(
        "IKBKG",
        "c.1167dup",
        "p.(Glu390ArgfsTer5)",
        "X-154564361-G-GC",
        Zygosity.HEMIZYGOUS,
        call_quality=CallQuality(CallState.DOUBTFUL, ("Exon 10 is not unique.",)),
    )
    match = subtype(
        "OLEDAID",
        "IKBKG",
        Status.POSSIBLE,
        Basis.HEMIZYGOUS,
        Neurology.UNCERTAIN,
        Transplant.CASE_BY_CASE_IMMUNE_INDICATION,
        (one.id,),
        Inheritance.X_LINKED,
    )
    return case(
        AnswerCode.POSSIBLE, "A change of IKBKG possibly explains the disease; the call is doubtful.", (one,), (match,)
    )


def several() -> Case:
    rank = finding("TNFRSF11A", "c.354C>A", "p.(Tyr118Ter)", "18-62354461-C-A")
    rankl = finding("TNFSF11", "c.452G>A", "p.(Trp151Ter)", "13-42600901-G-A")
    return case(
        AnswerCode.SEVERAL,
        "Two genes could each explain the disease.",
        (rank, rankl),
        (_rank(rank.id), _rankl(rankl.id)),
    )


def _rank(finding_id: str, status: Status = Status.DIAGNOSTIC) -> SubtypeMatch:
    return subtype(
        "OPTB7",
        "TNFRSF11A",
        status,
        Basis.HOMOZYGOUS,
        Neurology.SECONDARY_COMPRESSIVE,
        Transplant.INDICATED,
        (finding_id,),
    )


def _rankl(finding_id: str) -> SubtypeMatch:
    return subtype(
        "OPTB2",
        "TNFSF11",
        Status.DIAGNOSTIC,
        Basis.HOMOZYGOUS,
        Neurology.SECONDARY_COMPRESSIVE,
        Transplant.INEFFECTIVE_EXTRINSIC,
        (finding_id,),
    )


def rankl() -> Case:
    one = finding("TNFSF11", "c.452G>A", "p.(Trp151Ter)", "13-42600901-G-A")
    return case(AnswerCode.DIAGNOSIS, "This exome fits RANKL deficiency (TNFSF11, OPTB2).", (one,), (_rankl(one.id),))


def rank() -> Case:
    one = finding("TNFRSF11A", "c.354C>A", "p.(Tyr118Ter)", "18-62354461-C-A")
    return case(AnswerCode.DIAGNOSIS, "This exome fits RANK deficiency (TNFRSF11A, OPTB7).", (one,), (_rank(one.id),))


def unweighed() -> Case:
    one = finding(
        "TCIRG1",
        "c.1681G>A",
        "p.(Gly561Ser)",
        "11-68049088-G-A",
        class_=Class.UNCERTAIN_SIGNIFICANCE,
        tier=2,
        frequency=Frequency(FrequencyState.SCREENED, 0.0002),
        clinvar=None,
    )
    return case(
        AnswerCode.UNWEIGHED,
        "A change on both copies of TCIRG1 could explain the disease; it has not been weighed.",
        (one,),
    )


def one_allele() -> Case:
    stop = finding("CLCN7", "c.139C>T", "p.(Gln47Ter)", "16-1474836-G-A", Zygosity.HETEROZYGOUS)
    second = finding(
        "CLCN7", "c.700G>A", "p.(Ala234Thr)", "16-1460000-C-T", Zygosity.HETEROZYGOUS, Class.UNCERTAIN_SIGNIFICANCE, 2
    )
    match = subtype(
        "OPTB4",
        "CLCN7",
        Status.ONE_ALLELE,
        Basis.SINGLE_HET,
        Neurology.PRIMARY_VARIABLE,
        Transplant.CASE_BY_CASE_AFTER_NEUROLOGY,
        (stop.id,),
        candidates=(second.id,),
    )
    return case(
        AnswerCode.ONE_ALLELE, "One changed copy of CLCN7 was found; the second was not seen.", (stop, second), (match,)
    )


def excluded() -> Case:
    one = finding("TNFRSF11A", "c.45_62dup", "p.(Leu16_Leu21dup)", "18-62325387-T-TCG", class_=Class.PATHOGENIC, tier=2)
    answer = (
        "Nothing was found in the genes that could be seen; IKBKG could not be looked at. "
        "TNFRSF11A c.45_62dup is of another disease."
    )
    return case(AnswerCode.NOTHING_FOUND, answer, (one,), (_rank(one.id, Status.EXCLUDED),))


def nothing_found() -> Case:
    common = finding("TCIRG1", "c.166C>T", "p.(Arg56Trp)", "11-68042612-C-T", class_=Class.BENIGN, tier=4, clinvar=None)
    far = finding(
        "OSTM1",
        None,
        None,
        "6-108050000-A-G",
        Zygosity.HETEROZYGOUS,
        Class.UNCERTAIN_SIGNIFICANCE,
        3,
        frequency=Frequency(FrequencyState.NOT_LOOKED_UP),
        unnamed_reason="The sequence is not at hand.",
        hgvs_g=None,
    )
    said = statement("GENERAL-differential-01", Topic.DIFFERENTIAL, "A general sentence.", Applies.GENE_GENERAL)
    alert = statement(
        "GENERAL-alert-01", Topic.ALERT, "Calcium sentence in general.", Applies.GENE_GENERAL, condition="In a newborn:"
    )
    return case(
        AnswerCode.NOTHING_FOUND,
        "IKBKG could not be looked at, so this exome rules nothing out; nothing was found in 5 genes.",
        (common, far),
        statements=(said, alert),
    )


def could_not_look() -> Case:
    made = case(AnswerCode.COULD_NOT_LOOK, "No core gene could be looked at in this file.")
    return replace(made, genes=tuple(replace(g, verdict=Verdict.COULD_NOT_LOOK) for g in made.genes))


ALL = {
    f.__name__: f
    for f in (
        diagnosis,
        likely,
        possible,
        several,
        rankl,
        rank,
        unweighed,
        one_allele,
        excluded,
        nothing_found,
        could_not_look,
    )
}


def data(made: Case) -> dict[str, Any]:
    return as_dict(made)
