"""Silences by text, by language: the words that ask for one, and how we answer. Pure. One segment where it can be.

Commands are shown in English, which everybody's phone is understood in. None begins with a code: these texts are of no
incident.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from gatewayd.oncall.languages import ENGLISH, language_of
from gatewayd.oncall.reply_words import Phrase, phrases
from gatewayd.oncall.wording import CUT, plain

NAME_CHARACTERS_MAX = 24
NAMED_MAX = 5

Verb = Literal["silence", "unsilence", "silences"]
VERBS: tuple[Verb, ...] = ("silence", "unsilence", "silences")


@dataclass(frozen=True, slots=True)
class Words:
    """The words for each verb, "|" between the entries; then what we say. Fields in braces are filled in by `said`."""

    silence: str
    unsilence: str
    silences: str
    take: str
    give: str
    asked: str
    question: str
    done: str
    told: str
    kept: str
    knows: str
    operator: str
    untold: str
    declined: str
    keeps: str
    silent: str
    changed: str
    already: str
    how_long: str
    too_long: str
    which: str
    unknown: str
    unnamed: str
    near: str
    alike: str
    one_only: str
    own: str
    not_yours: str
    nobody: str
    lifted: str
    paging: str
    lifted_by: str
    nothing: str
    lift_which: str
    broad: str
    listed: str


_WORDS: Mapping[str, Words] = {
    "en": Words(
        silence="silence|mute",
        unsilence="unsilence|unmute|end silence|lift silence|stop silence|speak",
        silences="silences|list silences|what is silenced|whats silenced",
        take="Reply yes {code} and nothing of {service} pages anybody until {until}. What still fires then does",
        give="Reply yes {code} and {name}, who is on call, is asked to agree to silence {service} until {until}",
        asked="{name} is asked now. {service} pages as before until {name} agrees",
        question="{name} asks to silence {service} until {until}: it would page nobody. Reply yes {code} or no {code}",
        done="{service} is silenced until {until}. What still fires then pages. To end it: unsilence {service}",
        told="{name} has silenced {service} until {until}. To end it: unsilence {service}",
        kept=". Kept now: {codes}",
        knows=". {names} told",
        operator=". The operator has been told",
        untold=". Nobody else has been told",
        declined="{name} does not agree. {service} is not silenced",
        keeps="{service} is not silenced",
        silent="{name} has not answered. {service} is not silenced",
        changed="Things have changed meanwhile, so {service} was not silenced",
        already="{service} is silenced until {until} already. To end it: unsilence {service}",
        how_long="For how long? Write silence {service} 2h or silence {service} until 18:00",
        too_long="{hours} hours at most by text, and never less than a minute. {service} was not silenced",
        which="Which service? Write silence SERVICE 2h. There are: {services}",
        unknown="No service is called {service}. There are: {services}",
        unnamed="No service that pages you has a name. Write silence CODE 2h, CODE being that of a page",
        near="No service is called {service}. Perhaps: {services}",
        alike="More than one service is called {service}. Write one of: {services}",
        one_only="By text one service at a time is silenced, never everything. Nothing was changed",
        own="{service} is the gateway itself and is never silenced",
        not_yours="{service} does not page you, so you cannot silence it by text. Nothing was changed",
        nobody="Nobody who is on call for {service} can be asked. It is not silenced",
        lifted="{service} pages again",
        paging=". Now: {codes}",
        lifted_by="{name} has ended the silence of {service}: it pages again",
        nothing="Nothing is silenced",
        lift_which="Which one? Reply unsilence SERVICE. Silenced: {services}",
        broad="{service} is silenced until {until} by {name}, not alone. Only the operator can end that",
        listed="{service} until {until} ({name})",
    ),
    "cy": Words(
        silence="tawelu|tawela|distewi|distewa",
        unsilence="codi tawelwch|diwedd tawelwch|gorffen tawelwch|stopio tawelwch",
        silences="rhestr tawelwch|beth sydd wedi tawelu",
        take="Ateb yes {code} ac ni fydd dim o {service} yn galw neb tan {until}. Bydd beth sy'n dal i danio wedyn",
        give="Ateb yes {code} a gofynnir i {name}, sydd ar alwad, gytuno i dawelu {service} tan {until}",
        asked="Gofynnwyd i {name}. Mae {service} yn galw fel o'r blaen nes i {name} gytuno",
        question="Mae {name} am dawelu {service} tan {until}: ni fydd yn galw neb. Ateb yes {code} neu no {code}",
        done="Tawelwyd {service} tan {until}. Bydd beth sy'n dal i danio'n galw wedyn. I orffen: unsilence {service}",
        told="Mae {name} wedi tawelu {service} tan {until}. I orffen: unsilence {service}",
        kept=". Cedwir: {codes}",
        knows=". Dywedwyd wrth {names}",
        operator=". Dywedwyd wrth y gweithredwr",
        untold=". Ni ddywedwyd wrth neb arall",
        declined="Nid yw {name} yn cytuno. Ni thawelwyd {service}",
        keeps="Nid yw {service} wedi ei dawelu",
        silent="Nid yw {name} wedi ateb. Ni thawelwyd {service}",
        changed="Mae pethau wedi newid, felly ni thawelwyd {service}",
        already="Mae {service} wedi ei dawelu tan {until} yn barod. I orffen: unsilence {service}",
        how_long="Am faint? Ateb silence {service} 2h neu silence {service} until 18:00",
        too_long="{hours} awr ar y mwyaf, ac o leiaf munud. Ni thawelwyd {service}",
        which="Pa wasanaeth? Ateb silence GWASANAETH 2h. Mae: {services}",
        unknown="Does dim gwasanaeth o'r enw {service}. Mae: {services}",
        unnamed="Nid oes enw ar unrhyw wasanaeth sy'n dy alw. Ateb silence COD 2h, gyda chod galwad",
        near="Does dim gwasanaeth o'r enw {service}. Efallai: {services}",
        alike="Mae mwy nag un gwasanaeth o'r enw {service}. Dewis un: {services}",
        one_only="Un gwasanaeth ar y tro a dawelir drwy neges, byth popeth. Ni newidiwyd dim",
        own="{service} yw'r porth ei hun ac ni chaiff ei dawelu byth",
        not_yours="Nid yw {service} yn dy alw di, felly ni elli ei dawelu drwy neges. Ni newidiwyd dim",
        nobody="Ni ellir gofyn i neb sydd ar alwad i {service}. Ni thawelwyd ef",
        lifted="Mae {service} yn galw eto",
        paging=". Nawr: {codes}",
        lifted_by="Mae {name} wedi gorffen tawelwch {service}: mae'n galw eto",
        nothing="Does dim wedi ei dawelu",
        lift_which="Pa un? Ateb unsilence GWASANAETH. Wedi tawelu: {services}",
        broad="Tawelwyd {service} tan {until} gan {name}, gydag eraill. Dim ond y gweithredwr all ei orffen",
        listed="{service} tan {until} ({name})",
    ),
    "de": Words(
        silence="stumm|stummschalten|stumm schalten|stille",
        unsilence="stumm aus|stille aus|stille beenden|stummschaltung beenden|stummschaltung aufheben|wieder laut",
        silences="stummschaltungen|was ist stumm",
        take="Antworte yes {code}, dann ruft {service} bis {until} niemanden. Was dann noch ansteht, ruft wieder",
        give="Antworte yes {code}, dann wird {name} (hat Dienst) gefragt, ob {service} bis {until} stumm sein darf",
        asked="{name} ist gefragt. {service} ruft wie bisher, bis {name} zusagt",
        question="{name} will {service} bis {until} stumm schalten: es ruft dann niemanden."
        " Antworte yes {code} oder no {code}",
        done="{service} ist stumm bis {until}. Was dann noch ansteht, ruft. Beenden: unsilence {service}",
        told="{name} hat {service} bis {until} stumm geschaltet. Beenden: unsilence {service}",
        kept=". Ruht jetzt: {codes}",
        knows=". {names} weiß es",
        operator=". Der Betreiber weiß es",
        untold=". Sonst weiß niemand davon",
        declined="{name} stimmt nicht zu. {service} ist nicht stumm",
        keeps="{service} ist nicht stumm",
        silent="{name} hat nicht geantwortet. {service} ist nicht stumm",
        changed="Es hat sich inzwischen etwas geändert, {service} wurde nicht stumm geschaltet",
        already="{service} ist schon bis {until} stumm. Beenden: unsilence {service}",
        how_long="Wie lange? Schreib silence {service} 2h oder silence {service} until 18:00",
        too_long="Per SMS höchstens {hours} Stunden, mindestens eine Minute. {service} wurde nicht stumm geschaltet",
        which="Welcher Dienst? Schreib silence DIENST 2h. Es gibt: {services}",
        unknown="Kein Dienst heißt {service}. Es gibt: {services}",
        unnamed="Kein Dienst, der dich ruft, hat einen Namen. Schreib silence NUMMER 2h mit der Nummer eines Rufs",
        near="Kein Dienst heißt {service}. Vielleicht: {services}",
        alike="Mehrere Dienste heißen {service}. Schreib einen von: {services}",
        one_only="Per SMS wird immer nur ein Dienst stumm geschaltet, nie alles. Nichts geändert",
        own="{service} ist das Gateway selbst und wird nie stumm geschaltet",
        not_yours="{service} ruft dich nicht, darum kannst du es nicht per SMS stumm schalten. Nichts geändert",
        nobody="Niemand mit Dienst für {service} kann gefragt werden. Es ist nicht stumm",
        lifted="{service} ruft wieder",
        paging=". Jetzt: {codes}",
        lifted_by="{name} hat die Stummschaltung von {service} beendet: es ruft wieder",
        nothing="Nichts ist stumm geschaltet",
        lift_which="Welcher? Antworte unsilence DIENST. Stumm: {services}",
        broad="{service} ist bis {until} stumm durch {name}, mit anderen. Das kann nur der Betreiber beenden",
        listed="{service} bis {until} ({name})",
    ),
    "fr": Words(
        silence="muet|mettre en silence|mise en silence|faire taire",
        unsilence="fin du silence|fin de silence|lever le silence|arrêter le silence",
        silences="les silences|liste des silences",
        take="Réponds yes {code} et {service} n'appelle personne jusqu'à {until}. Ce qui dure encore appellera alors",
        give="Réponds yes {code} et {name}, de garde, sera sollicité: {service} muet jusqu'à {until}",
        asked="{name} est sollicité. {service} appelle comme avant jusqu'à son accord",
        question="{name} veut rendre {service} muet jusqu'à {until}: plus d'appel. Réponds yes {code} ou no {code}",
        done="{service} est muet jusqu'à {until}. Ce qui dure encore appellera alors. Pour finir: unsilence {service}",
        told="{name} a rendu {service} muet jusqu'à {until}. Pour finir: unsilence {service}",
        kept=". Retenus: {codes}",
        knows=". {names} le sait",
        operator=". L'opérateur est prévenu",
        untold=". Personne d'autre n'est prévenu",
        declined="{name} n'est pas d'accord. {service} n'est pas muet",
        keeps="{service} n'est pas muet",
        silent="{name} n'a pas répondu. {service} n'est pas muet",
        changed="Cela a changé entre-temps, {service} n'a pas été rendu muet",
        already="{service} est déjà muet jusqu'à {until}. Pour finir: unsilence {service}",
        how_long="Combien de temps? Ecris silence {service} 2h ou silence {service} until 18:00",
        too_long="Par SMS {hours} heures au plus, une minute au moins. {service} n'a pas été rendu muet",
        which="Quel service? Ecris silence SERVICE 2h. Il y a: {services}",
        unknown="Aucun service ne s'appelle {service}. Il y a: {services}",
        unnamed="Aucun service qui t'appelle n'a de nom. Ecris silence CODE 2h avec le code d'un appel",
        near="Aucun service ne s'appelle {service}. Peut-etre: {services}",
        alike="Plusieurs services s'appellent {service}. Ecris l'un de: {services}",
        one_only="Par SMS un seul service à la fois devient muet, jamais tout. Rien n'a changé",
        own="{service} est la passerelle et n'est jamais muet",
        not_yours="{service} ne t'appelle pas, tu ne peux pas le rendre muet par SMS. Rien n'a changé",
        nobody="Personne de garde pour {service} ne peut répondre. Il n'est pas muet",
        lifted="{service} appelle de nouveau",
        paging=". Maintenant: {codes}",
        lifted_by="{name} a mis fin au silence de {service}: il appelle de nouveau",
        nothing="Rien n'est muet",
        lift_which="Lequel? Réponds unsilence SERVICE. Muets: {services}",
        broad="{service} est muet jusqu'à {until} par {name}, avec d'autres. Seul l'opérateur peut y mettre fin",
        listed="{service} jusqu'à {until} ({name})",
    ),
    "es": Words(
        silence="silenciar|silencia|silencio",
        unsilence="fin del silencio|fin de silencio|quitar silencio|quitar el silencio|quita el silencio",
        silences="silencios|lista de silencios",
        take="Responde yes {code} y {service} no avisa a nadie hasta {until}. Lo que siga entonces avisa",
        give="Responde yes {code} y se pide a {name}, de guardia, que acepte silenciar {service} hasta {until}",
        asked="Se le ha pedido a {name}. {service} avisa como antes hasta que acepte",
        question="{name} pide silenciar {service} hasta {until}: no avisaria a nadie. Responde yes {code} o no {code}",
        done="{service} silenciado hasta {until}. Lo que siga entonces avisa. Para terminar: unsilence {service}",
        told="{name} ha silenciado {service} hasta {until}. Para terminar: unsilence {service}",
        kept=". Retenidos: {codes}",
        knows=". {names} lo sabe",
        operator=". El operador lo sabe",
        untold=". Nadie mas lo sabe",
        declined="{name} no acepta. {service} no esta silenciado",
        keeps="{service} no esta silenciado",
        silent="{name} no ha contestado. {service} no esta silenciado",
        changed="Algo ha cambiado mientras tanto, {service} no se ha silenciado",
        already="{service} ya esta silenciado hasta {until}. Para terminar: unsilence {service}",
        how_long="¿Cuanto tiempo? Escribe silence {service} 2h o silence {service} until 18:00",
        too_long="Por SMS {hours} horas como mucho, un minuto como poco. {service} no se ha silenciado",
        which="¿Que servicio? Escribe silence SERVICIO 2h. Hay: {services}",
        unknown="Ningun servicio se llama {service}. Hay: {services}",
        unnamed="Ningun servicio que te llama tiene nombre. Escribe silence CODIGO 2h con el codigo de un aviso",
        near="Ningun servicio se llama {service}. Quiza: {services}",
        alike="Varios servicios se llaman {service}. Escribe uno de: {services}",
        one_only="Por SMS se silencia un solo servicio, nunca todo. Nada ha cambiado",
        own="{service} es la propia pasarela y nunca se silencia",
        not_yours="{service} no te avisa, asi que no puedes silenciarlo por SMS. Nada ha cambiado",
        nobody="No se puede preguntar a nadie de guardia de {service}. No esta silenciado",
        lifted="{service} vuelve a avisar",
        paging=". Ahora: {codes}",
        lifted_by="{name} ha terminado el silencio de {service}: vuelve a avisar",
        nothing="Nada esta silenciado",
        lift_which="¿Cual? Responde unsilence SERVICIO. Silenciados: {services}",
        broad="{service} silenciado hasta {until} por {name}, con otros. Solo el operador puede terminarlo",
        listed="{service} hasta {until} ({name})",
    ),
    "pl": Words(
        silence="wycisz|wyciszyć|ucisz|cisza",
        unsilence="odcisz|koniec ciszy|koniec wyciszenia|cofnij wyciszenie",
        silences="wyciszenia|lista wyciszeń",
        take="Odpisz yes {code}, a {service} nie wezwie nikogo do {until}. Co wtedy jeszcze trwa, wezwie",
        give="Odpisz yes {code}, a zapytamy osobe na dyzurze ({name}) o zgode na wyciszenie: {service} do {until}",
        asked="Zapytano: {name}. Do zgody {service} wzywa jak dotad",
        question="{name} chce wyciszyc {service} do {until}: nikogo nie wezwie. Odpisz yes {code} albo no {code}",
        done="{service}: wyciszone do {until}. Co wtedy jeszcze trwa, wezwie. Aby zakonczyc: unsilence {service}",
        told="{name} wycisza {service} do {until}. Aby zakonczyc: unsilence {service}",
        kept=". Wstrzymane: {codes}",
        knows=". Wie o tym: {names}",
        operator=". Operator wie",
        untold=". Nikt inny nie wie",
        declined="{name} nie wyraza zgody. {service} nie jest wyciszone",
        keeps="{service} nie jest wyciszone",
        silent="{name} nie odpowiada. {service} nie jest wyciszone",
        changed="Cos sie zmienilo, wiec nie wyciszono: {service}",
        already="{service}: wyciszone juz do {until}. Aby zakonczyc: unsilence {service}",
        how_long="Na jak dlugo? Napisz silence {service} 2h albo silence {service} until 18:00",
        too_long="Przez SMS najwyzej {hours} godzin, co najmniej minuta. Nie wyciszono: {service}",
        which="Ktora usluga? Napisz silence USLUGA 2h. Sa: {services}",
        unknown="Nie ma uslugi {service}. Sa: {services}",
        unnamed="Zadna usluga, ktora cie wzywa, nie ma nazwy. Napisz silence KOD 2h z kodem wezwania",
        near="Nie ma uslugi {service}. Moze: {services}",
        alike="Kilka uslug to {service}. Napisz jedna z: {services}",
        one_only="Przez SMS wycisza sie jedna usluge, nigdy wszystko. Nic nie zmieniono",
        own="{service} to sama bramka i nie mozna jej wyciszyc",
        not_yours="{service} nie wzywa ciebie, wiec nie mozna wyciszyc przez SMS. Nic nie zmieniono",
        nobody="Nie ma kogo zapytac na dyzurze: {service}. Nie wyciszono",
        lifted="{service} znowu wzywa",
        paging=". Teraz: {codes}",
        lifted_by="{name} konczy wyciszenie {service}: znowu wzywa",
        nothing="Nic nie jest wyciszone",
        lift_which="Ktore? Odpisz unsilence USLUGA. Wyciszone: {services}",
        broad="{service}: wyciszone do {until} przez {name}, razem z innymi. Zakonczyc moze tylko operator",
        listed="{service} do {until} ({name})",
    ),
    "zh": Words(
        silence="静音|靜音|静默|靜默|屏蔽",
        unsilence="取消静音|取消靜音|解除静音|解除靜音|结束静音|結束靜音|取消屏蔽|解除屏蔽",
        silences="静音列表|靜音列表|静音清单|靜音清單",
        take="回复 yes {code}, {service}在{until}前不呼叫任何人。到时仍在的会呼叫",
        give="回复 yes {code}, 将请值班的{name}同意静音{service}至{until}",
        asked="已询问{name}。同意前{service}照常呼叫",
        question="{name}请求静音{service}至{until}, 期间不呼叫。回复 yes {code} 或 no {code}",
        done="{service}已静音至{until}。到时仍在的会呼叫。结束: unsilence {service}",
        told="{name}已静音{service}至{until}。结束: unsilence {service}",
        kept="。暂留: {codes}",
        knows="。已告知{names}",
        operator="。已告知管理员",
        untold="。未告知其他人",
        declined="{name}不同意。{service}未静音",
        keeps="{service}未静音",
        silent="{name}没有回复。{service}未静音",
        changed="情况已变, {service}未静音",
        already="{service}已静音至{until}。结束: unsilence {service}",
        how_long="多久? 例: silence {service} 2h 或 silence {service} until 18:00",
        too_long="短信静音最长{hours}小时, 最短一分钟。{service}未静音",
        which="哪个服务? 例: silence 服务 2h。有: {services}",
        unknown="没有叫{service}的服务。有: {services}",
        unnamed="呼叫你的服务都没有名称。请写 silence 编号 2h, 用呼叫的编号",
        near="没有叫{service}的服务。可能是: {services}",
        alike="叫{service}的服务不止一个。请写: {services}",
        one_only="短信一次只能静音一个服务, 不能全部。未做更改",
        own="{service}是网关本身, 不能静音",
        not_yours="{service}不呼叫你, 不能用短信静音。未做更改",
        nobody="{service}现无值班者可询问, 未静音",
        lifted="{service}恢复呼叫",
        paging="。现在: {codes}",
        lifted_by="{name}已结束{service}的静音, 恢复呼叫",
        nothing="没有静音",
        lift_which="哪一个? 回复 unsilence 服务。已静音: {services}",
        broad="{service}与其他服务一起由{name}静音至{until}。只有管理员能结束",
        listed="{service}至{until} ({name})",
    ),
}


def words_of(tag: str) -> Words:
    """In the language of the tag ("de-AT"), or in English."""
    return _WORDS[language_of(tag)]


@cache
def verbs(language: str) -> Mapping[Phrase, Verb]:
    """English and the language: how a text may begin, as `reply_text.tokens` shows words."""
    known = (words_of(language), words_of(ENGLISH))
    return {phrase: verb for words in known for verb in VERBS for phrase in phrases(getattr(words, verb))}


def said(word: str, language: str, /, **fields: str | int) -> str:
    """The text of that name in the language; names are cut so that the rest has room."""
    frame: str = getattr(_WORDS[language_of(language)], word)
    return frame.format(**{key: _short(value) if key == "name" else value for key, value in fields.items()})


def some(names: Sequence[str]) -> str:
    """Some of them, and how many more."""
    more = f" +{len(names) - NAMED_MAX}" if len(names) > NAMED_MAX else ""
    return f"{', '.join(_short(name) for name in names[:NAMED_MAX])}{more}"


def _short(value: str | int) -> str:
    line = plain(str(value))
    return line if len(line) <= NAME_CHARACTERS_MAX else line[: NAME_CHARACTERS_MAX - len(CUT)].rstrip() + CUT
