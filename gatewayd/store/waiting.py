"""SQL of incidents that page nobody now, and of silences."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gatewayd.model import Severity
from gatewayd.oncall import hosts
from gatewayd.oncall.directory import Kind, Policy
from gatewayd.oncall.triage import Fault, Match, Silence, Standing
from gatewayd.store import messages
from gatewayd.store.db import Reader, Row, Tx

STANDING_MAX = 1_000  # incidents that are looked at for one inhibition
NOTE = "silences"
STILL_FIRES = "still_fires"  # a wait of an alert that a peer of its monitor says to fire after another has ended it
KEPT_ALERT = "kept_alert"  # a wait of an alert that is kept beside others that are not
CHAIN_MAX = 10  # of incidents, each behind the next
FIRING_MAX = 1_000  # alerts of one incident that are judged
WOKEN_MAX = 100  # alerts that are judged when one incident is over; what is beyond it waits for its time
DETAILS_MAX = 20  # alerts of one incident whose keys and labels are looked at


def hold(tx: Tx, incident_id: int, *, kind: str, why: str, until: int, by: int | None) -> None:
    tx.run(
        "UPDATE incident SET held_for = :kind, held_why = :why, held_until = :until, held_by = :by, step_until = NULL"
        " WHERE id = :id",
        kind=kind,
        why=why[:300],
        until=until,
        by=by,
        id=incident_id,
    )


def release(tx: Tx, incident_id: int) -> None:
    tx.run(
        "UPDATE incident SET held_for = '', held_why = '', held_until = NULL, held_by = NULL WHERE id = :id",
        id=incident_id,
    )


def wake(tx: Tx, *, by: int, now: int) -> None:
    """What stood behind this incident is looked at now."""
    tx.run(
        "UPDATE wait SET due_at = :now WHERE kind = 'escalate' AND due_at > :now AND subject IN"
        " (SELECT id FROM incident WHERE held_by = :by AND state = 'open')",
        by=by,
        now=now,
    )
    tx.run(
        "UPDATE wait SET due_at = :now WHERE kind = :kind AND due_at > :now AND subject IN"
        " (SELECT subject FROM wait WHERE kind = :kind ORDER BY due_at LIMIT :limit)",
        kind=KEPT_ALERT,
        limit=WOKEN_MAX,
        now=now,
    )


def wake_all(tx: Tx, *, now: int) -> None:
    """Whatever is kept is looked at now."""
    tx.run(
        "UPDATE wait SET due_at = :now WHERE kind = 'escalate' AND subject IN"
        " (SELECT id FROM incident WHERE held_for <> '' AND state = 'open')",
        now=now,
    )
    tx.run("UPDATE wait SET due_at = :now WHERE kind = :kind", now=now, kind=KEPT_ALERT)


def fault(reader: Reader, incident: Row) -> Fault:
    """The incident as its monitor tells of it; what is over of it counts when nothing fires."""
    alerts = reader.all(
        "SELECT key, details FROM alert WHERE incident_id = :id AND (status = 'firing' OR NOT EXISTS"
        " (SELECT 1 FROM alert f WHERE f.incident_id = :id AND f.status = 'firing')) ORDER BY id DESC LIMIT :limit",
        id=incident["id"],
        limit=DETAILS_MAX,
    )
    labels: dict[str, str] = {}
    for alert in reversed(alerts):
        labels |= json.loads(alert["details"])
    return Fault(
        incident["service"], Severity(incident["severity"]), incident["source"], tuple(a["key"] for a in alerts), labels
    )


def firing(reader: Reader, incident: Row) -> list[Row]:
    """Its alerts that fire: first the one whose words it has, then the worst."""
    return reader.all(
        "SELECT * FROM alert WHERE incident_id = :id AND status = 'firing'"
        " ORDER BY CASE WHEN severity = :severity AND summary = :summary THEN 0 ELSE 1 END,"
        " CASE severity WHEN 'critical' THEN 0 WHEN 'error' THEN 1 WHEN 'warning' THEN 2 ELSE 3 END, id LIMIT :limit",
        id=incident["id"],
        severity=incident["severity"],
        summary=incident["summary"],
        limit=FIRING_MAX,
    )


def alert(reader: Reader, number: int) -> Row | None:
    """If it fires."""
    return reader.one("SELECT * FROM alert WHERE id = :id AND status = 'firing'", id=number)


def ended_alert(reader: Reader, number: int) -> Row | None:
    """If it is over, and nothing of its key fires."""
    return reader.one(
        "SELECT a.* FROM alert a WHERE a.id = :id AND a.status = 'resolved' AND NOT EXISTS"
        "   (SELECT 1 FROM alert f WHERE f.source = a.source AND f.key = a.key AND f.status = 'firing')",
        id=number,
    )


def put_aside(reader: Reader, alert_id: int) -> bool:
    """Whether it is kept beside others that are not."""
    return messages.due_at(reader, KEPT_ALERT, alert_id) is not None


def told_count(reader: Reader, incident_id: int) -> int:
    """How many of its alerts fire and are not kept beside the others."""
    row = reader.one(
        "SELECT COUNT(*) AS n FROM alert WHERE incident_id = :id AND status = 'firing' AND NOT EXISTS"
        " (SELECT 1 FROM wait w WHERE w.kind = :kind AND w.subject = alert.id)",
        id=incident_id,
        kind=KEPT_ALERT,
    )
    return int(row["n"]) if row else 0


def told_labels(reader: Reader, incident_id: int, summary: str, *, limit: int) -> list[dict[str, str]]:
    """Labels or details of the alerts that `told_count` counts, first of those that the summary is of."""
    rows = reader.all(
        "SELECT details FROM alert WHERE incident_id = :id AND status = 'firing' AND NOT EXISTS"
        " (SELECT 1 FROM wait w WHERE w.kind = :kind AND w.subject = alert.id)"
        " ORDER BY summary <> :summary, id LIMIT :limit",
        id=incident_id,
        kind=KEPT_ALERT,
        summary=summary,
        limit=limit,
    )
    return [json.loads(row["details"] or "{}") for row in rows]


def named_at(reader: Reader, incident_id: int, summary: str) -> str:
    """Which machines a list says it is of; "" = none, or the summary names it."""
    labels = told_labels(reader, incident_id, summary, limit=hosts.READ_MAX + 1)
    return hosts.named(labels, service="", summary=summary)


def fault_of(alert: Row, service: str) -> Fault:
    """One alert, as if it were alone."""
    labels = json.loads(alert["details"])
    return Fault(service, Severity(alert["severity"]), alert["source"], (alert["key"],), labels)


def standing(reader: Reader, *, but: int) -> list[Standing]:
    """Incidents of which somebody is told, or will be in a moment, the newest first.

    What itself waits (for a digest, for the end of a silence or of maintenance) stands before nothing, or nobody would
    hear of either; what stands behind another counts as that one does, if it is not `but` in the end.
    """
    rows = reader.all(
        "SELECT * FROM incident WHERE state <> 'resolved' AND id <> :but AND source <> 'drill'"
        " ORDER BY id DESC LIMIT :limit",
        but=but,
        limit=STANDING_MAX,
    )
    known = {row["id"]: row for row in rows}
    found = [(row, _root(row, known)) for row in rows]
    return [
        Standing(row["id"], row["code"], fault(reader, row), held=root["held_for"] == "hold")
        for row, root in found
        if root is not None
    ]


def _root(incident: Row | None, known: Mapping[int, Row]) -> Row | None:
    """Of which somebody is told, or will be: this one, or the one behind which it stands in the end."""
    for _ in range(CHAIN_MAX):
        if incident is None or incident["state"] == "acknowledged" or incident["held_for"] in ("", "hold"):
            return incident
        if incident["held_for"] != "inhibited":
            return None
        incident = known.get(incident["held_by"])
    return None


def paging(reader: Reader) -> list[Row]:
    """Open incidents that wait for nothing but an answer."""
    return reader.all("SELECT * FROM incident WHERE state = 'open' AND held_for = '' ORDER BY id")


def digest_due(reader: Reader, *, now: int, limit: int) -> list[Row]:
    return reader.all(
        "SELECT * FROM incident WHERE held_for = 'digest' AND held_until <= :now AND state = 'open' ORDER BY id"
        " LIMIT :limit",
        now=now,
        limit=limit,
    )


def told_since(reader: Reader, incident_id: int, since: int) -> bool:
    """In a digest: its page is of no round."""
    found = reader.one(
        "SELECT 1 FROM page WHERE incident_id = :id AND round = -1 AND planned_at > :since LIMIT 1",
        id=incident_id,
        since=since,
    )
    return found is not None


@dataclass(frozen=True, slots=True)
class Told:
    """What one person is told of an incident in a digest. `kinds`: of devices that its policy uses for it."""

    incident_id: int
    page_id: int
    code: str
    severity: Severity
    summary: str
    kinds: tuple[Kind, ...]


def told(incident: Row, page_id: int, step: int) -> Told:
    """`step`: of the policy, who reads it."""
    severity = Severity(incident["severity"])
    kinds = Policy.model_validate_json(incident["policy"]).kinds(step, severity)
    return Told(incident["id"], page_id, incident["code"], severity, incident["summary"], kinds)


def digest_of(reader: Reader, message_id: int) -> list[Told]:
    """What a digest tells of that nobody has taken, and that its reader was not told of since."""
    rows = reader.all(
        "SELECT i.*, p.id AS page_id, p.step AS page_step FROM message_page mp JOIN page p ON p.id = mp.page_id"
        " JOIN incident i ON i.id = p.incident_id WHERE mp.message_id = :m AND i.state = 'open'"
        " AND i.held_for IN ('digest', 'told') AND NOT EXISTS (SELECT 1 FROM page n WHERE n.person = p.person"
        " AND n.incident_id = p.incident_id AND n.id > p.id)"
        " ORDER BY i.id",
        m=message_id,
    )
    return [told(row, row["page_id"], row["page_step"]) for row in rows]


def digest_texts(reader: Reader, message_id: int) -> list[Row]:
    """All texts that carry something of the same digest."""
    return reader.all(
        "SELECT DISTINCT m.* FROM message_page mp JOIN message_page o ON o.page_id = mp.page_id"
        " JOIN message m ON m.id = o.message_id WHERE mp.message_id = :m ORDER BY m.id",
        m=message_id,
    )


def without_deadline(reader: Reader) -> list[Row]:
    """Open incidents that nothing would ever look at again. There are none, unless we are wrong somewhere."""
    return reader.all(
        "SELECT i.id FROM incident i LEFT JOIN wait w ON w.kind = 'escalate' AND w.subject = i.id"
        " WHERE i.state = 'open' AND w.due_at IS NULL LIMIT 1000"
    )


# --- silences


def add_silence(tx: Tx, match: Match, *, until: int, reason: str, by: str, now: int) -> int:
    tx.notes.pop(NOTE, None)
    number = tx.new_id("silence")
    tx.run(
        "INSERT INTO silence (id, match, since, until, reason, made_by)"
        " VALUES (:id, :match, :now, :until, :reason, :by)",
        id=number,
        match=match.model_dump_json(exclude_defaults=True),
        now=now,
        until=until,
        reason=reason,
        by=by,
    )
    return number


def get_silence(reader: Reader, number: int) -> Row | None:
    return reader.one("SELECT * FROM silence WHERE id = :id", id=number)


def end_silence(tx: Tx, number: int, *, now: int) -> None:
    tx.notes.pop(NOTE, None)
    tx.run("UPDATE silence SET ended_at = :now WHERE id = :id", now=now, id=number)


def silence_rows(reader: Reader, *, now: int) -> list[Row]:
    """Those that hold now."""
    return reader.all("SELECT * FROM silence WHERE ended_at IS NULL AND until > :now ORDER BY id", now=now)


def silenced(reader: Reader, service: str, *, limit: int) -> list[str]:
    """Codes of what a silence keeps of that service."""
    rows = reader.all(
        "SELECT code FROM incident WHERE state = 'open' AND held_for = 'silence' AND service = :service ORDER BY id"
        " LIMIT :limit",
        service=service,
        limit=limit,
    )
    return [row["code"] for row in rows]


def silences(tx: Tx, *, now: int) -> Sequence[Silence]:
    """Those that hold now, and perhaps some that are over. Asked for every new alert: read once, and kept in mind."""
    known: list[Silence] | None = tx.notes.get(NOTE)
    if known is None:
        known = [
            Silence(row["id"], Match.model_validate_json(row["match"]), row["until"], row["reason"])
            for row in silence_rows(tx, now=now)
        ]
        tx.notes[NOTE] = known
    return known
