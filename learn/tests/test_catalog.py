"""Catalogue, routes, files, tests and documentation agree, and the product does not need the classroom."""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from learn import routing, views
from learn.catalog import DEMOS, ROOT, Demo, table
from learn.path import PATH

MISSION = (
    "echo-sync echo-async websocket-sync websocket-async accept-refuse json json-echo group-sync group-async "
    "members-only chat-name ping log scope routing databases sync-to-async layers processes http-basic long-poll sse "
    "closing sessions worker telegram testing views"
)

each_demo = pytest.mark.parametrize("demo", DEMOS.values(), ids=DEMOS)


def code(file: str) -> ast.Module:
    return ast.parse((ROOT / file).read_text())


def names(file: str) -> set[str]:
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(code(file)) if isinstance(node, kinds)}


def test_all_demos_are_there_in_reading_order() -> None:
    assert " ".join(DEMOS) == MISSION


@each_demo
def test_a_demo_has_its_consumer_in_a_short_file(demo: Demo) -> None:
    assert set(demo.consumer.split(", ")) <= names(demo.file)
    assert len((ROOT / demo.file).read_text().splitlines()) <= 60


@each_demo
def test_a_demo_is_held_by_at_least_one_test_of_its_own(demo: Demo) -> None:
    assert any(name.startswith("test_") for name in names(demo.test))
    assert re.search(rf"\b({demo.slug}|{demo.module})\b", (ROOT / demo.test).read_text())


@each_demo
def test_a_consumer_says_in_a_few_lines_what_it_shows(demo: Demo) -> None:
    classes = [node for node in code(demo.file).body if isinstance(node, ast.ClassDef)]
    for node in [node for node in classes if node.name == demo.consumer]:
        assert 3 <= len((ast.get_docstring(node) or "").splitlines()) <= 7


@each_demo
def test_a_demo_stands_by_itself(demo: Demo) -> None:
    """It can be pasted into any project: of this one it imports at most the classroom's model and neighbours."""
    imported = re.findall(r"^from (\S+) import|^import (\S+)", (ROOT / demo.file).read_text(), re.MULTILINE)
    assert not [name for pair in imported for name in pair if name.split(".")[0] in ("chat", "mysite", "e2e", "bench")]


def test_no_file_of_the_demos_is_forgotten() -> None:
    files = {f"learn/demos/{path.name}" for path in (ROOT / "learn" / "demos").glob("[a-z]*.py")}
    assert files == {file for demo in DEMOS.values() for file in (demo.file, *demo.more) if "/demos/" in file}


@each_demo
def test_every_console_has_a_route(demo: Demo) -> None:
    for console in demo.consoles:
        path = console.path.partition("?")[0].lstrip("/")
        patterns = routing.websocket_urlpatterns[:-1] if console.kind == "websocket" else routing.http_urlpatterns
        is_view = path.startswith("learn/views/")
        assert is_view or any(pattern.pattern.match(path) for pattern in patterns), path


def test_every_route_belongs_to_a_demo() -> None:
    for pattern in [*routing.websocket_urlpatterns[:-1], *routing.http_urlpatterns]:
        slug = re.search(r"learn/([a-z-]+)/", str(pattern.pattern))
        assert slug
        assert slug[1] in {*DEMOS, "room", "broken"}


@each_demo
def test_the_page_shows_the_very_file_that_runs(demo: Demo) -> None:
    page = Client().get(f"/learn/{demo.slug}/").content.decode()
    shown = re.sub(r"<[^>]+>", "", page)
    for name in demo.consumer.split(", "):
        assert name in shown
    assert demo.test in shown


def test_where_tests_are_not_installed_the_page_says_where_they_are(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    demo = DEMOS["testing"]
    monkeypatch.setattr(views, "ROOT", tmp_path)
    assert f"in the repository: <code>{demo.test}" in Client().get("/learn/testing/").content.decode()


def test_the_path_goes_through_demos_that_are_there() -> None:
    assert {slug for stop in PATH for slug, _ in stop.beside} <= set(DEMOS)
    assert "class ChatConsumer" in re.sub(r"<[^>]+>", "", Client().get("/learn/the-room/").content.decode())


def test_the_index_in_the_documentation_is_the_catalogues() -> None:
    assert table() in (ROOT / "docs" / "learn.md").read_text(), "run `python -m learn.catalog` and paste what it prints"


def test_nothing_imports_the_classroom_but_mysite() -> None:
    for folder in ("chat", "bench"):
        for file in (ROOT / folder).rglob("*.py"):
            assert not re.search(r"^\s*(from|import) learn\b", file.read_text(), re.MULTILINE), file


def test_without_the_classroom_the_product_works(tmp_path: Path) -> None:
    """Its folders are gone, and it is not asked for."""
    for name in ("accounts", "chat", "mysite", "ops", "templates", "static"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("learn", "tests", "__pycache__"))
    shutil.copy(ROOT / "manage.py", tmp_path)
    ask = "import mysite.asgi; from django.test import Client; "
    ask += "assert Client().get('/chat/', headers={'host': 'localhost'}).status_code == 200"
    for command in (["manage.py", "migrate", "--verbosity", "0"], ["-c", ask]):
        environment = os.environ | {"LEARN": "0", "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3"}
        subprocess.run([sys.executable, *command], cwd=tmp_path, env=environment, check=True, timeout=60)


def test_the_classroom_is_served_from_what_the_image_holds(tmp_path: Path) -> None:
    """Its tests are not there."""
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] not in "#*"]
    left_out = [line.rpartition("/")[2] for line in lines if not line.startswith("!")]
    for name in [line[1:] for line in lines if line.startswith("!")]:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("tests", "__pycache__", *left_out)
            shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    assert not [*tmp_path.rglob("*_test.py"), *tmp_path.rglob("conftest.py")]
    ask = "import mysite.asgi; from django.test import Client; client = Client(headers={'host': 'localhost'}); "
    pages = ["", "start/", "the-room/", "failures/", "bridges/a-log/", "broken/", "exercises/1/", "addresses/", "json/"]
    ask += f"assert {{client.get(f'/learn/{{page}}').status_code for page in {pages}}} == {{200}}"
    environment = os.environ | {"LEARN": "1", "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3"}
    subprocess.run([sys.executable, "-c", ask], cwd=tmp_path, env=environment, check=True, timeout=60)
