"""A pager's hour: shared out so that nobody uses it up, and a critical first page always goes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gatewayd.delivery.allowance import HOUR_US, Held, Used, may_go
from gatewayd.model import SECOND, Priority

NOW = 10 * HOUR_US
hours = st.lists(
    st.builds(Used, at=st.integers(NOW - 2 * HOUR_US, NOW), about=st.sampled_from(("", "disk", "link"))), max_size=60
)
abouts = st.sampled_from(("", "disk", "link"))


def used_by(service: str, priority: Priority, per_hour: int, *, always_first: bool) -> list[Used]:
    """What a service gets that pages each second for five minutes."""
    used: list[Used] = []
    for second in range(300):
        at, first = NOW + second * SECOND, always_first or not used
        if may_go(used, about=service, priority=priority, first=first, per_hour=per_hour, now=at) is None:
            used.append(Used(at, service))
    return used


@given(hours, abouts, st.integers(1, 30))
def test_the_first_critical_page_always_goes(used: list[Used], about: str, per_hour: int) -> None:
    others = [one for one in used if one.about != about or not about]
    assert may_go(others, about=about, priority=Priority.CRITICAL, first=True, per_hour=per_hour, now=NOW) is None


@given(st.integers(1, 40))
def test_a_service_with_ever_new_critical_faults_leaves_a_quarter_to_the_others(per_hour: int) -> None:
    used = used_by("disk", Priority.CRITICAL, per_hour, always_first=True)
    assert len(used) == per_hour - per_hour // 4
    end = NOW + 301 * SECOND
    assert may_go(used, about="link", priority=Priority.CRITICAL, first=True, per_hour=per_hour, now=end) is None


@given(st.integers(4, 40))
def test_a_critical_service_that_flaps_leaves_a_quarter_to_the_others(per_hour: int) -> None:
    used = used_by("flap", Priority.CRITICAL, per_hour, always_first=False)
    assert len(used) == per_hour - per_hour // 4
    end = NOW + 301 * SECOND
    for first in (True, False):
        assert may_go(used, about="other", priority=Priority.CRITICAL, first=first, per_hour=per_hour, now=end) is None


@given(hours, abouts, st.sampled_from(list(Priority)), st.booleans(), st.integers(1, 30))
def test_what_is_held_may_go_when_it_was_told_to(
    used: list[Used], about: str, priority: Priority, first: bool, per_hour: int
) -> None:
    held = may_go(used, about=about, priority=priority, first=first, per_hour=per_hour, now=NOW)
    if isinstance(held, Held):
        assert NOW < held.until <= NOW + HOUR_US
        later = may_go(used, about=about, priority=priority, first=first, per_hour=per_hour, now=held.until)
        assert later is None or later.until > held.until


@given(st.integers(4, 40))
def test_one_flapping_service_leaves_room_for_the_others_and_for_what_is_critical(per_hour: int) -> None:
    used = used_by("flap", Priority.HIGH, per_hour, always_first=True)
    end = NOW + 301 * SECOND
    assert len(used) <= (per_hour - per_hour // 4) // 2 or len(used) == 1
    assert may_go(used, about="other", priority=Priority.HIGH, first=True, per_hour=per_hour, now=end) is None
    others = [*used, *[Used(NOW, "other")] * (per_hour - per_hour // 4 - len(used))]
    assert may_go(others, about="third", priority=Priority.HIGH, first=True, per_hour=per_hour, now=end) is not None
    assert may_go(others, about="third", priority=Priority.CRITICAL, first=False, per_hour=per_hour, now=end) is None


@given(hours, abouts, st.sampled_from([p for p in Priority if p != Priority.CRITICAL]), st.integers(1, 30))
def test_never_more_than_the_bureau_takes(used: list[Used], about: str, priority: Priority, per_hour: int) -> None:
    recent = [u for u in used if u.at > NOW - HOUR_US]
    if may_go(used, about=about, priority=priority, first=True, per_hour=per_hour, now=NOW) is None:
        assert len(recent) < per_hour
