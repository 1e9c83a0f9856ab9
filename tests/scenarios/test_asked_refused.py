"""What the rules of every change refuse is refused by text as well: at once, and with its true reason."""

from __future__ import annotations

from pathlib import Path

from tests.house import PEOPLE, House, play
from tests.scenarios.test_asked_duty import code_in, said
from tests.scenarios.test_hand_over import TITLED

PAGED = PEOPLE
for _name, _pager in (("Anna", "4711"), ("Cara", "4713")):
    PAGED = PAGED.replace(
        f'full_name = "{_name}"\ndevices = [',
        f'full_name = "{_name}"\ndevices = [{{ kind = "pager", number = "{_pager}", channel = "north" }}, ',
    )
WITH_PAGERS = TITLED.replace('page = ["rota:noc"]', 'page = ["rota:noc"]\ndevices = ["pager", "phone"]', 1).replace(
    'people = ["anna", "ben"]', 'people = ["anna", "cara"]'
)


def test_what_would_be_refused_is_said_before_anybody_is_asked(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        answer = await said(house, house.anna, "swap ben 18:00", "Nothing was done")
        assert answer == ("Nothing was done about NOC: 'ben' has no pager, and a policy that pages 'noc' uses one"), (
            "as the API says it"
        )
        await house.pass_time(60)
        assert not house.ben.texts("")
        assert house.events().count("duty_not_asked") == 1

    tap = f'[[tap]]\nname = "north"\nend = "unix:{tmp_path}/tap"\n'
    play(tmp_path, story, policy=WITH_PAGERS, people=PAGED, modems=1, config=tap)


def test_what_is_refused_only_when_both_have_agreed_is_told_with_its_reason(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        asked = await said(house, house.anna, "swap ben 18:00", "Reply yes")
        await said(house, house.anna, f"yes {code_in(asked)}", "asked now")
        question = await house.text(house.ben, "Anna asks")
        house.toml = house.toml.replace('page = ["rota:noc"]', 'page = ["rota:noc"]\ndevices = ["pager", "phone"]', 1)
        house.toml = house.toml.replace(PEOPLE, PAGED).replace("[web]", f"{tap}[web]")
        house.toml = house.toml.replace('people = ["anna", "ben"]', 'people = ["anna", "cara"]')
        house.path.write_text(house.toml)
        await house.daemon.reload()
        told = "Nothing was done about NOC: 'ben' has no pager, and a policy that pages 'noc' uses one"
        assert await said(house, house.ben, f"yes {code_in(question)}", "about NOC") == told

    tap = f'[[tap]]\nname = "north"\nend = "unix:{tmp_path}/tap"\n'
    play(tmp_path, story, policy=TITLED, modems=1)
