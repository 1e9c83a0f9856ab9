"""A row of failures: when a channel is left to the last, tried again, and when a person is to look at it."""

from __future__ import annotations

from gatewayd.delivery.outcome import Deferred, Outcome, Refused, Uncertain, Withdrawn
from gatewayd.delivery.streak import LASTS_S, TRIED_S, TRIED_S_MAX, UNPROVEN_S, Streak

BARRED = Deferred("barred", "cms 8", 900.0, "channel")


def told(*outcomes: Outcome, apart_s: float = 10.0, refusals: bool = True) -> Streak:
    streak = Streak()
    for number, outcome in enumerate(outcomes):
        streak.saw(outcome, number * apart_s, refusals=refusals)
    return streak


def test_three_failures_of_any_kind_in_a_row_are_a_streak() -> None:
    assert told(BARRED, Uncertain("no answer", "timeout"), Refused("unknown SIM", "cms 30", "channel")).lasting
    assert not told(BARRED, BARRED).lasting
    streak = told(BARRED, BARRED, BARRED)
    streak.ends()
    assert not streak.lasting
    assert not streak.concern(1e6)


def test_what_speaks_of_the_text_or_fails_together_or_only_waits_is_no_failure_of_the_channel() -> None:
    of_text = (
        Refused("no such number", "cms 1", "recipient"),
        Deferred("phone is off", "cms 27", 60.0),
        Deferred("not now", "not ready", 1.0, "channel"),
        Withdrawn(),
    )
    assert told(*of_text * 5).failed == 0
    assert told(*[Refused("of this text", "11", "channel")] * 5, refusals=False).failed == 0, "a bureau's"
    assert told(*[Uncertain("the session ended", "lost")] * 8, apart_s=0.1).failed == 1


def test_it_is_tried_again_soon_at_first_and_then_more_seldom() -> None:
    streak = told(BARRED, BARRED, BARRED)
    assert not streak.may_try(20.0 + TRIED_S - 1)
    assert streak.may_try(20.0 + TRIED_S)
    for number in range(10):
        streak.saw(BARRED, 1000.0 * (number + 1), refusals=True)
    assert not streak.may_try(10_000.0 + TRIED_S_MAX - 1)
    assert streak.may_try(10_000.0 + TRIED_S_MAX)


def test_a_person_is_called_when_tries_have_failed_for_long_or_nobody_knows_for_hours() -> None:
    streak = told(BARRED, BARRED, BARRED)
    assert not streak.concern(LASTS_S * 2), "a bad minute, and nothing was tried since"
    assert streak.concern(UNPROVEN_S) == "it took none of its last texts: barred"
    streak.saw(BARRED, LASTS_S, refusals=True)
    assert streak.concern(LASTS_S)
