"""What a dialogue wants to know of the house before it enters a PIN, and what it tells of it afterwards."""

from __future__ import annotations

import asyncio
from typing import Any

from gatewayd.channels.contract import House
from gatewayd.channels.modem_talk import Question
from gatewayd.wire.modem_steps import BeforeSubmit, MayTryPin, SimOfPin


def ask(house: House, question: Question) -> asyncio.Future[Any]:
    """The answer, once it is on disk."""
    assert not isinstance(question, BeforeSubmit), "only a submission asks this"
    if isinstance(question, SimOfPin):
        return asyncio.ensure_future(house.sim_of_pin(question.pin_of))
    card, value = question.iccid_digest, question.pin_digest
    if isinstance(question, MayTryPin):
        return asyncio.ensure_future(house.pin_may_be_tried(card, value, question.tries))
    result = house.pin_result(card, value, good=question.good, pin_of=question.pin_of, tries=question.tries)
    return asyncio.ensure_future(result)
