"""What a bureau does to a link and to what comes back by it: certificates, binds, receipts, cancel_sm, calls."""

import asyncio
import ssl

import pytest
from hwsim.faults import FaultError
from hwsim.smpp_tls import make_certificate


def fault(street, kind, **options):
    street.bureau_fault("bureau1", {"kind": kind, **options})


def by_tls(tmp_path, paging_street):
    tls = make_certificate(tmp_path, "bureau1-localhost")
    street = paging_street()
    street.centre.listeners[0] = street.listener = type(street.listener)(street.centre, "tcp:0", tls)
    return street


async def listening(street):
    async with asyncio.timeout(10):
        while not street.listener.open:  # noqa: ASYNC110 - it is of this loop, a step or two away
            await asyncio.sleep(0)


def careful(tmp_path):
    return ssl.create_default_context(cafile=str(tmp_path / "bureau1-localhost.pem"))


@pytest.mark.parametrize(
    ("shows", "error", "words"),
    [
        ("other-name", ssl.SSLCertVerificationError, "ostname mismatch"),
        ("expired", ssl.SSLCertVerificationError, "certificate has expired"),
        ("stranger", ssl.SSLCertVerificationError, "self-signed certificate in certificate chain"),
        ("plain", ssl.SSLError, "WRONG_VERSION_NUMBER|wrong version number"),
        ("half", ConnectionError, "^$|reset by peer"),
    ],
)
async def test_what_a_careful_client_refuses_and_each_for_one_reason(
    tmp_path, smpp, paging_street, shows, error, words
):
    async with by_tls(tmp_path, paging_street) as street:
        address = street.listener.address
        esme = await smpp.Esme.connect(address, ssl=careful(tmp_path), server_hostname="localhost")
        assert (await esme.bind()).status == 0
        fault(street, "tls", shows=shows)
        assert await esme.gone() == b"", "connections there are end"
        await listening(street)
        with pytest.raises(error, match=words):
            await smpp.Esme.connect(address, ssl=careful(tmp_path), server_hostname="localhost")
        street.clear_bureau_faults("bureau1")
        await listening(street)
        esme = await smpp.Esme.connect(address, ssl=careful(tmp_path), server_hostname="localhost")
        assert (await esme.bind()).status == 0
        esme.close()


def test_only_who_has_a_certificate_can_show_another(run, paging_street):
    async def story():
        async with paging_street() as street:
            with pytest.raises(FaultError, match="nobody listens with TLS"):
                fault(street, "tls", shows="expired")

    run(story())


@pytest.mark.parametrize("kind", ["drop", "silence", "mute_enquire", "unbind"])
def test_one_of_several_binds(run, paging_street, kind):
    async def story():
        async with paging_street() as street:
            oldest, other = await street.esme(), await street.esme()
            fault(street, kind, binds=1)
            assert (await other.ask(0x15)).status == 0
            if kind == "drop":
                assert await oldest.gone() == b""
            elif kind == "unbind":
                assert (await oldest.hear()).command == 0x06
            else:
                oldest.request(0x15)
                await oldest.silence(5)

    run(story())


def test_an_answer_that_means_later_is_taken_for_good(run, paging_street):
    async def story():
        async with paging_street() as street:
            street.centre.settings.deliver_later = "forget"
            esme = await street.esme()
            await esme.submit(registered=1)
            esme.respond(await esme.hear(), status=0x64)
            await esme.silence(120)
            [away] = street.ledger.select("turned_away")
            assert away["status"] == 0x64

    run(story())


def test_who_does_not_answer_a_delivery_is_cut_off(run, paging_street):
    async def story():
        async with paging_street() as street:
            street.centre.settings.deliver_unanswered = "close"
            esme = await street.esme()
            await esme.submit(registered=1)
            assert (await esme.hear()).command == 0x05
            began = street.loop.time()
            await esme.gone()
            assert street.loop.time() - began == pytest.approx(street.centre.settings.deliver_timeout_s)
            again = await street.esme()
            assert b"stat:DELIVRD" in (await again.receipt()).body

    run(story())


def test_a_clock_that_is_wrong_shows_in_receipts_alone(run, paging_street):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()
            bodies = []
            for off_s in (0.0, -7200.0, 90000.0):
                street.centre.settings.clock_off_s = off_s
                await esme.submit(registered=1)
                bodies.append((await esme.receipt()).body)
            dates = [body.partition(b"done date:")[2][:10] for body in bodies]
            assert dates == [b"2311142213", b"2311142013", b"2311152313"]

    run(story())


def test_a_cancel_that_is_refused_leaves_the_page_where_it_is(run, paging_street):
    async def story():
        async with paging_street() as street:
            street.anna.on = False
            esme = await street.esme()
            message_id = (await esme.submit()).body
            body = b"\0" + message_id + b"\0\0\0" + b"\0\0\0"
            fault(street, "cancel_refused", times=1)
            assert (await esme.ask(0x08, body)).status == 0x11
            fault(street, "cancel_refused", status="RSYSERR", times=1)
            assert (await esme.ask(0x08, body)).status == 0x08
            fault(street, "cancel_unanswered", times=1)
            esme.request(0x08, body)
            await esme.silence(30)
            assert not street.ledger.select("deleted")
            assert (await esme.ask(0x08, body)).status == 0
            assert len(street.ledger.select("deleted")) == 1

    run(story())


def test_id_comes_only_after_some_crs_of_each_call(run, paging_street):
    async def story():
        street = paging_street()
        caller = street.caller()
        street.terminal.settings.crs_before_id = 3
        async with street:
            for _ in range(2):
                for _ in range(2):
                    caller.type(b"\r")
                    assert await caller.silence(2) == b""
                caller.type(b"\r")
                await caller.says(b"ID=")
                fault(street, "tap_hang_up")

    run(story())


def test_a_call_that_breaks_within_a_block_takes_nothing(run, paging_street):
    async def story():
        street = paging_street()
        caller = street.caller()
        async with street:
            await caller.log_on()
            fault(street, "tap_cut_block", octets=10, times=1)
            block = caller.block(b"4711", b"disk full on db2")
            caller.type(block[:9])
            assert await caller.silence(1) == b""
            assert not street.ledger.select("hung_up")
            caller.type(block[9:10])
            await street.until(lambda: street.ledger.select("hung_up"))
            assert not street.ledger.accepted()
            await caller.log_on()
            assert b"211" in await caller.page(b"4711", b"disk full on db2")

    run(story())
