"""`python -m tests.real.crash_table`: the crash tests in full, several houses side by side, and their tables."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bench.machine import machine
from bench.page import PAGE, between
from bench.parts import home
from tests.real import crash_bureau, crash_cases
from tests.real.crash_bureau import BureauTrial
from tests.real.crash_cases import ModemTrial
from tests.real.crash_trial import Trial, Tried, Verdict

AT_ONCE = 4
EVIDENCE = Path("build/crash")

Begin = Callable[[Any, Path], Trial]

SMPP = [case for case in crash_bureau.cases() if case.way == "smpp"]
TABLES: dict[str, tuple[Sequence[Tried], Begin]] = {
    "crash": (crash_cases.cases(), ModemTrial),
    "crash-smpp": ([case for case in SMPP if case.window == crash_bureau.WINDOW], BureauTrial),
    "crash-window": ([case for case in SMPP if case.window == crash_bureau.WIDE], BureauTrial),
    "crash-tap": ([case for case in crash_bureau.cases() if case.way == "tap"], BureauTrial),
}


def tried(case: Tried, begin: Begin) -> Verdict:
    with home() as directory:
        try:
            return begin(case, directory).run()
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


def played(name: str, cases: Sequence[Tried], begin: Begin, only: str) -> list[Verdict]:
    """Every case whose name holds these words, told as it ends."""
    verdicts: list[Verdict] = []
    EVIDENCE.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for verdict in pool.map(lambda case: tried(case, begin), [case for case in cases if only in case.name]):
            verdicts.append(verdict)
            good = "ok" if not verdict.problems else "WRONG"
            print(f"{len(verdicts):3} {good:6}{verdict.case.name}", *verdict.problems, sep="\n      ", flush=True)
            if verdict.problems:
                (EVIDENCE / f"{name}-{len(verdicts)}.txt").write_text(f"{verdict.case.name}\n{verdict.evidence}")
    return verdicts


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.real.crash_table", description=__doc__)
    parser.add_argument("tables", nargs="*", metavar="TABLE", help=f"of {', '.join(TABLES)}; default: all")
    parser.add_argument("--write", action="store_true", help=f"put the tables into {PAGE}")
    parser.add_argument("--only", default="", metavar="WORDS", help="cases whose name holds these words")
    args = parser.parse_args()
    if args.write and args.only:
        parser.error("--write is for whole tables, without --only")
    if unknown := set(args.tables) - set(TABLES):
        parser.error(f"there is no table {', '.join(sorted(unknown))}")
    tables = {name: played(name, *TABLES[name], args.only) for name in args.tables or TABLES}
    for name, verdicts in tables.items():
        table = "\n".join(rows(verdicts))
        print(f"\n{name}\n{table}")
        if args.write:
            PAGE.write_text(between(PAGE.read_text(), name, table))
    if args.write:
        PAGE.write_text(between(PAGE.read_text(), "crash-machine", f"`make crash` on {machine()}"))
    return 1 if any(verdict.problems for verdicts in tables.values() for verdict in verdicts) else 0


if __name__ == "__main__":
    sys.exit(main())
