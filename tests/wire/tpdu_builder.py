"""Builds TPDUs as a service centre would, for the tests. Shares no code with gatewayd: bits are strings here, and
the alphabet is typed in by its rows from 3GPP TS 23.038."""

from __future__ import annotations

ROWS = [
    "@£$¥èéùìòÇ\nØø\rÅå",
    "Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ",
    " !\"#¤%&'()*+,-./",
    "0123456789:;<=>?",
    "¡ABCDEFGHIJKLMNO",
    "PQRSTUVWXYZÄÖÑÜ§",
    "¿abcdefghijklmno",
    "pqrstuvwxyzäöñüà",
]
CODES = {sign: 16 * row + column for row, signs in enumerate(ROWS) for column, sign in enumerate(signs)}
ESCAPED = {"\f": 10, "^": 20, "{": 40, "}": 41, "\\": 47, "[": 60, "~": 61, "]": 62, "|": 64, "€": 101}


def codes(text: str) -> list[int]:
    """The septets of a text."""
    found: list[int] = []
    for sign in text:
        found += [27, ESCAPED[sign]] if sign in ESCAPED else [CODES[sign]]
    return found


def packed(septets: list[int], fill: int = 0) -> bytes:
    """Septets from the low bit up; written from the right to the left, then cut into octets from the right."""
    bits = "".join(f"{septet:07b}" for septet in reversed(septets)) + "0" * fill
    bits = "0" * (-len(bits) % 8) + bits
    return bytes(int(bits[end - 8 : end], 2) for end in range(len(bits), 0, -8))


def address(number: str) -> bytes:
    """A number, or letters when it has any that no dialling pad has."""
    pad = "0123456789*#abc"
    digits = number.removeprefix("+")
    if any(sign not in pad for sign in digits):
        septets = codes(number)
        octets = packed(septets)
        return bytes([-(-len(septets) * 7 // 4), 0xD0]) + octets
    nibbles = [pad.index(sign) for sign in digits]
    padded = nibbles + [15] * (len(nibbles) % 2)
    pairs = bytes(padded[at] | padded[at + 1] << 4 for at in range(0, len(padded), 2))
    return bytes([len(nibbles), 0x91 if number.startswith("+") else 0x81]) + pairs


def service_centre(number: str) -> bytes:
    if not number:
        return b"\0"
    whole = address(number)
    return bytes([len(whole) - 1]) + whole[1:]


def stamp(year: int, month: int, day: int, hour: int, minute: int, second: int, quarters: int = 0) -> bytes:
    """TP-SCTS; `quarters` of an hour east of UTC."""
    swapped = [int(f"{value:02d}"[::-1], 16) for value in (year % 100, month, day, hour, minute, second)]
    zone = int(f"{abs(quarters):02d}"[::-1], 16)
    return bytes([*swapped, zone | (8 if quarters < 0 else 0)])


NOON = stamp(2026, 3, 29, 12, 0, 0)


def body7(text: str, udh: bytes = b"") -> tuple[int, bytes]:
    """Length and octets of a 7-bit body; `udh` without its length octet."""
    return body7_codes(codes(text), udh)


def body7_codes(septets: list[int], udh: bytes = b"") -> tuple[int, bytes]:
    header = bytes([len(udh)]) + udh if udh else b""
    fill = 0
    while (len(header) * 8 + fill) % 7:
        fill += 1
    return (len(header) * 8 + fill) // 7 + len(septets), header + packed(septets, fill)


def body8(data: bytes, udh: bytes = b"") -> tuple[int, bytes]:
    """Length and octets of an 8-bit or UCS-2 body."""
    whole = (bytes([len(udh)]) + udh if udh else b"") + data
    return len(whole), whole


def deliver(
    sender: str,
    body: tuple[int, bytes],
    *,
    udh: bool = False,
    pid: int = 0,
    dcs: int = 0,
    scts: bytes = NOON,
    smsc: str = "+447785016005",
    first: int = 0x04,
) -> str:
    """An SMS-DELIVER in hex, with its service centre."""
    tpdu = (
        bytes([first | (0x40 if udh else 0)]) + address(sender) + bytes([pid, dcs]) + scts + bytes([body[0]]) + body[1]
    )
    return (service_centre(smsc) + tpdu).hex().upper()


def status_report(
    reference: int,
    recipient: str,
    status: int,
    *,
    sent: bytes = NOON,
    done: bytes = NOON,
    smsc: str = "+447785016005",
    tail: bytes = b"",
) -> str:
    """An SMS-STATUS-REPORT in hex, with its service centre."""
    tpdu = bytes([0x06, reference]) + address(recipient) + sent + done + bytes([status]) + tail
    return (service_centre(smsc) + tpdu).hex().upper()
