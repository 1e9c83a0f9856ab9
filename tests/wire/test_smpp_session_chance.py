"""An SMPP session under chance: portions, damage, and that every request has exactly one fate."""

from __future__ import annotations

import itertools
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from gatewayd.wire.smpp_events import Answered, Arrived, Ended, Event, NotSent, SessionSettings, Unanswered
from gatewayd.wire.smpp_pdu import Message
from gatewayd.wire.smpp_session import Phase, SmppSession
from tests.wire import smpp_builder as bureau
from tests.wire.smpp_dialogue import outstanding

PAGE = Message(dest_addr_ton=1, dest_addr_npi=1, destination_addr="447700900123", short_message=b"disk full")
SETTINGS = SessionSettings("gateway", "secret", window_max=4, late_max=3, arrived_max=3, answer_wait_s=20.0)


def bound() -> SmppSession:
    session = SmppSession(SETTINGS)
    session.bind(0.0)
    session.data_to_send()
    session.receive(bureau.pdu(bureau.BIND_TRX_RESP, 1, b"SC\0"), 0.0)
    session.events()
    return session


NIGHT = b"".join(
    (
        bureau.pdu(bureau.DELIVER, 1, bureau.message(b"ok 42")),
        bureau.pdu(bureau.SUBMIT_RESP, 3, b"id-3\0"),
        bureau.pdu(bureau.ENQUIRE, 2),
        bureau.pdu(bureau.DATA, 3, bureau.data(b"done")),
        bureau.pdu(bureau.SUBMIT_RESP, 2, status=0x58),
        bureau.pdu(bureau.DELIVER, 4, b"\0"),
        bureau.pdu(0x00010200, 5, b"vendor"),
        bureau.pdu(bureau.NACK, 4, status=3),
        bureau.pdu(bureau.UNBIND, 6),
        bureau.pdu(bureau.SUBMIT_RESP, 5, b"id-5\0"),
    )
)


def night(portions: list[bytes]) -> tuple[list[Event], bytes]:
    session = bound()
    for key in "abcd":
        session.submit(PAGE, key, 1.0)
    session.data_to_send()
    for portion in portions:
        session.receive(portion, 2.0)
    assert session.phase is Phase.ENDED
    return session.events(), session.data_to_send()


def test_octet_by_octet_is_the_same_as_at_once() -> None:
    assert night([NIGHT[at : at + 1] for at in range(len(NIGHT))]) == night([NIGHT])


@given(st.lists(st.integers(0, len(NIGHT)), max_size=20))
def test_any_portions(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(NIGHT)]
    assert night([NIGHT[start:end] for start, end in itertools.pairwise(edges)]) == night([NIGHT])


sequences = st.integers(0, 12)
peer = st.one_of(
    st.builds(lambda s, n: bureau.pdu(bureau.SUBMIT_RESP, s, b"%d\0" % n), sequences, st.integers(0, 99)),
    st.builds(lambda s, n: bureau.pdu(bureau.SUBMIT_RESP, s, status=n), sequences, st.sampled_from([8, 0x58, 0x400])),
    st.builds(lambda s, n: bureau.pdu(bureau.NACK, s, status=n), sequences, st.integers(0, 4)),
    st.builds(lambda s: bureau.pdu(bureau.DELIVER, s, bureau.message(b"ok")), sequences),
    st.builds(lambda s: bureau.pdu(bureau.ENQUIRE_RESP, s), sequences),
    st.builds(lambda s: bureau.pdu(bureau.UNBIND_RESP, s), sequences),
    st.builds(lambda c, s: bureau.pdu(c, s, b"\0x"), st.integers(0, 0xFFFFFFFF), sequences),
    st.binary(max_size=40),
)
steps = st.one_of(
    st.tuples(st.just("submit"), st.just(b"")),
    st.tuples(st.just("submit"), st.just(b"")),
    st.tuples(st.just("write"), st.just(b"")),
    st.tuples(st.just("withdraw"), st.just(b"")),
    st.tuples(st.just("answer"), st.just(b"")),
    st.tuples(st.just("wait"), st.just(b"")),
    st.tuples(st.just("unbind"), st.just(b"")),
    st.tuples(st.just("receive"), peer),
    st.tuples(st.just("receive"), peer),
    st.tuples(st.just("receive"), peer),
)


class Night:
    """Drives a session and books the fate of every request."""

    def __init__(self) -> None:
        self.session = bound()
        self.now = 1.0
        self.fates: Counter[str] = Counter()
        self.doubts: set[str] = set()
        self.settled: set[str] = set()
        self.asked: list[tuple[str, int]] = []
        self.arrived: list[Arrived] = []

    def step(self, what: str, octets: bytes) -> None:
        session = self.session
        if what == "submit" and session.room:
            key = f"page {len(self.asked)}"
            self.asked.append((key, session.submit(PAGE, key, self.now)))
        elif what == "write":
            session.data_to_send(150)
        elif what == "withdraw" and self.asked:
            key, sequence = self.asked[-1]
            self.fates[key] += session.withdraw(sequence)
        elif what == "answer" and self.arrived:
            session.answer(self.arrived.pop())
        elif what == "wait":
            deadline = session.next_deadline()
            if deadline is not None:
                self.now = max(self.now, deadline)
                session.on_deadline(self.now)
                later = session.next_deadline()
                assert later is None or later > self.now, "a deadline that stays would be a busy loop"
        elif what == "unbind":
            session.unbind(self.now)
        elif what == "receive":
            self.now += 0.5
            session.receive(octets, self.now)
        self.book()

    def book(self) -> None:
        for event in self.session.events():
            if isinstance(event, Arrived):
                self.arrived.append(event)
            elif isinstance(event, NotSent):
                self.fates[event.pending.key] += 1
            elif isinstance(event, Unanswered):
                self.fates[event.pending.key] += 1
                self.doubts.add(event.pending.key)
            elif isinstance(event, Answered) and event.late:
                assert event.pending.key in self.doubts
                assert event.pending.key not in self.settled
                self.settled.add(event.pending.key)
            elif isinstance(event, Answered):
                self.fates[event.pending.key] += 1
            elif isinstance(event, Ended):
                self.fates.update(pending.key for pending in (*event.uncertain, *event.unsent))


@given(st.lists(steps, max_size=60))
def test_every_request_has_exactly_one_fate(script: list[tuple[str, bytes]]) -> None:
    night = Night()
    for what, octets in script:
        night.step(what, octets)
        assert len(outstanding(night.session)) <= SETTINGS.window_max
    night.session.lost(night.now)
    night.book()
    assert {key: night.fates[key] for key, _ in night.asked} == {key: 1 for key, _ in night.asked}
    assert night.session.next_deadline() is None
