"""One modem of the simulated street, the channel that drives it, and a house; all in virtual time.

The simulator was written by other hands from the standards; here it is used through its public Python interface.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Awaitable, Callable
from typing import Any

from hwsim.street import Street
from pydantic import SecretStr

from gatewayd.channels.modem import Modem, ModemSettings
from gatewayd.delivery.outcome import Outcome
from tests.channels import virtual
from tests.channels.house import RecordingHouse, booked, submission, until

ANNA = "+447700900123"
OURS = "+447700900001"


class Block:
    """The street as a test sees it."""

    def __init__(self, street: Any, modem: Modem, house: RecordingHouse) -> None:
        self.street = street
        self.modem = modem
        self.house = house
        self.anna = street.add_phone(ANNA, "Anna")
        self._numbers = 0

    def fault(self, kind: str, **options: object) -> None:
        self.street.fault("modem1", {"kind": kind, **options})

    async def send(self) -> Outcome:
        """A text that no other is like."""
        self._numbers += 1
        return await self.modem.send(submission(self._numbers, segment=self.text(self._numbers)), booked)

    @staticmethod
    def text(number: int) -> str:
        return f"PROD 42 disk full, page {number:03}."

    def taken(self, number: int) -> list[dict[str, Any]]:
        """What the network took of this text: the truth."""
        entries = self.street.ledger.entries
        return [entry for entry in entries if entry["event"] == "accepted" and entry["text"] == self.text(number)]

    def texts(self) -> list[str | None]:
        return [text.text for text in self.house.texts]

    async def ready(self, within_s: float = 400.0) -> None:
        await until(self.modem.ready, within_s=within_s)


def live(
    story: Callable[[Block], Awaitable[None]],
    *,
    personality: str = "generic",
    sim_pin: str = "",
    pin: str | None = None,
    **changes: object,
) -> RecordingHouse:
    """Let the story happen; returns what the house was told."""
    house = RecordingHouse()

    async def whole(directory: str) -> None:
        loop = asyncio.get_running_loop()
        street = Street(seed=7, wall=lambda: 1_795_000_000 + loop.time())
        street.add_modem("modem1", OURS, personality, end=f"unix:{directory}/modem1", pin=sim_pin)
        values = {"name": "m1", "port": f"unix:{directory}/modem1"} | changes
        settings = ModemSettings(**values)  # type: ignore[arg-type]
        modem = Modem(settings, house, virtual.clock(), pin=SecretStr(pin) if pin else None)
        async with street:
            task = asyncio.create_task(modem.run())
            try:
                await story(Block(street, modem, house))
            finally:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    with tempfile.TemporaryDirectory() as directory:
        virtual.run(whole(directory))
    return house
