"""Reads for the API: rows as they are; the shapes that clients see are made in web/."""

from __future__ import annotations

from typing import Any

from gatewayd.store.db import Reader, Row


def message(reader: Reader, message_id: int) -> Row | None:
    return reader.one("SELECT * FROM message WHERE id = :id", id=message_id)


def messages(
    reader: Reader, *, state: str | None, origin: str | None, before: int | None, limit: int, person: str | None = None
) -> list[Row]:  # fmt: skip
    """Newest first."""
    where, values = _where(
        ("person =", "person", person), ("state =", "state", state), ("origin =", "origin", origin),
        ("id <", "before", before),
    )  # fmt: skip
    return reader.all(f"SELECT * FROM message{where} ORDER BY id DESC LIMIT :limit", limit=limit, **values)


def texted(reader: Reader, person: str) -> bool:
    """Whether there was ever a text to them."""
    return reader.one("SELECT 1 FROM message WHERE person = :person LIMIT 1", person=person) is not None


def attempts(reader: Reader, message_id: int) -> list[Row]:
    return reader.all("SELECT * FROM attempt WHERE message_id = :id ORDER BY id", id=message_id)


def receipts(reader: Reader, message_id: int) -> list[Row]:
    return reader.all(
        "SELECT r.* FROM receipt r JOIN attempt a ON a.id = r.attempt_id WHERE a.message_id = :id ORDER BY r.id",
        id=message_id,
    )


def pages_of_message(reader: Reader, message_id: int) -> list[Row]:
    return reader.all(
        "SELECT p.incident_id, i.code, p.person, p.state, p.reason FROM message_page mp"
        " JOIN page p ON p.id = mp.page_id JOIN incident i ON i.id = p.incident_id"
        " WHERE mp.message_id = :id ORDER BY p.id",
        id=message_id,
    )


_INCIDENT = "SELECT i.*, (SELECT count(*) FROM alert a WHERE a.incident_id = i.id) AS alerts FROM incident i"


def incident(reader: Reader, incident_id: int) -> Row | None:
    return reader.one(f"{_INCIDENT} WHERE i.id = :id", id=incident_id)


def incidents(reader: Reader, *, state: str | None, code: str | None, before: int | None, limit: int) -> list[Row]:
    """Newest first; state "active" = open or acknowledged. At most one of those has a code."""
    if state == "active":
        where, values = _where(("code =", "code", code), ("id <", "before", before))
        where += (" AND " if where else " WHERE ") + "i.state <> 'resolved'"
    else:
        where, values = _where(("state =", "state", state), ("code =", "code", code), ("id <", "before", before))
    return reader.all(f"{_INCIDENT}{where} ORDER BY i.id DESC LIMIT :limit", limit=limit, **values)


def pages(reader: Reader, incident_ids: list[int]) -> list[Row]:
    if not incident_ids:
        return []
    names = {f"i{n}": incident_id for n, incident_id in enumerate(incident_ids)}
    return reader.all(
        "SELECT id, incident_id, person, state, reason, planned_at, ended_at FROM page"
        f" WHERE incident_id IN ({', '.join(':' + name for name in names)}) ORDER BY id",
        **names,
    )


def alerts(reader: Reader, incident_id: int, *, limit: int) -> list[Row]:
    return reader.all(
        "SELECT * FROM alert WHERE incident_id = :id ORDER BY id LIMIT :limit", id=incident_id, limit=limit
    )


def messages_of_incident(reader: Reader, incident_id: int, *, limit: int) -> list[Row]:
    return reader.all(
        "SELECT DISTINCT m.* FROM page p JOIN message_page mp ON mp.page_id = p.id"
        " JOIN message m ON m.id = mp.message_id WHERE p.incident_id = :id ORDER BY m.id LIMIT :limit",
        id=incident_id,
        limit=limit,
    )


def inbox(reader: Reader, *, everything: bool, before: int | None, limit: int) -> list[Row]:
    """Texts that came in, newest first; without `everything` only those that nobody could make sense of."""
    where, values = _where(("id <", "before", before))
    if not everything:
        where += (" AND " if where else " WHERE ") + "result IN ('stray', 'unreadable', 'late_part')"
    return reader.all(f"SELECT * FROM incoming{where} ORDER BY id DESC LIMIT :limit", limit=limit, **values)


def _where(*conditions: tuple[str, str, Any]) -> tuple[str, dict[str, Any]]:
    """(" WHERE ...", values) of those conditions ("column operator", parameter, value) that have a value."""
    told = [(test, name, value) for test, name, value in conditions if value is not None]
    text = " AND ".join(f"{test} :{name}" for test, name, _ in told)
    return (f" WHERE {text}" if text else ""), {name: value for _, name, value in told}
