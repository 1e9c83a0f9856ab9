"""SMPP sessions: binds, states, links and lengths, octet by octet (SMPP 3.4 2, 3.2, 4.1 to 4.3)."""

import struct

import pytest

RINVMSGLEN, RINVCMDLEN, RINVCMDID, RINVBNDSTS, RALYBND = 0x01, 0x02, 0x03, 0x04, 0x05
RBINDFAIL, RINVPASWD, RINVSYSID = 0x0D, 0x0E, 0x0F


def test_a_bind_octet_by_octet(run, paging_street, smpp):
    async def story():
        async with paging_street() as street:
            esme = await street.esme(None)
            # bind_transceiver, sequence 1, "gateway", "secret", "", 0x34, 0, 0, ""
            esme.send(bytes.fromhex("00000024000000090000000000000001 67617465776179 00 736563726574 00 00 340000 00"))
            answer = await esme.hear()
            assert (answer.command, answer.status, answer.sequence) == (0x80000009, 0, 1)
            # system_id of the centre, then sc_interface_version 0x0210
            assert answer.body == b"bureau1\0" + bytes.fromhex("0210 0001 34")
            assert street.violations() == []

    run(story())


@pytest.mark.parametrize("kind", [2, 9])
@pytest.mark.parametrize("slow", [False, True])
def test_nothing_is_taken_before_the_bind_is_answered(run, paging_street, smpp, kind, slow):
    """2.2: a session is bound once the bind has been answered; the answers keep the order of what they answer."""

    async def story():
        async with paging_street() as street:
            if slow:
                street.bureau_fault("bureau1", {"kind": "bind_slow", "seconds": 3, "times": 1})
            esme = await street.esme(None)
            esme.request(kind, b"gateway\0secret\0\0\x34\0\0\0")
            esme.request(0x04, smpp.submit_body())
            esme.request(0x15)
            answers = [await esme.hear() for _ in range(3)]
            assert [(answer.command, answer.status, answer.sequence) for answer in answers] == [
                (0x80000000 | kind, 0, 1),
                (0x80000004, RINVBNDSTS, 2),
                (0x80000015, RINVBNDSTS, 3),
            ]
            assert not street.ledger.accepted()
            assert (await esme.submit()).status == 0

    run(story())


@pytest.mark.parametrize(
    ("who", "plain", "veiled"),
    [
        ({"system_id": "nobody"}, RINVSYSID, RBINDFAIL),
        ({"password": "wrong"}, RINVPASWD, RBINDFAIL),
        ({"password": ""}, RINVPASWD, RBINDFAIL),
    ],
)
def test_strangers_are_refused(run, paging_street, who, plain, veiled):
    async def story():
        async with paging_street() as street:
            esme = await street.esme(None)
            answer = await esme.bind(**who)
            assert (answer.command, answer.status, answer.body) == (0x80000009, plain, b"")
            street.centre.settings.bind_errors = "veiled"
            assert (await esme.bind(**who)).status == veiled
            assert (await esme.submit()).status == RINVBNDSTS, "still not bound"
            assert (await esme.bind()).status == 0, "may try again on the same connection"
            assert (await esme.bind()).status == RALYBND

    run(story())


def test_an_account_has_so_many_binds(run, paging_street):
    async def story():
        async with paging_street() as street:
            street.centre.settings.binds_max = 2
            first, second, third = await street.esme(), await street.esme(1), await street.esme(None)
            assert (await third.bind()).status == RALYBND
            second.request(0x06)
            assert await second.gone() == bytes.fromhex("00000010 80000006 00000000 00000002")
            assert (await third.bind()).status == 0
            first.close()
            assert await street.until(lambda: len(street.centre.sessions) == 1)

    run(story())


def test_transmitters_send_and_receivers_hear(run, paging_street):
    async def story():
        async with paging_street() as street:
            receiver, transmitter = await street.esme(1), await street.esme(2)
            assert (await receiver.submit()).status == RINVBNDSTS
            assert (await transmitter.submit(registered=1)).status == 0
            receipt = await receiver.receipt()
            assert b"stat:DELIVRD" in receipt.body
            await transmitter.silence(5)
            assert street.violations() == ["submit_sm in state receiver"]

    run(story())


def test_links_are_checked_from_both_sides(run, paging_street):
    async def story():
        async with paging_street() as street:
            street.centre.settings.enquire_s, street.centre.settings.answer_s = 60.0, 10.0
            esme = await street.esme()
            answer = await esme.ask(0x15)
            assert (answer.command, answer.status, answer.body) == (0x80000015, 0, b"")
            began = street.loop.time()
            asked = await esme.hear(100)
            assert (asked.command, street.loop.time() - began) == (0x15, 60.0)
            esme.respond(asked)
            asked = await esme.hear(100)
            assert asked.command == 0x15, "the next one, after as long a silence"
            assert await esme.gone() == b"", "it was not answered"
            assert street.loop.time() - began == 130.0
            assert street.ledger.select("closed")[0]["why"] == "enquire_link unanswered"

    run(story())


def test_who_does_not_bind_is_cut_off(run, paging_street):
    async def story():
        async with paging_street() as street:
            esme = await street.esme(None)
            assert (await esme.ask(0x15)).status == RINVBNDSTS
            assert await esme.gone() == b""
            assert street.loop.time() == 10.0

    run(story())


@pytest.mark.parametrize("length", [0, 7, 15, 70_001, 0xFFFFFFFF])
def test_a_length_that_cannot_be_ends_the_stream(run, paging_street, length):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()
            esme.send(struct.pack(">IIII", length, 0x15, 0, 77) + b"more")
            nack = struct.pack(">IIII", 16, 0x80000000, RINVCMDLEN, 77)
            assert await esme.gone() == nack
            assert street.violations() == [f"command_length {length} is not within 16 and 70000"]

    run(story())


def test_unknown_commands_get_generic_nack_and_the_session_lives(run, paging_street):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()
            answer = await esme.ask(0x150, b"whatever")
            assert (answer.command, answer.status, answer.body) == (0x80000000, RINVCMDID, b"")
            answer = await esme.ask(0x21, b"\0")
            assert (answer.command, answer.status) == (0x80000021, RINVCMDID), "submit_multi is not offered"
            assert (await esme.ask(0x05, b"\0")).status == RINVBNDSTS, "deliver_sm is the centre's"
            assert (await esme.ask(0x15, b"\0")).status == RINVCMDLEN, "enquire_link has no body"
            assert (await esme.submit()).status == 0

    run(story())


def test_octets_may_come_one_by_one_or_all_at_once(run, paging_street, smpp):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()
            body = smpp.submit_body(text=b"slowly")
            octets = struct.pack(">IIII", 16 + len(body), 4, 0, 9) + body
            for octet in octets[:-1]:
                esme.send(bytes([octet]))
                await esme.silence(0.01)
            esme.send(octets[-1:])
            assert (await esme.hear()).sequence == 9
            esme.send(b"".join(struct.pack(">IIII", 16, 0x15, 0, number) for number in (10, 11, 12)))
            assert [(await esme.hear()).sequence for _ in range(3)] == [10, 11, 12]
            assert street.violations() == []

    run(story())


@pytest.mark.parametrize(
    ("body", "status", "rule"),
    [
        (b"x" * 16 + b"\0", RINVSYSID, "system_id has 17 octets where 16 are allowed"),
        (b"gateway\0" + b"p" * 9 + b"\0", RINVPASWD, "password has 10 octets where 9 are allowed"),
        (b"gateway\0secret\0" + b"t" * 13 + b"\0", 0x53, "system_type has 14 octets where 13 are allowed"),
        (b"gateway\0secret\0\0\x34\0", RINVCMDLEN, "the body ends inside addr_npi"),
        (b"gateway\0secret\0\0\x34\0\0abc", RINVCMDLEN, "address_range is not ended by NULL"),
        (b"gate\xffway\0", RINVSYSID, "system_id is not printable ASCII"),
        (b"gateway\0secret\0\0\x34\0\0\0xyz", 0xC0, "3 octets after the last parameter"),
    ],
)
def test_every_field_of_a_bind_is_checked(run, paging_street, body, status, rule):
    async def story():
        async with paging_street() as street:
            esme = await street.esme(None)
            assert (await esme.ask(9, body)).status == status
            assert street.violations() == [rule]
            assert street.ledger.select("violation")[0]["pdu"] is None, "no password in the ledger"

    run(story())


def test_sequence_numbers_and_stray_responses_are_looked_at(run, paging_street):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()
            esme.request(0x15, sequence=0)
            assert (await esme.hear()).sequence == 0
            esme.request(0x15, sequence=0x80000001)
            assert (await esme.hear()).sequence == 0x80000001
            esme.send(struct.pack(">IIII", 17, 0x80000005, 0, 99) + b"\0")
            esme.send(struct.pack(">IIII", 16, 0x15, 8, 3))
            await esme.hear()
            assert street.violations() == [
                "sequence_number 0x00000000 is out of range",
                "sequence_number 0x80000001 is out of range",
                "a response to nothing that was asked",
                "command_status of a request is not 0",
            ]

    run(story())


def test_a_receipt_wants_the_right_response(run, paging_street):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()
            for body in (b"", b"5\0"):
                assert (await esme.submit(registered=1)).status == 0
                esme.respond(await esme.hear(), body=body)
            assert await street.until(lambda: len(street.ledger.select("handed")) == 2)
            assert street.violations() == ["the message_id of a deliver_sm_resp is not one NULL"] * 2

    run(story())


def test_the_centre_unbinds_when_nothing_is_said(run, paging_street):
    async def story():
        async with paging_street() as street:
            street.centre.settings.idle_s = 300.0
            esme = await street.esme()
            asked = await esme.hear(400)
            assert (asked.command, street.loop.time()) == (0x06, 300.0)
            esme.respond(asked)
            assert await esme.gone() == b""

    run(story())


def test_ipv6_and_tcp(run, paging_street):
    async def story():
        for end in ("tcp:0", "tcp:[::1]:0", "tcp:127.0.0.1:0"):
            street = paging_street()
            street.centre.listeners[0] = street.listener = type(street.listener)(street.centre, end)
            async with street:
                esme = await street.esme()
                assert (await esme.submit()).status == 0
                esme.close()

    run(story())


def nack(esme, sequence, status=0x03):
    """generic_nack (4.3.1)."""
    esme.send(struct.pack(">IIII", 16, 0x80000000, status, sequence))


def test_a_nack_is_right_once_for_what_was_spoilt(run, paging_street):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()
            street.bureau_fault("bureau1", {"kind": "unknown_command"})
            asked = await esme.hear()
            nack(esme, asked.sequence)
            street.bureau_fault("bureau1", {"kind": "garbage", "hex": "0000001100000150000000000000000900"})
            await esme.hear()
            nack(esme, 9)
            await street.until(lambda: len(street.ledger.select("nacked")) == 2)
            assert street.violations() == []
            nack(esme, asked.sequence)
            await street.until(street.violations)
            assert street.violations() == ["a response to nothing that was asked"]

    run(story())
