"""`make browsers` says what it could not run. The journey itself needs packages that `make test` does not install."""

import os
import subprocess
import sys
from pathlib import Path

from e2e.servers import ROOT


def run(path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "e2e.browsers", *arguments]
    return subprocess.run(command, cwd=ROOT, env=os.environ | {"PATH": str(path)}, capture_output=True, text=True)


def test_a_browser_that_is_not_there_gets_one_line_that_says_what_to_install(tmp_path: Path) -> None:
    done = run(tmp_path)
    firefox, webkit = done.stdout.splitlines()
    assert firefox == (
        "firefox: not run: no firefox or firefox-esr on the path. On Debian: apt-get install firefox-esr"
    )
    assert webkit.startswith("webkit: not run: no WebKitWebDriver")
    assert webkit.endswith(". On Debian: apt-get install webkit2gtk-driver xvfb")
    assert done.stderr == ""


def test_that_nothing_could_be_run_is_a_failure(tmp_path: Path) -> None:
    assert run(tmp_path).returncode == 1


def test_where_nothing_can_be_installed_it_says_the_same(tmp_path: Path) -> None:
    assert run(tmp_path, "--install").stdout == run(tmp_path).stdout


def test_one_browser_can_be_chosen(tmp_path: Path) -> None:
    assert run(tmp_path, "--only", "firefox").stdout.startswith("firefox: not run")
    assert "webkit" not in run(tmp_path, "--only", "firefox").stdout
