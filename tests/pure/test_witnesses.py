"""What stamps of the network say about our clock: never more than they prove."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.delivery.witnesses import AGREE_US, Witnesses
from gatewayd.model import SECOND

NOW = 1_800_000_000 * SECOND  # our clock when the story begins; the ticks begin with 0
HOUR = 3600


class Story:
    """True time passes; our clock is `behind` by so many seconds."""

    def __init__(self, behind: float) -> None:
        self.witnesses = Witnesses()
        self.behind, self.passed = behind, 0.0

    @property
    def now(self) -> int:
        return NOW + int(self.passed * SECOND)

    @property
    def ticks(self) -> int:
        return int(self.passed * SECOND)

    def stamped(self, ago: float, wrong: float = 0, who: str = "") -> None:
        """A text arrives that was stamped so long ago, of somebody else each time unless it is said of whom."""
        self.passed += 10
        stamp = self.now + int((self.behind - ago + wrong) * SECOND)
        self.witnesses.arrived(stamp, who=who or str(self.passed), now=self.now, ticks=self.ticks)

    def reported(self, took: float, ago: float, *, sim: str = "sim-1", wrong: float = 0) -> None:
        """A report on a submission whose answer took so long, so long ago."""
        self.passed += 10
        written = self.now - int((took + ago) * SECOND)
        answered = written + int(took * SECOND)
        stamp = written + int((took / 2 + self.behind + wrong) * SECOND)
        self.witnesses.answered(
            stamp, sim=sim, written_at=written, answered_at=answered, now=self.now, ticks=self.ticks
        )

    @property
    def error_s(self) -> float | None:
        error = self.witnesses.error_us(now=self.now, ticks=self.ticks)
        return None if error is None else error / SECOND


delays = st.floats(0, 5 * 24 * HOUR)
events = st.lists(
    st.tuples(st.just("text"), delays, st.just(0.0)) | st.tuples(st.just("report"), st.floats(0, 200), delays),
    max_size=30,
)


def told(story: Story, what: list[tuple[str, float, float]]) -> None:
    for kind, one, other in what:
        if kind == "text":
            story.stamped(one)
        else:
            story.reported(one, other)


@given(events)
def test_a_right_clock_is_never_called_wrong(what: list[tuple[str, float, float]]) -> None:
    """However late texts come, however slow answers are."""
    story = Story(behind=0)
    told(story, what)
    assert story.error_s is None or abs(story.error_s) <= 30


@given(events, st.floats(-1e8, 1e8))
def test_the_error_is_never_said_to_be_greater_than_it_is(what: list[tuple[str, float, float]], behind: float) -> None:
    story = Story(behind)
    told(story, what)
    if story.error_s is not None:
        assert abs(story.error_s) <= abs(behind) + 60
        assert abs(story.error_s) <= 60 or (story.error_s > 0) == (behind > 0)


def test_one_stamp_is_no_witness_two_are() -> None:
    story = Story(behind=HOUR)
    story.stamped(ago=2)
    assert story.error_s is None
    story.stamped(ago=3)
    assert story.error_s == HOUR - 2


def test_one_foreign_centre_an_hour_off_convinces_nobody() -> None:
    story = Story(behind=0)
    story.stamped(ago=2)
    story.stamped(ago=2, wrong=HOUR)
    story.stamped(ago=3)
    assert story.error_s == -2


def test_old_texts_that_come_together_do_not_say_that_the_clock_is_ahead() -> None:
    story = Story(behind=0)
    for _ in range(5):
        story.stamped(ago=HOUR)
    assert story.error_s is None


def test_answers_say_that_it_is_ahead_however_late_their_reports_come() -> None:
    story = Story(behind=-HOUR)
    story.reported(took=4, ago=HOUR)
    assert story.error_s is None
    story.reported(took=4, ago=0)
    assert story.error_s is not None
    assert -HOUR - 5 < story.error_s < -HOUR + 5


def test_our_own_centre_is_believed_before_a_foreign_one() -> None:
    story = Story(behind=0)
    for _ in range(3):
        story.stamped(ago=1, wrong=HOUR)
    story.reported(took=4, ago=1)
    story.reported(took=4, ago=1)
    assert story.error_s == 0


def test_after_the_clock_was_set_right_what_was_heard_before_says_so() -> None:
    story = Story(behind=HOUR)
    story.stamped(ago=1)
    story.stamped(ago=1)
    now, ticks = story.now + HOUR * SECOND, story.ticks
    error = story.witnesses.error_us(now=now, ticks=ticks)
    assert error is not None
    assert abs(error) <= AGREE_US


def test_after_a_sleep_nothing_is_known() -> None:
    """The machine slept an hour, its ticks with it; then its clock was set."""
    story = Story(behind=0)
    story.reported(took=2, ago=1)
    story.reported(took=2, ago=1)
    assert story.witnesses.error_us(now=story.now + HOUR * SECOND, ticks=story.ticks) is None


def test_an_answer_measured_across_a_step_is_no_witness() -> None:
    witnesses = Witnesses()
    for _ in range(3):
        witnesses.answered(NOW, sim="sim-1", written_at=NOW, answered_at=NOW - HOUR * SECOND, now=NOW, ticks=0)
        witnesses.answered(NOW, sim="sim-1", written_at=NOW - HOUR * SECOND, answered_at=NOW, now=NOW, ticks=0)
    assert witnesses.error_us(now=NOW, ticks=0) is None


def test_two_texts_of_one_person_are_one_witness() -> None:
    story = Story(behind=0)
    for _ in range(3):
        story.stamped(ago=1, wrong=3 * HOUR, who="Anna")
    assert story.error_s is None


def test_one_answer_of_our_own_centre_is_enough_to_disbelieve_others() -> None:
    story = Story(behind=0)
    story.reported(took=4, ago=1)
    for _ in range(3):
        story.stamped(ago=1, wrong=3 * HOUR)
    assert story.error_s is None


@pytest.mark.parametrize("wrong", [-1200, -400, 1200])
def test_of_two_centres_that_differ_the_one_that_agrees_with_our_clock_is_right(wrong: float) -> None:
    story = Story(behind=0)
    for _ in range(4):
        story.reported(took=4, ago=1, sim="right")
        story.reported(took=4, ago=1, sim="wrong", wrong=wrong)
    assert story.error_s == 0
    for _ in range(20):
        story.reported(took=4, ago=1, sim="wrong", wrong=wrong)
    assert story.error_s == 0, "however much the other says"


def test_two_centres_that_differ_from_us_and_from_each_other_say_nothing_and_when_they_agree_our_clock_is_wrong() -> (
    None
):
    story = Story(behind=600)
    for _ in range(2):
        story.reported(took=4, ago=1, sim="one")
        story.reported(took=4, ago=1, sim="other", wrong=300)
    assert story.error_s is None
    story = Story(behind=600)
    for _ in range(2):
        story.reported(took=4, ago=1, sim="one")
        story.reported(took=4, ago=1, sim="other", wrong=20)
    assert story.error_s == 598


def test_a_centre_whose_clock_was_never_set_is_no_witness() -> None:
    story = Story(behind=0)
    for years in (-47, 53):  # 1980, and how its two digits may be read
        for _ in range(3):
            story.stamped(ago=1, wrong=years * 365.25 * 24 * HOUR)
            story.reported(took=4, ago=1, wrong=years * 365.25 * 24 * HOUR)
    assert story.error_s is None
