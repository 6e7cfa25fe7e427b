"""The words of varmio: frozen types that every room shares.

Coordinates, said once: `pos` is 1-based; `start, end` are 0-based and half-open. Contigs are
written without `chr` (1..22, X, Y, MT). Missing is `None`.

Fields of the types under `Case` carry the names of case.json; a trailing underscore keeps a
Python keyword apart (`class_` is written `class`), and a field marked `OPTIONAL` is left out of
the file while it is `None`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import inf
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    IntArray = NDArray[np.signedinteger[Any]]
    BoolArray = NDArray[np.bool_]
    FloatArray = NDArray[np.floating[Any]]

TO_READ, NOT_WEIGHED = 2, 3  # tiers of findings: the last that a person must read, and what could not be weighed
OPTIONAL: dict[str, bool] = {"optional": True}
LONG_ALLELE = 40  # bases shown of an allele in a sentence; longer ones are counted

# --------------------------------------------------------------------------- enumerations


class Assembly(StrEnum):
    GRCH37 = "GRCh37"
    GRCH38 = "GRCh38"

    @property
    def other(self) -> Assembly:
        return Assembly.GRCH38 if self is Assembly.GRCH37 else Assembly.GRCH37


class AssemblyBasis(StrEnum):
    CONTIG_LENGTHS = "contig_lengths"
    PANEL_SITES = "panel_sites"
    STATED_BY_USER = "stated_by_user"


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


class Zygosity(StrEnum):
    HOMOZYGOUS = "homozygous"
    HETEROZYGOUS = "heterozygous"
    HEMIZYGOUS = "hemizygous"
    PARTIAL = "partial"
    NO_CALL = "no_call"
    ABSENT = "absent"
    MOSAIC_SUSPECTED = "mosaic_suspected"


class Class(StrEnum):
    PATHOGENIC = "pathogenic"
    LIKELY_PATHOGENIC = "likely_pathogenic"
    UNCERTAIN_SIGNIFICANCE = "uncertain_significance"
    LIKELY_BENIGN = "likely_benign"
    BENIGN = "benign"
    NOT_CLASSIFIED = "not_classified"


class CallState(StrEnum):
    SOLID = "solid"
    DOUBTFUL = "doubtful"
    NOT_ASSESSABLE = "not_assessable"


BY_TRUST = (CallState.SOLID, CallState.NOT_ASSESSABLE, CallState.DOUBTFUL)  # the firmest first


class RohState(StrEnum):
    INSIDE = "inside"
    OUTSIDE = "outside"
    NOT_ASSESSABLE = "not_assessable"


class FrequencyState(StrEnum):
    LOOKED_UP = "looked_up"
    SCREENED = "screened"
    NOT_LOOKED_UP = "not_looked_up"


class Basis(StrEnum):
    HOMOZYGOUS = "homozygous"
    HEMIZYGOUS = "hemizygous"
    HOMOZYGOUS_DELETION = "homozygous_deletion"
    SNV_OVER_DELETION = "snv_over_deletion"
    COMPOUND_HET_IN_TRANS = "compound_het_in_trans"
    COMPOUND_HET_PHASE_UNKNOWN = "compound_het_phase_unknown"
    IN_CIS = "in_cis"
    SINGLE_HET = "single_het"
    DOMINANT_HET = "dominant_het"
    DOMINANT_DE_NOVO = "dominant_de_novo"
    UNIPARENTAL_SUSPECTED = "uniparental_suspected"


class Status(StrEnum):
    DIAGNOSTIC = "diagnostic"
    LIKELY = "likely"
    POSSIBLE = "possible"
    ONE_ALLELE = "one_allele"
    EXCLUDED = "excluded"


MATCHED = (Status.DIAGNOSTIC, Status.LIKELY, Status.POSSIBLE)  # what a verdict may be given on, the firmest first


class Applies(StrEnum):
    PATIENT = "patient"
    IF_CONFIRMED = "if_confirmed"
    GENE_GENERAL = "gene_general"


class Neurology(StrEnum):
    PRIMARY_PROGRESSIVE = "primary_progressive"
    PRIMARY_VARIABLE = "primary_variable"
    PRIMARY_CNS_CALCIFICATION = "primary_cns_calcification"
    PRIMARY_OTHER = "primary_other"
    STRUCTURAL = "structural"
    SECONDARY_COMPRESSIVE = "secondary_compressive"
    NONE_REPORTED = "none_reported"
    UNCERTAIN = "uncertain"


class Transplant(StrEnum):
    INDICATED_URGENT = "indicated_urgent"
    INDICATED = "indicated"
    CASE_BY_CASE_AFTER_NEUROLOGY = "case_by_case_after_neurology"
    CASE_BY_CASE_PARTIAL_BENEFIT = "case_by_case_partial_benefit"
    CASE_BY_CASE_IMMUNE_INDICATION = "case_by_case_immune_indication"
    NOT_RECOMMENDED_NEURODEGENERATION = "not_recommended_neurodegeneration"
    INEFFECTIVE_EXTRINSIC = "ineffective_extrinsic"
    NOT_INDICATED = "not_indicated"
    NOT_ESTABLISHED = "not_established"


class Topic(StrEnum):
    NEUROLOGY = "neurology"
    TRANSPLANT = "transplant"
    BEFORE_TRANSPLANT = "before_transplant"
    AGE_WINDOW = "age_window"
    ALERT = "alert"
    HAEMATOLOGY = "haematology"
    IMMUNOLOGY = "immunology"
    RADIOLOGY = "radiology"
    DIFFERENTIAL = "differential"
    INHERITANCE = "inheritance"
    GENOTYPE_PHENOTYPE = "genotype_phenotype"
    MISSED_BY_EXOME = "missed_by_exome"
    FOUNDER = "founder"
    ALTERNATIVES = "alternatives"
    OUTCOME = "outcome"


class Verdict(StrEnum):
    FOUND = "found"
    NOT_FOUND = "not_found"
    PARTLY_SEEN = "partly_seen"
    COULD_NOT_LOOK = "could_not_look"


class AnswerCode(StrEnum):
    SEVERAL = "several"
    DIAGNOSIS = "diagnosis"
    LIKELY = "likely"
    POSSIBLE = "possible"
    UNWEIGHED = "unweighed"
    ONE_ALLELE = "one_allele"
    NOTHING_FOUND = "nothing_found"
    COULD_NOT_LOOK = "could_not_look"


class CallsetKind(StrEnum):
    EXOME = "exome"
    GENOME = "genome"
    PANEL = "panel"
    CODING_ONLY = "coding_only"
    GVCF = "gvcf"
    UNKNOWN = "unknown"


class RohPattern(StrEnum):
    NONE = "none"
    ISOLATED = "isolated"
    CONSISTENT_WITH_PARENTAL_RELATEDNESS = "consistent_with_parental_relatedness"
    CLOSE_RELATEDNESS = "close_relatedness"
    SINGLE_CHROMOSOME = "single_chromosome"
    BACKGROUND_RELATEDNESS_POSSIBLE = "background_relatedness_possible"
    WITHHELD = "withheld"  # --no-relatedness-wording
    NOT_ASSESSABLE = "not_assessable"


class Inheritance(StrEnum):
    """How many altered copies the disease of a subtype needs."""

    RECESSIVE = "recessive"
    DOMINANT = "dominant"
    X_LINKED = "x_linked"
    X_LINKED_DOMINANT = "x_linked_dominant"  # one altered copy is enough, in a girl too

    @property
    def one_copy_is_enough(self) -> bool:
        return self in (Inheritance.DOMINANT, Inheritance.X_LINKED_DOMINANT)


class Mechanism(StrEnum):
    """How an altered copy brings about the disease of a subtype; a code, never said as a clinical claim."""

    LOSS_OF_FUNCTION = "loss_of_function"
    GAIN_OF_FUNCTION = "gain_of_function"
    DOMINANT_NEGATIVE = "dominant_negative"
    VARIED = "varied"
    NOT_KNOWN = "not_known"


class Group(StrEnum):
    """How near a subtype stands to osteopetrosis."""

    CORE = "core"
    RELATED = "related"
    DIFFERENTIAL = "differential"  # another disease that is mistaken for it, or whose bones are dense too


class Needs(StrEnum):
    """What a match must show for a sentence of kind genotype to be said of it, and not of the gene only."""

    ANY = "any"
    TWO_COPIES = "two_copies"  # two altered copies, or the only one
    ONE_COPY = "one_copy"
    HEMIZYGOUS = "hemizygous"
    LISTED_ALLELE = "listed_allele"  # one of the alleles that the sentence names


class Aspect(StrEnum):
    """What a sentence on blood, or on the limits of a transplant, is about."""

    MARROW_FAILURE = "marrow_failure"
    BLOOD_COUNTS = "blood_counts"  # anaemia, platelets, white cells
    EXTRAMEDULLARY = "extramedullary"  # blood forming in liver and spleen
    TRANSFUSION = "transfusion"
    BLEEDING = "bleeding"
    INFECTION = "infection"
    GRAFT_FAILURE = "graft_failure"
    HIGH_CALCIUM = "high_calcium"
    SIGHT_AND_HEARING = "sight_and_hearing"
    ADVANCED_NEUROLOGY = "advanced_neurology"
    LUNGS_AND_LIVER = "lungs_and_liver"


OF_BLOOD = (
    Aspect.MARROW_FAILURE,
    Aspect.BLOOD_COUNTS,
    Aspect.EXTRAMEDULLARY,
    Aspect.TRANSFUSION,
    Aspect.BLEEDING,
    Aspect.INFECTION,
)
LIMITS_OF_TRANSPLANT = tuple(aspect for aspect in Aspect if aspect not in OF_BLOOD)


class AlleleKind(StrEnum):
    """What an allele does to its protein, as the panel's rules speak of it."""

    NULL = "null"  # stop gained, frameshift, splice donor or acceptor, loss of whole exons
    MISSENSE = "missense"
    INFRAME_DUPLICATION = "inframe_duplication"
    INFRAME = "inframe"  # any other in-frame insertion or deletion
    OTHER = "other"


class SignRelation(StrEnum):
    """How a sign of the child stands to a disease's list."""

    SAME = "same"
    MORE_SPECIFIC = "more_specific"  # the list names a kind of the child's sign
    MORE_GENERAL = "more_general"  # the list names what the child's sign is a kind of
    RECORDED_ABSENT = "recorded_absent"  # looked for in people with the disease, and found in none
    NOT_LISTED = "not_listed"


# --------------------------------------------------------------------------- sequence


@dataclass(frozen=True, slots=True)
class Variant:
    """One alternate allele: contig without chr, pos 1-based, REF and ALT upper-case bases."""

    contig: str
    pos: int
    ref: str
    alt: str

    @property
    def key(self) -> str:
        """`variant.key` of case.json, for example "6-108385489-ACT-A"."""
        return f"{self.contig}-{self.pos}-{self.ref}-{self.alt}"

    @property
    def start(self) -> int:
        """0-based position of the first REF base."""
        return self.pos - 1

    @property
    def end(self) -> int:
        """0-based position after the last REF base."""
        return self.pos - 1 + len(self.ref)


@dataclass(frozen=True, slots=True)
class Transcript:
    """One MANE transcript on one assembly."""

    gene: str
    hgnc_id: str
    accession: str  # "NM_014028.4"
    protein: str  # "NP_054747.2"
    ensembl: str  # "ENST00000193322.8"
    mane: str  # "MANE Select" or "MANE Plus Clinical"
    assembly: Assembly
    contig: str
    refseq_contig: str  # "NC_000006.12", for hgvs_g
    strand: int  # 1 or -1
    exons: tuple[tuple[int, int], ...]  # (start, end), ascending on the plus strand
    cds_start: int  # lowest coding base, start of a half-open range
    cds_end: int  # after the highest coding base; the stop codon is inside
    cds: str  # coding sequence 5' to 3', stop codon included

    @property
    def start(self) -> int:
        return self.exons[0][0]

    @property
    def end(self) -> int:
        return self.exons[-1][1]

    @property
    def in_order(self) -> tuple[tuple[int, int], ...]:
        """The exons 5' to 3', so that exon 1 comes first; (start, end) as in `exons`."""
        return self.exons if self.strand == 1 else self.exons[::-1]

    @property
    def coding(self) -> tuple[tuple[int, int], ...]:
        """Coding part of each exon that has one, (start, end), ascending."""
        pieces = ((max(s, self.cds_start), min(e, self.cds_end)) for s, e in self.exons)
        return tuple((s, e) for s, e in pieces if s < e)


@dataclass(frozen=True, slots=True)
class KnownSequence:
    """Plus-strand bases of one assembly where they are known; pieces never overlap nor touch."""

    pieces: dict[str, tuple[tuple[int, str], ...]]  # contig -> (start, bases), ascending

    def bases(self, contig: str, start: int, end: int) -> str | None:
        """Plus-strand bases of [start, end), or None where any of them is unknown."""
        known = self.pieces.get(contig, ())
        index = bisect_right(known, start, key=lambda piece: piece[0]) - 1
        if index < 0 or start > end:
            return None
        first, text = known[index]
        return text[start - first : end - first] if end <= first + len(text) else None


@dataclass(frozen=True, slots=True)
class Reference:
    """What is known of the panel genes on one assembly."""

    assembly: Assembly
    transcripts: tuple[Transcript, ...]
    sequence: KnownSequence
    own_genes: frozenset[str] = frozenset()  # of the user's own folder: the shipped evidence does not cover them


class NmdEscape(StrEnum):
    """Why a premature stop is not expected to lose the transcript."""

    SINGLE_EXON = "single_exon"
    LAST_EXON = "last_exon"
    LAST_JUNCTION = "last_50_bases_of_the_last_but_one_exon"


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a change reaches, beside its terms; None where it does not apply."""

    nmd_expected: bool | None = field(
        default=None, metadata=OPTIONAL
    )  # of a premature stop: the transcript is expected to be lost
    nmd_escape: NmdEscape | None = field(default=None, metadata=OPTIONAL)  # why it is not
    start_proximal: bool | None = field(
        default=None, metadata=OPTIONAL
    )  # the premature stop lies where translation may start anew
    protein_changed: float | None = field(
        default=None, metadata=OPTIONAL
    )  # share of the protein from its first changed residue on, 0 to 1
    splice_distance: int | None = field(
        default=None, metadata=OPTIONAL
    )  # bases to the nearest exon-intron border; 1 next to it, on either side


@dataclass(frozen=True, slots=True)
class Consequence:
    """What one allele does to one transcript. Names that cannot be known are None, with a reason."""

    transcript: Transcript
    terms: tuple[str, ...]  # Sequence Ontology terms, most severe first
    kind: AlleleKind
    hgvs_c: str | None  # "c.415_416del", no accession in front
    hgvs_p: str | None  # "p.(Gln140GlufsTer11)"; None outside the coding sequence
    unnamed_reason: str | None
    exon: int | None  # 1-based number, 5' to 3'; of the first exon touched
    intron: int | None
    nmd_predicted: bool  # a premature stop that the transcript is expected to be lost for
    in_coding: bool  # touches at least one coding base
    exon_distance: int  # bases to the nearest exon; 0 inside one
    whole_exons_lost: tuple[int, ...] = ()  # numbers of exons wholly inside a deletion
    frame_lost: float = 0.0  # whole exons are lost and the frame with them: share of the protein that this changes
    extent: Extent = Extent()
    could_explain: bool = False  # DESIGN section 4, without ClinVar and the panel's own list


# --------------------------------------------------------------------------- reading


@dataclass(frozen=True, slots=True)
class Genotype:
    """One sample's columns of one record, nothing guessed; a missing field is None."""

    text: str  # GT as written
    alleles: tuple[int | None, ...]  # allele numbers; None for '.'
    phased: bool  # every separator is '|'
    phase_set: str | None  # PS, or PID (then `phased_alleles` is PGT); None where not given
    phased_alleles: tuple[int | None, ...] | None  # order to compare within phase_set
    depth: int | None  # reads, from the caller's own field (docs/input.md), else the sum of allele_depths
    allele_depths: tuple[int | None, ...] | None  # reads per allele, REF first
    quality: float | None  # GQ, or what the caller writes for it (docs/input.md)
    filters: tuple[str, ...] = ()  # FT: the sample's own filter; () for '.', PASS or none
    alt_fraction: tuple[float | None, ...] | None = None  # share of the reads per ALT, as the caller wrote it


@dataclass(frozen=True, slots=True)
class Record:
    """One VCF record at a panel gene; columns stay available as text for findings.vcf."""

    line: int  # 1-based line number in the file
    contig: str  # without chr
    pos: int
    id: str
    ref: str
    alts: tuple[str, ...]
    qual: str
    filters: tuple[str, ...]  # () for '.', ("PASS",) for PASS
    columns: tuple[str, ...]  # the first eight columns, FORMAT and the sample's column, as written
    end: int  # 0-based end: of REF, or of INFO/END for a block or symbolic allele
    genotype: Genotype
    kinds: tuple[str, ...] = ()  # of each ALT: bases, star, reference, symbolic, breakend


@dataclass(frozen=True, slots=True)
class Allele:
    """One called alternate allele after normalisation, with the call behind it."""

    variant: Variant
    zygosity: Zygosity
    record: Record
    allele_number: int  # its number in the record's GT
    remarks: tuple[str, ...] = ()  # why zygosity needs a second look, as sentences
    doubts: tuple[str, ...] = ()  # what makes the call itself doubtful, as sentences


# --------------------------------------------------------------------------- depth and copy number


@dataclass(frozen=True, slots=True)
class ExonRegion:
    """The bases of one exon that must be read: its coding part and two bases beside it, [start, end)."""

    gene: str
    transcript: str
    number: int  # 1-based, 5' to 3', counted over all exons of the transcript
    contig: str
    start: int
    end: int
    gc: float | None = None  # share of G and C of the coding part, 0 to 1

    @property
    def length(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class ExonDepth:
    """How deeply one exon was read. Usable reads: not duplicate, not failed, placed with enough quality.

    `gaps` are the bases that were not callable, [start, end), ascending; None where the input does not say which
    (a mean over the exon). `callable_bases` is None where the input does not say how many.
    """

    region: ExonRegion
    mean: float | None  # usable reads a base; None: this input does not speak of the exon
    callable_bases: int | None = None
    gaps: tuple[tuple[int, int], ...] | None = None
    unplaced: float | None = None  # reads a base that lie here but could belong elsewhere; None: not known
    observed: float | None = None  # share of its bases that the input speaks of, 0 to 1; None: all
    targeted: bool | None = None  # every base lies in the capture targets; None: no targets given


@dataclass(frozen=True, slots=True)
class Coverage:
    """The depth of every panel exon, from one file."""

    source: str  # bam, cram, per_base, regions, thresholds, profile, gvcf
    name: str  # file name
    exons: tuple[ExonDepth, ...]
    places_reads: bool  # reads that could belong elsewhere were told apart
    notes: tuple[str, ...] = ()  # what a reader must know of it


@dataclass(frozen=True, slots=True)
class ExonLoss:
    """Neighbouring exons of one transcript of which copies are missing, by depth."""

    gene: str
    transcript: str
    exons: tuple[int, ...]  # numbers, 5' to 3'
    contig: str
    start: int  # first base of the lost exons' regions, 0-based
    end: int
    copies: int  # left: 0 or 1
    of: int  # copies that this person should have: 2, or 1 on a boy's X
    ratio: float  # depth against what was expected of `of` copies
    score: float | None  # log10 of the odds against `of` copies; None without controls
    doubts: tuple[str, ...]  # why it may be something else; () where nothing speaks against it
    reasons: tuple[str, ...]  # what speaks for it, as sentences


@dataclass(frozen=True, slots=True)
class StructuralCall:
    """A stretch of which copies are missing or added, as a caller (or the depth) has it. [start, end), 0-based."""

    contig: str
    start: int
    end: int
    kind: str  # deletion | duplication | not_a_change (the usual number of copies) | other (not read)
    copies: int | None  # that this person has; None: not said
    usual: int | None  # copies that this person should have: 2, or 1 on a boy's X; None: X, sex not known
    written: str  # the call as its file writes it, for a sentence: "GT 1/1, CN 0"
    precise: bool  # both ends are known to the base
    source: str  # what called it: "depth", or the name of its file
    quality: float | None = None  # as the caller gives it
    passed: bool | None = None  # FILTER; None: not applied
    filters: tuple[str, ...] = ()  # of the record, that it failed
    sample_filters: tuple[str, ...] = ()  # FT, that this sample's genotype failed
    line: int | None = None  # of its file
    doubts: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    exons: tuple[int, ...] | None = None  # numbers of the exons, where the call is about exons
    transcript: str | None = None  # whose exons
    gt: str = "."  # as written

    @property
    def length(self) -> int:
        return self.end - self.start


# --------------------------------------------------------------------------- evidence


@dataclass(frozen=True, slots=True)
class ClinVar:
    """What ClinVar said of an allele, with its date. `decides`: P or LP with assertion criteria."""

    id: str | None
    significance: str
    review: str
    stars: int | None
    traits: tuple[str, ...]
    date: str  # release, "2024-12-15"
    decides: bool


@dataclass(frozen=True, slots=True)
class Frequency:
    state: FrequencyState
    max_af: float | None = field(default=None, metadata=OPTIONAL)
    population: str | None = field(default=None, metadata=OPTIONAL)
    homozygotes: int | None = field(default=None, metadata=OPTIONAL)
    source: str | None = field(default=None, metadata=OPTIONAL)
    date: str | None = field(default=None, metadata=OPTIONAL)
    founder_group: bool | None = field(default=None, metadata=OPTIONAL)  # true: max_af never makes it common
    groups: tuple[dict[str, Any], ...] | None = field(default=None, metadata=OPTIONAL)  # of the files given


# --------------------------------------------------------------------------- signs (HPO)


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the Human Phenotype Ontology. `above`: its own id and those of all more general terms."""

    id: str
    name: str | None  # None: a term that no disease here has to do with; its name is not shipped
    above: frozenset[str]
    bits: float = inf  # information: -log2 of the share of the shipped diseases that have it


@dataclass(frozen=True, slots=True)
class Annotation:
    """One row of the HPO annotations: a sign of a disease, as one source counted it."""

    term: str
    absent: bool  # NOT, or 0 of n people
    frequency: str  # as written: "5/11", "15%", "HP:0040281"; "" where none is
    sex: str  # "MALE", "FEMALE" or ""
    references: tuple[str, ...]  # "PMID:12579474", "OMIM:259700", "ORPHA:667"


@dataclass(frozen=True, slots=True)
class Hpo:
    """The signs of the diseases that were asked for, and every term that they name."""

    release: str
    diseases: dict[str, tuple[Annotation, ...]]  # disease id -> its rows, by term
    terms: dict[str, Term]


Likeness = dict[str, dict[str, float]]  # disease id -> disease id -> how alike their signs are, 0 to 1


@dataclass(frozen=True, slots=True)
class GivenSigns:
    """What the user says of the child; `taken_as`: an alternative id as given -> the term it is."""

    present: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()
    taken_as: dict[str, str] = field(default_factory=dict)


# --------------------------------------------------------------------------- the panel


@dataclass(frozen=True, slots=True)
class PanelStatement:
    """One reviewed sentence. `condition` is said before the text in words ('If there are seizures')."""

    id: str
    topic: Topic
    text: str
    kind: str  # genotype | answer | child | care: the four kinds of an applies_when phrase
    applies_when: str
    condition: str | None  # for kinds child and care: "If there are seizures:"
    references: tuple[str, ...]
    evidence: str
    read: str
    strength: str
    last_reviewed: str
    caution: str | None = None
    inference: bool = False
    alleles: tuple[str, ...] = ()  # GRCh38 keys, where the sentence is about certain variants only
    needs: Needs = Needs.ANY  # of kind genotype
    gene: str | None = None  # of kind answer: said where no or one allele of this gene was found; None: any gene
    aspect: Aspect | None = None
    signed_off: str | None = None  # "A. Clinician, 2026-12"; None: awaits a clinician


@dataclass(frozen=True, slots=True)
class AlleleRule:
    """What an allele means for a subtype; the first rule of a subtype that fits decides.

    verdict: `feeds`, `feeds_unsure` (possible at most), `set_aside` (another disease) or
    `not_this` (says nothing here). Every part of the selector that is given must fit.
    """

    verdict: str
    reason: str
    alleles: tuple[str, ...] = ()  # GRCh38 keys
    kinds: tuple[AlleleKind, ...] = ()
    exons: tuple[int, ...] = ()
    consequences: tuple[str, ...] = ()  # Sequence Ontology terms, one of which the allele has
    traits: tuple[str, ...] = ()  # ClinVar trait names, compared without case
    traits_other_than: tuple[str, ...] = ()  # fits where ClinVar names a condition, and none of these


@dataclass(frozen=True, slots=True)
class PanelSubtype:
    id: str
    name: str
    gene: str | None  # None: no source read names one
    inheritance: Inheritance
    omim: str | None
    mondo: str | None
    neurology: Neurology
    neurology_statements: tuple[str, ...]  # statement ids that carry the class
    transplant: Transplant
    transplant_statements: tuple[str, ...]
    rules: tuple[AlleleRule, ...]
    statements: tuple[PanelStatement, ...]
    yields_to: str | None = None  # no match where both copies already feed that subtype
    ceiling: Status | None = None  # never above this status
    group: Group = Group.CORE
    needs_both: bool = False  # one allele alone is no match: it is another disease's
    one_allele_note: str | None = None  # said where one allele was found
    orpha: str | None = None  # "ORPHA:2785"
    mechanism: Mechanism = Mechanism.NOT_KNOWN
    phenotypes: tuple[str, ...] = ()  # disease ids of the HPO annotations: "OMIM:259730", "ORPHA:2785"


@dataclass(frozen=True, slots=True)
class NamedAllele:
    """An allele the panel itself knows: a founder or recurrent variant."""

    hgvs_c: str
    keys: dict[str, str]  # assembly name -> variant key
    founder: bool  # exempt from the frequency rule
    class_: Class | None  # a class kept whatever the rules say; None: the rules decide
    reason: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BlindSpot:
    """What an exome's small-variant list cannot show of a gene, with the test that would."""

    text: str
    would_show: str
    references: tuple[str, ...]
    statements: tuple[str, ...] = ()
    shown_by: str | None = None  # "depth_with_controls": no blind spot where that was looked at


@dataclass(frozen=True, slots=True)
class PanelGene:
    symbol: str
    hgnc_id: str | None  # None: seen in no table read; then the gene has no transcript here
    protein_name: str  # "RANKL"; printed beside the symbol where names are easily swapped
    core: bool
    null_is_pathogenic: bool  # a null variant predicted to undergo NMD is likely pathogenic here
    not_unique_exons: tuple[int, ...]  # a pseudogene copy makes calls here doubtful
    not_unique_reason: str | None
    named_alleles: tuple[NamedAllele, ...]
    blind_spots: tuple[BlindSpot, ...]
    ncbi: str | None = None  # NCBI Gene id, digits
    omim: str | None = None  # OMIM number of the gene, six digits
    transcripts: tuple[tuple[str, str], ...] = ()  # (RefSeq, Ensembl) accessions of its MANE transcripts
    aliases: tuple[str, ...] = ()  # other symbols that a file or a paper may use
    notes: tuple[str, ...] = ()  # technical remarks: isoforms, paralogues, how older sources count


@dataclass(frozen=True, slots=True)
class Panel:
    name: str
    version: str
    sha256: str
    path: str
    genes: tuple[PanelGene, ...]
    subtypes: tuple[PanelSubtype, ...]
    answer_statements: tuple[PanelStatement, ...]  # shown by answer.code, not by a match
    look_alike_statements: tuple[PanelStatement, ...]  # of diseases without a subtype, for the look-alike table
    references: dict[str, dict[str, Any]]  # id -> citation, pmid, doi, part_read
    statements: tuple[PanelStatement, ...] = ()  # every one once, wherever it is said
    notes: tuple[str, ...] = ()  # what a reader must know of where it comes from

    def gene(self, symbol: str) -> PanelGene | None:
        return next((g for g in self.genes if g.symbol == symbol), None)


# --------------------------------------------------------------------------- the case


@dataclass(frozen=True, slots=True)
class SampleSex:
    stated: Sex | None
    inferred: Sex | None

    @property
    def used(self) -> Sex | None:
        return self.stated or self.inferred


@dataclass(frozen=True, slots=True)
class Sample:
    id: str
    sex: SampleSex
    age_days: int | None = field(default=None, metadata=OPTIONAL)


@dataclass(frozen=True, slots=True)
class AssemblyCall:
    name: Assembly
    basis: AssemblyBasis
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    code: AnswerCode
    sentence: str


@dataclass(frozen=True, slots=True)
class Callset:
    records: int
    snv: int
    indel: int
    het_hom: float | None
    ti_tv: float | None
    kind: CallsetKind
    pass_only: bool | None
    mean_depth: float | None = field(default=None, metadata=OPTIONAL)
    caller: str | None = field(default=None, metadata=OPTIONAL)  # as the header names it
    kind_reasons: tuple[str, ...] = ()  # the counts that speak for `kind`, as sentences


@dataclass(frozen=True, slots=True)
class FindingVariant:
    key: str
    keys: dict[str, str]  # assembly name -> key
    contig: str
    pos: int
    ref: str
    alt: str
    type: str  # snv | insertion | deletion | delins | duplication | structural
    end: int | None = field(default=None, metadata=OPTIONAL)
    svlen: int | None = field(default=None, metadata=OPTIONAL)
    copy_number: int | None = field(default=None, metadata=OPTIONAL)

    @property
    def short_key(self) -> str:
        """The key for a sentence: long alleles by their length, "11-68039024-(17,429 bases)-C"."""
        shown = (a if len(a) <= LONG_ALLELE else f"({len(a):,} bases)" for a in (self.ref, self.alt))
        return "-".join((self.contig, str(self.pos), *shown))


@dataclass(frozen=True, slots=True)
class FindingGenotype:
    gt: str
    dp: int | None
    ad: tuple[int | None, ...] | None
    gq: float | None
    phase_set: str | None
    filters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CallQuality:
    state: CallState
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """One way in which a homozygous call can come about: the test that settles it, the next child's share."""

    text: str
    test: str
    recurrence: str
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Roh:
    """Where a finding stands among the runs; what follows `length_bp` is said of homozygous findings only.

    `start`, `end`, certain and maximal: 0-based half-open, of the run that holds the finding.
    """

    state: RohState
    start: int | None = field(default=None, metadata=OPTIONAL)
    end: int | None = field(default=None, metadata=OPTIONAL)
    length_bp: int | None = field(default=None, metadata=OPTIONAL)
    posterior: float | None = field(default=None, metadata=OPTIONAL)  # that both copies here are one ancestral copy
    certain_start: int | None = field(default=None, metadata=OPTIONAL)
    certain_end: int | None = field(default=None, metadata=OPTIONAL)
    max_start: int | None = field(default=None, metadata=OPTIONAL)
    max_end: int | None = field(default=None, metadata=OPTIONAL)
    n_clusters: int | None = field(default=None, metadata=OPTIONAL)
    n_het: int | None = field(default=None, metadata=OPTIONAL)
    score: float | None = field(default=None, metadata=OPTIONAL)  # LOD of the run
    depth_ratio: float | None = field(default=None, metadata=OPTIONAL)  # inside / outside the run
    lines: tuple[str, ...] | None = field(default=None, metadata=OPTIONAL)  # the evidence, in order
    consistent_with: str | None = field(default=None, metadata=OPTIONAL)
    references: tuple[str, ...] | None = field(default=None, metadata=OPTIONAL)  # of `consistent_with`
    explanations: tuple[Explanation, ...] | None = field(default=None, metadata=OPTIONAL)


@dataclass(frozen=True, slots=True)
class Criterion:
    code: str
    strength: str | None
    points: int | None
    met: bool
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class Classification:
    class_: Class
    criteria: tuple[Criterion, ...]
    points: int | None = field(default=None, metadata=OPTIONAL)

    @property
    def is_pathogenic(self) -> bool:
        return self.class_ in (Class.PATHOGENIC, Class.LIKELY_PATHOGENIC)


@dataclass(frozen=True, slots=True)
class Annotated:
    """How the file itself names an allele on one transcript; never varmio's own name."""

    source: str  # the INFO key: CSQ, ANN, EFF, BCSQ
    transcript: str  # as written, with or without a version
    hgvs_c: str | None
    hgvs_p: str | None
    consequences: tuple[str, ...]  # Sequence Ontology terms, as written or re-spelled


@dataclass(frozen=True, slots=True)
class Finding:
    """One called alternate allele at a panel gene; one per allele, never one per transcript."""

    id: str
    gene: str
    hgnc_id: str
    variant: FindingVariant
    transcript: str
    mane: str
    other_transcripts: tuple[dict[str, Any], ...]
    hgvs_g: str | None
    hgvs_c: str | None
    hgvs_p: str | None
    consequences: tuple[str, ...]
    zygosity: Zygosity
    genotype: FindingGenotype
    call_quality: CallQuality
    roh: Roh
    frequency: Frequency
    classification: Classification
    tier: int
    reasons: tuple[str, ...]
    kind: AlleleKind
    could_explain: bool
    exon: int | None = field(default=None, metadata=OPTIONAL)
    intron: int | None = field(default=None, metadata=OPTIONAL)
    extent: Extent | None = field(default=None, metadata=OPTIONAL)
    unnamed_reason: str | None = field(default=None, metadata=OPTIONAL)
    clinvar: ClinVar | None = field(default=None, metadata=OPTIONAL)
    whole_exons_lost: tuple[int, ...] = ()
    combined_from: tuple[str, ...] | None = field(default=None, metadata=OPTIONAL)  # ids of the parts of one codon
    second_opinion: dict[str, Any] | None = None
    annotated: Annotated | None = field(default=None, metadata=OPTIONAL)  # where ours is missing, or differs


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence as it is said of this case."""

    id: str
    topic: Topic
    text: str
    references: tuple[str, ...]
    evidence: str
    applies: Applies
    read: str
    strength: str
    condition: str | None = field(default=None, metadata=OPTIONAL)
    caution: str | None = field(default=None, metadata=OPTIONAL)
    inference: bool | None = field(default=None, metadata=OPTIONAL)
    aspect: Aspect | None = field(default=None, metadata=OPTIONAL)


@dataclass(frozen=True, slots=True)
class ClassWithSource:
    class_: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SubtypeMatch:
    id: str
    name: str
    gene: str
    inheritance: Inheritance
    findings: tuple[str, ...]
    basis: Basis
    status: Status
    reasons: tuple[str, ...]
    neurology: ClassWithSource
    transplant: ClassWithSource
    statements: tuple[Statement, ...]
    candidates: tuple[str, ...] = ()  # findings named as a possible second allele
    group: Group = Group.CORE
    one_allele_note: str | None = field(default=None, metadata=OPTIONAL)  # what one allele alone means in this gene


@dataclass(frozen=True, slots=True)
class Markers:
    """The sites of one contig that this sample differs from the reference at, by position; arrays of one length.

    SNVs only (each called allele one base), both copies called. Missing depth and quality are -1, a missing
    share is NaN. `share`: of a heterozygous site the reads of its higher-numbered allele among those of both;
    of a homozygous one the reads of the called allele among all that AD counts.
    """

    pos: IntArray  # int64, 1-based
    het: BoolArray  # two different alleles
    passed: BoolArray  # FILTER is PASS or '.'
    depth: IntArray  # int32, DP (else the sum of AD)
    quality: IntArray  # int32, GQ
    share: FloatArray  # float32


@dataclass(frozen=True, slots=True)
class Run:
    """One run of homozygosity. All bounds 0-based half-open.

    `start`, `end` lie between the last marker inside and the first outside; `certain_*` reach from the first to
    the last marker inside, `max_*` to the nearest markers that speak against it.
    """

    contig: str
    start: int
    end: int
    n_sites: int
    n_het: int  # heterozygous markers inside, taken for errors
    score: float  # LOD: log10 of the odds of one ancestral copy against two
    certain_start: int
    certain_end: int
    max_start: int
    max_end: int
    n_clusters: int  # groups of neighbouring markers, each one piece of evidence
    depth_ratio: float | None  # median depth of the markers inside / outside
    may_be_deleted: bool = False  # the depth is so low that one copy may be missing

    @property
    def length_bp(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class OneChromosome:
    """A chromosome that alone holds long runs: isodisomy, or one distant ancestor."""

    contig: str
    run_bp: int
    hom_share: float  # of its usable sites
    n_sites: int  # usable sites, spaced
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Autozygosity:
    """The runs of one sample's autosomes, and what they add up to."""

    assessable: bool
    reasons: tuple[str, ...]
    segments: tuple[Run, ...]
    total_bp: int | None  # of the runs that count into f_roh
    f_roh: float | None
    f_roh_interval: tuple[float, float] | None
    longest_bp: int | None
    pattern: RohPattern
    uniparental: tuple[OneChromosome, ...]
    x_segments: tuple[Run, ...] = ()  # of a girl; never counted
    n_usable: int | None = field(default=None, metadata=OPTIONAL)  # markers used
    outside_panel: float | None = field(default=None, metadata=OPTIONAL)  # share of the runs outside panel genes
    pattern_reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GeneVerdict:
    symbol: str
    verdict: Verdict
    searched: bool
    exons: tuple[dict[str, Any], ...]
    reasons: tuple[str, ...]
    core: bool | None = field(default=None, metadata=OPTIONAL)  # a core gene of osteopetrosis
    contig: str | None = field(default=None, metadata=OPTIONAL)  # of its transcripts, in this assembly
    start: int | None = field(default=None, metadata=OPTIONAL)  # 0-based
    end: int | None = field(default=None, metadata=OPTIONAL)


@dataclass(frozen=True, slots=True)
class Limitation:
    text: str
    gene: str | None = field(default=None, metadata=OPTIONAL)
    would_show: str | None = field(default=None, metadata=OPTIONAL)
    references: tuple[str, ...] | None = field(default=None, metadata=OPTIONAL)


@dataclass(frozen=True, slots=True)
class Recurrence:
    text: str
    references: tuple[str, ...]
    condition: str | None = field(default=None, metadata=OPTIONAL)


@dataclass(frozen=True, slots=True)
class ChildSign:
    """A sign that the user gave."""

    id: str
    name: str | None
    neurological: bool
    given_as: str | None = field(default=None, metadata=OPTIONAL)  # the alternative id that was written


@dataclass(frozen=True, slots=True)
class AnnotatedSign:
    """A sign as the HPO annotations list it for a disease; `frequency` in words ("5 of 11", "listed")."""

    id: str
    name: str
    frequency: str
    references: tuple[str, ...]
    other_disease: str | None = field(default=None, metadata=OPTIONAL)  # its frequency there: "0 of 2"
    shown_by: str | None = field(default=None, metadata=OPTIONAL)  # the examination that shows it
    tells_from: tuple[str, ...] | None = field(default=None, metadata=OPTIONAL)  # subtypes that do not list it


@dataclass(frozen=True, slots=True)
class FitSign:
    """One of the child's signs beside a disease's list; `relation` says how the two stand to each other."""

    id: str
    name: str | None
    relation: SignRelation
    annotated: AnnotatedSign | None = field(default=None, metadata=OPTIONAL)


@dataclass(frozen=True, slots=True)
class SignFit:
    """The child's signs beside the list of one subtype. It ranks nothing and rules nothing out."""

    subtype: str
    name: str
    gene: str | None
    diseases: tuple[str, ...]  # whose lists were read: "OMIM:259730"
    fitting: tuple[FitSign, ...]
    unexpected: tuple[FitSign, ...]
    missing: tuple[FitSign, ...]
    would_tell: tuple[AnnotatedSign, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Phenotype:
    present: tuple[ChildSign, ...] = ()
    excluded: tuple[ChildSign, ...] = ()
    fits: tuple[SignFit, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LookAlike:
    """A disease that looks like a candidate (`for_`: its subtype id; None: like recessive osteopetrosis)."""

    for_: str | None
    id: str | None  # subtype id; None for a disease that is no subtype of the panel
    name: str | None
    gene: str | None
    reason: str  # why it stands here
    similarity: float | None  # of the two lists of signs, 0 to 1; None where none was compared
    shared: tuple[AnnotatedSign, ...]
    points_to: tuple[AnnotatedSign, ...]
    points_away: tuple[AnnotatedSign, ...]
    statements: tuple[Statement, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DepthSource:
    """Where the depth of the exons was read, and what it was compared with."""

    source: str  # bam, cram, per_base, regions, thresholds, profile, gvcf
    name: str
    n_controls: int
    losses_looked_for: bool  # whole exons with missing copies, against controls
    places_reads: bool  # reads that could belong elsewhere were told apart
    mean_depth: float | None  # median over the coding exons of their mean depth


@dataclass(frozen=True, slots=True)
class Accounting:
    """Every record in is in exactly one place: reported, filtered with a reason, or unreadable."""

    records_in: int
    reported: int
    filtered: dict[str, int]
    unreadable: int
    unreadable_lines: tuple[dict[str, Any], ...] = ()  # {line, reason}, the first ones


@dataclass(frozen=True, slots=True)
class Provenance:
    varmio: str
    panel: dict[str, str]
    resources: tuple[dict[str, Any], ...]
    inputs: tuple[dict[str, Any], ...]
    command: str
    date: str
    accounting: Accounting
    synthetic: bool | None = field(default=None, metadata=OPTIONAL)


@dataclass(frozen=True, slots=True)
class Case:
    schema_version: str
    case_id: str
    sample: Sample
    assembly: AssemblyCall
    answer: Answer
    callset: Callset
    findings: tuple[Finding, ...]
    subtypes: tuple[SubtypeMatch, ...]
    autozygosity: Autozygosity
    genes: tuple[GeneVerdict, ...]
    limitations: tuple[Limitation, ...]
    recurrence: tuple[Recurrence, ...]
    statements: tuple[Statement, ...]
    look_alikes: tuple[LookAlike, ...]
    phenotype: Phenotype
    references: dict[str, dict[str, Any]]
    methods: dict[str, Any]
    panel_genes: tuple[str, ...]
    provenance: Provenance
    depth: DepthSource | None = field(default=None, metadata=OPTIONAL)


# --------------------------------------------------------------------------- words of the family page


@dataclass(frozen=True, slots=True)
class Phrase:
    """A fixed phrase; `in_english`: the language asked for does not have it."""

    text: str
    in_english: bool = False


@dataclass(frozen=True, slots=True)
class Language:
    """The words of the family page in one language, by 'section.key'."""

    code: str  # BCP 47
    direction: str  # ltr or rtl
    phrases: Mapping[str, Phrase]


# --------------------------------------------------------------------------- a laboratory's letter


@dataclass(frozen=True, slots=True)
class Letter:
    """What a laboratory adds to the page; '' where it gave nothing."""

    indication: str = ""
    referrer: str = ""
    number: str = ""
    reviewer: str = ""
    letterhead: tuple[str, ...] = ()  # lines
