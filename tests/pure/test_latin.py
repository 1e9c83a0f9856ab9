"""Words in plain ASCII: never other words, and what is lost is counted."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.latin import legible, plain
from gatewayd.oncall.languages import LANGUAGES
from gatewayd.oncall.page_words import words_of


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("disk full on db2", "disk full on db2"),
        ("Müller, Straße, Zoë, Łódź, Ærø", "Mueller, Strasse, Zoe, Lodz, Aeroe"),
        ("ÄRGER mit Ärger, ŒUVRE", "AERGER mit Aerger, OEUVRE"),
        ("a\u0308 g\u0308", "ae g"),  # letter and accent apart
        ("€5 £3 ¥2 7¢", "EUR5 GBP3 JPY2 7c"),
        ("“quoted” ‘it’s’ – dash — … • ‐", "\"quoted\" 'it's' - dash - ... * -"),
        ("21 °C, 21 ℃, 5 µm, 3 kΩ", "21 degC, 21 degC, 5 um, 3 kOhm"),
        ("up → down ≥ 90 ≤ 95 ≠ ± × ÷", "up -> down >= 90 <= 95 != +/- x /"),
        ("№ 5 ™ © ® § ﬁ Ⅳ ①", "No 5 TM (c) (r) par. fi IV (1)"),
        ("１２３ ٤٢", "123 42"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("tab\there", "tab here"),
        ("bell\x07 esc\x1b nul\x00 sub\x1a", "bell esc nul sub"),
        ("zero\u200bwidth soft\u00adhyphen \ufeffmark", "zerowidth softhyphen mark"),
        ("  around \n", "around"),
    ],
)
def test_what_can_be_written_is_written(text: str, shown: str) -> None:
    assert (plain(text).text, plain(text).lost) == (shown, 0)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("10² 10²³ m² s⁻¹ 10⁻²", "10^2 10^23 m^2 s^-1 10^-2"),
        ("10₂ H₂O CO₂", "10_2 H2O CO2"),
        ("1½ ½ 3¼", "1 1/2 1/2 3 1/4"),
        ("x²3", "x^2 3"),
    ],
)
def test_a_number_does_not_become_another_number(text: str, shown: str) -> None:
    assert plain(text).text == shown


@pytest.mark.parametrize(
    ("text", "shown", "lost"),
    [("数据库 down", "??? down", 3), ("db 👍🏽", "db ?", 1), ("خادم down", "???? down", 4), ("\ud800", "?", 1)],
)
def test_what_cannot_be_written_is_counted(text: str, shown: str, lost: int) -> None:
    assert (plain(text).text, plain(text).lost) == (shown, lost)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ο διακομιστής ΕΠΕΣΕ", "O diakomistis EPESE"),
        ("Ευχαριστώ, αύριο: ταΰγετος", "Efcharisto, avrio: taygetos"),
        ("άγγελος, έλεγχος, σύγχρονος", "angelos, elenchos, synchronos"),
        ("ΜΠΑΤΑΡΙΑ μπαταρία λάμπα", "BATARIA bataria lampa"),
        ("Θερμοκρασία ΨΥΞΗ ΟΥΖΟ", "Thermokrasia PSYXI OUZO"),
        ("5 μs, 3 kΩ, η Ω και το μ", "5 us, 3 kOhm, i Ohm kai to u"),
        ("ΩΡΑ μία", "ORA mia"),
    ],
)
def test_greek_in_latin_letters(text: str, shown: str) -> None:
    assert (plain(text).text, plain(text).lost) == (shown, 0)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Сервер упал", "Server upal"),
        ("Щука ЩУКА БОРЩ Ёлка", "Shchuka SHCHUKA BORSHCH Yolka"),
        ("объект, подъезд, Хост", "obekt, podezd, Khost"),
        ("сървър не отговаря", "sarvar ne otgovarya"),
        ("Київ: живлення зникло, Їжак", "Kiyiv: zhivlennya zniklo, Yizhak"),
        ("Њујорк, Љубљана, Ђорђе, џеп", "Njujork, Ljubljana, Djordje, dzep"),
        ("диск и\u0306 ѝ", "disk y i"),
    ],
)
def test_cyrillic_in_latin_letters(text: str, shown: str) -> None:
    assert (plain(text).text, plain(text).lost) == (shown, 0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_page_says_of_itself_is_read_in_every_language(language: str) -> None:
    for mark in (words_of(language).repeat, words_of(language).copy):
        assert re.fullmatch(r"\([A-Za-z]+\) 42 db", plain(f"{mark}42 db").text)


def test_what_is_left_of_a_text() -> None:
    assert legible("数据库 db1")
    assert legible("Сервер")
    assert not legible("数据库 🔥!")


@given(st.text(max_size=600))
def test_any_text_becomes_plain_ascii(text: str) -> None:
    shown = plain(text)
    assert re.fullmatch(r"[\n -~]*", shown.text)
    assert shown.lost <= shown.text.count("?")
    assert plain(shown.text) == type(shown)(shown.text, 0)  # a second time changes nothing
