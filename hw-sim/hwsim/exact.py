"""A loop that keeps its timers to about a tenth of a millisecond.

asyncio's own rounds them up to whole milliseconds, and the kernel adds its slack to that.
"""

from __future__ import annotations

import asyncio
import select
import selectors

DESCRIPTORS_MAX = 1024  # FD_SETSIZE: select(2) takes none from here on
SLACK_SHARE = 0.006  # a thousandth of its timeout is what the kernel may oversleep, five of them when nice
SHORT_S = 0.05  # up to here that share is no more than the 50 us that the kernel takes in any case
ANSWER_LEAD_S = 0.0005  # what a modem needs, and some more, to have the network take a message after a long sleep


class ExactSelector(selectors.DefaultSelector):
    """Waits with select(2), whose timeout has microseconds, for the descriptor of epoll, and then asks epoll."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready. A long wait may end with nothing before its time, and the loop waits again for the rest."""
        if timeout is None or timeout <= 0 or self.fileno() >= DESCRIPTORS_MAX:
            return super().select(timeout)
        wait_s = timeout if timeout <= SHORT_S else timeout * (1 - SLACK_SHARE)
        select.select([self.fileno()], [], [], wait_s)
        return super().select(0)


def exact_loop() -> asyncio.AbstractEventLoop:
    """A new loop that waits exactly."""
    return asyncio.SelectorEventLoop(ExactSelector())
