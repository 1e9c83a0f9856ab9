"""What moves duty: `on`, `off`, `swap`, `relief`, `stop`, and the replies by which those concerned agree.

A sender can be forged. So each of them asks first: a code goes to the phone that the text seems to come from, and only
when it is written back from there, anything is asked of anybody. `on` as well: a forged one would move the pages to
somebody who is asleep. `stop` is told to the operator where the house knows one, and never silences who is on call.
"""

from __future__ import annotations

import logging
from dataclasses import replace

from gatewayd.metrics import STOPS
from gatewayd.model import OWN_SERVICE, Report, Severity
from gatewayd.oncall import answers, asked_duty, asked_words, duty, own_words, said_times
from gatewayd.oncall.asked_duty import No, Proposal
from gatewayd.oncall.cover import Facts
from gatewayd.oncall.directory import Person
from gatewayd.oncall.languages import ENGLISH
from gatewayd.oncall.replies import Reply
from gatewayd.oncall.reply_text import fold
from gatewayd.oncall.rota import Plan
from gatewayd.replies import silencing
from gatewayd.replies.caller import Answer, Caller
from gatewayd.store import asked_silences, journal
from gatewayd.store.db import Row

log = logging.getLogger("gatewayd.replies")

NAME_WORDS_MAX = 4
CODE_DIGITS = 4
ASKS = frozenset({"on", "off", "relief"})


def asked(caller: Caller, said: Reply) -> Answer:
    """A verb as the whole text, or `swap NAME UNTIL`."""
    if said.verb == "stop":
        return _stop(caller)
    if said.verb == "swap":
        return _swap(caller, said.about)
    return _ask(caller, said.verb, "")


def replied(caller: Caller, said: Reply) -> tuple[Answer | None, Reply]:
    """What of the reply is an answer to something that was asked; and the rest, with the other codes. None: nothing."""
    if said.verb == "unclear" and said.heard in ASKS | {"swap", "stop"}:
        return _beside(caller, said), replace(said, codes=())
    if said.verb not in ("ack", "refuse"):
        return None, said
    waiting = caller.asked
    codes = said.codes or (said.mentioned if said.verb == "ack" else ())
    by_code = {row["code"]: row for row in waiting if row["code"]}
    hits = [by_code[code] for code in codes if code in by_code]
    left = replace(said, codes=tuple(code for code in said.codes if code not in by_code))
    if hits:
        words = [_settled(caller, row, yes=said.verb == "ack") for row in hits]
        return Answer(". ".join(words), "agreed"), left
    if codes:
        return _strange(caller, waiting, said)
    return (None, said) if said.all else (_bare(caller, waiting, said), said)


def _settled(caller: Caller, row: Row, *, yes: bool) -> str:
    if row["act"] == "silence":
        return silencing.answered(caller.tx, caller.desk, row, yes=yes, device=caller.device.number, now=caller.now)
    return caller.agreements.answered(caller.tx, row, yes=yes, device=caller.device.number, now=caller.now)


def _strange(caller: Caller, waiting: list[Row], said: Reply) -> tuple[Answer | None, Reply]:
    """Codes that nothing waits for. A wrong one of four digits may be a guess."""
    _, strange = caller.by_codes(said.codes)
    was_of = (caller.agreements.was_of, asked_silences.was_of)
    old = [code for code in strange if any(was(caller.tx, code, caller.name, now=caller.now) for was in was_of)]
    if old:
        left = replace(said, codes=tuple(code for code in said.codes if code not in old))
        return Answer(asked_words.said("used", caller.language, code=old[0])), left
    if waiting and any(len(code) == CODE_DIGITS for code in strange):
        words = caller.agreements.wrong_code(caller.tx, caller.name, now=caller.now)
        words = silencing.wrong_code(caller.tx, caller.desk, caller.name, now=caller.now) or words
        if words:
            return Answer(words, "agreed"), replace(said, codes=tuple(c for c in said.codes if c not in strange))
    return None, said


def _bare(caller: Caller, waiting: list[Row], said: Reply) -> Answer | None:
    """A reply without a code: to an incident, unless it can only mean what was asked of them before they wrote it.

    What they asked themselves needs its code, and what is late is not meant any more where something else waits.
    """
    fresh = [row for row in waiting if row["state"] in ("consent", "confirm")]
    if caller.waiting:
        if not fresh or len(caller.waiting) != 1:
            return None
        words = asked_words.said(
            "asks_which",
            caller.language,
            incident=caller.waiting[0]["code"],
            rota=_title(caller, fresh[0]),
            code=fresh[0]["code"],
        )
        return Answer(". ".join((words, *_codes(caller, fresh[1:]))))
    late = [row for row in waiting if row["state"] == "late" and not caller.mine]
    refused = [row for row in late if row["outcome"]]  # an `ok` behind a `no` may be mere politeness
    asked = fresh + [row for row in late if row not in refused] or refused
    if len(asked) == 1 and caller.could_answer(asked[0]) and not (caller.ended_since or caller.taken_since):
        (row,) = asked
        if said.verb == "refuse" or (row["act"] == "hand_over" and row not in refused):
            return Answer(_settled(caller, row, yes=said.verb == "ack"), "agreed")
    if caller.mine or not asked:
        return None
    return Answer(". ".join(_codes(caller, asked)))


def _codes(caller: Caller, asked: list[Row]) -> list[str]:
    """How each of them is answered."""
    language = caller.language
    return [asked_words.said("asks_code", language, rota=_title(caller, row), code=row["code"]) for row in asked]


def _title(caller: Caller, row: Row) -> str:
    return str(row["service"]) if row["act"] == "silence" else caller.agreements.titles(row)


def _beside(caller: Caller, said: Reply) -> Answer | None:
    """`off 7313` proves it as `yes 7313` does; `off noc` names the rota. Anything else is asked back."""
    waiting = {row["code"]: row for row in caller.agreements.open_for(caller.tx, caller.name)}
    if said.codes and not said.rest and all(code in waiting for code in said.codes) and said.heard != "stop":
        return Answer(". ".join(_settled(caller, waiting[code], yes=True) for code in said.codes), "agreed")
    plan = _rota(caller, said.rest) if said.heard in ASKS and said.rest and not said.codes else None
    return None if plan is None else _ask(caller, said.heard, plan.name)


# --- asking


def _ask(caller: Caller, verb: str, rota: str) -> Answer:
    plans, facts = plans_of(caller), facts_of(caller)
    if verb == "on":
        return proposed(caller, asked_duty.on(plans, facts, caller.name, rota, caller.now), "on")
    return proposed(caller, asked_duty.off(plans, facts, caller.name, rota, caller.now), "off")


def _swap(caller: Caller, about: str) -> Answer:
    """`swap ben fri 18:00`, `swap Ben Example until tomorrow 8:00`, `swap ben noc 18:00`."""
    words = about.split()
    people = {p.name: called(p) for p in _people(caller)}
    for length in range(min(NAME_WORDS_MAX, len(words)), 0, -1):
        named = fold(" ".join(words[:length]))
        found = [name for name, called in people.items() if named in called]
        exact = [name for name in found if named == fold(name)]
        others = [name for name in found if name != caller.name]
        meant = exact or others or found
        if len(meant) == 1:
            return _swap_with(caller, meant[0], words[length:])
        if meant:
            alike = asked_words.rotas([caller.desk.called(name) for name in meant])
            name = " ".join(words[:length])
            return Answer(asked_words.said("named_alike", caller.language, name=name, names=alike, word="swap"))
    if not words:
        return Answer(asked_words.said("no_time", caller.language))
    return Answer(asked_words.said("nobody_named", caller.language, name=words[0]))


def called(person: Person) -> set[str]:
    """Their name in the file, the full one, the first and the last of it."""
    first, *more = person.full_name.split() or [person.name]
    return {fold(name) for name in (person.name, person.full_name, first, *more[-1:])} - {""}


def _swap_with(caller: Caller, by: str, words: list[str]) -> Answer:
    plans, facts = plans_of(caller), facts_of(caller)
    rota = ""
    for length in range(min(NAME_WORDS_MAX, len(words)), 0, -1):
        plan = _rota(caller, " ".join(words[:length]))
        if plan is not None:
            rota, words = plan.name, words[length:]
            break
    own = [p for p in plans if rota in ("", p.name) and caller.name in asked_duty.takers(p)] or plans
    if not own:
        return Answer(asked_words.said("no_turns", caller.language))
    try:
        until = said_times.read(" ".join(words), caller.language, own[0].zone, after=caller.now)
    except said_times.Over:
        return Answer(asked_words.said("over", caller.language))
    except ValueError:
        return Answer(asked_words.said("no_time", caller.language))
    return proposed(caller, asked_duty.swap(plans, facts, caller.name, by, rota, until, caller.now), "swap")


def proposed(caller: Caller, found: Proposal | No, word: str) -> Answer:
    if isinstance(found, Proposal):
        words = caller.agreements.ask(caller.tx, found, asker=caller.name, device=caller.device.number, now=caller.now)
        return Answer(words)
    journal.write(
        caller.tx, "duty_not_asked", now=caller.now, asked=word, reason=found.why, private={"person": caller.name}
    )
    plans = {plan.name: plan for plan in plans_of(caller)}
    zones = [plans[name].zone for name in found.rotas] or [plan.zone for plan in plans.values()]
    until = said_times.shown(zones[0], found.until, caller.language) if zones and found.until else ""
    named = asked_words.rotas([caller.agreements.title(name) for name in found.rotas])
    first = found.rotas[0] if found.rotas and found.why == "which" else named
    return Answer(
        asked_words.said(
            found.why, caller.language, rota=first, rotas=named, word=word, until=until,
            name=caller.desk.called(found.person),
        )
    )  # fmt: skip


def _stop(caller: Caller) -> Answer:
    event = "stop_asked"
    journal.write(caller.tx, event, now=caller.now, asked="stop", private={"person": caller.name})
    caller.tx.after_commit(
        lambda: log.warning(
            "a person asks for no more texts and is still paged; the journal says who", extra={"event": event}
        )
    )
    caller.tx.after_commit(STOPS.inc)
    told, facts = _operator_told(caller), facts_of(caller)
    held = [plan.name for plan in plans_of(caller) if duty.on_call(plan, facts, caller.now).person == caller.name]
    if not held:
        return Answer(answers.stop(told=told, language=caller.language))
    named = asked_words.rotas([caller.agreements.title(name) for name in held])
    return Answer(asked_words.said("stop_on_call" if told else "stop_untold", caller.language, rota=named))


def _operator_told(caller: Caller) -> bool:
    """By the policy of the house's own troubles; without one only log, journal and a metric have it."""
    if all(service.name != OWN_SERVICE for service in caller.desk.directory.services):
        return False
    summary = own_words.words_of(ENGLISH).stop.format(name=caller.desk.called(caller.name))
    report = Report("desk", f"stop/{caller.name}", OWN_SERVICE, Severity.INFO, summary, "firing")
    caller.desk.report(caller.tx, report, now=caller.now)
    return True


# --- what there is


def plans_of(caller: Caller) -> list[Plan]:
    return list(caller.desk.roster.plans.values())


def facts_of(caller: Caller) -> Facts:
    return caller.desk.roster.facts(caller.tx, now=caller.now)


def _people(caller: Caller) -> tuple[Person, ...]:
    return caller.desk.directory.people


def _rota(caller: Caller, words: str) -> Plan | None:
    """The rota of that name or title."""
    named = fold(words)
    return next((p for p in plans_of(caller) if named and named in (fold(p.name), fold(p.rota.title))), None)
