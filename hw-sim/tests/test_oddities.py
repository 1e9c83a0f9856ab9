"""Messages out of the ordinary, on their way to a modem."""

import re

import pytest
from hwsim.fields import take_sca
from hwsim.oddities import oddity_of, parts_with
from hwsim.shifts import LOCKING, SINGLE, Tables
from hwsim.tpdu import coding, decode_deliver, take_user_data

ANNA, MODEM = "+447700900111", "+447700900001"
LONG = "a long story " * 30


def inbox(street, terminal_lines):
    octets = [bytes.fromhex(line) for line in terminal_lines if line[0] == "0"]
    return [decode_deliver(pdu[take_sca(pdu)[1] :]) for pdu in octets]


def received(run, street_of, terminal_of, text, **odd):
    """What the modem has in its memories after Anna has sent such a message."""
    found = []

    async def story():
        street = street_of()
        terminal = terminal_of(street)
        await terminal.command('AT+CPMS="ME","ME","ME"')
        street.phones[ANNA].send(MODEM, text, odd=oddity_of(odd))
        await terminal.silence(5)
        found.extend(inbox(street, await terminal.command("AT+CMGL=4")))
        await terminal.command('AT+CPMS="SM"')
        found.extend(inbox(street, await terminal.command("AT+CMGL=4")))
        for mode in ("AT+CMGF=1", 'AT+CMGL="ALL"'):
            assert (await terminal.command(mode))[-1] == "OK", "text mode stumbles over nothing"

    run(story())
    return found


def test_classes_have_their_coding(run, street_of, terminal_of):
    for number in (1, 2, 3):
        [message] = received(run, street_of, terminal_of, "x", message_class=number)
        assert message.data.dcs == 0x10 | number


def test_a_binary_message_for_a_port(run, street_of, terminal_of):
    [message] = received(run, street_of, terminal_of, "", hex="0106DEADBEEF", port=2948)
    assert coding(message.data.dcs) == "8bit"
    assert message.data.octets == bytes.fromhex("06" + "05040B840000" + "0106DEADBEEF")


def test_an_indication_of_waiting_voice_mail(run, street_of, terminal_of):
    [message] = received(run, street_of, terminal_of, "2 new messages", waiting=2, dcs=0xC8)
    assert message.data.octets[:5] == bytes.fromhex("0401028002")
    assert (message.data.dcs, message.data.text) == (0xC8, "2 new messages")


def test_a_coding_that_nobody_can_read_is_carried_all_the_same(run, street_of, terminal_of):
    [message] = received(run, street_of, terminal_of, "x", hex="C0FFEE", dcs=0x2C)
    assert (message.data.octets, message.data.text) == (b"\xc0\xff\xee", "")


@pytest.mark.parametrize(
    ("language", "locking", "text", "header"),
    [
        ("turkish", False, "ğ İ ş ç", "240101"),
        ("turkish", True, "ğİşç ı €", "240101250101"),
        ("spanish", False, "Á í ó ú ç", "240102"),
        ("portuguese", False, "Ô ã õ Ê â", "240103"),
        ("portuguese", True, "ê É Ã õ à € ^", "240103250103"),
    ],
)
def test_national_tables(run, street_of, terminal_of, language, locking, text, header):
    [message] = received(run, street_of, terminal_of, text, language=language, locking=locking)
    assert message.data.octets[1 : 1 + message.data.octets[0]].hex() == header
    assert message.data.text == text
    assert message.data.dcs == 0


def test_the_tables_have_their_landmarks():
    assert all(len(table) == 128 for table in LOCKING.values())
    assert SINGLE[1][0x65] == SINGLE[2][0x65] == SINGLE[3][0x65] == "€"
    assert LOCKING[1][4] == "€"
    assert LOCKING[3][0x60] == "~"
    assert Tables(2).text_of(b"\x1b\x41\x1b\x1b\x41\x1b") == "Á A "


@pytest.mark.parametrize("ref_bits", [8, 16])
def test_parts_by_either_reference(run, street_of, terminal_of, ref_bits):
    messages = received(run, street_of, terminal_of, LONG, ref_bits=ref_bits)
    assert [(part.data.concat.seq, part.data.concat.total, part.data.concat.bits) for part in messages] == [
        (1, 3, ref_bits), (2, 3, ref_bits), (3, 3, ref_bits),
    ]  # fmt: skip
    assert "".join(part.data.text for part in messages) == LONG
    assert len(messages[0].data.text) == (153 if ref_bits == 8 else 152)


@pytest.mark.parametrize(
    ("odd", "sequence"),
    [({"order": [3, 1, 2]}, [3, 1, 2]), ({"missing": [2]}, [1, 3]), ({"repeated": [1]}, [1, 1, 2, 3])],
)
def test_parts_out_of_order_lost_and_repeated(run, street_of, terminal_of, odd, sequence):
    messages = received(run, street_of, terminal_of, LONG, **odd)
    assert [part.data.concat.seq for part in messages] == sequence


def test_a_phone_reads_national_tables_too():
    [part] = parts_with(oddity_of({"language": "turkish"}), "ş", 1)
    assert take_user_data(0, part.udl, part.octets, has_header=True).text == "ş"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"language": "klingon"}, "'language' is one of turkish, spanish, portuguese, not 'klingon'"),
        ({"ref_bits": 12}, "'ref_bits' is one of 8, 16, not 12"),
        ({"message_class": 4}, "'message_class' is one of 0, 1, 2, 3, not 4"),
        ({"message_class": True}, "'message_class' is one of 0, 1, 2, 3, not True"),
        ({"dcs": 256}, "'dcs' is not a number from 0 to 255: 256"),
        ({"hex": "0g"}, "'hex' is not octets in hexadecimal: '0g'"),
        ({"port": 65536}, "'port' is not a number from 0 to 65535: 65536"),
        ({"waiting": "voice"}, "'waiting' is not a whole number of at least 0: 'voice'"),
        ({"locking": 1}, "'locking' is not true or false: 1"),
        ({"order": [0]}, "'order' is no list of parts, of which 1 is the first: [0]"),
        ({"missing": 2}, "'missing' is no list of parts, of which 1 is the first: 2"),
        ({"colour": 1}, "'odd' has no 'colour'; there are message_class, dcs,"),
        (5, "'odd' is no table: 5"),
    ],
)
def test_a_wrong_oddity_is_told(wrong, told):
    with pytest.raises(ValueError, match=re.escape(told)):
        oddity_of(wrong)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"order": [3, 1]}, "'order' leaves out part 2 of 3; what gets lost is named in 'missing'"),
        ({"order": [4, 3, 2, 1]}, "'order': a message of 3 has no part 4"),
        ({"missing": [4]}, "'missing': a message of 3 has no part 4"),
        ({"repeated": [1, 9]}, "'repeated': a message of 3 has no part 9"),
    ],
)
def test_parts_that_a_message_has_not_or_that_nobody_names_are_told(wrong, told):
    with pytest.raises(ValueError, match=re.escape(told)):
        parts_with(oddity_of(wrong), LONG, 1)
    assert len(parts_with(oddity_of({"order": [3, 1], "missing": [2]}), LONG, 1)) == 2
