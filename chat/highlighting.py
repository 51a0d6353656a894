"""Colours for the code in a message: classes for keywords, strings, comments and names that are defined."""

import re
import time
from dataclasses import dataclass
from functools import cache
from html import escape, unescape
from typing import Any

FENCES_MAX = 4  # in a message
TOKENS_MAX = 400  # in a message
SECONDS_MAX = 0.002  # for a message, looked at after each token; what is left stays plain

# Pygments' names for them. Not among them: scala, ini, console and makefile, whose single step can take seconds.
LANGUAGES = frozenset(
    (
        "bash", "c", "clojure", "cpp", "csharp", "css", "dart", "diff", "django", "docker", "elixir", "erlang",
        "fsharp", "go", "graphql", "groovy", "haskell", "html", "java", "javascript", "json", "julia", "kotlin", "lua",
        "nginx", "nix", "objective-c", "ocaml", "perl", "php", "powershell", "protobuf", "python", "r", "ruby", "rust",
        "sql", "swift", "terraform", "toml", "typescript", "xml", "yaml", "zig",
    )
)  # fmt: skip
ALIASES = {
    "c#": "csharp", "c++": "cpp", "dockerfile": "docker", "golang": "go", "hs": "haskell", "js": "javascript",
    "kt": "kotlin", "objc": "objective-c", "proto": "protobuf", "ps1": "powershell", "py": "python",
    "python3": "python", "rb": "ruby", "rs": "rust", "sh": "bash", "shell": "bash", "tf": "terraform",
    "ts": "typescript", "yml": "yaml", "zsh": "bash",
}  # fmt: skip

_FENCE = re.compile(r'<pre><code(?: class="language-([^"]*)")?>(.*?)</code></pre>', re.DOTALL)
_LABEL = re.compile(r"[\w+#.-]{1,20}")


def highlighted(html: str, fences: int = FENCES_MAX) -> str:
    """The HTML of a message with its code as figures, the first `fences` in colours.

    A language that is no single short word is dropped.
    """
    left = _Left(fences, TOKENS_MAX, SECONDS_MAX)

    def fence(found: re.Match[str]) -> str:
        label, code = unescape(found[1] or "").lower(), found[2]
        if not _LABEL.fullmatch(label):
            return figure(code, "", "")
        language = ALIASES.get(label, label)
        left.fences -= 1
        if language in LANGUAGES and left.fences >= 0:
            code = _colored(_lexer(language), unescape(code), left)
        return figure(code, label, f' class="language-{label}"')

    return _FENCE.sub(fence, html)


def figure(code: str, label: str, attribute: str) -> str:
    return f'<figure class="code"><figcaption>{label}</figcaption><pre><code{attribute}>{code}</code></pre></figure>'


@dataclass(slots=True)
class _Left:
    """What the fences of one message may still take."""

    fences: int
    tokens: int
    seconds: float


def _colored(lexer: Any, code: str, left: _Left) -> str:
    html, at, begun = [], 0, time.perf_counter()
    for start, kind, value in lexer.get_tokens_unprocessed(code):
        if left.tokens <= 0 or time.perf_counter() - begun > left.seconds:
            break
        left.tokens -= 1
        name, text = _class(kind), escape(value)
        html.append(f'<span class="{name}">{text}</span>' if name and value.strip() else text)
        at = start + len(value)
    left.seconds -= time.perf_counter() - begun
    return "".join(html) + escape(code[at:])


@cache
def _lexer(language: str) -> Any:
    """Loaded with the first code in this language: Pygments takes some milliseconds."""
    from pygments.lexers import get_lexer_by_name

    return get_lexer_by_name(language)


@cache
def _class(kind: Any) -> str:
    from pygments.token import Comment, Keyword, Name, String

    for group, name in (
        (Comment, "c"), (Keyword, "k"), (String, "s"), (Name.Function, "f"), (Name.Class, "f"), (Name.Tag, "k"),
    ):  # fmt: skip
        if kind in group:
            return name
    return ""
