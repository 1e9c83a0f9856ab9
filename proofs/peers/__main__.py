"""`python -m proofs.peers [PROGRAM...]`: the matrix's faults against programs of others, in real time, many at once."""

from __future__ import annotations

import argparse
import json
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from proofs.matrix.page import with_section
from proofs.peers.page import TITLE, cell, section
from proofs.peers.rows import ROWS
from proofs.peers.strangers import KINDS
from proofs.peers.trial import Verdict, play

PAGE = Path("docs/fault-matrix.md")
AT_ONCE = 40


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m proofs.peers", description=__doc__)
    parser.add_argument("programs", nargs="*", metavar="PROGRAM", help=", ".join(KINDS))
    parser.add_argument("--only", default="", metavar="WORDS", help="rows whose name holds these words")
    parser.add_argument("--at-once", type=int, default=AT_ONCE, metavar="N", help=f"trials at a time ({AT_ONCE})")
    parser.add_argument("--results", type=Path, metavar="FILE", help="keep verdicts there, and do not repeat them")
    parser.add_argument("--write", action="store_true", help=f"write the section of {PAGE}")
    args = parser.parse_args(argv)
    if unknown := [name for name in args.programs if name not in KINDS]:
        parser.error(f"there is no program {unknown[0]!r}")
    verdicts = _kept(args.results)
    known = {(verdict.program, verdict.fault) for verdict in verdicts}
    wanted = [
        (program, row)
        for row in ROWS
        for program in args.programs or list(KINDS)
        if args.only in row.name and (program, row.name) not in known
    ]
    with ThreadPoolExecutor(args.at_once) as pool:
        for done in as_completed([pool.submit(play, program, row) for program, row in wanted]):
            verdict = done.result()
            verdicts.append(verdict)
            print(f"{verdict.program:11}{verdict.fault:48}{cell(verdict)}  {verdict.error}", flush=True)
            if args.results:
                args.results.write_text("".join(json.dumps(asdict(v)) + "\n" for v in verdicts))
    if args.write:
        PAGE.write_text(with_section(PAGE.read_text(), TITLE, section(verdicts, datetime.now(UTC))))
    return 1 if any(v.program == "gatewayd" and (v.lost or v.twice) for v in verdicts) else 0


def _kept(path: Path | None) -> list[Verdict]:
    if path is None or not path.exists():
        return []
    return [Verdict(**json.loads(line)) for line in path.read_text().splitlines()]


if __name__ == "__main__":
    sys.exit(main())
