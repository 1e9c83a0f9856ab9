"""Whatever a modem does, only booked texts leave the house, each once, and no outcome claims what nobody knows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from gatewayd.channels.modem import Modem
from gatewayd.channels.modem_outcome import encode
from gatewayd.delivery.outcome import Accepted, Deferred, Outcome, Refused, Uncertain, Withdrawn
from tests.chance import examples
from tests.channels.fake_modem import FakeModem
from tests.channels.house import RecordingHouse, submission, until
from tests.channels.story import tell

BEFORE = st.sampled_from(
    ["", "", "", "silence", "ERROR", "OK", "+CMS ERROR: 332", "> ", "RDY", "hang up", "\xff\xfe", "late", "+CMGS: 9"]
)
AFTER = st.sampled_from(
    ["", "", "", "silence", "OK", "ERROR", "+CMS ERROR: 500", "> ", "RDY", "hang up", "late", "two", "+CPIN: READY"]
)
BOOKS = st.tuples(st.booleans(), st.sampled_from([0.0, 0.01, 3.0, 40.0]))


class Trial:
    """Some texts sent through a modem with bad habits; remembers what was booked, said, and heard."""

    def __init__(self, before: list[str], after: list[str], books: list[tuple[bool, float]]) -> None:
        self.before, self.after, self.books = list(before), list(after), books
        self.committed: set[int] = set()
        self.outcomes: dict[int, Outcome] = {}
        self.octets = b""

    def misbehave(self, fake: FakeModem, what: str, normal: Callable[[], None]) -> None:
        if what in {"", "two"}:
            normal()
        elif what == "late":
            asyncio.get_running_loop().call_later(12.0, normal)
        elif what == "hang up":
            fake.hang_up()
        elif what == "> ":
            fake.say_raw(b"\r\n> ")
        elif what != "silence":
            fake.say(what)

    async def story(self, fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)

        def on_command(command: str) -> bool:
            what = self.before.pop(0) if self.before else ""
            if what:
                self.misbehave(fake, what, fake.prompt)
            return bool(what)

        def on_pdu(pdu: str) -> str | None:
            what = self.after.pop(0) if self.after else ""
            self.misbehave(fake, what, lambda: fake.say(fake.accept(pdu) or ""))
            return "+CMGS: 77\r\n\r\nOK" if what == "two" else None

        fake.on_command, fake.on_pdu = on_command, on_pdu
        for number, (yes, takes_s) in enumerate(self.books):
            await until(modem.ready, within_s=900)
            self.outcomes[number] = await modem.send(submission(number), self.book(number, takes_s, yes=yes))
        self.octets = bytes(fake.raw)

    def book(self, number: int, takes_s: float, *, yes: bool) -> Callable[[], asyncio.Future[bool]]:
        async def commit() -> bool:
            await asyncio.sleep(takes_s)
            if yes:
                self.committed.add(number)
            return yes

        return lambda: asyncio.ensure_future(commit())

    def times_on_the_wire(self, number: int) -> int:
        return self.octets.count(encode(submission(number)).hex.encode() + b"\x1a")


@examples(150)
@given(st.lists(BEFORE, max_size=12), st.lists(AFTER, max_size=4), st.lists(BOOKS, min_size=1, max_size=4))
def test_law_six_at_the_octets(before: list[str], after: list[str], books: list[tuple[bool, float]]) -> None:
    """A control-Z stands directly behind a PDU that was booked, and nowhere else."""
    trial = Trial(before, after, books)
    tell(trial.story, submit_wait_s=60, late_wait_s=5)
    assert trial.octets.count(b"\x1a") == sum(map(trial.times_on_the_wire, trial.outcomes))
    for number, outcome in trial.outcomes.items():
        on_the_wire = trial.times_on_the_wire(number)
        assert on_the_wire <= (number in trial.committed)
        match outcome:
            case Withdrawn():
                assert on_the_wire == 0
            case Accepted() | Uncertain():
                assert on_the_wire == 1
            case Deferred(code=code) if code in {"modem", "not ready"}:
                assert on_the_wire == 0
            case Refused():
                raise AssertionError("nobody refused anything")
