"""Whether an `ok` names a colleague as the one who acts: "ok 10 passing to Ben", "ok 10 Ben is closer". Pure.

Such a reply is asked back. Who is only thanked, told or called for help is named, too, and takes nothing away.
"""

from __future__ import annotations

from collections.abc import Iterable

from gatewayd.oncall import reply_doubts as doubts
from gatewayd.oncall.reply_leads import Lead
from gatewayd.oncall.reply_phrases import Vocabulary, kind_at
from gatewayd.oncall.reply_text import Token, fold

SHORTEST = 3  # signs of a name that is looked for
_TO_WORDS = "to an zu a al do i at"
# "I'm talking to Ben" is a note; so is "thanks to Ben".
_TALK_WORDS = (
    "talk talking talked speak speaking spoke chat chatting listening thanks thx cheers next according go going went"
    " spreche rede danke grazie parle parler hablo hablando gracias rozmawiam dzieki siarad diolch merci"
)
_DOING_WORDS = "closer nearer on got there at doing taking handling fixing looking better awake up gonna"
# Behind the name: what they are, have, can, know or do.
_ACT_WORDS = (
    "is was has had will can could should must might may shall would knows takes took does did do take goes gets wants"
    " owns handles fixes looks"
    " ist hat kann konnte soll sollte muss wird weiss nimmt macht ubernimmt kennt"
    " est peut pourrait doit sait prend fait connait va"
    " es esta tiene puede podria debe sabe toma coge hace conoce"
    " jest ma moze powinien powinna wie zna bierze wezmie robi zrobi zajmie"
    " yn sy ydy yw"
)
# "Ok, ask Ben first", "ok try Ben", "ok should be Ben": of one's own doing it is "I'll ask Ben", "calling Ben too".
_TRY_WORDS = "ask try get be wake frag frage demande demandez pregunta llama zapytaj gofyn galw"
_TRY = frozenset(_TRY_WORDS.split())
_TO, _TALKS = frozenset(_TO_WORDS.split()), frozenset(_TALK_WORDS.split())
_DOING, _ACTS = frozenset(_DOING_WORDS.split()), frozenset(_ACT_WORDS.split())


def names_of(people: Iterable[tuple[str, str]], but: str) -> frozenset[str]:
    """How colleagues are called: first names and surnames of (name, full name), without those of `but`."""
    named = {name: {fold(word) for word in (name, *full.split())} for name, full in people}
    own = named.pop(but, set())
    return frozenset(word for words in named.values() for word in words - own if len(word) >= SHORTEST)


def another_acts(text: str, said: list[Token], lead: Lead, known: Vocabulary, colleagues: frozenset[str]) -> bool:
    """`said` acknowledges by its verb; whether a colleague is to do it."""
    for at in range(lead.end, len(said)):
        word, behind = said[at].word, said[at + 1].word if at + 1 < len(said) else ""
        if word.removesuffix("s") in colleagues - {word} and behind in _DOING:
            return True  # "Ben's closer"; not "Ben's change"
        if word in colleagues and (word,) not in known and word not in doubts.CAN:
            before = said[at - 1].word if at > lead.end else ""
            start = said[at - 2].word if at > lead.end + 1 else ""
            first = at - 1 == lead.end or kind_at(said, at - 2, known)[0] == "polite"
            told = first or start == "should" or (at > 1 and _parted(text, said, at - 1))
            if before in _TRY and told:
                return True
            if before in _TO and start not in _TALKS:
                return True
            if behind in _ACTS and kind_at(said, at + 1, known)[0] != "polite":
                return True
    return False


def _parted(text: str, said: list[Token], at: int) -> bool:
    """Whether a new clause begins with this word."""
    return not text[said[at - 1].end : said[at].start].isspace()
