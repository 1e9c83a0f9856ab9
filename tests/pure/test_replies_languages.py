"""What people really write (tests/pure/reply_table.py), and what must hold whatever they write."""

from __future__ import annotations

import itertools
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gatewayd.oncall import reply_words, said_lengths, status_words
from gatewayd.oncall.languages import LANGUAGES
from gatewayd.oncall.replies import Reply, read
from gatewayd.oncall.reply_text import tokens
from tests.pure.reply_table import TABLE

PAGE = "10 CRITICAL network: edge2 uplink down. Reply ok 10"

ROWS = [
    (language, *(side.strip() for side in line.split(" | ", 1)))
    for language, lines in TABLE.items()
    for line in lines.strip().splitlines()
]


def told(reply: Reply) -> str:
    """A reply as the table writes it."""
    verb = "+ack" if reply.verb == "ack" and reply.note else reply.verb
    about = [f":{reply.about.rstrip('? ')}"] if reply.about else []
    return " ".join([verb, *reply.codes, *(["all"] if reply.all else []), *about])


@pytest.mark.parametrize(("language", "meaning", "text"), ROWS)
def test_what_people_write_means_what_they_mean(language: str, meaning: str, text: str) -> None:
    assert told(read(text.replace("\\n", "\n"), language)) == meaning


def test_the_table_is_long_enough() -> None:
    assert len(ROWS) >= 150
    assert set(TABLE) == set(LANGUAGES) == set(reply_words._TABLES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_means_two_things(language: str) -> None:
    entries: dict[tuple[str, ...], set[str]] = {}
    for table in {language, "en"}:
        for kind, listed in reply_words._TABLES[table].items():
            for phrase in reply_words.phrases(listed):
                assert phrase, f"an entry of {kind} shows nothing"
                entries.setdefault(phrase, set()).add(kind)
    assert {" ".join(phrase): kinds for phrase, kinds in entries.items() if len(kinds) > 1} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_negative_acknowledges(language: str) -> None:
    for phrase, (kind, _) in reply_words.vocabulary(language).items():
        if kind == "ack":
            assert reply_words.negatives().isdisjoint(phrase) or phrase in reply_words.harmless(), phrase


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_tables_is_understood(language: str) -> None:
    for phrase, kind in reply_words.table(language).items():
        if kind in reply_words.VERBS:
            assert read(" ".join(phrase), language).verb == kind, phrase


@pytest.mark.parametrize("language", LANGUAGES)
def test_with_a_negative_before_it_no_word_acknowledges(language: str) -> None:
    for phrase, kind in reply_words.table(language).items():
        if kind == "ack":
            for no in ("not", "nicht", "pas", "nie", "ddim", "nunca", "can't", "不"):
                for text in (f"{no} {' '.join(phrase)}", f"{' '.join(phrase)} {no} 10"):
                    assert read(text, language).verb != "ack", text


def test_the_page_on_replies_has_every_word() -> None:
    page = (Path(__file__).parents[2] / "docs" / "replies.md").read_text()
    for language, table in reply_words._TABLES.items():
        for listed in table.values():
            missing = [entry for entry in listed.split("|") if f"`{entry}`" not in page]
            assert not missing, f"{language}: {missing}"
        said, lasts = status_words.words_of(language), said_lengths._WORDS[language]
        for listed in (said.names, said.over, lasts.hours, lasts.minutes, lasts.lasting, lasts.until):
            assert not [entry for entry in listed.split("|") if f"`{entry}`" not in page], language


def test_a_language_counts_for_who_speaks_it() -> None:
    assert read("tak", "pl").verb == "ack"
    assert read("tak", "en").verb == read("tak", "zh").verb == "unknown"
    assert read("ja", "de-AT").verb == "ack"
    assert read("ok", "xx-Klingon").verb == "ack", "English holds for everybody"
    assert (read("收到", "zh-Hant").language, read("ok", "zh").language) == ("zh", "en")


def test_our_own_words_mean_nothing_when_they_come_back() -> None:
    ours = (PAGE, "Not clear, so nothing was done. Reply ok 10")
    assert read(ours[1], ours=ours).verb == "automatic"
    assert read(f"Message received: {PAGE}", ours=ours).verb == "automatic"
    for text in (PAGE, f"(rpt) {PAGE}", f"coming now {PAGE}", f"{PAGE}\ncoming"):
        assert (read(text, ours=ours).verb, read(text, ours=ours).codes) == ("unclear", ("10",)), "a person is told how"
    assert read("Yes: Not clear, so nothing was done. Reply ok 10", ours=ours).verb == "ack"
    assert read(f"what on earth is this? {PAGE}", ours=ours).verb == "unknown", "a person asks"


@pytest.mark.parametrize(
    "text",
    [
        f"ok\n> {PAGE}",
        f"ok\n{PAGE}",
        f"Ok {PAGE}",
        f"ok\n\nOn Sun, 22 Nov 2026 at 04:12, gateway wrote:\n> {PAGE}",
        f"Liked “{PAGE}”",
        f"Reacted 👍 to “{PAGE}”",
        f'👍 to "{PAGE}"',
    ],
)
def test_what_is_quoted_says_which_one_is_meant(text: str) -> None:
    said = read(text, ours=(PAGE,))
    assert (said.verb, said.codes or said.mentioned) == ("ack", ("10",))


TEST_PAGE = "Test page 1 for Anna from gatewayd. No need to act"
THUMBS = ("Liked “{}”", "Loved “{}”", "Reacted ❤️ to “{}”", "👍🏽 to “{}”", "Gefällt mir: „{}“", "A aimé « {} »",
          "Le gustó “{}”", "Polubiono „{}”", "Hoffi “{}”", "赞了“{}”", "觉得“{}”很赞")  # fmt: skip
OTHER_MARKS = ("Laughed at “{}”", "Emphasised “{}”", "Questioned “{}”", "Removed a like from “{}”", "😂 to “{}”",
               "Lacht über „{}“", "S'interroge sur « {} »", "对“{}”表示疑问")  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_thumb_takes_the_page_that_it_quotes_and_nothing_else(language: str) -> None:
    ours = (PAGE, TEST_PAGE, "10 taken by Ben: edge2 down")
    for mark in THUMBS:
        for quoted in (PAGE, PAGE[:20] + "…"):
            said = read(mark.format(quoted), language, ours)
            assert (said.verb, said.mentioned) == ("ack", ("10",)), mark
        for text in (
            *ours[1:],
            "see you at dinner",
            "47 CRITICAL db: a page of last week. Reply ok 47",
            PAGE[:5] + "…",
        ):
            said = read(mark.format(text), language, ours)
            assert (said.verb, said.codes, said.mentioned) == ("unclear", (), ()), (mark, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_other_marks_of_a_phone_take_nothing(language: str) -> None:
    for mark in (*OTHER_MARKS, "Disliked “{}”", "Gefällt mir nicht „{}“"):
        for text in (PAGE, TEST_PAGE, "see you at dinner"):
            assert read(mark.format(text), language, (PAGE, TEST_PAGE)).verb != "ack", (mark, text)


@pytest.mark.parametrize("mark", ["Disliked “{}”", "Reacted 👎 to “{}”", "Gefällt mir nicht „{}“"])
def test_a_thumb_that_points_down_passes_nothing_on_and_is_asked_back(mark: str) -> None:
    said = read(mark.format(PAGE), "de", (PAGE, TEST_PAGE))
    assert (said.verb, said.codes) == ("unclear", ("10",))
    assert read("👎 10", "de").verb == "refuse"


def test_a_thumb_under_texts_of_two_incidents_that_begin_alike_takes_none() -> None:
    ours = (
        "10 CRITICAL network: edge2 down. Reply ok 10",
        "10 CRITICAL network: edge2 down",
        "10 taken by Ben: edge2 down",
    )
    assert read("Liked “10 CRITICAL network…”", ours=ours).mentioned == ("10",)
    ours = ("(rpt) 10 CRITICAL network: edge2 down", "(rpt) 10 taken")
    assert read("Liked “(rpt) 10 …”", ours=ours).verb == "unclear"


def test_a_number_in_the_note_may_be_a_code_when_it_stands_alone() -> None:
    assert read("ok thanks 42").mentioned == ("42",)
    assert read("ok will look at 42 and 57.").mentioned == ("42", "57")
    for text in (
        "ok sw42 reboots",
        "ok at 10:42",
        "ok on 10.0.42.7",
        "ok in db-42",
        "ok 07700 900142",
        "ok 42nd floor",
    ):
        assert read(text).mentioned == (), text


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("ok 10 on my[...]", "+ack 10"),
        ("ok 1[...]", "+ack"),
        ("ok all[...]", "unclear"),
        ("[...]ok 10 minutes ago", "unknown"),
        ("done 10[...]", "unclear"),
        ("no[...]", "unclear"),
    ],
)
def test_what_a_gap_may_hide_is_not_guessed(text: str, meaning: str) -> None:
    assert told(read(text)) == meaning


# --- whatever comes

ANY = st.text(max_size=300) | st.text("ok noack10 47,.:!?👍\n>-不好收到tak", max_size=60)
LANGUAGE = st.sampled_from([*LANGUAGES, "xx", "de-AT"])
ACK_WORDS = {lang: [p for p, (k, _) in reply_words.vocabulary(lang).items() if k == "ack"] for lang in TABLE}


@given(ANY, LANGUAGE, st.lists(ANY, max_size=3))
def test_nothing_breaks_it(text: str, language: str, ours: list[str]) -> None:
    said = read(text, language, ours)
    assert len(said.codes) <= 20
    assert all(code.isascii() and code.isdigit() and code[0] != "0" for code in (*said.codes, *said.mentioned))


@given(ANY, st.sampled_from(sorted(TABLE)))
@example("不好", "zh")
@example("tak 10", "en")
def test_nothing_acknowledges_without_a_word_that_does(text: str, language: str) -> None:
    if read(text, language).verb == "ack":
        line = " ".join(token.word for token in tokens(unicodedata.normalize("NFKC", text)))
        run = line.replace(" ", "")
        beside_a_code = [p for p, (kind, _) in reply_words.vocabulary(language).items() if kind == "take"]
        assert any("".join(phrase) in run for phrase in (*ACK_WORDS[language], *beside_a_code))


@given(
    st.sampled_from(
        [
            (lang, p)
            for lang, found in ACK_WORDS.items()
            for p in found
            if p[0] not in [*reply_words.LETTERS.get(lang, "")]
        ]
    ),
    st.lists(st.integers(10, 9_999), min_size=1, max_size=4, unique=True),
    st.sampled_from([" ", ", ", "/", " & ", "; ", " #", "  ", "\n"]),
    st.sampled_from(["", ".", "!", " …", " 👍"]),
    st.booleans(),
    st.booleans(),
)
def test_order_case_and_punctuation_do_not_matter(
    word: tuple[str, tuple[str, ...]], codes: list[int], between: str, after: str, upper: bool, first: bool
) -> None:
    language, phrase = word
    said = " ".join(phrase).upper() if upper else " ".join(phrase)
    for some in itertools.islice(itertools.permutations(codes), 3):
        numbers = between.join(map(str, some))
        text = f"{numbers} {said}{after}" if first else f"{said} {numbers}{after}"
        reply = read(text, language)
        assert (reply.verb, set(reply.codes), reply.note) == ("ack", {str(c) for c in codes}, ""), text
