"""One beat of the heart: a request to whoever watches us from outside."""

from __future__ import annotations

import ssl
from urllib.parse import urlsplit

import aiohttp

from gatewayd.oncall.alive import HeartbeatSettings


async def beat(settings: HeartbeatSettings, words: str) -> str:
    """ "" when it was taken, otherwise why not. Certificates are checked; a redirection is no answer."""
    assert settings.url is not None
    limit = aiohttp.ClientTimeout(total=settings.timeout_s)
    try:
        connector = aiohttp.TCPConnector(ssl=_authorities(settings.tls_ca_file))
        async with aiohttp.ClientSession(timeout=limit, connector=connector) as session:
            body = words.encode() if settings.method == "POST" else None
            answer = await session.request(settings.method, settings.url, data=body, allow_redirects=False)
            async with answer:
                return "" if 200 <= answer.status < 300 else f"it answered {answer.status}"
    except TimeoutError:
        return f"no answer within {settings.timeout_s} s"
    except (aiohttp.ClientError, ssl.SSLError, OSError, ValueError) as error:
        return f"{type(error).__name__}: {_without(settings.url, str(error))}"[:200]


def _authorities(path: str | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if path is not None:
        context.load_verify_locations(path)
    return context


def _without(url: str, words: str) -> str:
    """Who knows the address can forge a beat: of it a log shows the host alone."""
    return words.replace(url, host_of(url)).replace(urlsplit(url).path or "\0", "/...")


def host_of(url: str) -> str:
    return urlsplit(url).hostname or "?"
