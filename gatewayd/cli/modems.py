"""Modems at a terminal: the fleet as the daemon has it, and a look at a port that the daemon does not have."""

from __future__ import annotations

import asyncio
import json
import sys
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from gatewayd.cli.asks import API, Daemon
from gatewayd.cli.shows import Said
from gatewayd.cli.tables import plain, sections, table, when

if TYPE_CHECKING:
    from gatewayd.channels.modem_probe import Finding, Probed

HEADS = "MODEM STATE PORT IMEI PROFILE OPERATOR SIGNAL NETWORK SENT/H WHY"
MARKS = {"ok": "ok  ", "odd": "note", "no": "NO  "}


async def ask(daemon: Daemon, _: Namespace) -> Any:
    return await daemon.get(f"{API}/modems")


def show(answer: Mapping[str, Any]) -> Said:
    rows = [
        (
            m["name"],
            m["state"],
            m["port"],
            m["imei"],
            m["profile"],
            m["operator"],
            "" if m["signal_dbm"] is None else f"{m['signal_dbm']} dBm",
            m["registration"],
            m["sent_last_hour"],
            m["why"],
        )
        for m in answer["modems"]
    ]
    found = [(f["port"], f["maker"], f["imei"], f["why"]) for f in answer["unconfigured"]]
    strays = table("PORT MAKER IMEI WHY", found, nothing="")
    loops = [(m["name"], p["heard_by"], when(p["good_at"]), p["failed"]) for m in answer["modems"] for p in m["proofs"]]
    cards = [(m["name"], m["balance"]["amount"], when(m["balance"]["at"]), m["balance"]["said"])
             for m in answer["modems"] if m["balance"]]  # fmt: skip
    more = (
        ("proof of life:", table("FROM TO WORKED FAILED", loops, nothing="")),
        ("left on the cards:", table("MODEM SUM ASKED ANSWER", cards, nothing="")),
    )
    title = "found, not configured (gatewayd modem probe PORT tells more):"
    return Said(sections(("", table(HEADS, rows, nothing="no modems")), *more, (title, strays)))


def probe(args: Namespace) -> int:
    """0: it can be used; 1: not, or not as it is; the port cannot be had."""
    from gatewayd.channels.modem_probe import PortRefusedError

    try:
        probed = asyncio.run(_probed(args))
    except PortRefusedError as error:
        if args.json:
            print(json.dumps({"port": args.port, "usable": False, "problem": str(error)}, indent=2))
        print(f"gatewayd: {error}", file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps(_told(probed), indent=2))
    elif probed.toml:
        print(f"\nFor the configuration:\n\n{probed.toml}", end="")
    else:
        print("\nThis port is of no use as it is.")
    return 0 if probed.usable else 1


async def _probed(args: Namespace) -> Probed:
    from gatewayd.channels.modem_probe import Probe
    from gatewayd.clock import Clock

    return await Probe(args.port, Clock(), _nothing if args.json else _say).run(baud=args.baud, rtscts=args.rtscts)


def _say(finding: Finding) -> None:
    print(f"{MARKS[finding.mark]}  {finding.step.ljust(14)}  {plain(finding.told)}", flush=True)


def _nothing(_: Finding) -> None:
    pass


def _told(probed: Probed) -> dict[str, Any]:
    profile = probed.profile
    return {
        "port": probed.port.device,
        "names": list(probed.port.names),
        "usable": probed.usable,
        "profile": profile.habits.name,
        "manufacturer": profile.manufacturer,
        "model": profile.model,
        "revision": profile.revision,
        "imei": profile.imei,
        "sim_state": probed.sim_state,
        "pin_tries": probed.pin_tries,
        "steps": [asdict(finding) for finding in probed.findings],
        "toml": probed.toml,
    }
