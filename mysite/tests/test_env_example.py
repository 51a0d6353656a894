"""The settings are told of in four places, which agree: the code, README.md, docker-compose.yml and .env.example."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def names(pattern: str, *files: str) -> set[str]:
    text = "\n".join((ROOT / file).read_text() for file in files)
    return set(re.findall(pattern, text, re.MULTILINE))


CODE = names(r'(?<!default)\("([A-Z][A-Z_]+)"[,)]', "mysite/settings.py", "mysite/__main__.py")
README = names(r"^\| `([A-Z_]+)` \|", "README.md")
INTERPOLATED = names(r"\$\{([A-Z_]+)", "docker-compose.yml", "deploy/proxy.yml", "deploy/proxy-https.yml")
EXAMPLE = names(r"^# ([A-Z_]+)=", ".env.example")

OF_COMPOSE = {"COMPOSE_PROJECT_NAME"}  # compose itself knows it
NOT_IN_THE_STACK = {"DEBUG", "TELEGRAM_API_URL", "TELEGRAM_TOKEN"}  # it is for production, and the bot a demo
FIXED_IN_THE_STACK = {"FORWARDED_ALLOW_IPS"}  # there it is FRONT_SUBNET


def test_every_setting_that_the_code_reads_is_in_the_readme_and_no_other() -> None:
    assert CODE == README


def test_the_stack_hands_every_setting_on() -> None:
    given = names(r"^    ([A-Z_]+?)(?:_FILE)?: ", "docker-compose.yml")
    assert given >= CODE - NOT_IN_THE_STACK
    assert INTERPOLATED >= CODE - NOT_IN_THE_STACK - FIXED_IN_THE_STACK


def test_the_example_explains_every_setting_of_the_stack_and_no_other() -> None:
    assert EXAMPLE == INTERPOLATED - OF_COMPOSE


def test_the_examples_defaults_are_those_of_the_stack() -> None:
    text = "\n".join((ROOT / file).read_text() for file in ("docker-compose.yml", "deploy/proxy.yml"))
    defaults = dict(re.findall(r"\$\{([A-Z_]+):?-([^{}$]+)\}", text))
    del defaults["DOMAIN"]  # for which other things stand where it is not given
    example = dict(re.findall(r"^# ([A-Z_]+)=(.+)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert {name: example[name] for name in defaults} == defaults


def test_the_example_sets_nothing() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == []


def test_every_part_of_the_project_that_is_installed_goes_into_the_image() -> None:
    apps = names(r'^    "(\w+)",$', "mysite/settings.py")
    ours = {app for app in apps if (ROOT / app / "__init__.py").exists()} | {"mysite", "learn"}
    assert ours <= names(r"^!(\w+)$", ".dockerignore")
