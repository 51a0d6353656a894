"""What people are called: which names are allowed."""

import unicodedata

from accounts.characters import is_seen

DISPLAY_NAME_MAX = 32
RAW_MAX = 500  # as typed, with the spaces and marks that are taken away


def clean_display_name(raw: str) -> str:
    """A person's name as it is shown: 1 to 32 characters, on one line.

    Raises:
        ValueError: empty, too long, or with characters that cannot be seen.
    """
    too_long = f"A name has at most {DISPLAY_NAME_MAX} characters."
    if len(raw) > RAW_MAX:  # before anything looks at its characters: normalizing many marks takes seconds
        raise ValueError(too_long)
    name = unicodedata.normalize("NFC", " ".join(raw.split()))
    if any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for character in name):
        raise ValueError("A name is made of characters that can be seen.")
    if not any(is_seen(character) for character in name):
        raise ValueError("A name has at least one character.")
    if len(name) > DISPLAY_NAME_MAX:
        raise ValueError(too_long)
    return name


def initial(name: str) -> str:
    """What stands for a person in a disc: the first letter or digit with its marks, else the first character."""
    start = next((place for place, character in enumerate(name) if character.isalnum()), 0)
    end = start + 1
    while end < len(name) and unicodedata.category(name[end]).startswith("M"):
        end += 1
    letter = name[start:end]
    return letter.upper() if len(letter.upper()) == len(letter) else letter
