"""The status line by text: `status` reads it, `status: uplink down for 2h` sets it, `status: over` ends it."""

from __future__ import annotations

import re

from gatewayd import status_line
from gatewayd.model import Refusal
from gatewayd.oncall import civil
from gatewayd.oncall.site_visits import for_how_long
from gatewayd.replies.caller import Answer, Caller
from gatewayd.site_visits import zone_of

_SET = re.compile(r"\s*status\s*:(.*)", re.IGNORECASE | re.DOTALL)
_ASKED = re.compile(r"\s*status\s*[?.!]*\s*", re.IGNORECASE)
_OVER = ("over", "ok", "off", "end", "done", "clear")
DID = "answered"


def asked(caller: Caller, text: str) -> Answer | None:
    """None: the text is about something else, or there is no status to tell."""
    if _ASKED.fullmatch(text):
        told = status_line.words(caller.tx, caller.desk, caller.name, now=caller.now)
        return Answer(told) if told else None
    found = _SET.fullmatch(text)
    if found is None:
        return None
    if not status_line.may_set(caller.tx, caller.desk, caller.name, now=caller.now):
        return Answer("Not set: only who is on call, or has taken an incident, sets the status by text")
    try:
        return Answer(_changed(caller, found[1].strip()), DID)
    except Refusal as error:
        return Answer(f"Not set: {error.reason}")


def _changed(caller: Caller, said: str) -> str:
    if said.lower().rstrip(".! ") in _OVER:
        status_line.end(caller.tx, by=caller.name, now=caller.now)
        return "Status ended"
    length, rest = for_how_long(said)
    until = caller.now + (length or status_line.LASTS_US)
    status_line.put(caller.tx, rest, until=until, by=caller.name, now=caller.now)
    ends = f"{civil.wall(zone_of(caller.desk, caller.name), until):%H:%M}"
    return f"Status set until {ends}. Write status: over to end it"
