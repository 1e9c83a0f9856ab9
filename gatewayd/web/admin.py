"""What only the operator may do, on the local socket."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from functools import partial

from aiohttp import web

from gatewayd.clock import iso
from gatewayd.intake.faults import Fault, IntakeError, told
from gatewayd.numbers import NumberError, prefix
from gatewayd.store import tokens as store_tokens
from gatewayd.store.db import Tx
from gatewayd.web.call import Call
from gatewayd.web.keyring import Keyring
from gatewayd.web.problems import Problem
from gatewayd.web.shapes import NothingIn, TokenIn


async def add_token(call: Call) -> web.Response:
    """The only answer that ever shows the secret."""
    asked = await call.read(TokenIn)
    secret = "gw_" + secrets.token_urlsafe(32)
    scopes: list[str] = sorted(set(asked.scopes))
    prefixes = _prefixes(asked, call)
    add = partial(
        store_tokens.add,
        name=asked.name,
        secret_digest=store_tokens.digest(secret),
        scopes=scopes,
        prefixes=prefixes,
        now=call.now(),
    )
    await call.doors.store.write(_then_renew, add, call.keyring)
    content = {"name": asked.name, "scopes": scopes, "prefixes": prefixes, "secret": secret}
    return call.answer(content, 201, {"Cache-Control": "no-store"})


def _prefixes(asked: TokenIn, call: Call) -> list[str]:
    """As numbers are kept, so that they can match. Raises IntakeError where they limit nothing or match nothing."""
    if asked.prefixes and "messages" not in asked.scopes:
        raise IntakeError(Fault("prefixes", "they limit whom texts go to, and only the scope 'messages' sends texts"))
    directory = call.doors.directory()
    pagers = [device.number for person in directory.people for device in person.devices if device.kind == "pager"]
    pagers += [team.group.number for team in directory.teams if team.group]
    made: dict[str, None] = {}
    faults = []
    for i, given in enumerate(asked.prefixes):
        try:
            own = any(number.startswith(given) for number in pagers)
            made[given if own else prefix(given, call.doors.dialling())] = None
        except NumberError as error:
            faults.append(Fault(f"prefixes[{i}]", str(error)))
    if faults:
        raise told(faults)
    return list(made)


async def tokens(call: Call) -> web.Response:
    return call.answer(
        {
            "tokens": [
                {
                    "name": row["name"],
                    "scopes": json.loads(row["scopes"]),
                    "prefixes": json.loads(row["prefixes"]),
                    "created_at": iso(row["created_at"]),
                }
                for row in call.doors.store.peek(store_tokens.listing)
            ]
        }
    )


async def revoke_token(call: Call) -> web.Response:
    revoke = partial(store_tokens.revoke, name=call.argument, now=call.now())
    await call.doors.store.write(_then_renew, revoke, call.keyring)
    return call.answer({"revoked": call.argument})


def _then_renew(tx: Tx, change: Callable[[Tx], object], keyring: Keyring) -> None:
    change(tx)
    tx.after_commit(keyring.renew)


async def reload(call: Call) -> web.Response:
    """Read the configuration again; with anything wrong in it the old one stays."""
    await call.read(NothingIn)
    if wrong := await call.doors.reload():
        faults = (Fault("", sentence) for sentence in wrong)
        raise Problem(400, "invalid", f"nothing was changed: {'; '.join(wrong)}", *faults)
    return call.answer({"reloaded": True, "file": str(call.doors.file)})
