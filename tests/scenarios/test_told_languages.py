"""Who is on site alone, who looks for them and who asks for the status: each in his own language, to and fro."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.house import PEOPLE, House, play
from tests.scenarios.test_rota import ROTA

NUMBER = "+447700900001"
QUICK = "[site_visits]\nevery_s = 1800\nanswer_within_s = 600\nagain_within_s = 300\n"


def speaking(**languages: str) -> str:
    people = PEOPLE
    for name, language in languages.items():
        full = f'full_name = "{name.capitalize()}"'
        people = people.replace(full, f'{full}\nlanguage = "{language}"')
    return people


async def says(house: House, phone: Any, words: str, told: str) -> str:
    """They write it and read that."""
    phone.send(NUMBER, words)
    return await house.text(phone, told)


def test_a_pole_on_site_is_asked_missed_and_looked_for_by_a_german(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        assert await says(house, house.anna, "Wizyta na 2 godz. w Leeds DC", "Wizyta (") == (
            "Wizyta (Leeds DC) do 06:12. Pytam co 30 min, wystarczy dowolna odpowiedz. Po wyjsciu: home"
        )
        await house.text(house.anna, "Anna, wszystko w porzadku? Odpisz ok w ciagu 10 min, a po wyjsciu home", 1900)
        house.anna.reply("tak")
        await house.text(house.anna, "Anna, brak odpowiedzi. Odpisz ok teraz: za 5 min inni zaczna cie szukac", 2500)
        page = await house.text(house.ben, "KRITISCH", 400)
        assert page == (
            "10 KRITISCH site-visits: Anna, vor Ort (Leeds DC): keine Antwort seit 04:42. Antworte ok 10"
        ), page
        house.ben.reply("bin dran")
        await house.text(house.ben, "10: deins. Anna, vor Ort (Leeds DC): keine Antwort seit 04:42")
        await house.post("/api/v1/site-visits/1/heard")
        heard = await house.text(house.ben, "von Anna gehört")
        assert heard.startswith("10: operator hat um 05:")
        assert heard.endswith(". Noch offen: anrufen, dann done 10")
        await says(house, house.anna, "po wizycie, dzięki", "Twoja wizyta skonczyla sie o 05:")
        told = await house.text(house.ben, ": po wizycie, dzięki. Noch offen: anrufen, dann done 10")
        assert told.startswith("10: Anna schrieb um 05:")
        await says(house, house.ben, "erledigt", "10: geschlossen. Anna, vor Ort (Leeds DC)")
        await says(house, house.anna, "w domu", "Nie trwa zadna twoja wizyta")

    play(tmp_path, story, policy=ROTA, config=QUICK, modems=1, people=speaking(anna="pl", ben="de"))


def test_a_german_changes_his_visit_and_ends_it_and_english_holds_as_well(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        for words, told in (
            ("Einsatz 2 Std Leeds", "Besuch (Leeds) bis 06:12"),
            ("Besuch bis 7 Uhr", "Besuch (Leeds) bis 07:00"),
            ("visit for 1 hour at York", "Besuch (York) bis 05:12"),
            ("Besuch", "Wir achten auf dich (York) bis 05:12. Ändern: visit 2h"),
            ("Besuch bis 6", "Die Zeit ist nicht lesbar"),
            ("Besuch 20 Stunden", "Ein Besuch dauert höchstens 16 Stunden"),
        ):
            await says(house, house.anna, words, told)
        await house.text(house.anna, "Anna, alles in Ordnung?", 1900)
        await says(house, house.anna, "Besuch läuft gut", "Wir achten auf dich (York)")
        assert (await house.get("/api/v1/site-visits"))["site_visits"][0]["place"] == "York", "that was no place"
        await says(house, house.anna, "bin zu hause, glaube ich", "Wir achten auf dich (York) bis 05:12. Ändern")
        await says(house, house.anna, "Einsatz beendet", "Dein Besuch endete um 04:4")
        await house.alert()
        await house.text(house.anna, "10 KRITISCH network")
        await says(house, house.anna, "bin zu hause", "Unklar, nichts geändert. Antworte ok 10")

    play(tmp_path, story, policy=ROTA, config=QUICK, modems=1, people=speaking(anna="de"))


def test_the_status_line_is_set_read_and_ended_in_three_languages(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await says(house, house.ben, "estado: todo roto", "No puesto: por SMS solo pone el estado quien")
        await says(house, house.anna, "Status: Leeds ohne Netz für 3 Stunden", "Status gilt bis 07:12. Beenden: status")
        await says(house, house.ben, "¿Estado?", "Leeds ohne Netz (Anna, 04:12)")
        await says(house, house.cara, "状态", "Leeds ohne Netz (Anna, 04:12)")
        await says(house, house.anna, "Lage: beendet", "Status beendet")
        await says(house, house.anna, "status: over", "Es gibt keinen Status")
        await says(house, house.cara, "状态？", "没有")

    play(tmp_path, story, policy=ROTA, modems=1, people=speaking(anna="de", ben="es", cara="zh"))


def test_drills_silent_phones_and_the_text_of_the_day_are_read_in_any_language(tmp_path: Path) -> None:
    config = (
        '[heartbeat]\ntext_to = "cara"\nat = "04:30"\n[reachability]\ntest_after = "2h"\nheard_within_s = 900\n'
        'calendar = "always"\n[[calendars]]\nname = "always"\nzone = "UTC"\n'
        'working = [{ days = "daily", hours = "05:00-17:00" }]\n'
    )

    async def story(house: House) -> None:
        await house.post("/api/v1/drills", {"service": "database", "severity": "critical"})
        page = await house.text(house.anna, "ÜBUNG 10 KRITISCH")
        assert page == "ÜBUNG 10 KRITISCH database: Übung, es ist nichts kaputt. Antworte ok 10"
        await says(house, house.anna, "ja", "10: deins. Übung")
        await house.text(house.cara, "gatewayd dziala: czynne kanaly 1 z 1, brak otwartych incydentow.", 1300)
        await house.text(house.ben, "gatewayd vérifie si ce téléphone de Ben est joignable. Rien à faire", 9000)

    play(tmp_path, story, policy=ROTA, config=config, modems=1, people=speaking(anna="de", ben="fr", cara="pl"))
