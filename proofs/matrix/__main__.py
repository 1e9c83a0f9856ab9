"""`python -m proofs.matrix [WAY...]`: faults against the whole daemon and the simulated street, in virtual time.

For each fault: texts are posted while it lasts, it ends, a last one is posted; when all is calm the network's ledger
judges. Status 1: a text was lost or came twice without a mark, the books are not in order, or it does not heal.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

from bench.machine import machine
from proofs.matrix.faults import ROWS
from proofs.matrix.judge import Verdict
from proofs.matrix.page import page
from proofs.matrix.play import play
from proofs.matrix.rows import Way

PAGE = Path("docs/fault-matrix.md")
PROCESSES = 2


def show(verdict: Verdict) -> None:
    healthy = "never" if verdict.healthy_s is None else f"{verdict.healthy_s:.0f} s"
    word = "ok" if verdict.good else "WRONG"
    if verdict.lies and (verdict.lost or verdict.twice):
        word = "lied to"
    print(
        f"{word:8}{verdict.way:11}{verdict.name:50} taken {verdict.taken}/{verdict.texts} lost {verdict.lost}"
        f" twice {verdict.twice} in doubt {verdict.in_doubt} repeats {verdict.repeats} (copies {verdict.copies})"
        f" failed {verdict.failed} healthy {healthy}  [{verdict.took_s:.1f} s]",
        flush=True,
    )
    for note in [*verdict.notes, verdict.error]:
        if note:
            print(f"        {note}", flush=True)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m proofs.matrix", description=__doc__)
    parser.add_argument("ways", nargs="*", metavar="WAY", help=", ".join(ROWS))
    parser.add_argument("--short", action="store_true", help="a few rows of each way")
    parser.add_argument("--only", default="", metavar="WORDS", help="rows whose name holds these words")
    parser.add_argument("--write", action="store_true", help=f"write their tables into {PAGE}")
    args = parser.parse_args(argv)
    if unknown := [way for way in args.ways if way not in ROWS]:
        parser.error(f"there is no way {unknown[0]!r}")
    ways: list[Way] = [way for way in ROWS if not args.ways or way in args.ways]
    if args.write and (args.short or args.only):
        parser.error("only whole tables are written down")
    wanted = [
        (way, place)
        for way in ways
        for place, row in enumerate(ROWS[way])
        if args.only in row.name and (row.short or not args.short)
    ]
    verdicts = []
    with get_context("fork").Pool(PROCESSES, maxtasksperchild=1) as pool:
        for verdict in pool.imap(play, wanted, chunksize=1):
            verdicts.append(verdict)
            show(verdict)
    wrong = sum(not verdict.good for verdict in verdicts)
    texts, took_s = sum(verdict.texts for verdict in verdicts), sum(verdict.took_s for verdict in verdicts)
    print(f"{len(verdicts)} faults, {texts} texts, {took_s:.0f} s: {wrong} wrong")
    if args.write:
        PAGE.write_text(page(verdicts, machine(), datetime.now(UTC), PAGE.read_text()))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
