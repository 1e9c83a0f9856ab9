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
ok my back's gone, flat on the sofa
got it, halfway up Snowdon with the dog
ok locked myself out, no keys no laptop
yes just had an epidural
ok at the vet with the cat
ok my train's been cancelled, stranded in Crewe
ok in a funeral right now
got it, hammered sorry
ok I've just had teeth pulled
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
ok dwi'n gyrru i Gaerdydd
iawn, mae fy nghar wedi torri lawr
ocê, dwi mewn cyngerdd
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
ok wir kriegen grad unser Baby
verstanden, sitze im Flieger nach Wien
ok lieg mit Grippe flach
ja, mein Kind ist krank
ok bin in der Oper
verstanden, hab grad keinen Empfang mehr
ok mein Akku ist gleich leer
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
ok je suis aux urgences avec ma fille
oui, ma voiture est à la fourrière
ok j'accompagne ma mère à l'hôpital
d'accord, je suis cloué au lit
ok j'ai la gastro
oui, je suis dans le RER
ok mon fils est malade
bien reçu, je suis bourré
d'accord, mon ordi est au bureau
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
vale estoy con la gripe
sí, mi hijo tiene fiebre
ok estoy en un concierto
recibido, me he dejado el portátil en la oficina
vale voy fatal
ok estoy de vacaciones en Perú
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
tak, jestem pijany
dobra, mój syn ma gorączkę
przyjąłem, stoję w korku pod Łodzią
ok laptop został w biurze
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
收到，我在电影院
好，孩子生病了
ok 我车坏在路上了
""",
}
PLAIN: dict[str, str] = {
    "en": """
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
ok seeing it too, pulling up the graphs
yep, that'll be the cron job
ok two mins, finding my badge
sure, calling the site now
got it, in the car park, walking in
ok reset the modem, watching it
ok gimme a tick, booting up
yep saw the graph spike, checking my query
got it, walking to the comms room
ok looks like the pdu tripped, resetting
sure, in a taxi heading over
ok my monitor's on, going through syslog
ok power's back, verifying my racks
yep on a bridge with cisco
sure, at a terminal now
got it, heading up to the third floor
ok it's dns, fixing the zone
alright kettle off, shoes on, going
ok just reset it, green again
""",
    "cy": """
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
ok, dwi yn y stafell weinyddwyr
iawn, y ffan sydd wedi mynd, dwi'n newid o
ocê, fi sydd arni
iawn diolch, mi edrycha i rŵan
iawn, dwi'n agor y gliniadur
iawn, y generadur eto, af i yno
ok fi di hwn, newid y cebl
ocê, mae'r cwsmer ar y ffôn efo fi, dwi'n sbio
iawn, munud i wisgo
iawn, mae'r UPS yn bipian, dwi'n mynd lawr
iawn, dwi'n gwylio'r graffiau
ok mi wna i ailgychwyn o
ocê, llwybrydd ni sydd ar fai, trwsio
iawn, dwi yn y car ar y ffordd
""",
    "de": """
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
ok hol mir kurz Kaffee, dann schau ich
ja, liegt an meinem Deploy, nehme ihn zurück
ok bin im Auto auf dem Weg zur Zentrale
klar, schau in mein Grafana
ok ist mein Cluster, bin dran
ok ich steig aufs Rad und fahr hin
ja, mein Skript läuft noch, ich stopp es
ok nehm mir das Handbuch und fang an
verstanden, sitze vor dem Schrank
passt, mit Kollegen am Telefon, wir tauschen
klar, die USV piept, schau hin
ok mir fällt die Pumpe auf, ich seh nach
ja, hab meine Schlüssel, fahr rüber
ok steig in den Zug zur Zentrale, in 15 min da
verstanden, Kühlung spinnt, regle nach
gut, mein Kollege und ich tauschen die Karte
ok die Leitung ist tot, ruf Telekom an
""",
    "fr": """
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
ok je prends mes clés et je descends
oui c'est mon service, je regarde
ok la clim a lâché, j'appelle le frigoriste
ok je vérifie mes sauvegardes
oui, mon script a planté, je corrige
ok j'enfile un pull et je fonce
bien reçu, j'ai mon badge, je monte
d'accord, avec le prestataire en ligne
ok le disque est mort, je remplace
ok mon collègue et moi on bascule
oui, ma sonde est mal réglée, je corrige
ok j'ai mes clés, je file
bien reçu, à la console
ok batterie onduleur à 10%, je la change
d'accord, au sous-sol dans 3 min
""",
    "es": """
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
vale, cojo mis cosas y salgo
ok es mi servidor, lo reviso
sí, me pongo con mi compañera
recibido, la UPS pita, la cambio
vale voy entrando en la VPN
ok ya estoy mirando mis gráficas
vale, en la sala, cambio el ventilador
ok mi script se colgó, lo mato
sí, bajo con las llaves
recibido, tengo al proveedor al teléfono
ok me he conectado, miro
vale, ya he cambiado la fuente
vale, mi compañero y yo lo cambiamos
ok se me olvidó renovar el certificado, lo renuevo
sí, en el sótano, cambio el fusible
ok tiro para la central
vale me acerco al armario
""",
    "pl": """
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
ok biorę kluczyki i jadę
tak, to moja maszyna, sprawdzam
dobra, otwieram laptopa
przyjąłem, mnie też to wyskoczyło, patrzę
ok wymieniam dysk
ok jestem w serwerowni
tak, mój skrypt padł, poprawiam
dobra, mam serwis na linii
przyjąłem, wsiadam w auto
ok mnie też pisze monitoring, patrzę
ok stoję przy agregacie
tak, mój certyfikat wygasł, odnawiam
dobra, z kolegą wymieniamy zasilacz
przyjąłem, w piwnicy, włączam bezpiecznik
ok idę do szafy
""",
    "zh": """
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
好的，我车上有备件，过去换
收到，我这边重启一下
好，我爸值班室旁边，我过去
ok 我头盔戴上就出发
知道了，我老板也在看，我处理
好的，我在机柜前
收到，我的脚本出错，马上改
好，我打车过去
ok 我跟供应商通话中
知道了，正在换电源
收到，证书过期，我更新
好，我和同事一起换板卡
ok 我上楼看看
知道了，空调我来调
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
    "fr": "ok mon ami\nok mon erreur\nok laisse-moi cinq minutes\nok laisse-moi 5 min\nok laissez-moi dix minutes",
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
