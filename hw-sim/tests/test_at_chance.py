"""Lines as nobody would write them: every one is answered, by every type of modem."""

import asyncio
from random import Random

import pytest
from hwsim.commands import REGISTRY
from hwsim.personality import PERSONALITIES

TAILS = (
    "", "?", "=?", "=", "=1", "=0", "=2,1", "=1,2,3,4,5,6", '="x"', '=""', '="SC",1,"0000"', '="SC",2', "=,", "=-1",
    "x", '="SM","SM","SM"', '="+447700900111"', '=1,"*1#"', '="a', "=99999999999999999999", "=\xb2", '="\xe9"',
    '="0041"', '="004"', "=1,,,", '="UCS2"', '="HEX"', '="GSM"', "=20", '=7,"",9', '=4,0,"zz"',
    "=999", "9" * 300, "=" + "9" * 3000,
)  # fmt: skip
BODIES = (b"\x1b", b"hello\x1a", b"0041\x1a", b"\x1a", b"\xff\xfe\x1a", b"0011000C91447700091011000004E8329BFD06\x1a")
LINES = 80


@pytest.mark.parametrize("kind", sorted(PERSONALITIES))
def test_whatever_is_typed_is_answered(run, street_of, terminal_of, kind):
    async def story():
        wrong = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: wrong.append(context))
        street, dice = street_of(kind), Random(kind)
        terminal, modem = terminal_of(street), street.modems["modem1"]
        names = sorted(set(REGISTRY) - {"+CFUN", "+CPWROFF", "Q"})
        for _ in range(LINES):
            line = "AT" + ";".join([dice.choice(names) + dice.choice(TAILS) for _ in range(dice.choice((1, 1, 1, 2)))])
            terminal.type(line.encode("latin-1") + b"\r")
            heard = await terminal.silence(0.1)
            while modem.at_prompt or not heard:
                if modem.at_prompt:
                    terminal.type(dice.choice(BODIES))
                heard = await terminal.silence(30.0)
                assert heard or modem.at_prompt, line
        assert not wrong

    run(story())
