"""Debian's ModemManager at simulated modems, on a bus of its own, by the interface that its own tests use.

One daemon drives a modem of each type that it can: it probes them, enables them, sends a long text by each, and reads
what Anna answers. Left out are telit-le910 (ModemManager ends commands with CR LF, and the LF becomes the first octet
of the PDU there), wavecom-q24 (it waits for the OK that this modem does not say after +CPIN?; its own plugin wants
udev) and nrf9160 (no prompt). A Nokia phone, which has no SMS by AT, is known for one.
What comes is short: of two +CMTI a millisecond apart it reads one, and no radio brings two parts as fast as that.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.peers.bus import Bus
from tests.peers.street import ANNA, Run, Street, call, program, wait_for

pytestmark = pytest.mark.peer

# Whether its plugin for any modem, which asks for mode 2 of +CNMI, hears at once what comes; else when it is enabled.
KINDS = {
    "generic": True, "huawei-e173": False, "huawei-e1752": False, "zte-k3565z": False, "sim800": True,
    "sim7600": False, "quectel-ec25": True, "cinterion-ehs6": False, "ublox-sara": True, "sierra-mc7304": False,
}  # fmt: skip
DUMB = "nokia-s60"
DUMB_NAME = f"modem{len(KINDS) + 1}"
MODEM = '[[modem]]\nname = "modem{number}"\npersonality = "{kind}"\nend = "unix:{home}/street/modem{number}"\n'
NAME = "org.freedesktop.ModemManager1"
PATH = "/org/freedesktop/ModemManager1"
LONG = "hello from ModemManager by modem {number} " * 6


class Manager:
    """mmcli, with its answers as JSON."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._mmcli = program("mmcli")

    def ask(self, *words: str) -> Any:
        return json.loads(self._bus.say(self._mmcli, "-J", *words))

    def tell(self, *words: str) -> str:
        return self._bus.say(self._mmcli, *words)

    def modems(self) -> dict[str, str]:
        """The path of each modem by the name of its socket."""
        found = {}
        for path in self.ask("-L")["modem-list"]:
            found[Path(self.ask("-m", path)["modem"]["generic"]["primary-port"]).name] = path
        return found


def test_one_daemon_sends_and_hears_by_many_types(run: Run, tmp_path: Path) -> None:
    daemon = program("ModemManager")
    kinds = {f"modem{number}": kind for number, kind in enumerate((*KINDS, DUMB), 1)}
    scene = tmp_path / "scene.toml"
    scene.write_text(
        "".join(MODEM.format(number=number, kind=kind, home=tmp_path) for number, kind in enumerate(kinds.values(), 1))
    )
    street = Street(run, tmp_path, "--scene", str(scene), modems=0)
    bus = Bus(run, tmp_path)
    bus.allow_all()
    run(daemon, "--test-enable", "--test-no-udev", "--test-no-suspend-resume", name="ModemManager", env=bus.env)
    manager = Manager(bus)
    wait_for(lambda: NAME in bus.call("org.freedesktop.DBus", "/", "org.freedesktop.DBus.ListNames"), "it has its name")
    for name in kinds:
        port = f"{tmp_path}/street/{name}"
        bus.call(NAME, PATH, f"{NAME}.Test.SetProfile", f"string:{name}", "string:generic", f"array:string:{port}")
    found = wait_for(lambda: len(there := manager.modems()) == len(kinds) and there, "all are there", within_s=90)
    assert found

    def anna_sends(number: int, text: str) -> None:
        call(f"{street.control}/phones/%2B447700900111/send", {"to": f"+447700900{number:03d}", "text": text})

    def heard(path: str) -> list[str]:
        listed = manager.ask("-m", path, "--messaging-list-sms")["modem.messaging.sms"]
        texts = [manager.ask("-s", sms)["sms"] for sms in listed]
        return [sms["content"]["text"] for sms in texts if sms["properties"]["state"] == "received"]

    for number, (kind, at_once) in enumerate(KINDS.items(), 1):
        path, words = found[f"modem{number}"], LONG.format(number=number)
        anna_sends(number, f"ok {kind} €")
        manager.tell("-m", path, "-e")
        made = manager.tell("-m", path, f"--messaging-create-sms=text='{words}',number='{ANNA}'")
        manager.tell("-s", made.strip().rpartition(": ")[2], "--send")
        assert street.wait_text(words) == [words], kind
        wait_for(lambda path=path: heard(path), f"{kind} hears Anna", within_s=30)  # type: ignore[misc]
        texts = [f"ok {kind} €"]
        if at_once:
            anna_sends(number, "and 43")
            texts.append("and 43")
            wait_for(lambda path=path: len(heard(path)) == 2, f"{kind} hears Anna again", within_s=30)  # type: ignore[misc]
        assert sorted(heard(path)) == sorted(texts)
    assert manager.ask("-m", found[DUMB_NAME])["modem"]["generic"]["model"] == "Nokia N79"
    assert "Messaging" not in bus.call(NAME, found[DUMB_NAME], "org.freedesktop.DBus.Introspectable.Introspect")
    assert street.twice() == []
