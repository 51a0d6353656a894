"""Every demo has notes on its lines and something to try; what they say of layers, close codes and losses is tested."""

import re
from functools import cache
from html import unescape

import pytest
from django.test import Client

from learn.catalog import DEMOS, ROOT, Demo
from learn.notes import NOTES, TO_TRY

each_demo = pytest.mark.parametrize("demo", DEMOS.values(), ids=DEMOS)

# What says that something is lost, or does not come, or how a connection ended.
CLAIM = re.compile(
    r"\b(lost|loses|missed|missing|gone for good|heard? nothing|does not (come|hear)|nothing comes|"
    r"full|datetime|group_expiry|how many heard|to Redis and back|no other|1\d{3}|4\d{3})\b"
)
# Part of a sentence that says so, and the test that holds it.
CLAIMS: dict[str, dict[str, str]] = {
    "echo-async": {"The consumer gets the same code": "test_websocket_async::test_the_others_are_told_with_which_code"},
    "websocket-sync": {
        "the channel has left its groups already": "test_websocket_sync::test_who_leaves_is_in_no_group_any_more",
        "Another hears the code": "test_websocket_sync::test_the_others_are_told_with_which_code_one_left",
        "the code is 1001": "e2e::test_a_window_that_is_closed_says_1001",
        "ends the connection with a TypeError": "test_documentation_claims::test_in_the_tutorial_a_binary_frame_ends",
        "nothing is sent": "test_documentation_claims::test_a_send_without_await_sends_nothing",
    },
    "websocket-async": {
        "a browser that leaves the page is 1001": "e2e::test_a_window_that_is_closed_says_1001",
        "the server writes 1006 for it": "test_websocket_async::test_a_line_that_is_cut_is_1006_to_the_consumer",
        "Nobody says how many heard it": "test_layer_claims::test_group_send_says_nothing_of_who_heard_it",
        "does not come any more": "test_layer_claims::test_what_was_sent_before_a_channel_joined",
    },
    "accept-refuse": {
        "looks the same to the browser: 1006": "test_close_codes::test_a_refusal_and_an_exception_look_alike",
        "gets none of them ends the connection with 1006": "e2e::test_a_browser_takes_a_subprotocol_that_was_not",
        "one that offered nothing stays": "test_accept_refuse::test_the_best_of_the_subprotocols_offered_is_chosen",
        "has room for 123 bytes": "test_accept_refuse::test_a_reason_has_room_for_123_bytes",
        "lives on until websocket.disconnect": "test_accept_refuse::test_after_a_close_the_consumer_waits",
        "Only the second gives a code": "test_close_codes::test_a_code_needs_an_accepted_connection",
        "Daphne the code alone": "test_server_claims::test_a_close_carries_its_code_and_on_uvicorn_its_reason",
    },
    "json": {
        "this line would be a TypeError": "test_json::test_without_an_encoder_of_its_own_a_time_ends_the_connection",
        "An empty frame is a ValueError too": "test_json::test_an_empty_frame_has_no_text_section",
    },
    "json-echo": {"Another hears nothing": "test_json_echo::test_a_message_comes_back_to_whoever_sent_it"},
    "group-sync": {
        "for a day, which is group_expiry": "test_layer_claims::test_a_group_keeps_a_channel_until_group_expiry",
        "full loses it without an error": "test_layer_claims::test_of_150_events_a_slow_reader_gets",
        "it stays silent": "test_group_sync::test_a_message_reaches_everybody_in_the_room_and_nobody_else",
    },
    "group-async": {
        "hears nothing": "test_layer_claims::test_what_was_sent_before_a_channel_joined",
        "Nobody promises that this runs": "test_closing::test_after_an_exception_the_task_is_cleaned_up_although_no",
        "ends every connection in the group": "test_broken_claims::test_a_type_that_no_method_has_ends_everybody",
        "gone for good": "test_layer_claims::test_what_was_sent_before_a_channel_joined",
    },
    "members-only": {
        "ends with 4403": "test_members_only::test_who_is_removed_hears_nothing_after_it",
        "he has missed": "test_layer_claims::test_what_was_sent_before_a_channel_joined",
        "closed with the same code": "test_members_only::test_members_hear_each_other_and_a_stranger",
        "This does not leave the group": "test_members_only::test_a_close_does_not_leave_the_group",
        "stays connected until the next event": "test_members_only::test_who_is_removed_says_nothing_more",
    },
    "chat-name": {"the name is gone": "test_chat_name::test_each_connection_has_a_name_of_its_own"},
    "ping": {"waits until this method has returned": "test_ping::test_the_end_waits_for_the_answer"},
    "log": {
        "Not called after an exception": "test_closing::test_after_an_exception_the_task_is_cleaned_up_although_no",
        "with its code": "test_log::test_a_connection_is_written_down_with_its_beginning_and_its_end",
    },
    "routing": {
        "the browser gets 1006": "test_close_codes::test_a_broken_twin_is_seen_as_its_page_says",
        "closed with 4403": "test_routing::test_staff_alone_gets_into_the_admins_room",
        "says 4404": "test_addresses::test_a_wrong_address_is_answered",
        "No application configured": "test_routing::test_a_protocol_that_is_not_named_is_an_exception",
    },
    "layers": {
        "with Redis it is a TypeError": "test_layer_claims::test_a_datetime_in_an_event",
        "is taken like any other": "test_layers::test_a_channel_that_nobody_hears_ends_nothing",
    },
    "processes": {
        "to Redis and back": "test_layer_claims::test_with_redis_an_event_goes_there_and_back",
        "no error says so": "test_processes::test_in_memory_two_processes_are_two_rooms",
    },
    "long-poll": {
        "not when somebody has heard it": "test_long_poll::test_what_is_said_while_nobody_waits_is_lost",
        "What is said in that moment is lost": "test_long_poll::test_what_is_said_while_nobody_waits_is_lost",
        "what was said before is lost": "test_long_poll::test_what_is_said_while_nobody_waits_is_lost",
    },
    "sse": {"The seconds between are missing": "test_sse::test_who_comes_back_begins_with_now"},
    "closing": {
        "1011 to the browser on Daphne, and 1006": "test_close_codes::test_a_broken_twin_is_seen_as_its_page_says",
        "runs on without its connection": "test_broken_claims::test_a_task_that_nobody_ends_runs_on",
        "closed with 4001": "test_closing::test_it_closes_with_a_code",
    },
    "worker": {
        "one instance for all jobs": "test_worker::test_one_instance_does_all_jobs_of_a_channel",
        "has lost it": "test_layer_claims::test_a_job_that_a_worker_took_comes_to_no_other",
        "That is no error": "test_layers::test_a_channel_that_nobody_hears_ends_nothing",
        "What must not be lost": "test_layer_claims::test_a_job_that_a_worker_took_comes_to_no_other",
    },
    "testing": {"ends the connection with 4400": "test_servers::test_each_prepared_frame_brings_what_is_promised"},
    "views": {"hear nothing": "test_layers::test_a_view_speaks_to_the_group"},
}  # fmt: skip


@cache
def page_of(slug: str) -> str:
    return Client().get(f"/learn/{slug}/").content.decode()


def sentences(slug: str) -> list[str]:
    return [*NOTES[slug].values(), *TO_TRY[slug]]


def controls(slug: str) -> set[str]:
    """What one can press, fill or unfold in the consoles of a page, as one reads it there."""
    consoles = page_of(slug).partition('<div class="consoles">')[2].partition('<div class="about">')[0]
    named = re.findall(r"<(?:button|label|summary)\b[^>]*>([^<]+)", consoles)
    return {unescape(name).strip() for name in [*named, *re.findall(r'placeholder="([^"]+)"', consoles)]}


def test_every_demo_has_notes_and_something_to_try() -> None:
    assert list(NOTES) == list(TO_TRY) == list(DEMOS)


@each_demo
def test_a_few_of_its_lines_have_a_note_each(demo: Demo) -> None:
    lines = (ROOT / demo.file).read_text().splitlines()
    numbers = [next(number for number, line in enumerate(lines, 1) if part in line) for part in NOTES[demo.slug]]
    assert 2 <= len(set(numbers)) == len(numbers) <= 6
    page = unescape(page_of(demo.slug))
    for number, text in zip(numbers, NOTES[demo.slug].values(), strict=True):
        assert f'aria-label="Line {number}">{number}</a><p>{text}</p>' in page


@each_demo
def test_what_to_try_can_be_pressed_on_its_page(demo: Demo) -> None:
    assert 1 <= len(TO_TRY[demo.slug]) <= 4
    renamed = "Connect again"  # so the button is called while there is a connection
    assert f'"{renamed}"' in (ROOT / "static" / "learn" / "socket.js").read_text()
    for text in TO_TRY[demo.slug]:
        assert f"<li>{text}</li>" in unescape(page_of(demo.slug))
        for label in re.findall("“([^”]+)”", text):
            assert label in {renamed, *controls(demo.slug)}, text


@each_demo
def test_what_it_says_of_a_layer_a_code_or_a_loss_is_held_by_a_test(demo: Demo) -> None:
    held = CLAIMS.get(demo.slug, {})
    for text in sentences(demo.slug):
        assert not CLAIM.search(re.sub("“[^”]+”", "", text)) or any(part in text for part in held), text


@pytest.mark.parametrize(("slug", "part"), [(slug, part) for slug, parts in CLAIMS.items() for part in parts])
def test_the_test_that_holds_it_is_there(slug: str, part: str) -> None:
    assert any(part in text for text in sentences(slug))
    file, _, name = CLAIMS[slug][part].partition("::")
    source = ROOT / ("e2e/test_classroom.py" if file == "e2e" else f"learn/tests/{file}.py")
    assert f"def {name}" in source.read_text()


@each_demo
def test_a_note_does_not_say_again_what_its_page_says_elsewhere(demo: Demo) -> None:
    elsewhere = " ".join([*demo.differs, (ROOT / demo.file).read_text()])
    said = [part for text in sentences(demo.slug) for part in re.findall(r"[^.:]{40,}[.:]", text)]
    assert not [part for part in said if part.strip() in " ".join(elsewhere.split())]
