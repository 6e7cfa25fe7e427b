"""CPU of naming beside hgvs-weaver's on the same list, and of opening the shipped bundle.

    python -m benchmarks.naming.speed

Ratios of medians of interleaved runs; weaver names c. and p. of each variant, as we do.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Callable
from time import process_time

from tests.naming_oracles import Weaver
from tests.short_genome import contigs, drawn
from varmio.interpret.consequence import consequence
from varmio.model import Assembly

VARIANTS = 2_000
RUNS = 7
LOAD = """
from time import process_time
from varmio.model import Assembly
from varmio.readers import reference
begin = process_time()
for assembly in Assembly:
    reference.load(assembly)
print(process_time() - begin)
"""


def timed(work: Callable[[], object]) -> float:
    begin = process_time()
    work()
    return process_time() - begin


def main() -> None:
    variants = drawn(1, VARIANTS, Assembly.GRCH38)
    known = {c.transcript.contig: c.known for c, _ in variants}
    weaver = Weaver(contigs(Assembly.GRCH38))
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(RUNS):
        ours.append(timed(lambda: [consequence(v, c.transcript, known[c.transcript.contig]) for c, v in variants]))
        theirs.append(timed(lambda: [weaver.named(c, v) for c, v in variants]))
    one, other = statistics.median(ours), statistics.median(theirs)
    print(f"{VARIANTS} variants: {1e6 * one / VARIANTS:.0f} us each, weaver {1e6 * other / VARIANTS:.0f} us: "
          f"{one / other:.2f} of its time")  # fmt: skip
    loads = [float(subprocess.check_output([sys.executable, "-c", LOAD])) for _ in range(RUNS)]
    print(f"both assemblies of the bundle: {1e3 * statistics.median(loads):.0f} ms of CPU")


if __name__ == "__main__":
    main()
