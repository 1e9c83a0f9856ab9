"""Replies that only ask: the list, the details of one incident, who is on call."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime

from gatewayd.clock import SECOND
from gatewayd.model import Severity
from gatewayd.oncall import answers, asked_after, hosts
from gatewayd.oncall.directory import ROTA, TEAM
from gatewayd.oncall.replies import Reply
from gatewayd.replies.caller import Answer, Caller
from gatewayd.store import incidents, waiting
from gatewayd.store.db import Row


def listing(caller: Caller, *, asks: bool = False, word: str = "ok") -> Answer:
    """What is open for the person, what is most needed first; and what they can reply: `ok` to what nobody has, `done`
    to what they have themselves."""
    open_ones = _by_need(caller.mine)
    if word == "ok" and not any(i["state"] == "open" for i in open_ones):
        word = "done" if caller.owned else ""
    own = [i["code"] for i in open_ones if i["acknowledged_by"] == caller.name and i["state"] != "open"]
    where = [waiting.named_at(caller.tx, i["id"], i["summary"]) for i in open_ones[: hosts.LISTED_MAX]]
    return Answer(
        answers.listing(
            [(i["code"], i["summary"], _owner(caller, i)) for i in open_ones], asks=asks, word=word,
            code=own[0] if word == "done" and own else "", hosts=where, language=caller.language,
            segments_max=caller.desk.segments_max,
        )
    )  # fmt: skip


def _by_need(mine: list[Row]) -> list[Row]:
    """What nobody has and pages, before the rest; one of each service before the second of any; critical first."""
    nth: dict[int, tuple[bool, bool, int]] = {}
    seen: Counter[tuple[bool, bool, str]] = Counter()
    graver = sorted(mine, key=lambda i: (Severity(i["severity"]).rank, i["id"]))
    for incident in graver:
        had, held = incident["state"] != "open", bool(incident["held_for"])
        nth[incident["id"]] = (had, held, seen[had, held, incident["service"]])
        seen[had, held, incident["service"]] += 1
    return sorted(graver, key=lambda i: nth[i["id"]])


def not_clear(caller: Caller, said: Reply) -> Answer:
    """Ask back with the code that was said, or that of what waits longest; to "fixed?" say what is over."""
    known, _ = caller.by_codes(said.codes)
    about = [i for i in known if i["state"] != "resolved"]
    if known and not about and said.heard == "close":
        return Answer(answers.already(known[0]["code"], "", language=caller.language, over=True))
    about = about or caller.waiting or caller.mine
    if not about and caller.ended is not None and said.heard == "close":
        return Answer(answers.already(caller.ended["code"], "", language=caller.language, over=True))
    if not about:
        return Answer(answers.not_understood(language=caller.language))
    if about[0]["state"] == "acknowledged" and said.heard in ("ack", "close"):
        return listing(caller, asks=True)  # there is nothing to take
    return Answer(answers.not_clear(about[0]["code"], language=caller.language))


def details(caller: Caller, said: Reply) -> Answer:
    """All there is room for of one incident; a second code is asked for by a second text."""
    if codes := caller.codes_of(said):
        known, strange = caller.by_codes(codes)
        if not known:
            return Answer(answers.unknown_code(strange, language=caller.language))
        return Answer(_details(caller, known[0]))
    found = caller.meant() or caller.owned or caller.mine
    if len(found) == 1:
        return Answer(_details(caller, found[0]))
    if not found and caller.ended is not None:
        return Answer(answers.already(caller.ended["code"], "", language=caller.language, over=True))
    return listing(caller, asks=bool(found), word="more")


def on_call(caller: Caller, asked: str) -> Answer:
    """Who is paged first for the service, rota, policy or team asked for; without one, for those of the person's
    incidents, or by default."""
    directory = caller.desk.directory
    meant = asked_after.asked_after(directory, asked) if asked else None
    if asked and meant is None and directory.services:
        every = dict.fromkeys((*asked_after.alike(directory, asked), *(s.name for s in directory.services)))
        words = answers.no_service(asked, [*every], language=caller.language, segments_max=caller.desk.segments_max)
        return Answer(words)
    if meant is None:
        service = asked or next((str(i["service"]) for i in caller.mine), "")
        meant = asked_after.Asked("service", service)
    names = [caller.desk.called(name) for name in _first(caller, meant)]
    title = meant.name or directory.policy_for("").name
    return Answer(answers.on_call(title, names, language=caller.language, segments_max=caller.desk.segments_max))


def _first(caller: Caller, meant: asked_after.Asked) -> tuple[str, ...]:
    """Who is paged first for that: of a service and a policy whom its first step names, of a rota whoever has it, of a
    team all who are there."""
    if meant.kind in ("service", "policy"):
        service, policy = (meant.name, "") if meant.kind == "service" else ("", meant.name)
        return caller.desk.first_paged(caller.tx, service, now=caller.now, policy_name=policy)
    audience = ((ROTA if meant.kind == "rota" else TEAM) + meant.name,)
    return caller.desk.roster.present(caller.tx, audience, now=caller.now)


def _details(caller: Caller, incident: Row) -> str:
    alerts = incidents.alerts_of(caller.tx, incident["id"])
    named = [row for row in alerts if row["summary"] == incident["summary"]] or alerts
    labels = [pair for row in named[:1] for pair in json.loads(row["details"] or "{}").items()]
    if incident["state"] == "resolved":
        return answers.already(incident["code"], "", language=caller.language, over=True)
    since = datetime.fromtimestamp(incident["opened_at"] / SECOND, UTC)
    return answers.details(
        incident["code"], Severity(incident["severity"]), incident["service"], incident["summary"], labels,
        since=f"{since:%H:%M}", minutes=max(0, caller.now - incident["opened_at"]) // (60 * SECOND),
        alerts=len(alerts), owner=_owner(caller, incident), language=caller.language,
        others=[row["summary"] for row in alerts if row["id"] != named[0]["id"]], segments_max=caller.desk.segments_max,
    )  # fmt: skip


def _owner(caller: Caller, incident: Row) -> str:
    by = incident["acknowledged_by"]
    return caller.desk.called(by) if by and incident["state"] != "open" else ""
