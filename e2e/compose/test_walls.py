"""What can be reached from where, and with which rights each container runs."""

import json
import socket
import time
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect
from websockets.typing import Origin

from e2e.compose.stack import AS_SHIPPED, BASE_URL, PROJECT, SETTINGS, Failed, compose, containers, docker, ids, up
from mysite.protocols.http import BODY_WITHIN

SERVICES = {"proxy-1", "web-1", "web-2", "follow-1", "db-1", "redis-1", "migrate-1", "secrets-1"}


@pytest.fixture(scope="module")
def all_of_them() -> dict[str, dict[str, Any]]:
    return containers()


def test_nothing_but_the_proxy_listens_outside(all_of_them: dict[str, dict[str, Any]]) -> None:
    assert all_of_them.keys() == SERVICES
    published = {name: each["HostConfig"]["PortBindings"] for name, each in all_of_them.items()}
    assert [name for name, ports in published.items() if ports] == ["proxy-1"]
    assert len(published["proxy-1"]) == 1


def test_only_the_proxy_has_a_way_out_and_it_has_none_to_the_database(all_of_them: dict[str, dict[str, Any]]) -> None:
    networks = {name: set(each["NetworkSettings"]["Networks"]) for name, each in all_of_them.items()}
    assert networks["proxy-1"] == {f"{PROJECT}_outside", f"{PROJECT}_front"}
    assert networks["web-1"] == {f"{PROJECT}_front", f"{PROJECT}_back"}
    for name in ("db-1", "redis-1", "migrate-1", "follow-1"):
        assert networks[name] == {f"{PROJECT}_back"}, name
    assert networks["secrets-1"] == {"none"}
    for network in json.loads(docker("network", "inspect", f"{PROJECT}_front", f"{PROJECT}_back")):
        assert network["Internal"]


def test_no_container_runs_as_root(all_of_them: dict[str, dict[str, Any]]) -> None:
    for name, each in all_of_them.items():
        assert each["Config"]["User"].partition(":")[0] not in ("", "0", "root"), name
        if each["State"]["Running"]:
            assert "0" not in docker("top", each["Id"], "-eo", "uid,pid").split()[2::2], name


def test_each_has_a_root_that_cannot_be_written_no_rights_to_gain_and_limits(
    all_of_them: dict[str, dict[str, Any]],
) -> None:
    for name, each in all_of_them.items():
        host = each["HostConfig"]
        assert host["ReadonlyRootfs"], name
        assert host["CapDrop"] == ["ALL"], name
        assert (host["CapAdd"] or []) == (["CAP_NET_BIND_SERVICE"] if name == "proxy-1" else []), name
        assert "no-new-privileges:true" in host["SecurityOpt"], name
        assert not host["Privileged"], name
        assert min(host["Memory"], host["NanoCpus"], host["PidsLimit"]) > 0, name
        lasting = name not in ("migrate-1", "secrets-1")
        assert host["RestartPolicy"]["Name"] == ("unless-stopped" if lasting else "no"), name


def test_no_secret_is_in_an_environment_and_each_is_only_where_it_is_needed(
    all_of_them: dict[str, dict[str, Any]],
) -> None:
    web = compose("exec", "-T", "web", "cat", "/run/secrets/secret_key", "/run/secrets/redis_url")
    password = compose("exec", "-T", "db", "cat", "/run/secrets/password")
    secrets = [web[:64], web.partition("redis://:")[2].partition("@")[0], password]
    assert [len(secret) for secret in secrets] == [64, 64, 64]
    assert len(set(secrets)) == 3
    described = json.dumps(list(all_of_them.values()))
    assert not [secret for secret in secrets if secret in described]
    assert compose("exec", "-T", "db", "ls", "/run/secrets") == "password"
    assert compose("exec", "-T", "redis", "ls", "/run/secrets") == "users.acl"
    assert not [
        secret for secret in secrets if secret in compose("exec", "-T", "redis", "cat", "/run/secrets/users.acl")
    ]


def test_redis_answers_nobody_without_the_password() -> None:
    assert "NOAUTH" in compose("exec", "-T", "redis", "redis-cli", "publish", "room", "hello")


@pytest.mark.parametrize("path", ["/metrics", "/metrics/", "//metrics", "/%6detrics", "/METRICS", "/chat/../metrics"])
def test_the_metrics_are_not_for_the_outside(path: str) -> None:
    assert httpx.get(f"{BASE_URL}{path}", follow_redirects=True).status_code == 404


def test_a_host_that_is_not_ours_is_refused() -> None:
    assert httpx.get(f"{BASE_URL}/chat/", headers={"Host": "elsewhere.example"}).status_code == 400


def test_a_client_cannot_claim_to_have_come_by_https() -> None:
    answer = httpx.get(
        f"{BASE_URL}/chat/lobby/", headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
    )
    assert "Secure" not in answer.headers["set-cookie"]


def test_a_visitors_own_x_forwarded_for_does_not_count() -> None:
    """Else each request could claim another address and none would ever meet the limit of its own."""
    up(CHAT_ADDRESS_LIMIT="20/600s")  # a new guest for each stream
    try:
        statuses = []
        for number in range(80):
            headers = {"X-Forwarded-For": f"192.0.2.{number}", "Forwarded": f"for=192.0.2.{number}"}
            with httpx.stream("GET", f"{BASE_URL}/chat/lobby/events/", headers=headers) as answer:
                statuses.append(answer.status_code)
    finally:
        up()
    assert set(statuses) == {200, 429}
    assert statuses.count(200) <= 2 * 20  # two replicas, each of which counts for itself


def test_the_servers_trust_the_network_in_front_and_no_other() -> None:
    (front,) = json.loads(docker("network", "inspect", f"{PROJECT}_front"))
    trusted = compose("exec", "-T", "web", "printenv", "FORWARDED_ALLOW_IPS")
    assert trusted == front["IPAM"]["Config"][0]["Subnet"]


def test_a_request_that_is_never_complete_is_cut_off() -> None:
    begun = time.monotonic()
    with socket.create_connection(("localhost", int(SETTINGS["PORT"])), timeout=20) as line:
        line.sendall(b"GET /chat/lobby/ HTTP/1.1\r\nHost: localhost\r\nX-Slow:")
        assert line.recv(100) == b""
    assert 8 < time.monotonic() - begun < 15


def test_a_stream_and_a_socket_outlast_the_time_that_a_body_may_take() -> None:
    with connect(BASE_URL.replace("http", "ws") + "/ws/chat/lobby/", origin=Origin(BASE_URL)) as line:
        begun, comments = time.monotonic(), 0
        with httpx.stream("GET", f"{BASE_URL}/chat/lobby/events/", timeout=20) as answer:
            for text in answer.iter_lines():
                comments += text.startswith(":")  # one in 15 s
                if comments == 3:
                    break
        assert time.monotonic() - begun > 40 > BODY_WITHIN
        line.send('{"message": "still here"}')
        assert "still here" in str(line.recv(timeout=10))


def test_headers_that_would_fill_the_memory_are_refused() -> None:
    answer = httpx.get(f"{BASE_URL}/chat/", headers={"X-Large": "x" * 100_000})
    assert answer.status_code == 431


def test_the_deployment_check_is_silent_inside() -> None:
    limits = [argument for name, value in AS_SHIPPED.items() for argument in ("-e", f"{name}={value}")]
    said = compose("exec", "-T", *limits, "web", "python", "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert said.startswith("System check identified no issues")


def test_static_files_have_hashed_names_are_compressed_and_may_be_kept_for_ever() -> None:
    page = httpx.get(f"{BASE_URL}/chat/lobby/").text
    name = page.partition('src="/static/chat/room.')[2].partition('"')[0]
    answer = httpx.get(f"{BASE_URL}/static/chat/room.{name}", headers={"Accept-Encoding": "br"})
    assert answer.headers["content-encoding"] == "br"
    assert "immutable" in answer.headers["cache-control"]


def test_a_stream_that_its_client_left_is_closed_behind_the_proxy_too() -> None:
    replicas = ids("web")

    def files() -> int:
        count = "import os; print(len(os.listdir('/proc/1/fd')))"
        return sum(int(docker("exec", replica, "python", "-c", count)) for replica in replicas)

    before = files()
    with httpx.Client(base_url=BASE_URL) as client:
        for _ in range(20):
            with client.stream("GET", "/chat/lobby/events/") as answer:
                assert next(answer.iter_lines()).startswith("id:")
    assert files() <= before + 8  # connections that the proxy keeps for the next request


def test_the_services_cannot_write_where_they_should_not() -> None:
    for service in ("web", "db", "redis", "proxy"):
        with pytest.raises(Failed, match=r"Read-only file system|Permission denied"):
            compose("exec", "-T", service, "sh", "-c", "echo > /etc/planted")


def test_a_body_that_would_fill_the_memory_is_refused() -> None:
    for path in ("/chat/lobby/messages/", "/learn/http-basic/live/"):
        assert httpx.post(BASE_URL + path, content=b"x" * 140_000).status_code in (413, 502), path


def test_the_id_of_a_request_is_the_proxys_and_not_the_visitors() -> None:
    answer = httpx.get(f"{BASE_URL}/chat/", headers={"X-Request-ID": "made-up-by-a-visitor"})
    assert answer.headers["X-Request-ID"] != "made-up-by-a-visitor"
