"""What tired people write who may or may not act: not now, not here, not me, who would, and how it is spelled by night.

As in reply_corpus.py; `not taken`: whether it is asked back or passed on, nobody else may be kept from it.
"""

from __future__ import annotations

from collections.abc import Mapping

NOT_NOW: Mapping[str, Mapping[str, str]] = {
    "en": {
        "take": """okay forty two|ok4 2|oki doki give me a sec to find my glasses|ugh fine. on it
yes yes I'm awake now, logging in|okk got this one|yeah that's my box, looking|on it, grabbing my laptop
shit, ok, looking|ok, after a reboot I'm on it|ok laptop is booting|on it, vpn takes a minute
ok restarting after a quick backup|on my way, there in an hour|ok, driving in, 1 hour
ok logging in at home|ok the battery in the ups is dead, replacing it
ok someone restarted db1 by hand, fixing|ok checking, takes an hour in total""",
        "take 42": """42 got it, waking the laptop up|yes boss 42, vpn is coming up
yes 42 after the deploy it broke, rolling back""",
        "not taken": """can't right now, bathing the kids|ok but only in an hour|will look tomorrow
not my system|ask ben|ok ok stop it|yes I saw it, no laptop|ok?|what is this
oh great, another one. not tonight|ok whatever, I'm going back to bed
yeah I know, it does that every night, ignore it|on a plane till 9, someone else please
I'll get to it once I'm home, 2h|ok in principle but I've had a few drinks
yep saw that, waiting for someone with access|who else got this|I would if the vpn worked
sure, right after this movie|ok when the babysitter gets here
yep, stuck on the motorway for another hour|got it but honestly no idea what that box is
yes, my battery is about to die|ok, somebody wake up Carol please|ok mate it's four in the morning
ok enough with the texts|on it tomorrow first thing|sure, as if I had nothing better to do
ok I'm at my sister's, computer is at home|yes after the kids are asleep|yes, after the match
ok once the meeting ends|ok my pc is at the office|sure, at half four in the morning|ok enough already
ok someone call Carol|ok as soon as I've eaten""",
        "machine": """I am out of the office until Monday 30 November with no access to email.
Msg not delivered: the subscriber you are calling is unavailable""",
    },
    "cy": {
        "take": """iawn, edrych arno nawr|ocê pedwar deg dau|ie iawn, logio mewn rŵan|ocê, fi sydd arno
iawn, agor y gliniadur|iawn, mewngofnodi nawr""",
        "not taken": """methu ar hyn o bryd|ddim fi sydd ar alwad heno|iawn ond dim ond mewn awr
nai edrych bore fory|gofyn i Ben|dim gliniadur gyda fi|iawn?|beth ydi hwn
wedi ei weld o, ond dwi ar y ffordd|mae Ben yn ei wneud o|dwi yn y dafarn, sori|ddim fy system i
iawn os fydd rhaid, ond ddim heno|falle wedyn|iawn, ar ôl swper|ocê pan fydda i adref
iawn ond mae'r gliniadur gartref|ocê ocê dyna ddigon|ydw, ond yn y gwely|iawn ar ôl y gêm
iawn, mae'r cyfrifiadur yn y swyddfa""",
        "machine": """Rwyf allan o'r swyddfa tan ddydd Llun.""",
    },
    "de": {
        "take": """okay zweiundvierzig|jo bin dran, rechner fährt hoch|ok4 2 mach ich
ja ja bin ja schon wach, schau rein|Okee ich kümmer mich|Mist, bin dran|ok hol den Laptop
ok Laptop fährt hoch|ok starte nach dem Backup neu|ok nach dem Neustart läuft es, beobachte
bin dran, Akku der USV ist leer""",
        "not taken": """grad nicht möglich, sitz im Auto|ok aber erst in einer Stunde
schau ich mir morgen an|ist nicht mein System|frag mal Ben
ja hab ich gesehen, hab aber keinen Laptop dabei|ok ok hört auf|ok ?|was soll das denn sein
na toll, schon wieder. ohne mich|ja wenn ich zuhause bin|mach ich wenn die Kinder schlafen
ja klar, mitten in der Nacht, spinnt ihr|kann das jemand anders machen?|ok, sag Carol Bescheid
ok nach dem Film|ja sobald ich am Rechner bin|klar, um vier Uhr morgens immer gerne
ok mein Laptop liegt im Büro|ja, bräuchte aber jemanden mit Zugriff|ok jetzt reichts aber
gut, Carol soll übernehmen|ja nach dem Essen|ok mein Rechner steht in der Firma
na klar, um drei Uhr früh|ok jemand soll Carol wecken|ok es reicht jetzt""",
        "refuse": """bin nicht im Dienst""",
        "machine": """Ich bin bis 30.11. nicht im Büro. In dringenden Fällen wenden Sie sich an Ben.
Der Teilnehmer ist vorübergehend nicht erreichbar""",
    },
    "fr": {
        "take": """ok quarante deux|c'est bon je m'en occupe|ouais ouais je me connecte
okk je suis dessus|merde, je regarde|ok j'allume le pc|ok mon pc démarre
ok après redémarrage ça remarche""",
        "not taken": """pas possible là, je conduis|ok mais pas avant une heure|je regarde demain matin
c'est pas mon système|demande à Ben|oui j'ai vu, mais pas d'ordi|ok ok arrêtez|ok ?|c'est quoi ce truc
super, encore. sans moi|oui dès que je rentre|je peux pas, vois avec Ben|oui bien sûr, à 3h du mat
j'ai plus de batterie, prenez quelqu'un d'autre|d'accord mais il me faut quelqu'un avec les accès
ok après le film|oui quand je serai à la maison|d'accord, mon pc est au bureau|ok stop ça suffit
ok mais réveille Carol plutôt|oui oui, à quatre heures du matin|oui après manger
ok mon ordinateur est resté au travail|bien sûr, à trois heures du matin|ok que quelqu'un réveille Carol""",
        "machine": """Je suis absent du bureau jusqu'au 30 novembre.
Votre correspondant n'est pas joignable actuellement""",
    },
    "es": {
        "take": """ok cuarenta y dos|vale me pongo|si si ya estoy despierto, entro|okk lo cojo
ya lo estoy mirando|joder, voy|ok enciendo el portátil|ok arrancando el portátil""",
        "not taken": """ahora no puedo, estoy conduciendo|ok pero en una hora|lo miro mañana
no es mi sistema|pregúntale a Ben|si lo he visto, pero no tengo portátil|ok ok parad ya|¿ok?
¿y esto qué es?|genial, otra vez. conmigo no contéis|sí, cuando llegue a casa
claro, a las tres de la mañana, cómo no|que lo haga Ben|vale pero yo no tengo acceso
vale después de cenar|sí en cuanto llegue|ok el portátil está en la oficina
vale, que alguien despierte a Carol|sí claro, a las cuatro de la mañana|sí después del partido
ok tengo el ordenador en casa de mis padres|claro, a las tres de la madrugada
ok alguien que llame a Carol""",
        "refuse": """no estoy de guardia""",
        "machine": """Estoy fuera de la oficina hasta el lunes.|El número al que llama no está disponible""",
    },
    "pl": {
        "take": """ok czterdzieści dwa|ok już siadam do kompa|no dobra, biorę|okk patrzę
tak tak nie śpię, loguję się|kurde, już patrzę|ok odpalam laptopa|ok komputer się włącza
ok po restarcie działa""",
        "not taken": """teraz nie mogę, prowadzę|ok ale dopiero za godzinę|zerknę jutro|to nie mój system
zapytaj Bena|tak widziałem, nie mam laptopa|ok ok przestańcie|ok?|co to jest
super, znowu to samo. beze mnie|tak, jak wrócę do domu|jasne, o trzeciej w nocy|niech Ben to weźmie
dobra ale nie mam dostępu|ok po filmie|tak jak tylko dojadę|dobra, laptop został w biurze
ok już dość tych smsów|ok obudźcie Carol|jasne, o czwartej rano|tak po obiedzie|ok komputer jest w pracy
pewnie, o trzeciej rano|ok ktoś niech zadzwoni do Carol""",
        "refuse": """nie mam dziś dyżuru""",
        "machine": """Jestem poza biurem do poniedziałku.|Abonent chwilowo niedostępny""",
    },
    "zh": {
        "take": """好的四十二|我马上上线看|收到，我起来看看|ok我看一下|唉，我来吧
好的，开电脑|好，电脑在启动|好的，重启完再看一下""",
        "not taken": """现在不行，在开车|好，但要一个小时以后|明天再看吧|不是我的系统
问Ben吧|看到了，没带电脑|好了好了别发了|ok？|这是什么|又来了，别找我|好的，到家再弄|行啊，半夜三点
让Ben去弄|可以，但我没有权限|嗯，等会儿吧|好的，吃完饭再说|行，到公司再看|好，电脑在公司|好了够了
可以，叫醒Carol吧|好啊，凌晨四点|好，开完会再看|好，笔记本在家里|行，凌晨三点真好
好，有人叫Carol吗""",
        "refuse": """我今天不值班""",
        "machine": """我不在办公室，周一回来。|您拨打的用户暂时无法接通""",
    },
}
