"""Octets that nobody should send: the bureau answers, cuts off or writes it down, and never breaks."""

import asyncio
import contextlib
import struct
from random import Random

import pytest
from hwsim.tap_block import checksum

BODY = b"\0\0\0\0\x01\x01447700900201\0" + bytes(9) + b"\x05hello" + bytes.fromhex("02040002AAAA 14030001FF")


def spoilt(dice, octets):
    """A copy with some octets changed, cut or added."""
    octets = bytearray(octets)
    for _ in range(dice.randrange(1, 4)):
        at = dice.randrange(len(octets) + 1)
        how = dice.randrange(4)
        if how == 0 and octets:
            octets[at % len(octets)] = dice.randrange(256)
        elif how == 1:
            del octets[at:]
        elif how == 2:
            octets[at:at] = dice.randbytes(dice.randrange(1, 5))
        else:
            octets[at:at] = bytes([dice.choice([0, 4, 0x1F, 0x80, 0xFF])])
    return bytes(octets)


@pytest.mark.parametrize("seed", range(6))
def test_smpp(run, paging_street, seed):
    async def story():
        broken = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: broken.append(context))
        dice = Random(seed)
        async with paging_street(seed) as street:
            for _ in range(12):
                esme = await street.esme()
                for number in range(25):
                    command = dice.choice([0x04, 0x04, 0x04, 0x103, 0x03, 0x07, 0x08, 0x21, 0x15, 0x05, 0x80000005])
                    body = spoilt(dice, BODY)
                    frame = struct.pack(">IIII", 16 + len(body), command, 0, number + 2) + body
                    esme.send(frame if number % 9 < 8 else spoilt(dice, frame))
                    await asyncio.sleep(0.01)
                esme.close()
                await street.until(lambda: not street.centre.sessions)
            assert (await (await street.esme(2)).submit()).status == 0
        assert broken == []

    run(story())


@pytest.mark.parametrize("seed", range(6))
def test_tap(run, paging_street, seed):
    async def story():
        broken = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: broken.append(context))
        dice = Random(seed)
        street = paging_street(seed)
        caller = street.caller()
        async with street:
            for _ in range(12):
                caller.type(b"\r")
                await caller.silence(1)
                caller.type(spoilt(dice, b"\x1bPG1\r") if dice.random() < 0.3 else b"\x1bPG1\r")
                await caller.silence(1)
                for _ in range(8):
                    block = b"\x02" + spoilt(dice, b"4711\rdisk \x1aJfull\r") + bytes([dice.choice(b"\x03\x17\x1f")])
                    octets = block + checksum(block) + b"\r"
                    caller.type(spoilt(dice, octets) if dice.random() < 0.5 else octets)
                    await caller.silence(1)
                caller.type(b"\x04\r")
                await caller.silence(60)
            with contextlib.suppress(AssertionError):
                await caller.log_on()
            street.bureau_fault("bureau1", {"kind": "tap_hang_up"})
            await caller.silence(1)
            await caller.log_on()
            assert await caller.page(b"4711", b"all is well") == b"211 Page accepted\r\x06\r"
        assert broken == []

    run(story())
