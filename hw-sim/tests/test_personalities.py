"""What the types of modems do differently."""

import pytest
from hwsim.fields import address_of
from hwsim.personality import PERSONALITIES
from hwsim.tpdu import encode_submit, put_user_data

ANNA = "+447700900111"
IDENTITY = {
    "generic": ["gatewayd", "HWSIM", "1.0"],
    "huawei-e173": ["huawei", "E173", "11.126.16.04.437"],
    "sim800": ["SIMCOM_Ltd", "SIMCOM_SIM800L", "Revision:1418B04SIM800L24"],
    "quectel-ec25": ["Quectel", "EC25", "EC25EFAR06A06M4G"],
    "telit-le910": ["Telit", "LE910-EU1", "20.00.505"],
    "telit-le910-patient": ["Telit", "LE910-EU1", "20.00.505"],
    "huawei-e1752": ["huawei", "E1752", "11.126.13.00.00"],
    "sim7600": ["SIMCOM INCORPORATED", "SIMCOM_SIM7600E-H", "+CGMR: LE20B04SIM7600M22"],
    "cinterion-ehs6": ["Cinterion", "EHS6", "REVISION 03.001"],
    "wavecom-q24": [" WAVECOM MODEM", " MULTIBAND  900E  1800"],
    "zte-k3565z": ["ZTE INCORPORATED", "K3565-Z", "BD_P673A2V1.0.0B09"],
    "ublox-sara": ["u-blox", "SARA-U201", "23.60"],
    "sierra-mc7304": [
        "Sierra Wireless, Incorporated", "MC7304", "SWI9X15C_05.05.58.00 r27038 carmd-fwbuild1 2015/03/04 21:30:23",
    ],
    "nokia-s60": ["Nokia", "Nokia N79", "V ICPR72_08w44.1", "24-11-08", "RM-348", "Nokia N79", "11.049"],
    "nrf9160": ["Nordic Semiconductor ASA", "nRF9160-SICA", "mfw_nrf9160_1.3.5"],
}  # fmt: skip
NOTIFY = {"cinterion-ehs6": "1,1,0,2,1", "nrf9160": "3,2,0,1"}
NO_SMS = {"nokia-s60"}


@pytest.mark.parametrize("name", PERSONALITIES)
def test_all_of_them_introduce_themselves_send_and_receive(run, street_of, terminal_of, name):
    async def story():
        street = street_of(name)
        terminal = terminal_of(street)
        if name == "zte-k3565z":
            assert await terminal.command("AT+CNMI?") == ["ERROR"], "the card comes first"
            assert await terminal.command("AT+CPIN?") == ["+CPIN: READY", "OK"]
        lines = []
        for request in ("AT+CGMI", "AT+CGMM", "AT+CGMR"):
            lines += (await terminal.command(request))[:-1]
            await terminal.silence(0.1)
        assert lines == IDENTITY[name]
        if name in NO_SMS:
            assert await terminal.command("AT+CNMI=1,1") == ["ERROR"]
            return
        assert await terminal.command(f"AT+CNMI={NOTIFY.get(name, '1,1,0,2,0')}") == ["OK"]
        await terminal.silence(0.1)
        pdu = encode_submit(address_of(ANNA), put_user_data("x"), report=True)
        terminal.type(b"AT+CMGS=%d\r" % len(pdu))
        if street.modems["modem1"].personality.prompt:
            await terminal.sees("> ")
        terminal.type(b"00" + pdu.hex().upper().encode() + b"\x1a")
        assert "+CMGS: " in await terminal.sees("OK\r\n")
        assert (b"+CDS: " if name == "nrf9160" else b"+CDSI: ") in await terminal.silence(1)
        await terminal.command("AT+CNMA")
        await terminal.silence(0.1)
        street.phones[ANNA].reply("ok")
        assert (b"+CMT: " if name == "nrf9160" else b"+CMTI: ") in await terminal.silence(1)

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
        assert await terminal.sees("+CPIN") == "\r\n+CPIN: NOT READY\r\n"
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


def test_wavecom_says_no_ok_after_its_pin_and_is_busy_after_its_radio_was_off(run, street_of, terminal_of):
    async def story():
        terminal = terminal_of(street_of("wavecom-q24"))
        terminal.type(b"AT+CPIN?\r")
        assert await terminal.silence(1) == b"\r\n+CPIN: READY\r\n"
        assert await terminal.command('AT+CPMS="SM","SM","SM"') == ["+CMS ERROR: 302"]
        assert (await terminal.command('AT+CPMS="SM","SM"'))[-1] == "OK"
        await terminal.command("AT+CMEE=1")
        assert await terminal.command("AT+CFUN=1;+CSQ") == ["+CSQ: 20,99", "OK"]
        await terminal.command("AT+CFUN=0")
        await terminal.command("AT+CFUN=1")
        assert [(await terminal.command("AT+CSQ"))[-1] for _ in range(3)] == [*["+CME ERROR: 515"] * 2, "OK"]

    run(story())


def test_e1752_ends_its_list_of_commands_oddly_and_zte_speaks_with_nuls(run, street_of, terminal_of):
    async def story():
        terminal = terminal_of(street_of("huawei-e1752"))
        terminal.type(b"AT+CLAC\r")
        assert b"AT+CMGS\r\r\n" in await terminal.silence(1)
        street = street_of("zte-k3565z")
        terminal = terminal_of(street)
        street.fault("modem1", {"kind": "urc", "text": "+ZUSIMR:2"})
        assert await terminal.silence(1) == b"\0\r\n+ZUSIMR:2\r\n"

    run(story())


def test_cinterion_tells_when_its_card_is_full_and_leaves_the_name_out(run, street_of, terminal_of):
    async def story():
        street = street_of("cinterion-ehs6")
        terminal = terminal_of(street)
        assert (await terminal.command("AT+CNMI=2,1,0,1,1"))[-1] == "+CMS ERROR: 303"
        assert (await terminal.command("AT+CNMI=2,1,0,2,0"))[-1] == "+CMS ERROR: 303"
        await terminal.command('AT+CPMS="SM","SM","SM";+CNMI=2,1,0,2,1')
        street.fault("modem1", {"kind": "storage_full", "memory": "SM", "free": 1})
        for word in ("last", "one too many"):
            street.phones[ANNA].send("+447700900001", word)
        heard = await terminal.silence(2)
        assert heard.index(b"^SMGO: 1") < heard.index(b"+CMTI") < heard.index(b"^SMGO: 2")

    run(story())


def test_u_blox_tells_the_time_after_the_reference(run, street_of, terminal_of):
    async def story():
        terminal = terminal_of(street_of("ublox-sara"))
        assert "," not in (await terminal.text(ANNA, "x"))[0]
        await terminal.command("AT+CSMS=1")
        assert (await terminal.text(ANNA, "x"))[0].endswith(',"010032114122310200"'), "an SMS-SUBMIT-REPORT"
        await terminal.command("AT+CMGF=1")
        terminal.type(f'AT+CMGS="{ANNA}"\r'.encode())
        await terminal.sees("> ")
        terminal.type(b"x\x1a")
        assert ',"23/11/14,22:13:20+00"\r\n' in await terminal.sees("OK")

    run(story())


def test_simcom_reads_without_a_mark_and_others_do_not(run, street_of, terminal_of):
    async def story():
        street = street_of("sim800")
        terminal = terminal_of(street)
        street.phones[ANNA].send("+447700900001", "x")
        await terminal.sees("+CMTI")
        for line, stat in (("AT+CMGR=1,1", 0), ("AT+CMGL=4,1", 0), ("AT+CMGR=1,0", 0), ("AT+CMGR=1", 1)):
            assert f",{stat},," in (await terminal.command(line))[0].replace("+CMGR: ", "1,")
        for kind in ("generic", "huawei-e173"):
            other = street_of(kind)
            terminal = terminal_of(other)
            assert await terminal.command("AT+CMGR=1,1") == ["+CMS ERROR: 304"]
            assert await terminal.command("AT+CMGL=4,1") == ["+CMS ERROR: 304"]

    run(story())


@pytest.mark.parametrize(
    ("kind", "has", "lacks"),
    [("generic", "UTF-8", "PCCP437"), ("cinterion-ehs6", "UCS2", "IRA"), ("quectel-ec25", "IRA", "HEX")],
)
def test_character_sets_are_those_of_the_type(run, street_of, terminal_of, kind, has, lacks):
    async def story():
        terminal = terminal_of(street_of(kind))
        [sets, _] = await terminal.command("AT+CSCS=?")
        assert f'"{has}"' in sets and f'"{lacks}"' not in sets
        assert await terminal.command(f'AT+CMEE=1;+CSCS="{lacks}"') == ["+CME ERROR: 50"]
        assert await terminal.command(f'AT+CSCS="{has}"') == ["OK"]

    run(story())
