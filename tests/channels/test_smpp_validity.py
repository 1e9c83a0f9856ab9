"""How a validity period is written is found out anew each day."""

from __future__ import annotations

import asyncio

from gatewayd.channels.smpp import Smpp, SmppSettings
from gatewayd.delivery.outcome import Accepted
from tests.channels.house import RecordingHouse, booked, submission, until
from tests.channels.smpp_street import play
from tests.channels.virtual import clock
from tests.scenarios.bureau_by_hand import Bureau


def test_after_a_day_the_configured_one_is_tried_again() -> None:
    async def whole() -> None:
        bureau = Bureau()
        await bureau.open()
        bureau.answering = lambda text: text.answer("1", 0x62 if text.validity.endswith("R") else 0)
        settings = SmppSettings(name="north", host="127.0.0.1", port=bureau.port, system_id="gateway", enquire_s=3600)
        smpp = Smpp(settings, RecordingHouse(), clock())
        life = asyncio.create_task(smpp.run())
        try:
            await until(smpp.ready)
            for day in range(2):
                for number in range(2):
                    of_day = 4 * day + number + 1
                    told = submission(of_day, attempt_id=str(of_day), recipient="+447700900201")
                    assert isinstance(await smpp.send(told, booked), Accepted)
                await asyncio.sleep(86_400)
            assert [text.validity[-1:] for text in bureau.texts] == ["R", "+", "+"] * 2
        finally:
            life.cancel()
            await asyncio.gather(life, return_exceptions=True)
            await bureau.close()

    play(whole())
