"""The catalogues in `locale/`: what they must hold, as the sources have it, and what they hold.

`python -m e2e.catalogues` (`make words`) adds what is new to each `.po`, takes away what is gone, and makes the `.mo`
that Django reads. Both are kept with the sources, so that a server needs no other tool.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES"
DOMAINS = ("django", "djangojs")
PYTHON = [ROOT / name for name in ("mysite", "accounts", "chat")]
KEYWORDS = {
    "gettext": None, "gettext_lazy": None, "gettext_noop": None, "_": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip

# Words that are no sentences, translated by a context: why something was refused, what staff did.
REFUSALS = re.compile(r'Refused\(\s*"(\w+)"|reason[=:] ?"(\w+)"|"(no_such_\w+)"')
ACTS = re.compile(r'\brecord\(\s*"(\w+)"')

Key = tuple[str | None, str]  # context and words


def sources(folders: list[Path], kind: str) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in sorted(folder.rglob(kind)) if not {"tests", "migrations"} & set(path.parts))


def templates() -> list[Path]:
    """Of pages and mails, all but the classroom's, which is in English alone."""
    pages = (ROOT / "templates").rglob("*")
    return [path for path in sorted(pages) if path.suffix in (".html", ".txt") and "learn" not in path.parts]


def scripts() -> list[Path]:
    return list(sources([ROOT / "static" / "chat"], "*.js"))


def needed(domain: str) -> Catalog:
    """What the sources say in this domain: pages and Python, or modules of the browser."""
    catalog = Catalog(locale="zh_Hans")
    python = list(sources(PYTHON, "*.py"))
    if domain == "django":
        for path in python:
            _add(catalog, path, path.read_text(), "python")
            for act in ACTS.findall(path.read_text()):
                catalog.add(act, context="act", locations=[(_name(path), 0)])
        for path in templates():
            _add(catalog, path, templatize(path.read_text()), "python")
    else:
        for path in scripts():
            _add(catalog, path, path.read_text(), "javascript")
    for path in [*python, *scripts()]:
        for found in REFUSALS.findall(path.read_text()):
            catalog.add("".join(found), context="refusal", locations=[(_name(path), 0)])
    return catalog


def _add(catalog: Catalog, path: Path, text: str, language: str) -> None:
    options = {"parse_template_string": True}  # of a module: `${gettext("…")}`
    for _, words, _, context in extract(language, BytesIO(text.encode()), KEYWORDS, options=options):
        catalog.add(words, context=context, locations=[(_name(path), 0)])


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


class Words(Catalog):
    """Its header says what a reader of it needs, and so changes with the words alone."""

    mime_headers = property(
        lambda self: [
            ("Language", "zh_Hans"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Plural-Forms", "nplurals=1; plural=0;"),
        ],
        lambda self, headers: None,
    )
    header_comment = "# Simplified Chinese. `make words` adds what is new; docs/glossary.md has the terms."


def stored(domain: str) -> Words:
    words = Words(locale="zh_Hans", domain=domain, fuzzy=False)
    path = FOLDER / f"{domain}.po"
    if path.exists():
        with path.open("rb") as file:
            for message in read_po(file, locale="zh_Hans", domain=domain):
                if message.id:
                    words[message.id] = message
    return words


def write(catalog: Words, domain: str) -> None:
    path = FOLDER / f"{domain}.po"
    with path.open("wb") as file:
        write_po(file, catalog, width=110, ignore_obsolete=True, include_lineno=False, sort_by_file=True)
    path.with_suffix(".mo").write_bytes(compiled(catalog))


def keys(catalog: Catalog) -> set[Key]:
    return {(each.context, _first(each)) for each in catalog if each.id}


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def untranslated(catalog: Catalog) -> set[str]:
    return {_first(each) for each in catalog if each.id and not all(strings(each))}


def strings(message: Message) -> list[str]:
    """The translation, in all its forms."""
    return [message.string or ""] if isinstance(message.string, str | None) else list(message.string)


def compiled(catalog: Catalog) -> bytes:
    file = BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for domain in DOMAINS:
        catalog = stored(domain)
        catalog.update(needed(domain), no_fuzzy_matching=True)
        write(catalog, domain)
        missing = sorted(untranslated(catalog))
        print(f"{domain}: {len(keys(catalog))} entries, {len(missing)} without a translation", *missing, sep="\n  ")


if __name__ == "__main__":
    main()
