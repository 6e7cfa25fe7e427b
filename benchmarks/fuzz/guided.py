"""Coverage-guided fuzzing of the reading alone; needs atheris, which is no dependency of varmio.

    python -m benchmarks.fuzz.corpus -o corpus
    python -m benchmarks.fuzz.guided corpus -max_total_time=300 -max_len=16384

Every input is read as a VCF with wide regions of interest, so that each record is parsed in full. A fault is
whatever is raised that is no VarmioError, or a record that is neither kept, nor counted, nor unreadable.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["varmio"]):
    from varmio.errors import VarmioError
    from varmio.model import Assembly
    from varmio.readers import vcf

NAMES = [*map(str, range(1, 23)), "X", "Y", "MT"]
WIDE = {assembly: dict.fromkeys(NAMES, ((0, 250_000_000),)) for assembly in Assembly}
PLACE = Path(tempfile.gettempdir()) / f"varmio_guided_{os.getpid()}.vcf"


def one_input(data: bytes) -> None:
    """Reads the bytes as a VCF and closes its books."""
    PLACE.write_bytes(data)
    try:
        header = vcf.open_header(PLACE)
        seen = vcf.scan(PLACE, header.samples[0], WIDE, WIDE)
    except VarmioError as error:
        if not str(error).isprintable():
            raise RuntimeError(f"not one line: {error!r}") from error
        return
    if seen.records != seen.unreadable_count + sum(seen.contigs_seen.values()):
        raise RuntimeError("the books do not close")
    for record in seen.panel:
        if len(record.columns) != 10 or record.columns[0] == "":
            raise RuntimeError(f"line {record.line} was kept with other columns")


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
