"""SQL of which modem and which SIM is where, and of how much each channel sent."""

from __future__ import annotations

from gatewayd.store.db import Reader, Tx

ATTEMPTS_LOOKED_AT = 20_000  # more than a fleet of modems sends in an hour


def sim_of_pin(reader: Reader, pin: str) -> str:
    """The SIM that this PIN has opened; "" when it has opened none."""
    row = reader.one("SELECT iccid FROM pin_home WHERE pin = :pin", pin=pin)
    return str(row["iccid"]) if row else ""


def pin_opened(tx: Tx, pin: str, iccid: str, *, now: int) -> None:
    tx.run(
        "INSERT INTO pin_home (pin, iccid, at) VALUES (:pin, :iccid, :now)"
        " ON CONFLICT (pin) DO UPDATE SET iccid = :iccid, at = :now",
        pin=pin,
        iccid=iccid,
        now=now,
    )


def met(tx: Tx, channel: str, modem: str, card: str, *, now: int) -> dict[str, str]:
    """Note who is there now. What is other than last time ("modem", "card"), with the channel that had it before."""
    last = tx.one("SELECT modem, card FROM modem_met WHERE channel = :channel", channel=channel)
    changed: dict[str, str] = {}
    for kind, digest in (("modem", modem), ("card", card)):
        if last and digest and last[kind] and last[kind] != digest:
            changed[kind] = _had(tx, kind, digest, channel)
    tx.run(
        "INSERT INTO modem_met (channel, modem, card, at) VALUES (:channel, :modem, :card, :now)"
        " ON CONFLICT (channel) DO UPDATE SET at = :now,"
        " modem = CASE WHEN :modem = '' THEN modem_met.modem ELSE :modem END,"
        " card = CASE WHEN :card = '' THEN modem_met.card ELSE :card END",
        channel=channel,
        modem=modem,
        card=card,
        now=now,
    )
    return changed


def _had(reader: Reader, kind: str, digest: str, channel: str) -> str:
    row = reader.one(
        f"SELECT channel FROM modem_met WHERE {kind} = :digest AND channel <> :channel ORDER BY at DESC LIMIT 1",
        digest=digest,
        channel=channel,
    )
    return str(row["channel"]) if row else ""


def sent_since(reader: Reader, *, since: int) -> dict[str, int]:
    """How many parts each channel put on the air, as far as the network said so; of the newest attempts."""
    rows = reader.all(
        "SELECT channel, COUNT(*) AS n FROM attempt WHERE id > (SELECT COALESCE(MAX(id), 0) FROM attempt) - :newest"
        " AND state = 'accepted' AND started_at >= :since GROUP BY channel",
        since=since,
        newest=ATTEMPTS_LOOKED_AT,
    )
    return {str(row["channel"]): int(row["n"]) for row in rows}
