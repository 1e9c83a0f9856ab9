"""The porch: where the channels knock. What they hear goes to the inbox, how they are to whoever drives them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from gatewayd.channels.contract import Health, Incoming, LateAnswer, Receipt
from gatewayd.delivery.outcome import Accepted
from gatewayd.dispatch import Dispatch
from gatewayd.inbox import Inbox


class Porch:
    """`contract.House`. `lost` and `came`: a channel cannot take texts now, or can again; `balance`: of a card."""

    def __init__(
        self,
        inbox: Inbox,
        dispatch: Callable[[], Dispatch],
        *,
        lost: Callable[[str], None],
        came: Callable[[str], None],
        balance: Callable[[str, str, str, float | None], Awaitable[None]],
    ) -> None:
        self._inbox = inbox
        self._dispatch = dispatch
        self._lost = lost
        self._came = came
        self._balance = balance

    async def received(self, incoming: Incoming) -> None:
        await self._inbox.received(incoming)

    async def read(self, incoming: Incoming) -> None:
        await self._inbox.read(incoming)

    async def receipt(self, receipt: Receipt) -> None:
        await self._inbox.receipt(receipt)
        self._dispatch().proven(receipt.channel)

    async def late_answer(self, answer: LateAnswer) -> None:
        await self._inbox.late_answer(answer)
        if isinstance(answer.outcome, Accepted):
            self._dispatch().proven(answer.channel)

    async def asked_back(self, attempt_id: str, refusal: str) -> None:
        await self._inbox.asked_back(attempt_id, refusal)

    def health(self, channel: str, health: Health) -> None:
        dispatch = self._dispatch()
        was = dispatch.healths().get(channel)
        if dispatch.health(channel, health):
            self._lost(channel)
        elif was is not None and was.state != "up" and health.state == "up":
            self._came(channel)

    async def balance(self, channel: str, sim: str, said: str, amount: float | None) -> None:
        await self._balance(channel, sim, said, amount)

    def pressed(self, channel: str, out_s: float, *, unread: bool) -> bool:
        return self._dispatch().pressed(channel, out_s, unread=unread)

    def room(self, channel: str) -> None:
        self._dispatch().room(channel)

    def reset(self, channel: str, reason: str) -> None:
        self._dispatch().reset(channel, reason)

    async def pin_may_be_tried(self, iccid_digest: str, pin_digest: str, tries: int | None) -> bool:
        return await self._inbox.pin_may_be_tried(iccid_digest, pin_digest, tries)

    async def sim_of_pin(self, pin_of: str) -> str:
        return await self._inbox.sim_of_pin(pin_of)

    async def pin_result(
        self, iccid_digest: str, pin_digest: str, *, good: bool, pin_of: str, tries: int | None
    ) -> None:
        await self._inbox.pin_result(iccid_digest, pin_digest, good=good, pin_of=pin_of, tries=tries)

    async def met(self, channel: str, modem: str, card: str) -> str:
        return await self._inbox.met(channel, modem, card)
