"""Silent phones: a phone that has given no sign for days is tested in daytime, and who should know is told.

Each phone is a row with a wait; the rule is oncall/reachability.py. Every method is a function of `tx`.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from gatewayd.clock import SECOND
from gatewayd.delivery import hearing
from gatewayd.desk import Desk
from gatewayd.metrics import PHONE_TESTS
from gatewayd.model import NewMessage, Priority
from gatewayd.oncall import civil, reachability, said_times
from gatewayd.oncall.directory import Device, Person
from gatewayd.oncall.reachability import Daytime, Fate, Look, Phone, ReachabilitySettings
from gatewayd.oncall.rota import Plan
from gatewayd.queue import Queue
from gatewayd.store import journal, messages, phones, routes
from gatewayd.store.db import Reader, Row, Tx

KIND = phones.KIND
FIRST_LOOK_US = 5 * SECOND  # between the first looks at two phones
TELL_S = 43_200


class Reachability:
    """Built anew at each reload."""

    def __init__(self, settings: ReachabilitySettings, desk: Desk, queue: Queue) -> None:
        self._settings = settings
        self._desk = desk
        self._queue = queue

    def begin(self, tx: Tx, *, now: int) -> None:
        """At a start and after a reload: phones that are new are looked at, those that have left are forgotten."""
        watched = {
            (person.name, device.number): None
            for person in self._desk.directory.people
            for device in person.devices
            if device.kind == "phone"
        }
        known = {(row["person"], row["number"]): row["id"] for row in phones.every(tx)}
        if self._settings.test_after is None:
            if known:
                phones.rest(tx)
            return
        for gone in known.keys() - watched.keys():
            phones.forget(tx, known[gone])
        for n, (person, number) in enumerate(watched):
            if (person, number) not in known:
                phones.begin(tx, person, number, at=now + n * FIRST_LOOK_US)
            elif not phones.waits(tx, known[person, number]):
                messages.set_wait(tx, KIND, known[person, number], now + n * FIRST_LOOK_US)

    def due(self, tx: Tx, number: int, *, now: int) -> None:
        """Look at one phone: leave it alone, test it, or say what its test has shown."""
        row = phones.get(tx, number)
        found = self._of(row) if row else None
        if row is None or found is None or self._settings.test_after is None:
            phones.forget(tx, number)
            return
        person, device = found
        sign = phones.last_sign(tx, person.name, device)
        fate = self._fate(tx, row)
        phone = Phone(sign.at if sign else None, row["tested_at"], fate, row["silent_at"])
        spread_us = (number * 7 % 60) * civil.MINUTE * reachability.SPREAD_US // civil.HOUR
        decision = reachability.decide(phone, self._daytime(tx, person, now), self._settings, now, spread_us=spread_us)
        if isinstance(decision, Look):
            messages.set_wait(tx, KIND, number, decision.at)
            if decision.became:
                self._judge(tx, row, person, device, decision.became, now=now)
            return
        messages.set_wait(tx, KIND, number, decision.look_at)
        words = reachability.test_words(person.called, person.language)
        message = self._text(tx, person, device, words, until=decision.look_at, kind="test", now=now)
        phones.tested(tx, number, message, now=now)
        journal.write(tx, "phone_tested", now=now, message_id=message, phone=number, private={"person": person.name})

    def _of(self, row: Row) -> tuple[Person, Device] | None:
        person = self._desk.directory.person(row["person"])
        owned = person.devices if person else ()
        device = next((d for d in owned if d.kind == "phone" and d.number == row["number"]), None)
        return (person, device) if person and device else None

    def _fate(self, reader: Reader, row: Row) -> Fate:
        """Of the last test's text. A way that reports nothing, and a text that never left us, tell nothing."""
        message = messages.get(reader, row["message_id"]) if row["message_id"] else None
        if message is None:
            return "under way"
        if message["state"] in ("undelivered", "failed"):
            return "lost"
        accepted = [a for a in messages.attempts(reader, message["id"]) if a["state"] == "accepted"]
        if not accepted or any(hearing.gives_none(a["sim"], *routes.counts(reader, a["sim"])) for a in accepted):
            return "unknown"
        return "under way"

    def _daytime(self, reader: Reader, person: Person, now: int) -> Daytime:
        """By the calendar of the first rota on which they take turns."""
        plan = self._plan(person.name)
        name = plan.rota.calendar if plan is not None and plan.rota.calendar else self._settings.calendar
        calendar = next((c for c in self._desk.directory.calendars if c.name == name), None)
        zone = plan.zone if plan else civil.zone_named(calendar.zone) if calendar else ZoneInfo("UTC")
        facts = self._desk.roster.facts(reader, now=now)
        away = [(a.since, a.until) for a in facts.absences if a.person == person.name]
        return reachability.daytime(zone, calendar, self._settings, away)

    def _plan(self, person: str) -> Plan | None:
        plans = self._desk.roster.plans.values()
        return next((p for p in plans if any(person in layer.layer.people for layer in p.layers)), None)

    # --- what a test has shown

    def _judge(self, tx: Tx, row: Row, person: Person, device: Device, became: str, *, now: int) -> None:
        was = row["silent_at"]
        silent_at = row["tested_at"] if became == "silent" else None
        phones.judged(tx, row["id"], silent_at=silent_at, unknown=became == "unknown")
        if row["tested_at"] is not None:
            tx.after_commit(PHONE_TESTS.labels(became).inc)
        journal.write(tx, f"phone_{became}", now=now, phone=row["id"], private={"person": person.name})
        if became == "silent" and was is None:
            self._tell(tx, person, device, now=now)

    def _tell(self, tx: Tx, person: Person, device: Device, *, now: int) -> None:
        """Its owner on another device, and whoever looks after the rota. Once, until it is heard of again."""
        plan = self._plan(person.name)
        sign = phones.last_sign(tx, person.name, device)
        zone = plan.zone if plan else ZoneInfo("UTC")
        named = _named(person, device)
        known = self._desk.directory
        until = now + TELL_S * SECOND
        others = (d for d in person.devices if d is not device and known.shows_words(d.number, d.channel))
        if other := next(others, None):
            last = said_times.shown(zone, sign.at, person.language) if sign else ""
            words = reachability.silent_words(person.called, named, last, person.language, own=True)
            self._text(tx, person, other, words, until=until, kind="notice", now=now)
        for name in self._desk.roster.members(tx, self._settings.tell, now=now):
            if name != person.name:
                language = self._desk.agreements.language(name)
                last = said_times.shown(zone, sign.at, language) if sign else ""
                words = reachability.silent_words(person.called, named, last, language, own=False)
                self._desk.notices.tell(tx, "notice", name, words, priority=Priority.NORMAL, until=until, now=now)

    def _text(self, tx: Tx, person: Person, device: Device, words: str, *, until: int, kind: str, now: int) -> int:
        return self._queue.enqueue(
            tx,
            NewMessage(
                kind="test" if kind == "test" else "notice",
                recipient=device.number,
                text=words,
                priority=Priority.LOW,
                expires_at=until,
                person=person.name,
                device=_named(person, device),
                channel=device.channel or "",
                origin="desk",
            ),
            now=now,
        )


def _named(person: Person, device: Device) -> str:
    return device.name or f"{device.kind}{person.devices.index(device) + 1}"
