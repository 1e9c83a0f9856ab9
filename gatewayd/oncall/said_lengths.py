"""How long something lasts, in a text from a phone and in the words of its person. Pure.

    2h   90 min   for 3 hours   until 18:00   2 Std   bis 18 Uhr   2h30   jusqu'à 18h30   na 2 godz.   2小时   到18点

English holds for everybody. An instant is never guessed at: "in 20 min" is no length but an arrival, and an hour of the
day that may be of the morning or the evening ("bis 6") is not read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

from gatewayd.oncall import civil, said_times
from gatewayd.oncall.languages import ENGLISH, language_of
from gatewayd.oncall.reply_words import WITHIN

HOURS_SAID_MAX = 6  # "2h30" is a length, "18h30" a time of day
_END = r"(?![^\s.,;!。，；])"
_SIGNS = " ,.;!。，；"


@dataclass(frozen=True, slots=True)
class _Words:
    """ "|" between the entries. `lasting` stands before a length, `until` before an end, `at` before a place."""

    hours: str
    minutes: str
    lasting: str
    until: str
    at: str


_WORDS: Mapping[str, _Words] = {
    "en": _Words("h|hr|hrs|hour|hours", "m|min|mins|minute|minutes", "for", "until|till|til", "at|in|on|to|for"),
    "cy": _Words("awr|oriau", "mun|munud|munudau", "am", "hyd at|hyd|tan|nes", "yn|ym|yng|ar|at|i|am"),
    "de": _Words(
        "std|stunde|stunden", "minute|minuten", "für|fuer", "bis um|bis", "in|im|am|an|auf|bei|beim|zum|zur|für|bis",
    ),
    "fr": _Words(
        "heure|heures", "mn|minute|minutes", "pendant|pour|durant", "jusqu'à|jusqu’à|jusqu'a|jusqu’a|jusqua|jusque",
        "à|a|au|aux|en|sur|chez|dans|pour",
    ),
    "es": _Words("hora|horas", "minuto|minutos", "durante|por", "hasta las|hasta la|hasta", "en|a|al|por|hasta"),
    "pl": _Words(
        "godz|godzina|godzinę|godziny|godzin", "minut|minuta|minutę|minuty", "przez|na",
        "do godziny|do godz.|do godz|do", "w|we|na|przy|u|do",
    ),
    "zh": _Words("小时|小時|钟头|鐘頭", "分钟|分鐘|分", "持续|持續|预计|預計|有效", "到|至|直到", "在|于|於|去|到|至"),
}  # fmt: skip
_CLOCK = r"\d{1,2}(?::\d{2})? ?[ap]m|\d{1,2}:\d{2}|\d{1,2}(?:[:.]\d{2})? ?uhr|(?:[7-9]|1\d|2[0-4])h\d{2}"
_CLOCK_BEHIND_UNTIL = rf"{_CLOCK}|\d{{1,2}} ?h(?: ?\d{{2}})?|\d{{1,2}}\.\d{{2}}|1[3-9]|2[0-4]"
_HAN_CLOCK = r"(?:上午|早上|凌晨|中午|下午|晚上)?\d{1,2}[点點时時](?:半|\d{1,2}分?)?|\d{1,2}:\d{2}"
_HAN_NUMBERS = {sign: n for n, sign in enumerate("半一二三四五六七八九十")} | {"两": 2, "兩": 2}
_HAN_LENGTH = (
    rf"(?P<n>\d{{1,2}}|[{''.join(_HAN_NUMBERS)}])(?:个|個)?(?P<part>半)?"
    rf"(?:(?P<h>{_WORDS['zh'].hours})|(?P<m>{_WORDS['zh'].minutes}))(?!(?:以|之)?[后後内內])"
)


def taken_out(text: str, language: str, zone: ZoneInfo, now: int) -> tuple[int | None, str]:
    """The end that is said, by the clock of the zone; and the rest. None: nothing was said. Raises ValueError."""
    tongues = dict.fromkeys((language_of(language), ENGLISH))
    for tongue in tongues:
        if found := _until(tongue).search(text):
            return _read(found["clock"], tongue, zone, now), _without(text, found)
    for tongue in tongues:
        lengths = _length(tongue).finditer(text)
        if found := next((each for each in lengths if _is_length(each, text)), None):
            return now + _lasts(found), _without(text, found)
        if found := _clock(tongue).search(text):
            return _read(found["clock"], tongue, zone, now), _without(text, found)
    if any(_unread(tongue).search(text) for tongue in tongues):
        raise ValueError("is of the morning or the evening")
    return None, text


def at_the_end(text: str, language: str) -> tuple[int | None, str]:
    """ "mail is down for 3h" -> (three hours, "mail is down"); without a length at its end, the text as it is."""
    for tongue in dict.fromkeys((language_of(language), ENGLISH)):
        if found := _lasting(tongue).search(text):
            return _lasts(found), text[: found.start()].rstrip(_SIGNS)
    return None, text


def place(rest: str, language: str) -> str:
    """ "at Leeds DC," -> "Leeds DC"."""
    words = re.sub(f"[{_SIGNS}]", " ", rest).split()
    known = (_WORDS[language_of(language)], _WORDS[ENGLISH])
    before = {word for kept in known for word in kept.at.split("|")}
    behind = before | {word for kept in known for word in f"{kept.until}|{kept.lasting}".split("|")}
    while words and words[0].casefold() in before:
        words = words[1:]
    while words and words[-1].casefold() in behind:
        words = words[:-1]
    told = " ".join(words)
    if language_of(language) == "zh":  # which leaves no gap behind such a word
        told = re.sub(f"^(?:{_WORDS['zh'].at})|(?:{_WORDS['zh'].until})$", "", told)
    return told.strip()


def until_words(language: str) -> tuple[str, ...]:
    """What stands before an end, the longest first. `language`: of a table."""
    return tuple(sorted(_WORDS[language].until.split("|"), key=len, reverse=True))


def joins(word: str, language: str) -> bool:
    """Whether it may stand before a length, an end or a place: "for", "until", "at"."""
    known = (_WORDS[language_of(language)], _WORDS[ENGLISH])
    return word.casefold() in {each for kept in known for each in f"{kept.until}|{kept.lasting}|{kept.at}".split("|")}


def begins_with_one(rest: str) -> bool:
    """Of what stands behind `visit` in a run of Chinese signs: "两小时"."""
    return bool(_length("zh").match(rest))


def _is_length(found: re.Match[str], text: str) -> bool:
    """But not "in 20 min", nor "18h30"."""
    last = text[: found.start()].split()[-1:]
    timely = (found["part"] or "").isdecimal() and int(found["n"]) > HOURS_SAID_MAX
    return not timely and not (last and last[0].casefold() in WITHIN)


def _lasts(found: re.Match[str]) -> int:
    number, part = found["n"], found["part"] or ""
    amount = int(number) if number.isdecimal() else _HAN_NUMBERS[number]
    if found["m"]:
        return amount * civil.MINUTE
    more = 30 if "半" in (number, part) else int(re.sub(r"\D", "", part) or 0)
    return amount * civil.HOUR + more * civil.MINUTE


def _read(clock: str, language: str, zone: ZoneInfo, now: int) -> int:
    return said_times.read(re.sub(r"(?<=\d) ?h ?(?=\d)", "h", clock), language, zone, after=now)


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"


def _any(entries: str) -> str:
    """The longest first."""
    return "|".join(re.escape(entry) for entry in sorted(entries.split("|"), key=len, reverse=True))


@cache
def _until(language: str) -> re.Pattern[str]:
    words = _any(_WORDS[language].until)
    if language == "zh":
        return re.compile(rf"(?:{words}) ?(?P<clock>{_HAN_CLOCK})")
    clock = _CLOCK if language == ENGLISH else _CLOCK_BEHIND_UNTIL
    return re.compile(rf"(?<!\S)(?:{words}) ?(?P<clock>{clock}){_END}", re.IGNORECASE)


@cache
def _unread(language: str) -> re.Pattern[str]:
    """An hour behind "until" that may be of the morning or the evening."""
    return re.compile(rf"(?<!\S)(?:{_any(_WORDS[language].until)}) ?\d{{1,2}}{_END}", re.IGNORECASE)


@cache
def _clock(language: str) -> re.Pattern[str]:
    if language == "zh":
        return re.compile(rf"(?P<clock>{_HAN_CLOCK})")
    return re.compile(rf"(?<!\S)(?P<clock>{_CLOCK}){_END}", re.IGNORECASE)


@cache
def _length(language: str) -> re.Pattern[str]:
    if language == "zh":
        return re.compile(_HAN_LENGTH)
    return re.compile(rf"(?<!\S)(?:(?:{_any(_WORDS[language].lasting)}) )?{_amount(language)}", re.IGNORECASE)


@cache
def _lasting(language: str) -> re.Pattern[str]:
    words, behind = _any(_WORDS[language].lasting), f"[{_SIGNS}]*$"
    if language == "zh":
        return re.compile(rf"(?:{words}) ?{_HAN_LENGTH}{behind}")
    return re.compile(rf"(?<!\S)(?:{words}) {_amount(language)}{behind}", re.IGNORECASE)


def _amount(language: str) -> str:
    words, english = _WORDS[language], _WORDS[ENGLISH]
    hours, minutes = _any(f"{words.hours}|{english.hours}"), _any(f"{words.minutes}|{english.minutes}")
    part = rf"\d{{2}}| ?\d{{1,2}} ?(?:{minutes})"
    return rf"(?P<n>\d{{1,2}}) ?(?:(?P<h>{hours})\.?(?P<part>{part})?|(?P<m>{minutes})){_END}"
