"""Sticks on a hub, as they come and go: each modem is found by who it is or where it is, and what is odd is told."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

import pytest
from hwsim.street import Street
from pydantic import SecretStr

from gatewayd.channels.contract import Health
from gatewayd.channels.intruder import holders
from gatewayd.channels.modem import Modem, ModemSettings
from gatewayd.channels.ports import Ports
from gatewayd.channels.usb import port_of, portless, scan
from gatewayd.clock import Clock
from gatewayd.delivery.outcome import Accepted
from gatewayd.wire.modem_profile import Profile
from tests.channels import virtual
from tests.channels.house import RecordingHouse, booked, submission

OURS = "+44770090000"
PTY_S = 0.003


async def until(condition: Callable[[], object], *, within_s: float = 30.0) -> None:
    """In coarse steps: each jump of time waits for the kernel."""
    for _ in range(int(within_s * 4)):
        if condition():
            return
        await asyncio.sleep(0.25)
    raise AssertionError("it did not happen in time")


class Hub:
    """Sticks on one hub, the ports they make, and modems that the house has of them."""

    def __init__(self, street: Any, directory: str) -> None:
        self.street = street
        self.directory = directory
        self.clock = virtual.clock()
        self.house = RecordingHouse()
        self.ports = Ports(self.clock, (f"{directory}/by-path/*", f"{directory}/by-id/*"))
        self.tasks: list[asyncio.Task[None]] = []
        self.told: dict[str, list[Health]] = {}
        self.house.health = self._hear  # type: ignore[method-assign]

    def _hear(self, channel: str, health: Health) -> None:
        self.told.setdefault(channel, []).append(health)

    def now(self, name: str) -> Health:
        return self.told[name][-1]

    def link(self, socket: int, interface: int = 2) -> str:
        return f"{self.directory}/by-path/pci-0000:00:14.0-usb-0:{socket}:1.{interface}-port0"

    def modem(self, name: str, port: str, *, pin: str = "", **settings: Any) -> Modem:
        secret = SecretStr(pin) if pin else None
        made = ModemSettings(name=name, port=port, **settings)
        modem = Modem(made, self.house, self.clock, pin=secret, ports=self.ports)
        self.tasks.append(asyncio.create_task(modem.run()))
        return modem

    async def up(self, name: str, port: str, within_s: float = 60.0, **settings: Any) -> Modem:
        modem = self.modem(name, port, **settings)
        await until(modem.ready, within_s=within_s)
        return modem

    def named(self, number: int, socket: int) -> str:
        """A name of the kernel's that leads to this socket from the next return of its stick on, by chance."""
        name = Path(f"{self.directory}/dev/ttyUSB{number}")
        name.symlink_to(self.link(socket))
        return str(name)

    def unplug(self, stick: int, back_after_s: float = 1e6) -> None:
        self.street.fault(f"stick{stick}", {"kind": "hangup", "back_after_s": back_after_s, "power": True})

    async def imei(self, name: str, port: str) -> str:
        """What this stick says; the driver shows no more than its tail."""
        modem = await self.up(name, port)
        found = modem._profile.imei
        await self.end()
        return found

    async def end(self) -> None:
        for task in self.tasks:
            task.cancel()
        for task in self.tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self.tasks.clear()


def hub(
    story: Callable[[Hub], Awaitable[None]], *, sticks: int = 1, personality: str = "quectel-ec25", pins: str = ""
) -> None:
    async def whole(directory: str) -> None:
        loop = asyncio.get_running_loop()
        street = Street(seed=7, wall=lambda: 1_795_000_000 + loop.time())
        for n in range(1, sticks + 1):
            street.add_modem(f"stick{n}", f"{OURS}{n}", personality, end=f"usb:{directory}", pin=pins)
        async with street:
            hub = Hub(street, directory)
            try:
                await story(hub)
            finally:
                await hub.end()

    with tempfile.TemporaryDirectory() as directory:
        virtual.run(whole(directory), patience_s=PTY_S)


def test_a_stick_that_comes_back_under_other_numbers_is_found_by_where_it_is() -> None:
    async def story(hub: Hub) -> None:
        bad_name = f"{hub.directory}/dev/ttyUSB2"
        modem = await hub.up("m1", bad_name)
        hub.street.fault("stick1", {"kind": "hangup", "back_after_s": 5, "power": True})
        await until(lambda: not modem.ready())
        ways = (hub.link(1), hub.link(1, 3))  # two of its ports take commands
        await until(lambda: modem.ready() and hub.now("m1").port in ways, within_s=90)
        assert hub.now("m1").note == f"it is on {hub.now('m1').port}, not on {bad_name}"
        assert hub.now("m1").trouble == "moved"
        assert isinstance(await modem.send(submission(1), booked), Accepted)

    hub(story)


def test_a_stick_that_replaces_a_broken_one_in_its_socket_is_served_and_told() -> None:
    async def story(hub: Hub) -> None:
        modem = await hub.up("m1", f"{hub.directory}/dev/ttyUSB2")
        hub.unplug(1)
        await until(lambda: not modem.ready())
        for interface in range(4):
            os.rename(hub.link(2, interface), hub.link(1, interface))  # noqa: PTH104 - a Path may not be used here
        await until(modem.ready, within_s=180)
        assert hub.now("m1").port == hub.link(1)
        assert hub.now("m1").note.startswith("changed; it is on ")
        assert any("another modem is there" in health.reason for health in hub.told["m1"])
        assert isinstance(await modem.send(submission(1), booked), Accepted)

    hub(story, sticks=2)


def test_sticks_whose_names_are_exchanged_stay_with_their_channels() -> None:
    async def story(hub: Hub) -> None:
        sockets = {"m1": 1, "m2": 2}
        modems = [
            await hub.up("m1", f"{hub.directory}/dev/ttyUSB2"),
            await hub.up("m2", f"{hub.directory}/dev/ttyUSB6"),
        ]
        before = dict(hub.house.last_met)
        hub.unplug(1, back_after_s=8)
        hub.unplug(2, back_after_s=3)
        await until(lambda: not any(modem.ready() for modem in modems))
        hub.named(2, 2)
        hub.named(6, 1)
        await until(lambda: all(modem.ready() for modem in modems), within_s=120)
        assert {name: hub.now(name).port for name in sockets} == {n: hub.link(s) for n, s in sockets.items()}
        assert hub.house.last_met == before
        assert all(hub.now(name).note.startswith(f"it is on {hub.link(s)}, not on") for name, s in sockets.items())

    hub(story, sticks=2)


@pytest.mark.parametrize("taken", [False, True], ids=["it is nobody's", "it is another channel's"])
def test_a_name_that_leads_to_another_stick_is_followed_when_ours_stays_away(*, taken: bool) -> None:
    """The operator named this port. But the modem of another channel is left to it."""

    async def story(hub: Hub) -> None:
        modem = await hub.up("m1", f"{hub.directory}/dev/ttyUSB2")
        other = await hub.up("m2", hub.link(2)) if taken else None
        hub.unplug(1)
        await until(lambda: not modem.ready())
        hub.named(2, 2)
        await asyncio.sleep(40)
        assert not modem.ready()
        assert "another modem" in hub.now("m1").reason
        if other is None:
            await until(modem.ready, within_s=90)
            assert hub.now("m1").note == "changed"
        else:
            await asyncio.sleep(100)
            assert (modem.ready(), other.ready()) == (False, True)
            assert hub.now("m1").trouble == "wrong_modem"

    hub(story, sticks=2)


def test_two_equal_sticks_that_changed_sockets_are_told_apart_by_their_imei() -> None:
    async def story(hub: Hub) -> None:
        first, second = await hub.imei("a", hub.link(1)), await hub.imei("b", hub.link(2))
        hub.ports = Ports(hub.clock, hub.ports.look_at)  # the daemon starts anew
        one = hub.modem("m1", hub.link(2), imei=first)
        two = hub.modem("m2", hub.link(1), imei=second)
        await until(lambda: one.ready() and two.ready(), within_s=120)
        assert (hub.now("m1").port, hub.now("m2").port) == (hub.link(1), hub.link(2))
        assert hub.now("m1").identity["imei"] == f"...{first[-4:]}"
        assert any(f"another modem (IMEI ...{second[-4:]})" in health.reason for health in hub.told["m1"])

    hub(story, sticks=2)


def test_a_modem_that_is_not_there_is_not_replaced_by_another() -> None:
    async def story(hub: Hub) -> None:
        imei = await hub.imei("a", hub.link(1))
        hub.ports = Ports(hub.clock, hub.ports.look_at)
        hub.modem("m1", hub.link(1), imei="490154203237518")
        await until(lambda: "m1" in hub.told and "ours is on no port" in hub.now("m1").reason, within_s=60)
        assert f"another modem (IMEI ...{imei[-4:]}) is there" in hub.now("m1").reason
        assert (hub.now("m1").state, hub.now("m1").trouble) == ("down", "wrong_modem")

    hub(story)


@pytest.mark.parametrize(("socket", "says"), [(1, "a USB device"), (2, "Quectel EC25, which is for diagnostics")])
def test_a_port_that_does_not_speak_at_points_to_its_siblings_and_they_are_tried(socket: int, says: str) -> None:
    async def story(hub: Hub) -> None:
        modem = await hub.up("m1", hub.link(socket, 0), within_s=120)
        reason = next(health.reason for health in hub.told["m1"] if health.trouble == "no_answer")
        assert reason.startswith(
            f"{hub.link(socket, 0)}: no answer to AT: it is silent; it is interface 00 of {says}; try "
        )
        assert hub.now("m1").note.startswith(f"it is on {hub.link(socket)}, not on {hub.link(socket, 0)}")
        assert isinstance(await modem.send(submission(1), booked), Accepted)

    hub(story, sticks=2)


def test_a_device_without_texts_is_refused_with_the_reason_and_left_alone() -> None:
    async def story(hub: Hub) -> None:
        modem = hub.modem("m1", hub.link(1, 0))
        await until(lambda: "m1" in hub.told and hub.now("m1").state == "needs_human", within_s=60)
        assert "a Series 60 phone keeps its texts from this port" in hub.now("m1").reason
        assert hub.now("m1").trouble == "no_texts"
        await asyncio.sleep(30)  # its other port is asked as well
        tried = len(hub.told["m1"])
        await asyncio.sleep(200)
        assert len(hub.told["m1"]) == tried
        assert hub.now("m1").state == "needs_human"
        assert not modem.ready()

    hub(story, personality="nokia-s60")


def test_swapped_sims_do_not_cost_a_try_of_their_pins() -> None:
    async def story(hub: Hub) -> None:
        await hub.up("m1", hub.link(1), pin="4711")
        await hub.up("m2", hub.link(2), pin="4711")
        await hub.end()
        hub.street.fault("stick1", {"kind": "sim_swap", "with": "stick2"})
        for stick in ("stick1", "stick2"):
            hub.street.fault(stick, {"kind": "hangup", "back_after_s": 1, "power": True})
        await asyncio.sleep(5)
        tried = hub.house.pins_tried
        hub.modem("m1", hub.link(1), pin="4711")
        hub.modem("m2", hub.link(2), pin="4711")
        await until(lambda: all("another SIM" in hub.now(name).reason for name in ("m1", "m2")), within_s=120)
        await asyncio.sleep(60)
        assert hub.house.pins_tried == tried
        assert {hub.now(name).trouble for name in ("m1", "m2")} == {"other_sim"}

    hub(story, sticks=2, pins="4711")


def test_another_sim_without_a_pin_is_used_and_told() -> None:
    async def story(hub: Hub) -> None:
        modem = await hub.up("m1", hub.link(1), iccid="8944110065000000001")
        assert "another SIM (ICCID ..." in hub.now("m1").note
        assert hub.now("m1").trouble == "other_sim"
        assert isinstance(await modem.send(submission(1), booked), Accepted)

    hub(story)


def test_a_second_program_on_the_port_is_told_while_texts_go_on() -> None:
    async def story(hub: Hub) -> None:
        modem = await hub.up("m1", hub.link(1), look_s=30)
        hub.street.fault("stick1", {"kind": "foreign", "times": 5, "every_s": 3})
        await until(lambda: "another program speaks on this port" in hub.now("m1").note, within_s=90)
        assert hub.now("m1").trouble == "other_program"
        assert isinstance(await modem.send(submission(1), booked), Accepted)

    hub(story)


def test_a_stick_that_nobody_configured_is_found_but_not_touched() -> None:
    async def story(hub: Hub) -> None:
        await hub.up("m1", hub.link(1))
        assert [port.names[0] for port in hub.ports.unconfigured()] == [hub.link(2)]
        assert hub.ports.unconfigured()[0].shown == "Quectel EC25"

    hub(story, sticks=2)


def test_sysfs_tells_maker_and_interface(tmp_path: Path) -> None:
    stick = tmp_path / "devices" / "1-1.2"
    port = stick / "1-1.2:1.2" / "ttyUSB6"
    port.mkdir(parents=True)
    words = {"idVendor": "2c7c", "idProduct": "0125", "manufacturer": "Quectel", "product": "EC25-EUX"}
    for name, word in words.items():
        (stick / name).write_text(f"{word}\n")
    (port.parent / "bInterfaceNumber").write_text("01\n")
    (tmp_path / "tty" / "ttyUSB6").mkdir(parents=True)
    (tmp_path / "tty" / "ttyUSB6" / "device").symlink_to(port)
    found = port_of("/dev/ttyUSB6", ["/dev/gatewayd/modem1"], tmp_path / "tty")
    assert (found.stick, found.interface, found.product) == (str(stick), 1, "2c7c:0125")
    assert (found.shown, found.use, found.is_modem) == ("Quectel EC25-EUX", "GPS", True)
    assert not port_of("/dev/ttyUSB7", [], tmp_path / "tty").is_modem


@pytest.mark.parametrize(
    ("vendor", "classes", "says"),
    [
        ("12d1", ["08", "08"], "it shows as a CD-ROM"),
        ("12d1", ["02", "0a", "08"], "it is a network card"),
        ("19d2", ["e0", "0a"], "it is a network card"),
        ("046d", ["08"], None),
        ("12d1", ["ff"], None),
    ],
)
def test_sticks_without_any_port_say_why(tmp_path: Path, vendor: str, classes: list[str], says: str | None) -> None:
    stick = tmp_path / "1-1.2"
    for number, kind in enumerate(classes):
        (stick / f"1-1.2:1.{number}").mkdir(parents=True)
        (stick / f"1-1.2:1.{number}" / "bInterfaceClass").write_text(f"{kind}\n")
    for name, word in {"idVendor": vendor, "idProduct": "14dc", "product": "MOBILE"}.items():
        (stick / name).write_text(f"{word}\n")
    found = portless(tmp_path)
    assert [port.lacks.startswith(says or "") for port in found] == ([True] if says else [])
    (stick / "1-1.2:1.0" / "ttyUSB0").mkdir()
    assert portless(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "stick", "interface"),
    [
        ("pci-0000:00:14.0-usb-0:1.2:1.3-port0", "pci-0000:00:14.0-usb-0:1.2", 3),
        ("pci-0000:00:14.0-usbv2-0:1.2:1.10", "pci-0000:00:14.0-usbv2-0:1.2", 10),
        (
            "platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.4:1.0-port0",
            "platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.4",
            0,
        ),
        ("pci-0000_00_14_0-usb-0_1_2_1_2", "pci-0000_00_14_0-usb-0_1_2", 2),
        ("usb-Quectel_EC25-if02-port0", "", 2),
        ("usb-ZTE_Incorporated_ZTE_WCDMA_Technologies_MSM-if0a-port0", "", 10),
        ("modem1", "", None),
    ],
)
def test_names_of_links(name: str, stick: str, interface: int | None, tmp_path: Path) -> None:
    found = port_of("/dev/nowhere", [f"/dev/serial/by-path/{name}"], tmp_path)
    assert (found.stick, found.interface) == (stick, interface)


def test_links_that_lead_nowhere_are_no_ports(tmp_path: Path) -> None:
    (tmp_path / "gone").symlink_to(tmp_path / "nothing")
    assert scan([f"{tmp_path}/*"]) == {}


def test_a_link_that_leads_elsewhere_is_followed_when_the_old_node_says_nothing(tmp_path: Path) -> None:
    """A node may outlive its modem: a serial port always, a container's devices mostly."""
    old, new, link = tmp_path / "ttyS0", tmp_path / "ttyS1", tmp_path / "modem"
    old.touch()
    new.touch()
    link.symlink_to(old)
    ports, profile = Ports(Clock(), ()), Profile(imei="490154203237518")
    settings = ModemSettings(name="m1", port=str(link), imei=profile.imei)
    ports.claim(settings)

    def chosen() -> str:
        choice = ports.choose(settings)
        assert choice is not None
        ports.opened("m1", choice.port)
        return choice.port

    assert chosen() == str(link)
    ports.good("m1", profile)
    link.unlink()
    link.symlink_to(new)
    assert chosen() == str(old), "it was met there"
    ports.useless("m1", "no answer to AT")
    assert chosen() == str(link)
    ports.good("m1", profile)
    assert chosen() == str(link)


LOCK = "import fcntl, sys; f = open(sys.argv[1], 'rb+', 0); fcntl.flock(f, fcntl.LOCK_EX); print(); sys.stdin.read()"


def rival(port: str) -> Popen[bytes]:
    """A program that has locked the port, until its input ends."""
    process = Popen([sys.executable, "-c", LOCK, port], stdin=PIPE, stdout=PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    return process


def test_a_port_that_another_program_has_locked_names_it() -> None:
    async def story(hub: Hub) -> None:
        with rival(hub.link(1)) as other:
            modem = hub.modem("m1", hub.link(1))
            await until(lambda: "m1" in hub.told)
            assert (hub.now("m1").state, hub.now("m1").trouble) == ("down", "in_use")
            assert hub.now("m1").reason.startswith(f"{hub.link(1)}: in use by ")
            assert f"(pid {other.pid})" in hub.now("m1").reason
        await until(modem.ready, within_s=90)

    hub(story)


def test_who_holds_a_port_is_named() -> None:
    master, slave = os.openpty()
    try:
        (holder,) = holders(os.ttyname(slave))
        assert holder.endswith(f"(pid {os.getpid()})")
        assert holders(os.ttyname(slave), but=os.getpid()) == []
    finally:
        os.close(master)
        os.close(slave)
