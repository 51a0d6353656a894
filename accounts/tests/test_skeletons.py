"""Names that look the same have a skeleton in common; names that people tell apart have not."""

from itertools import combinations

import pytest

from accounts.skeletons import SKELETON_MAX, skeletons
from accounts.tests.test_display_names import NAMES

ADA = [
    # case
    "ada lovelace", "ADA LOVELACE", "aDA lOVELACE",
    # marks
    "Áda Lovelace", "A\u0308da Lovelace", "Ada\u0327 Lovelace", "A\u0332d\u0332a\u0332 Lovelace",
    "Ada Ƚovelace", "Ada Łovelace",
    "Ad\u0e49a Lovelace", "Ada\u3099 Lovelace", "Ad\u064ea Lovelace", "Ada Løvelace", "ȺḐA LOVELACE",
    # spaces
    "AdaLovelace", "Ada  Lovelace", "Ada\u00a0Lovelace", "Ada\u3000Lovelace", "A d a Lovelace", " Ada Lovelace\t",
    # invisible characters
    "Ada\u200b Lovelace", "A\u00adda Lovelace", "Ada Love\u200dlace", "Ada\u3164Lovelace", "Ada\u2060 Lovelace",
    "Ada Lovelace\ufe0f",
    "Ada\U000e0041 Lovelace", "\u202dAda Lovelace\u202c", "Ada \u115fLovelace", "Ada Love\u034flace",
    # letters of Cyrillic, Greek, Cherokee, Armenian and others
    "Аdа Lоvеlасе", "АԀА LОVЕLАСЕ", "Αda Lοvelace", "Αdα Lονelace", "Ꭺda Ꮮovelace", "Ada Lօvelace",
    "Ada ᒪovelace", "Ada Lσvelace",
    # letters and digits that look like others, or are others in a different style
    "Ada LoveIace", "Ada Love1ace", "Ada L0velace", "Ada Loveǀace", "Ａｄａ Ｌｏｖｅｌａｃｅ", "𝓐𝓭𝓪 𝕷𝖔𝖛𝖊𝖑𝖆𝖈𝖊",
    "Ⓐⓓⓐ Lovelace", "ɑda Lovelace",
    "ᴀᴅᴀ ʟᴏᴠᴇʟᴀᴄᴇ", "Ada ⅼovelace", "Ad⍺ Lovelace",
]  # fmt: skip

OTHERS = [
    ("Irene", "lrene"), ("Irene", "ІRENE"), ("paypal", "paypaI"), ("Mary", "rnary"), ("Bob", "В0B"), ("Вова", "BOBA"),
    ("Вова", "вова"), ("Ελένη", "ΕΛΕΝΗ"), ("Straße", "STRASSE"), ("İrem", "ırem"), ("Æsa", "AEsa"), ("علی", "علي"),
    ("عَلِي", "علي"), ("شَکیل", "شكيل"), ("שָׁלוֹם", "שלום"), ("エミ", "工ミ"), ("ロロ", "口口"), ("ニーナ", "二一ナ"),
    ("ヘレン", "へレン"),
    ("김민준", "김민준"), ("ﾊﾅ", "ハナ"),
]  # fmt: skip

# Alike in some way, but two people.
TOLD_APART = [
    ("Neil", "Nell"), ("Ali", "All"), ("Kari", "Karl"), ("Elia", "Ella"), ("Jean-Paul", "Jean Paul"),
    ("Ada", "Ida"), ("Ada", "Adam"),
    ("Ada1", "Ada2"), ("かな", "がな"), ("ハナ", "バナ"), ("バナ", "パナ"), ("नेहा", "नोहा"),
    ("सुमन", "समन"), ("สมชาย", "สมชัย"),
    ("林", "木"), ("Müller", "Mueller"), ("🎉", "🎈"), ("👍🏻", "👍🏿"), ("김", "긴"),
]  # fmt: skip


@pytest.mark.parametrize("trick", ADA, ids=ascii)
def test_a_trick_on_a_name_has_its_skeleton(trick: str) -> None:
    assert skeletons("Ada Lovelace") & skeletons(trick)


@pytest.mark.parametrize(("name", "trick"), OTHERS, ids=ascii)
def test_a_trick_on_a_name_of_any_script_has_its_skeleton(name: str, trick: str) -> None:
    assert skeletons(name) & skeletons(trick)


@pytest.mark.parametrize(("one", "other"), TOLD_APART, ids=ascii)
def test_two_names_that_people_tell_apart_are_two(one: str, other: str) -> None:
    assert not skeletons(one) & skeletons(other)


def test_no_two_real_names_look_the_same() -> None:
    assert [pair for pair in combinations(NAMES, 2) if skeletons(pair[0]) & skeletons(pair[1])] == []


@pytest.mark.parametrize(
    "name", ["\ufdfa" * 32, "x" * 200, "\ud800", "", "\u0301", "\u3164", "a" + "\u0301" * 64_000], ids=ascii
)
def test_a_skeleton_is_not_empty_nor_longer_than_its_column(name: str) -> None:
    assert all(len(key) <= SKELETON_MAX and bool(key) == bool(name) for key in skeletons(name))


@pytest.mark.parametrize("name", [*NAMES, *ADA], ids=ascii)
def test_the_skeleton_of_a_skeleton_is_itself(name: str) -> None:
    for key in skeletons(name):
        assert key in skeletons(key)
