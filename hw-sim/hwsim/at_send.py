"""Sending, writing and acknowledging (3GPP TS 27.005 3.5.1 - 3.5.3, 3.4.4, 4.3 - 4.6)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hwsim import alphabet, text_mode
from hwsim.at_line import RUN, TEST, Request
from hwsim.at_sms import located
from hwsim.commands import OK, Final, at_once, cms, command, whole
from hwsim.fields import ALPHANUMERIC, INTERNATIONAL, UNKNOWN, Address, Malformed, take_sca
from hwsim.mo import CMS_NO_CENTRE, send
from hwsim.sim import Stored
from hwsim.tpdu import CodingUnsupported, Deliver, Submit, decode_deliver, decode_submit

if TYPE_CHECKING:
    from hwsim.modem import Modem

INVALID_PDU, INVALID_TEXT = 304, 305
TPDU_OCTETS_MAX = 175
NOBODY = Address(UNKNOWN, "")  # of a text that was written without an address


def split_pdu(modem: Modem, length: int, body: bytes) -> tuple[bytes, str] | Final:
    """The TPDU of a hexadecimal body whose length without the SC address must be as announced, and that address: the
    card's if it is empty."""
    try:
        octets = bytes.fromhex(body.decode("ascii"))
        if len(octets) * 2 != len(body):
            return cms(INVALID_PDU)
        sca, start = take_sca(octets)
    except ValueError:
        return cms(INVALID_PDU)
    if len(octets) - start != length:
        return cms(INVALID_PDU)
    centre = (modem.sim.sca if modem.sim else "") if sca is None else modem.network.dialled(sca)
    return (octets[start:], centre) if centre else cms(CMS_NO_CENTRE)


def _submit_of(tpdu: bytes) -> Submit | Final:
    try:
        return decode_submit(tpdu)
    except CodingUnsupported:
        return cms(144)
    except Malformed:
        return cms(INVALID_PDU)


def typed_address(modem: Modem, request: Request, place: int = 0) -> Address | None:
    """<da>[,<toda>] of text mode from this parameter on, None if it is no address, or no string where the type of modem
    wants one."""
    values = request.values()[place:]
    text = values[0] if values else ""
    if not (request.quoted(place) or modem.personality.bare_address):
        return None
    try:
        text = text_mode.uncoded(modem, text)
        digits = text.removeprefix("+")
        if not digits:
            return None
        kind = INTERNATIONAL if text.startswith("+") else UNKNOWN
        if len(values) > 1 and values[1]:
            kind = whole(values[1], range(128, 256))
        if all(char in "0123456789*#abc" for char in digits):
            return Address(kind, digits) if len(digits) <= 20 else None
        return Address(ALPHANUMERIC, digits) if alphabet.fits(digits) and len(digits) <= 11 else None
    except ValueError:
        return None


def typed_length(request: Request) -> int | None:
    """<length> of a TPDU, None if it is none."""
    try:
        return whole(request.values()[0], range(7, TPDU_OCTETS_MAX + 1))
    except (ValueError, IndexError):
        return None


@command("+CMGS")
def send_message(modem: Modem, request: Request) -> Final | None:
    """27.005 3.5.1 (text: number), 4.3 (PDU: length); then the prompt."""
    if (answer := at_once(modem, request)) is not None:
        return answer
    if not modem.settings.text_mode:
        length = typed_length(request)
        if length is None:
            return cms(INVALID_PDU)
        _prompt(modem, lambda body: _send_pdu(modem, length, body), text=False)
        return None
    to = typed_address(modem, request)
    if to is None:
        return cms(INVALID_TEXT)
    _prompt(modem, lambda body: _send_text(modem, to, body), text=text_mode.typed(modem))
    return None


def _prompt(modem: Modem, take: text_mode.Body, *, text: bool) -> None:
    """The prompt with what faults make of it."""
    shown = True
    for rule in [*modem.network.rules, *modem.rules]:
        if rule.kind == "no_prompt" and rule.strikes(None, modem.dice):
            shown = False
    modem.open_prompt(take, text=text, shown=shown)
    for rule in [*modem.network.rules, *modem.rules]:
        if rule.kind == "urc_in_prompt" and rule.strikes(None, modem.dice):
            modem.urc(rule.options.get("text", "+CREG: 1"), urgent=True)


def _send_pdu(modem: Modem, length: int, body: bytes) -> Final | None:
    split = split_pdu(modem, length, body)
    if isinstance(split, Final):
        return split
    submit = _submit_of(split[0])
    return submit if isinstance(submit, Final) else send(modem, replace(submit, centre=split[1]), "+CMGS")


def _send_text(modem: Modem, to: Address, body: bytes) -> Final | None:
    if not (modem.sim and modem.sim.sca):
        return cms(CMS_NO_CENTRE)
    try:
        submit = text_mode.text_submit(modem, to, body)
    except Malformed:
        return cms(INVALID_TEXT)
    return send(modem, replace(submit, centre=modem.sim.sca), "+CMGS")


@command("+CMGW")
def write_message(modem: Modem, request: Request) -> Final | None:
    """27.005 3.5.3, 4.4: into mem2, to be sent later."""
    if (answer := at_once(modem, request)) is not None:
        return answer
    values = request.values()
    if modem.settings.text_mode:
        to = typed_address(modem, request) if values and values[0] else NOBODY
        word = values[2] if len(values) > 2 and values[2] else text_mode.STATS[2]
        if to is None or word not in text_mode.STATS[:4]:
            return cms(INVALID_TEXT)
        number = text_mode.STATS.index(word)
        modem.open_prompt(lambda body: _store_text(modem, to, number, body), text=text_mode.typed(modem))
        return None
    length = typed_length(request)
    try:
        stat = whole(values[1], range(4)) if len(values) > 1 else 2
    except ValueError:
        return cms(INVALID_PDU)
    if length is None:
        return cms(INVALID_PDU)
    modem.open_prompt(lambda body: _store_pdu(modem, length, stat, body), text=False)
    return None


def _store_text(modem: Modem, who: Address, stat: int, body: bytes) -> Final:
    """A message that is to be sent, or as if it had come from that address now."""
    centre = modem.sim.sca if modem.sim else ""
    try:
        submit = text_mode.text_submit(modem, who, body)
    except Malformed:
        return cms(INVALID_TEXT)
    if stat >= 2:
        return _store(modem, Stored("submit", stat, submit.tpdu, centre))
    arrived = Deliver(who, submit.pid, submit.data, modem.network.wall(), modem.network.settings.zone_quarters)
    return _store(modem, Stored("deliver", stat, arrived.encode(), centre))


def _store_pdu(modem: Modem, length: int, stat: int, body: bytes) -> Final:
    split = split_pdu(modem, length, body)
    if isinstance(split, Final):
        return split
    tpdu, centre = split
    try:
        if stat < 2:
            decode_deliver(tpdu)
        else:
            decode_submit(tpdu)
    except Malformed:
        return cms(INVALID_PDU)
    return _store(modem, Stored("deliver" if stat < 2 else "submit", stat, tpdu, centre))


def _store(modem: Modem, message: Stored) -> Final:
    slots = modem.arrivals.memory(modem.settings.memories[1])
    index = slots.add(message) if slots else None
    if index is None:
        return cms(322)
    modem.info(f"+CMGW: {index}")
    return OK


@command("+CMSS")
def send_stored(modem: Modem, request: Request) -> Final | None:
    """27.005 3.5.2, 4.7: a message of mem1, to another address if one is given."""
    if (answer := at_once(modem, request)) is not None:
        return answer
    values = request.values()
    try:
        place = located(modem, whole(values[0]))
    except (ValueError, IndexError):
        return cms(321)
    message = place[0].stored.get(place[1]) if place else None
    if message is None or message.kind != "submit":
        return cms(321)
    submit = decode_submit(message.tpdu, to_nobody=True)
    if len(values) > 1:
        to = typed_address(modem, request, 1)
        if to is None:
            return cms(INVALID_TEXT)
        submit = text_mode.readdressed(submit, to)
    if not submit.to.value:
        return cms(INVALID_TEXT if modem.settings.text_mode else INVALID_PDU)
    centre = message.sca or (modem.sim.sca if modem.sim else "")
    if not centre:
        return cms(CMS_NO_CENTRE)
    return send(modem, replace(submit, centre=centre), "+CMSS", message)


@command("+CNMA")
def acknowledge(modem: Modem, request: Request) -> Final | None:
    """27.005 3.4.4, 4.8: 0 and 1 acknowledge, 2 refuses; 340 if nothing is awaited."""
    if request.form == TEST:
        modem.info("+CNMA: (0-2)")
        return OK
    if modem.settings.csms == 0:
        return cms(340)
    values = request.values()
    if request.form == RUN or not values:
        return OK if modem.arrivals.acknowledge(good=True) else cms(340)
    try:
        kind = whole(values[0], (0, 1, 2))
    except ValueError:
        return cms(INVALID_PDU)
    if len(values) == 1 or values[1] in {"", "0"}:
        return OK if modem.arrivals.acknowledge(good=kind < 2) else cms(340)
    length = values[1]
    modem.open_prompt(lambda body: _acknowledge_with(modem, length, body, good=kind < 2), text=False)
    return None


def _acknowledge_with(modem: Modem, length: str, body: bytes, *, good: bool) -> Final:
    """<ackpdu>: an SMS-DELIVER-REPORT of that length, without an SC address (27.005 3.1)."""
    try:
        octets = bytes.fromhex(body.decode("ascii"))
    except ValueError:
        return cms(INVALID_PDU)
    if len(body) != 2 * len(octets) or str(len(octets)) != length or octets[0] & 3:
        return cms(INVALID_PDU)
    return OK if modem.arrivals.acknowledge(good=good) else cms(340)
