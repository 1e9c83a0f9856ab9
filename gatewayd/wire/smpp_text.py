"""Texts in SMPP: octets of a data_coding and back, and one long text as parts (SMPP 3.4 5.2.19, 3GPP TS 23.040).

data_coding 0 is whatever the bureau's default alphabet is, so it is told by configuration: mostly GSM 7-bit with one
septet in each octet (an extension character is ESC and its code), sometimes Latin-1 or ASCII. UCS-2 is UTF-16 with the
high octet first; the two halves of a pair stay together. Cutting of texts is gatewayd.text's.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from gatewayd.text import TextError, fit, gsm7_part, gsm7_septets, gsm7_text, utf16_text, utf16_units
from gatewayd.wire.dcs import read_dcs
from gatewayd.wire.octets import PduError, words_in
from gatewayd.wire.shift_tables import LOCKING, SINGLE
from gatewayd.wire.smpp_guess import (
    begins_with_header,
    is_damaged_header,
    is_narrow,
    is_turned_round,
    width_of,
    words_of_eight_bits,
)
from gatewayd.wire.smpp_octets import INVALID_MESSAGE_LENGTH, SmppError
from gatewayd.wire.smpp_pdu import DataMessage, Message
from gatewayd.wire.smpp_tlv import Tag, Tlv, number_of, number_tlv, octets_of
from gatewayd.wire.udh import Concat, Header, concat_header, read_header

Default = Literal["gsm7", "latin1", "ascii"]
Letters = Literal["gsm7", "latin1", "ucs2"]
Long = Literal["udh8", "udh16", "sar", "payload"]
Read = tuple[str, tuple[str, ...]]  # a text, and notes on it

UDH_INDICATOR = 0x40  # of esm_class
PARTS_MAX = 255

_CODINGS: dict[Letters, int] = {"gsm7": 0, "latin1": 3, "ucs2": 8}
# Units of one text alone, and of one part behind the header with an 8-bit or a 16-bit reference. With sar_* the bureau
# writes the header, perhaps the longer one.
_ALONE: dict[Letters, int] = {"gsm7": 160, "latin1": 140, "ucs2": 70}
_PART: dict[Literal[8, 16], dict[Letters, int]] = {
    8: {"gsm7": 153, "latin1": 134, "ucs2": 67},
    16: {"gsm7": 152, "latin1": 133, "ucs2": 66},
}

# Alphabets of 5.2.19 that are simply tables. JIS, pictograms and the extended Kanji are left as octets.
_TABLES = {1: "ascii", 3: "latin1", 6: "iso8859-5", 7: "iso8859-8", 0x0A: "iso2022_jp", 0x0E: "euc_kr"}
_OCTETS = frozenset({2, 4})
_FIRST_GSM_CODING = 0x10  # from here on peers mean the data coding scheme of TS 23.038, class bits and all


@dataclass(frozen=True, slots=True)
class Content:
    """The text of one submit_sm: fields to be put into a Message."""

    data_coding: int
    esm_class: int = 0
    short_message: bytes = b""
    tlvs: tuple[Tlv, ...] = ()


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a deliver_sm or data_sm says. Exactly one of `text` and `data` is there."""

    text: str | None  # free of lone surrogates and NUL, so any store takes it; of a part, see text.whole
    data: bytes | None  # binary or damaged
    concat: Concat | None = None
    ports: tuple[int, int] | None = None  # destination, originator
    message_class: int | None = None
    notes: tuple[str, ...] = ()


# -- out ---------------------------------------------------------------------------------------------------------------


def letters_for(text: str, default: Default, *, latin1: bool = False) -> Letters:
    """The narrowest alphabet that carries the text; data_coding 3 only where the bureau is known to take it."""
    if gsm7_septets(text) is not None and (default == "gsm7" or _encodable(text, default)):
        return "gsm7"
    return "latin1" if latin1 and _encodable(text, "latin1") else "ucs2"


def write_part(
    segment: str, letters: Letters, *, default: Default = "gsm7", concat: Concat | None = None, long: Long = "udh8"
) -> Content:
    """One text that needs no cutting, or one part of a cut one. SmppError when it does not fit one message.

    "gsm7" are the letters of that alphabet in data_coding 0: a bureau with another default turns them into septets
    itself. `long` "payload" has no parts: with `concat` it is refused.
    """
    octets, units = _octets(segment, letters, default), _units(segment, letters)
    coding, alone = _CODINGS[letters], _ALONE[letters]
    if long == "payload" and concat is None and units > alone:
        return Content(coding, 0, b"", (Tlv(Tag.MESSAGE_PAYLOAD, octets),))
    room = alone if concat is None else _room(letters, concat, long)
    if units > room:
        raise SmppError(f"text of {units} units, there is room for {room}", status=INVALID_MESSAGE_LENGTH)
    if concat is None:
        return Content(coding, 0, octets)
    if long == "sar":
        return Content(coding, 0, octets, _sar(concat))
    try:
        return Content(coding, UDH_INDICATOR, concat_header(concat) + octets)
    except PduError as error:
        raise SmppError(str(error)) from None


def write_text(
    text: str,
    *,
    reference: int,
    long: Long = "udh8",
    default: Default = "gsm7",
    latin1: bool = False,
    parts_max: int = PARTS_MAX,
) -> tuple[Content, ...]:
    """A whole text, cut where needed; never inside an escape or a surrogate pair. SmppError when it cannot be sent.

    `reference` tells long texts apart: 8 bits with "udh8", 16 with "udh16" and "sar".
    """
    plain = "".join(_fit(text, PARTS_MAX, long))  # tidied, or refused
    letters = letters_for(plain, default, latin1=latin1)
    pieces = _cut(plain, letters, long, parts_max)
    if long == "payload" or len(pieces) == 1:
        return (write_part("".join(pieces), letters, default=default, long=long),)
    width: Literal[8, 16] = 8 if long == "udh8" else 16
    reference %= 1 << width
    return tuple(
        write_part(piece, letters, default=default, concat=Concat(reference, width, len(pieces), number), long=long)
        for number, piece in enumerate(pieces, 1)
    )


def _fit(text: str, parts_max: int, long: Long) -> tuple[str, ...]:
    try:
        return fit(
            text, segments_max=parts_max, reference_bits=8 if long == "udh8" else 16, transliterate=False
        ).segments
    except TextError as error:
        raise SmppError(str(error), status=INVALID_MESSAGE_LENGTH) from None


def _cut(text: str, letters: Letters, long: Long, parts_max: int) -> tuple[str, ...]:
    """gatewayd.text knows two alphabets and takes the narrower one that carries the text."""
    if letters == ("ucs2" if gsm7_septets(text) is None else "gsm7"):
        return _fit(text, parts_max, long)
    # Latin-1, or UCS-2 for signs of the GSM alphabet that this bureau's default lacks: one unit for each character
    room = _ALONE[letters] if len(text) <= _ALONE[letters] else _PART[8 if long == "udh8" else 16][letters]
    pieces = tuple(text[at : at + room] for at in range(0, len(text), room))
    if len(pieces) > parts_max:
        raise SmppError(f"needs {len(pieces)} parts, at most {parts_max} allowed", status=INVALID_MESSAGE_LENGTH)
    return pieces


def _octets(segment: str, letters: Letters, default: Default) -> bytes:
    if letters == "gsm7":
        septets = gsm7_septets(segment)
        if septets is None:
            raise SmppError("the text is not in the GSM 7-bit alphabet")
        if default == "gsm7":
            return septets
    codec = "utf-16-be" if letters == "ucs2" else "latin1" if letters == "latin1" else default
    try:
        return segment.encode(codec)
    except UnicodeEncodeError:
        raise SmppError(f"the text cannot be written in {codec}") from None


def _units(segment: str, letters: Letters) -> int:
    """How much of the room on the air a text takes that `_octets` could write."""
    if letters == "ucs2":
        return utf16_units(segment)
    return len(gsm7_septets(segment) or b"") if letters == "gsm7" else len(segment)


def _encodable(text: str, codec: str) -> bool:
    try:
        text.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def _room(letters: Letters, concat: Concat, long: Long) -> int:
    if long == "payload":
        raise SmppError("a part of a text where message_payload carries whole ones")
    if long == "sar":
        return _ALONE[letters]  # the parts were cut by somebody else, who knows the bureau
    return _PART[concat.width][letters]


def _sar(concat: Concat) -> tuple[Tlv, ...]:
    if not 1 <= concat.number <= concat.total <= PARTS_MAX:
        raise SmppError(f"part {concat.number} of {concat.total}: there can be 1 to {PARTS_MAX} parts")
    return (
        number_tlv(Tag.SAR_MSG_REF_NUM, concat.reference),
        number_tlv(Tag.SAR_TOTAL_SEGMENTS, concat.total),
        number_tlv(Tag.SAR_SEGMENT_SEQNUM, concat.number),
    )


# -- in ----------------------------------------------------------------------------------------------------------------


def payload_of(message: Message | DataMessage) -> bytes:
    """The octets of the text, wherever they are."""
    short = message.short_message if isinstance(message, Message) else b""
    return short or octets_of(message.tlvs, Tag.MESSAGE_PAYLOAD) or b""


def read_content(message: Message | DataMessage, default: Default = "gsm7") -> Incoming:
    """Decode what came in, joined by nobody yet. Never raises.

    A text whose payload was cut off is no text: half an answer could acknowledge the wrong thing. Where a header and
    sar_* both number the parts, the header counts: the phone wrote it.
    """
    octets = payload_of(message)
    if not octets and message.rest[:2] == Tag.MESSAGE_PAYLOAD.to_bytes(2, "big"):
        return Incoming(None, message.rest, notes=("undecodable: message_payload is cut off",))
    header, mistaken = Header(), ""
    if message.esm_class & UDH_INDICATOR and _has_no_header(octets, message.data_coding, default):
        mistaken = "no header in it"
    elif message.esm_class & UDH_INDICATOR:
        start = octets[0] + 1 if octets else 1
        if start > len(octets):
            return Incoming(None, octets, _read_sar(message.tlvs), notes=("undecodable: header longer than the text",))
        header, octets = read_header(octets[1:start]), octets[start:]
    concat = header.concat or _read_sar(message.tlvs)
    text, notes, message_class = _read_octets(octets, message.data_coding, default, header, part=concat is not None)
    notes += tuple(note for note in (header.note, mistaken) if note)
    if header.ports and text is not None:
        notes = (*notes, f"port {header.ports[0]}")
    data = octets if text is None else None
    return Incoming(text, data, concat, header.ports, message_class, notes)


def _read_octets(
    octets: bytes, coding: int, default: Default, header: Header, *, part: bool = False
) -> tuple[str | None, tuple[str, ...], int | None]:
    """Text (None when it is binary), notes and message class."""
    if coding >= _FIRST_GSM_CODING:
        scheme = read_dcs(coding)
        notes = (scheme.note,) if scheme.note else ()
        if scheme.compressed:
            return None, (*notes, _binary("compressed", header)), scheme.message_class
        if scheme.alphabet == "octets":
            words, (note,) = _written(octets, "binary", header)
            return words, (*notes, note), scheme.message_class
        text, mistaken = _ucs2(octets, part) if scheme.alphabet == "ucs2" else _gsm7(octets, header, part)
        return text, (*notes, *mistaken), scheme.message_class
    if coding == 0 and default == "gsm7":
        return *_gsm7(octets, header, part), None
    if coding == 8:
        return *_ucs2(octets, part), None
    if coding == 0 or coding in _TABLES:
        return *_table(octets, _TABLES.get(coding, default)), None
    return *_written(octets, "binary" if coding in _OCTETS else f"binary, data_coding 0x{coding:02X}", header), None


def _is_ucs2(coding: int) -> bool:
    return coding == 8 or (coding >= _FIRST_GSM_CODING and read_dcs(coding).alphabet == "ucs2")


def _has_no_header(octets: bytes, coding: int, default: Default) -> bool:
    """Whether one is announced where a text stands from its first octet on, every sign of which can be shown."""
    wide = _is_ucs2(coding)
    if begins_with_header(octets, wide=wide) or is_damaged_header(octets, wide=wide):
        return False
    text = _read_octets(octets, coding, default, Header())[0]
    return bool(text) and not any(sign == "\ufffd" or _is_control(sign) for sign in text or "")


def _is_control(sign: str) -> bool:
    return unicodedata.category(sign) == "Cc" and sign not in "\r\n\t"


def _written(octets: bytes, kind: str, header: Header) -> tuple[str | None, tuple[str]]:
    """Some phones, and bureaus for them, call a plain text 8-bit data."""
    words = "" if header.ports else words_in(octets)
    return (words, ("8-bit data",)) if words else (None, (_binary(kind, header),))


def _binary(kind: str, header: Header) -> str:
    return f"{kind} port {header.ports[0]}" if header.ports else kind


def _gsm7(octets: bytes, header: Header, part: bool) -> Read:
    if header == Header() and (words := words_of_eight_bits(octets)):
        return words, ("8-bit data",)
    if wide := width_of(octets):
        return _decoded(octets, wide)
    if part and not header.locking and not header.single:
        return _free_of_nul(gsm7_part(octets)), ()
    base, extension = LOCKING.get(header.locking, LOCKING[0]), SINGLE.get(header.single, SINGLE[0])
    return _free_of_nul(gsm7_text(octets, base=base, extension=extension)), ()


def _ucs2(octets: bytes, part: bool) -> Read:
    if octets.startswith(codecs.BOM_UTF16_LE):
        return _free_of_nul(octets.decode("utf-16-le", "replace").removeprefix("\ufeff").rstrip("\0")), ()
    if is_turned_round(octets):
        return _decoded(octets, "utf-16-le")
    if is_narrow(octets):
        return _decoded(octets, "ascii")
    return _free_of_nul(utf16_text(octets, part=part).removeprefix("\ufeff").rstrip("\0")), ()


def _table(octets: bytes, codec: str) -> Read:
    if wide := width_of(octets):
        return _decoded(octets, wide)
    return _free_of_nul(octets.decode(codec, "replace").rstrip("\0")), ()


def _decoded(octets: bytes, codec: str) -> Read:
    """Although something else was announced."""
    return _free_of_nul(octets.decode(codec, "replace").rstrip("\0")), (f"read as {codec}",)


def _free_of_nul(text: str) -> str:
    return text.replace("\0", "\ufffd")


def _read_sar(tlvs: Iterable[Tlv]) -> Concat | None:
    tlvs = tuple(tlvs)
    reference = number_of(tlvs, Tag.SAR_MSG_REF_NUM)
    total = number_of(tlvs, Tag.SAR_TOTAL_SEGMENTS)
    number = number_of(tlvs, Tag.SAR_SEGMENT_SEQNUM)
    if reference is None or total is None or number is None or not 1 <= number <= total <= PARTS_MAX:
        return None
    return Concat(reference & 0xFFFF, 16, total, number)
