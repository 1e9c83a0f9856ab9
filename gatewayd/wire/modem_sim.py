"""The SIM: which one it is, whether it is open, and the one PIN attempt that it is worth.

A SIM forgives three PINs and ten PUKs, then it is dead. So: at most one failed or unanswered attempt for each ICCID
and configured value, remembered on disk by the house; the counter is read first; a PUK is never entered. And a PIN
belongs to one SIM: the one that the configuration names, or the first that it has opened.
Source: 3GPP TS 27.007 8.3; profiles.py for what makers call it.
"""

from __future__ import annotations

import re

from gatewayd.wire.at import Command, Kind, Result
from gatewayd.wire.modem_errors import number_of
from gatewayd.wire.modem_profile import Profile, Wishes, digest, same_card, sim_id, tail
from gatewayd.wire.modem_steps import Dialogue, Listen, MayTryPin, PinResult, SimOfPin, Unusable, WrongSim, try_each
from gatewayd.wire.profiles import CARD, STANDARD_TRIES

STATE_TRIES = 30  # a second each: a SIM needs 2-30 s to wake up
PIN_TRIES_LEFT_MIN = 2
OPEN_STATES = frozenset({"READY", "SIM PIN2", "SIM PUK2", "UNKNOWN"})  # texts can be sent

_ICCID = re.compile(r"(?<!\d)(89\d{16,18})(?!\d)|(?<!\d)(\d{18,20})(?!\d)")
_IMSI = re.compile(r"(?<!\d)\d{14,15}(?!\d)")
_STATES = {
    (Kind.CME, 10): "NOT INSERTED", (Kind.CME, 11): "SIM PIN", (Kind.CME, 12): "SIM PUK",
    (Kind.CME, 13): "FAILURE", (Kind.CME, 14): "BUSY", (Kind.CME, 15): "WRONG", (Kind.CME, 262): "BLOCKED",
    (Kind.CMS, 310): "NOT INSERTED", (Kind.CMS, 311): "SIM PIN", (Kind.CMS, 313): "FAILURE",
    (Kind.CMS, 314): "BUSY", (Kind.CMS, 316): "SIM PUK",
}  # fmt: skip


def which_card(profile: Profile) -> Dialogue[None]:
    """Note the digest of the ICCID, where the modem tells it (many do while the SIM is still locked)."""
    for text in dict.fromkeys((*profile.habits.card, *CARD)):
        prefix = (text[2:].rstrip("?") + ":", "+CCID:", "+ICCID:")
        result: Result = yield Command(text, prefix=prefix, bare=True)
        match = _ICCID.search(" ".join(result.lines)) if result.ok else None
        if match is not None:
            iccid = match[1] or match[2]
            profile.iccid, profile.iccid_digest, profile.sim = iccid, digest(iccid), sim_id(iccid)
            return


def which_subscriber(profile: Profile, wishes: Wishes) -> Dialogue[None]:
    """Name the SIM after its IMSI; after the ICCID or the channel where there is none."""
    result: Result = yield Command("AT+CIMI", prefix=("+CIMI:",), bare=True)
    match = _IMSI.search(" ".join(result.lines)) if result.ok else None
    if match is not None:
        profile.sim = sim_id(match[0])
    elif not profile.sim:
        profile.sim = sim_id(f"unknown SIM of {wishes.channel}")


def unlock(profile: Profile, wishes: Wishes) -> Dialogue[None]:
    """Return with an open SIM, or raise Unusable."""
    entered = False
    for _ in range(STATE_TRIES):
        state = yield from sim_state()
        if state in OPEN_STATES:
            return
        if state == "SIM PIN" and not entered:
            yield from _enter_pin(profile, wishes)
            entered = True
        elif state in {"BUSY", "NOT READY", "SIM PIN"}:
            yield Listen(1.0 if not entered else 0.5)
        elif state == "SIM PUK":
            raise Unusable("the SIM wants its PUK", by_human=True)
        elif state == "NOT INSERTED":
            raise Unusable("no SIM", by_human=True, again_s=10.0)
        else:
            raise Unusable(f"the SIM says {state}", by_human=True)
    raise Unusable("the SIM does not get ready", by_human=False)


def sim_state() -> Dialogue[str]:
    """The words of +CPIN, those of an error that means the same, or UNKNOWN from modems that cannot say."""
    for _ in range(3):
        result: Result = yield Command("AT+CPIN?", prefix=("+CPIN:",), enough_s=0.3, timeout_s=10.0)
        if result.lines:
            return result.lines[0].partition(":")[2].strip().strip('"').upper()
        kind, code = number_of(result)
        if code is not None:
            return _STATES.get((kind, code), "BUSY")
        yield Listen(0.3)
    return "UNKNOWN"


def pin_tries_left(profile: Profile) -> Dialogue[int | None]:
    """The counter of the SIM, or None where the modem has no command for it that we know."""
    for ask in dict.fromkeys((profile.habits.pin_tries, STANDARD_TRIES)):
        if ask is None:
            continue
        result: Result = yield Command(ask.text, prefix=(ask.prefix,))
        for line in result.lines if result.ok else ():
            match = ask.pattern.search(line)
            if match is not None:
                return int(match[1][:3])
    return None


def _enter_pin(profile: Profile, wishes: Wishes) -> Dialogue[None]:
    if wishes.pin is None:
        raise Unusable("the SIM wants a PIN and none is configured", by_human=True)
    left = yield from pin_tries_left(profile)
    if left is not None and left < PIN_TRIES_LEFT_MIN:
        raise Unusable(f"the SIM has {left} PIN attempt left; enter it by hand", by_human=True)
    card = profile.iccid_digest or digest("unknown SIM of", wishes.channel)
    pin_of = digest("PIN of", wishes.channel, wishes.pin)
    yield from _is_its_own(profile, wishes, card, pin_of)
    value = digest(card, wishes.pin)
    if not (yield MayTryPin(card, value)):
        raise Unusable("this PIN failed in this SIM before; it is not tried again", by_human=True)
    entry = Command(f'AT+CPIN="{wishes.pin}"', timeout_s=30.0, shown="AT+CPIN=(secret)")
    result: Result = yield entry
    if result.ok:
        yield PinResult(card, value, good=True, pin_of=pin_of)
        return
    if (yield from sim_state()) == "READY":  # it only answered badly or late
        yield PinResult(card, value, good=True, pin_of=pin_of)
        return
    if result.kind is not Kind.TIMEOUT:  # unanswered stays booked as unanswered
        yield PinResult(card, value, good=False)
    raise Unusable("the SIM did not take the PIN; it is not tried again", by_human=True)


def _is_its_own(profile: Profile, wishes: Wishes, card: str, pin_of: str) -> Dialogue[None]:
    """Return when the PIN belongs to this SIM, or to none yet; raise Unusable when it belongs to another one."""
    told = f"(ICCID {tail(profile.iccid)})" if profile.iccid else "(it tells no ICCID while it is locked)"
    if wishes.iccid and not profile.iccid:
        reason = "the SIM tells no ICCID while it is locked, so the PIN is not entered; take iccid = out to have it so"
        raise WrongSim(reason, by_human=True)
    if wishes.iccid:
        if not same_card(profile.iccid, wishes.iccid):
            reason = f"the SIM {told} is not the one with ICCID {tail(wishes.iccid)}: the PIN is not entered"
            raise WrongSim(reason, by_human=True)
        return
    opened = yield SimOfPin(pin_of)
    if opened and opened != card:
        reason = f"another SIM {told} than this PIN has opened before: it is not entered; write iccid = to have it so"
        raise WrongSim(reason, by_human=True)


def smsc(profile: Profile, wishes: Wishes) -> Dialogue[None]:
    """Read the service centre's address; write the configured one where the SIM has none or another.

    An address that was there before and is gone is written back (a Huawei E169 loses it after a day).
    """
    before = profile.smsc
    result: Result = yield Command("AT+CSCA?", prefix=("+CSCA:",))
    known = re.search(r'"(\+?\d{3,20})"', result.lines[0]) if result.ok and result.lines else None
    profile.smsc = known[1] if known else ""
    wanted = wishes.smsc or profile.smsc or before
    if wanted and profile.smsc.lstrip("+") != wanted.lstrip("+"):
        kind = "145" if wanted.startswith("+") else "129"
        written = yield from try_each(
            Command(f'AT+CSCA="{wanted}",{kind}', timeout_s=10.0),
            Command(f'AT+CSCA="{wanted}"', timeout_s=10.0),
        )
        if written.ok:
            profile.smsc = wanted
