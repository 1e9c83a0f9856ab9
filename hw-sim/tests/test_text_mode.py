"""Text mode, and modems that are in it although nobody asked for it."""

import pytest
from hwsim.at_line import Request
from hwsim.scene import build

ANNA = "+447700900111"
PDU = b"0001000C9144770009101100000DE8329BFD066D50F9777D9302"


@pytest.mark.parametrize(
    ("args", "place", "quoted"),
    [
        ('"57"', 0, True),
        ("57", 0, False),
        ('"57', 0, False),
        ('5"7"', 0, False),
        (' "5,7" ,145', 0, True),
        ('1,"57"', 1, True),
        ("1,57", 1, False),
        ('"a,b",57', 1, False),
        ('"57"', 1, False),
        ("", 0, False),
    ],
)
def test_a_string_stands_in_quotes(args, place, quoted):
    assert Request("+CMGS", "set", args).quoted(place) is quoted


@pytest.mark.parametrize("kind", ["generic", "huawei-e173", "sim800", "cinterion-ehs6", "sierra-mc7304"])
def test_a_number_without_quotes_is_refused(run, street_of, terminal_of, kind):
    async def story():
        street = street_of(kind)
        terminal = terminal_of(street)
        await terminal.command("AT+CMGF=1")
        for line in ("AT+CMGS=25", f"AT+CMGS={ANNA}", f"AT+CMGS={ANNA},145", 'AT+CMGS="25', "AT+CMGW=25"):
            assert await terminal.command(line) == ["+CMS ERROR: 305"]
        terminal.type(b'AT+CMGW="+447700900111"\r')
        await terminal.sees("> ")
        terminal.type(b"later\x1a")
        index = (await terminal.sees("OK")).partition("+CMGW: ")[2].split()[0]
        assert await terminal.command(f"AT+CMSS={index},25") == ["+CMS ERROR: 305"]
        assert not street.ledger.accepted()

    run(story())


@pytest.mark.parametrize("kind", ["telit-le910-patient", "wavecom-q24"])
def test_some_types_take_the_length_of_a_pdu_for_a_number(run, street_of, terminal_of, kind):
    """What a client risks that does not notice that it is in text mode."""

    async def story():
        street = street_of(kind)
        terminal = terminal_of(street)
        await terminal.command("AT+CMGF=1")
        terminal.type(b"AT+CMGS=25\r")
        await terminal.sees("> ")
        terminal.type(PDU + b"\x1a")
        await terminal.sees("+CMGS: ")
        assert [(entry["to"], entry["text"]) for entry in street.ledger.accepted()] == [("25", PDU.decode())]
        assert not street.phones[ANNA].inbox

    run(story())


def test_quirks_say_whether_quotes_are_needed(run, street_of, terminal_of, tmp_path):
    async def story():
        street = street_of()
        quirks = {"bare_address": True, "echo": False}
        modem = {"name": "m2", "number": "+447700900002", "end": "inproc", "quirks": quirks}
        build({"modem": [modem]}, street, tmp_path)
        terminal = terminal_of(street, "m2")
        await terminal.command("AT+CMGF=1")
        terminal.type(f"AT+CMGS={ANNA}\r".encode())
        await terminal.sees("> ")
        terminal.type(b"hello\x1a")
        await terminal.sees("OK")
        assert [text.text for text in street.phones[ANNA].inbox] == ["hello"]

    run(story())


async def typed_text(terminal, octets):
    """What is heard after the first prompt while a text to Anna is typed, then Ctrl-Z."""
    terminal.type(f'AT+CMGS="{ANNA}"\r'.encode())
    await terminal.sees("> ")
    terminal.type(octets)
    told = await terminal.silence(1)
    terminal.type(b"\x1a")
    await terminal.sees("OK")
    return told


@pytest.mark.parametrize("chunk", [1, 100])
def test_a_text_is_edited_and_the_prompt_comes_again_after_each_cr(run, street_of, terminal_of, chunk):
    """27.005 3.5.1; the character that erases is that of S5."""

    async def story():
        street = street_of()
        terminal = terminal_of(street)
        inbox = street.phones[ANNA].inbox
        await terminal.command('AT+CMGF=1;+CSCS="IRA"')
        terminal.type(f'AT+CMGS="{ANNA}"\r'.encode())
        await terminal.sees("> ")
        octets = b"bs\b\b\bok\rtwo\rx\b"
        for start in range(0, len(octets), chunk):
            terminal.type(octets[start : start + chunk])
        assert await terminal.silence(1) == b"\r\n> \r\n> "
        terminal.type(b"\x1a")
        await terminal.sees("OK")
        assert inbox[-1].text == "ok\rtwo\r"
        await terminal.command("ATS5=127")
        assert await typed_text(terminal, b"ab\x7fc") == b""
        assert inbox[-1].text == "ac"
        await terminal.command("ATE1")
        assert await typed_text(terminal, b"a\rb") == b"a\r\n> b"

    run(story())


def test_octets_in_hexadecimal_are_not_edited(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command("AT+CMGF=1;+CSMP=17,167,0,4")
        terminal.type(f'AT+CMGS="{ANNA}"\r'.encode())
        await terminal.sees("> ")
        terminal.type(b"4142\b\b\x1a")
        assert "+CMS ERROR: 305" in await terminal.sees("\r\n", 2)
        assert not street.ledger.accepted()

    run(story())


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("17,167,0,0", "17,167,0,0"),
        ('17,"x",0,0', None),
        ('17,"167",0,0', None),
        ("17,256", None),
        ("25,167", None),
        ('25,"23/11/15,22:13:20+04",0,0', '25,"23/11/15,22:13:20+04",0,0'),
        ('25,"23/13/15,22:13:20+04",0,0', None),
        ("25,23/11/15", None),
        ('9,"01050000000000",0,0', '9,"01050000000000",0,0'),
        ('9,"0105",0,0', None),
        ("1", "1,167,0,0"),
    ],
)
def test_the_validity_is_of_the_format_that_the_first_octet_says(run, street_of, terminal_of, line, shown):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command("AT+CMGF=1")
        assert await terminal.command(f"AT+CSMP={line}") == ["OK" if shown else "+CMS ERROR: 305"]
        assert (await terminal.command("AT+CSMP?"))[0] == f"+CSMP: {shown or '17,167,0,0'}"
        await typed_text(terminal, b"hello")
        assert street.phones[ANNA].inbox[-1].text == "hello"

    run(story())


def test_an_absolute_validity_is_kept(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        street.phones[ANNA].switch(on=False)
        await terminal.command('AT+CMGF=1;+CSMP=25,"23/11/14,22:43:20+00",0,0')
        await typed_text(terminal, b"for half an hour")
        await terminal.silence(3600)
        street.phones[ANNA].switch(on=True)
        await terminal.silence(3600)
        assert not street.phones[ANNA].inbox

    run(story())


def test_a_type_that_takes_a_backspace_for_a_character(run, street_of, terminal_of):
    async def story():
        street = street_of("cinterion-ehs6")
        terminal = terminal_of(street)
        await terminal.command('AT+CMGF=1;+CSCS="GSM"')
        await typed_text(terminal, b"bs\b\b")
        assert street.phones[ANNA].inbox[-1].text == "bsòò"

    run(story())


def test_a_text_without_an_address_is_sent_to_nobody(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command("AT+CMGF=1")
        terminal.type(b"AT+CMGW\r")
        await terminal.sees("> ")
        terminal.type(b"to whom?\x1a")
        assert "+CMGW: 1" in await terminal.sees("OK")
        assert await terminal.command("AT+CMSS=1") == ["+CMS ERROR: 305"]
        assert not street.ledger.accepted()
        assert (await terminal.command("AT+CMGR=1"))[0] == '+CMGR: "STO UNSENT","",'
        assert (await terminal.command(f'AT+CMSS=1,"{ANNA}"'))[-1] == "OK"
        assert [text.text for text in street.phones[ANNA].inbox] == ["to whom?"]

    run(story())


def test_a_modem_falls_into_text_mode_by_itself(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command("AT+CMGF=0;+CNMI=2,2")
        street.fault("modem1", {"kind": "text_mode", "after_s": 60})
        street.phones[ANNA].send("+447700900001", "before")
        assert "+CMT: ," in await terminal.sees("+CMT")
        await terminal.silence(61)
        street.phones[ANNA].send("+447700900001", "after")
        assert (await terminal.sees("after")).startswith(f'\r\n+CMT: "{ANNA}",,')
        assert await terminal.command("AT+CMGS=25") == ["+CMS ERROR: 305"]
        street.fault("modem1", {"kind": "text_mode", "on": False})
        assert await terminal.command("AT+CMGF?") == ["+CMGF: 0", "OK"]

    run(story())


def test_a_silent_reset_keeps_what_was_stored_and_loses_pdu_mode(run, street_of, terminal_of):
    """Nothing tells of it: no boot lines, no echo, errors as before."""

    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command("ATE0+CMEE=1;+CMGF=0;&W")
        street.fault("modem1", {"kind": "reset", "noise": False, "seconds": 1, "profile": True, "text_mode": True})
        assert await terminal.silence(2) == b""
        terminal.type(b"AT+CMEE?\r")
        assert await terminal.silence(1) == b"\r\n+CMEE: 1\r\n\r\nOK\r\n"
        assert await terminal.command("AT+CMGF?") == ["+CMGF: 1", "OK"]
        street.fault("modem1", {"kind": "reset", "noise": False, "seconds": 1})
        await terminal.silence(2)
        terminal.type(b"AT+CMGF?;+CMEE?\r")
        heard = await terminal.silence(1)
        assert heard == b"AT+CMGF?;+CMEE?\r\r\n+CMGF: 0\r\n\r\n+CMEE: 0\r\n\r\nOK\r\n", "the factory's, as ever"

    run(story())
