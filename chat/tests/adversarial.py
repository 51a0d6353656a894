"""100 texts of 4,000 characters, each made to take a renderer of Markdown as long as possible."""

from chat.highlighting import LANGUAGES

LENGTH = 4000

# Repeated until there are 4,000 characters.
REPEATED = [
    "*", "**", "_", "__", "***a ", "*a ", "**a", "_a ", "a_", "*_", "**_~~", "~~", "~a", "~~a ", "*a_ ", "**a__ ",
    "`", "``", "`a", "`` ` ", "a`", "[", "]", "[a](", "[](", "![", "![a](", "[[]", "](", "[a][b]", "[a]: b\n",
    "[http://a.b](", "<", ">", "<a", "</a>", "<!--", "<![CDATA[", "&", "&amp;", "&#", "\\", "\\*", "\\\n",
    "> ", ">", "> a\n", ">\n> ", ">> ", "- ", "- a\n", "-\n", "* a\n* ", "1. ", "1. a\n", "1.\n", "999999999. a\n",
    " - a\n", "  - a\n    - b\n", "    a\n", "\ta\n", "# ", "# a\n", "#", "a\n=\n", "a\n-\n", "---\n", "***\n",
    "|", "|\n", "| a ", "|-", "|a|\n|-|\n", "a|b\n-|-\n", "||||||||||\n", "```\n", "```a\n", "```py\n\n```\n", "~~~\n",
    "````", "http://a.b/", "http://a.b ", "http://a.b/((((", "http://a.b/))))", "http://a.b/.,.,", "http://", "://",
    "[a](http://a.b)", "*http://a.b/*", "学**学", "，**", "\n", "a\n\n", "zq0z", "zq0z0q ",
]  # fmt: skip
_ROW = "|".join("a" * 40)
_CODE = 'def f(x: int = "a") -> None: return f"{x!r}" # b\n'

SHAPED = [
    "|" * 660 + "\n" + "|-" * 660 + "\n" + "|\n" * 330,
    f"{_ROW}\n{'-|' * 40}\n" + f"{_ROW}\n" * 30,
    "".join("  " * depth + "- a\n" for depth in range(60)),
    "".join(">" * depth + " a\n" for depth in range(80)),
    "*a **a " * 250 + "b** b*" * 250,
    "[" * 2000 + "]" * 2000,
    "`".join("a" * number for number in range(1, 88)),
    "http://a.b/" + "(" * 1990 + ")" * 1999,
]
FENCED = [f"```{language}\n{filler * 999}" for language in sorted(LANGUAGES)[::6] for filler in ('"', "(", "<a", _CODE)]


def texts() -> list[str]:
    return [(each * LENGTH)[:LENGTH] for each in REPEATED] + [each[:LENGTH] for each in SHAPED]


def fenced() -> list[str]:
    """The same with code, whose colours take time of their own."""
    return [each[:LENGTH] for each in FENCED]
