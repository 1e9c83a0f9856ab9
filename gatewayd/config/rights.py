"""Files and programs that the configuration names: whether they are there, and whether the daemon may use them.

Who checks a file is often root, and the daemon is not. Modes and owners are looked at as the kernel does; access lists
(setfacl) and the sandbox of the unit are not.
"""

from __future__ import annotations

import grp
import os
import pwd
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from gatewayd.channels.modem_settings import ModemSettings
from gatewayd.channels.tap_settings import TapSettings
from gatewayd.config.lines import KeyPath

SERVICE_USER, SERVICE_GROUPS = "gatewayd", ("dialout",)  # as in systemd/gatewayd.service
READ, ENTER = 4, 1


@dataclass(frozen=True, slots=True)
class User:
    """Who the daemon runs as."""

    name: str
    uid: int
    groups: frozenset[int]

    def hindered(self, path: Path, wanted: int) -> str:
        """What keeps this user from reading (4) or running (1) it, as `/etc/x (root:root 0600)`. Raises OSError."""
        whole = path.resolve()
        for directory in reversed(whole.parents):
            if not self._may(directory.stat(), ENTER):
                return shown(directory)
        return "" if self._may(whole.stat(), wanted) else shown(path)

    def _may(self, found: os.stat_result, wanted: int) -> bool:
        mode = found.st_mode
        if self.uid == 0:
            return wanted == READ or stat.S_ISDIR(mode) or mode & 0o111 != 0
        shift = 6 if found.st_uid == self.uid else 3 if found.st_gid in self.groups else 0
        return mode >> shift & wanted != 0


def shown(path: Path) -> str:
    """The path, its owner, group and mode."""
    found = path.stat()
    owner, group = str(found.st_uid), str(found.st_gid)
    with suppress(KeyError):
        owner = pwd.getpwuid(found.st_uid).pw_name
    with suppress(KeyError):
        group = grp.getgrgid(found.st_gid).gr_name
    return f"{path} ({owner}:{group} {stat.S_IMODE(found.st_mode):04o})"


def _of(path: Path, hindrance: str) -> str:
    return hindrance if hindrance.startswith(f"{path} (") else f"{path} because of {hindrance}"


def daemons_user(state_dir: Path) -> User | None:
    """Whoever has the state directory, else the user of the unit that we ship; None: nobody can know it here.

    One that root has was perhaps made by hand: systemd gives it to the user of the unit.
    """
    uid = None
    with suppress(OSError):
        uid = state_dir.stat().st_uid
    if not uid:
        with suppress(KeyError):
            uid = pwd.getpwnam(SERVICE_USER).pw_uid
    if uid is None:
        return None
    try:
        known = pwd.getpwuid(uid)
    except KeyError:  # DynamicUser=
        return User(str(uid), uid, frozenset({uid}))
    groups = set(os.getgrouplist(known.pw_name, known.pw_gid))
    for name in SERVICE_GROUPS if known.pw_name == SERVICE_USER else ():
        with suppress(KeyError):
            groups.add(grp.getgrnam(name).gr_gid)
    return User(known.pw_name, uid, frozenset(groups))


def unreadable(files: Iterable[tuple[KeyPath, Path]], user: User | None) -> Iterator[tuple[KeyPath, str]]:
    """Secrets that could be read here, and that the daemon cannot read, as far as that is known."""
    for at, path in files:
        key = str(at[-1]).partition("_")[0]
        advice = f"give it to the group of the daemon (chgrp, chmod 0640), or use {key}_credential"
        try:
            found = path.stat()
            if user is not None:
                if hindrance := user.hindered(path, READ):
                    yield at, f"the daemon's user {user.name} cannot read {_of(path, hindrance)}: {advice}"
            elif found.st_uid == 0 and (found.st_gid == 0 or not found.st_mode & 0o040):
                yield at, f"only root can read {shown(path)}; where the daemon runs as another user: {advice}"
        except OSError:
            continue  # it is gone again, or none of ours to see


def programs_amiss(modems: Iterable[ModemSettings], user: User | None) -> Iterator[tuple[KeyPath, str]]:
    """What is wrong with the operator's own remedies for a modem: nobody would learn it before the night of need."""
    for i, modem in enumerate(modems):
        if modem.recover_command:
            said = _of_program(Path(modem.recover_command[0]), user)
            if said:
                yield ("modems", i, "recover_command"), said


def absent_ports(modems: Iterable[ModemSettings], taps: Iterable[TapSettings]) -> Iterator[tuple[KeyPath, str]]:
    """Ports of this machine that are not there, or none. A modem known by its IMEI is looked for elsewhere, too."""
    named = [(("modems", i, "port"), modem.port) for i, modem in enumerate(modems) if not modem.imei]
    named += [(("tap", i, "end"), tap.end) for i, tap in enumerate(taps)]
    for at, port in named:
        if port.startswith("/") and not os.path.lexists(port):
            yield at, f"{port} is not there now"
        elif port.startswith("/") and Path(port).is_file():
            yield at, f"{port} is a plain file, no port"


def _of_program(path: Path, user: User | None) -> str:
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            return f"{path} is no program"
        if not found.st_mode & 0o111:
            return f"{shown(path)} is not executable: chmod +x"
        if user is not None and (hindrance := user.hindered(path, ENTER)):
            return f"the daemon's user {user.name} may not run {_of(path, hindrance)}"
    except PermissionError:
        return f"whether {path} is there cannot be seen by the user who checks"
    except OSError as error:
        return f"{path} cannot be run: {(error.strerror or 'it is not there').lower()}"
    return ""
