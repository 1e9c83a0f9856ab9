"""Random storms on a real desk and a real store: nothing is forgotten, nothing wrong is said, nobody is buried."""

from __future__ import annotations

import sqlite3
import tempfile
from itertools import count, pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from gatewayd.clock import SECOND, Clock
from gatewayd.delivery.outcome import Accepted
from gatewayd.delivery.settings import DeliverySettings
from gatewayd.desk import Desk
from gatewayd.model import Report, Severity
from gatewayd.oncall import codes
from gatewayd.oncall.directory import Directory
from gatewayd.queue import Queue
from gatewayd.store import incidents, messages
from gatewayd.store.folds import KIND
from gatewayd.store.sqlite import SqliteStore
from gatewayd.store.transaction import Transaction
from gatewayd.ways import Ways
from tests.chance import examples

NOW = 1_800_000_000 * SECOND
SERVICES = ("db", "net", "web")
PAGE_TEXTS, WINDOW_S = 3, 120

ONE = st.one_of(
    st.tuples(st.just("fire"), st.sampled_from(SERVICES), st.sampled_from(list(Severity))),
    st.tuples(st.just("burst"), st.sampled_from(SERVICES), st.sampled_from(list(Severity))),
    st.tuples(st.just("clear"), st.integers(0, 40), st.none()),
    st.tuples(st.just("take"), st.integers(0, 40), st.none()),
    st.tuples(st.just("pass"), st.sampled_from([1, 5, 19, 60, 125]), st.none()),
    st.tuples(st.just("send"), st.integers(1, 6), st.none()),
)

DIRECTORY = Directory.model_validate(
    {
        "people": [
            {"name": "anna", "devices": [{"number": "+447700900111"}, {"number": "+447700900121"}]},
            {"name": "ben", "devices": [{"number": "+447700900112"}]},
        ],
        "policies": [
            {"name": "p", "steps": [{"page": ["anna"], "wait_s": 200}, {"page": ["ben"]}], "fallback": ["ben"]}
        ],
        "default_policy": "p",
    }
)


class Night:
    def __init__(self, path: Path) -> None:
        store = SqliteStore(path, Clock(), inline=True)
        store.open()
        self.queue = Queue(DeliverySettings(), ways=Ways(lambda _: ()), woken=lambda: None, dice=lambda: 0.0)
        self.desk = Desk(DIRECTORY, DeliverySettings(), self.queue)
        self.books: sqlite3.Connection = store._write
        self.books.execute("BEGIN IMMEDIATE")
        self.tx = Transaction(self.books, store._counters, {})
        incidents.lay_out_codes(self.tx, codes.pool())
        self.now = NOW
        self.numbers = count(1)

    def fire(self, service: str, severity: Severity) -> None:
        number = next(self.numbers)
        self.desk.report(self.tx, Report("m", f"k{number}", service, severity, "down", "firing"), now=self.now)

    def incident(self, place: int) -> int | None:
        found = self.tx.all("SELECT id FROM incident WHERE state = 'open' ORDER BY id")
        return found[place % len(found)]["id"] if found else None

    def pass_time(self, seconds: int) -> None:
        until = self.now + seconds * SECOND
        while rows := messages.waits_due(self.tx, now=until, limit=1):
            self.now = max(self.now, rows[0]["due_at"])
            kind, subject = rows[0]["kind"], rows[0]["subject"]
            if kind == KIND:
                self.desk.folding.due(self.tx, subject, now=self.now)
            elif kind == "escalate":
                self.desk.escalate(self.tx, subject, now=self.now)
            else:
                messages.end_wait(self.tx, kind, subject)
        self.now = until

    def send(self, most: int) -> None:
        """The next texts go out; of a folded one the words must be true at that moment."""
        for row in messages.next_few(self.tx, ("",), now=self.now, in_hand=(), limit=most):
            fold = self.tx.one("SELECT * FROM fold WHERE message_id = :m AND kind = 'page'", m=row["id"])
            if fold and "more" in row["text"]:
                assert int(row["text"].split()[0]) == self.told_of(row["id"]), row["text"]
            attempt = self.tx.new_id("attempt")
            assert self.queue.book(
                self.tx, attempt, row, part=1, parts=1, channel="m1", sim="s", reference_before=None, now=self.now
            )
            self.queue.answered(self.tx, attempt, Accepted(str(attempt), "answer"), by="answer", now=self.now)

    def told_of(self, message_id: int) -> int:
        row = self.tx.one(
            "SELECT COUNT(DISTINCT p.incident_id) AS n FROM message_page mp JOIN page p ON p.id = mp.page_id"
            " WHERE mp.message_id = :m",
            m=message_id,
        )
        assert row is not None
        return int(row["n"])

    def check(self) -> None:
        lost = self.tx.all(
            "SELECT p.id FROM page p JOIN incident i ON i.id = p.incident_id"
            " WHERE i.state = 'open' AND p.state = 'planned' AND p.round = i.round"
            " AND NOT EXISTS (SELECT 1 FROM message_page mp JOIN message m ON m.id = mp.message_id"
            " WHERE mp.page_id = p.id AND m.state <> 'withdrawn')"
            " AND NOT EXISTS (SELECT 1 FROM fold_entry e JOIN wait w ON w.kind = 'fold' AND w.subject = e.fold_id"
            " WHERE e.page_id = p.id)"
        )
        assert not lost, "a page that nobody will ever see"
        unseen = self.tx.all(
            "SELECT i.id FROM incident i WHERE i.state = 'open'"
            " AND NOT EXISTS (SELECT 1 FROM wait w WHERE w.kind = 'escalate' AND w.subject = i.id)"
        )
        assert not unseen, "an incident that nobody looks at again"
        over = self.tx.all(
            "SELECT m.id FROM message m JOIN message_page mp ON mp.message_id = m.id JOIN page p ON p.id = mp.page_id"
            " JOIN incident i ON i.id = p.incident_id WHERE m.state = 'queued' AND i.state <> 'open'"
        )
        assert not over, "a text that would speak of what is over"
        for recipient in {r["recipient"] for r in self.tx.all("SELECT recipient FROM message")}:
            self.check_device(recipient)

    def check_device(self, recipient: str) -> None:
        made = [
            row["made_at"]
            for row in self.tx.all(
                "SELECT made_at FROM fold WHERE recipient = :r AND kind = 'page' AND made_at > 0 ORDER BY id",
                r=recipient,
            )
        ]
        gaps = [later - earlier for earlier, later in pairwise(made)]
        assert all(gap >= WINDOW_S * SECOND for gap in gaps), "more than one folded text in a window"
        for start in made or [NOW]:
            row = self.tx.one(
                "SELECT COUNT(*) AS n FROM message WHERE recipient = :r AND kind = 'page'"
                " AND created_at >= :since AND created_at < :until",
                r=recipient,
                since=start,
                until=start + WINDOW_S * SECOND,
            )
            assert row is not None
            assert row["n"] <= PAGE_TEXTS + len(SERVICES) + 1, "somebody is buried"


@examples(30)
@given(st.lists(ONE, max_size=60))
def test_whatever_a_storm_does(steps: list[tuple[str, str | int, Severity | None]]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        night = Night(Path(directory))
        for what, one, two in steps:
            match what:
                case "fire":
                    assert isinstance(two, Severity)
                    night.fire(str(one), two)
                case "burst":
                    assert isinstance(two, Severity)
                    for _ in range(7):
                        night.fire(str(one), two)
                case "pass":
                    night.pass_time(int(one))
                case "send":
                    night.pass_time(0)  # what is to be made anew is made anew first
                    night.send(int(one))
                case _ if (incident := night.incident(int(one))) is not None:
                    if what == "clear":
                        night.desk.resolve(night.tx, incident, by="ben", now=night.now)
                    else:
                        night.desk.acknowledge(night.tx, incident, by="ben", now=night.now)
            night.check()
        night.books.close()
