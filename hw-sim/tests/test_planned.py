"""Mishaps that were planned, and are impossible when their time comes: told in the ledger, and nothing else breaks."""

import pytest


@pytest.fixture
def quiet_loop():
    """What the loop's timers raised."""
    raised = []

    def watch(street):
        street.loop.set_exception_handler(lambda _, context: raised.append(context))
        return raised

    return watch


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ({"kind": "credit", "messages": 3}, "there is no card"),
        ({"kind": "storage_full", "memory": "SM"}, "there is no such memory now"),
        ({"kind": "sim_swap", "number": "+447700900111"}, "the number +447700900111 is taken"),
        ({"kind": "sim_swap", "with": "modem9"}, "'with' names another modem"),
    ],
)
def test_what_has_become_impossible_is_told_in_the_ledger(run, street_of, terminal_of, quiet_loop, fault, why):
    async def story():
        street = street_of()
        raised = quiet_loop(street)
        terminal = terminal_of(street)
        street.fault("modem1", {**fault, "after_s": 60})
        street.fault("modem1", {"kind": "sim", "after_s": 30})
        await terminal.silence(100)
        told = street.ledger.select("impossible")[-1]
        assert (told["modem"], told["kind"]) == ("modem1", fault["kind"])
        assert why in told["why"]
        assert not raised
        assert (await terminal.command("AT"))[-1] == "OK"

    run(story())


def test_a_card_recovers_although_it_was_pulled_meanwhile(run, street_of, terminal_of, quiet_loop):
    async def story():
        street = street_of()
        raised = quiet_loop(street)
        terminal = terminal_of(street)
        street.fault("modem1", {"kind": "sim_state", "state": "failure", "seconds": 60})
        street.move_sim("modem1", present=False)
        await terminal.silence(100)
        street.move_sim("modem1", present=True)
        assert await terminal.command("AT+CPIN?") == ["+CPIN: READY", "OK"]
        assert not raised

    run(story())


def test_the_weather_goes_on_without_a_card(run, street_of, terminal_of, quiet_loop):
    async def story():
        street = street_of()
        raised = quiet_loop(street)
        terminal = terminal_of(street)
        street.move_sim("modem1", present=False)
        street.fault("modem1", {"kind": "weather", "probability": 0, "mishap_every_s": 60})
        await terminal.silence(20_000)
        assert {entry["kind"] for entry in street.ledger.select("impossible")} == {"storage_full"}
        assert street.ledger.select("mishap")[-1]["at"] - street.ledger.select("impossible")[0]["at"] > 600
        assert not raised

    run(story())
