"""Firefox by Marionette, its own protocol: JSON over TCP, each message after its length and a colon.

https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html
"""

import json
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from e2e.browsers.driver import ANSWERS_WITHIN, STARTS_WITHIN, Command, Driver, DriverError

NAMES = ("firefox", "firefox-esr")
PACKAGES = ("firefox-esr",)  # Debian's
PREFERENCES: dict[str, bool | int | str] = {
    "app.update.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "datareporting.healthreport.uploadEnabled": False,
    "marionette.port": 0,  # a free one: Firefox writes it into its profile
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.proxy.type": 0,
    "services.settings.server": "",
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}


def missing() -> str:
    """What it lacks, or nothing."""
    return "" if any(map(shutil.which, NAMES)) else "no firefox or firefox-esr on the path"


class Firefox(Driver):
    def __init__(self, *, scripting: bool = True, preferences: dict[str, bool | int | str] | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="firefox-", ignore_cleanup_errors=True)
        profile = Path(self._folder.name)
        settings = PREFERENCES | {"javascript.enabled": scripting} | (preferences or {})
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in settings.items()]
        (profile / "user.js").write_text("\n".join(lines))
        program = next(filter(None, map(shutil.which, NAMES)))
        self._process = subprocess.Popen(
            [program, "--headless", "--marionette", "--no-remote", "--profile", str(profile)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._number = 0
        try:
            self._connect(self._port(profile / "MarionetteActivePort"))
            self._read()  # who is there
            session = self._call("WebDriver:NewSession", {})
        except BaseException:
            self.close()
            raise
        self.name = f"Firefox {session['capabilities']['browserVersion']}"
        self.window = self._call("WebDriver:GetWindowHandle", {})["value"]

    def _port(self, file: Path) -> int:
        deadline = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < deadline:
            if file.exists() and (port := file.read_text().strip()):
                return int(port)
            if self._process.poll() is not None:
                raise DriverError(f"Firefox ended with {self._process.returncode}")
            time.sleep(0.05)
        raise DriverError(f"Firefox did not start within {STARTS_WITHIN:.0f} s")

    def _connect(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), ANSWERS_WITHIN)
        self._answers = self._socket.makefile("rb")

    def _read(self) -> Any:
        length = b""
        while (character := self._answers.read(1)) != b":":
            if not character:
                raise DriverError("Firefox closed the connection")
            length += character
        return json.loads(self._answers.read(int(length)))

    def _call(self, name: str, fields: dict[str, Any]) -> Any:
        self._number += 1
        message = json.dumps([0, self._number, name, fields]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._read()
        if error:
            raise DriverError(f"{name}: {error['error']}: {error['message']}")
        return result

    def command(self, command: Command, **fields: Any) -> Any:
        answer = self._call(f"WebDriver:{command.marionette}", fields)
        return answer["value"] if isinstance(answer, dict) and "value" in answer else answer

    def close(self) -> None:
        if hasattr(self, "_socket"):
            self._answers.close()
            self._socket.close()
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()
