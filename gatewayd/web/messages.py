"""Texts to people: taken in, looked at, withdrawn, sent again, settled."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any, NamedTuple

from aiohttp import web

from gatewayd import latin, text
from gatewayd.clock import SECOND, iso
from gatewayd.delivery.plan import MILLION
from gatewayd.intake.faults import Fault, IntakeError
from gatewayd.metrics import INTAKE
from gatewayd.model import NewMessage, Priority
from gatewayd.near import did_you_mean
from gatewayd.numbers import masked
from gatewayd.oncall.directory import TEAM, Directory
from gatewayd.store import idempotency, views
from gatewayd.store.db import Reader, Row, Tx
from gatewayd.web.call import Call, parsed
from gatewayd.web.doors import Doors, Queue
from gatewayd.web.problems import JSON_HEADERS, Problem, to_json
from gatewayd.web.recipients import Recipient, recipients
from gatewayd.web.rotas import known_person
from gatewayd.web.shapes import MessageIn, MessagesQuery, NothingIn, SettleIn

IDEMPOTENCY_KEY_CHARACTERS_MAX = 200
_accepted = INTAKE.labels("messages", "accepted")


class Remembered(NamedTuple):
    """What an answer is remembered by."""

    token: str
    key: str
    digest: str


class _Asked(NamedTuple):
    """One post, as it goes into the books beside others of its moment."""

    queue: Queue
    new: list[NewMessage]
    labels: list[str]
    fit: text.Fit
    remembered: Remembered | None
    now: int
    keep_us: int


async def post(call: Call) -> web.Response:
    """Queue a text for each recipient, all or none; with an Idempotency-Key a repeat gets the first answer again."""
    body = await call.body()
    asked = parsed(MessageIn, body)
    remembered = _remembered(call, body)
    now = call.now()
    new, labels, fit = _messages(call, asked, now)
    keep_us = call.doors.settings.idempotency_keep_s * SECOND
    asked_for = _Asked(call.doors.queue, new, labels, fit, remembered, now, keep_us)
    replayed, content = await call.doors.store.write_new(_take_each, asked_for)
    if replayed:
        return web.Response(status=202, body=content.encode(), headers={**JSON_HEADERS, "Idempotent-Replay": "true"})
    _accepted.inc(len(new))
    return web.Response(status=202, body=content.encode(), headers=JSON_HEADERS)


def _remembered(call: Call, body: bytes) -> Remembered | None:
    keys = call.request.headers.getall("Idempotency-Key", [])
    if not keys:
        return None
    if len(keys) > 1:
        raise IntakeError(Fault("Idempotency-Key", "it is there twice"))
    key = keys[0]
    if not 0 < len(key) <= IDEMPOTENCY_KEY_CHARACTERS_MAX or not (key.isascii() and key.isprintable()):
        message = f"1 to {IDEMPOTENCY_KEY_CHARACTERS_MAX} printable ASCII characters"
        raise IntakeError(Fault("Idempotency-Key", message))
    return Remembered(call.token.name, key, sha256(body).hexdigest())


def _messages(call: Call, asked: MessageIn, now: int) -> tuple[list[NewMessage], list[str], text.Fit]:
    settings = call.doors.settings
    if asked.channel is not None and asked.channel not in (known := call.doors.channels()):
        meant = did_you_mean(asked.channel, known)
        raise IntakeError(Fault("channel", f"there is no channel '{asked.channel}'{meant}"))
    to = recipients(asked.to, call.doors.directory(), call.doors.dialling(), call.token, channel=asked.channel)
    elsewhere = next((one for one in to if one.pager and asked.channel not in (None, one.channel)), None)
    if elsewhere is not None:
        about = f"the pager of {elsewhere.label} is reached through '{elsewhere.channel}' only"
        raise IntakeError(Fault("channel", about))
    in_ascii = call.doors.directory().in_ascii
    fit = _fit(asked.text, call.doors, ascii_only=all((asked.channel or one.channel) in in_ascii for one in to))
    priority, validity_s = Priority[asked.priority.upper()], asked.validity_s or settings.message_validity_s
    parts, until = len(fit.segments), now + validity_s * SECOND
    new = [_message(asked, one, call.token.name, priority, until, parts) for one in to]
    return new, [one.label for one in to], fit


def _fit(words: str, doors: Doors, *, ascii_only: bool) -> text.Fit:
    """`ascii_only`: all of them show nothing else, so the letters of an SMS do not limit the length."""
    segments_max = doors.queue.settings.segments_max
    try:
        try:
            return text.fit(words, segments_max=segments_max)
        except text.TooLongError:
            if not ascii_only:
                raise
            return text.fit(latin.plain(words).text, segments_max=segments_max)
    except text.TextError as error:
        raise IntakeError(Fault("text", str(error))) from None


def _message(
    asked: MessageIn, to: Recipient, origin: str, priority: Priority, expires_at: int, parts: int
) -> NewMessage:
    return NewMessage(
        kind="text",
        recipient=to.number,
        text=asked.text,
        priority=priority,
        expires_at=expires_at,
        person=to.person,
        device=to.device,
        channel=asked.channel or to.channel,
        origin=origin,
        report=asked.report,
        parts=parts,
    )


def _take_each(tx: Tx, asked: list[_Asked]) -> list[tuple[bool, str]]:
    return [_take(tx, one) for one in asked]


def _take(tx: Tx, asked: _Asked) -> tuple[bool, str]:
    """(whether this is the answer of before, the answer)."""
    if asked.remembered and (found := idempotency.recall(tx, *asked.remembered)):
        return True, found
    segments, alphabet, queue = len(asked.fit.segments), asked.fit.alphabet, asked.queue
    told = [
        {"id": queue.enqueue(tx, message, now=asked.now), "to": label, "segments": segments, "alphabet": alphabet}
        for message, label in zip(asked.new, asked.labels, strict=True)
    ]
    content = to_json({"messages": told})
    if asked.remembered:
        idempotency.remember(tx, *asked.remembered, content, now=asked.now, keep_us=asked.keep_us)
    return False, content


# --- looking


async def listing(call: Call) -> web.Response:
    query = call.query(MessagesQuery)
    rows = await call.doors.store.read(
        views.messages, state=query.state, origin=_only_own(call), before=query.before, limit=query.limit,
        person=query.person,
    )  # fmt: skip
    if not rows and query.person is not None and not call.doors.store.peek(views.texted, query.person):
        _known(query.person, call.doors.directory())  # who has left the file is found by what was sent to them
    return call.answer({"messages": [shown(row, call) for row in rows]})


async def one(call: Call) -> web.Response:
    """State, parts, attempts, receipts, and the pages it carries."""
    number = call.number("message")
    row = _visible(call.doors.store.peek(views.message, number), call)
    attempts, receipts, pages = call.doors.store.peek(_details, number)
    return call.answer(
        {
            **shown(row, call),
            "attempts": [_attempt(attempt) for attempt in attempts],
            "receipts": [receipt(one) for one in receipts],
            "pages": [
                {"incident": p["incident_id"], "code": p["code"], "person": p["person"], "state": p["state"],
                 "reason": p["reason"]}
                for p in pages
            ],
        }
    )  # fmt: skip


def _known(name: str, directory: Directory) -> None:
    if name.startswith(TEAM) and directory.team(name.removeprefix(TEAM)) is not None:
        return
    known_person(name, directory, "person")


def _details(reader: Reader, number: int) -> tuple[list[Row], list[Row], list[Row]]:
    return views.attempts(reader, number), views.receipts(reader, number), views.pages_of_message(reader, number)


def _only_own(call: Call) -> str | None:
    """Without the scope `read` a sender sees what it sent itself."""
    return None if "read" in call.token.scopes else call.token.name


def _visible(row: Row | None, call: Call) -> Row:
    if row is None or _only_own(call) not in (None, row["origin"]):
        raise call.unknown("message")
    return row


def shown(row: Row, call: Call) -> dict[str, Any]:
    """A message for this caller; the number in full only for one who may send to it."""
    full = "messages" in call.token.scopes
    waits = row["state"] == "queued" and row["due_at"] <= call.now()
    return {
        "id": row["id"],
        "kind": row["kind"],
        "state": row["state"],
        "reason": row["reason"],
        "recipient": row["recipient"] if full else masked(row["recipient"]),
        "person": row["person"],
        "device": row["device"],
        "text": row["text"],
        "priority": Priority(row["priority"]).called,
        "parts": row["parts"],
        "channel": row["channel"],
        "waits_for": call.doors.awaited(row) if waits else "",
        "repeats": row["repeats"],
        "report": bool(row["report"]),
        "cost": row["cost"] / MILLION,
        "origin": row["origin"],
        "created_at": iso(row["created_at"]),
        "due_at": iso(max(row["due_at"], row["created_at"])),  # who goes before others was due before
        "expires_at": iso(row["expires_at"]),
        "ended_at": iso(row["ended_at"]),
    }


def _attempt(row: Row) -> dict[str, Any]:
    names = ("id", "round", "part", "channel", "state", "reference", "code", "reason", "settled_by", "receipt")
    times = ("started_at", "ended_at", "receipt_at")
    return (
        {name: row[name] for name in names} | {"cost": row["cost"] / MILLION} | {name: iso(row[name]) for name in times}
    )


def receipt(row: Row) -> dict[str, Any]:
    """A delivery report as clients see it."""
    names = ("id", "channel", "reference", "status", "verdict")
    times = ("sent_at", "done_at", "received_at")
    return (
        {"attempt": row["attempt_id"], "says": row["class"]}
        | {name: row[name] for name in names}
        | {name: iso(row[name]) for name in times}
    )


# --- changing


async def withdraw(call: Call) -> web.Response:
    await call.read(NothingIn)
    return await _change(call, call.doors.queue.withdraw)


async def resend(call: Call) -> web.Response:
    await call.read(NothingIn)
    return await _change(call, call.doors.queue.resend)


async def settle(call: Call) -> web.Response:
    asked = await call.read(SettleIn)
    return await _change(call, call.doors.queue.settle, sent=asked.sent)


async def _change(call: Call, change: Callable[..., None], **facts: Any) -> web.Response:
    number = call.number("message")
    row = _visible(call.doors.store.peek(views.message, number), call)
    if not call.token.may_send_to(row["recipient"]):
        raise Problem(403, "recipient_not_allowed", f"the token may not send to the recipient of message {number}")
    state = await call.doors.store.write(_changed, change, number, by=call.token.name, now=call.now(), **facts)
    return call.answer({"id": number, "state": state})


def _changed(tx: Tx, /, change: Callable[..., None], number: int, **facts: Any) -> str:
    change(tx, number, **facts)
    row = views.message(tx, number)
    assert row is not None
    return str(row["state"])


async def test_page(call: Call) -> web.Response:
    """A page that tests the way to one person, or to all of a team by the number of its group ("team:noc")."""
    await call.read(NothingIn)
    name, numbers = call.argument, _numbers_of(call)
    if not all(call.token.may_send_to(number) for number in numbers):
        raise Problem(403, "recipient_not_allowed", f"the token may not send to all devices of '{name}'")
    queued = await call.doors.store.write(call.doors.desk().test_page, name, by=call.token.name, now=call.now())
    return call.answer({"messages": queued}, 202)


def _numbers_of(call: Call) -> list[str]:
    directory = call.doors.directory()
    if call.argument.startswith(TEAM):
        team = directory.team(call.argument.removeprefix(TEAM))
        if team is None:
            raise call.unknown("team")
        return [team.group.number] if team.group else []  # without one the desk refuses
    person = directory.person(call.argument)
    if person is None:
        raise call.unknown("person")
    return [device.number for device in person.devices]
