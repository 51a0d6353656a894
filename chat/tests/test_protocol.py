import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import override_settings
from hypothesis import given, settings, strategies as st

from chat import protocol
from chat.commands import understand
from chat.features import COMMANDS
from chat.identity import stranger
from chat.protocol import FRAME_MAX, Refused, clean_text
from chat.verbs import Say, Verb
from mysite.settings import LONGEST_MESSAGE

CLIENT_ID = "0d9e4c3a-0000-4000-8000-00000000ABCD"


ADA = stranger()


def parse(text: str | None, *, tutorial: bool = False) -> Verb:
    return understand("lobby", ADA, protocol.parse(text), tutorial=tutorial)


def said(text: str) -> Say:
    return Say("lobby", ADA, text, UUID(CLIENT_ID))


def refused(text: str | None) -> Refused:
    with pytest.raises(Refused) as caught:
        parse(text)
    return caught.value


def frame(**fields: Any) -> str:
    return json.dumps({"client_id": CLIENT_ID} | fields)


def test_a_message_may_leave_out_its_type() -> None:
    assert parse(frame(message=" hello ")) == said("hello")
    assert parse(frame(message="hello", type="message")) == said("hello")


def test_the_tutorial_needs_no_client_id() -> None:
    asked = parse('{"message": "hello"}', tutorial=True)
    assert isinstance(asked, Say)
    assert asked.text == "hello"


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "hello",
        "[]",
        "[" * 60_000,
        "null",
        '"text"',
        "1" * 5_000,
        '{"type": NaN}',
        '{"type":"ping","n":' + "1" * 5_000 + "}",
        '{"type":"shout"}',
        '{"type":["ping"]}',
        '{"type":{}}',
        '{"type":null}',
        "{}",
        frame(),
        frame(message=1),
        frame(message=None),
        frame(message=["hello"]),
        frame(message={"text": "hello"}),
        '{"message":"hello"}',
        '{"message":"hello","client_id":1}',
        '{"message":"hello","client_id":"1"}',
        '{"message":"hello","client_id":"{0d9e4c3a-0000-4000-8000-00000000abcd}"}',
        frame(message="\ud800"),
        frame(message="X").replace("X", "\ud800"),
        frame(message="a\x00b"),
        frame(message="a\x07b"),
        frame(message="a\x85b"),
        frame(message="a\rb"),
        frame(message="\x0bhello"),
        frame(message="hello\x0c"),
        frame(message="hello\r"),
    ],
)
def test_a_frame_that_is_not_of_the_protocol_is_a_bad_frame(text: str | None) -> None:
    assert (refused(text).code, refused(text).bad) == ("bad_frame", True)


@pytest.mark.parametrize(
    "message", ["", "  \n\t ", "\u200b\u200d\ufeff", "\u00ad", "\u3164", "\u2800", "\u2029", "\ufe0f"]
)
def test_what_cannot_be_seen_is_empty_and_counts_as_a_bad_frame(message: str) -> None:
    answer = refused(frame(message=message))
    assert (answer.code, answer.client_id, answer.bad) == ("empty", CLIENT_ID, True)


def test_a_message_has_at_most_4000_characters_after_trimming() -> None:
    assert parse(frame(message=" " + "🙂" * 4000 + " ")) == said("🙂" * 4000)
    assert refused(frame(message="a" * 4001)).code == "too_long"


@override_settings(CHAT_MAX_MESSAGE_LENGTH=3)
def test_the_length_of_a_message_can_be_set() -> None:
    assert clean_text("abc") == "abc"
    with pytest.raises(Refused):
        clean_text("abcd")


@override_settings(CHAT_MAX_MESSAGE_LENGTH=LONGEST_MESSAGE)
@pytest.mark.parametrize("character", ["a", '"', "学", "🙂"])
def test_the_longest_message_that_can_be_set_fits_into_a_frame_however_a_client_writes_it(character: str) -> None:
    values = {"type": "message", "message": character * LONGEST_MESSAGE, "client_id": CLIENT_ID, "reply_to": 10**17}
    for ascii_alone in (True, False):
        assert len(json.dumps(values, ensure_ascii=ascii_alone).encode()) <= FRAME_MAX
        assert clean_text(protocol.parse(json.dumps(values, ensure_ascii=ascii_alone))["message"]) == values["message"]


def test_a_frame_has_at_most_64_kib() -> None:
    assert refused(frame(message="学" * 22_000, x=1)).code == "too_long"


def test_lines_end_with_a_newline_alone() -> None:
    assert clean_text("a\r\n\tb") == "a\n\tb"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("    if x:\n        y\n", "    if x:\n        y"),
        ("\n \t\n\u3000\r\n\tindented\n\n\tlines\n\n", "\tindented\n\n\tlines"),
        ("\n\na\n\n  b", "a\n\n  b"),
        ("  one line \n ", "one line"),
        ("\n\u2003a\u2003", "a"),
    ],
)
def test_of_several_lines_the_first_keeps_its_indent_and_blank_lines_around_a_text_go(typed: str, kept: str) -> None:
    assert clean_text(typed) == kept


def test_a_command_begins_a_text_and_a_slash_in_indented_lines_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(COMMANDS, "loud", lambda _room, _you, words: words.upper())
    assert parse(frame(message="\n /loud hello ")) == said("HELLO")
    assert parse(frame(message="    /etc/hosts\n    /etc/passwd")) == said("    /etc/hosts\n    /etc/passwd")


@settings(max_examples=500)
@given(
    st.one_of(
        st.text(),
        st.recursive(
            st.one_of(
                st.none(), st.booleans(), st.floats(), st.integers(), st.text(st.characters(exclude_categories=[]))
            ),
            lambda inner: (
                st.lists(inner) | st.dictionaries(st.sampled_from(["type", "message", "client_id", "x"]), inner)
            ),
        ).map(json.dumps),
    )
)
def test_whatever_comes_is_understood_or_refused(text: str) -> None:
    for tutorial in (False, True):
        code = None
        try:
            parse(text, tutorial=tutorial)
        except Refused as answer:
            code = json.loads(protocol.encode([answer.event()]))["code"]
        assert code in (None, "bad_frame", "empty", "too_long")


def test_several_events_travel_as_an_array_and_one_as_itself() -> None:
    assert protocol.encode([{"type": "pong"}]) == '{"type":"pong"}'
    assert protocol.encode([{"a": 1}, {"b": "学"}]) == '[{"a":1},{"b":"学"}]'


@pytest.mark.parametrize("raw", ["-1", "x", "1.5", "9" * 19, "٣", " 1"])
def test_a_seq_in_an_address_is_a_whole_number(raw: str) -> None:
    with pytest.raises(Refused):
        protocol.parse_seq(raw, "after")


def test_a_client_id_is_a_uuid() -> None:
    client_id = uuid4()
    assert protocol.parse_client_id(str(client_id)) == client_id
    with pytest.raises(Refused):
        protocol.parse_client_id("1")
