"""Debian's packages, where this machine takes them."""

import os
import shutil
import subprocess


def install(*packages: str) -> None:
    """Install them, or leave it at what apt says: whoever asks looks again at what is there."""
    if not packages or not shutil.which("apt-get"):
        return
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if subprocess.run([*root, "apt-get", "update", "-qq"]).returncode == 0:
        subprocess.run([*root, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages])
