"""The command line: framing, echo, results, chains, prompts (ITU-T V.250; 3GPP TS 27.005 3.5.1, 27.007)."""

import pytest
from hwsim.at_line import BadLine, Request, requests_of, split_values


def test_a_line_is_cut_into_requests():
    assert requests_of("E0V1&C1+CMEE=1;+CSQ;^CURC=0;D*100#") == [
        Request("E", "run", "0"),
        Request("V", "run", "1"),
        Request("&C", "run", "1"),
        Request("+CMEE", "set", "1"),
        Request("+CSQ", "run"),
        Request("^CURC", "set", "0"),
        Request("D", "run", "*100#"),
    ]
    assert requests_of("+cpms?;+CNMI=?") == [Request("+CPMS", "read"), Request("+CNMI", "test")]
    assert requests_of('+CSCA="a;b",145') == [Request("+CSCA", "set", '"a;b",145')]
    assert requests_of("S0=0S7?") == [Request("S", "set", "0,0"), Request("S", "read", "7")]


@pytest.mark.parametrize("line", ["+", "+CSQ!", "1", "&", "?"])
def test_a_bad_line_is_told(line):
    with pytest.raises(BadLine):
        requests_of(line)


def test_values_keep_commas_in_quotes():
    assert split_values('"SM",,"a,b", 3') == ["SM", "", "a,b", "3"]


@pytest.mark.parametrize("chunk", [1, 2, 3, 100])
def test_any_chunking_gives_the_same_bytes(run, street_of, terminal_of, chunk):
    async def story():
        street = street_of()
        street.modems["modem1"].settings.echo = True
        terminal = terminal_of(street)
        sent = b"AT+CMGF=0;+CSCS?\rATE0\rAT+CSQ\r"
        for start in range(0, len(sent), chunk):
            terminal.type(sent[start : start + chunk])
        heard = await terminal.until(lambda heard: heard.count(b"OK\r\n") == 3)
        assert heard == (
            b'AT+CMGF=0;+CSCS?\r\r\n+CSCS: "IRA"\r\n\r\nOK\r\nATE0\r\r\nOK\r\n\r\n+CSQ: 20,99\r\n\r\nOK\r\n'
        )

    run(story())


def test_results_obey_v_q_and_cmee(run, street_of, terminal_of):
    async def story():
        terminal = terminal_of(street_of())
        terminal.type(b"ATV0\r")
        assert await terminal.silence(1) == b"0\r"
        terminal.type(b"AT+CSQ\r")
        assert await terminal.silence(1) == b"+CSQ: 20,99\r\n0\r"
        terminal.type(b"AT+NONE\r")
        assert await terminal.silence(1) == b"4\r"
        assert await terminal.command("ATV1") == ["OK"]
        assert await terminal.command("AT+CSCS=FOO") == ["ERROR"]
        assert await terminal.command("AT+CMEE=1;+CSCS=FOO") == ["+CME ERROR: 50"]
        assert await terminal.command("AT+CMEE=2;+CSCS=FOO") == ["+CME ERROR: incorrect parameters"]
        assert await terminal.command("AT+CMGR=9") == ["+CMS ERROR: invalid memory index"]
        terminal.type(b"ATQ1\rAT\rAT+NONE\r")
        assert await terminal.silence(1) == b""
        assert await terminal.command("ATQ0") == ["OK"]

    run(story())


def test_case_spaces_garbage_backspace_and_line_feeds_are_forgiven(run, street_of, terminal_of):
    async def story():
        terminal = terminal_of(street_of())
        assert await terminal.command("at+cmgf = 0") == ["OK"]
        assert await terminal.command("\x1b\x00xyzAT+CMGF?") == ["+CMGF: 0", "OK"]
        assert await terminal.command("AT+CSX\x08Q") == ["+CSQ: 20,99", "OK"]
        assert await terminal.command("\nAT") == ["OK"]
        terminal.type(b"hello\r\r\n")
        assert await terminal.silence(1) == b""
        terminal.type(b"AT\n")
        assert await terminal.silence(1) == b"", "only CR ends a command"
        assert await terminal.command("") == ["OK"]

    run(story())


def test_a_chain_ends_at_its_first_error(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        assert await terminal.command("AT+CSQ;+NONE;+CMGF=1") == ["+CSQ: 20,99", "ERROR"]
        assert not street.modems["modem1"].settings.text_mode
        assert await terminal.command("AT+CMGF=1;+CSQ!") == ["ERROR"]
        assert not street.modems["modem1"].settings.text_mode

    run(story())


def test_a_slash_repeats_the_last_line_without_a_cr(run, street_of, terminal_of):
    async def story():
        terminal = terminal_of(street_of())
        await terminal.command("AT+CMGF?")
        terminal.type(b"A/")
        assert await terminal.sees("OK") == "\r\n+CMGF: 0\r\n\r\nOK\r\n"
        for typed in (b"A/\r", b"a/\r\n", b"\r\nA/"):
            terminal.type(typed)
            assert await terminal.silence(1) == b"\r\n+CMGF: 0\r\n\r\nOK\r\n"

    run(story())


def test_the_prompt_is_exact_esc_cancels_and_ctrl_z_submits(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        terminal.type(b"AT+CMGS=25\r")
        assert await terminal.silence(60) == b"\r\n> "
        terminal.type(b"0021000C91\x1b")
        assert await terminal.silence(1) == b"\r\nOK\r\n"
        assert not street.ledger.accepted()
        answer = await terminal.text("+447700900111", "hello")
        assert answer[0].startswith("+CMGS: ")
        assert answer[1] == "OK"

    run(story())


@pytest.mark.parametrize("chunk", [1, 7, 1000])
def test_a_pdu_is_echoed_and_taken_in_any_chunking(run, street_of, terminal_of, chunk):
    async def story():
        street = street_of()
        street.modems["modem1"].settings.echo = True
        terminal = terminal_of(street)
        pdu = b"0021000C9144770009101100000DE8329BFD066D50F9777D9302"
        sent = b"AT+CMGS=25\r" + pdu + b"\x1a"
        for start in range(0, len(sent), chunk):
            terminal.type(sent[start : start + chunk])
        heard = await terminal.sees("OK")
        assert heard.startswith("AT+CMGS=25\r\r\n> " + pdu.decode() + "\r\n+CMGS: ")
        assert [entry["text"] for entry in street.ledger.accepted()] == ["hello {you}"]

    run(story())


PDU = "21000C9144770009101100000DE8329BFD066D50F9777D9302"


@pytest.mark.parametrize(
    ("length", "body", "code"),
    [
        (24, "00" + PDU, 304),
        (26, "00" + PDU, 304),
        (25, "00" + PDU[:-1], 304),
        (25, "00" + PDU[:-1] + "G", 304),
        (25, "00" + PDU[:-2] + " 02", 304),
        (25, "00" + PDU.replace("0C91", "0D91"), 304),
        (25, "00" + PDU.replace("000DE8", "000CE8"), 304),
        (25, "00" + PDU.replace("000DE8", "000FE8"), 304),
        (25, "00" + PDU.replace("00000DE8", "002C0DE8"), 144),
        (25, "0191" + PDU, 304),
        (25, "", 304),
    ],
)
def test_a_wrong_pdu_is_refused(run, street_of, terminal_of, length, body, code):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        terminal.type(b"AT+CMGS=%d\r" % length)
        await terminal.sees("> ")
        terminal.type(body.encode() + b"\x1a")
        heard = await terminal.sees("\r\n", 5)
        assert heard == f"\r\n+CMS ERROR: {code}\r\n"
        assert not street.ledger.accepted()

    run(story())


@pytest.mark.parametrize("length", ["", "x", "6", "176", "-1"])
def test_an_impossible_length_gets_no_prompt(run, street_of, terminal_of, length):
    async def story():
        terminal = terminal_of(street_of())
        assert await terminal.command(f"AT+CMGS={length}") == ["+CMS ERROR: 304"]

    run(story())


def test_without_any_sc_address_nothing_goes_out(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        assert await terminal.command('AT+CSCA=""') == ["OK"]
        assert await terminal.text("+447700900111", "hello") == ["+CMS ERROR: 330"]
        assert await terminal.command('AT+CSCA="+447785016005",145') == ["OK"]
        assert await terminal.command("AT+CSCA?") == ['+CSCA: "+447785016005",145', "OK"]
        assert (await terminal.text("+447700900111", "hello"))[-1] == "OK"

    run(story())


@pytest.mark.parametrize(
    ("during", "heard_later"),
    [("queue", b"\r\n+CMGS: 35\r\n\r\nOK\r\n\r\nOK\r\n"), ("lost", b"\r\n+CMGS: 35\r\n\r\nOK\r\n"), ("abort", b"")],
)
def test_characters_during_a_command_are_kept_lost_or_its_end(run, street_of, terminal_of, during, heard_later):
    from dataclasses import replace

    async def story():
        street = street_of()
        modem = street.modems["modem1"]
        modem.personality = replace(modem.personality, during_command=during)
        modem.mr = 34
        street.network.settings.latency_s = 5.0
        terminal = terminal_of(street)
        terminal.type(b"AT+CMGS=25\r00" + PDU.encode() + b"\x1a")
        assert await terminal.silence(1) == b"\r\n> "
        terminal.type(b"AT\r")
        assert await terminal.silence(1) == (b"\r\nERROR\r\n" if during == "abort" else b"")
        assert await terminal.silence(10) == heard_later

    run(story())


def test_mr_counts_parts_and_wraps(run, street_of, terminal_of):
    async def story():
        street = street_of()
        street.modems["modem1"].mr = 254
        terminal = terminal_of(street)
        answers = [(await terminal.text("+447700900111", "x"))[0] for _ in range(3)]
        assert answers == ["+CMGS: 255", "+CMGS: 0", "+CMGS: 1"]

    run(story())


GOOD = {
    "ATI": ["gatewayd", "HWSIM", "1.0", "OK"],
    "AT+CGMI": ["gatewayd", "OK"],
    "AT+CREG?": ["+CREG: 0,1", "OK"],
    "AT+CREG=2;+CREG?": ['+CREG: 2,1,"00C3","0001A2F1",7', "OK"],
    "AT+CEREG?": ["+CEREG: 0,1", "OK"],
    "AT+CREG=?": ["+CREG: (0-2)", "OK"],
    "AT+COPS?": ['+COPS: 0,0,"Street Mobile",7', "OK"],
    "AT+COPS=3,2;+COPS?": ['+COPS: 0,2,"23499",7', "OK"],
    "AT+CPIN?": ["+CPIN: READY", "OK"],
    "AT+CPINR": ["+CPINR: SIM PIN,3,3", "+CPINR: SIM PUK,10,10", "OK"],
    "AT+CFUN?": ["+CFUN: 1", "OK"],
    "AT+CSMS?": ["+CSMS: 0,1,1,1", "OK"],
    "AT+CSMS=1": ["+CSMS: 1,1,1", "OK"],
    "AT+CMGF=?": ["+CMGF: (0,1)", "OK"],
    "AT+CNMI=2,1,0,1;+CNMI?": ["+CNMI: 2,1,0,1,0", "OK"],
    "AT+CNMI=9": ["+CMS ERROR: 303"],
    'AT+CPMS="ME","SM","MT"': ["+CPMS: 0,100,0,30,0,130", "OK"],
    'AT+CPMS="XX"': ["+CMS ERROR: 302"],
    "AT+CMMS=2;+CMMS?": ["+CMMS: 2", "OK"],
    "AT+CGSMS?": ["+CGSMS: 3", "OK"],
    "AT+CPAS": ["+CPAS: 0", "OK"],
    "ATH": ["OK"],
    "ATO": ["NO CARRIER"],
    "ATZ0": ["OK"],
    "AT&F0X4&C1&D2S7=60": ["OK"],
    "ATD123;": ["OK"],
    "ATD123": ["NO CARRIER"],
    "AT+GCAP": ["+GCAP: +CGSM,+DS,+ES", "OK"],
    "AT+WS46?": ["+WS46: 25", "OK"],
    "ATS3?": ["013", "OK"],
    "AT&F&C1&D0S0=0": ["OK"],
    "AT+CIMI=?": ["OK"],
    "AT+CCLK?": ['+CCLK: "23/11/14,22:13:20+00"', "OK"],
}


@pytest.mark.parametrize("line", GOOD)
def test_commands_answer(run, street_of, terminal_of, line):
    async def story():
        assert await terminal_of(street_of()).command(line) == GOOD[line]

    run(story())


def test_a_scan_takes_its_time_and_blocks_the_port(run, street_of, terminal_of):
    async def story():
        terminal = terminal_of(street_of())
        terminal.type(b"AT+COPS=?\rAT\r")
        assert await terminal.silence(19) == b""
        assert (await terminal.silence(5)).startswith(b'\r\n+COPS: (2,"Street Mobile"')

    run(story())


def test_clac_names_what_the_modem_knows(run, street_of, terminal_of):
    async def story():
        names = await terminal_of(street_of()).command("AT+CLAC")
        assert {"AT+CMGS", "AT+CNMI", "AT+CPIN"} <= set(names)
        assert not {"AT+QPINC", "AT+SPIC", "AT+UPINCNT", "AT+ZPINPUK", "AT+CPINC", "AT+ZGETICCID", "AT+ICCID"} & set(
            names
        )
        assert await terminal_of(street_of()).command("AT+QPINC") == ["ERROR"]
        assert "AT+UPINCNT" in await terminal_of(street_of("ublox-sara")).command("AT+CLAC")

    run(story())


def test_characters_of_the_line_are_those_of_its_registers(run, street_of, terminal_of):
    """V.250 6.2.1 to 6.2.3: S3 ends a line, here and there, S4 follows it, S5 takes a character back."""

    async def story():
        terminal = terminal_of(street_of())
        terminal.type(b"ATS4=42\r")
        assert await terminal.silence(1) == b"\r*OK\r*"
        terminal.type(b"ATS4=10S3=59\r")
        assert await terminal.silence(1) == b";\nOK;\n"
        terminal.type(b"AT\rS5=127;ATI\x7fS5?;")
        assert await terminal.silence(1) == b";\nOK;\n;\n127;\n;\nOK;\n"
        terminal.type(b"AT&F;")
        assert await terminal.silence(1) == b"\r\nOK\r\n"

    run(story())


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("AT+CSQ=1", "+CME ERROR: 50"),
        ("AT+CSCS=GSM", "+CME ERROR: 50"),
        ('AT+CLIP="1"', "+CME ERROR: 50"),
        ("AT+CPMS=SM", "+CMS ERROR: 302"),
        ("AT+CMGS=20,5", "+CMS ERROR: 304"),
        ('AT+CMGF=1;+CMGS="447700900111","145"', "+CMS ERROR: 305"),
        ("AT+CMGF=1;+CMGL=ALL", "+CMS ERROR: 305"),
        ('AT+CNMI="2",1', "+CMS ERROR: 303"),
    ],
)
def test_strings_and_numbers_are_told_apart_and_the_makers_types_do_not_mind(run, street_of, terminal_of, line, answer):
    async def story():
        terminal = terminal_of(street_of())
        assert await terminal.command("AT+CMEE=1") == ["OK"]
        assert await terminal.command(line) == [answer]
        terminal = terminal_of(street_of("sim800"))
        terminal.type(f"{line}\r".encode())
        heard = await terminal.silence(1)
        assert heard.endswith((b"OK\r\n", b"> "))

    run(story())


@pytest.mark.parametrize(
    "line",
    [
        "ATS",
        "ATS3=",
        "ATS" + "1" * 3000,
        "ATX" + "1" * 3000,
        "AT+IPR=300",
        "AT+IFC=9,9",
        "AT+CMUT=2",
        'AT+CCLK="now"',
        "AT+CSQ?",
        "AT+CIMI?",
        "AT+CMGL?",
        "AT+CNMA?",
        "AT*CIMI",
        "ATS3=128",
        "ATS0=256",
        "ATS7=0",
        "ATS10=255",
        "ATZ5",
        "AT&F1",
        "ATX5",
        "AT&D3",
        "AT&C9",
        "ATL4",
        "ATE2",
        "ATE0X9",
    ],
)
def test_what_is_out_of_range_is_an_error(run, street_of, terminal_of, line):
    async def story():
        assert await terminal_of(street_of()).command(line) == ["ERROR"]

    run(story())


def test_registration_changes_are_told_to_who_asked(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command("AT+CREG=1")
        await terminal.command("AT+CEREG=2")
        street.fault("modem1", {"kind": "registration", "stat": 2, "seconds": 30})
        heard = await terminal.silence(1)
        assert heard == b"\r\n+CREG: 2\r\n\r\n+CEREG: 2\r\n"
        assert await terminal.text("+447700900111", "x") == ["+CMS ERROR: 331"]
        heard = await terminal.silence(30)
        assert heard == b'\r\n+CREG: 1\r\n\r\n+CEREG: 1,"00C3","0001A2F1",7\r\n'

    run(story())


def test_radio_off_is_not_registered(run, street_of, terminal_of):
    async def story():
        terminal = terminal_of(street_of())
        assert await terminal.command("AT+CFUN=0") == ["OK"]
        assert await terminal.command("AT+CREG?") == ["+CREG: 0,0", "OK"]
        assert await terminal.command("AT+CSQ") == ["+CSQ: 99,99", "OK"]
        assert await terminal.command("AT+COPS?") == ["+COPS: 0", "OK"]
        assert await terminal.command("AT+CFUN=1") == ["OK"]
        assert await terminal.command("AT+CREG?") == ["+CREG: 0,1", "OK"]

    run(story())
