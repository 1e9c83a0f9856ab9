"""What of a text is a change of duty that lasts: `away UNTIL`, `back`, `override NAME UNTIL`, `cover NAME until TIME`,
`on` and `off` with a time. Asked for, like all that moves duty, by a code.

The whole text is such a change or it is none; where it is one but lacks its time, the answer shows how it is written,
where that is over says so.
What somebody is paged about comes first: nothing is asked back then but how to take that.
"""

from __future__ import annotations

from collections.abc import Sequence

from gatewayd.oncall import absence_words, asked_duty, asked_words, reply_machines, said_changes
from gatewayd.oncall.asked_duty import No
from gatewayd.oncall.replies import Reply
from gatewayd.oncall.reply_text import GAP, body, fold
from gatewayd.oncall.said_changes import Known, Wish
from gatewayd.replies import duty
from gatewayd.replies.caller import Answer, Caller
from gatewayd.site_visits import zone_of
from gatewayd.store import site_visits
from gatewayd.store.db import Row

_MAY_BE = frozenset({"", "on", "off", "refuse"})  # the verb that was heard in it, and asked back


def heard(caller: Caller, text: str, said: Reply, ours: Sequence[str]) -> Wish | None:
    """None: it is about something else, which `said` is."""
    if said.verb not in ("unknown", "unclear", "automatic") or said.heard not in _MAY_BE or GAP in text:
        return None
    kept = body(text, ours)
    if kept.echo or kept.mark or kept.quoted or reply_machines.surely(kept.text):
        return None
    wish = said_changes.read(kept.text, _known(caller))
    if wish is None:
        return None
    if wish.code and not _asked_by(caller, wish.code):
        return None
    if wish.lacks and (caller.waiting or said.verb == "automatic"):
        return None
    if said.verb == "automatic" and caller.agreements.open_for(caller.tx, caller.name):
        return None  # it may be a machine, which answers the question as it answered the page
    booked = caller.agreements.absences.booked
    if wish.verb == "back" and not wish.code and not booked(caller.tx, caller.name, now=caller.now):
        busy = caller.waiting or site_visits.of(caller.tx, caller.name) is not None
        return None if busy else wish
    return wish


def answer(caller: Caller, wish: Wish) -> Answer:
    absences, device = caller.agreements.absences, caller.device.number
    if wish.code:
        (row,) = _asked_by(caller, wish.code)
        words = caller.agreements.answered(caller.tx, row, yes=True, device=device, now=caller.now)
        return Answer(words, "agreed")
    if wish.lacks:
        return Answer(_asked_back(caller, wish))
    match wish.verb:
        case "back":
            return Answer(absences.back(caller.tx, caller.name, device=device, now=caller.now))
        case "away":
            return _away(caller, wish)
        case _:
            return _of_duty(caller, wish)


def _away(caller: Caller, wish: Wish) -> Answer:
    words = caller.agreements.absences.away(
        caller.tx, caller.name, wish.since, wish.until, device=caller.device.number, now=caller.now
    )
    return Answer(words)


def _of_duty(caller: Caller, wish: Wish) -> Answer:
    plans, facts, me, now = duty.plans_of(caller), duty.facts_of(caller), caller.name, caller.now
    if wish.verb == "off":
        found = asked_duty.off(plans, facts, me, wish.rota, now, until=wish.until)
        if isinstance(found, No) and found.why == "not_on_call" and not wish.rota:
            return _away(caller, wish)  # who has nothing now means the turns to come
        return duty.proposed(caller, found, "off")
    if wish.verb == "cover":
        found = asked_duty.cover(plans, facts, me, wish.person, wish.rota, wish.until, now)
        return duty.proposed(caller, found, f"cover {wish.person}")
    name = wish.person if wish.verb == "override" else me
    found = asked_duty.override(plans, facts, me, name, wish.rota, wish.until, now)
    return duty.proposed(caller, found, f"override {name}" if wish.verb == "override" else "on")


def _asked_back(caller: Caller, wish: Wish) -> str:
    language = caller.language
    if wish.lacks == "over":
        return asked_words.said("over", language)
    if wish.verb == "away":
        return absence_words.said("no_time", language)
    if wish.alike:
        alike = asked_words.rotas([caller.desk.called(name) for name in wish.alike])
        return asked_words.said("named_alike", language, name=wish.named, names=alike, word=wish.verb)
    return asked_words.said("nobody_named" if wish.lacks == "name" else "no_end", language, name=wish.named)


def _asked_by(caller: Caller, code: str) -> list[Row]:
    """What waits for that code of theirs."""
    return [row for row in caller.agreements.open_for(caller.tx, caller.name) if row["code"] == code]


def _known(caller: Caller) -> Known:
    plans = caller.desk.roster.plans
    people: dict[str, tuple[str, ...]] = {}
    for person in caller.desk.directory.people:
        for called in duty.called(person):
            people[called] = (*people.get(called, ()), person.name)
    rotas = {fold(plan.rota.title): name for name, plan in plans.items() if plan.rota.title}
    zones = {"": zone_of(caller.desk, caller.name)} | {name: plan.zone for name, plan in plans.items()}
    return Known(caller.name, caller.language, people, rotas | {fold(name): name for name in plans}, zones, caller.now)
