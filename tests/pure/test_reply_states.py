"""Who is drunk, asleep or at the wheel, or only wants the texts to end, takes nothing by an `ok`; who is ready does."""

from __future__ import annotations

import pytest

from gatewayd.oncall import replies

UNABLE: dict[str, str] = {
    "en": """
ok i'm wasted
ok had too many pints
yes but i'm half asleep
ok I'm driving
ok driving, no hands free
ok can't type, at the wheel
ok stop
ok enough with the messages
ok stop it now
ok that's enough texts for tonight
ok i'm plastered
ok hammered right now
ok i've had a few
ok already in my pyjamas going to sleep
ok quit texting me
ok no more messages please
ok turn this off
ok unsubscribe me
ok you can stop now
ok I'm pissed as a newt
ok bit tipsy sorry
yes too drunk to type
ok had six beers
ok in the car, both hands busy
ok on the motorway
ok stop messaging
ok please stop these
ok leave it out mate
sure, after a bottle of wine
ok nodding off
ok knackered, off to bed
ok on my motorbike
ok i get it, enough
yes ok stop texting
ok behind the wheel
k zzz
ok I'm trolleyed
ok im on cloud nine after the party
ok i am in the shower
ok I'm ten cocktails in
yeah I'm at my sister's wedding
ok stop it with these pages please
ok enough pings
ok driving with the kids
ok i'm on the train home, no signal
ok I'm out cold
ok i'm bladdered
ok I'm in a meeting with the boss
ok i'm up a mountain
sure I'm at the dentist
ok enough of these alerts and pages
""",
    "cy": """
iawn dwi wedi meddwi
iawn dwi'n gyrru
iawn digon o negeseuon
iawn dwi'n cysgu
ie stopiwch
iawn dwi'n feddw
iawn dwi wrth y llyw
iawn dim mwy o negeseuon
iawn dwi ar fin cysgu
iawn dwi wedi yfed gormod
iawn dwi'n gyrru adref
iawn dwi'n chwil gaib
""",
    "de": """
ok bin besoffen
ok bin blau
ok bin hackedicht
ok bin total betrunken
ja bin am Steuer
ok fahre gerade Auto
ok sitze am Steuer, keine Hand frei
ok genug jetzt mit den SMS
ok Schluss mit den Nachrichten
ok penne schon
ja liege schon im Bett
ok stopp
ok keine Nachrichten mehr
ok habe zu viel getrunken
ok hab drei Bier intus
ok bin sturzbetrunken
ok bin voll
jo bin angetrunken
ok bin auf der Autobahn
ok hör auf zu schreiben
ok reicht jetzt
ja ja reicht langsam
ok hab vier Gläser Wein getrunken
ok schlaf schon halb
ok bin grad am Fahren
ok bin stramm
ok bin dicht
ok bin in der Sauna
ok ich bin stockbesoffen
ok fahr grad Auto
ok hört mal auf mit den SMS
ok reicht
ok bin im Stadion
ok bin grad beim Zahnarzt
ok bin knülle
""",
    "fr": """
ok je suis bourré
ok suis ivre
ok j'ai trop bu
oui je conduis
ok je suis au volant
ok assez de messages
ok stop les sms
ok ça va avec les messages maintenant
ok je roupille
d'accord plus de sms svp
ok je suis pompette
ok je suis saoul
ok torché là
ok je suis sur l'autoroute
ok ça suffit les messages
ok arrêtez de m'écrire
oui je dormais
ok trois verres dans le nez
d'accord stop
ok je suis rond
ok je suis dans le bain
ok marre des sms
ok je suis en train de conduire
ok je suis chez le dentiste
ok je suis HS
""",
    "es": """
vale ya está bien de mensajes
ok estoy borracho
vale estoy pedo
ok voy conduciendo
vale estoy al volante
ok ya vale de mensajes
ok no más mensajes
vale llevo unas copas
vale estoy durmiendo
ok para ya
ok deja de escribirme
ok voy borracha
vale he bebido demasiado
vale estoy en la autopista
vale basta de sms
ok suficientes mensajes
ok no me escribáis más
vale medio dormido
ok estoy ciego
vale estoy en la ducha
vale ya basta con los avisos
ok estoy en el gimnasio
""",
    "pl": """
ok jestem pijany
ok jestem nawalony
ok prowadzę auto
ok jestem za kierownicą
ok koniec z smsami
ok dosyć tych wiadomości
dobra przestańcie pisać
ok śpię
ok wypiłem kilka piw
ok po alkoholu
ok jestem narąbany
ok wypiłam wino
ok jestem na autostradzie
ok wystarczy tych smsów
ok nie piszcie więcej
ok zasypiam
ok jestem po kilku głębszych
ok jestem w wannie
ok dość już tych smsów
ok jestem u dentysty
ok jestem zalany
""",
    "zh": """
好的我喝醉了
好 我在开车
好了别发了
行了别再发短信了
好 我喝多了
收到 我睡了
好的够了
好的 我在高速上
收到 醉了
好 不要再发了
好 睡着了
嗯 困死了
好 我在洗澡
好 喝大了
好的 别再发短信
好 我在开会
好 我在看电影
""",
}
READY: dict[str, str] = {
    "en": """
ok driving in now
ok driving to site
ok, stopped the car, looking
ok stopping the service now
ok, enough disk now, watching
ok wide awake, looking
ok pulled over, on it
ok woke up, logging in
ok sober, on it
ok on my way by car
ok driving over, 20 min
ok stopped at the roadside, looking
ok stopping the spam queue
yes awake now, checking
ok enough coffee, on it
ok I'm on the train, laptop open, looking
ok I'm at my desk
ok I'm still at the office
ok im home in 10
ok I'm fixing the raid
ok I'm just finishing lunch, there in 5
ok I'm logged on
ok I'm the one who rebooted it
ok i am pretty sure it is dns
ok I'm going there
ok I'm here, what's up
ok I'm in
ok I'm on now
ok I'm restarting it
ok I'm on the vpn
ok I'm in the datacenter
ok I'm awake
ok I'm at the console
""",
    "cy": """
iawn dwi'n effro, yn edrych
iawn dwi ar y ffordd yn y car
iawn dwi adref, yn edrych
""",
    "de": """
ok fahre jetzt ins Büro
ok bin wach, schaue nach
ok stoppe den Dienst
ok genug Platz da, schaue weiter
ok bin auf dem Weg mit dem Auto
ok hab den Dienst gestoppt, schaue
ok bin im Büro
ok bin da
ok bin gerade aufgestanden, schaue
ok bin in 5 Minuten am Rechner
ok bin drin
ok bin am Laptop
ok bin wieder online
""",
    "fr": """
ok je prends la voiture, j'arrive
ok réveillé, je regarde
ok j'arrête le service et je regarde
ok en voiture, j'arrive
ok je suis devant l'ordi
ok je suis en train de regarder
ok je suis connecté
ok je suis au bureau
ok je suis réveillée
""",
    "es": """
vale ya está bien el servidor, sigo mirando
vale despierto, lo miro
vale paro el servicio y miro
vale voy en coche para allá
ok paro la cola y lo miro
ok estoy delante del ordenador
vale estoy reiniciando
ok estoy mirando los logs
vale estoy delante del portátil
""",
    "pl": """
ok jadę autem do biura
ok nie śpię, patrzę
ok zatrzymuję usługę
ok wsiadam w auto i jadę
ok jestem przy komputerze
ok jestem w domu, patrzę
ok jestem online
ok jestem w biurze
ok jestem już zalogowany
""",
    "zh": """
好的 我醒着 马上看
好 开车过去
收到 开车去机房
好 我在电脑前
好 我在公司
好 我在重启
好 我在家
""",
}


def _each(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(language, text) for language, texts in table.items() for text in texts.strip().splitlines()]


@pytest.mark.parametrize(("language", "text"), _each(UNABLE))
def test_who_is_in_no_state_to_act_is_asked_back(language: str, text: str) -> None:
    assert replies.read(text, language).verb in ("unclear", "unknown")


@pytest.mark.parametrize(("language", "text"), _each(READY))
def test_who_is_ready_takes_it(language: str, text: str) -> None:
    assert replies.read(text, language).verb == "ack"
