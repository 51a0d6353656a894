"""`python -m e2e.browsers [firefox|webkit …]`: the journey in each browser, one line for each step; 1 if one fails.

With --install what is missing is installed where Debian's packages can be. With --pictures FOLDER the page is
photographed on the way. What could not be run gets a line, and is no failure.
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
                step()
                result = "ok    "
            except Exception as error:
                failures += 1
                result = f"FAILED ({type(error).__name__}: {error}) "
                journey.picture(f"failed-{step.__name__}")
            print(f"{journey.browser}: {result}{step.__doc__} ({time.monotonic() - begun:.1f} s)", flush=True)
    finally:
        journey.close()
    return failures


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m e2e.browsers", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="browser", choices=[[], *BROWSERS], default=[])
    parser.add_argument("--install", action="store_true")
    parser.add_argument("--pictures", type=Path)
    options = parser.parse_args()
    chosen = {name: BROWSERS[name] for name in options.names or BROWSERS}
    if options.install:
        install(*(package for browser in chosen.values() if browser.missing() for package in browser.packages))
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        server.manage("migrate", "--verbosity", "0")
        server.start()
        try:
            for name, browser in chosen.items():
                if absence := browser.absence():
                    print(f"{name}: not run: {absence}")
                else:
                    failures += run(browser.start, server, options.pictures)
        finally:
            server.stop()
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
