"""A TAP block: its checksum, its fields, and the transparency of control characters (TAP 1.8 steps 8, 5.0)."""

from __future__ import annotations

from dataclasses import dataclass, field

STX, ETX, EOT, ACK, LF, CR, NAK, ETB, SUB, ESC, RS, US = (
    0x02, 0x03, 0x04, 0x06, 0x0A, 0x0D, 0x15, 0x17, 0x1A, 0x1B, 0x1E, 0x1F
)  # fmt: skip
XON, XOFF = 0x11, 0x13
ENDS = frozenset({ETX, ETB, US})
BLOCK_OCTETS_MAX, INFO_OCTETS_MAX = 256, 250
CHECKSUM_OCTETS = 3


def checksum(octets: bytes) -> bytes:
    """The three characters for everything from STX to the terminator: 12 bits of the sum of the 7-bit values."""
    total = sum(octet & 0x7F for octet in octets) & 0xFFF
    return bytes([0x30 + (total >> shift & 0xF) for shift in (8, 4, 0)])


class BadBlock(ValueError):
    """The checksum may be right and the block is not: the sentence says which rule is broken."""


@dataclass(slots=True)
class Transaction:
    """What the blocks of one transaction have brought so far. `open` is the part of a field that goes on."""

    fields: list[bytes] = field(default_factory=list)
    open: bytes | None = None
    blocks: int = 0


def whole_block(stream: bytes) -> int | None:
    """How many octets at the beginning are one block, checksum and CR with it; None until it is whole. The stream
    begins with STX."""
    for at in range(1, len(stream)):
        if stream[at] in ENDS:
            size = at + 1 + CHECKSUM_OCTETS + 1
            return size if len(stream) >= size else None
    return None


def right_checksum(block: bytes) -> bool:
    """The three characters before the last CR fit."""
    return checksum(block[: -CHECKSUM_OCTETS - 1]) == block[-CHECKSUM_OCTETS - 1 : -1]


def add_block(transaction: Transaction, block: bytes, *, strict: bool = True) -> bool:
    """Takes a block's fields; True if the transaction ends with it. Raises BadBlock; `strict` sees to its size."""
    if block[-1] != CR:
        raise BadBlock("no CR after the checksum")
    end, info = block[-CHECKSUM_OCTETS - 2], block[1 : -CHECKSUM_OCTETS - 2]
    if strict and (len(block) > BLOCK_OCTETS_MAX or len(info) > INFO_OCTETS_MAX):
        raise BadBlock(f"a block of {len(block)} octets with {len(info)} of information")
    transaction.blocks += 1
    pieces = _split(info)
    last = pieces.pop()  # behind the last CR
    if transaction.open is not None:
        if pieces:
            pieces[0] = transaction.open + pieces[0]
        else:
            last = transaction.open + last
        transaction.open = None
    transaction.fields += pieces
    if end == US:
        if last.endswith(bytes([SUB])):
            raise BadBlock("a SUB pair is cut in half by US")
        transaction.open = last
        return False
    if last:
        raise BadBlock("a field without CR at the end of the block")
    return end == ETX


def _split(info: bytes) -> list[bytes]:
    """The pieces between the CRs; a control character that stands for itself is a mistake."""
    for at, octet in enumerate(info):
        if octet in {CR, SUB} or octet >= 0x20:
            continue
        raise BadBlock(f"control character 0x{octet:02X} at octet {at + 1} without SUB")
    return info.split(bytes([CR]))


def plain(text: bytes, *, transparent: bool) -> str:
    """A field's characters; SUB and the character after it stand for a control character (since TAP 1.6)."""
    if not transparent:
        return text.decode("ascii", "replace")
    shown = bytearray()
    escaped = False
    for octet in text:
        if escaped and not 0x40 <= octet < 0x60:
            raise BadBlock(f"SUB and 0x{octet:02X}, which stands for no control character")
        if escaped:
            shown.append(octet - 0x40)
            escaped = False
        elif octet == SUB:
            escaped = True
        else:
            shown.append(octet)
    if escaped:
        raise BadBlock("SUB at the end of a field")
    return shown.decode("ascii", "replace")
