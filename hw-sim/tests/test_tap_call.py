"""Calls at a TAP terminal, octet by octet: logon, blocks, answers, the end (TAP 1.8 sections 3, 4, 7, appendix A)."""

import asyncio
import contextlib

import pytest
from hwsim.tap_block import checksum

ACK, NAK, RS, ESC_EOT = b"\x06\r", b"\x15\r", b"\x1e\r", b"\x1b\x04\r"


def rules(street):
    return [entry["rule"] for entry in street.ledger.select("violation")]


def test_the_standards_own_session(run, paging_street):
    async def story():
        street = paging_street()
        pager = street.add_pager("+447700900299", "Di", cap="123")
        caller = street.caller()
        async with street:
            caller.type(b"\r")
            await caller.says(b"ID=")
            caller.type(b"\x1bPG1\r")
            await caller.says(b"110 1.8\r\x06\r\x1b[p\r")
            caller.type(b"\x02123\rABC\r\x0317;\r")
            await caller.says(b"211 Page accepted\r\x06\r")
            caller.type(b"\x04\r")
            await caller.says(b"115 Goodbye\r\x1b\x04\r")
            assert await street.until(lambda: pager.texts("ABC"))
            booked = street.ledger.accepted("+447700900299")[0]
            assert (booked["protocol"], booked["line"], booked["call"], booked["cap"]) == ("tap", "tap1", 1, "123")
            assert await street.until(lambda: street.ledger.select("hung_up"))
            assert rules(street) == []

    run(story())


def test_several_pages_in_a_call_and_a_second_call(run, paging_street):
    async def story():
        street = paging_street()
        caller = street.caller()
        async with street:
            await caller.log_on()
            assert await caller.page(b"4711", b"CRITICAL web1 down") == b"211 Page accepted\r" + ACK
            assert await caller.page(b"9999", b"hi") == b"511 Invalid Pager ID\r" + RS
            assert await caller.page(b"4711", b"two\x1aJlines") == b"211 Page accepted\r" + ACK
            assert await caller.page(b"4711", b"") == b"211 Page accepted\r" + ACK
            caller.type(b"\x04\r")
            await caller.says(b"115 Goodbye\r" + ESC_EOT)
            await caller.silence(1)
            await caller.log_on()
            assert await caller.page(b"4711", b"again") == b"211 Page accepted\r" + ACK
            await caller.silence(1)
            assert [page.text for page in street.ben.inbox] == ["CRITICAL web1 down", "two\nlines", "", "again"]
            assert [entry["call"] for entry in street.ledger.select("call")] == [1, 2]

    run(story())


@pytest.mark.parametrize(
    ("cap", "text", "answer"),
    [
        (b"9999", b"x", b"511 Invalid Pager ID\r" + RS),
        (b"47-11", b"x", b"510 Illegal Pager ID\r" + RS),
        (b"4" * 17, b"x", b"510 Illegal Pager ID\r" + RS),
        (b"", b"x", b"510 Illegal Pager ID\r" + RS),
        (b"4713", b"letters", b"505 Numeric pager\r" + RS),
        (b"4713", b"0207-9460018", b"211 Page accepted\r" + ACK),
        (b"4714", b"text", b"504 No message allowed for this pager\r" + RS),
        (b"4714", b"", b"211 Page accepted\r" + ACK),
    ],
    ids=str,
)
def test_pagers_of_every_kind(run, paging_street, cap, text, answer):
    async def story():
        street = paging_street()
        street.add_pager("+447700900204", "Di", kind="tone", cap="4714")
        caller = street.caller()
        async with street:
            await caller.log_on()
            assert await caller.page(cap, text) == answer
            assert await caller.page(b"4711", b"next") == b"211 Page accepted\r" + ACK

    run(story())


def test_long_pages(run, paging_street):
    async def story():
        street = paging_street()
        street.ben.max_chars = 80
        caller = street.caller()
        settings = street.terminal.settings
        async with street:
            await caller.log_on()
            long = b"x" * 100
            assert await caller.page(b"4711", long) == b"214 80 characters maximum, truncated and sent\r" + ACK
            settings.tells_limit = False
            assert await caller.page(b"4711", long) == b"212 Long message truncated and sent\r" + ACK
            settings.long_pages = "reject"
            assert await caller.page(b"4711", long) == b"513 Long message rejected\r" + RS
            settings.tells_limit = True
            assert await caller.page(b"4711", long) == b"517 80 characters maximum, rejected\r" + RS
            settings.chars_max = 70
            assert (await caller.page(b"4711", b"x" * 75)).startswith(b"517 70 ")
            await caller.silence(1)
            assert [len(page.text) for page in street.ben.inbox] == [80, 80]

    run(story())


def test_blocks_that_go_on(run, paging_street):
    async def story():
        street = paging_street()
        street.ben.max_chars = 2000
        caller = street.caller()
        async with street:
            await caller.log_on()
            caller.type(caller.block(b"4711", open_field=b"HELLO ", end=0x1F))
            assert await caller.answer() == b"211 Block accepted\r" + ACK
            caller.type(caller.block(b"WORLD", check=b"000"))
            assert await caller.answer() == b"514 Checksum error\r" + NAK, "only this block comes again"
            caller.type(caller.block(b"WORLD"))
            assert await caller.answer() == b"211 Page accepted\r" + ACK
            caller.type(caller.block(b"4711", end=0x17))
            assert await caller.answer() == b"211 Block accepted\r" + ACK
            caller.type(caller.block(b"x" * 248))
            assert await caller.answer() == b"211 Page accepted\r" + ACK
            await caller.silence(1)
            assert [page.text for page in street.ben.inbox] == ["HELLO WORLD", "x" * 248]
            assert [entry["blocks"] for entry in street.ledger.accepted()] == [2, 2]
            street.terminal.settings.blocks_max = 1
            caller.type(caller.block(b"4711", open_field=b"HELLO ", end=0x1F))
            assert await caller.answer() == b"515 Too many blocks\r" + RS

    run(story())


def test_a_block_of_257_octets(run, paging_street):
    async def story():
        street = paging_street()
        street.ben.max_chars = 2000
        caller = street.caller()
        async with street:
            await caller.log_on()
            assert await caller.page(b"4711", b"x" * 244) == b"211 Page accepted\r" + ACK
            assert await caller.page(b"4711", b"x" * 245) == b"515 Message format error\r" + RS
            assert rules(street) == ["a block of 257 octets with 251 of information"]
            street.terminal.settings.strict_size = False
            assert await caller.page(b"4711", b"x" * 400) == b"211 Page accepted\r" + ACK

    run(story())


@pytest.mark.parametrize(
    ("block", "answer", "rule"),
    [
        (b"\x024711\rx\ny\r\x03", b"515 Message format error\r" + RS, "control character 0x0A at octet 7 without SUB"),
        (b"\x024711\rone\rtwo\r\x03", b"515 Message format error\r" + RS, "a page of 3 fields"),
        (b"\x024711\r\x03", b"515 Message format error\r" + RS, "a page of 1 fields"),
        (b"\x024711\rx  \r\x03", b"211 Page accepted\r" + ACK, "trailing spaces"),
    ],
)
def test_mistakes_of_form(run, paging_street, block, answer, rule):
    async def story():
        street = paging_street()
        caller = street.caller()
        async with street:
            await caller.log_on()
            total = sum(block) & 0xFFF
            caller.type(block + bytes([0x30 + (total >> shift & 15) for shift in (8, 4, 0)]) + b"\r")
            assert await caller.answer() == answer
            assert rules(street) == [rule]

    run(story())


def test_more_fields_as_lines(run, paging_street):
    async def story():
        street = paging_street()
        street.terminal.settings.extra_fields = "lines"
        caller = street.caller()
        async with street:
            await caller.log_on()
            caller.type(caller.block(b"4711", b"one", b"two"))
            assert await caller.answer() == b"211 Page accepted\r" + ACK
            await caller.silence(1)
            assert street.ben.inbox[0].text == "one\r\ntwo"

    run(story())


def test_too_many_bad_checksums(run, paging_street):
    async def story():
        street = paging_street()
        caller = street.caller()
        async with street:
            await caller.log_on()
            for _ in range(3):
                caller.type(caller.block(b"4711", b"x", check=b"999"))
                assert await caller.answer() == b"514 Checksum error\r" + NAK
            caller.type(caller.block(b"4711", b"x", check=b"999"))
            assert await caller.answer() == b"503 Too many checksum errors\r" + ESC_EOT

    run(story())


@pytest.mark.parametrize(
    ("logon", "answers"),
    [
        (b"\x1bPG2\r", [b"508 Service not supported\r" + ESC_EOT]),
        (b"\x1bPX1\r", [b"508 Service not supported\r" + ESC_EOT]),
        (b"M\r", [b"507 Invalid logon\r" + NAK] * 2 + [b"507 Invalid logon\r" + ESC_EOT]),
        (b"\x1bPG\r", [b"507 Invalid logon\r" + NAK] * 2 + [b"507 Invalid logon\r" + ESC_EOT]),
        (b"\x1bPG1ab cd\r", [b"507 Invalid logon\r" + NAK] * 2 + [b"507 Invalid logon\r" + ESC_EOT]),
    ],
)
def test_wrong_logons(run, paging_street, logon, answers):
    async def story():
        street = paging_street()
        caller = street.caller()
        async with street:
            caller.type(b"\r")
            await caller.says(b"ID=")
            for answer in answers:
                caller.type(logon)
                assert await caller.answer() == answer
            assert await street.until(lambda: street.ledger.select("hung_up"))

    run(story())


def test_passwords(run, paging_street):
    async def story():
        street = paging_street()
        street.terminal.settings.password = "letmein"
        caller = street.caller()
        async with street:
            caller.type(b"\r")
            await caller.says(b"ID=")
            caller.type(b"\x1bPG1abc123\r")
            assert await caller.answer() == b"509 Invalid password\r" + ESC_EOT
            await caller.silence(1)
            caller.type(b"\r")
            await caller.says(b"ID=")
            caller.type(b"\x1bPG1letmein\r")
            await caller.says(b"110 1.8\r\x06\r\x1b[p\r")

    run(story())


def test_a_terminal_of_before_1_6(run, paging_street):
    async def story():
        street = paging_street()
        street.terminal.settings.version = ""
        street.terminal.settings.good_bye = "bare"
        caller = street.caller()
        async with street:
            caller.type(b"\r")
            await caller.says(b"ID=")
            caller.type(b"\x1bPG1\r")
            await caller.says(b"\r\x06\r\x1b[p\r")
            assert await caller.page(b"4711", b"old terminal") == b"\r" + ACK
            assert await caller.page(b"9999", b"x") == b"\r" + RS
            caller.type(b"\x04\r")
            await caller.says(ESC_EOT)

    run(story())


def test_how_terminals_differ(run, paging_street):
    async def story():
        street = paging_street()
        settings = street.terminal.settings
        settings.banner_before_id, settings.id_with_cr = "WELCOME TO PAGING", True
        settings.banner, settings.line_ends = "For authorised use only", "crlf"
        caller = street.caller()
        async with street:
            caller.type(b"\r")
            await caller.says(b"WELCOME TO PAGING\r\nID=\r\n")
            caller.type(b"\x1bPG1\r")
            await caller.says(b"110 1.8\r\n114 For authorised use only\r\n\x06\r\n\x1b[p\r\n")
            settings.line_ends, settings.good_bye = "lf", "drop"
            caller.type(caller.block(b"4711", b"x"))
            await caller.says(b"211 Page accepted\n\x06\n")
            caller.type(b"\x04\r")
            assert await caller.silence(10) == b""
            assert street.ledger.select("hung_up")[0]["by"] == "terminal"

    run(story())


def test_timers(run, paging_street):
    async def story():
        street = paging_street()
        caller = street.caller()
        async with street:
            caller.type(b"\r")
            assert await caller.silence(8.5) == b"ID=ID=", "t5"
            assert await caller.silence(8) == b"ID="
            assert await caller.silence(8) == b"ID=", "n3"
            assert await caller.silence(9) == b"501 Time-out waiting for logon\r" + ESC_EOT
            await caller.log_on()
            began = street.loop.time()
            assert await caller.answer() == b"501 Time-out waiting for input\r" + ESC_EOT
            assert street.loop.time() - began == 4.0
            await caller.silence(1)
            await caller.log_on()
            caller.type(b"\x024711\rhalf a bl")
            assert await caller.silence(9) == b"", "it has begun"
            assert await caller.answer() == b"501 Time-out waiting for input\r" + ESC_EOT

    run(story())


def test_limits_of_a_call(run, paging_street):
    async def story():
        street = paging_street()
        street.terminal.settings.pages_max = 2
        caller = street.caller()
        async with street:
            await caller.log_on()
            for _ in range(2):
                assert await caller.page(b"4711", b"x") == b"211 Page accepted\r" + ACK
            assert await caller.page(b"4711", b"x") == b"112 Maximum pages entered for session\r" + ESC_EOT
            await caller.silence(1)
            street.terminal.settings.session_s = 10.0
            await caller.log_on()
            for _ in range(4):
                await caller.silence(3)
                answer = await caller.page(b"9999", b"x")
            assert answer == b"113 Maximum time reached for session\r" + ESC_EOT
            street.terminal.settings.session_s = 0.0
            street.terminal.settings.quota_per_hour = 3
            await caller.silence(1)
            await caller.log_on()
            assert await caller.page(b"4711", b"x") == b"211 Page accepted\r" + ACK
            assert await caller.page(b"4711", b"x") == b"516 Message quota temporarily exceeded\r" + RS

    run(story())


def test_what_comes_out_of_turn(run, paging_street):
    async def story():
        street = paging_street()
        caller = street.caller()
        async with street:
            await caller.log_on()
            caller.type(b"hello\r")
            assert await caller.answer() == b"502 Unexpected characters before a block\r" + NAK
            caller.type(caller.block(b"4711", b"one") + caller.block(b"4711", b"two"))
            assert await caller.answer() == (b"211 Page accepted\r" + ACK) * 2
            caller.type(caller.block(b"4711", open_field=b"half", end=0x1F))
            assert await caller.answer() == b"211 Block accepted\r" + ACK
            caller.type(b"\x04\r")
            await caller.says(b"115 Goodbye\r" + ESC_EOT)
            await caller.silence(1)
            assert rules(street) == [
                "unexpected octets before a block",
                "a block before the answer to the last one",
                "EOT in the middle of a transaction",
            ]
            assert street.ledger.select("unfinished")[0]["to"] == "+447700900202"

    run(story())


@pytest.mark.parametrize("parity", ["none", "even", "ignore"])
def test_parity(run, paging_street, parity):
    def even(octets):
        return bytes([octet | (octet.bit_count() & 1) << 7 for octet in octets])

    async def story():
        street = paging_street()
        street.terminal.settings.parity = parity
        caller = street.caller()
        async with street:
            shown = even if parity == "even" else bytes
            caller.type(shown(b"\r"))
            await caller.says(shown(b"ID="))
            caller.type(shown(b"\x1bPG1\r"))
            await caller.says(shown(b"110 1.8\r\x06\r\x1b[p\r"))
            block = caller.block(b"4711", b"disk full")
            wrong = block if parity == "even" else even(block)
            answers = {
                "none": b"514 Checksum error\r" + NAK,
                "even": even(b"514 Checksum error\r" + NAK),
                "ignore": b"211 Page accepted\r" + ACK,
            }
            caller.type(wrong)
            await caller.says(answers[parity])
            caller.type(shown(block))
            await caller.says(shown(b"211 Page accepted\r" + ACK))
            assert len(rules(street)) == (parity != "ignore")

    run(story())


def test_group_cap_codes_and_function_digits(run, paging_street):
    async def story():
        street = paging_street()
        street.add_group("4999", ["+447700900201", "+447700900202"], cap="4999")
        street.terminal.settings.function_digit = True
        caller = street.caller()
        async with street:
            await caller.log_on()
            assert await caller.page(b"49991", b"all of you") == b"211 Page accepted\r" + ACK
            await caller.silence(1)
            assert [street.anna.texts("all")[0].group, street.ben.texts("all")[0].group] == ["4999", "4999"]
            with pytest.raises(LookupError, match="no way back"):
                street.anna.reply("ok")

    run(story())


def test_a_two_way_pager_in_the_tube(run, paging_street):
    async def story():
        street = paging_street()
        street.anna.cap = "4710"
        street.anna.switch(on=False)
        caller = street.caller()
        async with street:
            await caller.log_on()
            assert await caller.page(b"4710", b"x") == b"211 Page accepted\r" + ACK
            await caller.silence(3600)
            assert not street.anna.inbox
            street.anna.switch(on=True)
            await caller.silence(10)
            assert street.anna.texts("x")

    run(story())


def test_tcp_calls_side_by_side(run, paging_street):
    async def story():
        street = paging_street()
        line = street.tap_line("tcp:0", calls_max=2)
        async with street:
            host, port = line.address.split(":")[1:]
            callers = [await asyncio.open_connection(host, int(port)) for _ in range(3)]
            for reader, writer in callers[:2]:
                writer.write(b"\r")
                assert await reader.readexactly(3) == b"ID="
            reader, writer = callers[2]
            writer.write(b"\r")
            with contextlib.suppress(ConnectionResetError):
                assert await reader.read() == b"", "one too many"
            callers[0][1].close()
            assert await street.until(lambda: street.ledger.select("hung_up"))
            assert street.ledger.select("hung_up")[0]["state"] == "a logon"
            for _, writer in callers[1:]:
                writer.close()

    run(story())


def test_a_caller_may_halt_the_terminal_and_the_terminal_halts_it_with_its_own_parity(run, paging_street):
    async def story():
        street = paging_street()
        caller = street.caller()
        async with street:
            await caller.log_on()
            caller.type(b"\x13")
            caller.type(b"\x024711\rHELLO WORLD\r\x03" + checksum(b"\x024711\rHELLO WORLD\r\x03") + b"\r")
            assert await caller.silence(2) == b""
            caller.type(b"\x11")
            await caller.says(b"211 Page accepted\r" + ACK)
            street.terminal.settings.parity = "ignore"
            caller.type(b"\x04\r")
            await caller.silence(2)
            street.terminal.settings.parity = "even"
            street.bureau_fault("bureau1", {"kind": "tap_xoff", "at": "id", "seconds": 1})
            caller.type(b"\x8d")
            assert (await caller.silence(5)).startswith(b"\x93")

    run(story())
