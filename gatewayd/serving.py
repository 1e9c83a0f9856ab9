"""The process: from the configuration to the last exit status, with its signals."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from gatewayd import logs
from gatewayd.clock import Clock
from gatewayd.config.file import Config
from gatewayd.daemon import Daemon
from gatewayd.notify import Notifier
from gatewayd.store.db import StoreError
from gatewayd.web.server import raise_file_limit

log = logging.getLogger("gatewayd.daemon")


ASIDE_MAX = 32  # names that are looked up, ports that are closed: each may hang for minutes, and must not keep others


class _Aside(ThreadPoolExecutor):
    """What the loop has done aside. Nobody waits for it at the end: a resolver may not answer for minutes."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002, FBT - as it is called
        super().shutdown(wait=False, cancel_futures=True)


def run(config: Config, path: Path) -> int:
    """As `serve`. Where something still hangs aside when all is closed, the process ends here."""
    status = asyncio.run(serve(config, path))
    if threading.active_count() > 1:  # the interpreter would wait for them
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    return status


async def serve(config: Config, path: Path) -> int:
    """Run until SIGTERM or SIGINT. Returns the exit status."""
    clock = Clock()
    logs.setup(config.log.level, config.log.format, clock=clock)
    raise_file_limit(config.web.connections_max)
    daemon = Daemon(config, path, notifier=Notifier(), clock=clock)
    loop = asyncio.get_running_loop()
    loop.set_default_executor(_Aside(ASIDE_MAX, "aside"))
    again = asyncio.Event()
    loop.add_signal_handler(signal.SIGHUP, again.set)  # it would end us
    try:
        await daemon.start()
    except (StoreError, OSError) as error:
        log.critical("cannot start: %s", _said(error), extra={"event": "start_failed"})
        return 1
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, daemon.stop_soon)
    loop.add_signal_handler(signal.SIGHUP, daemon.reload_soon)
    if again.is_set():
        daemon.reload_soon()
    await daemon.wait()
    await daemon.stop()
    return 1 if daemon.failure else 0


def _said(error: StoreError | OSError) -> str:
    """For whoever starts us: without the number that C has for it."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)
