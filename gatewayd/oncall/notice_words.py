"""What the house tells a person of itself, by language: of silent phones, that it is alive, of money. Pure.

Each stays in the GSM 7-bit alphabet where its language can be read in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gatewayd.oncall.languages import language_of


@dataclass(frozen=True, slots=True)
class Words:
    """Fields in braces are filled in by `reachability`, `alive` and who tells of budgets: `since` is `last` or `never`;
    `open` is one of `none_open`, `one_open` and `many_open`; `stops` stands behind `budget`."""

    phone_test: str
    silent: str
    silent_own: str
    last: str
    never: str
    alive: str
    none_open: str
    one_open: str
    many_open: str
    budget: str
    stops: str
    low: str


_WORDS: Mapping[str, Words] = {
    "en": Words(
        phone_test="gatewayd tests whether this phone of {name} is reached. Nothing to do",
        silent="{name}'s phone '{device}' is not reached: a test text did not arrive, {since}. Pages may not arrive"
        " there either",
        silent_own="Your phone '{device}' is not reached: a test text did not arrive, {since}. Pages may not arrive"
        " there either",
        last="last heard of {time}",
        never="never heard of",
        alive="gatewayd is alive: {up} of {every} channels up, {open}.",
        none_open="no open incidents",
        one_open="1 open incident",
        many_open="{count} open incidents",
        budget="{channel} has used {percent} % of its budget of {month} ({used}).",
        stops=" Only critical texts and answers go by it until the month is over.",
        low="{channel} has {amount} left on its card; that is below {below}.",
    ),
    "cy": Words(
        phone_test="Neges brawf gan gatewayd i ffon {name}. Dim angen gwneud dim",
        silent="Nid yw ffon '{device}' {name} yn derbyn: ni chyrhaeddodd neges brawf, {since}. Efallai na ddaw"
        " galwadau yno chwaith",
        silent_own="Nid yw dy ffon '{device}' yn derbyn: ni chyrhaeddodd neges brawf, {since}. Efallai na ddaw"
        " galwadau yno chwaith",
        last="clywyd ddiwethaf {time}",
        never="heb ei chlywed erioed",
        alive="Mae gatewayd yn fyw: {up} o {every} sianel ar waith, {open}.",
        none_open="dim digwyddiad ar agor",
        one_open="1 digwyddiad ar agor",
        many_open="{count} digwyddiad ar agor",
        budget="Mae {channel} wedi defnyddio {percent} % o'i gyllideb ar gyfer {month} ({used}).",
        stops=" Dim ond negeseuon argyfwng ac atebion aiff drwyddo tan ddiwedd y mis.",
        low="Mae {amount} ar ol ar gerdyn {channel}; mae hynny'n is na {below}.",
    ),
    "de": Words(
        phone_test="gatewayd prüft, ob dieses Telefon von {name} erreichbar ist. Nichts zu tun",
        silent="Telefon '{device}' von {name} nicht erreichbar: eine Test-SMS kam nicht an, {since}. Auch Rufe kommen"
        " vielleicht nicht an",
        silent_own="Dein Telefon '{device}' ist nicht erreichbar: eine Test-SMS kam nicht an, {since}. Auch Rufe"
        " kommen vielleicht nicht an",
        last="letztes Zeichen {time}",
        never="noch nie ein Zeichen",
        alive="gatewayd läuft: {up} von {every} Kanälen in Betrieb, {open}.",
        none_open="keine Störung offen",
        one_open="1 Störung offen",
        many_open="{count} Störungen offen",
        budget="{channel} hat {percent} % des Budgets von {month} verbraucht ({used}).",
        stops=" Bis Monatsende gehen nur kritische SMS und Antworten darüber.",
        low="{channel} hat noch {amount} auf der Karte, weniger als {below}.",
    ),
    "fr": Words(
        phone_test="gatewayd vérifie si ce téléphone de {name} est joignable. Rien à faire",
        silent="Le téléphone '{device}' de {name} est injoignable: un SMS de test n'est pas arrivé, {since}. Les"
        " appels peuvent aussi se perdre",
        silent_own="Ton téléphone '{device}' est injoignable: un SMS de test n'est pas arrivé, {since}. Les appels"
        " peuvent aussi se perdre",
        last="dernier signe {time}",
        never="jamais aucun signe",
        alive="gatewayd est en vie: {up} canaux sur {every} en service, {open}.",
        none_open="aucun incident ouvert",
        one_open="1 incident ouvert",
        many_open="{count} incidents ouverts",
        budget="{channel} a utilisé {percent} % de son budget de {month} ({used}).",
        stops=" Jusqu'à la fin du mois, seuls les SMS critiques et les réponses y passent.",
        low="Il reste {amount} sur la carte de {channel}, moins de {below}.",
    ),
    "es": Words(
        phone_test="gatewayd comprueba si este telefono de {name} recibe. No hay que hacer nada",
        silent="El telefono '{device}' de {name} no recibe: un SMS de prueba no ha llegado, {since}. Puede que los"
        " avisos tampoco lleguen",
        silent_own="Tu telefono '{device}' no recibe: un SMS de prueba no ha llegado, {since}. Puede que los avisos"
        " tampoco lleguen",
        last="ultima señal {time}",
        never="nunca ha dado señal",
        alive="gatewayd funciona: {up} de {every} canales activos, {open}.",
        none_open="ningun incidente abierto",
        one_open="1 incidente abierto",
        many_open="{count} incidentes abiertos",
        budget="{channel} ha gastado el {percent} % de su presupuesto de {month} ({used}).",
        stops=" Hasta fin de mes solo salen por ahi los SMS criticos y las respuestas.",
        low="A {channel} le quedan {amount} en la tarjeta, menos de {below}.",
    ),
    "pl": Words(
        phone_test="gatewayd sprawdza, czy ten telefon ({name}) jest osiagalny. Nic nie trzeba robic",
        silent="Telefon '{device}' ({name}) jest nieosiagalny: testowy SMS nie dotarl, {since}. Wezwania tez moga"
        " tam nie docierac",
        silent_own="Twoj telefon '{device}' jest nieosiagalny: testowy SMS nie dotarl, {since}. Wezwania tez moga"
        " tam nie docierac",
        last="ostatni znak {time}",
        never="nigdy zadnego znaku",
        alive="gatewayd dziala: czynne kanaly {up} z {every}, {open}.",
        none_open="brak otwartych incydentow",
        one_open="1 otwarty incydent",
        many_open="otwarte incydenty: {count}",
        budget="{channel}: zuzyto {percent} % budzetu na {month} ({used}).",
        stops=" Do konca miesiaca wysyla tylko SMS-y krytyczne i odpowiedzi.",
        low="{channel}: na karcie zostalo {amount}, mniej niz {below}.",
    ),
    "zh": Words(
        phone_test="gatewayd 测试{name}的这部手机能否收到短信, 无需处理",
        silent="{name}的手机'{device}'收不到短信: 测试短信未送达, {since}。呼叫也可能收不到",
        silent_own="你的手机'{device}'收不到短信: 测试短信未送达, {since}。呼叫也可能收不到",
        last="上次有回应: {time}",
        never="从未有回应",
        alive="gatewayd 在运行: {every}个通道中{up}个可用, {open}。",
        none_open="无未结事件",
        one_open="1个未结事件",
        many_open="{count}个未结事件",
        budget="{channel}已用{month}预算的{percent}% ({used})。",
        stops="月底前它只发紧急短信和答复。",
        low="{channel}的卡余额{amount}, 低于{below}。",
    ),
}


def words_of(tag: str) -> Words:
    """In the language of the tag ("de-AT"), or in English."""
    return _WORDS[language_of(tag)]
