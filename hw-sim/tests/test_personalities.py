"""What the types of modems do differently."""

import pytest
from hwsim.personality import PERSONALITIES

ANNA = "+447700900111"
IDENTITY = {
    "generic": ["gatewayd", "HWSIM", "1.0"],
    "huawei-e173": ["huawei", "E173", "11.126.16.04.437"],
    "sim800": ["SIMCOM_Ltd", "SIMCOM_SIM800L", "Revision:1418B04SIM800L24"],
    "quectel-ec25": ["Quectel", "EC25", "EC25EFAR06A06M4G"],
    "telit-le910": ["Telit", "LE910-EU1", "20.00.505"],
    "telit-le910-patient": ["Telit", "LE910-EU1", "20.00.505"],
}


@pytest.mark.parametrize("name", PERSONALITIES)
def test_all_of_them_introduce_themselves_send_and_receive(run, street_of, terminal_of, name):
    async def story():
        street = street_of(name)
        terminal = terminal_of(street)
        lines = []
        for request in ("AT+CGMI", "AT+CGMM", "AT+CGMR"):
            lines += (await terminal.command(request))[:-1]
            await terminal.silence(0.1)
        assert lines == IDENTITY[name]
        assert await terminal.command("AT+CNMI=1,1,0,2,0") == ["OK"]
        await terminal.silence(0.1)
        assert (await terminal.text(ANNA, "x", report=True))[-1] == "OK"
        assert b"+CDSI: " in await terminal.silence(1)
        street.phones[ANNA].reply("ok")
        assert b"+CMTI: " in await terminal.silence(1)

    run(story())


def test_huawei_has_its_own_words_and_chatters(run, street_of, terminal_of):
    async def story():
        terminal = terminal_of(street_of("huawei-e173"))
        terminal.type(b"AT+NONE\r")
        assert await terminal.silence(1) == b"\r\nCOMMAND NOT SUPPORT\r\n"
        assert await terminal.command("AT^CURC=0") == ["OK"]
        assert await terminal.command("AT^CPIN?") == ["^CPIN: READY,,10,3,10,3", "OK"]
        assert await terminal.silence(20) == b"\r\n^RSSI:18\r\n"
        assert await terminal.command("AT+CMGR=0") == ["OK"], "an empty slot is no error"

    run(story())


def test_sim800_needs_no_acknowledgement_and_misses_its_card_in_its_own_words(run, street_of, terminal_of):
    async def story():
        street = street_of("sim800")
        terminal = terminal_of(street)
        await terminal.command("AT+CSMS=1;+CNMI=2,2,0,1")
        for word in ("one", "two"):
            street.phones[ANNA].send("+447700900001", word)
        assert (await terminal.silence(1)).count(b"+CMT:") == 2
        assert await terminal.command("AT+CNMA") == ["ERROR"]
        street.fault("modem1", {"kind": "sim"})
        assert await terminal.command("AT+CPIN?") == ["+CPIN: NOT INSERTED", "OK"]

    run(story())


def test_quectel_hides_codes_until_asked(run, street_of, terminal_of):
    async def story():
        street = street_of("quectel-ec25")
        terminal = terminal_of(street)
        street.fault("modem1", {"kind": "refuse", "cms": 350})
        assert await terminal.text(ANNA, "x") == ["ERROR"]
        await terminal.command("AT+CMEE=1")
        assert await terminal.text(ANNA, "x") == ["+CMS ERROR: 350"]

    run(story())


def test_telit_loses_a_hasty_command_and_an_interrupted_one(run, street_of, terminal_of):
    async def story():
        street = street_of("telit-le910")
        terminal = terminal_of(street)
        assert await terminal.command("AT") == ["OK"]
        terminal.type(b"AT\r")
        assert await terminal.silence(0.1) == b""
        assert await terminal.command("AT") == ["OK"]
        street.network.settings.latency_s = 3.0
        await terminal.silence(0.1)
        terminal.type(b"AT+CMGS=25\r")
        await terminal.sees("> ")
        terminal.type(b"0021000C9144770009101100000DE8329BFD066D50F9777D9302\x1aA")
        assert await terminal.sees("ERROR") == "\r\nERROR\r\n"

    run(story())


def test_a_pulled_stick_forgets(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command("AT+CNMI=2,1")
        street.fault("modem1", {"kind": "hangup", "back_after_s": 4, "power": True})
        await terminal.silence(5)
        assert terminal.hung_up
        terminal.connect()
        assert await terminal.command("AT+CNMI?") == ["AT+CNMI?\r", "+CNMI: 0,0,0,0,0", "OK"]

    run(story())
