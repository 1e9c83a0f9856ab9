"""Hundreds of texts as tired people type them, and what a careful dispatcher does with each (reply_corpus.py)."""

from __future__ import annotations

import pytest

from gatewayd.oncall.languages import LANGUAGES
from gatewayd.oncall.replies import Reply, read
from tests.pure.reply_corpus import CORPUS, NOT_YET
from tests.pure.reply_corpus_not_now import NOT_NOW

ROWS = [
    (language, meaning, text)
    for language, meanings in CORPUS.items()
    for meaning, listed in meanings.items()
    for line in listed.split("\n")
    for text in line.split("|")
]
ASKED = ("unclear", "unknown", "list", "who")  # nothing is done, and an answer goes out


def told(reply: Reply) -> str:
    """A reply as the corpus writes it; a number of the note that may be a code counts as one."""
    if reply.verb in ASKED:
        return "ask"
    if reply.verb == "automatic":
        return "machine"
    if reply.verb == "ack":
        return "take all" if reply.all and not reply.codes else " ".join(("take", *(reply.codes or reply.mentioned)))
    return " ".join((reply.verb, *reply.codes))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_people_type_does_what_a_dispatcher_would(language: str) -> None:
    read_as = {text: (meaning, told(read(text, language))) for lang, meaning, text in ROWS if lang == language}
    wrong = {
        text: f"{said}, but it means {meaning}"
        for text, (meaning, said) in read_as.items()
        if said != meaning and not (meaning == "machine" and said == "ask")
    }
    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_cannot_act_now_keeps_it_from_nobody(language: str) -> None:
    wrong: dict[str, str] = {}
    for meaning, listed in NOT_NOW[language].items():
        for text in listed.replace("\n", "|").split("|"):
            reply = read(text, language, colleagues=frozenset({"anna", "ben", "carol"}))
            said = "take" if meaning == "take" and reply.alike else told(reply)
            kept = "not taken" if meaning == "not taken" and said.split()[0] in ("ask", "refuse", "machine") else said
            if kept != meaning and (meaning, said) != ("machine", "ask"):
                wrong[text] = f"{said}, but it means {meaning}"
    assert wrong == {}


def test_no_text_is_listed_twice_in_a_language() -> None:
    listed = [(language, text) for language, _, text in ROWS]
    assert sorted({row for row in listed if listed.count(row) > 1}) == []
    assert len(listed) >= 2_500


AROUND = {
    "en": "not {}|{} but Ben|who is {}|Ben {}|{} if Ben can't|{} unless Ben does|can Ben {}|if {}|{}?",
    "cy": "ddim {}|Ben {}|pwy {}|{} os na all Ben|{} ond yfory|{}?",
    "de": "nicht {}|Ben {}|wer {}|{} wenn Ben nicht kann|{} aber morgen|{}?",
    "fr": "pas {}|Ben {}|qui {}|{} si Ben ne peut pas|{} mais demain|{} ?",
    "es": "no {}|Ben {}|quién {}|{} si Ben no puede|{} pero mañana|¿{}?",
    "pl": "nie {}|Ben {}|kto {}|{} jeśli Ben nie może|{} ale jutro|{}?",
    "zh": "Ben{}|谁{}|如果Ben不行{}|{}吗|{}但明天|{}？",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_denied_asked_on_terms_or_of_somebody_else_nothing_is_taken_or_closed(language: str) -> None:
    clear = [text for lang, meaning, text in ROWS if lang == language and meaning.startswith(("take", "close"))]
    for form in AROUND[language].split("|"):
        for text in map(form.format, clear[len(form) % 3 :: 3]):
            assert read(text, language).verb not in ("ack", "close"), text


@pytest.mark.parametrize(
    ("text", "note"),
    [("ok 10 min", "10 min"), ("ok in 10", "in 10"), ("ok give me 10", "give me 10"), ("ok 10-15 min", "10-15 min")],
)
def test_a_time_is_a_note_and_no_code(text: str, note: str) -> None:
    said = read(text)
    assert (said.verb, said.codes, said.mentioned, said.note) == ("ack", (), (), note)


@pytest.mark.parametrize("words", ["Copy", "copy:", "Received:", "Message received:"])
def test_a_gateways_receipt_before_our_page_takes_nothing(words: str) -> None:
    page = "10 CRITICAL network: edge2 uplink down. Reply ok 10"
    assert read(f"{words} {page}", ours=(page,)).verb in ("automatic", "unclear")


@pytest.mark.parametrize("text", ["№10", "nº 10", "n°10"])
def test_the_sign_of_a_number_is_no_no(text: str) -> None:
    assert read(text, "es").verb == "unknown"
    assert read(f"ok {text}", "es").codes == ("10",)


@pytest.mark.parametrize("text", ["10-11 mine", "10-11 having a look", "10/11 on it"])
def test_two_codes_with_a_dash_are_no_length_of_time(text: str) -> None:
    assert read(text).codes == ("10", "11")


def test_what_is_not_read_rightly_yet_is_listed_as_such() -> None:
    listed = [
        (text, meaning, told(read(text, language)))
        for language, meanings in NOT_YET.items()
        for meaning, texts in meanings.items()
        for text in texts.replace("\n", "|").split("|")
    ]
    assert [text for text, meaning, said in listed if said == meaning] == [], "read rightly by now: move it up"
