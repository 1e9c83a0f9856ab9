"""The bring-up, step by step, with each habit that a modem may have of its own."""

from __future__ import annotations

import pytest

from gatewayd.wire.modem_bringup import bring_up, look, radio_on, wake_up
from gatewayd.wire.modem_network import is_registration_answer, look_at_registration, look_at_signal, state_in_urc
from gatewayd.wire.modem_notify import parse_ranges
from gatewayd.wire.modem_profile import Profile, Wishes, digest
from gatewayd.wire.modem_steps import Escape, Gap, Listen, NoAnswer, PinResult, Unusable, watched
from tests.wire.dialogue import GOOD, Play, Table

WISHES = Wishes(channel="m1")


def up(changes: Table | None = None, wishes: Wishes = WISHES) -> tuple[Profile, Play]:
    play = Play(GOOD | (changes or {}))
    return play.run(bring_up(wishes)), play


def test_a_good_modem_is_up_without_needless_waits() -> None:
    profile, play = up()
    assert profile.vendor == "huawei"
    assert profile.storages == ("ME", "SM")
    assert profile.notify == (2, 1, 0, 1, 0)
    assert (profile.operator, profile.signal_dbm, profile.registration) == ("A, B", -77, "home")
    assert play.listened_s <= 0.05
    assert sum(isinstance(step, Escape) for step in play.steps) == 1


@pytest.mark.parametrize(
    ("changes", "forgiven"),
    [
        ({}, True),
        ({"AT+CIMI": "+CME ERROR: 11"}, False),  # +CPIN? was answered from memory
        ({"AT+CPIN?": None, "AT+CIMI": "ERROR"}, False),
        ({"AT+CPIN?": ["+CPIN: SIM PIN\nOK", "+CPIN: READY\nOK"]}, False),  # it was our own doing
    ],
)
def test_a_sim_that_is_open_by_other_hands_is_forgiven_what_failed(changes: Table, forgiven: bool) -> None:
    profile, play = up(changes, Wishes(channel="m1", pin="1234"))
    told = {step.iccid_digest for step in play.steps if isinstance(step, PinResult) and step.good and not step.pin_of}
    assert told == ({profile.iccid_digest, digest("unknown SIM of", "m1")} if forgiven else set())
    _, play = up(changes if forgiven else {})
    assert play.pin_results == [], "without a PIN there is nothing to forgive"


@pytest.mark.parametrize("busy", ["+CME ERROR: 14", "+CMS ERROR: 314", "ERROR", "OK", None])
def test_a_sim_that_is_busy_once_is_no_other_sim(busy: str | None) -> None:
    """After its PIN it says so for a while. Its budget, its reports and what is in doubt belong to its IMSI."""
    profile, _ = up()
    again, _ = up({"AT+CIMI": [busy, "234150000000001\nOK"]})
    assert again.sim == profile.sim


def test_a_sim_that_needs_long_is_waited_for_and_one_without_an_imsi_is_not() -> None:
    profile, _ = up()
    again, play = up({"AT+CIMI": ["+CME ERROR: 14"] * 12 + ["234150000000001\nOK"]})
    assert again.sim == profile.sim
    other, play = up({"AT+CIMI": "ERROR"})
    assert other.sim != profile.sim
    assert play.listened_s < 1.5


@pytest.mark.parametrize("error", ["+CME ERROR: 100", "ERROR", None])
def test_one_bad_answer_about_the_registration_says_nothing_of_the_network(error: str | None) -> None:
    """On LTE +CREG says "none" for ever: the modem must not rest because +CEREG was busy for a moment."""
    lte: Table = {"AT+CREG?": "+CREG: 2,0\nOK", "AT+CGREG?": "+CGREG: 2,0\nOK", "AT+CEREG=2": "OK"}
    profile, _ = up(lte | {"AT+CEREG?": "+CEREG: 2,1\nOK"})
    assert profile.registration == "home"
    for answers, state in (
        ([error, "+CEREG: 2,2\nOK"], "searching"),
        ("+CEREG: 2,1\nOK", "home"),
        (error, "home"),
        ("+CEREG: 2,2\nOK", "searching"),
        ("+CEREG: 2,1\nOK", "home"),
    ):
        Play(GOOD | lte | {"AT+CEREG?": answers}).run(look_at_registration(profile))
        assert profile.registration == state


def test_it_listens_before_it_says_anything_and_never_begins_with_a_command() -> None:
    _, play = up()
    assert isinstance(play.steps[0], Listen)
    assert isinstance(next(step for step in play.steps[1:] if not isinstance(step, Gap)), Escape)
    assert play.said[:2] == ["<ESC>", "AT"]


def test_the_first_at_may_be_swallowed() -> None:
    play = Play({"AT": [None, None, "OK"]})
    play.run(wake_up())
    assert play.said.count("AT") == 3


def test_a_modem_told_to_say_no_results_is_found_blind() -> None:
    play = Play({"AT": None, "ATQ0V1": "OK"})
    play.run(wake_up())
    assert play.said[-1] == "ATQ0V1"


def test_silence_means_close_and_open_again() -> None:
    with pytest.raises(NoAnswer):
        Play(default=None).run(wake_up())


def test_errors_in_words_where_numbers_are_refused() -> None:
    _, play = up({"AT+CMEE=1": "ERROR"})
    assert "AT+CMEE=2" in play.said


def test_the_radio_is_switched_on_only_when_it_is_off() -> None:
    _, play = up()
    assert "AT+CFUN=1" not in play.said
    play = Play({"AT+CFUN?": "+CFUN: 4\nOK"})
    play.run(radio_on())
    assert play.said == ["AT+CFUN?", "AT+CFUN=1"]


def test_an_identity_of_several_lines_with_prefix_and_quotes() -> None:
    profile, _ = up({"AT+CGMI": '+CGMI: "Telit"\nOK', "AT+CGMR": "Revision:1418B04\nSIM800L\nOK"})
    assert (profile.manufacturer, profile.revision) == ("Telit", "1418B04 SIM800L")
    assert profile.gap_s > 0.02


def test_a_modem_that_knows_only_the_old_identity_commands() -> None:
    profile, _ = up({"AT+CGMI": "ERROR", "AT+GMI": "SIMCOM_Ltd\nOK"})
    assert profile.vendor == "simcom"


def test_lte_registration_counts_though_creg_says_searching() -> None:
    profile, _ = up(
        {"AT+CREG?": "+CREG: 2,2\nOK", "AT+CGREG?": "ERROR", "AT+CEREG=2": "OK", "AT+CEREG?": "+CEREG: 2,1\nOK"}
    )
    assert profile.registered


def test_not_being_able_to_ask_is_not_being_unregistered() -> None:
    profile, _ = up(dict.fromkeys(("AT+CREG=2", "AT+CREG=1", "AT+CGREG=2", "AT+CGREG=1"), "ERROR"))
    assert profile.registration == "unknown"
    assert profile.registered


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("+CREG: 2,1", True),
        ('+CREG: 2,1,"00C3","1234",7', True),
        ("+CREG: 001,001", True),
        ("+CREG: 1,0,1", True),
        ("+CREG: 1", False),
        ('+CREG: 1,"00C3","1234"', False),
        ("+CREG: 2,,", False),
    ],
)
def test_registration_answers_and_news(line: str, answer: bool) -> None:
    assert is_registration_answer(line) is answer


def test_states_in_registration_news() -> None:
    assert [state_in_urc(f"+CREG: {n}") for n in (0, 1, 2, 3, 5, 6, 7)] == [
        "none", "home", "searching", "denied", "roaming", "home", "roaming",
    ]  # fmt: skip
    assert state_in_urc('+CEREG: 5,"1A2B","01A2D101",7') == "roaming"
    for unclear in ("+CREG: ", "+CREG:", "+CREG: x", "+CREG: 77", "+CREG: 1,2", "+CREG:\xb3"):
        assert state_in_urc(unclear) == "unknown"


@pytest.mark.parametrize(
    ("csq", "cesq", "dbm"),
    [
        ("+CSQ: 0,0", "", -113),
        ("+CSQ: 31,0", "", -51),
        ("+CSQ: 99,99", "+CESQ: 99,99,255,255,20,46", -95),
        ("+CSQ: 99,99", "+CESQ: 99,99,255,255,255,255", None),
        ("+CSQ: 117,0", "+CESQ: 1", None),
    ],
)
def test_signal(csq: str, cesq: str, dbm: int | None) -> None:
    profile = Profile()
    Play({"AT+CSQ": f"{csq}\nOK", "AT+CESQ": f"{cesq}\nOK"}).run(look_at_signal(profile))
    assert profile.signal_dbm == dbm


def test_a_missing_service_centre_is_written_from_the_configuration() -> None:
    wishes = Wishes(channel="m1", smsc="+447700900111")
    for empty in ('+CSCA: "",129\nOK', "OK", "+CMS ERROR: 330"):
        profile, play = up({"AT+CSCA?": empty}, wishes)
        assert 'AT+CSCA="+447700900111",145' in play.said
        assert profile.smsc == "+447700900111"


def test_pdu_mode_is_asked_for_until_the_sim_is_loaded() -> None:
    _, play = up({"AT+CMGF=0": ["+CMS ERROR: 314", "ERROR", "OK"]})
    assert play.said.count("AT+CMGF=0") == 3


def test_a_modem_that_insists_on_acknowledgements_stores_its_reports() -> None:
    profile, play = up({"AT+CSMS=0": "ERROR", "AT+CSMS?": "+CSMS: 1,1,1,1\nOK", "AT+CNMI?": "+CNMI: 2,1,0,2,0\nOK"})
    assert profile.acknowledges
    assert "AT+CNMI=1,1,0,2,0" in play.said
    assert "AT+CNMI=2,1,0,1,0" not in play.said


def test_a_mode_that_is_advertised_and_refused() -> None:
    """Qualcomm: it says it can buffer (mode 2) and then only takes mode 1."""
    profile, play = up({"AT+CNMI=2,1,0,1,0": "+CMS ERROR: 303", "AT+CNMI?": "+CNMI: 1,1,0,1,0\nOK"})
    assert profile.notify == (1, 1, 0, 1, 0)
    assert "AT+CNMI=1,1,0,1,0" in play.said


def test_a_setting_that_is_accepted_and_not_kept() -> None:
    profile, _ = up({"AT+CNMI?": ["+CNMI: 2,0,0,0,0\nOK", "+CNMI: 1,1,0,1,0\nOK"]})
    assert profile.notify == (1, 1, 0, 1, 0)


def test_cinterion_wants_its_own_buffer_value_and_stores_reports() -> None:
    said = {"AT+CNMI=?": "+CNMI: (0,1,2),(0,1),(0,2),(0,2),(1)\nOK", "AT+CNMI?": "+CNMI: 2,1,0,2,1\nOK"}
    profile, play = up({"AT+CGMI": "Cinterion\nOK"} | said)
    assert profile.notify == (2, 1, 0, 2, 1)
    assert "AT+CNMI=2,1,0,2,1" in play.said


def test_a_modem_that_notifies_of_nothing_is_polled() -> None:
    table = {f"AT+CNMI={values}": "ERROR" for values in ("1,1", "2,1,0,1", "2,1,0,1,0")}
    play = Play(GOOD | table | {"AT+CNMI=?": "ERROR", "AT+CNMI?": "+CNMI: 0,0,0,0,0\nOK"})
    assert play.run(bring_up(WISHES)).notify == ()


def test_ranges() -> None:
    assert parse_ranges("+CNMI: (0-2),(0,1,3),(0,2-3),(1),()") == [{0, 1, 2}, {0, 1, 3}, {0, 2, 3}, {1}, set()]
    assert parse_ranges("+CNMI: (0-99999999999)") == [set()]


@pytest.mark.parametrize("said", ["+CPMS: (),(),()\nOK"])
def test_a_device_without_storage_is_refused_politely(said: str) -> None:
    with pytest.raises(Unusable, match="no SMS storage") as refused:
        up({"AT+CPMS=?": said})
    assert refused.value.by_human


def test_the_look_finds_a_lost_set_up() -> None:
    profile, _ = up()
    assert Play(GOOD).run(look(profile)) is True
    assert Play(GOOD | {"AT+CNMI?": "+CNMI: 2,0,0,0,0\nOK"}).run(look(profile)) is False
    with pytest.raises(NoAnswer):
        Play(default=None).run(look(profile))


def test_commands_that_a_modem_does_not_know_stop_nothing() -> None:
    essential = {
        text: answer for text, answer in GOOD.items() if text not in {"AT+CSQ", "AT+COPS?", "AT+CGMI", "AT+CIMI"}
    }
    play = Play(
        essential | {'AT+CPMS="ME","ME","ME"': "+CPMS: 0,5,0,5\nOK", "AT": "OK", "AT+CMGF=0": "OK"}, default="ERROR"
    )
    play.table["AT+CNMI=2,1,0,1,0"] = "OK"
    profile = play.run(bring_up(WISHES))
    assert profile.sim.startswith("sim-")
    assert profile.signal_dbm is None


def test_a_modem_that_dies_on_the_way_is_not_asked_everything() -> None:
    """Each command alone would be waited for; forty of them are minutes."""
    silent = {text: None for text in GOOD if text not in {"AT+CGMI", "AT+CGMM"}}
    play = Play(GOOD | silent | {"AT": ["OK", None]}, default=None)
    with pytest.raises(NoAnswer):
        play.run(watched(bring_up(WISHES)))
    assert len(play.said) < 8


def test_one_command_without_an_answer_stops_nothing() -> None:
    play = Play(GOOD | {"AT+CIMI": None, "AT+COPS?": None})
    assert play.run(watched(bring_up(WISHES))).storages == ("ME", "SM")
