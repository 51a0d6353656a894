"""What people may be called: guests by their choice, and accounts."""

import time
from contextlib import suppress

import pytest

from accounts.display_names import RAW_MAX, STORED_MAX, clean_account_name, clean_display_name

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"

NAMES = [
    "Ada Lovelace", "José Ñandú", "Søren Kierkegaard", "Łukasz", "Zoë", "O'Brien", "Jean-Paul", "Nguyễn Văn Ánh",
    "Þórr", "Ōno", "İrem", "Ștefan", "Ἀριστοτέλης", "Ελένη", "Андрей", "Ґалина", "Ђорђе", "Հայկ", "გიორგი",
    "שָׁלוֹם", "محمد", "عَلِي", "علی\u200cرضا", "نازنین", "עמוס", "नेहा", "हर्ष", "ক্ষিতি", "ਗੁਰਪ੍ਰੀਤ", "தமிழ்",
    "తెలుగు",
    "ನಿಖಿಲ್", "മലയാളം", "ශ්\u200dරී", "สมชาย", "ກຸ້ງ", "བསྟན་འཛིན", "မောင်", "សុខា", "አበበ", "山田太郎", "さくら",
    "ジョージ", "김민준", "林小明", "ᏣᎳᎩ", "ᐊᓂᓛᒃ", "Ⲁⲛⲇⲣⲉⲁⲥ", "R2D2", "🎉", f"{FAMILY} Ada",
    "Ada ❤\ufe0f", "1\ufe0f\u20e3",
]  # fmt: skip

NO_NAMES = [
    "", "   ", "\u200b", "\u3164", "\u115f", "\u2800", "Ada\u3164", "Ada\u2800", "Ada\u115f", "Ada\u1160", "Ada\uffa0",
    "Ada\u034f", "A\u00adda", "A\u180eda", "A\u17b4da", "Ada\ufe0f", "Ada\ufe0e", "❤\ufe0e", "Ada\U000e0100",
    "Ada\U000e0041",
    "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", "A\u200dda", "A\u200cda", "محمد\u200c",
    "\u200cعلی",
    "🎉\u200d🎉", "a\u202eb", "a\u2066b", "a\u061cb", "a\u200fb", "a\u2062b", "\ufeffAda", "\x00", "A\x07", "\ud800",
    "\ue000", "\u0378", "\u0301", "\u0301Ada", "Ad" + "a\u0316\u0317\u0318\u0319\u031c", "x" * 33, "\U0001d173Ada",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_any_culture_is_one_for_guests_and_accounts(name: str) -> None:
    assert clean_display_name(name) == clean_account_name(name)


@pytest.mark.parametrize("name", NO_NAMES, ids=ascii)
def test_what_cannot_be_seen_or_is_too_long_is_no_name(name: str) -> None:
    for clean in (clean_display_name, clean_account_name):
        with pytest.raises(ValueError, match="name"):
            clean(name)


def test_a_name_is_trimmed_and_kept_on_one_line() -> None:
    assert clean_display_name("  Ada \n\u3000Lovelace\u00a0") == "Ada Lovelace"


def test_thirty_two_letters_with_four_marks_each_are_a_name() -> None:
    name = "x\u0316\u0317\u0318\u0319" * 32
    assert clean_display_name(name) == name
    assert len(name) <= STORED_MAX
    with pytest.raises(ValueError, match="at most 32"):
        clean_display_name(name + "x")


@pytest.mark.parametrize("character", "/\\@~#?%＠／")
def test_an_account_has_no_character_of_an_address_or_a_mention_in_its_name(character: str) -> None:
    assert clean_display_name(f"Ada{character}")
    with pytest.raises(ValueError, match="none of these"):
        clean_account_name(f"Ada{character}")


def test_a_name_is_refused_for_its_length_before_its_characters_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.display_names.unicodedata", None)
    monkeypatch.setattr("accounts.characters.unicodedata", None)
    with pytest.raises(ValueError, match="at most 32"):
        clean_display_name("a" + "\u0301" * 64_000)


@pytest.mark.parametrize(
    "filling", ["\u0301", "\u200d", "\u200c", "🎉\u200d", "x\u0316\u0317\u0318\u0319", "علی\u200c"]
)
@pytest.mark.parametrize("length", [STORED_MAX, RAW_MAX, 64_000])
def test_no_text_takes_long_to_be_refused_or_taken(filling: str, length: int) -> None:
    for first in ("Ada ❤\ufe0f", "علی\u200cرضا"):  # what their rules need is loaded
        clean_display_name(first)
    text = ("a" + filling * length)[:length]
    began = time.perf_counter()
    with suppress(ValueError):
        clean_display_name(text)
    assert time.perf_counter() - began < 0.02
