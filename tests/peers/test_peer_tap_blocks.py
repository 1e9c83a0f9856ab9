"""Our blocks of TAP as others read them: a Perl program that sums by Perl's own `unpack`, and hwsim's terminal."""

from __future__ import annotations

import json
import re
import socket
import string
import subprocess
from pathlib import Path
from random import Random
from typing import Any

import pytest

from gatewayd.wire.tap_blocks import Page, blocks_of
from gatewayd.wire.tap_settings import TapSettings
from tests.peers.bureaus import HwBureau
from tests.peers.street import Run, call, program

pytestmark = pytest.mark.peer

CAP = "4710"  # of the pager with room for long texts

# Pager, text, checksum: the last is the standard's example, the others are what sendpage, HylaFAX and tapsend say.
GOLDEN = [
    ("4711", "", "0><"),
    ("4711", "CRITICAL web1 down", "69>"),
    ("4711", "~" * 60, ">74"),
    ("4711", "two\nlines", "4<5"),
    ("4711", "a\r\nb\x1bc\x1ad", "42:"),
    ("123", "ABC", "17;"),
]


def read_by_perl(blocks: list[bytes]) -> list[dict[str, Any]]:
    script = str(Path(__file__).with_name("tap_blocks.pl"))
    words = [program("perl"), script]
    lines = "".join(f"{block.hex()}\n" for block in blocks)
    done = subprocess.run(words, input=lines, capture_output=True, text=True, timeout=60, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def page(number: int) -> tuple[Page, TapSettings]:
    """One of many, always the same under its number: any signs, any length, in up to four blocks."""
    chance = Random(number)
    pager = "".join(chance.choices(string.digits + string.ascii_uppercase, k=chance.randint(1, 12)))
    signs = string.printable.strip() + "  \n\x1b\x1a\x02\x03\x17"
    text = "".join(chance.choices(signs, k=chance.randint(0, 800))).strip()
    settings = TapSettings(blocks_max=8, line_breaks="escape", etb_for_us=chance.random() < 0.3)
    return Page(str(number), pager, text), settings


@pytest.mark.parametrize(("pager", "text", "checksum"), GOLDEN, ids=[checksum for _, _, checksum in GOLDEN])
def test_golden_blocks(pager: str, text: str, checksum: str) -> None:
    (block,) = blocks_of(Page("a", pager, text), TapSettings(), escapes=True)
    damaged = block[:2] + bytes([block[2] ^ 1]) + block[3:]
    told, wrong = read_by_perl([block, damaged])
    assert wrong["right"] is False
    assert (told["right"], told["checksum"], told["end"]) == (True, checksum, "ETX")
    assert (told["fields"], told["open"]) == ([pager, text], "")


def test_any_page_is_read_as_it_was_meant() -> None:
    pages = [page(number) for number in range(500)]
    made = [blocks_of(one, settings, escapes=True) for one, settings in pages]
    told = iter(read_by_perl([block for blocks in made for block in blocks]))
    ends = set()
    for (one, _), blocks in zip(pages, made, strict=True):
        read = [next(told) for _ in blocks]
        assert all(block["right"] and block["octets"] <= 256 for block in read), one.key
        assert [block["end"] == "ETX" for block in read] == [False] * (len(read) - 1) + [True]
        ends |= {block["end"] for block in read}
        joined = "".join("".join(f"{field}\0" for field in block["fields"]) + block["open"] for block in read)
        assert joined == f"{one.pager}\0{one.text}\0", one.key
    assert ends == {"ETX", "ETB", "US"}


class Line:
    """A call to a terminal by TCP, written out: no part of our TAP but the blocks."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self._read = b""

    def says(self, octets: bytes, ends: bytes) -> bytes:
        """What it answers up to there."""
        self._socket.sendall(octets)
        while not (found := re.search(ends, self._read, re.DOTALL)):
            got = self._socket.recv(4096)
            assert got, f"it hung up after {self._read!r}"
            self._read += got
        said, self._read = self._read[: found.end()], self._read[found.end() :]
        return said

    def close(self) -> None:
        self._socket.close()


def test_the_terminal_takes_them(run: Run, tmp_path: Path) -> None:
    bureau = HwBureau(run, tmp_path)
    call(f"{bureau.control}/bureaus/north/tap", {"pages_max": 100, "blocks_max": 4, "session_s": 600})
    texts = [text for _, text, _ in GOLDEN if text] + ["disk full on db2 (sda), " * 30 + "end", "x" * 244, "y" * 245]
    settings = TapSettings(blocks_max=4)
    made = [blocks_of(Page(text, CAP, text), settings, escapes=True) for text in texts]
    assert [len(blocks) for blocks in made[-3:]] == [3, 1, 2]
    line = Line(bureau.tap_port)
    try:
        line.says(b"\r", b"ID=")
        line.says(b"\x1bPG1\r", rb"\x06\r.*\x1b\[p\r")
        for text, blocks in zip(texts, made, strict=True):
            for block in blocks:
                said = line.says(block, rb"[\x06\x15\x1e]\r|\x1b\x04\r")
                assert (said[-2:], said[:1]) == (b"\x06\r", b"2"), (text, said)
        line.says(b"\x04\r", rb"\x1b\x04\r")
    finally:
        line.close()
    assert bureau.wait_texts(count=len(texts)) == texts
    assert bureau.ledger("violation") == []
