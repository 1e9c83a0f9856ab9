"""SQL of what was asked by text to be silenced: who must still say yes, by which code, and what became of it.

Codes are those of `asked_duty`; its wrong ones and its bounds are counted together with these.
"""

from __future__ import annotations

from gatewayd.store import messages
from gatewayd.store.db import Reader, Row, Tx
from gatewayd.store.incidents import QUARANTINE_US

KIND = "asked_silence"  # of the wait
_ROW = "SELECT *, 'silence' AS act FROM asked_silence"
_WAITS = "state IN ('echo', 'consent')"


def add(
    tx: Tx, *, service: str, until: int, asker: str, device: str, code: str, due_at: int, now: int
) -> Row:  # fmt: skip
    """Asked now; it waits until `due_at` for the code to come back."""
    number = tx.new_id("asked_silence")
    tx.run(
        "INSERT INTO asked_silence (id, service, until, asker, state, waits_for, device, code, asked_at)"
        " VALUES (:id, :service, :until, :asker, 'echo', :asker, :device, :code, :now)",
        id=number,
        service=service,
        until=until,
        asker=asker,
        device=device,
        code=code,
        now=now,
    )
    messages.set_wait(tx, KIND, number, due_at)
    return _known(tx, number)


def get(reader: Reader, number: int) -> Row | None:
    return reader.one(f"{_ROW} WHERE id = :id", id=number)


def _known(reader: Reader, number: int) -> Row:
    row = get(reader, number)
    assert row is not None, "it was written just now"
    return row


def ask_next(tx: Tx, number: int, *, waits_for: str, device: str, code: str, due_at: int, now: int) -> Row:
    """The one who asked has proved it: now it waits for whoever is on call, by a code of its own."""
    _rest(tx, number, now=now)
    tx.run(
        "UPDATE asked_silence SET state = 'consent', first_code = code, waits_for = :waits_for, device = :device,"
        " code = :code, tries = 0, asked_at = :now WHERE id = :id",
        waits_for=waits_for,
        device=device,
        code=code,
        now=now,
        id=number,
    )
    messages.set_wait(tx, KIND, number, due_at)
    return _known(tx, number)


def runs(tx: Tx, number: int, *, until: int, now: int) -> None:
    """It is silenced, and somebody is to hear of its end."""
    _rest(tx, number, now=now)
    tx.run("UPDATE asked_silence SET state = 'runs', outcome = 'silenced' WHERE id = :id", id=number)
    messages.set_wait(tx, KIND, number, until)


def end(tx: Tx, number: int, outcome: str, *, now: int) -> None:
    _rest(tx, number, now=now)
    tx.run("UPDATE asked_silence SET state = 'over', outcome = :outcome WHERE id = :id", outcome=outcome, id=number)
    messages.end_wait(tx, KIND, number)


def over(tx: Tx, number: int) -> None:
    """One that ran is at its end."""
    tx.run("UPDATE asked_silence SET state = 'over' WHERE id = :id", id=number)
    messages.end_wait(tx, KIND, number)


def _rest(tx: Tx, number: int, *, now: int) -> None:
    """A code that was used or is too old means nothing else for a day."""
    tx.run(
        "UPDATE code SET free_at = :free WHERE code = (SELECT code FROM asked_silence WHERE id = :id)",
        free=now + QUARANTINE_US,
        id=number,
    )


def open_for(reader: Reader, person: str) -> list[Row]:
    """What waits for a reply of this person, the oldest first."""
    return reader.all(f"{_ROW} WHERE waits_for = :person AND {_WAITS} ORDER BY id", person=person)


def open_by(reader: Reader, asker: str, service: str) -> list[Row]:
    """What this person asked for that service and is not settled."""
    return reader.all(
        f"{_ROW} WHERE asker = :asker AND service = :service AND {_WAITS} ORDER BY id", asker=asker, service=service
    )


def running(reader: Reader, service: str) -> list[Row]:
    """What runs of that service and is to be told at its end."""
    return reader.all(f"{_ROW} WHERE service = :service AND state = 'runs' ORDER BY id", service=service)


def was_of(reader: Reader, code: str, person: str, *, now: int) -> bool:
    """Whether the code was once asked of this person, or came from them, and rests."""
    row = reader.one(
        "SELECT 1 AS yes FROM asked_silence a JOIN code c ON c.code = :code WHERE c.free_at > :now"
        " AND (a.first_code = :code OR (a.code = :code AND a.state IN ('runs', 'over')))"
        " AND :person IN (a.asker, a.waits_for) LIMIT 1",
        code=code,
        person=person,
        now=now,
    )
    return row is not None


def wrong_code(tx: Tx, person: str) -> list[Row]:
    """One more wrong code for all that waits for this person; returns it."""
    tx.run(f"UPDATE asked_silence SET tries = tries + 1 WHERE waits_for = :person AND {_WAITS}", person=person)
    return open_for(tx, person)
