"""What a real browser shows of a connection that ends, on uvicorn and on Daphne: the codes that the classroom names."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page

from chat.tests.elsewhere import until
from e2e.servers import Server
from learn.tests.probes import PROBES

CONNECT = """
([url, names, say, close]) => new Promise((resolve) => {
  const socket = new WebSocket(url, names)
  socket.onopen = () => {
    if (say) socket.send(say)
    if (close) socket.close(close)
  }
  socket.onclose = ({ code }) => resolve(code)
})"""
SHOWN = """
(url) => new Promise((resolve) => {
  const socket = new WebSocket(url)
  socket.onmessage = ({ data }) => resolve(data)
})"""


@pytest.fixture(scope="module", params=[False, True], ids=["uvicorn", "Daphne"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("probes"), daphne=request.param, application=PROBES)
    yield server.start()
    server.stop(timeout=30)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


@contextmanager
def logged(server: Server, text: str) -> Iterator[None]:
    """Once more than before."""
    before = server.log.read_text().count(text)
    yield
    until(lambda: server.log.read_text().count(text) > before, 10)


@pytest.mark.parametrize(
    ("probe", "names", "say", "codes"),
    [
        ("no-such-route", [], "", (1006, 1006)),
        ("refuses", [], "", (1006, 1006)),
        ("fails-in-connect", [], "", (1006, 1006)),
        ("fixed-subprotocol", [], "", (1006, 1006)),
        ("heard", ["unknown"], "", (1006, 1006)),
        ("fails-in-receive", [], "hello", (1006, 1011)),
        ("closes", [], "close", (4123, 4123)),
    ],
)
def test_a_browser_shows(
    server: Server, page: Page, probe: str, names: list[str], say: str, codes: tuple[int, int]
) -> None:
    shown = page.evaluate(CONNECT, [f"{server.ws}/{probe}/", names, say, 0])
    assert shown == codes[server.daphne]


@pytest.mark.parametrize("code", [1000, 4001])
def test_a_consumer_hears_the_code_that_a_browser_closes_with(server: Server, page: Page, code: int) -> None:
    with logged(server, f"disconnect with {code}\n"):
        page.evaluate(CONNECT, [f"{server.ws}/heard/", [], "", code])


def test_a_consumer_hears_1001_of_a_page_that_is_left(server: Server, page: Page) -> None:
    page.evaluate(f"new Promise((open) => (new WebSocket('{server.ws}/heard/').onopen = open))")
    with logged(server, "disconnect with 1001\n"):
        page.goto("about:blank")


def test_a_browser_may_close_with_1000_and_with_3000_to_4999(server: Server, page: Page) -> None:
    """The console says so before the browser does."""
    may = """([url, code]) => { try { new WebSocket(url).close(code); return true } catch { return false } }"""
    address = f"{server.ws}/heard/"
    allowed = {code: page.evaluate(may, [address, code]) for code in (1000, 1001, 1006, 2999, 3000, 4000, 4999, 5000)}
    assert [code for code, may_be in allowed.items() if may_be] == [1000, 3000, 4000, 4999]


def test_a_page_elsewhere_opens_a_socket_without_lax_cookies_and_one_on_another_port_with_them(
    server: Server, page: Page
) -> None:
    """Of a server without an OriginValidator. `localhost` and 127.0.0.1 are two sites; ports are none."""
    seen = {"name": "seen", "value": "yes", "domain": "127.0.0.1", "path": "/", "sameSite": "Lax"}
    page.context.add_cookies([seen])  # type: ignore[list-item]
    shown = {}
    page.route("http://**", lambda route: route.fulfill(body="a page", content_type="text/html"))
    for place in ("http://localhost:8123/", "http://127.0.0.1:8123/"):
        page.goto(place)
        shown[place] = page.evaluate(SHOWN, f"{server.ws}/shows-cookies/")
    assert list(shown.values()) == ["none", "seen=yes"]
