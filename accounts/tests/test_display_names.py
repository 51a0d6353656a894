import pytest

from accounts.display_names import clean_display_name


def test_a_display_name_is_trimmed_and_kept_on_one_line() -> None:
    assert clean_display_name("  Ada \n Lovelace ") == "Ada Lovelace"


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "\u3164", "a\u202eb", "\x00", "\ud800", "x" * 33])
def test_what_cannot_be_seen_or_is_too_long_is_no_display_name(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        clean_display_name(name)
