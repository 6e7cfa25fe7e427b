"""Markers of a single-sample VCF, as `varmio roh` reads them."""

from __future__ import annotations

from pathlib import Path

from varmio.model import Markers
from varmio.readers import vcf


def markers_of(path: Path) -> dict[str, Markers]:
    """Contig without chr -> Markers of the only sample."""
    (scan,) = vcf.scan_markers(path)
    return dict(scan.markers)
