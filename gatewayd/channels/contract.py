"""What every channel (modem, SMPP bind, TAP bureau) offers to the house, and what the house offers to a channel.

A channel carries; it does not decide. It is told one part to send and answers with an outcome; whatever comes
in by itself (texts, receipts, late answers, changes of health) it hands to its `House` and deletes its own copy only
after that call returned, because the return means "committed to disk".
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

from gatewayd.delivery.outcome import Outcome
from gatewayd.delivery.status import StatusClass
from gatewayd.model import Incoming
from gatewayd.text import Fit

__all__ = ["Book", "Channel", "Health", "House", "Incoming", "LateAnswer", "Receipt", "Submission"]

# `await book()` commits the attempt row (law 6). True: go on the air. False: withdrawn meanwhile, send nothing.
Book = Callable[[], Awaitable[bool]]


class Submission(NamedTuple):
    """One part of one message, ready to be put on the air."""

    message_id: str
    attempt_id: str
    recipient: str  # E.164 with "+", or digits alone for a short code
    segment: str  # the text of this part, encodable in `alphabet`
    alphabet: Literal["gsm7", "ucs2"]
    part: int  # 1-based
    parts: int
    concat_reference: int  # 0-255; the same for all parts of a message; meaningless when parts == 1
    validity_s: int  # rounded up to what the network can say
    report: bool  # ask for a delivery report
    priority: int = 2  # model.Priority
    patience_s: float = 300.0  # from its booking on; what has no fate by then is in doubt
    mark: str = ""  # this part alone goes again, and may have been shown: before its words, where nobody joins parts
    coded: bool = True  # the text begins with what a pager without words shows of it
    lost: int = 0  # characters of the whole text that its pager cannot show


@dataclass(frozen=True, slots=True)
class Receipt:
    """A delivery report. `status` is TP-ST (3GPP TS 23.040 9.2.3.15) on a modem, message_state at a bureau.

    A modem's `reference` counts to 255 and comes round again; a bureau's `references` are names of one message, in
    the forms that its answer may have had, most likely first.
    """

    channel: str
    sim: str
    reference: str
    recipient: str
    status: int
    sent_at: int | None  # when the SMSC got the message, by its own clock; microseconds UTC
    done_at: int | None  # when it reached its end
    raw: str
    kind: StatusClass | None = None  # None: what `status` says on a modem
    references: tuple[str, ...] = ()
    own_reference: int | None = None  # the attempt's number modulo 65536, where the bureau repeats it
    quotes: str = ""  # how the text begins, where the bureau repeats that


@dataclass(frozen=True, slots=True)
class LateAnswer:
    """The answer to a submission that had already been given up as uncertain.

    `attempt_id` is None when the answer was found on opening the port (it was meant for an earlier process).
    """

    channel: str
    sim: str
    attempt_id: str | None
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Health:
    """What the channel knows of itself; handed over at each change and at each look (about once a minute)."""

    state: Literal["down", "starting", "up", "resting", "needs_human"] = "down"
    reason: str = ""
    sim: str = ""
    signal_dbm: int | None = None
    registration: Literal["unknown", "searching", "home", "roaming", "denied", "none"] = "unknown"
    operator: str = ""
    storage_used: int | None = None
    storage_size: int | None = None
    identity: dict[str, str] = field(default_factory=dict)  # manufacturer, model, profile; tails of IMEI and ICCID
    port: str = ""  # where it is, or was looked for last
    note: str = ""  # what is odd although it works
    throttles: bool = False  # it works, and takes less than it is given
    concern: str = ""  # why a human is called for, also while it works
    trouble: str = ""  # in a word, for the metric: see TROUBLES
    tried_s: float = field(default=0.0, compare=False)  # for how long it had tried in vain when it went down


# What a modem may lack, in the words of the metric.
TROUBLES = (
    "missing", "unopened", "in_use", "no_answer", "no_texts", "wrong_modem", "other_sim", "sim", "unusable",
    "other_program", "moved",
)  # fmt: skip


class House(Protocol):
    """What a channel may ask of the house. Every awaitable returns only after the commit."""

    async def received(self, incoming: Incoming) -> None: ...

    async def read(self, incoming: Incoming) -> None:
        """The network knows that we have it, and will not deliver it again: the same words later are another text."""

    async def receipt(self, receipt: Receipt) -> None: ...

    async def late_answer(self, answer: LateAnswer) -> None: ...

    async def asked_back(self, attempt_id: str, refusal: str) -> None:
        """The network was asked not to deliver this any more. "": it said that it will not; else why it would not."""

    def health(self, channel: str, health: Health) -> None: ...

    async def balance(self, channel: str, sim: str, said: str, amount: float | None) -> None:
        """What the operator of its card answered when it was asked what is left on it, and the sum in that."""

    def pressed(self, channel: str, out_s: float, *, unread: bool) -> bool:
        """Texts are due that no channel can take now, this one has had a text out without an answer for longer than
        they have patience, and it is the one that is to come back. Or something lies `unread` on it, and a report has
        told that the text which is out has arrived, so that its answer would tell nothing new.
        """

    def room(self, channel: str) -> None:
        """It can take a text again, and no outcome tells so: what filled it was no text."""

    def reset(self, channel: str, reason: str) -> None:
        """Count one reset, re-open or re-initialisation (gatewayd_modem_resets_total)."""

    async def pin_may_be_tried(self, iccid_digest: str, pin_digest: str, tries: int | None) -> bool:
        """Book one PIN attempt on disk; False when one for this SIM and this value already failed or hangs.

        Unless the SIM has more `tries` left now than that attempt had left.
        """

    async def sim_of_pin(self, pin_of: str) -> str:
        """The digest of the SIM that this PIN of this channel has opened; "" when it has opened none."""

    async def pin_result(
        self, iccid_digest: str, pin_digest: str, *, good: bool, pin_of: str, tries: int | None
    ) -> None:
        """`good`: the SIM is open, by `pin_of` unless that is ""; else `tries` are left, None where nobody knows."""

    async def met(self, channel: str, modem: str, card: str) -> str:
        """Note the modem and the SIM that are there now, by digests; returns what is other than last time, in words."""


class Channel(Protocol):
    """A hand of the house. `run` owns the device until cancelled; `send` is called only while `ready()`."""

    @property
    def name(self) -> str: ...

    @property
    def sim(self) -> str: ...

    @property
    def window(self) -> int:
        """How many parts may be out at once, 1 or more; `send` is called so often side by side."""

    @property
    def kept(self) -> int:
        """So many of the window only what is critical may have."""

    def ready(self) -> bool: ...

    def room(self, *, critical: bool = False) -> int:
        """How many parts may be given now; `critical`: of those that are, which is never less."""

    def pause_s(self, *, critical: bool = False) -> float:
        """How long its pace forbids the next one; 0 when it does not, or when an answer comes first."""

    def fit(self, words: str, recipient: str) -> Fit:
        """A text cut into the parts that this channel carries to them; raises TextError when it can carry none of it.

        For the same words and recipient always the same: a part that was sent is not cut otherwise the next time.
        """

    async def run(self) -> None: ...

    async def send(self, submission: Submission, book: Book) -> Outcome: ...

    def recall(self, attempt_id: str, reference: str | None, recipient: str) -> None:
        """Write it no more if it waits here still (no reference), else ask the network not to deliver what it accepted,
        by the name that the network gave it, where it can be asked. Nothing is promised.
        """

    async def drain(self, timeout_s: float) -> None:
        """Let what is on the air end, then close. Returns when closed or when the time is over."""
