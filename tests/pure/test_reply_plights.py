"""Who is ill, stuck, in the air or with a child in the arm takes nothing by an `ok`; who tells of the fault, does."""

from __future__ import annotations

import pytest

from gatewayd.oncall import replies

PLIGHTS: dict[str, str] = {
    "en": """
ok wife's in labour
ok on the M25 with no laptop
yes sorry mate no can do tonight
ok can't, at a gig
got it, stuck in a lift
ok Dave's covering for me this week
ok haven't got access to that box
ok puking my guts up here
yep just landed in Spain on hols
ok mum's had a fall, at A&E
ok no laptop on me
yes, not me this week it's Priya
ok too pissed to type
ok wifi's down at mine
yep on a hen do in Dublin
ok my back's gone, flat on the sofa
got it, halfway up Snowdon with the dog
ok locked myself out, no keys no laptop
ok at the vet with the cat
ok my train's been cancelled, stranded in Crewe
got it, power's out in my street
""",
    "cy": """
iawn sori dwi methu
iawn, dwi allan am fwyd heb y gliniadur
ok dwi'n rhy sâl i weithio
iawn, yn yr ysbyty efo mam
ocê sgen i'm signal yma
iawn, fedra i ddim heno
ok dwi ar awyren i Alicante
iawn, does neb adre i warchod y plant
ocê dwi wedi cael cwpl o beints
iawn, dwi'n gwarchod y babi ar ben fy hun
ok mae 'mhen i'n hollti
iawn, dal mewn tagfa ar yr A55
iawn mae'r wraig yn geni
iawn, dwi ar ganol priodas
""",
    "de": """
ok bin aufm Konzert
ja, hab Magen-Darm
ok, sitz im Zug ohne Netz
ok kann grad nicht, Kind im Arm
jo bin raus für heute
ok, hab keinen Zugriff drauf
ok hab 39 Fieber
ja, bin noch bis Sonntag auf Malle
ok VPN geht bei mir nicht
ok hab schon drei Bier
gelesen, ist nicht mein System
ok steh auf der A9 im Stau
ok mein Auto ist liegen geblieben
ja, bin beim Elternabend
ok hab mir den Fuß gebrochen
verstanden, Rechner ist in der Reparatur
ok bin gerade Blut spenden
alles klar, bin im Schwimmbad mit den Kids
ok bin auf der Intensivstation bei Oma
ja, mir ist schwindelig
ok wir kriegen grad unser Baby
verstanden, sitze im Flieger nach Wien
""",
    "fr": """
ok je suis chez le dentiste
ok je peux pas là
oui, coincé dans le métro
ok j'ai pas mon pc
bien reçu, je suis plus d'astreinte
ok sans moi ce soir
ok j'ai 40 de fièvre
ok je suis au resto avec ma femme
oui, ma batterie est à 2%
ok pas dispo avant minuit
ok je monte dans l'avion
ok je suis en pleine crise de migraine
oui je viens de prendre un cachet pour dormir
ok voiture en panne sur l'A6
bien reçu, je suis à l'opéra
ok j'ai rendu mon portable en partant
ok je suis aux urgences avec ma fille
oui, ma voiture est à la fourrière
ok j'accompagne ma mère à l'hôpital
d'accord, je suis cloué au lit
""",
    "es": """
vale voy ciego
ok me pillas en el médico
sí, estoy malo en la cama
vale no puedo ahora
ok sin internet hasta el lunes
recibido, hoy libro
vale estoy pedo
ok estoy fuera de España
sí, me acabo de tomar un somnífero
ok no llego ni de coña
vale ya no trabajo ahí
enterado, eso lo lleva Marta
vale ando con gripe
sí, se me ha muerto el móvil casi
ok estoy en el parto de mi mujer
recibido, estoy de boda en Cádiz
vale me he roto la muñeca
ok estoy en un avión a punto de despegar
vale tengo al niño con vómitos
sí, estoy en pleno examen
ok se me ha pinchado una rueda
recibido, ando de resaca
vale estoy en el quirófano
ok he dejado la empresa
""",
    "pl": """
ok nie dam rady
dobra, jestem u lekarza
ok jestem po piwku
tak, utknąłem w korku
ok, komp mi nie działa
ok mam gorączkę
dobra, wypiłem za dużo
tak, jestem na urlopie w Grecji
ok, nie moja działka
ok jestem na weselu u kuzyna
tak, zepsuł mi się samochód
dobra, jestem w kinie z dziewczyną
ok boli mnie głowa, leżę
przyjąłem, oddałem laptopa do serwisu
dobra, stoję na poboczu z laweta
""",
    "zh": """
好的，我在开会走不开
收到，没带电脑
好，我去不了
ok 我已经下班了
收到 今天我不值班
好的，我在高铁上没网
收到，家里停电了
好，我赶不过去
ok 我喝大了
知道了 我请假了
好的，我在带孩子打针
收到，车抛锚了
好，我在山上没信号
ok 我手骨折了
知道了，我已经离职了
好的，我在产房陪老婆
收到，胃疼得厉害
好，手机快没电了
""",
}
PLAIN: dict[str, str] = {
    "en": """
ok on my way
ok looking now
got it, will fix
yes I'm on it
ok thanks, logging in
ok will be there in 20
ok give me 10 mins
yep mine
ok just parking, then I'll look
ok no worries I've got this
ok cheers, leave it with me
ok home in five, will check then
ok I've restarted the router
ok have it open in grafana
got it, we've had this before, bouncing nginx
ok known issue, disk is filling up
ok same as last night, power supply
ok haven't seen this one before, digging in
ok just got to my desk, firing up the vpn
yep same box as tuesday, kicking it
ok I can see it, fan failed in psu 2
sure, pulling the logs now
ok give us a few mins, kettle's on
ok it's the same switch again, rebooting
yep my fault, reverting now
sure thing, give me five to find my glasses
ok at the keyboard, what's broken shows in the log
got it, my deploy, rolling back
ok just got home, on it
aye, in the van, heading to site
""",
    "cy": """
iawn, ar fy ffordd
iawn diolch
ocê, edrych arno nawr
iawn, fe wna i hyn
iawn, yna mewn deg munud
iawn, gad o i mi
iawn, dw i arno fo
ocê dim problem
ie, fi sy'n cymryd hwn
iawn, dwi wedi ailgychwyn y gweinydd
iawn dwi'n mynd yno rwan
ok dwi wrthi
iawn, mae'r ddisg yn llawn eto
iawn, wedi gweld
iawn, dwi wedi mewngofnodi
iawn, wna i ffonio BT
ok dwi'n ailddechrau'r llwybrydd
ocê, pum munud
iawn, ar y ffôn efo nhw rwan
iawn, fy nhro i ydi hi
ok, dwi'n ffonio'r peiriannydd
iawn, bydda i yna mewn deg munud
ocê, dwi'n edrych ar y logiau
iawn, mae'r gwasanaeth yn ôl, dal i wylio
""",
    "de": """
ok bin dran
ja mach ich
ok, schau ich mir an
verstanden, fahre los
ok danke, kümmere mich
ok bin in 10 min am Rechner
ok, gib mir 5 Minuten
ja, übernehme
ok kein Problem
passt, ich fahr gleich rüber
ok, hab den Laptop schon an
alles klar, ist meins
ok hab den Provider schon angerufen
ja habs gesehen
ok, hab Zugriff, starte neu
verstanden, Platte voll
ok sitz schon dran
ja das ist der Switch im Keller
ok sitze am Laptop und schau rein
ja, ist wieder die Klimaanlage in Raum 3
ok fahr jetzt ins RZ
passt, starte den Dienst neu
verstanden, Techniker ist bestellt
klar, bin wach und logge mich ein
ok mein Fehler, rolle zurück
ok hab's auf dem Schirm
verstanden, ziehe mir die Schuhe an
jo, mach den Laptop auf
ok Strom ist weg im RZ, fahre hin
""",
    "fr": """
ok je m'en occupe
ok j'arrive
oui je regarde
bien reçu merci
ok je suis dessus
d'accord, je prends
ok pas de souci
oui c'est pour moi
ok je file là-bas
ça marche, je me connecte
ok pris en charge
ok j'ai vu, je redémarre le switch
ok j'ai ouvert un ticket chez Orange
oui c'est le disque qui est plein
bien reçu j'ai la main
ok je suis sur le site
ok déjà vu hier, je relance
ok je suis devant l'écran
oui, c'est encore le groupe électrogène
ok j'appelle l'astreinte réseau en parallèle
bien reçu, je descends à la salle
ok je bascule sur le secours
d'accord, je regarde les logs
ok c'est ma modif, je reviens en arrière
oui, mon écran est allumé, je regarde
ok je passe par la console
bien reçu, je mets mes chaussures et j'y vais
d'accord je prends la main
ok ça vient du switch, je le change
""",
    "es": """
vale voy
ok estoy en ello
sí, ya lo miro
vale, gracias, me pongo
recibido, salgo para allá
ok lo cojo yo
ok sin problema
vale dame 5 minutos
ok voy en coche, llego en 15
de acuerdo, me encargo
vale ya estoy conectado
ok yo me ocupo
vale ya he llamado al proveedor
ok tengo acceso, reinicio
sí, es el router de siempre
vale voy para la oficina
recibido, sin luz en el CPD, voy
ok me conecto ya
vale, me levanto y miro
ok estoy delante del ordenador
sí, otra vez el aire acondicionado
vale, reinicio el switch
recibido, aviso al proveedor y os digo
ok voy al CPD
vale, es mi turno, lo miro
ok fallo mío, lo revierto
sí, voy bajando al sótano
vale me visto y voy
recibido, estoy en la consola
ok se ha caído el enlace, llamo a Telefónica
""",
    "pl": """
ok jadę
ok już patrzę
dobra, biorę to
tak, zajmuję się
przyjąłem, dzięki
ok nie ma problemu
ok, moje
tak, już siadam do tego
spoko, ogarnę
ok mam dostęp, restartuję
dobra, już dzwoniłem do operatora
tak, widzę, dysk pełny
ok zrestartowałem router
ok siedzę przy kompie
ok siadam do komputera
tak, to znowu klimatyzacja
dobra, restartuję usługę
przyjąłem, jadę na serwerownię
ok wstaję i patrzę
ok mój błąd, cofam zmianę
tak, mam to na ekranie
dobra, ubieram się i jadę
przyjąłem, mój dyżur, działam
ok siedzę przed konsolą
""",
    "zh": """
好的，马上处理
收到，在路上了
好，我来看看
ok 正在处理
知道了，谢谢
好的，十分钟后到
好的没问题
收到，五分钟后上线
好，交给我
ok 我去机房
明白，我来处理
好的，我已经重启了路由器
收到，是硬盘满了
好，我在机房
ok 跟昨天一样的问题
收到，我在查日志
好的，我打开电脑看看
收到，又是空调的问题
好，重启一下服务
ok 我联系运营商
知道了，正在切备用线路
好的，我的变更导致的，回滚中
收到，我手上有日志，在看
好，我开车过去
ok 我电脑开着，马上看
知道了，是我的班，处理中
""",
}
# Words of a plight that are of machines, places with an alarm, or of somebody who acts all the same.
OF_WORK: dict[str, str] = {
    "en": """
ok mail queue stuck on mx1
ok control plane is down
ok child process died
ok my change, rolling back
ok my deploy broke it
ok hospital link down again
ok errors on the bus
ok at the rack
ok on the train, will log in
ok stuck in traffic, there in 20 min
ok wife is driving, I'm logging in
ok ups battery at 5%
ok on a call with the provider
""",
    "de": "ok mein Fehler\nok ist mir klar",
    "fr": "ok mon ami\nok mon erreur",
    "es": "vale voy\nvale voy ya\nvale voy para la oficina\nvale voy corriendo\nok sin internet en la tienda",
    "pl": "ok router ma za mało pamięci",
    "cy": "iawn, gad o i mi",
    "zh": "收到，我手机上看日志",
}


def rows(listed: dict[str, str]) -> list[tuple[str, str]]:
    return [(language, line) for language, lines in listed.items() for line in lines.strip().split("\n")]


@pytest.mark.parametrize(("language", "text"), rows(PLIGHTS))
def test_who_tells_of_a_plight_is_asked_back(language: str, text: str) -> None:
    assert replies.read(text, language).verb in ("unclear", "unknown", "refuse")


@pytest.mark.parametrize(("language", "text"), rows(PLAIN) + rows(OF_WORK))
def test_a_plain_yes_with_a_note_takes_it(language: str, text: str) -> None:
    assert replies.read(text, language).verb == "ack"
