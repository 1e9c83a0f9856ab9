"""Who may speak to us. The secret is shown once and kept only as its digest."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256

from gatewayd.model import OWN_NAMES, Refusal
from gatewayd.store import journal
from gatewayd.store.db import Reader, Row, Tx

SCOPES = ("alerts", "messages", "ack", "duty", "read")


@dataclass(frozen=True, slots=True)
class Token:
    """A holder's rights. `prefixes`: numbers it may send to begin with one of these; () = any number."""

    id: int
    name: str
    scopes: frozenset[str]
    prefixes: tuple[str, ...] = ()

    def may_send_to(self, number: str) -> bool:
        return not self.prefixes or number.startswith(self.prefixes)


OPERATOR = Token(0, "operator", frozenset(SCOPES))  # whoever may open the local socket


def digest(secret: str) -> str:
    return sha256(secret.encode(errors="replace")).hexdigest()


def add(tx: Tx, *, name: str, secret_digest: str, scopes: list[str], prefixes: list[str], now: int) -> Token:
    """A new token. Raises Refusal("conflict") when the name is taken, by the house itself perhaps."""
    if name in OWN_NAMES and (name != "monitor" or "ack" in scopes):  # one that only reports is no mistake
        raise Refusal("conflict", f"'{name}' is what the house calls itself; choose another name", field="name")
    if tx.one("SELECT id FROM token WHERE name = :name", name=name):
        raise Refusal("conflict", f"there is a token '{name}' already", field="name")
    token = Token(tx.new_id("token"), name, frozenset(scopes), tuple(prefixes))
    tx.run(
        "INSERT INTO token (id, name, digest, scopes, prefixes, created_at)"
        " VALUES (:id, :name, :digest, :scopes, :prefixes, :now)",
        id=token.id,
        name=name,
        digest=secret_digest,
        scopes=json.dumps(sorted(token.scopes)),
        prefixes=json.dumps(prefixes),
        now=now,
    )
    journal.write(tx, "token_added", now=now, private={"name": name}, token=token.id, scopes=sorted(token.scopes))
    return token


def revoke(tx: Tx, name: str, *, now: int) -> None:
    """From the commit on the secret opens nothing; the name is free again. Raises Refusal("unknown")."""
    row = tx.one("SELECT id FROM token WHERE name = :name AND revoked_at IS NULL", name=name)
    if row is None:
        raise Refusal("unknown", f"there is no token '{name[:80]}'", field="name")
    tx.run(
        "UPDATE token SET revoked_at = :now, name = name || '#' || CAST(id AS TEXT) WHERE id = :id",
        now=now,
        id=row["id"],
    )
    journal.write(tx, "token_revoked", now=now, private={"name": name}, token=row["id"])


def by_digest(reader: Reader) -> dict[str, Token]:
    """All tokens that are good, by the digest of their secret."""
    found = reader.all("SELECT id, name, digest, scopes, prefixes FROM token WHERE revoked_at IS NULL")
    return {
        row["digest"]: Token(
            row["id"], row["name"], frozenset(json.loads(row["scopes"])), tuple(json.loads(row["prefixes"]))
        )
        for row in found
    }


def listing(reader: Reader) -> list[Row]:
    return reader.all("SELECT id, name, scopes, prefixes, created_at FROM token WHERE revoked_at IS NULL ORDER BY name")
