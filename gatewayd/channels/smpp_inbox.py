"""What comes in from a bureau: handed to the house first, answered only after the commit.

What could not be kept is answered with "try again" and comes once more; what cannot be read is kept as it came. How
many are under way at once is the session's to bound.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import Coroutine
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from gatewayd.channels.contract import House, Incoming, Receipt
from gatewayd.channels.smpp_bind import Bind
from gatewayd.channels.smpp_settings import SmppSettings
from gatewayd.clock import Clock
from gatewayd.delivery.status import StatusClass
from gatewayd.wire import smpp_receipt
from gatewayd.wire.smpp_address import Address, read_address
from gatewayd.wire.smpp_events import Arrived, Damaged, Event, Strange
from gatewayd.wire.smpp_message_id import matching_keys
from gatewayd.wire.smpp_pdu import DataMessage, Message
from gatewayd.wire.smpp_receipt import State
from gatewayd.wire.smpp_session import SmppSession
from gatewayd.wire.smpp_status import TRY_AGAIN
from gatewayd.wire.smpp_text import payload_of, read_content
from gatewayd.wire.smpp_tlv import Tag, number_of, text_of

RAW_OCTETS_MAX = 2_000
AT_ONCE_S = 5.0  # an answer that took longer may have come too late for the bureau
LOOK_S = 1.0  # so often while there are texts of which the bureau has not shown yet that it read our answer
TOLD_MAX = 1_000  # texts that are known again

_KINDS: dict[State, StatusClass] = {
    State.DELIVERED: "delivered",
    State.EXPIRED: "gave_up",
    State.DELETED: "gave_up",
    State.UNDELIVERABLE: "failed",
    State.REJECTED: "failed",
    State.UNKNOWN: "forwarded",
    State.SKIPPED: "forwarded",
}

_log = logging.getLogger("gatewayd.channels.smpp")


@dataclass(frozen=True, slots=True)
class _Told:
    """A text that was answered at once: where and when."""

    text: Incoming
    bind: Bind
    session: SmppSession
    at: float  # monotonic

    @property
    def read(self) -> bool:
        """A later request of ours was answered there, perhaps before the connection ended."""
        return self.session.proven_at > self.at


class Inbox:
    """`sim` is the account that the ids belong to."""

    def __init__(self, settings: SmppSettings, sim: str, house: House, clock: Clock) -> None:
        self._settings = settings
        self._sim = sim
        self._house = house
        self._zone = ZoneInfo(settings.zone)
        self._unread: deque[_Told] = deque(maxlen=TOLD_MAX)
        self._timer: asyncio.TimerHandle | None = None
        self._numbering = settings.numbering()
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()
        self._told: OrderedDict[bytes, _Told] = OrderedDict()  # by what two deliveries of one text have in common

    def take(self, bind: Bind, arrived: Arrived) -> None:
        self.carry(self._hand_over(bind, arrived))

    def _fresh(self, body: Message | DataMessage) -> bool:
        """Whether the bureau has read our answer to the same text before, so that this one is another.

        A person may say "ok" twice in ten minutes, to two pages; and a bureau says it twice when our answer was late,
        or lost with its connection.
        """
        told = self._told.get(_same(body))
        return told is not None and told.read

    def _answered(
        self, bind: Bind, body: Message | DataMessage, text: Incoming, session: SmppSession, took_s: float
    ) -> None:
        same = _same(body)
        self._told.pop(same, None)
        if took_s <= AT_ONCE_S:
            self._told[same] = _Told(text, bind, session, self._clock.monotonic())
            if text.concat is None:  # parts are told apart by their reference
                self._unread.append(self._told[same])
                self._look_later()
            while len(self._told) > TOLD_MAX:
                self._told.popitem(last=False)

    def _look(self) -> None:
        """What the bureau has shown since to have read is told to the house, which outlives us.

        By a connection on which nothing else is asked, such as a receiver's, it is asked.
        """
        self._timer = None
        for told in self._unread:
            if told.read:
                self.carry(self._house.read(told.text))
            else:
                told.bind.prove(told.session, told.at)
        self._unread = deque((told for told in self._unread if not told.read and not told.session.ended), TOLD_MAX)
        self._look_later()

    def _look_later(self) -> None:
        if self._unread and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(LOOK_S, self._look)

    def carry(self, work: Coroutine[Any, Any, None]) -> None:
        """Let something travel to the house while the connection goes on."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            _log.error("handing over failed", exc_info=task.exception(), extra=self._extra("handing_over_failed"))

    async def finish(self) -> None:
        """Wait until everything that is on its way has arrived."""
        if self._tasks:
            await asyncio.wait(self._tasks)
        self._look()
        if self._timer is not None:
            self._timer.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def log(self, event: str, words: str) -> None:
        _log.info("%s", words, extra=self._extra(event))

    def note(self, event: Event) -> None:
        """What asks for nothing but is worth a line."""
        match event:
            case Damaged(reason):
                _log.warning("%s", reason, extra=self._extra("smpp_damaged"))
            case Strange(_, reason):
                _log.info("%s", reason, extra=self._extra("smpp_strange"))
            case _:
                _log.debug("%s", type(event).__name__, extra=self._extra("smpp_event"))

    async def _hand_over(self, bind: Bind, arrived: Arrived) -> None:
        session, began = bind.session, self._clock.monotonic()
        try:
            receipt, text = self._receipt(arrived.body), None
            if receipt is not None:
                await self._house.receipt(receipt)
            else:
                text = self._incoming(arrived.body)
                await self._house.received(text)
        except BaseException:
            bind.answer(arrived, TRY_AGAIN)
            raise
        if bind.answer(arrived) and session is not None and text is not None:
            self._answered(bind, arrived.body, text, session, self._clock.monotonic() - began)

    def _read(self, body: Message | DataMessage) -> smpp_receipt.Receipt | None:
        return smpp_receipt.read_receipt(body, zone=self._zone, by_text=self._settings.receipts_by_text)

    def _receipt(self, body: Message | DataMessage) -> Receipt | None:
        """None: a text. A receipt that says nothing of a message that can be found is one too: somebody may read it."""
        read = self._read(body)
        if read is None or read.state is None:
            return None
        if not read.ids and read.reference is None and read.submitted_at is None:
            return None
        keys = tuple(dict.fromkeys(key for one in read.ids for key in matching_keys(one, self._settings.ids)))
        return Receipt(
            channel=self._settings.name,
            sim=self._sim,
            reference=keys[0] if keys else "",
            recipient=read_address(read.recipient, self._numbering)[0],
            status=int(read.state),
            sent_at=read.submitted_at,
            done_at=read.done_at,
            raw=payload_of(body)[:RAW_OCTETS_MAX].hex(),
            kind=_KINDS.get(read.state, "pending") if read.final else "pending",
            references=keys,
            own_reference=read.reference if self._settings.references else None,
            quotes=read.text,
        )

    def _incoming(self, body: Message | DataMessage) -> Incoming:
        content = read_content(body, self._settings.alphabet)
        address = Address(body.source_addr_ton, body.source_addr_npi, body.source_addr)
        sender, letters = read_address(address, self._numbering)
        concat = content.concat
        notes = list(content.notes)
        by_machine = self._read(body) is not None or smpp_receipt.resembles(body)
        if by_machine:
            notes.insert(0, "a receipt")
        if content.message_class is not None:
            notes.insert(0, f"class {content.message_class}")
        return Incoming(
            channel=self._settings.name,
            sim=self._sim,
            sender=sender,
            sender_alphanumeric=letters,
            text=content.text,
            sent_at=None,
            raw=payload_of(body)[:RAW_OCTETS_MAX].hex(),
            concat=(concat.reference, concat.width, concat.total, concat.number) if concat and not by_machine else None,
            note=", ".join(notes),
            fresh=self._fresh(body),
            by_machine=by_machine,
            identity=_identity(body),
        )

    def _extra(self, event: str) -> dict[str, str]:
        return {"event": event, "channel": self._settings.name}


def _identity(body: Message | DataMessage) -> str:
    """What some bureaus tell texts of the same words apart by, and say again when they deliver one of them twice."""
    number = number_of(body.tlvs, Tag.USER_MESSAGE_REFERENCE)
    names = (text_of(body.tlvs, Tag.RECEIPTED_MESSAGE_ID) or "", str(number) if number else "")
    return "/".join(names) if any(names) else ""


def _same(body: Message | DataMessage) -> bytes:
    """What two deliveries of one text have in common: everything but the sequence number."""
    return sha256(repr(body).encode()).digest()
