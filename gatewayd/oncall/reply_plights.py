"""Whether who says `ok` tells of a plight of their own: ill, with the children, stuck, off, in the air. Pure.

Such a reply is asked back, unless they say what they do about the fault. What befalls people has no end of words, so
these are roots and turns of speech rather than sentences: what is ill is ill in every form, "my" and "knee" are read
apart, and after "voy" whatever is no place, time or way of going is a state. "My script" is no plight.
"""

from __future__ import annotations

import re
from functools import cache

from gatewayd.oncall.reply_phrases import digits, in_minutes, stands
from gatewayd.oncall.reply_states import READY
from gatewayd.oncall.reply_text import HAN, Token
from gatewayd.oncall.reply_tools import MAINS
from gatewayd.oncall.reply_words import Phrase, phrases

LOW_PERCENT = 15  # of a battery
_PERCENT = re.compile(r"(?<!\d)(\d{1,2}) ?%")


def _set(entries: str) -> frozenset[str]:
    return frozenset(entries.split())


# Ill or hurt: words that begin so. None may begin a word of machines, or of a place that has an alarm system.
_ILL_ROOTS = (
    "fever migrain diarr vomi puking puked barfing dentist covid pneumon concuss chemother sedativ"
    " fieber durchfall kotz erbrech zahnarzt fievre nausee accouch somnif goraczk wymiot rzyga dentyst lekarz"
    " chwydu deintydd"
)
_ILL = tuple(_ILL_ROOTS.split())
_ILL_WORDS = _set(
    "flu labour maternity nauseous aande magen wehen kreissaal gastro docteur medecin fiebre medico gripe grippe grypa"
    " quirofan nauseas twymyn feddyg meddyg"
)
# Behind a "my", in any language; and by themselves: "child" alone is a process.
_MY = _set("my our mein meine meinem meiner meinen unser unsere mon ma mes notre mi mis nuestro moj moja moje mojej fy")
_KIN_WORDS = (
    "wife husband son child children baby daughter mother father parents sister brother girlfriend boyfriend partner"
    " frau mann kind kinder sohn tochter mutter vater eltern schwester bruder freundin freund"
    " femme mari fils fille enfant enfants mere pere soeur frere copine copain bebe"
    " mujer marido hijo hija hijos hijas padre madre padres hermana hermano novia novio"
    " zona zone maz syn corka dziecko matka ojciec mama tata siostra brat ngwraig ngwr mab merch mam tad mrawd chwaer"
)
# Of what is theirs these are no part of their work: body, beast, house, and what they ride in.
_BODY_WORDS = (
    "back head leg arm foot knee tooth ankle wrist stomach rucken kopf bein fuss knie zahn bauch dos tete jambe bras"
    " pied genou dent ventre espalda cabeza pierna brazo pie rodilla muela muneca plecy glowa noga reka kolano zab"
    " mhen nghefn nghoes mraich dog cat hund katze chien chat perro gato pies kot house flat boiler wohnung maison"
    " appart casa piso mieszkanie car bike van train flight auto wagen zug flug voiture velo vol coche moto tren vuelo"
    " samochod rower pociag nghar nhren mhlant akku"
)
_OWN = _set(f"{_KIN_WORDS} {_BODY_WORDS}") | {word.removesuffix("s") for word in _KIN_WORDS.split()}
_ALWAYS_THEIRS = _set(
    "wife hubby missus kid toddler mum mom grandma grandad kinder oma opa gosse maman suegra abuela dzieci dzieckiem"
    " tesciowa gwraig wraig babi mhen nghefn nghoes nghar flieger flugzeug avion samolot samolotu samolocie awyren"
)
_HAN_KIN = re.compile("老婆|老公|太太|媳妇|媳婦|孩子|小孩|宝宝|寶寶|女儿|女兒|儿子|兒子|妈妈|媽媽|爸爸")
# Where a clause begins so: what holds them, where they are, or that their day is over. "Queue stuck" is no such one.
_HELD = (
    "stuck|im stuck|still stuck|trapped|stranded|snowed in|held up|locked out|locked in|in a lift|in the lift"
    "|on a train|on the train|on a bus|on the bus|on the ferry|on a flight|in court|in traffic|just landed in|landed in"
    "|off shift|shift is over|shifts over|finished work|finished for today|done for today|its a bad time|bad moment"
    "|im stau|steh im|stehe im|stecke fest|sitze fest|sitz fest|hänge fest|häng fest|im aufzug|im zug|in der bahn"
    "|im bus|auf der fähre|vor gericht|schlechter moment|gerade ungünstig|raus für heute|bin raus|dienstschluss"
    "|coincé|coincée|bloqué dans|bloquée dans|dans les bouchons|dans le métro|dans le train|dans le bus|au bloc"
    "|au resto|au restaurant|tu tombes mal|mauvais moment|fini ma journée|j'ai fini ma journée|je garde les"
    "|atascado|atascada|atrapado|atrapada|en un atasco|en el atasco|en el metro|en el tren|en el bus|me pillas"
    "|me pilla|me coges|me coge|me pilláis|me cogéis|mal momento|hoy libro|libro hoy|estoy librando|de copas"
    "|ya no trabajo"
    "|utknąłem|utknęłam|w korku|w pociągu|w autobusie|w windzie|zły moment|kiepski moment|po pracy|po dyżurze"
    "|u lekarza|po piwie|po piwku|po dwóch piwach"
    "|yn sownd|ar y trên|ar y bws|ar fws|amser gwael|allan am fwyd|wedi gorffen gwaith|ar wyliau"
)
# These wherever they stand.
_WITHOUT_ME = (
    "without me|count me out|covering for me|covers for me|covering me|on my hols|on hols|wifes in labour"
    "|ohne mich|vertritt mich|kind im arm|sans moi|me remplace|sin mí|me sustituye|beze mnie|zastępuje mnie"
    "|nie moja działka|hebddof i|hebdda i|yn fy lle|rhy sâl|efo mam|gyda mam|gwarchod y plant|not my department"
    "|sgen i'm|sgin i'm|sgynna i'm|sgenna i'm|fedra i'm|fedrai'm|alla i'm|dwi'm|does neb|sdim|sneb|haven't got"
)
_HAN_HELD = re.compile(
    "下班|收工|高铁|高鐵|动车|動車|地铁|地鐵|登机|登機|飞机|飛機|堵车|堵車|堵在|塞车|塞車|困在|代班|替我|喝大|喝高"
    "|(?:家里|家裡|我家).{0,2}(?:停电|停電|断网|斷網)"
)
# Where a clause begins with a place of theirs: "at the vet"; not "at the console".
_PLACED = "at the|at a|halfway up|halfway down|halfway to|halfway through|out with|out at|off to"
# What happens to a first person who is no doer.
_BEFALLS = (
    "myself|hab mir den|hab mir die|hab mir das|mir ist schlecht|mir ist übel|mir ist schwindelig|mir geht's nicht"
    "|mir geht's schlecht|mir geht es|mir tut|me suis cassé|me suis fait mal|me suis blessé|me suis tordu"
    "|me suis brûlé|se me ha|me he roto|me he hecho|me he dejado|me he tomado|me duele|me duelen|me acabo de"
    "|just had|ive just had|mi się|boli mnie|bolą mnie|mnie boli|mnie bolą"
)
_OF_WORK = _set(
    "change deploy box boxes server servers system cluster mistake fault fix patch script job backup team app service"
    " ticket side end shift watch turn task config site code look kiste fehler dienst aufgabe baustelle skript"
    " schicht faute erreur tour poste culpa cambio turno fallo zmiana blad dyzur sprawa to moment moments opinion"
    " case phone call line console switch router minute min sec plate coffee bad pleasure"
    " nhro nhroi newid rack dc colo cabinet cab exchange substation mast few second klar"
    " way pants shoes glasses brille schuhe lunettes gafas buty okulary"
    " friend man god lord dear lieber pote ami vieux gars chef cher amor jefe"
)
_HAN_BODY = re.compile(
    "我(?:的)?(?:手|脚|腳|腿|头|頭|肚子|胃|腰|车|車|眼|牙|背|喉).{0,2}[坏壞断斷伤傷折破肿腫没沒爆撞丢被]|痛|疼|骨折|呕|嘔|晕|暈"
    "|感冒|受伤|受傷|手术|手術|打针|打針|输液|輸液|离职|離職|辞职|辭職|退休|抛锚|拋錨"
)
# What stands behind "voy" (I go) is a place, a time, a way of going or a deed; anything else is how they are.
_GOING = "voy"
_GOING_WORDS = (
    "para pa a al hacia en de con por ya yo ahora alla alli ahi mismo enseguida volando corriendo rapido directo raudo"
    " pitando echando camino llegando saliendo subiendo bajando entrando y mirando hasta andando gracias tio ok si esta"
)
_GOING_ON = _set(_GOING_WORDS)
# Nobody works without these; "without internet in the shop" is the fault, so the clause must end, or say until when.
_WITHOUT = _set("without sin sans ohne bez heb")
_LINE_WORDS = (
    "internet wifi wlan netz empfang signal reception laptop reseau connexion pc ordi red senal cobertura conexion"
    " portatil ordenador zasiegu internetu laptopa kompa sieci gliniadur rhyngrwyd"
)
_LINES = _set(_LINE_WORDS)
# "Wifi's down at mine", "bei mir ist das Netz weg".
_MINE = "at mine|at my place|at my house|in my house|in my flat|bei mir|chez moi|en mi casa|en mi piso|u mnie|yn tŷ ni"
_UNTIL = _set("until till til bis jusqua jusquau jusque hasta do tan nes")
_BATTERY = _set("battery phone akku handy batterie bateria telefono portable movil telefon batri ffon")


def befallen(text: str, said: list[Token], at: int) -> bool:
    """What stands from this word on; asked only where nobody says what they do."""
    if any(digits(said[n].word) and in_minutes(said, n) for n in range(at, len(said))):
        return False  # "stuck in traffic, 20 min"
    return any(_plight(text, said, n, first=n == at or _parted(text, said, n)) for n in range(at, len(said)))


def _plight(text: str, said: list[Token], at: int, *, first: bool) -> bool:
    word, before = said[at].word, said[at - 1].word if at else ""
    bare = word.removesuffix("s")
    if HAN.search(word):
        return any(signs.search(word) for signs in (_HAN_KIN, _HAN_HELD, _HAN_BODY))
    if word.startswith(_ILL) or word in _ILL_WORDS or not _ALWAYS_THEIRS.isdisjoint((word, bare)):
        return True
    if before in _MY and bare in _OWN:
        return True
    if (first and stands(said, at, _entries(_HELD))) or stands(said, at, _entries(_WITHOUT_ME)):
        return True
    begins = stands(said, at, _entries(_PLACED)) if first else 0
    length = begins or stands(said, at, _entries(_BEFALLS))
    followed = at + length < len(said) and not _parted(text, said, at + length)
    if length and followed and not _at_work(text, said, at):
        return True
    if before == _GOING and not _parted(text, said, at) and word not in _GOING_ON and not digits(word):
        return True
    if word.removesuffix("s") in _LINES and any(stands(said, n, _entries(_MINE)) for n in range(at, len(said))):
        return True
    return _cut_off(text, said, at) or _runs_out(text, said, at)


def _at_work(text: str, said: list[Token], at: int) -> bool:
    """Whether the clause around this word has a word of their work, or of somebody who is ready."""
    first, end = at, at + 1
    while first > 0 and not _parted(text, said, first):
        first -= 1
    while end < len(said) and not _parted(text, said, end):
        end += 1
    return any(word.word in _OF_WORK or word.word in READY or digits(word.word) for word in said[first:end])


def _cut_off(text: str, said: list[Token], at: int) -> bool:
    """ "Without signal"; not "without internet in the shop"."""
    behind = at + 1
    while behind < len(said) and said[behind].word in _MY | {"the", "y"}:
        behind += 1
    if said[at].word not in _WITHOUT or behind >= len(said) or said[behind].word not in _LINES:
        return False
    end = behind + 1
    return end == len(said) or _parted(text, said, end) or said[end].word in _UNTIL


def _runs_out(text: str, said: list[Token], at: int) -> bool:
    """ "My battery is at 2%"; not "ups battery"."""
    phone = said[at].word in _BATTERY and all(token.word not in MAINS for token in said)
    return phone and any(int(part) <= LOW_PERCENT for part in _PERCENT.findall(text))


def _parted(text: str, said: list[Token], at: int) -> bool:
    """Whether a new clause begins with this word."""
    return at == 0 or not text[said[at - 1].end : said[at].start].isspace()


@cache
def _entries(listed: str) -> frozenset[Phrase]:
    return frozenset(phrases(listed))
