"""The ladder of remedies by its rules: mild before harsh, never two resets close to each other, a human at the end."""

from __future__ import annotations

from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.wire.modem_recovery import (
    APART_S,
    BOUNDS,
    CALM_S,
    DISTURBING,
    HEALED_BY,
    PATHS,
    SETTLE_S,
    Ladder,
    Proof,
    Rung,
    Step,
    Trouble,
)
from tests.chance import examples

TROUBLES: tuple[Trouble, ...] = get_args(Trouble)
PROOFS: tuple[Proof, ...] = get_args(Proof)
DAY_S = 86_400.0

every_trouble = pytest.mark.parametrize("trouble", TROUBLES)
with_and_without_a_hook = pytest.mark.parametrize("hook", [False, True])


def climb(ladder: Ladder, trouble: Trouble, *, begin: float = 0.0, until: float, each_s: float = 5.0) -> list[Rung]:
    """What is taken while the trouble lasts."""
    taken, now = [], begin
    while now < until:
        step = ladder.meet(trouble, now)
        taken += [step.rung] if step.taken else []
        now += each_s
    return taken


def settled(*, hook: bool = True) -> Ladder:
    """Of a modem whose port has been there for long."""
    ladder = Ladder(hook=hook)
    ladder.came_back(-DAY_S)
    return ladder


@every_trouble
@with_and_without_a_hook
def test_a_trouble_that_stays_goes_through_its_rungs_in_order_and_ends_with_a_human_within_half_an_hour(
    trouble: Trouble, hook: bool
) -> None:
    ladder, taken, now = settled(hook=hook), [], 0.0
    while not ladder.human:
        assert now < 1800, "nobody was called"
        step = ladder.meet(trouble, now)
        taken += [step.rung] if step.taken else []
        now += 5
    assert list(dict.fromkeys(taken)) == [rung for rung in PATHS[trouble] if hook or rung is not Rung.HOOK]
    assert taken == sorted(taken)
    assert all(taken.count(rung) <= BOUNDS[rung].tries for rung in BOUNDS)


@every_trouble
def test_each_rung_has_the_time_that_it_needs_to_help(trouble: Trouble) -> None:
    ladder, now = settled(), 0.0
    before: tuple[Rung, float] | None = None
    while not ladder.human:
        step = ladder.meet(trouble, now)
        if step.taken:
            if before is not None and before[0] is not step.rung:
                assert now - before[1] >= BOUNDS[before[0]].gives_s
            before = step.rung, now
        now += 1


@every_trouble
@with_and_without_a_hook
def test_days_of_trouble_disturb_the_modem_a_few_times_a_day_and_ask_for_a_human_once(
    trouble: Trouble, hook: bool
) -> None:
    ladder = settled(hook=hook)
    first = climb(ladder, trouble, until=DAY_S, each_s=60)
    assert first.count(Rung.HUMAN) == 1
    later = climb(ladder, trouble, begin=DAY_S, until=4 * DAY_S, each_s=60)
    assert ladder.human
    assert Rung.HUMAN not in later
    a_day = sum(rung in DISTURBING for rung in later) / 3
    assert a_day <= (60 if trouble == "unanswered" else 20)  # that one takes no text before it was restarted


@every_trouble
def test_what_heals_ends_the_trouble_and_the_next_one_begins_at_the_bottom(trouble: Trouble) -> None:
    ladder = settled()
    climb(ladder, trouble, until=3600)
    wrong = next((proof for proof in PROOFS if proof not in HEALED_BY[trouble]), None)
    assert wrong is None or not ladder.heal(wrong, 3600)
    assert ladder.heal(min(HEALED_BY[trouble]), 3600)
    assert ladder.trouble is None
    assert not ladder.human
    assert not ladder.tried
    much_later = 3600 + DAY_S
    assert ladder.meet(trouble, much_later).rung is PATHS[trouble][0]


def test_a_modem_that_heals_and_falls_again_is_restarted_more_and_more_seldom_and_then_a_human_is_asked() -> None:
    ladder, now, restarts = settled(hook=False), 0.0, []
    while not ladder.human:
        step = ladder.meet("unanswered", now)
        if step.taken and step.rung is Rung.RESTART:
            restarts.append(now)
            assert ladder.heal("accepted", now + 10)
            now += 210  # the next text hangs as well
        else:
            now += 5
    gaps = [later - earlier for earlier, later in pairwise(restarts)]
    assert len(restarts) >= 3
    assert gaps == sorted(gaps)
    assert gaps[-1] > gaps[0]


def test_a_port_that_has_just_come_back_is_left_alone() -> None:
    """Restart, gone, back, silent while it boots: no second restart for that."""
    ladder, now = settled(), 0.0
    climb(ladder, "silent", until=95)
    assert ladder.tried[-1] is Rung.RESTART
    for now in range(100, 2000, 45):
        ladder.came_back(float(now))
        for later in range(now, now + 45, 5):
            assert ladder.meet("silent", float(later)).rung not in DISTURBING


def test_a_trouble_that_changes_its_face_goes_on_upwards() -> None:
    ladder = settled()
    assert climb(ladder, "failing", until=400, each_s=30)[-1] is Rung.REOPEN
    later = climb(ladder, "silent", begin=400, until=900)
    assert later == [Rung.HOOK, Rung.HUMAN]


def test_a_trouble_that_is_not_met_again_while_the_looks_are_good_is_over() -> None:
    ladder = settled()
    climb(ladder, "failing", until=100)
    assert not ladder.looked_well(100 + CALM_S / 2)
    assert ladder.looked_well(100 + CALM_S)
    assert ladder.trouble is None


def test_where_a_human_was_called_for_good_looks_prove_nothing() -> None:
    ladder = settled()
    climb(ladder, "failing", until=1200)
    assert ladder.human
    assert not ladder.looked_well(1200 + 10 * CALM_S)
    assert ladder.heal("accepted", 1200 + 10 * CALM_S)


moments = st.lists(
    st.tuples(
        st.floats(min_value=0.1, max_value=4000.0),
        st.one_of(st.sampled_from(TROUBLES), st.sampled_from(PROOFS), st.sampled_from(["came back", "looked well"])),
        st.integers(min_value=1, max_value=40),
    ),
    max_size=60,
)


@examples(100)
@given(moments, st.booleans())
def test_whatever_happens_resets_stay_apart_and_rungs_go_up(story: list[tuple[float, str, int]], hook: bool) -> None:
    ladder, now, back_at, met_at = Ladder(hook=hook), 0.0, 0.0, 0.0
    ladder.came_back(0.0)
    last: dict[Rung, float] = {}
    climbed = Rung.WAIT  # since the bottom
    for length_s, event, times in story:
        for _ in range(times):
            now += length_s / times
            if event == "came back":
                ladder.came_back(now)
                back_at = now
            elif event == "looked well":
                climbed = Rung.WAIT if ladder.looked_well(now) else climbed
            elif event in PROOFS:
                climbed = Rung.WAIT if ladder.heal(event, now) else climbed  # type: ignore[arg-type]
            else:
                if not ladder.human and now - met_at > CALM_S:
                    climbed = Rung.WAIT
                met_at = now
                step = ladder.meet(event, now)  # type: ignore[arg-type]
                if not step.taken:
                    assert step.hold_s > 0, "who is to wait must know for how long"
                else:
                    assert step.rung >= climbed
                    assert step.rung is not Rung.HOOK or hook
                    if step.rung in DISTURBING:
                        assert now - back_at >= SETTLE_S - 1e-6
                        assert all(now - last[rung] >= APART_S - 1e-6 for rung in DISTURBING & last.keys())
                        assert step.rung not in last or now - last[step.rung] >= BOUNDS[step.rung].apart_s - 1e-6
                    climbed = last_rung = step.rung
                    last[last_rung] = now
                if step.rung is Rung.HUMAN:
                    climbed = Rung.WAIT  # once more from the bottom, when its time has come


def test_a_restart_is_free_while_nothing_is_in_trouble_and_its_distances_allow_it() -> None:
    ladder = settled()
    assert ladder.is_free(Rung.RESTART, 0.0)
    assert ladder.meet("unanswered", 0.0) == Step(Rung.RESTART)
    assert not ladder.is_free(Rung.RESTART, 250.0)
    assert ladder.heal("accepted", 250.0)
    assert not ladder.is_free(Rung.RESTART, 299.0)
    assert ladder.is_free(Rung.RESTART, 300.0)
    ladder.came_back(300.0)
    assert not ladder.is_free(Rung.RESTART, 359.0)
