"""A bureau that says at once what it has kept all night: all of it is taken, in order, and never more than fits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from gatewayd.channels.smpp import Smpp, SmppSettings
from tests.channels.house import RecordingHouse, until
from tests.channels.smpp_street import play
from tests.channels.virtual import clock
from tests.scenarios.bureau_by_hand import DELIVER, ENQUIRE, RECEIPT, Bureau, delivery, parameter, report

ANNA = "+447700900201"
AT_ONCE_MAX = 100  # commits that the house is asked for side by side


@dataclass
class Night:
    """The house commits when `gate` is open, one batch in `commit_s`."""

    bureau: Bureau
    house: RecordingHouse
    smpp: Smpp
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    commit_s: float = 0.01
    committing: int = 0
    at_once: int = 0

    async def commit(self) -> None:
        self.committing += 1
        self.at_once = max(self.at_once, self.committing)
        try:
            await self.gate.wait()
            await asyncio.sleep(self.commit_s)
        finally:
            self.committing -= 1

    def says(self, count: int, *, more: bytes = b"") -> None:
        """So many receipts in one go, as a bureau does whose queue was full in the morning."""
        for number in range(count):
            body = delivery(ANNA, report(f"{number}"), esm=RECEIPT, more=more)
            self.bureau.call.say(DELIVER, number + 1, body)

    @property
    def answered(self) -> list[tuple[int, int]]:
        """Sequence and status of the answers to its receipts."""
        return [answer for answer in self.bureau.answers if answer[0] < 10_000_000]


def tell(story: Callable[[Night], Awaitable[None]], **changes: object) -> None:
    async def whole() -> None:
        bureau, house = Bureau(), RecordingHouse()
        await bureau.open()
        values = {"name": "north", "host": "127.0.0.1", "port": bureau.port, "system_id": "gateway"} | changes
        smpp = Smpp(SmppSettings(**values), house, clock())  # type: ignore[arg-type]
        life = asyncio.create_task(smpp.run())
        night = Night(bureau, house, smpp)
        house.before_commit = night.commit
        try:
            await until(smpp.ready)
            await story(night)
        finally:
            night.gate.set()
            life.cancel()
            await asyncio.gather(life, return_exceptions=True)
            await bureau.close()

    play(whole())


@pytest.mark.parametrize("count", [1_000, 5_000])
def test_a_thousand_receipts_at_once_are_all_taken_and_an_enquiry_overtakes_them(count: int) -> None:
    async def story(night: Night) -> None:
        night.says(count)
        night.bureau.call.say(ENQUIRE, 10_000_000)
        await until(lambda: (10_000_000, 0) in night.bureau.answers, within_s=5)
        assert night.answered == [], "nothing is answered before its commit"
        night.gate.set()
        await until(lambda: len(night.answered) == count, within_s=120)
        assert {status for _, status in night.answered} == {0}
        assert sorted(int(receipt.reference) for receipt in night.house.receipts) == list(range(count))
        assert night.at_once <= AT_ONCE_MAX

    tell(story)


def test_a_bureau_that_says_more_than_fits_is_held_back_by_tcp_and_not_taken_for_dead() -> None:
    """17 MB, while the disk takes nothing for ten minutes: far beyond every wait of the session."""
    count = 8_000

    async def story(night: Night) -> None:
        night.says(count, more=parameter(0x1401, b"x" * 2_000))
        await asyncio.sleep(600)
        assert night.bureau.call.unsent > 1_000_000, "the rest waits at the bureau"
        assert len(night.bureau.calls) == 1, "the bind stays"
        assert night.smpp.ready()
        assert night.answered == []
        night.commit_s = 0.001
        night.gate.set()
        await until(lambda: len(night.answered) == count, within_s=600)
        assert {status for _, status in night.answered} == {0}
        assert len(night.house.receipts) == count
        assert night.at_once <= AT_ONCE_MAX
        assert len(night.bureau.calls) == 1
        night.bureau.deaf = True
        await until(lambda: len(night.bureau.calls) == 2, within_s=60)  # a bureau that is dead is noticed as before

    tell(story, enquire_s=5, enquire_wait_s=5)


def test_what_cannot_be_stored_is_put_off() -> None:
    async def story(night: Night) -> None:
        async def full() -> None:
            raise OSError(28, "No space left on device")

        night.house.before_commit = full
        night.says(300)
        await until(lambda: len(night.answered) == 300, within_s=60)
        assert {status for _, status in night.answered} == {0x64}

    tell(story)


def test_a_bureau_that_hangs_up_at_once_has_said_all_of_it() -> None:
    async def story(night: Night) -> None:
        night.says(1_000)
        night.bureau.call.hang_up()
        await asyncio.sleep(0.5)
        night.gate.set()
        await until(lambda: len(night.house.receipts) == 1_000, within_s=60)

    tell(story)


def test_texts_of_people_among_them_are_taken_in_their_turn() -> None:
    async def story(night: Night) -> None:
        night.says(400)
        night.bureau.call.say(DELIVER, 999, delivery(ANNA, "ok 42"))
        night.gate.set()
        await until(lambda: night.house.texts, within_s=60)
        assert night.house.texts[0].text == "ok 42"
        await until(lambda: (999, 0) in night.answered)

    tell(story)
