"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import sqlite3
import time
from pathlib import Path

from bench.load import percentile
from bench.parts import home


def fsync_ms(count: int = 200) -> tuple[float, float]:
    """Median and p95 of writing 4 KiB and calling fsync."""
    times: list[float] = []
    with home() as directory:
        file = os.open(directory / "fsync", os.O_WRONLY | os.O_CREAT)
        for _ in range(count):
            os.write(file, b"x" * 4096)
            began = time.perf_counter()
            os.fsync(file)
            times.append((time.perf_counter() - began) * 1000)
        os.close(file)
    return percentile(times, 0.5), percentile(times, 0.95)


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def machine() -> str:
    median, slow = fsync_ms()
    return (
        f"{os.cpu_count()} cores ({_processor()}), Linux {platform.release()}, Python {platform.python_version()},"
        f" SQLite {sqlite3.sqlite_version}; writing 4 KiB and fsync takes {median:.1f} ms (p95 {slow:.1f} ms);"
        f" load average before the end {os.getloadavg()[2]:.1f} (15 min)"
    )
