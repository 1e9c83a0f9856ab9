"""What is done with a modem in trouble: a ladder of remedies, the mildest first. No clock and no line: rules only.

A trouble is met again and again as long as it lasts; each time the ladder answers with one rung, or with a time to
wait. It is climbed from the first rung that can help against that trouble. A rung has its tries, then the time in
which it may still show that it helped, then comes the next. What disturbs the modem (radio, restart, the operator's
command) is kept apart in time, and the longer the more often it was done lately, whatever healed in between: a modem
that is restarted in a loop is worse than one that is down. A rung that would have to wait too long is passed over, so
the way always ends with a human. That is no end of trying: the ladder is climbed again later, as the spacing allows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

Trouble = Literal[
    "missing",  # the port cannot be opened
    "in_use",  # another program has it, or another modem is there
    "silent",  # no answer to AT
    "garbage",  # nothing legible on the line
    "refuses",  # it answers, and cannot be brought up
    "unanswered",  # a submission was never answered: its answer must not meet the next text
    "failing",  # it answers, and no text is accepted
    "unsettled",  # it lost its settings
    "unregistered",  # the network stays away
    "undrained",  # its storage stays full
    "human",  # a SIM is missing, locked or refused: no remedy of ours
]
Proof = Literal["up", "accepted", "registered", "drained"]


class Rung(IntEnum):
    """In their order."""

    WAIT = 0  # leave it alone and look again
    RESYNC = 1  # ESC, and AT until exactly one OK comes back
    REINIT = 2  # bring it up again on the same line
    RADIO = 3  # radio off and on
    RESTART = 4  # AT+CFUN=1,1
    REOPEN = 5  # close the port and open it again
    HOOK = 6  # the operator's own command: USB power, a relay
    HUMAN = 7

    @property
    def word(self) -> str:
        """As metrics and logs call it."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Bounds:
    """How often a rung is tried in a row, how long it may take to help, how far apart it is kept from itself."""

    tries: int = 1
    gives_s: float = 0.0
    apart_s: float = 0.0
    apart_s_max: float = 0.0  # the distance doubles with each time, up to this
    hold_s_max: float = 0.0  # it is waited for so long; else the next rung comes


BOUNDS: Mapping[Rung, Bounds] = {
    Rung.WAIT: Bounds(gives_s=90.0),
    Rung.RESYNC: Bounds(),
    Rung.REINIT: Bounds(apart_s=5.0, apart_s_max=300.0, hold_s_max=60.0),
    Rung.RADIO: Bounds(gives_s=60.0, apart_s=600.0, apart_s_max=3600.0, hold_s_max=120.0),
    Rung.RESTART: Bounds(gives_s=90.0, apart_s=300.0, apart_s_max=900.0, hold_s_max=600.0),
    Rung.REOPEN: Bounds(tries=3, gives_s=180.0),
    Rung.HOOK: Bounds(gives_s=180.0, apart_s=900.0, apart_s_max=14400.0, hold_s_max=120.0),
}
DISTURBING = frozenset({Rung.RADIO, Rung.RESTART, Rung.HOOK})
APART_S = 120.0  # between two of these
SETTLE_S = 60.0  # a port that has just come back is not disturbed: who boots does not answer either
AGAIN_S = 600.0  # after a human was called for, the ladder is climbed once more; this doubles each time, up to
AGAIN_S_MAX = 4 * 3600.0
CHANCE_S, CHANCE_S_MAX = 120.0, 1800.0  # the same where the modem takes no text before it was restarted
MEMORY_S = 6 * 3600.0  # a rung that was not needed for so long has its first distance again
CALM_S = 1800.0  # without trouble for so long, and all looks are good: it is over

PATHS: Mapping[Trouble, tuple[Rung, ...]] = {
    "missing": (Rung.WAIT, Rung.HOOK, Rung.HUMAN),
    "in_use": (Rung.WAIT, Rung.HUMAN),
    # It is opened again and again meanwhile, each time with ESC and AT; the restart is sent into the silence.
    "silent": (Rung.WAIT, Rung.RESTART, Rung.REOPEN, Rung.HOOK, Rung.HUMAN),
    "garbage": (Rung.WAIT, Rung.RESTART, Rung.REOPEN, Rung.HOOK, Rung.HUMAN),
    "refuses": (Rung.WAIT, Rung.RADIO, Rung.RESTART, Rung.REOPEN, Rung.HOOK, Rung.HUMAN),
    # After a restart that did not end it the line is brought in step anew: by now no answer can be out any more.
    "unanswered": (Rung.RESTART, Rung.REOPEN, Rung.HOOK, Rung.HUMAN),
    "failing": (Rung.RESYNC, Rung.REINIT, Rung.RADIO, Rung.RESTART, Rung.REOPEN, Rung.HOOK, Rung.HUMAN),
    "unsettled": (Rung.REINIT, Rung.RESTART, Rung.REOPEN, Rung.HOOK, Rung.HUMAN),
    "unregistered": (Rung.RADIO, Rung.RESTART, Rung.HOOK, Rung.HUMAN),
    "undrained": (Rung.REINIT, Rung.RESTART, Rung.HOOK, Rung.HUMAN),
    "human": (Rung.HUMAN,),
}
_UP: frozenset[Proof] = frozenset({"up", "accepted"})
HEALED_BY: Mapping[Trouble, frozenset[Proof]] = {
    "missing": _UP,
    "in_use": _UP,
    "silent": _UP,
    "garbage": _UP,
    "refuses": _UP,
    "unsettled": _UP,
    "human": _UP,
    "unanswered": frozenset({"accepted"}),
    "failing": frozenset({"accepted"}),
    "unregistered": frozenset({"registered", "accepted"}),
    "undrained": frozenset({"drained"}),
}
# It can work in spite of these: a doubtful modem is better than none.
SERVES_ON: frozenset[Trouble] = frozenset({"failing", "undrained"})


@dataclass(frozen=True, slots=True)
class Step:
    """`taken`: this rung is to be done now. Otherwise wait; meet the trouble again after `hold_s`, if it is there."""

    rung: Rung
    taken: bool = True
    hold_s: float = 0.0


class Ladder:
    """Of one modem. `hook`: the operator gave a command."""

    def __init__(self, *, hook: bool) -> None:
        self.trouble: Trouble | None = None
        self.human = False  # a human is called for, until it heals
        self.tried: list[Rung] = []  # since the trouble began
        self.since = 0.0
        self._hook = hook
        self._rung: Rung | None = None
        self._tries = 0
        self._taken_at = 0.0
        self._met_at = 0.0
        self._again_at = 0.0
        self._climbs = 0  # in vain
        self._back_at = float("-inf")
        self._last: dict[Rung, float] = {}
        self._times: dict[Rung, int] = {}

    def came_back(self, now: float) -> None:
        """The port could be opened after it had been away."""
        self._back_at = now

    def meet(self, trouble: Trouble, now: float) -> Step:
        """What is to be done about it now."""
        if self.trouble is None or (not self.human and now - self._met_at > CALM_S):
            self._begin(now)
        self.trouble, self._met_at = trouble, now
        if self.human:
            if now < self._again_at:
                return Step(Rung.HUMAN, taken=False, hold_s=self._again_at - now)
            if self._rung is Rung.HUMAN:
                self._rung = None
        shows_s = self._shows_s(now)
        if shows_s > 0:
            return Step(Rung.WAIT, taken=False, hold_s=shows_s)
        for rung in PATHS[trouble]:
            if rung is Rung.HUMAN:
                break
            if self._is_passed(rung, now):
                continue
            left_s = self._left_s(rung, now)
            return self._take(rung, now) if left_s <= 0 else Step(Rung.WAIT, taken=False, hold_s=left_s)
        return self._give_up(now)

    def is_free(self, rung: Rung, now: float) -> bool:
        """Nothing is in trouble, and this rung could be taken at once."""
        return self.trouble is None and self._left_s(rung, now) <= 0

    def heal(self, proof: Proof, now: float) -> bool:
        """Something went well. True when that ends the trouble."""
        if self.trouble is None or proof not in HEALED_BY[self.trouble]:
            return False
        self._begin(now)
        return True

    def looked_well(self, now: float) -> bool:
        """A look found nothing amiss. True when that ends a trouble that was not met again for long.

        Once a human was called for it takes a proof to end it.
        """
        if self.trouble is None or self.human or now - self._met_at < CALM_S:
            return False
        self._begin(now)
        return True

    def _begin(self, now: float) -> None:
        self.trouble, self.human, self.since, self.tried = None, False, now, []
        self._rung, self._tries, self._climbs = None, 0, 0

    def _shows_s(self, now: float) -> float:
        """For how long the rung that was taken last may still show that it helped."""
        if self._rung is None or self._tries < BOUNDS[self._rung].tries:
            return 0.0
        return self._taken_at + BOUNDS[self._rung].gives_s - now

    def _is_passed(self, rung: Rung, now: float) -> bool:
        """It was taken, or would have to be waited for too long."""
        if rung is Rung.HOOK and not self._hook:
            return True
        if self._rung is not None and (rung < self._rung or (rung is self._rung and self._tries >= BOUNDS[rung].tries)):
            return True
        return self._free_at(rung, now) - now > BOUNDS[rung].hold_s_max

    def _free_at(self, rung: Rung, now: float) -> float:
        """From when on its own distance allows it."""
        last, bounds = self._last.get(rung), BOUNDS[rung]
        if last is None or now - last > MEMORY_S or not bounds.apart_s:
            return now
        return last + min(bounds.apart_s * 2.0 ** (self._times[rung] - 1), bounds.apart_s_max)

    def _left_s(self, rung: Rung, now: float) -> float:
        free_at = self._free_at(rung, now)
        if rung in DISTURBING:
            lately = max((self._last[other] for other in DISTURBING if other in self._last), default=float("-inf"))
            free_at = max(free_at, lately + APART_S, self._back_at + SETTLE_S)
        return free_at - now

    def _take(self, rung: Rung, now: float) -> Step:
        last = self._last.get(rung)
        fresh = last is None or now - last > MEMORY_S
        self._times[rung] = 1 if fresh else min(self._times[rung] + 1, 32)
        self._tries = self._tries + 1 if rung is self._rung else 1
        self._rung, self._taken_at, self._last[rung] = rung, now, now
        if rung not in self.tried:
            self.tried.append(rung)
        return Step(rung, hold_s=BOUNDS[rung].gives_s if rung is Rung.WAIT else 0.0)

    def _give_up(self, now: float) -> Step:
        first, self.human = not self.human, True
        again_s, longest_s = (CHANCE_S, CHANCE_S_MAX) if self.trouble == "unanswered" else (AGAIN_S, AGAIN_S_MAX)
        again_s = min(again_s * 2.0 ** min(self._climbs, 16), longest_s)
        self._climbs += 1
        self._rung, self._tries, self._again_at = Rung.HUMAN, 0, now + again_s
        return Step(Rung.HUMAN, taken=first, hold_s=again_s)
