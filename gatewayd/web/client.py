"""The command line's way to the daemon: the API over the local socket; or over TCP with a token, as a monitor."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

import aiohttp

ANSWER_S_MAX = 60.0


class ClientError(Exception):
    """The daemon said no (`status`), or is not there (status 0); `message` is for the operator to read."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Client:
    """`async with Client(path) as client: await client.get("/readyz")`. Answers are parsed JSON."""

    def __init__(self, where: Path | str, *, token: str = "", timeout_s: float = ANSWER_S_MAX) -> None:
        """`where`: a socket's path, or "http://127.0.0.1:8480"."""
        self._where = where
        self._base = where if isinstance(where, str) else "http://gatewayd"
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._timeout_s = timeout_s

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.UnixConnector(str(self._where)) if isinstance(self._where, Path) else None,
            headers=self._headers,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def get(self, path: str, **parameters: Any) -> Any:
        """Parameters that are None are left out."""
        given = {name: str(value) for name, value in parameters.items() if value is not None}
        return await self._ask("GET", f"{path}?{urlencode(given)}" if given else path)

    async def post(self, path: str, body: Any = None, *, timeout_s: float | None = None) -> Any:
        """`body`: octets as they are, anything else as JSON. `timeout_s`: for what takes longer than all else."""
        return await self._ask("POST", path, {} if body is None else body, timeout_s)

    async def delete(self, path: str) -> Any:
        return await self._ask("DELETE", path)

    async def _ask(self, method: str, path: str, body: Any = None, timeout_s: float | None = None) -> Any:
        answer_s = timeout_s or self._timeout_s
        timeout = aiohttp.ClientTimeout(total=answer_s)
        sent = {"data": body} if isinstance(body, bytes) else {"json": body}
        try:
            async with self._session.request(method, f"{self._base}{path}", **sent, timeout=timeout) as answer:
                content = await (answer.json() if "json" in answer.content_type else answer.text())
                if answer.status >= 400:
                    raise ClientError(answer.status, _sentence(content))
                return content
        except TimeoutError:
            raise ClientError(0, f"gatewayd did not answer within {answer_s:g} s") from None
        except (aiohttp.ClientError, OSError) as error:
            raise ClientError(0, f"no gatewayd answers at {self._where} ({error})") from None


def _sentence(content: Any) -> str:
    if isinstance(content, dict) and isinstance(error := content.get("error"), dict):
        return str(error.get("message", error))
    if isinstance(content, dict) and isinstance(checks := content.get("checks"), dict):
        return "not ready: " + "; ".join(f"{name}: {state}" for name, state in checks.items())
    return str(content)[:500]
