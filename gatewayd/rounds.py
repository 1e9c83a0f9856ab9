"""What the house does of its own accord, by waits: tests of silent phones, drills, watching who is on site alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gatewayd import reachability, site_visits, status_line
from gatewayd.desk import Desk
from gatewayd.drill import Drills
from gatewayd.metrics import PHONES, SITE_VISITS
from gatewayd.oncall.reachability import ReachabilitySettings
from gatewayd.queue import LISTEN_US, Queue
from gatewayd.reachability import Reachability
from gatewayd.store import messages, phones
from gatewayd.store import site_visits as visits
from gatewayd.store.db import Reader, Tx
from gatewayd.store.drills import DRILL

Serve = Callable[[Tx, int, int], None]


class Rounds:
    """Built anew at each reload."""

    def __init__(self, settings: ReachabilitySettings, desk: Desk, queue: Queue) -> None:
        self.desk = desk
        self.drills = Drills(desk)
        self._tested = settings.test_after is not None
        self.reachability = Reachability(settings, desk, queue)

    def begin(self, tx: Tx, *, now: int) -> None:
        """At a start and after a reload. An answer may wait in a modem: nobody is missed before that is heard."""
        self.reachability.begin(tx, now=now)
        messages.wait_at_least(tx, visits.KIND, now + LISTEN_US)

    # --- who is on site alone

    def visit(
        self, tx: Tx, person: str, *, until: int, every_s: int | None, place: str, tell: str, by: str, now: int
    ) -> int:
        """Watch them, or change the visit of theirs that runs. Raises Refusal. Returns its number."""
        words = site_visits.start(
            tx, self.desk, person, until=until, every_s=every_s, place=place, tell=tell, by=by, now=now
        )  # fmt: skip
        row = visits.of(tx, person)
        assert row is not None, "it was begun just now"
        site_visits.tell(tx, self.desk, person, words, now=now)
        return int(row["id"])

    def end_visit(self, tx: Tx, number: int, *, by: str, now: int) -> None:
        """Raises Refusal when there is none that runs."""
        site_visits.end_for(tx, self.desk, number, by=by, now=now)

    def heard(self, tx: Tx, number: int, *, by: str, now: int) -> None:
        """Somebody has spoken with them. Raises Refusal when there is none that runs."""
        row = site_visits.running(tx, number)
        site_visits.sign(tx, self.desk, row["person"], "", written_at=now, by=self.desk.called(by), now=now)

    # --- the status line

    def put_status(self, tx: Tx, text: str, *, until: int, by: str, now: int) -> None:
        """In place of the one before. Raises Refusal."""
        status_line.put(tx, text, until=until, by=by, now=now)

    def end_status(self, tx: Tx, *, by: str, now: int) -> None:
        """Raises Refusal when there is none."""
        status_line.end(tx, by=by, now=now)

    # --- figures

    def measure(self, reader: Reader) -> None:
        silent, every = phones.silent_count(reader)
        PHONES.labels("silent").set(silent)
        PHONES.labels("other").set(every - silent)
        running, alarms = visits.counts(reader)
        SITE_VISITS.labels("watched").set(running - alarms)
        SITE_VISITS.labels("alarm").set(alarms)

    def told(self, reader: Reader) -> dict[str, str]:
        """For status and /readyz."""
        found: dict[str, str] = {}
        if self._tested:
            silent, every = phones.silent_count(reader)
            found["phones"] = f"{silent} of {every} silent"
        running, alarms = visits.counts(reader)
        if running:
            found["site visits"] = f"{running} watched" + (f", {alarms} with an alarm" if alarms else "")
        return found


def kinds(rounds: Callable[[], Rounds]) -> Mapping[str, Serve]:
    """Which waits it serves."""
    return {
        reachability.KIND: lambda tx, subject, now: rounds().reachability.due(tx, subject, now=now),
        site_visits.KIND: lambda tx, subject, now: site_visits.due(tx, rounds().desk, subject, now=now),
        DRILL: lambda tx, subject, now: rounds().drills.due(tx, subject, now=now),
    }
