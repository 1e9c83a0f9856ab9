"""A silence by text: the phone proves it, whoever is on call agrees or is told, and it ends by itself or by a word."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from gatewayd.clock import SECOND
from gatewayd.store import journal
from tests.house import PEOPLE, House, play
from tests.scenarios.test_asked_duty import ANNA_AT_HOME, GATE, GERMAN_BEN, TWO_PHONES, change, code_in, said
from tests.scenarios.test_hand_over import TITLED, texts

DORA = "+447700900114"
WITH_DORA = PEOPLE + f'[[people]]\nname = "dora"\nfull_name = "Dora"\ndevices = [{{ number = "{DORA}" }}]\n'
SERVICES = """
[[services]]
name = "network"
policy = "default"
[[services]]
name = "db"
title = "Customer Database"
policy = "default"
[[services]]
name = "mail"
policy = "office"
[[policies]]
name = "office"
fallback = ["cara"]
[[policies.steps]]
page = ["cara"]
wait_s = 900
"""
UNTIL = "Sun 22 Nov 06:13"


async def silences(house: House) -> list[dict[str, Any]]:
    return list((await house.get("/api/v1/silences"))["silences"])


def told(house: House, event: str) -> list[dict[str, Any]]:
    lines = house.daemon.store.peek(journal.rows, limit=10_000)
    return [json.loads(line["facts"]) | json.loads(line["words"] or "{}") for line in lines if line["event"] == event]


async def anna_silences(house: House, words: str = "silence network 2h") -> str:
    """As far as it holds: she is on call. Returns what she is told."""
    code = code_in(await said(house, house.anna, words, "Reply yes"))
    return await said(house, house.anna, f"yes {code}", "is silenced until")


# --- by whoever is on call


def test_who_is_on_call_silences_a_service_by_a_code_and_the_backup_is_told(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        asks = await said(house, house.anna, "silence network 2h", "Reply yes")
        assert re.fullmatch(
            rf"Reply yes \d{{4}} and nothing of network pages anybody until {UNTIL}\. What still fires then does", asks
        )
        assert not await silences(house), "a text alone silences nothing"
        answer = await said(house, house.anna, f"yes {code_in(asks)}", "silenced until")
        ends = r"What still fires then pages\. To end it: unsilence network\. Ben told"
        assert re.fullmatch(rf"network is silenced until {UNTIL}\. {ends}", answer)
        news = await house.text(house.ben, "Anna has silenced")
        assert re.fullmatch(rf"Anna has silenced network until {UNTIL}\. To end it: unsilence network", news)
        (held,) = await silences(house)
        assert (held["services"], held["made_by"], held["reason"]) == (["network"], "anna", "by text")
        await house.alert()
        await house.alert("db1", service="db", summary="db1 full")
        await house.text(house.anna, "db1 full")
        assert not house.anna.texts("edge2"), "what fires is kept"
        assert (await house.incident())["held_for"] == "silence"
        (added,) = told(house, "silence_added")
        assert (added["by"], added["match"]) == ("anna", {"services": ["network"]})
        assert [line["outcome"] for line in told(house, "silence_settled")] == ["silenced"]

    play(tmp_path, story, policy=TITLED, modems=1, config=SERVICES)


def test_when_it_is_over_what_still_fires_pages(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await anna_silences(house, "silence network 10 min please")
        await house.alert()
        await house.alert("b", summary="edge3 down")
        await house.alert("b", status="resolved")
        await house.pass_time(500)
        assert not house.anna.texts("CRITICAL")
        await house.text(house.anna, "edge2 uplink down", 200)
        assert not house.anna.texts("edge3")

    play(tmp_path, story, policy=TITLED, modems=1, config=SERVICES)


def test_what_pages_already_stops_and_the_answer_names_it(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "10 CRITICAL")
        code = code_in(await said(house, house.anna, "silence 10 for 2 hours", "nothing of network pages"))
        answer = await said(house, house.anna, f"ok {code}", "silenced until")
        assert answer.endswith("To end it: unsilence network. Kept now: 10. Ben told")
        assert (await house.text(house.ben, "Anna has silenced")).endswith("Kept now: 10")
        await house.pass_time(1200)
        assert not house.ben.texts("CRITICAL"), "it no longer climbs"
        assert (await house.incident())["state"] == "open"
        answer = await said(house, house.anna, "unsilence 10", "pages again")
        assert answer == "network pages again. Now: 10"
        await house.until(lambda: len(house.anna.texts("10 CRITICAL")) == 2, 60)

    play(tmp_path, story, policy=TITLED, modems=1, config=SERVICES)


def test_what_somebody_has_taken_stays_theirs(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "10 CRITICAL")
        house.anna.reply("ok")
        await house.text(house.anna, "10 is yours")
        assert "Kept now" not in await anna_silences(house)
        assert (await house.incident())["state"] == "acknowledged"

    play(tmp_path, story, policy=TITLED, modems=1, config=SERVICES)


# --- by somebody else


def test_who_is_not_on_call_needs_the_yes_of_who_is(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        asks = await said(house, house.ben, "Silence Network until 6:00", "Reply yes")
        agree = "Anna, who is on call, is asked to agree to silence network until Sun 22 Nov 06:00"
        assert re.fullmatch(rf"Reply yes \d{{4}} and {agree}", asks)
        answer = await said(house, house.ben, f"yes {code_in(asks)}", "asked now")
        assert answer == "Anna is asked now. network pages as before until Anna agrees"
        question = await house.text(house.anna, "Ben asks")
        code = code_in(question)
        assert question == (
            f"Ben asks to silence network until Sun 22 Nov 06:00: it would page nobody. Reply yes {code} or no {code}"
        )
        assert not await silences(house)
        done = "network is silenced until Sun 22 Nov 06:00. What still fires then pages. To end it: unsilence network"
        assert await said(house, house.anna, f"yes {code}", "is silenced") == done
        assert await house.text(house.ben, "is silenced") == done
        (held,) = await silences(house)
        assert (held["made_by"], held["reason"]) == ("ben", "by text, agreed by Anna")

    play(tmp_path, story, policy=TITLED, modems=1, config=SERVICES)


@pytest.mark.parametrize("answer", ["no", "nothing", "gone"])
def test_without_that_yes_nothing_is_silenced_and_the_asker_hears_so(tmp_path: Path, answer: str) -> None:
    async def story(house: House) -> None:
        asks = await said(house, house.ben, "silence network 2h", "Reply yes")
        await said(house, house.ben, f"yes {code_in(asks)}", "Anna is asked now")
        code = code_in(await house.text(house.anna, "Ben asks"))
        if answer == "no":
            assert await said(house, house.anna, f"no {code}", "not silenced") == "network is not silenced"
            await house.text(house.ben, "Anna does not agree. network is not silenced")
        elif answer == "nothing":
            await house.pass_time(16 * 60)
            await house.text(house.ben, "Anna has not answered. network is not silenced")
            await said(house, house.anna, f"yes {code}", f"Code {code} is used or too old")
        else:
            await change(house, kind="override", rota="noc", person="cara", since="now", until="+2h")
            await said(house, house.anna, f"yes {code}", "Things have changed meanwhile")
            await house.text(house.ben, "Things have changed meanwhile, so network was not silenced")
        assert not await silences(house)
        await house.alert()
        await house.text(house.cara if answer == "gone" else house.anna, "10 CRITICAL")

    play(tmp_path, story, policy=TITLED, modems=1, config=SERVICES)


def test_a_bare_no_is_enough_when_nothing_else_is_asked(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        asks = await said(house, house.ben, "silence network 2h", "Reply yes")
        await said(house, house.ben, f"yes {code_in(asks)}", "Anna is asked now")
        await house.text(house.anna, "Ben asks")
        await house.pass_time(5)
        assert await said(house, house.anna, "no sorry", "not silenced") == "network is not silenced"
        await house.text(house.ben, "Anna does not agree")

    play(tmp_path, story, policy=TITLED, modems=1, config=SERVICES)


def test_a_bare_yes_is_asked_back(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        asks = await said(house, house.ben, "silence network 2h", "Reply yes")
        await said(house, house.ben, f"yes {code_in(asks)}", "Anna is asked now")
        code = code_in(await house.text(house.anna, "Ben asks"))
        await house.pass_time(5)
        assert code_in(await said(house, house.anna, "yes", "For network reply")) == code
        assert not await silences(house)
        await house.alert("db1", service="db")
        await house.text(house.anna, "10 CRITICAL")
        await said(house, house.anna, "ok", f"Which one? For 10 reply ok 10, for network ok {code}")
        await said(house, house.anna, "ok 10", "10 is yours")
        await said(house, house.anna, f"no {code}", "network is not silenced")

    play(tmp_path, story, policy=TITLED, modems=1, config=SERVICES)


# --- a sender can be forged


def test_a_forged_text_silences_nothing(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        home = house.street.add_phone(ANNA_AT_HOME, "Anna at home")
        asks = await said(house, house.anna, "silence network 2h", "Reply yes")
        code = int(code_in(asks))
        await said(house, home, f"yes {code}", "counts only from the phone that got it")
        house.stranger.send(GATE, f"yes {code}")
        wrong = [1000 + (code + n - 1000) % 9000 for n in (1, 2)]
        await said(house, house.anna, f"yes {wrong[0]}", "No incident of yours has code")
        await said(house, house.anna, f"yes {wrong[1]}", "Too many wrong codes")
        await house.pass_time(901)
        await said(house, house.anna, f"yes {code}", "is used or too old")
        await said(house, house.anna, "silence network 2h", "Too many wrong codes")
        await said(house, house.anna, "off", "Too many wrong codes")
        assert not house.ben.texts("")
        assert not await silences(house)
        await house.pass_time(3600)
        await said(house, house.anna, "silence network 2h", "Reply yes")

    play(tmp_path, story, policy=TITLED, people=TWO_PHONES, modems=1, config=SERVICES)


def test_asked_again_with_another_end_it_is_another_code(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        first = code_in(await said(house, house.anna, "silence network until 4:30", "Reply yes"))
        assert code_in(await said(house, house.anna, "silence network until 4:30", "Reply yes")) == first
        forged = code_in(await said(house, house.anna, "silence network 24h", "Reply yes"))
        assert forged != first, "who echoes the first has not read of a day"
        await said(house, house.anna, f"yes {first}", "is silenced until Sun 22 Nov 04:30")
        (held,) = await silences(house)
        assert held["until"].startswith("2026-11-22T04:30")

    play(tmp_path, story, policy=TITLED, modems=1, config=SERVICES)


def test_where_the_file_names_no_service_a_code_says_which(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        words = "No service that pages you has a name. Write silence CODE 2h, CODE being that of a page"
        assert await said(house, house.anna, "silence network 2h", "No service") == words
        assert await said(house, house.anna, "silence", "No service") == words
        await house.alert()
        await house.text(house.anna, "10 CRITICAL")
        await said(house, house.anna, "silence 10 2h", "Reply yes")

    play(tmp_path, story, policy=TITLED, modems=1)


def test_a_code_holds_for_ten_minutes_works_once_and_only_three_may_be_open(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        first = code_in(await said(house, house.anna, "silence network 2h", "Reply yes"))
        await said(house, house.anna, "silence db 2h", "Reply yes")
        await said(house, house.anna, "off", "Reply yes")
        await said(house, house.anna, "swap cara 18:00", "Too much is open already")
        await house.pass_time(700)
        await said(house, house.anna, f"yes {first}", "is used or too old")
        again = code_in(await said(house, house.anna, "silence network 2h", "Reply yes"))
        await said(house, house.anna, f"silence {again}", "network is silenced")
        await said(house, house.anna, f"yes {again}", "is used or too old")
        await said(house, house.anna, "silence network 1h", "network is silenced until Sun 22 Nov 06:2")
        assert len(await silences(house)) == 1

    play(tmp_path, story, policy=TITLED, modems=1, config=SERVICES)


def test_a_restart_in_the_middle_forgets_nothing(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        asks = await said(house, house.ben, "silence network 2h", "Reply yes")
        await house.crash()
        await house.wake()
        await said(house, house.ben, f"yes {code_in(asks)}", "Anna is asked now")
        code = code_in(await house.text(house.anna, "Ben asks"))
        await house.crash()
        await house.wake()
        await said(house, house.anna, f"yes {code}", "network is silenced")
        await house.crash()
        await house.wake()
        await house.alert()
        await house.pass_time(60)
        assert not house.anna.texts("CRITICAL")

    play(tmp_path, story, policy=TITLED, modems=1, config=SERVICES)


# --- what is not silenced


def test_what_cannot_be_silenced_is_said_in_plain_words(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        for words, answer in (
            ("silence", "Which service? Write silence SERVICE 2h. There are: network, db"),
            ("mute 2h", "Which service? Write silence SERVICE 2h. There are: network, db"),
            ("silence all 2h", "By text one service at a time is silenced, never everything. Nothing was changed"),
            ("silence * 2h", "By text one service at a time is silenced, never everything. Nothing was changed"),
            ("silence gatewayd 2h", "gatewayd is the gateway itself and is never silenced"),
            ("silence mail 2h", "mail does not page you, so you cannot silence it by text. Nothing was changed"),
            ("silence db", "For how long? Write silence db 2h or silence db until 18:00"),
            ("silence customer database until 6", "For how long? Write silence db 2h or silence db until 18:00"),
            ("silence db 30h", "24 hours at most by text, and never less than a minute. db was not silenced"),
            ("silence db until 24 dec 9:00", "24 hours at most by text, and never less than a minute. db was not"),
            ("silence netwrok 2h", "No service is called netwrok. Perhaps: network"),
            ("silence printer 2h", "No service is called printer. There are: network, db"),
            ("silence 77 2h", "No incident of yours has code 77"),
            ("unsilence db", "db is not silenced"),
            ("unmute", "Nothing is silenced"),
            ("silences", "Nothing is silenced"),
        ):
            await said(house, house.ben, words, answer)
        assert not {"silence_asked", "silence_added"} & set(house.events())

    own = SERVICES + '[self_report]\npolicy = "office"\n'
    play(tmp_path, story, policy=TITLED, modems=1, config=own)


def test_who_has_nothing_to_do_with_the_service_and_strangers_silence_nothing(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        dora = house.street.add_phone(DORA, "Dora")
        await said(house, dora, "silence network 2h", "network does not page you")
        await said(house, dora, "silence", "No service that pages you has a name")
        await anna_silences(house)
        await said(house, dora, "unsilence network", "network does not page you")
        assert re.fullmatch(rf"network until {UNTIL} \(Anna\)", await said(house, dora, "silences", "network until"))
        house.stranger.send(GATE, "unsilence network")
        await house.pass_time(30)
        assert len(await silences(house)) == 1

    play(tmp_path, story, policy=TITLED, people=WITH_DORA, modems=1, config=SERVICES)


@pytest.mark.parametrize(
    "words",
    ["silence is golden", "I will silence the pager on my desk", "noc was silent 2h", "speak to Ben", "mute point"],
)
def test_ordinary_sentences_are_asked_back(tmp_path: Path, words: str) -> None:
    async def story(house: House) -> None:
        await said(house, house.anna, words, "Not understood")
        assert not {"silence_asked", "silence_not_asked"} & set(house.events())

    play(tmp_path, story, policy=TITLED, modems=1, config=SERVICES)


# --- lifted and listed


def test_anybody_of_the_service_ends_it_at_once_and_those_concerned_are_told(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await anna_silences(house)
        await house.alert()
        await house.pass_time(30)
        answer = await said(house, house.cara, "unsilence network", "pages again")
        assert answer == "network pages again. Now: 10"
        await house.text(house.anna, "10 CRITICAL")
        news = await house.text(house.anna, "Cara has ended")
        assert news == "Cara has ended the silence of network: it pages again. Now: 10"
        assert not await silences(house)
        (ended,) = told(house, "silence_ended")
        assert ended["by"] == "cara"

    play(tmp_path, story, policy=TITLED, modems=1, config=SERVICES)


def test_an_unsilence_that_waited_does_not_end_what_was_made_since(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "registration", "stat": 0})
        await house.pass_time(5)
        house.cara.send(GATE, "unsilence network")
        await house.pass_time(240)
        await house.post("/api/v1/silences", {"services": ["network"], "until": "+3h", "reason": "move"})
        house.street.fault("modem1", {"kind": "registration", "stat": 1})
        await house.text(house.cara, "network is silenced until Sun 22 Nov 07:1", 300)
        assert len(await silences(house)) == 1

    play(tmp_path, story, policy=TITLED, modems=1, config=SERVICES)


def test_alone_the_word_ends_the_only_one_and_asks_which_of_two(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await anna_silences(house)
        await anna_silences(house, "mute the db until 6:00")
        lines = await said(house, house.ben, "silences?", "network until")
        assert re.fullmatch(rf"network until {UNTIL} \(Anna\); db until Sun 22 Nov 06:00 \(Anna\)", lines)
        await said(house, house.ben, "unsilence", "Which one? Reply unsilence SERVICE. Silenced: network, db")
        await said(house, house.ben, "unsilence Customer Database", "db pages again")
        await said(house, house.ben, "speak", "network pages again")
        assert not await silences(house)

    play(tmp_path, story, policy=TITLED, modems=1, config=SERVICES)


def test_one_of_the_operator_for_more_than_the_service_stays(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.post("/api/v1/silences", {"services": ["net*", "db"], "until": "+3h", "reason": "move"})
        wide = "network is silenced until Sun 22 Nov 07:12 by operator, not alone. Only the operator can end that"
        assert (await said(house, house.anna, "silence network 2h", "not alone")).replace("07:13", "07:12") == wide
        await said(house, house.anna, "unsilence network", "Only the operator can end that")
        await said(house, house.anna, "silences", "net*, db until Sun 22 Nov 07:1")
        await house.post("/api/v1/silences", {"services": ["mail"], "until": "+3h", "reason": "move"})
        await said(house, house.cara, "unsilence mail", "mail pages again")
        assert len(await silences(house)) == 1

    play(tmp_path, story, policy=TITLED, modems=1, config=SERVICES)


# --- nobody else is there


@pytest.mark.parametrize("known", [True, False], ids=["operator known", "no operator"])
def test_where_nobody_is_next_the_operator_is_told_until_it_is_over(tmp_path: Path, known: bool) -> None:
    async def story(house: House) -> None:
        code = code_in(await said(house, house.cara, "silence mail 30 min", "Reply yes"))
        answer = await said(house, house.cara, f"yes {code}", "mail is silenced")
        assert answer.endswith("The operator has been told" if known else "Nobody else has been told")
        if known:
            await house.text(house.ben, "10 INFO gatewayd: Cara has silenced mail until 2026-11-22 04:4")
            await house.pass_time(1900)
            await house.text(house.ben, "10 cleared")
        assert not house.anna.texts("")

    people = '[[policies]]\nname = "house"\nfallback = ["ben"]\n[[policies.steps]]\npage = ["ben"]\nwait_s = 900\n'
    own = SERVICES + (f'{people}[self_report]\npolicy = "house"\n' if known else "")
    play(tmp_path, story, policy=TITLED, modems=1, config=own)


def test_lifted_early_the_operator_hears_that_it_is_over(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        code = code_in(await said(house, house.cara, "silence mail 3h", "Reply yes"))
        await said(house, house.cara, f"yes {code}", "mail is silenced")
        await house.text(house.ben, "10 INFO gatewayd: Cara has silenced mail")
        await said(house, house.cara, "unsilence mail", "mail pages again")
        await house.text(house.ben, "10 cleared")

    people = '[[policies]]\nname = "house"\nfallback = ["ben"]\n[[policies.steps]]\npage = ["ben"]\nwait_s = 900\n'
    play(tmp_path, story, policy=TITLED, modems=1, config=f'{SERVICES}{people}[self_report]\npolicy = "house"\n')


# --- and in other words


def test_each_reads_it_in_his_own_language(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        asks = await said(house, house.ben, "stumm network bis morgen 3 Uhr bitte", "Antworte yes")
        assert asks.endswith("(hat Dienst) gefragt, ob network bis Mo 23. Nov 03:00 stumm sein darf")
        await said(house, house.ben, f"ja {code_in(asks)}", "Anna ist gefragt")
        code = code_in(await house.text(house.anna, "Ben asks to silence network until Mon 23 Nov 03:00"))
        await said(house, house.anna, f"yes {code}", "network is silenced")
        await house.text(house.ben, "network ist stumm bis Mo 23. Nov 03:00")
        await said(house, house.ben, "stumm aus network", "network ruft wieder")

    play(tmp_path, story, policy=TITLED, people=GERMAN_BEN, modems=1, config=SERVICES)


def test_with_a_quote_and_a_signature_behind_it(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        page = await house.text(house.anna, "10 CRITICAL")
        await said(house, house.anna, f"silence network 2h\n> {page}\n-- \nSent from my phone", "Reply yes")

    play(tmp_path, story, policy=TITLED, modems=1, config=SERVICES)


def test_a_service_that_no_file_names_is_silenced_by_its_incident(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert(service="Printers [3rd floor]")
        await house.text(house.anna, "10 CRITICAL")
        code = code_in(await said(house, house.anna, "silence 10 2h", "nothing of Printers [3rd floor] pages"))
        await said(house, house.anna, f"yes {code}", "Printers [3rd floor] is silenced")
        assert (await house.incident())["held_for"] == "silence"
        await house.alert("b", service="Printers 3", summary="another")
        await house.text(house.anna, "another")
        await said(house, house.anna, "silences", "Printers [3rd floor] until")
        await said(house, house.anna, "unsilence 10", "Printers [3rd floor] pages again. Now: 10")

    play(tmp_path, story, policy=TITLED, modems=1)


def test_one_who_comes_on_site_is_no_sign_and_a_silence_all_the_same(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await said(house, house.anna, "visit 2h", "On site until")
        await house.text(house.anna, "are you all right?", 2400)
        await house.pass_time(5)
        await said(house, house.anna, "silence network 2h", "Reply yes")
        await house.pass_time(1200)
        assert not house.ben.texts("has not answered"), "it was a sign of life as well"
        assert house.clock.now() > SECOND
        assert texts(house.anna)

    play(tmp_path, story, policy=TITLED, modems=1, config=SERVICES)
