"""Room on the disk, and the static files."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from ops.doctor.asked import Asked
from ops.doctor.finding import Finding, fail, ok, warn

COLLECT = "python manage.py collectstatic --noinput"


def space(asked: Asked) -> Iterator[Finding]:
    """Where the database is, if it is a file, and where the static files are."""
    places = [settings.STATIC_ROOT]
    if settings.DATABASE["ENGINE"].endswith("sqlite3"):
        places.insert(0, Path(settings.DATABASE["NAME"]).parent)
    for folder in dict.fromkeys(_existing(Path(place)) for place in places):
        free = shutil.disk_usage(folder).free // 2**20
        what = f"disk: {free:,} MiB free at {folder}"
        if free < asked.min_free:
            yield fail(f"{what}, less than {asked.min_free:,}", "Make room, or say --min-free if that is enough.")
        else:
            yield ok(what)


def _existing(folder: Path) -> Path:
    return next((each for each in (folder, *folder.parents) if each.is_dir()), Path("/"))


def static_files(asked: Asked) -> Iterator[Finding]:
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if settings.DEBUG:
        yield ok("static files: served from where they are written, as DEBUG is on")
    elif not manifest.exists():
        yield warn("static files: not collected, so browsers cannot keep them", COLLECT)
    else:
        named = json.loads(manifest.read_text())["paths"].values()
        lacking = [name for name in named if not (manifest.parent / name).exists()]
        if lacking:
            yield fail(f"static files: {lacking[0]} is in the manifest, not on the disk", f"{COLLECT} --clear")
        else:
            yield ok(f"static files: {len(named)} collected under hashed names")
