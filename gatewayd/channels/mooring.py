"""Where one modem is: its port is found and opened, and what is odd about it is put into words."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from typing import Literal, NamedTuple

from gatewayd.channels.contract import House
from gatewayd.channels.intruder import Overhearing, holders
from gatewayd.channels.link import Link, LinkError, open_link, path_of
from gatewayd.channels.modem_settings import ModemSettings
from gatewayd.channels.modem_status import Status
from gatewayd.channels.ports import AGAIN_S, Choice, Ports
from gatewayd.clock import Clock
from gatewayd.wire.at import Event
from gatewayd.wire.modem_heard import Heard
from gatewayd.wire.modem_profile import Profile, Wishes, digest, same_card, tail
from gatewayd.wire.modem_steps import NoAnswer, NoTexts, Unusable, WrongModem, WrongSim

NOWHERE_S = 10.0  # between two looks for a modem that is nowhere
MOVE_S = 0.5  # before the next port is tried
CHANGED_S = 86_400.0  # so long another modem or SIM than before is told, or until the daemon restarts


class Ended(NamedTuple):
    """How a session ended, for the status. `rest_s`: None = as the back-off says."""

    state: Literal["down", "needs_human"]
    reason: str
    trouble: str
    rest_s: float | None

    @property
    def moves(self) -> bool:
        """There is another port to try."""
        return self.rest_s == MOVE_S


class Mooring:
    """One modem's place among the ports."""

    def __init__(self, settings: ModemSettings, ports: Ports, status: Status, house: House, clock: Clock) -> None:
        self._settings = settings
        self._ports = ports
        self._house = house
        self._clock = clock
        self._choice = Choice(settings.port)
        self._changed, self._changed_at = "", 0.0
        self._unwanted = ""
        self.overhearing, self.heard = Overhearing(), Heard()
        status.oddities = self._oddities

    @property
    def port(self) -> str:
        """Where it is, or was looked for last."""
        return self._choice.port

    # -- opening ---------------------------------------------------------------------------------------------

    def tie(self) -> None:
        self._ports.claim(self._settings)

    def untie(self) -> None:
        self._ports.leave(self._settings.name)

    async def open(self) -> Link | Ended:
        """The line, or why there is none."""
        choice = self._ports.choose(self._settings)
        if choice is None:
            there = self._ports.imei_at(self._settings.port)
            which = f"another modem (IMEI {there})" if there else "another modem"
            reason = f"{self._settings.port}: {which} is there, and ours is on no port that we know"
            return Ended("down", reason, "wrong_modem", NOWHERE_S)
        self._choice = choice
        self._ports.opened(self._settings.name, choice.port)  # before it is: two that look must not choose the same
        try:
            link = await open_link(choice.port, baud=self._settings.baud, rtscts=self._settings.rtscts)
        except LinkError as error:
            reason, trouble = self._unopened(error)
            if choice.why and trouble != "in_use":
                self._ports.useless(self._settings.name, reason)
            self._ports.closed(self._settings.name)
            return Ended("down", reason, trouble, None)
        self.overhearing, self.heard = Overhearing(), Heard()
        return link

    def _unopened(self, error: LinkError) -> tuple[str, str]:
        """Why it could not be opened, with the name of who holds it."""
        port, cause = self._choice.port, error.__cause__
        if isinstance(cause, OSError) and cause.errno in {errno.EAGAIN, errno.EBUSY}:
            ours = self._ports.holder(self._settings.name, port)
            who = [ours] if ours else holders(os.path.realpath(port), but=os.getpid())
            hint = f"; which one: sudo fuser -v {port}" if not who else ""
            return f"{port}: in use by {', '.join(who) or 'another program'}{hint}", "in_use"
        path = path_of(port)
        return str(error), "missing" if path is not None and not path.exists() else "unopened"

    def closed(self) -> None:
        self._ports.closed(self._settings.name)

    # -- bring-up ----------------------------------------------------------------------------------------------

    def wishes(self, wishes: Wishes) -> Wishes:
        """Away from its own port only the modem that was looked for will do."""
        return replace(wishes, imei=self._choice.imei or wishes.imei)

    async def up(self, profile: Profile) -> None:
        """It is: remember where, and who it is."""
        self._ports.good(self._settings.name, profile)
        modem = digest(profile.imei) if profile.imei else ""
        changed = await self._house.met(self._settings.name, modem, profile.iccid_digest)
        if changed:  # a card that is put in while the modem runs brings it up twice: the second time it is known
            self._changed, self._changed_at = changed, self._clock.monotonic()
        wanted, self._unwanted = self._settings.iccid, ""
        if wanted and profile.iccid and not same_card(profile.iccid, wanted):
            self._unwanted = f"another SIM (ICCID {tail(profile.iccid)}) than the configured one ({tail(wanted)})"

    def ended(self, news: Exception, profile: Profile, octets: int) -> Ended:
        """What it means that the session ended so, in which so much came in."""
        reason, port = str(news), self._choice.port
        if isinstance(news, NoAnswer) and not profile.manufacturer:
            reason = f"{reason}: {self.heard.told(octets)}"
        if isinstance(news, WrongModem):
            self._ports.wrong(self._settings.name, profile)
            return self._elsewhere(Ended("down", f"{port}: {reason}", "wrong_modem", news.again_s))
        if isinstance(news, NoTexts) or (isinstance(news, NoAnswer) and not profile.manufacturer):
            for_s = news.again_s if isinstance(news, NoTexts) else AGAIN_S
            advice = self._ports.useless(self._settings.name, reason, for_s=for_s)
            others = holders(os.path.realpath(port), but=os.getpid())
            also = f"{', '.join(others)} has it open as well" if others else ""
            told = "; ".join(part for part in (f"{port}: {reason}", also, advice) if part)
            if isinstance(news, NoTexts):
                return self._elsewhere(Ended("needs_human", told, "no_texts", news.again_s))
            return Ended("down", told, "no_answer", None)
        if isinstance(news, Unusable):
            trouble = "other_sim" if isinstance(news, WrongSim) else "sim" if "SIM" in reason else "unusable"
            return Ended("needs_human" if news.by_human else "down", reason, trouble, news.again_s)
        return Ended("down", reason, "no_answer" if isinstance(news, NoAnswer) else "", None)

    def _elsewhere(self, ended: Ended) -> Ended:
        """Without a long rest where there is another port to try."""
        following = self._ports.choose(self._settings)
        moves = following is not None and following.port != self._choice.port
        return ended._replace(rest_s=MOVE_S) if moves else ended

    # -- what is odd although it works -------------------------------------------------------------------------

    def hear(self, event: Event, *, starting: bool) -> None:
        if starting:
            self.heard.hear(event)
        else:
            self.overhearing.hear(event, self._clock.monotonic())

    def _oddities(self) -> dict[str, str]:
        """The port, a note and its word for the metric; for each look."""
        spoken = self.overhearing.told(self._clock.monotonic())
        if spoken and (who := holders(os.path.realpath(self._choice.port), but=os.getpid())):
            spoken = f"{spoken}: {', '.join(who)}"
        if self._clock.monotonic() - self._changed_at > CHANGED_S:
            self._changed = ""
        told = {"other_program": spoken, "other_sim": self._unwanted or self._changed, "moved": self._choice.why}
        kept = {word: note for word, note in told.items() if note}
        return {"port": self._choice.port, "note": "; ".join(kept.values()), "trouble": next(iter(kept), "")}
