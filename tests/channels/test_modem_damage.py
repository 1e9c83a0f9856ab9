"""Texts that are damaged, on their way to us or where they lie: read again, or shown raw; never lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from gatewayd.channels.modem import Modem
from tests.channels.fake_modem import FakeModem
from tests.channels.house import RecordingHouse, until
from tests.channels.story import tell
from tests.wire.tpdu_builder import body7, body8, deliver

ANNA = "+447700900123"


def text(words: str) -> str:
    return deliver(ANNA, body7(words))


def heard(house: RecordingHouse) -> list[str | None]:
    return [each.text for each in house.texts]


def test_a_pdu_that_is_damaged_where_it_lies_is_shown_raw_and_taken_away() -> None:
    broken = text("ok 42")[:-1]

    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        fake.store(4, broken)
        await until(lambda: house.texts, within_s=2)
        assert (house.texts[0].text, house.texts[0].raw) == (None, broken)
        assert house.texts[0].note.startswith("undecodable")
        await until(lambda: not fake.stored)
        assert len(house.texts) == 1

    tell(story)


DAMAGES: dict[str, Callable[[str], str]] = {
    "a digit lost": lambda pdu: pdu[:30] + pdu[31:],
    "two digits lost": lambda pdu: pdu[:-6] + pdu[-4:],
    "two digits lost before the sender": lambda pdu: pdu[:20] + pdu[22:],
    "a letter turned": lambda pdu: pdu[:20] + "?" + pdu[21:],
    "news in the midst": lambda pdu: f"{pdu[:30]}\r\n^RSSI:19\r\n{pdu[30:]}",
    "news in the midst and its digits": lambda pdu: f"{pdu[:30]}^BOOT:12345678,0,0,0,20\r\n{pdu[30:]}",
    "only its beginning": lambda pdu: pdu[:30],
    "nothing": lambda pdu: "",
}


class Line:
    """Damages the first readings of a slot; what the modem holds is whole."""

    def __init__(self, fake: FakeModem, *damages: Callable[[str], str], length: int | None = None) -> None:
        self.readings = 0
        self._fake, self._damages, self._length = fake, [*damages], length
        fake.on_command = self._on_command

    def damage_next(self, *damages: Callable[[str], str]) -> None:
        self._damages += damages

    def _on_command(self, command: str) -> bool:
        pdu = self._fake.stored.get(4)
        reads = self._fake.storage == "ME" and command in ("AT+CMGR=4", "AT+CMGL=4")
        if pdu is None or not reads or not (self._damages or self._length):
            return False
        self.readings += 1
        damage = self._damages.pop(0) if self._damages else str
        header = "+CMGR: 0," if "CMGR" in command else "+CMGL: 4,0,"
        self._fake.say(f"{header},{self._length or self._fake.length(pdu)}\r\n{damage(pdu)}\r\n\r\nOK")
        return True


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "listed"])
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_pdu_that_is_damaged_on_its_way_is_read_again(damage: Callable[[str], str], announced: bool) -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        Line(fake, damage)
        fake.store(4, text("ok 42"), announce=announced)
        if not announced:
            fake.say("+CMTI")  # something came; where is not said
        await until(lambda: heard(house), within_s=1 if announced or damage("x") else 61)
        await until(lambda: not fake.stored)
        assert heard(house) == ["ok 42"]

    tell(story)


def test_a_pdu_that_is_damaged_in_another_way_each_time_is_read_until_it_comes_whole() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        line = Line(fake, *(lambda pdu, at=at: pdu[:at] + pdu[at + 2 :] for at in (20, 30, 40)))
        fake.store(4, text("ok 42"))
        await until(lambda: heard(house) == ["ok 42"], within_s=15)
        await until(lambda: not fake.stored)
        line.damage_next(*(lambda pdu, at=at: pdu[:at] + pdu[at + 2 :] for at in range(20, 60, 2)))
        fake.store(4, text("ok 43"))
        await until(lambda: len(house.texts) == 2, within_s=30)
        assert house.texts[1].text is None
        assert line.readings == 3 + 5, "it will never come whole"

    tell(story)


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "listed"])
def test_on_a_line_with_noise_a_text_is_believed_when_it_was_read_the_same_twice(announced: bool) -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        line = Line(fake, lambda pdu: text("ok 43"), lambda pdu: text("oc 42"))
        fake.say_raw(b"\xff\xfe\x80\r\n")
        fake.store(4, text("ok 42"), announce=announced)
        await until(lambda: house.texts, within_s=10)
        assert heard(house) == ["ok 42"]
        assert line.readings == 2
        await until(lambda: not fake.stored)
        await asyncio.sleep(150)  # two looks without noise
        line.damage_next(lambda pdu: text("ok 43"))
        fake.store(4, text("ok 42"))
        await until(lambda: len(house.texts) == 2, within_s=2)
        assert heard(house)[1] == "ok 43", "nothing on this line says that it is not to be believed"

    tell(story)


def test_a_slot_that_held_a_damaged_text_is_as_good_as_another() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        line = Line(fake)
        for number, words in enumerate(("ok 41", "ok 42", "ok 43"), 1):
            line.damage_next(DAMAGES["two digits lost"])
            fake.store(4, text(words))
            await until(lambda number=number: len(house.texts) == number, within_s=1)  # type: ignore[misc]
            await until(lambda: not fake.stored)
        assert heard(house) == ["ok 41", "ok 42", "ok 43"]

    tell(story)


@pytest.mark.parametrize("length", [5, 150])
def test_a_modem_that_always_tells_a_wrong_length_is_believed_by_what_it_holds(length: int) -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        line = Line(fake, length=length)
        fake.store(4, text("ok 42"))
        await until(lambda: heard(house) == ["ok 42"], within_s=1)
        assert line.readings == 2
        await until(lambda: not fake.stored)

    tell(story)


@pytest.mark.parametrize("cut", [slice(0, 40), slice(0, 41)])
def test_a_routed_pdu_that_is_damaged_is_shown_raw(cut: slice) -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        fake.say(f"+CMT: ,24\r\n{text('ok 42')[cut]}")
        await until(lambda: house.texts, within_s=3)
        assert (house.texts[0].text, house.texts[0].raw) == (None, text("ok 42")[cut])

    tell(story)


def test_a_routed_pdu_with_octets_of_noise_in_it_is_shown_as_it_came() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        pdu = text("ok 42").encode()
        fake.say_raw(b"\r\n+CMT: ,24\r\n" + pdu[:20] + b"\xff" + pdu[21:] + b"\r\n")
        await until(lambda: house.texts, within_s=3)
        assert house.texts[0].raw == text("ok 42")[:20] + "?" + text("ok 42")[21:]

    tell(story)


def test_a_text_whose_header_was_lost_is_heard() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        fake.say_raw(b"\r\n+CM\xfe: ,24\r\n" + text("ok 42").encode() + b"\r\n")
        await until(lambda: heard(house) == ["ok 42"], within_s=1)
        fake.say(submission_like := "0011000A8170078044210000AA04CD3A1B05")
        fake.say(submission_like[:-1])
        await asyncio.sleep(5)
        assert heard(house) == ["ok 42"], "an echo of ours is no text"

    tell(story)


def test_pdus_without_their_service_centre() -> None:
    bare = text("ok 42")[16:]
    assert bare.startswith("04")

    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        fake.answers["AT+CMGR=4"] = f"+CMGR: 0,,{len(bare) // 2}\r\n{bare}\r\n\r\nOK"
        fake.say('+CMTI: "ME",4')
        await until(lambda: heard(house) == ["ok 42"])
        fake.say(f"+CMT: ,{len(bare) // 2}\r\n{bare}")
        await until(lambda: heard(house) == ["ok 42", "ok 42"])
        assert house.texts[0].sender == ANNA

    tell(story)


@pytest.mark.parametrize("before", ["^RSSI:20", "OK", "+CREG: 1"])
@pytest.mark.parametrize("behind", ["", "^RSSI:20"])
def test_news_of_a_text_with_something_else_in_front_of_it_is_heard_at_once(before: str, behind: str) -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        await asyncio.sleep(10)
        fake.store(4, text("ok 42"), announce=False)
        fake.say(f'{before}+CMTI: "ME",4{behind}')
        await until(lambda: heard(house) == ["ok 42"], within_s=1)

    tell(story)


def test_an_answer_with_news_glued_to_it_is_an_answer() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        await asyncio.sleep(10)
        pdu = text("ok 42")
        fake.stored[5] = text("ok 43")
        fake.answers["AT+CMGR=4"] = f'+CMGR: 0,,{fake.length(pdu)}\r\n{pdu}\r\n\r\nOK+CMTI: "ME",5'
        fake.store(4, pdu)
        await until(lambda: heard(house) == ["ok 42", "ok 43"], within_s=1)

    tell(story)


@pytest.mark.parametrize("coding", [0x04, 0xF4])
@pytest.mark.parametrize(
    ("octets", "words"),
    [(b"ok 15", "ok 15"), (b"ok 15\0\0", "ok 15"), ("ja, größer".encode(), "ja, größer"), (b"ok\x01\x02", None)],
    ids=["plain", "padded", "utf-8", "binary"],
)
def test_words_in_8_bit_data_are_heard(octets: bytes, words: str | None, coding: int) -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        fake.store(4, deliver(ANNA, body8(octets), dcs=coding))
        await until(lambda: house.texts, within_s=1)
        assert heard(house) == [words]

    tell(story)
