"""`python -m bench [NAME...]`: measures on real parts, prints a row each, keeps docs/benchmarks.md true (--write)."""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

from bench import air, fleet, intake, paging
from bench.figures import Benchmark, Figure, Run
from bench.machine import machine
from bench.page import write

BENCHMARKS: dict[str, Benchmark] = {
    "latency": air.latency,
    "modem": air.modem,
    "modem-200ms": air.modem_200ms,
    "modems-8": air.modems_8,
    "fleet32": fleet.fleet32,
    "fleet64": fleet.fleet64,
    "port": air.port,
    "messages-20": intake.messages_20,
    "messages-100": intake.messages_100,
    "alerts-new": intake.alerts_new,
    "alerts-storm": intake.alerts_storm,
    "alerts-repeated": intake.alerts_repeated,
    "alertmanager": intake.alertmanager,
    "start": air.start,
    "smpp-single": paging.smpp_single,
    "smpp-stream": paging.smpp_stream,
    "smpp-backlog": paging.smpp_backlog,
}


def main(argv: list[str] | None = None) -> int:
    """0: all ran (and with --short all floors hold); 1: something did not."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--short", action="store_true", help="quick form: does each run, do generous floors hold?")
    parser.add_argument("--write", action="store_true", help="write what was measured into docs/benchmarks.md")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON at the end")
    parser.add_argument("--profile", type=Path, metavar="DIR", help="run the daemon under cProfile, one file each")
    args = parser.parse_args(argv)
    unknown = [name for name in args.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]!r}")
    if args.write and (args.short or args.profile):
        parser.error("only figures of the long form without a profiler are written down")
    if args.profile:
        args.profile.mkdir(parents=True, exist_ok=True)
    found, failed = _measure(args.names or list(BENCHMARKS), Run(args.short, args.profile))
    if args.json:
        told = {name: [asdict(figure) for figure in figures] for name, figures in found.items()}
        print(json.dumps({"machine": machine(), "figures": told}, indent=2))
    if args.write:
        write(found, machine())
    return 1 if failed else 0


def _measure(names: list[str], run: Run) -> tuple[dict[str, list[Figure]], bool]:
    found: dict[str, list[Figure]] = {}
    failed = False
    for name in names:
        began = time.monotonic()
        try:
            figures = found[name] = BENCHMARKS[name](run)
        except Exception as error:  # noqa: BLE001 - the others shall run, too
            print(f"{name:16} FAILED: {type(error).__name__}: {error}", flush=True)
            failed = True
            continue
        below = [figure for figure in figures if run.short and not figure.holds(figure.floor)]
        failed |= bool(below)
        told = "; ".join(map(str, figures)) + ("  BELOW ITS FLOOR" if below else "")
        print(f"{name:16} {told}   [{time.monotonic() - began:.0f} s]", flush=True)
    return found, failed


if __name__ == "__main__":
    sys.exit(main())
