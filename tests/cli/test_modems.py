"""Modems at a terminal: the fleet of a real daemon, a probe of ports that it does not have, and a terminal to one."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import tomllib
import tty
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from time import monotonic

import pytest

from gatewayd.cli import main
from gatewayd.cli.modem_term import Editor, Screen
from gatewayd.cli.modems import HEADS
from tests.cli.house import CONFIG, House, Ran, gatewayd

HWSIM = Path(__file__).parents[2] / "hw-sim"
STEPS = "AT modem profile IMEI radio SIM PDU storage notification service network signal"
SCENE = """
[[modem]]
name = "ec25"
number = "+447700900001"
personality = "quectel-ec25"
end = "usb"

[[modem]]
name = "e173"
number = "+447700900002"
personality = "huawei-e173"

[[modem]]
name = "locked"
number = "+447700900003"
personality = "sim800"
pin = "4711"

[[modem]]
name = "n79"
number = "+447700900004"
personality = "nokia-s60"

[[modem]]
name = "ours"
number = "+447700900005"
personality = "telit-le910"
"""


@dataclass(frozen=True)
class Street:
    ports: dict[str, str]
    house: House


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    """Five modems; the daemon has one of them."""
    home = tmp_path_factory.mktemp("modems")
    (home / "scene.toml").write_text(SCENE)
    words = ["--dir", str(home / "street"), "--scene", str(home / "scene.toml")]
    process = subprocess.Popen([sys.executable, "-m", "hwsim", *words], cwd=HWSIM, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        told = json.loads(process.stdout.readline())
        ports = {name: modem["address"] for name, modem in told["modems"].items()}
        toml = CONFIG.format(home=home).replace(f"{home}/no-such-modem", ports["ours"])
        with House(home, toml) as house:
            yield Street(ports, house)
            assert house.stop() == 0
    finally:
        process.terminate()
        process.stdout.close()
        process.wait(10)


Probe = Callable[..., Ran]


@pytest.fixture
def probe(capsys: pytest.CaptureFixture[str]) -> Probe:
    """`gatewayd modem probe`, typed in this process: that saves a start of Python each time."""

    def typed(*words: str) -> Ran:
        status = main(["modem", "probe", *words])
        told = capsys.readouterr()
        return Ran(status, told.out, told.err)

    return typed


def test_the_fleet_at_a_glance(street: Street) -> None:
    street.house.wait_for("modem1 is up")
    shown = street.house.types("modems")
    assert shown.status == 0, shown.err
    heads, row, *_ = shown.out.splitlines()
    assert re.split(" +", heads) == HEADS.split()
    assert re.match(rf"modem1  up +{re.escape(street.ports['ours'])}  \.\.\.\d{{4}}  telit +", row)
    (modem,) = street.house.types("modems", "--json").json["modems"]
    assert (modem["state"], modem["profile"], modem["registration"]) == ("up", "telit", "home")
    assert not re.search(r"\d{14}", shown.out)


@pytest.mark.parametrize(("name", "profile"), [("ec25", "quectel"), ("e173", "huawei"), ("locked", "simcom")])
def test_a_probe_tells_step_by_step_and_writes_the_table(street: Street, probe: Probe, name: str, profile: str) -> None:
    shown = probe(street.ports[name])
    assert shown.status == 0, shown.err
    assert re.search(rf"^ok +profile +{profile}:", shown.out, re.MULTILINE)
    toml = shown.out.partition("For the configuration:")[2]
    (table,) = tomllib.loads(toml)["modems"]
    assert table["port"] == street.ports[name]
    assert re.fullmatch(r"\d{15}", table["imei"])
    if name == "locked":
        assert re.search(r"^NO +SIM +SIM PIN, .*3 PIN tries left", shown.out, re.MULTILINE)
        assert table["pin_file"] == "/etc/gatewayd/modem1.pin"
        assert probe(street.ports[name], "--json").json["pin_tries"] == 3
    else:
        steps = re.findall(r"^(?:ok|note|NO) +(\S+)", shown.out, re.MULTILINE)
        assert " ".join(steps) == STEPS


def test_what_is_suggested_is_a_configuration(street: Street, probe: Probe, tmp_path: Path) -> None:
    told = probe(street.ports["ec25"], "--json").json
    file = tmp_path / "gateway.toml"
    head, _, tail = CONFIG.format(home=tmp_path).partition("[[modems]]")
    file.write_text(f"{head}{told['toml']}\n[[people]]{tail.partition('[[people]]')[2]}")
    checked = gatewayd("check", "--config", str(file))
    assert checked.status == 0, checked.err


def test_a_port_that_does_not_speak_at_points_to_one_that_does(street: Street, probe: Probe) -> None:
    good = street.ports["ec25"]
    shown = probe(good.replace(":1.2-port0", ":1.1-port0"))
    assert shown.status == 1
    assert "no answer to AT" in shown.out
    assert f"it is interface 01 of Quectel EC25, which is for GPS; try {good}" in shown.out


def test_a_device_without_texts_is_no_use_and_says_why(street: Street, probe: Probe) -> None:
    shown = probe(street.ports["n79"])
    assert shown.status == 1
    assert "no SMS storage over this port: a Series 60 phone" in shown.out
    assert shown.out.endswith("This port is of no use as it is.\n")


def test_a_port_that_the_daemon_has_is_left_to_it(street: Street, probe: Probe) -> None:
    street.house.wait_for("modem1 is up")
    shown = probe(street.ports["ours"])
    assert shown.status == 1
    assert "the daemon has it (" in shown.err
    assert f"(pid {street.house.process.pid})" in shown.err
    assert probe("/dev/no-such-port").err.startswith("gatewayd: /dev/no-such-port: ")


class Typist:
    """`gatewayd modem term` on a terminal of its own."""

    def __init__(self, port: str) -> None:
        self.seen = ""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:  # pragma: no cover - the child
            os.execv(sys.executable, [sys.executable, "-m", "gatewayd", "modem", "term", port])

    def types(self, keys: bytes) -> None:
        os.write(self.fd, keys)

    def sees(self, pattern: str, *, within_s: float = 20) -> None:
        end = monotonic() + within_s
        while not re.search(pattern, self.seen):
            ready, _, _ = select.select([self.fd], [], [], max(0.0, end - monotonic()))
            assert ready, self.seen
            try:
                self.seen += os.read(self.fd, 4096).decode()
            except OSError:
                raise AssertionError(self.seen) from None

    def leaves(self, by: signal.Signals | None = None) -> int:
        """Its exit status; what is asked of the terminal is as it was before."""
        if by is None:
            self.types(b"\x1d")
        else:
            os.kill(self.pid, by)
        _, status = os.waitpid(self.pid, 0)
        assert termios.tcgetattr(self.fd)[3] & termios.ICANON, "a line at a time, as before"
        os.close(self.fd)
        return os.waitstatus_to_exitcode(status)


def test_a_terminal_edits_a_line_sends_it_and_leaves(street: Street) -> None:
    typist = Typist(street.ports["e173"])
    typist.sees(r"Ctrl-\] leaves")
    typist.types(b"AT+CGMX\x7fI\r")
    typist.sees(r"huawei\r\n(.|\n)*OK\r\n")
    typist.types(b"\x1b[A\x1b[D\x1b[D\x1b[DQ\x15ATI\r")  # the line again, something else in it, all away
    typist.sees(r"ATI\r\n")
    assert typist.leaves() == 0
    ended = Typist(street.ports["e173"])
    ended.sees(r"Ctrl-\] leaves")
    assert ended.leaves(signal.SIGTERM) == 1
    refused = Typist(street.ports["ours"])
    refused.sees("the daemon has it")


@pytest.mark.parametrize("by", [None, signal.SIGTERM])
def test_a_prompt_that_is_open_is_left_with_the_terminal(by: signal.Signals | None) -> None:
    """Or whoever opens the port next writes into somebody's text."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    typist = Typist(os.ttyname(slave))
    typist.sees(r"Ctrl-\] leaves")
    typist.types(b"AT+CMGS=20\r")
    assert os.read(master, 64) == b"AT+CMGS=20\r"
    os.write(master, b"\r\n> ")
    typist.sees("> ")
    typist.types(b"0011\r")
    assert os.read(master, 64) == b"0011\r"
    os.write(master, b"0011\r")
    typist.sees("0011")
    leaving = Thread(target=typist.leaves, args=(by,))
    leaving.start()
    assert os.read(master, 64) == b"\x1b"
    os.write(master, b"\r\nOK\r\n")
    leaving.join(10)
    assert not leaving.is_alive()
    os.close(master)
    os.close(slave)


def test_a_terminal_needs_one(street: Street) -> None:
    assert gatewayd("modem", "term", street.ports["e173"]).status == 2


def test_what_a_modem_says_cannot_steer_the_terminal() -> None:
    written: list[str] = []
    sent: list[bytes] = []
    editor = Editor(sent.append)
    screen = Screen(written.append, editor)
    editor.went = screen.went
    screen.say(b"\r\n\x1b]0;evil\x07\r\n> ")
    assert "\x1b]" not in "".join(written)
    assert "\\x1b]0;evil\\x07" in "".join(written)
    editor.keys(b"ok 42\x1a")
    assert sent == [b"ok 42\x1a"]
    assert written[-1].endswith("> ok 42\r\n")
    editor.keys(b"half\x1b")
    assert (sent[-1], editor.line) == (b"\x1b", ""), "it was meant for the prompt"
    editor.keys(b"one two\x17three\x01\x1b[3~\r")
    assert sent[-1] == b"nethree\r"
