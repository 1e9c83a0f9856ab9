"""Serial ports as udev's links and sysfs tell of them: which stick, which interface, whose make."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from gatewayd.wire.profiles import GENERIC, Habits, habits_of, habits_of_usb

SYSFS = Path("/sys/class/tty")
DEVICES = Path("/sys/bus/usb/devices")
DEVICES_MAX = 256
LINKS_MAX = 512
PARENTS_MAX = 4  # from the port up to its USB interface
WORD_OCTETS_MAX = 128

# pci-0000:00:14.0-usb-0:1.2:1.2-port0: the stick is what stands before the last ":", then configuration.interface
_BY_PATH = re.compile(r"(.+-usb(?:v\d)?-[\w.:]+):\d+\.(\d+)(?:-port\d+)?")
_BY_TAG = re.compile(r"(.+-usb(?:v\d)?-\w+?)_\d+_(\d+)")  # the same with "_" for ":" and "."
_BY_ID = re.compile(r"usb-(.+?)-if([0-9a-fA-F]{2})(?:-port\d+)?")


@dataclass(frozen=True, slots=True)
class Port:
    """One serial port. `names`: links that stay, the best first; `stick`: the same for all ports of one device."""

    device: str
    names: tuple[str, ...]
    stick: str = ""
    interface: int | None = None
    maker: str = ""  # as the device or its link calls itself
    product: str = ""  # USB id "2c7c:0125"
    family: Habits = GENERIC
    lacks: str = ""  # why it cannot be used at all

    @property
    def use(self) -> str:
        """What this interface is for; "" where nobody told."""
        if self.interface is None:
            return ""
        return self.family.interface(self.product.rpartition(":")[2], self.interface)

    @property
    def is_modem(self) -> bool:
        """Known by its maker, or by our udev rule, which names the ports of modems only."""
        return self.family is not GENERIC or any("/gatewayd/" in name for name in self.names)

    @property
    def shown(self) -> str:
        return self.maker or (self.family.shown if self.family is not GENERIC else "a USB device")


def scan(globs: Iterable[str], sysfs: Path = SYSFS) -> dict[str, Port]:
    """All ports that these links lead to, by device."""
    links: dict[str, list[str]] = {}
    for pattern in globs:
        for link in sorted(glob.glob(pattern))[:LINKS_MAX]:  # noqa: PTH207 - Path.glob wants to know where it begins
            links.setdefault(os.path.realpath(link), []).append(link)
    return {device: port_of(device, names, sysfs) for device, names in links.items() if Path(device).is_char_device()}


def port_of(device: str, names: Iterable[str], sysfs: Path = SYSFS) -> Port:
    """What is known of one device."""
    told = tuple(sorted(dict.fromkeys(names), key=_worth))
    stick, interface, words = "", None, ""
    for name in (Path(link).name for link in told):
        if (match := _BY_ID.fullmatch(name)) is not None:
            words = words or match[1].replace("_", " ")
            interface = int(match[2], 16) if interface is None else interface
        elif (match := _BY_PATH.fullmatch(name) or _BY_TAG.fullmatch(name)) is not None:
            stick, interface = stick or match[1], int(match[2])
    found = _of_sysfs(sysfs / Path(device).name / "device")
    if found is not None:
        stick, interface, words, product = found
        family = habits_of_usb(product.partition(":")[0])
    else:
        product, family = "", habits_of(words)
    return Port(device, told or (device,), stick, interface, words, product, family)


def portless(devices: Path = DEVICES) -> list[Port]:
    """Sticks of makers of modems that have no serial port at all, and why."""
    found = []
    for device in sorted(devices.glob("*"))[:DEVICES_MAX]:
        vendor = _word(device / "idVendor") if ":" not in device.name else ""
        family = habits_of_usb(vendor) if vendor else GENERIC
        if family is GENERIC or next(device.glob("*:*/tty*"), None) is not None:
            continue
        classes = {_word(interface / "bInterfaceClass") for interface in device.glob("*:*")}
        words = " ".join(part for part in (_word(device / "manufacturer"), _word(device / "product")) if part)
        for marks, lacks in _PORTLESS:
            if classes & marks:
                name, product = f"USB {device.name}", f"{vendor}:{_word(device / 'idProduct')}"
                found.append(Port(name, (name,), str(device), None, words, product, family, lacks))
                break
    return found


# By the classes of a device's interfaces: CDC and its wireless kin are a network card, 08 alone is storage.
_PORTLESS = (
    (frozenset({"02", "e0"}), "it is a network card without an AT port (HiLink, MBIM)"),
    (frozenset({"08"}), "it shows as a CD-ROM; usb_modeswitch makes a modem of it"),
)


def _worth(name: str) -> int:
    """A name of the operator's own goes first; those that two equal sticks share go last."""
    if "/by-path/" in name:
        return 1
    return 2 if "/by-id/" in name else 0


def _of_sysfs(start: Path) -> tuple[str, int, str, str] | None:
    """Stick, interface, maker and model, USB id."""
    at = Path(os.path.realpath(start))
    for _ in range(PARENTS_MAX):
        number = _word(at / "bInterfaceNumber")
        if number:
            stick = at.parent
            words = " ".join(part for part in (_word(stick / "manufacturer"), _word(stick / "product")) if part)
            return str(stick), int(number, 16), words, f"{_word(stick / 'idVendor')}:{_word(stick / 'idProduct')}"
        at = at.parent
    return None


def _word(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return opened.read(WORD_OCTETS_MAX).decode("utf-8", "replace").strip()
    except OSError:
        return ""
