"""Whether who says `ok` has nothing to work with, or comes only in hours: "ok my laptop is at the office". Pure.

Such a reply is asked back. "Ok, laptop is booting", "ok in 20 min" take it.
"""

from __future__ import annotations

import re

from gatewayd.oncall.reply_text import HAN, Token

APART_MAX = 5  # words between the thing and where it is, or how
_THING_WORDS = (
    "laptop laptops computer pc notebook macbook battery gliniadur cyfrifiadur batri rechner computers akku ordi"
    " ordinateur portable batterie portatil ordenador bateria komputer laptopa kompa komputera movil"
    " voiture bagnole coche samochod wagen"
)
# Where it is of no use; "my laptop is at home" may be written by who is at home, and then costs a text.
_AWAY_WORDS = (
    "home work office school firm swyddfa gartref gwaith buro firma arbeit zuhause daheim schule bureau maison travail"
    " boulot oficina casa trabajo biurze domu pracy firmie"
)
_USELESS_WORDS = (
    "dead flat broken dying die died empty stolen kaputt leer tot gestohlen mort morte vide casse cassee hs muerto"
    " muerta roto rota agotada padl padla padniety rozladowany rozladowana zepsuty wedi marw torri fflat"
    " repair reparatur panne reparation taller averiado serwis serwisu serwisie naprawie zepsul"
)
_HOUR_WORDS = "hour hours hr hrs std stunde stunden heure heures hora horas godzine godziny godzin awr oriau"
_IN_WORDS = "in within another dans en dentro za mewn"
_THINGS = frozenset(_THING_WORDS.split())
_AWAY = frozenset(_AWAY_WORDS.split()) | frozenset(_USELESS_WORDS.split())
_HOURS, _IN = frozenset(_HOUR_WORDS.split()), frozenset(_IN_WORDS.split())
_AT, MAINS = frozenset(("am", "at", "przy", "devant")), frozenset(("ups", "usv", "onduleur", "sai"))
_HAN_AWAY = re.compile("(?:电脑|電腦|笔记本|筆記本|手机|手機).{0,3}(?:公司|办公室|辦公室|家|坏|壞|没电|沒電|单位)")
_HAN_THEN = re.compile(
    "(?:(?:到|回)(?:家|公司|单位|办公室)|(?:吃|喝|会|會|睡|下班|比赛).{0,3}).{0,2}再"
    "|(?:小时|小時|钟头|鐘頭)(?:后|後|以后|以後)"
)
_HAN_NIGHT = "凌晨"


def without(said: list[Token], at: int) -> bool:
    """What stands from this word on: no machine at hand, or not within the hour."""
    mains = any(token.word in MAINS for token in said)  # of a power supply the battery is what they look at
    for n in range(at, len(said)):
        word = said[n].word
        if HAN.search(word) and (_HAN_AWAY.search(word) or _HAN_THEN.search(word) or word.startswith(_HAN_NIGHT)):
            return True
        behind = {token.word for token in said[n + 1 : n + 1 + APART_MAX]}
        before = said[n - 1].word if n else ""
        if word in _THINGS and before not in _AT and not mains and behind & _AWAY:
            return True
        if word in _IN and any(token.word in _HOURS for token in said[n + 1 : n + 3]):
            return True
    return False
