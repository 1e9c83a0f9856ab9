"""The SIM: which one it is, whether it is open, and the one PIN attempt that it is worth.

A SIM forgives three PINs and ten PUKs, then it is dead. So: at most one failed or unanswered attempt for each ICCID
and configured value, remembered on disk by the house; the counter is read first; a PUK is never entered. And a PIN
belongs to one SIM: the one that the configuration names, or the first that it has opened.

Where no ICCID is told while the SIM is locked, nobody knows which one it is, and one attempt may go into a swapped
one. What says that another one is there now, or that a human has opened it since: its counter is above what the failed
attempt left, or it is found open.
Source: 3GPP TS 27.007 8.3, 8.17, 8.18; TS 51.011 9.2.9, 10.1.1; profiles.py for what makers call it.
"""

from __future__ import annotations

import re

from gatewayd.wire.at import Command, Kind, Result
from gatewayd.wire.modem_errors import number_of
from gatewayd.wire.modem_profile import Profile, Wishes, card_digest, digest, same_card, sim_id, tail
from gatewayd.wire.modem_steps import (
    Dialogue,
    Listen,
    MayTryPin,
    PinResult,
    SimOfPin,
    Unusable,
    WrongSim,
    aligned,
    try_each,
)
from gatewayd.wire.profiles import CARD, STANDARD_TRIES

STATE_TRIES = 30  # a second each: a SIM needs 2-30 s to wake up
BUSY_TRIES = 15  # a second each: one that has just taken its PIN says "busy" for a while
DUMB_TRIES = 2  # a second apart: an answer that tells nothing is not always the last word
PIN_TRIES_LEFT_MIN = 2
_REMEDY = "the right one is put in, or it is opened by hand"
OPEN_STATES = frozenset({"READY", "SIM PIN2", "SIM PUK2", "UNKNOWN"})  # texts can be sent

_ICCID = re.compile(r"(?<!\d)(89\d{16,18})(?!\d)|(?<!\d)(\d{18,20})(?!\d)")
_FILE = re.compile(r'\+CRSM: ?14[45], ?\d+, ?"?([0-9A-Fa-f]{20})')
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
            _note_card(profile, match[1] or match[2])
            return
    # The file EF-ICCID is open to all, whatever the SIM wants; its digits are stored in turned pairs.
    result = yield Command("AT+CRSM=176,12258,0,0,10", prefix=("+CRSM:",))
    file = _FILE.search(" ".join(result.lines)) if result.ok else None
    pairs = re.findall("..", file[1]) if file is not None else []
    match = _ICCID.search("".join(pair[::-1] for pair in pairs))
    if match is not None:
        _note_card(profile, match[1] or match[2])


def _note_card(profile: Profile, iccid: str) -> None:
    profile.iccid, profile.iccid_digest, profile.sim = iccid, card_digest(iccid), sim_id(iccid)


def which_subscriber(profile: Profile, wishes: Wishes) -> Dialogue[bool]:
    """Name the SIM after its IMSI; after the ICCID or the channel where there is none.

    True when it told one: only an open SIM does, whatever the modem says of it.
    """
    imsi = yield from _imsi()
    if imsi:
        profile.sim = sim_id(imsi)
    elif not profile.sim:
        profile.sim = sim_id(f"unknown SIM of {wishes.channel}")
    return bool(imsi)


def _imsi() -> Dialogue[str]:
    """ "" when it tells none. Asked again where it may be busy: another name would be another SIM to the house."""
    for tries in range(1, BUSY_TRIES + 1):
        result: Result = yield Command("AT+CIMI", prefix=("+CIMI:",), bare=True)
        match = _IMSI.search(" ".join(result.lines)) if result.ok else None
        if match is not None:
            return match[0]
        kind, code = number_of(result)
        state = _STATES.get((kind, code or 0), "")
        if state not in {"", "BUSY"} or tries >= (BUSY_TRIES if state else DUMB_TRIES):
            break  # it says that it is closed, or has no word for it
        yield Listen(1.0)
    return ""


def unlock(profile: Profile, wishes: Wishes) -> Dialogue[bool]:
    """Return with an open SIM, True when it took the PIN to open it; or raise Unusable."""
    entered = False
    for _ in range(STATE_TRIES):
        state = yield from sim_state()
        if state in OPEN_STATES:
            return entered
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
            if not result.text:  # no OK behind it; one that is only late must not answer what comes next
                yield from aligned()
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
    result = yield Command('AT+CSIM=10,"0020000100"', prefix=("+CSIM:",))  # VERIFY without a PIN: how many are left
    match = re.search(r'"?63C([0-9A-F])"?$', result.lines[0].upper()) if result.ok and result.lines else None
    return int(match[1], 16) if match is not None else None


def forgive(profile: Profile, wishes: Wishes) -> Dialogue[None]:
    """The SIM is open, by hand or because it was never closed: it has all its tries, and no failure counts any more."""
    for card in {profile.iccid_digest, _unknown_card(wishes)} - {""} if wishes.pin is not None else set():
        yield PinResult(card, digest(card, wishes.pin or ""), good=True)


def _unknown_card(wishes: Wishes) -> str:
    """Stands for whichever SIM is there, when none is told."""
    return digest("unknown SIM of", wishes.channel)


def _enter_pin(profile: Profile, wishes: Wishes) -> Dialogue[None]:
    if wishes.pin is None:
        raise Unusable("the SIM wants a PIN and none is configured", by_human=True)
    left = yield from pin_tries_left(profile)
    if left is not None and left < PIN_TRIES_LEFT_MIN:
        raise Unusable(f"the SIM has {left} PIN attempt left; enter it by hand", by_human=True)
    card = profile.iccid_digest or _unknown_card(wishes)
    pin_of = digest("PIN of", wishes.channel, wishes.pin)
    opened = yield from _is_its_own(profile, wishes, card, pin_of)
    value = digest(card, wishes.pin)
    if not (yield MayTryPin(card, value, tries=left)):
        which = "in this SIM" if profile.iccid_digest else "here, in this SIM or in another one,"
        raise Unusable(f"this PIN failed {which} before; it is not tried again before {_REMEDY}", by_human=True)
    entry = Command(f'AT+CPIN="{wishes.pin}"', timeout_s=30.0, shown="AT+CPIN=(secret)")
    result: Result = yield entry
    if result.ok:
        yield PinResult(card, value, good=True, pin_of=pin_of)
        return
    if (yield from sim_state()) == "READY":  # it only answered badly or late
        yield PinResult(card, value, good=True, pin_of=pin_of)
        return
    if result.kind is not Kind.TIMEOUT:  # unanswered stays booked as unanswered
        now = yield from pin_tries_left(profile)
        falls = left is not None and now is not None and now < left  # a counter that stands still tells nothing
        yield PinResult(card, value, good=False, tries=now if falls else None)
    if opened and not profile.iccid_digest:
        reason = "the SIM did not take the PIN that has opened one here: have SIMs changed places?"
        raise WrongSim(f"{reason} (it tells no ICCID while it is locked); no other try before {_REMEDY}", by_human=True)
    if result.kind is Kind.TIMEOUT:
        reason = "the modem did not answer to the PIN, and nobody knows whether it was taken"
        raise Unusable(f"{reason}; it is not tried again before {_REMEDY}", by_human=True)
    raise Unusable(f"the SIM did not take the PIN; it is not tried again before {_REMEDY}", by_human=True)


def _is_its_own(profile: Profile, wishes: Wishes, card: str, pin_of: str) -> Dialogue[bool]:
    """Whether the PIN has opened this SIM, as far as it can be told; raise Unusable when it belongs to another one."""
    told = f"(ICCID {tail(profile.iccid)})" if profile.iccid else "(it tells no ICCID while it is locked)"
    if wishes.iccid and not profile.iccid:
        reason = "the SIM tells no ICCID while it is locked, so the PIN is not entered; take iccid = out to have it so"
        raise WrongSim(reason, by_human=True)
    if wishes.iccid:
        if not same_card(profile.iccid, wishes.iccid):
            reason = f"the SIM {told} is not the one with ICCID {tail(wishes.iccid)}: the PIN is not entered"
            raise WrongSim(reason, by_human=True)
        return False
    opened = yield SimOfPin(pin_of)
    if opened not in ("", card, digest(profile.iccid), _unknown_card(wishes)):
        reason = f"another SIM {told} than this PIN has opened before: it is not entered; write iccid = to have it so"
        raise WrongSim(reason, by_human=True)
    return bool(opened)


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
