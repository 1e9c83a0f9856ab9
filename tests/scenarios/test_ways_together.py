"""A SIM and two bureaus, a cheap and a dear one: cost, hours, limits, networks and trouble at the same time.

It is Wednesday, shortly before six in the afternoon in London.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hwsim.smpp_centre import Account
from hwsim.smpp_listener import Listener
from hwsim.street import Street

from gatewayd.clock import LoopClock
from tests import crash
from tests.channels.smpp_street import PASSWORD, tell
from tests.house import ANNA, BEN, CARA, EACH_ALONE, PEOPLE, House
from tests.scenarios.test_bureau import free_port

BEGAN = datetime(2026, 11, 25, 17, 55, tzinfo=UTC)
SIX = 300  # seconds from then
SENDERS = {"north": "60000", "south": "70000"}
OFFICE_HOURS = 'hours = ["mon-fri 08:00-18:00"]\nzone = "Europe/London"\n'
POLICY = """
default_policy = "default"
[[policies]]
name = "default"
fallback = ["cara"]
[[policies.steps]]
page = ["anna"]
wait_s = 600
[[policies.steps]]
page = ["ben"]
wait_s = 600
"""


def ways(*, north: str = "", south: str = "", modem: str = "") -> str:
    """The cheap one is slow, the dear one quick; the SIM costs more than both and is for whom only it reaches."""
    return (
        f'[[ways]]\nchannel = "north"\ncost = 0.01\nusual_s = 30\n{north}\n'
        f'[[ways]]\nchannel = "south"\ncost = 0.05\nusual_s = 2\n{south}\n'
        f'[[ways]]\nchannel = "modem1"\ncost = 0.2\nusual_s = 10\n{modem}\n'
    )


class Firm(House):
    """One modem and two bureaus that text any phone."""

    def __init__(
        self, directory: Path, *, plan: str, bureau: str = "", centre: dict[str, object] | None = None
    ) -> None:
        (directory / "password").write_text(PASSWORD)
        (directory / "password").chmod(0o600)
        self._ports = {name: free_port() for name in SENDERS}
        self._centre = centre or {}  # what is said of the cheap one
        bureaus = "".join(
            f'[[smpp]]\nname = "{name}"\nhost = "127.0.0.1"\nport = {self._ports[name]}\nsystem_id = "gateway"\n'
            f'password_file = "{directory}/password"\nsender = "{sender}"\nreopen_s_max = 2\n'
            f"any_phone = true\n{bureau}\n"
            for name, sender in SENDERS.items()
        )
        super().__init__(directory, modems=1, config=bureaus + plan, policy=POLICY, people=PEOPLE, began=BEGAN)

    async def begin(self) -> None:
        loop = asyncio.get_running_loop()
        self.clock = LoopClock(loop, epoch=self._began)
        self._tasks = crash.Tasks(loop)
        self.street = Street(7, wall=lambda: self.clock.now() / 1e6)
        self.street.add_modem("modem1", "+447700900001", end=f"unix:{self.directory}/m1")
        for name, sender in SENDERS.items():
            self.street.add_bureau(name)
            centre = self.street.centres[name]
            for key, value in self._centre.items() if name == "north" else ():
                setattr(centre.settings, key, value)
            centre.add_account(Account("gateway", PASSWORD, [sender]))
            centre.listeners.append(Listener(centre, f"tcp:{self._ports[name]}"))
        self.anna, self.ben, self.cara = (
            self.street.add_phone(number, name) for number, name in ((ANNA, "Anna"), (BEN, "Ben"), (CARA, "Cara"))
        )
        await self.street.start()
        self._modems = 3  # channels that come up
        await self.wake()

    async def send(self, text: str, priority: str = "low", *, to: str = ANNA, **more: Any) -> int:
        answer = await self.post("/api/v1/messages", {"to": to, "text": text, "priority": priority, **more})
        return int(answer["messages"][0]["id"])

    async def again(self) -> None:
        """Killed, and started on the same state."""
        await self.crash()
        await self.wake()

    def went(self, text: str) -> list[str]:
        """By which of them, in order, as the network says."""
        entries = [e for e in self.street.ledger.entries if e["event"] == "accepted" and text in str(e.get("text"))]
        return [str(e.get("bureau") or "modem1") for e in entries]

    async def gone(self, text: str, by: str, within_s: float = 60) -> None:
        await self.until(lambda: self.went(text), within_s)
        assert self.went(text) == [by]

    async def why(self, number: int) -> str:
        lines = (await self.get("/api/v1/journal", message=number))["lines"]
        return str(lines[0]["facts"]["why"])


def play(directory: Path, story: Callable[[Firm], Awaitable[None]], **settings: Any) -> None:
    async def told() -> None:
        firm = Firm(directory, **settings)
        await firm.begin()
        try:
            await story(firm)
            assert not (broken := firm.broken()), "\n".join(broken)
        finally:
            await firm.end()

    tell(told())


def test_of_two_open_bureaus_the_cheap_one_has_what_can_wait_and_the_quick_one_what_cannot(tmp_path: Path) -> None:
    async def story(firm: Firm) -> None:
        for priority in ("low", "normal", "high"):
            number = await firm.send(f"{priority} text", priority)
            await firm.gone(f"{priority} text", "north")
            assert "the cheapest of" in await firm.why(number)
        await firm.send("critical text", "critical")
        await firm.gone("critical text", "south")

    play(tmp_path, story, plan=ways())


def test_who_needs_it_sooner_than_the_cheap_one_brings_it_pays_for_the_dear_one(tmp_path: Path) -> None:
    """The cheap one needs ten minutes: that is within the patience of low, not of normal, nor of a short validity."""

    async def story(firm: Firm) -> None:
        await firm.send("can wait")
        await firm.send("cannot wait", "normal")
        await firm.send("ends soon", validity_s=300)
        for text, by in (("can wait", "north"), ("cannot wait", "south"), ("ends soon", "south")):
            await firm.gone(text, by)

    play(tmp_path, story, plan=ways().replace("usual_s = 30", "usual_s = 600"))


def test_what_the_cheap_one_would_bring_too_late_as_so_much_waits_there_goes_by_the_dear_one(tmp_path: Path) -> None:
    async def story(firm: Firm) -> None:
        for n in range(30):
            await firm.send(f"text {n:02}", "normal")
        await firm.until(lambda: all(firm.went(f"text {n:02}") for n in range(30)), 320)
        by = [firm.went(f"text {n:02}")[0] for n in range(30)]
        assert (by[0], by[-1]) == ("north", "south"), by
        assert by.count("north") > 5, by

    slow = ways().replace("usual_s = 30", "usual_s = 20")
    play(tmp_path, story, plan=slow, bureau="window = 1\n", centre={"latency_s": 20.0})


def test_the_cheap_one_closes_while_texts_wait_there(tmp_path: Path) -> None:
    """It is slow; at six they go by the dear one, none by the closed one, and in the morning it is cheap again."""

    async def story(firm: Firm) -> None:
        await firm.pass_time(SIX - 60)
        for n in range(12):
            await firm.send(f"text {n:02}")
        await firm.pass_time(SIX - firm.seconds)
        left = [n for n in range(12) if not firm.went(f"text {n:02}")]
        assert 6 < len(left) < 12
        await firm.until(lambda: all(firm.went(f"text {n:02}") for n in range(12)), 120)
        by = [firm.went(f"text {n:02}")[0] for n in range(12)]
        assert [by[n] for n in left].count("north") <= 1, "only what was on its way at six"
        assert set(by) == {"north", "south"}
        await firm.pass_time(13.5 * 3600)
        await firm.send("at half past seven")
        await firm.gone("at half past seven", "south")
        await firm.pass_time(1200)
        await firm.send("at ten to eight")
        await firm.pass_time(300)
        assert not firm.went("at ten to eight"), "it is there within the patience of low, and cheaper"
        await firm.gone("at ten to eight", "north", 900)

    play(tmp_path, story, plan=ways(north=OFFICE_HOURS), bureau="window = 1\n", centre={"latency_s": 20.0})


def test_low_waits_for_the_hours_of_the_cheap_one_and_critical_goes_by_the_dear_one_at_once(tmp_path: Path) -> None:
    """Also when the daemon is killed while it waits."""

    async def story(firm: Firm) -> None:
        low = await firm.send("the digest")
        await firm.send("the fire", "critical")
        await firm.send("the meeting", "high")
        await firm.gone("the fire", "south")
        await firm.gone("the meeting", "south")
        assert "its hours begin Wed 25 Nov 18:00" in (await firm.message(low))["reason"]
        await firm.again()
        await firm.pass_time(200)
        assert not firm.went("the digest")
        await firm.gone("the digest", "north", 120)
        assert (await firm.message(low))["cost"] == 0.01

    hours = 'hours = ["18:00-24:00"]\nzone = "Europe/London"\n'
    play(tmp_path, story, plan=ways(north=hours))


def test_the_cheap_one_is_sick_in_the_middle_and_has_the_work_again_when_it_is_well(tmp_path: Path) -> None:
    async def story(firm: Firm) -> None:
        for n in range(12):
            await firm.send(f"text {n:02}")
        await firm.until(lambda: len([n for n in range(12) if firm.went(f"text {n:02}")]) >= 4)
        firm.street.bureau_fault("north", {"kind": "drop", "back_after_s": 600, "refuse": True})
        await firm.until(lambda: all(firm.went(f"text {n:02}") for n in range(12)), 120)
        by = {firm.went(f"text {n:02}")[0] for n in range(12)}
        assert by == {"north", "south"}
        await firm.send("meanwhile")
        await firm.gone("meanwhile", "south")
        await firm.pass_time(660)
        await firm.send("afterwards")
        await firm.gone("afterwards", "north")

    play(tmp_path, story, plan=ways(), bureau="window = 1\n", centre={"latency_s": 2.0})


def test_a_cheap_one_that_throttles_for_an_hour_does_not_hold_texts_for_longer_than_their_patience(
    tmp_path: Path,
) -> None:
    async def story(firm: Firm) -> None:
        firm.street.bureau_fault("north", {"kind": "throttle"})
        await firm.send("high", "high")
        await firm.send("normal", "normal")
        await firm.send("critical", "critical")
        await firm.gone("critical", "south", 10)
        await firm.gone("high", "south", 150)
        await firm.gone("normal", "south", 330)

    play(tmp_path, story, plan=ways())


def test_a_spent_allowance_stays_spent_over_a_restart_and_a_critical_page_breaks_it(tmp_path: Path) -> None:
    """Eight in a quarter of an hour by the cheap one, which is the quick one too: two of them for what is critical."""

    async def story(firm: Firm) -> None:
        for n in range(3):
            await firm.send(f"early {n}", "normal")
            await firm.gone(f"early {n}", "north")
        await firm.again()
        for n in range(5):
            await firm.send(f"late {n}", "normal")
            await firm.until(lambda n=n: firm.went(f"late {n}"))
        by = [firm.went(f"late {n}")[0] for n in range(5)]
        assert "south" in by
        assert by == sorted(by), "once spent it stays so"
        await firm.again()
        await firm.send("and then", "normal")
        await firm.gone("and then", "south")
        for n in range(3):
            await firm.alert(f"core{n}", summary=f"core{n} down", service=f"core{n}")
            await firm.gone(f"core{n} down", "north", 30)
        await firm.pass_time(960)
        await firm.send("a quarter later", "normal")
        await firm.gone("a quarter later", "north")

    play(
        tmp_path,
        story,
        plan=ways(north="per_15_min = 8").replace("usual_s = 30", "usual_s = 1").replace("= 2\n", "= 40\n")
        + EACH_ALONE,
    )


def test_when_one_is_closed_and_the_other_spent_low_waits_for_whichever_is_sooner(tmp_path: Path) -> None:
    """The dear one has room again in a quarter of an hour; the cheap one opens in five minutes."""

    async def story(firm: Firm) -> None:
        for n in range(3):
            await firm.send(f"before {n}", "high")
            await firm.gone(f"before {n}", "south")
        await firm.send("the second")
        await firm.send("the third", "high")
        await firm.send("the fourth", "critical")
        await firm.gone("the fourth", "south")
        await firm.pass_time(120)
        assert not firm.went("the second")
        await firm.again()
        await firm.gone("the second", "north", 240)
        await firm.gone("the third", "north", 1)

    hours = 'hours = ["18:00-24:00"]\nzone = "Europe/London"\n'
    plan = ways(north=hours, south="per_15_min = 4", modem='hours = ["03:00-04:00"]')
    play(tmp_path, story, plan=plan)


BOUND = f'[[routes]]\nnumber = "{ANNA}"\nonly = ["modem1"]\nbecause = "that SIM\'s network"\n'


def test_a_page_for_a_sick_card_goes_to_the_next_person_and_never_by_a_bureau(tmp_path: Path) -> None:
    """Anna is reached by that SIM's network alone. The page for her waits, says why, and is told to Ben meanwhile."""

    async def story(firm: Firm) -> None:
        firm.street.fault("modem1", {"kind": "hangup", "back_after_s": 1500})
        await firm.until(lambda: set(firm.daemon.dispatch.up()) == {"north", "south"}, 120)
        await firm.alert()
        await firm.text(firm.ben, "edge2", 660)
        assert firm.went("edge2") == ["south"], "it is critical"
        assert not firm.anna.texts("edge2")
        text = await firm.send("and a text", to=ANNA, validity_s=7200)
        assert (await firm.message(text))["state"] == "queued"
        await firm.crash()
        await firm.wake(modems_up=False)
        firm.ben.reply("ok")
        await firm.until(lambda: "incident_acknowledged" in firm.events(), 60)
        await firm.pass_time(1500)
        assert firm.went("and a text") == ["modem1"]
        assert not [e for e in firm.went("CRITICAL") if e == "modem1"], "it was answered"

    play(tmp_path, story, plan=BOUND + ways())


def test_a_bound_number_and_a_closed_card(tmp_path: Path) -> None:
    """Its own hours hold as well: low waits for them, a page goes on at once, and nothing goes by what is open."""

    async def story(firm: Firm) -> None:
        low = await firm.send("she waits", to=ANNA)
        await firm.alert()
        await firm.text(firm.ben, "edge2", 30)
        assert "its hours begin" in (await firm.message(low))["reason"]
        await firm.gone("she waits", "modem1", SIX + 60)

    hours = 'hours = ["18:00-24:00"]\nzone = "Europe/London"\n'
    play(tmp_path, story, plan=BOUND + ways(modem=hours))


def test_a_prefix_that_the_cheap_one_may_not_carry_and_the_dear_one_has_spent(tmp_path: Path) -> None:
    """What is left is the SIM, although it costs the most."""

    async def story(firm: Firm) -> None:
        await firm.send("one", to=BEN)
        await firm.gone("one", "south")
        await firm.send("two", to=BEN)
        await firm.send("three", to=BEN)
        await firm.until(lambda: firm.went("two") and firm.went("three"))
        assert firm.went("three") == ["modem1"]
        assert "north" not in firm.went("two")

    rule = f'[[routes]]\nnumber = "{BEN}"\nnever = ["north"]\n'
    play(tmp_path, story, plan=rule + ways(south="per_hour = 2"))


def test_two_of_the_same_cost_share_until_one_closes(tmp_path: Path) -> None:
    async def story(firm: Firm) -> None:
        for n in range(12):
            await firm.send(f"before {n:02}")
        await firm.until(lambda: all(firm.went(f"before {n:02}") for n in range(12)), 60)
        assert {firm.went(f"before {n:02}")[0] for n in range(12)} == {"north", "south"}
        await firm.pass_time(SIX)
        for n in range(12):
            await firm.send(f"after {n:02}")
        await firm.until(lambda: all(firm.went(f"after {n:02}") for n in range(12)), 120)
        assert {firm.went(f"after {n:02}")[0] for n in range(12)} == {"south"}

    plan = ways(north=OFFICE_HOURS).replace("cost = 0.05", "cost = 0.01").replace("usual_s = 30", "usual_s = 2")
    play(tmp_path, story, plan=plan, bureau="window = 1\n", centre={"latency_s": 1.0})


def test_a_budget_that_is_spent_at_the_cheap_one_moves_what_waits_there_and_survives_a_restart(tmp_path: Path) -> None:
    async def story(firm: Firm) -> None:
        for n in range(3):
            await firm.send(f"paid {n}")
            await firm.gone(f"paid {n}", "north")
        await firm.again()
        await firm.send("beyond")
        await firm.gone("beyond", "south")
        await firm.send("beyond, urgent", "critical", to=BEN)
        await firm.gone("beyond, urgent", "north")

    plan = ways(north="budget_parts = 3").replace("usual_s = 30", "usual_s = 1")
    play(tmp_path, story, plan=plan)


def test_a_page_that_is_not_critical_does_not_wait_for_the_hours_of_the_cheap_one_either(tmp_path: Path) -> None:
    """A text would; a page goes by what is open, and to its first person."""

    async def story(firm: Firm) -> None:
        await firm.pass_time(60)
        for severity in ("warning", "error"):
            await firm.alert(severity, severity=severity, summary=f"a {severity}", service=severity)
            await firm.gone(f"a {severity}", "south", 30)
            assert firm.anna.texts(f"a {severity}")
        assert "page_unreachable" not in firm.events()

    hours = 'hours = ["18:00-24:00"]\nzone = "Europe/London"\n'
    play(tmp_path, story, plan=ways(north=hours) + EACH_ALONE)


def test_a_page_does_not_wait_for_the_allowance_of_the_cheap_one(tmp_path: Path) -> None:
    async def story(firm: Firm) -> None:
        await firm.send("before", to=BEN)
        await firm.gone("before", "north")
        await firm.pass_time(700)  # it has room in 200 s, which is within the patience of a warning
        await firm.alert(severity="warning")
        await firm.gone("edge2", "south", 30)
        assert firm.anna.texts("edge2")

    play(tmp_path, story, plan=ways(north="per_15_min = 1"))


def test_a_network_that_a_rule_names(tmp_path: Path) -> None:
    """By the SIM of that network although it is the dearest; when the modem is killed it waits, also over a restart."""

    async def story(firm: Firm) -> None:
        await firm.send("one")
        await firm.gone("one", "modem1")
        firm.street.fault("modem1", {"kind": "hangup", "back_after_s": 900})
        await firm.until(lambda: set(firm.daemon.dispatch.up()) == {"north", "south"}, 120)
        await firm.send("two")
        await firm.send("three", "critical")
        await firm.crash()
        await firm.wake(modems_up=False)
        await firm.pass_time(600)
        assert not firm.went("two")
        assert not firm.went("three")
        await firm.gone("two", "modem1", 600)
        await firm.gone("three", "modem1", 60)

    play(tmp_path, story, plan=BOUND.replace('"modem1"', '"network:Street Mobile"') + ways())
