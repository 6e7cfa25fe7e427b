"""Every fixed phrase of the page: labels of enum values and technical words, no clinical claim.

What is said about a disease stands in the panel's statements, with references; here are only
names of classes, Mendelian words, what a file cannot show, and that an expert centre decides.
"""

from __future__ import annotations

from collections.abc import Sequence

Words = dict[str, str]


def words(table: Words, value: object) -> str:
    """The phrase for a value; a value this version does not know is shown in its own words.

    >>> words(VERDICT, "partly_seen"), words(VERDICT, "seen_by_two_methods")
    ('partly seen', 'seen by two methods')
    """
    text = str(value)
    return table.get(text) or text.replace("_", " ")


def count(number: int, noun: str) -> str:
    """A number with its noun.

    >>> count(1, "run"), count(12345, "run")
    ('1 run', '12,345 runs')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def listed(names: Sequence[str]) -> str:
    """Names as a sentence has them.

    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def megabases(bases: int) -> str:
    """A length as it is said.

    >>> megabases(19_845_000), megabases(640_000)
    ('19.8 Mb', '0.6 Mb')
    """
    return f"{bases / 1e6:.1f} Mb"


# Protein names, printed beside genes whose symbols are easily swapped.
PROTEIN: Words = {"TNFSF11": "RANKL", "TNFRSF11A": "RANK", "TNFRSF11B": "OPG"}

ANSWER: Words = {
    "diagnosis": "Diagnosis",
    "several": "Several genes",
    "likely": "Likely",
    "possible": "Possible",
    "unweighed": "Not weighed yet",
    "one_allele": "One changed copy found",
    "nothing_found": "Nothing found",
    "could_not_look": "Could not look",
}
CLASS: Words = {
    "pathogenic": "pathogenic",
    "likely_pathogenic": "likely pathogenic",
    "uncertain_significance": "uncertain significance",
    "likely_benign": "likely benign",
    "benign": "benign",
    "not_classified": "not classified",
}
STATUS: Words = {
    "diagnostic": "diagnosis",
    "likely": "likely",
    "possible": "possible",
    "one_allele": "one changed copy found",
    "excluded": "set aside",
}
BASIS: Words = {
    "homozygous": "both copies carry the same change",
    "hemizygous": "the only copy carries the change",
    "homozygous_deletion": "no copy of at least one exon is left",
    "snv_over_deletion": "a change on one copy, a deletion on the other",
    "compound_het_in_trans": "two different changes, one on each copy",
    "compound_het_phase_unknown": "two different changes; not known whether on two copies or on one",
    "in_cis": "two changes on the same copy",
    "single_het": "one copy carries a change",
    "dominant_het": "one changed copy, in a disease that needs only one",
    "dominant_de_novo": "one changed copy that neither parent carries",
    "uniparental_suspected": "both copies may come from one parent",
}
ZYGOSITY: Words = {
    "homozygous": "homozygous (both copies)",
    "heterozygous": "heterozygous (one copy)",
    "hemizygous": "hemizygous (the only copy)",
    "partial": "partly called (one copy changed, the other not known)",
    "no_call": "not called",
    "absent": "absent",
    "mosaic_suspected": "mosaic suspected (in part of the cells)",
}
INHERITANCE: Words = {
    "recessive": "recessive",
    "dominant": "dominant",
    "x_linked": "X-linked",
    "x_linked_dominant": "X-linked dominant",
}
MECHANISM: Words = {
    "loss_of_function": "loss of function (the protein is missing or does not work)",
    "gain_of_function": "gain of function (the protein works too much, or in a new way)",
    "dominant_negative": "dominant negative (the changed protein hinders the normal one)",
    "varied": "varied (not the same for every change)",
    "not_known": "not known",
}
GROUP: Words = {
    "core": "osteopetrosis",
    "related": "related to osteopetrosis",
    "differential": "another disease with dense bones, or one that is mistaken for osteopetrosis",
}
NEEDS: Words = {
    "any": "there is any match",
    "two_copies": "two copies are changed, or the only one",
    "one_copy": "one copy is changed",
    "hemizygous": "a boy's only copy is changed",
    "listed_allele": "one of these changes is found",
}
ALLELE_KIND: Words = {
    "null": "stop, frameshift, splice donor or acceptor, loss of whole exons",
    "missense": "missense",
    "inframe_duplication": "in-frame duplication",
    "inframe": "other in-frame insertion or deletion",
    "other": "any other kind",
}
RULE: Words = {
    "feeds": "counts",
    "feeds_unsure": "counts, possible at most",
    "set_aside": "belongs to another disease",
    "not_this": "says nothing here",
}
VERDICT: Words = {
    "found": "found",
    "not_found": "not found",
    "partly_seen": "partly seen",
    "could_not_look": "could not look",
}
NEUROLOGY: Words = {
    "primary_progressive": "Yes, expected: the brain itself (primary, progressive)",
    "primary_variable": "Open: the brain itself in some children; the genotype alone does not tell",
    "primary_cns_calcification": "Yes: calcium deposits in the brain",
    "primary_other": "The nervous system itself can be involved",
    "structural": "By malformation, not by nerves squeezed by bone (structural)",
    "secondary_compressive": "Not as a rule the brain itself: nerves squeezed by bone (secondary)",
    "none_reported": "None reported for this gene",
    "uncertain": "Not known",
}
TRANSPLANT: Words = {
    "indicated_urgent": "Indicated, as early as possible",
    "indicated": "Indicated: do not delay",
    "case_by_case_after_neurology": "To be judged for each child, after a neurological work-up",
    "case_by_case_partial_benefit": "To be judged for each child: it helps part of the disease only",
    "case_by_case_immune_indication": "To be judged for each child, by the immune defect",
    "not_recommended_neurodegeneration": "Generally not recommended",
    "ineffective_extrinsic": "Not effective: the defect is not in blood cells",
    "not_indicated": "Not indicated",
    "not_established": "Not established",
}
TRANSPLANT_NOTE = "An expert centre decides with the family."
CALL: Words = {"solid": "solid", "doubtful": "doubtful", "not_assessable": "not assessable"}
FREQUENCY: Words = {
    "looked_up": "looked up",
    "screened": "screened only: not in the list of common alleles, the figure is not known",
    "not_looked_up": "not looked up",
}
ROH: Words = {
    "inside": "inside a run of homozygosity",
    "outside": "outside runs of homozygosity",
    "not_assessable": "not assessable in this file",
}
TIER: Words = {
    "1": "carries the answer",
    "2": "to be read by a person",
    "3": "could not be weighed",
    "4": "the rest",
}
BASIS_OF_ASSEMBLY: Words = {
    "contig_lengths": "by contig lengths",
    "panel_sites": "by panel sites",
    "stated_by_user": "as stated on the command line",
}
EVIDENCE: Words = {"case_report": "case report", "case_series": "case series", "animal": "animal study"}
TOPIC: Words = {
    "age_window": "Age",
    "alert": "Alerts",
    "alternatives": "Other treatment",
    "before_transplant": "Before a transplant",
    "differential": "What else looks like this",
    "founder": "Founder alleles",
    "genotype_phenotype": "Genotype and course",
    "haematology": "Blood",
    "immunology": "Infection",
    "inheritance": "Inheritance",
    "missed_by_exome": "What an exome misses",
    "neurology": "The brain",
    "outcome": "Outlook",
    "radiology": "X-rays",
    "transplant": "Transplant",
}
APPLIES: Words = {
    "patient": "",
    "if_confirmed": "If the diagnosis is confirmed",
    "gene_general": "Known of the gene, not of this child",
}

IF_CONFIRMED = "If confirmed"
IN_GENERAL = "Known in general, not of this child"
MORE = "More on this"

# What a sentence on blood, or on the limits of a transplant, is about.
ASPECT: Words = {
    "marrow_failure": "Marrow failure",
    "blood_counts": "Blood counts",
    "extramedullary": "Blood formed in liver and spleen",
    "transfusion": "Transfusion",
    "bleeding": "Bleeding",
    "infection": "Infection",
    "graft_failure": "Graft failure",
    "high_calcium": "High calcium afterwards",
    "sight_and_hearing": "Sight and hearing",
    "advanced_neurology": "Brain disease already advanced",
    "lungs_and_liver": "Lungs and liver",
}
ASPECT_IN_LIST: Words = {
    "marrow_failure": "failure of the marrow",
    "blood_counts": "blood counts",
    "extramedullary": "blood formed in liver and spleen",
    "transfusion": "transfusion",
    "bleeding": "bleeding",
    "infection": "infection",
    "graft_failure": "graft failure",
    "high_calcium": "high calcium after a transplant",
    "sight_and_hearing": "sight and hearing",
    "advanced_neurology": "advanced brain disease",
    "lungs_and_liver": "lungs and liver",
}
BLOOD = "Blood and infection"
ALSO_ON_BLOOD = "Also on blood"
NO_BLOOD = "No sentence here"
NO_BLOOD_WHY = "No source that was read lets one be said here. That does not mean that there is no risk."
OF_ALL_FORMS = "of several forms of osteopetrosis, not of this gene alone"
WEAKLY_SUPPORTED = "Weakly supported only"
NOTHING_ON = (
    "No well supported source on this gene stands in this section on: {aspects}. "
    "That does not mean that there is no risk."
)
WATCH = "Watch for"
UNDER_A_CONDITION = "Only under the condition named"
LATER = "After a transplant: known of the disease, not of this child"
SEE_ALSO = "Alerts on {aspects} stand under"
TRANSPLANT_PART: Words = {
    "age_window": "How soon",
    "before_transplant": "Before a transplant",
    "alternatives": "Other treatment",
}
LIMITS = "What a transplant does not solve"
OUTLOOK = "Outlook, for the clinical team"
PUBLISHED = "published {years}"
NO_YEAR = "year of the source not recorded"

# Sequence Ontology terms -> accession (Eilbeck 2005, doi:10.1186/gb-2005-6-5-r44).
SO_ID: Words = {
    "transcript_ablation": "SO:0001893",
    "splice_acceptor_variant": "SO:0001574",
    "splice_donor_variant": "SO:0001575",
    "stop_gained": "SO:0001587",
    "frameshift_variant": "SO:0001589",
    "stop_lost": "SO:0001578",
    "start_lost": "SO:0002012",
    "exon_loss_variant": "SO:0001572",
    "inframe_insertion": "SO:0001821",
    "inframe_deletion": "SO:0001822",
    "missense_variant": "SO:0001583",
    "protein_altering_variant": "SO:0001818",
    "splice_donor_5th_base_variant": "SO:0001787",
    "splice_donor_region_variant": "SO:0002170",
    "splice_polypyrimidine_tract_variant": "SO:0002169",
    "splice_region_variant": "SO:0001630",
    "incomplete_terminal_codon_variant": "SO:0001626",
    "start_retained_variant": "SO:0002019",
    "stop_retained_variant": "SO:0001567",
    "synonymous_variant": "SO:0001819",
    "coding_sequence_variant": "SO:0001580",
    "5_prime_UTR_variant": "SO:0001623",
    "3_prime_UTR_variant": "SO:0001624",
    "non_coding_transcript_exon_variant": "SO:0001792",
    "intron_variant": "SO:0001627",
    "upstream_gene_variant": "SO:0001631",
    "downstream_gene_variant": "SO:0001632",
    "intergenic_variant": "SO:0001628",
}

NMD_EXPECTED = "the transcript is expected to be lost (nonsense-mediated decay)"
NMD_ESCAPE = {
    "single_exon": "the gene has one exon, so the transcript is expected to stay",
    "last_exon": "in the last exon, so the transcript is expected to stay",
    "last_50_bases_of_the_last_but_one_exon": "in the last 50 bases of the last but one exon, so the transcript is "
    "expected to stay",
}
START_PROXIMAL = "; in the first 100 coding bases, where translation may start anew"

# The shape of the answer: (symbol, colour, its name for a screen reader).
ANSWER_MARK: dict[str, tuple[str, str, str]] = {
    "diagnosis": ("dia", "accent", "Filled diamond: diagnosis"),
    "several": ("dia2", "accent", "Two diamonds: several genes"),
    "likely": ("diahalf", "accent", "Half diamond: likely"),
    "possible": ("diaopen", "wait", "Open diamond: possible"),
    "unweighed": ("diaq", "wait", "Diamond with question mark: not weighed"),
    "one_allele": ("diaone", "wait", "Diamond, lower half filled: one changed copy found"),
    "nothing_found": ("open", "soft", "Open circle: nothing found"),
    "could_not_look": ("block", "stop", "Broken square: could not look"),
}
UNKNOWN_MARK = ("dash", "soft", "Dashes: an answer this version does not know")
HOW_SURE: Words = {
    "diagnostic": "diagnosis, to be confirmed",
    "likely": "likely; not yet a diagnosis",
    "possible": "possible; not a diagnosis",
    "one_allele": "one changed copy found; no diagnosis",
}
CONFIRM = "To be confirmed by a second method first."
STATUS_MARK: dict[str, tuple[str, str]] = {
    "diagnostic": ("dia", "accent"),
    "likely": ("diahalf", "accent"),
    "possible": ("diaopen", "wait"),
    "one_allele": ("diaone", "wait"),
}
NEUROLOGY_MARK: dict[str, tuple[str, str]] = {
    "primary_progressive": ("sq", "stop"),
    "primary_variable": ("sqhalf", "wait"),
    "primary_cns_calcification": ("sq", "stop"),
    "primary_other": ("sqhalf", "wait"),
    "structural": ("sqhalf", "wait"),
    "secondary_compressive": ("press", "ink"),
    "none_reported": ("sqopen", "soft"),
    "uncertain": ("dash", "soft"),
}
TRANSPLANT_MARK: dict[str, tuple[str, str]] = {
    "indicated_urgent": ("tri", "go"),
    "indicated": ("triopen", "go"),
    "case_by_case_after_neurology": ("half", "wait"),
    "case_by_case_partial_benefit": ("half", "wait"),
    "case_by_case_immune_indication": ("half", "wait"),
    "not_recommended_neurodegeneration": ("stop", "stop"),
    "ineffective_extrinsic": ("cross", "stop"),
    "not_indicated": ("stop", "stop"),
    "not_established": ("dash", "soft"),
}
VERDICT_MARK: dict[str, tuple[str, str]] = {
    "found": ("full", "accent"),
    "not_found": ("open", "soft"),
    "partly_seen": ("half", "wait"),
    "could_not_look": ("block", "stop"),
}

# Why a question of the first list is not answered, by answer.
NOT_ANSWERED: Words = {
    "one_allele": "One changed copy was found and a recessive disease needs two. The second may be of a kind "
    "that this file cannot show.",
    "unweighed": "No subtype is matched while the change is not weighed.",
    "nothing_found": "No subtype is matched. A result like this does not exclude the disease.",
    "could_not_look": "No core gene could be looked at.",
    "excluded": "The change that was found belongs to another disease and says nothing here.",
}
NO_GENE: Words = {
    "unweighed": "A change has not been weighed; no diagnosis",
    "nothing_found": "No gene named",
    "could_not_look": "No gene could be looked at",
}
SECOND_METHOD = "Confirm both alleles by a second method first."  # the panel says it; matched here
NEXT_STEPS: dict[str, tuple[tuple[str, str], ...]] = {
    "diagnosis": (
        ("Confirm the result by a second method, with a copy-number test.", "Diagnostic laboratory"),
        ("Refer to an expert centre now; it decides with the family.", "Treating team, today"),
        ("Test both parents for what was found.", "Genetic counselor and laboratory"),
    ),
    "likely": (
        ("Confirm both alleles by a second method, with a copy-number test.", "Diagnostic laboratory"),
        ("Test both parents: it shows whether both copies are changed.", "Genetic counselor and laboratory"),
        ("Refer to an expert centre now; it decides with the family.", "Treating team, today"),
    ),
    "possible": (
        ("Have the change judged by a person, and confirm it by a second method.", "Diagnostic laboratory"),
        ("Test both parents for what was found.", "Genetic counselor and laboratory"),
        ("Refer to an expert centre; do not wait for the classification.", "Treating team, today"),
    ),
    "several": (
        ("Have each of the genes judged by a person; confirm by a second method.", "Diagnostic laboratory"),
        ("Test both parents for what was found.", "Genetic counselor and laboratory"),
        ("Refer to an expert centre now; it decides with the family.", "Treating team, today"),
    ),
    "unweighed": (
        ("Look the frequency up.", "Bioinformatician, today"),
        ("Test both parents for the change.", "Genetic counselor and laboratory"),
        ("Refer to an expert centre; do not wait for the classification.", "Treating team, today"),
    ),
    "one_allele": (
        ("Look for the second allele: copy-number test, then genome or RNA.", "Diagnostic laboratory"),
        ("Test both parents for the change that was found.", "Genetic counselor and laboratory"),
        ("Refer to an expert centre; do not wait for the second allele.", "Treating team, today"),
    ),
    "nothing_found": (
        ("Do not read this as an all-clear: test what could not be seen.", "Diagnostic laboratory"),
        ("Have the X-rays read by an expert centre.", "Treating team"),
        ("Run again when the evidence or the tool is newer.", "Bioinformatician"),
    ),
    "could_not_look": (
        ("Get a file that covers the core genes: exome or genome calls with depth.", "Bioinformatician"),
        ("Test the core genes in another way.", "Diagnostic laboratory"),
        ("Have the X-rays read by an expert centre.", "Treating team"),
    ),
}
PATHOGENIC = ("pathogenic", "likely_pathogenic")
STEPS_FOR_SET_ASIDE = (
    ("Have the change that was set aside read by a genetics service: it may mean another disease.", "Counselor"),
    ("Test both parents for it.", "Genetic counselor and laboratory"),
)
TO_READ = "For a person to read, no match:"
CALCIUM = "Calcium: have it measured"
ALERT = "Something to watch in this disease"
PARENTS = "Test both parents"  # how the steps begin that speak of the parents
PARENTS_LATER = (
    "Let a genetics service speak with the parents before they are tested: one changed copy of this gene has a "
    "meaning of its own.",
    "Genetic counselor",
)
NEUROLOGY_STEP = (
    "Ask the expert centre for the neurological work-up before any decision on transplant.",
    "Treating team, today",
)
NEUROLOGY_STEP_FOR = ("primary_progressive", "primary_variable", "primary_cns_calcification", "primary_other")
NO_VERDICT = ("uncertain", "not_established")  # classes that say nothing, so need no "If confirmed"
NO_ALERT = "No alert belongs to this answer. Ask the centre."
NO_RECURRENCE = "No figure can be given yet"
NO_RECURRENCE_WHY = "A figure needs a change that is known to cause the disease, and both parents."
NOT_EXAMINED = "This gene is not examined by this version: it holds no transcript of it. A finding here is not seen."
NO_SUBTYPE = "No disease of this gene is described here: a finding is named for a person to read, and never matched."
INFERENCE = "our reading, to ask the centre about"
DECIDES_NOTHING = "This report informs an expert centre; it decides nothing."
SYNTHETIC = "Synthetic sample: made by a program, no real child."
OUTLOOK_NOTE = "Series of past years; not a forecast for one child."
NOT_A_DEVICE = "For research and for discussion with experts; not a medical device."
# What a person can do about a frequency that was not looked up.
WEIGH_COMMAND = "{run} -o OUT --evidence slice.vcf --force"
SLICE_FIRST = "slice.vcf is cut before that, from a gnomAD sites file, and says what it covers:"
SLICE_COMMAND = (
    "bcftools view -r {around} gnomad.{assembly}.sites.vcf.gz"
    " | awk 'NR==2{{print \"##varmio_region={regions}\"}}1' > slice.vcf"
)

# Signs (HPO) and look-alikes: technical words on lists and examinations, no clinical claim.
LISTED = "listed"
FOUND_IN_NONE = "looked for, found in none"
NEAR_BY_SIGNS = "its list of signs is among the nearest (likeness {:.2f} of 1)"
BY_WORDS = "named by a reviewed sentence; its list of signs was not compared"
EVERY_CHILD = "to be thought of where no gene was found"
LOOK_ALIKE_NAME: Words = {"GENERAL-differential-03": "Transient infantile osteopetrosis"}
SIGNS_NOTES = (
    "HPO annotations are incomplete: a sign that is not in the list of a disease says nothing against it.",
    "Signs filter nothing, order nothing and change no class.",
)
BRAIN_UNDER_SCORED = (
    "HPO annotations under-score signs of the brain here: such a sign tells nothing for or against, "
    "whether it is listed or not."
)
LOOKS_LIKE = "What looks like {}"
LOOKS_LIKE_GROUP = "What looks like recessive osteopetrosis, or is to be thought of without a gene"
LOOKS_LIKE_IN_WORDS = "Other diseases with dense bones, each named by a reviewed sentence only"
LOOK_ALIKE_HEADS = ("Disease", "Points to it", "Points away from it", "What is known")
SEEN_IN_BOTH = "Listed for both"
IN_THE_OTHER = "there {}"
NOTHING_LISTED = "No telling sign is listed."
NOT_COMPARED = "Not compared."
NO_GENE_KNOWN = "Without a known gene"
FREQUENCIES_NOTE = (
    "Counts are people with the sign of people examined, as HPO annotations give them; “listed” is without a "
    "count. A sign that is not listed says nothing."
)
SIGNS_CAPTION = "The child's signs beside the list of each candidate"
SIGN_HEADS = ("Candidate", "Fits", "Unexpected", "Often seen, not in this child", "Would tell")
NO_SIGN = "None."
ASK_FOR = "ask for {}:"
NO_LIST = "HPO lists no signs for this subtype."
NOT_IN_LIST = "not in the list of this disease"
ASSESS_BEFORE_TRANSPLANT = "Assess before transplant"
GIVEN_AS = "given as {}, which HPO has merged into it"
NO_NAME = "(name not shipped: no disease here lists it)"
RELATION: Words = {
    "same": "",
    "more_specific": "a kind of it is listed",
    "more_general": "what it is a kind of is listed",
    "recorded_absent": "recorded as absent",
    "not_listed": NOT_IN_LIST,
}
# HPO term -> the examination that shows it and every kind of it; the first that fits is named.
EXAMINATION: Words = {
    "HP:0001947": "a blood gas and urine pH",  # Renal tubular acidosis
    "HP:0001941": "a blood gas",  # Acidosis
    "HP:0008153": "blood potassium",  # Periodic hypokalemic paresis
    "HP:0011042": "blood potassium",  # Abnormal blood potassium concentration
    "HP:0004363": "ionised calcium",  # Abnormal circulating calcium concentration
    "HP:0100529": "blood phosphate",  # Abnormal blood phosphate concentration
    "HP:0004379": "alkaline phosphatase in blood",  # Abnormality of alkaline phosphatase level
    "HP:0003148": "acid phosphatase in blood",  # Elevated serum acid phosphatase
    "HP:0045040": "lactate dehydrogenase in blood",  # Abnormal circulating lactate dehydrogenase concentration
    "HP:0010701": "immunoglobulin levels",  # Abnormal circulating immunoglobulin concentration
    "HP:0000824": "a growth hormone stimulation test",  # Decreased response to it
    "HP:0000240": "a head measurement",  # Abnormality of skull size
    "HP:0430048": "brain imaging",  # Intracranial calcification
    "HP:0012443": "brain imaging",  # Abnormal brain morphology
    "HP:0002353": "an electroencephalogram",  # EEG abnormality
    "HP:0030453": "an eye examination with electroretinogram and visual evoked potentials",  # its electrophysiology
    "HP:0000587": "an eye examination with electroretinogram and visual evoked potentials",  # Optic nerve
    "HP:0000479": "an eye examination with electroretinogram and visual evoked potentials",  # Retina
    "HP:0000504": "an eye examination with electroretinogram and visual evoked potentials",  # Vision
    "HP:0000364": "a hearing test",  # Hearing abnormality
    "HP:0001903": "a blood count",  # Anemia
    "HP:0011873": "a blood count",  # Abnormal platelet count
    "HP:0011893": "a blood count",  # Abnormal leukocyte count
    "HP:0002240": "an abdominal ultrasound",  # Hepatomegaly
    "HP:0001744": "an abdominal ultrasound",  # Splenomegaly
    "HP:0000164": "a dental examination",  # Abnormality of the dentition
    "HP:0030327": "a bone biopsy",  # Abnormal osteoclast count
    "HP:0011849": "X-rays",  # Abnormal bone ossification
    "HP:0003330": "X-rays",  # Abnormal bone structure
}
# Age: urgency in fixed technical words; it closes nothing and changes no class.
REFER = "Refer to an expert centre"
REFER_TODAY = "Refer to an expert centre today: the child is {} old"
AGE_CLOSES_NOTHING = "Age closes no option."
URGENT_FOR = ("indicated_urgent", "indicated", "case_by_case_after_neurology")

# Homozygosity: what a run, or its absence, means at a homozygous change. Sources below; no relation is ever named.
ROH_REFERENCES: dict[str, Words] = {
    "ROH1": {
        "citation": "McQuillan R, Leutenegger AL, Abdel-Rahman R et al., Wilson JF. Runs of homozygosity in European "
        "populations. Am J Hum Genet 2008.",
        "pmid": "18760389",
        "doi": "10.1016/j.ajhg.2008.08.007",
        "part_read": "abstract",
    },
    "ROH2": {
        "citation": "Uniparental isodisomy as a cause of recessive Mendelian disease: a diagnostic pitfall with a "
        "quick and easy solution in medium/large NGS analyses (authors and year not seen).",
        "url": "https://discovery.researcher.life/article/uniparental-isodisomy-as-a-cause-of-recessive-mendelian-"
        "disease-a-diagnostic-pitfall-with-a-quick-and-easy-solution-in-medium-large-ngs-analyses/"
        "aa8a9188d6c430b78cc8bdbcf7d98f1d",
        "part_read": "abstract",
    },
    "ROH3": {
        "citation": "Apparent homozygosity in 12,406 cases sequenced at Baylor College of Medicine (title and authors "
        "not seen). Genet Med 2012.",
        "pmid": "22595940",
        "doi": "10.1038/gim.2012.58",
        "part_read": "abstract and opening",
    },
    "ROH4": {
        "citation": "Rehder CW, David KL, Hirsch B, Toriello HV, Wilson CM, Kearney HM. American College of Medical "
        "Genetics and Genomics: standards and guidelines for documenting suspected consanguinity as an incidental "
        "finding of genomic testing. Genet Med 2013.",
        "pmid": "23328890",
        "doi": "10.1038/gim.2012.169",
        "part_read": "abstract",
    },
    "ROH5": {
        "citation": "Copy neutral segments with allelic homozygosity in 14,574 cases tested by SNP microarray (title "
        "and authors not seen).",
        "url": "https://pmc.ncbi.nlm.nih.gov/articles/PMC4402629",
        "part_read": "abstract",
    },
}
ROH_POSTERIOR = "Probability that both copies here come from one ancestral copy, by the calls around it: {}."
ROH_POSTERIOR_PLAIN = "Probability that the two copies here are one and the same, by the calls around them: {}."
ROH_INSIDE = "Inside a run of {length} ({place}); certain over {certain}, at most {maximal}."
ROH_OUTSIDE = "Outside every run."
ROH_EVIDENCE = "{clusters} of markers, {against} against it; LOD {score}."
ROH_DEPTH = "Depth inside to outside the run: {ratio}."
ROH_DEPTH_LOW = "Depth inside to outside the run: {ratio}; at {limit} or less one copy may be missing."
ROH_DEPTH_FEW = "Depth inside to outside the run: {ratio}; too few markers to tell a missing copy from chance."
ROH_DEPTH_UNKNOWN = "The file gives no depth to compare, so a missing copy is not told from two alike."
ROH_ONE_COPY = "One copy of X in a boy: no run can be told."
CONSISTENT_WITH: Words = {  # what stands at the change, after the evidence
    "one_ancestor": "Consistent with one ancestral copy that came down through both parents.",
    "short": "Inside a short run; runs of up to 4 Mb are common in people without known shared ancestors.",
    "deletion": "The depth says that one copy may be missing here: the change may lie over a deletion.",
    "one_chromosome": "This chromosome alone carries long runs: both copies may come from one parent (isodisomy), or "
    "from one distant ancestor of both.",
    "no_run": "Homozygous without a run around it: a founder variant, a copy that was not read, a deletion, or both "
    "copies from one parent.",
    "not_assessable": "Runs could not be assessed, so nothing is said of how the two copies came together.",
}
WITHOUT_KINSHIP: Words = {  # the same, where every word on kinship is kept out (--no-relatedness-wording)
    "one_ancestor": "Both copies are alike over a long stretch.",
    "short": "Inside a short run.",
    "one_chromosome": "This chromosome alone carries long runs: both copies may come from one parent (isodisomy).",
}
CONSISTENT_WITH_SOURCE: dict[str, tuple[str, ...]] = {
    "short": ("ROH1",),
    "one_chromosome": ("ROH2", "ROH5"),
    "no_run": ("ROH3",),
}
HOW_HOMOZYGOUS: dict[str, tuple[str, str, str, tuple[str, ...]]] = {  # explanation, test, next child, sources
    "inherited": (
        "Each parent carries the change on one copy.",
        "both parents' genotypes",
        "25% (1 in 4) for each pregnancy if both parents carry it.",
        (),
    ),
    "deletion": (
        "One copy carries the change, and the other is deleted there.",
        "a copy-number test of the gene (quantitative PCR, MLPA or array), then both parents",
        "25% (1 in 4) for each pregnancy if one parent carries the change and the other the deletion; low if the "
        "deletion is new.",
        ("ROH3",),
    ),
    "isodisomy": (
        "Both copies come from one parent (isodisomy).",
        "both parents' genotypes, with a SNP array or methylation test of the chromosome",
        "Usually under 1% (fewer than 1 in 100) for each pregnancy.",
        ("ROH2",),
    ),
    "drop_out": (
        "The other copy was not read (allele drop-out), and does not carry the change.",
        "a second method with other primers or probes, and both parents' genotypes",
        "No figure: then one changed copy is known, and a recessive disease needs two.",
        ("ROH3",),
    ),
}
PARENTS_CONFIRMED = (
    "Where parents of people with an apparently homozygous change were tested, both were carriers in 88 of 100; the "
    "others were deletions, copies that were not read, and isodisomy."
)
PARENTS_CONFIRMED_SOURCE = ("ROH3",)
RISK_WITHHELD = (
    "No figure is given before both parents are tested: one chromosome alone carries long runs, so both copies may "
    "come from one parent, which changes the chance for the next child greatly."
)
RISK_WITHHELD_SOURCE = ("ROH2",)
ROH_PATTERN: Words = {  # of the whole exome; none names a relation
    "none": "No run long enough to count was found.",
    "isolated": "Few runs, as people without known shared ancestors have them too.",
    "consistent_with_parental_relatedness": "Runs on several chromosomes: consistent with parents who share ancestors. "
    "That names no relation, and it is no evidence that a change causes disease. Marriage between relatives is lawful "
    "and customary in many communities.",
    "close_relatedness": "Runs on most chromosomes: consistent with parents who share ancestors. That names no "
    "relation, and it is no evidence that a change causes disease.",
    "single_chromosome": "One chromosome alone carries long runs: both copies of it may come from one parent "
    "(isodisomy), or from one distant ancestor of both. Parents' genotypes or a methylation test tell which.",
    "background_relatedness_possible": "Many short runs: distant ancestors shared within a community are possible. No "
    "class is given.",
    "withheld": "What the runs say of the parents is withheld (--no-relatedness-wording).",
    "not_assessable": "Runs could not be assessed.",
}
ROH_PATTERN_SOURCE: dict[str, tuple[str, ...]] = {
    "isolated": ("ROH1",),
    "consistent_with_parental_relatedness": ("ROH4",),
    "close_relatedness": ("ROH4",),
    "single_chromosome": ("ROH2", "ROH5"),
}
FOR_THE_CLINICIAN = (
    "For the responsible clinician: the share in runs is large. What to ask, and what to tell, follows the policy of "
    "your institution."
)
OUTSIDE_PANEL = (
    "{share} of what lies in runs is outside the genes of this panel: a second recessive disease may be present there. "
    "Where signs are not explained, the whole exome is worth a look."
)
NO_GENE_IN_RUN = "none"
ROH_HEADS = ("Run", "Length", "Certain to at most", "Markers", "LOD", "Depth inside to outside", "Panel genes")
ROH_TABLE = "Runs of homozygosity and panel genes"
ROH_CAPTION = ROH_TABLE + ", {}. Thick bars: runs. Ticks: panel genes; bold: with a finding."
IDEOGRAM_HEAD = "Mb in runs"
NO_RUNS = "No run of homozygosity was found."
AT_THE_CHANGE = "At {}"
WAYS_CAPTION = "How a homozygous call can come about, and what settles it"
WAYS_HEADS = ("Explanation", "Test that settles it", "Next child, in a recessive disease")

# --------------------------------------------------------------------------- exons, their depth and gaps

EXONS_CAPTION = "Depth of the coding exons, in the direction of the gene"
EXONS_NOTE = (
    "Bars: mean depth; the thin line is a depth of 10. Black in an exon: bases that were not covered. A dashed box: "
    "an exon that was not read, or of which copies are missing, with the copies left above it. Exact places are in the "
    "tables and in gaps.bed."
)
EXONS_TABLE = "The exons of {}"
EXON_HEADS = ("Exon", "Mean depth", "Bases covered", "Not covered")
EXON_STATE = {
    "callable": "wholly covered",
    "partly": "covered in part",
    "not_callable": "not covered",
    "mean_only": "with a mean depth only",
    "calls_only": "with calls and unknown depth",
    "not_looked_at": "not looked at",
}
NO_PROTEIN = "no protein name: outside the coding sequence"
NO_PROTEIN_OF_COPIES = "no protein name: where the change begins and ends is not known to the base"
NOT_IN_CLINVAR = "not searched for a change of this kind"
NO_COPY = "no copy left of exon {}"
ONE_COPY = "one copy left of exon {}"
NOT_KNOWN = "not known"
MORE_GAPS = " and {} more, in gaps.bed"
LETTER = "Paragraph for a letter"
LETTER_FIRST = "{0} of sample {1}, {2}, read with varmio {version}, {panel}, on {date}."
LETTER_CALL = "call"
LETTER_BRAIN = "the brain"
LETTER_TRANSPLANT = "transplant"
LETTER_NO_VERDICT = "Whether the brain is involved and whether a transplant helps is not answered by this file."
LETTER_BLIND = "Could not be looked at: {0}."
LETTER_LIMITS = "The report names {0} of this file."
LETTER_PLACES = ("Indication", "Referred by", "Report number", "Reviewed by, date", "Signature")
GLOSSARY_HEADING = "Glossary"
GLOSSARY: Words = {
    "Allele": "One form of a gene. Most genes have two copies, one from each parent; the two may differ.",
    "ClinVar stars": "How far a class was reviewed, from 0 to 4.",
    "Compound heterozygous": "Each of the two copies has a change, and the two changes differ.",
    "Copy-number test": "A laboratory test that counts copies of each exon, such as MLPA.",
    "F_ROH": "The share of the genome that lies in runs of homozygosity.",
    "Hemizygous": "Of a gene with one copy only: that copy carries the change.",
    "Homozygous": "Both copies carry the same change.",
    "In trans, in cis": "On different copies; on the same copy.",
    "Isodisomy": "Both copies of a chromosome, or of a part of it, come from the same copy of one parent.",
    "MANE Select": "The one transcript that RefSeq and Ensembl agree on.",
    "NMD": "Nonsense-mediated decay: the cell removes a transcript that has a stop too early.",
    "Phase": "Whether two changes lie on the same copy or on different ones.",
    "Run of homozygosity": "A long stretch where both copies are alike.",
    "VUS": "A variant of uncertain significance: it is not known whether it causes disease.",
}
MODEL_CAPTION = "{0}: coding exons to scale, introns shortened, 5' to 3'"
MODEL_TITLE = "{0}: {1} coding exons; the change lies {2}: {3}."
MODEL_IN_EXON = "in exon {0}"
MODEL_IN_INTRON = "in intron {0}"
MODEL_OUTSIDE = "outside the coding exons"
MODEL_OTHER = "no coding exon"
MODEL_TABLE = "Exons and changes"
MODEL_HEADS = ("Exon", "Place", "Changes")
MODEL_KEY = "Filled: pathogenic. Half: likely pathogenic. Open: uncertain. Circle: any other class."
