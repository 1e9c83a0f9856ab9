"""What clients ask while they set a modem up, answered as 27.005, 27.007 and V.250 have it."""

import pytest
from hwsim.alphabet import text_of, unpack

ANNA = "+447700900111"


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("ATS7?", ["060", "OK"]),
        ("ATS99?", ["ERROR"]),
        ("ATS99=1", ["ERROR"]),
        ("ATH0", ["OK"]),
        ("ATH5", ["ERROR"]),
        ("AT&W1", ["ERROR"]),
        ("AT+CSCB=2", ["+CMS ERROR: 303"]),
        ('AT+CSCB=0,"x"', ["+CMS ERROR: 303"]),
        ('AT+CSCB=1,"0-5,7";+CSCB?', ['+CSCB: 1,"0-5,7",""', "OK"]),
        ("AT+CSAS=?;+CRES=?", ["+CSAS: (0)", "+CRES: (0)", "OK"]),
        ("AT+CSAS=3", ["+CMS ERROR: 304"]),
        ("AT+CSAS?", ["ERROR"]),
        ("AT+CPOL=?", ["+CPOL: (1-8),(0-2)", "OK"]),
        ('AT+CPOL=,2,"23415";+CPOL=,2,"310410";+CPOL=1;+CPOL?', ['+CPOL: 2,2,"310410"', "OK"]),
        ('AT+CMEE=1;+CPOL=1,0,"Street"', ["+CME ERROR: 4"]),
        ('AT+CMEE=1;+CPINR="SIM PIN";+CPINR="X"', ["+CPINR: SIM PIN,3,3", "+CME ERROR: 50"]),
        ("AT+CMEE=1;+CPOL=9", ["+CME ERROR: 21"]),
        ("AT+CMEE=1;+CFUN=4;+COPS=?", ["+CME ERROR: 3"]),
    ],
)
def test_a_line_has_its_answer(run, street_of, terminal_of, line, answer):
    async def story():
        assert await terminal_of(street_of()).command(line) == answer

    run(story())


def test_text_parameters_come_back_by_cres_and_not_by_atz(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command('AT+CSMP=49,1,0,0;+CSCB=0,"5","";+CSAS')
        await terminal.command("AT+CSMP=17,3,0,0;&W;Z")
        street.modems["modem1"].reset(0.0)
        street.modems["modem1"].settings.echo = False
        assert await terminal.command("ATZ;+CSMP?") == ["+CSMP: 17,167,0,0", "OK"]
        assert await terminal.command("AT+CRES;+CSMP?;+CSCB?") == ["+CSMP: 49,1,0,0", '+CSCB: 0,"5",""', "OK"]

    run(story())


def test_a_cause_of_the_network_has_its_words(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        street.fault("modem1", {"kind": "refuse", "cms": 38})
        await terminal.command("AT+CMEE=2")
        assert await terminal.text(ANNA, "x") == ["+CMS ERROR: Network out of order"]

    run(story())


def test_ussd_has_menus_that_end_by_a_choice_a_cancel_or_waiting(run, street_of, terminal_of):
    async def story():
        terminal = terminal_of(street_of())

        async def asked(words):
            terminal.type(f'AT+CUSD=1,"{words}",15\r'.encode())
            return (await terminal.sees("+CUSD: ")).partition("+CUSD: ")[2].strip()

        menu = '1,"1 Balance, 2 Number",15'
        assert [await asked(words) for words in ("*111#", "9", "2")] == [
            menu, menu, '0,"Your number is +447700900001",15',
        ]  # fmt: skip
        assert await asked("2") == "4", "the session is over"
        assert await asked("*111#") == menu
        assert await terminal.command("AT+CUSD=2") == ["OK"]
        assert await terminal.silence(100) == b""
        assert await asked("*111#") == menu
        assert await terminal.silence(100) == b"\r\n+CUSD: 2\r\n"

    run(story())


def test_a_message_is_written_with_its_state_and_is_sent_when_the_network_took_it(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command("AT+CMGF=1")
        for word in ("STO SENT", "REC UNREAD", "STO UNSENT"):
            terminal.type(f'AT+CMGW="{ANNA}",145,"{word}"\r'.encode())
            await terminal.sees("> ")
            terminal.type(b"hi\x1a")
            await terminal.sees("OK")
        assert await terminal.command(f'AT+CMGW="{ANNA}",145,"ALL"') == ["+CMS ERROR: 305"]
        assert [line.split('"')[1] for line in await terminal.command('AT+CMGL="ALL"') if "+CMGL" in line] == [
            "STO SENT", "REC UNREAD", "STO UNSENT",
        ]  # fmt: skip
        street.fault("modem1", {"kind": "refuse", "cms": 38, "times": 1})
        assert await terminal.command("AT+CMSS=3") == ["+CMS ERROR: 38"]
        assert "STO UNSENT" in (await terminal.command("AT+CMGR=3"))[0]
        assert (await terminal.command("AT+CMSS=3"))[-1] == "OK"
        assert "STO SENT" in (await terminal.command("AT+CMGR=3"))[0]

    run(story())


@pytest.mark.parametrize("latency_s", [0.0, 3.0])
def test_what_stands_behind_a_send_is_done_after_it(run, street_of, terminal_of, latency_s):
    async def story():
        street = street_of()
        street.network.settings.latency_s = latency_s
        terminal = terminal_of(street)
        terminal.type(f'AT+CMGF=1;+CMGS="{ANNA}";+CSQ\r'.encode())
        await terminal.sees("> ")
        terminal.type(b"hi\x1a")
        assert "+CSQ: 20,99\r\n\r\nOK" in await terminal.sees("OK")
        assert len(street.ledger.accepted()) == 1

    run(story())


@pytest.mark.parametrize(
    ("body", "answer"), [("0000", "OK"), ("00", "304"), ("000", "304"), ("0100", "304"), ("xx", "304")]
)
def test_an_acknowledgement_with_a_pdu_is_looked_at(run, street_of, terminal_of, body, answer):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command("AT+CSMS=1;+CNMI=2,2,0,0,0")
        street.phones[ANNA].send("+447700900001", "hi")
        await terminal.sees("+CMT: ")
        terminal.type(b"AT+CNMA=1,2\r")
        await terminal.sees("> ")
        terminal.type(body.encode() + b"\x1a")
        assert answer in await terminal.sees("\r\n")

    run(story())


def test_a_call_rings_by_number_after_v0(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        terminal.type(b"ATV0\r")
        await terminal.silence(1)
        street.fault("modem1", {"kind": "ring", "seconds": 4})
        assert await terminal.silence(10) == b"2\r3\r"

    run(story())


def test_a_question_can_be_dialled(run, street_of, terminal_of):
    async def story():
        terminal = terminal_of(street_of())
        assert await terminal.command("AT+CUSD=1") == ["OK"]
        assert await terminal.command("ATD*100#;") == ["OK"]
        assert '+CUSD: 0,"Your balance' in await terminal.sees("+CUSD: ")
        assert await terminal.command("AT+CLCC") == ["OK"]

    run(story())


def test_huawei_takes_packed_septets_and_answers_in_them(run, street_of, terminal_of):
    async def story():
        terminal = terminal_of(street_of("huawei-e173"))
        terminal.type(b'AT+CUSD=1,"AA180C3602",15\r')
        octets = bytes.fromhex((await terminal.sees("+CUSD: ")).split('"')[1])
        words = text_of(unpack(octets, len(octets) * 8 // 7)).rstrip("@")
        assert words == "Your balance is 10.00"
        terminal.type(b'AT+CUSD=1,"*100#",15\r')
        assert f'"{words}"' in await terminal.sees("+CUSD: ")

    run(story())


def test_the_packet_side_of_lte_is_not_there_by_gsm_and_sms_only_is_registered(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        assert await terminal.command("AT+CEREG=1;+CREG=2;+CEREG?") == ["+CEREG: 1,1", "OK"]
        street.fault("modem1", {"kind": "access", "act": 0})
        assert await terminal.silence(1) == b'\r\n+CREG: 1,"00C3","0001A2F1",0\r\n\r\n+CEREG: 0\r\n'
        await terminal.command("AT+CEREG=0;+CREG=0")
        street.fault("modem1", {"kind": "registration", "stat": 6})
        answer = await terminal.command("AT+CEREG?;+CREG?;+COPS?")
        assert answer == ["+CEREG: 0,0", "+CREG: 0,6", '+COPS: 0,0,"Street Mobile",0', "OK"]

    run(story())


def test_an_unknown_command_is_no_bare_error_everywhere(run, street_of, terminal_of):
    async def story():
        terminal = terminal_of(street_of("sim800"))
        assert await terminal.command("AT^NONE") == ["ERROR"]
        assert await terminal.command("AT+CMEE=1") == ["OK"]
        assert await terminal.command("AT^NONE") == ["+CME ERROR: 100"]

    run(story())


def test_a_text_may_ask_that_duplicates_are_rejected(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command("AT+CMGF=1;+CSMP=21,167,0,0")
        terminal.type(f'AT+CMGS="{ANNA}"\r'.encode())
        await terminal.sees("> ")
        terminal.type(b"hi\x1a")
        await terminal.sees("OK")
        assert street.ledger.accepted()[0]["tpdu"].startswith("15")

    run(story())
