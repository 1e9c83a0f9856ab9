"""What an account may ask of a message that was taken: query, cancel, replace, a later time (SMPP 3.4 4.8 to 4.10)."""

PAGER, ONE_WAY = "447700900201", "447700900202"


def query_body(message_id, source=b"\0\0\0"):
    return message_id.encode() + b"\0" + source


def test_query(run, paging_street):
    async def story():
        async with paging_street() as street:
            street.anna.switch(on=False)
            esme = await street.esme()
            message_id = (await esme.submit()).text
            answer = await esme.ask(0x03, query_body(message_id))
            assert (answer.command, answer.status) == (0x80000003, 0)
            assert answer.body == message_id.encode() + b"\0" + b"\0" + b"\x01\x00", "no final date, ENROUTE"
            street.anna.switch(on=True)
            assert await street.until(lambda: street.anna.inbox)
            answer = await esme.ask(0x03, query_body(message_id))
            assert answer.body == message_id.encode() + b"\0" + b"231114221321000+\0" + b"\x02\x00"
            assert (await esme.ask(0x03, query_body("77"))).status == 0x67
            assert (await esme.ask(0x03, query_body(message_id, b"\0\0123\0"))).status == 0x67
            assert (await esme.ask(0x03, query_body(""))).status == 0x0C

    run(story())


def test_cancel(run, paging_street):
    async def story():
        async with paging_street() as street:
            street.anna.switch(on=False)
            esme = await street.esme()
            ids = [(await esme.submit(registered=1)).text for _ in range(3)]
            nobody, anna = b"\0\0\0", b"\x01\x01" + PAGER.encode() + b"\0"
            body = b"\0" + ids[0].encode() + b"\0" + nobody + nobody
            answer = await esme.ask(0x08, body)
            assert (answer.command, answer.status, answer.body) == (0x80000008, 0, b"")
            assert b"stat:DELETED" in (await esme.receipt()).body
            assert (await esme.ask(0x08, body)).status == 0x11, "once is enough"
            everything = b"\0" + b"\0" + b"\0\x0060000\0" + anna
            assert (await esme.ask(0x08, everything)).status == 0
            assert [b"DELETED" in (await esme.receipt()).body for _ in range(2)] == [True, True]
            street.anna.switch(on=True)
            await esme.silence(86400)
            assert not street.anna.inbox

    run(story())


def test_replace(run, paging_street):
    async def story():
        async with paging_street() as street:
            street.anna.switch(on=False)
            esme = await street.esme()
            message_id = (await esme.submit(text=b"disk 80 % full")).text
            newer = b"disk 95 % full"
            body = query_body(message_id) + b"\0" + b"000000010000000R\0" + bytes([1, 0, len(newer)]) + newer
            answer = await esme.ask(0x07, body)
            assert (answer.command, answer.status, answer.body) == (0x80000007, 0, b"")
            street.anna.switch(on=True)
            assert b"text:disk 95 % full" in (await esme.receipt()).body
            assert [page.text for page in street.anna.inbox] == ["disk 95 % full"]
            assert (await esme.ask(0x07, body)).status == 0x13, "too late"

    run(story())


def test_replace_if_present(run, paging_street):
    async def story():
        async with paging_street() as street:
            street.anna.switch(on=False)
            esme = await street.esme()
            for text in (b"one", b"two", b"three"):
                assert (await esme.submit(text=text, replace=1)).status == 0
            street.anna.switch(on=True)
            await esme.silence(60)
            assert [page.text for page in street.anna.inbox] == ["three"]

    run(story())


def test_a_scheduled_page_waits(run, paging_street):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()
            for schedule in ("000000010000000R", "231115001320004+"):  # an hour; 00:13:20 one hour east of UTC
                await esme.submit(schedule=schedule, validity="000002000000000R")
            await esme.silence(3599)
            assert not street.anna.inbox
            await esme.silence(2)
            assert [page.at for page in street.anna.inbox] == [1_700_003_600.0] * 2

    run(story())


def test_datagrams_are_tried_once(run, paging_street):
    async def story():
        async with paging_street() as street:
            street.anna.switch(on=False)
            esme = await street.esme()
            await esme.submit(esm_class=0x01, registered=1)
            assert b"stat:UNDELIV" in (await esme.receipt()).body

    run(story())


def test_a_cancel_that_names_another_recipient_takes_nothing_back(run, paging_street):
    async def story():
        async with paging_street() as street:
            street.anna.switch(on=False)
            esme = await street.esme()
            message_id = (await esme.submit()).text.encode()
            nobody = b"\0\0\0"
            other = b"\x01\x01" + ONE_WAY.encode() + b"\0"
            assert (await esme.ask(0x08, b"\0" + message_id + b"\0" + nobody + other)).status == 0x11
            anna = b"\x01\x01" + PAGER.encode() + b"\0"
            assert (await esme.ask(0x08, b"\0" + message_id + b"\0" + nobody + anna)).status == 0

    run(story())


def test_a_replacement_has_its_own_time_and_its_own_rules(run, paging_street):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()
            message_id = (await esme.submit(schedule="000000010000000R")).text

            def body(registered, schedule):
                return query_body(message_id) + schedule + b"\0\0" + bytes([registered, 0, 5]) + b"newer"

            assert (await esme.ask(0x07, body(3, b""))).status == 0x07
            assert (await esme.ask(0x07, body(1, b"000000000500000R"))).status == 0
            await esme.silence(299)
            assert not street.anna.inbox
            assert b"text:newer" in (await esme.receipt()).body
            await esme.silence(7200)
            assert [page.text for page in street.anna.inbox] == ["newer"]

    run(story())


def test_a_long_replacement_for_a_phone_comes_whole_and_once(run, paging_street):
    async def story():
        street = paging_street()
        phone = street.add_phone("+447700900150", "Ed")
        async with street:
            phone.switch(on=False)
            esme = await street.esme()
            message_id = (await esme.submit("447700900150", b"", tlvs=b"\x04\x24" + b"\x00\xc8" + b"a" * 200)).text
            newer = b"b" * 160
            assert (await esme.ask(0x07, query_body(message_id) + b"\0\0" + bytes([0, 0, 160]) + newer)).status == 0
            phone.switch(on=True)
            await esme.silence(4000)
            assert [text.text for text in phone.inbox] == ["b" * 160]

    run(story())


def test_callback_numbers_may_come_twice_and_others_not(run, paging_street):
    async def story():
        async with paging_street() as street:
            esme = await street.esme()
            callback = b"\x03\x81\x00\x06" + b"\x01\x01\x01123"
            assert (await esme.submit(tlvs=callback * 2)).status == 0
            assert (await esme.submit(tlvs=b"\x14\x01\x00\x01a" * 2)).status == 0, "what 3.4 does not know is kept"
            assert (await esme.submit(tlvs=b"\x02\x04\x00\x02\x00\x2a" * 2)).status == 0xC0

    run(story())
