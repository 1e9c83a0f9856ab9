"""How people answer at four in the morning, and what must never count as an answer."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.oncall.replies import read

BARE = """ok|OK|Ok|oK|ok.|Ok!|OK!!|ok,| ok |ok\\n|okay|Okay.|OKAY|ack|ACK|Ack!|acknowledged|a|A|y|Y|yes
Yes.|YES!|k|K|👍|👍🏽|👍🏿|👍️
👌|👌🏻|✅|✔|✔️|ok 👍|👍 ok|👍👍|ok ok|ok, ok|yes ok|on it|On it!|ON IT|got it|Got it.|on my way
On my way!|ｏｋ|ＯＫ|“ok”|'ok'|"ok"
‘ok’|«ok»|(ok)|*ok*|ok…|ok...|ok;|ok:|¡ok!|Re: ok|RE: OK|Fwd: ok|AW: ok|ok\\n-- \\nAnna
ok\\n--\\nAnna, NOC|ok\\nSent from my iPhone|ok\\n\\nSent from my Galaxy
ok\\nGesendet von meinem iPhone|> 10 CRITICAL network\\nok
ok\\n> 10 CRITICAL network: edge2 down. Reply ok 10|\\u200bok|ok\\u00a0|\\ufeffok|O\\u200dk"""
CODED = {
    "10": """ok 10|OK 10|ok10|OK10|Ok10.|ok, 10|ok: 10|ok #10|ok#10|10 ok|10ok|10 OK!|#10 ok|ok-10|ok 10.
ok 10!|ok (10)|ok “10”|ok '10'|ok １０|ok ١٠|ok १०
ｏｋ　１０|ack 10|a10|a 10|10a|10 a|y10|yes 10|👍 10|👍10|10 👍|10👍🏽|on it 10|got it 10|10 on it
ok 10\\nSent from my iPhone|Re: ok 10
ok\\n10|10\\nok|okay 10|ok 10 👍|ok 10 ok|ok 10 10|>x\\nok 10|ok\\u00a010|ok  10|OK\\t10|k 10""",
    "10 47": """ok 10 47|ok 10, 47|ok 10,47|ok 10/47|ok 10 and 47|ok 10 & 47|ok 10+47|10 47 ok|10, 47 ok
ok #10 #47|OK 10;47|ok 10. 47.|👍 10 47|10 ok 47""",
    "100": "ok 100|100 ok|ok100",
    "1000": "ok 1000|ok #1000",
}  # fmt: skip
NOTED = {
    "ok 10 on my way": ("10", "on my way"),
    "ok thanks": ("", "thanks"),
    "ok 10 will look": ("10", "will look"),
    "Ok, give me 5 minutes": ("", "give me 5 minutes"),
    "ok be there in 20 minutes": ("", "be there in 20 minutes"),
    "on my way, 15 min": ("", "15 min"),
    "ok 10, checking the logs": ("10", "checking the logs"),
    "ok looking at the router": ("", "looking at the router"),
}
NOT = """no|No.|NO!|nope|not ok|not ok 10|no ok|don't ack|dont|busy|can't|cannot|pass|later|stop|STOP
unsubscribe|cancel|end|quit|help|what?|who is this
10|#10|10 47|10.|1|42?|hello|hi|good morning|tomorrow|okra|oklahoma|oko|acknowledgement
yesterday|yesss|ya|thanks|thank you|call me
0K|a fuse has blown|A new one came, who takes it?|k then|y is it down|done|done 10|close 10|resolved
I am driving|message received|Delivered|Auto-reply: I am driving|Out of office|pok|book|joker|smoke
is 10 ok|it is ok|are you ok|was ok|👎|❌|🙂|😴|...|!!!|-|>|> ok|>ok 10|-- \\nok|\\nSent from my iPhone
10 CRITICAL network: edge2 down. Reply ok 10
Your code is 10|WIN 1000 now reply YES|wrong number|stop it ok"""
LISTS = "list|List|LIST!|status|Status?|?|??| ? |list please"


def lines(words: str) -> list[str]:
    return [_plain(word) for line in words.split("\n") for word in line.split("|")]


def _plain(word: str) -> str:
    for sign in ("\\u200b", "\\u00a0", "\\ufeff", "\\u200d"):
        word = word.replace(sign, chr(int(sign[2:], 16)))
    return word.replace("\\n", "\n").replace("\\t", "\t")


@pytest.mark.parametrize("text", lines(BARE))
def test_an_ok_alone(text: str) -> None:
    said = read(text)
    assert (said.verb, said.codes, said.all) == ("ack", (), False)


@pytest.mark.parametrize(("text", "codes"), [(t, c.split()) for c, words in CODED.items() for t in lines(words)])
def test_an_ok_with_codes(text: str, codes: list[str]) -> None:
    said = read(text)
    assert (said.verb, list(said.codes)) == ("ack", codes)


@pytest.mark.parametrize(("text", "code", "note"), [(t, *found) for t, found in NOTED.items()])
def test_what_follows_is_a_note(text: str, code: str, note: str) -> None:
    said = read(text)
    assert (said.verb, " ".join(said.codes), said.note) == ("ack", code, note)


@pytest.mark.parametrize("text", lines(NOT))
def test_this_acknowledges_nothing(text: str) -> None:
    assert read(text).verb != "ack"


@pytest.mark.parametrize("text", lines(LISTS))
def test_a_question_is_answered_with_the_list(text: str) -> None:
    assert read(text).verb == "list"


def test_all() -> None:
    assert read("ok all").all
    assert read("OK ALL!").all
    assert not read("all").all
    assert read("all").verb == "unknown"


@given(st.text(max_size=400))
def test_anything_can_be_read(text: str) -> None:
    said = read(text)
    assert len(said.codes) <= 20
    assert all(code.isascii() and code.isdigit() for code in said.codes)
    assert said.verb != "unknown" or not said.codes


@given(st.integers(10, 9999), st.sampled_from(["ok {}", "OK{}", "{} ok", "👍 {}", "ack #{}", "Ok, {}!"]))
def test_every_code_is_read_back(code: int, form: str) -> None:
    assert read(form.format(code)).codes == (str(code),)


@pytest.mark.parametrize("sign", [" ", "\n", "“", '"', "a “", 'ok "x" ', "\ufdfa", "> ", "(", "0", "1 ", "ok "])
def test_no_text_takes_long_to_read(sign: str) -> None:
    began = time.perf_counter()
    read(sign * (4_000 // len(sign)), "cy", ["10 CRITICAL network: edge2 down. Reply ok 10"] * 20)
    assert time.perf_counter() - began < 1.0
