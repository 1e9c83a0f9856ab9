"""National language shift tables (3GPP TS 23.038 A.2, A.3): Turkish 1, Spanish 2, Portuguese 3."""

from __future__ import annotations

from dataclasses import dataclass

from hwsim.alphabet import BASIC, ESCAPE, EXTENSION

SINGLE_SHIFT, LOCKING_SHIFT = 0x24, 0x25  # information elements (23.040 9.2.3.24.15, .16)
LANGUAGES = {"turkish": 1, "spanish": 2, "portuguese": 3}

_PORTUGUESE_LOCKING = (
    "@£$¥êéúíóç\nÔô\rÁáΔ_ªÇÀ∞^\\€Ó|\x1bÂâÊÉ"
    " !\"#º%&'()*+,-./0123456789:;<=>?"
    "ÍABCDEFGHIJKLMNOPQRSTUVWXYZÃÕÚÜ§"
    "~abcdefghijklmnopqrstuvwxyzãõ`üà"
)


def _changed(table: str, changes: dict[int, str]) -> str:
    return "".join([changes.get(code, char) for code, char in enumerate(table)])


_TURKISH = {0x04: "€", 0x07: "ı", 0x0B: "Ğ", 0x0C: "ğ", 0x1C: "Ş", 0x1D: "ş", 0x40: "İ", 0x60: "ç"}
LOCKING = {0: BASIC, 1: _changed(BASIC, _TURKISH), 2: BASIC, 3: _PORTUGUESE_LOCKING}
_VOWELS = {0x49: "Í", 0x4F: "Ó", 0x55: "Ú", 0x69: "í", 0x6F: "ó", 0x75: "ú"}
SINGLE: dict[int, dict[int, str]] = {
    0: EXTENSION,
    1: EXTENSION | {0x47: "Ğ", 0x49: "İ", 0x53: "Ş", 0x63: "ç", 0x67: "ğ", 0x69: "ı", 0x73: "ş"},
    2: EXTENSION | _VOWELS | {0x09: "ç", 0x41: "Á", 0x61: "á"},
    3: EXTENSION
    | _VOWELS
    | {0x05: "ê", 0x09: "ç", 0x0B: "Ô", 0x0C: "ô", 0x0E: "Á", 0x0F: "á", 0x12: "Φ", 0x13: "Γ", 0x15: "Ω", 0x16: "Π"}
    | {0x17: "Ψ", 0x18: "Σ", 0x19: "Θ", 0x1F: "Ê", 0x41: "À", 0x5B: "Ã", 0x5C: "Õ", 0x61: "Â", 0x7B: "ã", 0x7C: "õ"}
    | {0x7F: "â"},
}


@dataclass(frozen=True, slots=True)
class Tables:
    """Which tables a text is written with; 0 is GSM's own."""

    single: int = 0
    locking: int = 0

    def text_of(self, septets: bytes) -> str:
        """The characters, as `alphabet.text_of` reads them."""
        table, extension = LOCKING[self.locking], SINGLE[self.single]
        shown: list[str] = []
        escaped = False
        for code in septets:
            if escaped:
                shown.append(extension.get(code) or (" " if code == ESCAPE else table[code]))
                escaped = False
            elif code == ESCAPE:
                escaped = True
            else:
                shown.append(table[code])
        return "".join(shown) + (" " if escaped else "")

    def septets_of(self, text: str) -> bytes:
        """One byte per septet; raises ValueError for a character that the tables do not have."""
        plain = {char: bytes([code]) for code, char in enumerate(LOCKING[self.locking]) if code != ESCAPE}
        shifted = {char: bytes([ESCAPE, code]) for code, char in SINGLE[self.single].items()}
        try:
            return b"".join([plain.get(char) or shifted[char] for char in text])
        except KeyError as missing:
            raise ValueError(f"not in these tables: {missing.args[0]!r}") from None

    def header(self) -> bytes:
        """The information elements that name them."""
        single = bytes([SINGLE_SHIFT, 1, self.single]) if self.single else b""
        return single + (bytes([LOCKING_SHIFT, 1, self.locking]) if self.locking else b"")


def tables_of(header: bytes) -> Tables:
    """The tables that a user data header names; its elements have been checked. Unknown languages are GSM's own."""
    found = {SINGLE_SHIFT: 0, LOCKING_SHIFT: 0}
    at = 0
    while at + 2 < len(header):
        if header[at] in found and header[at + 1] == 1 and header[at + 2] in LOCKING:
            found[header[at]] = header[at + 2]
        at += 2 + header[at + 1]
    return Tables(found[SINGLE_SHIFT], found[LOCKING_SHIFT])
