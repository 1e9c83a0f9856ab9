"""What happens at a firm in an ordinary month: numbers change hands, services are retired, a party is in a cellar."""

from __future__ import annotations

from pathlib import Path

from tests.tale import PHONES, Tale, person, policy, tell, weekly

BY = policy("anna 300", "ben 300")
ROTA = weekly("anna", "ben", start="2026-01-05")
ON_CALL = policy("rota:noc 300", "backup:noc 300")
SERVICE = '[[services]]\nname = "network"\npolicy = "core"\n'
CORE = policy("cara 300", "ben 300", name="core")
OFFICE = """
[[calendars]]
name = "office"
zone = "Europe/London"
holidays = "GB-ENG"
working = [{ days = "mon-fri", hours = "09:00-17:30" }]
[[rules]]
name = "by-day"
severities = ["critical"]
calendar = "office"
during = "working hours"
policy = "all"
"""
ALL = policy("anna ben cara 300", name="all")


async def reload(t: Tale, *changes: tuple[str, str]) -> None:
    """The file with each first written as the second."""
    for was, now in changes:
        assert was in t.toml, was
        t.toml = t.toml.replace(was, now)
    t.path.write_text(t.toml)
    assert (await t.post("/api/v1/admin/reload"))["reloaded"]


def test_who_takes_one_of_two_faults_of_one_minute_has_not_taken_the_other(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        first = await t.fault("edge2 down")
        await t.hears("anna", f"Reply ok {first}")
        t.says("anna", "ok")
        second = await t.fault("disk full", service="db")
        await t.hears("anna", f"{first} is yours")
        await t.hears("anna", f"Reply ok {second}")
        await t.minutes(4)
        assert t.silent("ben")
        await t.hears("ben", f"{second} CRITICAL db: disk full", 90)
        assert (await t.incident(1))["acknowledged_by"] == "anna"
        t.says("anna", "ok")
        await t.hears("anna", f"{second} is yours")
        await t.hears("ben", f"{second} taken by Anna")
        await t.minutes(30)
        assert len(t.heard("ben")) == 2

    tell(tmp_path, story, BY)


def test_two_who_swap_their_phones_answer_for_themselves(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        await t.fault("edge2 down")
        await t.hears("anna", "Reply ok 10")
        a, b = PHONES["anna"], PHONES["ben"]
        await reload(t, (a, "+440"), (b, a), ("+440", b))
        await t.hears("ben", "10 CRITICAL network: edge2 down", 60)  # the phone that is Anna's now
        t.says("ben", "ok 10")
        await t.hears("ben", "10 is yours")
        assert (await t.incident())["acknowledged_by"] == "anna"
        await t.minutes(20)
        assert not [words for words in t.heard("anna") if "again" in words]

    tell(tmp_path, story, BY)


def test_an_ok_from_the_phone_that_is_somebody_elses_now_is_not_the_old_owners(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        await t.fault("edge2 down")
        await t.hears("anna", "Reply ok 10")
        a, b = PHONES["anna"], PHONES["ben"]
        await reload(t, (a, "+440"), (b, a), ("+440", b))
        t.says("anna", "ok 10")  # Ben, who has this phone now and reads the page on it
        await t.hears("anna", "No incident of yours has code 10")
        assert (await t.incident())["state"] == "open"
        t.says("ben", "ok 10")
        await t.hears("ben", "10 is yours")
        assert (await t.incident())["acknowledged_by"] == "anna"

    tell(tmp_path, story, BY)


def test_on_a_bank_holiday_monday_the_duty_changes_hands_at_nine_and_the_new_one_is_paged_alone(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        before = await t.on_call()
        await t.wait_until("2026-05-25 09:01")
        after = await t.on_call()
        assert {before, after} == {"anna", "ben"}
        await t.hears(after, "You are on call")
        await t.wait_until("2026-05-25 10:00")
        await t.fault("edge2 down")
        await t.hears(after, "10 CRITICAL")
        await t.minutes(4)
        assert not t.heard("cara") and not t.heard(before, "CRITICAL")
        t.says(after, "ok")
        await t.wait_until("2026-05-26 10:00")
        code = await t.fault("core1 down", service="db")
        for who in ("anna", "ben", "cara"):
            await t.hears(who, f"{code} CRITICAL")

    tell(tmp_path, story, ON_CALL, ALL, ROTA, OFFICE, at="2026-05-25 08:50")


def test_a_service_that_leaves_the_file_with_its_policy_is_paged_to_its_end_as_it_began(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        await t.fault("edge2 down")
        await t.hears("cara", "10 CRITICAL network: edge2 down. Reply ok 10")
        await reload(t, (SERVICE, ""), (CORE, ""))
        await t.hears("ben", "10 CRITICAL network: edge2 down", 330)
        assert t.silent("anna")
        t.says("cara", "ok")
        await t.hears("cara", "10 is yours")
        code = await t.fault("edge3 down")
        await t.hears("anna", f"{code} CRITICAL network: edge3 down")
        await t.over("edge2 down")
        await t.hears("ben", "10 cleared")

    tell(tmp_path, story, BY, CORE, SERVICE)


def test_after_a_party_in_a_cellar_each_reads_what_still_holds_and_one_ok_is_enough(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        for who in PHONES:
            t.tube(who, inside=True)
        await t.fault("edge2 down")
        await t.fault("web slow", service="web")
        await t.over("web slow")
        await t.minutes(180)
        assert t.silent(*PHONES)
        for who in PHONES:
            t.tube(who, inside=False)
        await t.until(lambda: any(t.heard(who, "10 CRITICAL") for who in PHONES), 60 * 60)
        first = next(who for who in PHONES if t.heard(who, "10 CRITICAL"))
        await t.minutes(1)
        t.says(first, "ok 10")
        await t.hears(first, "10 is yours", 60)
        await t.minutes(60)
        for who in PHONES:
            assert len(t.heard(who, "CRITICAL")) <= 1, "not each text of three hours"
            assert not t.heard(who, "web slow")
        assert (await t.incident())["state"] == "acknowledged"

    tell(tmp_path, story, BY)


def test_what_somebody_took_before_a_holiday_comes_back_to_those_who_are_there(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        await t.fault("edge2 down")
        await t.hears("anna", "Reply ok 10")
        t.says("anna", "ok")
        await t.hears("anna", "10 is yours")
        await t.change(kind="absence", person="anna", since="now", until="+7d")
        await t.hears("ben", "10 CRITICAL network: edge2 down (again)", 8 * 3600)
        assert not t.heard("anna", "(again)")

    tell(tmp_path, story, BY)


def test_an_ok_that_crosses_the_hand_over_is_the_outgoing_ones_and_wakes_nobody_else(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        before = await t.on_call()
        after = "ben" if before == "anna" else "anna"
        await t.wait_until("2026-11-23 08:58:40")
        await t.fault("edge2 down")
        await t.hears(before, "Reply ok 10")
        await t.wait_until("2026-11-23 08:59:59")
        t.says(before, "ok")
        await t.hears(before, "10 is yours", 60)
        await t.minutes(10)
        assert (await t.incident())["acknowledged_by"] == before
        assert not t.heard(after, "CRITICAL network")
        told = t.heard(after, "You are on call")
        assert len(told) == 1 and "10" in told[0], "with what is open"

    tell(tmp_path, story, ON_CALL, ROTA, at="2026-11-23 08:50")


def test_what_pages_when_maintenance_begins_goes_on_and_what_the_work_breaks_waits_for_its_end(tmp_path: Path) -> None:
    window = '[[maintenance]]\nname = "w"\nservices = ["network"]\nzone = "Europe/London"\n'
    window += 'when = [{ days = "sun", hours = "04:15-05:00" }]\n'

    async def story(t: Tale) -> None:
        await t.fault("edge2 down")  # at 04:12
        await t.hears("anna", "10 CRITICAL")
        await t.wait_until("2026-11-22 04:16")
        code = await t.fault("edge3 down")
        await t.hears("ben", "10 CRITICAL", 180)
        t.says("ben", "ok 10")
        await t.hears("ben", "10 is yours")
        await t.wait_until("2026-11-22 04:59")
        assert not t.heard("anna", "edge3") and not t.heard("ben", "edge3")
        await t.hears("anna", f"{code} CRITICAL network: edge3 down", 120)

    tell(tmp_path, story, BY, window)


def test_in_a_firm_of_two_with_one_away_the_step_of_the_backup_costs_no_time(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        who = await t.on_call()
        other = "ben" if who == "anna" else "anna"
        await t.change(kind="absence", person=other, since="now", until="+7d")
        await t.fault("edge2 down")
        await t.hears(who, "10 CRITICAL")
        await t.hears("dan", "10 CRITICAL", 400)
        assert not t.heard(other, "CRITICAL")

    tell(tmp_path, story, ON_CALL, ROTA)


def test_whose_language_changes_reads_the_next_text_in_the_new_one(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        await t.fault("edge2 down")
        await t.hears("anna", "Reply ok 10")
        await reload(t, (person("anna"), person("anna") + 'language = "de"\n'))
        t.says("anna", "mach ich")
        assert "10" in await t.hears("anna", "deins")
        await t.over("edge2 down")
        await t.minutes(1)
        assert (await t.incident())["state"] == "resolved"

    tell(tmp_path, story, BY)


def test_a_rota_rewritten_while_it_pages_reaches_the_new_one_at_once_and_the_old_ones_ok_still_counts(
    tmp_path: Path,
) -> None:
    async def story(t: Tale) -> None:
        await t.fault("edge2 down")
        await t.hears("anna", "10 CRITICAL")
        await reload(t, ('people = ["anna"]', 'people = ["cara"]'))
        await t.hears("cara", "You are on call for NOC. Anna hands over: 1 open: 10", 60)
        await t.hears("cara", "10 CRITICAL", 60)
        t.says("anna", "ok")
        await t.hears("anna", "10 is yours")
        await t.hears("cara", "10 taken by Anna")
        await t.minutes(30)
        assert len(t.heard("cara", "10 CRITICAL")) == 1 and t.silent("ben", "dan")

    tell(tmp_path, story, policy("rota:noc 300", "ben 300"), weekly("anna"))


def test_a_service_in_other_letters_is_the_same_service(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        await t.fault("edge2 down", service="Network")
        await t.minutes(1)
        assert t.heard("cara", "10 CRITICAL") and t.silent("anna")

    tell(tmp_path, story, BY, CORE, SERVICE)
