"""What the terminal has said in a call: the lines since we last wrote, its greeting and farewell, and its version."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

from gatewayd.wire import tap_codes as codes
from gatewayd.wire.tap_codes import Coded, Verdict
from gatewayd.wire.tap_signs import Mark, Reader, Sign

LINES_MAX = 40  # kept of what the terminal says for one answer
WORDS_MAX = 59
QUOTE = 8  # so many letters of a text of ours, and a line repeats it

_NUMBER = re.compile(r"(?<!\w)\+?\d{5,}")


class Heard:
    """The octets of the terminal, to signs and lines. A line that repeats our password is not kept."""

    def __init__(self, password: str) -> None:
        self.version: tuple[int, int] | None = None
        self.logons_owed = 0  # answers: a terminal that did not answer in time may have heard the first one after all
        self.private: tuple[str, ...] = ()  # the pager and the text whose turn it is
        self._password = password
        self._reader = Reader()
        self._said: deque[str] = deque(maxlen=LINES_MAX)  # since we last wrote
        self._noise_before = 0
        self._kept: deque[str] = deque(maxlen=LINES_MAX)  # greeting and farewell

    def read(self, data: bytes) -> Iterator[Sign]:
        return self._reader.read(data)

    def line(self, line: str) -> Coded | None:
        """One line; its code, if it begins with one."""
        if self._password and self._password in line:
            return None
        self._said.append(line)
        said = codes.coded(line)
        if said is not None and said.code == 110:
            self.version = codes.version_of(said) or self.version
        return said

    def forget(self) -> None:
        """What is heard from now on answers what we have just written."""
        self._said.clear()
        self._reader.forget()
        self._noise_before = self._reader.noise_octets

    def expect_echo(self) -> None:
        """A block goes out, and may come back."""
        self._reader.expect_echo()

    def keep(self) -> None:
        """The lines since we last wrote are greeting or farewell, and answer no page."""
        self._kept += self._said
        self._said.clear()

    def answered(self) -> None:
        """They belonged to an answer that has been judged."""
        self._said.clear()

    def words(self) -> str:
        """The last line that it said, for people; "" where there is none, or none that may be repeated.

        What is `private` is left out, as is any number that may be somebody's.
        """
        for line in reversed(self._said):
            said = codes.coded(line)
            if (said is not None and said.code in {110, 111}) or any(_quotes(line, text) for text in self.private):
                continue
            for text in filter(None, self.private):
                line = line.replace(text, "...")
            line = _NUMBER.sub("...", line)
            return line if len(line) <= WORDS_MAX else f"{line[: WORDS_MAX - 3].rstrip()}..."
        return ""

    def of_a_logon(self) -> bool:
        """Whether an answer to a block is one to a logon that went twice: with 110, or if nothing tells of a page."""
        said = {each.code for each in self.codes}
        if 110 not in said and (not self.logons_owed or said - {111}):
            return False
        self.logons_owed = max(0, self.logons_owed - 1)
        self.answered()
        return True

    def unfinished(self) -> Iterator[Sign]:
        """Nothing more has come: an answer that only lacks its line end, and was not heard amid noise."""
        if self._reader.noise_octets == self._noise_before:
            yield from self._reader.unfinished()

    @property
    def codes(self) -> tuple[Coded, ...]:
        """Of the lines since we last wrote."""
        return tuple(said for said in map(codes.coded, self._said) if said is not None)

    @property
    def lines(self) -> tuple[str, ...]:
        """Since we last wrote."""
        return tuple(self._said)

    @property
    def kept(self) -> tuple[str, ...]:
        return tuple(self._kept)

    @property
    def noise_octets(self) -> int:
        return self._reader.noise_octets

    def told(self) -> Verdict | None:
        """Why the call ends, where the terminal has said it by a code and not by ESC EOT."""
        return codes.ends_call(self.codes)

    def told_or(self, rest: Verdict) -> Verdict:
        """Why the call ends: by the terminal's code, else `rest` and its words."""
        return self.told() or codes.with_words(rest, self.words())

    def judged(self, mark: Mark, *, doubt: bool = False) -> Verdict:
        """What this answer and the lines before it mean for a page, see `codes.judge`."""
        return codes.with_words(codes.judge(mark, self.codes, doubt=doubt, lines=self.lines), self.words())


def _quotes(line: str, text: str) -> bool:
    return any(text[at : at + QUOTE] in line for at in range(len(text) - QUOTE + 1))
