"""Lines of a modem: a command has one end, the portions are no matter, nothing is written into a submission."""

from __future__ import annotations

from gatewayd.wire.at import CTRL_Z, AtCore, Command, Event, Kind, Phase, Reset, Result, Stray, Urc
from gatewayd.wire.tpdu import PduError, decode
from proofs.fuzz import tpdu
from proofs.fuzz.course import Core, Course, must
from proofs.fuzz.damage import portions

_PDU = tpdu.SAMPLES[0].hex().upper()
_REPORT = tpdu.SAMPLES[8].hex().upper()
_OUT = tpdu.SAMPLES[10].hex().upper()
SAMPLES = [
    line.encode("latin-1")
    for line in (
        "\r\nOK\r\n", "\r\nERROR\r\n", "\r\n+CMS ERROR: 38\r\n", "\r\n+CME ERROR: SIM busy\r\n", "\r\n> ", "\r\n>",
        "\r\n+CMGS: 83\r\n\r\nOK\r\n", "\r\n+CMGS: 255\r\n", "\r\n+CMS ERROR: 500\r\n",
        "AT+CSQ\r\r\n+CSQ: 18,99\r\n\r\nOK\r\n",
        f"\r\n+CMT: ,{len(_PDU) // 2 - 8}\r\n{_PDU}\r\n", f"\r\n+CDS: 25\r\n{_REPORT}\r\n", '\r\n+CMTI: "SM",3\r\n',
        f"\r\n+CMGL: 1,0,,24\r\n{_PDU}\r\n+CMGL: 2,1,,24\r\n{_PDU}\r\n\r\nOK\r\n",
        f"\r\n+CMGR: 0,,24\r\n{_PDU}\r\n\r\nOK\r\n",
        "\r\n^SYSSTART\r\n", "\r\nRDY\r\n", "\r\nRING\r\n", "\r\n+CREG: 2,1\r\n\r\nOK\r\n",
        '\r\n+CREG: 1,"00A1","3F02"\r\n',
        '\r\n+CMT: "+447700900123",,"26/11/22,07:00:00+00"\r\n> ok 42\r\n', "\r\n^SMMEMFULL\r\n", "0\r", "4\r\n",
        "\r\nCOMMAND NOT SUPPORT\r\n", f"{_OUT}\r\n> ", "\r\n+CUSD: 0\r\n", "AT+CMGS=23\r\r\n> ", "\r\n+CBM: 88\r\n",
        "x" * 5000, "\xff\xfe\x00\x80\r\n", "\x1a\x1b\x11\x13",
    )
]  # fmt: skip
_COMMANDS = (
    Command("AT", timeout_s=1.0, probe=True),
    Command("AT+CSQ", prefix=("+CSQ:",)),
    Command("AT+CGMI", prefix=("+CGMI:",), bare=True),
    Command("AT+CMGL=4", prefix=("+CMGL:",), bare=True, timeout_s=20.0),
    Command("AT+CPIN?", prefix=("+CPIN:",), enough_s=0.3),
    Command("AT+CMGS=23", prompt=True, timeout_s=10.0),
    Command("AT+CMGS=23", prompt=True, timeout_s=10.0),
)


class Pair:
    """Two cores that hear the same in different portions, and must tell the same."""

    def __init__(self, course: Course) -> None:
        self.course = course
        gap_s = course.dice.choice((0.0, 0.0, 0.021))
        self.core, self.twin = AtCore(gap_s=gap_s), AtCore(gap_s=gap_s)
        self.now = 100.0
        self.open = False  # a command whose end has not been told
        self.submissions = self.ends = 0

    def speak(self) -> None:
        """Go on with the dialogue as a driver would."""
        if self.core.phase is Phase.IDLE:
            command = self.course.dice.choice(_COMMANDS)
            for core in (self.core, self.twin):
                core.execute(command, self.now)
            self.open = True
        elif self.core.phase is Phase.PROMPTED and self.course.maybe(0.8):
            must(self.core.submit(_OUT, 60.0, self.now), "no prompt though PROMPTED")
            self.twin.submit(_OUT, 60.0, self.now)
            self.submissions += 1
        elif self.core.phase in {Phase.PROMPTED, Phase.STUCK}:
            for core in (self.core, self.twin):
                core.escape(0.2, self.now)
        self.look(wrote=True)

    def hear(self, octets: bytes) -> None:
        submitted = self.core.phase is Phase.SUBMITTED
        self.core.receive(octets, self.now)
        for portion in portions(octets, self.course.dice):
            self.twin.receive(portion, self.now)
        self.look(wrote=not submitted)

    def wait(self) -> bool:
        """Until the next deadline; False when there is none."""
        deadline = self.core.next_deadline()
        must(deadline == self.twin.next_deadline(), "the portions change a deadline")
        if deadline is None:
            return False
        self.now = max(self.now, deadline)
        for core in (self.core, self.twin):
            core.on_deadline(self.now)
        later = self.core.next_deadline()
        must(later is None or later > self.now, "a deadline that stays")
        self.look(wrote=True)
        return True

    def look(self, *, wrote: bool) -> None:
        events, out = self.core.events(), self.core.data_to_send()
        must(events == self.twin.events(), "the portions change the events")
        must(out == self.twin.data_to_send(), "the portions change what is written")
        must(self.core.phase is self.twin.phase, "the portions change the phase")
        must(wrote or not out or self.core.phase is not Phase.SUBMITTED, "written into a submission")
        self.ends += out.count(CTRL_Z)
        must(self.ends <= self.submissions, "a control-Z that nobody asked for")
        for event in events:
            self._event(event)
        if self.core.phase is Phase.IDLE:
            must(not self.open or any(isinstance(event, Stray) for event in events), "a command is over without a word")
            self.open = False
        else:
            must(self.open, "a command goes on after its end")

    def _event(self, event: Event) -> None:
        if isinstance(event, Result) and event.kind is not Kind.PROMPT:
            must(self.open, "two ends of one command")
            self.open = False
            self.course.fates[event.kind.value] += 1
        elif isinstance(event, Reset):
            self.open = False
        elif isinstance(event, Urc) and event.body is not None:
            try:
                decode(event.body)
            except PduError:
                self.course.fates["bad PDU"] += 1


def play(course: Course) -> None:
    pair = Pair(course)
    for _ in range(course.dice.choice((2, 4, 6))):
        pair.speak()
        if pair.core.phase is Phase.RUNNING and course.maybe(0.5):
            pair.hear(course.say(b"\r\n> "))  # so that submissions are reached
            pair.speak()
        pair.hear(course.damage(SAMPLES))
        pair.now += course.dice.choice((0.0, 0.01, 0.5, 3.0))
        if course.maybe(0.2):
            pair.wait()
    for _ in range(40):
        if not pair.wait():
            if pair.core.phase is Phase.IDLE:
                return
            for core in (pair.core, pair.twin):
                core.escape(0.2, pair.now)
            pair.look(wrote=True)
    must(pair.core.phase is Phase.IDLE, "no end in sight")


CORES = (Core("at", play, 75_000),)
