"""How long tests by chance are: cheap in `make test`; GATEWAYD_LONG=50 plays fifty times as many examples."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

LONG = int(os.environ.get("GATEWAYD_LONG", "1"))


def examples(count: int) -> settings:
    return settings(max_examples=count * LONG, deadline=None, suppress_health_check=[HealthCheck.too_slow])
