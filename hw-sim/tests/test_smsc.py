"""The service centre: routing, validity, retries, reports (3GPP TS 23.040)."""

from dataclasses import replace

import pytest
from hwsim.fields import Address, address_of, put_address, put_time
from hwsim.tpdu import Concat, encode_submit, put_user_data

ANNA, BEN, MODEM = "+447700900111", "+447700900112", "+447700900001"


def events(street, *wanted):
    return [
        (entry["event"], round(entry["at"] - 1_700_000_000))
        for entry in street.ledger.entries
        if entry["event"] in wanted
    ]


@pytest.mark.parametrize(
    "to",
    [
        Address(0x91, "447700900111"),
        Address(0x81, "07700900111"),
        Address(0xA1, "7700900111"),
        Address(0x81, "00447700900111"),
    ],
)
def test_numbers_reach_the_same_phone_however_written(run, street_of, terminal_of, to):
    async def story():
        street = street_of()
        answer = await terminal_of(street).submit(encode_submit(to, put_user_data("hi")))
        assert answer[-1] == "OK"
        assert await street.until(lambda: street.phones[ANNA].inbox)
        text = street.phones[ANNA].inbox[0]
        assert (text.text, text.sender, text.modem) == ("hi", MODEM, "modem1")

    run(story())


def test_a_name_is_no_destination(run, street_of, terminal_of):
    async def story():
        street = street_of()
        answer = await terminal_of(street).submit(encode_submit(address_of("Anna"), put_user_data("hi")))
        assert answer == ["+CMS ERROR: 195"]
        assert [entry["cms"] for entry in street.ledger.select("refused")] == [195]

    run(story())


@pytest.mark.parametrize(
    ("how", "answer", "statuses"), [("report", "OK", [0x43]), ("silence", "OK", []), ("refuse", "+CMS ERROR: 1", [])]
)
def test_an_unknown_number(run, street_of, terminal_of, how, answer, statuses):
    async def story():
        street = street_of()
        street.network.settings.unknown_numbers = how
        terminal = terminal_of(street)
        assert (await terminal.text("+447700900999", "hi", report=True))[-1] == answer
        await terminal.silence(60)
        assert [entry["status"] for entry in street.ledger.reports()] == statuses

    run(story())


def test_an_absent_phone_gets_its_texts_in_order_when_it_is_back(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        anna = street.phones[ANNA]
        anna.switch(on=False)
        for word in ("one", "two", "three"):
            await terminal.text(ANNA, word)
        await terminal.silence(1000)
        assert not anna.inbox
        anna.switch(on=True)
        await terminal.silence(2)
        assert [text.text for text in anna.inbox] == ["one", "two", "three"]

    run(story())


@pytest.mark.parametrize(("vp", "seconds"), [(0, 300), (11, 3600), (None, 259200)])
def test_validity_ends_in_a_report_of_expiry(run, street_of, terminal_of, vp, seconds):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        street.phones[ANNA].switch(on=False)
        await terminal.command("AT+CNMI=2,1,0,1")
        await terminal.text(ANNA, "x", vp=vp, report=True)
        await terminal.silence(seconds - 10)
        assert not street.ledger.reports()
        assert b"+CDS:" in await terminal.silence(60)
        assert events(street, "expired") == [("expired", seconds)]
        assert [entry["status"] for entry in street.ledger.reports(ANNA)] == [0x46]
        street.phones[ANNA].switch(on=True)
        await terminal.silence(4000)
        assert not street.phones[ANNA].inbox

    run(story())


@pytest.mark.parametrize("form", ["absolute", "enhanced"])
def test_other_validity_formats_expire_too(run, street_of, terminal_of, form):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        street.phones[ANNA].switch(on=False)
        octets = put_time(1_700_000_090.0, 4) if form == "absolute" else bytes([2, 90, 0, 0, 0, 0, 0])
        first = 0x21 | (0x18 if form == "absolute" else 0x08)
        head = bytes([first, 0]) + put_address(address_of(ANNA)) + b"\0\0"
        await terminal.submit(head + octets + b"\x01\x41")
        await terminal.silence(300)
        assert events(street, "expired") == [("expired", 90)]

    run(story())


def test_the_service_centre_tries_again_on_its_schedule(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        anna = street.phones[ANNA]
        anna.on = False
        await terminal.text(ANNA, "x")
        await terminal.silence(100)
        anna.on = True  # without the network noticing
        assert await street.until(lambda: anna.inbox, 1000)
        assert events(street, "delivered") == [("delivered", 330)], "after 30 s and 300 s"

    run(story())


def test_a_report_waits_for_a_modem_that_is_away(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command("AT+CNMI=2,1,0,1")
        street.network.settings.report_delay_s = 10.0
        await terminal.text(ANNA, "x", report=True)
        street.fault("modem1", {"kind": "registration", "stat": 2, "seconds": 100})
        assert await terminal.silence(90) == b""
        assert "+CDS:" in await terminal.sees("+CDS:", 30)

    run(story())


def test_a_single_shot_is_tried_once(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        street.phones[ANNA].switch(on=False)
        head = bytes([0x29, 0]) + put_address(address_of(ANNA)) + b"\0\0"
        await terminal.submit(head + bytes([0x40, 0, 0, 0, 0, 0, 0]) + b"\x01\x41")
        await terminal.silence(5)
        assert [entry["status"] for entry in street.ledger.reports()] == [0x62]

    run(story())


def test_duplicates_are_rejected_where_asked(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        street.phones[ANNA].switch(on=False)
        tpdu = bytearray(encode_submit(address_of(ANNA), put_user_data("x")))
        tpdu[0] |= 4
        assert (await terminal.submit(bytes(tpdu)))[-1] == "OK"
        assert (await terminal.submit(bytes(tpdu)))[-1] == "OK", "another reference is another message"
        modem = street.modems["modem1"]
        modem.personality = replace(modem.personality, mr_constant=modem.mr)
        assert await terminal.submit(bytes(tpdu)) == ["+CMS ERROR: 197"]

    run(story())


def test_parts_are_joined_in_any_order_and_copies_dropped(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        anna = street.phones[ANNA]
        parts = [put_user_data(text, Concat(7, 3, seq)) for seq, text in enumerate(("one ", "two ", "three"), 1)]
        for seq in (2, 2, 3):
            await terminal.submit(encode_submit(address_of(ANNA), parts[seq - 1]))
        await terminal.silence(1)
        assert (len(anna.inbox), anna.incomplete, anna.copies_dropped) == (0, 1, 1)
        await terminal.submit(encode_submit(address_of(ANNA), parts[0]))
        await terminal.silence(1)
        assert [(text.text, text.parts) for text in anna.inbox] == [("one two three", 3)]
        await terminal.submit(encode_submit(address_of(ANNA), parts[1]))
        await terminal.silence(1)
        assert (len(anna.inbox), anna.incomplete, anna.copies_dropped) == (1, 0, 2), "late copies are dropped too"
        assert [(copy["text"], copy["times"]) for copy in street.ledger.duplicates()] == [("two ", 3)]

    run(story())


def test_a_replacing_message_takes_the_place_of_the_last(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        for text in ("try 1", "try 2"):
            await terminal.text(ANNA, text, pid=0x41)
        await terminal.text(ANNA, "another", pid=0x42)
        await terminal.silence(1)
        assert [(text.text, text.replaced) for text in street.phones[ANNA].inbox] == [("try 2", 1), ("another", 0)]

    run(story())


def test_people_answer_as_they_were_told(run, street_of, terminal_of):
    from hwsim.phone import Habit

    async def story():
        street = street_of()
        terminal = terminal_of(street)
        anna = street.phones[ANNA]
        anna.habits = [Habit("ok 42", after_s=60, contains="42"), Habit("I am driving", times=None)]
        await terminal.command("AT+CNMI=2,1")
        await terminal.text(ANNA, "FIRE 42")
        assert await terminal.silence(59) == b""
        assert b"+CMTI" in await terminal.silence(5)
        await terminal.text(ANNA, "FIRE 42")
        assert b"+CMTI" in await terminal.silence(5)
        texts = [entry["text"] for entry in street.ledger.accepted(MODEM)]
        assert texts == ["ok 42", "I am driving"]

    run(story())


def test_people_text_each_other_and_long_texts(run, street_of):
    async def story():
        street = street_of()
        text = "long " * 100
        street.phones[ANNA].send("07700900112", text)
        assert await street.until(lambda: street.phones[BEN].inbox)
        assert (street.phones[BEN].inbox[0].text, street.phones[BEN].inbox[0].parts) == (text, 4)
        assert street.phones[BEN].reply("too long") == ANNA
        assert await street.until(lambda: street.phones[ANNA].inbox)

    run(story())


def test_two_modems_text_each_other(run, street_of, terminal_of):
    async def story():
        street = street_of()
        street.add_modem("modem2", "+447700900002", "quectel-ec25")
        one, two = terminal_of(street, "modem1"), terminal_of(street, "modem2")
        await two.command("AT+CNMI=2,1")
        await one.text("+447700900002", "canary")
        assert await street.until(lambda: street.ledger.delivered("+447700900002"))
        assert '+CMTI: "ME",0' in await two.sees("+CMTI")

    run(story())


def test_the_same_seed_gives_the_same_street(run, street_of, terminal_of):
    async def story(seen):
        street = street_of(seed=77)
        terminal = terminal_of(street)
        street.fault(None, {"kind": "refuse", "cms": 38, "probability": 0.5})
        answers = [(await terminal.text(ANNA, f"text {n}"))[0] for n in range(20)]
        seen.append((street.modems["modem1"].imei, answers))

    seen = []
    run(story(seen))
    run(story(seen))
    assert seen[0] == seen[1]
    assert 0 < sum("ERROR" in answer for answer in seen[0][1]) < 20
