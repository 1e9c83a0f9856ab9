"""What Prometheus and load balancers ask."""

from __future__ import annotations

from aiohttp import web

from gatewayd.metrics import HTTP_BYTES_IN_FLIGHT, exposition
from gatewayd.web.call import Call


async def metrics(call: Call) -> web.Response:
    HTTP_BYTES_IN_FLIGHT.set(call.bodies.in_flight)
    return web.Response(body=exposition(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})


async def healthz(call: Call) -> web.Response:
    """The process lives and its loop turns."""
    return call.answer({"status": "ok"})


async def readyz(call: Call) -> web.Response:
    """Alerts would be kept and could leave: the store takes writes and at least one channel is up."""
    ready, checks = call.doors.ready()
    return call.answer({"ready": ready, "checks": checks}, 200 if ready else 503)
