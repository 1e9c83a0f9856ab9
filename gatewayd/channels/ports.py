"""Which serial ports there are, who was met on them, and where a modem is to be looked for.

The kernel numbers ports anew whenever a stick resets, two equal sticks share their names, and of the four ports of a
stick one or two speak AT. So a port is known by where it is plugged in (udev's links, sysfs), a modem by its IMEI, and
what was found at a port is remembered for as long as that device node is there.

Where the configuration names no IMEI, whoever is in the socket is ours. Only when the port's name leads to another
socket than that in which our modem was last, or nowhere, it is looked for by its IMEI; what is in its socket, or where
the name leads, is taken in its stead when it did not come back meanwhile, and is not the modem of another channel.

Nothing is watched: there is a look when a port is to be opened, and one every `LOOK_S` for what nobody configured.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as own
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from gatewayd.channels.modem_settings import ModemSettings
from gatewayd.channels.usb import Port, portless, scan
from gatewayd.clock import Clock
from gatewayd.wire.modem_profile import Profile, same_imei, tail

LOOK_AT = ("/dev/gatewayd/*", "/dev/serial/by-path/*", "/dev/serial/by-id/*", "/dev/gatewayd/by-path/*")
FRESH_S = 1.0  # a look is good for so long
PORTLESS_S = 30.0  # between two looks at all USB devices
GLOBS_MAX = 16
AGAIN_S = 60.0  # what did not answer is asked again after so long
SIBLING_AGAIN_S = 600.0  # a port that was only tried because another one did not answer
STRANGER_S = 60.0  # so long ours is looked for before another modem is taken in its stead
MET_MAX = 256

Node = tuple[int, int, int]


class PortSettings(BaseModel):
    """`[ports]`: where lasting names of serial ports are found, as globs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    look_at: tuple[Annotated[str, Field(pattern=r"^/.", max_length=200)], ...] = Field(LOOK_AT, max_length=GLOBS_MAX)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which port to open now. `imei`: only that modem will do there; `why`: what is odd about it, "" = nothing."""

    port: str
    imei: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Met:
    """What was found at one device node."""

    node: Node
    until: float  # then it is forgotten, unless it was good
    imei: str = ""
    good: bool = False  # a modem was brought up there
    lacks: str = ""  # why it is of no use: no answer, no texts


@dataclass(slots=True)
class _Claim:
    """One configured modem."""

    port: str
    imei: str = ""
    learnt: str = own(default="", repr=False)  # the IMEI that was met there last
    place: tuple[str, int | None] = ("", None)  # stick and interface of the port that was good last
    holds: str = ""  # the device that it has open
    stranger_at: float | None = None  # when another modem was met instead of it first, since it was up


class Ports:
    """Shared by all modems of the house. `look_at`: globs of links to serial ports."""

    def __init__(self, clock: Clock, look_at: Iterable[str] = LOOK_AT) -> None:
        self.look_at = tuple(look_at)
        self._clock = clock
        self._claims: dict[str, _Claim] = {}
        self._met: dict[str, _Met] = {}
        self._there: dict[str, Port] = {}
        self._looked_at = self._portless_at = float("-inf")
        self._portless: list[Port] = []

    # -- what the modems tell --------------------------------------------------------------------------------

    def claim(self, settings: ModemSettings) -> None:
        known = self._claims.get(settings.name)
        if known is None or known.port != settings.port:
            self._claims[settings.name] = _Claim(settings.port, settings.imei or "")
        else:
            known.imei = settings.imei or ""

    def reserve(self, name: str, port: str) -> None:
        """A port of a channel that is no modem of ours: nobody looks for one there."""
        self._claims[name] = _Claim(port)

    def leave(self, name: str) -> None:
        self._claims.pop(name, None)

    def opened(self, name: str, port: str) -> None:
        self._claims[name].holds = _device(port)

    def closed(self, name: str) -> None:
        self._claims[name].holds = ""

    def good(self, name: str, profile: Profile) -> None:
        """A modem is up at the port that this one holds, and so nowhere else."""
        claim = self._claims[name]
        for device, met in [*self._met.items()]:
            if profile.imei and met.imei and same_imei(met.imei, profile.imei):
                del self._met[device]
        self._note(claim.holds, profile.imei, good=True)
        port = self.look().get(claim.holds)
        claim.learnt, claim.stranger_at = profile.imei or claim.learnt, None
        claim.place = (port.stick, port.interface) if port is not None else ("", None)

    def wrong(self, name: str, profile: Profile) -> None:
        """Another modem than the wanted one answers there."""
        claim = self._claims[name]
        self._note(claim.holds, profile.imei, good=False)
        if claim.stranger_at is None:
            claim.stranger_at = self._clock.monotonic()

    def useless(self, name: str, lacks: str, *, for_s: float = AGAIN_S) -> str:
        """Nothing, or nothing of use, answers there. Returns what can be said about it, and where to look instead."""
        device = self._claims[name].holds
        met = self._met.get(device)
        away = device != _device(self._claims[name].port)
        if away and met is not None and met.imei and met.node == _node(device):
            self._note(device, met.imei, good=False, lacks=lacks)  # where it is configured is tried in between
            return self.advice(device)
        if away:
            for_s = max(for_s, SIBLING_AGAIN_S)
        port, place = self.look().get(device), self._claims[name].place
        known = (met is not None and met.good and met.node == _node(device)) or (
            port is not None and bool(port.stick) and (port.stick, port.interface) == place
        )
        if not known:  # a modem that was good there is ill, or boots; it is not misplaced
            self._note(device, "", good=False, lacks=lacks, for_s=for_s)
        return self.advice(device)

    def _note(self, device: str, imei: str, *, good: bool, lacks: str = "", for_s: float = AGAIN_S) -> None:
        node = _node(device)
        if node is None:
            return
        if len(self._met) >= MET_MAX:
            del self._met[next(iter(self._met))]
        self._met[device] = _Met(node, self._clock.monotonic() + for_s, imei, good, lacks)

    # -- where to go -------------------------------------------------------------------------------------------

    def choose(self, settings: ModemSettings) -> Choice | None:
        """Where this modem is to be opened now; None: it is nowhere, and its own port is somebody else's."""
        if settings.port.startswith(("tcp://", "unix:")):
            return Choice(settings.port, settings.imei or "")
        claim = self._claims[settings.name]
        own, there = _device(settings.port), _node(_device(settings.port)) is not None
        strays = there and self._leads_astray(claim, own)
        wanted = claim.imei or ("" if there and not strays else claim.learnt)
        if wanted and (at := self._where(settings.name, wanted)) and at != own:
            return self._away(settings, at, wanted)
        if (strays or not there) and (moved := self._at_place(settings.name, claim)):
            if not self._is_other(moved, wanted):
                return self._away(settings, moved, wanted)
            if not claim.imei:
                return self._instead(settings, moved, own if strays else "")
        met = self._remembered(own)
        if strays and (met is None or not met.lacks or self._is_theirs(settings.name, own)):
            return self._instead(settings, "", own)
        if there and met is not None and met.lacks:
            sibling = next(iter(self._candidates(settings.name, self._siblings(own))), "")
            if sibling:
                return self._away(settings, sibling, claim.imei, f" ({met.lacks})")
            return Choice(settings.port, claim.imei)
        if there and not self._is_other(own, claim.imei):
            return Choice(settings.port, claim.imei)
        if wanted:
            for device in self._candidates(settings.name, self.look()):
                return self._away(settings, device, wanted)
        return None if there else Choice(settings.port, claim.imei)

    def _leads_astray(self, claim: _Claim, own: str) -> bool:
        """No IMEI is configured, and its port is not known to be at the stick where our modem was last."""
        stick = claim.place[0]
        if claim.imei or not claim.learnt or not stick:
            return False
        if own not in self.look():
            self._looked_at = float("-inf")  # it may have just come
        port = self.look().get(own)
        return port is None or port.stick != stick

    def _instead(self, settings: ModemSettings, placed: str, own: str) -> Choice | None:
        """Where ours may be yet, though not in its socket; later who may stand in for it. `placed`: in its socket."""
        claim = self._claims[settings.name]
        free = [device for device in (placed, own) if device and not self._is_theirs(settings.name, device)]
        since, now = claim.stranger_at, self._clock.monotonic()
        for device in free:
            imei = "" if since is not None and now - since >= STRANGER_S else claim.learnt
            if not self._is_other(device, imei):
                return Choice(settings.port, imei) if device == own else self._away(settings, device, imei)
        return None

    def _is_other(self, device: str, imei: str) -> bool:
        """Another modem than this was met there."""
        met = self._remembered(device)
        return bool(imei) and met is not None and bool(met.imei) and not same_imei(met.imei, imei)

    def _is_theirs(self, name: str, device: str) -> bool:
        """It is held by another channel, or the modem or the socket is that of one."""
        port, met = self.look().get(device), self._remembered(device)
        stick, imei = port.stick if port is not None else "", met.imei if met is not None else ""
        ours = self._claims[name].place[0]
        return device in self._held(name) or any(
            (stick not in {"", ours} and claim.place[0] == stick)
            or any(imei and same_imei(imei, known) for known in (claim.imei, claim.learnt) if known)
            for other, claim in self._claims.items()
            if other != name
        )

    def _away(self, settings: ModemSettings, device: str, imei: str, because: str = "") -> Choice:
        name = self.name_of(device)
        return Choice(name, imei, f"it is on {name}, not on {settings.port}{because}")

    def _where(self, name: str, imei: str) -> str:
        """The device at which this IMEI was met, if it is free."""
        held, now = self._held(name), self._clock.monotonic()
        for device, met in self._met.items():
            free = device not in held and not (met.lacks and now < met.until)
            if free and met.imei and same_imei(met.imei, imei) and met.node == _node(device):
                return device
        return ""

    def _at_place(self, name: str, claim: _Claim) -> str:
        """The same interface of the same socket under another name, if it is free."""
        (stick, interface), held = claim.place, self._held(name)
        found = (p.device for p in self.look().values() if stick and (p.stick, p.interface) == (stick, interface))
        return next((device for device in found if device not in held), "")

    def _siblings(self, device: str) -> list[str]:
        """The other ports of the same stick, those for AT first."""
        own = self.look().get(device)
        if own is None or not own.stick:
            return []
        others = [p for p in self.look().values() if p.stick == own.stick and p.device != device]
        return [p.device for p in sorted(others, key=lambda p: (p.use != "AT", p.use != "", p.interface or 0))]

    def _candidates(self, name: str, devices: Iterable[str]) -> list[str]:
        """Ports of modems that nobody claims or holds, and that are not known to be something else."""
        taken = self._held(name) | {_device(claim.port) for other, claim in self._claims.items() if other != name}
        found = []
        for device in devices:
            port, met = self.look().get(device), self._remembered(device)
            if device not in taken and met is None and port is not None and self._likely(port):
                found.append(device)
        return sorted(found, key=lambda d: self.look()[d].use not in {"AT", ""})

    def _likely(self, port: Port) -> bool:
        """Whether AT may be written to it: to a UPS or a lathe it may not.

        Where nobody tells what it is (no sysfs), a device with several ports passes for a modem.
        """
        ports = Counter(other.stick for other in self.look().values())
        return port.is_modem or (not port.product and bool(port.stick) and ports[port.stick] > 1)

    def _held(self, name: str) -> set[str]:
        return {claim.holds for other, claim in self._claims.items() if other != name and claim.holds}

    def holder(self, name: str, port: str) -> str:
        """Which other channel has this port open."""
        device = _device(port)
        return next((n for n, claim in self._claims.items() if n != name and claim.holds == device), "")

    def _remembered(self, device: str) -> _Met | None:
        """What is known of it: of the node that is there now, and not for ever where it was of no use."""
        met = self._met.get(device)
        if met is None or met.node != _node(device):
            return None
        return met if met.good or self._clock.monotonic() < met.until else None

    # -- what is told ------------------------------------------------------------------------------------------

    def look(self) -> dict[str, Port]:
        """All serial ports behind the globs, by device."""
        now = self._clock.monotonic()
        if now - self._looked_at >= FRESH_S:
            self._there, self._looked_at = scan(self.look_at), now
        return self._there

    def name_of(self, device: str) -> str:
        """The name that stays, for the configuration; the device where it has none."""
        port = self.look().get(_device(device))
        return port.names[0] if port is not None else device

    def advice(self, device: str) -> str:
        """What this port is for, and which of its stick may be the right one."""
        port = self.look().get(_device(device))
        if port is None:
            return ""
        said = f"it is interface {port.interface:02x} of {port.shown}" if port.interface is not None else ""
        if said and port.use and port.use != "AT":
            said += f", which is for {port.use}"
        others = [self.name_of(other) for other in self._siblings(port.device) if self.look()[other].use in {"AT", ""}]
        return "; ".join(part for part in (said, f"try {' or '.join(others[:2])}" if others else "") if part)

    def unconfigured(self) -> list[Port]:
        """Sticks that nobody configured, each by the port that is likeliest to be right."""
        ports = self.look()
        ours = {_device(claim.port) for claim in self._claims.values()} | self._held("")
        sticks = {ports[device].stick for device in ours if device in ports}
        found: dict[str, Port] = {}
        for port in sorted(ports.values(), key=lambda p: (p.use != "AT", p.use != "", p.interface or 0, p.device)):
            if self._likely(port) and port.device not in ours and (not port.stick or port.stick not in sticks):
                found.setdefault(port.stick or port.device, port)
        now = self._clock.monotonic()
        if now - self._portless_at >= PORTLESS_S:
            self._portless, self._portless_at = portless(), now
        return [*found.values(), *self._portless]

    def imei_at(self, device: str) -> str:
        """The tail of the IMEI that was met there."""
        met = self._met.get(_device(device))
        return tail(met.imei) if met is not None else ""


def _device(port: str) -> str:
    return os.path.realpath(port.removeprefix("unix:"))


def _node(device: str) -> Node | None:
    """Which file this is; a stick that comes back makes another, which may have the number of the old one."""
    try:
        found = Path(device).stat()
    except OSError:
        return None
    return found.st_ino, found.st_rdev, found.st_ctime_ns
