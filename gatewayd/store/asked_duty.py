"""SQL of what was asked of a rota by text: who must still say yes, by which code, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from gatewayd.store import messages
from gatewayd.store.db import Reader, Row, Tx
from gatewayd.store.incidents import NEVER, QUARANTINE_US

KIND = "asked_duty"  # of the wait
Held = Sequence[tuple[str, int, int]]  # (rota, since, until)
Takes = Sequence[tuple[str, int, int, str]]  # and who has it then


def take_code(tx: Tx, start: int, *, now: int) -> str | None:
    """A free code of four digits from `start` on, out of those that incidents draw from; None: all are in use."""
    for first in (str(start), ""):
        row = tx.one(
            "UPDATE code SET free_at = :never WHERE code = (SELECT code FROM code"
            " WHERE digits = 4 AND free_at <= :now AND code >= :first ORDER BY code LIMIT 1) RETURNING code",
            never=NEVER,
            now=now,
            first=first,
        )
        if row:
            return str(row["code"])
    return None


def add(
    tx: Tx, *, act: str, rota: str, person: str, successor: str, until: int, held: Held, asker: str, state: str,
    waits_for: str, device: str, code: str, due_at: int, now: int, since: int = 0, takes: Takes = (),
    consents: Sequence[str] = (),
) -> Row:  # fmt: skip
    """Asked now; it waits until `due_at`. Of an absence also from when, who gets what by it, and who is to agree."""
    number = tx.new_id("asked_duty")
    tx.run(
        "INSERT INTO asked_duty (id, act, rota, person, successor, until, held, asker, state, waits_for, device, code,"
        " asked_at, since, takes, consents) VALUES (:id, :act, :rota, :person, :successor, :until, :held, :asker,"
        " :state, :waits_for, :device, :code, :now, :since, :takes, :consents)",
        id=number,
        act=act,
        rota=rota,
        person=person,
        successor=successor,
        until=until,
        held=json.dumps(held),
        asker=asker,
        state=state,
        waits_for=waits_for,
        device=device,
        code=code,
        now=now,
        since=since,
        takes=json.dumps(takes),
        consents=json.dumps(consents),
    )
    messages.set_wait(tx, KIND, number, due_at)
    return _known(tx, number)


def get(reader: Reader, number: int) -> Row | None:
    return reader.one("SELECT * FROM asked_duty WHERE id = :id", id=number)


def _known(reader: Reader, number: int) -> Row:
    row = get(reader, number)
    assert row is not None, "it was written just now"
    return row


def ask_next(tx: Tx, number: int, *, waits_for: str, device: str, code: str, due_at: int, now: int) -> Row:
    """The one who asked has proved it: now it waits for the successor, by a code of its own."""
    _rest(tx, number, now=now)
    tx.run(
        "UPDATE asked_duty SET state = 'consent', first_code = code, waits_for = :waits_for, device = :device,"
        " code = :code, tries = 0, asked_at = :now WHERE id = :id",
        waits_for=waits_for,
        device=device,
        code=code,
        now=now,
        id=number,
    )
    messages.set_wait(tx, KIND, number, due_at)
    return _known(tx, number)


def in_turn(tx: Tx, number: int, successor: str) -> None:
    """Of several who have to agree to an absence: who is asked now."""
    tx.run("UPDATE asked_duty SET successor = :successor WHERE id = :id", successor=successor, id=number)


def late(tx: Tx, number: int, outcome: str = "") -> None:
    """Nobody waits for the answer any more, but it still counts. `outcome`: what the answer was until then."""
    tx.run("UPDATE asked_duty SET state = 'late', outcome = :outcome WHERE id = :id", outcome=outcome, id=number)
    messages.end_wait(tx, KIND, number)


def kept_by(tx: Tx, number: int, person: str) -> None:
    """Of a hand-over that nobody has confirmed: who has the duty until then."""
    tx.run("UPDATE asked_duty SET person = :person WHERE id = :id", person=person, id=number)


def end(tx: Tx, number: int, outcome: str, *, now: int) -> None:
    _rest(tx, number, now=now)
    tx.run("UPDATE asked_duty SET state = 'over', outcome = :outcome WHERE id = :id", outcome=outcome, id=number)
    messages.end_wait(tx, KIND, number)


def _rest(tx: Tx, number: int, *, now: int) -> None:
    """A code that was used or is too old means nothing else for a day."""
    tx.run(
        "UPDATE code SET free_at = :free WHERE code = (SELECT code FROM asked_duty WHERE id = :id)",
        free=now + QUARANTINE_US,
        id=number,
    )


def open_for(reader: Reader, person: str) -> list[Row]:
    """What waits for a reply of this person, the oldest first."""
    return reader.all(
        "SELECT * FROM asked_duty WHERE waits_for = :person AND state <> 'over' ORDER BY id", person=person
    )


def open_by(reader: Reader, person: str) -> list[Row]:
    """What this person asked for and is not settled."""
    return reader.all("SELECT * FROM asked_duty WHERE asker = :person AND state <> 'over' ORDER BY id", person=person)


def was_of(reader: Reader, code: str, person: str, *, now: int) -> bool:
    """Whether the code was once asked of this person, or came from them, and rests."""
    row = reader.one(
        "SELECT 1 AS yes FROM asked_duty a JOIN code c ON c.code = :code WHERE c.free_at > :now"
        " AND (a.first_code = :code OR (a.code = :code AND a.state = 'over'))"
        " AND :person IN (a.person, a.successor, a.asker) LIMIT 1",
        code=code,
        person=person,
        now=now,
    )
    return row is not None


def hand_over_of(reader: Reader, rota: str) -> Row | None:
    """The hand-over of that rota that nobody has confirmed."""
    return reader.one(
        "SELECT * FROM asked_duty WHERE act = 'hand_over' AND rota = :rota AND state <> 'over'"
        " ORDER BY id DESC LIMIT 1",
        rota=rota,
    )


def relief_since(reader: Reader, rota: str, person: str, *, since: int) -> bool:
    """Whether relief was offered to that person since then."""
    row = reader.one(
        "SELECT 1 AS yes FROM asked_duty WHERE act = 'relief' AND rota = :rota AND person = :person"
        " AND asked_at >= :since LIMIT 1",
        rota=rota,
        person=person,
        since=since,
    )
    return row is not None


def open_count(reader: Reader, person: str) -> int:
    """How much this person asked for, of duty and of silences, and is not settled."""
    row = reader.one(
        "SELECT (SELECT COUNT(*) FROM asked_duty WHERE asker = :person AND state <> 'over')"
        " + (SELECT COUNT(*) FROM asked_silence WHERE asker = :person AND state IN ('echo', 'consent')) AS n",
        person=person,
    )
    return int(row["n"]) if row else 0


def guessed(reader: Reader, asker: str, outcome: str, *, since: int) -> bool:
    """Whether something asked in their name since then, of duty or of silences, came to this end."""
    row = reader.one(
        "SELECT 1 AS yes FROM asked_duty WHERE asker = :asker AND outcome = :outcome AND asked_at > :since"
        " UNION ALL"
        " SELECT 1 FROM asked_silence WHERE asker = :asker AND outcome = :outcome AND asked_at > :since LIMIT 1",
        asker=asker,
        outcome=outcome,
        since=since,
    )
    return row is not None


def calls_to(reader: Reader, person: str, *, since: int) -> list[int]:
    """When this person was first paged about each incident since then; drills are no load."""
    rows = reader.all(
        "SELECT MIN(p.planned_at) AS at FROM page p JOIN incident i ON i.id = p.incident_id"
        " WHERE p.person = :person AND p.planned_at >= :since AND i.source <> 'drill' GROUP BY p.incident_id",
        person=person,
        since=since,
    )
    return [row["at"] for row in rows]


def wrong_code(tx: Tx, person: str) -> list[Row]:
    """One more wrong code for all that waits for this person by a secret; returns it."""
    tx.run(
        "UPDATE asked_duty SET tries = tries + 1 WHERE waits_for = :person AND state IN ('echo', 'consent')",
        person=person,
    )
    return [row for row in open_for(tx, person) if row["state"] in ("echo", "consent")]
