"""Replies that change an incident: take it, pass it on, close it. Each code counts for itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gatewayd.model import Severity
from gatewayd.oncall import answers
from gatewayd.oncall.replies import Reply
from gatewayd.replies import tells
from gatewayd.replies.caller import Answer, Caller
from gatewayd.store import incidents, refusals, waiting
from gatewayd.store.db import Row

Act = Callable[[list[Row]], str]
WORDS = {"acknowledged": "ok", "refused": "no", "closed": "done"}  # what to reply for it, by what it did


def acknowledge(caller: Caller, said: Reply) -> Answer:
    def act(found: list[Row]) -> str:
        told: dict[str, None] = {}
        for incident in found:
            told.update(dict.fromkeys(_others(caller, incident)))
            caller.desk.acknowledge(caller.tx, incident["id"], by=caller.name, now=caller.now, note=said.note)
        if len(found) > 1:
            return answers.several_yours([i["code"] for i in found], language=caller.language)
        more = waiting.told_count(caller.tx, found[0]["id"]) - 1
        return answers.yours(
            found[0]["code"], found[0]["summary"], list(told), more=max(0, more), language=caller.language,
            segments_max=caller.desk.segments_max,
        )  # fmt: skip

    if codes := caller.codes_of(said):
        answer = _each(caller, codes, act, did="acknowledged", on=("open",))
        if answer.did or said.codes or not caller.waiting:
            return answer
        return tells.listing(
            caller, asks=True
        )  # "ok, back at 10": perhaps no code, and then somebody must take the other
    read = caller.read if said.both else caller.all_read
    every = [*read, *caller.handed] if said.all or said.both else []
    if said.both and len(every) != 2:
        return tells.listing(caller, asks=bool(caller.waiting))
    found = every if said.all and (caller.handed or len(every) > 1) else caller.meant()
    if len(found) == 1 or (said.all and found):
        return _on(caller, found, act, did="acknowledged")
    return _not_one(caller, found, "ok")


def refuse(caller: Caller, said: Reply) -> Answer:
    changed: list[Row] = []

    def act(found: list[Row]) -> str:
        parts = []
        for incident in found:
            if refusals.has_refused(caller.tx, incident, caller.name):  # a machine may say it again and again
                following = incidents.asked_now(caller.tx, incident)
            else:
                following = caller.desk.refuse(caller.tx, incident["id"], by=caller.name, now=caller.now)
                changed.append(incident)
            names = [caller.desk.called(name) for name in following if name != caller.name]  # the last to refuse
            waits = bool(incident["held_for"])
            parts.append(answers.passed_on(incident["code"], names, waits=waits, language=caller.language))
        return ". ".join(parts)

    answer = _refuse(caller, said, act)
    return answer if changed else replace(answer, did="")


def _refuse(caller: Caller, said: Reply, act: Act) -> Answer:
    if codes := caller.codes_of(said):
        return _each(caller, codes, act, did="refused", on=("open",), kept=True)
    found = caller.meant()
    if len(found) == 1:
        return _on(caller, found, act, did="refused")
    if not caller.waiting and len(caller.owned) == 1:
        return Answer(answers.kept(caller.owned[0]["code"], language=caller.language))
    return _not_one(caller, found, "no")


def close(caller: Caller, said: Reply) -> Answer:
    def act(found: list[Row]) -> str:
        told: dict[str, None] = {}
        for incident in found:
            told.update(dict.fromkeys(_others(caller, incident)))
            caller.desk.resolve(caller.tx, incident["id"], by=caller.name, now=caller.now)
        if len(found) > 1:
            return answers.several_closed([i["code"] for i in found], language=caller.language)
        return answers.closed(
            found[0]["code"], found[0]["summary"], list(told), language=caller.language,
            segments_max=caller.desk.segments_max,
        )  # fmt: skip

    if codes := caller.codes_of(said):
        return _each(caller, codes, act, did="closed", on=("open", "acknowledged"))
    found = caller.owned or caller.meant()
    if late := [i for i in caller.owned if not caller.could_mean(i)]:
        return _came_after(caller, late, "done")  # it means what they had when they wrote it
    if len(found) == 1 and not (caller.ended_since or caller.worse_since):
        return _on(caller, found, act, did="closed")
    return _not_one(caller, found, "done")


def _each(
    caller: Caller, codes: tuple[str, ...], act: Act, *, did: str, on: tuple[str, ...], kept: bool = False
) -> Answer:
    """The act on those of the codes whose state is in `on`; for each other one, why not. A text that waited so long
    that its code has been given again means nothing that it could not have read."""
    known, strange = caller.by_codes(codes)
    newer = [i for i in known if caller.meant_another(i)]
    meant = [i for i in known if i["state"] in on and i not in newer]
    acted = _on(caller, meant, act, did=did)
    parts = [acted.words]
    if newer:
        parts.append(_came_after(caller, newer, WORDS[did]).words)
    for incident in known:
        if incident not in meant and incident not in newer:
            mine = incident["state"] == "acknowledged" and incident["acknowledged_by"] == caller.name
            keeps = kept and mine
            parts.append(answers.kept(incident["code"], language=caller.language) if keeps else _late(caller, incident))
    if strange:
        parts.append(answers.unknown_code(strange, language=caller.language))
    return replace(acted, words=". ".join(filter(None, parts)))


def _on(caller: Caller, meant: list[Row], act: Act, *, did: str) -> Answer:
    """The act on those of them that the reply counts for; for each other one, why it does not."""
    late = {i["id"]: why for i in meant if (why := _overtaken(caller, i, did))}
    found = [i for i in meant if i["id"] not in late]
    words = ". ".join([*([act(found)] if found else []), *late.values()])
    return Answer(words, did, int(found[0]["id"])) if found else Answer(words)


def _overtaken(caller: Caller, incident: Row, did: str) -> str:
    """What to answer instead: they have written otherwise since, or it has got worse. "" = it counts."""
    later = caller.said_later(incident)
    if later and later != did:
        return answers.said_later(incident["code"], WORDS[later], WORDS[did], language=caller.language)
    return _worse(caller, incident, WORDS[did]) if caller.unaware(incident, closes=did == "closed") else ""


def _not_one(caller: Caller, found: list[Row], word: str) -> Answer:
    """A bare reply that means none, or one of several."""
    if not found and caller.unread and not any(map(caller.could_mean, caller.waiting)):
        return _came_after(caller, caller.unread, word)
    alone = not found and not caller.waiting
    if alone and len(caller.mine) == 1 and caller.mine[0]["state"] == "acknowledged" and word != "done":
        return Answer(_late(caller, caller.mine[0]))
    if alone and not caller.mine and caller.ended is not None:
        return Answer(_late(caller, caller.ended))
    return tells.listing(caller, asks=bool(caller.waiting or found), word=word)


def _came_after(caller: Caller, unread: list[Row], word: str) -> Answer:
    if len(unread) == 1 and caller.knew_of(unread[0]):
        return Answer(_worse(caller, unread[0], word))
    return Answer(answers.came_after([i["code"] for i in unread], word, language=caller.language))


def _worse(caller: Caller, incident: Row, word: str) -> str:
    """How it stands now, and what to reply; what they wrote was about something less bad."""
    return answers.got_worse(
        incident["code"], Severity(incident["severity"]), incident["summary"], word,
        more=max(0, waiting.told_count(caller.tx, incident["id"]) - 1), language=caller.language,
        segments_max=caller.desk.segments_max,
    )  # fmt: skip


def _late(caller: Caller, incident: Row) -> str:
    """Who has it, or that it is over. Once: news of it that only waits gives way, and what is on the air is enough."""
    if caller.told_anyway(incident):
        return ""
    caller.desk.answered(caller.tx, incident, caller.name, now=caller.now)
    by = caller.called(incident["acknowledged_by"] or "")
    return answers.already(incident["code"], by, language=caller.language, over=incident["state"] == "resolved")


def _others(caller: Caller, incident: Row) -> list[str]:
    """Whom the desk is going to tell."""
    return [caller.desk.called(n) for n in incidents.woken(caller.tx, incident["id"]) if n != caller.name]
