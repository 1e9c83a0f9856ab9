"""What a modem says by itself, turned into things to do: the table of the URCs that matter.

Everything else is noise and is let pass. Flags are set here and taken down by the modem's task.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable

from gatewayd.channels.modem_inbox import Inbox
from gatewayd.wire.at import Echoed, Event, Kind, Noise, OpenPrompt, Reset, Stray, Terse, Urc
from gatewayd.wire.modem_errors import Verdict, classify
from gatewayd.wire.modem_network import state_in_urc
from gatewayd.wire.modem_profile import Registration
from gatewayd.wire.modem_send import reference_of
from gatewayd.wire.modem_storage import Slot

NOISE_MAX = 200  # lines between two looks: the line itself is bad
LATE_MAX = 16

_ANNOUNCED = re.compile(r'\+C(?:MT|DS)I: ?"?(\w+)"? ?, ?(\d{1,5})')
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_FULL = ("^SMMEMFULL", "^SMGO", "+WMGF", '+CIEV: "SMSFULL"', "+CIEV: SMSFULL")
_CALL = ("RING", "+CRING", "+CLIP")
_REGISTRATION = ("+CREG:", "+CGREG:", "+CEREG:")
_SIM_GONE = ("+CPIN: NOT", "+CPIN: SIM", "+SIM REMOVED", "#QSS: 0", "^SIMST: 255", "^SIMST:255")
_RESTARTED = ("+CPIN: READY", "+CFUN: 1", "#QSS: 1", "^SIMST:1", "^SIMST: 1")
_BOOTED = ("^SRVST", "SMS READY", "CALL READY", "+QIND: SMS DONE", "#QSS: 3", "^BOOT:SMS")


class Ear:
    """The flags: each says that something is due; none says how to do it."""

    def __init__(self, inbox: Inbox, wake: Callable[[], None]) -> None:
        self.acknowledges = False  # whether +CMT and +CDS are to be acknowledged
        self.starting = True  # during bring-up most news are expected
        self.late: deque[Verdict] = deque(maxlen=LATE_MAX)
        self.restarted = False
        self.lost_setup = False  # echo is back, or the SIM changed: bring it up again
        self.prompted = False  # a prompt that nobody asked for
        self.ringing = False
        self.listing_due = False
        self.look_due = False
        self.noise = 0  # lines since the last look
        self.noisy = False
        self.echoes = False
        self.tolerates_echo = False
        self.on_restart: Callable[[], None] | None = None
        self._inbox = inbox
        self._wake = wake
        self._registered: dict[str, Registration] = {}  # "+CREG" and its like: what each said last

    def forget(self) -> None:
        """The line ended; late answers stay, they were said."""
        self.restarted = self.lost_setup = self.prompted = self.ringing = False
        self.listing_due = self.look_due = self.noisy = False
        self.noise = 0
        self._registered.clear()

    def hear(self, event: Event) -> None:
        match event:
            case Urc():
                self._urc(event)
            case Stray():
                if event.result.kind is Kind.CMS:
                    self.late.append(classify(event.result))
            case Reset():
                self.restarted = True
            case OpenPrompt():
                self.prompted = not self.starting
            case Echoed():
                self.echoes = True
                self.lost_setup = self.lost_setup or not (self.starting or self.tolerates_echo)
            case Terse():
                self.lost_setup = self.lost_setup or not self.starting
            case Noise():
                self.noise += 1
                self.noisy = True
        self._wake()

    @property
    def deaf(self) -> bool:
        """So much garbage that the line cannot be right."""
        return self.noise > NOISE_MAX

    def _urc(self, urc: Urc) -> None:
        line = urc.line.upper()
        if (match := _ANNOUNCED.match(line)) is not None:
            self._inbox.announce(Slot(match[1], int(match[2])))
        elif line.startswith(("+CMT:", "+CDS:")):
            self._routed(urc)
        elif line.startswith("+CMGS:"):
            self.late.append(Verdict("accepted", reference=reference_of(line)))
        elif line.startswith(_REGISTRATION):
            self._registration(line)
        elif line.startswith(_CALL):
            self.ringing = True
        elif line.startswith(_FULL):
            self.listing_due = True
        elif not self.starting:
            self._boot_sign(line)

    def _registration(self, line: str) -> None:
        """A look for each loss, each gain and all that is unclear; none for another cell of the same network.

        Only a look can tell what it means: one of the three may be lost while another is good.
        """
        name, state = line.partition(":")[0], state_in_urc(line)
        if state not in {"home", "roaming"} or self._registered.get(name) != state:
            self.look_due = True
        self._registered[name] = state

    def _routed(self, urc: Urc) -> None:
        if urc.body is None:
            self.listing_due = True  # its PDU line never came; perhaps it was stored
        elif _HEX.fullmatch(urc.body) is not None:
            self._inbox.direct(urc.body, acknowledge=self.acknowledges)
        else:  # text mode: the modem has forgotten what it was told
            self.lost_setup = not self.starting
            self._inbox.direct(urc.body.encode().hex(), acknowledge=self.acknowledges)

    def _boot_sign(self, line: str) -> None:
        if line.startswith(_RESTARTED):
            self.restarted = True
            if self.on_restart is not None:
                self.on_restart()
        elif line.startswith(_SIM_GONE):
            self.lost_setup = True
        elif line.startswith(_BOOTED):
            self.look_due = True
