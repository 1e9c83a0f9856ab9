"""What happens in the demo: two alerts, told as they go, each judged by the street's ledger and the daemon's API."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from gatewayd.clock import pause
from gatewayd.demo.stage import (
    ANNA,
    ANNA_WAITS_S,
    BEN,
    CARA,
    COLUMNS,
    MARGIN,
    NAMES,
    PAGER,
    PAGER_WAITS_S,
    Stage,
    World,
    must,
)

WOKEN = {ANNA: "Anna's phone", BEN: "Ben's phone", CARA: "Cara's phone", PAGER: "Cara's pager"}
READS_S = 6.0  # a bare "ok" that comes sooner than a page can be read is asked back
PROMPT_S = 1.0  # what comes within it is not late

# Lines of the journal that say a second time what the line before or after them says.
_SPARED = {
    *("started", "token_added", "step_entered", "alert_resolved"),
    *("attempt_started", "attempt_accepted", "message_sent", "receipt"),
}


class Story:
    """One incident of the demo; what is waited for here has really happened, or NotSo."""

    def __init__(self, stage: Stage, w: World, incident: int) -> None:
        self.stage = stage
        self.w = w
        self.number = incident

    async def heard(self, words: str, *devices: str) -> dict[str, Any]:
        """Once one of the devices shows these words."""

        async def look() -> dict[str, Any] | None:
            for device in devices:
                if text := await self.w.newest(device, words):
                    return text | {"on": device}
            return None

        found = await self.stage.wait(f"{WOKEN[devices[0]]} shows '{words}'", look)
        way = found.get("modem")
        self.stage.say(f'{WOKEN[found["on"]]}{f", by {way}" if way else ""}: "{found["text"]}"')
        return dict(found)

    async def incident(self) -> dict[str, Any]:
        return dict(await self.w.gateway.get(f"/api/v1/incidents/{self.number}"))

    async def message(self, recipient: str) -> dict[str, Any] | None:
        """The incident's first text to that device."""
        found = (await self.incident())["messages"]
        return next((dict(m) for m in found if m["recipient"] == recipient), None)

    async def delivered(self, recipient: str) -> dict[str, Any]:
        async def look() -> dict[str, Any] | None:
            message = await self.message(recipient)
            return message if message and message["state"] == "delivered" else None

        return dict(await self.stage.wait(f"a delivery report for {WOKEN[recipient]}", look))

    async def booked(self, event: str, **having: object) -> dict[str, Any]:
        """The first such line of the street's ledger, once it is there."""

        async def look() -> dict[str, Any] | None:
            return next(iter(await self.lines(event, **having)), None)

        return dict(await self.stage.wait(f"the ledger says '{event}' of {having}", look))

    async def lines(self, event: str, **having: object) -> list[dict[str, Any]]:
        told = await self.w.ledger()
        return [e for e in told if e["event"] == event and all(e.get(key) == value for key, value in having.items())]

    async def must_be(self, state: str, by: str) -> None:
        told = await self.incident()
        must(told["state"] == state and told["acknowledged_by"] == by, f"the incident is {state}, and {by}'s")


async def night(stage: Stage, w: World) -> None:
    """Anna sleeps, Ben answers. Raises NotSo where it does not happen."""
    story = Story(stage, w, 1)
    stage.chapter("The first story: Anna sleeps on")
    await _who_has_it(stage, w)
    stage.say("the uplink of edge2 breaks. Alertmanager posts its webhook")
    await w.alert("edge2 uplink down", status="firing", service="network", key="a1b2c3d4e5f60718")
    stage.say("200: the alert is on disk")
    first = await story.heard("edge2 uplink down", ANNA)
    must(first["modem"] == "modem1", "Anna is texted by modem 1")
    await story.delivered(ANNA)
    stage.say("delivery report: Anna's phone has it. She sleeps on")
    stage.say(f"she has {ANNA_WAITS_S} seconds from the alert (minutes in real life)")
    second = await story.heard("edge2 uplink down", BEN)
    must(second["modem"] == "modem2", "Ben is texted by modem 2")
    await pause(READS_S)
    stage.say('Ben replies "ok"')
    await w.reply(BEN, "ok")
    await story.heard("is yours", BEN)
    await story.heard("taken by Ben", ANNA)
    await story.must_be("acknowledged", "ben")
    stage.say("acknowledged. Ben mends the uplink; Alertmanager posts that it is resolved")
    await w.alert("edge2 uplink down", status="resolved", service="network", key="a1b2c3d4e5f60718")
    await story.heard("cleared", ANNA)
    await story.heard("cleared", BEN)
    await story.must_be("resolved", "ben")
    for number, name in NAMES.items():
        wanted = 0 if number == CARA else 3
        accepted = await story.lines("accepted", to=number)
        must(len(accepted) == wanted, f"the network accepted {wanted} texts for {name}, not {len(accepted)}")
    stage.say("the network's ledger: three texts for Anna, three for Ben, none twice; Cara slept")


async def _who_has_it(stage: Stage, w: World) -> None:
    """The rota, and the rule of the night."""
    told = await w.gateway.get("/api/v1/oncall", service="network")
    noc, network = told["rotas"][0], told["service"]
    zone = ZoneInfo(noc["zone"])
    now, until = (datetime.fromisoformat(at).astimezone(zone) for at in (told["at"], noc["until"]))
    must(noc["person"] == "anna" and noc["backup"]["person"] == "ben", "Anna has the duty, and Ben stands behind her")
    stage.say(f"{now:%a %H:%M} in the office. Anna has {noc['title']} until {until:%a %d %b %H:%M}, then Ben:")
    rota = await w.gateway.get("/api/v1/rotas/noc", until="+2w", width=COLUMNS - MARGIN, ascii="true")
    print(*((" " * MARGIN + line).rstrip() for line in rota["picture"]), sep="\n", flush=True)
    must(network["rule"].startswith("rule 'by-night'"), "the rule of the night holds")
    steps = ", then ".join(step["people"][0]["by"] for step in network["steps"])
    stage.say(f"{network['rule']}: the network pages {steps}; by day, the whole team")


async def rush_hour(stage: Stage, w: World) -> None:
    """Cara's pager misses the page in the Tube, her SMS comes late, Anna is reached."""
    story = Story(stage, w, 2)
    stage.chapter("The second story: Cara is in the Tube")
    stage.say("Later, in the rush hour. Cara is on call for the database and wears a pager")
    stage.say("she sits in the Tube, where no radio comes")
    await w.pager_called_again([2.0])
    await w.tube(inside=True)
    stage.say("db1 stops. Alertmanager posts its webhook")
    await w.alert("db1 does not answer", status="firing", service="database", key="b1b2c3d4e5f60718")
    stage.say("200: the alert is on disk")
    page = await story.booked("accepted", to=PAGER)
    stage.say(f'the bureau "north" takes a page for her pager, and calls it: "{page["text"]}"')
    await story.delivered(PAGER)
    stage.say('the bureau reports "delivered": it was on the air. More a bureau cannot know')
    await story.booked("missed", id=page["id"])
    stage.say("it was on the air once more, and the pager heard nothing. Only an answer would count")
    sms = await story.booked("accepted", to=CARA)
    must(sms["modem"] == "modem2", "Cara is texted by modem 2")
    stage.say(
        f"{PAGER_WAITS_S} seconds without an answer: the same page goes to her phone, by modem2."
        " The network takes it and keeps it: her phone is in the Tube, too"
    )
    await story.heard("db1 does not answer", ANNA)
    must(not await w.texts(CARA) and not await w.texts(PAGER), "Cara knows nothing of it")
    await w.pager_called_again([4.0, 15.0])
    reply = f"ok {(await story.incident())['code']}"
    stage.say(f'no delivery report, no answer, so Anna is next. She replies "{reply}"')
    await w.reply(ANNA, reply)
    await story.heard("is yours", ANNA)
    stage.say("acknowledged. Cara's train comes to the surface")
    await w.tube(inside=False)
    late = await story.heard("db1 does not answer", CARA)
    arrival = await story.booked("delivered", id=sms["id"])
    stage.say(f"this SMS came {arrival['at'] - sms['at']:.0f} seconds late. The next text says who has it:")
    must(late["text"] == page["text"], "phone and pager were sent the same page")
    await story.heard("taken by Anna", PAGER, CARA)
    await story.must_be("acknowledged", "anna")
    await story.delivered(CARA)
    stage.say("Anna starts db1 again; Alertmanager posts that it is resolved")
    await w.alert("db1 does not answer", status="resolved", service="database", key="b1b2c3d4e5f60718")
    await story.heard("cleared: db1", ANNA)
    await story.heard("cleared: db1", PAGER, CARA)
    await story.must_be("resolved", "anna")
    await _judge_rush_hour(story, page["text"])


async def _judge_rush_hour(story: Story, page: str) -> None:
    """The page's course by the street's ledger, which no daemon can talk into anything."""
    told = await story.w.ledger()
    taken = [e for e in told if e["event"] == "accepted" and e["text"] == page]
    must(sorted(e["to"] for e in taken) == sorted([PAGER, CARA, ANNA]), "pager, Cara and Anna got one page each")
    stage, by_id = story.stage, {e["id"]: e for e in taken}
    stage.say("the street's ledger tells of that page:")
    at: dict[tuple[str, str], float] = {}
    for entry in told:
        first = by_id.get(entry.get("id"))
        if first is None or (words := _COURSE.get(entry["event"])) is None:
            continue
        at[entry["event"], first["to"]] = entry["at"]
        taker = "the bureau" if first.get("protocol") else f"the network, from {first['modem']},"
        words = words.format(taker=taker, device=WOKEN[first["to"]], times=entry.get("times"))
        stage.recount(entry["at"], words)
    must(("missed", PAGER) in at and ("shown", PAGER) not in at, "the pager missed the page and never showed it")
    must(at["delivered", ANNA] < at["delivered", CARA], "Anna was reached before Cara")
    must(at["delivered", CARA] - at["accepted", CARA] > PROMPT_S, "Cara's SMS came late")
    sent = [(e["to"], e["text"]) for e in told if e["event"] == "accepted" and e["from"] not in NAMES]
    must(len(sent) == len(set(sent)), "nothing was sent twice")
    must(not any(e["event"] == "violation" for e in told), "the bureau has nothing to complain about")


_COURSE = {
    "accepted": "- {taker} takes it for {device}",
    "aired": "- the bureau calls {device} ({times})",
    "missed": "- {device} has missed it",
    "delivered": "- {device} has it",
}


async def show_journal(stage: Stage, w: World) -> None:
    """Its chain must be whole; printed without what other lines say as well."""
    journal = await w.gateway.get("/api/v1/journal", limit=1000, verify="true")
    must(journal["chain"]["whole"], "the journal's chain is whole")
    lines = journal["lines"]
    stage.chapter("The journal")
    stage.say(f"{len(lines)} lines, the chain is whole. The course of both stories in it:")
    for line in lines:
        if line["event"] not in _SPARED:
            print(_told(line))


def _told(line: dict[str, Any]) -> str:
    words, facts = line["words"] or {}, line["facts"] or {}
    subject = f"text {line['message']}" if line["message"] else f"incident {line['incident']}"
    who = words.get("person") or words.get("by") or ""
    what = words.get("text") or facts.get("reason") or ""
    told = f"{line['at'][11:21]} {line['event']:21} {subject:10} {': '.join(w for w in (who, what) if w)}"
    return told if len(told) <= COLUMNS else told[: COLUMNS - 3] + "..."
