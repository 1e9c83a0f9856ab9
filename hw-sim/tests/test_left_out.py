"""Parameters that are left out, and the character set of strings (3GPP TS 27.005, 27.007 4.1, 5.5)."""

import pytest

ANNA = "+447700900111"
UCS2_ANNA = ANNA.encode("utf-16-be").hex().upper()


@pytest.mark.parametrize(
    ("setting", "query", "shown"),
    [
        ("+CREG=2", "+CREG?", '+CREG: 2,1,"00C3","0001A2F1",7'),
        ("+CMEE=2", "+CMEE?", "+CMEE: 2"),
        ("+CMGF=1", "+CMGF?", "+CMGF: 1"),
        ("+CSDH=1", "+CSDH?", "+CSDH: 1"),
        ("+CMMS=2", "+CMMS?", "+CMMS: 2"),
        ("+CGSMS=1", "+CGSMS?", "+CGSMS: 1"),
        ("+CNMI=2,1,0,2,1", "+CNMI?", "+CNMI: 2,1,0,2,1"),
        ('+CSCS="UCS2"', "+CSCS?", '+CSCS: "UCS2"'),
        ("+CFUN=4", "+CFUN?", "+CFUN: 4"),
        ("+CLIP=1", "+CLIP?", "+CLIP: 1,1"),
        ("+CUSD=1", "+CUSD?", "+CUSD: 1"),
        ("+COPS=3,2", "+COPS?", '+COPS: 0,2,"23499",7'),
    ],
)
def test_what_is_left_out_stays_as_it_is(run, street_of, terminal_of, setting, query, shown):
    async def story():
        terminal = terminal_of(street_of())
        name = setting.partition("=")[0]
        assert await terminal.command(f"AT{setting}") == ["OK"]
        for line in (f"AT{name}", f"AT{name}="):
            assert await terminal.command(line) == ["OK"], line
            assert await terminal.command(f"AT{query}") == [shown, "OK"], line

    run(story())


def test_some_types_take_a_bare_command_for_the_default(run, street_of, terminal_of):
    async def story():
        terminal = terminal_of(street_of("sim7600"))
        await terminal.command("AT+CREG=1;+CMGF=1;+CNMI=2,1,0,1,0")
        await terminal.command("AT+CREG;+CMGF=;+CNMI")
        answer = await terminal.command("AT+CREG?;+CMGF?;+CNMI?")
        assert answer == ["+CREG: 0,1", "+CMGF: 1", "+CNMI: 2,1,0,0,0", "OK"]

    run(story())


def test_the_centre_is_not_taken_away_by_leaving_it_out(run, street_of, terminal_of):
    async def story():
        terminal = terminal_of(street_of())
        for line in ("AT+CSCA", "AT+CSCA=", 'AT+CSCA="+4477x"', 'AT+CSCA="+447785016006",300'):
            assert await terminal.command(line) == ["+CMS ERROR: 304"], line
        assert await terminal.command("AT+CSCA?") == ['+CSCA: "+447785016005",145', "OK"]

    run(story())


def test_strings_are_coded_as_the_character_set_has_it(run, street_of, terminal_of):
    async def story():
        terminal = terminal_of(street_of())
        await terminal.command('AT+CMGF=1;+CSCS="HEX"')
        assert await terminal.command(f'AT+CMGS="{ANNA}"') == ["+CMS ERROR: 305"]
        terminal.type(f'AT+CMGS="{ANNA.encode().hex()}"\r'.encode())
        await terminal.sees("> ")
        terminal.type(b"68656C6C6F\x1a")
        await terminal.sees("OK")
        await terminal.command('AT+CSCS="UCS2"')
        street_mobile = "Street Mobile".encode("utf-16-be").hex().upper()
        assert await terminal.command("AT+COPS?") == [f'+COPS: 0,0,"{street_mobile}",7', "OK"]
        sca = "+447785016005".encode("utf-16-be").hex().upper()
        assert await terminal.command("AT+CSCA?") == [f'+CSCA: "{sca}",145', "OK"]
        assert await terminal.command(f'AT+CSCA="{UCS2_ANNA}"') == ["OK"]
        assert await terminal.command('AT+CSCS="GSM";+CSCA?') == [f'+CSCA: "{ANNA}",145', "OK"]
        await terminal.command('AT+CSCS="UCS2"')
        terminal.type(b'AT+CUSD=1,"002A0031003000300023",15\r')
        heard = await terminal.sees("+CUSD:")
        assert bytes.fromhex(heard.split('"')[1]).decode("utf-16-be").startswith("Your balance")

    run(story())


def test_numbers_stay_plain_in_hex_on_makers_types(run, street_of, terminal_of):
    async def story():
        terminal = terminal_of(street_of("sim800"))
        await terminal.command('AT+CMGF=1;+CSCS="HEX"')
        terminal.type(f'AT+CMGS="{ANNA}"\r'.encode())
        await terminal.sees("> ")

    run(story())


def test_an_answer_by_ussd_is_not_shown_after_a_0(run, street_of, terminal_of):
    async def story():
        terminal = terminal_of(street_of())
        await terminal.command('AT+CUSD=0,"*100#",15')
        assert await terminal.silence(5) == b""

    run(story())


def test_a_serial_number_in_its_forms(run, street_of, terminal_of):
    async def story():
        terminal = terminal_of(street_of())
        imei = (await terminal.command("AT+CGSN"))[0]
        assert await terminal.command("AT+CGSN=1") == [f'+CGSN: "{imei}"', "OK"]
        assert await terminal.command("AT+CGSN=4") == ["ERROR"]

    run(story())


@pytest.mark.parametrize("chunk", [100, 5000, 300_000])
@pytest.mark.parametrize("before", ["", "\x00junk"])
def test_a_line_without_end_is_an_error_when_it_ends(run, street_of, terminal_of, chunk, before):
    async def story():
        terminal = terminal_of(street_of())
        line = before.encode() + b"AT" + b"X" * 200_000 + b"\r"
        for start in range(0, len(line), chunk):
            terminal.type(line[start : start + chunk])
        assert await terminal.silence(1) == b"\r\nERROR\r\n"
        terminal.type(b"\xff" * 200_000 + b"AT+CREG?\r")
        assert await terminal.silence(1) == b"\r\n+CREG: 0,1\r\n\r\nOK\r\n"

    run(story())
