"""What is at a port, asked step by step, for whoever plugs a modem in: nothing is sent and no PIN is entered.

The same dialogues as in the daemon's bring-up, one after the other, so that what works here works there.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from gatewayd.channels.intruder import holders
from gatewayd.channels.link import Link, LinkError, open_link
from gatewayd.channels.modem_talk import Talk
from gatewayd.channels.ports import LOOK_AT, Ports
from gatewayd.channels.usb import Port, port_of
from gatewayd.clock import Clock
from gatewayd.wire.at import Command, Result
from gatewayd.wire.modem_bringup import CAREFUL_GAP_S, PENDING_S, identify, manners, pdu_mode, wake_up
from gatewayd.wire.modem_heard import Heard
from gatewayd.wire.modem_network import enable_registration, look_at_operator, look_at_registration, look_at_signal
from gatewayd.wire.modem_notify import notify, service
from gatewayd.wire.modem_profile import Profile, Wishes, tail
from gatewayd.wire.modem_sim import OPEN_STATES, pin_tries_left, sim_state, which_card, which_subscriber
from gatewayd.wire.modem_sim import smsc as ask_smsc
from gatewayd.wire.modem_steps import Dialogue, Gap, Interrupted, Listen, NoAnswer, Unusable, watched
from gatewayd.wire.modem_storage import choose

STATE_TRIES = 10  # a second each, for a SIM that is still busy

Mark = Literal["ok", "odd", "no"]


class PortRefusedError(Exception):
    """The port cannot be had; the text says why, and who has it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One step. `odd`: the modem is of use all the same."""

    step: str
    mark: Mark
    told: str


@dataclass(slots=True)
class Probed:
    """All of it. `toml`: what to put into the configuration, "" when this port is of no use."""

    port: Port
    findings: list[Finding] = field(default_factory=list)
    profile: Profile = field(default_factory=Profile)
    sim_state: str = ""
    pin_tries: int | None = None
    usable: bool = False
    toml: str = ""


async def open_port(port: str, *, baud: int, rtscts: bool = False) -> Link:
    """The line for an operator's own hand. Raises PortRefusedError."""
    try:
        return await open_link(port, baud=baud, rtscts=rtscts)
    except LinkError as error:
        cause = error.__cause__
        if not (isinstance(cause, OSError) and cause.errno in {errno.EAGAIN, errno.EBUSY}):
            raise PortRefusedError(str(error)) from None
    who = _holders(port)
    if any(_is_ours(holder) for holder in who):
        hint = "gatewayd modems shows it; to have the port, stop the service, or take it out of the file and reload"
        raise PortRefusedError(f"{port}: the daemon has it ({', '.join(who)}). {hint}")
    hint = "" if who else f"; sudo fuser -v {port} tells which one"
    raise PortRefusedError(f"{port}: in use by {', '.join(who) or 'another program'}{hint}")


def _holders(port: str) -> list[str]:
    return holders(os.path.realpath(port))


def _is_ours(holder: str) -> bool:
    """ "python3 (pid 812)": whether its command line is that of the daemon."""
    pid = holder.rpartition("(pid ")[2].rstrip(")")
    try:
        with Path(f"/proc/{pid}/cmdline").open("rb") as file:
            return b"gatewayd" in file.read(4096)
    except OSError:
        return False


class Probe:
    """One look at one port. `tell` gets each finding as it comes."""

    def __init__(self, port: str, clock: Clock, tell: Callable[[Finding], None]) -> None:
        self._ports = Ports(clock, (*LOOK_AT, f"{Path(port).parent.parent}/by-*/*") if "/by-" in port else LOOK_AT)
        device = os.path.realpath(port)
        self._named = port
        self._tell = tell
        self._clock = clock
        self.probed = Probed(self._ports.look().get(device) or port_of(device, (port,)))

    def _say(self, step: str, mark: Mark, told: str) -> None:
        finding = Finding(step, mark, told)
        self.probed.findings.append(finding)
        self._tell(finding)

    async def run(self, *, baud: int, rtscts: bool = False) -> Probed:
        """Raises PortRefusedError."""
        link = await open_port(self._named, baud=baud, rtscts=rtscts)
        heard = Heard()
        talk = Talk(self._clock, link, on_event=heard.hear, on_lost=lambda: None)
        try:
            await self._ask(talk)
        except (Interrupted, NoAnswer) as news:
            unmet = isinstance(news, NoAnswer) and not self.probed.findings
            self._say("line", "no", f"{news}: {heard.told(talk.octets)}" if unmet else str(news))
            self._advise()
        except Unusable as news:
            self._say("texts", "no", news.reason)
            self._advise()
        finally:
            talk.close()
        if self.probed.usable:
            self.probed.toml = suggestion(self.probed, self._named)
        return self.probed

    def _advise(self) -> None:
        if advice := self._ports.advice(self.probed.port.device):
            self._say("port", "odd", advice)

    async def _ask(self, talk: Talk) -> None:
        profile = self.probed.profile
        await talk.run(_awake())
        self._say("AT", "ok", "it answers")
        await talk.run(watched(manners()))
        await talk.run(watched(identify(profile)))
        known = " ".join(part for part in (profile.manufacturer, profile.model, profile.revision) if part)
        self._say("modem", "ok" if known else "odd", known or "it does not say who it is")
        self._say("profile", "ok", f"{profile.habits.name}: {profile.habits.shown}")
        self._say("IMEI", "ok" if profile.imei else "odd", profile.imei or "it tells none")
        radio = await talk.run(watched(_radio()))
        self._say("radio", "ok" if radio == "1" else "odd", _RADIO.get(radio, f"+CFUN: {radio}"))
        if not await self._sim(talk):
            await self._texts_of_a_locked_sim(talk)
            return
        await self._texts(talk)
        await self._network(talk)

    async def _sim(self, talk: Talk) -> bool:
        """What state the SIM is in; True when it is open. A PIN is never entered here."""
        probed, profile = self.probed, self.probed.profile
        await talk.run(watched(which_card(profile)))
        probed.sim_state = await talk.run(watched(_settled_sim()))
        probed.pin_tries = await talk.run(watched(pin_tries_left(profile)))
        left = "" if probed.pin_tries is None else f", {probed.pin_tries} PIN tries left"
        card = f", ICCID {tail(profile.iccid)}" if profile.iccid else ", it tells no ICCID"
        if probed.sim_state in OPEN_STATES:
            await talk.run(watched(which_subscriber(profile, Wishes(channel=""))))
            self._say("SIM", "ok", f"{probed.sim_state}{card}{left}")
            return True
        hint = {
            "SIM PIN": "; put the PIN into pin_file (it was not entered now)",
            "SIM PUK": "; enter the PUK by hand: gatewayd never does",
            "NOT INSERTED": "; there is no SIM in it, or it has no contact",
        }
        self._say("SIM", "no", f"{probed.sim_state}{card}{left}{hint.get(probed.sim_state, '')}")
        return False

    async def _texts_of_a_locked_sim(self, talk: Talk) -> None:
        """A port without texts is told all the same, raising Unusable; many modems take no +CMGF before the PIN."""
        result = await talk.run(watched(_pdu_mode_once()))
        if not result.ok and self.probed.sim_state != "SIM PIN":
            await talk.run(watched(pdu_mode()))
        elif not result.ok:
            told = (
                f"AT+CMGF=0 gives {result.text[:60]}: it may take that after the PIN only, which daemon and status tell"
            )
            self._say("PDU mode", "odd", told)
        self.probed.usable = True

    async def _texts(self, talk: Talk) -> None:
        """Raises Unusable where there are none."""
        profile, wishes = self.probed.profile, Wishes(channel="")
        await talk.run(watched(ask_smsc(profile, wishes)))
        await talk.run(watched(service(profile)))
        await talk.run(watched(pdu_mode()))
        self._say("PDU mode", "ok", "AT+CMGF=0")
        await talk.run(watched(choose(profile, wishes)))
        room = f"{profile.used} of {profile.size} places used" if profile.size is not None else "room unknown"
        full = profile.used is not None and profile.size is not None and profile.used >= profile.size
        kept = (
            f"{', '.join(profile.storages)}: {room}" if profile.storages else "none: texts are handed over as they come"
        )
        self._say("storage", "odd" if full else "ok", kept)
        await talk.run(watched(notify(profile, wishes)))
        told = f"AT+CNMI={','.join(map(str, profile.notify))}, as read back"
        self._say("notification", "ok" if profile.notify else "odd", told if profile.notify else "none; it is polled")
        smsc = tail(profile.smsc) if profile.smsc else "none: set smsc = in the configuration"
        self._say("service centre", "ok" if profile.smsc else "odd", smsc)
        self.probed.usable = True

    async def _network(self, talk: Talk) -> None:
        profile = self.probed.profile
        await talk.run(watched(enable_registration(profile)))
        await talk.run(watched(look_at_registration(profile)))
        await talk.run(watched(look_at_operator(profile, format_too=True)))
        await talk.run(watched(look_at_signal(profile)))
        by = ", ".join(profile.registration_commands) or "it cannot be asked"
        operator = f" with {profile.operator}" if profile.operator else ""
        told = f"{profile.registration}{operator} ({by})"
        self._say("network", "ok" if profile.registered else "odd", told)
        signal = "unknown" if profile.signal_dbm is None else f"{profile.signal_dbm} dBm{_strength(profile.signal_dbm)}"
        self._say("signal", "ok" if profile.signal_dbm is not None else "odd", signal)


_RADIO = {"1": "on", "": "it does not say", "0": "off; gatewayd switches it on", "4": "off; gatewayd switches it on"}


def _strength(dbm: int) -> str:
    """Received power of GSM and UMTS; LTE's reference signal lies 20 dB lower and is judged kindly."""
    return ", weak: move the antenna" if dbm < -105 else ""


def _awake() -> Dialogue[None]:
    yield Listen(PENDING_S)
    yield Gap(CAREFUL_GAP_S)
    yield from wake_up()


def _radio() -> Dialogue[str]:
    result: Result = yield Command("AT+CFUN?", prefix=("+CFUN:",), timeout_s=10.0)
    return result.lines[0].partition(":")[2].partition(",")[0].strip() if result.lines else ""


def _pdu_mode_once() -> Dialogue[Result]:
    result: Result = yield Command("AT+CMGF=0")
    return result


def _settled_sim() -> Dialogue[str]:
    state = ""
    for _ in range(STATE_TRIES):
        state = yield from sim_state()
        if state not in {"BUSY", "NOT READY"}:
            break
        yield Listen(1.0)
    return state


def suggestion(probed: Probed, named: str) -> str:
    """A table for the configuration, ready to be pasted."""
    profile = probed.profile
    lasting = probed.port.names[0] if probed.port.names else named
    lines = ["[[modems]]", 'name = "modem1"', f'port = "{lasting}"']
    if profile.imei:
        lines.append(f'imei = "{profile.imei}"  # this very modem, wherever it is plugged in')
    if profile.iccid:
        comment = "" if probed.sim_state == "SIM PIN" else "# "
        lines.append(f'{comment}iccid = "{profile.iccid}"  # another SIM is told, and never given the PIN')
    if probed.sim_state == "SIM PIN":
        lines.append('pin_file = "/etc/gatewayd/modem1.pin"')
    if probed.sim_state in OPEN_STATES and not profile.smsc:
        lines.append('# smsc = "+..."  # the SIM knows no service centre; ask the operator')
    if profile.registration == "roaming":
        lines.append("roaming_allowed = true  # it is roaming now")
    return "\n".join(lines) + "\n"
