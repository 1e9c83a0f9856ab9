"""Messages as lines of an answer, in PDU mode and in text mode (3GPP TS 27.005 3.1, 3.4.1, 3.4.2, 3.4.3)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from hwsim import alphabet
from hwsim.commands import whole
from hwsim.fields import Address, Malformed, address_of, local_time, put_address, put_sca, put_time
from hwsim.sim import Stored
from hwsim.tpdu import (
    GSM7,
    UCS2,
    CodingUnsupported,
    Deliver,
    StatusReport,
    Submit,
    UserData,
    coding,
    decode_deliver,
    decode_status_report,
    decode_submit,
    encode_submit,
    put_user_data,
    take_user_data,
)

if TYPE_CHECKING:
    from hwsim.commands import Final
    from hwsim.modem import Modem

Body = Callable[[bytes], "Final | None"]
TP_FLAGS = 0xA4  # TP-RP, TP-SRR, TP-RD
TP_VPF, RELATIVE, ABSOLUTE, ENHANCED = 0x18, 0x10, 0x18, 0x08
TIME = re.compile(r'"(\d\d/\d\d/\d\d,\d\d:\d\d:\d\d)([+-]\d\d)"', re.ASCII)
STATS = ("REC UNREAD", "REC READ", "STO UNSENT", "STO SENT", "ALL")


def shown(text: str, charset: str) -> str:
    """A text as +CSCS has it; every character of the result is one octet on the line."""
    if charset == "UCS2":
        return text.encode("utf-16-be").hex().upper()
    if charset == "UTF-8":
        return text.encode().decode("latin-1")
    if charset in {"GSM", "HEX"}:
        septets = b"".join([alphabet.septets_of(char) if alphabet.fits(char) else b"?" for char in text])
        return septets.hex().upper() if charset == "HEX" else septets.decode("latin-1")
    return text.encode("ascii" if charset == "IRA" else "latin-1", "replace").decode("latin-1")


def read(octets: bytes, charset: str) -> str:
    """What the terminal wrote in the set of +CSCS; raises ValueError."""
    if charset == "UCS2":
        return bytes.fromhex(octets.decode("ascii")).decode("utf-16-be")
    if charset == "HEX":
        return alphabet.text_of(bytes.fromhex(octets.decode("ascii")))
    if charset == "GSM":
        return alphabet.text_of(bytes([octet & 127 for octet in octets]))
    if charset == "UTF-8":
        return octets.decode()
    return octets.decode("ascii" if charset == "IRA" else "latin-1", "replace")


def time_text(epoch_s: float, quarters: int) -> str:
    """<scts> and <dt>: "yy/MM/dd,hh:mm:ss+zz"."""
    return f'"{local_time(epoch_s, quarters):%y/%m/%d,%H:%M:%S}{quarters:+03d}"'


def coded(modem: Modem, text: str) -> str:
    """A string of an answer: the sets that are octets in hexadecimal code it, on most types HEX does not."""
    charset = modem.settings.charset
    return shown(text, charset) if charset == "UCS2" or (charset == "HEX" and modem.personality.hex_numbers) else text


def uncoded(modem: Modem, text: str) -> str:
    """A string that the terminal wrote; raises ValueError."""
    charset = modem.settings.charset
    if charset == "UCS2" or (charset == "HEX" and modem.personality.hex_numbers):
        return read(text.encode("latin-1"), charset)
    return text


def _number(modem: Modem, address: Address) -> str:
    text = str(address)
    return f'"{shown(text, modem.settings.charset) if address.alphanumeric else coded(modem, text)}"'


def _data(modem: Modem, data: UserData) -> str:
    """<data>: characters if GSM 7 bit without a header, else octets in hexadecimal (27.005 3.1)."""
    try:
        kind = coding(data.dcs)
    except CodingUnsupported:
        return data.octets.hex().upper()
    if kind == GSM7 and not data.has_header:
        return shown(data.text, modem.settings.charset)
    if kind == UCS2 and not modem.personality.ucs2_hex:
        return shown(data.text, modem.settings.charset)
    return data.octets.hex().upper()


def arrived_by(modem: Modem) -> str:
    """The service centre that messages come from, whatever stands on the card."""
    centres = modem.network.settings.centres
    return centres[0] if centres else _on_card(modem)


def _on_card(modem: Modem) -> str:
    return modem.sim.sca if modem.sim else ""


def sca_details(modem: Modem, sca: str = "") -> str:
    """<sca>,<tosca>; the card's if there is none."""
    sca = sca or _on_card(modem)
    return f'"{coded(modem, sca)}",{145 if sca.startswith("+") else 129}'


def pdu_text(modem: Modem, tpdu: bytes, sca: str) -> str:
    """SC address (the card's if there is none) and TPDU in hexadecimal."""
    sca = sca or _on_card(modem)
    return (put_sca(address_of(sca) if sca else None) + tpdu).hex().upper()


def cmt(modem: Modem, deliver: Deliver, tpdu: bytes) -> str:
    """+CMT with the message on its second line."""
    if not modem.settings.text_mode:
        alpha = "," if modem.personality.cmt_alpha else ""
        return f"+CMT: {alpha}{len(tpdu)}\r\n{pdu_text(modem, tpdu, arrived_by(modem))}"
    line = f"+CMT: {_number(modem, deliver.sender)},,{time_text(deliver.scts, deliver.quarters)}"
    if modem.settings.show_details:
        line += f",{_deliver_details(modem, deliver, tpdu[0], arrived_by(modem))}"
    return line + "\r\n" + _data(modem, deliver.data)


def _deliver_details(modem: Modem, deliver: Deliver, first: int, sca: str) -> str:
    data = deliver.data
    return f"{deliver.sender.type},{first},{deliver.pid},{data.dcs},{sca_details(modem, sca)},{data.udl}"


def cds(modem: Modem, status: StatusReport) -> str:
    """+CDS."""
    if modem.settings.text_mode:
        return f"+CDS: {_status_fields(modem, status)}"
    tpdu = status.encode()
    comma = "," if modem.personality.cds_comma else ""
    return f"+CDS: {comma}{len(tpdu)}\r\n{pdu_text(modem, tpdu, arrived_by(modem))}"


def _status_fields(modem: Modem, status: StatusReport) -> str:
    times = f"{time_text(status.scts, status.quarters)},{time_text(status.discharged, status.quarters)}"
    first = status.encode()[0]
    return f"{first},{status.mr},{_number(modem, status.to)},{status.to.type},{times},{status.status}"


def cmgr(modem: Modem, message: Stored) -> str:
    """+CMGR: the header and the message."""
    if not modem.settings.text_mode:
        return f"+CMGR: {message.stat},,{len(message.tpdu)}\r\n{pdu_text(modem, message.tpdu, message.sca)}"
    stat = STATS[message.stat]
    quarters = modem.network.settings.zone_quarters
    if message.kind == "report":
        return f'+CMGR: "{stat}",{_status_fields(modem, _at_home(decode_status_report(message.tpdu), quarters))}'
    details = ""
    if message.kind == "deliver":
        deliver = decode_deliver(message.tpdu)
        if modem.settings.show_details:
            details = "," + _deliver_details(modem, deliver, message.tpdu[0], message.sca)
        head = f'"{stat}",{_number(modem, deliver.sender)},,{time_text(deliver.scts, quarters)}{details}'
        return f"+CMGR: {head}\r\n{_data(modem, deliver.data)}"
    submit = decode_submit(message.tpdu, to_nobody=True)
    if modem.settings.show_details:
        data = submit.data
        centre = sca_details(modem, message.sca)
        details = f",{submit.to.type},{message.tpdu[0]},{submit.pid},{data.dcs},,{centre},{data.udl}"
    return f'+CMGR: "{stat}",{_number(modem, submit.to)},{details}\r\n{_data(modem, submit.data)}'


def _at_home(status: StatusReport, quarters: int) -> StatusReport:
    return replace(status, quarters=quarters)


def cmgl(modem: Modem, index: int, message: Stored) -> str:
    """One entry of +CMGL."""
    if not modem.settings.text_mode:
        return f"+CMGL: {index},{message.stat},,{len(message.tpdu)}\r\n{pdu_text(modem, message.tpdu, message.sca)}"
    stat = STATS[message.stat]
    quarters = modem.network.settings.zone_quarters
    if message.kind == "report":
        status = _at_home(decode_status_report(message.tpdu), quarters)
        return f'+CMGL: {index},"{stat}",{_status_fields(modem, status)}'
    if message.kind == "deliver":
        deliver = decode_deliver(message.tpdu)
        address, data, when = deliver.sender, deliver.data, time_text(deliver.scts, quarters)
    else:
        submit = decode_submit(message.tpdu, to_nobody=True)
        address, data, when = submit.to, submit.data, ""
    details = f",{address.type},{data.udl}" if modem.settings.show_details else ""
    return f'+CMGL: {index},"{stat}",{_number(modem, address)},,{when}{details}\r\n{_data(modem, data)}'


def validity(first: int, written: str) -> str:
    """<vp> as it was written, if it is of the format that the first octet says: a number, or in quotes a time, or seven
    octets in hexadecimal (27.005 3.1); raises ValueError."""
    form = first & TP_VPF
    if form in {ABSOLUTE, ENHANCED}:
        _validity_octets(form, written)
    elif form == RELATIVE or not written.startswith('"'):
        return str(whole(written, range(256)))
    return written


def _validity_octets(form: int, written: str) -> bytes:
    if form == ENHANCED:
        octets = bytes.fromhex(written.removeprefix('"').removesuffix('"'))
        if len(octets) != 7 or not written.startswith('"'):
            raise ValueError(written)
        return octets
    found = TIME.fullmatch(written)
    if not found:
        raise ValueError(written)
    quarters = int(found[2])
    moment = datetime.strptime(found[1] + "+0000", "%y/%m/%d,%H:%M:%S%z")
    return put_time(moment.timestamp() - quarters * 900, quarters)


def typed(modem: Modem) -> bool:
    """A text is entered as characters, not as octets in hexadecimal (27.005 3.1, <data>)."""
    first, _, _, dcs = modem.settings.csmp
    try:
        return coding(dcs) == GSM7 and not first & 0x40
    except CodingUnsupported:
        return False


def text_submit(modem: Modem, to: Address, body: bytes) -> Submit:
    """The SMS-SUBMIT that text mode makes of a body, by +CSMP and +CSCS; raises Malformed."""
    first, written, pid, dcs = modem.settings.csmp
    try:
        if coding(dcs) == GSM7 and not first & 0x40:
            text = read(body, modem.settings.charset)
            data = put_user_data(_forced(text), None, dcs)
        elif coding(dcs) == UCS2 and modem.settings.charset == "UCS2" and not first & 0x40:
            data = put_user_data(read(body, "UCS2"), None, dcs)
        else:
            octets = bytes.fromhex(body.decode("ascii"))
            data = take_user_data(dcs, len(octets), octets, bool(first & 0x40))
    except (ValueError, UnicodeError) as wrong:
        raise Malformed(str(wrong)) from None
    form = first & TP_VPF
    vp = (int(written) if form == RELATIVE else _validity_octets(form, written)) if form else None
    tpdu = encode_submit(to, data, pid=pid, vp=vp, form=form, flags=first & TP_FLAGS)
    return decode_submit(tpdu, to_nobody=True)


def _forced(text: str) -> str:
    return text if alphabet.fits(text) else "".join([char if alphabet.fits(char) else "?" for char in text])


def readdressed(submit: Submit, to: Address) -> Submit:
    """The same message to somebody else; first octet, validity and all else stay."""
    old = len(put_address(submit.to))
    return replace(submit, to=to, tpdu=submit.tpdu[:2] + put_address(to) + submit.tpdu[2 + old :])
