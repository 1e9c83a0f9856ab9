"""Whatever comes in whatever order to the real desk, queue, inbox and store: what must hold holds after each step.

Alerts, repeats, ends; texts sent with every outcome; receipts of all kinds, early, late, twice and of nobody; replies
of colleagues and strangers; people at the terminal; silences; a rota that is handed over, by the calendar and by text,
with codes written back from the right phone and the wrong one; silences by text; absences; waits that fall due;
reloads; crashes.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gatewayd.channels.contract import LateAnswer, Receipt
from gatewayd.clock import SECOND, Clock
from gatewayd.config.file import parse
from gatewayd.daemon import Daemon
from gatewayd.delivery.outcome import Accepted, Deferred, Outcome, Refused, Uncertain
from gatewayd.model import Incoming, Refusal, Report, Severity
from gatewayd.oncall.cover import Absence
from gatewayd.oncall.triage import Match
from gatewayd.store import messages, waiting
from gatewayd.store.transaction import Transaction
from tests import invariants
from tests.chance import examples

NOW = 1_800_000_000 * SECOND
SERVICES = ("db", "net", "lab", "duty")
PEOPLE = ("anna", "ben", "cara")
CONFIG = """
state_dir = "{home}"
default_policy = "default"
[web]
listen = []
[storms]
page_texts = {page_texts}
[[modems]]
name = "m1"
port = "unix:/nowhere/1"
[[tap]]
name = "north"
end = "unix:/nowhere/2"
[[people]]
name = "anna"
devices = [{{ number = "+447700900111", wait_s = 60 }}, {{ kind = "pager", number = "4711", channel = "north" }}]
[[people]]
name = "ben"
devices = [{{ number = "+447700900112" }}]
[[people]]
name = "cara"
devices = [{{ number = "+447700900113" }}, {{ number = "+447700900123" }}]
[[policies]]
name = "default"
repeat = 1
fallback = ["{fallback}"]
comes_back_s = 3600
steps = [{{ page = ["anna"], wait_s = 180 }}, {{ page = ["ben"], wait_s = 120 }}]
[[policies]]
name = "both"
fallback = ["cara"]
steps = [{{ page = ["anna", "ben"], wait_s = 180 }}]
[[policies]]
name = "duty"
fallback = ["cara"]
steps = [{{ page = ["rota:noc"], wait_s = 180 }}, {{ page = ["backup:noc"], wait_s = 120 }}]
[[rotas]]
name = "noc"
zone = "Europe/London"
fallback = ["ben", "cara"]
confirm = {confirm}
relief_after = 2
[[rotas.layers]]
name = "hours"
people = ["anna", "ben", "cara"]
start = 2026-01-01
hand_over = ["00:00", "06:00", "07:00", "08:00", "09:00", "10:00", "12:00", "18:00"]
[[services]]
name = "duty"
policy = "duty"
[[services]]
name = "net"
policy = "both"
group_s = {group_s}
[[rules]]
name = "lab"
services = ["lab"]
hold_s = {hold_s}
[[inhibitions]]
name = "net-first"
by = {{ services = ["net"], severities = ["critical"] }}
of = {{ services = ["lab"] }}
"""
FILES = ({"page_texts": 3, "fallback": "cara", "group_s": 0, "hold_s": 90, "confirm": "true"},
         {"page_texts": 100, "fallback": "ben", "group_s": 60, "hold_s": 0, "confirm": "false"})  # fmt: skip
SENDERS = ("+447700900111", "+447700900112", "+447700900113", "+447700900199")
STRANGER = SENDERS[-1]
WORDS = ("ok", "ok {}", "no", "no {}", "done {}", "ok all", "?", "more {}", "OK {} on my way", "not ok {}", "{}",
         "stop", "who", "Sent from my phone", "ok 99", "off", "on", "swap ben 2h", "relief", "yes",
         "away 2h", "back", "away until fri 18:00", "override ben 18:00", "cover ben 2h",
         "on until 18:00", "off until 18:00",
         "silence {} 1h", "silence net 10 min", "unsilence {}", "unsilence", "silences", "silence it")  # fmt: skip
ASKED = (
    "SELECT waits_for, code, asked_at FROM asked_duty WHERE state <> 'over'"
    " UNION SELECT waits_for, code, asked_at FROM asked_silence WHERE state IN ('echo', 'consent')"
)
STATUSES = (0x00, 0x01, 0x02, 0x20, 0x30, 0x41, 0x46, 0x60, 0x7F)
OUTCOMES = ("accepted", "accepted", "accepted", "refused", "recipient", "deferred", "uncertain", "crash")

place = st.integers(0, 30)
OWNERS = st.sampled_from(PEOPLE)
STEP = st.one_of(
    st.tuples(st.just("fire"), st.sampled_from(SERVICES), st.sampled_from(list(Severity)), place),
    st.tuples(st.just("burst"), st.sampled_from(SERVICES), place),
    st.tuples(st.just("clear"), place),
    st.tuples(st.just("send"), st.sampled_from(("", "north")), st.sampled_from(OUTCOMES)),
    st.tuples(st.just("send"), st.just(""), st.just("accepted")),
    st.tuples(st.just("receipt"), place, st.sampled_from(STATUSES)),
    st.tuples(st.just("late"), place),
    st.tuples(st.just("reply"), st.sampled_from(SENDERS), st.sampled_from(WORDS), place),
    st.tuples(st.just("terminal"), st.sampled_from(("acknowledge", "acknowledge", "resolve", "refuse")), OWNERS, place),
    st.tuples(st.just("silence"), st.sampled_from(SERVICES), st.sampled_from((60, 600))),
    st.tuples(st.just("unsilence"), place),
    st.tuples(st.just("asks"), st.sampled_from(("off", "on", "swap cara 3h", "swap ben 3h")), place, st.booleans()),
    st.tuples(st.just("asks"), st.sampled_from(("silence duty 2h", "silence net 1h")), place, st.booleans()),
    st.tuples(st.just("echo"), st.sampled_from(SENDERS), place),
    st.tuples(st.just("absent"), OWNERS, st.sampled_from((600, 7_200))),
    st.tuples(st.just("pass"), st.sampled_from((1, 20, 61, 130, 400, 3700))),
    st.tuples(st.just("reload"), st.sampled_from(FILES)),
    st.tuples(st.just("restart")),
)


class _Watch(Clock):
    """Shows what the house was told last."""

    at = NOW

    def now(self) -> int:
        return self.at


class House:
    """The daemon's rooms without its doors and channels; every step is one function of `tx` and its commit."""

    def __init__(self, home: Path) -> None:
        self.home, self.clock = home, _Watch()
        self.now = NOW
        self.file = FILES[0]
        self.numbers = count(1)
        self.promised: set[str] = set()
        self.delivered: set[int] = set()
        self.owners: dict[int, str] = {}
        self.begin()

    def begin(self) -> None:
        config = parse(CONFIG.format(home=self.home, **self.file))
        self.daemon = Daemon(config, self.home / "gateway.toml", clock=self.clock, inline=True, dice=lambda: 0.5)
        self.daemon.store.open()
        self.daemon._build()
        self.do(self.daemon._resume)

    def end(self) -> None:
        for connection in (self.daemon.store._write, *self.daemon.store._readers):
            connection.close()
        self.daemon.store._committer.shutdown()
        self.daemon.store._longreads.shutdown()
        with contextlib.suppress(OSError):
            os.close(self.daemon.store._lock_fd)

    def do(self, function: Any, *args: Any, **more: Any) -> Any:
        """As the store does it: all of it or, when it refuses, nothing."""
        store = self.daemon.store
        self.clock.at = self.now
        tx = Transaction(store._write, store._counters, {})
        store._write.execute("BEGIN IMMEDIATE")
        try:
            result = function(tx, *args, now=self.now, **more)
        except BaseException:
            store._write.execute("ROLLBACK")
            raise
        store._counters.write(store._write)
        store._write.execute("COMMIT")
        for effect in tx.effects:
            effect()
        return result

    def rows(self, sql: str, **values: Any) -> list[Any]:
        return self.daemon.store._peek.all(sql, **values)

    def pick(self, sql: str, which: int) -> Any:
        found = self.rows(sql)
        return found[which % len(found)] if found else None

    # --- steps

    def fire(self, service: str, severity: Severity, which: int) -> None:
        key = f"k{which % 12}"
        told = self.do(self.daemon.desk.report, Report("m", key, service, severity, f"{key} is down", "firing"))
        self.promised.add(key)
        if told.result == "opened" and severity is Severity.CRITICAL:
            self.first_page(told.incident_id, service)

    def first_page(self, incident: int, service: str) -> None:
        """I13: the first critical page of a service in a quarter of an hour has a text of its own, at once."""
        (row,) = self.rows("SELECT * FROM incident WHERE id = :i", i=incident)
        others = self.rows(
            "SELECT 1 FROM incident WHERE service = :s AND id <> :i AND severity = 'critical' AND opened_at >= :since",
            s=service,
            i=incident,
            since=self.now - 7_200 * SECOND,
        )
        if row["held_for"] or others:
            return
        texts = self.rows(
            "SELECT m.* FROM message m JOIN message_page mp ON mp.message_id = m.id JOIN page p ON p.id = mp.page_id"
            " WHERE p.incident_id = :i",
            i=incident,
        )
        waiting = self.rows(
            "SELECT p.person FROM page p WHERE p.incident_id = :i"
            " AND NOT EXISTS (SELECT 1 FROM message_page mp WHERE mp.page_id = p.id)",
            i=incident,
        )
        assert texts, "the first critical page of a service has no text"
        assert not waiting, "the first critical page of a service waits for others"
        assert all(t["state"] == "queued" and t["due_at"] <= self.now and row["code"] in t["text"] for t in texts)

    def burst(self, service: str, which: int) -> None:
        """Much of one service, and something critical of the next, whose first page must not be held up by it."""
        for n in range(4):
            self.fire(service, Severity.ERROR, which + n)
        self.fire(SERVICES[(SERVICES.index(service) + 1) % len(SERVICES)], Severity.CRITICAL, which + 4)

    def clear(self, which: int) -> None:
        alert = self.pick("SELECT * FROM alert WHERE status = 'firing' ORDER BY id", which)
        if alert:
            report = Report("m", alert["key"], "db", Severity.INFO, "over", "resolved")
            self.do(self.daemon.desk.report, report)

    def send(self, lane: str, outcome: str) -> None:
        """The next text of a channel is booked and has its outcome, or the process dies with it on the air."""
        channel = lane or "m1"
        lanes = (channel, *(("",) if channel == "m1" else ()))
        found = messages.next_few(self.daemon.store._peek, lanes, now=self.now, in_hand=(), limit=1)
        if not found:
            return
        row, queue = found[0], self.daemon.queue
        attempt = int(self.do(lambda tx, now: tx.new_id("attempt")))
        on_air = {"channel": channel, "sim": channel, "reference_before": None, "part": 1, "parts": row["parts"]}
        booked = self.do(lambda tx, now: queue.book(tx, attempt, row, now=now, **on_air))
        if booked and outcome == "crash":
            self.restart()
        elif booked:
            said: dict[str, Outcome] = {
                "accepted": Accepted(str(attempt % 256) if channel == "m1" else None),
                "refused": Refused("no", "21", "message"),
                "recipient": Refused("no such number", "1", "recipient"),
                "deferred": Deferred("later", "41", 5.0),
                "uncertain": Uncertain("no answer", "silence"),
            }
            self.do(queue.answered, attempt, said[outcome], by="answer")

    def receipt(self, which: int, status: int) -> None:
        attempt = self.pick("SELECT * FROM attempt WHERE channel = 'm1' ORDER BY id DESC LIMIT 12", which)
        if attempt is None:
            return
        reference = attempt["reference"] or str(attempt["id"] % 256)
        told = Receipt("m1", "m1", reference, attempt["recipient"], status, attempt["started_at"], self.now, raw="")
        self.do(self.daemon.queue.receipt, told)

    def late(self, which: int) -> None:
        attempt = self.pick("SELECT * FROM attempt WHERE channel = 'm1' AND state = 'in_doubt' ORDER BY id", which)
        if attempt:
            answer = LateAnswer("m1", "m1", str(attempt["id"]), Accepted(str(attempt["id"] % 256)))
            self.do(self.daemon.inbox._late, answer)

    def reply(self, sender: str, words: str, which: int) -> None:
        incident = self.pick("SELECT * FROM incident ORDER BY id DESC LIMIT 6", which)
        said = words.format(incident["code"] if incident else "42")
        before = self.said_of_incidents()
        text = Incoming("m1", "m1", sender, sender_alphanumeric=False, text=said, sent_at=self.now + next(self.numbers),
                        raw="")  # fmt: skip
        self.do(self.daemon.inbox._take, text)
        if sender == STRANGER:
            assert self.said_of_incidents() == before, "a stranger changed something"

    def on_duty(self) -> str:
        duty = self.daemon.desk.roster.duties(self.daemon.store._peek, ("rota:noc",), now=self.now)
        return duty["rota:noc"].person

    def asks(self, words: str, which: int, backed: bool) -> None:
        """Mostly whoever has the duty. `backed`: who is asked for a code, or for a yes, writes it."""
        self.reply(SENDERS[PEOPLE.index(self.on_duty()) if which % 4 else which % 3], words, 0)
        for _ in range(2 if backed else 0):
            question = self.pick(f"{ASKED} ORDER BY asked_at DESC", 0)
            if question:
                number = SENDERS[PEOPLE.index(question["waits_for"])]
                self.reply(number, f"ok {question['code']}", 0)

    def echo(self, sender: str, which: int) -> None:
        """A code that was asked of anybody, written by this phone."""
        every = "SELECT code, asked_at FROM asked_duty UNION SELECT code, asked_at FROM asked_silence"
        question = self.pick(f"{every} ORDER BY asked_at DESC LIMIT 4", which)
        if question:
            self.reply(sender, f"ok {question['code']}", 0)

    def absent(self, person: str, seconds: int) -> None:
        away = Absence(person, self.now, self.now + seconds * SECOND)
        with contextlib.suppress(Refusal):
            self.do(self.daemon.desk.roster.accept, away, by="ben")

    def said_of_incidents(self) -> list[Any]:
        tables = ("incident", "page", "message", "wait")
        return [tuple(row.values()) for table in tables for row in self.rows(f"SELECT * FROM {table}")]

    def terminal(self, what: str, by: str, which: int) -> None:
        incident = self.pick("SELECT * FROM incident ORDER BY id DESC LIMIT 4", which)
        if incident is None:
            return
        with contextlib.suppress(Refusal):
            self.do(getattr(self.daemon.desk, what), incident["id"], by=by)
            taken = what == "acknowledge" and incident["state"] == "acknowledged"
            assert not taken or incident["acknowledged_by"] == by, "it was somebody else's already"

    def silence(self, service: str, seconds: int) -> None:
        until = self.now + seconds * SECOND
        self.do(self.daemon.desk.silence, Match(services=(service,)), until=until, reason="works", by="ben")

    def unsilence(self, which: int) -> None:
        rows = waiting.silence_rows(self.daemon.store._peek, now=self.now)
        if rows:
            with contextlib.suppress(Refusal):
                self.do(self.daemon.desk.end_silence, rows[which % len(rows)]["id"], by="ben")

    def pass_time(self, seconds: int) -> None:
        until = self.now + seconds * SECOND
        while rows := messages.waits_due(self.daemon.store._peek, now=until, limit=1):
            row = rows[0]
            self.now = max(self.now, row["due_at"])
            self.do(self._serve, row["kind"], row["subject"])
        self.now = until
        self.do(lambda tx, now: self.daemon.due._expire(tx, now))

    def _serve(self, tx: Transaction, kind: str, subject: int, *, now: int) -> None:
        self.daemon.due._kinds[kind](tx, subject, now)
        self.daemon.due._expire(tx, now)

    def reload(self, file: dict[str, Any]) -> None:
        self.file = file
        self.daemon._furnish(parse(CONFIG.format(home=self.home, **file)))
        self.do(self.daemon._configuration_changed)

    def restart(self) -> None:
        """Killed between two commits."""
        self.end()
        self.now += SECOND
        self.begin()

    # --- what must hold

    def check(self) -> None:
        broken = invariants.broken(self.daemon.store._peek, SimpleNamespace(phones={}), now=self.now)  # type: ignore[arg-type]
        assert not broken, "\n".join(broken)
        assert self.promised <= {row["key"] for row in self.rows("SELECT DISTINCT key FROM alert")}, "an alert is lost"
        twice = self.rows("SELECT 1 FROM alert WHERE status = 'firing' GROUP BY source, key HAVING COUNT(*) > 1")
        assert not twice, "one fault fires twice"
        delivered = {row["id"] for row in self.rows("SELECT id FROM message WHERE state = 'delivered'")}
        assert self.delivered <= delivered, "what was delivered is so no more"
        self.delivered = delivered
        self.check_owners()
        assert self.on_duty() in PEOPLE, "nobody has the duty"

    def too_late(self, incident: int, owner: str) -> None:
        """Whoever comes second is told so, and changes nothing."""
        second = "cara" if owner == "ben" else "ben"
        before = self.said_of_incidents()
        with pytest.raises(Refusal, match="already"):
            self.do(self.daemon.desk.acknowledge, incident, by=second)
        assert self.said_of_incidents() == before

    def check_owners(self) -> None:
        """I5: whoever has it keeps it, unless it got worse, came back, or ended."""
        for row in self.rows("SELECT id, state, acknowledged_by FROM incident"):
            number, owner = row["id"], row["acknowledged_by"]
            if row["state"] == "acknowledged":
                if number not in self.owners:
                    self.too_late(number, owner)
                assert self.owners.setdefault(number, owner) == owner, "it was taken from somebody"
            else:
                self.owners.pop(number, None)


def play(steps: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        house = House(Path(directory))
        try:
            for what, *more in steps:
                act = house.pass_time if what == "pass" else getattr(house, what)
                act(*more)
                house.check()
        finally:
            house.end()


@examples(25)
@given(st.lists(STEP, max_size=40))
@example([("burst", "db", 0)])
@example([("fire", "duty", Severity.CRITICAL, 0), ("asks", "silence duty 2h", 1, True), ("pass", 600),
          ("reply", SENDERS[2], "silences", 0), ("reply", SENDERS[0], "unsilence duty", 0), ("pass", 60)])  # fmt: skip
def test_whatever_comes_in_whatever_order(steps: list[tuple[Any, ...]]) -> None:
    play(steps)
