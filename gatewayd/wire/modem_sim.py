"""The SIM: which one it is, whether it is open, and the one PIN attempt that it is worth.

A SIM forgives three PINs and ten PUKs, then it is dead. So: at most one failed or unanswered attempt for each ICCID
and configured value, remembered on disk by the house; the counter is read first; a PUK is never entered.
Sources: 3GPP TS 27.007 8.3, 8.65; vendors' manuals for the other counters.
"""

from __future__ import annotations

import re

from gatewayd.wire.at import Command, Kind, Result
from gatewayd.wire.modem_errors import number_of
from gatewayd.wire.modem_profile import Profile, Wishes, digest, sim_id
from gatewayd.wire.modem_steps import Dialogue, Listen, MayTryPin, PinResult, Unusable, try_each

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

# How to ask for the PIN attempts left, and which of the numbers in the answer says it.
_COUNTERS: dict[str, tuple[str, str, re.Pattern[str]]] = {
    "": ("AT+CPINR", "+CPINR:", re.compile(r"\+CPINR: ?\"?SIM PIN\"?, ?(\d+)")),
    "huawei": ("AT^CPIN?", "^CPIN:", re.compile(r"\^CPIN: ?[^,]*,[^,]*,\d+,(\d+)")),
    "cinterion": ('AT^SPIC="SC"', "^SPIC:", re.compile(r"\^SPIC: ?(\d+)")),
    "siemens": ("AT^SPIC", "^SPIC:", re.compile(r"\^SPIC: ?(\d+)")),
    "gemalto": ('AT^SPIC="SC"', "^SPIC:", re.compile(r"\^SPIC: ?(\d+)")),
    "sierra": ("AT+CPINC?", "+CPINC:", re.compile(r"\+CPINC: ?(\d+)")),
    "wavecom": ("AT+CPINC?", "+CPINC:", re.compile(r"\+CPINC: ?(\d+)")),
    "zte": ("AT+ZPINPUK=?", "+ZPINPUK:", re.compile(r"\+ZPINPUK: ?(\d+)")),
    "telit": ("AT#PCT", "#PCT:", re.compile(r"#PCT: ?(\d+)")),
    "quectel": ('AT+QPINC="SC"', "+QPINC:", re.compile(r'\+QPINC: ?"?SC"?, ?(\d+)')),
    "simcom": ("AT+SPIC", "+SPIC:", re.compile(r"\+SPIC: ?(\d+)")),
    "u-blox": ("AT+UPINCNT", "+UPINCNT:", re.compile(r"\+UPINCNT: ?(\d+)")),
}


def which_card(profile: Profile) -> Dialogue[None]:
    """Note the digest of the ICCID, where the modem tells it (many do while the SIM is still locked)."""
    for text in ("AT+CCID", "AT+QCCID", "AT^ICCID?", "AT+ICCID", "AT#CCID"):
        prefix = (text[2:].rstrip("?") + ":", "+CCID:", "+ICCID:")
        result: Result = yield Command(text, prefix=prefix, bare=True)
        match = _ICCID.search(" ".join(result.lines)) if result.ok else None
        if match is not None:
            iccid = match[1] or match[2]
            profile.iccid_digest, profile.sim = digest(iccid), sim_id(iccid)
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
    for vendor in dict.fromkeys((profile.vendor, "")):
        if vendor not in _COUNTERS:
            continue
        text, prefix, pattern = _COUNTERS[vendor]
        result: Result = yield Command(text, prefix=(prefix,))
        for line in result.lines if result.ok else ():
            match = pattern.search(line)
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
    value = digest(card, wishes.pin)
    if not (yield MayTryPin(card, value)):
        raise Unusable("this PIN failed in this SIM before; it is not tried again", by_human=True)
    entry = Command(f'AT+CPIN="{wishes.pin}"', timeout_s=30.0, shown="AT+CPIN=(secret)")
    result: Result = yield entry
    if result.ok:
        yield PinResult(card, value, good=True)
        return
    if (yield from sim_state()) == "READY":  # it only answered badly or late
        yield PinResult(card, value, good=True)
        return
    if result.kind is not Kind.TIMEOUT:  # unanswered stays booked as unanswered
        yield PinResult(card, value, good=False)
    raise Unusable("the SIM did not take the PIN; it is not tried again", by_human=True)


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
