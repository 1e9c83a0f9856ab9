"""How a text is cut for a bureau, and in which letters each part goes. Pure.

All parts of one text go in the same letters: whoever joins them may not be able to read two alphabets.

What a bureau with Latin-1 or ASCII as its own alphabet makes of it is not known: some turn it into septets, so 160
are the limit, some put the octets on the air as they are, so 140 are. A text for them keeps to both.
"""

from __future__ import annotations

from typing import Literal

from gatewayd.channels.contract import Submission
from gatewayd.channels.smpp_settings import SmppSettings
from gatewayd.text import EXTENSION, Fit, TooLongError, fit, shortened
from gatewayd.wire.smpp_text import Letters, letters_for

PAYLOAD_CHARACTERS_MAX = 2_000
_PAYLOAD_SEGMENTS_MAX = 64
_HEADER: dict[Literal[8, 16], int] = {8: 6, 16: 7}  # octets
_OCTETS = 140
_ESCAPED = frozenset(EXTENSION.values())


def width(settings: SmppSettings) -> Literal[8, 16]:
    """Bits of the number that the parts of a text have in common."""
    return 8 if settings.long == "udh8" else 16


def cut(words: str, settings: SmppSettings) -> Fit:
    """The whole text, or as much of it as the bureau carries. TextError when it can carry none of it."""
    try:
        return _whole(words, settings)
    except TooLongError:
        return _whole(shortened(words, lambda some: _carries(some, settings)), settings)._replace(altered=True)


def _carries(words: str, settings: SmppSettings) -> bool:
    try:
        _whole(words, settings)
    except TooLongError:
        return False
    return True


def _whole(words: str, settings: SmppSettings) -> Fit:
    if settings.long == "payload":
        if len(words) > PAYLOAD_CHARACTERS_MAX:
            raise TooLongError(f"{len(words)} characters, {PAYLOAD_CHARACTERS_MAX} are possible")
        whole = fit(words, segments_max=_PAYLOAD_SEGMENTS_MAX)
        return Fit(whole.alphabet, ("".join(whole.segments),), whole.units, 0, whole.altered)
    whole = fit(words, segments_max=settings.segments_max, reference_bits=width(settings))
    plain = "".join(whole.segments)
    letters = letters_for(plain, settings.alphabet, latin1=settings.latin1 and len(plain) <= _OCTETS)
    if letters == "latin1":
        return Fit("ucs2", (plain,), len(plain), _OCTETS - len(plain), whole.altered)
    if whole.alphabet == "ucs2" or (letters == "gsm7" and settings.alphabet == "gsm7"):
        return whole
    header = _HEADER[width(settings)]
    pieces = _pieces(plain, letters, 0)
    if len(pieces) > 1:
        pieces = _pieces(plain, letters, header)
    if len(pieces) > settings.segments_max:
        raise TooLongError(f"needs {len(pieces)} segments, at most {settings.segments_max} are allowed")
    return Fit("gsm7" if letters == "gsm7" else "ucs2", pieces, len(plain), 0, whole.altered)


def _pieces(plain: str, letters: Letters, header: int) -> tuple[str, ...]:
    """Of a text whose signs are all in the GSM alphabet, so none is half of another."""
    septets_max, octets_max = (_OCTETS * 8 - header * 8) // 7, _OCTETS - header
    pieces, begun, septets, octets = [], 0, 0, 0
    for at, sign in enumerate(plain):
        wide, long = (2, 0) if letters == "ucs2" else (1, 2 if sign in _ESCAPED else 1)
        if septets + long > septets_max or octets + wide > octets_max:
            pieces.append(plain[begun:at])
            begun, septets, octets = at, 0, 0
        septets, octets = septets + long, octets + wide
    return (*pieces, plain[begun:])


def letters_of(submission: Submission, settings: SmppSettings) -> Letters:
    """What one part goes in; several only in what all of them were cut for."""
    if submission.parts > 1:
        return submission.alphabet
    return letters_for(submission.segment, settings.alphabet, latin1=settings.latin1)
