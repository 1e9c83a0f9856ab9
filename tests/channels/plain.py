"""A channel as far as the house asks of one, without anything behind it: tests and plays add what matters to them."""

from __future__ import annotations

from gatewayd.channels.contract import Book, Submission
from gatewayd.delivery.outcome import Outcome
from gatewayd.text import Fit, fit


class PlainChannel:
    """See contract.Channel. It has a name, a SIM and a window, and is always ready; nobody may run it or send by it."""

    name = "plain"
    sim = ""
    window = 1
    kept = 0

    def ready(self) -> bool:
        return True

    def room(self, *, critical: bool = False) -> int:
        return self.window

    def pause_s(self, *, critical: bool = False) -> float:
        return 0.0

    def fit(self, words: str, recipient: str) -> Fit:
        return fit(words)

    async def send(self, submission: Submission, book: Book) -> Outcome:
        raise NotImplementedError

    def recall(self, attempt_id: str, reference: str | None, recipient: str) -> None:
        raise NotImplementedError

    async def run(self) -> None:
        raise NotImplementedError

    async def drain(self, timeout_s: float) -> None:
        raise NotImplementedError
