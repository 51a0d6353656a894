"""The structure of the code as its imports have it: what is core, what is a feature, what comes before what."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORE = ROOT / "chat"
NO_FEATURES = {"management", "migrations", "observed", "tests"}

# A message's way from the socket to the database and back, to be read in an evening. Who is speaking (identity.py),
# what a room may be called (names.py), who may be in it (rights.py, admission.py, direct.py), where a link ends
# (links.py) and the other doors (streams.py, views.py) are not.
READING_PATH = [
    "mysite/asgi.py",
    *(f"chat/{name}.py" for name in (
        "routing", "handshake", "consumers", "protocol", "commands", "features", "limits", "permissions", "verbs",
        "counting", "posting", "models", "markup", "events", "wire", "writer", "hub", "layer", "feed", "subscriber",
        "log", "database",
    )),
    "templates/chat/_message.html",
    *(f"static/chat/{name}.js" for name in ("room", "connection", "outbox")),
]  # fmt: skip
# Lines: 2,500, 100 for limits by address, 50 for a page that connects before all of it is there and keeps what failed,
# 60 for what features refuse and who hears of people, 70 for what features add to messages, commands and places in the
# past, 90 for who may read a room, the number of access and who hears of what was committed, 60 for one statement for
# all rooms of a batch and for writes of features that take turns with it, 20 for who watches a message on its way, the
# lobby's line and the time of the next attempt. What makes the core grow says so here.
READING_PATH_MAX = 2950

# Between features, only these may import each other.
ARROWS = {"replies": {"mentions"}, "typing": {"presence"}, "notifications": {"mentions", "unread"}}


def features() -> list[str]:
    return sorted(path.parent.name for path in CORE.glob("*/__init__.py") if path.parent.name not in NO_FEATURES)


def modules(folder: Path) -> Iterator[Path]:
    """The Python of a folder, without its tests and migrations."""
    for path in sorted(folder.rglob("*.py")):
        if not {"tests", "migrations"} & set(path.relative_to(ROOT).parts):
            yield path


def imports(path: Path) -> set[str]:
    """The modules of this project that a file imports, anywhere in it: `chat.hub`, `chat.reactions.verb`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            below = {f"{node.module}.{alias.name}" for alias in node.names}
            inside = {name for name in below if is_module(name)}
            found |= inside or {node.module}
    return {name for name in found if is_module(name)}


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def feature_of(module: str) -> str | None:
    part = re.match(r"chat\.(\w+)\.", f"{module}.")
    return part[1] if part and part[1] in features() else None


def needing(feature: str) -> list[str]:
    """The feature, and those that do not work without it."""
    needed = [feature]
    for other in features():
        used = {feature_of(name) for path in modules(CORE / other) for name in imports(path)}
        if other != feature and feature in used:
            needed += [name for name in needing(other) if name not in needed]
    return needed
