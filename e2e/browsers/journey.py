"""What Ada and Bob do in two windows of one browser: each method is a step, and its docstring is what it shows."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from e2e.browsers.driver import Driver, DriverError
from e2e.browsers.window import ENTER, ESCAPE, FIELD, UP, Window
from e2e.faults.front import Front
from e2e.servers import Server

AT_ONCE = 2.0  # seconds: sooner than a line that was lost is tried again
PAGE = 50  # messages
WIDE = 1280, 800  # px
NARROW = 500, 800

Start = Callable[[bool], Driver]  # with JavaScript or without
Step = Callable[[], str | None]  # returns what there is to say of it


class Journey:
    """The host of an address decides whose cookies are sent, so 127.0.0.1 and localhost are two people."""

    def __init__(self, start: Start, server: Server, pictures: Path | None = None) -> None:
        self._start = start
        self._server = server
        self._pictures = pictures
        self._room = f"room-{uuid4().hex[:10]}"
        self._driver = start(True)
        self.browser = self._driver.name
        self._bob = Window(self._driver, server.url.replace("127.0.0.1", "localhost"), self._driver.window)
        self._ada = Window(self._driver, server.url)  # on top: WebKitGTK takes no picture of another window
        self._ada.resize(*WIDE)

    def close(self) -> None:
        self._driver.close()

    def steps(self) -> Iterator[Step]:
        yield self.talk
        yield self.grow
        yield self.edit
        yield self.read_back
        yield self.go_back
        yield self.restart
        yield self.fall_back
        yield self.open_the_rooms
        yield self.filter_frames
        yield self.do_without_scripts

    def picture(self, name: str, window: Window | None = None) -> None:
        if self._pictures:
            browser = self.browser.split()[0].lower()
            with suppress(OSError, DriverError):
                (window or self._ada).picture(self._pictures / f"{browser}-{name}.png")

    def talk(self) -> None:
        """two windows talk"""
        for window in (self._ada, self._bob):
            window.enter(self._room)
        self._ada.say("hello")
        self._bob.wait_to_see(["hello"])
        self._bob.say("and good morning")
        for window in (self._ada, self._bob):
            window.wait_to_see(["hello", "and good morning"])
        assert len(self._ada.find(".message.mine")) == 1, "one of the two is Ada's"

    def grow(self) -> None:
        """the field grows with what is typed, and is one row again when it is sent"""
        one = self._height()
        self._ada.type_lines("first", "second", "third")
        three = self._height()
        assert three > one + 40, f"{one} px, with three lines {three} px"
        self.picture("field")
        self._ada.type(ENTER)
        self._bob.wait_to_see(["first\nsecond\nthird"])
        assert self._height() == one, f"{one} px, after sending {self._height()} px"

    def _height(self) -> float:
        return float(self._ada.run("return document.querySelector(arguments[0]).offsetHeight", FIELD))

    def edit(self) -> None:
        """what one edits changes for the other"""
        self._ada.say("teh first")
        self._ada.wait_for(".message.pending", 0)
        self._ada.type(UP)
        self._ada.wait_for(".message.editing")
        self.picture("editing")
        self._ada.run("document.querySelector(arguments[0]).select()", FIELD)
        self._ada.say("the first")
        for window in (self._ada, self._bob):
            window.wait_to_see(["the first"])
            window.wait_for(".edited")

    def read_back(self) -> None:
        """who scrolls up reads what was said before"""
        self._bob.run(
            "const field = document.querySelector(arguments[0]);"
            "for (let n = 1; n <= arguments[1]; n++) { field.value = `message ${n}`; field.form.requestSubmit() }",
            FIELD,
            PAGE,
        )
        self._ada.wait_to_see([f"message {PAGE - 1}", f"message {PAGE}"])
        self._ada.enter(self._room)
        assert "hello" not in self._ada.texts(), "the newest page begins later"
        scroll = "const log = document.getElementById('chat-log'); log.scrollTop = -log.scrollHeight"
        self._ada.wait("the first message", lambda: self._ada.run(scroll) or "hello" in self._ada.texts())
        self.picture("history")

    def go_back(self) -> str:
        """who comes back to the room is in it at once"""
        self._ada.enter(self._room)
        self._ada.run("addEventListener('pageshow', e => document.body.dataset.kept = e.persisted)")
        self._ada.click(".sidebar .wordmark")
        self._ada.wait("the lobby", lambda: self._ada.run("return location.pathname") == "/chat/")
        self.picture("lobby")
        self._bob.say("said while Ada was in the lobby")
        self._ada.back()
        self._ada.wait_to_see(["said while Ada was in the lobby"], AT_ONCE)
        self._bob.say("and this after she came back")
        self._ada.wait_to_see(["and this after she came back"], AT_ONCE)
        was_kept = self._ada.run("return document.body.dataset.kept") == "true"
        return "the browser had kept the page" if was_kept else "the browser loaded the page again"

    def restart(self) -> None:
        """the server restarts, and what was written meanwhile is sent once"""
        self._server.stop()
        self._ada.wait_for(".connection[data-state=waiting]")
        self._ada.say("meanwhile")
        self._ada.wait_for(".message.pending")
        self.picture("waiting")
        self._server.start()
        for window in (self._ada, self._bob):
            window.wait_for(".connection[data-state=open]", within=60)
            window.wait_to_see(["and this after she came back", "meanwhile"])

    def fall_back(self) -> None:
        """where no WebSocket gets through, the room works by other ways"""
        front = Front(self._server.port)
        try:
            for blocked, way in (((b"ebsocket",), "events"), ((b"ebsocket", b"/events/"), "poll")):
                front.blocked = blocked
                window = Window(self._driver, front.url)
                window.enter(self._room)
                window.wait_for(f".connection[data-transport={way}]")
                window.say(f"by {way}")
                self._bob.wait_to_see([f"by {way}"])
                self._bob.say(f"back by {way}")
                window.wait_to_see([f"by {way}", f"back by {way}"])
                window.close()
        finally:
            front.stop()

    def open_the_rooms(self) -> None:
        """on a narrow screen the list of rooms takes the focus, and gives it back"""
        self._ada.resize(*NARROW)
        self._ada.enter(self._room)
        self._ada.click(".menu")
        focus = "return Boolean(document.activeElement.closest(arguments[0]))"
        self._ada.wait("the focus in the list of rooms", lambda: self._ada.run(focus, ".sidebar"))
        self._ada.wait("it to stand still", lambda: self._ada.run("return document.getAnimations().length === 0"))
        self.picture("rooms")
        self._ada.type(ESCAPE, ".sidebar a")
        self._ada.wait("the focus on the button", lambda: self._ada.run(focus, ".menu"))

    def filter_frames(self) -> str:
        """a console of the classroom shows what its filter says, also after a reload"""
        self._ada.resize(*WIDE)
        self._ada.go("/learn/echo-sync/")
        only = "return [document.querySelector('.filter').value, document.querySelector('.frames').dataset.only]"
        self._ada.wait("the module", lambda: self._ada.run(only)[1] is not None)
        self._ada.click(".settings summary")
        self._ada.type("received", ".filter")
        self._ada.wait("frames that were received alone", lambda: self._ada.run(only) == ["in", "in"])
        self._ada.reload()
        self._ada.wait("the module again", lambda: self._ada.run(only)[1] is not None)
        word, effect = self._ada.run(only)
        assert word == effect, f"it says {word!r} and shows {effect!r}"
        return "the browser had kept the choice" if word else "the browser had dropped the choice"

    def do_without_scripts(self) -> None:
        """without JavaScript one reads and writes"""
        driver = self._start(False)
        try:
            eve = Window(driver, self._server.url, driver.window)
            eve.go(f"/chat/{self._room}/")
            eve.wait("the page", lambda: eve.texts("h1") == [self._room])
            assert not eve.find("#room[data-ready]"), "no script runs"
            eve.type("by a plain form")
            self.picture("plain", eve)
            eve.click("#chat-message-submit")
            eve.wait("what was said", lambda: "by a plain form" in eve.texts())
            self._bob.wait_to_see(["by a plain form"])
        finally:
            driver.close()
