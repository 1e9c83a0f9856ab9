"""What is said to whoever is on site alone, and to those who look for them, by language. Pure.

Each stays in the GSM 7-bit alphabet where its language can be read in it. Commands are shown in English, which
everybody's phone is understood in. What is told of an alarm begins with its code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gatewayd.oncall.languages import language_of


@dataclass(frozen=True, slots=True)
class Words:
    """Fields in braces are filled in by `site_visits`: `at` is the place in the words of `place`, or nothing."""

    place: str
    started: str
    every: str
    then: str
    question: str
    last_question: str
    urgent: str
    alarm: str
    answered: str
    heard: str
    open: str
    ended: str
    too_old: str
    runs: str
    nothing_runs: str
    too_long: str
    no_time: str


_WORDS: Mapping[str, Words] = {
    "en": Words(
        place=" at {place}",
        started="On site{at} until {until}. I ask {asks}, any reply will do. When you are out: home",
        every="every {minutes} min",
        then="then",
        question="{name}, are you all right? Reply ok within {minutes} min, or home when you are out",
        last_question="{name}, your time on site was until {until}. Reply home, or visit 1h to stay, within"
        " {minutes} min",
        urgent="{name}, no answer from you. Reply ok now: in {minutes} min others are sent to look for you",
        alarm="{name}, on site{at}, has not answered since {last}",
        answered="{code}: {name} wrote at {time}: ",
        heard="{code}: {by} has heard of {name} at {time}",
        open=". Still open: ring them, then done {code}",
        ended="Your visit ended at {time}, {name}. Nobody watches now. Not you? Write visit 1h",
        too_old="Your text is from {time}, too old to count. Reply ok, or home when you are out",
        runs="You are watched{at} until {until}. Write visit 2h or visit until 18:00 to change it, home to end it",
        nothing_runs="No visit of yours is watched. Write visit 2h, or visit until 18:00",
        too_long="A visit lasts {hours} hours at most. Nothing was changed. Write visit 2h",
        no_time="That time cannot be read. Nothing was changed. Write visit 2h, or visit until 18:00",
    ),
    "cy": Words(
        place=" ({place})",
        started="Ymweliad{at} tan {until}. Gofynnaf {asks}, gwnaiff unrhyw ateb y tro. Ar ol gadael: home",
        every="bob {minutes} mun",
        then="bryd hynny",
        question="{name}, wyt ti'n iawn? Ateb ok o fewn {minutes} mun, neu home ar ol gadael",
        last_question="{name}, tan {until} oedd dy ymweliad. Ateb home, neu visit 1h i aros, o fewn {minutes} mun",
        urgent="{name}, dim ateb gen ti. Ateb ok nawr: ymhen {minutes} mun bydd eraill yn dod i chwilio amdanat",
        alarm="{name}, ar y safle{at}: dim ateb ers {last}",
        answered="{code}: ysgrifennodd {name} am {time}: ",
        heard="{code}: clywodd {by} gan {name} am {time}",
        open=". Dal ar agor: ffonia, yna done {code}",
        ended="Daeth dy ymweliad i ben am {time}, {name}. Does neb yn gwylio nawr. Nid ti? Ysgrifenna visit 1h",
        too_old="Mae dy neges o {time}, rhy hen i gyfrif. Ateb ok, neu home ar ol gadael",
        runs="Rydym yn cadw golwg arnat{at} tan {until}. Newid: visit 2h neu visit until 18:00. Gorffen: home",
        nothing_runs="Does dim ymweliad gen ti ar waith. Ysgrifenna visit 2h, neu visit until 18:00",
        too_long="Mae ymweliad yn para {hours} awr ar y mwyaf. Ni newidiwyd dim. Ysgrifenna visit 2h",
        no_time="Nid yw'r amser yn glir. Ni newidiwyd dim. Ysgrifenna visit 2h, neu visit until 18:00",
    ),
    "de": Words(
        place=" ({place})",
        started="Besuch{at} bis {until}. Ich frage {asks} nach, jede Antwort zählt. Wieder draußen: home",
        every="alle {minutes} min",
        then="dann",
        question="{name}, alles in Ordnung? Antworte ok in den nächsten {minutes} min, oder home, wenn du draußen bist",
        last_question="{name}, dein Besuch war bis {until} geplant. Antworte home, oder visit 1h zum Bleiben, in den"
        " nächsten {minutes} min",
        urgent="{name}, keine Antwort von dir. Antworte jetzt ok, sonst wird in {minutes} min nach dir gesucht",
        alarm="{name}, vor Ort{at}: keine Antwort seit {last}",
        answered="{code}: {name} schrieb um {time}: ",
        heard="{code}: {by} hat um {time} von {name} gehört",
        open=". Noch offen: anrufen, dann done {code}",
        ended="Dein Besuch endete um {time}, {name}. Jetzt wacht niemand mehr. Nicht du? Schreib visit 1h",
        too_old="Deine SMS ist von {time} und damit zu alt. Antworte ok, oder home, wenn du draußen bist",
        runs="Wir achten auf dich{at} bis {until}. Ändern: visit 2h oder visit until 18:00. Beenden: home",
        nothing_runs="Kein Besuch von dir läuft. Schreib visit 2h oder visit until 18:00",
        too_long="Ein Besuch dauert höchstens {hours} Stunden. Nichts geändert. Schreib visit 2h",
        no_time="Die Zeit ist nicht lesbar. Nichts geändert. Schreib visit 2h oder visit until 18:00",
    ),
    "fr": Words(
        place=" ({place})",
        started="Visite{at} jusqu'à {until}. Je prends de tes nouvelles {asks}, toute réponse suffit. A la sortie:"
        " home",
        every="toutes les {minutes} min",
        then="à ce moment",
        question="{name}, tout va bien? Réponds ok dans les {minutes} min, ou home une fois dehors",
        last_question="{name}, ta visite durait jusqu'à {until}. Réponds home, ou visit 1h pour rester, dans les"
        " {minutes} min",
        urgent="{name}, pas de réponse de toi. Réponds ok maintenant: dans {minutes} min on part te chercher",
        alarm="{name}, sur site{at}, ne répond plus depuis {last}",
        answered="{code}: {name} a écrit à {time}: ",
        heard="{code}: {by} a eu des nouvelles de {name} à {time}",
        open=". Toujours ouvert: appelle, puis done {code}",
        ended="Ta visite a pris fin à {time}, {name}. Personne ne veille plus. Pas toi? Ecris visit 1h",
        too_old="Ton SMS date de {time}, trop vieux pour compter. Réponds ok, ou home une fois dehors",
        runs="On veille sur toi{at} jusqu'à {until}. Changer: visit 2h ou visit until 18:00. Finir: home",
        nothing_runs="Aucune visite de toi n'est suivie. Ecris visit 2h, ou visit until 18:00",
        too_long="Une visite dure {hours} heures au plus. Rien n'a changé. Ecris visit 2h",
        no_time="Heure illisible. Rien n'a changé. Ecris visit 2h, ou visit until 18:00",
    ),
    "es": Words(
        place=" ({place})",
        started="Visita{at} hasta {until}. Pregunto {asks}, vale cualquier respuesta. Al salir: home",
        every="cada {minutes} min",
        then="entonces",
        question="{name}, ¿todo bien? Responde ok en menos de {minutes} min, o home si ya has salido",
        last_question="{name}, tu visita era hasta {until}. Responde home, o visit 1h para seguir, en menos"
        " de {minutes} min",
        urgent="{name}, sin respuesta tuya. Responde ok ahora: en {minutes} min saldran a buscarte",
        alarm="{name}, en el sitio{at}, no contesta desde {last}",
        answered="{code}: {name} ha escrito a las {time}: ",
        heard="{code}: {by} ha sabido de {name} a las {time}",
        open=". Sigue abierto: llama, luego done {code}",
        ended="Tu visita ha acabado a las {time}, {name}. Ya nadie vigila. ¿No has sido tu? Escribe visit 1h",
        too_old="Tu SMS es de las {time}, demasiado viejo para contar. Responde ok, o home si ya has salido",
        runs="Estamos pendientes de ti{at} hasta {until}. Cambiar: visit 2h o visit until 18:00. Terminar: home",
        nothing_runs="No hay ninguna visita tuya en curso. Escribe visit 2h, o visit until 18:00",
        too_long="Una visita dura {hours} horas como mucho. Nada ha cambiado. Escribe visit 2h",
        no_time="No se entiende la hora. Nada ha cambiado. Escribe visit 2h, o visit until 18:00",
    ),
    "pl": Words(
        place=" ({place})",
        started="Wizyta{at} do {until}. Pytam {asks}, wystarczy dowolna odpowiedz. Po wyjsciu: home",
        every="co {minutes} min",
        then="wtedy",
        question="{name}, wszystko w porzadku? Odpisz ok w ciagu {minutes} min, a po wyjsciu home",
        last_question="{name}, wizyta miala trwac do {until}. Odpisz home, a jesli zostajesz: visit 1h, w ciagu"
        " {minutes} min",
        urgent="{name}, brak odpowiedzi. Odpisz ok teraz: za {minutes} min inni zaczna cie szukac",
        alarm="{name}, na obiekcie{at}: brak odpowiedzi od {last}",
        answered="{code}: {name} pisze o {time}: ",
        heard="{code}: {name}: znak zycia o {time} ({by})",
        open=". Nadal otwarte: zadzwon, potem done {code}",
        ended="Twoja wizyta skonczyla sie o {time}, {name}. Nikt juz nie czuwa. To nie ty? Napisz visit 1h",
        too_old="Twoj SMS jest z {time}, za stary, aby sie liczyl. Odpisz ok, a po wyjsciu home",
        runs="Czuwamy nad toba{at} do {until}. Zmiana: visit 2h albo visit until 18:00. Koniec: home",
        nothing_runs="Nie trwa zadna twoja wizyta. Napisz visit 2h albo visit until 18:00",
        too_long="Wizyta trwa najwyzej {hours} godzin. Nic nie zmieniono. Napisz visit 2h",
        no_time="Nie rozumiem tej godziny. Nic nie zmieniono. Napisz visit 2h albo visit until 18:00",
    ),
    "zh": Words(
        place="({place})",
        started="现场{at}至{until}。我{asks}问一次, 回复任何内容都行。离开后回复 home",
        every="每{minutes}分钟",
        then="届时",
        question="{name}, 你还好吗? 请在{minutes}分钟内回复 ok, 已离开则回复 home",
        last_question="{name}, 你的现场时间到{until}为止。请在{minutes}分钟内回复 home, 要留下则回复 visit 1h",
        urgent="{name}, 没有收到你的回复。请立即回复 ok, 否则{minutes}分钟后派人找你",
        alarm="{name}在现场{at}, {last}起没有回应",
        answered="{code}: {name}于{time}写道: ",
        heard="{code}: {by}于{time}得知{name}的消息",
        open="。仍未关闭: 请致电本人, 再回复 done {code}",
        ended="{name}, 你的现场时间已于{time}结束, 不再有人看护。不是你? 回复 visit 1h",
        too_old="你的短信写于{time}, 太旧无效。请回复 ok, 已离开则回复 home",
        runs="正在看护你{at}至{until}。更改: visit 2h 或 visit until 18:00。结束: home",
        nothing_runs="没有看护中的现场。请发 visit 2h 或 visit until 18:00",
        too_long="现场时间最长{hours}小时, 未做更改。请发 visit 2h",
        no_time="看不懂时间, 未做更改。请发 visit 2h 或 visit until 18:00",
    ),
}


def words_of(tag: str) -> Words:
    """In the language of the tag ("de-AT"), or in English."""
    return _WORDS[language_of(tag)]
