"""7E1 in software, for ends that only carry eight bits: a pty, a TCP port server, many a USB adapter.

TAP wants seven data bits and even parity (section 2.0). On an 8N1 line the eighth bit is where the parity goes.
"""

from __future__ import annotations

_EVEN = bytes(code | (code.bit_count() & 1) << 7 for code in range(0x80)) * 2
_BARE = bytes(range(0x80)) * 2


def with_even_parity(data: bytes) -> bytes:
    """Each octet with its eighth bit set so that the number of ones is even; a former eighth bit is ignored."""
    return data.translate(_EVEN)


def without_parity(data: bytes) -> bytes:
    """The seven bits of each octet."""
    return data.translate(_BARE)
