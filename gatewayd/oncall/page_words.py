"""The fixed words of pages and of news about them, by language. Pure.

Each stays in the GSM 7-bit alphabet where its language can be read in it. How bad it is stays in English, as monitors
say it. News of one incident begins with its code, elsewhere than in English before a colon.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gatewayd.oncall.reply_words import language_of


@dataclass(frozen=True, slots=True)
class Words:
    """Fields in braces are filled in by `wording`."""

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
