"""Connections to a bureau: several, in pairs, encrypted, and how they end."""

from __future__ import annotations

import asyncio
import socket
import struct
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hwsim.smpp_tls import Tls

from gatewayd.channels.smpp import Smpp, SmppSettings
from gatewayd.clock import Clock
from gatewayd.delivery.outcome import Accepted, Deferred, Uncertain
from tests.channels.house import RecordingHouse
from tests.channels.smpp_street import Block, live, until


def test_a_pair_of_a_transmitter_and_a_receiver() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        await block.works()
        block.anna.reply("ok 42")
        await until(lambda: block.texts() == ["ok 42"])
        assert sorted(entry["how"] for entry in block.entries("bind")) == ["receiver", "transmitter"]

    live(story, bind="transmitter and receiver")


def test_without_its_receiver_a_pair_says_so_and_sends_on() -> None:
    async def story(block: Block) -> None:
        block.fault("bind_refused", status="RBINDFAIL", skip=1, times=1)
        block.open()
        await until(lambda: block.smpp.ready())
        await asyncio.sleep(1)
        told = block.house.healths[-1]
        assert (told.state, "receiver" in told.reason and "refused" in told.reason) == ("up", True)
        assert isinstance(await block.send(), Accepted)
        await until(lambda: block.house.healths[-1].reason == "", within_s=100)
        await until(lambda: block.house.receipts, within_s=60)

    live(story, opened=False, bind="transmitter and receiver")


def test_a_pair_whose_receiver_is_refused_calls_for_a_human_though_it_sends(caplog: pytest.LogCaptureFixture) -> None:
    async def story(block: Block) -> None:
        block.fault("bind_refused", skip=1, status="RINVPASWD")
        block.open()
        await block.ready()
        await until(lambda: block.house.healths[-1].concern)
        told = block.house.healths[-1]
        assert told.state == "up"
        assert "invalid password" in told.concern
        assert "no receipt and no reply comes in" in told.concern
        await asyncio.sleep(3600)
        warnings = [line.getMessage() for line in caplog.records if line.levelname == "WARNING"]
        assert len([line for line in warnings if "one of its binds" in line]) == 1, warnings

    live(story, opened=False, bind="transmitter and receiver")


def test_a_bind_that_never_comes_up_calls_for_a_human_after_a_minute() -> None:
    async def story(block: Block) -> None:
        block.fault("bind_unanswered", skip=1, times=20)
        block.open()
        await block.ready()
        await asyncio.sleep(50)
        assert not block.house.healths[-1].concern, "it may be slow"
        await until(lambda: block.house.healths[-1].concern, within_s=20)
        block.street.clear_bureau_faults("north")
        await until(lambda: not block.house.healths[-1].concern, within_s=120)
        assert block.house.healths[-1].state == "up"

    live(story, opened=False, binds=2)


@pytest.mark.parametrize("binds", [1, 2])
def test_a_bureau_that_has_lost_our_session_is_logged_in_to_anew(binds: int) -> None:
    async def story(block: Block) -> None:
        await block.ready()
        before = len(block.entries("bind"))
        block.fault("reject", status="RINVBNDSTS", times=1)
        await block.works(within_s=10)
        await asyncio.sleep(5)
        assert len(block.entries("bind")) == before + 1
        assert block.house.healths[-1].state == "up"

    live(story, binds=binds)


def test_a_bureau_that_never_wants_to_know_our_session_is_not_hammered() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        block.fault("reject", status="RINVBNDSTS")
        end = asyncio.get_running_loop().time() + 600
        while asyncio.get_running_loop().time() < end:
            if block.smpp.ready():
                await block.send()
            await asyncio.sleep(0.5)
        assert 20 <= len(block.entries("bind")) <= 60

    live(story)


@pytest.mark.parametrize(("statuses", "state"), [({}, "needs_human"), ({"0x040A": "transient"}, "down")])
def test_the_own_codes_of_a_bureau_count_at_the_login_too(statuses: dict[str, str], state: str) -> None:
    async def story(block: Block) -> None:
        block.fault("bind_refused", status=0x040A, times=1)
        block.open()
        await until(lambda: block.house.healths)
        assert block.house.healths[0].state == state
        await block.ready(within_s=5 if statuses else 100)

    live(story, opened=False, statuses=statuses)


def test_one_bind_is_lost_and_the_other_goes_on() -> None:
    async def story(block: Block) -> None:
        await until(lambda: len(block.entries("bind")) == 2)
        await asyncio.sleep(0.1)
        block.fault("drop_after_submit", times=1)
        done = await block.gives(60)
        doubtful = [part for part, outcome in done if isinstance(outcome, Uncertain)]
        assert 1 <= len(doubtful) <= 5
        assert all(isinstance(outcome, Accepted | Uncertain) for _, outcome in done)
        assert {health.state for health in block.house.healths} == {"up"}
        await until(lambda: len(block.entries("bind")) == 3, within_s=30)
        assert block.street.ledger.duplicates() == []

    live(story, binds=2, window=5, centre={"latency_s": 0.2})


def test_a_window_that_dies_is_in_doubt_and_no_page_more() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        out = [block.sending() for _ in range(8)]
        await asyncio.sleep(0.5)
        block.fault("drop", reset=True)
        outcomes = await asyncio.gather(*out)
        assert [type(outcome) for outcome in outcomes] == [Uncertain] * 8
        await block.works()
        assert block.street.ledger.duplicates() == []

    live(story, centre={"latency_s": 2}, window=8)


def test_what_waits_for_its_turn_goes_back_when_the_link_is_lost() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        out = [block.sending() for _ in range(12)]
        await asyncio.sleep(0.5)
        block.fault("drop", back_after_s=60)
        outcomes = await asyncio.gather(*out)
        assert [type(outcome) for outcome in outcomes] == [Uncertain] * 4 + [Deferred] * 8
        assert isinstance(await block.send(), Deferred)

    live(story, centre={"latency_s": 2, "window": 50}, window=4)


def test_a_drain_waits_for_what_is_out_and_unbinds() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        out = [block.sending() for _ in range(10)]
        await asyncio.sleep(0.1)
        await block.smpp.drain(10)
        assert all(isinstance(task.result(), Accepted) for task in out)
        await block.life
        assert not block.smpp.ready()
        assert len(block.entries("left")) == 1
        assert block.house.healths[-1].state == "down"
        assert isinstance(await block.send(), Deferred)

    live(story, centre={"latency_s": 1})


def test_a_drain_does_not_wait_for_ever() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        block.fault("silence", seconds=1000)
        out = block.sending()
        await asyncio.sleep(0.1)
        began = asyncio.get_running_loop().time()
        await block.smpp.drain(3)
        assert asyncio.get_running_loop().time() - began <= 3.1
        assert isinstance(await out, Uncertain)
        await asyncio.gather(block.life, return_exceptions=True)

    live(story, clean=False)


def test_a_drain_ends_a_channel_that_waits_for_a_bureau() -> None:
    async def story(block: Block) -> None:
        block.fault("bind_refused", status="RINVPASWD")
        block.open()
        await until(lambda: block.house.healths)
        began = asyncio.get_running_loop().time()
        await block.smpp.drain(10)
        await block.life
        assert asyncio.get_running_loop().time() - began <= 10.1

    live(story, opened=False)


def test_a_cancelled_channel_leaves_nobody_waiting() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        out = [block.sending() for _ in range(14)]
        await asyncio.sleep(0.1)
        await block.close()
        outcomes = await asyncio.gather(*out)
        assert [type(outcome) for outcome in outcomes] == [Uncertain] * 10 + [Deferred] * 4
        block.open()
        await block.works()

    live(story, centre={"latency_s": 3, "window": 20})


def test_a_page_whose_sender_is_cancelled_is_settled_all_the_same() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        out = block.sending()
        await asyncio.sleep(0.5)
        out.cancel()
        await until(lambda: block.house.late)
        assert block.house.late[0].attempt_id == "1"
        assert isinstance(block.house.late[0].outcome, Accepted)

    live(story, centre={"latency_s": 1})


def test_ipv6() -> None:
    live(lambda block: block.works(), where="tcp:[::1]:0", host="::1")


AUTHORITY = """
[ca]
default_ca = own
[own]
database = {directory}/index
serial = {directory}/serial
new_certs_dir = {directory}
default_md = sha256
policy = any
x509_extensions = names
[any]
commonName = supplied
[names]
subjectAltName = DNS:bureau.example
"""


def certificate(directory: Path, *, until: str) -> Tls:
    """Made with openssl for bureau.example, signed by itself, good from 2020 on."""
    files = {name: str(directory / name) for name in ("key", "asked", "crt", "conf")}
    (directory / "index").touch()
    (directory / "serial").write_text("01")
    (directory / "conf").write_text(AUTHORITY.format(directory=directory))
    ask = ["req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=bureau.example"]
    sign = ["ca", "-batch", "-notext", "-config", files["conf"], "-selfsign", "-keyfile", files["key"]]
    for command in (
        [*ask, "-keyout", files["key"], "-out", files["asked"]],
        [*sign, "-in", files["asked"], "-out", files["crt"], "-startdate", "20200101000000Z", "-enddate", until],
    ):
        subprocess.run(["openssl", *command], check=True, capture_output=True)
    return Tls(files["crt"], files["key"])


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    return certificate(tmp_path_factory.mktemp("tls"), until="20990101000000Z")


def test_tls_with_a_good_certificate(good: Tls) -> None:
    live(lambda block: block.works(), certificate=good, **settings(good))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"tls_name": "other.example"}, "Hostname mismatch"),
        ({"tls_ca_file": None}, "self-signed certificate"),
        ({"tls_ca_file": "/nowhere/ca.pem"}, "No such file"),
        ({"tls": False}, "before it answered the login"),
    ],
)
def test_tls_that_cannot_be_is_told_in_plain_words(good: Tls, changes: dict[str, Any], reason: str) -> None:
    async def story(block: Block) -> None:
        await until(lambda: block.house.healths, within_s=60)
        await asyncio.sleep(40)
        told = block.house.healths[-1]
        assert told.state in ("down", "needs_human")
        assert reason.casefold().replace("-", " ") in told.reason.casefold().replace("-", " "), told.reason
        assert not block.smpp.ready()
        assert block.entries("bind") == []

    live(story, certificate=good, clean=False, **(settings(good) | changes))


def test_a_plain_bureau_where_tls_is_wanted() -> None:
    async def story(block: Block) -> None:
        await until(lambda: block.house.healths, within_s=60)
        assert block.house.healths[-1].state == "down"
        words = ("it speaks no TLS at this port", "the bureau closed the connection", "no answer in time")
        assert block.house.healths[-1].reason in [f"cannot be reached: {one}" for one in words]
        assert block.entries("bind") == []

    live(story, clean=False, tls=True)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "it speaks no TLS at this port"),
        (b"\x15\x03\x01\x00\x02\x02\x46", "it speaks no TLS as new as 1.2"),
        (b"", "the bureau closed the connection"),
    ],
    ids=["no TLS", "an old one", "nothing"],
)
def test_what_is_no_tls_of_ours_is_told_in_plain_words(said: bytes, reason: str) -> None:
    async def whole() -> None:
        async def called(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(16)
            writer.write(said)
            writer.close()

        server = await asyncio.start_server(called, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        house = RecordingHouse()
        smpp = Smpp(SmppSettings(name="north", host="127.0.0.1", port=port, system_id="a", tls=True), house, Clock())
        task = asyncio.create_task(smpp.run())
        await until(lambda: house.healths)
        assert house.healths[0].reason == f"cannot be reached: {reason}"
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        server.close()

    asyncio.run(whole())


def test_a_certificate_whose_time_is_over(tmp_path: Path) -> None:
    async def story(block: Block) -> None:
        await until(lambda: block.house.healths, within_s=60)
        assert "certificate has expired" in block.house.healths[-1].reason
        assert block.entries("bind") == []

    old = certificate(tmp_path, until="20200102000000Z")
    live(story, certificate=old, clean=False, **settings(old))


def settings(tls: Tls) -> dict[str, Any]:
    return {"tls": True, "tls_name": "bureau.example", "tls_ca_file": tls.certificate}


@pytest.fixture
def two_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bureau north.example is at 127.0.0.2, and at 127.0.0.1, where the street's is."""
    usual = socket.getaddrinfo

    def resolved(host: str, port: int, *more: Any, **options: Any) -> list[Any]:
        places = ["127.0.0.2", "127.0.0.1"] if host == "north.example" else [host]
        return [found for place in places for found in usual(place, port, *more, **options)]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)


@pytest.mark.usefixtures("two_addresses")
def test_where_one_address_of_the_host_takes_no_login_the_other_is_tried() -> None:
    async def story(block: Block) -> None:
        async def hang_up(_: asyncio.StreamReader, dead: asyncio.StreamWriter) -> None:
            dead.close()

        async with await asyncio.start_server(hang_up, "127.0.0.2", block.port()):
            block.open(host="north.example")
            await block.ready(within_s=5)
            assert isinstance(await block.send(), Accepted)

    live(story, opened=False)


class Unwilling:
    """Refuses every login with one status, and counts them."""

    def __init__(self, status: int) -> None:
        self.asked = 0
        self._status = status

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, command, _, sequence = struct.unpack("!4I", await reader.readexactly(16))
        self.asked += 1
        writer.write(struct.pack("!4I", 16, command | 0x80000000, self._status, sequence))
        await writer.drain()
        writer.close()


@pytest.mark.usefixtures("two_addresses")
@pytest.mark.parametrize("status", [0x0D, 0x08, 0x05, 0x0401])
def test_a_login_that_one_address_refuses_is_tried_at_the_other_at_once(status: int) -> None:
    async def story(block: Block) -> None:
        async with await asyncio.start_server(Unwilling(status), "127.0.0.2", block.port()):
            block.open(host="north.example")
            await block.ready(within_s=1)

    live(story, opened=False)


@pytest.mark.usefixtures("two_addresses")
@pytest.mark.parametrize("status", [0x0E, 0x0F, 0x53])
def test_a_wrong_password_is_not_tried_at_every_address(status: int) -> None:
    async def story(block: Block) -> None:
        refuses = Unwilling(status)
        async with await asyncio.start_server(refuses, "127.0.0.2", block.port()):
            block.open(host="north.example")
            await until(lambda: block.house.healths and block.house.healths[-1].state == "needs_human")
            await asyncio.sleep(55)
            assert refuses.asked == 1
            assert block.entries("bind") == []

    live(story, opened=False)


@pytest.mark.usefixtures("two_addresses")
def test_where_every_address_refuses_the_login_each_is_asked_once_and_then_seldom() -> None:
    async def story(block: Block) -> None:
        refuses = Unwilling(0x0D)
        block.fault("bind_refused", status=0x0D)
        async with await asyncio.start_server(refuses, "127.0.0.2", block.port()):
            block.open(host="north.example")
            await asyncio.sleep(55)
            assert refuses.asked == 1
            assert block.house.healths[-1].state == "needs_human"
            await asyncio.sleep(300)
            assert refuses.asked <= 3
            block.street.clear_bureau_faults("north")
            await block.ready(within_s=2000)

    live(story, opened=False, clean=False)
