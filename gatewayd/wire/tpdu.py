"""SMS TPDUs, the way a modem in PDU mode speaks them: SUBMIT out; DELIVER and STATUS-REPORT in (3GPP TS 23.040 9.2).

In hex, with the service centre's address before the TPDU (TS 27.005 3.1, <pdu>). Whatever is damaged raises PduError
and nothing else; a DELIVER whose sender can be read is never refused: its text is None then and the note says why.
"""

from __future__ import annotations

import binascii
from dataclasses import dataclass

from gatewayd.text import Alphabet
from gatewayd.wire.address import Address, read_address, read_service_centre, write_recipient
from gatewayd.wire.dcs import read_dcs, write_dcs
from gatewayd.wire.octets import Octets, PduError
from gatewayd.wire.tp_time import read_time_stamp, validity_octet, validity_seconds
from gatewayd.wire.udh import Concat, concat_header
from gatewayd.wire.user_data import Body, read_body, write_body

__all__ = [
    "Concat",
    "Deliver",
    "PduError",
    "StatusReport",
    "Submit",
    "SubmitPdu",
    "decode",
    "decode_submit",
    "encode_submit",
    "sensible",
    "sound",
    "validity_octet",
    "whole",
]

_PDU_OCTETS_MAX = 512  # the longest is under 200 with its service centre; some modems append filler

# First octet (9.2.3.1 to 9.2.3.25)
_TYPE = 0x03
_DELIVER, _SUBMIT, _STATUS_REPORT, _RESERVED = 0, 1, 2, 3
_REJECT_DUPLICATES = 0x04
_VALIDITY_FORMAT, _VALIDITY_RELATIVE = 0x18, 0x10
_REPORT = 0x20
_HEADER = 0x40
_VALIDITY_OCTETS = {0x00: 0, 0x08: 7, 0x10: 1, 0x18: 7}  # none, enhanced, relative, absolute

_PID_REPLACE = 0x40  # + 1 to 7
_PID_NOTES = {0x40: "type 0", 0x7D: "for the phone itself", 0x7F: "for the SIM"}


@dataclass(frozen=True, slots=True)
class SubmitPdu:
    """What goes to the modem: `AT+CMGS=<tpdu_octets>`, then `hex` and Ctrl-Z."""

    hex: str  # begins with "00": the service centre that the SIM knows
    tpdu_octets: int  # without that first octet


@dataclass(frozen=True, slots=True)
class Deliver:
    """A text that came in."""

    sender: str  # "+44...", digits alone (also * # a b c), or letters
    sender_alphanumeric: bool
    text: str | None  # None: `data` or nothing is there, and `note` says why
    data: bytes | None = None
    concat: Concat | None = None
    sent_at: int | None = None  # the service centre's time stamp, microseconds UTC; None when it is none
    pid: int = 0
    dcs: int = 0
    message_class: int | None = None
    ports: tuple[int, int] | None = None  # destination, originator
    note: str = ""  # why it is not a plain text: "class 0", "binary port 1234", "undecodable: ..."
    smsc: str = ""
    spare: int = 0  # octets behind the end of the text


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What became of a text that was sent. `reference` is the TP-MR of its part, `status` is TP-ST (9.2.3.15)."""

    reference: int
    recipient: str
    status: int
    sent_at: int | None  # when the service centre got the text; microseconds UTC
    done_at: int | None  # when it reached its end
    smsc: str = ""


@dataclass(frozen=True, slots=True)
class Submit:
    """A text on its way out, or a draft in the modem's memory."""

    reference: int
    recipient: str
    text: str | None
    data: bytes | None = None
    concat: Concat | None = None
    validity_s: int | None = None  # None when there is none or it is not relative
    report: bool = False
    reject_duplicates: bool = False
    pid: int = 0
    dcs: int = 0
    message_class: int | None = None
    ports: tuple[int, int] | None = None
    note: str = ""
    smsc: str = ""


def encode_submit(
    recipient: str,
    segment: str,
    *,
    alphabet: Alphabet,
    concat: Concat | None = None,
    validity_s: int | None,
    report: bool,
    flash: bool = False,
    reject_duplicates: bool = False,
    replace_type: int | None = None,
) -> SubmitPdu:
    """SMS-SUBMIT (9.2.2.2). TP-MR is 0: the modem puts its own. `replace_type` 1 to 7 replaces an earlier text.

    PduError for a recipient that is no number, a segment that is too long or not in its alphabet, a validity that is
    over, and concat or replace numbers that do not fit.
    """
    first = _SUBMIT
    validity = b""
    if validity_s is not None:
        first |= _VALIDITY_RELATIVE
        validity = bytes((validity_octet(validity_s),))
    if reject_duplicates:
        first |= _REJECT_DUPLICATES
    if report:
        first |= _REPORT
    header = b""
    if concat is not None:
        first |= _HEADER
        header = concat_header(concat)
    pid = 0
    if replace_type is not None:
        if not 1 <= replace_type <= 7:
            raise PduError(f"replace type {replace_type}, possible are 1 to 7")
        pid = _PID_REPLACE + replace_type
    length, body = write_body(segment, alphabet, header)
    tpdu = b"".join(
        (
            bytes((first, 0)),
            write_recipient(recipient),
            bytes((pid, write_dcs(alphabet, flash=flash))),
            validity,
            bytes((length,)),
            body,
        )
    )
    return SubmitPdu("00" + tpdu.hex().upper(), len(tpdu))


def decode(pdu_hex: str, *, with_smsc: bool = True) -> Deliver | StatusReport:
    """What the service centre sent to the phone. Octets after the end of the TPDU are ignored.

    `with_smsc` False: the TPDU alone. PduError when it is no hex, neither DELIVER nor STATUS-REPORT, or cut off
    before the sender's (DELIVER) or the status's (STATUS-REPORT) last octet.
    """
    octets, smsc = _open(pdu_hex, with_smsc=with_smsc)
    first = octets.octet("first octet")
    kind = first & _TYPE
    if kind == _STATUS_REPORT:
        return _status_report(octets, smsc)
    if kind == _SUBMIT:
        raise PduError("neither DELIVER nor STATUS-REPORT: message type 1")
    # 9.2.3.1: the reserved type is to be taken for a DELIVER
    return _deliver(first, octets, smsc)


def whole(pdu_hex: str, tpdu_octets: int | None) -> str:
    """The same with its service centre. Some modems leave that out: the length they tell is then that of all there is.

    Others tell a wrong length, so a PDU is taken for a bare one only where it makes sense as such, and not otherwise.
    """
    if tpdu_octets is None or 2 * tpdu_octets != len(pdu_hex) or sensible(pdu_hex) or not sensible("00" + pdu_hex):
        return pdu_hex
    return "00" + pdu_hex


def sound(pdu_hex: str, tpdu_octets: int | None) -> bool:
    """Whether this line came through whole: it makes sense, and has as many octets as its header told, if it did.

    So has its text then: a length that one wrong digit has made shorter would leave a text that is cut off.
    """
    smsc_octets = int(pdu_hex[:2], 16)
    fits = tpdu_octets is None or len(pdu_hex) == 2 * (1 + smsc_octets + tpdu_octets)
    return fits and sensible(pdu_hex) and (tpdu_octets is None or not _spare(pdu_hex))


def _spare(pdu_hex: str) -> int:
    item = decode(pdu_hex)
    return item.spare if isinstance(item, Deliver) else 0


def sensible(pdu_hex: str) -> bool:
    """Whether this is a text or a report from somebody, whole and with a time; for lines whose meaning is in doubt."""
    try:
        item = decode(pdu_hex)
    except PduError:
        return False
    if isinstance(item, StatusReport):
        return item.sent_at is not None and bool(item.recipient)
    return item.sent_at is not None and bool(item.sender) and "undecodable" not in item.note


def decode_submit(pdu_hex: str, *, with_smsc: bool = True) -> Submit:
    """What the phone sends to the service centre, as in stored drafts. PduError when cut off before the body."""
    octets, smsc = _open(pdu_hex, with_smsc=with_smsc)
    first = octets.octet("first octet")
    if first & _TYPE != _SUBMIT:
        raise PduError(f"not a SUBMIT: message type {first & _TYPE}")
    reference = octets.octet("message reference")
    recipient = read_address(octets)
    pid = octets.octet("protocol identifier")
    dcs = octets.octet("data coding scheme")
    form = first & _VALIDITY_FORMAT
    validity = octets.take(_VALIDITY_OCTETS[form], "validity period")
    coding = read_dcs(dcs)
    body = read_body(coding, octets.octet("length"), octets.rest(), has_header=bool(first & _HEADER))
    return Submit(
        reference=reference,
        recipient=recipient.value,
        text=body.text,
        data=body.data,
        concat=body.concat,
        validity_s=validity_seconds(validity[0]) if form == _VALIDITY_RELATIVE else None,
        report=bool(first & _REPORT),
        reject_duplicates=bool(first & _REJECT_DUPLICATES),
        pid=pid,
        dcs=dcs,
        message_class=coding.message_class,
        ports=body.ports,
        note=_note(pid, coding.message_class, body),
        smsc=smsc,
    )


def _open(pdu_hex: str, *, with_smsc: bool) -> tuple[Octets, str]:
    stripped = pdu_hex.strip()
    if len(stripped) > 2 * _PDU_OCTETS_MAX:
        raise PduError(f"{len(stripped)} hex digits, at most {2 * _PDU_OCTETS_MAX} are read")
    try:
        octets = Octets(binascii.unhexlify(stripped))
    except ValueError as error:
        raise PduError(f"not hex: {error}") from None
    return octets, read_service_centre(octets) if with_smsc else ""


def _deliver(first: int, octets: Octets, smsc: str) -> Deliver:
    sender = read_address(octets)
    try:
        pid = octets.octet("protocol identifier")
        dcs = octets.octet("data coding scheme")
        sent_at = read_time_stamp(octets.take(7, "time stamp"))
        length = octets.octet("length")
    except PduError as error:
        return _cut_off(sender, smsc, error)
    coding = read_dcs(dcs)
    body = read_body(coding, length, octets.rest(), has_header=bool(first & _HEADER))
    return Deliver(
        sender=sender.value,
        sender_alphanumeric=sender.alphanumeric,
        text=body.text,
        data=body.data,
        concat=body.concat,
        sent_at=sent_at,
        pid=pid,
        dcs=dcs,
        message_class=coding.message_class,
        ports=body.ports,
        note=_note(pid, coding.message_class, body),
        smsc=smsc,
        spare=body.spare,
    )


def _cut_off(sender: Address, smsc: str, error: PduError) -> Deliver:
    return Deliver(sender.value, sender.alphanumeric, text=None, note=f"undecodable: {error}", smsc=smsc)


def _status_report(octets: Octets, smsc: str) -> StatusReport:
    """SMS-STATUS-REPORT (9.2.2.3); its optional tail says nothing that we need."""
    reference = octets.octet("message reference")
    recipient = read_address(octets)
    sent_at = read_time_stamp(octets.take(7, "time stamp"))
    done_at = read_time_stamp(octets.take(7, "discharge time"))
    status = octets.octet("status")
    return StatusReport(reference, recipient.value, status, sent_at, done_at, smsc)


def _note(pid: int, message_class: int | None, body: Body) -> str:
    notes = list(body.notes)
    if message_class == 0:
        notes.insert(0, "class 0")
    if pid in _PID_NOTES:
        notes.insert(0, _PID_NOTES[pid])
    return "; ".join(notes)
