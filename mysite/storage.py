"""Static files under addresses that change with their content, so that browsers may keep them.

Collected, each file has a hash in its name, those that ES modules import included. Not collected, the version of all
files together stands before the path, and so also before what a module imports.
"""

import hashlib
import re
import time
from pathlib import Path

import django
import django_htmx
from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.utils.encoding import filepath_to_uri
from servestatic.storage import CompressedManifestStaticFilesStorage

FOREVER = "max-age=31536000, public, immutable"
LOOKED_AT_EVERY = 1.0  # seconds, in development: whether a file was changed


def cache_control(*, is_current: bool) -> str:
    """Of what has its version in its address. That of another version, which runs beside this one, is not kept."""
    return FOREVER if is_current else "no-cache"


class HashedModuleStorage(CompressedManifestStaticFilesStorage):
    support_js_module_import_aggregation = True


class VersionedStorage(StaticFilesStorage):
    def url(self, name: str | None) -> str:
        return f"{self.base_url}{version()}/{filepath_to_uri(name or '')}"


_known: tuple[float, str] = (0.0, "")  # when it was made, and the version


def version() -> str:
    """Of all files in `static/` by when they were changed, and of the packages whose files are served beside them."""
    global _known
    made, known = _known
    if known and (not settings.DEBUG or time.monotonic() - made < LOOKED_AT_EVERY):
        return known
    files = sorted(path for folder in settings.STATICFILES_DIRS for path in Path(folder).rglob("*.*"))
    seen = [django.__version__, getattr(django_htmx, "__version__", ""), *(_state(path) for path in files)]
    _known = time.monotonic(), f"v-{hashlib.sha256('|'.join(seen).encode()).hexdigest()[:10]}"
    return _known[1]


def _state(path: Path) -> str:
    status = path.stat()
    return f"{path} {status.st_mtime_ns} {status.st_size}"


def without_version(path: str) -> tuple[str, str]:
    """The version in the address of a static file, and the address that it has without one."""
    match = re.match(rf"({re.escape(settings.STATIC_URL)})(v-[0-9a-f]{{10}})/", path)
    return (match[2], match[1] + path[match.end() :]) if match else ("", path)
