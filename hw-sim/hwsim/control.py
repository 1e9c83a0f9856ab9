"""The street over HTTP: look at it, play its people, break its modems. JSON in and out; README.md shows it with curl.

A wrong request is answered with 400 or 404 and {"error": sentence}.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from aiohttp import web

from hwsim.api_body import LINES_MAX, STREET, Wrong, errors_told, json_body, query_number, take
from hwsim.claims import CLAIMS
from hwsim.ends import give_back, host_port
from hwsim.faults import phone_number, read
from hwsim.modem import Modem
from hwsim.oddities import oddity_of
from hwsim.owner import owner_of
from hwsim.pager import Pager
from hwsim.paging_control import add_paging_routes, paging_shown
from hwsim.phone import Phone, habit_of
from hwsim.settings_by_name import configure
from hwsim.street import AnyEnd, Street
from hwsim.usb import UsbEnd

WAIT_S_MAX = 600.0


def _phone(request: web.Request) -> Phone:
    number = request.match_info["number"]
    phone = request.app[STREET].phones.get(number)
    if phone is None:
        raise Wrong(f"there is no phone {number!r}", 404)
    return phone


def _modem(request: web.Request) -> Modem:
    name = request.match_info["name"]
    modem = request.app[STREET].modems.get(name)
    if modem is None:
        raise Wrong(f"there is no modem {name!r}", 404)
    return modem


def modem_shown(street: Street, modem: Modem) -> dict[str, Any]:
    """One modem as JSON."""
    return {
        "name": modem.name,
        "number": modem.sim.number if modem.sim else None,
        "personality": modem.personality.name,
        "address": street.ends[modem.name].address,
        "sim": modem.sim.state if modem.sim else "absent",
        "stat": modem.stat(),
        "frozen": modem.frozen,
        "booting": modem.booting,
        "at_prompt": modem.at_prompt,
        "cnmi": list(modem.settings.cnmi),
        "csms": modem.settings.csms,
        "last_mr": modem.mr,
        "stored": {"ME": len(modem.me.stored), "SM": len(modem.sim.slots.stored) if modem.sim else 0},
        "waiting": street.network.waiting(modem.sim.number) if modem.sim else 0,
        "credit": street.network.subscriptions.of[modem.sim.number].credit if modem.sim else None,
        "signal": modem.radio.rssi,
        "act": modem.radio.act,
        "usb": _usb_shown(street.ends[modem.name]),
        "faults": [rule.shown() for rule in modem.rules],
    }


def _usb_shown(end: AnyEnd) -> dict[str, str] | None:
    """The devices of a stick's interfaces."""
    return end.devices if isinstance(end, UsbEnd) else None


async def _state(request: web.Request) -> web.Response:
    street = request.app[STREET]
    return web.json_response(
        {
            "seed": street.seed,
            "wall": street.wall(),
            "modems": [modem_shown(street, modem) for modem in street.modems.values()],
            "phones": [
                {"number": phone.number, "name": phone.name, "on": phone.on, "texts": len(phone.inbox)}
                for phone in street.phones.values()
            ],
            **paging_shown(street),
            "network": _network_shown(street),
            "ledger": {
                "entries": street.ledger.count,
                "accepted": street.ledger.accepted_count,
            },
        }
    )


def _network_shown(street: Street) -> dict[str, Any]:
    return {**asdict(street.network.settings), "faults": [rule.shown() for rule in street.network.rules]}


async def _phones(request: web.Request) -> web.Response:
    return web.json_response([phone.shown() for phone in request.app[STREET].phones.values()])


async def _add_phone(request: web.Request) -> web.Response:
    body = await json_body(request)
    street = request.app[STREET]
    try:
        phone = street.add_phone(take(body, "number", str), take(body, "name", str, ""))
    except ValueError as wrong:
        raise Wrong(f"'number': {wrong}") from None
    return web.json_response(phone.shown(), status=201)


async def _one_phone(request: web.Request) -> web.Response:
    return web.json_response(_phone(request).shown())


async def _send(request: web.Request) -> web.Response:
    phone, body = _phone(request), await json_body(request)
    try:
        phone.send(
            read("to", phone_number, take(body, "to", str)),
            take(body, "text", str),
            sender=take(body, "sender", str, None),
            pid=take(body, "pid", int, 0),
            flash=take(body, "flash", bool, default=False),
            odd=oddity_of(take(body, "odd", dict)) if "odd" in body else None,
        )
    except (ValueError, TypeError) as wrong:
        raise Wrong(str(wrong)) from None
    return web.json_response({"sent": True})


async def _own(request: web.Request) -> web.Response:
    """Who answers by chance; an empty body: nobody does."""
    phone, body = _phone(request), await json_body(request)
    try:
        request.app[STREET].own(phone.number, owner_of(body) if body else None)
    except (ValueError, TypeError) as wrong:
        raise Wrong(str(wrong)) from None
    return web.json_response({"owner": phone.shown()["owner"]})


async def _away(request: web.Request) -> web.Response:
    phone, body = _phone(request), await json_body(request)
    phone.away(take(body, "after_s", float, 0.0), take(body, "for_s", float), take(body, "every_s", float, 0.0))
    return web.json_response({"away": True})


async def _reply(request: web.Request) -> web.Response:
    phone, body = _phone(request), await json_body(request)
    try:
        to = phone.reply(take(body, "text", str))
    except LookupError as nobody:
        raise Wrong(str(nobody)) from None
    return web.json_response({"sent": True, "to": to})


async def _power(request: web.Request) -> web.Response:
    phone, body = _phone(request), await json_body(request)
    phone.switch(take(body, "on", bool))
    return web.json_response({"on": phone.on})


async def _script(request: web.Request) -> web.Response:
    phone, body = _phone(request), await json_body(request)
    habits = body["script"] if isinstance(body.get("script"), list) else [body] if body else []
    phone.habits = [habit_of(habit) for habit in habits]
    return web.json_response({"script": [asdict(habit) for habit in phone.habits]})


async def _clear_inbox(request: web.Request) -> web.Response:
    phone = _phone(request)
    phone.inbox.clear()
    return web.json_response({"cleared": True})


async def _modems(request: web.Request) -> web.Response:
    street = request.app[STREET]
    return web.json_response([modem_shown(street, modem) for modem in street.modems.values()])


async def _one_modem(request: web.Request) -> web.Response:
    return web.json_response(modem_shown(request.app[STREET], _modem(request)))


async def _fault(request: web.Request) -> web.Response:
    modem, body = _modem(request), await json_body(request)
    request.app[STREET].fault(modem.name, body)
    return web.json_response({"faults": [rule.shown() for rule in modem.rules]})


async def _clear_faults(request: web.Request) -> web.Response:
    modem = _modem(request)
    request.app[STREET].clear_faults(modem.name)
    return web.json_response({"faults": []})


async def _hang_up(request: web.Request) -> web.Response:
    modem, body = _modem(request), await json_body(request)
    modem.hang_up(take(body, "back_after_s", float, 2.0))
    return web.json_response({"hung_up": True})


async def _network(request: web.Request) -> web.Response:
    return web.json_response(_network_shown(request.app[STREET]))


async def _set_network(request: web.Request) -> web.Response:
    street = request.app[STREET]
    configure(street.network.settings, await json_body(request))
    return web.json_response(_network_shown(street))


async def _network_fault(request: web.Request) -> web.Response:
    street = request.app[STREET]
    street.fault(None, await json_body(request))
    return web.json_response({"faults": [rule.shown() for rule in street.network.rules]})


async def _clear_network_faults(request: web.Request) -> web.Response:
    request.app[STREET].clear_faults()
    return web.json_response({"faults": []})


async def _ledger(request: web.Request) -> web.Response:
    street, query = request.app[STREET], request.query
    wanted = {name: query.get(name) for name in ("to", "modem", "bureau", "line")}
    entries = street.ledger.select(query.get("event"), **wanted)
    limit = query_number(request, "last", LINES_MAX)
    return web.json_response(
        {
            "count": len(entries),
            "entries": entries[-int(limit) :] if limit else [],
            "duplicates": street.ledger.duplicates(query.get("to")),
        }
    )


def _phone_or_pager(street: Street, phone: str | None, pager: str) -> Phone | Pager:
    if phone is None and pager in street.pagers:
        return street.pagers[pager]
    if phone is None or phone not in street.phones:
        raise Wrong(f"there is no phone or pager {phone or pager!r}", 404)
    return street.phones[phone]


async def _wait(request: web.Request) -> web.Response:
    """Until the phone or pager has `count` texts with `contains`; 408 with what there is if that takes too long."""
    street, query = request.app[STREET], request.query
    phone = _phone_or_pager(street, query.get("phone"), query.get("pager", ""))
    contains = query.get("contains", "")
    count = int(query_number(request, "count", 1))
    timeout_s = min(query_number(request, "timeout_s", 30.0), WAIT_S_MAX)
    there = await street.until(lambda: len(phone.texts(contains)) >= count, timeout_s)
    found = [asdict(text) for text in phone.texts(contains)]
    return web.json_response({"found": there, "texts": found}, status=200 if there else 408)


def application(street: Street) -> web.Application:
    """The control API of a street."""
    app = web.Application(middlewares=[errors_told])
    app[STREET] = street
    app.router.add_get("/state", _state)
    app.router.add_get("/phones", _phones)
    app.router.add_post("/phones", _add_phone)
    app.router.add_get("/phones/{number}", _one_phone)
    app.router.add_post("/phones/{number}/send", _send)
    app.router.add_post("/phones/{number}/reply", _reply)
    app.router.add_post("/phones/{number}/power", _power)
    app.router.add_post("/phones/{number}/script", _script)
    app.router.add_post("/phones/{number}/owner", _own)
    app.router.add_post("/phones/{number}/away", _away)
    app.router.add_post("/phones/{number}/clear", _clear_inbox)
    app.router.add_get("/modems", _modems)
    app.router.add_get("/modems/{name}", _one_modem)
    app.router.add_post("/modems/{name}/fault", _fault)
    app.router.add_delete("/modems/{name}/fault", _clear_faults)
    app.router.add_post("/modems/{name}/hangup", _hang_up)
    app.router.add_get("/network", _network)
    app.router.add_post("/network", _set_network)
    app.router.add_post("/network/fault", _network_fault)
    app.router.add_delete("/network/fault", _clear_network_faults)
    add_paging_routes(app)
    app.router.add_get("/ledger", _ledger)
    app.router.add_get("/wait", _wait)
    return app


class Control:
    """Serves the API at "HOST:PORT" (loopback; port 0 for any) or "unix:PATH"."""

    def __init__(self, street: Street, where: str) -> None:
        self._where = where
        self._path = Path(where.removeprefix("unix:"))
        self._listens = False  # at the path
        self._host, self._port = ("", 0) if where.startswith("unix:") else host_port("tcp:" + where)
        self._runner = web.AppRunner(application(street), access_log=None, shutdown_timeout=0.5)
        self.address = ""

    async def start(self) -> None:
        """Listens."""
        await self._runner.setup()
        if self._where.startswith("unix:"):
            CLAIMS.claim(self._path)
            self._listens = True
            await web.UnixSite(self._runner, str(self._path)).start()
            self.address = self._where
            return
        await web.TCPSite(self._runner, self._host, self._port).start()
        bound = self._runner.addresses[0]
        self.address = f"http://{bound[0]}:{bound[1]}"

    async def stop(self) -> None:
        """Stops listening."""
        await self._runner.cleanup()
        if self._listens:
            give_back(self._path)
            self._listens = False
