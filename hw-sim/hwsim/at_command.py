"""+CMGC: a command about a message that was sent before (3GPP TS 27.005 3.5.5, 4.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwsim.at_line import Request
from hwsim.at_send import INVALID_PDU, INVALID_TEXT, split_pdu, typed_address, typed_length
from hwsim.commands import MAKERS, OK, Final, at_once, cms, command, whole
from hwsim.fields import Malformed, put_address
from hwsim.mo import CMS_NO_CENTRE, CMS_NO_NETWORK, lost_centre
from hwsim.sc_commands import obey
from hwsim.tpdu import Command, decode_command

if TYPE_CHECKING:
    from hwsim.modem import Modem

MAKERS["+CMGC"] = ("gatewayd", "Cinterion")  # the manuals of the others do not name it
FIRST_OCTET = 2  # of an SMS-COMMAND, no report wanted
ADDRESS_AT = 4  # <fo>,<ct>,<pid>,<mn>,<da>
_BYTE = range(256)


@command("+CMGC")
def send_command(modem: Modem, request: Request) -> Final | None:
    """PDU mode: <length>; text mode: <fo>,<ct>[,<pid>[,<mn>[,<da>[,<toda>]]]], then the data in hexadecimal."""
    if (answer := at_once(modem, request)) is not None:
        return answer
    if not modem.settings.text_mode:
        length = typed_length(request)
        if length is None:
            return cms(INVALID_PDU)
        modem.open_prompt(lambda body: _send_pdu(modem, length, body), text=False)
        return None
    head = _typed_head(modem, request)
    if head is None:
        return cms(INVALID_TEXT)
    modem.open_prompt(lambda body: _send_text(modem, head, body), text=False)
    return None


def _typed_head(modem: Modem, request: Request) -> bytes | None:
    """The octets up to the command data's length; None if a parameter is wrong, or the address is missing."""
    values = request.values()
    to = typed_address(modem, request, ADDRESS_AT) if len(values) > ADDRESS_AT else None
    try:
        first, kind, pid, number = [
            whole(value, _BYTE) if value else default
            for value, default in zip(values[:ADDRESS_AT], (FIRST_OCTET, 0, 0, 0), strict=True)
        ]
    except ValueError:
        return None
    if to is None or first & 3 != FIRST_OCTET:
        return None
    return bytes([first, 0, pid, kind, number]) + put_address(to)


def _send_text(modem: Modem, head: bytes, body: bytes) -> Final | None:
    try:
        data = bytes.fromhex(body.decode("ascii"))
    except ValueError:
        return cms(INVALID_TEXT)
    if len(data) > len(_BYTE):
        return cms(INVALID_TEXT)
    centre = modem.sim.sca if modem.sim else ""
    return _send(modem, head + bytes([len(data)]) + data, centre) if centre else cms(CMS_NO_CENTRE)


def _send_pdu(modem: Modem, length: int, body: bytes) -> Final | None:
    split = split_pdu(modem, length, body)
    return split if isinstance(split, Final) else _send(modem, *split)


def _send(modem: Modem, tpdu: bytes, centre: str) -> Final | None:
    network = modem.network
    try:
        order = decode_command(tpdu)
    except Malformed:
        return cms(INVALID_TEXT if modem.settings.text_mode else INVALID_PDU)
    if not modem.registered() or modem.sim is None:
        return cms(CMS_NO_NETWORK)
    if not network.settings.latency_s:
        return _arrive(modem, order, centre)
    modem.loop.call_later(network.settings.latency_s, _arrive_later, modem, order, centre, modem.run)
    return None


def _arrive_later(modem: Modem, order: Command, centre: str, run: int) -> None:
    final = _arrive(modem, order, centre) if run == modem.run else None
    if final:
        modem.finish_later(run, final)


def _arrive(modem: Modem, order: Command, centre: str) -> Final | None:
    """At the service centre, if there is such a one."""
    network, card = modem.network, modem.sim
    if card is None:
        return cms(CMS_NO_NETWORK)
    mr = modem.next_reference()
    if not network.serves(centre):
        return lost_centre(modem, centre, to=network.dialled(order.to))
    refused = obey(network, order, origin=card.number, modem=modem.name, mr=mr)
    if refused is not None:
        return cms(refused)
    modem.info(f"+CMGC: {mr}")
    return OK
