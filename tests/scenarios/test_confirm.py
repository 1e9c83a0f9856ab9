"""A hand-over that wants to be confirmed: until then the outgoing engineer has the duty, and nobody is ever without."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from tests.house import House, play
from tests.scenarios.test_asked_duty import AT, SOON, code_in, on_call, outcomes, said
from tests.scenarios.test_hand_over import change, until
from tests.scenarios.test_rota import paged

CONFIRMED = SOON.replace('title = "NOC"\n', 'title = "NOC"\nconfirm = true\nconfirm_within_s = 1800\n')
THREE = CONFIRMED.replace('people = ["anna", "ben"]', 'people = ["cara", "anna", "ben"]').replace(
    '"04:30"', '["04:30", "05:30"]'
)

EVERYBODY = CONFIRMED.replace('page = ["rota:noc"]', 'page = ["rota:noc", "ben"]', 1)
DB = CONFIRMED[CONFIRMED.index("[[rotas]]") :].replace("noc", "db").replace("NOC", "DB")


async def asked(house: House) -> str:
    """Ben's turn begins. Returns what he is asked."""
    await until(house, AT + timedelta(seconds=2))
    return await house.text(house.ben, "Reply ok")


def test_the_outgoing_one_keeps_it_until_the_incoming_one_says_ok(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await until(house, AT - timedelta(minutes=5))
        await house.alert()
        await house.text(house.anna, "10 CRITICAL")
        house.anna.reply("ok")
        asks = await asked(house)
        assert asks == (
            f"Reply ok {code_in(asks)} and you have NOC until Mon 23 Nov 04:30. Anna keeps it until then. Open: 10"
        )
        await house.text(house.anna, "Ben is to take NOC. It stays with you until Ben confirms")
        held = await on_call(house)
        assert (held["person"], held["why"]) == ("anna", "until ben confirms the hand-over")
        await house.alert("b")
        await house.until(lambda: paged(house)[-1] == "anna")
        assert await said(house, house.ben, f"ok {code_in(asks)}", "You have NOC") == (
            "You have NOC until Mon 23 Nov 04:30. Open: 10, 47"
        )
        assert await house.text(house.anna, "has NOC") == "Ben has NOC now"
        held = await on_call(house)
        assert (held["person"], held["why"]) == ("ben", "their turn in 'weeks'")
        await house.alert("c")
        await house.until(lambda: paged(house)[-1] == "ben")
        assert outcomes(house) == ["confirmed"]
        assert house.events().count("hand_over") == 1

    play(tmp_path, story, policy=CONFIRMED, modems=1)


def test_a_bare_ok_confirms_when_nothing_else_is_open(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await asked(house)
        await said(house, house.ben, "ok", "You have NOC until Mon 23 Nov 04:30")
        assert (await on_call(house))["person"] == "ben"

    play(tmp_path, story, policy=CONFIRMED, modems=1)


def test_a_bare_ok_that_may_mean_a_page_is_asked_back(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        code = code_in(await asked(house))
        await house.alert()
        await house.text(house.ben, "10 CRITICAL", 400)
        await said(house, house.ben, "ok", f"Which one? For 10 reply ok 10, for NOC ok {code}")
        assert (await house.incident())["state"] == "open"
        await said(house, house.ben, f"ok 10 {code}", "10 is yours: edge2 uplink down. Anna told. You have NOC")

    play(tmp_path, story, policy=CONFIRMED, modems=1)


def test_silence_is_told_to_all_three_and_a_late_ok_still_counts(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        code = code_in(await asked(house))
        await house.pass_time(1_810)
        await house.text(house.anna, "Ben has not confirmed NOC. It stays with Anna")
        assert await house.text(house.ben, "You have not") == (
            f"You have not confirmed NOC, Anna keeps it. Reply ok {code} to take it"
        )
        await house.text(house.cara, "Ben has not confirmed NOC. It stays with Anna")
        assert (await on_call(house))["person"] == "anna"
        await house.alert()
        await house.until(lambda: paged(house) == ["anna"])
        await house.text(house.ben, "10 CRITICAL", 400)
        await said(house, house.ben, "ok", "10 is yours")
        await said(house, house.ben, f"ok {code}", "You have NOC")
        assert (await on_call(house))["person"] == "ben"

    play(tmp_path, story, policy=CONFIRMED, modems=1)


def test_a_no_leaves_it_where_it_is_and_on_takes_it_later(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await asked(house)
        await said(house, house.ben, "no", "Anna keeps NOC")
        await house.text(house.anna, "Ben has not confirmed NOC. It stays with Anna")
        await house.pass_time(3_600)
        assert (await on_call(house))["person"] == "anna"
        asks = await said(house, house.ben, "on", "Reply yes")
        await said(house, house.ben, f"yes {code_in(asks)}", "You have NOC")
        assert (await on_call(house))["person"] == "ben"
        await house.pass_time(60)
        assert len(house.ben.texts("Reply ok")) == 1

    play(tmp_path, story, policy=CONFIRMED, modems=1)


def test_who_never_confirms_is_followed_by_the_next_one(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await asked(house)
        await until(house, AT + timedelta(hours=1, seconds=-5))
        assert (await on_call(house))["person"] == "anna"
        await until(house, AT + timedelta(hours=1, seconds=5))
        await house.text(house.cara, "and you have NOC until Mon 23 Nov 04:30. Anna keeps it")
        assert (await on_call(house))["person"] == "anna"
        await said(house, house.ben, "ok", "Nothing is open for you")
        await said(house, house.cara, "ok", "You have NOC until Mon 23 Nov 04:30")
        assert (await on_call(house))["person"] == "cara"

    play(tmp_path, story, policy=THREE, modems=1)


def test_a_restart_over_the_hand_over_changes_nothing_of_it(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await until(house, AT - timedelta(seconds=30))
        await house.crash()
        await until(house, AT + timedelta(seconds=30))
        await house.wake()
        asks = await house.text(house.ben, "Reply ok")
        await house.crash()
        await house.wake()
        await house.pass_time(120)
        assert (await on_call(house))["person"] == "anna"
        assert len(house.ben.texts("Reply ok")) == 1
        await said(house, house.ben, f"ok {code_in(asks)}", "You have NOC")

    play(tmp_path, story, policy=CONFIRMED, modems=1)


def test_one_that_was_slept_through_is_asked_at_the_start(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await until(house, AT - timedelta(minutes=10))
        await house.crash()
        await until(house, AT + timedelta(minutes=30))
        await house.wake()
        await house.text(house.ben, "Reply ok")
        assert (await on_call(house))["person"] == "anna"

    play(tmp_path, story, policy=CONFIRMED, modems=1)


def test_what_somebody_decides_now_holds_at_once(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await change(house, kind="override", rota="noc", person="cara", since="now", until="+5m")
        await house.text(house.cara, "You are on call for NOC until Sun 22 Nov 04:18")
        assert (await on_call(house))["person"] == "cara"
        await house.text(house.anna, "Reply ok", 400)  # but its end is a hand-over like any other
        assert (await on_call(house))["person"] == "cara"
        await said(house, house.anna, "ok", "You have NOC until Sun 22 Nov 04:30")
        asks = await asked(house)
        await change(house, kind="override", rota="noc", person="cara", since="now", until="+2h")
        await house.until(lambda: len(house.cara.texts("You are on call for NOC")) == 2)
        assert (await on_call(house))["person"] == "cara"
        await said(house, house.ben, f"ok {code_in(asks)}", "Code")
        assert (await on_call(house))["person"] == "cara"

    play(tmp_path, story, policy=CONFIRMED, modems=1)


def test_who_is_absent_then_keeps_nothing(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await change(house, kind="absence", person="anna", since="04:30", until="+2d")
        await until(house, AT + timedelta(seconds=5))
        await house.text(house.ben, "You are on call for NOC")
        assert (await on_call(house))["person"] == "ben"

    play(tmp_path, story, policy=CONFIRMED, modems=1)


def test_a_reload_that_wants_no_confirmation_any_more_hands_over(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await asked(house)
        house.path.write_text(house.toml.replace("confirm = true\n", ""))
        assert await house.daemon.reload() == []
        await house.text(house.ben, "You are on call for NOC until Mon 23 Nov 04:30")
        assert (await on_call(house))["person"] == "ben"
        assert outcomes(house) == ["not needed any more"]

    play(tmp_path, story, policy=CONFIRMED, modems=1)


def test_off_before_the_confirmation_asks_the_one_who_should_have_it(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await asked(house)
        asks = await said(house, house.anna, "off", "Reply yes")
        await said(house, house.anna, f"yes {code_in(asks)}", "Ben is asked now")
        code = code_in(await house.text(house.ben, "Anna asks you"))
        await said(house, house.ben, f"yes {code}", "You have NOC")
        assert (await on_call(house))["person"] == "ben"
        await house.pass_time(120)
        assert outcomes(house) == ["agreed", "not needed any more"]

    play(tmp_path, story, policy=CONFIRMED, modems=1)


def test_an_ok_that_was_written_before_the_question_confirms_nothing(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await until(house, AT - timedelta(minutes=20))
        house.street.fault("modem1", {"kind": "registration", "stat": 0})
        await house.pass_time(5)
        house.ben.send("+447700900001", "ok")
        await until(house, AT + timedelta(seconds=2))
        await house.pass_time(60)
        house.street.fault("modem1", {"kind": "registration", "stat": 1})
        asks = await house.text(house.ben, "Reply ok", 300)
        code = code_in(asks)
        await house.text(house.ben, f"For NOC reply yes {code} or no {code}", 60)
        assert (await on_call(house))["person"] == "anna"
        await said(house, house.ben, "ok", "You have NOC until Mon 23 Nov 04:30")
        assert (await on_call(house))["person"] == "ben"

    play(tmp_path, story, policy=CONFIRMED, modems=1)


def test_a_bare_ok_to_two_questions_is_told_both_codes(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        first = code_in(await asked(house))
        own = code_in(await said(house, house.anna, "off", "Reply yes"))
        await said(house, house.anna, f"yes {own}", "is asked now")
        second = code_in(await house.text(house.ben, "asks you to take NOC"))
        told = await said(house, house.ben, "ok", "For NOC")
        assert told == f"For NOC reply yes {first} or no {first}. For NOC reply yes {second} or no {second}"
        assert (await on_call(house))["person"] == "anna"

    play(tmp_path, story, policy=CONFIRMED, modems=1)


def test_an_ok_that_crosses_somebody_elses_is_of_the_incident_and_confirms_nothing(tmp_path: Path) -> None:
    """Ben knows of both, and not that Anna was quicker."""

    async def story(house: House) -> None:
        await asked(house)
        await house.alert()
        await house.text(house.anna, "10 CRITICAL")
        await house.text(house.ben, "10 CRITICAL")
        await house.pass_time(20)
        house.anna.reply("ok")
        await house.pass_time(1)
        house.ben.reply("ok")
        await house.text(house.ben, "10 taken by Anna")
        await house.pass_time(60)
        assert (await on_call(house))["person"] == "anna"
        await said(house, house.ben, "ok", "You have NOC until Mon 23 Nov 04:30")

    play(tmp_path, story, policy=EVERYBODY, modems=1)


def test_an_ok_that_crosses_the_end_of_an_incident_confirms_nothing(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        code = code_in(await asked(house))
        await house.alert()
        await house.text(house.ben, "10 CRITICAL")
        await house.pass_time(20)
        await house.alert(status="resolved")
        await house.pass_time(1)
        await said(house, house.ben, "ok", f"For NOC reply yes {code}")
        assert (await on_call(house))["person"] == "anna"

    play(tmp_path, story, policy=EVERYBODY, modems=1)


def test_an_ok_to_a_page_that_came_just_before_the_question_takes_nothing_unasked(tmp_path: Path) -> None:
    """It was written to the page, and was heard after the question had gone out."""

    async def story(house: House) -> None:
        await until(house, AT - timedelta(seconds=40))
        await house.alert()
        await house.text(house.ben, "10 CRITICAL")
        await house.pass_time(10)
        house.street.fault("modem1", {"kind": "registration", "stat": 0})
        await house.pass_time(5)
        house.ben.send("+447700900001", "ok")
        code = code_in(await house.text(house.ben, "Open: 10", 90))
        house.street.fault("modem1", {"kind": "registration", "stat": 1})
        await house.text(house.ben, f"For 10 reply ok 10, for NOC ok {code}", 300)
        assert (await house.incident())["state"] == "open"
        assert (await on_call(house))["person"] == "anna"

    play(tmp_path, story, policy=EVERYBODY, modems=2)


def test_a_bare_ok_beside_two_questions_and_a_page_takes_none_of_them(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await asked(house)
        await house.text(house.ben, "you have DB")
        await house.alert()
        await house.text(house.ben, "10 CRITICAL")
        told = await said(house, house.ben, "ok", "Which one?")
        assert "For 10 reply ok 10" in told
        assert len(set(re.findall(r"\d{4}", told))) == 2
        assert (await house.incident())["state"] == "open"

    play(tmp_path, story, policy=EVERYBODY + DB, modems=1)
