"""The status line by text, by language: the words that read and end it, and how we answer. Pure.

Each stays in the GSM 7-bit alphabet where its language can be read in it. Commands are shown in English, which
everybody's phone is understood in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gatewayd.oncall.languages import ENGLISH, language_of
from gatewayd.oncall.reply_text import fold


@dataclass(frozen=True, slots=True)
class Words:
    """`names` it, and `over` behind that ends it, "|" between the entries; the others are what we say of it."""

    names: str
    over: str
    set: str
    ended: str
    none: str
    not_yours: str
    no_text: str
    too_long: str


_WORDS: Mapping[str, Words] = {
    "en": Words(
        names="status",
        over="over|ok|off|end|done|clear",
        set="Status set until {until}. Write status: over to end it",
        ended="Status ended",
        none="There is no status to end",
        not_yours="Not set: only who is on call, or has taken an incident, sets the status by text",
        no_text="Not set: a status is one line of at most {most} characters",
        too_long="Not set: a status holds {hours} hours at most",
    ),
    "cy": Words(
        names="statws",
        over="drosodd|ar ben|gorffen|wedi gorffen",
        set="Statws wedi ei osod tan {until}. I'w orffen: status: over",
        ended="Statws wedi gorffen",
        none="Does dim statws i'w orffen",
        not_yours="Heb ei osod: dim ond y sawl sydd ar alwad, neu sydd wedi cymryd digwyddiad, sy'n gosod y statws",
        no_text="Heb ei osod: un llinell o {most} nod ar y mwyaf yw statws",
        too_long="Heb ei osod: mae statws yn para {hours} awr ar y mwyaf",
    ),
    "de": Words(
        names="status|lage",
        over="vorbei|beendet|ende|aus|erledigt",
        set="Status gilt bis {until}. Beenden: status: over",
        ended="Status beendet",
        none="Es gibt keinen Status, der enden kann",
        not_yours="Nicht gesetzt: den Status setzt per SMS nur, wer Dienst hat oder eine Störung übernommen hat",
        no_text="Nicht gesetzt: ein Status ist eine Zeile mit höchstens {most} Zeichen",
        too_long="Nicht gesetzt: ein Status gilt höchstens {hours} Stunden",
    ),
    "fr": Words(
        names="statut|état",
        over="terminé|fini|fin",
        set="Statut en place jusqu'à {until}. Pour finir: status: over",
        ended="Statut terminé",
        none="Il n'y a pas de statut à terminer",
        not_yours="Non fait: par SMS, seul qui est de garde ou a pris un incident change le statut",
        no_text="Non fait: un statut est une ligne de {most} signes au plus",
        too_long="Non fait: un statut vaut {hours} heures au plus",
    ),
    "es": Words(
        names="estado",
        over="terminado|acabado|fin|hecho",
        set="Estado puesto hasta {until}. Para terminarlo: status: over",
        ended="Estado terminado",
        none="No hay ningun estado que terminar",
        not_yours="No puesto: por SMS solo pone el estado quien esta de guardia o ha tomado un incidente",
        no_text="No puesto: un estado es una linea de {most} caracteres como mucho",
        too_long="No puesto: un estado vale {hours} horas como mucho",
    ),
    "pl": Words(
        names="status|stan",
        over="koniec|zakończone|zakończony|po wszystkim",
        set="Status obowiazuje do {until}. Aby zakonczyc: status: over",
        ended="Status zakonczony",
        none="Nie ma statusu do zakonczenia",
        not_yours="Nie zmieniono: status przez SMS ustawia tylko osoba na dyzurze albo ta, ktora przejela incydent",
        no_text="Nie zmieniono: status to jeden wiersz, najwyzej {most} znakow",
        too_long="Nie zmieniono: status obowiazuje najwyzej {hours} godzin",
    ),
    "zh": Words(
        names="状态|狀態",
        over="结束|結束|已结束|已結束|解除|完成",
        set="状态已设, 至{until}有效。结束请发 status: over",
        ended="状态已结束",
        none="没有可结束的状态",
        not_yours="未设: 只有值班者或已接手事件的人能用短信设状态",
        no_text="未设: 状态只能一行, 最多{most}字",
        too_long="未设: 状态最长{hours}小时",
    ),
}


def words_of(tag: str) -> Words:
    """In the language of the tag ("de-AT"), or in English."""
    return _WORDS[language_of(tag)]


def names(word: str, tag: str) -> bool:
    """Whether the word, or the words, ask for the status line. English holds for everybody."""
    return fold(word) in _both("names", tag)


def ends(words: str, tag: str) -> bool:
    """Whether what stands behind `status:` says that it is over."""
    return fold(words) in _both("over", tag)


def _both(field: str, tag: str) -> set[str]:
    return {fold(entry) for kept in (words_of(tag), words_of(ENGLISH)) for entry in getattr(kept, field).split("|")}
