"""The table of families: who is who, and that nothing in it is out of reach."""

from __future__ import annotations

import pytest

from gatewayd.wire.modem_bringup import bring_up
from gatewayd.wire.modem_profile import Profile, Wishes, same_card, same_imei
from gatewayd.wire.modem_steps import NoTexts, Unusable, WrongModem
from gatewayd.wire.profiles import ALL, BY_NAME, GENERIC, habits_of, habits_of_usb
from tests.wire.dialogue import GOOD, Play, Table


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("huawei E173", "huawei"),
        ("ZTE INCORPORATED K3565-Z", "zte"),
        ("SIMCOM_Ltd SIMCOM_SIM800L", "simcom"),
        ("SIMCOM INCORPORATED SIMCOM_SIM7600E-H", "simcom"),
        ("Quectel EC25", "quectel"),
        ("Telit LE910C1-EUX", "telit"),
        ("Gemalto EHS6", "cinterion"),
        ("SIEMENS TC35i", "siemens"),
        ("WAVECOM MODEM MULTIBAND  900E  1800", "wavecom"),
        ("u-blox SARA-U201", "u-blox"),
        ("Sierra Wireless, Incorporated MC7304", "sierra"),
        ("Nordic Semiconductor ASA nRF9160", "nordic"),
        ("Nokia N79", "nokia"),
        ("Neoway M590", "generic"),
        ("", "generic"),
    ],
)
def test_who_is_who(words: str, name: str) -> None:
    assert habits_of(words).name == name


def test_each_family_is_found_by_its_own_names_and_its_usb_id() -> None:
    for habits in ALL:
        assert [habits_of(maker) for maker in habits.makers] == [habits] * len(habits.makers)
        assert BY_NAME[habits.name] is habits
        if habits.usb:
            assert habits_of_usb(habits.usb.upper()) is habits
    assert habits_of_usb("046d") is GENERIC


ANY = Wishes("m1")


def up(changes: Table, wishes: Wishes = ANY) -> tuple[Profile, Play]:
    profile, play = Profile(), Play(GOOD | changes)
    play.run(bring_up(wishes, profile))
    return profile, play


@pytest.mark.parametrize("answer", ["OK", "ERROR", "+CME ERROR: 4", "COMMAND NOT SUPPORT"])
@pytest.mark.parametrize(
    ("maker", "command"),
    [
        ("huawei", "AT^CURC=0"),
        ("ZTE INCORPORATED", "AT+ZOPRT=5"),
        ("Quectel", "AT+QIURC=0"),
        ("SIMCOM INCORPORATED", "AT+CIURC=0"),
    ],
)
def test_a_chatty_family_is_told_to_be_quiet_and_need_not_obey(maker: str, command: str, answer: str) -> None:
    profile, play = up({"AT+CGMI": f"{maker}\nOK", command: answer})
    assert play.said.count(command) == 1
    assert profile.notify


def test_a_family_is_spoken_to_in_its_own_way() -> None:
    profile, play = up({"AT+CGSN": "867962041234567\nOK"})
    assert "AT^CURC=0" in play.said
    assert play.said.index("AT^ICCID?") < play.said.index("AT+CCID")
    assert next(said for said in play.said if said.startswith("AT+CNMI=") and said[-1] != "?").startswith("AT+CNMI=1,")
    assert (profile.imei, profile.identity()["imei"]) == ("867962041234567", "...4567")
    assert "867962041234567" not in repr(profile)
    _, play = up({"AT+CGMI": "WAVECOM MODEM\nOK", "AT+CSQ": "+CSQ: 99,99\nOK"})
    assert not any("CEREG" in said or "CESQ" in said or "CURC" in said for said in play.said)


@pytest.mark.parametrize("said", ["867962041234567\nOK", '+CGSN: "867962041234567"\nOK', "8679620412345601\nOK"])
def test_another_modem_than_the_one_that_is_wanted_is_left_alone(said: str) -> None:
    with pytest.raises(WrongModem, match=r"another modem \(IMEI \.\.\.\d{4}\) is on this port") as refused:
        up({"AT+CGSN": said}, Wishes("m1", pin="1234", imei="490154203237518"))
    assert not refused.value.by_human
    profile, _ = up({"AT+CGSN": said}, Wishes("m1", imei="867962041234567"))
    assert profile.notify


def test_a_device_that_keeps_its_texts_is_refused_once_and_politely() -> None:
    profile = Profile()
    play = Play(GOOD | {"AT+CGMI": "Nokia\nOK", "AT+CPMS=?": "+CPMS: (),(),()\nOK"})
    with pytest.raises(NoTexts, match="no SMS storage over this port: a Series 60 phone") as refused:
        play.run(bring_up(Wishes("m1"), profile))
    assert refused.value.by_human
    assert refused.value.again_s >= 600
    assert profile.manufacturer == "Nokia"


def test_a_port_that_answers_and_knows_no_texts_says_so() -> None:
    with pytest.raises(NoTexts, match=r"knows no texts: \+CMGF=0 gives ERROR"):
        up({"AT+CMGF=0": "ERROR"})


def test_numbers_are_the_same_without_what_is_no_part_of_them() -> None:
    assert same_imei("490154203237518", "4901542032375101")  # IMEI with its check digit, IMEISV
    assert same_card("8944110065000000001", "894411006500000000")
    assert not same_card("8944110065000000001", "8944110065000000019"[:17] + "99")


def test_a_sim_that_loads_for_long_is_no_port_without_texts() -> None:
    with pytest.raises(Unusable, match="refuses PDU mode") as refused:
        up({"AT+CMGF=0": "+CMS ERROR: 314"})
    assert not isinstance(refused.value, NoTexts)
    assert not refused.value.by_human
