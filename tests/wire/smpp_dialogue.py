"""A bound SMPP session and its bureau, for the tests."""

from __future__ import annotations

from typing import Any

from gatewayd.wire.smpp_events import (
    Bound,
    Ended,
    Pending,
    SessionSettings,
)
from gatewayd.wire.smpp_pdu import Framer, Message, Pdu, decode
from gatewayd.wire.smpp_session import Phase, SmppSession
from tests.wire import smpp_builder as bureau

PAGE = Message(dest_addr_ton=1, dest_addr_npi=1, destination_addr="447700900123", short_message=b"disk full")


def opened(*, first_sequence: int = 1, **changes: Any) -> SmppSession:
    return SmppSession(SessionSettings("gateway", "secret", **changes), first_sequence=first_sequence)


def bound(*, first_sequence: int = 1, **changes: Any) -> SmppSession:
    session = opened(first_sequence=first_sequence, **changes)
    session.bind(0.0)
    (pdu,) = written(session)
    session.receive(bureau.pdu(pdu.command | 0x80000000, pdu.sequence, b"SC\0"), 0.0)
    assert session.events() == [Bound("SC", None)]
    return session


def written(session: SmppSession) -> list[Pdu]:
    framer, pdus = Framer(), []
    framer.feed(session.data_to_send())
    while (frame := framer.next_frame()) is not None:
        pdus.append(decode(frame))
    return pdus


def submitted(session: SmppSession, *keys: str, now: float = 1.0) -> list[int]:
    sequences = [session.submit(PAGE, key, now) for key in keys]
    session.data_to_send()
    return sequences


def accept(sequence: int, message_id: str = "id-1") -> bytes:
    return bureau.pdu(bureau.SUBMIT_RESP, sequence, message_id.encode() + b"\0")


def ended(session: SmppSession) -> Ended:
    endings = [event for event in session.events() if isinstance(event, Ended)]
    assert len(endings) == 1
    assert session.phase is Phase.ENDED
    assert session.next_deadline() is None
    return endings[0]


def outstanding(session: SmppSession) -> tuple[Pending, ...]:
    """The requests in the window, oldest first."""
    return tuple(session._window.values())


def keys(pending: Any) -> list[str]:
    return [item.key for item in pending]
