"""What a person's text does: read by oncall.replies, applied at the desk, answered with one short text.

`acts` changes incidents, `tells` only answers, `duty` asks for a change of duty and hears who agrees, `changes` for one
that lasts, `silences` for a silence (`silencing`: who must agree), `guard` keeps machines from texting each other.
Everything happens in the transaction that keeps the text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gatewayd import agreements, site_visits
from gatewayd.desk import Desk
from gatewayd.oncall import answers, replies
from gatewayd.oncall.directory import Device, Person
from gatewayd.oncall.replies import Reply
from gatewayd.oncall.reply_names import names_of
from gatewayd.oncall.reply_text import GAP
from gatewayd.oncall.reply_times import Stamped
from gatewayd.oncall.said_changes import Wish
from gatewayd.oncall.said_silences import Said
from gatewayd.replies import acts, changes, duty, guard, silences, silencing, status, tells, visits
from gatewayd.replies.caller import Answer, Caller
from gatewayd.replies.guard import ANSWERS_US
from gatewayd.store import incidents
from gatewayd.store.db import Row, Tx

__all__ = ["ANSWERS_US", "DID", "GAP", "Done", "kinds", "rest_came", "take"]

_VERBS = {"ack": "acknowledged", "refuse": "refused", "close": "closed"}
DID = ("acknowledged", "refused", "closed", "agreed")  # results of a text that changed something


@dataclass(frozen=True, slots=True)
class Done:
    """`result` for the inbox: one of DID, answered | not_understood | withheld, or automatic."""

    result: str
    incident_id: int | None


def take(
    tx: Tx, desk: Desk, person: Person, device: Device, text: str, stamped: Stamped, *, now: int, written_at: int
) -> Done:
    """Do what the text asks and answer it. `person` is known by the sender's number.

    `written_at`: by our clock, and not after `now`.
    """
    ours = guard.own_texts(tx, desk, person.name, now=now)
    silence = silences.read(tx, desk, person, text, ours, now=now)
    said = Reply("silence") if silence else _read(desk, person, text, ours)
    caller = Caller(tx, desk, person, device, now, written_at, stamped)
    wish = changes.heard(caller, text, said, ours)
    if said.verb == "automatic" and wish is None:
        guard.withheld(tx, person.name, "an automatic reply", now=now)
        return Done("automatic", None)
    visit = site_visits.sign(
        tx, desk, person.name, text, written_at=written_at, ends=said.verb == "home", now=now
    )  # fmt: skip
    said = Reply("change") if wish else caller.spelled(said)
    if visit is not None and visit["asked"] and visits.only_a_sign(said):
        counts = site_visits.counts(desk, visit, written_at)
        if counts and not caller.waiting:
            return Done("answered", None)  # they are not bothered with an answer
        # a bare ok to our question takes no incident
        answer = tells.listing(caller, asks=True) if counts else visits.too_old(caller)
    elif visit is not None and visit["asked"] and said.verb == "visit":
        answer = visits.visit(caller, said, asked=True)
    else:
        answer = _asked(caller, text, silence, wish) or _answer(caller, said)
    if answer.did and (answer.incident_id is not None or guard.is_news(tx, person.name, text, now=now)):
        desk.answer(tx, person.name, device, answer.words, now=now, incident_id=answer.incident_id)
        return Done(answer.did, answer.incident_id)
    if not answer.words:
        return Done(guard.ANSWERED, None)  # a text that says so is on its way
    if not guard.may_answer(tx, person.name, text, said, ours, now=now):
        guard.withheld(tx, person.name, "too many answers, or our own words", now=now)
        return Done(guard.WITHHELD, None)
    last = guard.is_last(tx, person.name, said, now=now)
    told = answers.last_for_now(answer.words, language=caller.language) if last else answer.words
    desk.answer(tx, person.name, device, told, now=now)
    return Done(guard.result(said), None)


def rest_came(tx: Tx, desk: Desk, person: Person, device: Device, whole: str, read: Row, *, now: int) -> None:
    """The last of a long text that was acted on without it. Where all of it would have done something else, they hear
    how it stands: nothing is done a second time."""
    incident = incidents.get(tx, read["incident_id"]) if read["incident_id"] is not None else None
    said = _read(desk, person, whole, guard.own_texts(tx, desk, person.name, now=now))
    if incident is None or said.verb == "automatic" or _VERBS.get(said.verb) == read["result"]:
        return
    by, over = incident["acknowledged_by"] or "", incident["state"] == "resolved"
    if incident["state"] == "acknowledged" and by == person.name:
        words = answers.kept(incident["code"], language=person.language)
    elif over or incident["state"] == "acknowledged":
        words = answers.already(incident["code"], desk.called(by), language=person.language, over=over)
    else:
        words = answers.not_clear(incident["code"], language=person.language)
    desk.answer(tx, person.name, device, words, now=now)


def kinds(desk: Callable[[], Desk]) -> dict[str, Callable[[Tx, int, int], None]]:
    """Waits for the answers of people, by kind, and what serves them."""
    return {
        agreements.KIND: lambda tx, subject, now: desk().agreements.due(tx, subject, now=now),
        silencing.KIND: lambda tx, subject, now: silencing.due(tx, desk(), subject, now=now),
    }


def _read(desk: Desk, person: Person, text: str, ours: Sequence[str]) -> Reply:
    colleagues = names_of(((p.name, p.full_name) for p in desk.directory.people), person.name)
    return replies.read(text, person.language, ours, colleagues)


def _asked(caller: Caller, text: str, silence: Said | None, wish: Wish | None) -> Answer | None:
    """What is no word about incidents; None: it is."""
    if silence is not None:
        return silences.asked(caller, silence)
    return status.asked(caller, text) if wish is None else changes.answer(caller, wish)


def _answer(caller: Caller, said: Reply) -> Answer:
    first = _clause(caller, said)
    if said.then is None:
        return first
    second = _clause(caller, said.then)
    words = ". ".join(filter(None, (first.words, second.words)))
    return Answer(words, first.did or second.did, (first if first.did else second).incident_id)


def _clause(caller: Caller, said: Reply) -> Answer:
    settled, said = duty.replied(caller, said)
    if settled is None:
        return _act(caller, said)
    if not said.codes:
        return settled
    rest = _act(caller, said)  # "ok 42 7313": each code counts for itself
    return Answer(f"{rest.words}. {settled.words}", rest.did or settled.did, rest.incident_id)


def _act(caller: Caller, said: Reply) -> Answer:
    match said.verb:
        case "ack":
            return acts.acknowledge(caller, said)
        case "refuse":
            return acts.refuse(caller, said)
        case "close":
            return acts.close(caller, said)
        case "more":
            return tells.details(caller, said)
        case "list":
            return tells.listing(caller)
        case "help":
            return Answer(answers.commands(language=caller.language))
        case "who":
            return tells.on_call(caller, said.about)
        case "on" | "off" | "swap" | "relief" | "stop":
            return duty.asked(caller, said)
        case "visit":
            return visits.visit(caller, said)
        case "home":
            return visits.home(caller, said)
        case "unclear" if said.heard == "home":
            return visits.home_or_not(caller, said)
        case "unclear":
            return tells.not_clear(caller, said)
    return Answer(answers.not_understood(language=caller.language))
