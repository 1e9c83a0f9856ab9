"""One modem by which several bureaus are dialled: one call at a time, and a queue for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class _Asker:
    owner: object
    urgent: Callable[[], bool]
    turn: asyncio.Future[bool] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class SharedLine:
    """`take` before the line is opened, `free` when it is closed. First those with a critical page, then in order."""

    def __init__(self) -> None:
        self.on_pressed: Callable[[], None] = lambda: None  # called while it is taken: somebody waits who must not
        self._taken = False
        self._askers: list[_Asker] = []

    async def take(self, owner: object, urgent: Callable[[], bool]) -> bool:
        """At once when it is free. False: given up, it is not taken."""
        if not self._taken:
            self._taken = True
            return True
        asker = _Asker(owner, urgent)
        self._askers.append(asker)
        self.look()
        try:
            return await asker.turn
        except asyncio.CancelledError:
            if asker.turn.done() and not asker.turn.cancelled() and asker.turn.result():
                self.free()
            raise
        finally:
            if asker in self._askers:
                self._askers.remove(asker)

    def free(self) -> None:
        self._askers = [asker for asker in self._askers if not asker.turn.done()]
        self._taken = bool(self._askers)
        if self._askers:
            following = next((asker for asker in self._askers if asker.urgent()), self._askers[0])
            self._askers.remove(following)
            following.turn.set_result(True)

    def give_up(self, owner: object) -> None:
        """Whoever this is does not wait for it any more."""
        for asker in self._askers:
            if asker.owner is owner and not asker.turn.done():
                asker.turn.set_result(False)

    def look(self) -> None:
        """Somebody has come to wait, or has got a page meanwhile."""
        if self.pressed:
            self.on_pressed()

    @property
    def pressed(self) -> bool:
        """Somebody with a critical page waits for it."""
        return any(asker.urgent() for asker in self._askers)
