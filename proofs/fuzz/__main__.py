"""`python -m proofs.fuzz`: damaged PDUs and blocks for every protocol core, from good samples, by seed.

A case that breaks a promise is told with its octets in hex and the words that play it again. Status 0: none did.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing import get_context
from random import Random
from types import FrameType

from proofs.fuzz import at, dialogues, dialup, smpp, smpp_session, tap, tpdu
from proofs.fuzz.course import Breach, Core, Course

CORES: dict[str, Core] = {
    core.name: core
    for core in (
        *at.CORES,
        *dialogues.CORES,
        *tpdu.CORES,
        *smpp.CORES,
        *smpp_session.CORES,
        *tap.CORES,
        *dialup.CORES,
    )
}
PROCESSES = 2
CASE_S_MAX = 20.0  # of processor time, for a machine may stand still; what takes longer goes round in a circle
OCTETS_SHOWN = 600
BREACHES_MAX = 5  # of one process and core: the first ones tell enough


@dataclass(frozen=True, slots=True)
class Job:
    """A process plays every `PROCESSES`-th case from `first` on until `wanted` pieces have been damaged."""

    core: str
    seed: int
    first: int
    wanted: int


@dataclass(slots=True)
class Done:
    cases: int = 0
    damaged: int = 0
    took_s: float = 0.0
    fates: Counter[str] = field(default_factory=Counter)
    breaches: list[str] = field(default_factory=list)


def _too_long(_: int, __: FrameType | None) -> None:
    raise Breach(f"one case took over {CASE_S_MAX:g} s")


def one(core: Core, seed: int, case: int) -> tuple[Course, str]:
    """Play one case; what broke, or ""."""
    course = Course(Random(f"{seed} {core.name} {case}"))
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, CASE_S_MAX)
        core.play(course)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what we look for
        what = f"{type(error).__name__}: {error}"
        spot = error.__traceback__
        while spot is not None and spot.tb_next is not None:
            spot = spot.tb_next
        place = f"{spot.tb_frame.f_code.co_qualname}:{spot.tb_lineno}" if spot else ""
        return course, f"{what} (in {place})"
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return course, ""


def run(job: Job) -> Done:
    signal.signal(signal.SIGVTALRM, _too_long)
    core, done, began, case = CORES[job.core], Done(), time.monotonic(), job.first
    while done.damaged < job.wanted and len(done.breaches) < BREACHES_MAX:
        course, broken = one(core, job.seed, case)
        done.cases += 1
        done.damaged += course.damaged
        done.fates += course.fates
        if broken:
            done.breaches.append(told(core, job.seed, case, course, broken))
        case += PROCESSES
    done.took_s = time.monotonic() - began
    return done


def told(core: Core, seed: int, case: int, course: Course, broken: str) -> str:
    octets = "\n".join(f"    {_hex(said)}" for said in course.said)
    again = f"python -m proofs.fuzz --seed {seed} --case {case} {core.name}"
    head = f"BROKEN {core.name}: {broken}" if broken else f"{core.name} keeps its promises"
    return f"{head}\n  it was told\n{octets}\n  again: {again}"


def _hex(octets: bytes) -> str:
    """A very long one is cut; the case has it whole."""
    shown = octets[:OCTETS_SHOWN].hex() or "(nothing)"
    return shown if len(octets) <= OCTETS_SHOWN else f"{shown}... ({len(octets)} octets)"


def sweep(wanted: dict[str, int], seed: int) -> int:
    """Play so many damaged pieces of each core; the exit status."""
    print(f"seed {seed}", flush=True)
    broken = total = 0
    began = time.monotonic()
    with get_context("fork").Pool(PROCESSES) as pool:
        for name, count in wanted.items():
            share = -(-count // PROCESSES)
            found = pool.map(run, [Job(name, seed, first, share) for first in range(PROCESSES)], chunksize=1)
            damaged, took_s = sum(done.damaged for done in found), max(done.took_s for done in found)
            fates = sum((done.fates for done in found), Counter[str]())
            words = ", ".join(f"{fate} {count}" for fate, count in fates.most_common(6))
            cases = sum(done.cases for done in found)
            print(f"{name:14}{damaged:9} damaged in {cases:8} cases {damaged / took_s:9.0f}/s  {words}", flush=True)
            for breach in (breach for done in found for breach in done.breaches):
                print(breach, flush=True)
                broken += 1
            total += damaged
    seconds = time.monotonic() - began
    print(f"{total} damaged pieces, {total / seconds:.0f}/s, {seconds:.0f} s, seed {seed}: {broken} broke a promise")
    return 1 if broken else 0


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m proofs.fuzz", description=__doc__)
    parser.add_argument("cores", nargs="*", metavar="CORE", help=", ".join(CORES))
    parser.add_argument("--short", action="store_true", help="half a minute, always the same cases")
    parser.add_argument("--count", type=int, help="damaged pieces for each core, instead of a million")
    parser.add_argument("--seed", type=int, help="the first number of all chance; a new one by default")
    parser.add_argument("--case", type=int, help="play this one case again and show it")
    args = parser.parse_args(argv)
    names = args.cores or list(CORES)
    if unknown := [name for name in names if name not in CORES]:
        parser.error(f"there is no core {unknown[0]!r}")
    seed = args.seed if args.seed is not None else 1 if args.short else Random().randrange(1_000_000)
    if args.case is None:
        cores = [CORES[name] for name in names]
        return sweep({core.name: args.count or (core.short if args.short else core.long) for core in cores}, seed)
    signal.signal(signal.SIGVTALRM, _too_long)
    course, broken = one(CORES[names[0]], seed, args.case)
    print(told(CORES[names[0]], seed, args.case, course, broken))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
