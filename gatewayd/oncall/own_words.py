"""What the house says of its own channels and of its queue, by language. Pure.

Each stays in the GSM 7-bit alphabet where its language can be read in it. Why a channel is in trouble stays as the
channel says it, in English: operators look it up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gatewayd.oncall.languages import language_of


@dataclass(frozen=True, slots=True)
class Words:
    """Fields in braces are found in the English sentence. `unsent`, `unheard`, `lost` and `no_receipt` stand behind
    `proof`."""

    needs_human: str
    no_texts: str
    busy: str
    disk: str
    stop: str
    silenced: str
    proof: str
    unsent: str
    unheard: str
    lost: str
    no_receipt: str


_WORDS: Mapping[str, Words] = {
    "en": Words(
        needs_human="{channel} needs a human: {why}",
        no_texts="{channel} takes no texts for {minutes} min: {why}",
        busy="{texts} texts wait; {channel} needs about {minutes} min for its share",
        disk="the gateway's disk is full: new alerts are refused until there is room",
        stop="{name} asks for no more texts, and is still paged",
        silenced="{name} has silenced {service} until {until}",
        proof="proof of life failed: {why}",
        unsent="{sender} did not send it",
        unheard="{sender} sent it, and {hearer} heard nothing within {seconds} s",
        lost="the network says delivered, and {hearer} heard nothing within {seconds} s",
        no_receipt="{hearer} heard it, and no receipt came to {sender} within {seconds} s",
    ),
    "cy": Words(
        needs_human="Mae angen person ar {channel}: {why}",
        no_texts="Nid yw {channel} yn cymryd negeseuon ers {minutes} mun: {why}",
        busy="{texts} neges yn aros; mae angen tua {minutes} mun ar {channel} am ei ran",
        disk="mae disg y porth yn llawn: gwrthodir rhybuddion newydd nes bod lle",
        stop="Mae {name} yn gofyn am ddim mwy o negeseuon, ond yn eu cael o hyd",
        silenced="Mae {name} wedi tawelu {service} tan {until}",
        proof="Methodd y prawf bywyd: {why}",
        unsent="ni anfonodd {sender}",
        unheard="anfonodd {sender}, ond ni chlywodd {hearer} ddim o fewn {seconds} e",
        lost="yn ol y rhwydwaith fe gyrhaeddodd, ond ni chlywodd {hearer} ddim o fewn {seconds} e",
        no_receipt="clywodd {hearer}, ond ni chafodd {sender} dderbynneb o fewn {seconds} e",
    ),
    "de": Words(
        needs_human="{channel} braucht einen Menschen: {why}",
        no_texts="{channel} nimmt seit {minutes} min keine SMS an: {why}",
        busy="{texts} SMS warten; {channel} braucht etwa {minutes} min für seinen Teil",
        disk="die Platte des Gateways ist voll: neue Alarme werden abgelehnt, bis Platz ist",
        stop="{name} will keine SMS mehr und wird weiter gerufen",
        silenced="{name} hat {service} bis {until} stumm geschaltet",
        proof="Lebenszeichen ausgeblieben: {why}",
        unsent="{sender} hat nicht gesendet",
        unheard="{sender} hat gesendet, und {hearer} hat in {seconds} s nichts gehört",
        lost="laut Netz zugestellt, aber {hearer} hat in {seconds} s nichts gehört",
        no_receipt="{hearer} hat es gehört, aber {sender} bekam in {seconds} s keine Quittung",
    ),
    "fr": Words(
        needs_human="{channel} a besoin de quelqu'un: {why}",
        no_texts="{channel} ne prend plus de SMS depuis {minutes} min: {why}",
        busy="{texts} SMS attendent; il faut environ {minutes} min à {channel} pour sa part",
        disk="le disque de la passerelle est plein: pas de nouvelle alerte avant qu'il y ait de la place",
        stop="{name} ne veut plus de SMS et reste appelé",
        silenced="{name} a rendu {service} muet jusqu'à {until}",
        proof="pas de signe de vie: {why}",
        unsent="{sender} n'a rien envoyé",
        unheard="{sender} a envoyé, et {hearer} n'a rien entendu en {seconds} s",
        lost="livré selon le réseau, mais {hearer} n'a rien entendu en {seconds} s",
        no_receipt="{hearer} l'a entendu, mais {sender} n'a pas eu d'accusé en {seconds} s",
    ),
    "es": Words(
        needs_human="{channel} necesita a alguien: {why}",
        no_texts="{channel} no acepta SMS desde hace {minutes} min: {why}",
        busy="{texts} SMS esperan; {channel} necesita unos {minutes} min para su parte",
        disk="el disco de la pasarela esta lleno: no se aceptan alertas nuevas hasta que haya sitio",
        stop="{name} pide no recibir mas SMS y sigue recibiendo avisos",
        silenced="{name} ha silenciado {service} hasta {until}",
        proof="sin señal de vida: {why}",
        unsent="{sender} no lo ha enviado",
        unheard="{sender} lo ha enviado, y {hearer} no ha recibido nada en {seconds} s",
        lost="entregado segun la red, pero {hearer} no ha recibido nada en {seconds} s",
        no_receipt="{hearer} lo ha recibido, pero {sender} no tuvo acuse en {seconds} s",
    ),
    "pl": Words(
        needs_human="{channel} wymaga czlowieka: {why}",
        no_texts="{channel} nie przyjmuje SMS-ow od {minutes} min: {why}",
        busy="SMS-y w kolejce: {texts}; {channel} potrzebuje ok. {minutes} min na swoje",
        disk="dysk bramki jest pelny: nowe alarmy sa odrzucane, dopoki nie bedzie miejsca",
        stop="{name} prosi o koniec SMS i nadal dostaje wezwania",
        silenced="{name} wycisza {service} do {until}",
        proof="brak znaku zycia: {why}",
        unsent="{sender} nie wyslal",
        unheard="{sender} wyslal, a {hearer} nic nie odebral w ciagu {seconds} s",
        lost="wedlug sieci doreczono, a {hearer} nic nie odebral w ciagu {seconds} s",
        no_receipt="{hearer} odebral, a {sender} nie dostal potwierdzenia w ciagu {seconds} s",
    ),
    "zh": Words(
        needs_human="{channel}需要人工处理: {why}",
        no_texts="{channel}已{minutes}分钟不接收短信: {why}",
        busy="{texts}条短信在等待; {channel}约需{minutes}分钟",
        disk="网关磁盘已满: 有空间之前拒收新告警",
        stop="{name}要求不再收短信, 仍会被呼叫",
        silenced="{name}已静音{service}至{until}",
        proof="自检短信失败: {why}",
        unsent="{sender}未发出",
        unheard="{sender}已发出, {hearer}在{seconds}秒内未收到",
        lost="网络称已送达, {hearer}在{seconds}秒内未收到",
        no_receipt="{hearer}已收到, {sender}在{seconds}秒内没有回执",
    ),
}


def words_of(tag: str) -> Words:
    """In the language of the tag ("de-AT"), or in English."""
    return _WORDS[language_of(tag)]
