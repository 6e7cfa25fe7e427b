# ruff: noqa: E501
# fmt: off
"""A small sound panel, and faults made in it by hand, one a line."""

PANEL = """\
name: small
version: 2026.11.0
references: references.yaml
phrases:
  genotype:
    biallelic confirmed: two_copies
    variant present: listed_allele
  answer:
    no or one OSTM1 variant found: OSTM1
    gene not yet known: any
  child:
    seizures: "If there are seizures:"
genes:
  - symbol: OSTM1
    hgnc: HGNC:21652
    protein: OSTM1
    core: true
    null_is_pathogenic: true
    ncbi: "28962"
    omim: "607649"
    transcripts:
      - {refseq: NM_014028.4, ensembl: ENST00000193322.8}
    aliases: [GL]
    notes:
      - A remark on the transcript.
    not_unique:
      exons: [2, 3]
      reason: a copy elsewhere
    named_alleles:
      - hgvs_c: c.415_416del
        GRCh37: 6-108385489-ACT-A
        GRCh38: 6-108064285-ACT-A
        founder: true
        class: likely_pathogenic
        reason: a recurrent allele
        references: [R01]
    blind_spots:
      - statements: [OPTB5-missed_by_exome-01]
        would_show: copy-number test
  - symbol: GALNT3
    protein: GALNT3
    core: false
    null_is_pathogenic: false
    omim: "601756"
subtypes:
  - id: OPTB5
    name: Osteopetrosis, autosomal recessive 5
    gene: OSTM1
    inheritance: recessive
    omim: "259720"
    mondo: MONDO:0009817
    orpha: ORPHA:85179
    group: core
    mechanism: loss_of_function
    phenotypes: [OMIM:259720, ORPHA:85179]
    ceiling: possible
    needs_both: true
    one_allele_note: One allele has another disease.
    neurology:
      class: primary_progressive
      statements: [OPTB5-neurology-01]
    transplant:
      class: not_established
    allele_rules:
      - verdict: set_aside
        reason: another disease
        kinds: [inframe_duplication]
        exons: [1]
        consequences: [inframe_insertion]
        traits_other_than: [Osteopetrosis]
      - verdict: feeds
        reason: the rest counts
    statements: [OPTB5-neurology-01, OPTB5-alert-01, OPTB5-founder-01]
  - id: OPTA4
    name: Osteopetrosis, autosomal dominant 4
    inheritance: dominant
    omim: "621449"
    group: related
    neurology:
      class: uncertain
    transplant:
      class: not_established
    allele_rules:
      - verdict: not_this
        reason: no gene is known
    statements: []
answer_statements: [OPTB5-missed_by_exome-01, GENERAL-neurology-04]
look_alike_statements: [OTHER-differential-01]
statements:
  - id: OPTB5-neurology-01
    topic: neurology
    text: OSTM1 has its own role in nerve cells.
    applies_when: biallelic confirmed
    references: [R01]
    evidence: review
    read: abstract
    strength: strong
    last_reviewed: 2026-11
    signed_off: Some One, 2026-12
  - id: OPTB5-alert-01
    topic: alert
    text: Calcium is worth checking.
    applies_when: seizures
    aspect: high_calcium
    references: [R01, R02]
    evidence: case_series
    read: full
    strength: weak
    last_reviewed: 2026-11
    caution: the order of tests is an inference
    inference: true
  - id: OPTB5-missed_by_exome-01
    topic: missed_by_exome
    text: Microdeletions belong in the test.
    applies_when: no or one OSTM1 variant found
    references: [R02]
    evidence: case_series
    read: abstract
    strength: strong
    last_reviewed: 2026-11
  - id: OPTB5-founder-01
    topic: founder
    text: This deletion was found twice.
    applies_when: variant present
    alleles: [6-108064285-ACT-A]
    references: [R02]
    evidence: case_series
    read: abstract
    strength: strong
    last_reviewed: 2026-11
  - id: OTHER-differential-01
    topic: differential
    text: Another disease has dense bones.
    applies_when: biallelic confirmed
    references: [R02]
    evidence: review
    read: abstract
    strength: strong
    last_reviewed: 2026-11
  - id: GENERAL-neurology-04
    topic: neurology
    text: The gene is worth knowing.
    applies_when: gene not yet known
    references: [R02]
    evidence: review
    read: abstract
    strength: strong
    last_reviewed: 2026-11
"""
REFERENCES = """\
- id: R01
  citation: Somebody 2013 Bone
  year: 2013
  pmid: "23685543"
  part_read: whole abstract
- id: R02
  citation: Somebody else 2020
  doi: 10.1000/182
  part_read: opening
"""

# name, what stands there, what is written instead, the text whose line the message must give, the end of
# the key it must name, and words of what was expected
FORM = [
    # keys
    ("unknown key", "    core: true", "    core: true\n    colour: red", "    colour", "genes[OSTM1].colour", "symbol"),
    ("unknown top key", "name: small", "name: small\ngenes_too: []", "genes_too", "genes_too", "unknown key"),
    ("wrong key", "    protein: OSTM1", "    protien: OSTM1", "    protien", "protien", "unknown key"),
    ("key written twice", "    core: true", "    core: true\n    core: false", "    core: false", "core", "twice"),
    ("missing key", "    strength: weak\n", "", "  - id: OPTB5-alert-01", "strength", "is missing, expected one of strong"),
    ("missing top key", "version: 2026.11.0\n", "", "name:", "version", "is missing, expected a version"),
    ("no references key", "    references: [R02]\n    evidence", "    evidence", "  - id: OPTB5-miss", "statements[OPTB5-missed_by_exome-01].references", "is missing, expected a list with entries"),
    # what YAML 1.1 reads otherwise
    ("NO as a word", "strength: weak", "strength: NO", "strength: NO", "strength", "NO is true or false to YAML"),
    ("yes", "founder: true", "founder: yes", "founder: yes", "founder", "yes is true or false to YAML"),
    ("on", "    core: true", "    core: on", "    core: on", "core", "on is true or false to YAML"),
    ("off", "null_is_pathogenic: true", "null_is_pathogenic: off", "null_is", "null_is_pathogenic", "off is true or false"),
    ("True", "inference: true", "inference: True", "inference: True", "inference", "True is true or false"),
    ("version as number", "version: 2026.11.0", "version: 2026.11", "version", "version", "a number to YAML"),
    ("bare OMIM", 'omim: "259720"', "omim: 259720", "omim: 259720", "subtypes[OPTB5].omim", "six digits in quotes"),
    ("octal", "exons: [2, 3]", "exons: [02, 3]", "exons: [02", "exons[0]", "a number to YAML"),
    ("empty value", "protein: OSTM1", "protein:", "protein:", "protein", "has no value"),
    ("alias", "[inframe_insertion]\n        traits_other_than: [Osteopetrosis]", "&one [inframe_insertion]\n        traits_other_than: *one", "traits_other_than: *one", "traits_other_than", "alias"),
    ("python tag", "protein: OSTM1", "protein: !!python/name:os.system x", "protein", "protein", "YAML type"),
    ("not YAML", "  - symbol: OSTM1", "  - symbol: [OSTM1", "    hgnc", "(file)", "not valid YAML"),
    ("tab", "    core: true", "\tcore: true", "\tcore", "(file)", "not valid YAML"),
    ("second document", "genes:", "---\ngenes:", "---", "(file)", "not valid YAML"),
    # values
    ("unknown class", "class: primary_progressive", "class: progressive", "class: progressive", "neurology.class", "primary_progressive"),
    ("unknown topic", "topic: alert", "topic: alarm", "topic: alarm", "topic", "haematology"),
    ("unknown verdict", "verdict: feeds", "verdict: counts", "verdict: counts", "verdict", "feeds_unsure"),
    ("unknown kind", "kinds: [inframe_duplication]", "kinds: [dup]", "kinds: [dup]", "kinds[0]", "inframe_duplication"),
    ("unknown inheritance", "inheritance: recessive", "inheritance: AR", "inheritance: AR", "inheritance", "x_linked"),
    ("unknown evidence", "evidence: review", "evidence: opinion", "evidence: opinion", "evidence", "case_report"),
    ("unknown read", "read: full", "read: all of it", "read: all of it", "read", "database row"),
    ("bad OMIM", '"259720"', '"25972"', '"25972"', "omim", "six digits"),
    ("bad MONDO", "MONDO:0009817", "MONDO:9817", "MONDO:9817", "mondo", "seven digits"),
    ("bad HGNC", "HGNC:21652", "21652a", "21652a", "hgnc", "HGNC:11647"),
    ("chr in a key", "GRCh38: 6-", "GRCh38: chr6-", "chr6-", "GRCh38", "variant key"),
    ("exon zero", "exons: [1]", "exons: [0]", "exons: [0]", "exons[0]", "from 1"),
    ("exon as text", "exons: [2, 3]", "exons: [two]", "exons: [two]", "exons[0]", "an exon number"),
    ("no full stop", "Calcium is worth checking.", "Calcium is worth checking", "Calcium", "text", "full stop"),
    ("empty list", "exons: [1]", "exons: []", "exons: []", "exons", "a list with entries"),
    ("text for a list", "exons: [1]", "exons: first", "exons: first", "exons", "expected a list"),
    ("list for a text", "protein: OSTM1", "protein: [OSTM1]", "protein: [OSTM1]", "protein", "expected text"),
    ("condition without colon", "are seizures:", "are seizures", "are seizures", "phrases.child.seizures", "colon"),
    ("date", "last_reviewed: 2026-11\n    caution", "last_reviewed: 2026\n    caution", "last_reviewed: 2026\n", "last_reviewed", "a month"),
    ("statement without source", "references: [R01]\n    evidence", "references: []\n    evidence", "references: []", "references", "a list with entries"),
    ("bad mechanism", "mechanism: loss_of_function", "mechanism: loss", "mechanism: loss", "subtypes[OPTB5].mechanism", "dominant_negative"),
    ("bad group", "group: core", "group: near", "group: near", "subtypes[OPTB5].group", "differential"),
    ("bad need", "biallelic confirmed: two_copies", "biallelic confirmed: both", "biallelic confirmed: both", "phrases.genotype.biallelic confirmed", "listed_allele"),
    ("bad aspect", "aspect: high_calcium", "aspect: calcium", "aspect: calcium", "statements[OPTB5-alert-01].aspect", "graft_failure"),
    ("bad ORPHA", "orpha: ORPHA:85179", 'orpha: "85179"', "orpha:", "subtypes[OPTB5].orpha", "ORPHA:2785"),
    ("bad phenotype", "[OMIM:259720, ORPHA", "[MONDO:0009817, ORPHA", "[MONDO", "subtypes[OPTB5].phenotypes[0]", "OMIM:259700"),
    ("bad NCBI", 'ncbi: "28962"', 'ncbi: "GeneID 28962"', "ncbi", "genes[OSTM1].ncbi", "NCBI Gene number in quotes"),
    ("bad OMIM of a gene", '"607649"', '"60764"', '"60764"', "genes[OSTM1].omim", "six digits"),
    ("RefSeq without version", "NM_014028.4", "NM_014028", "refseq", "genes[OSTM1].transcripts[0].refseq", "with its version"),
    ("Ensembl without version", "ENST00000193322.8", "ENST00000193322", "refseq", "genes[OSTM1].transcripts[0].ensembl", "with its version"),
    ("transcript without Ensembl", ", ensembl: ENST00000193322.8", "", "refseq", "genes[OSTM1].transcripts[0].ensembl", "is missing, expected an Ensembl"),
    ("alias as text", "aliases: [GL]", "aliases: GL", "aliases", "genes[OSTM1].aliases", "expected a list with entries"),
    ("note without full stop", "A remark on the transcript.", "A remark on the transcript", "      - A remark", "genes[OSTM1].notes[0]", "full stop"),
    ("note on one allele", "has another disease.", "has another disease", "one_allele_note", "subtypes[OPTB5].one_allele_note", "full stop"),
    ("needs both as text", "needs_both: true", "needs_both: both", "needs_both", "subtypes[OPTB5].needs_both", "expected true or false"),
    ("bad consequence", "[inframe_insertion]", "[In-frame insertion]", "[In-frame", "allele_rules[0].consequences[0]", "Sequence Ontology"),
    ("trait as text", "traits_other_than: [Osteopetrosis]", "traits_other_than: Osteopetrosis", "traits_other", "allele_rules[0].traits_other_than", "expected a list with entries"),
    ("phrases as a list", "    biallelic confirmed: two_copies\n    variant present: listed_allele", "    - biallelic confirmed\n    - variant present", "  genotype", "phrases.genotype", "expected keys with values"),
    ("answer without gene", "variant found: OSTM1", "variant found: ostm1", "    no or one", "phrases.answer.no or one OSTM1 variant found", "any, or a gene symbol"),
    ("look-alike as text", "look_alike_statements: [OTHER-differential-01]", "look_alike_statements: OTHER-differential-01", "look_alike", "look_alike_statements", "expected a list"),
    ("signed without a month", "Some One, 2026-12", "Some One", "signed_off", "statements[OPTB5-neurology-01].signed_off", "a name and a month"),
    ("signed by nobody", "Some One, 2026-12", '", 2026-12"', "signed_off", "statements[OPTB5-neurology-01].signed_off", "a name and a month"),
    ("blank around a text", "protein: OSTM1", 'protein: "OSTM1 "', "protein", "genes[OSTM1].protein", "expected text"),
]
# of these, what a JSON Schema cannot see: it reads values, not how they were written
UNSEEN_BY_SCHEMA = {
    "key written twice", "yes", "on", "off", "True", "octal", "alias", "python tag", "not YAML", "tab", "second document",
}
RELATIONS = [
    ("reference not there", "references: [R01, R02]", "references: [R01, R99]", "R99", "references[1]", "R99"),
    ("reference of an allele", "references: [R01]\n    blind", "references: [R77]\n    blind", "R77", "named_alleles[0].references[0]", "R77"),
    ("references file away", "references: references.yaml", "references: more.yaml", "references: more", "references", "no more.yaml"),
    ("class without statement", "      statements: [OPTB5-neurology-01]\n", "", "      class: primary", "neurology.class", "expected a statement that carries it"),
    ("class carried elsewhere", "statements: [OPTB5-neurology-01]\n", "statements: [OPTB5-missed_by_exome-01]\n", "      statements: [OPTB5-missed_by_exome-01]\n    transplant", "neurology.statements[0]", "expected among"),
    ("unknown statement", "statements: [OPTB5-neurology-01, OPTB5-alert-01,", "statements: [OPTB5-neurology-01, OPTB5-alert-01, OPTB5-alert-02,", "OPTB5-alert-02", "statements[2]", "no statement of this panel"),
    ("statement listed twice", "statements: [OPTB5-neurology-01, OPTB5-alert-01,", "statements: [OPTB5-neurology-01, OPTB5-alert-01, OPTB5-alert-01,", "OPTB5-alert-01, OPTB5-alert-01", "statements[2]", "twice"),
    ("statement never said", "statements: [OPTB5-neurology-01, OPTB5-alert-01,", "statements: [OPTB5-neurology-01,", "  - id: OPTB5-alert-01", "OPTB5-alert-01].id", "never said"),
    ("answer in a subtype", "statements: [OPTB5-neurology-01, OPTB5-alert-01,", "statements: [OPTB5-neurology-01, OPTB5-alert-01, OPTB5-missed_by_exome-01,", "OPTB5-alert-01, OPTB5-missed", "statements[2]", "answer_statements"),
    ("no answer statement", "answer_statements: [OPTB5-miss", "answer_statements: [OPTB5-neurology-01, OPTB5-miss", "answer_statements", "answer_statements[0]", "not of kind answer"),
    ("duplicate statement", "  - id: OPTB5-alert-01", "  - id: OPTB5-neurology-01", "  - id: OPTB5-neurology-01\n    topic: alert", "statements[OPTB5-neurology-01].id", "expected once"),
    ("unknown phrase", "applies_when: seizures", "applies_when: fits", "applies_when: fits", "applies_when", "no phrase"),
    ("phrase unused", "    variant present:", "    never: any\n    variant present:", "    never", "phrases.genotype.never", "no statement applies"),
    ("phrase of two kinds", "    no or one", "    biallelic confirmed: any\n    no or one", "    biallelic confirmed: any", "phrases.answer.biallelic confirmed", "expected one kind"),
    ("condition without kind", "    strength: weak", "    condition: \"If so:\"\n    strength: weak", "condition", "condition", "with kind child or care"),
    ("kind without condition", "    strength: weak", "    kind: child\n    strength: weak", "  - id: OPTB5-alert-01", "condition", "with kind child or care"),
    ("inference without caution", "    caution: the order of tests is an inference\n", "", "    inference", "inference", "caution"),
    ("unknown gene", "    gene: OSTM1", "    gene: OSTM2", "    gene: OSTM2", "gene", "no gene of this panel"),
    ("yields to itself", "    ceiling: possible", "    yields_to: OPTB5", "    yields_to", "yields_to", "another subtype"),
    ("no last rule", "      - verdict: feeds\n        reason: the rest counts\n", "", "      - verdict: set_aside", "allele_rules[0]", "expected no selector in the last rule"),
    ("rule never reached", "        kinds: [inframe_duplication]\n        exons: [1]\n        consequences: [inframe_insertion]\n        traits_other_than: [Osteopetrosis]\n", "", "      - verdict: set_aside", "allele_rules[0]", "and only there"),
    ("bases differ", "GRCh37: 6-108385489-ACT-A", "GRCh37: 6-108385489-ACC-A", "ACC", "GRCh37", "expected contig 6 and alleles ACT, A"),
    ("contig differs", "GRCh37: 6-108385489-ACT-A", "GRCh37: 7-108385489-ACT-A", "7-108", "GRCh37", "expected contig 6"),
    ("name and key differ", "hgvs_c: c.415_416del", "hgvs_c: c.415G>C", "c.415G>C", "hgvs_c", "expected a name of ACT>A"),
    ("spot without text", "      - statements: [OPTB5-missed_by_exome-01]\n        would", "      - would", "      - would_show", "blind_spots[0]", "expected either statements or"),
    ("answer of an unknown gene", "variant found: OSTM1", "variant found: OSTM2", "    no or one", "phrases.answer.no or one OSTM1 variant found", "expected one, or any"),
    ("searched without HGNC", "    hgnc: HGNC:21652\n", "", "  - symbol: OSTM1", "genes[OSTM1]", "expected an hgnc id"),
    ("OMIM of two diseases", '"621449"', '"259720"', '    omim: "259720"\n    group', "subtypes[OPTA4].omim", "that of OPTB5 already"),
    ("OMIM of two genes", '"601756"', '"607649"', '    omim: "607649"\nsubtypes', "genes[GALNT3].omim", "that of OSTM1 already"),
    ("OMIM of gene and disease", '"259720"', '"607649"', '    omim: "607649"\n    mondo', "subtypes[OPTB5].omim", "that of OSTM1 already"),
    ("MONDO of two diseases", "    group: related", "    mondo: MONDO:0009817\n    group: related", "    mondo: MONDO:0009817\n    group", "subtypes[OPTA4].mondo", "that of OPTB5 already"),
    ("HGNC of two genes", "  - symbol: GALNT3", "  - symbol: GALNT3\n    hgnc: HGNC:21652", "    hgnc: HGNC:21652\n    protein: GALNT3", "genes[GALNT3].hgnc", "that of OSTM1 already"),
    ("NCBI of two genes", "  - symbol: GALNT3", '  - symbol: GALNT3\n    ncbi: "28962"', '    ncbi: "28962"\n    protein: GALNT3', "genes[GALNT3].ncbi", "that of OSTM1 already"),
    ("duplicate gene", "  - symbol: GALNT3", "  - symbol: OSTM1", "  - symbol: OSTM1\n    protein: GALNT3", "genes[OSTM1].symbol", "expected once"),
    ("alias of another gene", "aliases: [GL]", "aliases: [GL, GALNT3]", "aliases", "genes[OSTM1].aliases[1]", "expected a name of one gene"),
    ("protein of another gene", "protein: GALNT3", "protein: GL", "protein: GL", "genes[GALNT3].protein", "expected a name of one gene"),
    ("duplicate subtype", "  - id: OPTA4", "  - id: OPTB5", "  - id: OPTB5\n    name: Osteopetrosis, autosomal dominant", "subtypes[OPTB5].id", "expected once"),
    ("phenotypes of another disease", "[OMIM:259720, ORPHA", "[OMIM:259721, ORPHA", "    phenotypes", "subtypes[OPTB5].phenotypes", "expected OMIM:259720"),
    ("last rule by other traits", "reason: the rest counts", "reason: the rest counts\n        traits_other_than: [Osteopetrosis]", "      - verdict: feeds", "allele_rules[1]", "expected no selector in the last rule"),
    ("last rule by consequence", "reason: the rest counts", "reason: the rest counts\n        consequences: [stop_gained]", "      - verdict: feeds", "allele_rules[1]", "expected no selector in the last rule"),
    ("open rule with more below", "      - verdict: not_this", "      - verdict: not_this\n        reason: nothing\n      - verdict: not_this", "      - verdict: not_this", "subtypes[OPTA4].allele_rules[0]", "and only there"),
    ("look-alike of kind answer", "look_alike_statements: [", "look_alike_statements: [OPTB5-missed_by_exome-01, ", "look_alike", "look_alike_statements[0]", "expected in answer_statements"),
    ("unknown look-alike", "look_alike_statements: [", "look_alike_statements: [OTHER-differential-02, ", "look_alike", "look_alike_statements[0]", "no statement of this panel"),
    ("unknown answer", "answer_statements: [", "answer_statements: [OTHER-alert-02, ", "answer_statements", "answer_statements[0]", "no statement of this panel"),
    ("answer listed twice", "GENERAL-neurology-04]", "GENERAL-neurology-04, GENERAL-neurology-04]", "answer_statements", "answer_statements[2]", "expected once"),
    ("look-alike listed twice", "[OTHER-differential-01]", "[OTHER-differential-01, OTHER-differential-01]", "look_alike", "look_alike_statements[1]", "expected once"),
    ("look-alike never said", "look_alike_statements: [OTHER-differential-01]\n", "", "  - id: OTHER-differential-01", "statements[OTHER-differential-01].id", "expected in a subtype"),
    ("transplant class alone", "class: not_established\n    allele_rules:\n      - verdict: set", "class: indicated\n    allele_rules:\n      - verdict: set", "      class: indicated", "subtypes[OPTB5].transplant.class", "expected a statement that carries it"),
    ("unknown statement of a blind spot", "statements: [OPTB5-missed_by_exome-01]\n        would", "statements: [OPTB5-missed_by_exome-09]\n        would", "      - statements: [OPTB5-missed_by_exome-09]", "blind_spots[0].statements[0]", "no statement of this panel"),
]
FAULTS = [*FORM, *RELATIONS]

# the same, but found only beside the reference: name, old, new, line, key, words
BESIDE_THE_REFERENCE = [
    ("GRCh37 off by one", "108385489", "108385490", "GRCh37: 6-", "named_alleles[0].GRCh37", "expected 6-108385489"),
    ("GRCh38 off by one", "108064285", "108064284", "GRCh38: 6-", "named_alleles[0].GRCh38", "expected 6-108064285"),
    ("HGNC off by one", "HGNC:21652", "HGNC:21653", "    hgnc", "genes[OSTM1].hgnc", "expected HGNC:21652"),
    ("RefSeq version off by one", "NM_014028.4", "NM_014028.5", "    transcripts", "genes[OSTM1].transcripts", "expected NM_014028.4/ENST00000193322.8"),
    ("Ensembl number off by one", "ENST00000193322.8", "ENST00000193323.8", "    transcripts", "genes[OSTM1].transcripts", "expected NM_014028.4/ENST00000193322.8"),
    ("name off by one", "c.415_416del", "c.416_417del", "GRCh38: 6-", "named_alleles[0].GRCh38", "expected 6-108064284"),
    ("REF of other bases", "-ACT-A", "-ACA-A", "GRCh38: 6-", "named_alleles[0].GRCh38", "expected ACT, which the genome has"),
    ("transcript of a gene without one", "    protein: GALNT3", "    hgnc: HGNC:4125\n    transcripts:\n      - {refseq: NM_004482.4, ensembl: ENST00000392701.8}\n    protein: GALNT3", "    transcripts:\n      - {refseq: NM_004482", "genes[GALNT3].transcripts", "the reference has none"),
]
