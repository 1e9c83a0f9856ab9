"""What comes in over a modem: handed to the house first, deleted from its slot only after the commit.

A slot that was handed over and could not be emptied is remembered with its PDU, so that a modem that refuses to
delete does not hand the same text over and over. After the port was away a slot may hold something else: it is
emptied only when a new listing shows the same PDU in it. And where anything was deleted since it was read, it is read
once more, for what is not the text that was handed over is never deleted.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from gatewayd.channels.contract import House, Incoming, Receipt
from gatewayd.clock import pause
from gatewayd.wire import tpdu
from gatewayd.wire.modem_profile import number
from gatewayd.wire.modem_storage import Slot, Stored
from gatewayd.wire.tp_time import spoken_time

HANDED_AT_ONCE_MAX = 64
EARLY_MAX = 64
READINGS_MAX = 5  # of one slot, each other than those before: what it holds will never come whole
KEPT_RETRY_S = 5.0  # a text that only we have, and that the house could not take

_Item = Callable[[str], Incoming | Receipt]  # of a SIM

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
        self.wary = False  # the line is bad: a text is believed when it was read the same twice
        self._channel = channel
        self._house = house
        self._wake = wake
        self._handed: dict[Slot, _Handed] = {}
        self._damaged: dict[Slot, list[str]] = {}  # how it was read so far; noise makes no two the same
        self._emptied: dict[Slot, str] = {}  # what was in it, so the modem said OK
        self._stuck: set[Slot] = set()  # the modem did not empty them; that has been told
        self._fresh: set[Slot] = set()  # read since the last deletion: what is in them is what was read
        self._tasks: set[asyncio.Task[None]] = set()
        self._generation = 0
        self._early: list[_Item] = []  # came before the SIM was known
        self._sim = ""

    @property
    def busy(self) -> bool:
        """Whether something is on its way to the house."""
        return bool(self._tasks)

    @property
    def has_room(self) -> bool:
        """Whether it may be given more."""
        return len(self._tasks) < HANDED_AT_ONCE_MAX

    @property
    def stuck(self) -> int:
        """How many slots the modem refused to empty."""
        return len(self._stuck)

    def opened(self, sim: str) -> None:
        """The SIM is known: what came before it was is handed over now."""
        self._sim = sim
        early, self._early = self._early, []
        for item in early:
            self._keep(item, acknowledge=False)

    def closed(self) -> None:
        """The port is gone: slots mean nothing any more until they are listed again."""
        self._generation += 1
        self.reads.clear()
        self.deletes.clear()
        self._fresh.clear()
        self._emptied.clear()
        self._damaged.clear()
        self.acknowledgements = 0
        self._sim = ""

    def announce(self, slot: Slot) -> None:
        """+CMTI or +CDSI: something is in this slot, even if we were about to empty it."""
        self._emptied.pop(slot, None)
        self._damaged.pop(slot, None)
        if slot in self.deletes:
            self.deletes.remove(slot)
        if slot not in self.reads:
            self.reads.append(slot)

    def listed(self, found: list[Stored], storages: frozenset[str]) -> None:
        """What a whole listing of these storages does not show any more needs no remembering."""
        slots = {stored.slot for stored in found}
        for slot in [*self._handed]:
            if slot.storage in storages and slot not in slots and self._handed[slot].committed:
                del self._handed[slot]
                if slot in self.deletes:
                    self.deletes.remove(slot)
        gone = {slot for slot in self._damaged if slot.storage in storages and slot not in slots}
        self._damaged = {slot: lines for slot, lines in self._damaged.items() if slot not in gone}
        for stored in found:
            self.found(stored)
            if stored.slot in self._damaged and stored.slot not in self.reads:
                self.reads.append(stored.slot)
        self._emptied = {slot: pdu for slot, pdu in self._emptied.items() if slot.storage not in storages}
        self._stuck = {slot for slot in self._stuck if slot in slots or slot.storage not in storages}

    def found(self, stored: Stored) -> None:
        """One that lay in the storage."""
        if self._emptied.get(stored.slot) == stored.pdu:  # and nobody has announced another that is its like
            self._handed[stored.slot] = _Handed(stored.pdu, committed=True)
            self._refused(stored.slot)
        self.take(stored)

    def took(self, stored: Stored | None) -> bool:
        """Take what one slot was read to hold; False: there was nothing, or a damaged text waits for a listing."""
        if stored is not None:
            self.take(stored)
        return stored is not None and all(slot in self.reads for slot in self._damaged)

    def take(self, stored: Stored, *, doubted: bool = False) -> None:
        """Hand over what was read, unless that has been done and only the deleting failed.

        What came damaged may be whole where it lies: it stays there and is read again.
        """
        slot, handed = stored.slot, self._handed.get(stored.slot)
        self._fresh.add(slot)
        if handed is not None and handed.pdu == stored.pdu:
            if handed.committed and slot not in self.deletes:
                self.deletes.append(slot)
            return
        if slot in self.deletes:  # it was of another text, which this one has replaced
            self.deletes.remove(slot)
        if (doubted or self.wary or not stored.sound) and self._may_be_whole(stored):
            return
        self._damaged.pop(slot, None)
        handed = self._handed[slot] = _Handed(stored.pdu)
        self.carry(self._hand_over_stored(stored, handed, self._generation))

    def _may_be_whole(self, stored: Stored) -> bool:
        """Whether another reading may bring another text: not when it was the same twice, nor for ever.

        One wrong bit makes "ok 43" of "ok 42", and nothing shows it but another reading.
        """
        slot = stored.slot
        readings = self._damaged.setdefault(slot, [])
        if stored.pdu in readings or len(readings) + 1 >= READINGS_MAX:
            return False
        readings.append(stored.pdu)
        if not stored.sound:
            self.wary = True
            told = self._extra("text_damaged")
            _log.warning("slot %d of %s was read damaged, it is read again", slot.index, slot.storage, extra=told)
        if (stored.sound or len(readings) == 1) and slot not in self.reads:
            self.reads.append(slot)
        return True

    def direct(self, pdu: str, *, acknowledge: bool) -> None:
        """+CMT or +CDS: the modem keeps no copy."""
        self._keep(lambda sim: read_pdu(self._channel, sim, pdu), acknowledge=acknowledge)

    def spoken(self, header: list[str], words: str, raw: str, *, acknowledge: bool) -> None:
        """+CMT of a modem that fell back to text mode: sender, perhaps a name, time."""
        self._keep(lambda sim: _in_words(self._channel, sim, header, words, raw), acknowledge=acknowledge)

    def reported(self, values: list[str]) -> None:
        """+CDS in text mode: <fo>,<mr>,<ra>,<tora>,<scts>,<dt>,<st>."""
        reference, status = (number(values[1]), number(values[-1])) if len(values) >= 6 else (None, None)
        if reference is None or status is None or status > 0xFF:
            return
        sent_at, done_at = spoken_time(values[-3]), spoken_time(values[-2])
        name, raw = str(reference % 256), ",".join(values)
        self._keep(
            lambda sim: Receipt(self._channel, sim, name, values[2], status, sent_at, done_at, raw), acknowledge=False
        )

    def doubted(self, slot: Slot) -> str | None:
        """What has to be in this slot, to be emptied; None: it is known to be there."""
        handed = self._handed.get(slot)
        return None if handed is None or slot in self._fresh else handed.pdu

    def emptied(self, slot: Slot, result: bool | Stored) -> None:
        """How the deleting went. A failed one is told once, and tried again after each listing that shows the text."""
        self._fresh.clear()
        handed = self._handed.get(slot)
        if isinstance(result, Stored):
            self.take(result, doubted=True)  # another text in its place, or the same with a wrong bit
        elif result and handed is not None:
            self._emptied[slot] = self._handed.pop(slot).pdu
        elif handed is not None:
            self._refused(slot)

    def _refused(self, slot: Slot) -> None:
        if slot not in self._stuck:
            told = self._extra("slot_not_emptied")
            _log.warning("slot %d of %s could not be emptied", slot.index, slot.storage, extra=told)
        self._stuck.add(slot)

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
            await self._hand_over(read_pdu(self._channel, self._sim, stored.pdu))
        except BaseException:
            if self._handed.get(stored.slot) is handed:  # not committed: the next listing brings it again
                del self._handed[stored.slot]
            raise
        handed.committed = True
        if generation == self._generation and self._handed.get(stored.slot) is handed:
            self.deletes.append(stored.slot)

    def _keep(self, item: _Item, *, acknowledge: bool) -> None:
        """Of what the modem keeps no copy: until the SIM is known it waits here."""
        if not self._sim and len(self._early) < EARLY_MAX:
            self._early.append(item)
        else:
            self.carry(self._hand_over_kept(item(self._sim), acknowledge=acknowledge, generation=self._generation))

    async def _hand_over_kept(self, item: Incoming | Receipt, *, acknowledge: bool, generation: int) -> None:
        """Where the network does not send it again, the house is asked until it has taken it."""
        while True:
            try:
                await self._hand_over(item)
                break
            except Exception as error:
                if acknowledge or len(self._tasks) > HANDED_AT_ONCE_MAX:
                    raise
                _log.error("a text waits for the disk: %s", error, extra=self._extra("text_waits"))
            await pause(KEPT_RETRY_S)
        if acknowledge and generation == self._generation:
            self.acknowledgements += 1

    async def _hand_over(self, item: Incoming | Receipt) -> None:
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
            note=f"undecodable: {error}", damaged=True,
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
        damaged="undecodable" in item.note,
    )


def _in_words(channel: str, sim: str, header: list[str], words: str, raw: str) -> Incoming:
    """A text that came without its PDU. A long one is cut off after its first line, which is where an "ok" stands."""
    sender = header[0]
    sent_at = next((at for value in header[1:] if (at := spoken_time(value)) is not None), None)
    is_name = not sender.removeprefix("+").isdecimal()
    return Incoming(channel, sim, sender, is_name, words, sent_at, raw.encode().hex(), None, "in text mode")
