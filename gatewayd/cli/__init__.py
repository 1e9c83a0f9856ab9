"""The operator's door: the command line. It speaks HTTP with the daemon over a unix socket."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import tomllib
from argparse import ArgumentTypeError, Namespace
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from gatewayd.cli import arguments, asks, modems, rotas, rounds, shows
from gatewayd.cli.asks import Ask
from gatewayd.cli.here import HERE
from gatewayd.cli.shows import Show
from gatewayd.config.places import CONFIG, STATE_DIR, socket_for

FILE_CHARACTERS_MAX = 1 << 20
DONE, REFUSED, NOT_UNDERSTOOD, UNREACHABLE = 0, 1, 2, 3

# What asks the daemon, and how its answer is shown.
COMMANDS: dict[str, tuple[Ask, Show]] = {
    "reload": (asks.reload, shows.reloaded),
    "status": (asks.status, shows.status),
    "send": (asks.send, shows.sent),
    "messages": (asks.messages, shows.messages),
    "message": (asks.message, shows.message),
    "way": (asks.way, shows.way),
    "settle": (asks.settle, shows.message_done),
    "resend": (asks.resend, shows.message_done),
    "withdraw": (asks.withdraw, shows.message_done),
    "test-page": (asks.test_page, shows.test_page),
    "incidents": (asks.incidents, shows.incidents),
    "incident": (asks.incident, shows.incident),
    "ack": (asks.ack, shows.incident_done),
    "resolve": (asks.resolve, shows.incident_done),
    "oncall": (asks.oncall, rotas.oncall),
    "rota": (asks.rota, rotas.rota),
    "override": (asks.override, rotas.booked),
    "swap": (asks.swap, rotas.booked),
    "absent": (asks.absent, rotas.booked),
    "shadow": (asks.shadow, rotas.booked),
    "changes": (asks.changes, rotas.changes),
    "call-off": (asks.call_off, rotas.called_off),
    "import-overrides": (asks.import_overrides, rotas.taken_over),
    "silence": (asks.silence, rotas.silenced),
    "silences": (asks.silences, rotas.silences),
    "unsilence": (asks.unsilence, rotas.unsilenced),
    "drill": (asks.drill, rounds.drill),
    "drills": (asks.drills, rounds.drills),
    "site-visit start": (asks.visit_start, rounds.visit),
    "site-visit heard": (asks.visit_heard, rounds.visit_done),
    "site-visit end": (asks.visit_end, rounds.visit_done),
    "site-visits": (asks.visits, rounds.visits),
    "status-line show": (asks.status_line, rounds.status_line),
    "status-line set": (asks.status_line_set, rounds.status_line),
    "status-line end": (asks.status_line_end, rounds.status_line),
    "people": (asks.people, rotas.people),
    "modems": (modems.ask, modems.show),
    "inbox": (asks.inbox, shows.inbox),
    "journal": (asks.journal, shows.journal),
    "token new": (asks.token_new, shows.token_added),
    "token list": (asks.token_list, shows.tokens),
    "token revoke": (asks.token_revoke, shows.token_revoked),
    "backup": (asks.backup, shows.backed_up),
}


def main(argv: list[str] | None = None) -> int:
    """The exit status: 0 done, 1 refused or wrong, 2 not understood (argparse), 3 the daemon cannot be reached."""
    _let_all_be_written()
    args = arguments.parser().parse_args(argv)
    name = f"{args.command} {args.action}" if "action" in args else args.command
    try:
        if name in HERE:
            return HERE[name](args)
        return asyncio.run(_asked(*COMMANDS[name], args))
    except BrokenPipeError:
        _say_no_more()  # `gatewayd journal | head`: who read us has seen enough
        return DONE
    except (ArgumentTypeError, UnicodeDecodeError):
        print("gatewayd: what came from the standard input is not UTF-8", file=sys.stderr)
        return NOT_UNDERSTOOD
    except OSError as error:
        if name in HERE:
            raise
        _say_no_more()
        print(f"gatewayd: the answer cannot be written: {error.strerror}", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        return 130


def _let_all_be_written() -> None:
    """Also to nobody (`>&-`), and to a terminal that does not know a letter."""
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - until we end
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _say_no_more() -> None:
    """Python would complain once more at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


async def _asked(ask: Ask, show: Show, args: Namespace) -> int:
    from gatewayd.web.client import Client, ClientError

    try:
        socket = args.socket or socket_in(args.config)
    except ConfigUnreadError as error:
        return _refused(args, 0, str(error))
    try:
        async with Client(socket) as client:
            answer = await ask(client, args)
    except ClientError as error:
        if error.status:
            return _refused(args, error.status, error.message)
        return _unreachable(args, socket, error.message.partition(" (")[0])
    said = show(answer)
    if args.json:
        print(json.dumps(answer, indent=2))
    else:
        print(said.aside, end="\n" if said.aside else "", file=sys.stderr)
        print(said.out)
    sys.stdout.flush()
    return said.status


class ConfigUnreadError(Exception):
    """The file that was named cannot tell where the daemon listens; another daemon must not be asked instead."""


def socket_in(config: Path | None) -> Path:
    """Where the daemon listens. None: the file is where it is by default, and need not be there.

    A file with something wrong elsewhere must not stop us from asking.
    """
    try:
        with (config or CONFIG).open(encoding="utf-8") as file:
            told = _places(file.read(FILE_CHARACTERS_MAX))
    except (OSError, ValueError) as error:
        if config is None:
            return socket_for(STATE_DIR)
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise ConfigUnreadError(f"cannot read {config}: {why}") from None
    if isinstance(told.get("socket"), str):
        return Path(told["socket"])
    state_dir = told.get("state_dir")
    return socket_for(Path(state_dir) if isinstance(state_dir, str) else STATE_DIR)


def _places(text: str) -> dict[str, Any]:
    """The file; where it is no TOML, its lines that tell of places. Raises ValueError when these cannot be read."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        top = re.split(r"^\s*\[", text, maxsplit=1, flags=re.MULTILINE)[0]
        lines = [line for line in top.splitlines() if re.match(r"\s*(socket|state_dir)\b", line)]
        return tomllib.loads("\n".join(lines))


def _refused(args: Namespace, status: int, message: str) -> int:
    if args.json:
        print(json.dumps({"error": {"status": status, "message": message}}, indent=2))
    print(f"gatewayd: {message}", file=sys.stderr)
    return REFUSED


def _unreachable(args: Namespace, socket: Path, message: str) -> int:
    """Says which of the three things it is: not running, not allowed, or somewhere else."""
    if args.json:
        print(json.dumps({"error": {"status": 0, "message": message}}, indent=2))
    print(f"gatewayd: {message}\n{_advice(socket)}", file=sys.stderr)
    return UNREACHABLE


def _advice(socket: Path) -> str:
    try:
        there = socket.is_socket()
        allowed = os.access(socket, os.R_OK | os.W_OK) if there else os.access(socket.parent, os.X_OK)
        known = socket.parent.exists()
    except PermissionError:
        there, allowed, known = False, False, True
    except OSError:  # no path at all
        there, allowed, known = False, False, False
    if not allowed and known:
        return "You may not open it: use sudo, or join the group gatewayd (usermod -aG gatewayd NAME, log in again)."
    if there:
        return "The socket is there but nobody answers: systemctl status gatewayd; journalctl -u gatewayd -n 50"
    return "Is it running? systemctl status gatewayd. With a configuration elsewhere: --config FILE or --socket PATH."
