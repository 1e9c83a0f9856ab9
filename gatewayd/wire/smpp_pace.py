"""How fast a bureau may be written to, and when to dial it again. Pure: the caller brings the time and the dice.

The configured limit is kept evenly, and counted as a bureau may count it: no second (nor any `span_s`) sees more than
the limit, also where timers come late. So what is critical needs no share of it for itself: it goes next. Beyond that
the bureau itself says when it is too much (ESME_RTHROTTLED, ESME_RMSGQFUL), and the pace learns what it takes:

* After a throttle answer there is a short rest, longer with every further one in a row (a quarter of the time since
  the row began), then one message as a probe. A bureau that counts by the second is found open again within a quarter
  of that second, one that bars for a minute is asked some thirty times.
* Once three of what was out together were refused, or sending has been pressing for a second, something is learnt. What
  that is depends on when the bureau is open again. After half a second to two it counts by the second: the most that it
  accepted within one second lately is its measure, and the rate is a little less. Before that it refills all the time,
  and what it took in a heap says how much it holds, not how quickly it refills: the rate begins at one message for the
  time that it was shut, sends evenly and doubles in 0.15 s until the next throttle answer; then it is what was accepted
  in the last tenth of a second, and may double once more, in a second. After two seconds, when sending was not
  pressing, it had other reasons, and nothing is learnt.
* What a late timer left undone is made up for as the bureau can take it: half of the heap that it was seen to hold, or
  what a second may see where it counts by the second.
* From then on the rate was paced, so it is about right: each throttle answer takes a little off, and after a calm time
  it grows again, at first a few percent in a second. The calm is the longer the longer the bureau refused: trying costs
  that much.

A throttled message was certainly not sent and has not failed: it goes to the head of the queue. What is critical does
not wait for what was only learnt: `TRY_S` after the last try it is the next one.
"""

from __future__ import annotations

from collections import deque

TRY_S = 1.0
JITTER_S = 0.01  # what is a second apart here may be less than that at the bureau
REST_S_MIN = 0.02
REST_S_MAX = 15.0
_REST_SHARE = 0.25
_PRESSING_S = 1.0  # so long must sending have been pressing before the measure is taken,
_BURST = 3  # or so many be refused of what was out together
_IDLE_S = 0.5  # nothing sent and nothing heard for so long though it was allowed: not pressing any more
_SLOTS_PER_S = 10
_MEMORY_SLOTS = 3 * _SLOTS_PER_S
_MARGIN = 0.98
_STEP_MIN = 0.9  # one throttle answer never takes more than this off a paced rate, or a stray one would cost too much
_HEAP_SHARE = 0.5  # of a heap that it took before may go closer together: it may hold a little less by now
_REFILLED_S = 0.5  # open again before this: it refills all the time, and what it took at once was no measure
_BARS_S = 2.0  # open again after this: it does not count by the second, and may have had other reasons
_RECENT = 5  # at least so many of the last that were accepted tell what it takes,
_RECENT_S = 0.1  # and all in this time
_RECENT_MAX = 500
_CALM_S = 2.0
_CALM_S_MAX = 300.0
_CALM_PER_ROW = 20.0
_GROWTH = 1.03  # in a second,
_GROWTH_QUICKENS_S = 1.5  # and the square of that after so long, and so on
_GROWN_S_MAX = 60.0
_DOUBLES_S_QUICK = 0.15
_DOUBLES_S = 1.0
_RATE_MAX_PER_S = 10_000.0  # grown beyond this, the limit is forgotten
_RATE_MIN_PER_S = 1 / 60
_LONG_AGO = -1e9  # what was sent before a restart may lie before the zero of the clock
_QUICK_S_MAX = 0.02  # intervals up to this are kept on average though timers come late
LATE_S_MAX = 0.1  # a configured limit, counted besides, by so much: so long may a commit keep the loop busy
_LEARNED_LATE_S_MAX = 0.07  # a learned one likewise, where the bureau was seen to count
_COUNTED_MAX = 1_000  # a learned limit above this is not


class Bucket:
    """One after the other, `per_s` in the long run (GCRA); per_s 0 limits nothing.

    What is later than its turn by up to `late_s`, or by an interval, is made up for: then some go closer together.
    """

    def __init__(self, per_s: float, late_s: float = 0.0) -> None:
        self.per_s = per_s
        self.late_s = late_s
        self._full_at = _LONG_AGO

    def next_at(self, now: float) -> float:
        return self._full_at if self.per_s else now

    @property
    def open_since(self) -> float:
        return self._full_at if self.per_s else _LONG_AGO

    def sent(self, now: float) -> None:
        if not self.per_s:
            return
        interval_s = 1 / self.per_s
        late = interval_s <= _QUICK_S_MAX and now - self._full_at <= max(interval_s, self.late_s)
        self._full_at = (self._full_at if late else max(now, self._full_at)) + interval_s


def span_s(per_s: float) -> float:
    """The time for which a limit stands for whole messages: a second, or what one of them needs. And a little more."""
    return max(1, int(per_s)) / per_s + JITTER_S


class Counted:
    """No more than `per_s` in any second; 0 limits nothing."""

    def __init__(self, per_s: float) -> None:
        self._span_s = span_s(per_s) if per_s else 0.0
        self._sent: deque[float] = deque(maxlen=max(1, int(per_s)))

    def next_at(self, now: float) -> float:
        return self._sent[0] + self._span_s if self._span_s and len(self._sent) == self._sent.maxlen else now

    @property
    def open_since(self) -> float:
        return self.next_at(_LONG_AGO)

    def sent(self, now: float) -> None:
        self._sent.append(now)


class Lately:
    """What was sent lately, for a limit that changes: no more than `per_s` in any second."""

    def __init__(self) -> None:
        self._sent: deque[float] = deque(maxlen=_COUNTED_MAX)

    def next_at(self, per_s: float, now: float) -> float:
        places = max(1, int(per_s))
        if not per_s or len(self._sent) < places:
            return now
        return self._sent[-places] + span_s(per_s)

    def sent(self, now: float) -> None:
        self._sent.append(now)


class Spaced:
    """One after the other, `per_s` in the long run (GCRA); what is late by up to `late_s` is made up for."""

    def __init__(self) -> None:
        self.per_s = self.late_s = 0.0
        self._next_at = _LONG_AGO

    def next_at(self, now: float) -> float:
        return self._next_at - self.late_s if self.per_s else now

    @property
    def open_since(self) -> float:
        return self._next_at - self.late_s if self.per_s else _LONG_AGO

    def sent(self, now: float) -> None:
        if self.per_s:
            self._next_at = max(self._next_at, now) + 1 / self.per_s

    def emptied(self, now: float) -> None:
        """The bureau has no room: nothing is made up for from before."""
        self._next_at = max(self._next_at, now + self.late_s)


class Pace:
    """One bureau's. `per_s_max` is the configured limit, None for none; times are monotonic seconds."""

    def __init__(self, per_s_max: float | None = None) -> None:
        self._configured = Bucket(per_s_max or 0.0, LATE_S_MAX)
        self._counted = Counted(per_s_max or 0.0)
        self._tried_at = _LONG_AGO
        self._learned = Spaced()
        self._lately = Lately()
        self._base_per_s = 0.0  # what the learned rate grows from; 0: nothing learned
        self._doubles_s = 0.0  # so quickly it grows; 0: it was learned while sending by it
        self._counts = False  # the bureau was seen to count by the second
        self._heap = 0  # what it took at once before anything was learned
        self._pressed = False  # it was measured while sending was pressing
        self._judged = True  # since nothing was learned it has been seen when it was open again
        self._calm_s = 0.0
        self._cut_at = float("-inf")
        self._grows_from = float("-inf")
        self._accepted: deque[tuple[int, int]] = deque(maxlen=_MEMORY_SLOTS)  # slot of time, how many in it
        self._took_at: deque[float] = deque(maxlen=_RECENT_MAX)
        self._pressing_since = 0.0
        self._stirred_at = float("-inf")
        self._row_began: float | None = None  # of throttle answers with nothing accepted between them
        self._row_sent_at = 0.0  # its first
        self._together = 0  # of a row, what was out already when it began
        self._rest_until = float("-inf")
        self._early_at = float("-inf")  # when something critical was sent in a rest

    def rate(self, now: float) -> float | None:
        """The learned limit per second, None when there is none."""
        if not self._base_per_s:
            return None
        for_s = max(0.0, now - self._grows_from)
        if self._doubles_s:
            rate = self._base_per_s * 2.0 ** min(for_s / self._doubles_s, _GROWN_S_MAX)
        else:
            for_s = min(max(0.0, for_s - max(self._calm_s, _CALM_S)), _GROWN_S_MAX)
            rate = self._base_per_s * _GROWTH ** (for_s * (1 + for_s / _GROWTH_QUICKENS_S))
        return rate if rate < _RATE_MAX_PER_S else None

    def next_at(self, now: float, *, critical: bool = False) -> float:
        """When the next message may go; not later than `now` means at once."""
        self._space(now)
        learned_at = max(self._learned.next_at(now), self._rest_until)
        if self._counts:
            learned_at = max(learned_at, self._lately.next_at(self._learned.per_s, now))
        if critical:
            learned_at = min(learned_at, self._tried_at + TRY_S)
        return max(self._configured.next_at(now), self._counted.next_at(now), learned_at)

    @property
    def _open_since(self) -> float:
        """From when on the next message might have gone."""
        return max(self._configured.open_since, self._counted.open_since, self._learned.open_since, self._rest_until)

    def sent(self, now: float) -> None:
        if now - max(self._stirred_at, min(self._open_since, now)) > _IDLE_S:
            self._pressing_since = now
        self._space(now)
        self._stirred_at = now
        self._configured.sent(now)
        self._counted.sent(now)
        self._learned.sent(now)
        self._lately.sent(now)
        self._tried_at = now
        if now < self._rest_until:
            self._early_at = now
        elif self._row_began is not None:
            self._rest_until = now + self._rest_s(now)

    def accepted(self, now: float, sent_at: float) -> None:
        """Any answer but a throttle answer: a refusal for another reason shows as well that the bureau has time."""
        self._stirred_at = now
        if self._row_began is not None:
            self._row_ends(now, sent_at)
        self._took_at.append(now)
        slot = int(now * _SLOTS_PER_S)
        if self._accepted and self._accepted[-1][0] == slot:
            self._accepted[-1] = slot, self._accepted[-1][1] + 1
        else:
            self._accepted.append((slot, 1))

    def throttled(self, now: float, sent_at: float) -> None:
        """A throttle answer to what was sent at `sent_at`."""
        self._stirred_at = now
        first = self._row_began is None
        if self._row_began is None:
            self._row_began, self._row_sent_at, self._together = now, sent_at, 0
        together = sent_at <= self._row_began
        self._together += together
        if self._base_per_s:
            if first and sent_at > self._cut_at:
                self._cut(now)
        elif (together and self._together == _BURST) or (first and self._pressing(now)):
            self._measure(now)
        if not self._counts:
            self._learned.emptied(now)
        if sent_at != self._early_at:  # who breaks a rest does not make it longer for the others
            self._rest_until = now + self._rest_s(now)

    def _pressing(self, now: float) -> bool:
        return now - self._pressing_since >= _PRESSING_S

    def _rest_s(self, now: float) -> float:
        row_s = 0.0 if self._row_began is None else now - self._row_began
        return min(max(_REST_SHARE * row_s, REST_S_MIN), REST_S_MAX)

    def _space(self, now: float) -> None:
        per_s = self._learned.per_s = (self.rate(now) or 0.0) if self._judged else 0.0
        if self._counts:
            self._learned.late_s = _LEARNED_LATE_S_MAX
        elif per_s:
            self._learned.late_s = min(_LEARNED_LATE_S_MAX, (self._heap - 1) * _HEAP_SHARE / per_s)

    def _measure(self, now: float) -> None:
        """The first that is learned."""
        slot = int(now * _SLOTS_PER_S)
        self._base_per_s = self._most_accepted(slot) * _MARGIN
        self._heap = max(1, sum(count for at, count in self._accepted if at >= slot - 1))
        self._cut_at = self._grows_from = now
        self._doubles_s, self._calm_s, self._counts, self._judged = 0.0, 0.0, False, False
        self._pressed = self._pressing(self._row_began or now)

    def _row_ends(self, now: float, sent_at: float) -> None:
        """The bureau is open again; for how long it was not tells how it counts."""
        shut_s = max(sent_at - self._row_sent_at, REST_S_MIN)
        self._calm_s = min(_CALM_PER_ROW * (now - (self._row_began or now)), _CALM_S_MAX)
        self._row_began, self._rest_until = None, float("-inf")
        if shut_s < _REFILLED_S:
            if not self._judged:
                self._base_per_s = max(self._base_per_s, 1 / shut_s)
                self._doubles_s = _DOUBLES_S_QUICK
        elif shut_s < _BARS_S or self._pressed or self._judged:
            self._counts = True
        else:
            self._base_per_s = 0.0
        if not self._judged or self._doubles_s:
            self._grows_from = now
        if not self._judged:
            self._judged = True
            self._space(now)
            self._learned.sent(sent_at)

    def _cut(self, now: float) -> None:
        slot, current = int(now * _SLOTS_PER_S), self.rate(now)
        if current is None:
            self._measure(now)
            return
        if self._doubles_s == _DOUBLES_S_QUICK:
            self._base_per_s = min(current, max(self._recent_per_s(now), current / 4))
            self._doubles_s = _DOUBLES_S
        else:
            measure = self._most_accepted(slot) if self._counts else self._recent_per_s(now)
            self._base_per_s = min(current, max(measure, current * _STEP_MIN)) * _MARGIN
            self._doubles_s = 0.0
        self._base_per_s = max(self._base_per_s, _RATE_MIN_PER_S)
        self._cut_at = self._grows_from = now

    def _recent_per_s(self, now: float) -> float:
        """What it took in the last tenth of a second, or of its last few."""
        since, count = now, 0
        for at in reversed(self._took_at):
            if count >= _RECENT and now - at > _RECENT_S:
                break
            since, count = at, count + 1
        return count / max(now - since, _RECENT_S)

    def _most_accepted(self, slot: int) -> int:
        """The most within one second of the last three."""
        recent = {at: count for at, count in self._accepted if at > slot - _MEMORY_SLOTS}
        return max(
            (sum(recent.get(start + step, 0) for step in range(_SLOTS_PER_S)) for start in recent),
            default=0,
        )


class Redial:
    """How long to wait before the next connection: doubling with full jitter, slowly after a refused login.

    An account that is hammered with a wrong password gets locked.
    """

    def __init__(
        self, *, s_min: float = 1.0, s_max: float = 60.0, login_s_min: float = 60.0, login_s_max: float = 900.0
    ):
        self._s_min, self._s_max = s_min, s_max
        self._login_s_min, self._login_s_max = login_s_min, login_s_max
        self._failures = 0
        self._refusals = 0

    def held(self) -> None:
        """A bind has held for a minute: begin at the shortest wait again."""
        self._failures = self._refusals = 0

    def after_failure(self, dice: float) -> float:
        """Not connected, or lost; `dice` in [0, 1). At once is possible only after the first failure."""
        self._failures = min(self._failures + 1, 32)
        reach = min(self._s_min * 2.0 ** (self._failures - 1), self._s_max)
        return reach * dice if self._failures == 1 else max(self._s_min, reach * dice)

    def after_refusal(self, dice: float) -> float:
        """The login was refused; never quicker than `login_s_min`."""
        self._refusals = min(self._refusals + 1, 32)
        reach = min(self._login_s_min * 2.0 ** (self._refusals - 1), self._login_s_max)
        return max(self._login_s_min, reach * (0.5 + dice / 2))
