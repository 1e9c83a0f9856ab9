"""The status line by text: `status` reads it, `status: uplink down for 2h` sets it, `status: over` ends it."""

from __future__ import annotations

import re

from gatewayd import status_line
from gatewayd.model import Refusal
from gatewayd.oncall import civil, said_lengths, status_words
from gatewayd.replies.caller import Answer, Caller
from gatewayd.site_visits import zone_of

_SET = re.compile(r"\s*([^\s:：]+)\s*[:：](.*)", re.DOTALL)
_ASKED = re.compile(r"\s*([^\s?？.!。！]+)\s*[?？.!。！]*\s*")
DID = "answered"


def asked(caller: Caller, text: str) -> Answer | None:
    """None: the text is about something else, or there is no status to tell."""
    language = caller.language
    if (found := _ASKED.fullmatch(text)) and status_words.names(found[1], language):
        told = status_line.words(caller.tx, caller.desk, caller.name, now=caller.now)
        return Answer(told) if told else None
    found = _SET.fullmatch(text)
    if found is None or not status_words.names(found[1], language):
        return None
    said = found[2].strip()
    if not status_line.may_set(caller.tx, caller.desk, caller.name, now=caller.now):
        return Answer(status_words.words_of(language).not_yours)
    return _ended(caller) if status_words.ends(said, language) else _set(caller, said)


def _ended(caller: Caller) -> Answer:
    words = status_words.words_of(caller.language)
    try:
        status_line.end(caller.tx, by=caller.name, now=caller.now)
    except Refusal:
        return Answer(words.none)
    return Answer(words.ended, DID)


def _set(caller: Caller, said: str) -> Answer:
    words = status_words.words_of(caller.language)
    length, rest = said_lengths.at_the_end(said, caller.language)
    until = caller.now + (length or status_line.LASTS_US)
    try:
        status_line.put(caller.tx, rest, until=until, by=caller.name, now=caller.now)
    except Refusal as error:
        if error.field == "until":
            return Answer(words.too_long.format(hours=status_line.LONGEST_US // civil.HOUR))
        return Answer(words.no_text.format(most=status_line.TEXT_MAX))
    ends = f"{civil.wall(zone_of(caller.desk, caller.name), until):%H:%M}"
    return Answer(words.set.format(until=ends), DID)
