"""An SMPP session: what is written, what is answered, what is awaited."""

from __future__ import annotations

from typing import Any

import pytest

from gatewayd.wire.smpp_events import (
    Answered,
    BindRefused,
    Bound,
    Ended,
    SessionSettings,
    Strange,
    Unanswered,
)
from gatewayd.wire.smpp_octets import SmppError
from gatewayd.wire.smpp_pdu import Command, Message, Query
from gatewayd.wire.smpp_session import Phase, SmppSession
from tests.wire import smpp_builder as bureau
from tests.wire.smpp_dialogue import PAGE, accept, bound, ended, keys, opened, outstanding, submitted, written

# -- bind --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("mode", "command"), [("transceiver", 9), ("transmitter", 2), ("receiver", 1)])
def test_a_bind_says_who_we_are(mode: Any, command: int) -> None:
    session = opened(mode=mode, system_type="VMA", address_range="^44")
    session.bind(0.0)
    assert session.data_to_send() == bureau.pdu(command, 1, b"gateway\0secret\0VMA\0\x34\0\0^44\0")
    assert session.phase is Phase.BINDING
    session.receive(bureau.pdu(0x80000000 | command, 1, b"SC\0" + bureau.tlv(0x0210, b"\x34")), 0.5)
    assert session.events() == [Bound("SC", 0x34)]
    assert session.room == (0 if mode == "receiver" else 10)


def test_a_bind_may_be_answered_with_the_response_of_another_bind() -> None:
    session = opened()
    session.bind(0.0)
    session.receive(bureau.pdu(bureau.BIND_TX_RESP, 1, b"SC\0"), 0.0)
    assert session.phase is Phase.BOUND


@pytest.mark.parametrize("answer", [bureau.BIND_TRX_RESP, bureau.NACK])
def test_a_refused_bind_says_why_and_ends(answer: int) -> None:
    session = opened()
    session.bind(0.0)
    session.receive(bureau.pdu(answer, 1, status=0x0E), 0.1)
    refused, end = session.events()
    assert refused == BindRefused(0x0E)
    assert isinstance(end, Ended)
    assert end.cause == "refused"


def test_a_bind_without_an_answer_ends() -> None:
    session = opened()
    session.bind(5.0)
    assert session.next_deadline() == 35.0
    session.on_deadline(35.0)
    assert ended(session).cause == "no answer"


def test_only_the_answer_to_the_bind_binds() -> None:
    session = opened()
    session.bind(0.0)
    session.receive(bureau.pdu(bureau.BIND_TRX_RESP, 99, b"SC\0") + bureau.pdu(bureau.ENQUIRE, 5), 0.0)
    assert session.phase is Phase.BINDING
    (strange,) = session.events()
    assert isinstance(strange, Strange)
    assert [pdu.command for pdu in written(session)][1:] == [Command.ENQUIRE_LINK_RESP]


def test_a_password_that_does_not_fit_is_never_cut() -> None:
    session = SmppSession(SessionSettings("gateway", "nine-char"))
    with pytest.raises(SmppError, match="password has 9 octets"):
        session.bind(0.0)
    assert session.phase is Phase.OPEN
    assert session.data_to_send() == b""
    assert "nine-char" not in repr(session.settings)


# -- requests and answers ----------------------------------------------------------------------------------------------


def test_an_answer_finds_its_request_whatever_the_order() -> None:
    session = bound()
    first, second = submitted(session, "a", "b")
    session.receive(accept(second, "id-b") + accept(first, "id-a"), 1.25)
    events = session.events()
    assert [(e.pending.key, e.message_id, e.status, e.took_s) for e in events if isinstance(e, Answered)] == [
        ("b", "id-b", 0, 0.25),
        ("a", "id-a", 0, 0.25),
    ]
    assert outstanding(session) == ()


def test_a_refusal_has_a_status_and_may_have_no_body() -> None:
    session = bound()
    (sequence,) = submitted(session, "a")
    session.receive(bureau.pdu(bureau.SUBMIT_RESP, sequence, status=0x58), 1.0)
    (answer,) = session.events()
    assert isinstance(answer, Answered)
    assert (answer.status, answer.message_id, answer.nack) == (0x58, "", False)


def test_a_generic_nack_with_its_sequence_is_an_answer() -> None:
    session = bound()
    (sequence,) = submitted(session, "a")
    session.receive(bureau.pdu(bureau.NACK, sequence, status=3), 1.0)
    (answer,) = session.events()
    assert isinstance(answer, Answered)
    assert (answer.pending.key, answer.status, answer.nack) == ("a", 3, True)


def test_a_generic_nack_without_a_sequence_settles_nothing() -> None:
    session = bound()
    submitted(session, "a")
    session.receive(bureau.pdu(bureau.NACK, 0, status=2), 1.0)
    (strange,) = session.events()
    assert isinstance(strange, Strange)
    assert keys(outstanding(session)) == ["a"]


def test_an_answer_of_another_kind_settles_nothing() -> None:
    session = bound()
    (sequence,) = submitted(session, "a")
    session.receive(bureau.pdu(bureau.DATA_RESP, sequence, b"x\0") + bureau.pdu(0x80000099, sequence), 1.0)
    assert [type(event) for event in session.events()] == [Strange, Strange]
    assert keys(outstanding(session)) == ["a"]


def test_an_answer_before_the_question_was_written_is_strange() -> None:
    session = bound()
    sequence = session.submit(PAGE, "a", 1.0)
    session.receive(accept(sequence), 1.0)
    assert [type(event) for event in session.events()] == [Strange]
    assert keys(outstanding(session)) == ["a"]


def test_other_requests() -> None:
    session = bound()
    sequence = session.submit(Query(message_id="77"), "q", 1.0)
    (pdu,) = written(session)
    assert (pdu.command, pdu.sequence) == (Command.QUERY_SM, sequence)
    session.receive(bureau.pdu(0x80000003, sequence, b"77\0\0\2\0"), 1.0)
    (answer,) = session.events()
    assert isinstance(answer, Answered)
    assert (answer.pending.key, answer.message_id) == ("q", "77")


def test_the_window_is_never_wider_than_set() -> None:
    session = bound(window_max=3)
    sequences = submitted(session, "a", "b", "c")
    assert session.room == 0
    with pytest.raises(AssertionError):
        session.submit(PAGE, "d", 1.0)
    session.receive(accept(sequences[1]), 1.0)
    assert session.room == 1


def test_what_cannot_be_written_takes_no_place() -> None:
    session = bound()
    with pytest.raises(SmppError):
        session.submit(Message(destination_addr="4" * 30), "a", 1.0)
    assert (session.room, session.data_to_send()) == (10, b"")
    assert submitted(session, "b") == [2]


def test_sequence_numbers_wrap_and_skip_what_still_waits() -> None:
    session = bound(first_sequence=0x7FFFFFFE)
    assert submitted(session, "a", "b") == [0x7FFFFFFF, 1]
    session._sequence = 0x7FFFFFFE
    assert submitted(session, "c") == [2]


# -- waits -------------------------------------------------------------------------------------------------------------


def test_an_answer_that_does_not_come_leaves_a_doubt_and_makes_room() -> None:
    session = bound(window_max=1, answer_wait_s=60.0, idle_s=1000.0)
    submitted(session, "a", now=1.0)
    session.receive(bureau.pdu(bureau.ENQUIRE, 9), 50.0)
    assert session.next_deadline() == 61.0
    session.on_deadline(61.0)
    (doubt,) = session.events()
    assert isinstance(doubt, Unanswered)
    assert doubt.pending.key == "a"
    assert session.room == 1


def test_a_late_answer_settles_the_doubt() -> None:
    session = bound(answer_wait_s=60.0)
    (sequence,) = submitted(session, "a", now=1.0)
    session.on_deadline(61.0)
    session.events()
    session.receive(accept(sequence, "late"), 70.0)
    (answer,) = session.events()
    assert isinstance(answer, Answered)
    assert (answer.pending.key, answer.message_id, answer.late, answer.took_s) == ("a", "late", True, 69.0)
    session.receive(accept(sequence, "late"), 70.0)
    assert [type(event) for event in session.events()] == [Strange]


def test_the_memory_of_doubts_is_bounded() -> None:
    session = bound(answer_wait_s=10.0, late_max=2, window_max=5)
    sequences = submitted(session, "a", "b", "c", now=1.0)
    session.on_deadline(11.0)
    session.events()
    session.receive(b"".join(accept(sequence) for sequence in sequences), 12.0)
    assert [e.pending.key if isinstance(e, Answered) else "?" for e in session.events()] == ["?", "b", "c"]


def test_a_number_in_doubt_is_not_used_again() -> None:
    session = bound(answer_wait_s=10.0)
    submitted(session, "a", now=1.0)
    session.on_deadline(11.0)
    session._sequence = 1
    assert submitted(session, "b", now=12.0) == [4]  # 2 is in doubt, 3 asked whether the link lives


def test_silence_asks_for_a_sign_of_life_and_then_ends() -> None:
    session = bound(idle_s=30.0, enquire_wait_s=15.0)
    assert session.next_deadline() == 30.0
    session.on_deadline(30.0)
    assert [pdu.command for pdu in written(session)] == [Command.ENQUIRE_LINK]
    assert session.next_deadline() == 45.0
    session.on_deadline(45.0)
    end = ended(session)
    assert (end.cause, end.reason) == ("dead link", "nothing heard for 45 s")


@pytest.mark.parametrize(
    "sign",
    [
        bureau.pdu(bureau.ENQUIRE_RESP, 2),
        bureau.pdu(bureau.NACK, 2, status=3),
        bureau.pdu(bureau.ENQUIRE, 77),
        bureau.pdu(bureau.DELIVER, 5, bureau.message(b"ok 42")),
    ],
    ids=["answer", "nack", "enquiry", "message"],
)
def test_any_pdu_is_a_sign_of_life(sign: bytes) -> None:
    session = bound(idle_s=30.0, enquire_wait_s=15.0)
    session.on_deadline(30.0)
    session.data_to_send()
    session.receive(sign, 44.0)
    session.on_deadline(45.0)
    assert session.phase is Phase.BOUND
    assert session.next_deadline() == 74.0
    assert not [event for event in session.events() if isinstance(event, Strange)]


def test_half_a_pdu_is_no_sign_of_life() -> None:
    session = bound(idle_s=30.0)
    session.receive(bureau.pdu(bureau.DELIVER, 5, bureau.message(b"ok 42"))[:-1], 20.0)
    assert session.next_deadline() == 30.0


def test_silence_after_a_request_asks_at_once() -> None:
    session = bound(answer_wait_s=20.0, idle_s=1000.0, enquire_wait_s=15.0)
    submitted(session, "a", "b", now=1.0)
    session.on_deadline(21.0)
    assert [pdu.command for pdu in written(session)] == [Command.ENQUIRE_LINK]
    session.on_deadline(36.0)
    assert ended(session).uncertain == ()  # both had their Unanswered


def test_one_missing_answer_on_a_living_link_asks_nothing() -> None:
    session = bound(answer_wait_s=20.0, idle_s=1000.0)
    submitted(session, "a", now=1.0)
    session.receive(bureau.pdu(bureau.ENQUIRE, 7), 2.0)
    session.data_to_send()
    session.on_deadline(21.0)
    assert session.data_to_send() == b""
    assert session.next_deadline() == 1002.0


def test_an_enquiry_is_answered_in_every_phase() -> None:
    session = opened()
    session.receive(bureau.pdu(bureau.ENQUIRE, 0xFFFFFFFF), 0.0)
    assert session.data_to_send() == bureau.pdu(bureau.ENQUIRE_RESP, 0xFFFFFFFF)
