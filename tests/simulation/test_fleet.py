"""A handful of the fleet's hours at random; `make soak` plays thousands, and days: proofs/soak."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from proofs.soak.play import Outcome, play


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    yield
    logging.disable(logging.NOTSET)


def told(outcome: Outcome) -> str:
    return "\n".join([outcome.fleet, *outcome.told, *outcome.broken])


@pytest.mark.parametrize("seed", [6, 28])
def test_an_hour_of_a_fleet(seed: int) -> None:
    outcome = play((seed, "hour"))
    assert not outcome.broken, told(outcome)
    assert outcome.counts["on the air"] > 50, "the fleet sent next to nothing"


def test_a_seed_plays_again_exactly() -> None:
    first, again = play((3, "hour")), play((3, "hour"))
    assert first.told == again.told, "the same story"
    assert first.digest == again.digest, "and the same ledger"
