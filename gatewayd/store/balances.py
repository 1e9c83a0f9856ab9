"""SQL of what cards have left, as their operators said."""

from __future__ import annotations

from gatewayd.store.db import Reader, Row, Tx


def of(reader: Reader, sim: str) -> Row | None:
    return reader.one("SELECT * FROM balance WHERE sim = :sim", sim=sim)


def all_of_them(reader: Reader) -> list[Row]:
    return reader.all("SELECT * FROM balance ORDER BY channel")


def note(tx: Tx, sim: str, channel: str, amount: float | None, said: str, *, low: bool, now: int) -> None:
    tx.run(
        "INSERT INTO balance (sim, channel, amount, said, low, at) VALUES (:sim, :channel, :amount, :said, :low, :now)"
        " ON CONFLICT (sim) DO UPDATE SET channel = :channel, amount = :amount, said = :said, low = :low, at = :now",
        sim=sim,
        channel=channel,
        amount=amount,
        said=said,
        low=int(low),
        now=now,
    )
