"""Debian's ofonod at simulated modems over TCP, by its plugin for the phone simulator of its own project.

It wants a modem that does not echo, and acknowledges each message that it is shown (+CNMA, or it hears nothing more).
One daemon drives all types that its plain AT driver can: those that refuse +CNMI mode 2 though they advertise it
(Huawei, ZTE, SIM7600, Sierra) have drivers of their own there, which want udev; telit-le910 loses commands that come
too soon; wavecom-q24 does not end +CPIN? with OK.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.bus import Bus
from tests.peers.street import ANNA, Run, Street, call, free_port, program, wait_for

pytestmark = pytest.mark.peer

KINDS = ("generic", "sim800", "quectel-ec25", "cinterion-ehs6", "ublox-sara")
MODEM = '[[modem]]\nname = "modem{number}"\npersonality = "{kind}"\nend = "tcp:{port}"\nquirks = {{ echo = false }}\n'
PLACE = "[modem{number}]\nDriver=phonesim\nAddress=127.0.0.1\nPort={port}\n\n"
KEPT = Path("/var/lib/ofono")  # its outbox by card; there is no option for another place
LONG = "hello from ofono by {kind} " * 8


@pytest.fixture
def kept() -> Iterator[None]:
    """What ofonod keeps of our cards is removed, so that the next one does not send it again."""
    before = set(KEPT.iterdir()) if KEPT.is_dir() else set()
    yield
    for directory in set(KEPT.iterdir()) - before if KEPT.is_dir() else ():
        shutil.rmtree(directory)


@pytest.mark.usefixtures("kept")
def test_one_daemon_sends_and_hears_by_many_types(run: Run, tmp_path: Path) -> None:
    daemon = program("ofonod")
    ports = [free_port() for _ in KINDS]
    parts = [{"number": number, "kind": kind, "port": ports[number - 1]} for number, kind in enumerate(KINDS, 1)]
    (tmp_path / "scene.toml").write_text("".join(MODEM.format(**part) for part in parts))
    (tmp_path / "phonesim.conf").write_text("".join(PLACE.format(**part) for part in parts))
    street = Street(run, tmp_path, "--scene", str(tmp_path / "scene.toml"), "--seed", str(os.getpid()), modems=0)
    bus = Bus(run, tmp_path)
    monitor = run("dbus-monitor", "--system", "interface='org.ofono.MessageManager'", name="monitor", env=bus.env)
    monitor.says("NameAcquired")
    env = {**bus.env, "OFONO_PHONESIM_CONFIG": str(tmp_path / "phonesim.conf")}
    run(daemon, "-n", "-d", name="ofonod", env=env)
    wait_for(
        lambda: "org.ofono" in bus.call("org.freedesktop.DBus", "/", "org.freedesktop.DBus.ListNames"), "it is there"
    )

    def set_on(path: str, what: str) -> None:
        bus.call("org.ofono", path, "org.ofono.Modem.SetProperty", f"string:{what}", "variant:boolean:true")

    def has(path: str, words: str) -> bool:
        return words in bus.call("org.ofono", path, "org.ofono.Modem.GetProperties")

    for number, kind in enumerate(KINDS, 1):
        path = f"/modem{number}"
        wait_for(lambda path=path: path in bus.call("org.ofono", "/", "org.ofono.Manager.GetModems"), kind)  # type: ignore[misc]
        set_on(path, "Powered")
        wait_for(lambda path=path: has(path, "SimManager"), f"{kind} has a card")  # type: ignore[misc]
        set_on(path, "Online")
        wait_for(lambda path=path: has(path, "MessageManager"), f"{kind} can text", within_s=30)  # type: ignore[misc]
        words = LONG.format(kind=kind)
        bus.call("org.ofono", path, "org.ofono.MessageManager.SendMessage", f"string:{ANNA}", f"string:{words}")
        assert street.wait_text(words) == [words]
        to = f"+447700900{number:03d}"
        for text in (f"ok {kind} €", f"готово {kind}"):
            call(f"{street.control}/phones/%2B447700900111/send", {"to": to, "text": text})
            monitor.says(f'string "{text}"')
    assert street.twice() == []
