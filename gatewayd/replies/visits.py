"""Lone working by text: `visit 2h at Leeds`, `home`. Each of them is answered, to the phone that wrote."""

from __future__ import annotations

from gatewayd import site_visits
from gatewayd.model import Refusal
from gatewayd.oncall import site_visits as rule
from gatewayd.oncall.replies import Reply
from gatewayd.replies import tells
from gatewayd.replies.caller import Answer, Caller
from gatewayd.store import site_visits as kept

DID = "answered"


def visit(caller: Caller, said: Reply, *, asked: bool = False) -> Answer:
    """Begin one, or change the one that runs; unless something newer came before it.

    `asked`: they were just asked whether they are well, so "site all quiet" is no new place.
    """
    row = kept.of(caller.tx, caller.name)
    if row is not None and caller.written_at < row["heard_at"]:
        return too_old(caller)
    zone, language = site_visits.zone_of(caller.desk, caller.name), caller.language
    try:
        told = rule.read(said.about, zone, caller.now, language)
    except ValueError:
        return Answer(rule.no_time(language))
    until = told.until
    if until is None:
        if row is None:
            return _nothing_runs(caller, said)
        if asked or not told.place:
            return Answer(site_visits.runs(caller.desk, row))
        until = int(row["until"])
    try:
        words = site_visits.start(
            caller.tx, caller.desk, caller.name, until=until, place=told.place, by=caller.name, now=caller.now
        )
    except Refusal:  # nothing but how long it lasts is theirs to get wrong
        return Answer(rule.too_long(language))
    return Answer(words, DID)


def home(caller: Caller, said: Reply) -> Answer:
    row = kept.of(caller.tx, caller.name)
    if row is None:
        return _nothing_runs(caller, said)
    if caller.written_at < row["heard_at"]:
        return too_old(caller)
    return Answer(site_visits.end(caller.tx, caller.desk, row, by=caller.name, now=caller.now), DID)


def home_or_not(caller: Caller, said: Reply) -> Answer:
    """ "Home now" ends nothing, and says how to."""
    row = kept.of(caller.tx, caller.name)
    return tells.not_clear(caller, said) if row is None else Answer(site_visits.runs(caller.desk, row))


def _nothing_runs(caller: Caller, said: Reply) -> Answer:
    """But whoever is paged reads how to take it: "site is dark" was not about a visit."""
    return tells.not_clear(caller, said) if caller.waiting else Answer(rule.nothing_runs(caller.language))


def too_old(caller: Caller) -> Answer:
    """To what was written before our question, or before something that came earlier."""
    return Answer(site_visits.too_old(caller.desk, caller.name, caller.written_at))


def only_a_sign(said: Reply) -> bool:
    """What answers our question and asks for nothing itself."""
    return said.verb in ("ack", "unknown", "unclear") and said.heard != "home" and not said.codes and not said.all
