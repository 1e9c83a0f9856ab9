"""`[self_report]`, `[heartbeat]` and `recover_command`: what they say must be there, and how that is told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gatewayd.config.file import ConfigError, parse
from gatewayd.config.rights import User, unreadable
from gatewayd.oncall import alive, civil
from gatewayd.oncall.alive import HeartbeatSettings

BASE = """
default_policy = "night"
[[modems]]
name = "m1"
port = "/dev/m1"
{modem}
[[people]]
name = "anna"
devices = [{{ number = "+447700900123" }}]
[[policies]]
name = "night"
steps = [{{ page = ["anna"], wait_s = 300 }}]
fallback = ["anna"]
[[policies]]
name = "operators"
steps = [{{ page = ["anna"], wait_s = 60 }}]
fallback = ["anna"]
"""


def refused(more: str = "", *, modem: str = "") -> str:
    with pytest.raises(ConfigError) as told:
        parse(BASE.format(modem=modem) + more, environ={})
    return str(told.value)


def test_an_incident_of_ours_runs_the_policy_that_is_named() -> None:
    config = parse(BASE.format(modem="") + '[self_report]\npolicy = "operators"\n', environ={})
    assert config.directory.policy_for("gatewayd").name == "operators"
    assert parse(BASE.format(modem=""), environ={}).directory.policy_for("gatewayd").name == "night"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('[self_report]\npolicy = "nobody"\n', "self_report.policy: no policy 'nobody'"),
        (
            '[self_report]\npolicy = "operators"\n[[services]]\nname = "gatewayd"\npolicy = "night"\n',
            "name it in one place",
        ),
        ('[heartbeat]\ntext_to = "ben"\n', "heartbeat.text_to: no person 'ben'"),
        ('[heartbeat]\nurl = "ftp://x"\n', "heartbeat.url: must begin with https:// or http://"),
        ('[heartbeat]\nat = "25:00"\n', "heartbeat.at: must be a time of day"),
        ('[heartbeat]\nzone = "Mars/Base"\n', "no time zone 'Mars/Base'"),
        ("[heartbeat]\nevery_s = 1\n", "heartbeat.every_s: must be at least 10"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(more: str, said: str) -> None:
    assert said in refused(more)


def test_a_command_begins_with_the_path_of_a_program() -> None:
    assert "absolute path of a program" in refused(modem='recover_command = ["uhubctl", "-a", "cycle"]')
    assert "must be a list" in refused(modem='recover_command = "/usr/sbin/uhubctl -a cycle"')
    good = parse(BASE.format(modem='recover_command = ["/usr/sbin/uhubctl", "-a", "cycle"]'), environ={})
    assert good.modems[0].recover_command == ("/usr/sbin/uhubctl", "-a", "cycle")


def test_a_command_that_cannot_be_run_is_told_with_its_file(tmp_path: Path) -> None:
    def told(program: Path) -> list[str]:
        modem = f'recover_command = ["{program}", "cycle"]'
        state = f'state_dir = "{tmp_path}"\n'
        return list(parse(state + BASE.format(modem=modem), environ={}).warnings)

    good, plain = tmp_path / "cycle", tmp_path / "plain"
    good.touch(0o755)
    plain.touch(0o644)
    assert told(good) == []
    missing = tmp_path / "gone"
    assert told(missing) == [f"modems[0].recover_command: {missing} cannot be run: no such file or directory"]
    assert f"{plain} (" in told(plain)[0]
    assert "0644) is not executable: chmod +x" in told(plain)[0]
    assert told(tmp_path) == [f"modems[0].recover_command: {tmp_path} is no program"]


def test_a_secret_that_only_who_checks_can_read_is_told_with_what_hinders(tmp_path: Path) -> None:
    pin = tmp_path / "sim1.pin"
    pin.write_text("4711\n")
    pin.chmod(0o640)
    files = [(("modems", 0, "pin_file"), pin)]
    me, other = User("me", os.getuid(), frozenset({os.getgid()})), User("other", os.getuid() + 1, frozenset())
    assert list(unreadable(files, me)) == []
    ((at, said),) = unreadable(files, other)
    assert at == ("modems", 0, "pin_file")
    assert said.startswith(f"the daemon's user other cannot read {pin} ")
    assert said.endswith("give it to the group of the daemon (chgrp, chmod 0640), or use pin_credential")
    good = parse(f'state_dir = "{tmp_path}"\n' + BASE.format(modem=f'pin_file = "{pin}"'), environ={}, unseen=[])
    assert good.warnings == ("modems[0].port: /dev/m1 is not there now",)


def test_the_text_of_the_day_follows_the_clock_on_the_wall_through_summer_time() -> None:
    settings = HeartbeatSettings(text_to="anna", at="09:00", zone="Europe/London")
    zone = civil.zone_named("Europe/London")
    at = civil.instant(zone, civil.EPOCH_DAY + 20_500, 12 * 60)
    hours = set()
    for _ in range(400):
        at = alive.next_at(settings, at)
        wall = civil.wall(zone, at)
        assert (wall.hour, wall.minute) == (9, 0)
        hours.add(at // civil.HOUR % 24)
    assert hours == {8, 9}
