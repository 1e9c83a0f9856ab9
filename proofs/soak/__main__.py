"""`python -m proofs.soak`: hours and days at random; `--seed N` plays one again, exactly, and tells what happened.

Status 1: an invariant is broken (laws 3, 6 and 8; the books; the network's own ledger).
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from multiprocessing import get_context

from proofs.soak.play import Length, Outcome, play

PROCESSES = 2
SHORT: dict[Length, str] = {"hour": "1-200", "day": "1-5"}
LONG: dict[Length, str] = {"hour": "1-4000", "day": "1-100"}
LINES_SHOWN = 25


def seeds(words: str) -> list[int]:
    first, _, last = words.partition("-")
    return list(range(int(first), int(last or first) + 1))


def show(outcome: Outcome, *, whole: bool = False) -> None:
    """A seed that failed, or the one that was asked for."""
    day = " --day" if outcome.length == "day" else ""
    word = "WRONG" if outcome.broken else "good"
    print(f"{word}: seed {outcome.seed}, a{'n' if outcome.length == 'hour' else ''} {outcome.length}: {outcome.fleet}")
    for line in outcome.told if whole else outcome.told[-LINES_SHOWN:]:
        print(f"    {line}")
    for line in outcome.broken:
        print(f"    ! {line}")
    print(f"    {outcome.counts}, digest {outcome.digest}, {outcome.took_s:.1f} s")
    print(f"    again: python -m proofs.soak --seed {outcome.seed}{day}", flush=True)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m proofs.soak", description=__doc__)
    parser.add_argument("--short", action="store_true", help=f"hours {SHORT['hour']} and days {SHORT['day']}")
    parser.add_argument("--seed", metavar="N", type=int, help="this one, told from its beginning to its end")
    parser.add_argument("--day", action="store_true", help="with --seed: the day of that seed")
    parser.add_argument("--log", action="store_true", help="with --seed: the daemon's log, too")
    parser.add_argument("--hours", metavar="A-B", help="the seeds of hours")
    parser.add_argument("--days", metavar="A-B", help="the seeds of days")
    args = parser.parse_args(argv)
    if args.seed is not None:
        outcome = play((args.seed, "day" if args.day else "hour"), log=args.log)
        show(outcome, whole=True)
        return 1 if outcome.broken else 0
    spans = SHORT if args.short else LONG
    if args.hours or args.days:
        spans = {"hour": args.hours or "", "day": args.days or ""}
    wanted: list[tuple[int, Length]] = [(seed, "day") for seed in seeds(spans["day"])] if spans["day"] else []
    wanted += [(seed, "hour") for seed in seeds(spans["hour"])] if spans["hour"] else []
    return 1 if _all(wanted) else 0


def _all(wanted: list[tuple[int, Length]]) -> int:
    """How many were wrong."""
    counts: Counter[str] = Counter()
    wrong, took_s = 0, 0.0
    with get_context("fork").Pool(PROCESSES, maxtasksperchild=10) as pool:
        for done, outcome in enumerate(pool.imap_unordered(play, wanted, chunksize=1), 1):
            counts.update(outcome.counts)
            took_s += outcome.took_s
            if outcome.broken:
                wrong += 1
                show(outcome)
            if done % 50 == 0 or done == len(wanted):
                told = ", ".join(f"{number} {what}" for what, number in counts.items())
                print(f"{done} of {len(wanted)} stories, {wrong} wrong: {told}; {took_s:.0f} s", flush=True)
    return wrong


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":  # a seed is a story whatever the order of sets
        os.execve(
            sys.executable, [sys.executable, "-m", "proofs.soak", *sys.argv[1:]], os.environ | {"PYTHONHASHSEED": "0"}
        )
    sys.exit(main())
