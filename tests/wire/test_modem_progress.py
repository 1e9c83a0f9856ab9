"""Whether work gets done: what counts as trouble, and what is nobody's fault."""

from __future__ import annotations

from gatewayd.wire.modem_errors import Verdict
from gatewayd.wire.modem_progress import FAILED_S, FULL_S, LOST_S, REVIVED_FEW, REVIVED_MAX, REVIVED_S, Progress

GOOD = Verdict("accepted", reference="1")
BROKEN = Verdict("deferred", "ME failure", "cms 300", "message", 5.0, trouble="modem")
CROWDED = Verdict("deferred", "network out of order", "cms 38", "channel", 300.0, trouble="network")
NOBODY = Verdict("refused", "unassigned number", "cms 1", "recipient")


def test_three_faults_of_the_modem_in_a_row_are_a_trouble() -> None:
    progress = Progress()
    assert [progress.sent(verdict, 0.0) for verdict in (BROKEN, BROKEN, GOOD, BROKEN, BROKEN)] == [False] * 5
    assert progress.sent(BROKEN, 1.0)
    assert progress.sent(BROKEN, 2.0), "and each further one"
    assert not progress.sent(GOOD, 3.0)
    assert not progress.sent(BROKEN, 4.0)


def test_a_network_that_takes_nothing_is_a_trouble_only_after_a_while() -> None:
    progress = Progress()
    assert not any(progress.sent(CROWDED, now) for now in (0.0, 5.0, 15.0, 35.0, FAILED_S - 1))
    assert progress.sent(CROWDED, FAILED_S)
    assert not progress.sent(GOOD, FAILED_S + 1)


def test_two_texts_an_hour_apart_that_fail_prove_nothing() -> None:
    progress = Progress()
    assert not progress.sent(CROWDED, 0.0)
    assert not progress.sent(CROWDED, 3600.0)


def test_bad_numbers_say_nothing_of_the_modem() -> None:
    progress = Progress()
    assert not any(progress.sent(NOBODY, now * 60.0) for now in range(100))


def test_a_storage_that_stays_nearly_full_is_a_trouble() -> None:
    progress = Progress()
    assert not progress.looked(18, 20, 0.0)
    assert not progress.drained
    assert not progress.looked(2, 20, 60.0)
    assert progress.drained
    assert not progress.looked(20, 20, 120.0)
    assert progress.looked(16, 20, 120.0 + FULL_S)


def test_a_modem_that_tells_nothing_of_its_storage_is_not_full() -> None:
    progress = Progress()
    assert not any(progress.looked(used, size, 9999.0) for used, size in ((None, None), (3, 0), (None, 20)))


def test_notifications_that_get_lost_again_and_again_are_not_relied_upon_for_an_hour() -> None:
    progress = Progress()
    for now in (0.0, 600.0, 1200.0):
        assert not progress.polls(now)
        progress.notifications_lost(now)
    assert progress.polls(1200.0)
    assert not progress.polls(LOST_S)


def test_what_comes_up_again_and_again_is_restless_until_that_has_become_seldom() -> None:
    progress = Progress()
    for number in range(REVIVED_MAX - 1):
        progress.revived(300.0 * number)
    assert not progress.restless(300.0 * (REVIVED_MAX - 1))
    progress.revived(last := 300.0 * (REVIVED_MAX - 1))
    assert progress.restless(last)
    assert progress.restless(last - 300.0 * REVIVED_FEW + REVIVED_S)
    assert not progress.restless(last + REVIVED_S)


def test_one_that_begins_anew_once_a_day_is_not() -> None:
    progress = Progress()
    for day in range(3 * REVIVED_MAX):
        progress.revived(86_400.0 * day)
        assert not progress.restless(86_400.0 * day)
