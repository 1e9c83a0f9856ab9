"""Who writes from a number that was paged and has left the configuration since: it does nothing, and they hear so once.

It may be the engineer with the old phone in hand, who must not believe that the fault is taken; or whoever found it.
"""

from __future__ import annotations

from gatewayd.clock import SECOND
from gatewayd.desk import Desk
from gatewayd.model import NewMessage, Priority, Refusal
from gatewayd.oncall import answers
from gatewayd.queue import Queue
from gatewayd.store import replies as kept
from gatewayd.store.db import Row, Tx

ONCE_US = 24 * 3600 * SECOND
VALID_US = 3600 * SECOND  # later it is no answer


def answer(tx: Tx, desk: Desk, queue: Queue, page: Row, *, now: int) -> bool:
    """`page`: the text that they got, and its incident's `code`. Whether they are told now."""
    words = answers.no_longer(page["code"], language=desk.folding.language(page["person"]))
    number, person = page["recipient"], page["person"]
    if kept.told(tx, person, number, words, since=now - ONCE_US):
        return False
    message = NewMessage(
        kind="answer", recipient=number, text=words, priority=Priority.HIGH, expires_at=now + VALID_US, person=person,
        device=page["device"], channel=page["wanted_channel"], incident_id=page["incident_id"], origin="desk",
    )  # fmt: skip
    try:
        queue.enqueue(tx, message, now=now)
    except Refusal:
        return False  # nothing goes to that number any more
    return True
