"""Checksums and blocks of TAP 1.8, by the standard's example and by vectors that four programs agree on."""

import pytest
from hwsim.tap_block import BadBlock, Transaction, add_block, checksum, plain, right_checksum, whole_block


@pytest.mark.parametrize(
    ("octets", "characters"),
    [
        (b"\x02123\rABC\r\x03", b"17;"),
        (b"\x024711\r\r\x03", b"0><"),
        (b"\x024711\rCRITICAL web1 down\r\x03", b"69>"),
        (b"\x024711\rtwo\x1aJlines\r\x03", b"4<5"),
        (b"\x024711\ra\x1aM\x1aJb\x1a[c\x1aZd\r\x03", b"42:"),
        (b"\x024711\rHELLO \x1f", b"28?"),
        (b"\x02WORLD\r\x03", b"19:"),
        (b"\x024711\r\x17", b"0?3"),
        (b"\x02HELLO WORLD\r\x03", b"32>"),
        (b"\x024711\r" + b"~" * 60 + b"\r\x03", b">74"),
        (b"\x02\xb123\rABC\r\x03", b"17;"),  # the eighth bit does not count
    ],
)
def test_checksums(octets, characters):
    assert checksum(octets) == characters
    assert right_checksum(octets + characters + b"\r")
    assert not right_checksum(octets + b"000\r")


def test_a_block_is_found_in_a_stream():
    block = b"\x02123\rABC\r\x0317;\r"
    assert [whole_block(block[:size]) for size in range(1, len(block))] == [None] * (len(block) - 1)
    assert whole_block(block + b"\x02next") == len(block)


def fields(*blocks):
    transaction = Transaction()
    done = [add_block(transaction, block + checksum(block) + b"\r") for block in blocks]
    return done, transaction.fields


def test_fields_go_on_in_other_blocks():
    assert fields(b"\x024711\rHELLO \x1f", b"\x02WORLD\r\x03") == ([False, True], [b"4711", b"HELLO WORLD"])
    assert fields(b"\x024711\r\x17", b"\x02HELLO WORLD\r\x03") == ([False, True], [b"4711", b"HELLO WORLD"])
    assert fields(b"\x024711\ra\x1f", b"\x02b\x1f", b"\x02c\r\x03")[1] == [b"4711", b"abc"]
    assert fields(b"\x024711\rabc\x1f", b"\x02\r\x03")[1] == [b"4711", b"abc"], "as in the standard's block 4"
    assert fields(b"\x0247\x1f", b"\x0211\rx\r\x03")[1] == [b"4711", b"x"]


@pytest.mark.parametrize(
    ("block", "words"),
    [
        (b"\x024711\rx\x03", "a field without CR"),
        (b"\x024711\rx\x17", "a field without CR"),
        (b"\x024711\rx\ny\r\x03", "control character 0x0A at octet 7 without SUB"),
        (b"\x024711\rx\x1a\x1f", "a SUB pair is cut in half"),
        (b"\x024711\r" + b"x" * 245 + b"\r\x03", "a block of 257 octets"),
    ],
)
def test_wrong_blocks(block, words):
    with pytest.raises(BadBlock, match=words):
        fields(block)


def test_244_characters_fill_a_block_after_an_id_of_four():
    block = b"\x024711\r" + b"x" * 244 + b"\r\x03"
    assert len(block + checksum(block) + b"\r") == 256
    assert fields(block)[0] == [True]


def test_transparency():
    assert plain(b"a\x1aM\x1aJb\x1a[c\x1aZd", transparent=True) == "a\r\nb\x1bc\x1ad"
    assert plain(b"a\x1aMb", transparent=False) == "a\x1aMb"
    with pytest.raises(BadBlock):
        plain(b"a\x1a", transparent=True)
