"""Many faults by chance: a seed is a story, and what the network took still arrives."""

import pytest
from hwsim.faults import FaultError
from hwsim.fields import address_of
from hwsim.tpdu import encode_submit, put_user_data

ANNA = "+447700900111"


def test_bad_weather_is_the_same_from_the_same_seed_and_loses_nothing(run, street_of, terminal_of):
    stories = []

    async def story():
        street = street_of(seed=11)
        street.fault("modem1", {"kind": "weather", "probability": 0.05, "mishap_every_s": 600})
        terminal = terminal_of(street)
        for number in range(120):
            if terminal.hung_up:
                terminal.hung_up = False
                while True:
                    try:
                        terminal.connect()
                        break
                    except ConnectionError:
                        await terminal.silence(5)
            terminal.type(b"\x1b\rATE0\r")
            await terminal.silence(1)
            pdu = encode_submit(address_of(ANNA), put_user_data(f"text {number}"), report=True)
            terminal.type(b"AT+CMGF=0\rAT+CMGS=%d\r" % len(pdu))
            await terminal.silence(1)
            terminal.type(b"00" + pdu.hex().upper().encode() + b"\x1a")
            await terminal.silence(180)
        street.clear_faults("modem1")
        mishaps = len(street.ledger.select("mishap"))
        await terminal.silence(86400)
        assert len(street.ledger.select("mishap")) == mishaps, "it has cleared"
        taken = {entry["id"] for entry in street.ledger.accepted(ANNA)}
        assert taken
        assert taken == {entry["id"] for entry in street.ledger.delivered(ANNA)}
        stories.append([{**entry, "at": round(entry["at"], 6)} for entry in street.ledger.entries])

    run(story())
    run(story())
    assert stories[0] == stories[1]
    assert len({entry["kind"] for entry in stories[0] if entry["event"] == "mishap"}) > 5


@pytest.mark.parametrize("wrong", [{"probability": 2}, {"mood": "grim"}, {"mishap_every_s": -1}])
def test_wrong_weather_is_told(run, street_of, wrong):
    async def story():
        with pytest.raises(FaultError):
            street_of().fault("modem1", {"kind": "weather", **wrong})

    run(story())
