"""What the account learns: receipts, notifications, acknowledgements, and people's answers (SMPP 3.4 2.11, 4.6, B)."""

import re

import pytest
from hwsim.smpp_receipt import STYLES

PAGER, ONE_WAY = "447700900201", "447700900202"


def test_a_receipt_octet_by_octet(run, paging_street, smpp):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()
            source = bytes([5, 0]) + b"GATEWAY\0"
            message_id = (await esme.submit(text=b"disk full on db2, page 1 of 1", registered=1, source=source)).text
            pdu = await esme.receipt()
            fields = smpp.delivery_fields(pdu)
            assert pdu.command == 0x05
            assert fields["source"] == (1, 1, PAGER), "from who was paged"
            assert fields["dest"] == (5, 0, "GATEWAY"), "to who paged"
            assert fields["esm_class"] == 0x04
            assert fields["text"].decode() == (
                f"id:{message_id} sub:001 dlvrd:001 submit date:2311142213 done date:2311142213 "
                "stat:DELIVRD err:000 text:disk full on db2, pa"
            )
            assert fields["tlvs"] == {0x001E: message_id.encode() + b"\0", 0x0427: b"\x02"}
            assert street.loop.time() == pytest.approx(0.2)

    run(story())


@pytest.mark.parametrize(
    ("registered", "outcome", "states"),
    [
        (0x00, "delivered", []),
        (0x01, "delivered", ["DELIVRD"]),
        (0x02, "delivered", []),
        (0x11, "delivered", ["DELIVRD"]),
        (0x00, "expired", []),
        (0x01, "expired", ["EXPIRED"]),
        (0x02, "expired", ["EXPIRED"]),
        (0x10, "expired", ["ENROUTE"]),
        (0x11, "expired", ["ENROUTE", "EXPIRED"]),
        (0x04, "delivered", ["acknowledged"]),
        (0x05, "delivered", ["acknowledged", "DELIVRD"]),
    ],
)
def test_registered_delivery_is_honoured_to_the_bit(run, paging_street, smpp, registered, outcome, states):
    async def story():
        async with paging_street() as street:
            street.anna.switch(on=outcome == "delivered")
            esme = await street.esme()
            assert (await esme.submit(registered=registered, validity="000000001000000R")).status == 0
            heard = []
            for _ in states:
                fields = smpp.delivery_fields(await esme.receipt(3600))
                found = re.search(rb"stat:(\w+)", fields["text"])
                heard.append(found.group(1).decode() if found else "acknowledged")
                assert fields["esm_class"] == {"ENROUTE": 0x20, "acknowledged": 0x08}.get(heard[-1], 0x04)
            assert sorted(heard) == sorted(states)
            await esme.silence(86400)

    run(story())


def test_in_the_tube_and_out_again(run, paging_street):
    async def story():
        async with paging_street() as street:
            street.go_underground("Anna", inside=True, seconds=1500)
            esme = await street.esme()
            await esme.submit(registered=1)
            receipt = await esme.receipt(7200)
            assert b"stat:DELIVRD" in receipt.body
            assert 1500 < street.loop.time() < 1510
            assert b"submit date:2311142213 done date:2311142238" in receipt.body
            assert [page.text for page in street.anna.inbox] == ["disk full"]

    run(story())


def test_a_validity_that_ends_in_the_tube(run, paging_street):
    async def story():
        async with paging_street() as street:
            street.anna.switch(on=False)
            esme = await street.esme()
            await esme.submit(registered=1, validity="231114224500000+")
            receipt = await esme.receipt(7200)
            assert b"dlvrd:000" in receipt.body
            assert b"stat:EXPIRED err:027" in receipt.body
            assert street.loop.time() == pytest.approx(31 * 60 + 40 + 0.2)
            street.anna.switch(on=True)
            await esme.silence(86400)
            assert not street.anna.inbox, "it is over"
            assert [entry["event"] for entry in street.ledger.entries if entry.get("id")][-4:-1] == [
                "accepted",
                "expired",
                "receipt",
            ]

    run(story())


def test_a_one_way_pager_tells_nobody_what_it_missed(run, paging_street):
    async def story():
        async with paging_street() as street:
            street.ben.switch(on=False)
            esme = await street.esme()
            await esme.submit(ONE_WAY, registered=1)
            assert b"stat:DELIVRD" in (await esme.receipt()).body, "it was on the air"
            await esme.silence(3600)
            assert not street.ben.inbox
            assert [entry["to"] for entry in street.ledger.select("missed")] == ["+" + ONE_WAY]

    run(story())


def test_a_one_way_page_is_repeated_and_shown_once(run, paging_street):
    async def story():
        async with paging_street() as street:
            street.ben.switch(on=False)
            esme = await street.esme()
            await esme.submit(ONE_WAY)
            await esme.silence(60)
            street.ben.switch(on=True)
            await esme.silence(3600)
            assert [page.at for page in street.ben.inbox] == [1_700_000_120.0]
            assert len(street.ledger.select("aired")) == 3
            street.bureau.settings.one_way_outcome = "heard"
            street.ben.switch(on=False)
            await esme.submit(ONE_WAY, registered=1, validity="000000000500000R")
            assert b"stat:EXPIRED" in (await esme.receipt(3600)).body, "a bureau that knows"

    run(story())


def test_a_group_call_reaches_everybody_at_once(run, paging_street):
    async def story():
        async with paging_street() as street:
            street.add_pager("+447700900204", "Di")
            street.add_group("4999", ["+447700900201", "+447700900202", "+447700900204"], name="Network team")
            street.pagers["+447700900204"].switch(on=False)
            esme = await street.esme()
            await esme.submit("4999", ton=0, npi=0, registered=1, text=b"all of you")
            assert b"stat:DELIVRD" in (await esme.receipt()).body
            await esme.silence(3600)
            assert [pager.texts("all of you")[0].group for pager in (street.anna, street.ben)] == ["4999", "4999"]
            assert len(street.ledger.accepted("4999")) == 1
            assert [entry["to"] for entry in street.ledger.select("missed")] == ["+447700900204"]
            assert [entry["to"] for entry in street.ledger.delivered()] == ["+447700900201", "+447700900202"]
            assert {entry["id"] for entry in street.ledger.select() if "id" in entry} == {1}

    run(story())


def test_a_group_has_a_line_for_each_pager_also_for_those_in_the_tube_and_those_that_show_digits(run, paging_street):
    async def story():
        async with paging_street() as street:
            street.add_group("4999", [street.anna.number, street.ben.number, street.cy.number])
            street.bureau.settings.one_way_outcome = "heard"
            for name in ("Anna", "Ben"):
                street.go_underground(name, inside=True)
            esme = await street.esme()
            await esme.submit("4999", ton=0, npi=0, registered=1, text=b"all of you", validity="000000000500000R")
            assert b"stat:EXPIRED" in (await esme.receipt(3600)).body
            await esme.silence(3600)
            assert [entry["to"] for entry in street.ledger.select("missed")] == [street.anna.number, street.ben.number]
            assert [entry["to"] for entry in street.ledger.select("unfit")] == [street.cy.number]
            assert not street.ledger.delivered()

    run(story())


@pytest.mark.parametrize("style", sorted(STYLES))
def test_every_style_says_the_same(run, paging_street, smpp, style):
    async def story():
        async with paging_street() as street:
            street.centre.settings.receipt_style = style
            esme = await street.esme()
            message_id = (await esme.submit(registered=1)).text
            pdu = await esme.receipt()
            octets = pdu.body
            known = {message_id, f"{int(message_id, 16)}", f"{int(message_id, 16):012d}", message_id.upper()}
            if style == "comma":
                assert octets.count(b"00,2311142213") == 2
            else:
                assert any(each.encode() in octets for each in known)
                assert re.search(rb"(?i)DELIV|\x04\x27\x00\x01\x02", octets) or style == "id-only"

    run(story())


@pytest.mark.parametrize(
    ("style", "words"),
    [
        ("reordered", b"stat:DELIVRD err:000 id:"),
        ("few-keys", b" submit date:2311142213 done date:2311142213 stat:DELIVRD err:000"),
        ("upper-keys", b"SUB:001 DLVRD:001 SUBMIT DATE:2311142213 DONE DATE:2311142213 STAT:DELIVRD"),
        ("title-keys", b"Submit Date:2311142213"),
        ("seconds", b"done date:231114221320"),
        ("century", b"done date:20231114221320"),
        ("short-err", b"err:0 "),
        ("long-err", b"err:0000 "),
        ("spaced", b"stat: DELIVRD"),
        ("lines", b"\nstat:DELIVRD\n"),
        ("vendor-words", b"stat:DELIVERED"),
        ("extra", b"err:000 charged:yes parts:1"),
    ],
)
def test_styles_as_they_are_written(run, paging_street, style, words):
    async def story():
        async with paging_street() as street:
            street.centre.settings.receipt_style = style
            esme = await street.esme()
            await esme.submit(registered=1)
            assert words in (await esme.receipt()).body

    run(story())


def test_styles_beyond_the_text(run, paging_street, smpp):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()

            async def receipt(style):
                street.centre.settings.receipt_style = style
                message_id = (await esme.submit(registered=1)).text
                return message_id, await esme.receipt()

            message_id, pdu = await receipt("payload")
            fields = smpp.delivery_fields(pdu)
            assert (fields["text"], fields["tlvs"][0x0424][:3]) == (b"", b"id:")
            message_id, pdu = await receipt("id-without-nul")
            assert smpp.delivery_fields(pdu)["tlvs"][0x001E] == message_id.encode()
            message_id, pdu = await receipt("with-error")
            assert smpp.delivery_fields(pdu)["tlvs"][0x0423] == b"\x03\x00\x00"
            message_id, pdu = await receipt("dec-id")
            assert f"id:{int(message_id, 16)} ".encode() in pdu.body
            message_id, pdu = await receipt("quoted-id")
            assert f'id:"{message_id}" '.encode() in pdu.body
            message_id, pdu = await receipt("plain-class")
            assert smpp.delivery_fields(pdu)["esm_class"] == 0
            message_id, pdu = await receipt("by-data-sm")
            assert pdu.command == 0x103
            found = {(await receipt("mixed"))[1].body for _ in range(12)}
            assert len(found) == 12

    run(story())


def test_an_esme_of_version_3_3_gets_no_parameters(run, paging_street, smpp):
    async def story():
        async with paging_street() as street:
            esme = await street.esme(None)
            assert (await esme.bind(version=0x33)).body == b"bureau1\0"
            await esme.submit(registered=1)
            assert smpp.delivery_fields(await esme.receipt())["tlvs"] == {}

    run(story())


def test_receipts_wait_for_the_next_bind(run, paging_street):
    async def story():
        async with paging_street() as street:
            street.anna.switch(on=False)
            esme = await street.esme()
            message_id = (await esme.submit(registered=1)).text
            esme.close()
            await street.until(lambda: not street.centre.sessions)
            street.anna.switch(on=True)
            await street.until(lambda: street.ledger.select("receipt"))
            await (await street.esme(2)).silence(60)
            again = await street.esme(1)
            assert message_id.encode() in (await again.receipt()).body

    run(story())


def test_a_receipt_that_was_not_acknowledged_comes_again(run, paging_street):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()
            await esme.submit(registered=1)
            first = await esme.hear()
            esme.close()
            await street.until(lambda: not street.centre.sessions)
            esme = await street.esme()
            second = await esme.hear()
            assert second.body == first.body
            esme.respond(second, status=0x64)
            third = await esme.hear(60)
            assert (third.body, third.sequence) == (first.body, second.sequence + 1)
            assert street.loop.time() == pytest.approx(10.2), "later, as the ESME asked"
            esme.respond(third, status=0x65)
            await esme.silence(86400)
            assert street.ledger.select("turned_away")[0]["status"] == 0x65

    run(story())


def test_an_esme_that_never_answers_is_asked_again(run, paging_street):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()
            await esme.submit(registered=1)
            await esme.hear()
            again = await esme.hear(60)
            assert street.loop.time() == pytest.approx(30.2)
            esme.respond(again)
            assert await street.until(lambda: street.ledger.select("handed"))
            assert [entry["command"] for entry in street.ledger.select("unanswered")] == ["deliver_sm"]

    run(story())


def test_the_centre_keeps_its_own_window(run, paging_street):
    async def story():
        async with paging_street() as street:
            street.centre.settings.deliver_window = 2
            esme = await street.esme()
            for _ in range(3):
                await esme.submit(registered=1)
            first, second = await esme.hear(), await esme.hear()
            await esme.silence(5)
            esme.respond(first)
            assert (await esme.hear()).sequence == 3
            esme.respond(second)

    run(story())


# People


def test_a_two_way_pager_replies(run, paging_street, smpp):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()
            await esme.submit(source=bytes([5, 0]) + b"GATEWAY\0")
            assert await street.until(lambda: street.anna.inbox)
            assert street.anna.reply("ok 42") == "60000", "a name has no number: back to the account"
            fields = smpp.delivery_fields(await esme.receipt())
            assert (fields["source"], fields["dest"]) == ((1, 1, PAGER), (0, 0, "60000"))
            assert (fields["text"], fields["coding"], fields["esm_class"]) == (b"ok 42", 0, 0)
            street.anna.reply("好的 42")
            fields = smpp.delivery_fields(await esme.receipt())
            assert (fields["text"].decode("utf-16-be"), fields["coding"]) == ("好的 42", 8)
            await street.until(lambda: len(street.ledger.select("handed")) == 2)

    run(story())


def test_the_wearer_presses_the_key(run, paging_street, smpp):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()
            await esme.submit(registered=0x08)
            assert await street.until(lambda: street.anna.inbox)
            street.acknowledge(street.anna, "seen")
            fields = smpp.delivery_fields(await esme.receipt())
            assert (fields["esm_class"], fields["text"].endswith(b" seen")) == (0x10, True)
            await esme.submit()
            assert await street.until(lambda: len(street.anna.inbox) == 2)
            with pytest.raises(LookupError):
                street.acknowledge(street.anna)

    run(story())


def test_habits_of_a_pager(run, paging_street):
    async def story():
        from hwsim.phone import Habit

        async with paging_street() as street:
            street.anna.habits = [Habit("ok 42", after_s=20, contains="42")]
            esme = await street.esme()
            await esme.submit(text=b"42 disk full")
            assert b"ok 42" in (await esme.receipt()).body
            assert street.loop.time() == pytest.approx(20.0)
            with pytest.raises(LookupError, match="one-way"):
                street.ben.send("60000", "no")

    run(story())


def test_a_phone_gets_texts_of_the_bureau_and_answers(run, paging_street, smpp):
    async def story():
        async with paging_street() as street:
            phone = street.add_phone("+447700900111", "Di")
            phone.on = False
            esme = await street.esme()
            source = bytes([3, 0]) + b"60000\0"
            assert (await esme.submit("447700900111", b"x" * 160, registered=1, source=source)).status == 0
            await esme.silence(100)
            phone.switch(on=True)
            assert b"stat:DELIVRD" in (await esme.receipt()).body
            assert [(text.sender, text.text) for text in phone.inbox] == [("60000", "x" * 160)]
            assert len(street.ledger.accepted("+447700900111")) == 1, "booked once"
            phone.reply("on my way")
            fields = smpp.delivery_fields(await esme.receipt())
            assert (fields["source"][2], fields["dest"][2], fields["text"]) == ("447700900111", "60000", b"on my way")

    run(story())


@pytest.mark.parametrize("how", ["udh8", "udh16", "sar", "payload"])
@pytest.mark.parametrize("by", ["deliver_sm", "data_sm"])
def test_long_answers(run, paging_street, smpp, how, by):
    async def story():
        async with paging_street() as street:
            street.centre.settings.mo_long, street.centre.settings.mo_by = how, by
            street.anna.send("60000", "a" * 300)
            esme = await street.esme(1)
            parts = []
            while sum(len(part) for part in parts) < 300:
                pdu = await esme.receipt()
                assert pdu.command == (0x05 if by == "deliver_sm" else 0x103)
                if by == "deliver_sm":
                    fields = smpp.delivery_fields(pdu)
                    text, tlvs, esm_class = fields["text"], fields["tlvs"], fields["esm_class"]
                else:
                    tail = pdu.body.index(b"60000\0") + 6
                    esm_class, tlvs = pdu.body[tail], smpp.parameters(pdu.body[tail + 3 :])
                    text = tlvs.get(0x0424, b"")
                total = 2
                if how == "payload":
                    assert text or tlvs[0x0424] == b"a" * 300
                    parts.append(tlvs[0x0424])
                    continue
                if how == "sar":
                    assert (tlvs[0x020E], tlvs[0x020F]) == (bytes([total]), bytes([len(parts) + 1]))
                    parts.append(text)
                    continue
                size = 6 if how == "udh8" else 7
                assert esm_class == 0x40
                assert text[:3] == (b"\x05\x00\x03" if how == "udh8" else b"\x06\x08\x04")
                assert text[size - 2 : size] == bytes([total, len(parts) + 1])
                parts.append(text[size:])
            assert b"".join(parts) == b"a" * 300

    run(story())


# Second thoughts
