"""When a channel's trouble is a matter for a person: not at once, not twice, and over when it has lasted."""

from __future__ import annotations

from gatewayd.delivery.own_troubles import AGAIN_S, Clears, Fires, SelfReportSettings, Sign, Troubles

SETTINGS = SelfReportSettings(after_s=60, down_s=900, clear_s=600)
WELL = Sign("m1", up=True)
ILL = Sign("m1", up=False, concern="no SIM", told="needs_human: no SIM")
DOWN = Sign("m1", up=False, told="down: no answer to AT")
WORKS = Sign("m1", up=True, concern="19 of 20 places stay full")


class Watched:
    """One channel by one's own clock."""

    def __init__(self) -> None:
        self.troubles = Troubles()
        self.now = 0.0

    def passes(self, sign: Sign, seconds: float) -> list[Fires | Clears]:
        """What is told while it is so for so long."""
        found: list[Fires | Clears] = []
        end = self.now + seconds
        while self.now < end:
            self.now += 5
            found += self.troubles.look([sign], SETTINGS, self.now)
        return found


def test_it_is_told_after_a_while_and_ends_when_it_has_worked_for_a_while() -> None:
    channel = Watched()
    assert channel.passes(ILL, 60) == []
    assert channel.passes(ILL, 30) == [Fires("m1", "m1 needs a human: no SIM")]
    assert channel.passes(ILL, 500) == []
    assert channel.passes(WELL, 590) == []
    assert channel.passes(WELL, 3600) == [Clears("m1")]


def test_what_falls_again_before_the_time_was_not_over() -> None:
    channel = Watched()
    channel.passes(ILL, 100)
    for _ in range(4):
        assert channel.passes(WELL, 300) == []
        assert not any(isinstance(told, Clears) for told in channel.passes(ILL, 100))
    assert channel.passes(WELL, 700) == [Clears("m1")]


def test_a_minute_of_trouble_is_nobody_s_business() -> None:
    channel = Watched()
    for _ in range(20):
        assert channel.passes(ILL, 50) == []
        assert not any(isinstance(told, Fires) for told in channel.passes(WELL, 300))


def test_a_channel_that_takes_no_texts_for_long_is_told_whatever_it_says() -> None:
    channel = Watched()
    assert channel.passes(DOWN, 900) == []
    assert channel.passes(DOWN, 30) == [Fires("m1", "m1 takes no texts for 15 min: down: no answer to AT")]


def test_one_that_works_and_needs_a_human_is_told_as_well() -> None:
    channel = Watched()
    assert channel.passes(WORKS, 70) == [Fires("m1", "m1 needs a human: 19 of 20 places stay full")]
    assert channel.passes(WELL, 700) == [Clears("m1")]


def test_as_long_as_it_is_true_it_is_said_again_now_and_then() -> None:
    channel = Watched()
    told = channel.passes(ILL, 4 * AGAIN_S)
    assert 3 <= len(told) <= 5, "who closed it by mistake hears of it again"


def test_after_a_start_whatever_is_well_ends_what_an_earlier_process_told() -> None:
    channel = Watched()
    assert channel.passes(WELL, 7200) == [Clears("m1")]


def test_one_that_leaves_the_configuration_has_no_trouble() -> None:
    channel = Watched()
    channel.passes(ILL, 100)
    assert channel.troubles.look([], SETTINGS, channel.now + 5) == [Clears("m1")]
    assert channel.troubles.look([], SETTINGS, channel.now + 10) == []
