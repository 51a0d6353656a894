"""A database of an earlier version: every way to start ends with one line that says what to do."""

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from e2e.servers import ROOT
from e2e.services import Postgres
from ops import schema

APPLIED = [
    *[("contenttypes", "0001_initial"), ("auth", "0001_initial"), ("admin", "0001_initial")],
    *[("sessions", "0001_initial"), ("chat", "0001_initial"), ("chat", "0002_signed_out")],
]  # and no `accounts`, on which `admin` depends now
TABLE = "CREATE TABLE django_migrations (id integer PRIMARY KEY, app varchar, name varchar, applied timestamp)"
ROW = "INSERT INTO django_migrations (app, name, applied) VALUES ('{}', '{}', '2026-01-01')"


def earlier(path: Path) -> Path:
    with closing(sqlite3.connect(path)) as database, database:
        for statement in (TABLE, *(ROW.format(*migration) for migration in APPLIED)):
            database.execute(statement)
    return path


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, timeout=60
    )


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    postgres = Postgres()
    yield postgres
    postgres.stop()


@pytest.mark.parametrize("command", ["manage.py migrate", "-m mysite", "-m mysite --migrate --follow --announce"])
def test_a_file_of_an_earlier_version_is_named_and_how_to_move_it_away(tmp_path: Path, command: str) -> None:
    path = earlier(tmp_path / "old chat.sqlite3")
    environment = {"DATABASE_URL": f"sqlite:///{path}"}
    done = run(*command.split(), **environment)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"database: {path} was made by an earlier version and cannot be migrated.")
    assert [file.name for file in tmp_path.iterdir()] == [path.name]  # the one file is all there is to move

    (move,) = re.findall(r"mv .*", line)
    subprocess.run(move, shell=True, check=True)
    assert run("manage.py", "migrate", "--verbosity", "0", **environment).returncode == 0


def test_on_postgresql_a_new_database_is_asked_for(postgres: Postgres) -> None:
    with psycopg.connect(postgres.url) as database:
        for statement in (TABLE, *(ROW.format(*migration) for migration in APPLIED)):
            database.execute(statement.replace("id integer", "id serial"))
    for command in ("manage.py migrate", "-m mysite"):
        done = run(*command.split(), DATABASE_URL=postgres.url)
        assert (done.returncode, done.stdout) == (1, "")
        (line,) = done.stderr.splitlines()
        assert "was made by an earlier version" in line
        assert "a new volume (docs/operations.md)" in line


def test_the_doctor_says_it_too(tmp_path: Path) -> None:
    path = earlier(tmp_path / "old.sqlite3")
    done = run("manage.py", "doctor", DATABASE_URL=f"sqlite:///{path}")
    assert f"FAIL  migrations: {path} was made by an earlier version" in done.stdout
    assert done.returncode == 1


def test_a_migrated_database_lacks_no_migration(db: None) -> None:
    with schema.unpooled() as connection:
        assert schema.missing(connection) == []
