"""Two verbs in one text: each has its own codes, or nothing is done."""

from __future__ import annotations

import pytest

from gatewayd.oncall.replies import Reply, read

PLAIN = {
    "en": """
ok 10, done 47
ok 10 done 47
done 47, ok 10
10 ok 47 done
10 ok, 47 done
ok 10, 47 done
47 done, ok 10
ok 10. 47 resolved
ok 10, 47 is fixed
ok 10 and done 47
ok 10 on my way, 47 done
👍 10, done 47
yes 10, 47 closed
ok: 10, done: 47
ok 10, done 47 thanks
""",
    "cy": "iawn 10, 47 wedi gorffen",
    "de": "ok 10, 47 erledigt",
    "fr": "oui 10, réglé 47",
    "es": "vale 10, 47 resuelto",
    "pl": "tak 10, gotowe 47",
    "zh": "收到 10，完成 47",
}
BACK = """
ok 10 47 done
ok 10 and 47 done
ok 10 done, 47
ok, 10 done 47
10, ok 47, done
10, 47 ok 12 done
ok 10, 47, done
ok 10, done 10 47
ok 10 looking at it, 47 done
ok 10, 47 already done
ok 10, done 47?
ok 10 but not 47 done
yes 10 no 47
ok 10 but not 47
ok 10, no 47
""".strip().splitlines()


def told(said: Reply) -> dict[str, tuple[str, ...]]:
    return {said.verb: said.codes} | ({said.then.verb: said.then.codes} if said.then else {})


@pytest.mark.parametrize(("language", "text"), [(tag, t) for tag, ts in PLAIN.items() for t in ts.strip().splitlines()])
def test_each_verb_has_its_own_code(language: str, text: str) -> None:
    assert told(read(text, language)) == {"ack": ("10",), "close": ("47",)}


@pytest.mark.parametrize("text", BACK)
def test_what_may_mean_two_things_is_asked_back(text: str) -> None:
    assert read(text).verb == "unclear"


@pytest.mark.parametrize("text", ["ok done 10 47", "ok, 10 and 47 done", "done 10, 47", "10 and 47 closed"])
def test_an_ok_that_only_opens_the_text_takes_nothing(text: str) -> None:
    assert told(read(text)) == {"close": ("10", "47")}


def test_lists_keep_their_verb() -> None:
    assert told(read("ok 10, 12, done 47")) == {"ack": ("10", "12"), "close": ("47",)}
    assert told(read("done 10 and 12, ok 47, 99")) == {"close": ("10", "12"), "ack": ("47", "99")}
    assert told(read("ok 10 12")) == {"ack": ("10", "12")}
