"""What goes wrong at a TAP terminal, by name."""

import pytest
from hwsim.faults import FaultError

ACK, NAK, RS, ESC_EOT = b"\x06\r", b"\x15\r", b"\x1e\r", b"\x1b\x04\r"
TAKEN = b"211 Page accepted\r" + ACK


def fault(street, kind, **options):
    street.bureau_fault("bureau1", {"kind": kind, **options})


def test_silence_at_every_step(run, paging_street):
    async def story():
        street = paging_street()
        caller = street.caller()
        async with street:
            for step in ("id", "logon", "go_ahead", "block", "eot"):
                fault(street, "tap_silence", at=step, times=1)
            caller.type(b"\r")
            assert await caller.silence(2) == b""
            caller.type(b"\r")
            await caller.says(b"ID=")
            caller.type(b"\x1bPG1\r")
            assert await caller.silence(5) == b""
            caller.type(b"\x1bPG1\r")
            await caller.says(b"110 1.8\r\x06\r")
            assert await caller.silence(20) == b"", "no go-ahead"
            fault(street, "tap_hang_up")
            await caller.log_on()
            caller.type(caller.block(b"4711", b"x"))
            assert await caller.silence(3) == b""
            assert street.ledger.accepted() == []
            caller.type(caller.block(b"4711", b"x"))
            assert await caller.answer() == TAKEN
            caller.type(b"\x04\r")
            assert await caller.silence(20) == b""

    run(story())


@pytest.mark.parametrize("step", ["id", "logon", "go_ahead", "block", "eot"])
@pytest.mark.parametrize("polite", [True, False])
def test_a_disconnect_at_every_step(run, paging_street, step, polite):
    async def story():
        street = paging_street()
        caller = street.caller()
        async with street:
            fault(street, "tap_disconnect", at=step, polite=polite, code=113, times=1)
            said = b"113 Good-bye\r" + ESC_EOT if polite else b""
            caller.type(b"\r")
            heard = await caller.silence(1)
            if step != "id":
                assert heard == b"ID="
                caller.type(b"\x1bPG1\r")
                heard = await caller.silence(1)
            if step == "go_ahead":
                assert heard[:10] == b"110 1.8\r\x06\r"
                heard = heard[10:]
            elif step in {"block", "eot"}:
                caller.type(caller.block(b"4711", b"x"))
                heard = await caller.silence(1)
                if step == "eot":
                    assert heard == TAKEN
                    caller.type(b"\x04\r")
                    heard = await caller.silence(1)
            assert heard == said
            assert len(street.ledger.select("hung_up")) == 1
            assert len(street.ledger.accepted()) == (step == "eot")
            await caller.log_on()

    run(story())


def test_naks_of_right_blocks(run, paging_street):
    async def story():
        street = paging_street()
        caller = street.caller()
        async with street:
            await caller.log_on()
            fault(street, "tap_nak", times=2, to="+447700900202")
            for answer in (b"514 Checksum error\r" + NAK, b"514 Checksum error\r" + NAK, TAKEN):
                assert await caller.page(b"4711", b"disk full") == answer
            assert len(street.ledger.accepted()) == 1
            fault(street, "tap_nak", at="logon", times=1)
            caller.type(b"\x04\r")
            await caller.silence(1)
            caller.type(b"\r")
            await caller.says(b"ID=")
            caller.type(b"\x1bPG1\r")
            assert await caller.answer() == b"507 Please log on again\r" + NAK
            caller.type(b"\x1bPG1\r")
            await caller.says(b"110 1.8\r\x06\r\x1b[p\r")

    run(story())


@pytest.mark.parametrize(
    ("kind", "options", "heard", "taken", "shown"),
    [
        ("tap_rs", {"code": 512}, b"512 Page refused\r" + RS, 0, 0),
        ("tap_lose_ack", {}, b"", 1, 1),
        ("tap_lose_block", {}, b"", 0, 0),
        ("tap_drop_after_block", {}, b"", 1, 1),
        ("tap_drop_after_block", {"submitted": False}, b"", 0, 0),
        ("tap_full", {}, b"112 Maximum reached for session\r" + ESC_EOT, 0, 0),
        ("tap_full", {"code": 113}, b"113 Maximum reached for session\r" + ESC_EOT, 0, 0),
        ("tap_bare", {}, b"\r" + ACK, 1, 1),
        ("tap_bare", {"naked": True}, ACK, 1, 1),
        ("tap_lose_page", {}, TAKEN, 1, 0),
        ("tap_page_twice", {}, TAKEN, 1, 2),
        ("tap_late_rs", {}, TAKEN, 0, 0),
        ("tap_answer", {"code": 213, "text": "Deferred", "control": "ACK"}, b"213 Deferred\r" + ACK, 1, 1),
        ("tap_answer", {"code": 516, "control": "RS"}, b"516 \r" + RS, 0, 0),
        ("tap_answer", {"code": 512, "control": "NAK", "submitted": True}, b"512 \r" + NAK, 1, 1),
        ("tap_answer", {"code": 501, "control": "EOT"}, b"501 \r" + ESC_EOT, 0, 0),
    ],
    ids=str,
)
def test_answers_to_a_block(run, paging_street, kind, options, heard, taken, shown):
    async def story():
        street = paging_street()
        caller = street.caller()
        async with street:
            fault(street, kind, times=1, **options)
            await caller.log_on()
            caller.type(caller.block(b"4711", b"disk full"))
            assert await caller.silence(3) == heard
            await caller.silence(3600)
            assert (len(street.ledger.accepted()), len(street.ben.inbox)) == (taken, shown)

    run(story())


def test_an_ack_that_is_lost_doubles_the_page(run, paging_street):
    async def story():
        street = paging_street()
        caller = street.caller()
        async with street:
            await caller.log_on()
            fault(street, "tap_lose_ack", times=1)
            caller.type(caller.block(b"4711", b"disk full"))
            assert await caller.silence(3) == b""
            assert await caller.page(b"4711", b"disk full") == TAKEN
            await caller.silence(1)
            assert len(street.ben.texts("disk full")) == 2
            assert street.ledger.duplicates()[0]["times"] == 2

    run(story())


def test_a_late_rejection(run, paging_street):
    async def story():
        street = paging_street()
        caller = street.caller()
        async with street:
            fault(street, "tap_late_rs", skip=1, times=1)
            await caller.log_on()
            for text in (b"one", b"two", b"three"):
                assert await caller.page(b"4711", text) == TAKEN
            caller.type(b"\x04\r")
            await caller.says(b"511 A page of this call is refused\r" + RS + b"115 Goodbye\r" + ESC_EOT)
            await caller.silence(1)
            assert [page.text for page in street.ben.inbox] == ["one", "three"]
            assert [entry["text"] for entry in street.ledger.select("revoked")] == ["two"]

    run(story())


def test_odd_greetings(run, paging_street):
    async def story():
        street = paging_street()
        caller = street.caller()
        async with street:
            fault(street, "tap_id_repeated", repeats=3, times=1)
            fault(street, "tap_banner", text="PAGING CENTRAL", times=1)
            fault(street, "tap_id_again", times=1)
            fault(street, "tap_glued", times=1, without_ack=True)
            caller.type(b"\r")
            await caller.says(b"PAGING CENTRAL\rID=ID=ID=")
            caller.type(b"\x1bPG1\r")
            await caller.says(b"ID=")
            caller.type(b"\x1bPG1\r")
            await caller.says(b"110 1.8\r\x1b[p\r")
            assert await caller.page(b"4711", b"x") == TAKEN

    run(story())


def test_slowness(run, paging_street):
    async def story():
        street = paging_street()
        caller = street.caller()
        async with street:
            for step in ("id", "logon", "go_ahead", "block", "eot"):
                fault(street, "tap_slow", at=step, seconds=3, times=1)
            fault(street, "tap_please_wait", repeats=2, seconds=5, times=1)
            for said, answer in (
                (b"\r", b"ID="),
                (b"\x1bPG1\r", b"110 1.8\r\x06\r"),
                (b"", b"\x1b[p\r"),
                (caller.block(b"4711", b"x"), b"111 Please wait\r"),
            ):
                caller.type(said)
                assert await caller.silence(2.9) == b""
                await caller.says(answer)
            assert await caller.silence(4.9) == b""
            await caller.says(b"111 Please wait\r")
            assert await caller.silence(4.9) == b""
            await caller.says(TAKEN)
            caller.type(b"\r\x04\r")
            assert await caller.silence(2.9) == b""
            await caller.says(b"115 Goodbye\r" + ESC_EOT)

    run(story())


def test_crs_while_the_terminal_is_slow(run, paging_street):
    async def story():
        street = paging_street()
        caller = street.caller()
        async with street:
            fault(street, "tap_slow", at="id", seconds=5, times=1)
            for _ in range(3):
                caller.type(b"\r")
                await caller.silence(1.9)
            assert street.loop.time() == pytest.approx(5.7)
            caller.type(b"\x1bPG1\r")
            heard = await caller.silence(1)
            assert b"110 1.8\r" in heard

    run(story())


def test_noise_echo_and_flow_control(run, paging_street):
    async def story():
        street = paging_street()
        caller = street.caller()
        async with street:
            fault(street, "tap_noise", at="block", octets=5, times=1)
            fault(street, "tap_xoff", at="block", seconds=5, times=1, skip=1)
            await caller.log_on()
            heard = await caller.page(b"4711", b"x")
            assert (len(heard), heard[5:]) == (5 + len(TAKEN), TAKEN)
            assert await caller.page(b"4711", b"x") == b"\x13" + TAKEN
            assert (await caller.silence(5.1))[:1] == b"\x11"
            fault(street, "tap_hang_up")
            fault(street, "tap_echo")
            caller.type(b"\r")
            await caller.says(b"\rID=")
            fault(street, "tap_line_noise", octets=3)
            assert len(await caller.silence(0.1)) == 3
            street.clear_bureau_faults("bureau1")
            assert not street.terminal.echo

    run(story())


def test_octets_come_one_by_one(run, paging_street):
    async def story():
        street = paging_street()
        caller = street.caller()
        async with street:
            fault(street, "tap_split", octets=1, gap_s=0.1)
            await caller.log_on()
            assert street.loop.time() == pytest.approx(0.2 + 1.3), "ID= and 14 more"
            street.clear_bureau_faults("bureau1")
            assert await caller.page(b"4711", b"x") == TAKEN

    run(story())


def test_an_engaged_line(run, paging_street):
    async def story():
        street = paging_street()
        caller = street.caller()
        async with street:
            fault(street, "tap_engaged", times=1, line="tap1")
            caller.type(b"\r")
            assert await caller.silence(1) == b""
            await caller.log_on()
            fault(street, "tap_silence", at="block", line="tap2")
            assert await caller.page(b"4711", b"x") == TAKEN, "a fault of another line"

    run(story())


@pytest.mark.parametrize(
    ("description", "words"),
    [
        ({"kind": "tap_silence", "at": "night"}, "'at' is one of id"),
        ({"kind": "tap_answer", "control": "SYN"}, "'control' is one of ACK"),
        ({"kind": "tap_nak", "speed": 1}, "fault 'tap_nak' has no option 'speed'"),
        ({"kind": "tap_echo", "loud": True}, "mishap 'tap_echo' has no option 'loud'"),
    ],
)
def test_wrong_faults_are_told(run, paging_street, description, words):
    async def story():
        with pytest.raises(FaultError, match=words):
            paging_street().bureau_fault("bureau1", description)

    run(story())
