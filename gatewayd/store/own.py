"""SQL of what the house keeps of itself: its own alerts, and when it says that it is alive."""

from __future__ import annotations

from gatewayd.store.db import Reader


def firing_keys(reader: Reader, source: str, prefix: str) -> list[str]:
    """Keys of the source's firing alerts that begin so."""
    rows = reader.all(
        "SELECT key FROM alert WHERE source = :source AND status = 'firing' AND substr(key, 1, :n) = :prefix",
        source=source,
        prefix=prefix,
        n=len(prefix),
    )
    return [row["key"] for row in rows]


def open_incidents(reader: Reader) -> int:
    row = reader.one("SELECT COUNT(*) AS n FROM incident WHERE state <> 'resolved'")
    return int(row["n"]) if row else 0
