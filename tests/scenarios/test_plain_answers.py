"""What a person reads who has been misunderstood: which Anna, what was handed over, what a `no` to a digest does."""

from __future__ import annotations

from pathlib import Path

from gatewayd.clock import SECOND
from gatewayd.model import Incoming
from tests.tale import PHONES, TEAM, Tale, policy, tell, weekly

DIGEST = '[[rules]]\nname = "small"\nseverities = ["warning"]\nzone = "Europe/London"\ndigest = "08:30"\n'
TWO_ANNAS = TEAM.replace('"anna"', '"asmith"').replace('"Anna"', '"Anna Smith"')
TWO_ANNAS = TWO_ANNAS.replace('"ben"', '"anovak"').replace('"Ben"', '"Anna Novak"')
MONDAY = "2026-11-23 08:00"


def test_of_two_people_called_anna_it_is_asked_which_one_is_to_take_over(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        tale.says("cara", "swap Anna 18:00")
        told = await tale.hears("cara", "More than one")
        assert told == "More than one is called Anna: Anna Smith, Anna Novak. Reply swap with the full name"
        for named in ("Anna Novak", "novak"):
            tale.says("cara", f"swap {named} 18:00")
            await tale.hears("cara", "and Anna Novak is asked to take NOC")
            await tale.pass_time(5)

    tell(tmp_path, story, policy("rota:noc 300"), weekly("cara"), people=TWO_ANNAS)


def test_ok_all_takes_what_was_told_at_the_hand_over_alone(tmp_path: Path) -> None:
    """Both waited for the digest, which Ben read before Anna came on duty."""

    async def story(tale: Tale) -> None:
        for disk in ("disk1", "disk2"):
            await tale.fault(disk, service=disk, severity="warning")
        await tale.hears("ben", "2 open: 10 disk1; 47 disk2", 2000)
        await tale.hears("anna", "Ben hands over: 2 open: 10, 47", 2000)
        tale.says("anna", "ok all")
        await tale.hears("anna", "10, 47 are yours")

    rota = weekly("anna", "ben")
    tell(tmp_path, story, policy("rota:noc 300", "backup:noc 300"), rota, DIGEST, at=MONDAY)


def test_no_to_what_a_digest_told_says_that_it_waits(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("disk1", severity="warning")
        await tale.hears("anna", "Open: 10 disk1", 2000)
        tale.says("anna", "no 10")
        assert await tale.hears("anna", "noted") == "10: noted. It waits, and pages nobody now"
        await tale.minutes(30)
        assert not tale.heard("ben")

    tell(tmp_path, story, policy("anna 300", "ben 300"), DIGEST, at=MONDAY)


def test_a_second_part_that_says_no_and_comes_late_is_answered(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("edge2")
        await tale.hears("anna", "Reply ok 10")
        stamp = tale.clock.now() // SECOND * SECOND

        async def part(number: int, words: str) -> None:
            where = (9, 8, 2, number)
            text = Incoming("modem1", "sim1", PHONES["anna"], False, words, stamp, f"0{number}", where)
            await tale.daemon.inbox.received(text)

        await part(1, "ok 10 looking at it in a moment ")
        await tale.hears("anna", "10 is yours", 60)
        await part(2, " sorry, no, I cannot, call Ben instead")
        await tale.hears("anna", "10 is with you already, so nobody else was paged")

    tell(tmp_path, story, policy("anna 300", "ben 300"))
