"""What comes in over a modem: handed to the house first, deleted from its slot only after the commit.

A slot that was handed over and could not be emptied is remembered with its PDU, so that a modem that refuses to
delete does not hand the same text over and over. After the port was away a slot may hold something else: it is
emptied only when a new listing shows the same PDU in it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from gatewayd.channels.contract import House, Incoming, Receipt
from gatewayd.wire import tpdu
from gatewayd.wire.modem_storage import Slot, Stored

HANDED_AT_ONCE_MAX = 64

_log = logging.getLogger("gatewayd.channels.modem")


@dataclass(slots=True)
class _Handed:
    pdu: str
    committed: bool = False


class Inbox:
    """Slots to read, slots to empty, acknowledgements owed; the modem asks for one job after the other."""

    def __init__(self, channel: str, house: House, wake: Callable[[], None]) -> None:
        self.reads: deque[Slot] = deque()
        self.deletes: deque[Slot] = deque()
        self.acknowledgements = 0
        self._channel = channel
        self._house = house
        self._wake = wake
        self._handed: dict[Slot, _Handed] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._generation = 0
        self._early: list[str] = []
        self._sim = ""

    @property
    def busy(self) -> bool:
        """Whether something is on its way to the house."""
        return bool(self._tasks)

    @property
    def may_read(self) -> bool:
        return bool(self.reads) and len(self._tasks) < HANDED_AT_ONCE_MAX

    def opened(self, sim: str) -> None:
        """The SIM is known: what came before it was is handed over now."""
        self._sim = sim
        early, self._early = self._early, []
        for pdu in early:
            self.direct(pdu, acknowledge=False)

    def closed(self) -> None:
        """The port is gone: slots mean nothing any more until they are listed again."""
        self._generation += 1
        self.reads.clear()
        self.deletes.clear()
        self.acknowledgements = 0
        self._sim = ""

    def announce(self, slot: Slot) -> None:
        """+CMTI or +CDSI: something is in this slot, even if we were about to empty it."""
        if slot in self.deletes:
            self.deletes.remove(slot)
        if slot not in self.reads:
            self.reads.append(slot)

    def listed(self, found: list[Stored], *, complete: bool) -> None:
        """What is no longer in a complete listing needs no remembering."""
        slots = {stored.slot for stored in found}
        gone = [slot for slot, handed in self._handed.items() if handed.committed and slot not in slots]
        for slot in gone if complete else ():
            del self._handed[slot]
        for stored in found:
            self.take(stored)

    def take(self, stored: Stored) -> None:
        """Hand over what was read, unless that has been done and only the deleting failed."""
        handed = self._handed.get(stored.slot)
        if handed is not None and handed.pdu == stored.pdu:
            if handed.committed and stored.slot not in self.deletes:
                self.deletes.append(stored.slot)
            return
        handed = self._handed[stored.slot] = _Handed(stored.pdu)
        self.carry(self._hand_over_stored(stored, handed, self._generation))

    def direct(self, pdu: str, *, acknowledge: bool) -> None:
        """+CMT or +CDS: the modem keeps no copy."""
        if not self._sim:
            self._early.append(pdu)
        else:
            self.carry(self._hand_over_direct(pdu, acknowledge=acknowledge, generation=self._generation))

    def emptied(self, slot: Slot, *, done: bool) -> None:
        """How the deleting went; a failed one is tried again after the next listing."""
        if done:
            self._handed.pop(slot, None)
        else:
            _log.warning(
                "slot %d of %s could not be emptied", slot.index, slot.storage, extra=self._extra("slot_not_emptied")
            )

    async def finish(self) -> None:
        """Wait until everything that is on its way has arrived."""
        if self._tasks:
            await asyncio.wait(self._tasks)

    def carry(self, work: Coroutine[Any, Any, None]) -> None:
        """Let something travel to the house while the port goes on."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            _log.error("handing over failed", exc_info=task.exception(), extra=self._extra("handing_over_failed"))
        self._wake()

    async def _hand_over_stored(self, stored: Stored, handed: _Handed, generation: int) -> None:
        try:
            await self._hand_over(stored.pdu)
        except BaseException:
            if self._handed.get(stored.slot) is handed:  # not committed: the next listing brings it again
                del self._handed[stored.slot]
            raise
        handed.committed = True
        if generation == self._generation and self._handed.get(stored.slot) is handed:
            self.deletes.append(stored.slot)

    async def _hand_over_direct(self, pdu: str, *, acknowledge: bool, generation: int) -> None:
        await self._hand_over(pdu)
        if acknowledge and generation == self._generation:
            self.acknowledgements += 1

    async def _hand_over(self, pdu: str) -> None:
        item = read_pdu(self._channel, self._sim, pdu)
        if isinstance(item, Receipt):
            await self._house.receipt(item)
        else:
            await self._house.received(item)

    def _extra(self, event: str) -> dict[str, str]:
        return {"event": event, "channel": self._channel}


def read_pdu(channel: str, sim: str, pdu: str) -> Incoming | Receipt:
    """What a PDU says; one that cannot be read is an Incoming without text, never nothing."""
    try:
        item = tpdu.decode(pdu)
    except tpdu.PduError as error:
        return Incoming(
            channel, sim, sender="", sender_alphanumeric=False, text=None, sent_at=None, raw=pdu,
            note=f"undecodable: {error}",
        )  # fmt: skip
    if isinstance(item, tpdu.StatusReport):
        return Receipt(channel, sim, str(item.reference), item.recipient, item.status, item.sent_at, item.done_at, pdu)
    concat = item.concat
    return Incoming(
        channel,
        sim,
        item.sender,
        item.sender_alphanumeric,
        item.text,
        item.sent_at,
        pdu,
        (concat.reference, concat.width, concat.total, concat.number) if concat else None,
        item.note,
    )
