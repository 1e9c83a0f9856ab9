"""What the rules of every change refuse is refused by text as well: at once, and with its true reason."""

from __future__ import annotations

from pathlib import Path

import pytest

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


NO_PAGER = {
    "cy": "Ni wnaed dim am NOC: does gan 'ben' ddim peiriant galw, ac mae polisi sy'n galw 'noc' yn defnyddio un",
    "de": "Bei NOC wurde nichts getan: 'ben' hat keinen Pager, aber eine Rufkette für 'noc' nutzt einen",
    "fr": "Rien n'a été fait pour NOC: 'ben' n'a pas de bip, et une règle d'appel de 'noc' s'en sert",
    "es": "No se ha hecho nada con NOC: 'ben' no tiene busca, y una regla de avisos de 'noc' usa uno",
    "pl": "Nic nie zrobiono, NOC: 'ben' nie ma pagera, a uzywa go regula wezwan dla 'noc'",
    "zh": "NOC未做更改: 'ben'没有寻呼机, 而'noc'的呼叫规则要用",
}
LAST_STEP = {
    "cy": "Nid oes neb arall yng ngham 2 polisi 'default': eir heibio iddo am y tro",
    "de": "Stufe 2 der Rufkette 'default' hat sonst niemanden: sie wird dann übersprungen",
    "fr": "L'étape 2 de la règle d'appel 'default' n'a personne d'autre: elle est sautée d'ici là",
    "es": "El paso 2 de la regla de avisos 'default' no tiene a nadie mas: se salta mientras tanto",
    "pl": "Krok 2 reguly wezwan 'default' nie ma nikogo innego: na ten czas jest pomijany",
    "zh": "呼叫规则'default'的第2步没有别人, 期间会跳过",
}


def speaking(people: str, language: str) -> str:
    return people.replace('full_name = "Anna"', f'full_name = "Anna"\nlanguage = "{language}"')


@pytest.mark.parametrize("language", sorted(NO_PAGER))
def test_the_reason_is_in_the_language_of_who_reads_it(tmp_path: Path, language: str) -> None:
    async def story(house: House) -> None:
        assert await said(house, house.anna, "swap ben 18:00", "NOC") == NO_PAGER[language]

    tap = f'[[tap]]\nname = "north"\nend = "unix:{tmp_path}/tap"\n'
    play(tmp_path, story, policy=WITH_PAGERS, people=speaking(PAGED, language), modems=1, config=tap)


@pytest.mark.parametrize("language", sorted(LAST_STEP))
def test_what_an_absence_leaves_is_in_the_language_of_who_goes(tmp_path: Path, language: str) -> None:
    async def story(house: House) -> None:
        asked = await said(house, house.anna, "away 24 dec 9:00 - 24 dec 10:00", "yes")
        assert asked.endswith(f". {LAST_STEP[language]}"), asked

    alone = TITLED.replace('page = ["backup:noc"]', 'page = ["anna"]')
    play(tmp_path, story, policy=alone, people=speaking(PEOPLE, language), modems=1)
