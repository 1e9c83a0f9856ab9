"""A code that is not written in digits: "1O", "ten", "siebenundvierzig". Pure.

It is taken for a code only when the person has one like it; else the reply is asked back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from gatewayd.oncall.reply_text import HAN, fold
from gatewayd.oncall.reply_words import Phrase

SIGNS_MAX = 4
_LOOKS = re.compile(r"(?=.*\d)(?=.*[oil])[1-9il][0-9oil]{1,3}")
_DIGITS = str.maketrans("oil", "011")
_ENGLISH = (
    "one two three four five six seven eight nine",
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
    "twenty thirty forty fifty sixty seventy eighty ninety",
)
_GERMAN = (
    "ein zwei drei vier fünf sechs sieben acht neun",
    "zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn",
    "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
)
_SPANISH = (
    "uno dos tres cuatro cinco seis siete ocho nueve",
    "diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve",
    "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
)
_POLISH_TEENS = (
    "dziesięć jedenaście dwanaście trzynaście czternaście piętnaście szesnaście siedemnaście osiemnaście dziewiętnaście"
)
_POLISH = (
    "jeden dwa trzy cztery pięć sześć siedem osiem dziewięć",
    _POLISH_TEENS,
    "dwadzieścia trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt osiemdziesiąt dziewięćdziesiąt",
)
_FRENCH_TEENS = "dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf"
_FRENCH = f"un deux trois quatre cinq six sept huit neuf {_FRENCH_TEENS}"
_FRENCH_TENS = "vingt trente quarante cinquante soixante"
_WELSH = "un dau tri pedwar pump chwech saith wyth naw"
_WELSH_TENS = "deg|dau ddeg|tri deg|pedwar deg|pum deg|chwe deg|saith deg|wyth deg|naw deg"
_CHINESE = "一二三四五六七八九"


def looks_like(word: str) -> str:
    """The code that a folded word looks like, with O for 0 and l or I for 1; "" = none."""
    return word.translate(_DIGITS) if _LOOKS.fullmatch(word) else ""


@cache
def spoken() -> dict[Phrase, str]:
    """Folded words -> the code, 10 to 99, in all the languages."""
    return {tuple(words.replace("-", " ").split()): str(number) for number, words in _numbers()}


@cache
def phrases() -> frozenset[Phrase]:
    return frozenset(spoken())


@cache
def signs() -> frozenset[str]:
    """The Chinese ones, which are written without a gap before them."""
    return frozenset(phrase[0] for phrase in spoken() if HAN.fullmatch(phrase[0]))


def _numbers() -> Iterator[tuple[int, str]]:
    joined = (
        (_ENGLISH, "{ten} {one}"), (_GERMAN, "{one}und{ten}"), (_SPANISH, "{ten} y {one}"), (_POLISH, "{ten} {one}"),
    )  # fmt: skip
    for listed, form in joined:
        ones, teens, tens = map(fold, listed)
        yield from enumerate(teens.split(), 10)
        for ten, of_ten in enumerate(tens.split(), 2):
            yield 10 * ten, of_ten
            for one, of_one in enumerate(ones.split(), 1):
                yield 10 * ten + one, form.format(ten=of_ten, one=of_one)
    for one, of_one in enumerate(_SPANISH[0].split(), 1):
        yield 20 + one, "veinti" + of_one
    yield from _french()
    for ten, of_ten in enumerate(_WELSH_TENS.split("|"), 1):
        yield 10 * ten, of_ten
        for one, of_one in enumerate(_WELSH.split(), 1):
            yield 10 * ten + one, f"{'un ' if ten == 1 else ''}{of_ten} {of_one}"
    for ten in range(1, 10):
        head = ("" if ten == 1 else _CHINESE[ten - 1]) + "十"
        yield 10 * ten, head
        for one, sign in enumerate(_CHINESE, 1):
            yield 10 * ten + one, head + sign


def _french() -> Iterator[tuple[int, str]]:
    low = _FRENCH.split()
    yield from enumerate(low[9:], 10)
    for ten, of_ten in enumerate(_FRENCH_TENS.split(), 2):
        yield 10 * ten, of_ten
        for one, of_one in enumerate(low[: 19 if ten == 6 else 9], 1):
            yield 10 * ten + one, f"{of_ten}-{of_one}"
            yield 10 * ten + one, f"{of_ten} et {of_one}"
    yield 80, "quatre-vingts"
    yield 80, "quatre-vingt"
    for one, of_one in enumerate(low, 1):
        yield 80 + one, f"quatre-vingt-{of_one}"
