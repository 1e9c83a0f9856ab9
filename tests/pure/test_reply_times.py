"""When a reply was written, and what its writer may have read by then."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from gatewayd.model import SECOND
from gatewayd.oncall.reply_times import (
    APART_US,
    OLD_US,
    READ_US,
    Heard,
    OnAir,
    Stamped,
    code_of_another,
    could_mean,
    shown_at,
    was_written_later,
    written_at,
)

NOW = 1_800_000_000 * SECOND
HOUR = 3600 * SECOND
a_delay = st.integers(0, 5 * SECOND)
an_error = st.one_of(st.integers(-14 * HOUR, 14 * HOUR), st.integers(-400 * 24 * HOUR, 400 * 24 * HOUR))


def stamp(written: int, error: int = 0) -> int:
    """As a centre writes it whose clock is wrong by so much: whole seconds."""
    return (written + error) // SECOND * SECOND


@given(waited=st.integers(0, OLD_US - 2 * SECOND), delays=st.lists(st.integers(0, 24 * HOUR), max_size=6))
def test_with_a_right_clock_a_text_that_waited_was_written_when_it_was(waited: int, delays: list[int]) -> None:
    earlier = [Heard(stamp(NOW - 10 - n), NOW - 10 - n + delay) for n, delay in enumerate(delays)]
    earlier = [one for one in earlier if one.came_at <= NOW]  # all of them came in one go, or soon after each other
    told = written_at(stamp(NOW - waited), NOW, earlier)
    assert NOW - waited <= told <= min(NOW, NOW - waited + SECOND)


@given(written=st.integers(NOW - OLD_US, NOW), error=an_error, delays=st.lists(a_delay, min_size=2, max_size=2))
def test_a_wrong_clock_is_learned_from_two_texts(written: int, error: int, delays: list[int]) -> None:
    one, two = (written - (n + 1) * 2 * APART_US for n in range(2))
    earlier = [Heard(stamp(one, error), one + delays[0]), Heard(stamp(two, error), two + delays[1])]
    told = written_at(stamp(written, error), written + SECOND, earlier)
    assert written - 15 * SECOND <= told <= written + SECOND


@given(error=st.integers(30 * SECOND, 14 * HOUR), delay=a_delay)
def test_a_clock_that_was_set_right_is_believed_again(error: int, delay: int) -> None:
    wrong = [Heard(stamp(NOW - n * HOUR, -error), NOW - n * HOUR) for n in (2, 3, 4)]
    prompt = Heard(stamp(NOW - HOUR), NOW - HOUR + delay)
    old = NOW - 30 * SECOND * 60
    assume(abs(NOW - old - error) > 20 * SECOND)  # what waited as long as the clock was wrong cannot be told from it
    assert old <= written_at(stamp(old), NOW, [prompt, *wrong]) <= old + SECOND


@given(error=st.integers(-14 * HOUR, 14 * HOUR), ago=a_delay)
def test_where_our_own_clock_is_known_to_be_wrong_stamps_are_right(error: int, ago: int) -> None:
    told = written_at(stamp(NOW - ago, error), NOW, our_error_us=error)
    assert told == NOW or abs(told - (NOW - ago)) <= SECOND or abs(error) <= 70 * SECOND


def test_a_text_without_a_stamp_or_with_an_absurd_one_was_written_when_it_came() -> None:
    assert written_at(None, NOW) == NOW
    assert written_at(stamp(NOW, -20 * 365 * 24 * HOUR), NOW) == NOW
    assert written_at(stamp(NOW, 50 * 365 * 24 * HOUR), NOW) == NOW


def test_three_texts_that_waited_for_one_modem_do_not_say_that_the_clock_is_wrong() -> None:
    earlier = [Heard(stamp(NOW - 1200 * SECOND + n * SECOND), NOW - n * SECOND) for n in (2, 4)]
    assert written_at(stamp(NOW - 1190 * SECOND), NOW, earlier) < NOW - 1100 * SECOND


@given(gone=st.integers(0, HOUR), reached=a_delay, told=a_delay, thinks=st.integers(READ_US, HOUR))
def test_an_ok_after_reading_counts_whatever_a_receipt_says(gone: int, reached: int, told: int, thinks: int) -> None:
    shown = NOW + gone + reached
    written = written_at(stamp(shown + thinks), shown + thinks + told)
    for page in (OnAir(1, NOW + gone, stamp(shown), shown + told), OnAir(1, NOW + gone)):
        assert could_mean(shown_at([page]), written)
        assert could_mean(shown_at([page]), written, reading_us=READ_US - 2 * SECOND)


@given(gone=st.integers(0, HOUR), thinks=a_delay)
def test_an_ok_in_the_same_breath_counts_too(gone: int, thinks: int) -> None:
    """Who has nothing else to answer may be as quick as he likes; the stamps have whole seconds."""
    shown = NOW + gone
    page = OnAir(1, shown, stamp(shown), shown + thinks)
    assert could_mean(shown_at([page]), written_at(stamp(shown + thinks), shown + thinks))


@given(hours=st.integers(1, 14), delay=st.integers(0, 20 * SECOND), witnessed=st.booleans())
def test_whole_hours_are_a_wrong_zone_where_nothing_vouches_for_the_clock(
    hours: int, delay: int, witnessed: bool
) -> None:
    came = NOW + delay
    told = written_at(stamp(NOW, -hours * HOUR), came, witnessed=witnessed)
    assert (told == came) is not witnessed


@given(waits=st.integers(0, 24 * HOUR), before=st.integers(5 * SECOND, HOUR), late=st.integers(0, HOUR))
def test_what_came_after_the_text_is_never_meant(waits: int, before: int, late: int) -> None:
    shown = NOW + waits
    page = OnAir(1, NOW, stamp(shown), shown + SECOND)
    written = shown - before
    assert not could_mean(shown_at([page]), written_at(stamp(written), max(written, shown) + late))


@given(gone=st.integers(0, HOUR), heard=st.integers(0, HOUR), done=st.integers(-10 * HOUR, 10 * HOUR))
def test_a_page_was_shown_between_the_answer_and_the_receipt(gone: int, heard: int, done: int) -> None:
    shown = shown_at([OnAir(1, NOW + gone, NOW + done, NOW + gone + heard)])
    assert shown is not None and NOW + gone <= shown <= NOW + gone + heard


def test_a_text_is_shown_when_all_of_it_is_there_and_an_incident_with_its_first_text() -> None:
    long = [OnAir(1, NOW, NOW + 2 * SECOND, NOW + HOUR), OnAir(1, NOW, NOW + 60 * SECOND, NOW + HOUR)]
    other = OnAir(2, NOW + 30 * SECOND)
    assert shown_at(long) == NOW + 61 * SECOND - 1
    assert shown_at([*long, other]) == NOW + 30 * SECOND
    assert shown_at([]) is None and not could_mean(None, NOW)


@given(ahead=an_error, apart=st.integers(1, 600), one_clock=st.booleans())
def test_two_stamps_tell_which_text_was_written_later_only_where_they_are_of_one_clock_or_right(
    ahead: int, apart: int, one_clock: bool
) -> None:
    this = Stamped("sim1", "anna", stamp(NOW - 700 * SECOND, ahead), NOW)
    later = Stamped("sim1" if one_clock else "sim2", "anna", (this.stamp or 0) + apart * SECOND, NOW - 30 * SECOND)
    written = NOW - 700 * SECOND
    right = 0 <= later.came_at - (later.stamp or 0) <= 60 * SECOND
    assert was_written_later(later, this, written) == (one_clock or (right and written < (later.stamp or 0)))
    assert not was_written_later(this, later, written) or not one_clock, "and never both"
    assert not was_written_later(later, this, NOW), "a stamp that is not believed says nothing"


@given(st.integers(0, 60 * HOUR), st.integers(0, 90 * HOUR), st.integers(-10 * HOUR, 90 * HOUR))
def test_a_code_is_of_another_until_that_has_rested(ended: int, rested: int, written: int) -> None:
    opened = ended + 24 * HOUR + rested
    of_another = code_of_another(ended, opened, written, rest_us=24 * HOUR)
    if of_another:
        assert written < ended + 24 * HOUR <= opened, "who wrote it cannot have read of the new one"
    if written <= ended:
        assert of_another


@given(st.integers(-9 * HOUR, 9 * HOUR), st.integers(0, HOUR))
def test_no_clock_that_is_set_keeps_a_prompt_reply_from_its_code(ended: int, after: int) -> None:
    assert not code_of_another(ended, 0, after, rest_us=24 * HOUR)
    assert not code_of_another(None, 0, after - HOUR, rest_us=24 * HOUR)
