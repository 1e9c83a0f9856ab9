"""For all tests, those of hw-sim as well."""

from __future__ import annotations

from tests import chance

chance.load()
