"""What goes wrong between an ESME and the centre, by name; and the same again from the same seed."""

import asyncio
import ssl
import struct

import pytest
from hwsim.faults import FaultError
from hwsim.smpp_tls import make_certificate

PAGER = "+447700900201"
BODY = b"\0\0\0\0\x01\x01447700900201\0" + bytes(5) + bytes(4) + b"\x05hello"  # submit_sm, 4.4.1


def fault(street, kind, **options):
    street.bureau_fault("bureau1", {"kind": kind, **options})


@pytest.mark.parametrize(
    ("kind", "options", "status", "taken"),
    [
        ("throttle", {}, 0x58, 0),
        ("queue_full", {}, 0x14, 0),
        ("reject", {}, 0x08, 0),
        ("reject", {"status": "RINVDSTADR"}, 0x0B, 0),
        ("reject", {"status": 0x0400, "submitted": True}, 0x0400, 1),
    ],
)
def test_refusals(run, paging_street, kind, options, status, taken):
    async def story():
        async with paging_street() as street:
            fault(street, kind, times=1, **options)
            esme = await street.esme()
            answer = await esme.submit()
            assert (answer.status, answer.body) == (status, b"")
            assert len(street.ledger.accepted()) == taken
            assert (await esme.submit()).status == 0
            assert street.violations() == []

    run(story())


@pytest.mark.parametrize("submitted", [True, False])
def test_a_lost_response(run, paging_street, submitted):
    async def story():
        async with paging_street() as street:
            fault(street, "no_response", times=1, submitted=submitted)
            esme = await street.esme()
            esme.request(0x04, b"")
            assert (await esme.hear()).status == 0x02, "what is no submission is not struck"
            with pytest.raises(TimeoutError):
                await esme.submit()
            assert len(street.ledger.accepted()) == submitted
            assert (await esme.submit()).status == 0

    run(story())


def test_a_slow_response(run, paging_street):
    async def story():
        async with paging_street() as street:
            fault(street, "slow", seconds=45)
            esme = await street.esme()
            sequence = esme.request(0x04, BODY)
            assert await street.until(lambda: street.anna.inbox), "taken at once"
            assert (await esme.ask(0x15)).status == 0, "the link is well meanwhile"
            answer = await esme.hear(60)
            assert (answer.sequence, street.loop.time()) == (sequence, 45.0)

    run(story())


@pytest.mark.parametrize(
    ("kind", "options", "heard", "taken"),
    [
        ("drop_after_submit", {}, 0, 1),
        ("drop_after_submit", {"submitted": False, "reset": True}, 0, 0),
        ("drop_mid_pdu", {"octets": 9}, 9, 1),
        ("drop_mid_pdu", {"submitted": False}, 8, 0),
    ],
)
def test_the_connection_breaks(run, paging_street, kind, options, heard, taken):
    async def story():
        async with paging_street() as street:
            fault(street, kind, times=1, **options)
            esme = await street.esme()
            esme.request(0x04, BODY)
            assert len(await esme.gone()) == heard
            assert len(street.ledger.accepted()) == taken
            assert (await (await street.esme()).submit()).status == 0

    run(story())


def test_responses_that_are_not_right(run, paging_street):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()

            async def struck(kind, **options):
                fault(street, kind, times=1, **options)
                return esme.request(0x04, BODY)

            sequence = await struck("response_twice")
            first, second = await esme.hear(), await esme.hear()
            assert (first.sequence, first.body) == (second.sequence, second.body) == (sequence, first.body)
            sequence = await struck("wrong_sequence")
            assert (await esme.hear()).sequence == sequence + 1000
            await struck("empty_id")
            assert (await esme.hear()).body == b"\0"
            await struck("unterminated_id")
            assert b"\0" not in (await esme.hear()).body
            await struck("unknown_parameter")
            assert (await esme.hear()).body.endswith(bytes.fromhex("00 1403 0003 010203"))
            sequence = await struck("nack_response", status="RSYSERR")
            answer = await esme.hear()
            assert (answer.command, answer.status, answer.sequence) == (0x80000000, 0x08, sequence)
            sequence = await struck("response_reordered")
            assert [(await esme.submit()).sequence, (await esme.hear()).sequence] == [sequence + 1, sequence]
            await struck("garbage_response", octets=5)
            garbage = await esme.reader.readexactly(5 + 16)
            assert garbage[5:9] != garbage[:4]
            await esme.reader.readexactly(garbage[8] - 16)
            await struck("bad_length_response", length=7)
            assert (await esme.reader.readexactly(8)) == struct.pack(">II", 7, 0x80000004)

    run(story())


def test_pages_lost_and_doubled(run, paging_street):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()
            fault(street, "lose_page", times=1)
            await esme.submit(registered=1)
            await esme.silence(86400)
            assert (len(street.ledger.select("lost")), len(street.anna.inbox)) == (1, 0)
            for number in (PAGER, "+447700900202"):
                fault(street, "page_twice", times=1)
                await esme.submit(number[1:])
                assert await street.until(lambda pager=street.pagers[number]: len(pager.inbox) == 2)
            assert street.ledger.duplicates("+447700900202") == [], "it was sent once"
            await esme.silence(3600)
            assert len(street.ben.inbox) == 2
            await esme.submit("447700900202")
            assert len(street.ledger.duplicates("+447700900202")) == 1, "sent twice"

    run(story())


@pytest.mark.parametrize(
    ("options", "states", "times"),
    [
        ({"when": "never"}, [], []),
        ({"when": "twice"}, [b"DELIVRD", b"DELIVRD"], [0.2, 0.4]),
        ({"delay_s": 600}, [b"DELIVRD"], [600.0]),
        ({"states": ["ENROUTE", "ACCEPTED", "DELIVERED"]}, [b"ENROUTE", b"ACCEPTD", b"DELIVRD"], [0.2, 0.4, 0.6]),
        ({"states": ["EXPIRED"]}, [b"EXPIRED"], [0.2]),
        ({"states": ["UNDELIVERABLE", "DELIVERED"], "delay_s": 5}, [b"UNDELIV", b"DELIVRD"], [5.0, 10.0]),
    ],
    ids=str,
)
def test_receipts_that_lie_or_stay_away(run, paging_street, options, states, times):
    async def story():
        async with paging_street() as street:
            fault(street, "receipt", **options)
            esme = await street.esme()
            await esme.submit(registered=1)
            for state, at in zip(states, times, strict=True):
                assert b"stat:" + state in (await esme.receipt(1000)).body
                assert street.loop.time() == pytest.approx(at)
            await esme.silence(86400)

    run(story())


def test_a_receipt_before_the_response(run, paging_street, smpp):
    async def story():
        async with paging_street() as street:
            fault(street, "receipt", when="early")
            esme = await street.esme()
            sequence = esme.request(0x04, smpp.submit_body(registered=1))
            receipt = await esme.receipt()
            answer = await esme.hear()
            assert (answer.command, answer.sequence) == (0x80000004, sequence)
            assert b"id:" + answer.text.encode() in receipt.body
            await esme.silence(86400)

    run(story())


def test_receipts_with_other_ids_and_ways(run, paging_street):
    async def story():
        async with paging_street() as street:
            sender, receiver = await street.esme(), await street.esme()

            async def submitted(**options):
                street.clear_bureau_faults("bureau1")
                fault(street, "receipt", **options)
                return (await sender.submit(registered=1)).text

            message_id = await submitted(id="unknown", bind="same")
            assert message_id.encode() not in (await sender.receipt()).body
            message_id = await submitted(id="empty", bind="same")
            assert b"id: sub" in (await sender.receipt()).body
            message_id = await submitted(bind="other")
            assert message_id.encode() in (await receiver.receipt()).body
            message_id = await submitted(style="hex-id", bind="same")
            assert f"id:{message_id}".encode() in (await sender.receipt()).body
            message_id = await submitted(when="after_reconnect")
            await sender.silence(600)
            late = await street.esme(1)
            assert message_id.encode() in (await late.receipt()).body

    run(story())


def test_deliveries_that_break_or_come_twice(run, paging_street):
    async def story():
        async with paging_street() as street:
            fault(street, "delivery_cut", times=1)
            esme = await street.esme()
            message_id = (await esme.submit(registered=1)).text
            octets = await esme.gone()
            assert 16 < len(octets) == struct.unpack(">I", octets[:4])[0] // 2
            fault(street, "delivery_twice", times=1)
            esme = await street.esme()
            first, second = await esme.receipt(), await esme.receipt()
            assert message_id.encode() in first.body
            assert (second.body, second.sequence) == (first.body, first.sequence + 1)
            await esme.silence(3600)

    run(story())


def test_binds(run, paging_street):
    async def story():
        async with paging_street() as street:
            fault(street, "bind_refused", times=1)
            fault(street, "bind_refused", times=1, status="RSYSERR", to="gateway")
            esme = await street.esme(None)
            assert [(await esme.bind()).status for _ in range(3)] == [0x0D, 0x08, 0]
            street.clear_bureau_faults("bureau1")
            fault(street, "bind_slow", seconds=8, times=1)
            began = street.loop.time()
            slow = await street.esme()
            assert street.loop.time() - began == 8.0
            slow.close()
            fault(street, "bind_unanswered", times=1)
            with pytest.raises(TimeoutError):
                await street.esme()
            fault(street, "bind_dropped", times=1)
            cut = await street.esme(None)
            cut.request(9, b"gateway\0secret\0\0\x34\0\0\0")
            assert await cut.gone() == b""

    run(story())


def test_a_delivery_ahead_of_the_bind_response(run, paging_street):
    async def story():
        async with paging_street() as street:
            fault(street, "bind_early_delivery")
            street.anna.send("60000", "hello")
            await street.until(lambda: street.centre.desks["gateway"].waiting)
            esme = await street.esme(None)
            esme.request(9, b"gateway\0secret\0\0\x34\0\0\0")
            assert [(await esme.hear()).command, (await esme.hear()).command] == [0x05, 0x80000009]

    run(story())


def test_drop_and_deafness(run, paging_street):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()
            fault(street, "drop", back_after_s=30, after_s=5)
            assert await esme.gone() == b""
            assert street.loop.time() == 5.0
            assert await (await street.esme(None)).gone() == b"", "cut off at once"
            await asyncio.sleep(31)
            assert (await (await street.esme()).submit()).status == 0

    run(story())


def test_nobody_listens_for_a_while(run, paging_street):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()
            fault(street, "drop", reset=True, back_after_s=30, refuse=True)
            await esme.gone()
            with pytest.raises((ConnectionRefusedError, FileNotFoundError)):
                await street.esme()
            await asyncio.sleep(31)
            assert (await (await street.esme()).submit()).status == 0

    run(story())


def test_half_open(run, paging_street):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()
            fault(street, "silence", seconds=100, new=True)
            esme.request(0x15)
            await esme.silence(50)
            newcomer = await street.esme(None)
            newcomer.request(9, b"gateway\0secret\0\0\x34\0\0\0")
            await newcomer.silence(60)
            assert (await esme.submit()).status == 0, "it is over; what was said meanwhile is lost"

    run(story())


def test_what_the_centre_may_ask(run, paging_street):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()
            fault(street, "mute_enquire")
            esme.request(0x15)
            await esme.silence(20)
            fault(street, "mute_enquire", on=False)
            assert (await esme.ask(0x15)).status == 0
            fault(street, "enquire")
            asked = await esme.hear()
            assert asked.command == 0x15
            esme.respond(asked)
            fault(street, "unknown_command")
            asked = await esme.hear()
            assert asked.command == 0x150
            esme.send(struct.pack(">IIII", 16, 0x80000000, 0x03, asked.sequence))
            fault(street, "alert", number=PAGER, available=0)
            alert = await esme.hear()
            assert (alert.command, alert.body) == (
                0x102,
                b"\x01\x01447700900201\0" + b"\0\x0060000\0" + bytes.fromhex("0422000100"),
            )
            for how in ("cut", "no_nul", "sm_length", "parameter"):
                fault(street, "bad_delivery", how=how)
                broken = await esme.hear()
                assert broken.command == 0x05
                esme.respond(broken, status=0x02, body=b"")
            fault(street, "orphan_receipt", message_id="cafe", state="EXPIRED")
            assert b"id:cafe sub:001 dlvrd:000" in (await esme.receipt()).body
            fault(street, "unbind")
            asked = await esme.hear()
            assert asked.command == 0x06
            esme.respond(asked)
            assert await esme.gone() == b""
            assert street.violations() == []

    run(story())


def test_garbage_split_and_gather(run, paging_street):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()
            fault(street, "garbage", hex="DEADBEEF")
            assert await esme.reader.readexactly(4) == bytes.fromhex("DEADBEEF")
            fault(street, "split", octets=1, gap_s=0.5)
            began = street.loop.time()
            assert (await esme.ask(0x15, timeout_s=60)).status == 0
            assert street.loop.time() - began == 7.5
            fault(street, "split", octets=0)
            fault(street, "gather", seconds=2)
            esme.request(0x15)
            esme.request(0x15)
            octets = await esme.reader.read(1000)
            assert (len(octets), street.loop.time() - began) == (32, 9.5)

    run(story())


def test_outbind(run, paging_street, smpp):
    async def story():
        async with paging_street() as street:
            called = asyncio.get_running_loop().create_future()

            def answer(reader, writer):
                called.set_result(smpp.Esme(reader, writer))

            server = await asyncio.start_server(answer, "127.0.0.1", 0)
            port = server.sockets[0].getsockname()[1]
            fault(street, "outbind", to=f"127.0.0.1:{port}")
            esme = await called
            asked = await esme.hear()
            assert (asked.command, asked.body) == (0x0B, b"bureau1\0secret\0")
            assert (await esme.bind(kind=1)).status == 0
            street.anna.send("60000", "hello")
            assert b"hello" in (await esme.receipt()).body
            esme.close()
            server.close()

    run(story())


def test_the_same_seed_is_the_same_weather(run, paging_street):
    histories = []

    async def story(seed):
        async with paging_street(seed) as street:
            for kind in ("throttle", "no_response", "slow", "page_twice", "receipt"):
                options = {"when": "twice"} if kind == "receipt" else {}
                fault(street, kind, probability=0.3, **options)
            esme = await street.esme()
            for _ in range(30):
                esme.request(0x04, BODY)
            await asyncio.sleep(3600)
            heard = await esme.reader.read(100_000)
            histories.append((heard, [str(entry) for entry in street.ledger.entries]))

    for seed in (5, 5, 6):
        run(story(seed))
    assert histories[0] == histories[1]
    assert histories[0][0] != histories[2][0]


def test_weather_never_loses_what_was_accepted(run, paging_street):
    async def story(seed):
        async with paging_street(seed) as street:
            fault(street, "weather", probability=0.05, only="smpp")
            assert len(street.bureau.rules) == 26
            for _ in range(20):
                esme = await street.esme(None)
                esme.request(9, b"gateway\0secret\0\0\x34\0\0\0")
                await asyncio.sleep(10)  # for the answer, which may be slow
                for _ in range(5):
                    esme.request(0x04, BODY)
                await asyncio.sleep(200)
                esme.close()
            await asyncio.sleep(86400)
            accepted = [entry["id"] for entry in street.ledger.accepted()]
            assert len(accepted) > 50
            assert sorted(entry["id"] for entry in street.ledger.delivered()) == accepted
            assert len(street.anna.inbox) == len(accepted)

    for seed in range(3):
        run(story(seed))


@pytest.mark.parametrize(
    ("description", "words"),
    [
        ({"kind": "sunshine"}, "unknown fault 'sunshine'"),
        ({"kind": "slow", "speed": 1}, "fault 'slow' has no option 'speed'"),
        ({"kind": "slow", "seconds": -1}, "not a number of at least 0"),
        ({"kind": "reject", "status": "RNONSENSE"}, "no such status"),
        ({"kind": "receipt", "when": "sometimes"}, "is not one of normal"),
        ({"kind": "receipt", "states": ["GONE"]}, "no such message state"),
        ({"kind": "receipt", "style": "baroque"}, "no such receipt style"),
        ({"kind": "drop", "loudly": True}, "mishap 'drop' has no option 'loudly'"),
        ({"kind": "drop", "reset": 1, "after_s": 9}, "drop: 'reset' is not true or false: 1"),
        ({"kind": "garbage", "hex": "xyz"}, "garbage: 'hex' is not octets in hexadecimal"),
        ({"kind": "bad_delivery", "how": "badly"}, "'how' is one of"),
        ({"kind": "outbind", "to": "nowhere"}, "outbind needs"),
        ({"kind": "drop", "after_s": "soon"}, "not a number"),
        ({"kind": "weather", "probability": 2}, "'probability' is not a number from 0 to 1"),
        ({"kind": "weather", "only": "rain"}, "'only' is smpp or tap"),
        ({"kind": "weather", "wind": 7}, "the weather has no option 'wind'"),
    ],
    ids=str,
)
def test_wrong_faults_are_told(run, paging_street, description, words):
    async def story():
        async with paging_street() as street:
            with pytest.raises(FaultError, match=words):
                street.bureau_fault("bureau1", description)

    run(story())


async def test_tls_for_another_name(tmp_path, smpp, paging_street):
    tls = make_certificate(tmp_path, "other", "elsewhere.example")
    street = paging_street()
    street.centre.listeners[0] = street.listener = type(street.listener)(street.centre, "tcp:0", tls)
    async with street:
        context = ssl.create_default_context(cafile=tls.certificate)
        with pytest.raises(ssl.SSLCertVerificationError, match="ostname mismatch"):
            await smpp.Esme.connect(street.listener.address, ssl=context, server_hostname="localhost")


async def test_tls(tmp_path, smpp, paging_street):
    tls = make_certificate(tmp_path)
    street = paging_street()
    street.centre.listeners[0] = street.listener = type(street.listener)(street.centre, "tcp:0", tls)
    context = ssl.create_default_context(cafile=tls.certificate)
    async with street:
        assert street.listener.address.startswith("tls:127.0.0.1:")
        esme = await smpp.Esme.connect(street.listener.address, ssl=context, server_hostname="localhost")
        assert (await esme.bind()).status == 0
        assert (await esme.submit(registered=1)).status == 0
        assert b"stat:DELIVRD" in (await esme.receipt()).body
        esme.close()
        with pytest.raises(ssl.SSLCertVerificationError):
            await smpp.Esme.connect(
                street.listener.address, ssl=ssl.create_default_context(), server_hostname="localhost"
            )
