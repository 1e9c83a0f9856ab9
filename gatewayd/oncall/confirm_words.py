"""What is asked and told where a hand-over wants to be confirmed, by language. Pure. One segment where it can be.

As in `asked_words` commands are shown in English, and none begins with a code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gatewayd.oncall import asked_words
from gatewayd.oncall.languages import language_of


@dataclass(frozen=True, slots=True)
class Words:
    """Fields in braces are filled in by `said`."""

    confirm: str
    confirm_out: str
    unconfirmed: str
    unconfirmed_in: str
    not_yours: str


_WORDS: Mapping[str, Words] = {
    "en": Words(
        confirm="Reply ok {code} and you have {rota} until {until}. {name} keeps it until then",
        confirm_out="{name} is to take {rota}. It stays with you until {name} confirms",
        unconfirmed="{name} has not confirmed {rota}. It stays with {holder}",
        unconfirmed_in="You have not confirmed {rota}, {holder} keeps it. Reply ok {code} to take it",
        not_yours="The rota has changed: {name} is to take {rota}, not you",
    ),
    "cy": Words(
        confirm="Ateb ok {code} a bydd {rota} gen ti tan {until}. {name} sy'n ei gadw tan hynny",
        confirm_out="{name} sydd i gymryd {rota}. Gen ti mae nes i {name} gadarnhau",
        unconfirmed="Nid yw {name} wedi cadarnhau {rota}. {holder} sy'n ei gadw",
        unconfirmed_in="Nid wyt wedi cadarnhau {rota}, {holder} sy'n ei gadw. Ateb ok {code} i'w gymryd",
        not_yours="Mae'r rota wedi newid: {name} sydd i gymryd {rota}, nid ti",
    ),
    "de": Words(
        confirm="Antworte ok {code}, dann hast du {rota} bis {until}. Bis dahin behält es {name}",
        confirm_out="{name} soll {rota} übernehmen. Es bleibt bei dir, bis {name} bestätigt",
        unconfirmed="{name} hat {rota} nicht bestätigt. Es bleibt bei {holder}",
        unconfirmed_in="Du hast {rota} nicht bestätigt, {holder} behält es. Antworte ok {code} zum Übernehmen",
        not_yours="Der Plan hat sich geändert: {name} soll {rota} übernehmen, nicht du",
    ),
    "fr": Words(
        confirm="Réponds ok {code} et tu as {rota} jusqu'à {until}. D'ici là {name} le garde",
        confirm_out="{name} doit prendre {rota}. Tu le gardes jusqu'à sa confirmation",
        unconfirmed="{name} n'a pas confirmé {rota}. {holder} le garde",
        unconfirmed_in="Tu n'as pas confirmé {rota}, {holder} le garde. Réponds ok {code} pour le prendre",
        not_yours="Le planning a changé: c'est {name} qui doit prendre {rota}, pas toi",
    ),
    "es": Words(
        confirm="Responde ok {code} y tienes {rota} hasta {until}. Hasta entonces lo tiene {name}",
        confirm_out="{name} va a tomar {rota}. Es tuyo hasta que confirme",
        unconfirmed="{name} no ha confirmado {rota}. Lo tiene {holder}",
        unconfirmed_in="No has confirmado {rota}, lo tiene {holder}. Responde ok {code} para tomarlo",
        not_yours="El turno ha cambiado: {name} va a tomar {rota}, no tu",
    ),
    "pl": Words(
        confirm="Odpisz ok {code}, a masz {rota} do {until}. Do tego czasu: {name}",
        confirm_out="{name} ma przejac {rota}. Do potwierdzenia zostaje u ciebie",
        unconfirmed="{name} nie potwierdza: {rota}. Zostaje: {holder}",
        unconfirmed_in="Brak potwierdzenia: {rota}, ma {holder}. Odpisz ok {code}, aby przejac",
        not_yours="Grafik sie zmienil: {rota} ma przejac {name}, nie ty",
    ),
    "zh": Words(
        confirm="回复 ok {code}, {rota}由你值班至{until}。此前仍由{name}值班",
        confirm_out="{name}将接{rota}。确认前仍由你值班",
        unconfirmed="{name}未确认{rota}, 仍由{holder}值班",
        unconfirmed_in="你未确认{rota}, 仍由{holder}值班。回复 ok {code} 接班",
        not_yours="排班已变: {rota}改由{name}接班, 不是你",
    ),
}


def said(word: str, language: str, /, **fields: str) -> str:
    """The text of that name in the language; names are cut so that the rest has room."""
    return asked_words.filled(getattr(_WORDS[language_of(language)], word), fields)
