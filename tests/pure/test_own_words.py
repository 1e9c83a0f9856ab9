"""No text is left in English for whoever reads another language: neither a word of ours nor a whole sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from string import Formatter
from types import ModuleType

import pytest

from gatewayd import text
from gatewayd.delivery import own_troubles, proof
from gatewayd.delivery.own_troubles import SelfReportSettings, Sign, Troubles
from gatewayd.delivery.proof import Seen
from gatewayd.model import Severity
from gatewayd.oncall import (
    absence_words,
    alive,
    answer_words,
    asked_words,
    duty_words,
    notice_words,
    own_words,
    page_words,
    refusal_words,
    silence_words,
    status_words,
    storm_words,
    visit_words,
    wording,
)
from gatewayd.oncall.languages import LANGUAGES
from gatewayd.oncall.own_summaries import read_in
from tests.pure.test_absence_words import filled as every_absence
from tests.pure.test_answers import every_answer
from tests.pure.test_asked_words import filled
from tests.pure.test_page_words import every_text
from tests.pure.test_refusal_words import every_refusal
from tests.pure.test_said_silences import filled as told_of_silences
from tests.pure.test_told_words import told as every_telling

OTHERS = pytest.mark.parametrize("language", LANGUAGES[1:])
TABLES: tuple[ModuleType, ...] = (
    page_words, storm_words, duty_words, notice_words, visit_words, status_words, answer_words, asked_words, own_words,
    silence_words, absence_words, refusal_words,
)  # fmt: skip
# What is written back is the same for everybody; the others are names, units and what monitors and channels say.
COMMANDS = (
    "ok no yes done more who off on swap away back override cover visit until home status over code silence unsilence"
)
NAMES = (
    "gatewayd network database mail kitchen anna ben example nevis hans peter leeds york road site edge2 uplink down"
    " db1 db disk full phone signal the cellar in operator min sms utc phone1 modem12 modem1 modem2 nov wed"
)
# Words that both languages have.
BOTH = {
    "cy": "am an does is all rota on",
    "de": "an bis code codes die gateway in info ist am minute name pager status test was will",
    "fr": "absence absent as budget change code codes dec incident incidents info minutes minute on part service"
    " services silence test",
    "es": "info no has me",
    "pl": "by do go info ma na no status to",
    "zh": "",
}
WORD = re.compile(r"[^\W\d_]{2,}")


def english_words() -> set[str]:
    found = set()
    for table in TABLES:
        for field in fields(table._WORDS["en"]):
            sentence = getattr(table._WORDS["en"], field.name)
            plain = " ".join(part for part, _, _, _ in Formatter().parse(sentence))
            found.update(word.casefold() for word in WORD.findall(plain))
    return found


def everything(language: str) -> Iterator[tuple[str, str]]:
    yield from every_text(language).items()
    yield from every_telling(language)
    yield from every_answer(language).items()
    yield from filled(language).items()
    yield from told_of_silences(language).items()
    yield from every_absence(language).items()
    yield from every_refusal(language).items()
    for severity in Severity:
        room: Mapping[str, object] = {"language": language, "segments_max": 3}
        for drill in (False, True):
            yield (
                "page",
                wording.page("42", severity, "network", "x", alerts=2, again=True, drill=drill, **room),  # type: ignore[arg-type]
            )
        yield "copy", duty_words.copy("42", severity, "network", "x", **room)  # type: ignore[arg-type]
        yield "still", wording.joined("42", severity, "x", language, alerts=2, still=True, segments_max=3)
    for what in OURS:
        yield "own", read_in(wording.plain(what), language)


SPENT = "modem1 has used 100 % of its budget of 2026-11 (12.3 of 25, 410 of 500 parts)."
OURS = (
    "modem1 has 0.51 left on its card; that is below 10.",
    SPENT,
    SPENT + notice_words.words_of("en").stops,
    own_words.words_of("en").disk,
    own_words.words_of("en").silenced.format(name="Anna", service="database", until="2026-11-22 18:00 UTC"),
    "410 texts wait; modem1 needs about 12 min for its share",
    *(
        f"proof of life failed: {proof.failed(seen, 'modem1', 'modem2', 600).why}"
        for seen in (
            Seen("failed", reason="", heard=False, up=True),
            Seen("sent", reason="", heard=False, up=True),
            Seen("delivered", reason="", heard=False, up=True),
            Seen("sent", reason="", heard=True, up=True),
        )
    ),
)


@OTHERS
def test_no_english_word_is_left_in_what_is_told(language: str) -> None:
    english = english_words()
    allowed = set(f"{COMMANDS} {NAMES} {BOTH[language]}".split())
    left: dict[str, set[str]] = {}
    for what, words in everything(language):
        for word in {w.casefold() for w in WORD.findall(words)} & english - allowed:
            left.setdefault(word, set()).add(f"{what}: {words}")
    assert left == {}


@OTHERS
def test_each_language_has_every_entry_in_words_of_its_own(language: str) -> None:
    for table in TABLES:
        english, other = table._WORDS["en"], table._WORDS[language]
        for field in fields(english):
            said, theirs = getattr(english, field.name), getattr(other, field.name)
            plain = "".join(part for part, _, _, _ in Formatter().parse(said))
            assert theirs or (table, field.name) == (duty_words, "now")
            same = theirs == said and WORD.search(plain) is not None
            assert not same or field.name in ("info", "names", "both"), (table.__name__, field.name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_house_says_of_its_channels_has_room_and_the_same_facts(language: str) -> None:
    english, other = own_words.words_of("en"), own_words.words_of(language)
    for field in fields(english):
        names = [{n for _, n, _, _ in Formatter().parse(getattr(w, field.name)) if n} for w in (english, other)]
        assert names[0] == names[1], field.name
        assert language == "zh" or text.fit(getattr(other, field.name)).alphabet == "gsm7", field.name
    for what in OURS:
        page = wording.page(
            "42", Severity.ERROR, "gatewayd", what, alerts=1, language=language, segments_max=3
        )  # fmt: skip
        assert what in (SPENT, OURS[2]) or len(text.fit(page, segments_max=9).segments) == 1, page


def test_a_channel_that_needs_a_human_says_so_in_any_language() -> None:
    troubles, settings = Troubles(), SelfReportSettings(after_s=0)
    (found,) = troubles.look([Sign("modem1", up=False, concern="the SIM wants its PIN")], settings, 0.0)
    assert isinstance(found, own_troubles.Fires)
    assert read_in(found.summary, "de") == "modem1 braucht einen Menschen: the SIM wants its PIN"
    silent = Troubles()
    silent.look([Sign("modem1", up=False, told="starting")], settings, 0.0)
    (found,) = silent.look([Sign("modem1", up=False, told="starting")], settings, 900.0)
    assert isinstance(found, own_troubles.Fires)
    assert read_in(found.summary, "pl") == "modem1 nie przyjmuje SMS-ow od 15 min: starting"
    failed = proof.failed(Seen("failed", reason="no answer", heard=False, up=True), "modem1", "modem2", 600)
    assert read_in(f"proof of life failed: {failed.why}", "es") == (
        "sin señal de vida: modem1 no lo ha enviado: no answer"
    )
    assert alive.words(1, 2, "410 texts wait; modem1 needs about 12 min for its share", 0, "de").endswith(
        "410 SMS warten; modem1 braucht etwa 12 min für seinen Teil"
    )
    assert read_in("db1 takes no bribes", "de") == "db1 takes no bribes", "a monitor's words stay"
