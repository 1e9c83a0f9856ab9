"""Transfer layer PDUs (3GPP TS 23.040 9.2.2): SMS-SUBMIT, SMS-DELIVER and SMS-STATUS-REPORT, both ways; SMS-COMMAND.

Written from the standard for the simulator alone; strict where `fields` is strict.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hwsim import alphabet
from hwsim.fields import (
    Address,
    Malformed,
    enhanced_validity_s,
    put_address,
    put_time,
    relative_validity_s,
    take_address,
    take_time,
)
from hwsim.shifts import Tables, tables_of

GSM7, OCTETS, UCS2 = "gsm7", "8bit", "ucs2"
USER_DATA_OCTETS_MAX = 140
NO_SHIFT = Tables()


class CodingUnsupported(Malformed):
    """TP-DCS names a coding that the network does not carry (TP-FCS 0x90)."""


@dataclass(frozen=True, slots=True)
class Concat:
    """One part of a long message (23.040 9.2.3.24.1 and .8): reference, total, this part, bits."""

    ref: int
    total: int
    seq: int
    bits: int = 8

    def element(self) -> bytes:
        """The information element with its identifier and length."""
        if self.bits == 16:
            return bytes([8, 4]) + self.ref.to_bytes(2, "big") + bytes([self.total, self.seq])
        return bytes([0, 3, self.ref, self.total, self.seq])


@dataclass(frozen=True, slots=True)
class UserData:
    """TP-UD with what it needs to be read: `udl` as on the wire, header elements, and the text if it is one."""

    dcs: int
    udl: int
    octets: bytes
    has_header: bool
    concat: Concat | None
    text: str


@dataclass(frozen=True, slots=True)
class Submit:
    """SMS-SUBMIT (9.2.2.2). `validity_s` is relative, `valid_until` absolute epoch seconds; both None: the SC's own."""

    mr: int
    to: Address
    pid: int
    data: UserData
    validity_s: int | None = None
    valid_until: float | None = None
    report: bool = False
    reject_duplicates: bool = False
    reply_path: bool = False
    single_shot: bool = False
    tpdu: bytes = field(default=b"", repr=False)
    centre: str = ""  # the address in front of it: whom it is for


@dataclass(frozen=True, slots=True)
class Deliver:
    """SMS-DELIVER (9.2.2.1)."""

    sender: Address
    pid: int
    data: UserData
    scts: float
    quarters: int = 0
    more: bool = False
    report: bool = False

    def encode(self) -> bytes:
        """The octets; TP-MMS is 1 when nothing more waits."""
        first = (0 if self.more else 4) | (0x20 if self.report else 0) | (0x40 if self.data.has_header else 0)
        head = bytes([first]) + put_address(self.sender) + bytes([self.pid, self.data.dcs])
        return head + put_time(self.scts, self.quarters) + bytes([self.data.udl]) + self.data.octets


@dataclass(frozen=True, slots=True)
class StatusReport:
    """SMS-STATUS-REPORT (9.2.2.3)."""

    mr: int
    to: Address
    scts: float
    discharged: float
    status: int
    quarters: int = 0
    of_command: bool = False  # TP-SRQ: it is of an SMS-COMMAND

    def encode(self) -> bytes:
        """The octets: first octet says no more messages, and of what the report is."""
        times = put_time(self.scts, self.quarters) + put_time(self.discharged, self.quarters)
        return bytes([0x26 if self.of_command else 0x06, self.mr]) + put_address(self.to) + times + bytes([self.status])


@dataclass(frozen=True, slots=True)
class Command:
    """SMS-COMMAND (9.2.2.4): what shall become of the message of that reference, sent to that address before."""

    pid: int
    kind: int
    number: int
    to: Address
    report: bool


def coding(dcs: int) -> str:
    """Alphabet of a data coding scheme (23.038 4); compressed and reserved ones raise CodingUnsupported."""
    group = dcs >> 4
    if group < 8:
        if dcs & 0x20:
            raise CodingUnsupported("compressed text")
        kind = dcs >> 2 & 3
        if kind == 3:
            raise CodingUnsupported("reserved alphabet")
        return (GSM7, OCTETS, UCS2)[kind]
    if group == 15:
        return OCTETS if dcs & 4 else GSM7
    if group in {12, 13}:
        return GSM7
    if group == 14:
        return UCS2
    raise CodingUnsupported("reserved coding group")


def message_class(dcs: int) -> int | None:
    """Message class 0-3, None without one (23.038 4)."""
    group = dcs >> 4
    if group == 15 or (group < 8 and dcs & 0x10):
        return dcs & 3
    return None


def header_concat(header: bytes) -> Concat | None:
    """Walks the information elements (without UDHL); each must fit. The last concatenation element counts."""
    concat: Concat | None = None
    at = 0
    while at < len(header):
        if at + 2 > len(header) or at + 2 + header[at + 1] > len(header):
            raise Malformed("user data header element is cut off")
        kind, size = header[at], header[at + 1]
        body = header[at + 2 : at + 2 + size]
        if kind in {0, 8}:
            if size != (3 if kind == 0 else 4):
                raise Malformed("concatenation element of a wrong length")
            total, seq = body[-2], body[-1]
            if not 1 <= seq <= total:
                raise Malformed(f"part {seq} of {total}")
            concat = Concat(int.from_bytes(body[:-2], "big"), total, seq, 8 if kind == 0 else 16)
        at += 2 + size
    return concat


def take_user_data(dcs: int, udl: int, octets: bytes, has_header: bool) -> UserData:
    """Checks that length, header and alphabet agree (23.040 9.2.3.16, 9.2.3.24), and reads the text."""
    kind = coding(dcs)
    needed = (udl * 7 + 7) // 8 if kind == GSM7 else udl
    if len(octets) != needed:
        raise Malformed(f"user data of {len(octets)} octets where TP-UDL {udl} needs {needed}")
    if needed > USER_DATA_OCTETS_MAX:
        raise Malformed("more than 140 octets of user data")
    concat, start, tables = None, 0, NO_SHIFT
    if has_header:
        if not octets or 1 + octets[0] > len(octets):
            raise Malformed("user data header longer than the user data")
        start = 1 + octets[0]
        concat = header_concat(octets[1:start])
        tables = tables_of(octets[1:start])
    if kind == GSM7:
        skipped = (start * 8 + 6) // 7
        if skipped > udl:
            raise Malformed("user data header longer than the user data")
        septets = alphabet.unpack(octets[start:], udl - skipped, skipped * 7 - start * 8)
        text = alphabet.text_of(septets) if tables == NO_SHIFT else tables.text_of(septets)
    elif kind == UCS2:
        if (len(octets) - start) % 2:
            raise Malformed("UCS2 text of an odd number of octets")
        text = octets[start:].decode("utf-16-be", "replace")
    else:
        text = octets[start:].decode("latin-1")
    return UserData(dcs, udl, octets, has_header, concat, text)


def put_user_data(text: str, concat: Concat | None = None, dcs: int | None = None) -> UserData:
    """User data for one part: GSM 7 bit if it fits and no `dcs` says otherwise, else UCS2."""
    if dcs is None:
        dcs = 0 if alphabet.fits(text) else 8
    element = concat.element() if concat else b""
    header = bytes([len(element)]) + element if element else b""
    if coding(dcs) == GSM7:
        septets = alphabet.septets_of(text)
        skipped = (len(header) * 8 + 6) // 7
        octets = header + alphabet.pack(septets, skipped * 7 - len(header) * 8)
        udl = skipped + len(septets)
    else:
        body = text.encode("utf-16-be") if coding(dcs) == UCS2 else text.encode("latin-1", "replace")
        octets = header + body
        udl = len(octets)
    if len(octets) > USER_DATA_OCTETS_MAX:
        raise Malformed("more than 140 octets of user data")
    return UserData(dcs, udl, octets, bool(header), concat, text)


def decode_submit(tpdu: bytes, *, to_nobody: bool = False) -> Submit:
    """An SMS-SUBMIT of exactly these octets; without an address only if that may be."""
    if len(tpdu) < 2:
        raise Malformed("TPDU is cut off")
    first = tpdu[0]
    if first & 3 != 1:
        raise Malformed("not an SMS-SUBMIT")
    to, at = take_address(tpdu, 2)
    if not to.value and not to_nobody:
        raise Malformed("no destination address")
    form = first >> 3 & 3
    ends = at + 2 + (0, 7, 1, 7)[form]
    if ends + 1 > len(tpdu):
        raise Malformed("TPDU is cut off")
    pid, dcs = tpdu[at], tpdu[at + 1]
    validity_s: int | None = None
    valid_until: float | None = None
    single_shot = False
    if form == 2:
        validity_s = relative_validity_s(tpdu[at + 2])
    elif form == 1:
        validity_s = enhanced_validity_s(tpdu[at + 2 : ends])
        single_shot = bool(tpdu[at + 2] & 0x40)
    elif form == 3:
        valid_until = take_time(tpdu[at + 2 : ends])
    data = take_user_data(dcs, tpdu[ends], tpdu[ends + 1 :], bool(first & 0x40))
    return Submit(
        mr=tpdu[1],
        to=to,
        pid=pid,
        data=data,
        validity_s=validity_s,
        valid_until=valid_until,
        report=bool(first & 0x20),
        reject_duplicates=bool(first & 4),
        reply_path=bool(first & 0x80),
        single_shot=single_shot,
        tpdu=tpdu,
    )


def decode_command(tpdu: bytes) -> Command:
    """An SMS-COMMAND of exactly these octets."""
    if len(tpdu) < 5 or tpdu[0] & 3 != 2:
        raise Malformed("not an SMS-COMMAND")
    to, at = take_address(tpdu, 5)
    if at >= len(tpdu) or len(tpdu) != at + 1 + tpdu[at]:
        raise Malformed("command data of a wrong length")
    return Command(pid=tpdu[2], kind=tpdu[3], number=tpdu[4], to=to, report=bool(tpdu[0] & 0x20))


def encode_submit(
    to: Address, data: UserData, *, mr: int = 0, pid: int = 0, vp: int | bytes | None = None, form: int = 0x10,
    report: bool = False, flags: int = 0,
) -> bytes:  # fmt: skip
    """An SMS-SUBMIT with a validity octet, or the octets of another `form` (TP-VPF), or none (used by text mode and by
    tests)."""
    first = 1 | flags | (form if vp is not None else 0) | (0x20 if report else 0) | (0x40 if data.has_header else 0)
    validity = b"" if vp is None else bytes([vp]) if isinstance(vp, int) else vp
    head = bytes([first, mr]) + put_address(to) + bytes([pid, data.dcs])
    return head + validity + bytes([data.udl]) + data.octets


def decode_deliver(tpdu: bytes) -> Deliver:
    """An SMS-DELIVER of exactly these octets."""
    if not tpdu or tpdu[0] & 3:
        raise Malformed("not an SMS-DELIVER")
    sender, at = take_address(tpdu, 1)
    if at + 10 > len(tpdu):
        raise Malformed("TPDU is cut off")
    pid, dcs = tpdu[at], tpdu[at + 1]
    scts = take_time(tpdu[at + 2 : at + 9])
    try:
        data = take_user_data(dcs, tpdu[at + 9], tpdu[at + 10 :], bool(tpdu[0] & 0x40))
    except CodingUnsupported:  # the network carries what it cannot read
        data = UserData(dcs, tpdu[at + 9], tpdu[at + 10 :], bool(tpdu[0] & 0x40), None, "")
    return Deliver(sender, pid, data, scts, more=not tpdu[0] & 4, report=bool(tpdu[0] & 0x20))


def decode_status_report(tpdu: bytes) -> StatusReport:
    """An SMS-STATUS-REPORT; optional parameters after TP-ST are not expected from this SC."""
    if len(tpdu) < 2 or tpdu[0] & 3 != 2:
        raise Malformed("not an SMS-STATUS-REPORT")
    to, at = take_address(tpdu, 2)
    if len(tpdu) != at + 15:
        raise Malformed("status report of a wrong length")
    times = take_time(tpdu[at : at + 7]), take_time(tpdu[at + 7 : at + 14])
    return StatusReport(tpdu[1], to, *times, tpdu[at + 14], of_command=bool(tpdu[0] & 0x20))
