"""A D-Bus of a test's own, which its strangers take for that of the machine. Everybody may do everything on it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.peers.street import Run, absent, program, wait_for

CONFIG = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_type="method_call"/>
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
  </policy>
</busconfig>
"""
DEBIANS_PYTHON = "/usr/bin/python3"


class Bus:
    """Its daemon runs until the test ends."""

    def __init__(self, run: Run, home: Path) -> None:
        self._run = run
        self._home = home
        socket = home / "bus"
        (home / "bus.conf").write_text(CONFIG.format(socket=socket))
        words = (program("dbus-daemon"), f"--config-file={home / 'bus.conf'}", "--nofork", "--nopidfile")
        run(*words, name="dbus-daemon")
        wait_for(socket.exists, "the bus is there")
        self.env = {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={socket}"}

    def say(self, *words: str, may_fail: bool = False) -> str:
        """What a program on this bus answers."""
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=90, check=False,
            encoding="utf-8", env={**os.environ, "LC_ALL": "C.UTF-8", **self.env},
        )  # fmt: skip
        assert may_fail or done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    def call(self, name: str, path: str, method: str, *values: str) -> str:
        """A method's answer, as dbus-send prints it."""
        return self.say("dbus-send", "--system", "--print-reply", f"--dest={name}", path, method, *values)

    def allow_all(self) -> None:
        """A stand-in for polkit that says yes to everything: python-dbusmock's."""
        probe = subprocess.run([DEBIANS_PYTHON, "-c", "import dbusmock"], capture_output=True, check=False, timeout=60)
        if probe.returncode:
            absent("python-dbusmock is not installed (Debian package python3-dbusmock)")
        words = (DEBIANS_PYTHON, "-m", "dbusmock", "--system", "--template", "polkitd")
        self._run(*words, name="polkit", env=self.env)
        polkit, authority = "org.freedesktop.PolicyKit1", "/org/freedesktop/PolicyKit1/Authority"

        def allowed() -> bool:
            method = "org.freedesktop.DBus.Mock.AllowUnknown"
            words = ("dbus-send", "--system", "--print-reply", f"--dest={polkit}", authority, method, "boolean:true")
            return "method return" in self.say(*words, may_fail=True)

        wait_for(allowed, "the stand-in for polkit is there", within_s=30)
