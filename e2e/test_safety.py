"""Whatever somebody types stays text, and whatever somebody sends harms nobody else."""

import json
import re
from contextlib import suppress
from html import unescape
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from playwright.sync_api import Page, expect
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from chat import markdown
from chat.protocol import BAD_FRAME
from e2e.conftest import NewPage, are_stored, enter, open_menu, say
from e2e.servers import Server
from e2e.test_accounts import sign_up
from e2e.test_search import is_indexed

PAYLOADS = [
    "<script>alert(1)</script>",
    "<ScRiPt>alert(1)</sCrIpT>",
    "<script src=//127.0.0.1/x.js></script>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert`1`>",
    "<img/src/onerror=alert(1)>",
    "<image src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><a xlink:href=javascript:alert(1)><text y=20>x</text></a></svg>",
    "<body onload=alert(1)>",
    "<iframe src=javascript:alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)>",
    "<textarea autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='java&#115;cript:alert(1)'>x</a>",
    "<base href=//127.0.0.1/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=//127.0.0.1/x.css>",
    "<style>*{display:none}</style>",
    "<div style=background:red onmouseover=alert(1)>x</div>",
    "<div hx-get=/admin/ hx-trigger=load>x</div>",
    "<div hx-on::load=alert(1)>x</div>",
    "<div data-hx-get=/admin/ data-hx-trigger=load>x</div>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--<img src=--><img src=x onerror=alert(1)//>",
    "</article></div><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "\"><script>alert(1)</script>",
    "'><script>alert(1)</script>",
    "\" onmouseover=alert(1) x=\"",
    "' autofocus onfocus=alert(1) x='",
    "javascript:alert(1)",
    "https://example.com/\"onmouseover=alert(1)//",
    "https://example.com/<script>alert(1)</script>",
    "www.example.com/'><img/src=x/onerror=alert(1)>",
    "{{ 7|add:7 }}{% debug %}${alert(1)}",
    "<x contenteditable onblur=alert(1)>x</x>",
]  # fmt: skip

IN_MARKDOWN = [  # where Markdown might take a payload for something else: code, tables, links, quotes, lists
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:alert(1))",
    "[x](https://a.example/\"onmouseover=alert(1))",
    "[x](https://a.example '\"onmouseover=alert(1)')",
    "[<img src=x onerror=alert(1)>](https://a.example)",
    "[`<img src=x onerror=alert(1)>`](https://a.example)",
    "![x](https://a.example/x.png\"onerror=alert(1))",
    "![<img src=x onerror=alert(1)>](x)",
    "<javascript:alert(1)>",
    "<https://a.example/\"onmouseover=alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    "[x][y]\n\n[y]: javascript:alert(1)",
    "`<img src=x onerror=alert(1)>`",
    "``<script>alert(1)</script>``",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "```html\n<img src=x onerror=alert(1)>\n```",
    "```\"onmouseover=alert(1)\nx\n```",
    "```js><script>alert(1)</script>\nx\n```",
    "```php\n<?php echo '<script>alert(1)</script>' ?>\n```",
    "    <script>alert(1)</script>",
    "| <img src=x onerror=alert(1)> |\n|---|\n| <script>alert(1)</script> |",
    "| a |\n|:--\"onmouseover=alert(1)|\n| b |",
    "> <svg onload=alert(1)>",
    "- <svg onload=alert(1)>\n- <iframe src=javascript:alert(1)>",
    "# <svg onload=alert(1)>",
    "**<svg onload=alert(1)>**",
    "~~<img src=x onerror=alert(1)>~~",
    "*x*<script>alert(1)</script>*y*",
    "&lt;script&gt;alert(1)&lt;/script&gt; **x**",
    "\\<script>alert(1)\\</script>",
    "<a class=\"quote\" data-reply-to=\"1\"></a> **x**",
    "<button class=reaction data-emoji=x data-by=x>x</button> **x**",
    "zq0z0q zq1z1q **x** <script>alert(1)</script>",
    "\ue000id\ue001 \ue000body\ue001 **x**",
]  # fmt: skip

CREATED = (  # the page's own icons are no such thing
    "script:not([src]), img, image, svg:not(.icon, [hidden]), iframe, object, embed, video, audio, marquee, math, "
    "details:not(.mine-menu), base, style, x, [onerror], [onload], [onclick]"
)


@pytest.mark.parametrize("start", range(0, len(PAYLOADS), 13))
def test_payloads_as_name_and_message_stay_text(visitor: NewPage, room: str, start: int) -> None:
    ada, bob = enter(visitor(), room), enter(visitor(), room)
    payloads = PAYLOADS[start : start + 13]
    for payload in payloads:
        open_menu(ada)
        name = payload[:32].strip()
        ada.get_by_label("Your name").fill(name)
        with ada.expect_response("**/name/") as answer:
            ada.get_by_label("Your name").press("Enter")
        assert answer.value.ok
        say(ada, payload)
        expect(bob.locator(".message .text").last).to_have_text(seen(payload))
        expect(bob.locator(".message .author").last).to_have_text(name)
    bob.reload()
    bob.locator(".connection[data-state=open]").wait_for(state="attached")
    for page in (ada, bob):
        expect(page.locator(".message:not(.pending)")).to_have_count(len(payloads))
        assert page.locator(".message .text").all_inner_texts() == [seen(payload) for payload in payloads]
        assert page.locator("body").locator(CREATED).count() == 0
        assert all(
            href.startswith(("http://", "https://"))
            for href in page.locator(".text a").evaluate_all("l => l.map(a => a.href)")
        )


def seen(payload: str) -> str:
    """What of a text is seen: all but the signs of Markdown."""
    return unescape(re.sub(r"<[^>]*>", "", markdown.rendered(payload, 32_000)))


def test_payloads_within_markdown_and_replies_create_nothing(visitor: NewPage, room: str) -> None:
    """In what comes live, in a page that is loaded, in quotes, and in what is copied, edited and answered."""
    assert len(PAYLOADS + IN_MARKDOWN) >= 80
    ada, bob = enter(visitor(), room), enter(visitor(), room)
    for count, payload in enumerate(IN_MARKDOWN, 1):
        say(ada, payload)
        are_stored(ada, count)
    last = len(IN_MARKDOWN)
    ada.locator(f"#m{last}").wait_for()
    for id in range(1, last + 1):
        ada.evaluate(
            """async ([path, id]) => {
              const token = document.cookie.match(/chat_csrf=([^;]+)/)[1]
              const body = new URLSearchParams({ message: "an answer", reply_to: id })
              await fetch(path, { method: "POST", body, headers: { "X-CSRFToken": token } })
            }""",
            [f"/chat/{room}/messages/", id],
        )
    for page in (ada, bob):
        expect(page.locator(f"#m{2 * last} .quote .cut")).to_have_count(1)
    bob.goto(f"/chat/{room}/?at={last}")
    for page in (ada, bob):
        assert page.locator(".text").locator(CREATED).count() == 0
        assert page.locator(".quote").locator(CREATED).count() == 0
        assert page.locator(".text :is(.quote, .reaction)").count() == 0
        hrefs: list[str] = page.locator(".text a").evaluate_all("l => l.map(a => a.href)")
        assert all(href.startswith(("http://", "https://")) for href in hrefs)
    ada.locator(f"#m{last}").focus()
    ada.locator(f"#m{last}").get_by_role("button", name="Reply").click()
    expect(ada.locator(".notice p")).to_contain_text("Replying to")
    assert ada.locator(".notice").locator(CREATED).count() == 0


def post(page: Page, path: str, **fields: str) -> int:
    """From the page itself. Returns the status."""
    status = page.evaluate(
        """async ([path, fields]) => {
          const token = document.cookie.match(/chat_csrf=([^;]+)/)[1]
          const headers = { "X-CSRFToken": token, Accept: "application/json" }
          return (await fetch(path, { method: "POST", body: new URLSearchParams(fields), headers })).status
        }""",
        [path, fields],
    )
    return int(status)


def test_payloads_as_words_to_search_for_and_in_what_is_found_create_nothing(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    payloads = PAYLOADS + IN_MARKDOWN
    for payload in payloads:
        assert post(ada, f"/chat/{room}/messages/", message=payload) == 201
    is_indexed(ada, room, 50)
    ada.keyboard.press("Control+f")
    field = ada.get_by_role("searchbox", name="Search this room")
    for words in ("alert", "script", *payloads[::8]):
        with ada.expect_response("**/search/**"):
            field.fill(words)
        assert ada.locator("#found").locator(CREATED).count() == 0
    field.fill("alert")
    expect(ada.locator("#found mark").first).to_have_text("alert")
    for words in ("alert", *payloads):
        ada.goto("/search/?" + urlencode({"q": words}))
        expect(ada.get_by_role("searchbox")).to_have_value(words.strip().replace("\n", ""))  # it has one line
        assert ada.locator("body").locator(CREATED).count() == 0, words


def test_payloads_as_topics_stay_text_and_as_reactions_are_refused(visitor: NewPage, room: str) -> None:
    ada = visitor()
    sign_up(ada, f"Ada {uuid4().hex[:8]}")
    assert post(ada, "/rooms/new/", name=room, kind="public") == 201
    assert post(ada, f"/chat/{room}/messages/", message="hello") == 201
    for payload in PAYLOADS:
        topic = " ".join(payload.split())
        assert post(ada, f"/chat/{room}/settings/", topic=topic) == 200
        ada.goto(f"/chat/{room}/")
        expect(ada.locator(".head .title p")).to_have_text(topic)
        assert ada.locator("body").locator(CREATED).count() == 0, topic
        assert post(ada, f"/chat/{room}/messages/1/reactions/", emoji=payload, on="1") == 400
    assert ada.locator(".reaction").count() == 0


def test_many_marks_on_a_letter_cover_no_other_message(visitor: NewPage, room: str) -> None:
    ada, bob = enter(visitor(), room), enter(visitor(), room)

    def picture(place: int) -> bytes:
        """The letters of a message; a few pixels around them belong to the marks of its neighbours."""
        box = bob.locator(".message .text").nth(place).bounding_box()
        assert box
        return bob.screenshot(clip=box | {"y": box["y"] + 6, "height": box["height"] - 12})

    for text in ("This stands above it", "zgo", "This stands below it"):
        say(ada, text)
        expect(bob.locator(".message .text").last).to_have_text(text)
    before = picture(0), picture(1), picture(2)
    ada.locator(".message").nth(1).hover()
    ada.locator(".message").nth(1).get_by_role("button", name="Edit").click()
    above, below = "\u0302\u0301\u0308\u030a" * 10, "\u0316\u0323\u032d\u0331" * 10
    text = "".join(letter + above + below for letter in "zgo")
    ada.locator("#chat-message-input").fill(text)
    ada.keyboard.press("Enter")
    expect(bob.locator(".message .text").nth(1)).to_have_text(text)
    assert picture(1) != before[1]
    assert (picture(0), picture(2)) == (before[0], before[2])


def test_payloads_as_a_rooms_name_stay_text(visitor: NewPage) -> None:
    ada = visitor()
    for payload in PAYLOADS:
        ada.goto("/chat/")
        ada.locator("#room-name-input").fill(payload)
        ada.keyboard.press("Enter")
        expect(ada.locator("#problem")).to_be_visible()
        expect(ada.locator("#room-name-input")).to_have_value(payload)
        assert ada.locator("body").locator(CREATED).count() == 0


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.text(st.characters(exclude_categories=[]), max_size=50),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=10,
)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["message", "typing", "ping", "pong", "hello", "ack", "MESSAGE", ""]) | JSON,
        "message": st.text(st.characters(exclude_categories=[])) | JSON,
        "client_id": st.uuids().map(str) | JSON,
        "seq": JSON,
    },
)
NASTY: list[str | bytes] = [
    b"", b"\x00\xff", b"{}", "", "{", "[]", "[" * 60_000, '{"a":' * 10_000, "1" * 5_000, "NaN", '{"type":Infinity}',
    '{"message":"\\ud800","client_id":"00000000-0000-4000-8000-000000000000"}', '{"message":"a\\u0000"}', "x" * 65_537,
    "学" * 30_000, '{"message":"' + "x" * 100_000 + '"}', "\ufeff{}", "null", '"ping"', '{"type":"ping","type":"x"}',
]  # fmt: skip
FRAME = (
    st.sampled_from(NASTY)
    | FIELDS.map(json.dumps)
    | JSON.map(json.dumps)
    | st.binary(max_size=99)
    | st.text(max_size=99)
)


def opened(server: Server, room: str) -> ClientConnection:
    return connect(
        f"{server.ws}/ws/chat/{room}/",
        origin=Origin(server.url),
        subprotocols=[Subprotocol("chat.v1")],
        compression=None,
    )


def received(socket: ClientConnection, *types: str) -> dict[str, Any]:
    while True:
        frame = json.loads(socket.recv(timeout=10))
        for event in frame if isinstance(frame, list) else [frame]:
            if event["type"] in types:
                return event


@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")  # of other threads, which use random numbers
def test_5000_frames_of_any_kind_bring_no_traceback_and_disturb_nobody(server: Server, room: str) -> None:
    begun = server.log.stat().st_size
    codes: set[int] = set()
    with opened(server, room) as other:
        received(other, "hello")

        @settings(max_examples=1000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(st.lists(FRAME, min_size=5, max_size=5))
        def each_is_answered_or_closes_the_socket(frames: list[str | bytes]) -> None:
            with opened(server, room) as socket:
                received(socket, "hello")
                try:
                    for frame in frames:
                        with suppress(UnicodeEncodeError):  # a client cannot even send that
                            socket.send(frame)
                    socket.send('{"type":"ping"}')
                    received(socket, "pong")
                except ConnectionClosed as closed:
                    codes.add(closed.rcvd.code if closed.rcvd else 1006)

        each_is_answered_or_closes_the_socket()
        assert codes == {BAD_FRAME}
        client_id = str(uuid4())
        other.send(json.dumps({"message": "undisturbed", "client_id": client_id}))
        assert received(other, "ack")["client_id"] == client_id
    log = server.log.read_bytes()[begun:].decode()
    assert "Traceback" not in log, log
    assert "ERROR" not in log, log


@pytest.mark.parametrize(
    "path",
    ["/chat/%00/", "/chat/%ff/", "/chat/lobby/?before=%00", "/chat/lobby/history/?before=1e9", "/chat/?room=%00"],
)
def test_a_strange_address_is_a_client_error(visitor: NewPage, path: str) -> None:
    answer = visitor().request.get(path)
    assert 400 <= answer.status < 500
