"""Two machines must not text each other for ever: what comes back of our own words, and how many answers are given.

A person is answered whatever they write. What no verb was found in may be a machine's; so may the same words again and
again. A machine that answers our answers falls silent with us.
"""

from __future__ import annotations

from collections.abc import Sequence

from gatewayd.clock import SECOND
from gatewayd.desk import Desk
from gatewayd.oncall.replies import Reply
from gatewayd.store import journal
from gatewayd.store import replies as kept
from gatewayd.store.db import Tx

ANSWERED = "answered"  # results of a text that changed nothing
NOT_UNDERSTOOD = "not_understood"
WITHHELD = "withheld"

ANSWERS_US = 900 * SECOND
ANSWERS_MAX = 30  # to one person within ANSWERS_US, beside those to what changed something
GUESSES_MAX = 6  # of these, to what was not understood
LOOP_US = 120 * SECOND
LOOP_MAX = 6  # answers to the same words within LOOP_US
OURS_US = 24 * 3600 * SECOND  # a page may be sent back this late
OURS_MAX = 60


def own_texts(tx: Tx, desk: Desk, person: str, *, now: int) -> list[str]:
    """What was sent to this person, or to a group of theirs, of late; the longest first."""
    names = desk.directory.addressed_with(person)
    texts = [t for name in names for t in kept.texts_to(tx, name, since=now - OURS_US, limit=OURS_MAX)]
    return sorted(dict.fromkeys(texts), key=len, reverse=True)


def result(said: Reply) -> str:
    """Of a text that changed nothing: whether there was a verb of ours in it."""
    understood = said.verb != "unknown" and (said.verb != "unclear" or said.heard)
    return ANSWERED if understood else NOT_UNDERSTOOD


def may_answer(tx: Tx, person: str, text: str, said: Reply, ours: Sequence[str], *, now: int) -> bool:
    """Not to our own words, unless a page of theirs came back; and only so often. What changes an incident is answered
    in any case, and what changes anything else when it `is_news`."""
    if text in ours and not (said.codes and text in kept.texts_to(tx, person, since=now - OURS_US, limit=OURS_MAX)):
        return False
    since = now - ANSWERS_US
    lately = [row for row in kept.results_of(tx, person, since=since) if row["result"] in (ANSWERED, NOT_UNDERSTOOD)]
    guesses = sum(row["result"] == NOT_UNDERSTOOD for row in lately)
    same = sum(row["text"] == text and row["received_at"] > now - LOOP_US for row in lately)
    guessed = result(said) == NOT_UNDERSTOOD and guesses >= GUESSES_MAX
    return not guessed and same < LOOP_MAX and len(lately) < ANSWERS_MAX


def is_news(tx: Tx, person: str, text: str, *, now: int) -> bool:
    """Not the same words again and again, and not one of too many: what may say so of a thing that it changed."""
    lately = kept.results_of(tx, person, since=now - ANSWERS_US)
    same = sum(row["text"] == text and row["received_at"] > now - LOOP_US for row in lately)
    return same < LOOP_MAX and len(lately) < ANSWERS_MAX


def is_last(tx: Tx, person: str, said: Reply, *, now: int) -> bool:
    """Whether the answer to this text is the last for a while to what is not understood."""
    rows = kept.results_of(tx, person, since=now - ANSWERS_US)
    guesses = sum(row["result"] == NOT_UNDERSTOOD for row in rows)
    return result(said) == NOT_UNDERSTOOD and guesses == GUESSES_MAX - 1


def withheld(tx: Tx, person: str, reason: str, *, now: int) -> None:
    journal.write(tx, "answer_withheld", now=now, reason=reason, private={"person": person})
