"""Pages whose channel is sick: the person's next device is called, and the copy that waits goes only if it is needed.

A channel is sick when it has taken nothing for `sick_s`: a bureau that is being redialled for a moment is not. What a
wait of this kind finds is a mark on the text (`unheard_at`); whoever decides about its pages then decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gatewayd.clock import SECOND
from gatewayd.delivery.settings import DeliverySettings
from gatewayd.model import MessageState, NewMessage
from gatewayd.store import detours, journal, messages
from gatewayd.store.db import Row, Tx

KIND = "detour"
REPORT_US = 5 * SECOND  # after a doubt, for a report
SickS = Callable[[str], float]  # for how long no channel could take a text that wants this one, or any ("")
_STATES = ("queued", "started", "in_doubt")


def begin(tx: Tx, message_id: int, message: NewMessage, sick_s: SickS, settings: DeliverySettings, *, now: int) -> None:
    """A text was queued. A page to a channel that is in trouble waits no longer than what is left of the patience."""
    if message.kind == "page" and (gone_s := sick_s(message.channel)) > 0:
        messages.set_wait(tx, KIND, message_id, now + int(max(0.0, settings.sick_s - gone_s) * SECOND))


def put_back(tx: Tx, message: Row, settings: DeliverySettings) -> None:
    """It was tried, and waits again: for a page to one channel alone the patience counts from its first queueing."""
    if message["kind"] == "page" and message["wanted_channel"]:
        messages.set_wait(tx, KIND, message["id"], message["created_at"] + settings.sick_s * SECOND)


def doubted(tx: Tx, message: Row, settings: DeliverySettings, *, now: int, at_least_us: int = REPORT_US) -> None:
    """Nobody knows whether it went out: the patience counts on, and a report may still say so, for a moment."""
    if message["kind"] == "page" and message["wanted_channel"]:
        until = max(message["created_at"] + settings.sick_s * SECOND, now + at_least_us)
        messages.set_wait(tx, KIND, message["id"], until)


def channel_sick(tx: Tx, lanes: Iterable[str], *, now: int) -> None:
    """Nothing can serve these lanes, and has not for the patience: pages that wait there are looked at."""
    for lane in lanes:
        for message_id in detours.pages_in(tx, lane):
            messages.set_wait(tx, KIND, message_id, now)


def due(tx: Tx, message_id: int, sick_s: SickS, settings: DeliverySettings, *, now: int) -> None:
    """Not taken within the patience. It is looked at again while no other device of its person could be called."""
    messages.end_wait(tx, KIND, message_id)
    message = messages.get(tx, message_id)
    if message is None or message["state"] not in _STATES or message["ended_at"] is not None:
        return
    why, marked = _trouble(tx, message, sick_s, settings), message["unheard_at"] is not None
    if not (why or marked) or not messages.wanted(tx, message_id):
        return
    if not marked:
        messages.unheard(tx, message_id, now=now)
        journal.write(tx, "page_held_up", now=now, message_id=message_id, channel=message["channel"], reason=why)
    messages.wake_pages(tx, message_id, now=now)
    if detours.is_newest(tx, message_id):
        messages.set_wait(tx, KIND, message_id, now + settings.sick_s * SECOND)


def _trouble(tx: Tx, message: Row, sick_s: SickS, settings: DeliverySettings) -> str:
    """What keeps it; "" when it only waits for its turn."""
    if message["state"] == "queued" and sick_s(message["wanted_channel"]) >= settings.sick_s:
        return "no channel for it can take it now"
    if not message["wanted_channel"]:
        return ""
    if message["state"] == "in_doubt":
        return "in doubt"
    tried = messages.attempts(tx, message["id"])
    return next((a["reason"] for a in reversed(tried) if a["state"] in ("deferred", "in_doubt")), "")


def needless(tx: Tx, message: Row, *, now: int) -> bool:
    """Whether this text is withdrawn at the last moment: it was held up, and another device has shown its pages.

    What is needed still goes, and its mark with it.
    """
    if message["kind"] != "page" or not detours.marked(tx, message["id"]):
        return False
    if messages.wanted(tx, message["id"]):
        messages.unheard(tx, message["id"], now=None)
        return False
    reason = "another device has shown it"
    messages.set_state(tx, message["id"], MessageState.WITHDRAWN, reason=reason, now=now, over=True)
    journal.write(tx, "message_withdrawn", now=now, message_id=message["id"], reason=reason, was="queued", by="")
    return True
