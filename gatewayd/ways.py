"""By which way a text goes: the operator's plan, how the channels are, what was used, and the choice written down.

Without a plan there is nothing to choose: whichever channel is free first takes a text. With one, a text is queued in
the lane of those ways that are as good as each other, "modem1|modem2" for two; `gate` asks once more before it goes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, cast

from gatewayd import allowance
from gatewayd.allowance import Limits
from gatewayd.clock import SECOND
from gatewayd.delivery import choice
from gatewayd.delivery.allowance import Held
from gatewayd.delivery.choice import NEVER, TRUSTED, Choice, Doubt, Facts
from gatewayd.delivery.next_step import GiveUp, Try
from gatewayd.delivery.plan import MILLION, NO_NETWORK, Plan
from gatewayd.delivery.settings import DeliverySettings
from gatewayd.metrics import BUCKET_LEFT, BUDGET_USED, SPEND
from gatewayd.model import NewMessage, Priority, Refusal
from gatewayd.purse import Purse, Use
from gatewayd.store import journal, lanes, messages, spending
from gatewayd.store.db import Reader, Row, Tx

LANES_MAX = 12  # of several ways; each costs every one of them a look
AHEAD_MAX = 200  # texts in a queue that are counted
AT_ONCE_MAX = 200  # texts that are bound anew when a channel comes up; the choice takes some 0.2 ms
RELOADED_MAX = 2000  # and after a reload
UNTOLD_S = 60  # after that a modem that is up has perhaps told its network


@dataclass(frozen=True, slots=True)
class Standing:
    """How a channel is now. `any`: texts that name no channel may go by it."""

    up: bool
    any: bool = True
    trouble: str = ""
    sim: str = ""
    network: str = ""  # as it tells
    out: int = 0  # texts that it has in hand
    doubt: Doubt = TRUSTED  # by what it says of itself, and what became of its last texts
    tries: bool = False  # a text that is not urgent may find out whether it works again

    def doubted(self, priority: int) -> Doubt:
        return TRUSTED if self.tries and priority >= Priority.NORMAL else self.doubt


class Ways:
    """`up(wanted)` names the channels that could take such a text now; `standings` tells of all, idle ones first."""

    def __init__(
        self,
        up: Callable[[str], tuple[str, ...]],
        *,
        standings: Callable[[], Mapping[str, Standing]] = dict,
        sick_s: Callable[[str], float] = lambda _: 0.0,
    ) -> None:
        self.sick_s = sick_s  # for how long no channel could take a text that wants this one, or any ("")
        self.plan = Plan()
        self.purse = Purse()
        self._doubts: dict[str, Doubt] = {}  # by channel
        self._first: set[str] = set()  # to be asked first for what was just queued
        self._settings = DeliverySettings()
        self._up = up
        self._standings = standings
        self._lifted = False  # the last reload took all rules away
        self._shared: dict[str, tuple[str, ...]] = {}  # by channel: its lanes with others
        self._lanes: set[str] = set()  # of several ways

    def furnish(self, plan: Plan, settings: DeliverySettings) -> None:
        """What a reload replaces; `place_again` then binds anew what waits."""
        chose = not self.plain
        self.plan, self._settings = plan, settings
        self.purse.furnish(plan)
        self._lifted = chose and self.plain

    @property
    def plain(self) -> bool:
        """There is nothing to choose: whoever is free first takes a text."""
        return self.plan.says_nothing and not self._doubts

    def doubt(self, channels: Mapping[str, Doubt]) -> None:
        """These may not bring texts there, though they say so: rather by others. `place_again` follows."""
        if channels == self._doubts:
            return
        chose = not self.plain
        self._doubts = dict(channels)
        self._lifted = chose and self.plain

    def closed(self, channel: str, *, now: int) -> bool:
        """At this hour, even for what is critical."""
        return self.plan.closed_until(channel, critical=True, now=now) is not None

    def is_up(self, channel: str) -> bool:
        standing = self._standings().get(channel)
        return standing is not None and standing.up

    def affords(self, reader: Reader, message: Row, channel: str, *, within_s: float, now: int) -> str:
        """What the bucket or the budget of this channel says against it for so long; "" when nothing."""
        standing = self._standings().get(channel)
        sim = standing.sim if standing is not None else ""
        held = self.purse.held(reader, message, channel=channel, sim=sim, patience_s=within_s, now=now)
        return held.reason if held is not None and held.until > now + within_s * SECOND else ""

    def resume(self, reader: Reader) -> None:
        """Lanes in which texts wait since before, and buckets that are not full."""
        self.purse.resume(reader)
        for lane in lanes.bound(reader):
            if lanes.PARTING in lane:
                self._open_lane(lane)

    # --- the choice

    def choose(self, reader: Reader, message: Row, *, now: int, avoid: tuple[str, ...] | None = None) -> Choice:
        """For a text that is stored, or one that is only spoken of (id 0)."""
        priority, recipient = message["priority"], message["recipient"]
        standings = self._standings()
        names = self._candidates(recipient, message["wanted_channel"], standings)
        if self.plain:
            up = tuple(name for name in names if standings[name].up)
            told = tuple((name, "up" if name in up else f"not up: {standings[name].trouble}") for name in names)
            return Choice(up or names, now, "no rules: whichever is free first", told)
        last = self._last(reader, recipient, now=now)
        ways = [self._facts(reader, message, name, standings, last=last, now=now) for name in names]
        shunned = json.loads(message["avoid"]) if avoid is None else avoid
        ways = [way for way in ways if way.name not in shunned] or ways
        within_s = self._settings.patience_s(priority)
        page, expires_at = message["kind"] == "page", message["expires_at"]
        return choice.choose(ways, priority=priority, within_s=within_s, expires_at=expires_at, now=now, page=page)

    def _last(self, reader: Reader, recipient: str, *, now: int) -> str:
        """The channel that texted it last, while that counts."""
        if not self.plan.sticky_s:
            return ""
        return spending.conversed(reader, recipient, since=now - self.plan.sticky_s * SECOND)

    def _candidates(self, recipient: str, wanted: str, standings: Mapping[str, Standing]) -> tuple[str, ...]:
        if wanted:
            return (wanted,)
        rule = self.plan.rule(recipient)
        only = rule[1].only if rule is not None else ()
        return tuple(name for name, standing in standings.items() if standing.any or name in only)

    def _facts(
        self,
        reader: Reader,
        message: Row,
        name: str,
        standings: Mapping[str, Standing],
        *,
        now: int,
        last: str = "",
    ) -> Facts:
        plan, priority, recipient = self.plan, message["priority"], message["recipient"]
        standing = standings.get(name, Standing(up=False, trouble="not open"))
        closed = plan.closed_until(name, critical=priority == Priority.CRITICAL, now=now)
        patience_s = self._settings.patience_s(priority)
        held = self.purse.held(reader, message, channel=name, sim=standing.sim, patience_s=patience_s, now=now)
        shortly = closed is None and held is not None and held.waits
        if (limits := self._limits(name)) is not None:
            other = allowance.room(reader, message, channel=name, limits=limits, now=now)
            shortly = shortly and other is None
            held = max((one for one in (held, other) if one is not None), key=lambda one: one.until, default=None)
        own_s = plan.usual_s(name) * message["parts"]
        served = self._lanes_of(name, standing)
        ahead = standing.out + lanes.ahead(reader, served, priority, but=message["id"], now=now, limit=AHEAD_MAX)
        ahead_s = ahead * plan.usual_s(name) / plan.at_once(name)
        if self.purse.is_paced(name):  # what waits for its bucket waits before this one
            until = now + int(patience_s * SECOND)
            parts = message["parts"] + lanes.ahead(
                reader, served, priority, but=message["id"], now=until, limit=AHEAD_MAX
            )
            done_s = self.purse.done_s(reader, message, channel=name, sim=standing.sim, parts=parts, now=now)
            ready_s = max(0, held.until - now) / SECOND if held is not None else 0.0
            ahead_s = max(ahead_s, done_s - ready_s - own_s)
        return Facts(
            name,
            cost=plan.cost(name, recipient) * message["parts"],
            own_s=own_s,
            ahead_s=ahead_s,
            up=standing.up,
            trouble=standing.trouble,
            open_at=0 if closed is None else closed[0] if closed[0] is not None else NEVER,
            free_at=held.until if held is not None else 0,
            held=closed[1] if closed is not None else held.reason if held is not None else "",
            shortly=shortly,
            forbidden=plan.forbids(recipient, name, standing.network),
            sticky=name == last,
            doubt=max(self._doubts.get(name, TRUSTED), standing.doubted(priority), key=lambda doubt: doubt.resort),
        )

    def _limits(self, channel: str) -> Limits | None:
        way = self.plan.ways.get(channel)
        per_hour = self.plan.per_hour.get(channel)
        if way is None:
            return Limits(per_hour) if per_hour is not None else None
        limits = Limits(per_hour, way.per_15_min, way.per_hour)
        return limits if limits != Limits() else None

    # --- lanes

    def _lane(self, names: tuple[str, ...]) -> str:
        """What a text for any of these is bound to."""
        if len(names) <= 1:
            return names[0] if names else ""
        lane = lanes.PARTING.join(sorted(names))
        if lane not in self._lanes:
            if len(self._lanes) >= LANES_MAX:
                return names[0]
            self._open_lane(lane)
        return lane

    def _open_lane(self, lane: str) -> None:
        self._lanes.add(lane)
        for name in lane.split(lanes.PARTING):
            self._shared[name] = (*self.shared(name), lane)

    def shared(self, channel: str) -> tuple[str, ...]:
        """Lanes of several channels from which this one takes as well."""
        return self._shared.get(channel, ())

    def _lanes_of(self, name: str, standing: Standing) -> tuple[str, ...]:
        return (name, *self.shared(name), "") if standing.any else (name, *self.shared(name))

    # --- what the queue asks

    def up(self, reader: Reader, message: Row, *, now: int) -> tuple[str, ...]:
        """Channels that could and may take it now, the best first."""
        if self.plain:
            return self._up(message["wanted_channel"])
        standings = self._standings()
        names = self._candidates(message["recipient"], message["wanted_channel"], standings)
        facts = [self._facts(reader, message, name, standings, now=now) for name in names]
        able = [way for way in facts if way.up and not way.forbidden and way.ready_at(now) <= now]
        quick = message["priority"] == Priority.CRITICAL
        able.sort(key=lambda way: (way.doubt.resort, 0 if quick else way.cost, way.there_at(now), way.cost))
        return tuple(way.name for way in able)

    def elsewhere(self, message: Row, channel: str) -> bool:
        """Whether another than this, and than those that refused it, could ever carry it, be it up or not."""
        recipient, standings = message["recipient"], self._standings()
        tried = {channel, *json.loads(message["avoid"])}
        names = self._candidates(recipient, message["wanted_channel"], standings)
        others = [name for name in names if name not in tried and name in standings]
        return any(not self.plan.forbids(recipient, name, standings[name].network) for name in others)

    def admit(self, message: NewMessage) -> None:
        """Raises Refusal for a plain text that no channel would ever take."""
        if message.kind == "text" and not message.channel and self.plan.strands(message.recipient):
            about = "say by which channel: there is no modem, and no bureau that takes any phone"
            raise Refusal("invalid", about, field="channel")

    def place(self, tx: Tx, message_id: int, *, now: int) -> dict[str, Any]:
        """Bind a new text to its lane. Returns words for the journal. Raises Refusal when a plain text has no way.

        A page whose ways are all closed is due all the same: the gate gives it up at once, and its person is reached
        by another device.
        """
        if self.plain:
            return {}
        message = messages.get(tx, message_id)
        assert message is not None
        chosen = self.choose(tx, message, now=now)
        if not chosen.lane:
            if message["kind"] == "text":
                raise Refusal("invalid", chosen.reason, field="channel" if message["wanted_channel"] else "to")
            return {"why": chosen.reason}
        self._bind(tx, message, chosen, now=now)
        if chosen.first:
            tx.after_commit(partial(self._first.add, chosen.first))
        return {"way": " or ".join(chosen.lane), "why": chosen.reason}

    def asked_first(self) -> set[str]:
        """Channels that are to look first after this commit; told once."""
        first, self._first = self._first, set()
        return first

    def _bind(self, tx: Tx, message: Row, chosen: Choice, *, now: int) -> None:
        at = min(now, message["due_at"]) if message["kind"] == "page" else chosen.at
        why = chosen.reason if at > now else ""
        lanes.bind(
            tx, message["id"], self._lane(chosen.lane), due_at=max(at, lanes.rests_until(tx, message)), reason=why
        )

    def place_again(self, tx: Tx, *, now: int, limit: int = AT_ONCE_MAX) -> None:
        """The plan, or what is up, has changed: texts that wait and were not begun are bound anew, the urgent first."""
        if self.plain and not self._lifted:
            return
        for message in lanes.fresh(tx, limit=limit):
            if self._lifted:
                due_at = max(now, lanes.rests_until(tx, message))
                lanes.bind(tx, message["id"], message["wanted_channel"], due_at=due_at, reason="")
                self._tell_moved(tx, message, message["wanted_channel"], "there are no rules any more", now=now)
                continue
            chosen = self.choose(tx, message, now=now)
            if chosen.lane:
                self._bind(tx, message, chosen, now=now)
                self._tell_moved(tx, message, self._lane(chosen.lane), chosen.reason, now=now)

    @staticmethod
    def _tell_moved(tx: Tx, message: Row, lane: str, why: str, *, now: int) -> None:
        if lane != message["channel"]:
            told = {"way": lanes.names(lane), "reason": why}
            journal.write(tx, "message_moved", now=now, message_id=message["id"], **told)

    def again(self, tx: Tx, message: Row, decision: Try) -> Try:
        """A further try by any channel goes by one that may take it then."""
        if decision.channel or self.plain:
            return decision
        chosen = self.choose(tx, message, now=decision.at, avoid=decision.avoid)
        if not chosen.lane:
            return decision  # the gate gives it up
        at = decision.at if message["kind"] == "page" else chosen.at
        return replace(decision, channel=self._lane(chosen.lane), at=at, reason=f"{decision.reason}; {chosen.reason}")

    def gate(self, tx: Tx, message: Row, *, channel: str, sim: str = "", part: int, now: int) -> Held | None:
        """The last word before an attempt, and its count. Held: not by this channel, or not now."""
        if part == 1 and not self.plain:
            if held := self._forbids(message["recipient"], channel, now=now):
                return held
            critical = message["priority"] == Priority.CRITICAL
            if closed := self.plan.closed_until(channel, critical=critical, now=now):
                return Held(closed[0] if closed[0] is not None else NEVER, f"{channel} is closed: {closed[1]}")
            patience_s = self._settings.patience_s(message["priority"])
            held = self.purse.held(tx, message, channel=channel, sim=sim, patience_s=patience_s, now=now)
            if held is not None:
                return replace(held, reason=f"{channel}: {held.reason}")
        if (limits := self._limits(channel)) is not None:
            held = allowance.take(tx, message, channel=channel, part=part, limits=limits, now=now)
            if held is not None:
                return held
        self.purse.take(tx, channel=channel, sim=sim, now=now)
        return None

    def _forbids(self, recipient: str, channel: str, *, now: int) -> Held | None:
        """As the plan says of the network whose SIM is in it now."""
        if not self.plan.routes:
            return None
        standing = self._standings().get(channel)
        network = standing.network if standing is not None else ""
        if rule := self.plan.forbids(recipient, channel, network):
            return Held(NEVER, f"{channel} is forbidden by {rule}")
        if rule := self.plan.forbids(recipient, channel, network or NO_NETWORK):
            return Held(now + UNTOLD_S * SECOND, f"{channel} has not told its network, and may be forbidden by {rule}")
        return None

    def held(self, tx: Tx, message: Row, channel: str, held: Held, *, now: int) -> Try | GiveUp:
        """What becomes of a text that the gate held: another way now; else a page moves on, and the rest waits."""
        avoid, until, lane = tuple(json.loads(message["avoid"])), held.until, message["wanted_channel"]
        if not self.plain:
            chosen = self.choose(tx, message, now=now)
            others = tuple(name for name in chosen.lane if name != channel)
            if others and chosen.at <= now:
                return Try(now, self._lane(others), f"{held.reason}; {chosen.reason}", avoid, counts=False)
            if chosen.lane:
                lane = self._lane(chosen.lane)
                until = chosen.at if chosen.at > now else held.until
        if (message["kind"] == "page" and not held.waits) or until >= message["expires_at"]:
            return GiveUp(held.reason)
        return Try(until, lane, held.reason, avoid, counts=False)

    def judges(self, channel: str) -> bool:
        """Whether each text by this channel is to be asked about, and may cost something."""
        return not self.plain or channel in self.plan.per_hour

    def charge(self, tx: Tx, attempt: Row, *, now: int) -> None:
        """The network took it: it costs, and its SIM is the one that texted this number last."""
        if self.plan.sticky_s:
            spending.converse(tx, attempt["recipient"], attempt["channel"], now=now)
        cost = self.plan.cost(attempt["channel"], attempt["recipient"])
        if cost:
            lanes.charge(tx, attempt["id"], attempt["message_id"], cost)
            tx.after_commit(partial(SPEND.labels(attempt["channel"]).inc, cost / MILLION))
        self.purse.pay(tx, attempt, cost, now=now)

    def wrote(self, tx: Tx, number: str, channel: str, *, now: int) -> None:
        """Who has this number texted us by this channel: answers go back by it."""
        if self.plan.sticky_s:
            spending.converse(tx, number, channel, now=now)

    # --- what people ask

    def explain(self, reader: Reader, recipient: str, wanted: str, priority: Priority, *, now: int) -> Choice:
        """By which way a text of one part to this recipient would go at that time, as the channels are now."""
        spoken_of = {
            "id": 0,
            "kind": "text",
            "recipient": recipient,
            "wanted_channel": wanted,
            "priority": int(priority),
            "parts": 1,
            "avoid": "[]",
            "expires_at": now + self._settings.validity_default_s * SECOND,
        }
        return self.choose(reader, cast("Row", spoken_of), now=now)

    def use(self, reader: Reader, channel: str, *, now: int) -> Use:
        """What is left of its bucket, and used of its month."""
        standing = self._standings().get(channel)
        return self.purse.use(reader, channel, standing.sim if standing is not None else "", now=now)

    def gauge(self, reader: Reader, *, now: int) -> None:
        """Buckets and months go into the metrics."""
        for channel, way in self.plan.ways.items():
            if way.bucket is None and way.month is None:
                continue
            use = self.use(reader, channel, now=now)
            if use.at_once is not None:
                BUCKET_LEFT.labels(channel).set(use.at_once)
            if use.budget is not None:
                BUDGET_USED.labels(channel).set(use.budget.used(use.cost, use.parts))
