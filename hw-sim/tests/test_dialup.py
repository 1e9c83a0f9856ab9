"""Telephone modems that dial a TAP terminal (ITU-T V.250 commands and result codes)."""

import os
import select
import tty

import pytest
from hwsim.tap_lines import TelephoneLine


@pytest.fixture
def dialled(paging_street):
    """A street with a terminal at 01523 530300 that has one line, and modems dial1, dial2; call it inside a story."""

    def build(caller_type, modems=1):
        street = paging_street()
        street.terminal.lines.append(TelephoneLine(street.terminal, "dial-in", "01523530300"))
        callers = []
        for number in range(1, modems + 1):
            dialup = street.add_dialup(f"dial{number}")
            callers.append(caller_type(street, end=dialup.end))
        return street, callers

    return build


@pytest.fixture
def caller_type(terminal_of):
    return terminal_of.__subclasses__()[0]


def test_a_whole_call(run, dialled, caller_type):
    async def story():
        street, (caller,) = dialled(caller_type)
        async with street:
            caller.type(b"ATZ\r")
            assert await caller.sees("OK\r\n") == "ATZ\r\r\nOK\r\n"
            caller.type(b"ATE0V1M1&M5\r")
            await caller.sees("OK\r\n")
            caller.type(b"ATDT 01523-530300\r")
            assert await caller.sees("CONNECT") == "\r\nCONNECT 1200\r\n"
            assert street.loop.time() == 1.0
            await caller.log_on()
            assert await caller.page(b"4711", b"disk full") == b"211 Page accepted\r\x06\r"
            caller.type(b"\x04\r")
            await caller.says(b"115 Goodbye\r\x1b\x04\r")
            await caller.says(b"\r\nNO CARRIER\r\n")
            assert await caller.command("AT") == ["OK"]
            assert street.ledger.select("dialled")[0]["to"] == "01523530300"
            assert street.ledger.accepted()[0]["line"] == "dial-in"
            assert street.ben.texts("disk full")

    run(story())


def test_one_line_is_engaged_for_the_second(run, dialled, caller_type):
    async def story():
        street, (first, second) = dialled(caller_type, 2)
        async with street:
            first.type(b"ATE0DT01523530300\r")
            await first.sees("CONNECT 1200\r\n")
            second.type(b"ATE0DT+441523530300\r")
            await second.sees("\r\nBUSY\r\n")
            await first.silence(1.5)
            first.type(b"+++")
            assert await first.silence(0.9) == b""
            await first.says(b"\r\nOK\r\n")
            first.type(b"ATH\r")
            await first.says(b"\r\nOK\r\n")
            second.type(b"ATDT01523530300\r")
            await second.sees("CONNECT 1200\r\n")

    run(story())


def test_the_escape_and_the_way_back(run, dialled, caller_type):
    async def story():
        street, (caller,) = dialled(caller_type)
        async with street:
            caller.type(b"ATE0D01523530300\r")
            await caller.sees("CONNECT 1200\r\n")
            caller.type(b"\r")
            await caller.says(b"ID=")
            caller.type(b"+++")
            assert await caller.silence(2) == b"", "no guard time before it"
            await caller.silence(0.5)
            caller.type(b"+++")
            await caller.sees("OK\r\n")
            caller.type(b"ATO\r")
            await caller.sees("CONNECT 1200\r\n")
            fault = street.dialup_fault
            fault("dial1", {"kind": "lose_carrier"})
            await caller.says(b"\r\nNO CARRIER\r\n")
            assert street.ledger.select("hung_up")[0]["by"] == "caller"

    run(story())


@pytest.mark.parametrize(
    ("dial", "answer", "seconds"),
    [
        ("ATDT5551000", "NO ANSWER", 31.0),
        ("ATS7=10DT5551000", "NO CARRIER", 11.0),
        ("ATDT,,01523530300", "CONNECT 1200", 5.0),
        ("ATX0DT01523530300", "CONNECT", 1.0),
        ("ATDT01523530300;", "OK", 0.0),
        ("ATA", "NO CARRIER", 0.0),
        ("ATS7?", "OK", 0.0),
        ("AT#X", "ERROR", 0.0),
        ("ATS0=300", "ERROR", 0.0),
    ],
)
def test_dialling(run, dialled, caller_type, dial, answer, seconds):
    async def story():
        street, (caller,) = dialled(caller_type)
        async with street:
            await caller.command("ATE0")
            caller.type(dial.encode() + b"\r")
            await caller.sees(f"{answer}\r\n", 100)
            assert street.loop.time() == seconds

    run(story())


@pytest.mark.parametrize("result", ["BUSY", "NO CARRIER", "NO DIALTONE", "NO ANSWER", "ERROR", "VOICE"])
def test_results_by_name(run, dialled, caller_type, result):
    async def story():
        street, (caller,) = dialled(caller_type)
        async with street:
            await caller.command("ATE0")
            street.dialup_fault("dial1", {"kind": "dial", "result": result, "seconds": 20, "times": 1})
            caller.type(b"ATDT01523530300\r")
            assert await caller.silence(19.9) == b""
            await caller.says(f"\r\n{result}\r\n".encode())
            caller.type(b"ATDT01523530300\r")
            await caller.sees("CONNECT 1200\r\n")

    run(story())


def test_other_faults_of_the_telephone(run, dialled, caller_type):
    async def story():
        street, (caller,) = dialled(caller_type)
        async with street:
            await caller.command("ATE0")
            street.dialup_fault("dial1", {"kind": "dialtone"})
            caller.type(b"ATDT01523530300\r")
            await caller.says(b"\r\nNO DIALTONE\r\n")
            street.dialup_fault("dial1", {"kind": "dialtone", "on": True})
            street.dialup_fault("dial1", {"kind": "ring"})
            await caller.says(b"\r\nRING\r\n")
            street.dialup_fault("dial1", {"kind": "dial", "result": "silence", "times": 1})
            caller.type(b"ATDT01523530300\r")
            assert await caller.silence(300) == b""
            caller.type(b"\r")
            await caller.says(b"\r\nNO CARRIER\r\n")
            street.dialup_fault("dial1", {"kind": "connect_text", "text": "CONNECT 1200/ARQ/V42", "times": 1})
            street.dialup_fault("dial1", {"kind": "connect_noise", "octets": 4, "times": 1})
            street.dialup_fault("dial1", {"kind": "carrier_lost", "seconds": 7, "times": 1})
            caller.type(b"ATDT01523530300\r")
            heard = await caller.silence(1.5)
            assert heard.startswith(b"\r\nCONNECT 1200/ARQ/V42\r\n")
            assert len(heard) == 24 + 4
            assert await caller.silence(6) == b""
            await caller.says(b"\r\nNO CARRIER\r\n")

    run(story())


def test_numeric_and_silent_results(run, dialled, caller_type):
    async def story():
        street, (caller,) = dialled(caller_type)
        async with street:
            caller.type(b"ATE0V0\r")
            await caller.until(lambda heard: heard.endswith(b"0\r"))
            caller.type(b"ATDT01523530300\r")
            await caller.says(b"5\r")
            street.dialup_fault("dial1", {"kind": "lose_carrier"})
            await caller.says(b"3\r")
            caller.type(b"ATQ1\r")
            assert await caller.silence(5) == b""

    run(story())


def test_octets_take_their_time(run, dialled, caller_type):
    async def story():
        street, (caller,) = dialled(caller_type)
        street.dialups["dial1"].settings.paced = True
        street.dialups["dial1"].settings.speed = 300
        async with street:
            caller.type(b"ATE0DT01523530300\r")
            await caller.sees("CONNECT 300\r\n")
            await caller.log_on()
            began = street.loop.time()
            block = caller.block(b"4711", b"x" * 240)
            caller.type(block)
            assert await caller.answer() == b"211 Page accepted\r\x06\r"
            assert street.loop.time() - began == pytest.approx((len(block) + 20) / 30)

    run(story())


async def test_a_modem_on_a_pty(tmp_path, paging_street):
    street = paging_street()
    street.terminal.lines.append(TelephoneLine(street.terminal, "dial-in", "01523530300"))
    dialup = street.add_dialup("dial1", f"pty:{tmp_path}/dial1")
    dialup.settings.dial_s = 0.01
    async with street:
        port = os.open(tmp_path / "dial1", os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        tty.setraw(port)

        async def talk(data, until):
            os.write(port, data)
            heard = b""
            while until not in heard:
                await street.until(lambda: False, 0.01)
                if select.select([port], [], [], 0)[0]:
                    heard += os.read(port, 4096)
            return heard

        await talk(b"ATE0\r", b"OK\r\n")
        await talk(b"ATDT01523530300\r", b"CONNECT 1200\r\n")
        await talk(b"\r", b"ID=")
        os.close(port)
        assert await street.until(lambda: street.ledger.select("hung_up")), "the close hangs up"
        assert dialup.mode.value == "command"
