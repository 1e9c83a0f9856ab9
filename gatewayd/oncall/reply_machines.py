"""What programs write by themselves: absence notes, delivery failures, confirmations. Pure.

Such a text acknowledges nothing and gets no answer, or two machines would text each other all night.
"""

from __future__ import annotations

from functools import cache

from gatewayd.oncall.reply_text import HAN, fold

# A person does not write these, whatever else stands beside them.
_SURELY = """
autoreply|auto reply|auto response|autoresponse|auto responder|autoresponder|automatic reply|automated reply
automatic response|automated response|automated message|automatic message|out of office|out of the office
do not reply to this|please do not reply|this number is not monitored|this mailbox is not monitored
delivery failed|delivery failure|delivery has failed|failed to deliver|undeliverable|undelivered|mail delivery
could not be delivered|was not delivered|message not delivered|not been delivered|returned to sender|mailer daemon
do not disturb while driving|driving focus|with do not disturb turned on
ateb awtomatig|neges awtomatig|allan o'r swyddfa|methwyd â danfon|ni ddanfonwyd
automatische antwort|automatische nachricht|autom antwort|abwesenheitsnotiz|abwesenheitsmeldung|nicht im büro
nicht zugestellt|unzustellbar|zustellung fehlgeschlagen|konnte nicht zugestellt werden
réponse automatique|message automatique|absent du bureau|absente du bureau|message d'absence
n'a pas pu être remis|non remis|échec de la remise|échec de l'envoi|non distribué
respuesta automática|mensaje automático|fuera de la oficina|no se pudo entregar|no entregado|error de entrega
odpowiedź automatyczna|automatyczna odpowiedź|wiadomość automatyczna|autoresponder|poza biurem|nie ma mnie w biurze
nie dostarczono|niedostarczona|nie można dostarczyć|nie została dostarczona
自动回复|自動回覆|自动答复|自動回復|自动消息|不在办公室|不在辦公室|投递失败|投遞失敗|发送失败|發送失敗|无法送达|無法送達
"""
# A person may. Before it a word of ours may stand, which takes nothing then.
_PROBABLY = """
on holiday|on holidays|on vacation|on annual leave|on parental leave|on maternity leave|on paternity leave|on sick leave
away from my desk|currently away|currently out|currently unavailable|limited access to|in my absence|will be back on
we will get back to you|contact you when i|reply when i return|thank you for your message
thanks for your message|thank you for contacting|thanks for contacting|your message has been|your enquiry|your inquiry
we will reply|we will respond|well get back|our opening hours|our office hours|business hours|we are closed
ar wyliau|ar fy ngwyliau|diolch am eich neges|diolch am dy neges|byddwn yn ymateb|ein horiau agor
im urlaub|auf urlaub|bin abwesend|melde mich sobald|vielen dank für ihre nachricht|danke für deine nachricht|außer haus
danke für ihre nachricht|ihre nachricht|ihre anfrage|sie uns schreiben|sie uns kontaktieren|wir melden uns|wir sind ab
unsere öffnungszeiten|wieder erreichbar
en vacances|en congé|en congés|je suis absent|je suis absente|merci pour votre message|je vous répondrai
merci de votre message|votre message|votre demande|nous vous répondrons|nous vous recontacterons|nos horaires
de vacaciones|de baja médica|gracias por su mensaje|gracias por tu mensaje|estoy ausente
su mensaje|su consulta|gracias por contactar|le responderemos|te responderemos|nuestro horario
na urlopie|jestem nieobecny|jestem nieobecna|dziękuję za wiadomość
dziękujemy za wiadomość|państwa wiadomość|pana wiadomość|pani wiadomość|skontaktujemy się|odpowiemy|godziny otwarcia
休假|度假|稍后回复|稍後回覆|感谢您的来信|感謝您的來信
您的消息|您的信息|您的留言|感谢您的|感謝您的|我们会尽快|我們會盡快|营业时间|營業時間
"""
# Beside a word of ours it is no person's note: a shop, a bank, a carrier.
_COMPANY = """
be in touch|we have received|weve received|have received your|been received|your request|your order|your appointment
your parcel|your package|your delivery|your driver|your uber|your taxi|your booking|your balance|your code|your ticket
verification code|login code|you have won|youve won|you have been|you are now|you qualify|no longer receive|reply stop
to confirm|your invoice|nous revenons
thanks support|regards support|customer support|customer service|customer care|parcel|the delivery is
text stop|stop to end|stop to opt|opted in|subscribed|our team|contact you|will contact|contacting us|we will reply
sie haben gewonnen|sie sind jetzt|ihr code|ihr paket|ihre bestellung|ihr termin|ist eingegangen
vous avez gagné|vous êtes maintenant|votre code|votre colis|votre commande|bien été reçue|bien été reçu|abonné
hemos recibido|su solicitud|su pedido|tu pedido|su código|tu código|has ganado|ha ganado|será atendida|suscrito
państwa zgłoszenie|twoja paczka|twój kod|wygrałeś|wygrałaś|wygrałeś|zostanie rozpatrzone
eich cod|wedi ennill|您的|您已|验证码|驗證碼|我们会|我們會
"""
# Without a word of ours; beside one it is a person's note ("ok, driving right now, will get back to you").
_ALONE = """
driving right now|get back to you|je conduis|estoy conduciendo|prowadzę samochód|正在开车|正在開車|开车中|開車中
"""
# Before or behind our own text a gateway says so.
_CONFIRMS = """
message received|text received|sms received|your message|message delivered|delivered|forwarded|received message|copy
neges wedi cyrraedd|derbyniwyd eich neges|nachricht empfangen|nachricht erhalten|sms empfangen|weitergeleitet|zugestellt
message reçu|sms reçu|transféré|mensaje recibido|sms recibido|reenviado|wiadomość odebrana|odebrano wiadomość|przekazano
短信已收到|消息已收到|已转发|已轉發
"""


def confirms(text: str) -> bool:
    """Of what stands beside our own text: whether it is nothing but a gateway's receipt."""
    return f" {fold(text)} " in {f" {entry.strip()} " for entry in _entries(_CONFIRMS)}


def surely(text: str) -> bool:
    return _holds(text, _entries(_SURELY))


def probably(text: str, *, alone: bool) -> bool:
    """`alone`: the text has no verb of ours."""
    return _holds(text, _entries(_PROBABLY)) or _holds(text, _entries(_ALONE if alone else _COMPANY))


def _holds(text: str, entries: tuple[str, ...]) -> bool:
    line = f" {fold(text)} "
    return any(entry in line for entry in entries)


@cache
def _entries(listed: str) -> tuple[str, ...]:
    """Whole words; Chinese stands anywhere in its run."""
    folded = [fold(entry) for line in listed.strip().splitlines() for entry in line.split("|")]
    return tuple(entry if HAN.search(entry) else f" {entry} " for entry in folded)
