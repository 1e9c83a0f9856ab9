"""Names like one that is not there: what "did you mean" offers. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

NEAR_MAX = 3
NEAR_FROM = 0.6  # how alike a slip of the finger is
CHARACTERS_MAX = 100  # of a word that is looked at: somebody's script may have put a book in the wrong place


def near(word: str, known: Iterable[str], *, most: int = NEAR_MAX) -> list[str]:
    """Those of the known names that may have been meant, the likeliest first; capitals do not count."""
    names = {name.casefold(): name for name in known}
    return [
        names[name] for name in get_close_matches(word[:CHARACTERS_MAX].casefold(), names, n=most, cutoff=NEAR_FROM)
    ]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """ "; did you mean 'x'?" when one of the known names is close to `word`, or nothing."""
    close = near(word, known, most=1)
    return f"; did you mean '{close[0]}'?" if close else ""
