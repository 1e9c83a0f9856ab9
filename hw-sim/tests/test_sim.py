"""The card: PIN and PUK with counters that outlive everything (3GPP TS 27.007 8.3, 8.65)."""

from hwsim.sim import Sim


def test_a_card_dies_after_three_pins_and_ten_puks():
    card = Sim("+447700900001", "234990000000001", "8944990000000000001", pin="1234")
    assert card.state == "SIM PIN"
    for _ in range(3):
        assert not card.enter_pin("9999")
    assert card.state == "SIM PUK"
    assert card.enter_puk("12345678", "4321")
    assert (card.state, card.pin_tries) == ("READY", 3)
    card.power_up()
    assert card.state == "SIM PIN"
    card.pin_tries = 0
    for _ in range(10):
        assert not card.enter_puk("00000000", "1111")
    assert card.state == "BLOCKED"


def test_another_pin_by_cpwd(run, street_of, terminal_of):
    async def story():
        street = street_of(pin="1234")
        terminal = terminal_of(street)
        await terminal.command("AT+CMEE=1")
        assert await terminal.command("AT+CPWD=?") == ['+CPWD: ("SC",8)', "OK"]
        assert await terminal.command('AT+CPWD="SC","9999","4321"') == ["+CME ERROR: 16"]
        assert (await terminal.command("AT+CPINR"))[0] == "+CPINR: SIM PIN,2,3"
        assert await terminal.command('AT+CPWD="SC","1234","43"') == ["+CME ERROR: 50"]
        assert await terminal.command('AT+CPWD="SC","1234","4321"') == ["OK"]
        street.fault("modem1", {"kind": "reset", "seconds": 1})
        await terminal.silence(2)
        await terminal.command("ATE0")
        assert await terminal.command('AT+CPIN="4321"') == ["OK"]
        terminal = terminal_of(street_of())
        assert await terminal.command('AT+CMEE=1;+CPWD="SC","1234","4321"') == ["+CME ERROR: 3"]

    run(story())


def test_a_locked_card_refuses_sms_until_its_pin(run, street_of, terminal_of):
    async def story():
        street = street_of(pin="1234")
        terminal = terminal_of(street)
        await terminal.command("AT+CMEE=1")
        assert await terminal.command("AT+CPIN?") == ["+CPIN: SIM PIN", "OK"]
        assert await terminal.command("AT+CREG?") == ["+CREG: 0,0", "OK"]
        assert await terminal.command("AT+CIMI") == ["+CME ERROR: 11"]
        assert await terminal.command("AT+CMGS=20") == ["+CMS ERROR: 311"]
        assert (await terminal.command("AT+CCID"))[1] == "OK"
        assert await terminal.command('AT+CPIN="9999"') == ["+CME ERROR: 16"]
        assert await terminal.command("AT+CPINR") == ["+CPINR: SIM PIN,2,3", "+CPINR: SIM PUK,10,10", "OK"]
        assert await terminal.command('AT+CPIN="12"') == ["+CME ERROR: 50"], "costs no try"
        assert await terminal.command('AT+CPIN="1234"') == ["OK"]
        assert await terminal.command("AT+CPINR") == ["+CPINR: SIM PIN,3,3", "+CPINR: SIM PUK,10,10", "OK"]
        assert (await terminal.text("+447700900111", "x"))[-1] == "OK"

    run(story())


def test_the_counter_survives_a_reset_and_ends_at_the_puk(run, street_of, terminal_of):
    async def story():
        street = street_of(pin="1234")
        terminal = terminal_of(street)
        await terminal.command("AT+CMEE=1")
        await terminal.command('AT+CPIN="0000"')
        street.fault("modem1", {"kind": "reset", "seconds": 5})
        await terminal.silence(6)
        street.modems["modem1"].settings.echo = False
        await terminal.command("AT+CMEE=1")
        assert (await terminal.command("AT+CPINR"))[0] == "+CPINR: SIM PIN,2,3"
        assert await terminal.command('AT+CPIN="0000"') == ["+CME ERROR: 16"]
        assert await terminal.command('AT+CPIN="0000"') == ["+CME ERROR: 12"]
        assert await terminal.command("AT+CPIN?") == ["+CPIN: SIM PUK", "OK"]
        assert await terminal.command('AT+CPIN="1234"') == ["+CME ERROR: 12"]
        assert await terminal.command('AT+CPIN="12345678","4321"') == ["OK"]
        assert await terminal.command("AT+CPIN?") == ["+CPIN: READY", "OK"]

    run(story())


def test_a_card_can_be_taken_out_and_put_back(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command("AT+CMEE=1")
        street.fault("modem1", {"kind": "sim", "present": False})
        assert await terminal.command("AT+CPIN?") == ["+CME ERROR: 10"]
        assert await terminal.command("AT+CMGS=20") == ["+CMS ERROR: 310"]
        street.phones["+447700900111"].send("+447700900001", "are you there")
        await terminal.silence(5)
        street.fault("modem1", {"kind": "sim", "present": True})
        await terminal.silence(5)
        assert (await terminal.command("AT+CMGL=4"))[0].startswith("+CMGL: 1,0,,")

    run(story())


def test_a_busy_card_says_so(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        street.fault("modem1", {"kind": "sim_busy", "seconds": 10})
        assert await terminal.command("AT+CPMS?") == ["+CMS ERROR: 314"]
        await terminal.silence(10)
        assert (await terminal.command("AT+CPMS?"))[-1] == "OK"

    run(story())


def test_a_card_learns_to_ask_for_its_pin_and_unlearns_it(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command("AT+CMEE=1")
        tries = [(await terminal.command(line))[-1] for line in ('AT+CLCK="SC",1', 'AT+CLCK="SC",0,"0000"')]
        assert tries == ["+CME ERROR: 50", "+CME ERROR: 3"], "no PIN; not locked"
        assert await terminal.command('AT+CLCK="SC",1,"9999"') == ["+CME ERROR: 16"]
        assert (await terminal.command("AT+CPINR"))[0] == "+CPINR: SIM PIN,2,3"
        assert await terminal.command('AT+CLCK="SC",1,"0000"') == ["OK"]
        assert (await terminal.command("AT+CPINR"))[0] == "+CPINR: SIM PIN,3,3"
        assert await terminal.command('AT+CLCK="SC",2;+CPIN?') == ["+CLCK: 1", "+CPIN: READY", "OK"]
        assert await terminal.command('AT+CPWD="SC","0000","1234"') == ["OK"]
        await terminal.command("AT+CFUN=1,1")
        await terminal.silence(9)
        street.modems["modem1"].settings.echo = False
        assert await terminal.command("AT+CMEE=1;+CPIN?") == ["+CPIN: SIM PIN", "OK"]
        assert await terminal.command('AT+CLCK="SC",0,"1234"') == ["+CME ERROR: 11"]
        assert await terminal.command('AT+CPIN="1234"') == ["OK"]
        assert await terminal.command('AT+CLCK="SC",0,"1234"') == ["OK"]
        assert await terminal.command('AT+CLCK="SC",2') == ["+CLCK: 0", "OK"]
        for left in (2, 1):
            assert await terminal.command('AT+CLCK="SC",1,"0000"') == ["+CME ERROR: 16"], left
        assert await terminal.command('AT+CLCK="SC",1,"0000"') == ["+CME ERROR: 12"]
        assert await terminal.command('AT+CLCK="SC",1,"1234"') == ["+CME ERROR: 12"]
        assert await terminal.command("AT+CPIN?") == ["+CPIN: SIM PUK", "OK"]

    run(story())
