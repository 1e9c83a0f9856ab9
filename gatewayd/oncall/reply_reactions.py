"""What a phone makes of a thumb under one of our texts: `Liked “42 CRITICAL ...”`, `赞了“...”`. Pure.

It is about the text that it quotes and about nothing else. A thumb or a heart under a page takes that incident; under
anything else of ours, and any other mark, it takes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

QUOTED_MIN = 12  # signs by which a quotation that was cut off is still told from another
# No two parts can match the same signs, so that a text of nothing but gaps or quotation marks costs no time.
_MARKED = re.compile(
    r"(?P<before>[^“”\"„«»「」『』\n]{0,40})[“\"„«「『](?P<quoted>.*)[”\"“»」』](?P<after>[^“”\"„«»「」『』\n]{0,40})",
    re.DOTALL,
)
_GOOD_SIGNS = frozenset("👍👌✅✔☑🆗🫡❤♥🧡💛💚💙💜🖤🤍🤎💗💯")
_BAD_SIGNS = frozenset("👎")
# Beside a sign: "Reacted 👍 to".
_FILLER_WORDS = (
    "reacted with to a reagiert hat mit auf zu réagi avec à con reaccionó ha por zareagował zareagowała na do adweithio"
    " wedi gyda i 对 對 用 回应"
)
_FILLERS = frozenset(_FILLER_WORDS.split())
_GOOD = """
liked|loved|likes|loves
gefällt|gefällt mir|mag|liebt|hat geliked|mir gefällt|geliebt|herz
a aimé|aimé|aime|j'aime|a adoré|adore|adoré
le gustó|me gusta|gustó|le gusta|le encantó|me encanta|encantó|le encanta
polubiono|polubił|polubiła|lubi|lubię to|podoba się|podoba mi się|uwielbia|pokochał|pokochała
hoffi|wedi hoffi|hoffodd|yn hoffi|caru|wedi caru|carodd
赞了|赞|讚了|讚|点赞|點讚|喜欢|喜歡|很喜欢|喜欢了|喜爱了|爱心|觉得 很赞|觉得 很棒
"""
_BAD = """
disliked|dislikes
gefällt nicht|gefällt mir nicht|mag nicht
n'a pas aimé|n'aime pas|je n'aime pas
no le gustó|no me gusta|no le gusta
nie podoba się|nie lubi|nie polubił|nie polubiła
ddim yn hoffi|heb hoffi
不喜欢|不喜歡|踩了
"""
_OTHER = """
laughed at|emphasized|emphasised|questioned|removed a like from|removed a heart from|removed a dislike from
removed a laugh from|removed an exclamation from|removed a question mark from
lacht über|betont|hervorgehoben|fragt sich|a ri de|a souligné|s'interroge sur|se rió de|enfatizó|cuestionó
zaśmiał się z|zaśmiała się z|podkreślił|podkreśliła
大笑|强调了|強調了|质疑|質疑|表示疑问|对 表示疑问|对 表示质疑|对 大笑|对 表示强调
"""


@dataclass(frozen=True, slots=True)
class Reaction:
    """`mark`: 👍 or 👎, or "" for any other. `about`: the texts of ours that it may quote."""

    mark: str
    about: tuple[str, ...]


def read(text: str, ours: Sequence[str]) -> Reaction | None:
    """`ours`: texts that this person got, on one line each. None: somebody wrote it."""
    found = _MARKED.fullmatch(text.strip())
    if found is None:
        return None
    said = _line(f"{found['before']} {found['after']}")
    about = tuple(own for own in ours if _quotes(found["quoted"], own))
    mark = _mark(said)
    if mark is None:
        if not about or not (found["before"].strip() and found["after"].strip()):
            return None  # somebody's own words before or behind it are read as they are
        mark = ""
    return Reaction(mark, about)


def _mark(said: str) -> str | None:
    """None: these words are no reaction that we know."""
    words = [word for word in said.split() if word not in _FILLERS]
    signs = frozenset("".join(words))
    if words and all(len(word) <= 2 and not word.isalnum() for word in words):
        return "👍" if signs & _GOOD_SIGNS else "👎" if signs & _BAD_SIGNS else ""
    for mark, entries in (("👍", _GOOD), ("👎", _BAD), ("", _OTHER)):
        if said in _entries(entries):
            return mark
    return None


def _quotes(quoted: str, own: str) -> bool:
    told, whole = _line(quoted), _line(own)
    cut = told.removesuffix("…").removesuffix("...").rstrip()
    return told == whole or (cut != told and len(cut) >= QUOTED_MIN and whole.startswith(cut))


def _line(text: str) -> str:
    shown = text.casefold().replace("’", "'").replace("\ufe0f", "").replace(":", " ")
    return " ".join(shown.split())


@cache
def _entries(listed: str) -> frozenset[str]:
    return frozenset(_line(entry) for line in listed.strip().splitlines() for entry in line.split("|"))
