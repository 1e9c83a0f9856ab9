"""SQL of phones: when each was last heard of, and the tests of those that were silent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gatewayd.oncall.directory import Device
from gatewayd.store import messages
from gatewayd.store.db import Reader, Row, Tx

KIND = "phone"  # of the wait
REPLIES_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class Sign:
    at: int
    by: Literal["receipt", "reply"]


def last_sign(reader: Reader, person: str, device: Device) -> Sign | None:
    """The newest text that is known to be on that device, or that came from it."""
    found = []
    text = reader.one(
        "SELECT ended_at FROM message WHERE person = :person AND recipient = :number AND state = 'delivered'"
        " ORDER BY created_at DESC LIMIT 1",
        person=person,
        number=device.number,
    )
    if text is not None and text["ended_at"] is not None:
        found.append(Sign(text["ended_at"], "receipt"))
    came = reader.all(
        "SELECT sender, channel, received_at FROM incoming WHERE person = :person AND person <> ''"
        " ORDER BY received_at DESC LIMIT :most",
        person=person,
        most=REPLIES_LOOKED_AT,
    )
    found += [Sign(row["received_at"], "reply") for row in came if device.wrote(row["sender"], (row["channel"],))][:1]
    return max(found, key=lambda sign: sign.at, default=None)


def every(reader: Reader) -> list[Row]:
    return reader.all("SELECT * FROM phone ORDER BY id")


def get(reader: Reader, number: int) -> Row | None:
    return reader.one("SELECT * FROM phone WHERE id = :id", id=number)


def begin(tx: Tx, person: str, number: str, *, at: int) -> None:
    """A phone that is new: it is looked at then."""
    phone = tx.new_id("phone")
    tx.run("INSERT INTO phone (id, person, number) VALUES (:id, :person, :n)", id=phone, person=person, n=number)
    messages.set_wait(tx, KIND, phone, at)


def forget(tx: Tx, phone: int) -> None:
    tx.run("DELETE FROM phone WHERE id = :id", id=phone)
    messages.end_wait(tx, KIND, phone)


def rest(tx: Tx) -> None:
    """Nothing is tested any more."""
    tx.run("DELETE FROM wait WHERE kind = :kind", kind=KIND)
    tx.run("UPDATE phone SET tested_at = NULL, silent_at = NULL")


def tested(tx: Tx, phone: int, message_id: int, *, now: int) -> None:
    tx.run("UPDATE phone SET tested_at = :now, message_id = :m WHERE id = :id", now=now, m=message_id, id=phone)


def judged(tx: Tx, phone: int, *, silent_at: int | None, unknown: bool) -> None:
    tx.run(
        "UPDATE phone SET tested_at = NULL, silent_at = :silent, unknown = :unknown WHERE id = :id",
        silent=silent_at,
        unknown=int(unknown),
        id=phone,
    )


def silent_count(reader: Reader) -> tuple[int, int]:
    """(phones that are silent, phones that are watched)."""
    row = reader.one("SELECT COUNT(silent_at) AS silent, COUNT(*) AS every FROM phone")
    return (row["silent"], row["every"]) if row else (0, 0)


def waits(reader: Reader, phone: int) -> bool:
    return messages.due_at(reader, KIND, phone) is not None
