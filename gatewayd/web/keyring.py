"""Who is asking: the token behind the credential of a request, found in memory."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping

from gatewayd.store import tokens
from gatewayd.store.db import Store
from gatewayd.store.tokens import Token


class Keyring:
    """All good tokens by the digest of their secret; `renew` after each change. No secret is held."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tokens: dict[str, Token] = {}
        self.renew()

    def renew(self) -> None:
        self._tokens = self._store.peek(tokens.by_digest)
        self._good = {token.id for token in self._tokens.values()}

    def still_good(self, token: Token) -> bool:
        """Whether it has not been revoked since it was found here."""
        return token.id in self._good

    def by_secret(self, secret: str) -> Token | None:
        """Looked up by digest: what an attacker could time says nothing about a secret."""
        return self._tokens.get(tokens.digest(secret))

    def holder(self, headers: Mapping[str, str]) -> Token | None:
        secret = credential(headers)
        return self.by_secret(secret) if secret else None


def credential(headers: Mapping[str, str]) -> str:
    """The secret of "Authorization: Bearer|Token X", of Basic (as password, or as user without one), or X-Api-Key."""
    authorization = headers.get("Authorization")
    if authorization is None:
        return headers.get("X-Api-Key", "").strip()
    scheme, _, rest = authorization.partition(" ")
    scheme = scheme.lower()
    if scheme in {"bearer", "token"}:
        return rest.strip()
    if scheme == "basic":
        try:
            user, _, password = base64.b64decode(rest.strip(), validate=True).decode().partition(":")
        except (binascii.Error, ValueError):
            return ""
        return password or user
    return ""
