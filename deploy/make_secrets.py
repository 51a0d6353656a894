"""What the services must know of each other, in a volume for each: given by the environment, else made once and kept.

Runs to its end before anything else in docker-compose.yml starts. The server reads its part as NAME_FILE.
"""

import os
import secrets
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

FOLDER = Path("/secrets")
APP, DB, REDIS = FOLDER / "app", FOLDER / "db", FOLDER / "redis"

# All that the channel layer and `readyz` need, and nothing that empties or stops the server.
ACL = "user default on #{hash} ~* &* +@all -@dangerous +info +config|get\n"


def write(path: Path, text: str) -> None:
    """Whole or not at all. The volume is seen by those services alone whose secret it holds, under any user."""
    draft = path.with_suffix(".new")
    draft.write_text(text)
    draft.chmod(0o444)
    draft.rename(path)


def keep(path: Path, name: str) -> str:
    """The secret that the environment gives; else the one that was kept; else a new one."""
    if given := os.environ.get(name):
        write(path, given)
    elif not path.exists():
        write(path, secrets.token_urlsafe(48))
    return path.read_text()


def main() -> None:
    keep(APP / "secret_key", "SECRET_KEY")
    password = keep(DB / "password", "POSTGRES_PASSWORD")
    own = f"postgres://chat:{quote(password, safe='')}@db/chat"
    write(APP / "database_url", os.environ.get("DATABASE_URL") or own)
    password = keep(APP / "redis_password", "REDIS_PASSWORD")
    own = f"redis://:{quote(password, safe='')}@redis:6379/0"
    write(APP / "redis_url", os.environ.get("REDIS_URL") or own)
    write(REDIS / "users.acl", ACL.format(hash=sha256(password.encode()).hexdigest()))


if __name__ == "__main__":
    main()
