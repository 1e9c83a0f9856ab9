"""Damaged lines and mad terminals: nothing raises, each page gets one fate, and none claims what nobody knows."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from gatewayd.wire.tap import Page, Phase, TapCall, TapSettings
from gatewayd.wire.tap_blocks import blocks_of, checksum
from gatewayd.wire.tap_pages import Revoked
from tests.chance import examples
from tests.wire.tap_script import A_BLOCK, B_BLOCK, FIRST_PAGE, GOODBYE, LOGON, SECOND_PAGE, Play, octets

PAGES = (FIRST_PAGE, Page("long", "0123", "words " * 60), SECOND_PAGE, Page("c", "9", ""))
MULTI = TapSettings(blocks_max=3)

token = st.sampled_from(
    [
        "ID=", "<CR>", "<LF>", "<ACK><CR>", "<NAK><CR>", "<RS><CR>", "<ESC><EOT><CR>", "<ESC>[p<CR>", "110 1.8<CR>",
        "111 wait<CR>", "211 ok<CR>", "211 ok<CR><ACK><CR>", "112 max<CR>", "511 who<CR>", "511 who<CR><RS><CR>",
        "514 sum<CR>", "516 quota<CR>", "<STX>", "<ETX>", "<ESC>", "<ACK>", "<RS>", "<EOT>", "<NUL>", "<XOFF>", "<XON>",
        "words", "5", "<US>", "~",
    ]
).map(octets)  # fmt: skip
said = st.one_of(token, token, token, st.binary(max_size=12))
waited = st.sampled_from([0.0, 0.5, 2.0, 4.0, 10.0, 30.0])


@given(st.lists(said, max_size=30).map(b"".join), st.integers(1, 7))
def test_the_portions_are_no_matter(data: bytes, portion: int) -> None:
    """Whatever is said in one breath: in one read or in many, the same follows."""
    outcomes = []
    for size in (len(data) or 1, portion, 1):
        call = TapCall(PAGES, MULTI)
        call.start(0.0)
        call.data_to_send()
        for at in range(0, len(data), size):
            call.receive(data[at : at + size], 1.0)
        outcomes.append((call.phase, call.events(), call.data_to_send(), call.next_deadline()))
    assert outcomes[0] == outcomes[1] == outcomes[2]


@given(st.integers(1, 5))
def test_a_whole_call_octet_by_octet(portion: int) -> None:
    ok = "< 211 ok<CR><ACK><CR>"
    play = Play((FIRST_PAGE, SECOND_PAGE), portion=portion).run(LOGON, A_BLOCK, ok, B_BLOCK, ok, GOODBYE)
    assert play.fates == {"a": "accepted", "b": "accepted"}


class Witness(Play):
    """A play that remembers what had been said since each page's last block was written."""

    def __init__(self, tap_settings: TapSettings, withheld: frozenset[str]) -> None:
        self.heard_since: dict[str, bytes] = {}
        self.out: str | None = None
        self.written_since = b""
        super().__init__(PAGES, tap_settings, withheld=withheld)

    def say(self, data: bytes) -> None:
        for at in range(len(data)):
            octet = bytes([data[at] & 0x7F])
            if self.out is not None:
                self.heard_since[self.out] += octet
            super().say(octet)

    def pump(self) -> None:
        super().pump()
        new, self.written = self.written, b""
        for page in PAGES:
            for escapes in (False, True):
                if blocks_of(page, MULTI, escapes=escapes)[-1] in new:
                    self.out = page.key
                    self.heard_since[page.key] = b""


@example([b"\x06\r", b"112 max\r", b"511 who\r\x1e\r", b"511 who\r\x1e\r"], frozenset({"long"}), False, False)
@examples(300)
@given(
    st.lists(st.one_of(said, waited), max_size=40),
    st.frozensets(st.sampled_from(["a", "b", "long"])),
    st.booleans(),
    st.booleans(),
)
def test_no_fate_claims_what_nobody_knows(
    course: list[bytes | float], withheld: frozenset[str], resend: bool, lost: bool
) -> None:
    play = Witness(TapSettings(blocks_max=3, resend_unanswered=resend), withheld)
    play.say(octets("ID=<CR>110 1.8<CR><ACK><CR><ESC>[p<CR>"))
    for step in course:
        if isinstance(step, bytes):
            play.say(step)
        else:
            play.wait(step)
    if lost:
        play.lose()
    for _ in range(200):
        if play.call.phase is not Phase.OVER:
            play.wait(60.0)
    fates = play.fates
    assert set(fates) == {page.key for page in PAGES}
    revoked = {event.key for event in play.events if isinstance(event, Revoked)}
    for key, fate in fates.items():
        heard = play.heard_since.get(key)
        if fate == "accepted":
            assert heard is not None
            assert b"\x06" in heard
        elif fate == "uncertain":
            assert heard is not None or key == "long"  # its first block may have been answered in contradictions
        elif fate == "withdrawn":
            assert key in withheld
            assert heard is None
        elif key in revoked:  # taken first, and taken back when the call had ended
            assert heard is not None
            assert 0x1E in b"".join(play.heard_since.values())
        elif heard is not None:  # refused or deferred although its last block went out: something said so
            assert {0x15, 0x1E, 0x04} & set(heard)


class Terminal:
    """A terminal by the book, at the other end of a line that damages octets."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self._buffer = b""
        self._logged_on = False
        self._part = b""

    def hear(self, data: bytes) -> bytes:
        self._buffer += bytes(octet & 0x7F for octet in data)
        answer = b""
        while b"\r" in self._buffer or b"\x04" in self._buffer:
            if not self._logged_on:
                line, _, self._buffer = self._buffer.partition(b"\r")
                if line == b"\x1bPG1":
                    self._logged_on = True
                    answer += octets("110 1.8<CR><ACK><CR><ESC>[p<CR>")
                else:
                    answer += b"ID="
            elif b"\x04" in self._buffer:
                self._buffer = b""
                return answer + octets("115 bye<CR><ESC><EOT><CR>")
            else:
                block = self._block()
                if block is None:
                    return answer
                answer += self._judge(block)
        return answer

    def _block(self) -> bytes | None:
        ends = [at for at, octet in enumerate(self._buffer) if octet in b"\x03\x17\x1f"]
        if not ends or len(self._buffer) < ends[0] + 5:
            return None
        block, self._buffer = self._buffer[: ends[0] + 5], self._buffer[ends[0] + 5 :]
        return block

    def _judge(self, block: bytes) -> bytes:
        start = block.find(b"\x02")
        body = block[start:-4]
        if start < 0 or checksum(body) != block[-4:-1]:
            return octets("514 checksum<CR><NAK><CR>")
        self._part += body[1:-1]
        if body[-1] != 0x03:
            return octets("211 more<CR><ACK><CR>")
        page, self._part = self._part, b""
        if page.startswith(b"0123"):
            return octets("511 unknown<CR><RS><CR>")
        self.taken.append(page)
        return octets("211 ok<CR><ACK><CR>")


@examples(300)
@given(
    st.dictionaries(st.integers(0, 500), st.integers(0, 6), max_size=4),
    st.sets(st.integers(0, 200), max_size=3),
    st.one_of(st.none(), st.integers(0, 600)),
)
def test_what_is_said_of_a_page_is_what_the_terminal_did(
    flips: dict[int, int], drops: set[int], lost_after: int | None
) -> None:
    """Bits turned over on the way there, octets lost on the way back, and a line that may go at any octet."""
    pages = (*PAGES[:3], Page("c", "9", "last"))
    terminal, play = Terminal(), Play(pages, MULTI)
    sent = heard = 0
    for _ in range(80):
        if play.call.phase is Phase.OVER:
            break
        out, play.written = bytearray(play.written), b""
        for at in range(len(out)):
            if sent + at in flips:
                out[at] ^= 1 << flips[sent + at]
                break  # one in a block: two may leave the sum as it was, and nothing in TAP would show it
        if lost_after is not None and sent + len(out) > lost_after:
            cut = max(0, lost_after - sent)
            terminal.hear(bytes(out[:cut]))
            play.lose(unsent_octets=len(out) - cut)
            break
        sent += len(out)
        answer = terminal.hear(bytes(out))
        kept = bytes(octet for at, octet in enumerate(answer, heard) if at not in drops)
        heard += len(answer)
        if kept:
            play.say(kept)
        if not play.written:
            play.wait(4.0)
    for page in pages:
        taken = terminal.taken.count(f"{page.pager}\r{page.text.rstrip()}\r".encode())
        fate = play.fates[page.key]
        if fate == "accepted":
            assert taken == 1
        elif fate != "uncertain":
            assert taken == 0, fate
    assert len(terminal.taken) <= len(pages)
