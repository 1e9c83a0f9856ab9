"""Faults of an SMPP centre that happen now, not to a submission. README.md lists them with examples.

Each strikes all of the bureau's sessions, or those of `account`; with `binds` so many of them, the oldest first.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from hwsim.bureau import State
from hwsim.faults import FaultError, flag, number, read, whole, words
from hwsim.smpp_bodies import SmeAddress, alert_body
from hwsim.smpp_desk import Item, number_of, sme_address
from hwsim.smpp_listener import SHOWS
from hwsim.smpp_pdu import Command, Pdu, c_string
from hwsim.smpp_receipt import STYLES, Facts, receipt

if TYPE_CHECKING:
    from hwsim.smpp_centre import Centre
    from hwsim.smpp_session import Session

Options = dict[str, Any]


def _sessions(centre: Centre, options: Options) -> list[Session]:
    account, binds = options.pop("account", None), options.pop("binds", None)
    found = [
        session
        for session in list(centre.sessions)
        if account is None or (session.account is not None and session.account.system_id == account)
    ]
    return found if binds is None else found[: read("binds", whole, binds)]


def _drop(centre: Centre, options: Options) -> None:
    """Connections end (`reset`: by RST). For `back_after_s` new ones are cut off, or with `refuse` nobody listens."""
    reset, refuse = flag(options.pop("reset", False)), flag(options.pop("refuse", False))
    back_after_s = read("back_after_s", number, options.pop("back_after_s", 0.0))
    for session in _sessions(centre, options):
        session.close(reset=reset)
    if back_after_s:
        centre.deaf = True
        if refuse:
            for listener in centre.listeners:
                listener.close()
        centre.loop.call_later(back_after_s, _hear, centre, refuse)


def _hear(centre: Centre, refused: bool) -> None:
    centre.deaf = False
    if refused:
        centre.listen_again()


def _tls(centre: Centre, options: Options) -> None:
    """What whoever comes by TLS is shown from now on; connections there are end."""
    shows = words(options.pop("shows", "right"))
    if shows not in SHOWS:
        raise FaultError(f"'shows' is one of {', '.join(SHOWS)}, not {shows!r}")
    if not any(listener.by_tls for listener in centre.listeners):
        raise FaultError("nobody listens with TLS")
    for listener in centre.listeners:
        listener.close()
        listener.show(shows)
    for session in list(centre.sessions):
        session.close()
    centre.listen_again()


def _unbind(centre: Centre, options: Options) -> None:
    """The centre sends unbind."""
    for session in _sessions(centre, options):
        session.unbind()


def _silence(centre: Centre, options: Options) -> None:
    """Half-open: nothing is heard and nothing said on the connections there are, for ever or for `seconds`; `new`: on
    new ones, too."""
    sessions = _sessions(centre, options)
    new = flag(options.pop("new", False))
    for session in sessions:
        session.silent = True
    centre.quiet = centre.quiet or new
    seconds = options.pop("seconds", None)
    if seconds is not None:
        centre.loop.call_later(number(seconds), _speak, centre, sessions, new)


def _speak(centre: Centre, sessions: list[Session], new: bool) -> None:
    if new:
        centre.quiet = False
        sessions = list(centre.sessions)
    for session in sessions:
        session.silent = False


def _mute_enquire(centre: Centre, options: Options) -> None:
    """enquire_link gets no answer, everything else does."""
    on = flag(options.pop("on", True))
    for session in _sessions(centre, options):
        session.mute_enquire = on


def _garbage(centre: Centre, options: Options) -> None:
    """Octets that are no PDU: `hex`, or `octets` random ones."""
    given, octets = options.pop("hex", None), read("octets", whole, options.pop("octets", 32))
    data = bytes.fromhex(words(given)) if given else centre.dice.randbytes(octets)
    for session in _sessions(centre, options):
        session.spoil(data)


def _split(centre: Centre, options: Options) -> None:
    """From now on `octets` in each segment, `gap_s` apart; 0 ends it."""
    centre.wire.piece_octets = read("octets", whole, options.pop("octets", 1))
    centre.wire.gap_s = read("gap_s", number, options.pop("gap_s", 0.001))


def _gather(centre: Centre, options: Options) -> None:
    """From now on what is said within `seconds` goes in one segment; 0 ends it."""
    centre.wire.gather_s = read("seconds", number, options.pop("seconds", 0.05))


def _enquire(centre: Centre, options: Options) -> None:
    """An enquire_link now."""
    for session in _sessions(centre, options):
        session.enquire()


def _nothing(_: int | None) -> None:
    """An answer that changes nothing."""


def _ask(centre: Centre, options: Options, command: int, body: bytes) -> None:
    for session in _sessions(centre, options):
        if session.bound:
            session.ask(partial(_pdu, command, body), _nothing, centre.settings.answer_s)


def _pdu(command: int, body: bytes, sequence: int) -> Pdu:
    return Pdu(command, 0, sequence, body)


def _unknown_command(centre: Centre, options: Options) -> None:
    """A request that SMPP does not have; the right answer is generic_nack."""
    command = read("command", whole, options.pop("command", 0x00000150))
    for session in _sessions(centre, options):
        session.spoil(Pdu(command, 0, 0x70000000, b"").encode(), 0x70000000)


def _bad_delivery(centre: Centre, options: Options) -> None:
    """A deliver_sm whose body is broken: `how` cut, no_nul, sm_length or parameter."""
    how = words(options.pop("how", "cut"))
    head = b"\0" + SmeAddress(1, 1, "447700900111").encode() + SmeAddress(0, 0, "60000").encode()
    fixed = bytes(9)
    bodies = {
        "cut": head[:9],
        "no_nul": b"\0\x01\x01" + b"4" * 40,
        "sm_length": head + fixed + b"\xfahello",
        "parameter": head + fixed + b"\x05hello" + b"\x04\x27\x00\x09\x02",
    }
    if how not in bodies:
        raise FaultError(f"'how' is one of {', '.join(bodies)}")
    _ask(centre, options, Command.DELIVER_SM, bodies[how])


def _alert(centre: Centre, options: Options) -> None:
    """alert_notification: somebody can be reached again. `number` and `available` (0 available, 1 denied, 2 not)."""
    who = sme_address(words(options.pop("number", "+447700900111")))
    body = alert_body(who, SmeAddress(0, 0, "60000"), read("available", whole, options.pop("available", 0)))
    for session in _sessions(centre, options):
        if session.bound:
            session.say(Pdu(Command.ALERT_NOTIFICATION, 0, session.next_number(), body))


def _orphan_receipt(centre: Centre, options: Options) -> None:
    """A receipt for an id that was never given."""
    account = words(options.pop("account", next(iter(centre.accounts), "")))
    if account not in centre.desks:
        raise FaultError(f"there is no account {account!r}")
    message_id = words(options.pop("message_id", "deadbeef"))
    state = words(options.pop("state", "DELIVERED")).upper()
    style = words(options.pop("style", "standard"))
    if state not in State.__members__ or style not in STYLES:
        raise FaultError(f"no such state or style: {state!r}, {style!r}")
    now = centre.network.wall()
    dest = sme_address(words(options.pop("number", "+447700900111")))
    source = sme_address(centre.accounts[account].numbers[0])
    facts = Facts(message_id, None, State[state], now, now, "", source, dest)
    booked = {"id": None, "message_id": message_id, "to": number_of(dest, centre.network.settings.country)}
    centre.desks[account].put(Item("receipt", receipt(facts, STYLES[style]), booked))


def _outbind(centre: Centre, options: Options) -> None:
    """The centre connects to an ESME that listens at `to` ("host:port") and asks it to bind."""
    host, _, port = words(options.pop("to", "")).rpartition(":")
    account = centre.accounts.get(words(options.pop("account", next(iter(centre.accounts), ""))))
    if account is None or not port.isdigit():
        raise FaultError("outbind needs an account, and 'to' as host:port")
    body = c_string(centre.bureau.name[:15]) + c_string(account.password)
    centre.call_out(host or "127.0.0.1", int(port), body)


MISHAPS: dict[str, Callable[[Centre, Options], None]] = {
    "drop": _drop,
    "tls": _tls,
    "unbind": _unbind,
    "silence": _silence,
    "mute_enquire": _mute_enquire,
    "garbage": _garbage,
    "split": _split,
    "gather": _gather,
    "enquire": _enquire,
    "unknown_command": _unknown_command,
    "bad_delivery": _bad_delivery,
    "alert": _alert,
    "orphan_receipt": _orphan_receipt,
    "outbind": _outbind,
}
