"""Receipts of a bureau that counts from 1, answers late or not at all, and writes numbers in its own way."""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random

import pytest

from tests.house import ANNA, BEN
from tests.scenarios.bureau_by_hand import RECEIPT, Bureau, Lodge, Submitted, parameter, play, report
from tests.scenarios.test_reload import reload

PAGER = "0047110"
PAGER_AS_SENT = f"short:{PAGER}"
PEOPLE = f"""
[[people]]
name = "anna"
devices = [{{ kind = "pager", number = "{PAGER}", channel = "north" }}, {{ number = "{ANNA}", channel = "north" }}]
[[people]]
name = "ben"
devices = [{{ number = "{BEN}", channel = "north" }}]
"""
POLICY = """
default_policy = "default"
[[policies]]
name = "default"
fallback = ["ben"]
[[policies.steps]]
page = ["anna"]
wait_s = 900
"""
OFFICE = {"people": PEOPLE, "policy": POLICY}


@pytest.mark.parametrize("fate", ["answered late", "link lost"])
def test_a_receipt_before_its_answer_is_nobody_elses(tmp_path: Path, fate: str) -> None:
    """The bureau counts 1, 2, 3; "16" is the hexadecimal of its message 10, which is another person's."""

    async def story(lodge: Lodge) -> None:
        bureau = lodge.bureau

        def answer(text: Submitted) -> None:
            if len(bureau.texts) < 16:
                text.answer(str(len(bureau.texts)))
            elif fate == "answered late":
                text.call.receipt(BEN, "16", text=text.text)
                asyncio.get_running_loop().call_later(0.5, text.answer, "16")
            else:
                text.call.hang_up()

        bureau.answering = answer
        for number in range(1, 17):
            to = BEN if number == 16 else ANNA
            await lodge.send(to, f"message number {number} of many", priority="critical")
        if fate == "link lost":
            await lodge.until(lambda: len(bureau.calls) == 2)
            await lodge.pass_time(2)
            bureau.call.receipt(BEN, "16", text="message number 16 of")
        await lodge.pass_time(120)
        assert await lodge.state(10) == "sent", "nothing was said of it"
        assert await lodge.state(16) == "delivered"
        assert len(bureau.texts) == 16, "nothing went twice"

    play(tmp_path, story, **OFFICE)


@pytest.mark.parametrize("state", ["DELIVRD", "UNDELIV"])
@pytest.mark.parametrize("to", [PAGER, ANNA])
@pytest.mark.parametrize("together", [True, False])
def test_a_receipt_and_its_answer_in_one_go(tmp_path: Path, state: str, to: str, together: bool) -> None:
    async def story(lodge: Lodge) -> None:
        def answer(text: Submitted) -> None:
            if together:
                text.answer("A-1")
            text.call.receipt(text.to, "A-1", state, text.text)
            if not together:
                text.answer("A-1")

        lodge.bureau.answering = answer
        await lodge.send(to if to == ANNA else f"short:{to}", "disk full")
        await lodge.pass_time(5)
        assert await lodge.state(1) == {"DELIVRD": "delivered", "UNDELIV": "undelivered"}[state]

    play(tmp_path, story, **OFFICE)


def test_a_lost_answer_of_a_pager_with_zeros_is_settled_by_its_receipt(tmp_path: Path) -> None:
    async def story(lodge: Lodge) -> None:
        lodge.bureau.answering = lambda text: text.call.hang_up()
        await lodge.alert()
        await lodge.until(lambda: len(lodge.bureau.calls) == 2)
        await lodge.pass_time(2)
        lodge.bureau.call.receipt(PAGER, "77", text=lodge.bureau.texts[0].text)
        await lodge.pass_time(100)
        assert await lodge.state(1) == "delivered"
        assert len(lodge.bureau.texts) == 1, "it was not called twice"

    play(tmp_path, story, **OFFICE)


def test_delivered_after_it_was_given_up(tmp_path: Path) -> None:
    async def story(lodge: Lodge) -> None:
        await lodge.send(BEN, "disk full")
        for said, state in (("EXPIRED", "undelivered"), ("DELIVRD", "delivered"), ("EXPIRED", "delivered")):
            lodge.bureau.call.receipt(BEN, "1", said, "disk full")
            await lodge.pass_time(1)
            assert await lodge.state(1) == state

    play(tmp_path, story, **OFFICE)


def british(to: str, status: str = "00", *, at: str = "2611220412") -> str:
    """As a large carrier wrote them: its time, when it took the message, error, both numbers, reserved."""
    return f"{status},{at},{at},000,{to},60000,"


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("esm", [4, 0])
def test_a_receipt_without_a_name_is_known_by_number_and_time(tmp_path: Path, together: bool, esm: int) -> None:
    async def story(lodge: Lodge) -> None:
        def answer(text: Submitted) -> None:
            if together:
                text.call.deliver(text.to, british(text.to), esm=esm)
            text.answer("A-1")

        lodge.bureau.answering = answer
        await lodge.send(BEN, "disk full")
        if not together:
            for status in ("01", "00"):
                await lodge.pass_time(1)
                assert await lodge.state(1) == "sent"
                lodge.bureau.call.deliver(BEN, british(BEN, status), esm=esm)
        await lodge.pass_time(5)
        assert await lodge.state(1) == "delivered"

    play(tmp_path, story, **OFFICE, settings="receipts_by_text = true")


FORMS = {
    "unknown state": lambda to: report("1", "NOROUTE", "CRITICAL"),
    "no name, no time": lambda to: "stat:DELIVRD err:000 text:CRITICAL",
    "commas": lambda to: british(to, "77"),
    "of another day": lambda to: british(to, at="2611200412"),
    "a word": lambda to: "ok",
    "standard": lambda to: report("nobodys", text="another one"),
}


PERSONS = ("a word", "no name, no time")  # without a mark they may be a person's


@pytest.mark.parametrize(("form", "esm"), [(f, e) for f in FORMS for e in (4, 0x20, 0) if e or f not in PERSONS])
@pytest.mark.parametrize("by_text", ["true", "false"])
def test_what_a_machine_says_is_never_a_reply(tmp_path: Path, form: str, esm: int, by_text: str) -> None:
    """Each text that it calls forth would have a receipt of the same kind, and so on for as long as both live."""

    async def story(lodge: Lodge) -> None:
        def answer(text: Submitted) -> None:
            text.answer(f"B{len(lodge.bureau.texts)}")
            text.call.deliver(text.to, FORMS[form](text.to), esm=esm)

        lodge.bureau.answering = answer
        await lodge.alert()
        await lodge.pass_time(60)
        assert len(lodge.bureau.texts) == 1
        assert [status for _, status in lodge.bureau.answers] == [0], "it was taken, and need not come again"
        assert (await lodge.incident())["state"] == "open"

    play(tmp_path, story, **OFFICE, settings=f"receipts_by_text = {by_text}")


@pytest.mark.parametrize("restarted", [True, False])
def test_a_bureau_is_asked_back_by_the_name_that_it_gave(tmp_path: Path, restarted: bool) -> None:
    async def story(lodge: Lodge) -> None:
        lodge.bureau.answering = lambda text: text.answer("00A1B2-1")
        await lodge.alert()
        await lodge.until(lambda: lodge.bureau.texts)
        await lodge.pass_time(1)
        if restarted:
            await lodge.crash()
            await lodge.wake()
        await lodge.post("/api/v1/incidents/1/ack", {"by": "ben"})
        await lodge.until(lambda: lodge.bureau.cancelled)
        assert lodge.bureau.cancelled == ["00A1B2-1"]

    play(tmp_path, story, **OFFICE, settings="recalls = true")


def odd_ids() -> list[str]:
    """What a bureau may call a text: 1 to 64 octets, any of them but NUL; no two are the same but for their case."""
    dice = Random(4)
    odd = [
        "a,b",
        "00AF,00B0",
        "a b",
        " z",
        "'x'",
        '"',
        "50%s",
        "\xb2",
        "\xdf",
        "\xe9,1",
        "0",
        "7" * 64,
        "\x85",
        "{1}",
        "k" * 65,
    ]
    return odd + [bytes(dice.choices(range(1, 256), k=length)).decode("latin-1") for length in range(3, 65, 12)]


@pytest.mark.parametrize(
    ("mode", "overtakes"),
    [*((mode, False) for mode in ("exact", "strip", "answer-hex", "receipt-hex", "auto")), ("auto", True)],
)
def test_a_bureau_may_name_its_texts_as_it_likes(tmp_path: Path, mode: str, overtakes: bool) -> None:
    """Every second text has a receipt, which says nothing but the name; the others are asked back by theirs."""
    names = odd_ids()

    async def story(lodge: Lodge) -> None:
        bureau = lodge.bureau

        def receipt(text: Submitted, name: str) -> None:
            more = parameter(0x1E, name.encode("latin-1") + b"\0") + parameter(0x427, b"\2")
            text.call.deliver(BEN, "", esm=RECEIPT, more=more)

        def answer(text: Submitted) -> None:
            number = len(bureau.texts) - 1
            if overtakes and number % 2:
                receipt(text, names[number])
            text.answer(names[number])

        bureau.answering = answer
        for number in range(len(names)):
            await lodge.send(BEN, f"message number {number} of many")
        for number, text in enumerate(bureau.texts):
            if number % 2 and not overtakes:
                receipt(text, names[number])
        await lodge.pass_time(5)
        states = [await lodge.state(number) for number in range(1, len(names) + 1)]
        assert states == ["delivered" if number % 2 else "sent" for number in range(len(names))]

    play(tmp_path, story, **OFFICE, settings=f'ids = "{mode}"')


def test_a_text_of_any_name_is_asked_back_by_it(tmp_path: Path) -> None:
    names = odd_ids()

    async def story(lodge: Lodge) -> None:
        pages: list[str] = []

        def answer(text: Submitted) -> None:
            if "CRITICAL" in text.text:
                pages.append(names[len(pages)])
                text.answer(pages[-1])
            else:
                text.answer("")

        lodge.bureau.answering = answer
        for number in range(len(names)):
            await lodge.alert(f"edge{number}", summary=f"edge{number} down", service=f"service{number}")
            await lodge.until(lambda number=number: len(pages) > number)  # type: ignore[misc]
            await lodge.pass_time(1)
            await lodge.post(f"/api/v1/incidents/{number + 1}/ack", {"by": "ben"})
        await lodge.pass_time(5)
        assert lodge.bureau.cancelled == [name for name in names if len(name) < 65], "65 signs fit into no cancel_sm"

    play(tmp_path, story, **OFFICE, settings="recalls = true", config="[storms]\npage_texts = 100\n")


def test_a_receipt_comes_by_the_other_address_of_the_same_account(tmp_path: Path) -> None:
    spare = Bureau()
    also = f"""
[[smpp]]
name = "spare"
account = "acme"
host = "127.0.0.1"
port = {spare.port}
system_id = "gateway"
reopen_s_max = 1
"""

    async def story(lodge: Lodge) -> None:
        await spare.open()
        try:
            await lodge.until(lambda: spare.calls, 60)
            await lodge.pass_time(1)
            await lodge.send(BEN, "disk full")
            spare.call.receipt(BEN, "1", "UNDELIV", "disk full")
            await lodge.pass_time(1)
            assert await lodge.state(1) == "undelivered"
        finally:
            await spare.close()

    play(tmp_path, story, **OFFICE, settings='account = "acme"', config=also)


def test_a_receipt_comes_after_the_bureau_has_moved(tmp_path: Path) -> None:
    new = Bureau()

    async def story(lodge: Lodge) -> None:
        await lodge.send(BEN, "disk full")
        await new.open()
        try:
            moved = lodge.toml.replace(f"port = {lodge.bureau.port}", f"port = {new.port}")
            await reload(lodge, moved)
            await lodge.until(lambda: new.calls, 60)
            await lodge.pass_time(1)
            new.call.receipt(BEN, "1", "UNDELIV", "disk full")
            await lodge.pass_time(1)
            assert await lodge.state(1) == "undelivered"
        finally:
            await new.close()

    play(tmp_path, story, **OFFICE)


def test_a_receipt_quotes_a_text_that_went_marked_because_nothing_could_be_written(tmp_path: Path) -> None:
    """Its answer is lost with the link, so that only the receipt's words say which text it is."""

    async def story(lodge: Lodge) -> None:
        bureau, books = lodge.bureau, lodge.daemon.store
        bureau.answering = lambda text: text.call.hang_up()
        await lodge.send(BEN, "the first of all texts", priority="low")
        await lodge.until(lambda: len(bureau.texts) == 1)  # and the link is down: what comes now waits for it
        urgent = {"to": BEN, "text": "disk is full", "channel": "north", "priority": "critical"}
        await lodge.post("/api/v1/messages", urgent)
        books._write.execute("PRAGMA query_only = ON")
        await lodge.until(lambda: len(bureau.texts) == 2)
        assert bureau.texts[1].text == "(rpt) disk is full"
        await lodge.pass_time(5)
        books._write.execute("PRAGMA query_only = OFF")
        await lodge.pass_time(5)
        assert [await lodge.state(number) for number in (1, 2)] == ["in_doubt", "in_doubt"]
        bureau.call.receipt(BEN, "77", text="(rpt) disk is full")
        await lodge.pass_time(5)
        assert [await lodge.state(number) for number in (1, 2)] == ["in_doubt", "delivered"]

    play(tmp_path, story, **OFFICE)


LONG = "The disk of the database is full, " * 8  # two parts


@pytest.mark.parametrize("quoting", [True, False])
@pytest.mark.parametrize(
    ("names", "said", "state", "repeated"),
    [
        ("77 78", "DELIVRD DELIVRD", "delivered", False),
        ("77 78", "DELIVRD UNDELIV", "undelivered", False),
        ("77", "DELIVRD", "in_doubt", True),
        ("77 77", "DELIVRD DELIVRD", "in_doubt", True),
        ("77 78 79", "DELIVRD DELIVRD DELIVRD", "delivered", False),
        ("77 78", "DELIVRD ACCEPTD", "in_doubt", True),
    ],
)
def test_two_parts_without_an_answer_have_two_receipts(
    tmp_path: Path, names: str, said: str, state: str, repeated: bool, quoting: bool
) -> None:
    """Each with a name that we were never told, and the words with which both begin, or none."""

    async def story(lodge: Lodge) -> None:
        bureau = lodge.bureau
        bureau.answering = lambda text: None
        await lodge.send(PAGER_AS_SENT, LONG, priority="high")
        await lodge.until(lambda: len(bureau.texts) == 2, 100)
        await lodge.pass_time(8)
        assert (len(bureau.texts), await lodge.state(1)) == (2, "in_doubt")
        bureau.answering = lambda text: text.answer(f"R{len(bureau.texts)}")
        for name, word in zip(names.split(), said.split(), strict=True):
            bureau.call.receipt(PAGER, name, word, LONG if quoting else "")
        await lodge.pass_time(3)
        assert await lodge.state(1) == state
        await lodge.pass_time(200)
        assert (len(bureau.texts) > 2) == repeated

    play(tmp_path, story, **OFFICE, settings="answer_wait_s = 5")


@pytest.mark.parametrize(
    ("said", "states"),
    [
        ("DELIVRD DELIVRD DELIVRD", ["delivered"] * 3),
        ("UNDELIV UNDELIV UNDELIV", ["undelivered"] * 3),
        ("DELIVRD UNDELIV DELIVRD", ["in_doubt"] * 3),
        ("DELIVRD DELIVRD", ["in_doubt"] * 3),
    ],
)
def test_three_texts_of_the_same_words_have_three_receipts(tmp_path: Path, said: str, states: list[str]) -> None:
    async def story(lodge: Lodge) -> None:
        bureau = lodge.bureau
        bureau.answering = lambda text: None
        for _ in states:
            await lodge.send(BEN, "disk full", priority="low")
        await lodge.pass_time(8)
        for number, word in enumerate(said.split()):
            bureau.call.receipt(BEN, f"R-{number}", word, "disk full")
        await lodge.pass_time(3)
        assert [await lodge.state(number) for number in (1, 2, 3)] == states

    play(tmp_path, story, **OFFICE, settings="answer_wait_s = 5")


def test_a_receipt_that_may_be_of_a_text_without_a_name_ends_no_doubt(tmp_path: Path) -> None:
    """The bureau took the first and gave it no name; of the two after it one was lost."""

    async def story(lodge: Lodge) -> None:
        bureau = lodge.bureau
        bureau.answering = lambda text: text.answer("") if len(bureau.texts) == 1 else None
        for _ in range(3):
            await lodge.send(BEN, "disk full", priority="low")
        await lodge.pass_time(8)
        for name in ("R-1", "R-2"):
            bureau.call.receipt(BEN, name, text="disk full")
        await lodge.pass_time(3)
        assert [await lodge.state(number) for number in (1, 2, 3)] == ["sent", "in_doubt", "in_doubt"]

    play(tmp_path, story, **OFFICE, settings="answer_wait_s = 5")


@pytest.mark.parametrize("account", ["acme", "another"])
def test_the_ok_of_a_pager_comes_by_the_other_address_of_the_same_account(tmp_path: Path, account: str) -> None:
    """At another account the same id is somebody else's pager."""
    spare = Bureau()
    also = (
        f'[[smpp]]\nname = "spare"\naccount = "{account}"\nhost = "127.0.0.1"\nport = {spare.port}\n'
        'system_id = "gateway"\nreopen_s_max = 1\n'
    )

    async def story(lodge: Lodge) -> None:
        await spare.open()
        try:
            await lodge.until(lambda: spare.calls, 60)
            await lodge.pass_time(1)
            await lodge.alert()
            await lodge.until(lambda: lodge.bureau.texts)
            spare.call.deliver(PAGER, "ok", ton=0)
            await lodge.pass_time(2)
            assert (await lodge.incident())["state"] == ("acknowledged" if account == "acme" else "open")
        finally:
            await spare.close()

    play(tmp_path, story, **OFFICE, settings='account = "acme"', config=also)
