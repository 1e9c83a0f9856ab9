"""Whether who says `ok` is in no state to act, or wants no more texts: "ok bin besoffen", "vale, ya está bien". Pure.

Such a reply is asked back. What people call a state has no end of words, so the rule turns round: who says "I am ..."
and nothing that they do takes it only with a word of somebody who is ready ("ok I'm home", "ok bin wach").
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from gatewayd.oncall.reply_phrases import digits, in_minutes, stands
from gatewayd.oncall.reply_text import HAN, Token
from gatewayd.oncall.reply_words import Phrase, phrases


def _set(entries: str) -> frozenset[str]:
    return frozenset(entries.split())


CLAUSE_MAX = 7  # words
NEAR_MAX = 5  # words between "enough" and "messages"

_I_AM = (
    "i'm|i am|am|bin|ich bin|je suis|suis|j'suis|estoy|yo estoy|ando|jestem|dwi mewn|dwi allan"
    "|dw i mewn|dw i allan|sitz|sitze|steh|stehe|lieg|liege|häng|hänge|steck|stecke|siedzę|leżę|stoję"
)
# Of somebody who can act, or is about to; and what else "I am" begins that says nothing of them: "I'm sure".
_READY_WORDS = (
    "awake here back home house office desk work computer laptop keyboard pc screen vpn online connected near close"
    " nearby site way ready free available fine good sober around sure certain afraid able done yours aware leaving"
    " parked it this who console terminal shell datacenter datacentre"
    " wach unterwegs rechner schreibtisch zuhause haus hause buro vor bereit verfugbar erreichbar zuruck eingeloggt"
    " verbunden schauen gucken prufen arbeiten sicher nuchtern aufgestanden rechenzentrum"
    " dessus reveille reveillee route devant bureau maison connecte connectee pret prete debout dispo disponible"
    " arrive arrivee leve levee rentre rentree parti partie proche ordi ordinateur"
    " ello despierto despierta casa camino conectado conectada listo lista delante levantado levantada oficina"
    " ordenador portatil cerca seguro segura sobrio sobria"
    " przy miejscu domu drodze gotowy gotowa zalogowany zalogowana obudzony obudzona dostepny dostepna biurze blisko"
    " pewien pewna kompie komputerze trzezwy trzezwa"
    " consola konsola konsoli konsole ekranie ekranem pantalla ecran bildschirm schirm klawiaturze"
    " rz serverraum technikraum serwerowni serwerownia stafell"
    " swyddfa safle gliniadur cyfrifiadur barod effro gwaith ddesg ffordd"
)
READY = _set(_READY_WORDS)
# These where nothing but such words follows: "I'm up now", not "I'm in the shower".
_THERE_WORDS = (
    "up in on there outside next first alone da hier auf dort dran drauf drin dabei gleich weg los fit allein la ici"
    " prest seul seule place aqui alli pie solo sola eso tu tutaj juz sam sama now already jetzt schon maintenant ya"
)
_THERE = _set(_THERE_WORDS)
_ONWARD = "off to|about to|chez moi|logged|en train de|sur place|sur le coup|auf dem weg|am weg|am platz|vor ort"
_JUST_WORDS = (
    "just still already now so really quite very too totally completely bit a noch gerade grad schon jetzt total ganz"
    " echt so encore deja vraiment trop tres ya aun muy todavia ahora jeszcze teraz bardzo juz"
)
_JUST = _set(_JUST_WORDS)
# What somebody does who does nothing for it.
_IDLE_WORDS = (
    "driving sleeping drinking nodding dozing biking cycling riding eating having dying being dining dancing partying"
    " swimming flying boarding kidding dreaming snoring celebrating"
    " conduciendo durmiendo manejando bebiendo cenando comiendo bailando volando"
)
_IDLE = _set(_IDLE_WORDS)
_ARTICLES = _set("a an the my")
_DOES = ("ing", "ando", "iendo", "yendo")
# Before what also says how a machine is: "ok hammered right now", but "ok db1 is hammered".
_WORN = _set("wasted hammered pissed smashed knackered exhausted shattered stuffed")

# Nobody who is drunk says that he acts and is believed.
_DRUNK_WORDS = (
    "drunk tipsy plastered shitfaced intoxicated hungover stoned sloshed legless boozed booze beers pint pints wine"
    " vodka whisky whiskey tequila drinks zzz zzzz"
    " angetrunken besoffen sturzbesoffen betrunken angeheitert beschwipst hackedicht sternhagelvoll promille intus bier"
    " biere wein schnaps sekt gluhwein penne pennen pennt"
    " ivre bourre bourree saoul saoule pompette pinard bieres apero roupille dormais somnole torche torchee"
    " borracho borracha ebrio ebria bebido copas cerveza cervezas vino resaca adormilado adormilada"
    " pijany pijana nawalony nawalona narabany narabana najebany najebana wypilem wypilam alkoholu piwo piwa piw wina"
    " wodki wodka zasypiam drzemie przysypiam"
    " meddwi feddw meddw chwil yfed gwin cwrw peint beint beints peintiau piwie piwku piwach piwko copa"
)
_DRUNK = _set(_DRUNK_WORDS)
_DRUNK_PHRASES = (
    "had a few|too pissed|too wasted|too hammered|trop bu|ai bu|j'ai bu|zu viel getrunken|nodding off|half asleep"
    "|schlaf schon|verres dans le nez"
)
_HAN_DRUNK = ("醉", "喝多", "喝大", "喝酒", "喝了", "困死", "好困")
# "我在洗澡", unless what follows is of somebody who is ready: looks, is at work, at home, on the line.
_HAN_IN_ANOTHER = re.compile(
    "我(?:正|还|還)?在(?!.{0,3}[看查处處弄司脑腦路家线線场場这這机機办辦改修启啟升滚滾联聯接连連登试試检檢排跟等测測调調切恢复復])"
)

# At the wheel: they cannot, unless they say what they do, where they go, or when they are there.
_WHEEL = (
    "at the wheel|behind the wheel|on the motorway|on the highway|on the freeway|on my motorbike|on my bike|on the bike"
    "|no hands|hands full|hands busy|hands are full"
    "|am steuer|hinterm steuer|hinter dem steuer|am lenkrad|am fahren|auf der autobahn|auf dem rad|aufm rad|keine hand"
    "|hände voll|fahre auto|fahr auto|fahre gerade auto|fahr gerade auto|fahre grad auto|fahr grad auto"
    "|au volant|je conduis|de conduire|sur l'autoroute|à vélo|en vélo|mains prises"
    "|al volante|conduciendo|manejando|conduzco|en la autopista|en la autovía|en moto|en bici|manos ocupadas"
    "|za kierownicą|za kółkiem|prowadzę auto|prowadzę samochód|na autostradzie|na rowerze|ręce zajęte"
    "|wrth y llyw|dwi'n gyrru|rwy'n gyrru|ar y draffordd"
)
_TOWARDS = _set("in there over to back across down up into out from draw mewn yna at")
_HAN_WHEEL, _HAN_TOWARDS = ("开车", "開車", "高速"), ("去", "来", "來", "到", "赶", "趕")

# Texts and who writes them; enough of them; and that alone.
_TEXT_WORDS = (
    "message messages msg msgs text texts sms smses texting messaging paging spamming pinging pings pages calls"
    " beeps buzzing bothering nachricht nachrichten schreiben simsen nerven"
    " textos notifs ecrire mecrire harceler deranger"
    " mensaje mensajes mensajitos avisos escribir escribirme mandarme mandar enviarme molestar molestarme llamarme"
    " wiadomosc wiadomosci smsow smsy smsami smsami esemesow esemesami pisac pisania"
    " neges negeseuon decsts tecsts ysgrifennu"
)
_TEXTS = _set(_TEXT_WORDS)
_ENOUGH = (
    "enough|no more|stop|quit|genug|keine|schluss mit|reicht mit|langt mit|assez|plus de|marre|ça va avec|ras le bol"
    "|hört mal auf|hör mal auf|hört endlich auf|arrête|arrêtez|está bien de|vale de|vale con|basta de|no más"
    "|suficientes|suficiente|harto de|harta de|deja de|dejad de|dejen de"
    "|koniec z|koniec|dość|dosyć|wystarczy|starczy|digon"
    "|dim mwy"
)
_ONLY_ENOUGH = "enough|genug|reicht|langt|assez|suffit|ça suffit|suficiente|dosyć|starczy|digon|ya vale|ya está bien"
_ALREADY = _set("now already then jetzt langsam mal aber la maintenant ya juz teraz nawr")
_HAN_ENOUGH = ("够了", "夠了", "别发", "別發", "不要再发", "不要再發", "别再", "別再", "别烦", "別煩", "吵死")


def unable(text: str, said: list[Token], at: int, *, acting: bool) -> bool:
    """What stands from this word on; `acting`: they say somewhere what they do."""
    timed = any(digits(said[n].word) and in_minutes(said, n) for n in range(at, len(said)))
    for n in range(at, len(said)):
        word, first = said[n].word, n == at or _parted(text, said, n)
        if word in _DRUNK or stands(said, n, _phrases(_DRUNK_PHRASES)) or (first and word in _WORN and not acting):
            return True
        if HAN.search(word) and (_any(_HAN_DRUNK, word) or _any(_HAN_ENOUGH, word)):
            return True
        if not acting and _HAN_IN_ANOTHER.search(word):
            return True
        if not acting and not timed and _at_the_wheel(text, said, n):
            return True
        if _enough(text, said, n, first):
            return True
        if first and not acting and not timed and _in_another_state(text, said, n):
            return True
    return False


def _at_the_wheel(text: str, said: list[Token], at: int) -> bool:
    """ "Ok driving"; not "driving over", nor "driving, 20 min"."""
    word, end = said[at].word, at + 1
    if HAN.search(word) and _any(_HAN_WHEEL, word):
        return not _any(_HAN_TOWARDS, word)
    length = 1 if word == "driving" else stands(said, at, _phrases(_WHEEL))
    end = at + length
    return length > 0 and (end == len(said) or _parted(text, said, end) or said[end].word not in _TOWARDS)


def _enough(text: str, said: list[Token], at: int, first: bool) -> bool:
    """ "No more messages", "ya está bien de mensajes"; and "enough" that is a clause of its own."""
    if length := stands(said, at, _phrases(_ENOUGH)):
        behind = said[at + length : at + length + NEAR_MAX]
        if any(token.word in _TEXTS for token in behind):
            return True
    alone = stands(said, at, _phrases(_ONLY_ENOUGH)) if first else 0
    end = at + alone
    while alone and end < len(said) and said[end].word in _ALREADY and not _parted(text, said, end):
        end += 1
    return alone > 0 and (end == len(said) or _parted(text, said, end))


def _in_another_state(text: str, said: list[Token], at: int) -> bool:
    """ "Bin blau", "je suis pompette": "I am" and no word of who is ready."""
    begins = stands(said, at, _phrases(_I_AM))
    if not begins:
        return False
    n = at + begins
    while n < len(said) and said[n].word in _JUST:
        n += 1
    if stands(said, n, _phrases(_ONWARD)):
        return False
    clause: list[str] = []
    while n < len(said) and len(clause) < CLAUSE_MAX and not (clause and _parted(text, said, n)):
        clause.append(said[n].word)
        n += 1
    does = any(
        word.endswith(_DOES) and word not in _IDLE and before not in _ARTICLES  # "in a meeting"
        for before, word in pairwise(["", *clause])
    )
    return not (does or _THERE.issuperset(clause) or not READY.isdisjoint(clause))


def _parted(text: str, said: list[Token], at: int) -> bool:
    """Whether a new clause begins with this word."""
    return not text[said[at - 1].end : said[at].start].isspace()


def _any(signs: tuple[str, ...], word: str) -> bool:
    return any(sign in word for sign in signs)


@cache
def _phrases(entries: str) -> frozenset[Phrase]:
    return frozenset(phrases(entries))
