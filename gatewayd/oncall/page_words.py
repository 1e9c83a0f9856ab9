"""The fixed words of pages and of news about them, by language. Pure.

Each stays in the GSM 7-bit alphabet where its language can be read in it. News of one incident begins with its code,
elsewhere than in English before a colon.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gatewayd.model import Severity
from gatewayd.oncall.languages import LANGUAGES, language_of


@dataclass(frozen=True, slots=True)
class Words:
    """Fields in braces are filled in by `wording`. How bad it is takes no more room than in English: a first page is no
    longer. `repeat` stands before a text that may have arrived already, `copy` before one that needs no answer."""

    critical: str
    error: str
    warning: str
    info: str
    drill: str
    repeat: str
    copy: str
    reply: str
    more: str
    again: str
    taken: str
    joined: str
    still: str
    back: str
    cleared: str
    cleared_by: str
    open: str
    open_one: str
    further: str
    test: str
    exercise: str
    no_summary: str


_WORDS: Mapping[str, Words] = {
    "en": Words(
        critical="CRITICAL",
        error="ERROR",
        warning="WARNING",
        info="INFO",
        drill="DRILL",
        repeat="(rpt) ",
        copy="(copy) ",
        reply=". Reply ok {code}",
        more=" (+{n} more)",
        again=" (again)",
        taken="{code} taken by ",
        joined="{code} also {severity}: ",
        still="{code} still {severity}: ",
        back="{code} is open again, nobody has closed it: ",
        cleared="{code} cleared: ",
        cleared_by="{code} cleared by ",
        open="{n} open: ",
        open_one="Open: ",
        further=" +{n} more, reply ?",
        test="Test page {n} for {name} from gatewayd. No need to act",
        exercise="exercise, nothing is broken",
        no_summary="no summary",
    ),
    "cy": Words(
        critical="ARGYFWNG",
        error="GWALL",
        warning="RHYBUDD",
        info="SYLW",
        drill="YMARFER",
        repeat="(eto) ",
        copy="(copi) ",
        reply=". Ateb ok {code}",
        more=" (+{n} arall)",
        again=" (eto)",
        taken="{code}: gan ",
        joined="{code}: hefyd {severity}: ",
        still="{code}: o hyd {severity}: ",
        back="{code}: ar agor eto, heb ei gau: ",
        cleared="{code}: drosodd. ",
        cleared_by="{code}: wedi ei gau gan ",
        open="{n} ar agor: ",
        open_one="Ar agor: ",
        further=" +{n} arall, ateb ?",
        test="Neges brawf {n} i {name} gan gatewayd. Dim angen gwneud dim",
        exercise="ymarfer, does dim byd o'i le",
        no_summary="dim disgrifiad",
    ),
    "de": Words(
        critical="KRITISCH",
        error="ERNST",
        warning="WARNUNG",
        info="INFO",
        drill="ÜBUNG",
        repeat="(Wdh) ",
        copy="(Kopie) ",
        reply=". Antworte ok {code}",
        more=" (+{n} weitere)",
        again=" (erneut)",
        taken="{code}: übernommen von ",
        joined="{code}: auch {severity}: ",
        still="{code}: noch immer {severity}: ",
        back="{code}: wieder offen, niemand hat es beendet: ",
        cleared="{code}: vorbei. ",
        cleared_by="{code}: beendet von ",
        open="{n} offen: ",
        open_one="Offen: ",
        further=" +{n} weitere, antworte ?",
        test="Testruf {n} für {name} von gatewayd. Nichts zu tun",
        exercise="Übung, es ist nichts kaputt",
        no_summary="ohne Beschreibung",
    ),
    "fr": Words(
        critical="CRITIQUE",
        error="GRAVE",
        warning="ALERTE",
        info="INFO",
        drill="EXERCICE",
        repeat="(bis) ",
        copy="(copie) ",
        reply=". Réponds ok {code}",
        more=" (+{n} autres)",
        again=" (rappel)",
        taken="{code}: pris par ",
        joined="{code}: aussi {severity}: ",
        still="{code}: toujours {severity}: ",
        back="{code}: rouvert, personne ne l'a clos: ",
        cleared="{code}: terminé. ",
        cleared_by="{code}: clos par ",
        open="{n} ouverts: ",
        open_one="Ouvert: ",
        further=" +{n} autres, réponds ?",
        test="Appel de test {n} pour {name} de gatewayd. Rien à faire",
        exercise="exercice, rien n'est en panne",
        no_summary="sans description",
    ),
    "es": Words(
        critical="CRITICO",
        error="GRAVE",
        warning="AVISO",
        info="INFO",
        drill="SIMULACRO",
        repeat="(rep) ",
        copy="(copia) ",
        reply=". Responde ok {code}",
        more=" (+{n} otros)",
        again=" (otra vez)",
        taken="{code}: lo tiene ",
        joined="{code}: también {severity}: ",
        still="{code}: sigue {severity}: ",
        back="{code}: abierto otra vez, nadie lo ha cerrado: ",
        cleared="{code}: ha terminado. ",
        cleared_by="{code}: cerrado por ",
        open="{n} abiertos: ",
        open_one="Abierto: ",
        further=" +{n} otros, responde ?",
        test="Aviso de prueba {n} para {name} de gatewayd. No hay que hacer nada",
        exercise="simulacro, no hay ninguna averia",
        no_summary="sin descripcion",
    ),
    "pl": Words(
        critical="PILNE",
        error="BLAD",
        warning="UWAGA",
        info="INFO",
        drill="CWICZENIA",
        repeat="(pon) ",
        copy="(kopia) ",
        reply=". Odpisz ok {code}",
        more=" (+{n} innych)",
        again=" (ponownie)",
        taken="{code}: ma ",
        joined="{code}: takze {severity}: ",
        still="{code}: nadal {severity}: ",
        back="{code}: znowu otwarte, nikt tego nie zamknal: ",
        cleared="{code}: po wszystkim. ",
        cleared_by="{code}: zamkniete przez ",
        open="Otwarte ({n}): ",
        open_one="Otwarte: ",
        further=" +{n} innych, odpisz ?",
        test="Wezwanie probne {n} dla {name} z gatewayd. Nic nie trzeba robic",
        exercise="cwiczenia, nic sie nie zepsulo",
        no_summary="brak opisu",
    ),
    "zh": Words(
        critical="紧急",
        error="错误",
        warning="警告",
        info="信息",
        drill="演习",
        repeat="(重) ",
        copy="(抄送) ",
        reply="。回复 ok {code}",
        more=" (+{n})",
        again=" (再次)",
        taken="{code}: 已接手 ",
        joined="{code}: 又有 {severity}: ",
        still="{code}: 仍有 {severity}: ",
        back="{code}: 仍未关闭，重新呼叫: ",
        cleared="{code}: 已恢复。",
        cleared_by="{code}: 已关闭 ",
        open="{n}个未结: ",
        open_one="未结: ",
        further=" +{n}, 回复 ?",
        test="gatewayd 给{name}的测试呼叫 {n}, 无需处理",
        exercise="演习, 没有故障",
        no_summary="无说明",
    ),
}


def words_of(tag: str) -> Words:
    """In the language of the tag ("de-AT"), or in English."""
    return _WORDS[language_of(tag)]


def how_bad(severity: Severity, tag: str) -> str:
    """The word of a page, in capitals."""
    words = words_of(tag)
    return {
        Severity.CRITICAL: words.critical,
        Severity.ERROR: words.error,
        Severity.WARNING: words.warning,
        Severity.INFO: words.info,
    }[severity]


def every(field: str) -> tuple[str, ...]:
    """That word in all languages: a text that comes back may be in any of them."""
    return tuple(dict.fromkeys(getattr(_WORDS[tag], field) for tag in LANGUAGES))
