"""Answers that come when nobody waits for them any more: none is taken for the answer of what was asked since."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.wire.at import AtCore, Command, Event, Kind, Result, Stray, Urc
from gatewayd.wire.modem_bringup import wake_up
from gatewayd.wire.modem_profile import Profile
from gatewayd.wire.modem_steps import Dialogue, NoAnswer, resync, watched
from gatewayd.wire.modem_storage import Slot, Stored, empty, read
from tests.chance import examples
from tests.wire.over_octets import Line

OK = b"\r\nOK\r\n"
MODE = Command("AT+CMGF?", prefix=("+CMGF:",), sure=True)
MODE_SAID = b"\r\n+CMGF: 0\r\n" + OK


def after_silence(*commands: Command) -> AtCore:
    """None of these was answered in time."""
    core = AtCore()
    for number, command in enumerate(commands):
        core.execute(command, 10.0 * number)
        core.on_deadline(10.0 * number + command.timeout_s)
        assert [event.kind for event in core.events() if isinstance(event, Result)] == [Kind.TIMEOUT]
    return core


def results(events: list[Event]) -> list[Result]:
    return [event for event in events if isinstance(event, Result)]


def test_an_ok_without_the_line_that_was_asked_for_is_of_an_earlier_command() -> None:
    core = after_silence(Command("AT+CMGD=3"), Command("AT", probe=True))
    core.execute(MODE, 50.0)
    core.receive(OK + OK, 50.1)
    assert [event.of for event in core.events() if isinstance(event, Stray)] == ["command", "command"]
    core.receive(MODE_SAID, 50.2)
    assert [result.lines for result in results(core.events())] == [("+CMGF: 0",)]


def test_a_refusal_that_nobody_waits_for_says_what_it_is_of() -> None:
    core = after_silence(Command("AT+CMGR=3"))
    core.receive(b"\r\n+CMS ERROR: 321\r\n", 50.0)
    assert [event.of for event in core.events() if isinstance(event, Stray)] == ["command"]
    core.submit("0011", 5.0, 60.0, command="AT+CMGS=2")
    core.on_deadline(65.0)
    core.events()
    core.receive(b"\r\n+CMS ERROR: 38\r\n", 70.0)
    assert [event.of for event in core.events() if isinstance(event, Stray)] == ["submission"]
    core.receive(b"\r\n+CMS ERROR: 38\r\n", 71.0)
    assert [event.of for event in core.events() if isinstance(event, Stray)] == [""]


def test_a_restart_leaves_nothing_owed() -> None:
    core = after_silence(Command("AT+CMGR=3"))
    core.receive(b"\r\nRDY\r\n\r\n+CMS ERROR: 38\r\n", 50.0)
    assert [event.of for event in core.events() if isinstance(event, Stray)] == [""]


class Slow(Line):
    """A modem that answers everything, in order, and may think about each command for a while."""

    def __init__(self, slots: dict[int, str], thinks_s: list[float], *, restless: bool) -> None:
        super().__init__([])
        self.slots, self.thinks_s, self.restless = slots, list(thinks_s), restless
        self.due: list[tuple[float, bytes]] = []
        self.asked = 0

    def _flush(self) -> None:
        data = self.core.data_to_send()
        for command in filter(None, data.replace(b"\x1b", b"").split(b"\r")):
            thinks_s = self.thinks_s.pop(0) if self.thinks_s else 0.01
            begins = max(self.now, self.due[-1][0] if self.due else 0.0)
            self.due.append((begins + thinks_s, self._says(command.decode())))
        self._says_at = self.due[0][0] if self.due else None
        if self.due:
            self._word = (b"", 0.0, self.due[0][1])

    def _pass(self, until: float) -> None:
        """As the line, but a word that was said makes room for the next."""
        while True:
            self._flush()
            times = [at for at in (self.core.next_deadline(), self._says_at) if at is not None and at <= until]
            if not times:
                self.now = max(self.now, until)
                return
            self.now = max(self.now, min(times))
            if self.due and self.due[0][0] <= self.now:
                self.core.receive(self.due.pop(0)[1], self.now)
            else:
                self.core.on_deadline(self.now)
            for event in self.core.events():
                if isinstance(event, Result):
                    self._answers.append(event)
                else:
                    self.events.append(event)
            if self._answers:
                return

    def _says(self, command: str) -> bytes:
        self.asked += 1
        noise = b'\r\n+CMTI: "ME",9\r\n' if self.restless and self.asked % 3 == 0 else b""
        verb, _, place = command.partition("=")
        if verb == "AT+CMGR":
            pdu = self.slots.get(int(place))
            said = f"\r\n+CMGR: 0,,20\r\n{pdu}\r\n".encode() + OK if pdu else b"\r\n+CMS ERROR: 321\r\n"
        elif verb == "AT+CMGD":
            self.slots.pop(int(place), None)
            said = OK
        elif command in {"AT+CMGF?", "AT+CMEE?"}:
            said = f"\r\n{command[2:-1]}: 0\r\n".encode() + OK
        else:
            said = OK
        return noise + said


def play(line: Slow, dialogue: Dialogue[object]) -> object:
    try:
        return line.run(watched(dialogue))
    except NoAnswer:
        return NoAnswer


@pytest.mark.parametrize("thinks_s", [0.01, 1.5, 3.0, 4.6])
def test_a_modem_that_is_slow_with_everything_is_met_all_the_same(thinks_s: float) -> None:
    line = Slow({1: "AA"}, [thinks_s] * 60, restless=False)
    line.run(wake_up())
    assert line.now < 30
    profile = Profile(storages=("ME",), selected="ME")
    assert play(line, read(profile, Slot("ME", 1))) == Stored(Slot("ME", 1), "AA", sound=False)
    assert play(line, resync()) is None


@examples(50)
@given(
    st.lists(st.sampled_from([0.01, 0.01, 1.0, 4.0, 9.9, 10.1, 11.0, 13.0, 15.5]), max_size=12),
    st.lists(st.tuples(st.sampled_from("RD"), st.integers(1, 4)), min_size=1, max_size=8),
    st.booleans(),
)
def test_no_text_is_taken_for_that_of_another_slot(
    thinks_s: list[float], jobs: list[tuple[str, int]], restless: bool
) -> None:
    """However late a modem answers: what is read is what is there, and what is said to be empty is."""
    slots = {1: "AA", 2: "BB", 4: "DD"}
    line = Slow(dict(slots), thinks_s, restless=restless)
    profile = Profile(storages=("ME",), selected="ME")
    for what, index in jobs:
        slot = Slot("ME", index)
        there = line.slots.get(index)
        said = play(line, read(profile, slot) if what == "R" else empty(profile, slot, None))
        if said is NoAnswer:
            return  # the port is opened again, and the line with it
        if isinstance(said, Stored):
            assert said.pdu == there
        if said is True:
            assert index not in line.slots


@pytest.mark.parametrize("late_s", [10.5, 12.0, 14.0, 15.9])
def test_an_answer_to_a_reading_that_was_given_up_is_no_answer_to_the_next(late_s: float) -> None:
    line = Slow({1: "AA", 2: "BB"}, [late_s], restless=False)
    profile = Profile(storages=("ME",), selected="ME")
    assert play(line, read(profile, Slot("ME", 1))) is None
    assert play(line, read(profile, Slot("ME", 2))) == Stored(Slot("ME", 2), "BB", sound=False)
    assert Urc("+CMGR: 0,,20") in line.events
