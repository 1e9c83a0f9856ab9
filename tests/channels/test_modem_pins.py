"""SIMs that tell no ICCID while they are locked, and change places: a PIN costs one of them one try, and no more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from gatewayd.channels.modem import Modem
from tests.channels.fake_modem import FakeModem
from tests.channels.house import RecordingHouse, until
from tests.channels.story import tell

REST_S = 31.0  # between two looks at a modem that needs a human


@dataclass(slots=True)
class Card:
    pin: str
    tries: int = 3
    opened: bool = False

    def enter(self, pin: str) -> bool:
        assert self.tries > 1, "the last try is a human's"
        self.tries = 3 if pin == self.pin else self.tries - 1
        self.opened = pin == self.pin
        return self.opened


class Slot:
    """What a modem says of the card in it; nothing of its number while it is locked."""

    def __init__(self, fake: FakeModem, card: Card, *, counts: bool) -> None:
        self.fake = fake
        self.card = card
        self.counts = counts
        fake.on_command = self.command

    def command(self, said: str) -> bool:
        card = self.card
        if said == "AT+CPIN?":
            self.fake.say("+CPIN: READY\r\n\r\nOK" if card.opened else "+CPIN: SIM PIN\r\n\r\nOK")
        elif said.startswith("AT+CPIN="):
            self.fake.say("OK" if card.enter(said[9:-1]) else "+CME ERROR: 16")
        elif said == "AT+CPINR":
            self.fake.say(f"+CPINR: SIM PIN,{card.tries},3\r\n\r\nOK" if self.counts else "ERROR")
        elif said == "AT+CCID":
            self.fake.say("+CCID: 8944110065000000001\r\n\r\nOK" if card.opened else "+CME ERROR: 11")
        else:
            return False
        return True

    def swap(self, card: Card) -> None:
        """The power went meanwhile: whatever is in it is locked."""
        card.opened = False
        self.card = card
        self.fake.hang_up()


def play(story: Callable[[Slot, RecordingHouse, Modem], object], *, counts: bool) -> RecordingHouse:
    slots: list[Slot] = []

    async def whole(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready, within_s=60)
        await story(slots[0], house, modem)  # type: ignore[misc]

    return tell(whole, prepare=lambda fake: slots.append(Slot(fake, Card("1111"), counts=counts)), pin="1111")


async def refused(house: RecordingHouse) -> None:
    await until(lambda: house.healths[-1].state == "needs_human", within_s=90)
    told = house.healths[-1]
    assert (told.trouble, "changed places" in told.reason) == ("other_sim", True)
    assert told.identity["manufacturer"] == "Fake"


def test_when_they_are_swapped_back_all_is_well_by_itself() -> None:
    async def story(slot: Slot, house: RecordingHouse, modem: Modem) -> None:
        ours, other = slot.card, Card("2222")
        for left in (2, 1):
            slot.swap(other)
            await refused(house)
            await asyncio.sleep(REST_S * 5)
            assert (other.tries, modem.ready()) == (left, False)
            slot.swap(ours)
            await until(modem.ready, within_s=90)
        slot.swap(other)
        await until(lambda: "attempt left" in house.healths[-1].reason, within_s=90)
        assert (ours.tries, other.tries) == (3, 1)

    play(story, counts=True)


@pytest.mark.parametrize("counts", [True, False])
def test_one_that_was_opened_by_hand_is_opened_by_its_pin_again_after_the_next_power_cut(counts: bool) -> None:
    async def story(slot: Slot, house: RecordingHouse, modem: Modem) -> None:
        slot.swap(Card("2222"))
        await refused(house)
        slot.swap(Card("1111"))
        if not counts:
            await asyncio.sleep(REST_S * 5)
            assert "opened by hand" in house.healths[-1].reason, "nobody can tell them apart"
            slot.card.opened = True
        await until(modem.ready, within_s=90)
        slot.swap(slot.card)
        await until(lambda: not modem.ready(), within_s=90)
        await until(modem.ready, within_s=90)
        assert slot.card.tries == 3

    play(story, counts=counts)
