"""Static files are kept by browsers, and asked for again when they change."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import AsyncClient, Client
from django.urls import reverse

from mysite import storage, stylesheets


@pytest.mark.django_db(transaction=True)
async def test_what_a_page_and_its_modules_ask_for_is_kept() -> None:
    client = AsyncClient(headers={"host": "localhost"})
    page = (await client.get("/chat/")).content.decode()
    address = re.search(r'src="(/static/v-\w+/chat/lobby\.js)"', page)
    assert address
    for path in (address[1], address[1].replace("lobby.js", "words.js")):
        answer = await client.get(path)
        assert (answer.status_code, answer["Cache-Control"]) == (200, storage.FOREVER)
    missing = await client.get(address[1].replace("lobby", "missing"))
    assert (missing.status_code, "no-store" in missing["Cache-Control"]) == (404, True)
    other = re.sub(r"v-\w+", "v-0123456789", address[1])
    assert (await client.get(other))["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/static/v-0123456789/", "/static/v-0123456789/../settings.py", "/v-0123456789/x"])
async def test_no_version_leads_to_what_is_no_static_file(path: str) -> None:
    answer = await AsyncClient(headers={"host": "localhost"}).get(path)
    assert answer.status_code == 404


def test_a_changed_file_changes_the_version(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEBUG, settings.STATICFILES_DIRS = True, [tmp_path]
    monkeypatch.setattr(storage, "LOOKED_AT_EVERY", 0)
    (tmp_path / "a.js").write_text("1")
    first = storage.version()
    assert storage.version() == first
    (tmp_path / "a.js").write_text("22")
    assert storage.version() != first
    monkeypatch.setattr(storage, "_known", (0.0, ""))


def test_a_sheet_is_its_parts_in_order_under_an_address_of_their_content() -> None:
    address = stylesheets.stylesheet("chat")
    answer = Client().get(address, headers={"host": "localhost"})
    assert (answer.status_code, answer["Cache-Control"]) == (200, storage.FOREVER)
    css = answer.content.decode()
    parts = [(stylesheets.FOLDER / f"{part}.css").read_text() for part in stylesheets.SHEETS["chat"]]
    assert css == "\n".join(parts)
    assert sorted(path.stem for path in stylesheets.FOLDER.glob("*.css")) == sorted(stylesheets.SHEETS["chat"])


def test_a_sheet_of_another_version_is_not_kept_and_an_unknown_one_is_404() -> None:
    client = Client(headers={"host": "localhost"})
    assert "no-store" in client.get(reverse("stylesheet", args=["chat", "0" * 12]))["Cache-Control"]
    assert client.get("/look/other.0.css").status_code == 404


def test_the_chinese_font_stands_last_and_both_themes_are_the_browser_s_too() -> None:
    css = (stylesheets.FOLDER / "tokens.css").read_text()
    sans = re.search(r"--sans: ([^;]+);", css)
    assert sans
    names = [name.strip(' "') for name in sans[1].split(",")]
    assert names.index("sans-serif") < names.index("Noto Sans CJK SC"), "its apostrophes would stand in Latin words"
    assert re.search(r":root \{\s+color-scheme: light dark;", css), "else scrollbars and fields stay light at night"
