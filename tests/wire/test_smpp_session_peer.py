"""What a bureau sends by itself, and what it should not send."""

from __future__ import annotations

import pytest

from gatewayd.wire.smpp_events import (
    Alerted,
    Arrived,
    Damaged,
    OutbindAsked,
    Strange,
)
from gatewayd.wire.smpp_pdu import Command
from gatewayd.wire.smpp_session import Phase
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


def test_more_messages_than_we_can_hold_are_put_off() -> None:
    session = bound(arrived_max=2)
    for sequence in (5, 5, 6):  # a peer may repeat itself
        session.receive(bureau.pdu(bureau.DELIVER, sequence, bureau.message(b"ok")), 1.0)
    arrived = [event for event in session.events() if isinstance(event, Arrived)]
    assert [event.number for event in arrived] == [1, 2]
    assert session.data_to_send() == bureau.pdu(bureau.DELIVER_RESP, 6, b"\0", status=0x64)
    assert session.put_off == 1
    assert all(session.answer(event) for event in arrived)


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
