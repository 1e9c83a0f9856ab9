"""SQL of a step of the wall clock: what looks back over a length of time keeps it.

What waits is moved by `messages.shift`; here is what has ended and still counts for a while. `newer_than` is a time by
the clock that is earlier of the two, before or after the step: nothing that is older can come into a window by it.
"""

from __future__ import annotations

from gatewayd.model import SECOND
from gatewayd.store import waiting
from gatewayd.store.db import Reader, Row, Tx
from gatewayd.store.incidents import NEVER, REFUSED

LOOKED_AT_MAX = 200_000  # lines of the journal
DIGEST_MISSED_US = 3 * 3_600 * SECOND


def shift_answers(tx: Tx, by_us: int, *, newer_than: int) -> None:
    """Answers that have ended: how many a person got lately decides whether there is one more."""
    ended = "SELECT id FROM message WHERE kind = 'answer' AND ended_at IS NOT NULL AND created_at > :since"
    tx.run(
        f"UPDATE attempt SET started_at = started_at + :by, ended_at = ended_at + :by, receipt_at = receipt_at + :by"
        f" WHERE message_id IN ({ended})",
        by=by_us,
        since=newer_than,
    )
    tx.run(
        "UPDATE message SET created_at = created_at + :by, due_at = due_at + :by, expires_at = expires_at + :by,"
        f" ended_at = ended_at + :by WHERE id IN ({ended})",
        by=by_us,
        since=newer_than,
    )


def shift_closed_alerts(tx: Tx, by_us: int, *, newer_than: int) -> None:
    """Alerts that a person closed: a monitor may report them for a while before that means anything."""
    tx.run(
        "UPDATE alert SET resolved_at = resolved_at + :by"
        " WHERE status = 'resolved' AND resolved_by <> 'monitor' AND resolved_at > :since",
        by=by_us,
        since=newer_than,
    )


def shift_refusals(tx: Tx, by_us: int) -> None:
    """Pages that a person has passed on: that stands for a while, and of a time to come it would stand until then."""
    tx.run(
        "UPDATE page SET ended_at = ended_at + :by WHERE state = 'withdrawn' AND reason = :refused"
        " AND incident_id IN (SELECT id FROM incident WHERE state <> 'resolved')",
        by=by_us,
        refused=REFUSED,
    )


def shift_incoming(tx: Tx, by_us: int, *, newer_than: int) -> None:
    """Parts that wait for the rest of their text, and texts that may be delivered twice or count against a bound."""
    tx.run("UPDATE incoming_part SET received_at = received_at + :by WHERE incoming_id IS NULL", by=by_us)
    tx.run(
        "UPDATE incoming SET received_at = received_at + :by WHERE received_at > :since",
        by=by_us,
        since=newer_than,
    )


def shift_held(tx: Tx, by_us: int, *, now: int) -> None:
    """Incidents that page nobody now are looked at anew: a hold keeps its length, from where it began; a silence,
    maintenance and a digest end at their time on the wall. After `messages.shift`."""
    tx.run("UPDATE incident SET opened_at = opened_at + :by WHERE state = 'open'", by=by_us)
    tx.run("UPDATE alert SET first_at = first_at + :by WHERE status = 'firing'", by=by_us)
    digests_anew(tx, now=now)
    waiting.wake_all(tx, now=now)


def digests_anew(tx: Tx, *, now: int) -> None:
    """The clock was set. A digest that it passed by little is told now; of one that it passed by more, the time was by
    a wrong clock, and this may be the night."""
    tx.run(
        "UPDATE incident SET held_until = :never WHERE state = 'open' AND held_for = 'digest' AND held_until < :passed",
        never=NEVER,
        passed=now - DIGEST_MISSED_US,
    )


def shift_rests(tx: Tx, by_us: int) -> None:
    """Codes that rest, pages that count against a pager's hour, answers that are remembered by their key, folded texts
    that keep the next one waiting, incidents that gather, and how long nobody may ask after wrong codes."""
    tx.run(
        "UPDATE code SET free_at = free_at + :by WHERE free_at > 0 AND free_at < :never",
        by=by_us,
        never=NEVER,
    )
    tx.run("UPDATE bucket SET full_at = full_at + :by", by=by_us)
    tx.run("UPDATE conversation SET at = at + :by", by=by_us)
    tx.run("UPDATE allowance SET at = at + :by", by=by_us)
    tx.run("UPDATE asked_duty SET asked_at = asked_at + :by", by=by_us)
    tx.run("UPDATE idempotency SET created_at = created_at + :by", by=by_us)
    tx.run("UPDATE fold SET made_at = made_at + :by WHERE made_at IS NOT NULL", by=by_us)
    tx.run(
        "UPDATE incident SET joins_until = joins_until + :by WHERE joins_until IS NOT NULL AND state = 'open'", by=by_us
    )


def last_of(reader: Reader, *events: str) -> Row | None:
    """The newest line of the journal with one of these events, and what it says."""
    names = {f"e{n}": event for n, event in enumerate(events)}
    return reader.one(
        f"SELECT event, at, facts FROM journal WHERE event IN ({', '.join(f':{name}' for name in names)})"
        " AND seq > (SELECT COALESCE(MAX(seq), 0) - :most FROM journal) ORDER BY seq DESC LIMIT 1",
        most=LOOKED_AT_MAX,
        **names,
    )


def extend_validity(tx: Tx, by_us: int) -> None:
    """Texts that may still have to go out stay valid for so much longer."""
    tx.run(
        "UPDATE message SET expires_at = expires_at + :by WHERE state IN ('queued', 'started', 'in_doubt')", by=by_us
    )
