"""Which page goes at once in a storm, which is folded, until when, and what the folded text says."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from gatewayd.model import SECOND
from gatewayd.oncall import answers, storm_words
from gatewayd.oncall.storms import Alone, Facts, Fold, StormSettings, ahead_us, calm, decide
from gatewayd.text import fit

NOW = 1_800_000_000 * SECOND
RULES = StormSettings()
LONDON, UTC = ZoneInfo("Europe/London"), ZoneInfo("UTC")


def after(decision: Alone | Fold) -> float:
    assert isinstance(decision, Fold)
    return (decision.until - NOW) / SECOND


def test_the_first_texts_go_at_once_and_the_next_one_is_folded() -> None:
    assert [calm(n, 0.0, RULES) for n in range(5)] == [True, True, True, False, False]
    assert isinstance(decide(Facts(critical=False, texts=2, told=False), RULES, NOW), Alone)
    assert after(decide(Facts(critical=False, texts=3, told=False), RULES, NOW)) == 120


@given(st.integers(0, 10_000), st.floats(0, 1e6), st.none() | st.integers(NOW, NOW + 60 * SECOND))
def test_the_first_critical_page_of_a_service_goes_at_once_always(
    texts: int, urgent_s: float, gathered: int | None
) -> None:
    facts = Facts(critical=True, texts=texts, told=False, gathered_until=gathered, folded_at=NOW, urgent_s=urgent_s)
    assert decide(facts, RULES, NOW) == Alone("the first critical page of its service")


def test_a_folded_critical_page_waits_less() -> None:
    assert after(decide(Facts(critical=True, texts=3, told=True), RULES, NOW)) == 20


def test_there_is_one_folded_text_per_window() -> None:
    facts = Facts(critical=True, texts=3, told=True, folded_at=NOW - 30 * SECOND)
    assert after(decide(facts, RULES, NOW)) == 90


def test_what_is_sooner_due_stays_so() -> None:
    facts = Facts(critical=False, texts=3, told=True, gathered_until=NOW + 5 * SECOND)
    assert after(decide(facts, RULES, NOW)) == 5


def test_while_something_is_gathered_nothing_overtakes_it() -> None:
    assert isinstance(decide(Facts(critical=False, texts=0, told=False, gathered_until=NOW), RULES, NOW), Fold)


def test_pages_of_one_fold_move_on_to_the_next_device_together_and_soon() -> None:
    assert after(decide(Facts(critical=True, texts=0, told=False, carried=True), RULES, NOW)) == 5


def test_while_the_air_is_busy_only_first_pages_go_alone() -> None:
    assert isinstance(decide(Facts(critical=False, texts=0, told=False, urgent_s=61), RULES, NOW), Fold)


@given(st.integers(-86_400, 86_400), st.booleans(), st.integers(3, 50))
def test_no_fold_waits_longer_than_a_window_whatever_the_clock_does(folded_s: int, critical: bool, texts: int) -> None:
    facts = Facts(critical=critical, texts=texts, told=True, folded_at=NOW + folded_s * SECOND)
    assert 0 < after(decide(facts, RULES, NOW)) <= RULES.window_s


def test_a_first_page_goes_before_what_was_queued_earlier() -> None:
    def rank(*, service: bool, device: bool, anything: bool = False, services: int = 1) -> int:
        return ahead_us(first_of_service=service, first_to_device=device, first_of_all=anything, services=services)

    of_service, to_device = rank(service=True, device=True), rank(service=False, device=True)
    assert of_service > to_device > rank(service=False, device=False) == 0
    knows_nothing = rank(service=False, device=True, anything=True, services=9)
    assert of_service > knows_nothing > rank(service=True, device=True, services=9) > to_device


# --- words


def more(services: dict[str, int], *, critical: int = 0, zone: ZoneInfo = UTC, shown: bool = True) -> str:
    return storm_words.more(services, critical=critical, since=NOW, zone=zone, words_shown=shown, language="en")


def test_what_a_folded_page_says() -> None:
    assert more({"net": 5, "db": 12}) == "17 more since 08:00 UTC: db 12, net 5. Reply ? for the list"
    assert more({"net": 5, "db": 12}, critical=3, zone=LONDON).startswith("17 more (3 critical) since 08:00: db")


def test_a_pager_without_words_never_shows_a_number_that_could_be_a_code() -> None:
    assert more({"db": 17}, shown=False).startswith("00-17 17 more")


@given(st.dictionaries(st.text(min_size=1, max_size=80), st.integers(1, 9_999), min_size=1, max_size=40))
def test_a_folded_page_is_one_segment_and_says_how_to_get_the_list(services: dict[str, int]) -> None:
    words = more(services, critical=1)
    assert len(fit(words, segments_max=10).segments) == 1
    assert words.startswith(str(sum(services.values())))
    assert words.endswith("Reply ? for the list")


def test_services_that_have_no_room_are_counted() -> None:
    assert more({f"service-{n:02}": 1 for n in range(40)}).endswith("in other services. Reply ? for the list")


def test_what_folded_news_says() -> None:
    def news(kind: str, codes: list[str], *by: str) -> str:
        return storm_words.news(kind, codes, by=by, language="en")

    assert news("cleared", ["12", "34"]) == "2 cleared: 12, 34"
    assert news("taken", ["12", "34"], "Anna") == "2 taken by Anna: 12, 34"
    assert news("taken", ["12", "34"], "Anna", "Ben") == "2 taken: 12, 34"
    long = news("cleared", [str(n) for n in range(1000, 1500)])
    assert len(fit(long, segments_max=10).segments) == 1
    assert long.endswith("more")


def test_whoever_takes_thousands_is_answered_in_one_segment() -> None:
    codes = [str(n) for n in range(10, 10_000)]
    words = answers.several_yours(codes)
    assert len(fit(words, segments_max=10).segments) == 1
    assert words.startswith("10, 11, 12")
    shown, left = words.removesuffix(" are yours").split(" +")
    assert len(shown.split(", ")) + int(left) == len(codes)
