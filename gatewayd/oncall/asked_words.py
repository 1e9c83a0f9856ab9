"""What is asked and told when duty changes hands by text, by language. Pure. One segment where it can be.

Commands are shown in English, which everybody's phone is understood in. None begins with a code: these texts are of no
incident.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gatewayd.oncall import refusal_words
from gatewayd.oncall.languages import language_of
from gatewayd.oncall.wording import CUT, plain

NAME_CHARACTERS_MAX = 24
ROTAS_NAMED_MAX = 3
CODES_NAMED_MAX = 8
REASON_CHARACTERS_MAX = 200


@dataclass(frozen=True, slots=True)
class Words:
    """Fields in braces are filled in by `said`."""

    give: str
    give_later: str
    take: str
    put: str
    question: str
    asked: str
    asked_for: str
    asked_later: str
    has: str
    yours: str
    open: str
    undo: str
    declined: str
    declined_for: str
    declined_later: str
    keeps: str
    keeps_later: str
    silent: str
    silent_for: str
    silent_later: str
    changed: str
    refused: str
    wrong_phone: str
    used: str
    too_many: str
    asks_code: str
    asks_which: str
    not_on_call: str
    already: str
    nobody_else: str
    which: str
    no_turns: str
    nobody_named: str
    named_alike: str
    yourself: str
    nothing_held: str
    holds_nothing: str
    away: str
    too_far: str
    in_part: str
    no_time: str
    no_end: str
    over: str
    no_phone: str
    too_much: str
    stop_on_call: str
    stop_untold: str
    relief: str


_WORDS: Mapping[str, Words] = {
    "en": Words(
        give="Reply yes {code} and {name} is asked to take {rota} until {until}. It stays with you until {name} agrees",
        give_later="Reply yes {code} and {name} is asked to take {rota} until {until}. Nothing changes without a yes",
        take="Reply yes {code} and you take {rota} from {name} until {until}",
        put="Reply yes {code} and {name} is asked to take {rota} from {holder} until {until}",
        question="{name} asks you to take {rota} until {until}. Reply yes {code} or no {code}",
        asked="{name} is asked now. {rota} stays with you until {name} agrees",
        asked_for="{name} is asked now. {rota} stays with {holder} until {name} agrees",
        asked_later="{name} is asked now. Nothing changes until {name} agrees",
        has="{name} has {rota} until {until}",
        yours="You have {rota} until {until}",
        open=". Open: {codes}",
        undo=". To have it back: {word}",
        declined="{name} cannot take {rota}. It stays with you",
        declined_for="{name} cannot take {rota}. It stays with {holder}",
        declined_later="{name} cannot take {rota}. Nothing was changed",
        keeps="{name} keeps {rota}",
        keeps_later="Nothing was changed about {rota}",
        silent="{name} has not answered. {rota} stays with you",
        silent_for="{name} has not answered. {rota} stays with {holder}",
        silent_later="{name} has not answered about {rota}. Nothing was changed",
        changed="The rota has changed meanwhile, so nothing was done about {rota}",
        refused="Nothing was done about {rota}: {reason}",
        wrong_phone="Code {code} counts only from the phone that got it. Nothing was changed",
        used="Code {code} is used or too old and does nothing",
        too_many="Too many wrong codes. What was asked is off, nothing was changed. Ask again in an hour",
        asks_code="For {rota} reply yes {code} or no {code}",
        asks_which="Which one? For {incident} reply ok {incident}, for {rota} ok {code}",
        not_on_call="You are not on call now, so nothing was changed. For later: swap NAME UNTIL",
        already="You are on call for {rota} until {until} already",
        nobody_else="Nobody else can take {rota} now. It stays with you. Call the operator",
        which="Which one? Reply {word} {rota}. There are: {rotas}",
        no_turns="You have no turns there, so nothing was changed",
        nobody_named="Nobody is called {name}. Nothing was changed",
        named_alike="More than one is called {name}: {names}. Reply {word} with the full name",
        yourself="You have it yourself. Nothing was changed",
        nothing_held="You have no duty until {until}, so nothing was changed",
        holds_nothing="{name} has no duty of yours until {until}, so nothing was changed",
        away="{name} is away until {until}. Nothing was changed",
        too_far="That is too far ahead. Nothing was changed",
        in_part="{name} has part of it then, from {until}, and would lose it. Write an earlier time",
        no_time="Until when? Write swap NAME 18:00, swap NAME tomorrow 8:00, swap NAME 24 dec 9:00",
        no_end="Until when? Write on until 18:00, cover NAME until fri 18:00 or override ROTA NAME until fri 18:00",
        over="That time is over already. Nothing was changed",
        no_phone="{name} has no phone that could answer. Nothing was changed",
        too_much="Too much is open already. Answer that first, or wait 10 minutes",
        stop_on_call="You are on call for {rota} and still paged. The operator has been told. To hand over reply off",
        stop_untold="You are on call for {rota} and still paged. Nobody else has been told. To hand over reply off",
        relief="{count} calls tonight. Reply yes {code} and {name} is asked to take over until {until}",
    ),
    "cy": Words(
        give="Ateb yes {code} a gofynnir i {name} gymryd {rota} tan {until}. Gen ti mae nes i {name} gytuno",
        give_later="Ateb yes {code} a gofynnir i {name} gymryd {rota} tan {until}. Ni newidir dim nes i {name} gytuno",
        take="Ateb yes {code} a chymeri {rota} gan {name} tan {until}",
        put="Ateb yes {code} a gofynnir i {name} gymryd {rota} gan {holder} tan {until}",
        question="Mae {name} yn gofyn i ti gymryd {rota} tan {until}. Ateb yes {code} neu no {code}",
        asked="Gofynnwyd i {name}. Gen ti mae {rota} nes i {name} gytuno",
        asked_for="Gofynnwyd i {name}. Gan {holder} mae {rota} nes i {name} gytuno",
        asked_later="Gofynnwyd i {name}. Ni newidir dim nes i {name} gytuno",
        has="Gan {name} mae {rota} tan {until}",
        yours="Gen ti mae {rota} tan {until}",
        open=". Ar agor: {codes}",
        undo=". I'w gael yn ol: {word}",
        declined="Ni all {name} gymryd {rota}. Gen ti mae o hyd",
        declined_for="Ni all {name} gymryd {rota}. Gan {holder} mae o hyd",
        declined_later="Ni all {name} gymryd {rota}. Ni newidiwyd dim",
        keeps="{name} sy'n cadw {rota}",
        keeps_later="Ni newidiwyd dim am {rota}",
        silent="Nid yw {name} wedi ateb. Gen ti mae {rota} o hyd",
        silent_for="Nid yw {name} wedi ateb. Gan {holder} mae {rota} o hyd",
        silent_later="Nid yw {name} wedi ateb am {rota}. Ni newidiwyd dim",
        changed="Mae'r rota wedi newid, felly ni wnaed dim am {rota}",
        refused="Ni wnaed dim am {rota}: {reason}",
        wrong_phone="Dim ond o'r ffon a'i cafodd mae cod {code} yn cyfri. Ni newidiwyd dim",
        used="Mae cod {code} wedi ei ddefnyddio neu'n rhy hen",
        too_many="Gormod o godau anghywir. Mae'r cais ar ben, ni newidiwyd dim. Ni ellir gofyn eto am awr",
        asks_code="Am {rota} ateb yes {code} neu no {code}",
        asks_which="Pa un? Am {incident} ateb ok {incident}, am {rota} ok {code}",
        not_on_call="Dwyt ti ddim ar alwad nawr, ni newidiwyd dim. Am wedyn: swap ENW AMSER",
        already="Rwyt ti ar alwad i {rota} tan {until} yn barod",
        nobody_else="Ni all neb arall gymryd {rota} nawr. Gen ti mae o hyd. Ffonia'r gweithredwr",
        which="Pa un? Ateb {word} {rota}. Mae: {rotas}",
        no_turns="Does gen ti ddim tro yno, ni newidiwyd dim",
        nobody_named="Does neb o'r enw {name}. Ni newidiwyd dim",
        named_alike="Mae mwy nag un {name}: {names}. Ateb {word} gyda'r enw llawn",
        yourself="Gen ti mae yn barod. Ni newidiwyd dim",
        nothing_held="Does gen ti ddim dyletswydd tan {until}, ni newidiwyd dim",
        holds_nothing="Does gan {name} ddim dyletswydd i ti tan {until}, ni newidiwyd dim",
        away="Mae {name} i ffwrdd tan {until}. Ni newidiwyd dim",
        too_far="Mae hynny'n rhy bell. Ni newidiwyd dim",
        in_part="Gan {name} mae rhan ohono wedyn, o {until}, a byddai'n ei cholli. Rho amser cynharach",
        no_time="Tan pryd? Ateb swap ENW 18:00, swap ENW yfory 8:00, swap ENW 24 rhag 9:00",
        no_end="Tan pryd? Ateb on tan 18:00, cover ENW tan gwe 18:00 neu override ROTA ENW tan gwe 18:00",
        over="Mae'r amser hwnnw wedi mynd. Ni newidiwyd dim",
        no_phone="Does gan {name} ddim ffon a all ateb. Ni newidiwyd dim",
        too_much="Mae gormod ar agor. Ateb hwnnw'n gyntaf, neu aros 10 munud",
        stop_on_call="Rwyt ti ar alwad i {rota} ac fe gei negeseuon. Dywedwyd wrth y gweithredwr. I basio: off",
        stop_untold="Rwyt ti ar alwad i {rota} ac fe gei negeseuon. Ni ddywedwyd wrth neb arall. I basio: off",
        relief="{count} galwad heno. Ateb yes {code} a gofynnir i {name} gymryd drosodd tan {until}",
    ),
    "de": Words(
        give="Antworte yes {code}, dann wird {name} gefragt: {rota} bis {until}. Bis zum Ja bleibt es bei dir",
        give_later="Antworte yes {code}, dann wird {name} gefragt: {rota} bis {until}. Ohne Ja ändert sich nichts",
        take="Antworte yes {code}, dann übernimmst du {rota} von {name} bis {until}",
        put="Antworte yes {code}, dann wird {name} gefragt: {rota} von {holder} bis {until}",
        question="{name} bittet dich, {rota} bis {until} zu übernehmen. Antworte yes {code} oder no {code}",
        asked="{name} ist gefragt. {rota} bleibt bei dir, bis {name} zusagt",
        asked_for="{name} ist gefragt. {rota} bleibt bei {holder}, bis {name} zusagt",
        asked_later="{name} ist gefragt. Nichts wird geändert, bis {name} zusagt",
        has="{name} hat {rota} bis {until}",
        yours="Du hast {rota} bis {until}",
        open=". Offen: {codes}",
        undo=". Zurück: {word}",
        declined="{name} kann {rota} nicht übernehmen. Es bleibt bei dir",
        declined_for="{name} kann {rota} nicht übernehmen. Es bleibt bei {holder}",
        declined_later="{name} kann {rota} nicht übernehmen. Nichts wurde geändert",
        keeps="{name} behält {rota}",
        keeps_later="Bei {rota} wurde nichts geändert",
        silent="{name} hat nicht geantwortet. {rota} bleibt bei dir",
        silent_for="{name} hat nicht geantwortet. {rota} bleibt bei {holder}",
        silent_later="{name} hat zu {rota} nicht geantwortet. Nichts wurde geändert",
        changed="Der Plan hat sich inzwischen geändert, bei {rota} wurde nichts getan",
        refused="Bei {rota} wurde nichts getan: {reason}",
        wrong_phone="Code {code} gilt nur von dem Telefon, das ihn bekam. Nichts geändert",
        used="Code {code} ist verbraucht oder zu alt und tut nichts",
        too_many="Zu viele falsche Codes. Die Anfrage ist beendet, nichts wurde geändert. Eine Stunde lang geht nichts",
        asks_code="Zu {rota} antworte yes {code} oder no {code}",
        asks_which="Welches? Zu {incident} antworte ok {incident}, zu {rota} ok {code}",
        not_on_call="Du hast jetzt keinen Dienst, nichts wurde geändert. Für später: swap NAME BIS",
        already="Du hast {rota} schon bis {until}",
        nobody_else="Sonst kann niemand {rota} übernehmen. Es bleibt bei dir. Ruf den Betreiber an",
        which="Welcher? Antworte {word} {rota}. Es gibt: {rotas}",
        no_turns="Du bist dort nicht eingeteilt, nichts wurde geändert",
        nobody_named="Niemand heißt {name}. Nichts wurde geändert",
        named_alike="Mehrere heißen {name}: {names}. Antworte {word} mit dem vollen Namen",
        yourself="Du hast es selbst. Nichts wurde geändert",
        nothing_held="Du hast bis {until} keinen Dienst, nichts wurde geändert",
        holds_nothing="{name} hat bis {until} keinen Dienst von dir, nichts wurde geändert",
        away="{name} ist bis {until} abwesend. Nichts wurde geändert",
        too_far="Das ist zu weit voraus. Nichts wurde geändert",
        in_part="{name} hat davon einen Teil, ab {until}, und würde ihn verlieren. Schreib eine frühere Zeit",
        no_time="Bis wann? Schreib swap NAME 18:00, swap NAME morgen 8:00, swap NAME 24.12. 9:00",
        no_end="Bis wann? Schreib on bis 18:00, cover NAME bis fr 18:00 oder override PLAN NAME bis fr 18:00",
        over="Diese Zeit ist schon vorbei. Nichts wurde geändert",
        no_phone="{name} hat kein Telefon, das antworten kann. Nichts wurde geändert",
        too_much="Es ist schon zu viel offen. Antworte erst darauf oder warte 10 Minuten",
        stop_on_call="Du hast Dienst ({rota}) und wirst weiter gerufen. Der Betreiber weiß es. Übergeben: off",
        stop_untold="Du hast Dienst ({rota}) und wirst weiter gerufen. Sonst weiß niemand davon. Übergeben: off",
        relief="{count} Rufe heute Nacht. Antworte yes {code}, dann wird {name} gefragt, bis {until} zu übernehmen",
    ),
    "fr": Words(
        give="Réponds yes {code}, et {name} sera sollicité: {rota} jusqu'à {until}. Tu le gardes jusqu'à son oui",
        give_later="Réponds yes {code}, et {name} sera sollicité: {rota} jusqu'à {until}. Rien ne change sans oui",
        take="Réponds yes {code} et tu prends {rota} de {name} jusqu'à {until}",
        put="Réponds yes {code}, et {name} sera sollicité: {rota} de {holder} jusqu'à {until}",
        question="{name} te demande de prendre {rota} jusqu'à {until}. Réponds yes {code} ou no {code}",
        asked="{name} est sollicité. Tu gardes {rota} jusqu'à son oui",
        asked_for="{name} est sollicité. {holder} garde {rota} jusqu'à son oui",
        asked_later="{name} est sollicité. Rien ne change avant le oui de {name}",
        has="{name} a {rota} jusqu'à {until}",
        yours="Tu as {rota} jusqu'à {until}",
        open=". Ouverts: {codes}",
        undo=". Pour le reprendre: {word}",
        declined="{name} ne peut pas prendre {rota}. Tu le gardes",
        declined_for="{name} ne peut pas prendre {rota}. {holder} le garde",
        declined_later="{name} ne peut pas prendre {rota}. Rien n'a changé",
        keeps="{name} garde {rota}",
        keeps_later="Rien n'a changé pour {rota}",
        silent="{name} n'a pas répondu. Tu gardes {rota}",
        silent_for="{name} n'a pas répondu. {holder} garde {rota}",
        silent_later="{name} n'a pas répondu pour {rota}. Rien n'a changé",
        changed="Le planning a changé entre-temps, rien n'a été fait pour {rota}",
        refused="Rien n'a été fait pour {rota}: {reason}",
        wrong_phone="Le code {code} ne compte que du téléphone qui l'a eu. Rien n'a changé",
        used="Le code {code} est usé ou trop vieux et ne fait rien",
        too_many="Trop de codes faux. La demande est annulée, rien n'a changé. Pas d'autre pendant une heure",
        asks_code="Pour {rota} réponds yes {code} ou no {code}",
        asks_which="Lequel? Pour {incident} réponds ok {incident}, pour {rota} ok {code}",
        not_on_call="Tu n'es pas de garde, rien n'a changé. Pour plus tard: swap NOM HEURE",
        already="Tu as déjà {rota} jusqu'à {until}",
        nobody_else="Personne d'autre ne peut prendre {rota}. Tu le gardes. Appelle l'opérateur",
        which="Lequel? Réponds {word} {rota}. Il y a: {rotas}",
        no_turns="Tu n'as pas de tour là, rien n'a changé",
        nobody_named="Personne ne s'appelle {name}. Rien n'a changé",
        named_alike="Plusieurs s'appellent {name}: {names}. Réponds {word} avec le nom complet",
        yourself="Tu l'as déjà. Rien n'a changé",
        nothing_held="Tu n'as pas de garde jusqu'à {until}, rien n'a changé",
        holds_nothing="{name} n'a pas de garde pour toi jusqu'à {until}, rien n'a changé",
        away="{name} est absent jusqu'à {until}. Rien n'a changé",
        too_far="C'est trop loin. Rien n'a changé",
        in_part="{name} en a alors une partie, à partir de {until}, et la perdrait. Ecris une heure d'avant",
        no_time="Jusqu'à quand? Ecris swap NOM 18:00, swap NOM demain 8:00, swap NOM 24 dec 9:00",
        no_end="Jusqu'à quand? Ecris on jusqu'à 18:00, cover NOM ven 18:00 ou override PLAN NOM ven 18:00",
        over="Cette heure est déjà passée. Rien n'a changé",
        no_phone="{name} n'a pas de téléphone qui peut répondre. Rien n'a changé",
        too_much="Trop de demandes ouvertes. Réponds d'abord, ou attends 10 minutes",
        stop_on_call="Tu es de garde ({rota}) et toujours appelé. L'opérateur est prévenu. Pour passer: off",
        stop_untold="Tu es de garde ({rota}) et toujours appelé. Personne d'autre n'est prévenu. Pour passer: off",
        relief="{count} appels cette nuit. Réponds yes {code}, et {name} sera sollicité jusqu'à {until}",
    ),
    "es": Words(
        give="Responde yes {code} y se le pide a {name} tomar {rota} hasta {until}. Es tuyo hasta que acepte",
        give_later="Responde yes {code} y se le pide a {name} tomar {rota} hasta {until}. Nada cambia sin su acuerdo",
        take="Responde yes {code} y tomas {rota} de {name} hasta {until}",
        put="Responde yes {code} y se le pide a {name} tomar {rota} de {holder} hasta {until}",
        question="{name} te pide tomar {rota} hasta {until}. Responde yes {code} o no {code}",
        asked="Se le ha pedido a {name}. {rota} es tuyo hasta que acepte",
        asked_for="Se le ha pedido a {name}. {rota} es de {holder} hasta que acepte",
        asked_later="Se le ha pedido a {name}. Nada cambia hasta que acepte",
        has="{name} tiene {rota} hasta {until}",
        yours="Tienes {rota} hasta {until}",
        open=". Abiertos: {codes}",
        undo=". Para recuperarlo: {word}",
        declined="{name} no puede tomar {rota}. Sigue contigo",
        declined_for="{name} no puede tomar {rota}. Sigue con {holder}",
        declined_later="{name} no puede tomar {rota}. Nada ha cambiado",
        keeps="{name} se queda con {rota}",
        keeps_later="Nada ha cambiado con {rota}",
        silent="{name} no ha contestado. {rota} sigue contigo",
        silent_for="{name} no ha contestado. {rota} sigue con {holder}",
        silent_later="{name} no ha contestado sobre {rota}. Nada ha cambiado",
        changed="El turno ha cambiado mientras tanto, no se ha hecho nada con {rota}",
        refused="No se ha hecho nada con {rota}: {reason}",
        wrong_phone="El codigo {code} solo vale desde el telefono que lo tiene. Nada ha cambiado",
        used="El codigo {code} ya se ha usado o es viejo y no hace nada",
        too_many="Demasiados codigos falsos. La solicitud se anula, nada ha cambiado. Ninguna otra durante una hora",
        asks_code="Para {rota} responde yes {code} o no {code}",
        asks_which="¿Cual? Para {incident} responde ok {incident}, para {rota} ok {code}",
        not_on_call="No tienes guardia ahora, nada ha cambiado. Para luego: swap NOMBRE HORA",
        already="Ya tienes {rota} hasta {until}",
        nobody_else="Nadie mas puede tomar {rota}. Sigue contigo. Llama al operador",
        which="¿Cual? Responde {word} {rota}. Hay: {rotas}",
        no_turns="No tienes turnos ahi, nada ha cambiado",
        nobody_named="Nadie se llama {name}. Nada ha cambiado",
        named_alike="Varias personas se llaman {name}: {names}. Responde {word} con el nombre completo",
        yourself="Ya lo tienes. Nada ha cambiado",
        nothing_held="No tienes guardia hasta {until}, nada ha cambiado",
        holds_nothing="{name} no tiene guardia para ti hasta {until}, nada ha cambiado",
        away="{name} no esta hasta {until}. Nada ha cambiado",
        too_far="Eso es demasiado lejos. Nada ha cambiado",
        in_part="{name} tiene entonces una parte, desde {until}, y la perderia. Escribe una hora anterior",
        no_time="¿Hasta cuando? Escribe swap NOMBRE 18:00, swap NOMBRE mañana 8:00, swap NOMBRE 24 dic 9:00",
        no_end="¿Hasta cuando? Escribe on hasta 18:00, cover NOMBRE vie 18:00 u override TURNO NOMBRE vie 18:00",
        over="Esa hora ya ha pasado. Nada ha cambiado",
        no_phone="{name} no tiene telefono para contestar. Nada ha cambiado",
        too_much="Hay demasiado abierto. Contesta eso primero o espera 10 minutos",
        stop_on_call="Estas de guardia ({rota}) y te seguimos avisando. El operador lo sabe. Para pasarla: off",
        stop_untold="Estas de guardia ({rota}) y te seguimos avisando. Nadie mas lo sabe. Para pasarla: off",
        relief="{count} avisos esta noche. Responde yes {code} y se le pide a {name} seguir hasta {until}",
    ),
    "pl": Words(
        give="Odpisz yes {code}, a zapytamy: {name}, {rota} do {until}. Do zgody dyzur jest twoj",
        give_later="Odpisz yes {code}, a zapytamy: {name}, {rota} do {until}. Do zgody nic sie nie zmieni",
        take="Odpisz yes {code}, a przejmiesz {rota} (teraz: {name}) do {until}",
        put="Odpisz yes {code}, a {name} dostanie pytanie o {rota} do {until}. {holder} ma to do zgody",
        question="{name} prosi, aby przejac {rota} do {until}. Odpisz yes {code} albo no {code}",
        asked="Zapytano: {name}. Do zgody {rota} jest u ciebie",
        asked_for="Pytanie wyslane: {name}. {holder} ma {rota} do zgody",
        asked_later="Zapytano: {name}. Do zgody nic sie nie zmieni",
        has="{name} ma {rota} do {until}",
        yours="Masz {rota} do {until}",
        open=". Otwarte: {codes}",
        undo=". Aby odzyskac: {word}",
        declined="{name} nie moze przejac {rota}. Zostaje u ciebie",
        declined_for="{name} nie moze przejac {rota}. {holder} ma to nadal",
        declined_later="{name} nie moze przejac {rota}. Nic nie zmieniono",
        keeps="{rota} zostaje: {name}",
        keeps_later="{rota}: nic nie zmieniono",
        silent="{name} nie odpowiada. {rota} zostaje u ciebie",
        silent_for="{name} nie odpowiada. {holder} ma {rota} nadal",
        silent_later="{name} nie odpowiada w sprawie {rota}. Nic nie zmieniono",
        changed="Grafik sie zmienil, nic nie zrobiono: {rota}",
        refused="Nic nie zrobiono, {rota}: {reason}",
        wrong_phone="Kod {code} dziala tylko z telefonu, ktory go dostal. Nic nie zmieniono",
        used="Kod {code} jest zuzyty albo za stary i nic nie robi",
        too_many="Za duzo zlych kodow. Prosba anulowana, nic nie zmieniono. Przez godzine nie mozna prosic o nic",
        asks_code="{rota}: odpisz yes {code} albo no {code}",
        asks_which="Ktory? {incident}: odpisz ok {incident}, {rota}: ok {code}",
        not_on_call="Nie masz teraz dyzuru, nic nie zmieniono. Na potem: swap OSOBA CZAS",
        already="Masz juz {rota} do {until}",
        nobody_else="Nikt inny nie moze przejac {rota}. Zostaje u ciebie. Zadzwon do operatora",
        which="Ktory? Odpisz {word} {rota}. Sa: {rotas}",
        no_turns="Nie masz tam dyzurow, nic nie zmieniono",
        nobody_named="Nie ma osoby {name}. Nic nie zmieniono",
        named_alike="Kilka osob to {name}: {names}. Odpisz {word} z pelnym nazwiskiem",
        yourself="Masz to juz. Nic nie zmieniono",
        nothing_held="Nie masz dyzuru do {until}, nic nie zmieniono",
        holds_nothing="{name} nie ma dyzuru do przejecia do {until}, nic nie zmieniono",
        away="{name}: nieobecnosc do {until}. Nic nie zmieniono",
        too_far="To zbyt odlegle. Nic nie zmieniono",
        in_part="Czesc ma wtedy {name}, od {until}, i by ja stracil(a). Napisz wczesniejszy czas",
        no_time="Do kiedy? Napisz swap OSOBA 18:00, swap OSOBA jutro 8:00, swap OSOBA 24 gru 9:00",
        no_end="Do kiedy? Odpisz on do 18:00, cover IMIE do pt 18:00 albo override DYZUR IMIE do pt 18:00",
        over="Ten czas juz minal. Nic nie zmieniono",
        no_phone="{name} nie ma telefonu do odpowiedzi. Nic nie zmieniono",
        too_much="Za duzo otwartych prosb. Najpierw odpowiedz albo poczekaj 10 minut",
        stop_on_call="Masz dyzur ({rota}) i nadal dostajesz wezwania. Operator wie. Aby przekazac: off",
        stop_untold="Masz dyzur ({rota}) i nadal dostajesz wezwania. Nikt inny nie wie. Aby przekazac: off",
        relief="Wezwania tej nocy: {count}. Odpisz yes {code}, a zapytamy: {name}, do {until}",
    ),
    "zh": Words(
        give="回复 yes {code}, 将请{name}接{rota}至{until}。同意前仍由你值班",
        give_later="回复 yes {code}, 将请{name}接{rota}至{until}。{name}同意前不变",
        take="回复 yes {code}, 你将从{name}接{rota}至{until}",
        put="回复 yes {code}, 将请{name}从{holder}接{rota}至{until}",
        question="{name}请你接{rota}至{until}。回复 yes {code} 或 no {code}",
        asked="已询问{name}。同意前{rota}仍由你值班",
        asked_for="已请{name}接班。同意前{rota}仍由{holder}值班",
        asked_later="已请{name}接班。{name}同意前不变",
        has="{rota}由{name}值班至{until}",
        yours="{rota}由你值班至{until}",
        open="。未结: {codes}",
        undo="。收回请发 {word}",
        declined="{name}不能接{rota}, 仍由你值班",
        declined_for="{name}不能接{rota}, 仍由{holder}值班",
        declined_later="{name}不能接{rota}, 未做更改",
        keeps="{rota}仍由{name}值班",
        keeps_later="{rota}未做更改",
        silent="{name}没有回复, {rota}仍由你值班",
        silent_for="{name}没有回复, {rota}仍由{holder}值班",
        silent_later="{name}没有回复{rota}, 未做更改",
        changed="排班已变, {rota}未做更改",
        refused="{rota}未做更改: {reason}",
        wrong_phone="编号 {code} 只能从收到它的手机回复。未做更改",
        used="编号 {code} 已用过或过期, 无效",
        too_many="错误编号太多, 请求已取消, 未做更改。一小时内不能再请求",
        asks_code="{rota}: 回复 yes {code} 或 no {code}",
        asks_which="哪一个? {incident} 回复 ok {incident}, {rota} 回复 ok {code}",
        not_on_call="你现在不值班, 未做更改。以后: swap 姓名 时间",
        already="{rota}已由你值班至{until}",
        nobody_else="现在没有别人能接{rota}, 仍由你值班。请致电管理员",
        which="哪一个? 回复 {word} {rota}。有: {rotas}",
        no_turns="你不在该排班中, 未做更改",
        nobody_named="没有人叫{name}, 未做更改",
        named_alike="叫{name}的不止一人: {names}。请回复 {word} 加全名",
        yourself="本来就是你值班, 未做更改",
        nothing_held="你在{until}前没有值班, 未做更改",
        holds_nothing="{name}在{until}前没有你能接的班, 未做更改",
        away="{name}不在, 至{until}。未做更改",
        too_far="时间太远, 未做更改",
        in_part="其中自{until}起的一段由{name}值班, 会被占用。请写更早的时间",
        no_time="到何时? 例: swap 姓名 18:00, swap 姓名 明天8点, swap 姓名 12月24日9点",
        no_end="到何时? 例: on 到18:00, cover 姓名 周五18:00, override 排班 姓名 周五18:00",
        over="该时间已过, 未做更改",
        no_phone="{name}没有能回复的手机, 未做更改",
        too_much="未结的请求太多。请先回复, 或等10分钟",
        stop_on_call="你在{rota}值班, 仍会呼叫你。已告知管理员。交班请回复 off",
        stop_untold="你在{rota}值班, 仍会呼叫你。未告知其他人。交班请回复 off",
        relief="今夜已呼叫{count}次。回复 yes {code}, 将请{name}接班至{until}",
    ),
}


def said(word: str, language: str, /, **fields: str | int) -> str:
    """The text of that name in the language; names are cut so that the rest has room."""
    return filled(getattr(_WORDS[language_of(language)], word), fields)


def filled(frame: str, fields: Mapping[str, str | int]) -> str:
    """With the names cut."""
    return frame.format(**{key: _short(value) if key in _NAMES else value for key, value in fields.items()})


def codes(open_ones: Sequence[str], language: str) -> str:
    """What the successor finds open, as the end of a text; "" for nothing."""
    if not open_ones:
        return ""
    more = f" +{len(open_ones) - CODES_NAMED_MAX}" if len(open_ones) > CODES_NAMED_MAX else ""
    return said("open", language, codes=f"{', '.join(open_ones[:CODES_NAMED_MAX])}{more}")


def refused(rota: str, against: str, language: str) -> str:
    """What speaks against it by the rules of every change, which say it in English."""
    told = refusal_words.read_in(against, language)
    cut = told if len(told) <= REASON_CHARACTERS_MAX else told[: REASON_CHARACTERS_MAX - 3].rstrip() + "..."
    return said("refused", language, rota=rota, reason=cut)


def rotas(names: Sequence[str]) -> str:
    """Some of them, and how many more."""
    more = f" +{len(names) - ROTAS_NAMED_MAX}" if len(names) > ROTAS_NAMED_MAX else ""
    return f"{', '.join(_short(name) for name in names[:ROTAS_NAMED_MAX])}{more}"


_NAMES = frozenset({"name", "holder"})


def _short(value: str | int) -> str:
    line = plain(str(value))
    return line if len(line) <= NAME_CHARACTERS_MAX else line[: NAME_CHARACTERS_MAX - len(CUT)].rstrip() + CUT
