"""Summaries that the house made itself, in the language of who reads them. Pure.

An incident keeps one summary, in English. A monitor's stays as the monitor wrote it.
"""

from __future__ import annotations

import re

from gatewayd.oncall import page_words, visit_words
from gatewayd.oncall.reply_words import ENGLISH, language_of

_MISSING = re.compile(
    r"(?P<name>.{1,100}?), on site(?: at (?P<place>.{1,100}))?, has not answered since (?P<last>\S{5})"
)


def read_in(summary: str, language: str) -> str:
    """`summary` is one line."""
    if language_of(language) == ENGLISH:
        return summary
    ours, theirs = page_words.words_of(ENGLISH), page_words.words_of(language)
    if summary == ours.exercise:
        return theirs.exercise
    if summary == ours.no_summary:
        return theirs.no_summary
    if found := _MISSING.fullmatch(summary):
        words = visit_words.words_of(language)
        at = words.place.format(place=found["place"]) if found["place"] else ""
        return words.alarm.format(name=found["name"], at=at, last=found["last"])
    return summary
