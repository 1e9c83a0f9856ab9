"""The control API over HTTP."""

import asyncio
from math import nan

import aiohttp
import pytest
from hwsim.control import Control
from hwsim.street import Street

ANNA, MODEM = "+447700900111", "+447700900001"
ANNA_PATH = "/phones/%2B447700900111"


class Client:
    def __init__(self, session, base):
        self.session, self.base = session, base

    async def get(self, path):
        async with self.session.get(self.base + path) as answer:
            return answer.status, await answer.json()

    async def post(self, path, body=None, method="POST"):
        async with self.session.request(method, self.base + path, json=body) as answer:
            return answer.status, await answer.json()


@pytest.fixture
async def street():
    street = Street(1)
    street.add_modem("modem1", MODEM)
    street.add_phone(ANNA, "Anna")
    async with street:
        yield street


@pytest.fixture
async def client(street):
    control = Control(street, "127.0.0.1:0")
    await control.start()
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(10)) as session:
        yield Client(session, control.address)
    await control.stop()


async def test_state_shows_everything(client):
    status, state = await client.get("/state")
    assert status == 200
    assert state["modems"][0]["name"] == "modem1"
    assert state["modems"][0]["sim"] == "READY"
    assert state["phones"] == [{"number": ANNA, "name": "Anna", "on": True, "texts": 0}]
    assert state["network"]["report_delay_s"] == 0.2
    assert state["ledger"] == {"entries": 0, "accepted": 0}


async def test_a_person_texts_a_modem_and_the_ledger_knows(client, street):
    assert (await client.post(ANNA_PATH + "/send", {"to": MODEM, "text": "status"}))[0] == 200
    assert await street.until(street.ledger.delivered)
    _, ledger = await client.get("/ledger?event=accepted")
    assert [(entry["from"], entry["text"]) for entry in ledger["entries"]] == [(ANNA, "status")]
    assert ledger["duplicates"] == []
    assert (await client.get("/modems/modem1"))[1]["stored"] == {"ME": 0, "SM": 1}


async def test_wait_ends_when_the_text_is_there(client, street):
    waiting = asyncio.create_task(client.get("/wait?phone=%2B447700900111&contains=fire&timeout_s=10"))
    await asyncio.sleep(0)
    other = street.add_phone("+447700900113")
    other.send(ANNA, "no smoke")
    other.send(ANNA, "a fire at rack 4")
    status, body = await waiting
    assert (status, body["found"], body["texts"][0]["text"]) == (200, True, "a fire at rack 4")
    status, body = await client.get("/wait?phone=%2B447700900111&contains=flood&timeout_s=0.05")
    assert (status, body) == (408, {"found": False, "texts": []})


async def test_replies_power_and_script(client, street):
    status, body = await client.post(ANNA_PATH + "/reply", {"text": "ok"})
    assert (status, body["error"]) == (400, f"nobody has texted {ANNA} yet")
    street.add_phone("+447700900113").send(ANNA, "hello")
    assert await street.until(lambda: street.phones[ANNA].inbox)
    assert await client.post(ANNA_PATH + "/reply", {"text": "ok"}) == (200, {"sent": True, "to": "+447700900113"})
    assert await client.post(ANNA_PATH + "/power", {"on": False}) == (200, {"on": False})
    script = [{"text": "ok 42", "after_s": 5, "contains": "42", "times": None}]
    status, body = await client.post(ANNA_PATH + "/script", {"script": script})
    assert body["script"][0]["after_s"] == 5.0
    assert street.phones[ANNA].habits[0].times is None
    assert (await client.get(ANNA_PATH))[1]["script"][0]["text"] == "ok 42"


async def test_faults_and_network(client, street):
    status, body = await client.post("/modems/modem1/fault", {"kind": "refuse", "cms": 38, "times": 1})
    assert (status, body["faults"][0]["cms"]) == (200, 38)
    assert (await client.post("/modems/modem1/fault", method="DELETE"))[1] == {"faults": []}
    assert (await client.post("/network/fault", {"kind": "lose"}))[1]["faults"][0]["kind"] == "lose"
    assert (await client.post("/network/fault", method="DELETE"))[1] == {"faults": []}
    assert (await client.post("/network", {"latency_s": 2, "unknown_numbers": "refuse"}))[1]["latency_s"] == 2.0
    assert street.network.settings.unknown_numbers == "refuse"
    assert (await client.post("/modems/modem1/hangup", {"back_after_s": 0.01}))[0] == 200
    assert (await client.post("/phones", {"number": "+447700900114", "name": "Cy"}))[0] == 201


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        ("/phones/%2B1/send", {}, 404, "there is no phone '+1'"),
        ("/modems/x/fault", {}, 404, "there is no modem 'x'"),
        (ANNA_PATH + "/send", {"to": MODEM}, 400, "'text' is missing"),
        (ANNA_PATH + "/send", {"to": MODEM, "text": 5}, 400, "'text' is not a str: 5"),
        (ANNA_PATH + "/send", {"to": "nobody", "text": "x"}, 400, "'to' is no number: 'nobody'"),
        (ANNA_PATH + "/send", {"to": MODEM, "text": "\ud800"}, 400, "'text' is not of characters alone"),
        (ANNA_PATH + "/send", {"to": MODEM, "text": "x" * 40_000}, 400, "'text': a text of more than 255 parts"),
        (ANNA_PATH + "/send", {"to": MODEM, "text": "x", "pid": 256}, 400, "'pid' is not a number from 0 to 255: 256"),
        (
            ANNA_PATH + "/send",
            {"to": MODEM, "text": "x", "sender": "twelve chars"},
            400,
            "'sender' is neither a",
        ),
        (
            ANNA_PATH + "/send",
            {"to": MODEM, "text": "x", "odd": {"order": [2]}},
            400,
            "'order': a message of 1 has",
        ),
        (ANNA_PATH + "/power", {"on": "yes"}, 400, "'on' is not a bool: 'yes'"),
        (ANNA_PATH + "/script", {"txt": "x"}, 400, "a habit has no option 'txt'"),
        ("/modems/modem1/fault", {"kind": "x"}, 400, "unknown mishap 'x'"),
        (
            "/modems/modem1/fault",
            {"kind": "line", "way": "up", "after_s": 9},
            400,
            "line: 'way' is one of out, in, both",
        ),
        ("/modems/modem1/fault", {"kind": "mute", "on": "no", "after_s": 9}, 400, "mute: 'on' is not true or false"),
        (
            "/modems/modem1/fault",
            {"kind": "reset", "night": 1, "after_s": 9},
            400,
            "mishap 'reset' has no option 'night'",
        ),
        (
            "/modems/modem1/fault",
            {"kind": "ring", "caller": "x", "after_s": 9},
            400,
            "ring: 'caller' is no number: 'x'",
        ),
        ("/modems/modem1/fault", {"kind": "noise", "octets": 1e9}, 400, "noise: 'octets' is not a number of at most"),
        ("/modems/modem1/fault", {"kind": "foreign", "times": 1e9}, 400, "foreign: 'times' is not a number of at most"),
        ("/network/fault", {"kind": "freeze"}, 400, "unknown fault 'freeze'"),
        ("/network", {"speed": 1}, 400, "the network has no setting 'speed'"),
        ("/network", {"latency_s": "1"}, 400, "'latency_s' is not a float: '1'"),
        ("/network", {"latency_s": -1}, 400, "'latency_s' is not a number of at least 0: -1.0"),
        ("/network", {"latency_s": nan}, 400, "'latency_s' is not a number of at least 0: nan"),
        ("/network", {"filter_limit": -1}, 400, "'filter_limit' is not a number of at least 0: -1"),
        ("/network", {"retry_s": ["soon"]}, 400, "'retry_s' is not a float: 'soon'"),
        ("/network", {"retry_s": [0]}, 400, "'retry_s' is not above 0"),
        ("/phones", {"number": ANNA}, 400, "'number': the number +447700900111 is taken by a phone, Anna"),
        ("/phones", {"number": MODEM}, 400, "'number': the number +447700900001 is taken by the modem modem1"),
        ("/phones", {"number": "abc"}, 400, "'number': 'abc' is no number"),
        (ANNA_PATH + "/script", {"script": [{"text": "ok", "matches": "("}]}, 400, "'matches' is no pattern: '('"),
        (ANNA_PATH + "/script", {"text": "ok", "after_s": -1}, 400, "'after_s' is not a number of at least 0: -1"),
        (ANNA_PATH + "/script", {"text": "ok", "probability": 2}, 400, "'probability' is not a number from 0 to 1: 2"),
        (ANNA_PATH + "/script", {"contains": "ok"}, 400, "'text' is missing"),
        (ANNA_PATH + "/away", {"for_s": nan}, 400, "'for_s' is not a number of at least 0: nan"),
        (ANNA_PATH + "/owner", {"replies": 7}, 400, "'replies' is not a number from 0 to 1: 7"),
        (ANNA_PATH + "/owner", {"reads_s": [9, 5]}, 400, "'reads_s' is not [from, to] in seconds: [9, 5]"),
        (ANNA_PATH + "/owner", {"styles": {"ok": -1}}, 400, "'styles' is not a number of at least 0: -1"),
        (ANNA_PATH + "/owner", {"from_other": "abc"}, 400, "'from_other' is no number: 'abc'"),
        ("/modems/modem1/hangup", {"back_after_s": -1}, 400, "'back_after_s' is not a number of at least 0: -1"),
        ("/modems/modem1/fault", {"kind": "late", "seconds": -4}, 400, "'seconds' is not a number of at least 0: -4"),
        ("/modems/modem1/fault", {"kind": "late", "seconds": nan}, 400, "'seconds' is not a number of at least 0: nan"),
        (
            "/modems/modem1/fault",
            {"kind": "reset", "seconds": "x"},
            400,
            "'seconds' is not a number of at least 0: 'x'",
        ),
        (
            "/modems/modem1/fault",
            {"kind": "refuse", "after_s": nan},
            400,
            "'after_s' is not a number of at least 0: nan",
        ),
        ("/modems/modem1/fault", {"kind": "refuse", "for_s": -1}, 400, "'for_s' is not a number of at least 0: -1"),
        (
            "/modems/modem1/fault",
            {"kind": "lose", "probability": 3},
            400,
            "'probability' is not a number from 0 to 1: 3",
        ),
        ("/modems/modem1/fault", {"kind": "refuse", "cms": 99999}, 400, "'cms' is not a +CMS ERROR"),
        ("/modems/modem1/fault", {"kind": "credit", "cms": 256}, 400, "'cms' is not a +CMS ERROR"),
        ("/modems/modem1/fault", {"kind": "refuse", "to": "garbage"}, 400, "'to' is no number: 'garbage'"),
        ("/modems/modem1/fault", {"kind": "late", "seconds": 1e308}, 400, "'seconds' is not a number of at most 1000"),
        ("/modems/modem1/fault", {"kind": "freeze", "seconds": 1e308}, 400, "'seconds' is not a number of at most"),
        ("/modems/modem1/fault", {"kind": "freeze", "after_s": 1e308}, 400, "'after_s' is not a number of at most"),
        ("/modems/modem1/fault", {"kind": "storage_full", "memory": "XX"}, 400, "'memory' is one of SM, ME"),
        ("/modems/modem1/fault", {"kind": "storage_full", "memory": ["SM"]}, 400, "'memory' is one of SM, ME"),
        ("/modems/modem1/fault", {"kind": "noise", "hex": "zz"}, 400, "'hex' is not octets in hexadecimal: 'zz'"),
        ("/modems/modem1/hangup", {"back_after_s": 10**400}, 400, "'back_after_s' is not a"),
        ("/network", {"latency_s": 1e308}, 400, "'latency_s' is not a number of at most 1000"),
        ("/network", {"latency_s": 10**400}, 400, "'latency_s' is not a float"),
        ("/modems/modem1/fault", {"kind": "registration", "stat": 99}, 400, "'stat' is 0 to 7: 99"),
        ("/modems/modem1/fault", {"kind": "signal", "rssi": 50}, 400, "'rssi' is 0 to 31, or 99: 50"),
        ("/modems/modem1/fault", {"kind": "sim_swap", "number": ANNA}, 400, "+447700900111 is taken by a phone, Anna"),
        (
            "/modems/modem1/fault",
            {"kind": "sim_swap", "number": "+448", "pin": "abc"},
            400,
            "'pin' is not 4 to 8 digits",
        ),
        ("/nowhere", {}, 404, "Not Found"),
        ("/state", {}, 405, "Method Not Allowed"),
        ("/network", [1], 400, "the body is no JSON object"),
    ],
)
async def test_wrong_requests_are_told(client, path, body, status, words):
    answer = await client.post(path, body)
    assert answer[0] == status
    assert words in answer[1]["error"]


async def test_broken_json_and_broken_queries(client):
    async with client.session.post(client.base + "/network", data=b"{") as answer:
        assert (answer.status, "no JSON" in (await answer.json())["error"]) == (400, True)
    async with client.session.post(client.base + "/network", data=b"[" * 100_000) as answer:
        assert (answer.status, await answer.json()) == (400, {"error": "the body is nested too deeply"})
    assert (await client.get("/ledger?last=x"))[0] == 400
    assert (await client.get("/wait?phone=%2B447700900111&timeout_s=-1"))[0] == 400
    assert (await client.get("/wait?phone=9"))[0] == 404
