import pytest

from accounts.display_names import clean_display_name


def test_a_display_name_is_trimmed_and_kept_on_one_line() -> None:
    assert clean_display_name("  Ada \n Lovelace ") == "Ada Lovelace"


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "\u3164", "a\u202eb", "\x00", "\ud800", "x" * 33])
def test_what_cannot_be_seen_or_is_too_long_is_no_display_name(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        clean_display_name(name)


def test_a_name_is_refused_for_its_length_before_its_characters_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.display_names.unicodedata", None)
    with pytest.raises(ValueError, match="at most 32"):
        clean_display_name("a" + "\u0301" * 64_000)
