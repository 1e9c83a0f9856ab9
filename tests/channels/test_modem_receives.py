"""Receiving for ever: whatever a modem does with what comes in, every text is heard, and none is deleted unheard."""

from __future__ import annotations

import asyncio
import logging

import pytest

from gatewayd.channels.modem import Modem
from gatewayd.delivery.outcome import Accepted
from tests.channels.fake_modem import FakeModem
from tests.channels.house import RecordingHouse, booked, submission, until
from tests.channels.story import tell
from tests.wire.tpdu_builder import body7, deliver, status_report

ANNA = "+447700900123"


def text(words: str, **more: int) -> str:
    return deliver(ANNA, body7(words), **more)  # type: ignore[arg-type]


def heard(house: RecordingHouse) -> list[str | None]:
    return [each.text for each in house.texts]


def insist_on_acknowledgements(fake: FakeModem) -> None:
    fake.answers |= {"AT+CSMS=0": "ERROR", "AT+CSMS?": "+CSMS: 1,1,1,1\r\n\r\nOK"}


# -- slots and what is in them --------------------------------------------------------------------------------------


def test_a_text_that_replaces_one_that_is_being_kept_is_heard_as_well() -> None:
    """Replace type 1 (TP-PID 0x41): the newer takes the older one's slot, announced or not."""

    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        gate = asyncio.Event()
        house.before_commit = gate.wait  # type: ignore[assignment]
        fake.store(4, text("ok 41", pid=0x41))
        await until(lambda: "AT+CMGR=4" in fake.heard)
        fake.store(4, text("ok 42", pid=0x41))
        await asyncio.sleep(0.1)
        gate.set()
        await until(lambda: not fake.stored)
        assert heard(house) == ["ok 41", "ok 42"]

    tell(story)


@pytest.mark.parametrize("pid", range(0x41, 0x48))
def test_every_replace_type_is_heard(pid: int) -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        fake.store(4, text("ok 42", pid=pid))
        await until(lambda: heard(house) == ["ok 42"])

    tell(story)


def test_a_slot_that_was_used_again_is_not_emptied_unread() -> None:
    """A SIM600 deletes all parts of a long text with the first; what comes then takes a slot that is to be emptied."""

    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        def on_command(command: str) -> bool:
            if command == "AT+CMGD=1" and 2 in fake.stored:
                fake.stored.clear()
                fake.store(2, text("ok 42"), announce=False)
                fake.say("OK")
                return True
            return False

        for index in (1, 2, 3):
            fake.store(index, text(f"page {index}"), announce=False)
        fake.on_command = on_command
        await until(lambda: "ok 42" in heard(house))
        await until(lambda: not fake.stored)
        assert len(house.texts) == 4

    tell(story)


def test_a_modem_that_says_ok_and_deletes_nothing_is_told_of_once(caplog: pytest.LogCaptureFixture) -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        fake.answers["AT+CMGD=4"] = "OK"
        fake.store(4, text("ok 42"))
        await asyncio.sleep(1800)
        assert heard(house) == ["ok 42"]
        assert fake.heard.count("AT+CMGD=4") > 20, "it is tried again and again"
        fake.store(5, text("done"))
        await until(lambda: heard(house) == ["ok 42", "done"])
        await until(lambda: 5 not in fake.stored)

    with caplog.at_level(logging.WARNING):
        tell(story)
    assert sum(getattr(record, "event", "") == "slot_not_emptied" for record in caplog.records) == 1


def test_where_only_the_longer_form_deletes_it_is_used() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        fake.answers["AT+CMGD=4"] = "ERROR"
        fake.store(4, text("ok 42"))
        await until(lambda: not fake.stored)

    tell(story)


@pytest.mark.parametrize("answer", ["ERROR", "+CMS ERROR: 500", "OK", None])
def test_a_text_that_cannot_be_read_alone_is_found_by_the_listing(answer: str | None) -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        fake.answers["AT+CMGR=4"] = answer
        fake.store(4, text("ok 42"))
        await until(lambda: heard(house) == ["ok 42"], within_s=20)
        await until(lambda: not fake.stored, within_s=60)

    tell(story)


@pytest.mark.parametrize("answer", ["ERROR", "+CMS ERROR: 500", None])
def test_where_listing_does_not_work_slots_are_read_one_by_one(answer: str | None) -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        fake.answers["AT+CMGL=4"] = answer
        fake.answers["AT+CMGD=?"] = "+CMGD: (2,7),(0-4)\r\n\r\nOK"
        fake.store(7, text("ok 42"), announce=False)
        await until(lambda: heard(house) == ["ok 42"], within_s=90)
        await until(lambda: not fake.stored, within_s=60)

    tell(story)


@pytest.mark.parametrize("late_s", [10.1, 11.5, 14.0])
def test_a_late_answer_to_a_reading_is_no_answer_to_a_text(late_s: float, caplog: pytest.LogCaptureFixture) -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        fake.answers["AT+CMGR=4"] = None
        fake.say('+CMTI: "ME",4')
        await asyncio.sleep(late_s)
        fake.say("+CMS ERROR: 321")
        await asyncio.sleep(30)
        assert not house.late
        assert await modem.send(submission(), booked) == Accepted("1")

    tell(story)
    assert not [record for record in caplog.records if getattr(record, "event", "") == "answer_to_nothing"]


# -- storages -------------------------------------------------------------------------------------------------------


def test_both_storages_are_read_and_the_one_that_is_named() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        fake.store(1, text("from the modem"), announce=False)
        fake.store(1, text("from the card"), announce=False, shelf="SM")
        await until(lambda: len(house.texts) == 2)
        fake.store(3, text("ok 42"), shelf="SM")  # class 2, or a storage that was full
        await until(lambda: len(house.texts) == 3)
        assert sorted(map(str, heard(house))) == ["from the card", "from the modem", "ok 42"]
        await until(lambda: not any(fake.shelves.values()))

    tell(story)


def test_reports_in_a_storage_of_their_own_that_nobody_had_named() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        fake.shelves["SR"][2] = status_report(7, ANNA, 0)
        fake.say('+CDSI: "SR",2')
        await until(lambda: house.receipts)
        fake.shelves["SR"][3] = status_report(8, ANNA, 0)
        await until(lambda: len(house.receipts) == 2, within_s=70)
        assert [report.reference for report in house.receipts] == ["7", "8"]
        await until(lambda: not fake.shelves["SR"])

    tell(story)


@pytest.mark.parametrize(
    "news",
    [
        "+CMTI: 4",
        '+CMTI: "ME"',
        '^SMMEMFULL: "SM"',
        "^SMGO: 2",
        "+WMGF: 1",
        '+CIEV: "smsfull",1',
        "+CIEV: smsfull,1",
        "+CIEV:SMSFULL",
        '+QIND: "smsfull","ME"',
        '+CIEV: "message",1',
        "+CMS ERROR: 322",
    ],
)
def test_news_that_name_no_slot_lead_to_a_listing(news: str) -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        await asyncio.sleep(2)
        fake.store(4, text("ok 42"), announce=False)
        fake.say(news)
        await until(lambda: heard(house) == ["ok 42"], within_s=3)
        assert not house.late

    tell(story)


@pytest.mark.parametrize("news", ['+CMTI: "ME",4', '+CMTI:"ME",4', '+CMTI: "ME" , 4', "+CMTI: ME,4", '+cmti: "me",4'])
def test_spellings_of_an_announcement(news: str) -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        await asyncio.sleep(2)
        fake.store(4, text("ok 42"), announce=False)
        fake.say(news)
        await until(lambda: heard(house) == ["ok 42"], within_s=0.5)

    tell(story)


def test_a_text_that_could_not_be_sent_for_want_of_room_makes_room() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        await asyncio.sleep(2)
        for index in range(10):
            fake.store(index, text(f"ok {index}"), announce=False, shelf="SM" if index % 2 else "ME")
        fake.on_pdu = lambda pdu: "+CMS ERROR: 322" if any(fake.shelves.values()) else fake.accept(pdu)
        await modem.send(submission(), booked)
        await until(lambda: not any(fake.shelves.values()), within_s=5)
        assert sorted(map(str, heard(house))) == [f"ok {index}" for index in range(10)]
        assert await modem.send(submission(2), booked) == Accepted("1")

    tell(story)


def test_drafts_that_fill_a_card_are_shown_and_make_room() -> None:
    draft = "0011000A8170078044210000AA04CD3A1B05"

    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        def on_command(command: str) -> bool:
            if command.startswith("AT+CMGR=") and fake.shelves["SM"].get(int(command[8:])) == draft:
                fake.say(f"+CMGR: 2,,17\r\n{draft}\r\n\r\nOK")
                return True
            if command != "AT+CMGL=4" or fake.storage != "SM":
                return False
            rows = [f"+CMGL: {index},2,,17\r\n{draft}\r\n" for index in sorted(fake.shelves["SM"])]
            fake.say("".join(rows) + "\r\nOK")
            return True

        fake.on_command = on_command
        fake.shelves["SM"] |= dict.fromkeys(range(1, 20), draft)
        await until(modem.ready)
        await asyncio.sleep(90)
        assert len(fake.shelves["SM"]) == 19, "nobody touches drafts while there is room"
        fake.shelves["SM"][20] = draft
        await until(lambda: not fake.shelves["SM"], within_s=90)
        assert {each.text for each in house.texts} == {None}
        assert all("undecodable" in each.note and each.raw == draft for each in house.texts)

    tell(story)


# -- what the modem keeps no copy of -----------------------------------------------------------------------------------


def test_an_acknowledgement_goes_out_when_the_text_is_kept_and_not_before() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        gate = asyncio.Event()
        house.before_commit = gate.wait  # type: ignore[assignment]
        pdu = text("ok 42")
        fake.say(f"+CMT: ,{fake.length(pdu)}\r\n{pdu}")
        await asyncio.sleep(5)
        assert not [command for command in fake.heard if "CNMA" in command]
        gate.set()
        await until(lambda: [command for command in fake.heard if "CNMA" in command] == ["AT+CNMA=0"])
        assert heard(house) == ["ok 42"]

    tell(story, prepare=insist_on_acknowledgements)


def test_an_acknowledgement_that_is_not_taken_leads_to_a_look_at_once() -> None:
    """Too late for the network, which sends the text again; the modem has ceased to route (27.005 3.4.4)."""

    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        await asyncio.sleep(5)
        fake.answers["AT+CNMA=0"] = "+CMS ERROR: 340"
        fake.answers["AT+CNMI?"] = "+CNMI: 2,0,0,0,0\r\n\r\nOK"
        set_before = sum(command.startswith("AT+CNMI=2,1") for command in fake.heard)
        pdu = text("ok 42")
        fake.say(f"+CMT: ,{fake.length(pdu)}\r\n{pdu}")
        await until(lambda: "AT+CNMA=0" in fake.heard)
        await asyncio.sleep(0.2)
        fake.answers["AT+CNMI?"] = "+CNMI: 2,1,0,1,0\r\n\r\nOK"
        await until(lambda: sum(each.startswith("AT+CNMI=2,1") for each in fake.heard) > set_before, within_s=5)
        assert "AT+CNMA" not in fake.heard, "nobody waits for it, so it is not said twice"
        assert heard(house) == ["ok 42"]

    tell(story, prepare=insist_on_acknowledgements)


def test_a_modem_that_keeps_nothing_is_looked_at_closely() -> None:
    """What it does not tell of is lost: a setting that fell to nothing is found within seconds."""

    def prepare(fake: FakeModem) -> None:
        insist_on_acknowledgements(fake)
        fake.answers |= {"AT+CGMI": "Nordic Semiconductor ASA\r\n\r\nOK", "AT+CGMM": "nRF9160-SICA\r\n\r\nOK"}
        fake.answers |= {"AT+CNMI=?": "+CNMI: (3),(0,2),(0),(0,1),(0)\r\n\r\nOK"}
        fake.answers |= {"AT+CNMI?": "+CNMI: 3,2,0,1,0\r\n\r\nOK"}

    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        await asyncio.sleep(60)
        setups = sum(command.startswith("AT+CNMI=3,2") for command in fake.heard)
        fake.answers["AT+CNMI?"] = "+CNMI: 3,0,0,0,0\r\n\r\nOK"
        await until(lambda: sum(each.startswith("AT+CNMI=3,2") for each in fake.heard) > setups, within_s=2)
        assert not [command for command in fake.heard if "CPMS" in command or "CMGL" in command]

    tell(story, prepare=prepare)


def test_while_a_text_is_on_the_air_nothing_is_acknowledged() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        fake.on_pdu = lambda pdu: None
        sending = asyncio.create_task(modem.send(submission(), booked))
        await until(lambda: fake.pdus)
        written = len(fake.raw)
        pdu = text("ok 42")
        fake.say(f"+CMT: ,{fake.length(pdu)}\r\n{pdu}")
        await until(lambda: heard(house) == ["ok 42"])
        await asyncio.sleep(20)
        assert len(fake.raw) == written
        fake.say("+CMGS: 9\r\n\r\nOK")
        assert await sending == Accepted("9")
        await until(lambda: "AT+CNMA=0" in fake.heard)

    tell(story, prepare=insist_on_acknowledgements)


def test_a_text_that_only_we_have_is_kept_until_the_disk_takes_it() -> None:
    async def fails() -> None:
        raise OSError("disk full")

    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        house.before_commit = fails
        pdu = text("ok 42", dcs=0x10)  # flash: a modem does not store it
        fake.say(f"+CMT: ,{fake.length(pdu)}\r\n{pdu}")
        await asyncio.sleep(60)
        house.before_commit = None
        await until(lambda: heard(house) == ["ok 42"], within_s=6)
        assert house.texts[0].note == "class 0"

    tell(story)


def test_what_is_routed_before_the_card_is_known_waits_for_it() -> None:
    def prepare(fake: FakeModem) -> None:
        def on_command(command: str) -> bool:
            if command == "AT+CGMI":
                fake.say(f"+CMT: ,{fake.length(text('ok 42'))}\r\n{text('ok 42')}")
            return False

        fake.on_command = on_command

    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        await until(lambda: heard(house) == ["ok 42"])
        assert house.texts[0].sim == modem.sim

    tell(story, prepare=prepare)


def test_a_modem_that_fell_back_to_text_mode_is_heard_and_set_right() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        setups = fake.heard.count("AT+CMGF=0")
        fake.say(f'+CMT: "{ANNA}",,"26/11/22,10:00:00+04"\r\n> ok 42')
        fake.say(f'+CDS: 6,41,"{ANNA}",145,"26/11/22,10:00:00+04","26/11/22,10:00:07+04",0')
        await until(lambda: house.texts and house.receipts)
        said = house.texts[0]
        assert (said.text, said.sender, said.sender_alphanumeric, said.note) == ("> ok 42", ANNA, False, "in text mode")
        assert said.sent_at == 1_795_338_000_000_000
        report = house.receipts[0]
        assert (report.reference, report.recipient, report.status) == ("41", ANNA, 0)
        assert report.done_at == said.sent_at + 7_000_000
        await until(lambda: fake.heard.count("AT+CMGF=0") > setups, within_s=10)

    tell(story)


def test_a_listing_in_words_is_asked_for_again_in_octets() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        await asyncio.sleep(2)
        in_words = True

        def on_command(command: str) -> bool:
            nonlocal in_words
            in_words = in_words and command != "AT+CMGF=0"
            if command.startswith("AT+CMGR=") and in_words:
                fake.say(f'+CMGR: "REC UNREAD","{ANNA}",,"26/11/22,10:00:00+04"\r\nok 42\r\n\r\nOK')
            elif command == "AT+CMGL=4" and in_words:
                fake.say("ERROR")
            else:
                return False
            return True

        fake.on_command = on_command
        fake.store(4, text("ok 42"))
        await until(lambda: heard(house) == ["ok 42"], within_s=2)
        await until(lambda: not fake.stored)
        in_words = True
        fake.store(5, text("ok 43"), announce=False)
        await until(lambda: heard(house) == ["ok 42", "ok 43"], within_s=70)

    tell(story)
