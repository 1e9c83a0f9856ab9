"""The body of a TPDU: TP-UDL and TP-UD (3GPP TS 23.040 9.2.3.16 and 9.2.3.24)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gatewayd.text import Alphabet, gsm7_part, gsm7_septets, gsm7_text, utf16_text
from gatewayd.wire.dcs import Coding
from gatewayd.wire.octets import PduError, words_in
from gatewayd.wire.septets import pack, unpack
from gatewayd.wire.shift_tables import LOCKING, SINGLE
from gatewayd.wire.udh import Concat, Header, read_header

_SEPTETS_MAX = 160
_OCTETS_MAX = 140


@dataclass(frozen=True, slots=True)
class Body:
    """What a body says. Exactly one of `text` and `data` is there."""

    text: str | None  # free of lone surrogates and NUL, so any store takes it; of a part, see text.whole
    data: bytes | None  # binary, compressed or damaged
    concat: Concat | None = None
    ports: tuple[int, int] | None = None  # destination, originator
    notes: tuple[str, ...] = ()
    spare: int = 0  # octets behind its end, as TP-UDL tells that


def write_body(segment: str, alphabet: Alphabet, header: bytes) -> tuple[int, bytes]:
    """TP-UDL and TP-UD. PduError when the alphabet does not carry the segment or it is too long."""
    if alphabet == "gsm7":
        septets = gsm7_septets(segment)
        if septets is None:
            raise PduError("the segment is not in the GSM 7-bit alphabet")
        before, fill_bits = _header_septets(len(header))
        length = before + len(septets)
        if length > _SEPTETS_MAX:
            raise PduError(f"segment of {len(septets)} septets, there is room for {_SEPTETS_MAX - before}")
        return length, header + pack(septets, fill_bits)
    try:
        body = header + segment.encode("utf-16-be")
    except UnicodeEncodeError:
        raise PduError("the segment has half a surrogate pair") from None
    if len(body) > _OCTETS_MAX:
        raise PduError(f"segment of {len(segment)} characters: {len(body)} octets, there is room for {_OCTETS_MAX}")
    return len(body), body


def read_body(coding: Coding, length: int, octets: bytes, *, has_header: bool) -> Body:
    """Decode what follows TP-UDL; octets beyond it are ignored. Never raises.

    A body shorter than its length is no text: half an answer could acknowledge the wrong thing.
    """
    in_septets = coding.alphabet == "gsm7" and not coding.compressed
    wanted = (length * 7 + 7) // 8 if in_septets else length
    if len(octets) < wanted:
        return _undecodable(octets, f"body of {wanted} octets, {len(octets)} there")
    body = _read_whole(coding, length, octets[:wanted], has_header=has_header)
    return replace(body, spare=len(octets) - wanted) if len(octets) > wanted else body


def _read_whole(coding: Coding, length: int, octets: bytes, *, has_header: bool) -> Body:
    """A body that is as long as it tells."""
    in_septets = coding.alphabet == "gsm7" and not coding.compressed
    header, start = Header(), 0
    if has_header:
        start = octets[0] + 1 if octets else 1
        if start > len(octets):
            return _undecodable(octets, "header longer than the body")
        header = read_header(octets[1:start])
    notes = tuple(note for note in (coding.note, header.note) if note)
    port = f" port {header.ports[0]}" if header.ports else ""

    if coding.compressed or coding.alphabet == "octets":
        kind = "compressed" if coding.compressed else "binary"
        words = "" if coding.compressed or port else words_in(octets[start:])
        if words:
            return Body(words, None, header.concat, header.ports, (*notes, "8-bit data"))
        return Body(None, octets[start:], header.concat, header.ports, (*notes, kind + port))
    if port:
        notes = (*notes, port.strip())
    if in_septets:
        before, fill_bits = _header_septets(start)
        if before > length:
            return _undecodable(octets, "header longer than the body")
        septets = unpack(octets[start:], length - before, fill_bits)
        text, unknown = _national_text(septets, header)
        return Body(text, None, header.concat, header.ports, notes + unknown)
    text = utf16_text(octets[start:], part=header.concat is not None).rstrip("\0").replace("\0", "\ufffd")
    return Body(text, None, header.concat, header.ports, notes)


def _header_septets(octets: int) -> tuple[int, int]:
    """How many septets a header of that many octets takes, and the fill bits up to the next septet border."""
    return (octets * 8 + 6) // 7, -octets * 8 % 7


def _national_text(septets: bytes, header: Header) -> tuple[str, tuple[str, ...]]:
    """An unknown table is ignored (9.2.3.24.15), but said."""
    if header.concat is not None and not header.single and not header.locking:
        return gsm7_part(septets), ()
    unknown = {header.single} - SINGLE.keys() | {header.locking} - LOCKING.keys()
    text = gsm7_text(
        septets,
        base=LOCKING.get(header.locking, LOCKING[0]),
        extension=SINGLE.get(header.single, SINGLE[0]),
    )
    return text, tuple(f"national table {table} is not known" for table in sorted(unknown))


def _undecodable(octets: bytes, reason: str) -> Body:
    return Body(None, octets, notes=(f"undecodable: {reason}",))
