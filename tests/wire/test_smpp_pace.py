"""How quickly a bureau with a limit is served, and how little it is bothered: whole nights in virtual time."""

from __future__ import annotations

import heapq
import itertools
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.wire.smpp_pace import REST_S_MAX, REST_S_MIN, Pace, Redial
from tests.chance import examples

Takes = Callable[[float], bool]


def by_the_second(cap: int, *, period_s: float = 1.0, phase_s: float = 0.0) -> Takes:
    """Counts anew in each second of its clock."""
    counts: dict[int, int] = {}

    def takes(now: float) -> bool:
        second = int((now + phase_s) / period_s)
        counts[second] = counts.get(second, 0) + 1
        return counts[second] <= cap

    return takes


def sliding(cap: int) -> Takes:
    """Never more within any one second."""
    taken: deque[float] = deque()

    def takes(now: float) -> bool:
        while taken and taken[0] <= now - 1:
            taken.popleft()
        if len(taken) >= cap:
            return False
        taken.append(now)
        return True

    return takes


def tokens(cap: float, depth: int) -> Takes:
    level, at = float(depth), 0.0

    def takes(now: float) -> bool:
        nonlocal level, at
        level, at = min(depth, level + (now - at) * cap), now
        if level < 1:
            return False
        level -= 1
        return True

    return takes


def barring(cap: int, bar_s: float) -> Takes:
    """Takes nothing at all for a while after it was too much."""
    inner, until = by_the_second(cap), -1.0

    def takes(now: float) -> bool:
        nonlocal until
        if now < until:
            return False
        if inner(now):
            return True
        until = now + bar_s
        return False

    return takes


@dataclass(frozen=True)
class Night:
    took_s: float
    throttled: int
    accepted_at: tuple[float, ...]


def serve(
    bureau: Takes, count: int, pace: Pace, *, window: int = 10, round_trip_s: float = 0.02, late_s: float = 0.0,
    began_s: float = 0.0,
) -> Night:  # fmt: skip
    """A client with a window: what is throttled goes to the head of the queue and is sent again. `late_s`: how late its
    timers come at the most; `began_s`: what its clock shows at the beginning.
    """
    dice = random.Random(7)
    now, waiting, out, throttled = began_s, count, 0, 0
    accepted: list[float] = []
    coming: list[tuple[float, int, str, float]] = []
    number = itertools.count()
    while len(accepted) < count:
        while waiting and out < window and pace.next_at(now) <= now:
            pace.sent(now)
            waiting, out = waiting - 1, out + 1
            heapq.heappush(coming, (now + round_trip_s / 2, next(number), "there", now))
        times = [coming[0][0]] if coming else []
        if waiting and out < window:
            times.append(pace.next_at(now) + late_s * dice.random())
        now = max(now, min(times))
        while coming and coming[0][0] <= now:
            at, _, what, sent_at = heapq.heappop(coming)
            if what == "there":
                answer = "taken" if bureau(at) else "throttled"
                heapq.heappush(coming, (at + round_trip_s / 2, next(number), answer, sent_at))
                continue
            out -= 1
            if what == "taken":
                accepted.append(now)
                pace.accepted(now, sent_at)
            else:
                waiting, throttled = waiting + 1, throttled + 1
                pace.throttled(now, sent_at)
    return Night(now - began_s, throttled, tuple(accepted))


BUREAUS: dict[str, Callable[[], Takes]] = {
    "by the second": lambda: by_the_second(200),
    "by the second of its own clock": lambda: by_the_second(200, phase_s=0.37),
    "sliding second": lambda: sliding(200),
    "ten tokens": lambda: tokens(200, 10),
    "as many tokens as a second has": lambda: tokens(200, 200),
}


@pytest.mark.parametrize("round_trip_s", [0.002, 0.02])
@pytest.mark.parametrize("name", BUREAUS)
def test_two_thousand_messages_against_two_hundred_a_second(name: str, round_trip_s: float) -> None:
    night = serve(BUREAUS[name](), 2000, Pace(), round_trip_s=round_trip_s)
    assert night.took_s < 10.7
    assert night.throttled < 360


WHOLE_WINDOWS: dict[str, Callable[[int], Takes]] = {
    "fixed second": by_the_second,
    "fixed second, begun in its midst": lambda cap: by_the_second(cap, phase_s=0.37),
    "fixed second, begun at its end": lambda cap: by_the_second(cap, phase_s=0.98),
    "sliding second": sliding,
    **{f"{depth} tokens": (lambda cap, depth=depth: tokens(cap, depth)) for depth in (1, 5, 10, 20, 50, 200)},
}


@pytest.mark.parametrize("round_trip_s", [0.002, 0.02, 0.2])
@pytest.mark.parametrize("cap", [20, 200, 1000])
@pytest.mark.parametrize("name", WHOLE_WINDOWS)
def test_a_whole_window_at_once_does_not_spoil_what_is_learnt(name: str, cap: int, round_trip_s: float) -> None:
    """A hundred at once, most of them refused: what a bureau holds is no measure of what it takes in a second."""
    if 100 / round_trip_s < cap:
        return
    night = serve(WHOLE_WINDOWS[name](cap), 10 * cap, Pace(), window=100, round_trip_s=round_trip_s, began_s=5e4)
    assert night.took_s < (12.8 if name == "1 tokens" else 11.4)
    assert night.throttled < (950 if round_trip_s > 0.1 else 400), "and is not badgered"
    second = [at for at in night.accepted_at if 2 <= at - 5e4 < 3]
    assert not second or len(second) > (0.6 if name == "1 tokens" else 0.7) * cap, "found within two seconds"


@pytest.mark.parametrize("depth", [5, 10, 20, 50, 200])
@pytest.mark.parametrize("late_s", [0.003, 0.01])
def test_late_timers_do_not_spoil_what_is_learnt_of_a_bucket(depth: int, late_s: float) -> None:
    night = serve(tokens(200, depth), 2000, Pace(), window=100, round_trip_s=0.005, late_s=late_s, began_s=5e4)
    assert night.took_s < 11.4
    assert night.throttled < 160


@pytest.mark.parametrize("depth", [1, 5, 20, 50])
def test_a_bucket_that_fills_more_slowly_for_a_while(depth: int) -> None:
    quick, slow = tokens(200, depth), tokens(50, depth)

    def bureau(now: float) -> bool:
        return slow(now) if 10 <= now < 20 else quick(now)

    night = serve(bureau, 6000, Pace(), window=100)
    within = [sum(start <= at < start + 10 for at in night.accepted_at) for start in (0, 10, 20, 30)]
    assert within[0] > 1700
    assert within[1] > 400
    assert within[2] > 800
    assert within[3] > 1600


def test_a_hiccup_in_a_quiet_night_is_no_measure() -> None:
    """Two of five were taken, then nothing for a minute: that says nothing of what the bureau takes."""
    pace = Pace()
    for n in range(5):
        pace.sent(1000 + n * 1e-3)
    pace.accepted(1000.1, 1000.0)
    pace.accepted(1000.1, 1000.001)
    for n in (2, 3, 4):
        pace.throttled(1000.1, 1000 + n * 1e-3)
    now = 1000.1
    while now < 1060:
        now = pace.next_at(now)
        pace.sent(now)
        if now < 1060:
            pace.throttled(now + 0.02, now)
    pace.accepted(now + 0.02, now)
    assert pace.next_at(now + 0.02) <= now + 0.02


@pytest.mark.parametrize("late_s", [0.01, 0.03])
@pytest.mark.parametrize("name", ["by the second", "by the second of its own clock", "sliding second"])
def test_a_busy_disk_does_not_slow_a_bureau_that_counts_by_the_second(name: str, late_s: float) -> None:
    """The loop has other work for some hundredths of a second: what was not sent then is made up for."""
    night = serve(BUREAUS[name](), 2000, Pace(), window=50, round_trip_s=0.002, late_s=late_s)
    assert night.took_s < 10.7
    assert night.throttled < 150


@pytest.mark.parametrize("window", [10, 100])
@pytest.mark.parametrize("depth", [5, 10, 20, 50])
def test_a_bureau_with_a_bucket_that_has_long_been_silent(depth: int, window: int) -> None:
    """The first heap tells nothing of its rate: a machine that has run for a day has its clock far from 0."""
    night = serve(tokens(200, depth), 2000, Pace(), window=window, began_s=86_400.0)
    assert night.took_s < 16
    assert night.throttled < 20 * window, "a second of heaps, then it is known"


@pytest.mark.parametrize("name", BUREAUS)
def test_two_thousand_messages_on_a_machine_that_has_run_for_a_day(name: str) -> None:
    night = serve(BUREAUS[name](), 2000, Pace(), began_s=86_400.0)
    assert night.took_s < 10.7


def test_a_bureau_that_wants_them_evenly_is_found_out() -> None:
    assert serve(tokens(200, 1), 2000, Pace()).took_s < 16


@pytest.mark.parametrize("cap", [1, 20])
def test_a_slow_bureau(cap: int) -> None:
    night = serve(sliding(cap), 30 * cap, Pace())
    assert night.took_s < 33
    assert night.throttled < 40


def test_a_bureau_that_bars_for_seconds_is_not_provoked_again_soon() -> None:
    night = serve(barring(200, 5.0), 5000, Pace())
    assert night.took_s < 40
    assert night.throttled < 60


def test_ten_a_minute() -> None:
    night = serve(by_the_second(10, period_s=60.0), 40, Pace())
    assert night.took_s < 200


def test_without_a_limit_nothing_is_held_back() -> None:
    assert serve(lambda now: True, 2000, Pace()).took_s == pytest.approx(2000 / 10 * 0.02)


def test_the_rate_falls_with_the_bureau_and_recovers_with_it() -> None:
    quick, slow = by_the_second(200), by_the_second(50)
    night = serve(lambda now: slow(now) if 10 <= now < 20 else quick(now), 8000, Pace())
    within = [sum(start <= at < start + 10 for at in night.accepted_at) for start in (0, 10, 20, 30, 40)]
    assert within[0] > 1900
    assert 440 <= within[1] <= 520
    assert within[2] < within[3] < within[4]
    assert within[4] > 1500


def test_a_configured_limit_is_kept_from_the_first_message() -> None:
    night = serve(lambda now: True, 101, Pace(10))
    assert night.took_s == pytest.approx(10.02, abs=0.11)


@pytest.mark.parametrize("name", BUREAUS)
def test_a_configured_limit_at_the_bureaus_own(name: str) -> None:
    night = serve(BUREAUS[name](), 2000, Pace(200))
    assert night.took_s < 10.2
    assert night.throttled == 0


@given(
    per_s=st.sampled_from([0.1, 0.5, 1.0, 1.5, 2.0, 3.0, 10.0, 200.0]),
    late_s=st.lists(st.tuples(st.floats(0, 0.03), st.booleans()), min_size=1, max_size=600),
)
@examples(60)
def test_no_second_sees_more_than_the_limit_however_late_timers_come(
    per_s: float, late_s: list[tuple[float, bool]]
) -> None:
    pace, now, sent = Pace(per_s), 0.0, []
    for late, critical in late_s:
        now = max(now, pace.next_at(now, critical=critical)) + late
        pace.sent(now)
        sent.append(now)
    most = max(1, int(per_s))
    assert all(at >= before + most / per_s for before, at in zip(sent, sent[most:], strict=False))


@pytest.mark.parametrize(("share", "late_s"), [(0.3, 0.003), (0.02, 0.03), (0.005, 0.05)])
def test_timers_that_come_late_cost_next_to_nothing(share: float, late_s: float) -> None:
    """A commit, or anything else that keeps the loop busy, holds up several messages at once."""
    dice, pace, now = random.Random(1), Pace(200), 0.0
    for _ in range(2000):
        now = max(now, pace.next_at(now)) + (late_s if dice.random() < share else 0.001)
        pace.sent(now)
    assert now <= 10.4


@pytest.mark.parametrize("per_s", [1.0, 2.0, 10.0])
def test_what_is_critical_has_the_next_place_of_a_limit_that_is_used_up(per_s: float) -> None:
    pace, now = Pace(per_s), 0.0
    for _ in range(20):
        now = max(now, pace.next_at(now))
        pace.sent(now)
    assert pace.next_at(now, critical=True) <= now + 1 / per_s + 0.011


def test_what_is_critical_does_not_wait_for_what_was_only_learnt() -> None:
    """A bureau that bars for a minute is tried by others seldom, and by what is critical after a second."""
    pace, now = Pace(), 0.0
    while now < 40:
        now = max(now, pace.next_at(now))
        pace.sent(now)
        pace.throttled(now + 0.01, now)
    assert pace.next_at(now) >= now + 8
    assert pace.next_at(now, critical=True) == pytest.approx(now + 1)
    pace.sent(now + 1)
    assert pace.next_at(now + 1, critical=True) == pytest.approx(now + 2), "once in a second"


def test_what_is_critical_does_not_break_a_limit_that_was_told() -> None:
    pace = Pace(0.1)
    pace.sent(0.0)
    assert pace.next_at(1.0, critical=True) == pytest.approx(10, abs=0.011)


def test_late_timers_do_not_slow_a_quick_bureau_down() -> None:
    pace, now, late_s = Pace(200), 0.0, 0.001
    for _ in range(1000):
        pace.sent(now)
        now = pace.next_at(now) + late_s
    assert now == pytest.approx(1000 / 200, rel=0.015)


def test_late_timers_never_crowd_a_slow_one() -> None:
    pace = Pace(1)
    pace.sent(0.0)
    pace.sent(1.4)
    assert pace.next_at(1.4) == pytest.approx(2.4, abs=0.011)


def test_one_throttle_answer_after_a_quiet_hour_is_a_short_rest() -> None:
    pace = Pace()
    for at in (0.0, 3600.0):
        pace.sent(at)
        pace.accepted(at + 0.02, at)
    pace.sent(7200.0)
    pace.throttled(7200.02, 7200.0)
    assert pace.rate(7200.02) is None
    assert pace.next_at(7200.02) == pytest.approx(7200.02 + REST_S_MIN)


def test_the_rest_grows_with_the_row_and_is_bounded() -> None:
    pace, now = Pace(), 0.0
    rests = []
    for _ in range(100):
        pace.sent(now)
        pace.throttled(now, now)
        rests.append(pace.next_at(now) - now)
        now = pace.next_at(now)
    assert rests == pytest.approx(sorted(rests))
    assert rests[0] == REST_S_MIN
    assert rests[-1] == pytest.approx(REST_S_MAX)


calls = st.tuples(st.sampled_from(["sent", "accepted", "throttled", "wait"]), st.floats(0, 5000))


@given(st.lists(calls, max_size=200), st.sampled_from([None, 0.5, 200.0]))
def test_whatever_happens_the_next_message_may_go_some_time(
    script: list[tuple[str, float]], limit: float | None
) -> None:
    pace, now, sent = Pace(limit), 0.0, 0
    for what, seconds in script:
        now += seconds if what == "wait" else 0.001
        if what == "sent" and pace.next_at(now) <= now:
            pace.sent(now)
            sent += 1
        elif what == "accepted":
            pace.accepted(now, now - 0.001)
        elif what == "throttled":
            pace.throttled(now, now - 0.001)
        assert pace.next_at(now) - now <= 61.0
        rate = pace.rate(now)
        assert rate is None or rate > 0


# -- dialling again ----------------------------------------------------------------------------------------------------


def test_the_wait_before_a_connection_doubles_up_to_its_limit() -> None:
    redial = Redial()
    assert [redial.after_failure(0.999) for _ in range(8)] == pytest.approx(
        [0.999, 1.998, 3.996, 7.992, 15.984, 31.968, 59.94, 59.94]
    )
    redial.held()
    assert redial.after_failure(0.0) == 0.0
    assert redial.after_failure(0.0) == 1.0


def test_a_refused_login_is_not_hammered() -> None:
    redial = Redial()
    waits = [redial.after_refusal(0.5) for _ in range(8)]
    assert waits[0] >= 60
    assert waits == sorted(waits)
    assert waits[-1] <= 900
