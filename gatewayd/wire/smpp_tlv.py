"""Optional parameters: tag, length, value (SMPP 3.4 5.3).

A peer may send any tag in any PDU, with a value of any length: it is kept as octets and read leniently when somebody
asks. What we write is checked against the lengths of the standard.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from gatewayd.wire.smpp_octets import Reader, SmppError

_NUMBER_OCTETS_MAX = 8


class Tag(IntEnum):
    """The parameters of SMPP 3.4 5.3.2. Others are plain integers."""

    DEST_ADDR_SUBUNIT = 0x0005
    DEST_NETWORK_TYPE = 0x0006
    DEST_BEARER_TYPE = 0x0007
    DEST_TELEMATICS_ID = 0x0008
    SOURCE_ADDR_SUBUNIT = 0x000D
    SOURCE_NETWORK_TYPE = 0x000E
    SOURCE_BEARER_TYPE = 0x000F
    SOURCE_TELEMATICS_ID = 0x0010
    QOS_TIME_TO_LIVE = 0x0017
    PAYLOAD_TYPE = 0x0019
    ADDITIONAL_STATUS_INFO_TEXT = 0x001D
    RECEIPTED_MESSAGE_ID = 0x001E
    MS_MSG_WAIT_FACILITIES = 0x0030
    PRIVACY_INDICATOR = 0x0201
    SOURCE_SUBADDRESS = 0x0202
    DEST_SUBADDRESS = 0x0203
    USER_MESSAGE_REFERENCE = 0x0204
    USER_RESPONSE_CODE = 0x0205
    SOURCE_PORT = 0x020A
    DESTINATION_PORT = 0x020B
    SAR_MSG_REF_NUM = 0x020C
    LANGUAGE_INDICATOR = 0x020D
    SAR_TOTAL_SEGMENTS = 0x020E
    SAR_SEGMENT_SEQNUM = 0x020F
    SC_INTERFACE_VERSION = 0x0210
    CALLBACK_NUM_PRES_IND = 0x0302
    CALLBACK_NUM_ATAG = 0x0303
    NUMBER_OF_MESSAGES = 0x0304
    CALLBACK_NUM = 0x0381
    DPF_RESULT = 0x0420
    SET_DPF = 0x0421
    MS_AVAILABILITY_STATUS = 0x0422
    NETWORK_ERROR_CODE = 0x0423
    MESSAGE_PAYLOAD = 0x0424
    DELIVERY_FAILURE_REASON = 0x0425
    MORE_MESSAGES_TO_SEND = 0x0426
    MESSAGE_STATE = 0x0427
    USSD_SERVICE_OP = 0x0501
    DISPLAY_TIME = 0x1201
    SMS_SIGNAL = 0x1203
    MS_VALIDITY = 0x1204
    ALERT_ON_MESSAGE_DELIVERY = 0x130C
    ITS_REPLY_TYPE = 0x1380
    ITS_SESSION_INFO = 0x1383


# Value lengths of the standard, from and to; what is not named may have any.
_LENGTHS: dict[int, tuple[int, int]] = {
    Tag.DEST_TELEMATICS_ID: (2, 2),
    Tag.QOS_TIME_TO_LIVE: (4, 4),
    Tag.ADDITIONAL_STATUS_INFO_TEXT: (1, 256),
    Tag.RECEIPTED_MESSAGE_ID: (1, 65),
    Tag.SOURCE_SUBADDRESS: (2, 23),
    Tag.DEST_SUBADDRESS: (2, 23),
    Tag.CALLBACK_NUM: (4, 19),
    Tag.CALLBACK_NUM_ATAG: (0, 65),
    Tag.NETWORK_ERROR_CODE: (3, 3),
    Tag.MESSAGE_PAYLOAD: (0, 0xFFFF),
    Tag.ALERT_ON_MESSAGE_DELIVERY: (0, 1),
    **dict.fromkeys(
        (
            Tag.USER_MESSAGE_REFERENCE,
            Tag.SOURCE_PORT,
            Tag.DESTINATION_PORT,
            Tag.SAR_MSG_REF_NUM,
            Tag.SMS_SIGNAL,
            Tag.ITS_SESSION_INFO,
        ),
        (2, 2),
    ),
}
_ONE_OCTET = (1, 1)


@dataclass(frozen=True, slots=True)
class Tlv:
    tag: int
    value: bytes


def octets_of(tlvs: Iterable[Tlv], tag: int) -> bytes | None:
    """The value of the first parameter with that tag."""
    return next((tlv.value for tlv in tlvs if tlv.tag == tag), None)


def number_of(tlvs: Iterable[Tlv], tag: int) -> int | None:
    """The value as a number, of whatever length the peer chose; None when absent, empty or absurdly long."""
    value = octets_of(tlvs, tag)
    if not value or len(value) > _NUMBER_OCTETS_MAX:
        return None
    return int.from_bytes(value, "big")


def text_of(tlvs: Iterable[Tlv], tag: int) -> str | None:
    """The value as a C-string, with or without its NUL; None when absent."""
    value = octets_of(tlvs, tag)
    return None if value is None else value.partition(b"\0")[0].decode("latin-1")


def number_tlv(tag: int, value: int) -> Tlv:
    """A numeric parameter in the length that the standard gives it (one octet if it gives none)."""
    size = _LENGTHS.get(tag, _ONE_OCTET)[1]
    try:
        return Tlv(tag, value.to_bytes(size, "big"))
    except OverflowError:
        raise SmppError(f"{_name(tag)} {value} does not fit {size} octets") from None


def read_tlvs(reader: Reader) -> tuple[tuple[Tlv, ...], bytes]:
    """All parameters to the end of the body, and the octets from where they make no sense any more. Never raises."""
    tlvs: list[Tlv] = []
    while len(reader) >= 4:
        head = reader.take(4, "a parameter")
        length = int.from_bytes(head[2:], "big")
        if length > len(reader):
            return tuple(tlvs), head + reader.rest()
        tlvs.append(Tlv(int.from_bytes(head[:2], "big"), reader.take(length, "a parameter")))
    return tuple(tlvs), reader.rest()


def write_tlvs(tlvs: Iterable[Tlv]) -> bytes:
    """SmppError for a tag or a length that cannot be, and for a tag that comes twice."""
    written = bytearray()
    seen: set[int] = set()
    for tlv in tlvs:
        if not 0 <= tlv.tag <= 0xFFFF:
            raise SmppError(f"parameter tag {tlv.tag} does not fit 16 bits")
        low, high = _LENGTHS.get(tlv.tag, _ONE_OCTET if tlv.tag in _KNOWN else (0, 0xFFFF))
        if not low <= len(tlv.value) <= high:
            raise SmppError(f"{_name(tlv.tag)} of {len(tlv.value)} octets, allowed are {low} to {high}")
        if tlv.tag in seen and tlv.tag != Tag.CALLBACK_NUM:
            raise SmppError(f"{_name(tlv.tag)} twice")
        seen.add(tlv.tag)
        written += tlv.tag.to_bytes(2, "big") + len(tlv.value).to_bytes(2, "big") + tlv.value
    return bytes(written)


_KNOWN = frozenset(Tag)


def _name(tag: int) -> str:
    return Tag(tag).name.lower() if tag in _KNOWN else f"parameter 0x{tag:04X}"
