import unicodedata

import pytest
from hypothesis import given, strategies as st

from chat.names import canonical_room_name


@pytest.mark.parametrize("name", ["lobby", "room_1", "a-b", "学习", "हिन्दी", "ñ", "привет", "a" * 64, "٣", "ไทย"])
def test_letters_digits_hyphen_and_underscore_of_any_script_make_a_name(name: str) -> None:
    assert canonical_room_name(name) == name


@pytest.mark.parametrize(
    "name",
    ["", "a b", "a.b", "a/b", "½", "²", "😀", "a" * 65, "\u0301", "a\u200d", "a\x00", "<b>", "a" + "\u0301" * 30],
)
def test_anything_else_is_not_a_name(name: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        canonical_room_name(name)


@pytest.mark.parametrize("name", ["admin", "ADMIN"])
def test_admin_is_reserved(name: str) -> None:
    with pytest.raises(ValueError, match="reserved"):
        canonical_room_name(name)


def test_spellings_that_differ_by_case_or_normal_form_are_the_same_room() -> None:
    assert canonical_room_name("CAFÉ") == canonical_room_name(unicodedata.normalize("NFD", "Café")) == "café"


@given(st.text())
def test_a_canonical_name_is_its_own_canonical_name(raw: str) -> None:
    try:
        name = canonical_room_name(raw)
    except ValueError:
        return
    assert canonical_room_name(name) == name
