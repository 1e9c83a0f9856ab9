"""A question takes nothing, closes nothing and ends nothing."""

from __future__ import annotations

import pytest

from gatewayd.oncall.replies import read

QUESTIONS = {
    "en": "fixed?|done?|10 fixed?|10 fixed??|closed ?!|done? 10|all done?|ok done?|ok 10 done?|done？"
    "|no?|10 no?|off?|stop?|resolved?|Fixed yet?|it's fixed?|on it?|on?|yes?|y?|k?|👍?|on duty?|busy?",
    "cy": "wedi gorffen?|wedi trwsio?|10 cau?|na?",
    "de": "erledigt?|fertig?|läuft wieder?|10 behoben?|nein?|ja 10 erledigt?",
    "fr": "c'est réglé ?|fini?|10 résolu ?|non?",
    "es": "¿hecho?|resuelto?|¿10 arreglado|ocupado?|terminado?|¿ya resuelto?",
    "pl": "gotowe?|10 naprawione?|10 zrobione?|nie?",
    "zh": "搞定了？|完成?|10 解决了？|已关闭？|10已解决？|解决了吗|修好了?|关闭？|好了吗",
}
HOME = {
    "en": "home?|left site?",
    "cy": "adref?",
    "de": "zu Hause?",
    "fr": "rentrée ?",
    "es": "¿en casa?",
    "pl": "w domu?",
    "zh": "到家了？",
}
OK = {"en": "ok?|ok ?!|ok 10?|ok all?", "de": "ja?", "fr": "d'accord ?", "es": "¿vale?", "pl": "tak?", "zh": "好？"}


def each(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(language, text) for language, texts in table.items() for text in texts.split("|")]


@pytest.mark.parametrize(("language", "text"), each(QUESTIONS) + each(HOME) + each(OK))
def test_a_question_is_asked_back(language: str, text: str) -> None:
    assert read(text, language).verb in ("unclear", "unknown")


@pytest.mark.parametrize(("language", "text"), each(HOME))
def test_a_question_for_home_is_answered_with_what_runs(language: str, text: str) -> None:
    assert read(text, language).heard == "home"


def test_a_question_in_the_note_takes_nothing_back() -> None:
    assert (read("ok 10 what happened?").verb, read("ok 10 what happened?").codes) == ("ack", ("10",))
