"""What goes wrong at a TAP terminal, by rule. README.md lists the kinds with examples.

`at` names the step of the call where a rule strikes: id (a CR wants ID=), logon, go_ahead, block, eot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random
from typing import TYPE_CHECKING, Any

from hwsim.faults import FaultError, Rule, flag, number, read, whole, words

if TYPE_CHECKING:
    from hwsim.tap_terminal import Terminal

STEPS = ("id", "logon", "go_ahead", "block", "eot")
CONTROLS = ("ACK", "NAK", "RS", "EOT")
Options = dict[str, Callable[[object], Any]]


def _step(value: object) -> str:
    if value not in STEPS:
        raise FaultError(f"'at' is one of {', '.join(STEPS)}, not {value!r}")
    return str(value)


def _control(value: object) -> str:
    if value not in CONTROLS:
        raise FaultError(f"'control' is one of {', '.join(CONTROLS)}, not {value!r}")
    return str(value)


_LINE: Options = {"line": words}
_AT: Options = {"at": _step, **_LINE}
TAP_KINDS: dict[str, Options] = {
    "tap_silence": _AT,
    "tap_disconnect": {"polite": flag, "code": whole, **_AT},
    "tap_slow": {"seconds": number, **_AT},
    "tap_noise": {"octets": whole, **_AT},
    "tap_xoff": {"seconds": number, **_AT},
    "tap_nak": {"code": whole, **_AT},
    "tap_bare": {"naked": flag, **_AT},
    "tap_glued": {"without_ack": flag, **_LINE},
    "tap_id_again": _LINE,
    "tap_id_repeated": {"repeats": whole, **_LINE},
    "tap_banner": {"text": words, **_LINE},
    "tap_rs": {"code": whole, **_LINE},
    "tap_answer": {"control": _control, "code": whole, "text": words, "submitted": flag, **_LINE},
    "tap_lose_ack": _LINE,
    "tap_lose_block": _LINE,
    "tap_drop_after_block": {"submitted": flag, **_LINE},
    "tap_please_wait": {"repeats": whole, "seconds": number, **_LINE},
    "tap_cut_block": {"octets": whole, **_LINE},
    "tap_late_rs": {"code": whole, **_LINE},
    "tap_lose_page": _LINE,
    "tap_page_twice": _LINE,
    "tap_full": {"code": whole, **_LINE},
    "tap_engaged": _LINE,
}
# Where a kind without `at` belongs; kinds with it default to "block".
_WHERE = {
    "tap_glued": "go_ahead",
    "tap_id_again": "logon",
    "tap_id_repeated": "id",
    "tap_banner": "id",
    "tap_engaged": "call",
    "tap_cut_block": "in_block",
}


def _hang_up(terminal: Terminal, options: dict[str, Any]) -> None:
    """All calls end, without a word."""
    line = options.pop("line", None)
    for call in list(terminal.calls):
        if line in {None, call.line}:
            call.drop("fault")


def _line_noise(terminal: Terminal, options: dict[str, Any]) -> None:
    """Octets that nobody sent, on all calls."""
    octets = terminal.dice.randbytes(read("octets", whole, options.pop("octets", 8)))
    for call in terminal.calls:
        call.output(octets)


def _echo(terminal: Terminal, options: dict[str, Any]) -> None:
    """The terminal sends back what it hears, until `on` is false."""
    terminal.echo = flag(options.pop("on", True))


def _split(terminal: Terminal, options: dict[str, Any]) -> None:
    """From now on `octets` at a time, `gap_s` apart; 0 ends it."""
    terminal.wire.piece_octets = read("octets", whole, options.pop("octets", 1))
    terminal.wire.gap_s = read("gap_s", number, options.pop("gap_s", 0.01))


TAP_MISHAPS: dict[str, Callable[[Terminal, dict[str, Any]], None]] = {
    "tap_hang_up": _hang_up,
    "tap_line_noise": _line_noise,
    "tap_echo": _echo,
    "tap_split": _split,
}


def struck(rules: Iterable[Rule], step: str, line: str, to: str | None, dice: Random) -> dict[str, dict[str, Any]]:
    """The kinds that strike at this step of a call, with their options; a later rule overrules an earlier one of its
    kind. `to` is the number of the pager, if the step has one."""
    found: dict[str, dict[str, Any]] = {}
    for rule in rules:
        if rule.kind not in TAP_KINDS or rule.options.get("line", line) != line:
            continue
        where = rule.options.get("at") or _WHERE.get(rule.kind, "block")
        if where == step and rule.strikes(to, dice):
            found[rule.kind] = rule.options
    return found
