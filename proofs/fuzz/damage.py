"""What lines, buffers and bad programs do to octets. All chance is the `dice` of the caller, so a case plays again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

OCTETS_MAX = 4096
_EDGES = (0x00, 0x01, 0x02, 0x03, 0x08, 0x0A, 0x0D, 0x1A, 0x1B, 0x20, 0x3E, 0x7F, 0x80, 0x91, 0xD0, 0xF6, 0xFE, 0xFF)


def _flip(octets: bytearray, dice: Random) -> None:
    for _ in range(dice.choice((1, 1, 1, 2, 4, 8))):
        octets[dice.randrange(len(octets))] ^= 1 << dice.randrange(8)


def _cut_end(octets: bytearray, dice: Random) -> None:
    del octets[dice.randrange(len(octets)) :]


def _cut_start(octets: bytearray, dice: Random) -> None:
    del octets[: dice.randrange(len(octets))]


def _lose(octets: bytearray, dice: Random) -> None:
    at = dice.randrange(len(octets))
    del octets[at : at + dice.choice((1, 1, 2, 5))]


def _repeat(octets: bytearray, dice: Random) -> None:
    at = dice.randrange(len(octets))
    piece = octets[at : at + dice.choice((1, 2, 8, 40))]
    octets[at:at] = piece * dice.choice((1, 1, 2, 20))


def _insert(octets: bytearray, dice: Random) -> None:
    at = dice.randrange(len(octets) + 1)
    octets[at:at] = dice.randbytes(dice.choice((1, 1, 2, 4, 16)))


def _edge(octets: bytearray, dice: Random) -> None:
    octets[dice.randrange(len(octets))] = dice.choice(_EDGES)


def _length(octets: bytearray, dice: Random) -> None:
    """A field of one, two or four octets says more, or less, than there is."""
    size = dice.choice((1, 2, 2, 4))
    at = dice.randrange(max(1, len(octets) - size + 1))
    value = int.from_bytes(octets[at : at + size], "big")
    value = dice.choice((value + 1, value - 1, value * 2, value // 2, 0, len(octets), len(octets) + 1, 1 << 31, -1))
    octets[at : at + size] = (value % (1 << 8 * size)).to_bytes(size, "big")


def _exchange(octets: bytearray, dice: Random) -> None:
    one, two = dice.randrange(len(octets)), dice.randrange(len(octets))
    octets[one], octets[two] = octets[two], octets[one]


_WAYS: tuple[Callable[[bytearray, Random], None], ...] = (
    _flip, _flip, _cut_end, _cut_start, _lose, _repeat, _insert, _edge, _length, _length, _exchange,
)  # fmt: skip


def damaged(good: bytes, dice: Random, others: Sequence[bytes] = ()) -> bytes:
    """The sample with one to three damages; now and then spliced with another one, or nothing but noise."""
    kind = dice.randrange(20)
    if kind == 0:
        return dice.randbytes(dice.randrange(64))
    octets = bytearray(good)
    if kind <= 2 and others:
        octets[dice.randrange(len(octets) + 1) :] = (other := dice.choice(others))[dice.randrange(len(other) + 1) :]
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        if octets:
            dice.choice(_WAYS)(octets, dice)
    return bytes(octets[:OCTETS_MAX])


def portions(octets: bytes, dice: Random) -> list[bytes]:
    """As a port hands them over: at once, octet by octet, or in pieces."""
    size = dice.choice((len(octets) or 1, 1, 2, 7, 30)) if len(octets) < 600 else 100
    return [octets[at : at + size] for at in range(0, len(octets), size)]
