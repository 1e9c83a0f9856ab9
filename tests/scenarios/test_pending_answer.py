"""An answer that lay in the port when the daemon came back is for the text that was under way, and for no older one."""

from __future__ import annotations

from pathlib import Path

from gatewayd.channels.contract import LateAnswer, Receipt
from gatewayd.delivery.outcome import Accepted
from tests.house import ANNA, BEN, House, play


def test_the_answer_of_the_killed_send_does_not_settle_an_older_doubt(tmp_path: Path) -> None:
    """Its report was read first and has settled it: the answer is still its own."""

    async def story(house: House) -> None:
        house.street.fault(None, {"kind": "ok_only", "submitted": False, "times": 1})
        await house.post("/api/v1/messages", {"to": ANNA, "text": "never taken", "priority": "low"})
        await house.until(lambda: "message_in_doubt" in house.events(), 60)
        house.street.fault(None, {"kind": "no_answer", "submitted": True, "times": 1})
        house.street.fault(None, {"kind": "report", "when": "never", "times": 1})
        await house.pass_time(60)
        await house.post("/api/v1/messages", {"to": BEN, "text": "under way", "priority": "critical"})
        await house.until(lambda: house.street.ledger.accepted(to=BEN), 60)
        await house.crash()
        await house.wake()
        sim = house.daemon.store._peek.one("SELECT sim FROM attempt WHERE message_id = 2")["sim"]
        mr = str(house.street.ledger.accepted(to=BEN)[0]["mr"])
        inbox, now = house.daemon.inbox, house.clock.now()
        await inbox.receipt(Receipt("modem1", sim, mr, BEN, 0, now, now, raw=""))
        await inbox.late_answer(LateAnswer("modem1", sim, None, Accepted(mr)))
        await house.pass_time(10)
        assert (await house.message(2))["state"] == "delivered"
        assert (await house.message(1))["state"] == "in_doubt", "nobody has said anything of it"

    play(tmp_path, story, modems=1)
