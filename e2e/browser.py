"""A Chromium for the tests: the one on the path, else Playwright's own, else Debian's, installed if need be.

`python -m e2e.browser` finds or installs it and prints where it is.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

# The headless shell first: it costs a third less than the whole browser without its window.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    "--disable-features=LocalNetworkAccessChecks",  # a page made by a test may talk to this machine
]


def find() -> str | None:
    on_path = next((path for name in NAMES if (path := shutil.which(name))), None)
    if on_path:
        return on_path
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def install() -> None:
    """Playwright's own browser, or where that cannot be downloaded, Debian's package."""
    if subprocess.run([sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"]).returncode == 0:
        return
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    subprocess.run([*root, "apt-get", "update", "-qq"], check=True)
    take = [*root, "apt-get", "install", "-y", "-qq", "--no-install-recommends"]
    if subprocess.run([*take, NAMES[0]]).returncode:  # older distributions have the whole browser alone
        subprocess.run([*take, "chromium"], check=True)


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        sandbox = os.geteuid() != 0  # Chromium refuses to sandbox itself as root
        yield playwright.chromium.launch(executable_path=find(), args=FLAGS, chromium_sandbox=sandbox)


def main() -> None:
    if not find():
        print("No Chromium found: installing one.")
        install()
    if not (path := find()):
        sys.exit("A Chromium is needed: install one so that `chromium` is on the path.")
    print(f"Chromium: {path}")


if __name__ == "__main__":
    main()
