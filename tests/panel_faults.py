# ruff: noqa: E501
# fmt: off
"""A small sound panel, and faults made in it by hand, one a line."""

PANEL = """\
name: small
version: 2026.11.0
references: references.yaml
phrases:
  genotype:
    - biallelic confirmed
  answer:
    - no or one OSTM1 variant found
  child:
    seizures: "If there are seizures:"
genes:
  - symbol: OSTM1
    hgnc: HGNC:21652
    protein: OSTM1
    core: true
    null_is_pathogenic: true
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
subtypes:
  - id: OPTB5
    name: Osteopetrosis, autosomal recessive 5
    gene: OSTM1
    inheritance: recessive
    omim: "259720"
    mondo: MONDO:0009817
    ceiling: possible
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
      - verdict: feeds
        reason: the rest counts
    statements: [OPTB5-neurology-01, OPTB5-alert-01]
answer_statements: [OPTB5-missed_by_exome-01]
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
  - id: OPTB5-alert-01
    topic: alert
    text: Calcium is worth checking.
    applies_when: seizures
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

# name, what stands there, what is written instead, the text whose line the message must give, the key
# it must name, and words of what was expected
FAULTS = [
    # form: keys
    ("unknown key", "    core: true", "    core: true\n    colour: red", "    colour", "[OSTM1].colour", "symbol"),
    ("unknown top key", "name: small", "name: small\ngenes_too: []", "genes_too", "genes_too", "unknown key"),
    ("wrong key", "    protein: OSTM1", "    protien: OSTM1", "    protien", "protien", "unknown key"),
    ("key written twice", "    core: true", "    core: true\n    core: false", "    core: false", "core", "twice"),
    ("missing key", "    strength: weak\n", "", "  - id: OPTB5-alert-01", "strength", "is missing"),
    ("missing top key", "version: 2026.11.0\n", "", "name:", "version", "is missing"),
    ("no references key", "    references: [R02]\n    evidence", "    evidence", "  - id: OPTB5-miss", "references", "missing"),
    # form: what YAML 1.1 reads otherwise
    ("NO as a word", "strength: weak", "strength: NO", "strength: NO", "strength", "NO is true or false to YAML"),
    ("yes", "founder: true", "founder: yes", "founder: yes", "founder", "yes is true or false to YAML"),
    ("on", "    core: true", "    core: on", "    core: on", "core", "on is true or false to YAML"),
    ("off", "null_is_pathogenic: true", "null_is_pathogenic: off", "null_is", "null_is", "off is true or false"),
    ("True", "inference: true", "inference: True", "inference: True", "inference", "True is true or false"),
    ("version as number", "version: 2026.11.0", "version: 2026.11", "version", "version", "a number to YAML"),
    ("bare OMIM", 'omim: "259720"', "omim: 259720", "omim", "omim", "six digits in quotes"),
    ("octal", "exons: [2, 3]", "exons: [02, 3]", "exons: [02", "exons[0]", "a number to YAML"),
    ("empty value", "protein: OSTM1", "protein:", "protein:", "protein", "has no value"),
    ("alias", "exons: [1]", "exons: &one [1]\n        alleles: *one", "alleles: *one", "alleles", "alias"),
    ("python tag", "protein: OSTM1", "protein: !!python/name:os.system x", "protein", "protein", "YAML type"),
    ("not YAML", "  - symbol: OSTM1", "  - symbol: [OSTM1", "    hgnc", "(file)", "not valid YAML"),
    ("tab", "    core: true", "\tcore: true", "\tcore", "(file)", "not valid YAML"),
    ("second document", "genes:", "---\ngenes:", "---", "(file)", "not valid YAML"),
    # form: values
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
    # relations
    ("statement without source", "references: [R01]\n    evidence", "references: []\n    evidence", "references: []", "references", "a list with entries"),
    ("reference not there", "references: [R01, R02]", "references: [R01, R99]", "R99", "references[1]", "R99"),
    ("reference of an allele", "references: [R01]\n    blind", "references: [R77]\n    blind", "R77", "named_alleles[0].references[0]", "R77"),
    ("references file away", "references: references.yaml", "references: more.yaml", "references: more", "references", "no more.yaml"),
    ("class without statement", "      statements: [OPTB5-neurology-01]\n", "", "      class: primary", "neurology.class", "needs a statement"),
    ("class carried elsewhere", "statements: [OPTB5-neurology-01]\n", "statements: [OPTB5-missed_by_exome-01]\n", "      statements: [OPTB5-missed_by_exome-01]\n    transplant", "neurology.statements[0]", "not among"),
    ("unknown statement", "statements: [OPTB5-neurology-01, OPTB5-alert-01]", "statements: [OPTB5-neurology-01, OPTB5-alert-01, OPTB5-alert-02]", "OPTB5-alert-02", "statements[2]", "no statement of this panel"),
    ("statement listed twice", "statements: [OPTB5-neurology-01, OPTB5-alert-01]", "statements: [OPTB5-neurology-01, OPTB5-alert-01, OPTB5-alert-01]", "OPTB5-alert-01, OPTB5-alert-01", "statements[2]", "twice"),
    ("statement never said", "statements: [OPTB5-neurology-01, OPTB5-alert-01]", "statements: [OPTB5-neurology-01]", "  - id: OPTB5-alert-01", "OPTB5-alert-01].id", "never said"),
    ("answer in a subtype", "statements: [OPTB5-neurology-01, OPTB5-alert-01]", "statements: [OPTB5-neurology-01, OPTB5-alert-01, OPTB5-missed_by_exome-01]", "OPTB5-alert-01, OPTB5-missed", "statements[2]", "answer_statements"),
    ("no answer statement", "answer_statements: [OPTB5-miss", "answer_statements: [OPTB5-neurology-01, OPTB5-miss", "answer_statements", "answer_statements[0]", "not of kind answer"),
    ("duplicate statement", "  - id: OPTB5-alert-01", "  - id: OPTB5-neurology-01", "  - id: OPTB5-neurology-01\n    topic: alert", "id", "there twice"),
    ("unknown phrase", "applies_when: seizures", "applies_when: fits", "applies_when: fits", "applies_when", "no phrase"),
    ("phrase unused", "    - biallelic confirmed", "    - biallelic confirmed\n    - never", "    - never", "phrases.genotype[1]", "no statement applies"),
    ("phrase of two kinds", "    - no or one", "    - biallelic confirmed\n    - no or one", "    - biallelic confirmed\n    - no", "phrases.answer[0]", "there twice"),
    ("condition without kind", "    strength: weak", "    condition: \"If so:\"\n    strength: weak", "condition", "condition", "kind child or care"),
    ("kind without condition", "    strength: weak", "    kind: child\n    strength: weak", "  - id: OPTB5-alert-01", "condition", "kind child or care"),
    ("inference without caution", "    caution: the order of tests is an inference\n", "", "    inference", "inference", "caution"),
    ("unknown gene", "    gene: OSTM1", "    gene: OSTM2", "    gene: OSTM2", "gene", "no gene of this panel"),
    ("yields to itself", "    ceiling: possible", "    yields_to: OPTB5", "    yields_to", "yields_to", "another subtype"),
    ("no last rule", "      - verdict: feeds\n        reason: the rest counts\n", "", "      - verdict: set_aside", "allele_rules[0]", "no selector"),
    ("rule never reached", "        kinds: [inframe_duplication]\n        exons: [1]\n", "", "      - verdict: set_aside", "allele_rules[0]", "and only the last"),
    ("bases differ", "GRCh37: 6-108385489-ACT-A", "GRCh37: 6-108385489-ACC-A", "ACC", "GRCh37", "differ from those of GRCh38"),
    ("contig differs", "GRCh37: 6-108385489-ACT-A", "GRCh37: 7-108385489-ACT-A", "7-108", "GRCh37", "contig"),
    ("name and key differ", "hgvs_c: c.415_416del", "hgvs_c: c.415G>C", "c.415G>C", "hgvs_c", "does not fit"),
    ("spot without text", "      - statements: [OPTB5-missed_by_exome-01]\n        would", "      - would", "      - would_show", "blind_spots[0]", "either"),
]
