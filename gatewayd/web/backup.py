"""A copy of the store in a new file that only its owner reads."""

from __future__ import annotations

import asyncio
import errno
import os
from pathlib import Path

from aiohttp import web

from gatewayd.intake.faults import Fault
from gatewayd.store.db import StoreError
from gatewayd.web.call import Call
from gatewayd.web.problems import RETRY_AFTER, Problem
from gatewayd.web.shapes import BackupIn

MODE = 0o600  # it holds numbers and texts


async def backup(call: Call) -> web.Response:
    """Never over anything that is there already; what was begun and failed is taken away again."""
    target = Path((await call.read(BackupIn)).path)
    _begin(target)
    try:
        await call.doors.backup(target)
        await asyncio.get_running_loop().run_in_executor(None, _keep, target)
    except (StoreError, OSError) as error:
        _take_away(target)
        raise Problem(503, "store_failed", f"no backup was made: {error}", headers=RETRY_AFTER) from error
    except BaseException:
        _take_away(target)
        raise
    return call.answer({"path": str(target)})


def _begin(target: Path) -> None:
    """Make the file, empty; the store writes into it and leaves its mode alone. Raises Problem."""
    try:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, MODE))
    except OSError as error:
        told = f"no backup was made: {_why(target, error)}"
        if error.errno == errno.EEXIST:
            raise Problem(409, "conflict", told, Fault("path", told)) from error
        raise Problem(400, "invalid", told, Fault("path", told)) from error


def _why(target: Path, error: OSError) -> str:
    folder = target.parent
    match error.errno:
        case errno.EEXIST if target.is_dir():
            return f"{target} is a folder; name a new file in it"
        case errno.EEXIST:
            return f"there is a file {target} already; name a new one"
        case errno.ENOENT:
            return f"there is no folder {folder}"
        case errno.ENOTDIR:
            return f"{folder} is no folder"
        case errno.EACCES | errno.EPERM:
            return f"the daemon may not write in {folder}"
        case errno.EROFS:
            return f"the daemon cannot write in {folder}: for the service all but its state directory is read-only"
    return f"{target} cannot be made: {error.strerror}"


def _take_away(target: Path) -> None:
    target.unlink(missing_ok=True)


def _keep(target: Path) -> None:
    """Through to the disk, name and content: who reads "written" may pull the plug."""
    for path in (target, target.parent):
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
