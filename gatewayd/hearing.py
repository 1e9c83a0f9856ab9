"""Whether a page's text was heard of in time: its wait, what its receipt teaches, and who is asked when none came."""

from __future__ import annotations

from collections.abc import Iterable

from gatewayd.clock import SECOND
from gatewayd.delivery import hearing
from gatewayd.delivery.settings import DeliverySettings
from gatewayd.store import journal, messages, news, routes
from gatewayd.store.db import Row, Tx

KIND = "hearing"


def listen(tx: Tx, message: Row, settings: DeliverySettings, *, now: int) -> None:
    """A page's text is put on the air: its channel is to say soon what became of it, see `over`."""
    if message["kind"] == "page" and message["report"]:
        messages.set_wait(tx, KIND, message["id"], now + settings.receipt_s_min * SECOND)


def begin(tx: Tx, message: Row, settings: DeliverySettings, *, now: int) -> None:
    """The network has all of a page's text, of a digest, or of news of what joined: from now on its receipt is awaited,
    unless its route gives none."""
    if message["kind"] not in ("page", "digest", "joined") or not message["report"]:
        return
    if message["unheard_at"] is not None:
        messages.unheard(tx, message["id"], now=None)
    sims = {a["sim"] for a in messages.attempts(tx, message["id"]) if a["state"] == "accepted"}
    if _gives_none(tx, sims):
        journal.write(tx, "receipt_not_expected", now=now, message_id=message["id"], channel=message["channel"])
        return
    messages.set_wait(tx, KIND, message["id"], now + _patience_us(tx, message, settings))


def over(tx: Tx, message_id: int, settings: DeliverySettings, *, now: int) -> None:
    """No receipt within what is usual for this phone: whoever decides about it decides now."""
    messages.end_wait(tx, KIND, message_id)
    message = messages.get(tx, message_id)
    if message is None:
        return
    if message["kind"] == "page" and message["state"] in ("started", "in_doubt") and message["ended_at"] is None:
        _unanswered(tx, message, settings, now=now)
    if message["state"] != "sent":
        return
    for attempt in messages.attempts(tx, message_id):
        if attempt["state"] == "accepted" and not attempt["receipt"]:
            _count(tx, attempt["sim"], came=False)
    messages.unheard(tx, message_id, now=now)
    news.lost(tx, message, now=now)
    journal.write(tx, "receipt_late", now=now, message_id=message_id, channel=message["channel"])


def _unanswered(tx: Tx, message: Row, settings: DeliverySettings, *, now: int) -> None:
    """Its channel has not said that it took it, and by then there would have been a receipt, had it been taken.

    Only the next device is called: when the text goes again is a matter of the class's patience.
    """
    out = [a for a in messages.attempts(tx, message["id"]) if a["state"] in ("started", "in_doubt")]
    if not out or message["unheard_at"] is not None or not messages.wanted(tx, message["id"]):
        return
    if _gives_none(tx, {a["sim"] for a in out}):
        return  # a terminal that tells only at the end of the call, say
    until = max(a["started_at"] for a in out) + _patience_us(tx, message, settings)
    if now < until:
        messages.set_wait(tx, KIND, message["id"], until)
        return
    messages.unheard(tx, message["id"], now=now)
    messages.wake_pages(tx, message["id"], now=now)
    why = "no answer from its channel"
    journal.write(tx, "page_held_up", now=now, message_id=message["id"], channel=message["channel"], reason=why)


def _gives_none(tx: Tx, sims: Iterable[str]) -> bool:
    return any(hearing.gives_none(sim, *routes.counts(tx, sim)) for sim in sims)


def _patience_us(tx: Tx, message: Row, settings: DeliverySettings) -> int:
    return hearing.patience_us(
        routes.delays(tx, message["person"], message["recipient"], limit=hearing.SAMPLES),
        usual_s=settings.receipt_usual_s,
        s_min=settings.receipt_s_min,
        s_max=settings.receipt_s_max,
    )


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
