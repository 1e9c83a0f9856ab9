"""What happens to devices as they age, are fed badly, are shared with other programs, or have their cards changed."""

import json

import pytest
from hwsim.faults import FaultError
from hwsim.personality import PERSONALITIES
from hwsim.street import Street
from hwsim.traits import UnknownTrait, varied

ANNA, MODEM = "+447700900111", "+447700900001"


def test_a_brown_out_resets_again_and_again(run, street_of, terminal_of):
    async def story():
        street = street_of("sim800")
        terminal = terminal_of(street)
        await terminal.command("AT+CMEE=1")
        street.fault("modem1", {"kind": "brown_out", "times": 3, "every_s": 20})
        heard = await terminal.silence(300)
        assert heard.count(b"UNDER-VOLTAGE WARNNING") == 3
        assert heard.count(b"RDY") == 3
        terminal.type(b"AT+CMEE?\r")
        assert await terminal.silence(1) == b"AT+CMEE?\r\r\n+CMEE: 0\r\n\r\nOK\r\n", "settings are lost"

    run(story())


def test_a_slow_death(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        street.fault("modem1", {"kind": "slow_death", "start_s": 0.5, "double_every_s": 3600, "dies_after_s": 5 * 3600})

        async def answer_s():
            started = street.loop.time()
            await terminal.command("AT", 60)
            return street.loop.time() - started

        assert await answer_s() == pytest.approx(0.5)
        await terminal.silence(3600)
        assert await answer_s() == pytest.approx(1.0, rel=0.01)
        await terminal.silence(2 * 3600)
        started = street.loop.time()
        assert (await terminal.text(ANNA, "still there", 60))[-1] == "OK"
        assert street.loop.time() - started == pytest.approx(8.0, rel=0.05), "prompt and answer, 4 s each"
        await terminal.silence(3 * 3600)
        terminal.type(b"AT\r")
        assert await terminal.silence(3600) == b""

    run(story())


def test_another_program_writes_to_the_port(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        street.fault("modem1", {"kind": "foreign"})
        heard = await terminal.silence(2)
        assert b"+GCAP: +CGSM" in heard
        assert b"HWSIM" in heard
        street.fault("modem1", {"kind": "foreign", "text": "AT+CSQ\r", "times": 2, "every_s": 5})
        assert (await terminal.silence(6)).count(b"+CSQ: 20") == 2
        street.fault("modem1", {"kind": "foreign", "hex": "415420"})
        terminal.type(b"+CMGF?\r")
        assert b"+CMGF: 0" in await terminal.silence(1), "the two are mixed"

    run(story())


def test_cards_change_places_and_their_pins_stay_with_them(run, street_of, terminal_of):
    async def story():
        street = street_of(pin="1111")
        street.add_modem("modem2", "+447700900002", "generic", pin="2222")
        terminal = terminal_of(street)
        await terminal.command("AT+CMEE=1")
        first = (await terminal.command("AT+CCID"))[0]
        street.fault("modem1", {"kind": "sim_swap", "with": "modem2"})
        assert (await terminal.command("AT+CCID"))[0] != first
        assert await terminal.command('AT+CPIN="1111"') == ["+CME ERROR: 16"]
        assert street.modems["modem1"].sim.pin_tries == 2
        assert await terminal.command('AT+CPIN="2222"') == ["OK"]
        street.phones[ANNA].send("+447700900002", "to the card, wherever it is")
        await terminal.silence(2)
        assert len(street.modems["modem1"].sim.slots.stored) == 1
        street.fault("modem1", {"kind": "sim_swap", "number": "+447700900077"})
        assert street.modems["modem1"].sim.number == "+447700900077"
        assert (await terminal.text(ANNA, "x"))[-1] == "OK"
        assert street.ledger.accepted(ANNA)[0]["from"] == "+447700900077"

    run(story())


@pytest.mark.parametrize(
    ("state", "answer", "sms"),
    [
        ("failure", "+CME ERROR: 13", "+CMS ERROR: 313"),
        ("wrong", "+CME ERROR: 15", "+CMS ERROR: 315"),
        ("pin2", "+CPIN: SIM PIN2", "OK"),
    ],
)
def test_a_card_in_trouble(run, street_of, terminal_of, state, answer, sms):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command("AT+CMEE=1")
        street.fault("modem1", {"kind": "sim_state", "state": state, "seconds": 60})
        assert (await terminal.command("AT+CPIN?"))[0] == answer
        assert (await terminal.text(ANNA, "x") if sms == "OK" else await terminal.command("AT+CMGS=20"))[-1] == sms
        await terminal.silence(60)
        assert (await terminal.command("AT+CPIN?"))[0] == "+CPIN: READY"

    run(story())


@pytest.mark.parametrize(
    ("personality", "out", "back"),
    [
        ("huawei-e173", "^SIMST:255", "^SIMST:1"),
        ("cinterion-ehs6", "^SCKS: 0", "^SCKS: 1"),
        ("telit-le910", "#QSS: 0", "#QSS: 1"),
        ("ublox-sara", "+UUSIMSTAT: 0", "+UUSIMSTAT: 6"),
    ],
)
def test_a_card_that_is_pulled_is_told_in_the_makers_words(run, street_of, terminal_of, personality, out, back):
    async def story():
        street = street_of(personality)
        terminal = terminal_of(street)
        street.fault("modem1", {"kind": "sim"})
        assert await terminal.silence(1) == f"\r\n{out}\r\n".encode()
        street.fault("modem1", {"kind": "sim", "present": True})
        assert await terminal.silence(1) == f"\r\n{back}\r\n".encode()

    run(story())


@pytest.mark.parametrize(
    ("personality", "command", "answer"),
    [
        ("generic", "AT+CPINR", "+CPINR: SIM PIN,2,3"),
        ("huawei-e173", "AT^CPIN?", "^CPIN: SIM PIN,2,10,2,10,3"),
        ("quectel-ec25", "AT+QPINC", '+QPINC: "SC",2,10'),
        ("sim800", "AT+SPIC", "+SPIC: 2,3,10,10"),
        ("telit-le910-patient", "AT#PCT", "#PCT: 2"),
        ("cinterion-ehs6", "AT^SPIC", "^SPIC: 2"),
        ("wavecom-q24", "AT+CPINC?", "+CPINC: 2,3,10,10"),
        ("sierra-mc7304", "AT+CPINC?", "+CPINC: 2,3,10,10"),
        ("zte-k3565z", "AT+ZPINPUK=?", "+ZPINPUK: 2,10"),
        ("ublox-sara", "AT+UPINCNT", "+UPINCNT: 2,3,10,10"),
    ],
)
def test_tries_in_the_makers_words(run, street_of, terminal_of, personality, command, answer):
    async def story():
        street = street_of(personality, pin="1234")
        terminal = terminal_of(street)
        street.modems["modem1"].sim.enter_pin("9999")
        terminal.type(b"AT+CPIN?\r")
        await terminal.silence(1)
        assert (await terminal.command(command))[0] == answer
        if personality != "generic":
            street.modems["modem1"].personality = street_of().modems["modem1"].personality
            assert (await terminal.command(command))[-1] == "ERROR"

    run(story())


async def test_counters_outlive_the_process(tmp_path):
    for left in (2, 1, 0):
        street = Street(1, cards=tmp_path / "cards.json")
        modem = street.add_modem("modem1", MODEM, pin="1234")
        assert not modem.sim.enter_pin("0000")
        assert modem.sim.pin_tries == left
    street = Street(99, cards=tmp_path / "cards.json")
    modem = street.add_modem("modem1", MODEM, pin="1234")
    assert modem.sim.state == "SIM PUK"
    assert json.loads((tmp_path / "cards.json").read_text())["modem1"]["iccid"] == modem.sim.iccid


@pytest.mark.parametrize("how", ["header_only", "hang", "fake"])
def test_listings_that_lie(run, street_of, terminal_of, how):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        for word in ("one", "two"):
            street.phones[ANNA].send(MODEM, word)
        await terminal.silence(1)
        street.fault("modem1", {"kind": "listing", "how": how, "times": 1})
        if how == "hang":
            terminal.type(b"AT+CMGL=4\rAT\r")
            assert await terminal.silence(600) == b""
            return
        lines = await terminal.command("AT+CMGL=4")
        plain = ["+CMGL: 1", "PDU", "+CMGL: 2"]
        shapes = {"header_only": plain, "fake": [*plain, "PDU", "+CMGL: 100", "+CMGL: 101", "+CMGL: 102"]}
        assert ["PDU" if line[0] == "0" else line.partition(",")[0] for line in lines[:-1]] == shapes[how]
        assert len(await terminal.command("AT+CMGL=4")) == 5, "the next one is right"

    run(story())


def test_quirks_change_single_traits(run, street_of, terminal_of):
    async def story():
        street = street_of(varied(PERSONALITIES["generic"], {"slow_delete_s": 4}))
        terminal = terminal_of(street)
        street.phones[ANNA].send(MODEM, "one")
        await terminal.silence(1)
        started = street.loop.time()
        assert await terminal.command("AT+CMGD=1") == ["OK"]
        assert street.loop.time() - started == 4.0

    run(story())
    with pytest.raises(UnknownTrait, match="no quirk 'speed'"):
        varied(PERSONALITIES["generic"], {"speed": 4})
    with pytest.raises(UnknownTrait, match="is not a bool"):
        varied(PERSONALITIES["generic"], {"cpin_ok": 4})


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "sim_swap"},
        {"kind": "sim_swap", "with": "nobody"},
        {"kind": "sim_state", "state": "tired"},
        {"kind": "line", "way": "up"},
        {"kind": "slow_death", "double_every_s": 0},
        {"kind": "listing", "how": "x"},
        {"kind": "listing", "to": ANNA},
        {"kind": "report", "recipient": "x"},
        {"kind": "brown_out", "volts": 3},
    ],
)
def test_a_wrong_one_is_told(run, street_of, wrong):
    async def story():
        with pytest.raises(FaultError):
            street_of().fault("modem1", wrong)

    run(story())
