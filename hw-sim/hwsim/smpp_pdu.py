"""SMPP 3.4 (issue 1.2) on the wire: header, field types, optional parameters. Strict: every length is checked.

Section numbers are those of the standard. What a body holds is in `smpp_bodies`.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum

HEADER_OCTETS = 16
RESPONSE = 0x80000000
SEQUENCE_MAX = 0x7FFFFFFF
VERSION_34 = 0x34


class Command(IntEnum):
    """Command ids of requests (5.1.2.1); a response has RESPONSE set."""

    GENERIC_NACK = 0x80000000
    BIND_RECEIVER = 0x01
    BIND_TRANSMITTER = 0x02
    QUERY_SM = 0x03
    SUBMIT_SM = 0x04
    DELIVER_SM = 0x05
    UNBIND = 0x06
    REPLACE_SM = 0x07
    CANCEL_SM = 0x08
    BIND_TRANSCEIVER = 0x09
    OUTBIND = 0x0B
    ENQUIRE_LINK = 0x15
    SUBMIT_MULTI = 0x21
    ALERT_NOTIFICATION = 0x102
    DATA_SM = 0x103


class Status(IntEnum):
    """Command status (5.1.3), without the ESME_ that each has in the standard."""

    ROK = 0x00
    RINVMSGLEN = 0x01
    RINVCMDLEN = 0x02
    RINVCMDID = 0x03
    RINVBNDSTS = 0x04
    RALYBND = 0x05
    RINVPRTFLG = 0x06
    RINVREGDLVFLG = 0x07
    RSYSERR = 0x08
    RINVSRCADR = 0x0A
    RINVDSTADR = 0x0B
    RINVMSGID = 0x0C
    RBINDFAIL = 0x0D
    RINVPASWD = 0x0E
    RINVSYSID = 0x0F
    RCANCELFAIL = 0x11
    RREPLACEFAIL = 0x13
    RMSGQFUL = 0x14
    RINVSERTYP = 0x15
    RINVNUMDESTS = 0x33
    RINVDLNAME = 0x34
    RINVDESTFLAG = 0x40
    RINVSUBREP = 0x42
    RINVESMCLASS = 0x43
    RCNTSUBDL = 0x44
    RSUBMITFAIL = 0x45
    RINVSRCTON = 0x48
    RINVSRCNPI = 0x49
    RINVDSTTON = 0x50
    RINVDSTNPI = 0x51
    RINVSYSTYP = 0x53
    RINVREPFLAG = 0x54
    RINVNUMMSGS = 0x55
    RTHROTTLED = 0x58
    RINVSCHED = 0x61
    RINVEXPIRY = 0x62
    RINVDFTMSGID = 0x63
    RX_T_APPN = 0x64
    RX_P_APPN = 0x65
    RX_R_APPN = 0x66
    RQUERYFAIL = 0x67
    RINVOPTPARSTREAM = 0xC0
    ROPTPARNOTALLWD = 0xC1
    RINVPARLEN = 0xC2
    RMISSINGOPTPARAM = 0xC3
    RINVOPTPARAMVAL = 0xC4
    RDELIVERYFAILURE = 0xFE
    RUNKNOWNERR = 0xFF


def status_name(status: int) -> str:
    """The standard's name of a status, hexadecimal for one it does not know."""
    try:
        return "ESME_" + Status(status).name
    except ValueError:
        return f"0x{status:08X}"


class Tag(IntEnum):
    """Optional parameters that mean something here (5.3.2)."""

    ADDITIONAL_STATUS_INFO_TEXT = 0x001D
    RECEIPTED_MESSAGE_ID = 0x001E
    USER_MESSAGE_REFERENCE = 0x0204
    USER_RESPONSE_CODE = 0x0205
    SAR_MSG_REF_NUM = 0x020C
    SAR_TOTAL_SEGMENTS = 0x020E
    SAR_SEGMENT_SEQNUM = 0x020F
    SC_INTERFACE_VERSION = 0x0210
    MS_AVAILABILITY_STATUS = 0x0422
    NETWORK_ERROR_CODE = 0x0423
    MESSAGE_PAYLOAD = 0x0424
    DELIVERY_FAILURE_REASON = 0x0425
    MESSAGE_STATE = 0x0427


# Least and most octets of the value of every optional parameter that 3.4 knows (5.3.2.1 to 5.3.2.44).
TLV_OCTETS: dict[int, tuple[int, int]] = {
    0x0005: (1, 1), 0x0006: (1, 1), 0x0007: (1, 1), 0x0008: (2, 2), 0x000D: (1, 1), 0x000E: (1, 1), 0x000F: (1, 1),
    0x0010: (1, 1), 0x0017: (4, 4), 0x0019: (1, 1), 0x001D: (1, 256), 0x001E: (1, 65), 0x0030: (1, 1), 0x0201: (1, 1),
    0x0202: (2, 23), 0x0203: (2, 23), 0x0204: (2, 2), 0x0205: (1, 1), 0x020A: (2, 2), 0x020B: (2, 2), 0x020C: (2, 2),
    0x020D: (1, 1), 0x020E: (1, 1), 0x020F: (1, 1), 0x0210: (1, 1), 0x0302: (1, 1), 0x0303: (1, 65), 0x0304: (1, 1),
    0x0381: (4, 19), 0x0420: (1, 1), 0x0421: (1, 1), 0x0422: (1, 1), 0x0423: (3, 3), 0x0424: (0, 65535),
    0x0425: (1, 1), 0x0426: (1, 1), 0x0427: (1, 1), 0x0501: (1, 1), 0x1201: (1, 1), 0x1203: (2, 2), 0x1204: (1, 1),
    0x130C: (0, 0), 0x1380: (1, 1), 0x1383: (2, 2),
}  # fmt: skip

# 4.4.1: optional parameters of submit_sm; 4.7.1: those of data_sm that an ESME may send.
SUBMIT_TAGS = frozenset({
    0x0204, 0x020A, 0x000D, 0x020B, 0x0005, 0x020C, 0x020E, 0x020F, 0x0426, 0x0019, 0x0424, 0x0201, 0x0381, 0x0302,
    0x0303, 0x0202, 0x0203, 0x0205, 0x1201, 0x1203, 0x1204, 0x0030, 0x0304, 0x130C, 0x020D, 0x1380, 0x1383, 0x0501,
})  # fmt: skip
DATA_TAGS = (SUBMIT_TAGS | {
    0x000E, 0x000F, 0x0010, 0x0006, 0x0007, 0x0008, 0x0017, 0x0421, 0x001E, 0x0427, 0x0423,
}) - {0x0501}  # fmt: skip

REPEATED = frozenset({0x0302, 0x0303, 0x0381})  # callback numbers and what belongs to them (5.3.2.36 to .38)

Tlv = tuple[int, bytes]


class Violation(Exception):
    """The peer broke the standard: the sentence says how, `status` is the answer that it gets."""

    def __init__(self, status: Status, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True, slots=True)
class Pdu:
    """A frame: its header, and a body that has not been read yet."""

    command: int
    status: int
    sequence: int
    body: bytes = b""

    @property
    def is_response(self) -> bool:
        """Bit 31 of the command id."""
        return bool(self.command & RESPONSE)

    def encode(self) -> bytes:
        """The octets with a right command_length."""
        head = struct.pack(">IIII", HEADER_OCTETS + len(self.body), self.command, self.status, self.sequence)
        return head + self.body


class BadLength(Violation):
    """A command_length that cannot be: the stream is lost from here on. `sequence` is 0 if it cannot be read."""

    def __init__(self, sentence: str, sequence: int) -> None:
        super().__init__(Status.RINVCMDLEN, sentence)
        self.sequence = sequence


def take_frame(stream: bytearray, octets_max: int) -> Pdu | None:
    """The first frame, removed from the stream; None until it is whole. Raises BadLength as soon as that is seen."""
    if len(stream) < 4:
        return None
    length = int.from_bytes(stream[:4], "big")
    if not HEADER_OCTETS <= length <= octets_max:
        sequence = int.from_bytes(stream[12:16], "big") if len(stream) >= HEADER_OCTETS else 0
        raise BadLength(f"command_length {length} is not within {HEADER_OCTETS} and {octets_max}", sequence)
    if len(stream) < length:
        return None
    _, command, status, sequence = struct.unpack_from(">IIII", stream)
    pdu = Pdu(command, status, sequence, bytes(stream[HEADER_OCTETS:length]))
    del stream[:length]
    return pdu


class Fields:
    """Reads the fields of a body one after the other; each raises Violation with the status that names it."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0

    @property
    def left(self) -> int:
        """Octets not read yet."""
        return len(self._body) - self._at

    def octet(self, name: str) -> int:
        """A one-octet integer."""
        return self.octets(name, 1)[0]

    def octets(self, name: str, count: int, status: Status = Status.RINVCMDLEN) -> bytes:
        """So many octets."""
        if self.left < count:
            raise Violation(status, f"the body ends inside {name}")
        self._at += count
        return self._body[self._at - count : self._at]

    def text(self, name: str, octets_max: int, status: Status) -> str:
        """A C-octet string (3.1): ASCII, ended by NULL, at most `octets_max` octets with the NULL."""
        end = self._body.find(b"\0", self._at)
        if end < 0:
            if self.left > octets_max:
                raise Violation(status, f"{name} has no NULL within its {octets_max} octets")
            raise Violation(Status.RINVCMDLEN, f"{name} is not ended by NULL")
        value = self._body[self._at : end]
        if len(value) >= octets_max:
            raise Violation(status, f"{name} has {len(value) + 1} octets where {octets_max} are allowed")
        if not value.isascii() or not all(octet >= 0x20 for octet in value):
            raise Violation(status, f"{name} is not printable ASCII")
        self._at = end + 1
        return value.decode("ascii")

    def moment(self, name: str, status: Status) -> str:
        """A time: 1 octet or 17 (3.1.1)."""
        value = self.text(name, 17, status)
        if len(value) not in {0, 16}:
            raise Violation(status, f"{name} has {len(value) + 1} octets where 1 or 17 are allowed")
        return value

    def tlvs(self, allowed: frozenset[int]) -> list[Tlv]:
        """Optional parameters to the end of the body; those that 3.4 does not know are kept as they are (3.2.4)."""
        found: list[Tlv] = []
        while self.left:
            if self.left < 4:
                raise Violation(Status.RINVOPTPARSTREAM, f"{self.left} octets after the last parameter")
            tag = int.from_bytes(self.octets("tag", 2), "big")
            length = int.from_bytes(self.octets("length", 2), "big")
            value = self.octets(f"parameter 0x{tag:04X}", length, Status.RINVPARLEN)
            limits = TLV_OCTETS.get(tag)
            if limits and not limits[0] <= length <= limits[1]:
                raise Violation(Status.RINVPARLEN, f"parameter 0x{tag:04X} of {length} octets")
            if limits and tag not in allowed:
                raise Violation(Status.ROPTPARNOTALLWD, f"parameter 0x{tag:04X} does not belong here")
            if limits and tag not in REPEATED and any(tag == other for other, _ in found):
                raise Violation(Status.RINVOPTPARSTREAM, f"parameter 0x{tag:04X} comes twice")
            found.append((tag, value))
        return found

    def end(self) -> None:
        """Nothing may follow."""
        if self.left:
            raise Violation(Status.RINVCMDLEN, f"{self.left} octets too many")


def c_string(value: str) -> bytes:
    """A C-octet string; anything the field could not hold is the caller's error."""
    return value.encode("latin-1") + b"\0"


def tlv(tag: int, value: bytes) -> bytes:
    """One optional parameter."""
    return struct.pack(">HH", tag, len(value)) + value
