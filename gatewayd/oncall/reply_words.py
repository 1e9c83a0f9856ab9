"""What people write, by language: the words of each verb, and the few others that a reply is made of.

`|` parts the entries; an entry may be several words. Case, accents and apostrophes are taken off before a word is
looked up ("sí" is "si", "j'arrive" is "jarrive"), so they may stand here as people write them. English holds for
everybody. Within one language and English no entry means two things; a test holds the tables to it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal, get_args

from gatewayd.oncall.reply_text import HAN, fold

Verb = Literal[
    "ack", "refuse", "close", "more", "list", "help", "on", "off", "who", "swap", "relief", "stop", "visit", "home"
]
Kind = Literal[Verb, "all", "both", "and", "but", "polite"]
Phrase = tuple[str, ...]

VERBS: frozenset[str] = frozenset(get_args(Verb))
ENGLISH = "en"

_TABLES: Mapping[str, Mapping[Kind, str]] = {
    "en": {
        "ack": "ok|okay|okey|oki|o k|okie|ack|ackd|acked|acknowledge|acknowledged|acknowledging|a|y|yes|yep|yeah|k|kk"
        "|roger|copy that|will do|on it|im on it|i am on it|got it|ive got it|on my way|omw|im on my way"
        "|i am on my way|taking it|ill take it|i take it|mine|looking|im looking"
        "|looking into it|will look|ill look|👍|👌|✅|✔|☑|🆗|🫡",
        "refuse": "no|nope|nah|busy|im busy|i am busy|pass|decline|refuse|👎",
        "close": "done|all done|close|closed|fixed|its fixed|resolve|resolved|solved",
        "more": "more|more info|more details|details|detail|info|up",
        "list": "list|status",
        "help": "help|commands",
        "on": "on|on duty",
        "off": "off|off duty",
        "who": "who|whos",
        "swap": "swap",
        "relief": "relief|relieve me",
        "stop": "stop|stopall|stop all|unsubscribe|cancel|end|quit|optout|opt out",
        "visit": "visit|site",
        "home": "home|home safe|im home|i am home|safe home|left site|off site|visit over|visit ended|end visit",
        "all": "all|all of them|everything",
        "both": "both|both of them|the two|the both",
        "and": "and|plus",
        "but": "but|except|bar|without|only|just|besides|apart",
        "polite": "please|pls|thanks|thank you|thx|ty|cheers|sorry|mate",
    },
    "cy": {
        "ack": "iawn|ocê|oce|ie|ydw|ydy|oes|gwnaf|wnaf|mi wna i|fe wna i|ar fy ffordd|ar y ffordd|dwi arno|dw i arno"
        "|rydw i arno|ar fy ffordd i|deall|dwi'n deall|derbyniwyd|wedi derbyn|cydnabod|cadarnhau|dim problem",
        "refuse": "na|nage|nac ydw|prysur|dwi'n brysur|dw i'n brysur|brysur|pasio|gwrthod",
        "close": "wedi gorffen|gorffen|gorffenwyd|wedi gwneud|wedi'i wneud|wedi trwsio|wedi'i drwsio|trwsiwyd|cau"
        "|wedi cau|datrys|datryswyd|wedi'i ddatrys",
        "more": "mwy|manylion|rhagor",
        "list": "rhestr|statws",
        "help": "cymorth|gorchmynion",
        "on": "ymlaen|ar ddyletswydd",
        "off": "i ffwrdd|bant|oddi ar ddyletswydd",
        "who": "pwy",
        "swap": "cyfnewid|ffeirio",
        "relief": "rhyddhad",
        "stop": "stopio|datdanysgrifio|canslo",
        "visit": "ymweliad",
        "home": "adref|adre|gartref|dw i adref|dwi adref|dw i gartref|dwi gartref|wedi cyrraedd adref"
        "|wedi gadael y safle|ymweliad drosodd|ymweliad ar ben",
        "all": "popeth|pob un|i gyd|y cyfan",
        "both": "y ddau|y ddwy|ill dau|ill dwy",
        "and": "a'r|ac",
        "but": "ond|heblaw|oni bai|dim ond",
        "polite": "diolch|plis|os gwelwch yn dda|sori",
    },
    "de": {
        "ack": "ja|jo|jep|jawohl|okee|oke|alles klar|geht klar|klar|mach ich|mache ich|ich mach's|ich mach|ich machs"
        "|bin dran|bin gleich da|schaue nach|ich bin dran|bin dabei|bin unterwegs|ich bin unterwegs|unterwegs"
        "|verstanden|bestätigt|bestaetigt"
        "|bestätige|bestaetige|quittiert|quittiere|übernehme|uebernehme|ich übernehme|ich uebernehme|übernommen"
        "|uebernommen|kümmere mich|kuemmere mich|ich kümmere mich|in ordnung|angenommen|passt|gut",
        "refuse": "nein|nee|nö|noe|beschäftigt|beschaeftigt|bin beschäftigt|ablehnen|abgelehnt|lehne ab",
        "close": "fertig|erledigt|behoben|gelöst|geloest|geschlossen|schließen|schliessen|repariert|läuft wieder"
        "|laeuft wieder",
        "more": "mehr|mehr infos|einzelheiten",
        "list": "liste|lage",
        "help": "hilfe|befehle",
        "on": "an|im dienst|dienst an",
        "off": "aus|dienst aus|außer dienst|ausser dienst",
        "who": "wer",
        "swap": "tausch|tausche|tauschen",
        "relief": "ablösung|abloesung|löse mich ab",
        "stop": "stopp|abmelden|abbestellen|abbrechen|ende",
        "visit": "besuch|einsatz",
        "home": "zuhause|zu hause|daheim|bin zuhause|bin zu hause|bin daheim|ich bin zuhause|ich bin zu hause"
        "|wieder zuhause|wieder zu hause|gut zuhause|gut zu hause|wieder draußen|bin wieder draußen"
        "|besuch beendet|besuch vorbei|besuch zu ende|einsatz beendet|einsatz vorbei|einsatz zu ende",
        "all": "alle|alles",
        "both": "beide|beides|alle beide|alle zwei|die beiden",
        "and": "und|sowie",
        "but": "aber|außer|ausser|bis auf|ohne|nur",
        "polite": "bitte|danke|sorry danke|tut mir leid|entschuldigung",
    },
    "fr": {
        "ack": "oui|ouais|d'accord|d accord|daccord|dac|d'ac|reçu|bien reçu|reconnu|compris|entendu|noté|bien noté|vu"
        "|j'arrive|j'y vais|je m'en charge|en route|je suis en route|en chemin|je m'en occupe|je m occupe"
        "|je prends|je le prends|je m'y mets"
        "|je suis dessus|ça marche|confirmé|je confirme|pris en charge|pris",
        "refuse": "non|occupé|occupée|je suis occupé|je suis occupée|refus|je refuse",
        "close": "fini|terminé|c'est fini|fermé|fermer|clos|réglé|c'est réglé|résolu|réparé|corrigé|fait|c'est fait",
        "more": "plus d'infos|plus d'info|plus de détails|détails|détail|infos",
        "list": "liste|statut|état",
        "help": "aide",
        "on": "en service|actif",
        "off": "hors service|inactif",
        "who": "qui",
        "swap": "échange|échanger|permuter",
        "relief": "relève|la relève",
        "stop": "arrêt|arrêter|arrête|désabonner|annuler",
        "visit": "visite",
        "home": "maison|à la maison|chez moi|je suis chez moi|rentré|rentrée|bien rentré|bien rentrée|je suis rentré"
        "|je suis rentrée|sorti|sortie|je suis sorti|je suis sortie|visite finie|visite terminée|fin de visite",
        "all": "tout|tous|toutes",
        "both": "les deux|tous les deux|toutes les deux",
        "and": "et",
        "but": "mais|sauf|sans|excepté|seulement",
        "polite": "merci|svp|stp|s'il te plaît|s'il vous plaît|désolé|désolée",
    },
    "es": {
        "ack": "sí|vale|okey|oká|recibido|entendido|enterado|enterada|de acuerdo|claro|voy|ya voy|voy para allá"
        "|en camino|voy en camino|estoy en camino|en ello|estoy en ello|lo tomo|lo cojo|lo tengo|yo me encargo"
        "|me encargo|confirmo|confirmado|reconocido|dale",
        "refuse": "ocupado|ocupada|estoy ocupado|estoy ocupada|rechazo|rechazar",
        "close": "hecho|cerrado|cerrar|arreglado|resuelto|solucionado|terminado|reparado",
        "more": "más|más info|más información|detalles|detalle",
        "list": "lista|estado",
        "help": "ayuda|comandos",
        "on": "de guardia|activo|activa",
        "off": "fuera de guardia|inactivo|inactiva",
        "who": "quién|quien",
        "swap": "cambio|cambiar",
        "relief": "relevo",
        "stop": "parar|baja|cancelar|fin",
        "visit": "visita",
        "home": "casa|en casa|ya en casa|estoy en casa|ya estoy en casa|he salido|ya he salido|ya salí|salí"
        "|visita terminada|visita acabada|fin de visita|fin de la visita",
        "all": "todo|todos|todas",
        "both": "ambos|ambas|los dos|las dos",
        "and": "y también|e|también",
        "but": "pero|salvo|excepto|menos|sin|sólo|solo|solamente",
        "polite": "gracias|por favor|perdón|lo siento",
    },
    "pl": {
        "ack": "tak|okej|oke|oky|dobra|dobrze|jasne|przyjąłem|przyjęłam|przyjęte|przyjmuję|potwierdzam|potwierdzone"
        "|biorę|biorę to|zajmę się|zajmę się tym|zajmuję się|już się zajmuję|jadę|już jadę|idę|już idę|w drodze"
        "|jestem w drodze"
        "|zrozumiałem|zrozumiałam|robi się|rozumiem",
        "refuse": "nie|zajęty|zajęta|jestem zajęty|jestem zajęta|odmawiam",
        "close": "gotowe|zrobione|naprawione|zamknij|zamknięte|rozwiązane|załatwione",
        "more": "więcej|szczegóły",
        "list": "lista|stan",
        "help": "pomoc|komendy",
        "on": "włącz|na dyżurze",
        "off": "wyłącz|po dyżurze",
        "who": "kto",
        "swap": "zamiana|zamień|zamieniam",
        "relief": "zmiennik|zmiana",
        "stop": "wypisz|rezygnuję|anuluj|koniec",
        "visit": "wizyta",
        "home": "dom|w domu|już w domu|jestem w domu|już jestem w domu|jestem już w domu|wyszedłem|wyszłam"
        "|już wyszedłem|już wyszłam|wizyta zakończona|po wizycie|koniec wizyty",
        "all": "wszystko|wszystkie",
        "both": "oba|obie|obydwa|obydwie|oboje",
        "and": "i|oraz",
        "but": "ale|oprócz|poza|prócz|bez|tylko",
        "polite": "proszę|dzięki|dziękuję|przepraszam|sorki",
    },
    "zh": {
        "ack": "好|好的|好吧|好啊|收到|已收到|明白|明白了|知道了|了解|瞭解|是|是的|行|可以|嗯|对|對|没问题|沒問題|我来"
        "|我來|我处理|我處理|我来处理|我來處理|马上处理|馬上處理|马上来|馬上來|马上到|馬上到|在路上|我在路上|已在路上|正在处理|正在處理"
        "|处理中|處理中|我去看|我去处理|我去處理|确认|確認|已确认|已確認|我接|接手|我接手|我负责|我負責",
        "refuse": "不|不行|不能|没空|沒空|忙|在忙|我在忙|很忙|拒绝|拒絕|不方便|来不了|來不了|跳过|跳過|不是我",
        "close": "完成|已完成|搞定|已搞定|搞定了|修好|修好了|已修复|已修復|解决|解決|已解决|已解決|解决了|解決了"
        "|关闭|關閉|已关闭|已關閉|完成了|结束了|結束了",
        "more": "更多|详情|詳情|详细|詳細|细节|細節",
        "list": "列表|清单|清單|状态|狀態",
        "help": "帮助|幫助",
        "on": "上班|上岗|值班开|值班開",
        "off": "下班|下岗|值班关|值班關",
        "who": "谁|誰|谁值班|誰值班|谁在值班|誰在值班",
        "swap": "换班|換班|代班",
        "relief": "替班|换人|換人",
        "stop": "停止|退订|退訂|取消",
        "visit": "现场|現場|进场|進場|现场到|現場到|进场到|進場到",
        "home": "到家|到家了|我到家了|已到家|回家|回家了|已回家|平安到家|离场|離場|已离场|已離場|离开现场|離開現場"
        "|已离开现场|已離開現場|已离开|已離開|现场结束|現場結束",
        "all": "全部|所有|都",
        "both": "两个|兩個|两个都|兩個都|两个都要|兩個都要",
        "and": "和|与|與|及",
        "but": "但|但是|除了|只有|只",
        "polite": "谢谢|謝謝|请|請|抱歉|对不起|對不起|辛苦了",
    },
}
LANGUAGES = tuple(_TABLES)

# Wherever one of these stands beside an acknowledging word, in whatever language, the reply is asked back.
_NEGATIVES = (
    "not|no|nope|nah|never|dont|didnt|doesnt|cant|cannot|couldnt|wont|wouldnt|shouldnt|isnt|aint|unable|refuse"
    "|decline"
    "|neither|nor|wrong|👎|❌|🚫"
    "|nid|nac|dim|ddim|methu|peidio|nage"
    "|nicht|nein|nee|kein|keine|keinen|keiner|niemals|falsch|nö"
    "|pas|non|jamais|aucun|aucune|impossible"
    "|nunca|tampoco|imposible|ningún|ninguno"
    "|nie|nigdy|niestety"
)
NEGATIVE_SIGNS = frozenset("不没沒无無别別未非勿")
# These only look like it.
_HARMLESS = (
    "no problem|no problems|no prob|no worries|no worry|no sweat|no stress|no idea|no need to worry|dim problem"
    "|kein problem|keine ahnung|keine sorge|kein ding|pas de problème|pas de soucis|pas de souci|aucun problème"
    "|sin problema|no hay problema|no pasa nada|nie ma problemu|nie ma sprawy|没问题|沒問題|不客气|不客氣|why not"
    "|right away|straight away|menos mal|bez problemu|sans souci|sans problème|heb broblem"
    "|guten morgen"
)

# "Not busy" refuses nothing.
NOT_REFUSED = re.compile("[不没沒](?:太|很|是|在)*(?:忙|拒绝|拒絕|跳过|跳過)")

# A number before one of these is an amount and no code.
_UNITS = (
    "min mins minute minutes minuten minuti minutos minut minuty munud mn h hr hrs hour hours heure heures hora horas"
    " std stunde stunden godz godzina godziny awr am pm uhr s sec secs second seconds sek sekunden percent prozent"
    " km miles mile kb mb gb tb ms deg th st nd rd times fois veces razy"
)
UNITS = frozenset(_UNITS.split())
UNIT_SIGNS = ("分", "小时", "小時", "点", "點", "秒", "号", "號", "公里", "天", "个", "個")

# Nor is it one behind one of these, when it stands in a note.
WITHIN = frozenset(("in", "within", "mewn", "binnen", "innerhalb", "dans", "en", "dentro", "za", "eta"))

# Left out of the question "who is on call for ...".
_WHO_FILLERS = (
    "is are s on call for the duty today tonight now this at oncall of has who it"
    " hat ist dienst bereitschaft jetzt heute fur im sy sydd ar alw est de garde d astreinte pour le la"
    " esta guardia para el ma dyzur na dyzurze jest teraz dla"
)
WHO_FILLERS = frozenset(_WHO_FILLERS.split())


def language_of(tag: str) -> str:
    """The table for a language tag ("de-AT" -> "de"); English for those we have no words of."""
    base = tag.partition("-")[0].lower()
    return base if base in _TABLES else ENGLISH


@cache
def table(language: str) -> Mapping[Phrase, Kind]:
    """The entries of one language alone, as `reply_text.tokens` shows words."""
    return {phrase: kind for kind, entries in _TABLES[language].items() for phrase in phrases(entries)}


@cache
def vocabulary(language: str) -> Mapping[Phrase, tuple[Kind, str]]:
    """English and the language: phrase -> (what it means, language it is of)."""
    found: dict[Phrase, tuple[Kind, str]] = {p: (kind, language) for p, kind in table(language).items()}
    return found | {p: (kind, ENGLISH) for p, kind in table(ENGLISH).items()}


@cache
def negatives() -> frozenset[str]:
    return frozenset(word for phrase in phrases(_NEGATIVES) for word in phrase)


@cache
def harmless() -> frozenset[Phrase]:
    return frozenset(phrases(_HARMLESS))


@cache
def signs() -> frozenset[str]:
    """Chinese entries, which are written without a gap between them."""
    return frozenset(p[0] for p in table("zh") if len(p) == 1 and HAN.fullmatch(p[0]))


def phrases(entries: str) -> list[Phrase]:
    return [tuple(word for word in fold(entry).split() if word) for entry in entries.split("|")]
