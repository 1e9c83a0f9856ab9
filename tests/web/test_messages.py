"""POST /api/v1/messages, and everything that can be asked of a text afterwards."""

from __future__ import annotations

import asyncio
import json
from typing import Any, cast

import pytest
from multidict import CIMultiDict

from gatewayd.channels.contract import Receipt
from gatewayd.delivery.outcome import Accepted, Deferred, Refused
from gatewayd.delivery.settings import DeliverySettings
from gatewayd.store import messages as store_messages
from gatewayd.store import views
from gatewayd.store.db import Reader, Row, Tx
from tests.web.front import ANNA, BEN, VISITOR, Front

PATH = "/api/v1/messages"


def fields(answer: Any) -> dict[str, str]:
    return {fault["field"]: fault["message"] for fault in answer["error"]["fields"]}


async def sent(house: Front, **changed: Any) -> int:
    status, answer, _ = await house.ask("POST", PATH, {"to": VISITOR, "text": "come in"} | changed)
    assert status == 202, answer
    return int(answer["messages"][0]["id"])


async def test_a_text_is_on_disk_when_the_202_arrives(house: Front) -> None:
    status, answer, response = await house.ask("POST", PATH, {"to": ANNA, "text": "edge1 is down"})
    assert status == 202
    assert response.headers["Content-Type"] == "application/json"
    assert answer == {"messages": [{"id": 1, "to": ANNA, "segments": 1, "alphabet": "gsm7"}]}
    status, answer, _ = await house.ask("GET", f"{PATH}/1")
    assert (status, answer["state"], answer["text"], answer["attempts"]) == (200, "queued", "edge1 is down", [])
    assert (answer["priority"], answer["origin"], answer["report"]) == ("normal", "all", True)


async def test_people_teams_and_numbers_in_one_post_reach_each_device_once(house: Front) -> None:
    to = ["team:noc", "person:anna", "+44 (0)7700 900 999", "07700900999", "short:60777"]
    status, answer, _ = await house.ask("POST", PATH, {"to": to, "text": "Straße 5 €", "priority": "critical"})
    assert status == 202
    assert [m["to"] for m in answer["messages"]] == ["person:anna", "person:ben", VISITOR, "60777"]
    _, listed, _ = await house.ask("GET", PATH)
    assert [(m["recipient"], m["person"], m["channel"]) for m in reversed(listed["messages"])] == [
        (ANNA, "anna", ""), (BEN, "ben", "modem2"), (VISITOR, "", ""), ("60777", "", ""),
    ]  # fmt: skip
    assert {m["priority"] for m in listed["messages"]} == {"critical"}


async def test_two_pagers_with_one_id_are_two_and_each_is_of_its_bureau(house: Front) -> None:
    status, answer, _ = await house.ask("POST", PATH, {"to": "team:field", "text": "come in"})
    assert (status, [m["to"] for m in answer["messages"]]) == (202, ["person:cara", "person:dora"])
    _, listed, _ = await house.ask("GET", PATH)
    assert [(m["recipient"], m["channel"]) for m in reversed(listed["messages"])] == [
        ("4711", "north"), ("4711", "south"),
    ]  # fmt: skip
    assert (await house.ask("POST", PATH, {"to": "person:cara", "text": "x", "channel": "north"}))[0] == 202
    status, answer, _ = await house.ask("POST", PATH, {"to": "team:field", "text": "x", "channel": "north"})
    assert status == 400
    assert fields(answer) == {"channel": "the pager of person:dora is reached through 'south' only"}


async def test_the_id_of_a_pager_of_the_house_goes_by_its_bureau_and_to_no_short_code(house: Front) -> None:
    for to in ("short:4722", "4722"):
        status, answer, _ = await house.ask("POST", PATH, {"to": to, "text": "come in"})
        assert (status, [m["to"] for m in answer["messages"]]) == (202, ["4722"])
    _, listed, _ = await house.ask("GET", PATH)
    assert {(m["recipient"], m["person"], m["channel"]) for m in listed["messages"]} == {("4722", "eve", "north")}


async def test_an_id_that_two_bureaus_know_wants_its_bureau_or_the_person(house: Front) -> None:
    status, answer, _ = await house.ask("POST", PATH, {"to": "short:4711", "text": "come in"})
    assert status == 400
    assert fields(answer) == {"to": "4711 is a pager at 'north' and another at 'south': say the channel, or the person"}
    status, *_ = await house.ask("POST", PATH, {"to": "short:4711", "text": "come in", "channel": "south"})
    _, listed, _ = await house.ask("GET", PATH)
    assert (status, [(m["person"], m["channel"]) for m in listed["messages"]]) == (202, [("dora", "south")])
    status, *_ = await house.ask("POST", PATH, {"to": "short:4711", "text": "how much", "channel": "modem2"})
    _, listed, _ = await house.ask("GET", PATH)
    assert (status, listed["messages"][0]["person"], listed["messages"][0]["channel"]) == (202, "", "modem2")


async def test_the_way_to_a_person_is_told_for_each_device(house: Front) -> None:
    _, told, _ = await house.ask("GET", "/api/v1/way?to=person:anna")
    assert [(way["to"], way["device"]) for way in told["ways"]] == [("person:anna", "phone"), ("person:anna", "pager")]


async def test_the_answer_tells_what_the_text_costs(house: Front) -> None:
    _, answer, _ = await house.ask("POST", PATH, {"to": ANNA, "text": "你好" * 50})
    assert (answer["messages"][0]["segments"], answer["messages"][0]["alphabet"]) == (2, "ucs2")


@pytest.mark.parametrize(
    ("changed", "field", "message"),
    [
        ({"text": "x" * 700}, "text", "needs 5 segments, at most 3 are allowed"),
        ({"text": "a\x07b"}, "text", "control character U+0007 at position 1"),
        ({"text": ""}, "text", "must not be empty"),
        ({"text": " \n"}, "text", "nothing in it can be seen"),
        ({"text": "\u202e\u200b\ufeff"}, "text", "nothing in it can be seen"),
        ({"text": "\x01\x02"}, "text", "control character U+0001 at position 0"),
        ({"text": "x" * 10_001}, "text", "has 10001 characters, at most 10000 are allowed"),
        ({"text": "fire \ud83d"}, "text", "half a sign (a lone surrogate) stands in it"),
        ({"text": None}, "text", "must be a text"),
        ({"to": "7700900123"}, "to", "a national number begins with '0' here; write it with '+' and the country code"),
        ({"to": "+44123"}, "to", "5 digits; an international number has 7 to 15"),
        ({"to": ["+447700900123", "x"]}, "to[1]", "'x' is neither a number nor 'person:...' nor 'team:...'"),
        ({"to": "short:60x"}, "to", "a short code has 2 to 8 digits after 'short:'"),
        ({"to": "anna"}, "to", "write 'person:anna'"),
        ({"to": "noc"}, "to", "write 'team:noc'"),
        ({"to": "person:ana"}, "to", "there is no person 'ana'; did you mean 'anna'?"),
        ({"to": "team:nok"}, "to", "there is no team 'nok'; did you mean 'noc'?"),
        ({"to": []}, "to", "must not be empty"),
        ({"to": ["+447700900123"] * 101}, "to", "has 101 entries, at most 100 are allowed"),
        ({"to": 447700900123}, "to", "must be a text or a list of texts"),
        ({"to": [5]}, "to[0]", "must be a text"),
        ({"txt": "x"}, "txt", "there is no field 'txt'; did you mean 'text'?"),
        ({"priority": "hi"}, "priority", "must be 'critical', 'high', 'normal' or 'low'; did you mean 'high'?"),
        ({"validity_s": 5}, "validity_s", "must be at least 60"),
        ({"validity_s": 604_801}, "validity_s", "must be at most 604800"),
        ({"validity_s": 90.5}, "validity_s", "must be a whole number"),
        ({"validity_s": "600"}, "validity_s", "must be a whole number"),
        ({"channel": "Modem1"}, "channel", "there is no channel 'Modem1'; did you mean 'modem1'?"),
        ({"channel": "modem3"}, "channel", "there is no channel 'modem3'; did you mean 'modem"),
        ({"report": "yes"}, "report", "must be true or false"),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_is_kept(
    house: Front, changed: dict[str, Any], field: str, message: str
) -> None:
    before = house.count("journal")
    status, answer, _ = await house.ask("POST", PATH, {"to": ANNA, "text": "x"} | changed)
    assert (status, answer["error"]["code"]) == (400, "invalid")
    assert fields(answer)[field].startswith(message)
    assert (house.count("message"), house.count("journal")) == (0, before)


async def test_a_text_may_be_as_long_as_the_delivery_takes_it_now(house: Front) -> None:
    for segments_max, status in ((1, 400), (2, 202), (10, 202)):
        house.queue.settings = DeliverySettings(segments_max=segments_max)  # what a reload does
        answered, _, _ = await house.ask("POST", PATH, {"to": ANNA, "text": "x" * 200})
        assert answered == status


async def test_one_wrong_recipient_stops_the_whole_post(house: Front) -> None:
    status, answer, _ = await house.ask("POST", PATH, {"to": [ANNA, "+44", "person:zoe"], "text": "x"})
    assert status == 400
    assert set(fields(answer)) == {"to[1]", "to[2]"}
    assert house.count("message") == 0


# --- who may send to whom


async def test_a_token_with_prefixes_sends_only_to_those_numbers(house: Front) -> None:
    allowed, _, _ = await house.ask("POST", PATH, {"to": ANNA, "text": "x"}, token="local-sender")
    status, answer, _ = await house.ask("POST", PATH, {"to": [ANNA, BEN], "text": "x"}, token="local-sender")
    assert (allowed, status, answer["error"]["code"]) == (202, 403, "recipient_not_allowed")
    assert fields(answer) == {"to[1]": "the token 'local-sender' may not send to this number"}


async def test_a_person_is_refused_by_name_and_the_number_stays_unsaid(house: Front) -> None:
    allowed, _, _ = await house.ask("POST", PATH, {"to": "person:anna", "text": "x"}, token="local-sender")
    status, answer, _ = await house.ask("POST", PATH, {"to": "team:noc", "text": "x"}, token="local-sender")
    assert (allowed, status) == (202, 403)
    assert "'ben'" in answer["error"]["message"]
    assert BEN[-6:] not in str(answer)


async def test_a_sender_sees_its_own_texts_and_a_reader_sees_all_without_numbers(house: Front) -> None:
    number = await sent(house)
    assert (await house.ask("GET", f"{PATH}/{number}", token="sender"))[0] == 404
    assert (await house.ask("POST", f"{PATH}/{number}/withdraw", token="sender"))[0] == 404
    assert (await house.ask("GET", PATH, token="sender"))[1] == {"messages": []}
    status, answer, _ = await house.ask("GET", f"{PATH}/{number}", token="reader")
    assert (status, answer["recipient"]) == (200, "...999")


# --- Idempotency-Key


async def test_two_keys_are_no_key(house: Front) -> None:
    twice = CIMultiDict([("Idempotency-Key", "a"), ("Idempotency-Key", "b"), ("X-Api-Key", "gw_all")])
    body = json.dumps({"to": ANNA, "text": "once"}).encode()
    async with house.session.post(house.url + PATH, data=body, headers=twice) as answer:
        assert answer.status == 400
        assert fields(await answer.json()) == {"Idempotency-Key": "it is there twice"}
    assert house.count("message") == 0


async def test_a_repeat_with_the_same_key_is_the_same_text(house: Front) -> None:
    body = {"to": ANNA, "text": "once"}
    first = await house.ask("POST", PATH, body, Idempotency_Key="k1")
    again = await house.ask("POST", PATH, body, Idempotency_Key="k1")
    assert (first[0], again[0], again[1]) == (202, 202, first[1])
    assert "Idempotent-Replay" not in first[2].headers
    assert again[2].headers["Idempotent-Replay"] == "true"
    assert house.count("message") == 1


async def test_the_same_key_with_another_body_is_a_conflict(house: Front) -> None:
    await house.ask("POST", PATH, {"to": ANNA, "text": "once"}, Idempotency_Key="k1")
    status, answer, _ = await house.ask("POST", PATH, {"to": ANNA, "text": "twice"}, Idempotency_Key="k1")
    assert (status, answer["error"]["code"]) == (409, "conflict")
    assert fields(answer) == {"Idempotency-Key": "this key was used before with another body"}
    assert house.count("message") == 1


async def test_keys_of_two_tokens_do_not_meet(house: Front) -> None:
    body = {"to": ANNA, "text": "once"}
    for token in ("all", "sender"):
        _, _, response = await house.ask("POST", PATH, body, token=token, Idempotency_Key="k1")
        assert "Idempotent-Replay" not in response.headers
    assert house.count("message") == 2


async def test_twenty_at_once_with_one_key_make_one_text(house: Front) -> None:
    body = {"to": ANNA, "text": "once"}
    answers = await asyncio.gather(*(house.ask("POST", PATH, body, Idempotency_Key="k") for _ in range(20)))
    assert {answer[0] for answer in answers} == {202}
    assert len({str(answer[1]) for answer in answers}) == 1
    assert house.count("message") == 1


async def test_a_refused_body_does_not_use_up_its_key(house: Front) -> None:
    refused, _, _ = await house.ask("POST", PATH, {"to": "+4", "text": "x"}, Idempotency_Key="k")
    status, _, response = await house.ask("POST", PATH, {"to": ANNA, "text": "x"}, Idempotency_Key="k")
    assert (refused, status, "Idempotent-Replay" in response.headers) == (400, 202, False)


@pytest.mark.parametrize("key", ["", "x" * 201, "ä"])
async def test_a_key_has_limits(house: Front, key: str) -> None:
    status, answer, _ = await house.ask("POST", PATH, {"to": ANNA, "text": "x"}, Idempotency_Key=key)
    assert (status, list(fields(answer))) == (400, ["Idempotency-Key"])


# --- what became of it


async def on_the_air(house: Front, number: int) -> None:
    """What the dispatcher and a modem would do: book an attempt, send, get a report."""
    now = house.doors.clock.now()

    def book(tx: Tx) -> None:
        message = store_messages.get(tx, number)
        assert message is not None
        attempt = tx.new_id("attempt")
        queue = house.queue
        assert queue.book(
            tx, attempt, message, part=1, parts=1, channel="modem1", sim="s1", reference_before=None, now=now
        )
        queue.answered(tx, attempt, Accepted("17", "OK"), by="answer", now=now)
        queue.receipt(tx, Receipt("modem1", "s1", "17", VISITOR, 0, now, now, "06..."), now=now)

    await house.store.write(book)


async def test_attempts_and_receipts_are_told(house: Front) -> None:
    number = await sent(house)
    await on_the_air(house, number)
    _, answer, _ = await house.ask("GET", f"{PATH}/{number}")
    assert answer["state"] == "delivered"
    ((attempt,), (receipt,)) = answer["attempts"], answer["receipts"]
    assert (attempt["channel"], attempt["state"], attempt["reference"]) == ("modem1", "accepted", "17")
    assert (receipt["attempt"], receipt["says"], receipt["status"]) == (attempt["id"], "delivered", 0)
    assert answer["created_at"].endswith("Z")


@pytest.mark.parametrize("error", [Deferred("unknown error", "cms 500", 5.0), Refused("no such number", "cms 1")])
async def test_a_text_that_went_out_behind_an_error_is_not_sent_again(house: Front, error: Deferred | Refused) -> None:
    number = await sent(house)
    now = house.doors.clock.now()

    def book(tx: Tx, attempt: int) -> bool:
        message = store_messages.get(tx, number)
        assert message is not None
        return house.queue.book(
            tx, attempt, message, part=1, parts=1, channel="modem1", sim="s1", reference_before=None, now=now
        )

    def ends(tx: Tx) -> int:
        attempt = tx.new_id("attempt")
        assert book(tx, attempt)
        house.queue.answered(tx, attempt, error, by="answer", now=now)
        return attempt

    attempt = await house.store.write(ends)
    assert (await house.ask("GET", f"{PATH}/{number}"))[1]["state"] in {"queued", "failed"}
    await house.store.write(lambda tx: house.queue.answered(tx, attempt, Accepted("9"), by="late answer", now=now))
    _, answer, _ = await house.ask("GET", f"{PATH}/{number}")
    assert answer["state"] == "sent"
    assert [(a["state"], a["reference"], a["settled_by"]) for a in answer["attempts"]] == [
        ("accepted", "9", "late answer")
    ]
    assert not await house.store.write(lambda tx: book(tx, tx.new_id("attempt")))
    await house.store.write(lambda tx: house.queue.answered(tx, attempt, error, by="late answer", now=now))
    assert (await house.ask("GET", f"{PATH}/{number}"))[1]["state"] == "sent"


async def test_withdrawn_is_withdrawn_once(house: Front) -> None:
    number = await sent(house)
    status, answer, _ = await house.ask("POST", f"{PATH}/{number}/withdraw", token="all")
    assert (status, answer) == (200, {"id": number, "state": "withdrawn"})
    status, answer, _ = await house.ask("POST", f"{PATH}/{number}/withdraw", {})
    assert (status, answer["error"]["code"]) == (409, "conflict")


async def test_resend_queues_what_is_over_and_settle_wants_a_doubt(house: Front) -> None:
    number = await sent(house)
    await on_the_air(house, number)
    assert (await house.ask("POST", f"{PATH}/{number}/settle", {"sent": True}))[0] == 409
    status, answer, _ = await house.ask("POST", f"{PATH}/{number}/resend")
    assert (status, answer["state"]) == (200, "queued")
    status, answer, _ = await house.ask("POST", f"{PATH}/{number}/settle", {"snt": True})
    assert fields(answer) == {"sent": "is missing", "snt": "there is no field 'snt'; did you mean 'sent'?"}


@pytest.mark.parametrize("number", ["7", "0", "abc", "9" * 30, "-1", "1.5", "%20", "%ff", "²"])
async def test_what_is_not_there_is_404(house: Front, number: str) -> None:
    for method, path in (("GET", ""), ("POST", "/withdraw"), ("POST", "/resend")):
        status, answer, _ = await house.ask(method, f"{PATH}/{number}{path}")
        assert (status, answer["error"]["code"]) == (404, "not_found")


async def test_the_list_is_newest_first_and_goes_on_where_asked(house: Front) -> None:
    numbers = [await sent(house, text=f"text {i}") for i in range(5)]
    await house.ask("POST", f"{PATH}/{numbers[2]}/withdraw")

    async def listed(query: str) -> list[int]:
        return [m["id"] for m in (await house.ask("GET", f"{PATH}?{query}"))[1]["messages"]]

    assert await listed("limit=2") == [5, 4]
    assert await listed("limit=2&before=4") == [3, 2]
    assert await listed("state=withdrawn") == [3]


async def test_the_texts_to_somebody_can_be_asked_for_also_when_they_have_left(house: Front) -> None:
    for to in ("person:anna", "person:ben", "person:anna", VISITOR):
        await sent(house, to=to)
    await house.ask("POST", f"{PATH}/1/withdraw")

    async def listed(query: str, token: str = "all") -> list[int]:
        return [m["id"] for m in (await house.ask("GET", f"{PATH}?{query}", token=token))[1]["messages"]]

    assert await listed("person=anna") == [3, 1]
    assert await listed("person=anna&limit=1&before=3") == [1]
    assert await listed("person=anna&state=queued") == [3]
    assert await listed("person=anna", token="sender") == [], "none of its own"
    assert await listed("person=cara") == await listed("person=team:field") == []
    await house.doors.store.write(lambda tx: tx.run("UPDATE message SET person = 'zoe' WHERE id = 2"))
    assert await listed("person=zoe") == [2]
    assert await listed("person=zoe&state=failed") == []
    status, answer, _ = await house.ask("GET", f"{PATH}?person=ana")
    assert (status, fields(answer)) == (400, {"person": "there is no person 'ana'; did you mean 'anna'?"})


async def test_the_texts_to_somebody_are_found_without_looking_at_all_others(house: Front) -> None:
    seen: list[str] = []

    def plan(reader: Reader) -> None:
        class Explained:
            def all(self, sql: str, **values: Any) -> list[Row]:
                seen.extend(row["detail"] for row in reader.all(f"EXPLAIN QUERY PLAN {sql}", **values))
                return []

        for before in (None, 90_000):
            views.messages(
                cast("Reader", Explained()), state="failed", origin=None, before=before, limit=100, person="anna"
            )

    await house.doors.store.read(plan)
    told = "SEARCH message USING INDEX message_of (person=?"
    assert seen == [f"{told})", f"{told} AND id<?)"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("person=", "person"),
        ("person=team:nobody", "person"),
        ("limit=0", "limit"),
        ("limit=x", "limit"),
        ("state=quued", "state"),
        ("stat=x", "stat"),
        ("limit=1&limit=2", ""),
    ],
)
async def test_a_query_is_as_strict_as_a_body(house: Front, query: str, field: str) -> None:
    status, answer, _ = await house.ask("GET", f"{PATH}?{query}")
    assert (status, list(fields(answer))) == (400, [field])


async def test_a_test_page_goes_to_every_device_of_a_person(house: Front) -> None:
    status, answer, _ = await house.ask("POST", "/api/v1/people/anna/test-page", token="sender")
    assert (status, len(answer["messages"])) == (202, 2)
    assert (await house.ask("POST", "/api/v1/people/zoe/test-page"))[0] == 404
    assert (await house.ask("POST", "/api/v1/people/ben/test-page", token="local-sender"))[0] == 403
