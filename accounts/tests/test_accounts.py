"""The name of an account: which ones there are, at every door; and whose it stays."""

from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import AccountName, User, account_named

pytestmark = pytest.mark.django_db(transaction=True)

TAKEN = ["ada lovelace", "Аdа Lovelace", "AdaLovelace", "Áda Lovelace", "Ada LoveIace"]
REFUSED = ["x" * 33, "a/b", "@ada", "Ada\u3164", "A\u200bda", "   ", "a" + "\u0301" * 5, "a" + "\u0301" * 64_000]


@pytest.fixture
def lovelace() -> User:
    return User.objects.create_user("Ada Lovelace", password="correct horse")


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("grace"))
    return client


def add(admin: Client, name: str) -> str:
    """By the admin's form. Returns its page, empty if the account was made."""
    fields = {"username": name, "usable_password": "true", "password1": "correct horse", "password2": "correct horse"}
    return admin.post("/admin/accounts/user/add/", fields).content.decode()


def rename(admin: Client, person: User, name: str) -> str:
    fields = {"username": name, "date_joined_0": "2026-11-30", "date_joined_1": "12:00", "is_active": "on"}
    return admin.post(f"/admin/accounts/user/{person.pk}/change/", fields).content.decode()


@pytest.mark.parametrize("name", TAKEN, ids=ascii)
def test_no_two_accounts_have_names_that_look_the_same(lovelace: User, admin: Client, name: str) -> None:
    assert "This name is taken." in add(admin, name)
    with pytest.raises(ValidationError, match="taken"):
        User.objects.create_user(name)
    with pytest.raises(CommandError, match="taken"):
        call_command("createsuperuser", "--no-input", f"--username={name}", "--email=", stderr=StringIO())
    with pytest.raises(ValidationError, match="taken"):
        User.objects.create(username=name)
    assert User.objects.count() == 2


@pytest.mark.parametrize("name", REFUSED, ids=lambda name: ascii(name[:40]))
def test_what_is_no_name_is_refused_at_every_door(admin: Client, name: str) -> None:
    assert 'class="errorlist"' in add(admin, name)
    for make in (User.objects.create_user, User.objects.create_superuser, lambda name: User(username=name).save()):
        with pytest.raises((ValidationError, ValueError)):
            make(name)
    with pytest.raises(CommandError):
        call_command("createsuperuser", "--no-input", f"--username={name}", "--email=", stderr=StringIO())
    assert User.objects.count() == 1


def test_an_account_is_made_by_the_admin_and_by_createsuperuser(admin: Client) -> None:
    assert add(admin, "  علی\u200cرضا ") == ""
    call_command("createsuperuser", "--no-input", "--username=Jean-Paul  Ó", "--email=", stdout=StringIO())
    assert set(User.objects.values_list("username", flat=True)) == {"grace", "علی\u200cرضا", "Jean-Paul Ó"}


def test_a_former_name_leads_to_the_same_person_and_is_nobody_elses(lovelace: User, admin: Client) -> None:
    assert rename(admin, lovelace, "Countess") == ""
    lovelace.refresh_from_db()
    assert lovelace.username == "Countess"
    for name in ("Ada Lovelace", "ada lovelace", "countess"):
        assert account_named(name) == lovelace
    assert "This name is taken." in add(admin, "Ada Lovelace")
    assert account_named("Ada") is None


def test_an_account_may_take_its_former_name_again_or_spell_it_in_another_way(lovelace: User, admin: Client) -> None:
    for name in ("ADA LOVELACE", "Countess", "Ada Lovelace", "Ada Lovelace"):
        assert rename(admin, lovelace, name) == ""
        lovelace.refresh_from_db()
        assert lovelace.username == name


def test_a_name_in_use_or_given_up_cannot_be_taken_by_renaming(lovelace: User, admin: Client) -> None:
    lovelace.username = "Countess"
    lovelace.save(update_fields=["username"])
    bob = User.objects.create_user("Bob")
    for name in ("Ada LoveIace", "COUNTESS"):
        assert "This name is taken." in rename(admin, bob, name)
        bob.username = name
        with pytest.raises(ValidationError, match="taken"):
            bob.save(update_fields=["username"])
    assert account_named("Bob") == bob


def test_the_name_of_an_account_that_was_removed_is_nobody_elses(lovelace: User) -> None:
    lovelace.delete()
    assert account_named("Ada Lovelace") is None
    with pytest.raises(ValidationError, match="taken"):
        User.objects.create_user("ada lovelace")


def test_one_signs_in_under_any_spelling_of_ones_name(lovelace: User) -> None:
    for name in ("Ada Lovelace", "ada  lovelace", "ADALOVELACE"):
        assert authenticate(username=name, password="correct horse") == lovelace
    assert authenticate(username="Ida Lovelace", password="correct horse") is None
    assert authenticate(username="a" + "\u0301" * 64_000, password="correct horse") is None


def test_what_is_saved_beside_the_name_asks_nothing_about_it(lovelace: User, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        lovelace.save(update_fields=["last_login"])


def test_of_two_accounts_of_a_version_before_that_look_the_same_the_older_has_the_name() -> None:
    User.objects.bulk_create(User(username=name) for name in ("Ada", "ada", "Bob"))  # as that version made them
    import_module("accounts.migrations.0003_take_names").take_names(apps, None)
    ada, other, bob = User.objects.order_by("pk")
    assert [each.skeleton for each in (ada, other, bob)] == ["ada", None, "bob"]
    assert account_named("ada") == ada
    assert User.objects.get_by_natural_key("ada") == other, "they still sign in as they did"
    other.save(update_fields=["last_login"])
    other.username = "Ida"
    other.save()
    assert account_named("Ida") == other
    assert set(AccountName.objects.values_list("skeleton", flat=True)) == {"ada", "bob", "ida", "lda"}
