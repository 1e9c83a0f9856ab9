"""How we answer a reply, by language. Each stays in the GSM 7-bit alphabet where its language can be read in it.

What speaks of one incident begins with its code, in English before a verb and elsewhere before a colon: so it is found
among the texts of its incident. The commands are shown in English, which everybody's phone is understood in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gatewayd.oncall.languages import language_of


@dataclass(frozen=True, slots=True)
class Words:
    """Fields in braces are filled in by `answers`."""

    is_yours: str
    are_yours: str
    told: str
    with_you: str
    with_other: str
    over: str
    came_after: str
    got_worse: str
    said_later: str
    unknown_code: str
    no_longer: str
    which: str
    reply: str
    further: str
    nothing: str
    not_understood: str
    last: str
    not_clear: str
    passed: str
    passed_alone: str
    waits: str
    kept: str
    is_closed: str
    are_closed: str
    help: str
    who: str
    who_unknown: str
    stop: str
    stop_untold: str
    since: str
    alerts: str
    open: str
    taken_by: str
    both: str
    others: str


_WORDS: Mapping[str, Words] = {
    "en": Words(
        is_yours="{code} is yours: ",
        are_yours="{codes} are yours",
        told=". {names} told",
        with_you="{code} is with you already",
        with_other="{code} is with {name} already",
        over="{code} is over already",
        came_after="{codes} came after your text. Reply {word} {code}",
        got_worse="{code} got worse meanwhile: ",
        said_later="{code}: your later text ({said}) counts. Reply {word} {code} to change that",
        unknown_code="No incident of yours has code {codes}. Reply ? for the list",
        no_longer="{code}: this phone is not in the rota any more, so nothing was"
        " done. Reply from your new one, or call somebody",
        which="Which one? ",
        reply=". Reply {word} {code}",
        further=" +{count} more",
        nothing="Nothing is open for you",
        not_understood="Not understood. Reply ok CODE to take an incident, ? for the list",
        last=". No more of these answers for a while",
        not_clear="Not clear, so nothing was done. Reply ok {code} to take it, no {code} to pass it on, ? for the list",
        passed="{code}: passed on. Next: {names}",
        passed_alone="{code}: noted, but nobody else is left. You may be paged again",
        waits="{code}: noted. It waits, and pages nobody now",
        kept="{code} is with you already, so nobody else was paged. Reply done {code} when it is over",
        is_closed="{code} is closed: ",
        are_closed="{codes} are closed",
        help="ok CODE takes it, no CODE passes it on, done CODE ends it, more CODE tells more, ? lists, who"
        " SERVICE, off, on, swap NAME UNTIL, away UNTIL, silence SERVICE 2h",
        who="{service}: {names}",
        who_unknown="There is no service {name}. There are: {services}",
        stop="You are still paged. The operator has been told",
        stop_untold="You are still paged. Nobody else has been told: ask your operator",
        since="since {time} UTC, {minutes} min",
        alerts="{count} alerts",
        open="nobody has it",
        taken_by="with {name}",
        both=" and ",
        others="{count} others",
    ),
    "cy": Words(
        is_yours="{code}: ti piau hwn. ",
        are_yours="{codes}: ti piau nhw",
        told=". Wedi dweud wrth {names}",
        with_you="{code}: gen ti yn barod",
        with_other="{code}: gan {name} yn barod",
        over="{code}: drosodd yn barod",
        came_after="{codes}: daeth ar ol dy neges. Ateb {word} {code}",
        got_worse="{code}: wedi gwaethygu yn y cyfamser. ",
        said_later="{code}: dy neges ddiweddarach ({said}) sy'n cyfrif. Ateb {word} {code} i newid hynny",
        unknown_code="Dim digwyddiad i ti gyda chod {codes}. Ateb ? am y rhestr",
        no_longer="{code}: nid yw'r ffon hon ar y rota mwyach, felly ni wnaed dim."
        " Ateb o dy ffon newydd, neu ffonia rywun",
        which="Pa un? ",
        reply=". Ateb {word} {code}",
        further=" +{count} arall",
        nothing="Does dim byd ar agor i ti",
        not_understood="Heb ddeall. Ateb ok COD i gymryd digwyddiad, ? am y rhestr",
        last=". Dim mwy o'r atebion hyn am ychydig",
        not_clear="Ddim yn glir, felly ni wnaed dim. Ateb ok {code} i'w gymryd, no {code} i'w basio, ? am y rhestr",
        passed="{code}: wedi ei basio. Nesaf: {names}",
        passed_alone="{code}: nodwyd, ond does neb arall ar ol. Efallai y cei neges eto",
        waits="{code}: nodwyd. Mae'n aros, heb alw neb nawr",
        kept="{code}: gen ti yn barod, felly ni alwyd neb arall. Ateb done {code} pan fydd drosodd",
        is_closed="{code}: wedi cau. ",
        are_closed="{codes}: wedi cau",
        help="ok COD: cymryd. no COD: pasio. done COD: drosodd. more COD: manylion. ?: rhestr. who GWASANAETH."
        " off, on, swap ENW AMSER, away AMSER, silence GWASANAETH 2h",
        who="{service}: {names}",
        who_unknown="Does dim gwasanaeth {name}. Mae: {services}",
        stop="Fe gei negeseuon o hyd. Dywedwyd wrth y gweithredwr",
        stop_untold="Fe gei negeseuon o hyd. Ni ddywedwyd wrth neb arall: gofyn i dy weithredwr",
        since="ers {time} UTC, {minutes} mun",
        alerts="{count} rhybudd",
        open="neb yn delio",
        taken_by="gan {name}",
        both=" a ",
        others="{count} arall",
    ),
    "de": Words(
        is_yours="{code}: deins. ",
        are_yours="{codes}: deine",
        told=". {names} informiert",
        with_you="{code}: hast du schon",
        with_other="{code}: hat schon {name}",
        over="{code}: schon vorbei",
        came_after="{codes}: kam erst nach deiner SMS. Antworte {word} {code}",
        got_worse="{code}: inzwischen schlimmer. ",
        said_later="{code}: deine spätere SMS ({said}) gilt. Antworte {word} {code}, um das zu ändern",
        unknown_code="Keine Störung von dir hat Code {codes}. Antworte ? für die Liste",
        no_longer="{code}: dieses Telefon steht nicht mehr im Plan, nichts wurde"
        " getan. Antworte vom neuen, oder ruf jemanden an",
        which="Welche? ",
        reply=". Antworte {word} {code}",
        further=" +{count} weitere",
        nothing="Für dich ist nichts offen",
        not_understood="Nicht verstanden. Antworte ok CODE zum Übernehmen, ? für die Liste",
        last=". Diese Antwort kommt vorerst nicht mehr",
        not_clear="Unklar, nichts geändert. Antworte ok {code} (übernehmen), no {code} (weitergeben), ? (Liste)",
        passed="{code}: weitergegeben. Als nächstes: {names}",
        passed_alone="{code}: notiert, aber sonst ist niemand da. Du wirst vielleicht wieder gerufen",
        waits="{code}: notiert. Es wartet und ruft jetzt niemanden",
        kept="{code}: hast du schon, niemand sonst wurde gerufen. Antworte done {code}, wenn es vorbei ist",
        is_closed="{code}: geschlossen. ",
        are_closed="{codes}: geschlossen",
        help="ok CODE: übernehmen. no CODE: weitergeben. done CODE: vorbei. more CODE: mehr. ?: Liste. who"
        " DIENST: wer. off, on, swap NAME BIS, away BIS, silence DIENST 2h",
        who="{service}: {names}",
        who_unknown="Kein Dienst {name}. Es gibt: {services}",
        stop="Du wirst weiter gerufen. Der Betreiber weiß Bescheid",
        stop_untold="Du wirst weiter gerufen. Sonst weiß niemand davon: frag deinen Betreiber",
        since="seit {time} UTC, {minutes} min",
        alerts="{count} Alarme",
        open="niemand hat es",
        taken_by="bei {name}",
        both=" und ",
        others="{count} andere",
    ),
    "fr": Words(
        is_yours="{code}: à toi. ",
        are_yours="{codes}: à toi",
        told=". {names} au courant",
        with_you="{code}: tu as déjà pris",
        with_other="{code}: déjà pris par {name}",
        over="{code}: déjà terminé",
        came_after="{codes}: venu après ton SMS. Réponds {word} {code}",
        got_worse="{code}: s'est aggravé entre-temps. ",
        said_later="{code}: ton SMS d'après ({said}) compte. Réponds {word} {code} pour changer",
        unknown_code="Aucun incident à toi avec le code {codes}. Réponds ? pour la liste",
        no_longer="{code}: ce téléphone n'est plus au planning, rien n'a été fait."
        " Réponds du nouveau, ou appelle quelqu'un",
        which="Lequel? ",
        reply=". Réponds {word} {code}",
        further=" +{count} autres",
        nothing="Rien d'ouvert pour toi",
        not_understood="Pas compris. Réponds ok CODE pour prendre un incident, ? pour la liste",
        last=". Plus de telle réponse pour l'instant",
        not_clear="Pas clair, rien n'a changé. Réponds ok {code} (prendre), no {code} (passer), ? (liste)",
        passed="{code}: transmis. Ensuite: {names}",
        passed_alone="{code}: noté, mais il n'y a personne d'autre. Tu peux encore recevoir l'appel",
        waits="{code}: noté. Il attend et n'appelle personne maintenant",
        kept="{code}: tu as déjà pris, personne d'autre n'est appelé. Réponds done {code} à la fin",
        is_closed="{code}: clos. ",
        are_closed="{codes}: clos",
        help="ok CODE: prendre. no CODE: passer. done CODE: fini. more CODE: détails. ?: liste. who SERVICE: qui."
        " off, on, swap NOM HEURE, away HEURE, silence SERVICE 2h",
        who="{service}: {names}",
        who_unknown="Pas de service {name}. Il y a: {services}",
        stop="Tu es toujours appelé. L'opérateur est prévenu",
        stop_untold="Tu es toujours appelé. Personne d'autre n'est prévenu: demande à ton opérateur",
        since="depuis {time} UTC, {minutes} min",
        alerts="{count} alertes",
        open="personne ne l'a pris",
        taken_by="pris par {name}",
        both=" et ",
        others="{count} autres",
    ),
    "es": Words(
        is_yours="{code}: es tuyo. ",
        are_yours="{codes}: son tuyos",
        told=". Avisado: {names}",
        with_you="{code}: ya lo tienes",
        with_other="{code}: ya lo tiene {name}",
        over="{code}: ya ha terminado",
        came_after="{codes}: vino tras tu SMS. Responde {word} {code}",
        got_worse="{code}: ha empeorado entretanto. ",
        said_later="{code}: vale tu SMS posterior ({said}). Responde {word} {code} para cambiarlo",
        unknown_code="No tienes incidente con el codigo {codes}. Responde ? para la lista",
        no_longer="{code}: este telefono ya no esta en el plan, no se ha hecho nada."
        " Responde desde el nuevo, o llama a alguien",
        which="¿Cual? ",
        reply=". Responde {word} {code}",
        further=" +{count} otros",
        nothing="No tienes nada abierto",
        not_understood="No entendido. Responde ok CODIGO para tomar un incidente, ? para ver la lista",
        last=". Sin mas respuestas como esta por un rato",
        not_clear="No queda claro, nada ha cambiado. Responde ok {code} (tomar), no {code} (pasar), ? (lista)",
        passed="{code}: pasado. Ahora: {names}",
        passed_alone="{code}: anotado, pero no queda nadie. Puede que te avisemos otra vez",
        waits="{code}: anotado. Espera y no avisa a nadie ahora",
        kept="{code}: ya lo tienes, no se ha avisado a nadie. Responde done {code} cuando termine",
        is_closed="{code}: cerrado. ",
        are_closed="{codes}: cerrados",
        help="ok CODIGO: tomar. no CODIGO: pasar. done CODIGO: fin. more CODIGO: detalles. ?: lista. who"
        " SERVICIO. off, on, swap NOMBRE HORA, away HORA, silence SERVICIO 2h",
        who="{service}: {names}",
        who_unknown="No hay servicio {name}. Hay: {services}",
        stop="Te seguimos avisando. El operador lo sabe",
        stop_untold="Te seguimos avisando. Nadie mas lo sabe: habla con tu operador",
        since="desde {time} UTC, {minutes} min",
        alerts="{count} alertas",
        open="nadie lo tiene",
        taken_by="lo tiene {name}",
        both=" y ",
        others="otros {count}",
    ),
    "pl": Words(
        is_yours="{code}: twoje. ",
        are_yours="{codes}: twoje",
        told=". Powiadomieni: {names}",
        with_you="{code}: juz masz",
        with_other="{code}: ma juz {name}",
        over="{code}: juz po wszystkim",
        came_after="{codes}: to przyszlo po twoim SMS. Odpisz {word} {code}",
        got_worse="{code}: tymczasem sie pogorszylo. ",
        said_later="{code}: liczy sie twoj pozniejszy SMS ({said}). Odpisz {word} {code}, by to zmienic",
        unknown_code="Nie masz incydentu z kodem {codes}. Odpisz ? po liste",
        no_longer="{code}: tego telefonu nie ma juz w grafiku, nic nie zrobiono. Odpisz z nowego albo zadzwon do kogos",
        which="Ktory? ",
        reply=". Odpisz {word} {code}",
        further=" +{count} innych",
        nothing="Nic nie czeka na ciebie",
        not_understood="Nie rozumiem. Odpisz ok KOD, aby przejac, ? po liste",
        last=". Na razie nie bedzie wiecej takich odpowiedzi",
        not_clear="Niejasne, nic nie zmieniono. Odpisz ok {code}, aby przejac, no {code}, aby przekazac, ? po liste",
        passed="{code}: przekazane. Teraz: {names}",
        passed_alone="{code}: zapisane, ale nikogo innego nie ma. Mozesz dostac wezwanie ponownie",
        waits="{code}: zapisane. Czeka i nikogo teraz nie wzywa",
        kept="{code}: juz masz, nikogo innego nie wezwano. Odpisz done {code}, gdy bedzie po wszystkim",
        is_closed="{code}: zamkniete. ",
        are_closed="{codes}: zamkniete",
        help="ok KOD: przejmij. no KOD: przekaz. done KOD: koniec. more KOD: wiecej. ?: lista. who USLUGA: kto."
        " off, on, swap OSOBA CZAS, away CZAS, silence USLUGA 2h",
        who="{service}: {names}",
        who_unknown="Nie ma uslugi {name}. Sa: {services}",
        stop="Nadal dostajesz wezwania. Operator wie",
        stop_untold="Nadal dostajesz wezwania. Nikt inny nie wie: powiedz operatorowi",
        since="od {time} UTC, {minutes} min",
        alerts="alarmy: {count}",
        open="nikt nie ma",
        taken_by="ma {name}",
        both=" i ",
        others="{count} innych",
    ),
    "zh": Words(
        is_yours="{code}: 由你处理。",
        are_yours="{codes}: 由你处理",
        told="。已通知{names}",
        with_you="{code}: 你已接手",
        with_other="{code}: {name}已接手",
        over="{code}: 已结束",
        came_after="{codes}: 在你的短信之后才到。回复 {word} {code}",
        got_worse="{code}: 其间恶化。",
        said_later="{code}: 以你之后写的短信({said})为准。回复 {word} {code} 可更改",
        unknown_code="你没有编号为{codes}的事件。回复?看列表",
        no_longer="{code}: 此手机已不在值班表, 未做任何更改。请用新手机回复, 或打电话联系同事",
        which="哪一个? ",
        reply="。回复 {word} {code}",
        further=" +{count}",
        nothing="没有待你处理的事件",
        not_understood="没看懂。回复 ok 编号 接手, ? 看列表",
        last="。暂不再回复此类短信",
        not_clear="不明确, 未做任何更改。回复 ok {code} 接手, no {code} 转给他人, ? 看列表",
        passed="{code}: 已转交。下一位: {names}",
        passed_alone="{code}: 已记录, 但没有其他人, 可能会再次呼叫你",
        waits="{code}: 已记录, 它在等待, 现在不呼叫任何人",
        kept="{code}: 你已接手, 没有呼叫他人。结束后回复 done {code}",
        is_closed="{code}: 已关闭。",
        are_closed="{codes}: 已关闭",
        help="加编号: ok接手, no转交, done结束, more详情。? 列表, who 服务, on off swap away silence",
        who="{service}: {names}",
        who_unknown="没有服务 {name}。现有: {services}",
        stop="仍会呼叫你。已告知管理员",
        stop_untold="仍会呼叫你。未告知其他人, 请联系管理员",
        since="自 {time} UTC, {minutes} 分钟",
        alerts="{count} 个告警",
        open="无人接手",
        taken_by="{name}已接手",
        both="和",
        others="另外{count}人",
    ),
}


def words_of(tag: str) -> Words:
    """In the language of the tag ("de-AT"), or in English."""
    return _WORDS[language_of(tag)]
