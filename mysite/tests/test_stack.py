"""What docker-compose.yml and deploy/Caddyfile say, without a Docker engine. e2e/compose sees that it works."""

import ipaddress
import re
from pathlib import Path

from mysite.protocols import http

ROOT = Path(__file__).parents[2]
STACK = (ROOT / "docker-compose.yml").read_text()
UPGRADE = (ROOT / "deploy" / "upgrade").read_text()
CADDY = (ROOT / "deploy" / "Caddyfile").read_text()
PER = {"KiB": 1024, "s": 1}


def said(name: str) -> float:
    """Of an option of Caddy's that is there once: its bytes or seconds."""
    ((number, unit),) = re.findall(rf"^\t+{name} (\d+)(\w+)$", CADDY, re.MULTILINE)
    return int(number) * PER[unit]


def test_the_servers_trust_the_network_of_the_proxy_and_no_other() -> None:
    (trusted,) = re.findall(r"^    FORWARDED_ALLOW_IPS: (\S+)", STACK, re.MULTILINE)
    (subnet,) = re.findall(r'^  front: .*subnet: "(.*?)" ', STACK, re.MULTILINE)
    assert trusted == subnet
    default = trusted.removeprefix("${FRONT_SUBNET:-").removesuffix("}")
    assert ipaddress.ip_network(default).is_private
    assert re.findall(r"^    networks: \[(.*front.*)\]", STACK, re.MULTILINE) == ["outside, front", "front, back"]


def test_nothing_is_trusted_whoever_it_is() -> None:
    assert not re.search(r"FORWARDED_ALLOW_IPS.*\*", STACK)
    assert "trusted_proxies" not in CADDY


def test_the_proxy_lets_through_what_the_servers_take_and_no_more() -> None:
    assert said("max_size") == http.BODY_MAX
    assert said("max_header_size") == http.HEADERS_MAX
    assert said("read_header") == http.HEADERS_WITHIN
    assert said("read_body") == http.BODY_WITHIN


def test_the_proxy_sets_no_time_within_which_an_answer_must_end() -> None:
    """A stream and a WebSocket last for hours."""
    assert not re.search(r"\b(write|write_idle|write_timeout|read_timeout|response_header_timeout) ", CADDY)


def test_only_services_that_end_have_no_health_check() -> None:
    """`docker compose up --wait` waits for the health of all others, and fails where there is none."""
    services = dict(re.findall(r"^  (\w+):.*\n((?:    .*\n|\n)+)", STACK.partition("\nservices:\n")[2], re.MULTILINE))
    without = {name for name, service in services.items() if "healthcheck: { disable: true }" in service}
    assert without
    assert without == {name for name, service in services.items() if 'restart: "no"' in service}


def test_one_service_follows_the_log_and_stands_still_while_an_upgrade_changes_the_tables() -> None:
    (service,) = re.findall(r"^  follow:.*\n((?:    .*\n)+)", STACK, re.MULTILINE)
    assert "command: [python, manage.py, follow, --beat, /tmp/looked]" in service
    assert "/tmp/looked))) -lt 120" in service
    assert UPGRADE.index("$compose stop follow") < UPGRADE.index("$compose run --rm --no-deps migrate")
    assert "trap '$compose up --detach --no-deps follow' EXIT" in UPGRADE
