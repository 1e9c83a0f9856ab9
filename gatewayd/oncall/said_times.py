"""Times in a text from a phone, in the words of its person; and how we write them back. Pure.

    18:00   8h30   8.30 uhr   5pm   tomorrow 8:00   mañana a las 8   bis mo 8 Uhr   24 dec 9:00   24.12. 9:00   +8h
    明天8点   周五18:30   12月24日9点

The day stands before the month, as most of the world writes it. The words become one of the forms of `times`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from zoneinfo import ZoneInfo

from gatewayd.oncall import civil, times
from gatewayd.oncall.civil import DAY_NAMES, MONTH_NAMES
from gatewayd.oncall.languages import ENGLISH, language_of

CHARACTERS_MAX = 60
EVENING_FROM = 5  # "tonight 5" is 17:00
_TONIGHT = frozenset({"tonight", "heno", "今晚"})


class Over(ValueError):
    """It can be read, and is now or past."""


@dataclass(frozen=True, slots=True)
class _Words:
    """Days from Monday on and months from January on, "|" between ways to write one; the first is how we write it."""

    days: str
    months: str
    today: str
    tomorrow: str
    filler: str  # left out


_WORDS: Mapping[str, _Words] = {
    "en": _Words(
        "Mon|monday Tue|tues|tuesday Wed|weds|wednesday Thu|thur|thurs|thursday Fri|friday Sat|saturday Sun|sunday",
        "Jan|january Feb|february Mar|march Apr|april May|may Jun|june Jul|july Aug|august Sep|sept|september"
        " Oct|october Nov|november Dec|december",
        "today tonight",
        "tomorrow tmrw tmw",
        "until till til to by at on the next this of",
    ),
    "cy": _Words(
        "Llun|llu Maw|mawrth Mer|mercher Iau|iau Gwe|gwener Sad|sadwrn Sul|sul",
        "Ion|ionawr Chw|chwe|chwefror Maw|mawrth Ebr|ebrill Mai|mai Meh|mehefin Gor|gorff|gorffennaf Aws|awst"
        " Medi|med Hyd|hydref Tach|tachwedd Rhag|rhagfyr",
        "heddiw heno",
        "yfory fory",
        "hyd tan nes at am dydd ddydd y yr ar",
    ),
    "de": _Words(
        "Mo|mon|montag Di|die|dienstag Mi|mit|mittwoch Do|don|donnerstag Fr|fre|freitag Sa|sam|samstag|sonnabend"
        " So|son|sonntag",
        "Jan|januar|janner Feb|februar Mrz|mar|marz|maerz Apr|april Mai|mai Jun|juni Jul|juli Aug|august"
        " Sep|sept|september Okt|oktober Nov|november Dez|dezember",
        "heute",
        "morgen",
        "bis um am zum den dem der uhr",
    ),
    "fr": _Words(
        "lun|lundi mar|mardi mer|mercredi jeu|jeudi ven|vendredi sam|samedi dim|dimanche",
        "janv|jan|janvier fev|fevr|fevrier mars|mar avr|avril mai|mai juin|jun juil|jul|juillet aout|aou"
        " sept|sep|septembre oct|octobre nov|novembre dec|decembre",
        "aujourdhui",
        "demain",
        "jusqua jusquau jusque a au le la de",
    ),
    "es": _Words(
        "lun|lunes mar|martes mie|mier|miercoles jue|jueves vie|viernes sab|sabado dom|domingo",
        "ene|enero feb|febrero mar|marzo abr|abril may|mayo jun|junio jul|julio ago|agosto"
        " sep|sept|septiembre|setiembre oct|octubre nov|noviembre dic|diciembre",
        "hoy",
        "manana",
        "hasta el la las los a al de del horas",
    ),
    "pl": _Words(
        "pon|poniedzialek|pn|poniedzialku wt|wto|wtorek|wtorku sr|sro|sroda|srody|srode czw|czwartek|czwartku"
        " pt|pia|piatek|piatku sob|sobota|soboty|sobote niedz|nd|nie|niedziela|niedzieli|niedziele",
        "sty|styczen|stycznia lut|luty|lutego mar|marzec|marca kwi|kwiecien|kwietnia maj|maj|maja cze|czerwiec|czerwca"
        " lip|lipiec|lipca sie|sierpien|sierpnia wrz|wrzesien|wrzesnia paz|pazdziernik|pazdziernika"
        " lis|listopad|listopada gru|grudzien|grudnia",
        "dzis dzisiaj",
        "jutro jutra",
        "do az w we o na godz godziny",
    ),
    "zh": _Words(
        "周一|星期一|週一|礼拜一 周二|星期二|週二|礼拜二 周三|星期三|週三|礼拜三 周四|星期四|週四|礼拜四"
        " 周五|星期五|週五|礼拜五 周六|星期六|週六|礼拜六 周日|星期日|週日|星期天|周天|礼拜天",
        "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月",
        "今天 今日 今晚",
        "明天 明日",
        "到 至 直到",
    ),
}
_PLACES = {
    "day_month": re.compile(r"(\d{1,2})[./](\d{1,2})(?:[./](\d{4}|\d{2}))?\.?(?=\s|$)"),
    "day_word": re.compile(r"(\d{1,2})(?:\.|st|nd|rd|th|er)?\s?([a-z]+)\.?(?:\s(\d{4}))?(?=\s|$)"),
    "word_day": re.compile(r"([a-z]+)\.?\s(\d{1,2})(?:st|nd|rd|th)?(?:,?\s(\d{4}))?(?=\s|$)"),
}
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2})|\s?h)?\s?(am|pm|uhr|h|hrs)?")
_LETTERS = str.maketrans({"ł": "l", "ß": "ss", "：": ":", "、": " ", ",": " "})
_CHINESE_DATE = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})[日号號]?")
_CHINESE_CLOCK = re.compile(r"(上午|早上|凌晨|中午|下午|晚上)?(\d{1,2})[点點时時](?:(半)|(\d{1,2})分?)?")


def read(text: str, language: str, zone: ZoneInfo, *, after: int, ends: bool = True) -> int:
    """The end of something, or its begin, on the clock of the zone. Raises ValueError for what cannot be read without
    a doubt, and Over for what is not to come.

    A day alone ends at its midnight, and begins with it: "today" may have begun before `after`.
    """
    if len(text) > CHARACTERS_MAX:
        raise ValueError("is too long for a time")
    said = _folded(text)
    if language_of(language) == "zh":
        said = _from_chinese(said)
    for tongue in dict.fromkeys((language_of(language), ENGLISH)):
        try:
            return _read(said, tongue, zone, after, ends=ends)
        except Over:
            raise
        except ValueError as error:
            fault = error
    raise fault


def shown(zone: ZoneInfo, at: int, language: str) -> str:
    """ "Fri 27 Nov 18:00" as the language writes it, in signs that a text has room for."""
    return retold(civil.shown(zone, at), language)


def retold(shown: str, language: str) -> str:
    """A time as `civil.shown` writes it, as the language does."""
    weekday, number, named, rest = shown.split(" ", 3)  # the last with what a doubled hour needs
    words = _WORDS[language_of(language)]
    day = words.days.split()[DAY_NAMES.index(weekday.casefold())].split("|")[0]
    month = words.months.split()[MONTH_NAMES.index(named)].split("|")[0]
    if language_of(language) == "zh":
        return f"{month}{number}日{day} {rest}"
    return f"{day} {number}{'.' if language_of(language) == 'de' else ''} {month} {rest}"


def _read(said: str, language: str, zone: ZoneInfo, after: int, *, ends: bool) -> int:
    words = _WORDS[language]
    months = _names(language, "months")  # "hyd" is until in Welsh, and October
    left = [
        w
        for place, w in enumerate(said.split())
        if (bare := w.strip(".")) and not (bare in _set(words.filler) and (place == 0 or bare not in months))
    ]
    said = " ".join(left)
    if said.startswith("+") or re.match(r"\d{4}-", said):
        of_the_day = not ends and ":" not in said
        return _to_come(times.read(said, zone, after=after, ends=ends), zone, after, of_the_day=of_the_day)
    today = civil.wall(zone, after).date()
    day, rest = _day(said, language, today)
    if not day:
        day, rest = _day(_day_first(said), language, today)
    tonight = said.partition(" ")[0].strip(".") in _TONIGHT or _last(said) in _TONIGHT
    clock = _clock(rest.strip(), tonight=tonight) if rest.strip() else ""
    if not day and not clock:
        raise ValueError("is no time")
    at = times.read(f"{day} {clock}".strip(), zone, after=after, ends=ends)
    return _to_come(at, zone, after, of_the_day=not (ends or clock))


def _to_come(at: int, zone: ZoneInfo, after: int, *, of_the_day: bool) -> int:
    """`of_the_day`: it is the begin of a day, and today's will do."""
    if at <= after and not (of_the_day and civil.day_of(zone, at) >= civil.day_of(zone, after)):
        raise Over("is over already")
    return at


def _day_first(said: str) -> str:
    """ "18:00 today" as "today 18:00". A bare number before a day is none of its clock."""
    words = said.split()
    for length in (2, 1) if not _CLOCK.fullmatch(said) else ():
        clock, rest = " ".join(words[:length]), words[length:]
        if rest and _CLOCK.fullmatch(clock) and not clock.isdecimal():
            return " ".join((*rest, clock))
    return said


def _day(said: str, language: str, today: date) -> tuple[str, str]:
    """A day as `times` writes it, or "", and what is left."""
    words = _WORDS[language]
    first, _, rest = said.partition(" ")
    name = first.strip(".")
    if name in _set(words.today):
        return "today", rest
    if name in _set(words.tomorrow):
        return "tomorrow", rest
    named = _names(language, "days").get(name)
    if named is not None:
        dated, left = _dated(rest, language, today)
        return (_one_day(dated, named), left) if dated else (DAY_NAMES[named], rest)
    dated, left = _dated(said, language, today)
    name, _, rest = left.partition(" ")
    named = _names(language, "days").get(name.strip("."))
    return (_one_day(dated, named), rest) if dated and named is not None else (dated, left)


def _one_day(dated: str, named: int) -> str:
    """ "fri 27 nov" must be one day."""
    if date.fromisoformat(dated).weekday() != named:
        raise ValueError("names a weekday that this date is not")
    return dated


def _dated(said: str, language: str, today: date) -> tuple[str, str]:
    months = _names(language, "months")
    if found := _PLACES["day_month"].match(said):
        if not (found[3] or found[0].endswith(".") or "/" in found[0] or int(found[1]) > 24):
            return "", said  # "8.30" is a time
        day, month, year = int(found[1]), int(found[2]), found[3]
    elif (found := _PLACES["day_word"].match(said)) and found[2] in months:
        day, month, year = int(found[1]), months[found[2]] + 1, found[3]
    elif (found := _PLACES["word_day"].match(said)) and found[1] in months:
        day, month, year = int(found[2]), months[found[1]] + 1, found[3]
    else:
        return "", said
    return _next_date(day, month, year, today), said[found.end() :].strip()


def _next_date(day: int, month: int, year: str | None, today: date) -> str:
    """Without a year it is the next such day."""
    years = [int(year) + (2000 if int(year) < 100 else 0)] if year else range(today.year, today.year + 9)
    for each in years:
        try:
            found = date(each, month, day)
        except ValueError:
            continue
        if found >= today or year:
            return found.isoformat()
    raise ValueError("is no day that there is")


def is_tonight(word: str) -> bool:
    """Whether an hour behind it is of the evening."""
    return _folded(word) in _TONIGHT


def is_month(word: str, language: str) -> bool:
    """Whether a month is called so, in the language or in English."""
    return any(_folded(word) in _names(tongue, "months") for tongue in (language_of(language), ENGLISH))


def plain(text: str) -> str:
    """Without case and accents, as words of times are compared."""
    return _folded(text)


def _last(said: str) -> str:
    return said.rpartition(" ")[2].strip(".")


def _clock(said: str, *, tonight: bool = False) -> str:
    """`tonight`: "10" is 22:00 and "12" the end of the day; what may be meant of either night raises ValueError."""
    found = _CLOCK.fullmatch(said)
    if found is None:
        raise ValueError("is no time of day")
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half in ("am", "pm"):
        if not 1 <= hour <= 12:
            raise ValueError("is no time of day")
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif tonight and hour <= 12 and half != "uhr" and not said.startswith("0"):
        if hour < EVENING_FROM:
            raise ValueError("is of this night or the next")
        hour += 12
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise ValueError("is no time of day")
    return f"{hour:02}:{minute:02}"


def _from_chinese(said: str) -> str:
    """With the signs of dates and times as figures, and a gap between day and time."""

    def clock(found: re.Match[str]) -> str:
        hour, part = int(found[2]), found[1]
        if part == "晚上" and hour < EVENING_FROM:
            raise ValueError("is of this night or the next")
        if (part == "下午" and hour < 12) or (part == "晚上" and hour <= 12):
            hour += 12
        elif part in ("凌晨", "早上", "上午") and hour == 12:
            hour = 0
        return f" {hour}:{30 if found[3] else int(found[4] or 0):02}"

    said = _CHINESE_DATE.sub(lambda m: f" {m[3]}/{m[2]}{f'/{m[1]}' if m[1] else ''} ", said)
    said = _CHINESE_CLOCK.sub(clock, said)
    names = [*_names("zh", "days"), *_set(_WORDS["zh"].today), *_set(_WORDS["zh"].tomorrow), *_set(_WORDS["zh"].filler)]
    for name in sorted(names, key=len, reverse=True):
        said = said.replace(name, f" {name} ")
    return " ".join(said.split())


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    kept = "".join(sign for sign in plain if not unicodedata.combining(sign) and sign not in "'’‘")
    return " ".join(kept.translate(_LETTERS).split())


@cache
def _set(words: str) -> frozenset[str]:
    return frozenset(_folded(word) for word in words.split())


@cache
def _names(language: str, kind: str) -> Mapping[str, int]:
    entries = getattr(_WORDS[language], kind).split()
    return {_folded(name): place for place, entry in enumerate(entries) for name in entry.split("|")}
