"""Takes away the links of a street that was killed, by a small process of its own that outlives it.

A link that stayed would soon be another's: the system gives the next pseudo terminal the number that has become free,
and a client of the dead street would talk to whatever that is.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

# Reads until the street is gone, however it went; then removes the links that are still the ones it was told of.
_CHILD = r"""
import os, sys
links = dict(record.partition(b" ")[::2][::-1] for record in sys.stdin.buffer.read().split(b"\0") if record)
for path, mark in links.items():
    try:
        there = os.lstat(path)
        if b"%d:%d" % (there.st_ino, there.st_mtime_ns) == mark:
            os.unlink(path)
    except OSError:
        pass
"""


class Sweeper:
    """One for a process, started with its first link."""

    def __init__(self) -> None:
        self._pipe = -1
        self._told: dict[Path, bytes] = {}

    def watch(self, link: Path) -> None:
        """This link shall not outlive us."""
        there, path = link.lstat(), link.absolute()
        self._told[path] = b"%d:%d %s\0" % (there.st_ino, there.st_mtime_ns, os.fsencode(path))
        try:
            if self._pipe >= 0:
                os.write(self._pipe, self._told[path])
                return
        except BrokenPipeError:  # somebody has killed it
            os.close(self._pipe)
        self._start()
        for told in self._told.values():
            os.write(self._pipe, told)

    def forget(self, link: Path) -> None:
        """It has been removed."""
        self._told.pop(link.absolute(), None)

    def _start(self) -> None:
        reading, self._pipe = os.pipe()
        nowhere = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
        os.posix_spawn(
            sys.executable,
            [sys.executable, "-I", "-S", "-c", _CHILD],
            os.environ,
            file_actions=[(os.POSIX_SPAWN_DUP2, reading, 0), *nowhere],
            setsid=True,  # what ends a whole group of processes leaves it alone
        )
        os.close(reading)


SWEEPER = Sweeper()
