"""The SIM: a PIN is worth one attempt, and its secrets stay where they are."""

from __future__ import annotations

import pytest

from gatewayd.wire.at import Kind, Result
from gatewayd.wire.modem_profile import Profile, Wishes, digest, sim_id
from gatewayd.wire.modem_sim import pin_tries_left, sim_state, unlock, which_card, which_subscriber
from gatewayd.wire.modem_steps import MayTryPin, PinResult, Unusable, WrongSim
from tests.wire.dialogue import Play, Table

ENTRY = 'AT+CPIN="1234"'
WISHES = Wishes(channel="m1", pin="1234")


def locked(changes: Table | None = None) -> Table:
    table: Table = {
        "AT+CPIN?": ["+CPIN: SIM PIN\nOK", "+CPIN: READY\nOK"],
        "AT+CPINR": "+CPINR: SIM PIN,3,3\nOK",
        ENTRY: "OK",
    }
    return table | (changes or {})


def test_a_good_pin_is_entered_once_and_its_mark_cleared() -> None:
    play = Play(locked())
    play.run(unlock(Profile(iccid_digest="card"), WISHES))
    assert play.said.count(ENTRY) == 1
    assert play.pin_results == [True]


@pytest.mark.parametrize("bad", ["+CME ERROR: 16", "+CME ERROR: 12", "ERROR"])
def test_a_bad_pin_is_entered_once_and_remembered(bad: str) -> None:
    play = Play(locked({"AT+CPIN?": "+CPIN: SIM PIN\nOK", ENTRY: bad}))
    with pytest.raises(Unusable) as refused:
        play.run(unlock(Profile(iccid_digest="card"), WISHES))
    assert refused.value.by_human
    assert play.said.count(ENTRY) == 1
    assert play.pin_results == [False]


def test_an_unanswered_pin_is_not_tried_again_and_stays_booked() -> None:
    play = Play(locked({"AT+CPIN?": "+CPIN: SIM PIN\nOK", ENTRY: None}))
    with pytest.raises(Unusable, match="did not answer to the PIN"):
        play.run(unlock(Profile(iccid_digest="card"), WISHES))
    assert play.said.count(ENTRY) == 1
    assert play.pin_results == []


def test_a_pin_whose_answer_was_lost_is_good_when_the_sim_is_ready() -> None:
    play = Play(locked({ENTRY: None}))
    play.run(unlock(Profile(iccid_digest="card"), WISHES))
    assert play.pin_results == [True]


def test_a_pin_that_failed_before_is_never_tried() -> None:
    play = Play(locked(), may_try_pin=False)
    with pytest.raises(Unusable, match="not tried again"):
        play.run(unlock(Profile(iccid_digest="card"), WISHES))
    assert ENTRY not in play.said


def test_the_last_attempt_is_left_to_a_human() -> None:
    play = Play(locked({"AT+CPINR": "+CPINR: SIM PIN,1,3\nOK"}))
    with pytest.raises(Unusable, match="1 PIN attempt left"):
        play.run(unlock(Profile(iccid_digest="card"), WISHES))
    assert ENTRY not in play.said
    assert not any(isinstance(step, MayTryPin) for step in play.steps)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("+CPIN: SIM PUK\nOK", "PUK"),
        ("+CME ERROR: 12", "PUK"),
        ("+CME ERROR: 10", "no SIM"),
        ("+CPIN: NOT INSERTED\nOK", "no SIM"),
        ("+CPIN: PH-NET PIN\nOK", "PH-NET PIN"),
        ("+CME ERROR: 13", "FAILURE"),
        ("+CME ERROR: SIM PUK required", "PUK"),
    ],
)
def test_what_only_a_human_can_mend(said: str, words: str) -> None:
    play = Play({"AT+CPIN?": said})
    with pytest.raises(Unusable, match=words) as refused:
        play.run(unlock(Profile(), WISHES))
    assert refused.value.by_human
    assert not any(text.startswith("AT+CPIN=") for text in play.said)


def test_without_a_configured_pin_none_is_entered() -> None:
    play = Play(locked())
    with pytest.raises(Unusable, match="none is configured"):
        play.run(unlock(Profile(), Wishes(channel="m1")))


def test_a_busy_sim_is_waited_for() -> None:
    play = Play({"AT+CPIN?": ["+CME ERROR: 14", "+CPIN: NOT READY\nOK", "+CPIN: READY\nOK"]})
    play.run(unlock(Profile(), WISHES))
    assert play.listened_s == 2.0


@pytest.mark.parametrize("said", ["+CPIN: READY\nOK", "+CPIN: SIM PIN2\nOK", "+CPIN: SIM PUK2\nOK"])
def test_states_in_which_texts_can_be_sent(said: str) -> None:
    Play({"AT+CPIN?": said}).run(unlock(Profile(), WISHES))


@pytest.mark.parametrize(
    ("vendor", "command", "answer", "left"),
    [
        ("huawei", "AT^CPIN?", "^CPIN: SIM PIN,,10,3,10,3\nOK", 3),
        ("cinterion", 'AT^SPIC="SC"', "^SPIC: 2\nOK", 2),
        ("sierra", "AT+CPINC?", "+CPINC: 3,3,10,10\nOK", 3),
        ("zte", "AT+ZPINPUK=?", "+ZPINPUK: 1,10\nOK", 1),
        ("telit", "AT#PCT", "#PCT: 3\nOK", 3),
        ("quectel", 'AT+QPINC="SC"', '+QPINC: "SC",3,10\nOK', 3),
        ("simcom", "AT+SPIC", "+SPIC: 3,10,3,10\nOK", 3),
        ("", "AT+CPINR", "+CPINR: SIM PIN,3,3\nOK", 3),
        ("nokia", "AT+CPINR", "+CPINR: SIM PIN,3,3\nOK", 3),
        ("", "AT+CPINR", "ERROR", None),
    ],
)
def test_counters_of_vendors(vendor: str, command: str, answer: str, left: int | None) -> None:
    play = Play({command: answer}, default="ERROR")
    assert play.run(pin_tries_left(Profile(vendor=vendor))) == left


def test_a_sim_has_a_name_that_does_not_tell_its_number() -> None:
    profile = Profile()
    play = Play({"AT+CCID": "ERROR", "AT+QCCID": "+QCCID: 8944110065000000001F\nOK", "AT+CIMI": "234150000000001\nOK"})
    play.run(which_card(profile))
    by_card = profile.sim
    play.run(which_subscriber(profile, WISHES))
    assert profile.sim == sim_id("234150000000001") != by_card
    assert "2341" not in profile.sim
    assert len(profile.iccid_digest) == 32
    assert "8944" not in profile.iccid_digest


def test_the_pin_is_in_no_representation() -> None:
    assert "1234" not in repr(WISHES)
    play = Play(locked())
    play.run(unlock(Profile(), WISHES))
    assert "1234" not in "".join(f"{step} {step!r}" for step in play.steps)


ICCID = "8944110065000000001"


@pytest.mark.parametrize("there", ["8944110065000000019", ""])
def test_a_pin_is_only_entered_into_the_sim_that_the_configuration_names(there: str) -> None:
    play = Play(locked())
    with pytest.raises(Unusable, match="PIN is not entered") as refused:
        play.run(unlock(Profile(iccid=there, iccid_digest=there), Wishes("m1", pin="1234", iccid=ICCID)))
    assert refused.value.by_human
    assert ENTRY not in play.said
    assert ICCID not in refused.value.reason
    play = Play(locked())
    play.run(unlock(Profile(iccid=ICCID + "5", iccid_digest="card"), Wishes("m1", pin="1234", iccid=ICCID)))
    assert play.pin_results == [True]


def test_a_pin_that_has_opened_one_sim_is_not_entered_into_another() -> None:
    play = Play(locked())
    play.sim_of_pin = "the other"
    with pytest.raises(Unusable, match="another SIM"):
        play.run(unlock(Profile(iccid_digest="card"), WISHES))
    assert ENTRY not in play.said
    assert not any(isinstance(step, MayTryPin) for step in play.steps)
    play = Play(locked())
    play.sim_of_pin = "card"
    play.run(unlock(Profile(iccid_digest="card"), WISHES))
    assert play.pin_results == [True]


def failed(counters: list[str | None], *, iccid_digest: str = "", opened: str = "") -> tuple[Play, Unusable]:
    """A PIN that is refused, with what the counter says before and after."""
    table: Table = {"AT+CPINR": [*counters], "AT+CPIN?": "+CPIN: SIM PIN\nOK", ENTRY: "+CME ERROR: 16"}
    play = Play(locked(table), default="ERROR")
    play.sim_of_pin = opened
    with pytest.raises(Unusable) as refused:
        play.run(unlock(Profile(iccid_digest=iccid_digest), WISHES))
    return play, refused.value


def left(number: int) -> str:
    return f"+CPINR: SIM PIN,{number},3\nOK"


@pytest.mark.parametrize(
    ("counters", "noted"),
    [([left(3), left(2)], 2), ([left(3), left(3)], None), (["ERROR", "ERROR"], None), ([left(3), "ERROR"], None)],
)
def test_what_a_failed_pin_leaves_is_noted_when_the_counter_moves(
    counters: list[str | None], noted: int | None
) -> None:
    """A counter that is read once at power-up, as some are, would allow one attempt after the other."""
    play, _ = failed(counters)
    assert [step.tries for step in play.steps if isinstance(step, PinResult)] == [noted]


def test_a_pin_that_has_opened_one_here_and_fails_is_told_as_sims_that_changed_places() -> None:
    unknown = digest("unknown SIM of", "m1")
    _, told = failed([left(3), left(2)], opened=unknown)
    assert isinstance(told, WrongSim)
    assert "changed places" in told.reason
    _, told = failed([left(3), left(2)])
    assert not isinstance(told, WrongSim)


def test_the_house_is_asked_with_the_tries_that_are_left() -> None:
    play = Play(locked(), may_try_pin=False)
    with pytest.raises(Unusable, match="here, in this SIM or in another one, before"):
        play.run(unlock(Profile(), WISHES))
    assert [step.tries for step in play.steps if isinstance(step, MayTryPin)] == [3]


def test_a_card_whose_number_is_learnt_later_is_not_another_one() -> None:
    play = Play(locked())
    play.sim_of_pin = digest("unknown SIM of", "m1")
    assert play.run(unlock(Profile(iccid_digest="card"), WISHES)) is True
    assert play.pin_results == [True]


@pytest.mark.parametrize(
    ("said", "iccid"),
    [
        ('+CRSM: 144,0,"984411006500000000F1"\nOK', "8944110056000000001"),
        ("+CRSM: 144,0,98441100650000000010\nOK", "89441100560000000001"),
        ('+CRSM: 105,130,""\nOK', ""),
        ("+CME ERROR: 11", ""),
        ('+CRSM: 144,0,"FFFFFFFFFFFFFFFFFFFF"\nOK', ""),
    ],
)
def test_the_file_of_the_sim_says_who_it_is_where_no_command_does(said: str, iccid: str) -> None:
    profile = Profile()
    Play({"AT+CRSM=176,12258,0,0,10": said}, default="ERROR").run(which_card(profile))
    assert profile.iccid == iccid


@pytest.mark.parametrize(
    ("said", "tries"), [('+CSIM: 4,"63C3"\nOK', 3), ("+CSIM: 4,63c1\nOK", 1), ('+CSIM: 4,"9000"\nOK', None)]
)
def test_the_sim_itself_tells_its_tries_where_no_command_does(said: str, tries: int | None) -> None:
    play = Play({'AT+CSIM=10,"0020000100"': said}, default="ERROR")
    assert play.run(pin_tries_left(Profile())) == tries


@pytest.mark.parametrize("whole", ["89441100650000000027", "8944110065000000001"])
def test_a_stick_that_leaves_the_check_digit_out_has_no_other_sim(whole: str) -> None:
    with_it, without = Profile(), Profile()
    Play({"AT+CCID": f"+CCID: {whole}\nOK"}).run(which_card(with_it))
    Play({"AT+CCID": f"+CCID: {whole[:-1]}\nOK"}).run(which_card(without))
    assert with_it.iccid_digest == without.iccid_digest
    other = Profile()
    Play({"AT+CCID": "+CCID: 8944110065000000099\nOK"}).run(which_card(other))
    assert other.iccid_digest != without.iccid_digest


def test_a_late_ok_behind_the_state_of_the_sim_answers_nothing_else() -> None:
    """Only the line came in time: before the next command it is made sure that nothing is owed."""
    dialogue = sim_state()
    step = next(dialogue)
    assert str(step) == "AT+CPIN?"
    step = dialogue.send(Result(Kind.OK, ("+CPIN: READY",)))
    assert str(step) == "AT+CMEE?"
    with pytest.raises(StopIteration) as told:
        dialogue.send(Result(Kind.OK, ("+CMEE: 1",), text="OK"))
    assert told.value.value == "READY"
