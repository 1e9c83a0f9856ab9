"""SQL of site visits: who is on site alone, and when they were last heard of."""

from __future__ import annotations

from gatewayd.store import messages
from gatewayd.store.db import Reader, Row, Tx

KIND = "site_visit"  # of the wait


def add(
    tx: Tx, *, person: str, place: str, every_s: int, until: int, tell: str, by: str, now: int
) -> int:  # fmt: skip
    number = tx.new_id("site_visit")
    tx.run(
        "INSERT INTO site_visit (id, person, place, every_s, until, tell, started_at, started_by, heard_at)"
        " VALUES (:id, :person, :place, :every, :until, :tell, :now, :by, :now)",
        id=number,
        person=person,
        place=place,
        every=every_s,
        until=until,
        tell=tell,
        by=by,
        now=now,
    )
    return number


def get(reader: Reader, number: int) -> Row | None:
    return reader.one("SELECT * FROM site_visit WHERE id = :id", id=number)


def of(reader: Reader, person: str) -> Row | None:
    """The one of theirs that runs."""
    return reader.one("SELECT * FROM site_visit WHERE person = :person AND ended_at IS NULL", person=person)


def listing(reader: Reader, *, limit: int) -> list[Row]:
    """Those that run, then what was lately."""
    return reader.all(
        "SELECT v.*, i.code FROM site_visit v LEFT JOIN incident i ON i.id = v.incident_id"
        " ORDER BY v.ended_at IS NOT NULL, v.id DESC LIMIT :limit",
        limit=limit,
    )


def change(tx: Tx, number: int, *, place: str, every_s: int, until: int, tell: str) -> None:
    tx.run(
        "UPDATE site_visit SET place = :place, every_s = :every, until = :until, tell = :tell WHERE id = :id",
        place=place,
        every=every_s,
        until=until,
        tell=tell,
        id=number,
    )


def heard(tx: Tx, number: int, *, at: int, answers: bool) -> None:
    """A sign of life from then; `answers`: of what they were asked last."""
    tx.run(
        "UPDATE site_visit SET heard_at = :at, asked = CASE WHEN :answers = 1 THEN 0 ELSE asked END WHERE id = :id",
        at=at,
        answers=int(answers),
        id=number,
    )


def asked(tx: Tx, number: int, times: int, *, now: int) -> None:
    tx.run("UPDATE site_visit SET asked = :times, asked_at = :now WHERE id = :id", times=times, now=now, id=number)


def alarmed(tx: Tx, number: int, incident_id: int, *, now: int) -> None:
    tx.run(
        "UPDATE site_visit SET asked = 3, asked_at = :now, alarms = alarms + 1, incident_id = :incident WHERE id = :id",
        incident=incident_id,
        now=now,
        id=number,
    )
    messages.end_wait(tx, KIND, number)


def end(tx: Tx, number: int, *, by: str, now: int) -> None:
    tx.run("UPDATE site_visit SET ended_at = :now, ended_by = :by WHERE id = :id", by=by, now=now, id=number)
    messages.end_wait(tx, KIND, number)


def counts(reader: Reader) -> tuple[int, int]:
    """(visits that are watched, those with an alarm)."""
    row = reader.one(
        "SELECT COUNT(*) AS running, SUM(CASE WHEN asked = 3 THEN 1 ELSE 0 END) AS alarms FROM site_visit"
        " WHERE ended_at IS NULL"
    )
    return (row["running"], row["alarms"] or 0) if row else (0, 0)


def shift(tx: Tx, by_us: int) -> None:
    """The clock was set: what was asked of them lasts as long as it was meant to. `until` is civil time, and stays."""
    tx.run(
        "UPDATE site_visit SET heard_at = heard_at + :by, asked_at = asked_at + :by WHERE ended_at IS NULL", by=by_us
    )
