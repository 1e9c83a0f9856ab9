"""Messages and reports that reach a modem: stored, shown or routed as +CNMI says, acknowledged as +CSMS asks.

3GPP TS 27.005 3.4.1 (+CNMI) and 3.4.4 (+CNMA): a message routed to the terminal in phase 2+ must be acknowledged within
the network's time, or the modem tells the network that it failed and sets <mt> and <ds> to 0 without a word.
What <mt> 2 (class 2, and waiting messages to be stored) and 3 (all but class 3) do not route, they indicate as 1 does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from hwsim import text_mode
from hwsim.sim import Slots, Stored
from hwsim.smsc import Envelope, Taken
from hwsim.tpdu import Deliver, StatusReport, message_class

if TYPE_CHECKING:
    from hwsim.modem import Modem

Done = Callable[[Taken], None]
BUFFERED_MAX = 50


class Arrivals:
    """The receiving side of one modem, as the network sees it."""

    def __init__(self, modem: Modem) -> None:
        self._modem = modem
        self._awaited: Done | None = None
        self._window: asyncio.TimerHandle | None = None
        self._buffered: list[str] = []
        self.told_full = False

    # What the network calls

    def reachable(self) -> bool:
        """Registered and not hanging."""
        return self._modem.registered() and not self._modem.frozen

    def take(self, envelope: Envelope, done: Done) -> None:
        """One message or report from the network."""
        if self._awaited:
            # 27.005 3.4.4: no further +CMT or +CDS before the last one is acknowledged.
            done(Taken.FAILED)
        elif envelope.report:
            self._take_report(envelope, done)
        else:
            self._take_message(envelope, done)

    def _take_message(self, envelope: Envelope, done: Done) -> None:
        modem = self._modem
        assert envelope.data
        if envelope.pid == 0x40:  # short message type 0: acknowledged and forgotten (23.040 9.2.3.9)
            done(Taken.OK)
            return
        settings = modem.network.settings
        deliver = Deliver(envelope.sender, envelope.pid, envelope.data, envelope.scts, settings.zone_quarters)
        tpdu = deliver.encode()
        kind = message_class(envelope.data.dcs)
        route = modem.settings.cnmi[1]
        if kind == 0 and modem.personality.class0_direct and route == 1:
            route = 2
        if (route == 2 and kind != 2 and not _kept(envelope.data.dcs)) or (route == 3 and kind == 3):
            self._route(text_mode.cmt(modem, deliver, tpdu), envelope, done)
        else:
            memory = "SM" if kind == 2 else modem.settings.memories[2]
            self._store(memory, Stored("deliver", 0, tpdu, text_mode.arrived_by(modem)), envelope, done)

    def _take_report(self, envelope: Envelope, done: Done) -> None:
        modem = self._modem
        report = envelope.report
        assert report
        quarters = modem.network.settings.zone_quarters
        status = StatusReport(
            report.mr, report.to, report.scts, report.discharged, report.status, quarters, report.of_command
        )
        route = modem.settings.cnmi[3]
        if route == 1:
            self._route(text_mode.cds(modem, status), envelope, done)
        elif route == 2:
            memory = "SR" if "SR" in modem.personality.stores else modem.settings.memories[2]
            self._store(memory, Stored("report", 0, status.encode(), text_mode.arrived_by(modem)), envelope, done)
        else:
            done(Taken.OK)

    # Storing

    def memory(self, name: str) -> Slots | None:
        """The slots behind a memory's name; MT is handled where it is listed."""
        modem = self._modem
        if name == "SM":
            return modem.sim.slots if modem.sim else None
        if name == "SR":
            return modem.sr
        return modem.me

    def _store(self, name: str, message: Stored, envelope: Envelope, done: Done) -> None:
        modem = self._modem
        names = ("ME", "SM") if name == "MT" else (name,)
        for memory in names:
            slots = self.memory(memory)
            index = slots.add(message) if slots else None
            if index is not None:
                sign = "+CDSI" if message.kind == "report" else "+CMTI"
                wanted = modem.settings.cnmi[3] == 2 if message.kind == "report" else modem.settings.cnmi[1] != 0
                done(Taken.OK)
                if modem.personality.filled_urc and slots and slots.full:
                    modem.urc(modem.personality.filled_urc)
                if wanted and not (modem.personality.cmti_stops_when_full and slots and slots.full):
                    self._show(f'{sign}: "{memory}",{index}', envelope.urgent)
                return
        if modem.personality.full_urc:
            modem.urc(modem.personality.full_urc.format(memory=names[-1]))
        self.told_full = True
        done(Taken.FULL)

    def deleted(self) -> None:
        """Room was made: the network is told (RP-SMMA) and sends what it kept."""
        if self.told_full and self._modem.sim:
            self.told_full = False
            self._modem.network.came_back(self._modem.sim.number)

    # Showing

    def _show(self, line: str, urgent: bool) -> None:
        """<mode> 0 keeps unsolicited codes in the modem."""
        if self._modem.settings.cnmi[0] == 0:
            self._buffered = [*self._buffered, line][-BUFFERED_MAX:]
        else:
            self._modem.urc(line, urgent=urgent)

    def notifications_set(self) -> None:
        """After +CNMI with <mode> not 0: the buffer is flushed (<bfr> 0) or cleared (1)."""
        if self._modem.settings.cnmi[0] == 0:
            return
        buffered, self._buffered = self._buffered, []
        if self._modem.settings.cnmi[4] == 0:
            for line in buffered:
                self._modem.urc(line)

    def _route(self, line: str, envelope: Envelope, done: Done) -> None:
        """+CMT or +CDS; in phase 2+ the acknowledgement is awaited."""
        modem = self._modem
        if modem.settings.csms == 1 and "+CNMA" not in modem.personality.absent:
            self._awaited = done
            self._window = modem.loop.call_later(modem.personality.cnma_window_s, self._missed)
        else:
            done(Taken.OK)
        self._show(line, envelope.urgent)

    def acknowledge(self, *, good: bool) -> bool:
        """+CNMA; False if none is awaited."""
        done, self._awaited = self._awaited, None
        if self._window:
            self._window.cancel()
            self._window = None
        if not done:
            return False
        done(Taken.OK if good else Taken.FAILED)
        return True

    def _missed(self) -> None:
        mode, _, bm, _, bfr = self._modem.settings.cnmi
        self._modem.settings.cnmi = (mode, 0, bm, 0, bfr)
        self.acknowledge(good=False)

    def forget(self) -> None:
        """A reset: nothing is awaited or buffered any more."""
        self._buffered.clear()
        self.acknowledge(good=False)


def _kept(dcs: int) -> bool:
    """Of the group "message waiting indication: store message" (23.038 4)."""
    return dcs & 0xF0 in {0xD0, 0xE0}
