"""Whose a path is: a street takes no link or socket from another one, and no file that no street has made.

A street holds a shared lock on each folder in which it has put something; a lock ends with its process, however that
ends. What lies in a folder that nobody else has locked was left behind, and is removed.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
from pathlib import Path


class PathTaken(OSError):
    """The path is in use; the sentence says by whom."""


class Claims:
    """Those of one process."""

    def __init__(self) -> None:
        self._folders: dict[Path, int] = {}
        self._paths: set[Path] = set()

    def claim(self, path: Path) -> None:
        """From here on the path is ours; what a street that is gone left there is removed. Raises PathTaken."""
        folder = path.parent.resolve()
        place = folder / path.name
        if place in self._paths:
            raise PathTaken(f"{path} is another end of this street already")
        if folder not in self._folders:
            try:
                self._folders[folder] = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            except PermissionError:  # a folder that we may not read cannot be locked
                return
        held = self._folders[folder]
        try:
            _clear(path, held)
        except PathTaken:
            self._let_go(folder)
            raise
        with contextlib.suppress(BlockingIOError):  # somebody else's kind of lock
            fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
        self._paths.add(place)

    def release(self, path: Path) -> None:
        """Nothing of ours is there any more."""
        folder = path.parent.resolve()
        self._paths.discard(folder / path.name)
        self._let_go(folder)

    def _let_go(self, folder: Path) -> None:
        """Unlocks a folder in which nothing is ours."""
        if folder in self._folders and not any(place.parent == folder for place in self._paths):
            os.close(self._folders.pop(folder))


def _clear(path: Path, folder: int) -> None:
    try:
        kind = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not (stat.S_ISLNK(kind) or stat.S_ISSOCK(kind)):
        raise PathTaken(f"{path} is there already, and is nothing that a street made")
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise PathTaken(f"{path} belongs to another street{_whose(folder)}; give this one another --dir") from None
    path.unlink(missing_ok=True)


def _whose(folder: int) -> str:
    """The processes that have locked the folder, as far as the system tells."""
    inode = str(os.fstat(folder).st_ino)
    try:
        locks = [line.split() for line in Path("/proc/locks").read_text("ascii").splitlines()]
    except OSError:
        return ""
    pids = {words[4] for words in locks if words[1] == "FLOCK" and words[5].rpartition(":")[2] == inode}
    pids -= {str(os.getpid())}
    return f" (process {', '.join(sorted(pids))})" if pids else ""


CLAIMS = Claims()
