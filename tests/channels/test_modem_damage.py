"""Texts that are damaged, on their way to us or where they lie: read again, or shown raw; never lost."""

from __future__ import annotations

import asyncio

import pytest

from gatewayd.channels.modem import Modem
from tests.channels.fake_modem import FakeModem
from tests.channels.house import RecordingHouse, until
from tests.channels.story import tell
from tests.wire.tpdu_builder import body7, deliver

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


def test_a_pdu_that_is_damaged_on_its_way_is_read_again() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        pdu, lost = text("ok 42"), 0

        def on_command(command: str) -> bool:
            nonlocal lost
            if command == "AT+CMGR=4" and lost < 1:
                lost += 1
                fake.say(f"+CMGR: 0,,{fake.length(pdu)}\r\n{pdu[:30]}{pdu[31:]}\r\n\r\nOK")
                return True
            return False

        fake.on_command = on_command
        fake.store(4, pdu)
        await until(lambda: heard(house) == ["ok 42"], within_s=1)
        await until(lambda: not fake.stored)
        assert len(house.texts) == 1

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
