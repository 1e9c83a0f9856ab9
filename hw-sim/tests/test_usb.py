"""Sticks on USB: several interfaces, steady links, other numbers after they were away; slow and bad lines."""

import asyncio
import os
import select
import termios
import tty

import pytest
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


async def eventually(condition, timeout_s=5.0):
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout_s
    while not condition():
        assert loop.time() < deadline
        await asyncio.sleep(0.005)


async def test_a_stick_has_interfaces_and_links_and_returns_under_other_numbers(tmp_path):
    street = Street(1)
    street.add_modem("modem1", "+447700900001", "quectel-ec25", end=f"usb:{tmp_path}")
    async with street:
        end = street.ends["modem1"]
        assert [name.split()[1] for name in end.devices] == ["diag", "nmea", "at", "at2"]
        by_id = tmp_path / "by-id" / "usb-Quectel_EC25-if02-port0"
        assert str(by_id.readlink()) == "../dev/ttyUSB2"
        assert end.address == str(tmp_path / "by-path" / "pci-0000:00:14.0-usb-0:1:1.2-port0")
        port = open_port(by_id)
        await talk(port, b"AT\r", b"OK\r\n")
        street.fault("modem1", {"kind": "hangup", "back_after_s": 0.05})
        assert not by_id.is_symlink()
        assert not list((tmp_path / "dev").iterdir())
        await eventually(by_id.is_symlink)
        assert str(by_id.readlink()) == "../dev/ttyUSB6"
        os.close(port)
        port = open_port(by_id)
        await talk(port, b"AT\r", b"OK\r\n")
        os.close(port)


async def test_two_sticks_without_a_serial_number_share_a_link_and_differ_by_path(tmp_path):
    street = Street(1)
    for number in (1, 2):
        street.add_modem(f"modem{number}", f"+44770090000{number}", "huawei-e173", end=f"usb:{tmp_path}")
    async with street:
        links = sorted(link.name for link in (tmp_path / "by-id").iterdir())
        assert links == [f"usb-HUAWEI_HUAWEI_Mobile-if0{place}-port0" for place in range(3)]
        assert str((tmp_path / "by-id" / links[0]).readlink()) == "../dev/ttyUSB3", "the second one has it"
        assert len({street.ends[name].address for name in street.modems}) == 2
        street.fault("modem1", {"kind": "hangup", "back_after_s": 0.01})
        await eventually((tmp_path / "dev" / "ttyUSB6").is_symlink)
        assert str((tmp_path / "by-id" / links[0]).readlink()) == "../dev/ttyUSB6"
    assert not list((tmp_path / "by-path").iterdir())


async def test_a_stick_that_is_pulled_twice_takes_no_other_sticks_numbers(tmp_path):
    street = Street(1)
    for number in (1, 2):
        street.add_modem(f"modem{number}", f"+44770090000{number}", "cinterion-ehs6", end=f"usb:{tmp_path}")
    async with street:
        street.fault("modem1", {"kind": "hangup", "back_after_s": 10})
        assert not any(street.ends["modem1"].devices.values())
        street.fault("modem2", {"kind": "hangup", "back_after_s": 0})
        await eventually(lambda: len(street.ends["modem2"].devices) == 2)
        assert "ttyUSB0" in str(street.ends["modem2"].devices)
        street.fault("modem1", {"kind": "hangup", "back_after_s": 0})
        await eventually(lambda: len(street.ends["modem1"].devices) == 2)
        assert "ttyUSB2" in str(street.ends["modem1"].devices)


async def test_a_restart_by_the_second_port_takes_all_interfaces_away(tmp_path):
    street = Street(1)
    street.add_modem("modem1", "+447700900001", "cinterion-ehs6", end=f"usb:{tmp_path}")
    async with street:
        second = open_port(tmp_path / "dev" / "ttyUSB1")
        await talk(second, b"AT+CFUN=1,1\r", b"OK\r\n")
        await eventually(lambda: not street.ends["modem1"].devices)
        assert street.modems["modem1"].booting
        os.close(second)


async def test_a_stick_with_a_serial_number_is_known_by_it(tmp_path):
    street = Street(1)
    modem = street.add_modem("modem1", "+447700900001", "cinterion-ehs6", end=f"usb:{tmp_path}")
    async with street:
        assert street.ends["modem1"].address == f"{tmp_path}/by-id/usb-Cinterion_EHS6_{modem.imei}-if00-port0"


async def test_other_interfaces_are_silent_or_talk_of_positions(tmp_path):
    street = Street(1)
    street.add_modem("modem1", "+447700900001", "quectel-ec25", end=f"usb:{tmp_path}")
    async with street:
        diag, nmea = [open_port(tmp_path / "dev" / f"ttyUSB{number}") for number in (0, 1)]
        os.write(diag, b"AT\r")
        await talk(nmea, b"AT\r", b"$GPGGA")
        with pytest.raises(BlockingIOError):
            os.read(diag, 10)
        os.close(diag)
        os.close(nmea)


async def test_a_second_at_port_has_its_own_echo_and_prompt_and_the_same_card(tmp_path):
    street = Street(1)
    street.add_modem("modem1", "+447700900001", "quectel-ec25", end=f"usb:{tmp_path}")
    anna = street.add_phone("+447700900111", "Anna")
    async with street:
        first, second = [open_port(tmp_path / "dev" / f"ttyUSB{number}") for number in (2, 3)]
        await talk(first, b"ATE0\r", b"OK\r\n")
        await talk(first, b"AT+CNMI=1,1\r", b"OK\r\n")
        assert b"AT+CIMI\r" in await talk(second, b"AT+CIMI\r", b"OK\r\n"), "it still echoes"
        await talk(first, b"AT+CMGS=25\r", b"> ")
        assert b"READY" in await talk(second, b"AT+CPIN?\r", b"OK\r\n")
        await talk(first, b"0001000C9144770009101100000DE8329BFD066D50F9777D9302\x1a", b"OK\r\n")
        anna.send("+447700900001", "ok")
        assert b'+CMTI: "ME",0' in await talk(first, b"", b"+CMTI")
        assert b"+CMGR: 0" in await talk(second, b"AT+CMGR=0\r", b"OK\r\n"), "and read there"
        street.fault("modem1", {"kind": "freeze", "seconds": 0.05})
        os.write(second, b"AT\r")
        await asyncio.sleep(0.01)
        assert street.ends["modem1"].second.frozen
        await eventually(lambda: not street.ends["modem1"].second.frozen)
        for port in (first, second):
            os.close(port)


def test_octets_take_their_time(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        street.fault("modem1", {"kind": "baud", "rate": 1200})
        started = street.loop.time()
        assert await terminal.command("AT+CGMI") == ["gatewayd", "OK"]
        octets = len(b"AT+CGMI\r" + b"\r\ngatewayd\r\n" + b"\r\nOK\r\n")
        assert street.loop.time() - started == pytest.approx(octets * 10 / 1200, abs=0.02)

    run(story())


@pytest.mark.parametrize(
    ("damage", "check"),
    [
        ({"flip": 1.0}, lambda heard: heard != b"\r\nOK\r\n" and len(heard) == 6),
        ({"drop": 1.0}, lambda heard: heard == b""),
        ({"nul": 1.0}, lambda heard: heard.replace(b"\0", b"") == b"\r\nOK\r\n" and len(heard) == 12),
        ({"drop": 1.0, "way": "in"}, lambda heard: heard == b""),
    ],
)
def test_a_bad_line(run, street_of, terminal_of, damage, check):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        street.fault("modem1", {"kind": "line", "seconds": 10, **damage})
        terminal.type(b"AT\r")
        assert check(await terminal.silence(10))
        assert await terminal.command("AT") == ["OK"]

    run(story())


def test_closing_a_port_ends_calls_where_dtr_says_so(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        modem = street.modems["modem1"]
        for setting, left in (("AT&D0", {1: "123"}), ("AT&D2", {})):
            await terminal.command(setting)
            await terminal.command("ATD123;")
            modem.closed()
            assert modem.voice.calls == left
            modem.voice.hang_up()

    run(story())
