"""A house that remembers what it was told, and how a test waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from gatewayd.channels.contract import Health, Incoming, LateAnswer, Receipt, Submission


class RecordingHouse:
    def __init__(self) -> None:
        self.texts: list[Incoming] = []
        self.read_there: list[Incoming] = []
        self.receipts: list[Receipt] = []
        self.late: list[LateAnswer] = []
        self.back: list[tuple[str, str]] = []
        self.healths: list[Health] = []
        self.resets: list[str] = []
        self.rooms: list[str] = []
        self.balances: list[tuple[str, str]] = []
        self.sums: list[float | None] = []
        self.pins: dict[tuple[str, str], str] = {}
        self.pins_left: dict[tuple[str, str], int] = {}  # tries, after an attempt that failed
        self.pins_tried = 0
        self.press_after_s = float("inf")
        self.sims_of_pins: dict[str, str] = {}
        self.last_met: dict[str, tuple[str, str]] = {}
        self.before_commit: Callable[[], Awaitable[None]] | None = None

    async def received(self, incoming: Incoming) -> None:
        await self._commit()
        self.texts.append(incoming)

    async def read(self, incoming: Incoming) -> None:
        await self._commit()
        self.read_there.append(incoming)

    async def receipt(self, receipt: Receipt) -> None:
        await self._commit()
        self.receipts.append(receipt)

    async def late_answer(self, answer: LateAnswer) -> None:
        self.late.append(answer)

    async def asked_back(self, attempt_id: str, refusal: str) -> None:
        self.back.append((attempt_id, refusal))

    def health(self, channel: str, health: Health) -> None:
        self.healths.append(health)

    async def balance(self, channel: str, sim: str, said: str, amount: float | None) -> None:
        await self._commit()
        self.balances.append((channel, said))
        self.sums.append(amount)

    def pressed(self, channel: str, out_s: float, *, unread: bool) -> bool:
        return out_s >= self.press_after_s

    def room(self, channel: str) -> None:
        self.rooms.append(channel)

    def reset(self, channel: str, reason: str) -> None:
        self.resets.append(reason)

    async def pin_may_be_tried(self, iccid_digest: str, pin_digest: str, tries: int | None) -> bool:
        booked_of = (iccid_digest, pin_digest)
        if booked_of in self.pins and self.pins_left.get(booked_of, 99) >= (tries or 0):
            return False
        self.pins_left.pop(booked_of, None)
        self.pins[iccid_digest, pin_digest] = "tried"
        self.pins_tried += 1
        return True

    async def sim_of_pin(self, pin_of: str) -> str:
        return self.sims_of_pins.get(pin_of, "")

    async def met(self, channel: str, modem: str, card: str) -> str:
        before, self.last_met[channel] = self.last_met.get(channel), (modem, card)
        return "" if before in (None, (modem, card)) else "changed"

    async def pin_result(
        self, iccid_digest: str, pin_digest: str, *, good: bool, pin_of: str, tries: int | None
    ) -> None:
        if good and pin_of:
            self.sims_of_pins[pin_of] = iccid_digest
        if good:
            self.pins.pop((iccid_digest, pin_digest), None)
        else:
            self.pins[iccid_digest, pin_digest] = "bad"
            if tries is not None:
                self.pins_left[iccid_digest, pin_digest] = tries

    async def _commit(self) -> None:
        if self.before_commit is not None:
            await self.before_commit()


async def until(condition: Callable[[], object], *, within_s: float = 5.0) -> None:
    """Let the loop run until the condition holds; fails loudly when it does not in time.

    Who waits long looks less often: hours of virtual time have millions of milliseconds.
    """
    loop = asyncio.get_running_loop()
    began = loop.time()
    while not condition():
        waited = loop.time() - began
        assert waited < within_s, "it did not happen in time"
        await asyncio.sleep(max(0.002, waited / 2000))


async def booked() -> bool:
    return True


async def withdrawn() -> bool:
    return False


def submission(number: int = 1, **changes: object) -> Submission:
    values: dict[str, object] = {
        "message_id": f"m{number}",
        "attempt_id": f"a{number}",
        "recipient": "+447700900123",
        "segment": f"PROD 42 disk full on db{number}",
        "alphabet": "gsm7",
        "part": 1,
        "parts": 1,
        "concat_reference": 0,
        "validity_s": 900,
        "report": True,
    }
    return Submission(**(values | changes))  # type: ignore[arg-type]
