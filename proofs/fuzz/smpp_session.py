"""A whole SMPP session with a bureau that goes mad: each request has exactly one fate, whatever is said."""

from __future__ import annotations

from collections import Counter

from gatewayd.wire.smpp_events import Answered, Arrived, Bound, Ended, Event, NotSent, SessionSettings, Unanswered
from gatewayd.wire.smpp_pdu import Message
from gatewayd.wire.smpp_session import Phase, SmppSession
from proofs.fuzz.course import Core, Course, must
from proofs.fuzz.damage import damaged, portions
from proofs.fuzz.smpp import PDUS
from tests.wire import smpp_builder as bureau

PAGE = Message(dest_addr_ton=1, dest_addr_npi=1, destination_addr="447700900123", short_message=b"disk full")
SETTINGS = SessionSettings("gateway", "secret", window_max=4, late_max=3, arrived_max=3, answer_wait_s=20.0)
_FITTING = (
    bureau.SUBMIT_RESP,
    bureau.SUBMIT_RESP,
    bureau.SUBMIT_RESP,
    bureau.NACK,
    bureau.DELIVER,
    bureau.ENQUIRE_RESP,
)


class Night:
    """Two sessions that hear the same in different portions; books the fate of every request."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.session, self.twin = SmppSession(SETTINGS), SmppSession(SETTINGS)
        self.now = 1.0
        self.fates: Counter[str] = Counter()
        self.doubts: set[str] = set()
        self.asked: list[tuple[str, int]] = []
        self.arrived: list[tuple[Arrived, Arrived]] = []  # each session answers its own
        self.ends = 0
        for session in self.both:
            session.bind(0.0)
            session.data_to_send()

    @property
    def both(self) -> tuple[SmppSession, SmppSession]:
        return self.session, self.twin

    def hear(self, octets: bytes) -> None:
        self.now += 0.5
        self.session.receive(octets, self.now)
        for portion in portions(octets, self.course.dice):
            self.twin.receive(portion, self.now)
        self.book()

    def act(self) -> None:
        """Something that the channel may do at any time."""
        dice = self.course.dice
        what = dice.randrange(10)
        if what < 5:
            self._submit()
        elif what < 7:
            size = dice.choice((None, 150))
            must(self.session.data_to_send(size) == self.twin.data_to_send(size), "the portions change what is written")
        elif what == 7 and self.asked:
            key, sequence = self.asked[-1]
            taken = self.session.withdraw(sequence)
            must(taken == self.twin.withdraw(sequence), "the portions change what can be withdrawn")
            self.fates[key] += taken
        elif what == 8 and self.arrived:
            ours, twins = self.arrived.pop()
            must(self.session.answer(ours) == self.twin.answer(twins), "the portions change what can be answered")
        else:
            self.wait()
        self.book()

    def _submit(self) -> None:
        must(self.session.room == self.twin.room, "the portions change the room")
        if self.session.room > 0:
            key = f"page {len(self.asked)}"
            sequence = self.session.submit(PAGE, key, self.now)
            self.twin.submit(PAGE, key, self.now)
            self.asked.append((key, sequence))

    def wait(self) -> None:
        deadline = self.session.next_deadline()
        must(deadline == self.twin.next_deadline(), "the portions change a deadline")
        if deadline is None:
            return
        self.now = max(self.now, deadline)
        for session in self.both:
            session.on_deadline(self.now)
        later = self.session.next_deadline()
        must(later is None or later > self.now, "a deadline that stays")

    def book(self) -> None:
        events, twins = self.session.events(), self.twin.events()
        must(events == twins, "the portions change the events")
        for event, twin in zip(events, twins, strict=True):
            self.course.fates[type(event).__name__] += 1
            if isinstance(event, Arrived) and isinstance(twin, Arrived):
                self.arrived.append((event, twin))
            self._event(event)
        must(len(self.session._window) <= SETTINGS.window_max, "the window is too full")

    def _event(self, event: Event) -> None:
        must(not self.ends, "something after the end")
        match event:
            case NotSent():
                self.fates[event.pending.key] += 1
            case Unanswered():
                self.fates[event.pending.key] += 1
                self.doubts.add(event.pending.key)
            case Answered() if event.late:
                must(event.pending.key in self.doubts, "a late answer that was not awaited")
                self.doubts.discard(event.pending.key)
            case Answered():
                self.fates[event.pending.key] += 1
            case Ended():
                self.ends += 1
                self.fates.update(pending.key for pending in (*event.uncertain, *event.unsent))


def _said(course: Course, night: Night) -> bytes:
    """A PDU that could fit what is out, or any; half of them damaged."""
    dice = course.dice
    if course.maybe(0.5):
        command = dice.choice(_FITTING)
        body = bureau.message(b"ok") if command == bureau.DELIVER else b"42\0" if command == bureau.SUBMIT_RESP else b""
        sequence = dice.choice(night.asked)[1] if night.asked else dice.randrange(8)
        good = bureau.pdu(command, sequence, body, status=dice.choice((0, 0, 0, 8, 0x58)))
    else:
        good = dice.choice(PDUS)
    if course.maybe(0.4):
        return course.say(good)
    return course.say(damaged(good, dice, PDUS), hurt=True)


def play(course: Course) -> None:
    night = Night(course)
    if course.maybe(0.9):
        night.hear(course.say(PDUS[0]))
        must(night.session.phase is Phase.BOUND and course.fates[Bound.__name__] == 1, "a good answer does not bind")
    for _ in range(course.dice.choice((4, 8, 16))):
        for _ in range(course.dice.randrange(4)):
            night.act()
        night.hear(_said(course, night))
        if night.session.ended:
            break
    if course.maybe(0.3):
        for session in night.both:
            session.unbind(night.now)
    for _ in range(course.dice.choice((0, 0, 20))):
        night.wait()
        night.book()
    for session in night.both:
        session.lost(night.now)
    night.book()
    must(night.ends == 1, f"{night.ends} ends of one session")
    must({key: night.fates[key] for key, _ in night.asked} == {key: 1 for key, _ in night.asked}, f"{night.fates}")
    must(night.session.next_deadline() is None, "a deadline after the end")


CORES = (Core("smpp-session", play, 75_000),)
