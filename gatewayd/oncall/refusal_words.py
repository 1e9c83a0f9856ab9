"""Why a change or a silence that somebody asked for by text is not made, or is odd, by language. Pure.

The rules say it in English, as programs and the terminal have it; whoever reads it on a phone has it in their language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

from gatewayd.oncall import said_times
from gatewayd.oncall.languages import ENGLISH, language_of

BETWEEN = "; "  # several of them


@dataclass(frozen=True, slots=True)
class Words:
    """Fields in braces are found in the English sentence. `when` stands in others."""

    nobody_named: str
    no_rota: str
    backwards: str
    over: str
    too_long: str
    too_many: str
    no_pager: str
    no_phone: str
    absent: str
    empty: str
    when: str
    silences: str
    step: str
    fallback: str


_WORDS: Mapping[str, Words] = {
    "en": Words(
        nobody_named="there is nobody called '{name}'",
        no_rota="there is no rota '{rota}'",
        backwards="it ends before it begins",
        over="it is over already",
        too_long="it lasts longer than {days} days",
        too_many="there are {count} changes already",
        no_pager="'{name}' has no pager, and a policy that pages '{rota}' uses one",
        no_phone="'{name}' has no phone, and a policy that pages '{rota}' uses one",
        absent="{name} is absent {when}",
        empty="'{rota}' would have nobody {when}",
        when="from {since} to {until} ({zone})",
        silences="there are {count} silences already",
        step="step {number} of policy '{policy}' has nobody else: it is gone past meanwhile",
        fallback="the fallback of policy '{policy}' has nobody else: it is gone past meanwhile",
    ),
    "cy": Words(
        nobody_named="does neb o'r enw '{name}'",
        no_rota="does dim rota '{rota}'",
        backwards="mae'n gorffen cyn dechrau",
        over="mae wedi dod i ben",
        too_long="mae'n para mwy na {days} diwrnod",
        too_many="mae {count} o newidiadau yn barod",
        no_pager="does gan '{name}' ddim peiriant galw, ac mae polisi sy'n galw '{rota}' yn defnyddio un",
        no_phone="does gan '{name}' ddim ffon, ac mae polisi sy'n galw '{rota}' yn defnyddio un",
        absent="mae {name} i ffwrdd {when}",
        empty="ni fyddai neb gan '{rota}' {when}",
        when="o {since} tan {until} ({zone})",
        silences="mae {count} o dawelychau yn barod",
        step="nid oes neb arall yng ngham {number} polisi '{policy}': eir heibio iddo am y tro",
        fallback="nid oes neb arall wrth gefn ym mholisi '{policy}': eir heibio iddo am y tro",
    ),
    "de": Words(
        nobody_named="niemand heißt '{name}'",
        no_rota="es gibt keinen Plan '{rota}'",
        backwards="es endet, bevor es beginnt",
        over="es ist schon vorbei",
        too_long="es dauert länger als {days} Tage",
        too_many="es gibt schon {count} Änderungen",
        no_pager="'{name}' hat keinen Pager, aber eine Rufkette für '{rota}' nutzt einen",
        no_phone="'{name}' hat kein Telefon, aber eine Rufkette für '{rota}' nutzt eines",
        absent="{name} ist abwesend {when}",
        empty="'{rota}' hätte niemanden {when}",
        when="von {since} bis {until} ({zone})",
        silences="es ist schon {count}-mal etwas stumm geschaltet",
        step="Stufe {number} der Rufkette '{policy}' hat sonst niemanden: sie wird dann übersprungen",
        fallback="die letzte Reserve der Rufkette '{policy}' hat sonst niemanden: sie wird dann übersprungen",
    ),
    "fr": Words(
        nobody_named="personne ne s'appelle '{name}'",
        no_rota="il n'y a pas de planning '{rota}'",
        backwards="cela finit avant de commencer",
        over="c'est déjà fini",
        too_long="cela dure plus de {days} jours",
        too_many="il y a déjà {count} changements",
        no_pager="'{name}' n'a pas de bip, et une règle d'appel de '{rota}' s'en sert",
        no_phone="'{name}' n'a pas de téléphone, et une règle d'appel de '{rota}' s'en sert",
        absent="{name} est absent {when}",
        empty="'{rota}' n'aurait personne {when}",
        when="du {since} au {until} ({zone})",
        silences="il y a déjà {count} mises en silence",
        step="l'étape {number} de la règle d'appel '{policy}' n'a personne d'autre: elle est sautée d'ici là",
        fallback="le dernier recours de la règle d'appel '{policy}' n'a personne d'autre: il est sauté d'ici là",
    ),
    "es": Words(
        nobody_named="nadie se llama '{name}'",
        no_rota="no hay ningun turno '{rota}'",
        backwards="termina antes de empezar",
        over="ya ha terminado",
        too_long="dura mas de {days} dias",
        too_many="ya hay {count} cambios",
        no_pager="'{name}' no tiene busca, y una regla de avisos de '{rota}' usa uno",
        no_phone="'{name}' no tiene telefono, y una regla de avisos de '{rota}' usa uno",
        absent="{name} esta ausente {when}",
        empty="'{rota}' se quedaria sin nadie {when}",
        when="del {since} al {until} ({zone})",
        silences="ya hay {count} silencios",
        step="el paso {number} de la regla de avisos '{policy}' no tiene a nadie mas: se salta mientras tanto",
        fallback="la reserva de la regla de avisos '{policy}' no tiene a nadie mas: se salta mientras tanto",
    ),
    "pl": Words(
        nobody_named="nie ma nikogo o nazwie '{name}'",
        no_rota="nie ma grafiku '{rota}'",
        backwards="koniec jest przed poczatkiem",
        over="to juz minelo",
        too_long="trwa to ponad {days} dni",
        too_many="liczba zmian siega juz {count}",
        no_pager="'{name}' nie ma pagera, a uzywa go regula wezwan dla '{rota}'",
        no_phone="'{name}' nie ma telefonu, a uzywa go regula wezwan dla '{rota}'",
        absent="{name}: nieobecnosc {when}",
        empty="'{rota}': nie byloby nikogo {when}",
        when="od {since} do {until} ({zone})",
        silences="liczba wyciszen siega juz {count}",
        step="krok {number} reguly wezwan '{policy}' nie ma nikogo innego: na ten czas jest pomijany",
        fallback="rezerwa reguly wezwan '{policy}' nie ma nikogo innego: na ten czas jest pomijana",
    ),
    "zh": Words(
        nobody_named="没有叫'{name}'的人",
        no_rota="没有值班表'{rota}'",
        backwards="结束早于开始",
        over="时间已过",
        too_long="超过{days}天",
        too_many="更改已有{count}项",
        no_pager="'{name}'没有寻呼机, 而'{rota}'的呼叫规则要用",
        no_phone="'{name}'没有手机, 而'{rota}'的呼叫规则要用",
        absent="{name}不在: {when}",
        empty="'{rota}'将无人值班: {when}",
        when="{since}至{until} ({zone})",
        silences="静音已有{count}项",
        step="呼叫规则'{policy}'的第{number}步没有别人, 期间会跳过",
        fallback="呼叫规则'{policy}'的后备没有别人, 期间会跳过",
    ),
}


def words_of(tag: str) -> Words:
    """In the language of the tag ("de-AT"), or in English."""
    return _WORDS[language_of(tag)]


def _shape(sentence: str) -> re.Pattern[str]:
    """What finds the fields of an English sentence; a zone is the last in brackets, a doubled hour has its own."""
    kinds = {"zone": "[^() ]+"}
    parts = Formatter().parse(sentence)
    return re.compile("".join(re.escape(t) + (f"(?P<{n}>{kinds.get(n, '.+?')})" if n else "") for t, n, _, _ in parts))


_SHAPES = {name: _shape(getattr(words_of(ENGLISH), name)) for name in Words.__slots__}


def read_in(reasons: str, language: str) -> str:
    """One or several English sentences in that language; one that is not known stays as it is."""
    if language_of(language) == ENGLISH:
        return reasons
    return BETWEEN.join(_one(reason, language) for reason in reasons.split(BETWEEN))


def sentence(reason: str, language: str) -> str:
    """One of them as a sentence of its own."""
    said = read_in(reason, language)
    return said[:1].upper() + said[1:]


def _one(reason: str, language: str) -> str:
    for name, shape in _SHAPES.items():
        if found := shape.fullmatch(reason):
            fields = found.groupdict()
            if "when" in fields:
                fields["when"] = _one(fields["when"], language)
            for edge in {"since", "until"} & fields.keys():
                fields[edge] = said_times.retold(fields[edge], language)
            return str(getattr(words_of(language), name)).format(**fields)
    return reason
