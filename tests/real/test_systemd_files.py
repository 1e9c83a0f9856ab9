"""The files for systemd and udev, tried with systemd's own tools."""

from __future__ import annotations

import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

SYSTEMD = Path(__file__).parents[2] / "systemd"
UNIT = SYSTEMD / "gatewayd.service"

absent = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs Debian's systemd (systemd-analyze)")


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def settings() -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for key, value in re.findall(r"^(\w+)=(.*)$", UNIT.read_text(), re.MULTILINE):
        told.setdefault(key, []).append(value)
    return told


def test_the_promises_of_the_unit() -> None:
    told = settings()
    assert told["Type"] == ["notify"]
    assert told["User"] == ["gatewayd"]
    assert told["Restart"] == ["always"]
    assert told["StartLimitIntervalSec"] == ["0"], "it comes back however often it fell"
    assert int(told["WatchdogSec"][0]) > 0
    assert int(told["TimeoutStopSec"][0]) > 30, "what is on the air may take 30 s"
    assert told["LimitNOFILE"] == ["65536"]


def test_sticks_that_are_plugged_in_later_may_be_opened() -> None:
    """A name such as char-ttyUSB is resolved at the start and means nothing while the driver is not loaded."""
    assert {"char-188 rw", "char-166 rw"} <= set(settings()["DeviceAllow"])
    assert "PrivateDevices" not in settings()


@pytest.mark.peer
@absent
def test_systemd_understands_every_line_of_the_unit(tmp_path: Path) -> None:
    copy = tmp_path / "gatewayd.service"
    copy.write_text(UNIT.read_text().replace("/opt/gatewayd/bin/gatewayd", "/bin/true"))
    tried = run("systemd-analyze", "verify", copy)
    assert (tried.returncode, tried.stdout + tried.stderr) == (0, "")


@pytest.mark.peer
@absent
def test_the_sandbox_is_in_the_ok_range() -> None:
    tried = run("systemd-analyze", "security", "--offline=true", UNIT)
    found = re.search(r"Overall exposure level for gatewayd.service: ([0-9.]+) (\w+)", tried.stdout)
    assert found, tried.stdout + tried.stderr
    assert found[2] == "OK"
    documented = re.search(r"\*\*([0-9.]+) \(OK\)\*\*", (SYSTEMD.parent / "docs" / "operations.md").read_text())
    assert documented
    # Newer versions of systemd know more tests; the figure may move a little, the range may not.
    assert abs(float(found[1]) - float(documented[1])) <= 0.5


@pytest.mark.peer
@absent
def test_the_user_and_the_directory_are_made(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    made = run("systemd-sysusers", f"--root={tmp_path}", SYSTEMD / "sysusers.d" / "gatewayd.conf")
    assert made.returncode == 0, made.stderr
    account = next(
        line for line in (tmp_path / "etc" / "passwd").read_text().splitlines() if line.startswith("gatewayd:")
    )
    assert account.endswith(":/var/lib/gatewayd:/usr/sbin/nologin")
    assert re.search(r"^dialout:.*:gatewayd$", (tmp_path / "etc" / "group").read_text(), re.MULTILINE)

    (tmp_path / "etc" / "gatewayd").mkdir(mode=0o755)
    pin, password = (tmp_path / "etc" / "gatewayd" / name for name in ("sim1.pin", "north.password"))
    for secret in (pin, password):
        secret.write_text("0000")
        secret.chmod(0o644)
    made = run("systemd-tmpfiles", f"--root={tmp_path}", "--create", SYSTEMD / "tmpfiles.d" / "gatewayd.conf")
    assert made.returncode == 0, made.stderr
    assert [stat.S_IMODE(secret.stat().st_mode) for secret in (pin, password)] == [0o640, 0o640]
    assert stat.S_IMODE(pin.parent.stat().st_mode) == 0o750
    assert pin.stat().st_gid == int(account.split(":")[3])


RULES = SYSTEMD / "udev" / "78-gatewayd.rules"


def rules() -> list[str]:
    return [line for line in RULES.read_text().splitlines() if line and not line.startswith("#")]


def test_every_jump_of_the_udev_rules_lands_further_down() -> None:
    labels = {m[1]: i for i, line in enumerate(rules()) if (m := re.fullmatch(r'LABEL="(\w+)"', line))}
    for i, line in enumerate(rules()):
        for jump in re.findall(r'GOTO="(\w+)"', line):
            assert labels[jump] > i, line


def test_the_udev_rules_are_well_formed_to_the_last_comma() -> None:
    term = r'[A-Z]+(\{\w+\})?(==|!=|=|\+=)"[^"]*"'
    for line in [*rules(), *(c[1:] for c in RULES.read_text().splitlines() if re.match(r"#(ENV|ATTRS)\{", c))]:
        assert re.fullmatch(rf"{term}(, {term})*", line), line


def test_modemmanager_leaves_alone_whatever_gets_a_name_of_ours() -> None:
    text = RULES.read_text()
    ignored = set(re.findall(r'^ATTR\{idVendor\}=="(\w{4})", ENV\{ID_MM_DEVICE_IGNORE\}="1"$', text, re.MULTILINE))
    (named,) = re.findall(r'^ATTRS\{idVendor\}=="([\w|]+)", GOTO="gatewayd_ours"$', text, re.MULTILINE)
    assert ignored == set(named.split("|"))
    assert {"12d1", "2c7c", "1e0e", "19d2"} <= ignored
