"""One beat of the heart over TLS: whose certificate is not known gets none."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

from aiohttp import web

from gatewayd.oncall.alive import HeartbeatSettings
from gatewayd.web.beat import beat


def certificate(directory: Path) -> tuple[Path, Path]:
    """For localhost, signed by itself."""
    pem, key = directory / "cert.pem", directory / "key.pem"
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    subprocess.run(
        ["openssl", *words.split(), "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", pem],
        check=True, capture_output=True,
    )  # fmt: skip
    return pem, key


async def test_certificates_are_checked_and_a_redirection_is_no_answer(tmp_path: Path) -> None:
    pem, key = certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem, key)

    async def answer(request: web.Request) -> web.Response:
        if request.path == "/moved":
            raise web.HTTPFound("/here")
        return web.Response(text="taken")

    app = web.Application()
    app.router.add_get("/{tail:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    try:
        url = f"https://localhost:{runner.addresses[0][1]}"
        assert "CERTIFICATE_VERIFY_FAILED" in await beat(HeartbeatSettings(url=f"{url}/secret"), "")
        known = {"tls_ca_file": str(pem)}
        assert await beat(HeartbeatSettings(url=f"{url}/secret", **known), "") == ""
        assert await beat(HeartbeatSettings(url=f"{url}/moved", **known), "") == "it answered 302"
        by_number = url.replace("localhost", "127.0.0.1")
        assert "127.0.0.1" in await beat(HeartbeatSettings(url=f"{by_number}/secret", **known), "")
    finally:
        await runner.cleanup()


async def test_nobody_there_is_told_without_the_rest_of_the_address() -> None:
    told = await beat(HeartbeatSettings(url="http://127.0.0.1:9/secret"), "")
    assert told
    assert "secret" not in told


async def test_authorities_that_cannot_be_read_fail_the_beat_and_nothing_else(tmp_path: Path) -> None:
    settings = HeartbeatSettings(url="https://localhost:9/", tls_ca_file=str(tmp_path / "missing"))
    assert "No such file" in await beat(settings, "")
