"""Bringing a modem up, from an unknown state of a half-spoken line to "ready to send and to hear"; and the look.

Read from top to bottom: each step says why, and what a modem does that has its own mind. Sources: 3GPP TS 27.005,
27.007, V.250, and what drivers of twenty years learnt.
"""

from __future__ import annotations

import re

from gatewayd.wire.at import Command, Kind, Result
from gatewayd.wire.modem_errors import number_of
from gatewayd.wire.modem_network import (
    enable_registration,
    look_at_operator,
    look_at_registration,
    look_at_signal,
)
from gatewayd.wire.modem_notify import notify, service, told_as_set
from gatewayd.wire.modem_profile import Profile, Wishes, fields, same_imei, tail
from gatewayd.wire.modem_sim import OPEN_STATES, forgive, sim_state, smsc, unlock, which_card, which_subscriber
from gatewayd.wire.modem_steps import (
    Dialogue,
    Escape,
    Gap,
    Listen,
    NoAnswer,
    NoTexts,
    Unusable,
    Wake,
    WrongModem,
    aligned,
    resync,
    try_each,
)
from gatewayd.wire.modem_storage import choose, room
from gatewayd.wire.profiles import GENERIC, habits_of

AT_WAITS_S = (1.0, 1.0, 1.0, 2.0, 5.0)  # the first one after a rest is often swallowed; some are slow
PENDING_S = 0.05  # what lies in the buffers of the port arrives at once
ESCAPE_S = 0.2
RADIO_S = 30.0
_IMEI = re.compile(r"(?<!\d)\d{14,16}(?!\d)")
MAYBE_AGAIN_S = 60.0
_UNKNOWN_COMMAND = {(Kind.ERROR, None), (Kind.CME, 3), (Kind.CME, 4), (Kind.CMS, 303)}
CAREFUL_GAP_S = 0.021  # until we know who it is: a Telit loses what comes within 20 ms


def bring_up(wishes: Wishes, profile: Profile | None = None) -> Dialogue[Profile]:
    """The whole of it. Raises NoAnswer, Unusable or Interrupted; `profile` then has what was found out before."""
    profile = Profile() if profile is None else profile
    yield Listen(PENDING_S)  # a late answer to an earlier process may lie there
    yield Gap(CAREFUL_GAP_S)
    yield from wake_up()
    yield from manners()
    yield from identify(profile)
    if wishes.imei and profile.imei and not same_imei(profile.imei, wishes.imei):
        wanted, found = tail(wishes.imei), tail(profile.imei)
        raise WrongModem(f"another modem (IMEI {found}) is on this port, not {wanted}", by_human=False)
    for text in ("AT&C0", "AT&D0", *profile.habits.quiet):  # neither DTR nor a lost carrier may hang up
        yield Command(text)
    yield from radio_on()
    yield from which_card(profile)
    entered = yield from unlock(profile, wishes)
    if entered and not profile.iccid:
        yield from which_card(profile)  # some tell it only now
    if (yield from which_subscriber(profile, wishes)) and not entered:
        yield from forgive(profile, wishes)
    yield from try_each(Command('AT+CSCS="GSM"'), Command("AT+CSCS=GSM"))
    yield from enable_registration(profile)
    yield from smsc(profile, wishes)
    yield from service(profile)
    yield from pdu_mode()
    yield from command_lines(profile)
    yield from choose(profile, wishes)
    yield from notify(profile, wishes)
    yield Command("AT+CMMS=2")  # keeps the link up between two parts; not all know it
    yield from look_at_registration(profile)
    yield from look_at_signal(profile)
    yield from look_at_operator(profile, format_too=True)
    return profile


def wake_up() -> Dialogue[None]:
    """Leave a prompt that somebody left open, by ESC: a control-Z would send half a text. Then AT until it answers."""
    yield Escape(ESCAPE_S)
    yield Wake()
    for attempt, wait_s in enumerate(AT_WAITS_S):
        result: Result = yield Command("AT", timeout_s=wait_s, probe=True)
        if result.kind is not Kind.TIMEOUT:
            yield from aligned()  # what is owed to those before us, and to the earlier ones
            return
        if attempt == 2:  # perhaps it has been told to say no results
            result = yield Command("ATQ0V1", timeout_s=1.0, probe=True)
            if result.ok:
                yield Listen(0.3)
                return
    raise NoAnswer("no answer to AT")


def manners() -> Dialogue[None]:
    """No echo, results in words, numbers in errors. One by one: a combined line fails as a whole on some."""
    for text in ("ATE0", "ATV1", "ATQ0"):
        yield Command(text)
    yield from try_each(Command("AT+CMEE=1"), Command("AT+CMEE=2"))


def identify(profile: Profile) -> Dialogue[None]:
    """Manufacturer, model, revision, IMEI; from the first two, its family's habits."""
    said = []
    for name in ("MI", "MM", "MR"):
        result = yield from try_each(
            Command(f"AT+CG{name}", prefix=(f"+CG{name}:",), bare=True),
            Command(f"AT+G{name}", prefix=(f"+G{name}:",), bare=True),
        )
        text = " ".join(result.lines) if result.ok else ""
        said.append(re.sub(rf'^\+C?G{name}: ?|(?i:^revision: ?)|"', "", text).strip()[:60])
    profile.manufacturer, profile.model, profile.revision = said
    habits = habits_of(f"{profile.manufacturer} {profile.model}")
    profile.vendor = "" if habits is GENERIC else habits.name
    serial = yield from try_each(
        Command("AT+CGSN", prefix=("+CGSN:",), bare=True), Command("AT+GSN", prefix=("+GSN:",), bare=True)
    )
    match = _IMEI.search(" ".join(serial.lines)) if serial.ok else None
    profile.imei = match[0] if match is not None else ""
    yield Gap(profile.gap_s)


def radio_on() -> Dialogue[None]:
    """Full functionality. Old Wavecom answers "busy" to the next commands after it was switched on."""
    result: Result = yield Command("AT+CFUN?", prefix=("+CFUN:",), timeout_s=10.0)
    if not result.lines or re.match(r"\+CFUN: ?1\b", result.lines[0]):
        return
    result = yield Command("AT+CFUN=1", timeout_s=RADIO_S)
    if result.kind is Kind.TIMEOUT:
        yield from resync()


def pdu_mode() -> Dialogue[None]:
    """+CMGF=0; modems refuse it while the SIM is still loading, and ports that are for something else always."""
    result = Result(Kind.ERROR)
    for _ in range(10):
        result = yield Command("AT+CMGF=0")
        if result.ok:
            return
        yield Listen(1.0)
    if number_of(result) in _UNKNOWN_COMMAND:
        reason = f"it answers to AT and knows no texts: +CMGF=0 gives {result.text}"
        raise NoTexts(reason[:120], again_s=MAYBE_AGAIN_S)  # some say so while the SIM is loading, too
    raise Unusable("the modem refuses PDU mode", by_human=False)


def command_lines(profile: Profile) -> Dialogue[None]:
    """Note whether it takes two commands in one line (V.250 5.2.1): +CMGF=0 then goes with each submission."""
    result: Result = yield Command("AT+CMGF=0;+CMGF?", prefix=("+CMGF:",))
    profile.one_line = result.ok and any(fields(line)[0] == "0" for line in result.lines)


def look(profile: Profile) -> Dialogue[bool]:
    """The minute's look at registration, signal, operator and room; False when the modem has lost its set-up.

    A missed +CNMA or a silent restart leaves nothing but a +CNMI that is no longer what was set; another program, a
    +CMGF that is not.
    """
    yield from resync()
    if not (yield from kept(profile)):
        return False
    yield from look_at_registration(profile)
    if not profile.registered and (yield from sim_state()) not in OPEN_STATES:
        return False  # bring-up says what is wrong with it
    yield from look_at_signal(profile)
    yield from look_at_operator(profile)
    yield from room(profile)
    return True


def kept(profile: Profile) -> Dialogue[bool]:
    """Whether it is still as it was set."""
    mode: Result = yield Command("AT+CMGF?", prefix=("+CMGF:",))
    if mode.lines and fields(mode.lines[0])[0] == "1":
        return False
    return (yield from told_as_set(profile.notify))


def soft_reset() -> Dialogue[None]:
    """Restart the modem. It may vanish from the bus for 2-20 s, say nothing, or come back at once."""
    yield Command("AT+CFUN=1,1", timeout_s=10.0)


def radio_cycle() -> Dialogue[None]:
    """Off and on again: the remedy for a registration that does not come back. Some know no 0, and take 4."""
    yield from try_each(Command("AT+CFUN=0", timeout_s=RADIO_S), Command("AT+CFUN=4", timeout_s=RADIO_S))
    yield Listen(3.0)
    yield Command("AT+CFUN=1", timeout_s=RADIO_S)
    yield Listen(2.0)


def hang_up() -> Dialogue[None]:
    """An incoming call blocks sending."""
    yield from try_each(Command("AT+CHUP"), Command("ATH"))
