"""One seed's story: alerts, texts and replies come, faults strike, the daemon is killed; then calm, and judgement."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from random import Random
from typing import Any

from gatewayd.clock import SECOND
from gatewayd.web.client import ClientError
from proofs.soak import judge
from proofs.soak.faults import MISHAPS, RULES, UNDONE
from proofs.soak.fleet import SERVICES, Fleet

CALM_S = 1200.0
UP_S_MAX = 3600.0
QUIET_S = 90.0  # after so long without an act the books are looked at in between
REPLIES = ("ok", "OK!", "ok all", "Ok all", "OK ALL", "ok 10", "ok 84, 31", "?", "what is this")
OPEN = "SELECT id, code FROM incident WHERE state = 'open' AND held_for = '' ORDER BY id"
PAGES = (
    "SELECT m.text FROM message m JOIN message_page mp ON mp.message_id = m.id JOIN page p ON p.id = mp.page_id"
    " WHERE p.incident_id = :incident"
)

Act = Callable[[], Awaitable[str]]


class Story:
    """`told` is what happened, a line each; `counts` how much of it."""

    def __init__(self, fleet: Fleet, *, lasts_s: float, every_s: float) -> None:
        self.fleet = fleet
        self.dice = Random(fleet.plan.seed)
        self.lasts_s, self.every_s = lasts_s, every_s
        self.told: list[str] = []
        self.counts = dict.fromkeys(("alerts", "texts", "faults", "kills"), 0)
        self.promised: set[str] = set()  # keys of alerts that were answered with a 2xx
        self.texts: list[int] = []
        self.broken: list[str] = []
        self.dead: set[str] = set()  # modems that only a reset brings back

    def say(self, words: str) -> None:
        self.told.append(f"{self.fleet.seconds:11.3f}  {words}")

    async def tell(self) -> None:
        acts: tuple[tuple[Act, int], ...] = (
            (self.fire, 16), (self.burst, 1), (self.clear, 8), (self.text, 10), (self.answer, 30), (self.take, 4),
            (self.silence, 1), (self.withdraw, 1), (self.fault, 12), (self.mishap, 7), (self.phone, 5),
            (self.kill, 3), (self.kill_in_a_send, 3), (self.restart, 2), (self.reload, 2), (self.set_clock, 2),
            (self.disk, 2), (self.look, 2),
        )  # fmt: skip
        choices, weights = [act for act, _ in acts], [weight for _, weight in acts]
        while self.fleet.seconds < self.lasts_s and not self.broken:
            await self.fleet.pass_time(self.dice.expovariate(1 / self.every_s))
            (act,) = self.dice.choices(choices, weights)
            try:
                self.say(f"{act.__name__}: {await act()}")
            except ClientError as error:
                self.say(f"{act.__name__}: the daemon says no: {error}")
        if not self.broken:
            await self.calm_down()

    # --- what comes in

    async def fire(self) -> str:
        key = f"k{self.dice.randrange(10)}"
        service, severity = self.dice.choice(SERVICES), self.dice.choice(("critical", "error", "warning"))
        long = " and a long story that needs more than one part" * self.dice.choice((0, 0, 4))
        await self.fleet.alert(key, severity=severity, summary=f"{key} is down{long}", service=service)
        self.promised.add(key)
        self.counts["alerts"] += 1
        return f"{key} of {service}, {severity}{', long' if long else ''}"

    async def burst(self) -> str:
        keys = [f"b{self.dice.randrange(40)}" for _ in range(self.dice.choice((5, 12)))]
        for key in keys:
            await self.fleet.alert(
                key, severity="critical", summary=f"{key} is down", service=self.dice.choice(SERVICES)
            )
            self.promised.add(key)
            self.counts["alerts"] += 1
        return " ".join(keys)

    async def clear(self) -> str:
        firing = [r["key"] for r in self.fleet.rows("SELECT key FROM alert WHERE status = 'firing' ORDER BY id")]
        key: str = self.dice.choice(firing or ["k0"])
        await self.fleet.alert(key, status="resolved")
        return key

    async def text(self) -> str:
        phone = self.dice.choice([*self.fleet.phones, self.fleet.stranger])
        words = f"note {self.fleet.seconds:.3f}" + " and so on" * self.dice.choice((0, 0, 0, 30))
        priority = self.dice.choice(("critical", "high", "normal", "low"))
        told = await self.fleet.post("/api/v1/messages", {"to": phone.number, "text": words, "priority": priority})
        number = int(told["messages"][0]["id"])
        self.texts.append(number)
        self.counts["texts"] += 1
        return f"message {number} to {phone.name}, {priority}, {len(words)} letters"

    async def answer(self) -> str:
        phone = self.dice.choice(self.fleet.phones)
        if not (phone.inbox and phone.on):
            return f"{phone.name} has nothing to answer"
        words = self.dice.choice(REPLIES)
        phone.reply(words)
        return f"{phone.name} {words!r}"

    async def take(self) -> str:
        numbers = [
            row["id"] for row in self.fleet.rows("SELECT id FROM incident WHERE state <> 'resolved' ORDER BY id")
        ]
        number = self.dice.choice(numbers or [1])
        verb = self.dice.choice(("ack", "resolve"))
        await self.fleet.post(f"/api/v1/incidents/{number}/{verb}", {"by": "ben"})
        return f"{verb} of incident {number}"

    async def silence(self) -> str:
        service = self.dice.choice(SERVICES)
        until = self.fleet.clock.now() + self.dice.choice((300, 1200)) * SECOND
        body: dict[str, Any] = {"services": [service], "reason": "work"}
        body["until"] = f"{self.fleet.moment(until):%Y-%m-%dT%H:%M:%SZ}"
        await self.fleet.post("/api/v1/silences", body)
        return f"{service} until {body['until']}"

    async def withdraw(self) -> str:
        number = self.dice.choice(self.texts or [1])
        await self.fleet.post(f"/api/v1/messages/{number}/withdraw")
        return f"message {number}"

    # --- what befalls it

    async def fault(self) -> str:
        """One rule at a time: two together make networks that take a text and refuse it."""
        self.no_faults()
        modem, rule = self.dice.choice([*self.fleet.modems, None]), self.dice.choice(RULES)
        self.fleet.street.fault(modem, dict(rule))
        self.counts["faults"] += 1
        if rule.get("blocking") and rule["kind"] == "no_answer":
            self.dead.update([modem] if modem else self.fleet.modems)
        return f"{modem or 'the network'} {rule}"

    def no_faults(self) -> None:
        for modem in (None, *self.fleet.modems):
            self.fleet.street.clear_faults(modem)

    async def mishap(self) -> str:
        modem, mishap = self.dice.choice(self.fleet.modems), self.dice.choice(MISHAPS)
        self.fleet.street.fault(modem, dict(mishap))
        self.counts["faults"] += 1
        undone = next((fault for fault in UNDONE if fault["kind"] == mishap["kind"]), None)
        if undone and "seconds" not in mishap:
            self.fleet.street.fault(modem, {**undone, "after_s": self.dice.choice((60, 600))})
        return f"{modem} {mishap}"

    async def phone(self) -> str:
        phone = self.dice.choice(self.fleet.phones)
        phone.switch(not phone.on)
        return f"{phone.name} {phone.number} is {'on' if phone.on else 'off'}"

    async def kill(self) -> str:
        dead_s = self.dice.choice((0.5, 20, 200))
        await self.fleet.crash()
        await self.fleet.pass_time(dead_s)
        await self.fleet.wake(modems_up=False)
        self.counts["kills"] += 1
        return f"SIGKILL, dead for {dead_s:g} s"

    async def kill_in_a_send(self) -> str:
        """Around the moment when the network takes a text, before the modem has said so or just after."""
        ledger, end = self.fleet.street.ledger, self.fleet.seconds + 60
        before = ledger.accepted_count
        while ledger.accepted_count == before and self.fleet.seconds < end:
            await self.fleet.pass_time(0.05)
        return await self.kill()

    async def restart(self) -> str:
        await self.fleet.sleep()
        await self.fleet.wake(modems_up=False)
        return "in order"

    async def reload(self) -> str:
        without = self.dice.choice(["", *self.fleet.modems]) if len(self.fleet.modems) > 1 else ""
        if "never" in self.fleet.plan.config:  # its rules name modems
            without = ""
        await self.fleet.without(without)
        return f"without {without}" if without else "with all"

    async def set_clock(self) -> str:
        by_s = self.dice.choice((3600, -3600, 20, -20, 86_400))
        self.fleet.clock.set_wall(by_s * SECOND)
        return f"by {by_s} s"

    async def disk(self) -> str:
        """Intake is closed for a while; the rest goes on."""
        store = self.fleet.daemon.store
        store.full, store._look_again_at = True, self.fleet.clock.monotonic() + 60
        return "full for a minute"

    async def look(self) -> str:
        """The books, in the middle of it all."""
        await self.fleet.pass_time(QUIET_S)
        self.broken = [*self.fleet.broken(), *judge.broken(self.fleet)]
        return "the books are in order" if not self.broken else f"{len(self.broken)} breaches"

    # --- the end

    async def calm_down(self) -> None:
        fleet, street = self.fleet, self.fleet.street
        self.say("calm")
        self.no_faults()
        for modem in fleet.modems:
            for fault in (*UNDONE, *([{"kind": "reset"}] if modem in self.dead else [])):
                street.fault(modem, dict(fault))
        for phone in fleet.phones:
            phone.switch(on=True)
        await fleet.without("")
        end = fleet.seconds + UP_S_MAX
        while len(fleet.daemon.dispatch.up()) < len(fleet.modems):
            if fleet.seconds > end:
                self.broken.append(f"only {sorted(fleet.daemon.dispatch.up())} are up an hour after the last fault")
                return
            await fleet.pass_time(1)
        heard = {number: len(phone.inbox) for number, phone in street.phones.items()}
        await fleet.pass_time(CALM_S)
        new = {t.text for number, phone in street.phones.items() for t in list(phone.inbox)[heard[number] :]}
        self.broken += [*self._lost(), *self._unheard(new), *fleet.broken(), *judge.broken(fleet)]
        self.say(f"the end, {len(street.ledger.entries)} lines in the ledger")

    def _lost(self) -> list[str]:
        known = {row["key"] for row in self.fleet.rows("SELECT DISTINCT key FROM alert")}
        ids = {row["id"] for row in self.fleet.rows("SELECT id FROM message")}
        lost = [f"the alert {key} with a 2xx is lost" for key in sorted(self.promised - known)]
        return lost + [f"message {number} with a 2xx is lost" for number in self.texts if number not in ids]

    def _unheard(self, new: set[str]) -> list[str]:
        """Nobody to page is not an outcome: in calm, somebody hears of whatever is open, by itself or folded."""
        unheard = []
        for row in self.fleet.rows(OPEN):
            texts = {message["text"] for message in self.fleet.rows(PAGES, incident=row["id"])}
            if not new & (texts | {judge.MARK + text for text in texts}):
                words = f"incident {row['id']} (code {row['code']}) is open"
                unheard.append(f"{words} and nobody has heard of it in all the calm")
        return unheard
