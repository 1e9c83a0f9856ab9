"""SQL of what comes in: texts, parts of long ones, PIN attempts."""

from __future__ import annotations

from gatewayd.clock import SECOND
from gatewayd.model import Incoming
from gatewayd.store.db import Reader, Row, Tx

DEDUPE_UNDATED_US = 600 * SECOND  # the same words without a stamp within this are the same text
PAGED_LATELY_MAX = 100  # incidents, among which a number that is nobody's now is looked for
PARTS_MAX = 255  # a long text can have no more
PART_LIFE_US = 24 * 3600 * SECOND  # references are used again


def twin_at(reader: Reader, fingerprint: str, *, since: int) -> int | None:
    """When the newest text came that this one is the like of."""
    row = reader.one(
        "SELECT MAX(received_at) AS at FROM incoming WHERE fingerprint = :f AND received_at >= :since",
        f=fingerprint,
        since=since,
    )
    return row["at"] if row else None


def paged_since(reader: Reader, person: str, since: int) -> bool:
    """Whether they were paged, after that time, for something that is still open."""
    return bool(
        reader.one(
            "SELECT 1 AS yes FROM page p JOIN incident i ON i.id = p.incident_id"
            " WHERE p.person = :person AND i.state = 'open' AND p.planned_at > :since LIMIT 1",
            person=person,
            since=since,
        )
    )


def not_again(tx: Tx, fingerprint: str) -> None:
    """It will not come twice: nothing else is taken for it."""
    tx.run("UPDATE incoming SET fingerprint = fingerprint || ':' || id WHERE fingerprint = :f", f=fingerprint)


def add(tx: Tx, incoming: Incoming, text: str | None, *, person: str, note: str, fingerprint: str, now: int) -> int:
    number = tx.new_id("incoming")
    tx.run(
        "INSERT INTO incoming (id, channel, sim, sender, person, text, note, result, sent_at, received_at, fingerprint,"
        " raw) VALUES (:id, :channel, :sim, :sender, :person, :text, :note, 'stray', :sent, :now, :fingerprint, :raw)",
        id=number,
        channel=incoming.channel,
        sim=incoming.sim,
        sender=incoming.sender,
        person=person,
        text=text,
        note=note,
        sent=incoming.sent_at,
        now=now,
        fingerprint=fingerprint,
        raw=incoming.raw,
    )
    return number


def set_result(tx: Tx, incoming_id: int, result: str, incident_id: int | None) -> None:
    tx.run(
        "UPDATE incoming SET result = :result, incident_id = :incident WHERE id = :id",
        result=result,
        incident=incident_id,
        id=incoming_id,
    )


def paged_about(reader: Reader, number: str) -> Row | None:
    """The newest page that this number got of an open incident, with `incident_id` and `code`: of the last few
    incidents, for strangers may write often."""
    return reader.one(
        "SELECT m.*, i.id AS incident_id, i.code FROM (SELECT id, code FROM incident WHERE state <> 'resolved'"
        " ORDER BY opened_at DESC LIMIT :few) i JOIN page p ON p.incident_id = i.id"
        " JOIN message_page mp ON mp.page_id = p.id JOIN message m ON m.id = mp.message_id"
        " WHERE m.recipient = :number ORDER BY i.id DESC, m.id DESC LIMIT 1",
        number=number,
        few=PAGED_LATELY_MAX,
    )


def add_part(tx: Tx, incoming: Incoming, *, now: int) -> int | None:
    """Keep one part. None: it was here before (the network or a restart delivered it twice)."""
    key = _part_key(incoming)
    twin = tx.one(
        "SELECT 1 AS yes FROM incoming_part WHERE sim = :sim AND sender = :sender AND reference = :reference"
        " AND width = :width AND total = :total AND number = :number AND received_at >= :since"
        " AND (incoming_id IS NULL OR text = :text AND COALESCE(sent_at, 0) = :sent) LIMIT 1",
        **key,
        since=now - PART_LIFE_US,
        text=incoming.text or "",
        sent=incoming.sent_at or 0,
    )
    if twin:
        return None
    part_id = tx.new_id("incoming_part")
    tx.run(
        "INSERT INTO incoming_part (id, channel, sim, sender, reference, width, total, number, text, sent_at,"
        " received_at, raw) VALUES (:id, :channel, :sim, :sender, :reference, :width, :total, :number, :text, :sent,"
        " :now, :raw)",
        **key,
        id=part_id,
        channel=incoming.channel,
        text=incoming.text or "",
        sent=incoming.sent_at,
        now=now,
        raw=incoming.raw,
    )
    return part_id


def _part_key(incoming: Incoming) -> dict[str, str | int]:
    assert incoming.concat is not None
    reference, width, total, number = incoming.concat
    return {
        "sim": incoming.sim,
        "sender": incoming.sender,
        "reference": reference,
        "width": width,
        "total": total,
        "number": number,
    }


def rival(reader: Reader, incoming: Incoming, *, since: int) -> Row | None:
    """The same part of a long text that still waits for its rest, with other words: it is another text's."""
    return reader.one(
        "SELECT * FROM incoming_part WHERE sim = :sim AND sender = :sender AND reference = :reference"
        " AND width = :width AND total = :total AND number = :number AND received_at >= :since"
        " AND incoming_id IS NULL AND text <> :text LIMIT 1",
        **_part_key(incoming),
        since=since,
        text=incoming.text or "",
    )


def part(reader: Reader, part_id: int) -> Row | None:
    return reader.one("SELECT * FROM incoming_part WHERE id = :id", id=part_id)


def siblings(reader: Reader, row: Row, *, since: int) -> list[Row]:
    """All parts of the same long text that are not put together yet, in reading order."""
    return reader.all(
        "SELECT * FROM incoming_part WHERE sim = :sim AND sender = :sender AND reference = :reference"
        " AND width = :width AND total = :total AND incoming_id IS NULL AND received_at >= :since ORDER BY number",
        sim=row["sim"],
        sender=row["sender"],
        reference=row["reference"],
        width=row["width"],
        total=row["total"],
        since=since,
    )


def read_without(reader: Reader, row: Row, *, within: int) -> Row | None:
    """The text that was put together without this part of it; its stamps tell that they belong together."""
    parts = reader.all(
        "SELECT * FROM incoming_part WHERE sim = :sim AND sender = :sender AND reference = :reference"
        " AND width = :width AND total = :total AND incoming_id IS NOT NULL ORDER BY id DESC LIMIT :most",
        sim=row["sim"],
        sender=row["sender"],
        reference=row["reference"],
        width=row["width"],
        total=row["total"],
        most=PARTS_MAX,
    )
    near = [part for part in parts if _apart(row, part) <= within]
    if not near or row["number"] in {part["number"] for part in near}:
        return None
    return reader.one("SELECT * FROM incoming WHERE id = :id", id=near[-1]["incoming_id"])


def _apart(one: Row, other: Row) -> int:
    stamp = "received_at" if one["sent_at"] is None or other["sent_at"] is None else "sent_at"
    return abs(int(one[stamp]) - int(other[stamp]))


def parts_of(reader: Reader, incoming_id: int) -> list[Row]:
    """What a long text was put together from, in reading order."""
    return reader.all("SELECT * FROM incoming_part WHERE incoming_id = :id ORDER BY number", id=incoming_id)


def newest(reader: Reader, fingerprint: str) -> int:
    """The text with this fingerprint; 0: there is none."""
    row = reader.one("SELECT MAX(id) AS id FROM incoming WHERE fingerprint = :f", f=fingerprint)
    return (row["id"] if row else None) or 0


def joined(tx: Tx, rows: list[Row], incoming_id: int) -> None:
    for row in rows:
        tx.run("UPDATE incoming_part SET incoming_id = :i WHERE id = :id", i=incoming_id, id=row["id"])


def book_pin(tx: Tx, iccid: str, pin: str, tries: int | None, *, now: int) -> bool:
    """One attempt for each SIM and value; False when one hangs or failed, and had left no fewer `tries` than now."""
    return bool(
        tx.run(
            "INSERT INTO pin_attempt (iccid, pin, at) VALUES (:iccid, :pin, :now)"
            " ON CONFLICT (iccid, pin) DO UPDATE SET at = :now, tries = NULL WHERE pin_attempt.tries < :tries",
            iccid=iccid,
            pin=pin,
            tries=tries,
            now=now,
        )
    )


def pin_failed(reader: Reader, iccid: str, pin: str) -> bool:
    """Or hangs."""
    found = reader.one("SELECT 1 FROM pin_attempt WHERE iccid = :iccid AND pin = :pin", iccid=iccid, pin=pin)
    return found is not None


def note_tries(tx: Tx, iccid: str, pin: str, tries: int | None) -> None:
    """How many the attempt that failed left."""
    tx.run(
        "UPDATE pin_attempt SET tries = :tries WHERE iccid = :iccid AND pin = :pin", iccid=iccid, pin=pin, tries=tries
    )


def pin_good(tx: Tx, iccid: str, pin: str) -> None:
    tx.run("DELETE FROM pin_attempt WHERE iccid = :iccid AND pin = :pin", iccid=iccid, pin=pin)
