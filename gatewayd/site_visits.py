"""Lone working: whoever is on site alone is asked for a sign of life, and others are paged when none comes.

Each visit is a row with a wait; the rule is oncall/site_visits.py. Whatever the person writes is a sign that they were
well when they wrote it. The end needs
the word `home` from their phone and is confirmed to it, so that a forged sender ends nothing unseen; an alarm is only
ended by one of those who were paged. Every function is one of `tx`.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from gatewayd.clock import SECOND
from gatewayd.desk import Desk
from gatewayd.metrics import SITE_ALARMS
from gatewayd.model import SITE_ALARM, Priority, Refusal, Report, Severity
from gatewayd.oncall import civil
from gatewayd.oncall import site_visits as rule
from gatewayd.oncall.directory import Policy, Step
from gatewayd.oncall.site_visits import Alarm, Ask, Visit, Wait
from gatewayd.store import incidents, journal, messages
from gatewayd.store import site_visits as visits
from gatewayd.store.db import Reader, Row, Tx

KIND = visits.KIND
SERVICE = "site-visits"  # in the configuration: its policy, if it shall not be the default one
SOURCE = SITE_ALARM  # a name that no token can have
EVERY_S_MIN, EVERY_S_MAX = 300, 14_400


def zone_of(desk: Desk, person: str) -> ZoneInfo:
    """Of the first rota on which they take turns, or of the first there is."""
    plans = list(desk.roster.plans.values())
    own = (plan for plan in plans if any(person in layer.layer.people for layer in plan.layers))
    return next((plan.zone for plan in (*own, *plans)), ZoneInfo("UTC"))


def start(
    tx: Tx, desk: Desk, person: str, *, until: int, every_s: int | None = None, place: str = "", tell: str = "",
    by: str, now: int,
) -> str:  # fmt: skip
    """Watch them from now on, or change the visit of theirs that runs. Raises Refusal. Returns what they are told."""
    known = desk.directory.person(person)
    if known is None:
        raise Refusal("unknown", f"there is no person '{person}'", field="person")
    if not any(desk.directory.shows_words(device.number, device.channel) for device in known.devices):
        about = f"'{person}' has no device that shows words: nothing could ask for a sign of life"
        raise Refusal("invalid", about, field="person")
    if not now < until <= now + rule.LONGEST_US:
        raise Refusal("invalid", f"a visit lasts {rule.LONGEST_US // civil.HOUR} hours at most", field="until")
    if tell and desk.directory.policy_named(tell) is None and desk.directory.person(tell) is None:
        raise Refusal("invalid", f"there is no policy and no person '{tell}'", field="tell")
    if tell == person:
        raise Refusal("invalid", "somebody else must be told", field="tell")
    row = visits.of(tx, person)
    every_s = every_s or (row["every_s"] if row else desk.directory.site_visits.every_s)
    if row is None:
        number = visits.add(
            tx, person=person, place=place, every_s=every_s, until=until, tell=tell, by=by, now=now
        )  # fmt: skip
    else:
        number, place, tell = row["id"], place or row["place"], tell or row["tell"]
        visits.change(tx, number, place=place, every_s=every_s, until=until, tell=tell)
    journal.write(
        tx, "site_visit_started" if row is None else "site_visit_changed", now=now, visit=number, until=until,
        every_s=every_s, private={"person": person, "place": place, "by": by},
    )  # fmt: skip
    _wait(tx, number)
    ends = f"{civil.wall(zone_of(desk, person), until):%H:%M}"
    lasts_s = (until - now) // SECOND
    language = desk.agreements.language(person)
    return rule.started(place, ends, every_s, lasts_s=lasts_s, language=language, segments_max=desk.segments_max)


def sign(
    tx: Tx, desk: Desk, person: str, text: str, *, written_at: int, ends: bool = False, by: str = "", now: int
) -> Row | None:  # fmt: skip
    """They have written, and were well then; `ends`: that they are out; `by`: who says so instead of them. Returns the
    visit as it was before, if one of theirs runs.

    Whoever looks for them is told of the first text after an alarm, and of the one that they are out.
    """
    row = visits.of(tx, person)
    if row is None or written_at < row["heard_at"]:
        return row
    answers = rule.answers(_visit(row), desk.directory.site_visits, written_at)
    visits.heard(tx, row["id"], at=written_at, answers=answers)
    _wait(tx, row["id"])
    if row["asked"] and answers:
        journal.write(tx, "sign_of_life", now=now, visit=row["id"], asked=row["asked"], private={"person": person})
    if row["asked"] == 3 or ends:
        _tell_searchers(tx, desk, row, text, written_at=written_at, by=by, now=now)
    return row


def runs(desk: Desk, row: Row) -> str:
    """What they are told who do not say until when."""
    until = f"{civil.wall(zone_of(desk, row['person']), row['until']):%H:%M}"
    language = desk.agreements.language(row["person"])
    return rule.runs(row["place"], until, language, segments_max=desk.segments_max)


def counts(desk: Desk, row: Row, written_at: int) -> bool:
    """Whether a text written then is newer than all that was heard of them, and than what they were asked. `row`: the
    visit before it."""
    return written_at >= row["heard_at"] and rule.answers(_visit(row), desk.directory.site_visits, written_at)


def too_old(desk: Desk, person: str, written_at: int) -> str:
    at = f"{civil.wall(zone_of(desk, person), written_at):%H:%M}"
    return rule.too_old(at, desk.agreements.language(person))


def end(tx: Tx, desk: Desk, row: Row, *, by: str, now: int) -> str:
    """Nobody watches any more. An alarm stays open until one of those who were paged closes it."""
    visits.end(tx, row["id"], by=by, now=now)
    journal.write(
        tx,
        "site_visit_ended",
        now=now,
        visit=row["id"],
        alarms=row["alarms"],
        private={"person": row["person"], "by": by},
    )
    at = f"{civil.wall(zone_of(desk, row['person']), now):%H:%M}"
    return rule.ended(desk.called(row["person"]), at, desk.agreements.language(row["person"]))


def running(reader: Reader, number: int) -> Row:
    """Raises Refusal."""
    row = visits.get(reader, number)
    if row is None:
        raise Refusal("unknown", f"there is no site visit {number}")
    if row["ended_at"] is not None:
        raise Refusal("conflict", f"site visit {number} is over already")
    return row


def end_for(tx: Tx, desk: Desk, number: int, *, by: str, now: int) -> None:
    """By somebody who has heard of them otherwise. Raises Refusal. The person reads of it."""
    row = running(tx, number)
    tell(tx, desk, row["person"], end(tx, desk, row, by=by, now=now), now=now)


def due(tx: Tx, desk: Desk, number: int, *, now: int) -> None:
    """Ask, ask again, or raise the alarm."""
    row = visits.get(tx, number)
    if row is None or row["ended_at"] is not None:
        messages.end_wait(tx, KIND, number)
        return
    settings = desk.directory.site_visits
    decision = rule.decide(_visit(row), settings, now)
    if decision is None:
        messages.end_wait(tx, KIND, number)
    elif isinstance(decision, Wait):
        messages.set_wait(tx, KIND, number, decision.at)
    elif isinstance(decision, Ask):
        _ask(tx, desk, row, decision, now=now)
    else:
        assert isinstance(decision, Alarm)
        _alarm(tx, desk, row, now=now)


def _ask(tx: Tx, desk: Desk, row: Row, ask: Ask, *, now: int) -> None:
    person, settings = row["person"], desk.directory.site_visits
    called, language = desk.called(person), desk.agreements.language(person)
    if ask.everywhere:
        words = rule.urgent(called, settings.again_within_s, language)
    elif ask.over:
        until = f"{civil.wall(zone_of(desk, person), row['until']):%H:%M}"
        words = rule.last_question(called, until, settings.answer_within_s, language)
    else:
        words = rule.question(called, settings.answer_within_s, language)
    owned = desk.directory.person(person)
    numbers = [desk.notices.phone(person) or ""]
    if ask.everywhere and owned is not None:
        numbers = [device.number for device in owned.devices]
    for number in dict.fromkeys(numbers):
        desk.notices.tell(
            tx, "notice", person, words, priority=Priority.HIGH, until=ask.look_at, number=number, now=now
        )  # fmt: skip
    visits.asked(tx, row["id"], 2 if ask.everywhere else 1, now=now)
    messages.set_wait(tx, KIND, row["id"], ask.look_at)
    journal.write(tx, "sign_asked", now=now, visit=row["id"], everywhere=ask.everywhere, private={"person": person})


def _alarm(tx: Tx, desk: Desk, row: Row, *, now: int) -> None:
    person = row["person"]
    zone = zone_of(desk, person)
    last = f"{civil.wall(zone, row['heard_at']):%H:%M}"
    key = f"visit/{row['id']}/{row['alarms'] + 1}"
    summary = rule.alarm(desk.called(person), row["place"], last)
    details = {"person": person, "place": row["place"], "until": civil.shown(zone, row["until"])}
    report = Report(SOURCE, key, SERVICE, Severity.CRITICAL, summary, "firing", details=details, group=key)
    incident = desk.raise_alarm(tx, report, _policy(tx, desk, row, now=now), now=now)
    visits.alarmed(tx, row["id"], incident, now=now)
    journal.write(tx, "site_visit_alarm", now=now, incident_id=incident, visit=row["id"], private={"person": person})
    tx.after_commit(SITE_ALARMS.inc)


def _policy(tx: Tx, desk: Desk, row: Row, *, now: int) -> Policy:
    """Who looks for them: anybody but themselves, as long as there is anybody else."""
    known, told = desk.directory, row["tell"]
    usual = known.policy_named(known.site_visits.policy) or known.policy_for(SERVICE)
    chosen = known.policy_named(told)
    if chosen is None and known.person(told) is not None:
        chosen = Policy(name=SOURCE, steps=(Step(page=(told,)),), fallback=usual.fallback)
    chosen = chosen or usual
    members = desk.roster.members(tx, chosen.named, now=now)
    others = [name for name in members if name != row["person"] and known.person(name)]
    return chosen.model_copy(update={"but": (*chosen.but, row["person"])}) if others else chosen


def _tell_searchers(tx: Tx, desk: Desk, row: Row, text: str, *, written_at: int, by: str, now: int) -> None:
    """They have written, or somebody has heard of them, while others look. It stays open: a sender can be forged, a
    voice cannot."""
    incident = incidents.get(tx, row["incident_id"]) if row["incident_id"] else None
    if incident is None or incident["state"] == "resolved":
        return
    at = f"{civil.wall(zone_of(desk, row['person']), written_at):%H:%M}"
    called = desk.called(row["person"])
    owner = (incident["acknowledged_by"],) if incident["acknowledged_by"] else ()
    for name in dict.fromkeys((*owner, *incidents.woken(tx, incident["id"]))):
        language, code = desk.agreements.language(name), incident["code"]
        if by:
            words = rule.heard(code, called, at, by, language)
        else:
            words = rule.answered(code, called, at, text, language, segments_max=desk.segments_max)
        tell(tx, desk, name, words, now=now)


def tell(tx: Tx, desk: Desk, person: str, words: str, *, now: int) -> None:
    """A text that needs no answer."""
    until = now + desk.directory.site_visits.every_s * SECOND
    desk.notices.tell(tx, "notice", person, words, priority=Priority.HIGH, until=until, now=now)


def _wait(tx: Tx, number: int) -> None:
    row = visits.get(tx, number)
    assert row is not None
    visit = _visit(row)
    if not visit.asked:
        messages.set_wait(tx, KIND, number, rule.due(visit))


def _visit(row: Row) -> Visit:
    return Visit(row["heard_at"], row["every_s"] * SECOND, row["until"], row["asked"], row["asked_at"])
