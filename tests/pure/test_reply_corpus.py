"""Hundreds of texts as tired people type them, and what a careful dispatcher does with each (reply_corpus.py)."""

from __future__ import annotations

import pytest

from gatewayd.oncall import reply_words
from gatewayd.oncall.replies import Reply, read
from tests.pure.reply_corpus import CORPUS

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


@pytest.mark.parametrize("language", reply_words.LANGUAGES)
def test_what_people_type_does_what_a_dispatcher_would(language: str) -> None:
    read_as = {text: (meaning, told(read(text, language))) for lang, meaning, text in ROWS if lang == language}
    wrong = {
        text: f"{said}, but it means {meaning}"
        for text, (meaning, said) in read_as.items()
        if said != meaning and not (meaning == "machine" and said == "ask")
    }
    assert wrong == {}


def test_no_text_is_listed_twice_in_a_language() -> None:
    listed = [(language, text) for language, _, text in ROWS]
    assert sorted({row for row in listed if listed.count(row) > 1}) == []
    assert len(listed) >= 2_500


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
