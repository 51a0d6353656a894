"""`python -m e2e.browsers`: the journey in Firefox and WebKit, a line for each step; 1 if one fails or nothing can run.

--install installs what is missing from Debian's packages, where that is possible. --pictures FOLDER keeps screenshots.
A browser that is not there gets one line that says why, and does not make the run fail.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import e2e.environment  # noqa: F401 - settings of its own
from e2e.browsers import firefox, webkit
from e2e.browsers.driver import Driver
from e2e.browsers.install import install
from e2e.browsers.journey import Journey
from e2e.servers import Server


@dataclass(frozen=True)
class Browser:
    start: Callable[[bool], Driver]
    missing: Callable[[], str]
    packages: tuple[str, ...]

    def absence(self) -> str:
        """Why the journey was not run in it, in a line; nothing if it can be."""
        reason = self.missing()
        return f"{reason}. On Debian: apt-get install {' '.join(self.packages)}" if reason else ""


BROWSERS = {
    "firefox": Browser(lambda scripting: firefox.Firefox(scripting=scripting), firefox.missing, firefox.PACKAGES),
    "webkit": Browser(lambda scripting: webkit.WebKit(scripting=scripting), webkit.missing, webkit.PACKAGES),
}


def run(start: Callable[[bool], Driver], server: Server, pictures: Path | None) -> int:
    """The whole journey in one browser: how many steps failed."""
    failures = 0
    journey = Journey(start, server, pictures)
    try:
        for step in journey.steps():
            begun = time.monotonic()
            try:
                note = step()
                result = "ok: "
            except Exception as error:
                note = ""
                failures += 1
                result = f"FAILED ({type(error).__name__}: {error}): "
                journey.picture(f"failed-{step.__name__}")
            seconds = f"{time.monotonic() - begun:.1f} s"
            print(f"{journey.browser}: {result}{step.__doc__} ({', '.join(filter(None, (note, seconds)))})", flush=True)
    finally:
        journey.close()
    return failures


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m e2e.browsers", description=__doc__)
    parser.add_argument("--only", choices=BROWSERS)
    parser.add_argument("--install", action="store_true")
    parser.add_argument("--pictures", type=Path, metavar="FOLDER")
    options = parser.parse_args()
    chosen = {name: browser for name, browser in BROWSERS.items() if options.only in (None, name)}
    if options.install:
        install(*(package for browser in chosen.values() if browser.missing() for package in browser.packages))
    absences = {name: browser.absence() for name, browser in chosen.items()}
    for name, absence in absences.items():
        if absence:
            print(f"{name}: not run: {absence}")
    found = [browser.start for name, browser in chosen.items() if not absences[name]]
    if not found:
        return 1
    if options.pictures:
        options.pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        server.manage("migrate", "--verbosity", "0")
        server.start()
        try:
            return int(sum(run(start, server, options.pictures) for start in found) > 0)
        finally:
            server.stop()


if __name__ == "__main__":
    sys.exit(main())
