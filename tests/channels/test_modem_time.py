"""A modem in virtual time: what happens over minutes, and what no behaviour of a modem may bring about."""

from __future__ import annotations

import asyncio
import contextlib

from gatewayd.channels.modem import Modem
from gatewayd.delivery.outcome import Accepted, Deferred, Uncertain
from tests.channels.fake_modem import FakeModem
from tests.channels.house import RecordingHouse, booked, submission, until
from tests.channels.story import tell

TEXT = "07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07"


def now() -> float:
    return asyncio.get_running_loop().time()


def test_the_bring_up_of_a_quick_modem_takes_less_than_half_a_second() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        assert now() < 0.5

    tell(story)


def test_no_answer_for_three_minutes_is_an_open_fate_and_the_modem_is_restarted() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        fake.on_pdu = lambda pdu: None
        began, written = now(), len(fake.raw)
        sending = asyncio.create_task(modem.send(submission(), booked))
        await asyncio.sleep(31)
        assert not modem.ready()  # others shall go another way meanwhile
        assert house.healths[-1].state == "resting"
        assert isinstance(await sending, Uncertain)
        assert 179 < now() - began < 182
        assert bytes(fake.raw[written:]).count(b"AT") == 1  # nothing was said while waiting
        await until(lambda: "AT+CFUN=1,1" in fake.heard, within_s=60)
        assert 209 < now() - began < 213
        fake.on_pdu = fake.accept
        await until(modem.ready, within_s=60)
        assert await modem.send(submission(2), booked) == Accepted("1")
        assert len(fake.pdus) == 2

    tell(story)


def test_others_that_wait_behind_a_slow_one_are_released() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        fake.on_pdu = lambda pdu: None
        first = asyncio.create_task(modem.send(submission(), booked))
        second = asyncio.create_task(modem.send(submission(2), booked))
        outcome = await second
        assert isinstance(outcome, Deferred)
        assert outcome.scope == "channel"
        assert now() < 32
        fake.say("+CMGS: 9\r\n\r\nOK")
        assert await first == Accepted("9")
        await until(modem.ready)

    tell(story)


def test_a_prompt_that_never_comes_costs_no_text() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        fake.prompts = False
        outcome = await modem.send(submission(), booked)
        assert isinstance(outcome, Deferred)
        assert fake.pdus == []
        assert b"\x1a" not in fake.raw
        fake.prompts = True
        await until(modem.ready)
        assert await modem.send(submission(2), booked) == Accepted("1")

    tell(story)


def test_a_modem_that_dies_is_opened_again_and_again_with_patience() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        fake.on_command = lambda command: True
        await until(lambda: house.healths[-1].state == "down", within_s=120)
        opened = len(house.resets)
        await asyncio.sleep(600)
        assert 15 < len(house.resets) - opened < 60
        fake.on_command = lambda command: False
        await until(modem.ready, within_s=60)

    tell(story)


def test_a_lost_notification_setting_is_found_by_the_look() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        fake.answers["AT+CNMI?"] = "+CNMI: 2,0,0,0,0\r\n\r\nOK"
        fake.store(4, TEXT, announce=False)
        await asyncio.sleep(59)
        assert not house.resets
        await until(lambda: house.resets, within_s=5)
        await until(lambda: house.texts, within_s=5)

    tell(story)


def test_a_text_that_cannot_be_deleted_is_handed_over_once() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        fake.deletes = False
        fake.store(4, TEXT)
        await asyncio.sleep(600)
        assert len(house.texts) == 1
        assert 5 < fake.heard.count("AT+CMGD=4") < 20
        fake.deletes = True
        await until(lambda: not fake.stored, within_s=70)
        fake.store(4, TEXT)  # the same once more: a new one
        await until(lambda: len(house.texts) == 2)

    tell(story)


def test_a_text_that_the_house_could_not_keep_is_kept_in_the_modem() -> None:
    async def fails() -> None:
        raise OSError("disk full")

    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        house.before_commit = fails
        fake.store(4, TEXT)
        await asyncio.sleep(30)
        assert 4 in fake.stored
        house.before_commit = None
        await until(lambda: house.texts, within_s=70)
        await until(lambda: not fake.stored)

    tell(story)


def test_acknowledgements_are_given_after_the_commit_where_they_are_a_duty() -> None:
    def prepare(fake: FakeModem) -> None:
        fake.answers |= {"AT+CSMS=0": "ERROR", "AT+CSMS?": "+CSMS: 1,1,1,1\r\n\r\nOK"}
        fake.answers["AT+CNMI?"] = "+CNMI: 2,1,0,2,0\r\n\r\nOK"

    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        gate = asyncio.Event()
        house.before_commit = gate.wait  # type: ignore[assignment]
        fake.say(f"+CMT: ,24\r\n{TEXT}")
        await asyncio.sleep(5)
        assert "AT+CNMA=0" not in fake.heard
        gate.set()
        await until(lambda: "AT+CNMA=0" in fake.heard)
        assert fake.heard.count("AT+CNMA=0") == 1

    tell(story, prepare=prepare)


def test_a_wrong_pin_is_entered_once_however_often_the_port_is_opened() -> None:
    def prepare(fake: FakeModem) -> None:
        fake.answers["AT+CPIN?"] = "+CPIN: SIM PIN\r\n\r\nOK"
        fake.answers['AT+CPIN="1234"'] = "+CME ERROR: 16"

    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(lambda: house.healths[-1:] and house.healths[-1].state == "needs_human", within_s=60)
        await asyncio.sleep(3600)
        assert fake.heard.count('AT+CPIN="1234"') == 1
        assert not modem.ready()
        assert isinstance(await modem.send(submission(), booked), Deferred)

    tell(story, prepare=prepare, pin="1234")


def test_a_network_that_is_away_rests_the_channel_until_it_is_back() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        for name in ("CREG", "CGREG", "CEREG"):
            fake.answers[f"AT+{name}?"] = f"+{name}: 2,2\r\n\r\nOK"
        fake.say("+CREG: 2")
        await until(lambda: not modem.ready(), within_s=3)
        assert "searching" in house.healths[-1].reason
        await asyncio.sleep(900)
        assert fake.heard.count("AT+CFUN=0") == 1
        fake.answers["AT+CEREG?"] = "+CEREG: 2,1\r\n\r\nOK"
        fake.say("+CEREG: 1")
        await until(modem.ready, within_s=3)

    tell(story)


def test_roaming_only_where_it_is_allowed() -> None:
    def prepare(fake: FakeModem) -> None:
        for name in ("CREG", "CGREG", "CEREG"):
            fake.answers[f"AT+{name}?"] = f"+{name}: 2,5\r\n\r\nOK"

    async def rests(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(lambda: house.healths[-1:] and house.healths[-1].reason == "roaming is not allowed", within_s=60)
        assert not modem.ready()

    async def goes(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)

    tell(rests, prepare=prepare, roaming_allowed=False)
    tell(goes, prepare=prepare)


def test_the_pace_is_kept() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        began = now()
        for number in range(8):
            assert isinstance(await modem.send(submission(number), booked), Accepted)
        assert 29 < now() - began < 31  # three at once, then one in six seconds

    tell(story, rate_per_minute=10, burst=3)


def test_a_storm_of_news_keeps_no_text_waiting() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)

        def storm(pdu: str) -> str | None:
            for number in range(20):
                fake.say(f'+CMTI: "ME",{number}\r\n\r\n+CREG: 1\r\n\r\n^RSSI:{number}\r\n\r\nRING\r\n\r\n+CIEV: 1,2')
            return fake.accept(pdu)

        fake.on_pdu = storm
        for number in range(20):
            fake.store(number, TEXT, announce=False)
        began = now()
        for number in range(10):
            assert isinstance(await modem.send(submission(number), booked), Accepted)
        assert now() - began < 1.0
        await until(lambda: not fake.stored, within_s=70)

    tell(story)


def test_a_silent_restart_is_noticed_by_its_echo() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        fake.say_raw(b"\r\n+CPIN: READY\r\n")
        await until(lambda: house.resets, within_s=5)
        await until(modem.ready, within_s=5)
        assert fake.heard.count("AT+CMGF=0") == 2

    tell(story)


def test_a_restart_while_the_network_has_a_text() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        fake.on_pdu = lambda pdu: "RDY"
        assert isinstance(await modem.send(submission(), booked), Uncertain)
        assert now() < 5
        fake.on_pdu = fake.accept
        await until(modem.ready, within_s=5)
        assert await modem.send(submission(2), booked) == Accepted("1")

    tell(story)


def test_draining_waits_for_what_is_on_the_air() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        fake.on_pdu = lambda pdu: None
        sending = asyncio.create_task(modem.send(submission(), booked))
        await asyncio.sleep(1)
        draining = asyncio.create_task(modem.drain(20))
        await asyncio.sleep(1)
        assert not modem.ready()
        fake.say("+CMGS: 3\r\n\r\nOK")
        assert await sending == Accepted("3")
        await draining
        assert house.healths[-1].state == "down"
        assert now() < 10

    tell(story)


def test_a_sender_that_stops_waiting_is_answered_through_the_house() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        fake.on_pdu = lambda pdu: None
        sending = asyncio.create_task(modem.send(submission(), booked))
        await asyncio.sleep(1)
        sending.cancel()
        await asyncio.sleep(1)
        fake.say("+CMGS: 3\r\n\r\nOK")
        await until(lambda: house.late)
        assert (house.late[0].attempt_id, house.late[0].outcome) == ("a1", Accepted("3"))

    tell(story)


def test_a_booking_that_fails_sends_nothing_and_says_so() -> None:
    async def fails() -> bool:
        raise OSError("disk full")

    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        with contextlib.suppress(OSError):
            await modem.send(submission(), fails)
            raise AssertionError("it was not told")
        assert fake.pdus == []
        assert await modem.send(submission(2), booked) == Accepted("1")

    tell(story)


def test_a_prompt_that_closes_while_the_attempt_is_booked() -> None:
    async def slow() -> bool:
        await asyncio.sleep(3)
        return True

    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        sending = asyncio.create_task(modem.send(submission(), slow))
        await asyncio.sleep(1)
        fake.say("+CMS ERROR: 512")
        assert isinstance(await sending, Deferred)
        assert b"\x1a" not in fake.raw

    tell(story)
