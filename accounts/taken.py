"""Names that guests may not have, because they are or were an account's."""

from collections.abc import Iterable
from time import monotonic
from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from accounts.models import AccountName
from accounts.skeletons import skeletons

LIFE = 2.0  # seconds for which an answer is remembered: so long another process may show a name that is taken
REMEMBERED_MAX = 4096

_answers: dict[str, tuple[float, bool]] = {}  # by name: until when, and whether it is an account's


def accounts_among(names: Iterable[str]) -> set[str]:
    """Those that are, were or look like an account's: one query, none if all were asked about just now.

    For each message of a guest with a name, so it is remembered for a moment. To decide for good, ask `is_taken`.
    """
    now = monotonic()
    known = {name: _answers.get(name, (0.0, False)) for name in names}
    if unknown := [name for name, (until, _) in known.items() if until < now]:
        answers = {name: (now + LIFE, name in taken) for taken in [_ask(unknown)] for name in unknown}
        if len(_answers) + len(answers) > REMEMBERED_MAX:
            _answers.clear()
        _answers.update(answers)
        known |= answers
    return {name for name, (_, is_account) in known.items() if is_account}


def is_taken(name: str) -> bool:
    return bool(_ask([name]))


def _ask(names: list[str]) -> set[str]:
    keys = {name: skeletons(name) for name in names}
    taken = set(AccountName.objects.filter(pk__in=set().union(*keys.values())).values_list("pk", flat=True))
    return {name for name in names if keys[name] & taken}


@receiver(post_save, sender=AccountName)
def _forget(**_: Any) -> None:
    _answers.clear()
