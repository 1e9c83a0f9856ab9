"""However an SMPP session ends, the fate of every request is known."""

from __future__ import annotations

from gatewayd.wire.smpp_events import (
    Answered,
    Ended,
    NotSent,
    PeerLeaves,
)
from gatewayd.wire.smpp_pdu import Command
from tests.wire import smpp_builder as bureau
from tests.wire.smpp_dialogue import PAGE, accept, bound, ended, keys, opened, outstanding, submitted, written


def test_a_lost_link_tells_what_is_uncertain_and_what_was_never_sent() -> None:
    session = bound()
    (first, *_) = submitted(session, "answered", "written")
    session.receive(accept(first), 1.0)
    session.submit(PAGE, "queued", 2.0)
    session.events()
    session.lost(3.0)
    end = ended(session)
    assert (end.cause, keys(end.uncertain), keys(end.unsent)) == ("lost", ["written"], ["queued"])
    assert session.data_to_send() == b""


def test_only_what_was_handed_out_counts_as_written() -> None:
    session = bound()
    for key in ("a", "b", "c"):
        session.submit(PAGE, key, 1.0)
    size = len(session.data_to_send(1))
    assert size > 1  # never half a PDU
    assert len(session.data_to_send(2 * size - 1)) == size
    session.lost(3.0)
    end = ended(session)
    assert (keys(end.uncertain), keys(end.unsent)) == (["a", "b"], ["c"])


def test_a_request_can_be_taken_back_before_it_is_written() -> None:
    session = bound()
    (written_one,) = submitted(session, "a")
    queued = session.submit(PAGE, "b", 1.0)
    assert not session.withdraw(written_one)
    assert session.withdraw(queued)
    assert not session.withdraw(queued)
    assert session.data_to_send() == b""
    assert keys(outstanding(session)) == ["a"]


def test_what_was_never_written_is_not_in_doubt_when_its_time_is_over() -> None:
    session = bound(answer_wait_s=10.0)
    session.submit(PAGE, "a", 1.0)
    session.on_deadline(11.0)
    (event,) = session.events()
    assert isinstance(event, NotSent)
    assert session.data_to_send() == b""


def test_after_the_end_nothing_happens_any_more() -> None:
    session = bound()
    (sequence,) = submitted(session, "a")
    session.lost(2.0)
    session.events()
    session.lost(2.0)
    session.receive(accept(sequence) + b"\0\0\0\0", 3.0)
    session.on_deadline(1000.0)
    session.unbind(1000.0)
    assert (session.events(), session.data_to_send(), session.room) == ([], b"", 0)


# -- unbind ------------------------------------------------------------------------------------------------------------


def test_we_leave_after_the_last_answer() -> None:
    session = bound()
    (sequence,) = submitted(session, "a")
    session.unbind(2.0)
    assert (session.room, session.data_to_send(), session.next_deadline()) == (0, b"", 7.0)
    session.receive(accept(sequence), 3.0)
    (pdu,) = written(session)
    assert pdu.command == Command.UNBIND
    session.receive(bureau.pdu(bureau.UNBIND_RESP, pdu.sequence), 3.5)
    answer, end = session.events()
    assert isinstance(answer, Answered)
    assert isinstance(end, Ended)
    assert (end.cause, end.uncertain) == ("unbound", ())


def test_we_leave_at_once_when_nothing_is_out_and_do_not_wait_for_ever() -> None:
    session = bound()
    session.unbind(2.0)
    assert [pdu.command for pdu in written(session)] == [Command.UNBIND]
    assert session.next_deadline() == 7.0
    session.on_deadline(7.0)
    assert ended(session).cause == "unbound"


def test_we_do_not_wait_for_ever_for_the_last_answer() -> None:
    session = bound()
    submitted(session, "a")
    session.unbind(2.0)
    session.on_deadline(7.0)
    assert [pdu.command for pdu in written(session)] == [Command.UNBIND]
    session.on_deadline(12.0)
    assert keys(ended(session).uncertain) == ["a"]


def test_the_peer_leaves_and_the_last_answers_are_heard() -> None:
    session = bound()
    (sequence,) = submitted(session, "a")
    session.submit(PAGE, "b", 1.0)
    session.receive(bureau.pdu(bureau.UNBIND, 500), 2.0)
    leaves, taken_back = session.events()
    assert isinstance(leaves, PeerLeaves)
    assert isinstance(taken_back, NotSent)
    assert taken_back.pending.key == "b"
    assert session.data_to_send() == b""
    session.receive(accept(sequence), 2.5)
    answer, end = session.events()
    assert isinstance(answer, Answered)
    assert end == Ended("peer left", "the peer unbound")
    assert session.data_to_send() == bureau.pdu(bureau.UNBIND_RESP, 500)


def test_the_peer_leaves_and_we_agree_soon() -> None:
    session = bound(parting_wait_s=2.0)
    submitted(session, "a")
    session.receive(bureau.pdu(bureau.UNBIND, 500), 2.0)
    assert session.next_deadline() == 4.0
    session.on_deadline(4.0)
    assert keys(ended(session).uncertain) == ["a"]
    assert session.data_to_send() == bureau.pdu(bureau.UNBIND_RESP, 500)


def test_both_leave_at_the_same_time() -> None:
    session = bound()
    session.unbind(2.0)
    session.data_to_send()
    session.receive(bureau.pdu(bureau.UNBIND, 500), 2.0)
    assert ended(session).cause == "peer left"
    assert session.data_to_send() == bureau.pdu(bureau.UNBIND_RESP, 500)


def test_leaving_before_the_bind_is_answered_just_ends() -> None:
    session = opened()
    session.bind(0.0)
    session.unbind(1.0)
    assert ended(session).cause == "unbound"
