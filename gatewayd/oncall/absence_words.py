"""What is asked and told of absences by text, by language. Pure. One segment where it can be.

Commands are shown in English, which everybody's phone is understood in. None begins with a code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gatewayd.oncall.asked_words import NAME_CHARACTERS_MAX
from gatewayd.oncall.languages import language_of
from gatewayd.oncall.wording import CUT, plain


@dataclass(frozen=True, slots=True)
class Words:
    """Fields in braces are filled in by `said`; `until` and `span` are what {when} is."""

    until: str
    span: str
    away: str
    away_asks: str
    away_tells: str
    question: str
    asked: str
    asked_later: str
    asked_next: str
    booked: str
    yours: str
    later: str
    declined: str
    silent: str
    silent_later: str
    keeps_later: str
    not_asked: str
    nobody: str
    away_already: str
    too_many_asked: str
    not_away: str
    no_time: str
    back: str
    is_there: str
    has_now: str
    called_off: str
    is_back: str


_WORDS: Mapping[str, Words] = {
    "en": Words(
        until="until {until}",
        span="from {since} until {until}",
        away="Reply yes {code} and you are away {when}. No turn of yours is in it",
        away_asks="Reply yes {code} to be away {when}. {names} must agree to take {rota} first",
        away_tells="Reply yes {code} and you are away {when}. {rota} goes to {names}",
        question="{name} is away {when} and asks you to take {duty}. Reply yes {code} or no {code}",
        asked="{name} is asked now. You have your duty until all agree",
        asked_later="{name} is asked now. Nothing is changed until all agree",
        asked_next="Noted. {name} is asked as well, nothing is changed until all agree",
        booked="You are away {when}. To end it: back",
        yours="{name} is away {when}. You have {duty}",
        later="{name} is away {when}. You have {duty}. If you cannot: swap NAME UNTIL",
        declined="{name} cannot take {rota}. You are not booked as away. Perhaps: swap NAME UNTIL",
        silent="{name} has not answered. You are not booked as away, and {rota} stays with you",
        silent_later="{name} has not answered. You are not booked as away",
        keeps_later="{name} is not booked as away. Nothing was changed",
        not_asked="Nothing was changed",
        nobody="Nobody else could take {rota} then, so you are not booked as away. Call the operator",
        away_already="You are booked as away until {until} already. To end it: back",
        too_many_asked="More than {count} people would have to agree, so nothing was asked. Call the operator",
        not_away="You are not booked as away, so nothing was changed",
        no_time="Until when? Write away fri 18:00, away 24 dec - 2 jan or away 3 days",
        back="Reply yes {code} and you are back, and take {rota} from {names}",
        is_there="You are not away any more",
        has_now="You have {rota} now",
        called_off="Your absence {when} is called off",
        is_back="{name} is back and has {duty}",
    ),
    "cy": Words(
        until="tan {until}",
        span="o {since} tan {until}",
        away="Ateb yes {code} a byddi i ffwrdd {when}. Does dim tro gen ti ynddo",
        away_asks="Ateb yes {code} i fod i ffwrdd {when}. Rhaid i {names} gytuno i gymryd {rota} gyntaf",
        away_tells="Ateb yes {code} a byddi i ffwrdd {when}. Bydd {rota} gan {names}",
        question="Mae {name} i ffwrdd {when} ac yn gofyn i ti gymryd {duty}. Ateb yes {code} neu no {code}",
        asked="Gofynnwyd i {name}. Gen ti mae'r tro nes i bawb gytuno",
        asked_later="Gofynnwyd i {name}. Ni newidir dim nes i bawb gytuno",
        asked_next="Diolch. Gofynnwyd i {name} hefyd, ni newidir dim nes i bawb gytuno",
        booked="Rwyt ti i ffwrdd {when}. I'w orffen: back",
        yours="Mae {name} i ffwrdd {when}. Gen ti mae {duty}",
        later="Mae {name} i ffwrdd {when}. Gen ti mae {duty}. Os na elli di: swap ENW AMSER",
        declined="Ni all {name} gymryd {rota}. Dwyt ti ddim i ffwrdd. Efallai: swap ENW AMSER",
        silent="Nid yw {name} wedi ateb. Dwyt ti ddim i ffwrdd, a gen ti mae {rota} o hyd",
        silent_later="Nid yw {name} wedi ateb. Dwyt ti ddim i ffwrdd",
        keeps_later="Nid yw {name} i ffwrdd. Ni newidiwyd dim",
        not_asked="Ni newidiwyd dim",
        nobody="Ni allai neb arall gymryd {rota} wedyn, felly ni elli fod i ffwrdd. Ffonia'r gweithredwr",
        away_already="Rwyt ti i ffwrdd tan {until} yn barod. I'w orffen: back",
        too_many_asked="Byddai'n rhaid i fwy na {count} gytuno, ni ofynnwyd dim. Ffonia'r gweithredwr",
        not_away="Dwyt ti ddim i ffwrdd, ni newidiwyd dim",
        no_time="Tan pryd? Ateb away gwe 18:00, away 24 rhag - 2 ion neu away 3 diwrnod",
        back="Ateb yes {code} a byddi yn y rota eto, a chymeri {rota} gan {names}",
        is_there="Dwyt ti ddim i ffwrdd nawr",
        has_now="Gen ti mae {rota} nawr",
        called_off="Ni fyddi i ffwrdd {when}",
        is_back="Mae {name} wedi dychwelyd. Ganddyn nhw mae {duty}",
    ),
    "de": Words(
        until="bis {until}",
        span="von {since} bis {until}",
        away="Antworte yes {code}, dann bist du {when} abwesend. Du hast da keinen Dienst",
        away_asks="Antworte yes {code}, um {when} abwesend zu sein. Erst muss {names} zusagen: {rota}",
        away_tells="Antworte yes {code}, dann bist du {when} abwesend. {rota} geht an {names}",
        question="{name} ist {when} abwesend und bittet dich um {duty}. Antworte yes {code} oder no {code}",
        asked="{name} ist gefragt. Dein Dienst bleibt bei dir, bis alle zusagen",
        asked_later="{name} ist gefragt. Nichts wird geändert, bis alle zusagen",
        asked_next="Danke. Auch {name} ist gefragt, nichts wird geändert, bis alle zusagen",
        booked="Du bist {when} abwesend. Beenden: back",
        yours="{name} ist {when} abwesend. Du hast {duty}",
        later="{name} ist {when} abwesend. Du hast {duty}. Wenn du nicht kannst: swap NAME BIS",
        declined="{name} kann {rota} nicht übernehmen. Du giltst nicht als abwesend. Vielleicht: swap NAME BIS",
        silent="{name} hat nicht geantwortet. Du giltst nicht als abwesend, {rota} bleibt bei dir",
        silent_later="{name} hat nicht geantwortet. Du giltst nicht als abwesend",
        keeps_later="{name} gilt nicht als abwesend. Nichts wurde geändert",
        not_asked="Nichts wurde geändert",
        nobody="Sonst könnte dann niemand {rota} übernehmen, du giltst nicht als abwesend. Ruf den Betreiber an",
        away_already="Du bist schon bis {until} abwesend. Beenden: back",
        too_many_asked="Mehr als {count} müssten zusagen, niemand wurde gefragt. Ruf den Betreiber an",
        not_away="Du bist nicht als abwesend eingetragen, nichts wurde geändert",
        no_time="Bis wann? Schreib away fr 18:00, away 24.12. - 2.1. oder away 3 Tage",
        back="Antworte yes {code}, dann bist du wieder da und übernimmst {rota} von {names}",
        is_there="Du bist nicht mehr abwesend",
        has_now="Du hast jetzt {rota}",
        called_off="Deine Abwesenheit {when} ist abgesagt",
        is_back="{name} ist wieder da und hat {duty}",
    ),
    "fr": Words(
        until="jusqu'à {until}",
        span="de {since} à {until}",
        away="Réponds yes {code} et tu es absent {when}. Aucun de tes tours n'y tombe",
        away_asks="Réponds yes {code} pour une absence {when}. {names} doit d'abord accepter: {rota}",
        away_tells="Réponds yes {code} et tu es absent {when}. {rota} passe à {names}",
        question="{name} est absent {when} et te demande de prendre {duty}. Réponds yes {code} ou no {code}",
        asked="{name} est sollicité. Tu gardes ton tour jusqu'à l'accord de tous",
        asked_later="{name} est sollicité. Rien ne change avant l'accord de tous",
        asked_next="Merci. {name} est sollicité aussi, rien ne change avant l'accord de tous",
        booked="Tu es absent {when}. Pour finir: back",
        yours="{name} est absent {when}. Tu as {duty}",
        later="{name} est absent {when}. Tu as {duty}. Si tu ne peux pas: swap NOM HEURE",
        declined="{name} ne peut pas prendre {rota}. Tu n'es pas noté absent. Sinon: swap NOM HEURE",
        silent="{name} n'a pas répondu. Tu n'es pas noté absent, tu gardes {rota}",
        silent_later="{name} n'a pas répondu. Tu n'es pas noté absent",
        keeps_later="{name} n'est pas noté absent. Rien n'a changé",
        not_asked="Rien n'a changé",
        nobody="Personne d'autre ne pourrait prendre {rota}, tu n'es pas noté absent. Appelle l'opérateur",
        away_already="Tu es déjà noté absent jusqu'à {until}. Pour finir: back",
        too_many_asked="Plus de {count} personnes devraient accepter, rien n'est demandé. Appelle l'opérateur",
        not_away="Tu n'es pas noté absent, rien n'a changé",
        no_time="Jusqu'à quand? Ecris away ven 18:00, away 24 dec - 2 janv ou away 3 jours",
        back="Réponds yes {code} et tu es de retour, et tu prends {rota} de {names}",
        is_there="Tu n'es plus absent",
        has_now="Tu as {rota} maintenant",
        called_off="Ton absence {when} est annulée",
        is_back="{name} est de retour et a {duty}",
    ),
    "es": Words(
        until="hasta {until}",
        span="de {since} a {until}",
        away="Responde yes {code} y estas ausente {when}. No tienes guardia entonces",
        away_asks="Responde yes {code} para estar ausente {when}. Antes debe aceptar {names}: {rota}",
        away_tells="Responde yes {code} y quedas ausente {when}. {rota} pasa a {names}",
        question="{name} se ausenta {when} y te pide tomar {duty}. Responde yes {code} o no {code}",
        asked="Se le ha pedido a {name}. Tu guardia sigue contigo hasta que acepten todos",
        asked_later="Se le ha pedido a {name}. Nada cambia hasta que acepten todos",
        asked_next="Gracias. Se le pide a {name} también, nada cambia hasta que acepten todos",
        booked="Quedas ausente {when}. Para terminar: back",
        yours="{name} se ausenta {when}. Tienes {duty}",
        later="{name} se ausenta {when}. Tienes {duty}. Si no puedes: swap NOMBRE HORA",
        declined="{name} no puede tomar {rota}. No quedas ausente. Si acaso: swap NOMBRE HORA",
        silent="{name} no ha contestado. No quedas ausente, {rota} sigue contigo",
        silent_later="{name} no ha contestado. No quedas ausente",
        keeps_later="{name} no queda ausente. Nada ha cambiado",
        not_asked="Nada ha cambiado",
        nobody="Nadie mas podria tomar {rota} entonces, no quedas ausente. Llama al operador",
        away_already="Ya estas ausente hasta {until}. Para terminar: back",
        too_many_asked="Deberian aceptar mas de {count}, no se ha pedido nada. Llama al operador",
        not_away="No constas como ausente, nada ha cambiado",
        no_time="¿Hasta cuando? Escribe away vie 18:00, away 24 dic - 2 ene o away 3 dias",
        back="Responde yes {code} y vuelves, y tomas {rota} de {names}",
        is_there="Ya no estas ausente",
        has_now="Ahora tienes {rota}",
        called_off="Tu ausencia {when} queda anulada",
        is_back="{name} ha vuelto y tiene {duty}",
    ),
    "pl": Words(
        until="do {until}",
        span="od {since} do {until}",
        away="Odpisz yes {code}, a bedzie nieobecnosc {when}. Nie masz wtedy dyzuru",
        away_asks="Odpisz yes {code}, aby zglosic nieobecnosc {when}. Najpierw {names} musi przyjac {rota}",
        away_tells="Odpisz yes {code}, a bedzie nieobecnosc {when}. {rota} przejmie {names}",
        question="{name}: nieobecnosc {when}. Prosba o przejecie: {duty}. Odpisz yes {code} albo no {code}",
        asked="Pytanie wyslane: {name}. Dyzur jest twoj, az wszyscy sie zgodza",
        asked_later="Pytanie wyslane: {name}. Nic sie nie zmieni, az wszyscy sie zgodza",
        asked_next="Dzieki. Pytanie dostaje tez {name}, nic sie nie zmieni, az wszyscy sie zgodza",
        booked="Masz nieobecnosc {when}. Koniec: back",
        yours="{name}: nieobecnosc {when}. Masz {duty}",
        later="{name}: nieobecnosc {when}. Masz {duty}. Jesli nie mozesz: swap IMIE CZAS",
        declined="{name} nie moze przejac {rota}. Nie masz nieobecnosci. Moze: swap IMIE CZAS",
        silent="{name} nie odpowiada. Nie masz nieobecnosci, {rota} zostaje u ciebie",
        silent_later="{name} nie odpowiada. Nie masz nieobecnosci",
        keeps_later="{name}: bez nieobecnosci. Nic nie zmieniono",
        not_asked="Nic nie zmieniono",
        nobody="Nikt inny nie moglby wtedy przejac {rota}, nie masz nieobecnosci. Zadzwon do operatora",
        away_already="Masz juz nieobecnosc do {until}. Koniec: back",
        too_many_asked="Musialoby sie zgodzic wiecej osob niz {count}, o nic nie zapytano. Zadzwon do operatora",
        not_away="Nie masz nieobecnosci, nic nie zmieniono",
        no_time="Do kiedy? Odpisz away pt 18:00, away 24 gru - 2 sty albo away 3 dni",
        back="Odpisz yes {code}, a wracasz i przejmujesz {rota} od: {names}",
        is_there="Nie masz juz nieobecnosci",
        has_now="Teraz masz {rota}",
        called_off="Nieobecnosc {when} odwolana",
        is_back="{name} wraca i ma {duty}",
    ),
    "zh": Words(
        until="至{until}",
        span="{since}至{until}",
        away="回复 yes {code}, 你将不在{when}。其间没有你的班",
        away_asks="回复 yes {code} 请假{when}。须{names}先同意接{rota}",
        away_tells="回复 yes {code}, 你将不在{when}。{rota}由{names}接班",
        question="{name}请假{when}, 请你接{duty}。回复 yes {code} 或 no {code}",
        asked="已请{name}接班。全部同意前仍由你值班",
        asked_later="已请{name}接班。全部同意前不变",
        asked_next="谢谢。还须{name}同意, 全部同意前不变",
        booked="你已请假{when}。结束请发 back",
        yours="{name}请假{when}。你值班{duty}",
        later="{name}请假{when}。你值班{duty}。不行请发 swap 姓名 时间",
        declined="{name}不能接{rota}。你未请假。可发 swap 姓名 时间",
        silent="{name}没有回复。你未请假, {rota}仍由你值班",
        silent_later="{name}没有回复。你未请假",
        keeps_later="{name}未请假, 未做更改",
        not_asked="未做更改",
        nobody="届时没有别人能接{rota}, 你未请假。请致电管理员",
        away_already="你已请假至{until}。结束请发 back",
        too_many_asked="须{count}人以上同意, 未提出请求。请致电管理员",
        not_away="你没有请假, 未做更改",
        no_time="到何时? 例: away 周五18:00, away 12月24日 - 1月2日, away 3天",
        back="回复 yes {code}, 你将回来, 并从{names}接{rota}",
        is_there="你已不在请假",
        has_now="{rota}现由你值班",
        called_off="{when}的请假已取消",
        is_back="{name}回来了, 值班{duty}",
    ),
}


def said(word: str, language: str, /, **fields: str | int) -> str:
    """The text of that name in the language; a name is cut so that the rest has room."""
    frame: str = getattr(_WORDS[language_of(language)], word)
    return frame.format(**{key: _short(value) if key == "name" else value for key, value in fields.items()})


def _short(value: str | int) -> str:
    line = plain(str(value))
    return line if len(line) <= NAME_CHARACTERS_MAX else line[: NAME_CHARACTERS_MAX - len(CUT)].rstrip() + CUT
