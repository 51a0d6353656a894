"""Accounts with the names that are theirs for good, the names that guests chose, and links that let somebody in."""

from collections.abc import Iterable, Iterator
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.display_names import STORED_MAX, clean_account_name, normalized
from accounts.skeletons import SKELETON_MAX, skeleton, skeletons

TAKEN = _("This name is taken.")


def validate_account_name(name: str) -> None:
    """Raises ValidationError: an account may not be called that. Whether the name is free is asked by `User`."""
    try:
        clean_account_name(name)
    except ValueError as error:
        raise ValidationError(error.args[0], code="bad_name") from error  # a lazy sentence: of the page's language


class People(UserManager["User"]):
    use_in_migrations = False

    def get_by_natural_key(self, username: str | None) -> "User":
        """Who signs in under this name, in any spelling of it; also under one of their former names."""
        exact = self.filter(username=username).first()
        if person := exact or account_named(username or ""):
            return person
        raise self.model.DoesNotExist

    async def aget_by_natural_key(self, username: str | None) -> "User":
        return await sync_to_async(self.get_by_natural_key)(username)


class User(AbstractUser):
    """An account. Nobody else may ever be called what it is or was called: see `AccountName`."""

    username = models.CharField(
        max_length=STORED_MAX,
        unique=True,
        help_text="Up to 32 letters, digits, spaces and other characters, but none of / \\ @ ~ # ? %",
        validators=[validate_account_name],
        error_messages={"unique": TAKEN},
    )
    # Unique among current names; empty for an account of a version before, until it is saved under a name of its own.
    skeleton = models.CharField(max_length=SKELETON_MAX, unique=True, null=True, editable=False)  # noqa: DJ001

    objects = People()  # type: ignore[misc]

    @classmethod
    def normalize_username(cls, username: str | None) -> str | None:  # type: ignore[override]
        return username and normalized(username)  # a form has none if what was typed is no name

    def get_session_auth_hash(self) -> str:
        """Django's, by which a new password ends sessions. So does becoming staff, or ceasing to be."""
        return self._marked(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        return map(self._marked, super().get_session_auth_fallback_hash())

    def _marked(self, session_hash: str) -> str:
        return f"{session_hash} staff" if self.is_staff else session_hash

    def clean(self) -> None:
        super().clean()
        if self.username and self._is_renamed():
            AccountName.objects.check_free(self)

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Raises ValidationError: it may not be called that, or the name is or was another's."""
        may_be_renamed = update_fields is None or "username" in update_fields
        if not (may_be_renamed and self._is_renamed()):
            return super().save(*args, update_fields=update_fields, **kwargs)
        validate_account_name(self.username)
        self.username = normalized(self.username)
        self.skeleton = skeleton(self.username)
        if update_fields is not None:
            update_fields = {*update_fields, "skeleton"}
        try:
            with transaction.atomic():
                super().save(*args, update_fields=update_fields, **kwargs)
                AccountName.objects.take(self)
        except IntegrityError as error:
            raise _taken() from error

    def _is_renamed(self) -> bool:
        return not User.objects.filter(pk=self.pk, username=self.username, skeleton__isnull=False).exists()


class AccountNames(models.Manager["AccountName"]):
    def check_free(self, person: User) -> None:
        """Raises ValidationError: the name is or was another's."""
        others = self.filter(skeleton__in=skeletons(person.username)).exclude(person=person.pk, person__isnull=False)
        if others.exists():
            raise _taken()

    def take(self, person: User) -> None:
        """For good. Raises IntegrityError: it is or was another's."""
        own = set(self.filter(person=person).values_list("skeleton", flat=True))
        for key in skeletons(person.username) - own:
            self.create(skeleton=key, person=person)


class AccountName(models.Model):
    """What an account is or was called, by the skeletons of the name. It stays when the account is removed."""

    skeleton = models.CharField(max_length=SKELETON_MAX, primary_key=True)
    person = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="names")

    objects = AccountNames()

    def __str__(self) -> str:
        return self.skeleton


def account_named(name: str) -> User | None:
    """Whose name this is or was, in any spelling of it."""
    return User.objects.filter(names=skeleton(name)).first()


def _taken() -> ValidationError:
    return ValidationError({"username": ValidationError(TAKEN, code="name_taken")})


class Guest(models.Model):
    """A guest who chose a name. The key is in a signed cookie: see accounts.guests."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=STORED_MAX)

    def __str__(self) -> str:
        return self.name


class Invitation(models.Model):
    """A link to an account of one's own: see accounts.invitations."""

    digest = models.CharField(max_length=64, unique=True, help_text="of the code in the link, which nobody stores")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    uses_left = models.PositiveIntegerField(default=1, db_default=1)

    def __str__(self) -> str:
        return f"{self.uses_left} until {self.expires_at:%Y-%m-%d %H:%M}"


class Recovery(models.Model):
    """A link to a new password, made by an administrator: see accounts.recovery."""

    digest = models.CharField(max_length=64, unique=True, help_text="of the code in the link, which nobody stores")
    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person_id} until {self.expires_at:%Y-%m-%d %H:%M}"
