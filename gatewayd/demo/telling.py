"""`gatewayd demo`: two nights in the office on this machine. Simulated modems, bureau and people; the real daemon.

The street (hwsim) and the daemon are processes of their own; the stories are checked against the street's own ledger
and the daemon's API, and told as they happen.
"""

from __future__ import annotations

import asyncio
import signal

from gatewayd.clock import Clock
from gatewayd.demo.nights import night, rush_hour, show_journal
from gatewayd.demo.stage import NotSo, Stage, world
from gatewayd.demo.stay import stay
from gatewayd.web.client import ClientError


async def _tell(*, once: bool) -> int:
    stage = Stage(Clock())
    task = asyncio.current_task()
    assert task is not None
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    try:
        async with world(stage) as w:
            await night(stage, w)
            await rush_hour(stage, w)
            await show_journal(stage, w)
            stage.say("both stories happened")
            if not once:
                await stay(stage, w)
    except (NotSo, ClientError, OSError, TimeoutError) as failure:
        stage.say(f"THE STORY FAILED: {failure or type(failure).__name__}")
        return 1
    except asyncio.CancelledError:
        print()
        return 0 if not once else 1
    return 0


def main(once: bool) -> int:
    """Exit status: 0 when every step happened."""
    return asyncio.run(_tell(once=once))
