"""By which words a text asks for a change of duty that lasts, by language: the verbs, and what stands around a time.

`|` parts the entries; they are compared as all words of a reply are (`reply_text.fold`). English holds for everybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gatewayd.oncall.languages import ENGLISH, language_of


@dataclass(frozen=True, slots=True)
class Words:
    """`me`: the one who writes, behind `override`. `of` may stand before a name or a rota, `since` before a begin,
    `until` before an end and between the two, `lasting` before a length; `days` and `weeks` are lengths."""

    away: str
    back: str
    override: str
    cover: str
    me: str
    of: str
    since: str
    until: str
    now: str
    lasting: str
    days: str
    weeks: str


_WORDS: Mapping[str, Words] = {
    "en": Words(
        away="away|im away|i am away|ill be away|i will be away|absent|im absent|i am absent|off sick|im off sick|sick"
        "|im sick|i am sick|holiday|on holiday|im on holiday|i am on holiday|on vacation|im on vacation|vacation"
        "|on leave|im on leave|i am on leave|annual leave|on annual leave|pto|on pto|im on pto|unavailable"
        "|im unavailable|i am unavailable|not available|im not available|im off|i am off",
        back="back|im back|i am back|back again|back now|im back now|back at work|im back at work|available again"
        "|im available again|returned",
        override="override|assign",
        cover="cover|covering|i cover|ill cover|i will cover|im covering|i am covering",
        me="me|myself",
        of="for|on|the|rota",
        since="from|as of|starting",
        until="until|till|til|to|up to",
        now="now",
        lasting="for",
        days="day|days",
        weeks="week|weeks",
    ),
    "cy": Words(
        away="i ffwrdd|dwi i ffwrdd|dw i i ffwrdd|rydw i i ffwrdd|absennol|dwi'n absennol|dw i'n absennol|gwyliau"
        "|ar wyliau|dwi ar wyliau|dw i ar wyliau|sâl|yn sâl|dwi'n sâl|dw i'n sâl|ddim ar gael|dwi ddim ar gael",
        back="yn ôl|nôl|dwi'n ôl|dw i'n ôl|dwi yn ôl|dwi nôl|dw i nôl|wedi dychwelyd|yn ôl yn y gwaith",
        override="dynodi|penodi",
        cover="cyflenwi|cyflenwi dros|dwi'n cyflenwi|dw i'n cyflenwi|dwi'n cyflenwi dros",
        me="fi",
        of="dros|ar|i|am",
        since="o|ers",
        until="hyd at|hyd|tan|nes|i",
        now="nawr|rwan",
        lasting="am",
        days="diwrnod|dydd|dyddiau|ddiwrnod",
        weeks="wythnos|wythnosau",
    ),
    "de": Words(
        away="abwesend|bin abwesend|ich bin abwesend|weg|bin weg|ich bin weg|nicht da|bin nicht da|ich bin nicht da"
        "|urlaub|im urlaub|bin im urlaub|ich bin im urlaub|habe urlaub|ich habe urlaub|ferien|krank|bin krank"
        "|ich bin krank|krankgeschrieben|bin krankgeschrieben|ich bin krankgeschrieben|frei|habe frei|ich habe frei"
        "|hab frei|ich hab frei",
        back="zurück|zurueck|bin zurück|bin zurueck|ich bin zurück|ich bin zurueck|wieder da|bin wieder da"
        "|ich bin wieder da|wieder im dienst",
        override="einteilen|diensthabend",
        cover="vertrete|ich vertrete|vertretung|vertretung für|vertretung fuer|ich springe ein für|springe ein für"
        "|springe ein fuer",
        me="mich|ich|selbst",
        of="für|fuer|auf|den|die|im|bei",
        since="von|vom|ab",
        until="bis zum|bis um|bis",
        now="jetzt|sofort",
        lasting="für|fuer",
        days="tag|tage|tagen",
        weeks="woche|wochen",
    ),
    "fr": Words(
        away="absent|absente|je suis absent|je suis absente|en congé|en congés|je suis en congé|je suis en congés"
        "|congé|congés|en vacances|vacances|je suis en vacances|malade|je suis malade|en arrêt maladie"
        "|je suis en arrêt maladie|pas là|je ne suis pas là|je suis pas là|indisponible|je suis indisponible",
        back="de retour|je suis de retour|revenu|revenue|je suis revenu|je suis revenue|retour",
        override="désigner|assigner",
        cover="remplace|je remplace|remplacer|je vais remplacer",
        me="moi|moi-même",
        of="pour|sur|à|au|la|le",
        since="à partir du|à partir de|depuis|dès|du|de",
        until="jusqu'à|jusqu'au|jusqua|jusque|jusqu a|jusqu au|au|à",
        now="maintenant",
        lasting="pendant|pour|durant",
        days="jour|jours",
        weeks="semaine|semaines",
    ),
    "es": Words(
        away="ausente|estoy ausente|de vacaciones|vacaciones|estoy de vacaciones|enfermo|enferma|estoy enfermo"
        "|estoy enferma|de baja|estoy de baja|de baja médica|no estoy|no estoy disponible|no disponible",
        back="de vuelta|estoy de vuelta|ya estoy de vuelta|he vuelto|ya he vuelto|ya estoy aquí|volví|ya volví",
        override="asignar|designar",
        cover="cubro|yo cubro|cubro a|yo cubro a|cubrir|cubrir a|sustituyo|sustituyo a|yo sustituyo a",
        me="yo|mí|a mí",
        of="a|para|en|el|la",
        since="a partir del|a partir de|desde el|desde|del|de",
        until="hasta el|hasta las|hasta la|hasta|al|a",
        now="ahora|ya",
        lasting="durante|por",
        days="día|días",
        weeks="semana|semanas",
    ),
    "pl": Words(
        away="nieobecny|nieobecna|jestem nieobecny|jestem nieobecna|urlop|mam urlop|na urlopie|jestem na urlopie|chory"
        "|chora|jestem chory|jestem chora|na zwolnieniu|jestem na zwolnieniu|nie ma mnie|mnie nie ma|nie będzie mnie"
        "|mnie nie będzie|niedostępny|niedostępna|wolne|mam wolne",
        back="wróciłem|wróciłam|już wróciłem|już wróciłam|z powrotem|jestem z powrotem|już jestem z powrotem",
        override="wyznacz|przydziel",
        cover="zastępuję|ja zastępuję|zastąpię|zastępstwo|zastępstwo za",
        me="mnie|ja|siebie",
        of="dla|na|za",
        since="od",
        until="aż do|do",
        now="teraz|zaraz",
        lasting="przez|na",
        days="dzień|dni",
        weeks="tydzień|tygodnie|tygodni",
    ),
    "zh": Words(
        away="请假|請假|我请假|我請假|休假|我休假|病假|我病假|请病假|請病假|不在|我不在|外出|我外出|出差|我出差",
        back="回来了|回來了|我回来了|我回來了|已回来|已回來|销假|銷假|我销假|我銷假",
        override="指定|指派",
        cover="我替|我代替|代替|顶替|頂替|我顶替|我頂替",
        me="我|自己|我自己",
        of="给|給",
        since="从|從|自|由",
        until="直到|到|至",
        now="现在|現在",
        lasting="持续|持續|共",
        days="天|日",
        weeks="周|星期|个星期|個星期|週",
    ),
}


def every(language: str) -> Iterator[Words]:
    """Those of the language, and the English ones."""
    tag = language_of(language)
    yield _WORDS[tag]
    if tag != ENGLISH:
        yield _WORDS[ENGLISH]
