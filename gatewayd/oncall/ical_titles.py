"""Whom the title of a calendar's event gives a duty: only where it is plain. "Holiday: Anna" gives none."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

# What may stand beside a name, as `spoken` writes it. What may mean the opposite ("cover", "standby") is not here.
DUTY = """
    on call, oncall, on duty, duty, pager, shift, rota, has the duty, is on call, has duty
    bereitschaft, rufbereitschaft, in bereitschaft, dienst, im dienst, hat bereitschaft, hat dienst, pikett
    astreinte, d'astreinte, de garde, garde, guardia, de guardia, reperibile, reperibilità, di turno
    plantão, de plantão
    dyżur, na dyżurze, piket, wachtdienst, vakt, vagt, beredskap, дежурный, дежурная, дежурство, nöbet, nöbetçi, 值班
"""
_DUTY = frozenset(tuple(phrase.split()) for phrase in DUTY.replace("\n", ",").split(",") if phrase.split())
_INSTEAD = ("instead of", "statt", "anstelle von")


def spoken(text: str) -> str:
    """As it is compared: in one case, without marks between words. A sign or a "?" stays, as a word of its own."""
    text = unicodedata.normalize("NFC", text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")).casefold()
    signs = []
    for char in text:
        kind = unicodedata.category(char)[0]
        if kind in "LMN" or char in "'_":
            signs.append(char)
        else:
            signs.append(f" {char} " if (kind == "S" and char not in "|<>") or char in "?¿~" else " ")
    return " ".join("".join(signs).split())


def called(people: Iterable[tuple[str, str]]) -> dict[str, str]:
    """How people may be named in a title -> their name: by it, or by a full name that is nobody else's."""
    pairs = list(people)

    def alone(forms: list[tuple[str, str]]) -> dict[str, str]:
        every = Counter(form for form, _ in forms)
        return {form: name for form, name in forms if form and every[form] == 1}

    return alone([(spoken(full), name) for name, full in pairs]) | alone([(spoken(name), name) for name, _ in pairs])


def on_duty(title: str, people: Mapping[str, str], rota: Iterable[str]) -> tuple[str | None, str]:
    """Who has the duty by that title, or None and why that is not plain. `people` is what `called` returns."""
    words = spoken(title).split()
    named, beside = _named(words, people)
    if not named:
        return None, "its title names nobody who is known"
    whole = " ".join(beside)
    if len(named) == 2 and any(f" {words} *" in whole for words in _INSTEAD) and whole.startswith("*"):
        named, beside = named[:1], re.sub(rf"(?:{'|'.join(_INSTEAD)}) \*", "", whole).split()
    if len(set(named)) > 1:
        return None, "its title names more than one person"
    known = _DUTY | {tuple(spoken(name).split()) for name in rota if spoken(name)}
    if not _all_known([word for word in beside if word != "*"], known):
        return None, f"it is not plain from its title that {named[0]} has the duty"
    return named[0], ""


def _named(words: list[str], people: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """The people that are named, the longest name first, and the other words with a "*" for each."""
    longest = max((len(form.split()) for form in people), default=0)
    named, beside = [], []
    place = 0
    while place < len(words):
        for length in range(min(longest, len(words) - place), 0, -1):
            person = people.get(" ".join(words[place : place + length]))
            if person is not None:
                named.append(person)
                beside.append("*")
                place += length
                break
        else:
            beside.append(words[place])
            place += 1
    return named, beside


def _all_known(words: list[str], known: Iterable[tuple[str, ...]]) -> bool:
    """Whether the words are phrases of those, one behind the other."""
    reached = {0}
    for place in range(len(words)):
        if place in reached:
            reached |= {place + len(phrase) for phrase in known if tuple(words[place : place + len(phrase)]) == phrase}
    return len(words) in reached
