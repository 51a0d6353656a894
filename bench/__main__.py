"""`python -m bench`: this product beside what a user would pick instead, in one run on one machine.

Writes bench/RESULTS.md and bench/cost.svg; with --quick (under a minute) it only prints. CPU is user and system time of
the server's process, from the operating system; the load and Valkey run on the other core. Peers are interleaved and
each figure is the median of the repeats.
"""

import argparse
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import psutil

import e2e.environment  # noqa: F401 - settings of its own
from bench import load, peer
from bench.machine import describe
from bench.page_cost import HEAD, NOTE, ROUNDS, page_cost
from bench.pages import pages
from bench.peer import Kind, Peer
from bench.plot import plot
from e2e.servers import ROOT
from e2e.services import Postgres, Valkey
from mysite.__main__ import allow_many_sockets

DELIVERIES = {1: 90_000, 10: 200_000, 50: 400_000}  # by how many write at once
Rows = list[list[str]]


class Bench:
    def __init__(self, folder: Path, valkey: Valkey, repeats: int) -> None:
        self.folder, self.valkey, self.repeats = folder, valkey, repeats
        self.parts: list[str] = []

    def peer(self, kind: Kind, **environment: str) -> Peer:
        database = {"DATABASE_URL": f"sqlite:///{self.folder}/{uuid4().hex}.sqlite3"}
        return Peer(kind, self.folder, **({"REDIS_URL": self.valkey.url} | database | environment))

    def medians(
        self, cases: dict[str, Callable[[], dict[str, float]]], repeats: int = 0
    ) -> dict[str, dict[str, float]]:
        """Run all cases, one after the other, and all again; the median of each figure."""
        found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
        for _ in range(repeats or self.repeats):
            for name, case in cases.items():
                for figure, value in case().items():
                    found[name][figure].append(value)
        return {n: {f: statistics.median(values) for f, values in figures.items()} for n, figures in found.items()}

    def table(self, title: str, head: list[str], rows: Rows, note: str = "") -> None:
        lines = [f"## {title}", "", *([note, ""] if note else [])]
        lines += ["| " + " | ".join(head) + " |", "| --- |" + " --- |" * (len(head) - 1)]
        lines += ["| " + " | ".join(row) + " |" for row in rows]
        self.parts.append("\n".join(lines))
        print("\n" + self.parts[-1], flush=True)

    def cost(self, kind: Kind, sockets: int, writers: tuple[int, ...]) -> dict[str, float]:
        """CPU for each delivery and each connect, throughput and latency."""
        server = self.peer(kind)
        try:
            before, memory = server.cpu(), server.memory()
            crowd = server.crowd(sockets)
            figures = {
                "connect": (server.cpu() - before) / sockets * 1e6,
                "memory": (server.memory() - memory) / sockets / 1024,
            }
            for count in writers:
                crowd.flow(max(2, count), count)  # warm
                messages = max(count * 2, DELIVERIES[count] // sockets // kind.weight)
                before = server.cpu()
                result = crowd.flow(messages, count, 120)
                figures |= {
                    f"cpu{count}": (server.cpu() - before) / result.deliveries * 1e6,
                    f"rate{count}": result.deliveries / result.seconds,
                    f"p50-{count}": result.percentile(0.5),
                    f"p99-{count}": result.percentile(0.99),
                }
            crowd.close()
            return figures
        finally:
            server.stop()

    def deliveries(self, sockets: int, kinds: tuple[Kind, ...], writers: tuple[int, ...] = (1, 10, 50)) -> None:
        cases = {
            kind.name: lambda kind=kind: self.cost(
                kind, sockets, writers if kind.weight < 10 or sockets <= 300 else (1,)
            )
            for kind in kinds
        }
        found = self.medians(cases)
        head = ["peer", *(f"CPU µs, {n} writing" for n in writers), *(f"deliveries/s, {n}" for n in writers)]
        head += [f"p50 / p99 ms, {n}" for n in writers]
        rows = []
        for name, figures in found.items():
            row = [name, *(f"{figures[f'cpu{n}']:.2f}" if f"cpu{n}" in figures else "" for n in writers)]
            row += [f"{figures[f'rate{n}']:,.0f}" if f"rate{n}" in figures else "" for n in writers]
            row += [
                f"{figures[f'p50-{n}']:.1f} / {figures[f'p99-{n}']:.1f}" if f"p50-{n}" in figures else ""
                for n in writers
            ]
            rows.append(row)
        note = "So many people write at once, each again as soon as everybody has heard the last message."
        self.table(f"{sockets:,} sockets in one room: what a delivery costs", head, rows, note)

    def paced(self, sockets: int = 1000, rate: float = 20.0, messages: int = 200) -> None:
        def case(kind: Kind) -> dict[str, float]:
            server = self.peer(kind)
            try:
                crowd = server.crowd(sockets)
                crowd.pace(20, rate)
                result = crowd.pace(messages, rate)
                crowd.close()
                return {"p50": result.percentile(0.5), "p99": result.percentile(0.99)}
            finally:
                server.stop()

        found = self.medians({kind.name: lambda k=kind: case(k) for kind in (peer.PRODUCT, peer.SOCKET_IO, peer.WS)})
        rows = [[name, f"{figures['p50']:.1f}", f"{figures['p99']:.1f}"] for name, figures in found.items()]
        self.table(f"{sockets:,} sockets, {rate:g} messages a second: latency", ["peer", "p50 ms", "p99 ms"], rows)

    def idle(self, sockets: int = 5000) -> None:
        def case(kind: Kind) -> dict[str, float]:
            server = self.peer(kind)
            try:
                cookie = known_guest(server) if kind is peer.PRODUCT else ""
                server.crowd(50, cookie=cookie).close()
                time.sleep(1)
                before, memory = server.cpu(), server.memory()
                crowd = server.crowd(sockets, cookie=cookie)
                connect = (server.cpu() - before) / sockets * 1e6
                time.sleep(2)
                figures = {"connect": connect, "memory": (server.memory() - memory) / sockets / 1024}
                crowd.close()
                return figures
            finally:
                server.stop()

        found = self.medians({kind.name: lambda k=kind: case(k) for kind in (peer.PRODUCT, peer.SOCKET_IO, peer.WS)}, 2)
        rows = [[name, f"{figures['memory']:.1f}", f"{figures['connect']:.0f}"] for name, figures in found.items()]
        note = (
            "This product with a session cookie of a guest who chose a name; memory is what is the process's own (USS)."
        )
        self.table(f"{sockets:,} idle sockets", ["peer", "KB each", "CPU µs to connect"], rows, note)

    def stored(self, databases: dict[str, str], seconds: float = 4.0) -> None:
        def case(kind: Kind, url: str, rooms: int) -> dict[str, float]:
            server = self.peer(kind, REDIS_URL="", **({"DATABASE_URL": url} if url else {}))
            try:
                crowd = server.crowd(20 if rooms == 1 else 100, rooms=rooms)  # few ears: the load would be the limit
                crowd.flow(200, 100)
                acked, begun = crowd.acks, time.perf_counter()
                crowd.flow(1_000_000, 100, seconds)
                rate = (crowd.acks - acked) / (time.perf_counter() - begun)
                crowd.close()
                return {"rate": rate}
            finally:
                server.stop()

        rows = []
        for database, url in databases.items():
            for rooms in (1, 50):
                found = self.medians(
                    {k.name: lambda k=k, u=url, r=rooms: case(k, u, r) for k in (peer.PRODUCT, peer.ONE_TRANSACTION)},
                    2,
                )
                ours, alone = (found[kind.name]["rate"] for kind in (peer.PRODUCT, peer.ONE_TRANSACTION))
                rows.append([database, str(rooms), f"{ours:,.0f}", f"{alone:,.0f}", f"{ours / alone:.1f}"])
        head = ["database", "rooms", "in batches", "one transaction each", "ratio"]
        note = "One process, so no Redis; 20 or 100 sockets, 100 messages on their way; counted when acknowledged."
        self.table("Messages stored and acknowledged a second", head, rows, note)

    def growth(self, sizes: tuple[int, ...] = (10, 100, 1000, 5000)) -> None:
        kinds = (peer.PRODUCT, peer.SOCKET_IO, peer.WS)
        lines: dict[str, list[tuple[float, float]]] = {kind.name: [] for kind in kinds}
        rows = []
        for size in sizes:
            found = self.medians({kind.name: lambda k=kind, s=size: self.cost(k, s, (10,)) for kind in kinds}, 2)
            for name, figures in found.items():
                lines[name].append((size, figures["cpu10"]))
            rows.append([f"{size:,}", *(f"{found[kind.name]['cpu10']:.2f}" for kind in kinds)])
        self.table("Growth: CPU µs for each delivery, 10 writing", ["sockets", *lines], rows)
        (ROOT / "bench" / "cost.svg").write_text(plot("CPU µs for each delivery, 10 writing at once", lines))

    def processes(self, counts: tuple[int, ...] = (1, 2, 4), sockets: int = 3000) -> None:
        """What a set of processes could deliver with a core for each: bounded by the busiest of them."""

        def case(count: int) -> dict[str, float]:
            database = f"sqlite:///{self.folder}/{uuid4().hex}.sqlite3"
            servers = [self.peer(peer.PRODUCT, DATABASE_URL=database) for _ in range(count)]
            try:
                crowd = load.Crowd(servers[0].port, load.CHAT_V1)
                crowd.connect(sockets, "bench", tuple(server.port for server in servers))
                crowd.flow(20, 10)
                before = [server.cpu() for server in servers]
                result = crowd.flow(300, 10, 120)
                busiest = max(server.cpu() - cpu for server, cpu in zip(servers, before, strict=True))
                crowd.close()
                return {"rate": result.deliveries / busiest}
            finally:
                for server in servers:
                    server.stop()

        found = self.medians({str(count): lambda c=count: case(c) for count in counts})
        one = found[str(counts[0])]["rate"]
        rows = [[name, f"{figures['rate']:,.0f}", f"{figures['rate'] / one:.2f}"] for name, figures in found.items()]
        note = f"{sockets:,} sockets in one room, 10 writing. The load needs a core of its own, so this is "
        note += "deliveries for each CPU second of the busiest process, as if each had a core."
        self.table(
            "Processes: deliveries a second that they could make", ["processes", "deliveries/s", "ratio"], rows, note
        )

    def opened(self, many: int) -> None:
        rows = pages(self.folder, many)
        head = ["page", "100 messages, ms", f"{many:,} messages, ms", "ratio", "pages/s, one after the other"]
        self.table("Opening a room and its history", head, rows)

    def pages(self, rounds: int) -> None:
        self.table("Pages: what a request costs", HEAD, page_cost(self.folder, rounds), NOTE)


def known_guest(server: Peer) -> str:
    """The cookie of a guest who has chosen a name."""
    import httpx

    with httpx.Client(base_url=f"http://127.0.0.1:{server.port}") as client:
        client.get("/chat/bench/")
        fields = {"name": "Ada", "csrfmiddlewaretoken": client.cookies["chat_csrf"]}
        client.post("/chat/bench/name/", data=fields)
        return f"chat_guest={client.cookies['chat_guest']}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    allow_many_sockets()
    has_node = peer.has_node()
    if has_node:
        peer.install_node_peers()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="chat-bench-") as folder:
        valkey = Valkey(Path(folder)).start()
        psutil.Process(valkey.process.pid).cpu_affinity([load.pin(1)])
        try:
            bench = Bench(Path(folder), valkey, 1 if quick else 3)
            print(describe())
            if quick:
                bench.deliveries(300, (peer.PRODUCT, *((peer.SOCKET_IO,) if has_node else ())))
                bench.stored({"SQLite": ""}, 2)
                bench.opened(20_000)
                bench.pages(3)
                return
            bench.deliveries(300, (*peer.ALL, peer.ASGI_SEND, peer.BY_WEBSOCKETS, peer.BY_WSPROTO))
            bench.deliveries(3000, peer.ALL)
            bench.paced()
            bench.idle()
            postgres = Postgres()
            try:
                bench.stored({"SQLite": "", "PostgreSQL": postgres.url})
            finally:
                postgres.stop()
            bench.growth()
            bench.processes()
            bench.opened(1_000_000)
            bench.pages(ROUNDS)
        finally:
            valkey.kill()
    minutes = (time.monotonic() - begun) / 60
    head = f"# What was measured\n\n`make bench`, {minutes:.0f} minutes; each figure is the median of its repeats.\n\n"
    head += f"{describe()}; {peer.node_versions()}\n\n![CPU for each delivery against sockets](cost.svg)"
    (ROOT / "bench" / "RESULTS.md").write_text("\n\n".join([head, *bench.parts]) + "\n" + comments())


def comments() -> str:
    """What the figures mean stays where it was written, behind the tables."""
    file = ROOT / "bench" / "COMMENTS.md"
    return f"\n{file.read_text()}" if file.exists() else ""


if __name__ == "__main__":
    main()
