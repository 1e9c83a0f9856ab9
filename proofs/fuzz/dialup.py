"""A dialled call: the telephone modem's results and the terminal's words are damaged; the line is always freed."""

from __future__ import annotations

from gatewayd.wire.dialup import Connected, DialSettings, DialUp, Down, DropDtr, Phase
from gatewayd.wire.tap import TapCall, TapSettings
from proofs.fuzz.course import Core, Course, must
from proofs.fuzz.damage import damaged, portions
from proofs.fuzz.tap import PAGES, SAID, XOFF, Caller, Terminal

_RESULTS = [
    words.encode()
    for words in (
        "\r\nOK\r\n", "\r\nERROR\r\n", "\r\nCONNECT 1200\r\n", "\r\nCONNECT\r\n", "\r\nBUSY\r\n", "\r\nNO CARRIER\r\n",
        "\r\nNO DIALTONE\r\n", "\r\nNO ANSWER\r\n", "\r\nRING\r\n", "\r\nCONNECT 9600/V42BIS\r\n", "\r\nVOICE\r\n",
        "0\r",
    )
]  # fmt: skip


class Line:
    """A telephone modem by the book, with the terminal behind it."""

    def __init__(self, course: Course) -> None:
        self.course, self.terminal, self.online = course, Terminal(), False

    def hear(self, data: bytes) -> bytes:
        if self.online and data != b"+++":
            return self.terminal.hear(data)
        answer = b"\r\nOK\r\n" if data else b""
        if data == b"+++":
            self.online = False
        elif data.startswith(b"ATDT"):
            result = self.course.dice.choice((_RESULTS[2], _RESULTS[2], _RESULTS[3], *_RESULTS))
            self.online = b"CONNECT" in result
            return result
        return answer


class DialCaller(Caller):
    """The same shell, with the line around the call."""

    def __init__(self, course: Course, dialup: DialUp) -> None:
        super().__init__(course, dialup.call)
        self.dialup, self.downs, self.connects = dialup, 0, 0

    def take(self) -> bytes:
        written = self._written()
        while events := self.dialup.events():
            for event in events:
                must(not self.downs, "something after the line went down")
                if isinstance(event, Down):
                    self.downs += 1
                elif isinstance(event, Connected):
                    self.connects += 1
                elif not isinstance(event, DropDtr):
                    self.book([event])
            written += self._written()
        return written

    def _written(self) -> bytes:
        online = self.dialup.phase is Phase.ONLINE
        written = self.dialup.data_to_send()
        if online:
            self.wrote(written)
        else:
            must(b"\x02" not in written, "a block is written while there is no line")
        return written

    def hear(self, said: bytes) -> None:
        self.held |= any(octet & 0x7F == XOFF for octet in said)
        if self._out is not None:
            self.heard[self._out] += bytes(octet & 0x7F for octet in said)
        for portion in portions(said, self.course.dice):
            self.dialup.receive(portion, self.now)

    def _lost(self, unsent_octets: int) -> None:
        self.dialup.lost(self.now, unsent_octets=unsent_octets)

    def wait(self) -> None:
        deadline = self.dialup.next_deadline()
        if deadline is not None:
            self.now = max(self.now, deadline)
            self.dialup.on_deadline(self.now)
            later = self.dialup.next_deadline()
            must(later is None or later > self.now, "a deadline that stays")


def play(course: Course) -> None:
    dice = course.dice
    settings = DialSettings("01523530300", hang_up=dice.choice(("escape", "escape", "dtr")))
    dialup = DialUp(settings, TapCall(PAGES, TapSettings(blocks_max=3)))
    caller, line = DialCaller(course, dialup), Line(course)
    dialup.start(caller.now)
    hurt = dice.choice((0.05, 0.2, 0.5))
    for _ in range(80):
        answer = line.hear(caller.take())
        if dialup.phase is Phase.DOWN:
            break
        samples = SAID if line.online else _RESULTS
        if answer and course.maybe(hurt):
            answer = course.say(damaged(answer, dice, samples), hurt=True)
        elif answer:
            course.say(answer)
        elif course.maybe(hurt / 2):
            answer = course.damage(_RESULTS if course.maybe(0.5) else SAID)
        if answer:
            caller.hear(answer)
        elif course.maybe(0.02):
            caller.lose(0)
        elif course.maybe(0.02):
            dialup.stop(caller.now)
        else:
            caller.wait()
    for _ in range(400):
        caller.take()
        if dialup.phase is Phase.DOWN:
            break
        caller.wait()
    caller.take()
    must(caller.downs == 1 and dialup.next_deadline() is None, "the line is not freed")
    must(caller.connects <= 1, "connected twice")
    caller.judge()


CORES = (Core("dialup", play, 37_500),)
