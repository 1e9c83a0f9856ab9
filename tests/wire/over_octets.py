"""A dialogue over the AT core, octet for octet and in a time of its own: no loop, no port, no waiting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from gatewayd.wire.at import AtCore, Command, Event, Result
from gatewayd.wire.modem_steps import BeforeSubmit, Dialogue, Escape, Listen, Step, Submit, Wake

T = TypeVar("T")

# What the modem says, one after the other: (when it has heard this since its last word, after so long, these octets).
Words = list[tuple[bytes, float, bytes]]


class Line:
    """Plays the modem's `words`; remembers what was written to it and when, and every event that was no answer."""

    def __init__(self, words: Words, *, portion: int = 1000) -> None:
        self.core = AtCore()
        self.now = 0.0
        self.events: list[Event] = []
        self.written: list[tuple[float, bytes]] = []
        self._words = iter(words)
        self._word = next(self._words, None)
        self._heard = b""
        self._says_at: float | None = None
        self._portion = portion
        self._answers: list[Result] = []

    @property
    def octets(self) -> bytes:
        return b"".join(data for _, data in self.written)

    def run(self, dialogue: Dialogue[T]) -> T:
        try:
            step = next(dialogue)
            while True:
                step = dialogue.send(self._take(step))
        except StopIteration as stop:
            result: T = stop.value
            return result

    def _take(self, step: Step) -> Any:
        match step:
            case BeforeSubmit():
                self._pass(self.now)
                return True
            case Listen():
                self._pass(self.now + step.for_s)
                return None
            case Wake():
                self.core.wake()
                self._flush()
                return None
            case Submit():
                assert self.core.submit(step.pdu_hex, step.timeout_s, self.now, command=step.command)
            case Escape():
                self.core.escape(step.wait_s, self.now)
            case Command():
                self.core.execute(step, self.now)
            case _:
                raise AssertionError(f"nothing here knows what to do with {step}")
        return self._answer()

    def _answer(self) -> Result:
        """Let time pass until the command is over."""
        self._flush()
        for _ in range(1000):
            if self._answers:
                return self._answers.pop(0)
            times = [at for at in (self.core.next_deadline(), self._says_at) if at is not None]
            assert times, "nothing will ever happen"
            self._pass(min(times))
        raise AssertionError("no end in sight")

    def _pass(self, until: float) -> None:
        """Everything that falls due, in order."""
        while True:
            self._flush()
            times = [at for at in (self.core.next_deadline(), self._says_at) if at is not None and at <= until]
            if not times:
                self.now = max(self.now, until)
                return
            self.now = max(self.now, min(times))
            if self._says_at is not None and self._says_at <= self.now:
                assert self._word is not None
                data, self._word, self._says_at = self._word[2], next(self._words, None), None
                for portion in self._cut(data):
                    self.core.receive(portion, self.now)
            else:
                self.core.on_deadline(self.now)
            for event in self.core.events():
                if isinstance(event, Result):
                    self._answers.append(event)
                else:
                    self.events.append(event)
            if self._answers:
                return

    def _cut(self, data: bytes) -> Iterator[bytes]:
        for start in range(0, len(data), self._portion):
            yield data[start : start + self._portion]

    def _flush(self) -> None:
        data = self.core.data_to_send()
        if data:
            self.written.append((self.now, data))
            self._heard += data
        if self._word is not None and self._says_at is None and self._word[0] in self._heard:
            self._heard = self._heard[self._heard.index(self._word[0]) + len(self._word[0]) :]
            self._says_at = self.now + self._word[1]
