"""Commands that need no running daemon."""

from __future__ import annotations

import gc
import json
import os
import platform
import sys
from argparse import Namespace
from collections.abc import Callable
from dataclasses import asdict
from importlib.util import find_spec

from gatewayd import VERSION
from gatewayd.cli import modem_term, modems
from gatewayd.cli.arguments import VERSION_TOLD

GARBAGE_LOOKED_FOR = (20_000, 20, 20)  # after so many new containers; generations one and two: after so many looks


def run(args: Namespace) -> int:
    """The daemon itself, in the foreground."""
    from gatewayd import logs, serving
    from gatewayd.config.file import ConfigError, load

    try:
        config = load(args.config, at_start=True)
    except ConfigError as error:
        print(f"gatewayd: {args.config} cannot be used:\n{error}", file=sys.stderr)
        return 1
    os.umask(0o027)  # whatever we write holds numbers and texts
    for secret in config.secrets.values():
        logs.SECRETS.add(secret.get_secret_value())
    gc.freeze()  # what is loaded by now stays: looking through it again and again took 6 % of the daemon's time
    gc.set_threshold(*GARBAGE_LOOKED_FOR)
    return serving.run(config, args.config)


def check(args: Namespace) -> int:
    from gatewayd.config.file import ConfigError, load

    unseen: list[str] = []
    try:
        config = load(args.config, unseen=unseen)
    except ConfigError as error:
        if args.json:
            print(json.dumps({"ok": False, "problems": [asdict(p) for p in error.problems]}, indent=2))
        else:
            print("\n".join(f"{args.config}: {p}" for p in error.problems), file=sys.stderr)
        return 1
    if args.json:
        print(
            json.dumps(
                {"ok": True, "problems": [], "warnings": config.warnings, "credentials_unseen": unseen}, indent=2
            )
        )
        return 0
    counts = {"modem": config.modems, "SMPP bureau": config.smpp, "TAP bureau": config.tap}
    counts = {word: channels for word, channels in counts.items() if channels}
    counts |= {"person": config.people, "team": config.teams, "policy": config.policies}
    counts |= {"rota": config.rotas} if config.rotas else {}
    told = ", ".join(_counted(len(things), word) for word, things in counts.items())
    print(f"{args.config}: good ({told})")
    for odd in config.warnings:
        print(f"{args.config}: note: {odd}", file=sys.stderr)
    for name in unseen:
        print(f"not checked: the credential '{name}', which only the service can see", file=sys.stderr)
    return 0


def _counted(number: int, word: str) -> str:
    many = {"person": "people", "policy": "policies"}.get(word, word + "s")
    return f"{number} {word if number == 1 else many}"


def demo(args: Namespace) -> int:
    if find_spec("hwsim") is None:
        print("gatewayd: the demo needs hw-sim: run it from a checkout with `make demo`", file=sys.stderr)
        return 1
    from gatewayd.demo.telling import main

    return main(once=args.once)


def version(args: Namespace) -> int:
    told = {"gatewayd": VERSION, "python": platform.python_version()}
    print(json.dumps(told) if args.json else VERSION_TOLD)
    return 0


HERE: dict[str, Callable[[Namespace], int]] = {
    "run": run,
    "check": check,
    "demo": demo,
    "version": version,
    "modem probe": modems.probe,
    "modem term": modem_term.term,
}
