"""What a person's text does: read by oncall.replies, applied at the desk, answered with one short text."""

from __future__ import annotations

from dataclasses import dataclass

from gatewayd.clock import SECOND
from gatewayd.desk import Desk
from gatewayd.oncall import replies, reply_text, wording
from gatewayd.oncall.directory import Device, Person
from gatewayd.store import incidents, journal
from gatewayd.store.db import Row, Tx

GAP = reply_text.GAP
ANSWERS_MAX = 6  # to one person within ANSWERS_US: two machines must not text each other for ever
ANSWERS_US = 900 * SECOND


@dataclass(frozen=True, slots=True)
class Done:
    """`result` for the inbox: acknowledged | answered | quiet."""

    result: str
    incident_id: int | None


def take(tx: Tx, desk: Desk, person: Person, device: Device, text: str, *, now: int) -> Done:
    """Do what the text asks and answer it. `person` is known by the sender's number."""
    said = replies.read(text, person.language)
    if said.verb == "ack":
        words, incident_id = _acknowledge(tx, desk, person, said, now=now)
    elif said.verb == "list":
        words, incident_id = _list(tx, desk, person, ""), None
    else:
        words, incident_id = wording.not_understood(), None
    if incident_id is not None or _may_answer(tx, desk, person.name, text, now=now):  # who took it is always told
        desk.answer(tx, person.name, device, words, now=now, incident_id=incident_id)
    else:
        journal.write(
            tx, "answer_withheld", now=now, reason="too many answers, or our own words", private={"person": person.name}
        )
    if incident_id is None and said.verb != "ack":
        return Done("answered", None)
    return Done("acknowledged" if incident_id is not None else "answered", incident_id)


def _acknowledge(tx: Tx, desk: Desk, person: Person, said: replies.Reply, *, now: int) -> tuple[str, int | None]:
    mine = incidents.open_for(tx, person.name)
    if said.codes:
        return _by_codes(tx, desk, person, said, now=now)
    waiting = [i for i in mine if i["state"] == "open" and i["had"]]
    if len(waiting) == 1 or (said.all and waiting):
        return _take_all(tx, desk, person, waiting, said.note, now=now)
    if not waiting and len(mine) == 1 and mine[0]["state"] == "acknowledged":
        return _refused(desk, mine[0], person), None
    return _list(tx, desk, person, "Which one? " if waiting else ""), None


def _by_codes(tx: Tx, desk: Desk, person: Person, said: replies.Reply, *, now: int) -> tuple[str, int | None]:
    """Each code for itself; a code of somebody else's incident counts as unknown."""
    known: list[Row] = []
    strange: list[str] = []
    for code in said.codes:
        incident = incidents.by_code(tx, code, now=now)
        if incident is not None and incidents.paged(tx, incident["id"], person.name):
            known.append(incident)
        else:
            strange.append(code)
    waiting = [i for i in known if i["state"] == "open"]
    parts = [_refused(desk, i, person) for i in known if i["state"] != "open"]
    first: int | None = None
    if waiting:
        words, first = _take_all(tx, desk, person, waiting, said.note, now=now)
        parts.insert(0, words)
    if strange:
        parts.append(wording.unknown_code(strange))
    return ". ".join(parts), first


def _take_all(tx: Tx, desk: Desk, person: Person, waiting: list[Row], note: str, *, now: int) -> tuple[str, int | None]:
    told: dict[str, None] = {}
    for incident in waiting:
        others = [desk.called(name) for name in incidents.woken(tx, incident["id"]) if name != person.name]
        told.update(dict.fromkeys(others))
        desk.acknowledge(tx, incident["id"], by=person.name, now=now, note=note)
    if len(waiting) == 1:
        words = wording.yours(waiting[0]["code"], waiting[0]["summary"], list(told), segments_max=desk.segments_max)
    else:
        words = f"{', '.join(i['code'] for i in waiting)} are yours"
    return words, int(waiting[0]["id"])


def _refused(desk: Desk, incident: Row, person: Person) -> str:
    over = incident["state"] == "resolved"
    owner = incident["acknowledged_by"] or ""
    return wording.already(incident["code"], "you" if owner == person.name else desk.called(owner), over=over)


def _list(tx: Tx, desk: Desk, person: Person, question: str) -> str:
    mine = incidents.open_for(tx, person.name)
    rows = [
        (
            i["code"],
            i["summary"],
            desk.called(i["acknowledged_by"]) if i["acknowledged_by"] and i["state"] != "open" else "",
        )
        for i in mine
    ]
    rows.sort(key=lambda row: bool(row[2]))
    return wording.listing(rows, question=question, segments_max=desk.segments_max)


def _may_answer(tx: Tx, desk: Desk, person: str, text: str, *, now: int) -> bool:
    row = tx.one(
        "SELECT COUNT(*) AS n FROM message WHERE person = :person AND kind = 'answer' AND created_at > :since",
        person=person,
        since=now - ANSWERS_US,
    )
    ours = (
        tx.one("SELECT 1 AS yes FROM message WHERE person = :name AND text = :text LIMIT 1", name=name, text=text)
        for name in desk.directory.addressed_with(person)
    )
    return (row is None or row["n"] < ANSWERS_MAX) and not any(ours)
