"""What tired people write who may or may not act: not now, not here, not me, who would, and how it is spelled by night.

As in reply_corpus.py; `not taken`: whether it is asked back or passed on, nobody else may be kept from it.
"""

from __future__ import annotations

from collections.abc import Mapping

NOT_NOW: Mapping[str, Mapping[str, str]] = {
    "en": {
        "take": """okay forty two|ok4 2|oki doki give me a sec to find my glasses|ugh fine. on it
yes yes I'm awake now, logging in|okk got this one|yeah that's my box, looking""",
        "take 42": """42 got it, waking the laptop up""",
        "not taken": """can't right now, bathing the kids|ok but only in an hour|will look tomorrow
not my system|ask ben|ok ok stop it|yes I saw it, no laptop|ok?|what is this
oh great, another one. not tonight|ok whatever, I'm going back to bed
yeah I know, it does that every night, ignore it|on a plane till 9, someone else please
I'll get to it once I'm home, 2h|ok in principle but I've had a few drinks
yep saw that, waiting for someone with access|who else got this|I would if the vpn worked""",
        "machine": """I am out of the office until Monday 30 November with no access to email.
Msg not delivered: the subscriber you are calling is unavailable""",
    },
    "cy": {
        "take": """iawn, edrych arno nawr|ocê pedwar deg dau|ie iawn, logio mewn rŵan|ocê, fi sydd arno""",
        "not taken": """methu ar hyn o bryd|ddim fi sydd ar alwad heno|iawn ond dim ond mewn awr
nai edrych bore fory|gofyn i Ben|dim gliniadur gyda fi|iawn?|beth ydi hwn|wedi ei weld o, ond dwi ar y ffordd
mae Ben yn ei wneud o|dwi yn y dafarn, sori|ddim fy system i|iawn os fydd rhaid, ond ddim heno|falle wedyn""",
        "machine": """Rwyf allan o'r swyddfa tan ddydd Llun.""",
    },
    "de": {
        "take": """okay zweiundvierzig|jo bin dran, rechner fährt hoch|ok4 2 mach ich
ja ja bin ja schon wach, schau rein|Okee ich kümmer mich""",
        "not taken": """grad nicht möglich, sitz im Auto|ok aber erst in einer Stunde|schau ich mir morgen an
ist nicht mein System|frag mal Ben|ja hab ich gesehen, hab aber keinen Laptop dabei|ok ok hört auf|ok ?
was soll das denn sein|na toll, schon wieder. ohne mich|ja wenn ich zuhause bin
mach ich wenn die Kinder schlafen|ja klar, mitten in der Nacht, spinnt ihr|kann das jemand anders machen?
ok, sag Carol Bescheid""",
        "refuse": """bin nicht im Dienst""",
        "machine": """Ich bin bis 30.11. nicht im Büro. In dringenden Fällen wenden Sie sich an Ben.
Der Teilnehmer ist vorübergehend nicht erreichbar""",
    },
    "fr": {
        "take": """ok quarante deux|c'est bon je m'en occupe|ouais ouais je me connecte|okk je suis dessus""",
        "not taken": """pas possible là, je conduis|ok mais pas avant une heure|je regarde demain matin
c'est pas mon système|demande à Ben|oui j'ai vu, mais pas d'ordi|ok ok arrêtez|ok ?|c'est quoi ce truc
super, encore. sans moi|oui dès que je rentre|je peux pas, vois avec Ben|oui bien sûr, à 3h du mat
j'ai plus de batterie, prenez quelqu'un d'autre|d'accord mais il me faut quelqu'un avec les accès""",
        "machine": """Je suis absent du bureau jusqu'au 30 novembre.
Votre correspondant n'est pas joignable actuellement""",
    },
    "es": {
        "take": """ok cuarenta y dos|vale me pongo|si si ya estoy despierto, entro|okk lo cojo
ya lo estoy mirando""",
        "not taken": """ahora no puedo, estoy conduciendo|ok pero en una hora|lo miro mañana|no es mi sistema
pregúntale a Ben|si lo he visto, pero no tengo portátil|ok ok parad ya|¿ok?|¿y esto qué es?
genial, otra vez. conmigo no contéis|sí, cuando llegue a casa|claro, a las tres de la mañana, cómo no
que lo haga Ben|vale pero yo no tengo acceso""",
        "refuse": """no estoy de guardia""",
        "machine": """Estoy fuera de la oficina hasta el lunes.|El número al que llama no está disponible""",
    },
    "pl": {
        "take": """ok czterdzieści dwa|ok już siadam do kompa|no dobra, biorę|okk patrzę
tak tak nie śpię, loguję się""",
        "not taken": """teraz nie mogę, prowadzę|ok ale dopiero za godzinę|zerknę jutro|to nie mój system
zapytaj Bena|tak widziałem, nie mam laptopa|ok ok przestańcie|ok?|co to jest|super, znowu to samo. beze mnie
tak, jak wrócę do domu|jasne, o trzeciej w nocy|niech Ben to weźmie|dobra ale nie mam dostępu""",
        "refuse": """nie mam dziś dyżuru""",
        "machine": """Jestem poza biurem do poniedziałku.|Abonent chwilowo niedostępny""",
    },
    "zh": {
        "take": """好的四十二|我马上上线看|收到，我起来看看|ok我看一下""",
        "not taken": """现在不行，在开车|好，但要一个小时以后|明天再看吧|不是我的系统
问Ben吧|看到了，没带电脑|好了好了别发了|ok？|这是什么|又来了，别找我|好的，到家再弄|行啊，半夜三点
让Ben去弄|可以，但我没有权限|嗯，等会儿吧""",
        "refuse": """我今天不值班""",
        "machine": """我不在办公室，周一回来。|您拨打的用户暂时无法接通""",
    },
}
