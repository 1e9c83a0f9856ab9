"""SQL of what changes a rota while it runs: overrides, swaps, absences, shadowing. Instants, never moved by a clock."""

from __future__ import annotations

from gatewayd.oncall.cover import Absence, Change, Facts, Override, Shadowing, Swap
from gatewayd.store.db import Reader, Row, Tx

BY_DESK = "desk"  # of what nobody asked for: it holds until a hand-over is confirmed
KINDS: dict[type[Change], str] = {Override: "override", Swap: "swap", Absence: "absence", Shadowing: "shadowing"}


def kind_of(change: Change) -> str:
    return KINDS[type(change)]


def add(tx: Tx, change: Change, *, by: str, now: int) -> int:
    number = tx.new_id("cover")
    other = change.by if isinstance(change, Swap) else change.of if isinstance(change, Shadowing) else ""
    tx.run(
        "INSERT INTO cover (id, kind, rota, person, other, since, until, note, event, instance, made_at, made_by)"
        " VALUES (:id, :kind, :rota, :person, :other, :since, :until, :note, :event, :instance, :now, :by)",
        id=number,
        kind=kind_of(change),
        rota="" if isinstance(change, Absence) else change.rota,
        person=change.person,
        other=other,
        since=change.since,
        until=change.until,
        note=change.note if isinstance(change, Override | Absence) else "",
        event=change.event if isinstance(change, Override) else "",
        instance=change.instance if isinstance(change, Override) else "",
        now=now,
        by=by,
    )
    return number


def get(reader: Reader, number: int) -> Change | None:
    """None: there is none, or it was withdrawn."""
    row = reader.one("SELECT * FROM cover WHERE id = :id AND withdrawn_at IS NULL", id=number)
    return _change(row) if row else None


def row(reader: Reader, number: int) -> Row | None:
    """As it is kept."""
    return reader.one("SELECT * FROM cover WHERE id = :id", id=number)


def end(tx: Tx, number: int, *, now: int) -> None:
    """What is to come never was; what has begun ends now, so that figures of the past stay true."""
    tx.run(
        "UPDATE cover SET withdrawn_at = CASE WHEN since < :now THEN NULL ELSE :now END,"
        " until = CASE WHEN since < :now THEN :now ELSE until END WHERE id = :id",
        now=now,
        id=number,
    )


def facts(reader: Reader, *, since: int, until: int | None = None) -> Facts:
    """Those that reach beyond `since` and begin before `until`; None: whenever they begin."""
    rows = reader.all(
        "SELECT * FROM cover WHERE withdrawn_at IS NULL AND until > :since AND (:until IS NULL OR since < :until)"
        " ORDER BY id",
        since=since,
        until=until,
    )
    changes = [_change(row) for row in rows]
    return Facts(
        tuple(c for c in changes if isinstance(c, Override)),
        tuple(c for c in changes if isinstance(c, Swap)),
        tuple(c for c in changes if isinstance(c, Absence)),
        tuple(c for c in changes if isinstance(c, Shadowing)),
    )


def listed(reader: Reader, *, since: int, limit: int) -> list[Row]:
    """Those that are not over, the first to begin first."""
    return reader.all(
        "SELECT * FROM cover WHERE withdrawn_at IS NULL AND until > :since ORDER BY since, id LIMIT :limit",
        since=since,
        limit=limit,
    )


def _change(row: Row) -> Change:
    since, until, number = row["since"], row["until"], row["id"]
    match row["kind"]:
        case "override":
            kept = row["made_by"] == BY_DESK
            taken_over = row["event"], row["instance"]
            note, made_at = row["note"], row["made_at"]
            return Override(row["rota"], row["person"], since, until, made_at, number, note, kept, *taken_over)
        case "swap":
            taken = row["made_by"] == row["other"]
            return Swap(row["person"], row["other"], since, until, row["made_at"], number, row["rota"], taken)
        case "absence":
            return Absence(row["person"], since, until, number, row["note"])
        case _:
            return Shadowing(row["person"], since, until, row["other"], row["rota"], number)
