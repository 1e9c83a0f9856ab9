"""Rotas at the HTTP door: who is on call, the weeks ahead, the feed, and what changes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest

from tests.web.front import Front

WEEK = {"since": "2027-02-01 09:00", "until": "2027-02-08 09:00"}  # Anna's, on the clock of London


async def oncall(house: Front, at: str, **more: str) -> Any:
    asked = "&".join(f"{name}={word}" for name, word in {"at": at, **more}.items())
    status, answer, _ = await house.ask("GET", f"/api/v1/oncall?{asked}", token="reader")
    assert status == 200, answer
    return answer


async def change(house: Front, body: dict[str, str], *, token: str = "planner") -> tuple[int, Any]:
    status, answer, _ = await house.ask("POST", "/api/v1/changes", body, token=token)
    return status, answer


async def test_who_is_on_call_and_why_and_until_when(house: Front) -> None:
    answer = await oncall(house, "2027-02-03T12:00Z")
    noc, sun = answer["rotas"]
    assert (noc["rota"], noc["person"], noc["why"], noc["layer"]) == ("noc", "anna", "their turn in 'weeks'", "weeks")
    assert (noc["until"], noc["next"], noc["shadows"]) == ("2027-02-08T09:00:00.000Z", "ben", ["dora"])
    assert noc["backup"]["person"] == "ben"
    assert (sun["person"], sun["source"], sun["backup"], sun["until"]) == ("cara", "fallback", None, None)
    assert answer["service"] is None


async def test_a_time_without_a_zone_is_one_of_the_rota(house: Front) -> None:
    before, after = [await oncall(house, at, rota="noc") for at in ("2027-07-05 08:59", "2027-07-05 09:00")]
    assert [before["at"], after["at"]] == ["2027-07-05T07:59:00.000Z", "2027-07-05T08:00:00.000Z"]
    assert [before["rotas"][0]["person"], after["rotas"][0]["person"]] == ["ben", "anna"]


async def test_for_a_service_each_step_says_whom_it_would_page(house: Front) -> None:
    answer = await oncall(house, "2027-02-03T12:00Z", service="network")
    assert [rota["rota"] for rota in answer["rotas"]] == ["noc"]
    service = answer["service"]
    assert (service["listed"], service["policy"], service["repeat"]) == (True, "duty", 1)
    first, second = service["steps"]
    assert first["people"] == [{"person": "anna", "by": "rota:noc", "why": "their turn in 'weeks'"}]
    assert [(p["person"], p["by"]) for p in second["people"]] == [("ben", "backup:noc"), ("dora", "dora")]
    assert [p["person"] for p in service["fallback"]] == ["anna", "ben"]
    other = await oncall(house, "now", service="netwrok")
    assert (other["service"]["listed"], other["service"]["policy"]) == (False, "default")


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ("at=soon", "at", "is no time; write it as 2026-12-24 17:00"),
        ("rota=nok", "rota", "there is no rota 'nok'; did you mean 'noc'?"),
        ("when=now", "when", "there is no field 'when'"),
    ],
)
async def test_what_is_asked_wrongly_names_its_field(house: Front, query: str, field: str, words: str) -> None:
    status, answer, _ = await house.ask("GET", f"/api/v1/oncall?{query}", token="reader")
    assert status == 400
    assert answer["error"]["fields"][0]["field"] == field
    assert words in answer["error"]["message"]


async def test_a_rota_shows_its_spans_its_holes_and_who_carries_the_load(house: Front) -> None:
    _, listed, _ = await house.ask("GET", "/api/v1/rotas", token="reader")
    assert [(r["name"], r["people"], r["gaps"]) for r in listed["rotas"]] == [
        ("noc", ["anna", "ben"], False),
        ("sun", ["cara"], True),
    ]
    path = "/api/v1/rotas/noc?since=2027-02-01&until=2027-02-28&width=80&ascii=true"
    _, noc, _ = await house.ask("GET", path, token="reader")
    assert [span["person"] for span in noc["spans"]] == ["ben", "anna", "ben", "anna", "ben"]
    assert noc["until"] == "2027-03-01T00:00:00.000Z"
    assert noc["holes"] == []
    (month,) = noc["figures"]["months"]
    assert month["month"] == "2027-02"
    assert {p["person"]: p["hours"] for p in month["people"]} == {"ben": 336.0, "anna": 336.0}
    assert [share["hours"] for share in noc["figures"]["shares"]] == [1.0, 1.0]
    assert noc["picture"][0].startswith("Network operations, Europe/London")
    assert "\n".join(noc["picture"]).isascii()
    _, sun, _ = await house.ask("GET", "/api/v1/rotas/sun?since=2027-02-01T00:00Z&until=%2B1d", token="reader")
    assert [hole["since"] for hole in sun["holes"]] == ["2027-02-01T07:00:00.000Z"]
    assert sun["picture"] is None
    status, _, _ = await house.ask("GET", "/api/v1/rotas/moon", token="reader")
    assert status == 404
    status, answer, _ = await house.ask("GET", "/api/v1/rotas/noc?until=%2B80w", token="reader")
    assert (status, answer["error"]["fields"][0]["field"]) == (400, "until")


async def test_the_feed_is_a_calendar_of_one_person_or_of_all(house: Front) -> None:
    status, feed, answer = await house.ask("GET", "/api/v1/rotas/noc/calendar.ics", token="reader")
    assert (status, answer.content_type) == (200, "text/calendar")
    everybody = icalendar.Calendar.from_ical(feed).walk("VEVENT")
    assert {str(event["SUMMARY"]) for event in everybody} == {"noc: anna", "noc: ben"}
    assert len(everybody) > 50
    _, own, _ = await house.ask("GET", "/api/v1/rotas/noc/calendar.ics?person=anna", token="reader")
    assert {str(e["SUMMARY"]) for e in icalendar.Calendar.from_ical(own).walk("VEVENT")} == {"noc: anna"}
    status, _, _ = await house.ask("GET", "/api/v1/rotas/noc/calendar.ics?person=zoe", token="reader")
    assert status == 400


async def test_an_override_a_swap_an_absence_and_shadowing_change_who_it_is(house: Front) -> None:
    for body, told in (
        ({"kind": "override", "rota": "noc", "person": "dora", "note": "training"}, "dora has noc"),
        ({"kind": "swap", "person": "dora", "by": "ben"}, "ben covers dora"),
        ({"kind": "absence", "person": "anna"}, "anna is away"),
        ({"kind": "shadowing", "person": "cara", "rota": "noc"}, "cara shadows whoever has the duty on noc"),
    ):
        status, made = await change(house, body | WEEK)
        assert status == 201, made
        assert made["told"] == f"{told} from Mon 1 Feb 09:00 to Mon 8 Feb 09:00"
        assert (made["since"], made["made_by"]) == ("2027-02-01T09:00:00.000Z", "planner")
    (noc,) = (await oncall(house, "2027-02-03T12:00Z", rota="noc"))["rotas"]
    assert (noc["person"], noc["source"], noc["shadows"]) == ("ben", "swap", ["cara"])
    _, listed, _ = await house.ask("GET", "/api/v1/changes", token="planner")
    assert [c["kind"] for c in listed["changes"]] == ["override", "swap", "absence", "shadowing"]
    for number in (c["id"] for c in listed["changes"] if c["kind"] in ("swap", "override")):
        status, answer, _ = await house.ask("DELETE", f"/api/v1/changes/{number}", token="planner")
        assert (status, answer) == (200, {"id": number, "state": "ended"})
    (noc,) = (await oncall(house, "2027-02-03T12:00Z", rota="noc"))["rotas"]
    assert (noc["person"], noc["source"]) == ("ben", "next")
    status, _, _ = await house.ask("DELETE", f"/api/v1/changes/{listed['changes'][0]['id']}", token="planner")
    assert status == 404


async def test_what_has_begun_ends_when_it_is_called_off_and_stays_in_the_figures(house: Front) -> None:
    _, made = await change(house, {"kind": "override", "rota": "noc", "person": "dora", "since": "now", "until": "+3d"})
    assert (await house.ask("DELETE", f"/api/v1/changes/{made['id']}", token="planner"))[0] == 200
    _, listed, _ = await house.ask("GET", "/api/v1/changes", token="reader")
    assert listed["changes"] == []
    _, noc, _ = await house.ask("GET", f"/api/v1/rotas/noc?since={made['since']}", token="reader")
    assert "dora" in [span["person"] for span in noc["spans"]]
    assert "dora" in [load["person"] for load in noc["figures"]["total"]]
    status, answer, _ = await house.ask("DELETE", f"/api/v1/changes/{made['id']}", token="planner")
    assert (status, "over already" in answer["error"]["message"]) == (409, True)


@pytest.mark.parametrize(
    ("body", "status", "field", "words"),
    [
        ({"kind": "override", "person": "ben"}, 400, "rota", "is missing"),
        ({"kind": "swap", "person": "ben"}, 400, "by", "is missing"),
        ({"kind": "absence", "person": "ben", "rota": "noc"}, 400, "rota", "has no meaning for kind 'absence'"),
        ({"kind": "swap", "person": "ben", "by": "anna", "note": "x"}, 400, "note", "has no meaning"),
        ({"kind": "absence", "person": "bne"}, 400, "person", "there is no person 'bne'; did you mean 'ben'?"),
        ({"kind": "swap", "person": "ben", "by": "ann"}, 400, "by", "did you mean 'anna'?"),
        ({"kind": "override", "person": "ben", "rota": "nok"}, 400, "rota", "there is no rota 'nok'"),
        ({"kind": "absence", "person": "ben", "since": "soon"}, 400, "since", "'soon' is no time"),
        ({"kind": "absence", "person": "ben", "until": "2027-01-01"}, 400, "until", "it ends before it begins"),
        ({"kind": "holiday", "person": "ben"}, 400, "kind", "must be 'override', 'swap', 'absence' or 'shadowing'"),
        ({"kind": "swap", "person": "ben", "by": "ben"}, 409, "", "ben cannot cover themselves"),
        ({"kind": "absence", "person": "ben", "since": "2026-01-01", "until": "2026-01-02"}, 409, "", "is over"),
    ],
)  # fmt: skip
async def test_what_cannot_be_booked_is_told(
    house: Front, body: dict[str, str], status: int, field: str, words: str
) -> None:
    got, answer = await change(house, WEEK | body)
    assert got == status, answer
    assert words in answer["error"]["message"]
    assert not field or answer["error"]["fields"][0]["field"] == field
    assert house.count("cover") == 0


async def test_reading_needs_one_scope_and_changing_another(house: Front) -> None:
    absence = {"kind": "absence", "person": "ben", **WEEK}
    status, answer = await change(house, absence, token="reader")
    assert (status, "'duty'" in answer["error"]["message"]) == (403, True)
    for path in ("/api/v1/oncall", "/api/v1/rotas", "/api/v1/rotas/noc", "/api/v1/rotas/noc/calendar.ics"):
        assert (await house.ask("GET", path, token="planner"))[0] == 403, path
    assert (await house.ask("GET", "/api/v1/changes", token="monitor"))[0] == 403
    assert (await house.ask("POST", "/api/v1/rotas/noc/overrides.ics", b"x", token="reader"))[0] == 403


def event(uid: str, title: str, since: datetime, hours: int) -> str:
    stamps = [f"{at:%Y%m%dT%H%M%SZ}" for at in (since, since + timedelta(hours=hours))]
    return f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTART:{stamps[0]}\r\nDTEND:{stamps[1]}\r\nSUMMARY:{title}\r\nEND:VEVENT\r\n"


def calendar(*events: str) -> bytes:
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{''.join(events)}END:VCALENDAR\r\n".encode()


MONDAY = datetime(2027, 2, 1, 9, tzinfo=UTC)


async def take_over(house: Front, octets: bytes) -> tuple[int, Any]:
    status, answer, _ = await house.ask("POST", "/api/v1/rotas/noc/overrides.ics", octets, token="planner")
    return status, answer


async def test_a_calendar_is_taken_over_once_and_follows_what_is_moved(house: Front) -> None:
    status, answer = await take_over(
        house, calendar(event("1", "noc: ben", MONDAY, 24), event("2", "Dentist", MONDAY, 1))
    )
    assert (status, len(answer["booked"])) == (200, 1)
    assert answer["left_out"] == ["'Dentist': its title names nobody who is known"]
    assert (await take_over(house, calendar(event("1", "noc: ben", MONDAY, 24))))[1]["booked"] == []
    moved = await take_over(house, calendar(event("1", "noc: dora", MONDAY + timedelta(days=1), 24)))
    assert len(moved[1]["booked"]) == 1
    _, listed, _ = await house.ask("GET", "/api/v1/changes", token="reader")
    assert [(c["person"], c["since"]) for c in listed["changes"]] == [("dora", "2027-02-02T09:00:00.000Z")]


async def test_the_rotas_own_feed_taken_over_freezes_nothing_but_what_was_changed_in_it(house: Front) -> None:
    _, feed, _ = await house.ask("GET", "/api/v1/rotas/noc/calendar.ics", token="reader")
    status, answer = await take_over(house, feed)
    assert (status, answer["booked"]) == (200, [])
    assert any("as the rota has it by itself" in said for said in answer["left_out"])
    head, last = feed.rsplit(b"SUMMARY:noc: ", 1)
    edited = head + b"SUMMARY:noc: dora\r\n" + last.partition(b"\r\n")[2]
    assert len((await take_over(house, edited))[1]["booked"]) == 1
    status, again = await take_over(house, edited)
    assert (again["booked"], again["ended"]) == ([], [])
    _, back = await take_over(house, feed)
    assert len(back["ended"]) == 1


async def test_an_event_that_is_cancelled_ends_its_override_and_one_that_is_gone_does_not(house: Front) -> None:
    await take_over(house, calendar(event("1", "noc: ben", MONDAY, 24), event("2", "noc: ben", MONDAY, 48)))
    _, gone = await take_over(house, calendar())
    assert (gone["booked"], gone["ended"]) == ([], [])
    cancelled = event("1", "noc: ben", MONDAY, 24).replace("END:VEVENT", "STATUS:CANCELLED\r\nEND:VEVENT")
    status, answer = await take_over(house, calendar(cancelled))
    assert (status, answer["booked"], len(answer["ended"])) == (200, [], 1)
    assert answer["left_out"] == ["1 event is cancelled"]
    _, listed, _ = await house.ask("GET", "/api/v1/changes", token="reader")
    assert [(c["note"], c["person"]) for c in listed["changes"]] == [("2", "ben")]


async def test_a_cancelled_event_whose_end_would_leave_nobody_is_refused(house: Front) -> None:
    await take_over(house, calendar(event("1", "noc: dora", MONDAY, 168)))
    for person in ("anna", "ben"):
        assert (await change(house, {"kind": "absence", "person": person, **WEEK}))[0] == 201
    cancelled = event("1", "noc: dora", MONDAY, 168).replace("END:VEVENT", "STATUS:CANCELLED\r\nEND:VEVENT")
    status, answer = await take_over(house, calendar(cancelled))
    assert status == 409
    assert "'noc' would have nobody" in answer["error"]["message"]
    _, listed, _ = await house.ask("GET", "/api/v1/changes", token="reader")
    assert [c["person"] for c in listed["changes"] if c["kind"] == "override"] == ["dora"]


def weekly(*lines: str, title: str = "noc: dora", count: int = 4) -> str:
    rule = f"RRULE:FREQ=WEEKLY;COUNT={count}\r\nEND:VEVENT"
    return event("s", title, MONDAY, 24).replace("END:VEVENT", "\r\n".join([*lines, rule]))


def single(title: str, was: datetime, since: datetime, *lines: str) -> str:
    more = [f"RECURRENCE-ID:{was:%Y%m%dT%H%M%SZ}", *lines, "END:VEVENT"]
    return event("s", title, since, 24).replace("END:VEVENT", "\r\n".join(more))


async def booked(house: Front) -> list[str]:
    _, listed, _ = await house.ask("GET", "/api/v1/changes", token="reader")
    return [f"{c['person']} {c['since'][5:13]}" for c in listed["changes"] if c["kind"] == "override"]


WEEK_OF = timedelta(days=7)


async def test_a_series_that_is_taken_over_again_is_as_the_calendar_has_it_then(house: Front) -> None:
    _, first = await take_over(house, calendar(weekly()))
    assert (len(first["booked"]), first["left_out"]) == (4, [])
    dora = ["dora 02-01T09", "dora 02-08T09", "dora 02-15T09", "dora 02-22T09"]
    assert await booked(house) == dora
    _, again = await take_over(house, calendar(weekly()))
    assert (again["booked"], again["ended"]) == ([], [])

    moved = single("noc: ben", MONDAY + WEEK_OF, MONDAY + WEEK_OF + timedelta(days=1))
    cancelled = single("noc: dora", MONDAY + 3 * WEEK_OF, MONDAY + 3 * WEEK_OF, "STATUS:CANCELLED")
    _, changed = await take_over(
        house, calendar(weekly(f"EXDATE:{MONDAY + 2 * WEEK_OF:%Y%m%dT%H%M%SZ}"), moved, cancelled)
    )
    assert (len(changed["booked"]), len(changed["ended"])) == (1, 3)
    assert await booked(house) == ["dora 02-01T09", "ben 02-09T09"]

    _, back = await take_over(house, calendar(weekly()))
    assert (len(back["booked"]), len(back["ended"]), await booked(house)) == (3, 1, dora)
    _, shorter = await take_over(house, calendar(weekly(count=2)))
    assert (shorter["booked"], len(shorter["ended"]), await booked(house)) == ([], 2, dora[:2])
    _, another = await take_over(house, calendar(weekly(title="noc: ben", count=2)))
    assert (len(another["booked"]), len(another["ended"])) == (2, 2)
    assert await booked(house) == ["ben 02-01T09", "ben 02-08T09"]


async def test_a_single_event_becomes_a_series_and_a_series_one_event_or_nobodys(house: Front) -> None:
    once = event("s", "noc: dora", MONDAY, 24)
    await take_over(house, calendar(once))
    _, repeats = await take_over(house, calendar(weekly()))
    assert (len(repeats["booked"]), len(repeats["ended"])) == (4, 1)
    _, one = await take_over(house, calendar(once))
    assert (len(one["booked"]), len(one["ended"]), await booked(house)) == (1, 4, ["dora 02-01T09"])
    _, nobodys = await take_over(house, calendar(event("s", "Holiday: dora", MONDAY, 24)))
    assert (nobodys["booked"], len(nobodys["ended"]), await booked(house)) == ([], 1, [])
    assert nobodys["left_out"] == ["'Holiday: dora': it is not plain from its title that dora has the duty"]


async def test_a_single_time_that_comes_alone_moves_or_ends_that_time_of_its_series(house: Front) -> None:
    await take_over(house, calendar(weekly(count=3)))
    await take_over(house, calendar(single("noc: ben", MONDAY, MONDAY + timedelta(hours=3))))
    assert await booked(house) == ["ben 02-01T12", "dora 02-08T09", "dora 02-15T09"]
    _, gone = await take_over(house, calendar(single("x", MONDAY + WEEK_OF, MONDAY, "STATUS:CANCELLED")))
    assert (len(gone["ended"]), await booked(house)) == (1, ["ben 02-01T12", "dora 02-15T09"])
    series_cancelled = calendar(weekly("STATUS:CANCELLED"))
    assert len((await take_over(house, series_cancelled))[1]["ended"]) == 2
    assert await booked(house) == []


async def test_what_was_booked_by_hand_is_not_a_calendars(house: Front) -> None:
    await change(house, {"kind": "override", "rota": "noc", "person": "ben", "note": "s", **WEEK})
    await take_over(house, calendar(weekly("STATUS:CANCELLED")))
    assert len(await booked(house)) == 1


async def test_series_with_an_absence_or_without_measure_are_refused_as_a_whole(house: Front) -> None:
    await change(house, {"kind": "absence", "person": "dora", **WEEK})
    status, answer = await take_over(house, calendar(weekly()))
    assert (status, await booked(house)) == (409, [])
    assert "nothing was taken over: dora, Mon 1 Feb 09:00: dora is absent" in answer["error"]["message"]
    daily = [event(str(n), "ben", MONDAY, 1).replace("END:VEVENT", "RRULE:FREQ=DAILY\r\nEND:VEVENT") for n in range(9)]
    status, answer = await take_over(house, calendar(*daily))
    assert (status, await booked(house)) == (400, [])
    assert "nothing was taken over: it comes to more than 2000 overrides within 400 days" in answer["error"]["message"]


async def test_a_calendar_with_one_override_that_cannot_be_is_taken_over_not_at_all(house: Front) -> None:
    await change(house, {"kind": "absence", "person": "dora", **WEEK})
    good, bad = event("1", "ben", MONDAY, 24), event("2", "dora", MONDAY + timedelta(days=1), 24)
    status, answer = await take_over(house, calendar(good, bad))
    assert status == 409
    assert "nothing was taken over: dora, Tue 2 Feb 09:00: dora is absent" in answer["error"]["message"]
    assert house.count("cover") == 1


@pytest.mark.parametrize("octets", [b"", b"hello", calendar(event("1", "ben", MONDAY, 24))[:-20], b"\xff\x00" * 50])
async def test_what_is_no_calendar_counts_for_nothing(house: Front, octets: bytes) -> None:
    status, answer = await take_over(house, octets)
    assert (status, answer["error"]["code"]) == (400, "invalid")
    assert "nothing was taken over" in answer["error"]["message"]
    assert house.count("cover") == 0
