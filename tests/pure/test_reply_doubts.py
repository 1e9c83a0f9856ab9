"""Beside an `ok`: what a person notes is kept, and whoever leaves one out, or is not there, is asked back."""

from __future__ import annotations

import pytest

from gatewayd.oncall import replies

NOTES: dict[str, str] = {
    "en": """
ok, calling Ben now
ok on my way, 20 min
ok will call you from the car
ok looking, wait for me at the door
ok wait for me
ok waiting for access
ok leave it with me
ok can do
ok can see it
ok I can do it
ok can be there in 10
ok will take a look
ok asking the carrier
ok sending a technician
ok tell Ben I'm on it
ok send it to me
ok left home
ok telling Ben
ok it can wait for the reboot
ok
ok on my way
ok looking
ok 10 min
ok restarting db
ok thanks
ok will take it
ok took it
ok I have it
ok got it
ok right away
ok no problem
ok driving, 20 min
ok will get back to you
ok just woke up
ok without lights here
ok only saw it now
ok laptop booting
ok calling the carrier
ok call me on 07700 900111
ok call me back
ok am at the pub, home in 15
ok db1 has a full disk
ok db1 has 3 alarms
ok, disk is full again
ok 10 looking into it
ok 47 on it
ok rebooting now
ok that's the router again
ok phone dying, on my way
ok page received
ok in the car
ok there by 10:30
ok let me check
ok one moment
ok eta 20
ok switching to backup
ok carrier has an outage
ok on the train, will log in
ok doing it now
yes working on it
yep, away from home, near
ok I'm off to the datacenter
""",
    "de": """
ok kann gleich schauen
ok ich kann das machen
ok lass mich schauen
ok warte auf den Techniker
ok schicke Techniker
ok sage Ben Bescheid, bin dran
ok bin unterwegs
ok schaue mir das an
ok db1 hat die Platte voll
ok starte db neu
ja bin dran
ok rufe Provider an
ok bin gleich da
ok ohne Licht hier
ok in 10 min
ja mach ich
ok gleich am Rechner
ok kein Problem
ok bin erreichbar
ok fahre los
gut, bin dran
ok nur kurz Kaffee
ok der Router wieder
ok läuft gleich
""",
    "fr": """
ok je peux le faire
ok j'attends le technicien
ok je préviens Ben
ok je regarde
ok j'arrive
oui je redémarre db1
ok dans 10 min
ok sans problème
ok j'appelle l'opérateur
ok il y a une panne
d'accord je suis sur le pc
vu, je m'en occupe
ok encore le routeur
ok je vais voir
""",
    "es": """
vale puedo hacerlo
vale espero al técnico
vale aviso a Ben
vale voy
ok reinicio db1
sí, en 10 minutos
ok sin problema
vale llamo al operador
ok es el router
ok ya lo miro
vale, voy a verlo
claro, me pongo
ok menos mal que avisas
""",
    "pl": """
ok mogę to zrobić
ok czekam na technika
ok sprawdzam czy działa
ok jadę
ok restartuję
tak, za 10 minut
ok bez problemu
ok dzwonię do operatora
ok łącze wolne
dobra patrzę
ok to znowu router
ok już loguję
tak biorę
""",
    "cy": """
iawn ar fy ffordd
ok edrych nawr
iawn mewn 10
ok dim problem
ok ailgychwyn db1
iawn rwy'n dod nawr
""",
    "zh": """
好的，我告诉客户
好的，我可以处理
好的 让我看看
好的，等我十分钟
收到，重启db1
好的 马上看
收到，20分钟后到
我处理
好的，我联系运营商
好，正在看
好的 我处理47
收到，在路上
""",
}

ASKED_BACK: dict[str, str] = {
    "en": """
ok ignore
ok ignore it
ok leave me alone
ok i am in hospital
ok in hospital
ok I'm sick
ok good night
OK goodnight
ok who is this
yes, who are you
ok call me
ok wait
ok wait please
ok hold on
ok maybe
ok send it to Ben
ok can Ben do it
ok could someone take it
ok can you do it
ok Ben can do it
ok tell Ben
ok ask Ben
ok forward this to Ben
ok 10 tell Ben
ok 😴
👍 🤒
ok 🤷
ok except 47
ok skip 47
ok Ben has 47
ok, 47 is Ben's
ok 10, 47 is for Ben
ok 10, 47 for Ben
ok without 47
ok I'm on holiday until monday
yes call Ben instead
ok call Ben
ok but 47
ok Ben has it
ok ben is on it
OK! Thanks for your message, we will get back to you.
ok leave 47
ok minus 47
yes, he will do it
ok i'm abroad
ok all except 47
ok everything other than 47
ok ben took 47
yes out of office
ok I'm away until friday
ok not 47
""",
    "de": """
ok ignorieren
ok lass mich in Ruhe
ok bin im Krankenhaus
ok gute Nacht
ok wer ist da
ok warte
ok schick es Ben
ok kann Ben das machen
ok sag Ben
ok frag Ben
ok ruf mich an
ok soll Ben machen
ok vielleicht
ok außer 47
ok ohne 47
ok bis auf 47
ok Ben hat 47
ok 47 hat Ben
ok 47 ist bei Ben
ok bin im Urlaub
ok Ben macht das
ja ruf Ben an
Gut, dass Sie uns schreiben. Wir sind ab Montag erreichbar.
ok habe frei
ok alle bis auf 47
ja Ben kümmert sich
""",
    "fr": """
ok ignorez
ok laisse-moi tranquille
ok je suis à l'hôpital
ok bonne nuit
ok qui est-ce
ok attends
ok envoie à Ben
ok Ben peut le faire
ok demande à Ben
ok dis à Ben
ok sauf 47
ok sans 47
ok sauf la 47
oui Ben a 47
oui Ben s'en occupe
oui appelle Ben
ok je suis en vacances
ok en congé
Vu. Merci de votre message, nous vous répondrons.
ok hormis 47
""",
    "es": """
vale ignóralo
ok déjame en paz
ok estoy en el hospital
ok buenas noches
ok quién es
ok espera
vale envíaselo a Ben
vale Ben puede hacerlo
vale dile a Ben
vale llámame
vale menos 47
vale menos el 47
ok sin 47
ok salvo 47
ok excepto 47
ok Ben tiene 47
vale, estoy de vacaciones
sí llama a Ben
sí Ben se encarga
Claro, gracias por contactar
""",
    "pl": """
ok ignoruj
ok daj mi spokój
ok jestem w szpitalu
ok dobranoc
ok kto to
ok czekaj
ok wyślij to Benowi
ok czy Ben może
ok powiedz Benowi
ok zadzwoń do mnie
ok oprócz 47
ok bez 47
ok poza 47
ok Ben ma 47
tak zadzwoń do Bena
ok jestem na urlopie
tak Ben się tym zajmie
ok mam wolne
ok pomiń 47
""",
    "cy": """
iawn anwybyddu
ok gad lonydd i fi
ok dwi yn yr ysbyty
ok nos da
ok pwy yw hwn
ok aros
iawn gofynnwch i Ben
ok dywed wrth Ben
iawn heblaw 47
ok heb 47
iawn ond 47
ok rwyf ar wyliau
ok mae gan Ben 47
ok 47 gan Ben
""",
    "zh": """
好的 忽略
好的，别烦我
好的，我在医院
好的 晚安
好的 你是谁
好的 等等
好的 发给Ben
好的，让Ben来
好的 告诉Ben
ok 可以让Ben做吗
好，除了47
好的 跳过47
好的 Ben有47
好的，我在休假
好的，叫他来
好的 Ben处理47
好的，我们会尽快回复
""",
}


def _each(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(language, text) for language, texts in table.items() for text in texts.strip().splitlines()]


@pytest.mark.parametrize(("language", "text"), _each(NOTES))
def test_an_ordinary_note_takes_it(language: str, text: str) -> None:
    assert replies.read(text, language).verb == "ack"


@pytest.mark.parametrize(("language", "text"), _each(ASKED_BACK))
def test_an_ok_that_takes_it_not_or_not_all_of_it_is_asked_back(language: str, text: str) -> None:
    assert replies.read(text, language).verb in ("unclear", "automatic")


@pytest.mark.parametrize(("language", "text"), _each(ASKED_BACK))
def test_it_is_asked_back_whatever_language_the_phone_is_told_to_speak(language: str, text: str) -> None:
    told = replies.read(text, "en").verb, replies.read(text, "de").verb
    assert "ack" not in told
