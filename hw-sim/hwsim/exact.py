"""A loop whose timers keep their time to a tenth of a millisecond; asyncio's own rounds them up to whole ones."""

from __future__ import annotations

import asyncio
import select
import selectors

FD_SETSIZE = 1024  # select(2) takes no descriptor from here on
SLACK = 1 / 1000  # the kernel may let a waiter sleep longer by this share of the timeout
SLACK_MATTERS_S = 0.05  # below this it is under 50 us, which the kernel takes in any case


class ExactSelector(selectors.EpollSelector):
    """Waits on the epoll descriptor itself with select(2), whose timeout has microseconds; then asks epoll.

    A wait may end early with nothing, as one that a signal interrupts may: the loop then waits for what is left.
    """

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready; an empty list at the latest when the timeout is over."""
        if timeout is None or timeout <= 0 or self.fileno() >= FD_SETSIZE:
            return super().select(timeout)
        # A long wait ends short of its end by more than the slack, and the rest is a wait of its own with less of it.
        wait_s = timeout if timeout <= SLACK_MATTERS_S else timeout * (1 - 2 * SLACK)
        select.select([self.fileno()], [], [], wait_s)
        return super().select(0)


def exact_loop() -> asyncio.AbstractEventLoop:
    """A new loop that waits exactly."""
    return asyncio.SelectorEventLoop(ExactSelector())
