"""varmio: from the exome VCF of a child with dense bones to the osteopetrosis gene and what it means."""

__version__ = "0.1.0"
