"""The words of hand-overs by language, and of copies for those who learn. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gatewayd.model import Severity
from gatewayd.oncall import page_words, wording
from gatewayd.oncall.languages import ENGLISH, language_of

CODES_TOLD_MAX = 8


@dataclass(frozen=True, slots=True)
class _Words:
    """`begins`, the rota, then `until` and `left`, where they are known; `name`, `ends`, the rota and `now`."""

    begins: str
    until: str
    left: str
    nothing: str
    open: str
    more: str
    ends: str
    now: str


_WORDS: Mapping[str, _Words] = {
    "en": _Words(
        "You are on call for ", " until {until}", ". {name} hands over: {open}", "nothing open", "{n} open: {codes}",
        " and {n} more", "{name} has ", " now",
    ),
    "cy": _Words(
        "Rwyt ti ar alwad i ", " tan {until}", ". Gan {name}: {open}", "dim ar agor", "{n} ar agor: {codes}",
        " a {n} arall", "Gan {name} mae ", " nawr",
    ),
    "de": _Words(
        "Du hast Dienst: ", " bis {until}", ". {name} übergibt: {open}", "nichts offen", "{n} offen: {codes}",
        " und {n} weitere", "{name} hat jetzt ", "",
    ),
    "fr": _Words(
        "Tu es de garde: ", " jusqu'à {until}", ". {name} te passe: {open}", "rien d'ouvert", "{n} ouverts: {codes}",
        " et {n} autres", "{name} a maintenant ", "",
    ),
    "es": _Words(
        "Estas de guardia: ", " hasta {until}", ". {name} te pasa: {open}", "nada abierto", "{n} abiertos: {codes}",
        " y {n} otros", "{name} tiene ahora ", "",
    ),
    "pl": _Words(
        "Masz dyzur: ", " do {until}", ". {name} przekazuje: {open}", "nic otwartego", "otwarte {n}: {codes}",
        " i {n} innych", "{name} ma teraz ", "",
    ),
    "zh": _Words(
        "你现在值班: ", " 至{until}", "。{name}交班: {open}", "无未结", "{n}个未结: {codes}",
        " 另{n}个", "现由{name}值班: ", "",
    ),
}  # fmt: skip


def begins(
    rota: str, until: str, outgoing: str, codes: Sequence[str], *, hushed: str = "", language: str = ENGLISH,
    segments_max: int,
) -> str:  # fmt: skip
    """`You are on call for NOC until Mon 30 Nov 09:00. Anna hands over: 2 open: 42, 57`; "" where it is not known.

    `hushed`: what is kept back, which stands behind it."""
    words = _WORDS[language_of(language)]
    left = words.left.format(name=outgoing, open=_open(codes, words)) if outgoing else ""
    tail = words.until.format(until=until) if until else ""
    return wording.fitted(words.begins, rota, tail + left + hushed, segments_max)


def ends(rota: str, incoming: str, *, language: str = ENGLISH, segments_max: int) -> str:
    """`Ben has NOC now`."""
    words = _WORDS[language_of(language)]
    return wording.fitted(words.ends.format(name=incoming), rota, words.now, segments_max)


def copy(
    code: str, severity: Severity, service: str, summary: str, *, language: str = ENGLISH, segments_max: int
) -> str:  # fmt: skip
    """`(copy) 42 CRITICAL network: edge2 uplink down`: without a word of how to answer, for there is no need to."""
    head = f"{page_words.words_of(language).copy}{code} {page_words.how_bad(severity, language)} "
    return wording.named(head, wording.plain(service), wording.about(summary, language), "", segments_max)


def _open(codes: Sequence[str], words: _Words) -> str:
    if not codes:
        return words.nothing
    more = words.more.format(n=len(codes) - CODES_TOLD_MAX) if len(codes) > CODES_TOLD_MAX else ""
    return words.open.format(n=len(codes), codes=", ".join(codes[:CODES_TOLD_MAX]) + more)
