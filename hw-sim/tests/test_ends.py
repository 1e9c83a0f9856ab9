"""Where a line comes out: pty, unix socket, TCP, callables; cut off and back again."""

import asyncio
import errno
import fcntl
import os
import select
import termios
import tty
from dataclasses import replace

import pytest
from hwsim.ends import end_of
from hwsim.street import Street


def open_port(path):
    descriptor = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    tty.setraw(descriptor, termios.TCSANOW)
    return descriptor


async def talk(descriptor, data, until, timeout_s=5.0):
    """Writes, and reads until the bytes are there; the street runs in the same loop."""
    os.write(descriptor, data)
    heard = b""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout_s
    while until not in heard:
        assert loop.time() < deadline, heard
        if select.select([descriptor], [], [], 0)[0]:
            heard += os.read(descriptor, 4096)
        await asyncio.sleep(0.001)
    return heard


def exists(link):
    return link.is_symlink()


async def eventually(condition, timeout_s=5.0):
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout_s
    while not condition():
        assert loop.time() < deadline
        await asyncio.sleep(0.005)


async def test_a_pty_answers_and_its_clients_may_come_and_go(tmp_path):
    street = Street(1)
    street.add_modem("modem1", "+447700900001", end=f"pty:{tmp_path}/modem1")
    link = tmp_path / "modem1"
    async with street:
        for _ in range(5):
            port = open_port(tmp_path / "modem1")
            assert await talk(port, b"AT\r", b"OK\r\n") == b"AT\r\r\nOK\r\n"
            os.close(port)
        await eventually(lambda: street.ends["modem1"]._held >= 0)
        street.fault("modem1", {"kind": "urc", "text": "LATE"})
        port = open_port(tmp_path / "modem1")
        assert b"LATE" in await talk(port, b"AT\r", b"OK\r\n"), "what was said meanwhile waits in the port"
        os.close(port)
    assert not exists(link)


async def test_an_exclusive_client_leaves_nothing_behind(tmp_path):
    street = Street(1)
    street.add_modem("modem1", "+447700900001", end=f"pty:{tmp_path}/modem1")
    async with street:
        port = open_port(tmp_path / "modem1")
        fcntl.ioctl(port, termios.TIOCEXCL)
        await talk(port, b"AT\r", b"OK\r\n")
        os.close(port)
        await eventually(lambda: street.ends["modem1"]._held >= 0)
        port = open_port(tmp_path / "modem1")
        assert fcntl.ioctl(port, 0x80045440, b"\0\0\0\0") == b"\0\0\0\0", "TIOCGEXCL"
        os.close(port)


async def test_a_hung_up_pty_comes_back_as_another_device(tmp_path):
    street = Street(1)
    street.add_modem("modem1", "+447700900001", end=f"pty:{tmp_path}/modem1")
    link = tmp_path / "modem1"
    async with street:
        port = open_port(link)
        await talk(port, b"AT\r", b"OK\r\n")
        keep = os.open("/dev/ptmx", os.O_RDWR | os.O_NOCTTY)  # so that the old name may not be free
        street.fault("modem1", {"kind": "hangup", "back_after_s": 0.1})
        assert not link.is_symlink()
        with pytest.raises(OSError) as gone:
            if not os.read(port, 10):
                raise OSError(errno.EIO, "end of file")
        assert gone.value.errno == errno.EIO
        await eventually(link.is_symlink)
        os.close(port)
        port = open_port(link)
        assert b"OK" in await talk(port, b"AT\r", b"OK\r\n")
        os.close(port)
        os.close(keep)


async def test_more_output_than_the_pty_holds_is_sent_when_read(tmp_path):
    street = Street(1)
    modem = street.add_modem("modem1", "+447700900001", end=f"pty:{tmp_path}/modem1")
    async with street:
        port = open_port(tmp_path / "modem1")
        await talk(port, b"ATE0\r", b"OK\r\n")
        for number in range(3000):
            modem.urc(f"LINE {number:04d}")
        heard = await talk(port, b"", b"LINE 2999\r\n")
        assert heard.count(b"LINE") == 3000
        os.close(port)


@pytest.mark.parametrize("kind", ["unix", "tcp"])
async def test_a_socket_has_one_client_at_a_time(tmp_path, kind):
    street = Street(1)
    street.add_modem("modem1", "+447700900001", end=f"unix:{tmp_path}/modem1" if kind == "unix" else "tcp:0")

    async def connect():
        address = street.ends["modem1"].address
        if kind == "unix":
            return await asyncio.open_unix_connection(address.removeprefix("unix:"))
        return await asyncio.open_connection("127.0.0.1", int(address.rpartition(":")[2]))

    async with street:
        reader, writer = await connect()
        writer.write(b"AT\r")
        assert await reader.readuntil(b"OK\r\n") == b"AT\r\r\nOK\r\n"
        other, other_writer = await connect()
        assert await refused(other)
        other_writer.close()
        street.fault("modem1", {"kind": "hangup", "back_after_s": 0.05})
        assert await refused(reader)
        writer.close()
        await eventually(lambda: not street.ends["modem1"]._deaf)
        reader, writer = await connect()
        writer.write(b"AT\r")
        await reader.readuntil(b"OK\r\n")
        writer.close()


async def refused(reader):
    """True once the other side has closed the connection."""
    try:
        return await reader.read(10) == b""
    except ConnectionResetError:
        return True


def test_unix_sockets_work_in_virtual_time(run, tmp_path):
    async def story():
        street = Street(1)
        street.network.settings.latency_s = 3600.0
        street.add_modem("modem1", "+447700900001", end=f"unix:{tmp_path}/modem1")
        street.add_phone("+447700900111", "Anna")
        async with street:
            reader, writer = await asyncio.open_unix_connection(str(tmp_path / "modem1"))
            writer.write(b"ATE0\rAT+CMGS=25\r")
            await reader.readuntil(b"> ")
            writer.write(b"0021000C9144770009101100000DE8329BFD066D50F9777D9302\x1a")
            await reader.readuntil(b"OK\r\n")
            assert street.loop.time() == 3600.0
            writer.close()

    run(story())


async def test_a_restart_by_command_takes_the_port_away(tmp_path):
    street = Street(1)
    modem = street.add_modem("modem1", "+447700900001", "quectel-ec25", end=f"pty:{tmp_path}/modem1")
    modem.personality = replace(modem.personality, boot_s=0.1, reset_reenumerates_s=0.1)
    async with street:
        port = open_port(tmp_path / "modem1")
        await talk(port, b"AT+CFUN=1,1\r", b"OK\r\n")
        await eventually(lambda: not (tmp_path / "modem1").is_symlink())
        os.close(port)
        await eventually((tmp_path / "modem1").is_symlink)


def test_an_unknown_end_is_told():
    with pytest.raises(ValueError, match="no such end"):
        end_of(None, "carrier pigeon")
