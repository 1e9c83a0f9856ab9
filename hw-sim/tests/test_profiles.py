"""What a modem keeps and forgets, and what gets lost of a long message."""

from hwsim.fields import address_of
from hwsim.tpdu import Concat, encode_submit, put_user_data

ANNA = "+447700900111"


def test_atz_brings_back_what_was_stored_and_the_factory_its_own(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command("ATE0+CMEE=1")
        await terminal.command("AT&W")
        await terminal.command("ATE1+CMEE=2")
        await terminal.command("ATZ")
        assert await terminal.command("AT+CMEE?") == ["+CMEE: 1", "OK"], "without an echo, as it was stored"
        await terminal.command("AT+CNMI=2,1")
        await terminal.command("AT&F")
        terminal.type(b"AT+CMEE?\r")
        assert await terminal.silence(1) == b"AT+CMEE?\r\r\n+CMEE: 0\r\n\r\nOK\r\n"
        await terminal.command("ATE0")
        assert (await terminal.command("AT+CNMI?"))[-2] == "+CNMI: 2,1,0,0,0", "settings of texts stay"

    run(story())


def test_operators_have_three_forms_of_a_name(run, street_of, terminal_of):
    async def story():
        terminal = terminal_of(street_of())
        names = []
        for form in (0, 1, 2):
            await terminal.command(f"AT+COPS=3,{form}")
            names.append((await terminal.command("AT+COPS?"))[0])
        assert names == ['+COPS: 0,0,"Street Mobile",7', '+COPS: 0,1,"Street",7', '+COPS: 0,2,"23499",7']

    run(story())


def test_a_part_of_a_long_message_gets_lost(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        street.fault(None, {"kind": "lose", "skip": 1, "times": 1})
        for seq in (1, 2, 3):
            data = put_user_data(f"part {seq} ", Concat(7, 3, seq))
            assert (await terminal.submit(encode_submit(address_of(ANNA), data)))[-1] == "OK"
        await terminal.silence(10)
        assert (len(street.phones[ANNA].inbox), street.phones[ANNA].incomplete) == (0, 1)
        data = put_user_data("part 2 ", Concat(7, 3, 2))
        await terminal.submit(encode_submit(address_of(ANNA), data))
        await terminal.silence(10)
        assert [text.text for text in street.phones[ANNA].inbox] == ["part 1 part 2 part 3 "]

    run(story())


def test_a_modem_can_be_sick_under_load_alone(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        street.fault("modem1", {"kind": "reset_after_submit", "every": 3})
        boots = []
        for number in range(6):
            terminal.type(b"ATE0\rAT+CMGS=25\r")
            await terminal.sees("> ")
            terminal.type(b"0001000C9144770009101100000DE8329BFD066D50F9777D9302\x1a")
            boots.append(b"+CMGS" not in await terminal.silence(10))
            assert boots[-1] == (number % 3 == 2)

    run(story())
