"""What comes in: +CNMI, +CNMA, storages, listing (3GPP TS 27.005 3.4, 4.1, 4.2)."""

import pytest
from hwsim.fields import take_sca
from hwsim.tpdu import decode_deliver, decode_status_report, put_user_data

ANNA, MODEM = "+447700900111", "+447700900001"


def delivered(line):
    octets = bytes.fromhex(line)
    return decode_deliver(octets[take_sca(octets)[1] :])


def test_cmti_names_memory_and_index_and_the_message_can_be_read_once_as_unread(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command('AT+CPMS="ME","ME","ME";+CNMI=2,1,0,0')
        street.phones[ANNA].send(MODEM, "ok 42 ✓")
        assert await terminal.sees("+CMTI") == '\r\n+CMTI: "ME",1\r\n'
        head, pdu, final = await terminal.command("AT+CMGR=1")
        assert head == f"+CMGR: 0,,{len(pdu) // 2 - 8}"
        assert (str(delivered(pdu).sender), delivered(pdu).data.text, final) == (ANNA, "ok 42 ✓", "OK")
        assert (await terminal.command("AT+CMGR=1"))[0].startswith("+CMGR: 1,")
        assert await terminal.command("AT+CMGD=1") == ["OK"]
        assert await terminal.command("AT+CMGR=1") == ["+CMS ERROR: 321"]
        assert await terminal.command("AT+CMGD=1") == ["+CMS ERROR: 321"]
        assert await terminal.command("AT+CMGR=999") == ["+CMS ERROR: 321"]

    run(story())


def test_a_listing_by_status_and_deleting_by_flag(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        for word in ("one", "two", "three"):
            street.phones[ANNA].send(MODEM, word)
        await terminal.silence(1)
        await terminal.command("AT+CMGR=2")
        unread = await terminal.command("AT+CMGL=0")
        assert [line for line in unread if line.startswith("+CMGL")] == ["+CMGL: 1,0,,22", "+CMGL: 3,0,,24"]
        assert await terminal.command("AT+CMGL=0") == ["OK"], "what was listed is read"
        assert await terminal.command("AT+CMGD=?") == ["+CMGD: (1,2,3),(0-4)", "OK"]
        assert await terminal.command("AT+CMGD=1,1") == ["OK"]
        assert await terminal.command("AT+CMGL=4") == ["OK"]

    run(story())


def test_text_mode_lists_and_routes(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command("AT+CMGF=1;+CNMI=2,1,0,1")
        street.phones[ANNA].send(MODEM, "first")
        await terminal.sees("+CMTI")
        assert await terminal.command('AT+CMGL="ALL"') == [
            f'+CMGL: 1,"REC UNREAD","{ANNA}",,"23/11/14,22:13:20+00"',
            "first",
            "OK",
        ]
        await terminal.command("AT+CSDH=1;+CNMI=2,2")
        street.phones[ANNA].send(MODEM, "second")
        await terminal.silence(0)
        heard = await terminal.sees("second")
        assert heard.startswith(f'\r\n+CMT: "{ANNA}",,"23/11/14,22:13:20+00",145,4,0,0,"+447785016005",145,6\r\nsecond')
        await terminal.command("AT+CSMP=49,167,0,0")
        terminal.type(f'AT+CMGS="{ANNA}"\r'.encode())
        await terminal.sees("> ")
        terminal.type(b"in two\rlines\x1a")
        heard = await terminal.sees("+CDS")
        assert "+CDS: 6," in heard
        assert street.phones[ANNA].inbox[-1].text == "in two\rlines"

    run(story())


def test_text_mode_in_ucs2(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command('AT+CMGF=1;+CSCS="UCS2";+CSMP=17,167,0,8')
        terminal.type(b'AT+CMGS="%s"\r' % ANNA.encode("utf-16-be").hex().encode())
        await terminal.sees("> ")
        terminal.type("готово".encode("utf-16-be").hex().upper().encode() + b"\x1a")
        await terminal.sees("OK")
        assert street.phones[ANNA].inbox[-1].text == "готово"
        street.phones[ANNA].send(MODEM, "да")
        await terminal.silence(1)
        lines = await terminal.command('AT+CMGL="ALL"')
        assert lines[1] == "да".encode("utf-16-be").hex().upper()

    run(story())


def test_reports_are_routed_or_stored_or_dropped(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command("AT+CNMI=2,1,0,1")
        mr = int((await terminal.text(ANNA, "x", report=True))[0].split()[1])
        head, pdu = (await terminal.sees("+CDS", 5)).strip().split("\r\n")
        octets = bytes.fromhex(pdu)
        report = decode_status_report(octets[take_sca(octets)[1] :])
        assert (head, report.mr, report.status, str(report.to)) == ("+CDS: 25", mr, 0, ANNA)
        await terminal.command("AT+CNMI=2,1,0,2")
        await terminal.text(ANNA, "x", report=True)
        assert await terminal.sees("+CDSI") == '\r\n+CDSI: "SR",1\r\n'
        assert (await terminal.command('AT+CPMS="SR";+CMGR=1'))[1].startswith("+CMGR: 0,,25")
        await terminal.command("AT+CNMI=2,1,0,0")
        await terminal.text(ANNA, "x", report=True)
        assert await terminal.silence(5) == b""

    run(story())


def test_phase_2_plus_must_acknowledge_before_the_next_message(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command("AT+CSMS=1;+CNMI=2,2,0,1")
        street.phones[ANNA].send(MODEM, "one")
        street.phones[ANNA].send(MODEM, "two")
        heard = await terminal.silence(10)
        assert heard.count(b"+CMT:") == 1
        terminal.type(b"AT+CNMA\r")
        heard = await terminal.silence(5)
        assert heard.startswith(b"\r\nOK\r\n\r\n+CMT:")
        assert heard.count(b"+CMT:") == 1
        assert await terminal.command("AT+CNMA=1") == ["OK"]
        assert await terminal.command("AT+CNMA=0") == ["+CMS ERROR: 340"]
        assert [entry["event"] for entry in street.ledger.entries].count("delivered") == 2

    run(story())


def test_a_missed_acknowledgement_ends_notifications_and_the_message_comes_again(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command("AT+CSMS=1;+CNMI=2,2,0,1")
        street.phones[ANNA].send(MODEM, "one")
        await terminal.sees("+CMT:")
        assert await terminal.silence(16) == b"", "nothing is said"
        assert await terminal.command("AT+CNMI?") == ["+CNMI: 2,0,0,0,0", "OK"]
        await terminal.command("AT+CNMI=2,2,0,1")
        assert "+CMT:" in await terminal.sees("+CMT:", 60), "the network tries again after 30 s"
        assert await terminal.command("AT+CNMA") == ["OK"]

    run(story())


def test_mode_0_keeps_codes_in_the_modem_until_it_is_left(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command("AT+CNMI=0,1,0,0,0")
        street.phones[ANNA].send(MODEM, "one")
        assert await terminal.silence(5) == b""
        terminal.type(b"AT+CNMI=2,1,0,0,0\r")
        assert await terminal.silence(1) == b'\r\nOK\r\n\r\n+CMTI: "SM",1\r\n'
        await terminal.command("AT+CNMI=0,1,0,0,0")
        street.phones[ANNA].send(MODEM, "two")
        await terminal.silence(5)
        terminal.type(b"AT+CNMI=2,1,0,0,1\r")
        assert await terminal.silence(1) == b"\r\nOK\r\n", "<bfr> 1 clears the buffer"

    run(story())


def test_codes_wait_for_the_end_of_a_command(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command("AT+CNMI=2,1")
        street.network.settings.latency_s = 5
        terminal.type(b"AT+CMGS=25\r")
        street.phones[ANNA].send(MODEM, "one")
        assert await terminal.silence(5) == b"\r\n> "
        terminal.type(b"0021000C9144770009101100000DE8329BFD066D50F9777D9302\x1a")
        assert await terminal.silence(4) == b""
        heard = await terminal.silence(4)
        assert heard.endswith(b'OK\r\n\r\n+CMTI: "SM",1\r\n')

    run(story())


def test_a_full_memory_makes_the_network_wait_until_there_is_room(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command("AT+CNMI=2,1")
        street.fault("modem1", {"kind": "storage_full", "free": 1})
        street.phones[ANNA].send(MODEM, "one")
        street.phones[ANNA].send(MODEM, "two")
        heard = await terminal.silence(5)
        assert heard.count(b"+CMTI") == 1
        assert street.network.waiting(MODEM) == 1
        await terminal.command("AT+CMGD=3")
        assert await terminal.sees("+CMTI", 5) == '\r\n+CMTI: "SM",3\r\n'

    run(story())


def test_huawei_says_full_and_stops_to_notify(run, street_of, terminal_of):
    async def story():
        street = street_of("huawei-e173")
        terminal = terminal_of(street)
        assert await terminal.command("AT+CNMI=2,1") == ["+CMS ERROR: 303"], "advertised and refused"
        await terminal.command("AT+CNMI=1,1,0,2,0")
        street.fault("modem1", {"kind": "storage_full", "free": 1})
        street.phones[ANNA].send(MODEM, "one")
        street.phones[ANNA].send(MODEM, "two")
        assert await terminal.silence(2) == b'\r\n^SMMEMFULL: "ME"\r\n'
        assert await terminal.command("AT+CMGD=0") == ["OK"]
        assert "+CMTI" not in (await terminal.silence(2)).decode(), "it is full again at once"

    run(story())


@pytest.mark.parametrize(("dcs", "where"), [(0xF1, '"ME",1'), (0xF2, '"SM",1'), (0xF0, '"ME",1')])
def test_classes_choose_the_memory(run, street_of, terminal_of, dcs, where):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command('AT+CPMS="ME","ME","ME";+CNMI=2,1')
        street.network.originate(ANNA, MODEM, put_user_data("x", None, dcs))
        assert await terminal.sees("+CMTI") == f"\r\n+CMTI: {where}\r\n"

    run(story())


@pytest.mark.parametrize(
    ("route", "dcs", "heard"),
    [
        (2, 0, b"+CMT:"),
        (2, 0xF2, b'+CMTI: "SM",1'),
        (2, 0xD0, b'+CMTI: "ME",1'),
        (3, 0, b'+CMTI: "ME",1'),
        (3, 0xF1, b'+CMTI: "ME",1'),
        (3, 0xF2, b'+CMTI: "SM",1'),
        (3, 0xF3, b"+CMT:"),
        (0, 0, b""),
    ],
)
def test_what_is_not_routed_is_indicated(run, street_of, terminal_of, route, dcs, heard):
    """27.005 3.4.1, <mt> 2 and 3."""

    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command(f'AT+CPMS="ME","ME","ME";+CNMI=2,{route}')
        street.network.originate(ANNA, MODEM, put_user_data("x", None, dcs))
        assert (await terminal.silence(2)).strip().startswith(heard)

    run(story())


def test_type_0_is_silent(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command("AT+CNMI=2,1")
        street.phones[ANNA].send(MODEM, "x", pid=0x40)
        assert await terminal.silence(5) == b""
        assert street.ledger.delivered(MODEM)

    run(story())


def test_written_messages_are_sent_from_the_store(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        terminal.type(b"AT+CMGW=25\r")
        await terminal.sees("> ")
        terminal.type(b"0021000C9144770009101100000DE8329BFD066D50F9777D9302\x1a")
        assert "+CMGW: 1" in await terminal.sees("OK")
        assert (await terminal.command("AT+CMGL=2"))[0] == "+CMGL: 1,2,,25"
        assert (await terminal.command("AT+CMSS=1"))[0].startswith("+CMSS: ")
        assert (await terminal.command('AT+CMSS=1,"+447700900112"'))[-1] == "OK"
        assert [entry["to"] for entry in street.ledger.accepted()] == [ANNA, "+447700900112"]
        assert (await terminal.command("AT+CMGL=3"))[0] == "+CMGL: 1,3,,25"
        assert await terminal.command("AT+CMSS=2") == ["+CMS ERROR: 321"]

    run(story())


def test_mt_lists_both_memories_with_one_count(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command('AT+CPMS="MT","ME","ME"')
        street.phones[ANNA].send(MODEM, "in ME")
        street.network.originate(ANNA, MODEM, put_user_data("on SIM", None, 0xF2))
        await terminal.silence(1)
        heads = [line for line in await terminal.command("AT+CMGL=4") if line.startswith("+CMGL")]
        assert [head.split(",")[0] for head in heads] == ["+CMGL: 1", "+CMGL: 101"]
        assert await terminal.command("AT+CMGD=101") == ["OK"]
        assert not street.modems["modem1"].sim.slots.stored

    run(story())
