"""What was asked by text to be silenced: proved by a code, agreed to by whoever is on call, made, told, lifted.

A sender can be forged, and a silence lowers coverage. So first a code goes to the phone that the text seems to come
from; then whoever is on call for the service must say yes, or, where that is the asker, whoever is next is told at
once. Wrong codes and open requests are bounded together with those of duty. Every function is one of `tx`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from secrets import randbelow
from typing import Any, Final

from gatewayd.agreements import TRIES_MAX, Agreements
from gatewayd.asking import CONSENT_US, ECHO_US, LOCKED_US, OPEN_MAX, TOLD_US, TOO_MANY
from gatewayd.clock import SECOND
from gatewayd.desk import Desk
from gatewayd.model import OWN_SERVICE, Priority, Refusal, Report, Severity
from gatewayd.oncall import asked_words, own_words, said_times, silence_words
from gatewayd.oncall.languages import ENGLISH
from gatewayd.oncall.triage import Match
from gatewayd.replies import silenced
from gatewayd.site_visits import zone_of
from gatewayd.store import asked_duty as codes
from gatewayd.store import asked_silences as kept
from gatewayd.store import journal, messages, waiting
from gatewayd.store.db import Reader, Row, Tx

KIND = kept.KIND
NOTICE: Final = Agreements.NOTICE  # by which it is known when a question could be read
TOLD_MAX = 3  # of those who are next
CODES_MAX = 5  # in one text


# --- asked


def ask(tx: Tx, desk: Desk, service: str, until: int, *, asker: str, device: str, now: int) -> str:
    """The words that ask the phone it came from for the code. Asked twice, it is the same code; with another end, which
    somebody else may have written, it is another."""
    language = desk.agreements.language(asker)
    for row in kept.open_by(tx, asker, service):
        if row["state"] == "echo" and row["device"] == device and row["until"] == until:
            return _echo_words(tx, desk, row, now=now)
    if codes.guessed(tx, asker, TOO_MANY, since=now - LOCKED_US):
        return asked_words.said("too_many", language)
    if _holder(tx, desk, service, asker, now=now) is None:
        return silence_words.said("nobody", language, service=service)
    code = None
    if codes.open_count(tx, asker) < OPEN_MAX:
        code = codes.take_code(tx, 1_000 + randbelow(9_000), now=now)
    if code is None:
        return asked_words.said("too_much", language)
    row = kept.add(
        tx, service=service, until=until, asker=asker, device=device, code=code, due_at=now + ECHO_US, now=now
    )
    _note(tx, "silence_asked", row, now=now, until=until)
    return _echo_words(tx, desk, row, now=now)


def _echo_words(reader: Reader, desk: Desk, row: Row, *, now: int) -> str:
    holder = _holder(reader, desk, row["service"], row["asker"], now=now) or row["asker"]
    word = "take" if holder == row["asker"] else "give"
    return _words(desk, row, word, row["asker"], code=row["code"], name=desk.called(holder))


# --- answered


def answered(tx: Tx, desk: Desk, row: Row, *, yes: bool, device: str, now: int) -> str:
    """A reply with the code of this row, or to it alone. Returns what the one who wrote is told."""
    person = row["waits_for"]
    language = desk.agreements.language(person)
    if messages.is_due(tx, KIND, row["id"], now=now):
        due(tx, desk, row["id"], now=now)
        return asked_words.said("used", language, code=row["code"])
    if row["device"] != device:
        return wrong_code(tx, desk, person, now=now) or asked_words.said("wrong_phone", language, code=row["code"])
    if not yes:
        _end(tx, row, "declined", now=now)
        if row["state"] == "consent":
            words = _words(desk, row, "declined", row["asker"], name=desk.called(person))
            tell(tx, desk, row["asker"], words, now=now)
        return _words(desk, row, "keeps", person)
    if against := _changed(tx, desk, row, now=now):
        return _not_done(tx, desk, row, against, now=now)
    if row["state"] == "consent":
        return _made(tx, desk, row, now=now)
    holder = _holder(tx, desk, row["service"], person, now=now)
    return _made(tx, desk, row, now=now) if holder == person else _asked_on(tx, desk, row, holder, now=now)


def wrong_code(tx: Tx, desk: Desk, person: str, *, now: int) -> str:
    """A code that is nobody's: after the third, what waited for a secret of theirs is off. "" before."""
    ended = [row for row in kept.wrong_code(tx, person) if row["tries"] >= TRIES_MAX]
    for row in ended:
        _end(tx, row, TOO_MANY, now=now)
        if row["state"] == "consent":
            _tell_silent(tx, desk, row, now=now)
    return asked_words.said("too_many", desk.agreements.language(person)) if ended else ""


def _changed(reader: Reader, desk: Desk, row: Row, *, now: int) -> str:
    """Why what was asked makes no sense any more; "" = it does."""
    service, person = row["service"], row["waits_for"]
    if row["until"] <= now:
        return "its time is over"
    if row["asker"] not in silenced.concerned(desk, reader, service, now=now):
        return "the service does not page who asked any more"
    if row["state"] == "consent" and person not in silenced.on_call(desk, reader, service, now=now):
        return "somebody else is on call"
    return ""


def _asked_on(tx: Tx, desk: Desk, row: Row, holder: str | None, *, now: int) -> str:
    """The text was the asker's own: whoever is on call is asked."""
    asker = row["asker"]
    device = desk.notices.phone(holder) if holder else None
    code = codes.take_code(tx, 1_000 + randbelow(9_000), now=now) if device else None
    if holder is None or device is None:
        return _not_done(tx, desk, row, "nobody on call can be asked", now=now)
    if code is None:
        return asked_words.said("too_much", desk.agreements.language(asker))
    row = kept.ask_next(
        tx, row["id"], waits_for=holder, device=device, code=code, due_at=now + CONSENT_US, now=now
    )  # fmt: skip
    _note(tx, "silence_echoed", row, now=now)
    question = _words(desk, row, "question", holder, name=desk.called(asker), code=code)
    tell(tx, desk, holder, question, number=device, within_us=CONSENT_US, now=now)
    return _words(desk, row, "asked", asker, name=desk.called(holder))


def _made(tx: Tx, desk: Desk, row: Row, *, now: int) -> str:
    """All who must have said yes: it is silenced as anybody's, and those who must know are told."""
    service, asker, replier = row["service"], row["asker"], row["waits_for"]
    agreed = row["state"] == "consent"
    reason = f"by text, agreed by {desk.called(replier)}" if agreed else "by text"
    match = Match(services=(silenced.pattern(service),))
    try:
        desk.silence(tx, match, until=row["until"], reason=reason, by=asker, now=now)
    except Refusal as refused:
        _end(tx, row, "not done", now=now, reason=refused.reason)
        return asked_words.refused(service, refused.reason, desk.agreements.language(replier))
    waits = waiting.silenced(tx, service, limit=CODES_MAX + 1)
    if agreed:
        _end(tx, row, "silenced", now=now)
        tell(tx, desk, asker, _with_codes(_words(desk, row, "done", asker), "kept", waits, desk, asker), now=now)
        return _with_codes(_words(desk, row, "done", replier), "kept", waits, desk, replier)
    words = _with_codes(_words(desk, row, "done", asker), "kept", waits, desk, asker)
    language = desk.agreements.language(asker)
    others = silenced.others(desk, tx, service, asker, now=now)[:TOLD_MAX]
    for name in others:
        told = _words(desk, row, "told", name, name=desk.called(asker))
        tell(tx, desk, name, _with_codes(told, "kept", waits, desk, name), now=now)
    operator = not others and _operator_told(tx, desk, row, now=now)
    if operator:
        kept.runs(tx, row["id"], until=row["until"], now=now)
        _note(tx, "silence_settled", row, now=now, outcome="silenced")
    else:
        _end(tx, row, "silenced", now=now)
    if others:
        return words + silence_words.said("knows", language, names=", ".join(map(desk.called, others)))
    return words + silence_words.said("operator" if operator else "untold", language)


# --- the operator, where nobody else is there to know


def _operator_told(tx: Tx, desk: Desk, row: Row, *, now: int) -> bool:
    """By the policy of the house's own troubles, until the silence is over; without one the journal alone has it."""
    if all(service.name != OWN_SERVICE for service in desk.directory.services):
        return False
    if not silenced.others(desk, tx, OWN_SERVICE, row["asker"], now=now):
        return False  # it is the operator who silences
    until = datetime.fromtimestamp(row["until"] / SECOND, UTC)
    summary = own_words.words_of(ENGLISH).silenced.format(
        name=desk.called(row["asker"]), service=row["service"], until=f"{until:%Y-%m-%d %H:%M} UTC"
    )
    desk.report(tx, _report(row["service"], summary, "firing"), now=now)
    return True


def _report(service: str, summary: str, status: Any) -> Report:
    return Report("desk", f"silence/{service}", OWN_SERVICE, Severity.INFO, summary, status)


def told_over(tx: Tx, desk: Desk, service: str, *, now: int) -> None:
    """It is lifted: whoever runs the house need not look at it any more."""
    for row in kept.running(tx, service):
        _over(tx, desk, row, now=now)


def _over(tx: Tx, desk: Desk, row: Row, *, now: int) -> None:
    kept.over(tx, row["id"])
    if not kept.running(tx, row["service"]):  # a longer one may have been made since
        desk.report(tx, _report(row["service"], "", "resolved"), now=now)


# --- not answered, and over


def due(tx: Tx, desk: Desk, number: int, *, now: int) -> None:
    """Nobody has answered in time; or what runs is at its end."""
    row = kept.get(tx, number)
    if row is None or row["state"] == "over":
        messages.end_wait(tx, KIND, number)
    elif row["state"] == "runs":
        _over(tx, desk, row, now=now)
    else:
        _end(tx, row, "no answer", now=now)
        if row["state"] == "consent":
            _tell_silent(tx, desk, row, now=now)
            holder = row["waits_for"]
            tell(tx, desk, holder, _words(desk, row, "keeps", holder), number=row["device"], now=now)


def withdraw(tx: Tx, asker: str, service: str, *, now: int) -> None:
    """Who asked does not want it any more."""
    for row in kept.open_by(tx, asker, service):
        _end(tx, row, "withdrawn", now=now)


def _not_done(tx: Tx, desk: Desk, row: Row, why: str, *, now: int) -> str:
    """Whoever asked, and whoever was asked, is told."""
    _end(tx, row, "not done", now=now, reason=why)
    if row["state"] == "consent" and row["asker"] != row["waits_for"]:
        tell(tx, desk, row["asker"], _words(desk, row, "changed", row["asker"]), now=now)
    return _words(desk, row, "changed", row["waits_for"])


def _tell_silent(tx: Tx, desk: Desk, row: Row, *, now: int) -> None:
    words = _words(desk, row, "silent", row["asker"], name=desk.called(row["waits_for"]))
    tell(tx, desk, row["asker"], words, now=now)


# --- words and facts


def _holder(reader: Reader, desk: Desk, service: str, asker: str, *, now: int) -> str | None:
    """Who must agree: the asker, if on call, else the first of those who are and have a phone that can answer."""
    there = silenced.on_call(desk, reader, service, now=now)
    if asker in there:
        return asker
    return next((name for name in there if desk.notices.phone(name) is not None), None)


def _words(desk: Desk, row: Row, word: str, reader: str, **fields: str) -> str:
    language = desk.agreements.language(reader)
    until = said_times.shown(zone_of(desk, reader), row["until"], language)
    return silence_words.said(word, language, service=row["service"], until=until, **fields)


def _with_codes(words: str, word: str, found: Sequence[str], desk: Desk, reader: str) -> str:
    return words + coded(word, found, desk.agreements.language(reader))


def coded(word: str, found: Sequence[str], language: str) -> str:
    """The codes of incidents as the end of a text; "" for none."""
    more = ", ..." if len(found) > CODES_MAX else ""
    return silence_words.said(word, language, codes=", ".join(found[:CODES_MAX]) + more) if found else ""


def tell(
    tx: Tx, desk: Desk, person: str, words: str, *, now: int, number: str = "", within_us: int = TOLD_US
) -> None:  # fmt: skip
    """Soon, but not before a page that is urgent."""
    until = now + within_us
    desk.notices.tell(tx, NOTICE, person, words, priority=Priority.HIGH, until=until, number=number, now=now)


def _end(tx: Tx, row: Row, outcome: str, *, now: int, reason: str = "") -> None:
    kept.end(tx, row["id"], outcome, now=now)
    _note(tx, "silence_settled", row, now=now, outcome=outcome, reason=reason)


def _note(tx: Tx, event: str, row: Row, *, now: int, **facts: Any) -> None:
    private = {"service": row["service"], "asker": row["asker"], "waits_for": row["waits_for"]}
    journal.write(tx, event, now=now, asked_silence=row["id"], private=private, **facts)
