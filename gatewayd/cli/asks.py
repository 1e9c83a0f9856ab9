"""What each command asks of the daemon. The answers are the API's; `shows` puts them into words."""

from __future__ import annotations

import shutil
import sys
from argparse import Namespace
from collections.abc import Awaitable, Callable
from typing import Any, Protocol
from urllib.parse import quote

from gatewayd.cli.arguments import words
from gatewayd.cli.tables import plain
from gatewayd.clock import pause

API = "/api/v1"
TEXT_CHARACTERS_MAX = 10_000
CHANGES_MAX = 2_000
WIDTHS = (60, 160)  # of a picture, in columns
DRILL_LOOK_S = 2.0  # how often a drill is asked after
BACKUP_S_MAX = 3_600.0  # a large store on a slow card


class Daemon(Protocol):
    """The daemon, over its socket."""

    async def get(self, path: str, **params: Any) -> Any: ...

    async def post(self, path: str, body: Any = None, *, timeout_s: float | None = None) -> Any: ...

    async def delete(self, path: str) -> Any: ...


Ask = Callable[[Daemon, Namespace], Awaitable[Any]]


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


async def reload(daemon: Daemon, _: Namespace) -> Any:
    return await daemon.post(f"{API}/admin/reload", {})


async def status(daemon: Daemon, _: Namespace) -> Any:
    from gatewayd.web.client import ClientError

    try:
        return await daemon.get("/readyz")
    except ClientError as error:
        if error.status != 503:
            raise
        return {"ready": False, "message": error.message}


async def send(daemon: Daemon, args: Namespace) -> Any:
    text = words(sys.stdin.read(TEXT_CHARACTERS_MAX + 1)).rstrip("\n") if args.text == "-" else args.text
    body = _given(to=args.to, text=text, priority=args.priority, validity_s=args.validity, channel=args.channel)
    return await daemon.post(f"{API}/messages", body)


async def messages(daemon: Daemon, args: Namespace) -> Any:
    return await daemon.get(
        f"{API}/messages", **_given(state=args.state, person=args.person, limit=args.limit, before=args.before)
    )


async def message(daemon: Daemon, args: Namespace) -> Any:
    return await daemon.get(f"{API}/messages/{args.id}")


async def way(daemon: Daemon, args: Namespace) -> Any:
    return await daemon.get(f"{API}/way", **_given(to=args.to, priority=args.priority, at=args.at))


async def settle(daemon: Daemon, args: Namespace) -> Any:
    return await daemon.post(f"{API}/messages/{args.id}/settle", {"sent": args.sent})


async def resend(daemon: Daemon, args: Namespace) -> Any:
    return await daemon.post(f"{API}/messages/{args.id}/resend", {})


async def withdraw(daemon: Daemon, args: Namespace) -> Any:
    return await daemon.post(f"{API}/messages/{args.id}/withdraw", {})


async def test_page(daemon: Daemon, args: Namespace) -> Any:
    return await daemon.post(f"{API}/people/{quote(args.person, safe='')}/test-page", {})


async def incidents(daemon: Daemon, args: Namespace) -> Any:
    state = None if args.all else "active"
    return await daemon.get(f"{API}/incidents", **_given(state=state, limit=args.limit, before=args.before))


async def incident(daemon: Daemon, args: Namespace) -> Any:
    return await daemon.get(f"{API}/incidents/{await _incident(daemon, args.id)}")


async def ack(daemon: Daemon, args: Namespace) -> Any:
    number = await _incident(daemon, args.id)
    return await daemon.post(f"{API}/incidents/{number}/ack", _given(by=args.by, note=args.note))


async def resolve(daemon: Daemon, args: Namespace) -> Any:
    return await daemon.post(f"{API}/incidents/{await _incident(daemon, args.id)}/resolve", _given(by=args.by))


async def _incident(daemon: Daemon, named: int | str) -> int:
    """The number of the incident that is not over and has this code (a text); or what is a number already."""
    from gatewayd.web.client import ClientError

    if isinstance(named, int):
        return named
    found = (await daemon.get(f"{API}/incidents", state="active", code=named))["incidents"]
    if not found:
        raise ClientError(404, f"there is no incident with the code {named} that is not over")
    return int(found[0]["id"])


async def oncall(daemon: Daemon, args: Namespace) -> Any:
    return await daemon.get(
        f"{API}/oncall", **_given(at=args.at, service=args.service, severity=args.severity, rota=args.rota)
    )


async def rota(daemon: Daemon, args: Namespace) -> Any:
    """With --ics what comes is the calendar itself."""
    path = f"{API}/rotas/{quote(args.name, safe='')}"
    if args.ics:
        return {"ics": await daemon.get(f"{path}/calendar.ics", **_given(person=args.person))}
    asked = _given(since=args.since, until=f"+{args.weeks}w")
    if not args.figures:
        legible = (sys.stdout.encoding or "").lower().startswith("utf")
        width = min(max(shutil.get_terminal_size().columns, WIDTHS[0]), WIDTHS[1])
        asked |= {"width": width, "ascii": "false" if legible else "true"}
    return await daemon.get(path, **asked)


async def override(daemon: Daemon, args: Namespace) -> Any:
    return await _change(daemon, args, "override", "rota", "note")


async def swap(daemon: Daemon, args: Namespace) -> Any:
    return await _change(daemon, args, "swap", "rota", "by")


async def absent(daemon: Daemon, args: Namespace) -> Any:
    return await _change(daemon, args, "absence", "note")


async def shadow(daemon: Daemon, args: Namespace) -> Any:
    return await _change(daemon, args, "shadowing", "rota", "of")


async def _change(daemon: Daemon, args: Namespace, kind: str, *names: str) -> Any:
    body = {name: getattr(args, name) for name in ("person", "since", "until", *names)}
    return await daemon.post(f"{API}/changes", _given(kind=kind, **body))


async def changes(daemon: Daemon, _: Namespace) -> Any:
    return await daemon.get(f"{API}/changes", limit=CHANGES_MAX)


async def call_off(daemon: Daemon, args: Namespace) -> Any:
    return await daemon.delete(f"{API}/changes/{args.id}")


async def silence(daemon: Daemon, args: Namespace) -> Any:
    labels = dict(label.partition("=")[::2] for label in args.label)
    body = {"services": args.service, "severities": args.severity, "sources": args.source, "keys": args.key}
    return await daemon.post(f"{API}/silences", body | {"labels": labels, "until": args.until, "reason": args.reason})


async def silences(daemon: Daemon, _: Namespace) -> Any:
    return await daemon.get(f"{API}/silences")


async def unsilence(daemon: Daemon, args: Namespace) -> Any:
    return await daemon.delete(f"{API}/silences/{args.id}")


async def import_overrides(daemon: Daemon, args: Namespace) -> Any:
    return await daemon.post(f"{API}/rotas/{quote(args.rota, safe='')}/overrides.ics", args.octets)


async def drill(daemon: Daemon, args: Namespace) -> Any:
    """Begin one and wait for its end; or say what became of one; or stop the one that runs."""
    path = f"{API}/drills"
    if args.stop:
        running = [d["id"] for d in (await daemon.get(path))["drills"] if d["state"] == "running"]
        return await daemon.delete(f"{path}/{running[0]}") if running else {"state": "none"}
    if args.report is not None:
        return await daemon.get(f"{path}/{args.report}")
    body = _given(service=args.service, severity=args.severity, within_s=args.within)
    found = await daemon.post(path, body)
    for odd in () if args.no_wait else found["warnings"]:
        print(f"warning: {plain(odd)}", file=sys.stderr, flush=True)  # while it can still be stopped
    while found["state"] == "running" and not args.no_wait:
        await pause(DRILL_LOOK_S)
        found = await daemon.get(f"{path}/{found['id']}")
    return found


async def drills(daemon: Daemon, _: Namespace) -> Any:
    return await daemon.get(f"{API}/drills")


async def visit_start(daemon: Daemon, args: Namespace) -> Any:
    body = _given(person=args.person, until=args.until, every_s=args.every, place=args.place, tell=args.tell)
    return await daemon.post(f"{API}/site-visits", body)


async def visit_heard(daemon: Daemon, args: Namespace) -> Any:
    return await daemon.post(f"{API}/site-visits/{args.id}/heard", {})


async def visit_end(daemon: Daemon, args: Namespace) -> Any:
    return await daemon.delete(f"{API}/site-visits/{args.id}")


async def visits(daemon: Daemon, _: Namespace) -> Any:
    return await daemon.get(f"{API}/site-visits")


async def status_line(daemon: Daemon, _: Namespace) -> Any:
    return await daemon.get(f"{API}/status-line")


async def status_line_set(daemon: Daemon, args: Namespace) -> Any:
    return await daemon.post(f"{API}/status-line", {"text": args.text, "until": args.until})


async def status_line_end(daemon: Daemon, _: Namespace) -> Any:
    return await daemon.delete(f"{API}/status-line")


async def people(daemon: Daemon, _: Namespace) -> Any:
    return await daemon.get(f"{API}/people")


async def inbox(daemon: Daemon, args: Namespace) -> Any:
    everything = "true" if args.all else None
    return await daemon.get(f"{API}/inbox", **_given(all=everything, limit=args.limit, before=args.before))


async def journal(daemon: Daemon, args: Namespace) -> Any:
    asked = _given(incident=args.incident, message=args.message, after=args.after, limit=args.limit)
    return await daemon.get(f"{API}/journal", **asked, **({"verify": "true"} if args.verify else {}))


async def token_new(daemon: Daemon, args: Namespace) -> Any:
    body = {"name": args.name, "scopes": args.scope or ["alerts"], "prefixes": args.prefix}
    return await daemon.post(f"{API}/admin/tokens", body)


async def token_list(daemon: Daemon, _: Namespace) -> Any:
    return await daemon.get(f"{API}/admin/tokens")


async def token_revoke(daemon: Daemon, args: Namespace) -> Any:
    return await daemon.delete(f"{API}/admin/tokens/{quote(args.name, safe='')}")


async def backup(daemon: Daemon, args: Namespace) -> Any:
    return await daemon.post(f"{API}/admin/backup", {"path": str(args.path)}, timeout_s=BACKUP_S_MAX)
