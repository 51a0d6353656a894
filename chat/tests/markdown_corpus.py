"""The corpus of texts with the HTML that they become: `data/markdown.json`, an array of pairs.

`python -m chat.tests.markdown_corpus` makes the HTML again. Read the difference: it is what the tests will hold.
"""

import json
from pathlib import Path

FILE = Path(__file__).parent / "data" / "markdown.json"
MOST = 32_000  # characters of HTML


def pairs() -> list[tuple[str, str]]:
    return [(text, html) for text, html in json.loads(FILE.read_text())]


def main() -> None:
    import e2e.environment  # noqa: F401 - settings of its own
    from chat import highlighting, markdown

    highlighting.SECONDS_MAX = 60.0  # all the colours, on any machine
    again = [[text, markdown.rendered(text, MOST)] for text, _ in pairs()]
    lines = ",\n".join(json.dumps(pair, ensure_ascii=False) for pair in again)
    FILE.write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
