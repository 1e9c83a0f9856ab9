"""Calls to a terminal whose words, or whose line, are damaged: each page has one fate, and none claims too much."""

from __future__ import annotations

from gatewayd.wire.tap import BeforeSubmit, CallOver, Event, Page, PageOver, Phase, Revoked, TapCall, TapSettings
from gatewayd.wire.tap_blocks import blocks_of, checksum
from proofs.fuzz.course import Core, Course, must
from proofs.fuzz.damage import damaged, portions
from tests.wire.tap_script import octets

PAGES = (
    Page("a", "4711", "first"),
    Page("long", "0123", "words " * 60),
    Page("b", "4712", "second"),
    Page("c", "9", ""),
)
_LAST = [
    (page.key, blocks_of(page, TapSettings(blocks_max=3), escapes=escapes)[-1])
    for page in PAGES
    for escapes in (False, True)
]
XOFF = 0x13
UNKNOWN = b"0123"  # the terminal refuses this pager
SAID = [
    octets(words)
    for words in (
        "ID=", "110 1.8<CR><ACK><CR><ESC>[p<CR>", "211 ok<CR><ACK><CR>", "514 sum<CR><NAK><CR>", "511 who<CR><RS><CR>",
        "112 max<CR><ESC><EOT><CR>", "115 bye<CR><ESC><EOT><CR>", "111 wait<CR>", "516 quota<CR><RS><CR>", "<ACK><CR>",
        "<NAK><CR>", "<RS><CR>", "<XOFF>", "<XON>", "214 40 cut<CR><ACK><CR>", "<STX>4711<CR>first<CR><ETX>314<CR>",
        "509 no<CR><ESC><EOT><CR>", "<ESC>PG1<CR>", "213 held<CR><ACK><CR>", "words<CR><LF>",
    )
]  # fmt: skip


class Terminal:
    """A terminal by the book. `taken` is the truth."""

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
                self._logged_on = line == b"\x1bPG1"
                answer += SAID[1] if self._logged_on else b"ID="
            elif b"\x04" in self._buffer:
                self._buffer = b""
                return answer + SAID[6]
            elif (block := self._block()) is None:
                return answer
            else:
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
            return SAID[3]
        self._part += body[1:-1]
        if body[-1] != 0x03:
            return SAID[2]
        page, self._part = self._part, b""
        if page.startswith(UNKNOWN):
            return SAID[4]
        self.taken.append(page)
        return SAID[2]


class Caller:
    """The shell around a call: answers `BeforeSubmit`, books every event."""

    def __init__(self, course: Course, call: TapCall) -> None:
        self.course, self.call, self.now = course, call, 100.0
        self.told: dict[str, str] = {}
        self.withheld: set[str] = set()
        self.taken_back: set[str] = set()
        self.over: CallOver | None = None
        self.held = False
        self.heard: dict[str, bytearray] = {}  # since the last block of that page was written whole
        self._out: str | None = None
        self._just_out: str | None = None  # its last block is in what was written last

    def take(self) -> bytes:
        """What the call writes now, after everything that it asked was answered."""
        written = self.call.data_to_send()
        while events := self.call.events():
            self.book(events)
            written += self.call.data_to_send()
        self.wrote(written)
        return written

    def wrote(self, written: bytes) -> None:
        if not written:
            return
        self._just_out = None
        for key, block in _LAST:
            if block in written:
                self._out, self._just_out, self.heard[key] = key, key, bytearray()

    def book(self, events: list[Event]) -> None:
        for event in events:
            must(self.over is None, "something after the end")
            match event:
                case BeforeSubmit():
                    go = self.course.maybe(0.93)
                    went = self.call.decide(event.key, go=go, now=self.now)
                    must(go or not went, "leave was not given and taken")
                    if not went:
                        self.withheld.add(event.key)
                case PageOver():
                    must(event.key not in self.told, "two fates of one page")
                    self.told[event.key] = event.verdict.fate
                case Revoked():
                    must(self.told[event.key] == "accepted", "taken back and was never accepted")
                    self.told[event.key] = event.verdict.fate
                    self.taken_back.add(event.key)
                case CallOver():
                    self.over = event

    def hear(self, said: bytes) -> None:
        self.held |= any(octet & 0x7F == XOFF for octet in said)
        if self._out is not None:
            self.heard[self._out] += bytes(octet & 0x7F for octet in said)
        for portion in portions(said, self.course.dice):
            self.call.receive(portion, self.now)

    def lose(self, unsent_octets: int) -> None:
        """The line goes, perhaps with the end of a block still unwritten."""
        if self._just_out is not None and unsent_octets > 1 and not self.heard[self._just_out]:
            del self.heard[self._just_out]
        self._lost(unsent_octets)
        self._out = None

    def _lost(self, unsent_octets: int) -> None:
        self.call.lost(self.now, unsent_octets=unsent_octets)

    def wait(self) -> None:
        deadline = self.call.next_deadline()
        if deadline is not None:
            self.now = max(self.now, deadline)
            self.call.on_deadline(self.now)
            later = self.call.next_deadline()
            must(later is None or later > self.now, "a deadline that stays")

    def judge(self) -> None:
        must(self.over is not None and self.call.next_deadline() is None, "a call without an end")
        must(set(self.told) == {page.key for page in PAGES}, f"fates of {sorted(self.told)}")
        assert self.over is not None
        last = {key: verdict.fate for key, verdict in self.over.verdicts}
        must(last == self.told, "the last word is not the one that was told")
        for key, fate in self.told.items():
            self.course.fates[fate] += 1
            heard = self.heard.get(key)
            if fate == "accepted":
                must(heard is not None and 0x06 in heard, f"{key} accepted, and nobody said so")
            elif fate == "uncertain":
                # what is said while an XOFF holds the block back may contradict itself: the safe side
                must(heard is not None or key == "long" or self.held, f"{key} uncertain, and was never written")
            elif fate == "withdrawn":
                must(key in self.withheld and heard is None, f"{key} withdrawn, and was written")
            elif heard is not None and key not in self.taken_back:
                must({0x15, 0x1E, 0x04} & set(heard), f"{key} {fate} though its last block went out unanswered")


def words(course: Course) -> None:
    """What the terminal says is damaged on its way, or it is mad."""
    settings = TapSettings(blocks_max=3, resend_unanswered=course.maybe(0.3), pages_max=course.dice.choice((2, 10)))
    call, terminal = TapCall(PAGES, settings), Terminal()
    caller = Caller(course, call)
    call.start(caller.now, line_bps=course.dice.choice((0, 1200)))
    hurt = course.dice.choice((0.1, 0.4, 0.7))
    for _ in range(60):
        answer = terminal.hear(caller.take())
        if call.phase is Phase.OVER:
            break
        if answer and course.maybe(hurt):
            answer = course.say(damaged(answer, course.dice, SAID), hurt=True)
        elif answer:
            course.say(answer)
        elif course.maybe(hurt / 2):
            answer = course.damage(SAID)
        if answer:
            caller.hear(answer)
        elif course.maybe(0.02):
            caller.lose(0)
        elif course.maybe(0.02):
            call.stop(caller.now)
        else:
            caller.wait()
    end(caller)


def end(caller: Caller) -> None:
    """Silence until the call is over."""
    for _ in range(300):
        caller.take()
        if caller.call.phase is Phase.OVER:
            break
        caller.wait()
    caller.take()
    caller.judge()


def line(course: Course) -> None:
    """Blocks are damaged on their way there, octets lost on the way back: what is said of a page is the truth."""
    settings = TapSettings(blocks_max=3)
    call, terminal = TapCall(PAGES, settings), Terminal()
    caller = Caller(course, call)
    call.start(caller.now)
    hurt = course.dice.choice((0.1, 0.3, 0.5))
    for _ in range(80):
        out = bytearray(caller.take())
        if call.phase is Phase.OVER:
            break
        if out and course.maybe(hurt):  # one bit: two may leave the sum as it was, and nothing in TAP would show it
            out[course.dice.randrange(len(out))] ^= 1 << course.dice.randrange(7)
            course.damaged += 1
        if out and course.maybe(0.01):
            cut = course.dice.randrange(len(out) + 1)
            terminal.hear(course.say(bytes(out[:cut])))
            caller.lose(len(out) - cut)
            break
        answer = terminal.hear(course.say(bytes(out)))
        if answer and course.maybe(hurt):
            at = course.dice.randrange(len(answer))
            answer = answer[:at] + answer[at + course.dice.choice((1, 1, 2, 30)) :]
            course.damaged += 1
        if answer:
            caller.hear(course.say(answer))
        else:
            caller.wait()
    end(caller)
    for page in PAGES:
        taken = terminal.taken.count(f"{page.pager}\r{page.text.rstrip()}\r".encode())
        fate = caller.told[page.key]
        must(
            taken == 1 if fate == "accepted" else taken == 0 or fate == "uncertain", f"{fate}, and taken {taken} times"
        )


CORES = (Core("tap", words, 37_500), Core("tap-line", line, 15_000, 250_000))
