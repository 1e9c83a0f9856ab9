"""Whether a page's text was heard of in time: its wait, what its receipt teaches, and who is asked when none came."""

from __future__ import annotations

from gatewayd.delivery import hearing
from gatewayd.delivery.settings import DeliverySettings
from gatewayd.store import journal, messages, news, routes
from gatewayd.store.db import Row, Tx

KIND = "hearing"


def begin(tx: Tx, message: Row, settings: DeliverySettings, *, now: int) -> None:
    """The network has all of a page's text, or of a digest: from now on its receipt is awaited, unless its route gives
    none."""
    if message["kind"] not in ("page", "digest") or not message["report"]:
        return
    if message["unheard_at"] is not None:
        messages.unheard(tx, message["id"], now=None)
    sims = {a["sim"] for a in messages.attempts(tx, message["id"]) if a["state"] == "accepted"}
    if any(hearing.gives_none(*routes.counts(tx, sim)) for sim in sims):
        journal.write(tx, "receipt_not_expected", now=now, message_id=message["id"], channel=message["channel"])
        return
    patience_us = hearing.patience_us(
        routes.delays(tx, message["person"], message["recipient"], limit=hearing.SAMPLES),
        usual_s=settings.receipt_usual_s,
        s_min=settings.receipt_s_min,
        s_max=settings.receipt_s_max,
    )
    messages.set_wait(tx, KIND, message["id"], now + patience_us)


def over(tx: Tx, message_id: int, *, now: int) -> None:
    """No receipt within what is usual for this phone: whoever decides about it decides now."""
    messages.end_wait(tx, KIND, message_id)
    message = messages.get(tx, message_id)
    if message is None or message["state"] != "sent":
        return
    for attempt in messages.attempts(tx, message_id):
        if attempt["state"] == "accepted" and not attempt["receipt"]:
            _count(tx, attempt["sim"], came=False)
    messages.unheard(tx, message_id, now=now)
    news.lost(tx, message, now=now)
    journal.write(tx, "receipt_late", now=now, message_id=message_id, channel=message["channel"])


def came(tx: Tx, sim: str, kind: str, *, before: str) -> bool:
    """A report: its route gives receipts. What only says "still trying", or nothing certain, proves little.

    False: nothing was counted, and nothing would be for another one like it.
    """
    if kind in ("delivered", "failed", "gave_up") and before not in ("delivered", "failed", "gave_up"):
        return _count(tx, sim, came=True)
    return False


def _count(tx: Tx, sim: str, *, came: bool) -> bool:
    before = routes.counts(tx, sim)
    after = hearing.counted(*before, came=came)
    if came and before[1] == 0 and after[0] > hearing.TRIALS_MIN and after[0] >= before[0]:
        return False  # a route that always answers needs no book-keeping for each text
    routes.count(tx, sim, *after)
    return True
