"""The status line: one sentence about a big fault for everybody who asks. It ends by itself instead of lying."""

from __future__ import annotations

from gatewayd.desk import Desk
from gatewayd.model import Refusal
from gatewayd.oncall import civil
from gatewayd.site_visits import zone_of
from gatewayd.store import incidents, journal, status_lines
from gatewayd.store.db import Reader, Tx

TEXT_MAX = 300
LASTS_US = 2 * civil.HOUR  # where nobody says how long
LONGEST_US = 24 * civil.HOUR


def put(tx: Tx, text: str, *, until: int, by: str, now: int) -> None:
    """In place of the one before. Raises Refusal."""
    said = " ".join(text.split())
    if not said or len(said) > TEXT_MAX or not said.isprintable():
        raise Refusal("invalid", f"a status is one line of at most {TEXT_MAX} characters", field="text")
    if not now < until <= now + LONGEST_US:
        raise Refusal("invalid", f"must be within the {LONGEST_US // civil.HOUR} hours to come", field="until")
    status_lines.add(tx, said, until=until, by=by, now=now)
    journal.write(tx, "status_set", now=now, until=until, private={"text": said, "by": by})


def end(tx: Tx, *, by: str, now: int) -> None:
    """Raises Refusal when there is none."""
    if not status_lines.end(tx, now=now):
        raise Refusal("conflict", "there is no status line")
    journal.write(tx, "status_ended", now=now, private={"by": by})


def may_set(reader: Reader, desk: Desk, person: str, *, now: int) -> bool:
    """By text only who is on call now, or has taken an incident that is not over. Without any rota, everybody known."""
    rotas = tuple(f"rota:{name}" for name in desk.roster.plans)
    if not rotas or person in desk.roster.members(reader, rotas, now=now):
        return True
    return any(
        i["acknowledged_by"] == person and i["state"] == "acknowledged" for i in incidents.open_for(reader, person)
    )


def words(reader: Reader, desk: Desk, person: str, *, now: int) -> str:
    """What is known now, for a text to that person; "" = nothing."""
    row = status_lines.current(reader, now=now)
    if row is None:
        return ""
    zone = zone_of(desk, person)
    at = f"{civil.wall(zone, row['set_at']):%H:%M}"
    return f"{row['text']} ({desk.called(row['set_by'])}, {at})"
