"""One person with a phone by a modem, a pager by SMPP and one by TAP: each fails in turn, in each way that it can.

Whatever fails, it is one page: it goes on to the next device, one answer ends all of it, what waits still is withdrawn
or asked back, and no device shows twice what it has shown.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from hwsim.tap_lines import line_of

from tests.channels.smpp_street import tell as in_virtual_time
from tests.house import BEN, CARA
from tests.scenarios.test_bureau import PAGER, Office

TAP_PAGER = "0815"
WAIT_S = 120  # of each device
STEP_S = 900
DEVICES = {
    "phone": f'{{ number = "{BEN}", channel = "modem1", wait_s = {WAIT_S} }}',
    "smpp": f'{{ kind = "pager", number = "{PAGER}", channel = "north", wait_s = {WAIT_S} }}',
    "tap": f'{{ kind = "pager", number = "{TAP_PAGER}", channel = "south", wait_s = {WAIT_S} }}',
}
ORDERS = [("phone", "smpp", "tap"), ("smpp", "tap", "phone"), ("tap", "phone", "smpp")]
POLICY = f"""
default_policy = "default"
[[policies]]
name = "default"
repeat = 0
fallback = ["cara"]
[[policies.steps]]
page = ["ben"]
wait_s = {STEP_S}
"""
Fault = dict[str, object]

# What fails, and whether the first device has shown the page all the same.
FAULTS: dict[str, dict[str, tuple[Fault, bool]]] = {
    "phone": {
        "refused": ({"kind": "refuse", "cms": 21}, False),
        "not answered": ({"kind": "no_answer", "submitted": True}, True),
        "not answered, not taken": ({"kind": "no_answer", "submitted": False}, False),
        "no receipt": ({"kind": "lose"}, False),
        "sick": ({"kind": "hangup", "back_after_s": 400}, False),
    },
    "smpp": {
        "refused": ({"kind": "reject", "status": "RINVDSTADR"}, False),
        "not answered": ({"kind": "no_response", "submitted": True}, True),
        "not answered, not taken": ({"kind": "no_response", "submitted": False}, False),
        "no receipt": ({"kind": "lose_page"}, False),
        "sick": ({"kind": "drop", "back_after_s": 400, "refuse": True}, False),
        "throttled": ({"kind": "throttle"}, False),
        "queue full": ({"kind": "queue_full"}, False),
        "dropped": ({"kind": "drop_after_submit", "submitted": True}, True),
    },
    "tap": {
        "refused": ({"kind": "tap_rs", "code": 511}, False),
        "not answered": ({"kind": "tap_lose_ack"}, True),
        "not answered, not taken": ({"kind": "tap_lose_block"}, False),
        "no receipt": ({"kind": "tap_lose_page"}, False),
        "sick": ({"kind": "tap_silence", "at": "id"}, False),
        "engaged": ({"kind": "tap_engaged"}, False),
        "revoked": ({"kind": "tap_late_rs", "code": 511}, False),
        "cannot deliver now": ({"kind": "tap_rs", "code": 512}, False),
        "full": ({"kind": "tap_full", "code": 113}, False),
    },
}
CASES = [(order, how) for order in ORDERS for how in FAULTS[order[0]]]


class Desk(Office):
    """Ben alone is on duty, with three devices in this order."""

    def __init__(self, directory: Path, *, order: tuple[str, ...] = ORDERS[0]) -> None:
        super().__init__(directory, settings="recalls = true")
        begin = self.toml.index("[[people]]")
        end = self.toml.index("[[smpp]]")
        devices = ", ".join(DEVICES[kind] for kind in order)
        people = (
            f'[[people]]\nname = "ben"\nfull_name = "Ben"\ndevices = [{devices}]\n'
            f'[[people]]\nname = "cara"\nfull_name = "Cara"\ndevices = [{{ number = "{CARA}" }}]\n'
        )
        tap = f'[[tap]]\nname = "south"\nend = "unix:{directory}/tap"\nreopen_s_max = 30\n'
        toml = self.toml[:begin] + people + tap + self.toml[end:]
        self.toml = f'state_dir = "{directory}/state"\n{POLICY}' + toml[toml.index("[[modems]]") :]

    async def wake(self, *, modems_up: bool = True) -> None:
        if "south" not in self.street.bureaus:
            self.street.add_bureau("south")
            self.tap_pager = self.street.add_pager(TAP_PAGER, "Ben")
            terminal = self.street.terminals["south"]
            line = line_of(terminal, "tap1", f"unix:{self.directory}/tap")
            terminal.lines.append(line)
            await line.start()
        self._modems = 3
        await super().wake(modems_up=modems_up)

    def shows(self, kind: str) -> list[str]:
        """What this device has shown of the page."""
        device = {"phone": self.ben, "smpp": self.pager, "tap": self.tap_pager}[kind]
        return [str(text.text) for text in device.texts("edge2") if "CRITICAL" in str(text.text)]

    def fails(self, kind: str, fault: Fault) -> None:
        if kind == "phone":
            self.street.fault("modem1", fault)
        else:
            self.street.bureau_fault({"smpp": "north", "tap": "south"}[kind], fault)

    def mend(self) -> None:
        self.street.clear_faults("modem1")
        for bureau in ("north", "south"):
            self.street.clear_bureau_faults(bureau)

    async def answer(self, kinds: tuple[str, ...]) -> None:
        """By the first of these that has shown it and has a way back."""
        by = next(kind for kind in kinds if kind != "tap" and self.shows(kind))
        (self.ben if by == "phone" else self.pager).reply("ok")
        await self.until(lambda: "incident_acknowledged" in self.events(), 200)  # a modem may wait for its answer first

    async def pages(self) -> list[dict[str, Any]]:
        found = []
        number = 1
        while number <= int(self.daemon.store.peek(lambda r: r.one("SELECT MAX(id) AS n FROM message")["n"])):  # type: ignore[index]
            row = await self.message(number)
            if row["kind"] == "page" and row["person"] == "ben":
                found.append(row)
            number += 1
        return found


def tell(directory: Path, story: Callable[[Desk], Awaitable[None]], order: tuple[str, ...]) -> None:
    async def told() -> None:
        desk = Desk(directory, order=order)
        await desk.begin()
        try:
            await story(desk)
            assert not (broken := desk.broken()), "\n".join(broken)
        finally:
            await desk.end()

    in_virtual_time(told())


@pytest.mark.parametrize(("order", "how"), CASES, ids=[f"{order[0]} {how}" for order, how in CASES])
def test_a_first_device_that_fails(tmp_path: Path, order: tuple[str, ...], how: str) -> None:
    first, second, third = order
    fault, shown = FAULTS[first][how]

    async def story(desk: Desk) -> None:
        desk.fails(first, fault)
        await desk.alert()
        answerable = [kind for kind in order[1:] if kind != "tap"]
        await desk.until(lambda: any(desk.shows(kind) for kind in answerable), 3 * WAIT_S)
        await desk.answer(order)
        desk.mend()
        await desk.pass_time(STEP_S + 300)
        counts = {kind: len(desk.shows(kind)) for kind in order}
        assert counts[first] == int(shown), "what was shown is not shown again, what is answered is not sent"
        assert counts[second] == 1
        assert counts[third] == int(second == "tap"), "nothing goes on when it is answered"
        assert not desk.cara.texts("edge2"), "one page, one person, one step"
        incident = await desk.incident()
        assert (incident["state"], len(incident["pages"])) == ("acknowledged", 1)
        assert not [row for row in await desk.pages() if row["state"] in ("queued", "started")], "no copy waits"

    tell(tmp_path, story, order)


@pytest.mark.parametrize(
    ("how", "order"),
    list(zip(["refused", "not answered, not taken", "no receipt", "sick"], (*ORDERS, ORDERS[0]), strict=True)),
    ids=lambda one: one if isinstance(one, str) else one[0],
)
def test_two_that_fail_leave_it_to_the_third(tmp_path: Path, how: str, order: tuple[str, ...]) -> None:
    first, second, third = order

    async def story(desk: Desk) -> None:
        for kind in (first, second):
            desk.fails(kind, FAULTS[kind][how][0])
        await desk.alert()
        await desk.until(lambda: desk.shows(third), 4 * WAIT_S)
        await desk.post("/api/v1/incidents/1/ack", {"by": "ben"})
        desk.mend()
        await desk.pass_time(STEP_S + 300)
        assert [len(desk.shows(kind)) for kind in order] == [0, 0, 1]
        assert not desk.cara.texts("edge2")
        assert len((await desk.incident())["pages"]) == 1
        assert not [row for row in await desk.pages() if row["state"] in ("queued", "started")]

    tell(tmp_path, story, order)


def test_a_copy_that_the_bureau_keeps_is_asked_back(tmp_path: Path) -> None:
    """The pager by SMPP is out of coverage; the one by TAP and the phone have shown it."""

    async def story(desk: Desk) -> None:
        desk.pager.switch(on=False)
        await desk.alert()
        await desk.until(lambda: desk.shows("tap") and desk.shows("phone"), 4 * WAIT_S)
        await desk.answer(("phone",))
        await desk.until(lambda: desk.entries("deleted"), 30)
        desk.pager.switch(on=True)
        await desk.pass_time(STEP_S + 300)
        assert not desk.shows("smpp"), "it would be called for what is answered"
        assert [len(desk.shows(kind)) for kind in ("tap", "phone")] == [1, 1]

    tell(tmp_path, story, ORDERS[1])


@pytest.mark.parametrize("order", ORDERS, ids=[order[0] for order in ORDERS])
def test_nobody_answers_and_no_device_is_called_twice_in_a_step(tmp_path: Path, order: tuple[str, ...]) -> None:
    async def story(desk: Desk) -> None:
        await desk.alert()
        await desk.until(lambda: all(desk.shows(kind) for kind in order), 3 * WAIT_S)
        assert not desk.cara.texts("edge2")
        await desk.text(desk.cara, "edge2", STEP_S + 60)
        assert [len(desk.shows(kind)) for kind in order] == [1, 1, 1]

    tell(tmp_path, story, order)
