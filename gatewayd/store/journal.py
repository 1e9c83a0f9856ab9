"""The journal: what was decided and why, chained so that a missing or altered row shows.

The chain is over ids, facts and a salted digest; names, numbers and texts stand beside it in `words` and can be erased
(NULL) without breaking it.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from functools import lru_cache, partial
from hashlib import sha256
from typing import Any

from pydantic_core import to_json

from gatewayd import logs
from gatewayd.store.db import Reader, Row, Tx

log = logging.getLogger("gatewayd.journal")

FIRST = "0" * 64
LOUD = frozenset(
    {
        "alert_joined",
        "answer_withheld",
        "cover_changed",
        "cover_ended",
        "doubt_given_up",
        "duty_asked",
        "duty_settled",
        "group_called",
        "hand_over",
        "hand_over_unconfirmed",
        "incident_acknowledged",
        "incident_opened",
        "incident_resolved",
        "incident_reworded",
        "incident_worse",
        "message_expired",
        "message_failed",
        "message_in_doubt",
        "message_queued",
        "message_repeated",
        "message_resent",
        "message_settled",
        "message_undelivered",
        "message_withdrawn",
        "page_held_up",
        "page_moved",
        "page_not_taken_back",
        "page_planned",
        "page_taken_back",
        "page_unreachable",
        "silence_added",
        "silence_asked",
        "silence_ended",
        "silence_settled",
        "started",
        "step_entered",
        "stopped",
        "test_page",
        "token_added",
        "token_revoked",
    }
)  # told in the log at info; the rest at debug, or at info by who does it (a report, a reload, a step of the clock)
_TAKEN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}  # words that a log record keeps for itself
_quoted = json.encoder.encode_basestring  # of a text, as the hashes of all lines so far have it
_named = lru_cache(maxsize=256)(_quoted)  # events: few, and again and again

Line = tuple[
    int, int, str, int | None, int | None, int | None, str, str | None, str | None, str, str, str
]  # the columns, as `keep` names them


def write(tx: Tx, /, event: str, *, now: int, **told: Any) -> int:
    """Add one line in the same transaction as the change it tells of; its number. What `told` may hold: see `line`."""
    added = line(tx, event, now=now, **told)
    keep(tx, [added])
    return added[0]


def line(
    tx: Tx,
    /,
    event: str,
    *,
    now: int,
    incident_id: int | None = None,
    message_id: int | None = None,
    attempt_id: int | None = None,
    private: dict[str, Any] | None = None,
    pages: bool = True,
    **facts: Any,
) -> Line:
    """The next line of the chain, which is not in the books until `keep`: many are then written in one pass.

    `private` holds names, numbers and texts. `pages`: the text may page for an incident, which is then looked up.
    """
    seq, previous = tx.notes.get("journal") or _last(tx)
    seq += 1
    words = salt = None
    digest = ""
    if private:
        words = to_json(private).decode()
        salt = os.urandom(8).hex()
        digest = sha256((salt + words).encode()).hexdigest()
    told = to_json(facts).decode() if facts else "{}"
    hashed = _hash(previous, seq, now, event, (incident_id, message_id, attempt_id), told, digest)
    tx.notes["journal"] = (seq, hashed)
    level = logging.INFO if event in LOUD else logging.DEBUG
    if log.isEnabledFor(level):
        told_of = incident_id or (incident_of(tx, message_id) if message_id and pages else None)
        ids = {"incident_id": told_of, "message_id": message_id, "attempt_id": attempt_id}
        fields = {k: v for k, v in (ids | facts).items() if v is not None and k not in _TAKEN}
        tx.after_commit(partial(logs.tell, log, level, event, {"seq": seq, **fields}))
    return seq, now, event, incident_id, message_id, attempt_id, told, salt, words, digest, previous, hashed


def keep(tx: Tx, lines: list[Line]) -> None:
    """Add these lines, each of them once, in the function in which they were made."""
    tx.run_many(
        "INSERT INTO journal"
        " (seq, at, event, incident_id, message_id, attempt_id, facts, salt, words, private_digest, previous, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        lines,
    )


def incident_of(reader: Reader, message_id: int) -> int | None:
    """The incident that a text pages for; None: it is no page."""
    row = reader.one(
        "SELECT MIN(p.incident_id) AS id FROM message_page mp JOIN page p ON p.id = mp.page_id"
        " WHERE mp.message_id = :message",
        message=message_id,
    )
    return row["id"] if row else None


def _last(reader: Reader) -> tuple[int, str]:
    row = reader.one("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1")
    return (row["seq"], row["hash"]) if row else (0, FIRST)


def _hash(previous: str, seq: int, at: int, event: str, ids: tuple[int | None, ...], facts: str, digest: str) -> str:
    """Of the line before and this one as a JSON list; put together by hand, as it is done for every line there is."""
    of = ",".join(["null" if one is None else str(one) for one in ids])
    return sha256(f'{previous}[{seq},{at},{_named(event)},{of},{_quoted(facts)},"{digest}"]'.encode()).hexdigest()


_COLUMNS = (
    "SELECT j.seq, j.at, j.event, j.incident_id, j.message_id, j.attempt_id, j.facts, j.private_digest, j.previous,"
    " j.hash, j.salt, j.words FROM journal j "
)


def rows(
    reader: Reader, *, after: int = 0, limit: int = 200, incident_id: int | None = None, message_id: int | None = None
) -> list[Row]:
    """Lines after `after`, oldest first."""
    where, values = "j.seq > :after", {"after": after, "limit": limit}
    if incident_id is not None:
        texts = (
            "SELECT mp.message_id FROM message_page mp JOIN page p ON p.id = mp.page_id WHERE p.incident_id = :subject"
        )
        where, values["subject"] = where + f" AND (j.incident_id = :subject OR j.message_id IN ({texts}))", incident_id
    elif message_id is not None:
        where, values["subject"] = where + " AND j.message_id = :subject", message_id
    return reader.all(f"{_COLUMNS} WHERE {where} ORDER BY j.seq LIMIT :limit", **values)


def newest(reader: Reader, *, limit: int = 200) -> list[Row]:
    """The last lines, oldest first."""
    return list(reversed(reader.all(f"{_COLUMNS} ORDER BY j.seq DESC LIMIT :limit", limit=limit)))


def breaks(reader: Reader) -> Iterator[str]:
    """Check the whole chain; yields a sentence for each place where it does not hold."""
    previous, after = FIRST, 0
    expected = 1
    while found := rows(reader, after=after, limit=2_000):
        for row in found:
            seq = row["seq"]
            if seq != expected:
                yield f"line {expected} is missing"
            ids = (row["incident_id"], row["message_id"], row["attempt_id"])
            hashed = _hash(row["previous"], seq, row["at"], row["event"], ids, row["facts"], row["private_digest"])
            if row["previous"] != previous or row["hash"] != hashed:
                yield f"line {seq} was altered"
            if (
                row["words"] is not None
                and sha256((row["salt"] + row["words"]).encode()).hexdigest() != row["private_digest"]
            ):
                yield f"the words of line {seq} were altered"
            previous, after, expected = row["hash"], seq, seq + 1
