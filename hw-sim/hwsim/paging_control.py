"""Pagers and bureaus in the control API. README.md shows it with curl."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from aiohttp import web

from hwsim.api_body import STREET, Wrong, json_body, take
from hwsim.bureau import Bureau
from hwsim.dialup import DialUp
from hwsim.pager import Pager
from hwsim.phone import habit_of
from hwsim.settings_by_name import configure
from hwsim.smpp_centre import Centre
from hwsim.smpp_session import Session
from hwsim.street import Street


def paging_shown(street: Street) -> dict[str, Any]:
    """Pagers, groups and bureaus as /state has them."""
    return {
        "pagers": [
            {"number": pager.number, "cap": pager.cap, "name": pager.name, "on": pager.on, "texts": len(pager.inbox)}
            for pager in street.pagers.values()
        ],
        "groups": [asdict(group) for group in street.groups.values()],
        "bureaus": [bureau_shown(street, bureau) for bureau in street.bureaus.values()],
        "dialups": [dialup.shown() for dialup in street.dialups.values()],
    }


def _session_shown(session: Session) -> dict[str, Any]:
    return {
        "session": session.number,
        "account": session.account.system_id if session.account else None,
        "phase": session.phase.value,
        "version": session.version,
        "outstanding": session.outstanding,
        "silent": session.silent,
    }


def bureau_shown(street: Street, bureau: Bureau) -> dict[str, Any]:
    """One bureau as JSON."""
    centre, terminal = street.centres[bureau.name], street.terminals[bureau.name]
    return {
        "name": bureau.name,
        "settings": asdict(bureau.settings),
        "faults": [rule.shown() for rule in bureau.rules],
        "smpp": {
            "addresses": [listener.address for listener in centre.listeners],
            "settings": asdict(centre.settings),
            "wire": asdict(centre.wire),
            "accounts": [_account_shown(centre, system_id) for system_id in centre.accounts],
            "sessions": [_session_shown(session) for session in centre.sessions],
        },
        "tap": {
            "lines": {line.name: line.address for line in terminal.lines},
            "settings": asdict(terminal.settings),
            "echo": terminal.echo,
            "calls": [
                {"call": call.number, "line": call.line, "waits_for": call.phase.value} for call in terminal.calls
            ],
        },
    }


def _account_shown(centre: Centre, system_id: str) -> dict[str, Any]:
    account = centre.accounts[system_id]
    return {
        "system_id": system_id,
        "numbers": account.numbers,
        "binds": len(centre.bound(account)),
        "waiting": len(centre.desks[system_id].waiting),
    }


def _pager(request: web.Request) -> Pager:
    number = request.match_info["number"]
    pager = request.app[STREET].pagers.get(number)
    if pager is None:
        raise Wrong(f"there is no pager {number!r}", 404)
    return pager


def _bureau(request: web.Request) -> Bureau:
    name = request.match_info["name"]
    bureau = request.app[STREET].bureaus.get(name)
    if bureau is None:
        raise Wrong(f"there is no bureau {name!r}", 404)
    return bureau


async def _pagers(request: web.Request) -> web.Response:
    return web.json_response([pager.shown() for pager in request.app[STREET].pagers.values()])


async def _add_pager(request: web.Request) -> web.Response:
    body = await json_body(request)
    options = {
        "cap": take(body, "cap", str, ""),
        "kind": take(body, "kind", str, "alpha"),
        "max_chars": take(body, "max_chars", int, 240),
        "two_way": take(body, "two_way", bool, default=False),
    }
    try:
        pager = request.app[STREET].add_pager(take(body, "number", str), take(body, "name", str, ""), **options)
    except ValueError as wrong:
        raise Wrong(str(wrong)) from None
    return web.json_response(pager.shown(), status=201)


async def _groups(request: web.Request) -> web.Response:
    return web.json_response([asdict(group) for group in request.app[STREET].groups.values()])


async def _add_group(request: web.Request) -> web.Response:
    body = await json_body(request)
    members = take(body, "members", list)
    options = {"cap": take(body, "cap", str, ""), "name": take(body, "name", str, "")}
    try:
        group = request.app[STREET].add_group(take(body, "number", str), members, **options)
    except ValueError as wrong:
        raise Wrong(str(wrong)) from None
    return web.json_response(asdict(group), status=201)


async def _one_pager(request: web.Request) -> web.Response:
    return web.json_response(_pager(request).shown())


async def _reply(request: web.Request) -> web.Response:
    pager, body = _pager(request), await json_body(request)
    try:
        to = pager.reply(take(body, "text", str))
    except LookupError as nobody:
        raise Wrong(str(nobody)) from None
    return web.json_response({"sent": True, "to": to})


async def _send(request: web.Request) -> web.Response:
    pager, body = _pager(request), await json_body(request)
    try:
        pager.send(take(body, "to", str), take(body, "text", str))
    except (LookupError, ValueError) as wrong:
        raise Wrong(str(wrong)) from None
    return web.json_response({"sent": True})


async def _power(request: web.Request) -> web.Response:
    pager, body = _pager(request), await json_body(request)
    pager.switch(take(body, "on", bool))
    return web.json_response({"on": pager.on})


async def _acknowledge(request: web.Request) -> web.Response:
    """The wearer acknowledges the last page, without a text of his own or with one."""
    pager, body = _pager(request), await json_body(request)
    try:
        request.app[STREET].acknowledge(pager, take(body, "text", str, ""))
    except LookupError as nobody:
        raise Wrong(str(nobody)) from None
    return web.json_response({"acknowledged": True})


async def _script(request: web.Request) -> web.Response:
    pager, body = _pager(request), await json_body(request)
    habits = body["script"] if isinstance(body.get("script"), list) else [body] if body else []
    pager.habits = [habit_of(habit) for habit in habits]
    return web.json_response({"script": [asdict(habit) for habit in pager.habits]})


async def _clear_inbox(request: web.Request) -> web.Response:
    _pager(request).inbox.clear()
    return web.json_response({"cleared": True})


async def _tube(request: web.Request) -> web.Response:
    """A person with all her phones and pagers goes into the Tube, or comes out; by herself after `seconds`."""
    street, name, body = request.app[STREET], request.match_info["name"], await json_body(request)
    inside = take(body, "inside", bool, default=True)
    try:
        carried = street.go_underground(name, inside=inside, seconds=take(body, "seconds", float, None))
    except LookupError as nobody:
        raise Wrong(str(nobody), 404) from None
    return web.json_response({"inside": inside, "carried": carried})


async def _bureaus(request: web.Request) -> web.Response:
    street = request.app[STREET]
    return web.json_response([bureau_shown(street, bureau) for bureau in street.bureaus.values()])


async def _one_bureau(request: web.Request) -> web.Response:
    return web.json_response(bureau_shown(request.app[STREET], _bureau(request)))


async def _set_bureau(request: web.Request) -> web.Response:
    bureau = _bureau(request)
    configure(bureau.settings, await json_body(request), "a bureau")
    return web.json_response(bureau_shown(request.app[STREET], bureau))


async def _set_smpp(request: web.Request) -> web.Response:
    street, bureau = request.app[STREET], _bureau(request)
    centre = street.centres[bureau.name]
    configure(centre.settings, await json_body(request), "smpp")
    for session in centre.sessions:
        if session.bound:
            session.watch()
    return web.json_response(bureau_shown(street, bureau))


async def _set_tap(request: web.Request) -> web.Response:
    street, bureau = request.app[STREET], _bureau(request)
    configure(street.terminals[bureau.name].settings, await json_body(request), "tap")
    return web.json_response(bureau_shown(street, bureau))


async def _dialups(request: web.Request) -> web.Response:
    return web.json_response([dialup.shown() for dialup in request.app[STREET].dialups.values()])


def _dialup(request: web.Request) -> DialUp:
    name = request.match_info["name"]
    dialup = request.app[STREET].dialups.get(name)
    if dialup is None:
        raise Wrong(f"there is no telephone modem {name!r}", 404)
    return dialup


async def _dialup_fault(request: web.Request) -> web.Response:
    dialup, body = _dialup(request), await json_body(request)
    request.app[STREET].dialup_fault(dialup.name, body)
    return web.json_response(dialup.shown())


async def _clear_dialup_faults(request: web.Request) -> web.Response:
    dialup = _dialup(request)
    dialup.rules.clear()
    dialup.settings.dialtone = True
    return web.json_response(dialup.shown())


async def _fault(request: web.Request) -> web.Response:
    bureau, body = _bureau(request), await json_body(request)
    request.app[STREET].bureau_fault(bureau.name, body)
    return web.json_response({"faults": [rule.shown() for rule in bureau.rules]})


async def _clear_faults(request: web.Request) -> web.Response:
    """Forgets the rules, and lets a wire be as it should be."""
    bureau = _bureau(request)
    request.app[STREET].clear_bureau_faults(bureau.name)
    return web.json_response({"faults": []})


def add_paging_routes(app: web.Application) -> None:
    """Pagers, people and bureaus."""
    app.router.add_get("/pagers", _pagers)
    app.router.add_post("/pagers", _add_pager)
    app.router.add_get("/groups", _groups)
    app.router.add_post("/groups", _add_group)
    app.router.add_get("/pagers/{number}", _one_pager)
    app.router.add_post("/pagers/{number}/reply", _reply)
    app.router.add_post("/pagers/{number}/send", _send)
    app.router.add_post("/pagers/{number}/ack", _acknowledge)
    app.router.add_post("/pagers/{number}/power", _power)
    app.router.add_post("/pagers/{number}/script", _script)
    app.router.add_post("/pagers/{number}/clear", _clear_inbox)
    app.router.add_post("/people/{name}/tube", _tube)
    app.router.add_get("/bureaus", _bureaus)
    app.router.add_get("/bureaus/{name}", _one_bureau)
    app.router.add_post("/bureaus/{name}", _set_bureau)
    app.router.add_post("/bureaus/{name}/smpp", _set_smpp)
    app.router.add_post("/bureaus/{name}/tap", _set_tap)
    app.router.add_get("/dialups", _dialups)
    app.router.add_post("/dialups/{name}/fault", _dialup_fault)
    app.router.add_delete("/dialups/{name}/fault", _clear_dialup_faults)
    app.router.add_post("/bureaus/{name}/fault", _fault)
    app.router.add_delete("/bureaus/{name}/fault", _clear_faults)
