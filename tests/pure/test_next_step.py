"""What is next for a text after a try: never beyond its validity, never for ever, a doubt never taken for a failure."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from gatewayd.delivery.next_step import (
    Facts,
    GiveUp,
    Try,
    after_channel_loss,
    after_channel_removed,
    after_failure,
    after_patience,
)
from gatewayd.delivery.outcome import Deferred, Refused
from gatewayd.delivery.settings import DeliverySettings
from gatewayd.model import SECOND

SETTINGS = DeliverySettings()
CHANNELS = ("modem1", "modem2", "modem3")
ups = st.lists(st.sampled_from(CHANNELS), unique=True).map(tuple)
scopes = st.sampled_from(("message", "recipient", "channel"))
outcomes = st.builds(Refused, reason=st.just("r"), code=st.just("c"), scope=scopes) | st.builds(
    Deferred, reason=st.just("r"), code=st.just("c"), after_s=st.floats(0, 600), scope=scopes
)
facts = st.builds(
    Facts,
    priority=st.integers(0, 3),
    tries=st.integers(0, 8),
    repeats=st.integers(0, 3),
    parts_accepted=st.integers(0, 2),
    parts=st.integers(1, 3),
    wanted_channel=st.sampled_from(("", *CHANNELS)),
    avoid=ups,
    channel=st.sampled_from(CHANNELS),
    expires_at=st.integers(-10, 4_000).map(lambda s: s * SECOND),
    page=st.booleans(),
    doubts=st.integers(0, 3),
)


@given(facts, outcomes, ups, st.floats(0, 0.999))
def test_after_a_failure(known: Facts, outcome: Refused | Deferred, up: tuple[str, ...], dice: float) -> None:
    step = after_failure(known, outcome, up=up, settings=SETTINGS, now=0, dice=dice)
    if isinstance(step, GiveUp):
        assert step.reason
        return
    assert 0 <= step.at <= max(known.expires_at, 0)
    assert not step.marked, "what was certainly not sent is no repeat"
    if isinstance(outcome, Refused):
        assert outcome.scope == "channel"
        assert step.channel != known.channel
        assert known.channel in step.avoid
    if known.wanted_channel:
        assert step.channel in (known.wanted_channel, known.channel)
    if known.parts_accepted and not step.fresh:
        assert step.channel == known.channel, "the parts of one text stay on one SIM"


BARRED = Refused("the SIM may not send", "cms 10", "channel")


@given(facts, st.sampled_from(["", "modem1"]))
def test_a_sim_that_will_not_do_it_and_no_other(known: Facts, wanted: str) -> None:
    known = replace(known, channel="modem1", wanted_channel=wanted, expires_at=4_000 * SECOND)
    step = after_failure(known, BARRED, up=("modem1",), settings=SETTINGS, now=0, dice=0)
    if known.page or wanted:
        assert isinstance(step, GiveUp), "a page moves on at once, and who wanted this SIM is told"
    else:
        assert isinstance(step, Try), "a plain text waits"
        assert step.channel == "", "any channel may take it"
        assert step.at >= 60 * SECOND, "and no hot loop"
        assert step.avoid.count("modem1") == 1, "however often it is refused"
        assert not step.counts, "it may wait as long as it is valid"
        assert "may not send (cms 10)" in step.reason


@given(st.booleans(), st.booleans(), st.booleans())
def test_after_its_only_channel_left_the_configuration(page: bool, by_caller: bool, begun: bool) -> None:
    step = after_channel_removed(page=page, by_caller=by_caller, begun=begun, channel="modem2")
    assert isinstance(step, GiveUp) == (page or by_caller)
    assert "modem2" in step.reason
    if isinstance(step, Try):
        assert step.channel == ""
        assert step.fresh == step.marked == begun


@given(facts, ups)
def test_after_the_patience(known: Facts, up: tuple[str, ...]) -> None:
    step = after_patience(known, up=up, settings=SETTINGS, now=0)
    if isinstance(step, GiveUp):
        assert known.expires_at <= 0 or known.repeats >= SETTINGS.repeats_max
        return
    assert step.fresh == step.marked, "the whole text again says so"
    if not step.fresh:
        assert known.parts > 1
        assert known.doubts < 2, "the same parts go again once"


@given(ups, st.integers(1, 3))
def test_failures_end(up: tuple[str, ...], parts: int) -> None:
    tries, now, waits = 0, 0, 0
    while True:
        known = Facts(0, tries, 0, 0, parts, "", (), (up or CHANNELS)[tries % len(up or CHANNELS)], 10**15)
        step = after_failure(known, Deferred("congestion", "cms 42", 30), up=up, settings=SETTINGS, now=now, dice=0)
        if isinstance(step, GiveUp):
            break
        waits += step.at > now
        tries, now = tries + step.counts, step.at
        assert tries <= SETTINGS.tries_max
    assert waits >= 1, "one moment of congestion does not use up all tries"


@given(facts, ups)
def test_a_lost_channel_gives_up_its_texts_unless_they_were_meant_for_it(known: Facts, up: tuple[str, ...]) -> None:
    step = after_channel_loss(known, up=up)
    if step is None:
        assert known.wanted_channel == known.channel
    else:
        assert isinstance(step, Try)
        assert step.channel != known.channel or step.channel == ""
        assert not step.counts


def test_the_rest_of_a_text_keeps_its_place_when_the_channel_ends_a_call() -> None:
    known = Facts(0, 0, 0, 1, 3, "", (), "modem1", 10**15, due_at=5 * SECOND)
    now = 60 * SECOND
    ended = Deferred("no more pages in this call", "112", 0.0, "channel")
    step = after_failure(known, ended, up=CHANNELS, settings=SETTINGS, now=now, dice=0)
    assert isinstance(step, Try)
    assert step.at == known.due_at
    later = Deferred("later", "512", 30.0, "recipient")
    assert after_failure(known, later, up=CHANNELS, settings=SETTINGS, now=now, dice=0).at > now  # type: ignore[union-attr]
