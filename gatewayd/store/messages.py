"""SQL of the delivery queue: messages, attempts, waits and resting numbers."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from gatewayd.clock import SECOND
from gatewayd.model import AttemptState, MessageState, NewMessage, Priority
from gatewayd.store import bundles
from gatewayd.store.db import Reader, Row, Tx
from gatewayd.store.detours import SHOWN_SINCE

STEPS_BACK_US = 1_800 * SECOND  # what is due for longer has waited enough, or goes ahead of all
STEP_BACK_AT_ONCE_MAX = 500
OVER = ("failed", "expired", "withdrawn", "undelivered")  # a page needs another way after these


def add(tx: Tx, message: NewMessage, *, parts: int, now: int) -> int:
    """Queue it, due now (or when its number has rested). Returns the id."""
    number = tx.new_id("message")
    tx.run(
        "INSERT INTO message (id, kind, person, device, recipient, text, priority, state, wanted_channel, channel,"
        " concat_reference, parts, report, origin, about, created_at, due_at, expires_at)"
        " VALUES (:id, :kind, :person, :device, :recipient, :text, :priority, 'queued', :channel, :channel,"
        " :concat, :parts, :report, :origin, :about, :now,"
        " COALESCE((SELECT until FROM resting WHERE recipient = :whose AND until > :now), :due), :expires)",
        id=number,
        kind=message.kind,
        person=message.person,
        device=message.device,
        recipient=message.recipient,
        whose=whose(message.recipient, message.channel),
        text=message.text,
        priority=int(message.priority),
        channel=message.channel,
        concat=number * 37 % 256,  # neighbours differ, and a restart goes on where it stopped
        parts=parts,
        report=int(message.report),
        origin=message.origin,
        about=message.about,
        now=now,
        due=now - message.ahead_us,
        expires=message.expires_at,
    )
    for page_id in message.page_ids:
        tx.run("INSERT INTO message_page (message_id, page_id) VALUES (:m, :p)", m=number, p=page_id)
    return number


def get(reader: Reader, message_id: int) -> Row | None:
    return reader.one("SELECT * FROM message WHERE id = :id", id=message_id)


Lanes = tuple[str, ...]  # what a text may be bound to: a channel's name, and "" for those that any may take


InHand = Collection[tuple[int, int]]  # id and round of texts that a channel has been given


def next_few(
    reader: Reader, lanes: Lanes, *, now: int, in_hand: InHand, limit: int, lowest: Priority = Priority.LOW
) -> list[Row]:
    """The most urgent messages of these lanes that are due now and not in hand, the first one first."""
    found: list[Row] = []
    for priority in Priority:
        if priority > lowest:
            break
        rows = [
            row
            for bound in lanes
            for row in _next_of(reader, bound, int(priority), now=now, in_hand=in_hand, limit=limit)
        ]
        found += sorted(rows, key=lambda row: (row["due_at"], row["id"]))
        if len(found) >= limit:
            break
    return found[:limit]


def _next_of(reader: Reader, bound: str, priority: int, *, now: int, in_hand: InHand, limit: int) -> list[Row]:
    """What is in hand stands in front of the queue until its booking is on disk: it is not read whole."""
    front = reader.all(
        "SELECT id, round FROM message WHERE state = 'queued' AND channel = :bound AND priority = :priority"
        " AND due_at <= :now AND expires_at > :now ORDER BY due_at, id LIMIT :most",
        bound=bound,
        priority=priority,
        now=now,
        most=limit + len(in_hand),
    )
    free = [row["id"] for row in front if (row["id"], row["round"]) not in in_hand][:limit]
    return bundles.texts(reader, free) if free else []


def next_due(reader: Reader, lanes: Lanes, *, now: int) -> int | None:
    """When the next message of these lanes will be due; None when there is none."""
    times = [
        row["due_at"]
        for bound in lanes
        for priority in Priority
        for row in reader.all(
            "SELECT due_at FROM message WHERE state = 'queued' AND channel = :bound AND priority = :priority"
            " AND due_at > :now ORDER BY due_at LIMIT 1",
            bound=bound,
            priority=int(priority),
            now=now,
        )
    ]
    return min(times, default=None)


def set_state(tx: Tx, message_id: int, state: MessageState, *, reason: str, now: int, over: bool = False) -> None:
    tx.run(
        "UPDATE message SET state = :state, reason = :reason, ended_at = :ended WHERE id = :id",
        state=state.value,
        reason=reason[:300],
        ended=now if over else None,
        id=message_id,
    )


def queue_again(
    tx: Tx,
    message_id: int,
    *,
    at: int,
    channel: str,
    avoid: tuple[str, ...],
    tries: int,
    reason: str,
    fresh: bool,
    marked: bool,
    perhaps_there: bool = False,
) -> None:
    tx.run(
        "UPDATE message SET state = 'queued', due_at = :at, channel = :channel, avoid = :avoid, tries = tries + :tries,"
        " reason = :reason, round = round + :fresh, repeats = repeats + :marked,"
        " perhaps_there = perhaps_there OR :perhaps, ended_at = NULL WHERE id = :id",
        at=at,
        channel=channel,
        avoid=json.dumps(avoid),
        tries=tries,
        reason=reason[:300],
        fresh=int(fresh),
        marked=int(marked),
        perhaps=int(perhaps_there),
        id=message_id,
    )


# --- attempts


def start_attempt(
    tx: Tx,
    attempt_id: int,
    message: Row,
    *,
    part: int,
    parts: int,
    channel: str,
    sim: str,
    reference_before: str | None,
    now: int,
) -> bool:
    """Book one try. False when the message was withdrawn (or otherwise moved on) meanwhile: nothing may be sent."""
    taken = tx.run(
        "UPDATE message SET state = 'started', channel = :channel, parts = :parts, reason = ''"
        " WHERE id = :id AND round = :round"
        " AND (state = 'started' AND :part > 1 OR state = 'queued' AND expires_at > :now)",
        id=message["id"],
        round=message["round"],
        channel=channel,
        parts=parts,
        part=part,
        now=now,
    )
    if not taken:
        return False
    tx.run(
        "INSERT INTO attempt (id, message_id, round, part, parts, channel, sim, recipient, state, reference_before,"
        " started_at) VALUES"
        " (:id, :message, :round, :part, :parts, :channel, :sim, :recipient, 'started', :before, :now)",
        id=attempt_id,
        message=message["id"],
        round=message["round"],
        part=part,
        parts=parts,
        channel=channel,
        sim=sim,
        recipient=message["recipient"],
        before=reference_before,
        now=now,
    )
    return True


def last_attempt_id(reader: Reader) -> int:
    row = reader.one("SELECT MAX(id) AS last FROM attempt")
    return (row["last"] if row else None) or 0


def end_attempt(
    tx: Tx,
    attempt_id: int,
    state: AttemptState,
    *,
    code: str,
    reason: str,
    by: str,
    now: int,
    reference: str | None = None,
    spelling: str | None = None,
    perhaps_sent: bool = False,
) -> None:
    tx.run(
        "UPDATE attempt SET state = :state, code = :code, reason = :reason, settled_by = :by, ended_at = :now,"
        " reference = COALESCE(:reference, reference), spelling = :spelling, perhaps_sent = :perhaps WHERE id = :id",
        id=attempt_id,
        state=state.value,
        code=code,
        reason=reason[:300],
        by=by,
        now=now,
        reference=reference,
        spelling=spelling,
        perhaps=int(perhaps_sent),
    )


def doubt(tx: Tx, message_id: int, was: AttemptState, *, reason: str, round_: int = 0) -> None:
    """Attempts in this state, of this round or a later one, are in doubt now, though word of them may still come."""
    tx.run(
        "UPDATE attempt SET state = 'in_doubt', reason = :reason"
        " WHERE message_id = :id AND state = :was AND round >= :round",
        id=message_id, was=was.value, reason=reason, round=round_,
    )  # fmt: skip


def doubted_since(reader: Reader, message_id: int) -> int | None:
    """When the newest attempt in doubt began."""
    row = reader.one(
        "SELECT MAX(started_at) AS at FROM attempt WHERE message_id = :id AND state = 'in_doubt'", id=message_id
    )
    return row["at"] if row else None


def get_attempt(reader: Reader, attempt_id: int) -> Row | None:
    return reader.one("SELECT * FROM attempt WHERE id = :id", id=attempt_id)


def attempts(reader: Reader, message_id: int) -> list[Row]:
    return reader.all("SELECT * FROM attempt WHERE message_id = :id ORDER BY id", id=message_id)


def parts_done(reader: Reader, message_id: int, round_: int, parts: int) -> set[int]:
    """Numbers of the parts of this round that the network accepted, of those that were cut into so many."""
    rows = reader.all(
        "SELECT DISTINCT part FROM attempt WHERE message_id = :id AND round = :round AND parts = :parts"
        " AND state = 'accepted'",
        id=message_id,
        round=round_,
        parts=parts,
    )
    return {row["part"] for row in rows}


def doubts_of_a_part(reader: Reader, message_id: int, round_: int) -> int:
    """How often the part of this round with the most doubts was in doubt."""
    row = reader.one(
        "SELECT COUNT(*) AS n FROM attempt WHERE message_id = :id AND round = :round AND state = 'in_doubt'"
        " GROUP BY part ORDER BY n DESC LIMIT 1",
        id=message_id,
        round=round_,
    )
    return row["n"] if row else 0


def open_attempts(reader: Reader, channel: str) -> list[Row]:
    """Started or in doubt on this channel, newest first."""
    return reader.all(
        "SELECT * FROM attempt WHERE channel = :channel AND state IN ('started', 'in_doubt') ORDER BY id DESC",
        channel=channel,
    )


def forget_start(tx: Tx) -> list[Row]:
    """At start: whatever was on the air when the process ended is in doubt now. Returns those messages."""
    tx.run(
        "UPDATE attempt SET state = 'in_doubt', reason = 'the process ended'"
        " WHERE state IN ('started', 'in_doubt') AND state = 'started'"  # the first are the words of an index
    )
    return tx.all(
        "UPDATE message SET state = 'in_doubt', reason = 'the process ended'"
        " WHERE state = 'started' AND id IN (SELECT subject FROM wait WHERE kind = 'doubt') RETURNING *"
    )


# --- waits


def set_wait(tx: Tx, kind: str, subject: int, due_at: int) -> None:
    tx.run(
        "INSERT INTO wait (kind, subject, due_at) VALUES (:kind, :subject, :due)"
        " ON CONFLICT (kind, subject) DO UPDATE SET due_at = :due",
        kind=kind,
        subject=subject,
        due=due_at,
    )


def wait_at_least(tx: Tx, kind: str, until: int) -> None:
    tx.run("UPDATE wait SET due_at = :until WHERE kind = :kind AND due_at < :until", kind=kind, until=until)


def end_wait(tx: Tx, kind: str | tuple[str, ...], subject: int) -> None:
    kinds = (kind,) if isinstance(kind, str) else kind
    places = ", ".join(f":k{n}" for n in range(len(kinds)))
    values = {f"k{n}": one for n, one in enumerate(kinds)}
    tx.run(f"DELETE FROM wait WHERE kind IN ({places}) AND subject = :subject", subject=subject, **values)


def waits_due(reader: Reader, *, now: int, limit: int) -> list[Row]:
    return reader.all("SELECT * FROM wait WHERE due_at <= :now ORDER BY due_at LIMIT :limit", now=now, limit=limit)


def due_at(reader: Reader, kind: str, subject: int) -> int | None:
    """When this wait ends; None when there is none."""
    row = reader.one("SELECT due_at FROM wait WHERE kind = :kind AND subject = :subject", kind=kind, subject=subject)
    return int(row["due_at"]) if row else None


def is_due(reader: Reader, kind: str, subject: int, *, now: int) -> bool:
    due = due_at(reader, kind, subject)
    return due is not None and due <= now


def first_due(reader: Reader) -> int | None:
    """When the first wait falls due or the first queued text expires."""
    row = reader.one(
        "SELECT MIN(at) AS at FROM (SELECT MIN(due_at) AS at FROM wait"
        " UNION ALL SELECT MIN(expires_at) FROM message WHERE state = 'queued') AS firsts"
    )
    return row["at"] if row else None


def wake_pages(tx: Tx, message_id: int, *, now: int) -> None:
    """The message will not reach its person: whoever decides about its pages decides now."""
    tx.run(
        "UPDATE wait SET due_at = :now WHERE kind = 'escalate' AND due_at > :now AND subject IN"
        " (SELECT p.incident_id FROM page p JOIN message_page mp ON mp.page_id = p.id WHERE mp.message_id = :id)",
        now=now,
        id=message_id,
    )


def reached(tx: Tx, message_id: int, *, now: int) -> None:
    """Its text is on the person's device: its pages have done what they were for."""
    tx.run(
        "UPDATE page SET state = 'reached', ended_at = :now, reason = 'delivered' WHERE state = 'planned'"
        " AND id IN (SELECT page_id FROM message_page WHERE message_id = :id)",
        now=now,
        id=message_id,
    )


def unheard(tx: Tx, message_id: int, *, now: int | None) -> None:
    """Its receipt is late, or its channel cannot take it; None: not any more."""
    tx.run("UPDATE message SET unheard_at = :now WHERE id = :id", now=now, id=message_id)


def wanted(reader: Reader, message_id: int) -> bool:
    """A page is while one of its incidents is open, and no later text has shown it; any other text always is."""
    row = reader.one(
        f"SELECT COUNT(*) AS pages, SUM(CASE WHEN i.state = 'open' AND NOT {SHOWN_SINCE} THEN 1 ELSE 0 END) AS open"
        " FROM message_page mp"
        " JOIN page p ON p.id = mp.page_id JOIN incident i ON i.id = p.incident_id WHERE mp.message_id = :id",
        id=message_id,
    )
    return row is None or row["pages"] == 0 or row["open"] > 0


def expired(reader: Reader, *, now: int, limit: int) -> list[Row]:
    return reader.all(
        "SELECT * FROM message WHERE state = 'queued' AND expires_at <= :now ORDER BY expires_at LIMIT :limit",
        now=now,
        limit=limit,
    )


_OF_OPEN_INCIDENTS = (
    "SELECT mp.message_id FROM incident i JOIN page p ON p.incident_id = i.id"
    " JOIN message_page mp ON mp.page_id = p.id WHERE i.state = 'open'"
)


def shift(tx: Tx, by_us: int) -> None:
    """The wall clock was set: durations that run keep their length (law 2), seen from either end."""
    civil = "('hand_over', 'budget')"  # instants on the wall: they stay
    tx.run(f"UPDATE wait SET due_at = due_at + :by WHERE kind NOT IN {civil}", by=by_us)
    tx.run(
        "UPDATE message SET created_at = created_at + :by, due_at = due_at + :by, expires_at = expires_at + :by"
        f" WHERE ended_at IS NULL OR id IN ({_OF_OPEN_INCIDENTS})",
        by=by_us,
    )
    tx.run(
        "UPDATE attempt SET started_at = started_at + :by"
        " WHERE message_id IN (SELECT id FROM message WHERE ended_at IS NULL)",
        by=by_us,
    )
    tx.run("UPDATE incident SET step_until = step_until + :by WHERE state = 'open'", by=by_us)
    tx.run(
        "UPDATE page SET planned_at = planned_at + :by"
        " WHERE incident_id IN (SELECT id FROM incident WHERE state = 'open')",
        by=by_us,
    )
    tx.run("UPDATE resting SET until = until + :by", by=by_us)


# --- numbers that rest


def whose(recipient: str, channel: str) -> str:
    """Who rests: a number at that channel. At another bureau a pager's id is somebody else's, and a phone that the one
    cannot reach the other may.
    """
    return f"{recipient} {channel}" if channel else recipient


def failures(reader: Reader, message: Row) -> int:
    """How often its number was the trouble since a text last went through."""
    who = whose(message["recipient"], message["wanted_channel"])
    row = reader.one("SELECT failures FROM resting WHERE recipient = :who", who=who)
    return row["failures"] if row else 0


def rest(tx: Tx, message: Row, *, until: int) -> None:
    """All messages to its number wait until then; nobody else's do."""
    tx.run(
        "INSERT INTO resting (recipient, failures, until) VALUES (:who, 1, :until)"
        " ON CONFLICT (recipient) DO UPDATE SET failures = resting.failures + 1, until = :until",
        who=whose(message["recipient"], message["wanted_channel"]),
        until=until,
    )
    tx.run(
        "UPDATE message SET due_at = :until WHERE state = 'queued' AND recipient = :recipient"
        " AND wanted_channel = :channel AND due_at < :until",
        recipient=message["recipient"],
        channel=message["wanted_channel"],
        until=until,
    )


def step_back(tx: Tx, message: Row, *, now: int) -> None:
    """Whoever else waits goes before more texts to this number; it rests not, and what goes before all keeps its place.

    A failure that may be the number's: else fifty texts to it would be tried before one to anybody else.
    """
    tx.run(
        "UPDATE message SET due_at = :now WHERE id IN (SELECT id FROM message WHERE state = 'queued'"
        " AND recipient = :recipient AND wanted_channel = :channel AND due_at < :now AND due_at > :long_ago"
        " LIMIT :few)",
        now=now,
        recipient=message["recipient"],
        channel=message["wanted_channel"],
        long_ago=now - STEPS_BACK_US,
        few=STEP_BACK_AT_ONCE_MAX,
    )


def rested(tx: Tx, message: Row) -> None:
    who = whose(message["recipient"], message["wanted_channel"])
    tx.run("DELETE FROM resting WHERE recipient = :who", who=who)


def counts(reader: Reader, *, now: int) -> dict[str, Any]:
    """Figures for the metrics: waiting and oldest age by priority, in doubt, incidents by state."""
    waiting = {
        row["priority"]: row
        for row in reader.all(
            "SELECT priority, COUNT(*) AS n, MIN(CASE WHEN due_at <= :now THEN created_at END) AS oldest"
            " FROM message WHERE state = 'queued' GROUP BY priority",
            now=now,
        )
    }
    doubts = reader.one("SELECT COUNT(*) AS n FROM message WHERE state = 'in_doubt'")
    incidents = {
        row["state"]: row["n"]
        for row in reader.all(
            "SELECT state, COUNT(*) AS n FROM incident WHERE state <> 'resolved' AND source <> 'drill' GROUP BY state"
        )
    }
    return {"waiting": waiting, "doubts": doubts["n"] if doubts else 0, "incidents": incidents}
