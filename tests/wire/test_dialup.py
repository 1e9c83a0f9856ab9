"""Dialled calls: what the modem is told, what its results mean, and that nothing of a call gets into its commands."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.wire.dialup import RESULTS, Connected, DialSettings, DialUp, Down, DropDtr, Event, Phase
from gatewayd.wire.tap import BeforeSubmit, CallOver, PageOver, Revoked, TapCall, TapSettings
from tests.chance import examples
from tests.wire.tap_script import A_BLOCK, B_BLOCK, FIRST_PAGE, GOODBYE, LOGON, SECOND_PAGE, octets

BOTH = (FIRST_PAGE, SECOND_PAGE)
ACCEPTED = "< 211 ok<CR><ACK><CR>"
SETTINGS = DialSettings("5551000")
DIAL = """
> ATZ<CR>
< ATZ<CR><CR><LF>OK<CR><LF>
wait 0.5
> ATE0V1Q0<CR>
< ATE0V1Q0<CR><CR><LF>OK<CR><LF>
wait 0.5
> ATDT5551000<CR>
"""
CONNECT = "< <CR><LF>CONNECT 1200<CR><LF>"
NO_CARRIER = "< <CR><LF>NO CARRIER<CR><LF>"
ONLINE = DIAL + CONNECT + LOGON


class Modem:
    """The modem and the terminal behind it, by script."""

    def __init__(self, dial: DialSettings = SETTINGS, tap: TapSettings | None = None, *, decides: bool = True) -> None:
        self.line = DialUp(dial, TapCall(BOTH, tap or TapSettings()))
        self.now = 50.0
        self.decides = decides
        self.written = b""
        self.events: list[Event] = []
        self.line.start(self.now)
        self.pump()

    def run(self, *scripts: str, portion: int = 0) -> Modem:
        for step in "\n".join(scripts).splitlines():
            kind, _, rest = step.partition(" ")
            if kind == ">":
                wanted = octets(rest)
                assert self.written[: len(wanted)] == wanted, (self.written, wanted)
                self.written = self.written[len(wanted) :]
            elif kind == "<":
                self.say(octets(rest), portion)
            elif kind == "wait":
                self.wait(float(rest))
        return self

    def say(self, data: bytes, portion: int = 0) -> None:
        size = portion or len(data) or 1
        for at in range(0, len(data), size):
            self.line.receive(data[at : at + size], self.now)
        self.pump()

    def wait(self, seconds: float) -> None:
        until = self.now + seconds
        while (at := self.line.next_deadline()) is not None and at <= until:
            self.now = max(self.now, at)
            self.line.on_deadline(self.now)
            self.pump()
        self.now = until

    def pump(self) -> None:
        while True:
            self.written += self.line.data_to_send()
            events = self.line.events()
            if not events:
                return
            self.events += events
            for event in events:
                if isinstance(event, BeforeSubmit) and self.decides:
                    self.line.decide(event.key, go=True, now=self.now)

    @property
    def down(self) -> Down:
        assert self.line.phase is Phase.DOWN
        assert isinstance(self.events[-1], Down)
        assert sum(isinstance(event, Down | CallOver) for event in self.events) == 2
        assert self.line.next_deadline() is None
        assert self.written == b"", self.written
        return self.events[-1]

    @property
    def fates(self) -> dict[str, str]:
        told: dict[str, str] = {}
        for event in self.events:
            if isinstance(event, PageOver | Revoked):
                assert (event.key in told) == isinstance(event, Revoked)
                told[event.key] = event.verdict.fate
        return told

    @property
    def codes(self) -> set[str]:
        return {event.verdict.code for event in self.events if isinstance(event, PageOver)}


def kinds(events: Sequence[Event]) -> list[str]:
    return [type(event).__name__ for event in events]


def test_a_whole_call() -> None:
    modem = Modem().run(ONLINE, A_BLOCK, ACCEPTED, B_BLOCK, ACCEPTED, GOODBYE, NO_CARRIER)
    assert modem.fates == {"a": "accepted", "b": "accepted"}
    assert modem.down == Down(clean=True)
    wanted = ["Connected", "BeforeSubmit", "PageOver", "BeforeSubmit", "PageOver", "CallOver", "Down"]
    assert kinds(modem.events) == wanted
    assert modem.events[0] == Connected(1200)


@pytest.mark.parametrize("portion", [1, 2, 3, 7])
def test_the_portions_are_no_matter(portion: int) -> None:
    script = (ONLINE, A_BLOCK, ACCEPTED, B_BLOCK, ACCEPTED, GOODBYE, NO_CARRIER)
    assert Modem().run(*script, portion=portion).events == Modem().run(*script).events


@pytest.mark.parametrize(
    ("connect", "line_bps"),
    [
        ("CONNECT", 300),
        ("CONNECT 2400", 2400),
        ("CONNECT 14400/ARQ/V32/LAPM", 14400),
        ("connect 1200", 1200),
        ("CARRIER 1200<CR><LF><CR><LF>PROTOCOL: NONE<CR><LF><CR><LF>CONNECT 1200", 1200),
        ("RINGING<CR><LF>RRING<CR><LF>CONNECT FAST", 0),
    ],
)
def test_every_connect(connect: str, line_bps: int) -> None:
    modem = Modem().run(DIAL, f"< <CR><LF>{connect}<CR><LF>", "> <CR>")
    assert modem.events == [Connected(line_bps)]


def test_a_prompt_right_behind_the_connect_is_heard() -> None:
    Modem().run(DIAL, "< <CR><LF>CONNECT 1200<CR><LF>Welcome<CR>ID=", "> <CR><ESC>PG1<CR>")


def test_a_number_is_no_result() -> None:
    modem = Modem().run(DIAL, "< ATDT5551000<CR><CR><LF>0<CR><LF>1<CR><LF>CONNECTED TO NOTHING<CR><LF>")
    assert modem.line.phase is Phase.DIALLING


@pytest.mark.parametrize("result", sorted(RESULTS))
def test_what_the_modem_says_instead_of_connect(result: str) -> None:
    modem = Modem().run(DIAL, f"< <CR><LF>{result}<CR><LF>")
    assert modem.fates == {"a": "deferred", "b": "deferred"}
    assert modem.codes == {RESULTS[result].code}
    assert RESULTS[result].scope == "channel"
    assert modem.down.clean
    assert not any(isinstance(event, BeforeSubmit) for event in modem.events)


def test_no_result_in_time() -> None:
    modem = Modem().run(DIAL, "wait 59")
    assert modem.fates == {}
    modem.run("wait 1", "> <CR>", NO_CARRIER, "> ATH<CR>", "< OK<CR>")
    assert (modem.codes, modem.down) == ({"dial timeout"}, Down(clean=True))


def test_a_modem_that_connects_when_nobody_waits_any_more_is_hung_up() -> None:
    modem = Modem().run(DIAL, "wait 60", "> <CR>", CONNECT, "wait 3", "> +++", "< OK<CR>", "> ATH<CR>", "< OK<CR>")
    assert (modem.fates, modem.down.clean) == ({"a": "deferred", "b": "deferred"}, True)


def test_a_modem_that_is_still_online_since_a_crash() -> None:
    modem = Modem().run("> ATZ<CR>", "< ID=<CR>", "wait 5", "> ATQ0V1<CR>", "wait 2")
    modem.run("> +++", "< <CR><LF>OK<CR><LF>", "> ATH<CR>", "< OK<CR>")
    modem.run(DIAL, CONNECT, "> <CR>")


def test_a_modem_that_says_nothing() -> None:
    modem = Modem().run("> ATZ<CR>", "wait 5", "> ATQ0V1<CR>", "wait 2", "> +++", "wait 6.1", "> ATH<CR>", "wait 5")
    modem.run("> ATZ<CR>", "wait 5", "> ATQ0V1<CR>", "wait 2")
    assert (modem.codes, modem.down) == ({"modem silent"}, Down(clean=False))


@pytest.mark.parametrize("stored", [("wait 5",), ("< ATZ<CR>0<CR>",)], ids=["silent", "numeric"])
def test_a_modem_that_was_stored_silent_or_numeric_is_told_to_speak(stored: tuple[str, ...]) -> None:
    modem = Modem().run("> ATZ<CR>", *stored, "> ATQ0V1<CR>", "< ATQ0V1<CR><CR><LF>OK<CR><LF>", "wait 0.5")
    modem.run("> ATE0V1Q0<CR>", "< ATE0V1Q0<CR><CR><LF>OK<CR><LF>", "wait 0.5", "> ATDT5551000<CR>", CONNECT, "> <CR>")


def test_a_modem_that_answers_in_numbers_whatever_it_is_told() -> None:
    modem = Modem().run("> ATZ<CR>", "< 0<CR>", "> ATQ0V1<CR>", "< 0<CR>")
    assert (modem.codes, modem.down) == ({"modem numeric"}, Down(clean=True))
    assert {event.verdict.reason for event in modem.events if isinstance(event, PageOver)} == {
        "the modem answers 0 and not OK: look at init and its switches"
    }


def test_an_init_string_that_is_refused() -> None:
    modem = Modem().run("> ATZ<CR>", "< ERROR<CR>")
    assert (modem.codes, modem.down) == ({"init"}, Down(clean=True))


def test_noise_and_line_ends_of_every_kind() -> None:
    modem = Modem(DialSettings("5551000", init=("ATZ",))).run("> ATZ<CR>", "< ~<LF><NUL>O<NUL>K<ETB><LF>", "wait 0.5")
    modem.run("> ATDT5551000<CR>", "< <LF><NUL>CONNECT  1200 <LF>", "> <CR>")


def test_the_speed_of_the_line_gives_its_octets_time() -> None:
    modem = Modem().run(ONLINE.replace("1200", "300"), A_BLOCK)
    assert modem.line.next_deadline() == pytest.approx(modem.now + 10.0 + 17 * 10 / 300)


def test_no_init_strings() -> None:
    Modem(DialSettings("9,W(0)#*", init=(), dial="ATDP")).run("> ATDP9,W(0)#*<CR>")


# -- the end of a call --------------------------------------------------------------------------------------------


def test_a_terminal_that_does_not_hang_up() -> None:
    modem = Modem().run(ONLINE, A_BLOCK, ACCEPTED, B_BLOCK, ACCEPTED, GOODBYE, "wait 2.9")
    assert modem.written == b"", "silence is the guard before +++"
    modem.run("wait 0.1", "> +++", "wait 1", "< <CR><LF>OK<CR><LF>", "> ATH<CR>", "< OK<CR>")
    assert modem.down == Down(clean=True)


def test_a_modem_that_does_not_come_back() -> None:
    modem = Modem().run(ONLINE, A_BLOCK, ACCEPTED, B_BLOCK, ACCEPTED, GOODBYE, "wait 3")
    modem.run("> +++", "wait 6.1", "> ATH<CR>", "wait 5")
    assert modem.down == Down(clean=False)
    assert modem.fates == {"a": "accepted", "b": "accepted"}


@pytest.mark.parametrize(("said", "clean"), [(NO_CARRIER, True), ("wait 5", False)])
def test_hanging_up_by_dtr(said: str, clean: bool) -> None:
    modem = Modem(DialSettings("5551000", hang_up="dtr"))
    modem.run(ONLINE, A_BLOCK, ACCEPTED, B_BLOCK, ACCEPTED, GOODBYE)
    assert kinds(modem.events)[-2:] == ["CallOver", "DropDtr"]
    assert isinstance(modem.events[-1], DropDtr)
    assert modem.run(said).down == Down(clean=clean)


@pytest.mark.parametrize(
    ("upto", "fates"),
    [
        (DIAL + CONNECT + "\n> <CR>", {"a": "deferred", "b": "deferred"}),
        (ONLINE + A_BLOCK, {"a": "uncertain", "b": "deferred"}),
        (ONLINE + A_BLOCK + "\n< 211 Page acc", {"a": "uncertain", "b": "deferred"}),
        (ONLINE + A_BLOCK + "\n" + ACCEPTED + "\n" + B_BLOCK, {"a": "accepted", "b": "uncertain"}),
    ],
)
def test_the_carrier_goes_in_the_middle(upto: str, fates: dict[str, str]) -> None:
    for carrier in (NO_CARRIER, "< ~{<DEL><CR>NO CARRIER<CR>", "< {<NUL><ETB>NO CARRIER<CR><LF>"):
        modem = Modem().run(upto, carrier)
        assert modem.fates == fates
        assert modem.down == Down(clean=True), "and nothing is written: the modem would take it for a command"


def test_a_page_about_a_carrier_is_no_lost_carrier() -> None:
    modem = Modem().run(ONLINE, A_BLOCK, "< 114 link says NO CARRIER<CR>211 NO CARRIER in rack 4<CR><ACK><CR>", B_BLOCK)
    assert modem.line.phase is Phase.ONLINE


def test_the_session_ends_in_the_middle_and_nothing_reaches_the_modem_s_commands() -> None:
    modem = Modem().run(ONLINE, A_BLOCK, "< 113 Maximum time<CR><ESC><EOT><CR><CR><LF>NO CARRIER<CR><LF>")
    assert (modem.fates, modem.down.clean) == ({"a": "deferred", "b": "deferred"}, True)


def test_the_port_goes() -> None:
    for upto, fate in (("> ATZ<CR>", "deferred"), (DIAL, "deferred"), (ONLINE + A_BLOCK, "uncertain")):
        modem = Modem().run(upto)
        modem.line.lost(modem.now)
        modem.pump()
        assert (modem.fates, modem.down.clean) == ({"a": fate, "b": "deferred"}, False)


def test_nothing_is_left_to_be_written_to_a_port_that_went() -> None:
    line = DialUp(SETTINGS, TapCall(BOTH))
    line.start(0.0)
    line.lost(0.0)
    assert line.data_to_send() == b""


def test_octets_that_never_left_the_port() -> None:
    modem = Modem().run(ONLINE, A_BLOCK)
    modem.line.lost(modem.now, unsent_octets=9)
    modem.pump()
    assert modem.fates["a"] == "deferred"


@pytest.mark.parametrize(
    ("upto", "then"),
    [
        ("> ATZ<CR>", ""),
        (DIAL, "> <CR>\n< NO CARRIER<CR>\n> ATH<CR>\n< OK<CR>"),
        (ONLINE, "> <EOT><CR>\n< <ESC><EOT><CR>" + "\n" + NO_CARRIER),
    ],
)
def test_stopping(upto: str, then: str) -> None:
    modem = Modem(decides=False).run(upto)
    modem.line.stop(modem.now)
    modem.pump()
    modem.run(then)
    assert modem.fates == {"a": "deferred", "b": "deferred"}
    assert isinstance(modem.down, Down)


# -- settings -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": ""},
        {"number": "555;+CMGD=1"},
        {"number": "555\rATZ"},
        {"number": "5" * 41},
        {"number": "1", "init": ("ATZ\rATZ",)},
        {"number": "1", "dial": "+++"},
        {"number": "1", "guard_s": 0.0},
    ],
)
def test_settings_that_would_be_other_commands(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        DialSettings(**wrong)  # type: ignore[arg-type]


def test_the_number_does_not_show_in_a_log() -> None:
    assert "5551000" not in repr(SETTINGS)


# -- anything -----------------------------------------------------------------------------------------------------

said = st.one_of(
    st.sampled_from(
        [
            "OK<CR>", "ERROR<CR>", "CONNECT 1200<CR>", "BUSY<CR>", "NO CARRIER<CR>", "RING<CR>", "ID=", "<CR>", "<LF>",
            "<ACK><CR>", "<NAK><CR>", "<RS><CR>", "<ESC><EOT><CR>", "<ESC>[p<CR>", "211 ok<CR>", "<XOFF>", "words",
        ]
    ).map(octets),
    st.binary(max_size=8),
)  # fmt: skip


@examples(300)
@given(
    st.lists(st.one_of(said, st.sampled_from([0.5, 3.0, 5.0, 60.0])), max_size=40),
    st.sampled_from(["", DIAL, DIAL + CONNECT, ONLINE, ONLINE + A_BLOCK]),
    st.sampled_from(["escape", "dtr"]),
    st.booleans(),
)
def test_every_call_ends_and_each_page_has_one_fate(
    course: list[bytes | float], upto: str, hang_up: str, lost: bool
) -> None:
    modem = Modem(DialSettings("5551000", hang_up=hang_up)).run(upto)  # type: ignore[arg-type]
    for step in course:
        if isinstance(step, bytes):
            modem.say(step)
        else:
            modem.wait(step)
    if lost:
        modem.line.lost(modem.now)
        modem.pump()
    for _ in range(100):
        modem.wait(60.0)
    modem.written = b""
    assert isinstance(modem.down, Down)
    assert set(modem.fates) == {"a", "b"}
