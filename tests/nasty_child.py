"""Runs many files through the command line in one process: one JSON line before and one after each.

A native crash or a hang ends this process; the last line then names the file. What C libraries write
to stderr behind Python's back is a fault of the file too.
"""

from __future__ import annotations

import faulthandler
import json
import os
import sys
import tempfile
from pathlib import Path

from tests.one_run import Run, faults, next_options, run_once

PATIENCE = 60  # seconds; a run of one small file that takes longer hangs


def outcome(path: Path, folder: Path) -> dict[str, object]:
    """The runs of one file: as it is, then with the sample and assembly that the messages ask for."""
    options: tuple[str, ...] | None = ()
    codes, broken, books, said = [], [], {}, ""
    while options is not None:
        run: Run = run_once(path, folder, *options)
        sample = options[options.index("--sample") + 1] if "--sample" in options else None
        codes.append(run.exit_code)
        broken += [f"{' '.join(options)}: {fault}" for fault in faults(run, sample)]
        books, said = run.case.get("provenance", {}).get("accounting", {}), run.error.strip()
        options = next_options(run, options)
    return {"codes": codes, "faults": broken, "accounting": books, "said": said}


def main(paths: list[str]) -> None:
    own_stderr = os.dup(2)
    faulthandler.enable(own_stderr)
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as noise:
        os.dup2(noise.fileno(), 2)
        for path in paths:
            print(json.dumps({"begin": path}), flush=True)
            faulthandler.dump_traceback_later(PATIENCE, exit=True, file=own_stderr)
            done = outcome(Path(path), Path(folder))
            faulthandler.cancel_dump_traceback_later()
            noise.seek(0)
            if heard := noise.read():
                done["faults"] = [*done["faults"], f"a library wrote to stderr: {heard[:300]!r}"]  # type: ignore[misc]
                noise.seek(0)
                noise.truncate()
            print(json.dumps({"end": path, **done}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:] if len(sys.argv) > 1 else sys.stdin.read().split("\n"))
