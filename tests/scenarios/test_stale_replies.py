"""A reply is about what its writer could have read: how the fault stood then, not how it stands when the text comes.

The network keeps texts while a modem is away; the fault goes on meanwhile.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from gatewayd.clock import SECOND
from gatewayd.model import Incoming
from gatewayd.store import shown
from tests.tale import PHONES, Tale, policy, tell

ONE_BY_ONE = policy("anna 300", "ben 300")
TOGETHER = policy("anna ben 3000", "cara 300")
MONITOR = "/api/v1/intake/alertmanager"


def away(tale: Tale, modem: str = "modem1") -> None:
    tale.street.fault(modem, {"kind": "registration", "stat": 0})


def back(tale: Tale, modem: str = "modem1") -> None:
    tale.street.fault(modem, {"kind": "registration", "stat": 1})


async def group(tale: Tale, *summaries: str) -> None:
    labels = {"service": "network", "severity": "critical"}
    alerts = [
        {"status": "firing", "fingerprint": text, "labels": labels, "annotations": {"summary": text}}
        for text in summaries
    ]
    await tale.post(MONITOR, {"version": "4", "groupKey": "g1", "status": "firing", "alerts": alerts})


@pytest.mark.parametrize("word", ["done", "ok", "no 10", "done 10"])
def test_what_was_written_before_it_got_critical_does_nothing_to_it(tmp_path: Path, word: str) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("edge2", severity="error")
        await tale.hears("anna", "10 ERROR")
        await tale.minutes(1)
        away(tale)
        await tale.pass_time(5)
        tale.says("anna", word)
        await tale.minutes(1)
        await tale.fault("edge2", severity="critical")
        await tale.minutes(3)
        back(tale)
        await tale.hears("anna", "10 CRITICAL network: edge2 (again)", 120)
        verb = word.partition(" ")[0]
        assert await tale.hears("anna", "meanwhile") == f"10 got worse meanwhile: CRITICAL edge2. Reply {verb} 10"
        assert (await tale.incident())["state"] == "open"
        await tale.pass_time(20)
        tale.says("anna", "ok 10")
        await tale.hears("anna", "10 is yours")

    tell(tmp_path, story, ONE_BY_ONE)


def test_done_does_not_close_what_joined_after_it_was_written(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await group(tale, "h1 down")
        await tale.hears("anna", "Reply ok 10")
        tale.says("anna", "ok")
        await tale.hears("anna", "10 is yours")
        away(tale)
        await tale.pass_time(5)
        tale.says("anna", "done")
        await tale.minutes(2)
        await group(tale, "h1 down", "h2 down")
        await tale.hears("anna", "10 also CRITICAL: h2 down", 120)
        back(tale)
        told = await tale.hears("anna", "meanwhile", 180)
        assert told == "10 got worse meanwhile: CRITICAL h1 down (+1 more). Reply done 10"
        assert (await tale.incident())["state"] == "acknowledged", "it is Anna's, and h2 fires"
        await tale.pass_time(20)
        tale.says("anna", "done")
        await tale.hears("anna", "10 is closed")

    tell(tmp_path, story, TOGETHER, modems=2)


def test_done_does_not_close_what_joined_while_nobody_had_it(tmp_path: Path) -> None:
    """Its page said nothing of it. Who takes it hears how many there are."""

    async def story(tale: Tale) -> None:
        await group(tale, "h1 down")
        await tale.hears("anna", "Reply ok 10")
        away(tale)
        await tale.pass_time(5)
        tale.says("anna", "done")
        await tale.minutes(1)
        await group(tale, "h1 down", "h2 down")
        back(tale)
        await tale.hears("anna", "10 got worse meanwhile: CRITICAL h1 down (+1 more). Reply done 10", 180)
        assert (await tale.incident())["state"] == "open"

    tell(tmp_path, story, TOGETHER)


def test_an_ok_to_the_first_page_takes_it_after_the_same_page_has_come_again(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("edge2")
        await tale.hears("anna", "Reply ok 10")
        await tale.pass_time(20)
        away(tale)
        await tale.pass_time(5)
        tale.says("anna", "ok")
        await tale.hears("anna", "10 CRITICAL network: edge2 (again)", 600)
        back(tale)
        await tale.hears("anna", "10 is yours", 300)

    tell(tmp_path, story, policy("anna 60", "ben 60", more="repeat = 2\n"), modems=2)


def test_a_bare_ok_is_asked_back_when_one_of_two_has_got_worse(tmp_path: Path) -> None:
    """It may have meant the one as it was: the other is not taken for it."""

    async def story(tale: Tale) -> None:
        await tale.fault("edge2", severity="warning")
        await tale.fault("disk full", service="db")
        await tale.hears("anna", "disk full")
        await tale.minutes(1)
        away(tale)
        await tale.pass_time(5)
        tale.says("anna", "ok")
        await tale.minutes(1)
        await tale.fault("edge2", severity="critical")
        await tale.hears("anna", "10 CRITICAL network: edge2 (again)", 120)
        back(tale)
        await tale.hears("anna", "Which one?", 180)
        assert [(await tale.incident(n))["state"] for n in (1, 2)] == ["open", "open"]

    tell(tmp_path, story, TOGETHER, modems=2)


def test_whoever_is_not_paged_anew_can_take_what_has_got_worse(tmp_path: Path) -> None:
    """Ben had the page before; now it is asked of Anna again. Ben is awake, and it is a fault that nobody has."""

    async def story(tale: Tale) -> None:
        await tale.fault("edge2", severity="error")
        await tale.hears("ben", "10 ERROR", 400)
        await tale.fault("edge2", severity="critical")
        await tale.hears("anna", "10 CRITICAL")
        tale.says("ben", "done 10")
        await tale.hears("ben", "10 got worse meanwhile: CRITICAL edge2. Reply done 10")
        tale.says("ben", "ok 10")
        await tale.hears("ben", "10 is yours")

    tell(tmp_path, story, ONE_BY_ONE)


@pytest.mark.parametrize("bare", [True, False])
def test_of_two_texts_that_come_in_the_wrong_order_the_one_written_later_counts(tmp_path: Path, bare: bool) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("edge2")
        await tale.hears("anna", "Reply ok 10")
        await tale.minutes(1)
        written = tale.clock.now() // SECOND * SECOND
        await tale.pass_time(30)
        code = "" if bare else " 10"

        async def comes(words: str, stamp: int) -> None:
            await tale.daemon.inbox.received(Incoming("modem1", "sim1", PHONES["anna"], False, words, stamp, "00"))

        await comes("no" + code, written + 5 * SECOND)
        await tale.hears("anna", "10: passed on. Next: Ben")
        await comes("ok" + code, written)
        assert await tale.hears("anna", "later") == "10: your later text (no) counts. Reply ok 10 to change that"
        assert (await tale.incident())["state"] == "open", "Ben is asked"
        await tale.pass_time(20)
        tale.says("anna", "ok 10")
        await tale.hears("anna", "10 is yours")

    tell(tmp_path, story, ONE_BY_ONE)


def test_a_number_in_an_answer_that_only_holds_a_code_tells_nothing_of_that_one(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("rack110 is hot")
        await tale.hears("anna", "Reply ok 10")
        tale.says("anna", "ok")
        await tale.hears("anna", "10 is yours: rack110 is hot")
        told = {
            code: len(tale.daemon.store.peek(shown.answers, "anna", code, after=0)) for code in ("10", "11", "1", "0")
        }
        assert told == {"10": 1, "11": 0, "1": 0, "0": 0}

    tell(tmp_path, story, ONE_BY_ONE)
