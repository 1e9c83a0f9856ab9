"""The scenes that come ready."""

import pytest
from hwsim.scene import SceneError, build, load
from hwsim.shelf import ORDER, SHELF, menu, scene_file
from hwsim.street import Street

ANNA = "+447700900111"


def test_there_are_ten_and_each_says_what_it_is():
    assert len(ORDER) == 10
    assert sorted(file.stem for file in SHELF.iterdir()) == sorted(ORDER)
    lines = menu().splitlines()
    assert len(lines) == 10
    assert all(len(line) <= 120 and line.endswith((".", "?")) for line in lines)


@pytest.mark.parametrize("name", ORDER)
def test_each_can_be_played_for_an_hour_in_which_nothing_breaks_but_what_should(run, terminal_of, tmp_path, name):
    async def story():
        street = Street(1, wall=lambda: 1_700_000_000.0 + street.loop.time())
        wrong = []
        street.loop.set_exception_handler(lambda _, context: wrong.append(context))
        scene = load(scene_file(name))
        for modem in scene.get("modem", []):
            modem["end"] = "inproc"
        build(scene, street, tmp_path)
        async with street:
            for modem in street.modems:
                terminal = terminal_of(street, modem)
                for line in (b"ATE0", b"AT+CPIN?", b"AT+CMGF=0", b"AT+CNMI=2,1,0,1"):
                    terminal.type(line + b"\r")
                    assert await terminal.silence(1)
            for phone in street.phones.values():
                for modem in street.modems.values():
                    if modem.sim:
                        phone.send(modem.sim.number, "hello")
            for _ in range(60):
                await quiet(street, 60)
        assert not wrong

    run(story())


async def quiet(street, seconds):
    await street.until(lambda: False, seconds)


def test_posts_come_by_the_clock(run, street_of, tmp_path):
    async def story():
        street = street_of()
        posts = [{"from": ANNA, "to": "+447700900001", "text": "x", "after_s": 10, "every_s": 5, "times": 3}]
        build({"post": posts}, street, tmp_path)
        await quiet(street, 16)
        assert [entry["at"] - 1_700_000_000 for entry in street.ledger.accepted()] == [10, 15]
        with pytest.raises(SceneError, match="a post has no 'when'"):
            build({"post": [{"when": 1}]}, street, tmp_path)

    run(story())


def test_quirks_owners_and_absences_come_from_a_scene(run, street_of, tmp_path):
    async def story():
        street = street_of()
        scene = {
            "modem": [{"name": "m", "number": "+1", "end": "inproc", "quirks": {"mr_constant": 7}, "baud": 9600}],
            "phone": [{"number": "+2", "owner": {"replies": 0.5}, "away": [{"after_s": 1, "for_s": 2}]}],
        }
        build(scene, street, tmp_path)
        assert street.modems["m"].personality.mr_constant == 7
        assert street.modems["m"].line.baud == 9600
        assert street.phones["+2"].mind.owner.replies == 0.5
        for wrong in ({"modem": [{"quirks": {"speed": 1}}]}, {"phone": [{"number": "+3", "owner": {"mood": 1}}]}):
            with pytest.raises(SceneError, match=r"no (quirk )?'"):
                build(wrong, street, tmp_path)

    run(story())


@pytest.mark.parametrize(
    ("scene", "told"),
    [
        ({"network": {"latency_s": float("nan")}}, "'latency_s' is not a number of at least 0: nan"),
        ({"modem": [{"number": "abc"}]}, "'abc' is no number"),
        ({"modem": [{"pin": "abc"}]}, "'pin' is not 4 to 8 digits"),
        ({"modem": [{"pin": 1234}]}, "'pin' is not a text: 1234"),
        ({"modem": [{"baud": -1}]}, "'baud' is not a whole number of at least 0: -1"),
        ({"modem": [{"quirks": {"boot_s": -1}}]}, "the quirk 'boot_s' is not a number of at least 0: -1"),
        ({"modem": [{"end": "tcp:foo"}]}, "no such end: 'tcp:foo'"),
        ({"modem": [{"number": "+1"}, {"number": "+1"}]}, r"the number \+1 is taken by the modem modem1"),
        ({"modem": [{"number": "+1"}], "phone": [{"number": "+1"}]}, r"the number \+1 is taken by the modem modem1"),
        ({"phone": [{"number": "+1"}, {"number": "+1"}]}, r"the number \+1 is taken by a phone, \+1"),
        ({"phone": [{"name": "Anna"}]}, "'number' is missing"),
        ({"phone": [{"number": "+1", "script": [{"text": "x", "matches": "("}]}]}, "'matches' is no pattern"),
        (
            {"phone": [{"number": "+1", "away": [{"after_s": -1, "for_s": 1}]}]},
            "'after_s' is not a number of at least 0",
        ),
        ({"pager": [{"number": "+1", "script": [{"txt": "x"}]}]}, "a habit has no option 'txt'"),
        (
            {"pager": [{"number": "+1"}], "phone": [{"number": "+2"}, {"number": "+1"}]},
            r"the number \+1 is taken by a phone",
        ),
        ({"post": [{"from": "+1", "to": "+2", "text": "x"}]}, r"a post is from '\+1', and nobody has such a phone"),
        (
            {"phone": [{"number": "+1"}], "post": [{"from": "+1", "to": "+2", "text": "x", "times": -1}]},
            "'times' is not",
        ),
    ],
)
def test_a_scene_that_makes_no_sense_is_told(run, tmp_path, scene, told):
    async def story():
        with pytest.raises(SceneError, match=told):
            build(scene, Street(1), tmp_path)

    run(story())
