"""An `ok` beside a colleague's name: whoever is to act by it has not been asked, so it is asked back."""

from __future__ import annotations

import pytest

from gatewayd.oncall.replies import read
from gatewayd.oncall.reply_names import names_of
from tests.pure.test_reply_corpus import ROWS, told

PEOPLE = (("anna", "Anna Example"), ("ben", "Ben Example"), ("will", "Will Power"), ("cara-b", "Cara Łęska"))
COLLEAGUES = names_of(PEOPLE, "anna")

TO_THEM = """ok 10 passing to Ben|ok 10 handing it to Ben|ok 10 give it to Ben|ok 10 pls escalate to Ben
ok 10 Ben is closer|ok 10 thanks for waking me. See ticket 4711, Ben knows it all, he should take it|ok 10 Ben's closer
ok Ben will do it|ok 10 Cara can do it|ok 10 Łęska takes it|ok 10, I'll assign it to Ben Example|ok 10 Ben weiß das
ok 10 je passe à Ben|ok 10 paso a Ben|ok 10 daję do Ben|ok 10 jestem pijany
ok should be Ben|ok try Ben|ok get Ben|ok in a bit, ask Ben first|ok 10 please try Ben"""
NOTES = """ok 10 thanks Ben|ok 10, talking to Ben|ok 10 tell Ben I'm on it|ok 10 with Ben|ok 10 Ben and I look at it
ok 10 looking, Ben told me what to do|ok 10 looking at Ben's change|ok 10 will look|ok 10 - Anna Example
ok 10 I'll ask Ben too"""


def test_a_colleague_who_is_to_act_is_asked_back_and_one_who_is_only_named_is_not() -> None:
    for text in TO_THEM.replace("\n", "|").split("|"):
        assert told(read(text, "en", (), COLLEAGUES)) == "ask", text
    for text in NOTES.replace("\n", "|").split("|"):
        assert told(read(text, "en", (), COLLEAGUES)) == "take 10", text


@pytest.mark.parametrize("called", ["ben", "Ben"])
def test_what_people_type_means_the_same_where_ben_is_a_colleague(called: str) -> None:
    """All that the corpus has of Ben was judged without knowing who he is."""
    named = [(language, text) for language, _, text in ROWS if called in text]
    changed = [text for lang, text in named if told(read(text, lang)) != told(read(text, lang, (), COLLEAGUES))]
    assert changed == []
    assert "example" not in COLLEAGUES, "it is a name of their own, too"
