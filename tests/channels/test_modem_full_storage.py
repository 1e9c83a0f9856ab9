"""A storage with hundreds of texts in it, told by a modem that takes its time: all are heard, and taken away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from gatewayd.channels.modem import Modem
from tests.channels.fake_modem import FakeModem
from tests.channels.house import RecordingHouse, booked, submission, until
from tests.channels.story import tell
from tests.wire.tpdu_builder import body7, deliver

ANNA = "+447700900123"


class Slow:
    """Tells the texts of its storage one by one, and does nothing else meanwhile. `stops_after`: and never ends."""

    def __init__(self, fake: FakeModem, texts: int, each_s: float, stops_after: Callable[[], int | None]) -> None:
        self.listings: list[int] = []  # how many texts each of them had to tell
        self._fake, self._each_s, self._stops_after = fake, each_s, stops_after
        self._free_at = 0.0
        self._queued: list[str] = []
        for index in range(texts):
            fake.store(index, deliver(ANNA, body7(f"text {index}")), announce=False)
        fake.on_command = self._on_command

    def _on_command(self, command: str) -> bool:
        loop = asyncio.get_running_loop()
        if self._free_at > loop.time():
            loop.call_at(self._free_at, self._fake.command, command)
            return True
        if command != "AT+CMGL=4" or self._fake.storage != "ME":
            return False
        rows = sorted(self._fake.stored.items())
        self.listings.append(len(rows))
        told, stops = 0.0, self._stops_after()
        for index, pdu in rows[:stops]:
            row = f"+CMGL: {index},1,,{self._fake.length(pdu)}\r\n{pdu}"
            loop.call_later(told, self._fake.say, row)
            told += self._each_s
        if stops is None:
            loop.call_later(told, self._fake.say, "OK")
            self._free_at = loop.time() + told
        return True


def test_a_listing_may_take_minutes_as_long_as_texts_come() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        slow = Slow(fake, 250, 0.8, lambda: None)
        await until(lambda: not fake.stored, within_s=260)
        assert sorted(each.text or "" for each in house.texts) == sorted(f"text {index}" for index in range(250))
        assert slow.listings[0] == 250
        assert len(slow.listings) == 1, "what is known is taken away before it is asked for again"
        assert not house.resets
        await modem.send(submission(), booked)
        assert len(fake.pdus) == 1

    tell(story)


def test_what_a_listing_told_before_it_broke_off_is_heard_and_taken_away() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        breaks = [100, 60]
        slow = Slow(fake, 200, 0.1, lambda: breaks.pop(0) if breaks else None)
        await until(lambda: not fake.stored, within_s=300)
        assert len(house.texts) == 200
        assert slow.listings[:3] == [200, 100, 40]
        assert not house.resets

    tell(story)


def test_a_listing_that_nobody_waits_out_makes_the_next_one_shorter() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        slow = Slow(fake, 330, 1.0, lambda: None)
        await until(lambda: not fake.stored, within_s=900)
        assert {each.text for each in house.texts} == {f"text {index}" for index in range(330)}
        assert slow.listings[0] == 330
        assert slow.listings[-1] < 60
        assert not house.resets

    tell(story)
