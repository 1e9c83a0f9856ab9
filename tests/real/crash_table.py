"""`python -m tests.real.crash_table`: the crash test in full, several houses side by side, and its table."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.page import PAGE, between
from bench.parts import home
from tests.real.crash_cases import Case, Trial, Verdict, cases

AT_ONCE = 4
EVIDENCE = Path("build/crash")


def tried(case: Case) -> Verdict:
    with home() as directory:
        try:
            return Trial(case, directory).run()
        except Exception as error:  # noqa: BLE001 - the other cases shall run, too
            return Verdict(case, problems=[f"{type(error).__name__}: {error}"])


def rows(verdicts: list[Verdict]) -> Iterator[str]:
    """One row for each moment, its variants together."""
    yield (
        "| moment of the kill | kills | texts | lost | given up in doubt | sent twice unmarked | in doubt"
        " | settled by late answer | by report | marked repeats | of these, copies | repeated needlessly |"
    )
    yield "|---" * 12 + "|"
    moments: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        moments.setdefault(verdict.case.step, []).append(verdict)
    for moment, found in [*moments.items(), ("**all**", verdicts)]:
        cells = [
            *(sum(v.kills for v in found), sum(v.accepted for v in found), sum(v.lost for v in found)),
            sum(v.given_up for v in found),
            *(sum(v.twice_silently for v in found), sum(v.in_doubt for v in found)),
            *(sum(v.settled["late answer"] for v in found), sum(v.settled["receipt"] for v in found)),
            *(sum(v.repeats for v in found), sum(v.copies for v in found), sum(v.twice_needlessly for v in found)),
        ]
        yield "| " + " | ".join([moment, *map(str, cells)]) + " |"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.real.crash_table", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"put the table into {PAGE}")
    parser.add_argument("--only", default="", metavar="WORDS", help="cases whose name holds these words")
    args = parser.parse_args()
    verdicts: list[Verdict] = []
    EVIDENCE.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for verdict in pool.map(tried, [case for case in cases() if args.only in case.name]):
            verdicts.append(verdict)
            good = "ok" if not verdict.problems else "WRONG"
            print(f"{len(verdicts):3} {good:6}{verdict.case.name}", *verdict.problems, sep="\n      ", flush=True)
            if verdict.problems:
                (EVIDENCE / f"{len(verdicts)}.txt").write_text(f"{verdict.case.name}\n{verdict.evidence}")
    table = "\n".join(rows(verdicts))
    print(table)
    if args.write:
        PAGE.write_text(between(PAGE.read_text(), "crash", table))
    return 1 if any(verdict.problems for verdict in verdicts) else 0


if __name__ == "__main__":
    sys.exit(main())
