"""The operator's own remedy for a modem: a program that switches its power, for example.

It runs without a shell, for a limited time, with nothing but the modem's name and port in its environment. What it
writes is thrown away and its arguments are in no log: who knows what stands in them.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

END_S = 1.0
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


async def run_hook(command: Sequence[str], *, channel: str, port: str, timeout_s: float) -> str:
    """Run it to its end, or end it and all that it started. Returns what became of it, in a word or two."""
    environment = {"PATH": PATH, "GATEWAYD_MODEM": channel, "GATEWAYD_PORT": port}
    try:
        process = subprocess.Popen(  # noqa: S603, ASYNC220 - the operator's own words; starting it does not block
            list(command), env=environment, cwd="/", start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except OSError as error:
        return f"could not be started: {error.strerror}"
    try:
        status = await asyncio.get_running_loop().run_in_executor(None, _wait, process, timeout_s)
    finally:
        _end(process)
    if status is None:
        return f"did not end within {timeout_s:g} s"
    return "done" if status == 0 else f"failed with status {status}"


def hook_name(command: Sequence[str]) -> str:
    """What a log may call it."""
    return Path(command[0]).name


def _wait(process: subprocess.Popen[bytes], timeout_s: float) -> int | None:
    try:
        return process.wait(timeout_s)
    except subprocess.TimeoutExpired:
        _end(process)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(END_S)
        return None


def _end(process: subprocess.Popen[bytes]) -> None:
    """Whatever is left of it, and of what it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
