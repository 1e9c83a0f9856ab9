"""What a paging terminal says, octet by octet: prompt, answers, go-ahead, farewell, and lines of text.

Theory of operation. Bit 8 is parity or nothing and goes. CR, LF or any mixture end a line. An answer is one control
octet (ACK, NAK, RS) and a line end behind it; whatever stands before it on the line is text. A control octet with a
letter behind it was line noise: to take it for an answer would be to claim a page that nobody has. "ID=" may stand
anywhere and needs no line end. What we wrote may come back from a terminal that echoes; none of our octets is an
answer, but our text could look like a code, so an echoed block and an echoed logon are passed over.

Source: TAP 1.8 sections 3 and 4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

LINE_OCTETS_MAX = 256
ECHO_OCTETS_MAX = 300  # a block has 256; a little more for what the line added

_STX, _ETX, _EOT, _ACK, _LF, _CR, _NAK, _ETB, _ESC, _RS, _US = (
    0x02, 0x03, 0x04, 0x06, 0x0A, 0x0D, 0x15, 0x17, 0x1B, 0x1E, 0x1F,
)  # fmt: skip
_XON, _XOFF = 0x11, 0x13


class Mark(Enum):
    PROMPT = "ID="
    ACK = "ack"
    NAK = "nak"
    RS = "rs"
    GO_AHEAD = "go-ahead"
    DISCONNECT = "esc eot"
    XOFF = "xoff"
    XON = "xon"
    LINE = "line"


_ANSWERS = {_ACK: Mark.ACK, _NAK: Mark.NAK, _RS: Mark.RS}


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing said. `text` is the line, or for a prompt what stood before it on its line."""

    mark: Mark
    text: str = ""


class _State(Enum):
    TEXT = "text"
    ESCAPE = "after ESC"
    BRACKET = "after ESC ["
    BLOCK = "inside an echoed block"
    SKIP = "until the line ends"


class Reader:
    """Octets in any portions to signs; the signs do not depend on the portions. Never raises."""

    def __init__(self) -> None:
        self.noise_octets = 0
        self._state = _State.TEXT
        self._line = bytearray()  # its beginning, where a code would be
        self._tail = b""  # its end, where a prompt would be
        self._pending: Mark | None = None  # an answer that still wants its line end
        self._bracketed = False  # ESC [ has parameters: a screen control, no go-ahead
        self._echo_left = 0

    def read(self, data: bytes) -> Iterator[Sign]:
        for octet in data:
            yield from self._octet(octet & 0x7F)

    def expect_echo(self) -> None:
        """A block goes out: from now on an STX may be the beginning of its echo."""
        self._echo_left = ECHO_OCTETS_MAX

    def forget(self) -> None:
        """Drop the unfinished line: what follows answers something new."""
        self._line.clear()
        self._tail, self._pending = b"", None

    def unfinished(self) -> Iterator[Sign]:
        """The answer whose line end never came, and the line before it; nothing where there is none."""
        yield from self._answer()

    def _octet(self, octet: int) -> Iterator[Sign]:
        if octet in {0x00, 0x7F}:  # padding
            return
        if octet in {_XON, _XOFF}:
            yield Sign(Mark.XON if octet == _XON else Mark.XOFF)
        elif octet in _ANSWERS:
            self._state, self._pending = _State.TEXT, _ANSWERS[octet]
        elif octet == _ESC:
            self._state = _State.ESCAPE
        elif self._state is _State.ESCAPE:
            yield from self._escaped(octet)
        elif self._state is _State.BRACKET:
            yield from self._screen_control(octet)
        elif self._state is _State.BLOCK:
            self._echoed(octet)
        elif octet in {_CR, _LF}:
            yield from self._line_end()
        elif self._state is _State.TEXT:
            yield from self._text(octet)

    def _line_end(self) -> Iterator[Sign]:
        self._state = _State.TEXT
        if self._pending is not None:
            yield from self._answer()
        else:
            yield from self._finish_line()

    def _answer(self) -> Iterator[Sign]:
        mark, self._pending = self._pending, None
        if mark is not None:
            yield from self._finish_line()
            yield Sign(mark)

    def _finish_line(self) -> Iterator[Sign]:
        text = self._line.decode("ascii").rstrip(" ")
        self._line.clear()
        self._tail = b""
        if text.strip(" "):
            yield Sign(Mark.LINE, text)

    def _escaped(self, octet: int) -> Iterator[Sign]:
        if octet == _EOT:
            self._state, self._pending = _State.TEXT, None
            yield from self._finish_line()
            yield Sign(Mark.DISCONNECT)
        elif octet == ord("["):
            self._state, self._bracketed = _State.BRACKET, False
        elif octet in {_CR, _LF}:
            yield from self._line_end()
        else:
            self._state, self._pending = _State.SKIP, None  # our own logon comes back; it may hold a password

    def _screen_control(self, octet: int) -> Iterator[Sign]:
        if chr(octet) in "0123456789;?":
            self._bracketed = True
            return
        self._state = _State.TEXT
        if octet in b"pP" and not self._bracketed:
            yield from self._finish_line()
            yield from self._answer()  # glued to the go-ahead, it needs no line end of its own
            yield Sign(Mark.GO_AHEAD)
        elif octet in {_CR, _LF}:
            yield from self._line_end()
        else:
            self._pending = None

    def _echoed(self, octet: int) -> None:
        self._echo_left -= 1
        if octet in {_ETX, _ETB, _US}:
            self._state = _State.SKIP  # the checksum
        elif self._echo_left <= 0:
            self._state = _State.TEXT

    def _text(self, octet: int) -> Iterator[Sign]:
        if octet == _STX and self._echo_left > 0:
            self._state = _State.BLOCK
            self.forget()
            return
        if octet < 0x20:
            self.noise_octets += 1
            return
        if self._pending is not None:
            self._pending = None
            self.noise_octets += 1
        if len(self._line) < LINE_OCTETS_MAX:
            self._line.append(octet)
        self._tail = (self._tail + bytes([octet]))[-3:]
        if self._tail.upper() == b"ID=":
            yield Sign(Mark.PROMPT, self._line.decode("ascii"))
