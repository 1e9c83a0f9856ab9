"""What a real bureau passes over, and this one writes down: no good client does any of it."""

import pytest


def rules(street):
    return [rule.partition(" (")[0] for rule in street.violations()]


def test_sequence_numbers_grow(run, paging_street):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()
            for sequence in (7, 20, 19):
                esme.request(0x15, sequence=sequence)
                assert (await esme.hear()).sequence == sequence
            esme.request(0x15, sequence=0x7FFFFFFF)
            await esme.hear()
            esme.request(0x15, sequence=1)
            await esme.hear()
            assert rules(street) == ["sequence_number 19 after 20"], "after the last comes 1"

    run(story())


def test_answers_have_the_bodies_of_the_standard(run, paging_street):
    async def story():
        async with paging_street() as street:
            street.centre.settings.receipt_style = "by-data-sm"
            esme = await street.esme()
            street.bureau_fault("bureau1", {"kind": "enquire"})
            esme.respond(await esme.hear(), body=b"\0")
            await esme.submit(registered=1)
            esme.respond(await esme.hear(), body=b"")
            await esme.ask(0x15)
            assert rules(street) == [
                "enquire_link_resp with a body",
                "the message_id of a data_sm_resp is not ended by NULL",
            ]

    run(story())


def test_an_esme_of_before_34_has_no_optional_parameters(run, paging_street):
    async def story():
        async with paging_street() as street:
            esme = await street.esme(version=0x33, kind=2)
            assert (await esme.submit(tlvs=b"\x02\x04\0\x02\0\x07")).status == 0
            assert rules(street) == ["optional parameters from an ESME of before 3.4"]

    run(story())


@pytest.mark.parametrize("octets", [b"\x07\0", b"\0\x05"])
def test_a_bind_has_a_type_and_a_plan_that_exist(run, paging_street, octets):
    async def story():
        async with paging_street() as street:
            esme = await street.esme(None)
            answer = await esme.ask(0x09, b"gateway\0secret\0\0\x34" + octets + b"\0")
            assert answer.status == 0x0D
            assert len(rules(street)) == 1

    run(story())


def test_a_cancel_by_id_names_no_service(run, paging_street):
    async def story():
        async with paging_street() as street:
            street.anna.on = False
            esme = await street.esme()
            message_id = (await esme.submit(service_type="CMT")).body
            body = b"CMT\0" + message_id + b"\0\0\0" + b"\0\0\0"
            assert (await esme.ask(0x08, body)).status == 0
            assert rules(street) == ["a service_type beside the message_id of a cancel_sm"]

    run(story())


def test_what_the_centre_says_of_itself_has_numbers_that_grow(run, paging_street):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()
            street.bureau_fault("bureau1", {"kind": "enquire"})
            asked = await esme.hear()
            esme.respond(asked)
            for _ in range(2):
                street.bureau_fault("bureau1", {"kind": "alert"})
            assert [(await esme.hear()).sequence for _ in range(2)] == [asked.sequence + 1, asked.sequence + 2]

    run(story())


def test_a_call_has_nothing_between_its_words(run, paging_street):
    async def story():
        street = paging_street()
        caller = street.caller()
        async with street:
            caller.type(b"AT\r")
            await caller.says(b"ID=")
            caller.type(b"\n\x1bPG1\r")
            await caller.says(b"110 1.8\r\x06\r\x1b[p\r")
            caller.type(b"\r\n" + caller.block(b"4711", b"disk full"))
            assert b"211" in await caller.answer()
            assert rules(street) == [
                "octets other than CR before ID=",
                "LF before the logon",
                "CR or LF where a block or EOT is due",
            ]

    run(story())


def test_sub_stands_for_control_characters_alone(run, paging_street):
    async def story():
        street = paging_street()
        caller = street.caller()
        async with street:
            await caller.log_on()
            assert b"515" in await caller.page(b"4711", b"a\x1aab")
            assert b"211" in await caller.page(b"4711", b"a\x1aMb")
            assert rules(street) == ["SUB and 0x61, which stands for no control character"]
            street.terminal.settings.version = ""
            await caller.page(b"4711", b"a\x1aMb")
            assert rules(street)[1:] == ["SUB to a terminal of before 1.6"]

    run(story())
