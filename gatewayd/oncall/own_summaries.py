"""Sentences that the house made itself, in the language of who reads them. Pure.

An incident keeps one summary, in English. A monitor's stays as the monitor wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from string import Formatter

from gatewayd.oncall import notice_words, own_words, page_words, visit_words
from gatewayd.oncall.languages import ENGLISH, language_of

_MISSING = re.compile(
    r"(?P<name>.{1,100}?), on site(?: at (?P<place>.{1,100}))?, has not answered since (?P<last>\S{5})"
)
_OF = re.compile(r"([0-9.e+]+) of ([0-9.e+]+)( parts)?")  # of a budget: "12.3 of 25, 410 of 500 parts"
_SPENT = " " + notice_words.words_of(ENGLISH).stops.strip().rstrip(".")


def _shape(sentence: str) -> re.Pattern[str]:
    """What finds the fields of an English sentence of ours."""
    parts = Formatter().parse(sentence)
    found = "".join(re.escape(text) + (f"(?P<{name}>.{{1,400}}?)" if name else "") for text, name, _, _ in parts)
    return re.compile(found.removesuffix(re.escape(".")))


_OURS = own_words.words_of(ENGLISH)
_SHAPES: Mapping[str, re.Pattern[str]] = {name: _shape(getattr(_OURS, name)) for name in _OURS.__slots__}
_BUDGET, _LOW = _shape(notice_words.words_of(ENGLISH).budget), _shape(notice_words.words_of(ENGLISH).low)


def read_in(summary: str, language: str) -> str:
    """`summary` is one line without a full stop."""
    if language_of(language) == ENGLISH:
        return summary
    ours, theirs = page_words.words_of(ENGLISH), page_words.words_of(language)
    if summary == ours.exercise:
        return theirs.exercise
    if summary == ours.no_summary:
        return theirs.no_summary
    return next(filter(None, (found(summary, language) for found in _FINDERS)), summary)


def _missing(summary: str, language: str) -> str:
    """Somebody on site does not answer."""
    if (found := _MISSING.fullmatch(summary)) is None:
        return ""
    words = visit_words.words_of(language)
    at = words.place.format(place=found["place"]) if found["place"] else ""
    return words.alarm.format(name=found["name"], at=at, last=found["last"])


def _channel(summary: str, language: str) -> str:
    """A channel, the queue or a proof of life."""
    for name, shape in _SHAPES.items():
        if found := shape.fullmatch(summary):
            fields = found.groupdict()
            if "why" in fields:
                fields["why"] = _reason(fields["why"], language)
            return str(getattr(own_words.words_of(language), name)).format(**fields)
    return ""


def _reason(why: str, language: str) -> str:
    """`modem2 did not send it: no answer`: what a channel says itself stays."""
    said, colon, rest = why.partition(": ")
    return _channel(why, language) or (_channel(said, language) or said) + colon + rest


def _money(summary: str, language: str) -> str:
    words = notice_words.words_of(language)
    if found := _LOW.fullmatch(summary):
        return words.low.format(**found.groupdict()).rstrip(".。")
    sentence = summary.removesuffix(_SPENT)
    if (found := _BUDGET.fullmatch(sentence.rstrip("."))) is None:
        return ""
    used = _OF.sub(lambda sums: f"{sums[1]}/{sums[2]}{' SMS' if sums[3] else ''}", found["used"])
    told = words.budget.format(**{**found.groupdict(), "used": used})
    return (told + (words.stops if sentence != summary else "")).rstrip(".。")


_FINDERS: tuple[Callable[[str, str], str], ...] = (_missing, _channel, _money)
