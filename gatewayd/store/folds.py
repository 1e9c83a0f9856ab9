"""SQL of folded texts: what a device got of late, what is gathered for it, and what a folded text carries."""

from __future__ import annotations

from gatewayd.store.db import Reader, Row, Tx

KIND = "fold"  # of its wait
_NEWS = "('taken', 'joined', 'cleared')"
_LIVE = "p.state IN ('planned', 'reached') AND i.state = 'open'"
_GROUPED = (
    "SELECT i.service, i.severity, COUNT(DISTINCT i.id) AS n, MIN(i.id) AS incident_id, MIN(p.planned_at) AS since"
)
_OF_NEWS = {"taken": "acknowledged", "cleared": "resolved"}


# --- what a device got of late


def page_texts(reader: Reader, person: str, recipient: str, *, since: int, now: int, limit: int) -> list[Row]:
    """The newest pages that this device got, or will get: `about` ("" = a folded text), `created_at`; newest first."""
    return reader.all(
        "SELECT about, created_at FROM message WHERE person = :person AND created_at > :since AND created_at <= :now"
        " AND kind = 'page' AND recipient = :recipient AND origin <> 'drill'"
        " AND state NOT IN ('withdrawn', 'failed', 'expired', 'undelivered') ORDER BY created_at DESC LIMIT :limit",
        person=person,
        recipient=recipient,
        since=since,
        now=now,
        limit=limit,
    )


def told(reader: Reader, person: str, recipient: str, service: str, *, since: int, now: int) -> bool:
    """Whether a critical page of the service went to this device alone, or will."""
    return (
        reader.one(
            "SELECT 1 FROM message WHERE person = :person AND created_at > :since AND created_at <= :now"
            " AND kind = 'page' AND recipient = :recipient AND about = :service AND priority = 0"
            " AND origin <> 'drill'"
            " AND state NOT IN ('withdrawn', 'failed', 'expired', 'undelivered') LIMIT 1",
            person=person,
            recipient=recipient,
            service=service,
            since=since,
            now=now,
        )
        is not None
    )


def news_texts(reader: Reader, person: str, recipient: str, *, since: int, now: int, limit: int) -> int:
    """How much news (taken, joined, cleared) this device got."""
    row = reader.one(
        f"SELECT COUNT(*) AS n FROM (SELECT 1 FROM message WHERE person = :person AND created_at > :since"
        f" AND created_at <= :now AND kind IN {_NEWS} AND recipient = :recipient LIMIT :limit) AS some",
        person=person,
        recipient=recipient,
        since=since,
        now=now,
        limit=limit,
    )
    return int(row["n"]) if row else 0


def carried(reader: Reader, page_id: int) -> bool:
    """Whether this page is, or was, in a folded text."""
    return (
        reader.one(
            "SELECT 1 FROM message_page mp JOIN fold f ON f.message_id = mp.message_id WHERE mp.page_id = :page"
            " UNION ALL SELECT 1 FROM fold_entry WHERE page_id = :page AND page_id > 0 LIMIT 1",
            page=page_id,
        )
        is not None
    )


# --- what is gathered


def latest(reader: Reader, person: str, recipient: str, kind: str) -> Row | None:
    """The newest fold of this device; `due_at`: while it is being gathered; `folded_at`: when a text was last made."""
    return reader.one(
        "SELECT f.*, w.due_at, COALESCE(f.made_at, (SELECT g.made_at FROM fold g WHERE g.person = f.person"
        " AND g.recipient = f.recipient AND g.kind = f.kind AND g.made_at IS NOT NULL ORDER BY g.id DESC LIMIT 1))"
        " AS folded_at FROM fold f LEFT JOIN wait w ON w.kind = 'fold' AND w.subject = f.id"
        " WHERE f.person = :person AND f.recipient = :recipient AND f.kind = :kind ORDER BY f.id DESC LIMIT 1",
        person=person,
        recipient=recipient,
        kind=kind,
    )


def begin(
    tx: Tx, kind: str, *, person: str, device: str, recipient: str, channel: str, validity_s: int
) -> int:  # fmt: skip
    number = tx.new_id("fold")
    tx.run(
        "INSERT INTO fold (id, kind, person, device, recipient, channel, validity_s)"
        " VALUES (:id, :kind, :person, :device, :recipient, :channel, :validity)",
        id=number,
        kind=kind,
        person=person,
        device=device,
        recipient=recipient,
        channel=channel,
        validity=validity_s,
    )
    return number


def lives_longer(tx: Tx, fold_id: int, validity_s: int) -> None:
    tx.run("UPDATE fold SET validity_s = :validity WHERE id = :id", validity=validity_s, id=fold_id)


def put(tx: Tx, fold_id: int, incident_id: int, page_id: int = 0) -> None:
    tx.run(
        "INSERT INTO fold_entry (fold_id, incident_id, page_id) VALUES (:fold, :incident, :page)"
        " ON CONFLICT DO NOTHING",
        fold=fold_id,
        incident=incident_id,
        page=page_id,
    )


def get(reader: Reader, fold_id: int) -> Row | None:
    return reader.one("SELECT * FROM fold WHERE id = :id", id=fold_id)


def before(reader: Reader, fold: Row) -> Row | None:
    """The newest one of the same device and kind whose text is made."""
    return reader.one(
        "SELECT * FROM fold WHERE person = :person AND recipient = :recipient AND kind = :kind"
        " AND message_id IS NOT NULL ORDER BY id DESC LIMIT 1",
        person=fold["person"],
        recipient=fold["recipient"],
        kind=fold["kind"],
    )


def gathered(reader: Reader, fold_id: int) -> list[Row]:
    """Of its pages, incidents that are still open: how many by service and severity, and since when."""
    return reader.all(
        f"{_GROUPED} FROM fold_entry e JOIN page p ON p.id = e.page_id JOIN incident i ON i.id = p.incident_id"
        f" WHERE e.fold_id = :fold AND {_LIVE} GROUP BY i.service, i.severity",
        fold=fold_id,
    )


def news(reader: Reader, fold: Row) -> list[Row]:
    """Incidents of which the news is still true, oldest first."""
    return reader.all(
        "SELECT i.* FROM fold_entry e JOIN incident i ON i.id = e.incident_id"
        " WHERE e.fold_id = :fold AND i.state = :state ORDER BY i.id",
        fold=fold["id"],
        state=_OF_NEWS[fold["kind"]],
    )


def merge(tx: Tx, fold_id: int, into: int) -> None:
    """Its entries go into an earlier one, and it is gone."""
    tx.run(
        "INSERT INTO fold_entry (fold_id, incident_id, page_id) SELECT :into, incident_id, page_id FROM fold_entry"
        " WHERE fold_id = :fold ON CONFLICT DO NOTHING",
        into=into,
        fold=fold_id,
    )
    drop(tx, fold_id)


def drop(tx: Tx, fold_id: int) -> None:
    empty(tx, fold_id)
    tx.run("DELETE FROM fold WHERE id = :fold", fold=fold_id)


def empty(tx: Tx, fold_id: int) -> None:
    tx.run("DELETE FROM fold_entry WHERE fold_id = :fold", fold=fold_id)


# --- its text


def made(tx: Tx, fold_id: int, message_id: int, *, now: int) -> None:
    tx.run("UPDATE fold SET message_id = :m, made_at = :now WHERE id = :id", m=message_id, now=now, id=fold_id)


def tie(tx: Tx, fold_id: int, message_id: int) -> int:
    """The text carries its pages from now on; what is over meanwhile is left out. Returns how many."""
    tied = tx.run(
        "INSERT INTO message_page (message_id, page_id) SELECT DISTINCT :m, e.page_id FROM fold_entry e"
        f" JOIN page p ON p.id = e.page_id JOIN incident i ON i.id = p.incident_id WHERE e.fold_id = :fold AND {_LIVE}"
        " ON CONFLICT DO NOTHING",
        m=message_id,
        fold=fold_id,
    )
    empty(tx, fold_id)
    return tied


def of_message(reader: Reader, message_id: int) -> Row | None:
    return reader.one("SELECT * FROM fold WHERE message_id = :m", m=message_id)


def untie(tx: Tx, message_id: int, incident_id: int) -> None:
    """It has not gone out, and will not speak of this incident."""
    tx.run(
        "DELETE FROM message_page WHERE message_id = :m AND page_id IN (SELECT id FROM page WHERE incident_id = :i)",
        m=message_id,
        i=incident_id,
    )


def is_tied(reader: Reader, message_id: int) -> bool:
    return reader.one("SELECT 1 FROM message_page WHERE message_id = :m LIMIT 1", m=message_id) is not None


def carried_by(reader: Reader, message_id: int) -> list[Row]:
    """As `gathered`, of a text that is made."""
    return reader.all(
        f"{_GROUPED} FROM message_page mp JOIN page p ON p.id = mp.page_id JOIN incident i ON i.id = p.incident_id"
        f" WHERE mp.message_id = :m AND {_LIVE} GROUP BY i.service, i.severity",
        m=message_id,
    )


def pages_of(reader: Reader, fold: Row, incident_id: int) -> list[int]:
    """The pages of this incident that it has gathered, or that its text carries."""
    rows = reader.all(
        "SELECT p.id FROM page p WHERE p.incident_id = :i AND (p.id IN (SELECT page_id FROM fold_entry"
        " WHERE fold_id = :fold) OR p.id IN (SELECT page_id FROM message_page WHERE message_id = :m))",
        i=incident_id,
        fold=fold["id"],
        m=fold["message_id"],
    )
    return [row["id"] for row in rows]


def untried(reader: Reader, message_id: int) -> Row | None:
    """The text, while it waits in the queue and none of it has been, or may have been, on the air."""
    return reader.one(
        "SELECT * FROM message m WHERE id = :m AND state = 'queued' AND NOT EXISTS"
        " (SELECT 1 FROM attempt a WHERE a.message_id = m.id AND a.state IN ('started', 'accepted', 'in_doubt'))",
        m=message_id,
    )


def rewrite(tx: Tx, message_id: int, words: str, *, parts: int, priority: int, expires_at: int) -> None:
    """What waits says something else now. Whoever had taken it in hand finds another round, and sends nothing."""
    tx.run(
        "UPDATE message SET text = :words, priority = :priority, parts = :parts, round = round + 1,"
        " expires_at = CASE WHEN expires_at < :until THEN :until ELSE expires_at END"
        " WHERE id = :m AND state = 'queued'",
        words=words,
        parts=parts,
        priority=priority,
        until=expires_at,
        m=message_id,
    )


# --- services that gather their alerts


def joinable(reader: Reader, service: str, *, now: int) -> Row | None:
    """The open incident of the service that new alerts still join."""
    return reader.one(
        "SELECT * FROM incident WHERE service = :service AND joins_until > :now AND joins_until IS NOT NULL"
        " AND state = 'open' AND grouping = '' ORDER BY joins_until DESC LIMIT 1",
        service=service,
        now=now,
    )


def joins_until(tx: Tx, incident_id: int, until: int) -> None:
    tx.run("UPDATE incident SET joins_until = :until WHERE id = :id", until=until, id=incident_id)
