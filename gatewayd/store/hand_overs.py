"""SQL of hand-overs: who holds each rota as far as people were told, and when that is looked at again."""

from __future__ import annotations

from gatewayd.store import messages
from gatewayd.store.db import Reader, Row, Tx

KIND = "hand_over"  # of the wait; an instant of civil time, which a step of the clock does not move


def get(reader: Reader, number: int) -> Row | None:
    return reader.one("SELECT * FROM hand_over WHERE id = :id", id=number)


def known(reader: Reader) -> set[str]:
    """The rotas of which something is known."""
    return {row["rota"] for row in reader.all("SELECT rota FROM hand_over")}


def begin(tx: Tx, rota: str, person: str, backup: str, *, now: int) -> None:
    """A rota that is new: nobody is told who holds it, and it is looked at next."""
    number = tx.new_id("hand_over")
    tx.run(
        "INSERT INTO hand_over (id, rota, person, backup, since) VALUES (:id, :rota, :person, :backup, :now)",
        id=number,
        rota=rota,
        person=person,
        backup=backup,
        now=now,
    )
    messages.set_wait(tx, KIND, number, now)


def handed(tx: Tx, number: int, person: str, *, now: int) -> None:
    tx.run("UPDATE hand_over SET person = :person, since = :now WHERE id = :id", person=person, now=now, id=number)


def now_with(tx: Tx, rota: str, person: str, *, now: int) -> None:
    """People have been told that this person holds it."""
    tx.run("UPDATE hand_over SET person = :person, since = :now WHERE rota = :rota", person=person, now=now, rota=rota)


def of_rota(reader: Reader, rota: str) -> Row | None:
    return reader.one("SELECT * FROM hand_over WHERE rota = :rota", rota=rota)


def keep(tx: Tx, number: int, change: int | None) -> None:
    """The override by which the outgoing one keeps it; None: nobody keeps it any more."""
    tx.run("UPDATE hand_over SET kept = :change WHERE id = :id", change=change, id=number)


def expect(tx: Tx, number: int, at: int | None, backup: str) -> None:
    """When it is next, and who stands behind it until then."""
    tx.run("UPDATE hand_over SET expected_at = :at, backup = :backup WHERE id = :id", at=at, backup=backup, id=number)


def forget(tx: Tx, number: int) -> None:
    """The rota has left the configuration."""
    tx.run("DELETE FROM hand_over WHERE id = :id", id=number)
    messages.end_wait(tx, KIND, number)


def look_again(tx: Tx, *, now: int) -> None:
    """Something changed: every rota is looked at now."""
    tx.run("UPDATE wait SET due_at = :now WHERE kind = :kind AND due_at > :now", now=now, kind=KIND)
