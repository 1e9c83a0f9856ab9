"""SQL of the on-call desk: alerts, incidents, pages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from gatewayd.clock import SECOND
from gatewayd.model import Report
from gatewayd.store.db import Reader, Row, Tx

QUARANTINE_US = 24 * 3600 * SECOND  # a code is not given again this long after the close
NEVER = 1 << 62
REFUSED = "refused"  # why a page ended: the person passed it on


class _Fresh(dict[str, Any]):
    """A row that was just written need not be read again."""


def is_fresh(incident: Row) -> bool:
    """Opened in this very transaction: nothing of it can have gone before, and it has one alert."""
    return isinstance(incident, _Fresh)


def firing(reader: Reader, source: str, key: str) -> Row | None:
    return reader.one(
        "SELECT * FROM alert WHERE source = :source AND key = :key AND status = 'firing'", source=source, key=key
    )


def occurred(reader: Reader, source: str, key: str, starts_at: int) -> Row | None:
    """The occurrence with this start that is over, if there was one."""
    return reader.one(
        "SELECT * FROM alert WHERE source = :source AND key = :key AND starts_at = :at AND status = 'resolved'"
        " ORDER BY id DESC LIMIT 1",
        source=source,
        key=key,
        at=starts_at,
    )


def add_alert(tx: Tx, report: Report, incident_id: int, *, now: int) -> int:
    number = tx.new_id("alert")
    tx.run(
        "INSERT INTO alert (id, source, key, incident_id, status, severity, summary, details, starts_at, first_at,"
        " last_at) VALUES"
        " (:id, :source, :key, :incident, 'firing', :severity, :summary, :details, :starts, :now, :now)",
        id=number,
        source=report.source,
        key=report.key,
        incident=incident_id,
        severity=report.severity.value,
        summary=report.summary,
        details=json.dumps(report.details, ensure_ascii=False),
        starts=report.starts_at,
        now=now,
    )
    return number


def seen_again(tx: Tx, alert_id: int, report: Report, *, now: int) -> None:
    tx.run(
        "UPDATE alert SET count = count + 1, last_at = :now, severity = :severity, summary = :summary,"
        " starts_at = CASE WHEN :starts > COALESCE(starts_at, 0) THEN :starts ELSE starts_at END WHERE id = :id",
        starts=report.starts_at,
        now=now,
        severity=report.severity.value,
        summary=report.summary,
        id=alert_id,
    )


def end_alert(tx: Tx, alert_id: int, *, now: int) -> None:
    tx.run(
        "UPDATE alert SET status = 'resolved', resolved_at = :now, last_at = :now, resolved_by = 'monitor'"
        " WHERE id = :id",
        now=now,
        id=alert_id,
    )


def firing_count(reader: Reader, incident_id: int) -> int:
    row = reader.one("SELECT COUNT(*) AS n FROM alert WHERE incident_id = :id AND status = 'firing'", id=incident_id)
    return int(row["n"]) if row else 0


def grouped(reader: Reader, source: str, grouping: str, service: str) -> Row | None:
    return reader.one(
        "SELECT * FROM incident WHERE source = :source AND grouping = :grouping AND service = :service"
        " AND state <> 'resolved'",
        source=source,
        grouping=grouping,
        service=service,
    )


def get(reader: Reader, incident_id: int) -> Row | None:
    return reader.one("SELECT * FROM incident WHERE id = :id", id=incident_id)


def lay_out_codes(tx: Tx, pool: list[tuple[str, int]]) -> None:
    """At the first start."""
    if tx.one("SELECT 1 AS yes FROM code LIMIT 1"):
        return
    for position, (code, digits) in enumerate(pool):
        tx.run(
            "INSERT INTO code (code, digits, position, free_at) VALUES (:code, :digits, :position, 0)",
            code=code,
            digits=digits,
            position=position,
        )


_FREE = "(SELECT code FROM code WHERE digits = %d AND free_at <= :now ORDER BY free_at, position LIMIT 1)"
_TAKE_CODE = (
    f"UPDATE code SET free_at = :never WHERE code = COALESCE({_FREE % 2}, {_FREE % 3}, {_FREE % 4}) RETURNING code"
)


def take_code(tx: Tx, *, now: int) -> str:
    """The shortest free code that has rested longest; beyond ten thousand open incidents, any longer number."""
    row = tx.one(_TAKE_CODE, never=NEVER, now=now)
    if row:
        return str(row["code"])
    return str(10_000 + tx.new_id("long_code"))


def add(tx: Tx, report: Report, *, code: str, policy: str, now: int) -> Row:
    """Open it. Returns what a fresh incident's row says."""
    number = tx.new_id("incident")
    tx.run(
        "INSERT INTO incident (id, code, service, severity, summary, source, grouping, state, policy, opened_at)"
        " VALUES (:id, :code, :service, :severity, :summary, :source, :grouping, 'open', :policy, :now)",
        id=number,
        code=code,
        service=report.service,
        severity=report.severity.value,
        summary=report.summary,
        source=report.source,
        grouping=report.group,
        policy=policy,
        now=now,
    )
    return _Fresh(
        id=number,
        code=code,
        service=report.service,
        severity=report.severity.value,
        summary=report.summary,
        source=report.source,
        state="open",
        policy=policy,
        step=0,
        round=0,
        exhausted=0,
        step_until=None,
        opened_at=now,
        held_for="",
    )


def by_code(reader: Reader, code: str, *, now: int) -> Row | None:
    """The incident that has the code now: open, or closed while the code still rests. A long number is never reused."""
    return reader.one(
        "SELECT i.* FROM incident i LEFT JOIN code c ON c.code = i.code"
        " WHERE i.code = :code AND COALESCE(c.free_at, :never) > :now ORDER BY i.id DESC LIMIT 1",
        code=code,
        never=NEVER,
        now=now,
    )


def enter_step(tx: Tx, incident_id: int, *, step: int, round_: int, until: int, exhausted: bool) -> None:
    tx.run(
        "UPDATE incident SET step = :step, round = :round, step_until = :until, exhausted = exhausted + :more"
        " WHERE id = :id",
        step=step,
        round=round_,
        until=until,
        more=int(exhausted),
        id=incident_id,
    )


def change_policy(tx: Tx, incident_id: int, policy: str) -> None:
    """From the first step of another policy; what was paged so far belongs to the one before."""
    tx.run(
        "UPDATE incident SET policy = :policy, round = 0, step = 0, exhausted = 0 WHERE id = :id",
        policy=policy,
        id=incident_id,
    )
    tx.run("UPDATE page SET round = -1 WHERE incident_id = :id", id=incident_id)


def acknowledge(tx: Tx, incident_id: int, *, by: str, now: int) -> None:
    tx.run(
        "UPDATE incident SET state = 'acknowledged', acknowledged_at = :now, acknowledged_by = :by, step_until = NULL,"
        " held_for = '', held_why = '', held_until = NULL, held_by = NULL WHERE id = :id AND state = 'open'",
        now=now,
        by=by,
        id=incident_id,
    )


def taken_by_people(reader: Reader) -> list[Row]:
    """Those that a person has who was paged for it; what a program or a token took has no page of theirs."""
    return reader.all(
        "SELECT * FROM incident i WHERE state <> 'resolved' AND state = 'acknowledged'"
        " AND EXISTS (SELECT 1 FROM page p WHERE p.incident_id = i.id AND p.person = i.acknowledged_by) ORDER BY id"
    )


def reopen(tx: Tx, incident_id: int, *, severity: str, summary: str) -> None:
    """Something worse has joined: from the first step again, with the same code."""
    tx.run(
        "UPDATE incident SET state = 'open', severity = :severity, summary = :summary, round = 0, step = 0,"
        " exhausted = 0 WHERE id = :id",
        severity=severity,
        summary=summary,
        id=incident_id,
    )
    tx.run("UPDATE page SET round = -1 WHERE incident_id = :id", id=incident_id)  # they belong to the first run


def resolve(tx: Tx, incident_id: int, *, by: str, now: int) -> None:
    tx.run(
        "UPDATE incident SET state = 'resolved', resolved_at = :now, step_until = NULL, held_for = '',"
        " held_why = '', held_until = NULL, held_by = NULL WHERE id = :id",
        now=now,
        id=incident_id,
    )
    tx.run(
        "UPDATE code SET free_at = :free WHERE code = (SELECT code FROM incident WHERE id = :id)",
        free=now + QUARANTINE_US,
        id=incident_id,
    )
    tx.run(
        "UPDATE alert SET status = 'resolved', resolved_at = :now, resolved_by = :by"
        " WHERE incident_id = :id AND status = 'firing'",
        by=by,
        now=now,
        id=incident_id,
    )


# --- pages


def add_page(tx: Tx, incident_id: int, person: str, *, round_: int, step: int, reason: str, now: int) -> int:
    number = tx.new_id("page")
    tx.run(
        "INSERT INTO page (id, incident_id, person, round, step, state, planned_at, reason)"
        " VALUES (:id, :incident, :person, :round, :step, 'planned', :now, :reason)",
        id=number,
        incident=incident_id,
        person=person,
        round=round_,
        step=step,
        now=now,
        reason=reason[:300],
    )
    return number


def device_used(tx: Tx, page_id: int, tried: int) -> None:
    tx.run(
        "UPDATE page SET devices_tried = CASE WHEN devices_tried < :n THEN :n ELSE devices_tried END WHERE id = :id",
        n=tried,
        id=page_id,
    )


def end_page(tx: Tx, page_id: int, state: str, *, reason: str, now: int) -> None:
    tx.run(
        "UPDATE page SET state = :state, ended_at = :now, reason = :reason WHERE id = :id",
        state=state,
        now=now,
        reason=reason[:300],
        id=page_id,
    )


def pages(reader: Reader, incident_id: int) -> list[Row]:
    """Pages with their newest text's state and time; `gathered_until`: in a storm, when the next one is made."""
    return reader.all(
        "SELECT p.*, m.state AS message_state, m.ended_at AS message_ended, m.created_at AS message_at,"
        " m.unheard_at AS message_unheard, (SELECT w.due_at FROM fold_entry e JOIN wait w ON w.kind = 'fold'"
        " AND w.subject = e.fold_id WHERE e.page_id = p.id AND e.page_id > 0 LIMIT 1) AS gathered_until FROM page p"
        " LEFT JOIN message m ON m.id = (SELECT MAX(mp.message_id) FROM message_page mp WHERE mp.page_id = p.id)"
        " WHERE p.incident_id = :id ORDER BY p.id",
        id=incident_id,
    )


def withdraw_pages(tx: Tx, incident_id: int, *, reason: str, now: int) -> None:
    """Nobody else needs to know any more: planned pages end."""
    tx.run(
        "UPDATE page SET state = 'withdrawn', ended_at = :now, reason = :reason"
        " WHERE incident_id = :id AND state = 'planned'",
        now=now,
        reason=reason,
        id=incident_id,
    )


def unsent_texts(reader: Reader, incident_id: int) -> list[Row]:
    """Texts of this incident's pages that wait in the queue or are in doubt with a repeat to come."""
    return reader.all(
        "SELECT DISTINCT m.* FROM message m JOIN message_page mp ON mp.message_id = m.id"
        " JOIN page p ON p.id = mp.page_id"
        " WHERE p.incident_id = :id AND m.state IN ('queued', 'in_doubt') AND m.ended_at IS NULL",
        id=incident_id,
    )


def on_the_way(reader: Reader, incident_id: int) -> list[Row]:
    """Attempts at this incident's pages alone that may still be stopped: id, channel, reference, recipient.

    A channel has them (no reference yet), or a network took them and has not told of them since.
    """
    return reader.all(
        "SELECT DISTINCT a.id, a.channel, COALESCE(a.spelling, a.reference) AS reference, a.recipient FROM page p"
        " JOIN message_page mp ON mp.page_id = p.id"
        " JOIN message m ON m.id = mp.message_id JOIN attempt a ON a.message_id = m.id"
        " WHERE p.incident_id = :id AND m.about <> '' AND (m.state = 'started' AND a.state = 'started'"
        " OR m.state IN ('started', 'sent', 'in_doubt') AND a.state = 'accepted' AND a.reference IS NOT NULL"
        " AND a.receipt NOT IN ('delivered', 'failed', 'gave_up'))",
        id=incident_id,
    )


def unsent_of(reader: Reader, incident_id: int, pages: Mapping[str, int]) -> list[Row]:
    """Texts of earlier pages of these people (`pages` are the newest ones, by person) that nobody else waits for, and
    none of whose bytes has been on the air."""
    people = {f"n{n}": name for n, name in enumerate(pages)}
    newest = {f"p{n}": page_id for n, page_id in enumerate(pages.values())}
    mine = ", ".join(f":{n}" for n in people)
    return reader.all(
        "SELECT DISTINCT m.* FROM page p JOIN message_page mp ON mp.page_id = p.id"
        " JOIN message m ON m.id = mp.message_id"
        f" WHERE p.incident_id = :id AND p.person IN ({mine}) AND m.state = 'queued'"
        f" AND p.id NOT IN ({', '.join(f':{n}' for n in newest)})"
        " AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.message_id = m.id AND a.state IN ('accepted', 'in_doubt'))"
        " AND NOT EXISTS (SELECT 1 FROM message_page o JOIN page q ON q.id = o.page_id WHERE o.message_id = m.id"
        f" AND q.person NOT IN ({mine}))",
        id=incident_id,
        **people,
        **newest,
    )


def texts_of_grouped(reader: Reader, incident: Row) -> list[Row]:
    """All texts of those pages of the running step that a text to a group carries, in order. `named`: a network gave
    it a name."""
    return reader.all(
        "SELECT mp.page_id, m.person, m.recipient, m.wanted_channel, m.state, m.unheard_at,"
        " EXISTS (SELECT 1 FROM attempt a WHERE a.message_id = m.id AND a.reference IS NOT NULL) AS named"
        " FROM page p JOIN message_page mp ON mp.page_id = p.id JOIN message m ON m.id = mp.message_id"
        " WHERE p.incident_id = :id AND p.round = :round AND p.step = :step"
        " AND EXISTS (SELECT 1 FROM message_page o JOIN message g ON g.id = o.message_id"
        " WHERE o.page_id = p.id AND g.person <> p.person) ORDER BY mp.page_id, m.id",
        id=incident["id"],
        round=incident["round"],
        step=incident["step"],
    )


def woken(reader: Reader, incident_id: int) -> dict[str, str]:
    """Who got, or may have got, a text of this incident, in order of their first page; each with the group (as
    "team:noc") whose call alone that was, or ""."""
    rows = reader.all(
        "SELECT p.person AS person, MIN(p.id) AS first, MAX(m.person) AS whose,"
        " MAX(CASE WHEN m.person = p.person THEN 1 ELSE 0 END) AS own"
        " FROM page p JOIN message_page mp ON mp.page_id = p.id"
        " JOIN message m ON m.id = mp.message_id WHERE p.incident_id = :id"
        " AND (m.state IN ('started', 'sent', 'in_doubt', 'delivered', 'unconfirmed')"
        " OR EXISTS (SELECT 1 FROM attempt a WHERE a.message_id = m.id"
        " AND a.state IN ('accepted', 'in_doubt', 'started') AND a.receipt NOT IN ('failed', 'gave_up')))"
        " GROUP BY p.person ORDER BY first",
        id=incident_id,
    )
    return {row["person"]: "" if row["own"] else row["whose"] for row in rows}


def paged(reader: Reader, incident_id: int, person: str) -> bool:
    return bool(
        reader.one(
            "SELECT 1 AS yes FROM page WHERE incident_id = :id AND person = :person LIMIT 1",
            id=incident_id,
            person=person,
        )
    )


def key_of(reader: Reader, incident_id: int, summary: str) -> str:
    """What identifies the alert that this summary is of."""
    row = reader.one(
        "SELECT key FROM alert WHERE incident_id = :id ORDER BY summary <> :summary, id LIMIT 1",
        id=incident_id,
        summary=summary,
    )
    return str(row["key"]) if row else ""


def texted_before(reader: Reader, page_id: int) -> bool:
    """Whether an earlier page of the same incident to the same person went out, or may have."""
    return bool(
        reader.one(
            "SELECT 1 AS yes FROM page n JOIN page p ON p.incident_id = n.incident_id AND p.person = n.person"
            " AND p.id < n.id JOIN message_page mp ON mp.page_id = p.id JOIN attempt a ON a.message_id = mp.message_id"
            " WHERE n.id = :id AND a.state IN ('started', 'accepted', 'in_doubt') LIMIT 1",
            id=page_id,
        )
    )


def open_for(reader: Reader, person: str) -> list[Row]:
    """Incidents not over that this person was paged about, oldest first; `had`: one of its texts went out to them, the
    first at `first_at`; `reached`: one was delivered, or is as good as that where no receipt is to be had; `lost`:
    all that went out are known not to have arrived; `passed`: they passed it on and were not paged again."""
    return reader.all(
        "SELECT i.*, MAX(CASE WHEN a.id IS NULL THEN 0 ELSE 1 END) AS had, MIN(a.started_at) AS first_at,"
        " MAX(CASE WHEN a.state = 'in_doubt' THEN 1 WHEN a.id IS NULL THEN 0"
        " WHEN m.state IN ('delivered', 'unconfirmed') THEN 1 WHEN m.state = 'sent' AND NOT EXISTS"
        " (SELECT 1 FROM wait w WHERE w.kind = 'hearing' AND w.subject = m.id) THEN 1 ELSE 0 END) AS reached,"
        " MIN(CASE WHEN a.id IS NULL OR m.state = 'undelivered' THEN 1 ELSE 0 END) AS lost,"
        " (SELECT q.reason = :refused FROM page q WHERE q.incident_id = i.id AND q.person = :person ORDER BY q.id DESC"
        " LIMIT 1) AS passed"
        " FROM incident i"
        " JOIN page p ON p.incident_id = i.id LEFT JOIN message_page mp ON mp.page_id = p.id"
        " LEFT JOIN message m ON m.id = mp.message_id"
        " LEFT JOIN attempt a ON a.message_id = mp.message_id AND a.state IN ('started', 'accepted', 'in_doubt')"
        " WHERE p.person = :person AND i.state <> 'resolved' GROUP BY i.id ORDER BY i.id",
        person=person,
        refused=REFUSED,
    )


def ended_for(reader: Reader, person: str, *, since: int, limit: int) -> list[Row]:
    """The incidents that ended last of those this person was paged about, the newest first."""
    return reader.all(
        "SELECT DISTINCT i.* FROM incident i JOIN page p ON p.incident_id = i.id"
        " WHERE p.person = :person AND i.state = 'resolved' AND i.resolved_at > :since"
        " ORDER BY i.resolved_at DESC, i.id DESC LIMIT :limit",
        person=person,
        since=since,
        limit=limit,
    )


def alerts_of(reader: Reader, incident_id: int) -> list[Row]:
    """Its alerts that still fire, the newest first."""
    return reader.all(
        "SELECT * FROM alert WHERE incident_id = :id AND status = 'firing' ORDER BY id DESC", id=incident_id
    )


def unsent_to(reader: Reader, incident_id: int, person: str) -> list[Row]:
    """Texts of its pages that go to this person alone and wait in the queue, or are in doubt with a repeat to come."""
    return reader.all(
        "SELECT DISTINCT m.* FROM page p JOIN message_page mp ON mp.page_id = p.id JOIN message m"
        " ON m.id = mp.message_id WHERE p.incident_id = :id AND p.person = :person AND m.person = :person"
        " AND m.state IN ('queued', 'in_doubt') AND m.ended_at IS NULL",
        id=incident_id,
        person=person,
    )


def asked_now(reader: Reader, incident: Row) -> list[str]:
    """Whose answer its running step waits for, in order."""
    rows = reader.all(
        "SELECT person FROM page WHERE incident_id = :id AND round = :round AND step = :step"
        " AND state IN ('planned', 'reached') GROUP BY person ORDER BY MIN(id)",
        id=incident["id"],
        round=incident["round"],
        step=incident["step"],
    )
    return [row["person"] for row in rows]
