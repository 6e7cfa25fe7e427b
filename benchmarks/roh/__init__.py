"""How well runs of homozygosity are found; see README.md beside this file."""
