"""What a bureau sends by itself, and what it should not send."""

from __future__ import annotations

import pytest

from gatewayd.wire.smpp_events import (
    Alerted,
    Answered,
    Arrived,
    Damaged,
    Ended,
    OutbindAsked,
    Strange,
)
from gatewayd.wire.smpp_pdu import Command
from gatewayd.wire.smpp_session import Phase, SmppSession
from tests.wire import smpp_builder as bureau
from tests.wire.smpp_dialogue import PAGE, accept, bound, ended, keys, opened, submitted


@pytest.mark.parametrize(
    ("command", "body", "answer"),
    [
        (bureau.DELIVER, bureau.message(b"ok 42"), bureau.DELIVER_RESP),
        (bureau.DATA, bureau.data(b"ok 42"), bureau.DATA_RESP),
    ],
    ids=["deliver_sm", "data_sm"],
)
def test_a_message_is_answered_only_when_the_caller_says_so(command: int, body: bytes, answer: int) -> None:
    session = bound()
    session.receive(bureau.pdu(command, 5, body), 1.0)
    (arrived,) = session.events()
    assert isinstance(arrived, Arrived)
    assert session.data_to_send() == b""
    assert session.answer(arrived)
    assert session.data_to_send() == bureau.pdu(answer, 5, b"\0")
    assert not session.answer(arrived)


def test_a_message_can_be_put_off() -> None:
    session = bound()
    session.receive(bureau.pdu(bureau.DELIVER, 5, bureau.message(b"ok 42")), 1.0)
    (arrived,) = session.events()
    assert isinstance(arrived, Arrived)
    session.answer(arrived, 0x64)
    assert session.data_to_send() == bureau.pdu(bureau.DELIVER_RESP, 5, b"\0", status=0x64)


def arrivals(session: SmppSession) -> list[Arrived]:
    return [event for event in session.events() if isinstance(event, Arrived)]


def test_of_many_messages_the_house_has_so_many_at_once_and_all_are_answered_in_order() -> None:
    session = bound(arrived_max=2)
    for sequence in (5, 5, 6, 7, 8):  # a peer may repeat itself
        session.receive(bureau.pdu(bureau.DELIVER, sequence, bureau.message(b"ok")), 1.0)
    answered = []
    out = arrivals(session)
    assert [event.number for event in out] == [1, 2]
    assert session.data_to_send() == b"", "none of them is refused"
    while out:
        answered.append(out[0].sequence)
        assert session.answer(out.pop(0))
        out += arrivals(session)
        assert len(out) <= 2
    assert answered == [5, 5, 6, 7, 8]
    assert session.data_to_send() == b"".join(bureau.pdu(bureau.DELIVER_RESP, at, b"\0") for at in answered)


def test_what_is_no_message_overtakes_those_that_wait() -> None:
    session = bound(arrived_max=1)
    (sequence,) = submitted(session, "a")
    session.data_to_send()
    for number in (5, 6, 7):
        session.receive(bureau.pdu(bureau.DELIVER, number, bureau.message(b"ok")), 1.0)
    session.receive(bureau.pdu(bureau.ENQUIRE, 9), 1.0)
    session.receive(accept(sequence), 1.0)
    assert session.data_to_send() == bureau.pdu(bureau.ENQUIRE_RESP, 9)
    assert [type(event) for event in session.events()] == [Arrived, Answered]


def test_a_peer_is_not_read_when_too_much_waits_and_its_silence_is_no_sign_then() -> None:
    session = bound(arrived_max=1, held_octets_max=200)
    number = 0
    while not session.sated:
        number += 1
        session.receive(bureau.pdu(bureau.DELIVER, number, bureau.message(b"ok")), 1.0)
    assert session.next_deadline() is None
    session.on_deadline(10_000.0)
    assert not session.ended
    assert session.data_to_send() == b"", "what we asked could not be heard"
    out = arrivals(session)
    while session.sated:
        session.answer(out.pop(0))
        out += arrivals(session)
    session.reads_again(10_000.0)
    session.data_to_send()
    deadline = session.next_deadline()
    assert deadline is not None
    assert deadline > 10_000.0
    session.on_deadline(deadline)
    assert session.data_to_send()[:8] == bureau.pdu(bureau.ENQUIRE, 0)[:8]


def test_an_enquiry_that_was_out_gets_its_time_again() -> None:
    session = bound(arrived_max=1, held_octets_max=200)
    asked_at = session.next_deadline()
    assert asked_at is not None
    session.receive(bureau.pdu(bureau.DELIVER, 1, bureau.message(b"ok")), asked_at - 1)
    session.prove(asked_at - 1, asked_at - 1)
    for number in range(2, 9):
        session.receive(bureau.pdu(bureau.DELIVER, number, bureau.message(b"ok")), asked_at - 1)
    assert session.sated
    session.on_deadline(asked_at + 1000)
    assert not session.ended


def test_what_was_read_before_the_end_is_handed_out_though_it_cannot_be_answered() -> None:
    session = bound(arrived_max=1)
    for number in (5, 6, 7):
        session.receive(bureau.pdu(bureau.DELIVER, number, bureau.message(b"ok")), 1.0)
    session.lost(2.0)
    events = session.events()
    assert [type(event) for event in events] == [Arrived, Arrived, Arrived, Ended]
    assert not any(session.answer(event) for event in events if isinstance(event, Arrived))


def test_a_message_that_was_not_answered_cannot_be_answered_after_the_end() -> None:
    session = bound()
    session.receive(bureau.pdu(bureau.DELIVER, 5, bureau.message(b"ok")), 1.0)
    (arrived,) = session.events()
    session.lost(2.0)
    assert isinstance(arrived, Arrived)
    assert not session.answer(arrived)


def test_a_message_before_the_bind_is_refused_and_one_before_its_answer_is_not() -> None:
    session = opened()
    session.receive(bureau.pdu(bureau.DELIVER, 5, bureau.message(b"ok")), 0.0)
    assert session.data_to_send() == bureau.pdu(bureau.DELIVER_RESP, 5, b"\0", status=4)
    session.bind(0.0)
    session.receive(bureau.pdu(bureau.DELIVER, 6, bureau.message(b"ok")), 0.0)
    assert [type(event) for event in session.events()] == [Arrived]


def test_notifications_need_no_answer() -> None:
    session = bound()
    session.receive(bureau.pdu(0x102, 7, b"\1\x0144\0\0\x001\0"), 1.0)
    session.receive(bureau.pdu(0x0B, 8, b"SC\0pw\0"), 1.0)
    assert [type(event) for event in session.events()] == [Alerted, OutbindAsked]
    assert session.data_to_send() == b""


@pytest.mark.parametrize("command", [0x00010200, Command.SUBMIT_SM, Command.BIND_TRANSCEIVER, Command.QUERY_SM])
def test_a_command_that_is_not_for_us_is_refused(command: int) -> None:
    session = bound()
    body = bureau.message(b"x") if command == Command.SUBMIT_SM else bytes(16)
    session.receive(bureau.pdu(command, 7, body), 1.0)
    assert [type(event) for event in session.events()] == [Strange]
    assert session.data_to_send() == bureau.pdu(bureau.NACK, 7, status=3)
    assert session.phase is Phase.BOUND


@pytest.mark.parametrize(
    ("octets", "answer"),
    [
        (bureau.pdu(bureau.DELIVER, 7, b"\0\1"), bureau.pdu(bureau.DELIVER_RESP, 7, b"\0", status=2)),
        (
            bureau.pdu(bureau.DELIVER, 7, bureau.message(b"ok 42")[:-2]),
            bureau.pdu(bureau.DELIVER_RESP, 7, b"\0", status=1),
        ),
        (bureau.pdu(0x102, 7, b"\1"), bureau.pdu(bureau.NACK, 7, status=2)),
    ],
    ids=["cut off", "short text", "notification"],
)
def test_a_damaged_pdu_is_refused_and_the_session_goes_on(octets: bytes, answer: bytes) -> None:
    session = bound()
    session.receive(octets + bureau.pdu(bureau.ENQUIRE, 8), 1.0)
    (damaged,) = session.events()
    assert isinstance(damaged, Damaged)
    assert damaged.octets == octets
    assert session.data_to_send() == answer + bureau.pdu(bureau.ENQUIRE_RESP, 8)


@pytest.mark.parametrize("length", [0, 15, 131_073, 0xFFFFFFFF])
def test_an_impossible_length_ends_the_session(length: int) -> None:
    session = bound()
    (sequence, _) = submitted(session, "a", "b")
    session.receive(accept(sequence) + length.to_bytes(4, "big") + accept(sequence), 2.0)
    end = ended(session)
    assert (end.cause, keys(end.uncertain)) == ("stream lost", ["b"])
    assert session.data_to_send() == bureau.pdu(bureau.NACK, 0, status=2)


def test_a_peer_that_asks_and_takes_no_answer_is_left() -> None:
    session = bound(unread_max=20)
    session.receive(bureau.pdu(bureau.ENQUIRE, 1, b"") * 20, 1.0)
    assert not session.ended
    assert len(session.data_to_send()) == 20 * 16
    session.submit(PAGE, "a", 2.0)
    session.receive(bureau.pdu(bureau.ENQUIRE, 1, b"") * 30, 3.0)
    end = ended(session)
    assert end.reason == "it does not read our answers"
    assert [pending.key for pending in end.unsent] == ["a"]
