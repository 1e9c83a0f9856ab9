"""What must hold in the books after every story, whatever happened. `broken` returns a sentence for each breach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from hwsim.street import Street

from gatewayd.attribution import MARKS
from gatewayd.clock import SECOND
from gatewayd.delivery.receipts import PartTried, roll_up
from gatewayd.model import AttemptState
from gatewayd.store import journal
from gatewayd.store.db import Reader

SLACK_US = 35 * SECOND  # the due rows look at the clock at least every 30 s
QUARANTINE_US = 24 * 3600 * SECOND
LONGEST_PAUSE_US = 16 * 900 * SECOND


def broken(books: Reader, street: Street, *, now: int) -> list[str]:
    """`books` as committed; `street` keeps its own ledger."""
    return [
        *journal.breaks(books),
        *_incidents(books, now),
        *_codes(books),
        *_messages(books, now),
        *_needless_repeats(books),
        *_silent_copies(books, street),
        *_hand_overs(books),
        *_asked_duty(books),
        *_asked_silences(books),
        *_journal(books),
    ]


def _incidents(books: Reader, now: int) -> Iterator[str]:
    """I2, I3, I4, I5."""
    waits = {r["subject"]: r["due_at"] for r in books.all("SELECT * FROM wait WHERE kind = 'escalate'")}
    for row in books.all("SELECT * FROM incident"):
        number, due = row["id"], waits.pop(row["id"], None)
        if row["state"] == "open" and due is None:
            yield f"incident {number} is open and nobody looks at it again"
        held = row["held_for"] and due is not None and due >= now - SLACK_US  # until its rule says
        if (
            row["state"] == "open"
            and due is not None
            and not held
            and not now - SLACK_US <= due <= now + LONGEST_PAUSE_US
        ):
            yield f"incident {number} is looked at again in {(due - now) / SECOND:.0f} s"
        if row["state"] != "open" and due is not None:
            yield f"incident {number} is {row['state']} and still waits"
        firing = books.one("SELECT COUNT(*) AS n FROM alert WHERE incident_id = :i AND status = 'firing'", i=number)
        if (row["state"] == "resolved") == bool(firing and firing["n"]):
            yield f"incident {number} is {row['state']} with {firing['n'] if firing else 0} alerts firing"
        if row["state"] != "open":
            yield from _sent_after_the_end(books, number)
    yield from (f"a wait for incident {number}, which is not there" for number in waits)


def _sent_after_the_end(books: Reader, number: int) -> Iterator[str]:
    """By the journal's order, which no clock changes: no page's first part is begun after the acknowledgement."""
    end = books.one(
        "SELECT MAX(seq) AS seq FROM journal WHERE incident_id = :i"
        " AND event IN ('incident_acknowledged', 'incident_resolved')",
        i=number,
    )
    since = books.one(
        "SELECT MAX(seq) AS seq FROM journal WHERE incident_id = :i AND event IN ('incident_worse', 'incident_back')",
        i=number,
    )
    first = books.one(
        "SELECT MIN(seq) AS seq FROM journal WHERE incident_id = :i AND seq > :since"
        " AND event IN ('incident_acknowledged', 'incident_resolved')",
        i=number,
        since=(since["seq"] if since else 0) or 0,
    )
    if end is None or first is None or first["seq"] is None:
        yield f"incident {number} ended without its journal line"
        return
    late = books.all(
        "SELECT j.seq, j.message_id FROM journal j JOIN attempt a ON a.id = j.attempt_id"
        " JOIN message_page mp ON mp.message_id = j.message_id JOIN page p ON p.id = mp.page_id"
        " WHERE p.incident_id = :i AND j.event = 'attempt_started' AND j.seq > :end AND a.part = 1"
        # a folded text may be repeated for another incident that was still open
        " AND NOT EXISTS (SELECT 1 FROM message_page o JOIN page q ON q.id = o.page_id JOIN incident k"
        " ON k.id = q.incident_id WHERE o.message_id = j.message_id AND k.id <> :i AND (k.state = 'open' OR EXISTS"
        " (SELECT 1 FROM journal e WHERE e.incident_id = k.id AND e.seq > j.seq"
        " AND e.event IN ('incident_acknowledged', 'incident_resolved'))))",
        i=number,
        end=first["seq"],
    )
    yield from (f"message {r['message_id']} was begun after the end of incident {number}" for r in late)


def _codes(books: Reader) -> Iterator[str]:
    """I6: a code means one incident until 24 h after its end (by the journal's clock steps aside)."""
    last: dict[str, int | None] = {}
    stepped = books.one("SELECT 1 AS yes FROM journal WHERE event LIKE 'clock%' LIMIT 1")
    for row in books.all("SELECT code, opened_at, resolved_at FROM incident ORDER BY id"):
        if row["code"] in last:
            before = last[row["code"]]
            if before is None or (not stepped and row["opened_at"] < before + QUARANTINE_US):
                yield f"code {row['code']} was given again too soon"
        last[row["code"]] = row["resolved_at"]


def _messages(books: Reader, now: int) -> Iterator[str]:
    waits = {(r["kind"], r["subject"]) for r in books.all("SELECT * FROM wait")}
    for row in books.all("SELECT * FROM message"):
        number, state = row["id"], row["state"]
        over = row["ended_at"] is not None
        tried = books.all("SELECT * FROM attempt WHERE message_id = :m ORDER BY id", m=number)
        rolled = roll_up(
            [PartTried(a["round"], a["part"], a["parts"], AttemptState(a["state"]), a["receipt"]) for a in tried]
        )
        waits_for_doubt = ("doubt", number) in waits
        if waits_for_doubt != (state in ("started", "in_doubt") and not over):
            yield f"message {number} is {state}{' (over)' if over else ''}; a wait for its doubt: {waits_for_doubt}"
        if state == "sent" and row["report"] and ("receipt", number) not in waits:
            yield f"message {number} waits for a report for ever"
        if state == "queued" and row["expires_at"] < now - SLACK_US:
            yield f"message {number} is queued though its validity is over"
        if state in ("failed", "expired", "withdrawn", "delivered", "undelivered", "unconfirmed") and not over:
            yield f"message {number} is {state} without an end"
        if state == "delivered" and rolled != "delivered":
            yield f"message {number} is delivered, its attempts say {rolled}"
        if state in ("sent", "unconfirmed") and rolled != "sent" and not _settled_by_a_person(books, number):
            yield f"message {number} is {state}, its attempts say {rolled}"
        if state in ("failed", "expired", "queued") and rolled in ("delivered", "sent"):
            yield f"message {number} is {state}, its attempts say {rolled}"
        if state == "started" and not tried:
            yield f"message {number} is started without an attempt"


def _settled_by_a_person(books: Reader, number: int) -> bool:
    return bool(books.one("SELECT 1 AS yes FROM journal WHERE message_id = :m AND event = 'message_settled'", m=number))


def _needless_repeats(books: Reader) -> Iterator[str]:
    """I11: no later round was begun after a report of an earlier one had come."""
    for row in books.all(
        "SELECT DISTINCT later.message_id AS m FROM attempt early JOIN attempt later"
        " ON later.message_id = early.message_id AND later.round > early.round"
        " JOIN journal report ON report.attempt_id = early.id AND report.event = 'receipt'"
        " JOIN journal begun ON begun.attempt_id = later.id AND begun.event = 'attempt_started'"
        " WHERE early.receipt = 'delivered' AND early.parts = 1 AND report.seq < begun.seq"
        " AND NOT EXISTS (SELECT 1 FROM journal r WHERE r.message_id = early.message_id"
        " AND r.event IN ('message_resent', 'message_settled'))"
    ):
        yield f"message {row['m']} was repeated although its report had come"


def _hand_overs(books: Reader) -> Iterator[str]:
    """Every rota is looked at again."""
    waits = {row["subject"] for row in books.all("SELECT subject FROM wait WHERE kind = 'hand_over'")}
    rotas = {row["id"]: row["rota"] for row in books.all("SELECT id, rota FROM hand_over")}
    yield from (f"nobody looks at rota {name} again" for number, name in rotas.items() if number not in waits)
    yield from (f"a wait for rota {number}, which is not there" for number in waits - set(rotas))


def _asked_duty(books: Reader) -> Iterator[str]:
    """What was asked of a rota is answered, or somebody looks at it again; its code is nobody else's."""
    waits = {row["subject"] for row in books.all("SELECT subject FROM wait WHERE kind = 'asked_duty'")}
    for row in books.all("SELECT * FROM asked_duty"):
        number, waiting = row["id"], row["state"] in ("echo", "consent", "confirm")
        if waiting != (number in waits):
            yield f"what was asked of {row['waits_for']} ({number}) is {row['state']}; it waits: {number in waits}"
        refused = row["act"] == "hand_over" and row["state"] == "late" and row["outcome"] == "declined"
        if (row["state"] == "over" or refused) != bool(row["outcome"]):
            yield f"what was asked of {row['waits_for']} ({number}) is {row['state']}: {row['outcome']}"
        taken = books.one("SELECT 1 AS yes FROM incident WHERE code = :code AND state <> 'resolved'", code=row["code"])
        if row["state"] != "over" and taken:
            yield f"code {row['code']} is an incident's and that of a question about duty"


def _asked_silences(books: Reader) -> Iterator[str]:
    """What was asked to be silenced is answered, or somebody looks at it again; its code is nobody else's."""
    waits = {row["subject"] for row in books.all("SELECT subject FROM wait WHERE kind = 'asked_silence'")}
    for row in books.all("SELECT * FROM asked_silence"):
        number, waiting = row["id"], row["state"] != "over"
        if waiting != (number in waits):
            yield f"a silence asked of {row['waits_for']} ({number}) is {row['state']}; it waits: {number in waits}"
        if (row["state"] in ("runs", "over")) != bool(row["outcome"]):
            yield f"a silence asked of {row['waits_for']} ({number}) is {row['state']}: {row['outcome']}"
        taken = books.one("SELECT 1 AS yes FROM incident WHERE code = :code AND state <> 'resolved'", code=row["code"])
        if row["state"] in ("echo", "consent") and taken:
            yield f"code {row['code']} is an incident's and that of a question about a silence"


def _silent_copies(books: Reader, street: Street) -> Iterator[str]:
    """A phone shows no text more often, without the mark, than there are messages with it that were sent as such."""
    meant = Counter((r["recipient"], r["text"]) for r in books.all("SELECT recipient, text FROM message"))
    for number, phone in street.phones.items():
        shown = Counter(text.text for text in phone.inbox if not text.text.startswith(MARKS))
        for words, times in shown.items():
            if (number, words) in meant and times > meant[number, words]:
                yield f"{number} got {words!r} {times} times, meant {meant[number, words]} times, without a mark"


def _journal(books: Reader) -> Iterator[str]:
    """I10: what happened to a thing is told as often as it happened."""
    told = {
        event: {r["subject"]: r["n"] for r in books.all(_COUNT[column], event=event)}
        for event, column in (
            ("message_queued", "message_id"),
            ("attempt_started", "attempt_id"),
            ("incident_opened", "incident_id"),
            ("incident_resolved", "incident_id"),
        )
    }
    for event, table, where in (
        ("message_queued", "message", ""),
        ("attempt_started", "attempt", ""),
        ("incident_opened", "incident", ""),
        ("incident_resolved", "incident", " WHERE state = 'resolved'"),
    ):
        there = {r["id"] for r in books.all(f"SELECT id FROM {table}{where}")}
        if there != set(told[event]) or any(n != 1 for n in told[event].values()):
            yield f"'{event}' is told of {sorted(set(told[event]) ^ there)}, or more than once"


_COUNT = {
    column: f"SELECT {column} AS subject, COUNT(*) AS n FROM journal WHERE event = :event GROUP BY {column}"
    for column in ("message_id", "attempt_id", "incident_id")
}
