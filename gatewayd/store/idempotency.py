"""Answers remembered by key, so that a client that saw no answer may ask again without a second text."""

from __future__ import annotations

from gatewayd.model import Refusal
from gatewayd.store.db import Tx

FORGOTTEN_AT_ONCE_MAX = 50


def recall(tx: Tx, token: str, key: str, digest: str) -> str | None:
    """The answer given before to this token, key and body. Raises Refusal("conflict") when the body was another."""
    row = tx.one("SELECT digest, answer FROM idempotency WHERE token = :token AND key = :key", token=token, key=key)
    if row is None:
        return None
    if row["digest"] != digest:
        raise Refusal("conflict", "this key was used before with another body", field="Idempotency-Key")
    return str(row["answer"])


def remember(tx: Tx, token: str, key: str, digest: str, answer: str, *, now: int, keep_us: int) -> None:
    """Keep the answer in the transaction that made it true; forget a few that are older than `keep_us`."""
    tx.run(
        "INSERT INTO idempotency (token, key, digest, answer, created_at)"
        " VALUES (:token, :key, :digest, :answer, :now)",
        token=token,
        key=key,
        digest=digest,
        answer=answer,
        now=now,
    )
    tx.run(
        "DELETE FROM idempotency WHERE (token, key) IN"
        " (SELECT token, key FROM idempotency WHERE created_at < :old LIMIT :few)",
        old=now - keep_us,
        few=FORGOTTEN_AT_ONCE_MAX,
    )
