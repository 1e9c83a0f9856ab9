"""One bureau of the simulated street, the SMPP channel that pages by it, and a house; on loopback TCP, in virtual time.

The simulator was written by other hands from the standards; here it is used through its public Python interface.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import selectors
import struct
import termios
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Self

import pytest
from hwsim.smpp_centre import Account
from hwsim.smpp_listener import Listener
from hwsim.street import Street
from pydantic import SecretStr

from gatewayd.channels.contract import Submission
from gatewayd.channels.smpp import Smpp, SmppSettings
from gatewayd.delivery.outcome import Accepted, Outcome
from tests import virtual as loops
from tests.channels.house import RecordingHouse, booked, submission
from tests.channels.virtual import clock

ANNA, BEN, SHORT = "+447700900201", "+447700900202", "4711"
OURS = "60000"
PASSWORD = "s3cret!x"

STEP_S = 0.02
_LONG_S = 0.25  # the kernel may still carry octets: look once more before time leaps so far
Carried = tuple[tuple[int, int, int], ...]


class Patient(selectors.DefaultSelector):
    """As virtual time's own selector, for sockets of the network: octets may take a moment although nobody waits.

    It looks once more only where something is new on the way since it last looked so in vain.
    """

    loop: loops.VirtualLoop
    in_vain: Carried = ()

    def select(self, timeout: float | None = None) -> Any:
        carried = self._carried() if timeout is None or timeout > _LONG_S else ()
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if self.loop.abroad:
            return super().select(0.005)
        assert timeout is not None, "everybody waits for nobody"
        if timeout > _LONG_S and carried != self.in_vain:
            if ready := super().select(0.001):
                return ready
            self.in_vain = carried
        self.loop.passed += timeout
        return []

    def _carried(self) -> Carried:
        """Of each socket what it waits for, and how many octets nobody has acknowledged; one that closes is gone."""
        return tuple((fd, key.events, _unacknowledged(fd)) for fd, key in self.get_map().items())


def _unacknowledged(fd: int) -> int:
    try:
        return int(struct.unpack("i", fcntl.ioctl(fd, termios.TIOCOUTQ, bytes(4)))[0])
    except OSError:  # it listens
        return 0


class Loop(loops.VirtualLoop):
    def __init__(self) -> None:
        self.passed, self.abroad = 0.0, 0
        patient = Patient()
        patient.loop = self
        asyncio.SelectorEventLoop.__init__(self, patient)


class Block:
    """The street as a test sees it."""

    def __init__(self, street: Any, house: RecordingHouse, settings: dict[str, object], password: str) -> None:
        self.street = street
        self.centre = street.centres["north"]
        self.house = house
        self.anna = street.add_pager(ANNA, "Anna", two_way=True, max_chars=2000)
        self.ben = street.add_pager(BEN, "Ben", two_way=True)
        self.short = street.add_pager(SHORT, "Cy", two_way=True)
        self._settings = settings
        self._password = password
        self._numbers = 0

    def open(self, **changes: object) -> None:
        """The channel begins its life."""
        host, port = "127.0.0.1", self.port()
        values = {"name": "north", "host": host, "port": port, "system_id": "gateway", "sender": OURS}
        settings = SmppSettings(**(values | self._settings | changes))  # type: ignore[arg-type]
        self.smpp = Smpp(settings, self.house, clock(), password=SecretStr(self._password))
        self.life = asyncio.create_task(self.smpp.run())

    async def close(self) -> None:
        self.life.cancel()
        await asyncio.gather(self.life, return_exceptions=True)

    def port(self) -> int:
        return int(self.centre.listeners[0].address.rpartition(":")[2])

    def fault(self, kind: str, **options: object) -> None:
        self.street.bureau_fault("north", {"kind": kind, **options})

    def part(self, **changes: object) -> Submission:
        """One that no other is like."""
        self._numbers += 1
        number = self._numbers
        values: dict[str, object] = {"attempt_id": str(number), "recipient": ANNA, "segment": self.text(number)}
        return submission(number, **(values | changes))

    async def send(self, **changes: object) -> Outcome:
        return await self.smpp.send(self.part(**changes), booked)

    def sending(self, **changes: object) -> asyncio.Task[Outcome]:
        return asyncio.create_task(self.send(**changes))

    async def gives(self, count: int) -> list[tuple[Submission, Outcome]]:
        """As the dispatcher does: so many as there is room for, until all have an outcome; what is deferred as well."""
        begun: list[tuple[Submission, asyncio.Task[Outcome]]] = []
        end = asyncio.get_running_loop().time() + 300
        while len(begun) < count:
            assert asyncio.get_running_loop().time() < end, f"no room for more than {len(begun)}"
            out = sum(not task.done() for _, task in begun)
            for _ in range(min(self.smpp.room(), self.smpp.window - out, count - len(begun))):
                part = self.part()
                begun.append((part, asyncio.create_task(self.smpp.send(part, booked))))
            await asyncio.sleep(max(0.001, self.smpp.pause_s()))
        await asyncio.wait([task for _, task in begun])
        return [(part, task.result()) for part, task in begun]

    async def say(self, words: str, recipient: str = ANNA, reference: int = 7) -> list[Outcome]:
        """A text as the dispatcher sends it: cut by the channel, part after part."""
        cut = self.smpp.fit(words, recipient)
        return [
            await self.send(
                segment=segment,
                alphabet=cut.alphabet,
                part=number,
                parts=len(cut.segments),
                concat_reference=reference,
                recipient=recipient,
            )
            for number, segment in enumerate(cut.segments, 1)
        ]

    def shown(self) -> list[str]:
        """What their readers saw, long texts joined."""
        return [str(entry["text"]) for entry in self.entries("shown")]

    @staticmethod
    def text(number: int) -> str:
        return f"PROD 42 disk full, page {number:04}."

    def entries(self, event: str) -> list[dict[str, Any]]:
        return [entry for entry in self.street.ledger.entries if entry["event"] == event]

    def taken(self, number: int) -> list[dict[str, Any]]:
        """What the bureau took of this text: the truth."""
        return [entry for entry in self.entries("accepted") if entry["text"] == self.text(number)]

    def texts(self) -> list[str | None]:
        return [text.text for text in self.house.texts]

    async def ready(self, within_s: float = 120.0) -> None:
        await until(lambda: self.smpp.ready(), within_s=within_s)

    async def works(self, within_s: float = 120.0) -> None:
        """A page goes, and its receipt comes, within that time."""
        end = asyncio.get_running_loop().time() + within_s
        while True:
            await self.ready(within_s=max(1.0, end - asyncio.get_running_loop().time()))
            before, outcome = len(self.house.receipts), await self.send()
            if isinstance(outcome, Accepted):
                break
            assert asyncio.get_running_loop().time() < end, f"it does not send any more: {outcome}"
            await asyncio.sleep(0.5)
        assert len(self.taken(self._numbers)) == 1
        await until(lambda: len(self.house.receipts) > before, within_s=60)


async def until(condition: Callable[[], object], *, within_s: float = 10.0) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    while not condition():
        waited = loop.time() - began
        assert waited < within_s, f"it did not happen within {within_s} s"
        await asyncio.sleep(max(STEP_S, waited / 2000))


def live(
    story: Callable[[Block], Awaitable[None]],
    *,
    centre: dict[str, object] | None = None,
    account: dict[str, Any] | None = None,
    password: str = PASSWORD,
    clean: bool = True,
    certificate: Any = None,
    where: str = "tcp:0",
    opened: bool = True,
    **settings: object,
) -> RecordingHouse:
    """Let the story happen; returns what the house was told. `clean`: the bureau has no violation to tell of."""
    house = RecordingHouse()

    async def whole() -> None:
        ours = clock()
        street = Street(seed=7, wall=lambda: ours.now() / 1e6)
        street.add_bureau("north")
        north = street.centres["north"]
        for name, value in (centre or {}).items():
            assert hasattr(north.settings, name), name
            setattr(north.settings, name, value)
        values: dict[str, Any] = {"password": PASSWORD, "numbers": [OURS]} | (account or {})
        north.add_account(Account("gateway", **values))
        north.listeners.append(Listener(north, where, certificate))
        async with street:
            block = Block(street, house, settings, password)
            if opened:
                block.open()
            try:
                await story(block)
            finally:
                if hasattr(block, "life"):
                    await block.close()
            if clean:
                assert (broken := block.entries("violation")) == [], broken

    play(whole())
    return house


def tell(told: Coroutine[Any, Any, None]) -> None:
    """The story of a whole house, whose sockets are real, in virtual time; its log is as loud as an operator's."""
    logging.getLogger("gatewayd").setLevel(logging.INFO)
    loop = Loop()
    try:
        loop.run_until_complete(told)
    finally:
        loop.close()


def play(story: Any) -> None:
    """In virtual time; what is written to no log at any level is looked for here."""
    loop = Loop()
    asyncio.set_event_loop(None)
    try:
        with _Ears() as ears:
            loop.run_until_complete(story)
        ears.check()
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.wait_for(loop.shutdown_asyncgens(), 5))
        loop.close()


class _Ears(logging.Handler):
    """Everything that the gateway logs, at all levels."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self._log = logging.getLogger("gatewayd")

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.getMessage()} {vars(record)}")

    def __enter__(self) -> Self:
        self._was = self._log.level
        self._log.setLevel(logging.DEBUG)
        self._log.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._log.removeHandler(self)
        self._log.setLevel(self._was)

    def check(self) -> None:
        for line in self.lines:
            for secret in (PASSWORD, ANNA[1:], BEN[1:]):
                if secret in line:
                    pytest.fail(f"a log line tells what it must not: {line[:200]}")
