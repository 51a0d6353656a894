"""`make features`: the core without each feature in turn. A copy loses its folders, and the lines that name it."""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from chat.tests.structure import ROOT, features, needing

PLUGGED_IN = ("chat/features.py", "chat/urls.py", "mysite/settings.py", "mysite/urls.py", "static/chat/features.js")
CORES_TESTS = ("accounts", "chat/tests", "--ignore=chat/tests/test_structure.py")


def without(feature: str, copy: Path) -> list[str]:
    """Copy the project without a feature, and without those that need it. Returns which are gone."""
    gone = needing(feature)
    files = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    for file in files:
        if not (ROOT / file).exists() or any(_belongs_to(name, file) for name in gone):
            continue
        (copy / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, copy / file)
    for name in gone:
        for path in [copy / file for file in PLUGGED_IN] + [*(copy / "templates" / "chat").rglob("*.html")]:
            path.write_text(_unplugged(name, path.read_text()))
    return gone


def _belongs_to(feature: str, file: str) -> bool:
    folders = (f"chat/{feature}/", f"templates/chat/{feature}/", f"static/chat/{feature}/")
    return file.startswith(folders) or file == f"e2e/test_{feature}.py"


def _unplugged(feature: str, text: str) -> str:
    """Without the lines that name its folder, and those that use what such a line brought in."""
    lines = text.splitlines(keepends=True)
    names_it = re.compile(rf"""chat\.{feature}\b|['"./]{feature}/|chat/{feature}/""")
    brought = [re.search(r"(?:import|as) (\w+)", line) for line in lines if names_it.search(line) and "import" in line]
    words = [match[1] for match in brought if match]
    uses = re.compile("|".join(rf"\b{word}\b" for word in words)) if words else names_it
    return "".join(line for line in lines if not names_it.search(line) and not uses.search(line))


def main() -> int:
    failed = []
    for feature in features():
        with tempfile.TemporaryDirectory(prefix="chat-without-") as folder:
            gone = without(feature, Path(folder))
            print(f"without {', '.join(gone)}:", flush=True)
            tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "logical", *CORES_TESTS]
            if subprocess.run(tests, cwd=folder, check=False).returncode:
                failed.append(feature)
    print(f"{len(failed)} of {len(features())} features are missed by the core: {', '.join(failed) or 'none'}")
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
