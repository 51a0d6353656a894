"""No page says a word in one language alone: every string has its twin, and the catalogues are those of the sources."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages import Catalog

from e2e import catalogues

BY_NAME = {"chat", "Ada", "A", "UTC"}  # the same in both languages
SPOKEN = {"aria-label", "title", "placeholder", "alt", "label"}
TAGS = re.compile(
    r"{#.*?#}|{% block (?:kind|body_attributes).*?{% endblock %}"
    r"|{% blocktranslate.*?{% endblocktranslate %}|{%.*?%}|{{.*?}}",
    re.DOTALL,
)

# Strings of a module that are for the browser, and not for people.
FOR_THE_BROWSER = {"Content-Type", "Ctrl B", "Ctrl E", "Ctrl F", "Ctrl I", "GET", "POST", "The stream ended."}
# A sentence: a capital and a small letter, and more than one word; or one word with a full stop.
SENTENCE = re.compile(r"^[A-Z][a-z]+(?:[,:]? [\w$]|[.…]$)")
LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`')


class Spoken(HTMLParser):
    """Collects what a page says: text, and attributes that are read out or shown."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.silent: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.said += [value or "" for name, value in attributes if name in SPOKEN]
        if tag in ("script", "style", "symbol") or ("translate", "no") in attributes:
            self.silent.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.said.append(data)


def said_untranslated(html: str) -> list[str]:
    spoken = Spoken()
    spoken.feed(TAGS.sub("", html))
    words = [word for text in spoken.said for word in re.findall(r"[A-Za-z]+", text)]
    return [word for word in words if word not in BY_NAME]


def sentences_untranslated(script: str) -> list[str]:
    script = re.sub(r"(?m)(^|\s)//.*$", "", script)
    script = re.sub(r'\b(?:n?gettext)\((?:\s*"(?:[^"\\]|\\.)*",?)+', "", script)
    script = re.sub(r"\bdetail: (?:\"[^\"]*\"|`[^`]*`)", "", script)  # what `refusal` translates by its reason
    found = (double or template for double, template in LITERAL.findall(script))
    return [text for text in found if SENTENCE.search(text) and text not in FOR_THE_BROWSER]


def _literals(node: ast.AST) -> Iterator[str]:
    """Outside of gettext, with what stands between the values of an f-string."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in catalogues.KEYWORDS):
        for child in ast.iter_child_nodes(node):
            yield from _literals(child)


def errors_untranslated(source: str) -> set[str]:
    """Sentences of Python that a form shows: of a ValidationError, of `add_error`, in `error_messages`."""
    shown: list[ast.AST] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in ("ValidationError", "add_error"):
            shown += node.args
        elif isinstance(node, ast.keyword) and node.arg == "error_messages":
            shown.append(node.value)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and "error_messages" in ast.unparse(node).partition("=")[0]:
            shown += [node.value] if node.value else []
    return {text for node in shown for text in _literals(node) if SENTENCE.search(text)}


@pytest.mark.parametrize("path", catalogues.templates(), ids=lambda path: path.name)
def test_a_template_says_nothing_outside_of_translations(path: Path) -> None:
    assert said_untranslated(path.read_text()) == []


@pytest.mark.parametrize("path", catalogues.scripts(), ids=lambda path: path.name)
def test_a_module_says_nothing_outside_of_gettext(path: Path) -> None:
    assert sentences_untranslated(path.read_text()) == []


def test_a_form_says_nothing_outside_of_gettext_when_it_is_wrong() -> None:
    paths = catalogues.sources(catalogues.PYTHON, "*.py")
    found = {str(path.relative_to(catalogues.ROOT)): errors_untranslated(path.read_text()) for path in paths}
    assert {path: errors for path, errors in found.items() if errors} == {}


@pytest.mark.parametrize(
    "path", sorted((catalogues.ROOT / "static" / "chat").rglob("*.css")), ids=lambda path: path.name
)
def test_a_stylesheet_has_each_of_its_words_in_chinese_too(path: Path) -> None:
    contents = re.findall(r'content: "([^"]*)"', path.read_text())
    english, chinese = ([text for text in contents if re.search(what, text)] for what in ("[A-Za-z]", "[一-鿿]"))
    assert len(english) == len(chinese), contents
    nested = re.findall(r"[^\n]*::(?:before|after) \{[^}]*\{", path.read_text())
    assert nested == [], "browsers ignore what is nested in a pseudo-element"


def test_these_tests_would_find_a_string_without_its_twin() -> None:
    assert said_untranslated('<p title="Old">New {% translate "x" %}</p>') == ["Old", "New"]
    assert sentences_untranslated('show("Not saved."); a = `Try ${b} again`; c(gettext("All well."))') == [
        "Not saved.",
        "Try ${b} again",
    ]
    assert errors_untranslated(
        'raise ValidationError({"name": ValidationError("It is taken.", code="taken")})\n'
        'form.add_error("name", f"At most {most} of them."); form.add_error("name", _("All well."))\n'
        'error_messages = Form.error_messages | {"unique": "Somebody has it.", "long": gettext_lazy("All well.")}\n'
        'CharField(error_messages={"required": "Say something."})'
    ) == {"It is taken.", "At most ", "Somebody has it.", "Say something."}


@pytest.mark.parametrize("domain", catalogues.DOMAINS)
def test_a_catalogue_holds_what_the_sources_say_and_nothing_else(domain: str) -> None:
    needed, stored = catalogues.keys(catalogues.needed(domain)), catalogues.keys(catalogues.stored(domain))
    assert needed - stored == set(), "run `make words`, then translate them"
    assert stored - needed == set(), "run `make words`"


@pytest.mark.parametrize("domain", catalogues.DOMAINS)
def test_everything_is_translated_with_its_values_and_its_markup(domain: str) -> None:
    stored = catalogues.stored(domain)
    assert catalogues.untranslated(stored) == set()
    parts = re.compile(r"%\(\w+\)s|{\w+}|</?\w+")
    for message in stored:
        if message.id and message.context != "refusal":
            first = message.id if isinstance(message.id, str) else message.id[0]
            for text in catalogues.strings(message):
                assert sorted(parts.findall(text)) == sorted(parts.findall(first)), first


@pytest.mark.parametrize("domain", catalogues.DOMAINS)
def test_what_django_reads_was_made_of_the_catalogue_as_it_is(domain: str) -> None:
    made = (catalogues.FOLDER / f"{domain}.mo").read_bytes()
    assert made == catalogues.compiled(catalogues.stored(domain)), "run `make words`"


def test_words_within_a_modules_template_literals_are_in_the_catalogue() -> None:
    catalog, path = Catalog(), catalogues.ROOT / "static" / "chat" / "code.js"
    script = 'label = `${gettext("Code")} ${ngettext("{count} line", "{count} lines", n)}`'
    catalogues._add(catalog, path, script, "javascript")
    assert catalogues.keys(catalog) == {(None, "Code"), (None, "{count} line")}
