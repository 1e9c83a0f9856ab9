"""How long tests by chance are: cheap in `make test` and the same each time; GATEWAYD_LONG=20 plays twenty times as
many examples, of another seed each time (`make explore`)."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

LONG = int(os.environ.get("GATEWAYD_LONG", "1"))
USUAL = 100


def load() -> None:
    """To be called before tests are collected: what holds for every property that says nothing else.

    In the short form an example depends on its property alone. Constants of our source are among the values otherwise:
    of all modules that happen to be loaded, so that a change elsewhere, or another order of the tests, is another draw.
    """
    settings.register_profile(
        "gatewayd",
        max_examples=USUAL * LONG,
        derandomize=LONG == 1,
        database=None,
        deadline=None,  # the machine may be busy
        suppress_health_check=[HealthCheck.too_slow],
        print_blob=True,
    )
    settings.load_profile("gatewayd")
    if LONG == 1:
        none = Constants()
        assert callable(providers._get_local_constants)
        providers._get_local_constants = lambda: none


def examples(count: int) -> settings:
    return settings(max_examples=count * LONG)
