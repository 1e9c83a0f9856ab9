"""A storage with hundreds of texts in it, told by a modem that takes its time: all are heard, and taken away.

Where its size is known, it is read slot by slot, and texts go out meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from gatewayd.channels.modem import Modem
from gatewayd.delivery.outcome import Accepted
from gatewayd.wire.modem_storage import AT_ONCE_MAX
from tests.channels.fake_modem import FakeModem
from tests.channels.house import RecordingHouse, booked, submission, until
from tests.channels.story import tell
from tests.wire.tpdu_builder import body7, deliver

ANNA = "+447700900123"


class Slow:
    """Tells the texts of its storage one by one, and does nothing else meanwhile. `stops_after`: and never ends."""

    def __init__(
        self, fake: FakeModem, texts: int, each_s: float, stops_after: Callable[[], int | None], *, first: int = 0
    ) -> None:
        self.listings: list[int] = []  # how many texts each of them had to tell
        self._fake, self._each_s, self._stops_after = fake, each_s, stops_after
        self._free_at = 0.0
        self._queued: list[str] = []
        for index in range(texts):
            fake.store(first + index, deliver(ANNA, body7(f"text {index}")), announce=False)
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


class Crowded(Slow):
    """As `Slow`, slow in reading as well, and it tells how many slots it has: so many that it is not listed."""

    def __init__(self, fake: FakeModem, texts: int, *, first: int = 0, drafts: range = range(0)) -> None:
        super().__init__(fake, texts, 0.25, lambda: None, first=first)
        fake.size = 255
        self._drafts = drafts

    def _on_command(self, command: str) -> bool:
        if not command.startswith("AT+CMGR=") or self._fake.storage != "ME":
            return super()._on_command(command)
        index = int(command[8:])
        pdu = self._fake.stored.get(index)
        told = f"+CMGR: {2 if index in self._drafts else 0},,{len(pdu) // 2 - 8}\r\n{pdu}\r\n\r\nOK" if pdu else None
        self._free_at = asyncio.get_running_loop().time() + self._each_s
        asyncio.get_running_loop().call_at(self._free_at, self._fake.say, told or "+CMS ERROR: 321")
        return True


@pytest.mark.parametrize("first", [0, 1, 7])
def test_a_text_goes_out_while_a_full_storage_is_read(first: int) -> None:
    """And a reply that comes in meanwhile is heard at once."""

    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        crowded = Crowded(fake, 245, first=first)
        await until(modem.ready)
        await until(lambda: len(house.texts) > 20, within_s=20)
        assert len(fake.stored) == 245
        for number in range(1, 4):
            began = asyncio.get_running_loop().time()
            assert await modem.send(submission(number), booked) == Accepted(str(number))
            assert asyncio.get_running_loop().time() - began < 1.0
        fake.store(253, deliver(ANNA, body7("ok 42")))
        await until(lambda: house.texts[-1].text == "ok 42" or "ok 42" in {t.text for t in house.texts}, within_s=1.0)
        await until(lambda: not fake.stored, within_s=300)
        assert sorted(each.text or "" for each in house.texts) == sorted(
            ["ok 42", *(f"text {index}" for index in range(245))]
        )
        await until(lambda: bool(crowded.listings), within_s=90)
        assert max(crowded.listings) <= AT_ONCE_MAX
        assert not house.resets

    tell(story)


def test_slots_with_numbers_of_their_own_are_listed_after_all() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        crowded = Crowded(fake, 40, first=300)
        await until(lambda: not fake.stored, within_s=200)
        assert {each.text for each in house.texts} == {f"text {index}" for index in range(40)}
        assert crowded.listings == [40]
        assert not house.resets

    tell(story)


def test_drafts_of_somebody_are_met_and_left_where_they_are() -> None:
    """And what a modem does not delete is heard once."""

    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        crowded = Crowded(fake, 30, drafts=range(5, 25))
        fake.deletes = False
        await until(lambda: len(house.texts) == 10, within_s=60)
        await asyncio.sleep(200)
        assert len(house.texts) == 10
        assert crowded.listings == []
        assert not house.resets

    tell(story)


def test_a_modem_that_a_listing_kills_is_read_slot_by_slot_when_it_has_been_plugged_in_anew() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        await until(lambda: not modem.ready(), within_s=120)
        assert "no answer to AT" in house.healths[-1].reason
        fake.on_command = lambda command: dies(fake, command)  # its power was switched
        fake.hang_up()
        await until(lambda: not fake.stored, within_s=300)
        assert [each.text for each in house.texts] == ["ok 42"]
        await until(modem.ready)
        assert isinstance(await modem.send(submission(1), booked), Accepted)
        assert sum(command.startswith("AT+CMGL") for command in fake.heard) == 1

    def dies(fake: FakeModem, command: str) -> bool:
        if command.startswith("AT+CMGL"):
            fake.on_command = lambda _: True
            return True
        return False

    def prepare(fake: FakeModem) -> None:
        fake.answers["AT+CGSN"] = "490154203237518\r\n\r\nOK"
        fake.store(3, deliver(ANNA, body7("ok 42")), announce=False)
        fake.on_command = lambda command: dies(fake, command)

    tell(story, prepare=prepare)
