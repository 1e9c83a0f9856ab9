"""A modem, a house and a story that happens to them in virtual time."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from pydantic import SecretStr

from gatewayd.channels.modem import Modem, ModemSettings
from tests.channels import virtual
from tests.channels.fake_modem import FakeModem
from tests.channels.house import RecordingHouse

Story = Callable[[FakeModem, RecordingHouse, Modem], Awaitable[None]]


def tell(
    story: Story, *, prepare: Callable[[FakeModem], None] = lambda fake: None, pin: str | None = None, **changes: object
) -> RecordingHouse:
    """Bring a modem up in virtual time and let the story happen to it."""
    house = RecordingHouse()

    async def whole(path: Path) -> None:
        fake = FakeModem(path)
        prepare(fake)
        fake.listen()
        values = {"name": "m1", "port": f"unix:{path}"} | changes
        modem = Modem(
            ModemSettings(**values),  # type: ignore[arg-type]
            house,
            virtual.clock(),
            pin=SecretStr(pin) if pin else None,
        )
        task = asyncio.create_task(modem.run())
        try:
            await story(fake, house, modem)
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            fake.unplug()

    with tempfile.TemporaryDirectory() as directory:
        virtual.run(whole(Path(directory) / "modem"))
    return house
