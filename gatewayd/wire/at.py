"""The AT core: bytes of a modem in, events out; frames lines, routes them, and owns one command at a time.

Theory of operation. The modem writes lines ended by CR, LF or any mixture, a prompt ">" without a line end, and
between and inside answers whatever it likes (URCs). A line goes, in this order, to: the +CMT/+CDS/+CBM header that
claims it; the final result of the command, matched as a whole line; the information lines of the command (by
prefix); else it is a URC. The phase says what our own bytes may be:

    IDLE -execute-> RUNNING -final-> IDLE
                    RUNNING -prompt-> PROMPTED -submit-> SUBMITTED -final-> IDLE
                                      PROMPTED -escape-> RUNNING
                                                         SUBMITTED -prompt, then nothing-> STUCK -escape-> RUNNING

Control-Z is written in one place, `submit`, and only in PROMPTED (or after a command of a modem without prompts).
While SUBMITTED nothing is written at all. Sources: 3GPP TS 27.007, 27.005; V.250; what modems really do.

A prompt is a ">" at the start of a line, or directly behind the echo of what we wrote. One that comes while SUBMITTED
may be the first one told twice, and the text is on the air; or the modem has not seen the control-Z and waits on. Both
look alike, so what comes next decides: an answer is an answer; the echo of the PDU, or other words behind the ">",
show that it was no new prompt; and nothing for SECOND_PROMPT_WAIT_S is a prompt that is stuck.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from gatewayd.wire.at_lines import (
    NUMERIC,
    PDU_HEADER,
    PREFIXED,
    PRINTABLE,
    RESETS,
    SPONTANEOUS,
    TEXT_HEADER,
    UNPRINTABLE,
    Kind,
    Result,
    final_result,
    in_words,
    pdu_like,
    reference_of,
    unglued,
)

__all__ = [
    "AtCore",
    "Command",
    "Echoed",
    "Event",
    "Kind",
    "Noise",
    "OpenPrompt",
    "Phase",
    "Reset",
    "Result",
    "Stray",
    "Terse",
    "Urc",
    "final_result",
    "in_words",
    "pdu_like",
]

ESC = b"\x1b"
CTRL_Z = b"\x1a"
LINE_OCTETS_MAX = 4096
ANSWER_LINES_MAX = 2048  # 255 slots of a storage are 510 lines
UNANSWERED_MAX = 16
CLAIM_WAIT_S = 2.0  # how long a +CMT header waits for its PDU
OWED_OK_WAIT_S = 2.0  # a late "+CMGS: n" is followed by an OK that answers nothing of ours
REFERENCE_ENOUGH_S = 2.0  # how long a "+CMGS: n" waits for its OK
SPENT_WAIT_S = 6.0  # how long another answer is waited for when the one before has been said again
# Longer than 99 of 100 answers of a 2G network take: a modem that only said its prompt twice has answered by then.
SECOND_PROMPT_WAIT_S = 20.0


class Phase(Enum):
    IDLE = "idle"
    RUNNING = "running"
    PROMPTED = "prompted"
    SUBMITTED = "submitted"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Command:
    """One AT command without its CR, and how to know its answer."""

    text: str = field(repr=False)
    timeout_s: float = 5.0
    limit_s: float | None = None  # a long answer: its time begins anew with each information line, up to this
    prefix: tuple[str, ...] = ()  # what its information lines begin with
    bare: bool = False  # information lines without a prefix are its own, too
    prompt: bool = False  # a prompt is a good answer
    probe: bool = False  # a plain AT: a "+CMS ERROR" is never its answer, but a late one of a submission
    sure: bool = False  # a result without an information line of its own is a late one of an earlier command
    enough_s: float | None = None  # with an information line in hand, wait only so long for the OK (Wavecom)
    fits: Callable[[str], bool] | None = None  # tells an answer from the URC of the same prefix
    shown: str = ""  # what a log may show instead of the text

    def __str__(self) -> str:
        return self.shown or self.text


@dataclass(frozen=True, slots=True)
class Urc:
    """A line that answers nothing. `body` is the PDU line of +CMT/+CDS/+CBM, None when it never came."""

    line: str
    body: str | None = None


@dataclass(frozen=True, slots=True)
class Stray:
    """A final result though no command wanted one. `of`: which the oldest was that nobody waits for any more."""

    line: str
    result: Result
    of: Literal["", "command", "submission"] = ""


@dataclass(frozen=True, slots=True)
class OpenPrompt:
    """A prompt that nobody asked for; ESC has already been queued."""


@dataclass(frozen=True, slots=True)
class Reset:
    """The modem says that it (re)started or goes down. A running command is over without an answer."""

    line: str


@dataclass(frozen=True, slots=True)
class Echoed:
    """The modem repeats what we write."""


@dataclass(frozen=True, slots=True)
class Terse:
    """The modem gives its results in numbers, as after ATV0."""


@dataclass(frozen=True, slots=True)
class Noise:
    """A line that cannot have been meant: bad octets or far too long."""


Event = Result | Urc | Stray | OpenPrompt | Reset | Echoed | Terse | Noise

_LINE_END = re.compile(rb"[\r\n]")
_SILENT = bytes([0x00, 0x08, 0x11, 0x13, 0x1A, 0x1B])  # padding, flow control, echoed ends of a PDU


class AtCore:
    """See the module. `now` is monotonic seconds; `gap_s` the rest a modem wants between two commands (Telit 0.02)."""

    def __init__(self, *, gap_s: float = 0.0) -> None:
        self.gap_s = gap_s
        self.phase = Phase.IDLE
        self.lines_dropped = 0
        self._now = 0.0
        self._buffer = bytearray()
        self._skipping = False  # inside a line that was too long
        self._after_prompt = False  # the space after ">" may come later
        self._behind_prompt = False  # inside a line that began with ">"
        self._events: list[Event] = []
        self._out = bytearray()
        self._held = b""  # a command waiting for the gap to pass
        self._quiet_until = 0.0
        self._command: Command | None = None
        self._lines: list[str] = []
        self._started = 0.0
        self._deadline: float | None = None
        self._stuck_at: float | None = None  # when a prompt after the PDU, and nothing else, will be believed
        self._pdu = self._overheard = ""
        self._spent = self._said_again = ""  # the reference of the text before, and the line that said it again
        self._echoed = False
        self._header: str | None = None
        self._header_deadline = 0.0
        self._owed_ok_until = -1.0
        self._unanswered: deque[Literal["command", "submission"]] = deque(maxlen=UNANSWERED_MAX)

    # -- what we say ---------------------------------------------------------------------------------------------

    def execute(self, command: Command, now: float) -> None:
        """Write a command. Only in IDLE."""
        assert self.phase is Phase.IDLE, f"{command} while {self.phase}"
        self._begin(command, now, command.timeout_s)
        data = command.text.encode("ascii") + b"\r"
        if self.gap_s and now < self._quiet_until:
            self._held = data
        else:
            self._out += data

    def submit(self, pdu_hex: str, timeout_s: float, now: float, *, command: str = "", spent: str = "") -> bool:
        """Write a PDU and control-Z. False, and nothing written, when no prompt is open. `spent`: see Submit.

        With `command`, for modems that never prompt (Nordic), command and PDU go together; only in IDLE.
        """
        if self.phase is not (Phase.IDLE if command else Phase.PROMPTED):
            return False
        self._begin(Command(command, prefix=("+CMGS:",), enough_s=REFERENCE_ENOUGH_S), now, timeout_s)
        self.phase, self._pdu, self._spent = Phase.SUBMITTED, pdu_hex, spent
        self._out += (command.encode("ascii") + b"\r" if command else b"") + pdu_hex.encode("ascii") + CTRL_Z
        return True

    def escape(self, wait_s: float, now: float) -> None:
        """Leave a prompt. Answers as a command does: OK, or TIMEOUT from the modems that say nothing.

        From STUCK the answer to the PDU may still come: its "+CMGS: n" is a line of this result.
        """
        assert self.phase is not Phase.SUBMITTED, "nothing may be written while a submission is out"
        stuck = self.phase is Phase.STUCK
        command = Command("", prefix=("+CMGS:",), enough_s=REFERENCE_ENOUGH_S) if stuck else Command("")
        self._begin(command, now, wait_s)
        self._held = b""
        self._out += ESC

    def out_s(self, now: float) -> float:
        """For how long a submission has been out; 0 when none is."""
        return now - self._started if self.phase is Phase.SUBMITTED else 0.0

    def give_up(self, now: float) -> None:
        """Wait no longer for the answer to a submission: all is as if its time were over."""
        if self.phase is Phase.SUBMITTED:
            self._deadline = now
            self.on_deadline(now)

    def wake(self) -> None:
        """Write a lone CR: ends a half-written command line of somebody before us."""
        assert self.phase is Phase.IDLE
        self._out += b"\r"

    def abandon(self) -> None:
        """Forget the running command; whatever still comes is a URC or a stray."""
        command = self._command
        if command is not None and (command.text or self._pdu) and self.phase is not Phase.PROMPTED:
            self._unanswered.append("submission" if self._pdu else "command")
        self._rest()

    def _rest(self) -> None:
        self.phase, self._command, self._deadline, self._held = Phase.IDLE, None, None, b""
        self._stuck_at = None

    def _begin(self, command: Command, now: float, timeout_s: float) -> None:
        self._command, self._lines, self._pdu, self._overheard, self._echoed = command, [], "", "", False
        self._spent = self._said_again = ""
        self._started, self._deadline, self._stuck_at = now, now + timeout_s, None
        self.phase = Phase.RUNNING

    def data_to_send(self) -> bytes:
        if not self._out:
            return b""
        data = bytes(self._out)
        self._out.clear()
        return data

    # -- time ----------------------------------------------------------------------------------------------------

    def next_deadline(self) -> float | None:
        """When `on_deadline` wants to be called, whatever comes in."""
        header_deadline = self._header_deadline if self._header else None
        times = [at for at in (self._deadline, self._stuck_at, header_deadline) if at is not None]
        if self._held:
            times.append(self._quiet_until)
        return min(times, default=None)

    def on_deadline(self, now: float) -> None:
        self._now = now
        if self._held and now >= self._quiet_until:
            self._out += self._held
            self._held = b""
        if self._header is not None and now >= self._header_deadline:
            header, self._header = self._header, None
            self._events.append(Urc(header))
            self._read()  # a ">" that could have been its text
        if self._stuck_at is not None and now >= self._stuck_at:
            self.phase, self._deadline, self._stuck_at = Phase.STUCK, None, None
            self._tell(Result(Kind.PROMPT))
        if self._deadline is not None and now >= self._deadline:
            if not self._lines and self._said_again:
                self._lines.append(self._said_again)
            enough = bool(self._lines) and self._command is not None and self._command.enough_s is not None
            self._finish(Result(Kind.OK if enough else Kind.TIMEOUT, text=self._overheard))

    # -- what the modem says ---------------------------------------------------------------------------------------

    def events(self) -> list[Event]:
        """Everything that happened since the last call, in order."""
        events, self._events = self._events, []
        return events

    def receive(self, data: bytes, now: float) -> None:
        """Take octets in any portions; the events do not depend on the portions."""
        self._now = now
        self._buffer += data.translate(None, _SILENT)
        waits = self._command if self._lines and not self._pdu else None
        self._read()
        if waits is not None and waits is self._command and waits.enough_s is not None:  # its OK may come in drips
            self._deadline = min(self._started + waits.timeout_s, now + waits.enough_s)

    def _read(self) -> None:
        """Take the whole lines and the prompts out of the buffer."""
        buffer, start, size = self._buffer, 0, len(self._buffer)
        while start < size:
            if self._after_prompt:
                self._after_prompt = False
                if buffer[start] == 0x20:
                    start += 1
                    continue
            if buffer[start] == 0x3E and not self._skipping and not self._awaits_text:  # ">" at the start of a line
                start += 1
                self._after_prompt = self._behind_prompt = True
                self._prompt()
                continue
            if not self._skipping and (prompt := self._prompt_behind_echo(start)):
                self._text(bytes(buffer[start:prompt]))
                start = prompt
                continue
            end = _LINE_END.search(buffer, start)
            if end is None:
                break
            line, start = bytes(buffer[start : end.start()]), end.end()
            if self._skipping:
                self._skipping = False
            elif line:
                self._text(line)
            self._behind_prompt = False
        del buffer[:start]
        if len(buffer) > LINE_OCTETS_MAX:
            if not self._skipping:
                self._drop()
            self._skipping = True
            buffer.clear()

    @property
    def _awaits_text(self) -> bool:
        """Whether the next line is a text as somebody wrote it, which may begin with ">"."""
        return self._header is not None and in_words(self._header)

    def _prompt_behind_echo(self, start: int) -> int:
        """Where the prompt stands that directly follows what we wrote, repeated from `start` on; else 0."""
        command = self._command
        asked = command.text if command is not None and command.prompt else ""
        echo = (self._pdu if self.phase is Phase.SUBMITTED else asked).encode("ascii")
        if not echo or not self._buffer.startswith(echo, start):
            return 0
        prompt = self._buffer.find(b">", start + len(echo))
        return 0 if prompt < 0 or self._buffer[start + len(echo) : prompt].strip(b" ") else prompt

    def _drop(self) -> None:
        self.lines_dropped += 1
        self._events.append(Noise())

    def _text(self, raw: bytes) -> None:
        line = raw.decode("latin-1").strip(" ")
        if len(raw) > LINE_OCTETS_MAX:
            self._drop()
        elif PRINTABLE.fullmatch(line) is None:
            self._drop()
            if self._header is not None and (self._awaits_text or pdu_like(line)):
                self._line(UNPRINTABLE.sub("?", line))  # the modem keeps no copy of this
        elif line:
            for each in [line] if self._awaits_text else unglued(line):
                self._line(each)

    def _prompt(self) -> None:
        if self._header is not None:  # its PDU will not come any more
            self._events.append(Urc(self._header))
            self._header = None
        if self.phase is Phase.RUNNING and self._command is not None and self._command.prompt:
            self.phase, self._deadline = Phase.PROMPTED, None
            self._tell(Result(Kind.PROMPT))
        elif self.phase in {Phase.IDLE, Phase.RUNNING}:
            self._out += ESC
            self._events.append(OpenPrompt())
        elif self.phase is Phase.SUBMITTED and not self._lines:
            earlier = [at for at in (self._stuck_at, self._deadline) if at is not None]
            self._stuck_at = min(self._now + SECOND_PROMPT_WAIT_S, *earlier)
        # PROMPTED: it said so twice

    def _line(self, line: str) -> None:
        if self._header is not None:
            header, self._header = self._header, None
            if in_words(header) or pdu_like(line):
                self._events.append(Urc(header, line))
                return
            self._events.append(Urc(header))  # this line is something else: route it as usual
        if PDU_HEADER.fullmatch(line) is not None or TEXT_HEADER.fullmatch(line) is not None:
            self._header, self._header_deadline = line, self._now + CLAIM_WAIT_S
        elif line.upper() in RESETS:
            self._rest()
            self._unanswered.clear()
            self._events.append(Reset(line))
        elif self._command is None:
            self._idle_line(line)
        else:
            self._answer_line(self._command, line)

    def _idle_line(self, line: str) -> None:
        result = final_result(line)
        if result is None:
            self._unasked(line)
        elif not self._owed(result):
            self._stray(line, result)

    def _stray(self, line: str, result: Result) -> None:
        """Answers come in order: the first that nobody waits for is that of the oldest command without one."""
        self._events.append(Stray(line, result, self._unanswered.popleft() if self._unanswered else ""))

    def _answer_line(self, command: Command, line: str) -> None:
        if line == command.text or (self._pdu and line == self._pdu):
            self._echoed, self._stuck_at = True, None  # it had read no further when it prompted
            self._events.append(Echoed())
            return
        result = final_result(line)
        if result is None and line in NUMERIC:
            self._events.append(Terse())
            result = Result(NUMERIC[line], text=line)
        if result is not None:
            if self._owed(result):
                return
            if (command.probe and result.kind is Kind.CMS) or (command.sure and not self._lines):
                self._overheard = line
                if (
                    command.sure and self._unanswered and self._deadline is not None
                ):  # it is slow, and works off what it owes
                    self._deadline = max(self._deadline, self._now + command.timeout_s)
                self._stray(line, result)
            elif self.phase is Phase.PROMPTED:
                self._events.append(Stray(line, result))  # the modem closed the prompt by itself
                self._rest()
            else:
                self._finish(result)
        elif self._spent and not self._lines and reference_of(line) == self._spent and line.startswith("+CMGS:"):
            self._say_again(line)
        elif self._is_information(command, line):
            self._informed(command, line)
        else:
            if self._behind_prompt and PREFIXED.match(line) is None:
                self._stuck_at = None  # a line of words that began with ">", or a damaged echo
            self._unasked(line)

    def _informed(self, command: Command, line: str) -> None:
        self._stuck_at = None
        if self._said_again and not self._lines:
            self._owed_ok_until = -1.0
        if len(self._lines) < ANSWER_LINES_MAX:
            self._lines.append(line)
        if command.limit_s is not None:
            self._deadline = min(self._started + command.limit_s, self._now + command.timeout_s)
        if command.enough_s is not None and self._deadline is not None:
            self._deadline = min(self._deadline, self._now + command.enough_s)

    def _say_again(self, line: str) -> None:
        """The answer of the text before, or of a modem that does not count: silence behind it tells."""
        self._said_again = line
        self._owed_ok_until = self._now + OWED_OK_WAIT_S
        if self._deadline is not None:
            self._deadline = min(self._deadline, self._now + SPENT_WAIT_S)

    @staticmethod
    def _is_information(command: Command, line: str) -> bool:
        if command.prefix and line.upper().startswith(command.prefix):
            return command.fits is None or command.fits(line)
        return command.bare and PREFIXED.match(line) is None and line.upper() not in SPONTANEOUS

    def _unasked(self, line: str) -> None:
        if line.startswith("+CMGS:"):
            self._owed_ok_until = self._now + OWED_OK_WAIT_S
        self._events.append(Urc(line))

    def _owed(self, result: Result) -> bool:
        """Whether this OK belongs to a late +CMGS rather than to the command that runs now."""
        if result.kind is not Kind.OK or self._now > self._owed_ok_until:
            return False
        self._owed_ok_until = -1.0
        return True

    def _tell(self, result: Result) -> None:
        took_s = self._now - self._started
        self._events.append(
            Result(result.kind, tuple(self._lines), result.code, result.text, took_s, echoed=self._echoed)
        )

    def _finish(self, result: Result) -> None:
        self._tell(result)
        self._quiet_until = self._now + self.gap_s
        if result.kind is Kind.TIMEOUT:
            self.abandon()
            return
        if self._command is not None and self._command.sure:
            self._unanswered.clear()  # whatever was before it has been answered, or never will be
        self._rest()
