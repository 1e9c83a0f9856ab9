"""GSM 7 bit default alphabet with its extension table, and the packing of septets (3GPP TS 23.038 6.1.2, 6.2.1)."""

from __future__ import annotations

ESCAPE = 0x1B

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}

_SEPTETS: dict[str, bytes] = {char: bytes([code]) for code, char in enumerate(BASIC) if code != ESCAPE}
_SEPTETS.update({char: bytes([ESCAPE, code]) for code, char in EXTENSION.items()})
_PLAIN = {code: char for code, char in enumerate(BASIC) if code != ESCAPE}


class NotInAlphabet(ValueError):
    """The text has a character that GSM 7 bit cannot carry."""


def septets_of(text: str) -> bytes:
    """One byte per septet; raises NotInAlphabet."""
    try:
        return b"".join([_SEPTETS[char] for char in text])
    except KeyError as missing:
        raise NotInAlphabet(f"not in the GSM 7 bit alphabet: {missing.args[0]!r}") from None


def fits(text: str) -> bool:
    """True if GSM 7 bit can carry the text."""
    return all(char in _SEPTETS for char in text)


def text_of(septets: bytes) -> str:
    """The characters of septets. An escape before an undefined code shows the basic character, a last escape a
    space (23.038 6.2.1.1 note 1)."""
    if ESCAPE not in septets:
        return septets.decode("latin-1").translate(_PLAIN)
    shown: list[str] = []
    escaped = False
    for code in septets:
        if escaped:
            shown.append(EXTENSION.get(code) or (" " if code == ESCAPE else BASIC[code]))
            escaped = False
        elif code == ESCAPE:
            escaped = True
        else:
            shown.append(BASIC[code])
    if escaped:
        shown.append(" ")
    return "".join(shown)


def pack(septets: bytes, fill_bits: int = 0) -> bytes:
    """Septets packed into octets, `fill_bits` zero bits first (after a user data header)."""
    total = 0
    for code in reversed(septets):
        total = (total << 7) | code
    bits = len(septets) * 7 + fill_bits
    return (total << fill_bits).to_bytes((bits + 7) // 8, "little")


def unpack(octets: bytes, count: int, fill_bits: int = 0) -> bytes:
    """The first `count` septets of the octets; the caller has checked that there are enough."""
    if fill_bits:
        octets = (int.from_bytes(octets, "little") >> fill_bits).to_bytes(len(octets), "little")
    septets = bytearray()
    for start in range(0, len(octets), 7):
        group = int.from_bytes(octets[start : start + 7], "little")
        septets += bytes(
            (
                group & 127,
                group >> 7 & 127,
                group >> 14 & 127,
                group >> 21 & 127,
                group >> 28 & 127,
                group >> 35 & 127,
                group >> 42 & 127,
                group >> 49,
            )
        )
    return bytes(septets[:count])
