"""`python -m hwsim`: one street in a process of its own."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import resource
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from hwsim.control import Control
from hwsim.ends import host_port
from hwsim.exact import ANSWER_LEAD_S, exact_loop
from hwsim.faults import number, whole
from hwsim.numbers import subscriber
from hwsim.personality import PERSONALITIES
from hwsim.scene import SceneError, build, default_number, load
from hwsim.shelf import ORDER, menu, scene_file
from hwsim.sim import PIN
from hwsim.smpp_centre import Account
from hwsim.smpp_listener import Listener
from hwsim.street import Street
from hwsim.tap_scene import add_dialup, add_line

ENDINGS = (signal.SIGTERM, signal.SIGINT)
MODEMS_MAX = 999  # as many numbers as there are for them (scene.default_number)
EXAMPLES = """ready scenes (python -m hwsim NAME; --show NAME prints one, to be changed and run as a file):
{menu}
examples:
  the third scene, with a control API on a free port, until SIGINT; the first line says where everything is:
    python -m hwsim dying-stick
  two modems, two people, and a control API on a free port:
    python -m hwsim --dir /tmp/street --modems 2 --phone +447700900111:Anna --phone +447700900112:Ben \\
        --control 127.0.0.1:0 --ledger /tmp/street/ledger.jsonl
  a Huawei stick, answers after 3 seconds:
    python -m hwsim --dir /tmp/street --modems 1 --personality huawei-e173 --latency-s 3
  sixty-four modems on unix sockets:
    python -m hwsim --dir /tmp/street --modems 64 --ends unix
  a paging bureau: SMPP, TAP by TCP, and TAP by a modem /tmp/street/dial1 that dials it; Ben has a pager:
    python -m hwsim --dir /tmp/street --smpp tcp:2775 --account gateway:secret:60000 --tap tcp:10001 \\
        --dial 01523530300 --pager 4711:Ben
  a scene from a file:
    python -m hwsim --dir /tmp/street --scene night.toml --control unix:/tmp/street/control

The first line of output is JSON with all addresses; from then on everything can be opened. SIGTERM or SIGINT end it.
"""


def _seconds(written: str) -> float:
    try:
        return number(float(written))
    except ValueError:
        raise argparse.ArgumentTypeError(f"not a number of at least 0: {written!r}") from None


def _count(written: str) -> int:
    try:
        count = whole(int(written))
    except ValueError:
        raise argparse.ArgumentTypeError(f"not a whole number of at least 0: {written!r}") from None
    if count > MODEMS_MAX:
        raise argparse.ArgumentTypeError(f"at most {MODEMS_MAX} in one street, not {written}")
    return count


def _pin(written: str) -> str:
    if not PIN.fullmatch(written):
        raise argparse.ArgumentTypeError("not 4 to 8 digits")
    return written


def _called(written: str) -> tuple[str, str]:
    """NUMBER[:NAME]."""
    digits, _, name = written.partition(":")
    try:
        return subscriber(digits), name
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(str(wrong)) from None


def _where(written: str) -> str:
    try:
        if not written.startswith("unix:"):
            host_port("tcp:" + written)
    except ValueError:
        raise argparse.ArgumentTypeError(f"not HOST:PORT or unix:PATH: {written!r}") from None
    return written


@contextlib.contextmanager
def _said_of(option: str) -> Iterator[None]:
    """What is wrong is said with the option's name."""
    try:
        yield
    except ValueError as wrong:
        raise SceneError(f"{option}: {wrong}") from None


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m hwsim",
        description="A simulated street: GSM modems and their network, a paging bureau, people with phones and pagers.",
        epilog=EXAMPLES.format(menu=menu()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", nargs="?", metavar="SCENE", help="a ready scene by name, or a file; see below")
    parser.add_argument("--show", choices=ORDER, metavar="SCENE", help="print a ready scene, and end")
    parser.add_argument("--dir", type=Path, help="directory for the modems' links (made if missing; default a new one)")
    parser.add_argument("--modems", type=_count, default=None, metavar="N", help="modem1..modemN (default 1)")
    parser.add_argument("--ends", choices=("pty", "usb", "unix", "tcp"), help="what their lines are (default pty)")
    parser.add_argument(
        "--personality",
        choices=sorted(PERSONALITIES),
        metavar="TYPE",
        help=f"their type, default generic: {', '.join(sorted(PERSONALITIES))}",
    )
    parser.add_argument("--pin", type=_pin, help="PIN of their cards")
    people: dict[str, Any] = {"type": _called, "action": "append", "default": [], "metavar": "NUMBER[:NAME]"}
    parser.add_argument("--phone", **people, help="may be repeated")
    parser.add_argument("--pager", **people, help="one-way; may be repeated")
    parser.add_argument(
        "--smpp", action="append", default=[], metavar="tcp:PORT|unix:PATH", help="a bureau with SMPP here"
    )
    parser.add_argument(
        "--account", action="append", default=[], metavar="ID:PASSWORD[:NUMBER]", help="default gateway:secret:60000"
    )
    parser.add_argument("--tap", action="append", default=[], metavar="tcp:PORT|pty:PATH", help="a TAP terminal here")
    parser.add_argument(
        "--dial", metavar="NUMBER", help="a TAP terminal at this number, and a modem DIR/dial1 to dial it"
    )
    parser.add_argument("--control", type=_where, metavar="HOST:PORT|unix:PATH", help="serve the control API")
    parser.add_argument("--ledger", type=Path, metavar="FILE", help="append what the network accepted, as JSON lines")
    parser.add_argument("--cards", type=Path, metavar="FILE", help="keep PINs and their counters here between runs")
    parser.add_argument("--seed", type=int, default=0, help="source of all chance")
    parser.add_argument("--latency-s", type=_seconds, help="from the end of a PDU to the network's answer")
    parser.add_argument("--report-delay-s", type=_seconds, help="from delivery to the status report")
    parser.add_argument("--scene", type=Path, metavar="FILE.toml", help="modems, phones, faults from a file")
    return parser.parse_args(argv)


def _populate(street: Street, options: argparse.Namespace) -> None:
    """Scene first, then what the command line adds or overrules."""
    scenes = [scene_file(options.name)] if options.name else []
    if scenes and not scenes[0].exists():
        raise SceneError(f"there is neither a ready scene nor a file {options.name!r}; ready are {', '.join(ORDER)}")
    for scene in [*scenes, *([options.scene] if options.scene else [])]:
        build(load(scene), street, options.dir)
    count = (
        options.modems if options.modems is not None else 0 if _has_bureau(options) or scenes or options.scene else 1
    )
    _add_modems(street, options, count)
    for digits, name in options.phone:
        with _said_of("--phone"):
            street.add_phone(digits, name)
    for digits, name in options.pager:
        with _said_of("--pager"):
            street.add_pager(digits, name)
    if _has_bureau(options):
        _add_bureau(street, options)
    if options.latency_s is not None:
        street.network.settings.latency_s = options.latency_s
    if options.report_delay_s is not None:
        street.network.settings.report_delay_s = options.report_delay_s


def _add_modems(street: Street, options: argparse.Namespace, count: int) -> None:
    for option in ("ends", "personality", "pin"):
        if getattr(options, option) and not count:
            raise SceneError(
                f"--{option} is for the modems of --modems, and there are none; a scene says it of its own"
            )
    for place in range(1, count + 1):
        name = f"modem{place}"
        path = options.dir / name
        ends = {"pty": f"pty:{path}", "usb": f"usb:{options.dir}", "unix": f"unix:{path}", "tcp": "tcp:0"}
        with _said_of("--modems"):
            street.add_modem(
                name,
                default_number(place),
                options.personality or "generic",
                ends[options.ends or "pty"],
                pin=options.pin or "",
            )


def _has_bureau(options: argparse.Namespace) -> bool:
    return bool(options.smpp or options.tap or options.dial)


def _add_bureau(street: Street, options: argparse.Namespace) -> None:
    """One bureau for what the command line names."""
    name = f"bureau{len(street.bureaus) + 1}"
    street.add_bureau(name)
    centre = street.centres[name]
    with _said_of("--smpp"):
        centre.listeners += [Listener(centre, where) for where in options.smpp]
    for written in options.account or ["gateway:secret:60000"]:
        system_id, _, rest = written.partition(":")
        password, _, digits = rest.partition(":")
        with _said_of("--account"):
            centre.add_account(Account(system_id, password, [digits] if digits else []))
    terminal = street.terminals[name]
    for place, where in enumerate(options.tap, 1):
        with _said_of("--tap"):
            add_line(terminal, options.dir, {"name": f"tap{place}", "end": where})
    if options.dial:
        with _said_of("--dial"):
            add_line(terminal, options.dir, {"name": "dial-in", "number": subscriber(options.dial)})
        add_dialup(street, options.dir, 1, {})


def _addresses(street: Street, control: Control | None, options: argparse.Namespace) -> dict[str, object]:
    return {
        "ready": True,
        "seed": street.seed,
        "dir": str(options.dir),
        "control": control.address if control else None,
        "modems": {
            name: {"address": street.ends[name].address, "number": modem.sim.number if modem.sim else None}
            for name, modem in street.modems.items()
        },
        "phones": {number: phone.name for number, phone in street.phones.items()},
        "pagers": {number: {"name": pager.name, "cap": pager.cap} for number, pager in street.pagers.items()},
        "groups": {number: group.members for number, group in street.groups.items()},
        "bureaus": {
            name: {
                "smpp": [listener.address for listener in centre.listeners],
                "tap": {line.name: line.address for line in street.terminals[name].lines},
            }
            for name, centre in street.centres.items()
        },
        "dialups": {name: dialup.end.address for name, dialup in street.dialups.items()},
    }


class _Ended(BaseException):
    """A signal came while the street was being built, which no loop would have noticed."""


def _end(_number: int, _frame: object) -> None:
    raise _Ended


async def _serve(options: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    street = Street(options.seed, ledger=options.ledger, cards=options.cards)
    control = Control(street, options.control) if options.control else None
    try:
        _populate(street, options)
        for modem in street.modems.values():
            modem.lead_s = ANSWER_LEAD_S
        await street.start()
        if control:
            await control.start()
        for ending in ENDINGS:
            loop.add_signal_handler(ending, stop.set)
        print(json.dumps(_addresses(street, control, options)), flush=True)
        await stop.wait()
    finally:
        if control:
            await control.stop()
        await street.stop()


def _open_more_files() -> None:
    """Three descriptors a modem: as many as this user may have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def main(argv: Sequence[str] | None = None) -> int:
    """0 after a signal, 2 if the street cannot be built."""
    options = _arguments(argv)
    if options.show:
        print(scene_file(options.show).read_text("utf-8"), end="")
        return 0
    if options.name and not options.control:
        options.control = "127.0.0.1:0"
    _open_more_files()
    before = [(ending, signal.signal(ending, _end)) for ending in ENDINGS]
    try:
        with contextlib.ExitStack() as closing:
            options.dir = options.dir or Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="hwsim-")))
            options.dir = options.dir.absolute()  # whoever reads the addresses may be elsewhere
            options.dir.mkdir(parents=True, exist_ok=True)
            closing.enter_context(contextlib.suppress(_Ended))
            runner = closing.enter_context(asyncio.Runner(loop_factory=exact_loop))
            runner.run(_serve(options))
    except (SceneError, ValueError, OSError) as wrong:
        print(f"hwsim: {wrong}", file=sys.stderr)
        return 2
    finally:
        for ending, handler in before:
            signal.signal(ending, handler)
    return 0
