"""The first pages of a process may be asked for at the same time, each in a thread of its own."""

import subprocess
import sys

from learn.catalog import ROOT

AT_ONCE = """
import sys
from concurrent.futures import ThreadPoolExecutor
from learn import listing
sys.setswitchinterval(1e-6)
files = ["learn/views.py", "learn/urls.py", "learn/guard.py", "learn/room.py"]
print(len(list(ThreadPoolExecutor(4).map(listing.highlighted, files))))
"""


def test_pages_that_are_made_at_once_find_the_highlighter_whole() -> None:
    run = subprocess.run([sys.executable, "-c", AT_ONCE], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert run.stdout == "4\n", run.stderr
