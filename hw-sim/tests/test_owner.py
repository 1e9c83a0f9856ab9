"""People with a will of their own: when they read, what they write, and with which phone."""

import pytest
from hwsim.owner import STYLES, BadOwner, Owner, owner_of

ANNA, BEN, MODEM = "+447700900111", "+447700900112", "+447700900001"
QUESTION = "DISK FULL on db2, answer 42 if you have it"
EXPECTED = {
    "ack_code": "ACK 42",
    "ack": "ack",
    "ok": "ok",
    "ok_code": "ok 42",
    "code": "42",
    "spaced": "Ack 4 2",
    "shout": "OK!!! 42",
    "emoji": "👍 42",
    "foreign": "принято 42",
    "quoted": f"ok 42\n> {QUESTION}",
    "wrong_code": "ack 43",
    "auto": "I am driving and will answer later. (Automatic reply)",
    "stop": "STOP",
    "question": "what?",
}


def heard(street):
    return [entry["text"] for entry in street.ledger.accepted(MODEM)]


@pytest.mark.parametrize("style", sorted(STYLES))
def test_every_style_of_answer(run, street_of, terminal_of, style):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        street.own(ANNA, owner_of({"styles": [style], "code": r"answer (\d+)"}))
        await terminal.text(ANNA, QUESTION)
        await terminal.silence(4)
        assert heard(street) == [], "nobody reads within so little time"
        await terminal.silence(120)
        text = "".join(heard(street))
        assert text.startswith("ok 42 I saw it") if style == "long" else text == EXPECTED[style]

    run(story())


def test_a_share_of_people_never_answers(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        street.own(ANNA, Owner(replies=0.6, styles={"ok": 3.0, "stop": 1.0}))
        for number in range(200):
            await terminal.text(ANNA, f"alert {number}")
        await terminal.silence(600)
        answers = heard(street)
        assert len(answers) == pytest.approx(120, abs=25)
        assert answers.count("stop".upper()) == pytest.approx(30, abs=15)

    run(story())


def test_twice_to_another_number_and_from_another_phone(run, street_of, terminal_of):
    async def story():
        street = street_of()
        street.add_modem("modem2", "+447700900002")
        terminal = terminal_of(street)
        street.own(ANNA, Owner(twice=1.0))
        await terminal.text(ANNA, "code 7")
        await terminal.silence(200)
        assert heard(street) == ["ok 7", "ok 7"]
        street.own(ANNA, Owner(strays=1.0, to_other="+447700900002", from_other="+447700900199"))
        await terminal.text(ANNA, "code 8")
        await terminal.silence(200)
        assert [entry["from"] for entry in street.ledger.accepted("+447700900002")] == ["+447700900199"]

    run(story())


@pytest.mark.parametrize(
    ("hour", "left_h"), [(22, 0), (23, 8), (3, 4), (7, 0), (12, 0)],
)  # fmt: skip
def test_nights_have_their_hours(hour, left_h):
    assert Owner().night_left_s(hour * 3600.0, 0) == left_h * 3600
    assert Owner().night_left_s(hour * 3600.0 - 3600, 4) == left_h * 3600, "in the network's zone"
    assert Owner(night=("09:00", "17:30")).night_left_s(12 * 3600.0, 0) == 5.5 * 3600


def test_somebody_sleeps_until_the_morning(run, street_of, terminal_of):
    async def story():
        street = street_of()  # it is 22:13
        terminal = terminal_of(street)
        street.own(ANNA, Owner(sleeps=1.0))
        await terminal.silence(3600)
        await terminal.text(ANNA, "wake up 1")
        await terminal.silence(7 * 3600)
        assert heard(street) == []
        await terminal.silence(2 * 3600)
        assert heard(street) == ["ok 1"]

    run(story())


def test_two_people_answer_in_the_same_second(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        for number in (ANNA, BEN):
            street.own(number, Owner(reads_s=(10, 10), writes_s=(0, 0)))
            await terminal.text(number, "code 5")
        await terminal.silence(20)
        times = [entry["at"] for entry in street.ledger.accepted(MODEM)]
        assert len(times) == 2
        assert times[1] - times[0] < 1

    run(story())


def test_a_phone_is_away_by_schedule(run, street_of, terminal_of):
    async def story():
        street = street_of()
        terminal = terminal_of(street)
        anna = street.phones[ANNA]
        anna.away(60, 600, every_s=3600)
        seen = []
        for _ in range(3):
            await terminal.silence(300)
            seen.append(anna.on)
            await terminal.silence(3300)
            seen.append(anna.on)
        assert seen == [False, True] * 3

    run(story())


def test_the_same_seed_is_the_same_people(run, street_of, terminal_of):
    stories = []

    async def story():
        street = street_of(seed=5)
        terminal = terminal_of(street)
        street.own(ANNA, Owner(replies=0.5, styles=dict.fromkeys(STYLES, 1.0)))
        for number in range(20):
            await terminal.text(ANNA, f"alert {number}")
        await terminal.silence(600)
        stories.append([(entry["at"], entry["text"]) for entry in street.ledger.accepted(MODEM)])

    run(story())
    run(story())
    assert stories[0] == stories[1]
    assert stories[0]


@pytest.mark.parametrize(
    "wrong", [{"mood": 1}, {"styles": ["poem"]}, {"styles": []}, {"code": "("}, {"night": ["late", "early"]}]
)
def test_a_wrong_owner_is_told(wrong):
    with pytest.raises(BadOwner):
        owner_of(wrong)
