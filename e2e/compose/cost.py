"""`python -m e2e.compose.cost`: what proxy and replicas spend on a socket and on a delivery, for docs/scaling.md.

Bring nothing else to the machine meanwhile: the load, both replicas, the database and the proxy are all on it.
"""

from bench.load import CHAT_V1, Crowd
from e2e.compose.stack import PROJECT, SETTINGS, Failed, compose, docker, ids, up

SOCKETS = 1000
MESSAGES = {1: 200, 10: 500, 50: 1500}  # by how many write at once
CPU = {"cpu.stat": 1e6, "cpuacct/cpuacct.usage": 1e9}  # file of cgroup 2 or 1: its units in a second
MEMORY = ("memory.current", "memory/memory.usage_in_bytes")


def read(container: str, *files: str) -> tuple[str, int]:
    """The first of these files that there is, and the first number in it."""
    for file in files:
        try:
            words = docker("exec", container, "cat", f"/sys/fs/cgroup/{file}").split()
        except Failed:
            continue
        return file, int(next(word for word in words if word.isdigit()))
    raise FileNotFoundError(files)


def cpu(service: str) -> float:
    """Seconds."""
    found = [read(container, *CPU) for container in ids(service)]
    return sum(number / CPU[file] for file, number in found)


def memory(service: str) -> int:
    return sum(read(container, *MEMORY)[1] for container in ids(service))


def measure(writing: int, messages: int) -> None:
    """With sockets of its own, since the load answers no ping and would be closed after a while."""
    services = ("proxy", "web", "redis", "db")
    before = {service: (cpu(service), memory(service)) for service in services}
    crowd = Crowd(int(SETTINGS["PORT"]), CHAT_V1)
    crowd.connect(SOCKETS, f"room-{writing}")
    for service in ("proxy", "web"):
        seconds, size = before[service]
        each = (memory(service) - size) / SOCKETS / 1024
        print(f"{service}: {each:.0f} KB and {(cpu(service) - seconds) / SOCKETS * 1e6:.0f} µs of CPU for each socket")
    crowd.flow(writing * 2, writing)  # warm
    spent = {service: cpu(service) for service in services}
    result = crowd.flow(messages, writing, 30)
    assert not crowd.closed
    parts = [f"{s} {(cpu(s) - spent[s]) / result.deliveries * 1e6:.2f} µs" for s in services]
    rate, late = result.deliveries / result.seconds, result.percentile(0.99)
    print(f"{writing} writing: {', '.join(parts)} for each delivery; {rate:,.0f} a second, p99 {late:.0f} ms")
    crowd.close()


def main() -> None:
    up("--build")
    try:
        for writing, messages in MESSAGES.items():
            measure(writing, messages)
    finally:
        compose("--project-name", PROJECT, "down", "--volumes")


if __name__ == "__main__":
    main()
