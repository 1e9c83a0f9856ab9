"""Lone working by text: `visit 2h at Leeds`, `home`. Each of them is answered, to the phone that wrote."""

from __future__ import annotations

from gatewayd import site_visits
from gatewayd.model import Refusal
from gatewayd.oncall import site_visits as rule
from gatewayd.oncall.replies import Reply
from gatewayd.replies.caller import Answer, Caller
from gatewayd.store import site_visits as kept

DID = "answered"


def visit(caller: Caller, said: Reply) -> Answer:
    """Begin one, or change the one that runs; unless something newer came before it."""
    row = kept.of(caller.tx, caller.name)
    if row is not None and caller.written_at < row["heard_at"]:
        return too_old(caller)
    try:
        told = rule.read(said.about, site_visits.zone_of(caller.desk, caller.name), caller.now)
        until = told.until
        if until is None:
            if row is None or not told.place:
                return Answer(rule.nothing_runs() if row is None else site_visits.runs(caller.desk, row))
            until = int(row["until"])
        words = site_visits.start(
            caller.tx, caller.desk, caller.name, until=until, place=told.place, by=caller.name, now=caller.now
        )
    except (ValueError, Refusal) as error:
        return Answer(str(error))
    return Answer(words, DID)


def home(caller: Caller) -> Answer:
    row = kept.of(caller.tx, caller.name)
    if row is None:
        return Answer(rule.nothing_runs())
    if caller.written_at < row["heard_at"]:
        return too_old(caller)
    return Answer(site_visits.end(caller.tx, caller.desk, row, by=caller.name, now=caller.now), DID)


def too_old(caller: Caller) -> Answer:
    """To what was written before our question, or before something that came earlier."""
    return Answer(site_visits.too_old(caller.desk, caller.name, caller.written_at))


def only_a_sign(said: Reply) -> bool:
    """What answers our question and asks for nothing itself."""
    return said.verb in ("ack", "unknown", "unclear") and not said.codes and not said.all
