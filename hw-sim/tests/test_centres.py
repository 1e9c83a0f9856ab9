"""Which service centre a submission is for (3GPP TS 24.011, 27.005 3.3.1), and commands to it (23.040 9.2.2.4)."""

import pytest
from hwsim.faults import FaultError
from hwsim.fields import address_of, put_address, put_sca
from hwsim.settings_by_name import configure
from hwsim.tpdu import encode_submit, put_user_data

ANNA, BEN = "+447700900111", "+447700900112"
WRONG = put_sca(address_of("+447700900999")).hex()
OURS = put_sca(address_of("+447785016005")).hex()


def submit_to(number, **more):
    return encode_submit(address_of(number), put_user_data("hello"), **more)


def command_of(kind, number, to, first=2):
    return bytes([first, 0, 0, kind, number]) + put_address(address_of(to)) + b"\0"


@pytest.mark.parametrize(
    ("kind", "code"), [("generic", 330), ("sim800", 28), ("wavecom-q24", 514), ("telit-le910-patient", 330)]
)
def test_a_centre_that_is_not_there_takes_nothing_and_the_ledger_says_why(run, street_of, terminal_of, kind, code):
    async def story():
        street = street_of(kind)
        terminal = terminal_of(street)
        assert await terminal.submit(submit_to(ANNA), sca=WRONG) == [f"+CMS ERROR: {code}"]
        refused = street.ledger.select("refused")[-1]
        assert (refused["cms"], refused["why"]) == (code, "no service centre +447700900999")
        assert await terminal.command('AT+CSCA="+447700900999",145') == ["OK"]
        assert await terminal.submit(submit_to(ANNA)) == [f"+CMS ERROR: {code}"]
        assert not street.ledger.accepted()
        assert (await terminal.submit(submit_to(ANNA), sca=OURS))[-1] == "OK"

    run(story())


def test_a_network_may_say_nothing_of_a_centre_or_take_any(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        street.network.settings.unknown_centres = "silence"
        began = street.loop.time()
        assert await terminal.submit(submit_to(ANNA), sca=WRONG, timeout_s=60) == ["+CMS ERROR: 332"]
        assert street.loop.time() - began == 40.0
        with pytest.raises(FaultError, match="'centres' is no number: 'north'"):
            configure(street.network.settings, {"centres": ["north"]})
        configure(street.network.settings, {"centres": []})
        assert (await terminal.submit(submit_to(ANNA), sca=WRONG))[-1] == "OK"

    run(story())


def test_a_stored_message_keeps_its_centre_and_an_arrived_one_has_the_networks(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        tpdu = submit_to(ANNA)
        terminal.type(b"AT+CMGW=%d\r" % len(tpdu))
        await terminal.sees("> ")
        terminal.type(WRONG.encode() + tpdu.hex().encode() + b"\x1a")
        await terminal.sees("OK")
        assert (await terminal.command("AT+CMGR=1"))[1] == (WRONG + tpdu.hex()).upper()
        assert await terminal.command("AT+CMSS=1") == ["+CMS ERROR: 330"]
        await terminal.command('AT+CSCA="+447700900999"')
        street.phones[ANNA].send("+447700900001", "hi")
        await terminal.silence(1)
        assert (await terminal.command("AT+CMGR=2"))[1].startswith(OURS.upper())

    run(story())


async def _order(terminal, octets, sca="00"):
    terminal.type(b"AT+CMGC=%d\r" % len(octets))
    await terminal.until(lambda heard: heard.endswith(b"\r\n> "))
    terminal.type(sca.encode() + octets.hex().encode() + b"\x1a")
    heard = await terminal.until(lambda heard: b"OK\r\n" in heard or b"ERROR" in heard)
    return heard.decode().split()


def test_a_message_that_waits_can_be_asked_for_and_deleted(run, street_of, terminal_of):
    async def story():
        street = street_of()
        street.phones[ANNA].switch(on=False)
        terminal = terminal_of(street)
        await terminal.command("AT+CNMI=2,1,0,1,0")
        mr = int((await terminal.submit(submit_to(ANNA)))[0].removeprefix("+CMGS: "))
        assert await _order(terminal, command_of(0, mr, ANNA)) == ["+CMGC:", str((mr + 1) % 256), "OK"]
        report = bytes.fromhex((await terminal.sees("+CDS:")).split()[-1])[8:]
        assert (report[0], report[1], report[-1]) == (0x26, (mr + 1) % 256, 0x22)
        assert (await _order(terminal, command_of(2, mr, ANNA)))[-1] == "OK"
        street.phones[ANNA].switch(on=True)
        await terminal.silence(100)
        assert not street.phones[ANNA].inbox
        assert await _order(terminal, command_of(2, mr, ANNA)) == ["+CMS", "ERROR:", "160"]
        assert await _order(terminal, command_of(9, mr, ANNA)) == ["+CMS", "ERROR:", "161"]
        assert await _order(terminal, command_of(0, mr, ANNA), WRONG) == ["+CMS", "ERROR:", "330"]
        assert await _order(terminal, command_of(0, mr, ANNA)[:-1]) == ["+CMS", "ERROR:", "304"]
        assert [entry["kind"] for entry in street.ledger.select("command")] == [0, 2, 2, 9]

    run(story())


def test_a_report_can_be_asked_for_afterwards_in_text_mode(run, street_of, terminal_of):
    async def story():
        street = street_of()
        street.phones[ANNA].switch(on=False)
        terminal = terminal_of(street)
        mr = int((await terminal.submit(submit_to(ANNA)))[0].removeprefix("+CMGS: "))
        await terminal.command("AT+CMGF=1;+CNMI=2,1,0,1,0")
        assert await terminal.command("AT+CMGC=2,3") == ["+CMS ERROR: 305"]
        assert await terminal.command(f'AT+CMGC=1,3,0,{mr},"{ANNA}"') == ["+CMS ERROR: 305"]
        terminal.type(f'AT+CMGC=2,3,0,{mr},"{ANNA}"\r'.encode())
        await terminal.sees("> ")
        terminal.type(b"\x1a")
        await terminal.sees("OK")
        street.phones[ANNA].switch(on=True)
        assert f'+CDS: 6,{mr},"{ANNA}",145,' in await terminal.sees("+CDS: ", 20)

    run(story())


def test_types_whose_manuals_do_not_name_it_have_no_command(run, street_of, terminal_of):
    async def story():
        assert await terminal_of(street_of("sim800")).command("AT+CMGC=?") == ["ERROR"]
        assert await terminal_of(street_of("cinterion-ehs6")).command("AT+CMGC=?") == ["OK"]

    run(story())
