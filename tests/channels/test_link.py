"""The line: all kinds of ports, exclusiveness, its end, and a device that does not read."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import tty
from functools import partial
from pathlib import Path

import pytest

from gatewayd.channels.link import READ_IN_A_TURN_MAX, WRITE_OCTETS_MAX, Link, LinkError, open_link
from tests.channels.house import until


class Ears:
    """What a link told."""

    def __init__(self, link: Link) -> None:
        self.data = b""
        self.lost: list[str] = []
        link.start(self._heard, self.lost.append)

    def _heard(self, data: bytes) -> None:
        self.data += data


@pytest.fixture
def pty() -> tuple[int, int, str]:
    master, slave = os.openpty()
    tty.setraw(slave)
    return master, slave, os.ttyname(slave)


async def test_a_pty_both_ways_and_what_was_pending(pty: tuple[int, int, str]) -> None:
    master, slave, path = pty
    os.write(master, b"said before")
    link = await open_link(path)
    ears = Ears(link)
    await until(lambda: ears.data == b"said before")
    link.write(b"AT\r")
    assert os.read(master, 10) == b"AT\r"
    link.close()
    os.close(slave)
    os.close(master)


async def test_a_hang_up_is_told_once_and_at_once(pty: tuple[int, int, str]) -> None:
    master, slave, path = pty
    link = await open_link(path)
    ears = Ears(link)
    os.close(slave)
    os.close(master)
    await until(lambda: ears.lost, within_s=0.5)
    link.write(b"AT\r")
    await asyncio.sleep(0)
    assert len(ears.lost) == 1
    link.close()


async def test_a_port_has_one_owner(pty: tuple[int, int, str]) -> None:
    master, slave, path = pty
    link = await open_link(path)
    with pytest.raises(LinkError, match=r"lock|busy|unavailable"):
        await open_link(path)
    link.close()
    (await open_link(path)).close()
    os.close(slave)
    os.close(master)


@pytest.mark.parametrize("port", ["/dev/there-is-no-such-port", "unix:/there/is/none", "tcp://127.0.0.1:1"])
async def test_what_cannot_be_opened_says_so(port: str) -> None:
    with pytest.raises(LinkError, match=port):
        await open_link(port)


@pytest.mark.parametrize("end", ["localhost:99999", "127.0.0.1", "localhost:", ":80", "localhost:0", "localhost:http"])
async def test_a_tcp_port_is_one_that_there_can_be(end: str) -> None:
    """A greater number would be taken for the rest of its division, a port of somebody else."""
    with pytest.raises(LinkError, match=rf"^tcp://{end}: write tcp://host:port"):
        await open_link(f"tcp://{end}")


async def test_why_it_cannot_be_opened_is_said_once_and_its_name_is_left_as_it_is(tmp_path: Path) -> None:
    plain = tmp_path / "Notes"
    plain.touch()
    nowhere = tmp_path / "NOPE"
    for port, why in ((nowhere, "no such file or directory"), (plain, "it is no serial port")):
        with pytest.raises(LinkError) as told:
            await open_link(str(port))
        assert str(told.value) == f"{port}: {why}"


async def test_a_unix_socket_and_its_end(tmp_path: Path) -> None:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "port"))
    listener.listen()
    link = await open_link(f"unix:{tmp_path / 'port'}")
    end, _ = listener.accept()
    ears = Ears(link)
    end.sendall(b"hello")
    await until(lambda: ears.data == b"hello")
    end.close()
    await until(lambda: ears.lost)
    link.close()
    listener.close()


async def test_tcp() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        link = await open_link(f"tcp://127.0.0.1:{listener.getsockname()[1]}")
        end, _ = listener.accept()
        link.write(b"AT\r")
        assert end.recv(10) == b"AT\r"
        link.close()
        end.close()


async def test_a_device_that_does_not_read_is_lost_not_waited_for(tmp_path: Path) -> None:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "port"))
    listener.listen()
    link = await open_link(f"unix:{tmp_path / 'port'}")
    end, _ = listener.accept()
    ears = Ears(link)
    for _ in range(200):
        link.write(b"x" * (WRITE_OCTETS_MAX // 8))
        if ears.lost:
            break
        await asyncio.sleep(0)
    assert ears.lost == ["the device does not read"]
    link.close()
    end.close()
    listener.close()


async def test_what_does_not_fit_at_once_is_written_later(tmp_path: Path) -> None:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "port"))
    listener.listen()
    link = await open_link(f"unix:{tmp_path / 'port'}")
    end, _ = listener.accept()
    end.settimeout(0)
    ears = Ears(link)
    sent, got = 0, bytearray()
    while not link._unsent:  # until the peer's buffers are full
        link.write(b"0123456789" * 800)
        sent += 8000

    def received() -> bool:
        with contextlib.suppress(BlockingIOError):
            got.extend(end.recv(100_000))
        return len(got) == sent

    await until(received)
    assert bytes(got) == b"0123456789" * (sent // 10)
    assert not ears.lost
    link.close()
    end.close()
    listener.close()


async def test_many_at_once_are_served_in_turns_and_who_chatters_keeps_nobody_waiting() -> None:
    pairs = [socket.socketpair() for _ in range(20)]
    order: list[int] = []

    def heard(number: int, data: bytes) -> None:
        order.append(number)
        if data == b"chatter":
            pairs[number][0].send(data)  # it never ends

    links = []
    for number, (far, near) in enumerate(pairs):
        near.setblocking(False)
        link = Link(near.fileno(), close_device=near.close)
        link.start(partial(heard, number), lambda _: None)
        far.send(b"chatter" if number < 2 * READ_IN_A_TURN_MAX else b"OK")
        links.append(link)
    served, most = 0, 0
    for _ in range(len(pairs) // READ_IN_A_TURN_MAX + 3):
        await asyncio.sleep(0)
        served, most = len(order), max(most, len(order) - served)
    assert most <= READ_IN_A_TURN_MAX
    assert set(order) == set(range(20))
    for link, (far, _) in zip(links, pairs, strict=True):
        link.close()
        far.close()


async def test_a_line_that_ends_while_it_waits_for_its_turn_is_not_read() -> None:
    pairs = [socket.socketpair() for _ in range(2 * READ_IN_A_TURN_MAX)]
    heard: list[bytes] = []
    links = [Link(near.fileno(), close_device=near.close) for _, near in pairs]
    for link, (far, near) in zip(links, pairs, strict=True):
        near.setblocking(False)
        link.start(heard.append, lambda _: None)
        far.send(b"OK")
    for _ in range(5):
        await asyncio.sleep(0)
        if heard:
            break
    for link in links:
        link.close()
    read = len(heard)
    for _ in range(5):
        await asyncio.sleep(0)
    assert 0 < len(heard) == read <= READ_IN_A_TURN_MAX
    for far, _ in pairs:
        far.close()
