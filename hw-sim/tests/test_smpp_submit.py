"""submit_sm and data_sm: each field, each alphabet, each way to be long (SMPP 3.4 4.4, 4.7, 5.2)."""

import struct

import pytest

PAGER, BEN = "+447700900201", "+447700900202"
LETTERS = bytes([5, 0]) + b"GATEWAY\0"


def tlv(tag, value):
    return struct.pack(">HH", tag, len(value)) + value


def test_a_page_is_shown_and_booked(run, paging_street):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()
            answer = await esme.submit(text=b"disk full on db2", source=LETTERS, tlvs=tlv(0x1401, b"\x01\x02"))
            assert (answer.command, answer.status) == (0x80000004, 0)
            assert await street.until(lambda: street.anna.texts("db2"))
            assert [(page.sender, page.text) for page in street.anna.inbox] == [("GATEWAY", "disk full on db2")]
            booked = street.ledger.accepted(PAGER)[0]
            assert booked["message_id"] == answer.text
            assert (booked["line"], booked["bureau"], booked["protocol"]) == ("gateway", "bureau1", "smpp")
            assert booked["parameters"] == {"0x1401": "0102"}, "what 3.4 does not know is kept"
            assert [entry["event"] for entry in street.ledger.entries][-3:] == ["accepted", "delivered", "shown"]
            assert street.violations() == []

    run(story())


@pytest.mark.parametrize(
    ("more", "status", "rule"),
    [
        ({"service_type": "NEWS"}, 0x15, "service_type 'NEWS'"),
        ({"service_type": "TOOLONG"}, 0x15, "service_type has 8 octets where 6 are allowed"),
        ({"source": b"\x07\x00x\0"}, 0x48, "source_addr_ton 7"),
        ({"source": b"\x01\x021234\0"}, 0x49, "source_addr_npi 2"),
        ({"source": b"\x01\x001234\0"}, 0x49, "source_addr_npi 0 with TON 1"),
        ({"source": b"\x05\x01ABC\0"}, 0x49, "source_addr_npi 1 with TON 5"),
        ({"source": b"\x00\x00GATEWAY\0"}, 0x0A, "source_addr is not digits only"),
        ({"source": b"\x01\x01+4477\0"}, 0x0A, "source_addr is not digits only"),
        ({"source": b"\x05\x00GATEWAYDAEMON\0"}, 0x0A, "an alphanumeric source_addr has 1 to 11 characters"),
        ({"source": b"\x00\x00" + b"1" * 21 + b"\0"}, 0x0A, "source_addr has 22 octets where 21 are allowed"),
        ({"ton": 5}, 0x50, "dest_addr_ton 5"),
        ({"npi": 7}, 0x51, "dest_addr_npi 7"),
        ({"npi": 0}, 0x51, "dest_addr_npi 0 with TON 1"),
        ({"to": "+447700900201"}, 0x0B, "destination_addr is not digits only"),
        ({"to": ""}, 0x0B, "destination_addr is not digits only"),
        ({"to": "4" * 21}, 0x0B, "destination_addr has 22 octets where 21 are allowed"),
        ({"esm_class": 0x04}, 0x43, "esm_class 0x04 from an ESME"),
        ({"esm_class": 0x40, "text": b"\x09abc"}, 0x43, "UDHI without a whole user data header"),
        ({"esm_class": 0x40, "text": b"\x05\x00\x03\x07\x02\x03x"}, 0x43, "part 3 of 2"),
        ({"priority": 4}, 0x06, "priority_flag 4"),
        ({"registered": 3}, 0x07, "registered_delivery 0x03"),
        ({"registered": 0x21}, 0x07, "registered_delivery 0x21"),
        ({"replace": 2}, 0x54, "replace_if_present_flag 2"),
        ({"default": 5}, 0x63, "sm_default_msg_id 5"),
        ({"sm_length": 255}, 0x01, "sm_length 255"),
        ({"sm_length": 20}, 0x01, "the body ends inside short_message"),
        ({"sm_length": 8}, 0xC0, "1 octets after the last parameter"),
        ({"text": b"a" * 161}, 0x01, "161 octets of gsm7 after 0 of header do not fit into one SMS"),
        ({"text": b"aa" * 71, "coding": 8}, 0x01, "142 octets of ucs2 after 0 of header do not fit into one SMS"),
        ({"text": b"abc", "coding": 8}, 0x01, "UCS2 of an odd number of octets"),
        ({"text": b"\x80"}, 0x45, "an octet above 0x7F in the GSM alphabet"),
        ({"schedule": "260101"}, 0x61, "schedule_delivery_time has 7 octets where 1 or 17 are allowed"),
        ({"validity": "000000003000000"}, 0x62, "validity_period has 16 octets where 1 or 17 are allowed"),
        ({"validity": "000000003000000X"}, 0x62, "'000000003000000X' is not of the form YYMMDDhhmmsstnnp"),
        ({"validity": "000000006100000R"}, 0x62, "'000000006100000R': a part of it is too large"),
        ({"validity": "000000003000004R"}, 0x62, "'000000003000004R': tenths and zone of a relative time are 0 and 00"),
        ({"validity": "231340000000000+"}, 0x62, "'231340000000000+': month must be in 1..12"),
        (
            {"validity": "231114221300000+"},
            0x62,
            "validity_period '231114221300000+' is over before the message can be sent",
        ),
        ({"schedule": "231114221300000+"}, 0x61, "schedule_delivery_time '231114221300000+' is in the past"),
        ({"tlvs": b"\x02\x04\x00\x01\x07"}, 0xC2, "parameter 0x0204 of 1 octets"),
        ({"tlvs": b"\x02\x04\x00\x09\x07"}, 0xC2, "the body ends inside parameter 0x0204"),
        ({"tlvs": b"\x02\x04\x00"}, 0xC0, "3 octets after the last parameter"),
        ({"tlvs": tlv(0x001E, b"abc\0")}, 0xC1, "parameter 0x001E does not belong here"),
        ({"tlvs": tlv(0x0204, b"\0\1") * 2}, 0xC0, "parameter 0x0204 comes twice"),
        ({"tlvs": tlv(0x0424, b"longer")}, 0xC1, "message_payload beside a short_message"),
        ({"tlvs": tlv(0x020E, b"\x02")}, 0xC3, "sar_* parameters are three or none"),
    ],
    ids=str,
)
def test_every_field_is_checked(run, paging_street, more, status, rule):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()
            answer = await esme.submit(**more)
            assert (answer.command, answer.status, answer.body) == (0x80000004, status, b"")
            assert street.violations() == [rule]
            assert street.ledger.accepted() == []
            assert (await esme.submit()).status == 0, "the session lives"

    run(story())


@pytest.mark.parametrize(
    ("octets", "coding", "shown"),
    [
        (b"a@b \x00 \x02", 0, "a¡b @ $"),
        (b"\x1b\x3cx\x1b\x3e \x1b\x65", 0, "[x] €"),
        (b"[x] @", 1, "[x] @"),
        ("prix 5 £ é".encode("latin-1"), 3, "prix 5 £ é"),
        ("断电 🔥".encode("utf-16-be"), 8, "断电 🔥"),
        (b"flash", 0xF0, "flash"),
    ],
    ids=str,
)
def test_alphabets(run, paging_street, octets, coding, shown):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()
            assert (await esme.submit(text=octets, coding=coding)).status == 0
            assert await street.until(lambda: street.anna.inbox)
            assert street.anna.inbox[0].text == shown
            assert street.violations() == []

    run(story())


def test_the_default_alphabet_is_the_bureaus_own(run, paging_street):
    async def story():
        async with paging_street() as street:
            street.centre.settings.default_alphabet = "latin1"
            esme = await street.esme()
            assert (await esme.submit(text=b"a@b \xe9")).status == 0
            assert await street.until(lambda: street.anna.texts("a@b é"))
            assert (await esme.submit(coding=5)).status == 0x45
            assert (await esme.submit(coding=4)).status == 0x45
            street.centre.settings.other_codings = "keep"
            assert (await esme.submit(text=b"jis", coding=5)).status == 0
            assert (await esme.submit(text=b"octets", coding=4)).status == 0
            assert await street.until(lambda: len(street.anna.inbox) == 3)

    run(story())


@pytest.mark.parametrize(
    ("default", "text", "coding", "octets"),
    [
        ("latin1", "£5 {é} @home", 0, "£5 {é} @home".encode("latin-1")),
        ("latin1", "5 €", 8, "5 €".encode("utf-16-be")),
        ("latin1", "é" * 200, 0, ("é" * 200).encode("latin-1")),
        ("ascii", "ok {42} @home", 0, b"ok {42} @home"),
        ("ascii", "£5", 8, "£5".encode("utf-16-be")),
        ("gsm7", "£5 {é} @home", 0, b"\x015 \x1b\x28\x05\x1b\x29 \x00home"),
    ],
)
def test_what_people_write_comes_in_the_bureaus_own_alphabet(run, paging_street, smpp, default, text, coding, octets):
    async def story():
        async with paging_street() as street:
            street.centre.settings.default_alphabet = default
            esme = await street.esme()
            street.add_phone("+447700900111", "Anna").send("60000", text)
            heard = b""
            while len(heard) < len(octets):
                pdu = await esme.hear()
                esme.respond(pdu)
                fields = smpp.delivery_fields(pdu)
                start = 1 + fields["text"][0] if fields["esm_class"] & 0x40 else 0
                heard += fields["text"][start:]
                assert fields["coding"] == coding
                assert len(fields["text"]) <= 140
            assert heard == octets

    run(story())


@pytest.mark.parametrize("how", ["udh8", "udh16", "sar"])
def test_long_texts_in_parts_are_joined(run, paging_street, how):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()
            pieces = [b"a" * 150, b"b" * 150, b"end"]
            for seq in (2, 3, 1):
                piece = pieces[seq - 1]
                if how == "sar":
                    tlvs = tlv(0x020C, b"\x01\x07") + tlv(0x020E, b"\x03") + tlv(0x020F, bytes([seq]))
                    answer = await esme.submit(text=piece, tlvs=tlvs)
                else:
                    header = b"\x05\x00\x03\x07" if how == "udh8" else b"\x06\x08\x04\x01\x07"
                    answer = await esme.submit(text=header + bytes([3, seq]) + piece, esm_class=0x40)
                assert answer.status == 0
            assert await street.until(lambda: street.anna.inbox)
            page = street.anna.inbox[0]
            assert page.parts == 3
            assert (page.text, page.cut) == ("a" * 150 + "b" * 90, True), "the pager shows 240 characters"
            assert [entry["concat"]["seq"] for entry in street.ledger.accepted()] == [2, 3, 1]
            assert street.ledger.select("shown")[0]["ids"] == [3, 1, 2]

    run(story())


def test_a_payload_is_one_text(run, paging_street):
    async def story():
        async with paging_street() as street:
            street.anna.max_chars = 2000
            esme = await street.esme()
            assert (await esme.submit(text=b"", tlvs=tlv(0x0424, b"x" * 1000))).status == 0
            assert await street.until(lambda: street.anna.inbox)
            assert street.anna.inbox[0].text == "x" * 1000
            assert (await esme.submit(text=b"", tlvs=tlv(0x0424, b"x" * 1531))).status == 0x01

    run(story())


def test_both_ways_to_be_long_at_once_are_refused(run, paging_street):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()
            sar = tlv(0x020C, b"\x01\x07") + tlv(0x020E, b"\x02") + tlv(0x020F, b"\x01")
            header = b"\x05\x00\x03\x07\x02\x01"
            assert (await esme.submit(text=header + b"x", esm_class=0x40, tlvs=sar)).status == 0xC1
            assert (await esme.submit(tlvs=sar[:-1] + b"\x03")).status == 0xC4

    run(story())


def test_what_a_reader_would_see_wrong_is_told(run, paging_street):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()
            assert (await esme.submit(text=b"5 \x1b")).status == 0
            assert (await esme.submit(text="🔥".encode("utf-16-be")[:2], coding=8)).status == 0
            assert street.violations() == ["an escape pair is cut in half", "a surrogate pair is cut in half"]

    run(story())


def test_data_sm(run, paging_street, smpp):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()
            head = b"\0" + LETTERS + b"\x01\x01" + smpp.c_octets("447700900201")
            answer = await esme.ask(0x103, head + bytes([0, 1, 0]) + tlv(0x0424, b"by data-sm"))
            assert (answer.command, answer.status) == (0x80000103, 0)
            assert b"id:" + answer.text.encode() in (await esme.receipt()).body
            assert street.anna.texts("by data-sm")
            assert (await esme.ask(0x103, head + bytes([0, 1]))).status == 0x02
            assert street.violations() == ["the body ends inside data_coding"]

    run(story())


@pytest.mark.parametrize(
    ("address", "to"),
    [
        ({"ton": 1, "npi": 1, "to": "447700900202"}, BEN),
        ({"ton": 2, "npi": 1, "to": "7700900202"}, BEN),
        ({"ton": 0, "npi": 0, "to": "07700900202"}, BEN),
        ({"ton": 0, "npi": 1, "to": "00447700900202"}, BEN),
        ({"ton": 3, "npi": 0, "to": "4711"}, "4711"),
        ({"ton": 0, "npi": 0, "to": "4711"}, "4711"),
    ],
    ids=str,
)
def test_numbers_as_they_may_be_written(run, paging_street, address, to):
    async def story():
        async with paging_street() as street:
            street.add_pager("4711", "Night desk")
            esme = await street.esme()
            assert (await esme.submit(**address)).status == 0
            assert street.ledger.accepted()[0]["to"] == to

    run(story())


def test_unknown_numbers(run, paging_street):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()
            assert (await esme.submit(to="447700900299")).status == 0x0B
            assert street.violations() == [], "it was no mistake of form"
            street.bureau.settings.unknown_numbers = "report"
            assert (await esme.submit(to="447700900299", registered=1)).status == 0
            assert b"stat:UNDELIV err:001" in (await esme.receipt()).body
            street.bureau.settings.unknown_numbers = "silence"
            assert (await esme.submit(to="447700900299", registered=1)).status == 0
            await esme.silence(3600)

    run(story())


def test_senders_may_be_limited(run, paging_street):
    async def story():
        async with paging_street() as street:
            street.centre.accounts["gateway"].sources = ["60000", "+447700900800"]
            esme = await street.esme()
            assert (await esme.submit(source=LETTERS)).status == 0x0A
            assert (await esme.submit(source=b"\x03\x0060000\0")).status == 0
            assert (await esme.submit(source=b"\x01\x01447700900800\0")).status == 0
            assert (await esme.submit()).status == 0, "none: the account's own"
            assert [entry["from"] for entry in street.ledger.accepted()] == ["60000", "+447700900800", "60000"]

    run(story())


def test_what_a_pager_cannot_show_is_undeliverable(run, paging_street):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()
            assert (await esme.submit(to="447700900203", text=b"letters", registered=1)).status == 0
            assert b"stat:UNDELIV" in (await esme.receipt()).body
            assert (await esme.submit(to="447700900203", text=b"0207 946-0018", registered=1)).status == 0
            assert b"stat:DELIVRD" in (await esme.receipt()).body
            assert [page.text for page in street.cy.inbox] == ["0207 946-0018"]

    run(story())


def test_the_window(run, paging_street, smpp):
    async def story():
        async with paging_street() as street:
            street.centre.settings.window, street.centre.settings.latency_s = 2, 5.0
            esme = await street.esme()
            for _ in range(4):
                esme.request(0x04, smpp.submit_body())
            answers = [await esme.hear() for _ in range(4)]
            assert [(answer.sequence, answer.status) for answer in answers] == [(4, 0x58), (5, 0x58), (2, 0), (3, 0)]
            assert street.loop.time() == 5.0
            street.centre.settings.window_policy = "stall"
            for _ in range(4):
                esme.request(0x04, smpp.submit_body())
            answers = [await esme.hear() for _ in range(4)]
            assert {answer.status for answer in answers} == {0}
            assert street.loop.time() == 15.0, "two by two"

    run(story())


def test_a_sequence_number_in_use(run, paging_street, smpp):
    async def story():
        async with paging_street() as street:
            street.centre.settings.latency_s = 5.0
            esme = await street.esme()
            for _ in range(2):
                esme.request(0x04, smpp.submit_body(), sequence=7)
            assert [(await esme.hear()).sequence for _ in range(2)] == [7, 7]
            assert street.violations() == ["sequence_number 7 is that of a request without an answer yet"]

    run(story())


def test_the_rate(run, paging_street):
    async def story():
        async with paging_street() as street:
            street.centre.settings.rate_per_s = 3
            esme = await street.esme()
            assert [(await esme.submit()).status for _ in range(5)] == [0, 0, 0, 0x58, 0x58]
            await esme.silence(1.0)
            street.centre.settings.rate_status = "RMSGQFUL"
            assert [(await esme.submit()).status for _ in range(4)] == [0, 0, 0, 0x14]
            assert len(street.ledger.accepted()) == 6

    run(story())


def test_answers_may_come_out_of_order(run, paging_street, smpp):
    async def story():
        async with paging_street() as street:
            street.centre.settings.latency_jitter_s = 3.0
            esme = await street.esme()
            for _ in range(8):
                esme.request(0x04, smpp.submit_body())
            came = [(await esme.hear()).sequence for _ in range(8)]
            assert sorted(came) == list(range(2, 10))
            assert came != sorted(came)

    run(story())


def test_message_ids_of_every_form(run, paging_street):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()
            seen = {}
            for form in ("hex", "HEX", "dec", "padded", "uuid", "dashed", "long"):
                street.centre.settings.message_ids = form
                seen[form] = (await esme.submit()).text
            assert seen["HEX"] == f"{int(seen['hex'], 16) + 1:X}"
            assert int(seen["dec"]) == int(seen["hex"], 16) + 2
            assert len(seen["padded"]) == 12
            assert len(seen["uuid"]) == 36
            assert len(seen["long"]) == 64, "the most that the field holds"
            assert len(set(seen.values())) == 7

    run(story())
