"""One call to a team's group number: a bureau with pagers that share it, people with pagers and phones."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from hwsim.smpp_centre import Account
from hwsim.smpp_listener import Listener
from hwsim.street import Street
from hwsim.tap_lines import line_of

from gatewayd.clock import LoopClock
from gatewayd.store import journal
from gatewayd.web.client import ClientError
from tests import crash
from tests.channels.smpp_street import PASSWORD, tell
from tests.house import ANNA, BEN, CARA, EPOCH, House
from tests.scenarios.test_bureau import free_port

DAVE = "+447700900114"
PAGER_OF = {"anna": "4711", "ben": "4712", "dave": "4714"}
GROUP = "4999"
OURS = "60000"
DOOR = "+447700900001"  # the number of our modem


def people(*names: str) -> str:
    """Anna and Ben have a pager and a phone, Cara a phone only."""
    phones = {"anna": ANNA, "ben": BEN, "cara": CARA, "dave": DAVE}
    found = []
    for name in names:
        pager = f'{{ kind = "pager", number = "{PAGER_OF[name]}", channel = "north" }}, ' if name in PAGER_OF else ""
        devices = f'devices = [{pager}{{ number = "{phones[name]}" }}]'
        found.append(f'[[people]]\nname = "{name}"\nfull_name = "{name.capitalize()}"\n{devices}\n')
    return "".join(found)


def team(*names: str) -> str:
    members = ", ".join(f'"{name}"' for name in names)
    office = '[[teams]]\nname = "office"\nmembers = ["cara"]\n'
    return (
        f'{office}[[teams]]\nname = "noc"\nmembers = [{members}]\ngroup = {{ number = "{GROUP}", channel = "north" }}\n'
    )


POLICY = """
default_policy = "default"
[[policies]]
name = "default"
fallback = ["cara"]
[[policies.steps]]
page = ["team:noc"]
wait_s = 900
"""


class Team(House):
    """One modem, one bureau by SMPP or TAP, and a team that wears its pagers."""

    def __init__(self, directory: Path, *, names: tuple[str, ...] = ("anna", "ben", "cara"), tap: bool = False,
                 two_way: bool = False, kind: str = "alpha", seed: int = 7, settings: str = "") -> None:  # fmt: skip
        (directory / "password").write_text(PASSWORD)
        (directory / "password").chmod(0o600)
        self._port, self.tap = free_port(), tap
        self._seed = seed
        self._pagers = {"two_way": two_way, "kind": kind}
        bureau = (
            f'[[tap]]\nname = "north"\nend = "unix:{directory}/tap"\n{settings}\n'
            if tap
            else f'[[smpp]]\nname = "north"\nhost = "127.0.0.1"\nport = {self._port}\nsystem_id = "gateway"\n'
            f'password_file = "{directory}/password"\nsender = "{OURS}"\nreopen_s_max = 2\n{settings}\n'
        )
        everybody = people(*dict.fromkeys((*names, "cara")))
        super().__init__(directory, modems=1, config=bureau, policy=POLICY + team(*names), people=everybody)

    async def begin(self) -> None:
        loop = asyncio.get_running_loop()
        self.clock = LoopClock(loop, epoch=EPOCH)
        self._tasks = crash.Tasks(loop)
        self.street = Street(self._seed, wall=lambda: self.clock.now() / 1e6)
        self.street.add_modem("modem1", DOOR, end=f"unix:{self.directory}/m1")
        self.street.add_bureau("north")
        if self.tap:
            terminal = self.street.terminals["north"]
            terminal.lines.append(line_of(terminal, "tap1", f"unix:{self.directory}/tap"))
        else:
            north = self.street.centres["north"]
            north.add_account(Account("gateway", PASSWORD, [OURS]))
            north.listeners.append(Listener(north, f"tcp:{self._port}"))
        self.anna, self.ben, self.cara, self.dave = (
            self.street.add_phone(number, name)
            for number, name in ((ANNA, "Anna"), (BEN, "Ben"), (CARA, "Cara"), (DAVE, "Dave"))
        )
        self.pagers = {name: self.street.add_pager(number, name, **self._pagers) for name, number in PAGER_OF.items()}
        self.street.add_group(GROUP, list(PAGER_OF.values()))
        await self.street.start()
        self._modems = 2  # channels that come up
        await self.wake()

    def taken(self, to: str = "") -> list[str]:
        """Texts that the bureau took, for that number or all."""
        return [
            entry["text"]
            for entry in self.street.ledger.entries
            if entry["event"] == "accepted" and entry.get("protocol") in ("smpp", "tap") and to in ("", entry["to"])
        ]

    async def shown(self, *names: str, contains: str = "edge2", within_s: float = 60.0) -> None:
        await self.until(lambda: all(self.pagers[name].texts(contains) for name in names), within_s)

    async def acknowledged(self) -> None:
        await self.until(lambda: "incident_acknowledged" in self.events())

    def pages(self, phone: Any) -> list[str]:
        """Pages, not what is told afterwards."""
        return [text.text for text in phone.texts("Reply ok")]


def play(
    directory: Path,
    story: Callable[[Team], Awaitable[None]],
    *,
    calm: bool = True,
    house: Callable[..., Team] | None = None,
    **settings: Any,
) -> None:
    """`calm`: the bureau has nothing to complain of; in bad weather it complains of silences that it made itself."""

    async def told() -> None:
        team = (house or Team)(directory, **settings)
        await team.begin()
        try:
            await story(team)
            assert not (broken := team.broken()), "\n".join(broken)
            violations = [entry for entry in team.street.ledger.entries if entry["event"] == "violation"]
            assert not (calm and violations), "\n".join(map(str, violations))
        finally:
            await team.end()

    tell(told())


@pytest.mark.parametrize("tap", [False, True], ids=["smpp", "tap"])
def test_one_call_reaches_both_pagers_and_a_bare_ok_by_phone_ends_it(tmp_path: Path, tap: bool) -> None:
    async def story(house: Team) -> None:
        await house.alert()
        await house.shown("anna", "ben")
        assert len(house.taken()) == 1
        assert house.taken(GROUP)[0].startswith("10 CRITICAL network: edge2 uplink down")
        await house.text(house.cara, "edge2")
        house.ben.send(DOOR, "ok")
        await house.acknowledged()
        incident = await house.incident()
        assert incident["acknowledged_by"] == "ben"
        assert {page["person"]: page["state"] for page in incident["pages"]}["ben"] == "reached"
        await house.text(house.ben, "10 is yours")
        await house.text(house.cara, "taken by Ben")
        await house.until(lambda: house.pagers["anna"].texts("taken by Ben"))
        await house.pass_time(1000)
        assert not house.pages(house.anna)
        assert not house.pages(house.ben)
        assert house.pagers["ben"].texts("taken") == [], "who took it is not told so by the pager of the other"

    play(tmp_path, story, tap=tap)


def test_any_member_may_take_it_over_the_api(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        await house.alert()
        await house.shown("anna", "ben")
        await house.post("/api/v1/incidents/1/ack", {"by": "anna"})
        await house.until(lambda: house.pagers["ben"].texts("taken by Anna"))
        await house.pass_time(1000)
        assert not house.pages(house.anna) + house.pages(house.ben)

    play(tmp_path, story)


@pytest.mark.parametrize("tap", [False, True], ids=["smpp", "tap"])
def test_without_an_answer_phones_ring_but_no_pager_again(tmp_path: Path, tap: bool) -> None:
    async def story(house: Team) -> None:
        await house.alert()
        await house.shown("anna", "ben")
        await house.text(house.anna, "edge2", 150)
        await house.text(house.ben, "edge2")
        await house.pass_time(500)
        assert len(house.taken()) == 1
        assert len(house.pages(house.anna)) == len(house.pages(house.ben)) == 1
        house.anna.reply("ok")
        await house.acknowledged()

    play(tmp_path, story, tap=tap)


def test_a_call_that_the_bureau_refuses_is_made_up_for_by_their_own_pagers_at_once(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        house.street.bureau_fault("north", {"kind": "reject", "status": "RINVDSTADR", "to": GROUP})
        await house.alert()
        await house.until(lambda: len(house.taken()) == 2, 30)
        assert len(house.taken(PAGER_OF["anna"])) == len(house.taken(PAGER_OF["ben"])) == 1
        await house.text(house.anna, "edge2", 150)

    play(tmp_path, story)


def test_a_terminal_that_takes_the_call_back_at_its_end_has_not_shown_it(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        house.street.bureau_fault("north", {"kind": "tap_late_rs", "code": 511, "to": GROUP})
        await house.alert()
        await house.shown("anna", "ben")
        shown = house.pagers["anna"].texts("edge2") + house.pagers["ben"].texts("edge2")
        assert all(text.group is None for text in shown)

    play(tmp_path, story, tap=True)


def test_a_bureau_that_is_down_does_not_keep_them_from_being_reached(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        house.street.bureau_fault("north", {"kind": "drop", "back_after_s": 1000, "refuse": True})
        await house.pass_time(5)
        await house.alert()
        await house.text(house.anna, "edge2", 30)
        await house.text(house.ben, "edge2", 30)
        await house.pass_time(1100)
        assert len(house.pages(house.anna)) == 2, "by her phone in each round"
        assert not house.taken(), "their phones have shown what waited for the pagers"

    play(tmp_path, story)


def test_an_ok_while_the_call_still_waits_takes_it_back(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        house.street.bureau_fault("north", {"kind": "throttle"})
        await house.alert()
        await house.text(house.cara, "edge2")
        await house.pass_time(30)
        house.cara.reply("ok")
        await house.acknowledged()
        await house.pass_time(30)
        house.street.clear_bureau_faults("north")
        await house.pass_time(600)
        assert not [text for text in house.taken() if "Reply ok" in text]

    play(tmp_path, story)


def test_what_the_bureau_still_keeps_is_taken_back_there(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        house.street.bureaus["north"].settings.air_delay_s = 60.0
        await house.alert()
        await house.until(lambda: house.taken(GROUP))
        await house.text(house.cara, "edge2")
        house.cara.reply("ok")
        await house.acknowledged()
        await house.pass_time(300)
        assert not any(house.pagers[name].texts("Reply ok") for name in house.pagers)

    play(tmp_path, story, settings="recalls = true")


def test_several_whom_one_call_woke_are_told_by_one_call(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        await house.alert()
        await house.shown("anna", "ben", "dave")
        house.dave.send(DOOR, "ok")
        await house.acknowledged()
        await house.shown("anna", "ben", contains="10 taken by Dave")
        assert len(house.taken()) == 2
        await house.alert(status="resolved")
        await house.shown("anna", "ben", contains="10 cleared")
        await house.pass_time(60)
        assert len(house.taken()) == 3
        texts = (await house.incident())["messages"]
        assert [(m["kind"], m["person"]) for m in texts if m["device"] == "group"] == [
            ("page", "team:noc"),
            ("taken", "team:noc"),
            ("cleared", "team:noc"),
        ]
        assert [text.text for text in house.pagers["anna"].inbox] == house.taken()

    play(tmp_path, story, names=("anna", "ben", "dave"))


def test_a_two_way_pager_answers_for_its_wearer_and_an_echo_of_the_call_is_not_answered(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        await house.alert()
        await house.shown("anna", "ben")
        house.pagers["anna"].reply(house.taken(GROUP)[0])
        await house.until(lambda: "answer_withheld" in house.events())
        assert (await house.incident())["state"] == "open"
        house.pagers["ben"].reply("ok")
        await house.acknowledged()
        assert (await house.incident())["acknowledged_by"] == "ben"
        await house.shown("ben", contains="10 is yours")

    play(tmp_path, story, two_way=True)


def test_pagers_that_show_digits_get_the_code_and_nothing_that_would_look_like_another_page(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        await house.post("/api/v1/people/team:noc/test-page")
        await house.shown("anna", "ben", "dave", contains="000")
        await house.alert()
        await house.shown("anna", "ben", "dave", contains="10")
        house.dave.send(DOOR, "ok")
        await house.acknowledged()
        for phone in (house.anna, house.ben):
            await house.text(phone, "10 taken by Dave")
        await house.alert(status="resolved")
        for phone in (house.anna, house.ben):
            await house.text(phone, "10 cleared")
        await house.pass_time(60)
        assert [shown.text for shown in house.pagers["anna"].inbox] == ["000", "10"]
        await house.post("/api/v1/people/anna/test-page")
        await house.until(lambda: len(house.pagers["anna"].texts("000")) == 2)
        await house.text(house.anna, "Test page 2 for Anna")

    settings = 'numeric_pagers = ["4*"]'
    play(tmp_path, story, names=("anna", "ben", "dave"), tap=True, kind="numeric", settings=settings)


def test_when_it_gets_worse_the_group_is_called_again(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        await house.alert(severity="error")
        await house.shown("anna", "ben", contains="ERROR")
        house.ben.send(DOOR, "ok")
        await house.acknowledged()
        await house.pass_time(60)
        await house.alert(severity="critical")
        await house.shown("anna", "ben", contains="CRITICAL")
        assert len(house.taken(GROUP)) == 2
        await house.text(house.anna, "CRITICAL", 200)
        assert len(house.taken(GROUP)) == 2

    play(tmp_path, story)


def test_nobody_answers_and_the_group_is_called_again_and_again(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        await house.alert()
        await house.pass_time(4000)
        calls = house.taken(GROUP)
        assert 3 <= len(calls) <= 5
        assert not house.taken(PAGER_OF["anna"]), "each time the call was shown, so her own pager is never called"
        assert len(house.pages(house.anna)) == len(calls)
        house.anna.reply("ok")
        await house.acknowledged()

    play(tmp_path, story)


def test_the_books_name_the_call_and_whom_it_was_for(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        await house.alert()
        await house.shown("anna", "ben")
        await house.until(lambda: "message_delivered" in house.events())
        incident = await house.incident()
        assert {page["person"]: page["state"] for page in incident["pages"]} == {
            "anna": "reached", "ben": "reached", "cara": "reached",
        }  # fmt: skip
        number = next(m["id"] for m in incident["messages"] if m["device"] == "group")
        assert [page["person"] for page in (await house.message(number))["pages"]] == ["anna", "ben"]
        (line,) = [row for row in house.daemon.store.peek(journal.rows, limit=1000) if row["event"] == "group_called"]
        assert (line["incident_id"], line["message_id"]) == (1, number)
        (told,) = [
            row for row in (await house.get("/api/v1/journal", incident=1))["lines"] if row["event"] == "group_called"
        ]
        assert told["words"] == {"team": "noc", "people": "anna, ben"}
        assert told["facts"]["reason"] == "opened"

    play(tmp_path, story)


def test_a_test_page_to_the_group_is_one_call(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        answer = await house.post("/api/v1/people/team:noc/test-page")
        assert len(answer["messages"]) == 1
        await house.shown("anna", "ben", contains="Test page 1 for noc")
        assert len(house.taken()) == 1
        for name, status in (("team:dc", 404), ("team:office", 409)):
            with pytest.raises(ClientError) as refused:
                await house.post(f"/api/v1/people/{name}/test-page")
            assert refused.value.status == status

    play(tmp_path, story)


def test_the_hour_of_the_group_is_its_own_and_when_it_is_used_up_their_own_pagers_are_called(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        for number in range(2):
            await house.alert(f"edge{number}/link", severity="error", summary=f"edge2 fault {number}")
        await house.until(lambda: len(house.taken(GROUP)) == 1)
        await house.until(lambda: len(house.taken(PAGER_OF["anna"])) == len(house.taken(PAGER_OF["ben"])) == 1)
        assert "message_held" in house.events()

    play(tmp_path, story, settings="per_recipient_per_hour = 2")


def test_a_crash_while_the_answer_is_awaited_leaves_one_doubt_that_the_receipt_settles(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        house.street.centres["north"].settings.latency_s = 20.0
        house.street.centres["north"].settings.receipt_delay_s = 40.0
        await house.alert()
        await house.until(lambda: "attempt_started" in house.events() and house.taken(GROUP), 40)
        await house.crash()
        await house.wake()
        await house.pass_time(100)
        assert len(house.taken(GROUP)) == 1
        assert [m["state"] for m in (await house.incident())["messages"] if m["device"] == "group"] == ["delivered"]
        assert not house.taken(PAGER_OF["anna"])

    play(tmp_path, story)


def test_a_group_that_leaves_the_configuration_leaves_people_behind_who_are_reached(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        await house.alert()
        await house.shown("anna", "ben")
        without = house.toml.replace(f'group = {{ number = "{GROUP}", channel = "north" }}\n', "")
        house.path.write_text(without)
        await house.post("/api/v1/admin/reload")
        await house.text(house.anna, "edge2", 200)
        await house.text(house.ben, "edge2", 200)
        assert len(house.taken()) == 1
        house.anna.reply("ok")
        await house.acknowledged()
        await house.text(house.ben, "taken by Anna")  # on what woke him

    play(tmp_path, story)


@pytest.mark.parametrize("tap", [False, True], ids=["smpp", "tap"])
@pytest.mark.parametrize("seed", range(2))
def test_in_bad_weather_everybody_is_reached_and_one_ok_ends_it(tmp_path: Path, seed: int, tap: bool) -> None:
    async def story(house: Team) -> None:
        house.street.bureau_fault("north", {"kind": "weather", "probability": 0.15})
        for number in range(4):
            await house.alert(f"edge{number}/link", summary=f"edge{number} uplink down")
            await house.pass_time(100)
        await house.pass_time(800)
        for number in range(4):
            words = f"edge{number} uplink down"
            for name, phone in (("anna", house.anna), ("ben", house.ben)):
                assert house.pagers[name].texts(words) or phone.texts(words), f"{name} does not know of {words}"
        house.anna.reply("ok all")
        await house.until(lambda: house.events().count("incident_acknowledged") == 4)
        await house.pass_time(1000)

    play(tmp_path, story, tap=tap, seed=seed, calm=False)
