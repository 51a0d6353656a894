"""WebKit by WebKitWebDriver: W3C WebDriver over HTTP. The browser is WebKitGTK's own MiniBrowser, on an Xvfb screen."""

import json
import os
import shutil
import subprocess
import time
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from e2e.browsers.driver import ANSWERS_WITHIN, STARTS_WITHIN, Command, Driver, DriverError
from e2e.servers import free_port

PROGRAMS = ("WebKitWebDriver", "Xvfb")
BROWSER = "webkit2gtk-4*/MiniBrowser"
FOLDERS = (Path("/usr/lib"), Path("/usr/libexec"))
PACKAGES = ("webkit2gtk-driver", "xvfb")  # Debian's
SCREEN = "1600x1200x24"


def missing() -> str:
    """What it lacks, or nothing."""
    lacking = [program for program in PROGRAMS if not shutil.which(program)]
    if not minibrowser():
        lacking.append("MiniBrowser")
    return f"no {' or '.join(lacking)}" if lacking else ""


def minibrowser() -> Path | None:
    """Where a distribution keeps it: the newest, below a folder of the machine's architecture or not."""
    patterns = (BROWSER, f"*/{BROWSER}")
    found = [path for folder in FOLDERS for pattern in patterns for path in folder.glob(pattern)]
    return max(found, default=None)


class WebKit(Driver):
    def __init__(self, *, scripting: bool = True, arguments: tuple[str, ...] = ()) -> None:
        self._processes: list[subprocess.Popen[bytes]] = []
        try:
            environment = os.environ | {"DISPLAY": self._screen(), "WEBKIT_DISABLE_DMABUF_RENDERER": "1"}
            self._port = free_port()
            self._start(["WebKitWebDriver", f"--port={self._port}"], env=environment)
            script = () if scripting else ("--enable-javascript=false",)
            options = {"binary": str(minibrowser()), "args": ["--automation", *script, *arguments]}
            self._path = "/session"
            session = self._begin({"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}})
        except BaseException:
            self.close()
            raise
        self._path = f"/session/{session['sessionId']}"
        self.name = f"WebKit {session['capabilities']['browserVersion']}"
        self.window = self._call("GET", "/window", None)

    def _start(self, command: list[str], **options: Any) -> None:
        quiet = subprocess.DEVNULL
        self._processes.append(subprocess.Popen(command, stdout=quiet, stderr=quiet, **options))

    def _screen(self) -> str:
        """A display of our own, which Xvfb numbers."""
        read, write = os.pipe()
        self._start(["Xvfb", "-displayfd", str(write), "-screen", "0", SCREEN, "-nolisten", "tcp"], pass_fds=[write])
        os.close(write)
        with open(read) as numbers:
            if not (number := numbers.readline().strip()):
                raise DriverError("Xvfb did not start")
        return f":{number}"

    def _begin(self, capabilities: dict[str, Any]) -> Any:
        deadline = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < deadline:
            with suppress(ConnectionRefusedError):
                return self._call("POST", "", capabilities)
            time.sleep(0.05)
        raise DriverError(f"WebKitWebDriver did not start within {STARTS_WITHIN:.0f} s")

    def _call(self, method: str, path: str, fields: dict[str, Any] | None) -> Any:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=ANSWERS_WITHIN)
        try:
            body = None if fields is None else json.dumps(fields)
            connection.request(method, self._path + path, body, {"Content-Type": "application/json"})
            value = json.loads(connection.getresponse().read())["value"]
        finally:
            connection.close()
        if isinstance(value, dict) and "error" in value:
            raise DriverError(f"{path}: {value['error']}: {value['message']}")
        return value

    def command(self, command: Command, **fields: Any) -> Any:
        path = command.path.format(id=fields.pop("id", ""))
        return self._call(command.method, f"/{path}", fields if command.method == "POST" else None)

    def close(self) -> None:
        with suppress(OSError, DriverError, AttributeError):
            self._call("DELETE", "", None)
        for process in reversed(self._processes):
            process.terminate()
            process.wait(10)
