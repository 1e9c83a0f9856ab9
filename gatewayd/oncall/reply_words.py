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

from gatewayd.oncall.languages import ENGLISH
from gatewayd.oncall.reply_text import HAN, fold

Verb = Literal[
    "ack", "refuse", "close", "more", "list", "help", "on", "off", "who", "swap", "relief", "stop", "visit", "home"
]
# "take" is an `ok` only beside a code, or "all": "taking 10"; "act" only behind a "self": "I will look". "self" and
# "soon" may stand before an `ok` ("I am just looking"), "hello" before any verb, "sigh" before an `ok`.
Kind = Literal[Verb, "take", "act", "self", "soon", "hello", "sigh", "all", "both", "and", "but", "polite"]
Phrase = tuple[str, ...]

VERBS: frozenset[str] = frozenset(get_args(Verb))

_TABLES: Mapping[str, Mapping[Kind, str]] = {
    "en": {
        "ack": "ok|okay|okey|oki|o k|okie|ack|ackd|acked|acknowledge|acknowledged|acknowledging|a|y|yes|yep"
        "|yeah|k|kk|roger|copy that|will do|on it|im on it|i am on it|got it|ive got it|on my way|omw|im on my way"
        "|i am on my way|taking it|ill take it|i take it|mine|looking|im looking|looking into it|will look"
        "|ill look|👍|👌|✅|✔|☑|🆗|🫡|okie dokie|okey dokey|okie doke|okey doke|yup|yea|aye|sure|sure thing|alright"
        "|roger that|copy|understood|noted|affirmative|on it now|on this|im on this|right on it|otw|on way|im omw"
        "|on the way|im on the way|got this|i got this|i got it|ive got this|i have it|i have this|looking now"
        "|im looking into it|having a look|taking a look|checking|checking now|checking it|checking this"
        "|im checking|ill check|will check|ill check it|investigating|im investigating|working on it"
        "|im working on it|on the case|ill do it|i will do it|i will take it|ill take this|ill take this one"
        "|taking this|taking this one|its mine|this one is mine|thats mine|heading in|im heading in|logging in"
        "|logging on|im logging in|im logging on|ill handle it|i will handle it|handling it|im handling it"
        "|dealing with it|im dealing with it|ill deal with it|en route|wilco|roger wilco"
        "|of course|yes sir|yessir|acking|acking it|jumping on|jumping on it|heading over|heading there"
        "|heading there now|driving in|fixing|fixing it|restarting it|rebooting it|dialing in|dialling in|onto it"
        "|lookin|lookin into it|have it|can do|aye aye"
        "|im taking it|i am taking it|im taking this|rebooting|rebooting now|restarting|affirm"
        "|im on the case|driving there|driving there now|just logging on|just logging in",
        "take": "confirm|confirmed|accept|accepted|ill take|i will take|i take|taking|im taking|ive got|i have got"
        "|i got|got|i have|im on|i am on"
        "|ill do|i will do|ill handle|i will handle|handling|im handling|dealing with|im dealing with|working on"
        "|im working on|received|copied|is mine|are mine|have|ive taken"
        "|i accept",
        "act": "look|look into it|look into this|have a look|take a look|check|check it|fix|take it|take this"
        "|get it|get this|get on it|jump on it|fix it|do it|handle it|deal with it|investigate|log in|log on",
        "self": "i am|im|am|i will|ill|will",
        "soon": "already|now",
        "refuse": "no|nope|nah|busy|im busy|i am busy|pass|decline|refuse|👎"
        "|im not on call|i am not on call|not on call|not my shift|its not my shift",
        "close": "done|all done|close|closed|fixed|its fixed|resolve|resolved|solved|its done|sorted|all sorted",
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
        "all": "all|all of them|everything|the lot|them all|all of it",
        "both": "both|both of them|the two|the both|them both|both of those",
        "and": "and|plus|then|also|n",
        "but": "but|except|bar|without|only|just|besides|apart",
        "hello": "hi|hello|hey|hiya|morning|evening|good morning|good evening|hi all|hello all|hey all"
        "|morning all|hi team|hi guys|hey guys|im up|i am up|im awake|i am awake|awake|just woke up"
        "|sorry for the delay|sorry for delay|sorry just woke up|right|cool|great|seen|saw it|seen it|up and"
        "|good evening all|no probs|no bother|its me"
        "|oops|one sec|one second|one moment|give me a sec|gimme a sec|phone was on silent|my phone was on silent",
        "sigh": "fine|ugh|argh|meh|damn|dammit|shit|crap|ffs|jeez|well|yikes",
        "polite": "please|pls|thanks|thank you|thx|ty|cheers|sorry|mate|ta|bud|boss|np",
    },
    "cy": {
        "ack": "iawn|ocê|oce|ie|ydw|ydy|oes|gwnaf|wnaf|mi wna i|fe wna i|ar fy ffordd|ar y ffordd|dwi arno"
        "|dw i arno|rydw i arno|ar fy ffordd i|deall|dwi'n deall|derbyniwyd|wedi derbyn|cydnabod|cadarnhau"
        "|dim problem|dwi arni|dw i arni|edrych|yn edrych|dwi'n edrych|dw i'n edrych|edrych nawr|edrych rwan"
        "|mi edrycha i|wrthi|dwi wrthi|dw i wrthi|wrthi nawr|wrthi rwan|wna i|gwna i|mi af i|af i|dwi'n dod"
        "|dw i'n dod|siŵr|wrth gwrs|mynd nawr|edrych arno|wrthi'n edrych"
        "|dwi ar y ffordd|dwi ar fy ffordd",
        "take": "dwi'n cymryd|dw i'n cymryd|cymryd|mi gymera i|fi pia|i mi|dwi ar|dw i ar"
        "|dwi'n delio gyda|dw i'n delio gyda",
        "self": "dwi|dw i|rydw i|dwi'n|dw i'n|rydw i'n",
        "soon": "nawr|rwan",
        "refuse": "na|nage|nac ydw|prysur|dwi'n brysur|dw i'n brysur|brysur|pasio|gwrthod"
        "|dydw i ddim ar alwad|dwi ddim ar alwad|ddim ar alwad",
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
        "hello": "helo|shwmae|bore da|noswaith dda|dwi wedi deffro|wedi deffro|wedi gweld",
        "sigh": "wel|daria",
        "polite": "diolch|plis|os gwelwch yn dda|sori",
    },
    "de": {
        "ack": "ja|jo|jep|jawohl|okee|oke|alles klar|geht klar|klar|mach ich|mache ich|ich mach's|ich mach"
        "|ich machs|bin dran|bin gleich da|schaue nach|ich bin dran|bin dabei|bin unterwegs|ich bin unterwegs"
        "|unterwegs|verstanden|bestätigt|bestaetigt|bestätige|bestaetige|quittiert|quittiere|übernehme|uebernehme"
        "|ich übernehme|ich uebernehme|übernommen|uebernommen|kümmere mich|kuemmere mich|ich kümmere mich"
        "|in ordnung|angenommen|passt|gut|jawoll|geht in ordnung|bin schon dran|bin drauf|ich bin drauf|schaue"
        "|ich schaue|ich schau|schau ich mir an|schaue mir an|schaue rein|ich schaue nach|ich schaue es mir an"
        "|ich schau mal|gucke|ich gucke|gucke nach|seh nach|sehe nach|ich sehe nach|prüfe|ich prüfe|ich prüfe es"
        "|kümmere mich drum|kümmere mich darum|ich kümmere mich drum|ich kümmere mich darum|kuemmere mich drum"
        "|ich kuemmere mich|ich kuemmere mich drum|auf dem weg|bin auf dem weg|ich bin auf dem weg|ich komme|komme"
        "|fahre los|ich fahre los|wird gemacht|ich übernehme das|ich übernehme es|ich nehme es|ich nehm es"
        "|nehm ich|nehme ich|habs|ich habs|hab's|hab ich|in arbeit|in bearbeitung|dran|ran|logge mich ein"
        "|kümmer mich|kümmer mich drum|fahre hin|geh ran|gehe ran|jup|yo|jau|wird erledigt|bin online|sitze dran"
        "|fahr los"
        "|bin am rechner|bin gleich am rechner|bin schon am rechner|bin am laptop|bin gleich am laptop"
        "|bin am schauen|bin schon am schauen",
        "take": "ich nehme|ich nehm|nehme|nehm|ich hab|ich habe|hab|habe|ist meins|ist meiner|sind meine|meins"
        "|meiner|für mich|bin an|ich bin an|arbeite an|ich arbeite an|ich mache|mache|kümmere mich um"
        "|ich kümmere mich um|kuemmere mich um|ich kuemmere mich um|ist in arbeit|ist in bearbeitung"
        "|kümmere ich mich",
        "act": "nachschauen|nachsehen|schauen|gleich da|mich kümmern|hinfahren",
        "self": "ich|bin|ich bin|werde|ich werde",
        "soon": "gleich|jetzt|schon|sofort|mal",
        "refuse": "nein|nee|nö|noe|beschäftigt|beschaeftigt|bin beschäftigt|ablehnen|abgelehnt|lehne ab"
        "|ich bin nicht im dienst|bin nicht im dienst|nicht im dienst|habe keine bereitschaft|hab keine bereitschaft"
        "|keine bereitschaft",
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
        "|wieder zuhause|wieder zu hause|gut zuhause|gut zu hause|wieder draußen|bin wieder draußen|besuch beendet"
        "|besuch vorbei|besuch zu ende|einsatz beendet|einsatz vorbei|einsatz zu ende",
        "all": "alle|alles",
        "both": "beide|beides|alle beide|alle zwei|die beiden",
        "and": "und|sowie",
        "but": "aber|außer|ausser|bis auf|ohne|nur",
        "hello": "moin|moin moin|hallo|servus|guten abend|bin wach|ich bin wach|gesehen|gelesen|bin da",
        "sigh": "na gut|naja|na ja|mist|scheiße|verdammt|puh|seufz",
        "polite": "bitte|danke|sorry danke|tut mir leid|entschuldigung",
    },
    "fr": {
        "ack": "oui|ouais|d'accord|d accord|daccord|dac|d'ac|reçu|bien reçu|reconnu|compris|entendu|noté"
        "|bien noté|vu|j'arrive|j'y vais|je m'en charge|en route|je suis en route|en chemin|je m'en occupe"
        "|je m occupe|je prends|je le prends|je m'y mets|je suis dessus|ça marche|confirmé|je confirme"
        "|pris en charge|pris|d'acc|ça roule|jy vais|j y vais|j arrive|je men occupe|jmen occupe|je men charge"
        "|je gère|je regarde|je regarde ça|je vais voir|je vais regarder|je vérifie|sur le coup"
        "|je suis sur le coup|je me connecte|bien compris|c'est noté|c'est parti|je m'y colle|je m y mets|dessus"
        "|en cours|ouep|présent|c noté|je vais m'en occuper|je prends en charge|prise en charge|je pars"
        "|déjà dessus|je suis déjà dessus",
        "take": "pour moi|c'est pour moi|est pour moi|sont pour moi|à moi|est à moi|sont à moi|je m'occupe de"
        "|je m'occupe du|je me charge de|je me charge du|je suis sur|je m'occupe des|est en cours",
        "act": "regarder|voir|vérifier|m'en occuper|m'en charger|y aller",
        "self": "je|je suis|je vais",
        "soon": "maintenant|juste",
        "refuse": "non|occupé|occupée|je suis occupé|je suis occupée|refus|je refuse|je suis pris|je suis prise"
        "|pas d'astreinte|je suis pas d'astreinte|je ne suis pas d'astreinte",
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
        "home": "maison|à la maison|chez moi|je suis chez moi|rentré|rentrée|bien rentré|bien rentrée"
        "|je suis rentré|je suis rentrée|sorti|sortie|je suis sorti|je suis sortie|visite finie|visite terminée"
        "|fin de visite",
        "all": "tout|tous|toutes",
        "both": "les deux|tous les deux|toutes les deux|les 2|des deux",
        "and": "et",
        "but": "mais|sauf|sans|excepté|seulement",
        "hello": "bonjour|salut|bonsoir|coucou|je suis réveillé|je suis réveillée|je suis debout|parfait|lu"
        "|c'est bon|bien vu|je suis dispo",
        "sigh": "bon|allez|merde|zut|putain|pff|pfff|bah|mince",
        "polite": "merci|svp|stp|s'il te plaît|s'il vous plaît|désolé|désolée",
    },
    "es": {
        "ack": "sí|vale|okey|oká|recibido|entendido|enterado|enterada|de acuerdo|claro|voy|ya voy|voy para allá"
        "|en camino|voy en camino|estoy en camino|en ello|estoy en ello|lo tomo|lo cojo|lo tengo|yo me encargo"
        "|me encargo|confirmo|confirmado|reconocido|dale|allá voy|ahí voy|me ocupo|yo me ocupo|lo miro"
        "|ahora lo miro|ya lo miro|miro|lo reviso|reviso|revisando|mirando|lo estoy mirando|estoy en eso"
        "|en eso estoy|me pongo|me pongo con ello|me pongo a ello|yo lo cojo|yo lo tomo|lo cojo yo|lo tomo yo"
        "|me conecto|yo voy|la cojo|la tomo|la miro|la tengo|la cojo yo|yo la cojo|me lo quedo|me la quedo"
        "|claro que sí|por supuesto|desde luego|okis|mirándolo|revisándolo|conectándome|acepto"
        "|llego|lo llevo yo",
        "take": "cojo|tomo|yo cojo|yo tomo|me quedo con|me quedo|es mía|es mío|son mías|son míos|mía|mío|para mí"
        "|estoy con"
        "|ya estoy con|voy a por",
        "act": "mirarlo|revisarlo|verlo|mirar|revisar",
        "self": "yo|estoy|voy a",
        "soon": "ahora|ya|ahora mismo",
        "refuse": "ocupado|ocupada|estoy ocupado|estoy ocupada|rechazo|rechazar|no estoy de guardia",
        "close": "hecho|cerrado|cerrar|arreglado|resuelto|solucionado|terminado|reparado|arreglada|resuelta"
        "|solucionada|cerrada|hecha",
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
        "both": "ambos|ambas|los dos|las dos|dos",
        "and": "y también|e|también",
        "but": "pero|salvo|excepto|menos|sin|sólo|solo|solamente",
        "hello": "hola|buenas|buenos días|ya estoy despierto|ya estoy despierta|estoy despierto|listo|perfecto"
        "|venga|visto|leído|buenas tardes|va",
        "sigh": "bueno|uf|uff|joder|mierda|pues",
        "polite": "gracias|por favor|perdón|lo siento",
    },
    "pl": {
        "ack": "tak|okej|oke|oky|dobra|dobrze|jasne|przyjąłem|przyjęłam|przyjęte|przyjmuję|potwierdzam"
        "|potwierdzone|biorę|biorę to|zajmę się|zajmę się tym|zajmuję się|już się zajmuję|jadę|już jadę|idę"
        "|już idę|w drodze|jestem w drodze|zrozumiałem|zrozumiałam|robi się|rozumiem|oki|spoko|już biorę|ja biorę"
        "|patrzę|już patrzę|sprawdzam|już sprawdzam|zaraz sprawdzę|sprawdzę|zerkam|lecę|już lecę|ogarniam"
        "|już ogarniam|ogarnę|ogarnę to|zajmuję się tym|robię|już robię|działam|już działam|mam to|się robi"
        "|pracuję nad tym|wezmę|wezmę to|ja wezmę|biorę na siebie|loguję się|siadam|siadam do tego|zobaczę"
        "|jasna sprawa|tak jest"
        "|się biorę|się loguję|jadę na miejsce|jadę tam|idę do kompa|już idę do kompa"
        "|ja to biorę|wchodzę na vpn|zaraz będę|już jestem przy kompie",
        "take": "moje|moja|mój|jest moje|jest moja|jest mój|są moje|dla mnie|mam",
        "act": "patrzeć|sprawdzać",
        "self": "ja|będę",
        "soon": "już|zaraz|teraz",
        "refuse": "nie|zajęty|zajęta|jestem zajęty|jestem zajęta|odmawiam|nie mam dyżuru"
        "|nie mam dziś dyżuru|nie mój dyżur|to nie mój dyżur",
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
        "hello": "cześć|hej|dzień dobry|witam|siema|wstałem|wstałam|już wstałem|już wstałam|widzę|widziałem"
        "|widziałam|dobry wieczór|jestem przy kompie",
        "sigh": "ech|kurde|kurwa|cholera|no to|uch|no cóż",
        "polite": "proszę|dzięki|dziękuję|przepraszam|sorki",
    },
    "zh": {
        "ack": "好|好的|好吧|好啊|收到|已收到|明白|明白了|知道了|了解|瞭解|是|是的|行|可以|嗯|对|對|没问题"
        "|沒問題|我来|我來|我处理|我處理|我来处理|我來處理|马上处理|馬上處理|马上来|馬上來|马上到|馬上到|在路上"
        "|我在路上|已在路上|正在处理|正在處理|处理中|處理中|我去看|我去处理|我去處理|确认|確認|已确认|已確認|我接"
        "|接手|我接手|我负责|我負責|好嘞|好滴|好勒|嗯嗯|收到了|我来吧|我來吧|我来看|我來看|我看看|我看一下|看一下"
        "|马上看|馬上看|我马上看|我馬上看|我马上来|我馬上來|在看|在看了|正在看|我在看|在处理|在處理|我在处理"
        "|我在處理|我马上处理|我馬上處理|我马上到|我馬上到|马上去|馬上去|我去|我这就去|我這就去|这就去|這就去"
        "|这就来|這就來|交给我|交給我|包在我身上|排查中|正在排查|在查|正在查|我查一下|我全部接手|马上|馬上|跟进"
        "|跟進|跟进中|跟進中|接单|接單|接了|上线|上線|登录|登錄|看|看看|搞|弄|看着呢"
        "|已接手"
        "|我接单|我接單|在弄了|这就处理|這就處理"
        "|已经在看了|已經在看了|已在处理|已在處理|已经在处理|已經在處理"
        "|我搞定|我来负责|我來負責",
        "take": "处理|處理|我的|是我的",
        "self": "我",
        "soon": "正在|这就|這就|在",
        "refuse": "不|不行|不能|没空|沒空|忙|在忙|我在忙|很忙|拒绝|拒絕|不方便|来不了|來不了|跳过|跳過|不是我"
        "|不值班|我不值班|今天不值班|我今天不值班",
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
        "home": "到家|到家了|我到家了|已到家|回家|回家了|已回家|平安到家|离场|離場|已离场|已離場|离开现场"
        "|離開現場|已离开现场|已離開現場|已离开|已離開|现场结束|現場結束",
        "all": "全部|所有|都",
        "both": "两个|兩個|两个都|兩個都|两个都要|兩個都要",
        "and": "和|与|與|及",
        "but": "但|但是|除了|只有|只",
        "hello": "你好|早|早上好|醒了|我醒了|看到了|看到|是我|起来了|起來了|我起来了|我起來了|稍等|没事|沒事|辛苦"
        "|我看行|我看可以",
        "sigh": "唉|哎|哎呀",
        "polite": "谢谢|謝謝|请|請|抱歉|对不起|對不起|辛苦了|不好意思",
    },
}

# Wherever one of these stands beside an acknowledging word, in whatever language, the reply is asked back.
_NEGATIVES = (
    "not|no|nope|nah|never|dont|didnt|doesnt|cant|cannot|couldnt|wont|wouldnt|shouldnt|isnt|aint|unable|refuse"
    "|decline"
    "|neither|nor|wrong|👎|❌|🚫"
    "|nid|nac|dim|ddim|methu|peidio|nage"
    "|nicht|nein|nee|kein|keine|keinen|keiner|niemals|falsch|nö"
    "|pas|non|jamais|rien|aucun|aucune|impossible"
    "|nunca|tampoco|imposible|ningún|ninguno"
    "|nie|nigdy|niestety"
)
# By these somebody has read it, and says no more; an `ok` they are all the same.
_RECEIVED = (
    "got it|ive got it|i got it|got this|sure thing|alles klar|geht klar|in ordnung|geht in ordnung|ça marche|d'accord"
    "|wedi derbyn|dim problem"
)
NEGATIVE_SIGNS = frozenset("不没沒无無别別未非勿")
# These only look like it.
_HARMLESS = (
    "no problem|no problems|no prob|no worries|no worry|no sweat|no stress|no idea|no need to worry|dim problem"
    "|kein problem|keine ahnung|keine sorge|kein ding|pas de problème|pas de soucis|pas de souci|aucun problème"
    "|sin problema|no hay problema|no pasa nada|nie ma problemu|nie ma sprawy|没问题|沒問題|不客气|不客氣|why not"
    "|right away|straight away|menos mal|bez problemu|sans souci|sans problème|heb broblem"
    "|guten morgen|de rien|no bother|no probs|not asleep|不好意思|no dobra|no dobrze|no jasne|no tak|no pewnie"
    "|nie śpię|już nie śpię|schlafe nicht|schlafe nicht mehr|je ne dors pas|je ne dors plus|no duermo|ddim yn cysgu"
)

# "Not busy" refuses nothing.
NOT_REFUSED = re.compile("[不没沒](?:太|很|是|在)*(?:忙|拒绝|拒絕|跳过|跳過)")

# A number before one of these is an amount and no code.
_UNITS = (
    "min mins minute minutes minuten minuti minutos minut minuty munud mn h hr hrs hour hours heure heures hora"
    " horas m ish oclock std stunde stunden godz godzina godziny awr am pm uhr s sec secs second seconds sek"
    " sekunden percent prozent km miles mile kb mb gb tb ms deg th st nd rd times fois veces razy calls texts"
    " messages alerts people guys days weeks leute tage tagen wochen anrufe jours appels personnes dias llamadas"
    " personas dni osob jan january feb february apr april jun june jul july aug august sep sept september oct"
    " october nov november dec december januar februar marz mai juni juli oktober dezember janvier fevrier avril"
    " juin juillet aout septembre octobre novembre decembre enero febrero marzo abril mayo junio julio agosto"
    " septiembre octubre noviembre diciembre stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia"
    " pazdziernika listopada grudnia"
)
UNITS = frozenset(_UNITS.split())
UNIT_SIGNS = ("分", "小时", "小時", "点", "點", "秒", "号", "號", "公里", "天", "个", "個")

# What stands before a time that is left: "in 20 min" is no length of anything.
WITHIN = frozenset(("in", "within", "mewn", "binnen", "innerhalb", "dans", "en", "dentro", "za", "eta"))
# What stands before a time or an amount, so that the number behind it is no code.
_BEFORE_TIMES = (
    "in within eta by until till til about around approx roughly after before need another me mewn erbyn tan tua"
    " binnen innerhalb bis gegen ca circa etwa nach mir dans vers environ apres avant jusqua moi en dentro hasta sobre"
    " unos dame za do okolo mi"
)
BEFORE_TIMES = frozenset(_BEFORE_TIMES.split())
# Who looks or works at something; an "if" behind it is no condition.
_LOOKS = (
    "look looking looks check checking see working work investigating start starting edrych edrycha schaue schau sehe"
    " gucke prufe arbeite regarde regarder voir verifie miro mirando reviso revisando patrze sprawdzam sprawdze zerkam"
)
LOOKS = frozenset(_LOOKS.split())
# May stand between a number and its unit.
_MORE = "more or to of de new further extra mehr weitere oder bis ou o a do lub neu mas wiecej"
MORE = frozenset(_MORE.split())

# May stand before a code: what only says that it is one, and what an `ok` may be said to.
_DESIGNATORS = "the number num nr nummer numero numer rhif code incident ticket la le el der die das las los"
DESIGNATORS = frozenset(_DESIGNATORS.split())
_TOWARDS = "for to on with nach an sur de du con na ar"
TOWARDS = frozenset(_TOWARDS.split())
# Between a code and "fixed": "10 is fixed", "10 ya está resuelto".
_COPULAS = "is are ist sind est sont es esta estan jest sa wedi"
COPULAS = frozenset(_COPULAS.split())
_BY_NOW = "now already all ya juz deja jetzt schon nawr"
BY_NOW = frozenset(_BY_NOW.split())
# A clause ends before one of these: "taking 10 now".
_CLOSERS = (
    "now then too myself right straight already asap jetzt gleich auch selbst dran an rein mal drum maintenant aussi"
    " tout ca ahora yo ya tambien tez teraz juz sam nawr rwan hefyd"
)
CLOSERS = frozenset(_CLOSERS.split())
# These take it where the clause ends with them: "voy", "copy", not "voy al médico", "copy shop open".
_ENDING = (
    "sure|copy|noted|fixing|driving in|heading over|wird erledigt|je vais voir|siadam|i take it|of course|can do"
    "|have it|dran|ran|dessus|en cours|présent|va|zobaczę|wezmę|看|搞|弄|上线|上線|komme|ich komme|habs|ich habs"
    "|hab's|hab ich|in arbeit|in bearbeitung|je prends|je gère|voy|ya voy|me pongo|jadę|już jadę|idę|już idę|lecę"
    "|już lecę|biorę|już biorę|ja biorę|robię|już robię|mam to|af i|mi af i|dwi'n dod|dw i'n dod"
    "|driving there|llego|zaraz będę"
)
# With no more than one of these before it, so does what they do: "ich schaue nach", not "ich schaue fern".
BARE = frozenset({"ich", "je", "yo", "ja"})
# Of "all", and of "now", these may also say that it is well: the first words of such entries.
_FINE = (
    "ok okay okey oki oke okej okee k fine sure alright yes yep yup yeah yea passt gut klar ja alles geht in oui"
    " ca si claro vale dale tak dobra dobrze jasne spoko iawn oce ie ydw 好 好的 好吧 好啊 行 可以 嗯 对 對 是"
    " 是的 👍 👌 ✅ ✔ ☑ 🆗"
)
FINE = frozenset(_FINE.split())
# So begins what only says that they have heard; with these words it is what they will do.
NODS = FINE | frozenset(("copy", "roger", "of", "aye", "bien", "cest", "d", "de", "por", "desde", "wrth", "jasna"))
LATER = frozenset(("will", "ill", "vais", "werde"))

# Where the person's own language has such a letter for a word ("y 10": and 10), before a code it is no English "y".
LETTERS: Mapping[str, str] = {"cy": "ay", "es": "ay", "pl": "a"}

# Left out of the question "who is on call for ...".
_WHO_FILLERS = (
    "is are s on call for the duty today tonight now this at oncall of has who it"
    " hat ist dienst bereitschaft jetzt heute fur im sy sydd ar alw est de garde d astreinte pour le la"
    " esta guardia para el ma dyzur na dyzurze jest teraz dla"
)
WHO_FILLERS = frozenset(_WHO_FILLERS.split())


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
def received() -> frozenset[Phrase]:
    return frozenset(phrases(_RECEIVED))


@cache
def harmless() -> frozenset[Phrase]:
    return frozenset(phrases(_HARMLESS))


@cache
def ending() -> frozenset[Phrase]:
    return frozenset(phrases(_ENDING))


@cache
def signs() -> frozenset[str]:
    """Chinese entries, which are written without a gap between them."""
    return frozenset(p[0] for p in table("zh") if len(p) == 1 and HAN.fullmatch(p[0]))


def phrases(entries: str) -> list[Phrase]:
    return [tuple(word for word in fold(entry).split() if word) for entry in entries.split("|")]
