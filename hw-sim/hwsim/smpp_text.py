"""What a submission says: its octets read by data_coding, and the part of a longer message that it is (UDH or sar).

SMPP 3.4 5.2.19 (data_coding), 5.2.12 (UDHI), 5.3.2.22 to .24 (sar_*), 5.3.2.32 (message_payload); GSM 7 bit unpacked,
a septet to an octet. Mistakes that a real centre would pass on are `flaws`: they go to the ledger.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field

from hwsim import alphabet
from hwsim.fields import Malformed
from hwsim.smpp_bodies import Submission
from hwsim.smpp_pdu import Status, Tag, Tlv, Violation
from hwsim.tpdu import Concat, header_concat

GSM7, ASCII, LATIN1, UCS2, OCTETS = "gsm7", "ascii", "latin1", "ucs2", "octets"
CODINGS = {0: GSM7, 1: ASCII, 2: OCTETS, 3: LATIN1, 4: OCTETS, 8: UCS2}
UDHI = 0x40
SAR = (Tag.SAR_MSG_REF_NUM, Tag.SAR_TOTAL_SEGMENTS, Tag.SAR_SEGMENT_SEQNUM)
SEPTETS_MAX, OCTETS_MAX = 160, 140


@dataclass(slots=True)
class Content:
    """A submission's text and place in a longer one."""

    text: str
    coding: str
    concat: Concat | None = None
    flaws: list[str] = field(default_factory=list)


def content_of(submission: Submission, default_alphabet: str, *, long_alone: bool) -> Content:
    """Reads it; raises Violation. `long_alone` lets a short_message exceed what one SMS holds."""
    payload = submission.parameter(Tag.MESSAGE_PAYLOAD)
    octets = submission.message if payload is None else payload
    coding = coding_of(submission.data_coding, default_alphabet)
    header, body = _split(submission.esm_class, octets)
    concat = _concat(header, submission)
    if payload is None and not long_alone:
        _check_size(coding, len(header), len(body))
    content = Content("", coding, concat)
    content.text = text_of(coding, body, content.flaws)
    return content


def coding_of(data_coding: int, default_alphabet: str) -> str:
    """The alphabet that a data_coding names; raises Violation for one that nobody here can read."""
    if data_coding == 0:
        return default_alphabet
    if data_coding in CODINGS:
        return CODINGS[data_coding]
    if data_coding & 0xF0 == 0xF0 and not data_coding & 0x08:  # GSM message class control
        return OCTETS if data_coding & 0x04 else GSM7
    raise Violation(Status.RSUBMITFAIL, f"data_coding 0x{data_coding:02X} is not supported")


def _split(esm_class: int, octets: bytes) -> tuple[bytes, bytes]:
    if not esm_class & UDHI:
        return b"", octets
    if not octets or 1 + octets[0] > len(octets):
        raise Violation(Status.RINVESMCLASS, "UDHI without a whole user data header")
    start = 1 + octets[0]
    return octets[:start], octets[start:]


def _concat(header: bytes, submission: Submission) -> Concat | None:
    by_header: Concat | None = None
    if header:
        try:
            by_header = header_concat(header[1:])
        except Malformed as wrong:
            raise Violation(Status.RINVESMCLASS, str(wrong)) from None
    values = [submission.parameter(tag) for tag in SAR]
    ref, total, seq = values
    if ref is None or total is None or seq is None:
        if any(value is not None for value in values):
            raise Violation(Status.RMISSINGOPTPARAM, "sar_* parameters are three or none")
        return by_header
    if by_header:
        raise Violation(Status.ROPTPARNOTALLWD, "sar_* parameters beside a concatenation header")
    if not 1 <= seq[0] <= total[0]:
        raise Violation(Status.RINVOPTPARAMVAL, f"segment {seq[0]} of {total[0]}")
    return Concat(int.from_bytes(ref, "big"), total[0], seq[0], 16)


def _check_size(coding: str, header: int, body: int) -> None:
    """What fits into one SMS: 160 septets or 140 octets, with the header (3GPP TS 23.040 9.2.3.24)."""
    septets = (header * 8 + 6) // 7 + body
    if (septets > SEPTETS_MAX) if coding == GSM7 else (header + body > OCTETS_MAX):
        raise Violation(
            Status.RINVMSGLEN, f"{body} octets of {coding} after {header} of header do not fit into one SMS"
        )


def text_of(coding: str, octets: bytes, flaws: list[str]) -> str:
    """The characters; what a reader would see wrong is added to the flaws."""
    if coding == GSM7:
        if any(octet > 0x7F for octet in octets):
            raise Violation(Status.RSUBMITFAIL, "an octet above 0x7F in the GSM alphabet")
        if octets.endswith(bytes([alphabet.ESCAPE])):
            flaws.append("an escape pair is cut in half")
        return alphabet.text_of(octets)
    if coding == UCS2:
        if len(octets) % 2:
            raise Violation(Status.RINVMSGLEN, "UCS2 of an odd number of octets")
        try:
            return octets.decode("utf-16-be")
        except UnicodeDecodeError:
            flaws.append("a surrogate pair is cut in half")
            return octets.decode("utf-16-be", "replace")
    if coding == ASCII and not octets.isascii():
        raise Violation(Status.RSUBMITFAIL, "an octet above 0x7F in ASCII")
    return octets.decode("latin-1")


@dataclass(frozen=True, slots=True)
class Part:
    """One deliver_sm or data_sm of a message for an ESME."""

    message: bytes
    data_coding: int
    esm_class: int = 0
    tlvs: tuple[Tlv, ...] = ()


def _written(text: str, default_alphabet: str) -> tuple[int, list[bytes]]:
    """The data_coding that a centre with this default gives a text, and each character's octets in it."""
    if default_alphabet == GSM7 and alphabet.fits(text):
        return 0, [alphabet.septets_of(char) for char in text]
    if default_alphabet != GSM7:
        name = "latin-1" if default_alphabet == LATIN1 else "ascii"
        with suppress(UnicodeEncodeError):
            return 0, [char.encode(name) for char in text]
    return 8, [char.encode("utf-16-be", "replace") for char in text]


def parts_for(text: str, ref: int, how: str, default_alphabet: str = GSM7) -> list[Part]:
    """A message for an ESME in as many parts as it needs, joined by `how`: udh8, udh16, sar or payload. Data_coding 0
    is the centre's own alphabet."""
    coding, units = _written(text, default_alphabet)
    septets = default_alphabet == GSM7 and coding == 0
    whole = b"".join(units)
    if len(whole) <= (SEPTETS_MAX if septets else OCTETS_MAX):
        return [Part(whole, coding)]
    if how == "payload":
        return [Part(b"", coding, 0, ((Tag.MESSAGE_PAYLOAD, whole),))]
    room = (152 if how == "udh16" else 153) if septets else (132 if how == "udh16" else 134)
    pieces = [b""]
    for unit in units:
        if len(pieces[-1]) + len(unit) > room:
            pieces.append(b"")
        pieces[-1] += unit
    total = len(pieces)
    if total > 255:
        raise ValueError("a text of more than 255 parts")
    if how == "sar":
        fixed = ((Tag.SAR_MSG_REF_NUM, (ref & 0xFFFF).to_bytes(2, "big")), (Tag.SAR_TOTAL_SEGMENTS, bytes([total])))
        return [
            Part(piece, coding, 0, (*fixed, (Tag.SAR_SEGMENT_SEQNUM, bytes([seq]))))
            for seq, piece in enumerate(pieces, 1)
        ]
    bits = 16 if how == "udh16" else 8
    ref &= 0xFFFF if bits == 16 else 0xFF
    return [Part(_header(Concat(ref, total, seq, bits)) + piece, coding, UDHI) for seq, piece in enumerate(pieces, 1)]


def _header(concat: Concat) -> bytes:
    element = concat.element()
    return bytes([len(element)]) + element


def part_of(text: str, concat: Concat | None) -> Part:
    """One part as it came from the radio network, with its header as it was, in GSM's alphabet or UCS2."""
    plain = alphabet.fits(text)
    octets = alphabet.septets_of(text) if plain else text.encode("utf-16-be", "replace")
    header = _header(concat) if concat else b""
    return Part(header + octets, 0 if plain else 8, UDHI if concat else 0)
