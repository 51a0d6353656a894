"""What a server's end and start look like from the page."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from e2e.conftest import NewPage, enter, say, sees
from e2e.servers import Server


@pytest.mark.faults
def test_after_a_restart_all_is_still_there_and_what_was_written_meanwhile_is_sent(
    visitor: NewPage, tmp_path: Path, room: str
) -> None:
    server = Server(tmp_path)
    server.manage("migrate", "--verbosity", "0")
    server.start()
    try:
        ada, bob = (enter(visitor(base_url=server.url), room) for _ in "ab")
        say(ada, "before")
        expect(bob.locator(".message:not(.pending)")).to_have_count(1)
        server.stop()
        expect(ada.get_by_text("Connection lost at")).to_be_visible()
        say(ada, "meanwhile")
        expect(ada.locator(".message.pending")).to_have_count(1)
        server.start()
        for page in (ada, bob):
            expect(page.locator(".message:not(.pending)")).to_have_count(2, timeout=15_000)
            sees(page, ["before", "meanwhile"])
    finally:
        server.stop()
