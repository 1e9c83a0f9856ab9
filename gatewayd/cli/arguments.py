"""What can be typed."""

from __future__ import annotations

import argparse
import platform
import re
from argparse import ArgumentParser as Parser
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from gatewayd import VERSION
from gatewayd.config.places import CONFIG
from gatewayd.model import MessageState, Severity

PRIORITIES = ("critical", "high", "normal", "low")
SCOPES = ("alerts", "messages", "ack", "duty", "read")
WEEKS_MAX = 56
FILE_BYTES_MAX = 1_048_576
SEVERITIES = tuple(severity.value for severity in Severity)
STATES = tuple(state.value for state in MessageState)

VERSION_TOLD = f"gatewayd {VERSION} (Python {platform.python_version()})"

_UNITS = {"": 1, "s": 1, "m": 60, "h": 3_600, "d": 86_400}


def duration_s(text: str) -> int:
    """ "90", "90s", "15m", "2h", "1d" in seconds."""
    found = re.fullmatch(r"([0-9]{1,7})([smhd]?)", text)
    if not found:
        raise argparse.ArgumentTypeError(f"'{text}' is no time; write 90s, 15m, 2h or 1d")
    return int(found[1]) * _UNITS[found[2]]


def for_long(text: str) -> str:
    """ "2h" as the API reads it: from now on."""
    return f"+{max(1, duration_s(text) // 60)}m"


def number(text: str) -> int:
    if not re.fullmatch(r"#?[0-9]{1,15}", text):
        raise argparse.ArgumentTypeError(f"'{text}' is no number of an incident, a message or a change")
    return int(text.removeprefix("#"))


def incident(text: str) -> int | str:
    """Its number, or, as text, the code that people read."""
    if re.fullmatch(r"code:[0-9]{1,8}", text):
        return text.removeprefix("code:")
    return number(text)


def name(text: str) -> str:
    """Of a person, a rota or a token; anything else would be another path of the API."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9_.-]{0,39}", text):
        raise argparse.ArgumentTypeError(f"{words(text)!r} is no name: small letters, digits, '_', '-' and '.'")
    return text


def weeks(text: str) -> int:
    if not re.fullmatch("[1-9][0-9]?", text) or int(text) > WEEKS_MAX:
        raise argparse.ArgumentTypeError(f"'{text}' is no number of weeks from 1 to {WEEKS_MAX}")
    return int(text)


def whom(text: str) -> str:
    """A person, or "team:noc"."""
    name(text.removeprefix("team:"))
    return text


def words(text: str) -> str:
    """What can be sent: a terminal, or a script, may write in another encoding than it says."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError("it is not UTF-8") from None
    return text


def place(text: str) -> Path:
    """The daemon has another working directory than the person who types."""
    return Path(words(text)).absolute()


def octets(text: str) -> bytes:
    """What is in that file, or a little more than the daemon takes."""
    try:
        with Path(words(text)).open("rb") as file:
            return file.read(FILE_BYTES_MAX + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise argparse.ArgumentTypeError(f"cannot read {text}: {why}") from None


def parser() -> Parser:
    """Exit status: 0 done, 1 refused or something is wrong, 2 not understood, 3 the daemon cannot be reached."""
    top = Parser(
        prog="gatewayd",
        description="Alerts by SMS and pager to the engineer on call, and the answer back.",
        epilog="Exit status: 0 done; 1 refused, or something is wrong; 2 not understood; 3 the daemon is not there.",
        formatter_class=lambda prog: argparse.HelpFormatter(prog, max_help_position=16),
    )
    top.add_argument("--version", action="version", version=VERSION_TOLD, help="say which version this is")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    in_json, file, daemon = Parser(add_help=False), Parser(add_help=False), Parser(add_help=False)
    in_json.add_argument("--json", action="store_true", help="answer in JSON")
    file.add_argument("--config", type=Path, default=CONFIG, metavar="FILE", help=f"default: {CONFIG}")
    daemon.add_argument("--config", type=Path, metavar="FILE", help=f"says where the socket is; default: {CONFIG}")
    daemon.add_argument("--socket", type=Path, metavar="PATH", help="of the daemon; default: as the configuration says")

    def add(name: str, told: str, within: Any = commands, parents: Sequence[Parser] = (daemon, in_json)) -> Parser:
        described = told[0].upper() + told[1:] + "."
        made: Parser = within.add_parser(name, help=told, description=described, parents=parents)
        return made

    add("run", "run the daemon", parents=(file,))
    add("check", "check the configuration: all that is wrong with it, each with its line", parents=(file, in_json))
    add("reload", "let the daemon read again the file it was started with; with anything wrong in it nothing changes")
    add("status", "say whether alerts would be kept and could leave")
    _messages(add)
    _incidents(add)
    _rotas(add)
    _changes(add)
    _silences(add)
    _rounds(add)
    add("people", "list people, and when each of their devices was last heard of")
    _looking_back(add)
    _modems(add, in_json)
    tokens = add("token", "tokens: who may speak to the daemon over HTTP").add_subparsers(
        dest="action", required=True, metavar="new|list|revoke"
    )
    new = add("new", "make a token; its secret is shown once", tokens)
    new.add_argument("name", type=words)
    new.add_argument(
        "--scope", action="append", choices=SCOPES, help="what it may do; may be repeated; default: alerts"
    )
    new.add_argument(
        "--prefix",
        action="append",
        type=words,
        default=[],
        metavar="NUMBER",
        help="texts only to numbers that begin with this",
    )
    add("list", "list the tokens", tokens)
    add("revoke", "make a token worthless", tokens).add_argument("name", type=name)
    add("backup", "write a copy of the store to a new file").add_argument("path", type=place)
    demo = add("demo", "two stories from the office on this machine: simulated modems, bureau and people")
    demo.add_argument("--once", action="store_true", help="tell the stories, then stop; status 0 if all happened")
    add("version", "say which version this is", parents=(in_json,))
    return top


def _modems(add: Callable[..., Parser], in_json: Parser) -> None:
    add("modems", "list the modems: where each is, who it is, how it is and why; and sticks that nobody configured")
    modem = add("modem", "speak to a modem that the daemon does not have", parents=()).add_subparsers(
        dest="action", required=True, metavar="probe|term"
    )
    told = "say what is at a port, step by step, and what to put into the configuration; no PIN is entered"
    probe = add("probe", told, modem, (in_json,))
    term = add("term", "be a terminal to a modem: Ctrl-] leaves, Ctrl-Z ends a text", modem, ())
    for command in (probe, term):
        command.add_argument("port", type=words, help="/dev/serial/by-path/..., tcp://host:port or unix:/path")
        command.add_argument("--baud", type=int, default=115200, help="default: 115200")
        command.add_argument("--rtscts", action="store_true", help="flow control by RTS and CTS")


def _messages(add: Callable[[str, str], Parser]) -> None:
    send = add("send", "send a text")
    send.add_argument(
        "--to", action="append", type=words, required=True, help="+44..., person:anna, team:noc; may be repeated"
    )
    send.add_argument("--priority", choices=PRIORITIES, default="normal")
    send.add_argument("--validity", type=duration_s, metavar="TIME", help="not sent after this long: 90s, 15m, 2h, 1d")
    send.add_argument("--channel", type=words, help="only by this channel")
    send.add_argument("text", type=words, help="the text; - reads it from the standard input")
    messages = add("messages", "list texts, newest first")
    messages.add_argument("--state", choices=STATES)
    messages.add_argument(
        "--person", type=whom, metavar="NAME", help="only texts to them; team:NAME: calls of that group"
    )
    _paged(messages)
    add("message", "show a text with every attempt and report").add_argument("id", type=number)
    way = add("way", "say by which way a text would go now, and why; nothing is sent")
    way.add_argument("to", type=words, help="+44..., short:60777, person:anna or team:noc")
    way.add_argument("--priority", choices=PRIORITIES, default="normal")
    way.add_argument(
        "--at", type=words, metavar="TIME", help="then, as far as hours go: 2026-11-23T03:00Z; default: now"
    )
    settle = add("settle", "say what became of a text in doubt")
    settle.add_argument("id", type=number)
    fate = settle.add_mutually_exclusive_group(required=True)
    fate.add_argument("--sent", action="store_true", help="it went out; do not send it again")
    fate.add_argument("--not-sent", dest="sent", action="store_false", help="it did not go out")
    add("resend", "send a text again").add_argument("id", type=number)
    add("withdraw", "do not send a text that still waits").add_argument("id", type=number)
    test_page = add("test-page", "send a test page to a person, or to the group number of team:NAME")
    test_page.add_argument("person", type=whom)


def _incidents(add: Callable[[str, str], Parser]) -> None:
    incidents = add("incidents", "list incidents that are not over, newest first")
    incidents.add_argument("--all", action="store_true", help="also those that are over")
    _paged(incidents)
    show = add("incident", "show an incident with its alerts, pages and texts")
    ack = add("ack", "take an incident")
    resolve = add("resolve", "close an incident")
    for command in (show, ack, resolve):
        told = "the number in the first column of `gatewayd incidents`, not the code of the texts; or that, as code:31"
        command.add_argument("id", type=incident, metavar="INCIDENT", help=told)
    ack.add_argument("--by", type=words, help="name of the person who takes it; default: the operator")
    ack.add_argument("--note", type=words, default="")
    resolve.add_argument("--by", type=words, help="name of the person who closes it; default: the operator")


def _rounds(add: Callable[..., Parser]) -> None:
    drill = add("drill", "page people as for a real alert, marked DRILL, and report who answered when")
    what = drill.add_mutually_exclusive_group(required=True)
    what.add_argument("--service", type=words, help="as for an alert of this service")
    what.add_argument("--stop", action="store_true", help="stop the one that runs")
    what.add_argument("--report", type=number, metavar="ID", help="what became of that one")
    drill.add_argument("--severity", choices=SEVERITIES, default="critical")
    drill.add_argument("--within", type=duration_s, metavar="TIME", help="over after this long; default: 30m")
    drill.add_argument("--no-wait", action="store_true", help="do not wait for its end")
    add("drills", "list drills")
    actions = add("site-visit", "watch somebody who is on site alone").add_subparsers(
        dest="action", required=True, metavar="start|heard|end"
    )
    start = add("start", "ask somebody for signs of life by text, and page others when none comes", actions)
    start.add_argument("person", type=name, metavar="PERSON")
    start.add_argument("--every", type=duration_s, metavar="TIME", help="ask so often; default: 30m")
    start.add_argument("--until", type=words, required=True, metavar="TIME", help="18:00, +2h")
    start.add_argument("--place", type=words, help="where they are")
    start.add_argument("--tell", type=name, metavar="POLICY|PERSON", help="who is paged; default: as configured")
    heard = add("heard", "somebody has heard of them otherwise: a sign of life", actions)
    heard.add_argument("id", type=number)
    add("end", "watch no more", actions).add_argument("id", type=number)
    line = add("status-line", "one sentence about a big fault, for everybody who asks").add_subparsers(
        dest="action", required=True, metavar="show|set|end"
    )
    add("show", "show it", line)
    put = add("set", "set it, in place of the one before", line)
    put.add_argument("text", type=words)
    put.add_argument("--for", dest="until", type=for_long, metavar="TIME", default="2h", help="2h, 90m; default: 2h")
    add("end", "end it before its time", line)
    add("site-visits", "list who is on site alone, and who was")


TIMES = (
    'Times are those of the rota\'s clock: "2026-12-24 17:00", "mon 09:00", 17:00, "tomorrow 09:00", now, +8h, +3d; '
    "or with a zone: 2026-12-24T17:00Z. UNTIL counts from SINCE; a day alone is meant to its end."
)


def _rotas(add: Callable[[str, str], Parser]) -> None:
    oncall = add("oncall", "say who is on call, and why")
    oncall.add_argument("--at", type=words, metavar="TIME", help="then; default: now")
    oncall.add_argument("--service", type=words, help="whom each step of its policy would page")
    oncall.add_argument("--severity", choices=SEVERITIES, help="of its incident, for rules; default: critical")
    oncall.add_argument("--rota", type=name, help="only this one")
    oncall.epilog = TIMES
    rota = add("rota", "show the weeks ahead of a rota")
    rota.add_argument("name", type=name, metavar="ROTA")
    rota.add_argument("--since", type=words, metavar="TIME", help="from then; default: now")
    rota.add_argument("--weeks", type=weeks, default=4, metavar="N", help="so many; default: 4")
    rota.add_argument("--figures", action="store_true", help="hours, nights, weekends and holidays of each")
    rota.add_argument("--ics", action="store_true", help="as a calendar: five weeks back, a year ahead")
    rota.add_argument("--person", type=name, help="with --ics: only this one's shifts")
    rota.epilog = TIMES


def _silences(add: Callable[[str, str], Parser]) -> None:
    silence = add("silence", "keep what fits and page nobody for a time; what still fires then is paged")
    for what, said in (
        ("service", "of these services"), ("severity", "of this severity"), ("source", "told by this token"),
        ("key", "with this key"), ("label", "with this detail, as NAME=PATTERN"),
    ):  # fmt: skip
        silence.add_argument(f"--{what}", type=words, action="append", default=[], help=f"{said}; may be repeated")
    silence.add_argument("until", type=words, metavar="UNTIL", help="+2h, 2026-12-24T17:00Z")
    silence.add_argument("reason", type=words, metavar="REASON")
    silence.epilog = "Patterns as 'db-*'; every sort of condition that is named must hold."
    add("silences", "list the silences that hold now")
    add("unsilence", "end a silence; what still fires pages now").add_argument("id", type=number)


def _changes(add: Callable[[str, str], Parser]) -> None:
    override = add("override", "give somebody the duty of a rota for a time, whoever's turn it is")
    override.add_argument("rota", type=name, metavar="ROTA")
    _span(override)
    override.add_argument("--note", type=words, default="")
    swap = add("swap", "let somebody cover another for a time: whatever PERSON holds, COVER has")
    swap.add_argument("person", type=name, metavar="PERSON")
    swap.add_argument("by", type=name, metavar="COVER")
    _span(swap, person=False)
    swap.add_argument("--rota", type=name, help="on this one; default: on all")
    absent = add("absent", "note that somebody is away; their turns go to the next in the rotation")
    _span(absent)
    absent.add_argument("--note", type=words, default="")
    shadow = add("shadow", "let somebody learn: told of every page, need not answer")
    _span(shadow)
    shadow.add_argument("--of", type=name, metavar="PERSON", help="of this one; default: of whoever has the duty")
    shadow.add_argument("--rota", type=name, help="on this one; default: on all")
    add("changes", "list overrides, swaps, absences and shadowing that are not over")
    add("call-off", "call a change off; one that has begun ends now").add_argument("id", type=number)
    overrides = add("import-overrides", "take over the overrides of a calendar: all of them, or none")
    overrides.add_argument("rota", type=name, metavar="ROTA")
    overrides.add_argument(
        "octets", type=octets, metavar="FILE", help="iCalendar; each event names in its title who it is"
    )


def _span(command: Parser, *, person: bool = True) -> None:
    if person:
        command.add_argument("person", type=name, metavar="PERSON")
    command.add_argument("since", type=words, metavar="SINCE")
    command.add_argument("until", type=words, metavar="UNTIL")
    command.epilog = TIMES


def _looking_back(add: Callable[[str, str], Parser]) -> None:
    inbox = add("inbox", "list texts that came in and matched nothing, newest first")
    inbox.add_argument("--all", action="store_true", help="also those that were understood")
    _paged(inbox)
    journal = add("journal", "show what was decided and why, oldest first")
    journal.add_argument("--incident", type=number)
    journal.add_argument("--message", type=number)
    journal.add_argument("--after", type=int, metavar="SEQ", help="lines after this one; default: the last ones")
    journal.add_argument("--limit", type=int, default=200)
    journal.add_argument("--verify", action="store_true", help="check the whole chain; status 1 when it is broken")


def _paged(command: Parser) -> None:
    command.add_argument("--limit", type=int, default=50)
    command.add_argument("--before", type=int, metavar="ID", help="only older ones than this")
