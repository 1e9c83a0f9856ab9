"""How a handset cuts a text into parts (3GPP TS 23.040 9.2.3.24.1): 160/70 alone, 153/67 in parts."""

from __future__ import annotations

from collections.abc import Iterator

from hwsim import alphabet
from hwsim.tpdu import Concat, UserData, put_user_data


def _cut(text: str, limit: int, cost: dict[str, int], default: int) -> Iterator[str]:
    """Pieces of at most `limit` units, never cutting a character of two units in half."""
    piece: list[str] = []
    used = 0
    for char in text:
        units = cost.get(char, default)
        if used + units > limit:
            yield "".join(piece)
            piece, used = [], 0
        piece.append(char)
        used += units
    yield "".join(piece)


def parts_of(text: str, ref: int, *, flash: bool = False) -> list[UserData]:
    """User data of each part, in order; `ref` is the 8-bit concatenation reference, `flash` makes it class 0."""
    if alphabet.fits(text):
        cost = dict.fromkeys(alphabet.EXTENSION.values(), 2)
        alone, together, default = 160, 153, 1
    else:
        cost = {char: 2 for char in text if ord(char) > 0xFFFF}
        alone, together, default = 70, 67, 1
    dcs = (0 if alone == 160 else 8) | (0x10 if flash else 0)
    if sum(cost.get(char, default) for char in text) <= alone:
        return [put_user_data(text, None, dcs)]
    pieces = list(_cut(text, together, cost, default))
    if len(pieces) > 255:
        raise ValueError("a text of more than 255 parts")
    return [put_user_data(piece, Concat(ref & 255, len(pieces), number), dcs) for number, piece in enumerate(pieces, 1)]
