"""A message in one line of plain words, for lists, quotes and notifications: what is read of it, without its markup."""

from functools import lru_cache

from chat import markdown

LINE_MAX = 200  # characters
HTML_MAX = 2000  # characters of HTML that are looked at for them


@lru_cache(maxsize=512)
def line(text: str, body: str) -> str:
    """Of a message's text and its HTML, both of which may be cut off. The HTML was made when the message was said.

    What was typed stands in where the beginning of the HTML shows nothing, as with an address of 2,000 characters.
    """
    words = markdown.words(body[:HTML_MAX]) or " ".join(text[:HTML_MAX].split())
    return words[:LINE_MAX]
