"""What a modem says by itself, turned into things to do: the table of the URCs that matter.

Everything else is noise and is let pass. Flags are set here and taken down by the modem's task.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable

from gatewayd.channels.modem_inbox import Inbox
from gatewayd.wire import tpdu
from gatewayd.wire.at import Echoed, Event, Kind, Noise, OpenPrompt, Reset, Stray, Terse, Urc, in_words
from gatewayd.wire.at_lines import reference_of
from gatewayd.wire.modem_errors import Verdict, classify
from gatewayd.wire.modem_network import state_in_urc
from gatewayd.wire.modem_profile import Registration, fields, number
from gatewayd.wire.modem_storage import Slot

NOISE_MAX = 200  # lines between two looks: the line itself is bad
LATE_MAX = 16

_ANNOUNCED = re.compile(r'\+C(?:MT|DS)I ?: ?"?(\w+)"? ?, ?(\d{1,5})\b')
_TOLD_SOMEHOW = ("+CMTI", "+CDSI", '+CIEV: "MESSAGE"', "+CIEV: MESSAGE")  # something came; where is not said
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}){20,}")  # a TPDU with its service centre has more than 20 octets
_FULL = re.compile(r"SM\w{0,8}FULL|\^SMGO|\+WMGF")  # ^SMMEMFULL, +CIEV: "smsfull",1, +QIND: "smsfull","ME"
_FULL_CODES = frozenset({322, 208, 211})
_OF_NO_TEXT = frozenset({321, 340})  # of a slot, of an acknowledgement
_CALL = ("RING", "+CRING", "+CLIP")
_REGISTRATION = ("+CREG:", "+CGREG:", "+CEREG:")
_SIM_GONE = ("+CPIN: NOT", "+CPIN: SIM", "+SIM REMOVED", "#QSS: 0", "^SIMST: 255", "^SIMST:255")
_RESTARTED = ("+CPIN: READY", "+CFUN: 1", "#QSS: 1", "^SIMST:1", "^SIMST: 1")
_BOOTED = ("^SRVST", "SMS READY", "SMS DONE", "CALL READY", "+QIND: SMS DONE", "#QSS: 3", "^BOOT:SMS")


class Ear:
    """The flags: each says that something is due; none says how to do it."""

    def __init__(self, inbox: Inbox, wake: Callable[[], None]) -> None:
        self.acknowledges = False  # whether +CMT and +CDS are to be acknowledged
        self.starting = True  # during bring-up most news are expected
        self.late: deque[Verdict] = deque(maxlen=LATE_MAX)
        self.restarted = False
        self.lost_setup = False  # the SIM changed, or it speaks as before its set-up: bring it up again
        self.prompted = False  # a prompt that nobody asked for
        self.ringing = False
        self.listing_due = False
        self.look_due = False
        self.noise = 0  # lines since the last look
        self.noisy = False
        self.echoes = False
        self.tolerates_echo = False
        self.echo_back = False  # it had been switched off,
        self.echo_returns = 0  # so often
        self.on_restart: Callable[[], None] | None = None
        self._inbox = inbox
        self._wake = wake
        self._registered: dict[str, Registration] = {}  # "+CREG" and its like: what each said last

    def forget(self) -> None:
        """The line ended; late answers stay, they were said."""
        self.restarted = self.lost_setup = self.prompted = self.ringing = self.echo_back = False
        self.listing_due = self.look_due = self.noisy = False
        self.noise = self.echo_returns = 0
        self._registered.clear()

    def hear(self, event: Event) -> None:
        match event:
            case Urc():
                self._urc(event)
            case Stray():
                self._stray(event)
            case Reset():
                self.restarted = True
            case OpenPrompt():
                self.prompted = not self.starting
            case Echoed():
                self.echoes = True
                self.echo_back = self.echo_back or not (self.starting or self.tolerates_echo)
            case Terse():
                self.lost_setup = self.lost_setup or not self.starting
            case Noise():
                self.noise += 1
                self.noisy = self._inbox.wary = True
        self._wake()

    def _stray(self, stray: Stray) -> None:
        """A refusal that nobody waits for is of a submission, if of anything; "memory full" also comes by itself."""
        if stray.result.kind is Kind.CMS and stray.of == "" and stray.result.code in _FULL_CODES:
            self.listing_due = True
        elif stray.result.kind is Kind.CMS and stray.of != "command" and stray.result.code not in _OF_NO_TEXT:
            self.late.append(classify(stray.result))

    @property
    def deaf(self) -> bool:
        """So much garbage that the line cannot be right."""
        return self.noise > NOISE_MAX

    def _urc(self, urc: Urc) -> None:
        line = urc.line.upper()
        if (match := _ANNOUNCED.match(line)) is not None:
            self._inbox.announce(Slot(match[1], int(match[2])))
        elif line.startswith(_TOLD_SOMEHOW) or _FULL.search(line) is not None:
            self.listing_due = True
        elif line.startswith(("+CMT:", "+CDS:")):
            self._routed(urc)
        elif line.startswith("+CMGS:"):
            self.late.append(Verdict("accepted", reference=reference_of(line)))
        elif line.startswith(_REGISTRATION):
            self._registration(line)
        elif line.startswith(_CALL):
            self.ringing = True
        elif _HEX.fullmatch(line) is not None and tpdu.sensible(line):
            self._inbox.direct(line, acknowledge=False)  # its header was lost, or it answers a command given up
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
        """A text or report that the modem keeps no copy of. In words: the modem has forgotten what it was told."""
        values = fields(urc.line)
        if in_words(urc.line):
            self.lost_setup = self.lost_setup or not self.starting
            if urc.line.upper().startswith("+CDS"):
                self._inbox.reported(values)
            elif urc.body is not None:
                raw = f"{urc.line}\n{urc.body}"
                self._inbox.spoken(values, urc.body, raw, acknowledge=self.acknowledges)
        elif urc.body is None:
            self.listing_due = True  # its PDU line never came; perhaps it was stored
        else:
            pdu = tpdu.whole(urc.body, number(values[-1]))
            self._inbox.direct(pdu, acknowledge=self.acknowledges)

    def _boot_sign(self, line: str) -> None:
        if line.startswith(_RESTARTED):
            self.restarted = True
            if self.on_restart is not None:
                self.on_restart()
        elif line.startswith(_SIM_GONE):
            self.lost_setup = True
        elif line.startswith(_BOOTED):
            self.look_due = True
